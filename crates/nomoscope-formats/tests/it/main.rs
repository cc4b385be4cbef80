//! Readers against good, bad and hostile files. All fixtures are made here; real files are used where they are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a helper of a test may fail as a test does, and a skipped test says so"
)]

mod akn;
mod decoding;
mod docx;
mod hostile;
mod html;
mod list_table;
mod markdown;
mod office;
mod pdf;
mod reach;
mod real_files;
mod spoken;
mod support;
mod tables;
mod xml_formats;
