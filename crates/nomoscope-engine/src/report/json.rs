//! The answer serialised.

use super::answer::Report;
use super::words;
use crate::answer::Answer;
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A report: what it says first, and each answer as its own question prints it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What the report says first.
    pub answer: String,
    /// What should be known before it is used.
    pub cautions: Vec<String>,
    /// The answers: the map first, then what the study itself asks, then further questions.
    pub parts: Vec<Part>,
    /// Further questions that have no answer.
    pub unanswered: Vec<Unanswered>,
    /// The run record.
    pub run: Record,
}

/// One answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Part {
    /// The name of its question.
    pub question: String,
    /// What it says in a sentence or two.
    pub lead: String,
    /// The answer, as its question prints it, without a run record of its own.
    pub found: Value,
}

/// A further question that has no answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unanswered {
    /// What was asked, as an address.
    pub address: String,
    /// Why there is no answer.
    pub reason: String,
}

impl Said {
    pub(super) fn new(report: &Report, top: Option<usize>, run: Record) -> Self {
        let parts = report.parts().into_iter().map(|part| {
            let mut found = part.answer.json(top, Record::default());
            if let Some(fields) = found.as_object_mut() {
                fields.remove("run");
            }
            Part { question: part.question.to_owned(), lead: part.answer.lead(), found }
        });
        let unanswered = report.further.iter().filter_map(|further| {
            let reason = further.answer.as_ref().err()?.to_string();
            Some(Unanswered { address: further.address.clone(), reason })
        });
        Self {
            answer: report.lead(),
            cautions: words::cautions(report),
            parts: parts.collect(),
            unanswered: unanswered.collect(),
            run,
        }
    }
}
