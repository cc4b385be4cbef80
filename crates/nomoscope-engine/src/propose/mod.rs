//! Passages that look like those that people accepted: suggested, never counted before a person accepts one.

pub mod answer;
pub mod question;
pub mod words;
