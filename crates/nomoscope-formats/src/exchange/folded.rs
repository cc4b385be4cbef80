//! A text as its quotations are compared: blanks, normalisation and hyphens folded, each place mapped back to its bytes.
//!
//! Programs store a quotation as they showed it: with the line breaks of a page as blanks, with letters and their accents
//! joined or apart, without the hyphens that divide words at the end of a line. A view is folded in one way; which ways are
//! tried, and in which order, is said here too.

use super::search::search;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use nomoscope_core::text::Span;
use std::borrow::Cow;
use std::collections::HashMap;

/// What a view folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// White space to one blank, letters with their accents to one character; soft hyphens are left out.
    Blanks,
    /// The same, and hyphens at the end of a line are left out with it.
    Hyphens,
    /// The same, and hyphens at the end of a line stay without it.
    Lines,
}

const FOLDS: [Fold; 3] = [Fold::Blanks, Fold::Hyphens, Fold::Lines];

/// The least characters of the beginning of a quotation that was cut off.
const LEAST_OF_CUT: usize = 4;

/// Where a quotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// Its first place.
    pub(super) first: Option<Span>,
    /// How often it stands in the text.
    pub(super) n: usize,
    /// Its first place that is whole words, and how many of these there are.
    pub(super) whole: Option<Span>,
    pub(super) n_whole: usize,
    /// Whether its beginning alone was searched for, as it was cut off.
    pub(super) cut: bool,
}

impl Found {
    /// Returns where it stands if it stands there alone.
    pub(super) fn only(self) -> Option<Span> {
        self.first.filter(|_| self.n == 1)
    }

    /// Returns where it stands as whole words, if it does once alone.
    pub(super) fn only_whole(self) -> Option<Span> {
        self.whole.filter(|_| self.n_whole == 1)
    }
}

/// Returns where each of the quotations stands: as it is written if it does so anywhere, then folded, and then, where it ends
/// in points that say so, its beginning.
pub(super) fn find<'q>(text: &str, quotes: impl IntoIterator<Item = &'q str>) -> HashMap<&'q str, Found> {
    of_kind(text, quotes, true)
}

/// The same of names, whose blanks say nothing: programs put one for every end of a line.
pub(super) fn find_names<'q>(text: &str, names: impl IntoIterator<Item = &'q str>) -> HashMap<&'q str, Found> {
    of_kind(text, names, false)
}

fn of_kind<'q>(text: &str, quotes: impl IntoIterator<Item = &'q str>, as_written: bool) -> HashMap<&'q str, Found> {
    let mut views = [None, None, None];
    let mut found = looked_for(text, &mut views, quotes, as_written);
    let cut = |quote: &'q str| Some((quote, beginning(quote)?));
    let nowhere: Vec<(&str, &str)> = found.iter().filter(|(_, f)| f.n == 0).filter_map(|(q, _)| cut(q)).collect();
    let parts = looked_for(text, &mut views, nowhere.iter().map(|(_, part)| *part), as_written);
    for (quote, part) in nowhere {
        if let Some(of_part) = parts.get(part) {
            found.insert(quote, Found { cut: true, ..*of_part });
        }
    }
    found
}

/// Returns the beginning that is left of a quotation that was cut off; none where nothing says that it was, or too little is left.
pub(super) fn beginning(quote: &str) -> Option<&str> {
    let quote = quote.trim_end();
    let rest = quote.strip_suffix('…').or_else(|| quote.strip_suffix("..."))?.trim();
    (rest.chars().count() >= LEAST_OF_CUT).then_some(rest)
}

