//! The coded corpus: every source cut into units, with its codings and cues.

use super::cues::{Cue, CueMatcher};
use crate::codebook::Codebook;
use crate::coding::{Coding, Matcher};
use crate::study::{Source, StudyMeta};
use crate::text::detect::detect;
use crate::text::segment::{Segmentation, count_words, segment, turns_that_ask};

use crate::text::{Level, Span, UnitRole};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source with its units, codings and cues.
#[derive(Debug, Clone)]
pub struct CodedSource {
    /// The units, parents before children.
    pub segmentation: Arc<Segmentation>,
    /// Words in each unit; headings have words too.
    pub words: Vec<u32>,
    /// Codings by start.
    pub codings: Vec<Coding>,
    /// Cues by start.
    pub cues: Vec<Cue>,
    /// How many codings of the words of those who ask were left out.
    pub n_asked: usize,
    /// The language that the text looks to be in, where nobody said: recorded, and used to tell its sentences.
    pub detected: Option<&'static str>,
    /// Per unit, one past its last descendant.
    ends: Vec<u32>,
    /// Per unit the chapeau that governs it, or [`NO_UNIT`].
    chapeaux: Vec<u32>,
}

/// Stands for no unit where there are too many of them for an `Option`.
const NO_UNIT: u32 = u32::MAX;

impl CodedSource {
    /// Returns the source cut into units and coded.
    #[must_use]
    pub fn new(
        source: &Source,
        interviewers: &Interviewers,
        matcher: &Matcher,
        cues: &CueMatcher,
        counts: &mut [u64],
    ) -> Self {
        let said = source.language.first().or(source.document.language.as_ref()).map(String::as_str);
        let detected = if said.is_none() { detect(&source.document.text) } else { None };
        let segmentation = segment(&source.document, said.or(detected));
        let text = source.document.flowing();
        let sentences: Vec<Span> =
            segmentation.units.iter().filter(|u| u.level == Level::Sentence).map(|u| u.span).collect();
        let mut codings = matcher.find_in_sentences(&text, &sentences, counts);
        let n_asked =
            if interviewers.coded { 0 } else { leave_out_questions(&segmentation, &text, interviewers, &mut codings) };
        let cues = cues.find_in_sentences(&text, &sentences);
        Self { n_asked, detected, ..Self::with_codings(segmentation, &text, codings, cues) }
    }

    /// Returns the source with codings from elsewhere.
    #[must_use]
    pub fn with_codings(segmentation: Segmentation, text: &str, mut codings: Vec<Coding>, cues: Vec<Cue>) -> Self {
        codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
        let ends = ends(&segmentation);
        let words = words(&segmentation, text);
        let chapeaux = chapeaux(&segmentation);
        Self { segmentation: Arc::new(segmentation), words, codings, cues, n_asked: 0, detected: None, ends, chapeaux }
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
        self.chapeaux.get(item as usize).copied().filter(|&chapeau| chapeau != NO_UNIT)
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
        // Units stand in the order of the text, parents first: what holds `at` is the last that begins there, or above it.
        let mut here = units.partition_point(|u| u.span.start <= at).checked_sub(1).map(|u| u as u32);
        while let Some(u) = here {
            let unit = &units[u as usize];
            if unit.level <= level && at < unit.span.end {
                return u;
            }
            here = unit.parent;
        }
        0
    }
}

