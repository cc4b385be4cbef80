//! `correct`, `describe`, `undo --coder` and `sources --words` from the command line.

use crate::program::{CODEBOOK, bad, done, json, nomoscope};
use crate::support::study;
use nomoscope_core::text::Span;
use nomoscope_desk::{Act, Desk};

const TEXT: &str = "Forced labour in Palrmo. Palrmo is far.\n\nNobody knew of poverty.";

#[test]
fn words_are_corrected_and_what_cannot_follow_is_asked_about() {
    let dir = study(&[
        ("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
        ("s/codebook.toml", CODEBOOK),
        ("s/sources/a.txt", TEXT),
    ]);
    let dir = dir.path();
    done(dir, &["new", "s.nomo", "--from", "s"]);
    for name in ["s", "s.nomo"] {
        let source = "sources/a.txt";
        let correct = |more: &[&'static str]| [&["correct", name, source], more].concat();
        let told = bad(dir, &correct(&["--words", "Palrmo", "--to", "Palermo"]));
        assert!(told.contains("`Palrmo` stands 2 times in sources/a.txt"), "{told}");
        assert!(bad(dir, &correct(&["--words", "palrmo", "--to", "x"])).contains("does not stand in sources/a.txt"));
        let all = ["--words", "Palrmo", "--to", "Palermo", "--all"];
        let told = done(dir, &correct(&[&all[..], &["--preview"]].concat()));
        assert_eq!(told.stdout, "`Palrmo` becomes `Palermo`\n`Palrmo` becomes `Palermo`\n");
        let told = done(dir, &correct(&all));
        assert!(told.stdout.ends_with("corrected 2 places in sources/a.txt\n"), "{}", told.stdout);
        assert!(told.stderr.contains(&format!("nomoscope undo {name} takes it back")), "{}", told.stderr);
        assert!(done(dir, &["sources", name, "--text", source]).stdout.contains("Palermo is far."));

        let desk = Desk::open(&dir.join(name)).unwrap();
        let at = TEXT.replace("Palrmo", "Palermo").find("Nobody").unwrap() as u32;
        let span = Span::new(at, at + 6);
        let (source, concept) = (source.to_owned(), "poverty".to_owned());
        desk.apply(&Act::Mark { source, span, concept, memo: String::new() }, "ben").unwrap();
        let out = nomoscope(dir, &correct(&["--words", "Nobody knew", "--to", "Everybody spoke"]));
        assert_eq!(out.code, 1);
        assert!(out.stderr.contains("as poverty by ben would") && out.stderr.contains("--yes"), "{}", out.stderr);
        done(dir, &correct(&["--words", "Nobody knew", "--to", "Everybody spoke", "--yes"]));
        // Everybody takes back their own; what another did is taken back by name.
        done(dir, &["undo", name]);
        let told = bad(dir, &["undo", name]);
        assert!(told.contains("by ben came later and needs it"), "{told}");
        let told = done(dir, &["undo", name, "--coder", "ben"]);
        assert!(told.stdout.starts_with("took back: mark "), "{}", told.stdout);
        done(dir, &["undo", name]);
        assert!(done(dir, &["sources", name, "--text", "sources/a.txt"]).stdout.contains("Palrmo is far."));
    }
}

#[test]
fn sources_that_hold_words_are_listed_with_their_passages() {
    let dir = study(&[
        ("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
        ("s/codebook.toml", CODEBOOK),
        ("s/sources/a.txt", TEXT),
        ("s/sources/b.txt", "Labour of the forced kind."),
    ]);
    let dir = dir.path();
    done(dir, &["new", "s.nomo", "--from", "s"]);
    for name in ["s", "s.nomo"] {
        let out = done(dir, &["sources", name, "--words", "\"forced labour\" palr*"]);
        assert!(out.stdout.starts_with("sources/a.txt (3 places)\n"), "{}", out.stdout);
        assert!(out.stdout.contains("Forced labour in Palrmo."), "{}", out.stdout);
        assert!(out.stderr.contains("of 2 sources, 1 holds them"), "{}", out.stderr);
        let both = json(dir, &["sources", name, "--words", "forced labour", "--json"]);
        assert_eq!((both["of"].as_u64(), both["sources"].as_array().unwrap().len()), (Some(2), 2));
        assert!(bad(dir, &["sources", name, "--words", "(a"]).contains("not closed"));
    }
}

#[test]
fn sources_are_described() {
    let dir = study(&[
        ("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
        ("s/codebook.toml", CODEBOOK),
        ("s/sources/a.txt", TEXT),
    ]);
    let dir = dir.path();
    done(dir, &["new", "s.nomo", "--from", "s"]);
    for name in ["s", "s.nomo"] {
        let describe = |set: &'static str| ["describe", name, "sources/a.txt", "--set", set];
        let told = done(dir, &describe("kind=interview"));
        assert_eq!(told.stdout, "1 source described\n");
        assert!(told.stderr.contains(&format!("nomoscope undo {name} takes it back")), "{}", told.stderr);
        assert_eq!(done(dir, &describe("kind=interview")).stdout, "nothing changed: it is said already\n");
        assert_eq!(json(dir, &["sources", name, "--json"])["sources"][0]["kind"], "interview");
        done(dir, &["undo", name]);
        assert!(json(dir, &["sources", name, "--json"])["sources"][0]["kind"].is_null());
        assert!(bad(dir, &describe("date=May")).contains("`May` is not a date"));
        assert!(bad(dir, &describe("path=x")).contains("`path` cannot be said of a source"));
    }
}
