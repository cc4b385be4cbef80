//! Integration tests of the statistics, one module a topic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy lets only #[test] functions themselves off, not the helpers beside them, and a skipped test says so"
)]

mod agreement;
mod association;
mod bootstrap;
mod change;
mod contrast;
mod diversity;
mod exact;
mod fdr;
mod firth;
mod fourfold;
mod leiden;
mod length_adjusted;
mod logistic;
mod mantel_haenszel;
mod partition;
mod proportion;
mod seriation;
mod special;
