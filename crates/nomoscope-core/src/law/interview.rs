//! The next question: the one that is expected to settle most of the norms.
//!
//! A caseworker has fifteen minutes. Questions that cannot change anything are never asked; those that may distress the
//! person cost more; "I do not know" is an answer, and the fact is not asked again.
//!
//! A *thorough* interview goes on until nothing more can change. One for *protection* follows the story as people tell it, asks
//! what is likely enough to matter, and puts what is hard to tell last: never once there are reasonable grounds.

use super::Law;
use super::case::{AgeRange, Entry, Grade, MAJORITY, Person, Rest, Value};
use super::definition::{Atom, Element, NON_PUNISHMENT, Norm, Term};
use super::finding::{Finding, Reading};
use super::logic::{Logic, LogicError, Variable, World, inferences};
use super::proposal::{met, with_proposals};
use super::vocabulary::{Basis, FactIx, OLDEST};
use super::weight::Weighed;
use std::collections::{BTreeMap, BTreeSet};

/// What a distressing question costs, in other questions.
pub const DISTRESS: f64 = 2.0;

/// A norm whose chance to hold lies below this is not asked about any more: nothing that was told points to it.
pub const RAISED: f64 = 0.05;
/// The part of the story that asks what was planned: what took place tells it better, and comes before.
const PLAN: &str = "plan";
/// The part of the story that says who the person is: asked with the age, and not in the middle of what took place.
const WHO: &str = "start";
/// The part of the story that is about a child.
const OF_A_CHILD: &str = "child";

/// What a question must be expected to remove to be asked, in thousandths of a bit over all open norms where these are many; where
/// they are fewer, in proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Any question.
    pub useful: u32,
    /// One that may distress.
    pub hard: u32,
    /// Any, once there are reasonable grounds.
    pub settled: u32,
}

/// From so many open norms on it does not take more to make a question worth asking. The same question is worth a sum over the norms
/// that it bears on; where a State has three of them and not thirty, its worth is a tenth, and the person's time is not.
const MANY: usize = 24;

/// What a question on who the person is must be expected to remove, and one on the person's own acts, where such were asked for.
const OWN: u32 = 50;

/// Where norms were named, all that can change one of them is asked.
const ANY: Pace = Pace { useful: 0, hard: 0, settled: 0 };

impl Default for Pace {
    /// Chosen on the scripted cases of `cargo xtask interview`.
    fn default() -> Self {
        Self { useful: 90, hard: 250, settled: 60 }
    }
}
/// An earlier part of the story comes first if its best question is worth at least this share of the best of all.
pub const IN_ORDER: f64 = 0.35;

/// After so many questions that may distress, none is asked only because nothing was found yet.
const MOST_HARD: usize = 5;
/// After so many, nothing that may distress is asked any more; between the two only of what a hard subject was, once it is opened.
const HARD_AT_ALL: usize = 8;

/// After so many answers nothing is asked only because a single fact is missing.
const LONG: usize = 18;

/// No fact is taken for certain before it is answered.
const MOST_LIKELY: f64 = 0.95;

/// The chance of a fact that was left open although there was nothing of its kind.
const UNLIKELY: f64 = 0.02;

/// Fewer facts than these are asked one by one: a screen before them would save nothing. Where norms were named, more is asked
/// about each, and fewer lie far off.
const WORTH_A_SCREEN: (usize, usize) = (3, 6);

/// Something that can be asked, with what it is expected to tell.
#[derive(Debug, Clone, Copy)]
struct Topic {
    /// The fact; of a screen the first behind it.
    fact: FactIx,
    screen: Option<usize>,
    /// Expected number of norms that the answer decides.
    decides: f64,
    /// Expected entropy that it removes, in bits.
    learnt: f64,
}

/// How an interview is led.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manner {
    /// Whether it goes for the line of protection, and stops where nothing likely can change it.
    pub protection: bool,
    /// Whether the norms were named: then each counts, whatever its family.
    pub named: bool,
    /// Whether it may ask about what could be held against the person.
    pub own_acts: bool,
    /// Whether it may ask what is a question for the file and not for the person.
    pub file: bool,
    /// Parts of the story that are not asked now, by id.
    pub skipped: BTreeSet<String>,
    /// The grade of what is answered; none counts as proved.
    pub grade: Option<Grade>,
    /// When a question is worth asking.
    pub pace: Pace,
}

/// A question with what it may settle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// The fact; where a screen is asked, the first that stands behind it.
    pub fact: FactIx,
    /// The screen that is asked first, by its place.
    pub screen: Option<usize>,
    /// Expected number of norms that the answer decides.
    pub decides: f64,
    /// Norms that are still open.
    pub open: usize,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A number between these, both included; for an age in completed years.
    Between(AgeRange),
    /// I do not know.
    DoNotKnow,
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        match value {
            Value::True => Self::Yes,
            Value::False => Self::No,
            Value::Unknown => Self::DoNotKnow,
        }
    }
}

