//! Why models could not be compared.

use crate::problem::{Remedy, Slot};

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
