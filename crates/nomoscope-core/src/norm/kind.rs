//! The type of a norm cluster: one norm, one value, one behaviour, norms side by side, or many values that cross.
//!
//! Winston (2018, pp. 650–653) tells the types apart by how many problems, values and behaviours there are. Here
//! "how many" is the effective number (Jost 2006) with the coverage-adjusted entropy of Chao, Wang & Jost (2013), so
//! that a concept which occurs once does not count like one that carries half of the statements.

use super::statement::{FormedSentence, FormedWindow, MAX_COMBINATIONS, product};
use crate::codebook::{Codebook, ConceptIx};
use crate::stats::association::{Pair, mutual_information_test};
use crate::stats::bootstrap::bootstrap;
use crate::stats::diversity::{chao_effective_number, coverage, hill_number, rarefied_effective_number};
use crate::stats::rng::Seed;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Effective numbers from here on count as several.
pub const THRESHOLD: f64 = 1.5;
/// The thresholds of the sensitivity table.
pub const THRESHOLDS: [f64; 4] = [1.25, 1.5, 1.75, 2.0];
/// Value and behaviour determine each other from this chance-corrected share of the smaller entropy on.
pub const DETERMINED: f64 = 0.5;
/// Below this many sources no support is given.
pub const MIN_SOURCES: usize = 8;

/// The type of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// One value, one behaviour.
    SingleNorm,
    /// One value that justifies several behaviours (Narminio's Figure 1).
    SingleValue,
    /// One behaviour that several values justify.
    SingleBehaviour,
    /// Several norms, each value with a behaviour of its own.
    SideBySide,
    /// Values and behaviours cross (Narminio's Figure 2).
    MultipleValue,
    /// No complete statement.
    Undetermined,
}

impl Model {
    /// All types.
    pub const ALL: [Self; 6] = [
        Self::SingleNorm,
        Self::SingleValue,
        Self::SingleBehaviour,
        Self::SideBySide,
        Self::MultipleValue,
        Self::Undetermined,
    ];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SingleNorm => "single-norm",
            Self::SingleValue => "single-value",
            Self::SingleBehaviour => "single-behaviour",
            Self::SideBySide => "side-by-side",
            Self::MultipleValue => "multiple-value",
            Self::Undetermined => "undetermined",
        }
    }

    /// Returns what the type means, in words for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::SingleNorm => "a single norm: one value, one behaviour",
            Self::SingleValue => "a single value that justifies several behaviours",
            Self::SingleBehaviour => "a single behaviour that several values justify",
            Self::SideBySide => "several norms side by side, each value with behaviours of its own",
            Self::MultipleValue => "a multiple-value cluster: values and behaviours combine freely",
            Self::Undetermined => "undetermined",
        }
    }
}

/// The complete focal statements of one source, window by window.
#[derive(Debug, Clone, Default)]
pub struct FocalSource {
    units: Vec<FocalUnit>,
}

impl FocalSource {
    /// Adds the statements of another source of the same actor.
    pub fn join(&mut self, other: Self) {
        self.units.extend(other.units);
    }
}

#[derive(Debug, Clone, Default)]
struct FocalUnit {
    parts: [BTreeSet<ConceptIx>; 3],
    statements: Vec<([ConceptIx; 3], f64)>,
}

/// Returns the complete statements of the chosen windows of each source.
#[must_use]
pub fn focal_sources(windows: &[Vec<FormedWindow>], focal: &[BTreeSet<u32>]) -> Vec<FocalSource> {
    windows
        .iter()
        .zip(focal)
        .map(|(windows, focal)| FocalSource {
            units: windows.iter().filter(|w| focal.contains(&w.unit)).filter_map(focal_unit).collect(),
        })
        .collect()
}

fn focal_unit(window: &FormedWindow) -> Option<FocalUnit> {
    let mut unit = FocalUnit::default();
    for sentence in window.sentences.iter().filter(|s| s.is_complete()) {
        add_sentence(&mut unit, sentence, 1.0 / window.combinations);
    }
    (!unit.statements.is_empty()).then_some(unit)
}

fn add_sentence(unit: &mut FocalUnit, sentence: &FormedSentence, share: f64) {
    let [problems, values, behaviours] = &sentence.parts;
    let room = MAX_COMBINATIONS.saturating_sub(unit.statements.len());
    let combinations = product([problems, values, behaviours]).take(room);
    unit.statements.extend(combinations.map(|parts| (parts.map(|part| part.concept), share)));
    for (set, parts) in unit.parts.iter_mut().zip(&sentence.parts) {
        set.extend(parts.iter().map(|p| p.concept));
    }
}

