//! What the lexicon misses: a random sample of passages that people read, and the recall that follows.

pub mod answer;
pub mod question;
pub mod words;