fn looked_for<'q>(
    text: &str,
    views: &mut [Option<View>; 3],
    quotes: impl IntoIterator<Item = &'q str>,
    as_written: bool,
) -> HashMap<&'q str, Found> {
    let exact = |(quote, hits): (&'q str, super::search::Hits)| {
        let span = |at: usize| span_of(at, at + quote.len());
        let (first, whole) = (hits.first.map(span), hits.whole.map(span));
        (quote, Found { first, n: hits.n, whole, n_whole: hits.n_whole, cut: false })
    };
    let mut found: HashMap<&str, Found> = match as_written {
        true => search(text, quotes).into_iter().map(exact).collect(),
        false => quotes.into_iter().map(|quote| (quote, Found::default())).collect(),
    };
    for (fold, view) in FOLDS.into_iter().zip(views) {
        let rest: Vec<&str> = found.iter().filter(|(_, f)| f.n == 0).map(|(quote, _)| *quote).collect();
        let folded: Vec<(&str, String)> = rest.into_iter().map(|quote| (quote, of_quote(quote, fold))).collect();
        if folded.is_empty() {
            break;
        }
        let view = view.get_or_insert_with(|| View::new(text, fold, false));
        let hits = search(&view.text, folded.iter().map(|(_, folded)| folded.as_str()));
        for (quote, folded) in &folded {
            let Some(hits) = hits.get(folded.as_str()).filter(|hits| hits.n > 0) else { continue };
            let span = |at: usize| view.span(at, at + folded.len());
            let (first, whole) = (hits.first.map(span), hits.whole.map(span));
            found.insert(quote, Found { first, n: hits.n, whole, n_whole: hits.n_whole, cut: false });
        }
    }
    found
}

/// Returns whether two quotations are the same but for blanks, normalisation, and soft hyphens.
pub(super) fn is_alike(words: &str, quote: &str) -> bool {
    if words == quote {
        return true;
    }
    if words.is_ascii() && quote.is_ascii() && !(words.contains('\0') || quote.contains('\0')) {
        return words.split_whitespace().eq(quote.split_whitespace());
    }
    of_quote(words, Fold::Blanks) == of_quote(quote, Fold::Blanks)
}

fn of_quote(quote: &str, fold: Fold) -> String {
    let view = View::new(quote, fold, true);
    view.text.trim_matches(' ').to_owned()
}

fn span_of(start: usize, end: usize) -> Span {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// A part of a view: what stands there in the text.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it begins in the view.
    at: u32,
    from: u32,
    to: u32,
    /// Whether it stands in the view byte for byte.
    verbatim: bool,
}

/// A text, folded.
struct View {
    text: String,
    pieces: Vec<Piece>,
}

