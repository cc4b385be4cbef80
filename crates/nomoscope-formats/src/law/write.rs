//! A case as the text of its file.

use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Case, Entry, Person, Rest, Value};
use nomoscope_core::law::vocabulary::{AGE, FactIx, Vocabulary};
use std::fmt::Write;

/// The first line of a file that this program wrote, and may write again.
pub const HEADER: &str = "# A case, written by nomoscope; it may be written again";

/// Returns the text of a case; reading it gives the same case.
#[must_use]
pub fn write(case: &Case, law: &Law) -> String {
    let mut out = format!("{HEADER}\nformat = 1\nid = {}\ntitle = {}\n", quoted(&case.id), quoted(&case.title));
    for (key, words) in [("kind", &case.kind), ("court", &case.court), ("source", &case.source), ("why", &case.why)] {
        if !words.is_empty() {
            let _ = writeln!(out, "{key} = {}", quoted(words));
        }
    }
    if !case.state.is_empty() {
        let _ = writeln!(out, "state = {}", quoted(&case.state));
    }
    if let Some(date) = case.date {
        let _ = writeln!(out, "date = {}", quoted(&date.to_string()));
    }
    if case.held_out {
        out.push_str("held_out = true\n");
    }
    for person in &case.persons {
        self::person(&mut out, person, law);
    }
    out
}

fn person(out: &mut String, p: &Person, law: &Law) {
    let vocabulary = &law.vocabulary;
    let _ = write!(out, "\n[[victim]]\nid = {}\n", quoted(&p.id));
    match p.age {
        Some(AgeRange { low, high }) if low == high => {
            let _ = writeln!(out, "age = {low}");
        }
        Some(AgeRange { low, high }) => {
            let _ = writeln!(out, "age = [{low}, {high}]");
        }
        None => {}
    }
    let rest = if p.rest == Rest::False { "false" } else { "unknown" };
    let _ = writeln!(out, "rest = \"{rest}\"");
    for (key, value) in [("true", Value::True), ("false", Value::False), ("unknown", Value::Unknown)] {
        let ids: Vec<String> = p
            .facts
            .iter()
            .filter(|(_, e)| e.value == value)
            .map(|(f, _)| format!("  {},\n", id(vocabulary, *f)))
            .collect();
        if !ids.is_empty() {
            let _ = write!(out, "{key} = [\n{}]\n", ids.concat());
        }
    }
    let mut grades: Vec<String> = p.age_grade.iter().map(|g| format!("{} = \"{}\"\n", quoted(AGE), g.name())).collect();
    let graded = |(f, e): (&FactIx, &Entry)| e.grade.map(|g| format!("{} = \"{}\"\n", id(vocabulary, *f), g.name()));
    grades.extend(p.facts.iter().filter_map(graded));
    table(out, "grade", grades);
    let sourced = |(f, e): (&FactIx, &Entry)| origin(e).map(|words| format!("{} = {words}\n", id(vocabulary, *f)));
    table(out, "source", p.facts.iter().filter_map(sourced).collect());
    table(out, "prior", p.priors.iter().map(|(f, v)| format!("{} = {v:?}\n", id(vocabulary, *f))).collect());
    table(out, "asked", asked(p, law));
    let expected = p.expect.iter().map(|e| match &e.limb {
        None => format!("{} = \"{}\"\n", quoted(&e.norm), e.finding.name()),
        Some(limb) => {
            format!("{} = {{ result = \"{}\", limb = {} }}\n", quoted(&e.norm), e.finding.name(), quoted(limb))
        }
    });
    table(out, "expect", expected.collect());
}

/// Returns what was answered to questions that stand before many, a line each.
fn asked(p: &Person, law: &Law) -> Vec<String> {
    let word = |value: &Value| match value {
        Value::True => "yes",
        Value::False => "no",
        Value::Unknown => "unknown",
    };
    let line = |(n, value): (&usize, &Value)| {
        law.guide.screens.get(*n).map(|s| format!("{} = \"{}\"\n", quoted(&s.id), word(value)))
    };
    p.screens.iter().filter_map(line).collect()
}

/// Returns where a fact comes from, as a file says it; none where nothing is known.
fn origin(e: &Entry) -> Option<String> {
    let when = e.when.map(|d| d.to_string()).unwrap_or_default();
    let parts = [("by", &e.by), ("when", &when), ("where", &e.place), ("document", &e.source)];
    let said: Vec<String> =
        parts.iter().filter(|(_, w)| !w.is_empty()).map(|(key, w)| format!("{key} = {}", quoted(w))).collect();
    match said.as_slice() {
        [] => None,
        [_] if !e.source.is_empty() => Some(quoted(&e.source)),
        _ => Some(format!("{{ {} }}", said.join(", "))),
    }
}

fn table(out: &mut String, key: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        let _ = write!(out, "\n[victim.{key}]\n{}", lines.concat());
    }
}

fn id(vocabulary: &Vocabulary, fact: FactIx) -> String {
    quoted(&vocabulary.get(fact).id)
}

fn quoted(words: &str) -> String {
    toml::Value::String(words.to_owned()).to_string()
}
