//! What was found about definitions; each answer keeps the law that it is about.

use super::library::Library;
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::Burden;
use nomoscope_core::law::compare::{Comparison, Implication, Relation};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::fallback::Fallback;
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::law::template::Overlap;
use nomoscope_core::problem::Problem;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Norms as a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The law.
    pub library: Arc<Library>,
    /// The norms, by place.
    pub norms: Vec<usize>,
}

/// Norms to be read.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The law.
    pub library: Arc<Library>,
    /// The norms, by place.
    pub norms: Vec<usize>,
}

/// Facts that a case can hold.
#[derive(Debug, Clone)]
pub struct FactList {
    /// The law.
    pub library: Arc<Library>,
    /// The facts, by place.
    pub facts: Vec<usize>,
}

/// What is wrong with facts, norms and cases.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What makes them unusable.
    pub errors: Vec<Problem>,
    /// What should be known.
    pub warnings: Vec<Problem>,
    /// Facts that were looked at.
    pub facts: usize,
    /// Norms that were looked at.
    pub norms: usize,
    /// Cases that were looked at.
    pub cases: usize,
    /// Expectations of the cases.
    pub expectations: usize,
    /// By norm: how many cases from published judgments and reports expect something of it; empty where files were checked.
    pub independent: Vec<usize>,
}

/// Definitions against each other.
#[derive(Debug, Clone)]
pub enum Compared {
    /// One against another.
    Two(Two),
    /// Others against one.
    Drift(Drift),
    /// All pairs.
    Pairs(Pairs),
}

/// One definition against another.
#[derive(Debug, Clone)]
pub struct Two {
    /// The law.
    pub library: Arc<Library>,
    /// The first, by place.
    pub a: usize,
    /// The second, by place.
    pub b: usize,
    /// Whether entailments by interpretation counted.
    pub interpretation: bool,
    /// One comparison a reading of open lists.
    pub comparisons: Vec<Comparison>,
}

/// How far definitions drifted from one.
#[derive(Debug, Clone)]
pub struct Drift {
    /// The law.
    pub library: Arc<Library>,
    /// The one, by place.
    pub from: usize,
    /// The others, by place.
    pub others: Vec<usize>,
    /// The readings of open lists.
    pub readings: Vec<OpenReading>,
    /// By reading: how each of the others stands to the one.
    pub relations: Vec<Vec<Relation>>,
}

/// How any two definitions stand to each other.
#[derive(Debug, Clone)]
pub struct Pairs {
    /// The law.
    pub library: Arc<Library>,
    /// The reading of open lists.
    pub reading: OpenReading,
    /// Whether entailments by interpretation counted.
    pub interpretation: bool,
    /// Two norms by place, and how the first stands to the second.
    pub pairs: Vec<(usize, usize, Relation)>,
}

/// Definitions side by side.
#[derive(Debug, Clone)]
pub struct Overlapped {
    /// The law.
    pub library: Arc<Library>,
    /// The norms, by place.
    pub norms: Vec<usize>,
    /// The reading of open lists.
    pub reading: OpenReading,
    /// How many of the ways to meet one (rows) another holds (columns).
    pub overlaps: Vec<Vec<Overlap>>,
    /// Which contains which.
    pub order: Implication,
}

/// What has to be proved.
#[derive(Debug, Clone)]
pub struct Burdened {
    /// The law.
    pub library: Arc<Library>,
    /// One entry a norm.
    pub burdens: Vec<Burden>,
}

/// What is left when a norm cannot be established.
#[derive(Debug, Clone)]
pub struct FallenBack {
    /// The law.
    pub library: Arc<Library>,
    /// One entry a person, or one for a norm.
    pub left: Vec<Left>,
    /// The day on which the norms had to be in force, where no case named one.
    pub day: Option<PartialDate>,
}

/// What is left, with what it is left from.
#[derive(Debug, Clone)]
pub struct Left {
    /// The person of a case, or the norm, in words.
    pub of: String,
    /// What cannot be proved, in words.
    pub lost: Vec<String>,
    /// What is left.
    pub fallback: Fallback,
    /// The person of a case, or the norm, by ids.
    pub from: LeftFrom,
    /// How many norms more there are than are named.
    pub more: usize,
    /// How many would hold, or be near enough, and were not in force on the day.
    pub not_in_force: usize,
    /// The norm that cannot be established, by place, where one was named.
    pub aimed: Option<usize>,
}

/// What it is left from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum LeftFrom {
    /// With a case: a person.
    Person {
        /// The case.
        case: String,
        /// The person.
        person: String,
    },
    /// Without a case: a norm without some of its elements.
    Norm {
        /// The norm.
        norm: String,
        /// The elements.
        without: Vec<String>,
        /// The age that was given, in completed years.
        age: Option<u16>,
    },
}

impl Left {
    pub(super) fn of_case(of: String, lost: Vec<String>, fallback: Fallback, case: &str, person: &str) -> Self {
        let from = LeftFrom::Person { case: case.to_owned(), person: person.to_owned() };
        Self { of, lost, fallback, from, more: 0, not_in_force: 0, aimed: None }
    }

    pub(super) fn of_norm(
        of: String,
        lost: Vec<String>,
        fallback: Fallback,
        norm: &Norm,
        without: &BTreeSet<usize>,
        age: Option<u16>,
    ) -> Self {
        let without = without.iter().map(|&e| norm.elements[e].id.clone()).collect();
        let from = LeftFrom::Norm { norm: norm.id.clone(), without, age };
        Self { of, lost, fallback, from, more: 0, not_in_force: 0, aimed: None }
    }

    /// Returns what was lost in words, or whose facts these are where nothing was named.
    #[must_use]
    pub fn head(&self) -> String {
        if self.lost.is_empty() { self.of.clone() } else { self.lost.join(" and ") }
    }
}

impl Listed {
    /// Returns the norms.
    pub fn norms(&self) -> impl Iterator<Item = &Norm> {
        self.norms.iter().map(|&n| &self.library.law.norms[n])
    }
}

impl Two {
    /// Returns the law.
    #[must_use]
    pub fn law(&self) -> &Law {
        &self.library.law
    }
}
