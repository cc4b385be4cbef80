//! Sentences of this answer.

use super::answer::Slippage;
use crate::words::{capital, counted, thousands};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::Span;
use nomoscope_core::usage::slip::mention::{Speaker, SpeakerBy};
use nomoscope_core::usage::slip::{Group, Pair, Switch, Verdict, permutations_for};
use nomoscope_stats::Interval;

/// Returns the label of a concept.
pub(super) fn label(corpus: &Corpus, concept: ConceptIx) -> &str {
    corpus.codebook.get(concept).label_in("en")
}

/// Returns what people call a speaker: by the title of the source, where the name has its path.
pub(super) fn speaker(corpus: &Corpus, speaker: &Speaker) -> String {
    let source = speaker.mentions.first().and_then(|mention| corpus.sources.get(mention.source));
    let titled = source.filter(|source| !source.title.trim().is_empty());
    let renamed =
        titled.and_then(|source| Some(format!("{}{}", source.title, speaker.name.strip_prefix(&*source.path)?)));
    renamed.unwrap_or_else(|| speaker.name.clone())
}

/// Returns the names of a pair.
fn names(corpus: &Corpus, pair: &Pair) -> String {
    format!("“{}” and “{}”", label(corpus, pair.a), label(corpus, pair.b))
}

/// Returns one sentence a verdict, or says that none could be reached.
#[must_use]
pub fn lead(answer: &Slippage) -> String {
    let (corpus, g) = (&*answer.corpus, &answer.slip.all);
    if g.labels.len() < 2 {
        return "Fewer than two norm labels occur: there is nothing to slip between.".to_owned();
    }
    let n_mentions = g.speakers.iter().map(|s| s.mentions.len()).sum();
    let mut out = format!(
        "{} of {} by {}; {} of {} {} used often enough for a test.",
        counted(n_mentions, "mention", "mentions"),
        counted(g.labels.len(), "label", "labels"),
        counted(g.speakers.len(), "speaker", "speakers"),
        if g.tested == 0 { "none".to_owned() } else { thousands(g.tested as u64) },
        counted(g.pairs.len(), "pair", "pairs"),
        if g.tested < 2 { "is" } else { "are" },
    );
    for verdict in Verdict::ALL.into_iter().filter(|v| *v != Verdict::Undetermined) {
        let of: Vec<String> = g.pairs.iter().filter(|p| p.verdict == verdict).map(|p| names(corpus, p)).collect();
        if !of.is_empty() {
            let more = of.len().saturating_sub(3);
            let more =
                if more > 0 { format!(" and {}", counted(more, "more pair", "more pairs")) } else { String::new() };
            let shown = of.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
            out.push_str(&format!(" {}: {shown}{more}.", capital(verdict.meaning())));
        }
    }
    if g.pairs.iter().all(|p| p.verdict == Verdict::Undetermined) {
        out.push_str(" Of no pair do the data tell how it is used.");
    }
    out
}

/// Returns what slippage cannot be said from this.
#[must_use]
pub fn cautions(answer: &Slippage) -> Vec<String> {
    let Slippage { corpus, settings, slip } = answer;
    let mut out = Vec::new();
    let g = &slip.all;
    if answer.sources_are_speakers() {
        out.push(
            "No source has turns of speakers, so every source counts as a speaker, even where one actor has several."
                .to_owned(),
        );
    }
    if let SpeakerBy::Attribute(name) = &settings.speaker {
        let without = corpus.sources.iter().filter(|s| s.attribute(name).is_none()).count();
        if without > 0 {
            out.push(format!(
                "{} without `{name}`: each counts as a speaker of its own.",
                counted(without, "source", "sources")
            ));
        }
    }
    let needed = permutations_for(g.tested);
    if g.permutations < needed {
        out.push(format!(
            "{} random orders cannot reach p ≤ 0.05 / (2 × {}); {needed} would.",
            thousands(g.permutations as u64),
            g.tested
        ));
    }
    let free = || g.pairs.iter().filter(|p| p.verdict == Verdict::Interchangeable);
    let unlike = |p: &&Pair| {
        p.similarity.as_ref().is_ok_and(|s| s.interval.and_then(|i| i.upper).is_some_and(|upper| upper < 1.0))
    };
    let n_unlike = free().filter(unlike).count();
    if n_unlike > 0 {
        out.push(format!(
            "Of the interchangeable pairs, {} among words that are less alike than those around either label itself: in no order, but not of one meaning. Read the passages.",
            counted(n_unlike, "stands", "stand")
        ));
    }
    // docs/calibration-use.md: 40 speakers with 5 mentions each.
    let thin = |p: &&Pair| p.order.is_some_and(|o| o.ratio.expected < 3.0 * p.speakers as f64);
    let n_thin = free().filter(thin).count();
    if n_thin > 0 {
        out.push(format!(
            "Of the interchangeable pairs, {} on speakers with few mentions each, where simulations claimed as much of 2 % of pairs that topics keep apart.",
            counted(n_thin, "rests", "rest")
        ));
    }
    let small: Vec<&str> = slip.groups.iter().filter(|g| g.is_small()).map(|g| g.name.as_str()).collect();
    if !small.is_empty() {
        let more = small.len().saturating_sub(8);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push(format!("Groups of fewer than 5 speakers: {}{more}.", small[..small.len().min(8)].join(", ")));
    }
    out
}

/// Returns the ends of an interval.
pub(super) fn between(i: Option<Interval>) -> Option<String> {
    let i = i?;
    Some(format!("{:.2} to {:.2}", i.lower?, i.upper?))
}

/// Returns the passages most worth reading: of interchangeable pairs first, a pair in turn, nearest first.
#[must_use]
pub fn best(g: &Group, n: usize) -> Vec<(&Pair, &Switch)> {
    let mut out = Vec::new();
    for rank in 0..n {
        for pair in &g.pairs {
            if let Some(switch) = pair.passages.get(rank).filter(|_| out.len() < n) {
                out.push((pair, switch));
            }
        }
    }
    out
}

/// Returns the sentences from one label to the other, with the two spans in them.
#[must_use]
pub fn sentences(corpus: &Corpus, s: &Switch) -> Span {
    let coded = &corpus.coded[s.from.source];
    Span::new(coded.span(s.from.sentence).start, coded.span(s.to.sentence).end)
}
