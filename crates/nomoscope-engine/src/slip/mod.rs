//! Labels used for one another.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::passages::ReadFrom;
use crate::record::Record;
use answer::Slippage;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};

/// Passages of a pair in JSON where nobody said how many.
const JSON_PASSAGES: usize = 10;

impl Answer for Slippage {
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
        figures::pairs(self, view).into_iter().chain(figures::actors(self, view)).collect()
    }

    fn read_from(&self) -> Option<ReadFrom<'_>> {
        Some(ReadFrom { corpus: &self.corpus, window: self.settings.window })
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top.unwrap_or(JSON_PASSAGES), record))
    }
}
