//! Tables (csv, jsonl).

use crate::support::{attribute, check_marks, error, labels, try_read, under, zip};
use nomoscope_core::text::MarkKind;
use nomoscope_formats::{Input, ReadOptions, read};

#[test]
fn a_text_in_each_row() {
    let reads =
        try_read("a.csv", b"id;date;Text;lang\nx1;1926;\"one;\nline \"\"two\"\"\";fr\nx2;;second;\nx3;1;;\n").unwrap();
    assert_eq!(reads.len(), 2);
    assert_eq!(reads[0].document.text, "one;\nline \"two\"");
    assert_eq!(reads[0].row.as_deref(), Some("x1"));
    assert_eq!(attribute(&reads[0], "date"), "1926");
    assert_eq!(reads[0].document.language.as_deref(), Some("fr"));
    assert_eq!(reads[0].notes, ["left out: 1 row without a text, in line 5"]);
    assert!(reads[1].document.attributes.is_empty());
    let reads = try_read("a.tsv", b"n\ttitle\tbody\n1\tT\ta, b\n").unwrap();
    assert_eq!((reads[0].row.as_deref(), reads[0].document.title.as_deref()), (Some("1"), Some("T")));
    let options = ReadOptions { text_columns: vec!["note".to_owned()], ..ReadOptions::default() };
    let reads = read(&Input { name: "a.csv", bytes: b"text,note\r\na,b\r\n" }, &options).unwrap();
    assert_eq!((reads[0].document.text.as_str(), attribute(&reads[0], "text")), ("b", "a"));
}

#[test]
fn all_that_is_wrong_with_a_table_at_once() {
    assert_eq!(error("a.csv", b"a,b\n1,2\n"), "a.csv: line 1: no column for the text among `a`, `b`");
    assert_eq!(error("a.csv", b"text,a,a\n1,2,3\n"), "a.csv: line 1: column `a` occurs twice");
    let wrong = error("a.csv", b"id,text\n1,a\n2\n1,b\n3,c,d\n");
    let want = "a.csv: line 3: 1 fields, but the header has 2\na.csv: line 5: 3 fields, but the header has 2";
    assert_eq!(wrong, want);
    assert_eq!(error("a.csv", b"text\n\"a\n\nb"), "a.csv: line 2: a quotation mark that is never closed");
    assert_eq!(error("a.csv", b"text\n"), "a.csv: no text found");
    let many = format!("text,a\n{}", "x\n".repeat(60));
    assert!(error("a.csv", many.as_bytes()).ends_with("a.csv: and 10 more problems"));
}

#[test]
fn an_object_in_each_line() {
    let reads = try_read("a.jsonl", b"{\"id\":7,\"text\":\"one\\ntwo\",\"tags\":[\"a\",{\"b\":1}],\"year\":1926,\"none\":null}\n\n{\"content\":\"x\"}").unwrap();
    assert_eq!(reads[0].document.text, "one\ntwo");
    assert_eq!(attribute(&reads[0], "tags"), "[\"a\",{\"b\":1}]");
    assert_eq!(attribute(&reads[0], "year"), "1926");
    assert_eq!((reads[0].row.as_deref(), reads[1].row.as_deref()), (Some("7"), Some("2")));
    assert!(!reads[0].document.attributes.contains_key("none"));
    let wrong = error(
        "a.jsonl",
        b"{\"text\":\"a\"}\n[1]\n{\"text\":5}\n{\"text\":\"a\\u0000\"}\n{\"id\":1,\"text\":\"x\"}\n{\"text\":",
    );
    let lines: Vec<&str> = wrong.lines().collect();
    assert_eq!(lines.len(), 4, "{wrong}");
    assert!(lines[0].starts_with("a.jsonl: line 2, column "));
    assert_eq!(lines[1], "a.jsonl: line 3: `text` is missing or not a text");
    assert!(lines[2].contains("line 4") && lines[2].contains("NUL"));
    assert!(lines[3].starts_with("a.jsonl: line 6, column "));
}

#[test]
fn dates_of_texts_are_read_as_those_of_files() {
    let dates = |name: &str, source: &str| -> Vec<String> {
        let reads = try_read(name, source.as_bytes()).unwrap();
        reads.iter().map(|read| attribute(read, "date").to_owned()).collect()
    };
    assert_eq!(dates("a.csv", "id;date;text\n1;21.03.2019;a\n2;3-Apr-01;b\n"), ["2019-03-21", "2001-04-03"]);
    assert_eq!(dates("a.csv", "Date,text\n3/21/2019 14:05,a\n3/4/2019,b\n"), ["2019-03-21", "2019-03-04"]);
    assert_eq!(dates("a.csv", "Fecha,Título,texto\n21 de marzo de 2019,T,a\n"), ["2019-03-21"]);
    assert_eq!(dates("a.jsonl", "{\"Date\":\"21 mars 2019\",\"text\":\"a\"}"), ["2019-03-21"]);
    assert_eq!(dates("a.md", "---\ndate: 21 mars 2019\n---\nText."), ["2019-03-21"]);
    assert_eq!(dates("a.md", "---\nDatum: 21.03.2019\n---\nText."), ["2019-03-21"]);
    assert_eq!(dates("a.html", "<meta name=date content='March 21, 2019'><p>Text."), ["2019-03-21"]);
    // "Data" is a date where it holds dates.
    assert_eq!(dates("a.csv", "Data,text\n21 marzo 2019,a\n"), ["2019-03-21"]);
    let reads = try_read("a.csv", b"Data,text\nmuch,a\n").unwrap();
    assert_eq!(attribute(&reads[0], "Data"), "much");
    let reads = try_read("a.csv", "Titel;Sprache;text\nT;fr;a\n".as_bytes()).unwrap();
    assert_eq!(reads[0].document.title.as_deref(), Some("T"));
    assert_eq!(reads[0].document.language.as_deref(), Some("fr"));
    assert_eq!(reads[0].notes, ["taken by their names: columns `Sprache` for the language, `Titel` for the title"]);
}

