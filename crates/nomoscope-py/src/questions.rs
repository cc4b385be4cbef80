//! The table of questions for Python, and questions that are asked of files and of the law.

use crate::answer::{Answer, parsed, record};
use crate::trouble::Trouble;
use crate::work;
use nomoscope_core::problem::Problems;
use nomoscope_desk::clock;
use nomoscope_desk::law::files_at;
use nomoscope_engine::law::library::{Files, bundled_files, read};
use nomoscope_engine::law::question::Fallback;
use nomoscope_engine::material::Selection;
use nomoscope_engine::questions::{Kind, Of, QUESTIONS, Subject, kind};
use nomoscope_engine::record::Named;
use nomoscope_formats::exchange::EXCHANGE;
use nomoscope_formats::{FORMATS, Input};
use nomoscope_store::hash_hex;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Returns all kinds of questions as JSON: of each its name, what it is asked of, its schema and its defaults; and the
/// settings that say which sources of a study are read.
#[pyfunction]
pub(crate) fn questions() -> String {
    let kinds: Vec<Value> = QUESTIONS.iter().map(told).collect();
    let which = schemars::schema_for!(Selection);
    json!({ "questions": kinds, "selection": { "schema": which, "defaults": Selection::default() } }).to_string()
}

fn told(kind: &Kind) -> Value {
    let of = match kind.of {
        Of::Study => "study",
        Of::StudyOrTable => "study or table",
        Of::Files => "files",
        Of::Law => "law",
        Of::Cases => "cases",
    };
    json!({ "name": kind.name, "of": of, "schema": kind.question(), "defaults": kind.defaults() })
}

/// Returns the formats of texts: name, file extensions, what it is.
#[pyfunction]
pub(crate) fn formats() -> Vec<(String, Vec<String>, String)> {
    let owned = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    FORMATS.iter().map(|f| (f.name.to_owned(), owned(f.extensions), f.description.to_owned())).collect()
}

/// Returns the names of the formats of projects of other programs.
#[pyfunction]
pub(crate) fn exchange_formats() -> Vec<String> {
    EXCHANGE.iter().map(|format| format.name.to_owned()).collect()
}

/// Asks a question of tables and files, each with its name and its bytes.
#[pyfunction]
pub(crate) fn ask_files(
    py: Python<'_>,
    question: &str,
    settings: &str,
    files: Vec<(String, Vec<u8>)>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let kind = kind(question).map_err(Trouble::from)?;
    let settings = kind.settled(parsed("settings", settings)?).map_err(Trouble::from)?;
    work::run(py, (progress, 0), |handle| {
        let inputs: Vec<Input<'_>> = files.iter().map(|(name, bytes)| Input { name, bytes }).collect();
        let given = kind.ask(settings.clone(), Subject::Files(&inputs), handle)?;
        Ok(Answer::new(given, record(kind.name, settings, hashes(files.iter().map(|(n, b)| (n, b))))))
    })
}

/// Asks a question of the law: of the bundled one with that at `law` beside it, and of the cases in these files.
#[pyfunction]
pub(crate) fn ask_law(
    py: Python<'_>,
    question: &str,
    settings: &str,
    law: Option<PathBuf>,
    cases: Vec<(String, Vec<u8>)>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let kind = kind(question).map_err(Trouble::from)?;
    let settings = kind.settled(of_today(kind.name, parsed("settings", settings)?)).map_err(Trouble::from)?;
    work::run(py, (progress, 0), |handle| {
        let wrong = |problems: Vec<_>| Trouble::from(problems.into_iter().collect::<Problems>());
        let mut own = law.map(|path| files_at(&path).map_err(wrong)).transpose()?.unwrap_or_default();
        let cases: Files = cases.into_iter().collect();
        own.extend(cases.clone());
        let library = read(&bundled_files(), &own);
        // What is wrong with the law is what is asked.
        let library = if kind.name == "law-check" { library.into() } else { library.usable()? };
        let given = kind.ask(settings.clone(), Subject::Law(&library, &library.cases_of(&cases)), handle)?;
        Ok(Answer::new(given, record(kind.name, settings, hashes(own.iter()))))
    })
}

/// Returns settings with the day of today where norms have to be in force and no day is named, as on the terminal and on pages:
/// the engine has no clock.
fn of_today(question: &str, mut settings: Value) -> Value {
    if question == Fallback::NAME
        && let Some(own) = settings.as_object_mut()
        && own.get("date").is_none_or(Value::is_null)
    {
        own.insert("date".to_owned(), clock::today().into());
    }
    settings
}

/// Returns the files of law, or of cases, at a path.
#[pyfunction]
pub(crate) fn law_files(path: PathBuf) -> PyResult<Vec<(String, Vec<u8>)>> {
    let files = files_at(&path).map_err(|problems| Trouble::from(problems.into_iter().collect::<Problems>()))?;
    Ok(files.into_iter().collect())
}

fn hashes<'f>(files: impl Iterator<Item = (&'f String, &'f Vec<u8>)>) -> BTreeMap<String, String> {
    files.map(|(name, bytes)| (name.clone(), hash_hex(bytes))).collect()
}
