//! Words and phrases: how often, in which groups, and near what.

use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::usage::terms::{Counted, Settings, Term};
use nomoscope_stats::Interval;
use nomoscope_stats::fourfold::{Fourfold, log_dice};
use std::sync::Arc;

/// Confidence of intervals.
const LEVEL: f64 = 0.95;
/// Log-likelihood below which a difference is not told: chance alone exceeds it for one word in twenty.
const LEAST_LIKELIHOOD: f64 = 3.84;
/// Words that set a group apart, at most, and as many that it avoids.
const MOST: usize = 500;

/// What was asked, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The attribute by which sources are grouped.
    pub by: Option<String>,
    /// The concept whose surroundings are counted.
    pub near: Option<ConceptIx>,
    /// How many words before and after it.
    pub width: usize,
    /// How often a word must occur to be compared.
    pub least: u64,
    /// Whether words that say little alone are listed.
    pub stop_words: bool,
}

/// What was counted and compared.
#[derive(Debug)]
pub struct Terms {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// What was asked.
    pub rules: Rules,
    /// Words of a phrase.
    pub length: usize,
    /// Everything that was counted.
    pub counted: Counted,
    /// What sets each group apart; empty where no groups were asked for.
    pub groups: Vec<Group>,
    /// What stands near the concept, most telling first.
    pub near: Vec<Collocate>,
    /// How many words of interviewers were not read.
    pub unheard: Option<String>,
}

/// A group of sources against all others.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Value of the attribute.
    pub name: String,
    /// Its sources.
    pub sources: usize,
    /// Its words, or places of a phrase.
    pub all: u64,
    /// Those of all others.
    pub all_others: u64,
    /// What it uses more than the others, by log-likelihood.
    pub more: Vec<Key>,
    /// What it uses less.
    pub less: Vec<Key>,
}

/// A word or phrase in a group and in all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Its place in [`Counted::terms`].
    pub term: usize,
    /// How often the group has it.
    pub n: u64,
    /// In how many of its sources.
    pub sources: u32,
    /// How often the others have it.
    pub n_others: u64,
    /// In how many of their sources.
    pub sources_others: u32,
    /// Log-likelihood ratio, negative where the group has less than the others.
    pub log_likelihood: f64,
    /// Binary logarithm of the ratio of rates.
    pub log_ratio: f64,
    /// Its interval, if words were independent.
    pub interval: Interval,
}

/// A word near a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collocate {
    /// Its place in [`Counted::terms`].
    pub term: usize,
    /// How often it stands near the concept.
    pub beside: u64,
    /// How often if nearness meant nothing.
    pub expected: f64,
    /// How often it stands anywhere outside the concept's own words.
    pub n: u64,
    /// Near how many occurrences of the concept.
    pub nodes: u64,
    /// Log-likelihood ratio.
    pub log_likelihood: f64,
    /// logDice of word and concept.
    pub log_dice: f64,
    /// t-score.
    pub t: f64,
    /// Pointwise mutual information, binary.
    pub mutual_information: f64,
}

impl Terms {
    /// Compares what was counted.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, counted: Counted, names: Vec<String>, settings: &Settings, rules: Rules) -> Self {
        let unheard = crate::words::unheard(&corpus, &settings.interviewers);
        let (groups, near) = (Vec::new(), Vec::new());
        let mut answer = Self { corpus, rules, length: settings.length, counted, groups, near, unheard };
        answer.groups =
            names.into_iter().enumerate().map(|(at, name)| answer.group(at as u32, name, settings)).collect();
        if answer.rules.near.is_some() {
            answer.near = answer.collocates();
        }
        answer
    }

    /// Returns the terms that are listed, the most frequent first.
    pub fn listed(&self) -> impl Iterator<Item = (usize, &Term)> {
        self.counted.terms.iter().enumerate().filter(|(_, term)| self.lists(term))
    }

    /// Returns a term as it is written.
    #[must_use]
    pub fn written(&self, term: usize) -> &str {
        self.counted.terms.get(term).map_or("", |term| term.written.as_str())
    }

    fn lists(&self, term: &Term) -> bool {
        self.rules.stop_words || !term.stop
    }

    fn group(&self, at: u32, name: String, settings: &Settings) -> Group {
        let sources = settings.groups.iter().filter(|group| **group == at).count();
        let others = settings.groups.len() - sources;
        let all = self.counted.all.get(&at).copied().unwrap_or_default();
        let all_others = self.counted.total() - all;
        let mut keys: Vec<Key> = self.listed().filter_map(|(i, term)| key(i, term, at, (all, all_others))).collect();
        // One text has its own words: a group is known by what at least two of its sources say, where it has two.
        keys.retain(|key| {
            let (with, of) =
                if key.log_likelihood > 0.0 { (key.sources, sources) } else { (key.sources_others, others) };
            let tells = key.log_likelihood.abs() >= LEAST_LIKELIHOOD;
            tells && key.n + key.n_others >= self.rules.least && (with >= 2 || of < 2)
        });
        let more = strongest(keys.iter().filter(|key| key.log_likelihood > 0.0));
        let less = strongest(keys.iter().filter(|key| key.log_likelihood < 0.0));
        Group { name, sources, all, all_others, more, less }
    }

    fn collocates(&self) -> Vec<Collocate> {
        let (all, beside) = (self.counted.outside, self.counted.beside);
        let measured = self.listed().filter(|(_, term)| term.beside >= self.rules.least).filter_map(|(i, term)| {
            let found = Fourfold::new((term.beside, beside), (term.outside - term.beside, all - beside)).ok()?;
            Some(Collocate {
                term: i,
                beside: term.beside,
                expected: found.expected(),
                n: term.outside,
                nodes: term.nodes,
                log_likelihood: found.log_likelihood(),
                // A word between two occurrences of the concept is near both, but stands there once.
                log_dice: log_dice(term.nodes.min(term.beside), self.counted.nodes, term.outside).ok()?,
                t: found.t_score()?,
                mutual_information: found.mutual_information()?,
            })
            .filter(|collocate| found.is_more() && collocate.log_likelihood >= LEAST_LIKELIHOOD)
        });
        let mut out: Vec<Collocate> = measured.collect();
        out.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood).then(a.term.cmp(&b.term)));
        out
    }
}

fn key(i: usize, term: &Term, group: u32, (all, all_others): (u64, u64)) -> Option<Key> {
    let (n, sources) = term.groups.get(&group).copied().unwrap_or_default();
    let (n_others, sources_others) = (term.n - n, term.sources - sources);
    let found = Fourfold::new((n, all), (n_others, all_others)).ok()?;
    let (log_ratio, interval) = found.log_ratio(LEVEL).ok()?;
    let log_likelihood = found.signed_log_likelihood();
    Some(Key { term: i, n, sources, n_others, sources_others, log_likelihood, log_ratio, interval })
}

fn strongest<'k>(keys: impl Iterator<Item = &'k Key>) -> Vec<Key> {
    let mut out: Vec<Key> = keys.copied().collect();
    out.sort_by(|a, b| b.log_likelihood.abs().total_cmp(&a.log_likelihood.abs()).then(a.term.cmp(&b.term)));
    out.truncate(MOST);
    out
}
