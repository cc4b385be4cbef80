//! Words of a study replaced wherever they stand: in texts, under which codings keep their places, and in all that is said of
//! them.

use super::edits::carry;
use super::source::{empty_row, sources_of, stem};
use super::words::Words;
use super::{Problem, Problems, Readers, Reading, StudyError, render};
use nomoscope_core::codebook::fold::fold_word;
use nomoscope_core::study::{Annotation, Annotations, Source, SourceSheet, Subject, SubjectKind};
use nomoscope_core::text::{Document, Span};
use nomoscope_formats::study::{self as files, sources_csv};
use nomoscope_formats::toml_words::{self, Fate};
use nomoscope_formats::{codebook_toml, study::study_toml};
use nomoscope_store::{FolderImage, MANAGED, file_of};
use std::collections::{BTreeMap, BTreeSet};

/// What was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Replaced {
    /// How many places in texts.
    pub(crate) places: usize,
    /// In how many sources.
    pub(crate) sources: usize,
    /// What people should know.
    pub(crate) notes: Vec<Problem>,
}

/// Replaces words in all of a study.
///
/// # Errors
/// A file cannot be written otherwise, or the words stand where they cannot be reached.
pub(crate) fn redact(image: &mut FolderImage, words: &Words, readers: &Readers<'_>) -> Result<Replaced, StudyError> {
    let mut replaced = Replaced::default();
    let mut problems = Problems::new();
    let mut names = Names::of(image, words);
    let reason = "has a number: another file has the name that it would have";
    replaced.notes.extend(names.numbered.iter().map(|path| Problem::new(path.as_str(), reason)));
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    let mut edits: BTreeMap<String, Vec<(Span, String)>> = BTreeMap::new();
    let of_file = sources_by_file(image);
    let mut sources = Vec::new();
    for (file, at) in &of_file {
        let old: Vec<&Source> = at.iter().filter_map(|i| image.sources.get(*i)).collect();
        for source in &old {
            let found = words.find(&source.document.text);
            replaced.places += found.len();
            replaced.sources += usize::from(!found.is_empty());
            edits.insert(source.path.clone(), found.into_iter().map(|(s, to)| (s, to.to_owned())).collect());
        }
        let bytes = image.files.get(file).cloned().unwrap_or_default();
        match rewritten(file, &bytes, &old, image, (words, &names), readers) {
            Ok(new) => {
                names.taken.insert(alike(&new.path));
                if new.is_plain {
                    let reason = "its words cannot be replaced where they stand: it is kept as plain text from now on";
                    replaced.notes.push(Problem::new(file.as_str(), reason));
                }
                image.files.remove(file);
                image.files.insert(new.path.clone(), new.bytes);
                for (old, new) in old.iter().zip(&new.sources) {
                    moved.insert(old.path.clone(), new.path.clone());
                }
                moved.insert(file.clone(), new.path.clone());
                if let Some(row) = new.row {
                    put_row(image, file, &row);
                }
                sources.extend(new.sources.into_iter().zip(at).map(|(source, at)| (*at, source)));
            }
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
        }
    }
    problems.or(())?;
    sources.sort_by_key(|(at, _)| *at);
    image.sources = sources.into_iter().map(|(_, source)| source).collect();
    said(image, words, &names, &moved);
    places(image, &edits, &moved)?;
    others(image, words, &names, &mut replaced)?;
    left(image, words)?;
    Ok(replaced)
}

/// What files and identities with the words are called afterwards: no two the same, and none as another was called before.
struct Names {
    files: BTreeMap<String, String>,
    ids: BTreeMap<(SubjectKind, String), String>,
    /// The names that files have, before and afterwards, as systems compare them.
    taken: BTreeSet<String>,
    /// Files that have a number, for another one has the name that they would have.
    numbered: Vec<String>,
}

