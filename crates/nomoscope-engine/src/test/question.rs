//! What is asked.

use super::answer::{Tested, Tried};
use crate::handle::Handle;
use crate::law::applicable::{by_default, enter_state, state_of};
use crate::law::library::Library;
use crate::law::question::{chosen, no_such_person};
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::case::{Case, Grade, Known, Person};
use nomoscope_core::law::finding::{Bench, Reading, known_for_protection};
use nomoscope_core::law::logic::{Logic, LogicError, OpenReading};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Do norms hold on the facts of a case, and what is missing?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The norms, by id; `fr` stands for all norms of that order. None: all.
    pub norms: Vec<String>,
    /// Only facts of at least this grade: `supported` is the line of protection, `proved` that of prosecution.
    #[schemars(with = "Option<String>")]
    pub at: Option<Grade>,
    /// Only this person of the cases.
    pub person: Option<String>,
    /// The State whose law, with that of its treaties, is tried when no norms are named; none: the State of the case.
    pub state: Option<String>,
    /// The day of whose law it is asked about: a year, a month or a day; none: that of the case, else the law as it stands.
    #[schemars(with = "Option<String>")]
    pub date: Option<PartialDate>,
    /// In an interview: whether it goes on until nothing more can change, for every norm.
    pub thorough: bool,
    /// In an interview: whether it asks about what could be held against the person.
    pub own_acts: bool,
    /// In an interview: whether it asks what is a question for the file and not for the person.
    pub file: bool,
    /// In an interview: the grade of what is answered.
    #[schemars(with = "Option<String>")]
    pub grade: Option<Grade>,
    /// In an interview: the language of the questions; `en` where there is no other.
    pub language: String,
    /// How the open end of a list is read: `closed`, `shared`, `own`.
    #[schemars(with = "String")]
    pub open: OpenReading,
    /// Whether facts follow from others by interpretation, too.
    pub interpretation: bool,
}

impl Default for Question {
    fn default() -> Self {
        let Reading { open, interpretation } = Reading::default();
        Self {
            norms: Vec::new(),
            at: None,
            person: None,
            state: None,
            date: None,
            thorough: false,
            own_acts: false,
            file: false,
            grade: Some(Grade::Supported),
            language: "en".to_owned(),
            open,
            interpretation,
        }
    }
}

impl Question {
    /// Asks the question of these cases.
    ///
    /// # Errors
    /// A norm or person that is not there; persons whose facts contradict each other.
    pub fn ask(&self, library: &Arc<Library>, cases: &[Case], handle: &Handle) -> Result<Tested, Refusal> {
        let named = (!self.norms.is_empty()).then(|| chosen(&library.law, &self.norms)).transpose()?;
        let mut cases = self.only(cases)?;
        let logic = library.logic();
        let mut tried = Vec::new();
        let mut problems = Problems::new();
        for (c, case) in cases.iter_mut().enumerate() {
            case.date = self.date.or(case.date);
            let state = state_of(&library.law, self.state.as_deref(), Some(case))?;
            if let Some(state) = state {
                enter_state(case, state);
            }
            let norms = named.clone().unwrap_or_else(|| by_default(&library.law, state, case.date, Some(case)));
            for (p, person) in case.persons.iter().enumerate() {
                handle.check()?;
                match self.held(&logic, person, &norms) {
                    Ok((outcomes, at)) => tried.push(Tried { case: c, person: p, outcomes, at }),
                    Err(error) => problems.push(contradicted(case, person, &error)),
                }
            }
        }
        let (at, reading) = (self.at, self.reading());
        Ok(problems.or(Tested { library: library.clone(), cases, tried, at, reading })?)
    }

    /// Returns how facts and open lists are read.
    #[must_use]
    pub const fn reading(&self) -> Reading {
        Reading { open: self.open, interpretation: self.interpretation }
    }

    fn only(&self, cases: &[Case]) -> Result<Vec<Case>, Refusal> {
        let mut kept = cases.to_vec();
        if let Some(wanted) = &self.person {
            kept.iter_mut().for_each(|c| c.persons.retain(|p| p.id == *wanted));
            kept.retain(|c| !c.persons.is_empty());
            if kept.is_empty() {
                return Err(no_such_person(wanted, cases));
            }
        }
        Ok(kept)
    }

    /// Holds the facts of one person against the norms: the outcomes, and the line of the grade that was asked for.
    fn held(&self, logic: &Logic, person: &Person, norms: &[usize]) -> Result<Held, LogicError> {
        let bench = Bench::new(logic, person, self.reading())?;
        let outcomes = norms.par_iter().map(|&n| bench.outcome(n)).collect::<Result<Vec<_>, _>>()?;
        let known = self.at.map(|at| known_at(at, logic, person, self.reading())).transpose()?;
        let line = |&n: &usize| known.as_ref().map(|known| bench.line_for(known.clone(), n)).transpose();
        let at = norms.par_iter().map(line).collect::<Result<Vec<_>, _>>()?;
        Ok((outcomes, at))
    }
}

type Held = (Vec<nomoscope_core::law::finding::Outcome>, Vec<Option<nomoscope_core::law::finding::Line>>);

/// The two lines of evidence have rules of their own beside the grade: the presumption of minority, and doubt for the accused.
fn known_at(at: Grade, logic: &Logic, person: &Person, reading: Reading) -> Result<Known, LogicError> {
    match at {
        Grade::Disputed | Grade::Alleged => Ok(person.at_least(at)),
        Grade::Supported => known_for_protection(logic, person, reading),
        Grade::Proved => Ok(person.for_prosecution()),
    }
}

fn contradicted(case: &Case, person: &Person, error: &LogicError) -> Problem {
    let mut problem = Problem::new(&case.origin.file, format!("person `{}`: {error}", person.id));
    if person.line > 0 {
        problem = problem.at(person.line);
    }
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}
