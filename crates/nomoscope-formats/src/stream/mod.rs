//! Tables of any length with a text in each row, a piece at a time: never is more of a file held than a few records.
//!
//! Splitting goes through the bytes once, in order; taking records apart can be done by as many threads as there are
//! pieces. UTF-8 only: what an encoding might be is guessed from a whole file, and these are not held whole.

pub mod row;
pub mod split;
pub mod table;
