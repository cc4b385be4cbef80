//! A definition: elements, and the limbs by which they establish the norm.
//!
//! `element = AND(all) and OR(any, open) and NOT OR(none)`; `limb = AND(requires)`; `norm = OR(limbs)`. There is no
//! expression language: everything is a list, so that each group of facts keeps its own citation.

use super::Origin;
use crate::date::PartialDate;

use super::term::FactIx;
pub use super::term::{Atom, Term, Written};
use std::collections::BTreeSet;

/// How far a text was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verified {
    /// From knowledge, not checked: said wherever the norm is shown.
    #[default]
    Memory,
    /// Confirmed by a commentary, a summary or a case report.
    Secondary,
    /// The wording of the provision was seen.
    Text,
}

impl Verified {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Memory, Self::Secondary, Self::Text];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Secondary => "secondary",
            Self::Text => "text",
        }
    }
}

/// What a penalty provision says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Penalty {
    /// Least term of imprisonment, in years.
    pub min_years: Option<f64>,
    /// Greatest term of imprisonment, in years.
    pub max_years: Option<f64>,
    /// Whether it may be for life.
    pub life: bool,
    /// What else there is to say.
    pub note: String,
}

impl Penalty {
    /// Returns the penalty in a few words; empty where the file says nothing.
    #[must_use]
    pub fn words(&self) -> String {
        let years = |y: f64| if y < 1.0 { format!("{} months", libm::round(y * 12.0)) } else { format!("{y} years") };
        let term = match (self.min_years, self.max_years, self.life) {
            (Some(low), Some(high), _) if (low - high).abs() < f64::EPSILON => years(high),
            (Some(low), Some(high), _) if low >= 1.0 => format!("{low} to {}", years(high)),
            (Some(low), Some(high), _) => format!("{} to {}", years(low), years(high)),
            (Some(low), None, true) => format!("{} to life", years(low)),
            (None, None, true) => "up to life".to_owned(),
            (Some(low), None, false) => format!("from {}", years(low)),
            (None, Some(high), _) => format!("up to {}", years(high)),
            (None, None, false) => String::new(),
        };
        match (term.is_empty(), self.note.is_empty()) {
            (true, _) => self.note.clone(),
            (false, true) => term,
            (false, false) => format!("{term}; {}", self.note),
        }
    }
}

/// A statement with its provision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cited {
    /// The provision.
    pub cite: String,
    /// What it says, in our own words.
    pub text: String,
    /// How far it was checked, where that differs from the norm.
    pub verified: Option<Verified>,
}

/// A named condition of a norm.
#[derive(Debug, Clone, PartialEq)]
pub struct Element<T = Term> {
    /// Its id within the norm.
    pub id: String,
    /// Its part in the definition: act, means, purpose, age, …
    pub role: String,
    /// The provision.
    pub cite: String,
    /// Plain words; made from the role where the file gives none.
    pub label: String,
    /// All of these.
    pub all: Vec<T>,
    /// At least one of these, or the open residue.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
    /// The fact for what an open list leaves open.
    pub open: Option<T>,
    /// Remark of the encoder.
    pub note: String,
    /// How far it was checked, where that differs from the norm.
    pub verified: Option<Verified>,
    /// Where it is written.
    pub line: u32,
}

/// One way to establish the norm.
#[derive(Debug, Clone, PartialEq)]
pub struct Limb<T = Term> {
    /// Its id within the norm.
    pub id: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// What it requires, or requires to be absent.
    pub requires: Vec<T>,
    /// How far it was checked, where that differs from the norm.
    pub verified: Option<Verified>,
    /// Where it is written.
    pub line: u32,
}

/// Something to be said when its condition holds; it never changes a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark<T = Term> {
    /// When it is said.
    pub when: Vec<T>,
    /// The provision.
    pub cite: String,
    /// What is said.
    pub text: String,
    /// Where it is written.
    pub line: u32,
}

/// What raises the penalty of an established norm.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggravation<T = Term> {
    /// Its id within the norm.
    pub id: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// When it applies.
    pub requires: Vec<T>,
    /// What then threatens.
    pub penalty: Option<Penalty>,
    /// Where it is written.
    pub line: u32,
}

