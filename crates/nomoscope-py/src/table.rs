//! Tables as Arrow, which every library of data frames takes without a copy.

use crate::trouble::Trouble;
use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema};
use nomoscope_core::table::{Cell, Table as Shown};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyTable;
use std::sync::Arc;

impl From<ArrowError> for Trouble {
    fn from(error: ArrowError) -> Self {
        Self::with("", error.to_string())
    }
}

/// A table with named columns.
#[pyclass(frozen, module = "nomoscope._native", name = "Table")]
#[derive(Debug, Clone)]
pub(crate) struct Table {
    #[pyo3(get)]
    id: String,
    #[pyo3(get)]
    title: String,
    #[pyo3(get)]
    notes: Vec<String>,
    batch: RecordBatch,
}

#[pymethods]
impl Table {
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// Returns the table as one that Arrow's own libraries take in.
    fn arrow(&self) -> PyResult<PyTable> {
        PyTable::try_new(vec![self.batch.clone()], self.batch.schema())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.arrow()?.into_pyobject(py)?.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    /// Returns the columns as lists.
    fn lists<'py>(&self, py: Python<'py>) -> PyResult<Vec<(String, Vec<Bound<'py, PyAny>>)>> {
        let fields = self.batch.schema();
        let columns = fields.fields().iter().zip(self.batch.columns());
        columns.map(|(field, column)| Ok((field.name().clone(), crate::columns::values(py, column)?))).collect()
    }
}

impl Table {
    /// Returns a table of these columns.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub(crate) fn new(id: &str, title: &str, columns: Vec<(String, ArrayRef)>) -> Result<Self, Trouble> {
        Ok(Self { id: id.to_owned(), title: title.to_owned(), notes: Vec::new(), batch: batch(columns)? })
    }
}

/// Returns columns as a batch.
fn batch(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, Trouble> {
    let field = |(name, column): &(String, ArrayRef)| Field::new(name, column.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let arrays = columns.into_iter().map(|(_, column)| column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema, arrays, &options)?)
}

impl TryFrom<&Shown> for Table {
    type Error = Trouble;

    fn try_from(shown: &Shown) -> Result<Self, Trouble> {
        let column = |(i, name): (usize, &String)| {
            let cells: Vec<&Cell> = shown.rows.iter().filter_map(|row| row.get(i)).collect();
            (name.clone(), array(&cells))
        };
        let batch = batch(shown.columns.iter().enumerate().map(column).collect())?;
        Ok(Self { id: shown.id.clone(), title: shown.title.clone(), notes: shown.notes.clone(), batch })
    }
}

/// Returns cells as a column: of whole numbers, of numbers, or else of words; a missing value is null.
fn array(cells: &[&Cell]) -> ArrayRef {
    let present = || cells.iter().filter(|cell| !matches!(cell, Cell::Missing(_) | Cell::Withheld));
    let integer = |cell: &Cell| cell.whole().and_then(|n| i64::try_from(n).ok());
    if present().next().is_some() && present().all(|cell| integer(cell).is_some()) {
        let mut column = Int64Builder::with_capacity(cells.len());
        cells.iter().for_each(|cell| {
            column.append_option(integer(cell));
        });
        Arc::new(column.finish())
    } else if present().next().is_some() && present().all(|cell| !matches!(cell, Cell::Text(_))) {
        let mut column = Float64Builder::with_capacity(cells.len());
        cells.iter().for_each(|cell| {
            column.append_option(cell.value());
        });
        Arc::new(column.finish())
    } else {
        let mut column = StringBuilder::new();
        cells.iter().for_each(|cell| match cell {
            Cell::Missing(_) | Cell::Withheld => column.append_null(),
            other => column.append_value(other.csv()),
        });
        Arc::new(column.finish())
    }
}
