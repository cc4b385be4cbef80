//! Tables of any size scanned from disk: opened, split, counted by all cores, written as they are counted, and gone on with
//! where somebody interrupted them.

mod inputs;
mod job;
mod output;
mod state;

pub use inputs::{STDIN, Target, targets};
pub use job::{Job, Outcome, scan};
