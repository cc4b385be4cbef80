//! A study is looked over.

use crate::program::{bad, done, nomoscope};
use crate::support::put;
use std::fs;

fn study() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(
        dir.path(),
        &[
            ("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
            ("s/codebook.toml", "[[concept]]\nid = \"debt\"\nroles = [\"problem\"]\npatterns.en = [\"debt\"]\n"),
            ("s/sources/a.txt", "They owed a debt that grew.\n"),
            (
                "s/codings.csv",
                "id,source,start,end,quote,concept,coder,status,created,memo\n1,sources/a.txt,12,16,debt,debt,ana,accepted,,\n",
            ),
        ],
    );
    done(dir.path(), &["new", "s.nomo", "--from", "s"]);
    dir
}

#[test]
fn sound_studies_are_said_to_be_sound() {
    let dir = study();
    for study in ["s", "s.nomo"] {
        let out = done(dir.path(), &["doctor", study]);
        assert!(out.stdout.starts_with("sound: 1 source, 1 stored coding, "), "{study}: {}", out.stdout);
    }
    assert!(bad(dir.path(), &["doctor", "none"]).contains("no such study"));
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_touched() {
    let dir = study();
    let dir = dir.path();
    // A byte of a text, as a failing disk would change it; the file's own structure stays whole.
    let mut bytes = fs::read(dir.join("s.nomo")).unwrap();
    let at: Vec<usize> = bytes.windows(5).enumerate().filter(|(_, w)| *w == b"grew.").map(|(at, _)| at).collect();
    assert!(!at.is_empty());
    at.iter().for_each(|at| bytes[*at] = b'b');
    fs::write(dir.join("s.nomo"), &bytes).unwrap();
    let out = nomoscope(dir, &["doctor", "s.nomo"]);
    assert!(out.code == 1 && out.stderr.contains("do not match their hash"), "{}", out.stderr);
    assert_eq!(fs::read(dir.join("s.nomo")).unwrap(), bytes);
    let codebook = "[[concept]]\nid = \"bondage\"\nroles = [\"problem\"]\npatterns.en = [\"bondage\"]\n";
    put(dir, &[("s/codebook.toml", codebook)]);
    let out = nomoscope(dir, &["doctor", "s"]);
    assert!(out.code == 1 && out.stderr.contains("1 codings are of `debt`"), "{}", out.stderr);
    put(dir, &[("s/codebook.toml", "[[concept]]\nid = \"a b\"\n"), ("s/study.toml", "titel = \"T\"\n")]);
    let out = nomoscope(dir, &["doctor", "s"]);
    assert!(out.code == 1 && out.stderr.contains("titel"), "{}", out.stderr);
}
