//! What is asked of definitions: eight questions, each with an answer of its own.
//!
//! Files of law are no part of a question: they are read into the [`Library`] that is asked.

use super::answer::{
    Burdened, Checked, Compared, Drift, FactList, FallenBack, Left, Listed, Overlapped, Pairs, Shown, Two,
};
use super::applicable::{applies, in_force, state_of, within_state};
use super::library::{Files, Library};
use super::words;
use crate::handle::Handle;
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::date::{DateError, PartialDate};
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::burden;
use nomoscope_core::law::case::{AgeRange, Case, Person};
use nomoscope_core::law::compare::{Definitions, Relation};
use nomoscope_core::law::definition::{Atom, Term};
use nomoscope_core::law::fallback::{Evidence, FARTHEST, Remaining, of_case, of_elements};
use nomoscope_core::law::finding::{Bench, Finding, Reading};
use nomoscope_core::law::guide::State;
use nomoscope_core::law::interview::lead;
use nomoscope_core::law::lint;
use nomoscope_core::law::logic::{Logic, LogicError, OpenReading};
use nomoscope_core::law::template::overlap;
use nomoscope_core::law::vocabulary::OLDEST;
use nomoscope_core::problem::{Remedy, Severity};
use nomoscope_core::spelling::nearest;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which norms are there, from which legal order, and how far was each checked?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct List {
    /// Only norms of this legal order: `un`, `eu`, `fr` …
    pub system: Option<String>,
    /// Only norms of this family: `trafficking`, `slavery`, `forced-labour` …
    pub family: Option<String>,
}

impl List {
    /// Asks the question.
    ///
    /// # Errors
    /// No norm fits.
    pub fn ask(&self, library: &Arc<Library>, _handle: &Handle) -> Result<Listed, Refusal> {
        let all = &library.law.norms;
        let wanted = |given: &Option<String>, have: &str| given.as_ref().is_none_or(|g| g == have);
        let fits = |&n: &usize| wanted(&self.system, &all[n].system) && wanted(&self.family, &all[n].family);
        let norms: Vec<usize> = (0..all.len()).filter(fits).collect();
        if norms.is_empty() {
            let known: BTreeSet<&str> = all.iter().flat_map(|n| [n.system.as_str(), n.family.as_str()]).collect();
            let hint = format!("legal orders and families are {}", joined(known));
            return Err(refuse("no norm fits the legal order and the family", hint));
        }
        Ok(Listed { library: library.clone(), norms })
    }
}

/// What does a definition ask for, and what does it bring?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Show {
    /// The norms, by id; `fr` stands for all norms of that order. None: all.
    pub norms: Vec<String>,
}

impl Show {
    /// Asks the question.
    ///
    /// # Errors
    /// A norm that is not there.
    pub fn ask(&self, library: &Arc<Library>, _handle: &Handle) -> Result<Shown, Refusal> {
        Ok(Shown { library: library.clone(), norms: chosen(&library.law, &self.norms)? })
    }
}

/// Which facts can a case hold, and what follows from what?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Only facts of this group: `victim`, `act`, `means`, `purpose`, `work` …
    pub group: Option<String>,
}

impl Facts {
    /// Asks the question.
    ///
    /// # Errors
    /// No fact is in the group.
    pub fn ask(&self, library: &Arc<Library>, _handle: &Handle) -> Result<FactList, Refusal> {
        let all = library.law.vocabulary.facts();
        let fits = |&f: &usize| self.group.as_deref().is_none_or(|g| g == all[f].group());
        let facts: Vec<usize> = (0..all.len()).filter(fits).collect();
        if facts.is_empty() {
            let mut groups: Vec<&str> = all.iter().map(|f| f.group()).collect();
            groups.dedup();
            return Err(refuse("no fact is in that group", format!("groups are {}", groups.join(", "))));
        }
        Ok(FactList { library: library.clone(), facts })
    }
}

/// What is wrong with facts, norms and cases, and which limbs does no case reach?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Check {}

