//! Flags that several commands share.

use super::Failure;
use super::output::{Progress, talk};
use crate::analysis::{Analysis, AnalysisError, Options, analyse, select};
use crate::load::{Opened, open};
use crate::study::{Problem, Problems, StudyError};
use clap::builder::PossibleValuesParser;
use nomoscope_core::date::PartialDate;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A study and how to read it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct StudyArgs {
    /// A study folder or a .nomo file
    pub study: PathBuf,
    /// Read with this codebook instead of the study's own
    #[arg(long, value_name = "FILE")]
    pub codebook: Option<PathBuf>,
    #[command(flatten)]
    pub selection: Selection,
}

/// Which sources of a study are read.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Selection {
    /// Only sources whose attribute has this value (repeat to narrow further)
    #[arg(long = "where", value_name = "ATTR=VALUE")]
    pub wanted: Vec<String>,
    /// Only sources from this date on (2000, 2000-11 or 2000-11-15)
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only sources up to this date
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}

/// How to map.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct MapArgs {
    /// The concept whose cluster is mapped; by default the study's focus
    #[arg(long, value_name = "CONCEPT")]
    pub focus: Option<String>,
    /// The unit of co-occurrence; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    pub window: Option<String>,
    /// Let operative units inherit problems and values of title and preamble
    #[arg(long)]
    pub inherit: bool,
    /// Least lower bound of the odds ratio in the backbone
    #[arg(long, value_name = "OR", default_value_t = 1.5, allow_negative_numbers = true)]
    pub min_or: f64,
    /// Bootstrap draws over sources (0 for none)
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub bootstrap: usize,
    /// Seeds of the community search in each draw
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub seeds: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Attribute by which actor-level tests are stratified
    #[arg(long, value_name = "ATTR", default_value = STRATA)]
    pub strata: String,
}

/// Sources of a kind are compared with each other; where none has a kind, all are.
const STRATA: &str = "kind";

impl Default for MapArgs {
    fn default() -> Self {
        Self {
            focus: None,
            window: None,
            inherit: false,
            min_or: 1.5,
            bootstrap: 200,
            seeds: 5,
            seed: 1,
            strata: STRATA.to_owned(),
        }
    }
}

impl StudyArgs {
    /// Opens the study and keeps the sources that were asked for.
    pub(super) fn open(&self) -> Result<Opened, Failure> {
        self.selection.of(|| open(&self.study, self.codebook.as_deref()))
    }
}

impl Selection {
    /// Opens a study, tells its notes, and keeps the sources that were asked for.
    pub(super) fn of(&self, open: impl FnOnce() -> Result<Opened, StudyError>) -> Result<Opened, Failure> {
        let wanted = self.wanted.iter().map(|w| pair(w, "--where")).collect::<Result<Vec<_>, _>>()?;
        let date = |given: &Option<String>, flag: &str| -> Result<Option<PartialDate>, Failure> {
            given.as_deref().map(|d| d.parse().map_err(|e| Failure::Bad(format!("{flag}: {e}")))).transpose()
        };
        let (since, until) = (date(&self.since, "--since")?, date(&self.until, "--until")?);
        let mut opened = open()?;
        tell_notes(&opened);
        check_attributes(&opened.loaded.study.sources, &wanted)?;
        let all = opened.loaded.study.sources.len();
        let kept = select(std::mem::take(&mut opened.loaded.study.sources), &wanted, since, until);
        if kept.len() < all {
            talk(&format!("note: {} of {all} sources fit --where, --since and --until", kept.len()));
        }
        if kept.is_empty() && all > 0 {
            let said = "no source fits --where, --since and --until, so there is nothing to read";
            let dated = since.or(until).is_some();
            let undated = "a source without a date fits neither --since nor --until; ";
            let hint = "`nomoscope sources STUDY` lists the sources with their attributes";
            return Err(Failure::Refused(format!("{said}\n  hint: {}{hint}", if dated { undated } else { "" })));
        }
        opened.loaded.study.sources = kept;
        Ok(opened)
    }
}

/// Tells what people should know of the study that was opened.
pub(super) fn tell_notes(opened: &Opened) {
    const SHOWN: usize = 10;
    let notes = &opened.loaded.notes;
    for note in notes.iter().take(SHOWN) {
        talk(&format!("note: {}", note.phrased(&super::words::slot)));
    }
    if notes.len() > SHOWN {
        talk(&format!("note: and {} more notes", notes.len() - SHOWN));
    }
}

/// Splits `key=value`.
pub(super) fn pair(given: &str, flag: &str) -> Result<(String, String), Failure> {
    match given.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Failure::Bad(format!("{flag} {given}: expected ATTR=VALUE, such as kind=treaty"))),
    }
}

fn levels() -> PossibleValuesParser {
    PossibleValuesParser::new(Level::ALL.map(Level::name))
}

fn check_attributes(sources: &[Source], wanted: &[(String, String)]) -> Result<(), Failure> {
    let mut problems = Problems::new();
    for (key, _) in wanted {
        check_attribute(sources, key, "--where", &mut problems);
    }
    problems.or(()).map_err(Failure::from)
}

