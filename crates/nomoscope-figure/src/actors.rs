//! Actors and labels: who says what for the same thing. A row an actor, a column a label; the disc's area is the share of the
//! actor's mentions that have the label.

use crate::metrics::{Block, Cut};
use crate::ranked::counted;
use crate::scale::count;
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, line_height};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "actors";
/// How many actors are drawn.
pub const ACTORS: usize = 24;
/// How many labels are drawn on a wide sheet, and on a narrow one.
const LABELS: [usize; 2] = [6, 3];
/// Radius of the disc of an actor who says nothing else.
const RADIUS: f64 = 9.0;
/// Fewer mentions than this are drawn hollow, and no title speaks of them.
pub const FEW: u64 = 5;

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// Its name.
    pub name: String,
    /// What it belongs to: a sector, a region; empty for none. Actors of one group stand together.
    pub group: String,
    /// The definition that it adopted; empty where nobody says.
    pub definition: String,
    /// Mentions of each label.
    pub mentions: Vec<u64>,
    /// Where its passages stand.
    pub href: Option<String>,
}

impl Actor {
    /// Returns the mentions of all labels.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.mentions.iter().sum()
    }
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Actors {
    /// Id, title and last line.
    pub heading: Heading,
    /// The labels, the most frequent first.
    pub labels: Vec<String>,
    /// The actors in any order.
    pub actors: Vec<Actor>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Actors, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    if model.actors.iter().all(|actor| actor.total() == 0) {
        sheet.paragraph("No actor uses any of the labels.", "soft");
    } else {
        body(&mut sheet, model);
    }
    sheet.paragraph(&notes(model, LABELS[usize::from(sheet.narrow())]), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the label that an actor uses most, if it uses any more than all others.
fn main_label(actor: &Actor) -> Option<usize> {
    let most = actor.mentions.iter().max().filter(|n| **n > 0)?;
    let mut with = (0..actor.mentions.len()).filter(|&i| actor.mentions[i] == *most);
    with.next().filter(|_| with.next().is_none())
}

fn title(model: &Actors) -> String {
    let known = || model.actors.iter().filter(|actor| actor.total() >= FEW);
    let mut first = vec![0_usize; model.labels.len()];
    let n = known().count();
    for actor in known() {
        if let Some(at) = main_label(actor).and_then(|label| first.get_mut(label)) {
            *at += 1;
        }
    }
    let used = first.iter().filter(|actors| **actors > 0).count();
    let top = (0..first.len()).max_by_key(|&i| (first[i], usize::MAX - i)).filter(|&i| first[i] > 0);
    match top {
        None if n == 0 => format!("No actor is known by {FEW} mentions of the labels"),
        None => "No actor prefers one of the labels".to_owned(),
        // Of labels that as many say most none is singled out.
        Some(label) if first.iter().filter(|actors| **actors == first[label]).count() > 1 => {
            format!("The {n} actors with {FEW} mentions or more differ in which label they say most")
        }
        Some(label) if used == 1 && first[label] == n => {
            format!("All {n} actors with {FEW} mentions or more say “{}” most", model.labels[label])
        }
        Some(label) => {
            let says = if first[label] == 1 { "says" } else { "say" };
            let of = format!("the {n} actors with {FEW} mentions or more");
            format!("{} of {of} {says} “{}” most; {}", first[label], model.labels[label], others(n - first[label]))
        }
    }
}

fn others(n: usize) -> String {
    match n {
        0 => "none prefers another word".to_owned(),
        1 => "one prefers another word or none".to_owned(),
        n => format!("{n} prefer another word or none"),
    }
}

/// Returns the actors that are drawn: of those who say any of the first labels, those who mention the labels most, group by group, each beside those who say the same.
fn drawn(model: &Actors, labels: usize) -> Vec<&Actor> {
    let says = |actor: &&Actor| actor.mentions.iter().take(labels).any(|n| *n > 0);
    let mut out: Vec<&Actor> = model.actors.iter().filter(says).collect();
    out.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.name.cmp(&b.name)));
    out.truncate(ACTORS);
    let leaning = |actor: &Actor| {
        let share = |label: usize| actor.mentions[label] as f64 / actor.total() as f64;
        main_label(actor).map_or((usize::MAX, 0.0), |label| (label, -share(label)))
    };
    out.sort_by(|a, b| {
        let ((x, of_x), (y, of_y)) = (leaning(a), leaning(b));
        // What is in no group stands last, so that it does not look like a part of the group above it.
        (a.group.is_empty(), &a.group, x).cmp(&(b.group.is_empty(), &b.group, y)).then(of_x.total_cmp(&of_y))
    });
    out
}

