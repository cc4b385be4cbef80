//! `coders.csv` and `memos.csv`: who codes, and what was written beside the texts.

use super::codings_csv::is_time;
use super::{CODERS_CSV, MAX_HINTS, MEMOS_CSV, Problem, Problems, csv};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{Coder, Memo};
use std::collections::{BTreeMap, BTreeSet};

const CODER_COLUMNS: [&str; 3] = ["id", "name", "kind"];
const MEMO_COLUMNS: [&str; 5] = ["id", "about", "coder", "created", "text"];
const KINDS: [&str; 4] = ["person", "lexicon", "importer", "model"];

/// Reads `coders.csv`: `id` is required, `kind` is `person` where nothing stands.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse_coders(bytes: &[u8]) -> Result<Vec<Coder>, Problems> {
    let sheet = csv::read(CODERS_CSV, bytes)?;
    let mut problems = Problems::new();
    csv::check_columns(CODERS_CSV, &sheet, &CODER_COLUMNS, &["id"], &mut problems);
    check_ids(CODERS_CSV, &sheet, &mut problems);
    let mut coders = Vec::new();
    for row in &sheet.rows {
        let kind = match sheet.cell(row, "kind") {
            "" => "person",
            kind => kind,
        };
        if !KINDS.contains(&kind) {
            let problem = Problem::new(CODERS_CSV, format!("`{kind}` is no kind of coder"));
            let hint = Remedy::nearest_or(nearest(kind, KINDS), || format!("a coder is one of {}", KINDS.join(", ")));
            problems.push(problem.at(row.line).hint(hint));
        }
        coders.push(Coder {
            id: sheet.cell(row, "id").to_owned(),
            name: sheet.cell(row, "name").to_owned(),
            kind: kind.to_owned(),
        });
    }
    problems.or(coders)
}

/// Writes `coders.csv`.
#[must_use]
pub fn write_coders(coders: &[Coder]) -> String {
    let rows = coders.iter().map(|c| [c.id.as_str(), c.name.as_str(), c.kind.as_str()]);
    csv::write(CODER_COLUMNS, rows)
}

/// Reads `memos.csv`, given the paths of the sources.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse_memos(bytes: &[u8], sources: &BTreeSet<&str>) -> Result<Vec<Memo>, Problems> {
    let sheet = csv::read(MEMOS_CSV, bytes)?;
    let mut problems = Problems::new();
    let required = ["id", "about", "text"];
    csv::check_columns(MEMOS_CSV, &sheet, &MEMO_COLUMNS, &required, &mut problems);
    check_ids(MEMOS_CSV, &sheet, &mut problems);
    let mut memos = Vec::new();
    for row in &sheet.rows {
        let cell = |name: &str| sheet.cell(row, name).to_owned();
        let compare = problems.as_slice().len() < MAX_HINTS;
        if let Err(problem) = check_about(&cell("about"), sources, compare) {
            problems.push(problem.at(row.line));
        }
        if !is_time(&cell("created")) {
            let problem = Problem::new(MEMOS_CSV, format!("`{}` is no time", cell("created")));
            problems.push(problem.at(row.line).hint("write it as 2026-11-23T14:05:00Z"));
        }
        memos.push(Memo {
            id: cell("id"),
            about: cell("about"),
            coder: cell("coder"),
            created: cell("created"),
            text: cell("text"),
        });
    }
    problems.or(memos)
}

/// Writes `memos.csv`.
#[must_use]
pub fn write_memos(memos: &[Memo]) -> String {
    let rows = memos.iter().map(|m| [&m.id, &m.about, &m.coder, &m.created, &m.text].map(String::as_str));
    csv::write(MEMO_COLUMNS, rows)
}

fn check_ids(file: &str, sheet: &csv::Sheet, problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for row in &sheet.rows {
        let id = sheet.cell(row, "id");
        let first = seen.insert(id, row.line);
        if id.trim().is_empty() {
            problems.push(Problem::new(file, "`id` is empty").at(row.line));
        } else if let Some(first) = first {
            let reason = format!("`{id}` stands already in line {first}");
            problems.push(Problem::new(file, reason).at(row.line));
        }
    }
}

fn check_about(about: &str, sources: &BTreeSet<&str>, compare: bool) -> Result<(), Problem> {
    let problem = |reason: String| Err(Problem::new(MEMOS_CSV, reason));
    match about.split_once(':') {
        None if about == "study" => Ok(()),
        Some(("concept", id)) if !id.trim().is_empty() => Ok(()),
        Some(("source", path)) if sources.contains(path) => Ok(()),
        Some(("source", path)) => {
            let wrong = Problem::new(MEMOS_CSV, format!("`{path}` is no source of the study"));
            let known = sources.iter().copied().filter(|_| compare);
            match nearest(path, known) {
                Some(near) => Err(wrong.hint(format!("did you mean `source:{near}`?"))),
                None => Err(wrong),
            }
        }
        _ => problem(format!("`{about}` is nothing that a memo can be about"))
            .map_err(|p| p.hint("a memo is about `study`, `source:<path>` or `concept:<id>`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reasons(problems: &Problems) -> Vec<String> {
        let line = |p: &Problem| p.line().unwrap_or(0);
        let problems = problems.as_slice().iter();
        problems.map(|p| format!("{}: {}", line(p), p.reason.plain())).collect()
    }

    #[test]
    fn coders_good_and_bad() {
        let coders = parse_coders(b"id,name,kind\r\nana,\"Ana, \"\"A\"\"\",person\r\nlexicon,,lexicon\r\nb,,\r\n")
            .expect("reads");
        assert_eq!(coders[0].name, "Ana, \"A\"");
        assert_eq!(coders[2].kind, "person");
        assert_eq!(parse_coders(write_coders(&coders).as_bytes()), Ok(coders));
        let bad = parse_coders(b"id,nam,kind\nana,,persn\nana,,\n,,\n").expect_err("is bad");
        assert_eq!(
            reasons(&bad),
            [
                "1: unknown column `nam`",
                "2: `persn` is no kind of coder",
                "3: `ana` stands already in line 2",
                "4: `id` is empty"
            ]
        );
    }

    #[test]
    fn memos_good_and_bad() {
        let sources = BTreeSet::from(["sources/a.txt"]);
        let text = "id,about,coder,created,text\n1,study,ana,2026-11-23,\"two\nlines\"\n2,source:sources/a.txt,,,x\n3,concept:debt,,,\n";
        let memos = parse_memos(text.as_bytes(), &sources).expect("reads");
        assert_eq!(memos.len(), 3);
        assert_eq!(write_memos(&memos), text);
        let bad = parse_memos(b"id,about,created,text\n1,source:sources/b.txt,,\n2,x,,\n3,study,today,\n", &sources)
            .expect_err("is bad");
        assert_eq!(
            reasons(&bad),
            [
                "2: `sources/b.txt` is no source of the study",
                "3: `x` is nothing that a memo can be about",
                "4: `today` is no time"
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in proptest::collection::vec(any::<String>(), 0..5)) {
            let memos: Vec<Memo> = texts.into_iter().enumerate().map(|(i, text)| Memo {
                id: i.to_string(), about: "study".to_owned(), coder: text.clone(), created: String::new(), text,
            }).collect();
            prop_assert_eq!(parse_memos(write_memos(&memos).as_bytes(), &BTreeSet::new()), Ok(memos));
        }
    }
}
