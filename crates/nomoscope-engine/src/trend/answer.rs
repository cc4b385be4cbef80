//! A cluster in time, with what it was read from.

use crate::answer::Answer;
use crate::record::Record;
use crate::statements::Statements;
use nomoscope_core::table::Table;
use nomoscope_core::usage::trend::period::PeriodError;
use nomoscope_core::usage::trend::{Coded, Settings, Trend, trend};
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};

/// Statements of a period, and of a change, in JSON where nobody said how many.
const JSON_STATEMENTS: usize = 100;

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

impl Answer for ClusterInTime {
    fn lead(&self) -> String {
        super::words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        super::words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        super::tables::all(self)
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        super::figures::all(self, view)
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(super::json::Said::new(self, top.unwrap_or(JSON_STATEMENTS), record))
    }
}
