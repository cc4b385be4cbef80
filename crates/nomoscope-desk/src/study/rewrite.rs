//! A study written anew, without its past: what is erased is nowhere in it afterwards.
//!
//! Undo, the bytes of texts that were removed, and the words of commands are of the past, so they go for all of the study. What
//! stays of the log is who did something, when, and of what kind.

use super::folder::{Texts, read_files};
use super::redact::{as_tables, held, redact, sources_by_file};
use super::shelf::Shelf;
use super::words::{Words, is_ending};
use super::{Problem, Problems, Readers, Reading, StudyError, render};
use nomoscope_core::study::{CodingRecord, Event, Source, Study};
use nomoscope_core::text::Span;
use nomoscope_formats::study as files;
use nomoscope_store::{FolderImage, MANAGED, Stamp, StoreError, file_of};
use std::collections::{BTreeMap, BTreeSet};

/// What takes the place of words that are erased.
const ERASED: &str = "[erased]";

/// What an erasure, or the replacement of names, did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rewritten {
    /// Sources that are gone, or were changed.
    pub sources: usize,
    /// Codings that are gone.
    pub codings: usize,
    /// Places in texts at which words were replaced.
    pub places: usize,
    /// What people should know.
    pub notes: Vec<Problem>,
}

/// What an erasure would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Sources that would go, or be changed: in their texts, or in what is said of them.
    pub sources: Vec<String>,
    /// Whether they would go, with all that is about them.
    pub is_source: bool,
    /// Codings that would go, or read otherwise.
    pub codings: usize,
    /// Memos that would go, or read otherwise.
    pub memos: usize,
    /// Passages, cases, sets, variables and links that would.
    pub annotations: usize,
    /// Other files of the study that would be changed.
    pub files: Vec<String>,
    /// Places in texts at which words would be replaced.
    pub places: usize,
    /// Changes of the past that could no longer be taken back, nor told in detail.
    pub changes: usize,
    /// What people should know.
    pub notes: Vec<Problem>,
}

/// Returns what an erasure would do.
pub(crate) fn would_forget(before: &FolderImage, what: &str, readers: &Readers<'_>) -> Result<Erasure, StudyError> {
    let (after, done) = erased(before, what, readers)?;
    let is_source = after.sources.len() < before.sources.len();
    let stay: BTreeSet<&str> = after.sources.iter().map(|s| s.path.as_str()).collect();
    // Words are replaced in the order of the sources, whose names may hold them.
    let changed = before.sources.iter().zip(after.sources.iter()).filter(|(a, b)| a != b).map(|(a, _)| a);
    let gone = before.sources.iter().filter(|source| !stay.contains(source.path.as_str()));
    let sources: Vec<&Source> = if is_source { gone.collect() } else { changed.collect() };
    let texts: BTreeSet<&str> =
        before.sources.iter().filter_map(|s| file_of(&s.path, |path| before.files.contains_key(path))).collect();
    let is_other = |path: &str| !texts.contains(path) && !MANAGED.contains(&path);
    let files = before.files.iter().filter(|(path, bytes)| is_other(path) && after.files.get(*path) != Some(bytes));
    let annotations: BTreeMap<_, _> = after.annotations.iter().map(|a| (a.key(), a)).collect();
    let codings: BTreeMap<_, _> = after.codings.iter().map(|c| (&c.id, c)).collect();
    let memos: BTreeMap<_, _> = after.memos.iter().map(|m| (&m.id, m)).collect();
    Ok(Erasure {
        sources: sources.into_iter().map(|source| source.path.clone()).collect(),
        is_source,
        codings: before.codings.iter().filter(|c| codings.get(&c.id) != Some(c)).count(),
        memos: before.memos.iter().filter(|m| memos.get(&m.id) != Some(m)).count(),
        annotations: before.annotations.iter().filter(|a| annotations.get(&a.key()) != Some(a)).count(),
        files: files.map(|(path, _)| path.clone()).collect(),
        places: done.places,
        changes: before.history.len(),
        notes: done.notes,
    })
}

