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
