//! A small study to work on.

use nomoscope_core::study::{Coder, CoderKind, CodingRecord, CodingStatus, Source, SourceSheet};
use nomoscope_core::text::{Document, Mark, MarkKind, Span};
use nomoscope_store::{FolderImage, Stamp, Store};
use std::path::Path;

/// Gives the identities 1, 2, 3 …
pub(crate) struct Ids(pub(crate) u32);

impl Ids {
    pub(crate) fn next(&mut self) -> String {
        self.0 += 1;
        format!("id-{}", self.0)
    }
}

/// Calls `f` with a stamp of Ana.
pub(crate) fn stamped<T>(ids: &mut Ids, command: &str, f: impl FnOnce(&mut Stamp<'_>) -> T) -> T {
    f(&mut Stamp { coder: "ana", time: "2026-11-23T10:00:00Z", command, new_id: &mut || ids.next() })
}

pub(crate) fn source(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        title: format!("Title of {path}"),
        kind: Some("treaty".to_owned()),
        date: "2000-11".parse().ok(),
        attributes: [("region".to_owned(), "Asia".to_owned())].into(),
        language: vec!["en".to_owned()],
        detected: Vec::new(),
        document: Document {
            text: text.to_owned(),
            marks: vec![Mark {
                id: None,
                span: Span::new(0, text.len() as u32),
                kind: MarkKind::Heading { level: 2 },
                label: Some("Art. 1".to_owned()),
            }],
            direction: Some(nomoscope_core::text::Direction::Rtl),
            ..Document::default()
        },
    }
}

pub(crate) fn coding(id: &str, source: &Source, start: u32, end: u32, coder: &str) -> CodingRecord {
    let span = Span::new(start, end);
    CodingRecord {
        id: id.into(),
        source: source.path.as_str().into(),
        span,
        quote: span.of(&source.document.text).to_owned(),
        concept: "trafficking".into(),
        coder: coder.into(),
        status: CodingStatus::Accepted,
        created: String::new(),
        memo: String::new(),
    }
}

pub(crate) fn lexicon() -> Coder {
    Coder { id: "lexicon".into(), name: "lexicon".to_owned(), kind: CoderKind::Lexicon }
}

pub(crate) fn image() -> FolderImage {
    let a = source("sources/a.txt", "né à Genève");
    let codings = vec![coding("1", &a, 0, 3, "ana"), coding("2", &a, 4, 6, "lexicon")];
    let rows = vec![vec!["sources/a.txt".to_owned(), "x".to_owned()]];
    FolderImage {
        files: [
            ("study.toml", "title = 'x'"),
            ("codebook.toml", ""),
            ("README.md", "\u{feff}read me\r\n"),
            ("sources.csv", "\"path\",note\r\nsources/a.txt,x\r\n"),
            ("sources/a.txt", "né à Genève"),
            ("codings.csv", "as it was"),
        ]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into(),
        sheet: Some(SourceSheet { columns: vec!["path".to_owned(), "note".to_owned()], rows }),
        sources: [a].into(),
        codings,
        ..FolderImage::default()
    }
}

pub(crate) fn store(dir: &Path, image: &FolderImage, ids: &mut Ids) -> Store {
    let path = dir.join("study.nomo");
    stamped(ids, "new", |stamp| Store::create_filled(&path, |store| store.import_folder_image(image, "test 1", stamp)))
        .expect("a new study file")
}
