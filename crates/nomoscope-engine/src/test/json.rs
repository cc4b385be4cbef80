//! The answer serialised.

use super::answer::{Tested, Tried};
use crate::law::json::{Ages, Cited, Penalty, ages, sets};
use crate::law::words::{self, DISCLAIMER};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{self, Rest};
use nomoscope_core::law::definition::{Atom, Norm, Validity};
use nomoscope_core::law::finding::{self, Outcome};
use nomoscope_core::law::logic::words as term_id;
use nomoscope_core::law::proposal::{Proposal, Why};
use nomoscope_core::law::vocabulary::FactIx;
use schemars::JsonSchema;
use serde::Serialize;

/// What the facts of cases give.
///
/// A fact in a set is written as in a case file: `act.recruit`, `!work.emergency` (its absence), `victim.age < 18`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// One entry a person and norm.
    pub results: Vec<Result>,
    /// The cases.
    pub cases: Vec<Case>,
    /// How it was read.
    pub reading: Reading,
    /// Not legal advice.
    pub disclaimer: &'static str,
}

/// What one person's facts do to one norm.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Result {
    /// The case.
    pub case: String,
    /// The person; `person` where the case has one without an id.
    pub person: String,
    /// The norm.
    pub norm: String,
    /// Its short name.
    pub short: String,
    /// Its legal order.
    pub system: String,
    /// `trafficking`, `slavery`, `forced-labour` …
    pub family: String,
    /// How far the definition was checked: `text`, `secondary`, `memory`.
    pub verified: &'static str,
    /// On all facts as entered.
    #[serde(flatten)]
    pub all: Line,
    /// The same on facts at least supported, with the presumption of minority.
    pub protection: Line,
    /// The same on facts proved.
    pub prosecution: Line,
    /// The same on facts of at least the grade that was asked for, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// What has to be said on these facts: consent, means of children.
    pub remarks: Vec<Cited>,
    /// What limits where the instrument applies; no part of the finding.
    pub scope: Vec<Scope>,
    /// What raises the penalty, on all facts as entered.
    pub aggravations: Vec<Aggravation>,
    /// Whether the norm was law at the date of the case; null without a date.
    pub in_force: Option<bool>,
    /// What has to be said of that.
    pub mark: Option<String>,
    /// Whether it is aimed at the person concerned.
    pub against_person: bool,
    /// The penalty.
    pub penalty: Option<Penalty>,
    /// What the case expects.
    pub expected: Option<&'static str>,
    /// Whether it is so.
    pub as_expected: Option<bool>,
}

/// One line of evidence.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// `established`, `not-established` or `undetermined`.
    pub finding: &'static str,
    /// The first limb that is established.
    pub limb: Option<String>,
    /// All limbs that are established.
    pub limbs: Vec<String>,
    /// Elements that fail, over all limbs.
    pub failing: Vec<String>,
    /// The same, limb by limb.
    pub failing_detail: Vec<Obstacle>,
    /// Elements that are neither met nor failed, in the same form.
    pub open_detail: Vec<Obstacle>,
    /// Smallest sets of facts that would establish an undetermined norm, smallest first.
    pub missing: Vec<Vec<String>>,
    /// Whether these are all.
    pub missing_complete: bool,
    /// Smallest sets of facts that would defeat it.
    pub defeating: Vec<Vec<String>>,
    /// Whether these are all.
    pub defeating_complete: bool,
    /// Whether the norm would be established if its open list were read to reach this case.
    pub established_if_open: bool,
    /// Whether the person was taken for a child because the age is uncertain.
    pub presumed_minor: bool,
    /// What signs, or what took place, propose of what the norm speaks of: on the line of protection only.
    pub proposed: Vec<Proposed>,
}

/// A fact that is proposed, not proved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proposed {
    /// The fact.
    pub fact: String,
    /// From which facts.
    pub from: Vec<String>,
    /// `signs`, or `took-place`: what was meant, inferred from what took place.
    pub why: &'static str,
}

/// A line on facts of at least one grade.
#[derive(Debug, Serialize, JsonSchema)]
pub struct At {
    /// What these facts give.
    #[serde(flatten)]
    pub line: Line,
    /// The grade.
    pub grade: &'static str,
}

