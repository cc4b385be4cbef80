//! Corrects the words of a source: what was coded follows, and what cannot is told before anything happens.
//!
//! What is corrected is the study's own copy, never the file that it was added from. Where the form of a file cannot be
//! changed word by word (a docx, a pdf), the study keeps the text as plain text from then on, if that is agreed to.

use super::edits::{apply, carry, difference, tokens};
use super::redact::{plain_path, read, row_of, said_in, sheet_row, sources_by_file};
use super::words::Words;
use super::{Problem, Problems, Readers, StudyError};
use crate::act::Wording;
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{Annotation, Source, Subject};
use nomoscope_core::text::Span;
use nomoscope_store::{Correction, FolderImage, Gone, StoreError, file_of};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a correction would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    /// The source afterwards.
    pub source: String,
    /// The words that are changed, as they were and as they will be.
    pub words: Vec<(String, String)>,
    /// Codings and passages that stand elsewhere afterwards, with the same words.
    pub moved: usize,
    /// Those that keep their place and read otherwise.
    pub reworded: Vec<Touched>,
    /// Those of whose words nothing stays: somebody has to agree that they go, or read as they will.
    pub lost: Vec<Touched>,
    /// The file that the study keeps as plain text from then on, where its form cannot be changed: to be agreed to as well.
    pub plain: Option<String>,
}

/// A coding or a passage whose words are changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// The concept, or the name of the passage.
    pub what: String,
    /// By whom.
    pub coder: String,
    /// The words as they were.
    pub was: String,
    /// The words as they will be; none where it goes, with the memos on it.
    pub is: Option<String>,
}

impl Plan {
    /// Returns what somebody has to agree to, by id or path.
    #[must_use]
    pub fn asks(&self) -> BTreeSet<String> {
        self.lost.iter().map(|t| t.id.clone()).chain(self.plain.clone()).collect()
    }

    /// Returns what has to be agreed to in words, a line each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(file) = &self.plain {
            lines.push(format!(
                "`{file}` cannot be changed word by word: the study keeps its text as plain text from now on, without headings \
                 and other marks of its form; the file that it was added from stays as it is"
            ));
        }
        for Touched { id, what, coder, was, is } in &self.lost {
            lines.push(match is {
                Some(is) => format!("coding {id} as {what} by {coder} would read `{is}` in place of `{was}`"),
                None => {
                    format!("coding {id} as {what} by {coder} would go with its words, `{was}`, and with its memos")
                }
            });
        }
        lines
    }
}

/// Returns whether changes are no more than the spelling of single words: then nothing that was coded can lose its place.
pub(crate) fn is_spelling(changes: &[Wording]) -> bool {
    let word = |text: &str| tokens(text).len() == 1 && text.chars().any(char::is_alphanumeric);
    changes.iter().all(|change| {
        let edits = difference(&change.was, &change.text, 0);
        edits.iter().all(|(span, to)| {
            let was = span.of(&change.was);
            word(was) && word(to) && is_near(was, to)
        })
    })
}

/// Returns whether words are others only by their spelling.
fn is_near(was: &str, is: &str) -> bool {
    nearest(was, [is]).is_some()
}

/// Returns what a correction writes, and what it would do.
pub(crate) fn prepare(
    image: &FolderImage,
    path: &str,
    changes: &[Wording],
    readers: &Readers<'_>,
) -> Result<(Correction, Plan), StudyError> {
    let before = image.sources.iter().find(|s| s.path == path);
    let before = before.ok_or_else(|| StoreError::UnknownSource(path.to_owned()))?;
    let edits = edits(before, changes)?;
    let borrowed: Vec<(Span, &str)> = edits.iter().map(|(span, to)| (*span, to.as_str())).collect();
    let new = apply(&before.document.text, &borrowed);
    let Written { file, after, bytes, source, row } = written(image, before, &borrowed, &new, readers)?;
    let mut plan = Plan { source: source.path.clone(), ..Plan::default() };
    plan.words = edits.iter().map(|(span, to)| (span.of(&before.document.text).to_owned(), to.clone())).collect();
    plan.plain = (row.is_some()).then(|| file.clone());
    let mut correction = Correction {
        file,
        path: after,
        bytes,
        before: path.to_owned(),
        source,
        row,
        places: Vec::new(),
        gone: Gone::default(),
        annotations: Vec::new(),
        about: Vec::new(),
    };
    follow(image, &borrowed, &before.document.text, &mut correction, &mut plan);
    Ok((correction, plan))
}

/// Returns what makes the text of a source another one; none where somebody would have to agree, for what was coded would go or
/// its file cannot hold the text.
pub(crate) fn version(
    image: &FolderImage,
    path: &str,
    text: &str,
    readers: &Readers<'_>,
) -> Result<Option<Correction>, StudyError> {
    let Some(before) = image.sources.iter().find(|s| s.path == path) else { return Ok(None) };
    let was = before.document.text.to_string();
    let span = Span::new(0, u32::try_from(was.len()).unwrap_or(u32::MAX));
    let (correction, plan) = prepare(image, path, &[Wording { span, was, text: text.to_owned() }], readers)?;
    Ok(Some(correction).filter(|c| plan.asks().is_empty() && c.row.is_none() && c.file == c.path))
}

