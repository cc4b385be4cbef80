//! Communities against igraph and leidenalg, and what Leiden guarantees.

use nomoscope_stats::StatsError;
use nomoscope_stats::graph::Graph;
use nomoscope_stats::leiden::{Quality, leiden, modularity, quality};
use nomoscope_stats::rng::Seed;
use proptest::prelude::*;

const MODULARITY: Quality = Quality::Modularity { resolution: 1.0 };

/// Zachary (1977), Journal of Anthropological Research 33(4): 452–473; without weights, nodes counted from 0.
const KARATE: &[(usize, usize)] = &[
    (0, 1),
    (0, 2),
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 10),
    (0, 11),
    (0, 12),
    (0, 13),
    (0, 17),
    (0, 19),
    (0, 21),
    (0, 31),
    (1, 2),
    (1, 3),
    (1, 7),
    (1, 13),
    (1, 17),
    (1, 19),
    (1, 21),
    (1, 30),
    (2, 3),
    (2, 7),
    (2, 27),
    (2, 28),
    (2, 32),
    (2, 9),
    (2, 8),
    (2, 13),
    (3, 7),
    (3, 12),
    (3, 13),
    (4, 6),
    (4, 10),
    (5, 6),
    (5, 10),
    (5, 16),
    (6, 16),
    (8, 30),
    (8, 32),
    (8, 33),
    (9, 33),
    (13, 33),
    (14, 32),
    (14, 33),
    (15, 32),
    (15, 33),
    (18, 32),
    (18, 33),
    (19, 33),
    (20, 32),
    (20, 33),
    (22, 32),
    (22, 33),
    (23, 25),
    (23, 27),
    (23, 32),
    (23, 33),
    (23, 29),
    (24, 25),
    (24, 27),
    (24, 31),
    (25, 31),
    (26, 29),
    (26, 33),
    (27, 33),
    (28, 31),
    (28, 33),
    (29, 32),
    (29, 33),
    (30, 32),
    (30, 33),
    (31, 32),
    (31, 33),
    (32, 33),
];

fn karate() -> Graph {
    let edges: Vec<(usize, usize, f64)> = KARATE.iter().map(|&(a, b)| (a, b, 1.0)).collect();
    Graph::new(34, &edges).unwrap()
}

fn best(graph: &Graph, of: Quality, n_seeds: u64) -> f64 {
    (0..n_seeds).map(|s| leiden(graph, of, Seed(s)).unwrap().quality).fold(f64::MIN, f64::max)
}

#[test]
fn karate_club_reaches_the_optimum() {
    // igraph 1.0.0 community_optimal_modularity (exact): 0.4197896120973046; leidenalg 0.12.0 the same.
    assert!((best(&karate(), MODULARITY, 20) - 0.419_789_612_097_304_6).abs() < 1e-12);
    // leidenalg 0.12.0 RBConfigurationVertexPartition, resolution 2, best of 200 seeds; igraph modularity(resolution = 2).
    let finer = Quality::Modularity { resolution: 2.0 };
    assert!((best(&karate(), finer, 40) - 0.164_529_914_529_914_5).abs() < 1e-12);
    // leidenalg 0.12.0 CPMVertexPartition, best of 200 seeds: 86.2, 51.5, 28.0; it counts each undirected edge and pair twice.
    for (resolution, expect) in [(0.1, 43.1), (0.25, 25.75), (0.5, 14.0)] {
        let value = best(&karate(), Quality::Cpm { resolution }, 40);
        assert!((value - expect).abs() < 1e-9, "CPM {resolution}: {value}, not {expect}");
    }
}

