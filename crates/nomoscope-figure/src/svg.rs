//! A small writer of SVG: elements, attributes, escaping, numbers with two decimals.
//!
//! Same calls, same bytes. A number that is not finite is written as 0 and a character that XML forbids as U+FFFD, so
//! that no figure can be broken by its data.

use crate::metrics::{ASCENT, Block, Cut, DESCENT, LEADING, is_measured};
use crate::palette::{fill_class, light};
use std::fmt::Write as _;

/// A rectangle; `y` grows downward.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// Returns the rectangle.
    #[must_use]
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// Returns the rectangle of this size round a centre.
    #[must_use]
    pub fn centred(cx: f64, cy: f64, w: f64, h: f64) -> Self {
        Self::new(cx - w / 2.0, cy - h / 2.0, w, h)
    }

    /// Returns the right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Returns the lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Returns the centre's x.
    #[must_use]
    pub fn cx(&self) -> f64 {
        self.x + self.w / 2.0
    }

    /// Returns the centre's y.
    #[must_use]
    pub fn cy(&self) -> f64 {
        self.y + self.h / 2.0
    }

    /// Returns the rectangle grown by `by` on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self::new(self.x - by, self.y - by, self.w + 2.0 * by, self.h + 2.0 * by)
    }

    /// Returns the area that the two share.
    #[must_use]
    pub fn shared(&self, other: &Self) -> f64 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        if w > 0.0 && h > 0.0 { w * h } else { 0.0 }
    }
}

/// Returns the number as SVG wants it: two decimals at most, no `-0`, never `NaN`.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    if trimmed.is_empty() || trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// Returns the text with the characters escaped that mean something in XML, and those replaced that XML forbids.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// Where a line of text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

/// An SVG in the making: elements in the order of painting, and the boxes of all labels for the tests.
#[derive(Debug, Clone, Default)]
pub struct Svg {
    out: String,
    open: Vec<&'static str>,
    /// Filled areas that go behind all lines; see [`Svg::take_from`].
    ground: String,
    /// Colour of a rim round the letters of what follows, where lines run behind it.
    pub halo: Option<&'static str>,
    /// The box of every label written so far.
    pub labels: Vec<Rect>,
}

impl Svg {
    /// Returns an empty drawing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn start(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escape(value));
        }
    }

    /// Writes an element without content.
    pub fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str("/>\n");
    }

    /// Opens an element.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str(">\n");
        self.open.push(tag);
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            let _ = writeln!(self.out, "</{tag}>");
        }
    }

    /// Writes an element that holds words only.
    pub fn words(&mut self, tag: &str, attributes: &[(&str, &str)], words: &str) {
        self.start(tag, attributes);
        let _ = writeln!(self.out, ">{}</{tag}>", escape(words));
    }

    /// Fills an area behind everything that follows the last mark.
    pub fn background(&mut self, area: Rect, colour: &str) {
        let class = fill_class(colour);
        let _ = writeln!(
            self.ground,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            number(area.x),
            number(area.y),
            number(area.w),
            number(area.h),
            light(colour)
        );
    }

    /// Returns a place to which [`Svg::take_from`] can go back.
    #[must_use]
    pub const fn mark(&self) -> usize {
        self.out.len()
    }

    /// Takes out what was written since the mark: the backgrounds, and the rest.
    pub fn take_from(&mut self, mark: usize) -> (String, String) {
        let rest = if self.out.is_char_boundary(mark) { self.out.split_off(mark) } else { String::new() };
        (std::mem::take(&mut self.ground), rest)
    }

    /// Writes text that is SVG already.
    pub fn raw(&mut self, svg: &str) {
        self.out.push_str(svg);
    }

    /// Opens a group, or a link where the element leads somewhere, with words that show on hover.
    pub fn open_item(&mut self, href: Option<&str>, hover: &str) {
        match href {
            Some(href) => self.open("a", &[("href", href)]),
            None => self.open("g", &[]),
        }
        if !hover.is_empty() {
            self.words("title", &[], hover);
        }
    }

    /// Writes a label whose first line's top is at `top`; returns its box and remembers it.
    pub fn block(&mut self, block: &Block, anchor: Anchor, x: f64, top: f64, ink: &str) -> Rect {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - block.width / 2.0,
            Anchor::End => x - block.width,
        };
        let area = Rect::new(left, top, block.width, block.height);
        if block.lines.iter().all(String::is_empty) {
            return area;
        }
        self.labels.push(area);
        let held = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let size = number(block.size);
        let rim = self.halo.map_or_else(String::new, |colour| format!(" s-{colour}"));
        // Another font is scaled to the x-height of ours, which makes it about as wide; scripts without one are left alone.
        let fit = if block.lines.iter().all(|line| is_measured(line)) { " nf-fit" } else { "" };
        let class = format!("f-{ink}{rim}{fit}");
        let mut attributes =
            vec![("class", class.as_str()), ("fill", light(ink)), ("font-size", size.as_str()), ("text-anchor", held)];
        if let Some(colour) = self.halo {
            attributes.extend([
                ("paint-order", "stroke"),
                ("stroke", light(colour)),
                ("stroke-width", "3"),
                ("stroke-linejoin", "round"),
            ]);
        }
        match block.cut {
            Cut::Regular => {}
            Cut::Italic => attributes.push(("font-style", "italic")),
            Cut::Semibold => attributes.push(("font-weight", "600")),
        }
        self.start("text", &attributes);
        self.out.push('>');
        for (row, line) in block.lines.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a label has few lines")]
            let y = top + block.size * ASCENT + row as f64 * block.size * LEADING;
            let _ = write!(self.out, "<tspan x=\"{}\" y=\"{}\">{}</tspan>", number(x), number(y), escape(line));
        }
        self.out.push_str("</text>\n");
        area
    }

    /// Returns what was written; closes what is still open.
    #[must_use]
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }
}

/// Returns the distance from a line's top to its bottom at this font size.
#[must_use]
pub fn line_height(size: f64) -> f64 {
    size * (ASCENT + DESCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_finite() {
        for (value, want) in [
            (1.0, "1"),
            (-0.001, "0"),
            (2.5, "2.5"),
            (1.005_01, "1.01"),
            (f64::NAN, "0"),
            (f64::INFINITY, "0"),
            (100.0, "100"),
        ] {
            assert_eq!(number(value), want);
        }
    }

    #[test]
    fn text_cannot_break_the_markup() {
        assert_eq!(escape("a<b & \"c\">\u{1}\u{fffe}\n"), "a&lt;b &amp; &quot;c&quot;&gt;\u{fffd}\u{fffd} ");
    }
}
