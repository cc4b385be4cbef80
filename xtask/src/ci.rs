//! `ci`: everything that a change must pass beside the tests.
//!
//! All steps run even when one fails, so that one run tells everything.

use crate::outcome::{Outcome, outcome, quietly};
use crate::repository::cargo;
use crate::{fuzz, python, tidy};
use std::time::Instant;

/// A step with its name.
type Step = (&'static str, fn() -> Outcome);

/// Runs all steps and sums them up.
pub(crate) fn run() -> Result<(), String> {
    let steps: [Step; 8] = [
        ("format", || outcome(&mut cargo(&["fmt", "--all", "--check"]))),
        ("lints", || {
            let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
            outcome(&mut cargo(&lints))
        }),
        ("documentation", || {
            let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
            outcome(doc.env("RUSTDOCFLAGS", "-D warnings"))
        }),
        ("fuzz targets", fuzz::compile),
        ("dependencies", dependencies),
        ("advisories", advisories),
        ("python", python::run),
        ("tidy", || match tidy::run() {
            Ok(()) => Outcome::Passed,
            Err(message) => Outcome::Failed(message),
        }),
    ];
    let mut summary = String::new();
    let mut failed = 0;
    for (name, step) in steps {
        println!("── {name}");
        let began = Instant::now();
        let words = match step() {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Skipped(why) => format!("skipped: {why}"),
            Outcome::Failed(why) => {
                failed += 1;
                println!("{why}");
                "FAILED".to_owned()
            }
        };
        summary.push_str(&format!("{name:14} {words} ({:.1} s)\n", began.elapsed().as_secs_f64()));
    }
    println!("── summary\n{summary}");
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of the steps failed")) }
}

const NO_DENY: &str = "cargo-deny is not installed; `cargo install cargo-deny --locked` installs it";

fn dependencies() -> Outcome {
    if !quietly(&mut cargo(&["deny", "--version"])) {
        return Outcome::Skipped(NO_DENY);
    }
    outcome(&mut cargo(&["deny", "--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}

/// Advisories need a database from the network: without it nothing can be said, and nothing fails.
fn advisories() -> Outcome {
    if !quietly(&mut cargo(&["deny", "--version"])) {
        return Outcome::Skipped(NO_DENY);
    }
    if !quietly(&mut cargo(&["deny", "fetch", "db"])) {
        return Outcome::Skipped("the database of advisories cannot be reached");
    }
    outcome(&mut cargo(&["deny", "--locked", "check", "--disable-fetch", "advisories"]))
}
