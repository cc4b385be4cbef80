//! How sure the type of a cluster is: draws over sources, with wrong codings added, beside clusters whose type is known.
//!
//! A lexicon that is right nine times of ten makes several values of one. So the draws behind a support add wrong codings at the
//! rate at which the lexicon makes them, and beside the support stands what the same procedure says of clusters of known type, of the
//! same size and with the same errors. One *systematic* error, the same wrong value in a third of all windows, looks like a value, and no rule can tell it.

use super::focal::{FocalSource, FocalUnit, Sentence, sources_with_statements};
use super::kind::{Evidence, MIN_SOURCES, Model, model};
use crate::codebook::{Codebook, ConceptIx, Role};
use nomoscope_stats::bootstrap::bootstrap;
use nomoscope_stats::rng::{Seed, Stream};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Support of each type, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// Share of draws by type; sums to 1.
    pub shares: Option<BTreeMap<Model, f64>>,
    /// Draws.
    pub draws: usize,
    /// How often clusters of known type and the same size are called each type.
    pub references: Vec<Reference>,
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
    let mut out = weighted_support(sources, &vec![1.0; sources.len()], codebook, n_draws, illustration, seed);
    if out.shares.is_some() {
        out.references = reference(sources, codebook, PUBLISHED, n_draws.min(REPLICATIONS), seed.part(1));
    }
    out
}

/// Returns the share of bootstrap draws over sources that give each type, each source counted with a weight.
///
/// Draws add wrong codings at the rate that the lexicon makes them: to leave some out would only tell what the sources agree on.
#[must_use]
pub fn weighted_support(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_draws: usize,
    illustration: bool,
    seed: Seed,
) -> Support {
    let none = |reason: String| Support { shares: None, draws: 0, references: Vec::new(), reason: Some(reason) };
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
    if let Some(reason) = Evidence::of(sources, weights).thin() {
        return none(reason);
    }
    if n_draws == 0 {
        return none("no bootstrap draws were asked for".to_owned());
    }
    let models = weighted_draws(sources, weights, codebook, n_draws, seed);
    let mut shares: BTreeMap<Model, f64> = Model::ALL.iter().map(|&m| (m, 0.0)).collect();
    for model in &models {
        *shares.entry(*model).or_default() += 1.0;
    }
    for share in shares.values_mut() {
        *share /= models.len() as f64;
    }
    Support { shares: Some(shares), draws: n_draws, references: Vec::new(), reason: None }
}

/// Returns the type of each bootstrap draw over sources, wrong codings added.
#[must_use]
pub fn draws(sources: &[FocalSource], codebook: &Codebook, n_draws: usize, seed: Seed) -> Vec<Model> {
    weighted_draws(sources, &vec![1.0; sources.len()], codebook, n_draws, seed)
}

fn weighted_draws(
    sources: &[FocalSource],
    weights: &[f64],
    codebook: &Codebook,
    n_draws: usize,
    seed: Seed,
) -> Vec<Model> {
    let errors = Errors::new(codebook, PUBLISHED);
    bootstrap(sources.len(), n_draws, seed, |times, stream| {
        let (mut drawn, mut of_drawn): (Vec<FocalSource>, Vec<f64>) = (Vec::new(), Vec::new());
        for ((source, &t), &w) in sources.iter().zip(times).zip(weights) {
            // A source drawn twice is two sources, each with errors of its own.
            for _ in 0..t {
                drawn.push(errors.add_to(source, stream));
                of_drawn.push(w);
            }
        }
        let seed = Seed(stream.next_u64());
        model(&drawn, &of_drawn, PERMUTATIONS, seed)
    })
}

/// Clusters of each known type that are drawn.
const REPLICATIONS: usize = 100;
/// Permutations that tell what chance makes of a draw.
const PERMUTATIONS: usize = 29;

/// Share of codings that are wrong, by role: 1 − precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorRates(pub [f64; 3]);

/// Those of the bundled codebook's hits, samples 2 and 3 of data/validation: right are problems 41 of 42, values 40 of 47, behaviours 100 of 111.
pub const PUBLISHED: ErrorRates = ErrorRates([0.024, 0.149, 0.099]);

/// What the procedure says of clusters of a known type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    /// The type that they have.
    pub truth: Model,
    /// How often they are called each type, in the order of [`Model::ALL`].
    pub called: [f64; 6],
    /// Clusters drawn.
    pub n: usize,
}

