//! Unitised alpha against an independent program and a count character by character.

use nomoscope_core::coding::agreement::{CodedText, Mark, tally};
use nomoscope_core::text::Span;
use nomoscope_stats::agreement::{AgreementError, Disagreement};
use nomoscope_stats::unitizing::{all_segments, intersections, overlaps};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    length: usize,
    units: Vec<Vec<[u32; 3]>>,
    u_alpha: f64,
    cu_alpha: f64,
    ku_alpha: BTreeMap<String, f64>,
}

#[track_caller]
fn near(what: &str, value: Result<f64, AgreementError>, expect: f64) {
    let value = value.unwrap();
    assert!((value - expect).abs() < 1e-12, "{what}: {value}, not {expect}");
}

fn marks(units: &[[u32; 3]]) -> Vec<Mark> {
    units.iter().map(|&[v, s, e]| Mark { concept: v - 1, span: Span::new(s, e) }).collect()
}

fn coded<'t>(text: &'t str, units: &[Vec<[u32; 3]>]) -> CodedText<'t> {
    CodedText::new(text, units.iter().map(|u| Some(marks(u))).collect(), vec![(0, 0)])
}

#[test]
fn values_agree_with_other_programs() {
    let file: File = toml::from_str(include_str!("../../../nomoscope-stats/testdata/unitizing.toml")).unwrap();
    for case in &file.case {
        let text = "x".repeat(case.length);
        let runs = coded(&text, &case.units).runs();
        assert!(!overlaps(&runs), "{}", case.name);
        let agreement = |d: Result<Disagreement, AgreementError>| d.and_then(Disagreement::agreement);
        near(&case.name, agreement(all_segments(&runs, None).u_alpha(&[1])), case.u_alpha);
        let met = intersections(&runs);
        near(&case.name, agreement(met.cu_alpha(&[1])), case.cu_alpha);
        for (value, want) in &case.ku_alpha {
            near(&case.name, agreement(met.ku_alpha(value.parse().unwrap(), &[1])), *want);
        }
    }
}

#[test]
fn characters_are_counted_not_bytes() {
    let text = "éàü.";
    let runs = coded(text, &[vec![[1, 0, 4]], vec![[1, 2, 6]]]).runs();
    let lengths: Vec<u64> = runs.iter().map(|r| r.length).collect();
    assert_eq!(lengths, [1, 1, 1, 1]);
}

#[test]
fn where_coders_give_several_values_the_same_ones_are_matched() {
    // Both mark all of it as 1; the first also as 2, the second also as 3: one agreement, one confusion.
    let runs = coded("xxxxxxxxxx", &[vec![[1, 0, 10], [2, 0, 10]], vec![[1, 0, 10], [3, 0, 10]]]).runs();
    assert!(overlaps(&runs));
    let met = intersections(&runs);
    let d = met.cu_alpha(&[1]).unwrap();
    assert!((d.observed - 0.5).abs() < 1e-12, "{d:?}");
}

#[test]
fn nothing_in_common() {
    let runs = coded("xxxxxxxxxx", &[vec![[1, 0, 4]], vec![[2, 6, 10]]]).runs();
    assert_eq!(intersections(&runs).cu_alpha(&[1]), Err(AgreementError::NoIntersection));
    let nobody = coded("xxxxxxxxxx", &[vec![], vec![]]).runs();
    assert_eq!(all_segments(&nobody, None).u_alpha(&[1]).unwrap().agreement(), Err(AgreementError::NoVariation));
    let alone = CodedText::new("xxxx", vec![Some(vec![]), None], vec![]).runs();
    assert_eq!(all_segments(&alone, None).u_alpha(&[1]), Err(AgreementError::NoPair));
}

