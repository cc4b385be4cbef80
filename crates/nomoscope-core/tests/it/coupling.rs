//! Textual and actor-level coupling against other programs, on corpora made by hand, and by properties.

use crate::corpora::{Row, by_hand, codebook, corpus, ix, sources};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::counts::{Counts, SourceUnits};
use nomoscope_core::text::{Level, Span};
use nomoscope_core::usage::coupling::{
    CALIBRATION, Coupling, CouplingLevel, MIN_EXPECTED, TextualData, calibration_caution,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A source of units (words, and for each concept whether it is there).
fn units(rows: &[(u32, Vec<bool>)]) -> SourceUnits {
    let n = rows.first().map_or(0, |r| r.1.len());
    let presence = (0..n)
        .map(|c| (ConceptIx(c as u16), rows.iter().map(|r| r.1[c]).collect::<Vec<bool>>()))
        .filter(|(_, p)| p.contains(&true))
        .collect();
    SourceUnits::new(rows.iter().map(|r| r.0).collect(), presence).unwrap()
}

fn data(sources: &[SourceUnits]) -> TextualData {
    TextualData::new(sources, &|_, _| false)
}

fn find(couplings: &[Coupling], a: u16, b: u16) -> &Coupling {
    couplings.iter().find(|c| (c.a.0, c.b.0) == (a, b)).expect("the pair is there")
}

#[track_caller]
fn near(have: Option<f64>, want: f64) {
    let have = have.expect("a number");
    assert!((have - want).abs() <= 1e-9 * want.abs().max(1e-3), "{have} is not {want}");
}

/// Eight sources of twenty units with three concepts, from the linear congruential generator of the C standard's example.
fn drawn() -> Vec<SourceUnits> {
    let mut state = 7_u64;
    let mut below = |n: u64| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state >> 16) % n
    };
    let mut unit = || {
        let words = 10 + below(200) as u32;
        let a = below(100) < 35;
        let b = below(100) < if a { 60 } else { 25 };
        (words, vec![a, b, below(100) < 30])
    };
    (0..8).map(|_| units(&(0..20).map(|_| unit()).collect::<Vec<_>>())).collect()
}

#[test]
fn agrees_with_a_second_program() {
    // Python, on the same draws: numpy 1.26.4, scipy 1.12.0: exponents by brentq on the profile score (0, 0, 0: lengths tell nothing here), rates by
    // brentq on the score, odds ratio and ends of the interval by brentq on the sum of scores and on T; q by hand.
    let found = data(&drawn()).couplings(1.5);
    for (a, b, n11, expected, p, q, odds_ratio, lower, upper) in [
        (
            0,
            1,
            31,
            16.25,
            0.000_884_027_514_369_242_4,
            0.002_652_082_543_107_727,
            8.201_978_922_984_987,
            3.073_664_305_868_842,
            28.295_533_018_529_255,
        ),
        (
            0,
            2,
            16,
            15.7,
            0.916_676_497_840_940_6,
            0.916_676_497_840_940_6,
            1.043_890_983_432_876,
            0.367_384_958_174_993,
            2.619_229_259_526_598,
        ),
        (
            1,
            2,
            14,
            17.0,
            0.427_606_567_857_635_3,
            0.641_409_851_786_453,
            0.657_398_713_197_051_8,
            0.139_509_029_159_636_78,
            2.058_658_714_353_218,
        ),
    ] {
        let c = find(&found, a, b);
        assert_eq!((c.n11, c.informative_sources, c.level), (n11, 8, CouplingLevel::Textual));
        near(Some(c.expected), expected);
        near(c.p, p);
        near(c.q, q);
        near(c.odds_ratio, odds_ratio);
        near(c.interval.unwrap().lower, lower);
        near(c.interval.unwrap().upper, upper);
        assert_eq!(c.backbone, (a, b) == (0, 1));
    }
    // 160 units: 2 × 2 table of the first pair by hand from the counts.
    let c = find(&found, 0, 1);
    let (n11, n10, n01) = (c.n11 as f64, (c.n1 - c.n11) as f64, (c.n2 - c.n11) as f64);
    near(c.unadjusted, n11 * (160.0 - n11 - n10 - n01) / (n10 * n01));
    near(c.jaccard, n11 / (n11 + n10 + n01));
}

