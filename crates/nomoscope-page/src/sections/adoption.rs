//! The section "Diffusion": which states took the norm up, and how far law and courts trail behind.

use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::adoption::{answer as adoption, brought};
use nomoscope_figure::{View, adoption as figure, lag};

/// Returns the section, in the demonstration on child trafficking.
pub fn make(context: &Context<'_>, view: View) -> Option<Section> {
    if !super::shows_reach(context) {
        return None;
    }
    let states = brought::states().ok()?;
    let (treaties, steps) = brought::brought(&states).ok()?;
    let adoption = adoption::adoption(treaties, &steps, &states, None, 0);
    let mut html = String::new();
    for words in adoption.treaties.iter().map(adoption::TreatyReport::answer) {
        html.push_str(&format!("<p>{}</p>\n", escape(&words)));
    }
    for words in adoption.gap.iter().flat_map(adoption::GapReport::answer) {
        html.push_str(&format!("<p>{}</p>\n", escape(&words)));
    }
    html.push_str("<aside class=\"caution\"><h3>How to read this</h3>\n<ul>\n");
    for caution in adoption::cautions(&adoption) {
        html.push_str(&format!("<li>{}</li>\n", escape(&caution)));
    }
    html.push_str("</ul></aside>\n");
    let one = adoption::treaty_figure(&adoption, 0, &states).map(|m| figure::draw(&m, view));
    let lags = adoption.gap.as_ref().and_then(adoption::lag_figure).map(|m| lag::draw(&m, view));
    let many = adoption::comparison_figure(&adoption, "adoption-compared").map(|m| figure::draw(&m, view));
    let mut blocks = vec![Block::Html(html)];
    blocks.extend([one, lags, many].into_iter().flatten().map(Block::Figure));
    blocks.extend(adoption::tables(&adoption).into_iter().map(Block::Table));
    Some(Section {
        id: "diffusion",
        nav: "Diffusion",
        title: "Diffusion".to_owned(),
        place: Place::AfterCluster,
        blocks,
    })
}
