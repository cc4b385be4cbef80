//! Integration tests of the figures, one module a topic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy lets only #[test] functions themselves off, not the helpers beside them, and a skipped test says so"
)]

mod figure;
mod figure_contrast;
mod figure_words;
mod law_figure;
mod reach_figure;
