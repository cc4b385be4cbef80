//! Where the selections of a project stand in its texts: one mechanism for all formats.
//!
//! Programs count characters in their own way, and files do not say in which. For each source every way of counting is tried
//! on its selections: first the quotations that were stored with them decide, then how many begin and end at the edge of a
//! word. What the sources say together decides where one alone says too little. Where no way fits, positions that are all too
//! high or too low are tried. A quotation that does not stand at its place is searched for, and moved where it stands once
//! only; otherwise it stays where the project says, and is told. Selections whose words nobody stored, and that begin and end
//! inside words whatever is tried, are told for their source as a whole.

use super::counting::{Counting, Newlines, Unit};
use super::fidelity::{Counts, Evidence, Fidelity, Moved, SourceReport, Unfit};
use super::folded::{Found, beginning, find, find_names, is_alike};
use super::positions::{Milestone, STEP, milestones, resolve};
use super::project::{ForeignProject, ForeignSource, Selection};
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
    /// Where on a page it is, where the file says nothing else of its place.
    pub area: Option<String>,
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
    /// Whether a line ends in anything else.
    other_end: bool,
    bom: bool,
}

impl Traits {
    fn of(source: &ForeignSource, text: &str) -> Self {
        let after_cr = |at: usize| at.checked_sub(1).and_then(|at| text.as_bytes().get(at)) == Some(&b'\r');
        let before_lf = |at: usize| text.as_bytes().get(at + 1) == Some(&b'\n');
        let is_other = |(at, c): (usize, char)| match c {
            '\n' => !after_cr(at),
            '\r' => !before_lf(at),
            c => c == '\u{2029}',
        };
        let (crlf, other_end) = (text.contains("\r\n"), text.char_indices().any(is_other));
        Self { ascii: text.is_ascii(), crlf, other_end, bom: source.bom }
    }

    /// Returns the first of all ways that count this text like the given one.
    fn effective(&self, way: Counting) -> Counting {
        let newlines = match way.newlines {
            Newlines::One if !self.crlf => Newlines::AsWritten,
            Newlines::Two if !self.other_end => Newlines::AsWritten,
            other => other,
        };
        // In a text of ASCII only the byte order mark tells units apart: as bytes it counts three.
        let bom = way.bom && self.bom;
        let unit = match way.unit {
            Unit::Utf8 if self.ascii && bom => Unit::Utf8,
            _ if self.ascii => Unit::CodePoints,
            unit => unit,
        };
        Counting { unit, newlines, bom, ..way }
    }
}

