//! Multiple systems estimation against SparseMSE, glm of R, Rcapture and published values.

use nomoscope_core::reach::mse::{
    BootstrapError, ChaoError, Estimate, Fit, FormulaError, Histories, HistoriesError, MAX_LISTS, Model, MseError,
    NoEstimate, Selection, THRESHOLD, Term, all_models, bca_interval, bootstrap, chao_lower_bound, count_models,
    parse_formula, ranked, redraw, stepwise, sum_of_strata, survey, survey_of,
};
use nomoscope_stats::rng::Seed;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct File {
    data: Vec<Data>,
}

#[derive(serde::Deserialize)]
struct Data {
    name: String,
    lists: Vec<String>,
    counts: BTreeMap<String, u64>,
    fit: Vec<Expected>,
}

#[derive(serde::Deserialize)]
struct Expected {
    selection: String,
    point: f64,
    interval: [f64; 2],
    deviance: f64,
    degrees_of_freedom: usize,
    aic: f64,
    coefficients: BTreeMap<String, [f64; 2]>,
    infinite: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Glm {
    fit: Vec<GlmFit>,
    all: GlmAll,
}

#[derive(serde::Deserialize)]
struct GlmFit {
    data: String,
    selection: String,
    deviance: f64,
    aic: f64,
    coefficients: BTreeMap<String, [f64; 2]>,
}

#[derive(serde::Deserialize)]
struct GlmAll {
    data: String,
    models: usize,
    with_estimate: usize,
    best_aic: [f64; 4],
    best_bic: [f64; 4],
    best_bic_counting_infinite: [f64; 4],
    window: Vec<f64>,
    range: [f64; 2],
    mean_point: f64,
    mean_aic: f64,
    sum_of_bic: f64,
    sum_of_bic_counting_infinite: f64,
}

fn file() -> File {
    toml::from_str(include_str!("../../testdata/reach/sparsemse.toml")).unwrap()
}

fn glm() -> Glm {
    toml::from_str(include_str!("../../testdata/reach/glm.toml")).unwrap()
}

fn bits(history: &str) -> u32 {
    history.chars().enumerate().filter(|(_, c)| *c == '1').fold(0, |bits, (i, _)| bits | 1 << i)
}

fn letters(n: usize) -> Vec<String> {
    ('A'..='Z').take(n).map(String::from).collect()
}

fn of(counts: &[(&str, u64)]) -> Histories {
    let n_lists = counts[0].0.len();
    Histories::new(letters(n_lists), counts.iter().map(|(h, n)| (bits(h), *n))).unwrap()
}

fn named(name: &str) -> Histories {
    let data = file().data.into_iter().find(|d| d.name == name).unwrap();
    Histories::new(data.lists, data.counts.iter().map(|(h, n)| (bits(h), *n))).unwrap()
}

fn selected(histories: &Histories, selection: &str) -> Estimate {
    match selection {
        "main" => Estimate::of(histories, Model::main()),
        _ => stepwise(histories, THRESHOLD).estimate,
    }
}

#[track_caller]
fn near(what: &str, value: f64, expect: f64, tolerance: f64) {
    assert!((value - expect).abs() <= tolerance * expect.abs().max(1e-3), "{what}: {value}, not {expect}");
}

/// R printed seven significant digits; SparseMSE's standard errors, and with them its intervals, are right to four or five (see `glm.toml`, which
/// the next test holds to nine).
#[test]
fn estimates_agree_with_sparsemse() {
    let digits = 6e-7;
    for data in file().data {
        let histories = named(&data.name);
        for expect in &data.fit {
            let what = format!("{} {}", data.name, expect.selection);
            let estimate = selected(&histories, &expect.selection);
            let fit = estimate.fit().unwrap();
            near(&what, fit.point(), expect.point, digits);
            near(&what, fit.interval(0.95).0, expect.interval[0], 5e-5);
            near(&what, fit.interval(0.95).1, expect.interval[1], 5e-5);
            near(&what, fit.deviance, expect.deviance, digits);
            near(&what, fit.aic, expect.aic, digits);
            assert_eq!(fit.degrees_of_freedom, expect.degrees_of_freedom, "{what}");
            assert_eq!(fit.coefficients.len(), expect.coefficients.len(), "{what}");
            for c in &fit.coefficients {
                near(&what, c.value, expect.coefficients[&histories.name(c.term)][0], digits);
            }
            let mut infinite: Vec<String> = fit.infinite.iter().map(|t| histories.name(*t)).collect();
            let mut wanted = expect.infinite.clone();
            infinite.sort();
            wanted.sort();
            assert_eq!(infinite, wanted, "{what}");
        }
    }
}

/// To all digits that R gives when it is told not to stop early; R itself stops when its own rounding lets it.
#[test]
fn fits_agree_with_glm_of_r() {
    let glm = glm();
    assert_eq!(glm.fit.len(), 10);
    for expect in &glm.fit {
        let histories = named(&expect.data);
        let what = format!("{} {}", expect.data, expect.selection);
        let estimate = selected(&histories, &expect.selection);
        let fit = estimate.fit().unwrap();
        near(&what, fit.deviance, expect.deviance, 1e-9);
        near(&what, fit.aic, expect.aic, 1e-9);
        for c in &fit.coefficients {
            let [value, error] = expect.coefficients[&histories.name(c.term)];
            near(&what, c.value, value, 1e-9);
            near(&what, c.standard_error, error, 1e-9);
        }
    }
}

/// Issue: best AIC 11,175; best BIC 12,142, or 22,991 when parameters at minus infinity are counted.
#[test]
fn all_models_of_ukdat_5_agree_with_glm_of_r() {
    let expect = glm().all;
    let histories = named(&expect.data);
    assert_eq!(count_models(5, 2, 2000), Ok(expect.models));
    let all = all_models(&histories, 2, 2000, &|| true).unwrap();
    let fits: Vec<&Fit> = all.iter().filter_map(Estimate::fit).collect();
    assert_eq!((all.len(), fits.len()), (expect.models, expect.with_estimate));
    let survey = survey_of(&all);
    let best = [
        (survey.best(), expect.best_aic),
        (survey.best_bic.as_ref(), expect.best_bic),
        (survey.best_bic_counting_infinite.as_ref(), expect.best_bic_counting_infinite),
    ];
    for (estimate, wanted) in best {
        let fit = estimate.and_then(Estimate::fit).unwrap();
        for (value, wanted) in [fit.point(), fit.aic, fit.bic, fit.bic_counting_infinite].into_iter().zip(wanted) {
            near("best", value, wanted, 1e-10);
        }
    }
    assert_eq!(survey.window.len(), expect.window.len());
    for (estimate, wanted) in survey.window.iter().zip(&expect.window) {
        near("window", estimate.fit().unwrap().point(), *wanted, 1e-10);
    }
    let (low, high) = fits.iter().map(|f| f.point()).fold((f64::MAX, 0.0), |(l, h), p: f64| (p.min(l), p.max(h)));
    near("least", low, expect.range[0], 1e-10);
    near("greatest", high, expect.range[1], 1e-10);
    let sum = |value: fn(&Fit) -> f64| fits.iter().map(|f| value(f)).sum::<f64>();
    near("points", sum(Fit::point) / 1024.0, expect.mean_point, 1e-10);
    near("AIC", sum(|f| f.aic) / 1024.0, expect.mean_aic, 1e-10);
    near("BIC", sum(|f| f.bic), expect.sum_of_bic, 1e-10);
    near("BIC counting", sum(|f| f.bic_counting_infinite), expect.sum_of_bic_counting_infinite, 1e-10);
}

/// METHODS: 6,893 hierarchical models of five lists; as many abstract simplicial complexes on five points have all points
/// and not the whole set (Dedekind's problem, OEIS A006126 less one).
#[test]
fn models_are_counted() {
    assert_eq!(count_models(3, 9, 1 << 20), Ok(8));
    assert_eq!(count_models(4, 9, 1 << 20), Ok(113));
    assert_eq!(count_models(5, 9, 1 << 20), Ok(6893));
    assert_eq!(count_models(6, 2, 1 << 20), Ok(32_768));
    let refused = MseError::TooManyModels { limit: 1 << 20, max_order: 2, n_lists: 8 };
    assert_eq!(count_models(8, 2, 1 << 20), Err(refused));
    assert_eq!(all_models(&named("NewOrl"), 2, 1 << 20, &|| true), Err(refused));
    assert_eq!(count_models(6, 3, 1 << 15), Err(MseError::TooManyModels { limit: 1 << 15, max_order: 3, n_lists: 6 }));
}

/// R's `checkident` says of Artificial_3: all pairs not identifiable, A:B alone not finite, A:C and B:C both in order.
#[test]
fn existence_agrees_with_sparsemse() {
    let histories = named("Artificial_3");
    let outcome = |formula: &str| {
        let model = parse_formula(formula, histories.names()).unwrap().model;
        Estimate::of(&histories, model).outcome
    };
    let not_identifiable = NoEstimate::NotIdentifiable { rank: 4, n_parameters: 5, n_cells: 4 };
    assert_eq!(outcome(".^2"), Err(not_identifiable));
    assert_eq!(outcome("A:B"), Err(NoEstimate::DoesNotExist));
    assert_eq!(outcome("A:C + B:C").unwrap().infinite.len(), 2);
    assert_eq!(NoEstimate::DoesNotExist.status(), "does not exist");
    // A triple whose pairs overlap, though nobody is on all three, goes to minus infinity; one above an empty pair is void.
    let singles = [("1000", 9), ("0100", 8), ("0010", 7), ("0001", 6)];
    let pairs = [("1100", 3), ("1010", 2), ("0110", 2), ("1001", 3), ("0101", 4), ("0011", 1), ("1101", 1)];
    let triple = of(&[&singles[..], &pairs[..]].concat());
    let model = Estimate::of(&triple, Model::with([Term::from_bits(7)]));
    assert_eq!(model.fit().unwrap().infinite, [Term::from_bits(7)]);
    assert!(matches!(outcome("A*B*C"), Err(NoEstimate::NotIdentifiable { .. })));
}

/// Lincoln and Petersen: two lists, n₁ n₂ / n₁₂.
#[test]
fn two_lists_are_lincoln_and_petersen() {
    let histories = of(&[("10", 90), ("01", 40), ("11", 10)]);
    let main = Estimate::of(&histories, Model::main());
    near("two lists", main.fit().unwrap().point(), 100.0 * 50.0 / 10.0, 1e-12);
    assert!(Estimate::of(&histories, Model::with(Term::pairs(2))).outcome.is_err());
    let apart = of(&[("10", 90), ("01", 40)]);
    assert_eq!(Estimate::of(&apart, Model::main()).outcome, Err(NoEstimate::DoesNotExist));
    assert!(survey(&apart, 2).window.is_empty());
    // Everybody on one list: it has no odds of being missed.
    let within = of(&[("10", 5), ("11", 9)]);
    near("within", Estimate::of(&within, Model::main()).fit().map_or(14.0, Fit::point), 14.0, 1e-6);
}

#[test]
fn a_survey_finds_what_fitting_all_finds() {
    let hiv = of(&[
        ("1110", 3),
        ("1101", 1),
        ("1100", 33),
        ("1010", 20),
        ("1001", 6),
        ("1000", 403),
        ("0111", 3),
        ("0110", 35),
        ("0101", 10),
        ("0100", 545),
        ("0011", 11),
        ("0010", 621),
        ("0001", 205),
    ]);
    for histories in [named("UKdat_5"), named("Artificial_3"), hiv] {
        for order in 1..=2 {
            let (quick, full) =
                (survey(&histories, order), survey_of(&all_models(&histories, order, 1 << 16, &|| true).unwrap()));
            assert!(quick.exhaustive && quick.n_models == full.n_models);
            assert_eq!(quick.window, full.window);
            assert_eq!(quick.best_bic, full.best_bic);
            assert_eq!(quick.best_bic_counting_infinite, full.best_bic_counting_infinite);
        }
    }
    let many = survey(&named("UKdat"), 2);
    assert!(many.exhaustive && many.n_models == Some(32_768) && many.n_fitted < 2000, "{}", many.n_fitted);
    assert!(!survey(&named("NewOrl"), 2).exhaustive);
}

/// Main effects on the histories of one and two lists, statsmodels 0.15.0, GLM of Poisson, z = 1.96: hare (25, 22, 13, 5, 1, 2
/// animals seen on 1 to 6 occasions), lists drawn independently of 10,000 persons, lists of the United Kingdom.
#[test]
fn chao_agrees_with_statsmodels() {
    let rows = "111111 111111 110001 110010 101100 101010 101000 100111 100100 100100 100010 100010 100001 100000 100000 100000 \
        011111 011101 011101 011011 011001 011001 010111 010101 010101 010101 010100 010100 010100 010011 010010 010010 \
        010010 010001 010000 010000 010000 010000 010000 010000 001101 001011 001001 001001 001000 001000 001000 001000 \
        001000 000111 000110 000101 000101 000101 000101 000100 000100 000100 000011 000011 000010 000010 000010 000010 \
        000001 000001 000001 000001";
    let hare = of(&rows.split_whitespace().map(|h| (h, 1)).collect::<Vec<_>>());
    assert_eq!(hare.by_number_of_lists(), [25, 22, 13, 5, 1, 2]);
    // Shares of .9 and .1, and of .6, .1 and .05.
    let two = of(&[("10", 8002), ("01", 125), ("11", 947)]);
    let three = of(&[("001", 171), ("010", 414), ("011", 15), ("100", 5087), ("101", 276), ("110", 575), ("111", 29)]);
    let expect = [
        ("hare", &hare, [79.726_460_717, 72.822_209_432, 96.515_949_565]),
        ("two", &two, [10_130.230_2, 9_949.384_467, 10_348.436_87]),
        ("three", &three, [10_057.282_19, 9_696.297_501, 10_459.908_79]),
        ("UKdat", &named("UKdat"), [12_250.464_910, 10_933.860_618, 13_778.726_877]),
        ("UKdat_5", &named("UKdat_5"), [13_392.765_672, 11_859.254_094, 15_184.268_713]),
    ];
    for (name, histories, [point, low, high]) in expect {
        let bound = chao_lower_bound(histories).unwrap();
        near(name, bound.point, point, 1e-9);
        near(name, bound.interval.0, low, 1e-9);
        near(name, bound.interval.1, high, 1e-9);
    }
    // Two lists: Lincoln and Petersen. Lists alike in length: the closed form.
    near("n₁ n₂/m", chao_lower_bound(&two).unwrap().point, 8949.0 * 1072.0 / 947.0, 1e-12);
    let alike = of(&[("100", 30), ("010", 30), ("001", 30), ("110", 9), ("101", 9), ("011", 9), ("111", 4)]);
    near("closed form", chao_lower_bound(&alike).unwrap().point, 121.0 + 2.0 / 3.0 * 90.0 * 90.0 / 54.0, 1e-12);
    near("Mt", Estimate::of(&hare, Model::main()).fit().unwrap().point(), 75.1, 0.05 / 75.1);
    assert_eq!(chao_lower_bound(&of(&[("10", 9), ("01", 3)])), Err(ChaoError::NobodyOnTwoLists));
    assert_eq!(chao_lower_bound(&of(&[("110", 9), ("011", 3)])), Err(ChaoError::NobodyOnOneList));
    let within = of(&[("10", 9), ("11", 3)]);
    assert_eq!(chao_lower_bound(&within), Err(ChaoError::NoFit(NoEstimate::DoesNotExist)));
}

/// Ned with the two smallest lists as one, as SparseMSE has it.
fn ned_5() -> Histories {
    let six = named("Ned");
    let names = ["IO", "K", "P", "R", "Z"].map(String::from).to_vec();
    let merged = |lists: usize| {
        let on = |i: usize| (lists >> i & 1) as u32;
        (on(0) | on(2)) | on(1) << 1 | on(3) << 2 | on(4) << 3 | on(5) << 4
    };
    Histories::new(names, six.counts().iter().enumerate().map(|(lists, n)| (merged(lists), *n))).unwrap()
}

/// Killings in Kosovo, March to June 1999, on lists of ABA/CEELI, exhumations, HRW and OSCE: Ball, Betts, Scheuren, Dudukovich & Asher
/// (2002), Killings and Refugee Flow in Kosovo.
fn kosovo() -> Histories {
    of(&[
        ("1111", 27),
        ("1110", 32),
        ("1101", 42),
        ("1100", 123),
        ("1011", 18),
        ("1010", 31),
        ("1001", 106),
        ("1000", 306),
        ("0111", 181),
        ("0110", 217),
        ("0101", 228),
        ("0100", 936),
        ("0011", 177),
        ("0010", 845),
        ("0001", 1131),
    ])
}

/// R package MultipleSystemsEstimation 1.2.0, best BIC of hierarchical models up to order 3: UKdat_5 25,311.3 with [123,25,34], Ned_5 148,788.8
/// with [135,12,24,34], Kosovo 10,356.5 with [123,14,34] in its order of lists. A second program (numpy 1.26.4, models fitted by
/// iteratively reweighted least squares, existence by scipy 1.12.0 `linprog`) gives 25,311.290613, 148,788.758990 and 10,356.518957.
#[test]
fn the_headline_agrees_with_multiplesystemsestimation() {
    let check = |histories: &Histories, expect: f64, exact: f64, terms: &[u32], n_models: usize| {
        let ranked = ranked(histories).unwrap();
        let best = &ranked.best[0];
        near("published", best.fit().unwrap().point(), expect, 0.05 / expect);
        near("numpy", best.fit().unwrap().point(), exact, 1e-9);
        assert_eq!(best.model, Model::with(terms.iter().map(|t| Term::from_bits(*t))));
        assert_eq!(ranked.n_models, n_models, "{expect}");
        assert!(ranked.best.windows(2).all(|w| {
            w[0].fit().unwrap().bic_counting_infinite <= w[1].fit().unwrap().bic_counting_infinite + 1e-7
        }));
    };
    check(&kosovo(), 10_356.5, 10_356.518_957_254_01, &[3, 6, 9, 10, 12, 14], 113);
    check(&named("UKdat_5"), 25_311.3, 25_311.290_612_534_13, &[7, 18, 12], 3038);
    check(&ned_5(), 148_788.8, 148_788.758_990_462_2, &[21, 3, 10, 12], 3038);
    assert!(ranked(&named("Ned")).is_none(), "six lists have too many models");
}

#[test]
fn the_headline_holds_the_choice_of_its_model() {
    let histories = kosovo();
    let ranked = ranked(&histories).unwrap();
    let found = redraw(&histories, &ranked, (200, Seed(5)), &|| true).unwrap();
    let again = redraw(&histories, &ranked, (200, Seed(5)), &|| true).unwrap();
    assert_eq!(found, again);
    let (low, high) = found.interval;
    let conditional = ranked.best[0].fit().unwrap().interval(0.95);
    assert!(low < 10_356.5 && 10_356.5 < high, "{low} {high}");
    assert!(high - low > conditional.1 - conditional.0, "the choice adds nothing: {low} {high}, {conditional:?}");
    assert_eq!(found.nested.iter().map(|n| n.n_models).collect::<Vec<_>>(), [10, 20, 40]);
    assert!(found.same_model > 0.1 && found.same_model < 1.0, "{}", found.same_model);
}

/// A triple above an empty overlap is the model without it: it is fitted as that, and not tried twice.
#[test]
fn terms_without_a_history_change_nothing() {
    let histories = named("UKdat_5");
    // Nobody is on LA and GP at once.
    let pairs = Model::with([Term::from_bits(0b10001), Term::from_bits(0b00101), Term::from_bits(0b10100)]);
    let triple = pairs.and(Term::from_bits(0b10101));
    let (without, with) = (Estimate::of(&histories, pairs), Estimate::of(&histories, triple.clone()));
    assert_eq!(without.outcome, with.outcome);
    assert!(without.fit().is_some());
    assert!(all_models(&histories, 3, 1 << 20, &|| true).unwrap().iter().all(|e| e.model != triple));
}

/// The acceleration follows from the data alone: SparseMSE 2.0.1 under R 4.2.2 gives −0.0121810813738 for UKdat_5.
#[test]
fn the_bootstrap_agrees_with_sparsemse() {
    let histories = named("UKdat_5");
    let selection = Selection::Stepwise { threshold: THRESHOLD };
    let point = selection.estimate(&histories, 1).unwrap().fit().unwrap().point();
    let run = |n| bootstrap(&histories, &selection, point, (n, Seed(7)), 1, &|| true).unwrap();
    let first = run(400);
    near("acceleration", first.acceleration, -0.012_181_081_373_8, 1e-8);
    assert_eq!((first.draws.len(), first.n_failed), (400, 0));
    // SparseMSE, 4,000 draws, seed 1234: a third of the draws below the estimate, BCa [9,140; 15,043]; quantiles of the draws
    // 11,034, 11,917 and 13,291. Six standard errors of 400 draws.
    let below = first.draws.iter().filter(|&&d| d < point).count() as f64 / 400.0;
    assert!((below - 0.333).abs() < 6.0 * (0.333 * 0.667 / 400.0_f64).sqrt(), "{below}");
    for (p, quantile) in [(0.25, 11_033.5), (0.5, 11_916.9), (0.75, 13_291.4)] {
        let share = first.draws.iter().filter(|&&d| d < quantile).count() as f64 / 400.0;
        assert!((share - p).abs() < 6.0 * (p * (1.0 - p) / 400.0_f64).sqrt(), "{share} below {quantile}");
    }
    let (low, high) = first.interval.unwrap();
    assert!(8500.0 < low && low < 9700.0 && 13_700.0 < high && high < 17_500.0, "{low} {high}");
    // A draw is the same in any number of draws and of threads.
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| run(40));
    assert_eq!(single.draws, first.draws[..40]);
    for selection in [Selection::Main, Selection::Best { max_order: 2 }, Selection::Fixed(Model::with(Term::pairs(3)))]
    {
        let artificial = named("Artificial_3");
        let point = 539.0;
        let b = bootstrap(&artificial, &selection, point, (60, Seed(1)), 64, &|| true);
        assert!(matches!(b, Ok(_) | Err(BootstrapError::TooFewDraws { .. })), "{b:?}");
    }
}