impl Names {
    fn of(image: &FolderImage, words: &Words) -> Self {
        let (files, taken) = renamed(
            image.files.keys().cloned().collect(),
            |path| words.path(path),
            |path, n| {
                let at = path
                    .rsplit_once('.')
                    .filter(|(_, ending)| !ending.contains('/'))
                    .map_or(path.len(), |(stem, _)| stem.len());
                let (stem, ending) = path.split_at(at);
                format!("{stem}-{n}{ending}")
            },
        );
        let mut ids = BTreeMap::new();
        for (kind, all) in identities(image) {
            let new = |id: &str| match kind {
                // Who codes gives their name with each act, and concepts are words of a text: what is nobody's name there stays.
                SubjectKind::Coder | SubjectKind::Concept => words.slugged(id),
                _ => words.id(id),
            };
            let (renamed, _) = renamed(all, new, |id, n| format!("{id}-{n}"));
            ids.extend(renamed.into_iter().map(|(old, new)| ((kind, old), new)));
        }
        let numbered = files.iter().filter(|(old, new)| words.path(old) != **new).map(|(_, new)| new.clone()).collect();
        Self { files, ids, taken, numbered }
    }

    fn file<'a>(&'a self, path: &'a str) -> &'a str {
        self.files.get(path).map_or(path, String::as_str)
    }

    fn id<'a>(&'a self, kind: SubjectKind, id: &'a str) -> &'a str {
        self.ids.get(&(kind, id.to_owned())).map_or(id, String::as_str)
    }
}

/// Returns a name in the form in which it is compared: some systems take small and capital letters, and the ways to write an
/// accent, for the same.
pub(crate) fn alike(name: &str) -> String {
    fold_word(name, true)
}

/// Returns what has another name afterwards, and all names of both times.
fn renamed(
    all: BTreeSet<String>,
    new: impl Fn(&str) -> String,
    numbered: impl Fn(&str, usize) -> String,
) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut taken: BTreeSet<String> = all.iter().map(|name| alike(name)).collect();
    let mut renamed = BTreeMap::new();
    for old in all {
        let base = new(&old);
        if base == old {
            continue;
        }
        let mut name = base.clone();
        let mut n = 1;
        while !taken.insert(alike(&name)) {
            n += 1;
            name = numbered(&base, n);
        }
        renamed.insert(old, name);
    }
    (renamed, taken)
}

/// Returns all identities of a study but those of its sources, by what has them.
fn identities(image: &FolderImage) -> BTreeMap<SubjectKind, BTreeSet<String>> {
    let mut all: BTreeMap<SubjectKind, BTreeSet<String>> = BTreeMap::new();
    let mut put = |kind: SubjectKind, id: &str| {
        all.entry(kind).or_default().insert(id.to_owned());
    };
    let codebook = image.files.get(files::CODEBOOK_TOML);
    codebook.into_iter().flat_map(|bytes| codebook_toml::order(bytes)).for_each(|id| put(SubjectKind::Concept, &id));
    for coding in &image.codings {
        put(SubjectKind::Coding, &coding.id);
        put(SubjectKind::Concept, &coding.concept);
        put(SubjectKind::Coder, &coding.coder);
    }
    for memo in &image.memos {
        put(SubjectKind::Memo, &memo.id);
        put(SubjectKind::Coder, &memo.coder);
    }
    image.coders.iter().for_each(|coder| put(SubjectKind::Coder, &coder.id));
    image.history.iter().for_each(|event| put(SubjectKind::Coder, &event.coder));
    let annotations = &image.annotations;
    for passage in &annotations.passages {
        put(SubjectKind::Passage, &passage.id);
        put(SubjectKind::Coder, &passage.coder);
    }
    for link in &annotations.links {
        put(SubjectKind::Link, &link.id);
        put(SubjectKind::Coder, &link.coder);
    }
    annotations.cases.iter().for_each(|case| put(SubjectKind::Case, &case.id));
    annotations.sets.iter().for_each(|set| put(SubjectKind::Set, &set.id));
    annotations.variables.iter().for_each(|variable| put(SubjectKind::Variable, &variable.id));
    all
}

