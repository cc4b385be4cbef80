//! What counts alone tell of change in time: the couplings of each stretch, and which came and went. No text is read.
//!
//! Not here: types, statements, drift, company and first meetings, for which [`super::trend`] reads the coded corpus.

use super::change::{Turnover, change};
use super::period::{Division, PeriodError, Slice, clusters, neighbours, slices};
use super::snapshot::{Edge, couple, hold};
use super::{Settings, blank};
use crate::codebook::ConceptIx;
use crate::counts::Counts;
use crate::study::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The couplings in one stretch of time.
#[derive(Debug, Clone)]
pub struct CoupledPeriod {
    /// The stretch of time, and its sources.
    pub slice: Slice,
    /// Windows of its sources.
    pub units: usize,
    /// Windows that hold each concept.
    pub holding: BTreeMap<ConceptIx, u64>,
    /// The backbone, strongest first.
    pub edges: Vec<Edge>,
    /// Pairs that are tested, with their informative sources.
    pub tested: BTreeMap<(ConceptIx, ConceptIx), usize>,
}

/// Which couplings came and went from one stretch of time to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct CoupledChange {
    /// Number of the earlier stretch.
    pub before: usize,
    /// Number of the later one.
    pub after: usize,
    /// Couplings of the later backbone alone.
    pub births: Vec<Turnover>,
    /// Couplings of the earlier backbone alone.
    pub deaths: Vec<Turnover>,
    /// Jaccard index of the backbones; none where both are empty.
    pub backbone: Option<f64>,
}

/// Couplings in time.
#[derive(Debug)]
pub struct CoupledTrend {
    /// How time was divided.
    pub division: Division,
    /// The couplings in each stretch of time.
    pub periods: Vec<CoupledPeriod>,
    /// From each to the next.
    pub changes: Vec<CoupledChange>,
    /// Sources without a date.
    pub undated: usize,
    /// Dated sources outside all periods.
    pub outside: usize,
}

/// Returns the couplings in time.
///
/// # Errors
/// [`PeriodError::TooMany`], [`PeriodError::TooShort`]
pub fn trend_of_counts(counts: &Counts, settings: &Settings) -> Result<CoupledTrend, PeriodError> {
    let sources: Vec<Source> = counts.sources().cloned().collect();
    let slices = slices(&settings.division, &sources)?;
    let pairs = neighbours(&slices, |i| !slices[i].weights.is_empty());
    let cluster = clusters(&settings.division, &slices, &sources, &settings.actor);
    let whole = matches!(settings.division, Division::Windows { .. }).then(|| counts.textual_of_all(&cluster));
    let inside: BTreeSet<usize> = slices.iter().flat_map(|s| &s.weights).map(|w| w.0).collect();
    let snapshots = slices.into_iter().map(|slice| {
        let mut snapshot = blank(slice);
        hold(&mut snapshot, counts);
        couple(&mut snapshot, counts, &cluster, whole.as_ref(), settings.min_or);
        snapshot
    });
    let snapshots: Vec<_> = snapshots.collect();
    let changes = pairs.iter().filter_map(|&(i, j)| {
        let found = change(i, j, snapshots.get(i)?, snapshots.get(j)?);
        let (births, deaths, backbone) = (found.births, found.deaths, found.backbone);
        Some(CoupledChange { before: i, after: j, births, deaths, backbone })
    });
    let changes = changes.collect();
    let dated = sources.iter().filter(|s| s.date.is_some()).count();
    Ok(CoupledTrend {
        division: settings.division.clone(),
        changes,
        undated: sources.len() - dated,
        outside: dated - inside.len(),
        periods: snapshots
            .into_iter()
            .map(|s| CoupledPeriod {
                slice: s.slice,
                units: s.units,
                holding: s.holding,
                edges: s.edges,
                tested: s.tested,
            })
            .collect(),
    })
}
