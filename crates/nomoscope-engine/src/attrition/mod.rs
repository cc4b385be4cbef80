//! How many of those concerned reach each stage.

pub mod answer;
mod assumptions;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::json::with_run;
use crate::record::Record;
use answer::Attrition;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::Value;

impl Answer for Attrition {
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

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Said::from(self), &record)
    }
}
