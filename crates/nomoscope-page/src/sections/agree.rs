//! The section on agreement, where at least two people coded the study.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::agree::answer::StudyAgreement;
use nomoscope_engine::agree::figures::model;
use nomoscope_engine::agree::tables;
use nomoscope_engine::agree::words::{PASSAGES, clip, opening};
use nomoscope_figure::agreement::draw;
use nomoscope_stats::agreement::Coefficient;

/// Returns the section, or none where nobody can be compared.
pub fn make(context: &Context<'_>) -> Option<Section> {
    let found = context.report.agreement.as_ref()?;
    let unit = format!("{}s", found.options.unit.name());
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&opening(found))))];
    blocks.push(Block::Table(tables::coefficients(&found.overall, &unit)));
    let model = model(found);
    blocks.extend(drawn(|view| vec![draw(&model, view)]));
    blocks.push(Block::Table(tables::by_concept(
        &found.concepts,
        &found.coders,
        "concept",
        Coefficient::KrippendorffAlpha,
    )));
    blocks.push(Block::Table(passages(found)));
    if let Ok(validity) = &found.validity {
        blocks.push(Block::Table(tables::lexicon(validity)));
    }
    Some(Section {
        id: "agreement".into(),
        nav: "Agreement".into(),
        title: "Agreement between coders".to_owned(),
        place: Place::AfterCluster,
        brief: format!(
            "The codings of {} are compared: how far they agree, concept by concept.",
            nomoscope_engine::words::counted(found.coders.len(), "coder", "coders")
        ),
        blocks,
    })
}

fn passages(a: &StudyAgreement) -> Table {
    let mut table = tables::passages(a);
    let all = table.rows.len();
    table.rows.truncate(PASSAGES);
    for row in &mut table.rows {
        if let Some(Cell::Text(words)) = row.last_mut() {
            clip(words);
        }
    }
    if all > PASSAGES {
        table.notes.push(format!("{PASSAGES} of {all}; `nomoscope agree --json` gives all of them."));
    }
    table
}
