//! Tests of the core through its public interface.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
mod matcher;
