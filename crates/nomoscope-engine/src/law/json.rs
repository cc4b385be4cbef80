//! The answers about definitions serialised.

use super::answer::{
    self, Burdened, Checked, Compared, FactList, FallenBack, Left, LeftFrom, Listed, Overlapped, Shown,
};
use super::words::{self, DISCLAIMER, ROLES};
use crate::json::Number;
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::{self, LimbBurden};
use nomoscope_core::law::case::AgeRange;
use nomoscope_core::law::compare::{self, Comparison};
use nomoscope_core::law::definition::{self, Atom, Term};
use nomoscope_core::law::fallback::Remaining;
use nomoscope_core::law::finding::variable_id;
use nomoscope_core::law::logic::{OpenReading, words as term_id};
use nomoscope_core::law::minimal::Literal;
use nomoscope_core::law::template::templates;
use nomoscope_core::law::vocabulary::{Fact as CoreFact, FactIx};
use nomoscope_core::problem::{Problem, Remedy};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A penalty.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Penalty {
    /// Least term, in years.
    pub min_years: Number,
    /// Greatest term, in years.
    pub max_years: Number,
    /// Whether it may be for life.
    pub life: bool,
    /// What else there is to say.
    pub note: String,
    /// All of it in words.
    pub words: String,
}

impl From<&definition::Penalty> for Penalty {
    fn from(p: &definition::Penalty) -> Self {
        Self {
            min_years: p.min_years.into(),
            max_years: p.max_years.into(),
            life: p.life,
            note: p.note.clone(),
            words: p.words(),
        }
    }
}

/// A sentence with its provision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cited {
    /// The provision.
    pub cite: String,
    /// In our words.
    pub text: String,
}

pub(crate) fn cited(list: &[definition::Cited]) -> Vec<Cited> {
    list.iter().map(|c| Cited { cite: c.cite.clone(), text: c.text.clone() }).collect()
}

/// Least and greatest age in completed years.
pub type Ages = [u16; 2];

pub(crate) const fn ages(a: AgeRange) -> Ages {
    [a.low, a.high]
}

/// Returns sets of facts by id: `act.recruit`, `!work.emergency`, `victim.age < 18`.
pub(crate) fn sets(law: &Law, sets: &[Vec<Literal>]) -> Vec<Vec<String>> {
    let id = |l: &Literal| variable_id(law, l.variable, l.value);
    sets.iter().map(|s| s.iter().map(id).collect()).collect()
}

fn fact_ids(law: &Law, facts: &BTreeSet<FactIx>) -> Vec<String> {
    facts.iter().map(|f| law.vocabulary.get(*f).id.clone()).collect()
}

fn date(d: Option<PartialDate>) -> Option<String> {
    d.map(|d| d.to_string())
}

/// Norms as a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct List {
    /// The norms, in the order of their files.
    pub norms: Vec<ListedNorm>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// A norm of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedNorm {
    /// The id.
    pub norm: String,
    /// Its short name.
    pub short: String,
    /// Its title.
    pub title: String,
    /// Its legal order.
    pub system: String,
    /// Its family.
    pub family: String,
    /// What it is: treaty, statute …
    pub kind: String,
    /// When it was adopted.
    pub adopted: Option<String>,
    /// When it came into force.
    pub in_force: Option<String>,
    /// Until when this version holds.
    pub valid_to: Option<String>,
    /// In how many limbs.
    pub limbs: usize,
    /// How far it was checked: `text`, `secondary`, `memory`.
    pub verified: &'static str,
    /// Whether it is aimed at the person concerned.
    pub against_person: bool,
    /// What to check before use.
    pub check: String,
}