/// An effective number with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effective {
    /// Coverage-adjusted effective number of order 1.
    pub adjusted: f64,
    /// Effective number of order 1 as observed.
    pub observed: f64,
    /// Different concepts observed.
    pub richness: usize,
    /// Sample coverage, 0 to 1; none where it cannot be estimated.
    pub coverage: Option<f64>,
    /// Occurrences counted.
    pub n: u64,
}

/// How far value and behaviour determine each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Determination {
    /// Mutual information over the smaller entropy, 0 to 1; none if either does not vary.
    pub share: Option<f64>,
    /// The same beyond chance: (I − E) / (min H − E), E being the mean under permutation. Sparse tables share much
    /// information by chance alone, so the type rests on this one (docs/adr/0004).
    pub corrected: Option<f64>,
    /// P-value against independence, by permutation.
    pub p: f64,
    /// Permutations.
    pub n_permutations: usize,
}

impl Determination {
    /// Returns whether they determine each other: at least half of what chance leaves of the smaller entropy.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.p <= 0.05 && self.corrected.is_some_and(|s| s >= DETERMINED)
    }
}

/// The type of a cluster with everything that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// The type at the threshold of 1.5.
    pub model: Model,
    /// Effective problems, values and behaviours.
    pub effective: [Effective; 3],
    /// Effective statements: combinations of the three.
    pub effective_statements: Effective,
    /// How far value and behaviour determine each other.
    pub determination: Option<Determination>,
    /// The type at each threshold.
    pub by_threshold: Vec<(f64, Model)>,
    /// The type with values merged one level up.
    pub merged_values: Option<Model>,
    /// Effective values, merged one level up.
    pub merged_effective_values: Option<f64>,
    /// Effective numbers rarefied to the same number of occurrences.
    pub rarefied: Option<[f64; 3]>,
    /// The type from the rarefied numbers.
    pub rarefied_model: Option<Model>,
}

/// Returns the type of the cluster of the given sources, each counted `times` times.
///
/// # Errors
/// Says why there is none: no complete statement.
pub fn kind(
    sources: &[FocalSource],
    times: &[u32],
    codebook: &Codebook,
    n_permutations: usize,
    seed: Seed,
) -> Result<Kind, &'static str> {
    let weights: Vec<f64> = times.iter().map(|&t| f64::from(t)).collect();
    weighted_kind(sources, &weights, codebook, n_permutations, seed)
}

/// Returns the type of the cluster of the given sources, each counted with a weight, as in a window of a kernel.
///
/// Where weights are no whole numbers, nothing says how often a kind was seen once or twice: effective numbers are then
/// as observed, without the part for what was not seen, and are not rarefied.
///
/// # Errors
/// Says why there is none: no complete statement.
pub fn weighted_kind(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_permutations: usize,
    seed: Seed,
) -> Result<Kind, &'static str> {
    let tallies = Tallies::new(sources, weights);
    let [p, v, b] = &tallies.parts;
    let (Some(ep), Some(ev), Some(eb), Some(es)) =
        (effective(p), effective(v), effective(b), effective(&tallies.statements))
    else {
        return Err("no complete statement: no window of the focus holds problem, value and behaviour together");
    };
    let several = |t: f64| ev.adjusted >= t && eb.adjusted >= t;
    let lowest = THRESHOLDS[0];
    let determination = if several(lowest) { determination(&tallies.pairs, n_permutations, seed) } else { None };
    let merged = merged_values(sources, weights, codebook, eb.adjusted, n_permutations, seed);
    let rarefied = rarefy(&tallies.parts);
    Ok(Kind {
        model: classify(ev.adjusted, eb.adjusted, determination, THRESHOLD),
        effective: [ep, ev, eb],
        effective_statements: es,
        determination,
        by_threshold: THRESHOLDS.iter().map(|&t| (t, classify(ev.adjusted, eb.adjusted, determination, t))).collect(),
        merged_values: merged.map(|m| m.0),
        merged_effective_values: merged.map(|m| m.1),
        rarefied,
        rarefied_model: rarefied.map(|[_, v, b]| classify(v, b, determination, THRESHOLD)),
    })
}

