//! Suggestions: off until switched on, learned from both kinds of decisions, and counted by whoever accepts them.

use crate::client::{Bench, file_of, folder_of};
use nomoscope_core::study::{CodingStatus, Origin, Subject, Value};
use std::fmt::Write as _;

/// Forced labour of people, which is meant, and in titles, which is not; and sentences like both without the words.
pub(crate) fn text() -> String {
    let mut text = String::new();
    for i in 0..12 {
        let _ = write!(text, "Workers in factories suffer forced labour, witness {i} said.\n\n");
        let _ = write!(text, "The novel with forced labour in its title sold copy {i}.\n\n");
    }
    text.push_str("Workers in factories suffer beatings, a witness said.\n\nThe novel sold well.\n\nIt rained.\n");
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

/// Decides about the hits in the first `n` sentences of each kind.
pub(crate) fn judge(bench: &Bench, n: usize) {
    let text = text();
    for (i, (at, words)) in text.match_indices("forced labour").take(2 * n).enumerate() {
        let (start, end) = (at.to_string(), (at + words.len()).to_string());
        let right = if i % 2 == 0 { "1" } else { "0" };
        let fields = [
            ("source", "sources/a.txt"),
            ("start", &*start),
            ("end", &*end),
            ("concept", "forced-labour"),
            ("right", right),
        ];
        done(bench, "/do/judge", &fields);
    }
}

const PAGE: &str = "/suggestions?concept=forced-labour";

/// Returns the sentences that are suggested, with their ends.
fn suggested(bench: &Bench) -> Vec<(String, String, String)> {
    let page = bench.get(PAGE).body;
    let field = |part: &str, name: &str| {
        let value = part.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        value.split_once('"').unwrap().0.to_owned()
    };
    let one = |part: &str| {
        let words = part.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned();
        (words, field(part, "start"), field(part, "end"))
    };
    page.split("<blockquote").skip(1).map(one).collect()
}

fn coded(bench: &Bench) -> usize {
    let corpus = bench.study().material(None).unwrap().material.corpus(&Default::default()).unwrap();
    corpus.coded[0].codings.len()
}

#[test]
fn nothing_is_suggested_before_it_is_switched_on_and_learned() {
    let bench = file_of(&text());
    judge(&bench, 12);
    let page = bench.get(PAGE).body;
    assert!(page.contains("Switch suggestions on") && suggested(&bench).is_empty(), "{page}");
    let verdict =
        [("concept", "forced-labour"), ("source", "sources/a.txt"), ("start", "0"), ("end", "10"), ("right", "1")];
    assert_eq!(bench.post("/do/suggestion", &verdict).status, 422);
    done(&bench, "/do/suggestions", &[("on", "1")]);
    assert!(!suggested(&bench).is_empty());
    done(&bench, "/do/undo", &[]);
    assert!(suggested(&bench).is_empty(), "off again");
    let few = folder_of(&text());
    done(&few, "/do/suggestions", &[("on", "1")]);
    judge(&few, 9);
    let page = few.get(PAGE).body;
    assert!(page.contains("There are 9 sentences in which “forced labour” was accepted and 9 in which it was turned down, and nothing is learned from fewer than 10 of each"), "{page}");
    judge(&few, 10);
    assert!(!suggested(&few).is_empty());
}

#[test]
fn a_suggestion_counts_once_it_is_accepted_and_keeps_where_it_came_from() {
    both(|bench| {
        done(bench, "/do/suggestions", &[("on", "1")]);
        judge(bench, 12);
        let before = coded(bench);
        let list = suggested(bench);
        assert_eq!(list.len(), 3);
        assert!(list[0].0.starts_with("Workers in factories suffer beatings"), "{list:?}");
        assert_eq!(coded(bench), before, "what is suggested is not counted");
        let verdict = |n: usize, right: &'static str| {
            let (_, start, end) = list[n].clone();
            done(
                bench,
                "/do/suggestion",
                &[
                    ("concept", "forced-labour"),
                    ("source", "sources/a.txt"),
                    ("start", &start),
                    ("end", &end),
                    ("right", right),
                ],
            );
        };
        verdict(0, "1");
        assert_eq!(coded(bench), before + 1);
        let study = bench.study().material(None).unwrap().material.study.clone();
        let coding = study.codings.iter().find(|c| c.quote.contains("beatings")).unwrap();
        assert_eq!(
            (coding.coder.as_str(), coding.status, study.origins().of(coding)),
            ("me", CodingStatus::Accepted, Origin::Suggestion)
        );
        assert!(coding.created.starts_with("20"));
        let value = |variable: &str| {
            let of = Subject::Coding(coding.id.clone());
            study
                .annotations
                .values
                .iter()
                .find(|v| v.of == of && study.is_variable(&v.variable, variable))
                .unwrap()
                .value
                .clone()
        };
        let [score, model] = Origin::SUGGESTION.map(value);
        let (Value::Decimal(score), Value::Text(model)) = (score, model) else { panic!("a score and a hash") };
        assert!((0.5..1.0).contains(&score.to_f64()), "{score:?}");
        assert!(model.len() == 64 && model.bytes().all(|b| b.is_ascii_hexdigit()), "{model}");
        // It is an example now, and no suggestion any more.
        assert_eq!(suggested(bench).len(), 2);
        done(bench, "/do/undo", &[]);
        assert_eq!((coded(bench), suggested(bench)), (before, list.clone()));
        verdict(1, "0");
        assert_eq!((coded(bench), suggested(bench).len()), (before, 2));
        assert!(bench.get(PAGE).body.contains("12 sentences in which people accepted “forced labour” and 13 in which"));
    });
}

#[test]
fn an_audit_tells_what_the_model_misses() {
    let bench = file_of(&text());
    done(&bench, "/do/suggestions", &[("on", "1")]);
    judge(&bench, 12);
    assert!(bench.get(PAGE).body.contains("what the model misses is not known"));
    // All passages are drawn, so that none is left to learn from.
    done(&bench, "/do/draw-audit", &[("n", "27"), ("level", "sentence"), ("seed", "1")]);
    assert!(bench.get(PAGE).body.contains("0 sentences in which"));
    done(&bench, "/do/undo", &[]);
    // A seed whose first passage is one that the lexicon misses: one passage is audited, and the rest are examples.
    for seed in 1..500 {
        done(&bench, "/do/draw-audit", &[("n", "1"), ("level", "sentence"), ("seed", &seed.to_string())]);
        let page = bench.get("/audit").body;
        if page.contains("suffer beatings") {
            let id = page.split_once("name=\"passage\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
            done(&bench, "/do/audit", &[("passage", &id), ("said", "some"), ("missing", "forced-labour")]);
            let page = bench.get(PAGE).body;
            assert!(
                page.contains("Of 1 sentence in audits that hold the concept and have no hit, the model would find 1."),
                "{page}"
            );
            return;
        }
        done(&bench, "/do/undo", &[]);
    }
    panic!("no seed draws it");
}
