//! Sections of a report that come from elsewhere than the map: law, reach, groups, time.
//!
//! A section is a file with a function in [`SECTIONS`]; it returns none where the study gives it nothing to say. Its
//! figures and tables are written beside the page like all others.

pub mod adoption;
pub mod agree;
pub mod compare;
pub mod estimate;
mod further;
pub mod law;
pub mod reality;
mod section;
pub mod slip;
pub mod trend;

pub(crate) use further::FURTHER;
pub use section::{Block, Context, Drawn, Place, Section};
pub(crate) use section::{in_both, shows_reach};

/// Makes a section, or none.
pub type Make = fn(&Context<'_>) -> Option<Section>;

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

/// Returns the sections of a report.
#[must_use]
pub fn all(context: &Context<'_>) -> Vec<Section> {
    let made = SECTIONS.iter().filter_map(|make| make(context));
    made.chain(further::all(context)).collect()
}
