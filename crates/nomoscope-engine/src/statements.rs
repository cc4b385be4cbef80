//! The coded sources with their statements: what every question about texts begins with.

use crate::handle::{Handle, Step};
use crate::material::Material;
use crate::refusal::{Problem, Refusal};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::cluster::{self, Focus};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::statement::{Formed, Reading, Settings, form};
use nomoscope_core::problem::{Act, Remedy, Slot};
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use nomoscope_core::usage::trend::Coded;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How statements are formed, and which of them are focal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// The focus; none takes every window as focal.
    pub focus: Option<String>,
    /// The unit of co-occurrence.
    pub window: Level,
    /// Whether operative units inherit problems and values of title and preamble.
    pub inherit: bool,
    /// The attribute that says whose a source is; none takes each as its own.
    pub actor: Option<String>,
}

/// Returns for each source whose it is, as a number; sources of nobody are each somebody's own. Empty where nobody is asked for.
#[must_use]
pub fn whose(sources: &[Source], attribute: Option<&str>) -> Vec<usize> {
    let Some(attribute) = attribute else { return Vec::new() };
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let of = |(i, source): (usize, &Source)| match source.attribute(attribute) {
        Some(name) => *known.entry(name).or_insert(i),
        None => i,
    };
    sources.iter().enumerate().map(of).collect()
}

/// The coded sources with their statements; a copy shares them.
#[derive(Debug, Clone)]
pub struct Statements {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// The focus as it is used; none if there is none.
    pub focus: Option<Focus>,
    /// Statements by the rule for norm labels.
    pub formed: Arc<Formed>,
    /// Per source, the windows of the focus.
    pub focal: Arc<[BTreeSet<u32>]>,
}

impl Statements {
    /// Returns the sources coded and their statements formed.
    ///
    /// # Errors
    /// A focus that the codebook does not have; a codebook that does not fit.
    pub fn of(material: &Material, how: &How, handle: &Handle) -> Result<Self, Refusal> {
        let asked = how.focus.as_deref().map(|id| find_focus(material, id)).transpose()?;
        let corpus = material.corpus(handle)?;
        handle.step(Step::Statements);
        handle.check()?;
        let actor = whose(&corpus.sources, how.actor.as_deref());
        let focus = asked.map(|ix| cluster::focus(&corpus, ix, &actor));
        let formed = form(&corpus, Settings { window: how.window, reading: Reading::Rule, inherit: how.inherit });
        let focal = match &focus {
            Some(focus) => cluster::focal_windows(&corpus, &formed, focus),
            None => formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect(),
        };
        Ok(Self { corpus, focus, formed: Arc::new(formed), focal: focal.into() })
    }

    /// Returns what a trend is read from.
    #[must_use]
    pub fn coded(&self) -> Coded<'_> {
        Coded { corpus: &self.corpus, formed: &self.formed, focal: &self.focal, focus: self.focus.as_ref() }
    }
}

fn find_focus(material: &Material, id: &str) -> Result<ConceptIx, Refusal> {
    let codebook = &material.codebook;
    codebook.find(id).ok_or_else(|| {
        let near = codebook.suggestions(id).first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        // A focus that nobody asked for comes from the study itself.
        let reason = format!("the focus `{id}` is no concept of the codebook{near}");
        let problem = if material.study.meta.focus.as_deref() == Some(id) {
            Problem::new("study.toml", reason)
        } else {
            Problem::of_setting("focus", reason)
        };
        let hint = Remedy::with(
            "`{}` lists the concepts; name one with {}, or as focus in study.toml",
            [Slot::from(Act::ListConcepts), Slot::set("focus", "CONCEPT")],
        );
        Refusal::Input(problem.hint(hint).into())
    })
}
