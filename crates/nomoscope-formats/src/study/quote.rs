//! Where a quotation stands in a text that may have changed since it was coded.

use nomoscope_core::text::Span;
use std::collections::BTreeMap;

/// How a quotation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Where the file says.
    InPlace,
    /// The same words elsewhere.
    Moved,
    /// The same words elsewhere with other white space between them.
    MovedLoosely,
}

/// Finds quotations in one text; remembers where each occurs, so that many codings of the same words cost one search.
#[derive(Debug)]
pub struct Finder<'a> {
    text: &'a str,
    exact: BTreeMap<String, Vec<Span>>,
    loose: BTreeMap<String, Vec<Span>>,
    squeezed: Option<Squeezed>,
}

/// A text with each run of white space as one space, and where each byte came from.
#[derive(Debug)]
struct Squeezed {
    text: String,
    from: Vec<u32>,
    end: u32,
}

impl<'a> Finder<'a> {
    /// Returns a finder for a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, exact: BTreeMap::new(), loose: BTreeMap::new(), squeezed: None }
    }

    /// Returns all places where the words stand exactly, in order; overlapping ones too.
    pub fn exact(&mut self, quote: &str) -> &[Span] {
        if !self.exact.contains_key(quote) {
            let places = occurrences(self.text, quote);
            let spans = places.map(|at| span(at, at + quote.len())).collect();
            self.exact.insert(quote.to_owned(), spans);
        }
        self.exact.get(quote).map_or(&[], Vec::as_slice)
    }

    /// Returns all places where the words stand with any white space between them, in order.
    pub fn loose(&mut self, quote: &str) -> &[Span] {
        let quote = squeeze(quote.trim()).text;
        if !self.loose.contains_key(&quote) {
            let text = self.text;
            let squeezed = self.squeezed.get_or_insert_with(|| squeeze(text));
            let spans = occurrences(&squeezed.text, &quote).map(|at| squeezed.original(at, at + quote.len())).collect();
            self.loose.insert(quote.clone(), spans);
        }
        self.loose.get(&quote).map_or(&[], Vec::as_slice)
    }

    /// Returns the span that holds the quotation: in place, else the nearest exact one, else the nearest with other white space.
    pub fn find(&mut self, quote: &str, place: Span) -> Option<(Span, Found)> {
        if place.of(self.text) == quote && (!quote.is_empty() || self.is_place(place)) {
            return Some((place, Found::InPlace));
        }
        if quote.trim().is_empty() {
            return None;
        }
        if let Some(span) = nearest(self.exact(quote), place.start) {
            return Some((span, Found::Moved));
        }
        nearest(self.loose(quote), place.start).map(|span| (span, Found::MovedLoosely))
    }

    fn is_place(&self, place: Span) -> bool {
        let inside = self.text.get(place.start as usize..place.end as usize);
        inside.is_some()
    }
}

/// Returns the span whose start is nearest; of two, the earlier.
fn nearest(spans: &[Span], start: u32) -> Option<Span> {
    let key = |s: &&Span| (s.start.abs_diff(start), s.start);
    spans.iter().min_by_key(key).copied()
}

fn span(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

fn occurrences<'t>(text: &'t str, quote: &'t str) -> impl Iterator<Item = usize> + 't {
    let step = quote.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        if quote.is_empty() {
            return None;
        }
        let at = from + text.get(from..)?.find(quote)?;
        from = at + step;
        Some(at)
    })
}

fn squeeze(text: &str) -> Squeezed {
    let mut out = Squeezed {
        text: String::with_capacity(text.len()),
        from: Vec::with_capacity(text.len()),
        end: span(text.len(), text.len()).start,
    };
    let mut in_space = false;
    for (at, c) in text.char_indices() {
        let space = c.is_whitespace();
        if !(space && in_space) {
            let c = if space { ' ' } else { c };
            out.text.push(c);
            out.from.extend(std::iter::repeat_n(span(at, at).start, c.len_utf8()));
        }
        in_space = space;
    }
    out
}

impl Squeezed {
    /// Returns the original span of a stretch that begins and ends with a visible character.
    fn original(&self, start: usize, end: usize) -> Span {
        let byte = |at: usize| self.from.get(at).copied().unwrap_or(self.end);
        // The original end is the start of the last character plus its length, for white space may follow it.
        let last = self.text.get(start..end).and_then(|t| t.chars().last());
        let last = last.map_or(0, char::len_utf8);
        let end = byte(end.saturating_sub(last)) + u32::try_from(last).unwrap_or(0);
        Span::new(byte(start), end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, quote: &str, place: (u32, u32), want: Option<((u32, u32), Found)>) {
        let place = Span::new(place.0, place.1);
        let got = Finder::new(text).find(quote, place);
        let want = want.map(|((s, e), found)| (Span::new(s, e), found));
        assert_eq!(got, want, "{quote:?} in {text:?}");
    }

    #[test]
    fn where_a_quotation_stands() {
        use Found::{InPlace, Moved, MovedLoosely};
        check("né à né", "né", (0, 3), Some(((0, 3), InPlace)));
        check("né à né", "né", (1, 4), Some(((0, 3), Moved)));
        check("né à né", "né", (5, 9), Some(((7, 10), Moved)));
        check("ab..ab", "ab", (2, 3), Some(((0, 2), Moved)));
        check("aaa", "aa", (9, 11), Some(((1, 3), Moved)));
        check("  forced\n  labour é\u{a0} x", "forced labour  é", (0, 3), Some(((2, 20), MovedLoosely)));
        check("abc", "x", (0, 1), None);
        check("abc", "", (1, 1), Some(((1, 1), InPlace)));
        check("abc", "", (7, 7), None);
        check("a c", " ", (0, 1), None);
    }
}
