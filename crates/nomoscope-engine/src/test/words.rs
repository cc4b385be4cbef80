//! Findings in words.
//!
//! The words are always that the facts entered satisfy, do not satisfy or do not settle a definition: nobody may read
//! "not a victim" out of them.

use super::answer::{Tested, Tried};
use crate::law::words::{self, caveats, short_failing};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, Entry, Grade, Value};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::finding::{Finding, Line, Outcome};
use nomoscope_core::law::logic::Variable;
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::FactIx;
use std::fmt::Write;

/// From so many norms on those that are not satisfied take one line each.
const FULL: usize = 12;

/// Returns how many norms the facts of a person satisfy, do not satisfy and do not settle.
#[must_use]
pub fn satisfied(tested: &Tested, tried: &Tried) -> String {
    let count = |finding| (0..tried.outcomes.len()).filter(|&i| tried.deciding(i).finding == finding).count();
    let basis = match tested.at {
        Some(at) => format!("facts {}", at.name()),
        None => "facts entered".to_owned(),
    };
    format!(
        "The {basis} satisfy {}, do not satisfy {} and do not settle {} of {} norms.",
        count(Finding::Established),
        count(Finding::NotEstablished),
        count(Finding::Undetermined),
        tried.outcomes.len()
    )
}

/// Returns what is said where not all norms are satisfied; none where they are. Where nobody named the norms, no single one of them
/// is what was asked.
#[must_use]
pub fn verdict(tested: &Tested, named: bool, language: &str) -> Option<String> {
    let (all, left) = tested.unsatisfied();
    let (norm, finding, left) = left?;
    if !named {
        let phrase =
            "not all: as they were entered, without inference, the facts satisfy {} of all {} norms that were tried";
        let held = (all - left).to_string();
        return Some(Speech::new(&tested.library.law, language).fill(phrase, &[&held, &all.to_string()]));
    }
    let first = format!("the facts entered {} {}", finding.words(), norm.id);
    Some(match left {
        1 => first,
        left => format!("{first}, and {} more of {all} are not satisfied or not settled", left - 1),
    })
}

/// Returns what the facts of a person give, norm by norm, as a page of plain text.
#[must_use]
pub fn page(tested: &Tested, tried: &Tried) -> String {
    let (case, person) = (tested.case(tried), tested.person(tried));
    let law = &tested.library.law;
    let mut out = format!("{} ({})\n{}\n", case.title, words::person(case, person), satisfied(tested, tried));
    for caveat in caveats(person) {
        let _ = writeln!(out, "  {caveat}");
    }
    for (finding, head) in [
        (Finding::Established, "The facts satisfy"),
        (Finding::Undetermined, "The facts do not settle"),
        (Finding::NotEstablished, "The facts do not satisfy"),
    ] {
        let list: Vec<usize> = (0..tried.outcomes.len()).filter(|&i| tried.deciding(i).finding == finding).collect();
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{head}");
        for i in list {
            let outcome = &tried.outcomes[i];
            let norm = tested.norm(outcome);
            if tried.outcomes.len() > FULL && finding == Finding::NotEstablished && lines_agree(outcome) {
                let why = short_failing(law, norm, tried.deciding(i));
                let _ = writeln!(out, "  {}{}: {why}", norm.id, marks(norm, case));
            } else {
                block(tested, tried, i, &mut out);
            }
        }
    }
    unexpected(tested, tried, &mut out);
    out
}

/// Returns whether both lines say what all facts say: then one is enough.
fn lines_agree(o: &Outcome) -> bool {
    o.protection.finding == o.all.finding && o.prosecution.finding == o.all.finding && !o.all.established_if_open
}

fn marks(norm: &Norm, case: &Case) -> String {
    let marks: Vec<String> = [words::verified(norm.verified).map(str::to_owned), words::validity(norm, case.date)]
        .into_iter()
        .flatten()
        .collect();
    if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join("; ")) }
}

