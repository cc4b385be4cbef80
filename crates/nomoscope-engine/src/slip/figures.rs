//! Figures of this answer.

use super::words::label;
use crate::words::counted;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::usage::slip::{Label, Pair, Slip, Verdict};
use nomoscope_figure::slippage::{self, Name, Slippage};
use nomoscope_figure::{Figure, Heading, View};
use std::collections::BTreeMap;

/// Returns the matrix of labels; none where the data tell nothing of any pair.
#[must_use]
pub fn figure(corpus: &Corpus, slip: &Slip, view: View) -> Option<Figure> {
    let model = model(corpus, slip);
    let tells = model.pairs.iter().any(|p| p.ratio.is_some() || p.verdict != Verdict::Undetermined);
    tells.then(|| slippage::draw(&model, view))
}

/// Returns the model of the figure.
#[must_use]
pub fn model(corpus: &Corpus, slip: &Slip) -> Slippage {
    let g = &slip.all;
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
            listed: p.coordinated,
        })
    };
    let note = format!("{}; order within speakers.", counted(g.speakers.len(), "speaker", "speakers"));
    Slippage {
        heading: Heading { note: Some(note), ..Heading::default() },
        labels: g.labels.iter().map(name).collect(),
        pairs: g.pairs.iter().filter_map(pair).collect(),
    }
}
