//! The appendix of a report: every section in full, every figure that the report leaves out, tables, passages, sources.

use crate::evidence;
use crate::head::{Head, begin};
use crate::sections::{Block, Drawn, Place, Section};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::coupling::CouplingLevel;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::words::ranked;
use nomoscope_engine::map::{tables, words};
use nomoscope_figure::Figure;
use std::collections::BTreeSet;
use std::fmt::Write;

pub use crate::escape::escape;

/// How many sources are listed by name.
const SOURCES: usize = 500;
/// How many rows of a table stand on the page; the CSV has all.
const ROWS: usize = 25;

/// Returns the appendix; `drawn` are the figures that stand in the report.
#[must_use]
pub fn appendix(
    a: &Analysis,
    (figures, drawn): (&[Drawn], &BTreeSet<String>),
    sections: &[Section],
    head: &Head<'_>,
) -> String {
    let all = tables::all(a);
    let page = Page { a, figures, drawn, tables: &all, sections };
    let mut out = String::with_capacity(1 << 20);
    begin(&mut out, head, &format!("{}: appendix", head.title));
    page.navigation(&mut out);
    let _ = writeln!(
        out,
        "<main id=\"main\">\n<header><h1>Appendix</h1>\n<p>Everything behind <a href=\"report.html\">{}</a>: each section in full, tables, passages and sources. Tables are folded; all rows are in <code>tables/</code>.</p></header>",
        escape(head.title)
    );
    page.emergence(&mut out);
    page.further(&mut out, Place::AfterEmergence);
    page.definition(&mut out);
    page.further(&mut out, Place::AfterDefinition);
    page.usage(&mut out);
    page.further(&mut out, Place::AfterUse);
    page.cluster(&mut out);
    page.further(&mut out, Place::AfterCluster);
    page.methods(&mut out);
    out.push_str("<section id=\"evidence\"><h2>Passages</h2>\n<p>The passages behind every number, quoted from the sources of the study; marks show what the codebook found.</p>\n");
    out.push_str(&evidence::all(a));
    out.push_str("</section>\n");
    page.source_list(&mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The sections that every report has, in the order of the page: anchor, word in the list, what may stand after it.
const NAVIGATION: &[(&str, &str, Option<Place>)] = &[
    ("emergence-section", "Emergence", Some(Place::AfterEmergence)),
    ("definition", "Definition", Some(Place::AfterDefinition)),
    ("use", "Use", Some(Place::AfterUse)),
    ("cluster", "Cluster", Some(Place::AfterCluster)),
    ("methods-in-full", "Methods", None),
    ("evidence", "Evidence", None),
    ("source-list", "Sources", None),
];

struct Page<'p> {
    a: &'p Analysis,
    figures: &'p [Drawn],
    drawn: &'p BTreeSet<String>,
    tables: &'p [Table],
    sections: &'p [Section],
}

impl Page<'_> {
    fn navigation(&self, out: &mut String) {
        out.push_str("<nav aria-label=\"Sections\"><ol>\n<li><a href=\"report.html\">The report</a></li>\n");
        let mut line = |id: &str, word: &str| {
            let _ = writeln!(out, "<li><a href=\"#{id}\">{word}</a></li>");
        };
        for (id, word, place) in NAVIGATION {
            line(id, word);
            for section in self.sections.iter().filter(|s| place.is_some_and(|p| s.place == p)) {
                line(&section.id, &escape(&section.nav));
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
                    Block::Figure(drawn) => self.draw(out, drawn),
                    Block::Table(table) => self.folded(out, table),
                }
            }
            out.push_str("</section>\n");
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
            out.push_str(
                "<p>There is no picture of emergence: it takes 2 to 80 dated sources, and more than one date.</p>\n",
            );
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
            "The statements on {} fill the formula as follows: first what three sources say in sentences of their own, then the heaviest.</p>\n<ol class=\"formulas\">",
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
                "<p>The name of a norm can be read as a problem or as a value, as in the article's two formulas. For {:.0} % of the weight of statements the reading decides; this share is called <em>undecided</em>.</p>",
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
        if self.a.textual.iter().all(|c| c.p.is_none()) {
            out.push_str(
                "<p class=\"note\">No pair meets often enough, in enough sources, to be tested within texts.</p>\n",
            );
        } else if !self.a.textual.iter().any(|c| c.backbone) {
            out.push_str("<p class=\"note\">No pair is coupled beyond chance (q ≤ 0.05 and lower bound of the odds ratio at the threshold); a network shows pairs that may be coupled, if any, as uncertain.</p>\n");
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

    fn methods(&self, out: &mut String) {
        let a = self.a;
        let o = &a.options;
        out.push_str("<section id=\"methods-in-full\"><h2>Methods</h2>\n");
        let _ = writeln!(
            out,
            "<p>Concepts were found by the {} patterns of a codebook of {} concepts. Statements were formed in the sentence first; the {} supplied parts that the sentence lacked. \
             Textual coupling: joint presence against what unit length explains, sources as clusters, with odds ratio, p-value and interval from one statistic; \
             coupling between sources: penalised logistic regression (Firth 1993) that holds length, how much of the field is spoken of, and {}. False discovery rates after Benjamini and Hochberg (1995). \
             Types after Winston (2018) from effective numbers of order 2 (Simpson 1949), stray mentions taken out; support with wrong codings added. \
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
        out.push_str("</section>\n");
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
        let figure = self.figures.iter().find(|f| f.page.id == id);
        figure.iter().for_each(|f| self.draw(out, f));
        figure.is_some()
    }

    /// Draws a figure, or says that it stands in the report.
    fn draw(&self, out: &mut String, drawn: &Drawn) {
        let figure = &drawn.page;
        if self.drawn.contains(&figure.id) {
            let _ = writeln!(
                out,
                "<p class=\"note\"><a href=\"#figure-{}\">{}</a> is drawn in the report.</p>",
                escape(&figure.id),
                escape(&figure.title)
            );
        } else {
            draw(out, drawn);
        }
    }

    /// Writes a table under its title, folded; one without rows is not written.
    fn folded(&self, out: &mut String, table: &Table) {
        if table.rows.is_empty() && table.notes.is_empty() {
            return;
        }
        let _ = writeln!(
            out,
            "<details class=\"table\" id=\"table-{}\"><summary>{} <small>{}</small></summary>{}</details>",
            escape(&table.id),
            escape(&table.title),
            nomoscope_engine::words::counted(table.rows.len(), "row", "rows"),
            html_table(table, ROWS, Some(self))
        );
    }

    fn table(&self, out: &mut String, id: &str) {
        let Some(table) = self.tables.iter().find(|t| t.id == id) else { return };
        self.folded(out, table);
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
    if table.contains("-further-") {
        return None;
    }
    if WITH_PASSAGES.iter().any(|start| table.starts_with(start)) {
        return (row < nomoscope_engine::compare::figures::EVIDENCE).then(|| format!("#e-{table}-{row}"));
    }
    table.starts_with("compare-groups-").then(|| "#table-sources".to_owned())
}

/// Returns a figure in both widths; the style shows the one that has room, so that nothing is cut on a phone.
fn both(drawn: &Drawn) -> String {
    format!("<div class=\"scroll page\">{}</div><div class=\"column\">{}</div>", drawn.page.svg, drawn.column.svg)
}

fn draw(out: &mut String, drawn: &Drawn) {
    let figure = &drawn.page;
    let _ = writeln!(
        out,
        "<figure class=\"wide\" id=\"figure-{0}\">{1}<figcaption><a href=\"figures/{0}.svg\">SVG</a> · <a href=\"figures/{0}.png\">PNG</a> · <a href=\"tables/{2}.csv\">CSV</a></figcaption>",
        escape(&figure.id),
        both(drawn),
        escape(&figure.table.id)
    );
    let _ = writeln!(
        out,
        "<details><summary>Data of this figure</summary>{}</details></figure>",
        html_table(&figure.table, ROWS, None)
    );
}

/// Writes a numbered figure with its caption: what it says, and where its files are.
pub(crate) fn captioned(out: &mut String, drawn: &Drawn, number: usize) {
    let figure = &drawn.page;
    let _ = writeln!(
        out,
        "<figure class=\"wide\" id=\"figure-{0}\">{1}<figcaption>Figure {number}. {2}. <a href=\"figures/{0}.svg\">SVG</a>, <a href=\"figures/{0}.png\">PNG</a>, <a href=\"tables/{3}.csv\">data</a></figcaption></figure>",
        escape(&figure.id),
        both(drawn),
        escape(figure.title.trim_end_matches('.')),
        escape(&figure.table.id)
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
    // In a fold its title stands outside.
    let caption = if page.is_some() || table.title.is_empty() {
        String::new()
    } else {
        format!("<caption>{}</caption>", escape(&table.title))
    };
    let _ = write!(out, "<table>{caption}<thead><tr>");
    let wordy: Vec<bool> =
        (0..table.columns.len()).map(|i| table.rows.iter().any(|r| matches!(r.get(i), Some(Cell::Text(_))))).collect();
    for (heading, wordy) in table.headings().iter().zip(&wordy) {
        // A heading stands over its cells: words to the left, numbers to the right.
        let class = if *wordy { "" } else { " class=\"n\"" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(heading));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (i, row) in table.rows.iter().enumerate().take(rows) {
        let anchor = page.and_then(|p| p.anchor(&table.id, i));
        out.push_str("<tr>");
        for (cell, words) in row.iter().zip(&wordy) {
            html_cell(&mut out, cell, anchor.as_deref(), *words);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
    for remark in table.remarks() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&remark));
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
    let words = match cell {
        // A year is no thousand of anything.
        Cell::Count(n) => nomoscope_engine::words::thousands(*n),
        other => escape(&other.display()),
    };
    let is_date = words.len() == 10 && words.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let _ = match (cell, anchor) {
        (Cell::Missing(reason), _) if wordy => write!(out, "<td><abbr title=\"{}\">–</abbr></td>", escape(reason)),
        (Cell::Text(_), _) if is_date => write!(out, "<td class=\"d\">{words}</td>"),
        (Cell::Missing(reason), _) => write!(out, "<td class=\"n\"><abbr title=\"{}\">–</abbr></td>", escape(reason)),
        (Cell::Text(_), _) => write!(out, "<td>{words}</td>"),
        (Cell::Withheld, _) => write!(out, "<td class=\"n\"><abbr title=\"withheld\">{words}</abbr></td>"),
        (_, Some(anchor)) => write!(out, "<td class=\"n\"><a href=\"{}\">{words}</a></td>", escape(anchor)),
        (_, None) => write!(out, "<td class=\"n\">{words}</td>"),
    };
}
