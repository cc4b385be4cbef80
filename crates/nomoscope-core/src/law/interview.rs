//! The next question: the one that is expected to settle most of the norms.
//!
//! A caseworker has fifteen minutes. Questions that cannot change anything are never asked; those that may distress the
//! person cost more; "I do not know" is an answer, and the fact is not asked again.
//!
//! A *thorough* interview goes on until nothing more can change. One for *protection* follows the story as people tell it, asks
//! what is likely enough to matter, and puts what is hard to tell last: never once there are reasonable grounds.

use super::case::{AgeRange, Entry, Grade, MAJORITY, Person, Rest, Value};
use super::definition::{NON_PUNISHMENT, Norm};
use super::finding::{Finding, Reading};
use super::logic::{Logic, LogicError, Truth, Variable, World};
use super::proposal::with_proposals;
use super::vocabulary::{FactIx, OLDEST};
use biodivine_lib_bdd::{Bdd, BddPointer};
use std::collections::{BTreeMap, BTreeSet};

/// What a distressing question costs, in other questions.
pub const DISTRESS: f64 = 2.0;

/// A norm whose chance to hold lies below this is not asked about any more: nothing that was told points to it.
pub const RAISED: f64 = 0.05;
/// The part of the story that asks what was planned: what took place tells it better, and comes before.
const PLAN: &str = "plan";
/// The part of the story that is about a child.
const OF_A_CHILD: &str = "child";

/// What a question must be expected to remove to be asked, in thousandths of a bit over all open norms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Any question.
    pub useful: u32,
    /// One that may distress.
    pub hard: u32,
    /// Any, once there are reasonable grounds.
    pub settled: u32,
}

/// What a question on the person's own acts must be expected to remove, where such questions were asked for.
const OWN: u32 = 50;

/// Where norms were named, all that can change one of them is asked.
const ANY: Pace = Pace { useful: 0, hard: 0, settled: 0 };

