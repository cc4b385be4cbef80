//! The coded corpus: every source cut into units, with its codings and cues.

use super::cues::{Cue, CueMatcher};
use crate::codebook::Codebook;
use crate::coding::{Coding, Matcher};
use crate::study::Source;
use crate::text::segment::{Segmentation, count_words, segment};

use crate::text::{Level, Span, UnitRole};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// A source with its units, codings and cues.
#[derive(Debug, Clone)]
pub struct CodedSource {
    /// The units, parents before children.
    pub segmentation: Segmentation,
    /// Words in each unit; headings have words too.
    pub words: Vec<u32>,
    /// Codings by start.
    pub codings: Vec<Coding>,
    /// Cues by start.
    pub cues: Vec<Cue>,
    /// Per unit, one past its last descendant.
    ends: Vec<u32>,
}

impl CodedSource {
    /// Returns the source cut into units and coded.
    #[must_use]
    pub fn new(source: &Source, matcher: &Matcher, cues: &CueMatcher, counts: &mut [u64]) -> Self {
        let language = source.language.first().map(String::as_str);
        let segmentation = segment(&source.document, language);
        let text = source.document.text.as_str();
        let codings = matcher.find_counting(text, counts);
        Self::with_codings(segmentation, text, codings, cues.find(text))
    }

    /// Returns the source with codings from elsewhere.
    #[must_use]
    pub fn with_codings(segmentation: Segmentation, text: &str, mut codings: Vec<Coding>, cues: Vec<Cue>) -> Self {
        codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
        let ends = ends(&segmentation);
        let words = words(&segmentation, text);
        Self { segmentation, words, codings, cues, ends }
    }

    /// Returns the indices of all units below `unit`, itself excluded.
    #[must_use]
    pub fn below(&self, unit: u32) -> Range<usize> {
        unit as usize + 1..self.ends[unit as usize] as usize
    }

    /// Returns the units at `level` that are windows of co-occurrence: headings are none.
    pub fn windows(&self, level: Level) -> impl Iterator<Item = u32> + '_ {
        let units = &self.segmentation.units;
        (0..units.len() as u32)
            .filter(move |&u| units[u as usize].level == level && units[u as usize].role != UnitRole::Heading)
    }

    /// Returns the sentences of `unit`, headings left out.
    pub fn sentences(&self, unit: u32) -> impl Iterator<Item = u32> + '_ {
        let units = &self.segmentation.units;
        let itself = (units[unit as usize].level == Level::Sentence).then_some(unit);
        itself.into_iter().chain(
            self.below(unit)
                .filter(move |&u| units[u].level == Level::Sentence && units[u].role != UnitRole::Heading)
                .map(|u| u as u32),
        )
    }

    /// Returns the unit at `level` that encloses `unit`, or `unit` itself.
    #[must_use]
    pub fn enclosing(&self, unit: u32, level: Level) -> Option<u32> {
        let mut at = Some(unit);
        while let Some(u) = at {
            if self.segmentation.units[u as usize].level == level {
                return Some(u);
            }
            at = self.segmentation.units[u as usize].parent;
        }
        None
    }

    /// Returns the windows at `level`, each with the codings whose spans overlap it.
    ///
    /// A coding by a person may run over several windows: its concept is present in each of them.
    #[must_use]
    pub fn codings_by_window(&self, level: Level) -> Vec<(u32, Vec<Coding>)> {
        let mut windows: Vec<(u32, Vec<Coding>)> = self.windows(level).map(|w| (w, Vec::new())).collect();
        for coding in &self.codings {
            let from = windows.partition_point(|&(w, _)| self.span(w).end <= coding.span.start);
            for (window, codings) in &mut windows[from..] {
                if self.span(*window).start >= coding.span.end {
                    break;
                }
                codings.push(*coding);
            }
        }
        windows
    }

    /// Returns the windows at `level`, each with its codings and, for an item, those of its chapeau.
    #[must_use]
    pub fn governed_codings_by_window(&self, level: Level) -> Vec<(u32, Vec<Coding>)> {
        let mut windows = self.codings_by_window(level);
        if level != Level::Item {
            return windows;
        }
        let place: BTreeMap<u32, usize> = windows.iter().enumerate().map(|(i, &(w, _))| (w, i)).collect();
        // A chapeau comes before its items and is no item of another: from the last window on, each still has its own codings.
        for i in (0..windows.len()).rev() {
            let Some(&at) = self.chapeau(windows[i].0).and_then(|c| place.get(&c)) else { continue };
            let mut both = windows[at].1.clone();
            both.append(&mut windows[i].1);
            both.sort_unstable();
            both.dedup();
            windows[i].1 = both;
        }
        windows
    }

    /// Returns the chapeau that governs an item: the last one before it in its paragraph.
    #[must_use]
    pub fn chapeau(&self, item: u32) -> Option<u32> {
        let units = &self.segmentation.units;
        let unit = units.get(item as usize)?;
        if unit.level != Level::Item || unit.role == UnitRole::Chapeau {
            return None;
        }
        self.below(unit.parent?)
            .take_while(|&u| u < item as usize)
            .filter(|&u| units[u].level == Level::Item && units[u].role == UnitRole::Chapeau)
            .last()
            .map(|u| u as u32)
    }

    /// Returns the codings that begin in `span`.
    #[must_use]
    pub fn codings_in(&self, span: Span) -> &[Coding] {
        slice_by_start(&self.codings, |c| c.span.start, span)
    }

    /// Returns the cues that begin in `span`.
    #[must_use]
    pub fn cues_in(&self, span: Span) -> &[Cue] {
        slice_by_start(&self.cues, |c| c.span.start, span)
    }

    /// Returns the citable label of a unit.
    #[must_use]
    pub fn label(&self, unit: u32) -> &str {
        &self.segmentation.units[unit as usize].label
    }

    /// Returns the span of a unit.
    #[must_use]
    pub fn span(&self, unit: u32) -> Span {
        self.segmentation.units[unit as usize].span
    }

    /// Returns the innermost unit of at most `level`'s fineness that holds `at`, for citing a coding.
    #[must_use]
    pub fn unit_at(&self, at: u32, level: Level) -> u32 {
        let units = &self.segmentation.units;
        let mut best = 0_u32;
        let mut from = 1;
        let mut to = self.ends.first().copied().unwrap_or(0) as usize;
        while from < to {
            let mut found = None;
            let mut u = from;
            while u < to {
                if units[u].span.start <= at && at < units[u].span.end {
                    found = Some(u);
                    break;
                }
                u = (self.ends[u] as usize).max(u + 1);
            }
            let Some(u) = found else { break };
            if units[u].level > level {
                break;
            }
            best = u as u32;
            from = u + 1;
            to = self.ends[u] as usize;
        }
        best
    }
}

