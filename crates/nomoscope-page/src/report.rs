//! The report: one answer, three findings, at most five figures, what cannot be said, how it was done. Everything else is in the
//! appendix, a page beside it, and in the tables.

use crate::escape::escape;
use crate::evidence;
use crate::head::{Head, begin};
use crate::html::captioned;
use crate::sections::{Drawn, FURTHER, Section};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::text::segment::sentences;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::{brief, words};
use nomoscope_engine::report::answer::Report as Found;
use nomoscope_engine::words::{capital, counted, thousands};
use nomoscope_figure::Figure;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The most figures on the page: with one more, the report of the demonstration is longer than eight screens.
const FIGURES: usize = 5;
/// Which figures stand on the page where there are more: by the beginning of their ids, the most telling first.
const TELLING: &[&str] = &[
    "multiple-value",
    "emergence",
    "attrition",
    "definition-matrix",
    "contrast",
    "hidden-population",
    "agreement",
    "slippage",
    "single-value",
    "network",
    "change",
    "adoption",
];
/// Sentences of a section, and caveats that stand open.
const SENTENCES: usize = 2;
const CAVEATS: usize = 4;
/// The longest quotation under a finding, in bytes.
const QUOTATION: u32 = 320;

/// A section of the page: its anchor, its heading, and where its figures and words come from.
struct Part {
    id: &'static str,
    heading: &'static str,
    /// Figures of the map, by the beginning of their ids.
    figures: &'static [&'static str],
    /// Sections from elsewhere, by their anchors.
    sections: &'static [&'static str],
}

/// The order of the article.
const PARTS: &[Part] = &[
    Part {
        id: "in-emergence",
        heading: "Emergence and diffusion",
        figures: &["emergence"],
        sections: &["diffusion", "trend"],
    },
    Part { id: "in-definition", heading: "Definition", figures: &["single-value"], sections: &[] },
    Part { id: "in-law", heading: "Law", figures: &[], sections: &["law"] },
    Part { id: "in-use", heading: "Use", figures: &["network"], sections: &["slip", "agreement"] },
    Part { id: "in-groups", heading: "Groups", figures: &[], sections: &["compare"] },
    Part { id: "in-cluster", heading: "Cluster", figures: &[], sections: &[] },
    Part { id: "in-reality", heading: "Reality check", figures: &[], sections: &["reality-check", "lists"] },
    Part { id: "in-further", heading: "Further questions", figures: &[], sections: &[FURTHER] },
];

