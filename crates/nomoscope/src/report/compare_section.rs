//! The section on groups: who couples, holds and names what others do not, for each grouping of study.toml.

use super::compare_tables::{self, grouped_by, in_words, sorted, sorted_statements, verdict};
use super::evidence::passage;
use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use super::words::{counted, p_value, ratio, thousands};
use crate::analysis::{Analysis, Options};
use crate::compare::{ACTOR, Choice, Comparison, DEFINITION, Material, compare};
use crate::json::compare::joint_windows;
use nomoscope_core::codebook::{ConceptIx, Role as CodebookRole};
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::usage::contrast::{Contrast, SMALL, Verdict};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::usage::trend::Coded;
use nomoscope_figure::contrast::{self, Contrasts, End, Row};
use nomoscope_figure::network::{Concept, Tie};
use nomoscope_figure::networks::{self, Across, Difference, Networks, Panel};
use nomoscope_figure::{Figure, Heading, Role, View};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many rows of a table lead to passages of their own; the page shows as many.
pub(super) const EVIDENCE: usize = 25;
/// Passages of each side.
const PASSAGES: usize = 2;
/// Permutations of actors.
const PERMUTATIONS: usize = 999;
/// Networks of more groups than this are too small to read.
const MAX_PANELS: usize = 8;

