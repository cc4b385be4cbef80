//! X-ray: where in each text a concept stands. A line a text, a strip a concept, a tick a place.
//!
//! The form is quanteda's lexical dispersion plot. Every text is drawn at one length, so that beginnings and ends can be
//! compared; how often a concept stands there is the number behind the strip.

use crate::metrics::{Block, Cut};
use crate::ranked::counted;
use crate::scale::{count, plain};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, line_height, number};
use crate::{Figure, Heading, Role, View};
use nomoscope_core::table::{Cell, Table};
use std::fmt::Write as _;

/// File stem and anchor.
pub const ID: &str = "xray";
/// How many texts are drawn.
pub const TEXTS: usize = 30;
/// How many concepts are drawn on a wide sheet, and on a narrow one.
const STRIPS: [usize; 2] = [4, 2];
/// Texts that are not drawn but named.
const NAMED: usize = 3;

/// A concept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// What people read.
    pub label: String,
    /// Its part in the norm, for its colour.
    pub role: Option<Role>,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// Its name.
    pub label: String,
    /// Its date or group; empty for none.
    pub note: String,
    /// For each concept where it stands, from 0 (the beginning) to 1 (the end).
    pub places: Vec<Vec<f64>>,
    /// Where the text stands.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Xray {
    /// Id, title and last line.
    pub heading: Heading,
    /// The concepts, the most telling first.
    pub tracks: Vec<Track>,
    /// The texts in their order.
    pub texts: Vec<Text>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Xray, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let shown = model.tracks.len().min(STRIPS[usize::from(sheet.narrow())]);
    if shown == 0 || model.texts.is_empty() {
        sheet.paragraph("No concept stands in any text.", "soft");
    } else {
        body(&mut sheet, model, shown);
    }
    sheet.paragraph(&notes(model, shown), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, shown);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns in how many texts a concept stands.
fn texts_with(model: &Xray, track: usize) -> usize {
    model.texts.iter().filter(|text| !places(text, track).is_empty()).count()
}

fn places(text: &Text, track: usize) -> &[f64] {
    text.places.get(track).map_or(&[], Vec::as_slice)
}

fn title(model: &Xray) -> String {
    let all = model.texts.len();
    let spread = |track: usize| (texts_with(model, track), usize::MAX - track);
    let widest = (0..model.tracks.len()).max_by_key(|&track| spread(track));
    let Some(widest) = widest.filter(|&track| texts_with(model, track) > 0) else {
        return "No concept stands in any text".to_owned();
    };
    let within = |track: usize| match texts_with(model, track) {
        n if n == all && all == 1 => "in the text".to_owned(),
        n if n == all => format!("in all {all} texts"),
        n => format!("in {n} of {}", count(all, "text", "texts")),
    };
    let first = format!("“{}” stands {}", model.tracks[widest].label, within(widest));
    let drawn = 0..model.tracks.len().min(STRIPS[0]);
    let narrowest = drawn
        .min_by_key(|&track| (texts_with(model, track), track))
        .filter(|&track| track != widest && texts_with(model, track) < texts_with(model, widest));
    match narrowest {
        Some(track) => format!("{first}, “{}” {}", model.tracks[track].label, within(track)),
        None => first,
    }
}

fn body(sheet: &mut Sheet, model: &Xray, shown: usize) {
    let (base, small, narrow) = (sheet.base(), sheet.small(), sheet.narrow());
    let names = if narrow { 0.0 } else { 190.0 };
    let (gap, behind) = (16.0, 26.0);
    let left = MARGIN + names;
    let each = (sheet.inner() - names - gap * (shown as f64 - 1.0)) / shown as f64;
    let strip = each - behind;
    let heads: Vec<Block> =
        model.tracks.iter().take(shown).map(|t| Block::new(&t.label, base, Cut::Semibold, each, 2)).collect();
    let tall = heads.iter().map(|head| head.height).fold(0.0, f64::max);
    for (i, head) in heads.iter().enumerate() {
        let x = left + i as f64 * (each + gap);
        sheet.svg.block(head, Anchor::Start, x, sheet.y + tall - head.height, Role::colour(model.tracks[i].role));
    }
    sheet.y += tall + 4.0;
    for text in model.texts.iter().take(TEXTS) {
        let words = if text.note.is_empty() { text.label.clone() } else { format!("{} · {}", text.label, text.note) };
        let limit = if narrow { sheet.inner() } else { names - 12.0 };
        let name = Block::new(&words, small, Cut::Regular, limit, 1);
        let height = 13.0;
        sheet.svg.open_item(text.href.as_deref(), &hover(model, text, shown));
        sheet.svg.block(
            &name,
            Anchor::Start,
            MARGIN,
            if narrow { sheet.y } else { sheet.y + (height - name.height) / 2.0 },
            "ink",
        );
        if narrow {
            sheet.y += name.height + 1.0;
        }
        for track in 0..shown {
            let x = left + track as f64 * (each + gap);
            draw_strip(sheet, model, text, track, (x, strip, height));
        }
        sheet.svg.close();
        sheet.y += height + if narrow { 5.0 } else { 3.5 };
    }
    for track in 0..shown {
        let x = left + track as f64 * (each + gap);
        for (words, at, anchor) in [("beginning", x, Anchor::Start), ("end", x + strip, Anchor::End)] {
            let block = Block::new(words, small, Cut::Italic, strip / 2.0, 1);
            sheet.svg.block(&block, anchor, at, sheet.y, "soft");
        }
    }
    sheet.y += line_height(small) + 6.0;
}

