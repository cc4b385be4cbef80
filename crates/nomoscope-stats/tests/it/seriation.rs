//! Seriation against all orders that a tree of SciPy allows.

use nomoscope_stats::StatsError;
use nomoscope_stats::seriation::{jaccard_dissimilarity, path_length, seriation};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    dissimilarities: Vec<Vec<f64>>,
    order: Vec<usize>,
    path_length: f64,
}

#[test]
fn orders_are_the_shortest_of_all_that_were_enumerated() {
    let file: File = toml::from_str(include_str!("../../testdata/seriation.toml")).unwrap();
    assert_eq!(file.case.len(), 5);
    for case in &file.case {
        let order = seriation(&case.dissimilarities).unwrap();
        assert_eq!(order, case.order, "{}", case.name);
        assert!((path_length(&case.dissimilarities, &order) - case.path_length).abs() < 1e-12, "{}", case.name);
    }
}

#[test]
fn jaccard_counts_what_one_of_two_lacks() {
    let row = |bits: &str| bits.chars().map(|b| b == '1').collect::<Vec<bool>>();
    let d = jaccard_dissimilarity(&[row("1100"), row("1010"), row("0000"), row("0000"), row("1111")]).unwrap();
    assert_eq!(d[0], [0.0, 2.0 / 3.0, 1.0, 1.0, 0.5]);
    assert_eq!(d[2][3], 0.0);
    assert_eq!(
        jaccard_dissimilarity(&[row("1"), row("11")]),
        Err(StatsError::LengthMismatch { what: "columns of two rows", left: 1, right: 2 })
    );
}

#[test]
fn what_is_no_dissimilarity_is_refused() {
    assert_eq!(seriation(&[]), Ok(Vec::new()));
    assert_eq!(seriation(&[vec![7.0]]), Ok(vec![0]));
    for (matrix, at) in [
        (vec![vec![0.0, f64::NAN], vec![f64::NAN, 0.0]], 1),
        (vec![vec![0.0, -1.0], vec![-1.0, 0.0]], 1),
        (vec![vec![0.0, 1.0], vec![2.0, 0.0]], 1),
    ] {
        assert!(
            matches!(seriation(&matrix), Err(StatsError::BadValue { at: found, .. }) if found == at),
            "{:?}",
            seriation(&matrix)
        );
    }
    let ragged = vec![vec![0.0, 1.0], vec![1.0]];
    assert_eq!(seriation(&ragged), Err(StatsError::LengthMismatch { what: "rows and columns", left: 2, right: 1 }));
}

/// All orders of a list.
fn orders(things: &[usize]) -> Vec<Vec<usize>> {
    if things.len() < 2 {
        return vec![things.to_vec()];
    }
    let mut all = Vec::new();
    for (at, &first) in things.iter().enumerate() {
        let rest: Vec<usize> = things.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, &t)| t).collect();
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, first);
            order
        }));
    }
    all
}

/// The groups that average linkage makes, by its definition: means over all pairs of leaves, from scratch at every step.
fn groups(d: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let mut now: Vec<Vec<usize>> = (0..d.len()).map(|leaf| vec![leaf]).collect();
    let mut made = Vec::new();
    while now.len() > 1 {
        let mean = |a: &[usize], b: &[usize]| {
            a.iter().flat_map(|&i| b.iter().map(move |&j| d[i][j])).sum::<f64>() / (a.len() * b.len()) as f64
        };
        let (_, a, b) = (0..now.len())
            .flat_map(|a| (a + 1..now.len()).map(move |b| (a, b)))
            .map(|(a, b)| (mean(&now[a], &now[b]), a, b))
            .min_by(|x, y| x.0.total_cmp(&y.0))
            .unwrap();
        let taken = now.remove(b);
        now[a].extend(taken);
        made.push(now[a].clone());
    }
    made
}

proptest! {
    #[test]
    fn no_order_that_the_tree_allows_is_shorter(values in prop::collection::vec(0.01_f64..1.0, 15), n in 2_usize..7) {
        let mut d = vec![vec![0.0; n]; n];
        let mut next = values.into_iter();
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let value = next.next().unwrap();
            (d[i][j], d[j][i]) = (value, value);
        }
        let order = seriation(&d).unwrap();
        let groups = groups(&d);
        let together = |order: &[usize]| groups.iter().all(|group| {
            let places: Vec<usize> = group.iter().map(|t| order.iter().position(|o| o == t).unwrap()).collect();
            places.iter().max().unwrap() - places.iter().min().unwrap() + 1 == group.len()
        });
        prop_assert!(together(&order));
        let things: Vec<usize> = (0..n).collect();
        let best = orders(&things).into_iter().filter(|o| together(o)).map(|o| path_length(&d, &o)).fold(f64::INFINITY, f64::min);
        prop_assert!((path_length(&d, &order) - best).abs() < 1e-12);
    }

    #[test]
    fn every_thing_stands_once_however_many_are_tied(bits in prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 0..40)) {
        let mut order = seriation(&jaccard_dissimilarity(&bits).unwrap()).unwrap();
        order.sort_unstable();
        prop_assert_eq!(order, (0..bits.len()).collect::<Vec<usize>>());
    }
}
