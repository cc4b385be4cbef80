//! From an analysis to the models that the figures are drawn from.

use crate::map::answer::Analysis;
use crate::map::words::{coupled, most_certain_first, ranked, standing};
use nomoscope_core::codebook::{ConceptIx, Role as CodebookRole};
use nomoscope_core::date::PartialDate;
use nomoscope_core::norm::cluster::sources_by_concept;
use nomoscope_core::norm::statement::{LEADING_MAKERS, Statement, StatementCount};
use nomoscope_core::study::Source;
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::weight;
use nomoscope_figure::emergence::{self, Emergence, Instrument, Lane};
use nomoscope_figure::multiple_value::{self, Link, MultipleValueModel};
use nomoscope_figure::network::{self, Concept, Network, Tie};
use nomoscope_figure::single_value::{self, SingleValueModel};
use nomoscope_figure::{Figure, Heading, Node, Others, Role, View};
use std::collections::{BTreeMap, BTreeSet};

/// More instruments than this do not fit on lanes.
const MAX_INSTRUMENTS: usize = 80;
/// How many pairs that may be coupled are drawn where there is no backbone.
const MAX_UNCERTAIN: usize = 40;
/// Kinds of sources that are instruments.
const INSTRUMENT_KINDS: &[&str] = &[
    "treaty",
    "convention",
    "protocol",
    "declaration",
    "directive",
    "regulation",
    "resolution",
    "guideline",
    "statute",
    "law",
    "recommendation",
    "charter",
    "instrument",
    "court",
    "commission",
];

/// Returns all figures that the analysis can fill, in the order of the page.
#[must_use]
pub fn all(a: &Analysis, view: View) -> Vec<Figure> {
    let mut out = Vec::new();
    // Its columns are complete statements: without one, a bar of what is lacking stood over nothing, and the page says it in a sentence.
    if a.statements.counts.keys().any(Statement::is_complete) {
        out.push(multiple_value::draw(&multiple_value_model(a), view));
    }
    if let Some(model) = single_value_model(a) {
        out.push(single_value::draw(&model, view));
    }
    if let Some(model) = emergence_model(a) {
        out.push(emergence::draw(&model, view));
    }
    let model = network_model(a);
    // Fewer than three edges are a sentence, no picture.
    if model.edges.len() > 2 {
        out.push(network::draw(&model, view));
    }
    out
}

fn heading(note: String) -> Heading {
    Heading { note: (!note.is_empty()).then_some(note), ..Heading::default() }
}

fn note(a: &Analysis) -> String {
    let mut note = format!(
        "{} of {} sources; unit: {}; norm labels by rule.",
        a.focal_source_count(),
        a.corpus.sources.len(),
        a.options.window.name()
    );
    if a.options.illustration {
        note.push_str(" An illustration: written from one article, so no support is given.");
    }
    note
}

pub(crate) const fn drawn(role: CodebookRole) -> Role {
    match role {
        CodebookRole::Problem => Role::Problem,
        CodebookRole::Value => Role::Value,
        CodebookRole::Behaviour => Role::Behaviour,
    }
}

#[derive(Default)]
struct Sum {
    weight: f64,
    units: BTreeSet<(u32, u32)>,
    sources: BTreeSet<u32>,
    own_makers: BTreeSet<u32>,
}

impl Sum {
    fn add(&mut self, count: &StatementCount) {
        self.weight += count.weight;
        self.units.extend(&count.windows);
        self.sources.extend(&count.sources);
        self.own_makers.extend(&count.own_makers);
    }
}

fn node(a: &Analysis, concept: ConceptIx, role: Role, sum: &Sum) -> Node {
    Node {
        id: a.id(concept).to_owned(),
        label: a.label(concept).to_owned(),
        role: Some(role),
        norm_label: a.corpus.codebook.get(concept).norm_label,
        weight: sum.weight,
        units: sum.units.len() as u64,
        sources: sum.sources.len() as u64,
        certain: sum.own_makers.len() >= LEADING_MAKERS,
        support: None,
        href: Some(format!("#k-{}", a.id(concept))),
    }
}

