//! Labels as lawyers cite them, from the numbers that the file prints.

/// Words for "article" that are shortened to `Art.`; other languages keep their own word.
static ARTICLE: &[&str] = &["article", "articles", "art", "art."];

/// Returns the label of an article, section or rule: `Article 3` becomes `Art. 3`, a bare `5` in a section `Section 5`.
pub(in crate::readers) fn section_label(element: &str, number: &str) -> String {
    // Some files part "§" and number by a narrow no-break space, which nobody can type.
    let spaced = number.split_whitespace().collect::<Vec<_>>().join(" ");
    let number = trimmed(&spaced);
    let (word, rest) = number.split_once(char::is_whitespace).unwrap_or(("", number));
    if ARTICLE.contains(&word.to_lowercase().as_str()) {
        return format!("Art. {}", rest.trim());
    }
    if number.starts_with(|c: char| c.is_ascii_digit()) && number.split_whitespace().count() == 1 {
        return match element {
            "article" => format!("Art. {number}"),
            "level" | "hcontainer" | "tblock" => number.to_owned(),
            other => format!("{} {number}", capitalised(other)),
        };
    }
    number.to_owned()
}

/// Returns the label of a numbered stretch within another: `Art. 3` and `1.` make `Art. 3(1)`.
///
/// A number that repeats the one above ("19.2." within "¶ 19") replaces it.
pub(in crate::readers) fn item_label(above: Option<&str>, number: &str) -> Option<String> {
    let bare = bare_number(number);
    if bare.is_empty() {
        return None;
    }
    let Some(above) = above else {
        return Some(format!("({bare})"));
    };
    if let Some((head, last)) = above.rsplit_once(' ')
        && bare.strip_prefix(last).is_some_and(|rest| rest.starts_with('.'))
    {
        return Some(format!("{head} {bare}"));
    }
    Some(format!("{above}({bare})"))
}

/// Returns a number without brackets and final signs: `(a)`, `a)`, `1.` and `[12]` become `a`, `a`, `1`, `12`.
pub(in crate::readers) fn bare_number(number: &str) -> &str {
    trimmed(number).trim_matches(['(', ')', '[', ']', '.']).trim()
}

/// Returns a word with a capital first letter.
pub(in crate::readers) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn trimmed(number: &str) -> &str {
    number.trim().trim_end_matches(['.', ':', ';', ',', '—', '–', '-']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_citable() {
        for (element, number, want) in [
            ("article", "Article 3", "Art. 3"),
            ("article", "ARTICLE 4bis.", "Art. 4bis"),
            ("article", "Art. 1.", "Art. 1"),
            ("article", "7", "Art. 7"),
            ("section", "5", "Section 5"),
            ("section", "§\u{202f}301.", "§ 301"),
            ("chapter", "CHAPTER 3—", "CHAPTER 3"),
            ("article", "Artikel 2", "Artikel 2"),
        ] {
            assert_eq!(section_label(element, number), want, "{number}");
        }
        for (above, number, want) in [
            (Some("Art. 3"), "1.", Some("Art. 3(1)")),
            (Some("Art. 3(1)"), "(a)", Some("Art. 3(1)(a)")),
            (Some("¶ 19"), "19.2.", Some("¶ 19.2")),
            (None, "a)", Some("(a)")),
            (Some("Art. 3"), "—", None),
        ] {
            assert_eq!(item_label(above, number).as_deref(), want, "{number}");
        }
    }
}
