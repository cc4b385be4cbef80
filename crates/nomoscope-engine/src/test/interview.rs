//! The interview: after these answers, which question comes next?
//!
//! Its state is plain data, so that a terminal keeps it in memory and a page in its address: a list of [`Answered`]. It is rebuilt
//! from the answers each time: a hundred answers are replayed in less time than one next question is chosen.
//!
//! How a front uses it: [`Interview::new`] with the answers so far; [`Interview::turn`] says what comes next; [`Interview::answer`]
//! takes an answer, and changes an earlier one where the fact was answered before; [`Interview::say`] does the same with the words
//! of somebody; [`Interview::skip`] leaves a part of the story for later; [`Interview::back`] takes the last answer back. Whatever
//! order the answers are changed in, the same list gives the same state. A contradiction is a turn of its own: it shows both
//! answers, and stands until one of them is changed ([`Interview::settle`]).

use super::answer::Tested;
use super::question::Question;
pub use super::reply::Reply;
use super::reply::{Meant, Takes, Unclear};
use crate::handle::Handle;
use crate::law::applicable::{by_default, enter_state, may_be_asked, state_of, universal};
use crate::law::library::Library;
use crate::law::question::{chosen, undecided};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, Entry, Grade, Person, Rest, Value};
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::guide::{Screen, Story, spoken};
use nomoscope_core::law::interview::{Interview as Core, Manner, Pace};
use nomoscope_core::law::logic::{Logic, LogicError};
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::FactIx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an answer is about that is no fact: whether the person is safe.
pub const SAFETY: &str = "safety";
/// What an answer is about that is no fact: which State's law is looked at.
pub const STATE: &str = "state";
/// What an answer is about that is no fact: when it happened.
pub const DATE: &str = "date";
/// Before the id of a part of the story that is left for later.
const STORY: &str = "story:";
/// Before the id of a question that stands before many.
const SCREEN: &str = "screen:";

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The fact that was asked for; `safety`, `state`, `date`, `screen:` with the id of a question that stands before many, or `story:`
    /// with the id of a part of the story that was skipped.
    pub fact: String,
    /// What was said.
    pub reply: Reply,
    /// How it is known; nothing: as the interview says of all answers.
    #[serde(default, skip_serializing_if = "Evidence::is_empty")]
    pub evidence: Evidence,
}

/// How an answer is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// How well it is established: `disputed`, `alleged` (said), `supported`, `proved`; none: as the interview says.
    #[schemars(with = "Option<String>")]
    pub grade: Option<Grade>,
    /// Who said it.
    pub by: String,
    /// When it happened: a year, a month or a day.
    #[schemars(with = "Option<String>")]
    pub when: Option<PartialDate>,
    /// Where it happened.
    pub place: String,
    /// Where it is written.
    pub document: String,
}

impl Evidence {
    /// Whether nothing is said of how it is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn of(entry: &Entry) -> Self {
        Self {
            grade: entry.grade,
            by: entry.by.clone(),
            when: entry.when,
            place: entry.place.clone(),
            document: entry.source.clone(),
        }
    }

    fn enter(&self, entry: &mut Entry) {
        entry.grade = self.grade.or(entry.grade);
        (entry.by, entry.place, entry.source) = (self.by.clone(), self.place.clone(), self.document.clone());
        entry.when = self.when;
    }
}

impl Answered {
    /// Returns an answer of which nothing is said of how it is known.
    #[must_use]
    pub fn new(fact: &str, reply: Reply) -> Self {
        Self { fact: fact.to_owned(), reply, evidence: Evidence::default() }
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
    /// The same in words, in the language of the questions; of a State its name.
    pub said: String,
    /// The same as it is typed or chosen: `yes`, `no`, `?`, an age or a range, the id of a State.
    pub typed: String,
    /// How it is known.
    pub evidence: Evidence,
    /// Whether it is a fact, of which it can be said how it is known.
    pub takes_evidence: bool,
    /// Whether it stood in the case file and was not answered since.
    pub from_file: bool,
    /// Whether it is answered with yes or no.
    pub yes_or_no: bool,
    /// Whether it is a part of the story that was left for later.
    pub left_out: bool,
}

/// A question, with what helps to answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asked {
    /// The fact that is asked for; `safety`, `state` or `date` at the beginning.
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
    /// question, or one that does not fit its question.
    pub fn new(
        question: &Question,
        library: &Arc<Library>,
        cases: &[Case],
        answers: Vec<Answered>,
    ) -> Result<Self, Refusal> {
        chosen(&library.law, &question.norms)?;
        let case = match cases {
            [] => blank(&Speech::new(&library.law, &question.language)),
            [case] => case.clone(),
            _ => return Err(refuse("", "an interview takes one case", None)),
        };
        state_of(&library.law, question.state.as_deref(), Some(&case))?;
        let at = place(&case, question.person.as_deref())?;
        for a in &answers {
            let takes = takes(&library.law, &a.fact);
            let takes = takes.ok_or_else(|| refuse("", &format!("unknown fact `{}`", a.fact), None))?;
            if !takes.fits(a.reply) {
                let hint = Some(takes.how().to_owned());
                return Err(refuse("", &format!("what was answered to `{}` is no answer to it", a.fact), hint));
            }
        }
        let (question, library, logic) = (question.clone(), library.clone(), library.logic());
        Ok(Self { question, library, logic, case, at, answers })
    }

