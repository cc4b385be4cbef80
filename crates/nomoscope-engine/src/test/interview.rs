//! The interview: after these answers, which question comes next?
//!
//! Its state is plain data, so that a terminal keeps it in memory and a page in its address: a list of [`Answered`]. It is rebuilt
//! from the answers each time: a hundred answers are replayed in less time than one next question is chosen.
//!
//! How a front uses it: [`Interview::new`] with the answers so far; [`Interview::turn`] says what comes next; [`Interview::answer`]
//! takes an answer, and changes an earlier one where the fact was answered before; [`Interview::skip`] leaves a part of the story
//! for later; [`Interview::back`] takes the last answer back. Whatever order the answers are changed in, the same list gives the
//! same state. A contradiction is a turn of its own: it shows both answers, and stands until one of them is changed.

use super::question::Question;
use crate::law::applicable::{by_default, enter_state, may_be_asked, state_of};
use crate::law::library::Library;
use crate::law::question::{chosen, undecided};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Case, Person, Rest};
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::guide::{Story, spoken};
use nomoscope_core::law::interview::{Answer, Interview as Core, Manner, Pace};
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::vocabulary::{FactIx, OLDEST};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an answer is about that is no fact: whether the person is safe.
pub const SAFETY: &str = "safety";
/// What an answer is about that is no fact: which State's law is looked at.
pub const STATE: &str = "state";
/// Before the id of a part of the story that is left for later.
const STORY: &str = "story:";

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The fact that was asked for; `safety`, `state`, or `story:` with the id of a part of the story that was skipped.
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
    /// I do not know; of a part of the story: not now.
    Unknown,
    /// An age between these, both included, in completed years.
    Age(u16, u16),
    /// One of the choices of the question, by its place from 0.
    Choice(u16),
}

impl Reply {
    /// Returns what these words say: `y`, `no`, `?`, and of an age a number or a range such as `15-17`; none if nothing.
    #[must_use]
    pub fn understand(words: &str, is_age: bool) -> Option<Self> {
        match words.trim().to_lowercase().as_str() {
            "?" | "d" | "dk" | "don't know" | "dont know" | "unknown" | "je ne sais pas" => return Some(Self::Unknown),
            "y" | "yes" | "true" | "o" | "oui" if !is_age => return Some(Self::Yes),
            "n" | "no" | "false" | "non" if !is_age => return Some(Self::No),
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
            Self::Unknown | Self::Choice(_) => Answer::DoNotKnow,
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
    /// Two answers contradict each other: one of them has to be changed.
    Contradicted(Contradiction),
    /// Nothing more can change the findings.
    Done,
}

/// Two answers that cannot both hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contradiction {
    /// Why, in words.
    pub reason: String,
    /// The earlier answer; none where it stood in the case file.
    pub earlier: Option<Told>,
    /// The later answer.
    pub later: Told,
}

/// An answer with its question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Told {
    /// The fact.
    pub fact: String,
    /// The question that was asked.
    pub question: String,
    /// What was said.
    pub reply: Reply,
}

