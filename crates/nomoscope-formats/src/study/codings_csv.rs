//! `codings.csv`: concepts applied to spans of sources.
//!
//! Positions in the file are code points; inside they are bytes. The quotation is what counts: where the text at the place
//! differs from it, it is searched for, moved and reported.

pub use super::places::Texts;

use super::places::{Places, Points};
use super::{CODINGS_CSV, Problem, Problems, csv};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{CodingRecord, CodingStatus};
use std::collections::BTreeMap;

const COLUMNS: [&str; 10] = ["id", "source", "start", "end", "quote", "concept", "coder", "status", "created", "memo"];
const REQUIRED: [&str; 5] = ["id", "source", "quote", "concept", "coder"];

/// The codings of a study, with what had to be done to read them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codings {
    /// The codings in the order of the file.
    pub records: Vec<CodingRecord>,
    /// Quotations that were moved or filled in; no errors.
    pub notes: Vec<Problem>,
}

/// Reads `codings.csv`, given the texts of the sources.
///
/// # Errors
/// Everything that is wrong with the file, quotations that no longer occur among it.
pub fn parse(bytes: &[u8], texts: &Texts<'_>) -> Result<Codings, Problems> {
    let sheet = csv::read(CODINGS_CSV, bytes)?;
    let mut problems = Problems::new();
    csv::check_columns(CODINGS_CSV, &sheet, &COLUMNS, &REQUIRED, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut places = Places::new(CODINGS_CSV, texts);
    let mut ids = BTreeMap::new();
    let mut records = Vec::new();
    for row in &sheet.rows {
        let id = sheet.cell(row, "id");
        if let Some(first) = ids.insert(id, row.line) {
            let reason = format!("coding `{id}` stands already in line {first}");
            problems.push(Problem::new(CODINGS_CSV, reason).at(row.line));
        }
        match record(&mut places, &sheet, row) {
            Ok(record) => records.push(record),
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems.or(Codings { records, notes: places.notes })
}

fn record(places: &mut Places<'_>, sheet: &csv::Sheet, row: &csv::Row) -> Result<CodingRecord, Problems> {
    let cell = |name: &str| sheet.cell(row, name);
    let mut problems = Problems::new();
    let mut wrong = |problem: Problem| problems.push(problem.at(row.line));
    for name in ["id", "concept", "coder"] {
        if cell(name).trim().is_empty() {
            wrong(Problem::new(CODINGS_CSV, format!("`{name}` is empty")));
        }
    }
    if let Err(problem) = check_time(CODINGS_CSV, cell("created")) {
        wrong(problem);
    }
    let status = status(cell("status")).map_err(&mut wrong);
    let placed = places.of_row(sheet, row).map_err(|problems| problems.into_iter().for_each(&mut wrong));
    let record = match (status, placed) {
        (Ok(status), Ok((span, quote))) => Some(CodingRecord {
            id: cell("id").into(),
            source: cell("source").into(),
            span,
            quote,
            concept: cell("concept").into(),
            coder: cell("coder").into(),
            status,
            created: cell("created").to_owned(),
            memo: cell("memo").to_owned(),
        }),
        _ => None,
    };
    record.filter(|_| problems.is_empty()).ok_or(problems)
}

fn status(name: &str) -> Result<CodingStatus, Problem> {
    if name.is_empty() {
        return Ok(CodingStatus::Accepted);
    }
    CodingStatus::named(name).ok_or_else(|| {
        let problem = Problem::new(CODINGS_CSV, format!("`{name}` is no status"));
        match nearest(name, CodingStatus::ALL.map(CodingStatus::name)) {
            Some(near) => problem.hint(Remedy::nearest(near)),
            None => problem.hint("a status is accepted, suggested or rejected"),
        }
    })
}

/// Checks a cell that is empty or a time.
pub(super) fn check_time(file: &str, word: &str) -> Result<(), Problem> {
    if is_time(word) {
        return Ok(());
    }
    Err(Problem::new(file, format!("`{word}` is no time")).hint("write it as 2026-11-23T14:05:00Z"))
}

/// Returns whether a word is empty or has the shape of an RFC 3339 time or of a date.
fn is_time(word: &str) -> bool {
    if word.is_empty() {
        return true;
    }
    let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00") else {
        return false;
    };
    let date = word.get(..10).unwrap_or_default();
    if date.parse::<nomoscope_core::date::PartialDate>().is_err() {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
        return false;
    };
    let Some(rest) = rest.strip_prefix("00:00:00") else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    matches!(zone, "Z" | "z" | "+00:00" | "-00:00")
}

/// Writes `codings.csv`, given the texts of the sources.
///
/// # Errors
/// Codings of unknown sources, and spans that leave or cut the text: they have no place in code points.
pub fn write(codings: &[CodingRecord], texts: &Texts<'_>) -> Result<String, Problems> {
    let mut points = Points::new(texts);
    let mut problems = Problems::new();
    let mut rows: Vec<[String; 10]> = Vec::with_capacity(codings.len());
    for coding in codings {
        match points.of(&coding.source, coding.span) {
            Some(points) => rows.push(cells(coding, points)),
            None => problems
                .push(Problem::new(CODINGS_CSV, format!("coding `{}` has no place in `{}`", coding.id, coding.source))),
        }
    }
    let rows = rows.iter().map(|row| row.iter().map(String::as_str));
    let text = csv::write(COLUMNS, rows);
    problems.or(text)
}

fn cells(coding: &CodingRecord, (start, end): (u32, u32)) -> [String; 10] {
    [
        coding.id.to_string(),
        coding.source.to_string(),
        start.to_string(),
        end.to_string(),
        coding.quote.clone(),
        coding.concept.to_string(),
        coding.coder.to_string(),
        coding.status.name().to_owned(),
        coding.created.clone(),
        coding.memo.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use nomoscope_core::text::Span;
    use proptest::prelude::*;

    const TEXT: &str = "Né à Genève.\r\nThe trafficking\r\nof children; the trafficking of women.";

    fn texts() -> Texts<'static> {
        BTreeMap::from([("sources/a.txt", TEXT)])
    }

    fn read(rows: &str) -> Result<Codings, Problems> {
        let text = format!("id,source,start,end,quote,concept,coder,status,created,memo\n{rows}");
        parse(text.as_bytes(), &texts())
    }

    #[test]
    fn a_quotation_in_place() {
        let codings = read("1,sources/a.txt,5,11,Genève,place,ana,,2026-11-23T10:00:00Z,\"a, b\"\n").expect("reads");
        assert!(codings.notes.is_empty());
        let [coding] = codings.records.as_slice() else { panic!("one") };
        assert_eq!(coding.span.of(TEXT), "Genève");
        assert_eq!(coding.span, Span::new(7, 14));
        assert_eq!(coding.status, CodingStatus::Accepted);
        let written = write(&codings.records, &texts()).expect("writes");
        assert_eq!(read(written.split_once('\n').unwrap().1), Ok(codings));
    }

    #[track_caller]
    fn check_note(row: &str, quote: &str, want: &str) {
        let codings = read(row).expect("reads");
        assert_eq!(codings.records[0].quote, quote);
        assert_eq!(codings.records[0].span.of(TEXT), quote);
        let notes: Vec<String> = codings.notes.iter().map(|n| n.reason.plain()).collect();
        assert_eq!(notes, [want]);
    }

    #[test]
    fn a_quotation_that_moved() {
        check_note(
            "1,sources/a.txt,6,12,Genève,c,ana,,,\n",
            "Genève",
            "the quotation stands at 5..11 of `sources/a.txt`, not at 6..12",
        );
        check_note(
            "1,sources/a.txt,40,51,trafficking,c,ana,,,\n",
            "trafficking",
            "the quotation stands at 48..59 of `sources/a.txt`, not at 40..51",
        );
        check_note(
            "1,sources/a.txt,900,905,trafficking of children,c,ana,,,\n",
            "trafficking\r\nof children",
            "the quotation stands at 18..42 of `sources/a.txt`, not at 900..905, with other white space",
        );
        check_note("1,sources/a.txt,0,2,,c,ana,,,\n", "Né", "no quotation: taken from the text");
        let unplaced = read("1,sources/a.txt,,,of women,c,ana,,,\n").expect("reads");
        assert_eq!(unplaced.records[0].span.of(TEXT), "of women");
    }

    #[test]
    fn everything_that_is_wrong_at_once() {
        let problems = read(
            "1,sources/a.txt,0,2,gone,c,ana,,,\n1,sources/b.txt,0,2,Né,,ana,acepted,yesterday,\n3,sources/a.txt,2,0,Né,c,ana,,,\n4,sources/a.txt,0,999,,c,,,,\n5,sources/a.txt,,,trafficking,c,x,,,\n",
        )
        .expect_err("is bad");
        let got: Vec<String> =
            problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect();
        assert_eq!(
            got,
            [
                "2: `gone` does not occur in `sources/a.txt`",
                "3: `acepted` is no status",
                "3: `concept` is empty",
                "3: `sources/b.txt` is no source of the study",
                "3: `yesterday` is no time",
                "3: coding `1` stands already in line 2",
                "4: `2` to `0` is no place",
                "5: `coder` is empty",
                "5: the end 999 lies behind the text, which has 69 characters",
                "6: the quotation occurs several times and has no place",
            ]
        );
        assert!(
            parse(b"id,source,quote,concept,codr\n", &texts())
                .expect_err("is bad")
                .to_string()
                .contains("did you mean `coder`?")
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[aé\u{1f600}\r\n ]{1,40}", places in proptest::collection::vec((0usize..40, 0usize..40, "\\PC{0,6}", any::<String>()), 0..6)) {
            let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let records: Vec<CodingRecord> = places.into_iter().enumerate().map(|(i, (a, b, word, memo))| {
                let (a, b) = (bounds[a % bounds.len()], bounds[b % bounds.len()]);
                let span = Span::new(a.min(b) as u32, a.max(b) as u32);
                CodingRecord {
                    id: format!("{i}{word}").into(), source: "s".into(), span, quote: span.of(&text).to_owned(), concept: format!("c{word}").into(),
                    coder: format!("k{word}").into(), status: CodingStatus::Suggested, created: String::new(), memo,
                }
            }).collect();
            let texts = BTreeMap::from([("s", text.as_str())]);
            let back = parse(write(&records, &texts).expect("writes").as_bytes(), &texts).expect("reads");
            prop_assert_eq!(back.records, records);
            prop_assert!(back.notes.is_empty());
        }
    }
}
