//! The section on those who are on no list: what a study's own tables of lists say.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::estimate::answer::{ASSUMPTIONS, Estimated};
use nomoscope_engine::estimate::figures::figure;
use nomoscope_engine::estimate::tables::{models_table, strata_table};
use nomoscope_engine::estimate::words::{headline, lines, range, warnings};
use nomoscope_engine::words::capital;

/// Returns the section of a study's own tables of lists, if it has any.
#[must_use]
pub fn section(context: &Context<'_>) -> Option<Section> {
    let several = context.report.lists.len() > 1;
    let of_table = |(i, estimated): (usize, &Estimated)| {
        let name = estimated.name();
        let heading = several.then(|| Block::Html(format!("<h3>{}</h3>\n", escape(name))));
        heading.into_iter().chain(blocks(name, &format!("lists-{}", i + 1), estimated))
    };
    let blocks: Vec<Block> = context.report.lists.iter().enumerate().flat_map(of_table).collect();
    let title = "How many were not seen".to_owned();
    let brief =
        context.report.lists.iter().map(|estimated| format!("{}: {}", estimated.name(), range(&estimated.whole)));
    let brief = brief.collect::<Vec<_>>().join(" ");
    (!blocks.is_empty()).then_some(Section {
        id: "lists".into(),
        nav: "Not seen".into(),
        title,
        place: Place::AfterUse,
        brief,
        blocks,
    })
}

/// Returns the blocks that a report shows of a table of lists.
///
/// # Input
/// `name`: of the table, for people; `key`: lower-case letters, digits and hyphens, unique in the report, of which ids are made
#[must_use]
pub fn blocks(name: &str, key: &str, estimated: &Estimated) -> Vec<Block> {
    let population = &estimated.whole;
    let mut first = headline(population).into_iter();
    let mut html = format!("<p><strong>{}</strong></p>\n<ul>\n", escape(&first.next().unwrap_or_default()));
    for line in first.chain([range(population)]).chain(lines(population)) {
        html.push_str(&format!("<li>{}</li>\n", escape(&line)));
    }
    html.push_str("</ul>\n");
    for warning in warnings(population) {
        html.push_str(&format!("<p class=\"note\">{}.</p>\n", escape(&capital(&warning))));
    }
    html.push_str("<p>Every estimate assumes:</p>\n<ul>\n");
    for assumption in ASSUMPTIONS {
        html.push_str(&format!("<li>{}</li>\n", escape(assumption)));
    }
    html.push_str("</ul>\n");
    let (id, lists) = (format!("hidden-population-{key}"), format!("Lists: {name}."));
    let mut out = vec![Block::Html(html)];
    out.extend(drawn(|view| vec![figure(population, &id, Some(lists.clone()), view)]));
    out.push(Block::Table(models_table(population, &format!("estimates-{key}"), &format!("Models of {name}"))));
    if !estimated.strata.is_empty() {
        out.push(Block::Table(strata_table(estimated, &format!("strata-{key}"))));
    }
    out
}