impl Default for Pace {
    /// Chosen on the scripted cases of the bench `interview`.
    fn default() -> Self {
        Self { useful: 150, hard: 250, settled: 500 }
    }
}
/// An earlier part of the story comes first if its best question is worth at least this share of the best of all.
pub const IN_ORDER: f64 = 0.35;

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
    /// The fact.
    pub fact: FactIx,
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

    /// Leads the interview in this manner.
    #[must_use]
    pub fn led(mut self, manner: Manner) -> Self {
        self.manner = manner;
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

    /// Takes the last answer back; returns its fact.
    pub fn back(&mut self) -> Option<FactIx> {
        let (fact, before) = self.past.pop()?;
        self.person = before;
        self.closed.remove(&fact);
        Some(fact)
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
        if self.manner.protection {
            return self.next_for_protection();
        }
        let world = World::new(self.logic, &self.person.known(), self.reading.interpretation)?;
        let open = self.open(&world)?;
        let mut best: Option<(f64, f64, Question)> = None;
        for fact in self.candidates(&open) {
            let (decides, learnt) = self.gain(&open, fact);
            let cost = if self.logic.law.vocabulary.get(fact).distress { DISTRESS } else { 1.0 };
            let (score, second) = (learnt / cost, decides / cost);
            let better = best
                .as_ref()
                .is_none_or(|(s, l, _)| score > s + EPSILON || ((score - s).abs() <= EPSILON && second > l + EPSILON));
            if better {
                best = Some((score, second, Question { fact, decides, open: open.len() }));
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
            return Ok(Some(Question { fact: age, decides: 0.0, open: open.len() }));
        }
        let worth: Vec<(FactIx, f64, f64)> = self
            .candidates(&open)
            .into_iter()
            .map(|fact| {
                let (decides, learnt) = self.gain(&open, fact);
                (fact, decides, learnt)
            })
            .collect();
        let Pace { useful, hard, settled } = if self.manner.named { ANY } else { self.manner.pace };
        let hurts = |f: FactIx| vocabulary.get(f).distress;
        let plan = |f: FactIx| vocabulary.get(f).story == PLAN;
        let pick = |of: &dyn Fn(FactIx) -> bool, least: u32| -> Vec<(FactIx, f64, f64)> {
            // What the person is said to have done bears on one norm each, and was asked for.
            let least = |f: FactIx| f64::from(if vocabulary.get(f).own_act { least.min(OWN) } else { least });
            worth.iter().copied().filter(|a| of(a.0) && a.2 * 1000.0 >= least(a.0)).collect()
        };
        // What took place before what was planned, what is easy to tell before what is hard; hard things only without grounds.
        let mut asked = pick(&|f| !hurts(f) && !plan(f), if grounds { settled } else { useful });
        for (is_plan, is_hard, least) in [(false, true, hard), (true, false, useful), (true, true, hard)] {
            if asked.is_empty() && !grounds {
                asked = pick(&|f| plan(f) == is_plan && hurts(f) == is_hard, least);
            }
        }
        let best = asked.iter().map(|a| a.2).fold(0.0, f64::max);
        let place = |f: FactIx| self.logic.law.guide.place(&vocabulary.get(f).story);
        let first = asked.iter().filter(|a| a.2 >= best * IN_ORDER).map(|a| place(a.0)).min();
        let mut chosen: Option<(FactIx, f64, f64)> = None;
        for &(fact, decides, learnt) in asked.iter().filter(|a| Some(place(a.0)) == first) {
            if chosen.is_none_or(|(_, _, most)| learnt > most + EPSILON) {
                chosen = Some((fact, decides, learnt));
            }
        }
        Ok(chosen.map(|(fact, decides, _)| Question { fact, decides, open: open.len() }))
    }

    /// Returns the fact that could be found without a question to the person and is expected to settle most; none where no open
    /// norm that is likely enough depends on one.
    ///
    /// # Errors
    /// [`LogicError`]: the facts contradict each other.
    pub fn inquiry(&self) -> Result<Option<Question>, LogicError> {
        let world = self.world_for_protection()?;
        let (open, _) = self.raised(&world)?;
        let mut best: Option<(f64, Question)> = None;
        for fact in self.candidates(&open) {
            if self.logic.law.vocabulary.get(fact).inquiry.is_empty() {
                continue;
            }
            let (decides, learnt) = self.gain(&open, fact);
            if best.as_ref().is_none_or(|(most, _)| learnt > most + EPSILON) {
                let touched = open.iter().filter(|u| speaks(u, fact)).count();
                best = Some((learnt, Question { fact, decides, open: touched }));
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
        let mut grounds = false;
        for &norm in &self.norms {
            let n = &self.logic.law.norms[norm];
            if self.manner.named || n.against_person || !LEADING.contains(&n.family.as_str()) {
                continue;
            }
            let holds = self.logic.compile(norm, world, self.reading.open)?.holds;
            grounds |= self.logic.truth(&holds, &world.constraint(self.logic, &holds)?)? == Truth::True;
        }
        let mut open = self.open(world)?;
        let own = |n: &Norm| self.manner.own_acts && (n.against_person || n.kind == NON_PUNISHMENT);
        let leads = |n: usize| {
            let norm = &self.logic.law.norms[n];
            self.manner.named || own(norm) || LEADING.contains(&norm.family.as_str())
        };
        open.retain(|u| leads(u.norm) && (self.manner.named || self.chance(u) >= RAISED));
        Ok((open, grounds))
    }

    /// Returns the chance that an open norm holds, facts being independent with their priors.
    fn chance(&self, u: &Undecided) -> f64 {
        let (yes, no) = (self.weight(&u.yes), self.weight(&u.no));
        if yes + no > 0.0 { yes / (yes + no) } else { 0.0 }
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
            && (f.story != OF_A_CHILD || self.person.age.is_none_or(|a| a.low < MAJORITY))
    }

    /// Returns the first fact of the vocabulary that can still change something: asking in file order, to compare with.
    ///
    /// # Errors
    /// [`LogicError`]: the answers contradict each other.
    pub fn first(&self) -> Result<Option<FactIx>, LogicError> {
        let world = World::new(self.logic, &self.person.known(), self.reading.interpretation)?;
        Ok(self.candidates(&self.open(&world)?).into_iter().next())
    }

    /// Returns the finding of each norm that is asked for, on what is known by now.
    ///
    /// # Errors
    /// [`LogicError`]: the answers contradict each other.
    pub fn findings(&self) -> Result<Vec<(usize, Finding)>, LogicError> {
        let world = match self.manner.protection {
            true => self.world_for_protection()?,
            false => World::new(self.logic, &self.person.known(), self.reading.interpretation)?,
        };
        let open: BTreeMap<usize, Truth> = self
            .norms
            .iter()
            .map(|&n| {
                let holds = self.logic.compile(n, &world, self.reading.open)?.holds;
                Ok((n, self.logic.truth(&holds, &world.constraint(self.logic, &holds)?)?))
            })
            .collect::<Result<_, LogicError>>()?;
        let finding = |t: &Truth| match t {
            Truth::True => Finding::Established,
            Truth::False => Finding::NotEstablished,
            Truth::Open => Finding::Undetermined,
        };
        Ok(open.iter().map(|(n, t)| (*n, finding(t))).collect())
    }

    /// Returns the norms that are not decided, each with what constrains it.
    fn open(&self, world: &World) -> Result<Vec<Undecided>, LogicError> {
        let mut out = Vec::new();
        for &norm in &self.norms {
            let holds = self.logic.compile(norm, world, self.reading.open)?.holds;
            let constraint = world.constraint(self.logic, &holds)?;
            if self.logic.truth(&holds, &constraint)? == Truth::Open {
                let variables = self.logic.support(&holds).into_iter().chain(self.logic.support(&constraint)).collect();
                let yes = self.logic.and(&holds, &constraint)?;
                let no = self.logic.and_not(&constraint, &holds)?;
                out.push(Undecided { norm, yes, no, variables });
            }
        }
        Ok(out)
    }

    /// Returns the facts that can still change something, in the order of the vocabulary.
    fn candidates(&self, open: &[Undecided]) -> BTreeSet<FactIx> {
        let fact = |v: &Variable| match v {
            Variable::Fact(f) | Variable::Below(f, _) => Some(*f),
            Variable::Open(_) => None,
        };
        let all: BTreeSet<FactIx> = open.iter().flat_map(|u| u.variables.iter().filter_map(fact)).collect();
        all.into_iter().filter(|f| !self.closed.contains(f) && self.may_ask(*f) && self.matters(open, *f)).collect()
    }

    /// A fact that only stands in what entails what matters if one of its answers changes a norm.
    fn matters(&self, open: &[Undecided], fact: FactIx) -> bool {
        let changes = |u: &Undecided, v: Variable| {
            self.logic.handle(v).is_some_and(|h| {
                u.variables.contains(&v)
                    && (u.yes.var_restrict(h, true) != u.yes.var_restrict(h, false)
                        || u.no.var_restrict(h, true) != u.no.var_restrict(h, false))
            })
        };
        open.iter().any(|u| {
            u.variables.iter().any(|&v| {
                let same = matches!(v, Variable::Fact(f) | Variable::Below(f, _) if f == fact);
                same && changes(u, v)
            })
        })
    }

    /// Returns the expected number of norms that an answer decides, and the entropy that it is expected to remove.
    fn gain(&self, open: &[Undecided], fact: FactIx) -> (f64, f64) {
        let (mut decides, mut learnt) = (0.0, 0.0);
        let answers = self.answers(open, fact);
        for u in open {
            let touched =
                u.variables.iter().any(|v| matches!(v, Variable::Fact(f) | Variable::Below(f, _) if *f == fact));
            if !touched {
                continue;
            }
            learnt += self.entropy(u, &[]);
            for (p, values) in &answers {
                let fixed: Vec<(Variable, bool)> = values.clone();
                let (yes, no) = (self.fix(&u.yes, &fixed), self.fix(&u.no, &fixed));
                if yes.is_false() || no.is_false() {
                    decides += p;
                } else {
                    learnt -= p * self.entropy(u, &fixed);
                }
            }
        }
        (decides, learnt)
    }

    fn fix(&self, diagram: &Bdd, values: &[(Variable, bool)]) -> Bdd {
        let handles: Vec<_> = values.iter().filter_map(|(v, b)| Some((self.logic.handle(*v)?, *b))).collect();
        diagram.restrict(&handles)
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

    fn prior(&self, fact: FactIx) -> f64 {
        self.person.priors.get(&fact).copied().unwrap_or_else(|| self.logic.law.vocabulary.prior(fact))
    }

    /// Returns the entropy of a norm's finding in bits, facts being independent with their priors.
    fn entropy(&self, u: &Undecided, fixed: &[(Variable, bool)]) -> f64 {
        let (yes, no) = (self.weight(&self.fix(&u.yes, fixed)), self.weight(&self.fix(&u.no, fixed)));
        let p = yes / (yes + no);
        if !(p > 0.0 && p < 1.0) {
            return 0.0;
        }
        -(p * libm::log2(p) + (1.0 - p) * libm::log2(1.0 - p))
    }

    fn weight(&self, diagram: &Bdd) -> f64 {
        let mut known: BTreeMap<BddPointer, f64> = BTreeMap::new();
        // Nodes are numbered from the leaves up, so that what lies below is there first.
        for node in diagram.pointers() {
            let value = if node.is_zero() {
                0.0
            } else if node.is_one() {
                1.0
            } else {
                let p = match self.logic.of_handle(diagram.var_of(node)) {
                    Some(Variable::Fact(f)) => self.prior(f),
                    _ => 0.5,
                };
                let of = |p: BddPointer| known.get(&p).copied().unwrap_or(0.0);
                (1.0 - p) * of(diagram.low_link_of(node)) + p * of(diagram.high_link_of(node))
            };
            known.insert(node, value);
        }
        known.get(&diagram.root_pointer()).copied().unwrap_or(0.0)
    }
}

/// Whether an open norm depends on a fact.
fn speaks(u: &Undecided, fact: FactIx) -> bool {
    u.variables.iter().any(|v| matches!(v, Variable::Fact(f) | Variable::Below(f, _) if *f == fact))
}

/// Families of norms that call for protection as soon as the facts satisfy one of them.
pub const LEADING: &[&str] =
    &["trafficking", "slavery", "forced-labour", "child-labour", "sale-of-child", "core-crime"];

/// Differences below this are ties, so that rounding does not decide what is asked.
const EPSILON: f64 = 1e-9;

#[derive(Debug)]
struct Undecided {
    /// The norm, by place.
    norm: usize,
    /// Ways in which the norm holds.
    yes: Bdd,
    /// Ways in which it does not.
    no: Bdd,
    variables: BTreeSet<Variable>,
}
