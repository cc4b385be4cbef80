//! Tables of this answer.

use super::answer::Slippage;
use super::words::{best, between, label, sentences, speaker};
use crate::words::{p_value, quotation};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::slip::{Group, Slip, Verdict};

/// How many passages are shown.
pub const PASSAGES: usize = 6;

/// Returns the tables of the whole: labels and pairs.
#[must_use]
pub fn whole(answer: &Slippage) -> [Table; 2] {
    let (corpus, all) = (&*answer.corpus, &answer.slip.all);
    [labels(corpus, all), pairs(corpus, all)]
}

/// Returns the tables: labels, pairs, pairs by group, passages.
#[must_use]
pub fn all(answer: &Slippage) -> Vec<Table> {
    let (corpus, slip) = (&*answer.corpus, &answer.slip);
    let mut out = whole(answer).to_vec();
    if !slip.groups.is_empty() {
        out.push(groups(corpus, slip));
    }
    out.push(passages(corpus, &slip.all));
    out
}

fn labels(corpus: &Corpus, g: &Group) -> Table {
    let columns = ["label", "mentions", "listed", "speakers", "sources", "permeability"];
    let mut table = Table::new("slip-labels", "Norm labels", &columns);
    for l in &g.labels {
        table.push(vec![
            Cell::text(label(corpus, l.concept)),
            Cell::Count(l.mentions),
            Cell::Count(l.listed),
            Cell::Count(l.speakers as u64),
            Cell::Count(l.sources as u64),
            l.permeability.map_or(Cell::Missing("makes no statement"), |p| Cell::number(p, 2)),
        ]);
    }
    table.notes.push("listed: mentions beside another label in a list; permeability: share of statement weight that also carries another label.".to_owned());
    table
}

fn pairs(corpus: &Corpus, g: &Group) -> Table {
    let columns = [
        "a",
        "b",
        "verdict",
        "speakers",
        "lists",
        "changes",
        "expected",
        "ratio",
        "interval",
        "q",
        "context_tells",
        "context_q",
        "similarity",
        "similarity_interval",
    ];
    let mut table = Table::new("slip-pairs", "Pairs of labels", &columns);
    let untested = || Cell::Missing("too few changes expected");
    for p in &g.pairs {
        let similarity = p.similarity.as_ref().ok();
        table.push(vec![
            Cell::text(label(corpus, p.a)),
            Cell::text(label(corpus, p.b)),
            Cell::text(p.verdict.name()),
            Cell::Count(p.users as u64),
            Cell::Count(p.lists),
            p.order.map_or_else(untested, |o| Cell::Count(o.ratio.observed as u64)),
            p.order.map_or_else(untested, |o| Cell::number(o.ratio.expected, 1)),
            p.order.map_or_else(untested, |o| Cell::number(o.ratio.ratio, 2)),
            between(p.order.map(|o| o.interval)).map_or_else(untested, Cell::text),
            p.order_q.map_or_else(untested, |q| Cell::text(p_value(q))),
            p.context.map_or_else(untested, |c| Cell::number((c.expected - c.ratio).max(0.0), 2)),
            p.context_q.map_or_else(untested, |q| Cell::text(p_value(q))),
            similarity.map_or(Cell::Missing("too few mentions"), |s| Cell::number(s.ratio, 2)),
            between(similarity.and_then(|s| s.interval)).map_or(Cell::Missing("no interval"), Cell::text),
        ]);
    }
    table
        .notes
        .push("speakers: who use both; lists: in which both stand, which are left out of the changes.".to_owned());
    table.notes.push("ratio: changes between the two labels over those in random order within each speaker; above 1 alternating, below 1 in stretches, about 1 free.".to_owned());
    table.notes.push(
        "context_tells: share of the uncertainty about the label that the concepts around take away, beyond chance."
            .to_owned(),
    );
    table.notes.push(
        "similarity: likeness of the words around, 1 if the labels are as like each other as each is like itself."
            .to_owned(),
    );
    table
}

fn groups(corpus: &Corpus, slip: &Slip) -> Table {
    let columns = ["group", "speakers", "a", "b", "verdict", "ratio", "interval", "q", "note"];
    let mut table = Table::new("slip-groups", "Pairs of labels by group", &columns);
    let untested = || Cell::Missing("too few changes expected");
    for g in &slip.groups {
        for p in g.pairs.iter().filter(|p| p.order.is_some() || p.verdict != Verdict::Undetermined) {
            table.push(vec![
                Cell::text(&g.name),
                Cell::Count(g.speakers.len() as u64),
                Cell::text(label(corpus, p.a)),
                Cell::text(label(corpus, p.b)),
                Cell::text(p.verdict.name()),
                p.order.map_or_else(untested, |o| Cell::number(o.ratio.ratio, 2)),
                between(p.order.map(|o| o.interval)).map_or_else(untested, Cell::text),
                p.order_q.map_or_else(untested, |q| Cell::text(p_value(q))),
                Cell::text(if g.is_small() { "fewer than 5 speakers" } else { "" }),
            ]);
        }
    }
    table
}

fn passages(corpus: &Corpus, g: &Group) -> Table {
    let mut table =
        Table::new("slip-passages", "Where a speaker changes label", &["speaker", "from", "to", "unit", "passage"]);
    for (_, s) in best(g, PASSAGES) {
        let coded = &corpus.coded[s.from.source];
        table.push(vec![
            Cell::text(g.speakers.get(s.speaker).map_or_else(String::new, |x| speaker(corpus, x))),
            Cell::text(label(corpus, s.from.label)),
            Cell::text(label(corpus, s.to.label)),
            Cell::text(coded.label(s.from.window.unwrap_or(s.from.sentence))),
            Cell::text(quotation(&corpus.sources[s.from.source].document.text, sentences(corpus, s), s.span())),
        ]);
    }
    table
}
