//! The cluster in time, as a section of the report.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::answer::Answer;

/// Returns the section of a report, for a study that names its periods.
#[must_use]
pub fn section(context: &Context<'_>) -> Option<Section> {
    let answer = context.report.trend()?;
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&answer.lead())))];
    blocks.extend(drawn(|view| answer.figures(view)));
    blocks.extend(answer.tables().into_iter().filter(|t| !t.rows.is_empty()).map(Block::Table));
    let cautions = answer.cautions();
    if !cautions.is_empty() {
        let items: String = cautions.iter().map(|x| format!("<li>{}</li>", escape(x))).collect();
        blocks.push(Block::Html(format!("<ul class=\"cautions\">{items}</ul>\n")));
    }
    Some(Section {
        id: "trend".into(),
        nav: "Change".into(),
        title: "Change".to_owned(),
        place: Place::AfterEmergence,
        brief: answer.lead(),
        blocks,
    })
}
