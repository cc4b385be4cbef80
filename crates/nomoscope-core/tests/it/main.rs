//! Integration tests of the core, one module a topic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy lets only #[test] functions themselves off, not the helpers beside them, and a skipped test says so"
)]

mod cluster;
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
mod stats_agreement;
mod stats_association;
mod stats_bootstrap;
mod stats_change;
mod stats_contrast;
mod stats_diversity;
mod stats_exact;
mod stats_fdr;
mod stats_fourfold;
mod stats_leiden;
mod stats_length_adjusted;
mod stats_mantel_haenszel;
mod stats_partition;
mod stats_seriation;
mod stats_special;
mod stats_unitizing;
mod terms;
mod trend;
mod words;
