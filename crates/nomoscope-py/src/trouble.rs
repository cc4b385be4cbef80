//! Why something has no answer, as the one exception that Python sees, with its problems as data.

use nomoscope_core::problem::{Act, Place, Problem, Problems, Slot};
use nomoscope_desk::study::StudyError;
use nomoscope_engine::refusal::Refusal;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Why something has no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What is wrong, or why nothing can be said.
    Problems(Problems),
    /// The work was asked to end.
    Cancelled,
}

impl Trouble {
    /// Returns a trouble with a setting, an argument or a column of this name.
    pub(crate) fn with(what: &str, reason: impl Into<String>) -> Self {
        Self::Problems(Problem::new(what, reason.into()).into())
    }
}

impl From<Problems> for Trouble {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Input(problems) => Self::Problems(problems),
            Refusal::NoAnswer(problem) => Self::Problems(problem.into()),
            Refusal::Cancelled => Self::Cancelled,
        }
    }
}

impl From<StudyError> for Trouble {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Problems(problems) => Self::Problems(problems),
            StudyError::Coding(refusal) => refusal.into(),
            other => Self::Problems(Problem::new("", other.to_string()).perhaps(other.hint()).into()),
        }
    }
}

impl From<Trouble> for PyErr {
    fn from(trouble: Trouble) -> Self {
        Python::attach(|py| exception(py, &trouble).unwrap_or_else(|error| error))
    }
}

/// Makes the exception; its class is written in Python, where it can be documented, caught and pickled.
fn exception(py: Python<'_>, trouble: &Trouble) -> PyResult<PyErr> {
    let Trouble::Problems(problems) = trouble else {
        return Ok(pyo3::exceptions::PyKeyboardInterrupt::new_err("the work was ended"));
    };
    let list = PyList::empty(py);
    for problem in problems.iter() {
        list.append(as_dict(py, problem)?)?;
    }
    let words = problems.phrased(&slot);
    let words = if problems.len() > 1 { format!("{} problems\n{words}", problems.len()) } else { words };
    let class = py.import("nomoscope._error")?.getattr("NomoscopeError")?;
    Ok(PyErr::from_value(class.call1((words, list))?))
}

fn as_dict<'py>(py: Python<'py>, problem: &Problem) -> PyResult<Bound<'py, PyDict>> {
    let setting = match &problem.place {
        Some(Place::Setting(name)) => Some(*name),
        _ => None,
    };
    let place = problem.place.as_ref().filter(|_| setting.is_none()).map(ToString::to_string);
    let dict = PyDict::new(py);
    dict.set_item("file", Some(&problem.file).filter(|file| !file.is_empty()))?;
    dict.set_item("line", problem.line())?;
    dict.set_item("place", place)?;
    dict.set_item("setting", setting)?;
    dict.set_item("reason", problem.reason.phrased(&slot))?;
    dict.set_item("hint", problem.remedy.as_ref().map(|remedy| remedy.phrased(&slot)))?;
    Ok(dict)
}

/// Returns what people should know, each in a sentence or two.
pub(crate) fn notes(notes: &[Problem]) -> Vec<String> {
    notes.iter().map(|note| note.phrased(&slot)).collect()
}

/// Returns a setting as its keyword, an act as the call that does it.
pub(crate) fn slot(slot: &Slot) -> String {
    match slot {
        Slot::Setting { name, value: None } => (*name).to_owned(),
        Slot::Setting { name, value: Some(value) } => format!("{name}={value}"),
        Slot::Act(act) => call(*act).to_owned(),
        Slot::Given(words) => words.clone(),
    }
}

const fn call(act: Act) -> &'static str {
    match act {
        Act::NewStudy => "nomoscope.Study.new(\"my-study\")",
        Act::NewFile => "nomoscope.Study.new(\"my-study.nomo\")",
        Act::Demo => "nomoscope.Study.new(\"demo\", template=\"child-trafficking\")",
        Act::Add => "study.add(files)",
        Act::Describe => "study.add(files, attributes={name: value})",
        Act::Complete => "study.add()",
        Act::ListFormats => "nomoscope.formats()",
        Act::ListExchange => "nomoscope.exchange_formats()",
        Act::Export => "study.export(folder)",
        Act::ListSources => "study.sources",
        Act::ListConcepts => "study.concepts()",
        Act::ListFacts => "nomoscope.Law().facts()",
        Act::ListNorms => "nomoscope.Law().list()",
    }
}
