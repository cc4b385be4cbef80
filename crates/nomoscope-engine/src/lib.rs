//! Questions and their answers: a folder a question, each with its answer, words, tables, figures and JSON.
//!
//! Joins the parts of the core; knows no disk, no clock, no terminal and no page.

pub mod address;
pub mod adjudicate;
pub mod adoption;
pub mod agree;
pub mod answer;
pub mod attrition;
pub mod audit;
pub mod bundled;
pub(crate) mod capitals;
pub mod compare;
pub mod concepts;
pub mod counted;
pub mod disclosure;
pub mod estimate;
pub mod handle;
pub mod json;
pub mod kwic;
pub mod law;
pub mod look;
pub mod map;
pub mod material;
pub mod network;
pub mod passages;
pub mod propose;
pub mod questions;
pub mod reading;
pub mod record;
pub mod refusal;
pub mod report;
pub mod review;
pub mod scan;
pub mod settings;
pub mod slip;
pub mod sources;
pub mod statements;
pub mod suggest;
pub mod terms;
pub mod test;
pub mod trend;
pub mod view;
pub mod words;