/// Returns whether an event erased something or replaced names. That is never taken back, so that long events need not be read.
fn erases(event: &Event) -> bool {
    if event.inverse != "null" {
        return false;
    }
    let forward: Option<serde_json::Value> = serde_json::from_str(&event.forward).ok();
    forward.is_some_and(|forward| forward.get("erased").is_some() || forward.get("replaced").is_some())
}

/// Returns whether anything was erased or replaced.
pub(crate) fn has_erased(log: &[Event]) -> bool {
    log.iter().any(erases)
}

/// Refuses texts of which the study has one with words erased, or names replaced: what another study or project kept would undo that.
///
/// No record of what went is needed, and none is kept: beside the text that stayed, anything made from the one that went would let names
/// be tried until one fits.
pub(crate) fn refuse_erased<'t>(
    log: &[Event],
    study: &Study,
    texts: impl Iterator<Item = (&'t str, &'t str)>,
) -> Result<(), StudyError> {
    let mut problems = Problems::new();
    if has_erased(log) {
        let own: Vec<&str> = study.sources.iter().map(|source| &*source.document.text).collect();
        for (name, _) in texts.filter(|(_, text)| own.iter().any(|own| is_before(text, own))) {
            let reason = "words of this text were erased here, or its names were replaced, and would come back";
            problems.push(Problem::new(name, reason).hint("erase or replace them in the other one first"));
        }
    }
    Ok(problems.or(())?)
}

/// Returns whether a text is another one as it was before words in it gave way to words in brackets.
fn is_before(text: &str, rewritten: &str) -> bool {
    /// The longest words that one pair of brackets is taken to stand for, in bytes, and the least that has to agree around them.
    const LONGEST: usize = 200;
    const LEAST: usize = 12;
    let mut stayed = Vec::new();
    let mut rest = rewritten;
    while let Some((before, after)) = rest.split_once('[') {
        let (_, after) = after.split_once(']').filter(|(words, _)| !words.contains(['[', '\n'])).unwrap_or(("", after));
        stayed.push(before);
        rest = after;
    }
    let Some((first, others)) = stayed.split_first() else { return false };
    let agree = stayed.iter().map(|part| part.len()).sum::<usize>() + rest.len();
    if text == rewritten || agree < LEAST {
        return false;
    }
    let Some(mut left) = text.strip_prefix(first) else { return false };
    for part in others.iter().filter(|part| !part.is_empty()) {
        match left.find(part) {
            Some(at) if at <= LONGEST => left = &left[at + part.len()..],
            _ => return false,
        }
    }
    left.len() <= rest.len() + LONGEST && left.ends_with(rest)
}

