//! What goes with the definitions: `[[story]]`, `[[screen]]`, `[[dimension]]`, `[[indicator]]`, `[[state]]`, `[[duty]]`, `[[wording]]` and `[[phrase]]`.

use super::norm::verified;
use crate::settings::Settings;
use nomoscope_core::law::Origin;
use nomoscope_core::law::definition::Written;
use nomoscope_core::law::guide::{
    Dimension, Duty, GuideDraft, Indicator, Owed, Party, Phrase, Screen, Spoken, State, Story, Strength,
};
use nomoscope_core::law::vocabulary::Wording;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The keys of a file that are read here.
pub(super) const LISTS: &[&str] = &["story", "screen", "dimension", "indicator", "state", "duty", "wording", "phrase"];

pub(super) fn guide(reader: &mut Settings<'_>, table: &DeTable<'_>) -> GuideDraft {
    GuideDraft {
        stories: stories(reader, table),
        screens: screens(reader, table),
        dimensions: dimensions(reader, table),
        indicators: indicators(reader, table),
        states: states(reader, table),
        duties: duties(reader, table),
        wordings: wordings(reader, table),
        phrases: phrases(reader, table),
    }
}

fn origin(reader: &Settings<'_>, span: &Range<usize>) -> Origin {
    Origin { file: reader.file().to_owned(), line: reader.line(span.start) }
}

/// Reads `label = "…"`, which is English, or `label = { en = "…", fr = "…" }`.
fn spoken(reader: &mut Settings<'_>, table: &DeTable<'_>, key: &str) -> Spoken {
    if table.get(key).is_some_and(|v| v.get_ref().is_str()) {
        return reader.string(table, key).into_iter().map(|words| ("en".to_owned(), words)).collect();
    }
    let mut out = Spoken::new();
    for (language, value) in reader.entries(table, key) {
        match value.get_ref().as_str() {
            Some(words) => {
                out.insert(language.text, words.to_owned());
            }
            None => reader.wrong_type(value, key, "text"),
        }
    }
    out
}

fn one(reader: &mut Settings<'_>, table: &DeTable<'_>, key: &str, of: &str, span: &Range<usize>) -> Written {
    let text = reader.required(table, key, of, span).unwrap_or_default();
    Written { text, line: reader.line(span.start) }
}

fn stories(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Story> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "story") {
        reader.unknown_keys(inner, &["id", "label", "opening"], "a story");
        let Some(id) = reader.required(inner, "id", "a story", &span) else { continue };
        let (label, opening) = (spoken(reader, inner, "label"), spoken(reader, inner, "opening"));
        out.push(Story { id, label, opening, origin: origin(reader, &span) });
    }
    out
}

fn screens(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Screen<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "screen") {
        reader.unknown_keys(inner, &["id", "story", "q", "help", "distress", "prior", "facts"], "a screen");
        let Some(id) = reader.required(inner, "id", "a screen", &span) else { continue };
        out.push(Screen {
            story: reader.required(inner, "story", &format!("screen `{id}`"), &span).unwrap_or_default(),
            question: spoken(reader, inner, "q"),
            help: spoken(reader, inner, "help"),
            distress: reader.boolean(inner, "distress"),
            prior: reader.number(inner, "prior").unwrap_or(0.5),
            facts: reader.strings(inner, "facts"),
            origin: origin(reader, &span),
            id,
        });
    }
    out
}

fn dimensions(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Dimension<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "dimension") {
        reader.unknown_keys(inner, &["id", "label", "element", "proposes", "with", "source"], "a dimension");
        let Some(id) = reader.required(inner, "id", "a dimension", &span) else { continue };
        out.push(Dimension {
            label: spoken(reader, inner, "label"),
            element: reader.string(inner, "element").unwrap_or_default(),
            proposes: one(reader, inner, "proposes", &format!("dimension `{id}`"), &span),
            with: reader.strings(inner, "with"),
            source: reader.string(inner, "source").unwrap_or_default(),
            origin: origin(reader, &span),
            id,
        });
    }
    out
}

fn indicators(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Indicator<Written, Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "indicator") {
        reader.unknown_keys(inner, &["fact", "dimension", "strength", "source"], "an indicator");
        let words = reader.string(inner, "strength").unwrap_or_default();
        let strength = Strength::ALL.into_iter().find(|s| s.name() == words);
        if strength.is_none() {
            let hint = Some("a strength is weak, medium or strong".into());
            reader.complain_with(&span, format!("an indicator has the unknown strength `{words}`"), hint);
        }
        out.push(Indicator {
            fact: one(reader, inner, "fact", "an indicator", &span),
            dimension: one(reader, inner, "dimension", "an indicator", &span),
            strength: strength.unwrap_or_default(),
            source: reader.string(inner, "source").unwrap_or_default(),
            origin: origin(reader, &span),
        });
    }
    out
}

