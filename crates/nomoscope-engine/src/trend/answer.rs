//! A cluster in time, with what it was read from.

use crate::statements::Statements;
use nomoscope_core::usage::trend::period::PeriodError;
use nomoscope_core::usage::trend::{Coded, Settings, Trend, trend};

/// A cluster in time.
#[derive(Debug)]
pub struct ClusterInTime {
    /// The coded sources with their statements.
    pub read: Statements,
    /// What was chosen.
    pub settings: Settings,
    /// What was found.
    pub trend: Trend,
}

impl ClusterInTime {
    /// Follows the cluster through time.
    ///
    /// # Errors
    /// Too many stretches of time, or less time than one window.
    pub fn new(read: Statements, settings: Settings) -> Result<Self, PeriodError> {
        let trend = trend(read.coded(), &settings)?;
        Ok(Self { read, settings, trend })
    }

    /// Returns the coded sources as the core reads them.
    #[must_use]
    pub fn coded(&self) -> Coded<'_> {
        self.read.coded()
    }
}
