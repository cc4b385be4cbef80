//! Where people who are done with a source differ, and where they agree: what is to be decided between them.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Queue;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Queue {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::open(self)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
