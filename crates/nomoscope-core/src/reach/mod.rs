//! How many a norm reaches: people along a ladder of stages, people whom nobody saw, and states over time.
//!
//! Stands alone: it sees counts, capture histories, dates and codes of states, never a text, a concept or a file. Dates
//! of observation and seeds are arguments. Absent on purpose: any word on why a state joined, or what a gap was caused by.

pub mod adoption;
pub mod attrition;
pub mod diffusion;
pub mod gap;
pub mod mse;
pub mod states;
pub mod survival;