/// Without bias and acceleration BCa is the percentile interval; quantiles of type 8 of 1 to 19: R 4.2.2,
/// `quantile(1:19, c(.025, .975), type = 8)`: 1 and 19; `quantile(1:100, …)`: 2.85, 98.15.
#[test]
fn bca_corrects_what_it_should() {
    let draws: Vec<f64> = (1..=100).map(f64::from).collect();
    let (low, high) = bca_interval(&draws, 50.5, 0.0, 0.95).unwrap();
    near("low", low, 2.841_666_666_666_667, 1e-12);
    near("high", high, 98.158_333_333_333_33, 1e-12);
    let (shifted, _) = bca_interval(&draws, 40.5, 0.0, 0.95).unwrap();
    assert!(shifted < low);
    assert!(matches!(bca_interval(&draws, 0.5, 0.0, 0.95), Err(BootstrapError::OneSided { .. })));
    assert!(matches!(bca_interval(&draws, 50.5, 2.0, 0.95), Err(BootstrapError::Acceleration { .. })));
    assert!(bca_interval(&[], 50.5, 0.0, 0.95).is_err());
}

#[test]
fn strata_add_up() {
    let histories = of(&[("10", 90), ("01", 40), ("11", 10)]);
    let main = Estimate::of(&histories, Model::main());
    let fit = main.fit().unwrap();
    let one = sum_of_strata(&[fit]);
    near("one", one.point, fit.point(), 1e-15);
    near("one", one.interval.1, fit.interval(0.95).1, 1e-14);
    let two = sum_of_strata(&[fit, fit]);
    near("two", two.point, 2.0 * fit.point(), 1e-15);
    let width = |(low, high): (f64, f64)| (high - 280.0).ln() - (low - 280.0).ln();
    let single = (fit.interval(0.95).1 - 140.0).ln() - (fit.interval(0.95).0 - 140.0).ln();
    near("width", width(two.interval), single / 2.0_f64.sqrt(), 1e-12);
}

