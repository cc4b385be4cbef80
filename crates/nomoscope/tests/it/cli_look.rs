//! `look`: files that are no study, read, counted and shown on one page.

use crate::program::{bad, done, json};
use crate::support::put;
use std::fs;

fn texts() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for i in 0..3 {
        let law = "The law forbids slavery. A child is never sold. Whoever sells a child is punished by the law.";
        let market = "Families sell camels. The market has camels and tea. Nobody sells a child at the market.";
        put(dir.path(), &[(&format!("texts/laws/{i}.txt"), law), (&format!("texts/talks/{i}.md"), market)]);
    }
    put(dir.path(), &[("texts/photo.jpg", "none"), ("texts/broken.docx", "no archive"), ("texts/.hidden.txt", "x")]);
    dir
}

#[test]
fn folders_are_read_compared_and_shown_on_one_page() {
    let dir = texts();
    let out = done(dir.path(), &["look", "texts"]);
    let start = "6 texts with 102 words (3 .md and 3 .txt), ";
    assert!(out.stdout.starts_with(start), "{}", out.stdout);
    assert!(
        out.stdout.contains("What sets folder “laws” apart: “law”, “forbids”")
            && out.stdout.contains("What sets folder “talks” apart: “camels”")
    );
    assert!(out.stderr.contains("left out: texts/photo.jpg: of a kind that cannot be read"), "{}", out.stderr);
    assert!(out.stderr.contains("left out: texts/broken.docx: ") && !out.stderr.contains(".hidden"), "{}", out.stderr);
    let page = fs::read_to_string(dir.path().join("nomoscope-look.html")).unwrap();
    for part in ["<h1>A first look at texts</h1>", "id=\"figure-xray\"", "id=\"figure-keyness-1\"", "texts/photo.jpg"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        !page.contains("<script") && !page.contains("http://")
            || page.matches("http://").count() == page.matches("http://www.w3.org").count()
    );
    let again = done(dir.path(), &["look", "texts", "--out", "again.html"]);
    assert_eq!((again.stdout, fs::read_to_string(dir.path().join("again.html")).unwrap()), (out.stdout, page));
}

#[test]
fn several_paths_a_table_and_a_codebook() {
    let dir = texts();
    let found =
        json(dir.path(), &["look", "texts/laws", "texts/talks/0.md", "--codebook", "child-trafficking", "--json"]);
    assert_eq!((found["texts"].as_u64(), found["files"]["txt"].as_u64()), (Some(4), Some(3)));
    let slavery = found["concepts"].as_array().unwrap().iter().find(|c| c["concept"] == "slavery").unwrap();
    assert_eq!((slavery["places"].as_u64(), slavery["texts"].as_u64()), (Some(3), Some(3)));
    put(
        dir.path(),
        &[(
            "r.csv",
            "id,region,text\n1,north,\"We urge you to sign.\"\n2,south,\"We urge you to pay.\"\n3,north,\"Please sign.\"\n",
        )],
    );
    let rows = json(dir.path(), &["look", "r.csv", "--by", "region", "--json"]);
    assert_eq!((rows["texts"].as_u64(), rows["words"]["groups"].as_array().map(Vec::len)), (Some(3), Some(2)));
    // A study's own texts.
    put(dir.path(), &[("s/study.toml", "title = \"T\"\n"), ("s/sources/a.txt", "One text.")]);
    assert_eq!(json(dir.path(), &["look", "s", "--json"])["texts"].as_u64(), Some(1));
}

#[test]
fn what_cannot_be_looked_at_is_said() {
    let dir = texts();
    let said = bad(dir.path(), &["look", "nowhere", "neither"]);
    assert!(said.contains("nowhere: ") && said.contains("neither: "), "{said}");
    let said = bad(dir.path(), &["look", "texts/photo.jpg"]);
    assert!(said.contains("of a kind that cannot be read") && said.contains("lists what can be read"), "{said}");
    let said = bad(dir.path(), &["look", "texts", "--codebook", "child-traficking"]);
    assert!(
        said.contains("there is no such codebook") && said.contains("child-trafficking or transitional-justice"),
        "{said}"
    );
    let said = bad(dir.path(), &["look", "texts", "--by", "nothing"]);
    assert!(said.contains("--by: no source has the attribute `nothing`"), "{said}");
}
