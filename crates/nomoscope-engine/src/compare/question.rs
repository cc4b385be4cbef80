//! What is asked.

use super::answer::{ACTOR, Basis, Choice, CompareError, Comparison, DEFINITION, compare};
use crate::handle::{Handle, Step};
use crate::map;
use crate::map::answer::Analysis;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal};
use crate::statements::Statements;
use nomoscope_core::problem::Remedy;
use nomoscope_core::study::Source;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who couples, holds and names what others do not?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The attribute of sources that makes the groups.
    pub by: String,
    /// Two of its values: only these are compared, the first with the second; none compares each with all the others.
    pub groups: Option<[String; 2]>,
    /// The attribute that says which definition a source adopts; none takes `definition`, if sources have it.
    pub definition: Option<String>,
    /// The attribute that says whose a source is: sources of one actor then count as one wherever sources vary; none takes that of the
    /// study, or `actor`, if sources have it, or else each is its own.
    pub actor: Option<String>,
    /// Pairs of attributes of actors to cross, each with an exact test; the definition is crossed with the groups anyway.
    pub cross: Vec<[String; 2]>,
    /// Only pairs with one of these concepts, or a narrower one, are compared; empty for all.
    pub with: Vec<String>,
    /// Permutations of actors over groups.
    pub permutations: usize,
    /// How the cluster of each group is mapped.
    pub map: map::question::Question,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            by: String::new(),
            groups: None,
            definition: None,
            actor: None,
            cross: Vec::new(),
            with: Vec::new(),
            permutations: 999,
            map: map::question::Question::default(),
        }
    }
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// Settings out of bounds, attributes and concepts that do not exist; groups that cannot be compared; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Comparison, Refusal> {
        let mut problems = Problems::new();
        self.check(material, &mut problems);
        let options = Refusal::gather(self.map.options(material), &mut problems)?;
        let Some(options) = problems.or(options)? else { return Err(Refusal::no_sources()) };
        material.some_sources()?;
        let read = Statements::of(material, &options.reading(), handle)?;
        handle.step(Step::Couplings);
        handle.check()?;
        let choice = self.choice(&material.study.sources, options.actor.as_ref());
        let found = compare(Basis { read, options }, choice)?;
        handle.step(Step::Done);
        Ok(found)
    }

    /// Asks the question of what was analysed already.
    ///
    /// # Errors
    /// Groups that cannot be compared.
    pub fn of(&self, analysis: &Analysis) -> Result<Comparison, CompareError> {
        let basis = Basis { read: analysis.read(), options: analysis.options.clone() };
        compare(basis, self.choice(&analysis.corpus.sources, analysis.options.actor.as_ref()))
    }

    pub(crate) fn check(&self, material: &Material, problems: &mut Problems) {
        let sources = &material.study.sources;
        if self.by.is_empty() {
            problems.push(Problem::of_setting("by", "names no attribute: groups are made by one"));
        } else {
            check_attribute(sources, &self.by, "by", problems);
        }
        for (given, setting) in [(&self.definition, "definition"), (&self.actor, "actor")] {
            if let Some(attribute) = given {
                check_attribute(sources, attribute, setting, problems);
            }
        }
        for attribute in self.cross.iter().flatten() {
            check_attribute(sources, attribute, "cross", problems);
        }
        for id in self.with.iter().filter(|id| material.codebook.find(id).is_none()) {
            let mut problem = Problem::of_setting("with", format!("`{id}` is no concept of the codebook"));
            if let Some(near) = material.codebook.suggestions(id).first() {
                problem = problem.hint(Remedy::nearest(near));
            }
            problems.push(problem);
        }
        if self.permutations > 100_000 {
            problems.push(Problem::of_setting("permutations", format!("{}: takes 0 to 100000", self.permutations)));
        }
    }

    /// Returns what is compared, with what nobody named filled in from the attributes that the sources have.
    pub(crate) fn choice(&self, sources: &[Source], actor: Option<&String>) -> Choice {
        let usual = |given: &Option<String>, name: &str| {
            let has = || sources.iter().any(|s| s.attribute(name).is_some());
            given.clone().or_else(|| has().then(|| name.to_owned()))
        };
        let definition = usual(&self.definition, DEFINITION);
        let mut cross = self.cross.clone();
        if let Some(d) = definition.as_ref().filter(|d| **d != self.by) {
            cross.insert(0, [d.clone(), self.by.clone()]);
        }
        cross.dedup();
        Choice {
            by: self.by.clone(),
            two: self.groups.clone(),
            definition,
            actor: usual(&self.actor.clone().or_else(|| actor.cloned()), ACTOR),
            cross,
            with: self.with.clone(),
            permutations: self.permutations,
        }
    }
}

impl From<CompareError> for Refusal {
    fn from(error: CompareError) -> Self {
        let place = match error {
            CompareError::UnknownGroup { .. } | CompareError::SameGroup(_) => "groups",
            CompareError::OneGroup { .. } | CompareError::TooManyGroups { .. } => "by",
        };
        let (said, hint) = (error.to_string(), error.hint());
        if error.is_refusal() {
            Self::NoAnswer(Problem::new("", said).hint(hint))
        } else {
            Self::Input(Problem::of_setting(place, said).hint(hint).into())
        }
    }
}
