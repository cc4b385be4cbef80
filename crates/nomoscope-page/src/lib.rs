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
use nomoscope_figure::{Figure, Frame, Theme, View};
use nomoscope_formats::exchange::guarded;
use sections::{Block, Context, Section};
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
    for figure in figures {
        draw(figure, "", &mut out)?;
    }
    for table in tables.iter().chain(figures.iter().map(|f| &f.table)) {
        out.insert(format!("{}.csv", table.id), csv(table)?);
    }
    Ok(out)
}

/// Files are made for print, and light wherever they are opened; on the page a figure follows the reader's system.
fn draw(figure: &Figure, folder: &str, out: &mut BTreeMap<String, Vec<u8>>) -> Result<(), ReportError> {
    let reason = |reason: String| ReportError::Png { figure: figure.id.clone(), reason };
    let printed = figure.themed(Theme::Light);
    let png = png::png(&printed, PNG_WIDTH).map_err(|e| reason(e.to_string()))?;
    out.insert(format!("{folder}{}.png", figure.id), png);
    out.insert(format!("{folder}{}.svg", figure.id), printed.into_bytes());
    Ok(())
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
    let narrow = Parts::drawn_for(context, View { frame: Frame::Narrow });
    if let Some(under) = context.under {
        let told = parts.released(context, under);
        let mut out = release::files(&told, under, head)?;
        // What the wide figure may tell, the narrow one may.
        let may = |figure: &&Figure| told.figures.iter().any(|told| told.svg == figure.svg);
        let pairs = parts.drawn().zip(narrow.drawn()).filter(|(wide, _)| may(wide));
        out.extend(pairs.map(|(_, narrow)| for_a_column(narrow)));
        return Ok(out);
    }
    let mut out = parts.pages(context, head);
    for figure in parts.drawn() {
        draw(figure, "figures/", &mut out)?;
    }
    out.extend(narrow.drawn().map(for_a_column));
    let further = parts.sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
        Block::Table(table) => Some(table),
        Block::Figure(figure) => Some(&figure.table),
        Block::Html(_) => None,
    });
    let of_map = parts.figures.iter().map(|f| &f.table);
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
    figures: Vec<Figure>,
    sections: Vec<Section>,
}

impl Parts {
    fn of(context: &Context<'_>) -> Self {
        Self::drawn_for(context, View::default())
    }

    fn drawn_for(context: &Context<'_>, view: View) -> Self {
        Self { figures: figures::all(&context.report.map, view), sections: sections::all(context, view) }
    }

    fn drawn(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().chain(self.sections.iter().flat_map(Section::figures))
    }

    fn released(&self, context: &Context<'_>, under: Threshold) -> Released {
        let further = self.sections.iter().flat_map(Section::tables).cloned();
        let tables: Vec<Table> = tables::all(&context.report.map).into_iter().chain(further).collect();
        release(tables, self.drawn().cloned().collect(), under)
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
