//! The sheet that a figure is drawn on: title, formula, legend, notes, colours, and the SVG's frame.

use crate::metrics::{Block, Cut, width};
use crate::palette::{COLOURS, fill_class, light, tints};
use crate::shape::{self, Paint, shape};
use crate::signs::{Mark, Sign, draw_sign};
use crate::svg::{Anchor, Rect, Svg, escape, line_height, number};
use crate::{Figure, Role, Theme, View};
use nomoscope_core::table::Table;
use std::fmt::Write as _;

/// Free room on every side.
pub(crate) const MARGIN: f64 = 10.0;

/// A drawing under way, filled from top to bottom.
pub(crate) struct Sheet {
    pub(crate) svg: Svg,
    pub(crate) view: View,
    /// Prefix of every id inside this drawing.
    pub(crate) key: String,
    /// Where the next part begins.
    pub(crate) y: f64,
    id: String,
    hatches: Vec<&'static str>,
}

/// One entry of a legend.
pub(crate) struct Entry {
    pub(crate) glyph: Glyph,
    pub(crate) words: String,
}

/// The picture of a legend's entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Glyph {
    /// A role's outline.
    Shape { role: Option<Role>, filled: Filled, dashed: bool, double: bool },
    /// A line.
    Line { width: f64, dashed: bool },
    /// A stretch of ribbon: solid, or hatched.
    Ribbon { hatched: bool, dashed: bool },
    /// A neutral disc of an area.
    Disc { radius: f64 },
    /// A hollow and a filled dot, joined.
    Span,
    /// A hollow dot.
    Hollow,
    /// A tick.
    Tick,
    /// An arc.
    Arc,
    /// A piece of ground with a rim.
    Ground,
    /// What stands in a cell of the definition matrix.
    Sign(Sign),
    /// A box of definitions.
    Card { dashed: bool, tinted: bool },
    /// The way to a norm that holds, or that lacks facts.
    Way { width: f64, holds: bool },
    /// A frame of which a part is filled.
    Share,
    /// A dark line.
    Dark { width: f64 },
    /// A line in a colour.
    Coloured { colour: &'static str, dashed: bool },
    /// A disc or a square in a colour.
    Mark { colour: &'static str, round: bool, hollow: bool },
}

/// How full a shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// The role's full colour.
    Full,
    /// The role's tint.
    Tint,
    /// Paper.
    Hollow,
}

impl Entry {
    pub(crate) fn new(glyph: Glyph, words: impl Into<String>) -> Self {
        Self { glyph, words: words.into() }
    }
}

