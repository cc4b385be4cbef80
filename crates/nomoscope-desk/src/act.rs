//! Everything that can be done to a study.

use crate::stamp;
use crate::study::{Given, Options};
use nomoscope_core::study::Decimal;
use nomoscope_core::text::Span;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use nomoscope_formats::codebook_edit::{ConceptEdit, Fields, NewConcept};
pub use nomoscope_formats::study::study_toml::Setting;

/// Where a lexicon found a concept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// The source.
    pub source: String,
    /// Where in its text.
    pub span: Span,
    /// The concept.
    pub concept: String,
}

/// What is decided where coders of a source differ, or agree, over a concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The source.
    pub source: String,
    /// The concept.
    pub concept: String,
    /// The place that marks of the concept hold together.
    pub place: Span,
    /// What of it is coded as the concept; nothing where the concept is not there.
    pub keep: Vec<Span>,
}

/// Words of a text with what they should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Where in the text.
    pub span: Span,
    /// What stands there.
    pub was: String,
    /// What should stand there.
    pub text: String,
}

/// A random sample of passages that somebody is to read for what the lexicon misses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The seed that it was drawn with.
    pub seed: u64,
    /// What a passage is: `sentence`, `paragraph` …
    pub level: String,
    /// Of how many passages it was drawn.
    pub population: u64,
    /// SHA-256 of the codebook at that time.
    pub codebook: String,
    /// The passages in the order in which they were drawn.
    pub passages: Vec<(String, Span)>,
}