fn states(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<State<Written, Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "state") {
        let keys = &["id", "label", "aliases", "parties", "implies", "referral", "verified", "note"];
        reader.unknown_keys(inner, keys, "a State");
        let Some(id) = reader.required(inner, "id", "a State", &span) else { continue };
        out.push(State {
            label: spoken(reader, inner, "label"),
            aliases: reader.strings(inner, "aliases").into_iter().map(|w| w.text).collect(),
            parties: parties(reader, inner),
            implies: reader.strings(inner, "implies"),
            referral: spoken(reader, inner, "referral"),
            verified: verified(reader, inner, &format!("State `{id}`"), &span).unwrap_or_default(),
            note: reader.string(inner, "note").unwrap_or_default(),
            origin: origin(reader, &span),
            id,
        });
    }
    out
}

/// Reads `parties = { "un.palermo.3" = 2006-02-09, "crc.35" = "" }`: a norm with the day from which it binds, if that was found, or
/// `{ from = 2004-12-01, to = 2015-01-13 }`.
fn parties(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Party<Written>> {
    let Some(DeValue::Table(inner)) = table.get("parties").map(|v| v.get_ref()) else {
        return reader.strings(table, "parties").into_iter().map(|norm| Party { norm, ..Party::default() }).collect();
    };
    let mut out = Vec::new();
    for (norm, value) in reader.entries(table, "parties") {
        let (since, until) = match value.get_ref() {
            DeValue::String(words) if words.is_empty() => (None, None),
            DeValue::Table(bond) => {
                reader.unknown_keys(bond, &["from", "to"], "a bond");
                (reader.date(bond, "from"), reader.date(bond, "to"))
            }
            _ => (reader.date(inner, &norm.text), None),
        };
        out.push(Party { norm, since, until });
    }
    out
}

fn duties(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Duty<Written, Written>> {
    let keys = &[
        "id", "what", "by", "when", "tell", "cite", "norms", "bound_by", "states", "to", "facts", "strength",
        "verified", "from",
    ];
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "duty") {
        reader.unknown_keys(inner, keys, "a duty");
        let Some(id) = reader.required(inner, "id", "a duty", &span) else { continue };
        let to = match reader.string(inner, "to").as_deref() {
            None | Some("all") => Owed::All,
            Some("child") => Owed::Child,
            Some("adult") => Owed::Adult,
            Some(other) => {
                let hint = Some("a duty is owed to all, child or adult".into());
                reader.complain_with(&span, format!("duty `{id}` is owed to `{other}`"), hint);
                Owed::All
            }
        };
        out.push(Duty {
            what: spoken(reader, inner, "what"),
            by: spoken(reader, inner, "by"),
            when: spoken(reader, inner, "when"),
            tell: spoken(reader, inner, "tell"),
            cite: reader.string(inner, "cite").unwrap_or_default(),
            norms: reader.strings(inner, "norms"),
            bound_by: reader.strings(inner, "bound_by"),
            states: reader.strings(inner, "states").into_iter().map(|w| w.text).collect(),
            to,
            facts: reader.strings(inner, "facts"),
            strength: reader.string(inner, "strength").unwrap_or_default(),
            verified: verified(reader, inner, &format!("duty `{id}`"), &span).unwrap_or_default(),
            from: reader.date(inner, "from"),
            origin: origin(reader, &span),
            id,
        });
    }
    out
}

fn wordings(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<(String, Written, Wording, Origin)> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "wording") {
        reader.unknown_keys(inner, &["fact", "language", "q", "label", "help", "inquiry"], "a wording");
        let language = reader.required(inner, "language", "a wording", &span).unwrap_or_default();
        let wording = Wording {
            question: reader.string(inner, "q").unwrap_or_default(),
            label: reader.string(inner, "label").unwrap_or_default(),
            help: reader.string(inner, "help").unwrap_or_default(),
            inquiry: reader.string(inner, "inquiry").unwrap_or_default(),
        };
        let fact = one(reader, inner, "fact", "a wording", &span);
        out.push((language, fact, wording, origin(reader, &span)));
    }
    out
}

fn phrases(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Phrase> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "phrase") {
        reader.unknown_keys(inner, &["language", "en", "say"], "a phrase");
        let mut required = |key| reader.required(inner, key, "a phrase", &span);
        if let (Some(language), Some(english), Some(words)) = (required("language"), required("en"), required("say")) {
            out.push(Phrase { language, english, words, origin: origin(reader, &span) });
        }
    }
    out
}
