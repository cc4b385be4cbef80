//! Which source names which other: a citation graph from the titles of the sources themselves.
//!
//! The titles become the concepts of a codebook of their own, so that the one matcher finds them, folded like
//! everything else. A title inside a longer title is not cited ("Optional Protocol to the Convention on …").

use crate::codebook::{Codebook, Concept, PatternText, Role};
use crate::coding::Matcher;
use crate::study::Source;
use crate::text::Span;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One source naming another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Index of the source that names.
    pub from: usize,
    /// Index of the source that is named.
    pub to: usize,
    /// Where, in order.
    pub places: Vec<Span>,
}

/// The fewest words of a title that is searched for.
const MIN_WORDS: usize = 3;

/// Returns who names whom, by (from, to). A source may give more names in an attribute `aliases`, separated by `;`.
#[must_use]
pub fn citations(sources: &[Source]) -> Vec<Citation> {
    let concepts: Vec<Concept> = sources.iter().enumerate().map(|(i, s)| names(i, s)).collect();
    let Ok(codebook) = Codebook::new("titles".to_owned(), String::new(), concepts) else { return Vec::new() };
    let Ok(matcher) = Matcher::new(&codebook, &[]) else { return Vec::new() };
    let mut out: Vec<Citation> = sources
        .par_iter()
        .enumerate()
        .flat_map_iter(|(from, source)| cited(from, &matcher, &source.document.flowing()))
        .collect();
    out.sort_by_key(|c| (c.from, c.to));
    out
}

fn cited(from: usize, matcher: &Matcher, text: &str) -> Vec<Citation> {
    let mut by_target: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    let mut longest: Option<Span> = None;
    for coding in matcher.find(text) {
        if longest.is_some_and(|l| l.contains(coding.span) && l != coding.span) {
            continue;
        }
        longest = Some(coding.span);
        by_target.entry(coding.concept.get()).or_default().push(coding.span);
    }
    by_target.into_iter().filter(|(to, _)| *to != from).map(|(to, places)| Citation { from, to, places }).collect()
}

fn names(i: usize, source: &Source) -> Concept {
    let mut patterns: BTreeSet<String> = BTreeSet::new();
    let aliases = source.attributes.get("aliases").map(String::as_str).unwrap_or_default();
    for name in std::iter::once(source.title.as_str()).chain(aliases.split(';')) {
        patterns.extend(name_patterns(name));
    }
    Concept {
        id: format!("source-{i}"),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([(
            "und".to_owned(),
            patterns.into_iter().map(|text| PatternText { text, line: 0 }).collect(),
        )]),
        ..Concept::default()
    }
}

/// Returns the name as patterns: whole, without what stands in brackets, and for ILO conventions by number.
fn name_patterns(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    let plain = words_of(&strip_brackets(name));
    if plain.len() >= MIN_WORDS {
        out.push(plain.join(" "));
    }
    if let Some(number) = convention_number(name) {
        out.push(format!("Convention (no|number) {number}"));
        out.push(format!("Convention No. {number}"));
        let title: Vec<String> = plain.iter().filter(|w| !w.chars().all(|c| c.is_ascii_digit())).cloned().collect();
        if title.len() >= 2 {
            out.push(title.join(" "));
        }
    }
    out
}

fn strip_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Splits at everything that the pattern language would read as its own signs.
fn words_of(name: &str) -> Vec<String> {
    name.split(|c: char| c.is_whitespace() || matches!(c, '|' | '*' | '…' | ':' | ';'))
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|w| !w.is_empty() && !w.starts_with("NEAR") && !w.contains("..."))
        .collect()
}

fn convention_number(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let at = lower.find("no. ").map(|i| i + 4).or_else(|| lower.find("no.").map(|i| i + 3))?;
    let digits: String = lower.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
    (lower.contains("convention") && !digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    fn source(title: &str, text: &str) -> Source {
        Source {
            title: title.to_owned(),
            path: title.to_owned(),
            document: Document { text: text.to_owned(), ..Document::default() },
            ..Source::default()
        }
    }

    #[test]
    fn finds_titles_but_not_titles_in_titles() {
        let sources = [
            source("Convention on the Rights of the Child", "Nothing here."),
            source(
                "Optional Protocol to the Convention on the Rights of the Child",
                "This builds on the Convention on the Rights\nof the Child and on Convention No. 29.",
            ),
            source(
                "Forced Labour Convention (No. 29)",
                "See the Optional Protocol to the Convention on the Rights of the Child.",
            ),
        ];
        let found: Vec<(usize, usize, usize)> =
            citations(&sources).iter().map(|c| (c.from, c.to, c.places.len())).collect();
        assert_eq!(found, [(1, 0, 1), (1, 2, 1), (2, 1, 1)]);
    }
}