impl Sheet {
    /// Returns a sheet with the title at its top.
    pub(crate) fn new(id: &str, title: &str, view: View) -> Self {
        let key = match view.frame {
            crate::Frame::Wide => id.to_owned(),
            crate::Frame::Narrow => format!("{id}-narrow"),
        };
        let mut sheet = Self { svg: Svg::new(), view, key, y: MARGIN, id: id.to_owned(), hatches: Vec::new() };
        let block = Block::new(title, 15.0, Cut::Semibold, sheet.inner(), 4);
        sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, "ink");
        sheet.y += block.height + 10.0;
        sheet
    }

    /// Returns the width of the whole sheet.
    pub(crate) const fn width(&self) -> f64 {
        self.view.frame.width()
    }

    /// Returns the width between the margins.
    pub(crate) const fn inner(&self) -> f64 {
        self.width() - 2.0 * MARGIN
    }

    pub(crate) const fn base(&self) -> f64 {
        self.view.frame.base()
    }

    pub(crate) const fn small(&self) -> f64 {
        self.view.frame.small()
    }

    /// Returns whether the sheet is the narrow one.
    pub(crate) fn narrow(&self) -> bool {
        self.view.frame == crate::Frame::Narrow
    }

    /// Returns the fill that hatches with a role's colour.
    pub(crate) fn hatch(&mut self, role: Option<Role>) -> String {
        let colour = Role::colour(role);
        if !self.hatches.contains(&colour) {
            self.hatches.push(colour);
        }
        format!("url(#{}-hatch-{colour})", self.key)
    }

    /// Writes a paragraph over the whole width.
    pub(crate) fn paragraph(&mut self, words: &str, ink: &str) {
        if words.is_empty() {
            return;
        }
        self.y = self.running(words, MARGIN, self.inner(), ink) + 2.0;
    }

    /// Writes running text at a left edge and returns where it ends.
    pub(crate) fn running(&mut self, words: &str, x: f64, limit: f64, ink: &str) -> f64 {
        // Balanced lines suit labels; running text fills its lines.
        let small = self.small();
        let mut y = self.y;
        let mut rest: Vec<&str> = words.split(' ').collect();
        while !rest.is_empty() {
            let mut n = rest.len();
            while n > 1 && width(&rest[..n].join(" "), small, Cut::Regular) > limit {
                n -= 1;
            }
            let block = Block::new(&rest[..n].join(" "), small, Cut::Regular, limit, 6);
            self.svg.block(&block, Anchor::Start, x, y, ink);
            y += block.height + small * 0.2;
            rest.drain(..n);
        }
        y
    }

    /// Writes the legend: entries side by side, as many lines as they need.
    pub(crate) fn legend(&mut self, entries: &[Entry]) {
        let size = self.small();
        let mut x = MARGIN;
        let mut line = 13.0_f64;
        for entry in entries {
            let (glyph_w, glyph_h) = glyph_size(entry.glyph);
            let block = Block::new(&entry.words, size, Cut::Regular, self.inner() - glyph_w - 6.0, 3);
            let all = glyph_w + if glyph_w > 0.0 { 5.0 } else { 0.0 } + block.width;
            if x > MARGIN && x + all > self.width() - MARGIN {
                x = MARGIN;
                self.y += line + 4.0;
                line = 13.0;
            }
            line = line.max(glyph_h).max(block.height);
            self.glyph(entry.glyph, Rect::new(x, self.y + line_height(size) / 2.0 - glyph_h / 2.0, glyph_w, glyph_h));
            self.svg.block(&block, Anchor::Start, x + all - block.width, self.y, "soft");
            x += all + 13.0;
        }
        self.y += line + 6.0;
    }

    fn glyph(&mut self, glyph: Glyph, area: Rect) {
        let (x, y) = (area.x, area.cy());
        let small = self.small();
        match glyph {
            Glyph::Shape { role, filled, dashed, double } => {
                let [tint, _, full] = tints(role);
                let fill = match filled {
                    Filled::Full => full,
                    Filled::Tint => tint,
                    Filled::Hollow => "paper",
                };
                let inset = if double { -2.6 } else { 0.0 };
                shape(&mut self.svg, area.grown(inset), role, Paint { fill, stroke: full, width: 1.3, dashed }, double);
            }
            Glyph::Line { width, dashed } => {
                self.line((x, y), (x + area.w, y), "bundle", width, if dashed { Some("4 2.5") } else { None })
            }
            Glyph::Ribbon { hatched, dashed } => {
                let fill = if hatched { self.hatch(None) } else { "neutral-mid".to_owned() };
                shape(&mut self.svg, area, None, Paint { fill: &fill, stroke: "neutral", width: 0.7, dashed }, false);
            }
            Glyph::Disc { radius } => self.dot((area.cx(), y), radius, "neutral-mid", "neutral", 0.8, false),
            Glyph::Span => {
                self.line((x + 3.5, y), (area.right() - 3.5, y), "ink", 1.4, None);
                self.dot((x + 3.5, y), 3.2, "paper", "ink", 1.3, false);
                self.dot((area.right() - 3.5, y), 3.2, "ink", "ink", 1.3, false);
            }
            Glyph::Hollow => self.dot((area.cx(), y), 3.2, "paper", "ink", 1.3, false),
            Glyph::Tick => self.line((area.cx(), y - 4.0), (area.cx(), y + 4.0), "value", 1.6, None),
            Glyph::Arc => self.path(
                &format!("M{} {} q{} 12 {} 0", number(x), number(y - 3.0), number(area.w / 2.0), number(area.w)),
                "none",
                "neutral",
                0.9,
                None,
            ),
            Glyph::Dark { width } => self.line((x, y), (x + area.w, y), "ink", width, None),
            Glyph::Coloured { colour, dashed } => {
                self.line((x, y), (x + area.w, y), colour, 2.2, if dashed { Some("5 3.5") } else { None });
            }
            Glyph::Mark { colour, round, hollow } => {
                let paint =
                    Paint { fill: if hollow { "paper" } else { colour }, stroke: colour, width: 1.4, dashed: false };
                shape(&mut self.svg, area, round.then_some(Role::Value), paint, false);
            }
            Glyph::Ground => shape(
                &mut self.svg,
                area,
                Some(Role::Problem),
                Paint { fill: "band", stroke: "faint", width: 0.9, dashed: false },
                false,
            ),
            Glyph::Sign(sign) => draw_sign(&mut self.svg, sign, (area.cx(), y), 3.8, small),
            Glyph::Way { width, holds } => {
                let (colour, fill) = if holds { ("neutral", "ink") } else { ("bundle", "paper") };
                self.line((x, y), (area.right() - 3.0, y), colour, width, None);
                self.dot((area.right() - 3.6, y), 3.0, fill, "ink", 1.2, false);
            }
            Glyph::Share => {
                let frame = Paint { fill: "paper", stroke: "faint", width: 0.7, dashed: false };
                shape(&mut self.svg, area, None, frame, false);
                let filled = Rect::new(area.x, area.y, area.w * 0.6, area.h);
                let full = Paint { fill: "neutral", stroke: "none", width: 0.0, dashed: false };
                shape(&mut self.svg, filled, None, full, false);
            }
            Glyph::Card { dashed, tinted } => {
                let fill = if tinted { "neutral-tint" } else { "paper" };
                shape(&mut self.svg, area, None, Paint { fill, stroke: "ink", width: 1.0, dashed }, false);
            }
        }
    }

    /// Draws a straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dash: Option<&str>) {
        shape::line(&mut self.svg, from, to, colour, width, dash);
    }

    /// Draws a circle.
    pub(crate) fn dot(&mut self, at: (f64, f64), radius: f64, fill: &str, stroke: &str, width: f64, dashed: bool) {
        shape::dot(&mut self.svg, at, radius, fill, stroke, width, dashed);
    }

    /// Draws a path.
    pub(crate) fn path(&mut self, d: &str, fill: &str, stroke: &str, width: f64, dash: Option<&str>) {
        shape::path(&mut self.svg, d, fill, stroke, width, dash);
    }

    /// Sets the formula of a norm, its parts in the shapes of their roles.
    pub(crate) fn formula(&mut self, parts: &[Part; 3]) {
        let [problem, value, behaviour] = parts;
        let mut tokens = vec![Token::Word("If".into())];
        tokens.extend(part_tokens(problem, Role::Problem, ","));
        tokens.extend(part_tokens(value, Role::Value, ""));
        tokens.push(Token::Word("suggests".into()));
        tokens.extend(part_tokens(behaviour, Role::Behaviour, "."));
        let limit = self.inner() * if self.narrow() { 0.54 } else { 0.34 };
        let set: Vec<SetToken> = tokens.into_iter().map(|token| SetToken::new(token, limit)).collect();
        for line in formula_lines(&set, self.inner()) {
            self.formula_line(line);
        }
        self.y += 6.0;
    }

    fn formula_line(&mut self, line: &[SetToken]) {
        let tall = line.iter().map(|token| token.h).fold(0.0, f64::max);
        let mut x = MARGIN;
        for (index, token) in line.iter().enumerate() {
            x += if index == 0 { 0.0 } else { token.gap };
            let area = Rect::new(x, self.y + (tall - token.h) / 2.0, token.w, token.h);
            if let Token::Chip(role, _, named) = &token.token {
                let [tint, _, full] = tints(Some(*role));
                let fill = if *named { tint } else { "paper" };
                shape(
                    &mut self.svg,
                    area,
                    Some(*role),
                    Paint { fill, stroke: full, width: 1.3, dashed: !named },
                    false,
                );
            }
            let ink = if matches!(&token.token, Token::Note(words) if words.len() > 1) { "soft" } else { "ink" };
            let (anchor, at) = if matches!(token.token, Token::Chip(..)) {
                (Anchor::Middle, area.cx())
            } else {
                (Anchor::Start, area.x)
            };
            self.svg.block(&token.block, anchor, at, area.cy() - token.block.height / 2.0, ink);
            x += token.w;
        }
        self.y += tall + 5.0;
    }

    /// Returns the finished figure.
    pub(crate) fn finish(mut self, title: &str, description: String, table: Table) -> Figure {
        let (w, h) = (self.width(), libm::ceil(self.y + MARGIN - 2.0));
        let hatches = std::mem::take(&mut self.hatches);
        let labels = std::mem::take(&mut self.svg.labels);
        let theme = Theme::Auto.class();
        let drawing = self.svg.finish();
        // What is one picture hides its parts from those who do not see it: links must be reachable.
        let role = if drawing.contains("<a ") { "group" } else { "img" };
        let key = self.key;
        let mut out = String::new();
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {theme} role=\"{role}\" aria-labelledby=\"{key}-t {key}-d\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             font-family=\"'Libertinus Serif', 'Linux Libertine O', 'Linux Libertine', 'Times New Roman', Times, 'Liberation Serif', 'Noto Serif', 'DejaVu Serif', serif\">\n\
             <title id=\"{key}-t\">{}</title>\n<desc id=\"{key}-d\">{}</desc>\n{}",
            escape(title),
            escape(&description),
            style(),
        );
        out.push_str(&patterns(&key, &hatches));
        let _ = writeln!(out, "<rect class=\"f-paper\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", light("paper"));
        out.push_str(&drawing);
        out.push_str("</svg>\n");
        Figure { id: self.id, title: title.to_owned(), description, svg: out, table, width: w, height: h, labels }
    }
}