impl View {
    /// Folds a text. Of a quotation nobody knows any more where its lines ended: any blank may have been such an end.
    fn new(text: &str, fold: Fold, is_quote: bool) -> Self {
        let mut view = Self { text: String::with_capacity(text.len()), pieces: Vec::new() };
        let (classes, nfc) = (CanonicalCombiningClassMapBorrowed::new(), ComposingNormalizerBorrowed::new_nfc());
        let joins = |c: char| !c.is_ascii() && (classes.get_u8(c) != 0 || ('\u{1160}'..='\u{11ff}').contains(&c));
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(c) = rest.chars().next() else { break };
            let length = if is_blank(c) {
                let length = length_while(rest, is_blank);
                view.put(" ", at, length);
                length
            } else if is_hidden(c) {
                c.len_utf8()
            } else if let Some(length) = view.divided(rest, c, fold, is_quote) {
                if fold == Fold::Lines {
                    view.put(rest.get(..c.len_utf8()).unwrap_or_default(), at, c.len_utf8());
                }
                length
            } else {
                let marks = length_while(rest.get(c.len_utf8()..).unwrap_or_default(), joins);
                let cluster = rest.get(..c.len_utf8() + marks).unwrap_or(rest);
                let one = if cluster.is_ascii() { Cow::Borrowed(cluster) } else { nfc.normalize(cluster) };
                view.put(&one, at, cluster.len());
                cluster.len()
            };
            at += length;
        }
        view
    }

    /// Returns how long a hyphen is that divides a word at the end of a line, with that end; none where it is no such one.
    fn divided(&self, rest: &str, c: char, fold: Fold, is_quote: bool) -> Option<usize> {
        if fold == Fold::Blanks || !matches!(c, '-' | '\u{2010}') || is_quote && fold == Fold::Lines {
            return None;
        }
        let behind = rest.get(c.len_utf8()..)?;
        let blanks = length_while(behind, is_blank);
        let ends_line = behind.get(..blanks)?.contains(['\n', '\r', '\u{2028}', '\u{2029}']);
        let next = behind.get(blanks..)?.chars().next();
        let in_word =
            self.text.chars().next_back().is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphabetic);
        (in_word && blanks > 0 && (ends_line || is_quote)).then_some(c.len_utf8() + blanks)
    }

    fn put(&mut self, words: &str, from: usize, length: usize) {
        let to_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (at, from, to) = (to_u32(self.text.len()), to_u32(from), to_u32(from + length));
        let verbatim = words.len() == length && words != " ";
        match self.pieces.last_mut() {
            Some(last) if verbatim && last.verbatim && last.to == from => last.to = to,
            _ => self.pieces.push(Piece { at, from, to, verbatim }),
        }
        self.text.push_str(words);
    }

    /// Returns where a stretch of the view stands in the text.
    fn span(&self, start: usize, end: usize) -> Span {
        let piece = |at: usize| {
            let passed = self.pieces.partition_point(|piece| piece.at as usize <= at);
            passed.checked_sub(1).and_then(|last| self.pieces.get(last)).copied()
        };
        let to_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let from = piece(start).map_or(0, |p| if p.verbatim { p.from + (to_u32(start) - p.at) } else { p.from });
        let last = end.saturating_sub(1).max(start);
        let to = piece(last).map_or(0, |p| if p.verbatim { p.from + (to_u32(end) - p.at) } else { p.to });
        Span::new(from, to.max(from))
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Returns whether a sign is not seen and may be left out of a quotation: a soft hyphen, a place where a line may end, a mark.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

fn length_while(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quotation_is_found_however_it_was_shown() {
        let text = "He said\r\n\r\n\u{2029}that the inter-\nnational caf\u{e9} of well-\nknown la\u{ad}bour, cafe\u{301}s too, ends.\u{a0}\u{d55c}";
        for (quote, want) in [
            ("said that", "said\r\n\r\n\u{2029}that"),
            (" said\nthat ", "said\r\n\r\n\u{2029}that"),
            ("international", "inter-\nnational"),
            ("inter- national", "inter-\nnational"),
            ("well-known", "well-\nknown"),
            ("labour", "la\u{ad}bour"),
            ("cafe\u{301} of", "caf\u{e9} of"),
            ("caf\u{e9}s", "cafe\u{301}s"),
            ("ends. \u{1112}\u{1161}\u{11ab}", "ends.\u{a0}\u{d55c}"),
            ("too, ends\u{2026}", "too, ends"),
            ("of well-\u{a0}known lab...", "of well-\nknown la\u{ad}b"),
        ] {
            let found = find(text, [quote])[quote];
            assert_eq!((found.only().map(|span| span.of(text)), found.n), (Some(want), 1), "{quote}");
        }
        let nothing = find(text, ["he\u{2026}", "salt", "", " \u{ad}"]);
        assert!(nothing.values().all(|found| found.n == 0), "{nothing:?}");
        assert!(
            is_alike("caf\u{e9}\r\nx", "cafe\u{301} x") && !is_alike("cafe", "caf\u{e9}") && is_alike("a\0b", "a b")
        );
    }

    proptest! {
        #[test]
        fn places_of_a_view_are_those_of_the_text(text in "[ab\u{e9}e\u{301}\u{ad} \r\n-]{0,40}", a in 0_usize..40, b in 0_usize..40) {
            for fold in FOLDS {
                let view = View::new(&text, fold, false);
                let edges: Vec<usize> = view.text.char_indices().map(|(at, _)| at).chain([view.text.len()]).collect();
                let (a, b) = (edges[a % edges.len()], edges[b % edges.len()]);
                let span = view.span(a.min(b), a.max(b));
                prop_assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
                // A letter of several signs is taken whole.
                if fold == Fold::Blanks {
                    let (wanted, found) = (&view.text[a.min(b)..a.max(b)], View::new(span.of(&text), fold, false).text);
                    prop_assert!(found.contains(wanted), "{:?} {:?}", wanted, found);
                }
            }
        }
    }
}
