//! `completions`: for shells, and the manual, both from the table that help comes from.

use super::{Failure, output};
use std::path::{Path, PathBuf};

/// Print completions for a shell, or write the pages of the manual
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope completions bash > /etc/bash_completion.d/nomoscope\n  nomoscope completions --man /usr/local/share/man/man1"
)]
pub(super) struct Args {
    /// The shell
    #[arg(required_unless_present = "man")]
    shell: Option<clap_complete::Shell>,
    /// Write a page of the manual for each command into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    man: Option<PathBuf>,
}

pub(super) fn run(args: &Args, mut command: clap::Command) -> Result<(), Failure> {
    if let Some(folder) = &args.man {
        return manual(command, folder);
    }
    let mut out = Vec::new();
    if let Some(shell) = args.shell {
        clap_complete::generate(shell, &mut command, "nomoscope", &mut out);
    }
    output::data(&String::from_utf8_lossy(&out));
    Ok(())
}

fn manual(mut command: clap::Command, folder: &Path) -> Result<(), Failure> {
    super::report::make_folder(folder)?;
    // Built, each command below knows its whole name: `nomoscope law show`, on the page nomoscope-law-show.
    command.build();
    let mut todo = vec![("nomoscope".to_owned(), command)];
    let mut n = 0;
    while let Some((name, command)) = todo.pop() {
        let below = command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help");
        todo.extend(below.map(|c| (format!("{name}-{}", c.get_name()), c.clone())));
        let file = folder.join(format!("{name}.1"));
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(command)
            .title(name)
            .source(format!("nomoscope {}", super::VERSION))
            .render(&mut page);
        written.map_err(|error| Failure::Bad(format!("{}: {error}", file.display())))?;
        nomoscope_store::disk::write_atomic(&file, &page)?;
        n += 1;
    }
    output::talk(&format!("wrote {n} pages into {}", folder.display()));
    Ok(())
}
