//! A sheet as a page of its own: no script, no remote asset.

use crate::escape::escape;
use nomoscope_core::sheet::{Block, Sheet};
use nomoscope_core::table::Table;
use std::fmt::Write;

const STYLE: &str = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:.3rem .5rem;text-align:left;vertical-align:top;font-size:.95rem}\
dt{font-weight:600}dd{margin:0 0 .6rem}footer{margin-top:2rem;font-size:.9rem;color:#444}@media print{body{margin:0}}";

/// Returns the page.
#[must_use]
pub fn html(sheet: &Sheet) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{}</title><style>{STYLE}</style></head>\n<body><main>\n<h1>{}</h1>\n",
        escape(&sheet.language),
        escape(&sheet.title),
        escape(&sheet.title)
    );
    for block in &sheet.blocks {
        match block {
            Block::Heading(words) => {
                let _ = writeln!(out, "<h2>{}</h2>", escape(words));
            }
            Block::Text(words) => {
                let _ = writeln!(out, "<p>{}</p>", escape(words));
            }
            Block::Field(name, value) => {
                let value = if value.is_empty() { "______________________" } else { value };
                let _ = writeln!(out, "<dl><dt>{}</dt><dd>{}</dd></dl>", escape(name), escape(value));
            }
            Block::List(items) => {
                let items: String = items.iter().map(|i| format!("<li>{}</li>", escape(i))).collect();
                let _ = writeln!(out, "<ul>{items}</ul>");
            }
            Block::Table(t) => table(&mut out, t),
        }
    }
    let _ = writeln!(out, "</main><footer>{}</footer></body></html>", escape(&sheet.foot));
    out
}

fn table(out: &mut String, table: &Table) {
    let _ = write!(out, "<table><caption>{}</caption><thead><tr>", escape(&table.title));
    for heading in table.headings() {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(&heading));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        let cells: String = row.iter().map(|c| format!("<td>{}</td>", escape(&c.display()))).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    out.push_str("</tbody></table>\n");
    for remark in table.remarks() {
        let _ = writeln!(out, "<p>{}</p>", escape(&remark));
    }
}