/// Returns the weights of one part over some statements, heaviest first.
fn sums<'t>(
    statements: impl Iterator<Item = (&'t Statement, &'t StatementCount)>,
    part: usize,
) -> Vec<(ConceptIx, Sum)> {
    let mut by_concept: BTreeMap<ConceptIx, Sum> = BTreeMap::new();
    for (statement, count) in statements {
        if let Some(concept) = statement.parts()[part] {
            by_concept.entry(concept).or_default().add(count);
        }
    }
    let mut list: Vec<_> = by_concept.into_iter().collect();
    list.sort_by(|x, y| weight::compare(y.1.weight, x.1.weight).then(x.0.cmp(&y.0)));
    list
}

/// Returns how many sources make any of some statements.
fn n_sources<'t>(statements: impl Iterator<Item = (&'t Statement, &'t StatementCount)>) -> usize {
    statements.flat_map(|(_, count)| &count.sources).collect::<BTreeSet<_>>().len()
}

fn multiple_value_model(a: &Analysis) -> MultipleValueModel {
    let ranked = ranked(a);
    let mut index: [BTreeMap<ConceptIx, usize>; 3] = Default::default();
    let mut columns: [Vec<Node>; 3] = Default::default();
    for (part, role) in [Role::Problem, Role::Value, Role::Behaviour].into_iter().enumerate() {
        // The columns hold complete statements; what others name is only counted.
        let complete: BTreeMap<_, _> =
            sums(a.statements.counts.iter().filter(|(s, _)| s.is_complete()), part).into_iter().collect();
        for (concept, _) in sums(a.statements.counts.iter(), part) {
            index[part].insert(concept, columns[part].len());
            columns[part].push(node(a, concept, role, complete.get(&concept).unwrap_or(&Sum::default())));
        }
    }
    let links = ranked
        .iter()
        .enumerate()
        .map(|(i, (s, n))| Link {
            problem: s.problem.and_then(|c| index[0].get(&c).copied()),
            value: s.value.and_then(|c| index[1].get(&c).copied()),
            behaviour: s.behaviour.and_then(|c| index[2].get(&c).copied()),
            weight: n.weight,
            certain: n.may_lead(),
            supplied: weight::compare(n.supplied, 0.5 * n.weight).is_gt(),
            href: (i < crate::map::words::STATEMENTS).then(|| format!("#s-{}", i + 1)),
        })
        .collect();
    let [problems, values, behaviours] = columns;
    MultipleValueModel {
        heading: heading(note(a)),
        problems,
        values,
        behaviours,
        links,
        other_statements: Others::default(),
        by_actor: a.options.actor.is_some(),
        n_sources: a.focal_source_count() as u64,
        n_statements: a.statements.counts.len() as u64,
    }
}

/// The single-value reading: the value that holds most of the focus's own complete statements, with all that it backs there.
///
/// From the same statements as the other figure. The value is chosen by the weight of sentences that lack no part: what a window
/// supplied is nobody's choice. None where windows supply all values, or where two hold the same: then nothing leads.
fn single_value_model(a: &Analysis) -> Option<SingleValueModel> {
    let complete = || a.statements.counts.iter().filter(|(s, _)| s.is_complete());
    let mut own: BTreeMap<ConceptIx, f64> = BTreeMap::new();
    for (statement, count) in complete() {
        if let Some(value) = statement.value {
            *own.entry(value).or_default() += count.own_weight();
        }
    }
    // Of equal ones first the one that weighs more with what windows supply.
    let own = |concept: &ConceptIx| own.get(concept).copied().unwrap_or(0.0);
    let mut values = sums(complete(), 1);
    values.sort_by(|x, y| weight::compare(own(&y.0), own(&x.0)));
    let ((value, sum), others) = values.split_first()?;
    if let Some((second, of_second)) = others.first()
        && (weight::compare(own(value), 0.0).is_eq()
            || (weight::compare(own(value), own(second)).is_eq()
                && weight::compare(sum.weight, of_second.weight).is_eq()))
    {
        return None;
    }
    let value = *value;
    let of_value = || complete().filter(|(s, _)| s.value == Some(value));
    let column = |part, role| sums(of_value(), part).iter().map(|(c, s)| node(a, *c, role, s)).collect();
    let note = format!(
        "Complete statements on {}, in {}.",
        crate::map::words::subject(a),
        crate::words::counted(n_sources(complete()), "source", "sources")
    );
    Some(SingleValueModel {
        heading: heading(note),
        value: node(a, value, Role::Value, sum),
        problems: column(0, Role::Problem),
        behaviours: column(2, Role::Behaviour),
        other_problems: Others::default(),
        other_behaviours: Others::default(),
        by_actor: a.options.actor.is_some(),
        leads: of_value().any(|(_, n)| n.may_lead()),
        n_sources: n_sources(of_value()) as u64,
        n_statements: of_value().count() as u64,
    })
}

