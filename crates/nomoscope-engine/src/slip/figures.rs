//! Figures of this answer.

use super::answer::Slippage;
use super::words::{label, speaker};
use crate::words::counted;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::slip::mention::{Speaker, SpeakerBy};
use nomoscope_core::usage::slip::{Label, Pair, Verdict};
use nomoscope_figure::actors::{self, Actor, Actors};
use nomoscope_figure::slippage::{self, Name};
use nomoscope_figure::{Figure, Heading, View};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the pairs of labels; none where nothing is certain of any of them: the answer's first sentence says so.
#[must_use]
pub fn pairs(answer: &Slippage, view: View) -> Option<Figure> {
    let model = model(answer);
    let is_certain = model.pairs.iter().any(|p| p.verdict != Verdict::Undetermined);
    is_certain.then(|| slippage::draw(&model, view))
}

/// Returns the model of the figure.
fn model(answer: &Slippage) -> slippage::Slippage {
    let (corpus, g) = (&answer.corpus, &answer.slip.all);
    let index: BTreeMap<ConceptIx, usize> = g.labels.iter().enumerate().map(|(i, l)| (l.concept, i)).collect();
    let id = |concept: ConceptIx| corpus.codebook.get(concept).id.clone();
    let name = |l: &Label| Name { id: id(l.concept), label: label(corpus, l.concept).to_owned(), mentions: l.mentions };
    let pair = |p: &Pair| {
        Some(slippage::Pair {
            a: *index.get(&p.a)?,
            b: *index.get(&p.b)?,
            ratio: p.order.map(|o| o.ratio.ratio),
            interval: p.order.and_then(|o| Some((o.interval.lower?, o.interval.upper?))),
            verdict: p.verdict,
            listed: p.lists,
            href: Some(format!("#c-{}-{}", id(p.a), id(p.b))),
        })
    };
    let note = format!("{}; order within speakers.", counted(g.speakers.len(), "speaker", "speakers"));
    slippage::Slippage {
        heading: Heading { note: Some(note), ..Heading::default() },
        labels: g.labels.iter().map(name).collect(),
        pairs: g.pairs.iter().filter_map(pair).collect(),
    }
}

/// Returns who says what; none where fewer than three speakers are known by more than a few words.
#[must_use]
pub fn actors(answer: &Slippage, view: View) -> Option<Figure> {
    let model = who_says_what(answer);
    let known = model.actors.iter().filter(|actor| actor.total() >= actors::FEW).count();
    (model.labels.len() > 1 && known > 2).then(|| actors::draw(&model, view))
}

fn who_says_what(answer: &Slippage) -> Actors {
    let (corpus, g) = (&answer.corpus, &answer.slip.all);
    let mut labels: Vec<&Label> = g.labels.iter().filter(|l| l.mentions > 0).collect();
    labels.sort_by_key(|l| (std::cmp::Reverse(l.mentions), l.concept));
    let actor = |s: &Speaker| {
        let sources: BTreeSet<usize> = s.mentions.iter().map(|m| m.source).collect();
        // A speaker of several groups is in none.
        let groups = answer.settings.by.iter().flat_map(|by| {
            sources.iter().map(move |&i| corpus.sources[i].attribute(by).unwrap_or_default()).collect::<BTreeSet<_>>()
        });
        let mut groups = groups.collect::<Vec<_>>();
        Actor {
            name: speaker(corpus, s),
            group: if groups.len() == 1 { groups.remove(0) } else { String::new() },
            definition: String::new(),
            mentions: labels
                .iter()
                .map(|l| s.mentions.iter().filter(|m| m.label == l.concept).count() as u64)
                .collect(),
            href: match sources.into_iter().collect::<Vec<_>>()[..] {
                [only] => Some(format!("#src-{}", only + 1)),
                _ => None,
            },
        }
    };
    let note = match &answer.settings.speaker {
        SpeakerBy::Attribute(name) => format!("Actors: `{name}` of the sources."),
        SpeakerBy::Turns if answer.sources_are_speakers() => "Every source counts as an actor.".to_owned(),
        SpeakerBy::Turns => String::new(),
    };
    Actors {
        heading: Heading { note: (!note.is_empty()).then_some(note), ..Heading::default() },
        labels: labels.iter().map(|l| label(corpus, l.concept).to_owned()).collect(),
        actors: g.speakers.iter().map(actor).collect(),
    }
}