/// Returns the page.
#[must_use]
pub(crate) fn page(
    found: &Found,
    (figures, drawn): (&[Drawn], &BTreeSet<String>),
    sections: &[Section],
    head: &Head<'_>,
) -> String {
    let report = Report { found, a: &found.map, figures, sections, drawn };
    let parts: Vec<(&Part, String)> =
        PARTS.iter().map(|part| (part, report.part(part))).filter(|(_, html)| !html.is_empty()).collect();
    let mut out = String::with_capacity(1 << 19);
    begin(&mut out, head, head.title);
    out.push_str("<nav aria-label=\"Sections\"><ol>\n<li><a href=\"#top\">The answer</a></li>\n");
    for (part, _) in &parts {
        let _ = writeln!(out, "<li><a href=\"#{}\">{}</a></li>", part.id, part.heading);
    }
    out.push_str("<li><a href=\"#limits\">Limits</a></li>\n<li><a href=\"#methods\">Methods</a></li>\n<li><a href=\"appendix.html\">Appendix</a></li>\n</ol></nav>\n<main id=\"main\">\n");
    report.first_screen(&mut out, head);
    parts.iter().for_each(|(_, html)| out.push_str(html));
    report.limits(&mut out);
    report.methods(&mut out, head);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Returns the figures that stand on the page, by their ids.
pub(crate) fn chosen(figures: &[Drawn], sections: &[Section]) -> BTreeSet<String> {
    let own = sections.iter().filter(|section| !is_kind(&section.id, FURTHER));
    let all: Vec<&Figure> = figures.iter().map(|drawn| &drawn.page).chain(own.flat_map(Section::figures)).collect();
    // One figure of a kind: of groupings, the first.
    let of_kind = |kind: &&str| all.iter().find(|figure| is_kind(&figure.id, kind)).map(|figure| figure.id.clone());
    let of_study = TELLING.iter().filter_map(of_kind).take(FIGURES);
    // Whoever asked a further question for the report wants to see its answer there.
    let asked = sections.iter().filter(|section| is_kind(&section.id, FURTHER));
    of_study.chain(asked.filter_map(|section| section.figures().next()).map(|figure| figure.id.clone())).collect()
}

fn is_kind(id: &str, kind: &str) -> bool {
    id.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

struct Report<'r> {
    found: &'r Found,
    a: &'r Analysis,
    figures: &'r [Drawn],
    sections: &'r [Section],
    drawn: &'r BTreeSet<String>,
}

impl Report<'_> {
    fn first_screen(&self, out: &mut String, head: &Head<'_>) {
        let a = self.a;
        let _ = writeln!(
            out,
            "<header id=\"top\"><h1>{}</h1>\n<p class=\"answer\">{}</p>",
            escape(head.title),
            escape(&brief::answer(a, head.claim))
        );
        let _ = writeln!(
            out,
            "<p class=\"numbers\">{} read, {} of them on {}; {}; {}.</p></header>",
            counted(a.corpus.sources.len(), "source", "sources"),
            thousands(a.focal_source_count() as u64),
            escape(&words::subject(a)),
            counted(a.statements.counts.len(), "different statement", "different statements"),
            escape(head.date)
        );
        let first = self.figures.iter().find(|drawn| drawn.page.id == "multiple-value");
        match first.filter(|drawn| self.drawn.contains(&drawn.page.id)) {
            Some(drawn) => captioned(out, drawn, self.number(&drawn.page.id)),
            None => out.push_str("<p>No statement names a problem, a value and a behaviour together, so there is no picture of the cluster.</p>\n"),
        }
        out.push_str("<section id=\"findings\"><h2>Three findings</h2>\n<ol class=\"findings\">\n");
        for finding in words::findings(a) {
            let _ = writeln!(
                out,
                "<li><p>{} <a href=\"#{}\">More passages</a></p>",
                escape(&finding.text),
                escape(&finding.anchor)
            );
            for &(source, unit) in finding.passages.iter().take(1) {
                out.push_str(&evidence::quotation(a, (source, unit), &all_concepts(a), &finding.concepts, QUOTATION));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol></section>\n");
    }

    /// Returns the number of a figure: its place among those on the page.
    fn number(&self, id: &str) -> usize {
        let of_map = |kinds: &'static [&'static str]| {
            self.figures.iter().map(|drawn| &drawn.page).filter(move |f| kinds.iter().any(|k| is_kind(&f.id, k)))
        };
        let mut order: Vec<&str> = vec!["multiple-value"];
        for part in PARTS {
            order.extend(of_map(part.figures).map(|figure| figure.id.as_str()));
            order.extend(self.of(part).flat_map(Section::figures).map(|figure| figure.id.as_str()));
        }
        let on_page = order.into_iter().filter(|id| self.drawn.contains(*id));
        on_page.take_while(|other| *other != id).count() + 1
    }

    fn of<'s>(&'s self, part: &'s Part) -> impl Iterator<Item = &'s Section> {
        part.sections.iter().flat_map(|id| self.sections.iter().filter(move |section| is_kind(&section.id, id)))
    }

    /// Returns a section of the page, or nothing where the study has nothing to say of it.
    fn part(&self, part: &Part) -> String {
        let mut body = String::new();
        let own = self.own_words(part.id);
        if !own.is_empty() {
            let _ = writeln!(body, "<p>{}</p>", escape(&own));
        }
        let of_map = self.figures.iter().filter(|f| part.figures.iter().any(|kind| is_kind(&f.page.id, kind)));
        for drawn in of_map.filter(|drawn| self.drawn.contains(&drawn.page.id)) {
            captioned(&mut body, drawn, self.number(&drawn.page.id));
        }
        for section in self.of(part) {
            // What every report asks is known from its place; what somebody asked has to be told.
            if is_kind(&section.id, FURTHER) {
                let _ = writeln!(body, "<h3>{}</h3>", escape(&section.title));
            }
            let _ =
                writeln!(body, "<p>{} <a href=\"#{}\">In full</a></p>", escape(&shortened(&section.brief)), section.id);
            for drawn in section.drawn().filter(|drawn| self.drawn.contains(&drawn.page.id)) {
                captioned(&mut body, drawn, self.number(&drawn.page.id));
            }
        }
        if body.is_empty() {
            return body;
        }
        format!("<section id=\"{}\"><h2>{}</h2>\n{body}</section>\n", part.id, part.heading)
    }

    /// Returns what the map itself says in a section: a sentence or two.
    fn own_words(&self, id: &str) -> String {
        let a = self.a;
        match id {
            "in-emergence" => emergence(a),
            "in-definition" => definition(a),
            "in-use" => usage(a),
            "in-cluster" => cluster(a),
            _ => String::new(),
        }
    }

    fn limits(&self, out: &mut String) {
        // That no support is given for an illustration follows from its first sentences.
        let mut cautions = self.found.cautions();
        cautions.retain(|caution| !self.a.options.illustration || !caution.contains("an illustration"));
        out.push_str("<section id=\"limits\"><h2>What this report cannot say</h2>\n");
        out.push_str("<p>It tells what these texts say, as far as the codebook’s words find it: not what was meant, and not what was done.</p>\n");
        let list = |out: &mut String, cautions: &[String]| {
            out.push_str("<ul>\n");
            for caution in cautions {
                let _ = writeln!(out, "<li>{}</li>", escape(caution));
            }
            out.push_str("</ul>\n");
        };
        let (open, folded) = cautions.split_at(cautions.len().min(CAVEATS));
        if !open.is_empty() {
            list(out, open);
        }
        if !folded.is_empty() {
            let _ =
                writeln!(out, "<details><summary>{}</summary>", counted(folded.len(), "more caveat", "more caveats"));
            list(out, folded);
            out.push_str("</details>\n");
        }
        out.push_str("</section>\n");
    }

    fn methods(&self, out: &mut String, head: &Head<'_>) {
        let a = self.a;
        let _ = writeln!(
            out,
            "<section id=\"methods\"><h2>Methods and run record</h2>\n<p>A norm is read as <em>If [problem], [value] suggests [behaviour]</em> (Winston 2018). {} and {} found the concepts; \
             parts of a norm that stand in one {} make a statement. <i>p</i> is how often chance alone would give as much; <i>q</i> is the same with the number of tests taken into account: at q ≤ 0.05, one in twenty of what is called found may be chance. \
             The <a href=\"#methods-in-full\">appendix</a> has the methods in full, every table, all passages and the list of sources.</p>",
            counted(a.corpus.codebook.len(), "concept", "concepts"),
            counted(a.corpus.pattern_counts.len(), "pattern", "patterns"),
            a.options.window.name()
        );
        if !head.description.is_empty() {
            let _ = writeln!(
                out,
                "<details><summary>About the study</summary><p>{}</p></details>",
                escape(head.description)
            );
        }
        let _ = writeln!(
            out,
            "<details><summary>Run record</summary><pre>{}</pre></details>\n</section>",
            escape(head.run)
        );
    }
}

fn all_concepts(a: &Analysis) -> Vec<ConceptIx> {
    a.corpus.codebook.indices().collect()
}

/// Returns the first sentences of what a section says.
fn shortened(brief: &str) -> String {
    let all = sentences(brief, Some("en"));
    let end = all.get(SENTENCES - 1).or(all.last()).map_or(brief.len(), |span| span.end as usize);
    brief.get(..end).unwrap_or(brief).trim().to_owned()
}

fn emergence(a: &Analysis) -> String {
    let sources = &a.corpus.sources;
    let dated = sources.iter().filter_map(|source| source.date);
    let (n, first, last) = (dated.clone().count(), dated.clone().min(), dated.max());
    let (Some(first), Some(last)) = (first, last) else {
        return "No source has a date, so nothing can be said about when the norm emerged.".to_owned();
    };
    let all = counted(sources.len(), "source", "sources");
    let which =
        if n == sources.len() { format!("The {all} are") } else { format!("{} of {all} are", thousands(n as u64)) };
    let cited = match a.citations.len() {
        0 => "none names another by its title".to_owned(),
        1 => "one names another by its title".to_owned(),
        n => format!("they name one another by title {} times", thousands(n as u64)),
    };
    let when = if first == last { format!("all {first}") } else { format!("from {} to {}", first.year, last.year) };
    capital(&format!("{which} dated, {when}; {cited}."))
}

fn definition(a: &Analysis) -> String {
    let all = words::ranked(a);
    let complete = all.iter().filter(|(s, _)| s.is_complete()).count();
    match (all.len(), complete) {
        (0, _) => String::new(),
        (1, 0) => "The one statement does not have all three parts of a norm.".to_owned(),
        (n, 0) => format!("None of the {} statements has all three parts of a norm.", thousands(n as u64)),
        (1, _) => "The one statement has all three parts of a norm.".to_owned(),
        (n, c) if n == c => format!("All {} different statements have all three parts of a norm.", thousands(n as u64)),
        (n, c) => {
            format!(
                "Of {}, {} all three parts of a norm; in the others a problem, a value or a behaviour is left unsaid.",
                counted(n, "different statement", "different statements"),
                counted(c, "has", "have")
            )
        }
    }
}

fn usage(a: &Analysis) -> String {
    let tested = a.textual.iter().filter(|c| c.p.is_some()).count();
    match (tested, words::coupled(a)) {
        (0, _) => "No pair of concepts meets often enough, in enough sources, to be tested.".to_owned(),
        (n, None) => format!("No pair of concepts is coupled beyond chance; {} tested.", were(n)),
        (n, Some(coupled)) => format!("{coupled}, at 5 % false discoveries; {} tested.", were(n)),
    }
}

fn were(n: usize) -> String {
    counted(n, "was", "were")
}

fn cluster(a: &Analysis) -> String {
    if a.options.illustration {
        return "Which concepts are at the core of the cluster is not asked of an illustration.".to_owned();
    }
    if let Some(reason) = &a.membership.reason {
        return format!("Which concepts are at the core of the cluster cannot be told: {reason}.");
    }
    words::standing(a).map_or_else(String::new, |standing| format!("{standing}."))
}
