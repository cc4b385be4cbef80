//! The figures of all its answers, each under a name that no other has.

use super::answer::Report;
use crate::answer::Answer;
use nomoscope_figure::{Figure, View};

/// Returns all figures.
#[must_use]
pub fn all(report: &Report, view: View) -> Vec<Figure> {
    report.parts().iter().flat_map(|part| named(part.answer, &part.suffix, view)).collect()
}

/// Returns the figures of an answer, their ids ending in `suffix`.
#[must_use]
pub fn named(answer: &dyn Answer, suffix: &str, view: View) -> Vec<Figure> {
    let mut figures = answer.figures(view);
    for figure in &mut figures {
        figure.id.push_str(suffix);
        figure.table.id.push_str(suffix);
    }
    figures
}
