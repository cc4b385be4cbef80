//! An opened study.

use crate::answer::{Answer, parsed, program};
use crate::table::Table;
use crate::trouble::{Trouble, notes};
use crate::{texts, work};
use arrow_array::{ArrayRef, Int64Array, StringArray};
use nomoscope_core::problem::Problem;
use nomoscope_desk::keeper::Keeper;
use nomoscope_desk::passphrase::{self, Passphrase};
use nomoscope_desk::study::key::Secret;
use nomoscope_desk::study::names::{Proposal, propose};
use nomoscope_desk::study::{Given, export_folder, make};
use nomoscope_desk::{Act, Done, doctor, stamp};
use nomoscope_engine::bundled;
use nomoscope_engine::material::{Material, Selection};
use nomoscope_engine::questions::{Subject, kind};
use nomoscope_engine::record::Record;
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::settings::read;
use nomoscope_store::Store;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An opened study, a folder or a file, that is read again only where it changed.
#[pyclass(frozen, module = "nomoscope._native", name = "Desk")]
#[derive(Debug)]
pub(crate) struct Desk {
    keeper: Keeper,
}

#[pymethods]
impl Desk {
    #[new]
    #[pyo3(signature = (path, passphrase = None))]
    fn open(py: Python<'_>, path: PathBuf, passphrase: Option<String>) -> PyResult<Self> {
        if let Some(secret) = passphrase {
            py.detach(|| passphrase::unlock(&path, Secret::new(secret))).map_err(Trouble::from)?;
        }
        let keeper = py.detach(|| Keeper::open(&path)).map_err(Trouble::from)?;
        Ok(Self { keeper })
    }

    /// Makes a study from a template; returns what people should know.
    #[staticmethod]
    fn make(py: Python<'_>, path: PathBuf, template: &str) -> PyResult<Vec<String>> {
        if bundled::files(template).is_none() {
            let known: Vec<&str> = bundled::TEMPLATES.iter().map(|t| t.name).collect();
            let problem = Problem::of_setting("template", format!("no template is called `{template}`"));
            return Err(Trouble::Problems(problem.hint(format!("templates are {}", known.join(", "))).into()).into());
        }
        let said = py.detach(|| make::from_template(template, &path)).map_err(Trouble::from)?;
        Ok(notes(&said))
    }

    #[getter]
    fn path(&self) -> &Path {
        self.keeper.desk().path()
    }

    fn revision(&self, py: Python<'_>) -> PyResult<String> {
        Ok(py.detach(|| self.keeper.desk().revision()).map_err(Trouble::from)?)
    }

    fn title(&self, py: Python<'_>) -> PyResult<String> {
        Ok(py.detach(|| self.material(None))?.study.meta.title.clone())
    }

    /// Returns what people should know of the study as it was read.
    fn notes(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let kept = py.detach(|| self.keeper.now()).map_err(Trouble::from)?;
        Ok(notes(&kept.opened.notes))
    }

    /// Returns everything that was done to the study, as JSON.
    fn log(&self, py: Python<'_>) -> PyResult<String> {
        let events = py.detach(|| self.keeper.desk().log()).map_err(Trouble::from)?;
        let event = |e: &nomoscope_core::study::Event| json!({ "id": e.id, "coder": e.coder, "time": e.time, "command": e.command });
        Ok(Value::Array(events.iter().map(event).collect()).to_string())
    }

