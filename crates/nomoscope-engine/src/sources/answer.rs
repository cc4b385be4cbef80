//! Sources with what was found in them.

use crate::handle::Handle;
use crate::material::{Material, Selection};
use crate::reading::is_lexicon;
use crate::refusal::{Problem, Refusal};
use crate::words::quotation;
use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::coding::Matcher;
use nomoscope_core::study::Source;
use nomoscope_core::text::{Level, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The longest words that are looked for, in bytes.
const MOST_WORDS: usize = 500;

/// The sources that were asked for.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// One a source, in the order of the study.
    pub rows: Vec<Row>,
    /// How many sources the study has.
    pub n: usize,
    /// Attributes with the values that sources have, those with few values only.
    pub attributes: BTreeMap<String, BTreeSet<String>>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its path.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Its languages.
    pub language: Vec<String>,
    /// Words in it.
    pub words: u32,
    /// Hits of the lexicon.
    pub hits: usize,
    /// Codings by people, those that were turned down among them.
    pub by_people: usize,
    /// Where the words that were asked for stand, and how often.
    pub found: Option<Found>,
}

/// Words in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How often.
    pub n: usize,
    /// The first place.
    pub first: Span,
    /// The sentence of the first place.
    pub quote: String,
}

/// How many values an attribute may have to be chosen from a list.
const FEW: usize = 60;

pub(super) fn list(
    material: &Material,
    words: Option<&str>,
    selection: &Selection,
    handle: &Handle,
) -> Result<Listed, Refusal> {
    let selected = match material.select(selection) {
        Err(Refusal::NoAnswer(_)) => {
            return Ok(Listed {
                attributes: attributes(material),
                n: material.study.sources.len(),
                ..Listed::default()
            });
        }
        other => other?,
    };
    let kept: BTreeSet<&str> = selected.study.sources.iter().map(|s| s.path.as_str()).collect();
    let words = words.map(str::trim).filter(|w| !w.is_empty());
    let matcher = words.map(matcher).transpose()?;
    let lexicon = material.lexicon(handle)?;
    let mut by_people: BTreeMap<&str, usize> = BTreeMap::new();
    for record in material.study.codings.iter().filter(|c| !is_lexicon(&material.study, &c.coder)) {
        *by_people.entry(&record.source).or_default() += 1;
    }
    let sources: Vec<_> = material.study.sources.iter().zip(&lexicon.coded).collect();
    let row = |(source, coded): &(&Source, &nomoscope_core::norm::corpus::CodedSource)| {
        if !kept.contains(source.path.as_str()) {
            return None;
        }
        let found = match &matcher {
            None => None,
            Some(matcher) => {
                let hits = matcher.find(&source.document.flowing());
                let first = hits.first()?.span;
                let unit = coded.span(coded.unit_at(first.start, Level::Sentence));
                Some(Found { n: hits.len(), first, quote: quotation(&source.document.text, unit, first) })
            }
        };
        Some(Row {
            path: source.path.clone(),
            title: source.title.clone(),
            kind: source.kind.clone(),
            date: source.date.map(|d| d.to_string()),
            language: source.language.clone(),
            words: coded.words.first().copied().unwrap_or(0),
            hits: coded.codings.len(),
            by_people: by_people.get(source.path.as_str()).copied().unwrap_or(0),
            found,
        })
    };
    let rows = sources.par_iter().filter_map(row).collect();
    Ok(Listed { rows, n: material.study.sources.len(), attributes: attributes(material) })
}

/// Returns a matcher of these words: a codebook of one concept.
fn matcher(words: &str) -> Result<Matcher, Refusal> {
    let wrong = |reason: String| Refusal::Input(Problem::new("words", reason).into());
    if words.len() > MOST_WORDS {
        return Err(wrong(format!("longer than {MOST_WORDS} bytes")));
    }
    let pattern = PatternText { text: words.to_owned(), line: 0 };
    let concept = Concept {
        id: "words".to_owned(),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), vec![pattern])]),
        ..Concept::default()
    };
    let in_words = |p: nomoscope_core::problem::Problems| {
        let reasons: Vec<String> = p.as_slice().iter().map(|p| p.reason.plain()).collect();
        let said: Vec<&str> = reasons
            .iter()
            .map(|r| r.split_once("`: ").or(r.split_once("`words`: ")).map_or(r.as_str(), |(_, r)| r))
            .collect();
        wrong(said.join("; "))
    };
    let codebook = Codebook::new(String::new(), String::new(), vec![concept]).map_err(in_words)?;
    Matcher::new(&codebook, &[]).map_err(in_words)
}

fn attributes(material: &Material) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in &*material.study.sources {
        let own = source.attributes.keys().map(String::as_str);
        for name in own.chain(["kind", "language"]) {
            if let Some(value) = source.attribute(name) {
                let values = all.entry(name.to_owned()).or_default();
                if values.len() <= FEW {
                    values.insert(value);
                }
            }
        }
    }
    // What differs from source to source, and what is a number, is no group that somebody would choose.
    let n = material.study.sources.len();
    let is_number = |values: &BTreeSet<String>| values.iter().all(|v| v.parse::<f64>().is_ok());
    all.retain(|_, values| (2..=FEW.min(n.div_ceil(2))).contains(&values.len()) && !is_number(values));
    all
}