pub(crate) fn sources_by_file(image: &FolderImage) -> BTreeMap<String, Vec<usize>> {
    let mut of_file: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, source) in image.sources.iter().enumerate() {
        let file = file_of(&source.path, |path| image.files.contains_key(path)).unwrap_or(&source.path);
        of_file.entry(file.to_owned()).or_default().push(at);
    }
    of_file
}

/// A file with its sources after its words were replaced.
struct Rewritten {
    path: String,
    bytes: Vec<u8>,
    sources: Vec<Source>,
    /// Its row, where it has another form than before.
    row: Option<BTreeMap<String, String>>,
    /// Whether it is plain text now and was not before.
    is_plain: bool,
}

fn rewritten(
    file: &str,
    bytes: &[u8],
    old: &[&Source],
    image: &FolderImage,
    (words, names): (&Words, &Names),
    readers: &Readers<'_>,
) -> Result<Rewritten, Vec<Problem>> {
    let path = names.file(file).to_owned();
    let want: Vec<String> = old.iter().map(|s| words.apply(&s.document.text)).collect();
    let unchanged = old.iter().zip(&want).all(|(s, want)| s.document.text == *want);
    if unchanged && untouched(bytes, old, words) {
        // Which row it is stands in the file, which stays.
        let new_path = |s: &Source| format!("{path}{}", s.path.get(file.len()..).unwrap_or_default());
        let sources = old.iter().map(|s| said_of(s, new_path(s), words)).collect();
        return Ok(Rewritten { path, bytes: bytes.to_vec(), sources, row: None, is_plain: false });
    }
    // A file of text is changed where it stands, and must read as expected afterwards.
    let row = sheet_row(image, file);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let bytes = words.apply(text).into_bytes();
        match read(&path, &bytes, row.as_ref(), words, readers) {
            Ok(sources) if sources.iter().map(|s| &s.document.text).eq(&want) => {
                return Ok(Rewritten { path, bytes, sources, row: None, is_plain: false });
            }
            // Such as two rows that would have one id.
            Err(wrong) if old.len() > 1 => return Err(wrong),
            _ => {}
        }
    }
    let ([only], [text]) = (old, want.as_slice()) else {
        let reason = "holds several texts in a form in which words cannot be replaced";
        return Err(vec![Problem::new(file, reason).hint("export it as csv in UTF-8, and add that")]);
    };
    let path = plain_path(&path, |free| free == path || !names.taken.contains(&alike(free)));
    let bytes = text.clone().into_bytes();
    let row = row_of(only, &path, row, words);
    let sources = read(&path, &bytes, Some(&row), &Words::default(), readers)?;
    if sources.iter().map(|s| &s.document.text).ne([text]) {
        return Err(vec![Problem::new(file, "its text cannot be kept as a file of plain text")]);
    }
    Ok(Rewritten { path, bytes, sources, row: Some(row), is_plain: true })
}

/// Returns the name under which the text of a file is kept as plain text.
pub(crate) fn plain_path(path: &str, is_free: impl Fn(&str) -> bool) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let numbered = |n: u32| if n == 1 { format!("{stem}.txt") } else { format!("{stem}-{n}.txt") };
    (1..u32::MAX).map(numbered).find(|path| is_free(path)).unwrap_or_default()
}

/// Returns whether nothing that is said in a file beside its texts has any of the words.
fn untouched(bytes: &[u8], old: &[&Source], words: &Words) -> bool {
    let in_bytes = std::str::from_utf8(bytes).is_ok_and(|text| !words.find(text).is_empty());
    let said = |s: &&Source| {
        let of = s.document.attributes.values().chain(&s.document.title);
        of.clone().any(|value| !words.find(value).is_empty())
    };
    !in_bytes && !old.iter().any(said)
}

