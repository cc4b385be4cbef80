//! Tables in which who speaks has a column: their rows are turns.
//!
//! Rows with the same id or of the same interview, or all rows of a table that has neither, are one transcript if speakers come again and all else that
//! the rows say is the same for each: then who asks and who answers can be told. Otherwise each row is a text, whose one
//! turn is that of its speaker: a table of speeches has dates and parties that would be lost.

use super::Said;
use crate::builder::Builder;
use crate::{FormatError, Input, Place, Read, ReadOptions};
use nomoscope_core::amount::of_many;
use nomoscope_core::text::{Document, Mark, MarkKind, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Names that a column of speakers usually has.
pub(super) static SPEAKER_NAMES: &[&str] = &[
    "speaker",
    "speaker_name",
    "speakername",
    "speaker name",
    "sprecher",
    "sprecherin",
    "sprecher:in",
    "redner",
    "locuteur",
    "locutrice",
    "intervenant",
    "orateur",
    "hablante",
    "orador",
    "interlocutor",
    "falante",
    "parlante",
    "oratore",
    "spreker",
    "mówca",
    "mluvčí",
    "говорящий",
    "спикер",
    "мовець",
    "konuşmacı",
    "المتحدث",
    "发言人",
    "說話人",
    "说话人",
    "話者",
    "発言者",
    "화자",
];

/// What a column of conversations is called, in letters alone.
static CONVERSATIONS: &[&str] = &[
    "interview",
    "entretien",
    "entrevista",
    "intervista",
    "gespräch",
    "conversation",
    "transcript",
    "session",
    "dialogue",
    "dialog",
    "focusgroup",
    "recording",
    "hearing",
];

/// What the rows of a table with speakers are.
pub(super) enum Spoken {
    /// Turns of transcripts.
    Joined { reads: Vec<Read>, places: Vec<Place>, notes: Vec<String> },
    /// Texts of their own.
    Apart(Vec<Said>),
}

/// Returns the transcripts of a table whose `column` says who speaks.
pub(super) fn transcripts(
    input: &Input,
    said: Vec<Said>,
    column: &str,
    options: &ReadOptions,
) -> Result<Spoken, FormatError> {
    let conversation = conversation(&said);
    let key = |said: &Said| match (&said.own, &conversation) {
        (Some((_, id)), _) => Some(id.clone()),
        (None, Some(column)) => said.read.document.attributes.get(column).cloned(),
        (None, None) => None,
    };
    let mut groups: Vec<(Option<String>, Vec<&Said>)> = Vec::new();
    let mut index: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for one in &said {
        let at = *index.entry(key(one)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push(one),
            None => groups.push((key(one), vec![one])),
        }
    }
    let counted: BTreeSet<&String> = running(&said).filter(|name| Some(*name) != conversation.as_ref()).collect();
    let unnamed = groups.len() > 1 && groups.iter().any(|(id, _)| id.is_none());
    if unnamed || !recur(&groups) || !groups.iter().all(|(_, group)| same(group, column, &counted)) {
        return Ok(Spoken::Apart(said));
    }
    let (mut reads, mut places) = (Vec::new(), Vec::new());
    for (id, group) in &groups {
        let document = joined(input, group, column, &counted, options)?;
        reads.push(Read { document, row: id.clone(), notes: Vec::new() });
        places.extend(group.first().map(|first| Place::Line(first.line)));
    }
    let texts = of_many(reads.len(), "texts");
    let mut notes = vec![format!("{} with a speaker are the turns of {texts}", of_many(said.len(), "rows"))];
    if !counted.is_empty() {
        let names: Vec<String> = counted.iter().map(|name| format!("`{name}`")).collect();
        notes.push(format!("left out: what numbers and times the turns: {}", names.join(", ")));
    }
    Ok(Spoken::Joined { reads, places, notes })
}

/// Returns the column that tells conversations apart in a table without ids: `interview`, `session_id`.
fn conversation(said: &[Said]) -> Option<String> {
    let is_one = |name: &&String| {
        let letters: String = name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        let word = letters.strip_suffix("id").unwrap_or(&letters);
        CONVERSATIONS.contains(&word) || CONVERSATIONS.contains(&letters.as_str())
    };
    said.iter().find_map(|said| said.read.document.attributes.keys().find(is_one).cloned())
}

/// Returns each row as a text with the turn of its speaker.
pub(super) fn marked(mut said: Vec<Said>) -> Vec<Said> {
    for one in &mut said {
        let (start, end) = {
            let text = &one.read.document.text;
            (text.len() - text.trim_start().len(), text.trim_end().len())
        };
        let span = u32::try_from(start).ok().zip(u32::try_from(end).ok());
        if let (Some(speaker), Some((start, end))) = (&one.speaker, span) {
            let label = Some(speaker.clone());
            one.read.document.marks = vec![Mark { span: Span::new(start, end), kind: MarkKind::Turn, label, id: None }];
        }
    }
    said
}

/// Whether somebody speaks twice in a group, and not alone, so that its rows are a conversation.
fn recur(groups: &[(Option<String>, Vec<&Said>)]) -> bool {
    groups.iter().any(|(_, group)| {
        let spoken = group.iter().filter_map(|said| said.speaker.as_ref());
        let speakers: BTreeSet<&String> = spoken.clone().collect();
        speakers.len() > 1 && speakers.len() < spoken.count() || is_interview(group)
    })
}

/// Whether one of two or more rows is that of who asks.
fn is_interview(group: &[&Said]) -> bool {
    let asks = |said: &&Said| {
        said.speaker.as_ref().is_some_and(|name| name.to_lowercase().starts_with("interview") && !name.ends_with("ee"))
    };
    group.len() > 1 && group.iter().any(asks) && !group.iter().all(asks)
}

/// Returns the attributes that only number or time the rows: all are numbers or times, and not all the same.
fn running(said: &[Said]) -> impl Iterator<Item = &String> {
    let mut values: BTreeMap<&String, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for (name, value) in said.iter().flat_map(|said| &said.read.document.attributes) {
        let is_number = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || ":.,-> ".contains(c));
        let (seen, all) = values.entry(name).or_insert_with(|| (BTreeSet::new(), true));
        *all &= is_number;
        if seen.len() < 2 {
            seen.insert(value);
        }
    }
    let is_date = |name: &str| {
        let name = name.to_lowercase();
        name.contains("date") || name.contains("year") || crate::column_names::foreign(&name).is_some()
    };
    values.into_iter().filter(move |(name, (seen, all))| *all && seen.len() > 1 && !is_date(name)).map(|(name, _)| name)
}