/// One change of a study, the same for a folder and a file, for the command line, pages and Python.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Act {
    /// Adds texts; without any, an earlier change that was interrupted is completed.
    Add {
        /// Files and folders.
        paths: Vec<PathBuf>,
        /// What is said of them.
        #[serde(default)]
        given: Given,
    },
    /// Takes in projects of other programs; what is there already is matched and stays.
    Import {
        /// Their files.
        files: Vec<PathBuf>,
        /// How.
        #[serde(default)]
        options: Options,
    },
    /// Takes in projects that no file of this machine holds, such as those that came through a browser.
    ImportBytes {
        /// Their bytes by name.
        files: BTreeMap<String, Vec<u8>>,
        /// How.
        #[serde(default)]
        options: Options,
    },
    /// Joins a study file that no file of this machine holds.
    MergeBytes {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Other names for its coders.
        #[serde(default)]
        coders: BTreeMap<String, String>,
    },
    /// Joins another study to this one: what both have is one thing, what either has alone is kept.
    Merge {
        /// The other study.
        other: PathBuf,
        /// Other names for its coders.
        #[serde(default)]
        coders: BTreeMap<String, String>,
    },
    /// Codes all sources with the codebook and stores the codings.
    Code {
        /// The name under which they are stored.
        coder: String,
        /// Another codebook than the study's own.
        #[serde(default)]
        codebook: Option<PathBuf>,
    },
    /// Codes a passage by hand.
    Mark {
        /// The source.
        source: String,
        /// Where in its text.
        span: Span,
        /// The concept.
        concept: String,
        /// A note on it.
        #[serde(default)]
        memo: String,
    },
    /// Codes a passage by hand as a concept that the codebook does not have yet, and gives it that concept.
    MarkNew {
        /// The source.
        source: String,
        /// Where in its text.
        span: Span,
        /// The concept.
        concept: NewConcept,
    },
    /// Gives a coding by hand another place or another concept; its note stays.
    Recode {
        /// The coding.
        coding: String,
        /// Where it stands from now on; none leaves it where it is.
        #[serde(default)]
        span: Option<Span>,
        /// The concept; none leaves it.
        #[serde(default)]
        concept: Option<String>,
    },
    /// Takes back codings by hand.
    Unmark {
        /// The codings.
        codings: Vec<String>,
    },
    /// Says of hits of the lexicon whether they are right: those that are not count no longer.
    Judge {
        /// Whether they are right.
        right: bool,
        /// The hits.
        hits: Vec<Hit>,
    },
    /// Adds texts that no file of this machine holds, such as those that came through a browser.
    AddBytes {
        /// Their bytes by name.
        files: BTreeMap<String, Vec<u8>>,
        /// What is said of them.
        #[serde(default)]
        given: Given,
    },
    /// Changes the codebook concept by concept; the codings follow.
    Concept {
        /// What is changed.
        edit: ConceptEdit,
    },
    /// Lets a coding count.
    Accept {
        /// The coding.
        coding: String,
    },
    /// Turns a coding down; it stays for the record, and keeps the lexicon from its place.
    Reject {
        /// The coding.
        coding: String,
    },
    /// Writes a note on a coding, in place of the one that it had.
    Remark {
        /// The coding.
        coding: String,
        /// The words.
        text: String,
    },
    /// Writes a memo on the study, a source or a concept.
    Memo {
        /// `study`, `source:<path>` or `concept:<id>`.
        about: String,
        /// The words.
        text: String,
    },
    /// Corrects words of a source, in the study's own copy; codings follow.
    Correct {
        /// The source.
        source: String,
        /// What is corrected.
        changes: Vec<Wording>,
        /// Ids of codings and passages of which somebody agrees that they go, or read otherwise altogether; and the file, where
        /// it is kept as plain text from then on.
        #[serde(default)]
        agreed: BTreeSet<String>,
    },
    /// Says something else of sources: their title, kind, date or language, or any attribute. Texts stay as they are.
    Describe {
        /// The sources.
        sources: BTreeSet<String>,
        /// What is said of each; an empty value leaves it to the file, or to the study.
        said: BTreeMap<String, String>,
    },
    /// Gives the study another codebook.
    EditCodebook {
        /// The whole of `codebook.toml`.
        toml: String,
    },
    /// Takes a file with all its sources, their codings and memos out of the study.
    RemoveSource {
        /// The file.
        path: String,
    },
    /// Gives a file of the study other bytes, or takes it out: `study.toml`, a case under `facts/`, a table under `lists/`.
    PutFile {
        /// The file.
        path: String,
        /// Its bytes.
        bytes: Option<Vec<u8>>,
    },
    /// Erases a source, or words wherever they stand, from the study and its past. It cannot be taken back, and what was
    /// done before cannot be, either.
    Forget {
        /// A file of the study, or words.
        what: String,
    },
    /// Puts pseudonyms in the place of names, in the study and its past. It cannot be taken back.
    Pseudonymise {
        /// Each name with its pseudonym.
        names: Vec<(String, String)>,
    },
    /// Switches a setting of the study.
    Switch {
        /// The setting.
        to: Setting,
    },
    /// Says that the person is done with coding a source, or is not after all.
    Finish {
        /// The source.
        source: String,
        /// Whether they are done.
        done: bool,
    },
    /// Decides where people who are done with a source differ or agree; their own codings stay as they are.
    Adjudicate {
        /// The decisions.
        decisions: Vec<Decision>,
    },
    /// Keeps a random sample of passages for an audit of the lexicon.
    DrawAudit {
        /// The sample.
        sample: Sample,
    },
    /// Says of a passage of an audit that it was read, and which concepts it holds that the lexicon did not find.
    Audit {
        /// The passage.
        passage: String,
        /// The concepts.
        missing: Vec<String>,
    },
    /// Accepts a suggestion: the passage is coded by the person, and keeps what suggested it.
    TakeSuggestion {
        /// The passage with its concept.
        hit: Hit,
        /// How probable the model took it to be, from 0 to 1.
        score: Decimal,
        /// SHA-256 of the model.
        model: String,
    },
    /// Takes back what the coder did last, past what others did since, if they do not need it.
    Undo,
    /// Takes back what another coder did last.
    UndoOf {
        /// The other coder.
        coder: String,
    },
    /// Does again what the coder took back last.
    Redo,
}

