//! The report as one HTML page: figures inline, no script, no request, printable.

use crate::evidence;
use crate::sections::{Block, Place, Section};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::coupling::CouplingLevel;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::words::ranked;
use nomoscope_engine::map::{tables, words};
use nomoscope_figure::Figure;
use std::fmt::Write;

pub use crate::escape::escape;

pub(crate) const STYLE: &str = include_str!("report.css");
/// How many sources are listed by name.
const SOURCES: usize = 500;
/// How many rows of a table stand on the page; the CSV has all.
const ROWS: usize = 25;

/// What the page says of itself.
#[derive(Debug, Clone)]
pub struct Head<'t> {
    /// Title of the study.
    pub title: &'t str,
    /// What the study is about.
    pub description: &'t str,
    /// Date of the run, ISO.
    pub date: &'t str,
    /// The run record as JSON.
    pub run: &'t str,
    /// Program and version.
    pub program: &'t str,
}

/// Returns the page.
#[must_use]
pub fn page(a: &Analysis, figures: &[Figure], sections: &[Section], head: &Head<'_>) -> String {
    let all = tables::all(a);
    let page = Page { a, figures, tables: &all, sections };
    let mut out = String::with_capacity(1 << 20);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:\">\n\
         <meta name=\"generator\" content=\"{}\">\n<title>{}</title>\n<style>\n{}{STYLE}</style>\n</head>\n<body>\n",
        escape(head.program),
        escape(head.title),
        super::fonts::faces()
    );
    page.navigation(&mut out);
    out.push_str("<main>\n");
    page.first_screen(&mut out, head);
    page.emergence(&mut out);
    page.further(&mut out, Place::AfterEmergence);
    page.definition(&mut out);
    page.further(&mut out, Place::AfterDefinition);
    page.usage(&mut out);
    page.further(&mut out, Place::AfterUse);
    page.cluster(&mut out);
    page.further(&mut out, Place::AfterCluster);
    page.methods(&mut out, head);
    out.push_str("<section id=\"evidence\"><h2>Evidence</h2>\n<p>Every number above leads here or to a table. The passages are quoted from the sources of the study; marks show what the codebook found.</p>\n");
    out.push_str(&evidence::all(a));
    out.push_str("</section>\n");
    page.source_list(&mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The sections that every report has, in the order of the page: anchor, word in the list, what may stand after it.
const NAVIGATION: &[(&str, &str, Option<Place>)] = &[
    ("top", "The answer", None),
    ("emergence-section", "Emergence", Some(Place::AfterEmergence)),
    ("definition", "Definition", Some(Place::AfterDefinition)),
    ("use", "Use", Some(Place::AfterUse)),
    ("cluster", "Cluster", Some(Place::AfterCluster)),
    ("methods", "Methods", None),
    ("evidence", "Evidence", None),
    ("source-list", "Sources", None),
];

struct Page<'p> {
    a: &'p Analysis,
    figures: &'p [Figure],
    tables: &'p [Table],
    sections: &'p [Section],
}

