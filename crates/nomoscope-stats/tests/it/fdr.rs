//! Benjamini and Hochberg against R.

use nomoscope_stats::fdr::benjamini_hochberg;
use proptest::prelude::*;

#[test]
fn values_agree_with_r() {
    // R 4.2.2: p.adjust(p, "BH")
    let p = [0.01, 0.02, 0.03, 0.04, 0.05, 0.0002, 0.9, 0.04, 1.0, 0.3];
    let expect = [0.05, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 14.0, 0.002, 1.0, 1.0 / 15.0, 1.0, 0.375];
    for (q, e) in benjamini_hochberg(&p).unwrap().iter().zip(expect) {
        assert!((q - e).abs() < 1e-15, "{q}, not {e}");
    }
    assert_eq!(benjamini_hochberg(&[]).unwrap(), Vec::<f64>::new());
    assert!(benjamini_hochberg(&[0.5, f64::NAN]).is_err());
    assert!(benjamini_hochberg(&[1.5]).is_err());
}

#[test]
fn the_published_example() {
    // Benjamini & Hochberg (1995), section 3.2: of 15 tests four are rejected at 0.05.
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];
    let q = benjamini_hochberg(&p).unwrap();
    assert_eq!(q.iter().filter(|&&q| q <= 0.05).count(), 4);
}

proptest! {
    #[test]
    fn monotone_bounded_and_free_of_order(p in prop::collection::vec(0.0..=1.0_f64, 0..60)) {
        let q = benjamini_hochberg(&p).unwrap();
        for (i, j) in (0..p.len()).flat_map(|i| (0..p.len()).map(move |j| (i, j))) {
            prop_assert!(p[i] > p[j] || q[i] <= q[j]);
        }
        prop_assert!(p.iter().zip(&q).all(|(p, q)| p <= q && *q <= 1.0));
        let backwards: Vec<f64> = p.iter().rev().copied().collect();
        let mut again = benjamini_hochberg(&backwards).unwrap();
        again.reverse();
        prop_assert_eq!(q, again);
    }
}
