//! Statements: problem, value and behaviour found together.
//!
//! Formed in the sentence first; a wider window only supplies the parts that the sentence lacks, and these are marked.
//! (Crossing all parts of a paragraph puts most weight on statements that nobody made.) Source: Winston (2018);
//! Winston (2020), Journal of Human Rights 19(1).

use super::corpus::{CodedSource, Corpus};
use super::cues::{CueKind, Force, force, negated};
use crate::codebook::{Codebook, ConceptIx, Role};
use crate::coding::Coding;
use crate::text::{Level, Span, UnitRole};
use rayon::prelude::*;
use serde::Serialize;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most combinations that one window enumerates; the omitted weight is stated.
pub const MAX_COMBINATIONS: usize = 20_000;
/// Words within which an evaluation makes a norm label a value.
const EVALUATION_WORDS: usize = 12;

/// How norm labels are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// Every label is a problem (the first formula of Narminio 2020, section 3.1).
    Problems,
    /// Every label that may be a value is one (the second formula).
    Values,
    /// A label is a problem unless its sentence judges it.
    Rule,
}

impl Reading {
    /// The three readings.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Problems, Self::Values];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::Values => "values",
            Self::Rule => "rule",
        }
    }
}

/// How statements are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The unit of co-occurrence.
    pub window: Level,
    /// How norm labels are read.
    pub reading: Reading,
    /// Whether operative units inherit problems and values of title and preamble (VCLT Art. 31(2)).
    pub inherit: bool,
}

/// Where a part of a statement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Supply {
    /// The sentence itself.
    Sentence,
    /// The chapeau or another sentence of the same item.
    Item,
    /// Another sentence of the window.
    Window,
    /// Title or preamble.
    Inherited,
}

/// A part of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The concept.
    pub concept: ConceptIx,
    /// Where it comes from.
    pub supply: Supply,
    /// Where it stands.
    pub span: Span,
    /// Force, for behaviours.
    pub force: Force,
}

/// A sentence with the parts of the statements that it makes.
#[derive(Debug, Clone)]
pub struct FormedSentence {
    /// Index of the sentence unit.
    pub unit: u32,
    /// Parts by role; empty where nothing supplies one. A concept fills one part, once.
    pub parts: [Vec<Part>; 3],
    /// Labels that the sentence judges and its window answers: they stand in it and are problems of its statements, no values.
    pub answered: Vec<Part>,
    /// Whether the value was supplied from a sentence that has a problem of its own, another one.
    pub value_of_another_norm: bool,
}

impl FormedSentence {
    /// Returns the number of combinations, a missing part counting as one.
    #[must_use]
    pub fn combinations(&self) -> f64 {
        self.parts.iter().map(|p| p.len().max(1) as f64).product()
    }

    /// Returns the parts that stand in the sentence itself.
    pub fn own(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().flatten().filter(|p| p.supply == Supply::Sentence).chain(&self.answered)
    }

    /// Returns whether problem, value and behaviour are there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|p| !p.is_empty())
    }

    /// Returns whether all three parts stand in the sentence itself.
    #[must_use]
    pub fn is_complete_alone(&self) -> bool {
        self.parts.iter().all(|p| p.iter().any(|part| part.supply == Supply::Sentence))
    }
}

/// A window with its sentences that hold any part.
#[derive(Debug, Clone)]
pub struct FormedWindow {
    /// Index of the window unit.
    pub unit: u32,
    /// Sentences with at least one part of their own.
    pub sentences: Vec<FormedSentence>,
    /// Combinations of all sentences; the window's weight of 1 is spread equally over them.
    pub combinations: f64,
}

/// The statements of a corpus before they are counted: per source, per window.
#[derive(Debug)]
pub struct Formed {
    /// How they were formed.
    pub settings: Settings,
    /// Per source, the windows with any part.
    pub windows: Vec<Vec<FormedWindow>>,
}

