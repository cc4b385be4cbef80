//! The page of a first look: one file, figures inline, no script, no request.

use crate::escape::escape;
use crate::html::{plain_figure, plain_table};
use nomoscope_core::table::Table;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::look::answer::Look;
use nomoscope_engine::look::{tables, words};
use nomoscope_figure::{Figure, View};
use std::fmt::Write;

/// How many rows of a table stand open, and how many in all.
const OPEN: usize = 15;
const ROWS: usize = 200;

/// What the page says of itself.
#[derive(Debug, Clone)]
pub struct Head<'t> {
    /// What was looked at.
    pub title: &'t str,
    /// Date of the run, ISO.
    pub date: &'t str,
    /// The run record as JSON.
    pub run: &'t str,
    /// Program and version.
    pub program: &'t str,
}

/// Returns the page.
#[must_use]
pub fn page(look: &Look, head: &Head<'_>) -> String {
    let (figures, tables) = (look.figures(View::default()), tables::all(look));
    let mut out = String::with_capacity(1 << 19);
    crate::head::open(&mut out, head.program, head.title);
    out.push_str("<main>\n");
    let _ = writeln!(
        out,
        "<header id=\"top\"><h1>{}</h1>\n<p class=\"answer\">{}</p></header>",
        escape(head.title),
        escape(&look.lead())
    );
    let cautions = words::cautions(look);
    if !cautions.is_empty() {
        out.push_str("<aside class=\"caution\"><h2>Before you use this</h2>\n<ul>\n");
        for caution in &cautions {
            let _ = writeln!(out, "<li>{}</li>", escape(caution));
        }
        out.push_str("</ul></aside>\n");
    }
    let mut numbers = 1..;
    section(&mut out, "where", where_title(look), &figures, "xray", &mut numbers);
    if !look.words.groups.is_empty() {
        section(&mut out, "apart", "What sets them apart", &figures, "keyness", &mut numbers);
    }
    out.push_str("<div class=\"pair\">\n");
    for id in ["words", "phrases"] {
        listed(&mut out, &tables, id);
    }
    out.push_str("</div>\n");
    listed(&mut out, &tables, "keyness");
    for id in ["concepts", "left-out"] {
        listed(&mut out, &tables, id);
    }
    let _ = writeln!(
        out,
        "<section id=\"methods\"><h2>How this was counted</h2>\n<p>Words by the Unicode rules, case and accents folded; numbers and words that only join others are counted but not listed. Phrases stay between stops and commas. What sets a group apart is ordered by Dunning’s log-likelihood (1993), which tests nothing here. {}</p>\n<details><summary>Run record, {}</summary><pre>{}</pre></details>\n</section>",
        next(look),
        escape(head.date),
        escape(head.run)
    );
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn where_title(look: &Look) -> &'static str {
    if look.corpus().codebook.is_empty() { "Where the shared words stand" } else { "Where the concepts stand" }
}

fn next(look: &Look) -> &'static str {
    if look.corpus().codebook.is_empty() {
        "No codebook was used: the words drawn above are those that most texts share."
    } else {
        "Concepts were found by the patterns of the codebook; a study of your own has its own."
    }
}

/// Writes the figures of a kind under a heading, or nothing where there are none.
fn section(
    out: &mut String,
    id: &str,
    title: &str,
    figures: &[Figure],
    kind: &str,
    numbers: &mut impl Iterator<Item = usize>,
) {
    let mut shown = figures.iter().filter(|figure| figure.id.starts_with(kind)).peekable();
    if shown.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "<section id=\"{id}\"><h2>{title}</h2>");
    for (figure, number) in shown.zip(numbers) {
        plain_figure(out, figure, number, ROWS);
    }
    out.push_str("</section>\n");
}

/// Writes a table: its first rows, and the rest folded.
fn listed(out: &mut String, tables: &[Table], id: &str) {
    let Some(table) = tables.iter().find(|table| table.id == id && !table.rows.is_empty()) else { return };
    // The heading says what the table is.
    let bare = Table { title: String::new(), notes: Vec::new(), ..table.clone() };
    let first = Table { rows: table.rows.iter().take(OPEN).cloned().collect(), ..bare.clone() };
    let _ = writeln!(
        out,
        "<section id=\"table-{id}\"><h2>{}</h2>\n<div class=\"table\">{}</div>",
        escape(&table.title),
        plain_table(&first)
    );
    let rest: Vec<_> = table.rows.iter().skip(OPEN).take(ROWS - OPEN).cloned().collect();
    if !rest.is_empty() {
        let more = Table { rows: rest, ..bare };
        let _ = writeln!(
            out,
            "<details><summary>More</summary><div class=\"table\">{}</div></details>",
            plain_table(&more)
        );
    }
    for remark in table.remarks() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&remark));
    }
    if table.rows.len() > ROWS {
        let left = nomoscope_engine::words::thousands((table.rows.len() - ROWS) as u64);
        let _ = writeln!(out, "<p class=\"note\">{left} more are not on this page.</p>");
    }
    out.push_str("</section>\n");
}
