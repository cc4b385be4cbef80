//! One norm.

use crate::settings::{Settings, number};
use nomoscope_core::law::Origin;
use nomoscope_core::law::definition::{
    Aggravation, Cited, Element, Limb, Norm, Penalty, Remark, TextSource, Verified, Written,
};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const NORM: &[&str] = &[
    "format",
    "id",
    "title",
    "name",
    "short",
    "system",
    "kind",
    "family",
    "adopted",
    "in_force",
    "valid_from",
    "valid_to",
    "transposition",
    "implements",
    "supersedes",
    "amends",
    "verified",
    "checked_on",
    "checked_by",
    "second_reading",
    "strength",
    "territory",
    "source",
    "against_person",
    "penalty",
    "protection",
    "non_punishment",
    "check",
    "note",
    "element",
    "limb",
    "remark",
    "scope",
    "aggravation",
];
const ELEMENT: &[&str] = &["id", "role", "cite", "label", "all", "any", "none", "open", "note", "verified"];
const LIMB: &[&str] = &["id", "cite", "label", "requires", "note", "verified"];
const REMARK: &[&str] = &["id", "when", "requires", "cite", "text"];
const AGGRAVATION: &[&str] = &["id", "cite", "label", "requires", "penalty", "note"];
const PENALTY: &[&str] = &["min_years", "max_years", "life", "note"];
const SOURCE: &[&str] = &["title", "url", "language", "translation", "version", "sha256"];
const CITED: &[&str] = &["cite", "text", "verified"];
const ROLES: &[&str] = &[
    "act",
    "means",
    "purpose",
    "age",
    "person",
    "offender",
    "mental",
    "status",
    "work",
    "consent",
    "benefit",
    "movement",
    "jurisdiction",
    "context",
    "exception",
    "scope",
    "ref",
];

/// Reads a norm; none where it has no id.
pub(super) fn norm(reader: &mut Settings<'_>, table: &DeTable<'_>, span: &Range<usize>) -> Option<Norm<Written>> {
    let id = reader.required(table, "id", "a norm", span);
    let of = id.as_ref().map_or_else(|| "a norm".to_owned(), |id| format!("norm `{id}`"));
    reader.unknown_keys(table, NORM, &of);
    let short = reader.string(table, "short");
    let title = reader.string(table, "title").or_else(|| reader.string(table, "name"));
    let norm = Norm {
        system: reader.required(table, "system", &of, span).unwrap_or_default(),
        kind: reader.string(table, "kind").unwrap_or_default(),
        family: reader.required(table, "family", &of, span).unwrap_or_default(),
        adopted: reader.date(table, "adopted"),
        in_force: reader.date(table, "in_force"),
        valid_from: reader.date(table, "valid_from"),
        valid_to: reader.date(table, "valid_to"),
        transposition: reader.date(table, "transposition"),
        implements: reader.strings(table, "implements"),
        supersedes: reader.strings(table, "supersedes"),
        amends: reader.strings(table, "amends"),
        verified: verified(reader, table, &of, span).unwrap_or_default(),
        checked_on: reader.date(table, "checked_on"),
        checked_by: reader.strings(table, "checked_by").into_iter().map(|w| w.text).collect(),
        second_reading: reader.date(table, "second_reading"),
        strength: reader.string(table, "strength").unwrap_or_default(),
        territory: reader.string(table, "territory").unwrap_or_default(),
        source: source(reader, table),
        against_person: reader.boolean(table, "against_person"),
        penalty: penalty(reader, table),
        protection: cited(reader, table, "protection"),
        non_punishment: cited(reader, table, "non_punishment"),
        check: reader.string(table, "check").unwrap_or_default(),
        note: reader.string(table, "note").unwrap_or_default(),
        elements: elements(reader, table, &of),
        limbs: limbs(reader, table, &of),
        remarks: remarks(reader, table, "remark", &of),
        scopes: remarks(reader, table, "scope", &of),
        aggravations: aggravations(reader, table, &of),
        origin: Origin { file: reader.file().to_owned(), line: reader.line(span.start) },
        short: short.clone().or_else(|| title.clone()).or_else(|| id.clone()).unwrap_or_default(),
        title: title.or(short).or_else(|| id.clone()).unwrap_or_default(),
        id: id?,
    };
    Some(norm)
}

/// Returns the weakest tag that is named: `text (8, 10) / memory (12)` is `memory`.
pub(super) fn verified(
    reader: &mut Settings<'_>,
    table: &DeTable<'_>,
    of: &str,
    span: &Range<usize>,
) -> Option<Verified> {
    let words = reader.string(table, "verified")?;
    let found = Verified::ALL.into_iter().find(|v| words.split(|c: char| !c.is_alphanumeric()).any(|w| w == v.name()));
    if found.is_none() {
        let hint = Some("`verified` is text, secondary or memory".into());
        reader.complain_with(span, format!("`verified` of {of} is `{words}`"), hint);
    }
    found
}

fn source(reader: &mut Settings<'_>, table: &DeTable<'_>) -> TextSource {
    match table.get("source").map(|v| v.get_ref()) {
        Some(DeValue::Table(inner)) => {
            reader.unknown_keys(inner, SOURCE, "`source`");
            TextSource {
                title: reader.string(inner, "title").unwrap_or_default(),
                url: reader.string(inner, "url").unwrap_or_default(),
                language: reader.string(inner, "language").unwrap_or_default(),
                translation: reader.boolean(inner, "translation"),
                version: reader.string(inner, "version").unwrap_or_default(),
                sha256: reader.string(inner, "sha256").unwrap_or_default(),
            }
        }
        _ => TextSource { title: reader.string(table, "source").unwrap_or_default(), ..TextSource::default() },
    }
}

