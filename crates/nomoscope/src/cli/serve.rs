//! `serve`: the workbench in a browser.

use super::{Failure, output, words};
use nomoscope_serve::{Options, ServeError, bind};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Open the workbench in a browser: read, code, map and compare
///
/// It listens on this machine alone and prints one line, the address with a token: whoever opens that address is let in. Without
/// a study it begins with a page that makes or opens one in the folder where it was started. Ctrl+C ends it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope serve my-study\n  nomoscope serve my-study.nomo --no-open --port 8000\n  nomoscope serve"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: Option<PathBuf>,
    /// The port [default: a free one]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let home = std::env::current_dir().map_err(|e| Failure::Bad(format!(".: {}", super::reason(&e))))?;
    let options = Options { study: args.study.clone(), home, port: args.port, version: super::VERSION.to_owned() };
    let server = bind(options).map_err(|error| match error {
        ServeError::Study(error) => error.into(),
        ServeError::Port { port, source } => Failure::Bad(words::with_hint(
            &format!("port {port} cannot be taken: {}", super::reason(&source)),
            Some("leave --port out: a free one is taken".into()),
        )),
        other => Failure::Bad(other.to_string()),
    })?;
    let address = server.address();
    output::data(&address);
    if !args.no_open {
        open(&address);
    }
    output::talk("Ctrl+C ends the workbench; what was done is saved already");
    server.run();
    Ok(())
}

/// Asks the system to show an address; where it cannot, people open the line that was printed.
fn open(address: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.spawn().is_err() {
        output::talk("no browser could be opened: open the address by hand");
    }
}
