//! Findings in words: what stands on the terminal and on the page.
//!
//! The words are always that the facts entered satisfy, do not satisfy or do not settle a definition: nobody may read
//! "not a victim" out of them.

use super::answer::{Checked, Drift, Listed, Pairs};
use crate::words::counted;
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Case, MAJORITY, Person, Rest};
use nomoscope_core::law::compare::{self, Relation, Witness};
use nomoscope_core::law::definition::{Atom, Norm, Term, Validity, Verified};
use nomoscope_core::law::finding::{Finding, Line, Obstacle, variable_words};
use nomoscope_core::law::logic::{OpenReading, Variable};
use nomoscope_core::law::minimal::{Literal, MinimalSets};
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::FactIx;
use std::collections::{BTreeMap, BTreeSet};

/// What stands wherever a finding stands.
pub const DISCLAIMER: &str = "Not legal advice. A finding speaks of the facts entered; it does not say that anybody is or is not a victim. No lawyer has reviewed these definitions.";
/// Why an uncertain age is read as that of a child.
pub const PRESUMPTION: &str = "age uncertain: presumed to be a child for protection (CoE Convention 2005 Art. 10(3); EU Directive 2011/36 Art. 13(2))";
/// What is said of a closed file.
pub const UNASKED: &str = "unasked facts treated as untrue";

/// What is said where nobody gave a fact its grade.
pub const UNGRADED: &str = "facts without a grade count as proved";

/// Returns how far a norm was checked, where that has to be said.
#[must_use]
pub const fn verified(v: Verified) -> Option<&'static str> {
    match v {
        Verified::Memory => Some("stated from memory, not checked"),
        Verified::Secondary => Some("checked in secondary sources"),
        Verified::Text => None,
    }
}

/// Returns a limb with its provision.
#[must_use]
pub fn limb(norm: &Norm, limb: usize) -> String {
    norm.limbs.get(limb).map_or_else(String::new, |l| match l.cite.is_empty() {
        true => l.label.clone(),
        false => format!("{} ({})", l.label, l.cite),
    })
}

/// Returns a term in words.
#[must_use]
pub fn term(law: &Law, norm: &Norm, t: Term) -> String {
    match t.atom {
        Atom::Fact(f) => variable_words(law, Variable::Fact(f), !t.negated),
        Atom::Below(f, n) => variable_words(law, Variable::Below(f, n), !t.negated),
        Atom::Element(e) => element(norm, e),
    }
}

/// Returns a short name of an element: its role, or its id where several have that role.
#[must_use]
pub fn element(norm: &Norm, e: usize) -> String {
    let Some(element) = norm.elements.get(e) else { return String::new() };
    let plain = !["ref", "exception", "status", "other"].contains(&element.role.as_str());
    let alone = norm.elements.iter().filter(|o| o.role == element.role).count() == 1;
    if plain && alone { element.role.clone() } else { element.id.replace(['_', '-'], " ") }
}

/// Returns a requirement by its short name, with its provision.
#[must_use]
pub fn requirement(law: &Law, norm: &Norm, t: Term) -> String {
    match t.atom {
        Atom::Element(e) => match norm.elements.get(e).map(|e| e.cite.as_str()) {
            None | Some("") => element(norm, e),
            Some(cite) => format!("{} ({cite})", element(norm, e)),
        },
        Atom::Fact(_) | Atom::Below(..) => term(law, norm, t),
    }
}

/// How many alternatives are named before the rest is counted.
const NAMED: usize = 4;

fn list(speech: &Speech<'_>, words: &[String]) -> String {
    let shown = words.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(NAMED) {
        0 => shown,
        more => speech.fill("{} and {} more", &[&shown, &more.to_string()]),
    }
}

/// Returns why a requirement fails.
#[must_use]
pub fn failing(law: &Law, norm: &Norm, o: &Obstacle) -> String {
    let head = requirement(law, norm, o.requirement);
    let terms: Vec<String> = o.terms.iter().map(|t| term(law, norm, *t)).collect();
    if o.requirement.negated {
        return format!("{head} applies: {}", list(&Speech::english(law), &terms));
    }
    match terms.len() {
        0 => head,
        1 => format!("{head}: not: {}", terms[0]),
        _ => format!("{head}: none of {}", list(&Speech::english(law), &terms)),
    }
}

