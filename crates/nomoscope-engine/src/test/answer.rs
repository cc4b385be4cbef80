//! What the facts of cases give.

use crate::law::library::Library;
use nomoscope_core::law::case::{Case, Grade, Person};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::finding::{Finding, Line, Outcome, Reading};
use std::sync::Arc;

/// What the facts of all persons give.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The law.
    pub library: Arc<Library>,
    /// The cases, with the persons that were asked for.
    pub cases: Vec<Case>,
    /// One entry a person.
    pub tried: Vec<Tried>,
    /// The grade that facts had to have, if one was asked for.
    pub at: Option<Grade>,
    /// How facts and open lists were read.
    pub reading: Reading,
}

/// What one person's facts give.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The case, by place.
    pub case: usize,
    /// The person of the case, by place.
    pub person: usize,
    /// One entry a norm.
    pub outcomes: Vec<Outcome>,
    /// By norm, the line on facts of the grade that was asked for.
    pub at: Vec<Option<Line>>,
}

impl Tested {
    /// Returns the case of an entry.
    #[must_use]
    pub fn case(&self, tried: &Tried) -> &Case {
        &self.cases[tried.case]
    }

    /// Returns the person of an entry.
    #[must_use]
    pub fn person(&self, tried: &Tried) -> &Person {
        &self.case(tried).persons[tried.person]
    }

    /// Returns the norm of an outcome.
    #[must_use]
    pub fn norm(&self, outcome: &Outcome) -> &Norm {
        &self.library.law.norms[outcome.norm]
    }

    /// Returns how many norms were tried, and the first that the facts do not satisfy, with how many these are.
    #[must_use]
    pub fn unsatisfied(&self) -> (usize, Option<(&Norm, Finding, usize)>) {
        let all = || self.tried.iter().flat_map(|t| (0..t.outcomes.len()).map(move |i| (t, i)));
        let mut left = all().filter(|(t, i)| t.deciding(*i).finding != Finding::Established);
        let first = left.next().map(|(t, i)| (self.norm(&t.outcomes[i]), t.deciding(i).finding));
        (all().count(), first.map(|(norm, finding)| (norm, finding, 1 + left.count())))
    }
}

impl Tried {
    /// Returns the line that decides: that of the grade that was asked for, or all facts as entered.
    #[must_use]
    pub fn deciding(&self, i: usize) -> &Line {
        self.at.get(i).and_then(Option::as_ref).unwrap_or(&self.outcomes[i].all)
    }
}
