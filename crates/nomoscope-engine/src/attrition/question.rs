//! What is asked.

use super::answer::{Attrition, of_stages, of_victims};
use crate::bundled;
use crate::handle::Handle;
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::reach::attrition::Settings;
use nomoscope_formats::grid;
use nomoscope_formats::reach::victims::{self, Selection};
use nomoscope_formats::{Input, Limits};
use nomoscope_stats::rng::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most draws: a minute for a long ladder.
const MOST_DRAWS: usize = 1_000_000;

/// Of those whom a norm protects, how many are left from stage to stage?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Whether stages may count different things: orders of magnitude without intervals.
    pub mixed: bool,
    /// Of a table: a ladder for each value of these attributes: `year`, `region`, `subregion`, `country` …
    pub by: Vec<String>,
    /// Of a table: only rows with these values, each as `attribute=value`.
    #[serde(rename = "where")]
    pub wanted: Vec<String>,
    /// The least that a suppressed cell such as `<5` may be.
    pub suppressed_from: u64,
    /// Draws over the ranges.
    pub draws: usize,
    /// What the draws follow from.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        let Settings { mixed, draws, seed, .. } = Settings::default();
        Self { mixed, by: Vec::new(), wanted: Vec::new(), suppressed_from: 0, draws, seed: seed.0 }
    }
}

impl Question {
    /// Asks the question of a file of stages (TOML) or of a table of victims and suspects; of no file, it asks the chain of
    /// Narminio (2020).
    ///
    /// # Errors
    /// Everything that is wrong with question or file; stages that do not count the same, unless mixing was asked for.
    pub fn ask(&self, file: Option<&Input<'_>>, handle: &Handle) -> Result<Attrition, Refusal> {
        let mut problems = Problems::new();
        if self.draws > MOST_DRAWS {
            let reason = format!("{} draws, more than {MOST_DRAWS}", self.draws);
            problems.push(Problem::of_setting("draws", reason).hint("10000 are plenty"));
        }
        let selection = self.selection(&mut problems);
        let brought = Input { name: "narminio-2020.toml", bytes: bundled::ATTRITION };
        let file = file.unwrap_or(&brought);
        let is_table = file.extension() != "toml";
        for (setting, given) in [("by", &self.by), ("where", &self.wanted)] {
            if !is_table && !given.is_empty() {
                let hint = "it goes with a table of victims and suspects";
                problems.push(Problem::of_setting(setting, "stages have no attributes").hint(hint));
            }
        }
        problems.or(())?;
        handle.check()?;
        let settings = Settings { mixed: self.mixed, draws: self.draws, seed: Seed(self.seed), ..Settings::default() };
        if !is_table {
            return of_stages(file, &settings, self.suppressed_from);
        }
        let table = victims::read(&grid::read(file, &Limits::default())?)?;
        let by: Vec<String> = self.by.iter().map(|b| b.trim().to_lowercase()).collect();
        of_victims(&table, &by, &selection, &settings, self.suppressed_from)
    }

    fn selection(&self, problems: &mut Problems) -> Selection {
        let mut selection = Selection::new();
        for pair in &self.wanted {
            match pair.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                    selection.insert(name.to_lowercase(), value.to_owned());
                }
                _ => problems.push(
                    Problem::of_setting("where", format!("`{pair}` has no value"))
                        .hint("name attribute and value, such as region=Europe"),
                ),
            }
        }
        selection
    }
}
