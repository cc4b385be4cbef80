//! Facts of a case held against norms.

pub mod answer;
pub mod brief;
pub mod interview;
pub mod json;
pub mod question;
pub mod rehearsal;
pub mod reply;
pub mod sheets;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::json::with_run;
use crate::law::words::DISCLAIMER;
use crate::record::Record;
use answer::Tested;
use nomoscope_core::table::Table;
use serde_json::Value;

impl Answer for Tested {
    fn lead(&self) -> String {
        self.tried.iter().map(|t| words::satisfied(self, t)).collect::<Vec<_>>().join(" ")
    }

    fn cautions(&self) -> Vec<String> {
        vec![DISCLAIMER.to_owned()]
    }

    fn tables(&self) -> Vec<Table> {
        self.tried.iter().map(|t| tables::findings(self, t)).collect()
    }

    fn json(&self, _top: Option<usize>, record: Record) -> Value {
        with_run(json::Said::from(self), &record)
    }
}