    /// Asks a question of the study; what is not set has its default.
    fn ask(
        &self,
        py: Python<'_>,
        asked: (String, String, String),
        codebook: Option<PathBuf>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Answer> {
        let (question, settings, selection) = asked;
        let kind = kind(&question).map_err(Trouble::from)?;
        let settings = kind.settled(parsed("settings", &settings)?);
        let which = read::<Selection>(parsed("settings", &selection)?);
        let (settings, which) = match (settings, which) {
            (Ok(settings), Ok(which)) => (settings, which),
            (Err(Refusal::Input(mut all)), Err(others)) => {
                all.extend(others);
                return Err(Trouble::from(all).into());
            }
            (Err(refusal), _) => return Err(Trouble::from(refusal).into()),
            (_, Err(problems)) => return Err(Trouble::from(problems).into()),
        };
        let material = py.detach(|| Ok::<_, Trouble>(self.material(codebook.as_deref())?.select(&which)?))?;
        work::run(py, (progress, bytes(&material)), |handle| {
            let given = kind.ask(settings.clone(), Subject::Study(&material), handle)?;
            Ok(Answer::new(given, Record::of_study(kind.name, settings, &which, &material, &program())))
        })
    }

    /// Returns what is said of the sources, and how long they are.
    fn sources(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(py.detach(|| sources(&*self.material(None)?))?)
    }

    /// Returns the text of a source.
    fn text(&self, py: Python<'_>, source: &str) -> PyResult<String> {
        let material = py.detach(|| self.material(None))?;
        let found = material.study.sources.iter().find(|s| s.path == source);
        let Some(found) = found else {
            let near =
                nomoscope_core::spelling::nearest(source, material.study.sources.iter().map(|s| s.path.as_str()));
            let hint = near.map(nomoscope_core::problem::Remedy::nearest);
            let problem = Problem::new(source, "is no source of the study").perhaps(hint);
            return Err(Trouble::Problems(problem.into()).into());
        };
        Ok(found.document.text.clone())
    }

    /// Returns what the lexicon finds and people coded, less what people turned down.
    fn codings(&self, py: Python<'_>, progress: Option<Py<PyAny>>) -> PyResult<Table> {
        let material = py.detach(|| self.material(None))?;
        work::run(py, (progress, bytes(&material)), |handle| texts::codings_of(&*material.corpus(handle)?))
    }

    /// Does something to the study; `act` is JSON, as the log has acts, and so is what came of it.
    fn apply(&self, py: Python<'_>, act: &str, coder: Option<String>) -> PyResult<String> {
        self.act(py, &parsed("act", act)?, coder)
    }

    /// Adds texts that no file holds.
    fn add_bytes(
        &self,
        py: Python<'_>,
        files: BTreeMap<String, Vec<u8>>,
        given: &str,
        coder: Option<String>,
    ) -> PyResult<String> {
        let given: Given = parsed("given", given)?;
        self.act(py, &Act::AddBytes { files, given }, coder)
    }

    /// Encrypts the study file, gives it another passphrase, or decrypts it; both are none for a study that has none and gets none.
    fn settle(&self, py: Python<'_>, from: Option<String>, to: Option<String>) -> PyResult<()> {
        let (from, to) = (from.map(Secret::new), to.map(Secret::new));
        let known = to.clone();
        let what = match (from, to) {
            (None, None) => return Ok(()),
            (None, Some(to)) => Passphrase::Set(to),
            (Some(from), Some(to)) => Passphrase::Change { from, to },
            (Some(from), None) => Passphrase::Remove { from },
        };
        let settled = || {
            passphrase::settle(self.path(), what)?;
            known.map_or(Ok(()), |secret| passphrase::unlock(self.path(), secret))
        };
        Ok(py.detach(settled).map_err(Trouble::from)?)
    }

    /// Looks the study over; returns what was put right, what is wrong, and what people should know, in words.
    fn doctor(&self, py: Python<'_>) -> PyResult<(Vec<String>, Vec<String>, Vec<String>)> {
        let found = py.detach(|| doctor::examine(self.path())).map_err(Trouble::from)?;
        let wrong: Vec<Problem> = found.problems.into_iter().collect();
        Ok((notes(&found.repaired), notes(&wrong), notes(&found.notes)))
    }

    /// Returns what in the texts may tell who somebody is: kind, words, pseudonym, how often, in how many texts, whether surely, example.
    fn names(&self, py: Python<'_>, known: BTreeMap<String, String>) -> PyResult<Vec<Name>> {
        let material = py.detach(|| self.material(None))?;
        let sources = &material.study.sources;
        let texts: Vec<(&str, &str)> = sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
        let name = |p: Proposal| (p.kind, p.found, p.replacement, p.times, p.texts, p.is_sure, p.example);
        Ok(py.detach(|| propose(&texts, &known)).into_iter().map(name).collect())
    }

    /// Writes a study file as a folder; returns the files that were left out, for no study has such files.
    fn export(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<String>> {
        if self.keeper.desk().is_folder() {
            return Err(Trouble::with(&self.path().display().to_string(), "is a study folder already").into());
        }
        let written = py.detach(|| {
            let store = Store::open_read_only(self.path()).map_err(nomoscope_desk::study::StudyError::from)?;
            export_folder(&store, &folder, false)
        });
        Ok(written.map_err(Trouble::from)?.into_keys().collect())
    }
}

impl Desk {
    fn material(&self, codebook: Option<&Path>) -> Result<Arc<Material>, Trouble> {
        Ok(Arc::new(match codebook {
            Some(_) => self.keeper.desk().material(codebook)?.material,
            None => self.keeper.now()?.opened.material.clone(),
        }))
    }

    fn act(&self, py: Python<'_>, act: &Act, coder: Option<String>) -> PyResult<String> {
        let coder = coder.unwrap_or_else(stamp::coder);
        let done = py.detach(|| self.keeper.apply(act, &coder)).map_err(Trouble::from)?;
        Ok(told(&done).to_string())
    }
}

type Name = (&'static str, String, String, usize, usize, bool, String);

fn told(done: &Done) -> Value {
    json!({
        "event": done.event.as_ref().map(|event| &event.id),
        "command": done.event.as_ref().map(|event| &event.command),
        "undone": done.undone,
        "left": notes(&done.left),
        "files": done.files,
        "there": done.there,
        "left_out": done.left_out,
        "n": done.n,
        "imported": done.imported,
        "joined": done.joined,
        "rewritten": done.rewritten.as_ref().map(|r| json!({
            "sources": r.sources, "codings": r.codings, "places": r.places, "notes": notes(&r.notes),
        })),
        "notes": notes(&done.notes),
    })
}

fn bytes(material: &Material) -> u64 {
    material.study.sources.iter().map(|source| source.document.text.len() as u64).sum()
}

fn sources(material: &Material) -> Result<Table, Trouble> {
    let sources = &material.study.sources;
    let own: BTreeSet<&str> = sources.iter().flat_map(|s| s.attributes.keys().map(String::as_str)).collect();
    let names = ["path", "title", "kind", "date", "language"];
    let names = names.into_iter().chain(own.into_iter().filter(|name| !names.contains(name) && *name != "characters"));
    let words = |name: &str| -> ArrayRef {
        Arc::new(sources.iter().map(|source| source.attribute(name)).collect::<StringArray>())
    };
    let mut columns: Vec<(String, ArrayRef)> = names.map(|name| (name.to_owned(), words(name))).collect();
    let characters: Int64Array = sources.iter().map(|s| Some(s.document.text.chars().count() as i64)).collect();
    columns.push(("characters".to_owned(), Arc::new(characters)));
    Table::new("sources", "The sources, with what is said of them", columns)
}