/// An interview about one person.
#[derive(Debug, Clone)]
pub struct Interview<'i> {
    logic: &'i Logic,
    /// The norms that are asked for, by place.
    norms: Vec<usize>,
    reading: Reading,
    /// What is known by now.
    pub person: Person,
    /// Facts that were answered with "I do not know".
    closed: BTreeSet<FactIx>,
    /// What was answered, with what was known before: for going back.
    past: Vec<(FactIx, Person)>,
    manner: Manner,
}

impl<'i> Interview<'i> {
    /// Returns an interview that begins, or goes on, with what is known of a person.
    #[must_use]
    pub fn new(logic: &'i Logic, norms: Vec<usize>, person: Person, reading: Reading) -> Self {
        // In an open file a fact that is listed as unknown was asked before; in a closed one it is what is left to ask.
        let asked = person.rest == Rest::Unknown;
        let unknown = person.facts.iter().filter(|(_, e)| asked && e.value == Value::Unknown).map(|(f, _)| *f);
        Self { logic, norms, reading, closed: unknown.collect(), past: Vec::new(), person, manner: Manner::default() }
    }

    /// Leads the interview in this manner; what the file says was answered to screens counts as answered so.
    #[must_use]
    pub fn led(mut self, manner: Manner) -> Self {
        self.manner = manner;
        for (screen, said) in std::mem::take(&mut self.person.screens) {
            self.screened(screen, said.into());
        }
        self
    }