impl Check {
    /// Asks the question of the law that the program brings along with these files beside it; of none: of itself alone.
    ///
    /// `unread` is what could not even be read.
    #[must_use]
    pub fn ask(&self, library: &Library, own: &Files, unread: Vec<Problem>) -> Checked {
        let is_bundled = own.is_empty() && unread.is_empty();
        let mut complaints = unread;
        complaints.extend(library.complaints.iter().cloned());
        let logic = library.logic();
        complaints.extend(lint::definitions(&logic));
        let coverage = lint::cases(&logic, &library.cases);
        complaints.extend(coverage.complaints.iter().cloned());
        // Limbs are only missed where the cases are there to reach them.
        if is_bundled {
            complaints.extend(lint::unreached(&library.law, &coverage));
        } else {
            complaints.retain(|c| c.severity == Severity::Error || own.contains_key(&c.file));
        }
        complaints.sort();
        complaints.dedup();
        let (errors, warnings) = complaints.into_iter().partition(|c| c.severity == Severity::Error);
        Checked {
            errors,
            warnings,
            facts: library.law.vocabulary.facts().len(),
            norms: library.law.norms.len(),
            cases: library.cases.len(),
            expectations: coverage.expectations,
            independent: if is_bundled { lint::independent(&library.law, &library.cases) } else { Vec::new() },
        }
    }
}

/// What does one definition let in that another does not?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Compare {
    /// Two norms, one against all of its family, or none for all pairs.
    pub norms: Vec<String>,
    /// How the open end of a list is read: `closed`, `shared`, `own`; none: two norms under all three, all pairs as closed.
    #[schemars(with = "Option<String>")]
    pub open: Option<OpenReading>,
    /// With one norm: against all norms, not only those of its family.
    pub all: bool,
    /// Whether facts follow from others by interpretation, too.
    pub interpretation: bool,
}

impl Compare {
    /// Asks the question.
    ///
    /// # Errors
    /// A norm that is not there, more than two norms, or definitions too large to be decided.
    pub fn ask(&self, library: &Arc<Library>, handle: &Handle) -> Result<Compared, Refusal> {
        let mut problems = Problems::new();
        let found: Vec<Option<usize>> =
            self.norms.iter().map(|id| one(&library.law, id, "norms", &mut problems)).collect();
        if self.norms.len() > 2 {
            problems.push(Problem::of_setting("norms", format!("takes at most two norms, not {}", self.norms.len())));
        }
        problems.or(())?;
        handle.check()?;
        let compared = match found[..] {
            [Some(a), Some(b)] => self.two(library, a, b).map(Compared::Two),
            [Some(from)] => self.drift(library, from).map(Compared::Drift),
            _ => self.pairs(library).map(Compared::Pairs),
        };
        compared.map_err(undecided)
    }

    /// Returns the readings of open lists that are compared where each costs little.
    fn readings(&self) -> Vec<OpenReading> {
        self.open.map_or_else(|| OpenReading::ALL.to_vec(), |open| vec![open])
    }

    fn two(&self, library: &Arc<Library>, a: usize, b: usize) -> Result<Two, LogicError> {
        let logic = library.logic();
        let under = |reading| Definitions::new(&logic, reading, self.interpretation)?.compare(a, b);
        let comparisons = self.readings().into_iter().map(under).collect::<Result<_, _>>()?;
        Ok(Two { library: library.clone(), a, b, interpretation: self.interpretation, comparisons })
    }

    fn drift(&self, library: &Arc<Library>, from: usize) -> Result<Drift, LogicError> {
        let (logic, norms) = (library.logic(), &library.law.norms);
        let is_other = |&n: &usize| n != from && (self.all || norms[n].family == norms[from].family);
        let others: Vec<usize> = (0..norms.len()).filter(is_other).collect();
        let under = |&reading: &OpenReading| -> Result<Vec<Relation>, LogicError> {
            let definitions = Definitions::new(&logic, reading, self.interpretation)?;
            others.iter().map(|&n| definitions.relation(n, from)).collect()
        };
        let readings = self.readings();
        let relations = readings.iter().map(under).collect::<Result<_, _>>()?;
        Ok(Drift { library: library.clone(), from, others, readings, relations })
    }

