//! Measures of association by hand, mutual information against scikit-learn.

use nomoscope_stats::association::{Joint, Pair, mutual_information, mutual_information_test};
use nomoscope_stats::rng::Seed;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[track_caller]
fn near(value: Option<f64>, expect: f64) {
    let value = value.unwrap();
    assert!((value - expect).abs() < 1e-12, "{value}, not {expect}");
}

#[test]
fn values_by_hand() {
    let joint = Joint::new(10.0, 20.0, 40.0, 160.0).unwrap();
    near(joint.jaccard(), 0.2);
    near(joint.cosine(), 10.0 / 800.0_f64.sqrt());
    near(joint.association_strength(), 2.0);
    near(joint.pmi(), 2.0_f64.ln());
    // ln 2 over ln 16.
    near(joint.npmi(), 0.25);
}

#[test]
fn limits_of_npmi() {
    // Bouma (2009), section 3: 1 if they occur only together, 0 if independent, -1 if never together.
    near(Joint::new(5.0, 5.0, 5.0, 50.0).unwrap().npmi(), 1.0);
    near(Joint::new(2.0, 10.0, 10.0, 50.0).unwrap().npmi(), 0.0);
    near(Joint::new(0.0, 10.0, 10.0, 50.0).unwrap().npmi(), -1.0);
    assert_eq!(Joint::new(50.0, 50.0, 50.0, 50.0).unwrap().npmi(), None);
    assert_eq!(Joint::new(0.0, 0.0, 10.0, 50.0).unwrap().npmi(), None);
    assert!(Joint::new(11.0, 10.0, 12.0, 50.0).is_err());
    assert!(Joint::new(1.0, 30.0, 30.0, 50.0).is_err());
    assert!(Joint::new(f64::NAN, 30.0, 30.0, 50.0).is_err());
}

fn table(rows: &[&[f64]]) -> BTreeMap<(usize, usize), f64> {
    rows.iter().enumerate().flat_map(|(x, row)| row.iter().enumerate().map(move |(y, &w)| ((x, y), w))).collect()
}

#[test]
fn mutual_information_agrees_with_scikit_learn() {
    // scikit-learn 1.9.1 mutual_info_score(contingency=...); scipy.stats.entropy 1.17.1
    let found = mutual_information(&table(&[&[10.0, 2.0, 0.0], &[3.0, 7.0, 5.0], &[1.0, 1.0, 12.0]])).unwrap();
    near(Some(found.information), 0.388_491_743_240_060_64);
    near(Some(found.h_x), 1.094_390_714_787_167);
    near(Some(found.h_y), 1.076_077_422_960_167_5);
    near(found.share, 0.388_491_743_240_060_64 / 1.076_077_422_960_167_5);
}

#[test]
fn mutual_information_at_its_limits() {
    let same = mutual_information(&table(&[&[3.0, 0.0], &[0.0, 5.0]])).unwrap();
    near(same.share, 1.0);
    let constant = mutual_information(&table(&[&[3.0, 4.0]])).unwrap();
    assert_eq!((constant.information, constant.share), (0.0, None));
    assert!(mutual_information(&BTreeMap::new()).is_err());
    assert!(mutual_information(&table(&[&[-1.0, 4.0]])).is_err());
}

#[test]
fn permutation_test_sees_dependence_and_its_absence() {
    let pair = |x, y| Pair { x, y, weight: 1.0 };
    let bound: Vec<Pair> = (0..30).map(|i| pair(i % 3, i % 3)).collect();
    let test = mutual_information_test(&bound, 999, Seed(1)).unwrap();
    assert_eq!(test.p, 0.001);
    assert!(test.expected < test.observed.information);
    let free: Vec<Pair> = (0..36).map(|i| pair(i % 3, (i / 3) % 3)).collect();
    assert_eq!(mutual_information_test(&free, 99, Seed(1)).unwrap().p, 1.0);
    // Four pairs, two labels each: of the 24 orders 8 determine x fully, so p tends to 1/3.
    let few = [pair(0, 0), pair(0, 0), pair(1, 1), pair(1, 1)];
    let p = mutual_information_test(&few, 4000, Seed(5)).unwrap().p;
    assert!((p - 1.0 / 3.0).abs() < 0.03, "{p}");
    assert_eq!(mutual_information_test(&few, 4000, Seed(5)).unwrap().p, p);
}

proptest! {
    #[test]
    fn measures_are_bounded_and_symmetric(n11 in 0_u32..50, a in 0_u32..50, b in 0_u32..50, d in 0_u32..500) {
        let f = f64::from;
        let joint = Joint::new(f(n11), f(n11 + a), f(n11 + b), f(n11 + a + b + d)).unwrap();
        let mirror = Joint::new(f(n11), f(n11 + b), f(n11 + a), f(n11 + a + b + d)).unwrap();
        let measures = [Joint::jaccard, Joint::cosine, Joint::association_strength, Joint::pmi, Joint::npmi];
        for (i, measure) in measures.into_iter().enumerate() {
            let (x, y) = (measure(&joint), measure(&mirror));
            prop_assert_eq!(x.is_some(), y.is_some());
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!((x - y).abs() < 1e-9 && x.is_finite(), "measure {i}");
            }
        }
        for bounded in [joint.jaccard(), joint.cosine()].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&bounded));
        }
        prop_assert!(joint.npmi().is_none_or(|v| (-1.0..=1.0).contains(&v)));
    }

    #[test]
    fn information_is_bounded_and_symmetric(cells in prop::collection::btree_map((0_usize..5, 0_usize..5), 0.0..9.0_f64, 1..20)) {
        let Ok(found) = mutual_information(&cells) else { return Ok(()) };
        prop_assert!(found.information >= 0.0 && found.information <= found.h_x.min(found.h_y));
        prop_assert!(found.share.is_none_or(|s| (0.0..=1.0).contains(&s)));
        let mirror = cells.iter().map(|(&(x, y), &w)| ((y, x), w)).collect();
        prop_assert!((mutual_information(&mirror).unwrap().information - found.information).abs() < 1e-9);
    }
}
