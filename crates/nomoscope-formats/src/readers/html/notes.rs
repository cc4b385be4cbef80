//! The marks of notes in a web page: links to a note, and raised signs.
//!
//! A number that is a link within the page may as well lead to an article, a page or a letter of an index. It is the mark
//! of a note if it stands in square brackets or is a star, if the names of the link say so, if the note leads back to it, if
//! it is raised, or if it sticks to the word before.

use super::super::raised;
use super::{element, plain};
use crate::builder::Builder;
use ego_tree::NodeRef;
use scraper::{Node, node::Element};
use std::collections::BTreeSet;

/// The longest mark of a note, brackets and all.
const LONGEST: usize = 6;
/// Classes of what is raised as the mark of a note.
static RAISED_CLASSES: &[&str] = &["sup", "super", "superscript", "oj-super", "oj-note-tag", "note-tag"];
/// Classes of links from the text to a note.
static LINK_CLASSES: &[&str] = &[
    "footnote-ref",
    "footnoteref",
    "noteref",
    "note-ref",
    "fnref",
    "fn-ref",
    "footnote",
    "msofootnotereference",
    "msoendnotereference",
    "sdfootnoteanc",
    "sdendnoteanc",
];
/// What names of notes begin with or hold, in lower case.
static NAMES_BEGIN: &[&str] = &["fn", "ftn", "edn", "ntr", "ntc"];
static NAMES_HOLD: &[&str] = &["foot", "endn", "note", "nota", "noot", "cite"];

/// What the mark of a note looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `[1]`, `*`: never anything else.
    Certain,
    /// `(1)`, `(a)`, `1)`: as points are numbered.
    Bracketed,
    /// `1`, `1, 2`.
    Digits,
    /// `a`, `ii`.
    Letter,
}

/// Returns what mark of a note some words may be.
fn sign(text: &str) -> Option<Sign> {
    let text = text.trim();
    let count = text.chars().count();
    if count == 0 || count > LONGEST {
        return None;
    }
    if text.chars().all(|c| matches!(c, '*' | '\u{2020}' | '\u{2021}')) {
        return Some(Sign::Certain);
    }
    let inside = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(number) = inside('[', ']') {
        // "[top]" and "[edit]" are links too.
        let roman = number.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
        let fits = number.starts_with(|c: char| c.is_ascii_digit() || c == '*') || number.chars().count() <= 2 || roman;
        return (fits && !number.trim().is_empty()).then_some(Sign::Certain);
    }
    let bare = inside('(', ')').or_else(|| text.strip_suffix(')')).unwrap_or(text).trim();
    let digits = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '\u{2013}'))
        && bare.starts_with(|c: char| c.is_ascii_digit());
    let roman = (1..=4).contains(&bare.len()) && bare.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let letter = roman || bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_lowercase());
    match (digits, letter) {
        (true, _) | (_, true) if bare.len() < text.len() => Some(Sign::Bracketed),
        (true, _) => Some(Sign::Digits),
        (_, true) => Some(Sign::Letter),
        _ if bare.len() < text.len() && bare.chars().all(|c| matches!(c, '*' | '\u{2020}')) => Some(Sign::Certain),
        _ => None,
    }
}

/// Writes raised words if they are digits or the mark of a note; returns whether they are.
pub(in crate::readers) fn raised_words(builder: &mut Builder, text: &str) -> bool {
    let text = text.trim();
    if let Some(raised) = raised(text) {
        builder.inline(&raised);
        return true;
    }
    let is_mark = match sign(text) {
        // "1er", "M\u{1d49}", "n\u{ba}", "x\u{207f}": a raised letter behind anything but a word is a part of it.
        Some(Sign::Letter) => is_word(builder.last_word()),
        Some(_) => true,
        None => text.chars().count() <= LONGEST && text.starts_with(['[', '(']) && text.ends_with([']', ')']),
    };
    if is_mark {
        builder.note_mark(text);
    }
    is_mark
}