/// Returns the type from effective values and behaviours.
#[must_use]
pub fn classify(values: f64, behaviours: f64, determination: Option<Determination>, threshold: f64) -> Model {
    match (values >= threshold, behaviours >= threshold) {
        (false, false) => Model::SingleNorm,
        (false, true) => Model::SingleValue,
        (true, false) => Model::SingleBehaviour,
        (true, true) if determination.is_some_and(|d| d.holds()) => Model::SideBySide,
        (true, true) => Model::MultipleValue,
    }
}

type Tally<K> = BTreeMap<K, f64>;

struct Tallies {
    parts: [Tally<ConceptIx>; 3],
    statements: Tally<[ConceptIx; 3]>,
    pairs: Vec<Pair>,
}

impl Tallies {
    fn new(sources: &[FocalSource], weights: &[f64]) -> Self {
        Self::mapped(sources, weights, &|v| v)
    }

    /// Counts each concept once a window; `value` may merge values.
    fn mapped(sources: &[FocalSource], weights: &[f64], value: &dyn Fn(ConceptIx) -> ConceptIx) -> Self {
        let mut out = Self { parts: Default::default(), statements: BTreeMap::new(), pairs: Vec::new() };
        for (source, &times) in sources.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
            for unit in &source.units {
                for (r, set) in unit.parts.iter().enumerate() {
                    let mapped: BTreeSet<ConceptIx> = set.iter().map(|&c| if r == 1 { value(c) } else { c }).collect();
                    for c in mapped {
                        *out.parts[r].entry(c).or_default() += times;
                    }
                }
                let whole: BTreeSet<[ConceptIx; 3]> =
                    unit.statements.iter().map(|([p, v, b], _)| [*p, value(*v), *b]).collect();
                for statement in whole {
                    *out.statements.entry(statement).or_default() += times;
                }
                let mut joint: BTreeMap<(ConceptIx, ConceptIx), f64> = BTreeMap::new();
                for ([_, v, b], share) in &unit.statements {
                    *joint.entry((value(*v), *b)).or_default() += share;
                }
                for ((v, b), weight) in joint {
                    out.pairs.push(Pair { x: v.get(), y: b.get(), weight: weight * times });
                }
            }
        }
        out
    }
}

/// Returns the tally as counts; none where it holds weights that are no whole numbers.
fn counts<K>(tally: &Tally<K>) -> Option<Vec<u64>> {
    let whole = |w: f64| (0.0..1e15).contains(&w) && libm::trunc(w) == w;
    tally.values().map(|&w| whole(w).then_some(w as u64)).collect()
}

fn effective<K>(tally: &Tally<K>) -> Option<Effective> {
    let weights: Vec<f64> = tally.values().copied().collect();
    let observed = hill_number(&weights, 1.0).ok()?;
    let counts = counts(tally);
    // One occurrence leaves nothing to estimate the unseen from.
    let chao = counts.as_deref().and_then(|c| chao_effective_number(c).ok()).filter(|x| x.is_finite());
    Some(Effective {
        adjusted: chao.unwrap_or(observed),
        observed,
        richness: weights.len(),
        coverage: counts.as_deref().and_then(|c| coverage(c).ok()),
        n: counts.map_or_else(|| libm::round(weights.iter().sum()) as u64, |c| c.iter().sum()),
    })
}

fn determination(pairs: &[Pair], n_permutations: usize, seed: Seed) -> Option<Determination> {
    let test = mutual_information_test(pairs, n_permutations, seed).ok()?;
    let smaller = test.observed.h_x.min(test.observed.h_y);
    let room = smaller - test.expected;
    let corrected = (room > 1e-9).then(|| (test.observed.information - test.expected) / room);
    Some(Determination { share: test.observed.share, corrected, p: test.p, n_permutations })
}

fn merged_values(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    behaviours: f64,
    n_permutations: usize,
    seed: Seed,
) -> Option<(Model, f64)> {
    let tallies = Tallies::mapped(sources, weights, &|v| codebook.broader(v).unwrap_or(v));
    let values = effective(&tallies.parts[1])?.adjusted;
    let determination = determination(&tallies.pairs, n_permutations, seed);
    Some((classify(values, behaviours, determination, THRESHOLD), values))
}

