//! Small counts withheld from what is written, on request and by the settings of a study.

use crate::program::{CODEBOOK, bad, done};
use crate::support::{put, study, tree};
use std::collections::BTreeMap;
use std::path::Path;

const SETTINGS: &str = "title = \"T\"\nlanguage = \"en\"\nfocus = \"forced-labour\"\n";

/// A study in which poverty is named three times, in one of eight sources.
fn made() -> tempfile::TempDir {
    let often = "Forced labour is contrary to dignity. States prohibit forced labour.\n\n".repeat(4);
    let texts: Vec<(String, String)> = (0..8)
        .map(|n| {
            let more = if n == 0 { "Poverty, poverty and poverty feed forced labour.\n" } else { "" };
            (format!("s/sources/{n}.txt"), format!("{often}{more}"))
        })
        .collect();
    let mut files = vec![("s/study.toml", SETTINGS), ("s/codebook.toml", CODEBOOK)];
    files.extend(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    study(&files)
}

fn words(dir: &Path) -> BTreeMap<String, String> {
    tree(dir).into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

#[test]
fn a_report_withholds_small_counts_on_request_or_by_its_settings() {
    let dir = made();
    let dir = dir.path();
    let report = |more: &[&'static str], out: &'static str| {
        done(dir, &[&["report", "s", "--bootstrap", "0", "--out", out], more].concat())
    };
    let told = report(&[], "full");
    assert!(told.stderr.contains("--suppress-small withholds them"), "{}", told.stderr);
    let full = words(&dir.join("full"));
    assert!(full["tables/concepts.csv"].contains("poverty,poverty,problem,3,1,1"), "{}", full["tables/concepts.csv"]);
    let told = report(&["--suppress-small"], "asked");
    assert!(told.stderr.contains("counts under 5 are withheld"), "{}", told.stderr);
    let asked = words(&dir.join("asked"));
    let concepts = &asked["tables/concepts.csv"];
    assert!(concepts.contains("poverty,poverty,problem,[c],[c],[c]"), "{concepts}");
    assert!(concepts.matches("[c],[c],[c]").count() > 1, "one alone would be what is missing: {concepts}");
    let page = &asked["report.html"];
    assert!(page.contains("Small counts are withheld") && !page.contains("feed forced labour"), "no passage is quoted");
    assert!(!asked.contains_key("appendix.html"));
    assert!(asked["run.json"].contains("\"suppress_small\": 5"), "{}", asked["run.json"]);
    // Where an earlier report lies, it would tell.
    let refused = bad(dir, &["report", "s", "--bootstrap", "0", "--out", "full", "--suppress-small"]);
    assert!(refused.contains("an earlier report lies there") && refused.contains("appendix.html"), "{refused}");
    // The settings of a study hold for all that is written; less care than they ask for cannot be asked for.
    put(dir, &[("s/study.toml", &format!("{SETTINGS}suppress_small = 5\n"))]);
    report(&["--suppress-small=2"], "set");
    let set = words(&dir.join("set"));
    assert_eq!(set["tables/concepts.csv"], *concepts);
    // The same again from its record, byte for byte.
    done(dir, &["replay", "set/run.json", "s", "--out", "again"]);
    assert_eq!(tree(&dir.join("set")), tree(&dir.join("again")));
    for (given, said) in [("1", "from 2 to 1000"), ("many", "from 2 to 1000")] {
        let refused = bad(dir, &["report", "s", "--out", "x", &format!("--suppress-small={given}")]);
        assert!(refused.contains(said), "{refused}");
    }
    put(dir, &[("s/study.toml", &format!("{SETTINGS}suppress_small = 1\n"))]);
    let refused = bad(dir, &["sources", "s"]);
    assert!(refused.contains("study.toml:4") && refused.contains("from 2 to 1000"), "{refused}");
}

#[test]
fn tables_beside_answers_withhold_them_too() {
    let dir = made();
    let dir = dir.path();
    let told = done(dir, &["terms", "s", "--out", "terms", "--suppress-small"]);
    assert!(told.stderr.contains("counts under 5 are withheld from the files"), "{}", told.stderr);
    let all = words(&dir.join("terms"));
    let table = all.iter().find(|(path, _)| path.ends_with(".csv")).map(|(_, text)| text).unwrap();
    let small = |line: &&str| line.split(',').any(|cell| ["1", "2", "3", "4"].contains(&cell));
    assert_eq!(table.lines().find(small), None, "{table}");
    put(dir, &[("s/study.toml", &format!("{SETTINGS}suppress_small = 5\n"))]);
    // Passages can be counted, and so can codings.
    let refused = bad(dir, &["kwic", "s", "poverty", "--out", "kwic"]);
    assert!(refused.contains("a list of passages would tell them"), "{refused}");
    assert!(bad(dir, &["export", "s", "--to", "s.qdpx", "--suppress-small"]).contains("anybody can count them"));
    let told = done(dir, &["export", "s", "--to", "s.qdpx"]);
    assert!(told.stderr.contains("whoever has this file can count"), "{}", told.stderr);
    done(dir, &["export", "s", "--replication", "package"]);
    let report = &words(&dir.join("package"))["report/report.html"];
    assert!(report.contains("Small counts are withheld"));
}
