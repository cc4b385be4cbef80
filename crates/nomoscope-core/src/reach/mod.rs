//! Reach: how many persons a norm reaches, and how many it does not.
//!
//! Sees numbers and dates only: never a text, never a name of a person, never a file.

pub mod mse;