impl From<&Listed> for List {
    fn from(listed: &Listed) -> Self {
        let norm = |n: &definition::Norm| ListedNorm {
            norm: n.id.clone(),
            short: n.short.clone(),
            title: n.title.clone(),
            system: n.system.clone(),
            family: n.family.clone(),
            kind: n.kind.clone(),
            adopted: date(n.adopted),
            in_force: date(n.in_force),
            valid_to: date(n.valid_to),
            limbs: n.limbs.len(),
            verified: n.verified.name(),
            against_person: n.against_person,
            check: n.check.clone(),
        };
        Self { norms: listed.norms().map(norm).collect(), disclaimer: DISCLAIMER }
    }
}

/// Definitions as their files have them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Show {
    /// The norms.
    pub norms: Vec<Norm>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// A definition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Norm {
    /// The id.
    pub norm: String,
    /// Its title.
    pub title: String,
    /// Its short name.
    pub short: String,
    /// Its legal order.
    pub system: String,
    /// What it is: treaty, statute …
    pub kind: String,
    /// Its family.
    pub family: String,
    /// When it was adopted.
    pub adopted: Option<String>,
    /// When it came into force.
    pub in_force: Option<String>,
    /// From when this version holds.
    pub valid_from: Option<String>,
    /// Until when this version holds.
    pub valid_to: Option<String>,
    /// How far it was checked: `text`, `secondary`, `memory`.
    pub verified: &'static str,
    /// When it was checked.
    pub checked_on: Option<String>,
    /// When it was read a second time, by somebody who had not written it down.
    pub second_reading: Option<String>,
    /// How strong a duty is: `shall`, `may`, `consider`, `defence`; empty where it is none.
    pub strength: String,
    /// Where it applies, if that is narrower than its legal order.
    pub territory: String,
    /// Where its text stands.
    pub source: TextSource,
    /// Whether it is aimed at the person concerned.
    pub against_person: bool,
    /// What to check before use.
    pub check: String,
    /// What else there is to say.
    pub note: String,
    /// The penalty.
    pub penalty: Option<Penalty>,
    /// What it brings the person.
    pub protection: Vec<Cited>,
    /// Why the person is not to be punished.
    pub non_punishment: Vec<Cited>,
    /// Its elements.
    pub elements: Vec<Element>,
    /// Its limbs: each of these is enough.
    pub limbs: Vec<Limb>,
    /// What has to be said on some facts.
    pub remarks: Vec<Remark>,
    /// What limits where the instrument applies.
    pub scope: Vec<Scope>,
    /// What raises the penalty.
    pub aggravations: Vec<Aggravation>,
}

/// Where a text stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TextSource {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its language.
    pub language: String,
    /// Whether it is a translation.
    pub translation: bool,
    /// Which version of the text the copy gives.
    pub version: String,
    /// The SHA-256 of the file that was read; empty where none was kept.
    pub sha256: String,
}

/// An element of a definition; facts are written `act.recruit`, `!work.emergency`, `victim.age < 18`, elements `@means`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Element {
    /// The id.
    pub id: String,
    /// `act`, `means`, `purpose`, `age` …
    pub role: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// All of these must be.
    pub all: Vec<String>,
    /// One of these must be.
    pub any: Vec<String>,
    /// None of these may be.
    pub none: Vec<String>,
    /// What the list leaves open.
    pub open: Option<String>,
}

/// A limb of a definition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Limb {
    /// The id.
    pub id: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// All of these must be.
    pub requires: Vec<String>,
}

/// What has to be said on some facts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remark {
    /// On these.
    pub when: Vec<String>,
    /// The provision.
    pub cite: String,
    /// The remark.
    pub text: String,
}

/// What limits where an instrument applies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scope {
    /// All of these must be.
    pub requires: Vec<String>,
    /// The provision.
    pub cite: String,
    /// The limit.
    pub text: String,
}

/// What raises a penalty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Aggravation {
    /// The id.
    pub id: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// All of these must be.
    pub requires: Vec<String>,
    /// The penalty then.
    pub penalty: Option<Penalty>,
}

