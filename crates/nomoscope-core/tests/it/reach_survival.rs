//! Kaplan-Meier against lifelines and the published remission times of Freireich et al. (1963).

use nomoscope_core::reach::survival::{Spell, kaplan_meier};
use nomoscope_stats::StatsError;
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    years: Vec<f64>,
    taken: Vec<bool>,
    times: Vec<f64>,
    waiting: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    median: f64,
    median_interval: [f64; 2],
}

fn spells(years: &[f64], taken: &[bool]) -> Vec<Spell> {
    years.iter().zip(taken).map(|(&years, &taken)| Spell { years, taken }).collect()
}

#[test]
fn values_agree_with_lifelines() {
    let file: File = toml::from_str(include_str!("../../testdata/reach/kaplan_meier.toml")).unwrap();
    assert_eq!(file.case.len(), 3);
    let bound = |v: f64| (v >= 0.0).then_some(v);
    for case in &file.case {
        let got = kaplan_meier(&spells(&case.years, &case.taken), 0.95).unwrap();
        let times: Vec<f64> = got.steps.iter().map(|s| s.years).collect();
        assert_eq!(times, case.times, "{}", case.name);
        for (i, step) in got.steps.iter().enumerate() {
            assert!((step.waiting - case.waiting[i]).abs() < 1e-12, "{}: {step:?}", case.name);
            // At 0 lifelines prints 0 or no number; there is no variance there.
            let Some(band) = step.band else {
                assert!(step.waiting < 1e-12, "{}: {step:?}", case.name);
                continue;
            };
            assert!((band.lower.unwrap() - case.lower[i]).abs() < 1e-9, "{}: {step:?}", case.name);
            assert!((band.upper.unwrap() - case.upper[i]).abs() < 1e-9, "{}: {step:?}", case.name);
        }
        assert_eq!(got.median, bound(case.median), "{}", case.name);
        let [low, high] = case.median_interval.map(bound);
        // Where all took the step lifelines takes the band at zero to be zero; without a variance there is none, and the
        // interval stays open, as in R's survfit.
        let high = high.filter(|_| got.taken < got.n);
        assert_eq!((got.median_interval.lower, got.median_interval.upper), (low, high), "{}", case.name);
    }
}

#[test]
fn refusals() {
    assert_eq!(kaplan_meier(&[], 0.95), Err(StatsError::Empty));
    let bad = kaplan_meier(&[Spell { years: -1.0, taken: true }], 0.95);
    assert!(matches!(bad, Err(StatsError::BadValue { at: 0, .. })));
    assert!(kaplan_meier(&[Spell { years: f64::NAN, taken: true }], 0.95).is_err());
    assert!(kaplan_meier(&[Spell { years: 1.0, taken: true }], 1.0).is_err());
    let none = kaplan_meier(&[Spell { years: 1.0, taken: false }], 0.95).unwrap();
    assert_eq!((none.steps.len(), none.median, none.waiting(9.0)), (0, None, 1.0));
}

proptest! {
    #[test]
    fn without_censoring_it_is_the_share(years in prop::collection::vec(0_u8..20, 1..40)) {
        let all: Vec<Spell> = years.iter().map(|&y| Spell { years: f64::from(y), taken: true }).collect();
        let got = kaplan_meier(&all, 0.95).unwrap();
        for step in &got.steps {
            let left = years.iter().filter(|&&y| f64::from(y) > step.years).count() as f64;
            prop_assert!((step.waiting - left / years.len() as f64).abs() < 1e-9);
        }
    }

    #[test]
    fn it_falls_within_its_band(spells in prop::collection::vec((0.0..30.0_f64, any::<bool>()), 1..60)) {
        let all: Vec<Spell> = spells.iter().map(|&(years, taken)| Spell { years, taken }).collect();
        let got = kaplan_meier(&all, 0.95).unwrap();
        let mut before = 1.0;
        for step in &got.steps {
            prop_assert!(step.waiting <= before && step.waiting >= 0.0);
            if let Some(band) = step.band {
                prop_assert!(band.contains(step.waiting) && band.lower.unwrap() >= 0.0 && band.upper.unwrap() <= 1.0);
            }
            before = step.waiting;
        }
        let mut turned = all.clone();
        turned.reverse();
        prop_assert_eq!(kaplan_meier(&turned, 0.95).unwrap(), got);
    }
}

/// How often the pointwise band misses the truth, at a time by which about half have taken the step.
#[test]
fn bands_cover_what_they_say() {
    let mut misses = 0;
    let n = 1000;
    for task in 0..n {
        let mut stream = nomoscope_stats::rng::Seed(11).stream(task);
        let mut exponential = |mean: f64| -mean * libm::log(1.0 - stream.uniform());
        let all: Vec<Spell> = (0..80)
            .map(|_| {
                let (event, end) = (exponential(5.0), exponential(12.0));
                Spell { years: event.min(end), taken: event <= end }
            })
            .collect();
        let got = kaplan_meier(&all, 0.95).unwrap();
        let at = got.steps.iter().take_while(|s| s.years <= 3.5).last().unwrap();
        misses += usize::from(!at.band.unwrap().contains(libm::exp(-3.5 / 5.0)));
    }
    // 5 % of 1,000, within four standard errors.
    assert!((22..=78).contains(&misses), "{misses}");
}