/// An element that fails or is open.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Obstacle {
    /// The limb.
    pub limb: Option<String>,
    /// The element, or the fact where a limb names one itself.
    pub element: String,
    /// Whether it has to be absent.
    pub exception: bool,
    /// `act`, `means`, `purpose`, `age` …
    pub role: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// What is to blame: the false facts, of an exception the true ones, of an open element the unknown ones.
    pub facts: Vec<String>,
}

/// What limits where an instrument applies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scope {
    /// The provision.
    pub cite: String,
    /// The limit.
    pub text: String,
    /// Whether the facts meet it.
    pub finding: &'static str,
}

/// What raises a penalty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Aggravation {
    /// Which.
    pub id: String,
    /// The provision.
    pub cite: String,
    /// Plain words.
    pub label: String,
    /// The penalty then.
    pub penalty: Option<Penalty>,
}

/// A case.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Case {
    /// The id.
    pub case: String,
    /// Its title.
    pub title: String,
    /// Real or constructed.
    pub kind: String,
    /// The court.
    pub court: String,
    /// The date at which norms are to be in force.
    pub date: Option<String>,
    /// The State whose law is looked at; empty where none was named.
    pub state: String,
    /// The persons.
    pub persons: Vec<Person>,
}

/// A person.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    /// The id.
    pub person: String,
    /// Least and greatest age in completed years.
    pub age: Option<Ages>,
    /// What facts that are not listed are: `unknown` or `false`.
    pub rest: &'static str,
    /// What has to be known to read the findings.
    pub notes: Vec<String>,
}

/// How facts and open lists were read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reading {
    /// How open lists are read: `closed`, `shared`, `own`.
    pub open: &'static str,
    /// Whether entailments by interpretation count.
    pub interpretation: bool,
}

impl From<&Tested> for Said {
    fn from(tested: &Tested) -> Self {
        let results = tested.tried.iter().flat_map(|t| (0..t.outcomes.len()).map(|i| result(tested, t, i))).collect();
        Self {
            results,
            cases: tested.cases.iter().map(case).collect(),
            reading: Reading { open: tested.reading.open.name(), interpretation: tested.reading.interpretation },
            disclaimer: DISCLAIMER,
        }
    }
}

fn result(tested: &Tested, tried: &Tried, i: usize) -> Result {
    let law = &tested.library.law;
    let (case, person, outcome) = (tested.case(tried), tested.person(tried), &tried.outcomes[i]);
    let norm = tested.norm(outcome);
    let expected = person.expect.iter().find(|e| e.norm == norm.id);
    let at = tested.at.zip(tried.at.get(i).and_then(Option::as_ref));
    Result {
        case: case.id.clone(),
        person: person.id.clone(),
        norm: norm.id.clone(),
        short: norm.short.clone(),
        system: norm.system.clone(),
        family: norm.family.clone(),
        verified: norm.verified.name(),
        all: line(law, norm, &outcome.all),
        protection: line(law, norm, &outcome.protection),
        prosecution: line(law, norm, &outcome.prosecution),
        at: at.map(|(grade, l)| At { line: line(law, norm, l), grade: grade.name() }),
        remarks: remarks(norm, outcome),
        scope: scope(norm, outcome),
        aggravations: aggravations(norm, outcome),
        in_force: match case.date.map(|d| norm.validity(d)) {
            None | Some(Validity::Unknown) => None,
            Some(validity) => Some(validity == Validity::InForce),
        },
        mark: words::validity(norm, case.date),
        against_person: norm.against_person,
        penalty: norm.penalty.as_ref().map(Penalty::from),
        expected: expected.map(|e| e.finding.name()),
        as_expected: expected.map(|e| e.finding == outcome.all.finding),
    }
}

fn remarks(norm: &Norm, outcome: &Outcome) -> Vec<Cited> {
    let said = outcome.remarks.iter().filter_map(|&i| norm.remarks.get(i));
    said.map(|r| Cited { cite: r.cite.clone(), text: r.text.clone() }).collect()
}