impl From<&Shown> for Show {
    fn from(shown: &Shown) -> Self {
        let law = &shown.library.law;
        Self { norms: shown.norms.iter().map(|&n| norm(law, &law.norms[n])).collect(), disclaimer: DISCLAIMER }
    }
}

/// Returns the id of a term: of a fact, or of another element after an `@`.
pub(crate) fn id(law: &Law, n: &definition::Norm, t: &Term) -> String {
    match t.atom {
        Atom::Element(e) => {
            let id = n.elements.get(e).map_or("", |e| e.id.as_str());
            format!("{}@{id}", if t.negated { "!" } else { "" })
        }
        Atom::Fact(_) | Atom::Below(..) => term_id(law, *t),
    }
}

fn norm(law: &Law, n: &definition::Norm) -> Norm {
    let ids = |list: &[Term]| list.iter().map(|t| id(law, n, t)).collect::<Vec<_>>();
    let element = |e: &definition::Element| Element {
        id: e.id.clone(),
        role: e.role.clone(),
        cite: e.cite.clone(),
        label: e.label.clone(),
        all: ids(&e.all),
        any: ids(&e.any),
        none: ids(&e.none),
        open: e.open.as_ref().map(|t| id(law, n, t)),
    };
    let limb = |l: &definition::Limb| Limb {
        id: l.id.clone(),
        cite: l.cite.clone(),
        label: l.label.clone(),
        requires: ids(&l.requires),
    };
    let remark = |r: &definition::Remark| Remark { when: ids(&r.when), cite: r.cite.clone(), text: r.text.clone() };
    let scope = |s: &definition::Remark| Scope { requires: ids(&s.when), cite: s.cite.clone(), text: s.text.clone() };
    let aggravation = |a: &definition::Aggravation| Aggravation {
        id: a.id.clone(),
        cite: a.cite.clone(),
        label: a.label.clone(),
        requires: ids(&a.requires),
        penalty: a.penalty.as_ref().map(Penalty::from),
    };
    Norm {
        norm: n.id.clone(),
        title: n.title.clone(),
        short: n.short.clone(),
        system: n.system.clone(),
        kind: n.kind.clone(),
        family: n.family.clone(),
        adopted: date(n.adopted),
        in_force: date(n.in_force),
        valid_from: date(n.valid_from),
        valid_to: date(n.valid_to),
        verified: n.verified.name(),
        checked_on: date(n.checked_on),
        second_reading: date(n.second_reading),
        strength: n.strength.clone(),
        territory: n.territory.clone(),
        source: TextSource {
            title: n.source.title.clone(),
            url: n.source.url.clone(),
            language: n.source.language.clone(),
            translation: n.source.translation,
            version: n.source.version.clone(),
            sha256: n.source.sha256.clone(),
        },
        against_person: n.against_person,
        check: n.check.clone(),
        note: n.note.clone(),
        penalty: n.penalty.as_ref().map(Penalty::from),
        protection: cited(&n.protection),
        non_punishment: cited(&n.non_punishment),
        elements: n.elements.iter().map(element).collect(),
        limbs: n.limbs.iter().map(limb).collect(),
        remarks: n.remarks.iter().map(remark).collect(),
        scope: n.scopes.iter().map(scope).collect(),
        aggravations: n.aggravations.iter().map(aggravation).collect(),
    }
}

/// Facts that a case can hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Facts {
    /// The facts.
    pub facts: Vec<Fact>,
    /// What follows from what.
    pub entailments: Vec<Entailment>,
}

/// A fact.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fact {
    /// The id.
    pub fact: String,
    /// How it is asked for.
    pub question: String,
    /// Plain words.
    pub label: String,
    /// Whether it is a judgement.
    pub judgement: bool,
    /// Whether to be asked may distress.
    pub distressing: bool,
    /// How likely it is before anything is known.
    pub prior: Number,
    /// The provisions that it comes from.
    pub cites: Vec<String>,
}

