//! What the parts of core that measure reach are joined to: the tables that people have, and those that the program brings along.
//!
//! Computes nothing itself, prints nothing, opens no file.

use crate::bundled;
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::Treaty;
use nomoscope_core::reach::gap::StepTable;
use nomoscope_core::reach::states::States;
use nomoscope_formats::grid;
use nomoscope_formats::reach::{ratification, states_csv, steps};
use nomoscope_formats::study::Problems;
use nomoscope_formats::{Input, Limits};

/// Returns the register of states that the program brings along.
/// # Errors  everything that is wrong with it; a test sees to it that nothing is
pub fn states() -> Result<States, Problems> {
    states_csv::parse("states.csv", bundled::STATES)
}

/// The day on which the bundled tables were put together; none of their dates lies after it.
pub const BUNDLED_ON: PartialDate = PartialDate { year: 2026, month: Some(11), day: Some(24) };

/// Returns the treaties and the further steps that the program brings along.
/// # Errors  everything that is wrong with them; a test sees to it that nothing is
pub fn brought(states: &States) -> Result<(Vec<Treaty>, Vec<StepTable>), Problems> {
    let table = |name: &str, bytes: &[u8]| grid::read(&Input { name, bytes }, &Limits::default());
    let treaties = ratification::treaties(&table("adoption.csv", bundled::ADOPTION)?, states, "adoption", BUNDLED_ON)?;
    let step = |name: &str, bytes: &[u8], step: &str| steps::step(&table(name, bytes)?, states, step, BUNDLED_ON);
    let criminalised = step("criminalised.csv", bundled::CRIMINALISED, "criminalised")?;
    let convicted = step("convicted.csv", bundled::CONVICTED, "convicted")?;
    Ok((treaties, vec![criminalised, convicted]))
}