#[track_caller]
fn reads(formula: &str, names: &[&str], want: &str) {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    let n = names.len();
    let counts = (1..1_u32 << n).map(|h| (h, u64::from(h % 7) + 1));
    let histories = Histories::new(names.clone(), counts).unwrap();
    let got = match parse_formula(formula, &names) {
        Ok(formula) => formula.model.interactions().iter().map(|t| histories.name(*t)).collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    };
    assert_eq!(got, want, "{formula}");
}

#[test]
fn formulas_are_read_as_people_write_them() {
    let abc = &["A", "B", "C"][..];
    reads("A*B + C", abc, "A:B");
    reads("~ A + B + A:B", abc, "A:B");
    reads("n ~ A*B", abc, "there is no list `n`");
    reads("count ~ A*B + C", &["A", "B", "C", "count"], "A:B");
    reads("A+B+C", abc, "");
    reads("1 + A + B:C", abc, "B:C");
    reads("(A+B+C)^2", abc, "A:B A:C B:C");
    reads(".^2", abc, "A:B A:C B:C");
    reads(".^2 - A:B", abc, "A:C B:C");
    reads("A*B*C - A:B:C", abc, "A:B A:C B:C");
    reads("A:B:C", abc, "A:B A:C B:C A:B:C");
    reads("A*(B+C)", abc, "A:B A:C");
    reads("[AB][C]", abc, "A:B");
    reads("[A B] [B C]", abc, "A:B B:C");
    reads("[AB,C]", abc, "A:B");
    reads("[12,3]", abc, "A:B");
    reads("[123]", abc, "A:B A:C B:C A:B:C");
    reads("[A,B][C]", abc, "A:B");
    reads("a*b", abc, "A:B");
    reads("LA*NG + PFNCA", &["LA", "NG", "PF", "PFNCA"], "LA:NG");
    reads("[LA NG][PFNCA]", &["LA", "NG", "PF", "PFNCA", "NCA"], "LA:NG");
    reads("[LAPFNCA]", &["LA", "NG", "PFNCA"], "LA:PFNCA");
    reads("`list 1`:\"b-c\" + d", &["list 1", "b-c", "d"], "list 1:b-c");
    reads("list 1 : b-c", &["list 1", "b-c", "d"], "list 1:b-c");
    reads("1*2", &["1", "2", "3"], "1:2");
    reads("S1:S2", &["S1", "S10", "S2"], "S1:S2");
    reads("", abc, "the formula is empty");
    reads("~", abc, "the formula is empty");
    reads("A*D", abc, "there is no list `D`");
    reads("A*", abc, "the formula ends where a list should stand");
    reads("A B", abc, "`B` at character 3, where `+`, `*` or `:` should stand");
    reads("A ++ B", abc, "`+` at character 4, where a list should stand");
    reads("(A*B", abc, "the formula ends where `)` should stand");
    reads("[AB", abc, "the formula ends where `]` should stand");
    reads("A^B", abc, "`B` at character 3, where a number should stand");
    reads("A*B - 1", abc, "the intercept cannot be left out: it is the number of those on no list");
    reads("0 + A", abc, "the intercept cannot be left out: it is the number of those on no list");
    reads("A*B - C", abc, "`C` cannot be left out: every list has a main effect");
    reads("A*B*C - A:B", abc, "`A:B` cannot be left out while `A:B:C` is in the model");
    let added = parse_formula("A:B:C + A:B", &letters(3)).unwrap().added;
    assert_eq!(added, [Term::from_bits(5), Term::from_bits(6)]);
    let deep = format!("{}A{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(parse_formula(&deep, &letters(3)), Err(FormulaError::TooLarge));
}

#[test]
fn terms_stand_in_the_order_of_the_lists() {
    let pairs: Vec<Vec<usize>> = Term::pairs(4).into_iter().map(|t| t.lists().collect()).collect();
    assert_eq!(pairs, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
}

#[test]
fn bad_histories_are_told_at_once() {
    let new = |n: usize, counts: &[(u32, u64)]| Histories::new(letters(n), counts.iter().copied());
    assert_eq!(new(0, &[]), Err(vec![HistoriesError::TooFewLists { n_lists: 0 }]));
    assert_eq!(new(1, &[(1, 5)]), Err(vec![HistoriesError::TooFewLists { n_lists: 1 }]));
    assert_eq!(new(2, &[(0, 5)]), Err(vec![HistoriesError::Nobody]));
    assert_eq!(new(17, &[]), Err(vec![HistoriesError::TooManyLists { n_lists: MAX_LISTS + 1 }]));
    let empty = |list: &str| HistoriesError::EmptyList { list: list.to_owned() };
    let identical = HistoriesError::IdenticalLists { first: "A".to_owned(), second: "B".to_owned() };
    assert_eq!(new(4, &[(3, 5), (7, 2), (4, 1)]), Err(vec![empty("D"), identical]));
    assert_eq!(new(2, &[(1, u64::MAX), (2, u64::MAX)]), Err(vec![HistoriesError::TooManyPersons]));
    let most =
        Histories::new(letters(MAX_LISTS), (0..MAX_LISTS).map(|i| (1 << i, 50)).chain([(3, 9), ((1 << 16) - 1, 4)]));
    assert!(Estimate::of(&most.unwrap(), Model::main()).fit().is_some());
}

/// The pair B:C lowers no deviance here, so that AIC differs by exactly 2: such a model is within the window, however the lists are ordered.
#[test]
fn a_model_on_the_edge_of_the_window_is_within() {
    for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let turned = |lists: u32| (0..3).filter(|i| lists >> i & 1 == 1).map(|i| 1 << order[i as usize]).sum::<u32>();
        let counts = (1..).zip([3, 5, 45, 9, 1, 32, 15]).map(|(h, c)| (turned(h), c));
        assert_eq!(survey(&Histories::new(letters(3), counts).unwrap(), 2).window.len(), 2, "{order:?}");
    }
}

fn any_histories() -> impl Strategy<Value = Histories> {
    (2..5_usize)
        .prop_flat_map(|n| (Just(n), prop::collection::vec(0..60_u64, (1 << n) - 1)))
        .prop_filter_map("bad", |(n, counts)| Histories::new(letters(n), (1..).zip(counts)).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The margins of a fit are those of the data (Birch 1963), no population is smaller than what was seen, and an interval holds its point.
    #[test]
    fn fits_keep_their_margins(histories in any_histories(), wanted in any::<u32>()) {
        let pairs = Term::pairs(histories.n_lists());
        let chosen = pairs.iter().enumerate().filter(|(i, _)| wanted >> i & 1 == 1).map(|(_, t)| *t);
        let estimate = Estimate::of(&histories, Model::with(chosen));
        if let Some(fit) = estimate.fit() {
            for term in estimate.model.terms(histories.n_lists()) {
                let margin = histories.margin(term) as f64;
                prop_assert!((fit.expected(term) - margin).abs() <= 1e-6 * (1.0 + margin), "{term:?}");
            }
            let (low, high) = fit.interval(0.95);
            prop_assert!(histories.n_observed() as f64 <= low && low <= fit.point() && fit.point() <= high);
            prop_assert!(fit.bic <= fit.bic_counting_infinite + 1e-9);
        }
    }

    /// Nothing depends on the order of the lists.
    /// Histories 3, 5, 45, 9, 1, 32, 15 once failed: a model lies exactly 2 above the best, and which side of it was rounding.
    #[test]
    fn the_order_of_lists_does_not_matter(histories in any_histories()) {
        let n = histories.n_lists();
        let turned = |lists: u32| (lists >> 1) | ((lists & 1) << (n - 1));
        let mut names = histories.names().to_vec();
        names.rotate_left(1);
        let counts = histories.counts().iter().enumerate().map(|(h, c)| (turned(h as u32), *c));
        let other = Histories::new(names, counts).unwrap();
        let (a, b) = (survey(&histories, 2), survey(&other, 2));
        prop_assert_eq!(a.window.len(), b.window.len());
        if let (Some((l, h)), Some((l2, h2))) = (a.range(), b.range()) {
            prop_assert!((l - l2).abs() <= 1e-5 * l && (h - h2).abs() <= 1e-5 * h);
        }
    }

    #[test]
    fn no_formula_panics(text in "[ABC.+*:^()\\[\\]~0-9` -]{0,24}") {
        let _ = parse_formula(&text, &letters(3));
    }

    /// What a model prints as its formula is read as the same model.
    #[test]
    fn formulas_are_read_back(wanted in any::<u16>(), odd in any::<bool>()) {
        let names: Vec<String> = if odd {
            ["list 1", "b-c", "1", "ÄÖ"].map(String::from).to_vec()
        } else {
            letters(4)
        };
        let histories = Histories::new(names, (1..16).map(|h| (h, u64::from(h)))).unwrap();
        let terms = (0..16_u32).filter(|i| wanted >> i & 1 == 1 && i.count_ones() > 1).map(Term::from_bits);
        let model = Model::with(terms);
        let text = model.formula(&histories);
        if text != "main" {
            prop_assert_eq!(parse_formula(&text, histories.names()).unwrap().model, model);
        }
    }
}
