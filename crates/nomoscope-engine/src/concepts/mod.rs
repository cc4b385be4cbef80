//! How often each concept occurs, where, and since when.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Concepts;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Concepts {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::concepts(self)]
    }

    fn json(&self, _top: Option<usize>, _record: Record) -> Value {
        json!(json::Said::from(self))
    }
}
