//! A model learned from what people accepted and turned down in this study, and the passages that it ranks.
//!
//! An example is a sentence: one in which a person coded the concept or accepted a hit of it, or one in which a person turned it
//! down. Passages of audits are no examples, so that they can tell what the model misses.

use crate::material::Material;
use crate::refusal::Refusal;
use crate::review::answer::decisions;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::codebook::fold::fold_word;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::audit::audits;
use nomoscope_core::text::{Level, Span, words};
use nomoscope_stats::logistic::{Logistic, fit};
use std::collections::{BTreeMap, BTreeSet};

/// Examples of each kind below which nothing is learned.
pub const LEAST: usize = 10;
/// How much weights are held back: scikit-learn's C.
const C: f64 = 1.0;
/// Passages that are ranked at most.
const MOST: usize = 1_000;
/// Examples in which a word must stand to be used: one that stands in one alone is known by heart.
const LEAST_WITH_WORD: usize = 2;

/// What is suggested for a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The concept.
    pub concept: String,
    /// Its label.
    pub label: String,
    /// Sentences that people accepted, and sentences that they turned down.
    pub examples: [usize; 2],
    /// The model.
    pub model: Model,
    /// Sentences without the concept about which nobody has decided, the most probable first.
    pub ranked: Vec<Ranked>,
    /// Of the sentences of audits that hold the concept and that the lexicon missed: how many the model takes for it, and how
    /// many there are.
    pub audited: [usize; 2],
}

/// Which words speak for a concept, and how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The words, in order.
    pub words: Vec<String>,
    /// The weights.
    pub weights: Logistic,
}

impl Model {
    /// Returns what a hash of the model is made of: C, the words, and the bits of the weights.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = format!("logistic C={C}\n").into_bytes();
        out.extend(self.weights.intercept.to_le_bytes());
        for (word, weight) in self.words.iter().zip(&self.weights.weights) {
            out.extend(format!("\n{word}\n").into_bytes());
            out.extend(weight.to_le_bytes());
        }
        out
    }

    /// Returns the words that speak most for the concept, the most telling first.
    #[must_use]
    pub fn telling(&self, n: usize) -> Vec<&str> {
        let mut all: Vec<(&f64, &str)> =
            self.weights.weights.iter().zip(self.words.iter().map(String::as_str)).collect();
        all.sort_by(|a, b| b.0.total_cmp(a.0).then(a.1.cmp(b.1)));
        all.into_iter().filter(|(weight, _)| **weight > 0.0).take(n).map(|(_, word)| word).collect()
    }
}

/// A sentence that is suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its language, if that is known.
    pub language: Option<String>,
    /// Citable label.
    pub unit: String,
    /// Where.
    pub span: Span,
    /// The words.
    pub quote: String,
    /// How probable the model takes it to be that the concept is there.
    pub score: f64,
}

/// A sentence of the study.
struct Sentence {
    source: usize,
    unit: u32,
    span: Span,
    words: BTreeSet<String>,
    /// Whether people said that the concept is there; none where nobody did.
    said: Option<bool>,
    hit: bool,
    audited: bool,
}

