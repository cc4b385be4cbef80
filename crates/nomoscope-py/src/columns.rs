//! Columns in and out: whatever speaks Arrow without a copy, and lists.

use crate::trouble::Trouble;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, LargeStringArray, StringArray};
use arrow_cast::cast;
use arrow_schema::DataType;
use pyo3::prelude::*;
use pyo3_arrow::input::{AnyArray, AnyRecordBatch};
use std::sync::Arc;

/// Returns the pieces of a column: an Arrow array or stream, or a list of words, whole numbers or truth values.
///
/// # Errors
/// Anything else.
pub(crate) fn column(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    if given.hasattr("__arrow_c_array__")? || given.hasattr("__arrow_c_stream__")? {
        let chunked = given.extract::<AnyArray>()?.into_chunked_array()?;
        return Ok(chunked.into_inner().0);
    }
    if let Ok(words) = given.extract::<Vec<Option<String>>>() {
        // Spark and Arrow hold short words with 32 bits; texts may be longer together than these can tell.
        let bytes: usize = words.iter().flatten().map(String::len).sum();
        let long = i32::try_from(bytes).is_err();
        return Ok(vec![if long {
            Arc::new(LargeStringArray::from(words))
        } else {
            Arc::new(StringArray::from(words))
        }]);
    }
    if let Ok(truths) = given.extract::<Vec<Option<bool>>>() {
        return Ok(vec![Arc::new(BooleanArray::from(truths))]);
    }
    match given.extract::<Vec<Option<i64>>>() {
        Ok(numbers) => Ok(vec![Arc::new(Int64Array::from(numbers))]),
        Err(_) => Err(Trouble::with(name, "is no column of words, whole numbers or truth values").into()),
    }
}

/// Returns the pieces of a table: of each the columns of these names, in this order.
///
/// # Errors
/// A name that no column has, or several.
pub(crate) fn pieces(given: &Bound<'_, PyAny>, names: &[String]) -> PyResult<Vec<Vec<ArrayRef>>> {
    let (batches, schema) = given.extract::<AnyRecordBatch>()?.into_table()?.into_inner();
    let mut places = Vec::new();
    for name in names {
        let mut found = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => places.push(place),
            (None, _) => {
                let known: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
                return Err(Trouble::with(name, format!("is no column; columns are {}", known.join(", "))).into());
            }
            _ => return Err(Trouble::with(name, "is the name of several columns").into()),
        }
    }
    let chosen = |batch: &arrow_array::RecordBatch| {
        places.iter().filter_map(|place| batch.columns().get(*place).cloned()).collect()
    };
    Ok(batches.iter().map(chosen).collect())
}

/// Returns a column of words.
///
/// # Errors
/// A column of something else.
pub(crate) fn words(name: &str, column: &ArrayRef) -> Result<LargeStringArray, Trouble> {
    let is_words = match column.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, values) => values.is_string(),
        _ => false,
    };
    if !is_words {
        return Err(Trouble::with(name, format!("is no column of words but of {}", column.data_type())));
    }
    Ok(cast(column, &DataType::LargeUtf8)?.as_string::<i64>().clone())
}

/// Returns a column by which texts are told apart, as words, with the type that the words can be made into again.
///
/// # Errors
/// A column of a type of which equal values may look different, or different ones equal.
pub(crate) fn labels(name: &str, column: &ArrayRef) -> Result<(StringArray, DataType), Trouble> {
    let of = column.data_type();
    let back = match of {
        DataType::Dictionary(_, values) if values.is_string() => DataType::Utf8,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => DataType::Utf8,
        DataType::Boolean | DataType::Date32 => of.clone(),
        whole if whole.is_integer() => of.clone(),
        _ => {
            let reason =
                format!("is a column of {of}; texts are grouped by words, whole numbers, dates or truth values");
            return Err(Trouble::with(name, reason));
        }
    };
    Ok((cast(column, &DataType::Utf8)?.as_string::<i32>().clone(), back))
}

/// Returns the values of a column as Python has them.
pub(crate) fn values<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Vec<Bound<'py, PyAny>>> {
    fn all<'py, T: IntoPyObject<'py>>(
        py: Python<'py>,
        values: impl Iterator<Item = Option<T>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>>
    where
        PyErr: From<T::Error>,
    {
        values.map(|value| Ok(value.into_pyobject(py)?.into_any())).map(|v: PyResult<_>| v).collect()
    }
    match column.data_type() {
        DataType::Int64 => all(py, column.as_primitive::<Int64Type>().iter()),
        DataType::Float64 => all(py, column.as_primitive::<Float64Type>().iter()),
        DataType::Boolean => all(py, column.as_boolean().iter()),
        DataType::LargeUtf8 => all(py, column.as_string::<i64>().iter()),
        whole if whole.is_integer() => {
            let wide = cast(column, &DataType::Int64).map_err(Trouble::from)?;
            all(py, wide.as_primitive::<Int64Type>().iter())
        }
        _ => {
            let words = cast(column, &DataType::Utf8).map_err(Trouble::from)?;
            all(py, words.as_string::<i32>().iter())
        }
    }
}

/// Returns a column as one piece of its type.
///
/// # Errors
/// Words that are none of that type.
pub(crate) fn typed(words: StringArray, of: &DataType) -> Result<ArrayRef, Trouble> {
    let words: ArrayRef = Arc::new(words);
    Ok(if words.data_type() == of { words } else { cast(&words, of)? })
}
