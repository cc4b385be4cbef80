//! From characters at places on a page to lines and paragraphs.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A baseline further away than this share of the type size is another line; superscripts are nearer.
const NEW_LINE: f64 = 0.5;
/// A gap wider than this share of the type size is a space.
const SPACE: f64 = 0.15;
/// A line further away than this many times the usual distance begins a paragraph.
const PARAGRAPH: f64 = 1.35;

struct Line {
    baseline: f64,
    text: String,
}

/// Collects the characters of one page.
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Right end of the last character, and its baseline.
    last: Option<(f64, f64)>,
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
        let mut distances: Vec<f64> = pairs.map(|(above, below)| above - below).filter(|distance| *distance > 0.0).collect();
        distances.sort_by(f64::total_cmp);
        distances.get(distances.len().saturating_sub(1) / 2).copied()
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

    fn output_character(&mut self, place: &Transform, width: f64, _: f64, font_size: f64, text: &str) -> Result<(), OutputError> {
        if self.stop.load(Ordering::Relaxed) || text.len() > self.bytes_left {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        self.bytes_left -= text.len();
        let scale = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let (x, y, size) = (place.m31, place.m32, font_size.abs() * scale);
        match self.last {
            None => self.begin_line(y),
            Some((_, baseline)) if (y - baseline).abs() > size * NEW_LINE => self.begin_line(y),
            Some((end, _)) if self.at_word && (x > end + size * SPACE || x < end - size) => {
                if let Some(line) = self.lines.last_mut().filter(|line| !line.text.ends_with(' ')) {
                    line.text.push(' ');
                }
            }
            Some(_) => {}
        }
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(text);
        }
        self.at_word = false;
        // A superscript must not move the line it belongs to.
        let baseline = self.lines.last().map_or(y, |line| line.baseline);
        self.last = Some((x + width * size, baseline));
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
    for c in text.chars() {
        match c {
            '\u{fb00}' => clean.push_str("ff"),
            '\u{fb01}' => clean.push_str("fi"),
            '\u{fb02}' => clean.push_str("fl"),
            '\u{fb03}' => clean.push_str("ffi"),
            '\u{fb04}' => clean.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => clean.push_str("st"),
            '\n' | '\t' => clean.push(c),
            _ if c.is_control() => {}
            _ => clean.push(c),
        }
    }
    clean.trim().to_owned()
}
