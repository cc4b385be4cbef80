//! WebAnno TSV 3, as WebAnno and INCEpTION write it: a word a line, its annotations in columns.
//!
//! The file holds the words of each sentence and where they stand, in UTF-16 units; what stood between two sentences is not in
//! it and becomes ends of lines.

use super::layers::{self, Layers, USUAL, is_of_words};
use super::project::{ForeignProject, ForeignSource, Selection};
use super::uima::stem;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Limits, Place, ReadOptions, Reason};
use std::collections::BTreeMap;

/// What a file begins with.
pub(super) const MAGIC: &[u8] = b"#FORMAT=WebAnno TSV 3";

/// A layer with its columns.
struct Layer {
    name: String,
    features: Vec<String>,
    /// Whether it is of spans; relations and chains are not taken.
    spans: bool,
}

/// An annotation that may go over several words.
struct Open {
    layer: usize,
    features: Vec<(String, String)>,
    place: (i64, i64),
}

#[derive(Default)]
struct Reader {
    layers: Vec<Layer>,
    text: String,
    /// Length of the text in UTF-16 units.
    units: i64,
    /// The words of a sentence that wait for the place of its first word.
    sentence: Option<String>,
    /// Annotations by their number in the file, or in the order of those that have none.
    open: BTreeMap<(usize, u64), Open>,
    single: Vec<Open>,
    relations: usize,
}

/// Reads a file.
pub(super) fn read(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let options = ReadOptions { limits: limits.clone(), ..ReadOptions::default() };
    let text = decode(input, Declaration::None, &options)?.text;
    let mut reader = Reader::default();
    for (number, line) in (1_u64..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        reader
            .line(line, limits)
            .map_err(|message| FormatError::new(input, Some(Place::Line(number)), Reason::NoProject { message }))?;
    }
    let mut project = ForeignProject { origin: "WebAnno TSV".to_owned(), ..ForeignProject::default() };
    reader.finish(&stem(input.name), &mut project);
    Ok(project)
}

impl Reader {
    fn line(&mut self, line: &str, limits: &Limits) -> Result<(), String> {
        if let Some(header) = line.strip_prefix("#T_") {
            let (kind, rest) = header.split_once('=').ok_or("a layer without a name")?;
            let mut parts = rest.split('|').map(str::to_owned);
            let name = parts.next().unwrap_or_default();
            self.layers.push(Layer { name, features: parts.collect(), spans: kind == "SP" });
        } else if let Some(words) = line.strip_prefix("#Text=") {
            // A sentence of several lines stands in several.
            let words = plain(words);
            self.sentence = Some(match self.sentence.take() {
                Some(before) => format!("{before}\n{words}"),
                None => words,
            });
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            self.word(line, limits)?;
        }
        Ok(())
    }

    fn word(&mut self, line: &str, limits: &Limits) -> Result<(), String> {
        let mut cells = line.split('\t');
        let (Some(_), Some(place)) = (cells.next(), cells.next()) else {
            return Err("a line that is no word: it has no second column".to_owned());
        };
        let place = place.split_once('-').and_then(|(a, b)| Some((a.parse::<i64>().ok()?, b.parse::<i64>().ok()?)));
        let place = place.filter(|(start, end)| 0 <= *start && start <= end).ok_or("a word without a place")?;
        if let Some(sentence) = self.sentence.take() {
            self.put(&sentence, place.0, limits)?;
        }
        let cells: Vec<&str> = cells.skip(1).collect();
        let mut at = 0;
        for layer in 0..self.layers.len() {
            let n = self.layers.get(layer).map_or(1, |layer| layer.features.len().max(1));
            let columns = cells.get(at..at + n).unwrap_or_default();
            at += n;
            self.annotations(layer, columns, place);
        }
        Ok(())
    }

