//! The Python package: its wheel is built and its tests run, in an environment of their own.

use crate::outcome::{Outcome, outcome, quietly};
use crate::repository::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the tests need; Spark, which is large, is asked for by name.
const NEEDED: [&str; 5] = ["maturin>=1.9,<2", "pytest", "pandas>=2.2", "pyarrow", "polars"];
/// Set to have the tests of Spark run, too: its package is 400 MB, and Java must be there.
const SPARK: &str = "NOMOSCOPE_SPARK";

/// Builds the wheel, installs it beside what the tests need, and runs these.
pub(crate) fn run() -> Outcome {
    let Some(python) = ["python3", "python"].into_iter().find(|name| is_new_enough(name)) else {
        return Outcome::Skipped("there is no Python 3.10 or later");
    };
    let place = root().join("target/python");
    let bin = place.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !quietly(Command::new(python).args(["-m", "venv"]).arg(&place)) {
        return Outcome::Skipped("this Python makes no environments (on Debian: python3-venv)");
    }
    let mut install = pip(&bin);
    install.args(NEEDED);
    if std::env::var_os(SPARK).is_some() {
        install.arg("pyspark");
    }
    if !install.status().is_ok_and(|status| status.success()) {
        return Outcome::Skipped("what the tests need could not be fetched");
    }
    build_and_test(&place, &bin)
}

fn build_and_test(place: &Path, bin: &Path) -> Outcome {
    let wheels = place.join("wheels");
    // Wheels of earlier versions would be installed, too.
    let _ = std::fs::remove_dir_all(&wheels);
    let mut build = Command::new(bin.join("maturin"));
    build.args(["build", "--locked", "--profile", "dev", "--out"]).arg(&wheels).current_dir(root());
    if let Outcome::Failed(why) = outcome(&mut build) {
        return Outcome::Failed(format!("the wheel: {why}"));
    }
    let built = std::fs::read_dir(&wheels).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut install = pip(bin);
    install.args(["--force-reinstall", "--no-deps"]).args(built.collect::<Vec<PathBuf>>());
    if let Outcome::Failed(why) = outcome(&mut install) {
        return Outcome::Failed(format!("the wheel cannot be installed: {why}"));
    }
    outcome(Command::new(bin.join("python")).args(["-m", "pytest", "-q", "-rs"]).current_dir(root()))
}

fn pip(bin: &Path) -> Command {
    let mut command = Command::new(bin.join("python"));
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command
}

fn is_new_enough(python: &str) -> bool {
    quietly(Command::new(python).args(["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]))
}
