//! How every page of a report begins.

use crate::escape::escape;
use crate::fonts::faces;
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");

/// What the page says of itself.
#[derive(Debug, Clone)]
pub struct Head<'t> {
    /// Title of the study.
    pub title: &'t str,
    /// What the study is about.
    pub description: &'t str,
    /// What the author of an illustration claims, in place of a computed answer.
    pub claim: Option<&'t str>,
    /// Date of the run, ISO.
    pub date: &'t str,
    /// The run record as JSON.
    pub run: &'t str,
    /// Program and version.
    pub program: &'t str,
}

/// Writes the head of a page up to its body, and the link past the list of sections.
pub(crate) fn begin(out: &mut String, head: &Head<'_>, title: &str) {
    open(out, head.program, title);
    out.push_str("<a class=\"skip\" href=\"#main\">Skip to the text</a>\n");
}

/// Writes the head of a page up to its body.
pub(crate) fn open(out: &mut String, program: &str, title: &str) {
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:\">\n\
         <meta name=\"generator\" content=\"{}\">\n<title>{}</title>\n<style>\n{}{STYLE}</style>\n</head>\n<body>\n",
        escape(program),
        escape(title),
        faces()
    );
}
