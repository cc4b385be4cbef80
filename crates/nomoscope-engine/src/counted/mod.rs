//! What `map`, `compare` and `trend` find in counts alone: the couplings, number for number as from the texts.
//!
//! Statements, types, evidence, holdings, avoidance, drift and first meetings need passages, and are not here.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::{Coupled, CoupledGroups, CoupledTime};
use nomoscope_core::table::Table;
use nomoscope_core::usage::coupling::CouplingLevel;
use serde_json::{Value, json};

/// Pairs in JSON where nobody said how many.
const PAIRS: usize = 2000;

impl Answer for Coupled {
    fn lead(&self) -> String {
        words::coupled(self)
    }

    fn cautions(&self) -> Vec<String> {
        let mut out: Vec<String> = self.calibration.clone().into_iter().collect();
        out.extend(self.membership.reason.as_ref().map(|reason| format!("No membership: {reason}.")));
        out.push(words::NOT_HERE.to_owned());
        out
    }

    fn tables(&self) -> Vec<Table> {
        let of = |list, level| crate::map::tables::couplings_of(&self.basis.codebook, list, level);
        vec![
            of(&self.textual, CouplingLevel::Textual),
            of(&self.actor, CouplingLevel::Actor),
            crate::map::tables::membership_of(&self.basis.codebook, &self.membership),
        ]
    }

    fn json(&self, _: Option<usize>, record: Record) -> Value {
        json!(json::Map::new(self, record))
    }
}

impl Answer for CoupledGroups {
    fn lead(&self) -> String {
        words::groups(self)
    }

    fn cautions(&self) -> Vec<String> {
        let mut out: Vec<String> = self.oppositions.iter().filter_map(|o| o.caution.clone()).collect();
        out.sort();
        out.dedup();
        out.push(words::NOT_HERE.to_owned());
        out
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::groups(self), tables::differences(self)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(json::Compare::new(self, top.unwrap_or(PAIRS), record))
    }
}

impl Answer for CoupledTime {
    fn lead(&self) -> String {
        words::time(self)
    }

    fn cautions(&self) -> Vec<String> {
        vec![words::NOT_HERE.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::periods(self), tables::changes(self)]
    }

    fn json(&self, _: Option<usize>, record: Record) -> Value {
        json!(json::Trend::new(self, record))
    }
}
