//! QualCoder (`data.qda` in a folder `*.qda`): a SQLite database of schema 1 to 17; positions in code points, the end not
//! included, each coding with its words.

use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection, color};
use super::sqlite::{Cell, Database, Row, at, entry, memo};
use super::times::time;
use crate::FormatError;
use nomoscope_core::study::{Annotation, Case, Subject, Value, Variable, VariableKind, VariableValue};
use std::collections::{BTreeMap, BTreeSet};

/// The variable that marks codings as important.
const IMPORTANT: &str = "important";

pub(super) fn fits(database: &Database<'_>) -> bool {
    database.has("code_text", &["cid", "fid", "pos0", "pos1"]) && database.has("source", &["fulltext"])
}

pub(super) fn read(database: &Database<'_>) -> Result<ForeignProject, FormatError> {
    let mut project = ForeignProject { origin: "QualCoder".to_owned(), ..ForeignProject::default() };
    about(database, &mut project)?;
    sources(database, &mut project)?;
    codes(database, &mut project)?;
    codings(database, &mut project)?;
    cases(database, &mut project)?;
    attributes(database, &mut project)?;
    beside(database, &mut project)?;
    for (table, what) in [("code_image", "codings of pictures"), ("code_av", "codings of sound and film")] {
        let n = database.rows(table, &["cid"])?.len();
        project.lose(what, n, "a study holds texts");
    }
    project.coders = coders(database, &project)?;
    Ok(project)
}

fn about(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in database.rows("project", &["databaseversion", "about", "memo", "date"])? {
        project.origin = format!("QualCoder, schema {}", at(&row, 0).text());
        memo(project, Subject::Study, &row, (2, 9, 3));
    }
    Ok(())
}

/// Rows of a table, counted.
fn counted(
    database: &Database<'_>,
    project: &mut ForeignProject,
    (table, what): (&str, &str),
    columns: &[&str],
) -> Result<Vec<Row>, FormatError> {
    let rows = database.rows(table, columns)?;
    project.count(what, rows.len());
    Ok(rows)
}

fn sources(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let columns = ["id", "name", "fulltext", "mediapath", "memo", "owner", "date"];
    for row in counted(database, project, ("source", "files"), &columns)? {
        let (id, media) = (at(&row, 0).text(), at(&row, 3).text().to_lowercase());
        let is_media =
            ["/images/", "/audio/", "/video/", "images:", "audio:", "video:"].iter().any(|m| media.starts_with(m));
        if at(&row, 2).is_null() && is_media {
            project.lose("pictures, sound and film", 1, "a study holds texts");
            continue;
        }
        memo(project, Subject::Source(id.as_str().into()), &row, (4, 5, 6));
        let text = Some(at(&row, 2)).filter(|cell| !cell.is_null()).map(Cell::text);
        let source = ForeignSource { id, name: at(&row, 1).text(), text, ..ForeignSource::default() };
        project.sources.push(source.without_bom());
    }
    Ok(())
}

fn codes(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let group = |id: &Cell| (!id.is_null() && !id.text().is_empty()).then(|| format!("category-{}", id.text()));
    for row in counted(database, project, ("code_cat", "categories"), &["catid", "name", "memo", "supercatid"])? {
        project.codes.push(ForeignCode {
            id: group(at(&row, 0)).unwrap_or_default(),
            name: at(&row, 1).text(),
            description: at(&row, 2).text(),
            parent: group(at(&row, 3)),
            ..ForeignCode::default()
        });
    }
    let columns = ["cid", "name", "memo", "catid", "color", "supercid"];
    for row in counted(database, project, ("code_name", "codes"), &columns)? {
        let above = Some(at(&row, 5).text()).filter(|id| !id.is_empty());
        project.codes.push(ForeignCode {
            id: at(&row, 0).text(),
            name: at(&row, 1).text(),
            description: at(&row, 2).text(),
            parent: above.or_else(|| group(at(&row, 3))),
            color: color(&at(&row, 4).text()),
            codable: true,
            ..ForeignCode::default()
        });
    }
    Ok(())
}

fn codings(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let columns = ["ctid", "cid", "fid", "pos0", "pos1", "seltext", "owner", "date", "memo", "important"];
    let mut marked = false;
    for (number, row) in (1_usize..).zip(counted(database, project, ("code_text", "codings"), &columns)?) {
        let (code, coder, created) = (at(&row, 1).text(), at(&row, 6).text(), time(&at(&row, 7).text()));
        // Old schemas have no identity for a coding.
        let id = Some(at(&row, 0).text()).filter(|id| !id.is_empty()).unwrap_or_else(|| format!("row-{number}"));
        if at(&row, 9).int() == Some(1) {
            marked = true;
            let of = Subject::Coding(id.as_str().into());
            let value = VariableValue { variable: IMPORTANT.into(), of, value: Value::Boolean(true) };
            project.annotations.push(Annotation::Value(value));
        }
        let memo = at(&row, 8).text();
        let coding = ForeignCoding { id: id.clone(), code, coder: coder.clone(), created: created.clone(), memo };
        project.selections.push(Selection {
            id: format!("coding-{id}"),
            source: at(&row, 2).text(),
            place: at(&row, 3).int().zip(at(&row, 4).int()),
            quote: Some(at(&row, 5)).filter(|cell| !cell.is_null()).map(Cell::text),
            coder,
            created,
            codings: vec![coding],
            ..Selection::default()
        });
    }
    if marked {
        project.annotations.push(Annotation::Variable(Variable {
            id: IMPORTANT.into(),
            name: IMPORTANT.to_owned(),
            kind: VariableKind::Boolean,
            description: "marked as important in QualCoder".to_owned(),
        }));
    }
    Ok(())
}

