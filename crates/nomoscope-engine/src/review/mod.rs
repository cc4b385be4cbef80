//! What people decided about what the lexicon finds: how good each concept is, and what is still open.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Review;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Review {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::precision(self)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
