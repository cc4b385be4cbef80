//! The report of a study whose small counts are withheld: figures and tables as they may be told. Sentences and passages are
//! left out, for they tell counts, and passages can be counted.

use crate::escape::escape;
use crate::head::{Head, begin};
use crate::html::{plain_figure, plain_table};
use crate::{ReportError, csv, draw};
use nomoscope_core::table::Table;
use nomoscope_engine::disclosure::{Released, Threshold};
use nomoscope_engine::words::counted;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many rows of a table stand on the page; the CSV has all.
const ROWS: usize = 25;

/// Returns the files of the report by their path.
pub(crate) fn files(
    told: &Released,
    under: Threshold,
    head: &Head<'_>,
) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    let mut out = BTreeMap::new();
    out.extend(draw(told.figures.iter(), "figures/")?);
    for table in &told.tables {
        out.insert(format!("tables/{}.csv", table.id), csv(table)?);
    }
    out.extend([page(told, under, head)]);
    out.insert("run.json".to_owned(), head.run.as_bytes().to_vec());
    Ok(out)
}

/// Returns the page with its name.
pub(crate) fn page(told: &Released, under: Threshold, head: &Head<'_>) -> (String, Vec<u8>) {
    let mut out = String::with_capacity(1 << 19);
    begin(&mut out, head, head.title);
    out.push_str("<nav aria-label=\"Sections\"><ol>\n<li><a href=\"#top\">What is withheld</a></li>\n");
    if !told.figures.is_empty() {
        out.push_str("<li><a href=\"#figures\">Figures</a></li>\n");
    }
    out.push_str("<li><a href=\"#tables\">Tables</a></li>\n<li><a href=\"#methods\">Run record</a></li>\n</ol></nav>\n<main id=\"main\">\n");
    withheld(&mut out, told, under, head);
    if !told.figures.is_empty() {
        out.push_str("<section id=\"figures\"><h2>Figures</h2>\n");
        for (number, figure) in (1..).zip(&told.figures) {
            plain_figure(&mut out, figure, number, ROWS);
        }
        out.push_str("</section>\n");
    }
    out.push_str("<section id=\"tables\"><h2>Tables</h2>\n");
    for table in told.tables.iter().filter(|table| !table.rows.is_empty()) {
        let title = escape(&table.title);
        let (id, n) = (escape(&table.id), counted(table.rows.len(), "row", "rows"));
        // Its title stands in the fold, and a row beyond is in the file.
        let rows = table.rows.iter().take(ROWS).cloned().collect();
        let shown = Table {
            title: String::new(),
            columns: table.columns.clone(),
            rows,
            notes: table.notes.clone(),
            ..Table::default()
        };
        let more = if table.rows.len() > ROWS { "all rows in " } else { "" };
        let _ = writeln!(
            out,
            "<details class=\"table\" id=\"table-{id}\"><summary>{title} <small>{n}</small></summary>{}<p class=\"more\">{more}<a href=\"tables/{id}.csv\">tables/{id}.csv</a></p></details>",
            plain_table(&shown)
        );
    }
    let _ = writeln!(
        out,
        "</section>\n<section id=\"methods\"><h2>Run record</h2>\n<details><summary>{}</summary><pre>{}</pre></details>\n</section>\n</main>\n</body>\n</html>",
        escape(head.date),
        escape(head.run)
    );
    ("report.html".to_owned(), out.into_bytes())
}

/// Says what is withheld, and how.
fn withheld(out: &mut String, told: &Released, under: Threshold, head: &Head<'_>) {
    let most = under.get() - 1;
    let _ = writeln!(
        out,
        "<header id=\"top\"><h1>{}</h1>\n<p class=\"answer\">Small counts are withheld: no number here tells of {}.</p>\n</header>",
        escape(head.title),
        if most == 1 { "a single case".to_owned() } else { format!("fewer than {} cases", under.get()) }
    );
    let range = if most == 1 { "A count of 1".to_owned() } else { format!("A count from 1 to {most}") };
    let _ = writeln!(
        out,
        "<p>{range} may tell of somebody. All numbers of its row are withheld (<b>[c]</b>), and those of as many further rows as keep it from being computed: \
         the totals of each table, and of each group in it, are taken to be known. Where too few rows are left to hide among, a table tells no numbers. \
         What is withheld by its name in one table is withheld wherever it is named. Sentences with numbers and quoted passages are left out. \
         Somebody who knows more than this report tells, for example the answers of single persons, may still find out more.</p>"
    );
    let of = counted(told.tables.len(), "table", "tables");
    let _ = writeln!(out, "<p>Something is withheld in {} of {of}.</p>", told.touched);
    if !told.left_out.is_empty() {
        let list: String = told.left_out.iter().map(|title| format!("<li>{}</li>\n", escape(title))).collect();
        let _ = writeln!(
            out,
            "<details><summary>{}</summary>\n<ul>{list}</ul></details>",
            counted(
                told.left_out.len(),
                "figure is not drawn, for its data are not told in full",
                "figures are not drawn, for their data are not told in full"
            )
        );
    }
}
