//! What the norm is made of, and how certain that is.

pub mod answer;
pub mod brief;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::passages::{Behind, ReadFrom};
use crate::record::Record;
use answer::Analysis;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};

/// Statements in JSON where nobody said how many.
const JSON_STATEMENTS: usize = 1000;

impl Answer for Analysis {
    fn lead(&self) -> String {
        words::answer(self)
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
        Some(words::read_from(self))
    }

    fn behind(&self, anchor: &str, most: usize) -> Option<Behind> {
        words::behind(self, anchor, most).or_else(|| words::read_from(self).behind(anchor, most))
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top.unwrap_or(JSON_STATEMENTS), record))
    }
}