pub(crate) fn read(
    path: &str,
    bytes: &[u8],
    row: Option<&BTreeMap<String, String>>,
    words: &Words,
    readers: &Readers<'_>,
) -> Result<Vec<Source>, Vec<Problem>> {
    let mut described = empty_row(path);
    if let Some(row) = row {
        let mut row: BTreeMap<String, String> = row.iter().map(|(k, v)| (k.clone(), words.apply(v))).collect();
        row.insert("path".to_owned(), path.to_owned());
        let mut sheet = SourceSheet::default();
        sources_csv::add_rows(&mut sheet, std::slice::from_ref(&row));
        let parsed = sources_csv::parse(sources_csv::write(&sheet).as_bytes()).map_err(|p| p.as_slice().to_vec())?;
        described = parsed.rows.into_iter().next().unwrap_or(described);
    }
    let reading = if path.ends_with(".txt") { Reading::default() } else { described.reading.clone() };
    let texts = (readers.read_text)(path, bytes, &reading)?;
    sources_of(path, &described, texts.texts)
}

pub(crate) fn sheet_row(image: &FolderImage, file: &str) -> Option<BTreeMap<String, String>> {
    let sheet = image.sheet.as_ref()?;
    let row = (0..sheet.rows.len()).find(|row| sheet.cell(*row, "path") == file)?;
    let cell = |column: &String| (column.clone(), sheet.cell(row, column).to_owned());
    Some(sheet.columns.iter().map(cell).filter(|(_, value)| !value.is_empty()).collect())
}

/// Returns a row that says of a source all that its file said before it became plain text.
pub(crate) fn row_of(
    source: &Source,
    path: &str,
    row: Option<BTreeMap<String, String>>,
    words: &Words,
) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> =
        row.unwrap_or_default().into_iter().map(|(column, value)| (column, words.apply(&value))).collect();
    for column in ["text_column", "id_column", "encoding"] {
        out.remove(column);
    }
    let mut put = |column: &str, value: String| {
        let value = words.apply(&value).split_whitespace().collect::<Vec<_>>().join(" ");
        let reserved = ["path", "year", "text_column", "id_column", "encoding"].contains(&column);
        if !value.is_empty() && !reserved {
            out.entry(column.to_owned()).or_insert(value);
        }
    };
    put("title", source.title.clone());
    put("kind", source.kind.clone().unwrap_or_default());
    put("date", source.date.map(|date| date.to_string()).unwrap_or_default());
    put("language", source.language.join(" "));
    for (name, value) in &source.attributes {
        if !sources_csv::is_date_column(name) || value.parse::<nomoscope_core::date::PartialDate>().is_ok() {
            put(name, value.clone());
        }
    }
    out.insert("path".to_owned(), path.to_owned());
    out
}

/// Puts a row in the place of that of a file; a study without a sheet gets one with a row for every file.
fn put_row(image: &mut FolderImage, file: &str, row: &BTreeMap<String, String>) {
    let of = sources_by_file(image);
    let sheet = image.sheet.get_or_insert_with(|| sheet_of(of.keys()));
    replace_row(sheet, file, row);
}

/// Returns a sheet with a row for every file.
pub(crate) fn sheet_of<'f>(files: impl Iterator<Item = &'f String>) -> SourceSheet {
    let rows: Vec<BTreeMap<String, String>> =
        files.map(|path| BTreeMap::from([("path".to_owned(), path.clone())])).collect();
    let mut sheet = SourceSheet::default();
    sources_csv::add_rows(&mut sheet, &rows);
    sheet
}

/// Puts a row in the place of that of a file: the order of rows is that of the study.
pub(crate) fn replace_row(sheet: &mut SourceSheet, file: &str, row: &BTreeMap<String, String>) {
    let known = (0..sheet.rows.len()).find(|at| sheet.cell(*at, "path") == file);
    sources_csv::add_rows(sheet, std::slice::from_ref(row));
    if let Some(known) = known {
        sheet.rows.swap_remove(known);
    }
}

