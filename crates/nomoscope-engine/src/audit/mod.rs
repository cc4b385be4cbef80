//! What the lexicon misses: a random sample of passages that people read, and the recall that follows.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Audited;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Audited {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::recall(self)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, record))
    }
}