/// Whether letters are a word in small letters, and no abbreviation or numeral.
fn is_word(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    bare.chars().count() >= 3
        && bare.chars().all(char::is_alphabetic)
        && bare.chars().skip(1).all(|c| !c.is_uppercase())
}

/// Whether an element raises its words.
pub(super) fn is_raised(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    element.name() == "sup" || style.contains("vertical-align:super") || has_class(element, RAISED_CLASSES)
}

fn has_class(element: &Element, classes: &[&str]) -> bool {
    let own = element.attr("class").unwrap_or_default().to_ascii_lowercase();
    own.split_whitespace().any(|class| classes.contains(&class))
}

/// Returns the places of the page to which its links lead.
pub(super) fn targets(root: NodeRef<Node>) -> BTreeSet<String> {
    let links = root.descendants().filter_map(element).filter(|element| element.name() == "a");
    links.filter_map(|link| link.attr("href")?.strip_prefix('#')).map(str::to_owned).collect()
}

/// Whether a link leads from the text to a note, given the word before it.
pub(super) fn is_note_link(node: NodeRef<Node>, link: &Element, targets: &BTreeSet<String>, before: &str) -> bool {
    if link.name() != "a" {
        return false;
    }
    let text = plain(node);
    let Some(sign) = sign(&text) else {
        return false;
    };
    let said = |name: &str| link.attr(name).unwrap_or_default();
    if said("role").eq_ignore_ascii_case("doc-noteref")
        || said("epub:type").eq_ignore_ascii_case("noteref")
        || has_class(link, LINK_CLASSES)
    {
        return true;
    }
    let Some((page, place)) = said("href").split_once('#').filter(|(_, place)| !place.is_empty()) else {
        return false;
    };
    if is_name_of_note(place) {
        return true;
    }
    if !page.is_empty() {
        return false;
    }
    let outer = node.parent().and_then(element).and_then(|outer| outer.attr("id")).unwrap_or_default();
    let leads_back = [said("id"), said("name"), outer].iter().any(|name| targets.contains(*name));
    let raises = node.descendants().filter_map(element).any(is_raised);
    sign == Sign::Certain
        || leads_back
        || raises
        || [said("id"), said("name")].into_iter().any(is_name_of_note)
        || match sign {
            Sign::Letter => is_word(before),
            _ => before
                .ends_with(|c: char| c.is_alphabetic() || matches!(c, '.' | ',' | ';' | '"' | '\u{201d}' | '\u{bb}')),
        }
}

fn is_name_of_note(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let bare = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    NAMES_BEGIN.iter().any(|begin| bare.starts_with(begin)) || NAMES_HOLD.iter().any(|part| bare.contains(part))
}

/// Whether a paragraph is the text of a note: as the Official Journal of the European Union and editors mark it, because a
/// link leads to it and it is named as one, or because it begins with a mark that leads back.
pub(super) fn is_note_text(node: NodeRef<Node>, paragraph: &Element, targets: &BTreeSet<String>) -> bool {
    if paragraph.name() != "p" {
        return false;
    }
    if has_class(paragraph, &["oj-note", "footnote", "footnote-text", "msofootnotetext", "msoendnotetext"]) {
        return true;
    }
    if paragraph.attr("id").is_some_and(|id| targets.contains(id) && is_name_of_note(id)) {
        return true;
    }
    let Some(first) =
        node.children().find(|child| !plain(*child).is_empty()).filter(|first| sign(&plain(*first)).is_some())
    else {
        return false;
    };
    let mut names = vec![paragraph.attr("id")];
    let mut back = false;
    for inner in first.descendants().filter_map(element) {
        names.extend([inner.attr("id"), inner.attr("name")]);
        back |= inner.name() == "a" && inner.attr("href").is_some_and(|href| href.starts_with('#'));
    }
    back && names.into_iter().flatten().any(|name| targets.contains(name))
}
