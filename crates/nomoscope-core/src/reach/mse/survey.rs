//! What reasonable models say: those within 2 AIC of the best, and the best by other criteria.
//!
//! A single model's interval is conditional on the model. With 15 pairs there are 32,768 models, and many fit about as well; so the
//! search goes for all of them that do, and fits as few of the others as it can. A pair that is left out can never improve
//! the fit of what follows: where even all remaining pairs together could not bring a model into the window, none of these
//! models is fitted. The answer is that of fitting them all ([`super::all_models`]; a test holds the two equal).

use super::histories::Histories;
use super::model::Model;
use super::stepwise::{THRESHOLD, stepwise};
use super::term::Term;
use super::{Estimate, Fit, all, fit};
use libm::log;
use std::collections::{BTreeMap, BTreeSet};

/// Models whose AIC is within this of the least are taken to fit about as well.
/// # Source  Burnham & Anderson (2002), Model Selection and Multimodel Inference, 2nd ed., section 2.6
pub const WINDOW: f64 = 2.0;
/// Histories that may be gone through, over all fits of a search.
const BUDGET: usize = 1 << 20;

/// What reasonable models say.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Models with an estimate whose AIC is within [`WINDOW`] of the least, best first.
    pub window: Vec<Estimate>,
    /// The least BIC, parameters at minus infinity not counted.
    pub best_bic: Option<Estimate>,
    /// The least BIC, parameters at minus infinity counted.
    pub best_bic_counting_infinite: Option<Estimate>,
    /// Whether every model up to the order was fitted or shown not to belong here.
    pub exhaustive: bool,
    /// Models that were fitted.
    pub n_fitted: usize,
    /// Models up to the order, where they can be counted.
    pub n_models: Option<usize>,
}

impl Survey {
    /// Returns the model of the least AIC.
    #[must_use]
    pub fn best(&self) -> Option<&Estimate> {
        self.window.first()
    }

    /// Returns the least and the greatest estimate within the window, in persons.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        ends(self.window.iter().filter_map(Estimate::fit).map(Fit::point))
    }

    /// Returns the least lower and the greatest upper end of the intervals within the window.
    #[must_use]
    pub fn range_of_intervals(&self, level: f64) -> Option<(f64, f64)> {
        ends(
            self.window.iter().filter_map(Estimate::fit).map(|f| f.interval(level)).flat_map(|(low, high)| [low, high]),
        )
    }

    /// Returns the least and the greatest estimate of all reasonable models: those within the window, and the best by each BIC.
    #[must_use]
    pub fn reasonable(&self) -> Option<(f64, f64)> {
        let more = [&self.best_bic, &self.best_bic_counting_infinite].into_iter().flatten();
        ends(self.window.iter().chain(more).filter_map(Estimate::fit).map(Fit::point))
    }
}

fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, v| Some(ends.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
}

/// How far two criteria may lie apart and still be equal: fits end within about 1e-12 of their optimum, in another place for another order of the lists.
const TIE: f64 = 1e-9;

/// Returns the estimate that is least by a criterion; of equal ones the simpler model.
pub(super) fn least(estimates: &[Estimate], criterion: impl Fn(&Fit) -> f64) -> Option<&Estimate> {
    let value = |e: &Estimate| e.fit().map_or(f64::INFINITY, &criterion);
    let best = estimates.iter().map(value).fold(f64::INFINITY, f64::min);
    let equal = estimates.iter().filter(|e| e.fit().is_some() && value(e) <= best + TIE);
    equal.min_by(|a, b| order(&a.model).cmp(&order(&b.model)))
}

fn order(model: &Model) -> (usize, &Model) {
    (model.interactions().len(), model)
}

/// Returns the survey of models that were all fitted.
#[must_use]
pub fn survey_of(estimates: &[Estimate]) -> Survey {
    collect(estimates, true, estimates.len(), Some(estimates.len()))
}

