//! How wide words are, and where to break them, so that no label lies on another.
//!
//! Widths of Latin, Greek and Cyrillic are those of Libertinus Serif (`widths.rs`); other scripts come from
//! whatever font the reader has, so they get a width class on the generous side. Kerning is left out: it nearly always
//! narrows. Every answer carries [`SLACK`], because the reader may not have the font either.

use crate::widths;

/// What a fallback font may need beyond Libertinus Serif (Times is about 5 % wider).
pub const SLACK: f64 = 1.1;
/// Distance between base lines, in font sizes.
pub const LEADING: f64 = 1.2;
/// From the base line to the top of the highest letters, in font sizes.
pub const ASCENT: f64 = 0.76;
/// From the base line to the bottom of the lowest letters, in font sizes.
pub const DESCENT: f64 = 0.25;

/// A cut of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Upright.
    #[default]
    Regular,
    /// Slanted, for words of the grammar and for notes.
    Italic,
    /// Heavier, for titles and the focus.
    Semibold,
}

/// Returns the advance of one character in ems, without slack.
#[must_use]
pub fn advance(character: char, cut: Cut) -> f64 {
    measured(character, cut).unwrap_or_else(|| class_width(character))
}

/// Returns whether most of the text is Latin, Greek or Cyrillic: its widths are known, not guessed from the script.
#[must_use]
pub fn is_measured(text: &str) -> bool {
    let known = text.chars().filter(|&character| measured(character, Cut::Regular).is_some()).count();
    known * 2 > text.chars().count()
}

fn measured(character: char, cut: Cut) -> Option<f64> {
    let table = match cut {
        Cut::Regular => widths::REGULAR,
        Cut::Italic => widths::ITALIC,
        Cut::Semibold => widths::SEMIBOLD,
    };
    let code = character as u32;
    table
        .iter()
        .find_map(|(first, row)| row.get(usize::try_from(code.checked_sub(*first)?).ok()?))
        .copied()
        .filter(|&width| width > 0)
        .map(|width| f64::from(width) / 1000.0)
}

/// Returns whether the character sits on the one before it and takes no room.
#[must_use]
pub fn is_mark(character: char) -> bool {
    matches!(character as u32,
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF..=0x05C7 | 0x0610..=0x061A
        | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06ED | 0x093C | 0x0941..=0x0948 | 0x094D
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x0EB1 | 0x0EB4..=0x0EBC | 0x0EC8..=0x0ECE
        | 0x102D..=0x1030 | 0x1032..=0x1037 | 0x1039 | 0x103A | 0x17B7..=0x17BD | 0x17C6 | 0x17C9..=0x17D3
        | 0x1DC0..=0x1DFF | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0x20D0..=0x20FF
        | 0x3099 | 0x309A | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF | 0xE0100..=0xE01EF)
}

/// Returns a generous width for a character that the table does not know.
fn class_width(character: char) -> f64 {
    if is_mark(character) || character.is_control() {
        return 0.0;
    }
    match character as u32 {
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE => 0.66,
        0x0900..=0x0DFF => 0.76,
        0x0E00..=0x0EFF => 0.66,
        0x1000..=0x109F | 0x1780..=0x17FF => 0.86,
        0x1100..=0x11FF
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1_F000..=0x1_FAFF
        | 0x2_0000..=0x3_FFFF => 1.0,
        _ => 0.8,
    }
}

/// Returns the width of a line in pixels, with slack.
#[must_use]
pub fn width(text: &str, size: f64, cut: Cut) -> f64 {
    text.chars().map(|character| advance(character, cut)).sum::<f64>() * size * SLACK
}

/// Returns whether a line may end before `next`, given the character before it (spaces are dealt with apart).
fn may_break(before: char, next: char) -> bool {
    if is_mark(next) || is_closing(next) || is_opening(before) {
        return false;
    }
    let thai_prefix = matches!(before as u32, 0x0E40..=0x0E44 | 0x0EC0..=0x0EC4);
    let thai_suffix = matches!(next as u32, 0x0E30 | 0x0E32 | 0x0E33 | 0x0E45 | 0x0E46);
    matches!(before, '-' | '/' | '–' | '—') && next.is_alphabetic()
        || (spaceless(before) || spaceless(next)) && !thai_prefix && !thai_suffix
}