impl Page<'_> {
    fn navigation(&self, out: &mut String) {
        out.push_str("<nav aria-label=\"Sections\"><ol>\n");
        let mut line = |id: &str, word: &str| {
            let _ = writeln!(out, "<li><a href=\"#{id}\">{word}</a></li>");
        };
        for (id, word, place) in NAVIGATION {
            line(id, word);
            for section in self.sections.iter().filter(|s| place.is_some_and(|p| s.place == p)) {
                line(section.id, section.nav);
            }
        }
        out.push_str("</ol></nav>\n");
    }

    /// The sections that come from elsewhere than the map: law, reach, groups, time.
    fn further(&self, out: &mut String, place: Place) {
        for section in self.sections.iter().filter(|s| s.place == place) {
            let _ = writeln!(out, "<section id=\"{}\"><h2>{}</h2>", section.id, escape(&section.title));
            for block in &section.blocks {
                match block {
                    Block::Html(html) => out.push_str(html),
                    Block::Figure(figure) => draw(out, figure),
                    Block::Table(table) => {
                        let html = html_table(table, ROWS, Some(self));
                        let _ = writeln!(out, "<div class=\"table\" id=\"table-{}\">{html}</div>", table.id);
                    }
                }
            }
            out.push_str("</section>\n");
        }
    }

    fn first_screen(&self, out: &mut String, head: &Head<'_>) {
        let a = self.a;
        let _ = writeln!(
            out,
            "<header id=\"top\"><h1>{}</h1>\n<p class=\"answer\">{}</p>",
            escape(head.title),
            escape(&words::answer(a))
        );
        let units: usize = a.focal.iter().map(std::collections::BTreeSet::len).sum();
        let _ = writeln!(
            out,
            "<ul class=\"numbers\"><li><a href=\"#source-list\"><b>{}</b> sources</a></li><li><a href=\"#table-sources\"><b>{}</b> units, {} on the focus</a></li><li><a href=\"#table-statements\"><b>{}</b> different statements</a></li><li>run of {}</li></ul></header>",
            nomoscope_engine::words::thousands(a.corpus.sources.len() as u64),
            nomoscope_engine::words::thousands(a.n_windows() as u64),
            nomoscope_engine::words::thousands(units as u64),
            nomoscope_engine::words::thousands(a.statements.counts.len() as u64),
            escape(head.date)
        );
        if !self.figure(out, "multiple-value") {
            out.push_str("<p class=\"caution\">No window holds two parts of a norm together, so there is no picture of the cluster.</p>\n");
        }
        if !head.description.is_empty() {
            let _ = writeln!(out, "<p class=\"description\">{}</p>", escape(head.description));
        }
        out.push_str("<h3>Three findings</h3>\n<ol class=\"findings\">\n");
        for finding in words::findings(a) {
            let _ = writeln!(
                out,
                "<li>{} <a href=\"#{}\">Evidence</a></li>",
                escape(&finding.text),
                escape(&finding.anchor)
            );
        }
        out.push_str("</ol>\n");
        let cautions = words::cautions(a);
        if !cautions.is_empty() {
            out.push_str("<aside class=\"caution\"><h3>What this report cannot say</h3>\n<ul>\n");
            for caution in cautions {
                let _ = writeln!(out, "<li>{}</li>", escape(&caution));
            }
            out.push_str("</ul></aside>\n");
        }
    }

    fn emergence(&self, out: &mut String) {
        out.push_str("<section id=\"emergence-section\"><h2>Emergence</h2>\n");
        let dated = self.a.corpus.sources.iter().filter(|s| s.date.is_some()).count();
        if dated == 0 {
            out.push_str("<p>No source has a date, so nothing can be said about emergence.</p>\n");
        } else {
            let first = self.a.first.len();
            let _ = writeln!(
                out,
                "<p>{} of {} sources are dated; {} of the codebook occur in them. {} of sources by their titles were found.</p>",
                nomoscope_engine::words::thousands(dated as u64),
                nomoscope_engine::words::thousands(self.a.corpus.sources.len() as u64),
                nomoscope_engine::words::counted(first, "concept", "concepts"),
                nomoscope_engine::words::counted(self.a.citations.len(), "reference", "references")
            );
        }
        if !self.figure(out, "emergence") && dated > 0 {
            out.push_str("<p class=\"note\">The picture of emergence is drawn for 2 to 80 dated instruments.</p>\n");
        }
        self.table(out, "first");
        self.table(out, "citations");
        out.push_str("</section>\n");
    }

    fn definition(&self, out: &mut String) {
        let a = self.a;
        out.push_str("<section id=\"definition\"><h2>Definition</h2>\n<p>A norm is read as <em>If [problem], [value] suggests [behaviour]</em> (Winston 2018). ");
        let _ = writeln!(
            out,
            "The heaviest statements on {} fill the formula as follows.</p>\n<ol class=\"formulas\">",
            escape(&words::subject(a))
        );
        for (i, (s, n)) in ranked(a).into_iter().enumerate().take(10) {
            let _ = writeln!(
                out,
                "<li><a href=\"#s-{}\">{}</a> <small>{} in {}</small></li>",
                i + 1,
                escape(&words::formula(a, s)),
                nomoscope_engine::words::counted(n.windows.len(), "unit", "units"),
                nomoscope_engine::words::counted(n.sources.len(), "source", "sources")
            );
        }
        out.push_str("</ol>\n");
        if let Some(undecided) = a.undecided {
            let _ = writeln!(
                out,
                "<p>Norm labels can be read as problems or as values, as in the article's two formulas. {:.0} % of the weight of statements moves between the rule and the reading of all labels as values; this share is <em>undecided</em>.</p>",
                undecided * 100.0
            );
        }
        self.figure(out, "single-value");
        self.table(out, "statements");
        self.table(out, "concepts");
        out.push_str("</section>\n");
    }

    fn usage(&self, out: &mut String) {
        out.push_str("<section id=\"use\"><h2>Use</h2>\n<p>Two questions are kept apart: are two concepts used in the same place, beyond what the length of the units explains (textual), and do sources that use the one also use the other (actor-level)?</p>\n");
        self.figure(out, "network");
        if !self.a.textual.iter().any(|c| c.backbone) {
            out.push_str("<p class=\"note\">No pair is coupled strongly and certainly enough for a backbone (q ≤ 0.05 and lower bound of the odds ratio at the threshold), so the network shows pairs that may be coupled, if any, as uncertain.</p>\n");
        }
        self.table(out, "couplings-textual");
        self.table(out, "couplings-actor");
        out.push_str("<h3>Complete or not, binding or not</h3>\n");
        self.table(out, "completeness");
        self.table(out, "force");
        out.push_str("</section>\n");
    }

    fn cluster(&self, out: &mut String) {
        let a = self.a;
        let _ = writeln!(out, "<section id=\"cluster\"><h2>Cluster</h2>\n<p>{}</p>", escape(&words::answer(a)));
        match (a.membership.bootstrap_rand, a.membership.algorithmic_rand) {
            (Some(b), Some(s)) => {
                let _ = writeln!(
                    out,
                    "<p>Communities found in bootstrap draws over sources agree with those of the whole study at an adjusted Rand index of {b:.2}; between seeds of the search alone (algorithmic) it is {s:.2}. Membership is the share of {} runs in which a concept shares the community of the focus: core from 0.8, boundary from 0.2.</p>",
                    nomoscope_engine::words::thousands(a.membership.runs as u64)
                );
            }
            _ => {
                let reason = a.membership.reason.as_deref().unwrap_or("no bootstrap draws were made for this study");
                let _ = writeln!(out, "<p>No graded membership: {}.</p>", escape(reason));
            }
        }
        for id in ["effective", "types", "support", "membership", "resemblance"] {
            self.table(out, id);
        }
        out.push_str("</section>\n");
    }

    fn methods(&self, out: &mut String, head: &Head<'_>) {
        let a = self.a;
        let o = &a.options;
        out.push_str("<section id=\"methods\"><h2>Methods and run record</h2>\n");
        let _ = writeln!(
            out,
            "<p>Concepts were found by the {} patterns of a codebook of {} concepts. Statements were formed in the sentence first; the {} supplied parts that the sentence lacked. \
             Textual coupling: score test of joint presence against what unit length explains, sources as clusters, and the Mantel-Haenszel odds ratio stratified by source and length with source-clustered variance; \
             actor-level coupling: exact conditional test with mid-p, stratified by {}. False discovery rates after Benjamini and Hochberg (1995). \
             Types after Winston (2018) from effective numbers (Jost 2006) with the coverage adjustment of Chao, Wang and Jost (2013). \
             Communities by the Leiden algorithm (Traag et al. 2019) on the backbone (q ≤ 0.05, lower bound of the odds ratio ≥ {}), {} bootstrap draws over sources, seed {}.</p>",
            nomoscope_engine::words::thousands(a.corpus.pattern_counts.len() as u64),
            nomoscope_engine::words::thousands(a.corpus.codebook.len() as u64),
            o.window.name(),
            escape(&o.strata),
            o.min_or,
            a.support.draws,
            o.seed
        );
        out.push_str("<p>References: Benjamini, Y. &amp; Hochberg, Y. (1995), JRSS B 57: 289–300. Chao, A., Wang, Y. T. &amp; Jost, L. (2013), Methods in Ecology and Evolution 4: 1091–1100. Jost, L. (2006), Oikos 113: 363–375. Narminio, É. (2020), What norms become in use. Traag, V. A., Waltman, L. &amp; van Eck, N. J. (2019), Scientific Reports 9: 5233. Winston, C. (2018), European Journal of International Relations 24: 638–661.</p>\n");
        let _ = writeln!(
            out,
            "<details><summary>Run record</summary><pre>{}</pre></details>\n</section>",
            escape(head.run)
        );
    }

    fn source_list(&self, out: &mut String) {
        out.push_str("<section id=\"source-list\"><h2>Sources</h2>\n<ol class=\"sources\">\n");
        for (i, source) in self.a.corpus.sources.iter().enumerate() {
            if i >= SOURCES {
                let _ = writeln!(
                    out,
                    "<li>and {} more, in <a href=\"tables/sources.csv\">tables/sources.csv</a></li>",
                    self.a.corpus.sources.len() - SOURCES
                );
                break;
            }
            let date = source.date.map(|d| format!(", {d}")).unwrap_or_default();
            let kind = source.kind.as_deref().map(|k| format!(" ({})", escape(k))).unwrap_or_default();
            let _ = writeln!(
                out,
                "<li id=\"src-{}\">{}{date}{kind} <small>{}</small></li>",
                i + 1,
                escape(&source.title),
                escape(&source.path)
            );
        }
        out.push_str("</ol>\n");
        self.table(out, "sources");
        out.push_str("</section>\n");
    }

    fn figure(&self, out: &mut String, id: &str) -> bool {
        let figure = self.figures.iter().find(|f| f.id == id);
        figure.iter().for_each(|f| draw(out, f));
        figure.is_some()
    }

    fn table(&self, out: &mut String, id: &str) {
        let Some(table) = self.tables.iter().find(|t| t.id == id) else { return };
        let _ = writeln!(out, "<div class=\"table\" id=\"table-{id}\">{}</div>", html_table(table, ROWS, Some(self)));
        if id == "completeness" {
            out.push_str("<a id=\"completeness\"></a>\n");
        }
    }

    /// Returns where the passages behind a row stand.
    fn anchor(&self, table: &str, row: usize) -> Option<String> {
        match table {
            "statements" => (row < nomoscope_engine::map::words::STATEMENTS).then(|| format!("#s-{}", row + 1)),
            "couplings-actor" => {
                let c = tables::sorted(self.a, CouplingLevel::Actor).into_iter().nth(row)?;
                Some(format!("#k-{}", self.a.id(c.a)))
            }
            "membership" => {
                let member = self.a.membership.members.get(row)?;
                self.a.occurs(member.concept).then(|| format!("#k-{}", self.a.id(member.concept)))
            }
            "completeness" => {
                let anchors = [
                    "statements",
                    "e-complete",
                    "e-supplied",
                    "e-without-problem",
                    "e-without-value",
                    "e-without-behaviour",
                    "e-without-value",
                    "e-without-value",
                    "e-another-value",
                ];
                let anchor = *anchors.get(row)?;
                let n = self.a.completeness[0];
                let there = [
                    0,
                    n.complete_alone,
                    n.complete - n.complete_alone,
                    n.without_problem,
                    n.without_value,
                    n.without_behaviour,
                    n.behaviour_without_value,
                    n.behaviour_without_value,
                    n.behaviour_with_value_of_another_norm,
                ];
                (there.get(row).is_some_and(|&n| n > 0)).then(|| format!("#{anchor}"))
            }
            "force" => {
                let (family, by_force) = self.a.force.iter().nth(row)?;
                let force = by_force.keys().next()?;
                Some(format!("#f-{family}-{}", force.name()))
            }
            "effective" | "types" | "support" | "resemblance" => Some("#table-statements".to_owned()),
            "sources" => (row < SOURCES).then(|| format!("#src-{}", row + 1)),
            "couplings-textual" => {
                let c = tables::sorted(self.a, CouplingLevel::Textual).into_iter().nth(row)?;
                (row < evidence::COUPLINGS).then(|| format!("#c-{}-{}", self.a.id(c.a), self.a.id(c.b)))
            }
            "concepts" => {
                let table = self.tables.iter().find(|t| t.id == "concepts")?;
                match (table.rows.get(row)?.first()?, table.rows.get(row)?.get(3)?) {
                    (Cell::Text(id), Cell::Count(1..)) => Some(format!("#k-{id}")),
                    _ => None,
                }
            }
            "first" => {
                let table = self.tables.iter().find(|t| t.id == "first")?;
                let Cell::Text(label) = table.rows.get(row)?.get(1)? else { return None };
                let ix = self.a.corpus.codebook.indices().find(|&c| self.a.label(c) == label)?;
                Some(format!("#k-{}", self.a.id(ix)))
            }
            _ => comparison_anchor(table, row),
        }
    }
}

