//! Studies at the edge: nothing, one of something, or nothing that fits. Each gets a plain answer.

use crate::program::{CODEBOOK, Out, bad, done, json, nomoscope, work, work_study};
use crate::support::{put, tree};
use insta::assert_snapshot;
use std::fs;
use std::path::Path;

const STUDY: &str = "title = \"Edge\"\nlanguage = \"en\"\nfocus = \"forced-labour\"\n";

fn edge(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("s/study.toml", STUDY), ("s/codebook.toml", CODEBOOK)]);
    put(dir.path(), files);
    dir
}

/// Runs all that reads a study; none may panic, print NaN, or leave a figure that is no picture.
#[track_caller]
fn all_commands(dir: &Path, study: &str) -> Out {
    for args in [&["sources", study, "--units"][..], &["concepts", study], &["codebook", "check", study]] {
        let out = done(dir, args);
        assert!(!out.stdout.contains("NaN"), "{args:?}: {}", out.stdout);
    }
    json(dir, &["sources", study, "--units", "--json"]);
    json(dir, &["concepts", study, "--by", "language", "--json"]);
    let out = done(dir, &["report", study, "--out", "report"]);
    for (path, bytes) in tree(&dir.join("report")) {
        let text = String::from_utf8_lossy(&bytes);
        // Words of the texts may hold anything; numbers of figures may not.
        assert!(!path.ends_with(".svg") || !text.contains("NaN"), "{path}");
        assert!(!path.ends_with(".csv") || !text.contains("NaN"), "{path}");
    }
    assert!(!out.stdout.contains("NaN"), "{}", out.stdout);
    let map = json(dir, &["map", study, "--json"]);
    if map["type"]["model"].is_null() {
        assert!(map["type"]["reason"].is_string(), "{map}");
    }
    done(dir, &["map", study])
}