/// Draws where a concept stands in a text, with the number of places behind.
fn draw_strip(sheet: &mut Sheet, model: &Xray, text: &Text, track: usize, (x, width, height): (f64, f64, f64)) {
    let here = places(text, track);
    let middle = sheet.y + height / 2.0;
    sheet.line((x, middle), (x + width, middle), "hair", 1.0, None);
    // Ticks that would fall on one another are one: a long text has thousands.
    let mut at: Vec<i64> = here.iter().map(|place| libm::round(place.clamp(0.0, 1.0) * (width - 1.0)) as i64).collect();
    at.sort_unstable();
    at.dedup();
    let d = at.iter().fold(String::new(), |mut d, offset| {
        let _ = write!(d, "M{} {}v{}", number(x + *offset as f64 + 0.5), number(sheet.y + 1.0), number(height - 2.0));
        d
    });
    if !d.is_empty() {
        sheet.path(&d, "none", Role::colour(model.tracks[track].role), 1.1, None);
        let words = Block::new(&here.len().to_string(), sheet.small(), Cut::Regular, 26.0, 1);
        sheet.svg.block(&words, Anchor::Start, x + width + 4.0, middle - words.height / 2.0, "soft");
    }
}

fn hover(model: &Xray, text: &Text, shown: usize) -> String {
    let said: Vec<String> = (0..shown)
        .map(|track| {
            format!("{}: {}", model.tracks[track].label, counted(places(text, track).len() as u64, "place", "places"))
        })
        .collect();
    format!("{}. {}", text.label, said.join("; "))
}

fn notes(model: &Xray, shown: usize) -> String {
    let mut words = "Each text is drawn at one length; a tick is a place, the number behind counts them.".to_owned();
    if model.texts.len() > TEXTS {
        let left = &model.texts[TEXTS..];
        let places: usize = left.iter().flat_map(|text| &text.places).map(Vec::len).sum();
        let names: Vec<String> = left.iter().take(NAMED).map(|t| t.label.clone()).collect();
        let more = if left.len() > NAMED { " and others" } else { "" };
        let _ = write!(
            words,
            " Not drawn: {} with {} ({}{more}).",
            count(left.len(), "text", "texts"),
            counted(places as u64, "place", "places"),
            names.join(", ")
        );
    }
    let rest = model.tracks.get(shown..).unwrap_or_default();
    if !rest.is_empty() {
        let names: Vec<String> = rest.iter().take(NAMED).map(|t| t.label.clone()).collect();
        let more = if rest.len() > NAMED { format!(" and {} more", rest.len() - NAMED) } else { String::new() };
        let _ = write!(words, " Not drawn either: {}{more}.", names.join(", "));
    }
    words
}

fn description(model: &Xray, shown: usize) -> String {
    let lines: Vec<String> = (0..shown)
        .map(|track| {
            let all: Vec<f64> = model.texts.iter().flat_map(|t| places(t, track)).copied().collect();
            let late = all.iter().filter(|place| **place > 0.5).count();
            let share = if all.is_empty() { 0.0 } else { 100.0 * late as f64 / all.len() as f64 };
            format!(
                "{}: {} in {} of {}, {} per cent of them in the second half",
                model.tracks[track].label,
                counted(all.len() as u64, "place", "places"),
                texts_with(model, track),
                count(model.texts.len(), "text", "texts"),
                plain(libm::round(share))
            )
        })
        .collect();
    let all = "A line a text, a strip a concept, a tick wherever the concept stands.";
    if lines.is_empty() { all.to_owned() } else { format!("{all} {}.", lines.join(". ")) }
}

/// Returns where each concept stands in each text: how often, and in which fifth.
fn table(model: &Xray, id: &str, title: &str) -> Table {
    let columns = ["text", "concept", "places", "fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5"];
    let mut table = Table::new(id, title, &columns);
    for text in &model.texts {
        for (i, track) in model.tracks.iter().enumerate() {
            let here = places(text, i);
            if here.is_empty() {
                continue;
            }
            let mut fifths = [0_u64; 5];
            for place in here {
                fifths[((place.clamp(0.0, 1.0) * 5.0) as usize).min(4)] += 1;
            }
            let mut row = vec![Cell::text(&text.label), Cell::text(&track.label), Cell::Count(here.len() as u64)];
            row.extend(fifths.map(Cell::Count));
            table.push(row);
        }
    }
    table
}
