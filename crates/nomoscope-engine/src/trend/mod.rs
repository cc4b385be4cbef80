//! A cluster in time: snapshots, what came and went, drift, and who said what first.

pub mod answer;
pub mod figures;
pub mod json;
pub mod networks;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::passages::ReadFrom;
use crate::record::Record;
use answer::ClusterInTime;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};

/// Statements of a period, and of a change, in JSON where nobody said how many.
const JSON_STATEMENTS: usize = 100;

impl Answer for ClusterInTime {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        tables::all(self)
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        figures::all(self, view)
    }

    fn read_from(&self) -> Option<ReadFrom<'_>> {
        Some(ReadFrom { corpus: &self.read.corpus, window: self.settings.window })
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top.unwrap_or(JSON_STATEMENTS), record))
    }
}
