//! Reading study folders, good and bad.

use crate::support::{lines, put, readers, study};
use nomoscope_desk::study::{Caps, Readers, read_folder, read_image};
use std::fs;
use std::path::Path;

#[test]
fn rows_front_matter_and_tables() {
    let dir = study(&[
        (
            "sources.csv",
            "\u{feff}path,title,kind,date,region,language\r\nsources/a.txt,A,treaty,2000-11,Asia,fr\r\nsources/b.md,,,,,\r\nsources/t.csv,Cases,,2001,Africa,\r\n",
        ),
        ("sources/a.txt", "Text a"),
        ("sources/b.md", "title: B\nkind: speech\ndate: 1999-12-31T10:00:00Z\nyear: 1980\nspeaker: X\n---\nText b"),
        ("sources/t.csv", "id,text,date,region\n1,one,,\n2,two,2005,Asia\n"),
        ("sources/more.txt", ""),
        ("sources/.DS_Store", ""),
        ("codebook.toml", "x"),
    ]);
    let loaded = read_folder(dir.path(), &readers()).expect("reads");
    let said: Vec<String> = loaded
        .study
        .sources
        .iter()
        .map(|s| {
            let date = s.date.map(|d| d.to_string()).unwrap_or_default();
            format!(
                "{}|{}|{}|{date}|{:?}|{}|{}",
                s.path,
                s.title,
                s.kind.clone().unwrap_or_default(),
                s.attributes,
                s.language.join(" "),
                s.document.text
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "sources/a.txt|A|treaty|2000-11|{\"region\": \"Asia\"}|fr|Text a",
            "sources/b.md|B|speech|1999-12-31|{\"speaker\": \"X\"}|en|Text b",
            "sources/t.csv#1|Cases 1||2001|{\"region\": \"Africa\"}|en|one",
            "sources/t.csv#2|Cases 2||2005|{\"region\": \"Asia\"}|en|two",
        ]
    );
    let notes: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["sources: 1 file is in no row of sources.csv: sources/more.txt"]);
    assert_eq!(loaded.codebook.as_deref(), Some(&b"x"[..]));
    assert_eq!(loaded.hashes.len(), 6);
}

#[test]
fn without_a_sheet_every_importable_file_is_a_source() {
    let dir = study(&[
        ("sources/b/c.txt", "c"),
        ("sources/a.txt", "a"),
        ("sources/picture.png", "x"),
        ("sources/.hidden.txt", "x"),
        ("sources/~$lock.txt", "x"),
        ("other.txt", "x"),
    ]);
    let loaded = read_folder(dir.path(), &readers()).expect("reads");
    let paths: Vec<(&str, &str)> = loaded.study.sources.iter().map(|s| (s.path.as_str(), s.title.as_str())).collect();
    assert_eq!(paths, [("sources/a.txt", "a"), ("sources/b/c.txt", "c")]);
    assert_eq!(loaded.notes[0].reason, "1 file is of a kind that cannot be read: sources/picture.png");
    let empty = study(&[]);
    assert!(read_folder(empty.path(), &readers()).expect("reads").study.sources.is_empty());
}

#[track_caller]
fn check_bad(files: &[(&str, &str)], want: &[&str]) {
    let dir = study(files);
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(lines(&problems), want);
    // The whole folder is judged as the part that an analysis needs.
    assert_eq!(read_image(dir.path(), &readers()).map(|_| ()), Err(problems));
}

#[test]
fn what_refers_to_nothing_is_told_with_its_line() {
    check_bad(
        &[
            ("sources/a.txt", "né"),
            ("codings.csv", "id,source,start,end,quote,concept,coder\n1,sources/a.txt,0,2,né,c,ana\n"),
            ("cases.csv", "id\n7\n"),
            ("memos.csv", "id,about,text\n1,case:8,x\n2,coding:1,x\n3,link:l,x\n4,coder:bo,x\n"),
            ("links.csv", "id,from,to\nl,memo:2,coding:2\n"),
            // The identity that another program gave to what is gone says nothing any more: it is passed over, with a note.
            ("foreign_ids.csv", "of,system,id\ncoder:ana,dna,1\nmemo:9,dna,2\n"),
        ],
        &[
            "links.csv:2: there is no coding `2`",
            "memos.csv:2: there is no case `8`",
            "memos.csv:5: there is no coder `bo`",
        ],
    );
}

