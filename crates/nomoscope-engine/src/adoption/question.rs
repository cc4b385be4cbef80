//! What is asked.

use super::answer::Adoption;
use super::brought::{self, BUNDLED_ON};
use crate::handle::Handle;
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::date::{DateError, PartialDate};
use nomoscope_core::problem::Remedy;
use nomoscope_core::reach::adoption::Treaty;
use nomoscope_core::reach::gap::StepTable;
use nomoscope_core::reach::states::{States, end_of};
use nomoscope_core::spelling::nearest;
use nomoscope_formats::grid::{self, Grid};
use nomoscope_formats::reach::{ratification, steps};
use nomoscope_formats::{Input, Limits};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which states joined a treaty when, and how far do law and courts trail behind?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Names of treaties, one a table in their order; none: the name of the file.
    pub name: Vec<String>,
    /// The treaty whose gap is measured; none: the first.
    pub of: Option<String>,
    /// What came after this year is left out.
    pub until: Option<u16>,
    /// The day after which no date can lie; none: that of the tables that the program brings along.
    pub today: Option<String>,
    /// The name of the table that says which states made it a crime, and when.
    pub criminalised: Option<String>,
    /// The name of the table that says which states convicted somebody, and when.
    pub convicted: Option<String>,
}

/// The tables that the question is asked of, told apart.
struct Tables<'t> {
    treaties: Vec<Input<'t>>,
    criminalised: Option<Input<'t>>,
    convicted: Option<Input<'t>>,
}

impl Question {
    /// Asks the question of these tables: those that it names as steps, and states with dates, one table a treaty or with a
    /// column `treaty`; where there are none of these, those that the program brings along.
    ///
    /// # Errors
    /// Everything that is wrong with the question, or else with any of the tables.
    pub fn ask(&self, files: &[Input<'_>], handle: &Handle) -> Result<Adoption, Refusal> {
        let tables = &self.tables(files)?;
        let today = self.today(tables.treaties.len())?;
        let states = brought::states()?;
        handle.check()?;
        let (treaties, steps) = self.read(tables, &states, today)?;
        let of = self.which(&treaties)?;
        handle.check()?;
        Ok(Adoption::new(treaties, &steps, states, (of, self.until, today)))
    }

    fn tables<'t>(&self, files: &[Input<'t>]) -> Result<Tables<'t>, Refusal> {
        let mut problems = Problems::new();
        let mut named = |setting, name: &Option<String>| -> Option<Input<'t>> {
            let name = name.as_deref()?;
            let found = files.iter().find(|file| file.name == name).copied();
            if found.is_none() {
                problems.push(Problem::of_setting(setting, format!("`{name}` is none of the tables")));
            }
            found
        };
        let criminalised = named("criminalised", &self.criminalised);
        let convicted = named("convicted", &self.convicted);
        let steps = [&self.criminalised, &self.convicted];
        let is_step = |file: &Input<'_>| steps.iter().any(|name| name.as_deref() == Some(file.name));
        let treaties = files.iter().filter(|file| !is_step(file)).copied().collect();
        Ok(problems.or(Tables { treaties, criminalised, convicted })?)
    }

    fn today(&self, n_tables: usize) -> Result<PartialDate, Refusal> {
        let mut problems = Problems::new();
        let parsed = self.today.as_deref().map_or(Ok(BUNDLED_ON), |day| {
            day.parse::<PartialDate>().map_err(|error: DateError| {
                problems.push(Problem::of_setting("today", error.to_string()).hint("a day is written 2026-11-24"));
            })
        });
        if let (Ok(today), Some(until)) = (parsed, self.until)
            && until > today.year
        {
            let reason = format!("{until} lies in the future");
            problems.push(Problem::of_setting("until", reason).hint("nothing is known of it yet"));
        }
        if self.name.len() > n_tables {
            let reason = format!("{} names for {n_tables} files", self.name.len());
            problems.push(Problem::of_setting("name", reason).hint("one name a file, in their order"));
        }
        Ok(problems.or(end_of(parsed.unwrap_or(BUNDLED_ON)))?)
    }

    /// Reads all tables; what is wrong with any of them is told at once.
    fn read(
        &self,
        tables: &Tables<'_>,
        states: &States,
        today: PartialDate,
    ) -> Result<(Vec<Treaty>, Vec<StepTable>), Refusal> {
        let mut problems = Problems::new();
        let mut treaties: Vec<Treaty> = Vec::new();
        for (at, file) in tables.treaties.iter().enumerate() {
            let name = self.name.get(at).map_or_else(|| stem(file.name), String::as_str);
            let read = table(file).and_then(|grid| ratification::treaties(&grid, states, name, today));
            treaties.extend(kept(read, &mut problems).unwrap_or_default());
        }
        let mut further = Vec::new();
        for (file, step) in [(&tables.criminalised, "criminalised"), (&tables.convicted, "convicted")] {
            let Some(file) = file else { continue };
            let read = table(file).and_then(|grid| steps::step(&grid, states, step, today));
            further.extend(kept(read, &mut problems));
        }
        if tables.treaties.is_empty() {
            let (brought, steps) = brought::brought(states)?;
            treaties = brought;
            // The user's own tables take the place of those that the program brings along.
            if tables.criminalised.is_none() && tables.convicted.is_none() {
                further = steps;
            }
        }
        for (at, treaty) in treaties.iter().enumerate() {
            if treaties.iter().take(at).any(|t| t.name == treaty.name) {
                let reason = format!("treaty `{}` is there twice", treaty.name);
                problems.push(Problem::of_setting("name", reason).hint("give each its own name"));
            }
        }
        Ok(problems.or((treaties, further))?)
    }

    fn which(&self, treaties: &[Treaty]) -> Result<usize, Refusal> {
        let Some(name) = &self.of else { return Ok(0) };
        treaties.iter().position(|t| t.name == *name).ok_or_else(|| {
            let near = nearest(name, treaties.iter().map(|t| t.name.as_str()));
            let hint = Remedy::nearest_or(near, || "give its name as it is printed".to_owned());
            Refusal::Input(Problem::of_setting("of", format!("no treaty is called `{name}`")).hint(hint).into())
        })
    }
}

fn table(file: &Input<'_>) -> Result<Grid, Problems> {
    grid::read(file, &Limits::default())
}

fn kept<T>(read: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    read.map_err(|more| problems.extend(more)).ok()
}

/// Returns the name of a file without its folders and its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}