/// Six sources of one table each: units with both, the first only, the second only, neither, all of ten words.
fn six(cells: [usize; 4]) -> Vec<SourceUnits> {
    let kinds = [[true, true], [true, false], [false, true], [false, false]];
    let rows: Vec<(u32, Vec<bool>)> = kinds.iter().zip(cells).flat_map(|(k, n)| vec![(10, k.to_vec()); n]).collect();
    vec![units(&rows); 6]
}

/// The second program of the test above on six tables of 2 1 0 3, and on twelve of 0 2 2 3.
#[test]
fn where_one_side_is_empty_the_interval_has_one_end() {
    let found = data(&six([2, 1, 0, 3])).couplings(1.5);
    let c = &found[0];
    assert_eq!((c.odds_ratio, c.interval.unwrap().upper), (None, None));
    near(c.interval.unwrap().lower, 3.771_690_127_079_439);
    assert!(c.reason.unwrap().starts_with("unbounded"), "{:?}", c.reason);
    // All sources say the same: the floor keeps six of them from being certain beyond measure.
    near(c.p, 0.008_148_976_340_518_631);
    assert!(c.backbone);
    let mut twelve = six([0, 2, 2, 3]);
    twelve.extend(six([0, 2, 2, 3]));
    let data = data(&twelve);
    let c = &data.couplings(1.5)[0];
    assert_eq!((c.odds_ratio, c.interval.unwrap().lower, c.backbone), (Some(0.0), Some(0.0), false));
    near(c.interval.unwrap().upper, 0.353_571_428_107_215_3);
    near(c.p, 0.003_715_079_460_355_221_4);
    assert!(data.backbone_of_draw(&[1; 12], 1.5).is_empty());
}

#[test]
fn a_draw_of_all_sources_is_nearly_the_study() {
    let data = data(&six([2, 1, 0, 3]));
    let edges = data.backbone_of_draw(&[1; 6], 1.5);
    assert_eq!((edges.len(), edges[0].0, edges[0].1), (1, 0, 1));
    // Interpolated between odds ratios of 2.5 and 5.
    assert!((edges[0].2 - 3.771_690_127_f64.ln()).abs() < 0.05, "{edges:?}");
    assert!(data.backbone_of_draw(&[6, 0, 0, 0, 0, 0], 1.5).len() <= 1);
}

#[test]
fn a_draw_counts_a_source_as_often_as_it_was_drawn() {
    let all: Vec<SourceUnits> = (0..9)
        .map(|s| {
            let row = |u: usize| {
                (10, vec![(u + s).is_multiple_of(3), (u + s).is_multiple_of(3) && u % 4 != s % 4 || u % 7 == s % 7])
            };
            units(&(0..25).map(row).collect::<Vec<_>>())
        })
        .collect();
    let times = [2, 0, 1, 3, 0, 1, 1, 0, 1];
    let repeated: Vec<SourceUnits> = all.iter().zip(times).flat_map(|(s, n)| vec![s.clone(); n as usize]).collect();
    let draw = data(&all).backbone_of_draw(&times, 1.0);
    let whole = data(&repeated).couplings(1.0);
    assert_eq!(whole.len(), 1);
    assert!(whole[0].backbone && draw.len() == 1, "{:?}", whole[0]);
    // A draw interpolates.
    assert!((draw[0].2 - whole[0].lower_ln().unwrap()).abs() < 0.05, "{draw:?} {:?}", whole[0]);
}

#[test]
fn too_few_sources_or_joint_units_are_not_tested() {
    let mut few = six([2, 2, 2, 6]);
    few.truncate(4);
    let c = data(&few).couplings(1.5).remove(0);
    assert_eq!((c.p, c.interval, c.informative_sources), (None, None, 4));
    assert_eq!(c.reason, Some("too few informative sources for a test"));
    assert!(c.odds_ratio.is_some());
    // Two of ten units each: 0.4 joint units expected in each of six sources.
    let c = data(&six([1, 1, 1, 7])).couplings(1.5).remove(0);
    assert!(c.expected < MIN_EXPECTED && c.p.is_none() && c.interval.is_some());
    assert_eq!(c.reason, Some("too few joint units expected for a test"));
}