fn penalty(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Option<Penalty> {
    let value = table.get("penalty")?;
    let inner = match value.get_ref() {
        DeValue::String(words) => return Some(Penalty { note: words.to_string(), ..Penalty::default() }),
        DeValue::Table(inner) => inner,
        _ => {
            reader.wrong_type(value, "penalty", "a table");
            return None;
        }
    };
    reader.unknown_keys(inner, PENALTY, "`penalty`");
    let mut years = |key: &str| -> Option<f64> {
        let n = reader.number(inner, key)?;
        if n < 0.0 {
            let span = inner.get(key).map_or(0..0, |v| v.span());
            reader.complain(&span, format!("`{key}` of a penalty lies below 0"));
        }
        Some(n)
    };
    let (min_years, max_years) = (years("min_years"), years("max_years"));
    if min_years.zip(max_years).is_some_and(|(low, high)| low > high) {
        reader.complain(&value.span(), "`min_years` of a penalty lies above `max_years`");
    }
    Some(Penalty {
        min_years,
        max_years,
        life: reader.boolean(inner, "life"),
        note: reader.string(inner, "note").unwrap_or_default(),
    })
}

/// Reads a list of statements with their provisions; a bare string is a statement without one.
fn cited(reader: &mut Settings<'_>, table: &DeTable<'_>, key: &str) -> Vec<Cited> {
    let bare = match table.get(key).map(|v| v.get_ref()) {
        None => return Vec::new(),
        Some(DeValue::String(_)) => true,
        Some(DeValue::Array(items)) => items.iter().any(|i| i.get_ref().is_str()),
        Some(_) => false,
    };
    if bare {
        return reader.strings(table, key).into_iter().map(|w| Cited { text: w.text, ..Cited::default() }).collect();
    }
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, key) {
        let of = format!("`{key}`");
        reader.unknown_keys(inner, CITED, &of);
        out.push(Cited {
            cite: reader.string(inner, "cite").unwrap_or_default(),
            text: reader.required(inner, "text", &of, &span).unwrap_or_default(),
            verified: verified(reader, inner, &of, &span),
        });
    }
    out
}

fn elements(reader: &mut Settings<'_>, table: &DeTable<'_>, norm: &str) -> Vec<Element<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "element") {
        let id = reader.required(inner, "id", &format!("an element of {norm}"), &span);
        let of = id.as_ref().map_or_else(|| format!("an element of {norm}"), |id| format!("element `{id}` of {norm}"));
        reader.unknown_keys(inner, ELEMENT, &of);
        let role = reader.string(inner, "role").unwrap_or_default();
        if !ROLES.contains(&role.as_str()) {
            let hint =
                Remedy::nearest_or(nearest(&role, ROLES.iter().copied()), || format!("roles are {}", ROLES.join(", ")));
            let reason = if role.is_empty() {
                format!("{of} has no `role`")
            } else {
                format!("{of} has the unknown role `{role}`")
            };
            reader.complain_with(&span, reason, Some(hint));
        }
        let Some(id) = id else { continue };
        out.push(Element {
            id,
            role,
            cite: reader.string(inner, "cite").unwrap_or_default(),
            label: reader.string(inner, "label").unwrap_or_default(),
            all: reader.strings(inner, "all"),
            any: reader.strings(inner, "any"),
            none: reader.strings(inner, "none"),
            open: reader.strings(inner, "open").into_iter().next(),
            note: reader.string(inner, "note").unwrap_or_default(),
            verified: verified(reader, inner, &of, &span),
            line: reader.line(span.start),
        });
    }
    out
}

fn limbs(reader: &mut Settings<'_>, table: &DeTable<'_>, norm: &str) -> Vec<Limb<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "limb") {
        let of = format!("a limb of {norm}");
        reader.unknown_keys(inner, LIMB, &of);
        let Some(id) = reader.required(inner, "id", &of, &span) else { continue };
        out.push(Limb {
            label: reader.string(inner, "label").unwrap_or_else(|| id.replace(['_', '-'], " ")),
            id,
            cite: reader.string(inner, "cite").unwrap_or_default(),
            requires: reader.strings(inner, "requires"),
            verified: verified(reader, inner, &of, &span),
            line: reader.line(span.start),
        });
    }
    out
}

fn remarks(reader: &mut Settings<'_>, table: &DeTable<'_>, key: &str, norm: &str) -> Vec<Remark<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, key) {
        let of = format!("a {key} of {norm}");
        reader.unknown_keys(inner, REMARK, &of);
        let condition = if inner.contains_key("when") { "when" } else { "requires" };
        out.push(Remark {
            when: reader.strings(inner, condition),
            cite: reader.string(inner, "cite").unwrap_or_default(),
            text: reader.required(inner, "text", &of, &span).unwrap_or_default(),
            line: reader.line(span.start),
        });
    }
    out
}

fn aggravations(reader: &mut Settings<'_>, table: &DeTable<'_>, norm: &str) -> Vec<Aggravation<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "aggravation") {
        let of = format!("an aggravation of {norm}");
        reader.unknown_keys(inner, AGGRAVATION, &of);
        let id = reader.required(inner, "id", &of, &span).unwrap_or_default();
        out.push(Aggravation {
            label: reader.string(inner, "label").unwrap_or_else(|| id.replace(['_', '-'], " ")),
            id,
            cite: reader.string(inner, "cite").unwrap_or_default(),
            requires: reader.strings(inner, "requires"),
            penalty: penalty(reader, inner),
            line: reader.line(span.start),
        });
    }
    out
}

/// Returns a probability, if the value is one.
pub(super) fn probability(value: &crate::settings::Value<'_>) -> Option<f64> {
    number(value).filter(|p| *p > 0.0 && *p < 1.0)
}
