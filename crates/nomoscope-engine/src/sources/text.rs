//! The text of a source with the labels of its units in the margin, and which sources have the same text.

use nomoscope_core::norm::corpus::CodedSource;
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The widest margin, in characters.
const MARGIN: usize = 28;

/// Returns the text of a source as it was read, each line with the label of the unit that begins in it.
#[must_use]
pub fn with_labels(source: &Source, coded: &CodedSource) -> String {
    let text = &source.document.text;
    let items: Vec<(usize, &str)> = coded
        .segmentation
        .units
        .iter()
        .filter(|unit| unit.level == Level::Item)
        .map(|unit| (unit.span.start as usize, &*unit.label))
        .collect();
    let width = items.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0).min(MARGIN);
    let mut out = String::with_capacity(text.len() * 2);
    let mut line = |label: &str, words: &str| {
        let pad = width.saturating_sub(label.chars().count());
        out.push_str(&format!("{label}{} | {}\n", " ".repeat(pad), words.trim_end_matches(['\n', '\r'])));
    };
    let mut next = items.iter().peekable();
    let mut at = 0;
    for row in text.split_inclusive('\n') {
        let end = at + row.len();
        let mut label = "";
        // Several units may begin in one line of the text: each gets a line of its own here.
        while let Some(&&(start, own)) = next.peek().filter(|(start, _)| *start < end) {
            next.next();
            let before = text.get(at..start.max(at)).unwrap_or_default();
            if !before.trim().is_empty() {
                line(label, before);
                at = start;
            }
            label = own;
        }
        line(label, text.get(at..end).unwrap_or_default());
        at = end;
    }
    out
}

/// Returns the sources whose text another one has already, with the first that has it; spaces and case count nothing.
#[must_use]
pub fn equal_texts(sources: &[Source]) -> Vec<(&str, &str)> {
    let mut first: HashMap<u64, Vec<&Source>> = HashMap::new();
    let mut equal = Vec::new();
    for source in sources {
        let mut hasher = DefaultHasher::new();
        words(source).for_each(|word| word.to_lowercase().hash(&mut hasher));
        let alike = first.entry(hasher.finish()).or_default();
        // A hash is no proof.
        let same = |other: &&&Source| words(other).map(str::to_lowercase).eq(words(source).map(str::to_lowercase));
        match alike.iter().find(same) {
            Some(other) => equal.push((source.path.as_str(), other.path.as_str())),
            None => alike.push(source),
        }
    }
    equal
}

fn words(source: &Source) -> impl Iterator<Item = &str> {
    source.document.text.split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::equal_texts;
    use nomoscope_core::study::Source;
    use nomoscope_core::text::Document;

    #[test]
    fn texts_that_are_there_already() {
        let source = |path: &str, text: &str| Source {
            path: path.to_owned(),
            document: Document { text: text.to_owned(), ..Document::default() },
            ..Source::default()
        };
        let sources = [source("a", "One  two\n"), source("b", "three"), source("c", "one two"), source("d", "One two")];
        assert_eq!(equal_texts(&sources), [("c", "a"), ("d", "a")]);
    }
}
