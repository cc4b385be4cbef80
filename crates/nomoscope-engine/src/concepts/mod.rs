//! How often each concept occurs, where, and since when.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::json::with_run;
use crate::record::Record;
use answer::Concepts;
use nomoscope_core::table::Table;
use serde_json::Value;

impl Answer for Concepts {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::concepts(self)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Said::from(self), &record)
    }
}
