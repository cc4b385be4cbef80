//! Definitions, one by one and against each other.

pub mod answer;
pub mod applicable;
pub mod figures;
pub mod json;
pub mod library;
pub mod pages;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::json::with_run;
use crate::record::Record;
use answer::{Burdened, Checked, Compared, FactList, FallenBack, Listed, Overlapped, Shown};
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::Value;

impl Answer for Listed {
    fn lead(&self) -> String {
        format!("{}.", words::listed(self))
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::norms(self)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::List::from(self), &record)
    }
}

impl Answer for Shown {
    fn lead(&self) -> String {
        pages::shown(self)
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Show::from(self), &record)
    }
}

impl Answer for FactList {
    fn lead(&self) -> String {
        pages::facts(self)
    }

    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Facts::from(self), &record)
    }
}

impl Answer for Checked {
    fn lead(&self) -> String {
        words::checked(self)
    }

    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Check::from(self), &record)
    }
}

impl Answer for Compared {
    fn lead(&self) -> String {
        match self {
            Self::Two(two) => pages::two(two),
            Self::Drift(drift) => format!("{}.", words::drift(drift)),
            Self::Pairs(pairs) => format!("{}.", words::pairs(pairs)),
        }
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        match self {
            Self::Two(_) => Vec::new(),
            Self::Drift(drift) => vec![tables::drift(drift)],
            Self::Pairs(pairs) => vec![tables::pairs(pairs)],
        }
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Compare::from(self), &record)
    }
}

impl Answer for Overlapped {
    fn lead(&self) -> String {
        pages::neighbours(self)
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    /// In how many ways each can be met, and the whole matrix, which is wider than a terminal.
    fn tables(&self) -> Vec<Table> {
        let law = &self.library.law;
        vec![tables::template_counts(law, &self.norms, self.reading), tables::overlap(law, &self.norms, &self.overlaps)]
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        let law = &self.library.law;
        vec![figures::matrix(law, &self.norms, view), figures::implication(law, &self.order, self.reading, view)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Overlap::from(self), &record)
    }
}

impl Answer for Burdened {
    fn lead(&self) -> String {
        pages::burdens(self)
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::burden(&self.library.law, &self.burdens)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Burdens::from(self), &record)
    }
}

impl Answer for FallenBack {
    fn lead(&self) -> String {
        pages::fallen_back(self)
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        self.left.iter().map(|l| tables::fallback(&self.library.law, l)).collect()
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        let of = match self.left.as_slice() {
            [alone] => alone.of.as_str(),
            _ => "several persons",
        };
        vec![figures::fallback(&self.library.law, of, &self.left, view)]
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Fallbacks::from(self), &record)
    }
}
