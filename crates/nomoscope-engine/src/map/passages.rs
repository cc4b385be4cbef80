//! The passages behind a part of the map: a concept, a statement, a coupling, named by its anchor.

use super::answer::Analysis;
use super::words::{formula, joint_passages, ranked};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::text::{Level, Span};

/// The passages behind something that the map shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// What it is, in words.
    pub title: String,
    /// The concepts that are to be seen in the passages.
    pub concepts: Vec<ConceptIx>,
    /// Source, unit, and where the first of the concepts stands in it.
    pub places: Vec<(usize, u32, Span)>,
    /// How many there are in all.
    pub n: usize,
}

/// Returns what stands behind an anchor: `k-<concept>`, `s-<rank of a statement>`, `c-<concept>-<concept>`; at most `most`
/// passages.
#[must_use]
pub fn behind(a: &Analysis, anchor: &str, most: usize) -> Option<Behind> {
    let (kind, of) = anchor.split_once('-')?;
    match kind {
        "k" => concept(a, a.corpus.codebook.find(of)?, most),
        "s" => statement(a, of.parse().ok()?, most),
        "c" => coupling(a, of, most),
        _ => None,
    }
}

/// Returns whether a unit says any of the concepts in a sentence of its own: not all of them stand in capitals, as in the title of an
/// instrument, which asks for nothing.
#[must_use]
pub(super) fn said(a: &Analysis, (source, unit): (u32, u32), concepts: &[ConceptIx]) -> bool {
    let coded = &a.corpus.coded[source as usize];
    let unit = coded.span(unit);
    let mut spans = coded.codings_in(unit).iter().filter(|c| concepts.contains(&c.concept)).map(|c| c.span);
    spans.any(|span| !in_capitals(a, source as usize, unit, span))
}

/// Returns how many of the focal sentences hold all their parts in capitals, and how many there are.
pub(super) fn told_by_capitals(a: &Analysis) -> (u64, u64) {
    let (mut capitals, mut all) = (0, 0);
    for (source, windows) in a.formed.windows.iter().enumerate() {
        let focal = windows.iter().filter(|w| a.focal[source].contains(&w.unit));
        for sentence in focal.flat_map(|w| &w.sentences) {
            let unit = a.corpus.coded[source].span(sentence.unit);
            all += 1;
            capitals += u64::from(sentence.own().all(|p| in_capitals(a, source, unit, p.span)));
        }
    }
    (capitals, all)
}

/// Returns whether all longer words of a span begin with a capital; a single word that begins its unit does so anyhow, and where all nouns
/// do, capitals tell nothing.
fn in_capitals(a: &Analysis, source: usize, unit: Span, span: Span) -> bool {
    /// Shorter ones are "of", "and", "the".
    const LONGER: usize = 4;
    let (of, coded) = (&a.corpus.sources[source], &a.corpus.coded[source]);
    let language = of.language.first().or(of.document.language.as_ref()).map(String::as_str).or(coded.detected);
    if language.is_some_and(|language| language.starts_with("de") || language.starts_with("lb")) {
        return false;
    }
    let words = span.of(&of.document.text);
    let mut longer = words.split_whitespace().filter(|word| word.chars().count() >= LONGER).peekable();
    let begins = span.start == unit.start && words.split_whitespace().count() == 1;
    longer.peek().is_some() && !begins && longer.all(|word| word.starts_with(char::is_uppercase))
}

fn concept(a: &Analysis, concept: ConceptIx, most: usize) -> Option<Behind> {
    let mut behind = Behind { title: a.label(concept).to_owned(), concepts: vec![concept], ..Behind::default() };
    for (source, coded) in a.corpus.coded.iter().enumerate() {
        for coding in coded.codings.iter().filter(|c| c.concept == concept) {
            behind.n += 1;
            if behind.places.len() < most {
                behind.places.push((source, coded.unit_at(coding.span.start, Level::Sentence), coding.span));
            }
        }
    }
    Some(behind)
}

fn statement(a: &Analysis, rank: usize, most: usize) -> Option<Behind> {
    let (statement, count) = *ranked(a).get(rank.checked_sub(1)?)?;
    let concepts: Vec<ConceptIx> = statement.parts().into_iter().flatten().collect();
    let places = count.passages.iter().map(|(_, p)| (p.source, p.unit));
    let n = count.passages.len();
    Some(Behind { title: formula(a, statement), places: placed(a, places, &concepts, most), concepts, n })
}

fn coupling(a: &Analysis, pair: &str, most: usize) -> Option<Behind> {
    let c = a.textual.iter().find(|c| format!("{}-{}", a.id(c.a), a.id(c.b)) == pair)?;
    let concepts = vec![c.a, c.b];
    let title = format!("{} – {}", a.label(c.a), a.label(c.b));
    let places = joint_passages(a, c, most).into_iter();
    Some(Behind { title, places: placed(a, places, &concepts, most), concepts, n: c.n11 as usize })
}

fn placed(
    a: &Analysis,
    places: impl Iterator<Item = (u32, u32)>,
    concepts: &[ConceptIx],
    most: usize,
) -> Vec<(usize, u32, Span)> {
    let place = |(source, unit): (u32, u32)| {
        let coded = &a.corpus.coded[source as usize];
        let span = coded.span(unit);
        let hit = coded.codings_in(span).iter().find(|c| concepts.contains(&c.concept)).map_or(span, |c| c.span);
        (source as usize, unit, hit)
    };
    places.take(most).map(place).collect()
}
