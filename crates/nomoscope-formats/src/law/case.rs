//! One case.

use super::norm::probability;
use crate::settings::{Settings, Value, integer};
use nomoscope_core::law::Origin;
use nomoscope_core::law::case::{AgeRange, CaseDraft, Entry, Expectation, Grade, PersonDraft, Rest, Value as Said};
use nomoscope_core::law::definition::Written;
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::vocabulary::OLDEST;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const CASE: &[&str] = &[
    "format", "id", "title", "name", "kind", "court", "date", "state", "source", "rest", "why", "note", "ungraded",
    "held_out", "victim",
];
const PERSON: &[&str] =
    &["id", "name", "age", "true", "false", "unknown", "grade", "source", "prior", "asked", "rest", "expect", "note"];

/// Reads a case; its persons stand in `[[victim]]` tables, or the case is itself the one person.
pub(super) fn case(reader: &mut Settings<'_>, table: &DeTable<'_>, span: &Range<usize>) -> Option<CaseDraft> {
    let stem = reader.file().rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned();
    let id = match table.contains_key("id") {
        true => reader.required(table, "id", "a case", span).unwrap_or_default(),
        false => stem,
    };
    let of = format!("case `{id}`");
    let several = table.contains_key("victim");
    let mut known: Vec<&str> = CASE.to_vec();
    if !several {
        known.extend(PERSON);
    }
    reader.unknown_keys(table, &known, &of);
    let rest = rest(reader, table);
    let title = reader.string(table, "title").or_else(|| reader.string(table, "name")).unwrap_or_default();
    let mut persons = Vec::new();
    if several {
        let list = reader.tables(table, "victim");
        for (i, (span, inner)) in list.iter().enumerate() {
            let given = reader.string(inner, "id").or_else(|| reader.string(inner, "name"));
            let id = given.unwrap_or_else(|| if list.len() == 1 { ONLY.to_owned() } else { (i + 1).to_string() });
            let of = format!("person `{id}` of {of}");
            reader.unknown_keys(inner, PERSON, &of);
            persons.push(person(reader, inner, id, &of, span));
        }
        if persons.is_empty() {
            reader.complain(span, format!("{of} has no person"));
        }
    } else {
        persons.push(person(reader, table, ONLY.to_owned(), &of, span));
    }
    Some(CaseDraft {
        title: if title.is_empty() { id.clone() } else { title },
        kind: reader.string(table, "kind").unwrap_or_default(),
        court: reader.string(table, "court").unwrap_or_default(),
        date: reader.date(table, "date"),
        state: reader.string(table, "state").unwrap_or_default(),
        source: match table.get("source").map(|v| v.get_ref()) {
            Some(DeValue::Table(_)) => String::new(),
            _ => reader.string(table, "source").unwrap_or_default(),
        },
        rest: rest.unwrap_or_default(),
        why: reader.string(table, "why").or_else(|| reader.string(table, "note")).unwrap_or_default(),
        held_out: reader.boolean(table, "held_out"),
        ungraded: grade_of(reader, table.get("ungraded"), "ungraded"),
        persons,
        origin: Origin { file: reader.file().to_owned(), line: reader.line(span.start) },
        id,
    })
}

/// How the only person of a case is called that gives no id.
const ONLY: &str = "person";

