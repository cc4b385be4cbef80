//! From characters at places on a page to stretches of a line.

use crate::builder::{NOTE_CLOSES, NOTE_OPENS};
use crate::readers::raised;
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A baseline further away than this share of the type size is another line; superscripts are nearer.
const NEW_LINE: f64 = 0.5;
/// A character higher above its line than this share of the type size, and smaller than that share of it, is raised.
const RAISED: f64 = 0.15;
const SMALL: f64 = 0.85;
/// A gap wider than this share of the type size is a space.
const SPACE: f64 = 0.15;
/// A gap wider than this share of the type size may be one between columns.
const WIDE: f64 = 0.9;
/// The same character drawn again nearer than this share of the type size makes letters bold.
const AGAIN: f64 = 0.12;

/// Characters of one line that were drawn one after another without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    /// Height above the foot of the page, in the direction of reading.
    pub(super) baseline: f64,
    pub(super) size: f64,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) stretches: Vec<Stretch>,
    /// Whether most of the page is written from below or above.
    pub(super) turned: bool,
    /// Characters of fonts that do not say which letters they are.
    pub(super) unknown: usize,
}

/// Which way a character faces: along the page, up, against it, down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Along,
    Up,
    Against,
    Down,
}

impl Way {
    fn of(place: &Transform) -> Self {
        match (place.m11.abs() >= place.m12.abs(), place.m11 >= 0.0, place.m12 >= 0.0) {
            (true, true, _) => Self::Along,
            (true, false, _) => Self::Against,
            (false, _, true) => Self::Up,
            (false, _, false) => Self::Down,
        }
    }

    /// Returns a place on the page as whoever turns the page reads it.
    const fn turn(self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Self::Along => (x, y),
            Self::Against => (-x, -y),
            Self::Up => (y, -x),
            Self::Down => (-y, x),
        }
    }
}

/// The last character: its way, its right end, and the baseline and type size of its line.
#[derive(Clone, Copy)]
struct Last {
    way: Way,
    end: f64,
    baseline: f64,
    size: f64,
}

impl Last {
    /// Returns whether a character at this place belongs to another stretch.
    fn is_left(&self, way: Way, x: f64, y: f64, size: f64) -> bool {
        let distance = (y - self.baseline).abs();
        let far = distance > size.max(self.size) * NEW_LINE;
        // Below a large heading small type is near, but begins anew at the left.
        let anew = distance > size * NEW_LINE && x < self.end - size;
        let gap = x - self.end;
        way != self.way || far || anew || gap > size.max(self.size) * WIDE || gap < -size.max(self.size)
    }
}

/// Where a character was drawn, and which.
type Drawn = (f64, f64, String);

/// Collects the characters of one page.
pub(super) struct Glyphs {
    stretches: Vec<(Way, Stretch)>,
    last: Option<Last>,
    at_word: bool,
    /// Where each character was drawn, to the unit, for those that are drawn again.
    drawn: HashMap<(i64, i64), Vec<Drawn>>,
    bytes_left: usize,
    unknown: usize,
    stop: Arc<AtomicBool>,
}

impl Glyphs {
    pub(super) fn new(max_bytes: usize, stop: Arc<AtomicBool>) -> Self {
        Self {
            stretches: Vec::new(),
            last: None,
            at_word: true,
            drawn: HashMap::new(),
            bytes_left: max_bytes,
            unknown: 0,
            stop,
        }
    }

    /// Returns what was drawn: first what faces the way most of the page does, then the rest.
    pub(super) fn shown(self) -> Shown {
        let mut letters = [0_usize; 4];
        let slot = |way: Way| way as usize;
        for (way, stretch) in &self.stretches {
            if let Some(count) = letters.get_mut(slot(*way)) {
                *count += stretch.text.len();
            }
        }
        let ways = [Way::Along, Way::Up, Way::Against, Way::Down];
        // Along goes first among equals.
        let main = ways.into_iter().rev().max_by_key(|way| letters.get(slot(*way)).copied()).unwrap_or(Way::Along);
        let (mut stretches, mut other) = (Vec::new(), Vec::new());
        for (way, stretch) in self.stretches {
            if stretch.text.trim().is_empty() {
                continue;
            }
            if way == main { stretches.push(stretch) } else { other.push(stretch) }
        }
        let lowest = stretches.iter().map(|stretch| stretch.baseline).fold(f64::INFINITY, f64::min);
        let left = stretches.iter().map(|stretch| stretch.left).fold(f64::INFINITY, f64::min);
        // What stands along the margin is read last, a line each.
        for (at, mut stretch) in other.into_iter().enumerate() {
            let width = stretch.right - stretch.left;
            if lowest.is_finite() {
                #[allow(clippy::cast_precision_loss, reason = "a number of lines")]
                let below = (at + 2) as f64 * stretch.size * 2.0;
                (stretch.baseline, stretch.left, stretch.right) = (lowest - below, left, left + width);
            }
            stretches.push(stretch);
        }
        Shown { stretches, turned: main != Way::Along, unknown: self.unknown }
    }

