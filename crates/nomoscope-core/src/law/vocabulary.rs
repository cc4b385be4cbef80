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
    /// The part of the story that it belongs to, by id; empty where the file gives none.
    pub story: String,
    /// Whether the answer could be held against the person: never asked unless such norms are asked for.
    pub own_act: bool,
    /// Whether it is taken as absent on the line of protection until somebody says otherwise: exceptions.
    pub absent: bool,
    /// Whether it is a question for the file and not for the person: the law, the suspect's mind.
    pub file_only: bool,
    /// What could show it without a question to the person.
    pub inquiry: String,
    /// Question, help and inquiry in other languages, by code.
    pub wording: BTreeMap<String, Wording>,
    /// Where it is written.
    pub origin: Origin,
}

/// What is asked, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// The question.
    pub question: String,
    /// A few words for tables.
    pub label: String,
    /// More words on how to answer.
    pub help: String,
    /// What could show it without a question to the person.
    pub inquiry: String,
}

impl Fact {
    /// Returns the question in a language, or in English where the language has none.
    #[must_use]
    pub fn question_in(&self, language: &str) -> &str {
        self.wording.get(language).map(|w| w.question.as_str()).filter(|q| !q.is_empty()).unwrap_or(&self.question)
    }

    /// Returns the words of a table in a language, or in English where the language has none.
    #[must_use]
    pub fn label_in(&self, language: &str) -> &str {
        self.wording.get(language).map(|w| w.label.as_str()).filter(|l| !l.is_empty()).unwrap_or(&self.label)
    }

    /// Returns what could show it without a question to the person in a language, or in English where the language has no words.
    #[must_use]
    pub fn inquiry_in(&self, language: &str) -> &str {
        self.wording.get(language).map(|w| w.inquiry.as_str()).filter(|i| !i.is_empty()).unwrap_or(&self.inquiry)
    }

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
    /// What was meant, inferred from what took place: on the line of protection only, and never against what was entered.
    Inference,
}

impl Basis {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Interpretation => "interpretation",
            Self::Inference => "inference",
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

    /// Gives a fact its words in another language.
    pub(super) fn word(&mut self, ix: FactIx, language: &str, wording: Wording) {
        if let Some(fact) = self.facts.get_mut(ix.index()) {
            fact.wording.insert(language.to_owned(), wording);
        }
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
