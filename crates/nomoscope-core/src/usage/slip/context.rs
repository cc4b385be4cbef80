//! Paradigmatic similarity: do two labels stand among the same words?
//!
//! A label is not wholly like itself either: its contexts in one half of the texts differ from those in the other. So the
//! likeness of two labels is measured against their likeness to themselves, which also takes out how rare they are.

use super::mention::Speaker;
use crate::codebook::ConceptIx;
use crate::codebook::fold::fold_word;
use crate::norm::corpus::Corpus;
use crate::text::Span;
use nomoscope_stats::Interval;
use nomoscope_stats::bootstrap::{multiplicities, quantile};
use nomoscope_stats::ppmi::{cosine, ppmi};
use nomoscope_stats::rng::{Seed, Stream};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Mentions of a label from which on its contexts are compared.
pub const MIN_MENTIONS: usize = 10;
/// Speakers of a label from which on texts are divided by speaker, and not by sentence.
pub const MIN_SPEAKERS: usize = 8;
/// Divisions into halves behind a point.
const SPLITS: usize = 40;
/// Divisions into halves in each bootstrap draw.
const SPLITS_OF_DRAW: usize = 2;
/// Level of the interval.
const LEVEL: f64 = 0.95;

/// The words around the labels of a study.
#[derive(Debug)]
pub struct Contexts {
    /// Per label, what stands around each mention.
    around: BTreeMap<ConceptIx, Vec<Around>>,
    /// Per label, the words that it is made of.
    own: BTreeMap<ConceptIx, BTreeSet<u32>>,
    /// Share of each word in the whole corpus.
    shares: Vec<f64>,
}

/// The words around one mention.
#[derive(Debug)]
struct Around {
    speaker: usize,
    sentence: (usize, u32),
    words: Vec<u32>,
}

/// The contexts of two labels in blocks that are drawn, and divided, together: a sentence, or all that a speaker says,
/// goes to one half with both labels, so that no label is compared with another in the same place.
struct Blocks {
    /// Words by number within this pair, own words of the labels left out.
    words: Vec<[Vec<u32>; 2]>,
    /// Logarithm of the share of each of these words in the corpus.
    ln_shares: Vec<f64>,
    by_speaker: bool,
}

/// How alike the contexts of two labels are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Cosine between the labels over the geometric mean of their cosines with themselves: 1 if they are as like each other as
    /// each is like itself.
    pub ratio: f64,
    /// The cosine between the labels, halves against halves.
    pub cosine: f64,
    /// Cosines of the two labels with themselves, half against half.
    pub own: [f64; 2],
    /// Interval of the ratio, by bootstrap over blocks.
    pub interval: Option<Interval>,
    /// Whether blocks are speakers; else they are sentences.
    pub by_speaker: bool,
}

/// Returns the words around each label: those of its sentence that belong to no label.
#[must_use]
pub fn contexts(corpus: &Corpus, speakers: &[Speaker]) -> Contexts {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut own: BTreeMap<ConceptIx, BTreeSet<u32>> = BTreeMap::new();
    let mut found: BTreeMap<ConceptIx, Vec<Around>> = BTreeMap::new();
    let mut number = |word: &str| {
        let word = folded(word);
        let next = numbers.len() as u32;
        *numbers.entry(word).or_insert(next)
    };
    for (i, speaker) in speakers.iter().enumerate() {
        for m in &speaker.mentions {
            let text = &corpus.sources[m.source].document.text;
            own.entry(m.label).or_default().extend(words(m.span.of(text)).map(&mut number));
            let sentence = corpus.coded[m.source].span(m.sentence);
            let around = outside(speaker, m.source, sentence);
            let words = around.iter().flat_map(|s| words(s.of(text)).collect::<Vec<_>>()).map(&mut number).collect();
            let around = Around { speaker: i, sentence: (m.source, m.sentence), words };
            found.entry(m.label).or_default().push(around);
        }
    }
    Contexts { around: found, own, shares: shares(corpus, &numbers) }
}

