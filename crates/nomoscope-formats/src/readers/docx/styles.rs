//! What a paragraph's style means: a heading, a numbered list, a line of a table of contents.

use crate::xml;
use roxmltree::Node;
use std::collections::BTreeMap;

/// How far a chain of `basedOn` is followed: real ones are short, a circular one has no end.
const MAX_CHAIN: usize = 32;

/// Word stores built-in names in English whatever its language; other programs translate them.
static HEADING_NAMES: &[&str] = &[
    "heading",
    "überschrift",
    "berschrift",
    "titre",
    "título",
    "titulo",
    "ttulo",
    "titolo",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nagłówek",
    "nagwek",
    "nadpis",
    "címsor",
    "cmsor",
    "başlık",
    "balk",
    "заголовок",
    "επικεφαλίδα",
    "标题",
    "標題",
    "見出し",
    "제목",
    "عنوان",
    "כותרת",
];

/// A list and the level in it; the level may be left to another place.
pub(super) type ListLevel = (String, Option<usize>);

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    number: Option<ListLevel>,
}

/// All paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
}

/// What a style means after all styles it is based on were asked.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) heading: Option<u8>,
    pub(super) number: Option<ListLevel>,
    pub(super) contents: bool,
}

impl Styles {
    pub(super) fn read(root: Node) -> Self {
        let elements = root.children().filter(|node| node.tag_name().name() == "style");
        let styles = elements.filter_map(|node| Some((xml::attribute(node, "styleId")?.to_owned(), style(node))));
        Self { styles: styles.collect() }
    }

    pub(super) fn resolve(&self, id: Option<&str>) -> Resolved {
        let mut resolved = Resolved::default();
        let mut outline_known = false;
        let mut next = id;
        for _ in 0..MAX_CHAIN {
            let Some(id) = next else { break };
            let style = self.styles.get(id);
            let name = style.map_or(id, |style| style.name.as_str());
            resolved.contents |= is_contents(name);
            if !outline_known {
                // Level 9 means body text and overrides what the style is based on.
                let level =
                    style.and_then(|style| style.outline).or_else(|| heading_level(name).or_else(|| heading_level(id)));
                outline_known = level.is_some();
                resolved.heading = level.filter(|level| *level <= 9);
            }
            if resolved.number.is_none() {
                resolved.number = style.and_then(|style| style.number.clone());
            }
            next = style.and_then(|style| style.based_on.as_deref());
        }
        resolved.heading = resolved.heading.map(|level| level.clamp(1, 6));
        resolved
    }

    /// Returns the list that a numbering style stands for.
    pub(super) fn list_of(&self, id: &str) -> Option<&str> {
        self.styles.get(id)?.number.as_ref().map(|(list, _)| list.as_str())
    }
}

fn style(node: Node) -> Style {
    let value = |name: &str| xml::child(node, name).and_then(|child| xml::attribute(child, "val")).map(str::to_owned);
    let properties = xml::child(node, "pPr");
    Style {
        name: value("name").unwrap_or_default(),
        based_on: value("basedOn"),
        outline: properties.and_then(outline_level),
        number: properties.and_then(list_level),
    }
}

/// Returns the outline level from 1, of which 10 means body text.
pub(super) fn outline_level(properties: Node) -> Option<u8> {
    let level: u8 = xml::attribute(xml::child(properties, "outlineLvl")?, "val")?.trim().parse().ok()?;
    Some(level.saturating_add(1).min(10))
}

/// Returns the list and level that paragraph properties name.
pub(super) fn list_level(properties: Node) -> Option<ListLevel> {
    let number = xml::child(properties, "numPr")?;
    let value = |name: &str| xml::attribute(xml::child(number, name)?, "val");
    let level = value("ilvl").and_then(|level| level.trim().parse().ok());
    Some((value("numId")?.to_owned(), level))
}

/// Returns the level that the name of a style says: "heading 2", "Überschrift 2"; "Title" is the first.
pub(in crate::readers) fn heading_level(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(1);
    }
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let level = name.get(bare.len()..)?.parse().ok()?;
    HEADING_NAMES.contains(&bare.trim()).then_some(level).filter(|level| (1..=9).contains(level))
}

fn is_contents(name: &str) -> bool {
    let name = name.to_lowercase();
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    bare.len() < name.len() && matches!(bare, "toc" | "contents" | "verzeichnis" | "tm")
}
