//! The maximum likelihood fit of a model whose estimate is known to exist.

use super::design::Design;
use super::existence::{Existence, existence};
use super::histories::Histories;
use super::model::Model;
use super::subsets::{add_subsets, add_supersets};
use super::term::Term;
use libm::{exp, fabs, log, sqrt};
use nomoscope_stats::special::{ln_gamma, normal_quantile};

/// Steps of the iteration before it gives up; six to ten are usual.
const MAX_STEPS: usize = 100;
/// A step that moves no parameter by more is the last.
const STILL: f64 = 1e-10;

/// A parameter of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The term; the intercept is the empty one.
    pub term: Term,
    /// Its value on the scale of logarithms.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// A model fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Finite parameters: intercept, main effects, interactions.
    pub coefficients: Vec<Coefficient>,
    /// Terms at minus infinity.
    pub infinite: Vec<Term>,
    /// Persons on any list.
    pub n_observed: u64,
    /// Estimated persons on no list.
    pub hidden: f64,
    /// Twice the log-likelihood that is missing to a perfect fit.
    pub deviance: f64,
    /// Histories fitted less finite parameters.
    pub degrees_of_freedom: usize,
    /// Akaike's criterion; parameters at minus infinity count, as in `SparseMSE`.
    pub aic: f64,
    /// Schwarz's criterion with n = observed persons; parameters at minus infinity do not count.
    pub bic: f64,
    /// The same with parameters at minus infinity counted.
    pub bic_counting_infinite: f64,
    /// Expected persons by history; 0 for those that are gone, and for the one on no list.
    pub(super) means: Vec<f64>,
}

/// Why a model has no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEstimate {
    /// The histories do not determine the parameters.
    #[error(
        "the model is not identifiable: it has {n_parameters} finite parameters, and the {n_cells} histories that it can fit determine {rank} of them"
    )]
    NotIdentifiable {
        /// Parameters that the histories determine.
        rank: usize,
        /// Finite parameters.
        n_parameters: usize,
        /// Histories that are left to fit.
        n_cells: usize,
    },
    /// A parameter runs off to infinity.
    #[error("no estimate exists: overlaps that are empty let parameters of the model grow without end")]
    DoesNotExist,
    /// The iteration did not end.
    #[error("the fit did not settle within {MAX_STEPS} steps")]
    NotSettled,
}

impl NoEstimate {
    /// Returns the word for it, as in JSON.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::NotIdentifiable { .. } => "not identifiable",
            Self::DoesNotExist => "does not exist",
            Self::NotSettled => "not settled",
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NotIdentifiable { .. } | Self::DoesNotExist => {
                "take a model with fewer interactions, or merge lists that hardly overlap"
            }
            Self::NotSettled => "take a model with fewer interactions",
        }
    }
}

impl Fit {
    /// Returns the estimate of the population, in persons: those on any list and those on none.
    #[must_use]
    pub fn point(&self) -> f64 {
        self.n_observed as f64 + self.hidden
    }

    /// Returns the interval of the population on the assumption that the model holds: observed + exp(intercept ± z SE).
    /// # Input   level, such as 0.95
    /// # Source  the normal approximation on the scale of logarithms; as in `SparseMSE` 2.0.1
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let z = normal_quantile(0.5 * (1.0 + level));
        let at = |z: f64| self.n_observed as f64 + self.hidden * exp(z * self.log_hidden_error());
        (at(-z), at(z))
    }

    /// Returns the standard error of the logarithm of the number on no list.
    #[must_use]
    pub fn log_hidden_error(&self) -> f64 {
        self.coefficients.first().map_or(0.0, |c| c.standard_error)
    }

    /// Returns how many of those on all lists of the term are expected.
    #[must_use]
    pub fn expected(&self, term: Term) -> f64 {
        self.means.iter().enumerate().filter(|(lists, _)| term.is_within(*lists as u32)).map(|(_, mean)| mean).sum()
    }
}

/// Returns the fit of a model, or why there is none.
///
/// A term above an overlap that is empty has no history left: the model is the same without it, and is fitted as that.
/// # Errors  [`NoEstimate`]
/// # Source  Poisson regression by iteratively reweighted least squares: McCullagh & Nelder (1989), Generalized Linear Models, 2.5; Fienberg (1972), Biometrika 59(3): 591–603
pub fn fit(histories: &Histories, model: &Model) -> Result<Fit, NoEstimate> {
    fit_design(histories, &Design::new(histories, model))
}

