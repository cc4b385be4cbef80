//! Why a statistic is refused.

/// A reason for which a statistic is not computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// There is nothing to compute from.
    #[error("no observations")]
    Empty,
    /// A value that is negative, infinite, not a number or out of its range.
    #[error("value `{value}` of {what} at position {at} is out of range")]
    BadValue {
        /// What the value is.
        what: &'static str,
        /// Position in the input, counted from 0.
        at: usize,
        /// The value.
        value: f64,
    },
    /// A proportion that is not strictly between 0 and 1.
    #[error("{what} `{value}` does not lie strictly between 0 and 1")]
    NotAProportion {
        /// What the proportion is.
        what: &'static str,
        /// The value.
        value: f64,
    },
    /// Two parallel inputs differ in length.
    #[error("{what}: {left} values against {right}")]
    LengthMismatch {
        /// What is compared.
        what: &'static str,
        /// Length of the first.
        left: usize,
        /// Length of the second.
        right: usize,
    },
    /// Both diagonal products are zero in all strata: no stratum says anything about the odds ratio.
    #[error("no stratum is informative about the odds ratio")]
    NoInformativeStratum,
    /// The odds ratio is zero: the numerator is empty in all strata.
    #[error("the odds ratio is zero: no stratum has both a joint presence and a joint absence")]
    EmptyNumerator,
    /// The odds ratio is unbounded: the denominator is empty in all strata.
    #[error("the odds ratio is unbounded: no stratum has both kinds of discordant units")]
    EmptyDenominator,
    /// Fewer sources vary than the method needs.
    #[error("{n} informative sources, fewer than {needed}")]
    TooFewSources {
        /// Informative sources found.
        n: usize,
        /// Sources needed.
        needed: usize,
    },
    /// The variance is zero, so that no interval or test exists.
    #[error("the variance of {what} is zero")]
    NoVariance {
        /// What has no variance.
        what: &'static str,
    },
    /// A node index beyond the number of nodes.
    #[error("edge {at} joins node {node}, but there are {n_nodes} nodes")]
    NodeOutOfRange {
        /// Position of the edge.
        at: usize,
        /// The index.
        node: usize,
        /// Number of nodes.
        n_nodes: usize,
    },
    /// The graph has no weight.
    #[error("the graph has no edges")]
    NoEdges,
    /// A sample larger than the data.
    #[error("{asked} asked of {available}")]
    SampleTooLarge {
        /// Size asked for.
        asked: u64,
        /// Size available.
        available: u64,
    },
}

impl StatsError {
    /// Returns what to do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::EmptyNumerator | Self::EmptyDenominator => {
                Some("use the exact conditional test: its one-sided interval exists for empty cells")
            }
            Self::TooFewSources { .. } => Some("widen the selection of sources, or read the actor-level test"),
            Self::NoInformativeStratum => Some("use fewer, larger strata"),
            Self::SampleTooLarge { .. } => {
                Some("stay within the sample, or use the Mantel-Haenszel test for large counts")
            }
            _ => None,
        }
    }
}