fn cases(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let mut known = BTreeSet::new();
    for row in counted(database, project, ("cases", "cases"), &["caseid", "name", "memo"])? {
        let id = at(&row, 0).text();
        known.insert(id.clone());
        let case = Case { id: id.into(), name: at(&row, 1).text(), description: at(&row, 2).text() };
        project.annotations.push(Annotation::Case(case));
    }
    let lengths = project.lengths();
    let columns = ["caseid", "fid", "pos0", "pos1", "owner", "date", "memo"];
    for (number, row) in (1_usize..).zip(counted(database, project, ("case_text", "passages of cases"), &columns)?) {
        let (case, source) = (at(&row, 0).text(), at(&row, 1).text());
        let Some(&length) = lengths.get(&source).filter(|_| known.contains(&case)) else {
            project.lose("passages of cases", 1, "their case or file is not in the project");
            continue;
        };
        let id = format!("case_text-{number}");
        let passage = Selection {
            id: id.clone(),
            source,
            place: at(&row, 2).int().zip(at(&row, 3).int()),
            coder: at(&row, 4).text(),
            created: time(&at(&row, 5).text()),
            keep: true,
            ..Selection::default()
        };
        let about = Subject::Case(case.as_str().into());
        let about = if project.of_case(case, passage, Some(length)) { Subject::Passage(id.into()) } else { about };
        memo(project, about, &row, (6, 4, 5));
    }
    Ok(())
}

fn attributes(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let mut kinds = BTreeMap::new();
    let columns = ["name", "memo", "valuetype"];
    for row in counted(database, project, ("attribute_type", "attributes"), &columns)? {
        let (name, description) = (at(&row, 0).text(), at(&row, 1).text());
        let numeric = at(&row, 2).text().eq_ignore_ascii_case("numeric");
        let kind = if numeric { VariableKind::Decimal } else { VariableKind::Text };
        kinds.insert(name.clone(), kind);
        let variable = Variable { id: name.as_str().into(), name, kind, description };
        project.annotations.push(Annotation::Variable(variable));
    }
    let there: BTreeSet<Subject> = {
        let sources = project.sources.iter().map(|s| Subject::Source(s.id.as_str().into()));
        sources.chain(project.annotations.cases.iter().map(|c| Subject::Case(c.id.clone()))).collect()
    };
    let columns = ["name", "attr_type", "value", "id"];
    for row in counted(database, project, ("attribute", "values of attributes"), &columns)? {
        let (name, of) = (at(&row, 0).text(), at(&row, 3).text());
        // Journals have attributes too, and numbers of their own.
        let of = match at(&row, 1).text().as_str() {
            "case" => Subject::Case(of.into()),
            "file" | "" => Subject::Source(of.into()),
            other => {
                let what = format!("values of attributes of a {other}");
                project.lose(&what, 1, "a study has values of sources and cases");
                continue;
            }
        };
        if !there.contains(&of) {
            project.lose("values of attributes", 1, "they are of something that a study does not hold");
            continue;
        }
        let Some(value) = super::values::typed(&mut kinds, project, &name, &at(&row, 2).text()) else { continue };
        project.annotations.push(Annotation::Value(VariableValue { variable: name.into(), of, value }));
    }
    Ok(())
}

/// Journals and annotations.
fn beside(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in counted(database, project, ("journal", "journal entries"), &["jentry", "owner", "date", "name"])? {
        entry(project, &row);
    }
    for (table, column, what, why) in [
        ("ris", "risid", "fields of bibliographies", "a study keeps attributes of sources"),
        ("graph", "grid", "graphs", "a study draws its own"),
    ] {
        let n = database.rows(table, &[column])?.len();
        project.lose(what, n, why);
    }
    let columns = ["fid", "pos0", "pos1", "memo", "owner", "date"];
    for (number, row) in (1_usize..).zip(counted(database, project, ("annotation", "annotations"), &columns)?) {
        let id = format!("annotation-{number}");
        project.selections.push(Selection {
            id: id.clone(),
            source: at(&row, 0).text(),
            place: at(&row, 1).int().zip(at(&row, 2).int()),
            coder: at(&row, 4).text(),
            created: time(&at(&row, 5).text()),
            keep: true,
            ..Selection::default()
        });
        memo(project, Subject::Passage(id.into()), &row, (3, 4, 5));
    }
    Ok(())
}

/// Returns everybody whom the project names, and everybody who is the owner of something.
fn coders(database: &Database<'_>, project: &ForeignProject) -> Result<Vec<ForeignCoder>, FormatError> {
    let mut names: BTreeSet<String> =
        database.rows("coder_names", &["name"])?.iter().map(|row| at(row, 0).text()).collect();
    names.extend(project.selections.iter().map(|s| s.coder.clone()));
    names.extend(project.memos.iter().map(|m| m.coder.to_string()));
    names.remove("");
    Ok(names.into_iter().map(|name| ForeignCoder { id: name.clone(), name }).collect())
}