fn rarefy(parts: &[Tally<ConceptIx>; 3]) -> Option<[f64; 3]> {
    let [p, v, b] = [counts(&parts[0])?, counts(&parts[1])?, counts(&parts[2])?];
    let n = [&p, &v, &b].map(|c| c.iter().sum()).into_iter().min().unwrap_or(0);
    let one = |counts: &[u64]| rarefied_effective_number(counts, n).ok();
    Some([one(&p)?, one(&v)?, one(&b)?])
}

/// Support of each type, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// Share of draws by type; sums to 1.
    pub shares: Option<BTreeMap<Model, f64>>,
    /// Draws.
    pub draws: usize,
    /// Why there are none.
    pub reason: Option<String>,
}

/// Returns the share of bootstrap draws over sources that give each type.
#[must_use]
pub fn support(
    sources: &[FocalSource],
    codebook: &Codebook,
    n_draws: usize,
    illustration: bool,
    seed: Seed,
) -> Support {
    weighted_support(sources, &vec![1.0; sources.len()], codebook, n_draws, illustration, seed)
}

/// Returns the share of bootstrap draws over sources that give each type, each source counted with a weight.
#[must_use]
pub fn weighted_support(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_draws: usize,
    illustration: bool,
    seed: Seed,
) -> Support {
    let none = |reason: String| Support { shares: None, draws: 0, reason: Some(reason) };
    if illustration {
        return none(
            "an illustration: its texts were written from one article, so draws over them say nothing".to_owned(),
        );
    }
    if sources.len() < MIN_SOURCES {
        return none(format!("support needs {MIN_SOURCES} sources, the study has {}", sources.len()));
    }
    if sources_with_statements(sources) == 0 {
        return none("no source makes a complete statement on the focus".to_owned());
    }
    if n_draws == 0 {
        return none("no bootstrap draws were asked for".to_owned());
    }
    let models: Vec<Model> =
        weighted_draws(sources, weights, codebook, n_draws, seed).into_iter().map(|d| d.model).collect();
    let mut shares: BTreeMap<Model, f64> = Model::ALL.iter().map(|&m| (m, 0.0)).collect();
    for model in &models {
        *shares.entry(*model).or_default() += 1.0;
    }
    for share in shares.values_mut() {
        *share /= models.len() as f64;
    }
    Support { shares: Some(shares), draws: n_draws, reason: None }
}

/// The type of one bootstrap draw over sources, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// The type; undetermined without a complete statement.
    pub model: Model,
    /// Effective problems, values and behaviours; none without a complete statement.
    pub effective: Option<[f64; 3]>,
}

/// Returns the type of each bootstrap draw over sources.
#[must_use]
pub fn draws(sources: &[FocalSource], codebook: &Codebook, n_draws: usize, seed: Seed) -> Vec<Drawn> {
    weighted_draws(sources, &vec![1.0; sources.len()], codebook, n_draws, seed)
}

fn weighted_draws(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_draws: usize,
    seed: Seed,
) -> Vec<Drawn> {
    bootstrap(sources.len(), n_draws, seed, |times, stream| {
        let drawn: Vec<f64> = times.iter().zip(weights).map(|(&t, w)| f64::from(t) * w).collect();
        weighted_kind(sources, &drawn, codebook, 99, Seed(stream.next_u64())).map_or(
            Drawn { model: Model::Undetermined, effective: None },
            |k| Drawn { model: k.model, effective: Some(k.effective.map(|e| e.adjusted)) },
        )
    })
}

/// Returns how many sources make complete focal statements.
#[must_use]
pub fn sources_with_statements(sources: &[FocalSource]) -> usize {
    sources.iter().filter(|s| !s.units.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn determined(share: f64, p: f64) -> Option<Determination> {
        Some(Determination { share: Some(1.0), corrected: Some(share), p, n_permutations: 99 })
    }

    #[test]
    fn the_table_of_types() {
        let rows = [
            (1.2, 1.4, None, Model::SingleNorm),
            (1.49, 1.5, None, Model::SingleValue),
            (1.5, 1.0, None, Model::SingleBehaviour),
            (3.0, 3.0, determined(0.9, 0.01), Model::SideBySide),
            (3.0, 3.0, determined(0.9, 0.2), Model::MultipleValue),
            (3.0, 3.0, determined(0.2, 0.01), Model::MultipleValue),
        ];
        for (v, b, d, want) in rows {
            assert_eq!(classify(v, b, d, THRESHOLD), want, "{v} {b}");
        }
    }
}
