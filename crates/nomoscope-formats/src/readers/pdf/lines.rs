//! From characters at places on a page to lines and paragraphs.

use crate::builder::{NOTE_CLOSES, NOTE_OPENS};
use crate::readers::raised;
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A baseline further away than this share of the type size is another line; superscripts are nearer.
const NEW_LINE: f64 = 0.5;
/// A character higher above its line than this share of the type size, and smaller than that share of it, is raised.
const RAISED: f64 = 0.15;
const SMALL: f64 = 0.85;
/// A gap wider than this share of the type size is a space.
const SPACE: f64 = 0.15;
/// A line further away than this many times the usual distance begins a paragraph.
const PARAGRAPH: f64 = 1.35;

struct Line {
    baseline: f64,
    text: String,
}

/// The last character: its right end, and the baseline and type size of its line.
#[derive(Clone, Copy)]
struct Last {
    end: f64,
    baseline: f64,
    size: f64,
}

impl Last {
    /// Returns whether a character at this place stands on another line.
    fn is_left(&self, x: f64, y: f64, size: f64) -> bool {
        let distance = (y - self.baseline).abs();
        let far = distance > size.max(self.size) * NEW_LINE;
        // Below a large heading small type is near, but begins anew at the left.
        far || (distance > size * NEW_LINE && x < self.end - size)
    }
}

/// Collects the characters of one page.
pub(super) struct Lines {
    lines: Vec<Line>,
    last: Option<Last>,
    at_word: bool,
    bytes_left: usize,
    stop: Arc<AtomicBool>,
}

impl Lines {
    pub(super) fn new(max_bytes: usize, stop: Arc<AtomicBool>) -> Self {
        Self { lines: Vec::new(), last: None, at_word: true, bytes_left: max_bytes, stop }
    }

    /// Returns the text; an empty line stands where the lines are further apart than usual.
    pub(super) fn text(&self) -> String {
        let usual = self.usual_distance();
        let mut text = String::new();
        let mut above: Option<f64> = None;
        for line in self.lines.iter().filter(|line| !line.text.trim().is_empty()) {
            if let Some(above) = above {
                let wide = usual.is_some_and(|usual| above - line.baseline > usual * PARAGRAPH);
                text.push_str(if wide { "\n\n" } else { "\n" });
            }
            text.push_str(line.text.trim());
            above = Some(line.baseline);
        }
        text
    }

    /// The lower median: where half of all lines end paragraphs, the smaller distance is the one within them.
    fn usual_distance(&self) -> Option<f64> {
        let full = self.lines.iter().filter(|line| !line.text.trim().is_empty());
        let baselines: Vec<f64> = full.map(|line| line.baseline).collect();
        let pairs = baselines.iter().zip(baselines.iter().skip(1));
        let mut distances: Vec<f64> =
            pairs.map(|(above, below)| above - below).filter(|distance| *distance > 0.0).collect();
        distances.sort_by(f64::total_cmp);
        distances.get(distances.len().saturating_sub(1) / 2).copied()
    }

    fn space(&mut self) {
        if let Some(line) = self.lines.last_mut().filter(|line| !line.text.ends_with(' ')) {
            line.text.push(' ');
        }
    }

    fn begin_line(&mut self, baseline: f64) {
        self.lines.push(Line { baseline, text: String::new() });
    }
}

impl OutputDev for Lines {
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
        let scale = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let (x, y, size) = (place.m31, place.m32, font_size.abs() * scale);
        let above = self.last.filter(|last| !last.is_left(x, y, size));
        match above {
            None => self.begin_line(y),
            Some(last) if self.at_word && (x > last.end + size * SPACE || x < last.end - size) => self.space(),
            Some(_) => {}
        }
        // A small digit above the line is the number of a note; above a number, a part of it (133¹).
        let high = above.is_some_and(|last| y - last.baseline > last.size * RAISED && size < last.size * SMALL);
        let raised = high.then(|| raised(text)).flatten();
        if let Some(line) = self.lines.last_mut() {
            let after_number = line.text.ends_with(|c: char| c.is_numeric());
            match raised {
                Some(raised) if after_number => line.text.push_str(&raised),
                Some(_) => {
                    line.text.push(NOTE_OPENS);
                    line.text.push_str(text);
                    line.text.push(NOTE_CLOSES);
                }
                None => line.text.extend(text.chars().filter(|c| ![NOTE_OPENS, NOTE_CLOSES].contains(c))),
            }
        }
        self.at_word = false;
        // A superscript must not move the line it belongs to, nor make it smaller.
        self.last = Some(Last {
            end: x + width * size,
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

/// Returns the text without control characters, with ligatures as the letters they stand for.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match ligature(c).or_else(|| misread(c, before, after)) {
            Some(letters) => clean.push_str(letters),
            None if c.is_control() && c != '\n' && c != '\t' => {}
            None => clean.push(c),
        }
        before = c;
    }
    clean.trim().to_owned()
}

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

/// TeX's fonts keep ligatures where the standard encoding of PDF has accents that stand alone, and older files do not
/// say so: "trafficking" would be read as "tra˚cking", and never found. Beside a letter such an accent is no accent.
fn misread(c: char, before: char, after: char) -> Option<&'static str> {
    let (left, right) = (before.is_ascii_lowercase(), after.is_ascii_lowercase());
    Some(match c {
        '\u{2d9}' if left || right => "ff",
        '\u{2dd}' if left || right => "fi",
        '\u{2db}' if left || right => "fl",
        // A ring may be a degree sign and a tilde an operator, so both sides must be letters.
        '\u{2da}' if left && right => "ffi",
        '\u{2dc}' if left && right => "ffl",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn ligatures_become_letters() {
        for (text, want) in [
            ("\u{fb01}nd o\u{fb03}ce\u{7}", "find office"),
            ("tra\u{2da}cking \u{2dd}rst under\u{2db}ow e\u{2d9}ort", "trafficking first underflow effort"),
            ("20 \u{2da}C, \u{2dc}5", "20 \u{2da}C, \u{2dc}5"),
        ] {
            assert_eq!(clean(text), want);
        }
    }
}
