//! The answer in words.

use super::answer::{Audited, Found};
use crate::words::{counted, thousands};
use nomoscope_stats::proportion::Searched;

/// Concepts of which the map tells how much of them is found.
const TOLD: usize = 3;

/// Returns what was read, or that nothing was.
#[must_use]
pub fn lead(audited: &Audited) -> String {
    let Some(about) = &audited.audit else {
        return "Nobody has audited what the lexicon misses.".to_owned();
    };
    format!(
        "{} of {} drawn at random (seed {}) from {} of the study were read.",
        thousands(about.read as u64),
        counted(about.n, &about.level, &format!("{}s", about.level)),
        about.seed,
        thousands(about.population)
    )
}

/// Returns what should be known before a recall is used.
#[must_use]
pub fn cautions(audited: &Audited) -> Vec<String> {
    let Some(about) = audited.audit.as_ref().filter(|about| about.read > 0) else { return Vec::new() };
    let mut out = vec![
        "The recall is that of passages: a passage counts as found if any of its hits is right. It takes the hits that were looked at for a random sample of all.".to_owned(),
    ];
    if !about.same_codebook {
        out.push("The codebook was changed since the sample was drawn. If that was because of what the sample showed, the recall is too high: draw a new sample.".to_owned());
    }
    if about.population_now != about.population {
        out.push(format!(
            "The study had {} {}s when the sample was drawn, and has {} now: what came since was not sampled.",
            thousands(about.population),
            about.level,
            thousands(about.population_now)
        ));
    }
    out
}

/// Returns a recall with its interval and what it rests on; where there is none, what is wanting.
#[must_use]
pub fn recall<T>(found: &Found<T>) -> String {
    let Searched { found: hits, looked, audited, missed, .. } = found.counts;
    let Some((share, interval)) = &found.recall else {
        return match (hits > 0 && looked == 0, audited == 0) {
            (true, _) => "no hit was looked at".to_owned(),
            (_, true) => "no passage without a hit was read".to_owned(),
            _ => "nothing was there to be found".to_owned(),
        };
    };
    let (lower, upper) = (interval.lower.unwrap_or(0.0), interval.upper.unwrap_or(1.0));
    format!(
        "{:.0} % ({:.0} to {:.0} %; missed in {missed} of {} without a hit)",
        share * 100.0,
        lower * 100.0,
        upper * 100.0,
        counted(audited as usize, "passage", "passages")
    )
}

/// Returns what the map must say of what the lexicon finds and misses: by role, and of the concepts that it misses most.
#[must_use]
pub fn for_map(audited: &Audited) -> Vec<String> {
    let Some(about) = audited.audit.as_ref().filter(|about| about.read > 0) else { return Vec::new() };
    let mut out = Vec::new();
    let told = |name: &str, text: String| format!("{name} {text}");
    let roles: Vec<String> =
        audited.roles.iter().filter(|f| f.recall.is_some()).map(|f| told(&f.label, recall(f))).collect();
    let mut missed: Vec<&Found<_>> = audited.concepts.iter().filter(|f| f.counts.missed > 0).collect();
    missed.sort_by(|a, b| {
        let share = |f: &Found<_>| f.recall.as_ref().map_or(0.0, |(share, _)| *share);
        share(a).total_cmp(&share(b)).then_with(|| a.id.cmp(&b.id))
    });
    let concepts: Vec<String> = missed.iter().take(TOLD).map(|f| told(&format!("“{}”", f.label), recall(f))).collect();
    let audit = format!(
        "In a random audit of {} (seed {})",
        counted(about.read, &about.level, &format!("{}s", about.level)),
        about.seed
    );
    if roles.is_empty() && concepts.is_empty() {
        out.push(format!(
            "{audit} people found nothing that the lexicon misses; how much that says depends on how many they read."
        ));
        return out;
    }
    if !roles.is_empty() {
        out.push(format!("{audit}, of the passages that speak of them the lexicon finds: {}.", roles.join("; ")));
    }
    if !concepts.is_empty() {
        out.push(format!(
            "{audit}, what it finds least of: {}. Couplings with what is often missed are too weak, or not there.",
            concepts.join("; ")
        ));
    }
    out.extend(cautions(audited).into_iter().skip(1));
    out
}