/// Places the selections of a project. The texts of sources that lack theirs, and characters that no text may hold, are
/// replaced before.
#[must_use]
pub fn place(project: &mut ForeignProject) -> Placement {
    let missing = complete(project);
    let mut of_source: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, selection) in project.selections.iter().enumerate() {
        of_source.entry(&selection.source).or_default().push(at);
    }
    let texts: Vec<Text<'_>> = project
        .sources
        .iter()
        .zip(&missing)
        .map(|(source, missing)| {
            let selections = of_source.remove(source.id.as_str()).unwrap_or_default();
            Text::new(source, *missing, selections, &project.selections)
        })
        .collect();
    let pooled = pooled(&texts);
    let chosen: Vec<Counting> = texts.iter().map(|text| text.choose(&pooled)).collect();
    let mut placement = Placement { places: vec![None; project.selections.len()], ..Placement::default() };
    for (text, way) in texts.iter().zip(shifted(&texts, chosen)) {
        text.place(way, &mut placement);
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

/// Gives sources without a text one of their quotations, and takes out what no text may hold; returns of each whether it had none.
fn complete(project: &mut ForeignProject) -> Vec<bool> {
    let mut quotes: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut seen = HashSet::new();
    for selection in &project.selections {
        if let Some(quote) = selection.quote.as_deref().filter(|q| !q.trim().is_empty())
            && seen.insert((selection.source.as_str(), quote))
        {
            quotes.entry(&selection.source).or_default().push(quote);
        }
    }
    let mut all = Vec::with_capacity(project.sources.len());
    for source in &mut project.sources {
        // Blank is what a text may be, if it is there.
        let missing = source.text.as_deref().is_none_or(str::is_empty);
        all.push(missing);
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
    all
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
    /// What can be checked of the selections, two things for each: whether the quotation stands there, or else whether they
    /// begin and end at words; and how much of it is so.
    checks: usize,
    fits: usize,
    /// The same of selections without a quotation, or a name that is one.
    open: usize,
    open_fits: usize,
    /// Tells ways apart: two with the same hash let all selections begin at the same place.
    begins: u64,
}

impl Score {
    /// Returns whether so much of what can be checked is so, in hundredths.
    fn is_good(&self, hundredths: usize) -> bool {
        self.fits * 100 >= self.checks * hundredths
    }

    fn check(&mut self, things: usize, fits: usize, is_open: bool) {
        self.checks += things;
        self.fits += fits;
        if is_open {
            self.open += things;
            self.open_fits += fits;
        }
    }
}

type Pooled = BTreeMap<Counting, i64>;

/// Adds up what the sources say to each way of counting.
fn pooled(texts: &[Text<'_>]) -> Pooled {
    let sum = |way: Counting| texts.iter().map(|text| text.score(way).points).sum();
    Counting::all().map(|way| (way, sum(way))).collect()
}

/// In how many hundredths of what can be checked a way must fail before positions are tried that are all too high or too low,
/// and how much must be right then: selections that people made with a mouse end inside words now and then.
const BAD: usize = 75;
const GOOD: usize = 85;
/// The least that must be checked: among some hundred ways, one fits a few selections by chance.
const LEAST_CHECKS: usize = 8;
/// Ends of quotations that must have been found where a way of counting puts them before it counts as shown.
const LEAST_SHOWN: usize = 6;
/// How many selections of a text are enough to try them.
const SAMPLE: usize = 256;

/// Returns the ways of counting of texts, with positions that are all too high or too low where these fit and no other does.
///
/// What a program counts wrong in one text it counts wrong in all: they are asked together first.
fn shifted(texts: &[Text<'_>], chosen: Vec<Counting>) -> Vec<Counting> {
    let is_bad = |(text, way): (&Text<'_>, &Counting)| {
        let score = text.score(*way);
        !text.source.trusted && !text.missing && score.checks > 0 && !score.is_good(BAD)
    };
    let bad: Vec<usize> =
        (0..texts.len()).zip(texts.iter().zip(&chosen)).filter(|(_, one)| is_bad(*one)).map(|(at, _)| at).collect();
    let tried: Vec<BTreeMap<Counting, Score>> =
        bad.iter().filter_map(|at| Some(texts.get(*at)?.try_shifts())).collect();
    let of = |at: usize, tried: &BTreeMap<Counting, Score>, way: Counting| {
        let effective = texts.get(at).map(|text| text.traits.effective(way));
        effective.and_then(|way| tried.get(&way)).copied().unwrap_or_default()
    };
    let mut together: BTreeMap<Counting, Score> = BTreeMap::new();
    for way in Counting::all().flat_map(Counting::shifted) {
        let sum = together.entry(way).or_default();
        for (at, tried) in bad.iter().zip(&tried) {
            let score = of(*at, tried, way);
            sum.points += score.points;
            sum.check(score.checks, score.fits, false);
        }
    }
    let usual = |at: usize| texts.get(at).map(|text| text.source.usual).unwrap_or_default();
    let of_all = bad.first().and_then(|first| convincing(&together, usual(*first), Counting::default()));
    let mut ways = chosen;
    for (at, tried) in bad.iter().zip(&tried) {
        let Some(way) = ways.get_mut(*at) else { continue };
        let before = tried.get(way).copied().unwrap_or_default();
        let alone = of_all.filter(|all| of(*at, tried, *all).points >= before.points.max(1));
        if let Some(found) = alone.or_else(|| convincing(tried, usual(*at), *way)) {
            *way = texts.get(*at).map_or(found, |text| text.traits.effective(found));
        }
    }
    ways
}

/// Returns the way that fits best, if it fits well, if enough was checked, and if it is no better than another by chance.
fn convincing(tried: &BTreeMap<Counting, Score>, usual: Counting, now: Counting) -> Option<Counting> {
    let best = tried.iter().max_by_key(|(way, score)| (score.points, std::cmp::Reverse(way.distance(usual))));
    let (way, score) = best.filter(|(_, score)| score.checks >= LEAST_CHECKS && score.is_good(GOOD))?;
    let before = tried.get(&now).copied().unwrap_or_default();
    (score.points - before.points > slack(score.checks / 2)).then_some(*way)
}

/// Twice the standard deviation of as many tosses of a coin, for a beginning and an end each.
fn slack(n: usize) -> i64 {
    if n < 2 { 1 } else { (4 * n).isqrt() as i64 }
}

/// Where the words of selections stand that are not at their place: quotations, and names.
struct Search<'t> {
    quotes: HashMap<&'t str, Found>,
    names: HashMap<&'t str, Found>,
}

impl<'p> Text<'p> {
    fn new(source: &'p ForeignSource, missing: bool, of_source: Vec<usize>, all: &'p [Selection]) -> Self {
        let text = source.text.as_deref().unwrap_or_default();
        let selections = of_source.into_iter().filter_map(|at| Some((at, all.get(at)?))).collect();
        let (traits, marks) = (Traits::of(source, text), milestones(text, STEP));
        let (scores, points) = (BTreeMap::new(), OnceCell::new());
        let mut text = Self { source, text, traits, marks, missing, selections, scores, points };
        if !missing && text.selections.iter().any(|(_, s)| s.place.is_some()) {
            for way in Counting::all() {
                let way = text.traits.effective(way);
                if !text.scores.contains_key(&way) {
                    text.scores.insert(way, text.try_out(way, 1));
                }
            }
        }
        text
    }

    fn score(&self, way: Counting) -> Score {
        self.scores.get(&self.traits.effective(way)).copied().unwrap_or_default()
    }

    /// Returns how well the ways fit with positions that are all too high or too low, and as they are, on some of the selections.
    fn try_shifts(&self) -> BTreeMap<Counting, Score> {
        let step = self.selections.len().div_ceil(SAMPLE).max(1);
        let ways = self.scores.keys().flat_map(|way| way.shifted());
        ways.map(|way| (way, self.try_out(way, step))).collect()
    }

    /// Returns the spans of every so many selections by a way of counting, and whether each begins and ends between characters.
    fn spans(&self, way: Counting, step: usize) -> Vec<Option<(Span, bool)>> {
        let n = self.selections.len().div_ceil(step.max(1));
        let mut wanted = Vec::with_capacity(n * 2);
        for (at, (_, selection)) in self.selections.iter().step_by(step.max(1)).enumerate() {
            if let Some((start, end)) = selection.place {
                // A selection of nothing has no last character, however ends are counted.
                let end = if way.inclusive && end > start { end.saturating_add(1) } else { end };
                wanted.extend([(start, at * 2), (end, at * 2 + 1)]);
            }
        }
        wanted.sort_unstable();
        let bytes = resolve(self.text, &self.marks, way, &wanted, n * 2);
        let (pairs, _) = bytes.as_chunks::<2>();
        pairs
            .iter()
            .map(|[start, end]| {
                let ((start, clean), (end, also)) = ((*start)?, (*end)?);
                (start <= end).then(|| (Span::new(start, end), clean && also))
            })
            .collect()
    }

    fn try_out(&self, way: Counting, step: usize) -> Score {
        let mut score = Score { begins: 0xcbf2_9ce4_8422_2325, ..Score::default() };
        for ((_, selection), span) in self.selections.iter().step_by(step).zip(self.spans(way, step)) {
            if selection.place.is_none() {
                continue;
            }
            let at = span.map_or(u64::MAX, |(s, _)| u64::from(s.start));
            score.begins = (score.begins ^ at).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
            let Some((span, true)) = span else {
                score.impossible += 1;
                score.points -= 4;
                score.check(2, 0, false);
                continue;
            };
            let words = span.of(self.text);
            let quote = selection.quote.as_deref().filter(|quote| !quote.is_empty());
            let named = quote.is_none() && is_named_after(&selection.name, words);
            // Exactly there weighs more than there but for blanks, or a place beside the right one would do as well.
            let quoted = match quote {
                Some(quote) if *line_wise(words) == *line_wise(quote) => 8,
                Some(quote) if is_alike(words, quote) => 5,
                _ => 0,
            };
            score.quotes += usize::from(quoted > 0);
            score.points += if named { 2 } else { quoted };
            if quote.is_some() || named {
                score.check(2, if quoted > 0 || named { 2 } else { 0 }, false);
            }
            if span.is_empty() {
                continue;
            }
            let (starts, ends) = edges(self.text, span);
            score.starts += usize::from(starts);
            score.ends += usize::from(ends);
            score.points += i64::from(starts) + i64::from(ends);
            // Where words are not divided, no place says that it is inside one.
            if quote.is_none() && !named && !is_undivided(words) {
                score.check(2, usize::from(starts) + usize::from(ends), true);
            }
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
        let chosen = if way.shift == 0 { self.score(way) } else { self.try_out(way, 1) };
        let others = self.scores.values().filter(|s| s.begins != chosen.begins);
        let next = others.clone().map(|s| s.starts).max();
        let other_end = self.score(Counting { inclusive: !way.inclusive, shift: 0, ..way });
        let mut counts = Counts::default();
        let spans: Vec<Option<Span>> = self.spans(way, 1).into_iter().map(|span| span.map(|(span, _)| span)).collect();
        let found = self.search(&spans);
        let names_tell = self.names_tell(&spans, &found.names);
        for ((at, selection), span) in self.selections.iter().zip(spans) {
            let placed = self.one(selection, span, (&found, names_tell), &mut counts, placement);
            if let Some(slot) = placement.places.get_mut(*at) {
                *slot = placed;
            }
        }
        placement.sources.push(SourceReport {
            id: self.source.id.clone(),
            name: self.source.name.clone(),
            characters: self.text.chars().count() as u64,
            missing: self.missing,
            doubtful: self.is_doubtful(&chosen),
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

    /// Returns whether the places of selections without words to compare are in doubt: they begin and end at words about as
    /// often as chance lets them, or another way fits better and chance alone could not be ruled out. Where several quotations stand
    /// exactly where the way puts them, they have shown it, and a selection may begin within a word.
    fn is_doubtful(&self, chosen: &Score) -> bool {
        let Score { checks, fits, open, open_fits, .. } = *chosen;
        let better = self.scores.values().any(|other| other.points >= chosen.points + 2);
        let (quoted, stand) = (checks - open, fits - open_fits);
        let shown = quoted >= LEAST_SHOWN && stand * 20 >= quoted * 19 && !better;
        let doubted = !self.source.trusted && !self.missing && open > 0 && !shown;
        doubted && (open_fits * 2 < open || open_fits * 4 < open * 3 && better)
    }

    /// Returns the words by which a selection may be searched for that stands elsewhere: its quotation, or else its name; and
    /// whether it is the quotation.
    fn words_of(selection: &Selection) -> Option<(&str, bool)> {
        let quote = selection.quote.as_deref().filter(|q| !q.trim().is_empty());
        let name = || Some(selection.name.trim()).filter(|name| name.chars().count() >= TELLING);
        quote.map(|quote| (quote, true)).or_else(|| Some((name()?, false)))
    }

    /// Searches for the quotations that do not stand at their place, and for names that may be such.
    fn search(&self, spans: &[Option<Span>]) -> Search<'p> {
        let misplaced = |as_quote: bool| {
            self.selections.iter().zip(spans).filter_map(move |((_, selection), span)| {
                let (words, is_quote) = Self::words_of(selection).filter(|_| !selection.whole)?;
                let fits = |there: &str| if is_quote { is_alike(there, words) } else { is_named_after(words, there) };
                let is_there = span.is_some_and(|span| fits(span.of(self.text)));
                (is_quote == as_quote && !is_there).then_some(words)
            })
        };
        Search { quotes: find(self.text, misplaced(true)), names: find_names(self.text, misplaced(false)) }
    }

    /// Returns whether selections are named after their words in this text: most names that could be words are found in it.
    fn names_tell(&self, spans: &[Option<Span>], names: &HashMap<&str, Found>) -> bool {
        let (mut there, mut all) = (0_usize, 0_usize);
        for ((_, selection), span) in self.selections.iter().zip(spans) {
            let Some((name, false)) = Self::words_of(selection) else { continue };
            let in_place = span.is_some_and(|span| is_named_after(name, span.of(self.text)));
            all += 1;
            there += usize::from(in_place || names.get(name).is_some_and(|found| found.n > 0));
        }
        there * 2 >= all && all > 0
    }

    fn one(
        &self,
        selection: &Selection,
        span: Option<Span>,
        (found, names_tell): (&Search<'_>, bool),
        counts: &mut Counts,
        placement: &mut Placement,
    ) -> Option<Placed> {
        let placed = |span: Span| Some(Placed { span, stored: None, lost_place: None, area: None });
        if selection.whole {
            counts.unchecked += 1;
            return placed(span_of(0, if self.missing { 0 } else { self.text.len() }));
        }
        let quote = selection.quote.as_deref().filter(|q| !q.trim().is_empty());
        let Some(quote) = quote else {
            if let Some(to) = self.by_name(selection, span, &found.names).filter(|_| names_tell) {
                counts.healed += 1;
                placement.healed.push(self.moved(selection, span, to));
                return placed(to);
            }
            if let Some(span) = span.filter(|_| !self.missing) {
                counts.unchecked += 1;
                return placed(span);
            }
            return self.nowhere(selection, None, counts, placement);
        };
        if let Some(span) = span.filter(|span| is_alike(span.of(self.text), quote)) {
            if *line_wise(span.of(self.text)) == *line_wise(quote) {
                counts.exact += 1;
            } else {
                counts.spaced += 1;
                let told = self.unfit(selection, "its stored quotation has other white space");
                placement.spaced.push(told);
            }
            return placed(span);
        }
        let found = found.quotes.get(quote).copied().unwrap_or_default();
        // What is left of a text that is missing are its quotations: each stands there, be it in another one's.
        let place = if self.missing { found.first } else { found.only() };
        if let Some(to) = place {
            if self.missing {
                counts.exact += 1;
            } else {
                counts.healed += 1;
                placement.healed.push(self.moved(selection, span, to));
            }
            let stored = Some(quote.to_owned()).filter(|_| found.cut);
            return Some(Placed { span: to, stored, lost_place: None, area: None });
        }
        let Some(span) = span else { return self.nowhere(selection, Some(found), counts, placement) };
        counts.unfit += 1;
        placement.unfit.push(self.unfit(selection, Self::not_there(found)));
        Some(Placed { span, stored: Some(quote.to_owned()), lost_place: None, area: None })
    }

    /// Returns the one place where the words stand after which a selection is named that lies elsewhere. A name is a weak
    /// quotation: it must be short enough for the selection, and a short name whole words.
    fn by_name(&self, selection: &Selection, span: Option<Span>, names: &HashMap<&str, Found>) -> Option<Span> {
        const SHORT: usize = 10;
        let (name, _) = Self::words_of(selection).filter(|_| !self.missing)?;
        let found = names.get(name).copied()?;
        let length = beginning(name).unwrap_or(name).chars().count();
        let to = if length < SHORT { found.only_whole() } else { found.only() }?;
        let Some(span) = span else { return Some(to) };
        let (there, own) = (span.of(self.text).chars().count(), to.of(self.text).chars().count());
        // A name that was cut off says where its selection begins; its length says the place.
        let rest = self.text.get(to.start as usize..)?;
        let end = rest.char_indices().nth(there).map_or(rest.len(), |(at, _)| at);
        match there.cmp(&own) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => Some(to),
            std::cmp::Ordering::Greater => Some(span_of(to.start as usize, to.start as usize + end)),
        }
    }

    /// Says why a quotation is at no place of its own.
    fn not_there(found: Found) -> &'static str {
        match found.n {
            0 => "its quotation stands nowhere in the text",
            _ => "its quotation stands several times in the text, and not there",
        }
    }

    /// Keeps a selection that has no place: at the beginning of the text, of no length.
    fn nowhere(
        &self,
        selection: &Selection,
        found: Option<Found>,
        counts: &mut Counts,
        placement: &mut Placement,
    ) -> Option<Placed> {
        let reason = match (self.missing, selection.place, found) {
            (true, ..) => "the text of its source is missing",
            (false, None, None) => "the file says neither where it is nor what it says",
            (false, None, Some(Found { n: 0, .. })) => "its quotation stands nowhere in the text",
            (false, None, Some(_)) => "its quotation stands several times in the text, and the file does not say where",
            (false, Some(_), None) => "its place lies outside the text",
            (false, Some(_), Some(Found { n: 0, .. })) => {
                "its place lies outside the text, and its quotation stands nowhere in it"
            }
            (false, Some(_), Some(_)) => {
                "its place lies outside the text, and its quotation stands several times in it"
            }
        };
        counts.unfit += 1;
        let area = selection.area.clone().filter(|_| selection.place.is_none());
        let on_a_page = area.as_ref().filter(|_| found.is_none() && !self.missing);
        let reason = on_a_page.map_or_else(
            || reason.to_owned(),
            |area| format!("it is {area}, and the file does not say which words stand there"),
        );
        placement.unfit.push(self.unfit(selection, &reason));
        // Where a selection has no place, its name is all that is left of its words.
        let name = Some(selection.name.clone()).filter(|_| selection.place.is_none());
        let stored = selection.quote.clone().filter(|q| !q.trim().is_empty()).or(name).filter(|q| !q.trim().is_empty());
        Some(Placed { span: Span::new(0, 0), stored, lost_place: selection.place, area })
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
            quote: Self::words_of(selection).map(|(words, _)| words).unwrap_or_default().to_owned(),
            place: selection.place,
            by,
        }
    }
}

fn span_of(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// The least characters of a name that says which words are selected.
const TELLING: usize = 4;

/// Returns whether a selection is named after its words, as some programs do, cut off or not.
fn is_named_after(name: &str, words: &str) -> bool {
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

/// Returns whether words of a script stand here that puts no blanks between them.
fn is_undivided(words: &str) -> bool {
    words.chars().any(|c| role(c) == Role::Unspaced)
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
