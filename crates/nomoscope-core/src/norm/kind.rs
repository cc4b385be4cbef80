//! The type of a norm cluster: one norm, one value, one behaviour, norms side by side, or many values that cross.
//!
//! Winston (2018, pp. 650–653) tells the types apart by how many problems, values and behaviours there are. A word that
//! stands by chance in one window in five would make many values of one, so that what is rare is taken out first; "how many"
//! is then the effective number of order 2 (Simpson), which the leading parts decide and which does not grow with the sample
//! (docs/adr/0020). Numbers of order 1 (Jost 2006; Chao, Wang & Jost 2013) stand beside it.

use super::focal::{FocalSource, FocalUnit};
use super::statement::{MAX_COMBINATIONS, product};
use crate::codebook::{Codebook, ConceptIx, Role};
use crate::weight;
use libm::log;
use nomoscope_stats::association::{Pair, mutual_information_test};
use nomoscope_stats::diversity::{
    chao_effective_number, coverage, hill_number, rarefied_effective_number, simpson_effective_number,
};
use nomoscope_stats::rng::Seed;
use nomoscope_stats::wald::Estimated;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Effective numbers of order 2 from here on count as several: the leading part then holds under about 80 %.
pub const THRESHOLD: f64 = 1.5;
/// The thresholds of the sensitivity table.
pub const THRESHOLDS: [f64; 4] = [1.25, 1.5, 1.75, 2.0];
/// Value and behaviour determine each other from this chance-corrected share of the smaller entropy on.
pub const DETERMINED: f64 = 0.5;
/// Below this many sources with complete statements no type is given, and below this many sources no support.
pub const MIN_SOURCES: usize = 8;
/// Below this many complete sentences no type is given.
pub const MIN_SENTENCES: usize = 20;
/// A part with a smaller share of the weight of its role is a stray mention.
pub const STRAY_SHARE: f64 = 0.05;
/// A part in fewer sources is a stray mention.
pub const STRAY_SOURCES: usize = 3;
/// Below this coverage nothing is said of what was not seen.
pub const MIN_COVERAGE: f64 = 0.7;
/// Pairs of value and behaviour in one sentence that the determination needs at least.
const MIN_PAIRS: usize = 10;

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
    /// No type: no complete statement, or too little to tell.
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

/// An effective number with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effective {
    /// Order 2 of what is left without stray mentions: what the type rests on. At most the number of kinds; none where nothing is left.
    pub leading: Option<f64>,
    /// Order 1 as observed, stray mentions among them.
    pub observed: f64,
    /// Coverage-adjusted effective number of order 1, at most the number of kinds; none below a coverage of 0.7, or where weights are
    /// no whole numbers.
    pub adjusted: Option<f64>,
    /// Different concepts observed.
    pub richness: usize,
    /// Of these, left without stray mentions.
    pub left: usize,
    /// Concepts of the codebook that could stand here.
    pub kinds: usize,
    /// Sample coverage, 0 to 1; none where it cannot be estimated.
    pub coverage: Option<f64>,
    /// Occurrences counted.
    pub n: u64,
}

/// How far value and behaviour determine each other, where both stand in one sentence.
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
    /// Pairs that it rests on.
    pub n_pairs: usize,
}

impl Determination {
    /// Returns whether they determine each other: at least half of what chance leaves of the smaller entropy.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.corrected.is_some_and(|s| s >= DETERMINED)
    }
}

