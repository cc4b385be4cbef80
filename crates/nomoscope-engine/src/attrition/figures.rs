//! The answer as figures.

use super::answer::{Attrition, GroupLadder};
use nomoscope_core::reach::attrition::{Count, Ladder, Size, Stage};
use nomoscope_figure::reality_check::{self, RealityCheck, Rung};
use nomoscope_figure::{Figure, Heading, View};

/// The most groups of which a figure is drawn.
pub const MOST: usize = 24;

/// Returns a figure a group, of the first groups that have a ladder.
#[must_use]
pub fn all(attrition: &Attrition, view: View) -> Vec<Figure> {
    let known: Vec<&GroupLadder> = attrition.known().map(|(group, _)| group).collect();
    let draw = |(i, group): (usize, &&GroupLadder)| {
        let id = match known.len() {
            1 => reality_check::ID.to_owned(),
            _ => format!("{}-{}", reality_check::ID, i + 1),
        };
        ladder(attrition, group, &id).map(|model| reality_check::draw(&model, view))
    };
    known.iter().take(MOST).enumerate().filter_map(draw).collect()
}

/// Returns the model of a ladder's figure.
fn ladder(attrition: &Attrition, group: &GroupLadder, id: &str) -> Option<RealityCheck> {
    let ladder = group.ladder.as_ref().ok()?;
    let rungs = ladder.stages.iter().enumerate().map(|(at, stage)| rung(ladder, at, stage)).collect();
    let name = group.name();
    let mut note = attrition.title.clone();
    if let Some((all, any)) = group.reporting {
        note += &format!(". {all} of {any} reports by states have all stages");
    }
    let note = format!("{}.", note.trim_end_matches('.'));
    Some(RealityCheck { heading: Heading { id: id.to_owned(), title: None, note: Some(note) }, rungs, group: name })
}

fn rung(ladder: &Ladder, at: usize, stage: &Stage) -> Rung {
    let ratio = ladder.from_first.iter().find(|r| r.to == at);
    let count = ladder.counts.get(at);
    let rough = ratio.is_some_and(|r| r.order.is_some());
    let share = match ratio {
        None => Some(1.0),
        Some(r) => r.ratio.or_else(|| r.order.map(|o| 1.0 / 10_f64.powi(o))),
    };
    Rung {
        label: stage.label.clone(),
        unit: stage.unit.clone(),
        year: stage.year.clone(),
        source: stage.source.clone(),
        count: count.filter(|_| matches!(stage.size, Size::Count(_))).map(Count::point),
        share,
        interval: ratio.and_then(|r| r.interval).and_then(|i| Some((i.lower?, i.upper?))),
        rough,
    }
}
