//! RQDA (`.rqda`): a SQLite database; positions in code points from 0, the end not included, each coding with its words.
//!
//! Tables and columns as RQDA 0.2 to 0.3 makes them; rows whose `status` is not 1 were deleted there.

use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection, color};
use super::sqlite::{Database, Row, at, entry, memo};
use super::times::time;
use crate::FormatError;
use nomoscope_core::study::{Annotation, Case, Member, Subject, Variable, VariableKind, VariableValue};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fits(database: &Database<'_>) -> bool {
    database.has("freecode", &["name", "id"]) && database.has("coding", &["cid", "fid", "selfirst", "selend"])
}

pub(super) fn read(database: &Database<'_>) -> Result<ForeignProject, FormatError> {
    let mut project = ForeignProject { origin: "RQDA".to_owned(), ..ForeignProject::default() };
    sources(database, &mut project)?;
    codes(database, &mut project)?;
    codings(database, &mut project)?;
    cases(database, &mut project)?;
    categories(database, &mut project)?;
    attributes(database, &mut project)?;
    memos(database, &mut project)?;
    for table in ["image", "imageCoding"] {
        let n = database.rows(table, &["status"])?.iter().filter(|row| is_live(row, 0)).count();
        project.lose("pictures and their codings", n, "a study holds texts");
    }
    project.coders = coders(&project);
    Ok(project)
}

fn is_live(row: &Row, place: usize) -> bool {
    at(row, place).int() == Some(1)
}

/// Splits rows that live from those that were deleted, and counts both.
fn live(
    database: &Database<'_>,
    project: &mut ForeignProject,
    table: &str,
    what: &str,
    columns: &[&str],
) -> Result<Vec<Row>, FormatError> {
    let with_status: Vec<&str> = std::iter::once("status").chain(columns.iter().copied()).collect();
    let rows = database.rows(table, &with_status)?;
    let (live, gone): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| is_live(row, 0));
    project.count(what, live.len());
    project.lose(&format!("deleted {what}"), gone.len(), "they were deleted in RQDA");
    Ok(live.into_iter().map(|row| row.into_iter().skip(1).collect()).collect())
}

/// Returns the files that live rows of other tables name.
fn named_files(database: &Database<'_>) -> Result<BTreeSet<String>, FormatError> {
    let mut named = BTreeSet::new();
    for table in ["coding", "caselinkage", "annotation"] {
        let rows = database.rows(table, &["status", "fid"])?;
        named.extend(rows.iter().filter(|row| is_live(row, 0)).map(|row| at(row, 1).text()));
    }
    Ok(named)
}

fn sources(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let columns = ["id", "name", "file", "memo", "owner", "date"];
    let mut rows = live(database, project, "source", "files", &columns)?;
    // A file that was deleted keeps its text, and what was coded in it may live.
    let named = named_files(database)?;
    let there: BTreeSet<String> = rows.iter().map(|row| at(row, 0).text()).collect();
    let all = database.rows("source", &[&["status"], columns.as_slice()].concat())?;
    let gone = all.into_iter().filter(|row| !is_live(row, 0)).map(|row| row.into_iter().skip(1).collect::<Row>());
    let back: Vec<Row> =
        gone.filter(|row| named.contains(&at(row, 0).text()) && !there.contains(&at(row, 0).text())).collect();
    for row in back {
        project.notes.push(format!(
            "`{}` was deleted in RQDA, and its codings were not; its text is taken for them",
            at(&row, 1).text()
        ));
        rows.push(row);
    }
    for row in rows {
        let id = at(&row, 0).text();
        let about = Subject::Source(id.as_str().into());
        memo(project, about, &row, (3, 4, 5));
        let text = Some(at(&row, 2)).filter(|cell| !cell.is_null()).map(super::sqlite::Cell::text);
        let source = ForeignSource { id, name: at(&row, 1).text(), text, ..ForeignSource::default() };
        project.sources.push(source.without_bom());
    }
    Ok(())
}

fn codes(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in live(database, project, "freecode", "codes", &["id", "name", "color", "memo"])? {
        let word = at(&row, 2).text();
        let color = color(&word).or_else(|| named_color(&word));
        let is_lost = color.is_none() && !word.trim().is_empty();
        project.lose("colours of codes", usize::from(is_lost), "their names are not known here");
        project.codes.push(ForeignCode {
            id: at(&row, 0).text(),
            name: at(&row, 1).text(),
            color,
            description: at(&row, 3).text(),
            codable: true,
            ..ForeignCode::default()
        });
    }
    Ok(())
}