#[test]
fn differences_say_who_and_what_instead() {
    let text = "one two three four five";
    let of = |units: &[[u32; 3]]| Some(marks(units));
    // The first marks "one two" as 1; the second "two", and "five" as 2; the third "one" as 3 and nothing else.
    let coded =
        CodedText::new(text, vec![of(&[[1, 0, 7]]), of(&[[1, 4, 7], [2, 19, 23]]), of(&[[3, 0, 3]]), None], vec![]);
    let found = coded.differences(None);
    let first = &found[0];
    assert_eq!((first.concept, first.span), (0, Span::new(0, 7)));
    assert_eq!((first.marked_by.as_slice(), first.not_by.as_slice()), ([0, 1].as_slice(), [2].as_slice()));
    assert_eq!(first.instead, [(2, 2)]);
    // Of three pairs two part everywhere in it, whoever it is.
    assert!((first.share - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(first.characters, 7);
    assert_eq!(found.len(), 3);
    let words = [Span::new(0, 3), Span::new(4, 7)];
    let by_unit = coded.differences(Some(&words));
    let places: Vec<(u32, Span)> = by_unit.iter().map(|d| (d.concept, d.span)).collect();
    assert_eq!(places, [(0, words[0]), (0, words[1]), (2, words[0])]);
}

#[test]
fn a_lexicon_against_people() {
    let m = |units: &[[u32; 3]]| marks(units);
    // Of three hits two are right; of the people's passages one half is enough, and one of two is found.
    let lexicon = m(&[[1, 0, 3], [1, 4, 7], [1, 20, 23]]);
    let people = [m(&[[1, 0, 8], [1, 30, 33]]), m(&[[1, 2, 5]])];
    let found = tally(&lexicon, &people, None)[&0];
    assert_eq!((found.hits, found.right, found.wanted, found.found), (3, 2, 2, 1));
    let units = [Span::new(0, 10), Span::new(10, 40)];
    let found = tally(&lexicon, &people, Some(&units))[&0];
    assert_eq!((found.hits, found.right, found.wanted, found.found), (2, 2, 2, 2));
}

fn coders() -> impl Strategy<Value = Vec<Vec<[u32; 3]>>> {
    let unit = (1_u32..4, 0_u32..40, 1_u32..12).prop_map(|(v, s, n)| [v, s, (s + n).min(50)]);
    prop::collection::vec(prop::collection::vec(unit, 0..6), 2..4)
}

proptest! {
    #[test]
    fn order_of_coders_does_not_matter(units in coders()) {
        let text = "x".repeat(50);
        let reversed: Vec<_> = units.iter().rev().cloned().collect();
        for only in [None, Some(1)] {
            let value = |units: &[Vec<[u32; 3]>]| all_segments(&coded(&text, units).runs(), only).u_alpha(&[1]).unwrap();
            let (a, b) = (value(&units), value(&reversed));
            prop_assert!((a.observed - b.observed).abs() < 1e-12 && (a.expected - b.expected).abs() < 1e-12);
            if let Ok(alpha) = a.agreement() {
                prop_assert!(alpha <= 1.0);
            }
        }
        let met = |units: &[Vec<[u32; 3]>]| intersections(&coded(&text, units).runs()).cu_alpha(&[1]).ok();
        match (met(&units), met(&reversed)) {
            (Some(a), Some(b)) => prop_assert!((a.observed - b.observed).abs() < 1e-12 && (a.expected - b.expected).abs() < 1e-12),
            (a, b) => prop_assert_eq!(a, b),
        }
    }

    #[test]
    fn who_marks_the_same_agrees(units in prop::collection::vec((1_u32..4, 0_u32..40, 1_u32..12), 1..6), n in 2_usize..4) {
        let text = "x".repeat(60);
        let one: Vec<[u32; 3]> = units.iter().map(|&(v, s, n)| [v, s, s + n]).collect();
        let coded = coded(&text, &vec![one; n]);
        let runs = coded.runs();
        prop_assert!(coded.differences(None).is_empty());
        for value in 1..4 {
            if let Ok(alpha) = all_segments(&runs, Some(value)).u_alpha(&[1]).unwrap().agreement() {
                prop_assert!((alpha - 1.0).abs() < 1e-12);
            }
        }
        if let Ok(alpha) = intersections(&runs).cu_alpha(&[1]).and_then(Disagreement::agreement) {
            prop_assert!((alpha - 1.0).abs() < 1e-12);
        }
    }

    /// Whatever anybody marked is agreed on or differed over, once; what is agreed on all marked, letter by letter.
    #[test]
    fn agreements_and_differences_share_out_what_is_marked(units in coders()) {
        let text = "x".repeat(60);
        let coded = coded(&text, &units);
        let agreed = coded.agreements();
        let differences = coded.differences(None);
        for concept in 0..3 {
            for at in 0..60 {
                let letter = Span::new(at, at + 1);
                let marks = |of: &&Option<Vec<Mark>>| {
                    of.iter().flatten().any(|m| m.concept == concept && m.span.overlaps(letter))
                };
                let n = coded.by_coder.iter().filter(marks).count();
                let yes = agreed.iter().filter(|m| m.concept == concept && m.span.overlaps(letter)).count();
                let no = differences.iter().filter(|d| d.concept == concept && d.span.overlaps(letter)).count();
                prop_assert_eq!(yes + no, usize::from(n > 0));
                prop_assert!(yes == 0 || n == units.len());
            }
        }
    }

    /// Runs cover the text once, whoever marked what.
    #[test]
    fn runs_cover_the_text(units in coders()) {
        let text = "x".repeat(50);
        let runs = coded(&text, &units).runs();
        prop_assert_eq!(runs.iter().map(|r| r.length).sum::<u64>(), 50);
    }
}
