//! `[[fact]]` and `[[entail]]`.

use crate::settings::Settings;
use nomoscope_core::law::Origin;
use nomoscope_core::law::definition::Written;
use nomoscope_core::law::vocabulary::{Basis, Entailment, Fact, Kind};
use toml::de::DeTable;

const FACT: &[&str] = &[
    "id",
    "kind",
    "values",
    "q",
    "question",
    "label",
    "help",
    "judge",
    "distress",
    "prior",
    "cites",
    "not_with",
    "note",
    "story",
    "own_act",
    "absent",
    "file_only",
    "inquiry",
];
const ENTAIL: &[&str] = &["if", "then", "basis", "note", "cite"];

pub(super) fn facts(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Fact> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "fact") {
        let id = reader.required(inner, "id", "a fact", &span);
        let of = id.as_ref().map_or_else(|| "a fact".to_owned(), |id| format!("fact `{id}`"));
        reader.unknown_keys(inner, FACT, &of);
        let kind = match reader.string(inner, "kind").as_deref() {
            None | Some("bool") => Kind::Bool,
            Some("int") => Kind::Int,
            Some(other) => {
                reader.complain_with(
                    &span,
                    format!("{of} has the unknown kind `{other}`"),
                    Some("kinds are bool and int".into()),
                );
                Kind::Bool
            }
        };
        let question = if inner.contains_key("question") { "question" } else { "q" };
        let question = reader.required(inner, question, &of, &span).unwrap_or_default();
        let Some(id) = id else { continue };
        out.push(Fact {
            kind,
            question,
            label: reader.string(inner, "label").unwrap_or_else(|| Fact::words(&id)),
            help: reader.string(inner, "help"),
            judge: reader.boolean(inner, "judge"),
            distress: reader.boolean(inner, "distress"),
            prior: reader.number(inner, "prior"),
            cites: reader.strings(inner, "cites").into_iter().map(|w| w.text).collect(),
            not_with: reader.strings(inner, "not_with"),
            story: reader.string(inner, "story").unwrap_or_default(),
            own_act: reader.boolean(inner, "own_act"),
            absent: reader.boolean(inner, "absent"),
            file_only: reader.boolean(inner, "file_only"),
            inquiry: reader.string(inner, "inquiry").unwrap_or_default(),
            wording: std::collections::BTreeMap::new(),
            origin: Origin { file: reader.file().to_owned(), line: reader.line(span.start) },
            id,
        });
    }
    out
}

pub(super) fn entailments(reader: &mut Settings<'_>, table: &DeTable<'_>) -> Vec<Entailment<Written>> {
    let mut out = Vec::new();
    for (span, inner) in reader.tables(table, "entail") {
        reader.unknown_keys(inner, ENTAIL, "an entailment");
        let basis = match reader.string(inner, "basis").as_deref() {
            None | Some("definition") => Basis::Definition,
            Some("interpretation") => Basis::Interpretation,
            Some("inference") => Basis::Inference,
            Some(other) => {
                let hint = Some("a basis is definition, interpretation or inference".into());
                reader.complain_with(&span, format!("an entailment has the unknown basis `{other}`"), hint);
                Basis::Definition
            }
        };
        out.push(Entailment {
            premises: reader.strings(inner, "if"),
            conclusions: reader.strings(inner, "then"),
            basis,
            note: reader.string(inner, "note").unwrap_or_default(),
            cite: reader.string(inner, "cite").unwrap_or_default(),
            origin: Origin { file: reader.file().to_owned(), line: reader.line(span.start) },
        });
    }
    out
}
