//! The interview: after these answers, which question comes next?
//!
//! Its state is plain data, so that a terminal keeps it in memory and a page in its address. It is rebuilt from the answers
//! each time: a hundred answers are replayed in less time than one next question is chosen.

use super::question::Question;
use crate::law::library::Library;
use crate::law::question::{chosen, undecided};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::law::case::{AgeRange, Case, Person, Rest};
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::interview::{Answer, Interview as Core};
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::vocabulary::{FactIx, OLDEST};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The fact that was asked for.
    pub fact: String,
    /// What was said.
    pub reply: Reply,
}

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
    /// I do not know.
    Unknown,
    /// An age between these, both included, in completed years.
    Age(u16, u16),
}

impl Reply {
    /// Returns what these words say: `y`, `no`, `?`, and of an age a number or a range such as `15-17`; none if nothing.
    #[must_use]
    pub fn understand(words: &str, is_age: bool) -> Option<Self> {
        match words.trim().to_lowercase().as_str() {
            "?" | "d" | "dk" | "don't know" | "dont know" | "unknown" => return Some(Self::Unknown),
            "y" | "yes" | "true" if !is_age => return Some(Self::Yes),
            "n" | "no" | "false" if !is_age => return Some(Self::No),
            _ if !is_age => return None,
            _ => {}
        }
        let year = |part: &str| part.trim().parse().ok().filter(|n| *n <= OLDEST);
        let ends: Vec<Option<u16>> = words.split(['-', '–', ',']).map(year).collect();
        match ends[..] {
            [Some(age)] => Some(Self::Age(age, age)),
            [Some(low), Some(high)] if low <= high => Some(Self::Age(low, high)),
            _ => None,
        }
    }

    const fn core(self) -> Answer {
        match self {
            Self::Yes => Answer::Yes,
            Self::No => Answer::No,
            Self::Unknown => Answer::DoNotKnow,
            Self::Age(low, high) => Answer::Between(AgeRange { low, high }),
        }
    }
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// A question.
    Ask(Asked),
    /// The last answer contradicts those before it: it was taken back, and counts as unknown.
    Contradicted {
        /// Why, in words.
        reason: String,
        /// The question that it was the answer to.
        question: String,
    },
    /// Nothing more can change the findings.
    Done,
}

/// A question, with what helps to answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asked {
    /// The fact that is asked for.
    pub fact: String,
    /// Its place among the questions, from 1.
    pub number: usize,
    /// The question.
    pub question: String,
    /// Whether the answer is a judgement.
    pub judgement: bool,
    /// Whether the answer is an age.
    pub is_age: bool,
    /// How many norms are open.
    pub open: usize,
    /// What helps to answer it.
    pub help: Option<String>,
    /// The provisions that it comes from.
    pub cites: Vec<String>,
}

/// Which of the norms are satisfied by now, and how many are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SoFar {
    /// Those that are satisfied.
    pub satisfied: Vec<String>,
    /// How many are open.
    pub open: usize,
}

/// An interview about one person.
#[derive(Debug, Clone)]
pub struct Interview {
    question: Question,
    library: Arc<Library>,
    logic: Arc<Logic>,
    norms: Vec<usize>,
    case: Case,
    /// The person's place in the case.
    at: usize,
    /// What was answered, in its order.
    pub answers: Vec<Answered>,
}

impl Interview {
    /// Begins an interview about the person of a case, or about somebody of whom nothing is known; or goes on after `answers`.
    ///
    /// # Errors
    /// A norm that is not there; several cases, or several persons of whom none was chosen; an answer to what is no question.
    pub fn new(
        question: &Question,
        library: &Arc<Library>,
        cases: &[Case],
        answers: Vec<Answered>,
    ) -> Result<Self, Refusal> {
        let norms = chosen(&library.law, &question.norms)?;
        let case = match cases {
            [] => blank(),
            [case] => case.clone(),
            _ => return Err(refuse("", "an interview takes one case", None)),
        };
        let at = place(&case, question.person.as_deref())?;
        if let Some(unknown) = answers.iter().find(|a| library.law.vocabulary.find(&a.fact).is_none()) {
            return Err(refuse("", &format!("unknown fact `{}`", unknown.fact), None));
        }
        let (question, library, logic) = (question.clone(), library.clone(), library.logic());
        Ok(Self { question, library, logic, norms, case, at, answers })
    }