pub(super) fn proposed(material: &Material, lexicon: &Corpus, concept: ConceptIx) -> Result<Proposed, Refusal> {
    let sentences = sentences(material, lexicon, concept);
    let examples: Vec<(&Sentence, bool)> =
        sentences.iter().filter(|s| !s.audited).filter_map(|s| Some((s, s.said?))).collect();
    let count = |yes: bool| examples.iter().filter(|(_, said)| *said == yes).count();
    let known = material.codebook.get(concept);
    let counts = [count(true), count(false)];
    if counts.iter().any(|n| *n < LEAST) {
        let [yes, no] = counts;
        return Err(Refusal::no_answer(format!(
            "there are {yes} sentences in which “{}” was accepted and {no} in which it was turned down, and nothing is learned from fewer than {LEAST} of each",
            known.label_in("en")
        )));
    }
    let model = learn(&examples).ok_or_else(|| Refusal::no_answer("no model can be learned from these examples"))?;
    let place: BTreeMap<&str, u32> = model.words.iter().enumerate().map(|(i, w)| (w.as_str(), i as u32)).collect();
    let score = |s: &Sentence| {
        let row: Vec<u32> = s.words.iter().filter_map(|w| place.get(w.as_str()).copied()).collect();
        model.weights.probability(&row)
    };
    let missed: Vec<f64> =
        sentences.iter().filter(|s| s.audited && s.said == Some(true) && !s.hit).map(score).collect();
    let audited = [missed.iter().filter(|p| **p >= 0.5).count(), missed.len()];
    let open = sentences.iter().filter(|s| s.said.is_none() && !s.hit);
    let mut ranked: Vec<(f64, &Sentence)> = open.map(|s| (score(s), s)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1.source, a.1.span).cmp(&(b.1.source, b.1.span))));
    ranked.truncate(MOST);
    let shown = |(score, s): (f64, &Sentence)| {
        let source = material.study.sources.get(s.source)?;
        Some(Ranked {
            source: source.path.clone(),
            title: source.title.clone(),
            language: source.language.first().cloned(),
            unit: lexicon.coded.get(s.source)?.label(s.unit).to_owned(),
            span: s.span,
            quote: s.span.of(&source.document.text).to_owned(),
            score,
        })
    };
    Ok(Proposed {
        concept: known.id.clone(),
        label: known.label_in("en").to_owned(),
        examples: counts,
        ranked: ranked.into_iter().filter_map(shown).collect(),
        audited,
        model,
    })
}

fn sentences(material: &Material, lexicon: &Corpus, concept: ConceptIx) -> Vec<Sentence> {
    let said = decisions(material);
    let audits = audits(&material.study);
    let mut drawn: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for passage in audits.iter().flat_map(|a| &a.passages) {
        drawn.entry(passage.source.as_str()).or_default().push(passage.span);
    }
    let keep_accents = material.codebook.keep_accents;
    let mut out = Vec::new();
    for (i, (source, coded)) in material.study.sources.iter().zip(&lexicon.coded).enumerate() {
        let (path, text) = (source.path.as_str(), source.document.text.as_str());
        for unit in coded.windows(Level::Sentence) {
            let span = coded.span(unit);
            let said = said.get(path).and_then(|[right, wrong]| {
                // Where one is accepted beside another that is not, the concept is there.
                if right.meet(concept, span) { Some(true) } else { wrong.meet(concept, span).then_some(false) }
            });
            let folded = words(span.of(text)).into_iter().map(|w| fold_word(w.of(span.of(text)), keep_accents));
            out.push(Sentence {
                source: i,
                unit,
                span,
                words: folded.collect(),
                said,
                hit: coded.codings_in(span).iter().any(|c| c.concept == concept),
                audited: drawn.get(path).is_some_and(|spans| spans.iter().any(|s| s.overlaps(span))),
            });
        }
    }
    out
}

fn learn(examples: &[(&Sentence, bool)]) -> Option<Model> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    examples.iter().flat_map(|(s, _)| &s.words).for_each(|w| *times.entry(w).or_default() += 1);
    let used = times.into_iter().filter(|(_, n)| *n >= LEAST_WITH_WORD).map(|(w, _)| w.to_owned());
    let words: Vec<String> = used.collect();
    let place: BTreeMap<&str, u32> = words.iter().enumerate().map(|(i, w)| (w.as_str(), i as u32)).collect();
    let row = |s: &Sentence| s.words.iter().filter_map(|w| place.get(w.as_str()).copied()).collect();
    let rows: Vec<Vec<u32>> = examples.iter().map(|(s, _)| row(s)).collect();
    let outcome: Vec<bool> = examples.iter().map(|(_, said)| *said).collect();
    let weights = fit(&rows, &outcome, words.len(), C).ok()?;
    Some(Model { words, weights })
}
