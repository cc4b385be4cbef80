//! What several coders made of one text: who marked what where, and where they part.
//!
//! Turns spans into what [`nomoscope_stats`] counts: runs for unitising, decisions for units. Knows concepts as numbers
//! only. A coder who read a text and left a stretch unmarked said "not here"; one who did not read it said nothing.

use crate::text::Span;
use nomoscope_stats::agreement::RatedUnit;
use nomoscope_stats::unitizing::{Marked, Run};
use std::collections::{BTreeMap, BTreeSet};

/// A concept on a span, as one coder has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// Number of the concept.
    pub concept: u32,
    /// Where.
    pub span: Span,
}

/// A text as its coders left it.
#[derive(Debug, Clone)]
pub struct CodedText<'t> {
    /// The text.
    pub text: &'t str,
    /// By coder, what they marked; none where they did not read the text.
    pub by_coder: Vec<Option<Vec<Mark>>>,
    /// Where each cluster of the bootstrap begins, in order; text before the first belongs to it.
    pub clusters: Vec<(u32, u32)>,
}

/// By concept, what each reader marked: spans in order and apart.
type Held = BTreeMap<u32, Vec<Vec<Span>>>;

impl<'t> CodedText<'t> {
    /// Returns the text with overlapping marks of one concept by one coder made one, in order.
    #[must_use]
    pub fn new(text: &'t str, by_coder: Vec<Option<Vec<Mark>>>, clusters: Vec<(u32, u32)>) -> Self {
        let by_coder = by_coder.into_iter().map(|marks| marks.map(united)).collect();
        Self { text, by_coder, clusters }
    }

    /// Returns the indices of the coders who read it.
    #[must_use]
    pub fn readers(&self) -> Vec<usize> {
        (0..self.by_coder.len()).filter(|&c| self.by_coder[c].is_some()).collect()
    }

    fn cluster_at(&self, at: u32) -> u32 {
        let after = self.clusters.partition_point(|(start, _)| *start <= at);
        self.clusters.get(after.saturating_sub(1)).map_or(0, |(_, cluster)| *cluster)
    }

    fn characters(&self, from: u32, to: u32) -> u64 {
        Span::new(from, to).of(self.text).chars().count() as u64
    }

