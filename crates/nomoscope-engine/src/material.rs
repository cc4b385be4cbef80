//! What a question is asked of: a study and its codebook, owned, so that a server and Python can hold them.

use crate::handle::Handle;
use crate::reading;
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::date::PartialDate;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::{Source, Study};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A study with its codebook, and what tells both apart from all others.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// The study.
    pub study: Arc<Study>,
    /// The codebook.
    pub codebook: Arc<Codebook>,
    /// The name of the codebook's file, without its folders.
    pub codebook_name: String,
    /// SHA-256 of the codebook.
    pub codebook_hash: String,
    /// SHA-256 of every file that was read, by path.
    pub inputs: BTreeMap<String, String>,
    /// Tables of lists of people whom somebody saw, as they were read, by path.
    pub lists: Arc<BTreeMap<String, Vec<u8>>>,
    /// Held while the sources are coded: several who ask at once wait for one coding.
    coding: Arc<Mutex<()>>,
    /// What the lexicon finds in the sources.
    found: Arc<OnceLock<Arc<Corpus>>>,
    /// The sources coded: once, for all questions that are asked of this material.
    coded: Arc<OnceLock<Arc<Corpus>>>,
}

/// Which sources of a study are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// Only sources whose attribute has this value, each as `attribute=value`.
    #[serde(rename = "where")]
    pub wanted: Vec<String>,
    /// Only sources from this date on.
    pub since: Option<String>,
    /// Only sources up to this date.
    pub until: Option<String>,
    /// Whether what interviewers say is coded like what others say.
    pub interviewers: bool,
}

impl Selection {
    /// Returns whether all sources are read.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

impl Material {
    /// Returns a study with a codebook; `name` and `hash` (SHA-256) are those of the codebook's file, `inputs` those of all.
    #[must_use]
    pub fn new(
        study: Study,
        codebook: Codebook,
        (name, hash): (&str, String),
        inputs: BTreeMap<String, String>,
    ) -> Self {
        Self {
            study: Arc::new(study),
            codebook: Arc::new(codebook),
            // A run record does not tell where somebody keeps their files.
            codebook_name: name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            codebook_hash: hash,
            inputs,
            lists: Arc::default(),
            coding: Arc::default(),
            found: Arc::default(),
            coded: Arc::default(),
        }
    }

    /// Returns the material with tables of lists.
    #[must_use]
    pub fn with_lists(self, lists: BTreeMap<String, Vec<u8>>) -> Self {
        Self { lists: Arc::new(lists), ..self }
    }

