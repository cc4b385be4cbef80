//! What later changes of a folder need of one that is to be taken back.

use super::Problems;
use nomoscope_formats::study::{self as files, csv};
use nomoscope_store::{disk::Edits, file_of};
use std::collections::BTreeSet;

/// Tables whose rows others refer to by their `id`, with the word for them.
const DEFINED: [(&str, &str); 7] = [
    (files::CODINGS_CSV, "coding"),
    (files::MEMOS_CSV, "memo"),
    (files::PASSAGES_CSV, "passage"),
    (files::CASES_CSV, "case"),
    (files::SETS_CSV, "set"),
    (files::VARIABLES_CSV, "variable"),
    (files::LINKS_CSV, "link"),
];

/// Where rows refer to something: the table, the column, and of what kind the thing is where the cell does not say it.
const NAMED: [(&str, &str, &str); 12] = [
    (files::CODINGS_CSV, "source", "source:"),
    (files::CODINGS_CSV, "concept", "concept:"),
    (files::PASSAGES_CSV, "source", "source:"),
    (files::MEMOS_CSV, "about", ""),
    (files::LINKS_CSV, "from", ""),
    (files::LINKS_CSV, "to", ""),
    (files::MEMBERS_CSV, "of", ""),
    (files::MEMBERS_CSV, "member", ""),
    (files::VALUES_CSV, "of", ""),
    (files::VALUES_CSV, "variable", "variable:"),
    (files::FOREIGN_IDS_CSV, "of", ""),
    (files::SOURCES_CSV, "path", "source:"),
];

/// Reads a file of the folder; none where it has none of the name.
type Bytes<'a> = dyn Fn(&str) -> Result<Option<Vec<u8>>, Problems> + 'a;

/// Returns the table in which a row would name what is gone after the edits; `bytes` reads a file as it is before them.
pub(super) fn missed(edits: &Edits, bytes: &Bytes<'_>) -> Result<Option<&'static str>, Problems> {
    let gone = gone(edits, bytes)?;
    let files: BTreeSet<&str> =
        edits.iter().filter(|(_, after)| after.is_none()).map(|(path, _)| path.as_str()).collect();
    for (table, column, kind) in NAMED {
        for cell in cells(table, column, &after(table, edits, bytes)?)? {
            let named = format!("{kind}{cell}");
            let of_file =
                named.strip_prefix("source:").is_some_and(|path| file_of(path, |p| files.contains(p)).is_some());
            if of_file || gone.contains(&named) {
                return Ok(Some(table));
            }
        }
    }
    Ok(None)
}

/// Returns everything that rows can refer to and that is there before the edits and not after them.
fn gone(edits: &Edits, bytes: &Bytes<'_>) -> Result<BTreeSet<String>, Problems> {
    let mut gone = BTreeSet::new();
    for (table, kind) in DEFINED {
        if edits.contains_key(table) {
            let stay: BTreeSet<String> = cells(table, "id", &after(table, edits, bytes)?)?.into_iter().collect();
            let before = cells(table, "id", &bytes(table)?.unwrap_or_default())?;
            gone.extend(before.into_iter().filter(|id| !stay.contains(id)).map(|id| format!("{kind}:{id}")));
        }
    }
    if edits.contains_key(files::CODEBOOK_TOML) {
        let stay = concepts(&after(files::CODEBOOK_TOML, edits, bytes)?);
        let before = concepts(&bytes(files::CODEBOOK_TOML)?.unwrap_or_default());
        gone.extend(before.difference(&stay).map(|id| format!("concept:{id}")));
    }
    Ok(gone)
}

/// Returns the ids of the concepts of a codebook; none where it cannot be read.
pub(super) fn concepts(codebook: &[u8]) -> BTreeSet<String> {
    let codebook = nomoscope_formats::codebook_toml::parse(codebook).unwrap_or_default();
    codebook.concepts().iter().map(|concept| concept.id.clone()).collect()
}

fn after(path: &str, edits: &Edits, bytes: &Bytes<'_>) -> Result<Vec<u8>, Problems> {
    match edits.get(path) {
        Some(after) => Ok(after.clone().unwrap_or_default()),
        None => Ok(bytes(path)?.unwrap_or_default()),
    }
}

fn cells(table: &str, column: &str, bytes: &[u8]) -> Result<Vec<String>, Problems> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let sheet = csv::read(table, bytes)?;
    Ok(sheet.rows.iter().map(|row| sheet.cell(row, column).to_owned()).filter(|cell| !cell.is_empty()).collect())
}
