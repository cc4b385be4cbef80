//! Tables of contents: lines that name articles and divisions, all of which come again.

use super::layout::{Layout, ends_sentence};
use super::legal_words::LEGAL_WORDS;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A longer line is no row of a table of contents.
const ROW: usize = 120;

/// Without a heading, so many rows of one kind make a table.
const ROWS: usize = 3;

/// What a line may be in a table of contents.
pub(super) enum Row {
    Entry(Entry),
    /// A preamble, an annex: it may stand between entries.
    Between,
    Words,
}

/// An article or division that a line names.
pub(super) struct Entry {
    /// What the division is called; empty for an article.
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) value: Option<u32>,
    /// Whether words of a body follow on the line.
    pub(super) body: bool,
}

impl Entry {
    const fn is_article(&self) -> bool {
        self.kind.is_empty()
    }
}

impl Row {
    const fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Entry(entry) => Some(entry),
            Self::Between | Self::Words => None,
        }
    }
}

/// Returns the lines of a table of contents, given a row a line: under its heading, or names with nothing between them.
pub(super) fn table_of_contents(layout: &Layout<'_>, rows: &[Row]) -> BTreeSet<usize> {
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in rows.iter().enumerate().filter_map(|(index, row)| Some((index, row.entry()?))) {
        last.insert(&entry.label, index);
    }
    let heading = (0..rows.len().min(400)).find(|&index| is_heading(line_text(layout, index)));
    let below = heading.map_or_else(BTreeSet::new, |at| below_heading(layout, rows, &last, at));
    if below.is_empty() { names_alone(layout, rows, &last) } else { below }
}

fn line_text<'a>(layout: &Layout<'a>, index: usize) -> &'a str {
    layout.lines.get(index).map_or("", |line| &layout.text[line.start..line.end])
}

fn is_heading(text: &str) -> bool {
    if text.len() > 60 {
        return false;
    }
    let words = text.trim_end_matches([':', '.', ' ']).to_lowercase();
    let spaceless: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    // "目　次".
    LEGAL_WORDS.iter().flat_map(|row| row.contents).any(|known| [&words, &spaceless].iter().any(|said| said == known))
}

/// Whether the line ends with the number of a page, after a tab, dots, or wide space.
fn ends_with_page(text: &str) -> bool {
    let words = text.trim_end_matches(|c: char| c.is_ascii_digit());
    words.len() < text.len() && words.ends_with(['\t', '.', '…', '\u{b7}'])
}

/// The rows under "Contents", up to the place where the first of them comes again.
fn below_heading(layout: &Layout<'_>, rows: &[Row], last: &HashMap<&str, usize>, heading: usize) -> BTreeSet<usize> {
    let mut seen: HashSet<&str> = HashSet::new();
    let (mut end, mut again, mut once) = (heading, 0usize, 0usize);
    for (index, row) in rows.iter().enumerate().skip(heading + 1) {
        let text = line_text(layout, index);
        let Some(entry) = row.entry() else {
            if text.len() > ROW || (ends_sentence(text) && !ends_with_page(text)) {
                break;
            }
            if ends_with_page(text) {
                end = index;
            }
            continue;
        };
        if text.len() > 2 * ROW || !seen.insert(&entry.label) {
            break;
        }
        if last.get(entry.label.as_str()).is_some_and(|&at| at > index) {
            again += 1;
            end = index;
        } else {
            once += 1;
        }
    }
    if again < 2 || once > again { BTreeSet::new() } else { (heading..=end).collect() }
}

/// Entries that stand together.
#[derive(Default)]
struct Run<'r> {
    entries: Vec<(usize, &'r Entry)>,
    /// The last row, which may be one that names only a page: an annex.
    end: usize,
}

/// Names without a heading above them, all of which come again.
fn names_alone(layout: &Layout<'_>, rows: &[Row], last: &HashMap<&str, usize>) -> BTreeSet<usize> {
    let mut contents = BTreeSet::new();
    let mut run = Run::default();
    for (index, row) in rows.iter().enumerate() {
        match row {
            Row::Entry(entry) if !entry.body && last.get(entry.label.as_str()).is_some_and(|&at| at > index) => {
                if begins_anew(&run.entries, entry) {
                    run.close(&mut contents);
                }
                run.entries.push((index, entry));
                run.end = index;
            }
            Row::Entry(entry) if entry.is_article() => run.close(&mut contents),
            _ if run.entries.is_empty() => {}
            _ if ends_with_page(line_text(layout, index)) => run.end = index,
            Row::Words => run.close(&mut contents),
            Row::Entry(_) | Row::Between => {}
        }
    }
    run.close(&mut contents);
    contents
}

impl Run<'_> {
    /// Ends the run: it is a table if enough of its entries are of one kind.
    fn close(&mut self, contents: &mut BTreeSet<usize>) {
        let mut kinds: HashMap<&str, usize> = HashMap::new();
        for (_, entry) in &self.entries {
            *kinds.entry(&entry.kind).or_default() += 1;
        }
        if let Some(&(first, _)) = self.entries.first()
            && kinds.values().any(|&times| times >= ROWS)
        {
            contents.extend(first..=self.end);
        }
        self.entries.clear();
    }
}

/// Whether the article stands in the run already, or before its last one: the text itself begins.
fn begins_anew(run: &[(usize, &Entry)], article: &Entry) -> bool {
    let mut before = run.iter().map(|(_, entry)| entry).filter(|entry| entry.is_article()).rev();
    let falls = before.clone().next().is_some_and(|last| article.value < last.value);
    article.is_article() && (falls || before.any(|entry| entry.label == article.label))
}