/// Returns the statements of all sources.
#[must_use]
pub fn form(corpus: &Corpus, settings: Settings) -> Formed {
    let windows = corpus
        .coded
        .par_iter()
        .zip(&*corpus.sources)
        .map(|(coded, source)| form_source(coded, &source.document.text, &corpus.codebook, settings))
        .collect();
    Formed { settings, windows }
}

fn form_source(coded: &CodedSource, text: &str, codebook: &Codebook, settings: Settings) -> Vec<FormedWindow> {
    let inherited =
        if settings.inherit { inherited_parts(coded, text, codebook, settings.reading) } else { Default::default() };
    let mut out = Vec::new();
    for window in coded.windows(settings.window) {
        let mut own: Vec<Own> = coded
            .sentences(window)
            .filter_map(|sentence| own_parts(coded, text, codebook, settings.reading, sentence))
            .collect();
        // With a window of items, the chapeau stands outside the window and still governs it.
        let chapeau = chapeau_parts(coded, text, codebook, settings, window);
        if own.is_empty() {
            continue;
        }
        let sentences: Vec<FormedSentence> =
            (0..own.len()).map(|i| complete(&own, i, chapeau.as_ref(), &inherited, coded)).collect();
        own.clear();
        let combinations = sentences.iter().map(FormedSentence::combinations).sum();
        out.push(FormedWindow { unit: window, sentences, combinations });
    }
    out
}

type Parts = [Vec<Part>; 3];

struct Own {
    unit: u32,
    item: u32,
    parts: Parts,
    is_chapeau: bool,
}

fn own_parts(coded: &CodedSource, text: &str, codebook: &Codebook, reading: Reading, sentence: u32) -> Option<Own> {
    let span = coded.span(sentence);
    let mut codings = Cow::Borrowed(coded.codings_in(span));
    // What only tells a norm by its elements is no part of one.
    let plays = |c: &Coding| !codebook.get(c.concept).roles.is_empty();
    if !codings.iter().all(plays) {
        codings.to_mut().retain(plays);
    }
    if codings.is_empty() {
        return None;
    }
    let cues = coded.cues_in(span);
    let item = coded.enclosing(sentence, Level::Item).unwrap_or(sentence);
    let chapeau_cues = coded.chapeau(item).map(|c| coded.cues_in(coded.span(c))).unwrap_or_default();
    let force = force(cues.iter().chain(chapeau_cues).map(|c| c.kind));
    let mut parts: Parts = Default::default();
    for (coding, role) in roles(&codings, codebook, reading, |coding| judged(text, cues, coding.span)) {
        if role == Role::Behaviour && negated(text, cues, coding.span) {
            continue;
        }
        let list = &mut parts[role.index()];
        if !names(list, coding.concept) {
            list.push(Part { concept: coding.concept, supply: Supply::Sentence, span: coding.span, force });
        }
    }
    if parts.iter().all(Vec::is_empty) {
        return None;
    }
    // A label that is judged in one half of a sentence and answered in the other is what the sentence is about.
    let [problems, values, _] = &mut parts;
    values.retain(|v| !names(problems, v.concept));
    let is_chapeau = coded.segmentation.units[item as usize].role == UnitRole::Chapeau;
    Some(Own { unit: sentence, item, parts, is_chapeau })
}

/// Returns each coding that fills a part, with its role.
///
/// Of codings in one role where one holds the other, the longer stays; of two concepts on the very same span, the
/// first by role, then the narrower one, so that a span fills one part only.
pub fn roles<'a>(
    codings: &'a [Coding],
    codebook: &'a Codebook,
    reading: Reading,
    judged: impl Fn(&Coding) -> bool + 'a,
) -> Vec<(Coding, Role)> {
    let mut chosen: Vec<(Coding, Role)> =
        codings.iter().map(|c| (*c, role(codebook, c.concept, reading, || judged(c)))).collect();
    // Narrower concepts have the greater index.
    chosen.sort_by_key(|(c, role)| (c.span.start, Reverse(c.span.end), *role, Reverse(c.concept)));
    let mut out: Vec<(Coding, Role)> = Vec::with_capacity(chosen.len());
    for (coding, role) in chosen {
        let hidden = out.iter().rev().take(16).any(|(kept, kept_role)| {
            kept.span == coding.span || (*kept_role == role && kept.span.contains(coding.span))
        });
        if !hidden {
            out.push((coding, role));
        }
    }
    out
}

