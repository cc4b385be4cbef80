//! Numbers, lists and quotations as people print them: what the words of all answers share.

pub use nomoscope_core::amount::{counted, thousands};
use nomoscope_core::norm::corpus::{CodedSource, Corpus, Interviewers};
use nomoscope_core::study::Source;
use nomoscope_core::text::Span;
use nomoscope_core::text::segment::count_words;
use nomoscope_core::usage::terms::asked;

/// The longest quotation, in characters.
const QUOTE: usize = 300;

/// How many files a sentence names.
const FILES: usize = 3;

/// Returns the first of these paths, and how many there are besides.
#[must_use]
pub fn files<'p>(paths: impl Iterator<Item = &'p str>) -> String {
    let paths: Vec<&str> = paths.collect();
    let more = paths.len().saturating_sub(FILES);
    let shown = paths[..paths.len() - more].join(", ");
    if more > 0 { format!("{shown} and {} more", thousands(more as u64)) } else { shown }
}

/// Returns how many sources are in a language that the codebook cannot read, with what would change that. No full stop.
#[must_use]
pub fn unread_language(language: &str, n: usize) -> String {
    let name = nomoscope_core::text::language::name(language).map_or_else(|| format!("`{language}`"), capital);
    let sources = counted(n, "source is", "sources are");
    format!(
        "{sources} in {name}, for which the codebook has no patterns; patterns for it would stand under `patterns.{language}`"
    )
}

/// Returns the same for each such language, with the sources.
#[must_use]
pub fn unread(corpus: &Corpus) -> Vec<String> {
    let one = |(language, n): (&String, &usize)| {
        let of = corpus.sources.iter().filter(|source| source.read_as().contains(language));
        format!("{} ({})", unread_language(language, *n), files(of.map(|source| source.path.as_str())))
    };
    corpus.unread_languages.iter().map(one).collect()
}

/// Returns which sources hold no concept at all; nothing where all do.
#[must_use]
pub fn blank(corpus: &Corpus) -> Option<String> {
    let pairs = corpus.sources.iter().zip(&corpus.coded);
    let blank: Vec<&str> =
        pairs.filter(|(_, coded)| coded.codings.is_empty()).map(|(source, _)| source.path.as_str()).collect();
    let holds = counted(blank.len(), "source holds", "sources hold");
    (!blank.is_empty()).then(|| format!("{holds} no concept of the codebook ({})", files(blank.into_iter())))
}

/// Returns how many words of interviewers were not read; nothing where all were.
#[must_use]
pub fn unheard(corpus: &Corpus, interviewers: &Interviewers) -> Option<String> {
    let of = |(source, coded): (&Source, &CodedSource)| -> usize {
        let text = source.document.flowing();
        asked(coded, &text, interviewers).into_iter().map(|turn| count_words(turn.of(&text)) as usize).sum()
    };
    let words: Vec<usize> = corpus.sources.iter().zip(&corpus.coded).map(of).filter(|n| *n > 0).collect();
    (!words.is_empty()).then(|| {
        let sources = counted(words.len(), "source", "sources");
        format!("{} of interviewers in {sources} not read", counted(words.iter().sum(), "word", "words"))
    })
}

/// Returns a p- or q-value as people print it.
#[must_use]
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// Returns an odds ratio with as many digits as it deserves.
#[must_use]
pub fn ratio(x: f64) -> String {
    if x >= 100.0 {
        format!("{x:.0}")
    } else if x >= 10.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.2}")
    }
}

/// Returns the words with a capital at the beginning.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Returns the words of a passage on one line; of a long one, the part round `hit`, which may itself be cut.
#[must_use]
pub fn quotation(text: &str, passage: Span, hit: Span) -> String {
    let flat = |span: Span| span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = flat(passage);
    if words.chars().count() <= QUOTE {
        return words;
    }
    let inner = flat(hit);
    let cut: String = inner.chars().take(QUOTE).collect();
    let room = QUOTE.saturating_sub(cut.chars().count() + 4);
    let (before, after) = (flat(Span::new(passage.start, hit.start)), flat(Span::new(hit.end, passage.end)));
    // What stands before tells more of who is meant; each side may have what the other leaves.
    let (n_before, n_after) = (before.chars().count(), after.chars().count());
    let left = n_before.min((room / 2).max(room.saturating_sub(n_after)));
    let right = n_after.min(room - left);
    let head: String = before.chars().skip(n_before - left).collect();
    let tail: String = after.chars().take(right).collect();
    let (from, to) = (if left < n_before { "…" } else { "" }, if right < n_after { "…" } else { "" });
    format!("{from}{} {cut} {}{to}", head.trim(), tail.trim()).trim().to_owned()
}

/// Breaks words into lines of at most so many signs; a longer word stands alone.
#[must_use]
pub fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match out.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out
}
