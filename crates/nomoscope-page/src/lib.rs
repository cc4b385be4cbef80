//! A report: one page with an appendix, its figures as SVG and PNG, its tables as CSV. Bytes only; the caller writes them.

mod escape;
pub mod evidence;
mod fonts;
pub mod head;
pub mod html;
mod links;
pub mod look;
pub mod png;
mod release;
mod report;
pub mod sections;
pub mod sheet;

pub use fonts::faces;

use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::disclosure::{Released, Threshold, release};
use nomoscope_engine::map::{figures, tables};
use nomoscope_figure::{Figure, Theme};
use nomoscope_formats::exchange::guarded;
use rayon::prelude::*;
use sections::{Block, Context, Drawn, Section, in_both};
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

/// Returns figures and tables as files by their path: SVG and PNG, and CSV of the data behind each; without small counts, where
/// a threshold is given.
///
/// # Errors
/// [`ReportError`]
pub fn beside(
    figures: &[Figure],
    tables: &[Table],
    under: Option<Threshold>,
) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    if let Some(under) = under {
        let told = release(tables.to_vec(), figures.to_vec(), under);
        return beside(&told.figures, &told.tables, None);
    }
    let mut out = BTreeMap::new();
    out.extend(draw(figures.iter(), "")?);
    for table in tables.iter().chain(figures.iter().map(|f| &f.table)) {
        out.insert(format!("{}.csv", table.id), csv(table)?);
    }
    Ok(out)
}

/// Files are made for print, and light wherever they are opened; on the page a figure follows the reader's system. Pictures of dots
/// take longest of all that a report is made of, so they are drawn side by side.
fn draw<'f>(figures: impl Iterator<Item = &'f Figure>, folder: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let files = |figure: &Figure| {
        let reason = |reason: String| ReportError::Png { figure: figure.id.clone(), reason };
        let printed = figure.themed(Theme::Light);
        let png = png::png(&printed, PNG_WIDTH).map_err(|e| reason(e.to_string()))?;
        let path = |ending: &str| format!("{folder}{}.{ending}", figure.id);
        Ok([(path("png"), png), (path("svg"), printed.into_bytes())])
    };
    let drawn: Vec<[(String, Vec<u8>); 2]> =
        figures.collect::<Vec<_>>().into_par_iter().map(files).collect::<Result<_, ReportError>>()?;
    Ok(drawn.into_iter().flatten().collect())
}

/// Returns the file of a figure that is laid out for one column of print.
fn for_a_column(figure: &Figure) -> (String, Vec<u8>) {
    (format!("figures/{}-90mm.svg", figure.id), figure.themed(Theme::Light).into_bytes())
}

fn csv(table: &Table) -> Result<Vec<u8>, ReportError> {
    to_csv(table).map_err(|e| ReportError::Csv { table: table.id.clone(), reason: e.to_string() })
}

/// Returns the files of a report by their path within its folder.
///
/// # Errors
/// [`ReportError`]
pub fn files(context: &Context<'_>, head: &head::Head<'_>) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    let parts = Parts::of(context);
    if let Some(under) = context.under {
        let told = parts.released(context, under);
        let mut out = release::files(&told, under, head)?;
        // What the wide figure may tell, the narrow one may.
        let may = |drawn: &&Drawn| told.figures.iter().any(|told| told.svg == drawn.page.svg);
        out.extend(parts.drawn().filter(may).map(|drawn| for_a_column(&drawn.column)));
        return Ok(out);
    }
    let mut out = parts.pages(context, head);
    out.extend(draw(parts.drawn().map(|drawn| &drawn.page), "figures/")?);
    out.extend(parts.drawn().map(|drawn| for_a_column(&drawn.column)));
    let further = parts.sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
        Block::Table(table) => Some(table),
        Block::Figure(drawn) => Some(&drawn.page.table),
        Block::Html(_) => None,
    });
    let of_map = parts.figures.iter().map(|drawn| &drawn.page.table);
    for table in tables::all(&context.report.map).iter().chain(of_map).chain(further) {
        out.insert(format!("tables/{}.csv", table.id), csv(table)?);
    }
    Ok(out)
}

/// Returns the pages of a report by their path within its folder, without the files that they lead to: those take longest.
#[must_use]
pub fn pages(context: &Context<'_>, head: &head::Head<'_>) -> BTreeMap<String, Vec<u8>> {
    let parts = Parts::of(context);
    match context.under {
        Some(under) => BTreeMap::from([release::page(&parts.released(context, under), under, head)]),
        None => parts.pages(context, head),
    }
}

/// What the pages of a report are put together from.
struct Parts {
    figures: Vec<Drawn>,
    sections: Vec<Section>,
}

impl Parts {
    fn of(context: &Context<'_>) -> Self {
        Self {
            figures: in_both(|view| figures::all(&context.report.map, view)).collect(),
            sections: sections::all(context),
        }
    }

    fn drawn(&self) -> impl Iterator<Item = &Drawn> {
        self.figures.iter().chain(self.sections.iter().flat_map(Section::drawn))
    }

    fn released(&self, context: &Context<'_>, under: Threshold) -> Released {
        let further = self.sections.iter().flat_map(Section::tables).cloned();
        let tables: Vec<Table> = tables::all(&context.report.map).into_iter().chain(further).collect();
        release(tables, self.drawn().map(|drawn| drawn.page.clone()).collect(), under)
    }

    fn pages(&self, context: &Context<'_>, head: &head::Head<'_>) -> BTreeMap<String, Vec<u8>> {
        let Self { figures, sections } = self;
        let drawn = report::chosen(figures, sections);
        let report = report::page(context.report, (figures, &drawn), sections, head);
        let appendix = html::appendix(&context.report.map, (figures, &drawn), sections, head);
        let [report, appendix] = links::between([("report.html", report), ("appendix.html", appendix)]);
        BTreeMap::from([
            ("report.html".to_owned(), report.into_bytes()),
            ("appendix.html".to_owned(), appendix.into_bytes()),
            ("run.json".to_owned(), head.run.as_bytes().to_vec()),
        ])
    }
}

/// Returns the table as CSV; words that begin like a formula are guarded, for a spreadsheet would run them.
///
/// # Errors
/// Those of the CSV writer, which memory does not give.
pub fn to_csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&table.columns)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            // A number and a sign alone are what they look like.
            Cell::Text(words) if words.len() > 1 && words.parse::<f64>().is_err() => guarded(words),
            other => other.csv(),
        }))?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_table_is_run() {
        let mut table = Table::new("t", "T", &["a", "b", "c"]);
        table.push(vec![Cell::text("@evil"), Cell::text("-1.5"), Cell::text("-")]);
        table.push(vec![Cell::text("=1+1"), Cell::Count(2), Cell::number(-0.5, 2)]);
        assert_eq!(String::from_utf8(to_csv(&table).unwrap()).unwrap(), "a,b,c\n'@evil,-1.5,-\n'=1+1,2,-0.5\n");
    }
}