    /// Returns the material with the sources that were selected.
    ///
    /// # Errors
    /// An attribute that no source has, a date that is none, or no source that fits.
    pub fn select(&self, selection: &Selection) -> Result<Self, Refusal> {
        if selection.interviewers {
            let all = Selection { interviewers: false, ..selection.clone() };
            return self.with_questions().select(&all);
        }
        let mut problems = Problems::new();
        let mut wanted = Vec::new();
        for given in &selection.wanted {
            match given.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
                Some((key, value)) if !key.is_empty() => {
                    check_attribute(&self.study.sources, key, "where", &mut problems);
                    wanted.push((key, value));
                }
                _ => problems
                    .push(Problem::of_setting("where", format!("{given}: expected ATTR=VALUE, such as kind=treaty"))),
            }
        }
        let mut date = |given: &Option<String>, setting: &'static str| -> Option<PartialDate> {
            given.as_deref()?.parse().map_err(|e| problems.push(Problem::of_setting(setting, format!("{e}")))).ok()
        };
        let (since, until) = (date(&selection.since, "since"), date(&selection.until, "until"));
        problems.or(())?;
        if selection.is_everything() {
            return Ok(self.clone());
        }
        let fits = |s: &Source| {
            wanted.iter().all(|(k, v)| s.attribute(k).is_some_and(|have| have == *v))
                && since.is_none_or(|d| s.date.is_some_and(|have| latest(have) >= earliest(d)))
                && until.is_none_or(|d| s.date.is_some_and(|have| earliest(have) <= latest(d)))
        };
        let kept: Arc<[Source]> = self.study.sources.iter().filter(|s| fits(s)).cloned().collect();
        if kept.is_empty() && !self.study.sources.is_empty() {
            return Err(Refusal::nothing_fits(since.or(until).is_some()));
        }
        let study = Study { sources: kept, ..Study::clone(&self.study) };
        Ok(Self {
            study: Arc::new(study),
            coding: Arc::default(),
            found: Arc::default(),
            coded: Arc::default(),
            ..self.clone()
        })
    }

    /// Returns the material with what interviewers say coded like what others say.
    #[must_use]
    pub fn with_questions(&self) -> Self {
        let mut study = Study::clone(&self.study);
        study.meta.codes_questions = true;
        Self {
            study: Arc::new(study),
            coding: Arc::default(),
            found: Arc::default(),
            coded: Arc::default(),
            ..self.clone()
        }
    }

    /// Returns the material as somebody may see it, where double coding is blind; none where nothing is hidden from them.
    /// What the lexicon finds is the same for all, and is not looked for anew.
    #[must_use]
    pub fn seen_by(&self, viewer: &str) -> Option<Self> {
        let study = self.study.seen_by(viewer)?;
        Some(Self { study: Arc::new(study), coded: Arc::default(), ..self.clone() })
    }

    /// Returns the sources coded with the codebook and with what people decided; later questions find them done.
    ///
    /// # Errors
    /// Patterns that do not parse; codings of concepts that the codebook does not have.
    pub fn corpus(&self, handle: &Handle) -> Result<Arc<Corpus>, Refusal> {
        if let Some(done) = self.coded.get() {
            return Ok(done.clone());
        }
        let coded = reading::decided(&self.lexicon(handle)?, &self.study)?;
        Ok(self.coded.get_or_init(|| coded).clone())
    }

    /// Returns what the lexicon finds in the sources, whatever people decided about it.
    ///
    /// # Errors
    /// Patterns that do not parse.
    pub fn lexicon(&self, handle: &Handle) -> Result<Arc<Corpus>, Refusal> {
        if let Some(done) = self.found.get() {
            return Ok(done.clone());
        }
        let _coding = self.coding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(done) = self.found.get() {
            return Ok(done.clone());
        }
        handle.check()?;
        let found = Arc::new(reading::lexicon(&self.codebook, &self.study, handle)?);
        Ok(self.found.get_or_init(|| found).clone())
    }

    /// Takes over what the lexicon found in an earlier state of the study, where texts and codebook are the same: a change of
    /// one coding must not read every text again.
    pub fn reuse(&mut self, earlier: &Self) {
        let (now, then) = (&self.study, &earlier.study);
        let same = self.codebook_hash == earlier.codebook_hash
            && now.meta.interviewers == then.meta.interviewers
            && now.meta.codes_questions == then.meta.codes_questions
            && now.sources == then.sources;
        if same {
            self.found = earlier.found.clone();
        }
    }

    /// Refuses where there is nothing to read.
    ///
    /// # Errors
    /// A study without sources.
    pub fn some_sources(&self) -> Result<(), Refusal> {
        if self.study.sources.is_empty() { Err(Refusal::no_sources()) } else { Ok(()) }
    }
}

/// A date with its missing parts filled in so that it sorts first, or last: a text of which only the year is known may be
/// of any of its days.
type Filled = (u16, u8, u8);

fn earliest(date: PartialDate) -> Filled {
    (date.year, date.month.unwrap_or(0), date.day.unwrap_or(0))
}

fn latest(date: PartialDate) -> Filled {
    (date.year, date.month.unwrap_or(99), date.day.unwrap_or(99))
}

/// Complains if no source has the attribute; `setting` says where it was asked for.
pub fn check_attribute(sources: &[Source], key: &str, setting: &'static str, problems: &mut Problems) {
    if !sources.is_empty() && sources.iter().all(|s| s.attribute(key).is_none()) {
        let mut known: Vec<&str> = sources.iter().flat_map(|s| s.attributes.keys().map(String::as_str)).collect();
        let built_in = ["kind", "date", "year", "language", "title", "path"];
        known.extend(built_in.into_iter().filter(|k| sources.iter().any(|s| s.attribute(k).is_some())));
        known.sort_unstable();
        known.dedup();
        let hint = format!("attributes are {}", known.join(", "));
        problems.push(Problem::of_setting(setting, format!("no source has the attribute `{key}`")).hint(hint));
    }
}
