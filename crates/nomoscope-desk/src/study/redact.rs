//! Words of a study replaced wherever they stand: in texts, under which codings keep their places, and in all that is said of
//! them.

use super::edits::{apply, carry, joins};
use super::source::{empty_row, sources_of};
use super::{Problem, Problems, Readers, Reading, StudyError, render};
use nomoscope_core::study::{Annotation, Annotations, Source, SourceSheet, Subject};
use nomoscope_core::text::{Document, Span};
use nomoscope_formats::codebook_toml;
use nomoscope_formats::study::{self as files, sources_csv};
use nomoscope_store::{FolderImage, MANAGED, file_of};
use std::collections::{BTreeMap, BTreeSet};

/// What is put in the place of what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// What is looked for, in lower case, with what takes its place, by the first character; longer ones first.
    by_first: BTreeMap<char, Vec<(String, String)>>,
    /// Whether small and capital letters are the same; otherwise words stand as given or in capitals.
    any_case: bool,
    /// The same for identities and names of files, in which a name stands in small letters.
    of_ids: Option<Box<Self>>,
}

impl Words {
    /// Returns the replacements; a pair that is empty on the left is passed over.
    pub(crate) fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, any_case: bool) -> Self {
        let pairs: Vec<(&str, &str)> = pairs.into_iter().collect();
        let of_ids = (!any_case).then(|| Box::new(Self::new(pairs.iter().copied(), true)));
        let mut words = Self { any_case, of_ids, ..Self::default() };
        for (from, to) in pairs {
            let from = from.trim();
            let mut forms = vec![(from.to_owned(), to.to_owned())];
            // Identities and names of files that were made of a name have hyphens between its words. That of one word is a
            // word like others in a text: `rose` is nobody.
            let (slug, put) = (slug(from), self::slug(to));
            if slug != from && (any_case || slug.contains('-')) {
                forms.push((slug.clone(), put.clone()));
                forms.push((slug.replace('-', "_"), put));
            }
            if !any_case {
                forms.push((from.to_uppercase(), to.to_owned()));
            }
            for (from, to) in forms {
                let from = if any_case { from.to_lowercase() } else { from };
                if let Some(first) = from.chars().next() {
                    words.by_first.entry(first).or_default().push((from, to));
                }
            }
        }
        for list in words.by_first.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            list.dedup_by(|a, b| a.0 == b.0);
        }
        words
    }

    /// Returns where words stand as whole words, from left to right, with what takes their place.
    pub(crate) fn find<'w>(&'w self, text: &str) -> Vec<(Span, &'w str)> {
        let mut found = Vec::new();
        let (mut next, mut before) = (0_usize, None);
        for (at, c) in text.char_indices() {
            if at >= next && !joins(before, Some(c)) {
                let hit = self.at(text, at, c);
                if let Some((end, to)) = hit {
                    found.push((Span::new(at as u32, end as u32), to));
                    next = end;
                }
            }
            before = Some(c);
        }
        found
    }

    fn at(&self, text: &str, at: usize, first: char) -> Option<(usize, &str)> {
        let mut lower = first.to_lowercase();
        let first = if self.any_case { lower.next().unwrap_or(first) } else { first };
        let rest = text.get(at..)?;
        self.by_first.get(&first)?.iter().find_map(|(from, to)| {
            let end = at + self.length(rest, from)?;
            let (last, after) = (text.get(..end)?.chars().next_back(), text.get(end..)?.chars().next());
            (!joins(last, after)).then_some((end, to.as_str()))
        })
    }

    /// Returns how many bytes of a text are these words; any white space is as good as a space.
    fn length(&self, text: &str, words: &str) -> Option<usize> {
        let mut chars = text.char_indices().peekable();
        let mut end = 0;
        for want in words.chars() {
            let (at, c) = chars.next()?;
            end = at + c.len_utf8();
            if want == ' ' && c.is_whitespace() {
                // A name may be broken over two lines.
                while let Some((at, c)) = chars.next_if(|(_, c)| c.is_whitespace()) {
                    end = at + c.len_utf8();
                }
                continue;
            }
            let same = if self.any_case { c.to_lowercase().eq(want.to_lowercase()) } else { c == want };
            if !same {
                return None;
            }
        }
        Some(end)
    }

    /// Returns a text with the words replaced.
    pub(crate) fn apply(&self, text: &str) -> String {
        apply(text, &self.find(text))
    }

    /// Returns a path with the words replaced, as names of files are written.
    fn path(&self, path: &str) -> String {
        let words = self.of_ids.as_deref().unwrap_or(self);
        let found: Vec<(Span, String)> = words.find(path).into_iter().map(|(span, to)| (span, slug(to))).collect();
        let edits: Vec<(Span, &str)> = found.iter().map(|(span, to)| (*span, to.as_str())).collect();
        apply(path, &edits)
    }
}