/// Returns what a requirement leaves open; a long list is not named again, since the smallest sets name it.
#[must_use]
pub fn open(law: &Law, norm: &Norm, o: &Obstacle) -> String {
    const SHORT: usize = 2;
    let head = requirement(law, norm, o.requirement);
    let terms: Vec<String> = o.terms.iter().map(|t| term(law, norm, *t)).collect();
    let asked = if o.requirement.negated { "not excluded" } else { "unknown" };
    match terms.len() {
        1..=SHORT => format!("{head} {asked}: {}", terms.join(", ")),
        _ => format!("{head} {asked}"),
    }
}

/// Returns a set of facts in words: what must be the case, then what must not.
#[must_use]
pub fn set(law: &Law, set: &[Literal]) -> String {
    set_in(&Speech::english(law), set)
}

/// Returns a set of facts in the words of a language.
#[must_use]
pub fn set_in(speech: &Speech<'_>, set: &[Literal]) -> String {
    let of = |wanted: bool| -> Vec<String> {
        let holds = |l: &&Literal| l.value == wanted || matches!(l.variable, Variable::Below(..));
        let kept = set
            .iter()
            .filter(|l| if wanted { holds(l) } else { !l.value && !matches!(l.variable, Variable::Below(..)) });
        kept.map(|l| speech.variable(l.variable, if wanted { l.value } else { true })).collect()
    };
    let (yes, no) = (of(true).join(" + "), of(false));
    let no = match no.len() {
        0 => String::new(),
        1 => speech.fill("not: {}", &[&no[0]]),
        _ => speech.fill("none of {}", &[&list(speech, &no)]),
    };
    match (yes.is_empty(), no.is_empty()) {
        (false, false) => speech.fill("{}, and {}", &[&yes, &no]),
        _ => format!("{yes}{no}"),
    }
}

/// Returns the smallest sets in words, with how many there are.
#[must_use]
pub fn sets(law: &Law, sets: &MinimalSets, shown: usize) -> String {
    let mut out: Vec<String> = sets.sets.iter().take(shown).map(|s| set(law, s)).collect();
    match (sets.sets.len().saturating_sub(shown), sets.complete) {
        (0, _) => {}
        (more, true) => out.push(format!("{more} more")),
        (more, false) => out.push(format!("{more} more and further ones")),
    }
    out.join("; or ")
}

/// Returns a finding as the end of "the definition is …".
#[must_use]
pub const fn finding(f: Finding) -> &'static str {
    match f {
        Finding::Established => "satisfied",
        Finding::NotEstablished => "not satisfied",
        Finding::Undetermined => "not settled",
    }
}

/// Returns one line of evidence: what the facts do, and by which limb or why not.
#[must_use]
pub fn line(law: &Law, norm: &Norm, l: &Line) -> String {
    let mut out = match l.finding {
        Finding::Established => match l.limbs.as_slice() {
            [] => "satisfied, though the facts leave open by which limb".to_owned(),
            limbs => format!("satisfied: {}", limbs.iter().map(|&i| limb(norm, i)).collect::<Vec<_>>().join("; ")),
        },
        Finding::NotEstablished => format!("not satisfied: {}", short_failing(law, norm, l)),
        Finding::Undetermined => format!("not settled: {}", short_open(law, norm, l)),
    };
    if l.established_if_open {
        out.push_str("; satisfied if its open list is read to reach this");
    }
    out
}

/// Returns what fails, limb by limb; what fails in every limb is said once.
#[must_use]
pub fn short_failing(law: &Law, norm: &Norm, l: &Line) -> String {
    let mut by_limb: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for o in &l.failing {
        by_limb.entry(o.limb).or_default().push(failing(law, norm, o));
    }
    grouped(norm, &by_limb, "its elements cannot hold together")
}

fn short_open(law: &Law, norm: &Norm, l: &Line) -> String {
    let failed: Vec<usize> = l.failing.iter().map(|o| o.limb).collect();
    let mut by_limb: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for o in l.open.iter().filter(|o| !failed.contains(&o.limb)) {
        by_limb.entry(o.limb).or_default().push(open(law, norm, o));
    }
    // A limb that has failed cannot settle anything any more.
    let open_limbs: BTreeMap<usize, Vec<String>> = by_limb;
    let words: Vec<String> = open_limbs.iter().map(|(i, list)| with_limb(norm, *i, &list.join("; "))).collect();
    words.join(" | ")
}

