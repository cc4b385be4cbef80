//! The generator against NumPy, and draws that do not depend on threads.

use nomoscope_stats::StatsError;
use nomoscope_stats::bootstrap::{
    bootstrap, multiplicities, percentile_interval, permutation_p, permutations, quantile,
};
use nomoscope_stats::rng::{Seed, Stream, binomial};
use proptest::prelude::*;

/// Mean, variance and quantiles of scipy 1.17, `binom`; four standard errors of 20,000 draws.
#[test]
fn binomial_draws_have_the_moments_of_scipy() {
    for (n, p, mean, variance, quartiles) in [
        (5, 0.3, 1.5, 1.05, [1, 2]),
        (40, 0.02, 0.8, 0.784, [0, 1]),
        (1000, 0.5, 500.0, 250.0, [489, 511]),
        (10_000_000, 0.1, 1_000_000.0, 900_000.0, [999_360, 1_000_640]),
    ] {
        let mut stream = Seed(7).stream(n);
        let n_draws = if n > 1000 { 2000 } else { 20_000 };
        let mut draws: Vec<u64> = (0..n_draws).map(|_| binomial(n, p, &mut stream)).collect();
        let of = |f: &dyn Fn(f64) -> f64| draws.iter().map(|&k| f(k as f64)).sum::<f64>() / n_draws as f64;
        let error = (variance / n_draws as f64).sqrt();
        assert!((of(&|k| k) - mean).abs() < 4.0 * error, "{n}, {p}: {}", of(&|k| k));
        let spread = of(&|k| (k - mean) * (k - mean));
        assert!((spread / variance - 1.0).abs() < 4.0 * (2.5 / n_draws as f64).sqrt(), "{n}, {p}: {spread}");
        draws.sort_unstable();
        let near = |at: usize, want: u64| (draws[at] as f64 - want as f64).abs() <= 1.0 + 4.0 * 1.4 * error;
        assert!(near(n_draws / 4, quartiles[0]) && near(3 * n_draws / 4, quartiles[1]), "{n}, {p}");
    }
    let edges = [(0, 0.5), (9, 0.0), (9, 1.0)].map(|(n, p)| binomial(n, p, &mut Seed(1).stream(0)));
    assert_eq!(edges, [0, 0, 9]);
}

#[test]
fn generator_agrees_with_numpy() {
    // NumPy 2.4.6: PCG64 with this state and increment, random_raw(5).
    let mut stream =
        Stream::from_state(0x0123_4567_89ab_cdef_0fed_cba9_8765_4321, 0xdead_beef_cafe_babe_1234_5678_90ab_cdef);
    let found: Vec<u64> = (0..5).map(|_| stream.next_u64()).collect();
    assert_eq!(
        found,
        [
            17_652_158_058_472_190_442,
            10_858_364_398_602_167_164,
            13_068_093_634_963_343_823,
            12_431_400_173_356_762_584,
            1_717_284_754_971_341_029
        ]
    );
}

#[test]
fn streams_are_fixed_for_ever() {
    // Every printed support depends on these. The same derivation written in Python gives these numbers.
    let mut stream = Seed(7).stream(3);
    let found: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
    assert_eq!(found, [2_827_059_243_069_666_736, 328_639_185_169_144_363, 3_838_014_440_818_210_235]);
    assert_ne!(Seed(7).stream(3).next_u64(), Seed(3).stream(7).next_u64());
    assert_ne!(Seed(7).part(0), Seed(7).part(1));
}

#[test]
fn whole_numbers_below_n_are_even() {
    let mut stream = Seed(11).stream(0);
    let mut times = [0_u32; 7];
    (0..70_000).for_each(|_| times[stream.below(7)] += 1);
    // Chi-square with 6 degrees of freedom: 22.46 has p = 0.001 (R 4.2.2 qchisq).
    let chi: f64 = times.iter().map(|&t| (f64::from(t) - 10_000.0).powi(2) / 10_000.0).sum();
    assert!(chi < 22.46, "{chi}");
    assert_eq!(stream.below(0), 0);
    assert_eq!(stream.below(1), 0);
}

#[test]
fn all_orders_are_equally_likely() {
    let mut stream = Seed(12).stream(0);
    let mut times = std::collections::BTreeMap::new();
    (0..24_000).for_each(|_| *times.entry(stream.permutation(4)).or_insert(0_u32) += 1);
    assert_eq!(times.len(), 24);
    // Chi-square with 23 degrees of freedom: 49.73 has p = 0.001 (R 4.2.2 qchisq).
    let chi: f64 = times.values().map(|&t| (f64::from(t) - 1000.0).powi(2) / 1000.0).sum();
    assert!(chi < 49.73, "{chi}");
}

#[test]
fn threads_do_not_change_results() {
    let run = || bootstrap(20, 500, Seed(3), |times, stream| (times.to_vec(), stream.next_u64()));
    let alone = rayon_pool(1, run);
    assert_eq!(alone, rayon_pool(4, run));
    let orders = || permutations(9, 200, Seed(3), <[usize]>::to_vec);
    assert_eq!(rayon_pool(1, orders), rayon_pool(3, orders));
}

fn rayon_pool<T: Send>(n: usize, work: impl Fn() -> T + Send + Sync) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
}

#[test]
fn bootstrap_finds_the_error_of_a_mean() {
    // The bootstrap variance of a mean is the plain variance over n, exactly in expectation (Efron 1979).
    let values = [2.0, 4.0, 4.0, 5.0, 7.0, 9.0, 1.0, 8.0];
    let mean = values.iter().sum::<f64>() / 8.0;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 8.0;
    let draws = bootstrap(8, 20_000, Seed(9), |times, _| {
        values.iter().zip(times).map(|(v, &t)| v * f64::from(t)).sum::<f64>() / 8.0
    });
    let spread = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 20_000.0;
    assert!((spread / (variance / 8.0) - 1.0).abs() < 0.04, "{spread}");
}

#[test]
fn quantiles_agree_with_r() {
    // R 4.2.2: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), c(0, 0.025, 0.5, 0.975, 1))
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    for (p, expect) in [(0.0, 1.0), (0.025, 1.0), (0.5, 3.5), (0.975, 8.475), (1.0, 9.0)] {
        assert!((quantile(&values, p).unwrap() - expect).abs() < 1e-12);
    }
    let interval = percentile_interval(&values, 0.95).unwrap();
    assert!((interval.upper.unwrap() - 8.475).abs() < 1e-12);
    assert_eq!(quantile(&[], 0.5), Err(StatsError::Empty));
    assert!(quantile(&[1.0, f64::NAN], 0.5).is_err());
    assert!(quantile(&[1.0], 1.5).is_err());
    assert_eq!(permutation_p(0, 999), 0.001);
}

proptest! {
    #[test]
    fn draws_have_as_many_as_there_are(n in 0_usize..200, seed: u64) {
        let times = multiplicities(n, &mut Seed(seed).stream(0));
        prop_assert_eq!(times.len(), n);
        prop_assert_eq!(times.iter().sum::<u32>() as usize, n);
    }

    #[test]
    fn permutations_hold_everything_once(n in 0_usize..100, seed: u64) {
        let mut order = Seed(seed).stream(1).permutation(n);
        order.sort_unstable();
        prop_assert_eq!(order, (0..n).collect::<Vec<_>>());
    }

    #[test]
    fn uniform_stays_below_one(seed: u64) {
        let mut stream = Seed(seed).stream(0);
        prop_assert!((0..100).all(|_| (0.0..1.0).contains(&stream.uniform())));
    }
}
