//! Figures of this answer.

use super::words::{label, least, title};
use crate::compare::answer::Comparison;
use crate::compare::tables::sorted;
use crate::map::answer::Options;
use crate::words::counted;
use nomoscope_core::codebook::{ConceptIx, Role as CodebookRole};
use nomoscope_core::usage::contrast::{Contrast, SMALL};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::usage::trend::Coded;
use nomoscope_figure::contrast::{self, Contrasts, End, Row};
use nomoscope_figure::network::{Concept, Tie};
use nomoscope_figure::networks::{self, Across, Difference, Networks, Panel};
use nomoscope_figure::{Figure, Heading, Role, View};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many rows of a table lead to passages of their own; the page shows as many.
pub const EVIDENCE: usize = 25;

/// Networks of more groups than this are too small to read.
const MAX_PANELS: usize = 8;

/// Returns the name as an anchor: what is neither a letter nor a digit is a hyphen.
pub fn slug(name: &str) -> String {
    let hyphens = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(hyphens).collect()
}

/// Returns the figures that the comparison can fill: the contrasts and the networks of the groups.
#[must_use]
pub fn all(c: &Comparison, suffix: &str, view: View) -> Vec<Figure> {
    let (coded, options) = (c.basis.read.coded(), &c.basis.options);
    let mut out = Vec::new();
    let contrasts = contrasts_model(coded, options, c, suffix);
    // Where nothing is certain a sentence says so; a picture would show what may be chance.
    if contrasts.rows.iter().any(|row| row.certain) {
        out.push(contrast::draw(&contrasts, view));
    }
    let networks = networks_model(coded, options, c, suffix);
    // The network of one group beside none is that of its own map; and where no difference is certain, panels with more ties and with fewer
    // would show how much each group has written.
    let differ = c.oppositions.iter().flat_map(|o| &o.pairs).any(|x| x.verdict().is_certain());
    if differ && networks.panels.iter().filter(|panel| !panel.ties.is_empty()).count() > 1 {
        out.push(networks::draw(&networks, view));
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
    let row = |(i, (_, sides, x)): (usize, &crate::compare::tables::Row<'_>)| Row {
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
                focus: coded.focus.is_some_and(|f| f.used == concept),
                href: Some(format!("#k-{}", entry.id)),
            });
            nodes.len() - 1
        })
    };
    let mut panels = Vec::new();
    for (g, group) in c.groups.iter().enumerate() {
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
    let certain = || c.oppositions.iter().flat_map(|o| &o.pairs).filter(|x| x.verdict().is_certain());
    let n_certain = certain().map(|x| x.pair()).collect::<BTreeSet<_>>().len();
    let pairs = counted(n_certain, "pair", "pairs");
    let title = if c.oppositions.len() == 1 {
        format!("The two certainly differ in {pairs}; where more was written more ties are found")
    } else {
        format!("Groups certainly differ in {pairs}; where more was written more ties are found")
    };
    let differences = (c.oppositions.len() == 1).then(|| {
        certain()
            .filter_map(|x| {
                let (first_more, least_ln_ratio) = least(x)?;
                Some(Difference { a: place(x.sides[0].a), b: place(x.sides[0].b), first_more, least_ln_ratio })
            })
            .collect()
    });
    if let Some(focus) = coded.focus {
        place(focus.used);
    }
    let (panels, undrawn) = with_room(panels);
    let mut note = format!("Backbone of each group: q ≤ 0.05 and lower bound of the odds ratio ≥ {}.", options.min_or);
    if !undrawn.is_empty() {
        let _ = write!(note, " {} with fewer sources not drawn.", counted(undrawn.len(), "group", "groups"));
    }
    Networks {
        heading: Heading { id: format!("{}{suffix}", networks::ID), title: Some(title), note: Some(note) },
        across: Across::Groups,
        nodes,
        panels,
        undrawn,
        differences,
    }
}

/// Returns the panels of the groups with most sources, as many as find room, and the others; each in their order.
fn with_room(panels: Vec<Panel>) -> (Vec<Panel>, Vec<Panel>) {
    let mut most: Vec<usize> = (0..panels.len()).collect();
    most.sort_by_key(|&g| (std::cmp::Reverse(panels[g].sources), g));
    most.truncate(MAX_PANELS);
    let (shown, left): (Vec<_>, Vec<_>) = panels.into_iter().enumerate().partition(|(g, _)| most.contains(g));
    [shown, left].map(|part| part.into_iter().map(|(_, panel)| panel).collect()).into()
}

/// Returns the pairs that group `g` certainly couples more than the side against it.
fn more_in(o: &crate::compare::answer::Opposition, g: usize) -> Vec<(ConceptIx, ConceptIx)> {
    let side = if o.group == g { Some(true) } else { (o.against == Some(g)).then_some(false) };
    let Some(first) = side else { return Vec::new() };
    let certain = o.pairs.iter().filter(|x| x.verdict().is_certain());
    certain.filter(|x| least(x).is_some_and(|(first_more, _)| first_more == first)).map(Contrast::pair).collect()
}
