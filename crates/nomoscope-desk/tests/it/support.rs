//! Studies to change, each as a folder and as a file.

use nomoscope_core::study::{CodingRecord, Study};
use nomoscope_core::text::Span;
use nomoscope_desk::study::make;
use nomoscope_desk::{Act, Desk, Done};
use std::path::Path;

pub(crate) const CODEBOOK: &str = "title = \"Work\"\n\n[[concept]]\nid = \"place\"\nroles = [\"problem\"]\n\n[[concept]]\nid = \"work\"\nroles = [\"value\"]\npatterns.en = [\"work*\"]\n";

/// A study of these files, as a folder and as a file.
pub(crate) fn both(files: &[(&str, &str)]) -> (tempfile::TempDir, [Desk; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("s");
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("study.toml", "title = \"T\"\nlanguage = \"en\"\n");
    write("codebook.toml", CODEBOOK);
    files.iter().for_each(|(path, text)| write(path, text));
    let file = dir.path().join("s.nomo");
    make::from_folder(&folder, &file, None).unwrap();
    let desks = [Desk::open(&folder).unwrap(), Desk::open(&file).unwrap()];
    (dir, desks)
}

pub(crate) fn study(desk: &Desk) -> Study {
    Study::clone(&desk.material(None).unwrap().material.study)
}

#[track_caller]
pub(crate) fn act(desk: &Desk, act: &Act) -> Done {
    desk.apply(act, "ana").unwrap_or_else(|e| panic!("{act:?}: {e}"))
}

/// Returns where words first stand in a source.
pub(crate) fn place(study: &Study, source: &str, words: &str) -> Span {
    let text = &study.sources.iter().find(|s| s.path == source).unwrap().document.text;
    let at = text.find(words).unwrap_or_else(|| panic!("`{words}` stands in {source}")) as u32;
    Span::new(at, at + words.len() as u32)
}

/// Codes words where they first stand; returns the coding.
pub(crate) fn mark(desk: &Desk, source: &str, words: &str) -> CodingRecord {
    let span = place(&study(desk), source, words);
    let (source, concept) = (source.to_owned(), "place".to_owned());
    act(desk, &Act::Mark { source, span, concept, memo: format!("on {words}") });
    study(desk).codings.last().unwrap().clone()
}

pub(crate) fn quotes(study: &Study) -> Vec<&str> {
    study.codings.iter().map(|c| c.quote.as_str()).collect()
}

/// What a study holds, but for its log.
pub(crate) fn held(desk: &Desk) -> impl PartialEq + std::fmt::Debug + use<> {
    let study = study(desk);
    let sources: Vec<_> =
        study.sources.iter().map(|s| (s.path.clone(), s.title.clone(), s.document.text.clone())).collect();
    (sources, study.codings, study.memos, study.annotations)
}

pub(crate) fn folder_of(desk: &Desk, to: &Path) -> Desk {
    let store = nomoscope_store::Store::open_read_only(desk.path()).unwrap();
    nomoscope_desk::study::export_folder(&store, to, false).unwrap();
    Desk::open(to).unwrap()
}

/// Does something in somebody's name.
pub(crate) fn by(desk: &Desk, coder: &str, act: &Act) -> Result<Done, String> {
    desk.apply(act, coder).map_err(|e| e.to_string())
}
