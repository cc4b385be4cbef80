//! An answer, whatever was asked.

use crate::table::Table;
use crate::trouble::Trouble;
use nomoscope_desk::clock;
use nomoscope_engine::answer::Answer as Given;
use nomoscope_engine::record::{Program, Record};
use nomoscope_figure::{Figure as Drawn, Frame, Theme, View};
use pyo3::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// The answer to a question, with the record of what was asked.
#[pyclass(frozen, module = "nomoscope._native", name = "Answer")]
#[derive(Debug)]
pub(crate) struct Answer {
    given: Box<dyn Given>,
    record: Record,
}

impl Answer {
    pub(crate) fn new(given: Box<dyn Given>, record: Record) -> Self {
        Self { given, record }
    }
}

#[pymethods]
impl Answer {
    #[getter]
    fn question(&self) -> &str {
        &self.record.question
    }

    #[getter]
    fn lead(&self) -> String {
        self.given.lead()
    }

    #[getter]
    fn cautions(&self) -> Vec<String> {
        self.given.cautions()
    }

    fn tables(&self, py: Python<'_>) -> PyResult<Vec<Table>> {
        let tables = py.detach(|| self.given.tables().iter().map(Table::try_from).collect::<Result<Vec<_>, Trouble>>());
        Ok(tables?)
    }

    fn figures(&self, py: Python<'_>, narrow: bool) -> PyResult<Vec<Figure>> {
        let view = View { frame: if narrow { Frame::Narrow } else { Frame::Wide } };
        let drawn = py.detach(|| self.given.figures(view));
        let figure = |drawn: Drawn| Ok(Figure { table: (&drawn.table).try_into()?, drawn });
        Ok(drawn.into_iter().map(figure).collect::<Result<Vec<_>, Trouble>>()?)
    }

    fn json(&self, py: Python<'_>, top: Option<usize>) -> String {
        py.detach(|| self.given.json(top, self.record.clone()).to_string())
    }
}

/// A drawn figure.
#[pyclass(frozen, module = "nomoscope._native", name = "Figure")]
#[derive(Debug)]
pub(crate) struct Figure {
    drawn: Drawn,
    table: Table,
}

#[pymethods]
impl Figure {
    #[getter]
    fn id(&self) -> &str {
        &self.drawn.id
    }

    #[getter]
    fn title(&self) -> &str {
        &self.drawn.title
    }

    #[getter]
    fn description(&self) -> &str {
        &self.drawn.description
    }

    #[getter]
    fn size(&self) -> (f64, f64) {
        (self.drawn.width, self.drawn.height)
    }

    /// Returns the drawing in a theme: `light`, `dark`, or as the reader's system prefers.
    fn svg(&self, theme: &str) -> PyResult<String> {
        let theme = match theme {
            "auto" => Theme::Auto,
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            other => return Err(Trouble::with("theme", format!("`{other}` is none of auto, light and dark")).into()),
        };
        Ok(self.drawn.themed(theme))
    }

    #[getter]
    fn table(&self) -> Table {
        self.table.clone()
    }
}

/// The version with the commit, as a run record names it.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("NOMOSCOPE_COMMIT"), ")");

/// Returns what a run record tells of the program.
pub(crate) fn program() -> Program {
    Program { version: VERSION.to_owned(), date: clock::today() }
}

/// Returns the record of a question, settled, that was asked of files (SHA-256 by name) and of no study.
pub(crate) fn record(question: &str, settings: Value, inputs: BTreeMap<String, String>) -> Record {
    Record::by_name(question, settings, inputs, &program())
}

/// Returns JSON of Python's as a value.
///
/// # Errors
/// What is no JSON: a number that is none, for one.
pub(crate) fn parsed<T: serde::de::DeserializeOwned>(what: &str, json: &str) -> Result<T, Trouble> {
    serde_json::from_str(json).map_err(|error| {
        let reason = error.to_string();
        // The place within the JSON is nothing that the caller ever saw.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Trouble::with(what, reason)
    })
}
