//! `coders.csv` and `memos.csv`: who codes, and what was written beside the texts.

use super::codings_csv::check_time;
use super::mentions::{Mention, Mentions, subject};
use super::{CODERS_CSV, MEMOS_CSV, Problem, Problems, csv};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{Coder, CoderKind, Memo};
use std::collections::BTreeMap;

const CODER_COLUMNS: [&str; 3] = ["id", "name", "kind"];
const MEMO_COLUMNS: [&str; 5] = ["id", "about", "coder", "created", "text"];

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
            "" => Ok(CoderKind::default()),
            name => CoderKind::named(name).ok_or_else(|| no_kind(name)),
        };
        match kind {
            Ok(kind) => {
                let (id, name) = (sheet.cell(row, "id").into(), sheet.cell(row, "name").to_owned());
                coders.push(Coder { id, name, kind });
            }
            Err(problem) => problems.push(problem.at(row.line)),
        }
    }
    problems.or(coders)
}

fn no_kind(name: &str) -> Problem {
    let names = CoderKind::ALL.map(CoderKind::name);
    let problem = Problem::new(CODERS_CSV, format!("`{name}` is no kind of coder"));
    match nearest(name, names) {
        Some(near) => problem.hint(Remedy::nearest(near)),
        None => problem.hint(format!("a coder is one of {}", names.join(", "))),
    }
}

/// Writes `coders.csv`.
#[must_use]
pub fn write_coders(coders: &[Coder]) -> String {
    let rows = coders.iter().map(|c| [c.id.as_str(), c.name.as_str(), c.kind.name()]);
    csv::write(CODER_COLUMNS, rows)
}

/// Reads `memos.csv`; what the memos are about is added to `mentions`, to be checked when the rest is read.
///
/// # Errors
/// Everything that is wrong with the file itself.
pub fn parse_memos(bytes: &[u8], mentions: &mut Mentions) -> Result<Vec<Memo>, Problems> {
    let sheet = csv::read(MEMOS_CSV, bytes)?;
    let mut problems = Problems::new();
    let required = ["id", "about", "text"];
    csv::check_columns(MEMOS_CSV, &sheet, &MEMO_COLUMNS, &required, &mut problems);
    check_ids(MEMOS_CSV, &sheet, &mut problems);
    let mut memos = Vec::new();
    for row in &sheet.rows {
        let cell = |name: &str| sheet.cell(row, name);
        if let Err(problem) = check_time(MEMOS_CSV, cell("created")) {
            problems.push(problem.at(row.line));
        }
        match subject(MEMOS_CSV, cell("about"), "that a memo can be about") {
            Ok(about) => {
                mentions.push(Mention { file: MEMOS_CSV, line: row.line, subject: about.clone() });
                memos.push(Memo {
                    id: cell("id").into(),
                    about,
                    coder: cell("coder").into(),
                    created: cell("created").to_owned(),
                    text: cell("text").to_owned(),
                });
            }
            Err(problem) => problems.push(problem.at(row.line)),
        }
    }
    problems.or(memos)
}

/// Writes `memos.csv`.
#[must_use]
pub fn write_memos(memos: &[Memo]) -> String {
    let rows = memos.iter().map(|m| {
        let about = m.about.to_string();
        [m.id.to_string(), about, m.coder.to_string(), m.created.clone(), m.text.clone()]
    });
    let rows: Vec<[String; 5]> = rows.collect();
    csv::write(MEMO_COLUMNS, rows.iter().map(|row| row.iter().map(String::as_str)))
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

#[cfg(test)]
mod tests {
    use super::super::mentions;
    use super::*;
    use nomoscope_core::study::{Annotations, Known, Source, Subject};
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
        assert_eq!(coders[2].kind, CoderKind::Person);
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

    /// Reads memos of a study with one source and says everything that is wrong.
    fn memos_of(text: &[u8]) -> Result<Vec<Memo>, Problems> {
        let mut mentions = Mentions::new();
        let read = parse_memos(text, &mut mentions);
        let sources = [Source { path: "sources/a.txt".to_owned(), ..Source::default() }];
        let annotations = Annotations::default();
        let mut problems = mentions::check(&mentions, &Known::of(&sources, &[], &[], &[], &annotations), &[].into());
        problems.extend(read.as_ref().err().cloned().unwrap_or_default());
        problems.or(read.unwrap_or_default())
    }

    #[test]
    fn memos_good_and_bad() {
        let text = "id,about,coder,created,text\n1,study,ana,2026-11-23,\"two\nlines\"\n2,source:sources/a.txt,,,x\n3,concept:debt,,,\n";
        let memos = memos_of(text.as_bytes()).expect("reads");
        assert_eq!(memos.len(), 3);
        assert_eq!(write_memos(&memos), text);
        let bad =
            memos_of(b"id,about,created,text\n1,source:sources/b.txt,,\n2,x,,\n3,study,today,\n").expect_err("is bad");
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
                id: i.to_string().into(), about: Subject::Study, coder: text.as_str().into(), created: String::new(), text,
            }).collect();
            prop_assert_eq!(memos_of(write_memos(&memos).as_bytes()), Ok(memos));
        }
    }
}
