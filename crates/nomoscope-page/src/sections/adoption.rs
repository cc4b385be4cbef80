//! The section "Diffusion": which states took the norm up, and how far law and courts trail behind.

use super::section::{drawn, how_to_read};
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::adoption::question::Question;
use nomoscope_engine::adoption::words::lead;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;

/// Returns the section, in the demonstration on child trafficking.
pub fn make(context: &Context<'_>) -> Option<Section> {
    if !super::shows_reach(context) {
        return None;
    }
    let adoption = Question::default().ask(&[], &Handle::default()).ok()?;
    let said: String = lead(&adoption).iter().map(|words| format!("<p>{}</p>\n", escape(words))).collect();
    let mut blocks = vec![Block::Html(format!("{said}{}", how_to_read(&adoption.cautions())))];
    blocks.extend(drawn(|view| adoption.figures(view)));
    blocks.extend(adoption.tables().into_iter().map(Block::Table));
    Some(Section {
        id: "diffusion".into(),
        nav: "Diffusion".into(),
        title: "Diffusion".to_owned(),
        place: Place::AfterCluster,
        brief: lead(&adoption).join(" "),
        blocks,
    })
}