#[test]
fn empty_study() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "s"]);
    let said = nomoscope(dir.path(), &["map", "s"]);
    assert_eq!((said.code, said.stdout.as_str()), (1, ""));
    assert_snapshot!(said.stderr, @r"
    no answer: the study has no sources, so there is nothing to map
      hint: `nomoscope add s FILE…` adds texts
    ");
    assert_eq!(nomoscope(dir.path(), &["report", "s", "--out", "r"]).code, 1);
    assert!(!dir.path().join("r/report.html").exists());
    assert_snapshot!(done(dir.path(), &["sources", "s"]).stdout, @"Sources: none");
    done(dir.path(), &["concepts", "s"]);
    done(dir.path(), &["code", "s"]);
    assert_snapshot!(done(dir.path(), &["codebook", "check", "s"]).stderr, @r"
    s has no sources yet
    next: nomoscope add s FILE… adds texts
    ");
    assert_eq!(json(dir.path(), &["sources", "s", "--json"])["sources"].as_array().unwrap().len(), 0);
    done(dir.path(), &["new", "s.nomo", "--from", "s"]);
    assert_eq!(nomoscope(dir.path(), &["map", "s.nomo"]).code, 1);
}

#[test]
fn without_sources_csv_every_readable_file_is_a_source() {
    let dir = edge(&[("s/sources/a.txt", "Forced labour."), ("s/sources/b.md", "Dignity."), ("s/sources/c.xyz", "?")]);
    let out = all_commands(dir.path(), "s");
    assert!(out.stderr.contains("1 file is of a kind that cannot be read: sources/c.xyz"), "{}", out.stderr);
    assert_eq!(json(dir.path(), &["map", "s", "--json"])["sources"], 2);
}

#[test]
fn one_source() {
    let text =
        "Forced labour offends dignity and States shall prosecute it.\n\nPoverty is bad. States shall open schools.";
    let dir = edge(&[("s/sources/a.txt", text)]);
    let out = all_commands(dir.path(), "s");
    assert_snapshot!(out.stderr, @r"
    caution: “forced labour” occurs in 1 source: what is said of its cluster rests on few texts.
    caution: No bootstrap support: support needs 8 sources, the study has 1.
    caution: No pair of concepts meets often enough, in enough sources, for a textual test.
    caution: The complete statements on forced labour are those of 1 source; the study has no other.
    caution: No membership: no pair of concepts could be tested.
    next: nomoscope report s --out DIR writes all of this with figures and passages
    ");
    let map = json(dir.path(), &["map", "s", "--json"]);
    assert!(map["type"]["support"].is_null() && map["type"]["support_reason"].is_string());
}

#[test]
fn sources_without_text() {
    let dir =
        edge(&[("s/sources/a.txt", "Forced labour offends dignity; prosecute it."), ("s/sources/b.txt", " \n\n\t\n")]);
    for file in ["sources/b.txt", "sources/c.md"] {
        put(dir.path(), &[("s/sources/c.md", "---\ntitle: Nothing\n---\n")]);
        let said = bad(dir.path(), &["map", "s"]);
        assert!(said.contains(&format!("{file}: no text found")), "{said}");
    }
    let dir = edge(&[("s/sources/a.txt", "…"), ("s/sources/b.txt", "."), ("s/sources/c.txt", "Dignity")]);
    all_commands(dir.path(), "s");
}

#[test]
fn a_file_without_bytes_is_named() {
    let dir = edge(&[("s/sources/a.txt", "Dignity."), ("s/sources/empty.txt", "")]);
    let out = nomoscope(dir.path(), &["map", "s"]);
    assert_eq!(out.code, 2);
    assert!(out.stderr.contains("sources/empty.txt: "), "{}", out.stderr);
}

#[test]
fn only_headings() {
    let dir = edge(&[
        ("s/sources/a.md", "# Forced labour\n\n## Dignity\n\n### Prosecute\n"),
        ("s/sources/b.md", "# Poverty\n"),
    ]);
    let out = all_commands(dir.path(), "s");
    assert!(out.stdout.contains("its type cannot be told"), "{}", out.stdout);
}

#[test]
fn codebook_without_a_role() {
    for (role, missing) in [("problem", "forced-labour"), ("value", "dignity"), ("behaviour", "school")] {
        let dir = tempfile::tempdir().unwrap();
        work_study(&dir.path().join("s"), 9);
        let without = CODEBOOK.replace(&format!("roles = [\"{role}\"]"), "roles = []");
        put(dir.path(), &[("s/codebook.toml", without.as_str())]);
        let out = nomoscope(dir.path(), &["map", "s", "--focus", missing]);
        assert!(out.code == 0 || out.stderr.contains(missing), "{role}: {}", out.stderr);
        if out.code == 0 {
            let map = json(dir.path(), &["map", "s", "--json"]);
            assert!(map["type"]["model"].is_null() && map["type"]["reason"].is_string(), "{role}");
            all_commands(dir.path(), "s");
        }
    }
}

#[test]
fn codebook_of_one_concept_and_of_concepts_without_patterns() {
    let one = "[[concept]]\nid = \"forced-labour\"\nroles = [\"problem\"]\npatterns.en = [\"forced labour\"]\n";
    let silent = "[[concept]]\nid = \"forced-labour\"\nroles = [\"problem\"]\n";
    for codebook in [one, silent] {
        let dir = work();
        put(dir.path(), &[("work/codebook.toml", codebook)]);
        all_commands(dir.path(), "work");
    }
}

#[test]
fn a_focus_that_never_occurs_and_no_focus() {
    let dir = work();
    let more = format!("{CODEBOOK}\n[[concept]]\nid = \"hunger\"\nroles = [\"problem\"]\npatterns.en = [\"hunger\"]\n");
    put(dir.path(), &[("work/codebook.toml", more.as_str())]);
    let out = done(dir.path(), &["map", "work", "--focus", "hunger"]);
    assert!(out.stderr.contains("next: nomoscope codebook check work"), "{}", out.stderr);
    let map = json(dir.path(), &["map", "work", "--focus", "hunger", "--json"]);
    assert_eq!((&map["focal_units"], &map["statements"]), (&0.into(), &serde_json::json!([])));
    done(dir.path(), &["report", "work", "--focus", "hunger", "--out", "r"]);
    put(dir.path(), &[("work/study.toml", "title = \"No focus\"\nlanguage = \"en\"\n")]);
    all_commands(dir.path(), "work");
    assert!(json(dir.path(), &["map", "work", "--json"])["focus"].is_null());
}

#[test]
fn nothing_is_dated() {
    let dir = work();
    let sheet = fs::read_to_string(dir.path().join("work/sources.csv")).unwrap();
    let undated: String = sheet
        .lines()
        .map(|l| {
            let cells: Vec<&str> = l.split(',').collect();
            format!("{},{}\n", cells[0], cells[2])
        })
        .collect();
    put(dir.path(), &[("work/sources.csv", undated.as_str())]);
    all_commands(dir.path(), "work");
    assert_eq!(json(dir.path(), &["map", "work", "--json"])["first"], serde_json::json!([]));
    let out = nomoscope(dir.path(), &["map", "work", "--since", "1900"]);
    assert_eq!(out.code, 1);
    assert!(out.stderr.contains("a source without a date fits neither"), "{}", out.stderr);
}

#[test]
fn a_codebook_of_another_language() {
    let dir = work();
    let french = CODEBOOK.replace("patterns.en", "patterns.fr");
    put(dir.path(), &[("work/codebook.toml", french.as_str())]);
    let out = all_commands(dir.path(), "work");
    assert!(out.stderr.contains("10 sources are in English, for which the codebook has no patterns"), "{}", out.stderr);
    assert_eq!(json(dir.path(), &["map", "work", "--json"])["unread_languages"]["en"], 10);
    let check = done(dir.path(), &["codebook", "check", "work"]);
    assert!(
        check.stdout.contains("10 sources are in English, for which the codebook has no patterns"),
        "{}",
        check.stdout
    );
}

#[test]
fn scripts_without_spaces_and_from_right_to_left() {
    let codebook = "[[concept]]\nid = \"forced-labour\"\nroles = [\"problem\"]\npatterns.ar = [\"العمل القسري\"]\npatterns.th = [\"แรงงานบังคับ\"]\npatterns.ja = [\"強制労働\"]\n\n\
        [[concept]]\nid = \"dignity\"\nroles = [\"value\"]\npatterns.ar = [\"الكرامة\"]\npatterns.th = [\"ศักดิ์ศรี\"]\npatterns.ja = [\"尊厳\"]\n";
    let dir = edge(&[
        ("s/codebook.toml", codebook),
        ("s/sources/ar.md", "---\nlanguage: ar\n---\nالعمل القسري يمس الكرامة.\n"),
        ("s/sources/th.md", "---\nlanguage: th\n---\nแรงงานบังคับละเมิดศักดิ์ศรีของมนุษย์\n"),
        ("s/sources/ja.md", "---\nlanguage: ja\n---\n強制労働は人間の尊厳を侵す。\n"),
    ]);
    all_commands(dir.path(), "s");
    let out = json(dir.path(), &["concepts", "s", "--json"]);
    for concept in out["concepts"].as_array().unwrap() {
        assert_eq!(concept["sources"], 3, "{concept}");
    }
}

#[test]
fn a_very_long_line_and_sources_of_one_sentence() {
    let long = "forced labour and dignity and we prosecute ".repeat(20_000);
    let dir = edge(&[("s/sources/long.txt", long.as_str())]);
    json(dir.path(), &["map", "s", "--json", "--bootstrap", "100"]);
    let names: Vec<String> = (0..12).map(|i| format!("s/sources/{i}.txt")).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(|n| (n.as_str(), "Forced labour offends dignity, so States shall prosecute it.")).collect();
    all_commands(edge(&files).path(), "s");
}

#[test]
fn no_draws() {
    let dir = work();
    let map = json(dir.path(), &["map", "work", "--json", "--bootstrap", "0"]);
    assert!(map["type"]["support"].is_null() && map["type"]["support_reason"].is_string(), "{}", map["type"]);
    done(dir.path(), &["report", "work", "--bootstrap", "0", "--out", "r"]);
}