    /// Returns how many questions were answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.past.len()
    }

    /// Takes an answer.
    pub fn answer(&mut self, fact: FactIx, answer: Answer) {
        self.past.push((fact, self.person.clone()));
        let value = match answer {
            Answer::Yes => Value::True,
            Answer::No => Value::False,
            Answer::DoNotKnow => {
                self.closed.insert(fact);
                Value::Unknown
            }
            Answer::Between(range) => {
                self.person.age = Some(range);
                // A range that leaves something open was all that could be said.
                self.closed.insert(fact);
                return;
            }
        };
        if self.logic.law.vocabulary.age() != Some(fact) {
            self.person.facts.insert(fact, Entry { grade: self.manner.grade, ..Entry::new(value) });
        }
    }

    /// Takes the answer to a screen: *no* denies each of its facts of which nothing is known, *don't know* leaves them open. A fact
    /// that can follow from others alone, of which the screen did not speak, is left open, too: a child who did no work, but was
    /// used for offences, has not said that nothing was forced.
    pub fn screened(&mut self, screen: usize, answer: Answer) {
        let Some(facts) = self.logic.law.guide.screens.get(screen).map(|s| &s.facts) else { return };
        let said = match answer {
            Answer::Yes => Value::True,
            Answer::No => Value::False,
            Answer::DoNotKnow | Answer::Between(_) => Value::Unknown,
        };
        let before = self.person.screens.insert(screen, said);
        if before == Some(Value::False) && said != Value::False {
            // What that no denied is open again.
            self.person.facts.retain(|fact, e| e.value != Value::False || !facts.contains(fact));
        }
        let from_elsewhere = following_from_elsewhere(&self.logic.law, facts);
        for &fact in facts {
            match answer {
                Answer::No if !from_elsewhere.contains(&fact) => {
                    let denied = Entry { grade: self.manner.grade, ..Entry::new(Value::False) };
                    self.person.facts.entry(fact).or_insert(denied);
                }
                Answer::No | Answer::DoNotKnow => {
                    self.closed.insert(fact);
                }
                Answer::Yes | Answer::Between(_) => {}
            }
        }
    }

    /// Returns an error where a screen was answered with no, and one of its facts with yes.
    fn torn(&self) -> Result<(), LogicError> {
        for (&screen, _) in self.person.screens.iter().filter(|(_, said)| **said == Value::False) {
            let Some(screen) = self.logic.law.guide.screens.get(screen) else { continue };
            if let Some(fact) = screen.facts.iter().find(|f| self.is_told(**f)) {
                let fact = self.logic.law.vocabulary.get(*fact).id.clone();
                return Err(LogicError::Denied { kind: screen.id.clone(), fact });
            }
        }
        Ok(())
    }

    fn is_told(&self, fact: FactIx) -> bool {
        self.person.facts.get(&fact).is_some_and(|e| e.value == Value::True)
    }

    /// Returns the screen behind which a fact stands as long as it is not opened: by its answer, or since one of its facts is known.
    fn screen_of(&self, fact: FactIx) -> Option<usize> {
        let screens = &self.logic.law.guide.screens;
        let n = screens.iter().position(|s| s.facts.contains(&fact))?;
        let opened = self.person.screens.contains_key(&n) || screens[n].facts.iter().any(|f| self.is_told(*f));
        (!opened).then_some(n)
    }

    /// Takes the last answer back; returns its fact.
    pub fn back(&mut self) -> Option<FactIx> {
        let (fact, before) = self.past.pop()?;
        self.person = before;
        self.closed.remove(&fact);
        Some(fact)
    }

    /// Returns whether the answers can all hold.
    ///
    /// # Errors
    /// [`LogicError`]: they contradict each other.
    pub fn check(&self) -> Result<(), LogicError> {
        self.torn()?;
        World::new(self.logic, &self.person.known(), self.reading.interpretation).map(|_| ())
    }

    /// Returns the next question, or none where nothing more can change.
    ///
    /// # Errors
    /// [`LogicError`]: the answers contradict each other.
    ///
    /// # Source
    /// METHODS section 10, in fractions of a norm: the fact whose answer is expected to remove most entropy (bits) from
    /// the findings of the open norms, per cost; prior 1/2 unless one is given. Among equals the one that is expected to
    /// decide most norms at once, then the first of the vocabulary. Shannon (1948), Bell System Technical Journal 27.
    pub fn next(&self) -> Result<Option<Question>, LogicError> {
        self.torn()?;
        if self.manner.protection {
            return self.next_for_protection();
        }
        let world = World::new(self.logic, &self.person.known(), self.reading.interpretation)?;
        let (open, _) = self.open(&world)?;
        let mut best: Option<(f64, f64, Question)> = None;
        for fact in self.candidates(&open) {
            let (decides, learnt) = self.gain(&open, fact);
            let cost = if self.logic.law.vocabulary.get(fact).distress { DISTRESS } else { 1.0 };
            let (score, second) = (learnt / cost, decides / cost);
            let better = best
                .as_ref()
                .is_none_or(|(s, l, _)| score > s + EPSILON || ((score - s).abs() <= EPSILON && second > l + EPSILON));
            if better {
                best = Some((score, second, Question { fact, screen: None, decides, open: open.len() }));
            }
        }
        Ok(best.map(|(_, _, q)| q))
    }

    /// Returns what is asked next for the line of protection: the age; then, along the story, what is worth asking and hurts
    /// nobody; then what may distress, as long as there are no reasonable grounds.
    fn next_for_protection(&self) -> Result<Option<Question>, LogicError> {
        // The answers must not contradict each other, whatever is proposed from them.
        World::new(self.logic, &self.person.known(), self.reading.interpretation)?;
        let world = self.world_for_protection()?;
        let vocabulary = &self.logic.law.vocabulary;
        let (open, grounds) = self.raised(&world)?;
        if let Some(age) = vocabulary.age().filter(|a| self.person.age.is_none() && !self.closed.contains(a)) {
            return Ok(Some(Question { fact: age, screen: None, decides: 0.0, open: open.len() }));
        }
        let asked = self.worth_asking(&self.topics(&open), open.len(), grounds);
        let best = asked.iter().map(|a| a.learnt).fold(0.0, f64::max);
        let place = |a: &&Topic| self.logic.law.guide.place(self.story(a));
        let in_order = |a: &&Topic| a.learnt >= best * IN_ORDER || self.story(a) == WHO;
        let first = asked.iter().filter(in_order).map(|a| place(&a)).min();
        let mut chosen: Option<&Topic> = None;
        for topic in asked.iter().filter(|a| Some(place(a)) == first) {
            if chosen.is_none_or(|c| topic.learnt > c.learnt + EPSILON) {
                chosen = Some(topic);
            }
        }
        let question = |fact, screen, decides| Question { fact, screen, decides, open: open.len() };
        if let Some(fact) = self.planned().filter(|_| !grounds && !self.manner.named) {
            return Ok(Some(question(fact, None, 0.0)));
        }
        let weighed = chosen.map(|t| question(t.fact, t.screen, t.decides));
        // What hurts nobody comes before what is hard, even where it is worth less.
        let hard = chosen.is_some_and(|t| self.hurts(t));
        let long = self.past.len() + self.person.screens.len() >= LONG;
        if grounds || self.manner.named || long || (chosen.is_some() && !hard) {
            return Ok(weighed);
        }
        if let Some((fact, screen)) = self.not_yet_raised() {
            return Ok(Some(question(fact, screen, 0.0)));
        }
        let missing = self.one_away(&world)?.filter(|f| !hard || !vocabulary.get(*f).distress);
        Ok(missing.map(|fact| question(fact, None, 1.0)).or(weighed))
    }

    /// Returns a kind of thing that was never asked about and that it hurts nobody to ask for, with its first fact.
    fn not_yet_raised(&self) -> Option<(FactIx, Option<usize>)> {
        let mut screens = self.logic.law.guide.screens.iter().enumerate().filter(|(_, s)| !s.distress);
        screens.find_map(|(n, s)| {
            let is_behind = |f: &&FactIx| self.is_left(**f) && self.screen_of(**f) == Some(n);
            s.facts.iter().find(is_behind).map(|f| (*f, Some(n)))
        })
    }

    /// Returns what was planned behind such a question that was answered with yes, where it is what more is inferred from: that has no
    /// place among the norms that are open, so that it is not weighed there.
    fn planned(&self) -> Option<FactIx> {
        let vocabulary = &self.logic.law.vocabulary;
        let rules = vocabulary.entailments.iter().filter(|e| e.basis == Basis::Inference);
        let premises: BTreeSet<Atom> = rules.flat_map(|e| &e.premises).map(|t| t.atom).collect();
        let screens = self.logic.law.guide.screens.iter().filter(|s| !s.distress);
        let fits = |f: &&FactIx| {
            self.is_left(**f)
                && self.is_begun(**f)
                && vocabulary.get(**f).story == PLAN
                && premises.contains(&Atom::Fact(**f))
        };
        screens.flat_map(|s| &s.facts).find(fits).copied()
    }

    /// Whether nothing is known of a fact, and it may be asked for.
    fn is_left(&self, fact: FactIx) -> bool {
        !self.person.facts.contains_key(&fact) && !self.closed.contains(&fact) && self.may_ask(fact)
    }

    /// Returns the fact that alone would satisfy a norm that protects, what was inferred from it counted; what hurts nobody comes
    /// first, then what is likeliest. A fact that would do so of anybody of whom nothing was told is none: nothing points to it.
    fn one_away(&self, world: &World) -> Result<Option<FactIx>, LogicError> {
        let vocabulary = &self.logic.law.vocabulary;
        let protects = |u: &Undecided| {
            let norm = &self.logic.law.norms[u.norm];
            !norm.against_person && norm.kind != NON_PUNISHMENT && LEADING.contains(&norm.family.as_str())
        };
        let alone = |u: &Undecided, f: FactIx| u.no.chance(&[(Variable::Fact(f), true)]) <= 0.0;
        let nobody = Person { facts: BTreeMap::new(), screens: BTreeMap::new(), ..self.person.clone() };
        let nobody = Self { person: nobody, ..self.clone() };
        let of_anybody = nobody.open(&nobody.world_for_protection()?)?.0;
        let of_anybody = |n: usize, f: FactIx| of_anybody.iter().any(|u| u.norm == n && speaks(u, f) && alone(u, f));
        let few = self.hard_asked() < MOST_HARD;
        let fits = |f: FactIx| {
            let fact = vocabulary.get(f);
            self.is_left(f)
                && self.screen_of(f).is_none()
                && fact.story != WHO
                && vocabulary.prior(f) >= RAISED
                && (few || !fact.distress)
        };
        let open: Vec<Undecided> = self.open(world)?.0.into_iter().filter(protects).collect();
        let mut near: BTreeSet<FactIx> = BTreeSet::new();
        for u in &open {
            near.extend(u.facts().filter(|&f| fits(f) && alone(u, f) && !of_anybody(u.norm, f)));
        }
        for f in self.premises_left().into_iter().filter(|f| fits(*f) && !near.contains(f)).collect::<Vec<_>>() {
            let mut told = self.clone();
            told.person.facts.insert(f, Entry { grade: self.manner.grade, ..Entry::new(Value::True) });
            if told.check().is_ok() && told.raised(&told.world_for_protection()?)?.1 {
                near.insert(f);
            }
        }
        let rank = |f: &FactIx| (vocabulary.get(*f).distress, 1.0 - vocabulary.prior(*f));
        Ok(near.into_iter().min_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1))))
    }

    /// Returns the facts of which nothing is known and which alone are missing in a rule of inference.
    fn premises_left(&self) -> BTreeSet<FactIx> {
        let (known, _) = with_proposals(&self.logic.law, self.person.for_protection());
        let held = known.values.iter().filter(|(_, v)| **v).map(|(f, _)| *f).collect();
        let mut out = BTreeSet::new();
        for (_, rule) in inferences(&self.logic.law, &known) {
            let missing: Vec<&Term> = rule.premises.iter().filter(|t| !met(**t, &held, &known)).collect();
            if let [Term { atom: Atom::Fact(f), negated: false }] = missing[..] {
                out.insert(*f);
            }
        }
        out
    }

    /// Of a hard subject that the person opened, and of which nothing is known yet, returns what stands first behind its screen and can
    /// change anything: there plain words stand first (sold, bought). To leave it there would have cost the person the question for
    /// nothing.
    fn first_of_begun(&self, topics: &[Topic]) -> Option<Topic> {
        let mut behind = self.logic.law.guide.screens.iter().flat_map(|s| &s.facts).filter(|f| self.is_begun(**f));
        let can_change = |t: &&Topic| t.screen.is_none() && t.learnt > EPSILON;
        behind.find_map(|fact| topics.iter().filter(can_change).find(|t| t.fact == *fact)).copied()
    }

    /// Returns what can be asked: facts, and in place of several that stand behind one screen the screen, which is worth at most
    /// what they are worth together.
    fn topics(&self, open: &[Undecided]) -> Vec<Topic> {
        let mut behind: BTreeMap<usize, Vec<Topic>> = BTreeMap::new();
        let mut out = Vec::new();
        for fact in self.candidates(open) {
            let (decides, learnt) = self.gain(open, fact);
            let topic = Topic { fact, screen: None, decides, learnt };
            match self.screen_of(fact) {
                Some(screen) => behind.entry(screen).or_default().push(topic),
                None => out.push(topic),
            }
        }
        let least = if self.manner.named { WORTH_A_SCREEN.1 } else { WORTH_A_SCREEN.0 };
        for (screen, topics) in behind {
            if topics.len() < least {
                out.extend(topics);
            } else if let Some(first) = topics.first() {
                let sum = |of: fn(&Topic) -> f64| topics.iter().map(of).sum::<f64>();
                let (decides, learnt) = (sum(|t| t.decides), sum(|t| t.learnt));
                out.push(Topic { fact: first.fact, screen: Some(screen), decides, learnt });
            }
        }
        out
    }

    fn story(&self, topic: &Topic) -> &str {
        match topic.screen.and_then(|n| self.logic.law.guide.screens.get(n)) {
            Some(screen) => &screen.story,
            None => &self.logic.law.vocabulary.get(topic.fact).story,
        }
    }

    fn hurts(&self, topic: &Topic) -> bool {
        match topic.screen.and_then(|n| self.logic.law.guide.screens.get(n)) {
            Some(screen) => screen.distress,
            None => self.logic.law.vocabulary.get(topic.fact).distress,
        }
    }

    /// What took place before what was planned, what is easy to tell before what is hard; hard things only without grounds. Where
    /// the person said that there was something of a kind, it is asked what, before another hard subject is opened.
    fn worth_asking(&self, topics: &[Topic], open: usize, grounds: bool) -> Vec<Topic> {
        let Pace { useful, hard, settled } = if self.manner.named { ANY } else { self.manner.pace };
        let share = open.min(MANY) as f64 / MANY as f64;
        let own = |t: &Topic| t.screen.is_none() && self.logic.law.vocabulary.get(t.fact).own_act;
        let hard_so_far = self.hard_asked();
        let few = hard_so_far < MOST_HARD;
        let pick = |is_plan: bool, is_hard: bool, least: u32| -> Vec<Topic> {
            // What the person is said to have done bears on one norm each, and was asked for.
            // Whoever said yes to a hard subject has opened it: what it was is asked like anything else.
            let least = |t: &Topic| {
                let opened = is_hard && few && self.is_begun(t.fact);
                let least = if own(t) || self.story(t) == WHO {
                    least.min(OWN)
                } else if opened {
                    least.min(useful)
                } else {
                    least
                };
                // Much that is hard to tell is asked for nothing less than it always took.
                f64::from(least) * if is_hard && !few { 1.0 } else { share }
            };
            // Of a hard subject that was begun it is asked at once what was planned; of others a no would only hide what took place.
            let plan = |t: &Topic| self.story(t) == PLAN && !(self.hurts(t) && self.is_begun(t.fact));
            let bearable = |t: &Topic| {
                !is_hard
                    || self.manner.named
                    || hard_so_far < if self.is_begun(t.fact) { HARD_AT_ALL } else { MOST_HARD }
            };
            let fits = |t: &&Topic| plan(t) == is_plan && self.hurts(t) == is_hard && bearable(t);
            topics
                .iter()
                .filter(fits)
                .filter(|t| t.learnt > EPSILON && t.learnt * 1000.0 >= least(t))
                .copied()
                .collect()
        };
        let mut asked = pick(false, false, if grounds { settled } else { useful });
        for (is_plan, is_hard, least) in [(false, true, hard), (true, false, useful), (true, true, hard)] {
            if asked.is_empty() && !grounds {
                asked = pick(is_plan, is_hard, least);
            }
        }
        if asked.is_empty() && !grounds && few {
            asked.extend(self.first_of_begun(topics));
        }
        let chance = |t: &Topic| self.prior(t.fact);
        let begun = asked.iter().filter(|t| self.hurts(t) && self.is_begun(t.fact));
        // What is likeliest first: the rest of a hard subject need not be asked once one of it was told.
        if let Some(first) = begun.rev().max_by(|a, b| chance(a).total_cmp(&chance(b))) {
            return vec![*first];
        }
        // What it was comes before how it was brought about: a threat tells little before anybody knows to what end.
        let is_kind = |t: &&Topic| self.screen_of(t.fact).is_some() && self.hurts(t) && t.learnt > EPSILON;
        let kinds: Vec<Topic> = topics.iter().filter(is_kind).copied().collect();
        let only_hard = !asked.is_empty() && asked.iter().all(|t| self.hurts(t));
        if only_hard && few && !kinds.is_empty() && !self.is_any_opened() { kinds } else { asked }
    }

    /// Returns how many questions that may distress were answered in this interview, and before many in the case file.
    fn hard_asked(&self) -> usize {
        let (vocabulary, screens) = (&self.logic.law.vocabulary, &self.logic.law.guide.screens);
        let facts = self.past.iter().filter(|(fact, _)| vocabulary.get(*fact).distress).count();
        let kinds = self.person.screens.keys().filter(|n| screens.get(**n).is_some_and(|s| s.distress)).count();
        facts + kinds
    }

    /// Whether there was something of one of the kinds that were asked about.
    fn is_any_opened(&self) -> bool {
        self.person.screens.values().any(|said| *said == Value::True)
    }

    /// Whether a fact stands behind a screen that was answered with yes, and nothing behind it is known to be true yet.
    fn is_begun(&self, fact: FactIx) -> bool {
        let screens = &self.logic.law.guide.screens;
        let yes = screens.iter().enumerate().filter(|(n, _)| self.person.screens.get(n) == Some(&Value::True));
        yes.map(|(_, s)| &s.facts).any(|facts| facts.contains(&fact) && !facts.iter().any(|f| self.is_told(*f)))
    }

    /// Returns the fact that could be found without a question to the person and is expected to settle most; none where no open
    /// norm that is likely enough depends on one. What stands behind a kind of thing of which nothing was said (records of
    /// prostitution where there was domestic work) would stand there in every case, and is none.
    ///
    /// # Errors
    /// [`LogicError`]: the facts contradict each other.
    pub fn inquiry(&self) -> Result<Option<Question>, LogicError> {
        let world = self.world_for_protection()?;
        let (open, _) = self.raised(&world)?;
        let mut best: Option<(f64, Question)> = None;
        for fact in self.candidates(&open) {
            if self.logic.law.vocabulary.get(fact).inquiry.is_empty() || self.screen_of(fact).is_some() {
                continue;
            }
            let (decides, learnt) = self.gain(&open, fact);
            if best.as_ref().is_none_or(|(most, _)| learnt > most + EPSILON) {
                let touched = open.iter().filter(|u| speaks(u, fact)).count();
                best = Some((learnt, Question { fact, screen: None, decides, open: touched }));
            }
        }
        Ok(best.map(|(_, q)| q))
    }

    /// What is known on the line of protection, with what is proposed; where that contradicts what was said, without it.
    fn world_for_protection(&self) -> Result<World, LogicError> {
        let known = self.person.for_protection();
        let (more, _) = with_proposals(&self.logic.law, known.clone());
        match World::new(self.logic, &more, self.reading.interpretation) {
            Err(error @ LogicError::TooComplex { .. }) => Err(error),
            Err(_) => World::new(self.logic, &known, self.reading.interpretation),
            world => world,
        }
    }

    /// Returns the open norms that are likely enough to be asked about, and whether one that protects is satisfied already.
    fn raised(&self, world: &World) -> Result<(Vec<Undecided>, bool), LogicError> {
        let (mut open, held) = self.open(world)?;
        let norm = |n: usize| &self.logic.law.norms[n];
        let leads = |n: &Norm| LEADING.contains(&n.family.as_str());
        let grounds = !self.manner.named && held.iter().any(|&n| !norm(n).against_person && leads(norm(n)));
        let own = |n: &Norm| self.manner.own_acts && (n.against_person || n.kind == NON_PUNISHMENT);
        let counts = |n: &Norm| self.manner.named || own(n) || leads(n);
        // Whoever opened a subject is asked about it, however unlikely a norm is before that.
        let is_opened = |u: &Undecided| u.facts().any(|fact| self.is_begun(fact));
        open.retain(|u| counts(norm(u.norm)) && (self.manner.named || u.chance(&[]) >= RAISED || is_opened(u)));
        Ok((open, grounds))
    }

    /// Whether a fact may be asked for at all.
    fn may_ask(&self, fact: FactIx) -> bool {
        if !self.manner.protection {
            return true;
        }
        let f = self.logic.law.vocabulary.get(fact);
        (self.manner.own_acts || !f.own_act)
            && (self.manner.file || !f.file_only)
            && !self.manner.skipped.contains(&f.story)
            && !self
                .screen_of(fact)
                .and_then(|n| self.logic.law.guide.screens.get(n))
                .is_some_and(|s| self.manner.skipped.contains(&s.story))
            && (f.story != OF_A_CHILD || self.person.age.is_none_or(|a| a.low < MAJORITY))
    }

    /// Returns the first fact of the vocabulary that can still change something: asking in file order, to compare with.
    ///
    /// # Errors
    /// [`LogicError`]: the answers contradict each other.
    pub fn first(&self) -> Result<Option<FactIx>, LogicError> {
        let world = World::new(self.logic, &self.person.known(), self.reading.interpretation)?;
        Ok(self.candidates(&self.open(&world)?.0).into_iter().next())
    }

    /// Returns the finding of each norm that is asked for, on what is known by now.
    ///
    /// # Errors
    /// [`LogicError`]: the answers contradict each other.
    pub fn findings(&self) -> Result<Vec<(usize, Finding)>, LogicError> {
        self.torn()?;
        let world = match self.manner.protection {
            true => self.world_for_protection()?,
            false => World::new(self.logic, &self.person.known(), self.reading.interpretation)?,
        };
        let finding = |&n: &usize| {
            let holds = self.logic.compile(n, &world, self.reading.open)?.holds;
            let truth = self.logic.truth(&holds, &world.constraint(self.logic, &holds)?)?;
            Ok((n, Finding::of(truth)))
        };
        self.norms.iter().map(finding).collect()
    }

    /// Returns the norms that are not decided, each with what constrains it, and those that hold.
    fn open(&self, world: &World) -> Result<(Vec<Undecided>, Vec<usize>), LogicError> {
        let (mut open, mut held) = (Vec::new(), Vec::new());
        for &norm in &self.norms {
            let holds = self.logic.compile(norm, world, self.reading.open)?.holds;
            let constraint = world.constraint(self.logic, &holds)?;
            let yes = self.logic.and(&holds, &constraint)?;
            let no = self.logic.and_not(&constraint, &holds)?;
            if yes.is_false() {
                continue;
            }
            if no.is_false() {
                held.push(norm);
                continue;
            }
            // A diagram is reduced: what it depends on can change it, and nothing else can.
            let variables = self.logic.support(&yes).into_iter().chain(self.logic.support(&no)).collect();
            let weigh = |diagram| Weighed::new(self.logic, diagram, |v| self.chance_of(v));
            open.push(Undecided { norm, yes: weigh(&yes), no: weigh(&no), variables });
        }
        Ok((open, held))
    }

    /// Returns the facts that can still change something, in the order of the vocabulary.
    fn candidates(&self, open: &[Undecided]) -> BTreeSet<FactIx> {
        let all: BTreeSet<FactIx> = open.iter().flat_map(Undecided::facts).collect();
        all.into_iter().filter(|f| !self.closed.contains(f) && self.may_ask(*f) && self.is_judged(open, *f)).collect()
    }

    /// Whether a fact is plain, or a judgement that an open norm itself calls for. What courts would make of it is not asked in order
    /// to infer what happened: a no would deny the threat that was not asked about yet.
    fn is_judged(&self, open: &[Undecided], fact: FactIx) -> bool {
        let of = |u: &Undecided| self.logic.law.norms[u.norm].elements.iter().flat_map(Element::terms);
        !self.manner.protection
            || !self.logic.law.vocabulary.get(fact).judge
            || open.iter().flat_map(of).any(|t| t.atom == Atom::Fact(fact))
    }

    /// Returns the expected number of norms that an answer decides, and the entropy that it is expected to remove.
    fn gain(&self, open: &[Undecided], fact: FactIx) -> (f64, f64) {
        let (mut decides, mut learnt) = (0.0, 0.0);
        let answers = self.answers(open, fact);
        for u in open.iter().filter(|u| speaks(u, fact)) {
            learnt += entropy(u.chance(&[]));
            for (p, values) in &answers {
                let chance = u.chance(values);
                if chance > 0.0 && chance < 1.0 {
                    learnt -= p * entropy(chance);
                } else {
                    decides += p;
                }
            }
        }
        (decides, learnt)
    }

    /// Returns the answers to a question with their probabilities: yes and no, or the age bands that still matter.
    fn answers(&self, open: &[Undecided], fact: FactIx) -> Vec<(f64, Vec<(Variable, bool)>)> {
        if self.logic.law.vocabulary.age() != Some(fact) {
            let p = self.prior(fact);
            return vec![(p, vec![(Variable::Fact(fact), true)]), (1.0 - p, vec![(Variable::Fact(fact), false)])];
        }
        let bounds: BTreeSet<u16> = open
            .iter()
            .flat_map(|u| &u.variables)
            .filter_map(|v| match v {
                Variable::Below(f, n) if *f == fact => Some(*n),
                _ => None,
            })
            .collect();
        let bands: Vec<u16> = bounds.iter().copied().chain([OLDEST + 1]).collect();
        // Half of the probability lies on each side of majority, where both sides are open.
        let young = bands.iter().filter(|&&n| n <= MAJORITY).count();
        let old = bands.len() - young;
        let share = |n: u16| match (young, old) {
            (0, _) | (_, 0) => 1.0 / bands.len() as f64,
            _ if n <= MAJORITY => 0.5 / young as f64,
            _ => 0.5 / old as f64,
        };
        bands
            .iter()
            .map(|&band| (share(band), bounds.iter().map(|&n| (Variable::Below(fact, n), n >= band)).collect()))
            .collect()
    }

    /// Returns the chance that a fact is true. What stands behind a screen is as likely as its being opened, and where it was
    /// opened and nothing behind it is known yet, as much likelier as it takes for one of them to hold.
    fn prior(&self, fact: FactIx) -> f64 {
        let plain =
            |f: FactIx| self.person.priors.get(&f).copied().unwrap_or_else(|| self.logic.law.vocabulary.prior(f));
        let mut screens = self.logic.law.guide.screens.iter().enumerate();
        let Some((n, screen)) = screens.find(|(_, s)| s.facts.contains(&fact)) else { return plain(fact) };
        let opened = match self.person.screens.get(&n) {
            _ if screen.facts.iter().any(|f| self.is_told(*f)) => return plain(fact),
            Some(Value::True) => 1.0,
            Some(Value::False) => return UNLIKELY,
            _ => self.chance_of_screen(n),
        };
        let left = screen.facts.iter().filter(|f| !self.person.facts.contains_key(f));
        let none: f64 = left.map(|f| 1.0 - plain(*f)).product();
        (plain(fact) * opened / (1.0 - none)).min(MOST_LIKELY)
    }

    /// Returns the chance that a screen that is open is answered with yes. Somebody is referred because something happened: where every
    /// kind that was asked about was denied, each of the others is as much likelier as it takes for one of them to hold. Else an
    /// interview about an organ or a forced marriage would end before either was asked about, since both are rare.
    fn chance_of_screen(&self, screen: usize) -> f64 {
        let (screens, said) = (&self.logic.law.guide.screens, &self.person.screens);
        let prior = |n: usize| screens.get(n).map_or(0.0, |s| s.prior);
        let denied = !said.is_empty() && said.values().all(|v| *v == Value::False);
        if !denied || self.hard_asked() >= MOST_HARD || screens.iter().flat_map(|s| &s.facts).any(|f| self.is_told(*f))
        {
            return prior(screen);
        }
        let child = self.person.age.is_none_or(|a| a.low < MAJORITY);
        let left = (0..screens.len()).filter(|n| !said.contains_key(n) && (child || screens[*n].story != OF_A_CHILD));
        let none: f64 = left.map(|n| 1.0 - prior(n)).product();
        (prior(screen) / (1.0 - none)).min(MOST_LIKELY)
    }

    /// Returns the chance that a variable is true before anything is asked: what is no fact is as likely as not.
    fn chance_of(&self, variable: Variable) -> f64 {
        match variable {
            Variable::Fact(f) => self.prior(f),
            Variable::Below(..) | Variable::Open(_) => 0.5,
        }
    }
}