    fn pairs(&self, library: &Arc<Library>) -> Result<Pairs, LogicError> {
        // Of all pairs one reading is enough; the strictest says which definitions contain each other by their words alone.
        let reading = self.open.unwrap_or(OpenReading::Closed);
        let all: Vec<usize> = (0..library.law.norms.len()).collect();
        let pairs = Definitions::new(&library.logic(), reading, self.interpretation)?.pairs(&all)?;
        Ok(Pairs { library: library.clone(), reading, interpretation: self.interpretation, pairs })
    }
}

/// What do definitions list side by side, and how many ways to meet one does another hold, too?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overlap {
    /// The norms, by id; `fr` stands for all norms of that order. None: all.
    pub norms: Vec<String>,
    /// Only norms of this family: `trafficking`, `slavery`, `forced-labour` …
    pub family: Option<String>,
    /// How the open end of a list is read: `closed`, `shared`, `own`.
    #[schemars(with = "String")]
    pub open: OpenReading,
    /// Whether facts follow from others by interpretation, too.
    pub interpretation: bool,
}

impl Overlap {
    /// Asks the question.
    ///
    /// # Errors
    /// A norm that is not there, none that fits, or definitions too large to be decided.
    pub fn ask(&self, library: &Arc<Library>, handle: &Handle) -> Result<Overlapped, Refusal> {
        let law = &library.law;
        let mut norms = chosen(law, &self.norms)?;
        if let Some(family) = &self.family {
            norms.retain(|&n| law.norms[n].family == *family);
        }
        if norms.is_empty() {
            let families: BTreeSet<&str> = law.norms.iter().map(|n| n.family.as_str()).collect();
            return Err(refuse("no norm fits", format!("families are {}", joined(families))));
        }
        handle.check()?;
        let overlaps = overlap(law, &norms, self.open, self.interpretation);
        handle.check()?;
        let order = Definitions::new(&library.logic(), self.open, self.interpretation)
            .and_then(|definitions| definitions.order(&norms))
            .map_err(undecided)?;
        Ok(Overlapped { library: library.clone(), norms, reading: self.open, overlaps, order })
    }
}

/// What has to be proved?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Burden {
    /// The norms, by id; `fr` stands for all norms of that order. None: all.
    pub norms: Vec<String>,
}

impl Burden {
    /// Asks the question.
    ///
    /// # Errors
    /// A norm that is not there, or definitions too large to be decided.
    pub fn ask(&self, library: &Arc<Library>, handle: &Handle) -> Result<Burdened, Refusal> {
        let norms = chosen(&library.law, &self.norms)?;
        handle.check()?;
        let logic = library.logic();
        let definitions = Definitions::new(&logic, OpenReading::Shared, false).map_err(undecided)?;
        let burdens = norms.par_iter().map(|&n| burden(&logic, &definitions, n)).collect::<Result<_, _>>();
        Ok(Burdened { library: library.clone(), burdens: burdens.map_err(undecided)? })
    }
}

/// What is left when a norm cannot be established?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fallback {
    /// A norm that cannot be established.
    pub norm: Option<String>,
    /// Without a case: the elements of the norm that cannot be proved.
    pub without: Vec<String>,
    /// Without a case: the age of the person in completed years; none: an adult.
    pub age: Option<u16>,
    /// On which facts of a case: `entered`, `protection`, `prosecution`.
    #[schemars(with = "String")]
    pub on: Evidence,
    /// How many facts a norm may be away.
    pub within: u32,
    /// Only this person of the cases.
    pub person: Option<String>,
    /// Only the norms of this State and its treaties; none: of the State of the case, or of all.
    pub state: Option<String>,
    /// The day on which norms have to be in force, where the case names none; none: any day.
    pub date: Option<String>,
    /// At most so many norms; 0: all.
    pub most: usize,
    /// How the open end of a list is read: `closed`, `shared`, `own`.
    #[schemars(with = "String")]
    pub open: OpenReading,
    /// Whether facts follow from others by interpretation, too.
    pub interpretation: bool,
}