fn scope(norm: &Norm, outcome: &Outcome) -> Vec<Scope> {
    let said = outcome.scopes.iter().filter_map(|&(i, finding)| Some((norm.scopes.get(i)?, finding)));
    said.map(|(s, finding)| Scope { cite: s.cite.clone(), text: s.text.clone(), finding: finding.name() }).collect()
}

fn aggravations(norm: &Norm, outcome: &Outcome) -> Vec<Aggravation> {
    let raised = outcome.aggravations.iter().filter_map(|&i| norm.aggravations.get(i));
    let aggravation = |a: &nomoscope_core::law::definition::Aggravation| Aggravation {
        id: a.id.clone(),
        cite: a.cite.clone(),
        label: a.label.clone(),
        penalty: a.penalty.as_ref().map(Penalty::from),
    };
    raised.map(aggravation).collect()
}

fn line(law: &Law, norm: &Norm, l: &finding::Line) -> Line {
    let limbs: Vec<String> = l.limbs.iter().filter_map(|&i| norm.limbs.get(i)).map(|l| l.id.clone()).collect();
    let mut failing: Vec<String> = Vec::new();
    for o in &l.failing {
        let id = requirement_id(law, norm, o);
        if !failing.contains(&id) {
            failing.push(id);
        }
    }
    Line {
        finding: l.finding.name(),
        limb: limbs.first().cloned(),
        limbs,
        failing,
        failing_detail: l.failing.iter().map(|o| obstacle(law, norm, o)).collect(),
        open_detail: l.open.iter().map(|o| obstacle(law, norm, o)).collect(),
        missing: sets(law, &l.missing.sets),
        missing_complete: l.missing.complete,
        defeating: sets(law, &l.defeating.sets),
        defeating_complete: l.defeating.complete,
        established_if_open: l.established_if_open,
        presumed_minor: l.presumed_minor,
        proposed: l.proposed.iter().map(|p| proposed(law, p)).collect(),
    }
}

fn proposed(law: &Law, p: &Proposal) -> Proposed {
    let id = |f: &FactIx| law.vocabulary.get(*f).id.clone();
    let why = match p.why {
        Why::Signs(_) => "signs",
        Why::TookPlace(_) => "took-place",
    };
    Proposed { fact: id(&p.fact), from: p.from.iter().map(id).collect(), why }
}

fn requirement_id(law: &Law, norm: &Norm, o: &finding::Obstacle) -> String {
    match o.requirement.atom {
        Atom::Element(e) => norm.elements.get(e).map_or_else(String::new, |e| e.id.clone()),
        Atom::Fact(_) | Atom::Below(..) => term_id(law, o.requirement),
    }
}

fn obstacle(law: &Law, norm: &Norm, o: &finding::Obstacle) -> Obstacle {
    let element = match o.requirement.atom {
        Atom::Element(e) => norm.elements.get(e),
        Atom::Fact(_) | Atom::Below(..) => None,
    };
    let of_element =
        |part: fn(&nomoscope_core::law::definition::Element) -> &String| element.map(part).cloned().unwrap_or_default();
    let fact = |t: &nomoscope_core::law::definition::Term| match t.atom {
        Atom::Element(e) => norm.elements.get(e).map_or_else(String::new, |e| format!("@{}", e.id)),
        Atom::Fact(_) | Atom::Below(..) => term_id(law, *t),
    };
    Obstacle {
        limb: norm.limbs.get(o.limb).map(|l| l.id.clone()),
        element: requirement_id(law, norm, o),
        exception: o.requirement.negated,
        role: of_element(|e| &e.role),
        cite: of_element(|e| &e.cite),
        label: of_element(|e| &e.label),
        facts: o.terms.iter().map(fact).collect(),
    }
}

fn case(case: &case::Case) -> Case {
    let person = |p: &case::Person| Person {
        person: p.id.clone(),
        age: p.age.map(ages),
        rest: if p.rest == Rest::False { "false" } else { "unknown" },
        notes: words::caveats(p).into_iter().map(str::to_owned).collect(),
    };
    Case {
        case: case.id.clone(),
        title: case.title.clone(),
        kind: case.kind.clone(),
        court: case.court.clone(),
        date: case.date.map(|d| d.to_string()),
        state: case.state.clone(),
        persons: case.persons.iter().map(person).collect(),
    }
}
