//! The actor level: do sources, or actors, that use the one concept also use the other?
//!
//! Who writes more uses more of everything, and who speaks much of the field uses more of its words: both are held. One
//! penalised logistic regression gives odds ratio, p-value and interval.

use super::{Coupling, CouplingLevel, LEVEL, MIN_EXPECTED, blank, set_q};
use crate::codebook::ConceptIx;
use crate::counts::{Counts, Pair};
use libm::{exp, log, sqrt};
use nomoscope_stats::Interval;
use nomoscope_stats::firth::symmetric;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What one source, or all sources of an actor, use.
#[derive(Debug, Clone, Default)]
struct User {
    words: f64,
    codings: f64,
    stratum: usize,
    /// By concept, codings and the sources that use it.
    used: BTreeMap<ConceptIx, (f64, usize)>,
    /// By pair and the concept of the shorter span, the sources in which it only stands inside the other.
    nested: BTreeMap<(Pair, ConceptIx), usize>,
}

impl User {
    /// Returns whether the concept is used otherwise than inside the other of the pair.
    fn uses(&self, concept: ConceptIx, pair: Pair) -> bool {
        let Some(&(_, sources)) = self.used.get(&concept) else { return false };
        self.nested.get(&(pair, concept)).is_none_or(|&n| n < sources)
    }

    fn codings_of(&self, concept: ConceptIx) -> f64 {
        self.used.get(&concept).map_or(0.0, |u| u.0)
    }
}

impl Counts {
    /// Returns the actor-level couplings of sources, stratified by `strata` (one name a source).
    ///
    /// # Source
    /// docs/methods.md, section 3: Firth's logistic regression (Firth 1993; Heinze & Schemper 2002).
    #[must_use]
    pub fn actor(&self, strata: &[String]) -> Vec<Coupling> {
        self.actor_by(strata, &[])
    }

    /// Returns the same of actors: `actor` says whose each source is; an actor's stratum is that of their first source.
    #[must_use]
    pub fn actor_by(&self, strata: &[String], actor: &[usize]) -> Vec<Coupling> {
        let users = self.users(strata, actor);
        let n_strata = users.iter().map(|u| u.stratum + 1).max().unwrap_or(1);
        let concepts: BTreeSet<ConceptIx> = users.iter().flat_map(|u| u.used.keys().copied()).collect();
        let concepts: Vec<ConceptIx> = concepts.into_iter().collect();
        let mut pairs: Vec<Pair> = Vec::new();
        for (i, &a) in concepts.iter().enumerate() {
            pairs.extend(concepts[i + 1..].iter().filter(|&&b| !self.kin(a, b)).map(|&b| (a, b)));
        }
        // The same for all pairs.
        let words = scaled(users.iter().map(|u| log(u.words.max(1.0))).collect());
        let mut out: Vec<Coupling> = pairs
            .par_iter()
            .map(|&pair| coupling(pair, &users, n_strata, words.as_ref()))
            .filter(|c| c.n11 > 0 || c.p.is_some())
            .collect();
        set_q(&mut out);
        out
    }

    fn users(&self, strata: &[String], actor: &[usize]) -> Vec<User> {
        let names: BTreeSet<&String> = strata.iter().collect();
        let names: Vec<&String> = names.into_iter().collect();
        let mut place: BTreeMap<usize, usize> = BTreeMap::new();
        let mut users: Vec<User> = Vec::new();
        for (s, source) in self.counted().iter().enumerate() {
            let stratum = strata.get(s).and_then(|s| names.binary_search(&s).ok()).unwrap_or(0);
            let next = users.len();
            let at = *place.entry(actor.get(s).copied().unwrap_or(s)).or_insert(next);
            if at == next {
                users.push(User { stratum, ..User::default() });
            }
            let Some(user) = users.get_mut(at) else { continue };
            user.words += f64::from(source.words);
            for &(concept, n) in source.used.iter().filter(|(c, _)| self.has_role(*c)) {
                user.codings += f64::from(n);
                let used = user.used.entry(concept).or_default();
                *used = (used.0 + f64::from(n), used.1 + 1);
            }
            source.nested.iter().for_each(|&key| *user.nested.entry(key).or_default() += 1);
        }
        users
    }
}

fn coupling(pair: Pair, users: &[User], n_strata: usize, words: Option<&Vec<f64>>) -> Coupling {
    let a: Vec<bool> = users.iter().map(|u| u.uses(pair.0, pair)).collect();
    let b: Vec<bool> = users.iter().map(|u| u.uses(pair.1, pair)).collect();
    let both = a.iter().zip(&b).filter(|(x, y)| **x && **y).count() as u64;
    let n = |list: &[bool]| list.iter().filter(|x| **x).count() as u64;
    let mut c = Coupling {
        expected: expected(&a, &b, users, n_strata),
        informative_sources: users.len(),
        ..blank(pair, CouplingLevel::Actor, both, n(&a), n(&b), users.len() as u64)
    };
    let varies = |list: &[bool]| list.contains(&true) && list.contains(&false);
    if !varies(&a) || !varies(&b) {
        c.reason = Some("nothing to compare: all use one of the two, or none does");
        return c;
    }
    let too_few = c.expected < MIN_EXPECTED;
    if too_few {
        c.reason = Some("too few joint sources expected for a test");
        if both == 0 {
            // Neither met nor tested: not listed.
            return c;
        }
    }
    let covariates = covariates(pair, users, n_strata, words);
    match symmetric(&a, &b, &covariates, LEVEL) {
        Ok(found) => {
            c.odds_ratio = Some(exp(found.ln_odds)).filter(|o| o.is_finite());
            c.interval = Some(Interval {
                lower: Some(found.interval.lower.map_or(0.0, exp)),
                upper: found.interval.upper.map(exp).filter(|u| u.is_finite()),
                level: LEVEL,
            });
            c.p = Some(found.p).filter(|_| !too_few);
        }
        Err(_) => c.reason = Some("length, field and use cannot be told apart: no odds ratio"),
    }
    c
}

/// Joint users expected if use were independent within each stratum.
fn expected(a: &[bool], b: &[bool], users: &[User], n_strata: usize) -> f64 {
    let mut sums = vec![(0.0, 0.0, 0.0); n_strata];
    for ((&x, &y), user) in a.iter().zip(b).zip(users) {
        if let Some((first, second, n)) = sums.get_mut(user.stratum) {
            *first += f64::from(u8::from(x));
            *second += f64::from(u8::from(y));
            *n += 1.0;
        }
    }
    sums.iter().filter(|s| s.2 > 0.0).map(|(x, y, n)| x * y / n).sum()
}

/// What is held: the logarithms of words and of codings of all other concepts, centred and scaled, and the strata.
fn covariates(pair: Pair, users: &[User], n_strata: usize, words: Option<&Vec<f64>>) -> Vec<Vec<f64>> {
    let others = |u: &User| (u.codings - u.codings_of(pair.0) - u.codings_of(pair.1)).max(0.0);
    let field = scaled(users.iter().map(|u| log(0.5 + others(u))).collect());
    let mut columns: Vec<Vec<f64>> = [words.cloned(), field].into_iter().flatten().collect();
    for stratum in 1..n_strata {
        columns.push(users.iter().map(|u| f64::from(u8::from(u.stratum == stratum))).collect());
    }
    columns
}

/// Returns a column with mean 0 and standard deviation 1; none where it does not vary.
fn scaled(values: Vec<f64>) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n);
    (deviation > 1e-9).then(|| values.iter().map(|v| (v - mean) / deviation).collect())
}