/// The type of a cluster with everything that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// The type at the threshold of 1.5.
    pub model: Model,
    /// Why there is no type, where there is none.
    pub thin: Option<String>,
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
    /// Effective values of order 2, merged one level up.
    pub merged_effective_values: Option<f64>,
    /// Effective numbers of order 1, rarefied to the same number of occurrences.
    pub rarefied: Option<[f64; 3]>,
    /// Sources with complete statements.
    pub complete_sources: usize,
    /// Complete sentences.
    pub complete_sentences: usize,
    /// Share of the weight of focal windows that names no value.
    pub without_value: f64,
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
    let whole = Tallies::new(sources, weights, &|_, c| Some(c));
    let kinds = kinds(codebook);
    let strays = whole.strays();
    let left = Tallies::new(sources, weights, &|r, c| (!strays[r].contains(&c)).then_some(c));
    let effective = |r: usize| effective(&whole.parts[r].weights, &left.parts[r].weights, kinds[r]);
    let all_kinds = kinds.iter().fold(1_usize, |n, k| n.saturating_mul(*k));
    let (Some(ep), Some(ev), Some(eb), Some(es)) =
        (effective(0), effective(1), effective(2), self::effective(&whole.statements, &left.statements, all_kinds))
    else {
        return Err(incomplete(codebook));
    };
    let evidence = Evidence::of(sources, weights);
    let judged = left.judge(n_permutations, seed);
    let thin = evidence.thin().or_else(|| judged.reason());
    let merged = merged_values(sources, weights, codebook, n_permutations, seed);
    let given = |model: Model| if thin.is_some() { Model::Undetermined } else { model };
    Ok(Kind {
        model: given(judged.model(THRESHOLD)),
        effective: [ep, ev, eb],
        effective_statements: es,
        determination: judged.determination,
        by_threshold: THRESHOLDS.iter().map(|&t| (t, given(judged.model(t)))).collect(),
        merged_values: merged.map(|m| given(m.0)),
        merged_effective_values: merged.map(|m| m.1),
        rarefied: rarefy(&whole.parts),
        complete_sources: evidence.sources,
        complete_sentences: evidence.sentences,
        without_value: evidence.without_value,
        thin,
    })
}

/// What a type would rest on.
pub(super) struct Evidence {
    sources: usize,
    sentences: usize,
    without_value: f64,
}

impl Evidence {
    pub(super) fn of(sources: &[FocalSource], weights: &[f64]) -> Self {
        let used = || sources.iter().zip(weights).filter(|(_, w)| **w > 0.0);
        let (all, without) = used().fold((0.0, 0.0), |(n, v), (s, w)| (n + w * s.windows, v + w * s.without_value));
        Self {
            sources: used().filter(|(s, _)| !s.units.is_empty()).count(),
            sentences: used().flat_map(|(s, _)| &s.units).map(|u| u.sentences.len()).sum(),
            without_value: if all > 0.0 { without / all } else { 0.0 },
        }
    }

    /// Returns why so little, or so little of values, has no type.
    pub(super) fn thin(&self) -> Option<String> {
        let (n_sources, n_sentences) = (self.sources, self.sentences);
        if weight::compare(self.without_value, 0.5).is_gt() {
            Some(format!("{:.0} % of what is said of it names no value", 100.0 * self.without_value))
        } else if n_sources < MIN_SOURCES {
            Some(format!(
                "a type needs {MIN_SOURCES} sources with complete statements, and {n_sources} {} any",
                if n_sources == 1 { "makes" } else { "make" }
            ))
        } else if n_sentences < MIN_SENTENCES {
            Some(format!("a type needs {MIN_SENTENCES} complete sentences, and there are {n_sentences}"))
        } else {
            None
        }
    }
}

/// Returns the type alone, whatever it rests on: that of a draw.
pub(super) fn model(sources: &[FocalSource], weights: &[f64], n_permutations: usize, seed: Seed) -> Model {
    let strays = Tallies::new(sources, weights, &|_, c| Some(c)).strays();
    let left = Tallies::new(sources, weights, &|r, c| (!strays[r].contains(&c)).then_some(c));
    left.judge(n_permutations, seed).model(THRESHOLD)
}

/// Returns the type from effective values and behaviours.
#[must_use]
pub fn classify(values: f64, behaviours: f64, determined: bool, threshold: f64) -> Model {
    let several = |number| weight::compare(number, threshold).is_ge();
    match (several(values), several(behaviours)) {
        (false, false) => Model::SingleNorm,
        (false, true) => Model::SingleValue,
        (true, false) => Model::SingleBehaviour,
        (true, true) if determined => Model::SideBySide,
        (true, true) => Model::MultipleValue,
    }
}

/// Returns why no statement is complete: none can be where the codebook has no concept for one of its parts.
fn incomplete(codebook: &Codebook) -> &'static str {
    match Role::ALL.map(|role| codebook.indices().any(|c| codebook.get(c).has(role))) {
        [true, true, true] => {
            "no complete statement: no window of the focus holds problem, value and behaviour together"
        }
        [false, true, true] => "no complete statement: no concept of the codebook is a problem",
        [true, false, true] => "no complete statement: no concept of the codebook is a value",
        [true, true, false] => "no complete statement: no concept of the codebook is a behaviour",
        _ => "no complete statement: the codebook has concepts for one part of a norm at most",
    }
}

