//! What a section is, and what one may be made from.

use crate::escape::escape;
use nomoscope_core::table::Table;
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::report::answer::Report;
use nomoscope_figure::{Figure, Frame, View};
use std::borrow::Cow;

/// Where a section stands: the page follows the order of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the emergence of the norm.
    AfterEmergence,
    /// After its definition.
    AfterDefinition,
    /// After its use.
    AfterUse,
    /// After the cluster.
    AfterCluster,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// HTML; whoever makes it has escaped what came from outside.
    Html(String),
    /// A figure, drawn inline, with its data.
    Figure(Box<Drawn>),
    /// A table.
    Table(Table),
}

/// A figure as it stands on the page, and for one column of print.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// As wide as the page.
    pub page: Figure,
    /// 90 mm wide.
    pub column: Figure,
}

/// Draws figures in both widths: what they show is asked once, however often it is drawn.
pub(crate) fn in_both(draw: impl Fn(View) -> Vec<Figure>) -> impl Iterator<Item = Drawn> {
    let column = draw(View { frame: Frame::Narrow });
    draw(View::default()).into_iter().zip(column).map(|(page, column)| Drawn { page, column })
}

/// Returns the same as blocks of a section.
pub(super) fn drawn(draw: impl Fn(View) -> Vec<Figure>) -> impl Iterator<Item = Block> {
    in_both(draw).map(|drawn| Block::Figure(Box::new(drawn)))
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Anchor.
    pub id: Cow<'static, str>,
    /// Its word in the list of sections.
    pub nav: Cow<'static, str>,
    /// Its heading.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// What it says in a sentence or two, for the report; plain words.
    pub brief: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Section {
    /// Returns its figures, as they stand on the page.
    pub(crate) fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.drawn().map(|drawn| &drawn.page)
    }

    /// Returns its figures in both widths.
    pub(crate) fn drawn(&self) -> impl Iterator<Item = &Drawn> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Figure(drawn) => Some(&**drawn),
            Block::Html(_) | Block::Table(_) => None,
        })
    }

    /// Returns its tables, without those of its figures.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Figure(_) | Block::Html(_) => None,
        })
    }
}

/// What a section may be made from.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// What was found.
    pub report: &'c Report,
    /// Which counts are withheld; none where all are told.
    pub under: Option<Threshold>,
    /// Whether this is the demonstration, which carries the bundled law and figures of reach.
    pub demo: bool,
}

/// Returns whether a report carries the bundled figures of reach: the demonstration of the norm that they are about.
pub(crate) fn shows_reach(context: &Context<'_>) -> bool {
    context.demo && context.report.study.meta.focus.as_deref() == Some("child-trafficking")
}

/// Returns what must be said with the numbers of a section, as a box beside them.
pub(super) fn how_to_read(cautions: &[String]) -> String {
    let list: String = cautions.iter().map(|caution| format!("<li>{}</li>\n", escape(caution))).collect();
    format!("<aside class=\"caution\"><h3>How to read this</h3>\n<ul>\n{list}</ul></aside>\n")
}