    /// Whether the same character stands here already: drawn twice, it looks bold.
    fn is_again(&mut self, x: f64, y: f64, size: f64, text: &str) -> bool {
        #[allow(clippy::cast_possible_truncation, reason = "a place on a page")]
        let (column, row) = (x.floor() as i64, y.floor() as i64);
        let near = size * AGAIN;
        let again = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (column.saturating_add(dx), row.saturating_add(dy))))
            .any(|cell| {
                self.drawn.get(&cell).is_some_and(|there| {
                    there.iter().any(|(a, b, own)| own == text && (a - x).abs() < near && (b - y).abs() < near)
                })
            });
        if !again && !text.trim().is_empty() {
            self.drawn.entry((column, row)).or_default().push((x, y, text.to_owned()));
        }
        again
    }
}

impl OutputDev for Glyphs {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        if self.stop.load(Ordering::Relaxed) || text.len() > self.bytes_left {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        self.bytes_left -= text.len();
        // What a font has no letter for comes as nothing, or as the sign for it.
        self.unknown += usize::from(text.is_empty() || text.contains(char::REPLACEMENT_CHARACTER));
        let scale = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let size = font_size.abs() * scale;
        let way = Way::of(place);
        let (x, y) = way.turn(place.m31, place.m32);
        // Text scaled in one direction only advances by that direction.
        let along = place.m11.hypot(place.m12) * font_size.abs();
        let advance = width * if along.is_finite() && along > 0.0 { along } else { size };
        if !(x.is_finite() && y.is_finite() && size.is_finite() && advance.is_finite()) {
            return Ok(());
        }
        if self.is_again(x, y, size, text) {
            return Ok(());
        }
        let above = self.last.filter(|last| !last.is_left(way, x, y, size));
        match above {
            None => {
                let stretch = Stretch { text: String::new(), left: x, right: x, baseline: y, size };
                self.stretches.push((way, stretch));
            }
            Some(last) if self.at_word && (x > last.end + size * SPACE || x < last.end - size) => {
                if let Some((_, stretch)) = self.stretches.last_mut().filter(|(_, s)| !s.text.ends_with(' ')) {
                    stretch.text.push(' ');
                }
            }
            Some(_) => {}
        }
        // A small digit above the line is the number of a note; above a number, a part of it (133¹).
        let high = above.is_some_and(|last| y - last.baseline > last.size * RAISED && size < last.size * SMALL);
        let raised = high.then(|| raised(text)).flatten();
        if let Some((_, stretch)) = self.stretches.last_mut() {
            let after_number = stretch.text.ends_with(|c: char| c.is_numeric());
            match raised {
                Some(raised) if after_number => stretch.text.push_str(&raised),
                Some(_) => {
                    stretch.text.push(NOTE_OPENS);
                    stretch.text.push_str(text);
                    stretch.text.push(NOTE_CLOSES);
                }
                None => stretch.text.extend(text.chars().filter(|c| ![NOTE_OPENS, NOTE_CLOSES].contains(c))),
            }
            stretch.right = stretch.right.max(x + advance);
            stretch.size = stretch.size.max(size);
        }
        self.at_word = false;
        // A superscript must not move the line it belongs to, nor make it smaller.
        self.last = Some(Last {
            way,
            end: x + advance,
            baseline: above.map_or(y, |last| last.baseline),
            size: above.map_or(size, |last| last.size.max(size)),
        });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.at_word = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
