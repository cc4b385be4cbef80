//! Sources with what was found in them.

use crate::handle::Handle;
use crate::material::{Material, Selection};
use crate::reading::is_lexicon;
use crate::refusal::{Problem, Refusal};
use crate::words::quotation;
use nomoscope_core::codebook::{Codebook, Concept, ConceptIx, PatternText, Role};
use nomoscope_core::coding::Matcher;
use nomoscope_core::norm::corpus::CodedSource;
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

/// What was searched for in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How often.
    pub n: usize,
    /// The passages, those that hold most of what was searched for first.
    pub places: Vec<Place>,
}

impl Found {
    /// Returns the first byte of the best passage.
    #[must_use]
    pub fn start(&self) -> u32 {
        self.places.first().map_or(0, |place| place.hit.start)
    }
}

/// A sentence that holds some of what was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The first hit in it.
    pub hit: Span,
    /// The sentence, on one line.
    pub quote: String,
    /// Where it can be cited.
    pub label: String,
}

/// How many passages of a source are told.
const PLACES: usize = 5;

/// How many values an attribute may have to be chosen from a list.
const FEW: usize = 60;

/// Returns the parts of a search: words and "phrases", all of which a source must hold. What has signs of the pattern language
/// is one pattern.
#[must_use]
pub fn terms(words: &str) -> Vec<String> {
    let is_pattern = words.contains(['(', ')', '[', ']', '|']) || words.contains("...") || words.contains("NEAR/");
    if is_pattern && !words.contains('"') {
        return vec![words.trim().to_owned()];
    }
    let mut terms = Vec::new();
    // Whoever writes quotation marks as they are printed means the same.
    let words = words.replace(['\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'], "\"");
    for (n, part) in words.split('"').enumerate() {
        if n % 2 == 1 {
            terms.push(part.trim().to_owned());
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    terms.retain(|term| !term.is_empty());
    terms
}

pub(super) fn list(
    material: &Material,
    words: Option<&str>,
    (selection, among): (&Selection, Option<&BTreeSet<String>>),
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
    let terms = words.map(terms).unwrap_or_default();
    let matcher = words.map(|_| matcher(&terms)).transpose()?;
    let lexicon = material.lexicon(handle)?;
    let mut by_people: BTreeMap<&str, usize> = BTreeMap::new();
    for record in material.study.codings.iter().filter(|c| !is_lexicon(&material.study, &c.coder)) {
        *by_people.entry(&record.source).or_default() += 1;
    }
    let sources: Vec<_> = material.study.sources.iter().zip(&lexicon.coded).collect();
    let row = |(source, coded): &(&Source, &CodedSource)| {
        if !kept.contains(source.path.as_str()) {
            return None;
        }
        let found = match &matcher {
            None => None,
            Some(_) if among.is_some_and(|among| !among.contains(&source.path)) => return None,
            Some(matcher) => Some(found(source, coded, matcher, terms.len())?),
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

/// Returns where a source holds all parts of a search; none where it lacks one.
fn found(source: &Source, coded: &CodedSource, matcher: &Matcher, n_terms: usize) -> Option<Found> {
    let hits = matcher.find(&source.document.flowing());
    let all: BTreeSet<ConceptIx> = hits.iter().map(|hit| hit.concept).collect();
    if all.len() < n_terms {
        return None;
    }
    // By sentence: its parts of the search, and the first of them.
    let mut sentences: BTreeMap<u32, (BTreeSet<ConceptIx>, Span)> = BTreeMap::new();
    for hit in &hits {
        let unit = coded.unit_at(hit.span.start, Level::Sentence);
        let (parts, first) = sentences.entry(coded.span(unit).start).or_insert((BTreeSet::new(), hit.span));
        parts.insert(hit.concept);
        *first = (*first).min(hit.span);
    }
    let mut best: Vec<(usize, Span)> = sentences.into_values().map(|(parts, first)| (parts.len(), first)).collect();
    best.sort_by_key(|(parts, first)| (std::cmp::Reverse(*parts), *first));
    let place = |(_, hit): (usize, Span)| {
        let unit = coded.unit_at(hit.start, Level::Sentence);
        let quote = quotation(&source.document.text, coded.span(unit), hit);
        Place { hit, quote, label: coded.label(coded.unit_at(hit.start, Level::Paragraph)).to_owned() }
    };
    Some(Found { n: hits.len(), places: best.into_iter().take(PLACES).map(place).collect() })
}

/// Returns a matcher of the parts of a search: a codebook of a concept each.
fn matcher(terms: &[String]) -> Result<Matcher, Refusal> {
    let wrong = |reason: String| Refusal::Input(Problem::new("words", reason).into());
    if terms.iter().map(String::len).sum::<usize>() > MOST_WORDS {
        return Err(wrong(format!("longer than {MOST_WORDS} bytes")));
    }
    if terms.is_empty() {
        return Err(wrong("no words are given".to_owned()));
    }
    let concept = |(n, term): (usize, &String)| Concept {
        id: format!("words-{n}"),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), vec![PatternText { text: term.clone(), line: 0 }])]),
        ..Concept::default()
    };
    let in_words = |p: nomoscope_core::problem::Problems| {
        let reasons: Vec<String> = p.as_slice().iter().map(|p| p.reason.plain()).collect();
        let said = |r: &String| r.split_once("`: ").map_or(r.clone(), |(_, r)| r.to_owned());
        wrong(reasons.iter().map(said).collect::<Vec<_>>().join("; "))
    };
    let concepts = terms.iter().enumerate().map(concept).collect();
    let codebook = Codebook::new(String::new(), String::new(), concepts).map_err(in_words)?;
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

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn words_and_phrases() {
        let check = |words: &str, want: &[&str]| assert_eq!(terms(words), want, "{words}");
        check("forced labour", &["forced", "labour"]);
        check("\"forced labour\" child*", &["forced labour", "child*"]);
        check("\u{201c}forced labour\u{201d}", &["forced labour"]);
        check("\"not closed", &["not closed"]);
        check("(forced|compulsory) labour", &["(forced|compulsory) labour"]);
        check("child NEAR/5 sold", &["child NEAR/5 sold"]);
        check("  ", &[]);
    }
}