#[test]
fn everything_that_is_wrong_at_once() {
    check_bad(
        &[
            ("study.toml", "titel = \"x\""),
            ("sources.csv", "path,date\nsources/a.txt,2001-13\n"),
            ("coders.csv", "id,kind\nana,persn\n"),
            ("history.jsonl", "x\n"),
            ("memos.csv", "id,about,text\n1,nothing,x\n"),
        ],
        &[
            "coders.csv:2: `persn` is no kind of coder",
            "history.jsonl:1: no event: expected value",
            "memos.csv:2: `nothing` is nothing that a memo can be about",
            "sources.csv:2: column `date`: `2001-13` is not a date of the form 2000, 2000-11 or 2000-11-15",
            "study.toml:1: the study has no `title`",
            "study.toml:1: unknown key `titel`",
        ],
    );
    check_bad(
        &[
            ("sources.csv", "path\nsources/gone.txt\nsources/b.md\nsources/t.csv\nsources\nsources/u.csv\n"),
            ("sources/b.md", "date: soon\nin_force: x\nlanguage: klingon\n---\n"),
            ("sources/t.csv", "id,text,date\n1,a,2001-02-30\n1,b,\n"),
            ("sources/u.csv", "id,text\n\"1,a\n"),
            // Codings and memos of sources that could not be read are not complained about twice.
            (
                "codings.csv",
                "id,source,start,end,quote,concept,coder\n1,sources/gone.txt,0,1,x,c,ana\n2,sources/t.csv#1,0,1,x,c,ana\n3,sources/x,0,1,x,c,ana\n",
            ),
            ("memos.csv", "id,about,text\n1,source:sources/b.md,x\n"),
        ],
        &[
            "codings.csv:4: `sources/x` is no source of the study",
            "sources.csv:2: `sources/gone.txt`: no such file",
            "sources.csv:5: `sources`: is no file",
            "sources/b.md: `date`: `soon` is not a date of the form 2000, 2000-11 or 2000-11-15",
            "sources/b.md: `in_force`: `x` is not a date of the form 2000, 2000-11 or 2000-11-15",
            "sources/b.md: `klingon` is no language tag",
            "sources/t.csv#1: `date`: `2001-02-30` is not a date of the form 2000, 2000-11 or 2000-11-15",
            "sources/t.csv#1: two rows have this id",
            "sources/u.csv: sources/u.csv:2: a quotation mark is opened and never closed\n  hint: write a quotation mark inside quotation marks twice",
        ],
    );
    check_bad(
        &[
            ("sources.csv", "path\nsources/a.csv\nsources/a.csv#1\n"),
            ("sources/a.csv", "id,text\n1,x\n"),
            ("sources/a.csv#1", "x"),
        ],
        &["sources/a.csv#1: two sources have this path"],
    );
}

#[test]
fn a_missing_file_has_a_hint() {
    let dir = study(&[("sources.csv", "path\nsources/protocoll.txt\n"), ("sources/protocol.txt", "")]);
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(
        problems.to_string(),
        "sources.csv:2: `sources/protocoll.txt`: no such file\n  hint: did you mean `sources/protocol.txt`?"
    );
}

#[test]
fn bytes_that_are_not_utf8() {
    let dir = study(&[("sources/a.txt", "")]);
    fs::write(dir.path().join("sources.csv"), b"path,title\nsources/a.txt,caf\xe9\n").unwrap();
    fs::write(dir.path().join("sources/a.txt"), b"caf\xe9").unwrap();
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(
        problems.to_string(),
        "sources.csv:2: the file is not UTF-8\n  hint: save it as UTF-8 (in Excel: “CSV UTF-8”)"
    );
    fs::remove_file(dir.path().join("sources.csv")).unwrap();
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(problems.to_string(), "sources/a.txt: the bytes are not UTF-8");
}

#[test]
fn what_is_no_study_folder() {
    let dir = tempfile::tempdir().unwrap();
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(lines(&problems), ["study.toml: no such file"]);
    assert!(read_folder(&dir.path().join("none"), &readers()).is_err());
    put(dir.path(), &[("f", "")]);
    assert!(read_folder(&dir.path().join("f"), &readers()).is_err());
}

