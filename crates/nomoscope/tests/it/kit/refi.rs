//! Projects of the kit as REFI-QDA, with everything that programs do otherwise than the standard.

use super::model::{Project, Text};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// How a project is written.
pub(super) struct Style {
    /// The name of the project in the archive.
    pub(super) inner: &'static str,
    /// The folder of its texts.
    pub(super) folder: &'static str,
    /// Attributes of the root beside its name.
    pub(super) root: &'static str,
    /// The path of a text, by the name of its file.
    pub(super) path: fn(&str) -> String,
    /// An identity as it is defined, and as it is referred to.
    pub(super) guid: fn(u32) -> String,
    pub(super) target: fn(u32) -> String,
    /// Whether texts stand in the XML.
    pub(super) inline: bool,
    /// Whether texts stand in PDF sources.
    pub(super) pdf: bool,
    /// What stands within a selection before its codings, and behind them.
    pub(super) in_selection: fn(usize) -> [String; 2],
    /// What stands before the sources, and behind them.
    pub(super) before: String,
    pub(super) after: String,
    /// What stands within the sources, behind all others.
    pub(super) sources: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            inner: "project.qde",
            folder: "sources",
            root: "xmlns=\"urn:QDA-XML:project:1.0\"",
            path: |file| format!("internal://{file}"),
            guid,
            target: guid,
            inline: false,
            pdf: false,
            in_selection: |_| <[String; 2]>::default(),
            before: String::new(),
            after: String::new(),
            sources: String::new(),
        }
    }
}

/// Identities: of coders from 1, of codes from 100, of texts from 1,000, of selections from 10,000, of codings from 100,000.
pub(super) fn guid(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-{n:012x}")
}

const TIME: &str = "2026-01-02T03:04:05Z";

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns an archive of files; nothing in it depends on the day, the system or the packer.
pub(super) fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Returns the project as a `.qdpx`.
pub(super) fn qdpx(project: &Project, style: &Style) -> Vec<u8> {
    let mut files = Vec::new();
    for (n, text) in project.texts.iter().enumerate().filter(|(_, text)| text.held && !style.inline) {
        files.push((format!("{}/{}", style.folder, file(n)), text.stored().into_bytes()));
    }
    // Programs put the project first or last.
    files.insert(files.len() / 2, (style.inner.to_owned(), xml(project, style).into_bytes()));
    zipped(&files)
}

fn file(text: usize) -> String {
    format!("{}.txt", guid(1000 + text as u32))
}

fn xml(project: &Project, style: &Style) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project {} name=\"Kit\">\n", style.root);
    if !project.coders.is_empty() {
        out.push_str("<Users>");
        for (n, name) in project.coders.iter().enumerate() {
            let _ = write!(out, "<User guid=\"{}\" name=\"{}\"/>", (style.guid)(1 + n as u32), escaped(name));
        }
        out.push_str("</Users>\n");
    }
    out.push_str("<CodeBook><Codes>");
    codes(project, style, None, &mut out);
    let _ = writeln!(out, "</Codes></CodeBook>\n{}", style.before);
    let mut sources = String::new();
    for (n, text) in project.texts.iter().enumerate() {
        source(project, style, n, text, &mut sources);
    }
    sources.push_str(&style.sources);
    if !sources.is_empty() {
        let _ = writeln!(out, "<Sources>\n{sources}</Sources>");
    }
    let _ = writeln!(out, "{}</Project>", style.after);
    out
}

fn codes(project: &Project, style: &Style, parent: Option<usize>, out: &mut String) {
    for (n, code) in project.codes.iter().enumerate().filter(|(_, code)| code.parent == parent) {
        let (id, name) = ((style.guid)(100 + n as u32), escaped(&code.name));
        let _ = write!(out, "<Code guid=\"{id}\" name=\"{name}\" isCodable=\"{}\">", code.codable);
        codes(project, style, Some(n), out);
        out.push_str("</Code>");
    }
}

fn source(project: &Project, style: &Style, n: usize, text: &Text, out: &mut String) {
    let (id, name) = ((style.guid)(1000 + n as u32), escaped(&text.name));
    if style.pdf {
        let pdf = (style.guid)(3000 + n as u32);
        let _ = write!(
            out,
            "<PDFSource guid=\"{pdf}\" name=\"{name}\" path=\"internal://{pdf}.pdf\"><Representation guid=\"{id}\" plainTextPath=\"{}\">",
            (style.path)(&file(n))
        );
    } else if style.inline {
        // A carriage return that is written as a sign of its own survives XML; one that is not is lost.
        let words = escaped(&text.words);
        let _ = write!(out, "<TextSource guid=\"{id}\" name=\"{name}\"><PlainTextContent>{words}</PlainTextContent>");
    } else {
        let path = escaped(&(style.path)(&file(n)));
        let _ = write!(out, "<TextSource guid=\"{id}\" name=\"{name}\" plainTextPath=\"{path}\">");
    }
    for (number, mark) in project.marks.iter().enumerate().filter(|(_, mark)| mark.text == n) {
        let (start, end) = project.place(mark);
        let [before, behind] = (style.in_selection)(number);
        let id = (style.guid)(10_000 + number as u32);
        let by = |coder: Option<usize>| {
            coder.map_or_else(String::new, |c| format!(" creatingUser=\"{}\"", (style.target)(1 + c as u32)))
        };
        let own = by(mark.codings.first().map_or(Some(0), |(_, coder)| *coder));
        let _ = write!(
            out,
            "\n<PlainTextSelection guid=\"{id}\" startPosition=\"{start}\" endPosition=\"{end}\"{own} creationDateTime=\"{TIME}\">{before}"
        );
        for (k, (code, coder)) in mark.codings.iter().enumerate() {
            let (coding, code) = (100_000 + 10 * number as u32 + k as u32, (style.target)(100 + *code as u32));
            let _ = write!(
                out,
                "<Coding guid=\"{}\"{} creationDateTime=\"{TIME}\"><CodeRef targetGUID=\"{code}\"/></Coding>",
                (style.guid)(coding),
                by(*coder)
            );
        }
        let _ = write!(out, "{behind}</PlainTextSelection>");
    }
    out.push_str(if style.pdf { "</Representation></PDFSource>\n" } else { "</TextSource>\n" });
}
