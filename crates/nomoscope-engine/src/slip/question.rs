//! What is asked.

use super::answer::Slippage;
use crate::handle::{Handle, Step};
use crate::map;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal};
use crate::statements::{How, Statements};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::problem::Remedy;
use nomoscope_core::text::Level;
use nomoscope_core::usage::slip::Settings;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_stats::rng::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Are norm labels used for one another, listed together, or kept apart?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The labels; none takes all norm labels of the codebook.
    pub labels: Option<Vec<String>>,
    /// Sources with the same value of this attribute have one speaker; none takes the study's own, or else whoever speaks a turn, or
    /// else the source.
    #[serde(alias = "speaker")]
    pub actor: Option<String>,
    /// Answer also apart for each value of this attribute of the sources.
    pub by: Option<String>,
    /// What stands around a label: the unit; none takes the study's own, or else the paragraph.
    #[schemars(with = "Option<String>")]
    pub window: Option<Level>,
    /// Random orders for each test; none takes enough for p ≤ 0.05 / (2 × pairs tested).
    pub permutations: Option<usize>,
    /// Bootstrap draws for the similarity of contexts; 0 for none.
    pub bootstrap: usize,
    /// Seed of everything that is drawn at random.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        let map::question::Question { bootstrap, seed, .. } = map::question::Question::default();
        Self { labels: None, actor: None, by: None, window: None, permutations: None, bootstrap, seed }
    }
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// Settings out of bounds, labels and attributes that do not exist, fewer than two labels; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Slippage, Refusal> {
        let mut problems = Problems::new();
        let sources = &material.study.sources;
        for (attribute, setting) in [(&self.by, "by"), (&self.actor, "actor")] {
            if let Some(attribute) = attribute {
                check_attribute(sources, attribute, setting, &mut problems);
            }
        }
        let labels = match &self.labels {
            Some(ids) => named(&material.codebook, ids, &mut problems),
            None => marked(&material.codebook, &mut problems),
        };
        if self.permutations.is_some_and(|n| n == 0 || n > 1_000_000) {
            problems.push(Problem::of_setting("permutations", "takes 1 to 1000000 random orders"));
        }
        let map = map::question::Question {
            window: self.window,
            actor: self.actor.clone(),
            bootstrap: self.bootstrap,
            seed: self.seed,
            ..map::question::Question::default()
        };
        let options = Refusal::gather(map.options(material), &mut problems)?;
        let Some(options) = problems.or(options)? else { return Err(Refusal::no_sources()) };
        material.some_sources()?;
        // Slippage is between labels wherever they stand: a focus would hide half of it.
        let how = How { focus: None, ..options.reading() };
        let Statements { corpus, formed, .. } = Statements::of(material, &how, handle)?;
        handle.step(Step::Bootstrap);
        handle.check()?;
        let settings = Settings {
            labels,
            speaker: options.actor.clone().map_or(SpeakerBy::Turns, SpeakerBy::Attribute),
            by: self.by.clone(),
            window: options.window,
            permutations: self.permutations,
            draws: options.draws,
            seed: Seed(options.seed),
        };
        let answer = Slippage::new(corpus, &formed, settings);
        handle.step(Step::Done);
        Ok(answer)
    }
}

/// Returns the concepts that the codebook marks as norm labels.
fn marked(codebook: &Codebook, problems: &mut Problems) -> BTreeSet<ConceptIx> {
    let all: BTreeSet<ConceptIx> = codebook.indices().filter(|c| codebook.get(*c).norm_label).collect();
    if all.len() < 2 {
        let hint = "mark them with norm_label = true, or name concepts as labels";
        let reason = format!("the codebook has {} norm labels; slippage is between two at least", all.len());
        problems.push(Problem::new("codebook.toml", reason).hint(hint));
    }
    all
}

/// Returns the concepts with these ids.
fn named(codebook: &Codebook, ids: &[String], problems: &mut Problems) -> BTreeSet<ConceptIx> {
    let mut labels = BTreeSet::new();
    let mut unknown = false;
    for id in ids.iter().map(|id| id.trim()) {
        if let Some(concept) = codebook.find(id) {
            labels.insert(concept);
            continue;
        }
        unknown = true;
        let near = codebook.suggestions(id);
        let near = near.first().copied();
        let hint = Remedy::nearest_or(near, || "a label is the id of a concept in codebook.toml".to_owned());
        problems.push(Problem::of_setting("labels", format!("`{id}` is no concept of the codebook")).hint(hint));
    }
    if labels.len() < 2 && !unknown {
        problems.push(Problem::of_setting("labels", "names one label; slippage is between two at least"));
    }
    labels
}