/// A question, with what helps to answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asked {
    /// The fact that is asked for; `safety` or `state` at the beginning.
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
    /// The part of the story, by id; empty at the beginning.
    pub story: String,
    /// What the part of the story is called.
    pub story_label: String,
    /// What opens that part, where this is its first question.
    pub opening: Option<String>,
    /// Whether asking can hurt.
    pub distressing: bool,
    /// What the answer is one of; empty for yes, no and ages.
    pub choices: Vec<Choice>,
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
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
    /// A norm or a State that is not there; several cases, or several persons of whom none was chosen; an answer to what is no
    /// question.
    pub fn new(
        question: &Question,
        library: &Arc<Library>,
        cases: &[Case],
        answers: Vec<Answered>,
    ) -> Result<Self, Refusal> {
        chosen(&library.law, &question.norms)?;
        let case = match cases {
            [] => blank(),
            [case] => case.clone(),
            _ => return Err(refuse("", "an interview takes one case", None)),
        };
        state_of(&library.law, question.state.as_deref(), Some(&case))?;
        let at = place(&case, question.person.as_deref())?;
        if let Some(unknown) = answers.iter().find(|a| !is_question(&library.law, &a.fact)) {
            return Err(refuse("", &format!("unknown fact `{}`", unknown.fact), None));
        }
        let (question, library, logic) = (question.clone(), library.clone(), library.logic());
        Ok(Self { question, library, logic, case, at, answers })
    }

    /// Returns what comes next.
    ///
    /// # Errors
    /// What was known before the first question contradicts itself.
    pub fn turn(&mut self) -> Result<Turn, Refusal> {
        if let Some(first) = self.opening_question() {
            return Ok(Turn::Ask(first));
        }
        let next = match self.core().next() {
            Ok(next) => next,
            Err(error) => {
                return self.contradiction(&error.to_string()).map(Turn::Contradicted).ok_or_else(|| undecided(error));
            }
        };
        let Some(next) = next else { return Ok(Turn::Done) };
        Ok(Turn::Ask(self.asked(next.fact, next.open)))
    }

    /// Takes an answer; an earlier one to the same question is changed in its place.
    pub fn answer(&mut self, fact: &str, reply: Reply) {
        match self.answers.iter_mut().find(|a| a.fact == fact) {
            Some(earlier) => earlier.reply = reply,
            None => self.answers.push(Answered { fact: fact.to_owned(), reply }),
        }
    }

    /// Leaves a part of the story for later: what it would have asked counts as unknown.
    pub fn skip(&mut self, story: &str) {
        self.answer(&format!("{STORY}{story}"), Reply::Unknown);
    }

    /// Takes the last answer back; returns its question.
    pub fn back(&mut self) -> Option<String> {
        self.answers.pop().map(|last| self.question_of(&last.fact))
    }

    /// Returns all answers with their questions, to be looked through and changed.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.answers.iter().map(|a| self.tell(a)).collect()
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

    /// Returns whether somebody said that the person is not safe now: then that comes first.
    #[must_use]
    pub fn is_unsafe(&self) -> bool {
        self.answers.iter().any(|a| a.fact == SAFETY && a.reply == Reply::No)
    }

    /// Returns the case with what was answered, all its persons in their places: as it is saved.
    #[must_use]
    pub fn whole_case(&self) -> Case {
        let mut case = self.with_state();
        case.persons[self.at] = self.core().person;
        case
    }

    /// Returns the case of the person alone, with what was answered: as it is tested.
    #[must_use]
    pub fn case(&self) -> Case {
        Case { persons: vec![self.core().person], ..self.with_state() }
    }

    /// Returns the norms that are asked for.
    fn norms(&self) -> Vec<usize> {
        let law = &self.library.law;
        if !self.question.norms.is_empty() {
            return chosen(law, &self.question.norms).unwrap_or_default();
        }
        let state = law.guide.state(&self.state().unwrap_or_default());
        let mut norms = by_default(law, state, self.case.date, None);
        norms.retain(|&n| {
            let norm = &law.norms[n];
            let universal = matches!(norm.system.as_str(), "un" | "ilo");
            (self.question.own_acts || may_be_asked(norm)) && (state.is_some() || universal)
        });
        norms
    }

    /// Returns the State by id: that of the question, of the answers, or of the case.
    fn state(&self) -> Option<String> {
        let states = &self.library.law.guide.states;
        let answered = self.answers.iter().find_map(|a| match a.reply {
            Reply::Choice(n) if a.fact == STATE => states.get(usize::from(n)).map(|s| s.id.clone()),
            _ => None,
        });
        let asked = state_of(&self.library.law, self.question.state.as_deref(), Some(&self.case)).ok().flatten();
        answered.or_else(|| asked.map(|s| s.id.clone()))
    }

    fn with_state(&self) -> Case {
        let mut case = self.case.clone();
        if let Some(state) = self.state().and_then(|id| self.library.law.guide.state(&id)) {
            enter_state(&mut case, state);
        }
        case
    }

    fn core(&self) -> Core<'_> {
        let person = self.with_state().persons[self.at].clone();
        let skipped: BTreeSet<String> =
            self.answers.iter().filter_map(|a| a.fact.strip_prefix(STORY)).map(str::to_owned).collect();
        let manner = Manner {
            protection: !self.question.thorough,
            named: !self.question.norms.is_empty(),
            own_acts: self.question.own_acts,
            file: self.question.file,
            skipped,
            grade: self.question.grade,
            pace: Pace::default(),
        };
        let mut core = Core::new(&self.logic, self.norms(), person, self.question.reading()).led(manner);
        let vocabulary = &self.library.law.vocabulary;
        let answered = |a: &Answered| -> Option<(FactIx, Answer)> { Some((vocabulary.find(&a.fact)?, a.reply.core())) };
        for (fact, answer) in self.answers.iter().filter_map(answered) {
            core.answer(fact, answer);
        }
        core
    }

    /// Returns the questions that come before the story: is the person safe, and which State's law is looked at.
    fn opening_question(&self) -> Option<Asked> {
        if self.question.thorough || !self.question.norms.is_empty() {
            return None;
        }
        let open = |fact: &str| self.answers.iter().all(|a| a.fact != fact);
        let (fact, choices) = if open(SAFETY) {
            (SAFETY, Vec::new())
        } else if open(STATE) && self.state().is_none() && !self.library.law.guide.states.is_empty() {
            let choice = |s: &nomoscope_core::law::guide::State| Choice {
                id: s.id.clone(),
                label: spoken(&s.label, &self.question.language).to_owned(),
            };
            (STATE, self.library.law.guide.states.iter().map(choice).collect())
        } else {
            return None;
        };
        let help = self.story(fact).map(|s| spoken(&s.opening, &self.question.language).to_owned());
        Some(Asked {
            fact: fact.to_owned(),
            number: self.number(),
            question: self.question_of(fact),
            judgement: false,
            is_age: false,
            open: 0,
            help,
            cites: Vec::new(),
            story: String::new(),
            story_label: String::new(),
            opening: None,
            distressing: false,
            choices,
        })
    }

    fn number(&self) -> usize {
        1 + self.answers.iter().filter(|a| !a.fact.starts_with(STORY)).count()
    }

    fn asked(&self, fact: FactIx, open: usize) -> Asked {
        let law = &self.library.law;
        let (vocabulary, language) = (&law.vocabulary, self.question.language.as_str());
        let f = vocabulary.get(fact);
        let story = self.story(&f.story);
        let begun =
            self.answers.iter().filter_map(|a| vocabulary.find(&a.fact)).any(|o| vocabulary.get(o).story == f.story);
        let help = f.wording.get(language).map(|w| w.help.clone()).filter(|h| !h.is_empty()).or_else(|| f.help.clone());
        Asked {
            fact: f.id.clone(),
            number: self.number(),
            question: f.question_in(language).to_owned(),
            judgement: f.judge,
            is_age: vocabulary.age() == Some(fact),
            open,
            help,
            cites: f.cites.clone(),
            story: f.story.clone(),
            story_label: story.map(|s| spoken(&s.label, language).to_owned()).unwrap_or_default(),
            opening: story.filter(|_| !begun).map(|s| spoken(&s.opening, language).to_owned()),
            distressing: f.distress,
            choices: Vec::new(),
        }
    }

    /// Returns the first answer that contradicts those before it, with one of those that it contradicts.
    fn contradiction(&self, reason: &str) -> Option<Contradiction> {
        let holds = |answers: Vec<Answered>| Self { answers, ..self.clone() }.core().next().is_ok();
        let n = (1..=self.answers.len()).find(|&n| !holds(self.answers[..n].to_vec()))?;
        let (later, before) = self.answers[..n].split_last()?;
        let culprit = (0..before.len()).find(|&i| {
            let kept = before.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, a)| a.clone());
            holds(kept.chain([later.clone()]).collect())
        });
        let earlier = culprit.and_then(|i| before.get(i)).map(|a| self.tell(a));
        Some(Contradiction { reason: reason.to_owned(), earlier, later: self.tell(later) })
    }

    fn tell(&self, a: &Answered) -> Told {
        Told { fact: a.fact.clone(), question: self.question_of(&a.fact), reply: a.reply }
    }

    fn question_of(&self, fact: &str) -> String {
        let (law, language) = (&self.library.law, self.question.language.as_str());
        match law.vocabulary.find(fact) {
            Some(f) => law.vocabulary.get(f).question_in(language).to_owned(),
            None => {
                let id = fact.strip_prefix(STORY).unwrap_or(fact);
                self.story(id).map_or_else(|| id.to_owned(), |s| spoken(&s.label, language).to_owned())
            }
        }
    }

    fn story(&self, id: &str) -> Option<&Story> {
        self.library.law.guide.stories.iter().find(|s| s.id == id)
    }
}

/// Whether something can be answered: a fact, one of the first questions, a part of the story.
fn is_question(law: &Law, fact: &str) -> bool {
    [SAFETY, STATE].contains(&fact) || fact.starts_with(STORY) || law.vocabulary.find(fact).is_some()
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
