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

use nomoscope_figure::View;

pub(crate) use further::FURTHER;
pub(crate) use section::shows_reach;
pub use section::{Block, Context, Place, Section};

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

/// Returns the sections of a report.
#[must_use]
pub fn all(context: &Context<'_>, view: View) -> Vec<Section> {
    let made = SECTIONS.iter().filter_map(|make| make(context, view));
    made.chain(further::all(context, view)).collect()
}
