//! What the parts of core that measure reach are joined to: the tables that people have, and those that the program brings along.
//!
//! Computes nothing itself, prints nothing, opens no file.

pub mod adoption;
pub mod attrition;

use crate::bundled;
use nomoscope_core::reach::states::States;
use nomoscope_formats::reach::states_csv;
use nomoscope_formats::study::Problems;

/// Returns the register of states that the program brings along.
/// # Errors  everything that is wrong with it; a test sees to it that nothing is
pub fn states() -> Result<States, Problems> {
    states_csv::parse("states.csv", bundled::STATES)
}
