//! Partitions and edges against scikit-learn and values by hand.

use nomoscope_stats::StatsError;
use nomoscope_stats::graph::Graph;
use nomoscope_stats::partition::{adjusted_rand_index, disparity_filter, participation};
use proptest::prelude::*;

#[test]
fn adjusted_rand_index_agrees_with_scikit_learn() {
    // scikit-learn 1.9.1 adjusted_rand_score
    let check = |x: &[usize], y: &[usize], expect: f64| {
        let value = adjusted_rand_index(x, y).unwrap();
        assert!((value - expect).abs() < 1e-14, "{value}, not {expect}");
    };
    check(&[0, 0, 1, 1, 2, 2, 2, 3], &[1, 1, 0, 0, 0, 2, 2, 2], 0.368_421_052_631_578_9);
    check(&[0, 0, 0, 1, 1, 1], &[0, 1, 0, 1, 0, 1], -0.111_111_111_111_111_1);
    check(&[0, 0, 0], &[4, 4, 4], 1.0);
    check(&[0, 1, 2], &[2, 0, 1], 1.0);
    check(&[0, 1, 2], &[0, 0, 0], 0.0);
    check(&[3], &[9], 1.0);
    assert_eq!(adjusted_rand_index(&[], &[]), Err(StatsError::Empty));
    assert!(adjusted_rand_index(&[1], &[1, 2]).is_err());
}

#[test]
fn participation_by_hand() {
    let graph = Graph::new(5, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 2.0)]).unwrap();
    let found = participation(&graph, &[0, 0, 1, 2, 2]).unwrap();
    // 1 − (1/16 + 1/16 + 4/16)
    assert_eq!(found, [Some(0.625), Some(0.0), Some(0.0), Some(0.0), None]);
    assert!(participation(&graph, &[0]).is_err());
}

#[test]
fn disparity_by_hand() {
    let graph = Graph::new(5, &[(0, 1, 8.0), (0, 2, 1.0), (0, 3, 1.0), (3, 4, 1.0), (2, 2, 9.0)]).unwrap();
    let found = disparity_filter(&graph);
    // Node 0 has three neighbours: (1 − 0.8)² and (1 − 0.1)²; node 3 has two with half each; nodes 1, 2 and 4 have one.
    let expect = [(0, 1, 0.04), (0, 2, 0.81), (0, 3, 0.5), (3, 4, 0.5)];
    assert_eq!(found.len(), 4);
    for (edge, (from, to, p)) in found.iter().zip(expect) {
        assert_eq!((edge.from, edge.to), (from, to));
        assert!((edge.p - p).abs() < 1e-12);
    }
}

proptest! {
    #[test]
    fn rand_index_ignores_names_and_order(x in prop::collection::vec((0_usize..5, 0_usize..5), 1..60)) {
        let (a, b): (Vec<usize>, Vec<usize>) = x.into_iter().unzip();
        let value = adjusted_rand_index(&a, &b).unwrap();
        prop_assert!(value <= 1.0 + 1e-12 && value.is_finite());
        let renamed: Vec<usize> = a.iter().map(|l| 7 - l).collect();
        prop_assert_eq!(value, adjusted_rand_index(&renamed, &b).unwrap());
        prop_assert!((value - adjusted_rand_index(&b, &a).unwrap()).abs() < 1e-12);
        prop_assert_eq!(adjusted_rand_index(&a, &a).unwrap(), 1.0);
    }

    #[test]
    fn participation_and_disparity_are_bounded(edges in prop::collection::vec((0_usize..12, 0_usize..12, 0.0..9.0_f64), 0..50), k in 1_usize..5) {
        let graph = Graph::new(12, &edges).unwrap();
        let community: Vec<usize> = (0..12).map(|i| i % k).collect();
        for p in participation(&graph, &community).unwrap().into_iter().flatten() {
            prop_assert!(p >= 0.0 && p <= 1.0 - 1.0 / k as f64 + 1e-12);
        }
        prop_assert!(disparity_filter(&graph).iter().all(|e| (0.0..=1.0).contains(&e.p) && e.from < e.to));
    }
}
