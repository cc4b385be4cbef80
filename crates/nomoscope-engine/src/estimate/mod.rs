//! How many people are on no list.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Estimated;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View, hidden_population};
use serde_json::{Value, json};

impl Answer for Estimated {
    fn lead(&self) -> String {
        words::stratified(self).unwrap_or_else(|| words::headline(&self.whole).swap_remove(0))
    }

    fn cautions(&self) -> Vec<String> {
        words::warnings(&self.whole)
    }

    fn tables(&self) -> Vec<Table> {
        let p = &self.whole;
        let mut all = vec![
            tables::models_table(p, "estimates", "Models"),
            tables::coefficients_table(p, "coefficients"),
            tables::steps_table(p, "steps"),
        ];
        if !self.by().is_empty() {
            all.push(tables::strata_table(self, "strata"));
        }
        all
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        vec![figures::figure(&self.whole, hidden_population::ID, None, view)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Said::new(self, top, record))
    }
}