/// How many concepts of a codebook may be problems, values and behaviours.
fn kinds(codebook: &Codebook) -> [usize; 3] {
    Role::ALL.map(|role| codebook.indices().filter(|&c| codebook.get(c).has(role)).count().max(1))
}

type Tally<K> = BTreeMap<K, f64>;

/// The concepts of one role.
#[derive(Default)]
struct Part {
    weights: Tally<ConceptIx>,
    sources: BTreeMap<ConceptIx, usize>,
}

/// What is left of the statements, counted.
struct Tallies {
    parts: [Part; 3],
    statements: Tally<[ConceptIx; 3]>,
    /// Value and behaviour of one sentence.
    pairs: Vec<Pair>,
}

/// What the type is told from.
struct Judged {
    values: Option<f64>,
    behaviours: Option<f64>,
    determination: Option<Determination>,
    n_pairs: usize,
}

impl Judged {
    fn several(&self, threshold: f64) -> bool {
        [self.values, self.behaviours].into_iter().all(|d| d.is_some_and(|d| weight::compare(d, threshold).is_ge()))
    }

    fn model(&self, threshold: f64) -> Model {
        let (Some(values), Some(behaviours)) = (self.values, self.behaviours) else { return Model::Undetermined };
        if self.several(threshold) && self.n_pairs < MIN_PAIRS {
            return Model::Undetermined;
        }
        classify(values, behaviours, self.determination.is_some_and(|d| d.holds()), threshold)
    }

    fn reason(&self) -> Option<String> {
        if self.values.is_none() || self.behaviours.is_none() {
            return Some(format!(
                "no value, or no behaviour, holds {:.0} % of the weight in {STRAY_SOURCES} sources",
                100.0 * STRAY_SHARE
            ));
        }
        (self.several(THRESHOLD) && self.n_pairs < MIN_PAIRS).then(|| {
            format!("value and behaviour stand in one sentence {} times only, so whether they belong together cannot be told", self.n_pairs)
        })
    }
}

impl Tallies {
    /// Counts each concept once a window; `keep(role, concept)` may merge concepts or leave them out.
    fn new(sources: &[FocalSource], weights: &[f64], keep: &dyn Fn(usize, ConceptIx) -> Option<ConceptIx>) -> Self {
        let mut out = Self { parts: Default::default(), statements: BTreeMap::new(), pairs: Vec::new() };
        for (source, &times) in sources.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
            let mut seen: [BTreeSet<ConceptIx>; 3] = Default::default();
            for unit in &source.units {
                out.add(unit, times, keep, &mut seen);
            }
            for (part, seen) in out.parts.iter_mut().zip(seen) {
                seen.into_iter().for_each(|c| *part.sources.entry(c).or_default() += 1);
            }
        }
        out
    }

    fn add(
        &mut self,
        unit: &FocalUnit,
        times: f64,
        keep: &dyn Fn(usize, ConceptIx) -> Option<ConceptIx>,
        seen: &mut [BTreeSet<ConceptIx>; 3],
    ) {
        let mut present: [BTreeSet<ConceptIx>; 3] = Default::default();
        let mut statements: BTreeSet<[ConceptIx; 3]> = BTreeSet::new();
        let mut joint: BTreeMap<(ConceptIx, ConceptIx), f64> = BTreeMap::new();
        let mut room = MAX_COMBINATIONS;
        for sentence in &unit.sentences {
            let mut kept: [Vec<ConceptIx>; 3] = Default::default();
            for (r, (kept, list)) in kept.iter_mut().zip(&sentence.parts).enumerate() {
                *kept = list.iter().filter_map(|&c| keep(r, c)).collect::<BTreeSet<_>>().into_iter().collect();
            }
            let [p, v, b] = &kept;
            let combinations: Vec<[ConceptIx; 3]> = product([p, v, b]).take(room).collect();
            room -= combinations.len();
            if combinations.is_empty() {
                continue;
            }
            statements.extend(combinations);
            for (r, list) in kept.iter().enumerate() {
                present[r].extend(list.iter().copied());
                seen[r].extend(list.iter().copied());
            }
            if sentence.own {
                let share = times * unit.share * p.len() as f64;
                for &v in v {
                    b.iter().for_each(|&b| *joint.entry((v, b)).or_default() += share);
                }
            }
        }
        for (part, present) in self.parts.iter_mut().zip(present) {
            present.into_iter().for_each(|c| *part.weights.entry(c).or_default() += times);
        }
        statements.into_iter().for_each(|s| *self.statements.entry(s).or_default() += times);
        self.pairs.extend(joint.into_iter().map(|((v, b), weight)| Pair { x: v.get(), y: b.get(), weight }));
    }

    /// Returns, by role, the concepts that hold too little or stand in too few sources.
    fn strays(&self) -> [BTreeSet<ConceptIx>; 3] {
        self.parts.each_ref().map(|part| {
            let total: f64 = part.weights.values().sum();
            let is_stray = |c: &ConceptIx, w: f64| {
                weight::compare(w, STRAY_SHARE * total).is_lt()
                    || part.sources.get(c).copied().unwrap_or(0) < STRAY_SOURCES
            };
            part.weights.iter().filter(|(c, w)| is_stray(c, **w)).map(|(c, _)| *c).collect()
        })
    }

    fn judge(&self, n_permutations: usize, seed: Seed) -> Judged {
        let [values, behaviours] = [1, 2].map(|r| order_2(&self.parts[r].weights));
        let mut judged = Judged { values, behaviours, determination: None, n_pairs: self.pairs.len() };
        if judged.several(THRESHOLDS[0]) && self.pairs.len() >= MIN_PAIRS {
            judged.determination = determination(&self.pairs, n_permutations, seed);
        }
        judged
    }
}

