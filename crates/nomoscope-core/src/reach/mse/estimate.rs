//! A model with what came of it.

use super::fit::{Fit, NoEstimate, fit};
use super::histories::Histories;
use super::model::Model;

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
