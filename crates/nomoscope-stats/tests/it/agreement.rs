//! Coefficients of agreement against published values and independent programs; what must hold for any ratings.

use nomoscope_stats::agreement::{
    AgreementError, Bootstrap, Coefficient, Counted, Disagreement, Estimate, Measurement, NoInterval, RatedUnit,
    Ratings, estimates, pairs,
};
use nomoscope_stats::rng::Seed;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
    counts: Vec<Counts>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    ratings: Vec<String>,
    alpha: BTreeMap<String, f64>,
    #[serde(default)]
    published: BTreeMap<String, f64>,
    cohen: Vec<f64>,
    fleiss: f64,
    gwet: BTreeMap<String, f64>,
    brennan_prediger: BTreeMap<String, f64>,
}

#[derive(serde::Deserialize)]
struct Counts {
    name: String,
    table: Vec<Vec<u32>>,
    fleiss: f64,
}

#[track_caller]
fn near(what: &str, value: f64, expect: f64, tolerance: f64) {
    assert!((value - expect).abs() <= tolerance, "{what}: {value}, not {expect}");
}

/// Ratings by coder as text, `*` missing, to units with a cluster each.
fn table(rows: &[impl AsRef<str>]) -> Ratings {
    let cells: Vec<Vec<Option<f64>>> =
        rows.iter().map(|r| r.as_ref().split(' ').map(|c| (c != "*").then(|| c.parse().unwrap())).collect()).collect();
    of_numbers(&cells)
}

fn of_numbers(by_coder: &[Vec<Option<f64>>]) -> Ratings {
    let mut values: Vec<f64> = by_coder.iter().flatten().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let category = |v: f64| values.iter().position(|x| *x == v).unwrap() as u32;
    let units: Vec<RatedUnit> = (0..by_coder[0].len())
        .map(|u| RatedUnit {
            by_coder: by_coder.iter().map(|r| r[u].map(category)).collect(),
            weight: 1,
            cluster: u as u32,
        })
        .collect();
    Ratings::new(by_coder.len(), &values, &units).unwrap()
}

fn alpha(ratings: &Ratings, level: Measurement) -> Result<f64, AgreementError> {
    ratings.alpha(level, &ratings.all()).and_then(Disagreement::agreement)
}

fn file() -> File {
    toml::from_str(include_str!("../../testdata/agreement.toml")).unwrap()
}

#[test]
fn values_agree_with_publications_and_other_programs() {
    for case in &file().case {
        let ratings = table(&case.ratings);
        for level in Measurement::ALL {
            let value = alpha(&ratings, level).unwrap();
            near(&case.name, value, case.alpha[level.name()], 1e-12);
            case.published.get(level.name()).inspect(|&&p| near(&case.name, value, p, 0.0005));
        }
        for ((a, b), want) in pairs(case.ratings.len()).into_iter().zip(&case.cohen) {
            near(&case.name, ratings.cohen(a, b, &ratings.all()).unwrap().agreement().unwrap(), *want, 1e-12);
        }
        let light = case.cohen.iter().sum::<f64>() / case.cohen.len() as f64;
        near("Light", ratings.count(Measurement::Nominal, &ratings.all()).values()[1].unwrap(), light, 1e-12);
        let all = ratings.all();
        near(&case.name, ratings.fleiss(&all).unwrap().agreement().unwrap(), case.fleiss, 1e-12);
        for (level, (gwet, even)) in
            [Measurement::Nominal, Measurement::Ordinal, Measurement::Interval, Measurement::Ratio]
                .into_iter()
                .filter_map(|l| Some((l, (case.gwet.get(l.name())?, case.brennan_prediger.get(l.name())?))))
        {
            near(&case.name, ratings.gwet(level, &all).unwrap().agreement().unwrap(), *gwet, 1e-12);
            near(&case.name, ratings.brennan_prediger(level, &all).unwrap().agreement().unwrap(), *even, 1e-12);
        }
    }
}