#[test]
fn quality_of_a_given_partition_agrees_with_igraph() {
    // Zachary's own split by faction; igraph 1.0.0 modularity() = 0.37146614069691 (published: 0.371, Newman & Girvan 2004).
    let first = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 16, 17, 19, 21];
    let faction: Vec<usize> = (0..34).map(|i| usize::from(!first.contains(&i))).collect();
    assert!((modularity(&karate(), &faction).unwrap() - 0.371_466_140_696_91).abs() < 1e-12);
    // A weighted graph with a loop; igraph 1.0.0 modularity(weights = ...) = -0.045
    let graph = Graph::new(3, &[(0, 1, 2.0), (1, 2, 1.0), (0, 0, 1.5), (2, 1, 0.5)]).unwrap();
    assert!((modularity(&graph, &[0, 0, 1]).unwrap() - LOOPED).abs() < 1e-12);
}

const LOOPED: f64 = -0.045;

/// The same graph as the one that igraph was given: an edge where the uniform number falls below the probability.
fn planted(n: usize, k: usize, inner: f64, outer: f64, seed: u64) -> (Graph, usize, usize) {
    let mut stream = Seed(seed).stream(0);
    let mut edges = Vec::new();
    for i in 0..n {
        for j in i + 1..n {
            if stream.uniform() < if i % k == j % k { inner } else { outer } {
                edges.push((i, j, 1.0));
            }
        }
    }
    let check = edges.iter().fold(0, |sum, &(i, j, _)| (sum + i * j) % 1_000_003);
    (Graph::new(n, &edges).unwrap(), edges.len(), check)
}

#[test]
fn planted_graphs_reach_igraph() {
    // Best of 10 runs of igraph 1.0.0 community_leiden(modularity, until stable) and leidenalg 0.12.0, on these very edges
    // (their number and a check sum guard that).
    for (n, k, inner, outer, seed, n_edges, check, expect) in [
        (1000, 10, 0.6, 0.156, 1, 99_648, 559_763, 0.197_010_005_455_636_1),
        (300, 6, 0.2, 0.05, 3, 3451, 581_025, 0.276_318_473_112_123_7),
    ] {
        let (graph, found_edges, found_check) = planted(n, k, inner, outer, seed);
        assert_eq!((found_edges, found_check), (n_edges, check));
        let value = best(&graph, MODULARITY, 5);
        assert!(value > expect - 1e-3, "{n} nodes: {value}, igraph {expect}");
    }
}

#[test]
fn near_the_limit_of_detection_it_keeps_up_with_igraph() {
    // 0.35 inside against 0.18 outside: single runs of igraph 1.0.0 range from 0.0558 to 0.0746.
    let (graph, n_edges, check) = planted(1000, 10, 0.35, 0.18, 2);
    assert_eq!((n_edges, check), (98_484, 777_757));
    let value = best(&graph, MODULARITY, 3);
    assert!(value > 0.074_644_180_715_679_94 - 1e-3, "{value}");
}

#[test]
fn same_seed_same_communities() {
    let (graph, ..) = planted(300, 6, 0.2, 0.05, 3);
    assert_eq!(leiden(&graph, MODULARITY, Seed(4)), leiden(&graph, MODULARITY, Seed(4)));
    let found = leiden(&graph, MODULARITY, Seed(4)).unwrap();
    assert_eq!(found.community[0], 0);
    assert_eq!(found.community.iter().max().unwrap() + 1, found.n_communities);
}

#[test]
fn refusals_and_small_graphs() {
    assert_eq!(leiden(&Graph::new(3, &[]).unwrap(), MODULARITY, Seed(0)), Err(StatsError::NoEdges));
    assert_eq!(Graph::new(2, &[(0, 2, 1.0)]), Err(StatsError::NodeOutOfRange { at: 0, node: 2, n_nodes: 2 }));
    assert!(Graph::new(2, &[(0, 1, f64::INFINITY)]).is_err());
    assert!(leiden(&karate(), Quality::Cpm { resolution: -1.0 }, Seed(0)).is_err());
    assert!(modularity(&karate(), &[0]).is_err());
    let pair = leiden(&Graph::new(3, &[(0, 2, 1.0)]).unwrap(), MODULARITY, Seed(0)).unwrap();
    assert_eq!(pair.community, [0, 1, 0]);
    let two = Graph::new(4, &[(0, 1, 1.0), (2, 3, 1.0)]).unwrap();
    assert_eq!(two.components(), [0, 0, 1, 1]);
}

