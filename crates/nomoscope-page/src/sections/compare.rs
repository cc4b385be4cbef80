//! The section on groups: who couples, holds and names what others do not, for each grouping of study.toml.

use super::section::drawn;
use crate::evidence::passage;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::statement::Statement;
use nomoscope_engine::compare::answer::Comparison;
use nomoscope_engine::compare::figures::{self, EVIDENCE, slug};
use nomoscope_engine::compare::json::joint_windows;
use nomoscope_engine::compare::tables::{self, in_words, sorted, sorted_statements};
use nomoscope_engine::compare::words::in_short;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::words::counted;
use std::fmt::Write;

/// Passages of each side.
const PASSAGES: usize = 2;

/// Makes the section from the groupings of the study; none where no grouping makes two groups.
#[must_use]
pub(super) fn make(context: &Context<'_>) -> Option<Section> {
    let a = &context.report.map;
    let mut blocks = Vec::new();
    let mut skipped = Vec::new();
    let mut brief = Vec::new();
    for group in &context.report.groups {
        match &group.found {
            Ok(comparison) => {
                brief.push(format!("By {}: {}", group.by, in_short(comparison)));
                grouping(&mut blocks, a, comparison);
            }
            Err(error) => skipped.push(error.to_string()),
        }
    }
    if blocks.is_empty() {
        return None;
    }
    let mut head = String::from(
        "<p>Groups of sources, as study.toml names them. Each pair of concepts has an odds ratio in each group; whether two groups differ is a test \
         of its own, over all pairs that could be tested. With more than two groups each is set against all others together.</p>\n",
    );
    for reason in skipped {
        let _ = writeln!(head, "<p class=\"note\">{}.</p>", escape(&nomoscope_engine::words::capital(&reason)));
    }
    blocks.insert(0, Block::Html(head));
    Some(Section {
        id: "compare".into(),
        nav: "Groups".into(),
        title: "Groups compared".to_owned(),
        place: Place::AfterUse,
        brief: brief.join(" "),
        blocks,
    })
}

fn grouping(blocks: &mut Vec<Block>, a: &Analysis, c: &Comparison) {
    let suffix = format!("-{}", slug(&c.choice.by));
    let mut html =
        format!("<h3 id=\"compare{suffix}\">By {}</h3>\n<p>{}</p>\n", escape(&c.choice.by), escape(&in_short(c)));
    if !c.warnings.is_empty() {
        html.push_str("<ul class=\"note\">\n");
        for warning in &c.warnings {
            let _ = writeln!(html, "<li>{}</li>", escape(warning));
        }
        html.push_str("</ul>\n");
    }
    blocks.push(Block::Html(html));
    blocks.extend(drawn(|view| figures::all(c, &suffix, view)));
    for table in tables::all(c, &suffix) {
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
    }
    blocks.push(Block::Html(evidence(a, c, &suffix)));
}

/// Returns the passages behind the rows of the tables that the page shows.
fn evidence(a: &Analysis, c: &Comparison, suffix: &str) -> String {
    let mut out = format!(
        "<details class=\"compare\"><summary>Passages behind the comparison by {}</summary>\n",
        escape(&c.choice.by)
    );
    for (i, (_, sides, x)) in sorted(c).into_iter().enumerate().take(EVIDENCE) {
        let pair = x.pair();
        let title = format!("{} – {}", a.label(pair.0), a.label(pair.1));
        let lists = [0, 1].map(|side| {
            let sources = sides.sources[side].iter().map(|&s| s as u32);
            let joint = joint_windows(&a.corpus, a.options.window, sources, pair, PASSAGES);
            (c.side(sides, side), joint, x.sides[side].n11)
        });
        entry(&mut out, a, &format!("e-compare-couplings{suffix}-{i}"), &title, lists, &[pair.0, pair.1]);
    }
    for (i, (_, sides, h)) in sorted_statements(c).into_iter().enumerate().take(EVIDENCE) {
        let wanted: Vec<ConceptIx> = h.statement.parts().into_iter().flatten().collect();
        let lists = [0, 1].map(|side| {
            let all = &h.windows[side];
            (c.side(sides, side), all.iter().copied().take(PASSAGES).collect(), all.len() as u64)
        });
        let title = in_words(&a.corpus.codebook, &h.statement);
        entry(&mut out, a, &format!("e-compare-statements{suffix}-{i}"), &title, lists, &wanted);
    }
    avoided(&mut out, a, c, suffix);
    furthest(&mut out, a, c, suffix);
    out.push_str("</details>\n");
    out
}

