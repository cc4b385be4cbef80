//! Several coders: blind until both are done, then decided between.

use crate::client::{Bench, TEXT, file, folder};
use nomoscope_core::study::{CodingRecord, CodingStatus};

const SOURCE: &str = "sources/a.txt";

fn both(check: impl Fn(&Bench)) {
    check(&folder());
    check(&file());
}

#[track_caller]
fn done(bench: &Bench, who: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = bench.post_by(who, path, fields);
    assert_eq!(answer.status, 200, "{path} {fields:?}: {}", answer.body);
    answer.body
}

/// Codes words of the text, where they stand first.
#[track_caller]
fn mark(bench: &Bench, who: &str, words: &str, concept: &str) {
    let start = TEXT.find(words).unwrap();
    let (from, to) = (start.to_string(), (start + words.len()).to_string());
    done(bench, who, "/do/mark", &[("source", SOURCE), ("start", &from), ("end", &to), ("concept", concept)]);
}

#[track_caller]
fn finish(bench: &Bench, who: &str, is_done: &str) {
    done(bench, who, "/do/finish", &[("source", SOURCE), ("done", is_done)]);
}

/// Two who code blindly, with their cookies.
fn pair(bench: &Bench) -> [String; 2] {
    let two = ["ana", "ben"].map(|name| bench.coder(name));
    done(bench, &two[0], "/do/blind", &[("coders", "ana, ben")]);
    two
}

fn codings(bench: &Bench, coder: &str) -> Vec<CodingRecord> {
    let all = bench.study().material(None).unwrap().material.study.codings.clone();
    all.into_iter().filter(|c| c.coder == *coder).collect()
}

/// Every address that shows anything of a study.
const ADDRESSES: [&str; 38] = [
    "/sources",
    "/sources?words=reason",
    "/read?source=sources/a.txt",
    "/read?source=sources/a.txt&fragment=part",
    "/describe?source=sources/a.txt",
    "/doctor",
    "/forget",
    "/passphrase",
    "/look",
    "/review",
    "/codebook",
    "/codebook?concept=dignity",
    "/codebook/preview?pattern=reason",
    "/concepts.json",
    "/map?bootstrap=0&window=source",
    "/map/answer.json?bootstrap=0&window=source",
    "/map/passages?of=k-dignity&bootstrap=0&window=source",
    "/compare?by=kind",
    "/trend",
    "/slip",
    "/words",
    "/network",
    "/agree",
    "/agree/answer.json",
    "/agree/passages.csv",
    "/double",
    "/adjudicate",
    "/audit",
    "/suggestions",
    "/report?map.bootstrap=0&map.window=source",
    "/report/map.bootstrap%3D0%26map.window%3Dsource/appendix.html",
    "/exchange?to=codings",
    "/exchange/codings",
    "/settings",
    "/names",
    "/history",
    "/revision",
    "/help",
];