/// Returns a source whose text stays, with the words replaced in what is said of it.
fn said_of(source: &Source, path: String, words: &Words) -> Source {
    let document = &source.document;
    // What says no title is called as its file is.
    let title = if source.title == stem(&source.path) { stem(&path).to_owned() } else { words.apply(&source.title) };
    Source {
        title,
        path,
        kind: source.kind.as_deref().map(|kind| words.apply(kind)),
        attributes: source.attributes.iter().map(|(name, value)| (name.clone(), words.apply(value))).collect(),
        document: Document {
            title: document.title.as_deref().map(|title| words.apply(title)),
            attributes: document.attributes.iter().map(|(n, v)| (n.clone(), words.apply(v))).collect(),
            ..document.clone()
        },
        ..source.clone()
    }
}

/// Replaces words in rows, notes, names and identities.
fn said(image: &mut FolderImage, words: &Words, names: &Names, moved: &BTreeMap<String, String>) {
    let subject = |about: &Subject| match about {
        Subject::Source(path) => Subject::Source(moved.get(path.as_str()).map_or(path.as_str(), String::as_str).into()),
        other => other.kind().of(names.id(other.kind(), other.id())),
    };
    let coder = |id: &str| names.id(SubjectKind::Coder, id).into();
    for event in &mut image.history {
        event.coder = names.id(SubjectKind::Coder, &event.coder).to_owned();
    }
    if let Some(sheet) = &mut image.sheet {
        let at = sheet.column("path");
        for row in &mut sheet.rows {
            for (column, cell) in row.iter_mut().enumerate() {
                let path = (Some(column) == at).then(|| moved.get(cell.as_str())).flatten();
                *cell = path.cloned().unwrap_or_else(|| words.apply(cell));
            }
        }
    }
    for coding in &mut image.codings {
        coding.memo = words.apply(&coding.memo);
        coding.id = names.id(SubjectKind::Coding, &coding.id).into();
        coding.coder = coder(&coding.coder);
        coding.concept = names.id(SubjectKind::Concept, &coding.concept).into();
    }
    for memo in &mut image.memos {
        memo.id = names.id(SubjectKind::Memo, &memo.id).into();
        memo.text = words.apply(&memo.text);
        memo.about = subject(&memo.about);
        memo.coder = coder(&memo.coder);
    }
    for who in &mut image.coders {
        who.id = names.id(SubjectKind::Coder, &who.id).into();
        who.name = words.apply(&who.name);
    }
    let mut annotations = Annotations::default();
    for annotation in image.annotations.iter() {
        annotations.push(said_in(annotation, words, &subject));
    }
    image.annotations = annotations;
}

pub(crate) fn said_in(annotation: Annotation, words: &Words, subject: &impl Fn(&Subject) -> Subject) -> Annotation {
    let mut annotation = annotation;
    let id = |kind: SubjectKind, id: &str| subject(&kind.of(id)).id().to_owned();
    match &mut annotation {
        // Its place and its words follow with those of its source.
        Annotation::Passage(passage) => {
            passage.name = words.apply(&passage.name);
            passage.id = id(SubjectKind::Passage, &passage.id).into();
            passage.coder = id(SubjectKind::Coder, &passage.coder).into();
        }
        Annotation::Case(case) => {
            case.id = id(SubjectKind::Case, &case.id).into();
            case.name = words.apply(&case.name);
            case.description = words.apply(&case.description);
        }
        Annotation::Set(set) => {
            set.id = id(SubjectKind::Set, &set.id).into();
            set.name = words.apply(&set.name);
            set.description = words.apply(&set.description);
        }
        Annotation::Member(member) => {
            member.of = subject(&member.of);
            member.member = subject(&member.member);
        }
        Annotation::Variable(variable) => {
            variable.id = id(SubjectKind::Variable, &variable.id).into();
            variable.name = words.apply(&variable.name);
            variable.description = words.apply(&variable.description);
        }
        Annotation::Value(value) => {
            value.variable = id(SubjectKind::Variable, &value.variable).into();
            value.of = subject(&value.of);
            if let nomoscope_core::study::Value::Text(text) = &mut value.value {
                *text = words.apply(text);
            }
        }
        Annotation::Link(link) => {
            link.id = id(SubjectKind::Link, &link.id).into();
            link.from = subject(&link.from);
            link.to = subject(&link.to);
            link.name = words.apply(&link.name);
            link.coder = id(SubjectKind::Coder, &link.coder).into();
        }
        Annotation::Foreign(foreign) => {
            foreign.of = subject(&foreign.of);
            foreign.system = words.apply(&foreign.system);
            foreign.id = words.apply(&foreign.id);
        }
    }
    annotation
}

