//! Keyness: which words set one group of texts apart from all others. Two-sided bars from the middle, ten a side.

use crate::metrics::{Block, Cut};
use crate::ranked::counted;
use crate::scale::plain;
use crate::sheet::Sheet;
use crate::svg::{Anchor, line_height, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "keyness";
/// How many words are drawn on either side.
pub const A_SIDE: usize = 10;

/// A word.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Word {
    /// As it is written.
    pub word: String,
    /// Dunning's log-likelihood ratio, not negative.
    pub log_likelihood: f64,
    /// How often the group has it, and how often the others.
    pub n: [u64; 2],
    /// The same in ten thousand words.
    pub per_10000: [f64; 2],
    /// Where its places stand.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keyness {
    /// Id, title and last line.
    pub heading: Heading,
    /// The group, and what it is set against.
    pub groups: [String; 2],
    /// What the group says more, and what the others say more; the strongest first.
    pub more: [Vec<Word>; 2],
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Keyness, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    if model.more.iter().all(Vec::is_empty) {
        sheet.paragraph("No word sets them apart.", "soft");
    } else {
        body(&mut sheet, model);
        let words = "Bars: Dunning’s log-likelihood; it orders words by how surely they differ and tests nothing, for the words \
                     of a text hang together.";
        sheet.paragraph(words, "soft");
    }
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model);
    sheet.finish(&title, description, table(model, &id, &title))
}

fn title(model: &Keyness) -> String {
    let [group, others] = &model.groups;
    let names: Vec<String> = model.more[0].iter().take(3).map(|word| format!("“{}”", word.word)).collect();
    match names.as_slice() {
        [] => format!("No word sets {group} apart from {others}"),
        [one] => format!("{one} sets {group} apart from {others}"),
        [most @ .., last] => format!("{} and {last} set {group} apart from {others}", most.join(", ")),
    }
}

fn body(sheet: &mut Sheet, model: &Keyness) {
    let (base, small, narrow) = (sheet.base(), sheet.small(), sheet.narrow());
    let middle = sheet.width() / 2.0;
    let names = if narrow { 84.0 } else { 120.0 };
    let gutter = 8.0;
    let room = sheet.inner() / 2.0 - gutter - names - 34.0;
    let sides = [1.0, -1.0];
    let longest = model.more.iter().flatten().map(|word| word.log_likelihood).fold(0.0, f64::max).max(1e-9);
    let mut tall = 0.0_f64;
    for (side, direction) in sides.into_iter().enumerate() {
        let anchor = if direction > 0.0 { Anchor::Start } else { Anchor::End };
        let head = Block::new(&model.groups[side], base, Cut::Semibold, sheet.inner() / 2.0 - gutter, 2);
        sheet.svg.block(&head, anchor, middle + direction * gutter, sheet.y, colour(side));
        tall = tall.max(head.height);
    }
    sheet.y += tall + 5.0;
    let (top, row) = (sheet.y, line_height(base) + 5.0);
    for (side, direction) in sides.into_iter().enumerate() {
        for (i, word) in model.more[side].iter().take(A_SIDE).enumerate() {
            let y = top + i as f64 * row;
            let anchor = if direction > 0.0 { Anchor::Start } else { Anchor::End };
            let name = Block::new(&word.word, base, Cut::Regular, names - 6.0, 1);
            sheet.svg.open_item(word.href.as_deref(), &hover(model, word));
            sheet.svg.block(&name, anchor, middle + direction * gutter, y + (row - name.height) / 2.0, "ink");
            let from = middle + direction * (gutter + names);
            let to = from + direction * room * word.log_likelihood / longest;
            draw_bar(sheet, (from, to), (y + 3.0, row - 6.0), colour(side));
            let value = Block::new(&plain(word.log_likelihood), small, Cut::Regular, 34.0, 1);
            sheet.svg.block(&value, anchor, to + direction * 4.0, y + (row - value.height) / 2.0, "soft");
            sheet.svg.close();
        }
    }
    let rows = model.more.iter().map(|words| words.len().min(A_SIDE)).max().unwrap_or_default();
    sheet.y = top + rows as f64 * row + 2.0;
    sheet.line((middle, top), (middle, sheet.y), "hair", 1.0, None);
    sheet.y += 8.0;
}

const fn colour(side: usize) -> &'static str {
    if side == 0 { "value" } else { "problem" }
}

/// The first side is filled, the second hollow: without colour they differ too.
fn draw_bar(sheet: &mut Sheet, (from, to): (f64, f64), (top, height): (f64, f64), colour: &str) {
    let d = format!("M{} {}H{}V{}H{}Z", number(from), number(top), number(to), number(top + height), number(from));
    let fill = if colour == "value" { "value-mid" } else { "problem-tint" };
    sheet.path(&d, fill, colour, 1.0, None);
}

fn hover(model: &Keyness, word: &Word) -> String {
    let side =
        |i: usize| format!("{}: {} times, {} in 10,000 words", model.groups[i], word.n[i], plain(word.per_10000[i]));
    format!("{}. {}; {}. Log-likelihood {}", word.word, side(0), side(1), plain(word.log_likelihood))
}

fn description(model: &Keyness) -> String {
    let side = |i: usize| {
        let words: Vec<String> = model.more[i]
            .iter()
            .take(A_SIDE)
            .map(|word| format!("{} ({})", word.word, counted(word.n[i], "time", "times")))
            .collect();
        let words = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        format!("More in {}: {words}.", model.groups[i])
    };
    format!("Bars to the right and to the left, longer the more surely a word differs. {} {}", side(0), side(1))
}

fn table(model: &Keyness, id: &str, title: &str) -> Table {
    let columns = ["more_in", "word", "log_likelihood", "n", "per_10000", "n_others", "per_10000_others"];
    let mut table = Table::new(id, title, &columns);
    for (side, words) in model.more.iter().enumerate() {
        for word in words {
            table.push(vec![
                Cell::text(&model.groups[side]),
                Cell::text(&word.word),
                Cell::number(word.log_likelihood, 1),
                Cell::Count(word.n[0]),
                Cell::number(word.per_10000[0], 1),
                Cell::Count(word.n[1]),
                Cell::number(word.per_10000[1], 1),
            ]);
        }
    }
    table
}
