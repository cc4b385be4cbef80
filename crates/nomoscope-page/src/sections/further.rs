//! Sections on what was asked beside everything else: a question each.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::report::answer::suffix;
use nomoscope_engine::report::{figures, tables, words};

/// The beginning of the anchors of these sections.
pub(crate) const FURTHER: &str = "further";

/// Makes the sections, in the order in which the questions stand.
pub(super) fn all(context: &Context<'_>) -> Vec<Section> {
    let section = |(i, further): (usize, &nomoscope_engine::report::answer::Further)| {
        let (brief, blocks) = match &further.answer {
            Ok(answer) => (answer.lead(), blocks(&**answer, &suffix(i))),
            // Why it has none stands among what the report cannot say.
            Err(_) => return None,
        };
        let title = words::title(&further.address);
        Some(Section {
            id: format!("{FURTHER}-{}", i + 1).into(),
            nav: title.clone().into(),
            title,
            place: Place::AfterCluster,
            brief,
            blocks,
        })
    };
    context.report.further.iter().enumerate().filter_map(section).collect()
}

fn blocks(answer: &dyn Answer, suffix: &str) -> Vec<Block> {
    let mut said = format!("<p>{}</p>\n", escape(&answer.lead()));
    let cautions: String = answer.cautions().iter().map(|words| format!("<li>{}</li>", escape(words))).collect();
    if !cautions.is_empty() {
        said.push_str(&format!("<ul class=\"cautions\">{cautions}</ul>\n"));
    }
    let mut out = vec![Block::Html(said)];
    out.extend(drawn(|view| figures::named(answer, suffix, view)));
    let told = tables::named(answer, suffix).into_iter().filter(|table| !table.rows.is_empty());
    out.extend(told.map(Block::Table));
    out
}
