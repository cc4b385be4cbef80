//! The answer serialised.

use super::answer::{Collocate as Found, Group as Compared, Key as KeyFound, Terms};
use super::words;
use crate::json::{Ends, Number};
use crate::record::Record;
use nomoscope_stats::fourfold::per_ten_thousand;
use schemars::JsonSchema;
use serde::Serialize;

/// Entries of each list where nobody said how many.
const MOST: usize = 1000;

/// Words and phrases.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a sentence or two.
    pub lead: String,
    /// Sources that were read.
    pub sources: usize,
    /// Words of a phrase; 1 for single words.
    pub ngrams: usize,
    /// All words, or places of a phrase.
    pub total: u64,
    /// Different words or phrases.
    pub different: usize,
    /// The most frequent first.
    pub terms: Vec<Term>,
    /// The attribute by which the sources are grouped.
    pub by: Option<String>,
    /// What sets each group apart; empty where no attribute was named.
    pub groups: Vec<Group>,
    /// What stands near a concept; null where none was named.
    pub near: Option<Near>,
    /// What should be known before the numbers are used.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A word or phrase.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Term {
    /// As it is mostly written.
    pub term: String,
    /// How often it occurs.
    pub n: u64,
    /// In ten thousand.
    pub per_10000: Number,
    /// In how many sources.
    pub sources: u32,
}

/// A group against all others.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group {
    /// Value of the attribute; `(none)` where a source has none.
    pub group: String,
    /// Its sources.
    pub sources: usize,
    /// Its words, or places of a phrase.
    pub total: u64,
    /// Those of all others.
    pub total_others: u64,
    /// What it says more often than the others, by log-likelihood.
    pub more: Vec<Key>,
    /// What it says less often.
    pub less: Vec<Key>,
}

/// A word or phrase in a group and in all others.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Key {
    /// As it is mostly written.
    pub term: String,
    /// How often the group has it.
    pub n: u64,
    /// In how many of its sources.
    pub sources: u32,
    /// How often the others have it.
    pub n_others: u64,
    /// In how many of their sources.
    pub sources_others: u32,
    /// Dunning's log-likelihood ratio, negative where the group says less.
    pub log_likelihood: Number,
    /// Binary logarithm of the ratio of the two rates.
    pub log_ratio: Number,
    /// Its 95 % interval if words were independent.
    pub log_ratio_interval: Ends,
}

/// What stands near a concept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Near {
    /// The concept.
    pub concept: String,
    /// How many words before and after it are near.
    pub width: usize,
    /// Occurrences of the concept.
    pub places: u64,
    /// Words near it.
    pub words: u64,
    /// All words outside the concept's own.
    pub of: u64,
    /// The most telling first, by log-likelihood.
    pub collocates: Vec<Collocate>,
}

/// A word near the concept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Collocate {
    /// As it is mostly written.
    pub term: String,
    /// How often it stands near.
    pub near: u64,
    /// How often if nearness meant nothing.
    pub expected: Number,
    /// How often it stands anywhere outside the concept's own words.
    pub n: u64,
    /// Occurrences of the concept that have it near them.
    pub places: u64,
    /// Dunning's log-likelihood ratio.
    pub log_likelihood: Number,
    /// logDice (Rychlý 2008).
    pub log_dice: Number,
    /// t-score.
    pub t: Number,
    /// Mutual information, binary.
    pub mi: Number,
}

impl Said {
    /// Returns the answer with at most `top` entries in each list.
    #[must_use]
    pub fn new(answer: &Terms, top: Option<usize>, run: Record) -> Self {
        let (top, total) = (top.unwrap_or(MOST), answer.counted.total());
        let terms = answer.listed().take(top).map(|(_, term)| Term {
            term: term.written.clone(),
            n: term.n,
            per_10000: per_ten_thousand(term.n, total).into(),
            sources: term.sources,
        });
        Self {
            lead: words::lead(answer),
            sources: answer.corpus.sources.len(),
            ngrams: answer.length,
            total,
            different: answer.counted.terms.len(),
            terms: terms.collect(),
            by: answer.rules.by.clone(),
            groups: answer.groups.iter().map(|found| group(answer, found, top)).collect(),
            near: answer.rules.near.map(|concept| Near {
                concept: answer.corpus.codebook.get(concept).id.clone(),
                width: answer.rules.width,
                places: answer.counted.nodes,
                words: answer.counted.beside,
                of: answer.counted.outside,
                collocates: answer.near.iter().take(top).map(|found| collocate(answer, found)).collect(),
            }),
            cautions: words::cautions(answer),
            run,
        }
    }
}

fn group(answer: &Terms, found: &Compared, top: usize) -> Group {
    let keys = |keys: &[KeyFound]| keys.iter().take(top).map(|found| key(answer, found)).collect();
    Group {
        group: found.name.clone(),
        sources: found.sources,
        total: found.all,
        total_others: found.all_others,
        more: keys(&found.more),
        less: keys(&found.less),
    }
}

fn key(answer: &Terms, found: &KeyFound) -> Key {
    Key {
        term: answer.written(found.term).to_owned(),
        n: found.n,
        sources: found.sources,
        n_others: found.n_others,
        sources_others: found.sources_others,
        log_likelihood: found.log_likelihood.into(),
        log_ratio: found.log_ratio.into(),
        log_ratio_interval: Some(found.interval).into(),
    }
}

fn collocate(answer: &Terms, found: &Found) -> Collocate {
    Collocate {
        term: answer.written(found.term).to_owned(),
        near: found.beside,
        expected: found.expected.into(),
        n: found.n,
        places: found.nodes,
        log_likelihood: found.log_likelihood.into(),
        log_dice: found.log_dice.into(),
        t: found.t.into(),
        mi: found.mutual_information.into(),
    }
}