fn role(codebook: &Codebook, concept: ConceptIx, reading: Reading, judged: impl Fn() -> bool) -> Role {
    let concept = codebook.get(concept);
    let first = concept.roles.first().copied().unwrap_or(Role::Problem);
    if !concept.norm_label || !concept.has(Role::Value) || !concept.has(Role::Problem) {
        return first;
    }
    match reading {
        Reading::Problems => Role::Problem,
        Reading::Values => Role::Value,
        Reading::Rule => {
            if judged() {
                Role::Value
            } else {
                Role::Problem
            }
        }
    }
}

/// Returns whether an evaluation in the sentence stands within reach of the span.
fn judged(text: &str, cues: &[super::cues::Cue], span: Span) -> bool {
    cues.iter().filter(|c| c.kind == CueKind::Evaluation).any(|cue| {
        let between = if cue.span.end <= span.start {
            Span::new(cue.span.end, span.start)
        } else {
            Span::new(span.end, cue.span.start)
        };
        let words = between.of(text);
        !words.contains(';') && words.split_whitespace().count() <= EVALUATION_WORDS
    })
}

fn chapeau_parts(
    coded: &CodedSource,
    text: &str,
    codebook: &Codebook,
    settings: Settings,
    window: u32,
) -> Option<Parts> {
    if settings.window != Level::Item {
        return None;
    }
    let chapeau = coded.chapeau(window)?;
    let own = coded.sentences(chapeau).filter_map(|s| own_parts(coded, text, codebook, settings.reading, s));
    Some(union(own.map(|o| o.parts)))
}

fn names(parts: &[Part], concept: ConceptIx) -> bool {
    parts.iter().any(|p| p.concept == concept)
}

fn union(all: impl Iterator<Item = Parts>) -> Parts {
    let mut out: Parts = Default::default();
    for parts in all {
        for (list, more) in out.iter_mut().zip(parts) {
            for part in more {
                if !names(list, part.concept) {
                    list.push(part);
                }
            }
        }
    }
    out
}

fn inherited_parts(coded: &CodedSource, text: &str, codebook: &Codebook, reading: Reading) -> Parts {
    let units = &coded.segmentation.units;
    let top = units.iter().enumerate().filter(|(_, u)| {
        u.level == Level::Sentence
            && (u.role == UnitRole::Preamble || (u.role == UnitRole::Heading && u.span.start == units[0].span.start))
    });
    let mut parts =
        union(top.filter_map(|(i, _)| own_parts(coded, text, codebook, reading, i as u32)).map(|o| o.parts));
    parts[Role::Behaviour.index()].clear();
    parts
}