/// Erases a source, or words wherever they stand.
pub(crate) fn forget(
    shelf: &mut Shelf,
    what: &str,
    readers: &Readers<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<(Event, Rewritten), StudyError> {
    let before = shelf.image(readers)?;
    let (image, done) = erased(&before, what, readers)?;
    let counts = serde_json::json!({ "erased": {
        "sources": done.sources, "codings": done.codings, "places": done.places } });
    let event = shelf.rewrite(&before, image, &counts.to_string(), readers, stamp)?;
    Ok((event, done))
}

/// Returns a study without a source, or without words.
fn erased(before: &FolderImage, what: &str, readers: &Readers<'_>) -> Result<(FolderImage, Rewritten), StudyError> {
    if what.trim().chars().count() < 2 {
        let problem = Problem::new("", "one letter would be erased from every text").hint("give a whole name");
        return Err(Problems::from(problem).into());
    }
    let mut image = FolderImage { history: scrubbed(&before.history), ..before.clone() };
    let mut done = Rewritten::default();
    if let Some(file) = file_named(before, what)? {
        let of_file = |path: &str| file_of(path, |p| before.files.contains_key(p)) == Some(file.as_str());
        done.sources = before.sources.iter().filter(|s| of_file(&s.path)).count();
        done.codings = before.codings.iter().filter(|c| of_file(&c.source)).count();
        remove(&mut image, &file, &of_file);
    } else {
        if is_ending(what) {
            let reason = "is no source, and files are read by this ending: it cannot be erased";
            return Err(Problems::from(Problem::new(what, reason)).into());
        }
        let words = Words::new([(what, ERASED)], true);
        let replaced = redact(&mut image, &words, readers)?;
        let same = |a: &FolderImage, b: &FolderImage| {
            (&a.files, &a.sources, &a.codings, &a.coders, &a.memos, &a.annotations, &a.sheet)
                == (&b.files, &b.sources, &b.codings, &b.coders, &b.memos, &b.annotations, &b.sheet)
        };
        if same(&image, before) {
            let reason = "is no source, and these words are nowhere in the study";
            return Err(Problems::from(Problem::new(what, reason)).into());
        }
        (done.places, done.sources, done.notes) = (replaced.places, replaced.sources, replaced.notes);
    }
    Ok((image, done))
}

/// Returns the file of a source that is called so: by its path, or by the end of it where no other has the same.
fn file_named(image: &FolderImage, name: &str) -> Result<Option<String>, StudyError> {
    let files: Vec<String> = sources_by_file(image).into_keys().collect();
    if files.iter().any(|file| file == name) {
        return Ok(Some(name.to_owned()));
    }
    let end = format!("/{name}");
    let mut called = files.iter().filter(|file| file.ends_with(&end));
    match (called.next(), called.count()) {
        (None, _) if image.sources.iter().any(|s| s.path == name || s.path.ends_with(&end)) => {
            Err(StoreError::RowOfTable(name.to_owned()).into())
        }
        (first, 0) => Ok(first.cloned()),
        (_, more) => {
            let reason = format!("is the name of {} sources", more + 1);
            let all: Vec<&str> = files.iter().filter(|file| file.ends_with(&end)).map(String::as_str).collect();
            Err(Problems::from(Problem::new(name, reason).hint(format!("say which one: {}", all.join(", ")))).into())
        }
    }
}

/// Puts pseudonyms in the place of names, and says so in `study.toml`.
pub(crate) fn pseudonymise(
    shelf: &mut Shelf,
    pairs: &[(String, String)],
    readers: &Readers<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<(Event, Rewritten), StudyError> {
    let words = Words::new(pairs.iter().map(|(from, to)| (from.as_str(), to.as_str())), false);
    refuse_names_as_pseudonyms(pairs, &words)?;
    let before = shelf.image(readers)?;
    let mut image = FolderImage { history: scrubbed(&before.history), ..before.clone() };
    let replaced = redact(&mut image, &words, readers)?;
    say_so(&mut image)?;
    let counts = serde_json::json!({ "replaced": {
        "sources": replaced.sources, "places": replaced.places } });
    let event = shelf.rewrite(&before, image, &counts.to_string(), readers, stamp)?;
    let done = Rewritten { sources: replaced.sources, places: replaced.places, notes: replaced.notes, codings: 0 };
    Ok((event, done))
}

/// Refuses pseudonyms that are names themselves: where one stands, nobody could tell whether it was replaced.
fn refuse_names_as_pseudonyms(pairs: &[(String, String)], words: &Words) -> Result<(), StudyError> {
    let mut problems = Problems::new();
    for (name, put) in pairs {
        if let Some((_, other)) = words.names(put).first() {
            let reason = format!("its pseudonym `{put}` holds `{other}`, which is to be replaced itself");
            problems.push(Problem::new(name.as_str(), reason).hint("give a pseudonym that is nobody's name"));
        }
    }
    Ok(problems.or(())?)
}

/// Reads a study as it is to be written, and refuses where it would not read as it is meant: what was before cannot come back.
pub(crate) fn read_back(before: &FolderImage, after: &FolderImage, readers: &Readers<'_>) -> Result<(), StudyError> {
    let files = rendered(after.clone())?;
    let known: BTreeSet<&[u8]> =
        sources_by_file(before).keys().filter_map(|f| before.files.get(f)).map(Vec::as_slice).collect();
    let of_file = sources_by_file(after);
    // A study file keeps texts as they were read; what did not change is not read out anew, perhaps in another way.
    let read = |path: &str, bytes: &[u8], reading: &Reading| {
        let Some(at) = of_file.get(path).filter(|_| known.contains(bytes)) else {
            return (readers.read_text)(path, bytes, reading);
        };
        let id = |s: &Source| s.path.get(path.len() + 1..).map(str::to_owned);
        let texts = at.iter().filter_map(|i| after.sources.get(*i)).map(|s| (s.document.clone(), id(s)));
        Ok(Texts { texts: texts.collect(), notes: Vec::new() })
    };
    let read = read_files(&files, &Readers { read_text: &read, memory: None, ..*readers })?;
    if held_by(&read.sources, &read.codings) != held_by(&after.sources, &after.codings)
        || read.coders.len() != after.coders.len()
        || read.memos.len() != after.memos.len()
        || read.annotations.iter().count() != after.annotations.iter().count()
    {
        let reason = "the study would not read afterwards as it is meant: nothing was changed";
        return Err(Problems::from(Problem::new("", reason)).into());
    }
    Ok(())
}

/// Texts by path.
type ByPath<'a> = BTreeMap<&'a str, &'a str>;
/// By id the source, the place, the concept and the coder of a coding.
type ById<'a> = BTreeMap<&'a str, (&'a str, Span, &'a str, &'a str)>;

/// Returns texts by path, and codings by id, as they have to read.
fn held_by<'a>(sources: &'a [Source], codings: &'a [CodingRecord]) -> (ByPath<'a>, ById<'a>) {
    let texts = sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str()));
    let of = |c: &'a CodingRecord| (c.id.as_str(), (c.source.as_str(), c.span, c.concept.as_str(), c.coder.as_str()));
    (texts.collect(), codings.iter().map(of).collect())
}