/// Makes the section from the groupings of the study; none where no grouping makes two groups.
#[must_use]
pub(super) fn make(context: &Context<'_>, view: View) -> Option<Section> {
    let a = context.analysis;
    let mut blocks = Vec::new();
    let mut skipped = Vec::new();
    for by in &context.meta.groupings {
        let material = Material { corpus: &a.corpus, formed: &a.formed, focal: &a.focal, options: &a.options };
        match compare(material, choice(a, by)) {
            Ok(comparison) => grouping(&mut blocks, a, &comparison, view),
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
        let _ = writeln!(head, "<p class=\"note\">{}.</p>", escape(&super::words::capital(&reason)));
    }
    blocks.insert(0, Block::Html(head));
    Some(Section { id: "compare", nav: "Groups", title: "Groups compared".to_owned(), place: Place::AfterUse, blocks })
}

fn choice(a: &Analysis<'_>, by: &str) -> Choice {
    let has = |attribute: &str| a.corpus.sources.iter().any(|s| s.attribute(attribute).is_some());
    let [definition, actor] = [DEFINITION, ACTOR].map(|name| has(name).then(|| name.to_owned()));
    let cross = definition.iter().filter(|d| *d != by).map(|d| [d.clone(), by.to_owned()]).collect();
    Choice { by: by.to_owned(), two: None, definition, actor, cross, with: Vec::new(), permutations: PERMUTATIONS }
}

/// Returns the name as an anchor: what is neither a letter nor a digit is a hyphen.
fn slug(name: &str) -> String {
    let hyphens = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(hyphens).collect()
}

fn grouping(blocks: &mut Vec<Block>, a: &Analysis<'_>, c: &Comparison, view: View) {
    let suffix = format!("-{}", slug(&c.choice.by));
    let mut html =
        format!("<h3 id=\"compare{suffix}\">By {}</h3>\n<p>{}</p>\n", escape(&c.choice.by), escape(&answer(a, c)));
    if !c.warnings.is_empty() {
        html.push_str("<ul class=\"note\">\n");
        for warning in &c.warnings {
            let _ = writeln!(html, "<li>{}</li>", escape(warning));
        }
        html.push_str("</ul>\n");
    }
    blocks.push(Block::Html(html));
    blocks.extend(figures(a.coded(), &a.options, c, &suffix, view).into_iter().map(Block::Figure));
    for table in compare_tables::all(c, a.corpus.codebook, &suffix) {
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
    }
    blocks.push(Block::Html(evidence(a, c, &suffix)));
}

/// Returns the figures that the comparison can fill: the contrasts and the networks of the groups.
#[must_use]
pub fn figures(coded: Coded<'_>, options: &Options, c: &Comparison, suffix: &str, view: View) -> Vec<Figure> {
    let mut out = Vec::new();
    let contrasts = contrasts_model(coded, options, c, suffix);
    if !contrasts.rows.is_empty() {
        out.push(contrast::draw(&contrasts, view));
    }
    let networks = networks_model(coded, options, c, suffix);
    if networks.panels.iter().any(|p| !p.ties.is_empty()) {
        out.push(networks::draw(&networks, view));
    }
    out
}

fn label(coded: Coded<'_>, concept: ConceptIx) -> String {
    coded.corpus.codebook.get(concept).label_in("en").to_owned()
}

/// Returns what a grouping shows, in a sentence or two.
fn answer(a: &Analysis<'_>, c: &Comparison) -> String {
    let rows = sorted(c);
    let tested = rows.iter().filter(|r| r.2.tested).count();
    let certain: Vec<_> = rows.iter().filter(|r| r.2.verdict().is_certain()).collect();
    let mut out = if tested == 0 {
        format!("No difference in coupling could be tested between the {} groups.", c.groups.len())
    } else if certain.is_empty() {
        format!(
            "Of {} contrasts tested, none is certain: groups may differ, but these sources do not show it.",
            thousands(tested as u64)
        )
    } else {
        let (_, sides, x) = certain[0];
        let label = |ix: ConceptIx| a.label(ix);
        let size = x.ratio.map_or_else(String::new, |r| format!(", ratio of odds ratios {}", ratio(r)));
        format!(
            "Of {} contrasts tested, {} certain. The most certain: “{}” and “{}” ({}{size}, q {}).",
            thousands(tested as u64),
            if certain.len() == 1 { "one is".to_owned() } else { format!("{} are", certain.len()) },
            label(x.sides[0].a),
            label(x.sides[0].b),
            verdict(c, sides, x),
            x.q.map_or_else(|| "–".to_owned(), p_value)
        )
    };
    for p in &c.portfolios {
        if let (Ok(test), Some(within), Some(between)) = (&p.contrast.test, p.contrast.within, p.contrast.between) {
            let _ = write!(
                out,
                " Portfolios by {}: mean distance {within:.2} within, {between:.2} between, p {}.",
                grouped_by(p),
                p_value(test.p)
            );
        }
    }
    out
}

fn end(c: &Coupling, n_sources: usize) -> End {
    let interval = c.interval;
    End {
        odds_ratio: c.odds_ratio,
        low: interval.and_then(|i| i.lower),
        high: interval.and_then(|i| i.upper),
        joint: c.n11,
        small: n_sources < SMALL,
        coupled: c.backbone,
    }
}

fn contrasts_model(coded: Coded<'_>, options: &Options, c: &Comparison, suffix: &str) -> Contrasts {
    let two = c.oppositions.len() == 1;
    let groups = match c.oppositions.first() {
        Some(sides) if two => [c.side(sides, 0).to_owned(), c.side(sides, 1).to_owned()],
        _ => ["the group named".to_owned(), "all others".to_owned()],
    };
    let all = sorted(c);
    let n_tested = all.iter().filter(|r| r.2.tested).count();
    let row = |(i, (_, sides, x)): (usize, &compare_tables::Row<'_>)| Row {
        concepts: [label(coded, x.sides[0].a), label(coded, x.sides[0].b)],
        group: if two { String::new() } else { c.side(sides, 0).to_owned() },
        sides: [end(&x.sides[0], sides.actors[0]), end(&x.sides[1], sides.actors[1])],
        ratio: x.ratio,
        q: x.q,
        certain: x.verdict().is_certain(),
        href: (i < EVIDENCE).then(|| format!("#e-compare-couplings{suffix}-{i}")),
    };
    let rows = all.iter().enumerate().filter(|(_, r)| r.2.tested).map(row).collect();
    let by = &c.choice.by;
    let note = format!(
        "Groups by {by}; unit: {}. Ratio: odds ratio of the group over that of the other side.",
        options.window.name()
    );
    Contrasts {
        heading: Heading { id: format!("{}{suffix}", contrast::ID), title: title(c, n_tested), note: Some(note) },
        groups,
        rows,
        n_tested,
        min_or: options.min_or,
    }
}

fn title(c: &Comparison, n_tested: usize) -> Option<String> {
    let verdicts = || c.oppositions.iter().flat_map(|o| &o.pairs).map(Contrast::verdict);
    let certain = verdicts().filter(|v| v.is_certain()).count();
    let only = verdicts().filter(|v| matches!(v, Verdict::FirstOnly | Verdict::SecondOnly)).count();
    (certain > 0).then(|| {
        format!(
            "By {}: {} of {} contrasts are certain; in {} one side couples what the other does not",
            c.choice.by,
            thousands(certain as u64),
            thousands(n_tested as u64),
            if only == 0 { "none".to_owned() } else { only.to_string() }
        )
    })
}

const fn drawn(role: CodebookRole) -> Role {
    match role {
        CodebookRole::Problem => Role::Problem,
        CodebookRole::Value => Role::Value,
        CodebookRole::Behaviour => Role::Behaviour,
    }
}

fn networks_model(coded: Coded<'_>, options: &Options, c: &Comparison, suffix: &str) -> Networks {
    let mut index: BTreeMap<ConceptIx, usize> = BTreeMap::new();
    let mut nodes: Vec<Concept> = Vec::new();
    let mut units: BTreeMap<ConceptIx, u64> = BTreeMap::new();
    for coupling in c.groups.iter().flat_map(|g| &g.couplings) {
        for (concept, n) in [(coupling.a, coupling.n1), (coupling.b, coupling.n2)] {
            let most = units.entry(concept).or_default();
            *most = (*most).max(n);
        }
    }
    let mut place = |concept: ConceptIx| {
        *index.entry(concept).or_insert_with(|| {
            let entry = coded.corpus.codebook.get(concept);
            nodes.push(Concept {
                id: entry.id.clone(),
                label: label(coded, concept),
                roles: entry.roles.iter().map(|&r| drawn(r)).collect(),
                norm_label: entry.norm_label,
                units: units.get(&concept).copied().unwrap_or(0),
                membership: 0.0,
                community: 0,
                focus: coded.focus.is_some_and(|f| f.concepts.contains(&concept)),
                href: Some(format!("#k-{}", entry.id)),
            });
            nodes.len() - 1
        })
    };
    let shown: Vec<usize> = if c.groups.len() <= MAX_PANELS {
        (0..c.groups.len()).collect()
    } else {
        let mut most: Vec<usize> = (0..c.groups.len()).collect();
        most.sort_by_key(|&g| (std::cmp::Reverse(c.groups[g].sources.len()), g));
        most.truncate(MAX_PANELS);
        most.sort_unstable();
        most
    };
    let mut panels = Vec::new();
    for &g in &shown {
        let group = &c.groups[g];
        let more: BTreeSet<(ConceptIx, ConceptIx)> = c.oppositions.iter().flat_map(|o| more_in(o, g)).collect();
        let mut ties: Vec<(&Coupling, Tie)> = Vec::new();
        for x in group.couplings.iter().filter(|x| x.backbone) {
            let certain = x.q.is_some_and(|q| q <= 0.01);
            let tie = Tie { a: place(x.a), b: place(x.b), lower_ln_or: x.lower_ln().unwrap_or(0.0), certain };
            ties.push((x, tie));
        }
        ties.sort_by(|x, y| y.1.lower_ln_or.total_cmp(&x.1.lower_ln_or).then((x.0.a, x.0.b).cmp(&(y.0.a, y.0.b))));
        let dark = ties.iter().filter(|(x, _)| more.contains(&(x.a, x.b))).map(|(_, t)| (t.a.min(t.b), t.a.max(t.b)));
        panels.push(Panel {
            name: group.name.clone(),
            sources: group.sources.len() as u64,
            small: group.is_small(),
            more: dark.collect(),
            ties: ties.into_iter().map(|(_, t)| t).collect(),
        });
    }
    let differences = (c.oppositions.len() == 1).then(|| {
        let certain = c.oppositions.iter().flat_map(|o| &o.pairs).filter(|x| x.verdict().is_certain());
        certain
            .filter_map(|x| {
                let (first_more, least_ln_ratio) = least(x)?;
                Some(Difference { a: place(x.sides[0].a), b: place(x.sides[0].b), first_more, least_ln_ratio })
            })
            .collect()
    });
    let left = c.groups.len() - shown.len();
    let mut note = format!("Backbone of each group: q ≤ 0.05 and lower bound of the odds ratio ≥ {}.", options.min_or);
    if left > 0 {
        let _ = write!(note, " {} with fewer sources not drawn.", counted(left, "group", "groups"));
    }
    Networks {
        heading: Heading { id: format!("{}{suffix}", networks::ID), title: None, note: Some(note) },
        across: Across::Groups,
        nodes,
        panels,
        differences,
    }
}

/// Returns which side has the greater odds ratio, and how far the logarithm of the ratio surely lies from 0.
fn least(x: &Contrast) -> Option<(bool, f64)> {
    let i = x.interval?;
    match (i.lower, i.upper) {
        (Some(low), _) if low > 1.0 => Some((true, low.ln())),
        (_, Some(high)) if high > 0.0 && high < 1.0 => Some((false, -high.ln())),
        _ => None,
    }
}

/// Returns the pairs that group `g` certainly couples more than the side against it.
fn more_in(o: &crate::compare::Opposition, g: usize) -> Vec<(ConceptIx, ConceptIx)> {
    let side = if o.group == g { Some(true) } else { (o.against == Some(g)).then_some(false) };
    let Some(first) = side else { return Vec::new() };
    let certain = o.pairs.iter().filter(|x| x.verdict().is_certain());
    certain.filter(|x| least(x).is_some_and(|(first_more, _)| first_more == first)).map(Contrast::pair).collect()
}

/// Returns the passages behind the rows of the tables that the page shows.
fn evidence(a: &Analysis<'_>, c: &Comparison, suffix: &str) -> String {
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
        let title = in_words(a.corpus.codebook, &h.statement);
        entry(&mut out, a, &format!("e-compare-statements{suffix}-{i}"), &title, lists, &wanted);
    }
    avoided(&mut out, a, c, suffix);
    furthest(&mut out, a, c, suffix);
    out.push_str("</details>\n");
    out
}

type Side<'s> = (&'s str, Vec<(u32, u32)>, u64);

fn entry(out: &mut String, a: &Analysis<'_>, id: &str, title: &str, lists: [Side<'_>; 2], wanted: &[ConceptIx]) {
    let _ = writeln!(out, "<div class=\"evidence\" id=\"{id}\"><h4>{}</h4>", escape(title));
    for (name, places, total) in lists {
        let _ = writeln!(out, "<p class=\"note\">{}: {}</p>", escape(name), counted(total as usize, "unit", "units"));
        for (source, unit) in places {
            out.push_str(&passage(a, source, unit, wanted));
        }
    }
    out.push_str("</div>\n");
}

fn avoided(out: &mut String, a: &Analysis<'_>, c: &Comparison, suffix: &str) {
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

fn furthest(out: &mut String, a: &Analysis<'_>, c: &Comparison, suffix: &str) {
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
fn place_of(a: &Analysis<'_>, statement: &Statement, sources: &[usize]) -> Option<(u32, u32)> {
    let windows = &a.statements.counts.get(statement)?.windows;
    windows.iter().copied().find(|(s, _)| sources.contains(&(*s as usize)))
}
