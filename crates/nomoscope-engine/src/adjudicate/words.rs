//! Sentences of this answer.

use super::answer::{Item, Kind, Queue};
use crate::words::counted;

/// Returns what is to be decided.
#[must_use]
pub fn lead(queue: &Queue) -> String {
    if queue.sources.is_empty() {
        return "Nothing is to be decided yet: two coders must be done with the same source.".to_owned();
    }
    format!(
        "Two coders are done with {}. To be decided: {} and {}. Decided: {}.",
        counted(queue.sources.len(), "source", "sources"),
        counted(queue.agreed.len(), "agreement", "agreements"),
        counted(queue.open.len(), "difference", "differences"),
        queue.decided
    )
}

/// Returns how coders differ, as a sentence.
#[must_use]
pub fn difference(item: &Item) -> String {
    let Some(claim) = item.claims.first() else { return String::new() };
    let who = |names: &[&str]| names.join(" and ");
    match item.kind {
        Kind::Agreed => format!("{} marked this alike.", who(&item.coders())),
        Kind::Alone => {
            let marked = claim.marked_by();
            let others: Vec<&str> = item.coders().into_iter().filter(|c| !marked.contains(c)).collect();
            format!("{} marked “{}” here, {} did not.", who(&marked), claim.label, who(&others))
        }
        Kind::Words => format!("{} marked “{}” here, but not the same words.", who(&item.coders()), claim.label),
        Kind::Concepts => {
            let said = |c: &super::answer::Claim| format!("{} marked this as “{}”", who(&c.marked_by()), c.label);
            format!("{}.", item.claims.iter().map(said).collect::<Vec<_>>().join(", "))
        }
    }
}
