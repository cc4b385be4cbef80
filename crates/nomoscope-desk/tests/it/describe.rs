//! What is said of sources: in their rows, by one act, for a folder and a file alike.

use crate::support::{act, both, by, folder_of, study};
use nomoscope_core::study::Source;
use nomoscope_core::text::Document;
use nomoscope_desk::act::Wording;
use nomoscope_desk::{Act, Desk};
use std::collections::{BTreeMap, BTreeSet};

const A: &str = "sources/a.txt";
const B: &str = "sources/b.md";
const TEXTS: [(&str, &str); 3] = [
    (A, "She worked."),
    (B, "---\ntitle: Own title\nkind: speech\nregion: Asia\n---\nThey work."),
    ("sources/t.csv", "id,text,region\n1,Work it is.,Africa\n2,No work.,\n"),
];

fn describe(sources: &[&str], said: &[(&str, &str)]) -> Act {
    let sources = sources.iter().map(|s| (*s).to_owned()).collect();
    Act::Describe { sources, said: said.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect() }
}

fn of(desk: &Desk, path: &str) -> Source {
    study(desk).sources.iter().find(|s| s.path == path).unwrap().clone()
}

/// All sources with what is said of them, and without their texts.
fn said(desk: &Desk) -> Vec<Source> {
    study(desk).sources.iter().map(|s| Source { document: Document::default(), ..s.clone() }).collect()
}

#[test]
fn one_act_says_it_and_one_undo_takes_it_back() {
    let (dir, desks) = both(&TEXTS);
    for desk in &desks {
        let before = said(desk);
        act(
            desk,
            &describe(
                &[A],
                &[("title", "  An   interview "), ("kind", "interview"), ("date", "2024-05"), ("language", "fr")],
            ),
        );
        let a = of(desk, A);
        assert_eq!(
            (a.title.as_str(), a.kind.as_deref(), &*a.language),
            ("An interview", Some("interview"), &["fr".to_owned()][..])
        );
        assert_eq!(a.date.unwrap().to_string(), "2024-05");
        let log = desk.log().unwrap();
        assert!(log.last().unwrap().command.ends_with(" a.txt date kind language title"), "{log:?}");
        let one = said(desk);
        // Many at once; what the table says itself of a row goes before.
        act(desk, &describe(&[A, B, "sources/t.csv"], &[("region", "Europe"), ("kind", "talk")]));
        let region = |path: &str| of(desk, path).attributes["region"].clone();
        assert_eq!(
            [A, B, "sources/t.csv#1", "sources/t.csv#2"].map(region),
            ["Europe", "Europe", "Africa", "Europe"].map(str::to_owned)
        );
        let many = said(desk);
        act(desk, &Act::Undo);
        assert_eq!(said(desk), one);
        act(desk, &Act::Undo);
        assert_eq!(said(desk), before);
        act(desk, &Act::Redo);
        act(desk, &Act::Redo);
        assert_eq!(said(desk), many);
        // What is said no longer is left to the file.
        act(desk, &describe(&[B], &[("region", ""), ("kind", "")]));
        let b = of(desk, B);
        assert_eq!(
            (b.title.as_str(), b.kind.as_deref(), b.attributes["region"].as_str()),
            ("Own title", Some("speech"), "Asia")
        );
        assert!(act(desk, &describe(&[B], &[("kind", "")])).event.is_none(), "it is said already");
    }
    assert_eq!(said(&desks[0]), said(&desks[1]));
    assert_eq!(said(&folder_of(&desks[1], &dir.path().join("out"))), said(&desks[1]));
}

#[test]
fn what_cannot_be_said_is_refused_whole() {
    for desk in &both(&TEXTS).1 {
        let before = said(desk);
        let refused = |sources: &[&str], of: &[(&str, &str)], why: &str| {
            let reason = by(desk, "ana", &describe(sources, of)).unwrap_err();
            assert!(reason.contains(why), "{reason}");
            assert_eq!(said(desk), before);
        };
        refused(&[A, B], &[("date", "05/2024"), ("kind", "x")], "`05/2024` is not a date");
        refused(&[A], &[("language", "klingon")], "`klingon` is no language tag");
        refused(&[A], &[("path", "x")], "`path` cannot be said of a source");
        refused(&[A], &[("year", "1999")], "`year` cannot be said of a source");
        refused(&[A], &[(" ", "1999")], "an attribute has no name");
        refused(&["sources/t.csv#1"], &[("kind", "x")], "is one row of a table");
        refused(&[A, "sources/none.txt"], &[("kind", "x")], "none.txt");
    }
}

#[test]
fn a_description_outlives_corrections_and_what_others_do() {
    for desk in &both(&TEXTS).1 {
        let correct = |was: &str, text: &str| {
            let span = crate::support::place(&study(desk), A, was);
            let changes = vec![Wording { span, was: was.to_owned(), text: text.to_owned() }];
            Act::Correct { source: A.to_owned(), changes, agreed: BTreeSet::new() }
        };
        let kind = || of(desk, A).kind.unwrap_or_default();
        by(desk, "ana", &correct("worked", "works")).unwrap();
        by(desk, "ana", &describe(&[A], &[("kind", "interview")])).unwrap();
        by(desk, "ana", &correct("works", "slept")).unwrap();
        assert_eq!(kind(), "interview");
        by(desk, "ana", &Act::Undo).unwrap();
        assert_eq!((kind(), of(desk, A).document.text), ("interview".to_owned(), "She works.".to_owned()));
        // A coding that somebody made since needs the text, not what is said of it.
        let span = crate::support::place(&study(desk), A, "works");
        let mark = Act::Mark { source: A.to_owned(), span, concept: "work".to_owned(), memo: String::new() };
        by(desk, "ben", &mark).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();
        assert_eq!((kind(), study(desk).codings.len()), (String::new(), 1));
        by(desk, "ana", &Act::Redo).unwrap();
        assert_eq!(kind(), "interview");
    }
}

#[test]
fn a_column_that_another_uses_stays() {
    for desk in &both(&TEXTS).1 {
        by(desk, "ana", &describe(&[A], &[("place", "Palermo")])).unwrap();
        by(desk, "ben", &describe(&[B], &[("place", "Rome")])).unwrap();
        let before = said(desk);
        let reason = by(desk, "ana", &Act::Undo).unwrap_err();
        assert!(reason.contains("by ben came later and needs it"), "{reason}");
        assert_eq!(said(desk), before);
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();
        assert!(!of(desk, A).attributes.contains_key("place"));
    }
}

#[test]
fn another_study_says_something_else() {
    let (dir, desks) = both(&TEXTS);
    let others = [dir.path().join("other"), dir.path().join("other.nomo")];
    folder_of(&desks[1], &others[0]);
    std::fs::copy(desks[1].path(), &others[1]).unwrap();
    for (desk, other) in desks.iter().zip(&others) {
        act(&Desk::open(other).unwrap(), &describe(&[A], &[("kind", "talk"), ("place", "Rome")]));
        act(desk, &describe(&[A], &[("kind", "interview")]));
        let before = said(desk);
        let done = act(desk, &Act::Merge { other: other.clone(), coders: BTreeMap::new() });
        // What this study says stays, and what the other one says is not lost unseen.
        assert_eq!(said(desk), before);
        let told = done.joined.unwrap().notes.join("\n");
        assert!(
            told.contains("1 source is described otherwise there") && told.contains("a.txt (kind, place)"),
            "{told}"
        );
    }
}
