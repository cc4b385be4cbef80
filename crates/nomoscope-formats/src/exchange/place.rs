//! Where the selections of a project stand in its texts: one mechanism for all formats.
//!
//! Programs count characters in their own way, and files do not say in which. For each source every way of counting is tried
//! on its selections: first the quotations that were stored with them decide, then how many begin and end at the edge of a
//! word. What the sources say together decides where one alone says too little. A quotation that does not stand at its place
//! is searched for, and moved where it stands once only; otherwise it stays where the project says, and is told.

use super::counting::{Counting, Newlines, Unit};
use super::fidelity::{Counts, Evidence, Fidelity, Moved, SourceReport, Unfit};
use super::positions::{Milestone, STEP, milestones, resolve};
use super::project::{ForeignProject, ForeignSource, Selection};
use super::search::{Hits, search};
use crate::study::offsets::Offsets;
use nomoscope_core::text::Span;
use nomoscope_core::text::characters::{Role, role};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where a selection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The place in the text of the source, in UTF-8 bytes.
    pub span: Span,
    /// The quotation that the program stored, where the text says something else.
    pub stored: Option<String>,
    /// Where the program said it is, where it cannot be there.
    pub lost_place: Option<(i64, i64)>,
}

/// Where all selections of a project stand.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// For each selection its place.
    pub places: Vec<Option<Placed>>,
    /// For each source what was found out.
    pub sources: Vec<SourceReport>,
    /// Selections that were moved to their quotation.
    pub healed: Vec<Moved>,
    /// Selections whose words stand at their place with other white space than in the stored quotation.
    pub spaced: Vec<Unfit>,
    /// Selections that stay where the program says although their words are others, or that have no place.
    pub unfit: Vec<Unfit>,
}

/// Returns the report of a project that was placed; `file` is what people call it.
#[must_use]
pub fn report(file: &str, project: &ForeignProject, placement: &Placement) -> Fidelity {
    Fidelity {
        file: file.to_owned(),
        format: project.format.to_owned(),
        origin: project.origin.clone(),
        project: project.name.clone(),
        holds: project.counts.clone(),
        sources: placement.sources.clone(),
        healed: placement.healed.clone(),
        spaced: placement.spaced.clone(),
        unfit: placement.unfit.clone(),
        lost: project.lost.clone(),
        notes: project.notes.clone(),
    }
}

/// What a text has that ways of counting differ in.
struct Traits {
    ascii: bool,
    crlf: bool,
    bare_lf: bool,
    bom: bool,
}

impl Traits {
    fn of(source: &ForeignSource, text: &str) -> Self {
        let bytes = text.as_bytes();
        let is_lf = |(_, b): &(usize, &u8)| **b == b'\n';
        let after_cr = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r');
        let mut lines = bytes.iter().enumerate().filter(is_lf).map(|(at, _)| after_cr(at));
        let (mut crlf, mut bare_lf) = (false, false);
        while !(crlf && bare_lf) {
            match lines.next() {
                Some(true) => crlf = true,
                Some(false) => bare_lf = true,
                None => break,
            }
        }
        Self { ascii: text.is_ascii(), crlf, bare_lf, bom: source.bom }
    }

    /// Returns the first of all ways that count this text like the given one.
    fn effective(&self, way: Counting) -> Counting {
        let newlines = match way.newlines {
            Newlines::One if !self.crlf => Newlines::AsWritten,
            Newlines::Two if !self.bare_lf => Newlines::AsWritten,
            other => other,
        };
        // In a text of ASCII only the byte order mark tells units apart: as bytes it counts three.
        let bom = way.bom && self.bom;
        let unit = match way.unit {
            Unit::Utf8 if self.ascii && bom => Unit::Utf8,
            _ if self.ascii => Unit::CodePoints,
            unit => unit,
        };
        Counting { unit, newlines, bom, inclusive: way.inclusive }
    }
}

/// Places the selections of a project. The texts of sources that lack theirs, and characters that no text may hold, are
/// replaced before.
#[must_use]
pub fn place(project: &mut ForeignProject) -> Placement {
    complete(project);
    let mut of_source: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, selection) in project.selections.iter().enumerate() {
        of_source.entry(&selection.source).or_default().push(at);
    }
    let texts: Vec<Text<'_>> = project
        .sources
        .iter()
        .map(|source| Text::new(source, of_source.remove(source.id.as_str()).unwrap_or_default(), &project.selections))
        .collect();
    let pooled = pooled(&texts);
    let mut placement = Placement { places: vec![None; project.selections.len()], ..Placement::default() };
    for text in &texts {
        text.place(text.choose(&pooled), &mut placement);
    }
    placement.unfit.sort();
    divide(project, &mut placement);
    placement
}

