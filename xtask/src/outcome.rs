//! How a step ended.

use std::process::{Command, Stdio};

/// How a step ended.
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    Skipped(&'static str),
}

impl Outcome {
    /// Returns whether the step may count as done; one that was skipped says why.
    pub(crate) fn into_result(self) -> Result<(), String> {
        match self {
            Self::Passed => Ok(()),
            Self::Skipped(why) => {
                println!("skipped: {why}");
                Ok(())
            }
            Self::Failed(why) => Err(why),
        }
    }
}

/// Runs a program to its end.
pub(crate) fn outcome(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("ended with {status}")),
        Err(error) => Outcome::Failed(format!("could not be started: {error}")),
    }
}

/// Returns whether a program ends well; what it says is not shown.
pub(crate) fn quietly(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
