//! Letters as they are meant: ligatures as the letters they stand for, no control characters.

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
