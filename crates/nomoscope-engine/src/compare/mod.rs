//! Coupling, holding and naming between groups of sources.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::passages::ReadFrom;
use crate::record::Record;
use answer::Comparison;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::json;

/// Pairs and statements in JSON where nobody said how many.
const JSON_ROWS: usize = 2000;

impl Answer for Comparison {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn tables(&self) -> Vec<Table> {
        tables::all(self, "")
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        figures::all(self, "", view)
    }

    fn read_from(&self) -> Option<ReadFrom<'_>> {
        Some(self.read_from_sources())
    }

    fn json(&self, top: Option<usize>, record: Record) -> serde_json::Value {
        json!(json::Said::new(self, top.unwrap_or(JSON_ROWS), record))
    }
}
