//! Files of law: facts, entailments, norms and cases, in TOML.
//!
//! A file is known by what it holds: `[[fact]]` and `[[entail]]`, one norm or a list `[[norm]]`, one case or a list
//! `[[case]]`. Everything that is wrong is reported at once, with its line; what names mean is decided in
//! `nomoscope_core::law::resolve`.

mod case;
mod guide;
mod norm;
mod vocabulary;
mod write;

pub use write::{HEADER, write};

use crate::settings::Settings;
use nomoscope_core::law::case::CaseDraft;
use nomoscope_core::law::resolve::Draft;
use nomoscope_core::problem::Problems;
use toml::de::DeTable;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// The version of the format that is read.
const FORMAT: i64 = 1;

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct LawFile {
    /// Facts, entailments and norms.
    pub draft: Draft,
    /// Cases.
    pub cases: Vec<CaseDraft>,
}

/// Reads a file of law; `name` is for messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(name: &str, bytes: &[u8]) -> Result<LawFile, Problems> {
    let (mut reader, table) = Settings::open(name, bytes, MAX_BYTES)?;
    // What could not be parsed has left holes: complaints about missing keys would mislead.
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    let file = content(&mut reader, table.get_ref());
    reader.problems.or(file)
}

fn content(reader: &mut Settings<'_>, table: &DeTable<'_>) -> LawFile {
    let has = |keys: &[&str]| keys.iter().any(|k| table.contains_key(*k));
    let lists: Vec<&str> = ["fact", "entail", "norm", "case"]
        .into_iter()
        .chain(guide::LISTS.iter().copied())
        .filter(|k| has(&[k]))
        // `state = "fr"` is what a case says; a list of States is tables.
        .filter(|k| *k != "state" || !table.get("state").is_some_and(|v| v.get_ref().is_str()))
        .collect();
    let single_norm = lists.is_empty() && has(&["element", "limb"]);
    let of_case = ["victim", "true", "false", "unknown", "age", "rest", "expect"];
    let capital = |k: &str| of_case.contains(&k.to_lowercase().as_str());
    let single_case = lists.is_empty() && !single_norm && table.keys().any(|k| capital(k.get_ref()));
    let mut file = LawFile::default();
    if single_norm {
        file.draft.norms.extend(norm::norm(reader, table, &(0..0)));
    } else if single_case {
        file.cases.extend(case::case(reader, table, &(0..0)));
    } else if lists.is_empty() {
        let keys: Vec<&str> = table.keys().map(|k| k.get_ref().as_ref()).collect();
        let reason = if keys.iter().all(|k| *k == "format") {
            "the file is empty".to_owned()
        } else {
            format!("the file holds neither facts, norms nor cases; its keys are {}", keys.join(", "))
        };
        let hint = "a case has `age`, `true`, `false` and `unknown`, or [[victim]] tables; a norm has [[element]] and [[limb]]";
        reader.complain_with(&(0..0), reason, Some(hint.into()));
    } else {
        let own = ["format", "title", "note", "source", "licence", "fact", "entail", "norm", "case"];
        let known: Vec<&str> = own.into_iter().chain(guide::LISTS.iter().copied()).collect();
        reader.unknown_keys(table, &known, "the file");
        file.draft.guide = guide::guide(reader, table);
        file.draft.facts = vocabulary::facts(reader, table);
        file.draft.entailments = vocabulary::entailments(reader, table);
        for (span, inner) in reader.tables(table, "norm") {
            file.draft.norms.extend(norm::norm(reader, inner, &span));
        }
        for (span, inner) in reader.tables(table, "case") {
            file.cases.extend(case::case(reader, inner, &span));
        }
    }
    if let Some(value) = table.get("format")
        && crate::settings::integer(value) != Some(FORMAT)
    {
        reader.complain(&value.span(), format!("`format` must be {FORMAT}: this program reads no other version"));
    }
    file
}
