//! Acts on folders and files alike: what is decided stays, what is taken back is as it was, nothing hostile leaves.

use crate::program::{CODEBOOK, bad, done};
use crate::support::{put, readers, stamped, study, tree};
use nomoscope_core::study::{CodingRecord, CodingStatus};
use nomoscope_core::text::Span;
use nomoscope_desk::study::{export_folder, new_file};
use nomoscope_desk::{Act, Desk};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const TEXT: &str = "Forced labour is an offence. Poverty is none; forced labour is.";

/// A study as a folder and as a file.
fn both() -> (tempfile::TempDir, [PathBuf; 2]) {
    let dir = study(&[
        ("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
        ("s/codebook.toml", CODEBOOK),
        ("s/sources/a.txt", TEXT),
    ]);
    let (folder, file) = (dir.path().join("s"), dir.path().join("s.nomo"));
    drop(stamped(|t| new_file(&folder, &file, &readers(), "1", t)).expect("makes"));
    (dir, [folder, file])
}

fn desk(path: &Path) -> Desk {
    Desk::open_with(path, readers()).expect("opens")
}

fn codings(desk: &Desk) -> Vec<CodingRecord> {
    desk.material(None).expect("reads").material.study.codings.clone()
}

fn code() -> Act {
    Act::Code { coder: "lexicon".to_owned(), codebook: None }
}

/// Returns what a study says, its log and its revision apart.
fn said(desk: &Desk) -> (Vec<CodingRecord>, Vec<String>, Vec<String>, String) {
    let material = desk.material(None).expect("reads").material;
    let study = &material.study;
    let mut codings = study.codings.clone();
    codings.sort_by(|a, b| a.id.cmp(&b.id));
    let memos = study.memos.iter().map(|m| m.text.clone()).collect();
    let sources = study.sources.iter().map(|s| s.path.clone()).collect();
    (codings, memos, sources, material.codebook_hash)
}

#[test]
fn every_act_is_logged_taken_back_and_done_again_in_both_kinds() {
    let (dir, studies) = both();
    put(dir.path(), &[("in/b.txt", "Poverty.")]);
    for path in &studies {
        let desk = desk(path);
        let mut states = vec![(said(&desk), desk.revision().unwrap())];
        let coding = |n: usize| codings(&desk)[n].id.clone();
        let mut n_acts = 0;
        let mut act = |act: Act| {
            let done = desk.apply(&act, "ana").unwrap_or_else(|e| panic!("{act:?}: {e}"));
            assert_eq!(done.event.expect("changes something").coder, "ana");
            let json = serde_json::to_string(&act).unwrap();
            assert_eq!(serde_json::from_str::<Act>(&json).unwrap(), act);
            let state = (said(&desk), desk.revision().unwrap());
            assert_ne!(states.last(), Some(&state), "{act:?}");
            states.push(state);
            n_acts += 1;
        };
        act(Act::Add { paths: vec![dir.path().join("in/b.txt")], given: Default::default() });
        act(code());
        act(Act::Reject { coding: coding(0).to_string() });
        act(Act::Remark { coding: coding(1).to_string(), text: "is it?".to_owned() });
        act(Act::Accept { coding: coding(0).to_string() });
        act(Act::Mark {
            source: "sources/a.txt".to_owned(),
            span: Span::new(0, 6),
            concept: "poverty".to_owned(),
            memo: String::new(),
        });
        act(Act::Memo { about: "source:sources/a.txt".to_owned(), text: "read twice".to_owned() });
        act(Act::EditCodebook { toml: CODEBOOK.replace("Work", "Other") });
        act(Act::RemoveSource { path: "sources/a.txt".to_owned() });
        assert_eq!(said(&desk).2, ["sources/b.txt"]);
        for state in states.iter().rev().skip(1) {
            desk.apply(&Act::Undo, "ana").expect("undoes");
            assert_eq!(said(&desk), state.0, "{}", path.display());
        }
        for state in states.iter().skip(1) {
            desk.apply(&Act::Redo, "ana").expect("redoes");
            assert_eq!(said(&desk), state.0, "{}", path.display());
        }
        assert!(desk.apply(&Act::Redo, "ana").is_err());
        let made = usize::from(!desk.is_folder());
        assert_eq!(desk.log().unwrap().len(), made + 3 * n_acts);
    }
}

#[test]
fn what_people_decided_outlives_coding_again() {
    let (_dir, studies) = both();
    for path in &studies {
        let desk = desk(path);
        desk.apply(&code(), "ana").unwrap();
        let ids: Vec<String> = codings(&desk).iter().map(|c| c.id.to_string()).collect();
        assert_eq!(ids.len(), 3);
        for id in &ids {
            desk.apply(&Act::Reject { coding: id.clone() }, "ana").unwrap();
            desk.apply(&Act::Remark { coding: id.clone(), text: format!("not {id}") }, "ana").unwrap();
        }
        for _ in 0..2 {
            desk.apply(&code(), "bo").unwrap();
            let now = codings(&desk);
            assert_eq!(now.len(), 3, "{}", path.display());
            for coding in now {
                assert_eq!((coding.status, coding.memo), (CodingStatus::Rejected, format!("not {}", coding.id)));
            }
        }
    }
}

#[test]
fn an_act_that_is_wrong_changes_nothing() {
    let (_dir, studies) = both();
    for path in &studies {
        let desk = desk(path);
        let before = (said(&desk), desk.log().unwrap().len());
        let mark = |source: &str, span, concept: &str| Act::Mark {
            source: source.to_owned(),
            span,
            concept: concept.to_owned(),
            memo: String::new(),
        };
        let put = |path: &str| Act::PutFile { path: path.to_owned(), bytes: Some(b"x".to_vec()) };
        for act in [
            mark("sources/none.txt", Span::new(0, 3), "poverty"),
            mark("sources/a.txt", Span::new(0, 900), "poverty"),
            mark("sources/a.txt", Span::new(0, 3), "hunger"),
            Act::Reject { coding: "none".to_owned() },
            Act::Memo { about: "nothing".to_owned(), text: "x".to_owned() },
            Act::EditCodebook { toml: "[[concept]]".to_owned() },
            Act::RemoveSource { path: "sources/none.txt".to_owned() },
            put(".git/config"),
            put("../x.toml"),
            put("sources/a.txt"),
            put("codings.csv"),
            put("study.toml"),
        ] {
            assert!(desk.apply(&act, "ana").is_err(), "{act:?}");
        }
        assert_eq!((said(&desk), desk.log().unwrap().len()), before);
    }
}

#[test]
fn a_second_writer_waits_and_is_told_who_holds_the_study() {
    let (_dir, [folder, _]) = both();
    let held = nomoscope_store::disk::hold(&folder, "bo (process 1, since noon: code s)").unwrap();
    let error = desk(&folder).apply(&code(), "ana").expect_err("is held");
    assert!(error.to_string().ends_with("is being changed by bo (process 1, since noon: code s)"), "{error}");
    drop(held);
    // A note that a dead process left holds nobody up.
    fs::write(folder.join(".nomoscope-holder"), "a process that is dead").unwrap();
    desk(&folder).apply(&code(), "ana").expect("codes");
    assert!(!folder.join(".nomoscope-holder").exists());
}

#[test]
fn what_no_study_has_does_not_leave_a_study_file() {
    let (dir, [_, file]) = both();
    let hostile = [
        ".git/config",
        ".git/HEAD",
        "HEAD",
        "config",
        "sources/.git/config",
        "facts/HEAD",
        "lists/CON.csv",
        "sources/nul.txt",
        "\u{200c}.git/config.toml",
        "facts/a.toml.",
        "Makefile",
        "sources/run.sh",
        "facts/com\u{b9}.toml",
    ];
    let plain = ["facts/case.toml", "lists/lists.csv", "README.md", "sources/console.txt"];
    let conn = rusqlite_rows(&file, &[&hostile[..], &plain[..]].concat());
    assert_eq!(conn, hostile.len() + plain.len());
    let store = nomoscope_store::Store::open_read_only(&file).unwrap();
    let left_out = export_folder(&store, &dir.path().join("out"), false).expect("exports");
    let mut want = hostile.map(str::to_owned).to_vec();
    want.sort();
    assert_eq!(left_out.keys().cloned().collect::<Vec<_>>(), want);
    let wrote: BTreeMap<String, Vec<u8>> = tree(&dir.path().join("out"));
    assert!(plain.iter().all(|path| wrote.contains_key(*path)), "{:?}", wrote.keys());
    drop(store);
    let out = done(dir.path(), &["export", "s.nomo", "--to", "again", "--archive", "rest.zip"]);
    assert!(out.stderr.contains("left out, for no study has a file of this name: .git/HEAD"), "{}", out.stderr);
    assert!(fs::read(dir.path().join("rest.zip")).unwrap().starts_with(b"PK"));
    assert!(bad(dir.path(), &["export", "s.nomo", "--to", "again"]).contains("is not empty"));
}

/// Gives a study file more files, as somebody with an editor for databases could; returns how many.
fn rusqlite_rows(file: &Path, paths: &[&str]) -> usize {
    let mut store = nomoscope_store::Store::open(file).unwrap();
    for path in paths {
        let mut n = 0;
        let mut new_id = || {
            n += 1;
            format!("{path}-{n}")
        };
        let mut stamp = nomoscope_store::Stamp { coder: "x", time: "", command: "put", new_id: &mut new_id };
        store.put_file(path, Some(b"x"), &mut stamp).unwrap();
    }
    paths.len()
}

#[test]
fn a_study_that_is_full_says_which_folder_fills_it() {
    let dir = study(&[("sources/a.txt", "a"), ("codebook.toml", ""), ("sources.csv", "path\nsources/a.txt\n")]);
    let readers = |files| readers().with_caps(nomoscope_desk::study::Caps { files, ..Default::default() });
    // The four files of the study itself do not count against the cap of one.
    assert!(nomoscope_desk::study::read_image(dir.path(), &readers(1)).is_ok());
    put(dir.path(), &[("node/1", ""), ("node/2", ""), ("x/1", "")]);
    let said = nomoscope_desk::study::read_image(dir.path(), &readers(1)).expect_err("is full").to_string();
    assert!(said.contains("more than") && said.contains("most files are in node/"), "{said}");
    assert!(!said.starts_with(':'), "{said}");
}
