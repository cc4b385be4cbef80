//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    nomoscope::cli::run(std::env::args_os())
}