/// Returns the stretches of a sentence that belong to no mention of a label.
fn outside(speaker: &Speaker, source: usize, sentence: Span) -> Vec<Span> {
    let first = speaker.mentions.iter().filter(|m| m.source == source && m.span.overlaps(sentence));
    let (mut out, mut at) = (Vec::new(), sentence.start);
    for m in first {
        out.push(Span::new(at, m.span.start.max(at)));
        at = at.max(m.span.end);
    }
    out.push(Span::new(at, sentence.end.max(at)));
    out
}

/// Returns the words of a text: letters and digits between anything else.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

fn folded(word: &str) -> String {
    if word.is_ascii() { word.to_ascii_lowercase() } else { fold_word(word, false) }
}

/// Counts the numbered words in the whole corpus.
fn shares(corpus: &Corpus, numbers: &HashMap<String, u32>) -> Vec<f64> {
    let count = |text: &str| -> (Vec<u64>, u64) {
        let (mut counts, mut total) = (vec![0_u64; numbers.len()], 0);
        let mut lower = String::new();
        for word in words(text) {
            total += 1;
            lower.clear();
            if word.is_ascii() {
                lower.push_str(word);
                lower.make_ascii_lowercase();
            } else {
                lower.push_str(&folded(word));
            }
            if let Some(&n) = numbers.get(lower.as_str()) {
                counts[n as usize] += 1;
            }
        }
        (counts, total)
    };
    let add = |(mut a, n): (Vec<u64>, u64), (b, m): (Vec<u64>, u64)| {
        a.iter_mut().zip(b).for_each(|(x, y)| *x += y);
        (a, n + m)
    };
    let none = || (vec![0_u64; numbers.len()], 0);
    // Whole numbers add up to the same in any order, so threads may share the work as they like.
    let (counts, total) = corpus
        .sources
        .par_chunks(64)
        .map(|chunk| chunk.iter().map(|s| count(&s.document.text)).fold(none(), add))
        .reduce(none, add);
    counts.into_iter().map(|n| n as f64 / total.max(1) as f64).collect()
}

impl Blocks {
    fn of(a: &[Around], b: &[Around], hidden: &BTreeSet<u32>, shares: &[f64]) -> Self {
        let speakers = |list: &[Around]| list.iter().map(|x| x.speaker).collect::<BTreeSet<_>>().len();
        let by_speaker = speakers(a).min(speakers(b)) >= MIN_SPEAKERS;
        let shown = |w: &&u32| !hidden.contains(*w);
        let used: BTreeSet<u32> = a.iter().chain(b).flat_map(|x| x.words.iter().filter(shown)).copied().collect();
        let number: HashMap<u32, u32> = used.iter().enumerate().map(|(i, w)| (*w, i as u32)).collect();
        let mut blocks: BTreeMap<(usize, u32), [Vec<u32>; 2]> = BTreeMap::new();
        for (side, list) in [a, b].into_iter().enumerate() {
            for x in list {
                let key = if by_speaker { (x.speaker, 0) } else { x.sentence };
                blocks.entry(key).or_default()[side].extend(x.words.iter().filter_map(|w| number.get(w)));
            }
        }
        let ln_share = |w: &u32| libm::log(shares.get(*w as usize).copied().unwrap_or(0.0).max(1e-12));
        Self { words: blocks.into_values().collect(), ln_shares: used.iter().map(ln_share).collect(), by_speaker }
    }

    /// Returns the contexts of both labels in two halves, blocks being divided at random: `[label][half]`.
    fn halves(&self, times: &[u32], stream: &mut Stream) -> [[Vec<u32>; 2]; 2] {
        let none = || vec![0_u32; self.ln_shares.len()];
        let mut halves = [[none(), none()], [none(), none()]];
        let order = stream.permutation(self.words.len());
        let used = order.into_iter().filter(|&b| times[b] > 0);
        for (i, block) in used.enumerate() {
            for (label, words) in self.words[block].iter().enumerate() {
                for &word in words {
                    halves[label][i % 2][word as usize] += times[block];
                }
            }
        }
        halves
    }
}

