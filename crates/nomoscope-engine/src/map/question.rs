//! What is asked.

use super::answer::{Analysis, Options, analyse};
use crate::handle::Handle;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal, draws};
use nomoscope_core::text::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sources of a kind are compared with each other; where none has a kind, all are.
pub const STRATA: &str = "kind";

/// What is the norm made of, for whom, and how certain is that?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The concept whose cluster is mapped; none takes the study's own focus.
    pub focus: Option<String>,
    /// The unit of co-occurrence; none takes the study's own, or else the paragraph.
    #[schemars(with = "Option<String>")]
    pub window: Option<Level>,
    /// Whether operative units inherit problems and values of title and preamble.
    pub inherit: bool,
    /// Least lower bound of the odds ratio in the backbone.
    pub min_or: f64,
    /// Bootstrap draws over sources; 0 for none.
    pub bootstrap: usize,
    /// Seeds of the community search in each draw.
    pub seeds: usize,
    /// Seed of everything that is drawn at random.
    pub seed: u64,
    /// Attribute by which actor-level tests are stratified.
    pub strata: String,
    /// The attribute that says whose a source is: sources of one actor are one cluster; none takes the study's own, or else each source.
    pub actor: Option<String>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            focus: None,
            window: None,
            inherit: false,
            min_or: 1.5,
            bootstrap: 200,
            seeds: 5,
            seed: 1,
            strata: STRATA.to_owned(),
            actor: None,
        }
    }
}

impl Question {
    /// Returns what is computed with, for this study.
    ///
    /// # Errors
    /// Every setting that is out of its bounds.
    pub fn options(&self, material: &Material) -> Result<Options, Refusal> {
        let meta = &material.study.meta;
        let mut problems = Problems::new();
        if !(self.min_or.is_finite() && self.min_or > 0.0) {
            problems.push(Problem::of_setting("min_or", format!("{}: must be a number above 0", self.min_or)));
        }
        draws(self.bootstrap).into_iter().for_each(|problem| problems.push(problem));
        if self.seeds == 0 || self.seeds > 1000 {
            problems.push(Problem::of_setting("seeds", format!("{}: takes 1 to 1000", self.seeds)));
        }
        if self.strata != STRATA {
            check_attribute(&material.study.sources, &self.strata, "strata", &mut problems);
        }
        if let Some(actor) = &self.actor {
            check_attribute(&material.study.sources, actor, "actor", &mut problems);
        }
        problems.or(())?;
        Ok(Options {
            focus: self.focus.clone().or_else(|| meta.focus.clone()),
            window: self.window.or(meta.window).unwrap_or(Level::Paragraph),
            inherit: self.inherit,
            min_or: self.min_or,
            draws: self.bootstrap,
            seeds: self.seeds,
            seed: self.seed,
            strata: self.strata.clone(),
            actor: self.actor.clone().or_else(|| meta.actor.clone()),
            illustration: meta.illustration,
        })
    }

    /// Asks the question.
    ///
    /// # Errors
    /// [`Refusal`]
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Analysis, Refusal> {
        let options = self.options(material)?;
        material.some_sources()?;
        analyse(material, options, handle)
    }
}