/// Returns the fit of the histories that a design keeps, or why there is none.
/// # Errors  [`NoEstimate`]
pub(super) fn fit_design(histories: &Histories, design: &Design) -> Result<Fit, NoEstimate> {
    match existence(histories, design) {
        Existence::Exists => {}
        Existence::DoesNotExist => return Err(NoEstimate::DoesNotExist),
        Existence::NotIdentifiable { rank, n_parameters, n_cells } => {
            return Err(NoEstimate::NotIdentifiable { rank, n_parameters, n_cells });
        }
    }
    let mut iteration = Iteration::new(histories, design, 0.0);
    if !iteration.run(MAX_STEPS) {
        return Err(NoEstimate::NotSettled);
    }
    let standard_errors = iteration.standard_errors().ok_or(NoEstimate::NotSettled)?;
    let hidden = exp(iteration.beta[0]);
    if !(hidden.is_finite() && standard_errors.iter().all(|e| e.is_finite())) {
        return Err(NoEstimate::NotSettled);
    }
    Ok(finished(histories, design, iteration, &standard_errors, hidden))
}

fn finished(histories: &Histories, design: &Design, run: Iteration<'_>, errors: &[f64], hidden: f64) -> Fit {
    let n_finite = design.finite.len() as f64;
    let n_infinite = design.infinite.len() as f64;
    let n_observed = histories.n_observed();
    let lack = -2.0 * log_likelihood(histories, design, &run.means);
    let log_n = log(n_observed as f64);
    let coefficient = |((&term, &value), &standard_error)| Coefficient { term, value, standard_error };
    Fit {
        coefficients: design.finite.iter().zip(&run.beta).zip(errors).map(coefficient).collect(),
        infinite: design.infinite.clone(),
        n_observed,
        hidden,
        // Rounding can take a perfect fit below 0.
        deviance: run.deviance.max(0.0),
        degrees_of_freedom: design.cells().count() - design.finite.len(),
        aic: lack + 2.0 * (n_finite + n_infinite),
        bic: lack + log_n * n_finite,
        bic_counting_infinite: lack + log_n * (n_finite + n_infinite),
        means: run.means,
    }
}

/// Returns −2 log-likelihood that no model within this one can fall below, whether or not its estimate exists.
///
/// Where parameters grow without end the means still settle, a factor e a step; what sixty steps leave is far below `SLACK`.
pub(super) fn least_lack_of_fit(histories: &Histories, model: &Model) -> f64 {
    const SLACK: f64 = 1e-3;
    let design = Design::new(histories, model);
    let mut iteration = Iteration::new(histories, &design, 1e-10);
    iteration.run(60);
    -2.0 * log_likelihood(histories, &design, &iteration.means) - SLACK
}

fn log_likelihood(histories: &Histories, design: &Design, means: &[f64]) -> f64 {
    let term = |lists: usize| {
        let (y, mean) = (histories.counts()[lists] as f64, means[lists]);
        let seen = if y > 0.0 { y * log(mean) - ln_gamma(y + 1.0) } else { 0.0 };
        seen - mean
    };
    design.cells().map(term).sum()
}

/// Iteratively reweighted least squares.
struct Iteration<'a> {
    design: &'a Design,
    counts: Vec<f64>,
    /// A share of the diagonal added to it, so that a singular system has a solution.
    ridge: f64,
    beta: Vec<f64>,
    predictor: Vec<f64>,
    means: Vec<f64>,
    deviance: f64,
}

impl<'a> Iteration<'a> {
    fn new(histories: &Histories, design: &'a Design, ridge: f64) -> Self {
        let counts: Vec<f64> = histories.counts().iter().map(|&c| c as f64).collect();
        let start = |(&y, &kept): (&f64, &bool)| if kept { y + 0.1 } else { 0.0 };
        let means: Vec<f64> = counts.iter().zip(&design.kept).map(start).collect();
        let predictor = means.iter().map(|&m| if m > 0.0 { log(m) } else { 0.0 }).collect();
        let beta = vec![0.0; design.finite.len()];
        Self { design, counts, ridge, beta, predictor, means, deviance: f64::INFINITY }
    }

    /// Returns whether the iteration came to rest.
    fn run(&mut self, max_steps: usize) -> bool {
        for _ in 0..max_steps {
            let Some(next) = self.solve() else { return false };
            let moved = next.iter().zip(&self.beta).map(|(a, b)| fabs(a - b) / (1.0 + fabs(*a))).fold(0.0, f64::max);
            if !self.advance(next) {
                return false;
            }
            if moved <= STILL {
                return true;
            }
        }
        false
    }

