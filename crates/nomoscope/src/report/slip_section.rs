//! Labels used for one another, as sentences and tables, and as a section of the report.

use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use super::words::{capital, counted, p_value, thousands};
use crate::json::trend::quotation;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::stats::Interval;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::text::Span;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::{Group, Label, Pair, Settings, Slip, Switch, Verdict, permutations_for};
use nomoscope_figure::slippage::{self, Name, Slippage};
use nomoscope_figure::{Figure, Heading, View};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many passages are shown.
pub const PASSAGES: usize = 6;

fn label<'c>(corpus: &'c Corpus<'_>, concept: ConceptIx) -> &'c str {
    corpus.codebook.get(concept).label_in("en")
}

/// Returns the names of a pair.
#[must_use]
pub fn names(corpus: &Corpus<'_>, pair: &Pair) -> String {
    format!("“{}” and “{}”", label(corpus, pair.a), label(corpus, pair.b))
}

/// Returns one sentence a verdict, or says that none could be reached.
#[must_use]
pub fn answer(corpus: &Corpus<'_>, slip: &Slip) -> String {
    let g = &slip.all;
    if g.labels.len() < 2 {
        return "Fewer than two norm labels occur: there is nothing to slip between.".to_owned();
    }
    let mut out = format!(
        "{} of {} in {}; {} of {} often enough for a test.",
        thousands(g.speakers.iter().map(|s| s.mentions.len() as u64).sum()),
        counted(g.labels.len(), "label", "labels"),
        counted(g.speakers.len(), "speaker", "speakers"),
        thousands(g.tested as u64),
        counted(g.pairs.len(), "pair", "pairs")
    );
    out = out.replacen(" of ", " mentions of ", 1);
    for verdict in Verdict::ALL.into_iter().filter(|v| *v != Verdict::Undetermined) {
        let of: Vec<String> = g.pairs.iter().filter(|p| p.verdict == verdict).map(|p| names(corpus, p)).collect();
        if !of.is_empty() {
            let more = of.len().saturating_sub(3);
            let more = if more > 0 { format!(" and {more} more pairs") } else { String::new() };
            let shown = of.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
            out.push_str(&format!(" {}: {shown}{more}.", capital(verdict.meaning())));
        }
    }
    if g.pairs.iter().all(|p| p.verdict == Verdict::Undetermined) {
        out.push_str(" Of no pair do the data tell how it is used.");
    }
    out
}

/// Returns what slippage cannot be said from this.
#[must_use]
pub fn cautions(corpus: &Corpus<'_>, slip: &Slip, settings: &Settings) -> Vec<String> {
    let mut out = Vec::new();
    let g = &slip.all;
    let turns = g.speakers.iter().any(|s| s.name.contains(": "));
    if settings.speaker == SpeakerBy::Turns && !turns && g.speakers.len() > 1 {
        out.push("No source has turns of speakers, so every source counts as a speaker; --speaker ATTR joins those of one actor.".to_owned());
    }
    if let SpeakerBy::Attribute(name) = &settings.speaker {
        let without = corpus.sources.iter().filter(|s| s.attribute(name).is_none()).count();
        if without > 0 {
            out.push(format!(
                "{} without `{name}`: each counts as a speaker of its own.",
                counted(without, "source", "sources")
            ));
        }
    }
    let needed = permutations_for(g.tested);
    if g.permutations < needed {
        out.push(format!(
            "{} random orders cannot reach p ≤ 0.05 / (2 × {}); {needed} would.",
            thousands(g.permutations as u64),
            g.tested
        ));
    }
    let free = || g.pairs.iter().filter(|p| p.verdict == Verdict::Interchangeable);
    let unlike = |p: &&Pair| {
        p.similarity.as_ref().is_ok_and(|s| s.interval.and_then(|i| i.upper).is_some_and(|upper| upper < 1.0))
    };
    let n_unlike = free().filter(unlike).count();
    if n_unlike > 0 {
        out.push(format!(
            "Of the interchangeable pairs, {} stand among words that are less alike than those around either label itself: in no order, but not of one meaning. Read the passages.",
            thousands(n_unlike as u64)
        ));
    }
    // docs/calibration-use.md: 40 speakers with 5 mentions each.
    let thin = |p: &&Pair| p.order.is_some_and(|o| o.ratio.expected < 3.0 * p.speakers as f64);
    let n_thin = free().filter(thin).count();
    if n_thin > 0 {
        out.push(format!(
            "Of the interchangeable pairs, {} rest on speakers with few mentions each, where simulations claimed as much of 2 % of pairs that topics keep apart.",
            thousands(n_thin as u64)
        ));
    }
    let small: Vec<&str> = slip.groups.iter().filter(|g| g.is_small()).map(|g| g.name.as_str()).collect();
    if !small.is_empty() {
        let more = small.len().saturating_sub(8);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push(format!("Groups of fewer than 5 speakers: {}{more}.", small[..small.len().min(8)].join(", ")));
    }
    out
}