impl Contexts {
    /// Returns how alike the contexts of two labels are, or why that is not told.
    ///
    /// # Errors
    /// Says what is missing.
    /// # Source
    /// Cosine of PPMI vectors: Bullinaria & Levy (2007); correction for attenuation: Spearman (1904), American Journal of Psychology
    /// 15(1): 72–101
    pub fn similarity(&self, a: ConceptIx, b: ConceptIx, draws: usize, seed: Seed) -> Result<Similarity, &'static str> {
        let few = "fewer than 10 mentions of one of the labels";
        let none = "the two halves of the texts share no telling word around one of the labels";
        let (Some(x), Some(y)) = (self.around.get(&a), self.around.get(&b)) else { return Err(few) };
        if x.len().min(y.len()) < MIN_MENTIONS {
            return Err(few);
        }
        let own = |label: &ConceptIx| self.own.get(label).into_iter().flatten();
        let hidden: BTreeSet<u32> = own(&a).chain(own(&b)).copied().collect();
        let blocks = Blocks::of(x, y, &hidden, &self.shares);
        let all = vec![1; blocks.words.len()];
        let point = blocks.cosines(&all, SPLITS, &mut seed.stream(0)).ok_or(none)?;
        let value = ratio(point).ok_or(none)?;
        let seed = seed.part(1);
        let drawn: Vec<f64> = (0..draws)
            .into_par_iter()
            .filter_map(|task| {
                let mut stream = seed.stream(task as u64);
                let times = multiplicities(blocks.words.len(), &mut stream);
                blocks.cosines(&times, SPLITS_OF_DRAW, &mut stream).and_then(ratio)
            })
            .collect();
        let [cosine, of_a, of_b] = point;
        Ok(Similarity {
            ratio: value,
            cosine,
            own: [of_a, of_b],
            interval: interval(&drawn, draws),
            by_speaker: blocks.by_speaker,
        })
    }
}

impl Blocks {
    /// Returns the mean cosines over divisions, always of one half with the other: between the labels, and of each with itself.
    fn cosines(&self, times: &[u32], splits: usize, stream: &mut Stream) -> Option<[f64; 3]> {
        let vector = |counts: &[u32]| ppmi(counts, &self.ln_shares).ok();
        let (mut sums, mut n) = ([0.0; 3], 0.0);
        for _ in 0..splits {
            let [x, y] = self.halves(times, stream);
            let vectors = [vector(&x[0]), vector(&x[1]), vector(&y[0]), vector(&y[1])];
            let [Some(x0), Some(x1), Some(y0), Some(y1)] = &vectors else { continue };
            let of = |p: &[f64], q: &[f64]| cosine(p, q).unwrap_or(0.0);
            let found = [f64::midpoint(of(x0, y1), of(x1, y0)), of(x0, x1), of(y0, y1)];
            sums.iter_mut().zip(found).for_each(|(s, v)| *s += v);
            n += 1.0;
        }
        (n > 0.0).then(|| sums.map(|s| s / n))
    }
}

fn ratio([between, of_a, of_b]: [f64; 3]) -> Option<f64> {
    let own = libm::sqrt(of_a * of_b);
    (own > 0.0).then(|| between / own)
}

fn interval(drawn: &[f64], draws: usize) -> Option<Interval> {
    // Where half of the draws have no ratio, the others are no picture of it.
    if draws == 0 || drawn.len() * 2 < draws {
        return None;
    }
    let lower = quantile(drawn, 0.5 * (1.0 - LEVEL)).ok()?;
    let upper = quantile(drawn, 0.5 * (1.0 + LEVEL)).ok()?;
    Some(Interval { lower: Some(lower), upper: Some(upper), level: LEVEL })
}
