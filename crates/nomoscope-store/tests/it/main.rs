//! Integration tests of the study file.

mod open;
mod roundtrip;
mod support;
mod undo;
