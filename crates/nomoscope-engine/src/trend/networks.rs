//! The cluster of each period on one layout: what the figure is drawn from.

use crate::words::counted;
use nomoscope_core::codebook::{ConceptIx, Role as CodebookRole};
use nomoscope_core::usage::contrast::SMALL;
use nomoscope_core::usage::trend::period::Division;
use nomoscope_core::usage::trend::snapshot::{Edge, Snapshot};
use nomoscope_core::usage::trend::{Coded, Trend};
use nomoscope_figure::network::{Concept, Tie};
use nomoscope_figure::networks::{Across, Networks, Panel};
use nomoscope_figure::{Heading, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// More periods than this are too many for a sheet.
const MAX_PANELS: usize = 10;

/// Returns the model of the networks of the periods.
#[must_use]
pub fn model(c: Coded<'_>, trend: &Trend, min_or: f64) -> Networks {
    let shown = shown(trend);
    let snapshots: Vec<&Snapshot> = trend.snapshots.iter().collect();
    let tied = snapshots.iter().flat_map(|s| &s.edges).flat_map(|e| [e.a, e.b]);
    let held: BTreeSet<ConceptIx> = tied.chain(c.focus.map(|f| f.used)).collect();
    let place: BTreeMap<ConceptIx, usize> = held.iter().enumerate().map(|(i, &concept)| (concept, i)).collect();
    let tie = |e: &Edge| {
        let (&a, &b) = (place.get(&e.a)?, place.get(&e.b)?);
        Some(Tie { a, b, lower_ln_or: e.lower_ln().unwrap_or(0.0), certain: e.q <= 0.01 })
    };
    let panels = snapshots.iter().map(|s| Panel {
        name: s.slice.period.name.replace('-', "–"),
        sources: s.slice.weights.len() as u64,
        small: s.slice.weights.len() < SMALL,
        ties: s.edges.iter().filter_map(tie).collect(),
        // Whether a tie is stronger than in another period has no test of its own here.
        more: Vec::new(),
    });
    let (panels, undrawn): (Vec<_>, Vec<_>) = panels.enumerate().partition(|(i, _)| shown.contains(i));
    let [panels, undrawn] = [panels, undrawn].map(|part| part.into_iter().map(|(_, panel)| panel).collect());
    Networks {
        heading: Heading { note: Some(note(c, trend, shown.len(), min_or)), ..Heading::default() },
        across: Across::Periods,
        nodes: held.iter().map(|&concept| node(c, &snapshots, concept)).collect(),
        panels,
        undrawn,
        differences: None,
    }
}

/// Returns the periods that are drawn: all, or of many as many as find room, evenly spread over those with sources.
fn shown(trend: &Trend) -> Vec<usize> {
    let n = trend.snapshots.len();
    if n <= MAX_PANELS {
        return (0..n).collect();
    }
    let filled: Vec<usize> = (0..n).filter(|&i| !trend.snapshots[i].slice.weights.is_empty()).collect();
    if filled.len() <= MAX_PANELS {
        return filled;
    }
    let last = filled.len() - 1;
    // The first and the last are among them.
    (0..MAX_PANELS).map(|i| filled[(i * last + (MAX_PANELS - 1) / 2) / (MAX_PANELS - 1)]).collect()
}

fn node(c: Coded<'_>, snapshots: &[&Snapshot], concept: ConceptIx) -> Concept {
    let entry = c.corpus.codebook.get(concept);
    Concept {
        id: entry.id.clone(),
        label: entry.label_in("en").to_owned(),
        roles: entry.roles.iter().map(|&r| drawn(r)).collect(),
        norm_label: entry.norm_label,
        units: snapshots.iter().filter_map(|s| s.holding.get(&concept)).copied().max().unwrap_or(0),
        membership: 0.0,
        community: 0,
        focus: c.focus.is_some_and(|f| f.used == concept),
        href: Some(format!("#k-{}", entry.id)),
    }
}

const fn drawn(role: CodebookRole) -> Role {
    match role {
        CodebookRole::Problem => Role::Problem,
        CodebookRole::Value => Role::Value,
        CodebookRole::Behaviour => Role::Behaviour,
    }
}

fn note(c: Coded<'_>, trend: &Trend, shown: usize, min_or: f64) -> String {
    let word = if matches!(trend.division, Division::Windows { .. }) { "window" } else { "period" };
    let first = c.focus.map_or_else(String::new, |f| {
        format!(" Those nearest to {} are drawn first.", c.corpus.codebook.get(f.used).label_in("en"))
    });
    let mut out = format!(
        "Backbone of each {word}: q ≤ 0.05 and lower bound of the odds ratio ≥ {min_or}; a tie that is missing may have \
         too few sources behind it.{first} Areas: units of the {word} with most."
    );
    let all = trend.snapshots.len();
    if shown < all {
        let _ = write!(out, " Drawn: {shown} of {}.", counted(all, word, &format!("{word}s")));
    }
    out
}