impl Default for Fallback {
    fn default() -> Self {
        let Reading { open, interpretation } = Reading::default();
        Self {
            norm: None,
            without: Vec::new(),
            age: None,
            on: Evidence::All,
            within: 1,
            person: None,
            state: None,
            date: None,
            most: ROWS,
            open,
            interpretation,
        }
    }
}

impl Fallback {
    /// Asks what is left for the persons of these cases; of none: what is left of the norm without some of its elements.
    ///
    /// # Errors
    /// A norm, element or person that is not there, an age or a distance out of bounds, facts that contradict each other.
    pub fn ask(&self, library: &Arc<Library>, cases: &[Case], handle: &Handle) -> Result<FallenBack, Refusal> {
        let mut problems = Problems::new();
        if self.within > FARTHEST {
            problems.push(Problem::of_setting("within", format!("{}: takes 0 to {FARTHEST} facts", self.within)));
        }
        let norm = self.norm.as_deref().and_then(|id| one(&library.law, id, "norm", &mut problems));
        let day = self.day(&mut problems);
        let mut left = if cases.is_empty() {
            self.of_norm(library, norm, problems).map(|left| vec![left])?
        } else {
            problems.or(())?;
            self.of_cases(library, cases, norm, handle)?
        };
        let state = state_of(&library.law, self.state.as_deref(), cases.first())?;
        let dated = cases.first().and_then(|c| c.date);
        for l in &mut left {
            self.cut(&library.law, state, dated.or(day), l);
        }
        Ok(FallenBack { library: library.clone(), left, day: dated.is_none().then_some(day).flatten() })
    }

    fn day(&self, problems: &mut Problems) -> Option<PartialDate> {
        match self.date.as_deref()?.parse() {
            Ok(day) => Some(day),
            Err(error) => {
                let error: DateError = error;
                problems.push(Problem::of_setting("date", error.to_string()).hint("a day is written 2026-11-24"));
                None
            }
        }
    }

    const fn reading(&self) -> Reading {
        Reading { open: self.open, interpretation: self.interpretation }
    }

    /// Keeps the norms of the State and its treaties, in force then, and of these no more than are asked for.
    fn cut(&self, law: &Law, state: Option<&State>, date: Option<PartialDate>, left: &mut Left) {
        let fits = |n: usize| in_force(&law.norms[n], date) && state.is_none_or(|s| applies(law, n, s, date));
        let applies_then = |n: usize| state.is_none_or(|s| applies(law, n, s, date));
        let superseded = left.fallback.remaining.iter().filter(|r| applies_then(r.norm) && !fits(r.norm));
        left.not_in_force = superseded.count();
        left.fallback.remaining.retain(|r| fits(r.norm));
        left.fallback.kept_out.retain(|&n| fits(n));
        // What is nearest comes first; among equals what covers most, then the State's own law before its treaties, what protects by
        // itself, and what carries most.
        let rank = |r: &Remaining| {
            let norm = &law.norms[r.norm];
            let foreign = state.is_some_and(|s| norm.system != s.id);
            let ways = std::cmp::Reverse(r.ways.map_or(0, |w| w.0));
            (r.distance, ways, foreign, lead(norm), std::cmp::Reverse(severity(norm)))
        };
        left.fallback.remaining.sort_by_key(rank);
        if self.most > 0 && left.fallback.remaining.len() > self.most {
            left.more = left.fallback.remaining.len() - self.most;
            left.fallback.remaining.truncate(self.most);
        }
    }

