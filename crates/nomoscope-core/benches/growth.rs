//! Time in proportion to the text: each shape of text at one, two and four times its size.
//!
//! `cargo bench -p nomoscope-core --bench growth -- [--mb N]`. Budget: the time for a megabyte of the largest text is at
//! most one and a half times that of the smallest, and 50 MB are read and coded in under 20 s.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and stops where its data are broken")]

use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::norm::corpus::{Interviewers, code};
use nomoscope_core::study::Source;
use nomoscope_core::text::{Document, Level};
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

/// Shapes of text that were slow once, each as a piece to repeat.
const SHAPES: &[(&str, &str)] = &[
    ("paragraphs of a line", "The sale of children is a crime.\n\n"),
    ("one line", "The sale of children is a crime. "),
    ("no end of a sentence", "the sale of children and the trade of slaves "),
    ("points of one list", "- the sale of children;\n"),
    ("Chinese without a stop", "国家惩罚人口贩运"),
    ("articles", "Article 7\nThe sale of children is a crime.\n\n"),
    ("turns", "Anna: The sale of children?\nBen: A crime.\n"),
];

fn concept(id: &str, patterns: &[&str], not: &[&str]) -> Concept {
    let texts = |list: &[&str]| list.iter().map(|text| PatternText { text: (*text).to_owned(), line: 1 }).collect();
    Concept {
        id: id.to_owned(),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), texts(patterns))]),
        not: BTreeMap::from([("und".to_owned(), texts(not))]),
        ..Concept::default()
    }
}

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--mb").skip(1);
    let megabytes: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(8);
    let codebook = Codebook::new(
        "growth".to_owned(),
        "1".to_owned(),
        vec![
            concept("near", &["the NEAR/50 of", "children NEAR/50 (the|of|sale)"], &[]),
            concept("veto", &["sale of", "trade"], &["the"]),
            concept("gap", &["sale ... crime", "国家 ... 人口"], &[]),
        ],
    )
    .unwrap();
    for (name, piece) in SHAPES {
        let mut per_megabyte = Vec::new();
        for part in [4, 2, 1] {
            let text = piece.repeat((megabytes << 20) / part / piece.len());
            let bytes = text.len() as f64 / f64::from(1 << 20);
            let source = Source { document: Document { text, ..Document::default() }, ..Source::default() };
            let start = Instant::now();
            let corpus =
                code(codebook.clone().into(), [source.clone()].into(), &Interviewers::default(), &|_| ()).unwrap();
            for coded in &corpus.coded {
                let cited: u64 =
                    coded.codings.iter().map(|c| u64::from(coded.unit_at(c.span.start, Level::Sentence))).sum();
                black_box((cited, coded.governed_codings_by_window(Level::Item).len()));
            }
            per_megabyte.push(start.elapsed().as_secs_f64() / bytes);
        }
        let growth = per_megabyte[2] / per_megabyte[0];
        println!(
            "{name}: {:.0} ms for a megabyte of {megabytes}, {growth:.2} times that of a quarter (budget 1.5)",
            per_megabyte[2] * 1000.0
        );
    }
}
