//! What the JSON of all answers shares: no number in it is ever NaN or infinite.

use crate::record::Record;
use nomoscope_core::text::Span;
use nomoscope_stats::Interval;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// A number, or null where there is none or it is not finite.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[schemars(transparent)]
pub struct Number(pub Option<f64>);

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(Some(value))
    }
}

impl From<Option<f64>> for Number {
    fn from(value: Option<f64>) -> Self {
        Self(value)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.filter(|v| v.is_finite()).serialize(serializer)
    }
}

/// The two ends of an interval, or null where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Ends(pub Option<(Number, Number)>);

impl From<Option<Interval>> for Ends {
    fn from(interval: Option<Interval>) -> Self {
        Self(interval.map(|i| (i.lower.into(), i.upper.into())))
    }
}

/// Where in an extracted text, in bytes.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Stretch {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl From<Span> for Stretch {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// Returns an answer with the record of what was asked: every answer carries one.
pub(crate) fn with_run(answer: impl Serialize, record: &Record) -> Value {
    let mut answer = json!(answer);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("run".to_owned(), json!(record));
    }
    answer
}
