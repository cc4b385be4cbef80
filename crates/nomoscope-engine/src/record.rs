//! The run record: what is needed to ask the same again.

use crate::material::{Material, Selection};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which program answered, and on which day: only a front knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Its version with the commit.
    pub version: String,
    /// The day, ISO.
    pub date: String,
}

/// What is needed to ask the same again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// `nomoscope`.
    pub program: String,
    /// Version with the commit.
    pub version: String,
    /// The day, ISO; the only thing that differs between two runs of one question.
    pub date: String,
    /// Title of the study.
    pub study: String,
    /// The codebook.
    pub codebook: CodebookRecord,
    /// Version of the readers of texts.
    pub extractor: u32,
    /// The question as it was asked, with every default written out.
    pub settings: serde_json::Value,
    /// SHA-256 of every file that was read, by path.
    pub inputs: BTreeMap<String, String>,
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
    /// Returns the record of a question, and of the sources that it was asked of.
    #[must_use]
    pub fn new(question: &impl Serialize, selection: &Selection, material: &Material, program: &Program) -> Self {
        let mut record = Self::of_files(question, material.inputs.clone(), program);
        if let (Some(own), Ok(serde_json::Value::Object(which))) =
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
    pub fn of_files(question: &impl Serialize, inputs: BTreeMap<String, String>, program: &Program) -> Self {
        Self {
            program: "nomoscope".to_owned(),
            version: program.version.clone(),
            date: program.date.clone(),
            study: String::new(),
            codebook: CodebookRecord::default(),
            extractor: nomoscope_formats::EXTRACTOR_VERSION,
            settings: serde_json::to_value(question).unwrap_or_default(),
            inputs,
        }
    }
}
