//! From the texts of a file and its row to sources.

use super::Problem;
use nomoscope_core::date::{PartialDate, without_time};
use nomoscope_core::study::Source;
use nomoscope_core::text::{Document, MAX_TEXT_BYTES};
use nomoscope_formats::study::sources_csv::{SourceRow, is_date_column, languages};
use nomoscope_formats::study::study_toml::language_tag;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the sources of one file, or everything that is wrong with it.
pub(crate) fn sources_of(
    file: &str,
    row: &SourceRow,
    texts: Vec<(Document, Option<String>)>,
) -> Result<Vec<Source>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    let mut seen = BTreeSet::new();
    let several = texts.len() > 1;
    for (number, (document, id)) in (1usize..).zip(texts) {
        let id = id.or_else(|| several.then(|| number.to_string()));
        let path = match &id {
            Some(id) => format!("{file}#{id}"),
            None => file.to_owned(),
        };
        if !seen.insert(id.clone()) {
            problems.push(Problem::new(&*path, "two rows have this id"));
        }
        if document.text.len() > MAX_TEXT_BYTES {
            let reason = format!("the text is longer than {} MiB", MAX_TEXT_BYTES >> 20);
            problems.push(Problem::new(&*path, reason));
        }
        match source(path, id.as_deref(), row, document) {
            Ok(source) => sources.push(source),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

/// Joins what the row of `sources.csv` and the file itself say. Of a row of a table, the table knows better; of a whole
/// file, `sources.csv` does, for it can be corrected without touching the text.
fn source(path: String, id: Option<&str>, row: &SourceRow, document: Document) -> Result<Source, Vec<Problem>> {
    let own = own(&path, &document)?;
    let named = own.title.is_some() || row.title.is_some();
    let (first, second) = match id {
        Some(_) => (&own, row),
        None => (row, &own),
    };
    let mut attributes = second.attributes.clone();
    attributes.extend(first.attributes.clone());
    let languages = [&first.language, &second.language];
    let language = languages.into_iter().find(|l| !l.is_empty());
    let title = match (&first.title, id) {
        (Some(title), _) => title.clone(),
        (None, Some(id)) if named => {
            format!("{} {id}", second.title.as_deref().unwrap_or_default())
        }
        (None, None) if named => second.title.clone().unwrap_or_default(),
        (None, _) => stem(&path).to_owned(),
    };
    Ok(Source {
        title,
        kind: first.kind.clone().or_else(|| second.kind.clone()),
        date: first.date.or(second.date),
        attributes,
        language: language.cloned().unwrap_or_default(),
        detected: Vec::new(),
        document,
        path,
    })
}

/// Returns what the file says of itself, in the form of a row.
fn own(path: &str, document: &Document) -> Result<SourceRow, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut own = SourceRow {
        title: document.title.clone(),
        language: document.language.as_deref().and_then(language_tag).into_iter().collect(),
        ..SourceRow::default()
    };
    let mut year = None;
    for (name, value) in document.attributes.iter().filter(|(_, v)| !v.is_empty()) {
        if is_date_column(name)
            && let Err(error) = date(value)
        {
            problems.push(Problem::new(path, format!("`{name}`: {error}")));
        }
        match name.as_str() {
            "title" => own.title = Some(value.clone()),
            "kind" => own.kind = Some(value.clone()),
            "date" => own.date = date(value).ok(),
            "year" => year = date(value).ok(),
            "language" => match languages(value) {
                Ok(tags) => own.language = tags,
                Err(tag) => problems.push(
                    Problem::new(path, format!("`{tag}` is no language tag"))
                        .hint("write BCP 47 tags such as en, fr or zh-Hant"),
                ),
            },
            "path" => {}
            _ => {
                own.attributes.insert(name.clone(), value.clone());
            }
        }
    }
    // An attribute `year` could never be asked for: the year of `date` has that name.
    own.date = own.date.or(year);
    if problems.is_empty() { Ok(own) } else { Err(problems) }
}

/// Reads a date; of a time, as programs write it into their files, the day.
fn date(value: &str) -> Result<PartialDate, nomoscope_core::date::DateError> {
    without_time(value).parse()
}

/// Returns the title of a source that says none: the name of its file.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        // A row keeps its id: `table.csv#7` has no better name.
        Some((stem, ending)) if !stem.is_empty() && !ending.contains('#') => stem,
        _ => name,
    }
}

/// Gives sources that say no language those of the study, and those that their texts look to be in.
pub(crate) fn fill_languages(study: &mut nomoscope_core::study::Study) {
    let mut sources = study.sources.to_vec();
    sources.par_iter_mut().for_each(|source| source.fill_language(&study.meta.language));
    study.sources = sources.into();
}

/// Returns a row that says nothing.
pub(crate) fn empty_row(path: &str) -> SourceRow {
    SourceRow { path: path.to_owned(), attributes: BTreeMap::new(), ..SourceRow::default() }
}