fn block(tested: &Tested, tried: &Tried, i: usize, out: &mut String) {
    let law = &tested.library.law;
    let o = &tried.outcomes[i];
    let norm = tested.norm(o);
    let _ = writeln!(out, "  {}  {}{}", norm.id, norm.short, marks(norm, tested.case(tried)));
    let mut say = |head: &str, words: &str| {
        let _ = writeln!(out, "    {head:<12} {words}");
    };
    lines(law, norm, o, tested.at.zip(tried.at.get(i).and_then(Option::as_ref)), &mut say);
    if norm.against_person {
        say("aimed at", "the person concerned: never a fallback");
        for c in &norm.non_punishment {
            say("", &format!("{} ({})", c.text, c.cite));
        }
    }
    for r in o.remarks.iter().filter_map(|&i| norm.remarks.get(i)) {
        say("remark", &format!("{} ({})", r.text, r.cite));
    }
    for (s, finding) in o.scopes.iter().filter_map(|&(i, f)| Some((norm.scopes.get(i)?, f))) {
        say("scope", &format!("{} ({}): the facts {} it", s.text, s.cite, finding.words()));
    }
    if o.all.finding == Finding::Established {
        if let Some(p) = &norm.penalty {
            say("penalty", &p.words());
        }
        for a in o.aggravations.iter().filter_map(|&i| norm.aggravations.get(i)) {
            let penalty = a.penalty.as_ref().map(|p| format!(": {}", p.words())).unwrap_or_default();
            say("aggravated", &format!("{} ({}){penalty}", a.label, a.cite));
        }
    }
    if !norm.check.is_empty() {
        say("check", &norm.check);
    }
}

/// Says the line of the grade that was asked for, or both lines of evidence, the second only where it has more to say.
fn lines(law: &Law, norm: &Norm, o: &Outcome, at: Option<(Grade, &Line)>, say: &mut impl FnMut(&str, &str)) {
    if let Some((grade, line)) = at {
        say(grade.name(), &words::line(law, norm, line));
        missing(law, line, say);
        return;
    }
    say("protection", &words::line(law, norm, &o.protection));
    let same = o.prosecution == (Line { presumed_minor: o.prosecution.presumed_minor, ..o.protection.clone() });
    if same && o.prosecution.finding != Finding::Established {
        say("prosecution", &format!("{}, for the same reasons", words::finding(o.prosecution.finding)));
    } else {
        say("prosecution", &words::line(law, norm, &o.prosecution));
    }
    let line = if o.prosecution.finding == Finding::Undetermined { &o.prosecution } else { &o.protection };
    missing(law, line, say);
}

fn missing(law: &Law, line: &Line, say: &mut impl FnMut(&str, &str)) {
    const SHOWN: usize = 3;
    if line.finding == Finding::Undetermined {
        say("would settle", &format!("establish: {}", words::sets(law, &line.missing, SHOWN)));
        say("", &format!("defeat: {}", words::sets(law, &line.defeating, SHOWN)));
    }
}

/// Says what the case expects and does not get.
fn unexpected(tested: &Tested, tried: &Tried, out: &mut String) {
    for o in &tried.outcomes {
        let norm = tested.norm(o);
        let expect = &tested.person(tried).expect;
        if let Some(e) = expect.iter().find(|e| e.norm == norm.id && e.finding != o.all.finding) {
            let (wanted, found) = (e.finding.name(), o.all.finding.name());
            let _ = writeln!(out, "\n  expected otherwise: {} {wanted}, found {found}", norm.id);
        }
    }
}

/// Returns a fact with its grade and where it comes from.
#[must_use]
pub fn evidence(speech: &Speech<'_>, fact: FactIx, e: &Entry) -> String {
    let name = speech.variable(Variable::Fact(fact), e.value != Value::False);
    let grade = speech.say(e.grade.map_or("no grade", Grade::plain));
    let origin = origin(speech, e);
    let origin = if origin.is_empty() { origin } else { format!("; {origin}") };
    format!("{name} ({grade}{origin})")
}

/// Returns a fact with its grade alone.
#[must_use]
pub fn graded(speech: &Speech<'_>, fact: FactIx, e: &Entry) -> String {
    evidence(speech, fact, &Entry { grade: e.grade, ..Entry::new(e.value) })
}

/// Returns who said a fact, when and where it happened and where it is written, as one phrase; empty where nothing is known.
#[must_use]
pub fn origin(speech: &Speech<'_>, e: &Entry) -> String {
    let when = e.when.map(|d| d.to_string()).unwrap_or_default();
    // What the program entered itself has words in the language.
    let source = speech.say(&e.source).to_owned();
    let parts = [("said by {}", &e.by), ("in {}", &e.place), ("on {}", &when), ("{}", &source)];
    let told = parts.iter().filter(|(_, w)| !w.is_empty());
    told.map(|(phrase, w)| speech.fill(phrase, &[w.as_str()])).collect::<Vec<_>>().join(", ")
}