    /// Returns the text cut wherever somebody's mark or a cluster begins or ends; lengths in characters (code points).
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        // Unmarked text must not be one run, or a cluster would hold what lies in others.
        let mut cuts: BTreeSet<u32> = self.clusters.iter().map(|(start, _)| *start).collect();
        let mut events: BTreeMap<u32, Vec<(usize, Marked, bool)>> = BTreeMap::new();
        for (coder, marks) in self.by_coder.iter().enumerate() {
            for (unit, mark) in marks.iter().flatten().enumerate() {
                let marked = Marked { value: mark.concept + 1, unit: unit as u32 };
                cuts.extend([mark.span.start, mark.span.end]);
                events.entry(mark.span.start).or_default().push((coder, marked, true));
                events.entry(mark.span.end).or_default().push((coder, marked, false));
            }
        }
        let end = self.text.len() as u32;
        cuts.extend([0, end]);
        let cuts: Vec<u32> = cuts.into_iter().filter(|c| *c <= end).collect();
        let mut open: Vec<Option<Vec<Marked>>> =
            self.by_coder.iter().map(|marks| marks.as_ref().map(|_| Vec::new())).collect();
        let mut runs = Vec::new();
        for ends in cuts.windows(2) {
            let &[from, to] = ends else { continue };
            for &(coder, marked, begins) in events.get(&from).into_iter().flatten() {
                if let Some(list) = &mut open[coder] {
                    list.retain(|m| *m != marked);
                    list.extend(begins.then_some(marked));
                    list.sort_unstable();
                }
            }
            let length = self.characters(from, to);
            if length > 0 {
                runs.push(Run { length, cluster: self.cluster_at(from), by_coder: open.clone() });
            }
        }
        runs
    }

    /// Returns, for one concept, which of the spans each coder marked anything of.
    #[must_use]
    pub fn decisions(&self, concept: u32, units: &[Span]) -> Vec<RatedUnit> {
        let marks: Vec<Option<Vec<Span>>> =
            self.by_coder.iter().map(|m| m.as_deref().map(|m| of(m, concept))).collect();
        units
            .iter()
            .map(|unit| RatedUnit {
                by_coder: marks.iter().map(|m| m.as_deref().map(|m| u32::from(any_overlaps(m, *unit)))).collect(),
                weight: 1,
                cluster: self.cluster_at(unit.start),
            })
            .collect()
    }

    /// Returns the places where readers part over a concept: each a stretch that marks of it hold together, or with
    /// `units` each of these units; agreement about all of it is left out.
    #[must_use]
    pub fn differences(&self, units: Option<&[Span]>) -> Vec<Difference> {
        let readers = self.readers();
        if readers.len() < 2 {
            return Vec::new();
        }
        let held = self.held(&readers);
        let mut out = Vec::new();
        for (&concept, spans) in &held {
            let places = units.map_or_else(|| chains(spans.concat()), <[Span]>::to_vec);
            let whole = units.is_some();
            out.extend(places.into_iter().filter_map(|place| self.difference(concept, place, whole, &readers, &held)));
        }
        out
    }

    /// Returns the places that all readers marked alike: the stretches between the [differences](Self::differences), each
    /// with its concept.
    #[must_use]
    pub fn agreements(&self) -> Vec<Mark> {
        let readers = self.readers();
        if readers.len() < 2 {
            return Vec::new();
        }
        let held = self.held(&readers);
        let places = |(&concept, spans): (&u32, &Vec<Vec<Span>>)| {
            chains(spans.concat()).into_iter().map(move |span| Mark { concept, span })
        };
        let parts = |m: &Mark| self.difference(m.concept, m.span, false, &readers, &held).is_some();
        held.iter().flat_map(places).filter(|m| !parts(m)).collect()
    }

    /// Returns, by concept, what each of these readers marked.
    fn held(&self, readers: &[usize]) -> Held {
        let mut held = Held::new();
        for (reader, coder) in readers.iter().enumerate() {
            for mark in self.by_coder[*coder].iter().flatten() {
                held.entry(mark.concept).or_insert_with(|| vec![Vec::new(); readers.len()])[reader].push(mark.span);
            }
        }
        held
    }

    fn difference(&self, concept: u32, place: Span, whole: bool, readers: &[usize], held: &Held) -> Option<Difference> {
        let marked: Vec<&[Span]> = held.get(&concept)?.iter().map(|spans| overlapping(spans, place)).collect();
        let with =
            |yes: bool| readers.iter().zip(&marked).filter(|(_, m)| m.is_empty() != yes).map(|(c, _)| *c).collect();
        let (share, characters) = if whole {
            (parted(&marked, place), self.characters(place.start, place.end))
        } else {
            self.disputed(&marked, place)
        };
        let instead = |other: (&u32, &Vec<Vec<Span>>)| -> Vec<(usize, u32)> {
            let without = readers.iter().zip(&marked).zip(other.1).filter(|((_, m), _)| m.is_empty());
            without.filter(|(_, spans)| any_overlaps(spans, place)).map(|((c, _), _)| (*c, *other.0)).collect()
        };
        (share > 0.0).then(|| {
            let mut instead: Vec<(usize, u32)> =
                held.iter().filter(|(other, _)| **other != concept).flat_map(instead).collect();
            instead.sort_unstable();
            Difference { concept, span: place, marked_by: with(true), not_by: with(false), instead, share, characters }
        })
    }

    /// Mean share of pairs of readers that part, over the characters of a place, and how many characters are in dispute.
    fn disputed(&self, marked: &[&[Span]], place: Span) -> (f64, u64) {
        let mut cuts: BTreeSet<u32> = BTreeSet::from([place.start, place.end]);
        cuts.extend(marked.iter().copied().flatten().flat_map(|s| [s.start, s.end]));
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let (mut weighted, mut all, mut disputed) = (0.0, 0_u64, 0_u64);
        for ends in cuts.windows(2) {
            let &[from, to] = ends else { continue };
            let length = self.characters(from, to);
            let share = parted(marked, Span::new(from, to));
            all += length;
            weighted += share * length as f64;
            disputed += if share > 0.0 { length } else { 0 };
        }
        (if all > 0 { weighted / all as f64 } else { 0.0 }, disputed)
    }
}