/// The first colours of R by their names, in which RQDA keeps them, and those that are often chosen.
const COLORS: [(&str, &str); 26] = [
    ("aquamarine", "#7fffd4"),
    ("beige", "#f5f5dc"),
    ("black", "#000000"),
    ("blue", "#0000ff"),
    ("brown", "#a52a2a"),
    ("coral", "#ff7f50"),
    ("cyan", "#00ffff"),
    ("darkgreen", "#006400"),
    ("gold", "#ffd700"),
    ("green", "#00ff00"),
    ("lightblue", "#add8e6"),
    ("lightgreen", "#90ee90"),
    ("magenta", "#ff00ff"),
    ("maroon", "#b03060"),
    ("navy", "#000080"),
    ("orange", "#ffa500"),
    ("orchid", "#da70d6"),
    ("pink", "#ffc0cb"),
    ("purple", "#a020f0"),
    ("red", "#ff0000"),
    ("salmon", "#fa8072"),
    ("tan", "#d2b48c"),
    ("turquoise", "#40e0d0"),
    ("violet", "#ee82ee"),
    ("white", "#ffffff"),
    ("yellow", "#ffff00"),
];

/// Returns a colour by its name in R; grey has a hundred steps.
fn named_color(word: &str) -> Option<String> {
    let word = word.trim().to_lowercase();
    if let Some(step) = word.strip_prefix("gray").or_else(|| word.strip_prefix("grey")) {
        let level = match step {
            "" => 190,
            step => (step.parse::<u32>().ok().filter(|step| *step <= 100)? * 255 + 50) / 100,
        };
        return Some(format!("#{level:02x}{level:02x}{level:02x}"));
    }
    COLORS.iter().find(|(name, _)| *name == word).map(|(_, hex)| (*hex).to_owned())
}

/// Groups of codes: a code of one group stands below it, one of several is a member of sets.
fn categories(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let groups = live(database, project, "codecat", "groups of codes", &["catid", "name", "memo"])?;
    let members = live(database, project, "treecode", "members of groups of codes", &["cid", "catid"])?;
    let mut of_code: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &members {
        of_code.entry(at(row, 0).text()).or_default().insert(at(row, 1).text());
    }
    let known: BTreeSet<String> = project.codes.iter().map(|code| code.id.clone()).collect();
    let single = |group: &str| {
        members
            .iter()
            .filter(|row| at(row, 1).text() == group)
            .all(|row| of_code.get(&at(row, 0).text()).is_none_or(|groups| groups.len() == 1))
    };
    for row in &groups {
        let (group, name, description) = (at(row, 0).text(), at(row, 1).text(), at(row, 2).text());
        let of_group = members.iter().filter(|m| at(m, 1).text() == group).map(|m| at(m, 0).text());
        let of_group: Vec<String> = of_group.filter(|code| known.contains(code)).collect();
        if single(&group) {
            let id = format!("group-{group}");
            for code in project.codes.iter_mut().filter(|code| of_group.contains(&code.id)) {
                code.parent = Some(id.clone());
            }
            project.codes.push(ForeignCode { id, name, description, codable: false, ..ForeignCode::default() });
        } else {
            let id = format!("group-{group}");
            let set = nomoscope_core::study::Set { id: id.as_str().into(), name, description };
            project.annotations.push(Annotation::Set(set));
            for code in of_group {
                let of = Subject::Set(id.as_str().into());
                let member = Subject::Concept(code.into());
                project.annotations.push(Annotation::Member(Member { of, member }));
            }
        }
    }
    for (set, table, members) in [("filecat", "groups of files", "treefile")].iter().map(|(a, b, c)| (*a, *b, *c)) {
        let groups = live(database, project, set, table, &["catid", "name", "memo"])?;
        for row in &groups {
            let set = nomoscope_core::study::Set {
                id: format!("files-{}", at(row, 0).text()).into(),
                name: at(row, 1).text(),
                description: at(row, 2).text(),
            };
            project.annotations.push(Annotation::Set(set));
        }
        let known: BTreeSet<String> = project.sources.iter().map(|source| source.id.clone()).collect();
        let groups: BTreeSet<String> = groups.iter().map(|row| at(row, 0).text()).collect();
        for row in live(database, project, members, "members of groups of files", &["fid", "catid"])? {
            let (source, group) = (at(&row, 0).text(), at(&row, 1).text());
            if known.contains(&source) && groups.contains(&group) {
                let of = Subject::Set(format!("files-{group}").into());
                project.annotations.push(Annotation::Member(Member { of, member: Subject::Source(source.into()) }));
            }
        }
    }
    Ok(())
}