/// Returns the tables: labels, pairs, pairs by group, passages.
#[must_use]
pub fn tables(corpus: &Corpus<'_>, slip: &Slip) -> Vec<Table> {
    let mut out = vec![labels(corpus, &slip.all), pairs(corpus, &slip.all)];
    if !slip.groups.is_empty() {
        out.push(groups(corpus, slip));
    }
    out.push(passages(corpus, &slip.all));
    out
}

fn labels(corpus: &Corpus<'_>, g: &Group) -> Table {
    let columns = ["label", "mentions", "listed", "speakers", "sources", "permeability"];
    let mut table = Table::new("slip-labels", "Norm labels", &columns);
    for l in &g.labels {
        table.push(vec![
            Cell::text(label(corpus, l.concept)),
            Cell::Count(l.mentions),
            Cell::Count(l.listed),
            Cell::Count(l.speakers as u64),
            Cell::Count(l.sources as u64),
            l.permeability.map_or(Cell::Missing("makes no statement"), |p| Cell::number(p, 2)),
        ]);
    }
    table.notes.push("listed: mentions beside another label in a list; permeability: share of statement weight that also carries another label.".to_owned());
    table
}

fn between(i: Option<Interval>) -> Option<String> {
    let i = i?;
    Some(format!("{:.2} to {:.2}", i.lower?, i.upper?))
}

fn pairs(corpus: &Corpus<'_>, g: &Group) -> Table {
    let columns = [
        "a",
        "b",
        "verdict",
        "speakers",
        "changes",
        "expected",
        "ratio",
        "interval",
        "q",
        "context_tells",
        "context_q",
        "similarity",
        "similarity_interval",
        "listed",
    ];
    let mut table = Table::new("slip-pairs", "Pairs of labels", &columns);
    let untested = || Cell::Missing("too few changes expected");
    for p in &g.pairs {
        let similarity = p.similarity.as_ref().ok();
        table.push(vec![
            Cell::text(label(corpus, p.a)),
            Cell::text(label(corpus, p.b)),
            Cell::text(p.verdict.name()),
            Cell::Count(p.speakers as u64),
            p.order.map_or_else(untested, |o| Cell::Count(o.ratio.observed as u64)),
            p.order.map_or_else(untested, |o| Cell::number(o.ratio.expected, 1)),
            p.order.map_or_else(untested, |o| Cell::number(o.ratio.ratio, 2)),
            between(p.order.map(|o| o.interval)).map_or_else(untested, Cell::text),
            p.order_q.map_or_else(untested, |q| Cell::text(p_value(q))),
            p.context.map_or_else(untested, |c| Cell::number((c.expected - c.ratio).max(0.0), 2)),
            p.context_q.map_or_else(untested, |q| Cell::text(p_value(q))),
            similarity.map_or(Cell::Missing("too few mentions"), |s| Cell::number(s.ratio, 2)),
            between(similarity.and_then(|s| s.interval)).map_or(Cell::Missing("no interval"), Cell::text),
            Cell::Count(p.coordinated),
        ]);
    }
    table.notes.push("ratio: changes between the two labels over those in random order within each speaker; above 1 alternating, below 1 in stretches, about 1 free.".to_owned());
    table.notes.push(
        "context_tells: share of the uncertainty about the label that the concepts around take away, beyond chance."
            .to_owned(),
    );
    table.notes.push(
        "similarity: likeness of the words around, 1 if the labels are as like each other as each is like itself."
            .to_owned(),
    );
    table
}

fn groups(corpus: &Corpus<'_>, slip: &Slip) -> Table {
    let columns = ["group", "speakers", "a", "b", "verdict", "ratio", "interval", "q", "note"];
    let mut table = Table::new("slip-groups", "Pairs of labels by group", &columns);
    let untested = || Cell::Missing("too few changes expected");
    for g in &slip.groups {
        for p in g.pairs.iter().filter(|p| p.order.is_some() || p.verdict != Verdict::Undetermined) {
            table.push(vec![
                Cell::text(&g.name),
                Cell::Count(g.speakers.len() as u64),
                Cell::text(label(corpus, p.a)),
                Cell::text(label(corpus, p.b)),
                Cell::text(p.verdict.name()),
                p.order.map_or_else(untested, |o| Cell::number(o.ratio.ratio, 2)),
                between(p.order.map(|o| o.interval)).map_or_else(untested, Cell::text),
                p.order_q.map_or_else(untested, |q| Cell::text(p_value(q))),
                Cell::text(if g.is_small() { "fewer than 5 speakers" } else { "" }),
            ]);
        }
    }
    table
}

/// Returns the passages most worth reading: of interchangeable pairs first, a pair in turn, nearest first.
#[must_use]
pub fn best(g: &Group, n: usize) -> Vec<(&Pair, &Switch)> {
    let mut out = Vec::new();
    for rank in 0..n {
        for pair in &g.pairs {
            if let Some(switch) = pair.passages.get(rank).filter(|_| out.len() < n) {
                out.push((pair, switch));
            }
        }
    }
    out
}

