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

/// What a user, one source or all sources of an actor, has of a concept.
#[derive(Debug, Clone, Copy)]
struct Use {
    user: usize,
    codings: f64,
    /// How many of the user's sources use it.
    sources: usize,
}

/// Who uses what, a column a thing: what is alike for all pairs of concepts is made once.
#[derive(Debug, Default)]
struct Users {
    /// One value a user each.
    codings: Vec<f64>,
    stratum: Vec<usize>,
    /// By concept, in order of users.
    used: BTreeMap<ConceptIx, Vec<Use>>,
    /// By pair, whose sources use the concept of the shorter span only inside the other, and how many.
    nested: BTreeMap<Pair, Vec<(ConceptIx, usize, usize)>>,
    n_strata: usize,
    /// What is held whatever the pair: the logarithm of words, and the strata.
    held: Vec<Vec<f64>>,
    /// Logarithms of all codings.
    field: Vec<f64>,
}

impl Users {
    fn len(&self) -> usize {
        self.stratum.len()
    }

    fn of(&self, concept: ConceptIx) -> &[Use] {
        self.used.get(&concept).map_or(&[], Vec::as_slice)
    }

    /// Returns who uses a concept otherwise than inside the other of the pair.
    fn who(&self, concept: ConceptIx, pair: Pair) -> Vec<bool> {
        let mut who = vec![false; self.len()];
        self.of(concept).iter().for_each(|u| who[u.user] = true);
        for &(_, user, times) in self.nested.get(&pair).into_iter().flatten().filter(|nested| nested.0 == concept) {
            if let Ok(at) = self.of(concept).binary_search_by_key(&user, |u| u.user) {
                who[user] &= times < self.of(concept)[at].sources;
            }
        }
        who
    }

    /// Returns the logarithms of the codings of all other concepts, centred and scaled.
    fn others(&self, pair: Pair) -> Option<Vec<f64>> {
        let (mut left, mut field) = (self.codings.clone(), self.field.clone());
        let of_pair = || self.of(pair.0).iter().chain(self.of(pair.1));
        of_pair().for_each(|u| left[u.user] -= u.codings);
        of_pair().for_each(|u| field[u.user] = log(0.5 + left[u.user].max(0.0)));
        scaled(field)
    }

    /// Joint users expected if use were independent within each stratum.
    fn expected(&self, a: &[bool], b: &[bool]) -> f64 {
        let mut sums = vec![(0.0, 0.0, 0.0); self.n_strata];
        for ((&x, &y), &stratum) in a.iter().zip(b).zip(&self.stratum) {
            let (first, second, n) = &mut sums[stratum];
            *first += f64::from(u8::from(x));
            *second += f64::from(u8::from(y));
            *n += 1.0;
        }
        sums.iter().filter(|s| s.2 > 0.0).map(|(x, y, n)| x * y / n).sum()
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
        let concepts: Vec<ConceptIx> = users.used.keys().copied().collect();
        let mut pairs: Vec<Pair> = Vec::new();
        for (i, &a) in concepts.iter().enumerate() {
            pairs.extend(concepts[i + 1..].iter().filter(|&&b| !self.kin(a, b)).map(|&b| (a, b)));
        }
        let mut out: Vec<Coupling> =
            pairs.par_iter().map(|&pair| coupling(pair, &users)).filter(|c| c.n11 > 0 || c.p.is_some()).collect();
        set_q(&mut out);
        out
    }

    fn users(&self, strata: &[String], actor: &[usize]) -> Users {
        let names: BTreeSet<&String> = strata.iter().collect();
        let names: Vec<&String> = names.into_iter().collect();
        // Sources of one user after each other, users in the order of their first source.
        let mut place: BTreeMap<usize, usize> = BTreeMap::new();
        let mut whose: Vec<(usize, usize)> = Vec::new();
        for s in 0..self.counted().len() {
            let next = place.len();
            whose.push((*place.entry(actor.get(s).copied().unwrap_or(s)).or_insert(next), s));
        }
        whose.sort_unstable();
        let (mut users, mut words) = (Users::default(), Vec::new());
        for (user, s) in whose {
            let source = &self.counted()[s];
            if user == users.len() {
                users.stratum.push(strata.get(s).and_then(|s| names.binary_search(&s).ok()).unwrap_or(0));
                words.push(0.0_f64);
                users.codings.push(0.0);
            }
            words[user] += f64::from(source.words);
            for &(concept, n) in source.used.iter().filter(|(c, _)| self.has_role(*c)) {
                users.codings[user] += f64::from(n);
                let used = users.used.entry(concept).or_default();
                match used.last_mut().filter(|u| u.user == user) {
                    Some(known) => {
                        known.codings += f64::from(n);
                        known.sources += 1;
                    }
                    None => used.push(Use { user, codings: f64::from(n), sources: 1 }),
                }
            }
            for &(pair, concept) in &source.nested {
                let nested = users.nested.entry(pair).or_default();
                match nested.iter_mut().rev().take_while(|n| n.1 == user).find(|n| n.0 == concept) {
                    Some(known) => known.2 += 1,
                    None => nested.push((concept, user, 1)),
                }
            }
        }
        users.n_strata = users.stratum.iter().max().map_or(1, |last| last + 1);
        users.held = scaled(words.iter().map(|w| log(w.max(1.0))).collect()).into_iter().collect();
        for stratum in 1..users.n_strata {
            users.held.push(users.stratum.iter().map(|&s| f64::from(u8::from(s == stratum))).collect());
        }
        users.field = users.codings.iter().map(|n| log(0.5 + n)).collect();
        users
    }
}

fn coupling(pair: Pair, users: &Users) -> Coupling {
    let (a, b) = (users.who(pair.0, pair), users.who(pair.1, pair));
    let both = a.iter().zip(&b).filter(|(x, y)| **x && **y).count() as u64;
    let n = |list: &[bool]| list.iter().filter(|x| **x).count() as u64;
    let mut c = Coupling {
        expected: users.expected(&a, &b),
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
    let others = users.others(pair);
    let covariates: Vec<&[f64]> = others.iter().chain(&users.held).map(Vec::as_slice).collect();
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

/// Returns a column with mean 0 and standard deviation 1; none where it does not vary.
fn scaled(values: Vec<f64>) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n);
    (deviation > 1e-9).then(|| values.iter().map(|v| (v - mean) / deviation).collect())
}