/// Returns the effective number of order 2 of a tally: unbiased where it holds counts, else as observed; none of nothing.
fn order_2<K>(tally: &Tally<K>) -> Option<f64> {
    let weights: Vec<f64> = tally.values().copied().collect();
    let observed = hill_number(&weights, 2.0).ok()?;
    let counts = counts(tally);
    // All different: nothing bounds the number from above but the kinds that were seen.
    let unbiased = counts.as_deref().and_then(|c| simpson_effective_number(c).ok());
    Some(unbiased.unwrap_or(observed).clamp(1.0, weights.len() as f64))
}

/// Returns the tally as counts; none where it holds weights that are no whole numbers.
fn counts<K>(tally: &Tally<K>) -> Option<Vec<u64>> {
    let whole = |w: f64| (0.0..1e15).contains(&w) && libm::trunc(w) == w;
    tally.values().map(|&w| whole(w).then_some(w as u64)).collect()
}

fn effective<K>(whole: &Tally<K>, left: &Tally<K>, kinds: usize) -> Option<Effective> {
    let weights: Vec<f64> = whole.values().copied().collect();
    let observed = hill_number(&weights, 1.0).ok()?;
    let counts = counts(whole);
    let coverage = counts.as_deref().and_then(|c| coverage(c).ok());
    // Few seen of many: an estimate of the unseen would be one of the codebook's size, or beyond it.
    let trusted = counts.as_deref().filter(|_| coverage.is_some_and(|c| c >= MIN_COVERAGE));
    let chao = trusted.and_then(|c| chao_effective_number(c).ok()).filter(|x| x.is_finite());
    Some(Effective {
        leading: order_2(left),
        observed,
        adjusted: chao.map(|x| x.clamp(1.0, kinds.max(weights.len()) as f64)),
        richness: weights.len(),
        left: left.len(),
        kinds,
        coverage,
        n: counts.map_or_else(|| libm::round(weights.iter().sum()) as u64, |c| c.iter().sum()),
    })
}

fn determination(pairs: &[Pair], n_permutations: usize, seed: Seed) -> Option<Determination> {
    let test = mutual_information_test(pairs, n_permutations, seed).ok()?;
    let smaller = test.observed.h_x.min(test.observed.h_y);
    let room = smaller - test.expected;
    let corrected = (room > 1e-9).then(|| (test.observed.information - test.expected) / room);
    Some(Determination { share: test.observed.share, corrected, p: test.p, n_permutations, n_pairs: pairs.len() })
}

