//! Integration tests of the core, one module a subject.

mod figure;