fn collect(estimates: &[Estimate], exhaustive: bool, n_fitted: usize, n_models: Option<usize>) -> Survey {
    let best = least(estimates, |f| f.aic).and_then(Estimate::fit).map_or(f64::INFINITY, |f| f.aic);
    let aic = |e: &Estimate| e.fit().map_or(f64::INFINITY, |f| f.aic);
    let mut window: Vec<Estimate> = estimates.iter().filter(|e| aic(e) <= best + WINDOW + TIE).cloned().collect();
    window.retain(|e| e.fit().is_some());
    window.sort_by(|a, b| aic(a).total_cmp(&aic(b)).then_with(|| order(&a.model).cmp(&order(&b.model))));
    Survey {
        window,
        best_bic: least(estimates, |f| f.bic).cloned(),
        best_bic_counting_infinite: least(estimates, |f| f.bic_counting_infinite).cloned(),
        exhaustive,
        n_fitted,
        n_models,
    }
}

/// Returns what reasonable models say, all pairs and, where there are few enough models, larger terms considered.
///
/// First uphill from the main effects and the stepwise model, one pair at a time; then, with what was found as a bound,
/// through all models that could be better. Where these are too many, [`Survey::exhaustive`] is false.
/// # Source  Land & Doig (1960), Econometrica 28(3): 497–520 (branch and bound)
#[must_use]
pub fn survey(histories: &Histories, max_order: usize) -> Survey {
    let budget = (BUDGET / histories.counts().len()).max(200);
    if max_order > 2
        && let Ok(estimates) = super::all_models(histories, max_order, budget, &|| true)
    {
        return survey_of(&estimates);
    }
    let n_models = all::count_models(histories.n_lists(), max_order, usize::MAX >> 1).ok();
    let mut search = Search::new(histories, budget);
    search.climb(max_order);
    let exhaustive = if max_order < 2 { true } else { search.bound() && (max_order == 2 || histories.n_lists() <= 3) };
    let n_fitted = search.fitted.len();
    let estimates: Vec<Estimate> = search.fitted.into_values().collect();
    collect(&estimates, exhaustive, n_fitted, n_models)
}

/// The criteria by which models are told apart: AIC, BIC, and BIC with parameters at minus infinity counted.
#[derive(Debug, Clone, Copy)]
struct Criterion {
    value: fn(&Fit) -> f64,
    window: f64,
    per_finite: f64,
    per_infinite: f64,
}

struct Search<'h> {
    histories: &'h Histories,
    fitted: BTreeMap<Model, Estimate>,
    criteria: [Criterion; 3],
    /// The least value of each criterion so far.
    best: [f64; 3],
    /// Pairs, the most telling first.
    pairs: Vec<Term>,
    /// Fits that may still be made.
    budget: usize,
}

impl<'h> Search<'h> {
    fn new(histories: &'h Histories, budget: usize) -> Self {
        let log_n = log(histories.n_observed() as f64);
        let criterion = |value, window, per_finite, per_infinite| Criterion { value, window, per_finite, per_infinite };
        Self {
            histories,
            fitted: BTreeMap::new(),
            criteria: [
                criterion(|f| f.aic, WINDOW, 2.0, 2.0),
                criterion(|f| f.bic, 0.0, log_n, 0.0),
                criterion(|f| f.bic_counting_infinite, 0.0, log_n, log_n),
            ],
            best: [f64::INFINITY; 3],
            pairs: Term::pairs(histories.n_lists()),
            budget,
        }
    }

    fn visit(&mut self, model: Model) {
        if self.fitted.contains_key(&model) {
            return;
        }
        self.budget = self.budget.saturating_sub(1);
        let estimate = Estimate::of(self.histories, model.clone());
        if let Some(fit) = estimate.fit() {
            for (best, criterion) in self.best.iter_mut().zip(&self.criteria) {
                *best = best.min((criterion.value)(fit));
            }
        }
        self.fitted.insert(model, estimate);
    }

