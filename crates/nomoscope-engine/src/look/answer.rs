//! What was read, and what it speaks of.

use crate::terms::answer::Terms;
use nomoscope_core::codebook::{ConceptIx, Role};
use nomoscope_core::date::PartialDate;
use nomoscope_core::norm::corpus::{Corpus, Interviewers};
use nomoscope_core::study::Source;
use nomoscope_core::usage::terms::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Concepts, or words where there is no codebook, that are looked for in each text.
const TRACKS: usize = 6;

/// A concept, or a word, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// What people read.
    pub label: String,
    /// The concept; none for a word.
    pub concept: Option<ConceptIx>,
    /// Its part in the norm.
    pub role: Option<Role>,
    /// For each text the places, from 0 (its beginning) to 1 (its end).
    pub places: Vec<Vec<f64>>,
}

/// What was read, and what it speaks of.
#[derive(Debug)]
pub struct Look {
    /// Single words, by group where there are groups.
    pub words: Terms,
    /// Phrases of two and of three words.
    pub phrases: [Terms; 2],
    /// What stands where.
    pub tracks: Vec<Track>,
    /// Concepts that occur, with how often and in how many texts.
    pub concepts: Vec<(ConceptIx, u64, u64)>,
    /// Files that were left out, with why.
    pub left_out: Vec<(String, String)>,
}

impl Look {
    /// Joins what was counted.
    #[must_use]
    pub fn new(
        words: Terms,
        phrases: [Terms; 2],
        left_out: Vec<(String, String)>,
        interviewers: &Interviewers,
    ) -> Self {
        let corpus = words.corpus.clone();
        let concepts = concepts(&corpus);
        let tracks = if corpus.codebook.is_empty() {
            tracks_of_words(&words, interviewers)
        } else {
            telling(&corpus, &concepts).into_iter().map(|concept| track(&corpus, concept)).collect()
        };
        Self { words, phrases, tracks, concepts, left_out }
    }

    /// Returns the texts.
    #[must_use]
    pub fn corpus(&self) -> &Arc<Corpus> {
        &self.words.corpus
    }

    /// Returns the languages of the texts, said or detected, the most frequent first; nothing stands for not known.
    #[must_use]
    pub fn languages(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, language) in self.by_language() {
            *counts.entry(nomoscope_core::text::language::primary(&language)).or_default() += 1;
        }
        most_first(counts)
    }

    /// Returns the paths of the texts whose language nobody said and could not be told.
    pub fn of_no_language(&self) -> impl Iterator<Item = &str> {
        self.by_language().filter(|(_, language)| language.is_empty()).map(|(source, _)| source.path.as_str())
    }

    /// Returns the texts, each with its language, said or detected; nothing stands for not known.
    fn by_language(&self) -> impl Iterator<Item = (&Source, String)> {
        self.corpus().sources.iter().zip(&self.corpus().coded).map(|(source, coded)| {
            let said = source.language.first().or(source.document.language.as_ref()).cloned();
            (source, said.or_else(|| coded.detected.map(str::to_owned)).unwrap_or_default())
        })
    }

    /// Returns the kinds of files that were read, by their endings, the most frequent first.
    #[must_use]
    pub fn endings(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let files: BTreeSet<&str> = self.corpus().sources.iter().map(file).collect();
        for name in files {
            let ending =
                name.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
            *counts.entry(ending.to_lowercase()).or_default() += 1;
        }
        most_first(counts)
    }

    /// Returns the first and the last date of the texts.
    #[must_use]
    pub fn dates(&self) -> Option<(PartialDate, PartialDate)> {
        let dates = || self.corpus().sources.iter().filter_map(|source| source.date);
        Some((dates().min()?, dates().max()?))
    }

    /// Returns the texts in the order in which they are drawn: by group, then by date, then by path.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let sources = &self.corpus().sources;
        let by = self.words.rules.by.as_deref();
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by_cached_key(|&i| {
            let source = &sources[i];
            (by.and_then(|by| source.attribute(by)), source.date.is_none(), source.date, source.path.clone())
        });
        order
    }
}

