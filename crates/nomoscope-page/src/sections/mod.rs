//! Sections of a report that come from elsewhere than the map: law, reach, groups, time.
//!
//! A section is a file with a function in [`SECTIONS`]; it returns none where the study gives it nothing to say. Its
//! figures and tables are written beside the page like all others.

pub mod adoption;
pub mod agree;
pub mod compare;
pub mod estimate;
pub mod law;
pub mod reality;
pub mod slip;
pub mod trend;

use estimate::Listed;
use nomoscope_core::study::{Study, StudyMeta};
use nomoscope_core::table::Table;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_figure::{Figure, View};

/// Where a section stands: the page follows the order of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the emergence of the norm.
    AfterEmergence,
    /// After its definition.
    AfterDefinition,
    /// After its use.
    AfterUse,
    /// After the cluster.
    AfterCluster,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// HTML; whoever makes it has escaped what came from outside.
    Html(String),
    /// A figure, drawn inline, with its data.
    Figure(Figure),
    /// A table.
    Table(Table),
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Anchor.
    pub id: &'static str,
    /// Its word in the list of sections.
    pub nav: &'static str,
    /// Its heading.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// What a section may be made from.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The analysis of the texts.
    pub analysis: &'c Analysis<'c>,
    /// What study.toml says.
    pub meta: &'c StudyMeta,
    /// Tables of lists of the study, estimated: in the order of their names.
    pub lists: &'c [Listed],
    /// The study with the codings that it keeps.
    pub study: &'c Study,
    /// Whether this is the demonstration, which carries the bundled law and figures of reach.
    pub demo: bool,
}

/// Makes a section, or none.
pub type Make = fn(&Context<'_>, View) -> Option<Section>;

/// All sections, in the order in which those of one place stand.
pub static SECTIONS: &[Make] = &[
    trend::section,
    law::section,
    reality::make,
    compare::make,
    slip::section,
    estimate::section,
    adoption::make,
    agree::make,
];

/// Returns whether a report carries the bundled figures of reach: the demonstration of the norm that they are about.
pub(crate) fn shows_reach(context: &Context<'_>) -> bool {
    context.demo && context.meta.focus.as_deref() == Some("child-trafficking")
}

/// Returns the sections of a report.
#[must_use]
pub fn all(context: &Context<'_>, view: View) -> Vec<Section> {
    SECTIONS.iter().filter_map(|make| make(context, view)).collect()
}
