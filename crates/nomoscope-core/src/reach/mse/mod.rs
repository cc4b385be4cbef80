//! Multiple systems estimation: the size of a population of which some members are on no list.
//!
//! Lists of persons overlap; how much they do tells how many are on none of them, *given a model of how the lists
//! depend on each other*. That model is chosen, not seen, and reasonable choices differ: so [`survey()`] comes before any
//! single estimate. Models are Poisson log-linear and hierarchical ([`Model`]); whether an estimate exists is decided before
//! it is sought ([`existence`]); overlaps that are empty put their parameter at minus infinity ([`design`]).
//!
//! Sees capture histories only: never a name, never a file.
//!
//! # Source
//! Fienberg (1972), Biometrika 59(3): 591–603; Chan, Silverman & Vincent (2021), JASA 116(535): 1297–1306

mod all;
mod bootstrap;
mod chao;
pub mod design;
pub mod existence;
mod fit;
mod formula;
mod histories;
mod model;
mod stepwise;
mod strata;
mod subsets;
mod survey;

use crate::problem::{Remedy, Slot};
pub use all::{all_models, count_models};
pub use bootstrap::{Bootstrap, BootstrapError, bca_interval, bootstrap};
pub use chao::{ChaoError, LowerBound, chao_lower_bound};
pub use fit::{Coefficient, Fit, NoEstimate, fit};
pub use formula::{Formula, FormulaError, parse as parse_formula};
pub use histories::{Histories, HistoriesError, MAX_LISTS, MAX_PERSONS};
pub use model::{Model, Term};
pub use stepwise::{Step, Stepwise, THRESHOLD, stepwise};
pub use strata::{Sum, sum_of_strata};
pub use survey::{Survey, WINDOW, survey, survey_of};

/// A model with its estimate, or the reason why it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The model.
    pub model: Model,
    /// What came of it.
    pub outcome: Result<Fit, NoEstimate>,
}

impl Estimate {
    /// Returns the estimate of a model.
    #[must_use]
    pub fn of(histories: &Histories, model: Model) -> Self {
        let outcome = fit(histories, &model);
        Self { model, outcome }
    }

    /// Returns the fit, where there is one.
    #[must_use]
    pub fn fit(&self) -> Option<&Fit> {
        self.outcome.as_ref().ok()
    }
}

/// How a model is chosen from the data, and chosen again in each draw of a bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// No interaction.
    Main,
    /// Pairs added one by one, see [`stepwise()`].
    Stepwise {
        /// p-value below which a pair is added.
        threshold: f64,
    },
    /// The least AIC of all models with terms up to this order, see [`all_models`].
    Best {
        /// Lists in the largest term.
        max_order: usize,
    },
    /// This model, whatever the data.
    Fixed(Model),
}

/// Why models could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MseError {
    /// More models than anybody wants to wait for.
    #[error("more than {limit} models have terms of up to {max_order} of {n_lists} lists")]
    TooManyModels {
        /// How many are allowed.
        limit: usize,
        /// Lists in the largest term.
        max_order: usize,
        /// Lists.
        n_lists: usize,
    },
}

impl MseError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Remedy {
        match self {
            Self::TooManyModels { .. } => Remedy::with(
                "take {}, which also searches near its model, a lower {}, or merge lists of one kind",
                [Slot::set("model", "stepwise"), Slot::setting("max_order")],
            ),
        }
    }
}

impl Selection {
    /// Returns the estimate of the model that this selection takes.
    /// # Input   `limit` bounds the number of models of [`Selection::Best`]
    /// # Errors  [`MseError::TooManyModels`]
    pub fn estimate(&self, histories: &Histories, limit: usize) -> Result<Estimate, MseError> {
        Ok(match self {
            Self::Main => Estimate::of(histories, Model::main()),
            Self::Stepwise { threshold } => stepwise(histories, *threshold).estimate,
            Self::Best { max_order } => {
                let all = all_models(histories, *max_order, limit, &|| ())?;
                let best = survey::least(&all, |fit| fit.aic).cloned();
                best.unwrap_or_else(|| Estimate::of(histories, Model::main()))
            }
            Self::Fixed(model) => Estimate::of(histories, model.clone()),
        })
    }
}