fn rest(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Option<Rest> {
    let value = table.get("rest")?;
    match value.get_ref() {
        DeValue::String(s) if s == "false" => Some(Rest::False),
        DeValue::String(s) if s == "unknown" => Some(Rest::Unknown),
        DeValue::Boolean(false) => Some(Rest::False),
        _ => {
            let hint = "rest = \"false\" treats unlisted facts as untrue, rest = \"unknown\" leaves them open";
            reader.complain_with(&value.span(), "`rest` is neither \"false\" nor \"unknown\"", Some(hint.into()));
            None
        }
    }
}

fn person(reader: &mut Settings<'_>, table: &DeTable<'_>, id: String, of: &str, span: &Range<usize>) -> PersonDraft {
    let mut graded = Vec::new();
    for (fact, value) in reader.entries(table, "grade") {
        if let Some(grade) = grade_of(reader, Some(value), &fact.text) {
            graded.push((fact, grade));
        }
    }
    let mut priors = Vec::new();
    for (fact, value) in reader.entries(table, "prior") {
        match probability(value) {
            Some(p) => priors.push((fact, p)),
            None => {
                let reason = format!("the prior of `{}` is no number between 0 and 1", fact.text);
                reader.complain(&value.span(), reason);
            }
        }
    }
    let sources = match table.get("source").map(|v| v.get_ref()) {
        Some(DeValue::Table(_)) => {
            let entries = reader.entries(table, "source");
            entries.into_iter().map(|(fact, v)| (fact, origin_of(reader, v))).collect()
        }
        _ => Vec::new(),
    };
    PersonDraft {
        id,
        age: table.get("age").and_then(|v| age(reader, v, of)),
        lists: [reader.strings(table, "true"), reader.strings(table, "false"), reader.strings(table, "unknown")],
        grades: graded,
        sources,
        priors,
        asked: asked(reader, table),
        rest: rest(reader, table),
        expect: expectations(reader, table),
        line: reader.line(span.start),
    }
}

/// Reads what was answered to questions that stand before many: `work = "yes"`, `"no"` or `"unknown"`.
fn asked(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<(Written, Said)> {
    let mut out = Vec::new();
    for (screen, value) in reader.entries(table, "asked") {
        match value.get_ref().as_str() {
            Some("yes") => out.push((screen, Said::True)),
            Some("no") => out.push((screen, Said::False)),
            Some("unknown") => out.push((screen, Said::Unknown)),
            _ => {
                let reason = format!("the answer to `{}` is not yes, no or unknown", screen.text);
                let hint = format!("write {} = \"yes\", \"no\" or \"unknown\"", screen.text);
                reader.complain_with(&value.span(), reason, Some(hint.into()));
            }
        }
    }
    out
}

/// Reads where a fact comes from: `"a letter"`, or `{ by = "the person", when = 2026-03-01, where = "Lyon", document = "a letter" }`.
fn origin_of(reader: &mut Settings<'_>, value: &Value<'_>) -> Entry {
    let mut entry = Entry::new(Said::Unknown);
    match value.get_ref() {
        DeValue::String(words) => entry.source = words.to_string(),
        DeValue::Table(inner) => {
            reader.unknown_keys(inner, &["by", "when", "where", "document"], "the source of a fact");
            entry.by = reader.string(inner, "by").unwrap_or_default();
            entry.when = reader.date(inner, "when");
            entry.place = reader.string(inner, "where").unwrap_or_default();
            entry.source = reader.string(inner, "document").unwrap_or_default();
        }
        _ => reader.wrong_type(value, "source", "text, or a table with `by`, `when`, `where` and `document`"),
    }
    entry
}

fn grade_of(reader: &mut Settings<'_>, value: Option<&Value<'_>>, key: &str) -> Option<Grade> {
    let value = value?;
    let found = value.get_ref().as_str().and_then(|s| Grade::ALL.into_iter().find(|g| g.name() == s || g.plain() == s));
    if found.is_none() {
        let hint = Some("grades are disputed, said (or alleged), supported and proved".into());
        reader.complain_with(&value.span(), format!("the grade of `{key}` is none"), hint);
    }
    found
}

/// Reads `16` or `[16, 19]`, both ends included, in completed years.
fn age(reader: &mut Settings<'_>, value: &Value<'_>, of: &str) -> Option<AgeRange> {
    let ends: Vec<i64> = match value.get_ref() {
        DeValue::Array(items) if items.len() == 2 => items.iter().filter_map(integer).collect(),
        DeValue::Integer(_) => integer(value).into_iter().flat_map(|n| [n, n]).collect(),
        DeValue::String(s) if s == "unknown" => return None,
        _ => Vec::new(),
    };
    let [low, high] = ends[..] else {
        let hint = "write age = 16, or age = [16, 19] for a range, in completed years";
        reader.complain_with(
            &value.span(),
            format!("the age of {of} is no whole number and no range"),
            Some(hint.into()),
        );
        return None;
    };
    let out_of_bounds = [low, high].into_iter().find(|n| !(0..=i64::from(OLDEST)).contains(n));
    if let Some(n) = out_of_bounds {
        let side = if n < 0 { "below 0".to_owned() } else { format!("above {OLDEST}") };
        reader.complain(&value.span(), format!("the age of {of} is {n}, which lies {side}"));
        return None;
    }
    if low > high {
        reader.complain(&value.span(), format!("the age of {of} runs from {low} down to {high}"));
        return None;
    }
    Some(AgeRange { low: low as u16, high: high as u16 })
}

/// Reads `"norm" = "Y"` or `"norm" = { result = "Y", limb = "adult", why = "…" }`.
fn expectations(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Expectation> {
    let mut out = Vec::new();
    for (norm, value) in reader.entries(table, "expect") {
        let (words, limb) = match value.get_ref() {
            DeValue::Table(inner) => {
                reader.unknown_keys(inner, &["result", "limb", "why"], "an expectation");
                (reader.string(inner, "result"), reader.string(inner, "limb"))
            }
            other => (other.as_str().map(str::to_owned), None),
        };
        let finding = match words.as_deref() {
            Some("Y" | "established") => Finding::Established,
            Some("N" | "not-established") => Finding::NotEstablished,
            Some("U" | "undetermined") => Finding::Undetermined,
            _ => {
                let hint = Some("write \"Y\", \"N\" or \"U\"".into());
                reader.complain_with(&value.span(), format!("the expectation for `{}` is none", norm.text), hint);
                continue;
            }
        };
        let Written { text, line } = norm;
        out.push(Expectation { norm: text, finding, limb, line });
    }
    out
}
