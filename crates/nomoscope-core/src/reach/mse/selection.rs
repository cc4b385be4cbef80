//! How a model is chosen from the data.

use super::all::all_models;
use super::error::MseError;
use super::estimate::Estimate;
use super::histories::Histories;
use super::model::Model;
use super::stepwise::stepwise;
use super::survey::least;

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

impl Selection {
    /// Returns the estimate of the model that this selection takes.
    /// # Input   `limit` bounds the number of models of [`Selection::Best`]
    /// # Errors  [`MseError::TooManyModels`]
    pub fn estimate(&self, histories: &Histories, limit: usize) -> Result<Estimate, MseError> {
        Ok(match self {
            Self::Main => Estimate::of(histories, Model::main()),
            Self::Stepwise { threshold } => stepwise(histories, *threshold).estimate,
            Self::Best { max_order } => {
                let all = all_models(histories, *max_order, limit, &|| true)?;
                let best = least(&all, |fit| fit.aic).cloned();
                best.unwrap_or_else(|| Estimate::of(histories, Model::main()))
            }
            Self::Fixed(model) => Estimate::of(histories, model.clone()),
        })
    }
}
