//! Focus, focal windows and graded membership on planted corpora.

use crate::corpora::{Row, by_hand, codebook, corpus, ix, sources};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::cluster::{Draws, Membership, focal_windows, focus, membership, sources_by_concept};
use nomoscope_core::norm::statement::{Reading, Settings, form};
use nomoscope_core::text::{Level, Span};
use nomoscope_stats::rng::{Seed, Stream};
use proptest::prelude::*;
use std::collections::BTreeSet;

const BOOK: &[Row<'_>] = &[
    ("trade", "p", "trade", ""),
    ("slave-trade", "p", "slave trade", "trade"),
    ("sea-slave-trade", "p", "slave trade at sea", "slave-trade"),
    ("dignity", "v", "dignity", ""),
    ("punish", "b", "punish*", ""),
];

#[test]
fn the_focus_goes_one_step_up_below_five_sources() {
    let book = codebook(BOOK);
    let mut texts = vec!["Slave trade at sea.", "Slave trade.", "Slave trade.", "Slave trade."];
    let of = |texts: &[&str], id: &str| {
        let sources = sources(texts);
        focus(&corpus(&book, &sources), ix(&book, id), &[])
    };
    // Three steps would reach `trade`; one step is taken, though its four sources are still too few.
    let found = of(&texts, "sea-slave-trade");
    assert_eq!((found.asked, found.used), (ix(&book, "sea-slave-trade"), ix(&book, "slave-trade")));
    assert_eq!((found.sources_of_asked, found.sources), (1, 4));
    assert_eq!(found.concepts, BTreeSet::from([ix(&book, "slave-trade"), ix(&book, "sea-slave-trade")]));
    // `trade` adds no source here: nothing is gained by going up.
    assert_eq!(of(&texts, "slave-trade").used, ix(&book, "slave-trade"));
    texts.push("Trade.");
    assert_eq!(of(&texts, "slave-trade").used, ix(&book, "trade"));
    // Five sources are enough.
    texts[4] = "Slave trade by land.";
    let found = of(&texts, "slave-trade");
    assert_eq!((found.used, found.sources), (ix(&book, "slave-trade"), 5));
    // Nothing above it.
    assert_eq!(of(&["Dignity."], "dignity").used, ix(&book, "dignity"));
}

#[test]
fn focal_windows_hold_the_focus_or_what_is_narrower() {
    let book = codebook(BOOK);
    let texts = ["Slave trade.\n\nDignity.\n\nSlave trade at sea and dignity.", "Punish."];
    let sources = sources(&texts);
    let mut corpus = corpus(&book, &sources);
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&corpus, settings);
    let found = focus(&corpus, ix(&book, "slave-trade"), &[]);
    let windows: Vec<u32> = formed.windows[0].iter().map(|w| w.unit).collect();
    assert_eq!(focal_windows(&corpus, &formed, &found), [BTreeSet::from([windows[0], windows[2]]), BTreeSet::new()]);
    // What a person marked across all three paragraphs makes all three focal.
    by_hand(&mut corpus, 0, Span::new(0, texts[0].len() as u32), ix(&book, "slave-trade"));
    assert_eq!(focal_windows(&corpus, &formed, &found)[0], windows.into_iter().collect());
    assert_eq!(sources_by_concept(&corpus)[&ix(&book, "slave-trade")], 1);
}

const PLANTED: &[Row<'_>] = &[
    ("a0", "p", "alpha", ""),
    ("a1", "v", "beta", ""),
    ("a2", "b", "gamma", ""),
    ("a3", "b", "delta", ""),
    ("b0", "p", "kappa", ""),
    ("b1", "v", "lambda", ""),
    ("b2", "b", "sigma", ""),
    ("stray", "b", "omega", ""),
];