/// Rows on groups lead to passages of their own, which stand below their tables.
fn comparison_anchor(table: &str, row: usize) -> Option<String> {
    const WITH_PASSAGES: [&str; 4] =
        ["compare-couplings-", "compare-statements-", "compare-avoidance-", "compare-furthest-"];
    if WITH_PASSAGES.iter().any(|start| table.starts_with(start)) {
        return (row < nomoscope_engine::compare::figures::EVIDENCE).then(|| format!("#e-{table}-{row}"));
    }
    table.starts_with("compare-groups-").then(|| "#table-sources".to_owned())
}

fn draw(out: &mut String, figure: &Figure) {
    let svg = figure.svg.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap_or(&figure.svg).trim_start();
    let _ = writeln!(
        out,
        "<figure class=\"wide\" id=\"figure-{0}\"><div class=\"scroll\">{svg}</div><figcaption><a href=\"figures/{0}.svg\">SVG</a> · <a href=\"figures/{0}.png\">PNG</a> · <a href=\"tables/{1}.csv\">CSV</a></figcaption>",
        escape(&figure.id),
        escape(&figure.table.id)
    );
    let _ = writeln!(
        out,
        "<details><summary>Data of this figure</summary>{}</details></figure>",
        html_table(&figure.table, ROWS, None)
    );
}