/// Returns the sentences from one label to the other, with the two spans in them.
#[must_use]
pub fn sentences(corpus: &Corpus<'_>, s: &Switch) -> Span {
    let coded = &corpus.coded[s.from.source];
    Span::new(coded.span(s.from.sentence).start, coded.span(s.to.sentence).end)
}

fn passages(corpus: &Corpus<'_>, g: &Group) -> Table {
    let mut table =
        Table::new("slip-passages", "Where a speaker changes label", &["speaker", "from", "to", "unit", "passage"]);
    for (_, s) in best(g, PASSAGES) {
        let coded = &corpus.coded[s.from.source];
        table.push(vec![
            Cell::text(g.speakers.get(s.speaker).map_or("", |x| x.name.as_str())),
            Cell::text(label(corpus, s.from.label)),
            Cell::text(label(corpus, s.to.label)),
            Cell::text(coded.label(s.from.window.unwrap_or(s.from.sentence))),
            Cell::text(quotation(&corpus.sources[s.from.source].document.text, sentences(corpus, s), s.span())),
        ]);
    }
    table
}

/// Returns the section of a report, for a study in which people speak.
#[must_use]
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    let a = context.analysis;
    let slip = a.slip()?;
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&answer(&a.corpus, slip))))];
    blocks.extend(figure(&a.corpus, slip, view).map(Block::Figure));
    blocks.push(Block::Html(quotations(&a.corpus, &slip.all)));
    blocks.extend([labels(&a.corpus, &slip.all), pairs(&a.corpus, &slip.all)].map(Block::Table));
    Some(Section { id: "slip", nav: "Slippage", title: "Slippage".to_owned(), place: Place::AfterUse, blocks })
}

/// Returns the matrix of labels; none where the data tell nothing of any pair.
#[must_use]
pub fn figure(corpus: &Corpus<'_>, slip: &Slip, view: View) -> Option<Figure> {
    let model = model(corpus, slip);
    let tells = model.pairs.iter().any(|p| p.ratio.is_some() || p.verdict != Verdict::Undetermined);
    tells.then(|| slippage::draw(&model, view))
}

/// Returns the passages where a speaker changes label, the labels marked.
fn quotations(corpus: &Corpus<'_>, g: &Group) -> String {
    let mut out = String::new();
    for (_, s) in best(g, PASSAGES) {
        let coded = &corpus.coded[s.from.source];
        let source = &corpus.sources[s.from.source];
        let text = &source.document.text;
        let whole = sentences(corpus, s);
        let pieces = [
            escape(Span::new(whole.start, s.from.span.start).of(text)),
            format!("<mark>{}</mark>", escape(s.from.span.of(text))),
            escape(Span::new(s.from.span.end, s.to.span.start).of(text)),
            format!("<mark>{}</mark>", escape(s.to.span.of(text))),
            escape(Span::new(s.to.span.end, whole.end).of(text)),
        ];
        let language = source.language.first().map(|l| format!(" lang=\"{}\"", escape(l))).unwrap_or_default();
        let unit = coded.label(s.from.window.unwrap_or(s.from.sentence));
        let who = g.speakers.get(s.speaker).map_or("", |x| x.name.as_str());
        let _ = writeln!(
            out,
            "<blockquote{language}><p>{}</p><footer>{}, {}</footer></blockquote>",
            pieces.concat(),
            escape(who),
            escape(unit)
        );
    }
    if out.is_empty() { out } else { format!("<p>Where a speaker changes label, nearest first:</p>\n{out}") }
}

/// Returns the model of the figure.
#[must_use]
pub fn model(corpus: &Corpus<'_>, slip: &Slip) -> Slippage {
    let g = &slip.all;
    let index: BTreeMap<ConceptIx, usize> = g.labels.iter().enumerate().map(|(i, l)| (l.concept, i)).collect();
    let name = |l: &Label| Name {
        id: corpus.codebook.get(l.concept).id.clone(),
        label: label(corpus, l.concept).to_owned(),
        mentions: l.mentions,
        href: Some(format!("#k-{}", corpus.codebook.get(l.concept).id)),
    };
    let pair = |p: &Pair| {
        Some(slippage::Pair {
            a: *index.get(&p.a)?,
            b: *index.get(&p.b)?,
            ratio: p.order.map(|o| o.ratio.ratio),
            interval: p.order.and_then(|o| Some((o.interval.lower?, o.interval.upper?))),
            verdict: p.verdict,
            listed: p.coordinated,
        })
    };
    let note = format!("{}; order within speakers.", counted(g.speakers.len(), "speaker", "speakers"));
    Slippage {
        heading: Heading { note: Some(note), ..Heading::default() },
        labels: g.labels.iter().map(name).collect(),
        pairs: g.pairs.iter().filter_map(pair).collect(),
    }
}
