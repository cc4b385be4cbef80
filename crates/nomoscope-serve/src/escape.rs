//! Text of a source in a page: each character is one there too, so that places can be told from what is marked.

/// Returns text for HTML in which every UTF-16 unit of it is one in the page: browsers drop or join some control characters.
pub(crate) fn exact(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\r' => out.push_str("&#13;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Returns the byte at which so many UTF-16 units of a text end, from a byte on; none where that is inside a character or
/// beyond the text.
pub(crate) fn byte_at(text: &str, from: u32, units: u32) -> Option<u32> {
    let mut left = units;
    for (at, c) in text.get(from as usize..)?.char_indices() {
        if left == 0 {
            return u32::try_from(at).ok().map(|at| from + at);
        }
        left = left.checked_sub(c.len_utf16() as u32)?;
    }
    (left == 0).then_some(text.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_from_the_page() {
        let text = "né 𝒙\r\nb";
        let check = |units: u32, want: Option<u32>| assert_eq!(byte_at(text, 0, units), want, "{units}");
        check(0, Some(0));
        check(2, Some(3));
        check(3, Some(4));
        check(4, None);
        check(5, Some(8));
        check(8, Some(11));
        check(9, None);
        assert_eq!(byte_at(text, 3, 1), Some(4));
        assert_eq!(byte_at(text, 2, 1), None);
        assert_eq!(byte_at(text, 99, 0), None);
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(exact("<b a='&'>\r\u{0}\u{85}"), "&lt;b a=&#39;&amp;&#39;&gt;&#13;\u{fffd}\u{fffd}");
    }
}
