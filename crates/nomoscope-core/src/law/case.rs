//! A case: what is known of one or several persons.

use super::Origin;
use super::definition::Written;
use super::phrase::fill;
use super::verdict::Finding;
use super::vocabulary::{FactIx, OLDEST};
use crate::date::PartialDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is said of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// It is so.
    True,
    /// It is not so.
    False,
    /// It is not known.
    Unknown,
}

/// How well a fact is established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Said, and contested by other evidence.
    Disputed,
    /// Said.
    Alleged,
    /// Said, and supported by something else: reasonable grounds.
    Supported,
    /// Proved.
    Proved,
}

impl Grade {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::Disputed, Self::Alleged, Self::Supported, Self::Proved];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disputed => "disputed",
            Self::Alleged => "alleged",
            Self::Supported => "supported",
            Self::Proved => "proved",
        }
    }

    /// Returns the word that a person reads: said, supported, proved, disputed.
    #[must_use]
    pub const fn plain(self) -> &'static str {
        match self {
            Self::Alleged => "said",
            other => other.name(),
        }
    }
}

/// What facts that a case does not list are taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// Unknown: an open file.
    #[default]
    Unknown,
    /// False: a closed file. The output says so.
    False,
}

/// A fact as it was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is said of it.
    pub value: Value,
    /// How well it is established; ungraded facts count as proved.
    pub grade: Option<Grade>,
    /// Where it comes from.
    pub source: String,
    /// Who said it.
    pub by: String,
    /// When it happened.
    pub when: Option<PartialDate>,
    /// Where it happened.
    pub place: String,
}

impl Entry {
    /// Returns an entry of which nothing is known but its value.
    #[must_use]
    pub const fn new(value: Value) -> Self {
        Self { value, grade: None, source: String::new(), by: String::new(), when: None, place: String::new() }
    }
}

/// Completed years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgeRange {
    /// At least.
    pub low: u16,
    /// At most.
    pub high: u16,
}

impl AgeRange {
    /// Every age: nothing is known.
    pub const ANY: Self = Self { low: 0, high: OLDEST };

    /// Returns the range in words.
    #[must_use]
    pub fn words(self) -> String {
        let (phrase, years) = self.phrase();
        fill(phrase, &years.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Returns the range as an English phrase, with the years that stand in its places.
    #[must_use]
    pub fn phrase(self) -> (&'static str, Vec<String>) {
        let years = |list: &[u16]| list.iter().map(u16::to_string).collect();
        match (self.low, self.high) {
            (0, OLDEST) => ("of unknown age", Vec::new()),
            (low, high) if low == high => ("aged {}", years(&[low])),
            (0, high) => ("under {}", years(&[high + 1])),
            (low, OLDEST) => ("aged {} or over", years(&[low])),
            (low, high) => ("aged {} to {}", years(&[low, high])),
        }
    }
}

/// What somebody expects a norm to give: for tests of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The norm's id.
    pub norm: String,
    /// The finding on all facts as entered.
    pub finding: Finding,
    /// The limb that establishes it, if that is expected too.
    pub limb: Option<String>,
    /// Line in the file.
    pub line: u32,
}

/// What is known of one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// How the case calls them; `1`, `2`, … where it gives no id.
    pub id: String,
    /// Their age, if anything is known of it.
    pub age: Option<AgeRange>,
    /// How well the age is established.
    pub age_grade: Option<Grade>,
    /// What is entered of each fact.
    pub facts: BTreeMap<FactIx, Entry>,
    /// How likely facts are before they are asked, where that differs from the vocabulary.
    pub priors: BTreeMap<FactIx, f64>,
    /// What was answered to questions that stand before many, by their place in the guide.
    pub screens: BTreeMap<usize, Value>,
    /// What facts that are not listed are taken to be.
    pub rest: Rest,
    /// What somebody expects.
    pub expect: Vec<Expectation>,
    /// Line in the file.
    pub line: u32,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Real or constructed.
    pub kind: String,
    /// The court, where it was decided.
    pub court: String,
    /// The date at which norms are to be in force.
    pub date: Option<PartialDate>,
    /// The State whose law is looked at, by id.
    pub state: String,
    /// Where the facts come from.
    pub source: String,
    /// Why the findings are expected.
    pub why: String,
    /// Whether the interview is measured on it and nothing was chosen on it.
    pub held_out: bool,
    /// The persons.
    pub persons: Vec<Person>,
    /// Where it is written.
    pub origin: Origin,
}