#[test]
fn fleiss_of_counts() {
    for case in &file().counts {
        let rows: Vec<Vec<Option<f64>>> = (0..case.table[0].iter().sum::<u32>() as usize)
            .map(|coder| {
                let of_unit = |counts: &Vec<u32>| {
                    counts.iter().enumerate().flat_map(|(c, n)| vec![c as f64; *n as usize]).nth(coder)
                };
                case.table.iter().map(of_unit).collect()
            })
            .collect();
        let ratings = of_numbers(&rows);
        near(&case.name, ratings.fleiss(&ratings.all()).unwrap().agreement().unwrap(), case.fleiss, 1e-12);
    }
}

/// Hayes & Krippendorff (2007), 5 coders, 40 units. The data are not part of the repository.
#[test]
fn hayes_and_krippendorff() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/agreement/hayes-krippendorff-2007.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: the ratings of Hayes & Krippendorff are not here");
        return;
    };
    let by_unit: Vec<Vec<Option<f64>>> =
        text.lines().skip(1).map(|l| l.split(',').skip(1).map(|c| c.trim().parse().ok()).collect()).collect();
    let by_coder: Vec<Vec<Option<f64>>> = (0..5).map(|c| by_unit.iter().map(|u| u[c]).collect()).collect();
    let ratings = of_numbers(&by_coder);
    // Ordinal as printed in the article; the others R irr 0.84.1 and PyPI krippendorff 0.9.0.
    for (level, want) in [
        (Measurement::Nominal, 0.476_509_567_418_658_35),
        (Measurement::Ordinal, 0.759_829_189_151_433_6),
        (Measurement::Interval, 0.757_378_277_153_558),
        (Measurement::Ratio, 0.662_122_966_175_985_5),
    ] {
        near(level.name(), alpha(&ratings, level).unwrap(), want, 1e-12);
    }
    near("as published", alpha(&ratings, Measurement::Ordinal).unwrap(), 0.7598, 0.00005);
}

/// A thousand characters, five hundred coded by each, two hundred and fifty by both: no better than chance.
#[test]
fn unmarked_text_counts() {
    let unit = |a: u32, b: u32, weight: u64| RatedUnit { by_coder: vec![Some(a), Some(b)], weight, cluster: 0 };
    let units = [unit(1, 1, 250), unit(1, 0, 250), unit(0, 1, 250), unit(0, 0, 250)];
    let ratings = Ratings::new(2, &[0.0, 1.0], &units).unwrap();
    assert_eq!(ratings.cohen(0, 1, &[1]).unwrap().agreement(), Ok(0.0));
    assert_eq!(ratings.percent(&[1]), Ok(0.5));
    assert_eq!(ratings.n_units(), 1000);
}

#[test]
fn what_cannot_be_computed_says_why() {
    let same = table(&["1 1 1", "1 1 1"]);
    assert_eq!(alpha(&same, Measurement::Nominal), Err(AgreementError::NoVariation));
    assert_eq!(alpha(&same, Measurement::Interval), Err(AgreementError::NoVariation));
    assert_eq!(same.cohen(0, 1, &same.all()).unwrap().agreement(), Err(AgreementError::NoVariation));
    assert_eq!(same.percent(&same.all()), Ok(1.0));
    let apart = table(&["1 * 2", "* 1 *"]);
    assert_eq!(alpha(&apart, Measurement::Ordinal), Err(AgreementError::NoPair));
    assert_eq!(apart.percent(&apart.all()), Err(AgreementError::NoPair));
    assert_eq!(apart.fleiss(&apart.all()), Err(AgreementError::NoPair));
    // No unit was coded by all: kappa rests on the units that two coded. Seen (0 + 0 + 0 + 1)/4; shares 3/4 and 1/4 by hand:
    // units 1, 1 · 2 · 1 · (1/2, 1/2), so 1: (1 + 0 + 1 + 1/2)/4 = 0.625.
    let never_all = table(&["1 2 * 2", "1 2 1 *", "1 * 1 *", "* * * 1"]);
    near(
        "incomplete",
        never_all.fleiss(&never_all.all()).unwrap().expected,
        1.0 - 0.625_f64.powi(2) - 0.375_f64.powi(2),
        1e-12,
    );
    near("incomplete", never_all.fleiss(&never_all.all()).unwrap().observed, 0.25, 1e-12);
    assert_eq!(never_all.n_units(), 4);
    let negative = table(&["-1 2 3", "-1 2 2"]);
    assert!(matches!(alpha(&negative, Measurement::Ratio), Err(AgreementError::BadValue { .. })));
    assert!(matches!(
        Ratings::new(2, &[0.0], &[RatedUnit { by_coder: vec![Some(1), None], weight: 1, cluster: 0 }]),
        Err(AgreementError::Malformed { .. })
    ));
    assert!(matches!(Ratings::new(2, &[f64::NAN], &[]), Err(AgreementError::BadValue { .. })));
}

