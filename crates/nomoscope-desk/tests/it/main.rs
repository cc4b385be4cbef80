//! The desk as those who use it see it: acts, on folders and files alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests too")]

mod code;
mod correct;
mod describe;
mod exchange;
mod keeper;
mod rewrite;
mod search;
mod support;
mod twice;
mod undo;
