//! Words near a concept that it misses.

use crate::terms::answer::Terms;
use crate::words::quotation;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::{Level, Span};
use nomoscope_core::usage::uncoded::{Uncoded, kin};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A word that the concept may miss.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// As it is written.
    pub word: String,
    /// How often the concept does not code it.
    pub uncoded: u64,
    /// How often it occurs.
    pub n: u64,
    /// In how many sources.
    pub sources: u32,
    /// How often it is coded with another concept.
    pub elsewhere: u64,
    /// Its logDice with the concept, if it stands near it.
    pub log_dice: Option<f64>,
    /// A place where it is not coded: source and sentence.
    pub example: Option<(usize, String)>,
}

/// What a concept may miss.
#[derive(Debug)]
pub struct Suggestions {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// The concept.
    pub concept: ConceptIx,
    /// Occurrences of the concept.
    pub places: u64,
    /// Words that begin like one that it codes, the most frequent first.
    pub kin: Vec<Missed>,
    /// Words that stand near it and are mostly coded with no concept, the most telling first.
    pub near: Vec<Missed>,
}

impl Suggestions {
    /// Chooses among the words of the texts.
    #[must_use]
    pub fn new(terms: Terms, concept: ConceptIx, words: &BTreeMap<String, Uncoded>, least: u64) -> Self {
        let corpus = terms.corpus.clone();
        let languages: BTreeSet<String> = languages(&corpus);
        let enough = |word: &Uncoded| word.n - word.in_concept >= least;
        let like = kin(words, &languages).into_iter().filter(|(_, word)| enough(word));
        let kin: Vec<Missed> = like.map(|(_, word)| missed(&corpus, word, None)).collect();
        let mut near = Vec::new();
        for collocate in &terms.near {
            let Some(term) = terms.counted.terms.get(collocate.term) else { continue };
            let Some(word) = words.get(&term.form) else { continue };
            // What another concept has is no gap of the codebook.
            if enough(word) && word.in_any * 2 < word.n && kin.iter().all(|k| k.word != word.written) {
                near.push(missed(&corpus, word, Some(collocate.log_dice)));
            }
        }
        Self { corpus, concept, places: terms.counted.nodes, kin, near }
    }

    /// Returns the label of the concept.
    #[must_use]
    pub fn label(&self) -> &str {
        self.corpus.codebook.get(self.concept).label_in("en")
    }
}

fn languages(corpus: &Corpus) -> BTreeSet<String> {
    let said = corpus.sources.iter().flat_map(|source| source.language.iter().cloned());
    said.chain(corpus.coded.iter().filter_map(|coded| coded.detected.map(str::to_owned))).collect()
}

fn missed(corpus: &Corpus, word: &Uncoded, log_dice: Option<f64>) -> Missed {
    let example = word.example.map(|(source, span)| (source, quote(corpus, source, span)));
    Missed {
        word: word.written.clone(),
        uncoded: word.n - word.in_concept,
        n: word.n,
        sources: word.sources,
        elsewhere: word.in_any - word.in_concept.min(word.in_any),
        log_dice,
        example,
    }
}

fn quote(corpus: &Corpus, source: usize, span: Span) -> String {
    let coded = &corpus.coded[source];
    let sentence = coded.span(coded.unit_at(span.start, Level::Sentence));
    quotation(&corpus.sources[source].document.text, sentence, span)
}
