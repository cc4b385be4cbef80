//! Concordance: every place where a pattern or a concept occurs, in its context (keyword in context).

use super::terms::asked;
use crate::codebook::fold::fold_word;
use crate::codebook::{Codebook, Concept, ConceptIx, PatternText, Role};
use crate::coding::Matcher;
use crate::norm::corpus::{Corpus, Interviewers};
use crate::problem::Problems;
use crate::text::{Level, Span, words};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A place where the keyword stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Index of the source.
    pub source: usize,
    /// The paragraph, for citing it.
    pub unit: u32,
    /// The keyword.
    pub hit: Span,
    /// From the first word of the context before it up to the keyword.
    pub left: Span,
    /// From the keyword to the last word of the context after it.
    pub right: Span,
    /// The words before it, the nearest first, and those after it, as they are compared.
    pub keys: [Vec<String>; 2],
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Sought<'s> {
    /// What is coded with a concept.
    Concept(ConceptIx),
    /// What a pattern finds, in texts of any language.
    Pattern(&'s str),
}

/// Returns every place in the order of the sources and texts, each with `width` words on either side as far as its section
/// (its article, its turn) reaches. What interviewers say is left out unless it is coded.
///
/// # Errors
/// A pattern that does not parse.
pub fn concordance(
    corpus: &Corpus,
    sought: Sought<'_>,
    width: usize,
    interviewers: &Interviewers,
) -> Result<Vec<Line>, Problems> {
    let matcher = match sought {
        Sought::Concept(_) => None,
        Sought::Pattern(pattern) => Some(matcher(pattern, corpus.codebook.keep_accents)?),
    };
    let sources: Vec<usize> = (0..corpus.sources.len()).collect();
    let lines: Vec<Vec<Line>> = sources
        .into_par_iter()
        .map(|source| {
            let coded = &corpus.coded[source];
            let hits: Vec<Span> = match (sought, &matcher) {
                (Sought::Concept(concept), _) => {
                    coded.codings.iter().filter(|c| c.concept == concept).map(|c| c.span).collect()
                }
                (Sought::Pattern(_), Some(matcher)) => found(corpus, source, matcher, interviewers),
                (Sought::Pattern(_), None) => Vec::new(),
            };
            in_context(corpus, source, &hits, width)
        })
        .collect();
    Ok(lines.into_iter().flatten().collect())
}

/// Returns a matcher of one pattern for texts of any language.
///
/// # Errors
/// A pattern that does not parse.
pub fn matcher(pattern: &str, keep_accents: bool) -> Result<Matcher, Problems> {
    let text = PatternText { text: pattern.to_owned(), line: 0 };
    let concept = Concept {
        id: "pattern".to_owned(),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), vec![text])]),
        ..Concept::default()
    };
    let mut codebook = Codebook::new(String::new(), String::new(), vec![concept])?;
    codebook.keep_accents = keep_accents;
    Matcher::new(&codebook, &[])
}

fn found(corpus: &Corpus, source: usize, matcher: &Matcher, interviewers: &Interviewers) -> Vec<Span> {
    let coded = &corpus.coded[source];
    let text = corpus.sources[source].document.flowing();
    let sentences: Vec<Span> =
        coded.segmentation.units.iter().filter(|u| u.level == Level::Sentence).map(|u| u.span).collect();
    let asked = asked(coded, &text, interviewers);
    let heard = |span: &Span| !asked.iter().any(|turn| turn.contains(*span));
    matcher.find_in_sentences(&text, &sentences, &mut []).into_iter().map(|c| c.span).filter(heard).collect()
}

fn in_context(corpus: &Corpus, source: usize, hits: &[Span], width: usize) -> Vec<Line> {
    if hits.is_empty() {
        return Vec::new();
    }
    let (coded, text) = (&corpus.coded[source], corpus.sources[source].document.flowing());
    let words = words(&text);
    let key = |span: &Span| fold_word(span.of(&text), corpus.codebook.keep_accents);
    let line = |&hit: &Span| {
        let section = coded.span(coded.unit_at(hit.start, Level::Section));
        let from = words.partition_point(|word| word.end <= hit.start);
        let to = words.partition_point(|word| word.start < hit.end);
        let within = |span: &&Span| section.contains(**span);
        let before: Vec<Span> = words[from.saturating_sub(width)..from].iter().filter(within).copied().collect();
        let after: Vec<Span> = words[to..(to + width).min(words.len())].iter().filter(within).copied().collect();
        let start = before.first().map_or(hit.start, |first| first.start);
        let end = after.last().map_or(hit.end, |last| last.end);
        Line {
            source,
            unit: coded.unit_at(hit.start, Level::Paragraph),
            hit,
            left: Span::new(start, hit.start),
            right: Span::new(hit.end, end),
            keys: [before.iter().rev().map(key).collect(), after.iter().map(key).collect()],
        }
    };
    hits.iter().map(line).collect()
}
