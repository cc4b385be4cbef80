//! Sentences of this answer.

use super::answer::{DiscourseNetwork, Mode};
use crate::words::counted;
use nomoscope_core::usage::discourse::Compat;

/// Returns what the network joins, and from what.
#[must_use]
pub fn lead(found: &DiscourseNetwork) -> String {
    let networks = &found.networks;
    let settings = networks.choice.settings;
    let actors = |n: usize| counted(n, "actor", "actors");
    let concepts = |n: usize| counted(n, "concept", "concepts");
    let nodes = match networks.choice.mode {
        Mode::Actors => actors(networks.whole.rows.len()),
        Mode::Concepts => concepts(networks.whole.rows.len()),
        Mode::TwoMode => {
            format!("{} and {}", actors(networks.whole.rows.len()), concepts(networks.whole.columns.len()))
        }
    };
    format!(
        "Network of {nodes} by {}, normalised: {}; {} (of {}; repetitions: {}).",
        name(settings.aggregation),
        name(settings.normalisation),
        counted(networks.counted.len(), "statement", "statements"),
        networks.n_read,
        name(settings.duplicates)
    )
}

/// Returns what should be known: of the statements, and of numbers that another program gives otherwise.
#[must_use]
pub fn cautions(found: &DiscourseNetwork) -> Vec<String> {
    let mut out = found.said.notes.clone();
    match found.networks.choice.settings.compat {
        Compat::Dna3 => out.push("computed as DNA 3 does, its faults included".to_owned()),
        Compat::Corrected => {
            out.extend(found.networks.differs.iter().map(|reason| format!("differs from DNA 3 because {reason}")));
        }
    }
    out
}

fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