#[cfg(unix)]
#[test]
fn links_stay_in_the_folder() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), &[("secret.txt", "secret"), ("d/x.txt", "secret")]);
    let dir = study(&[("sources/a.txt", "a")]);
    let link = |to: &Path, name: &str| symlink(to, dir.path().join(name)).unwrap();
    link(Path::new("a.txt"), "sources/inside.txt");
    let loaded = read_folder(dir.path(), &readers()).expect("reads");
    assert_eq!(loaded.study.sources.len(), 2);
    link(&outside.path().join("secret.txt"), "sources/b.txt");
    link(&outside.path().join("d"), "sources/d");
    link(Path::new("."), "sources/loop");
    link(Path::new("nowhere.txt"), "sources/dangling.txt");
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(
        lines(&problems),
        [
            "sources/b.txt: a link leads out of the study folder",
            "sources/d: links to folders are not followed",
            "sources/dangling.txt: no such file",
            "sources/loop: links to folders are not followed",
        ]
    );
    put(dir.path(), &[("sources.csv", "path\nsources/b.txt\nsources/d/x.txt\n../x.txt\n")]);
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(lines(&problems), ["sources.csv:4: `../x.txt`: the path contains `..`"]);
    put(dir.path(), &[("sources.csv", "path\nsources/b.txt\nsources/d/x.txt\n")]);
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert_eq!(
        lines(&problems),
        [
            "sources.csv:2: `sources/b.txt`: a link leads out of the study folder",
            "sources.csv:3: `sources/d/x.txt`: a link leads out of the study folder",
        ]
    );
    // The settings may not be a link that leads out either.
    fs::remove_file(dir.path().join("study.toml")).unwrap();
    link(&outside.path().join("secret.txt"), "study.toml");
    let problems = read_folder(dir.path(), &readers()).expect_err("is bad");
    assert!(lines(&problems).contains(&"study.toml: a link leads out of the study folder".to_owned()));
}

#[test]
fn sizes_are_capped() {
    let dir = study(&[("sources/a.txt", "1234567890"), ("sources/b.txt", "123456"), ("study.toml", "title='x'")]);
    let caps = |file_bytes, total_bytes, files| readers().with_caps(Caps { file_bytes, total_bytes, files });
    assert!(read_folder(dir.path(), &caps(10, 16, 2)).is_ok());
    let problems = |r: &Readers<'_>| lines(&read_folder(dir.path(), r).expect_err("is too much"));
    assert_eq!(problems(&caps(9, 99, 9)), ["sources/a.txt: the file is larger than 0 MiB"]);
    assert_eq!(problems(&caps(10, 15, 9)), ["sources: all sources together are larger than 0 MiB"]);
    assert_eq!(problems(&caps(10, 99, 1)), ["sources: more than 1 files"]);
}

#[test]
fn codings_follow_their_words() {
    let dir = study(&[
        ("sources/a.txt", "New words. Né à Genève."),
        ("codings.csv", "id,source,start,end,quote,concept,coder\r\n1,sources/a.txt,5,11,Genève,place,ana\r\n"),
        ("coders.csv", "id,name\r\nbo,Bo\r\n"),
    ]);
    let loaded = read_folder(dir.path(), &readers()).expect("reads");
    let notes: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "codings.csv: coder `ana` is not in coders.csv",
            "codings.csv:2: the quotation stands at 16..22 of `sources/a.txt`, not at 5..11",
        ]
    );
}

/// Half a change is no study, and whoever comes next completes it, a reader as well.
#[test]
fn an_interrupted_change_is_completed_by_reading() {
    let dir = study(&[(".nomoscope-staging/plan", "+sources/x.txt\n"), (".nomoscope-staging/new-0", "x")]);
    let loaded = read_folder(dir.path(), &readers()).expect("completes it");
    assert_eq!(loaded.study.sources.len(), 1);
    let told: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
    assert!(told[0].ends_with("an earlier change of 1 file was interrupted; it is complete now"), "{told:?}");
    assert!(read_folder(dir.path(), &readers()).expect("reads").notes.is_empty());
}