    fn of_cases(
        &self,
        library: &Library,
        cases: &[Case],
        norm: Option<usize>,
        handle: &Handle,
    ) -> Result<Vec<Left>, Refusal> {
        let logic = library.logic();
        let all: Vec<usize> = (0..library.law.norms.len()).collect();
        let mut left = Vec::new();
        for case in cases {
            let case = &within_state(&library.law, self.state.as_deref(), case)?;
            for person in case.persons.iter().filter(|p| self.person.as_deref().is_none_or(|id| id == p.id)) {
                handle.check()?;
                let fallback =
                    of_case(&logic, person, self.on, self.reading(), self.within, &all).map_err(undecided)?;
                let lost = match norm {
                    Some(n) => self.lost(&logic, person, n).map_err(undecided)?,
                    None => Vec::new(),
                };
                let of = format!("{} ({})", case.title, words::person(case, person));
                left.push(Left { aimed: norm, ..Left::of_case(of, lost, fallback, &case.id, &person.id) });
            }
        }
        match &self.person {
            Some(wanted) if left.is_empty() => Err(no_such_person(wanted, cases)),
            _ => Ok(left),
        }
    }

    /// Returns the elements of a norm that the facts do not satisfy or do not settle.
    fn lost(&self, logic: &Logic, person: &Person, n: usize) -> Result<Vec<String>, LogicError> {
        let outcome = Bench::new(logic, person, self.reading())?.outcome(n)?;
        let line = match self.on {
            Evidence::All => &outcome.all,
            Evidence::Protection => &outcome.protection,
            Evidence::Prosecution => &outcome.prosecution,
        };
        let mut lost: Vec<String> = Vec::new();
        if line.finding != Finding::Established {
            for obstacle in line.failing.iter().chain(&line.open) {
                let words = words::requirement(&logic.law, &logic.law.norms[n], obstacle.requirement);
                if !lost.contains(&words) {
                    lost.push(words);
                }
            }
        }
        Ok(lost)
    }

    fn of_norm(&self, library: &Library, norm: Option<usize>, mut problems: Problems) -> Result<Left, Refusal> {
        if self.norm.is_none() {
            problems.push(Problem::of_setting("norm", "is needed where there is no case"));
        }
        if let Some(years) = self.age.filter(|years| *years > OLDEST) {
            problems.push(Problem::of_setting("age", format!("{years}: lies above {OLDEST}")));
        }
        let lost = norm.map(|n| self.elements(&library.law, n, &mut problems)).unwrap_or_default();
        problems.or(())?;
        let Some(n) = norm else { return Err(Refusal::setting("norm", "is needed where there is no case")) };
        let age = self.age.or_else(|| norm_age(&library.law, n, &lost)).map(|y| AgeRange { low: y, high: y });
        let fallback = of_elements(&library.logic(), n, &lost, age, self.reading(), self.within).map_err(undecided)?;
        let norm = &library.law.norms[n];
        let labels: Vec<String> = lost.iter().map(|&e| words::element(norm, e)).collect();
        let of = format!(
            "{} without {} ({})",
            norm.short,
            labels.join(" and "),
            age.map_or_else(|| "an adult".to_owned(), AgeRange::words)
        );
        Ok(Left { aimed: Some(n), ..Left::of_norm(of, labels, fallback, norm, &lost, self.age) })
    }

    fn elements(&self, law: &Law, n: usize, problems: &mut Problems) -> BTreeSet<usize> {
        let norm = &law.norms[n];
        let ids: Vec<&str> = norm.elements.iter().map(|e| e.id.as_str()).collect();
        if self.without.is_empty() {
            let hint = format!("elements of {} are {}", norm.id, ids.join(", "));
            problems.push(Problem::of_setting("without", "an element is needed, or a case").hint(hint));
        }
        let mut found = BTreeSet::new();
        for name in &self.without {
            match norm.element(name) {
                Some(e) => {
                    found.insert(e);
                }
                None => {
                    let near = nearest(name, ids.iter().copied());
                    let hint = Remedy::nearest_or(near, || format!("elements are {}", ids.join(", ")));
                    let reason = format!("{name}: {} has no such element", norm.id);
                    problems.push(Problem::of_setting("without", reason).hint(hint));
                }
            }
        }
        found
    }
}

/// How many norms are named by default.
pub const ROWS: usize = 12;

