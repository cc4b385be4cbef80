//! The run record: what is needed to ask the same again.

use crate::material::{Material, Selection};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A question with the name that it has in a run record, in an address, in Python.
pub trait Named: Serialize {
    /// The name.
    const NAME: &'static str;
}

/// Which program answered, and on which day: only a front knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Its version with the commit.
    pub version: String,
    /// The day, ISO.
    pub date: String,
}

/// The shape of answers as JSON; it rises where a key is renamed or dropped.
pub const SCHEMA: u32 = 2;

/// What is needed to ask the same again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// `nomoscope`.
    pub program: String,
    /// Version with the commit.
    pub version: String,
    /// The shape of the answer: it rises where a key is renamed or dropped.
    pub schema: u32,
    /// The day, ISO; the only thing that differs between two runs of one question.
    pub date: String,
    /// Title of the study.
    pub study: String,
    /// The codebook.
    pub codebook: CodebookRecord,
    /// Version of the readers of texts.
    pub extractor: u32,
    /// Which question was asked, by its name in [`crate::questions::QUESTIONS`].
    pub question: String,
    /// The question as it was asked, with every default written out.
    pub settings: Value,
    /// SHA-256 of every file that was read, by path.
    pub inputs: BTreeMap<String, String>,
    /// The smallest count that a report tells, where small ones are withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppress_small: Option<u64>,
}

/// A codebook in a run record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodebookRecord {
    /// The name of its file, without its folders.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
    /// Its own version.
    pub version: String,
}

impl Record {
    /// Returns whether the question was asked of a study, which always has a codebook or a title, and not of files or the law.
    #[must_use]
    pub fn is_of_study(&self) -> bool {
        !self.study.is_empty() || !self.codebook.sha256.is_empty()
    }

    /// Returns the record of a question, and of the sources that it was asked of.
    #[must_use]
    pub fn new<Q: Named>(question: &Q, selection: &Selection, material: &Material, program: &Program) -> Self {
        let settings = serde_json::to_value(question).unwrap_or_default();
        Self::of_study(Q::NAME, settings, selection, material, program)
    }

    /// Returns the record of a question by its name and settings, and of the sources that it was asked of.
    #[must_use]
    pub fn of_study(
        name: &str,
        settings: Value,
        selection: &Selection,
        material: &Material,
        program: &Program,
    ) -> Self {
        let mut record = Self::by_name(name, settings, material.inputs.clone(), program);
        if let (Some(own), Ok(Value::Object(which))) =
            (record.settings.as_object_mut(), serde_json::to_value(selection))
        {
            own.extend(which);
        }
        let codebook = CodebookRecord {
            name: material.codebook_name.clone(),
            sha256: material.codebook_hash.clone(),
            version: material.codebook.version.clone(),
        };
        Self { study: material.study.meta.title.clone(), codebook, ..record }
    }

    /// Returns the record of a question that was asked of files (SHA-256 by name) and of no study.
    #[must_use]
    pub fn of_files<Q: Named>(question: &Q, inputs: BTreeMap<String, String>, program: &Program) -> Self {
        Self::by_name(Q::NAME, serde_json::to_value(question).unwrap_or_default(), inputs, program)
    }

    /// Returns the record of a question by its name and settings, asked of files (SHA-256 by name) and of no study.
    #[must_use]
    pub fn by_name(name: &str, settings: Value, inputs: BTreeMap<String, String>, program: &Program) -> Self {
        Self {
            program: "nomoscope".to_owned(),
            version: program.version.clone(),
            schema: SCHEMA,
            date: program.date.clone(),
            study: String::new(),
            codebook: CodebookRecord::default(),
            extractor: nomoscope_formats::EXTRACTOR_VERSION,
            question: name.to_owned(),
            settings,
            inputs,
            suppress_small: None,
        }
    }
}
