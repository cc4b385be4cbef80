//! The tables of `reach`: registers of states, who joined which treaty when, what states did then, and how many people
//! were counted.
//!
//! Each reader reports everything that is wrong with its file at once, with the row. Tables come as CSV, as Excel
//! workbooks or as Stata files; [`crate::grid`] makes rows of text of all three, and everything else reads these.

pub mod attrition_toml;
pub mod dates;
pub mod ratification;
pub mod states_csv;
pub mod steps;
pub mod victims;

use crate::study::Problem;
use nomoscope_core::reach::states::{State, States};

/// Returns the entry of the register with this name, or a problem that says which name was meant.
fn state<'s>(states: &'s States, file: &str, line: u32, name: &str) -> Result<&'s State, Problem> {
    // The depositary marks names with footnotes: "China 1, 2", "Germany [3]".
    let bare = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || " ,[]*†‡¹²³".contains(c));
    if let Some(found) = states.find(name).or_else(|| states.find(bare)) {
        return Ok(found);
    }
    let near = states.nearest(bare);
    let problem = Problem::new(file, format!("`{}` is no state of the register", name.trim())).at(line);
    Err(match near.as_slice() {
        [] => problem.hint("write the name that the United Nations use, or the ISO code of three letters"),
        names => problem.hint(format!("did you mean `{}`?", names.join("` or `"))),
    })
}
