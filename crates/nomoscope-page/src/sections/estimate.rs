//! What a table of lists says, in words, tables and a figure: for the terminal, the report and the files beside it.

use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::estimate::answer::{ASSUMPTIONS, Answer};
use nomoscope_engine::estimate::figures::figure;
use nomoscope_engine::estimate::tables::{models_table, strata_table};
use nomoscope_engine::estimate::words::{lines, range, warnings};
use nomoscope_engine::words::capital;
use nomoscope_figure::View;

pub use super::section::Listed;

/// Returns the section of a study's own tables of lists, if it has any.
#[must_use]
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    let several = context.lists.len() > 1;
    let of = |(i, listed): (usize, &Listed)| {
        let heading = several.then(|| Block::Html(format!("<h3>{}</h3>\n", escape(&listed.name))));
        let key = format!("lists-{}", i + 1);
        heading.into_iter().chain(blocks(&listed.name, &key, &listed.answer, &listed.by, view))
    };
    let blocks: Vec<Block> = context.lists.iter().enumerate().flat_map(of).collect();
    let title = "How many were not seen".to_owned();
    (!blocks.is_empty()).then_some(Section { id: "lists", nav: "Not seen", title, place: Place::AfterUse, blocks })
}

/// Returns the blocks that a report shows of a table of lists.
///
/// # Input
/// `name`: of the table, for people; `key`: lower-case letters, digits and hyphens, unique in the report, of which ids are made
#[must_use]
pub fn blocks(name: &str, key: &str, answer: &Answer, by: &[String], view: View) -> Vec<Block> {
    let population = &answer.whole;
    let mut html = format!("<p><strong>{}</strong></p>\n<ul>\n", escape(&range(population)));
    for line in lines(population) {
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
    let mut out = vec![
        Block::Html(html),
        Block::Figure(figure(population, &format!("hidden-population-{key}"), Some(format!("Lists: {name}.")), view)),
        Block::Table(models_table(population, &format!("estimates-{key}"), &format!("Models of {name}"))),
    ];
    if !answer.strata.is_empty() {
        out.push(Block::Table(strata_table(answer, by, &format!("strata-{key}"))));
    }
    out
}
