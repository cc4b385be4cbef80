//! A report: one page, its figures as SVG and PNG, its tables as CSV. Bytes only; the caller writes them.

mod compare_section;
pub mod compare_tables;
pub mod evidence;
pub mod figures;
mod fonts;
pub mod html;
pub mod png;
pub mod sections;
pub mod tables;
pub mod words;

use nomoscope_core::figure::{Theme, View};
use sections::{Block, Context};
use std::collections::BTreeMap;

/// Width of the PNG figures: 180 mm at 300 dots an inch.
pub const PNG_WIDTH: u32 = 2126;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure could not be turned into pixels.
    #[error("figure `{figure}` could not be drawn as PNG: {reason}")]
    Png {
        /// The figure.
        figure: String,
        /// Why.
        reason: String,
    },
    /// A table could not be written.
    #[error("table `{table}` could not be written: {reason}")]
    Csv {
        /// The table.
        table: String,
        /// Why.
        reason: String,
    },
}

/// Returns the files of a report by their path within its folder.
///
/// # Errors
/// [`ReportError`]
pub fn files(context: &Context<'_>, head: &html::Head<'_>) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    let mut out = BTreeMap::new();
    let a = context.analysis;
    let view = View { theme: Theme::Auto, ..View::default() };
    let light = View { theme: Theme::Light, ..View::default() };
    let (figures, sections) = (figures::all(a, view), sections::all(context, view));
    let (printed, printed_sections) = (figures::all(a, light), sections::all(context, light));
    let blocks = || sections.iter().flat_map(|s| &s.blocks);
    let drawn = printed_sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
        Block::Figure(figure) => Some(figure),
        Block::Html(_) | Block::Table(_) => None,
    });
    for figure in printed.iter().chain(drawn) {
        let reason = |reason: String| ReportError::Png { figure: figure.id.clone(), reason };
        let png = png::png(&figure.svg, PNG_WIDTH).map_err(|e| reason(e.to_string()))?;
        out.insert(format!("figures/{}.png", figure.id), png);
        out.insert(format!("figures/{}.svg", figure.id), figure.svg.clone().into_bytes());
    }
    let further = blocks().filter_map(|b| match b {
        Block::Table(table) => Some(table),
        Block::Figure(figure) => Some(&figure.table),
        Block::Html(_) => None,
    });
    for table in tables::all(a).iter().chain(figures.iter().map(|f| &f.table)).chain(further) {
        let csv =
            tables::csv(table).map_err(|e| ReportError::Csv { table: table.id.clone(), reason: e.to_string() })?;
        out.insert(format!("tables/{}.csv", table.id), csv);
    }
    out.insert("report.html".to_owned(), html::page(a, &figures, &sections, head).into_bytes());
    out.insert("run.json".to_owned(), head.run.as_bytes().to_vec());
    Ok(out)
}