/// Puts the ends of lines into the texts that the program does not count, and moves the places that follow.
fn divide(project: &mut ForeignProject, placement: &mut Placement) {
    let breaks: HashMap<&str, &[u32]> =
        project.sources.iter().filter(|s| !s.breaks.is_empty()).map(|s| (s.id.as_str(), s.breaks.as_slice())).collect();
    for (selection, placed) in project.selections.iter().zip(&mut placement.places) {
        if let (Some(breaks), Some(placed)) = (breaks.get(selection.source.as_str()), placed) {
            let Span { start, end } = placed.span;
            let before = breaks.partition_point(|at| *at <= start) as u32;
            // An end of a line right behind the words is none of them.
            let inside = breaks.partition_point(|at| *at < end) as u32;
            placed.span = Span::new(start + before, end + inside.max(before));
        }
    }
    for source in project.sources.iter_mut().filter(|s| !s.breaks.is_empty()) {
        let Some(text) = &source.text else { continue };
        let mut divided = String::with_capacity(text.len() + source.breaks.len());
        let mut from = 0;
        for at in source.breaks.iter().map(|at| *at as usize).chain([text.len()]) {
            if let Some(part) = text.get(from..at) {
                divided.push_str(part);
                divided.push_str(if at == text.len() { "" } else { "\n" });
                from = at;
            }
        }
        source.text = Some(divided);
        source.breaks.clear();
    }
}

/// Gives sources without a text one of their quotations, and takes out what no text may hold.
fn complete(project: &mut ForeignProject) {
    let mut quotes: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut seen = HashSet::new();
    for selection in &project.selections {
        if let Some(quote) = selection.quote.as_deref().filter(|q| !q.trim().is_empty())
            && seen.insert((selection.source.as_str(), quote))
        {
            quotes.entry(&selection.source).or_default().push(quote);
        }
    }
    for source in &mut project.sources {
        let missing = source.text.as_deref().is_none_or(|text| text.trim().is_empty());
        if missing {
            let rest = quotes.get(source.id.as_str()).map(|quotes| quotes.join("\n\n"));
            source.attributes.insert(MISSING.to_owned(), "missing".to_owned());
            source.text = Some(rest.unwrap_or_else(|| "…".to_owned()));
            source.bom = false;
        }
        if let Some(text) = source.text.as_mut().filter(|text| text.contains('\0')) {
            *text = text.replace('\0', " ");
        }
    }
}

/// The attribute that says that the text of a source was not in its project.
pub const MISSING: &str = "text";

/// A source with its selections.
struct Text<'p> {
    source: &'p ForeignSource,
    text: &'p str,
    traits: Traits,
    marks: Vec<Milestone>,
    missing: bool,
    /// The selections by their place in the project.
    selections: Vec<(usize, &'p Selection)>,
    /// How well each way of counting fits that differs in this text.
    scores: BTreeMap<Counting, Score>,
    /// Code points, counted when something moves.
    points: OnceCell<Offsets<'p>>,
}

/// How well a way of counting fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Score {
    points: i64,
    quotes: usize,
    starts: usize,
    ends: usize,
    impossible: usize,
    /// Tells ways apart: two with the same hash let all selections begin at the same place.
    begins: u64,
}

type Pooled = BTreeMap<Counting, i64>;

