//! Words and phrases: how often, in which groups, and near what.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Terms;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};

impl Answer for Terms {
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
        figures::keyness(self, view)
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
