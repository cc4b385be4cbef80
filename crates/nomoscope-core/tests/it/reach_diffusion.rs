//! Curves of diffusion against the same likelihood maximised by scipy, and against curves that counts were drawn from.

use nomoscope_core::reach::diffusion::{DiffusionError, Model, Uptake, fit};
use nomoscope_stats::rng::Seed;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    model: String,
    population: u64,
    ends: Vec<f64>,
    joined: Vec<u64>,
    estimates: [f64; 3],
    intervals: [[f64; 2]; 3],
    ln_likelihood: f64,
    aic: f64,
}

fn model(name: &str) -> Model {
    Model::ALL.into_iter().find(|m| m.name() == name).unwrap()
}

#[track_caller]
fn near(what: &str, got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "{what}: {got}, not {want}");
}

#[test]
fn values_agree_with_scipy() {
    let file: File = toml::from_str(include_str!("../../testdata/reach/diffusion.toml")).unwrap();
    assert_eq!(file.case.len(), 15);
    for case in &file.case {
        let name = format!("{}, {}", case.name, case.model);
        let uptake =
            Uptake { opening: 0.0, ends: case.ends.clone(), joined: case.joined.clone(), population: case.population };
        let got = fit(&uptake, model(&case.model), 0.95).unwrap();
        near(&name, got.ln_likelihood, case.ln_likelihood, 1e-6);
        near(&name, got.aic, case.aic, 2e-6);
        for (i, p) in got.parameters.iter().enumerate() {
            let what = format!("{name}, {}", p.name);
            near(&what, p.estimate, case.estimates[i], 2e-4 * case.estimates[i].abs().max(0.05));
            for (end, want) in [p.interval.lower, p.interval.upper].into_iter().zip(case.intervals[i]) {
                match end {
                    Some(end) => near(&what, end, want, 5e-4 * want.abs().max(0.05)),
                    None => assert!(want == -1.0, "{what}: no bound, but {want}"),
                }
            }
        }
    }
}

#[test]
fn refusals() {
    let uptake = |joined: &[u64], population| Uptake {
        opening: 2000.0,
        ends: (1..=joined.len()).map(|y| y as f64).collect(),
        joined: joined.to_vec(),
        population,
    };
    let few = fit(&uptake(&[1, 2, 3, 1], 50), Model::Bass, 0.95);
    assert!(matches!(few, Err(DiffusionError::TooFew { joined: 7, years: 4, .. })));
    let at_once = fit(&uptake(&[0, 30, 0, 1], 50), Model::Logistic, 0.95);
    assert!(matches!(at_once, Err(DiffusionError::TooFew { joined: 31, years: 2, .. })));
    let more = fit(&uptake(&[5, 5, 5, 5], 10), Model::Gompertz, 0.95);
    assert_eq!(more, Err(DiffusionError::MoreThanAll { joined: 20, population: 10 }));
    let mut bad = uptake(&[5, 5, 5, 5], 50);
    bad.ends = vec![1.0, 2.0, 2.0, 3.0];
    assert_eq!(fit(&bad, Model::Bass, 0.95), Err(DiffusionError::BadTimes));
    assert_eq!(fit(&uptake(&[5, 5, 5, 5], 50), Model::Bass, 1.0), Err(DiffusionError::BadLevel));
}

#[test]
fn nothing_breaks_a_fit() {
    let shapes: [&[u64]; 7] = [
        &[100, 1, 1, 1],
        &[1, 1, 1, 100],
        &[10, 0, 0, 10, 0, 0, 10, 0, 10],
        &[1; 60],
        &[0, 0, 0, 50, 50, 50, 50],
        &[3, 3, 3, 3],
        &[60, 30, 15, 8, 4, 2, 1],
    ];
    for joined in shapes {
        for population in [joined.iter().sum::<u64>(), 500] {
            let ends = (1..=joined.len()).map(|y| y as f64).collect();
            let uptake = Uptake { opening: 1950.5, ends, joined: joined.to_vec(), population };
            for model in Model::ALL {
                let got = fit(&uptake, model, 0.95).unwrap();
                assert!(got.aic.is_finite(), "{joined:?} {model:?}");
                for p in &got.parameters {
                    assert!(p.estimate.is_finite() && p.interval.contains(p.estimate), "{joined:?} {model:?} {p:?}");
                }
                let reached = got.at(1950.5 + joined.len() as f64);
                assert!(reached <= population as f64 * (1.0 + 1e-9), "{joined:?} {model:?}: {reached}");
            }
        }
    }
}

/// Counts drawn from a curve: its interval holds the truth as often as it says.
#[test]
fn intervals_cover_what_they_say() {
    let (rate, midpoint, ceiling, population) = (0.5, 8.0, 0.75, 190_u64);
    let cdf = |t: f64| 1.0 / (1.0 + libm::exp(-rate * (t - midpoint)));
    let mut misses = [0; 3];
    let n = 200;
    for task in 0..n {
        let mut stream = Seed(5).stream(task);
        let mut joined = vec![0_u64; 18];
        for _ in 0..population {
            let u = stream.uniform() / ceiling;
            if let Some(year) = (0..18).find(|&y| u < cdf(f64::from(y) + 1.0)) {
                joined[year as usize] += 1;
            }
        }
        let ends = (1..=18).map(f64::from).collect();
        let got = fit(&Uptake { opening: 0.0, ends, joined, population }, Model::Logistic, 0.95).unwrap();
        for (i, truth) in [rate, midpoint, ceiling * population as f64].into_iter().enumerate() {
            misses[i] += usize::from(!got.parameters[i].interval.contains(truth));
        }
    }
    // 5 % of 200, within four standard errors.
    assert!(misses.iter().all(|m| *m <= 22), "{misses:?}");
}
