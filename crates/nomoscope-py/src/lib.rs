//! The native half of the Python package: thin classes over the desk and the engine, which compute.
//!
//! What Python programs see is written in Python, in `python/nomoscope/`, from the table of questions that stands here.

mod answer;
mod columns;
mod questions;
mod study;
mod table;
mod texts;
mod trouble;
mod work;

use pyo3::pymodule;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::answer::{Answer, Figure};
    #[pymodule_export]
    use super::questions::{ask_files, ask_law, exchange_formats, formats, law_files, questions};
    #[pymodule_export]
    use super::study::Desk;
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::texts::{Counter, Lexicon};
    use pyo3::prelude::PyModuleMethods;
    use pyo3::types::PyModule;
    use pyo3::{Bound, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", super::answer::VERSION)
    }
}