#[test]
fn an_unreadable_date_is_the_problem_of_its_row() {
    let reads = try_read("a.csv", b"date,text\n2001-03-21,a\nsoon,b\n-,c\n").unwrap();
    let dates: Vec<&str> = reads.iter().map(|read| attribute(read, "date")).collect();
    assert_eq!(dates, ["2001-03-21", "", ""]);
    assert_eq!(reads[0].notes, ["column `date`: 1 text without a date that can be read: line 3: `soon` is no date"]);
    // Where none can be read, all stay for whoever refuses them.
    let reads = try_read("a.csv", b"date,text\n03/04/2001,a\n").unwrap();
    assert_eq!(attribute(&reads[0], "date"), "03/04/2001");
}

#[test]
fn rows_of_questions_are_no_respondents() {
    for (source, want) in [
        ("V1,V2,text\nResponseID,StartDate,What is unpaid work?\nR_1,2001-03-21,words\n", "words"),
        ("id,text\nID,What is unpaid work?\nR1,words\n", "words"),
        ("Respondent ID,Date,text\n,,Open-Ended Response\n17,2001-03-21,words\n", "words"),
    ] {
        let reads = try_read("a.csv", source.as_bytes()).unwrap();
        let texts: Vec<&str> = reads.iter().map(|read| read.document.text.as_str()).collect();
        assert_eq!(texts, [want], "{source}");
        assert_eq!(reads[0].notes, ["left out: 1 row with questions below the header"], "{source}");
    }
    let options = ReadOptions { text_columns: vec!["Q1".to_owned()], ..ReadOptions::default() };
    let texts = |bytes: &[u8]| read(&Input { name: "a.csv", bytes }, &options).unwrap().len();
    assert_eq!(texts(b"Q1,Q2\nWhat is it?,And why?\nwork,pay\n"), 1);
    // Respondents may ask as well.
    assert_eq!(texts(b"Q1,Q2\nwhat?,no\nwork?,pay\n"), 2);
}

#[test]
fn several_columns_of_texts_are_sections_of_one_text() {
    let options = |columns: &[&str]| ReadOptions {
        text_columns: columns.iter().map(|&column| column.to_owned()).collect(),
        ..ReadOptions::default()
    };
    let csv = b"name,Q1,Age,Q2\nAda,\"slavery, yes\",41,\nBo,, 3,\"pay \"\nCy,,7,\nDi,a,9,b\n";
    let json = br#"{"name":"Ada","Q1":"slavery, yes","Age":41,"Q2":null}
{"name":"Bo","Q2":"pay ","Age":3}
{"name":"Di","Q2":"b","Age":9,"Q1":"a"}"#;
    for (name, bytes) in [("a.csv", &csv[..]), ("a.jsonl", json)] {
        let reads = read(&Input { name, bytes }, &options(&["Q1", "Q2"])).unwrap();
        let sections: Vec<Vec<(&str, &str)>> = reads
            .iter()
            .map(|read| {
                let words = read.document.marks.iter().map(|mark| mark.span.of(&read.document.text));
                labels(read, MarkKind::Section).into_iter().zip(words).collect()
            })
            .collect();
        let want = [vec![("Q1", "slavery, yes")], vec![("Q2", "pay")], vec![("Q1", "a"), ("Q2", "b")]];
        assert_eq!(sections, want, "{name}");
        reads.iter().for_each(|read| check_marks(&read.document));
        assert_eq!(reads[0].document.attributes["name"], "Ada");
        assert!(!reads[0].document.attributes.contains_key("Q2"), "{name}");
    }
    let wrong = read(&Input { name: "a.csv", bytes: csv }, &options(&["Q1", "Q7", "Q8"])).unwrap_err().to_string();
    assert!(wrong.contains("`Q7`") && wrong.contains("`Q8`"), "{wrong}");
}

#[test]
fn a_column_that_is_missing_is_named() {
    let options = ReadOptions { text_columns: vec!["Q9".to_owned()], ..ReadOptions::default() };
    let wrong = read(&Input { name: "a.csv", bytes: b"id,text\n1,a\n" }, &options).unwrap_err();
    assert_eq!(wrong.to_string(), "a.csv: line 1: no column `Q9` among `id`, `text`");
}

