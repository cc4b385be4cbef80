//! What is asked.

use super::answer::{Further, Grouping, Report};
use crate::agree;
use crate::answer::Answer;
use crate::compare;
use crate::estimate;
use crate::estimate::answer::Estimated;
use crate::handle::Handle;
use crate::map;
use crate::material::Material;
use crate::reading::is_lexicon;
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_formats::Input;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tables of lists that are estimated, at most.
const MOST_LISTS: usize = 20;
/// Further questions, at most.
const MOST_FURTHER: usize = 50;

/// What is to be told of a study as a whole?
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// How the cluster is mapped.
    pub map: map::question::Question,
    /// Further questions, each as an address such as `compare?by=region`; they are asked beside those that the study keeps for its
    /// report.
    pub further: Vec<String>,
}

/// Asks a study what an address asks; the table of all questions knows how.
pub type AskFurther = fn(&str, &Material, &Handle) -> Result<Box<dyn Answer>, Refusal>;

impl Question {
    /// Asks the question: the map, the groupings and periods that the study names, its coders, its tables of lists, and
    /// whatever else is to stand in its report.
    ///
    /// # Errors
    /// What a map refuses; a table of lists that cannot be read; too many further questions. A further question that has no
    /// answer is told in the report.
    pub fn ask(&self, material: &Material, handle: &Handle, ask: AskFurther) -> Result<Report, Refusal> {
        let meta = &material.study.meta;
        let mut further: Vec<&String> = meta.report.iter().chain(&self.further).collect();
        let mut seen = std::collections::BTreeSet::new();
        further.retain(|address| seen.insert(*address));
        if further.len() > MOST_FURTHER {
            let reason = format!("{} further questions: a report takes {MOST_FURTHER}", further.len());
            return Err(Refusal::setting("further", reason));
        }
        let map = self.map.ask(material, handle)?;
        // Each of the rest would tell its progress from the start again.
        let handle = &handle.silent();
        map.trend(&meta.periods);
        map.slip();
        let mut groups = Vec::new();
        for by in &meta.groupings {
            handle.check()?;
            let asked = compare::question::Question { by: by.clone(), ..compare::question::Question::default() };
            groups.push(Grouping { by: by.clone(), found: asked.of(&map) });
        }
        let agreement = agreement(material, handle)?;
        let (lists, left_out) = lists(material, handle)?;
        let mut answered = Vec::new();
        for address in further {
            handle.check()?;
            let answer = match ask(address, material, handle) {
                Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
                answer => answer,
            };
            answered.push(Further { address: address.clone(), answer });
        }
        let study = material.study.clone();
        Ok(Report { map, study, groups, agreement, lists, lists_left_out: left_out, further: answered })
    }
}

/// Returns how far people agree; none where fewer than two coded.
fn agreement(material: &Material, handle: &Handle) -> Result<Option<agree::answer::StudyAgreement>, Refusal> {
    let found = match agree::question::Question::default().ask(material, handle) {
        Ok(found) => found,
        Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
        // That nobody can be compared is what most studies are like.
        Err(Refusal::Input(_) | Refusal::NoAnswer(_)) => return Ok(None),
    };
    let people = found.coders.iter().filter(|c| !is_lexicon(&material.study, &c.coder)).count();
    Ok((people > 1).then_some(found))
}

/// Returns the estimates of the tables of lists, in the order of their names, and how many tables are left out.
fn lists(material: &Material, handle: &Handle) -> Result<(Vec<Estimated>, usize), Refusal> {
    let question = estimate::question::Question::default();
    let (mut estimates, mut problems) = (Vec::new(), Problems::new());
    for (name, bytes) in material.lists.iter().take(MOST_LISTS) {
        match question.ask(&Input { name, bytes }, handle) {
            Ok(estimated) => estimates.push(estimated),
            Err(Refusal::Input(wrong)) => problems.extend(wrong),
            Err(Refusal::NoAnswer(problem)) => problems.push(Problem { file: name.clone(), ..problem }),
            Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
        }
    }
    problems.or(())?;
    Ok((estimates, material.lists.len().saturating_sub(MOST_LISTS)))
}
