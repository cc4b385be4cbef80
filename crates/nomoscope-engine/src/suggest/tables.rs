//! The answer as tables.

use super::answer::{Missed, Suggestions};
use nomoscope_core::table::{Cell, Table};

/// Returns the words like its own, and those near it.
#[must_use]
pub fn all(answer: &Suggestions) -> Vec<Table> {
    let label = answer.label();
    vec![
        table(answer, "kin", &format!("Words like those of “{label}” that it does not code"), &answer.kin),
        table(answer, "near", &format!("Words near “{label}” that no concept has"), &answer.near),
    ]
}

fn table(answer: &Suggestions, id: &str, title: &str, words: &[Missed]) -> Table {
    let columns = ["word", "uncoded", "n", "sources", "elsewhere", "log_dice", "source", "example"];
    let mut table = Table::new(format!("suggest-{id}"), title, &columns);
    for word in words {
        let (source, quote) = match &word.example {
            Some((source, quote)) => (answer.corpus.sources[*source].path.clone(), quote.clone()),
            None => (String::new(), String::new()),
        };
        table.push(vec![
            Cell::text(&word.word),
            Cell::Count(word.uncoded),
            Cell::Count(word.n),
            Cell::Count(word.sources.into()),
            Cell::Count(word.elsewhere),
            word.log_dice.map_or(Cell::Missing("not measured"), |value| Cell::number(value, 2)),
            Cell::text(source),
            Cell::text(quote),
        ]);
    }
    if !words.is_empty() {
        table.notes.push(
            "uncoded: places that the concept does not code; elsewhere: places that another concept codes.".to_owned(),
        );
    }
    table
}
