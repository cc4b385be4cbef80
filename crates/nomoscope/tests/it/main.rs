//! Integration tests of the program as a library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests are tests too"
)]

mod agree;
mod analysis;
mod cli;
mod cli_bad;
mod cli_correct;
mod cli_edge;
mod cli_look;
mod cli_small;
mod cli_terms;
mod cli_told;
mod cli_use;
mod cli_width;
mod compare;
mod doctor;
mod exchange;
mod first_screen;
mod kit;
mod law;
mod law_cli;
mod law_french;
mod law_interview;
mod network;
mod parquet;
mod program;
mod reach;
mod reach_estimate;
mod reference;
mod reference_json;
mod replay;
mod scan;
mod study_acts;
mod study_add;
mod study_convert;
mod study_folder;
mod study_forget;
mod study_merge;
mod support;
