//! Figures of this answer.

use super::answer::ClusterInTime;
use super::networks as over_time;
use super::words::{FEWEST, is_turn, label, name, speaking, subject, told_drifts};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::trend::change::{Change, Part, Turnover};
use nomoscope_core::usage::trend::drift::Of;
use nomoscope_core::usage::trend::shift::Shift;
use nomoscope_core::usage::trend::snapshot::Snapshot;
use nomoscope_core::usage::trend::{Coded, Trend};
use nomoscope_figure::change::{self, Change as ChangeFigure, Column, Move, Moved, Ribbon};
use nomoscope_figure::drift::{self, DriftModel, Panel, Step};
use nomoscope_figure::{Figure, Heading, Role, View, networks};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Returns the figures that the trend can fill: the river, the networks of the periods, the drift.
#[must_use]
pub fn all(answer: &ClusterInTime, view: View) -> Vec<Figure> {
    let (coded, trend) = (answer.coded(), &answer.trend);
    let mut out = Vec::new();
    let river = river(coded, trend);
    if !river.ribbons.is_empty() && speaking(trend) >= FEWEST {
        out.push(change::draw(&river, view));
    }
    let multiples = over_time::model(coded, trend, answer.settings.min_or);
    if multiples.panels.iter().any(|p| !p.ties.is_empty()) {
        out.push(networks::draw(&multiples, view));
    }
    if told_drifts(trend).count() >= FEWEST {
        let drift = drift_model(trend);
        out.push(drift::draw(&drift, view));
    }
    out
}

/// Returns the model of the river.
fn river(c: Coded<'_>, trend: &Trend) -> ChangeFigure {
    let periods = trend.snapshots.iter().map(|s| {
        let model = s.kind.as_ref().ok().map(|k| k.model);
        Column {
            name: s.slice.period.name.clone(),
            focal_sources: s.focal_sources as u64,
            model,
            support: model.and_then(|m| s.support.shares.as_ref()?.get(&m).copied()),
        }
    });
    let mut ribbons = Vec::new();
    for (part, role) in [Role::Problem, Role::Value, Role::Behaviour].into_iter().enumerate() {
        let used: BTreeSet<ConceptIx> = trend.snapshots.iter().flat_map(|s| s.parts[part].keys().copied()).collect();
        ribbons.extend(used.into_iter().map(|concept| {
            let share = |s: &Snapshot| match s.parts[part].get(&concept) {
                Some(amount) if s.focal_weight > 0.0 => amount.weight / s.focal_weight,
                _ => 0.0,
            };
            Ribbon {
                id: c.corpus.codebook.get(concept).id.clone(),
                label: label(c, concept).to_owned(),
                role,
                shares: trend.snapshots.iter().map(share).collect(),
                moves: trend.changes.iter().filter_map(|change| moved(change, concept)).collect(),
                href: Some(format!("#k-{}", c.corpus.codebook.get(concept).id)),
            }
        }));
    }
    let mut note = format!("Statements on {}; what is left blank names no such part.", subject(c));
    // A period may be named by years of which there is no source yet.
    let last = c.corpus.sources.iter().filter_map(|source| source.date).max();
    if let Some((last, end)) = last.zip(trend.snapshots.last().map(|s| s.slice.period.to))
        && end - f64::from(last.year) > 1.5
    {
        let _ = write!(note, " The last source is of {}.", last.year);
    }
    ChangeFigure { heading: Heading { note: Some(note), ..Heading::default() }, periods: periods.collect(), ribbons }
}

/// Returns what a concept certainly did from one stretch of time to the next.
fn moved(change: &Change, concept: ConceptIx) -> Option<Move> {
    let certain = |list: &[Turnover]| {
        list.iter().find(|t| t.part == Part::Concept(concept) && t.is_certain()).and_then(|t| t.held)
    };
    let shifted = |held: Shift| {
        let [before, after] = held.held;
        Some(if after? > before? { Moved::Rose } else { Moved::Fell })
    };
    let what = if certain(&change.births).is_some() {
        Moved::Came
    } else if certain(&change.deaths).is_some() {
        Moved::Went
    } else {
        certain(&change.shifts).and_then(shifted)?
    };
    Some(Move { before: change.before, after: change.after, what })
}

/// Returns the model of the drift.
fn drift_model(trend: &Trend) -> DriftModel {
    let panel = |of: Of| Panel {
        of: of.name().to_owned(),
        steps: trend
            .changes
            .iter()
            .map(|change| {
                let d = change.drift.iter().find(|d| d.of == of);
                let year = trend.snapshots.get(change.after).map(|s| s.slice.period.from).filter(|y| y.is_finite());
                let whole = year.filter(|y| (y - y.round()).abs() < 1e-9).map(|y| format!("{y:.0}"));
                Step {
                    at: whole.unwrap_or_else(|| name(trend, change.after).replace('-', "–")),
                    year,
                    value: d.and_then(|d| d.beyond_chance),
                    interval: d.and_then(|d| Some((d.interval?.lower?, d.interval?.upper?))),
                    q: d.and_then(|d| d.q),
                }
            })
            .collect(),
        turn: trend.turns.iter().find(|t| t.of == of && is_turn(t)).and_then(|t| t.change),
    };
    DriftModel { heading: Heading::default(), panels: Of::ALL.into_iter().map(panel).collect() }
}
