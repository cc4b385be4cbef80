//! What is asked.

use super::answer::{Basis, Coupled, CoupledGroups, CoupledTime};
use crate::handle::{Handle, Step};
use crate::material::{Material, Selection};
use crate::refusal::{Problem, Problems, Refusal};
use crate::{compare, map, trend};
use nomoscope_core::counts::Counts;
use nomoscope_core::problem::Remedy;
use nomoscope_core::study::{Study, StudyMeta};
use nomoscope_core::text::Level;
use nomoscope_core::usage::trend::counted::trend_of_counts;
use nomoscope_formats::{Input, counts_file};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which concepts go together, by counts alone?
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Map {
    /// Which sources are read.
    pub which: Selection,
    /// What is asked of them; what needs passages is not answered.
    pub how: map::question::Question,
}

/// Who couples what others do not, by counts alone?
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Compare {
    /// Which sources are read.
    pub which: Selection,
    /// What is asked of them; what needs passages is not answered.
    pub how: compare::question::Question,
}

/// Which couplings came and went, by counts alone?
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Trend {
    /// Which sources are read.
    pub which: Selection,
    /// What is asked of them; what needs passages is not answered.
    pub how: trend::question::Question,
}

impl Map {
    /// Asks the question of files of counts, joined.
    ///
    /// # Errors
    /// Counts that cannot be read or joined; settings out of bounds, or that only texts can answer.
    pub fn ask(&self, files: &[Input<'_>], handle: &Handle) -> Result<Coupled, Refusal> {
        let basis = basis(files, &self.which)?;
        let mut problems = Problems::new();
        refuse(&basis, self.how.window, self.how.inherit, &mut problems);
        let options = Refusal::gather(self.how.options(&basis.material), &mut problems)?;
        let asked = options.as_ref().and_then(|options| options.focus.as_deref());
        let focus = asked.and_then(|id| {
            let found = basis.codebook.find(id);
            if found.is_none() {
                let near = basis.codebook.suggestions(id).first().map(|near| Remedy::nearest(near));
                let said = format!("the focus `{id}` is no concept of these counts");
                problems.push(Problem::of_setting("focus", said).perhaps(near));
            }
            found
        });
        let Some(options) = problems.or(options)? else { return Err(Refusal::no_sources()) };
        begin(&basis, handle)?;
        let found = Coupled::new(basis, focus, &options);
        handle.step(Step::Done);
        Ok(found)
    }
}

impl Compare {
    /// Asks the question of files of counts, joined.
    ///
    /// # Errors
    /// Counts that cannot be read or joined; settings out of bounds, or that only texts can answer; groups that cannot be
    /// compared.
    pub fn ask(&self, files: &[Input<'_>], handle: &Handle) -> Result<CoupledGroups, Refusal> {
        let basis = basis(files, &self.which)?;
        let mut problems = Problems::new();
        refuse(&basis, self.how.map.window, self.how.map.inherit, &mut problems);
        let texts = [
            ("definition", self.how.definition.is_some()),
            ("cross", !self.how.cross.is_empty()),
            ("focus", self.how.map.focus.is_some()),
        ];
        problems.extend(crate::refusal::misplaced(&texts, NEEDS_TEXTS));
        self.how.check(&basis.material, &mut problems);
        let options = Refusal::gather(self.how.map.options(&basis.material), &mut problems)?;
        let Some(options) = problems.or(options)? else { return Err(Refusal::no_sources()) };
        begin(&basis, handle)?;
        let choice = self.how.choice(basis.sources(), options.actor.as_ref());
        let found = CoupledGroups::new(basis, choice, &options)?;
        handle.step(Step::Done);
        Ok(found)
    }
}

impl Trend {
    /// Asks the question of files of counts, joined.
    ///
    /// # Errors
    /// Counts that cannot be read or joined; settings out of bounds, or that only texts can answer; no dates.
    pub fn ask(&self, files: &[Input<'_>], handle: &Handle) -> Result<CoupledTime, Refusal> {
        let basis = basis(files, &self.which)?;
        let mut problems = Problems::new();
        refuse(&basis, self.how.window, self.how.inherit, &mut problems);
        problems.extend(crate::refusal::misplaced(&[("focus", self.how.focus.is_some())], NEEDS_TEXTS));
        let settings = Refusal::gather(self.how.settings(&basis.material), &mut problems)?;
        let Some((_, settings)) = problems.or(settings)? else { return Err(Refusal::no_sources()) };
        begin(&basis, handle)?;
        let trend = trend_of_counts(&basis.counts, &settings).map_err(|error| trend::question::refused(&error))?;
        handle.step(Step::Done);
        Ok(CoupledTime { basis, trend })
    }
}

const NEEDS_TEXTS: &str = "needs the texts, and these are counts";

/// Refuses what was decided when the texts were counted.
fn refuse(basis: &Basis, window: Option<Level>, inherit: bool, problems: &mut Problems) {
    let counted = basis.counts.window();
    if let Some(window) = window.filter(|window| *window != counted) {
        let said = format!("{}: the texts were counted by {}", window.name(), counted.name());
        problems.push(Problem::of_setting("window", said).hint("count them again by the other unit"));
    }
    problems.extend(crate::refusal::misplaced(&[("inherit", inherit)], NEEDS_TEXTS));
}

fn begin(basis: &Basis, handle: &Handle) -> Result<(), Refusal> {
    basis.material.some_sources()?;
    handle.step(Step::Couplings);
    handle.check()
}

/// Reads counts, and keeps those of the sources that were chosen.
fn basis(files: &[Input<'_>], which: &Selection) -> Result<Basis, Refusal> {
    if which.interviewers {
        let said = "was decided when the texts were counted";
        return Err(Refusal::setting("interviewers", said));
    }
    let read = counts_file::read_all(files.iter().map(|file| (file.name, file.bytes)))?;
    let Some(counts) = read else {
        return Err(Refusal::Input(Problem::new("", "no file of counts is named").into()));
    };
    let name = files.first().map_or("", |file| file.name);
    let codebook = counts.codebook().map_err(|problems| Refusal::Input(problems.in_file(name)))?;
    let sources = counts.sources().cloned().collect();
    let study = Study { meta: StudyMeta::default(), sources, ..Study::default() };
    let material = Material::new(study, codebook, ("", String::new()), BTreeMap::new());
    let material = material.select(which)?;
    let counts = kept(counts, &material);
    Ok(Basis { counts, codebook: material.codebook.clone(), material })
}

/// Returns the counts of the sources that were kept.
fn kept(counts: Counts, material: &Material) -> Counts {
    let sources = &material.study.sources;
    if sources.len() == counts.sources().len() {
        return counts;
    }
    let paths: std::collections::BTreeSet<&str> = sources.iter().map(|s| s.path.as_str()).collect();
    counts.select(|_, source| paths.contains(source.path.as_str()))
}