/// Kappa of two decisions together: De Vries et al. (2008) sum what was seen and what chance makes.
#[test]
fn pooled_by_hand() {
    // 10 units: both 1 three times, both 0 five times, once each otherwise; p = 0.4 and 0.4: expected 0.48, seen 0.2.
    let first = table(&["1 1 1 1 0 0 0 0 0 0", "1 1 1 0 1 0 0 0 0 0"]);
    // One unit apart among ten, marginals 0.1 and 0.2: expected 0.1·0.8 + 0.9·0.2 = 0.26, seen 0.1.
    let second = table(&["1 0 0 0 0 0 0 0 0 0", "1 1 0 0 0 0 0 0 0 0"]);
    let counted = [&first, &second].map(|r| r.count(Measurement::Nominal, &r.all()));
    let pooled = Counted::pooled(&counted).values();
    near("percent", pooled[0].unwrap(), 0.85, 1e-12);
    near("kappa", pooled[1].unwrap(), 1.0 - 0.3 / 0.74, 1e-12);
}

#[test]
fn order_of_estimates_and_intervals_of_perfect_agreement() {
    let found = estimates(&table(&["1 2 1 2 2", "1 2 1 2 2"]), Measurement::Ordinal, Bootstrap::default());
    let names: Vec<&str> = found.iter().map(|e| e.coefficient.name()).collect();
    assert_eq!(names, ["percent", "cohen-kappa", "fleiss-kappa", "krippendorff-alpha", "gwet-ac", "brennan-prediger"]);
    assert!(found.iter().all(|e| e.value == Ok(1.0) && e.interval == Err(NoInterval::NoDisagreement)));
    assert_eq!(found[3].level, Measurement::Ordinal);
    assert_eq!(found[1].level, Measurement::Nominal);
}

#[test]
fn intervals_depend_on_the_seed_alone() {
    let ratings = table(&file().case[0].ratings);
    let once =
        |seed| estimates(&ratings, Measurement::Interval, Bootstrap { draws: 300, seed: Seed(seed), level: 0.95 });
    assert_eq!(once(3), once(3));
    assert_ne!(once(3), once(4));
    let found = once(3);
    let Estimate { value: Ok(value), interval: Ok(interval), coefficient: Coefficient::KrippendorffAlpha, .. } =
        found[3]
    else {
        panic!("{found:?}")
    };
    assert!(interval.contains(value) && interval.lower.unwrap() < value, "{interval:?}");
}

fn ratings() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let cell = prop_oneof![1 => Just(None), 5 => (0_u8..4).prop_map(|v| Some(f64::from(v)))];
    (2_usize..5, 2_usize..14)
        .prop_flat_map(move |(coders, units)| prop::collection::vec(prop::collection::vec(cell.clone(), units), coders))
}

fn all_of(ratings: &Ratings) -> Vec<Option<f64>> {
    let mut out: Vec<Option<f64>> = Measurement::ALL.map(|level| alpha(ratings, level).ok()).to_vec();
    out.extend(ratings.count(Measurement::Nominal, &ratings.all()).values().map(Result::ok));
    out
}

