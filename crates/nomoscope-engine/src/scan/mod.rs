//! From tables with a text in each row to counts, row by row: what a front hands over piece by piece, or all at once.

pub mod answer;
pub mod json;
pub mod question;
pub mod scanner;
pub mod sums;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Scan;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Scan {
    fn lead(&self) -> String {
        words::lead(&self.sums, self.window)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(
            self.n_bad,
            self.n_empty,
            self.n_undated,
            self.unread.iter().map(|(language, n)| (language.as_str(), *n)),
        )
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::sums(&self.sums, self.counts.head()), tables::bad(&self.bad)]
    }

    fn json(&self, _: Option<usize>, record: Record) -> Value {
        let found = json::Found {
            head: self.counts.head(),
            sums: &self.sums,
            bad: &self.bad,
            n_bad: self.n_bad,
            n_empty: self.n_empty,
            n_undated: self.n_undated,
            unread: self.unread.clone(),
        };
        json!(json::Said::new(found, record))
    }
}
