//! The section "Reality check": how few of those whom the norm protects it reaches.

use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use crate::bundled;
use crate::reach::attrition;
use nomoscope_core::figure::{View, reality_check};
use nomoscope_core::reach::attrition::Settings;

/// Returns the section, in the demonstration on child trafficking.
pub fn make(context: &Context<'_>, view: View) -> Option<Section> {
    if !super::sections::shows_reach(context) {
        return None;
    }
    let settings = Settings { mixed: true, ..Settings::default() };
    let attrition = attrition::of_stages("narminio-2020.toml", bundled::ATTRITION, &settings, 0).ok()?;
    let model = attrition::figure(&attrition, attrition.ladders.first()?, "")?;
    let mut html = format!("<p>{}</p>\n", escape(&attrition::answer(&attrition)));
    html.push_str("<aside class=\"caution\"><h3>How to read this</h3>\n<ul>\n");
    for caution in attrition::cautions(&attrition) {
        html.push_str(&format!("<li>{}</li>\n", escape(&caution)));
    }
    html.push_str("</ul></aside>\n");
    let mut blocks = vec![Block::Html(html), Block::Figure(reality_check::draw(&model, view))];
    blocks.extend(attrition::tables(&attrition).into_iter().map(Block::Table));
    Some(Section {
        id: "reality-check",
        nav: "Reality check",
        title: "Reality check".to_owned(),
        place: Place::AfterDefinition,
        blocks,
    })
}