fn body(sheet: &mut Sheet, model: &Actors) {
    let (base, small, narrow) = (sheet.base(), sheet.small(), sheet.narrow());
    let shown = model.labels.len().min(LABELS[usize::from(narrow)]);
    let names = if narrow { 140.0 } else { 230.0 };
    let cell = (sheet.inner() - names) / shown.max(1) as f64;
    let heads: Vec<Block> =
        model.labels.iter().take(shown).map(|label| Block::new(label, small, Cut::Semibold, cell - 8.0, 3)).collect();
    let tall = heads.iter().map(|head| head.height).fold(0.0, f64::max);
    for (i, head) in heads.iter().enumerate() {
        let x = MARGIN + names + i as f64 * cell;
        sheet.svg.block(head, Anchor::Start, x, sheet.y + tall - head.height, "ink");
    }
    sheet.y += tall + 4.0;
    let mut group: Option<&str> = None;
    for actor in drawn(model, shown) {
        let begins = group != Some(actor.group.as_str());
        if begins && (group.is_some() || !actor.group.is_empty()) {
            let words = if actor.group.is_empty() { "in several groups or none" } else { &actor.group };
            let head = Block::new(words, small, Cut::Italic, names - 8.0, 2);
            sheet.y += 3.0;
            sheet.svg.block(&head, Anchor::Start, MARGIN, sheet.y, "soft");
            sheet.y += head.height + 2.0;
        }
        group = Some(&actor.group);
        let words = if actor.definition.is_empty() {
            actor.name.clone()
        } else {
            format!("{} ({})", actor.name, actor.definition)
        };
        let name = Block::new(&words, base, Cut::Regular, names - 10.0, 2);
        let height = name.height.max(2.0 * RADIUS + 1.0);
        sheet.svg.open_item(actor.href.as_deref(), &hover(model, actor));
        sheet.line(
            (MARGIN, sheet.y + height + 1.0),
            (sheet.width() - MARGIN, sheet.y + height + 1.0),
            "hair",
            0.6,
            None,
        );
        sheet.svg.block(&name, Anchor::Start, MARGIN, sheet.y + (height - name.height) / 2.0, "ink");
        for label in 0..shown {
            let x = MARGIN + names + label as f64 * cell;
            draw_share(sheet, actor, label, (x, sheet.y + height / 2.0));
        }
        sheet.svg.close();
        sheet.y += height + 3.0;
    }
    sheet.y += line_height(small) / 2.0;
}

/// Draws the share of an actor's mentions: a disc of its area, and the number behind.
fn draw_share(sheet: &mut Sheet, actor: &Actor, label: usize, (x, y): (f64, f64)) {
    let (n, all) = (actor.mentions.get(label).copied().unwrap_or_default(), actor.total());
    if n == 0 || all == 0 {
        return;
    }
    let share = n as f64 / all as f64;
    let fill = if all < FEW {
        "paper"
    } else if main_label(actor) == Some(label) {
        "value"
    } else {
        "value-mid"
    };
    sheet.dot((x + RADIUS, y), RADIUS * libm::sqrt(share), fill, "value", 1.0, all < FEW);
    let words = Block::new(&format!("{} %", libm::round(100.0 * share)), sheet.small(), Cut::Regular, 60.0, 1);
    sheet.svg.block(&words, Anchor::Start, x + 2.0 * RADIUS + 5.0, y - words.height / 2.0, "soft");
}

fn hover(model: &Actors, actor: &Actor) -> String {
    let said: Vec<String> = model
        .labels
        .iter()
        .zip(&actor.mentions)
        .filter(|(_, n)| **n > 0)
        .map(|(label, n)| format!("{label} {}", counted(*n, "time", "times")))
        .collect();
    format!("{}: {}", actor.name, said.join(", "))
}

fn notes(model: &Actors, shown: usize) -> String {
    let mut words =
        "Disc and number: share of the actor’s mentions of these labels; dark where the actor says it most".to_owned();
    let drawn = drawn(model, shown);
    if drawn.iter().any(|actor| actor.total() < FEW) {
        words.push_str("; hollow and dashed: fewer than 5 mentions in all");
    }
    words.push('.');
    if model.actors.iter().any(|actor| !actor.definition.is_empty()) {
        words.push_str(" In brackets: the definition that the actor adopted.");
    }
    let speaking = model.actors.iter().filter(|actor| actor.total() > 0).count();
    let silent = model.actors.len() - speaking;
    if speaking > drawn.len() {
        let left = count(speaking - drawn.len(), "actor", "actors");
        words.push_str(&format!(" Not drawn: {left} with fewer mentions or of other labels; the table has them."));
    }
    if silent > 0 {
        words.push_str(&format!(
            " {} of none of the labels.",
            match silent {
                1 => "One more actor speaks".to_owned(),
                n => format!("{n} more actors speak"),
            }
        ));
    }
    if let Some(rest) = model.labels.get(shown..).filter(|rest| !rest.is_empty()) {
        words.push_str(&format!(" Counted but not drawn: {}.", rest.join(", ")));
    }
    words
}

fn description(model: &Actors) -> String {
    let lines: Vec<String> = drawn(model, LABELS[0]).into_iter().map(|actor| hover(model, actor)).collect();
    format!(
        "A row an actor, a column a label, a disc as large as the label's share of the actor's mentions. {}.",
        lines.join(". ")
    )
}

fn table(model: &Actors, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["actor", "group", "definition", "label", "mentions", "share"]);
    for actor in &model.actors {
        for (label, &n) in model.labels.iter().zip(&actor.mentions).filter(|(_, n)| **n > 0) {
            table.push(vec![
                Cell::text(&actor.name),
                Cell::text(&actor.group),
                Cell::text(&actor.definition),
                Cell::text(label),
                Cell::Count(n),
                Cell::number(n as f64 / actor.total() as f64, 3),
            ]);
        }
    }
    table
}
