//! The answer in words.

use super::answer::{Judged, Review};
use crate::words::{counted, thousands};

/// Returns how many hits were looked at, and how many of them are right.
#[must_use]
pub fn lead(review: &Review) -> String {
    let sum = |of: fn(&Judged) -> u64| review.concepts.iter().map(of).sum::<u64>();
    let (hits, right, wrong) = (sum(|c| c.hits), sum(|c| c.right), sum(|c| c.wrong));
    if right + wrong == 0 {
        return format!("{} of the lexicon; nobody has looked at one yet.", counted(hits as usize, "hit", "hits"));
    }
    format!(
        "{} of {} {} looked at: {} right, {} wrong.",
        thousands(right + wrong),
        counted(hits as usize, "hit of the lexicon", "hits of the lexicon"),
        if right + wrong == 1 { "was" } else { "were" },
        thousands(right),
        thousands(wrong)
    )
}

/// Returns what the precision does not say.
#[must_use]
pub fn cautions(review: &Review) -> Vec<String> {
    if review.concepts.iter().all(|c| c.precision().is_none()) {
        return Vec::new();
    }
    vec![
        "The precision is that of the hits that were looked at. If people looked at those that caught their eye, it is not that of all hits.".to_owned(),
        "What the lexicon misses is not in the precision: an audit tells it.".to_owned(),
    ]
}

/// Returns a precision with its interval and what it rests on, as people print it.
#[must_use]
pub fn precision(judged: &Judged) -> Option<String> {
    let (point, interval) = (judged.precision()?, judged.interval()?);
    let (lower, upper) = (interval.lower?, interval.upper?);
    let n = judged.right + judged.wrong;
    Some(format!("{:.0} % ({:.0} to {:.0} %, n = {n})", point * 100.0, lower * 100.0, upper * 100.0))
}
