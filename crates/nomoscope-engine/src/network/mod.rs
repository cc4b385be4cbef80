//! Discourse networks.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::DiscourseNetwork;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

/// Ties in JSON where nobody said how many.
const JSON_ROWS: usize = 10_000;

impl Answer for DiscourseNetwork {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        let found = &self.networks;
        let mut out = vec![tables::ties(self, true), tables::matrix(found)];
        out.extend(tables::windows(found));
        out
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top.unwrap_or(JSON_ROWS), record))
    }
}
