//! Integration tests of the study file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests are tests too"
)]

mod open;
mod roundtrip;
mod seal;
mod support;
mod undo;
