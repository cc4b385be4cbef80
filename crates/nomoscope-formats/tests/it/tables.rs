//! Tables (csv, jsonl).

use crate::support::{attribute, error, try_read};
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
    let options = ReadOptions { text_column: Some("note".to_owned()), ..ReadOptions::default() };
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
