//! The answer as tables.

use super::answer::{Group, Key, Terms};
use nomoscope_core::table::{Cell, Table};
use nomoscope_stats::Interval;
use nomoscope_stats::fourfold::per_ten_thousand;

/// Returns what was asked for: what stands near a concept, what sets groups apart, and how often each word occurs.
#[must_use]
pub fn all(answer: &Terms) -> Vec<Table> {
    let mut out = Vec::new();
    if answer.rules.near.is_some() {
        out.push(near(answer));
    }
    if !answer.groups.is_empty() {
        out.push(keyness(answer));
    }
    out.push(frequencies(answer));
    out
}

/// Returns the name of what is counted.
fn kind(answer: &Terms) -> &'static str {
    if answer.length == 1 { "word" } else { "phrase" }
}

/// Returns how often each term occurs, the most frequent first.
#[must_use]
pub fn frequencies(answer: &Terms) -> Table {
    let title = if answer.length == 1 { "Words" } else { "Phrases" };
    let mut table = Table::new("terms", title, &[kind(answer), "n", "per_10000", "sources"]);
    let total = answer.counted.total();
    for (_, term) in answer.listed() {
        table.push(vec![
            Cell::text(&term.written),
            Cell::Count(term.n),
            Cell::number(per_ten_thousand(term.n, total), 1),
            Cell::Count(term.sources.into()),
        ]);
    }
    let left = if answer.rules.stop_words { "" } else { ", words that only join others, such as the and of," };
    table.notes.push(format!("Numbers{left} are counted among all words but not listed."));
    table
}

/// Returns what sets each group apart from all others: what it says more often, then what it says less often.
#[must_use]
pub fn keyness(answer: &Terms) -> Table {
    let columns = [
        "group",
        kind(answer),
        "log_likelihood",
        "log_ratio",
        "from",
        "to",
        "n",
        "per_10000",
        "sources",
        "n_others",
        "per_10000_others",
        "sources_others",
    ];
    let mut table = Table::new("keyness", "What sets the groups apart", &columns);
    // The strongest of each group first, so that a short table shows every group.
    let mut rows: Vec<(usize, &Group, &Key)> = Vec::new();
    for group in &answer.groups {
        rows.extend(group.more.iter().enumerate().map(|(rank, key)| (rank, group, key)));
        rows.extend(group.less.iter().enumerate().map(|(rank, key)| (group.more.len() + rank, group, key)));
    }
    rows.sort_by_key(|row| row.0);
    for (_, group, key) in rows {
        table.push(vec![
            Cell::text(&group.name),
            Cell::text(answer.written(key.term)),
            Cell::number(key.log_likelihood, 1),
            Cell::number(key.log_ratio, 2),
            end(key.interval, |i| i.lower),
            end(key.interval, |i| i.upper),
            Cell::Count(key.n),
            Cell::number(per_ten_thousand(key.n, group.all), 1),
            Cell::Count(key.sources.into()),
            Cell::Count(key.n_others),
            Cell::number(per_ten_thousand(key.n_others, group.all_others), 1),
            Cell::Count(key.sources_others.into()),
        ]);
    }
    table.notes.push("log_likelihood: Dunning's G² of the group against all others, negative where the group says less; it orders words and tests nothing, for the words of a text hang together.".to_owned());
    table.notes.push("log_ratio: 1 is twice as often, 2 four times; from and to: its 95 % interval if words were independent, so the true one is wider.".to_owned());
    table.notes.push("Left out: differences below a log-likelihood of 3.84, and, where a group has two sources, words that only one of them says.".to_owned());
    table
}

fn end(interval: Interval, which: impl Fn(&Interval) -> Option<f64>) -> Cell {
    which(&interval).map_or(Cell::Missing("no limit"), |value| Cell::number(value, 2))
}

/// Returns what stands near the concept, by log-likelihood.
#[must_use]
pub fn near(answer: &Terms) -> Table {
    let label = answer.rules.near.map_or("", |concept| answer.corpus.codebook.get(concept).label_in("en"));
    let columns = ["word", "near", "expected", "n", "places", "log_likelihood", "log_dice", "t", "mi"];
    let mut table = Table::new("collocates", format!("Near “{label}”"), &columns);
    for c in &answer.near {
        table.push(vec![
            Cell::text(answer.written(c.term)),
            Cell::Count(c.beside),
            Cell::number(c.expected, 1),
            Cell::Count(c.n),
            Cell::Count(c.nodes),
            Cell::number(c.log_likelihood, 1),
            Cell::number(c.log_dice, 2),
            Cell::number(c.t, 2),
            Cell::number(c.mutual_information, 2),
        ]);
    }
    let width = answer.rules.width;
    table.notes.push(format!("near: within {width} words of the concept in its paragraph; places: occurrences of the concept with the word near them; words below a log-likelihood of 3.84 are left out."));
    table.notes.push("log_dice: 14 where word and concept always stand together, one less for each halving; t favours frequent words, mi (mutual information, binary) rare ones.".to_owned());
    table
}
