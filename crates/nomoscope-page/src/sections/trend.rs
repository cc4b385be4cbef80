//! The cluster in time, as sentences and tables, and as a section of the report.

use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::trend::figures::figures;
use nomoscope_engine::trend::tables::tables;
use nomoscope_engine::trend::words::{answer, cautions};
use nomoscope_figure::View;

/// Returns the section of a report, for a study that names its periods.
#[must_use]
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    let a = context.analysis;
    let trend = a.trend(&context.meta.periods)?;
    let c = a.coded();
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&answer(c, trend))))];
    blocks.extend(figures(c, trend, a.options.min_or, view).into_iter().map(Block::Figure));
    blocks.extend(tables(c, trend).into_iter().filter(|t| !t.rows.is_empty()).map(Block::Table));
    let cautions = cautions(c, trend);
    if !cautions.is_empty() {
        let items: String = cautions.iter().map(|x| format!("<li>{}</li>", escape(x))).collect();
        blocks.push(Block::Html(format!("<ul class=\"cautions\">{items}</ul>\n")));
    }
    Some(Section { id: "trend", nav: "Change", title: "Change".to_owned(), place: Place::AfterEmergence, blocks })
}