#[test]
fn optimum_of_small_graphs_by_trying_all() {
    // All partitions of eight nodes: the best of some seeds must be the best of all.
    for seed in 0..20 {
        let (graph, n_edges, _) = planted(8, 2, 0.8, 0.3, 100 + seed);
        if n_edges == 0 {
            continue;
        }
        let mut most = f64::MIN;
        try_all(&graph, &mut vec![0], &mut most);
        let found = best(&graph, MODULARITY, 10);
        assert!((found - most).abs() < 1e-12, "seed {seed}: {found}, optimum {most}");
    }
}

fn try_all(graph: &Graph, community: &mut Vec<usize>, most: &mut f64) {
    if community.len() == graph.n_nodes() {
        *most = most.max(modularity(graph, community).unwrap());
        return;
    }
    let next = community.iter().max().unwrap() + 1;
    for c in 0..=next {
        community.push(c);
        try_all(graph, community, most);
        community.pop();
    }
}

fn edges() -> impl Strategy<Value = Vec<(usize, usize, f64)>> {
    prop::collection::vec((0_usize..15, 0_usize..15, 0.01..5.0_f64), 1..60)
}

fn qualities() -> impl Strategy<Value = Quality> {
    (any::<bool>(), 0.05..2.0_f64).prop_map(|(cpm, resolution)| {
        if cpm { Quality::Cpm { resolution } } else { Quality::Modularity { resolution } }
    })
}

proptest! {
    #[test]
    fn communities_are_connected_and_better_than_none(edges in edges(), of in qualities(), seed: u64) {
        let graph = Graph::new(15, &edges).unwrap();
        let found = leiden(&graph, of, Seed(seed)).unwrap();
        prop_assert_eq!(&graph.components_within(&found.community), &found.community);
        let alone: Vec<usize> = (0..15).collect();
        prop_assert!(found.quality >= quality(&graph, of, &alone).unwrap() - 1e-9);
        prop_assert!((found.quality - quality(&graph, of, &found.community).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn no_single_move_gains(edges in edges(), of in qualities(), seed: u64) {
        let graph = Graph::new(15, &edges).unwrap();
        let found = leiden(&graph, of, Seed(seed)).unwrap();
        for node in 0..15 {
            for to in 0..=found.n_communities {
                let mut moved = found.community.clone();
                moved[node] = to;
                prop_assert!(quality(&graph, of, &moved).unwrap() <= found.quality + 1e-9);
            }
        }
    }

    #[test]
    fn quality_ignores_names(edges in edges(), of in qualities(), community in prop::collection::vec(0_usize..4, 15), seed: u64) {
        let graph = Graph::new(15, &edges).unwrap();
        let order = Seed(seed).stream(0).permutation(15);
        let moved: Vec<(usize, usize, f64)> = edges.iter().map(|&(a, b, w)| (order[a], order[b], w)).collect();
        let mut renamed = vec![0; 15];
        (0..15).for_each(|i| renamed[order[i]] = 9 - community[i]);
        let before = quality(&graph, of, &community).unwrap();
        let after = quality(&Graph::new(15, &moved).unwrap(), of, &renamed).unwrap();
        prop_assert!((before - after).abs() < 1e-9);
    }

    #[test]
    fn scaling_weights_does_not_change_modularity(edges in edges(), seed: u64) {
        let scaled: Vec<(usize, usize, f64)> = edges.iter().map(|&(a, b, w)| (a, b, 4.0 * w)).collect();
        let (x, y) = (Graph::new(15, &edges).unwrap(), Graph::new(15, &scaled).unwrap());
        let (x, y) = (leiden(&x, MODULARITY, Seed(seed)).unwrap(), leiden(&y, MODULARITY, Seed(seed)).unwrap());
        prop_assert_eq!(x.community, y.community);
        prop_assert!((x.quality - y.quality).abs() < 1e-12);
    }
}
