//! A random sample is drawn, read, and tells how much the lexicon finds.

use crate::client::{Bench, file_of, folder_of};
use std::fmt::Write as _;

/// Ten sentences that the lexicon finds dignity in, five that it misses, twenty-five without it.
fn text() -> String {
    let mut text = String::new();
    for i in 0..40 {
        let words = match i % 8 {
            0 | 4 => "Human dignity is at stake",
            2 => "Respect for persons is at stake",
            _ => "The committee met in the morning",
        };
        let _ = write!(text, "{words} in case number {i}.\n\n");
    }
    text
}

fn both(check: impl Fn(&Bench)) {
    check(&folder_of(&text()));
    check(&file_of(&text()));
}

#[track_caller]
fn done(bench: &Bench, path: &str, fields: &[(&str, &str)]) {
    let answer = bench.post(path, fields);
    assert_eq!(answer.status, 200, "{path} {fields:?}: {}", answer.body);
}

/// Returns the passage that is to be read, with its words.
fn shown(bench: &Bench) -> Option<(String, String)> {
    let page = bench.get("/audit").body;
    let id = page.split_once("name=\"passage\" value=\"")?.1.split_once('"')?.0.to_owned();
    let words = page.split_once("<blockquote")?.1.split_once('>')?.1.split_once('<')?.0.to_owned();
    Some((id, words))
}

/// Reads the next passages; those that speak of respect lack dignity.
fn read(bench: &Bench, n: usize) {
    for _ in 0..n {
        let (id, words) = shown(bench).expect("a passage is left");
        let passage = ("passage", id.as_str());
        if words.contains("Respect") {
            done(bench, "/do/audit", &[passage, ("said", "some"), ("missing", "dignity")]);
        } else {
            done(bench, "/do/audit", &[passage, ("said", "nothing")]);
        }
    }
}

#[test]
fn a_study_that_is_read_whole_has_the_recall_that_it_has() {
    both(|bench| {
        assert!(bench.get("/audit").body.contains("Nobody has audited"));
        assert!(!bench.get("/map?bootstrap=0").body.contains("random audit"));
        done(bench, "/do/draw-audit", &[("n", "40"), ("level", "sentence"), ("seed", "7")]);
        let page = bench.get("/audit").body;
        assert!(page.contains("0 of 40 sentences drawn at random (seed 7) from 40 of the study were read."), "{page}");
        read(bench, 40);
        assert!(shown(bench).is_none());
        let page = bench.get("/audit").body;
        assert!(page.contains("no hit was looked at"), "{page}");
        done(bench, "/do/judge-all", &[("concept", "dignity"), ("right", "1")]);
        // Ten found, all of them right; five missed among thirty: two thirds, and nothing is left to chance.
        let recall = "67 % (67 to 67 %; missed in 5 of 30 passages without a hit)";
        let page = bench.get("/audit").body;
        assert_eq!(page.matches(recall).count(), 2, "the concept and its role: {page}");
        assert!(bench.get("/review").body.contains(recall));
        let map = bench.get("/map?bootstrap=0").body;
        let caution = format!(
            "In a random audit of 40 sentences (seed 7), of the passages that speak of them the lexicon finds: value {recall}."
        );
        assert!(map.contains(&caution), "{map}");
        // What was found is coded, and counts.
        let material = bench.study().material(None).unwrap().material;
        let by_hand = material.study.codings.iter().filter(|c| c.quote.contains("Respect")).count();
        assert_eq!(by_hand, 5);
        // A passage is taken back by one undo, with its codings.
        done(bench, "/do/undo", &[]);
        done(bench, "/do/undo", &[]);
        assert!(shown(bench).is_some());
    });
}