    /// Puts a sentence at its place.
    fn put(&mut self, sentence: &str, start: i64, limits: &Limits) -> Result<(), String> {
        let gap = start - self.units;
        if gap < 0 || gap as usize > limits.max_text_bytes.saturating_sub(self.text.len() + sentence.len()) {
            return Err("a sentence that begins before the one above it ends, or far behind it".to_owned());
        }
        self.text.extend(std::iter::repeat_n('\n', gap as usize));
        self.text.push_str(sentence);
        self.units = start + sentence.encode_utf16().count() as i64;
        Ok(())
    }

    fn annotations(&mut self, at: usize, columns: &[&str], place: (i64, i64)) {
        let Some(layer) = self.layers.get(at) else { return };
        let stacks: Vec<Vec<(String, Option<u64>)>> = columns.iter().map(|cell| stack(cell)).collect();
        let n = stacks.iter().map(Vec::len).max().unwrap_or_default();
        if !layer.spans {
            self.relations += n.min(1);
            return;
        }
        for k in 0..n {
            let values: Vec<Option<&(String, Option<u64>)>> = stacks.iter().map(|stack| stack.get(k)).collect();
            let number = values.iter().flatten().find_map(|(_, number)| *number);
            let named = layer.features.iter().zip(&values).filter_map(|(name, value)| Some((name, (*value)?)));
            let features = named.filter(|(name, (value, _))| !value.is_empty() && is_value(name));
            let features = features.map(|(name, (value, _))| (name.clone(), value.clone())).collect();
            let open = Open { layer: at, features, place };
            match number {
                None => self.single.push(open),
                Some(number) => {
                    let there = self.open.entry((at, number)).or_insert(open);
                    there.place = (there.place.0.min(place.0), there.place.1.max(place.1));
                }
            }
        }
    }

    fn finish(self, name: &str, project: &mut ForeignProject) {
        let source = ForeignSource {
            id: "text".to_owned(),
            name: name.to_owned(),
            text: Some(self.text),
            usual: USUAL,
            ..ForeignSource::default()
        };
        project.sources.push(source);
        let (mut codes, mut of_words) = (Layers::default(), 0);
        let mut all: Vec<Open> = self.single.into_iter().chain(self.open.into_values()).collect();
        all.sort_by_key(|open| (open.place.0, open.place.1, open.layer));
        for (number, open) in (1_usize..).zip(all) {
            let Some(layer) = self.layers.get(open.layer) else { continue };
            if is_of_words(&layer.name) {
                of_words += 1;
                continue;
            }
            let id = format!("annotation-{number}");
            let selection =
                Selection { id, source: "text".to_owned(), place: Some(open.place), ..Selection::default() };
            let several = layer.features.iter().filter(|name| is_value(name)).count() > 1;
            codes.annotate(project, (&layer.name, several), &open.features, selection);
        }
        project.lose("annotations of words", of_words, "lemmata, parts of speech and the like would code every word");
        project.lose("words with links to others", self.relations, "only annotations of stretches are taken");
        layers::finish(project);
    }
}

/// Returns whether a feature has values, and no links to other annotations.
fn is_value(feature: &str) -> bool {
    !feature.starts_with("ROLE_")
}

/// Returns the annotations in a cell, each with its value and its number; of `_` there are none, and `*` has no value.
fn stack(cell: &str) -> Vec<(String, Option<u64>)> {
    let parts = split(cell, '|').into_iter().filter(|part| !part.is_empty() && *part != "_");
    parts
        .map(|part| {
            let (value, number) = numbered(part);
            (if value == "*" { String::new() } else { plain(value) }, number)
        })
        .collect()
}

/// Takes the number in brackets off a value.
fn numbered(part: &str) -> (&str, Option<u64>) {
    let inner = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match inner.map(|(value, number)| (value, number.parse().ok())) {
        Some((value, Some(number))) if !value.ends_with('\\') => (value, Some(number)),
        _ => (part, None),
    }
}

/// Splits at a sign that has no backslash before it.
fn split(cell: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in cell.char_indices() {
        if c == sign && !escaped {
            parts.push(cell.get(from..at).unwrap_or_default());
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(cell.get(from..).unwrap_or_default());
    parts
}

/// Returns words without the backslashes that guard their signs.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut chars = words.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}
