//! Bytes to core types and back: every file format that Nomoscope reads or writes.
//!
//! Hostile input lives here and only here. This crate never opens a file, never touches the network and never
//! reads a clock: bytes come in, core types go out.

pub mod study;