/// Returns the age of a child where the limbs that lost something are for children only: one year under their bound.
fn norm_age(law: &Law, n: usize, lost: &BTreeSet<usize>) -> Option<u16> {
    let norm = &law.norms[n];
    let element = |t: &Term| match t.atom {
        Atom::Element(e) => Some(e),
        _ => None,
    };
    let hit = norm.limbs.iter().filter(|l| l.requires.iter().filter_map(element).any(|e| lost.contains(&e)));
    let bound = |e: usize| {
        let young = norm.elements.get(e)?.any.iter().chain(&norm.elements.get(e)?.all).find_map(|t| match t.atom {
            Atom::Below(_, years) if !t.negated => Some(years),
            _ => None,
        });
        young.filter(|_| norm.elements.get(e).is_some_and(|e| e.role == "age"))
    };
    let ages: Vec<Option<u16>> = hit.map(|l| l.requires.iter().filter_map(element).find_map(bound)).collect();
    let all: Option<Vec<u16>> = ages.into_iter().collect();
    all?.into_iter().min().map(|years| years.saturating_sub(1))
}

/// Returns the greatest penalty in months; life above all.
pub(crate) fn severity(norm: &nomoscope_core::law::definition::Norm) -> u64 {
    norm.penalty.as_ref().map_or(0, |p| if p.life { u64::MAX } else { (p.max_years.unwrap_or(0.0) * 12.0) as u64 })
}

/// Returns the refusal of a person whom no case has.
pub(crate) fn no_such_person(wanted: &str, cases: &[Case]) -> Refusal {
    let known: Vec<&str> = cases.iter().flat_map(|c| &c.persons).map(|p| p.id.as_str()).collect();
    let hint = format!("persons are {}", known.join(", "));
    Refusal::Input(Problem::of_setting("person", format!("{wanted}: there is no such person")).hint(hint).into())
}

/// Returns the refusal of what cannot be decided.
pub(crate) fn undecided(error: LogicError) -> Refusal {
    let problem = Problem::new("", error.to_string());
    Refusal::Input(match error.hint() {
        Some(hint) => problem.hint(hint).into(),
        None => problem.into(),
    })
}

fn refuse(reason: &str, hint: String) -> Refusal {
    Refusal::NoAnswer(Problem::new("", reason).hint(hint))
}

fn joined(words: BTreeSet<&str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

/// Returns the places of norms by id; a prefix such as `fr` or `un.palermo` stands for all norms below it, and no id for all.
///
/// # Errors
/// All ids that stand for no norm.
pub(crate) fn chosen(law: &Law, asked: &[String]) -> Result<Vec<usize>, Refusal> {
    let mut problems = Problems::new();
    let found =
        if asked.is_empty() { (0..law.norms.len()).collect() } else { norms(law, asked, "norms", &mut problems) };
    Ok(problems.or(found)?)
}

fn norms(law: &Law, asked: &[String], setting: &'static str, problems: &mut Problems) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for id in asked.iter().flat_map(|list| list.split(',')).map(str::trim).filter(|id| !id.is_empty()) {
        let below = format!("{id}.");
        let found: Vec<usize> = match law.find(id) {
            Some(norm) => vec![norm],
            None => (0..law.norms.len()).filter(|&n| law.norms[n].id.starts_with(&below)).collect(),
        };
        if found.is_empty() {
            let hint = Remedy::nearest_or(nearest(id, law.norms.iter().map(|n| n.id.as_str())), || {
                "norms go by their ids, such as un.palermo.3, and all of a legal order by its own".to_owned()
            });
            problems.push(Problem::of_setting(setting, format!("unknown norm `{id}`")).hint(hint));
        }
        for norm in found {
            if !out.contains(&norm) {
                out.push(norm);
            }
        }
    }
    out
}

/// Returns the place of one norm by id.
fn one(law: &Law, id: &str, setting: &'static str, problems: &mut Problems) -> Option<usize> {
    match norms(law, &[id.to_owned()], setting, problems)[..] {
        [norm] => Some(norm),
        [] => None,
        ref several => {
            let ids: Vec<&str> = several.iter().map(|&n| law.norms[n].id.as_str()).collect();
            problems.push(Problem::of_setting(setting, format!("`{id}` stands for several norms: {}", ids.join(", "))));
            None
        }
    }
}
