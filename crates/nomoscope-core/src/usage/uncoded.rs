//! What a concept may miss: words like those that it finds, in places that it does not code.

use super::terms::Words;
use crate::codebook::ConceptIx;
use crate::norm::corpus::{Corpus, Interviewers};
use crate::text::Span;
use crate::text::stop_words::stop_words;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Letters that two words must share at their beginning to be kin, at least.
const SHARED: usize = 5;

/// A word in all texts, and how much of it the codebook codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uncoded {
    /// As it is written where it was met first.
    pub written: String,
    /// How often it occurs.
    pub n: u64,
    /// In how many sources.
    pub sources: u32,
    /// How often it is coded with the concept.
    pub in_concept: u64,
    /// How often it is coded with any concept.
    pub in_any: u64,
    /// A place where the concept does not code it: source and word.
    pub example: Option<(usize, Span)>,
}

/// Returns every word by its form, with how often it is coded.
#[must_use]
pub fn uncoded(corpus: &Corpus, concept: ConceptIx, interviewers: &Interviewers) -> BTreeMap<String, Uncoded> {
    let sources: Vec<usize> = (0..corpus.sources.len()).collect();
    let parts: Vec<BTreeMap<String, Uncoded>> =
        sources.into_par_iter().map(|source| in_source(corpus, source, concept, interviewers)).collect();
    let mut out: BTreeMap<String, Uncoded> = BTreeMap::new();
    for (form, part) in parts.into_iter().flatten() {
        let sum = out.entry(form).or_default();
        if sum.n == 0 {
            sum.written.clone_from(&part.written);
        }
        sum.n += part.n;
        sum.sources += 1;
        sum.in_concept += part.in_concept;
        sum.in_any += part.in_any;
        sum.example = sum.example.or(part.example);
    }
    out
}

fn in_source(
    corpus: &Corpus,
    source: usize,
    concept: ConceptIx,
    interviewers: &Interviewers,
) -> BTreeMap<String, Uncoded> {
    let read = Words::of(corpus, source, interviewers);
    let covered = |of: &dyn Fn(ConceptIx) -> bool| -> Vec<bool> {
        let mut out = vec![false; read.words.len()];
        for coding in corpus.coded[source].codings.iter().filter(|coding| of(coding.concept)) {
            let from = read.words.partition_point(|word| word.span.end <= coding.span.start);
            let to = read.words.partition_point(|word| word.span.start < coding.span.end);
            out[from.min(to)..to].fill(true);
        }
        out
    };
    let (own, any) = (covered(&|c| c == concept), covered(&|_| true));
    let mut out: Vec<Uncoded> = vec![Uncoded::default(); read.forms.len()];
    for ((word, own), any) in read.words.iter().zip(own).zip(any) {
        let Some(sum) = out.get_mut(word.form as usize) else { continue };
        sum.n += 1;
        sum.in_concept += u64::from(own);
        sum.in_any += u64::from(any);
        if !own && sum.example.is_none() {
            sum.example = Some((source, word.span));
        }
    }
    for (form, sum) in (0..).zip(&mut out) {
        read.as_written(form).clone_into(&mut sum.written);
    }
    read.forms.into_iter().zip(out).collect()
}

/// Returns the words that begin like a word that the concept codes and are mostly not coded with it, the most frequent first.
#[must_use]
pub fn kin<'u>(words: &'u BTreeMap<String, Uncoded>, languages: &BTreeSet<String>) -> Vec<(&'u str, &'u Uncoded)> {
    let stop = stop_words(languages.iter().map(String::as_str));
    let worth =
        |form: &str| form.chars().count() >= SHARED && form.chars().any(char::is_alphabetic) && !stop.contains(form);
    let coded: Vec<&str> =
        words.iter().filter(|(form, w)| w.in_concept > 0 && worth(form)).map(|(form, _)| form.as_str()).collect();
    let like = |form: &str| coded.iter().any(|other| is_kin(form, other));
    let mut out: Vec<(&str, &Uncoded)> = words
        .iter()
        .filter(|(form, word)| word.in_concept * 2 < word.n && worth(form) && like(form))
        .map(|(form, word)| (form.as_str(), word))
        .collect();
    out.sort_by_key(|(form, word)| (std::cmp::Reverse(word.n - word.in_concept), *form));
    out
}

/// Whether two words share their beginning, and most of the shorter one.
fn is_kin(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let shorter = a.chars().count().min(b.chars().count());
    shared >= SHARED && shared * 10 >= shorter * 7
}

#[cfg(test)]
mod tests {
    use super::is_kin;

    #[test]
    fn kin_share_their_beginning() {
        for (a, b) in [("trafficking", "traffickers"), ("slavery", "slaves"), ("esclavage", "esclaves")] {
            assert!(is_kin(a, b), "{a} {b}");
        }
        for (a, b) in [("child", "chile"), ("forced", "forest"), ("international", "interview"), ("sale", "sales")] {
            assert!(!is_kin(a, b), "{a} {b}");
        }
    }
}