fn emergence_model(a: &Analysis) -> Option<Emergence> {
    let is_instrument = |s: &Source| {
        s.date.is_some()
            && (s.attributes.get("in_force").is_some_and(|d| !d.is_empty())
                || s.kind.as_deref().is_some_and(|k| INSTRUMENT_KINDS.contains(&k.to_lowercase().as_str())))
    };
    let mut chosen: Vec<usize> = (0..a.corpus.sources.len()).filter(|&i| is_instrument(&a.corpus.sources[i])).collect();
    let instruments = chosen.len() > 1;
    if !instruments {
        chosen = (0..a.corpus.sources.len()).filter(|&i| a.corpus.sources[i].date.is_some()).collect();
    }
    // What has one date has no order in time.
    let dates: BTreeSet<PartialDate> = chosen.iter().filter_map(|&i| a.corpus.sources[i].date).collect();
    if dates.len() < 2 || chosen.len() > MAX_INSTRUMENTS {
        return None;
    }
    let (brought, n_tied) = brought_in(a);
    let mut lanes: BTreeMap<String, Vec<(PartialDate, Instrument)>> = BTreeMap::new();
    for &i in &chosen {
        let source = &a.corpus.sources[i];
        let Some(date) = source.date else { continue };
        let category =
            source.attribute("category").or_else(|| source.kind.clone()).unwrap_or_else(|| "sources".to_owned());
        let instrument = Instrument {
            id: source.path.clone(),
            label: source.attribute("short").unwrap_or_else(|| short_title(source)),
            adopted: date.year_fraction(),
            within: date.years_within(),
            in_force: source
                .attributes
                .get("in_force")
                .and_then(|d| d.parse::<PartialDate>().ok())
                .map(PartialDate::year_fraction),
            first_concepts: brought.get(&i).cloned().unwrap_or_default(),
            href: Some(format!("#src-{}", i + 1)),
        };
        lanes.entry(category).or_default().push((date, instrument));
    }
    let ids: BTreeSet<usize> = chosen.into_iter().collect();
    let references = a
        .citations
        .iter()
        .filter(|c| ids.contains(&c.from) && ids.contains(&c.to))
        .map(|c| (a.corpus.sources[c.from].path.clone(), a.corpus.sources[c.to].path.clone()))
        .collect();
    let mut lanes: Vec<(PartialDate, Lane)> = lanes
        .into_iter()
        .filter_map(|(category, mut list)| {
            list.sort_by(|x, y| x.0.cmp(&y.0).then(x.1.id.cmp(&y.1.id)));
            let first = list.first()?.0;
            Some((first, Lane { category, instruments: list.into_iter().map(|(_, i)| i).collect() }))
        })
        .collect();
    lanes.sort_by(|x, y| x.0.cmp(&y.0).then(x.1.category.cmp(&y.1.category)));
    let lanes = lanes.into_iter().map(|(_, l)| l).collect();
    Some(Emergence { heading: Heading::default(), instruments, lanes, references, n_tied })
}

/// A title without what stands in brackets at its end.
fn short_title(source: &Source) -> String {
    let title = source.title.trim();
    match title.rsplit_once(" (") {
        Some((words, _)) if title.ends_with(')') && words.chars().count() > 8 => words.to_owned(),
        _ => title.to_owned(),
    }
}