/// What follows from what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entailment {
    /// From all of these.
    #[serde(rename = "if")]
    pub premises: Vec<String>,
    /// All of these.
    #[serde(rename = "then")]
    pub conclusions: Vec<String>,
    /// `definition` or `interpretation`.
    pub basis: &'static str,
    /// Why.
    pub note: String,
    /// The authority.
    pub cite: String,
}

impl From<&FactList> for Facts {
    fn from(list: &FactList) -> Self {
        let law = &list.library.law;
        let fact = |f: &CoreFact| Fact {
            fact: f.id.clone(),
            question: f.question.clone(),
            label: f.label.clone(),
            judgement: f.judge,
            distressing: f.distress,
            prior: f.prior.into(),
            cites: f.cites.clone(),
        };
        let terms = |list: &[Term]| list.iter().map(|t| term_id(law, *t)).collect();
        let entailment = |e: &nomoscope_core::law::vocabulary::Entailment| Entailment {
            premises: terms(&e.premises),
            conclusions: terms(&e.conclusions),
            basis: e.basis.name(),
            note: e.note.clone(),
            cite: e.cite.clone(),
        };
        Self {
            facts: list.facts.iter().map(|&f| fact(&law.vocabulary.facts()[f])).collect(),
            entailments: law.vocabulary.entailments.iter().map(entailment).collect(),
        }
    }
}

/// What is wrong with facts, norms and cases.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// What makes them unusable.
    pub errors: Vec<Wrong>,
    /// What should be known.
    pub warnings: Vec<Wrong>,
    /// Facts that were looked at.
    pub facts: usize,
    /// Norms that were looked at.
    pub norms: usize,
    /// Cases that were looked at.
    pub cases: usize,
    /// Expectations of the cases.
    pub expectations: usize,
    /// Without a path: by norm, in the order of their ids, how many cases from published judgments and reports expect something of it.
    pub independent: Vec<usize>,
}

/// Something that is wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Wrong {
    /// The file.
    pub file: String,
    /// The line, from 1; 0: the whole file.
    pub line: u32,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl From<&Problem> for Wrong {
    fn from(p: &Problem) -> Self {
        let line = p.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        let hint = p.remedy.as_ref().map(Remedy::plain);
        Self { file: p.file.clone(), line, reason: p.reason.plain(), hint }
    }
}

impl From<&Checked> for Check {
    fn from(c: &Checked) -> Self {
        Self {
            errors: c.errors.iter().map(Wrong::from).collect(),
            warnings: c.warnings.iter().map(Wrong::from).collect(),
            facts: c.facts,
            norms: c.norms,
            cases: c.cases,
            expectations: c.expectations,
            independent: c.independent.clone(),
        }
    }
}

/// Definitions against each other: two, others against one, or all pairs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Compare {
    /// With two norms.
    Two(Two),
    /// With one norm.
    Drift(Drift),
    /// With none.
    Pairs(Pairs),
}

/// One definition against another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Two {
    /// The first norm.
    pub a: String,
    /// The second norm.
    pub b: String,
    /// Whether entailments by interpretation count.
    pub interpretation: bool,
    /// One entry a reading of open lists.
    pub readings: Vec<Reading>,
    /// What each lists, role by role.
    pub roles: Vec<Role>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// A comparison under one reading of open lists.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reading {
    /// `closed`, `shared` or `own`.
    pub open: &'static str,
    /// `equal`, `implies`, `is-implied` or `incomparable`.
    pub relation: &'static str,
    /// A least fact pattern that the first holds and the second does not.
    pub only_a: Option<Witness>,
    /// The reverse.
    pub only_b: Option<Witness>,
    /// Whether some facts satisfy both.
    pub overlap: bool,
}

/// A least fact pattern.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Witness {
    /// True facts; all others are untrue.
    pub facts: Vec<String>,
    /// Norms whose open list reaches the case.
    pub open: Vec<String>,
    /// Least and greatest age for which it holds, in completed years.
    pub age: Option<Ages>,
}