/// Whether all that rows say but the speaker is the same for each.
fn same(group: &[&Said], column: &str, counted: &BTreeSet<&String>) -> bool {
    let rest = |said: &Said| -> Vec<(String, String)> {
        let own = said.read.document.attributes.iter();
        own.filter(|(name, _)| name.as_str() != column && !counted.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let described = |said: &Said| (said.read.document.title.clone(), said.read.document.language.clone(), rest(said));
    let first = group.first().map(|first| described(first));
    group.iter().all(|said| Some(described(said)) == first)
}

fn joined(
    input: &Input,
    group: &[&Said],
    column: &str,
    counted: &BTreeSet<&String>,
    options: &ReadOptions,
) -> Result<Document, FormatError> {
    let mut builder = Builder::new(&options.limits);
    let mut speaker: Option<&String> = None;
    for said in group {
        builder.block();
        // Who is not named goes on speaking.
        speaker = said.speaker.as_ref().or(speaker);
        let open = builder.open(MarkKind::Turn, speaker.cloned(), None);
        builder.exact(said.read.document.text.trim());
        builder.close(open);
    }
    let (text, marks) = builder.finish(input)?;
    let mut document = group.first().map(|first| first.read.document.clone()).unwrap_or_default();
    document.attributes.retain(|name, _| name != column && !counted.contains(name));
    Ok(Document { text, marks, ..document })
}
