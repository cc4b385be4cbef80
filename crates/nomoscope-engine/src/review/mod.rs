//! What people decided about what the lexicon finds: how good each concept is, and what is still open.

pub mod answer;
pub mod question;
pub mod tables;
pub mod words;

use crate::answer::Answer;
use crate::record::Record;
use answer::Review;
use nomoscope_core::table::Table;
use serde_json::{Value, json};

impl Answer for Review {
    fn lead(&self) -> String {
        words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        vec![tables::precision(self)]
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        let open = self.open.iter().take(top.unwrap_or(1000));
        let open =
            open.map(|h| json!({"source": h.source, "start": h.span.start, "end": h.span.end, "concept": h.concept}));
        json!({
            "concepts": self.concepts.iter().map(|c| json!({
                "concept": c.id, "hits": c.hits, "right": c.right, "wrong": c.wrong,
                "precision": crate::json::Number(c.precision()), "interval": crate::json::Ends::from(c.interval()),
            })).collect::<Vec<_>>(),
            "open": open.collect::<Vec<_>>(),
            "run": record,
        })
    }
}
