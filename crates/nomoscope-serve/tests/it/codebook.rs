//! Changes of the codebook, which codings follow.

use crate::client::{Bench, file, folder};

fn both(check: impl Fn(&Bench)) {
    check(&folder());
    check(&file());
}

#[track_caller]
fn change(bench: &Bench, fields: &[(&str, &str)], want: u16) {
    let answer = bench.post("/do/concept", fields);
    assert_eq!(answer.status, want, "{fields:?}: {}", answer.body);
}

/// Returns the ids of the concepts, and of the concepts of the codings.
fn state(bench: &Bench) -> (Vec<String>, Vec<String>) {
    let material = bench.study().material(None).unwrap().material;
    let concepts = material.codebook.concepts().iter().map(|c| c.id.clone()).collect();
    (concepts, material.study.codings.iter().map(|c| c.concept.to_string()).collect())
}

#[test]
fn codings_follow_their_concepts_and_one_undo_takes_it_back() {
    both(|bench| {
        let mark = [("source", "sources/a.txt"), ("start", "0"), ("end", "6"), ("concept", "dignity")];
        assert_eq!(bench.post("/do/mark", &mark).status, 200);
        assert_eq!(bench.post("/do/memo", &[("about", "concept:dignity"), ("text", "wide")]).status, 200);
        let before = state(bench);
        change(bench, &[("do", "rename"), ("concept", "dignity"), ("to", "Human dignity")], 200);
        assert_eq!(state(bench).1, ["human-dignity"]);
        let memos = bench.study().material(None).unwrap().material.study.memos.clone();
        assert_eq!(memos[0].about.to_string(), "concept:human-dignity");
        change(bench, &[("do", "merge"), ("concept", "human-dignity"), ("into", "forced-labour")], 200);
        assert_eq!(state(bench).1, ["forced-labour"]);
        assert!(!state(bench).0.contains(&"human-dignity".to_owned()));
        for _ in 0..2 {
            assert_eq!(bench.post("/do/undo", &[]).status, 200);
        }
        assert_eq!(state(bench), before);
        // A concept that is in use is not removed.
        change(bench, &[("do", "remove"), ("concept", "dignity")], 400);
        change(bench, &[("do", "remove"), ("concept", "prohibit")], 200);
        assert_eq!(state(bench).0.len(), before.0.len() - 1);
    });
}

#[test]
fn concepts_come_change_and_move() {
    both(|bench| {
        let add = [
            ("do", "add"),
            ("label", "Hard work"),
            ("role", "problem"),
            ("broader", "forced-labour"),
            ("patterns", "further sentence*\n"),
        ];
        change(bench, &add, 200);
        let page = bench.get("/codebook?concept=hard-work").body;
        assert!(page.contains("further sentence*") && page.contains("depth-1"), "{page}");
        let to = [
            ("do", "change"),
            ("concept", "hard-work"),
            ("label.en", "hard work"),
            ("label.fr", "travail dur"),
            ("role", "problem"),
            ("role", "value"),
            ("patterns.en", "further\nreason"),
            ("note", "what is meant"),
        ];
        change(bench, &to, 200);
        let material = bench.study().material(None).unwrap().material;
        let concept = material.codebook.get(material.codebook.find("hard-work").unwrap());
        assert_eq!(
            (concept.label_in("fr"), concept.roles.len(), concept.note.as_str()),
            ("travail dur", 2, "what is meant")
        );
        assert_eq!(concept.patterns["en"].iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["further", "reason"]);
        change(bench, &[("do", "move"), ("concept", "hard-work")], 200);
        // A circle, a broken pattern, an unknown concept: said, and nothing changed.
        let before = bench.study().revision().unwrap();
        change(bench, &[("do", "move"), ("concept", "hard-work"), ("broader", "hard-work")], 400);
        change(bench, &[("do", "change"), ("concept", "hard-work"), ("role", "problem"), ("patterns.en", "(a")], 400);
        change(bench, &[("do", "rename"), ("concept", "nothing"), ("to", "x")], 400);
        change(bench, &[("do", "rename"), ("concept", "hard-work"), ("to", "dignity")], 400);
        assert_eq!(bench.study().revision().unwrap(), before);
    });
}

/// Two forms of one concept: each writes what it changed, and nobody overwrites what they never saw.
#[test]
fn what_another_changed_meanwhile_stays() {
    both(|bench| {
        let form = |label: &str, patterns: &str, want: u16| {
            let fields = [
                ("do", "change"),
                ("concept", "dignity"),
                ("role", "value"),
                ("was.role", "value"),
                ("was.norm_label", ""),
                ("label.en", label),
                ("was.label.en", ""),
                ("patterns.en", patterns),
                ("was.patterns.en", "dignity"),
                ("not.en", ""),
                ("was.not.en", ""),
                ("note", ""),
                ("was.note", ""),
            ];
            change(bench, &fields, want);
        };
        let concept = || {
            let material = bench.study().material(None).unwrap().material;
            material.codebook.get(material.codebook.find("dignity").unwrap()).clone()
        };
        form("Dignity of all", "dignity", 200);
        form("", "dignity\r\nworth", 200);
        assert_eq!((concept().label_in("en"), concept().patterns["en"].len()), ("Dignity of all", 2));
        form("Another", "dignity", 400);
        assert_eq!(concept().label_in("en"), "Dignity of all");
        assert_eq!(concept().roles.len(), 1);
    });
}

#[test]
fn a_pattern_shows_what_it_finds_before_it_is_one() {
    let bench = folder();
    let found = bench.get("/codebook/preview?pattern=dignit*&sort=right").body;
    assert!(found.contains("2 hits in 1") && found.contains("read?source="), "{found}");
    assert_eq!(bench.get("/codebook/preview?pattern=(a").status, 400);
    // While it is written it is no failure of the page.
    assert_eq!(bench.get("/codebook/preview?pattern=(a&unfinished=1").status, 200);
    assert_eq!(bench.get("/codebook/preview").status, 400);
}
