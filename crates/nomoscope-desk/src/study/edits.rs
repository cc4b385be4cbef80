//! Edits of a text: what was changed, word by word, and where places stand afterwards.

use nomoscope_core::text::Span;
use nomoscope_core::text::characters::is_unspaced;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Beyond this many words and signs on either side, what differs is one edit: a comparison would take minutes.
const MOST_TOKENS: usize = 20_000;

/// Returns whether two characters that stand next to each other are of one word; where words are not divided, none are.
pub(crate) fn joins(before: Option<char>, after: Option<char>) -> bool {
    match (before, after) {
        (Some(a), Some(b)) => a.is_alphanumeric() && b.is_alphanumeric() && !is_unspaced(a) && !is_unspaced(b),
        _ => false,
    }
}

/// Returns a text with edits put in place; they come by place and do not overlap.
pub(crate) fn apply(text: &str, edits: &[(Span, &str)]) -> String {
    let (mut out, mut from) = (String::with_capacity(text.len()), 0_usize);
    for (span, to) in edits {
        out.push_str(text.get(from..span.start as usize).unwrap_or_default());
        out.push_str(to);
        from = span.end as usize;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Returns where a span stands after the edits: what begins or ends within replaced words takes all of what replaced them;
/// what was put in at one of its ends stays outside.
pub(crate) fn carry(span: Span, edits: &[(Span, &str)]) -> Span {
    let place = |at: u32, is_end: bool| {
        let mut shift = 0_i64;
        for (edit, to) in edits {
            let is_before = edit.end < at || (edit.end == at && !(edit.is_empty() && is_end));
            if !is_before && edit.start >= at {
                break;
            }
            if !is_before {
                let start = i64::from(edit.start) + shift;
                return if is_end { start + to.len() as i64 } else { start };
            }
            shift += to.len() as i64 - i64::from(edit.len());
        }
        i64::from(at) + shift
    };
    let of = |at: i64| u32::try_from(at).unwrap_or_default();
    Span::new(of(place(span.start, false)), of(place(span.end, true)))
}

/// Returns the edits that make the words of one text those of another, each with what is put in; `at` is where the first
/// begins.
pub(crate) fn difference(was: &str, is: &str, at: u32) -> Vec<(Span, String)> {
    let (old, new) = (tokens(was), tokens(is));
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_core = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_core = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    let length = |tokens: &[&str]| tokens.iter().map(|t| t.len()).sum::<usize>() as u32;
    let start = at + length(old.get(..same).unwrap_or_default());
    if old_core.is_empty() && new_core.is_empty() {
        return Vec::new();
    }
    if old_core.len().max(new_core.len()) > MOST_TOKENS {
        return vec![(Span::new(start, start + length(old_core)), new_core.concat())];
    }
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut place = start;
    for op in capture_diff_slices(Algorithm::Myers, old_core, new_core) {
        let (from, to) = (op.old_range(), op.new_range());
        let end = place + length(old_core.get(from).unwrap_or_default());
        if !matches!(op, DiffOp::Equal { .. }) {
            let words = new_core.get(to).unwrap_or_default().concat();
            match edits.last_mut().filter(|(span, _)| span.end == place) {
                Some((span, known)) => {
                    span.end = end;
                    known.push_str(&words);
                }
                None => edits.push((Span::new(place, end), words)),
            }
        }
        place = end;
    }
    edits
}

/// Returns the words of a text, what is white between them, and every other sign alone.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut start, mut before) = (0, None::<char>);
    for (at, c) in text.char_indices() {
        let white = |c: char| c.is_whitespace();
        let goes_on = before.is_none_or(|b| joins(Some(b), Some(c)) || (white(b) && white(c)));
        if !goes_on {
            tokens.push(text.get(start..at).unwrap_or_default());
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        tokens.push(text.get(start..).unwrap_or_default());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(was: &str, is: &str, want: &[(&str, &str)]) {
        let edits = difference(was, is, 0);
        let edits: Vec<(&str, &str)> = edits.iter().map(|(span, to)| (span.of(was), to.as_str())).collect();
        assert_eq!(edits, want);
    }

    #[test]
    fn words_are_compared_as_words() {
        check("Born in Palrmo, in May.", "Born in Palermo, in May.", &[("Palrmo", "Palermo")]);
        check("a b c", "a c", &[("b ", "")]);
        check("a c", "a b c", &[("", "b ")]);
        check("He went,he said", "He went, he said", &[("", " ")]);
        check("\u{6211}\u{53eb}\u{674e}", "\u{6211}\u{53eb}\u{738b}", &[("\u{674e}", "\u{738b}")]);
        check("same", "same", &[]);
    }

    proptest! {
        #[test]
        fn edits_make_one_text_the_other(was in "[ab \u{e9}.]{0,20}", is in "[ab \u{e9}.]{0,20}") {
            let edits = difference(&was, &is, 0);
            let edits: Vec<(Span, &str)> = edits.iter().map(|(span, to)| (*span, to.as_str())).collect();
            prop_assert_eq!(apply(&was, &edits), is);
        }

        #[test]
        fn what_no_edit_touches_keeps_its_words(was in "[ab \u{e9}.]{1,30}", is in "[ab \u{e9}.]{0,30}", ends in (0..30usize, 0..30usize)) {
            let edits = difference(&was, &is, 0);
            let edits: Vec<(Span, &str)> = edits.iter().map(|(span, to)| (*span, to.as_str())).collect();
            let (from, to) = (ends.0.min(ends.1).min(was.len()), ends.0.max(ends.1).min(was.len()));
            if from < to && was.is_char_boundary(from) && was.is_char_boundary(to) {
                let span = Span::new(from as u32, to as u32);
                let inside = |at: &Span| at.is_empty() && span.start < at.start && at.start < span.end;
                if !edits.iter().any(|(edit, _)| edit.overlaps(span) || inside(edit)) {
                    prop_assert_eq!(carry(span, &edits).of(&is), span.of(&was));
                }
            }
        }
    }
}
