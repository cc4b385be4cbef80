//! Says something else of sources: in their rows of `sources.csv`, whoever said it before.
//!
//! No text is read again: what a file says of itself is known from when it was read.

use super::add::check_row;
use super::redact::{sheet_row, sources_by_file};
use super::source::sources_of;
use super::{Problem, Problems, StudyError};
use nomoscope_core::study::Source;
use nomoscope_store::{Description, FolderImage, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that are not said of a source: which it is, how its file is read, and what is told from its date.
const KEPT: [&str; 5] = ["encoding", "id_column", "path", "text_column", "year"];

/// Returns what files are to say of themselves; those of which it is said already are left out.
pub(crate) fn described(
    image: &FolderImage,
    sources: &BTreeSet<String>,
    said: &BTreeMap<String, String>,
) -> Result<Vec<Description>, StudyError> {
    let said = checked(said)?;
    let (mut out, mut problems, mut left) = (Vec::new(), Problems::new(), sources.clone());
    for (file, at) in sources_by_file(image) {
        let of_file: Vec<&Source> = at.iter().filter_map(|at| image.sources.get(*at)).collect();
        let is_row = |source: &&&Source| source.path != file && left.contains(&source.path);
        if let Some(row) = of_file.iter().find(is_row) {
            let reason = "is one row of a table, which says itself what holds of it";
            let hint = format!("say it of `{file}`, for all rows where the table does not");
            problems.push(Problem::new(row.path.as_str(), reason).hint(hint));
            left.retain(|path| of_file.iter().all(|source| source.path != *path));
        }
        if !left.remove(&file) {
            continue;
        }
        let before = sheet_row(image, &file).unwrap_or_default();
        let mut row = before.clone();
        row.extend(said.clone());
        row.retain(|_, value| !value.is_empty());
        row.insert("path".to_owned(), file.clone());
        if row == before {
            continue;
        }
        match check_row(&file, &row).map_err(|wrong| wrong.as_slice().to_vec()).and_then(|checked| {
            let id = |source: &Source| source.path.strip_prefix(&format!("{file}#")).map(str::to_owned);
            let texts = of_file.iter().map(|source| (source.document.clone(), id(source))).collect();
            sources_of(&file, &checked, texts)
        }) {
            Ok(sources) => out.push(Description { file, row, sources }),
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
        }
    }
    problems.or(())?;
    match left.pop_first() {
        Some(unknown) => Err(StoreError::UnknownSource(unknown).into()),
        None => Ok(out),
    }
}

/// Returns what is said, on one line each.
fn checked(said: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Problems> {
    let (mut out, mut problems) = (BTreeMap::new(), Problems::new());
    for (name, value) in said {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            problems.push(Problem::new("", "an attribute has no name"));
        } else if KEPT.contains(&name.as_str()) {
            problems.push(Problem::new("", format!("`{name}` cannot be said of a source")));
        }
        out.insert(name, value.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    problems.or(out)
}
