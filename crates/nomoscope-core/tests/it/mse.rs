//! Multiple systems estimation against SparseMSE, Rcapture and published values.

use nomoscope_core::reach::mse::{
    Estimate, Histories, Model, NoEstimate, Selection, THRESHOLD, Term, all_models, stepwise, survey, survey_of,
};
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

fn file() -> File {
    toml::from_str(include_str!("../../testdata/reach/sparsemse.toml")).unwrap()
}

fn histories(lists: &[String], counts: &BTreeMap<String, u64>) -> Histories {
    let bits = |history: &str| {
        history.chars().enumerate().filter(|(_, c)| *c == '1').fold(0, |bits, (i, _)| bits | 1 << i)
    };
    Histories::new(lists.to_vec(), counts.iter().map(|(h, n)| (bits(h), *n))).unwrap()
}

fn named(name: &str) -> Histories {
    let data = file().data.into_iter().find(|d| d.name == name).unwrap();
    histories(&data.lists, &data.counts)
}

/// Half a unit of the seventh significant digit, which is the last that R prints.
#[track_caller]
fn near(what: &str, value: f64, expect: f64) {
    assert!((value - expect).abs() <= 1e-6 * expect.abs().max(1e-3), "{what}: {value}, not {expect}");
}

#[test]
fn fits_agree_with_sparsemse() {
    for data in file().data {
        let histories = histories(&data.lists, &data.counts);
        for expect in &data.fit {
            let what = format!("{} {}", data.name, expect.selection);
            let estimate = match expect.selection.as_str() {
                "main" => Estimate::of(&histories, Model::main()),
                _ => stepwise(&histories, THRESHOLD).estimate,
            };
            let fit = estimate.fit().unwrap();
            println!("{what}: {} {:?} {}", fit.point(), fit.interval(0.95), fit.aic);
            near(&what, fit.point(), expect.point);
            near(&what, fit.interval(0.95).0, expect.interval[0]);
            near(&what, fit.interval(0.95).1, expect.interval[1]);
            near(&what, fit.deviance, expect.deviance);
            near(&what, fit.aic, expect.aic);
            assert_eq!(fit.degrees_of_freedom, expect.degrees_of_freedom, "{what}");
            assert_eq!(fit.coefficients.len(), expect.coefficients.len(), "{what}");
            for c in &fit.coefficients {
                let [value, error] = expect.coefficients[&histories.name(c.term)];
                near(&what, c.value, value);
                near(&what, c.standard_error, error);
            }
            let mut infinite: Vec<String> = fit.infinite.iter().map(|t| histories.name(*t)).collect();
            let mut wanted = expect.infinite.clone();
            infinite.sort();
            wanted.sort();
            assert_eq!(infinite, wanted, "{what}");
        }
    }
}

#[test]
fn all_pairs_of_artificial_are_not_identifiable() {
    let histories = named("Artificial_3");
    let model = Model::with(Term::pairs(3));
    assert!(matches!(Estimate::of(&histories, model).outcome, Err(NoEstimate::NotIdentifiable { .. })));
}

#[test]
fn every_model_of_ukdat_5() {
    let histories = named("UKdat_5");
    for order in 2..5 {
        let all = all_models(&histories, order, 1 << 20, &|| ()).unwrap();
        let points: Vec<f64> = all.iter().filter_map(Estimate::fit).map(|f| f.point()).collect();
        let s = survey_of(&all);
        println!("{order}: {} models {} fitted; {:?} {:?} {:?}; range {:?} {:?} n {}", all.len(), points.len(),
            s.best().map(|e| (e.fit().unwrap().point(), e.model.formula(&histories))), s.best_bic.as_ref().map(|e| (e.fit().unwrap().point(), e.model.formula(&histories))), s.best_bic_counting_infinite.as_ref().map(|e| (e.fit().unwrap().point(), e.model.formula(&histories))),
            (points.iter().copied().fold(f64::INFINITY, f64::min), points.iter().copied().fold(0.0, f64::max)), s.range(), s.window.len());
    }
}

#[test]
fn a_survey_finds_what_fitting_all_finds() {
    for name in ["UKdat_5", "Artificial_3", "UKdat", "Ned", "NewOrl"] {
        let histories = named(name);
        let t = std::time::Instant::now();
        let quick = survey(&histories, 2);
        println!("{name}: {} fitted of {:?}, exhaustive {}, {:?} window {} {:?} bic {:?} {:?}", quick.n_fitted, quick.n_models, quick.exhaustive, quick.range(), quick.window.len(), t.elapsed(),
          quick.best_bic.as_ref().map(|e| e.fit().unwrap().point()), quick.best_bic_counting_infinite.as_ref().map(|e| e.fit().unwrap().point()));
        if histories.n_lists() > 5 { continue }
        let full = survey_of(&all_models(&histories, 2, 1 << 16, &|| ()).unwrap());
        assert_eq!(quick.window, full.window);
        assert_eq!(quick.best_bic, full.best_bic);
        assert_eq!(quick.best_bic_counting_infinite, full.best_bic_counting_infinite);
    }
    let _ = Selection::Main;
}
