//! Positions as programs count them to bytes of a text.
//!
//! A text is gone through once, and what every way of counting counts is noted here and there; from the nearest note on a
//! position is searched for. So many ways can be tried on a long text.

use super::counting::{Counting, Newlines, Unit};

/// Characters from one milestone to the next.
pub(super) const STEP: u32 = 512;

/// How much was counted up to a place of a text, by every way: so that a text is gone through once and not for each of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Milestone {
    byte: u32,
    points: u32,
    utf16: u32,
    /// Ends of lines: CRLF, LF or CR alone, and paragraph separators.
    crlf: u32,
    alone: u32,
    separators: u32,
}

impl Milestone {
    /// Returns what a program counts up to here.
    fn count(&self, way: Counting) -> i64 {
        let (units, mark) = match way.unit {
            Unit::CodePoints => (self.points, 1),
            Unit::Utf16 => (self.utf16, 1),
            Unit::Utf8 => (self.byte, 3),
        };
        let lines = match way.newlines {
            Newlines::AsWritten => 0,
            Newlines::One => -i64::from(self.crlf),
            // A separator has three bytes, and counts two.
            Newlines::Two => match way.unit {
                Unit::Utf8 => i64::from(self.alone) - i64::from(self.separators),
                _ => i64::from(self.alone) + i64::from(self.separators),
            },
        };
        i64::from(units) + lines + way.shift + if way.bom { mark } else { 0 }
    }
}

/// Returns the milestones of a text, one at its beginning; none stands within an end of a line.
pub(super) fn milestones(text: &str, step: u32) -> Vec<Milestone> {
    let (mut at, mut next, mut after_cr) = (Milestone::default(), step, false);
    let mut out = vec![at];
    for c in text.chars() {
        if at.points >= next && !after_cr {
            out.push(at);
            next = at.points.saturating_add(step);
        }
        at.byte = at.byte.saturating_add(c.len_utf8() as u32);
        at.points = at.points.saturating_add(1);
        at.utf16 = at.utf16.saturating_add(c.len_utf16() as u32);
        match (c, after_cr) {
            ('\n', true) => {
                at.crlf += 1;
                at.alone -= 1;
            }
            ('\n', false) | ('\r', _) => at.alone += 1,
            ('\u{2029}', _) => at.separators += 1,
            _ => {}
        }
        after_cr = c == '\r';
    }
    out
}

/// Returns the bytes of positions, given in order with their slots, and whether each stands between characters; a position
/// inside one is put at its beginning, or at its end where a selection ends. Positions outside the text have none.
pub(super) fn resolve(
    text: &str,
    marks: &[Milestone],
    way: Counting,
    wanted: &[(i64, usize)],
    n: usize,
) -> Vec<Option<(u32, bool)>> {
    let mut out = vec![None; n];
    let mut wanted = wanted.iter().copied().peekable();
    let (mut at, mut count) = (0, Milestone::default().count(way));
    while wanted.next_if(|(position, _)| *position < count).is_some() {}
    let mut put = |slot: usize, byte: usize, clean: bool| {
        if let Some(out) = out.get_mut(slot) {
            *out = u32::try_from(byte).ok().map(|byte| (byte, clean));
        }
    };
    while let Some((position, _)) = wanted.peek().copied() {
        let passed = marks.partition_point(|mark| mark.count(way) <= position);
        if let Some(mark) =
            passed.checked_sub(1).and_then(|last| marks.get(last)).filter(|mark| mark.byte as usize > at)
        {
            (at, count) = (mark.byte as usize, mark.count(way));
        }
        let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else { break };
        // Up to the position: what lies before it is counted, and all positions in the character there get their places.
        for (end, width) in (Widths { rest, at, way }) {
            while let Some((_, slot)) = wanted.next_if(|(position, _)| *position == count) {
                put(slot, at, true);
            }
            while let Some((_, slot)) = wanted.next_if(|(position, _)| *position < count + width) {
                put(slot, if slot % 2 == 0 { at } else { end }, false);
            }
            (at, count) = (end, count + width);
            if wanted.peek().is_none_or(|(next, _)| *next > position.max(count)) {
                break;
            }
        }
    }
    for (position, slot) in wanted {
        if position == count {
            put(slot, text.len(), true);
        }
    }
    out
}

/// Where each character of a text ends, and what it counts; CRLF is one where it counts as one.
struct Widths<'t> {
    rest: &'t str,
    at: usize,
    way: Counting,
}

impl Iterator for Widths<'_> {
    type Item = (usize, i64);

    fn next(&mut self) -> Option<(usize, i64)> {
        let c = self.rest.chars().next()?;
        let mut width = match self.way.unit {
            Unit::CodePoints => 1,
            Unit::Utf16 => c.len_utf16() as i64,
            Unit::Utf8 => c.len_utf8() as i64,
        };
        let joined = self.way.newlines != Newlines::AsWritten && self.rest.starts_with("\r\n");
        if self.way.newlines == Newlines::Two && matches!(c, '\r' | '\n' | '\u{2029}') {
            width = 2;
        }
        let length = c.len_utf8() + usize::from(joined);
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.at += length;
        Some((self.at, width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn milestones_change_nothing(
            text in "[ab\u{e9}\u{1f30a}\u{2029}\r\n]{0,120}",
            mut places in proptest::collection::vec(-3_i64..140, 0..20),
            step in 1_u32..9,
            shift in -3_i64..4,
        ) {
            places.sort_unstable();
            let wanted: Vec<(i64, usize)> = places.into_iter().enumerate().map(|(slot, place)| (place, slot)).collect();
            for way in Counting::all().map(|way| Counting { shift, ..way }) {
                let near = resolve(&text, &milestones(&text, step), way, &wanted, wanted.len());
                let all: Vec<(usize, i64)> = Widths { rest: &text, at: 0, way }.collect();
                // The same by going through the whole text for each.
                let from = Milestone::default().count(way);
                for (place, slot) in &wanted {
                    let (mut at, mut count, mut want) = (0, from, None);
                    for (end, width) in &all {
                        if *place == count {
                            want = Some((at as u32, true));
                        } else if (count + 1..count + width).contains(place) {
                            want = Some((if slot % 2 == 0 { at } else { *end } as u32, false));
                        }
                        (at, count) = (*end, count + width);
                    }
                    if *place == count {
                        want = Some((text.len() as u32, true));
                    }
                    prop_assert_eq!(near[*slot], want, "{:?} {}", way, place);
                }
            }
        }
    }
}