    /// Returns what comes next.
    ///
    /// # Errors
    /// What was known before the first question contradicts itself.
    pub fn turn(&mut self) -> Result<Turn, Refusal> {
        let next = match self.core().next() {
            Ok(next) => next,
            Err(error) => {
                return self.contradiction(&self.why(&error)).map(Turn::Contradicted).ok_or_else(|| undecided(error));
            }
        };
        if let Some(first) = self.opening_question() {
            return Ok(Turn::Ask(first));
        }
        let Some(next) = next else { return Ok(Turn::Done) };
        Ok(Turn::Ask(match next.screen {
            Some(n) => self.screen(n, next.open),
            None => self.asked(next.fact, next.open),
        }))
    }

    /// Takes an answer; an earlier one to the same question is changed in its place.
    pub fn answer(&mut self, fact: &str, reply: Reply) {
        match self.answers.iter_mut().find(|a| a.fact == fact) {
            Some(earlier) => earlier.reply = reply,
            None => {
                // What was changed keeps what the file says of how it is known.
                let evidence =
                    self.before().into_iter().find(|a| a.fact == fact).map(|a| a.evidence).unwrap_or_default();
                self.answers.push(Answered { evidence, ..Answered::new(fact, reply) });
            }
        }
    }

    /// Says of an answer, or of what stood in the case file, how it is known. Of what is no fact nothing is said.
    pub fn note(&mut self, fact: &str, evidence: Evidence) {
        if self.library.law.vocabulary.find(fact).is_none() {
            return;
        }
        if let Some(answer) = self.answers.iter_mut().find(|a| a.fact == fact) {
            answer.evidence = evidence;
        } else if let Some(before) = self.before().into_iter().find(|a| a.fact == fact) {
            self.answers.push(Answered { evidence, ..before });
        }
    }

    /// Returns what the case file says, as answers, where nothing was answered since: questions before many, the age, and facts.
    fn before(&self) -> Vec<Answered> {
        let (law, person) = (&self.library.law, &self.case.persons[self.at]);
        let reply = |value: Value| match value {
            Value::True => Reply::Yes,
            Value::False => Reply::No,
            Value::Unknown => Reply::Unknown,
        };
        let screens = person.screens.iter().filter_map(|(n, value)| {
            let screen = law.guide.screens.get(*n)?;
            Some(Answered::new(&format!("{SCREEN}{}", screen.id), reply(*value)))
        });
        let age = law.vocabulary.age().zip(person.age).map(|(fact, age)| {
            let evidence = Evidence { grade: person.age_grade, ..Evidence::default() };
            Answered { evidence, ..Answered::new(&law.vocabulary.get(fact).id, Reply::Age(age.low, age.high)) }
        });
        let facts = person.facts.iter().map(|(fact, entry)| Answered {
            evidence: Evidence::of(entry),
            ..Answered::new(&law.vocabulary.get(*fact).id, reply(entry.value))
        });
        let all = screens.chain(age).chain(facts);
        all.filter(|before| self.answers.iter().all(|a| a.fact != before.fact)).collect()
    }

    /// Takes the words of somebody: an answer, *not now*, or for a part of the story that was left for later that it is asked after
    /// all.
    ///
    /// # Errors
    /// [`Unclear`]: the words are no answer to this question, and nothing was changed.
    pub fn say(&mut self, fact: &str, words: &str) -> Result<Meant, Unclear> {
        let takes = self.takes(fact).ok_or(Unclear { looks: None, how: "There is no such question." })?;
        let meant = takes.understand(words)?;
        match meant {
            Meant::Reply(Reply::Yes) if takes == Takes::Story => self.answers.retain(|a| a.fact != fact),
            Meant::Reply(reply) => self.answer(fact, reply),
            Meant::NotNow => self.not_now(fact),
        }
        Ok(meant)
    }