/// Returns the edits of a text that the changes ask for, word by word.
fn edits(source: &Source, changes: &[Wording]) -> Result<Vec<(Span, String)>, StudyError> {
    let wrong = |reason: &str| StudyError::from(Problems::from(Problem::new(source.path.as_str(), reason)));
    let mut changes: Vec<&Wording> = changes.iter().collect();
    changes.sort_by_key(|change| (change.span.start, change.span.end));
    let (mut edits, mut end) = (Vec::new(), 0);
    for change in changes {
        if change.span.of(&source.document.text) != change.was {
            return Err(wrong("its text was changed meanwhile: look at it again"));
        }
        if change.span.start < end {
            return Err(wrong("two corrections overlap"));
        }
        end = change.span.end;
        edits.extend(difference(&change.was, &change.text, change.span.start));
    }
    Ok(edits)
}

/// A file with its corrected source.
struct Written {
    file: String,
    after: String,
    bytes: Vec<u8>,
    source: Source,
    row: Option<BTreeMap<String, String>>,
}

/// Changes a file of text where it stands, so that it reads as wanted; what has another form becomes plain text.
fn written(
    image: &FolderImage,
    before: &Source,
    edits: &[(Span, &str)],
    new: &str,
    readers: &Readers<'_>,
) -> Result<Written, StudyError> {
    let path = before.path.as_str();
    let file = file_of(path, |path| image.files.contains_key(path)).unwrap_or(path).to_owned();
    let of_file = sources_by_file(image).remove(&file).unwrap_or_default();
    let old: Vec<&Source> = of_file.iter().filter_map(|at| image.sources.get(*at)).collect();
    let want: Vec<&str> = old.iter().map(|s| if s.path == path { new } else { s.document.text.as_str() }).collect();
    let bytes = image.files.get(&file).map(Vec::as_slice).unwrap_or_default();
    let (row, none) = (sheet_row(image, &file), Words::default());
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(spliced) = spliced(text, &before.document.text, edits)
        && let Ok(sources) = read(&file, spliced.as_bytes(), row.as_ref(), &none, readers)
        && sources.iter().map(|s| s.document.text.as_str()).eq(want)
        && let Some(source) = sources.into_iter().find(|s| s.path == path)
    {
        return Ok(Written { after: file.clone(), file, bytes: spliced.into_bytes(), source, row: None });
    }
    if new.trim().is_empty() {
        let hint = "take the source out of the study instead";
        return Err(Problems::from(Problem::new(path, "would have no text").hint(hint)).into());
    }
    if old.len() != 1 {
        let reason = "stands in a table whose cell cannot be changed word by word";
        let hint = Remedy::with("correct the table in the program that wrote it, and see {}", [Act::Add]);
        return Err(Problems::from(Problem::new(path, reason).hint(hint)).into());
    }
    let after = plain_path(&file, |path| path == file || !image.files.contains_key(path));
    let row = row_of(before, &after, row, &none);
    let sources = read(&after, new.as_bytes(), Some(&row), &none, readers)
        .map_err(|wrong| StudyError::from(wrong.into_iter().collect::<Problems>()))?;
    let fits = |source: &Source| source.document.text == new;
    let source = sources.into_iter().find(fits).ok_or_else(|| {
        StudyError::from(Problems::from(Problem::new(
            path,
            "its corrected text cannot be kept as a file of plain text",
        )))
    })?;
    Ok(Written { file, after, bytes: new.as_bytes().to_vec(), source, row: Some(row) })
}