    /// Goes to neighbours of the best models, and of all within the window, until none is left to go to.
    fn climb(&mut self, max_order: usize) {
        self.visit(Model::main());
        if max_order < 2 {
            return;
        }
        self.visit(stepwise(self.histories, THRESHOLD).estimate.model);
        let mut seen = BTreeSet::new();
        let reserve = self.budget / 2;
        while self.budget > reserve {
            let Some(model) = self.most_promising(&seen) else { break };
            for pair in self.pairs.clone() {
                if self.budget <= reserve {
                    break;
                }
                let with = model.and(pair);
                let without = Model::with(model.interactions().iter().copied().filter(|&t| t != pair));
                self.visit(if model.has(pair) { without } else { with });
            }
            seen.insert(model);
        }
    }

    fn most_promising(&self, seen: &BTreeSet<Model>) -> Option<Model> {
        let excess = |fit: &Fit| {
            let over = |(c, best): (&Criterion, &f64)| (c.value)(fit) - best - c.window;
            self.criteria.iter().zip(&self.best).map(over).fold(f64::INFINITY, f64::min)
        };
        let unseen = self.fitted.values().filter(|e| !seen.contains(&e.model));
        let near = unseen.filter_map(|e| Some((excess(e.fit()?), &e.model))).filter(|(over, _)| *over <= TIE);
        near.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| order(a.1).cmp(&order(b.1))))
            .map(|(_, model)| model.clone())
    }

    /// Goes through all sets of pairs that could be within the window; returns whether the budget sufficed.
    fn bound(&mut self) -> bool {
        let Some(main) = self.fitted.get(&Model::main()).and_then(Estimate::fit) else {
            // Without main effects there is nothing that adding pairs could repair: what has no estimate keeps having none.
            return true;
        };
        let surprise = |pair: &Term| {
            let expected = main.expected(*pair);
            (self.histories.margin(*pair) as f64 - expected) / expected.max(1e-9).sqrt()
        };
        let mut pairs: Vec<(f64, Term)> = self.pairs.iter().map(|p| (surprise(p).abs(), *p)).collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.pairs = pairs.into_iter().map(|(_, pair)| pair).collect();
        let lack = self.lack_of_fit(&self.pairs.clone());
        self.descend(&mut Vec::new(), 0, lack)
    }

    fn lack_of_fit(&mut self, pairs: &[Term]) -> f64 {
        let model = Model::with(pairs.iter().copied());
        self.visit(model.clone());
        let finite = self.fitted.get(&model).and_then(Estimate::fit).map(|f| f.aic - 2.0 * parameters(f));
        finite.unwrap_or_else(|| fit::least_lack_of_fit(self.histories, &model))
    }

    fn descend(&mut self, included: &mut Vec<Term>, next: usize, lack: f64) -> bool {
        if self.is_hopeless(included, lack) {
            return true;
        }
        let Some(&pair) = self.pairs.get(next) else {
            self.visit(Model::with(included.iter().copied()));
            return true;
        };
        if self.budget == 0 {
            return false;
        }
        included.push(pair);
        let with = self.descend(included, next + 1, lack);
        included.pop();
        let rest: Vec<Term> = included.iter().chain(&self.pairs[next + 1..]).copied().collect();
        let lack = self.lack_of_fit(&rest);
        with && self.descend(included, next + 1, lack)
    }

    /// Returns whether no model with these pairs, and with a lack of fit of at least `lack`, can be within any window.
    fn is_hopeless(&self, included: &[Term], lack: f64) -> bool {
        let n_infinite = included.iter().filter(|t| self.histories.margin(**t) == 0).count() as f64;
        let n_finite = (1 + self.histories.n_lists() + included.len()) as f64 - n_infinite;
        self.criteria
            .iter()
            .zip(&self.best)
            .all(|(c, best)| lack + c.per_finite * n_finite + c.per_infinite * n_infinite > best + c.window + 1e-6)
    }
}

fn parameters(fit: &Fit) -> f64 {
    (fit.coefficients.len() + fit.infinite.len()) as f64
}