impl Act {
    /// Returns the words by which people know the act in the log, without the folders of this machine.
    #[must_use]
    pub fn words(&self, study: &Path) -> String {
        const NAMED: usize = 5;
        let study = study.display().to_string();
        let with = |name: &str, more: &[&str]| stamp::command(&[&[name, study.as_str()], more].concat());
        let named = |name: &str, paths: &[PathBuf]| {
            let shown: Vec<String> = paths.iter().take(NAMED).map(|p| p.display().to_string()).collect();
            let shown: Vec<&str> = shown.iter().map(|p| p.trim_end_matches(['/', '\\'])).collect();
            let mut words = with(name, &shown);
            if paths.len() > NAMED {
                words.push_str(&format!(" … ({} more)", paths.len() - NAMED));
            }
            words
        };
        match self {
            Self::Add { paths, .. } => named("add", paths),
            Self::Import { files, .. } => named("import", files),
            Self::Merge { other, .. } => named("merge", std::slice::from_ref(other)),
            Self::ImportBytes { files, .. } => named("import", &files.keys().map(PathBuf::from).collect::<Vec<_>>()),
            Self::MergeBytes { name, .. } => with("merge", &[name]),
            Self::Code { .. } => with("code", &[]),
            Self::Mark { concept, .. } => with("mark", &[concept]),
            Self::MarkNew { concept, .. } => with("mark", &[&concept.id, "(new)"]),
            Self::Recode { coding, .. } => with("recode", &[coding]),
            Self::Unmark { codings } => match &codings[..] {
                [one] => with("unmark", &[one]),
                several => with("unmark", &[&format!("({})", several.len())]),
            },
            Self::Judge { right, hits } => {
                let name = if *right { "accept" } else { "reject" };
                let concepts: BTreeSet<&str> = hits.iter().map(|h| h.concept.as_str()).collect();
                let mut more: Vec<&str> = concepts.iter().copied().take(NAMED).collect();
                let count = format!("({})", hits.len());
                if hits.len() > 1 {
                    more.push(&count);
                }
                with(name, &more)
            }
            Self::AddBytes { files, .. } => named("add", &files.keys().map(PathBuf::from).collect::<Vec<_>>()),
            Self::Concept { edit } => with("codebook", &edit.words().iter().map(String::as_str).collect::<Vec<_>>()),
            Self::Accept { coding } => with("accept", &[coding]),
            Self::Reject { coding } => with("reject", &[coding]),
            Self::Remark { coding, .. } => with("remark", &[coding]),
            Self::Memo { about, .. } => with("memo", &[about]),
            // What was corrected may be a name: the words stand in no command.
            Self::Correct { source, .. } => with("correct", &[source]),
            // What is said may be a name as well.
            Self::Describe { sources, said } => {
                let count = format!("({})", sources.len());
                let of = sources.first().filter(|_| sources.len() == 1).unwrap_or(&count);
                with("describe", &std::iter::once(of).chain(said.keys()).map(String::as_str).collect::<Vec<_>>())
            }
            Self::EditCodebook { .. } => with("codebook", &[]),
            Self::RemoveSource { path } => with("remove", &[path]),
            Self::PutFile { path, .. } => with("put", &[path]),
            // What is erased must not stand in the log.
            Self::Forget { .. } => with("forget", &["(something was erased)"]),
            Self::Pseudonymise { names } => with("pseudonymise", &[&format!("({})", names.len())]),
            Self::Switch { to: Setting::Blind(coders) } => {
                with("blind", &coders.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Self::Switch { to: Setting::Suggestions(on) } => with("suggestions", &[if *on { "on" } else { "off" }]),
            Self::Switch { to: Setting::Words(words) } => {
                with("settings", &words.keys().map(String::as_str).collect::<Vec<_>>())
            }
            Self::Switch { to: Setting::Report(questions) } => {
                with("report", &questions.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Self::Finish { source, done } => with(if *done { "done" } else { "not-done" }, &[source]),
            Self::Adjudicate { decisions } => match &decisions[..] {
                [one] => with("adjudicate", &[&one.concept]),
                several => with("adjudicate", &[&format!("({})", several.len())]),
            },
            Self::DrawAudit { sample } => {
                with("draw-audit", &[&format!("({})", sample.passages.len()), &format!("seed {}", sample.seed)])
            }
            Self::Audit { missing, .. } => with("audit", &missing.iter().map(String::as_str).collect::<Vec<_>>()),
            Self::TakeSuggestion { hit, .. } => with("take-suggestion", &[&hit.concept]),
            Self::Undo => with("undo", &[]),
            Self::UndoOf { coder } => with("undo", &["--coder", coder]),
            Self::Redo => with("redo", &[]),
        }
    }
}