/// Returns whether the script writes without spaces.
fn spaceless(character: char) -> bool {
    matches!(character as u32, 0x0E01..=0x0EDF | 0x1000..=0x109F | 0x1780..=0x17D2 | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

const fn is_closing(character: char) -> bool {
    matches!(
        character,
        ')' | ']'
            | '”'
            | '’'
            | '»'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '。'
            | '、'
            | '」'
            | '』'
            | '）'
            | 'ー'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
    )
}

const fn is_opening(character: char) -> bool {
    matches!(character, '(' | '[' | '“' | '‘' | '«' | '「' | '『' | '（')
}

/// A stretch that no line end may cut, and whether a space stood before it.
struct Piece {
    text: String,
    spaced: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for word in text.split_whitespace() {
        let mut before: Option<char> = None;
        for character in word.chars() {
            match (before, all.last_mut()) {
                (Some(b), Some(last)) if !may_break(b, character) => last.text.push(character),
                _ => all.push(Piece { text: character.to_string(), spaced: before.is_none() }),
            }
            before = Some(character);
        }
    }
    all
}

/// Breaks `text` into the fewest lines not wider than `limit` pixels, then evens them out.
///
/// A word wider than a line is cut; what goes beyond `max_lines` becomes an ellipsis. Never returns an empty list.
#[must_use]
pub fn wrap(text: &str, size: f64, cut: Cut, limit: f64, max_lines: usize) -> Vec<String> {
    let parts = pieces(text);
    let greedy = fill(&parts, size, cut, limit);
    if greedy.len() > max_lines.max(1) {
        return shorten(greedy, size, cut, limit, max_lines.max(1));
    }
    // The narrowest limit that needs no further line makes the lines even.
    let (mut low, mut high) = (limit * 0.4, limit);
    for _ in 0..8 {
        let middle = f64::midpoint(low, high);
        if fill(&parts, size, cut, middle).len() > greedy.len() || cuts_a_word(&parts, size, cut, middle, limit) {
            low = middle;
        } else {
            high = middle;
        }
    }
    fill(&parts, size, cut, high)
}

/// Returns whether the narrower limit would cut a word that the wider one leaves whole.
fn cuts_a_word(parts: &[Piece], size: f64, cut: Cut, narrow: f64, wide: f64) -> bool {
    parts.iter().map(|piece| width(&piece.text, size, cut)).any(|w| w > narrow && w <= wide)
}

fn fill(parts: &[Piece], size: f64, cut: Cut, limit: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in parts {
        let joined = if piece.spaced && !line.is_empty() {
            format!("{line} {}", piece.text)
        } else {
            format!("{line}{}", piece.text)
        };
        if line.is_empty() || width(&joined, size, cut) <= limit {
            line = joined;
        } else {
            lines.push(std::mem::replace(&mut line, piece.text.clone()));
        }
        while width(&line, size, cut) > limit && line.chars().count() > 1 {
            let rest = cut_word(&mut line, size, cut, limit);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Cuts what fits off an overlong word and returns the rest; letters of an alphabet get a hyphen.
fn cut_word(line: &mut String, size: f64, cut: Cut, limit: f64) -> String {
    let hyphen = line.chars().all(|c| c.is_alphabetic() && (c as u32) < 0x0590);
    let room = limit - if hyphen { width("-", size, cut) } else { 0.0 };
    let mut used = 0.0;
    let mut at = 0;
    for (index, character) in line.char_indices() {
        used += advance(character, cut) * size * SLACK;
        if used > room && at > 0 && !is_mark(character) {
            break;
        }
        at = index + character.len_utf8();
    }
    let rest = line.split_off(at);
    if hyphen && !rest.is_empty() {
        line.push('-');
    }
    rest
}

fn shorten(mut lines: Vec<String>, size: f64, cut: Cut, limit: f64, max_lines: usize) -> Vec<String> {
    lines.truncate(max_lines);
    if let Some(last) = lines.last_mut() {
        *last = ellipsis(last, size, cut, limit);
    }
    lines
}

/// Returns the line with an ellipsis at its end, shortened until it fits.
fn ellipsis(line: &str, size: f64, cut: Cut, limit: f64) -> String {
    let mut kept = line.to_owned();
    while !kept.is_empty() && width(&format!("{kept}…"), size, cut) > limit {
        let dropped = kept.pop();
        while dropped.is_some_and(is_mark) && kept.chars().next_back().is_some_and(is_mark) {
            kept.pop();
        }
    }
    format!("{}…", kept.trim_end_matches([' ', ',', '-', ';', '(']))
}

/// A label that was broken into lines, with its size in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The lines.
    pub lines: Vec<String>,
    /// Font size.
    pub size: f64,
    /// Cut of the font.
    pub cut: Cut,
    /// Width of the widest line, with slack.
    pub width: f64,
    /// From the top of the first line to the bottom of the last.
    pub height: f64,
}

impl Block {
    /// Returns `text` broken to `limit` pixels and at most `max_lines` lines.
    #[must_use]
    pub fn new(text: &str, size: f64, cut: Cut, limit: f64, max_lines: usize) -> Self {
        let lines = wrap(text, size, cut, limit, max_lines);
        let widest = lines.iter().map(|line| width(line, size, cut)).fold(0.0, f64::max);
        #[expect(clippy::cast_precision_loss, reason = "a label has few lines")]
        let height = size * (ASCENT + DESCENT) + (lines.len() - 1) as f64 * size * LEADING;
        Self { lines, size, cut, width: widest, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        use skrifa::{
            MetadataProvider,
            attribute::Style,
            instance::{LocationRef, Size},
            string::StringId,
        };
        for (cut, weight, style) in [
            (Cut::Regular, 400.0, Style::Normal),
            (Cut::Italic, 400.0, Style::Italic),
            (Cut::Semibold, 600.0, Style::Normal),
        ] {
            let font = typst_assets::fonts()
                .filter_map(|data| skrifa::FontRef::new(data).ok())
                .find(|font| {
                    let ours = font
                        .localized_strings(StringId::FAMILY_NAME)
                        .any(|name| name.to_string().starts_with("Libertinus Serif"));
                    let attributes = font.attributes();
                    ours && (attributes.weight.value() - weight).abs() < 1.0 && attributes.style == style
                })
                .unwrap();
            let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
            let mut n = 0;
            for character in "The quick brown fox — “Ærø”, ĳ Ω я ẞ 0123456789 ≥ …".chars().chain('\u{a1}'..='\u{17f}')
            {
                let Some(glyph) = font.charmap().map(character) else {
                    continue;
                };
                let expect = f64::from(metrics.advance_width(glyph).unwrap()) / 1000.0;
                if expect > 0.0 {
                    n += 1;
                    assert!((advance(character, cut) - expect).abs() < 0.002, "{character:?} {cut:?}");
                }
            }
            assert!(n > 200, "{cut:?}: only {n} characters compared");
        }
    }

    #[track_caller]
    fn check(text: &str, limit: f64, max_lines: usize, want: &[&str]) {
        assert_eq!(wrap(text, 10.0, Cut::Regular, limit, max_lines), want);
    }

    #[test]
    fn lines_break_where_the_script_allows() {
        check("", 50.0, 3, &[""]);
        check("   ", 50.0, 3, &[""]);
        check("child labour", 200.0, 3, &["child labour"]);
        check(
            "exploitation of the prostitution of others",
            120.0,
            3,
            &["exploitation of the", "prostitution of others"],
        );
        check("one two three four five six seven eight", 40.0, 2, &["one two", "three…"]);
        check("人身取引の防止", 45.0, 3, &["人身取引", "の防止"]);
        check("การค้ามนุษย์", 40.0, 3, &["การค้า", "มนุษย์"]);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for text in [
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "WWWWWWWWWWWW",
            "استغلال الأطفال في العمل",
            "a b c d e f g",
            "การแสวงประโยชน์จากแรงงานเด็ก",
        ] {
            for limit in [20.0, 37.0, 90.0] {
                for line in wrap(text, 10.0, Cut::Regular, limit, 99) {
                    assert!(width(&line, 10.0, Cut::Regular) <= limit + 1e-9, "{line}");
                }
            }
        }
    }
}