    /// Returns the language in which the questions are asked.
    #[must_use]
    pub fn speech(&self) -> Speech<'_> {
        Speech::new(&self.library.law, &self.question.language)
    }

    /// Returns why answers contradict each other, with the names of the facts in the language of the questions.
    fn why(&self, error: &LogicError) -> String {
        let (speech, law) = (self.speech(), &self.library.law);
        let label = |id: &str| law.vocabulary.find(id).map_or_else(|| id.to_owned(), |f| speech.label(f).to_owned());
        match error {
            LogicError::Excluded { a, b } => speech
                .fill("The answers contradict each other: “{}” and “{}” cannot both be true.", &[&label(a), &label(b)]),
            LogicError::Entailed { fact, because, .. } => {
                let because: Vec<String> = because.split(" and ").map(|id| label(id.trim_matches('`'))).collect();
                let parts = [because.join(" + "), label(fact)];
                speech.fill(
                    "The answers contradict each other: from “{}” follows “{}”, which was denied.",
                    &[&parts[0], &parts[1]],
                )
            }
            LogicError::Denied { kind, fact } => {
                let kind = self.question_of(&format!("{SCREEN}{kind}"));
                let parts = [label(fact), kind];
                speech
                    .fill("The answers contradict each other: “{}” was said, and no to “{}”.", &[&parts[0], &parts[1]])
            }
            LogicError::Impossible => speech.say("The answers contradict each other.").to_owned(),
            LogicError::TooComplex { .. } => error.to_string(),
        }
    }

    /// Returns what an answer to a question can be; none where there is no such question.
    #[must_use]
    pub fn takes(&self, fact: &str) -> Option<Takes<'_>> {
        takes(&self.library.law, fact)
    }

    /// Leaves the part of the story to which a question belongs for later; of the first questions, this one alone.
    pub fn not_now(&mut self, fact: &str) {
        match self.story_of(fact).map(str::to_owned).filter(|story| !story.is_empty()) {
            Some(story) => self.skip(&story),
            None => self.answer(fact, Reply::Unknown),
        }
    }

    /// Says which of two answers that contradict each other holds: the other is turned round. None leaves both open.
    pub fn settle(&mut self, c: &Contradiction, holds: Option<&str>) {
        let both: Vec<&Told> = c.earlier.iter().chain([&c.later]).collect();
        let turned = |t: &&&Told| holds.is_none_or(|fact| fact != t.fact);
        let alone = both.len() == 1;
        for told in both.iter().filter(|t| alone || turned(t)) {
            let reply = if holds.is_some() && !alone { told.reply.turned() } else { Reply::Unknown };
            self.answer(&told.fact, reply);
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

    /// Returns all answers with their questions, to be looked through and changed: what stood in the case file first.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        let before = self.before();
        let told = before.iter().map(|a| Told { from_file: true, ..self.tell(a) });
        told.chain(self.answers.iter().map(|a| self.tell(a))).collect()
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

    /// Returns what the answers support by now: held against the norms of the State and its treaties; as long as no State is known,
    /// against the treaties that are open to all.
    ///
    /// # Errors
    /// Answers that contradict each other.
    pub fn tested(&self, handle: &Handle) -> Result<Tested, Refusal> {
        let mut question = self.question.clone();
        if question.norms.is_empty() && self.state().is_none() {
            let law = &self.library.law;
            let open = by_default(law, None, self.date(), None).into_iter().map(|n| &law.norms[n]);
            question.norms = open.filter(|n| universal(n)).map(|n| n.id.clone()).collect();
        }
        // The case holds one person, the one who was asked about, and the day that was answered.
        (question.person, question.date) = (None, None);
        question.ask(&self.library, &[self.case()], handle)
    }

    /// Returns the norms that are asked for.
    fn norms(&self) -> Vec<usize> {
        let law = &self.library.law;
        if !self.question.norms.is_empty() {
            return chosen(law, &self.question.norms).unwrap_or_default();
        }
        let state = law.guide.state(&self.state().unwrap_or_default());
        let mut norms = by_default(law, state, self.date(), None);
        norms.retain(|&n| {
            let norm = &law.norms[n];
            (self.question.own_acts || may_be_asked(norm)) && (state.is_some() || universal(norm))
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

    /// Returns when it happened: as it was answered, else as the question or the case says.
    fn date(&self) -> Option<PartialDate> {
        let answered = self.answers.iter().find_map(|a| match a.reply {
            Reply::Day(day) if a.fact == DATE => Some(day),
            _ => None,
        });
        answered.or(self.question.date).or(self.case.date)
    }

    fn with_state(&self) -> Case {
        let mut case = Case { date: self.date(), ..self.case.clone() };
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
        let (vocabulary, screens) = (&self.library.law.vocabulary, &self.library.law.guide.screens);
        for a in &self.answers {
            if let Some(fact) = vocabulary.find(&a.fact) {
                core.answer(fact, a.reply.core());
                let known = &mut core.person;
                if let Some(entry) = known.facts.get_mut(&fact) {
                    a.evidence.enter(entry);
                } else if vocabulary.age() == Some(fact) {
                    known.age_grade = a.evidence.grade;
                }
            } else if let Some(n) = screen_of(screens, &a.fact) {
                core.screened(n, a.reply.core());
            }
        }
        core
    }

    /// Returns the questions that come before the story: is the person safe, which State's law is looked at, and that of when.
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
        } else if open(DATE) && self.date().is_none() {
            (DATE, Vec::new())
        } else {
            return None;
        };
        let help = self.story(fact).map(|s| spoken(&s.opening, &self.question.language).to_owned());
        Some(Asked { help, choices, ..self.blank(fact, "", 0) })
    }

    /// Returns a question of a part of the story, with what every question has.
    fn blank(&self, fact: &str, story: &str, open: usize) -> Asked {
        let language = self.question.language.as_str();
        let told = self.story(story).filter(|_| !story.is_empty());
        let begun = self.answers.iter().any(|a| self.story_of(&a.fact) == Some(story));
        Asked {
            fact: fact.to_owned(),
            number: self.number(),
            question: self.question_of(fact),
            judgement: false,
            is_age: false,
            open,
            help: None,
            cites: Vec::new(),
            story: story.to_owned(),
            story_label: told.map(|s| spoken(&s.label, language).to_owned()).unwrap_or_default(),
            opening: told.filter(|_| !begun).map(|s| spoken(&s.opening, language).to_owned()),
            distressing: false,
            choices: Vec::new(),
        }
    }

    /// Returns the part of the story to which a question belongs.
    fn story_of(&self, fact: &str) -> Option<&str> {
        let law = &self.library.law;
        match law.vocabulary.find(fact) {
            Some(f) => Some(&law.vocabulary.get(f).story),
            None => {
                screen_of(&law.guide.screens, fact).and_then(|n| law.guide.screens.get(n)).map(|s| s.story.as_str())
            }
        }
    }

    fn number(&self) -> usize {
        1 + self.answers.iter().filter(|a| !a.fact.starts_with(STORY)).count()
    }

    fn asked(&self, fact: FactIx, open: usize) -> Asked {
        let vocabulary = &self.library.law.vocabulary;
        let f = vocabulary.get(fact);
        let words = f.wording.get(&self.question.language).map(|w| w.help.clone()).filter(|h| !h.is_empty());
        Asked {
            judgement: f.judge,
            is_age: vocabulary.age() == Some(fact),
            help: words.or_else(|| f.help.clone()),
            cites: f.cites.clone(),
            distressing: f.distress,
            ..self.blank(&f.id, &f.story, open)
        }
    }

    /// Returns a question that stands before many, with the provisions of all that stand behind it.
    fn screen(&self, n: usize, open: usize) -> Asked {
        let law = &self.library.law;
        let Some(screen) = law.guide.screens.get(n) else { return self.blank("", "", open) };
        let help = spoken(&screen.help, &self.question.language).to_owned();
        Asked {
            help: Some(help).filter(|h| !h.is_empty()),
            distressing: screen.distress,
            ..self.blank(&format!("{SCREEN}{}", screen.id), &screen.story, open)
        }
    }

    /// Returns the first answer that contradicts those before it, with one of those that it contradicts.
    fn contradiction(&self, reason: &str) -> Option<Contradiction> {
        let holds = |answers: Vec<Answered>| Self { answers, ..self.clone() }.core().check().is_ok();
        let n = (1..=self.answers.len()).find(|&n| !holds(self.answers[..n].to_vec()))?;
        let (later, before) = self.answers[..n].split_last()?;
        let culprit = (0..before.len()).find(|&i| {
            let kept = before.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, a)| a.clone());
            holds(kept.chain([later.clone()]).collect())
        });
        let earlier = culprit.and_then(|i| before.get(i)).map(|a| self.tell(a));
        let earlier = earlier.or_else(|| self.contradicted_in_file(&self.answers[..n]));
        Some(Contradiction { reason: reason.to_owned(), earlier, later: self.tell(later) })
    }

    /// Returns what stood in the case file and contradicts these answers; none where no single entry does.
    fn contradicted_in_file(&self, answers: &[Answered]) -> Option<Told> {
        let vocabulary = &self.library.law.vocabulary;
        let culprit = self.before().into_iter().find(|before| {
            let mut without = Self { answers: answers.to_vec(), ..self.clone() };
            let person = &mut without.case.persons[self.at];
            match vocabulary.find(&before.fact) {
                Some(fact) if person.facts.remove(&fact).is_some() => without.core().check().is_ok(),
                _ => false,
            }
        })?;
        Some(Told { from_file: true, ..self.tell(&culprit) })
    }

    fn tell(&self, a: &Answered) -> Told {
        let takes = self.takes(&a.fact);
        Told {
            fact: a.fact.clone(),
            question: self.question_of(&a.fact),
            reply: a.reply,
            said: self.said(&a.fact, a.reply),
            typed: takes.as_ref().map(|t| t.typed(a.reply)).unwrap_or_default(),
            evidence: a.evidence.clone(),
            takes_evidence: self.library.law.vocabulary.find(&a.fact).is_some(),
            from_file: false,
            yes_or_no: takes == Some(Takes::YesNo),
            left_out: takes == Some(Takes::Story),
        }
    }

    /// Returns an answer in words.
    #[must_use]
    pub fn said(&self, fact: &str, reply: Reply) -> String {
        match (reply, self.takes(fact)) {
            (Reply::Yes, _) => self.speech().say("Yes").to_owned(),
            (Reply::No, _) => self.speech().say("No").to_owned(),
            (Reply::Unknown, Some(Takes::Story)) => self.speech().say("Not now").to_owned(),
            (Reply::Choice(n), Some(Takes::State(states))) => {
                let state = states.get(usize::from(n));
                state.map_or_else(String::new, |s| spoken(&s.label, &self.question.language).to_owned())
            }
            (Reply::Age(low, high), _) if low == high => low.to_string(),
            (Reply::Age(low, high), _) => format!("{low}–{high}"),
            (Reply::Day(day), _) => day.to_string(),
            (Reply::Unknown | Reply::Choice(_), _) => self.speech().say("Don't know").to_owned(),
        }
    }

    fn question_of(&self, fact: &str) -> String {
        let (law, language) = (&self.library.law, self.question.language.as_str());
        match law.vocabulary.find(fact) {
            Some(f) => law.vocabulary.get(f).question_in(language).to_owned(),
            None => {
                let screens = &law.guide.screens;
                if let Some(screen) = screen_of(screens, fact).and_then(|n| screens.get(n)) {
                    return spoken(&screen.question, language).to_owned();
                }
                let id = fact.strip_prefix(STORY).unwrap_or(fact);
                self.story(id).map_or_else(|| id.to_owned(), |s| spoken(&s.label, language).to_owned())
            }
        }
    }

    fn story(&self, id: &str) -> Option<&Story> {
        self.library.law.guide.stories.iter().find(|s| s.id == id)
    }
}

/// Returns what an answer can be to a fact, one of the first questions, or a part of the story; none to anything else.
fn takes<'l>(law: &'l Law, fact: &str) -> Option<Takes<'l>> {
    match fact {
        SAFETY => Some(Takes::YesNo),
        STATE => Some(Takes::State(&law.guide.states)),
        DATE => Some(Takes::Day),
        _ if fact.starts_with(STORY) => Some(Takes::Story),
        _ if fact.starts_with(SCREEN) => screen_of(&law.guide.screens, fact).map(|_| Takes::YesNo),
        _ => law.vocabulary.find(fact).map(|f| if law.vocabulary.age() == Some(f) { Takes::Age } else { Takes::YesNo }),
    }
}

/// Returns the place of a question that stands before many.
pub(super) fn screen_of(screens: &[Screen], fact: &str) -> Option<usize> {
    let id = fact.strip_prefix(SCREEN)?;
    screens.iter().position(|s| s.id == id)
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
fn blank(speech: &Speech<'_>) -> Case {
    let person = Person { id: "person".to_owned(), rest: Rest::Unknown, ..Person::default() };
    Case {
        id: "interview".to_owned(),
        title: speech.say("Interview").to_owned(),
        persons: vec![person],
        ..Case::default()
    }
}