#[test]
fn rows_with_speakers_are_turns() {
    let reads =
        try_read("a.csv", b"speaker,time,text\nInterviewer,00:01,Unpaid?\nP1,00:05,Yes.\nInterviewer,00:09,Why?\n")
            .unwrap();
    assert_eq!(reads.len(), 1);
    check_marks(&reads[0].document);
    assert_eq!((reads[0].document.text.as_str(), reads[0].row.as_deref()), ("Unpaid?\n\nYes.\n\nWhy?", None));
    assert_eq!(labels(&reads[0], MarkKind::Turn), ["Interviewer", "P1", "Interviewer"]);
    assert_eq!(reads[0].notes[0], "3 rows with a speaker are the turns of 1 text");
    let reads =
        try_read("a.csv", b"id,place,Speaker,Utterance\nA,x,I,Why?\nA,x,R,So.\nA,x,I,And?\nB,y,I,Why?\nB,y,R,No.\n")
            .unwrap();
    let rows: Vec<_> = reads.iter().map(|read| (read.row.as_deref().unwrap(), attribute(read, "place"))).collect();
    assert_eq!(rows, [("A", "x"), ("B", "y")]);
    let reads =
        try_read("a.csv", b"interview_id,speaker,text\n7,Interviewer,Why?\n7,P1,So.\n8,Interviewer,Why?\n").unwrap();
    let rows: Vec<_> = reads.iter().map(|read| (read.row.as_deref().unwrap(), read.document.text.as_str())).collect();
    assert_eq!(rows, [("7", "Why?\n\nSo."), ("8", "Why?")]);
    // Speeches with dates of their own are texts.
    let reads =
        try_read("a.csv", b"id,date,speaker,text\n1,2001,Ann,One.\n2,2002,Ben,Two.\n3,2003,Ann,Three.\n").unwrap();
    assert_eq!(reads.len(), 3);
    assert_eq!((labels(&reads[1], MarkKind::Turn), under(&reads[1], MarkKind::Turn)), (vec!["Ben"], vec!["Two."]));
    assert_eq!(attribute(&reads[2], "speaker"), "Ann");
}

/// A workbook of sheets with inline texts, and the regions of merged cells of the last.
fn workbook(sheets: &[(&str, &[&[&str]])], merged: &str) -> Vec<u8> {
    let mut names = String::new();
    let mut relations = String::new();
    let mut members: Vec<(String, String)> = Vec::new();
    for (number, (name, rows)) in (1..).zip(sheets) {
        names += &format!("<sheet name='{name}' sheetId='{number}' r:id='rId{number}'/>");
        relations += &format!(
            "<Relationship Id='rId{number}' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet{number}.xml'/>"
        );
        let mut data = String::new();
        for (line, row) in (1..).zip(*rows) {
            data += &format!("<row r='{line}'>");
            for (column, cell) in ('A'..).zip(*row).filter(|(_, cell)| !cell.is_empty()) {
                data += &format!("<c r='{column}{line}' t='inlineStr'><is><t>{cell}</t></is></c>");
            }
            data += "</row>";
        }
        let regions = if number == sheets.len() { merged } else { "" };
        members.push((format!("xl/worksheets/sheet{number}.xml"), format!("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{data}</sheetData>{regions}</worksheet>")));
    }
    members.push(("xl/workbook.xml".to_owned(), format!("<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>{names}</sheets></workbook>")));
    members.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{relations}</Relationships>")));
    members.push(("_rels/.rels".to_owned(), "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>".to_owned()));
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&members)
}

#[test]
fn merged_cells_hold_for_all_their_rows() {
    let merged = "<mergeCells count='2'><mergeCell ref='A2:A3'/><mergeCell ref='C2:C3'/></mergeCells>";
    let rows: &[&[&str]] = &[&["id", "text", "place"], &["P1", "one", "x"], &["", "two", ""], &["P2", "three", ""]];
    let reads = try_read("a.xlsx", &workbook(&[("A", rows)], merged)).unwrap();
    let got: Vec<_> = reads.iter().map(|read| (read.row.as_deref().unwrap(), attribute(read, "place"))).collect();
    assert_eq!(got, [("P1", "x"), ("P1-2", "x"), ("P2", "")]);
    // A text that stands once is one text.
    let merged = "<mergeCells count='1'><mergeCell ref='B2:B3'/></mergeCells>";
    let rows: &[&[&str]] = &[&["id", "text"], &["P1", "one"], &["P2", ""]];
    assert_eq!(try_read("a.xlsx", &workbook(&[("A", rows)], merged)).unwrap().len(), 1);
}

#[test]
fn the_sheet_with_the_texts_is_read() {
    let notes: &[&[&str]] = &[&["About", "this file"]];
    let texts: &[&[&str]] = &[&["id", "Respuesta"], &["P1", "one"]];
    let reads = try_read("a.xlsx", &workbook(&[("Notes", notes), ("Data", texts), ("More", notes)], "")).unwrap();
    assert_eq!(reads[0].document.text, "one");
    assert_eq!(reads[0].notes, ["read: the sheet `Data`; left out: the sheets `Notes`, `More`"]);
}