/// Adds up what the sources say to each way of counting.
fn pooled(texts: &[Text<'_>]) -> Pooled {
    let sum = |way: Counting| texts.iter().map(|text| text.score(way).points).sum();
    Counting::all().map(|way| (way, sum(way))).collect()
}

impl<'p> Text<'p> {
    fn new(source: &'p ForeignSource, of_source: Vec<usize>, all: &'p [Selection]) -> Self {
        let text = source.text.as_deref().unwrap_or_default();
        let missing = source.attributes.get(MISSING).is_some_and(|v| v == "missing");
        let selections = of_source.into_iter().filter_map(|at| Some((at, all.get(at)?))).collect();
        let (traits, marks) = (Traits::of(source, text), milestones(text, STEP));
        let (scores, points) = (BTreeMap::new(), OnceCell::new());
        let mut text = Self { source, text, traits, marks, missing, selections, scores, points };
        if !missing && text.selections.iter().any(|(_, s)| s.place.is_some()) {
            for way in Counting::all() {
                let way = text.traits.effective(way);
                if !text.scores.contains_key(&way) {
                    text.scores.insert(way, text.try_out(way));
                }
            }
        }
        text
    }

    fn score(&self, way: Counting) -> Score {
        self.scores.get(&self.traits.effective(way)).copied().unwrap_or_default()
    }

    /// Returns the spans of the selections by a way of counting, and whether each begins and ends between characters.
    fn spans(&self, way: Counting) -> Vec<Option<(Span, bool)>> {
        let mut wanted = Vec::with_capacity(self.selections.len() * 2);
        for (at, (_, selection)) in self.selections.iter().enumerate() {
            if let Some((start, end)) = selection.place {
                // A selection of nothing has no last character, however ends are counted.
                let end = if way.inclusive && end > start { end.saturating_add(1) } else { end };
                wanted.extend([(start, at * 2), (end, at * 2 + 1)]);
            }
        }
        wanted.sort_unstable();
        let bytes = resolve(self.text, &self.marks, way, &wanted, self.selections.len() * 2);
        let (pairs, _) = bytes.as_chunks::<2>();
        pairs
            .iter()
            .map(|[start, end]| {
                let ((start, clean), (end, also)) = ((*start)?, (*end)?);
                (start <= end).then(|| (Span::new(start, end), clean && also))
            })
            .collect()
    }

    fn try_out(&self, way: Counting) -> Score {
        let mut score = Score { begins: 0xcbf2_9ce4_8422_2325, ..Score::default() };
        for ((_, selection), span) in self.selections.iter().zip(self.spans(way)) {
            if selection.place.is_none() {
                continue;
            }
            let at = span.map_or(u64::MAX, |(s, _)| u64::from(s.start));
            score.begins = (score.begins ^ at).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
            let Some((span, true)) = span else {
                score.impossible += 1;
                score.points -= 4;
                continue;
            };
            let words = span.of(self.text);
            if selection.quote.as_deref().is_some_and(|quote| !quote.is_empty() && alike(words, quote)) {
                score.quotes += 1;
                score.points += 8;
            } else if selection.quote.is_none() && is_named_after(&selection.name, words) {
                score.points += 2;
            }
            if span.is_empty() {
                continue;
            }
            let (starts, ends) = edges(self.text, span);
            score.starts += usize::from(starts);
            score.ends += usize::from(ends);
            score.points += i64::from(starts) + i64::from(ends);
        }
        score
    }

    /// Chooses a way of counting: the usual one, unless all sources together speak for another, unless this one alone speaks
    /// for a third. Chance lets a few selections begin at a word, so that small differences say nothing.
    fn choose(&self, pooled: &Pooled) -> Counting {
        let usual = self.source.usual;
        if self.source.trusted {
            return self.traits.effective(usual);
        }
        // Twice the standard deviation of as many tosses of a coin, for a beginning and an end each.
        let slack = |n: usize| if n < 2 { 1 } else { (4 * n).isqrt() as i64 };
        let n_all = self.selections.len().max(1);
        let points_of_all = |way: Counting| pooled.get(&way).copied().unwrap_or_default();
        let best_of_all =
            pooled.iter().map(|(way, points)| (*points, std::cmp::Reverse(way.distance(usual)), *way)).max();
        let together = match best_of_all {
            Some((points, _, way)) if points - points_of_all(usual) > slack(n_all) => way,
            _ => usual,
        };
        let alone = self.scores.iter().map(|(way, score)| {
            let distance = way.distance(self.traits.effective(together));
            (score.points, std::cmp::Reverse(distance), *way)
        });
        match alone.max() {
            Some((points, _, way)) if points - self.score(together).points > slack(n_all) => way,
            _ => self.traits.effective(together),
        }
    }

    /// Returns the way as people should know it: the usual one, where it counts this text alike.
    fn said(&self, way: Counting) -> Counting {
        let usual = self.source.usual;
        if self.traits.effective(usual) == way { usual } else { way }
    }

    fn place(&self, way: Counting, placement: &mut Placement) {
        let chosen = self.score(way);
        let others = self.scores.values().filter(|s| s.begins != chosen.begins);
        let next = others.clone().map(|s| s.starts).max();
        let other_end = self.score(Counting { inclusive: !way.inclusive, ..way });
        let mut counts = Counts::default();
        let spans = self.spans(way);
        let hits = self.search(&spans);
        for ((at, selection), span) in self.selections.iter().zip(spans) {
            let placed = self.one(selection, span.map(|(span, _)| span), &hits, &mut counts, placement);
            if let Some(slot) = placement.places.get_mut(*at) {
                *slot = placed;
            }
        }
        placement.sources.push(SourceReport {
            id: self.source.id.clone(),
            name: self.source.name.clone(),
            characters: self.text.chars().count() as u64,
            missing: self.missing,
            counting: (!self.scores.is_empty()).then_some(self.said(way)),
            evidence: Evidence {
                selections: self.selections.len(),
                quotations_fit: chosen.quotes,
                begin_on_a_word: chosen.starts,
                end_on_a_word: chosen.ends,
                next_best_begin_on_a_word: next,
                other_end_on_a_word: other_end.ends,
                only_reading: others.count() == 0,
            },
            counts,
        });
    }

    /// Searches for the quotations that do not stand at their place.
    fn search(&self, spans: &[Option<(Span, bool)>]) -> HashMap<&'p str, Hits> {
        let misplaced = self.selections.iter().zip(spans).filter_map(|((_, selection), span)| {
            let quote = selection.quote.as_deref().filter(|q| !q.trim().is_empty())?;
            let fits = span.is_some_and(|(span, _)| alike(span.of(self.text), quote));
            (!fits).then_some(quote)
        });
        search(self.text, misplaced)
    }

    fn one(
        &self,
        selection: &Selection,
        span: Option<Span>,
        hits: &HashMap<&str, Hits>,
        counts: &mut Counts,
        placement: &mut Placement,
    ) -> Option<Placed> {
        let placed = |span: Span| Some(Placed { span, stored: None, lost_place: None });
        if selection.whole {
            counts.unchecked += 1;
            return placed(span_of(0, if self.missing { 0 } else { self.text.len() }));
        }
        let quote = selection.quote.as_deref().filter(|q| !q.trim().is_empty());
        let Some(quote) = quote else {
            if let Some(span) = span.filter(|_| !self.missing) {
                counts.unchecked += 1;
                return placed(span);
            }
            return self.nowhere(selection, counts, placement);
        };
        if let Some(span) = span.filter(|span| alike(span.of(self.text), quote)) {
            if *line_wise(span.of(self.text)) == *line_wise(quote) {
                counts.exact += 1;
            } else {
                counts.spaced += 1;
                let told = self.unfit(selection, "its stored quotation has other white space");
                placement.spaced.push(told);
            }
            return placed(span);
        }
        let found = hits.get(quote).copied().unwrap_or_default();
        // What is left of a text that is missing are its quotations: each stands there, be it in another one's.
        let place = if self.missing { found.first } else { found.only() };
        if let Some(at) = place {
            let to = span_of(at, at + quote.len());
            if self.missing {
                counts.exact += 1;
            } else {
                counts.healed += 1;
                placement.healed.push(self.moved(selection, span, to));
            }
            return placed(to);
        }
        let Some(span) = span else { return self.nowhere(selection, counts, placement) };
        let reason = match found.n {
            0 => "its quotation stands nowhere in the text",
            _ => "its quotation stands several times in the text, and not there",
        };
        counts.unfit += 1;
        placement.unfit.push(self.unfit(selection, reason));
        Some(Placed { span, stored: Some(quote.to_owned()), lost_place: None })
    }

    /// Keeps a selection that has no place: at the beginning of the text, of no length.
    fn nowhere(&self, selection: &Selection, counts: &mut Counts, placement: &mut Placement) -> Option<Placed> {
        let reason = match (self.missing, selection.place) {
            (true, _) => "the text of its source is missing",
            (false, None) => "the file says neither where it is nor what it says",
            (false, Some(_)) => "its place lies outside the text",
        };
        counts.unfit += 1;
        placement.unfit.push(self.unfit(selection, reason));
        let stored = selection.quote.clone().filter(|q| !q.trim().is_empty());
        Some(Placed { span: Span::new(0, 0), stored, lost_place: selection.place })
    }

    fn unfit(&self, selection: &Selection, reason: &str) -> Unfit {
        Unfit {
            source: self.source.name.clone(),
            quote: selection.quote.clone().unwrap_or_default(),
            place: selection.place,
            reason: reason.to_owned(),
        }
    }

    fn moved(&self, selection: &Selection, from: Option<Span>, to: Span) -> Moved {
        let points = self.points.get_or_init(|| Offsets::new(self.text));
        let point = |byte: u32| points.point_of(byte).map(i64::from);
        let by = from.and_then(|from| Some(point(to.start)? - point(from.start)?));
        Moved {
            source: self.source.name.clone(),
            quote: selection.quote.clone().unwrap_or_default(),
            place: selection.place,
            by,
        }
    }
}