type Side<'s> = (&'s str, Vec<(u32, u32)>, u64);

fn entry(out: &mut String, a: &Analysis, id: &str, title: &str, lists: [Side<'_>; 2], wanted: &[ConceptIx]) {
    let _ = writeln!(out, "<div class=\"evidence\" id=\"{id}\"><h4>{}</h4>", escape(title));
    for (name, places, total) in lists {
        let _ = writeln!(out, "<p class=\"note\">{}: {}</p>", escape(name), counted(total as usize, "unit", "units"));
        for (source, unit) in places {
            out.push_str(&passage(a, source, unit, wanted));
        }
    }
    out.push_str("</div>\n");
}

fn avoided(out: &mut String, a: &Analysis, c: &Comparison, suffix: &str) {
    let rows = c.avoidance.iter().flat_map(|n| n.groups.iter().filter(|g| g.windows > 0).map(move |g| (n, g)));
    for (i, (norm, g)) in rows.enumerate().take(EVIDENCE) {
        let elements = a.corpus.codebook.elements(norm.label).unwrap_or_default();
        let within = |ix: &ConceptIx| elements.iter().flatten().any(|&e| a.corpus.codebook.includes(e, *ix));
        let wanted: Vec<ConceptIx> = a.corpus.codebook.indices().filter(within).collect();
        let (label, name) = (a.label(norm.label), c.groups[g.group].name.as_str());
        let _ = writeln!(
            out,
            "<div class=\"evidence\" id=\"e-compare-avoidance{suffix}-{i}\"><h4>{} without its name, {} <small>{}</small></h4>",
            escape(label),
            escape(name),
            counted(g.avoided.len(), "unit", "units")
        );
        for &(source, unit) in g.avoided.iter().take(PASSAGES + 1) {
            out.push_str(&passage(a, source, unit, &wanted));
        }
        out.push_str("</div>\n");
    }
}

fn furthest(out: &mut String, a: &Analysis, c: &Comparison, suffix: &str) {
    let pairs =
        c.portfolios.iter().filter(|p| p.among.is_none()).flat_map(|p| p.contrast.furthest.iter().map(move |f| (p, f)));
    for (i, (p, far)) in pairs.enumerate().take(EVIDENCE) {
        let [x, y] = [far.a, far.b].map(|k| p.contrast.compared[k]);
        let title = format!("{} – {}", c.title(x), c.title(y));
        let _ =
            writeln!(out, "<div class=\"evidence\" id=\"e-compare-furthest{suffix}-{i}\"><h4>{}</h4>", escape(&title));
        for (own, other) in [(x, y), (y, x)] {
            let Some(statement) = c.only(own, other).next() else { continue };
            let wanted: Vec<ConceptIx> = statement.parts().into_iter().flatten().collect();
            let Some((source, unit)) = place_of(a, statement, &c.actors[own].sources) else { continue };
            out.push_str(&passage(a, source, unit, &wanted));
        }
        out.push_str("</div>\n");
    }
}

/// Returns a window of these sources that makes the statement.
fn place_of(a: &Analysis, statement: &Statement, sources: &[usize]) -> Option<(u32, u32)> {
    let windows = &a.statements.counts.get(statement)?.windows;
    windows.iter().copied().find(|(s, _)| sources.contains(&(*s as usize)))
}