impl Reference {
    /// Returns how often clusters of this type are called `model`.
    #[must_use]
    pub fn called(&self, model: Model) -> f64 {
        Model::ALL.iter().zip(self.called).find(|(m, _)| **m == model).map_or(0.0, |(_, share)| share)
    }
}

/// Which wrong codings there may be, and how often.
struct Errors {
    /// Concepts by role.
    pools: [Vec<ConceptIx>; 3],
    rates: ErrorRates,
}

impl Errors {
    fn new(codebook: &Codebook, rates: ErrorRates) -> Self {
        let pools = Role::ALL.map(|role| codebook.indices().filter(|&c| codebook.get(c).has(role)).collect());
        Self { pools, rates }
    }

    /// Adds wrong codings to a sentence: each coding has one more of its role beside it with the chance of an error, unless the sentence
    /// has that concept as a part already.
    fn add(&self, sentence: &mut Sentence, stream: &mut Stream) {
        for ((role, pool), rate) in Role::ALL.into_iter().zip(&self.pools).zip(self.rates.0) {
            for _ in 0..sentence.parts[role.index()].len() {
                if stream.uniform() < rate
                    && let Some(&wrong) = pool.get(stream.below(pool.len()))
                    && sentence.parts.iter().all(|list| !list.contains(&wrong))
                {
                    sentence.parts[role.index()].push(wrong);
                }
            }
        }
    }

    fn add_to(&self, source: &FocalSource, stream: &mut Stream) -> FocalSource {
        let mut out = source.clone();
        out.units.iter_mut().flat_map(|u| &mut u.sentences).for_each(|s| self.add(s, stream));
        out
    }
}

/// Returns how often a single norm, a single value and norms side by side, with as many sources, sentences, values and behaviours and with
/// errors, are called each type.
#[must_use]
pub fn reference(
    sources: &[FocalSource],
    codebook: &Codebook,
    rates: ErrorRates,
    n: usize,
    seed: Seed,
) -> Vec<Reference> {
    let errors = Errors::new(codebook, rates);
    let several = |role: Role| errors.pools[role.index()].len().clamp(1, 3);
    let planted = [
        (Model::SingleNorm, 1, 1),
        (Model::SingleValue, 1, several(Role::Behaviour)),
        (Model::SideBySide, several(Role::Value).min(several(Role::Behaviour)), several(Role::Behaviour)),
    ];
    // Types that the codebook has not enough concepts for cannot be planted.
    let possible = planted.into_iter().filter(|(model, values, behaviours)| match model {
        Model::SingleNorm => true,
        Model::SingleValue => *behaviours > 1,
        _ => *values > 1,
    });
    possible
        .enumerate()
        .map(|(at, (truth, values, behaviours))| {
            let seed = seed.part(at as u64);
            let called = (0..n).into_par_iter().map(|i| {
                let mut stream = seed.stream(i as u64);
                let drawn: Vec<FocalSource> = sources
                    .iter()
                    .map(|s| planted_source(s, truth, (values, behaviours), &errors, &mut stream))
                    .collect();
                let weights = vec![1.0; drawn.len()];
                let seed = Seed(stream.next_u64());
                model(&drawn, &weights, PERMUTATIONS, seed)
            });
            let called: Vec<Model> = called.collect();
            let share = |m: &Model| called.iter().filter(|c| *c == m).count() as f64 / n.max(1) as f64;
            Reference { truth, called: Model::ALL.each_ref().map(share), n }
        })
        .collect()
}

fn planted_source(
    source: &FocalSource,
    truth: Model,
    (values, behaviours): (usize, usize),
    errors: &Errors,
    stream: &mut Stream,
) -> FocalSource {
    let mut sentence = || {
        let behaviour = stream.below(behaviours);
        let value = if truth == Model::SideBySide { behaviour % values } else { 0 };
        let at = |role: Role, at: usize| errors.pools[role.index()].get(at).map(|c| vec![*c]).unwrap_or_default();
        let parts = [at(Role::Problem, 0), at(Role::Value, value), at(Role::Behaviour, behaviour)];
        let mut sentence = Sentence { parts, own: true };
        errors.add(&mut sentence, stream);
        sentence
    };
    let mut units = Vec::with_capacity(source.units.len());
    for unit in &source.units {
        let sentences: Vec<Sentence> = unit.sentences.iter().map(|_| sentence()).collect();
        let combinations: f64 = sentences.iter().map(|s| s.parts.iter().map(|p| p.len() as f64).product::<f64>()).sum();
        units.push(FocalUnit { sentences, share: 1.0 / combinations.max(1.0) });
    }
    FocalSource { units, windows: source.windows, without_value: 0.0 }
}
