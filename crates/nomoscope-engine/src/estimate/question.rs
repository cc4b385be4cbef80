//! What is asked.

use super::answer::{Asked, Estimated, Options};
use crate::handle::Handle;
use crate::refusal::{Problem, Problems, Refusal, draws};
use nomoscope_core::reach::mse::THRESHOLD;
use nomoscope_formats::Input;
use nomoscope_formats::list_table::{self, ListOptions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many persons are on none of several lists?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// `bic` (with more than five lists: stepwise), `main`, `stepwise`, `all`, or a formula such as `A*B + C`.
    pub model: String,
    /// Lists in the largest dependence that is tried: 2 for pairs.
    pub max_order: usize,
    /// Groups of persons are estimated apart by these columns, and added up.
    pub by: Vec<String>,
    /// The column that holds the counts; `none` if each row is a person; none: it is looked for.
    pub count: Option<String>,
    /// The columns that are lists; none: all that look like one.
    pub lists: Vec<String>,
    /// Bootstrap draws for an interval that holds the choice of the model; 0 for none.
    pub bootstrap: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// p-value below which stepwise adds a pair.
    pub threshold: f64,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            model: "bic".to_owned(),
            max_order: 2,
            by: Vec::new(),
            count: None,
            lists: Vec::new(),
            bootstrap: 500,
            seed: 1,
            threshold: THRESHOLD,
        }
    }
}

impl Question {
    /// Asks the question of a table of lists.
    ///
    /// # Errors
    /// Every setting that is out of its bounds; everything that is wrong with the table; too many models to be fitted.
    pub fn ask(&self, file: &Input<'_>, handle: &Handle) -> Result<Estimated, Refusal> {
        let options = self.options()?;
        let names = |given: &[String]| given.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
        let wanted = ListOptions { count: self.count.clone(), lists: names(&self.lists), by: names(&self.by) };
        let table = list_table::read(file, &wanted)?;
        Estimated::new(file.name, table, &options, handle)
    }

    fn options(&self) -> Result<Options, Refusal> {
        let mut problems = Problems::new();
        if !(1..=16).contains(&self.max_order) {
            problems.push(Problem::of_setting("max_order", format!("{}: takes 1 to 16 lists", self.max_order)));
        }
        draws(self.bootstrap).into_iter().for_each(|problem| problems.push(problem));
        if !(self.threshold > 0.0 && self.threshold <= 1.0) {
            let reason = format!("{}: must be above 0 and at most 1", self.threshold);
            problems.push(Problem::of_setting("threshold", reason));
        }
        Ok(problems.or(Options {
            asked: Asked::new(&self.model),
            max_order: self.max_order,
            threshold: self.threshold,
            draws: self.bootstrap,
            seed: self.seed,
        })?)
    }
}