/// Writes a figure that stands alone: numbered, with its data, without files beside it.
pub(crate) fn plain_figure(out: &mut String, figure: &Figure, number: usize, rows: usize) {
    let svg = &figure.svg;
    let _ = writeln!(
        out,
        "<figure class=\"wide\" id=\"figure-{}\"><div class=\"scroll\">{svg}</div><figcaption>Figure {number}. {}.</figcaption>",
        escape(&figure.id),
        escape(&figure.title)
    );
    let _ = writeln!(
        out,
        "<details><summary>Data of this figure</summary>{}</details></figure>",
        html_table(&figure.table, rows, None)
    );
}

/// Returns a table that stands alone.
pub(crate) fn plain_table(table: &Table) -> String {
    html_table(table, usize::MAX, None)
}

fn html_table(table: &Table, rows: usize, page: Option<&Page<'_>>) -> String {
    let mut out = String::new();
    let _ = write!(out, "<table><caption>{}</caption><thead><tr>", escape(&table.title));
    for column in &table.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(&column.replace('_', " ")));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let wordy: Vec<bool> =
        (0..table.columns.len()).map(|i| table.rows.iter().any(|r| matches!(r.get(i), Some(Cell::Text(_))))).collect();
    for (i, row) in table.rows.iter().enumerate().take(rows) {
        let anchor = page.and_then(|p| p.anchor(&table.id, i));
        out.push_str("<tr>");
        for (cell, words) in row.iter().zip(&wordy) {
            html_cell(&mut out, cell, anchor.as_deref(), *words);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
    if table.rows.is_empty() && table.notes.is_empty() {
        out.push_str("<p class=\"note\">Nothing to show.</p>\n");
    }
    for note in &table.notes {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(note));
    }
    if page.is_some() {
        let more = table.rows.len().saturating_sub(rows);
        let rest = if more > 0 {
            format!("{} more rows in ", nomoscope_engine::words::thousands(more as u64))
        } else {
            String::new()
        };
        let _ = writeln!(out, "<p class=\"more\">{rest}<a href=\"tables/{0}.csv\">tables/{0}.csv</a></p>", table.id);
    }
    out
}

fn html_cell(out: &mut String, cell: &Cell, anchor: Option<&str>, wordy: bool) {
    let words = escape(&cell.display());
    let is_date = words.len() == 10 && words.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let _ = match (cell, anchor) {
        (Cell::Missing(reason), _) if wordy => write!(out, "<td><abbr title=\"{}\">–</abbr></td>", escape(reason)),
        (Cell::Text(_), _) if is_date => write!(out, "<td class=\"d\">{words}</td>"),
        (Cell::Missing(reason), _) => write!(out, "<td class=\"n\"><abbr title=\"{}\">–</abbr></td>", escape(reason)),
        (Cell::Text(_), _) => write!(out, "<td>{words}</td>"),
        (_, Some(anchor)) => write!(out, "<td class=\"n\"><a href=\"{}\">{words}</a></td>", escape(anchor)),
        (_, None) => write!(out, "<td class=\"n\">{words}</td>"),
    };
}
