//! The automatic numbers of paragraphs: "1.", "(a)", "iv)", "2.1".
//!
//! Their text is nowhere in the file. It is counted here the way Word counts: lists that share an abstract definition
//! go on counting together, a paragraph of a higher level starts the lower ones anew.

use super::numerals::{letters, roman};
use super::styles::Styles;
use crate::xml;
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Levels of a list in this format.
const LEVELS: usize = 9;
/// The longest number that is written out.
const MAX_NUMBER_BYTES: usize = 200;

#[derive(Debug, Clone)]
struct LevelStyle {
    start: u32,
    format: String,
    /// The pattern: `%1.%2)` stands for the numbers of the first and second level.
    text: String,
    /// All numbers in digits, whatever the format of their levels.
    legal: bool,
    /// The level after which this one starts anew; 0: never. By default the one above.
    restart: Option<usize>,
}

#[derive(Debug, Default)]
struct List {
    definition: String,
    overrides: BTreeMap<usize, (Option<u32>, Option<LevelStyle>)>,
}

/// All lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: BTreeMap<String, BTreeMap<usize, LevelStyle>>,
    lists: BTreeMap<String, List>,
    counters: BTreeMap<String, [Option<u32>; LEVELS]>,
    /// Lists and levels whose own start was applied.
    started: BTreeSet<(String, usize)>,
}

impl Numbering {
    pub(super) fn read(root: Node, styles: &Styles) -> Self {
        let mut numbering = Self::default();
        let mut links = Vec::new();
        for node in root.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "abstractNum" => {
                    let Some(id) = xml::attribute(node, "abstractNumId") else {
                        continue;
                    };
                    if let Some(style) = value(node, "numStyleLink") {
                        links.push((id.to_owned(), style.to_owned()));
                    }
                    numbering.definitions.insert(id.to_owned(), levels(node));
                }
                "num" => {
                    let (Some(id), Some(definition)) = (xml::attribute(node, "numId"), value(node, "abstractNumId"))
                    else {
                        continue;
                    };
                    let list = List { definition: definition.to_owned(), overrides: overrides(node) };
                    numbering.lists.insert(id.to_owned(), list);
                }
                _ => {}
            }
        }
        // A definition may only point to a numbering style, whose list has the levels.
        for (definition, style) in links {
            let list = styles.list_of(&style).and_then(|list| numbering.lists.get(list));
            if let Some(levels) = list.and_then(|list| numbering.definitions.get(&list.definition)).cloned() {
                numbering.definitions.insert(definition, levels);
            }
        }
        numbering
    }

    /// Counts one paragraph and returns its number as people see it; none where the list is unknown or switched off.
    pub(super) fn next(&mut self, list_id: &str, level: usize) -> Option<String> {
        let list = self.lists.get(list_id)?;
        let levels = self.definitions.get(&list.definition)?;
        let style_of = |level: usize| {
            let own = list.overrides.get(&level).and_then(|(_, style)| style.as_ref());
            own.or_else(|| levels.get(&level))
        };
        let style = style_of(level)?;
        let counters = self.counters.entry(list.definition.clone()).or_insert([None; LEVELS]);
        let own_start = list.overrides.get(&level).and_then(|(start, _)| *start);
        let fresh = own_start.filter(|_| self.started.insert((list_id.to_owned(), level)));
        for (index, counter) in counters.iter_mut().enumerate() {
            match index.cmp(&level) {
                // Word shows the start of a higher level that no paragraph has used yet.
                std::cmp::Ordering::Less => {
                    counter.get_or_insert_with(|| style_of(index).map_or(1, |style| style.start));
                }
                std::cmp::Ordering::Equal => {
                    *counter = Some(fresh.unwrap_or_else(|| counter.map_or(style.start, |n| n.saturating_add(1))));
                }
                std::cmp::Ordering::Greater => {
                    let restarts = style_of(index).and_then(|style| style.restart).is_none_or(|after| level < after);
                    if restarts {
                        *counter = None;
                    }
                }
            }
        }
        let formats: Vec<&str> =
            (0..LEVELS).map(|index| style_of(index).map_or("decimal", |style| style.format.as_str())).collect();
        Some(render(style, &formats, counters))
    }
}

fn levels(node: Node) -> BTreeMap<usize, LevelStyle> {
    let elements = node.children().filter(|child| child.tag_name().name() == "lvl");
    elements.filter_map(|level| Some((index_of(level)?, level_style(level)))).collect()
}

fn overrides(node: Node) -> BTreeMap<usize, (Option<u32>, Option<LevelStyle>)> {
    let elements = node.children().filter(|child| child.tag_name().name() == "lvlOverride");
    let read = |level: Node| {
        let start = value(level, "startOverride").and_then(|start| start.trim().parse().ok());
        let style = level.children().find(|child| child.tag_name().name() == "lvl").map(level_style);
        Some((index_of(level)?, (start, style)))
    };
    elements.filter_map(read).collect()
}

fn index_of(level: Node) -> Option<usize> {
    xml::attribute(level, "ilvl")?.trim().parse().ok().filter(|index| *index < LEVELS)
}

fn level_style(node: Node) -> LevelStyle {
    let number = |name: &str| value(node, name).and_then(|text| text.trim().parse::<u32>().ok());
    let legal = node.children().find(|child| child.tag_name().name() == "isLgl");
    LevelStyle {
        start: number("start").unwrap_or(0),
        format: value(node, "numFmt").unwrap_or("decimal").to_owned(),
        text: value(node, "lvlText").unwrap_or_default().to_owned(),
        legal: legal.is_some_and(|node| !matches!(xml::attribute(node, "val"), Some("0" | "false" | "off"))),
        restart: number("lvlRestart").map(|level| level as usize),
    }
}

fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let child = node.children().find(|child| child.tag_name().name() == name)?;
    xml::attribute(child, "val")
}

fn render(style: &LevelStyle, formats: &[&str], counters: &[Option<u32>; LEVELS]) -> String {
    if style.format == "bullet" {
        // The pattern is a sign of some symbol font; as a letter it would mean nothing.
        return "•".to_owned();
    }
    if style.format == "none" {
        return String::new();
    }
    let mut text = String::new();
    let mut rest = style.text.chars().peekable();
    while let Some(c) = rest.next() {
        let level = rest
            .peek()
            .filter(|_| c == '%')
            .and_then(|digit| digit.to_digit(10))
            .filter(|digit| (1..=9).contains(digit));
        match level.and_then(|level| usize::try_from(level - 1).ok()) {
            Some(index) => {
                rest.next();
                let number = counters.get(index).copied().flatten().unwrap_or(1);
                let format = if style.legal { "decimal" } else { formats.get(index).copied().unwrap_or("decimal") };
                text.push_str(&formatted(number, format));
            }
            None => text.push(c),
        }
        if text.len() > MAX_NUMBER_BYTES {
            break;
        }
    }
    text.trim().to_owned()
}

fn formatted(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_ascii_uppercase(),
        "lowerRoman" => roman(number),
        "upperRoman" => roman(number).to_ascii_uppercase(),
        "decimalZero" => format!("{number:02}"),
        "none" => String::new(),
        _ => number.to_string(),
    }
}