fn codings(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let columns = ["cid", "fid", "selfirst", "selend", "seltext", "owner", "date", "memo"];
    let rows = live(database, project, "coding", "codings", &columns)?;
    for (number, row) in (1_usize..).zip(rows) {
        let (code, coder, created) = (at(&row, 0).text(), at(&row, 5).text(), time(&at(&row, 6).text()));
        let coding = ForeignCoding {
            id: String::new(),
            code,
            coder: coder.clone(),
            created: created.clone(),
            memo: at(&row, 7).text(),
        };
        project.selections.push(Selection {
            id: format!("coding-{number}"),
            source: at(&row, 1).text(),
            place: at(&row, 2).int().zip(at(&row, 3).int()),
            quote: Some(at(&row, 4)).filter(|cell| !cell.is_null()).map(super::sqlite::Cell::text),
            coder,
            created,
            codings: vec![coding],
            ..Selection::default()
        });
    }
    let second = database.rows("coding2", &["status"])?.iter().filter(|row| is_live(row, 0)).count();
    project.lose("codings of a second coder (table coding2)", second, "RQDA keeps them apart to compare coders");
    Ok(())
}

fn cases(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let mut known = BTreeSet::new();
    for row in live(database, project, "cases", "cases", &["id", "name", "memo"])? {
        let id = at(&row, 0).text();
        known.insert(id.clone());
        let case = Case { id: id.into(), name: at(&row, 1).text(), description: at(&row, 2).text() };
        project.annotations.push(Annotation::Case(case));
    }
    let lengths = project.lengths();
    let columns = ["caseid", "fid", "selfirst", "selend", "owner", "date", "memo"];
    for (number, row) in (1_usize..).zip(live(database, project, "caselinkage", "passages of cases", &columns)?) {
        let case = at(&row, 0).text();
        if !known.contains(&case) {
            project.lose("passages of cases", 1, "their case is not in the project");
            continue;
        }
        let id = format!("caselinkage-{number}");
        let passage = Selection {
            id: id.clone(),
            source: at(&row, 1).text(),
            place: at(&row, 2).int().zip(at(&row, 3).int()),
            coder: at(&row, 4).text(),
            created: time(&at(&row, 5).text()),
            keep: true,
            ..Selection::default()
        };
        let (about, length) = (Subject::Case(case.as_str().into()), lengths.get(&passage.source).copied());
        let about = if project.of_case(case, passage, length) { Subject::Passage(id.into()) } else { about };
        memo(project, about, &row, (6, 4, 5));
    }
    Ok(())
}

fn attributes(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let mut kinds = BTreeMap::new();
    for row in live(database, project, "attributes", "attributes", &["name", "class", "memo"])? {
        let (name, class) = (at(&row, 0).text(), at(&row, 1).text());
        let kind = if class.eq_ignore_ascii_case("numeric") { VariableKind::Decimal } else { VariableKind::Text };
        kinds.insert(name.clone(), kind);
        let variable = Variable { id: name.as_str().into(), name, kind, description: at(&row, 2).text() };
        project.annotations.push(Annotation::Variable(variable));
    }
    for (table, what, column) in
        [("caseAttr", "attributes of cases", "caseID"), ("fileAttr", "attributes of files", "fileID")]
    {
        for row in live(database, project, table, what, &["variable", "value", column])? {
            let (name, value, of) = (at(&row, 0).text(), at(&row, 1).text(), at(&row, 2).text());
            let of = if table == "caseAttr" { Subject::Case(of.into()) } else { Subject::Source(of.into()) };
            let Some(value) = super::values::typed(&mut kinds, project, &name, &value) else { continue };
            project.annotations.push(Annotation::Value(VariableValue { variable: name.into(), of, value }));
        }
    }
    Ok(())
}

fn memos(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    for row in database.rows("project", &["memo", "date"])? {
        memo(project, Subject::Study, &row, (0, 9, 1));
    }
    for row in live(database, project, "journal", "journal entries", &["journal", "owner", "date", "name"])? {
        entry(project, &row);
    }
    let columns = ["fid", "position", "annotation", "owner", "date"];
    for (number, row) in (1_usize..).zip(live(database, project, "annotation", "annotations", &columns)?) {
        let id = format!("annotation-{number}");
        let place = at(&row, 1).int().map(|at| (at, at));
        project.selections.push(Selection {
            id: id.clone(),
            source: at(&row, 0).text(),
            place,
            coder: at(&row, 3).text(),
            created: time(&at(&row, 4).text()),
            keep: true,
            ..Selection::default()
        });
        memo(project, Subject::Passage(id.into()), &row, (2, 3, 4));
    }
    Ok(())
}

/// Returns everybody who is named as the owner of something.
fn coders(project: &ForeignProject) -> Vec<ForeignCoder> {
    let selections = project.selections.iter().map(|s| s.coder.as_str());
    let memos = project.memos.iter().map(|m| m.coder.as_str());
    let names: BTreeSet<&str> = selections.chain(memos).filter(|name| !name.is_empty()).collect();
    names.into_iter().map(|name| ForeignCoder { id: name.to_owned(), name: name.to_owned() }).collect()
}
