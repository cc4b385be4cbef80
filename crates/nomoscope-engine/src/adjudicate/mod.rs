//! Where people who are done with a source differ, and where they agree: what is to be decided between them.

pub mod answer;
pub mod question;
pub mod words;
