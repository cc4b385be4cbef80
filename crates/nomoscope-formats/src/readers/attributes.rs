//! What texts say of themselves, settled: names of any language that mean a date, a title, a language or a kind, and dates
//! however they are written.
//!
//! An unreadable date among readable ones is the problem of its text, which stays without a date and is told. Where no date
//! of a column can be read, all stay as written, for whoever takes them to refuse.

use super::set;
use crate::column_names::{self, Meaning};
use crate::study::sources_csv::is_date_column;
use crate::written_dates;
use crate::{Place, Read};
use nomoscope_core::amount::of_many;
use std::collections::{BTreeMap, BTreeSet};

/// How many places are named in a note.
const NAMED: usize = 5;

/// Settles the attributes of the texts of one file, and returns what to say of that; `places` says where each text stands.
pub(super) fn settle(reads: &mut [Read], places: &[Place]) -> Vec<String> {
    let names = names_of(reads);
    let mut notes = Vec::new();
    let taken = renamed(reads, &names);
    for (from, to, _) in &taken {
        for read in reads.iter_mut() {
            if let Some(value) = read.document.attributes.remove(from) {
                set(&mut read.document, to, &value);
            }
        }
    }
    let foreign: Vec<(&str, Meaning)> =
        taken.iter().filter_map(|(from, _, meaning)| Some((from.as_str(), (*meaning)?))).collect();
    notes.extend(column_names::note(&foreign));
    for column in names_of(reads).iter().filter(|name| is_date_column(name) || name.as_str() == "year") {
        settle_dates(reads, places, column, &mut notes);
    }
    notes
}

/// Returns the names of all attributes.
fn names_of(reads: &[Read]) -> BTreeSet<String> {
    let names: BTreeSet<&String> = reads.iter().flat_map(|read| read.document.attributes.keys()).collect();
    names.into_iter().cloned().collect()
}

/// Returns which names become which, and the meaning of those that are words of another language.
fn renamed(reads: &[Read], names: &BTreeSet<String>) -> Vec<(String, String, Option<Meaning>)> {
    let mut out: Vec<(String, String, Option<Meaning>)> = Vec::new();
    for name in names {
        let lower = name.to_lowercase();
        let own = is_date_column(&lower) || column_names::own(&lower).is_some();
        if own && *name != lower && !names.contains(&lower) && lower != "path" {
            out.push((name.clone(), lower, None));
        }
    }
    for name in names {
        let values = || reads.iter().filter_map(|read| read.document.attributes.get(name)).map(String::as_str);
        let Some(meaning) = column_names::foreign_of(name, values) else { continue };
        let is_free = match meaning {
            Meaning::Language => reads.iter().all(|read| read.document.language.is_none()),
            Meaning::Title => reads.iter().all(|read| read.document.title.is_none()),
            Meaning::Path | Meaning::Date | Meaning::Kind => true,
        };
        let to = meaning.name();
        if is_free && !names.contains(to) && !out.iter().any(|(_, other, _)| other == to) {
            out.push((name.clone(), to.to_owned(), Some(meaning)));
        }
    }
    out
}

/// Writes the dates of a column as `sources.csv` has them.
fn settle_dates(reads: &mut [Read], places: &[Place], column: &str, notes: &mut Vec<String>) {
    let days_first = written_dates::days_first(
        reads.iter().filter_map(|read| read.document.attributes.get(column)).map(String::as_str),
    );
    let mut settled: BTreeMap<usize, String> = BTreeMap::new();
    let mut wrong: Vec<(usize, String)> = Vec::new();
    let mut guessed = false;
    for (at, read) in reads.iter().enumerate() {
        let Some(cell) = read.document.attributes.get(column) else { continue };
        match written_dates::read(cell, days_first) {
            Ok(Some(written)) => {
                guessed |= written.century_guessed;
                settled.insert(at, written.date.to_string());
            }
            Ok(None) => {
                settled.insert(at, String::new());
            }
            Err(reason) => wrong.push((at, reason.to_string())),
        }
    }
    let any = settled.values().any(|date| !date.is_empty());
    for (at, date) in settled {
        if let Some(read) = reads.get_mut(at) {
            if date.is_empty() {
                read.document.attributes.remove(column);
            } else {
                read.document.attributes.insert(column.to_owned(), date);
            }
        }
    }
    if guessed {
        notes.push(written_dates::century_note(column));
    }
    if !any || wrong.is_empty() {
        return;
    }
    for (at, _) in &wrong {
        if let Some(read) = reads.get_mut(*at) {
            read.document.attributes.remove(column);
        }
    }
    let told = |(at, reason): &(usize, String)| match places.get(*at) {
        Some(place) => format!("{place}: {reason}"),
        None => reason.clone(),
    };
    let named: Vec<String> = wrong.iter().take(NAMED).map(told).collect();
    let dots = if wrong.len() > NAMED { "; …" } else { "" };
    let without = of_many(wrong.len(), "texts");
    notes.push(format!("column `{column}`: {without} without a date that can be read: {}{dots}", named.join("; ")));
}
