//! Every place where a pattern or a concept stands, in its context.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Kwic;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Kwic {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::concordance(self)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