fn span_of(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// Returns whether two quotations are the same but for white space, such as the ends of lines, and what no text may hold.
fn alike(words: &str, quote: &str) -> bool {
    words == quote || {
        let mut words = words.split_whitespace();
        let quote: Cow<'_, str> =
            if quote.contains('\0') { quote.replace('\0', " ").into() } else { Cow::Borrowed(quote) };
        let mut quote = quote.split_whitespace();
        loop {
            match (words.next(), quote.next()) {
                (None, None) => return true,
                (a, b) if a == b => {}
                _ => return false,
            }
        }
    }
}

/// Returns whether a selection is named after its words, as some programs do, cut off or not.
fn is_named_after(name: &str, words: &str) -> bool {
    const TELLING: usize = 4;
    let name = name.trim().trim_end_matches('…').trim_end_matches("...").trim();
    name.chars().count() >= TELLING && {
        let mut words = words.split_whitespace();
        let mut parts = name.split_whitespace().peekable();
        loop {
            let Some(part) = parts.next() else { return true };
            match words.next() {
                Some(word) if word == part => {}
                Some(word) => return parts.peek().is_none() && word.starts_with(part),
                None => return false,
            }
        }
    }
}

/// Returns whether a span begins, and whether it ends, where a word does or beside one.
fn edges(text: &str, span: Span) -> (bool, bool) {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = |at: usize| text.get(..at).and_then(|t| t.chars().next_back());
    let after = |at: usize| text.get(at..).and_then(|t| t.chars().next());
    let inside = |a: Option<char>, b: Option<char>| a.is_some_and(in_word) && b.is_some_and(in_word);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let starts = !inside(before(start), after(start)) && !blank(after(start));
    let ends = !inside(before(end), after(end)) && !blank(before(end));
    (starts, ends)
}

fn in_word(c: char) -> bool {
    matches!(role(c), Role::Letter | Role::Unspaced | Role::Invisible)
}

/// Returns where positions of a text stand in another that differs from it in ends of lines only; none where the texts differ
/// in more.
#[must_use]
pub fn carried(from: &str, to: &str, spans: &[Span]) -> Option<Vec<Span>> {
    let mut wanted: Vec<(u32, usize)> =
        spans.iter().enumerate().flat_map(|(at, span)| [(span.start, at * 2), (span.end, at * 2 + 1)]).collect();
    wanted.sort_unstable();
    let mut wanted = wanted.into_iter().peekable();
    let mut out = vec![0_u32; spans.len() * 2];
    let (mut a, mut b) = (LineWise::new(from), LineWise::new(to));
    loop {
        let new = b.at;
        let (left, right) = (a.next(), b.next());
        // A position within an end of a line stands before it.
        let end = if left.is_none() { u32::MAX } else { u32::try_from(a.at).unwrap_or(u32::MAX) };
        while let Some((_, slot)) = wanted.next_if(|(position, _)| *position < end) {
            if let Some(out) = out.get_mut(slot) {
                *out = u32::try_from(new).unwrap_or(u32::MAX);
            }
        }
        match (left, right) {
            (None, None) => break,
            (a, b) if a == b => {}
            _ => return None,
        }
    }
    let (pairs, _) = out.as_chunks::<2>();
    Some(pairs.iter().map(|[start, end]| Span::new(*start, *end)).collect())
}

/// The characters of a text, each end of a line as one LF.
struct LineWise<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> LineWise<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for LineWise<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let rest = self.text.get(self.at..)?;
        let c = rest.chars().next()?;
        self.at += if rest.starts_with("\r\n") { 2 } else { c.len_utf8() };
        Some(if c == '\r' { '\n' } else { c })
    }
}

/// Returns a text with each end of a line as one LF: what two copies of it have in common.
#[must_use]
pub fn line_wise(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { LineWise::new(text).collect::<String>().into() } else { text.into() }
}