/// Where a text was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextSource {
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// Language.
    pub language: String,
    /// Whether it is a translation.
    pub translation: bool,
    /// Which version of the text the copy gives: a date, a consolidation.
    pub version: String,
    /// The SHA-256 of the file that was read, in hexadecimal, where it was a file.
    pub sha256: String,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Norm<T = Term> {
    /// Its id: `<system>.<instrument>.<provision>`.
    pub id: String,
    /// The instrument's title.
    pub title: String,
    /// A short name for tables.
    pub short: String,
    /// The legal order: `un`, `eu`, `fr`, …
    pub system: String,
    /// What kind of text it is.
    pub kind: String,
    /// The norm that it belongs to: trafficking, slavery, forced-labour, …
    pub family: String,
    /// When it was adopted.
    pub adopted: Option<PartialDate>,
    /// When it came into force.
    pub in_force: Option<PartialDate>,
    /// From when this version holds, where that is later than `in_force`.
    pub valid_from: Option<PartialDate>,
    /// The last day on which this version held.
    pub valid_to: Option<PartialDate>,
    /// By when states must have transposed it.
    pub transposition: Option<PartialDate>,
    /// Norms that it implements.
    pub implements: Vec<Written>,
    /// Norms that it takes the place of.
    pub supersedes: Vec<Written>,
    /// Norms that it amends.
    pub amends: Vec<Written>,
    /// How far it was checked.
    pub verified: Verified,
    /// When it was checked.
    pub checked_on: Option<PartialDate>,
    /// Who checked it.
    pub checked_by: Vec<String>,
    /// When it was read a second time, by somebody who had not written it down.
    pub second_reading: Option<PartialDate>,
    /// How strong a duty is, where it is one: `shall`, `may`, `consider`, `defence`.
    pub strength: String,
    /// Where it applies, if that is narrower than its legal order.
    pub territory: String,
    /// Where it was read.
    pub source: TextSource,
    /// Whether it is aimed at the person concerned: never offered as a fallback.
    pub against_person: bool,
    /// The penalty, where there is one.
    pub penalty: Option<Penalty>,
    /// What it brings the person.
    pub protection: Vec<Cited>,
    /// Why the person should not be punished.
    pub non_punishment: Vec<Cited>,
    /// Why this text should be checked before use.
    pub check: String,
    /// Remark of the encoder.
    pub note: String,
    /// Its elements.
    pub elements: Vec<Element<T>>,
    /// Its limbs.
    pub limbs: Vec<Limb<T>>,
    /// Its remarks.
    pub remarks: Vec<Remark<T>>,
    /// What limits where the instrument applies: shown apart, never part of the finding.
    pub scopes: Vec<Remark<T>>,
    /// What raises its penalty.
    pub aggravations: Vec<Aggravation<T>>,
    /// Where it is written.
    pub origin: Origin,
}

/// The kind of a norm that keeps the person from being punished: tested, never a fallback.
pub const NON_PUNISHMENT: &str = "non-punishment";

/// Returns the facts that an element speaks of, through the elements that it refers to.
#[must_use]
pub fn facts_of(n: &Norm, element: usize) -> BTreeSet<FactIx> {
    let (mut out, mut open, mut seen) = (BTreeSet::new(), vec![element], BTreeSet::new());
    while let Some(e) = open.pop() {
        let Some(element) = n.elements.get(e).filter(|_| seen.insert(e)) else { continue };
        for term in element.terms() {
            match term.atom {
                Atom::Fact(f) => {
                    out.insert(f);
                }
                Atom::Element(inner) => open.push(inner),
                Atom::Below(..) => {}
            }
        }
    }
    out
}

/// Whether a norm was law at a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It was.
    InForce,
    /// Not yet: in force only from then on.
    NotYet(PartialDate),
    /// No longer: this version held until then.
    NoLonger(PartialDate),
    /// It has not come into force, or nobody wrote down when.
    Unknown,
}

impl<T> Norm<T> {
    /// Returns whether the norm was law on a date; a date known to the year counts as in force from its first day on.
    #[must_use]
    pub fn validity(&self, date: PartialDate) -> Validity {
        let from = self.valid_from.or(self.in_force);
        match (from, self.valid_to) {
            (_, Some(to)) if later(date, to) => Validity::NoLonger(to),
            (Some(from), _) if later(from, date) => Validity::NotYet(from),
            (None, _) => match self.adopted {
                Some(adopted) if later(adopted, date) => Validity::NotYet(adopted),
                _ => Validity::Unknown,
            },
            _ => Validity::InForce,
        }
    }

    /// Returns the place of an element.
    #[must_use]
    pub fn element(&self, id: &str) -> Option<usize> {
        self.elements.iter().position(|e| e.id == id)
    }

    /// Returns whether any of its lists is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.elements.iter().any(|e| e.open.is_some())
    }
}

/// Returns whether `a` lies after `b` as far as both are known: 2015 is not after 2015-07-31.
fn later(a: PartialDate, b: PartialDate) -> bool {
    let pair = |x: Option<u8>, y: Option<u8>| x.zip(y);
    if a.year != b.year {
        return a.year > b.year;
    }
    match pair(a.month, b.month) {
        None => false,
        Some((x, y)) if x != y => x > y,
        Some(_) => pair(a.day, b.day).is_some_and(|(x, y)| x > y),
    }
}
