//! Figures of this answer.

use super::answer::ClusterInTime;
use super::networks as over_time;
use super::words::{is_turn, label, name, subject};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::trend::drift::Of;
use nomoscope_core::usage::trend::snapshot::Snapshot;
use nomoscope_core::usage::trend::{Coded, Trend};
use nomoscope_figure::change::{self, Change as ChangeFigure, Column, Ribbon};
use nomoscope_figure::drift::{self, DriftModel, Panel, Step};
use nomoscope_figure::{Figure, Heading, Role, View, networks};
use std::collections::BTreeSet;

/// Returns the figures that the trend can fill: the river, the networks of the periods, the drift.
#[must_use]
pub fn all(answer: &ClusterInTime, view: View) -> Vec<Figure> {
    let (coded, trend) = (answer.coded(), &answer.trend);
    let mut out = Vec::new();
    let river = river(coded, trend);
    if !river.ribbons.is_empty() {
        out.push(change::draw(&river, view));
    }
    let multiples = over_time::model(coded, trend, answer.settings.min_or);
    if multiples.panels.iter().any(|p| !p.ties.is_empty()) {
        out.push(networks::draw(&multiples, view));
    }
    let drift = drift_model(trend);
    if drift.panels.iter().flat_map(|p| &p.steps).any(|s| s.value.is_some()) {
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
                href: Some(format!("#k-{}", c.corpus.codebook.get(concept).id)),
            }
        }));
    }
    let note = format!(
        "Statements on {}; the height of a bed is all of them, what is left blank names no such part.",
        subject(c)
    );
    ChangeFigure { heading: Heading { note: Some(note), ..Heading::default() }, periods: periods.collect(), ribbons }
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
                Step {
                    at: name(trend, change.after).replace('-', "–"),
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
