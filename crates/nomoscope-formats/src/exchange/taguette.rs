//! Taguette: its database (`taguette.sqlite3`) and the `.sqlite3` that it exports.
//!
//! Documents are HTML; positions count UTF-8 bytes of the text without tags, the end not included. Between blocks that no
//! white space divides, a line end is put into the text after its passages are placed.

use super::counting::{Counting, Unit};
use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection};
use super::sqlite::{Database, at};
use super::times::time;
use crate::FormatError;
use ego_tree::NodeRef;
use nomoscope_core::study::Subject;
use scraper::{Html, Node};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fits(database: &Database<'_>) -> bool {
    database.has("highlights", &["document_id", "start_offset", "end_offset"])
        && database.has("documents", &["contents"])
}

pub(super) fn read(database: &Database<'_>) -> Result<ForeignProject, FormatError> {
    let mut project = ForeignProject { origin: "Taguette".to_owned(), ..ForeignProject::default() };
    let projects = database.rows("projects", &["id", "name", "description"])?;
    let several = projects.len() > 1;
    if let [only] = projects.as_slice() {
        project.name = at(only, 1).text();
    }
    if several {
        project
            .notes
            .push(format!("the file holds {} projects; their tags stand below the name of each", projects.len()));
    }
    for row in &projects {
        let (id, name) = (format!("project-{}", at(row, 0).text()), at(row, 1).text());
        project.remark(Subject::Study, at(row, 2).text(), "", String::new());
        if several {
            project.codes.push(ForeignCode { id, name, ..ForeignCode::default() });
        }
    }
    documents(database, &mut project)?;
    tags(database, &mut project, several)?;
    highlights(database, &mut project)?;
    Ok(project)
}

fn documents(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let rows = database.rows("documents", &["id", "name", "description", "contents", "filename"])?;
    project.count("documents", rows.len());
    for row in rows {
        let id = at(&row, 0).text();
        project.remark(Subject::Source(id.as_str().into()), at(&row, 2).text(), "", String::new());
        let contents = Some(at(&row, 3)).filter(|cell| !cell.is_null()).map(|cell| bare(&cell.text()));
        let (text, breaks) = contents.map_or((None, Vec::new()), |(text, breaks)| (Some(text), breaks));
        project.sources.push(ForeignSource {
            id,
            name: at(&row, 1).text(),
            text,
            breaks,
            usual: Counting { unit: Unit::Utf8, ..Counting::default() },
            ..ForeignSource::default()
        });
    }
    Ok(())
}

fn tags(database: &Database<'_>, project: &mut ForeignProject, several: bool) -> Result<(), FormatError> {
    let rows = database.rows("tags", &["id", "project_id", "path", "description"])?;
    project.count("tags", rows.len());
    for row in rows {
        project.codes.push(ForeignCode {
            id: at(&row, 0).text(),
            name: at(&row, 2).text(),
            description: at(&row, 3).text(),
            parent: several.then(|| format!("project-{}", at(&row, 1).text())),
            codable: true,
            ..ForeignCode::default()
        });
    }
    Ok(())
}