/// A place where readers part over a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The concept.
    pub concept: u32,
    /// The place.
    pub span: Span,
    /// Readers who marked the concept there.
    pub marked_by: Vec<usize>,
    /// Readers who did not.
    pub not_by: Vec<usize>,
    /// What those marked there instead.
    pub instead: Vec<(usize, u32)>,
    /// Share of pairs of readers that part, averaged over the characters of the place: 1 if two readers agree nowhere.
    pub share: f64,
    /// Characters in dispute.
    pub characters: u64,
}

/// How a lexicon fares against what people coded, in counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// What the lexicon marked.
    pub hits: u64,
    /// Of these, what people marked too.
    pub right: u64,
    /// What people marked.
    pub wanted: u64,
    /// Of these, what the lexicon found.
    pub found: u64,
}

impl Tally {
    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.right += other.right;
        self.wanted += other.wanted;
        self.found += other.found;
    }
}

/// Returns, by concept, how the marks of the lexicon meet those of people who read the text.
///
/// Marks of people that overlap are one passage; it counts if at least half of the readers marked it. A hit is right,
/// and a passage is found, if they overlap. With `units`, units are counted instead of marks.
#[must_use]
pub fn tally(lexicon: &[Mark], people: &[Vec<Mark>], units: Option<&[Span]>) -> BTreeMap<u32, Tally> {
    let everybody = || people.iter().flatten().chain(lexicon);
    let concepts: BTreeSet<u32> = everybody().map(|m| m.concept).collect();
    let mut out = BTreeMap::new();
    for concept in concepts {
        let places = match units {
            Some(units) => units.to_vec(),
            None => chains(people.iter().flat_map(|m| of(m, concept)).collect()),
        };
        let by: Vec<Vec<Span>> = people.iter().map(|m| united_spans(of(m, concept))).collect();
        let enough = |place: &Span| 2 * by.iter().filter(|m| any_overlaps(m, *place)).count() >= people.len().max(1);
        let wanted: Vec<Span> = places.into_iter().filter(enough).collect();
        let hits = match units {
            Some(units) => {
                let own = united_spans(of(lexicon, concept));
                units.iter().copied().filter(|u| any_overlaps(&own, *u)).collect()
            }
            None => of(lexicon, concept),
        };
        let hits_in_order = united_spans(hits.clone());
        let right = hits.iter().filter(|h| any_overlaps(&wanted, **h)).count() as u64;
        let found = wanted.iter().filter(|w| any_overlaps(&hits_in_order, **w)).count() as u64;
        out.insert(concept, Tally { hits: hits.len() as u64, right, wanted: wanted.len() as u64, found });
    }
    out
}

/// Share of pairs of which one marked something of `place` and the other nothing.
fn parted(marked: &[&[Span]], place: Span) -> f64 {
    let yes = marked.iter().filter(|m| m.iter().any(|s| s.overlaps(place))).count() as f64;
    let n = marked.len() as f64;
    if n < 2.0 { 0.0 } else { yes * (n - yes) / (n * (n - 1.0) / 2.0) }
}

/// Spans of one concept, in the order of the marks.
fn of(marks: &[Mark], concept: u32) -> Vec<Span> {
    marks.iter().filter(|m| m.concept == concept && !m.span.is_empty()).map(|m| m.span).collect()
}

/// Returns whether any of the spans, which are in order and apart, overlaps `place`.
fn any_overlaps(spans: &[Span], place: Span) -> bool {
    !overlapping(spans, place).is_empty()
}

/// Returns those of the spans, which are in order and apart, that overlap `place`.
fn overlapping(spans: &[Span], place: Span) -> &[Span] {
    let from = spans.partition_point(|s| s.end <= place.start);
    let to = spans.partition_point(|s| s.start < place.end).max(from);
    spans.get(from..to).unwrap_or_default()
}

/// Spans that overlap made one; spans that only touch stay two.
fn united_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if last.end > span.start => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// Stretches that overlapping spans hold together, whoever made them.
fn chains(spans: Vec<Span>) -> Vec<Span> {
    united_spans(spans)
}

fn united(marks: Vec<Mark>) -> Vec<Mark> {
    let mut by_concept: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    for mark in marks.iter().filter(|m| !m.span.is_empty()) {
        by_concept.entry(mark.concept).or_default().push(mark.span);
    }
    let all = by_concept
        .into_iter()
        .flat_map(|(concept, spans)| united_spans(spans).into_iter().map(move |span| Mark { concept, span }));
    let mut out: Vec<Mark> = all.collect();
    out.sort_unstable_by_key(|m| (m.span, m.concept));
    out
}