/// Takes out the codings of what interviewers say: who asks about slavery has not spoken of it.
fn leave_out_questions(
    segmentation: &Segmentation,
    text: &str,
    interviewers: &Interviewers,
    codings: &mut Vec<Coding>,
) -> usize {
    let asked = turns_that_ask(segmentation, text, &interviewers.named);
    let spans: Vec<Span> = asked.into_iter().map(|unit| segmentation.units[unit].span).collect();
    let before = codings.len();
    codings.retain(|coding| {
        let upto = spans.partition_point(|span| span.start <= coding.span.start);
        upto.checked_sub(1).is_none_or(|last| coding.span.start >= spans[last].end)
    });
    before - codings.len()
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

/// Looked for once, from the first unit to the last: asked item by item, a list of thousands would be read as often.
fn chapeaux(segmentation: &Segmentation) -> Vec<u32> {
    let mut last = NO_UNIT;
    let governed = segmentation.units.iter().enumerate().map(|(i, unit)| {
        match unit.level {
            Level::Item if unit.role == UnitRole::Chapeau => last = i as u32,
            Level::Item => return last,
            Level::Sentence => {}
            _ => last = NO_UNIT,
        }
        NO_UNIT
    });
    governed.collect()
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

/// All sources of a study, coded with one codebook; a copy shares their units.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The codebook.
    pub codebook: Arc<Codebook>,
    /// The sources.
    pub sources: Arc<[Source]>,
    /// The same sources coded, in the same order.
    pub coded: Vec<CodedSource>,
    /// How often each pattern matched: (concept id, language, pattern, line, veto) and the number of hits.
    pub pattern_counts: BTreeMap<PatternKey, u64>,
    /// Languages of sources for which the codebook has no pattern.
    pub unread_languages: BTreeMap<String, usize>,
}

/// Identity of a pattern across the matchers of several languages.
pub type PatternKey = (u32, String, String, bool);

/// Who asks in interviews, and whether their words are coded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interviewers {
    /// Speakers who ask, where their label does not say so.
    pub named: Vec<String>,
    /// Whether what they say is coded like what others say.
    pub coded: bool,
}

impl Interviewers {
    /// Returns who asks by the settings of a study.
    #[must_use]
    pub fn of(meta: &StudyMeta) -> Self {
        Self { named: meta.interviewers.clone(), coded: meta.codes_questions }
    }
}

/// Returns all sources cut into units and coded, in parallel.
///
/// # Errors
/// Patterns that do not parse; a checked codebook has none.
pub fn code(
    codebook: Arc<Codebook>,
    sources: Arc<[Source]>,
    interviewers: &Interviewers,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Corpus, crate::problem::Problems> {
    // How often each pattern matched is summed as sources are read: kept by source, it would be more than what is found.
    let mut matchers: BTreeMap<Vec<String>, (Matcher, CueMatcher, Vec<AtomicU64>)> = BTreeMap::new();
    let mut unread_languages: BTreeMap<String, usize> = BTreeMap::new();
    let known = codebook.languages();
    for source in &*sources {
        if !matchers.contains_key(&source.language) {
            let matcher = Matcher::new(&codebook, &source.language)?;
            let counts = matcher.patterns().iter().map(|_| AtomicU64::new(0)).collect();
            matchers.insert(source.language.clone(), (matcher, CueMatcher::new(&source.language)?, counts));
        }
        for language in source.read_as() {
            // Patterns for any language read it, too, where the codebook has no others.
            if !known.is_empty() && !known.contains(crate::coding::primary_subtag(language).as_str()) {
                *unread_languages.entry(language.clone()).or_default() += 1;
            }
        }
    }
    let coded = sources.par_iter().map(|source| {
        let (matcher, cues, total) = &matchers[&source.language];
        let mut counts = vec![0; matcher.patterns().len()];
        let coded = CodedSource::new(source, interviewers, matcher, cues, &mut counts);
        for (n, total) in counts.into_iter().zip(total).filter(|(n, _)| *n > 0) {
            total.fetch_add(n, Ordering::Relaxed);
        }
        done(source.document.text.len());
        coded
    });
    let coded = coded.collect();
    let mut pattern_counts: BTreeMap<PatternKey, u64> = BTreeMap::new();
    for (matcher, _, total) in matchers.values() {
        for (info, n) in matcher.patterns().iter().zip(total) {
            let key = (info.line, info.language.clone(), info.text.clone(), info.veto);
            *pattern_counts.entry(key).or_default() += n.load(Ordering::Relaxed);
        }
    }
    Ok(Corpus { codebook, sources, coded, pattern_counts, unread_languages })
}