/// Returns the file of a source: the rows of a table have one file.
fn file(source: &Source) -> &str {
    source.path.split('#').next().unwrap_or_default()
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = counts.into_iter().collect();
    out.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    out
}

/// Returns the concepts that occur, those in most texts first.
fn concepts(corpus: &Corpus) -> Vec<(ConceptIx, u64, u64)> {
    let mut counts: BTreeMap<ConceptIx, (u64, u64)> = BTreeMap::new();
    for coded in &corpus.coded {
        let mut here: BTreeMap<ConceptIx, u64> = BTreeMap::new();
        for coding in &coded.codings {
            *here.entry(coding.concept).or_default() += 1;
        }
        for (concept, n) in here {
            let sum = counts.entry(concept).or_default();
            *sum = (sum.0 + n, sum.1 + 1);
        }
    }
    let mut out: Vec<_> = counts.into_iter().map(|(concept, (n, texts))| (concept, n, texts)).collect();
    out.sort_by_key(|(concept, n, texts)| (std::cmp::Reverse((*texts, *n)), *concept));
    out
}

/// Returns the concepts that are looked for: two names of norms, a value and a behaviour, then others; of each those in most texts.
fn telling(corpus: &Corpus, concepts: &[(ConceptIx, u64, u64)]) -> Vec<ConceptIx> {
    let of = |fits: &dyn Fn(ConceptIx) -> bool, n: usize| -> Vec<ConceptIx> {
        concepts.iter().map(|(concept, ..)| *concept).filter(|concept| fits(*concept)).take(n).collect()
    };
    let label = |c: ConceptIx| corpus.codebook.get(c).norm_label;
    let only = |c: ConceptIx, role: Role| !label(c) && corpus.codebook.get(c).has(role);
    let mut out = of(&label, 2);
    out.extend(of(&|c| only(c, Role::Value), 1));
    out.extend(of(&|c| only(c, Role::Behaviour), 1));
    let rest = of(&|c| !out.contains(&c), TRACKS);
    out.extend(rest);
    out.truncate(TRACKS);
    out
}

/// The part that a concept plays, where it plays one only: a label of a norm may be problem and value.
fn role_of(corpus: &Corpus, concept: ConceptIx) -> Option<Role> {
    let roles = &corpus.codebook.get(concept).roles;
    roles.first().copied().filter(|_| roles.len() == 1 || corpus.codebook.get(concept).norm_label)
}

fn track(corpus: &Corpus, concept: ConceptIx) -> Track {
    let places = corpus.coded.iter().zip(&*corpus.sources).map(|(coded, source)| {
        let of = coded.codings.iter().filter(|coding| coding.concept == concept);
        of.map(|coding| share(coding.span.start, &source.document.text)).collect()
    });
    let label = corpus.codebook.get(concept).label_in("en").to_owned();
    Track { label, concept: Some(concept), role: role_of(corpus, concept), places: places.collect() }
}

fn share(at: u32, text: &str) -> f64 {
    f64::from(at) / (text.len().max(1) as f64)
}

/// Without a codebook, the words that most texts share are looked for.
fn tracks_of_words(words: &Terms, interviewers: &Interviewers) -> Vec<Track> {
    let mut shared: Vec<(usize, &nomoscope_core::usage::terms::Term)> = words.listed().take(200).collect();
    shared.sort_by_key(|(i, term)| (std::cmp::Reverse(term.sources), *i));
    let blank = |label: &str| Track { label: label.to_owned(), concept: None, role: None, places: Vec::new() };
    let mut out: Vec<Track> = shared.iter().take(TRACKS).map(|(_, term)| blank(&term.written)).collect();
    for (i, source) in words.corpus.sources.iter().enumerate() {
        let read = Words::of(&words.corpus, i, interviewers);
        for (track, (_, term)) in out.iter_mut().zip(&shared) {
            let form = read.forms.iter().position(|form| *form == term.form).map(|at| at as u32);
            let here = read.words.iter().filter(|word| Some(word.form) == form);
            track.places.push(here.map(|word| share(word.span.start, &source.document.text)).collect());
        }
    }
    out
}
