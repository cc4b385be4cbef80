//! Attrition: the paper's chain, intervals against closed forms, and what is refused.

use nomoscope_core::reach::attrition::{
    AttritionError, Count, Kind, Ladder, Range, Settings, Shape, Size, Stage, ladder,
};
use nomoscope_stats::rng::Seed;
use proptest::prelude::*;

fn stage(id: &str, unit: &str, size: Size) -> Stage {
    Stage {
        id: id.to_owned(),
        label: id.to_owned(),
        unit: unit.to_owned(),
        year: "2018".to_owned(),
        kind: Some(Kind::Flow),
        population: String::new(),
        source: "made by hand".to_owned(),
        note: String::new(),
        size,
    }
}

fn exact(n: f64) -> Size {
    Size::Count(Count::exact(n))
}

fn range(low: f64, high: f64, shape: Shape) -> Size {
    Size::Count(Count { exact: 0.0, ranges: vec![Range { low, high, shape, cells: 1 }] })
}

fn suppressed(exact: f64, cells: u64) -> Size {
    let mut count = Count::exact(exact);
    count.add_suppressed(0, 4, cells);
    Size::Count(count)
}

fn one_unit(sizes: &[Size]) -> Result<Ladder, AttritionError> {
    let stages = sizes.iter().enumerate().map(|(i, s)| stage(&format!("s{i}"), "person", s.clone())).collect();
    // Ten times the usual draws, so that what is left of chance is small beside the tolerances.
    ladder(stages, &Settings { draws: 100_000, ..Settings::default() })
}

fn interval(ladder: &Ladder) -> (f64, f64) {
    let i = ladder.steps[0].interval.unwrap();
    (i.lower.unwrap(), i.upper.unwrap())
}

#[track_caller]
fn near(got: (f64, f64), want: (f64, f64), tolerance: f64) {
    assert!((got.0 - want.0).abs() < tolerance && (got.1 - want.1).abs() < tolerance, "{got:?}, not {want:?}");
}

#[test]
fn the_chain_of_the_article_is_an_order_of_magnitude() {
    let chain = || {
        vec![
            stage("trafficked", "child", exact(1_200_000.0)),
            stage("detected", "victim", Size::OneIn { n: 100.0, of: 0 }),
            stage("tried", "trial", Size::OneIn { n: 10_000.0, of: 0 }),
        ]
    };
    let Err(AttritionError::Mixed { differences }) = ladder(chain(), &Settings::default()) else { panic!("mixed") };
    assert_eq!(differences.iter().map(|d| d.what).collect::<Vec<_>>(), ["unit", "unit"]);
    let got = ladder(chain(), &Settings { mixed: true, ..Settings::default() }).unwrap();
    // Narminio (2020), section 3.2: 1 in 100 detected, 1 in 10,000 tried.
    assert_eq!(got.from_first.iter().map(|r| r.order).collect::<Vec<_>>(), [Some(2), Some(4)]);
    assert!(got.steps.iter().chain(&got.from_first).all(|r| r.interval.is_none() && r.ratio.is_none()));
    assert_eq!(got.counts[2].point(), 120.0);
}

#[test]
fn intervals_agree_with_closed_forms() {
    // A uniform range over an exact count: quantiles of the uniform distribution.
    near(interval(&one_unit(&[exact(100.0), range(20.0, 40.0, Shape::Uniform)]).unwrap()), (0.205, 0.395), 0.003);
    // An exact count over a log-uniform range: quantiles on the logarithmic scale.
    let got = one_unit(&[range(10.0, 1000.0, Shape::LogUniform), exact(10.0)]).unwrap();
    let at = |p: f64| 10.0 / (10.0 * libm::exp(p * libm::log(100.0)));
    near(interval(&got), (at(0.975), at(0.025)), 0.02);
    // A triangle from 0 to 1 with its peak at 0.5: F(x) = 2x², so x = √(p/2).
    let got = one_unit(&[exact(1.0), range(0.0, 1.0, Shape::Triangular(0.5))]).unwrap();
    let at = libm::sqrt(0.0125);
    near(interval(&got), (at, 1.0 - at), 0.004);
    // One suppressed cell is 0 to 4, each with a fifth: both tails of 2.5 % lie within the outermost.
    near(interval(&one_unit(&[exact(10.0), suppressed(0.0, 1)]).unwrap()), (0.0, 0.4), 1e-9);
    // 200 of them: mean 400, variance 2 each, so 400 ± 1.96 · 20.
    near(interval(&one_unit(&[exact(1000.0), suppressed(0.0, 200)]).unwrap()), (0.3608, 0.4392), 0.003);
}