#[test]
fn sources_that_cannot_tell_do_not_bring_a_pair_into_the_family() {
    // Twenty units in which both are everywhere: joint units galore, and no information.
    let mut sources = six([1, 1, 1, 7]);
    sources.push(units(&vec![(10, vec![true, true]); 20]));
    let c = data(&sources).couplings(1.5).remove(0);
    assert_eq!((c.n11, c.informative_sources, c.p), (26, 6, None));
    assert!(c.expected > MIN_EXPECTED);
}

const BOOK: &[Row<'_>] = &[
    ("smuggling", "p", "smuggling", ""),
    ("child-smuggling", "p", "smuggling of children", ""),
    ("crime", "p", "crime", ""),
    ("organised-crime", "p", "organised crime", "crime"),
    ("safety", "v", "safety", ""),
];

#[test]
fn nested_spans_do_not_couple_and_kin_are_left_out() {
    let book = codebook(BOOK);
    let (nested, apart) = ("Smuggling of children.", "Smuggling, or smuggling of children.");
    let text = format!("{nested}\n\n{nested}\n\n{apart}\n\nSafety.\n\nOrganised crime and crime.");
    let sources = sources(&[&text]);
    let corpus = corpus(&book, &sources);
    let found = Counts::of(&corpus, Level::Paragraph).textual().couplings(1.5);
    let pair = find(&found, ix(&book, "smuggling").0, ix(&book, "child-smuggling").0);
    // Only the paragraph that also has the word by itself; in the others the longer label wins.
    assert_eq!((pair.n11, pair.n1, pair.n2, pair.n), (1, 1, 3, 5));
    let (crime, organised) = (ix(&book, "crime"), ix(&book, "organised-crime"));
    assert!(found.iter().all(|c| (c.a, c.b) != (crime, organised)));
    assert!(
        Counts::of(&corpus, Level::Paragraph).actor(&[String::new()]).iter().all(|c| (c.a, c.b) != (crime, organised))
    );
}

#[test]
fn nested_spans_do_not_couple_sources_either() {
    let book = codebook(BOOK);
    let texts = ["Smuggling of children.", "Smuggling. Smuggling of children.", "Safety.", "Smuggling and safety."];
    let sources = sources(&texts);
    let found = Counts::of(&corpus(&book, &sources), Level::Paragraph).actor(&vec![String::new(); 4]);
    let pair = find(&found, 0, 1);
    assert_eq!((pair.n11, pair.n1, pair.n2, pair.n), (1, 2, 2, 4));
}

#[test]
fn a_coding_over_several_windows_counts_in_each() {
    let book = codebook(BOOK);
    let text = "Crime.\n\nSafety.\n\nWords.";
    let sources = sources(&[text]);
    let mut corpus = corpus(&book, &sources);
    by_hand(&mut corpus, 0, Span::new(0, text.len() as u32), ix(&book, "smuggling"));
    let windows = corpus.coded[0].codings_by_window(Level::Paragraph);
    assert_eq!(windows.iter().map(|(_, c)| c.len()).collect::<Vec<_>>(), [2, 2, 1]);
}

#[test]
fn items_hold_what_their_chapeau_holds() {
    let book = codebook(BOOK);
    let sources = sources(&["1. Against smuggling, each State shall:\n\n(a) ensure safety;\n\n(b) end crime."]);
    let found = Counts::of(&corpus(&book, &sources), Level::Item).textual().couplings(1.5);
    assert_eq!((find(&found, 0, 2).n11, find(&found, 0, 4).n11, find(&found, 0, 2).n1), (1, 1, 3));
}