fn slice_by_start<T>(items: &[T], start: impl Fn(&T) -> u32, span: Span) -> &[T] {
    let from = items.partition_point(|i| start(i) < span.start);
    let to = items.partition_point(|i| start(i) < span.end);
    &items[from..to.max(from)]
}

fn ends(segmentation: &Segmentation) -> Vec<u32> {
    let units = &segmentation.units;
    let mut ends = vec![units.len() as u32; units.len()];
    let mut open: Vec<usize> = Vec::new();
    for (i, unit) in units.iter().enumerate() {
        while open.last().is_some_and(|&o| units[o].level >= unit.level) {
            if let Some(o) = open.pop() {
                ends[o] = i as u32;
            }
        }
        open.push(i);
    }
    ends
}

fn words(segmentation: &Segmentation, text: &str) -> Vec<u32> {
    let units = &segmentation.units;
    let mut words = vec![0_u32; units.len()];
    for (i, unit) in units.iter().enumerate().rev() {
        if unit.level == Level::Sentence {
            words[i] = count_words(unit.span.of(text));
        }
        if let Some(parent) = unit.parent {
            words[parent as usize] += words[i];
        }
    }
    words
}

/// All sources of a study, coded with one codebook.
#[derive(Debug)]
pub struct Corpus<'a> {
    /// The codebook.
    pub codebook: &'a Codebook,
    /// The sources.
    pub sources: &'a [Source],
    /// The same sources coded, in the same order.
    pub coded: Vec<CodedSource>,
    /// How often each pattern matched: (concept id, language, pattern, line, veto) and the number of hits.
    pub pattern_counts: BTreeMap<PatternKey, u64>,
    /// Languages of sources for which the codebook has no pattern.
    pub unread_languages: BTreeMap<String, usize>,
}

/// Identity of a pattern across the matchers of several languages.
pub type PatternKey = (u32, String, String, bool);

/// Returns all sources cut into units and coded, in parallel.
///
/// # Errors
/// Patterns that do not parse; a checked codebook has none.
pub fn code<'a>(
    codebook: &'a Codebook,
    sources: &'a [Source],
    done: &(dyn Fn(usize) + Sync),
) -> Result<Corpus<'a>, crate::problem::Problems> {
    let mut matchers: BTreeMap<Vec<String>, (Matcher, CueMatcher)> = BTreeMap::new();
    let mut unread_languages: BTreeMap<String, usize> = BTreeMap::new();
    let known = codebook.languages();
    for source in sources {
        if !matchers.contains_key(&source.language) {
            let matcher = Matcher::new(codebook, &source.language)?;
            matchers.insert(source.language.clone(), (matcher, CueMatcher::new(&source.language)?));
        }
        for language in &source.language {
            if !known.contains(crate::coding::primary_subtag(language).as_str()) {
                *unread_languages.entry(language.clone()).or_default() += 1;
            }
        }
    }
    let results: Vec<(CodedSource, Vec<u64>)> = sources
        .par_iter()
        .map(|source| {
            let (matcher, cues) = &matchers[&source.language];
            let mut counts = vec![0; matcher.patterns().len()];
            let coded = CodedSource::new(source, matcher, cues, &mut counts);
            done(source.document.text.len());
            (coded, counts)
        })
        .collect();
    let mut pattern_counts: BTreeMap<PatternKey, u64> = BTreeMap::new();
    for (source, (_, counts)) in sources.iter().zip(&results) {
        let (matcher, _) = &matchers[&source.language];
        for (info, n) in matcher.patterns().iter().zip(counts) {
            *pattern_counts.entry((info.line, info.language.clone(), info.text.clone(), info.veto)).or_default() += n;
        }
    }
    let coded = results.into_iter().map(|(c, _)| c).collect();
    Ok(Corpus { codebook, sources, coded, pattern_counts, unread_languages })
}