    /// Returns the parameters that the present weights call for.
    fn solve(&self) -> Option<Vec<f64>> {
        let mut right = vec![0.0; self.means.len()];
        for lists in self.design.cells() {
            let mean = self.means[lists];
            right[lists] = mean * self.predictor[lists] + self.counts[lists] - mean;
        }
        add_supersets(&mut right);
        let right: Vec<f64> = self.design.finite.iter().map(|t| right[t.bits() as usize]).collect();
        Some(self.information()?.solve(&right))
    }

    /// Returns the information matrix: the expected persons on all lists of two terms.
    fn information(&self) -> Option<Cholesky> {
        let mut sums = self.means.clone();
        add_supersets(&mut sums);
        let terms = &self.design.finite;
        let entry = |i: usize, j: usize| {
            let sum = sums[terms[i].union(terms[j]).bits() as usize];
            if i == j { sum * (1.0 + self.ridge) } else { sum }
        };
        Cholesky::new(terms.len(), entry)
    }

    /// Goes to the next parameters, or as far towards them as the deviance falls.
    fn advance(&mut self, next: Vec<f64>) -> bool {
        let before = std::mem::replace(&mut self.beta, next);
        let first = self.deviance.is_infinite();
        // A deviance is what is left of sums of the order of the counts, and right to their last digits.
        let rounding = 1e-13 * self.counts.iter().sum::<f64>();
        for _ in 0..30 {
            let (predictor, means, deviance) = self.at(&self.beta);
            if deviance.is_finite()
                && (first || deviance <= self.deviance + 1e-7 * (1.0 + fabs(self.deviance)) + rounding)
            {
                (self.predictor, self.means, self.deviance) = (predictor, means, deviance);
                return true;
            }
            self.beta.iter_mut().zip(&before).for_each(|(b, old)| *b = 0.5 * (*b + old));
        }
        false
    }

    fn at(&self, beta: &[f64]) -> (Vec<f64>, Vec<f64>, f64) {
        let mut predictor = vec![0.0; self.means.len()];
        for (term, value) in self.design.finite.iter().zip(beta) {
            predictor[term.bits() as usize] = *value;
        }
        add_subsets(&mut predictor);
        let mut means = vec![0.0; predictor.len()];
        let mut deviance = 0.0;
        for lists in self.design.cells() {
            let (y, mean) = (self.counts[lists], exp(predictor[lists]));
            means[lists] = mean;
            deviance += 2.0 * (if y > 0.0 { y * (log(y) - predictor[lists]) } else { 0.0 } - (y - mean));
        }
        (predictor, means, deviance)
    }

    fn standard_errors(&self) -> Option<Vec<f64>> {
        Some(self.information()?.inverse_diagonal().into_iter().map(sqrt).collect())
    }
}

/// A lower triangle L with L Lᵀ = A, row after row.
struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Returns the factor, or none of a matrix that is not positive definite to working precision.
    fn new(n: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let (row_i, row_j) = (&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                let rest = entry(i, j) - row_i.iter().zip(row_j).map(|(a, b)| a * b).sum::<f64>();
                if i == j {
                    if rest.is_nan() || rest <= 1e-14 * entry(i, i) {
                        return None;
                    }
                    lower[i * n + i] = sqrt(rest);
                } else {
                    lower[i * n + j] = rest / lower[j * n + j];
                }
            }
        }
        Some(Self { n, lower })
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = right.to_vec();
        for i in 0..n {
            let sum: f64 = (0..i).map(|j| self.lower[i * n + j] * x[j]).sum();
            x[i] = (x[i] - sum) / self.lower[i * n + i];
        }
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|j| self.lower[j * n + i] * x[j]).sum();
            x[i] = (x[i] - sum) / self.lower[i * n + i];
        }
        x
    }

    /// Returns the diagonal of A⁻¹: sums of squares of the columns of L⁻¹.
    fn inverse_diagonal(&self) -> Vec<f64> {
        let n = self.n;
        let column = |c: usize| {
            let mut x = vec![0.0; n];
            let mut sum = 0.0;
            for i in c..n {
                let below: f64 = (c..i).map(|j| self.lower[i * n + j] * x[j]).sum();
                x[i] = (f64::from(u8::from(i == c)) - below) / self.lower[i * n + i];
                sum += x[i] * x[i];
            }
            sum
        };
        (0..n).map(column).collect()
    }
}