/// Returns a file with the edits of a text that it holds: each is looked for with more and more of what stands around it,
/// until the file has those words as often as the text has. Whether it was the right place, a reader tells.
fn spliced(file: &str, text: &str, edits: &[(Span, &str)]) -> Option<String> {
    const AROUND: [usize; 5] = [0, 8, 24, 64, 160];
    if let Some(at) = whole(file, text) {
        let moved: Vec<(Span, &str)> = edits.iter().map(|(s, to)| (Span::new(s.start + at, s.end + at), *to)).collect();
        return Some(apply(file, &moved));
    }
    let mut placed = Vec::new();
    for (span, to) in edits {
        let place = AROUND.iter().find_map(|around| {
            let (mut from, mut end) = (span.start as usize, span.end as usize);
            from = (from.saturating_sub(*around)..=from).find(|at| text.is_char_boundary(*at))?;
            end = (end..=(end + around).min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
            let words = text.get(from..end).filter(|words| !words.is_empty())?;
            let in_text: Vec<usize> = text.match_indices(words).map(|(at, _)| at).collect();
            let in_file: Vec<usize> = file.match_indices(words).map(|(at, _)| at).collect();
            let nth = in_text.iter().position(|at| *at == from)?;
            let start = (in_text.len() == in_file.len()).then(|| in_file.get(nth))?? + (span.start as usize - from);
            Some(Span::new(start as u32, start as u32 + span.len()))
        })?;
        placed.push((place, *to));
    }
    placed.sort_by_key(|(span, _)| (span.start, span.end));
    let apart = placed.windows(2).all(|pair| matches!(pair, [a, b] if a.0.end <= b.0.start));
    apart.then(|| apply(file, &placed))
}

/// Returns where all of a text stands in a file, if it stands there once.
fn whole(file: &str, text: &str) -> Option<u32> {
    let mut found = file.match_indices(text).map(|(at, _)| at);
    let first = found.next()?;
    if found.next().is_some() { None } else { u32::try_from(first).ok() }
}

/// What becomes of a place.
enum Fate {
    /// It stands there afterwards.
    Kept(Span),
    /// It stands there with words of which none was there before.
    Replaced(Span),
    Gone,
}

fn fate(span: Span, edits: &[(Span, &str)], old: &str, new: &str) -> Fate {
    let meets = |edit: &Span| edit.overlaps(span) || (span.start < edit.start && edit.end < span.end);
    let met: Vec<&(Span, &str)> = edits.iter().filter(|(edit, _)| meets(edit)).collect();
    let after = trimmed(carry(span, edits), new);
    if met.is_empty() {
        return Fate::Kept(carry(span, edits));
    }
    let swallowed = |edit: &Span| edit.contains(span) && *edit != span && tokens(edit.of(old)).len() > 1;
    if after.is_empty() || met.iter().any(|(edit, _)| swallowed(edit)) {
        return Fate::Gone;
    }
    let letters = |span: Span| span.of(old).chars().filter(|c| c.is_alphanumeric()).count();
    let within = |edit: &Span| Span::new(edit.start.max(span.start), edit.end.min(span.end));
    let touched: usize = met.iter().map(|(edit, _)| letters(within(edit))).sum();
    let near = || met.iter().all(|(edit, to)| is_near(edit.of(old), to));
    if touched < letters(span) || near() { Fate::Kept(after) } else { Fate::Replaced(after) }
}

fn trimmed(span: Span, text: &str) -> Span {
    let words = span.of(text);
    let start = span.start + (words.len() - words.trim_start().len()) as u32;
    Span::new(start, start + words.trim().len() as u32)
}

/// Lets codings, passages and what names the source follow.
fn follow(image: &FolderImage, edits: &[(Span, &str)], old: &str, correction: &mut Correction, plan: &mut Plan) {
    let before = correction.before.clone();
    let (path, new) = (correction.source.path.clone(), correction.source.document.text.clone());
    let mut tell = |id: &str, what: &str, coder: &str, span: Span| -> Option<Span> {
        let fate = fate(span, edits, old, &new);
        let touched = |is: Option<Span>| Touched {
            id: id.to_owned(),
            what: what.to_owned(),
            coder: coder.to_owned(),
            was: span.of(old).to_owned(),
            is: is.map(|is| is.of(&new).to_owned()),
        };
        match fate {
            Fate::Kept(to) if to.of(&new) != span.of(old) => plan.reworded.push(touched(Some(to))),
            Fate::Kept(to) => plan.moved += usize::from(to != span),
            Fate::Replaced(to) => plan.lost.push(touched(Some(to))),
            Fate::Gone => plan.lost.push(touched(None)),
        }
        match fate {
            Fate::Kept(to) | Fate::Replaced(to) => Some(to),
            Fate::Gone => None,
        }
    };
    for coding in image.codings.iter().filter(|c| c.source == *before) {
        match tell(&coding.id, &coding.concept, &coding.coder, coding.span) {
            Some(to) if to != coding.span || to.of(&new) != coding.quote => {
                correction.places.push((coding.id.clone(), to));
            }
            Some(_) => {}
            None => drop(correction.gone.codings.insert(coding.id.to_string())),
        }
    }
    let subject = |about: &Subject| match about {
        Subject::Source(of) if *of == *before => Subject::Source(path.as_str().into()),
        other => other.clone(),
    };
    for annotation in image.annotations.iter() {
        let key = annotation.key();
        let mut after = said_in(annotation.clone(), &Words::default(), &subject);
        if let Annotation::Passage(passage) = &mut after
            && passage.source == *before
        {
            let Some(to) = tell(&passage.id, &passage.name, &passage.coder, passage.span) else {
                correction.gone.annotations.insert(key);
                continue;
            };
            (passage.source, passage.span, passage.quote) = (path.as_str().into(), to, to.of(&new).to_owned());
        }
        if after != annotation {
            if after.key() != key {
                correction.gone.annotations.insert(key);
            }
            correction.annotations.push(after);
        }
    }
    let memos = image.memos.iter().filter(|m| subject(&m.about) != m.about);
    correction.about = memos.map(|m| (m.id.clone(), subject(&m.about))).collect();
}
