//! The answer in words.

use super::answer::Look;
use crate::terms::answer::Terms;
use crate::terms::words::listed;
use crate::words::{counted, files, thousands};

/// Frequent words and phrases that a sentence names.
const NAMED: usize = 5;
/// Languages and kinds of files that a sentence names.
const KINDS: usize = 4;

/// Returns what was read in a sentence.
#[must_use]
pub fn read(answer: &Look) -> String {
    let corpus = answer.corpus();
    let texts = counted(corpus.sources.len(), "text", "texts");
    let total = usize::try_from(answer.words.counted.total()).unwrap_or(usize::MAX);
    let kinds = answer.endings().into_iter().take(KINDS);
    let kinds: Vec<String> = kinds.map(|(ending, n)| format!("{} .{ending}", thousands(n as u64))).collect();
    let dates = answer.dates().map(|(first, last)| match first == last {
        true => format!(", dated {first}"),
        false => format!(", dated {first} to {last}"),
    });
    let words = counted(total, "word", "words");
    format!("{texts} with {words}{} ({}), {}.", dates.unwrap_or_default(), listed(&kinds), languages(answer))
}

fn languages(answer: &Look) -> String {
    let all = answer.languages();
    let (known, unknown): (Vec<_>, Vec<_>) = all.into_iter().partition(|(language, _)| !language.is_empty());
    let mut parts: Vec<String> = known
        .iter()
        .take(KINDS)
        .map(|(language, n)| format!("{} in {}", thousands(*n as u64), name(language)))
        .collect();
    let more: usize = known.iter().skip(KINDS).map(|(_, n)| n).sum();
    if more > 0 {
        parts.push(format!("{} in other languages", thousands(more as u64)));
    }
    if let Some((_, n)) = unknown.first() {
        let files = files(answer.of_no_language());
        parts.push(format!("{} in a language that could not be told ({files})", thousands(*n as u64)));
    }
    listed(&parts)
}

/// Returns the English name of a language, or its tag.
#[must_use]
pub fn name(tag: &str) -> String {
    crate::words::capital(nomoscope_core::text::language::name(tag).unwrap_or(tag))
}

/// Returns what was read, what is frequent, and what sets groups apart.
#[must_use]
pub fn lead(answer: &Look) -> String {
    let quoted = |words: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        words.take(NAMED).map(|word| format!("“{word}”")).collect()
    };
    // What is said once is not frequent, however short the texts are.
    let frequent = |terms: &Terms| {
        quoted(&mut terms.listed().filter(|(_, term)| term.n > 1).map(|(_, term)| term.written.as_str()))
    };
    let (words, phrases) = (frequent(&answer.words), frequent(&answer.phrases[0]));
    let mut out = read(answer);
    if !words.is_empty() {
        out.push_str(&format!(" Frequent words: {}.", listed(&words)));
    }
    if !phrases.is_empty() {
        out.push_str(&format!(" Frequent phrases: {}.", listed(&phrases)));
    }
    for group in answer.words.groups.iter().filter(|group| !group.more.is_empty()).take(NAMED) {
        let apart = quoted(&mut group.more.iter().map(|key| answer.words.written(key.term)));
        let by = answer.words.rules.by.as_deref().unwrap_or("group");
        out.push_str(&format!(" What sets {by} “{}” apart: {}.", group.name, listed(&apart)));
    }
    if !answer.corpus().codebook.is_empty() {
        out.push_str(&format!(" {}", found(answer)));
    }
    out
}

/// Returns how many concepts of the codebook occur.
fn found(answer: &Look) -> String {
    let all = answer.corpus().codebook.len();
    let widest: Vec<String> = answer
        .concepts
        .iter()
        .take(3)
        .map(|(concept, _, texts)| {
            let label = answer.corpus().codebook.get(*concept).label_in("en");
            format!("“{label}” in {}", counted(usize::try_from(*texts).unwrap_or(usize::MAX), "text", "texts"))
        })
        .collect();
    match answer.concepts.len() {
        0 => format!("None of the {all} concepts of the codebook occurs."),
        n => format!("{n} of {all} concepts of the codebook occur: {}.", listed(&widest)),
    }
}

/// Returns what should be known before the numbers are used.
#[must_use]
pub fn cautions(answer: &Look) -> Vec<String> {
    let mut out: Vec<String> = answer
        .corpus()
        .unread_languages
        .iter()
        .map(|(language, n)| {
            let texts = counted(*n, "text is", "texts are");
            let of = answer.corpus().sources.iter().filter(|source| source.read_as().contains(language));
            format!(
                "{texts} in {}, for which the codebook has no patterns: no concept is found in them ({})",
                name(language),
                files(of.map(|source| source.path.as_str()))
            )
        })
        .collect();
    out.extend(crate::terms::words::cautions(&answer.words));
    out
}