/// Returns the entropy of a finding in bits.
fn entropy(p: f64) -> f64 {
    if p > 0.0 && p < 1.0 { -(p * libm::log2(p) + (1.0 - p) * libm::log2(1.0 - p)) } else { 0.0 }
}

/// Returns which of these facts can follow from others alone, one through the other: used for offences as a child is forced labour,
/// and this is work that exploits.
fn following_from_elsewhere(law: &Law, facts: &[FactIx]) -> BTreeSet<FactIx> {
    let of = |t: &Term| match t.atom {
        Atom::Fact(f) => Some(f),
        Atom::Below(..) | Atom::Element(_) => None,
    };
    let mut out = BTreeSet::new();
    loop {
        let before = out.len();
        for rule in &law.vocabulary.entailments {
            if rule.premises.iter().filter_map(of).all(|f| !facts.contains(&f) || out.contains(&f)) {
                out.extend(rule.conclusions.iter().filter_map(of).filter(|f| facts.contains(f)));
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

/// Whether an open norm depends on a fact.
fn speaks(u: &Undecided, fact: FactIx) -> bool {
    u.facts().any(|f| f == fact)
}

/// Families of norms that call for protection as soon as the facts satisfy one of them.
pub const LEADING: &[&str] =
    &["trafficking", "slavery", "forced-labour", "child-labour", "sale-of-child", "core-crime", "forced-marriage"];

/// Returns the place of a norm's family among those that call for protection; of another the place after them.
#[must_use]
pub fn lead(norm: &Norm) -> usize {
    LEADING.iter().position(|f| *f == norm.family).unwrap_or(LEADING.len())
}

/// Differences below this are ties, so that rounding does not decide what is asked.
const EPSILON: f64 = 1e-9;

#[derive(Debug)]
struct Undecided {
    /// The norm, by place.
    norm: usize,
    /// Ways in which the norm holds.
    yes: Weighed,
    /// Ways in which it does not.
    no: Weighed,
    variables: BTreeSet<Variable>,
}

impl Undecided {
    /// Returns the facts that it depends on.
    fn facts(&self) -> impl Iterator<Item = FactIx> {
        self.variables.iter().filter_map(|v| match v {
            Variable::Fact(f) | Variable::Below(f, _) => Some(*f),
            Variable::Open(_) => None,
        })
    }

    /// Returns the chance that the norm holds where these variables have these values, facts being independent with their priors.
    fn chance(&self, fixed: &[(Variable, bool)]) -> f64 {
        let (yes, no) = (self.yes.chance(fixed), self.no.chance(fixed));
        // An answer that cannot come about decides nothing: it is as if the norm did not hold.
        if yes > 0.0 { yes / (yes + no) } else { 0.0 }
    }
}