    /// Returns what comes next; an answer that contradicts those before it is taken back.
    ///
    /// # Errors
    /// What was known before the first question contradicts itself.
    pub fn turn(&mut self) -> Result<Turn, Refusal> {
        let next = match self.core().next() {
            Ok(next) => next,
            Err(error) => {
                let Some(last) = self.answers.last_mut() else { return Err(undecided(error)) };
                last.reply = Reply::Unknown;
                let question = question_of(&self.library, &last.fact);
                return Ok(Turn::Contradicted { reason: error.to_string(), question });
            }
        };
        let Some(next) = next else { return Ok(Turn::Done) };
        let vocabulary = &self.library.law.vocabulary;
        let fact = vocabulary.get(next.fact);
        Ok(Turn::Ask(Asked {
            fact: fact.id.clone(),
            number: self.answers.len() + 1,
            question: fact.question.clone(),
            judgement: fact.judge,
            is_age: vocabulary.age() == Some(next.fact),
            open: next.open,
            help: fact.help.clone(),
            cites: fact.cites.clone(),
        }))
    }

    /// Takes an answer.
    pub fn answer(&mut self, fact: &str, reply: Reply) {
        self.answers.push(Answered { fact: fact.to_owned(), reply });
    }

    /// Takes the last answer back; returns its question.
    pub fn back(&mut self) -> Option<String> {
        self.answers.pop().map(|last| question_of(&self.library, &last.fact))
    }

    /// Returns what is settled by now; none while the answers contradict each other.
    #[must_use]
    pub fn so_far(&self) -> Option<SoFar> {
        let findings = self.core().findings().ok()?;
        let is = |wanted: Finding| findings.iter().filter(move |(_, f)| *f == wanted);
        Some(SoFar {
            satisfied: is(Finding::Established).map(|(n, _)| self.library.law.norms[*n].id.clone()).collect(),
            open: is(Finding::Undetermined).count(),
        })
    }

    /// Returns the case with what was answered, all its persons in their places: as it is saved.
    #[must_use]
    pub fn whole_case(&self) -> Case {
        let mut case = self.case.clone();
        case.persons[self.at] = self.core().person;
        case
    }

    /// Returns the case of the person alone, with what was answered: as it is tested.
    #[must_use]
    pub fn case(&self) -> Case {
        Case { persons: vec![self.core().person], ..self.case.clone() }
    }

    fn core(&self) -> Core<'_> {
        let person = self.case.persons[self.at].clone();
        let mut core = Core::new(&self.logic, self.norms.clone(), person, self.question.reading());
        let vocabulary = &self.library.law.vocabulary;
        let answered = |a: &Answered| -> Option<(FactIx, Answer)> { Some((vocabulary.find(&a.fact)?, a.reply.core())) };
        for (fact, answer) in self.answers.iter().filter_map(answered) {
            core.answer(fact, answer);
        }
        core
    }
}

fn question_of(library: &Library, fact: &str) -> String {
    let vocabulary = &library.law.vocabulary;
    vocabulary.find(fact).map_or_else(String::new, |f| vocabulary.get(f).question.clone())
}

fn place(case: &Case, wanted: Option<&str>) -> Result<usize, Refusal> {
    let ids: Vec<&str> = case.persons.iter().map(|p| p.id.as_str()).collect();
    match wanted {
        Some(id) => ids.iter().position(|i| *i == id),
        None if ids.len() == 1 => Some(0),
        None => None,
    }
    .ok_or_else(|| {
        let hint = format!("persons are {}", ids.join(", "));
        refuse("person", "an interview needs one person of the case", Some(hint))
    })
}

fn refuse(setting: &'static str, reason: &str, hint: Option<String>) -> Refusal {
    let problem = Problem::of_setting(setting, reason);
    Refusal::Input(match hint {
        Some(hint) => problem.hint(hint).into(),
        None => problem.into(),
    })
}

/// Returns an open case of one person, of whom nothing is known.
fn blank() -> Case {
    let person = Person { id: "person".to_owned(), rest: Rest::Unknown, ..Person::default() };
    Case { id: "interview".to_owned(), title: "Interview".to_owned(), persons: vec![person], ..Case::default() }
}
