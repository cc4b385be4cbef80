//! The answer as tables.

use super::answer::Look;
use crate::terms::tables as terms;
use nomoscope_core::table::{Cell, Table};

/// Returns the tables: words, phrases, keyness, concepts, what was left out.
#[must_use]
pub fn all(answer: &Look) -> Vec<Table> {
    let mut out = vec![Table { id: "words".to_owned(), ..terms::frequencies(&answer.words) }, phrases(answer)];
    if !answer.words.groups.is_empty() {
        out.push(terms::keyness(&answer.words));
    }
    if !answer.corpus().codebook.is_empty() {
        out.push(concepts(answer));
    }
    if !answer.left_out.is_empty() {
        out.push(left_out(answer));
    }
    out
}

/// Returns the phrases of two and three words, the most frequent first.
fn phrases(answer: &Look) -> Table {
    let mut all: Vec<_> = answer.phrases.iter().flat_map(|phrases| phrases.listed().map(|(_, term)| term)).collect();
    all.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.form.cmp(&b.form)));
    let mut table = Table::new("phrases", "Phrases of two and three words", &["phrase", "n", "texts"]);
    for term in all.into_iter().filter(|term| term.n > 1) {
        table.push(vec![Cell::text(&term.written), Cell::Count(term.n), Cell::Count(term.sources.into())]);
    }
    table
}

fn concepts(answer: &Look) -> Table {
    let mut table = Table::new("concepts", "Concepts of the codebook", &["concept", "roles", "places", "texts"]);
    for (concept, n, texts) in &answer.concepts {
        let concept = answer.corpus().codebook.get(*concept);
        let roles: Vec<&str> = concept.roles.iter().map(|role| role.name()).collect();
        table.push(vec![
            Cell::text(concept.label_in("en")),
            Cell::text(roles.join(", ")),
            Cell::Count(*n),
            Cell::Count(*texts),
        ]);
    }
    table
}

fn left_out(answer: &Look) -> Table {
    let mut table = Table::new("left-out", "Left out", &["file", "reason"]);
    for (file, reason) in &answer.left_out {
        table.push(vec![Cell::text(file), Cell::text(reason)]);
    }
    table
}
