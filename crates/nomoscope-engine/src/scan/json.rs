//! The answer serialised.

use super::scanner::BadRow;
use super::sums::{self, Held, Sums, Total};
use crate::record::Record;
use nomoscope_core::counts::CountsHead;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows of tables, counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The unit of co-occurrence.
    pub window: &'static str,
    /// All texts.
    pub total: Amount,
    /// By the values of the attributes asked for; null where there are too many.
    pub strata: Option<Vec<Stratum>>,
    /// Rows that could not be read.
    pub bad_rows: usize,
    /// The first of them.
    pub bad: Vec<Bad>,
    /// Rows without a text.
    pub empty_rows: usize,
    /// Texts whose date cannot be read, and that no group was asked by: counted without one.
    pub undated_texts: usize,
    /// Languages that the codebook has no pattern for, with their texts.
    pub unread_languages: BTreeMap<String, usize>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// How much there is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Amount {
    /// Texts.
    pub texts: u64,
    /// Windows of co-occurrence.
    pub units: u64,
    /// Words.
    pub words: u64,
    /// Codings.
    pub codings: u64,
}

/// One stratum.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stratum {
    /// Its values, by attribute.
    pub values: BTreeMap<String, String>,
    /// All of it.
    pub total: Amount,
    /// By concept.
    pub concepts: BTreeMap<String, Concept>,
}

/// A concept in a stratum.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concept {
    /// Codings.
    pub codings: u64,
    /// Windows that hold it.
    pub units: u64,
    /// Texts that use it.
    pub texts: u64,
}

/// A row that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bad {
    /// The file.
    pub file: String,
    /// The line on which the row begins.
    pub line: u64,
    /// Why.
    pub reason: String,
}

impl From<Total> for Amount {
    fn from(t: Total) -> Self {
        Self { texts: t.sources, units: t.units, words: t.words, codings: t.codings }
    }
}

/// What a scan found, wherever it was kept.
#[derive(Debug)]
pub struct Found<'f> {
    /// What the counts begin with.
    pub head: &'f CountsHead,
    /// Sums by stratum.
    pub sums: &'f Sums,
    /// Rows that could not be read, the first of very many.
    pub bad: &'f [BadRow],
    /// All of them.
    pub n_bad: usize,
    /// Rows without a text.
    pub n_empty: usize,
    /// Texts whose date cannot be read, and that no group was asked by.
    pub n_undated: usize,
    /// Languages that the codebook has no pattern for, with their texts.
    pub unread: BTreeMap<String, usize>,
}

impl Said {
    /// Returns the answer.
    #[must_use]
    pub fn new(found: Found<'_>, run: Record) -> Self {
        let ids: Vec<&str> = found.head.concepts().collect();
        let concept = |held: &Held| Concept { codings: held.codings, units: held.units, texts: held.sources };
        let strata = found.sums.strata().map(|strata| {
            let one = |(values, s): (&Vec<String>, &sums::Stratum)| Stratum {
                values: found.sums.by().iter().cloned().zip(values.iter().cloned()).collect(),
                total: s.total.into(),
                concepts: s
                    .concepts
                    .iter()
                    .filter_map(|(c, held)| Some(((*ids.get(c.get())?).to_owned(), concept(held))))
                    .collect(),
            };
            strata.iter().map(one).collect()
        });
        let bad = |row: &BadRow| Bad { file: row.file.clone(), line: row.line, reason: row.reason.clone() };
        Self {
            window: found.head.window().name(),
            total: found.sums.total().into(),
            strata,
            bad_rows: found.n_bad,
            bad: found.bad.iter().map(bad).collect(),
            empty_rows: found.n_empty,
            undated_texts: found.n_undated,
            unread_languages: found.unread,
            run,
        }
    }
}