fn merged_values(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_permutations: usize,
    seed: Seed,
) -> Option<(Model, f64)> {
    let up = |r: usize, c: ConceptIx| if r == 1 { codebook.broader(c).unwrap_or(c) } else { c };
    let strays = Tallies::new(sources, weights, &|r, c| Some(up(r, c))).strays();
    let left = Tallies::new(sources, weights, &|r, c| Some(up(r, c)).filter(|c| !strays[r].contains(c)));
    let judged = left.judge(n_permutations, seed);
    Some((judged.model(THRESHOLD), judged.values?))
}

fn rarefy(parts: &[Part; 3]) -> Option<[f64; 3]> {
    let [p, v, b] = [counts(&parts[0].weights)?, counts(&parts[1].weights)?, counts(&parts[2].weights)?];
    let n = [&p, &v, &b].map(|c| c.iter().sum()).into_iter().min().unwrap_or(0);
    let one = |counts: &[u64]| rarefied_effective_number(counts, n).ok();
    Some([one(&p)?, one(&v)?, one(&b)?])
}

/// Logarithms of the effective numbers of order 2 of problems, values and behaviours, with their variance between sources; none where
/// fewer than three sources make complete statements.
pub type EffectiveOf = [Option<Estimated>; 3];

/// Returns the logarithms of effective numbers with the variance that leaving out one source at a time shows; nothing is taken out as
/// stray, since what is near that bound would come and go.
///
/// A bootstrap draws sources twice, and what was seen once is then seen twice: estimators that learn from what was seen once vary too
/// little in its draws, and its intervals came out half as wide as they must be (docs/adr/0020). Leaving out invents no repetition.
/// # Source  Tukey (1958), Annals of Mathematical Statistics 29: 614; Efron & Stein (1981), Annals of Statistics 9(3): 586–596
#[must_use]
pub fn effective_of(sources: &[FocalSource]) -> EffectiveOf {
    let used: Vec<Tallies> = sources
        .iter()
        .filter(|s| !s.units.is_empty())
        .map(|s| Tallies::new(std::slice::from_ref(s), &[1.0], &|_, c| Some(c)))
        .collect();
    [0, 1, 2].map(|r| {
        let by_source: Vec<&Tally<ConceptIx>> = used.iter().map(|t| &t.parts[r].weights).collect();
        leave_one_out(&by_source)
    })
}

fn leave_one_out(by_source: &[&Tally<ConceptIx>]) -> Option<Estimated> {
    let mut whole: Tally<ConceptIx> = BTreeMap::new();
    by_source.iter().flat_map(|t| t.iter()).for_each(|(&c, w)| *whole.entry(c).or_default() += w);
    let kinds = whole.len() as f64;
    // n and Σ x (x − 1), of which a source takes away its own share.
    let pairs = |x: f64| x * (x - 1.0);
    let (n, joint) = whole.values().fold((0.0, 0.0), |(n, j), &x| (n + x, j + pairs(x)));
    let ln_number = |n: f64, joint: f64| log(if joint > 0.0 { (pairs(n) / joint).clamp(1.0, kinds) } else { kinds });
    let without = |tally: &&Tally<ConceptIx>| {
        let (mut n, mut joint) = (n, joint);
        for (c, y) in tally.iter() {
            let x = whole.get(c).copied().unwrap_or(0.0);
            n -= y;
            joint += pairs(x - y) - pairs(x);
        }
        ln_number(n, joint)
    };
    let left_out: Vec<f64> = by_source.iter().map(without).collect();
    let s = left_out.len() as f64;
    if s < 3.0 {
        return None;
    }
    let mean = left_out.iter().sum::<f64>() / s;
    let variance = (s - 1.0) / s * left_out.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    Some(Estimated { value: ln_number(n, joint), variance, df: s - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_types() {
        let rows = [
            (1.2, 1.4, false, Model::SingleNorm),
            (1.49, 1.5, false, Model::SingleValue),
            (1.5, 1.0, false, Model::SingleBehaviour),
            (3.0, 3.0, true, Model::SideBySide),
            (3.0, 3.0, false, Model::MultipleValue),
        ];
        for (v, b, determined, want) in rows {
            assert_eq!(classify(v, b, determined, THRESHOLD), want, "{v} {b}");
        }
    }
}
