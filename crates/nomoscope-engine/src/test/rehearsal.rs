//! An interview that a case file answers: how many questions it takes, and its transcript.
//!
//! The file stands for the person. What it lists as true or untrue, and what follows from that by definition, is answered so; what
//! a closed file does not list is answered with no, and everything else with *don't know*.

use super::brief::page;
use super::interview::{Asked, DATE, Interview, STATE, Turn, screen_of};
use super::question::Question;
use super::reply::Reply;
use crate::handle::Handle;
use crate::law::library::Library;
use crate::law::question::undecided;
use crate::refusal::Refusal;
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::case::{Case, Person, Rest, Value};
use nomoscope_core::law::logic::{Logic, Variable, World};
use nomoscope_core::law::vocabulary::FactIx;
use rayon::prelude::*;
use std::sync::Arc;

/// More questions than there are facts cannot be asked.
const MOST: usize = 1_000;

/// An interview that came to its end.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    /// The interview with all answers.
    pub interview: Interview,
    /// Each question with its answer, in order.
    pub turns: Vec<(Asked, Reply)>,
}

/// What the interview took for one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The case.
    pub case: String,
    /// The State that was named.
    pub state: String,
    /// Questions, the first three among them.
    pub questions: usize,
    /// Questions that may distress.
    pub distressing: usize,
    /// Norms that the answers satisfy.
    pub satisfied: usize,
    /// Norms that they leave open.
    pub open: usize,
}

/// What a set of cases took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Half of the cases take at most so many questions.
    pub questions: usize,
    /// Half of the cases take at most so many questions that may distress.
    pub distressing: usize,
    /// No case takes more questions.
    pub longest: usize,
    /// No case takes more questions that may distress.
    pub hardest: usize,
}

impl Budget {
    /// Returns what half of the cases take at most, and the most that any takes; zeros of none.
    #[must_use]
    pub fn of(taken: &[Taken]) -> Self {
        let sorted = |of: fn(&Taken) -> usize| {
            let mut all: Vec<usize> = taken.iter().map(of).collect();
            all.sort_unstable();
            all
        };
        // The upper of the two in the middle, so that what is said holds for half of an even number, too.
        let half = |all: &[usize]| all.get(all.len() / 2).copied().unwrap_or_default();
        let most = |all: &[usize]| all.last().copied().unwrap_or_default();
        let (asked, hard) = (sorted(|t| t.questions), sorted(|t| t.distressing));
        Self { questions: half(&asked), distressing: half(&hard), longest: most(&asked), hardest: most(&hard) }
    }
}

/// Returns the scripted cases on which the interview is measured: real ones that name a State; those on which nothing was chosen,
/// or the others.
#[must_use]
pub fn scripted(library: &Library, held_out: bool) -> Vec<&Case> {
    library.cases.iter().filter(|c| !c.state.is_empty() && c.held_out == held_out).collect()
}

/// Leads the interview about the first person of each case to its end.
///
/// # Errors
/// Facts of a case that contradict each other, a State that is not there.
pub fn take(library: &Arc<Library>, cases: &[&Case]) -> Result<Vec<Taken>, Refusal> {
    let one = |case: &&Case| {
        let truth = case.persons.first().cloned().unwrap_or_default();
        let led = rehearse(&Question::default(), library, &truth, Some(&case.state), case.date)?;
        let so_far = led.interview.so_far();
        Ok(Taken {
            case: case.id.clone(),
            state: case.state.clone(),
            questions: led.questions(),
            distressing: led.distressing(),
            satisfied: so_far.as_ref().map_or(0, |s| s.satisfied.len()),
            open: so_far.map_or(0, |s| s.open),
        })
    };
    cases.par_iter().map(one).collect()
}

/// What somebody knows who answers.
struct Answerer<'a> {
    logic: &'a Logic,
    truth: &'a Person,
    world: World,
    state: Option<u16>,
    date: Option<PartialDate>,
}

