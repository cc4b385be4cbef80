//! `sources --json`.

use nomoscope_core::norm::corpus::CodedSource;
use nomoscope_core::study::Source;
use nomoscope_core::text::{Level, UnitRole};
use serde_json::{Map, Value, json};

/// Returns the languages that a source looks to be in, where nobody said one for it.
fn detected(source: &Source, coded: &CodedSource) -> Option<String> {
    if source.detected.is_empty() { coded.detected.map(str::to_owned) } else { Some(source.detected.join(" ")) }
}

/// Returns one entry of `sources --json`.
#[must_use]
pub fn source(source: &Source, coded: &CodedSource, with_units: bool) -> Value {
    let units = &coded.segmentation.units;
    let mut counts: Map<String, Value> = Level::ALL
        .iter()
        .filter(|l| **l != Level::Source)
        .map(|l| (l.name().to_owned(), json!(units.iter().filter(|u| u.level == *l).count())))
        .collect();
    let articles = units.iter().filter(|u| u.level == Level::Section && is_article(&u.label)).count();
    counts.insert("article".to_owned(), json!(articles));
    let mut out = json!({
        "path": source.path,
        "title": source.title,
        "kind": source.kind,
        "date": source.date.map(|d| d.to_string()),
        "language": source.language,
        "language_detected": detected(source, coded),
        "direction": source.document.direction,
        "attributes": source.attributes,
        "characters": source.document.text.chars().count(),
        "words": coded.words.first().copied().unwrap_or(0),
        "units": counts,
        "paragraphs_by": coded.segmentation.paragraphs_by.name(),
        "median_paragraph_words": coded.segmentation.median_paragraph_words,
    });
    if with_units {
        let labels = Level::ALL.iter().filter(|l| **l != Level::Source).map(|l| {
            let of: Vec<&str> = units.iter().filter(|u| u.level == *l).map(|u| &*u.label).collect();
            (l.name().to_owned(), json!(of))
        });
        out["labels"] = Value::Object(labels.collect());
        out["unit_labels"] = units
            .iter()
            .filter(|u| u.level != Level::Source)
            .map(|u| {
                json!({
                    "level": u.level.name(),
                    "label": u.label,
                    "role": role(u.role),
                    "start": u.span.start,
                    "end": u.span.end,
                })
            })
            .collect::<Vec<_>>()
            .into();
    }
    out
}

const fn role(role: UnitRole) -> &'static str {
    match role {
        UnitRole::Body => "body",
        UnitRole::Heading => "heading",
        UnitRole::Chapeau => "chapeau",
        UnitRole::Preamble => "preamble",
    }
}

/// Whether a section label names an article or a section of a statute.
fn is_article(label: &str) -> bool {
    label.starts_with(['第', '제'])
        || label.split_whitespace().any(|w| matches!(w, "Art." | "§" | "Section" | "Sec." | "s."))
}