/// Moves codings and passages to where their words are now.
fn places(
    image: &mut FolderImage,
    edits: &BTreeMap<String, Vec<(Span, String)>>,
    moved: &BTreeMap<String, String>,
) -> Result<(), StudyError> {
    let texts: BTreeMap<&str, &str> =
        image.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let place = |source: &str, span: Span| {
        let edits: Vec<(Span, &str)> =
            edits.get(source).into_iter().flatten().map(|(span, to)| (*span, to.as_str())).collect();
        let path = moved.get(source).cloned().unwrap_or_else(|| source.to_owned());
        let span = carry(span, &edits);
        let quote = texts.get(path.as_str()).and_then(|text| text.get(span.start as usize..span.end as usize));
        quote.map(|quote| (path.clone(), span, quote.to_owned())).ok_or(path)
    };
    let mut problems = Problems::new();
    let lost = |path: String| Problem::new(path, "a coding or passage would lose its place");
    for coding in &mut image.codings {
        match place(&coding.source, coding.span) {
            Ok((path, span, quote)) => (coding.source, coding.span, coding.quote) = (path.into(), span, quote),
            Err(path) => problems.push(lost(path)),
        }
    }
    for passage in &mut image.annotations.passages {
        match place(&passage.source, passage.span) {
            Ok((path, span, quote)) => (passage.source, passage.span, passage.quote) = (path.into(), span, quote),
            Err(path) => problems.push(lost(path)),
        }
    }
    Ok(problems.or(())?)
}

/// Replaces words in files that are no sources: settings, codebook, facts, lists, explanations.
fn others(image: &mut FolderImage, words: &Words, names: &Names, replaced: &mut Replaced) -> Result<(), StudyError> {
    let sources: BTreeSet<String> = sources_by_file(image).into_keys().collect();
    let paths: Vec<String> = image.files.keys().filter(|path| !sources.contains(*path)).cloned().collect();
    for path in paths {
        if MANAGED.contains(&path.as_str()) {
            continue;
        }
        let Some(bytes) = image.files.remove(&path) else { continue };
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if path.ends_with(".toml") => in_toml(&path, text, words, names, &mut replaced.notes).into_bytes(),
            Ok(text) => words.apply(&text).into_bytes(),
            Err(binary) => {
                let reason = "was not searched: it is no text; look into it yourself";
                replaced.notes.push(Problem::new(path.as_str(), reason));
                binary.into_bytes()
            }
        };
        match path.as_str() {
            files::STUDY_TOML => drop(study_toml::parse(&bytes)?),
            files::CODEBOOK_TOML => drop(codebook_toml::parse(&bytes).map_err(|p| p.in_file(&path))?),
            _ => {}
        }
        image.files.insert(names.file(&path).to_owned(), bytes);
    }
    Ok(())
}

