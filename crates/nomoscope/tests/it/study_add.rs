//! Adding sources to folders and files.

use crate::support::{add as add_to, lines, put, readers, stamped, study, tree};
use nomoscope_desk::study::{Given, StudyError, new_file, read_folder, render};
use nomoscope_store::FolderImage;
use nomoscope_store::disk::{DiskError, write_folder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn input() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(
        dir.path(),
        &[
            ("b.txt", "b"),
            ("c.md", "kind: speech\n---\nc"),
            ("d/e.txt", "e"),
            ("d/f.png", "x"),
            ("bad.csv", "id,text\n\"x"),
            ("p.png", ""),
        ],
    );
    dir
}

fn paths(dir: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|n| dir.join(n)).collect()
}

fn set(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

fn text(dir: &Path, name: &str) -> String {
    String::from_utf8(tree(dir).remove(name).unwrap()).unwrap()
}

#[test]
fn files_are_copied_and_the_sheet_grows() {
    let dir = study(&[("sources.csv", "path,title\r\nsources/a.txt,\"A\"\r\n"), ("sources/a.txt", "a")]);
    let from = input();
    let meta = Given {
        rows: [("b.txt".to_owned(), set(&[("title", "Bé, b")]))].into(),
        all: set(&[("title", "T")]),
        ..Given::default()
    };
    let added = add_to(dir.path(), &paths(from.path(), &["b.txt", "d"]), &meta, &readers()).expect("adds");
    assert_eq!(added.files, ["sources/b.txt", "sources/d/e.txt"]);
    assert_eq!(added.n, 2);
    assert_eq!(
        text(dir.path(), "sources.csv"),
        "path,title\r\nsources/a.txt,\"A\"\r\nsources/b.txt,\"Bé, b\"\r\nsources/d/e.txt,T\r\n"
    );
    let meta = Given { all: set(&[("region", "Asia")]), ..Given::default() };
    add_to(dir.path(), &paths(from.path(), &["c.md"]), &meta, &readers()).expect("adds");
    let loaded = read_folder(dir.path(), &readers()).expect("reads");
    let last = loaded.study.sources.last().unwrap();
    assert_eq!(
        (last.path.as_str(), last.kind.as_deref(), last.attributes.get("region").map(String::as_str)),
        ("sources/c.md", Some("speech"), Some("Asia"))
    );
    assert!(loaded.notes.is_empty());
}

#[test]
fn a_sheet_is_made_only_when_something_is_said() {
    let dir = study(&[("sources/a.txt", "a"), ("sources/.x.txt", "")]);
    let from = input();
    add_to(dir.path(), &paths(from.path(), &["b.txt"]), &Given::default(), &readers()).expect("adds");
    assert!(!dir.path().join("sources.csv").exists());
    let meta = Given { all: set(&[("date", "2001")]), ..Given::default() };
    add_to(dir.path(), &paths(from.path(), &["c.md"]), &meta, &readers()).expect("adds");
    assert_eq!(
        text(dir.path(), "sources.csv"),
        "path,title,kind,date\nsources/a.txt,,,\nsources/b.txt,,,\nsources/c.md,,,2001\n"
    );
}

#[test]
fn a_file_that_is_there_already_gets_its_row() {
    let dir = study(&[("sources.csv", "path\nsources/a.txt\n"), ("sources/a.txt", "a"), ("sources/new.txt", "n")]);
    let before = tree(dir.path());
    let added =
        add_to(dir.path(), &paths(dir.path(), &["sources/new.txt"]), &Given::default(), &readers()).expect("adds");
    assert_eq!(added.files, ["sources/new.txt"]);
    assert_eq!(text(dir.path(), "sources.csv"), "path\nsources/a.txt\nsources/new.txt\n");
    let mut after = tree(dir.path());
    assert!(after.remove("history.jsonl").is_some(), "the log says how to take it back");
    assert_eq!(after.len(), before.len());
}

#[track_caller]
fn check_refused(files: &[(&str, &str)], names: &[&str], meta: &Given, want: &[&str]) {
    let dir = study(files);
    let from = input();
    let before = tree(dir.path());
    let refused = add_to(dir.path(), &paths(from.path(), names), meta, &readers());
    let Err(StudyError::Problems(problems)) = refused else { panic!("{refused:?}") };
    let prefix = format!("{}/", from.path().display());
    let got: Vec<String> = lines(&problems).iter().map(|l| l.replace(&prefix, "")).collect();
    assert_eq!(got, want);
    assert_eq!(tree(dir.path()), before, "nothing changed");
}

#[test]
fn what_is_refused_changes_nothing() {
    let none = Given::default();
    let a = ("sources/b.txt", "a");
    check_refused(&[a], &["b.txt", "c.md"], &none, &["b.txt: `sources/b.txt` is in the study already"]);
    check_refused(
        &[a, ("sources.csv", "path\nsources/b.txt\n")],
        &["b.txt"],
        &none,
        &["b.txt: `sources/b.txt` is in the study already"],
    );
    check_refused(&[], &["b.txt", "b.txt"], &none, &["b.txt: `sources/b.txt` is in the study already"]);
    let strict = Given { strict: true, ..Given::default() };
    check_refused(
        &[],
        &["b.txt", "p.png", "gone.txt", "bad.csv"],
        &strict,
        &[
            "bad.csv: sources/bad.csv:2: a quotation mark is opened and never closed\n  hint: write a quotation mark inside quotation marks twice",
            "gone.txt: no such file or folder",
            "p.png: a picture, which is not read",
        ],
    );
    let broken = Given {
        rows: [("x.txt".to_owned(), BTreeMap::new())].into(),
        all: set(&[("date", "soon"), ("language", "klingon language")]),
        ..Given::default()
    };
    check_refused(
        &[],
        &["b.txt"],
        &broken,
        &[
            "b.txt: `klingon` is no language tag",
            "b.txt: column `date`: `soon` is not a date of the form 2000, 2000-11 or 2000-11-15",
            "the table: none of its 1 row names a file that is added: x.txt",
        ],
    );
    check_refused(
        &[("sources.csv", "path\n../x\n")],
        &["b.txt"],
        &none,
        &["sources.csv:2: `../x`: the path contains `..`"],
    );
}

#[test]
fn what_cannot_be_read_keeps_nothing_else_out_and_is_told() {
    let dir = study(&[]);
    let from = input();
    put(
        from.path(),
        &[("d/~$b.docx", "x"), ("d/.DS_Store", "x"), ("d/g.doc", "x"), ("d/h.doc", "x"), ("d/copy.txt", "E")],
    );
    let added = add_to(dir.path(), &paths(from.path(), &["d", "bad.csv", "p.png"]), &Given::default(), &readers())
        .expect("adds");
    assert_eq!(added.files, ["sources/d/copy.txt", "sources/d/e.txt"]);
    assert_eq!(added.left_out, 5);
    let prefix = format!("{}/", from.path().display());
    let notes: Vec<String> =
        added.notes.iter().map(|note| format!("{}: {}", note.file, note.reason.plain()).replace(&prefix, "")).collect();
    let want = [
        "sources/d/e.txt: has the same text as sources/d/copy.txt",
        "d: left out: 2 files (g.doc, h.doc), a document in the old format of Word, which is not read",
        "d/f.png: left out: a picture, which is not read",
        "bad.csv: left out: sources/bad.csv:2: a quotation mark is opened and never closed\n  hint: write a quotation mark inside quotation marks twice",
        "p.png: left out: a picture, which is not read",
    ];
    assert_eq!(notes, want);
    let alone = add_to(dir.path(), &paths(from.path(), &["bad.csv"]), &Given::default(), &readers());
    assert!(alone.is_err(), "where nothing can be read, nothing was done");
}

#[test]
fn a_table_describes_files_by_whatever_names_they_have() {
    let from = input();
    let table = |text: &str| {
        Given::parse(&from.path().join("m.csv").display().to_string(), text.as_bytes(), None).expect("reads")
    };
    let add = |given: &Given| {
        let dir = study(&[]);
        let done = add_to(dir.path(), &paths(from.path(), &["b.txt", "d"]), given, &readers());
        done.map(|done| (done, read_folder(dir.path(), &readers()).expect("reads").study.sources.to_vec()))
    };
    let (done, sources) =
        add(&table("sep=;\nFileName;Kind;Date\nB;speech;21.03.2001\nd/E.TXT;letter;2001-03-22 00:00:00\nz.txt;x;\n"))
            .expect("adds");
    let said: Vec<_> =
        sources.iter().map(|s| (s.kind.clone().unwrap_or_default(), s.date.unwrap().to_string())).collect();
    assert_eq!(said, [("speech".to_owned(), "2001-03-21".to_owned()), ("letter".to_owned(), "2001-03-22".to_owned())]);
    assert!(done.notes.iter().any(|note| note.reason.plain() == "of 3 rows, 1 names no file that is added: z.txt"));
    let nothing = add(&table("path,kind\nx.txt,y\n")).expect_err("nothing fits").to_string();
    assert!(nothing.contains("none of its 1 row names a file that is added: x.txt"), "{nothing}");
    let named = Given { name: Some("{letter}".to_owned()), ..Given::default() };
    let (_, sources) = add(&named).expect("adds");
    assert_eq!(sources[1].attributes.get("letter").map(String::as_str), Some("e"));
}

#[test]
fn no_study_folder_no_addition() {
    let dir = tempfile::tempdir().unwrap();
    let from = input();
    assert!(add_to(dir.path(), &paths(from.path(), &["b.txt"]), &Given::default(), &readers()).is_err());
    assert!(tree(dir.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let dir = study(&[]);
    std::os::unix::fs::symlink(outside.path(), dir.path().join("sources")).unwrap();
    let from = input();
    assert!(add_to(dir.path(), &paths(from.path(), &["b.txt"]), &Given::default(), &readers()).is_err());
    assert!(tree(outside.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = study(&[("sources/a.txt", "a")]);
    let from = input();
    let mode = |mode| std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o500);
    if std::fs::write(dir.path().join("probe"), "").is_ok() {
        std::fs::remove_file(dir.path().join("probe")).unwrap();
        mode(0o700);
        println!("skipped: this user may write everywhere");
        return;
    }
    let before = tree(dir.path());
    let refused = add_to(dir.path(), &paths(from.path(), &["b.txt"]), &Given::default(), &readers());
    mode(0o700);
    assert!(matches!(refused, Err(StudyError::Disk(_))));
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn an_interrupted_change_is_completed_by_add() {
    let dir = study(&[(".nomoscope-staging/plan", "+sources/x.txt\n"), (".nomoscope-staging/new-0", "x")]);
    let added = add_to(dir.path(), &[], &Given::default(), &readers()).expect("completes");
    assert_eq!(
        added.recovery.map(|r| r.to_string()).as_deref(),
        Some("an earlier change of 1 file was interrupted; it is complete now")
    );
    assert_eq!(read_folder(dir.path(), &readers()).expect("reads").study.sources.len(), 1);
}

#[test]
fn files_are_added_to_a_study_file() {
    let dir = study(&[("sources/a.txt", "a")]);
    let from = input();
    let file = from.path().join("s.nomo");
    drop(stamped(|t| new_file(dir.path(), &file, &readers(), "1", t)).expect("makes"));
    let add = |names: &[&str]| add_to(&file, &paths(from.path(), names), &Given::default(), &readers());
    let added = add(&["b.txt", "c.md"]).expect("adds");
    assert_eq!((added.n, added.event.is_some()), (2, true));
    assert!(matches!(add(&["b.txt"]), Err(StudyError::Problems(_))));
    let store = nomoscope_store::Store::open(&file).unwrap();
    assert_eq!(store.load().unwrap().sources.len(), 3);
}

#[test]
fn a_new_folder_from_a_template() {
    let dir = tempfile::tempdir().unwrap();
    let template =
        FolderImage { files: [("study.toml".to_owned(), b"title = 'x'".to_vec())].into(), ..FolderImage::default() };
    let target = dir.path().join("new");
    let files = render(&template).expect("renders");
    write_folder(&target, &files, false).expect("makes");
    assert!(read_folder(&target, &readers()).is_ok());
    assert!(matches!(write_folder(&target, &files, false), Err(DiskError::NotEmpty(_))));
}

#[test]
fn what_is_said_of_files() {
    let given = Given::parse("m.csv", b"path,kind\r\na.txt,x\r\nb.txt,\r\n", None).expect("reads");
    assert_eq!(given.rows.len(), 2);
    assert!(Given::parse("m.csv", b"name,kind\na,b\n", None).is_err());
    assert!(Given::parse("m.csv", b"path,kind\na,x\na,y\n", None).is_err(), "the rows differ");
    assert!(Given::parse("m.csv", b"path,kind\na,x\na,x\n", None).is_ok());
}