/// Complains if no source has the attribute.
pub(super) fn check_attribute(sources: &[Source], key: &str, flag: &str, problems: &mut Problems) {
    if !sources.is_empty() && sources.iter().all(|s| s.attribute(key).is_none()) {
        let mut known: Vec<&str> = sources.iter().flat_map(|s| s.attributes.keys().map(String::as_str)).collect();
        let built_in = ["kind", "date", "year", "language", "title", "path"];
        known.extend(built_in.into_iter().filter(|k| sources.iter().any(|s| s.attribute(k).is_some())));
        known.sort_unstable();
        known.dedup();
        let hint = format!("attributes are {}", known.join(", "));
        problems.push(Problem::new(flag, format!("no source has the attribute `{key}`")).hint(hint));
    }
}

impl MapArgs {
    /// Returns the options of an analysis of this study.
    pub(super) fn options(&self, opened: &Opened) -> Result<Options, Failure> {
        let meta = &opened.loaded.study.meta;
        let window = match &self.window {
            None => meta.window.unwrap_or(Level::Paragraph),
            Some(name) => Level::ALL.into_iter().find(|l| l.name() == name).unwrap_or(Level::Paragraph),
        };
        if !(self.min_or.is_finite() && self.min_or > 0.0) {
            return Err(Failure::Bad(format!("--min-or {}: must be a number above 0", self.min_or)));
        }
        if self.bootstrap > 100_000 || self.seeds == 0 || self.seeds > 1000 {
            return Err(Failure::Bad("--bootstrap takes 0 to 100000 draws, --seeds 1 to 1000".to_owned()));
        }
        if self.strata != STRATA {
            let mut problems = Problems::new();
            check_attribute(&opened.loaded.study.sources, &self.strata, "--strata", &mut problems);
            problems.or(())?;
        }
        Ok(Options {
            focus: self.focus.clone().or_else(|| meta.focus.clone()),
            window,
            inherit: self.inherit,
            min_or: self.min_or,
            draws: self.bootstrap,
            seeds: self.seeds,
            seed: self.seed,
            strata: self.strata.clone(),
            illustration: meta.illustration,
        })
    }

    /// Analyses an opened study, with progress.
    pub(super) fn analyse<'a>(&self, opened: &'a Opened) -> Result<Analysis<'a>, Failure> {
        let options = self.options(opened)?;
        let study = &opened.loaded.study;
        refuse_empty(&study.sources)?;
        let bytes = study.sources.iter().map(|s| s.document.text.len() as u64).sum();
        let progress = Progress::new(bytes);
        analyse(&opened.codebook, study, options, &|step| progress.step(step))
            .map_err(|error| tell_focus_error(error, self.focus.is_some()))
    }
}

/// Says where an unknown focus was asked for: by its flag, or in study.toml.
pub(super) fn tell_focus_error(error: AnalysisError, by_flag: bool) -> Failure {
    match error {
        error @ AnalysisError::UnknownFocus { .. } => {
            let place = if by_flag { "--focus" } else { "study.toml" };
            Failure::Bad(format!("{place}: {}", super::words::with_hint(&error, error.hint())))
        }
        other => other.into(),
    }
}

/// Codes an opened study, with progress.
pub(super) fn coded(opened: &Opened) -> Result<Corpus<'_>, Failure> {
    let study = &opened.loaded.study;
    let bytes = study.sources.iter().map(|s| s.document.text.len() as u64).sum();
    let progress = Progress::new(bytes);
    let corpus = crate::analysis::corpus(&opened.codebook, study, &|step| progress.step(step))?;
    progress.step(crate::analysis::Step::Done);
    Ok(corpus)
}

/// Refuses an analysis of nothing.
pub(super) fn refuse_empty(sources: &[Source]) -> Result<(), Failure> {
    if sources.is_empty() {
        return Err(Failure::Refused(
            "the study has no sources, so there is nothing to map\n  hint: `nomoscope add STUDY FILE…` adds texts"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Returns what is needed to run the same again.
pub(super) fn run_record(opened: &Opened, options: &Options, selection: &Selection, date: &str) -> Value {
    json!({
        "program": "nomoscope",
        "version": super::VERSION,
        "date": date,
        "study": opened.loaded.study.meta.title,
        "codebook": { "name": file_name(&opened.codebook_name), "sha256": opened.codebook_hash, "version": opened.codebook.version },
        "extractor": nomoscope_formats::EXTRACTOR_VERSION,
        "settings": {
            "focus": options.focus,
            "window": options.window.name(),
            "inherit": options.inherit,
            "min_or": options.min_or,
            "bootstrap": options.draws,
            "seeds": options.seeds,
            "seed": options.seed,
            "strata": options.strata,
            "illustration": options.illustration,
            "where": selection.wanted,
            "since": selection.since,
            "until": selection.until,
        },
        "inputs": opened.loaded.hashes,
    })
}

/// A path without its folders: a run record does not tell where somebody keeps their files.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}