/// Replaces words in TOML: in its strings as they are meant, whichever way they are written, then in comments and keys.
fn in_toml(path: &str, text: String, words: &Words, names: &Names, notes: &mut Vec<Problem>) -> String {
    let under =
        |keys: &[String], at: usize, among: &[&str]| keys.get(at).is_some_and(|key| among.contains(&key.as_str()));
    let mut fate = |keys: &[String], found: &str| {
        let id = names.id(SubjectKind::Concept, found);
        if id != found {
            return Fate::Becomes(id.to_owned());
        }
        let new = words.apply(found);
        // In a pattern `[erased]` would mean that the word may be missing: it would find what it never found. A question of
        // the report would be none.
        let what = match path {
            files::CODEBOOK_TOML if under(keys, 0, &["concept"]) && under(keys, 1, &["patterns", "not"]) => "pattern",
            files::STUDY_TOML if under(keys, 0, &["report"]) => "question",
            _ => "",
        };
        match new == found {
            true => Fate::Stays,
            false if what.is_empty() => Fate::Becomes(new),
            false => {
                let reason =
                    format!("the {what} `{new}` is taken out: without the words it would ask for something else");
                notes.push(Problem::new(path, reason));
                Fate::Goes
            }
        }
    };
    let Some(strings) = toml_words::replace(&text, &mut fate) else { return words.apply(&text) };
    let new = words.apply(&strings);
    let is_toml = |text: &str| toml_words::replace(text, &mut |_, _| Fate::Stays).is_some();
    // A key is no string, and has no brackets.
    if is_toml(&new) { new } else { words.slugged(&strings) }
}

/// Returns which of the words stand in a study as it will be written, each with a file that holds it.
pub(crate) fn held(image: &FolderImage, words: &Words) -> Result<BTreeMap<String, String>, Problems> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let image = as_tables(image.clone());
    for (path, bytes) in render(&image)? {
        let text = String::from_utf8_lossy(&bytes);
        let mut here: BTreeSet<&str> = words.names(&text).into_iter().map(|(_, name)| name).collect();
        here.extend(words.names_in_path(&path));
        if path.ends_with(".toml") {
            toml_words::replace(&text, &mut |_, string| {
                here.extend(words.names(string).into_iter().map(|(_, name)| name));
                Fate::Stays
            });
        }
        for name in here {
            found.entry(name.to_owned()).or_insert_with(|| path.clone());
        }
    }
    for (kind, ids) in identities(&image) {
        let plain = [SubjectKind::Coder, SubjectKind::Concept].contains(&kind);
        for name in ids.iter().filter(|_| !plain).flat_map(|id| words.names_in_id(id)) {
            found.entry(name.to_owned()).or_insert_with(|| format!("{}s.csv", kind.name()));
        }
    }
    Ok(found)
}

/// Refuses where any of the words is still in the study as it will be written.
fn left(image: &FolderImage, words: &Words) -> Result<(), StudyError> {
    let still = |(name, path): (String, String)| Problem::new(path, format!("would still hold `{name}`"));
    Ok(held(image, words)?.into_iter().map(still).collect::<Problems>().or(())?)
}

/// Lets all tables be written from what they mean, none as it once was.
pub(crate) fn as_tables(mut image: FolderImage) -> FolderImage {
    for path in MANAGED {
        let was = image.files.remove(path).is_some();
        let holds = match path {
            files::SOURCES_CSV => image.sheet.is_some(),
            files::CODINGS_CSV => was || !image.codings.is_empty(),
            files::CODERS_CSV => was || !image.coders.is_empty(),
            files::MEMOS_CSV => was || !image.memos.is_empty(),
            files::HISTORY_JSONL => was || !image.history.is_empty(),
            // A table without a row is noise where there was none.
            _ => was || files::annotations_csv::holds(path, &image.annotations),
        };
        if holds {
            image.stale.insert(path.to_owned());
        } else {
            image.stale.remove(path);
        }
    }
    image
}