fn grouped(norm: &Norm, by_limb: &BTreeMap<usize, Vec<String>>, nothing: &str) -> String {
    let common: Vec<String> = by_limb.get(&0).into_iter().flatten().cloned().collect();
    let everywhere: Vec<String> = common
        .into_iter()
        .filter(|w| (0..norm.limbs.len()).all(|i| by_limb.get(&i).is_some_and(|l| l.contains(w))))
        .collect();
    if !everywhere.is_empty() {
        return everywhere.join("; ");
    }
    let of = |i: usize| match by_limb.get(&i) {
        Some(list) => list.join("; "),
        None => nothing.to_owned(),
    };
    (0..norm.limbs.len()).map(|i| with_limb(norm, i, &of(i))).collect::<Vec<_>>().join(" | ")
}

fn with_limb(norm: &Norm, limb: usize, words: &str) -> String {
    match norm.limbs.len() {
        1 => words.to_owned(),
        _ => format!("{}: {words}", norm.limbs.get(limb).map_or("", |l| l.label.as_str())),
    }
}

/// Returns a mark where the norm was not law at the date of the case.
#[must_use]
pub fn validity(norm: &Norm, date: Option<PartialDate>) -> Option<String> {
    let date = date?;
    match norm.validity(date) {
        Validity::InForce => None,
        Validity::NotYet(from) => Some(format!("not yet in force on {date}: from {from}")),
        Validity::NoLonger(to) => Some(format!("no longer in force on {date}: this version until {to}")),
        Validity::Unknown => Some(format!("not known to be in force on {date}")),
    }
}

/// Returns a person as a heading names them.
#[must_use]
pub fn person(case: &Case, person: &Person) -> String {
    named(case, person, person.age.unwrap_or(AgeRange::ANY).words())
}

/// Returns a person as a heading names them, in the words of a language.
#[must_use]
pub fn person_in(speech: &Speech<'_>, case: &Case, person: &Person) -> String {
    named(case, person, speech.age(person.age.unwrap_or(AgeRange::ANY)))
}

fn named(case: &Case, person: &Person, age: String) -> String {
    if case.persons.len() == 1 && person.id == "person" { age } else { format!("{}, {age}", person.id) }
}

/// Returns what has to be known to read the findings of a person.
#[must_use]
pub fn caveats(person: &Person) -> Vec<&'static str> {
    let mut out = Vec::new();
    if person.rest == Rest::False {
        out.push(UNASKED);
    }
    if person.age.is_some_and(|a| a.low < MAJORITY && a.high >= MAJORITY) {
        out.push(PRESUMPTION);
    }
    if person.facts.values().any(|e| e.grade.is_none() && e.value != nomoscope_core::law::case::Value::Unknown) {
        out.push(UNGRADED);
    }
    out
}

/// Returns a fact with its value in words.
#[must_use]
pub fn literal(law: &Law, l: Literal) -> String {
    variable_words(law, l.variable, l.value)
}

/// Returns how many norms are listed.
#[must_use]
pub fn listed(listed: &Listed) -> String {
    counted(listed.norms.len(), "norm", "norms")
}

/// Returns a number of things in the words of a language.
#[must_use]
pub fn counted_in(speech: &Speech<'_>, n: usize, one: &str, many: &str) -> String {
    counted(n, speech.say(one), speech.say(many))
}

/// Returns what was checked.
#[must_use]
pub fn checked(checked: &Checked) -> String {
    format!(
        "checked {}, {} and {} with {}",
        counted(checked.facts, "fact", "facts"),
        counted(checked.norms, "norm", "norms"),
        counted(checked.cases, "case", "cases"),
        counted(checked.expectations, "expectation", "expectations"),
    ) + &independent(&checked.independent)
}

/// Returns how many norms have cases that do not come from their own encoding.
fn independent(by_norm: &[usize]) -> String {
    if by_norm.is_empty() {
        return String::new();
    }
    let (none, one, more) = how_many(by_norm);
    format!(
        "; of the norms {more} have two or more cases from published judgments and reports, {one} have one, {none} have none"
    )
}