/// A text of sixteen paragraphs: five with most of the one group, five with most of the other, six with neither.
fn planted(stream: &mut Stream) -> String {
    let words: Vec<&str> = PLANTED.iter().map(|r| r.2).collect();
    let paragraph = |i: usize, stream: &mut Stream| {
        let group = if i < 5 {
            &words[..4]
        } else if i < 10 {
            &words[4..7]
        } else {
            &[]
        };
        let mut said: Vec<&str> = group.iter().copied().filter(|_| stream.uniform() < 0.75).collect();
        if stream.uniform() < 0.3 {
            said.push(words[7]);
        }
        format!("Here is said {} and no more.", said.join(" "))
    };
    (0..16).map(|i| paragraph(i, stream)).collect::<Vec<_>>().join("\n\n")
}

fn planted_membership(draws: Draws) -> Membership {
    let book = codebook(PLANTED);
    let texts: Vec<String> = (0..24).map(|i| planted(&mut Seed(11).stream(i))).collect();
    let sources = sources(&texts);
    let corpus = corpus(&book, &sources);
    let data = Counts::of(&corpus, Level::Paragraph).textual();
    let focus = BTreeSet::from([ix(&book, "a0")]);
    membership(book.len(), sources.len(), &focus, draws, |times| data.backbone_of_draw(times, 1.5))
}

#[test]
fn a_planted_community_is_found() {
    let draws = Draws { draws: 40, seeds: 3, seed: Seed(4) };
    let found = planted_membership(draws);
    assert_eq!((found.runs, found.reason.as_deref()), (120, None));
    let of = |c: u16| found.members.iter().find(|m| m.concept == ConceptIx(c)).map_or(0.0, |m| m.membership);
    for c in 0..4 {
        assert!(of(c) >= 0.8, "{c}: {}", of(c));
    }
    for c in 4..8 {
        assert!(of(c) < 0.2, "{c}: {}", of(c));
    }
    assert!(found.bootstrap_rand.unwrap() > 0.9 && found.algorithmic_rand.unwrap() > 0.99);
    assert!(found.modularity.unwrap() > 0.2);
    assert_eq!(found.members[0].standing(), "core");
    assert_eq!(found, planted_membership(draws), "the same seed gives the same numbers");
}

#[test]
fn no_backbone_no_membership() {
    let draws = Draws { draws: 5, seeds: 2, seed: Seed(1) };
    let found = membership(3, 4, &BTreeSet::from([ConceptIx(0)]), draws, |_| Vec::new());
    assert!(found.members.is_empty() && found.reason.unwrap().contains("coupled strongly enough"));
}

#[test]
fn a_focus_without_an_edge_shares_no_community() {
    let draws = Draws { draws: 5, seeds: 2, seed: Seed(1) };
    let found = membership(4, 4, &BTreeSet::from([ConceptIx(0)]), draws, |_| vec![(1, 2, 1.0), (2, 3, 1.0)]);
    assert!(found.members.iter().all(|m| m.membership == 0.0 && m.standing() == "outside"));
    assert_eq!(found.members.len(), 4);
}

proptest! {
    #[test]
    fn membership_lies_between_0_and_1(
        edges in prop::collection::vec((0..8_usize, 0..8_usize, 0.1..3.0_f64), 1..20),
        focus in prop::collection::btree_set(0..8_u16, 1..3),
    ) {
        let edges: Vec<(usize, usize, f64)> = edges.into_iter().filter(|(a, b, _)| a != b).collect();
        let focus: BTreeSet<ConceptIx> = focus.into_iter().map(ConceptIx).collect();
        let draws = Draws { draws: 4, seeds: 2, seed: Seed(9) };
        // A draw keeps an edge if the source of its number was drawn.
        let found = membership(8, 20, &focus, draws, |times| {
            edges.iter().enumerate().filter(|(i, _)| times[*i] > 0).map(|(_, e)| *e).collect()
        });
        for member in &found.members {
            prop_assert!((0.0..=1.0).contains(&member.membership));
        }
        let order: Vec<f64> = found.members.iter().map(|m| m.membership).collect();
        prop_assert!(order.windows(2).all(|w| w[0] >= w[1]));
    }
}
