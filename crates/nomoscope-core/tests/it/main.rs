//! Integration tests of `nomoscope-core`.

mod segment;
