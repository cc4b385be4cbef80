//! Words near a concept that it misses.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Suggestions;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Suggestions {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn tables(&self) -> Vec<Table> {
        tables::all(self)
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
