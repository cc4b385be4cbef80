//! Figures of this answer.

use super::answer::Slippage;
use super::words::label;
use crate::words::counted;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::slip::{Label, Pair, Verdict};
use nomoscope_figure::slippage::{self, Name};
use nomoscope_figure::{Figure, Heading, View};
use std::collections::BTreeMap;

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
    let name = |l: &Label| Name {
        id: corpus.codebook.get(l.concept).id.clone(),
        label: label(corpus, l.concept).to_owned(),
        mentions: l.mentions,
        href: Some(format!("#k-{}", corpus.codebook.get(l.concept).id)),
    };
    let pair = |p: &Pair| {
        Some(slippage::Pair {
            a: *index.get(&p.a)?,
            b: *index.get(&p.b)?,
            ratio: p.order.map(|o| o.ratio.ratio),
            interval: p.order.and_then(|o| Some((o.interval.lower?, o.interval.upper?))),
            verdict: p.verdict,
            listed: p.lists,
        })
    };
    let note = format!("{}; order within speakers.", counted(g.speakers.len(), "speaker", "speakers"));
    slippage::Slippage {
        heading: Heading { note: Some(note), ..Heading::default() },
        labels: g.labels.iter().map(name).collect(),
        pairs: g.pairs.iter().filter_map(pair).collect(),
    }
}