/// Writes into the settings that names were replaced.
fn say_so(image: &mut FolderImage) -> Result<(), StudyError> {
    let bytes = image.files.get(files::STUDY_TOML).cloned().unwrap_or_default();
    if files::study_toml::parse(&bytes)?.pseudonymised {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Before all tables: a key behind one would be of it.
    let text = format!("pseudonymised = true\n{}", text.trim_start_matches('\u{feff}'));
    files::study_toml::parse(text.as_bytes())?;
    image.files.insert(files::STUDY_TOML.to_owned(), text.into_bytes());
    Ok(())
}

fn remove(image: &mut FolderImage, file: &str, of_file: &dyn Fn(&str) -> bool) {
    let mut study = Study {
        sources: image.sources.iter().filter(|s| !of_file(&s.path)).cloned().collect(),
        codings: std::mem::take(&mut image.codings),
        coders: std::mem::take(&mut image.coders),
        memos: std::mem::take(&mut image.memos),
        annotations: std::mem::take(&mut image.annotations),
        ..Study::default()
    };
    study.codings.retain(|c| !of_file(&c.source));
    study.drop_dangling();
    image.files.remove(file);
    if let Some(sheet) = &mut image.sheet {
        let at = sheet.column("path");
        sheet.rows.retain(|cells| at.and_then(|at| cells.get(at)).is_none_or(|path| path != file));
    }
    image.sources = study.sources;
    (image.codings, image.coders, image.memos, image.annotations) =
        (study.codings, study.coders, study.memos, study.annotations);
}

/// Returns the log without contents: of each event who, when, and the first word of the command.
fn scrubbed(history: &[Event]) -> Vec<Event> {
    let plain = |event: &Event| Event {
        id: event.id.clone(),
        parents: event.parents.clone(),
        coder: event.coder.clone(),
        time: event.time.clone(),
        command: event.command.split_whitespace().next().unwrap_or_default().to_owned(),
        // What an erasure tells are counts.
        forward: if erases(event) { event.forward.clone() } else { "null".to_owned() },
        inverse: "null".to_owned(),
    };
    history.iter().map(plain).collect()
}

/// Returns all files of the study as they are to be, its tables written anew.
pub(crate) fn rendered(image: FolderImage) -> Result<BTreeMap<String, Vec<u8>>, Problems> {
    render(&as_tables(image))
}

/// Returns which of these words stand in a study, each with the first file that holds it.
///
/// # Errors
/// The study cannot be read.
pub fn names_in<'n>(
    image: &FolderImage,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Vec<(String, String)>, StudyError> {
    let words = Words::new(names.into_iter().map(|name| (name, name)), false);
    Ok(held(image, &words)?.into_iter().collect())
}