/// What the pages of a person have, without what changes with every change of the study.
fn shown(bench: &Bench, who: &str) -> Vec<String> {
    let revision = bench.study().revision().unwrap();
    let one = |path: &&str| {
        for _ in 0..200 {
            let body = bench.get_by(who, path).body;
            if !body.contains("<progress") {
                return format!("{path}\n{}", body.replace(&revision, ""));
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{path} is never answered");
    };
    ADDRESSES.iter().map(one).collect()
}

#[test]
fn nothing_of_anothers_work_is_in_any_answer_before_both_are_done() {
    both(|bench| {
        let [ana, ben] = pair(bench);
        mark(bench, &ana, "States", "dignity");
        let before = shown(bench, &ana);
        // Ben codes, notes, decides about a hit, makes a memo on the source.
        mark(bench, &ben, "reason", "dignity");
        let coding = codings(bench, "ben")[0].id.to_string();
        done(bench, &ben, "/do/remark", &[("coding", &coding), ("text", "zebra")]);
        let hit = TEXT.find("prohibit").unwrap();
        let ends = (hit.to_string(), (hit + "prohibit".len()).to_string());
        let verdict =
            [("source", SOURCE), ("start", &*ends.0), ("end", &*ends.1), ("concept", "prohibit"), ("right", "0")];
        done(bench, &ben, "/do/judge", &verdict);
        done(bench, &ben, "/do/memo", &[("about", "source:sources/a.txt"), ("text", "zebra")]);
        done(bench, &ben, "/do/memo", &[("about", &format!("coding:{coding}")), ("text", "zebra")]);
        let blind = shown(bench, &ana);
        for (was, is) in before.iter().zip(&blind).filter(|(was, _)| !was.starts_with("/history")) {
            assert_eq!(was, is);
        }
        let history = blind.iter().find(|p| p.starts_with("/history")).unwrap();
        assert!(history.contains("ben") && history.contains("(hidden until both are done)"), "{history}");
        assert!(!history.contains("turning down") && history.matches("dignity").count() == 1, "{history}");
        for page in &blind {
            assert!(!page.contains("zebra") && !page.contains(&coding), "{page}");
        }
        // A study as a whole holds what is hidden.
        assert_eq!(bench.get_by(&ana, "/exchange/study.zip").status, 400);
        // Nothing of it is told by what a codebook or a project has in common with it, or undone by them.
        let take = |what: &str, name: &str, bytes: &[u8]| {
            let parts: [(&str, &str, &[u8]); 3] =
                [("do", "", what.as_bytes()), ("prune", "", b""), ("files", name, bytes)];
            bench.upload_by(&ana, "/do/exchange", &parts)
        };
        let lacks = take("codebook", "codes.csv", b"concept,role,pattern\nforced-labour,problem,forced labour\n");
        assert!(lacks.status == 422 && lacks.body.contains("no concept `prohibit`"), "{}", lacks.body);
        assert!(!lacks.body.contains("coding") || !lacks.body.contains("1 coding"), "{}", lacks.body);
        let guess = b"source,quote,code,coder\na.txt,reason,dignity,ben\n";
        let again = [take("import", "c.csv", guess), take("import", "c.csv", guess)].map(|answer| answer.body);
        assert!(
            again.iter().all(|body| body.contains("is not told while") && !body.contains("nothing changed")),
            "{again:?}"
        );
        done(bench, &ana, "/do/undo", &[]);
        assert_eq!(bench.get_by(&ana, "/names").status, 200);
        // It is not there to be asked for, either.
        let key = format!("{}-{}-dignity", TEXT.find("reason").unwrap(), TEXT.find("reason").unwrap() + "reason".len());
        assert_eq!(bench.get_by(&ana, &format!("/read?source=sources/a.txt&fragment=mark&mark={key}")).status, 404);
        for (path, field) in [("/do/unmark", ("coding", &*coding)), ("/do/remark", ("coding", &*coding))] {
            let [real, none] =
                [field.1, "nothing"].map(|id| bench.post_by(&ana, path, &[(field.0, id), ("text", "x")]));
            assert_eq!((real.status, real.body.replace(field.1, "nothing")), (none.status, none.body), "{path}");
        }
        let about = format!("coding:{coding}");
        assert_eq!(bench.post_by(&ana, "/do/memo", &[("about", &about), ("text", "x")]).status, 400);
        // What was done last is Ben's: Ana takes back what she did herself, and cannot ask for his.
        done(bench, &ana, "/do/undo", &[]);
        assert!(codings(bench, "ana").is_empty() && codings(bench, "ben").len() == 2);
        done(bench, &ana, "/do/redo", &[]);
        assert_eq!(codings(bench, "ana").len(), 1);
        let undo = bench.post_by(&ana, "/do/undo", &[("coder", "ben")]);
        assert!(undo.status == 400 && !undo.body.contains("dignity") && !undo.body.contains("memo"), "{}", undo.body);
        // A text is corrected as long as nothing can lose its place by it, whether or not anything is there.
        let correct = |was: &str, text: &str| {
            let name = |kind: &str| format!("{kind}.0-{}", "States prohibit forced labour.".len());
            let before = "States prohibit forced labour.";
            let after = before.replace(was, text);
            let fields = [("source", SOURCE), (&name("was"), before), (&name("text"), &after)];
            bench.post_by(&ana, "/do/correct", &fields).status
        };
        assert_eq!((correct("labour", "travail"), correct("labour", ""), correct("labour", "labor")), (400, 400, 200));
        done(bench, &ana, "/do/undo", &[]);
        let other = bench.post_by(&ana, "/do/concept", &[("do", "remove"), ("concept", "dignity")]);
        assert!(other.status == 400 && !other.body.contains('2'), "{}", other.body);

        // One who is done sees no more than before; when both are, they see each other.
        finish(bench, &ana, "1");
        let page = |who: &str| bench.get_by(who, "/read?source=sources/a.txt").body;
        assert!(!page(&ana).contains(&key) && page(&ben).contains(&key));
        let ana_key = "0-6-dignity";
        assert!(!page(&ben).contains(ana_key));
        finish(bench, &ben, "1");
        assert!(page(&ana).contains(&key) && page(&ben).contains(ana_key));
        assert!(bench.get_by(&ana, "/history").body.contains("turning down"));
        // Taken back, it is hidden again.
        finish(bench, &ben, "0");
        assert!(!page(&ana).contains(&key) && !page(&ben).contains(ana_key));
        done(bench, &ben, "/do/undo", &[]);
        assert!(page(&ana).contains(&key));
    });
}

#[test]
fn an_onlooker_sees_nothing_before_two_are_done() {
    let bench = file();
    let [ana, ben] = pair(&bench);
    let olga = bench.coder("olga");
    mark(&bench, &ana, "States", "dignity");
    mark(&bench, &ben, "reason", "dignity");
    let page = || bench.get_by(&olga, "/read?source=sources/a.txt").body;
    finish(&bench, &ana, "1");
    assert!(!page().contains("0-6-dignity"));
    finish(&bench, &ben, "1");
    assert!(page().contains("0-6-dignity"));
}

#[test]
fn agreement_speaks_of_what_both_are_done_with() {
    both(|bench| {
        let [ana, ben] = pair(bench);
        mark(bench, &ana, "States", "dignity");
        mark(bench, &ben, "States", "dignity");
        finish(bench, &ana, "1");
        let page = bench.get_by(&ana, "/agree").body;
        assert!(page.contains("no two of ana, ben are done with any of 1 sources"), "{page}");
        finish(bench, &ben, "1");
        let page = bench.get_by(&ana, "/agree").body;
        assert!(page.contains("two coders are done with 1 of 1 source"), "{page}");
    });
}

#[test]
fn who_is_done_is_in_the_study_and_comes_along() {
    let bench = folder();
    let [ana, _] = pair(&bench);
    finish(&bench, &ana, "1");
    finish(&bench, &ana, "1");
    let study = bench.dir.path().join("study");
    let is_done = |path: &std::path::Path, who: &str| {
        let material = nomoscope_desk::Desk::open(path).unwrap().material(None).unwrap().material;
        nomoscope_core::study::double::DoubleCoding::of(&material.study).is_done(SOURCE, who)
    };
    assert!(is_done(&study, "ana") && !is_done(&study, "ben"));
    assert_eq!(std::fs::read_to_string(study.join("links.csv")).unwrap().lines().count(), 2, "once is enough");
    // As a file, and joined to the study of somebody else, under another name.
    let copy = bench.dir.path().join("copy.nomo");
    nomoscope_desk::study::make::from_folder(&study, &copy, None).unwrap();
    assert!(is_done(&copy, "ana"));
    let other = folder();
    let act = nomoscope_desk::Act::Merge { other: copy, coders: [("ana".to_owned(), "anne".to_owned())].into() };
    other.study().apply(&act, "olga").unwrap();
    assert!(is_done(&other.dir.path().join("study"), "anne"));
}

fn statuses(bench: &Bench) -> Vec<(String, String, CodingStatus)> {
    let all = codings(bench, "adjudicated");
    all.into_iter().map(|c| (c.quote, c.concept.to_string(), c.status)).collect()
}

/// Returns the fields of the form of the difference that is shown.
fn shown_item(bench: &Bench, who: &str) -> Option<String> {
    let page = bench.get_by(who, "/adjudicate").body;
    let key = page.split_once("name=\"item\" value=\"")?.1.split_once('"')?.0;
    Some(key.to_owned())
}

#[track_caller]
fn decide(bench: &Bench, who: &str, words: &str, fields: &[(&str, &str)]) {
    let key = shown_item(bench, who).unwrap();
    let page = bench.get_by(who, "/adjudicate").body;
    assert!(page.contains(words), "{words}: {page}");
    let all = [&[("source", SOURCE), ("item", &*key)], fields].concat();
    done(bench, who, "/do/adjudicate", &all);
}

#[test]
fn differences_are_decided_one_by_one_and_agreements_at_once() {
    both(|bench| {
        let [ana, ben] = pair(bench);
        // Alike; other words; another concept; one alone.
        for who in [&ana, &ben] {
            mark(bench, who, "so on", "dignity");
        }
        mark(bench, &ana, "States prohibit", "prohibit");
        mark(bench, &ben, "prohibit", "prohibit");
        mark(bench, &ana, "A further sentence", "dignity");
        mark(bench, &ben, "further", "prohibit");
        mark(bench, &ben, "the reason", "dignity");
        // The same twice, and several concepts upon each other, by one coder: they hide nothing and double nothing.
        mark(bench, &ben, "the reason", "dignity");
        mark(bench, &ben, "the reason", "forced-labour");
        assert!(bench.get_by(&ana, "/adjudicate").body.contains("Nothing is to be decided yet"));
        finish(bench, &ana, "1");
        assert!(bench.get_by(&ana, "/adjudicate").body.contains("Nothing is to be decided yet"));
        finish(bench, &ben, "1");
        let agreement = bench.get_by(&ana, "/agree/coefficients.csv").body;
        let page = bench.get_by(&ana, "/adjudicate").body;
        assert!(page.contains("To be decided: 1 agreement and 4 differences. Decided: 0."), "{page}");
        done(bench, &ana, "/do/adjudicate-agreed", &[]);
        assert_eq!(statuses(bench), [("so on".to_owned(), "dignity".to_owned(), CodingStatus::Accepted)]);
        done(bench, &ana, "/do/undo", &[]);
        assert!(statuses(bench).is_empty(), "one undo takes all of it back");
        done(bench, &ana, "/do/redo", &[]);

        decide(
            bench,
            &ana,
            "ana and ben marked “prohibit” here, but not the same words.",
            &[("take", "coder"), ("coder", "ben")],
        );
        decide(
            bench,
            &ana,
            "ana marked this as “dignity”, ben marked this as “prohibit”.",
            &[("take", "own"), ("words", "A further"), ("concept", "dignity")],
        );
        decide(bench, &ana, "ben marked “dignity” here, ana did not.", &[("take", "both")]);
        let before = statuses(bench);
        decide(bench, &ana, "ben marked “forced labour” here, ana did not.", &[("take", "neither")]);
        done(bench, &ana, "/do/undo", &[]);
        assert_eq!(statuses(bench), before, "each decision is taken back by itself");
        decide(bench, &ana, "ben marked “forced labour” here, ana did not.", &[("take", "neither")]);
        assert!(shown_item(bench, &ana).is_none());
        let mut all = statuses(bench);
        all.sort();
        let (yes, no) = (CodingStatus::Accepted, CodingStatus::Rejected);
        let want = [
            ("A further", "dignity", yes),
            ("further", "prohibit", no),
            ("prohibit", "prohibit", yes),
            ("so on", "dignity", yes),
            ("the reason", "dignity", yes),
            ("the reason", "forced-labour", no),
        ];
        assert_eq!(all, want.map(|(q, c, s)| (q.to_owned(), c.to_owned(), s)));
        // The two stay as they were, and so does how far they agree.
        assert_eq!((codings(bench, "ana").len(), codings(bench, "ben").len()), (3, 5), "the same coding twice is one");
        assert_eq!(bench.get_by(&ana, "/agree/coefficients.csv").body, agreement);
        let page = bench.get_by(&ana, "/agree").body;
        assert!(!page.contains("adjudicated"), "{page}");
        // What was decided counts in their place.
        let corpus = bench.study().material(None).unwrap().material.corpus(&Default::default()).unwrap();
        let spans: Vec<&str> =
            corpus.coded[0].codings.iter().map(|c| c.span.of(&corpus.sources[0].document.text)).collect();
        assert!(spans.contains(&"A further") && !spans.contains(&"A further sentence"), "{spans:?}");
        assert!(!spans.contains(&"States prohibit") && spans.contains(&"the reason"), "{spans:?}");
        assert_eq!(spans.iter().filter(|s| **s == "the reason").count(), 1, "{spans:?}");
    });
}

#[test]
fn decisions_are_refused_where_they_do_not_fit() {
    let bench = file();
    let [ana, ben] = pair(&bench);
    mark(&bench, &ana, "States", "dignity");
    for who in [&ana, &ben] {
        finish(&bench, who, "1");
    }
    let key = shown_item(&bench, &ana).unwrap();
    let with = |fields: &[(&str, &str)]| {
        let all = [&[("source", SOURCE), ("item", &*key)], fields].concat();
        bench.post_by(&ana, "/do/adjudicate", &all)
    };
    for (fields, reason) in [
        (vec![("take", "coder"), ("coder", "olga")], "Choose what is to stand."),
        (vec![("take", "all")], "Choose what is to stand."),
        (vec![("take", "own"), ("words", " ")], "Write the words"),
        (vec![("take", "own"), ("words", "dignity")], "do not stand in the sentence"),
        (vec![("take", "own"), ("words", "States"), ("concept", "nothing")], "Choose a concept"),
        (vec![("take", "own"), ("words", "o")], "stand more than once"),
    ] {
        let answer = with(&fields);
        assert!(answer.status == 400 && answer.body.contains(reason), "{fields:?}: {}", answer.body);
    }
    assert_eq!(with(&[("take", "neither")]).status, 200);
    let again = with(&[("take", "neither")]);
    assert!(again.status == 400 && again.body.contains("no open difference any more"), "{}", again.body);
    // Nobody codes under the name of the decisions.
    assert_eq!(bench.post_by(&ben, "/settle", &[("coder", "adjudicated")]).status, 303);
    let fields = [("source", SOURCE), ("start", "0"), ("end", "6"), ("concept", "dignity")];
    assert_eq!(bench.post_by(&ben, "/do/mark", &fields).status, 400);
}