/// Per source, the concepts that it brought in: norm labels before others, then the more frequent; and how many nobody brought in, because
/// the dates do not tell which of several sources was first.
fn brought_in(a: &Analysis) -> (BTreeMap<usize, Vec<String>>, usize) {
    let frequency = sources_by_concept(&a.corpus);
    let mut by_source: BTreeMap<usize, Vec<ConceptIx>> = BTreeMap::new();
    // What only tells a norm by its elements brings in no norm.
    let plays = |c: ConceptIx| !a.corpus.codebook.get(c).roles.is_empty();
    let (known, tied): (Vec<_>, Vec<_>) =
        a.first.iter().filter(|(c, _)| plays(**c)).partition(|(_, first)| first.n_also == 0);
    for (concept, first) in known {
        by_source.entry(first.source).or_default().push(*concept);
    }
    let named = by_source
        .into_iter()
        .map(|(source, mut concepts)| {
            concepts.sort_by_key(|c| {
                let label = a.corpus.codebook.get(*c).norm_label;
                (!label, std::cmp::Reverse(frequency.get(c).copied().unwrap_or(0)), *c)
            });
            (source, concepts.into_iter().map(|c| a.label(c).to_owned()).collect())
        })
        .collect();
    (named, tied.len())
}

/// The backbone; where there is none, the pairs whose interval alone leaves out 1, all dashed.
fn network_model(a: &Analysis) -> Network {
    let has_backbone = a.textual.iter().any(|c| c.backbone);
    let mut shown: Vec<&Coupling> = a
        .textual
        .iter()
        .filter(|c| if has_backbone { c.backbone } else { c.lower_ln().is_some_and(|l| l > 0.0) })
        .collect();
    most_certain_first(&mut shown);
    if !has_backbone {
        shown.truncate(MAX_UNCERTAIN);
    }
    let mut index: BTreeMap<ConceptIx, usize> = BTreeMap::new();
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    let units: BTreeMap<ConceptIx, u64> = a.textual.iter().flat_map(|c| [(c.a, c.n1), (c.b, c.n2)]).collect();
    for coupling in shown {
        let mut place = |concept: ConceptIx| {
            *index.entry(concept).or_insert_with(|| {
                nodes.push(network_node(a, concept, units.get(&concept).copied().unwrap_or(0)));
                nodes.len() - 1
            })
        };
        let (x, y) = (place(coupling.a), place(coupling.b));
        let certain = has_backbone && coupling.q.is_some_and(|q| q <= 0.01);
        edges.push(Tie { a: x, b: y, lower_ln_or: coupling.lower_ln().unwrap_or(0.0), certain });
    }
    // Whose cluster it is must be seen, tied or not.
    if let Some(focus) = a.focus.as_ref().filter(|f| !edges.is_empty() && !index.contains_key(&f.used)) {
        nodes.push(network_node(a, focus.used, units.get(&focus.used).copied().unwrap_or(0)));
    }
    let of_focus = |c: &ConceptIx| a.focus.as_ref().is_some_and(|f| f.concepts.contains(c));
    let subject = crate::map::words::subject(a);
    let pairs = crate::words::counted(edges.len(), "pair", "pairs");
    let (title, note) = if !has_backbone {
        (
            Some(format!("No pair is coupled beyond chance; {pairs} may be")),
            "No pair has q ≤ 0.05: drawn are those whose interval of the odds ratio alone leaves out 1.".to_owned(),
        )
    } else {
        let apart = (a.focus.is_some() && !index.keys().any(of_focus))
            .then(|| format!("{} coupled beyond chance, none of them with {subject}", crate::words::capital(&pairs)));
        let title = apart.or_else(|| standing(a)).or_else(|| coupled(a));
        (title, format!("Backbone: q ≤ 0.05 and lower bound of the odds ratio ≥ {}.", a.options.min_or))
    };
    Network {
        heading: Heading { title, note: Some(note), ..Heading::default() },
        nodes,
        edges,
        possible: !has_backbone,
        ungraded: a.membership.runs == 0,
    }
}

fn network_node(a: &Analysis, concept: ConceptIx, units: u64) -> Concept {
    let member = a.membership.members.iter().find(|m| m.concept == concept);
    Concept {
        id: a.id(concept).to_owned(),
        label: a.label(concept).to_owned(),
        roles: a.corpus.codebook.get(concept).roles.iter().map(|&r| drawn(r)).collect(),
        norm_label: a.corpus.codebook.get(concept).norm_label,
        units,
        membership: member.map_or(0.0, |m| m.membership),
        community: member.map_or(0, |m| m.community),
        focus: a.focus.as_ref().is_some_and(|f| f.used == concept),
        href: Some(format!("#k-{}", a.id(concept))),
    }
}