#[test]
fn a_part_of_a_sample_gives_an_interval_and_the_seed_gives_the_sample() {
    let bench = folder_of(&text());
    done(&bench, "/do/draw-audit", &[("n", "20"), ("level", "sentence"), ("seed", "3")]);
    let first: Vec<String> = passages(&bench);
    read(&bench, 10);
    done(&bench, "/do/judge-all", &[("concept", "dignity"), ("right", "1")]);
    let page = bench.get("/audit").body;
    let found = page.rsplit_once(" % (").unwrap().1.split_once(" %;").unwrap().0.to_owned();
    let (low, high) = found.split_once(" to ").unwrap();
    let (low, high): (f64, f64) = (low.parse().unwrap(), high.parse().unwrap());
    assert!(low < 66.7 && 66.7 < high, "{found}: the truth is two thirds");
    // Another study with the same texts and seed has the same sample; another seed has another.
    let other = folder_of(&text());
    done(&other, "/do/draw-audit", &[("n", "20"), ("level", "sentence"), ("seed", "3")]);
    assert_eq!(passages(&other), first);
    done(&other, "/do/undo", &[]);
    assert!(passages(&other).is_empty());
    done(&other, "/do/draw-audit", &[("n", "20"), ("level", "sentence"), ("seed", "4")]);
    assert_ne!(passages(&other), first);
    // A codebook that learned from the sample is no longer tested by it.
    let add = [("do", "change"), ("concept", "dignity"), ("patterns.en", "dignity\nrespect"), ("role", "value")];
    done(&bench, "/do/concept", &add);
    assert!(bench.get("/audit").body.contains("The codebook was changed since the sample was drawn."));
}

fn passages(bench: &Bench) -> Vec<String> {
    let material = bench.study().material(None).unwrap().material;
    let audits = nomoscope_core::study::audit::audits(&material.study);
    audits.iter().flat_map(|a| a.passages.iter().map(|p| p.quote.clone())).collect()
}

#[test]
fn what_is_no_answer_is_refused() {
    let bench = file_of(&text());
    for fields in [
        [("n", "0"), ("seed", "1")],
        [("n", "10001"), ("seed", "1")],
        [("n", "x"), ("seed", "1")],
        [("n", "5"), ("seed", "-1")],
    ] {
        assert_eq!(bench.post("/do/draw-audit", &fields).status, 400, "{fields:?}");
    }
    done(&bench, "/do/draw-audit", &[("n", "5"), ("level", "paragraph"), ("seed", "1")]);
    let (id, _) = shown(&bench).unwrap();
    for fields in [
        vec![("passage", "nothing"), ("said", "nothing")],
        vec![("passage", &*id), ("said", "some")],
        vec![("passage", &*id), ("said", "nothing"), ("missing", "dignity")],
        vec![("passage", &*id), ("said", "some"), ("missing", "nothing")],
    ] {
        assert_eq!(bench.post("/do/audit", &fields).status, 400, "{fields:?}");
    }
    assert_eq!(shown(&bench).unwrap().0, id, "nothing was read");
}

#[test]
fn an_audit_comes_along_when_studies_are_joined() {
    let bench = folder_of(&text());
    done(&bench, "/do/draw-audit", &[("n", "20"), ("level", "sentence"), ("seed", "3")]);
    read(&bench, 4);
    let other = file_of(&text());
    // The other drew the same, and has read one passage more.
    done(&other, "/do/draw-audit", &[("n", "20"), ("level", "sentence"), ("seed", "3")]);
    read(&other, 5);
    let merge = |into: &Bench, from: std::path::PathBuf| {
        let act = nomoscope_desk::Act::Merge { other: from, coders: [("me".to_owned(), "ben".to_owned())].into() };
        into.study().apply(&act, "me").unwrap();
        let material = into.study().material(None).unwrap().material;
        let audits = nomoscope_core::study::audit::audits(&material.study);
        let of = |a: &nomoscope_core::study::audit::Audit<'_>| (a.seed, a.passages.len(), a.read.len());
        audits.iter().map(of).collect::<Vec<_>>()
    };
    let untouched = folder_of(&text());
    assert_eq!(merge(&untouched, bench.dir.path().join("study")), [(3, 20, 4)]);
    assert_eq!(merge(&other, bench.dir.path().join("study")), [(3, 20, 5)]);
}
