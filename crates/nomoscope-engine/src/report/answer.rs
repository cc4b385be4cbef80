//! What is found: the answers that a report is made of.

use crate::agree::answer::StudyAgreement;
use crate::answer::Answer;
use crate::compare::answer::{CompareError, Comparison};
use crate::compare::figures::slug;
use crate::estimate::answer::Estimated;
use crate::map::answer::Analysis;
use crate::refusal::Refusal;
use crate::slip::answer::Slippage;
use crate::trend::answer::ClusterInTime;
use nomoscope_core::study::Study;
use std::sync::Arc;

/// The answers that a report is made of.
#[derive(Debug)]
pub struct Report {
    /// The map of the cluster.
    pub map: Analysis,
    /// The study with the codings that it keeps.
    pub study: Arc<Study>,
    /// Groups compared, a grouping of the study each.
    pub groups: Vec<Grouping>,
    /// How far coders agree; none where fewer than two people coded.
    pub agreement: Option<StudyAgreement>,
    /// Tables of lists of the study, estimated: in the order of their names.
    pub lists: Vec<Estimated>,
    /// How many tables of lists are not estimated.
    pub lists_left_out: usize,
    /// What else was asked for the report, in order.
    pub further: Vec<Further>,
}

/// Groups of sources, compared.
#[derive(Debug)]
pub struct Grouping {
    /// The attribute that makes the groups.
    pub by: String,
    /// What was found, or why nothing was.
    pub found: Result<Comparison, CompareError>,
}

/// A further question.
#[derive(Debug)]
pub struct Further {
    /// What was asked, as an address: `compare?by=region`.
    pub address: String,
    /// The answer, or why there is none.
    pub answer: Result<Box<dyn Answer>, Refusal>,
}

impl Report {
    /// Returns the cluster in the periods that the study names; none where it names fewer than two, or has no dates.
    #[must_use]
    pub fn trend(&self) -> Option<&ClusterInTime> {
        self.map.trend(&self.study.meta.periods)
    }

    /// Returns the slippage between all norm labels; none where nobody speaks.
    #[must_use]
    pub fn slip(&self) -> Option<&Slippage> {
        self.map.slip()
    }

    /// Returns the groups that could be compared, each with what ids of its tables and figures end in.
    pub fn compared(&self) -> impl Iterator<Item = (String, &Comparison)> {
        self.groups.iter().filter_map(|group| {
            let found = group.found.as_ref().ok()?;
            Some((format!("-{}", slug(&group.by)), found))
        })
    }

    /// Returns all answers, each with the name of its question and what ids of its tables and figures end in.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let part = |question, suffix: String, answer| Part { question, suffix, answer };
        let mut out = vec![part("map", String::new(), &self.map as &dyn Answer)];
        out.extend(self.trend().map(|found| part("trend", String::new(), found as &dyn Answer)));
        out.extend(self.slip().map(|found| part("slip", String::new(), found as &dyn Answer)));
        out.extend(self.compared().map(|(suffix, found)| part("compare", suffix, found as &dyn Answer)));
        out.extend(self.agreement.iter().map(|found| part("agree", String::new(), found as &dyn Answer)));
        let lists = self.lists.iter().enumerate();
        out.extend(lists.map(|(i, found)| part("estimate", format!("-lists-{}", i + 1), found as &dyn Answer)));
        out.extend(self.further.iter().enumerate().filter_map(|(i, further)| {
            let name = further.address.split('?').next().unwrap_or_default().trim();
            let answer = further.answer.as_deref().ok()?;
            Some(part(name, suffix(i), answer))
        }));
        out
    }
}

/// Returns what ids of tables and figures of a further question end in.
#[must_use]
pub fn suffix(further: usize) -> String {
    format!("-further-{}", further + 1)
}

/// One of the answers.
#[derive(Debug)]
pub struct Part<'r> {
    /// The name of its question.
    pub question: &'r str,
    /// What ids of its tables and figures end in, so that each is the only one of its name.
    pub suffix: String,
    /// The answer.
    pub answer: &'r dyn Answer,
}