#[test]
fn actor_level_holds_the_length_of_texts() {
    // Sources with both, one, the other, neither: 6 1 1 6; those with both have three words, the others one, so that length explains it as
    // well. PyPI firthlogist 0.5.0, of either concept on the other and ln words: coefficient 0.36772478, p 0.62988619, interval −4.8037812 to 3.90991854.
    let book = codebook(BOOK);
    let texts: Vec<&str> = [("Crime and safety.", 6), ("Crime.", 1), ("Safety.", 1), ("Words.", 6)]
        .iter()
        .flat_map(|&(t, n)| vec![t; n])
        .collect();
    let sources = sources(&texts);
    let corpus = corpus(&book, &sources);
    let counts = Counts::of(&corpus, Level::Paragraph);
    let c = counts.actor(&vec!["one".to_owned(); 14]).remove(0);
    assert_eq!((c.n11, c.n1, c.n2, c.n, c.level), (6, 7, 7, 14, CouplingLevel::Actor));
    assert!((c.odds_ratio.unwrap().ln() - 0.367_724_78).abs() < 2e-6, "{:?}", c.odds_ratio);
    let interval = c.interval.unwrap();
    assert!((interval.lower.unwrap().ln() + 4.803_781_2).abs() < 1e-4, "{interval:?}");
    assert!((interval.upper.unwrap().ln() - 3.909_918_5).abs() < 1e-4, "{interval:?}");
    // 3.5 joint sources expected: not tested.
    assert_eq!((c.p, c.reason), (None, Some("too few joint sources expected for a test")));
    // Strata are held, too.
    let strata: Vec<String> = (0..14).map(|i| if i % 2 == 0 { "a" } else { "b" }.to_owned()).collect();
    assert_ne!(counts.actor(&strata).remove(0).odds_ratio, c.odds_ratio);
}

/// Sources of one actor are one: their words add up, and what one of them uses the actor uses.
#[test]
fn sources_of_an_actor_are_one() {
    let book = codebook(BOOK);
    let texts: Vec<String> = (0..24)
        .map(|i| {
            if i % 3 == 0 { "Crime. And more words." } else { "Safety." }.to_owned()
                + if i % 4 == 0 { " Crime." } else { "" }
        })
        .collect();
    let sources = sources(&texts);
    let counts = Counts::of(&corpus(&book, &sources), Level::Paragraph);
    let actor: Vec<usize> = (0..24).map(|i| i / 2).collect();
    let c = counts.actor_by(&[], &actor).into_iter().find(|c| (c.a.0, c.b.0) == (2, 4)).unwrap();
    assert_eq!((c.n, c.informative_sources), (12, 12));
    // Texts of one paragraph cannot tell by themselves; an actor's texts can.
    let alone = counts.textual().couplings(1.5);
    assert!(alone.iter().all(|c| c.informative_sources == 0));
    let together = counts.textual_by(&(0..24).map(|i| i / 4).collect::<Vec<_>>());
    assert_eq!(together.shape().n_sources, 6);
    assert!(together.couplings(1.5).iter().any(|c| c.informative_sources == 6 && c.interval.is_some()));
}

#[test]
fn shapes_and_cautions() {
    // Ten words and words × e: standard deviation of ln words over equal halves of 12 units is 1/2 √(12/11).
    let e10 = 27;
    let rows: Vec<(u32, Vec<bool>)> = (0..12).map(|u| (if u % 2 == 0 { 10 } else { e10 }, vec![u < 6])).collect();
    let shape = data(&[units(&rows)]).shape();
    let step = (2.7_f64).ln() / 2.0;
    near(Some(shape.length_dispersion), step * (12.0_f64 / 11.0).sqrt());
    assert_eq!(shape.n_sources, 1);
    // Equal lengths, six with and six without: residuals ±1/2, ten of eleven neighbours alike: (10 − 1) / 12.
    let rows: Vec<(u32, Vec<bool>)> = (0..12).map(|u| (10, vec![u < 6])).collect();
    near(Some(data(&[units(&rows)]).shape().lag1), 9.0 / 12.0);
    assert_eq!(CALIBRATION.len(), 18);
    for cell in CALIBRATION {
        let caution = calibration_caution(cell.shape.n_sources, cell.shape.length_dispersion, cell.shape.lag1);
        assert_eq!(caution.is_some(), cell.fails(), "{cell:?}");
    }
    for odd in [f64::NAN, f64::INFINITY, -5.0, 0.0] {
        let _ = calibration_caution(0, odd, odd);
    }
}

