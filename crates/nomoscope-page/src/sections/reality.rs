//! The section "Reality check": how few of those whom the norm protects it reaches.

use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_core::reach::attrition::Settings;
use nomoscope_engine::attrition::answer as attrition;
use nomoscope_engine::bundled;
use nomoscope_engine::estimate::answer::{Options, estimate};
use nomoscope_figure::{View, reality_check};
use nomoscope_formats::Input;
use nomoscope_formats::list_table::{self, ListOptions};

/// Returns the section, in the demonstration on child trafficking.
pub fn make(context: &Context<'_>, view: View) -> Option<Section> {
    if !super::shows_reach(context) {
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
    blocks.extend(unseen(view));
    Some(Section {
        id: "reality-check",
        nav: "Reality check",
        title: "Reality check".to_owned(),
        place: Place::AfterDefinition,
        blocks,
    })
}

/// How many nobody saw, in one country and year: why the first stage of the chain is so uncertain.
fn unseen(view: View) -> Vec<Block> {
    let input = Input { name: "uk-2013.csv", bytes: bundled::LISTS };
    let Ok(table) = list_table::read(&input, &ListOptions::default()) else { return Vec::new() };
    let Ok(answer) = estimate(&table, &Options::default(), &|_| ()) else { return Vec::new() };
    let intro = "<h3>Those whom nobody saw</h3>\n<p>The first stage of the chain is an estimate, and how uncertain such estimates are shows where lists of victims overlap: \
                 the potential victims of trafficking on six lists in the United Kingdom in 2013 (Silverman 2014, Home Office), children and adults together.</p>\n";
    let mut out = vec![Block::Html(intro.to_owned())];
    out.extend(super::estimate::blocks("the United Kingdom, 2013", "uk-2013", &answer, &table.by, view));
    out
}