/// What two definitions list in one role.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Role {
    /// `act`, `means`, `purpose` …
    pub role: &'static str,
    /// Facts listed by the first alone: of a drift, dropped.
    pub only_a: Vec<String>,
    /// Facts listed by the second alone: of a drift, added.
    pub only_b: Vec<String>,
}

/// How far definitions drifted from one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drift {
    /// The norm that others drift from.
    pub from: String,
    /// The others.
    pub drift: Vec<Drifted>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// A definition that drifted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drifted {
    /// The norm.
    pub norm: String,
    /// How it stands to the one, by reading.
    pub relation: Relations,
    /// What each lists, role by role; the first is the one that others drift from.
    pub roles: Vec<Role>,
}

/// How one definition stands to another, by reading of open lists.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Relations {
    /// Only what is listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<&'static str>,
    /// All leave the same thing open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<&'static str>,
    /// Each open end is its own question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<&'static str>,
}

/// How any two definitions stand to each other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pairs {
    /// The reading of open lists.
    pub open: &'static str,
    /// Whether entailments by interpretation count.
    pub interpretation: bool,
    /// Every pair.
    pub pairs: Vec<Pair>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// Two definitions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pair {
    /// One norm.
    pub a: String,
    /// The other.
    pub b: String,
    /// How the first stands to the second.
    pub relation: &'static str,
}

impl From<&Compared> for Compare {
    fn from(compared: &Compared) -> Self {
        match compared {
            Compared::Two(two) => Self::Two(two.into()),
            Compared::Drift(drift) => Self::Drift(drift.into()),
            Compared::Pairs(pairs) => Self::Pairs(pairs.into()),
        }
    }
}

impl From<&answer::Two> for Two {
    fn from(two: &answer::Two) -> Self {
        let law = two.law();
        let reading = |c: &Comparison| Reading {
            open: c.reading.name(),
            relation: c.relation.name(),
            only_a: c.only_first.as_ref().map(|w| witness(law, w)),
            only_b: c.only_second.as_ref().map(|w| witness(law, w)),
            overlap: c.overlap,
        };
        Self {
            a: law.norms[two.a].id.clone(),
            b: law.norms[two.b].id.clone(),
            interpretation: two.interpretation,
            readings: two.comparisons.iter().map(reading).collect(),
            roles: roles(law, two.a, two.b),
            disclaimer: DISCLAIMER,
        }
    }
}

fn witness(law: &Law, w: &compare::Witness) -> Witness {
    Witness {
        facts: fact_ids(law, &w.facts),
        open: w.open.iter().map(|&n| law.norms[n].id.clone()).collect(),
        age: w.age.map(ages),
    }
}

fn roles(law: &Law, a: usize, b: usize) -> Vec<Role> {
    let role = |role: &&'static str| {
        let [only_a, only_b] = words::apart(law, a, b, role);
        Role { role, only_a: fact_ids(law, &only_a), only_b: fact_ids(law, &only_b) }
    };
    ROLES.iter().map(role).collect()
}

impl From<&answer::Drift> for Drift {
    fn from(drift: &answer::Drift) -> Self {
        let law = &drift.library.law;
        let drifted = |(i, &n): (usize, &usize)| {
            let mut relation = Relations::default();
            for (reading, column) in drift.readings.iter().zip(&drift.relations) {
                let said = Some(column[i].name());
                match reading {
                    OpenReading::Closed => relation.closed = said,
                    OpenReading::Shared => relation.shared = said,
                    OpenReading::Own => relation.own = said,
                }
            }
            Drifted { norm: law.norms[n].id.clone(), relation, roles: roles(law, drift.from, n) }
        };
        Self {
            from: law.norms[drift.from].id.clone(),
            drift: drift.others.iter().enumerate().map(drifted).collect(),
            disclaimer: DISCLAIMER,
        }
    }
}

