//! `completions`: for shells.

use super::Failure;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope completions bash > /etc/bash_completion.d/nomoscope")]
pub(super) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(args: &Args, mut command: clap::Command) -> Result<(), Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut command, "nomoscope", &mut out);
    super::output::data(&String::from_utf8_lossy(&out));
    Ok(())
}
