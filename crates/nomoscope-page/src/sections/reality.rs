//! The section "Reality check": how few of those whom the norm protects it reaches.

use super::section::{drawn, how_to_read};
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::attrition::question::Question;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::{bundled, estimate};
use nomoscope_formats::Input;

/// Returns the section, in the demonstration on child trafficking.
pub fn make(context: &Context<'_>) -> Option<Section> {
    if !super::shows_reach(context) {
        return None;
    }
    let attrition = Question { mixed: true, ..Question::default() }.ask(None, &Handle::default()).ok()?;
    let html = format!("<p>{}</p>\n{}", escape(&attrition.lead()), how_to_read(&attrition.cautions()));
    let mut blocks = vec![Block::Html(html)];
    blocks.extend(drawn(|view| attrition.figures(view)));
    blocks.extend(attrition.tables().into_iter().map(Block::Table));
    let (unseen, said) = unseen();
    blocks.extend(unseen);
    Some(Section {
        id: "reality-check".into(),
        nav: "Reality check".into(),
        title: "Reality check".to_owned(),
        place: Place::AfterDefinition,
        // What the figure of those whom nobody saw holds under must stand beside it.
        brief: format!("{} {said}", attrition.lead()).trim_end().to_owned(),
        blocks,
    })
}

/// How many nobody saw, in one country and year: why the first stage of the chain is so uncertain.
fn unseen() -> (Vec<Block>, String) {
    let input = Input { name: "uk-2013.csv", bytes: bundled::LISTS };
    let Ok(estimated) = estimate::question::Question::default().ask(&input, &Handle::default()) else {
        return (Vec::new(), String::new());
    };
    let intro = "<h3>Those whom nobody saw</h3>\n<p>The first stage of the chain is an estimate, and how uncertain such estimates are shows where lists of victims overlap: \
                 the potential victims of trafficking on six lists in the United Kingdom in 2013 (Silverman 2014, Home Office), children and adults together.</p>\n";
    let mut out = vec![Block::Html(intro.to_owned())];
    out.extend(super::estimate::blocks("the United Kingdom, 2013", "uk-2013", &estimated));
    (out, format!("In the United Kingdom in 2013: {}", estimated.lead()))
}