fn slug(words: &str) -> String {
    let parts: Vec<String> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    parts.join("-")
}

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
        match rewritten(file, &bytes, &old, image, words, readers) {
            Ok(new) => {
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
    said(image, words, &moved);
    places(image, &edits, &moved)?;
    others(image, words, &mut replaced)?;
    left(image, words)?;
    Ok(replaced)
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
    words: &Words,
    readers: &Readers<'_>,
) -> Result<Rewritten, Vec<Problem>> {
    let path = words.path(file);
    let want: Vec<String> = old.iter().map(|s| words.apply(&s.document.text)).collect();
    let unchanged = old.iter().zip(&want).all(|(s, want)| s.document.text == *want);
    let new_path = |s: &Source| format!("{path}{}", words.path(s.path.get(file.len()..).unwrap_or_default()));
    if unchanged && untouched(bytes, old, words) {
        let sources = old.iter().map(|s| Source { path: new_path(s), ..said_of(s, words) }).collect();
        return Ok(Rewritten { path, bytes: bytes.to_vec(), sources, row: None, is_plain: false });
    }
    // A file of text is changed where it stands, and must read as expected afterwards.
    let row = sheet_row(image, file);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let bytes = words.apply(text).into_bytes();
        if let Ok(sources) = read(&path, &bytes, row.as_ref(), words, readers)
            && sources.iter().map(|s| &s.document.text).eq(&want)
        {
            return Ok(Rewritten { path, bytes, sources, row: None, is_plain: false });
        }
    }
    let ([only], [text]) = (old, want.as_slice()) else {
        let reason = "holds several texts in a form in which words cannot be replaced";
        return Err(vec![Problem::new(file, reason).hint("export it as csv in UTF-8, and add that")]);
    };
    let path = plain_path(&path, |path| path == file || !image.files.contains_key(path));
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
fn said_of(source: &Source, words: &Words) -> Source {
    let document = &source.document;
    Source {
        title: words.apply(&source.title),
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
fn said(image: &mut FolderImage, words: &Words, moved: &BTreeMap<String, String>) {
    let subject = |about: &Subject| match about {
        Subject::Source(path) => Subject::Source(moved.get(path.as_str()).map_or(path.as_str(), String::as_str).into()),
        other => other.kind().of(&words.apply(other.id())),
    };
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
        coding.id = words.apply(&coding.id).into();
        coding.coder = words.apply(&coding.coder).into();
        coding.concept = words.apply(&coding.concept).into();
    }
    for memo in &mut image.memos {
        memo.text = words.apply(&memo.text);
        memo.about = subject(&memo.about);
        memo.coder = words.apply(&memo.coder).into();
    }
    for coder in &mut image.coders {
        coder.id = words.apply(&coder.id).into();
        coder.name = words.apply(&coder.name);
    }
    let mut annotations = Annotations::default();
    for annotation in image.annotations.iter() {
        annotations.push(said_in(annotation, words, &subject));
    }
    image.annotations = annotations;
}

pub(crate) fn said_in(annotation: Annotation, words: &Words, subject: &impl Fn(&Subject) -> Subject) -> Annotation {
    let mut annotation = annotation;
    match &mut annotation {
        // Its place and its words follow with those of its source.
        Annotation::Passage(passage) => {
            passage.name = words.apply(&passage.name);
            passage.id = words.apply(&passage.id).into();
            passage.coder = words.apply(&passage.coder).into();
        }
        Annotation::Case(case) => {
            case.id = words.apply(&case.id).into();
            case.name = words.apply(&case.name);
            case.description = words.apply(&case.description);
        }
        Annotation::Set(set) => {
            set.id = words.apply(&set.id).into();
            set.name = words.apply(&set.name);
            set.description = words.apply(&set.description);
        }
        Annotation::Member(member) => {
            member.of = subject(&member.of);
            member.member = subject(&member.member);
        }
        Annotation::Variable(variable) => {
            variable.id = words.apply(&variable.id).into();
            variable.name = words.apply(&variable.name);
            variable.description = words.apply(&variable.description);
        }
        Annotation::Value(value) => {
            value.variable = words.apply(&value.variable).into();
            value.of = subject(&value.of);
            if let nomoscope_core::study::Value::Text(text) = &mut value.value {
                *text = words.apply(text);
            }
        }
        Annotation::Link(link) => {
            link.id = words.apply(&link.id).into();
            link.from = subject(&link.from);
            link.to = subject(&link.to);
            link.name = words.apply(&link.name);
            link.coder = words.apply(&link.coder).into();
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
fn others(image: &mut FolderImage, words: &Words, replaced: &mut Replaced) -> Result<(), StudyError> {
    let sources: BTreeSet<String> = sources_by_file(image).into_keys().collect();
    let paths: Vec<String> = image.files.keys().filter(|path| !sources.contains(*path)).cloned().collect();
    for path in paths {
        if MANAGED.contains(&path.as_str()) {
            continue;
        }
        let Some(bytes) = image.files.remove(&path) else { continue };
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => words.apply(&text).into_bytes(),
            Err(binary) => {
                let reason = "was not searched: it is no text; look into it yourself";
                replaced.notes.push(Problem::new(path.as_str(), reason));
                binary.into_bytes()
            }
        };
        match path.as_str() {
            files::STUDY_TOML => drop(files::study_toml::parse(&bytes)?),
            files::CODEBOOK_TOML => drop(codebook_toml::parse(&bytes).map_err(|p| p.in_file(&path))?),
            _ => {}
        }
        image.files.insert(words.path(&path), bytes);
    }
    Ok(())
}

/// Refuses where any of the words is still in the study as it will be written.
fn left(image: &FolderImage, words: &Words) -> Result<(), StudyError> {
    let managed = as_tables(image.clone());
    let mut problems = Problems::new();
    for (path, bytes) in render(&managed)? {
        let text = String::from_utf8_lossy(&bytes);
        if !words.find(&text).is_empty() || !words.find(&path).is_empty() {
            problems.push(Problem::new(path, "would still hold the words"));
        }
    }
    Ok(problems.or(())?)
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
            _ => true,
        };
        if holds {
            image.stale.insert(path.to_owned());
        } else {
            image.stale.remove(path);
        }
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(any_case: bool, text: &str, want: &str) {
        let pairs = [
            ("Amina Diallo", "[person 1]"),
            ("Amina", "[person 1]"),
            ("Diallo", "[person 1]"),
            ("a@b.org", "[mail 1]"),
            ("李明", "[person 2]"),
        ];
        assert_eq!(Words::new(pairs, any_case).apply(text), want);
    }

    #[test]
    fn words_are_found_whole_and_the_longest_first() {
        check(false, "Amina Diallo, AMINA, amina; Aminata.", "[person 1], [person 1], amina; Aminata.");
        check(true, "Amina Diallo, AMINA, amina; Aminata.", "[person 1], [person 1], [person 1]; Aminata.");
        check(false, "Amina\n  Diallo’s mail: a@b.org.", "[person 1]’s mail: [mail 1].");
        check(false, "sources/amina-diallo.txt amina_diallo", "sources/person-1.txt person-1");
        check(false, "我叫李明。", "我叫[person 2]。");
        check(false, "xAmina 1Amina", "xAmina 1Amina");
    }

    #[test]
    fn places_follow_their_words() {
        let words = Words::new([("Amina", "[person 1]")], false);
        let text = "So Amina said, and Amina left.";
        let edits = words.find(text);
        let after = words.apply(text);
        for (quote, want) in [
            ("So", "So"),
            ("Amina", "[person 1]"),
            ("mina said", "[person 1] said"),
            ("said, and", "said, and"),
            ("and Ami", "and [person 1]"),
            ("left.", "left."),
        ] {
            let start = text.find(quote).unwrap() as u32;
            let span = carry(Span::new(start, start + quote.len() as u32), &edits);
            assert_eq!(span.of(&after), want);
        }
    }
}
