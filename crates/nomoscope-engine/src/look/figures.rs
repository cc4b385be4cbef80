//! Filling the models of figures.

use super::answer::Look;
use crate::map::figures::drawn;
use crate::terms;
use nomoscope_figure::xray::{self, Text, Track, Xray};
use nomoscope_figure::{Figure, Heading, View};

/// Returns the x-ray, and what sets groups apart.
#[must_use]
pub fn all(answer: &Look, view: View) -> Vec<Figure> {
    let mut out = Vec::new();
    if !answer.tracks.is_empty() {
        out.push(xray::draw(&model(answer), view));
    }
    out.extend(terms::figures::keyness(&answer.words, view));
    out
}

fn model(answer: &Look) -> Xray {
    let tracks = answer.tracks.iter().map(|track| Track { label: track.label.clone(), role: track.role.map(drawn) });
    let by = answer.words.rules.by.as_deref();
    let texts = answer.order().into_iter().map(|i| {
        let source = &answer.corpus().sources[i];
        let group = by.and_then(|by| source.attribute(by)).unwrap_or_default();
        let date = source.date.map(|date| date.to_string()).unwrap_or_default();
        let note: Vec<String> = [date, group].into_iter().filter(|words| !words.is_empty()).collect();
        Text {
            label: source.title.clone(),
            note: note.join(" · "),
            places: answer.tracks.iter().map(|track| track.places.get(i).cloned().unwrap_or_default()).collect(),
            href: None,
        }
    });
    Xray { heading: Heading::default(), tracks: tracks.collect(), texts: texts.collect() }
}
