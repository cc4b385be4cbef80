//! The program as a library: what its commands, its reports and its pages share.

pub mod study;
