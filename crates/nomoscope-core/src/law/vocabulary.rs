//! Facts, and what follows from what.

use super::Origin;
use super::term::{Term, Written};
use std::collections::BTreeMap;

pub use super::term::FactIx;

/// What kind of answer a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Yes or no.
    #[default]
    Bool,
    /// A whole number, such as an age in completed years.
    Int,
}

/// A fact that a case can hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fact {
    /// Its id, such as `act.recruit`.
    pub id: String,
    /// What kind of answer it has.
    pub kind: Kind,
    /// The plain question.
    pub question: String,
    /// A few plain words for tables; made from the id where the file gives none.
    pub label: String,
    /// More words on how to answer.
    pub help: Option<String>,
    /// Whether competent people may differ on it: shown as a judgement.
    pub judge: bool,
    /// Whether the question may distress the person who is asked.
    pub distress: bool,
    /// How likely it is before anything is known; 1/2 where nothing is said.
    pub prior: Option<f64>,
    /// Provisions that the fact comes from.
    pub cites: Vec<String>,
    /// Facts that cannot be true together with this one.
    pub not_with: Vec<Written>,
    /// Where it is written.
    pub origin: Origin,
}

impl Fact {
    /// Returns the group of the fact: its id up to the first point.
    #[must_use]
    pub fn group(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Returns plain words made from an id: `act.exchange_control` gives `exchange control`.
    #[must_use]
    pub fn words(id: &str) -> String {
        id.split_once('.').map_or(id, |(_, rest)| rest).replace(['_', '-'], " ")
    }
}

/// Why one fact is taken to follow from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Basis {
    /// By definition: always on.
    #[default]
    Definition,
    /// By an interpretation that others may not share: on in `test`, off in comparisons, and by a switch.
    Interpretation,
}

impl Basis {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Interpretation => "interpretation",
        }
    }
}

/// Facts that follow from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Entailment<T = Term> {
    /// All of these together …
    pub premises: Vec<T>,
    /// … give each of these.
    pub conclusions: Vec<T>,
    /// Why.
    pub basis: Basis,
    /// Explanation.
    pub note: String,
    /// Where the rule comes from.
    pub cite: String,
    /// Where it is written.
    pub origin: Origin,
}

/// The facts, in the order of their file, and the entailments between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vocabulary {
    facts: Vec<Fact>,
    by_id: BTreeMap<String, FactIx>,
    /// What follows from what.
    pub entailments: Vec<Entailment>,
    /// Pairs that cannot be true together.
    pub exclusions: Vec<(FactIx, FactIx)>,
}

impl Vocabulary {
    /// Returns a vocabulary of these facts, without entailments; of facts with one id the first counts.
    #[must_use]
    pub fn new(facts: Vec<Fact>) -> Self {
        let mut by_id = BTreeMap::new();
        for (i, fact) in facts.iter().enumerate().take(usize::from(u16::MAX)) {
            by_id.entry(fact.id.clone()).or_insert(FactIx(i as u16));
        }
        Self { facts, by_id, entailments: Vec::new(), exclusions: Vec::new() }
    }

    /// Returns the fact at a place.
    #[must_use]
    pub fn get(&self, ix: FactIx) -> &Fact {
        &self.facts[ix.index()]
    }

    /// Returns all facts in order.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Returns the place of the fact with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<FactIx> {
        self.by_id.get(id).copied()
    }

    /// Returns the fact that holds the person's age, if the vocabulary has one.
    #[must_use]
    pub fn age(&self) -> Option<FactIx> {
        self.find(AGE).filter(|&ix| self.get(ix).kind == Kind::Int)
    }

    /// Returns how likely a fact is before anything is known.
    #[must_use]
    pub fn prior(&self, ix: FactIx) -> f64 {
        self.get(ix).prior.unwrap_or(0.5)
    }
}

/// The id of the fact that the key `age` of a case fills.
pub const AGE: &str = "victim.age";
/// Nobody is older: bounds of ages in facts, norms and cases, in completed years.
pub const OLDEST: u16 = 130;