fn highlights(database: &Database<'_>, project: &mut ForeignProject) -> Result<(), FormatError> {
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let known: BTreeSet<String> = project.codes.iter().map(|code| code.id.clone()).collect();
    for row in database.rows("highlight_tags", &["highlight_id", "tag_id"])? {
        let tag = at(&row, 1).text();
        if known.contains(&tag) {
            tags.entry(at(&row, 0).text()).or_default().push(tag);
        }
    }
    let columns = ["id", "document_id", "start_offset", "end_offset", "snippet"];
    let rows = database.rows("highlights", &columns)?;
    project.count("highlights", rows.len());
    project.count("tags on highlights", tags.values().map(Vec::len).sum());
    let made = made(database)?;
    for row in rows {
        let id = at(&row, 0).text();
        let codes = tags.remove(&id).unwrap_or_default();
        let codings = codes.into_iter().map(|code| ForeignCoding { code, ..ForeignCoding::default() });
        let (created, coder) = made.get(&id).cloned().unwrap_or_default();
        if !coder.is_empty() && !project.coders.iter().any(|known| known.id == coder) {
            project.coders.push(ForeignCoder { id: coder.clone(), name: coder.clone() });
        }
        let snippet = Some(at(&row, 4)).filter(|cell| !cell.is_null());
        project.selections.push(Selection {
            codings: codings.collect(),
            source: at(&row, 1).text(),
            place: at(&row, 2).int().zip(at(&row, 3).int()),
            quote: snippet.map(|cell| bare(&cell.text()).0).filter(|quote| !quote.trim().is_empty()),
            created,
            coder,
            keep: true,
            id,
            ..Selection::default()
        });
    }
    for selection in project.selections.iter_mut().filter(|s| !s.codings.is_empty()) {
        selection.keep = false;
        let (created, coder) = (&selection.created, &selection.coder);
        selection.codings.iter_mut().for_each(|coding| {
            coding.created.clone_from(created);
            coding.coder.clone_from(coder);
        });
    }
    if project.selections.iter().any(|selection| selection.coder.is_empty()) {
        project.notes.push("Taguette does not say who made which highlight, but for those of its log".to_owned());
    }
    Ok(())
}

/// Returns when highlights were made, and by whom, where the log of the database says so: an export has no log, a server's database has.
fn made(database: &Database<'_>) -> Result<BTreeMap<String, (String, String)>, FormatError> {
    let mut made = BTreeMap::new();
    for row in database.rows("commands", &["date", "payload", "user_login"])? {
        let payload: serde_json::Value = serde_json::from_str(&at(&row, 1).text()).unwrap_or_default();
        if payload.get("type").and_then(|t| t.as_str()) == Some("highlight_add")
            && let Some(id) = payload.get("highlight_id").or_else(|| payload.get("id"))
        {
            made.entry(id.to_string()).or_insert_with(|| (time(&at(&row, 0).text()), at(&row, 2).text()));
        }
    }
    Ok(made)
}

/// Elements before and after which a line ends.
const BLOCKS: [&str; 32] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Returns the text of HTML without its tags, and the bytes at which one block ends and the next begins with no line end
/// between them.
fn bare(html: &str) -> (String, Vec<u32>) {
    // White space before the first element is none of a page, for the program too.
    let html = Html::parse_fragment(html.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']));
    let mut out = (String::new(), Vec::new());
    // The tree is walked by its edges: it may be deeper than a stack.
    for edge in html.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                Node::Text(text) => out.0.push_str(text),
                _ if is_block(&node) => divide(&mut out),
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) if is_block(&node) => divide(&mut out),
            ego_tree::iter::Edge::Close(_) => {}
        }
    }
    let end = u32::try_from(out.0.len()).unwrap_or(u32::MAX);
    out.1.retain(|at| *at > 0 && *at < end);
    let follows = |at: &u32| out.0.get(*at as usize..).is_some_and(|rest| !rest.starts_with(['\n', '\r']));
    out.1.retain(follows);
    out
}

fn is_block(node: &NodeRef<'_, Node>) -> bool {
    matches!(node.value(), Node::Element(element) if element.name() == "br" || BLOCKS.contains(&element.name()))
}

fn divide((text, breaks): &mut (String, Vec<u32>)) {
    let at = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if !text.ends_with(['\n', '\r']) && breaks.last() != Some(&at) {
        breaks.push(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_divided_where_nothing_divides_them() {
        let check = |html: &str, text: &str, breaks: &[u32]| assert_eq!(bare(html), (text.to_owned(), breaks.to_vec()));
        check("<p>a</p><p>b &amp; <b>c</b></p>", "ab & c", &[1]);
        check("<p>a</p>\n<p>b</p>\n", "a\nb\n", &[]);
        check("<ul><li>a<ul><li>b</li></ul></li></ul>", "ab", &[1]);
        check("a<br>b", "ab", &[1]);
        check("\n  <p>a</p>", "a", &[]);
        check("<table><tr><td>a</td><td>b</td></tr></table>", "ab", &[1]);
    }
}
