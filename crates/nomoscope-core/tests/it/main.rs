//! Integration tests of the core, one module a topic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy lets only #[test] functions themselves off, not the helpers beside them, and a skipped test says so"
)]

mod articles;
mod cluster;
mod codebook_order;
mod completeness;
mod contrast;
mod corpora;
mod counts;
mod coupling;
mod discourse;
mod interviewers;
mod kind;
mod law;
mod matcher;
mod mse;
mod reach_adoption;
mod reach_attrition;
mod reach_diffusion;
mod reach_survival;
mod resemblance;
mod segment;
mod slip;
mod statement;
mod terms;
mod transcripts;
mod trend;
mod unitizing;
mod words;
