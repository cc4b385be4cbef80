//! The program.
pub mod report;

fn main() {}
