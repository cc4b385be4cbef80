//! Kernels, divergence, runs and PPMI against SciPy, statsmodels, published tables and enumeration of all orders.

use nomoscope_stats::divergence::{jaccard, jensen_shannon};
use nomoscope_stats::kernel::{Kernel, effective_size};
use nomoscope_stats::ppmi::{cosine, ppmi};
use nomoscope_stats::runs::{change_ratio, changes, distribution, expected_changes, tails};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    divergence: Vec<Divergence>,
    runs: Runs,
    at_most: Vec<AtMost>,
    ppmi: Ppmi,
}

#[derive(serde::Deserialize)]
struct Divergence {
    p: Vec<f64>,
    q: Vec<f64>,
    expect: f64,
}

#[derive(serde::Deserialize)]
struct Runs {
    sequence: Vec<u8>,
    z: f64,
}

#[derive(serde::Deserialize)]
struct AtMost {
    m: u64,
    n: u64,
    runs: usize,
    chance: f64,
}

#[derive(serde::Deserialize)]
struct Ppmi {
    a: Vec<u32>,
    b: Vec<u32>,
    shares: Vec<f64>,
    of_a: Vec<f64>,
    of_b: Vec<f64>,
    cosine: f64,
}

fn file() -> File {
    toml::from_str(include_str!("../../testdata/change.toml")).unwrap()
}

#[test]
fn divergence_agrees_with_scipy() {
    for case in file().divergence {
        let found = jensen_shannon(&case.p, &case.q).unwrap();
        assert!((found - case.expect).abs() < 1e-14, "{found} is not {}", case.expect);
    }
    assert!(jensen_shannon(&[1.0], &[1.0, 2.0]).is_err());
    assert!(jensen_shannon(&[0.0], &[1.0]).is_err());
    assert!(jensen_shannon(&[f64::NAN], &[1.0]).is_err());
}

#[test]
fn runs_agree_with_statsmodels_and_the_tables() {
    let file = file();
    let sequence: Vec<bool> = file.runs.sequence.iter().map(|x| *x == 1).collect();
    let a = sequence.iter().filter(|x| **x).count() as u64;
    let want = expected_changes(a, sequence.len() as u64 - a).unwrap();
    let z = (changes(&sequence) as f64 - want.mean) / want.variance.sqrt();
    assert!((z - file.runs.z).abs() < 1e-12, "{z}");
    for row in file.at_most {
        // So many runs are one change fewer; the first entry is one change, two runs.
        let below: f64 = distribution(row.m, row.n).unwrap().iter().take(row.runs - 1).sum();
        assert!((below - row.chance).abs() <= 0.0005 + 1e-12, "{} runs: {below}", row.runs);
    }
}

#[test]
fn changes_over_all_orders() {
    for (a, b) in [(1_u32, 1_u32), (2, 1), (3, 3), (4, 2), (5, 3), (1, 6)] {
        let n = a + b;
        let mut seen = vec![0_u64; n as usize];
        let mut all = 0;
        for bits in (0_u32..1 << n).filter(|x| x.count_ones() == a) {
            let order: Vec<bool> = (0..n).map(|i| bits >> i & 1 == 1).collect();
            seen[changes(&order) as usize] += 1;
            all += 1;
        }
        let chances = distribution(a.into(), b.into()).unwrap();
        let (mut mean, mut squares) = (0.0, 0.0);
        for (k, n) in seen.iter().enumerate() {
            let share = *n as f64 / f64::from(all);
            let found = if k == 0 { 0.0 } else { chances.get(k - 1).copied().unwrap_or(0.0) };
            assert!((found - share).abs() < 1e-10, "{a} and {b}, {k} changes: {found}, not {share}");
            mean += share * k as f64;
            squares += share * (k * k) as f64;
        }
        let want = expected_changes(a.into(), b.into()).unwrap();
        assert!((want.mean - mean).abs() < 1e-10 && (want.variance - (squares - mean * mean)).abs() < 1e-10);
    }
    assert!(expected_changes(0, 3).is_err() && distribution(3, 0).is_err() && change_ratio(&[(0, 4, 0)]).is_err());
}