/// Supplies what sentence `i` lacks: from its item and chapeau, then from the window, then from title and preamble.
///
/// Nothing is supplied that fills another part already: a label that one sentence judges and the next answers would be both problem and
/// value, and "If child trafficking, child trafficking suggests to prevent it" is no norm. Where the sentence gives a reason beside ("child
/// trafficking is contrary to dignity"), the label is the problem of what it says, and that reason the value.
fn complete(own: &[Own], i: usize, chapeau: Option<&Parts>, inherited: &Parts, coded: &CodedSource) -> FormedSentence {
    let me = &own[i];
    let mut parts = me.parts.clone();
    let mut value_of_another_norm = false;
    let is_problem =
        |c: ConceptIx| own.iter().map(|o| &o.parts).chain(chapeau).chain([inherited]).any(|parts| names(&parts[0], c));
    let has_reason = me.parts[1].iter().any(|v| !is_problem(v.concept));
    for role in Role::ALL {
        let r = role.index();
        if !parts[r].is_empty() {
            continue;
        }
        let [_, values, behaviours] = &parts;
        let gives_way = role == Role::Problem && has_reason;
        let free = |part: &&Part| {
            !names(behaviours, part.concept)
                && (gives_way || !names(values, part.concept))
                && (role == Role::Problem || !names(&parts[0], part.concept))
        };
        let gives = |o: &&Own| o.parts[r].iter().any(|part| free(&part));
        let near = |o: &&Own| o.item == me.item || (o.is_chapeau && shares_paragraph(coded, o.unit, me.unit));
        let others = || own.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, o)| o);
        let (givers, supply): (Vec<&Own>, Supply) = {
            let close: Vec<&Own> = others().filter(near).filter(gives).collect();
            if close.is_empty() { (others().filter(gives).collect(), Supply::Window) } else { (close, Supply::Item) }
        };
        if givers.is_empty() {
            let (from, supply) = match chapeau {
                Some(parts) if parts[r].iter().any(|part| free(&part)) => (parts, Supply::Item),
                _ => (inherited, Supply::Inherited),
            };
            parts[r] = from[r].iter().filter(free).map(|p| Part { supply, ..*p }).collect();
            continue;
        }
        if role == Role::Value {
            value_of_another_norm = !me.parts[0].is_empty()
                && givers.iter().any(|g| {
                    !g.parts[0].is_empty()
                        && g.parts[0].iter().all(|p| me.parts[0].iter().all(|q| q.concept != p.concept))
                });
        }
        let given: Parts = union(givers.iter().map(|g| g.parts.clone()));
        parts[r] = given[r].iter().filter(free).map(|p| Part { supply, ..*p }).collect();
    }
    let [problems, values, _] = &mut parts;
    let (answered, kept) = std::mem::take(values).into_iter().partition(|v| names(problems, v.concept));
    *values = kept;
    FormedSentence { unit: me.unit, parts, answered, value_of_another_norm }
}

fn shares_paragraph(coded: &CodedSource, a: u32, b: u32) -> bool {
    coded.enclosing(a, Level::Paragraph) == coded.enclosing(b, Level::Paragraph)
}

/// A statement: "If \[problem\], \[value\] suggests \[behaviour\]"; a missing part is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Statement {
    /// What is wrong.
    pub problem: Option<ConceptIx>,
    /// Why it matters.
    pub value: Option<ConceptIx>,
    /// What is to be done.
    pub behaviour: Option<ConceptIx>,
}

impl Statement {
    /// Returns the parts in the order of the formula.
    #[must_use]
    pub const fn parts(&self) -> [Option<ConceptIx>; 3] {
        [self.problem, self.value, self.behaviour]
    }

    /// Returns whether all three parts are there.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.problem.is_some() && self.value.is_some() && self.behaviour.is_some()
    }
}

/// A sentence that makes a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// Index of the source.
    pub source: u32,
    /// Index of the sentence unit.
    pub unit: u32,
}

/// What is counted of a statement.
#[derive(Debug, Clone, Default)]
pub struct StatementCount {
    /// Weight with every window counting 1.
    pub weight: f64,
    /// Weight with every source counting 1.
    pub source_weight: f64,
    /// The part of `weight` in which a part was supplied from outside the sentence.
    pub supplied: f64,
    /// Windows that make it.
    pub windows: BTreeSet<(u32, u32)>,
    /// Sources that make it.
    pub sources: BTreeSet<u32>,
    /// Sources that make it in a sentence that lacks no part.
    pub own_sources: BTreeSet<u32>,
    /// Whose sources these are: what one actor says in several of its sources is said by one.
    pub own_makers: BTreeSet<u32>,
    /// Sentences that make it, each with whether a part had to be supplied to it; own ones first.
    pub passages: Vec<(bool, Passage)>,
}

/// Sources, or actors where sources are known by their actor, that have to make a statement in sentences of their own before it may lead.
pub const LEADING_MAKERS: usize = 3;

impl StatementCount {
    /// Returns the weight in sentences that lack no part.
    #[must_use]
    pub fn own_weight(&self) -> f64 {
        (self.weight - self.supplied).max(0.0)
    }

