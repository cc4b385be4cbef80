//! Where rows with a quotation stand in the texts: what `codings.csv` and `passages.csv` have in common.

use super::offsets::Offsets;
use super::quote::{Finder, Found};
use super::{MAX_HINTS, Problem, csv};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::text::Span;
use std::collections::BTreeMap;

/// The texts of one study by path of the source.
pub type Texts<'a> = BTreeMap<&'a str, &'a str>;

/// Finds places in the texts of a study, and remembers what it opened.
pub(super) struct Places<'a> {
    file: &'static str,
    texts: &'a Texts<'a>,
    /// Positions of the sources met so far.
    open: BTreeMap<&'a str, (Offsets<'a>, Finder<'a>)>,
    /// Quotations that were moved or filled in; no errors.
    pub(super) notes: Vec<Problem>,
    /// Unknown sources, as far as it was said what they may mean.
    unknown: BTreeMap<String, Option<&'a str>>,
}

impl<'a> Places<'a> {
    pub(super) const fn new(file: &'static str, texts: &'a Texts<'a>) -> Self {
        Self { file, texts, open: BTreeMap::new(), notes: Vec::new(), unknown: BTreeMap::new() }
    }

    /// Returns the span and the words of a row with the columns `source`, `start`, `end` and `quote`.
    pub(super) fn of_row(&mut self, sheet: &csv::Sheet, row: &csv::Row) -> Result<(Span, String), Vec<Problem>> {
        let cell = |name: &str| sheet.cell(row, name);
        let placed = match (place(cell("start"), cell("end")), self.open(cell("source"))) {
            (Ok(place), Ok(source)) => self.placed(source, place, cell("quote"), row.line).map_err(|wrong| vec![wrong]),
            (place, source) => Err([place.err(), source.err()].into_iter().flatten().collect()),
        };
        let of_file = |problem: Problem| Problem { file: self.file.to_owned(), ..problem }.at(row.line);
        placed.map_err(|problems| problems.into_iter().map(of_file).collect())
    }

    fn open(&mut self, source: &str) -> Result<&'a str, Problem> {
        let Some((&path, &text)) = self.texts.get_key_value(source) else {
            return Err(self.unknown(source));
        };
        self.open.entry(path).or_insert_with(|| (Offsets::new(text), Finder::new(text)));
        Ok(path)
    }

    fn unknown(&mut self, source: &str) -> Problem {
        if self.unknown.len() < MAX_HINTS && !self.unknown.contains_key(source) {
            let near = nearest(source, self.texts.keys().copied());
            self.unknown.insert(source.to_owned(), near);
        }
        let problem = Problem::new("", format!("`{source}` is no source of the study"));
        match self.unknown.get(source) {
            Some(Some(near)) => problem.hint(Remedy::nearest(near)),
            _ => problem.hint("write the path as in sources.csv"),
        }
    }

    /// Returns the span and the words of a quotation.
    fn placed(
        &mut self,
        source: &str,
        place: Option<(u32, u32)>,
        quote: &str,
        line: u32,
    ) -> Result<(Span, String), Problem> {
        let Some((offsets, finder)) = self.open.get_mut(source) else {
            return Err(Problem::new("", format!("`{source}` is no source")));
        };
        let text = offsets.text();
        let Some((start, end)) = place else {
            let span = only_place(finder, quote)?;
            return Ok((span, span.of(text).to_owned()));
        };
        let bytes = offsets.byte_of(start).zip(offsets.byte_of(end));
        let span = bytes.map(|(s, e)| Span::new(s, e));
        let note = |words: String| Problem::new(self.file, words).at(line);
        if quote.is_empty() {
            let span = span.ok_or_else(|| leaves(end, offsets))?;
            if !span.is_empty() {
                self.notes.push(note("no quotation: taken from the text".to_owned()));
            }
            return Ok((span, span.of(text).to_owned()));
        }
        // A place outside the text is as good as its end: the quotation is searched for from there.
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let from = span.unwrap_or_else(|| Span::new(len, len));
        let Some((found, how)) = finder.find(quote, from) else {
            return Err(gone(source, quote));
        };
        if how != Found::InPlace {
            let point = |byte| offsets.point_of(byte).unwrap_or_default();
            let (to, until) = (point(found.start), point(found.end));
            let loosely = match how {
                Found::MovedLoosely => ", with other white space",
                _ => "",
            };
            self.notes.push(note(format!(
                "the quotation stands at {to}..{until} of `{source}`, not at {start}..{end}{loosely}"
            )));
        }
        Ok((found, found.of(text).to_owned()))
    }
}

fn gone(source: &str, quote: &str) -> Problem {
    let shown: String = quote.chars().take(60).collect();
    let dots = if shown.len() < quote.len() { "…" } else { "" };
    Problem::new("", format!("`{shown}{dots}` does not occur in `{source}`"))
        .hint("the text has changed since it was coded: correct the quotation or remove the row")
}

fn leaves(end: u32, offsets: &Offsets<'_>) -> Problem {
    let n = offsets.n_points();
    Problem::new("", format!("the end {end} lies behind the text, which has {n} characters"))
}

/// Returns where a quotation without a place stands, if it stands there alone.
fn only_place(finder: &mut Finder<'_>, quote: &str) -> Result<Span, Problem> {
    let problem = |reason: &str| Err(Problem::new("", reason).hint("write start and end, counted in characters"));
    let spans = match quote.trim() {
        "" => return problem("neither a place nor a quotation"),
        _ if !finder.exact(quote).is_empty() => finder.exact(quote),
        _ => finder.loose(quote),
    };
    match spans {
        [only] => Ok(*only),
        [] => problem("the quotation does not occur in the source"),
        _ => problem("the quotation occurs several times and has no place"),
    }
}

fn place(start: &str, end: &str) -> Result<Option<(u32, u32)>, Problem> {
    if start.is_empty() && end.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    match (number(start), number(end)) {
        (Some(start), Some(end)) if start <= end => Ok(Some((start, end))),
        _ => Err(Problem::new("", format!("`{start}` to `{end}` is no place"))
            .hint("start and end are counted in characters from 0; the end is not included")),
    }
}

/// Writes the places of spans in code points.
pub(super) struct Points<'a> {
    texts: &'a Texts<'a>,
    open: BTreeMap<&'a str, Offsets<'a>>,
}

impl<'a> Points<'a> {
    pub(super) const fn new(texts: &'a Texts<'a>) -> Self {
        Self { texts, open: BTreeMap::new() }
    }

    /// Returns where a span begins and ends; none if it leaves or cuts the text, or there is no such source.
    pub(super) fn of(&mut self, source: &str, span: Span) -> Option<(u32, u32)> {
        let (path, text) = self.texts.get_key_value(source)?;
        let offsets = self.open.entry(path).or_insert_with(|| Offsets::new(text));
        offsets.point_of(span.start).zip(offsets.point_of(span.end))
    }
}
