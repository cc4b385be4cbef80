//! In whatever order a codebook has its concepts, results are the same.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::cluster::{Draws, membership};
use nomoscope_core::norm::focal::focal_sources;
use nomoscope_core::norm::kind::kind;
use nomoscope_core::norm::statement::{Reading, Settings, count, form};
use nomoscope_core::text::Level;
use nomoscope_stats::rng::{Seed, Stream};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Concepts whose spans nest, cross and coincide: `trafficking` within `child trafficking`, the same words for two concepts, kin.
const BOOK: &[Row<'_>] = &[
    ("trafficking", "pv", "traffick*", ""),
    ("child-trafficking", "pv", "child traffick*", "trafficking"),
    ("child", "v", "child", ""),
    ("minor", "v", "child", ""),
    ("best-interest", "v", "best interest of the child", "child"),
    ("dignity", "v", "dignity", ""),
    ("rights", "v", "dignity", ""),
    ("punish", "b", "punish", ""),
    ("penal", "b", "punish", "punish"),
    ("protect", "b", "protect", ""),
    ("protect-child", "b", "protect the child", "protect"),
];

/// Texts in which all of them meet.
fn texts() -> Vec<String> {
    let mut stream = Seed(4).stream(0);
    let parts = [
        "child trafficking",
        "trafficking",
        "the child",
        "the best interest of the child",
        "dignity",
        "punish",
        "protect the child",
        "protect",
        "nothing",
        "other words",
    ];
    let sentence = |stream: &mut Stream| {
        let n = 2 + stream.below(4);
        (0..n).map(|_| parts[stream.below(parts.len())]).collect::<Vec<_>>().join(" and ") + "."
    };
    (0..14).map(|_| (0..12).map(|_| sentence(&mut stream)).collect::<Vec<_>>().join("\n\n")).collect()
}

/// Everything that a study gives, by id and rounded where sums run in another order.
fn results(book: &Codebook, texts: &[String]) -> Vec<String> {
    let sources = sources(texts);
    let corpus = corpus(book, &sources);
    let id = |c: nomoscope_core::codebook::ConceptIx| book.get(c).id.clone();
    let counts = Counts::of(&corpus, Level::Paragraph);
    let mut out = Vec::new();
    let data = counts.textual();
    for c in data.couplings(1.5).iter().chain(&counts.actor(&[])) {
        out.push(format!(
            "{} {} {:?} {:?}",
            id(c.a),
            id(c.b),
            (c.level, c.n11, c.n1, c.n2, c.n),
            (c.odds_ratio, c.interval, c.p, c.q, c.backbone)
        ));
    }
    let formed = form(&corpus, Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false });
    for (s, n) in count(&formed, &[], &|_, _| true).counts {
        let parts: Vec<String> = s.parts().into_iter().map(|p| p.map(id).unwrap_or_default()).collect();
        out.push(format!("{parts:?} {:?} {:?} {:?}", n.weight, n.supplied, n.windows));
    }
    let all: Vec<BTreeSet<u32>> = formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect();
    let focal = focal_sources(&formed.windows, &all);
    out.push(format!("{:?}", kind(&focal, &vec![1; texts.len()], book, 99, Seed(1))));
    let focus: BTreeSet<_> = book.find("trafficking").into_iter().collect();
    let draws = Draws { draws: 5, seeds: 2, seed: Seed(2) };
    let found = membership(book.len(), texts.len(), &focus, draws, |times| data.backbone_of_draw(times, 1.0001));
    out.extend(found.members.iter().map(|m| format!("{} {:?} {:?}", id(m.concept), m.membership, m.participation)));
    out.push(format!("{:?} {:?}", found.bootstrap_rand, found.modularity));
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_codebook_changes_nothing(seed in 0_u64..1000) {
        let texts = texts();
        let mut rows = BOOK.to_vec();
        let straight = codebook(&rows).ordered();
        Seed(seed).stream(0).shuffle(&mut rows);
        let shuffled = codebook(&rows).ordered();
        prop_assert_eq!(results(&straight, &texts), results(&shuffled, &texts));
    }
}

/// Of overlapping spans of the same length, that of the wider concept gives way, whichever stands first in the file.
#[test]
fn of_spans_of_one_length_the_narrower_concept_stays() {
    for flipped in [false, true] {
        let mut rows: Vec<Row<'_>> = vec![
            ("punish", "b", "punish", ""),
            ("penal", "b", "punish", "punish"),
            ("bondage", "p", "bondage", ""),
            ("dignity", "v", "dignity", ""),
        ];
        if flipped {
            rows.reverse();
        }
        let book = codebook(&rows).ordered();
        let sources = sources(&["Bondage harms dignity, so punish it.".to_owned()]);
        let formed = form(
            &corpus(&book, &sources),
            Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false },
        );
        let behaviours: BTreeMap<String, f64> = count(&formed, &[], &|_, _| true)
            .counts
            .iter()
            .filter_map(|(s, n)| Some((book.get(s.behaviour?).id.clone(), n.weight)))
            .collect();
        assert_eq!(behaviours.keys().collect::<Vec<_>>(), ["penal"]);
    }
}