/// A case as a file gives it, before its facts are known to be any.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseDraft {
    /// Its id; the file's name where the file gives none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Real or constructed.
    pub kind: String,
    /// The court, where it was decided.
    pub court: String,
    /// The date at which norms are to be in force.
    pub date: Option<PartialDate>,
    /// The State whose law is looked at, by id.
    pub state: String,
    /// Where the facts come from.
    pub source: String,
    /// What facts that are not listed are taken to be.
    pub rest: Rest,
    /// Why the findings are expected.
    pub why: String,
    /// Whether the interview is measured on it and nothing was chosen on it.
    pub held_out: bool,
    /// The grade of facts that have none of their own.
    pub ungraded: Option<Grade>,
    /// The persons.
    pub persons: Vec<PersonDraft>,
    /// Where it is written.
    pub origin: Origin,
}

/// A person as a file gives them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonDraft {
    /// How the case calls them.
    pub id: String,
    /// Their age.
    pub age: Option<AgeRange>,
    /// Facts that are true, false and unknown.
    pub lists: [Vec<Written>; 3],
    /// Grades by fact.
    pub grades: Vec<(Written, Grade)>,
    /// Sources by fact.
    pub sources: Vec<(Written, Entry)>,
    /// Priors by fact.
    pub priors: Vec<(Written, f64)>,
    /// What was answered to questions that stand before many, by their ids.
    pub asked: Vec<(Written, Value)>,
    /// What facts that are not listed are taken to be, where that differs from the case.
    pub rest: Option<Rest>,
    /// What somebody expects.
    pub expect: Vec<Expectation>,
    /// Line in the file.
    pub line: u32,
}

/// What is taken as known of a person on one line of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Facts that are true or false.
    pub values: BTreeMap<FactIx, bool>,
    /// Facts that are expressly unknown.
    pub unknown: std::collections::BTreeSet<FactIx>,
    /// The age, as far as it is known.
    pub age: AgeRange,
    /// What all other facts are.
    pub rest: Rest,
    /// Whether the age was taken to be under 18 because it is uncertain.
    pub presumed_minor: bool,
    /// Whether what was meant may be inferred from what took place: on the line of protection.
    pub inference: bool,
}

impl Case {
    /// Whether its facts come from a published judgment or report, and were not made to try a definition.
    #[must_use]
    pub fn is_independent(&self) -> bool {
        self.kind == REAL
    }
}

/// What a case calls itself whose facts come from a published judgment or report.
const REAL: &str = "real";

/// The age from which a person is no child (CRC Art. 1, Palermo Art. 3(d)), in completed years.
pub const MAJORITY: u16 = 18;

impl Person {
    /// Returns all facts as they were entered, whatever their grade.
    #[must_use]
    pub fn known(&self) -> Known {
        self.at_least(Grade::Disputed)
    }

    /// Returns the facts whose grade is at least this one; the others become unknown.
    #[must_use]
    pub fn at_least(&self, grade: Grade) -> Known {
        let mut known = Known {
            values: BTreeMap::new(),
            unknown: std::collections::BTreeSet::new(),
            age: self.age.filter(|_| self.age_grade.is_none_or(|g| g >= grade)).unwrap_or(AgeRange::ANY),
            rest: self.rest,
            presumed_minor: false,
            inference: false,
        };
        for (&fact, entry) in &self.facts {
            match entry.value {
                Value::True | Value::False if entry.grade.is_none_or(|g| g >= grade) => {
                    known.values.insert(fact, entry.value == Value::True);
                }
                _ => {
                    known.unknown.insert(fact);
                }
            }
        }
        known
    }

    /// Returns the facts that are at least supported, for protection: a person who may be a child is taken for one.
    ///
    /// # Source  Council of Europe Convention on Action against Trafficking in Human Beings (2005), Art. 10(3)
    #[must_use]
    pub fn for_protection(&self) -> Known {
        let mut known = self.at_least(Grade::Supported);
        known.inference = true;
        let may_be_child = self.age.is_some_and(|a| a.low < MAJORITY);
        if may_be_child && known.age.high >= MAJORITY {
            let stated = self.age.unwrap_or(AgeRange::ANY);
            known.age = AgeRange { low: stated.low, high: stated.high.min(MAJORITY - 1) };
            known.presumed_minor = true;
        }
        known
    }

    /// Returns the person as far as somebody gave it a grade; the rest is unknown.
    #[must_use]
    pub fn graded(&self) -> Self {
        let mut graded = self.clone();
        graded.age = self.age.filter(|_| self.age_grade.is_some());
        graded.facts.values_mut().filter(|e| e.grade.is_none()).for_each(|e| e.value = Value::Unknown);
        graded
    }

    /// Returns the facts that are proved, for prosecution.
    #[must_use]
    pub fn for_prosecution(&self) -> Known {
        self.at_least(Grade::Proved)
    }
}
