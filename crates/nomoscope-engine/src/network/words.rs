//! Sentences of this answer.

use super::answer::{DiscourseNetwork, Mode};
use crate::words::{capital, counted, thousands};
use nomoscope_core::usage::discourse::{Aggregation, Compat, Duplicates, Normalisation};

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
    let counted_in = networks.counted.len();
    let said = |n| match found.said.kind {
        "passages" => counted(n, "coding", "codings"),
        _ => counted(n, "statement", "statements"),
    };
    let from = if counted_in == networks.n_read {
        format!("from {}", said(counted_in))
    } else {
        format!("from {} of {}", thousands(counted_in as u64), said(networks.n_read))
    };
    format!(
        "{} {} {}{}, {from}{}.",
        capital(&nodes),
        ties(networks.choice.mode),
        if found.said.kind == "passages" {
            "the passages that hold both"
        } else {
            rule(networks.choice.mode, settings.aggregation)
        },
        divided(settings.normalisation),
        if found.said.kind == "passages" { "" } else { once(settings.duplicates) }
    )
}

const fn ties(mode: Mode) -> &'static str {
    match mode {
        Mode::Actors | Mode::Concepts => "tied by",
        Mode::TwoMode => "of which they speak, tied by",
    }
}

/// Returns what a tie is, with the word of the field for it.
const fn rule(mode: Mode, aggregation: Aggregation) -> &'static str {
    match (mode, aggregation) {
        (Mode::Actors, Aggregation::Ignore) => "the concepts of which both speak",
        (Mode::Concepts, Aggregation::Ignore) => "the actors who speak of both",
        (Mode::TwoMode, Aggregation::Ignore) => "how often",
        (Mode::Actors, Aggregation::Congruence) => "the stances that both take (congruence)",
        (Mode::Concepts, Aggregation::Congruence) => "the actors who hold the same of both (congruence)",
        (Mode::TwoMode, Aggregation::Congruence) => "what they are for (congruence)",
        (Mode::Actors, Aggregation::Conflict) => "the stances in which they differ (conflict)",
        (Mode::Concepts, Aggregation::Conflict) => "the actors who hold one and not the other (conflict)",
        (Mode::TwoMode, Aggregation::Conflict) => "what they are against (conflict)",
        (Mode::Actors | Mode::Concepts, Aggregation::Subtract) => "agreement less disagreement (subtract)",
        (Mode::TwoMode, Aggregation::Subtract) => "what is said for less what is said against (subtract)",
        (_, Aggregation::Combine) => "the kinds of stance (combine)",
    }
}

/// Returns by what ties are divided; nothing where they are not.
fn divided(by: Normalisation) -> String {
    if by == Normalisation::No { String::new() } else { format!(", divided by {}", name(by)) }
}

/// Returns what is counted once.
const fn once(duplicates: Duplicates) -> &'static str {
    match duplicates {
        Duplicates::Include => "",
        Duplicates::Document => "; what is repeated within a document counts once",
        Duplicates::Week => "; what is repeated within a week counts once",
        Duplicates::Month => "; what is repeated within a month counts once",
        Duplicates::Year => "; what is repeated within a year counts once",
        Duplicates::AcrossRange => "; what is repeated counts once",
    }
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
