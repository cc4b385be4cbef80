//! requal: a SQLite database. Positions are those of R: code points from 1, the end included, each segment with its words.

use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection, color, rgb};
use super::sqlite::{Database, Row, at};
use crate::FormatError;
use nomoscope_core::study::{Annotation, Case, Member, Set, Subject};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fits(database: &Database<'_>) -> bool {
    database.has("segments", &["doc_id", "code_id", "segment_start", "segment_end"])
        && database.has("documents", &["doc_id", "doc_text"])
}

pub(super) fn read(database: &Database<'_>) -> Result<ForeignProject, FormatError> {
    let mut project = ForeignProject { origin: "requal".to_owned(), ..ForeignProject::default() };
    let projects = database.rows("projects", &["project_name", "project_description"])?;
    if let [only] = projects.as_slice() {
        project.name = at(only, 0).text();
    }
    for row in &projects {
        project.remark(Subject::Study, at(row, 1).text(), "", String::new());
    }
    let named = database.rows("users", &["user_id", "user_name", "user_login"])?;
    let name = |row: &Row| [1, 2].map(|place| at(row, place).text()).into_iter().find(|name| !name.trim().is_empty());
    project.coders =
        named.iter().map(|row| ForeignCoder { id: at(row, 0).text(), name: name(row).unwrap_or_default() }).collect();
    documents(database, &mut project)?;
    codes(database, &mut project)?;
    segments(database, &mut project)?;
    memos(database, &mut project)?;
    Ok(project)
}

fn documents(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in database.rows("documents", &["doc_id", "doc_name", "doc_text", "doc_description"])? {
        let id = at(&row, 0).text();
        project.remark(Subject::Source(id.as_str().into()), at(&row, 3).text(), "", String::new());
        let text = Some(at(&row, 2)).filter(|cell| !cell.is_null()).map(super::sqlite::Cell::text);
        let source = ForeignSource { id, name: at(&row, 1).text(), text, ..ForeignSource::default() };
        project.sources.push(source.without_bom());
    }
    project.count("documents", project.sources.len());
    let mut known = BTreeSet::new();
    for row in database.rows("cases", &["case_id", "case_name", "case_description"])? {
        let id = at(&row, 0).text();
        known.insert(id.clone());
        let case = Case { id: id.into(), name: at(&row, 1).text(), description: at(&row, 2).text() };
        project.annotations.push(Annotation::Case(case));
    }
    project.count("cases", known.len());
    for row in database.rows("cases_documents_map", &["case_id", "doc_id"])? {
        let [case, member] = [0, 1].map(|place| at(&row, place).text());
        if known.contains(&case) {
            let (of, member) = (Subject::Case(case.into()), Subject::Source(member.into()));
            project.annotations.push(Annotation::Member(Member { of, member }));
        }
    }
    Ok(())
}

/// Codes, and their categories as sets: a code may be in several.
fn codes(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in database.rows("codes", &["code_id", "code_name", "code_description", "code_color"])? {
        let shade = at(&row, 3).text();
        project.codes.push(ForeignCode {
            id: at(&row, 0).text(),
            name: at(&row, 1).text(),
            description: at(&row, 2).text(),
            color: color(&shade).or_else(|| of_css(&shade)),
            codable: true,
            ..ForeignCode::default()
        });
    }
    project.count("codes", project.codes.len());
    for row in database.rows("categories", &["category_id", "category_name", "category_description"])? {
        let id = format!("category-{}", at(&row, 0).text()).into();
        let set = Set { id, name: at(&row, 1).text(), description: at(&row, 2).text() };
        project.annotations.push(Annotation::Set(set));
    }
    let sets: BTreeSet<String> = project.annotations.sets.iter().map(|set| set.id.to_string()).collect();
    project.count("categories", sets.len());
    for row in database.rows("categories_codes_map", &["category_id", "code_id"])? {
        let set = format!("category-{}", at(&row, 0).text());
        if sets.contains(&set) {
            let (of, member) = (Subject::Set(set.into()), Subject::Concept(at(&row, 1).text().into()));
            project.annotations.push(Annotation::Member(Member { of, member }));
        }
    }
    Ok(())
}

/// Returns a colour such as `rgb(255, 0, 10)`.
fn of_css(word: &str) -> Option<String> {
    let inside = word.trim().strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inside.split(',').map(|part| part.trim().parse::<i64>().ok());
    rgb([parts.next()?, parts.next()?, parts.next()?])
}

fn segments(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let columns = ["segment_id", "doc_id", "code_id", "segment_start", "segment_end", "segment_text", "user_id"];
    for (number, row) in (1_usize..).zip(database.rows("segments", &columns)?) {
        let id = Some(at(&row, 0).text()).filter(|id| !id.is_empty()).unwrap_or_else(|| format!("row-{number}"));
        let coder = at(&row, 6).text();
        // From 1 with the end included is from 0 without it, one off at the beginning alone.
        let place = at(&row, 3).int().map(|start| start.saturating_sub(1)).zip(at(&row, 4).int());
        let coding = ForeignCoding {
            id: id.clone(),
            code: at(&row, 2).text(),
            coder: coder.clone(),
            ..ForeignCoding::default()
        };
        project.selections.push(Selection {
            id: format!("segment-{id}"),
            source: at(&row, 1).text(),
            place,
            quote: Some(at(&row, 5)).filter(|cell| !cell.is_null()).map(super::sqlite::Cell::text),
            coder,
            codings: vec![coding],
            ..Selection::default()
        });
    }
    project.count("segments", project.selections.len());
    Ok(())
}

fn memos(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let rows = database.rows("memos", &["memo_id", "text", "user_id"])?;
    project.count("memos", rows.len());
    let texts: BTreeMap<String, &Row> = rows.iter().map(|row| (at(row, 0).text(), row)).collect();
    let mut used = BTreeSet::new();
    type About = fn(String) -> Subject;
    let maps: [(&str, &str, About); 3] = [
        ("memos_segments_map", "segment_id", |id| Subject::Coding(id.into())),
        ("memos_codes_map", "code_id", |id| Subject::Concept(id.into())),
        ("memos_documents_map", "doc_id", |id| Subject::Source(id.into())),
    ];
    for (map, column, about) in maps {
        for row in database.rows(map, &["memo_id", column])? {
            let id = at(&row, 0).text();
            if let Some(text) = texts.get(&id) {
                project.remark(about(at(&row, 1).text()), at(text, 1).text(), &at(text, 2).text(), String::new());
                used.insert(id);
            }
        }
    }
    for (_, row) in texts.iter().filter(|(id, _)| !used.contains(*id)) {
        project.remark(Subject::Study, at(row, 1).text(), &at(row, 2).text(), String::new());
    }
    Ok(())
}