/// Returns how many norms have no, one, and two or more such cases.
#[must_use]
pub fn how_many(by_norm: &[usize]) -> (usize, usize, usize) {
    let have = |wanted: fn(usize) -> bool| by_norm.iter().filter(|n| wanted(**n)).count();
    (have(|n| n == 0), have(|n| n == 1), have(|n| n > 1))
}

/// Returns from what others drifted.
#[must_use]
pub fn drift(drift: &Drift) -> String {
    let from = &drift.library.law.norms[drift.from].short;
    let others = counted(drift.others.len(), "other definition lets", "other definitions let");
    format!("Drift from {from}: what {others} in")
}

/// Returns how many pairs contain each other.
#[must_use]
pub fn pairs(pairs: &Pairs) -> String {
    let told = pairs.pairs.iter().filter(|(_, _, r)| *r != Relation::Incomparable).count();
    format!("{told} of {} pairs are comparable with open lists {}", pairs.pairs.len(), open_lists(pairs.reading))
}

/// Returns how open lists are read, as the end of "open lists …".
#[must_use]
pub const fn open_lists(reading: OpenReading) -> &'static str {
    match reading {
        OpenReading::Closed => "read as closed",
        OpenReading::Shared => "leaving the same thing open",
        OpenReading::Own => "each its own question",
    }
}

/// The parts of a definition that can be laid side by side.
pub const ROLES: &[&str] =
    &["act", "means", "purpose", "work", "status", "benefit", "mental", "jurisdiction", "exception"];

/// Returns what only the first and what only the second lists in one role.
#[must_use]
pub fn apart(law: &Law, a: usize, b: usize, role: &str) -> [BTreeSet<FactIx>; 2] {
    let (first, second) = (compare::listed(law, a, role), compare::listed(law, b, role));
    [&first - &second, &second - &first]
}

/// Returns a least fact pattern in plain words.
#[must_use]
pub fn witness(law: &Law, w: &Witness) -> String {
    let mut words: Vec<String> = w.facts.iter().map(|f| law.vocabulary.get(*f).label.clone()).collect();
    words.extend(w.open.iter().map(|&n| variable_words(law, Variable::Open(n), true)));
    words.extend(w.age.map(|a| a.words()));
    if words.is_empty() { "no fact at all".to_owned() } else { words.join(" + ") }
}

/// Returns how far a norm was checked, in brackets after its name; nothing where its text was seen.
#[must_use]
pub fn mark(norm: &Norm) -> String {
    verified(norm.verified).map(|w| format!(" [{w}]")).unwrap_or_default()
}

/// The names of legal orders.
const SYSTEMS: &[(&str, &str)] = &[
    ("un", "United Nations"),
    ("hcch", "Hague Conference"),
    ("ilo", "International Labour Organization"),
    ("icc", "International Criminal Court"),
    ("coe", "Council of Europe"),
    ("eu", "European Union"),
    ("african-union", "African Union"),
    ("oas", "Organization of American States"),
    ("asean", "ASEAN"),
    ("saarc", "SAARC"),
    ("au", "Australia"),
    ("be", "Belgium"),
    ("bg", "Bulgaria"),
    ("br", "Brazil"),
    ("ca", "Canada"),
    ("de", "Germany"),
    ("fr", "France"),
    ("gr", "Greece"),
    ("in", "India"),
    ("it", "Italy"),
    ("kh", "Cambodia"),
    ("my", "Malaysia"),
    ("nl", "Netherlands"),
    ("ph", "Philippines"),
    ("th", "Thailand"),
    ("uk", "United Kingdom"),
    ("uk-ni", "Northern Ireland"),
    ("uk-scotland", "Scotland"),
    ("us", "United States"),
    ("vn", "Vietnam"),
    ("xk", "Kosovo"),
];

/// Returns the short sign of a legal order, for narrow columns.
#[must_use]
pub fn system_sign(id: &str) -> String {
    match id {
        "coe" => "CoE".to_owned(),
        "african-union" => "AU".to_owned(),
        "au" => "AUS".to_owned(),
        other => other.to_uppercase(),
    }
}

/// Returns the name of a legal order; an unknown one is its own name.
#[must_use]
pub fn system(id: &str) -> &str {
    SYSTEMS.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| name)
}