fn studies() -> impl Strategy<Value = Vec<Vec<(u32, Vec<bool>)>>> {
    let unit = (1..300_u32, prop::collection::vec(any::<bool>(), 3));
    prop::collection::vec(prop::collection::vec(unit, 1..25), 1..14)
}

proptest! {
    #[test]
    fn the_order_of_sources_changes_nothing(study in studies(), turn in 0..14_usize) {
        let of = |study: &[Vec<(u32, Vec<bool>)>]| data(&study.iter().map(|s| units(s)).collect::<Vec<_>>()).couplings(1.5);
        let mut turned = study.clone();
        turned.rotate_left(turn % study.len());
        let (x, y) = (of(&study), of(&turned));
        prop_assert_eq!(x.len(), y.len());
        let close = |x: Option<f64>, y: Option<f64>| match (x, y) {
            (Some(x), Some(y)) => (x - y).abs() <= 1e-9 * x.abs().max(1.0),
            (x, y) => x == y,
        };
        for (x, y) in x.iter().zip(&y) {
            prop_assert_eq!((x.a, x.b, x.n11, x.n1, x.n2, x.backbone), (y.a, y.b, y.n11, y.n1, y.n2, y.backbone));
            prop_assert!(close(x.p, y.p) && close(x.q, y.q) && close(x.odds_ratio, y.odds_ratio));
            let (x, y) = (x.interval.and_then(|i| i.lower), y.interval.and_then(|i| i.lower));
            prop_assert!(x.zip(y).is_none_or(|(x, y)| (x - y).abs() <= 1e-6 * x.max(1.0)) && x.is_some() == y.is_some());
        }
    }

    #[test]
    fn intervals_contain_estimates(study in studies()) {
        for c in data(&study.iter().map(|s| units(s)).collect::<Vec<_>>()).couplings(1.5) {
            if let (Some(odds), Some(interval)) = (c.odds_ratio, c.interval) {
                prop_assert!(interval.contains(odds), "{:?}", c);
            }
            // p-value and interval come from one statistic.
            if let (Some(p), Some(interval)) = (c.p, c.interval) {
                prop_assert_eq!(p > 0.05, interval.contains(1.0), "{:?}", c);
            }
            prop_assert!(c.p.is_none_or(|p| (0.0..=1.0).contains(&p) && c.q.is_some_and(|q| q >= p)));
            prop_assert!(c.p.is_none() || c.informative_sources >= 5 && c.expected >= MIN_EXPECTED - 1e-6);
            prop_assert!(c.interval.is_some() || c.reason.is_some());
            prop_assert!(c.n11 <= c.n1.min(c.n2) && c.n1 + c.n2 - c.n11 <= c.n);
            prop_assert!(!c.backbone || c.lower_ln().is_some_and(|l| l >= 1.5_f64.ln() - 1e-12));
        }
    }
}

#[test]
fn the_published_table_is_the_one_in_the_program() {
    let page = include_str!("../../../../docs/calibration.md");
    let (couplings, _) = page.split_once("<!-- contrasts: begin -->").unwrap_or((page, ""));
    let rows: Vec<Vec<f64>> = couplings
        .lines()
        .filter(|l| l.starts_with("| equal") || l.starts_with("| treaty-like"))
        .map(|l| l.split('|').skip(3).filter_map(|c| c.split_whitespace().next()?.parse().ok()).collect())
        .collect();
    assert_eq!(rows.len(), CALIBRATION.len());
    for (row, cell) in rows.iter().zip(CALIBRATION) {
        let [sources, errs, one, three, ..] = row[..] else { panic!("{row:?}") };
        assert_eq!(sources, cell.shape.n_sources as f64);
        for (have, want) in [(cell.test_errs, errs), (cell.miss_or_1, one), (cell.miss_or_3, three)] {
            assert!((100.0 * have - want).abs() <= 0.051, "{row:?} {cell:?}");
        }
    }
}

#[test]
fn presence_must_fit_the_units() {
    assert!(SourceUnits::new(vec![1, 2], BTreeMap::from([(ConceptIx(0), vec![true])])).is_err());
}