#[test]
fn tails_over_all_orders_of_two_speakers() {
    let orders = |a: u32, b: u32| {
        let all = (0_u32..1 << (a + b)).filter(move |x| x.count_ones() == a);
        all.map(move |bits| changes(&(0..a + b).map(|i| bits >> i & 1 == 1).collect::<Vec<_>>())).collect::<Vec<u64>>()
    };
    let (x, y) = (orders(3, 2), orders(2, 4));
    let n = (x.len() * y.len()) as f64;
    let sums: Vec<u64> = x.iter().flat_map(|i| y.iter().map(move |j| i + j)).collect();
    for (of_x, of_y) in [(1, 1), (2, 3), (4, 4)] {
        let (few, many) = tails(&[(of_x, 3, 2), (of_y, 2, 4), (0, 7, 0)]).unwrap();
        let at = of_x + of_y;
        let share = |f: &dyn Fn(u64) -> bool| sums.iter().filter(|s| f(**s)).count() as f64 / n;
        assert!((few - share(&|s| s <= at)).abs() < 1e-12 && (many - share(&|s| s >= at)).abs() < 1e-12);
    }
    assert!(tails(&[(0, 3, 0)]).is_none() && tails(&[(5, 20_000, 20_000)]).is_none());
}

#[test]
fn ppmi_agrees_with_scipy() {
    let case = file().ppmi;
    let ln: Vec<f64> = case.shares.iter().map(|s| s.ln()).collect();
    let (a, b) = (ppmi(&case.a, &ln).unwrap(), ppmi(&case.b, &ln).unwrap());
    for (found, want) in a.iter().chain(&b).zip(case.of_a.iter().chain(&case.of_b)) {
        assert!((found - want).abs() < 5e-9, "{found} is not {want}");
    }
    assert!((cosine(&a, &b).unwrap() - case.cosine).abs() < 1e-12);
    assert!(ppmi(&[0, 0], &[-1.0, -1.0]).is_err() && ppmi(&[1], &[]).is_err() && cosine(&[0.0], &[1.0]).is_none());
}

#[test]
fn a_window_covers_exactly_its_width() {
    for kernel in Kernel::ALL {
        // Ten years in a window of ten, wherever it stands; the end belongs to the next.
        for middle in [1995.0, 2000.5, 2004.25] {
            let held =
                (19_000..21_000).map(|tenth| f64::from(tenth) / 10.0).filter(|y| kernel.weight(y - middle, 10.0) > 0.0);
            let n = held.count();
            // Epanechnikov and triangular windows weigh nothing at their very edge.
            assert!((99..=100).contains(&n), "{}: {n} tenths of a year", kernel.name());
        }
        assert!(kernel.weight(5.0, 10.0) == 0.0 && kernel.weight(0.0, 10.0) == 1.0 && kernel.weight(0.0, 0.0) == 0.0);
        assert!(kernel.weight(f64::NAN, 10.0) == 0.0 && kernel.weight(1.0, f64::NAN) == 0.0);
    }
    // Silverman (1986), table 3.1, relative to the height in the middle.
    assert!((Kernel::Epanechnikov.weight(2.5, 10.0) - 0.75).abs() < 1e-15);
    assert!((Kernel::Triangular.weight(2.5, 10.0) - 0.5).abs() < 1e-15);
    assert!((Kernel::Gaussian.weight(5.0 / 3.0, 10.0) - (-0.5_f64).exp()).abs() < 1e-15);
    assert!((effective_size([1.0, 1.0, 1.0].into_iter()) - 3.0).abs() < 1e-15);
    assert!((effective_size([2.0, 1.0].into_iter()) - 1.8).abs() < 1e-15 && effective_size([].into_iter()) == 0.0);
}

proptest! {
    #[test]
    fn kernels_are_symmetric(distance in 0.0_f64..6.0, width in 0.1_f64..12.0) {
        for kernel in Kernel::ALL {
            // The edges differ by design: the lower belongs to the window.
            if (distance - width / 2.0).abs() > 1e-9 {
                prop_assert_eq!(kernel.weight(distance, width), kernel.weight(-distance, width));
            }
        }
    }

    #[test]
    fn divergence_is_a_symmetric_share(p in prop::collection::vec(0.0_f64..9.0, 5), q in prop::collection::vec(0.0_f64..9.0, 5)) {
        if let (Ok(a), Ok(b)) = (jensen_shannon(&p, &q), jensen_shannon(&q, &p)) {
            prop_assert!((0.0..=1.0).contains(&a) && (a - b).abs() < 1e-12);
            prop_assert!(jensen_shannon(&p, &p).unwrap() < 1e-12);
        }
    }

    #[test]
    fn jaccard_is_a_share(mut a in prop::collection::vec(0_u8..9, 0..8), mut b in prop::collection::vec(0_u8..9, 0..8)) {
        for list in [&mut a, &mut b] {
            list.sort_unstable();
            list.dedup();
        }
        let found = jaccard(&a, &b);
        prop_assert_eq!(found, jaccard(&b, &a));
        prop_assert_eq!(found.is_none(), a.is_empty() && b.is_empty());
    }
}