/// Leads an interview to its end, answered as the file says of one person; `state` is what they say to *which State*, by id, and
/// `date` what they say to *when*.
///
/// # Errors
/// Facts of the file that contradict each other; a State or norm that is not there.
pub fn rehearse(
    question: &Question,
    library: &Arc<Library>,
    truth: &Person,
    state: Option<&str>,
    date: Option<PartialDate>,
) -> Result<Rehearsed, Refusal> {
    let logic = library.logic();
    let place = state.and_then(|id| library.law.guide.states.iter().position(|s| s.is_called(id)));
    let answerer = Answerer {
        logic: &logic,
        truth,
        world: World::new(&logic, &truth.known(), false).map_err(undecided)?,
        state: place.and_then(|n| u16::try_from(n).ok()),
        date,
    };
    let mut interview = Interview::new(question, library, &[], Vec::new())?;
    let mut turns: Vec<(Asked, Reply)> = Vec::new();
    while turns.len() < MOST {
        match interview.turn()? {
            Turn::Done => break,
            Turn::Ask(asked) => {
                let reply = answerer.reply(&asked);
                interview.answer(&asked.fact, reply);
                turns.push((asked, reply));
            }
            // By an interpretation that the file does not share: the later answer is left open.
            Turn::Contradicted(c) => {
                interview.answer(&c.later.fact, Reply::Unknown);
                turns.iter_mut().filter(|(a, _)| a.fact == c.later.fact).for_each(|(_, r)| *r = Reply::Unknown);
            }
        }
    }
    Ok(Rehearsed { interview, turns })
}

impl Answerer<'_> {
    fn reply(&self, asked: &Asked) -> Reply {
        let vocabulary = &self.logic.law.vocabulary;
        let Some(fact) = vocabulary.find(&asked.fact) else {
            let screens = &self.logic.law.guide.screens;
            if let Some(n) = screen_of(screens, &asked.fact) {
                return screens.get(n).map_or(Reply::Unknown, |s| self.of_any(&s.facts));
            }
            return match self.state {
                Some(place) if asked.fact == STATE => Reply::Choice(place),
                None if asked.fact == STATE => Reply::Unknown,
                _ if asked.fact == DATE => self.date.map_or(Reply::Unknown, Reply::Day),
                _ => Reply::Yes,
            };
        };
        if asked.is_age {
            return self.truth.age.map_or(Reply::Unknown, |a| Reply::Age(a.low, a.high));
        }
        self.of_fact(fact)
    }

    /// Was there any of these? Yes for one yes; no where each is no; else it is not known.
    fn of_any(&self, facts: &[FactIx]) -> Reply {
        let replies: Vec<Reply> = facts.iter().map(|f| self.of_fact(*f)).collect();
        let wanted = if replies.contains(&Reply::Yes) { Reply::Yes } else { Reply::No };
        if replies.contains(&Reply::Yes) || replies.iter().all(|r| *r == Reply::No) { wanted } else { Reply::Unknown }
    }

    fn of_fact(&self, fact: FactIx) -> Reply {
        let follows = self.world.value(self.logic, Variable::Fact(fact));
        match self.truth.facts.get(&fact).map(|e| e.value) {
            Some(Value::True) => Reply::Yes,
            Some(Value::False) => Reply::No,
            _ if follows.is_true() => Reply::Yes,
            None if self.truth.rest == Rest::False => Reply::No,
            Some(Value::Unknown) | None => Reply::Unknown,
        }
    }
}

impl Rehearsed {
    /// Returns how many questions were asked, the first three among them.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.turns.len()
    }

    /// Returns how many of them may distress.
    #[must_use]
    pub fn distressing(&self) -> usize {
        self.turns.iter().filter(|(a, _)| a.distressing).count()
    }

    /// Returns what was asked and answered, and the first screen, as text; `case` gives the title.
    ///
    /// # Errors
    /// Answers that contradict each other.
    pub fn transcript(&self, case: &Case, language: &str) -> Result<String, Refusal> {
        let mut out = String::new();
        for (asked, reply) in &self.turns {
            if let Some(opening) = &asked.opening {
                let head = self.interview.speech().fill("{}: {}", &[&asked.story_label, opening]);
                out.push_str(&format!("\n-- {head}\n"));
            }
            let said = self.interview.said(&asked.fact, *reply);
            out.push_str(&format!("{}. {}\n   > {said}\n", asked.number, asked.question));
        }
        let mut tested = self.interview.tested(&Handle::default())?;
        tested.cases.iter_mut().for_each(|c| c.title.clone_from(&case.title));
        for tried in &tested.tried {
            out.push_str(&format!("\n{}", page(&tested, tried, language)));
        }
        Ok(out.trim_start().to_owned())
    }
}
