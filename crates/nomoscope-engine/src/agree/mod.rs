//! Agreement between coders.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::{StudyAgreement, TableAgreement};
use nomoscope_core::table::Table;
use nomoscope_figure::agreement::draw;
use nomoscope_figure::{Figure, View};
use nomoscope_stats::agreement::Coefficient;
use serde_json::{Value, json};

/// Differences in JSON where nobody said how many.
const JSON_ROWS: usize = 1000;

impl Answer for StudyAgreement {
    fn lead(&self) -> String {
        tables::headline(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        let unit = format!("{}s", self.options.unit.name());
        let mut out =
            vec![tables::coders(&self.coders, ["codings", "sources"]), tables::coefficients(&self.overall, &unit)];
        if self.coders.len() > 2 {
            out.push(tables::pairs(&self.pairs, &self.coders));
        }
        out.push(tables::by_concept(&self.concepts, &self.coders, "concept", Coefficient::KrippendorffAlpha));
        out.push(tables::passages(self));
        out.extend(self.validity.iter().map(tables::lexicon));
        out
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        vec![draw(&figures::model(self), view)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::study(self, top.unwrap_or(JSON_ROWS), record))
    }
}

impl Answer for TableAgreement {
    fn lead(&self) -> String {
        words::of_table(self)
    }

    fn cautions(&self) -> Vec<String> {
        self.notes.iter().chain(self.caution.as_ref().filter(|_| self.bootstrap.draws > 0)).cloned().collect()
    }

    fn tables(&self) -> Vec<Table> {
        let mut out = vec![tables::coefficients(&self.overall, "units")];
        if self.coders.len() > 2 {
            out.push(tables::pairs(&self.pairs, &self.coders));
        }
        if !self.categories.is_empty() {
            let by = Coefficient::KrippendorffAlpha;
            out.push(tables::by_concept(&self.categories, &self.coders, "category", by));
        }
        out.push(tables::units(self));
        out
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::table(self, top.unwrap_or(JSON_ROWS), record))
    }
}