    /// Returns whether the statement may lead an answer: at least three sources (or actors) make it in sentences of their own.
    #[must_use]
    pub fn may_lead(&self) -> bool {
        self.own_makers.len() >= LEADING_MAKERS
    }
}

/// The statements of chosen windows with their weights.
#[derive(Debug, Default)]
pub struct StatementTable {
    /// By statement.
    pub counts: BTreeMap<Statement, StatementCount>,
    /// Windows counted.
    pub n_windows: usize,
    /// Weight of combinations beyond [`MAX_COMBINATIONS`] of a window.
    pub omitted_weight: f64,
}

/// Returns the statements of the windows that `keep(source, window)` chooses.
///
/// `whose` names per source the first one of its actor, as [`super::focal::by_actor`] takes it; empty: each source is its own.
#[must_use]
pub fn count(formed: &Formed, whose: &[usize], keep: &dyn Fn(usize, &FormedWindow) -> bool) -> StatementTable {
    let mut table = StatementTable::default();
    for (s, windows) in formed.windows.iter().enumerate() {
        let kept: Vec<&FormedWindow> = windows.iter().filter(|w| keep(s, w)).collect();
        table.n_windows += kept.len();
        let source_share = 1.0 / kept.len().max(1) as f64;
        for window in kept {
            count_window(&mut table, s as u32, window, source_share);
        }
    }
    for count in table.counts.values_mut() {
        count.passages.sort_unstable();
        count.passages.dedup();
        let maker = |s: &u32| whose.get(*s as usize).map_or(*s, |&first| first as u32);
        count.own_makers = count.own_sources.iter().map(maker).collect();
    }
    table
}

fn count_window(table: &mut StatementTable, source: u32, window: &FormedWindow, source_share: f64) {
    let share = 1.0 / window.combinations;
    let mut left = MAX_COMBINATIONS;
    for sentence in &window.sentences {
        let passage = Passage { source, unit: sentence.unit };
        let [p, v, b] = sentence.parts.each_ref().map(|list| options(list));
        let mut counted = 0;
        for parts in product([&p, &v, &b]).take(left) {
            counted += 1;
            let [problem, value, behaviour] = parts.map(|part| part.map(|p| p.concept));
            let supplied = parts.iter().any(|p| p.is_some_and(|p| p.supply != Supply::Sentence));
            let count = table.counts.entry(Statement { problem, value, behaviour }).or_default();
            count.weight += share;
            count.source_weight += share * source_share;
            count.supplied += if supplied { share } else { 0.0 };
            count.windows.insert((source, window.unit));
            count.sources.insert(source);
            if !supplied {
                count.own_sources.insert(source);
            }
            count.passages.push((supplied, passage));
        }
        left -= counted;
        table.omitted_weight += share * (sentence.combinations() - counted as f64);
    }
}

/// Returns the weights of the statements of some windows of one source, every window counting 1.
#[must_use]
pub fn weights<'w>(windows: impl Iterator<Item = &'w FormedWindow>) -> BTreeMap<Statement, f64> {
    let mut out = BTreeMap::new();
    for window in windows {
        let share = 1.0 / window.combinations;
        let mut left = MAX_COMBINATIONS;
        for sentence in &window.sentences {
            let [p, v, b] = sentence.parts.each_ref().map(|list| options(list));
            for parts in product([&p, &v, &b]).take(left) {
                left -= 1;
                let [problem, value, behaviour] = parts.map(|part| part.map(|p| p.concept));
                *out.entry(Statement { problem, value, behaviour }).or_insert(0.0) += share;
            }
        }
    }
    out
}

/// Returns all combinations of one element of each list; lazy, since there may be more than anybody can count.
pub(super) fn product<T: Copy>(lists: [&[T]; 3]) -> impl Iterator<Item = [T; 3]> {
    let [x, y, z] = lists;
    x.iter().flat_map(move |&a| y.iter().flat_map(move |&b| z.iter().map(move |&c| [a, b, c])))
}

fn options(list: &[Part]) -> Vec<Option<&Part>> {
    if list.is_empty() { vec![None] } else { list.iter().map(Some).collect() }
}
