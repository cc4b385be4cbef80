//! What is done through pages is done to the study, folder and file alike, and taken back.

use crate::client::{Bench, TEXT, file, folder};
use nomoscope_core::study::{CodingRecord, CodingStatus};

fn both(check: impl Fn(&Bench)) {
    check(&folder());
    check(&file());
}

fn codings(bench: &Bench) -> Vec<CodingRecord> {
    bench.study().material(None).unwrap().material.study.codings.clone()
}

const SOURCE: (&str, &str) = ("source", "sources/a.txt");

#[track_caller]
fn done(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = bench.post(path, fields);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

#[test]
fn a_passage_is_coded_where_the_page_showed_it() {
    both(|bench| {
        // "dignity 𝒙", by the piece that begins at "Forced labour" and UTF-16 units into it: `𝒙` has two of them.
        let piece = TEXT.find("Forced labour").unwrap();
        let start = TEXT[piece..].find("dignity").unwrap();
        let (from, to) = (start.to_string(), (start + "dignity ".len() + 2).to_string());
        let piece = piece.to_string();
        let fields = [
            SOURCE,
            ("start", &piece),
            ("start_units", &from),
            ("end", &piece),
            ("end_units", &to),
            ("concept", "dignity"),
        ];
        let body = done(bench, "/do/mark", &fields);
        assert!(body.contains("Coded as dignity"), "{body}");
        let coded = codings(bench);
        assert_eq!((coded.len(), coded[0].quote.as_str()), (1, "dignity 𝒙"));
        assert!(bench.get("/read?source=sources/a.txt").body.contains("person"));
        done(bench, "/do/undo", &[]);
        assert!(codings(bench).is_empty());
        done(bench, "/do/redo", &[]);
        let coding = codings(bench)[0].id.to_string();
        done(bench, "/do/remark", &[("coding", &coding), ("text", "why?")]);
        assert_eq!(codings(bench)[0].memo, "why?");
        done(bench, "/do/unmark", &[("coding", &coding)]);
        assert!(codings(bench).is_empty());
        done(bench, "/do/undo", &[]);
        assert_eq!(codings(bench)[0].memo, "why?");
    });
}

#[test]
fn a_new_concept_comes_with_its_first_passage_and_goes_with_it() {
    both(|bench| {
        let fields = [SOURCE, ("start", "0"), ("end", "6"), ("concept", "The State!"), ("role", "problem")];
        done(bench, "/do/mark", &fields);
        let material = bench.study().material(None).unwrap().material;
        let ix = material.codebook.find("the-state").expect("is in the codebook");
        assert_eq!(material.codebook.get(ix).label_in("en"), "The State!");
        assert_eq!(codings(bench)[0].quote, "States");
        done(bench, "/do/undo", &[]);
        let material = bench.study().material(None).unwrap().material;
        assert!(material.codebook.find("the-state").is_none() && material.study.codings.is_empty());
    });
}

#[test]
fn hits_are_accepted_and_turned_down_and_precision_is_told() {
    both(|bench| {
        let hit = |start: usize, right: &str| {
            let (start, end) = (start.to_string(), (start + "forced labour".len()).to_string());
            done(
                bench,
                "/do/judge",
                &[SOURCE, ("start", &start), ("end", &end), ("concept", "forced-labour"), ("right", right)],
            );
        };
        let (first, second) = (TEXT.find("forced labour").unwrap(), TEXT.find("Forced labour").unwrap());
        hit(first, "1");
        hit(second, "0");
        let status: Vec<CodingStatus> = codings(bench).iter().map(|c| c.status).collect();
        assert_eq!(status, [CodingStatus::Accepted, CodingStatus::Rejected]);
        let page = bench.get("/review").body;
        // Wilson (1927) for 1 of 2 at 95 %.
        assert!(page.contains("50 % (9 to 91 %, n = 2)"), "{page}");
        // Decided otherwise, it is the same coding.
        hit(second, "1");
        assert_eq!(codings(bench).len(), 2);
        done(bench, "/do/undo", &[]);
        done(bench, "/do/judge-all", &[("concept", "dignity"), ("right", "0")]);
        assert_eq!(codings(bench).iter().filter(|c| c.concept == "dignity").count(), 2);
        done(bench, "/do/undo", &[]);
        assert_eq!(codings(bench).len(), 2);
        let next = bench.get("/next");
        assert_eq!(next.status, 303);
        assert!(next.header("location").unwrap().contains("mark="), "{}", next.head);
    });
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    both(|bench| {
        let before = bench.study().revision().unwrap();
        for (path, fields) in [
            ("/do/mark", vec![SOURCE, ("start", "0"), ("end", "6"), ("concept", "nothing")]),
            ("/do/mark", vec![SOURCE, ("start", "0"), ("end", "999999"), ("concept", "dignity")]),
            ("/do/mark", vec![SOURCE, ("start", "6"), ("end", "7"), ("concept", "dignity")]),
            ("/do/mark", vec![("source", "x"), ("start", "0"), ("end", "6"), ("concept", "dignity")]),
            ("/do/mark", vec![SOURCE, ("start", "-1"), ("end", "6"), ("concept", "dignity")]),
            ("/do/judge", vec![SOURCE, ("start", "3"), ("end", "999999"), ("concept", "dignity"), ("right", "1")]),
            ("/do/unmark", vec![("coding", "nothing")]),
            ("/do/remark", vec![("coding", "nothing"), ("text", "x")]),
            // Words that nothing coded: to accept them would code them.
            ("/do/judge", vec![SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity"), ("right", "1")]),
            ("/do/memo", vec![("about", "source:nothing"), ("text", "x")]),
            ("/do/memo", vec![("about", "concept:nothing"), ("text", "x")]),
            ("/do/remove-source", vec![("source", "sources/nothing.txt")]),
            ("/do/memo", vec![("about", "study"), ("text", " ")]),
            ("/do/undo", vec![]),
            ("/do/redo", vec![]),
        ] {
            let answer = bench.post(path, &fields);
            assert!((400..500).contains(&answer.status), "{path} {fields:?}: {} {}", answer.status, answer.body);
        }
        assert_eq!(bench.study().revision().unwrap(), before);
    });
}

/// A button that is pressed twice, or two tabs: one person codes the same words as the same concept once.
#[test]
fn the_same_coding_twice_is_one() {
    both(|bench| {
        let fields = [SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity")];
        assert!(done(bench, "/do/mark", &fields).contains("Coded as dignity"));
        assert!(done(bench, "/do/mark", &fields).contains("Nothing changed"));
        assert_eq!(codings(bench).len(), 1);
        let ben = bench.coder("ben");
        assert_eq!(bench.post_by(&ben, "/do/mark", &fields).status, 200);
        assert_eq!(codings(bench).len(), 2, "another person's is their own");
    });
}

#[test]
fn an_act_tells_a_script_what_was_done_and_where_it_leads() {
    both(|bench| {
        assert_eq!(bench.post("/settle", &[("language", "fr")]).status, 303);
        let fields = [SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity"), ("back", "/read?source=x#t0")];
        let body = done(bench, "/do/mark", &fields);
        assert!(
            body.contains("\"said\":\"Codé : dignity\"") && body.contains("\"back\":\"/read?source=x#t0\""),
            "{body}"
        );
        let body = done(bench, "/do/undo", &[]);
        assert!(body.contains("Annulé : codage : dignity"), "{body}");
        let history = bench.get("/history").body;
        assert!(
            history.contains("annulation d&#39;un changement") || history.contains("annulation d'un changement"),
            "{history}"
        );
        let wrong = bench.post("/do/memo", &[("about", "study"), ("text", " ")]);
        assert!(wrong.status == 400 && wrong.body.contains("Un mémo a besoin de mots."), "{}", wrong.body);
    });
}

#[test]
fn a_source_leaves_the_study_and_comes_back() {
    both(|bench| {
        done(bench, "/do/mark", &[SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity")]);
        done(bench, "/do/remove-source", &[SOURCE]);
        assert_eq!(bench.study().material(None).unwrap().material.study.sources.len(), 0);
        done(bench, "/do/undo", &[]);
        assert_eq!(codings(bench)[0].quote, "States");
    });
}

#[test]
fn nobody_takes_away_what_another_coded() {
    both(|bench| {
        done(bench, "/do/mark", &[SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity")]);
        let coding = codings(bench)[0].id.to_string();
        assert_eq!(bench.post("/settle", &[("coder", "Bo")]).status, 303);
        let answer = bench.post("/do/unmark", &[("coding", &coding)]);
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert_eq!(codings(bench).len(), 1);
        assert_eq!(bench.post("/settle", &[("coder", "a,b")]).status, 400, "lists of coders have commas between them");
        assert_eq!(bench.post("/settle", &[("coder", "lexicon")]).status, 303);
        let answer = bench.post("/do/mark", &[SOURCE, ("start", "0"), ("end", "6"), ("concept", "dignity")]);
        assert_eq!(answer.status, 400, "{}", answer.body);
    });
}

#[test]
fn texts_come_through_the_browser_and_go_by_undo() {
    both(|bench| {
        let answer = bench.upload(&[("b.txt", b"Dignity."), ("c.md", b"# Title\n\nForced labour.")]);
        assert!(answer.status == 200 && answer.body.contains("2 sources added"), "{}", answer.body);
        assert_eq!(bench.study().material(None).unwrap().material.study.sources.len(), 3);
        assert_eq!(bench.upload(&[("b.txt", b"Again.")]).status, 400);
        done(bench, "/do/undo", &[]);
        assert_eq!(bench.study().material(None).unwrap().material.study.sources.len(), 1);
    });
}