fn same(left: &[Option<f64>], right: &[Option<f64>]) -> Result<(), TestCaseError> {
    for (l, r) in left.iter().zip(right) {
        match (l, r) {
            (Some(l), Some(r)) => prop_assert!((l - r).abs() < 1e-9, "{l} {r}"),
            (l, r) => prop_assert_eq!(l, r),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn order_of_coders_and_units_does_not_matter(table in ratings(), seed in 0_u64..100) {
        let mut stream = Seed(seed).stream(0);
        let coders = stream.permutation(table.len());
        let units = stream.permutation(table[0].len());
        let shuffled: Vec<Vec<Option<f64>>> = coders.iter().map(|&c| units.iter().map(|&u| table[c][u]).collect()).collect();
        same(&all_of(&of_numbers(&table)), &all_of(&of_numbers(&shuffled)))?;
    }

    #[test]
    fn never_above_one(table in ratings()) {
        for value in all_of(&of_numbers(&table)).into_iter().flatten() {
            prop_assert!((-1.0 - 1e-9..=1.0).contains(&value) || value < 0.0, "{value}");
        }
    }

    #[test]
    fn perfect_agreement_is_one(row in prop::collection::vec(0_u8..4, 2..12), coders in 2_usize..5) {
        let table = vec![row.iter().map(|v| Some(f64::from(*v))).collect::<Vec<_>>(); coders];
        for value in all_of(&of_numbers(&table)).into_iter().flatten() {
            prop_assert_eq!(value, 1.0);
        }
    }

    #[test]
    fn scale_moves_neither_interval_nor_ratio(table in ratings(), factor in prop_oneof![Just(1e-300), Just(0.37), Just(1e300)]) {
        let scaled: Vec<Vec<Option<f64>>> = table.iter().map(|r| r.iter().map(|v| v.map(|v| v * factor)).collect()).collect();
        same(&all_of(&of_numbers(&table)), &all_of(&of_numbers(&scaled)))?;
    }

    #[test]
    fn a_weight_is_so_many_units(table in ratings(), times in 1_u64..5) {
        let units = |weight: u64, copies: u64| -> Vec<RatedUnit> {
            (0..table[0].len()).flat_map(|u| {
                let by_coder: Vec<Option<u32>> = table.iter().map(|r| r[u].map(|v| v as u32)).collect();
                (0..copies).map(move |_| RatedUnit { by_coder: by_coder.clone(), weight, cluster: u as u32 })
            }).collect()
        };
        let values = [0.0, 1.0, 2.0, 3.0];
        let weighted = Ratings::new(table.len(), &values, &units(times, 1)).unwrap();
        let copied = Ratings::new(table.len(), &values, &units(1, times)).unwrap();
        let drawn = Ratings::new(table.len(), &values, &units(1, 1)).unwrap();
        same(&all_of(&weighted), &all_of(&copied))?;
        let often = vec![times as u32; drawn.n_clusters()];
        let value = drawn.alpha(Measurement::Ordinal, &often).ok().and_then(|d| d.agreement().ok());
        same(&[alpha(&weighted, Measurement::Ordinal).ok()], &[value])?;
    }

    #[test]
    fn intervals_have_ends_in_order(table in ratings(), seed in 0_u64..20) {
        for estimate in estimates(&of_numbers(&table), Measurement::Ratio, Bootstrap { draws: 60, seed: Seed(seed), level: 0.9 }) {
            if let Ok(interval) = estimate.interval {
                prop_assert!(interval.lower <= interval.upper && interval.upper.unwrap() <= 1.0);
            }
        }
    }
}

/// Values dealt out at random agree as chance makes them: alpha is about 0, at every level.
#[test]
fn random_codes_agree_by_chance() {
    let mut sums = [0.0; 6];
    let n = 400;
    for study in 0..n {
        let mut stream = Seed(11).stream(study);
        let rows: Vec<Vec<Option<f64>>> =
            (0..3).map(|_| (0..50).map(|_| (stream.below(10) > 0).then(|| stream.below(4) as f64)).collect()).collect();
        let ratings = of_numbers(&rows);
        for (sum, level) in sums.iter_mut().zip(Measurement::ALL) {
            *sum += alpha(&ratings, level).unwrap();
        }
        let counted = ratings.count(Measurement::Nominal, &ratings.all()).values();
        sums[4] += counted[1].unwrap();
        sums[5] += counted[2].unwrap();
    }
    for (at, sum) in sums.iter().enumerate() {
        // Standard error of the mean: at most 0.1 / sqrt(400) = 0.005. Fleiss' kappa alone is biased, by −1/(n m) as printed.
        near(&format!("coefficient {at}"), sum / n as f64, 0.0, 0.015);
    }
}