#[test]
fn exact_counts_have_an_interval_without_width_that_says_so() {
    let got = one_unit(&[exact(340.0), exact(12.0)]).unwrap();
    assert_eq!(interval(&got), (12.0 / 340.0, 12.0 / 340.0));
    assert!(got.steps[0].reason.unwrap().contains("exactly"));
}

#[test]
fn what_is_refused_and_what_has_no_ratio() {
    assert_eq!(one_unit(&[exact(1.0)]), Err(AttritionError::TooFewStages { n: 1 }));
    for (size, reason) in [
        (exact(-1.0), "negative"),
        (exact(f64::NAN), "no number"),
        (range(5.0, 3.0, Shape::Uniform), "higher"),
        (range(0.0, 3.0, Shape::LogUniform), "log-uniform"),
        (range(1.0, 3.0, Shape::Triangular(4.0)), "outside"),
    ] {
        let Err(AttritionError::BadCount { reason: got, .. }) = one_unit(&[exact(9.0), size]) else {
            panic!("{reason}")
        };
        assert!(got.contains(reason), "{got}");
    }
    let later = one_unit(&[exact(9.0), Size::OneIn { n: 10.0, of: 1 }]);
    assert_eq!(later, Err(AttritionError::NotBefore { id: "s1".to_owned() }));
    let zero = one_unit(&[exact(0.0), exact(0.0)]).unwrap();
    assert_eq!((zero.steps[0].ratio, zero.steps[0].reason), (None, Some("the earlier stage is zero")));
    // A stage that may be zero leaves the ratio open above.
    let open = one_unit(&[suppressed(0.0, 1), exact(3.0)]).unwrap();
    assert_eq!(open.steps[0].interval.unwrap().upper, None);
    assert!(open.steps[0].reason.unwrap().contains("no upper limit"));
    let few = ladder(
        vec![stage("a", "x", exact(1.0)), stage("b", "x", exact(1.0))],
        &Settings { draws: 10, ..Settings::default() },
    );
    assert!(matches!(few, Err(AttritionError::TooFewDraws { .. })));
}

#[test]
fn stocks_and_flows_and_populations_are_not_mixed_either() {
    let mut stages = vec![stage("a", "child", exact(10.0)), stage("b", "child", exact(5.0))];
    stages[0].kind = Some(Kind::Stock);
    stages[0].population = "worldwide".to_owned();
    stages[1].population = "Europe".to_owned();
    let Err(AttritionError::Mixed { differences }) = ladder(stages, &Settings::default()) else { panic!("mixed") };
    assert_eq!(differences.iter().map(|d| d.what).collect::<Vec<_>>(), ["population", "stock or flow"]);
}

proptest! {
    #[test]
    fn the_interval_lies_within_the_bounds(a in 1_u32..1000, b in 0_u32..1000, cells in 0_u64..80, seed in any::<u64>()) {
        let stages = vec![
            stage("a", "x", suppressed(f64::from(a), cells)),
            stage("b", "x", suppressed(f64::from(b), cells / 2)),
        ];
        let settings = Settings { draws: 200, seed: Seed(seed), ..Settings::default() };
        let got = ladder(stages.clone(), &settings).unwrap();
        let (low, high) = interval(&got);
        prop_assert!(low >= got.counts[1].low() / got.counts[0].high() - 1e-12);
        prop_assert!(high <= got.counts[1].high() / got.counts[0].low() + 1e-12);
        prop_assert!(low <= high);
        prop_assert_eq!(ladder(stages, &settings).unwrap(), got);
    }
}
