//! Bad input: a message with file, place, reason and hint, exit 2, and nothing changed.

use crate::program::{CODEBOOK, bad, done, nomoscope, work};
use crate::support::{put, tree};
use insta::assert_snapshot;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Runs the command; it must fail and leave every file as it was.
#[track_caller]
fn refused(dir: &Path, args: &[&str]) -> String {
    let before = tree(dir);
    let said = bad(dir, args);
    assert!(tree(dir) == before, "{args:?} changed something");
    said
}

#[test]
fn a_broken_codebook_is_told_at_once() {
    let dir = work();
    let codebook = r#"
[[concept]]
id = "Forced Labour"
roles = ["problem", "valeu"]
patterns.en = ["(forced", "*", "a NEAR/x b"]

[[concept]]
id = "dignity"
broader = "worth"
patern = ["x"]

[[concept]]
id = "dignity"
broader = "dignity"
"#;
    put(dir.path(), &[("work/codebook.toml", codebook)]);
    let said = refused(dir.path(), &["map", "work"]);
    assert_snapshot!(said, @r#"
    error: 9 problems
    codebook.toml:2: concept id `Forced Labour` is not made of letters, digits and hyphens
      hint: for example `child-trafficking`
    codebook.toml:4: concept `Forced Labour` has the unknown role `valeu`
      hint: roles are problem, value and behaviour
    codebook.toml:5: pattern `(forced` of `Forced Labour`: `(` at character 1 is not closed
      hint: groups are (a|b), optional words [a]
    codebook.toml:5: pattern `a NEAR/x b` of `Forced Labour`: `NEAR/x` needs a number of words from 1 to 50, as in NEAR/6
    codebook.toml:7: `broader` of `dignity` names `worth`, which is not in the codebook
    codebook.toml:7: concept `dignity` has no role
      hint: add roles = ["problem"], ["value"] or ["behaviour"], or name it among the `elements` of a norm; roles = [] leaves it open
    codebook.toml:10: unknown key `patern` in concept `dignity`
      hint: did you mean `patterns`?
    codebook.toml:12: concept `dignity` has no role
      hint: add roles = ["problem"], ["value"] or ["behaviour"], or name it among the `elements` of a norm; roles = [] leaves it open
    codebook.toml:12: concept `dignity` is already defined on line 7
    "#);
    let check = refused(dir.path(), &["codebook", "check", "work/codebook.toml"]);
    assert_eq!(check.replace("work/codebook.toml", "codebook.toml"), said);
    assert!(bad(dir.path(), &["codebook", "check", "none.toml"]).contains("none.toml: cannot be read: no such file"));
}

#[test]
fn a_codebook_that_is_no_toml_or_no_text() {
    let dir = work();
    put(dir.path(), &[("list.toml", "forced labour\ndignity\n")]);
    assert_snapshot!(refused(dir.path(), &["codebook", "check", "list.toml"]), @r"
    error: 3 problems
    list.toml:1: key with no value, expected `=`
    list.toml:1: the codebook has no concept
      hint: begin one with [[concept]]
    list.toml:2: key with no value, expected `=`
    ");
    fs::write(dir.path().join("bytes.toml"), b"id = \"\xff\xfe\"").unwrap();
    assert_snapshot!(refused(dir.path(), &["map", "work", "--codebook", "bytes.toml"]), @r"
    error: bytes.toml:1: the file is not UTF-8
      hint: save the file as UTF-8
    ");
}

#[test]
fn broken_settings() {
    let dir = work();
    put(dir.path(), &[("work/study.toml", "titel = \"x\"\nwindow = \"page\"\nlanguage = 3\nfocus = \"nobody\"\n")]);
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r#"
    error: 4 problems
    study.toml:1: the study has no `title`
      hint: add a line such as title = "Child trafficking, 2000 to 2020"
    study.toml:1: unknown key `titel`
      hint: did you mean `title`?
    study.toml:2: `page` is no window
      hint: a window is one of source, section, paragraph, item, sentence
    study.toml:3: `language` is not a list
      hint: write language = ["…", "…"]
    "#);
    put(dir.path(), &[("work/study.toml", "title = \"x\"\nfocus = \"dignitiy\"\n")]);
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r"
    error: study.toml: the focus `dignitiy` is no concept of the codebook; did you mean `dignity`?
      hint: `nomoscope concepts work` lists the concepts; name one with --focus CONCEPT, or as focus in study.toml
    ");
    fs::remove_file(dir.path().join("work/study.toml")).unwrap();
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r"
    error: work: is no study folder: it has no study.toml
      hint: `nomoscope new NAME` makes a study
    ");
}

#[test]
fn a_broken_sheet_is_told_at_once() {
    let dir = work();
    let sheet = "path,title,kind,date\n\
        sources/00.txt,A,treaty,2000-13\n\
        sources/00.txt,B,treaty,1999\n\
        sources/O1.txt,C,speech,\n\
        ../secret.txt,D,,\n\
        /etc/hostname,E,,\n\
        sources/02.txt,F,,31.12.1999\n";
    put(dir.path(), &[("work/sources.csv", sheet), ("secret.txt", "secret")]);
    let said = refused(dir.path(), &["map", "work"]);
    assert_snapshot!(said, @r"
    error: 5 problems
    sources.csv:2: column `date`: `2000-13` is not a date of the form 2000, 2000-11 or 2000-11-15
    sources.csv:3: `sources/00.txt` stands already in line 2
    sources.csv:5: `../secret.txt`: the path contains `..`
      hint: write it relative to the study folder, such as `sources/treaty.txt`
    sources.csv:6: `/etc/hostname`: the path is absolute
      hint: write it relative to the study folder, such as `sources/treaty.txt`
    sources.csv:7: column `date`: `31.12.1999` is not a date of the form 2000, 2000-11 or 2000-11-15
    ");
    for command in [&["sources", "work"][..], &["new", "w.nomo", "--from", "work"], &["code", "work"]] {
        assert_eq!(refused(dir.path(), command), said, "{command:?}");
    }
    put(dir.path(), &[("work/sources.csv", "path,title\nsources/00.txt,A,one too many\nsources/01.txt\n")]);
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r"
    error: 2 problems
    sources.csv:2: 3 cells where the header has 2
      hint: put a cell that contains a comma in quotation marks
    sources.csv:3: 1 cells where the header has 2
      hint: put a cell that contains a comma in quotation marks
    ");
    put(dir.path(), &[("work/sources.csv", "title,kind\nA,treaty\n")]);
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r"
    error: sources.csv:1: no column `path`
      hint: the first columns are path,title,kind,date
    ");
}

#[test]
fn files_that_are_missing_or_lead_out() {
    let dir = work();
    let sheet = "path,date\nsources/O1.txt,\nsources/link.txt,\nsources,\n";
    put(dir.path(), &[("work/sources.csv", sheet), ("secret.txt", "secret")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../secret.txt", dir.path().join("work/sources/link.txt")).unwrap();
    let said = bad(dir.path(), &["map", "work"]);
    assert!(!said.contains("secret\n"), "{said}");
    if cfg!(unix) {
        assert_snapshot!(said, @r"
        error: 3 problems
        sources.csv:2: `sources/O1.txt`: no such file
          hint: did you mean `sources/01.txt`?
        sources.csv:3: `sources/link.txt`: a link leads out of the study folder
          hint: copy the file into the study folder
        sources.csv:4: `sources`: is no file
        ");
    }
}

#[test]
fn broken_codings() {
    let dir = work();
    let csv = "id,source,start,end,quote,concept,coder,status,created,memo\n\
        c1,sources/00.txt,11,24,words that are not there,poverty,ana,accepted,,\n\
        c1,sources/01.txt,11,24,Forced labour,poverty,ana,maybe,,\n\
        c3,sources/77.txt,x,24,Forced labour,poverty,ana,accepted,,\n";
    put(dir.path(), &[("work/codings.csv", csv)]);
    assert_snapshot!(refused(dir.path(), &["map", "work"]), @r"
    error: 5 problems
    codings.csv:2: `words that are not there` does not occur in `sources/00.txt`
      hint: the text has changed since it was coded: correct the quotation or remove the row
    codings.csv:3: `maybe` is no status
      hint: a status is accepted, suggested or rejected
    codings.csv:3: coding `c1` stands already in line 2
    codings.csv:4: `sources/77.txt` is no source of the study
      hint: did you mean `sources/07.txt`?
    codings.csv:4: `x` to `24` is no place
      hint: start and end are counted in characters from 0; the end is not included
    ");
}

fn zip_of(name: &str, bytes: usize) -> Vec<u8> {
    // A stored entry whose header promises more than any reader should unpack; deflate is not needed to promise.
    let mut out = Vec::new();
    let crc = [0_u8; 4];
    let size = u32::try_from(bytes).unwrap().to_le_bytes();
    let small = 4_u32.to_le_bytes();
    let n = u16::try_from(name.len()).unwrap().to_le_bytes();
    out.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0");
    out.extend(crc.iter().chain(&small).chain(&size).chain(&n).chain(&[0, 0]));
    out.extend(name.as_bytes().iter().chain(b"\0\0\0\0"));
    let at = u32::try_from(out.len()).unwrap().to_le_bytes();
    let start = out.len();
    out.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
    out.extend(crc.iter().chain(&small).chain(&size).chain(&n).chain(&[0; 16]));
    out.extend(name.as_bytes());
    let length = u32::try_from(out.len() - start).unwrap().to_le_bytes();
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(length.iter().chain(&at).chain(&[0, 0]));
    out
}

#[test]
fn texts_that_are_no_texts_are_told_at_once_and_nothing_is_added() {
    let dir = work();
    let bomb =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x \"xxxxxxxx\"><!ENTITY y \"&x;&x;&x;&x;\">]>\n<a>&y;</a>";
    let deep = "<a>".repeat(100_000);
    put(
        dir.path(),
        &[
            ("bad/bomb.xml", bomb),
            ("bad/deep.xml", deep.as_str()),
            ("bad/no.pdf", "this is no PDF"),
            ("bad/cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog"),
            ("bad/no.docx", "this is no zip"),
            ("bad/broken.jsonl", "{\"text\": \"one\"}\n{\"text\": "),
            ("bad/no-text.csv", "id,number\n1,2\n"),
            ("bad/fine.txt", "This one is fine."),
        ],
    );
    fs::write(dir.path().join("bad/bytes.txt"), b"fine \x00\x01\x02\xff\xfe\xfd\x80\x81").unwrap();
    fs::write(dir.path().join("bad/bomb.docx"), zip_of("word/document.xml", 4_000_000_000)).unwrap();
    done(dir.path(), &["new", "w.nomo", "--from", "work"]);
    let said = refused(dir.path(), &["add", "work", "bad", "--strict"]);
    assert_snapshot!(said, @r"
    error: 9 problems
    bad/bomb.docx: `word/document.xml`: expands beyond 536870912 bytes or beyond 200 times its size: refused as a decompression bomb
    bad/bomb.xml:2: column 13: a DOCTYPE with declarations (an internal subset) is refused: it could define entities without end
      hint: remove everything between `[` and `]` in the DOCTYPE, and write its entities out
    bad/broken.jsonl:2: column 9: not a JSON object: EOF while parsing a value
    bad/bytes.txt:1: byte 8 of the file: byte 0xff cannot be read as UTF-8
      hint: save the file as UTF-8, or name its encoding, for example `windows-1252`
    bad/cut.pdf: not a readable PDF: failed parsing cross reference table: invalid start value
      hint: print it to a new PDF, or save its text as txt or docx
    bad/deep.xml:1: column 769: nested deeper than 256 levels
    bad/no-text.csv:1: no column for the text among `id`, `number`
      hint: name the column that holds the text: --text COLUMN
    bad/no.docx: not a readable zip archive: the file does not begin like one
      hint: open it in the program that made it, and save it again
    bad/no.pdf: not a readable PDF: the file does not begin like one
      hint: print it to a new PDF, or save its text as txt or docx
    ");
    assert_eq!(refused(dir.path(), &["add", "w.nomo", "bad", "--strict"]), said);
}

#[test]
fn study_files_that_are_none() {
    let dir = work();
    put(
        dir.path(),
        &[(
            "text.nomo",
            "I am a text, not a database, and long enough to have a header of 100 bytes, which this sentence has by now.",
        )],
    );
    let mut other = fs::File::create(dir.path().join("short.nomo")).unwrap();
    other.write_all(b"SQLite format 3\0").unwrap();
    fs::write(dir.path().join("empty.nomo"), b"").unwrap();
    assert_snapshot!(refused(dir.path(), &["map", "text.nomo"]), @r"
    error: text.nomo: is not a study file
      hint: a study file ends with .nomo
    ");
    for file in ["short.nomo", "empty.nomo"] {
        for command in ["map", "sources", "concepts", "log", "undo", "code"] {
            let said = refused(dir.path(), &[command, file]);
            assert!(said.starts_with(&format!("error: {file}: ")), "{command}: {said}");
        }
        refused(dir.path(), &["export", file, "--to", "x"]);
        refused(dir.path(), &["add", file, "work/sources/00.txt"]);
        refused(dir.path(), &["codebook", "check", file]);
    }
    done(dir.path(), &["new", "cut.nomo", "--from", "work"]);
    let bytes = fs::read(dir.path().join("cut.nomo")).unwrap();
    fs::write(dir.path().join("cut.nomo"), &bytes[..bytes.len() / 2]).unwrap();
    let said = refused(dir.path(), &["map", "cut.nomo"]);
    assert!(said.starts_with("error: cut.nomo: "), "{said}");
}

#[test]
fn there_is_no_such_study() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a.txt", "x"), ("folder/a.txt", "x")]);
    assert_snapshot!(refused(dir.path(), &["map", "nowhere"]), @r"
    error: nowhere: there is no such study
      hint: `nomoscope new NAME` makes a study; `nomoscope demo` shows one
    ");
    assert_snapshot!(refused(dir.path(), &["add", "nowhere", "a.txt"]), @r"
    error: nowhere: there is no such study
      hint: `nomoscope new NAME` makes a study
    ");
    assert_snapshot!(refused(dir.path(), &["map", "folder"]), @r"
    error: folder: is no study folder: it has no study.toml
      hint: `nomoscope new NAME` makes a study
    ");
    assert_snapshot!(refused(dir.path(), &["add", "folder", "a.txt"]), @r"
    error: folder: is no study folder
      hint: `nomoscope new NAME` makes a study
    ");
    assert_snapshot!(refused(dir.path(), &["map", "a.txt"]), @r"
    error: a.txt: is not a study file
      hint: a study file ends with .nomo
    ");
    assert_snapshot!(refused(dir.path(), &["new", "x.nomo", "--from", "nowhere"]), @"error: nowhere: no such file or folder");
    refused(dir.path(), &["new", "x.nomo", "--from", "folder"]);
}

#[test]
fn wrong_flags() {
    let dir = work();
    assert_snapshot!(refused(dir.path(), &["map", "work", "--focsu", "x"]), @r"
    error: unexpected argument '--focsu' found

      tip: a similar argument exists: '--focus'

    Usage: nomoscope map --focus <CONCEPT> <STUDY>

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(dir.path(), &["map", "work", "--window", "page"]), @r"
    error: invalid value 'page' for '--window <LEVEL>'
      [possible values: source, section, paragraph, item, sentence]

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(dir.path(), &["xyzzy", "work"]), @r"
    error: unrecognized subcommand 'xyzzy'

    Usage: nomoscope [COMMAND]

    For more information, try '--help'.
    ");
    for value in ["-1", "0", "NaN", "inf"] {
        assert_eq!(
            refused(dir.path(), &["map", "work", "--min-or", value]),
            format!("error: --min-or: {value}: must be a number above 0\n")
        );
    }
    for args in [
        &["map"][..],
        &["map", "work", "--bootstrap", "-1"],
        &["map", "work", "--bootstrap", "100001"],
        &["map", "work", "--seeds", "0"],
        &["map", "work", "--min-or", "much"],
        &["map", "work", "--where", "kind"],
        &["map", "work", "--where", "=x"],
        &["map", "work", "--since", "yesterday"],
        &["map", "work", "--strata", "nothing"],
        &["concepts", "work", "--by", ""],
        &["report", "work"],
        &["demo", "--study", "blank"],
        &["completions", "tcsh"],
        &["code", "work", "--coder", ""],
        &["add", "work", "work/sources/00.txt", "--set", "date=soon"],
    ] {
        let said = refused(dir.path(), args);
        assert!(said.starts_with("error: "), "{args:?}: {said}");
    }
}

#[test]
fn a_folder_that_cannot_be_written() {
    let dir = work();
    put(dir.path(), &[("file", "x"), ("a.txt", "Forced labour.")]);
    for args in [
        &["report", "work", "--out", "file"][..],
        &["report", "work", "--out", "file/deep"],
        &["demo", "--out", "file"],
        &["new", "file"],
        &["new", "file/deep"],
        &["new", "file/deep.nomo"],
        &["new", "nowhere/x.nomo", "--from", "work"],
    ] {
        let said = refused(dir.path(), args);
        assert!(said.starts_with("error: ") && !said.contains("os error"), "{args:?}: {said}");
    }
    read_only(dir.path());
}

#[cfg(unix)]
fn read_only(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let locked = dir.join("locked");
    fs::create_dir(&locked).unwrap();
    fs::rename(dir.join("work"), locked.join("work")).unwrap();
    let mode = |mode| {
        for folder in [locked.clone(), locked.join("work"), locked.join("work/sources")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    mode(0o555);
    if fs::write(locked.join("probe"), b"").is_ok() {
        println!("skipped: this user may write everywhere");
    } else {
        for args in [
            &["new", "locked/x"][..],
            &["new", "locked/x.nomo"],
            &["report", "locked/work", "--out", "locked/r"],
            &["demo", "--out", "locked/d"],
            &["code", "locked/work"],
            &["add", "locked/work", "a.txt"],
        ] {
            let said = bad(dir, args);
            assert!(said.contains("ermission denied"), "{args:?}: {said}");
        }
        done(dir, &["map", "locked/work"]);
    }
    mode(0o755);
}

#[cfg(not(unix))]
fn read_only(_: &Path) {}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = work();
    put(dir.path(), &[("work/codebook.toml", CODEBOOK)]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_nomoscope"))
        .args(["map", "work", "--json"])
        .current_dir(dir.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(nomoscope(dir.path(), &["map", "work"]).code, 0);
}
