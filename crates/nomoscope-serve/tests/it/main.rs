//! The workbench over HTTP, and in a browser where there is one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests are tests too, and a skipped test says so"
)]

mod acts;
mod audit;
mod browser;
mod care;
mod case;
mod client;
mod codebook;
mod correct;
mod describe;
mod double;
mod driver;
mod exchange;
mod gate;
mod hostile;
mod look;
mod names;
mod pages;
mod report;
mod settings;
mod suggestions;