impl From<&answer::Pairs> for Pairs {
    fn from(pairs: &answer::Pairs) -> Self {
        let id = |n: usize| pairs.library.law.norms[n].id.clone();
        Self {
            open: pairs.reading.name(),
            interpretation: pairs.interpretation,
            pairs: pairs.pairs.iter().map(|(a, b, r)| Pair { a: id(*a), b: id(*b), relation: r.name() }).collect(),
            disclaimer: DISCLAIMER,
        }
    }
}

/// Definitions side by side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Overlap {
    /// The reading of open lists.
    pub open: &'static str,
    /// The norms.
    pub norms: Vec<Ways>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// In how many ways a definition can be met.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ways {
    /// The norm.
    pub norm: String,
    /// In how many ways its limbs for anybody can be met.
    pub adult: u64,
    /// In how many ways its limbs for children can be met.
    pub child: u64,
    /// Norms that hold some of these ways, too.
    pub held_by: Vec<HeldBy>,
}

/// How many of these ways another norm holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HeldBy {
    /// The other norm.
    pub norm: String,
    /// How many of those for anybody.
    pub adult: u64,
    /// How many of those for children.
    pub child: u64,
}

impl From<&Overlapped> for Overlap {
    fn from(o: &Overlapped) -> Self {
        let law = &o.library.law;
        let id = |n: usize| law.norms[n].id.clone();
        let ways = |(&a, row): (&usize, &Vec<nomoscope_core::law::template::Overlap>)| {
            let [adult, child] = templates(&law.norms[a], o.reading).counts();
            let others = o.norms.iter().zip(row).filter(|(b, o)| **b != a && o.adult + o.child > 0);
            let held_by = others.map(|(&b, o)| HeldBy { norm: id(b), adult: o.adult, child: o.child }).collect();
            Ways { norm: id(a), adult, child, held_by }
        };
        Self {
            open: o.reading.name(),
            norms: o.norms.iter().zip(&o.overlaps).map(ways).collect(),
            disclaimer: DISCLAIMER,
        }
    }
}

/// What has to be proved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Burdens {
    /// The norms.
    pub norms: Vec<Burden>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// What a norm asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Burden {
    /// The norm.
    pub norm: String,
    /// Its limbs.
    pub limbs: Vec<BurdenOfLimb>,
    /// The fewest facts that establish it.
    pub smallest: Option<Witness>,
    /// Facts without which nothing establishes it.
    pub indispensable: Vec<String>,
}

/// What a limb asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BurdenOfLimb {
    /// The limb.
    pub limb: Option<String>,
    /// What must be proved together.
    pub conjuncts: u32,
    /// Facts that must be shown absent.
    pub exceptions: u32,
    /// Products of its lists.
    pub ways: u64,
    /// Requirement by requirement.
    pub factors: Vec<Factor>,
}

/// What a requirement asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Factor {
    /// The requirement.
    pub label: String,
    /// Facts to be proved for it.
    pub all: u32,
    /// Alternatives, of which one is enough; 0 where there is no list.
    pub any: u32,
    /// Whether the list is open.
    pub open: bool,
    /// Whether it must be absent.
    pub absent: bool,
}

impl From<&Burdened> for Burdens {
    fn from(burdened: &Burdened) -> Self {
        let law = &burdened.library.law;
        let burden = |b: &burden::Burden| {
            let norm = &law.norms[b.norm];
            Burden {
                norm: norm.id.clone(),
                limbs: b.limbs.iter().map(|l| burden_of_limb(norm, l)).collect(),
                smallest: b.smallest.as_ref().map(|w| witness(law, w)),
                indispensable: b.indispensable.iter().map(|f| law.vocabulary.get(*f).id.clone()).collect(),
            }
        };
        Self { norms: burdened.burdens.iter().map(burden).collect(), disclaimer: DISCLAIMER }
    }
}

