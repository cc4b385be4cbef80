//! Sentences that stand in capitals, as titles of instruments do: they name what they ask for, and ask for nothing.

use crate::map::answer::Analysis;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::Span;

/// Returns whether a unit says any of the concepts in a sentence of its own: not all of them stand in capitals, as in the title of an
/// instrument, which asks for nothing.
#[must_use]
pub(crate) fn said(corpus: &Corpus, (source, unit): (u32, u32), concepts: &[ConceptIx]) -> bool {
    let coded = &corpus.coded[source as usize];
    let unit = coded.span(unit);
    let mut spans = coded.codings_in(unit).iter().filter(|c| concepts.contains(&c.concept)).map(|c| c.span);
    spans.any(|span| !in_capitals(corpus, source as usize, unit, span))
}

/// Returns how many of the focal sentences hold all their parts in capitals, and how many there are.
pub(crate) fn told_by_capitals(a: &Analysis) -> (u64, u64) {
    let (mut capitals, mut all) = (0, 0);
    for (source, windows) in a.formed.windows.iter().enumerate() {
        let focal = windows.iter().filter(|w| a.focal[source].contains(&w.unit));
        for sentence in focal.flat_map(|w| &w.sentences) {
            let unit = a.corpus.coded[source].span(sentence.unit);
            all += 1;
            capitals += u64::from(sentence.own().all(|p| in_capitals(&a.corpus, source, unit, p.span)));
        }
    }
    (capitals, all)
}

/// Returns whether all longer words of a span begin with a capital; a single word that begins its unit does so anyhow, and where all nouns
/// do, capitals tell nothing.
fn in_capitals(corpus: &Corpus, source: usize, unit: Span, span: Span) -> bool {
    /// Shorter ones are "of", "and", "the".
    const LONGER: usize = 4;
    let (of, coded) = (&corpus.sources[source], &corpus.coded[source]);
    let language = of.language.first().or(of.document.language.as_ref()).map(String::as_str).or(coded.detected);
    if language.is_some_and(|language| language.starts_with("de") || language.starts_with("lb")) {
        return false;
    }
    let words = span.of(&of.document.text);
    let mut longer = words.split_whitespace().filter(|word| word.chars().count() >= LONGER).peekable();
    let begins = span.start == unit.start && words.split_whitespace().count() == 1;
    longer.peek().is_some() && !begins && longer.all(|word| word.starts_with(char::is_uppercase))
}