/// Colours as variables, for pages and dark screens. Behind `@supports`, because a rasteriser that knows no variables
/// would otherwise drop the colours that stand on the elements.
fn style() -> String {
    format!("<style>{}</style>\n", css())
}

/// Returns the style of all figures, for pages that allow no style within them.
#[must_use]
pub fn css() -> String {
    let variables = |dark: bool| {
        COLOURS.iter().fold(String::new(), |mut all, (name, light, night)| {
            let _ = write!(all, "--nf-{name}:{};", if dark { night } else { light });
            all
        })
    };
    let mut classes = String::new();
    for (name, ..) in COLOURS {
        let _ = write!(classes, ".nf .f-{name}{{fill:var(--nf-{name})}}.nf .s-{name}{{stroke:var(--nf-{name})}}");
    }
    format!(
        "@supports (fill:var(--a)){{.nf{{{}}}@media screen{{.nf-dark{{{}}}}}@media screen and (prefers-color-scheme:dark){{.nf-auto{{{}}}}}{classes}.nf .nf-fit{{font-size-adjust:.429}}.nf a:hover,.nf a:focus{{opacity:.75}}}}",
        variables(false),
        variables(true),
        variables(true),
    )
}

fn patterns(key: &str, colours: &[&'static str]) -> String {
    let mut svg = Svg::new();
    for colour in colours {
        let id = format!("{key}-hatch-{colour}");
        svg.open(
            "pattern",
            &[
                ("id", &id),
                ("patternUnits", "userSpaceOnUse"),
                ("width", "4"),
                ("height", "4"),
                ("patternTransform", "rotate(45)"),
            ],
        );
        svg.empty("rect", &[("class", "f-paper"), ("width", "4"), ("height", "4"), ("fill", light("paper"))]);
        let mid = format!("{colour}-mid");
        let class = fill_class(&mid);
        svg.empty("rect", &[("class", &class), ("width", "1.7"), ("height", "4"), ("fill", light(&mid))]);
        svg.close();
    }
    svg.finish()
}

fn glyph_size(glyph: Glyph) -> (f64, f64) {
    match glyph {
        Glyph::Shape { double, .. } => {
            if double {
                (25.0, 15.0)
            } else {
                (20.0, 11.0)
            }
        }
        Glyph::Line { width, .. } => (24.0, width.max(1.0)),
        Glyph::Ribbon { .. } => (24.0, 9.0),
        Glyph::Disc { radius } => (2.0 * radius, 2.0 * radius),
        Glyph::Span => (30.0, 8.0),
        Glyph::Hollow | Glyph::Tick => (8.0, 8.0),
        Glyph::Arc => (24.0, 8.0),
        Glyph::Ground | Glyph::Card { .. } | Glyph::Way { .. } => (24.0, 11.0),
        Glyph::Share => (24.0, 9.0),
        Glyph::Sign(Sign::Mark(Mark::Silent)) => (0.0, 0.0),
        Glyph::Sign(_) => (10.0, 8.0),
        Glyph::Dark { .. } | Glyph::Coloured { .. } => (24.0, 2.2),
        Glyph::Mark { round, .. } => {
            if round {
                (8.4, 8.4)
            } else {
                (7.4, 7.4)
            }
        }
    }
}

/// One part of the formula: the heaviest concept, and how many others there are.
pub(crate) struct Part {
    pub(crate) label: Option<String>,
    pub(crate) others: usize,
}

enum Token {
    Word(String),
    /// Follows its chip without a line end between: how many others, and the stop.
    Note(String),
    Chip(Role, String, bool),
}

fn part_tokens(part: &Part, role: Role, stop: &str) -> Vec<Token> {
    let words = part.label.clone().unwrap_or_else(|| format!("no {} named", role.word()));
    let others = if part.others > 0 {
        format!("or {}{stop}", crate::scale::count(part.others, "other", "others"))
    } else {
        stop.to_owned()
    };
    let mut tokens = vec![Token::Chip(role, words, part.label.is_some())];
    if !others.is_empty() {
        tokens.push(Token::Note(others));
    }
    tokens
}

struct SetToken {
    token: Token,
    block: Block,
    w: f64,
    h: f64,
    gap: f64,
}

impl SetToken {
    fn new(token: Token, limit: f64) -> Self {
        let (block, gap) = match &token {
            Token::Word(words) => (Block::new(words, 15.0, Cut::Italic, limit, 1), 6.0),
            Token::Note(words) => {
                (Block::new(words, 12.5, Cut::Regular, limit, 1), if words.len() == 1 { 1.5 } else { 5.0 })
            }
            Token::Chip(_, words, _) => (Block::new(words, 13.5, Cut::Regular, limit, 2), 7.0),
        };
        let (w, h) = match &token {
            Token::Chip(Role::Value, ..) => ellipse_round(&block, 9.0),
            Token::Chip(..) => (block.width + 18.0, block.height + 12.0),
            _ => (block.width, block.height),
        };
        Self { token, block, w, h, gap }
    }
}

/// Returns the size of an ellipse round a block of text with some air.
pub(crate) fn ellipse_round(block: &Block, air: f64) -> (f64, f64) {
    let h = block.height + 12.0 + if block.lines.len() > 1 { block.height * 0.34 } else { 0.0 };
    let ratio = (block.height * 0.82 / h).min(0.95);
    (block.width / libm::sqrt(1.0 - ratio * ratio) + air, h)
}

/// Breaks the formula into lines; a note stays with its chip.
fn formula_lines(tokens: &[SetToken], limit: f64) -> Vec<&[SetToken]> {
    let mut lines = Vec::new();
    let (mut first, mut used) = (0, 0.0);
    for (index, token) in tokens.iter().enumerate() {
        let note: f64 =
            tokens.get(index + 1).filter(|t| matches!(t.token, Token::Note(_))).map_or(0.0, |t| t.w + t.gap);
        let glued = matches!(token.token, Token::Note(_));
        if index > first && !glued && used + token.gap + token.w + note > limit {
            lines.push(&tokens[first..index]);
            (first, used) = (index, 0.0);
        }
        used += token.w + if index == first { 0.0 } else { token.gap };
    }
    lines.push(&tokens[first..]);
    lines
}