fn burden_of_limb(norm: &definition::Norm, l: &LimbBurden) -> BurdenOfLimb {
    let factor =
        |f: &burden::Factor| Factor { label: f.label.clone(), all: f.all, any: f.any, open: f.open, absent: f.absent };
    BurdenOfLimb {
        limb: norm.limbs.get(l.limb).map(|l| l.id.clone()),
        conjuncts: l.conjuncts,
        exceptions: l.exceptions,
        ways: l.templates,
        factors: l.factors.iter().map(factor).collect(),
    }
}

/// What is left when a norm cannot be established.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fallbacks {
    /// One entry a person, or one for a norm.
    pub fallbacks: Vec<Fallback>,
    /// The day on which the norms had to be in force, where no case named one.
    pub in_force_on: Option<String>,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// What is left for one person, or of one norm.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fallback {
    /// What it is left from.
    #[serde(flatten)]
    pub from: LeftFrom,
    /// What cannot be proved, in words.
    pub lost: Vec<String>,
    /// Norms that remain, nearest first.
    pub remaining: Vec<Remains>,
    /// How many would remain and were not in force on the day.
    pub not_in_force: usize,
    /// Norms aimed at the person that are not offered.
    pub kept_out: Vec<KeptOut>,
}

/// A norm that remains.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remains {
    /// The norm.
    pub norm: String,
    /// Its short name.
    pub short: String,
    /// Its legal order.
    pub system: String,
    /// Its family.
    pub family: String,
    /// How many facts more it takes; 0: it holds.
    pub distance: u32,
    /// Which: sets of facts.
    pub missing: Vec<Vec<String>>,
    /// Without a case: in how many ways it holds at once.
    pub ways: Option<Held>,
    /// The penalty.
    pub penalty: Option<Penalty>,
    /// What it brings the person.
    pub protection: Vec<Cited>,
    /// How far the definition was checked: `text`, `secondary`, `memory`.
    pub verified: &'static str,
}

/// In how many ways a norm holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Held {
    /// So many.
    pub held: u64,
    /// Of so many ways to meet the other elements.
    pub of: u64,
}

/// A norm aimed at the person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeptOut {
    /// The norm.
    pub norm: String,
    /// Its short name.
    pub short: String,
    /// Why the person should not be punished.
    pub non_punishment: Vec<Cited>,
}

impl From<&FallenBack> for Fallbacks {
    fn from(fallen: &FallenBack) -> Self {
        let law = &fallen.library.law;
        Self {
            fallbacks: fallen.left.iter().map(|l| fallback(law, l)).collect(),
            in_force_on: fallen.day.map(|d| d.to_string()),
            disclaimer: DISCLAIMER,
        }
    }
}

fn fallback(law: &Law, l: &Left) -> Fallback {
    let kept_out = |&n: &usize| KeptOut {
        norm: law.norms[n].id.clone(),
        short: law.norms[n].short.clone(),
        non_punishment: cited(&law.norms[n].non_punishment),
    };
    Fallback {
        from: l.from.clone(),
        lost: l.lost.clone(),
        remaining: l.fallback.remaining.iter().map(|r| remains(law, r)).collect(),
        not_in_force: l.not_in_force,
        kept_out: l.fallback.kept_out.iter().map(kept_out).collect(),
    }
}

fn remains(law: &Law, r: &Remaining) -> Remains {
    let norm = &law.norms[r.norm];
    Remains {
        norm: norm.id.clone(),
        short: norm.short.clone(),
        system: norm.system.clone(),
        family: norm.family.clone(),
        distance: r.distance,
        missing: sets(law, &r.missing),
        ways: r.ways.map(|(held, of)| Held { held, of }),
        penalty: norm.penalty.as_ref().map(Penalty::from),
        protection: cited(&norm.protection),
        verified: norm.verified.name(),
    }
}
