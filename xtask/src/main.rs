//! Chores of the repository: `cargo xtask ci | tidy | fuzz | dist | bench | figures | interview | calibrate…`.
//!
//! Runs the programs that a developer would run by hand, in the same order everywhere. Only the calibrations and the count of
//! questions need crates of the workspace; the others know nothing of the crates beyond their commands.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal of a developer")]

mod bench;
mod bench_loads;
mod bench_project;
mod calibrate;
mod calibrate_agreement;
mod calibrate_answers;
mod calibrate_contrasts;
mod calibrate_shifts;
mod calibrate_use;
mod calibration;
mod ci;
mod dist;
mod figures;
mod fuzz;
mod interview;
mod made_up;
mod outcome;
mod python;
mod repository;
mod tidy;
mod torture;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>
  ci        format, lints, documentation, dependencies, the Python package, tidy
  python    build the wheel of the Python package and run its tests; with NOMOSCOPE_SPARK=1 those of Spark, too
  tidy      tests on the repository itself; with --measure, how large it is
  torture   end a writing program at every system call that changes something, and fill the disk at each (long)
  fuzz      feed made-up input to every reader; with --seconds N for so long each, with names only these, with --seeds FOLDER from its files
  dist      make what somebody downloads: a static program, its manual, licences, bill of materials, the wheel
  bench     measure how time and memory grow, and write docs/growth.md (long); with names of parts (sizes, threads, … imports, loads), print these alone
  figures   draw docs/images again from the demo
  interview how many questions the interview about a case takes, over scripted cases (--held-out: over others); a folder adds further ones
  calibrate simulate studies and measure intervals and tests (long)
  calibrate-use the same for labels used for one another and for change in time
  calibrate-agreement the same for the intervals of agreement (long)
  calibrate-answers the same for couplings between sources and hidden populations (long)";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let result = match command.as_str() {
        "ci" => ci::run(),
        "torture" => torture::run(&arguments.collect::<Vec<_>>()),
        "python" => python::run().into_result(),
        "tidy" if arguments.next().as_deref() == Some("--measure") => tidy::measure(),
        "tidy" => tidy::run(),
        "fuzz" => fuzz::run(&arguments.collect::<Vec<_>>()),
        "dist" => dist::run(&arguments.collect::<Vec<_>>()),
        "bench" => bench::run(&arguments.collect::<Vec<_>>()),
        "figures" => figures::run(),
        "interview" => interview::run(&arguments.collect::<Vec<_>>()),
        "calibrate-use" => calibrate_use::run(&arguments.collect::<Vec<_>>()),
        "calibrate" => calibration::run(&arguments.collect::<Vec<_>>()),
        "calibrate-answers" => calibrate_answers::run(&arguments.collect::<Vec<_>>()),
        "calibrate-agreement" => calibrate_agreement::run(&arguments.collect::<Vec<_>>()),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
