//! The program as a library: what its commands, its reports and its pages share.
//!
//! `analysis` joins the parts of the core; `report` turns an analysis into bytes; `cli` reads arguments and prints;
//! `study` knows studies on disk. Only this crate joins formats, store and core.

pub mod cli;
