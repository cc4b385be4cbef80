//! Small study folders, and readers simple enough to see through.

use nomoscope_core::text::Document;
use nomoscope_desk::study::{Caps, Given, Problem, Problems, Readers, Reading, StudyError, Texts};
use nomoscope_desk::{Act, Desk, Done};
use nomoscope_formats::study::csv;
use nomoscope_store::Stamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads `.txt` as it is, `.md` with `key: value` lines before a line `---`, `.csv` with columns `id`, `text` and others.
fn read_text(name: &str, bytes: &[u8], _: &Reading) -> Result<Texts, Vec<Problem>> {
    let wrong = |reason: String| vec![Problem::new(name, reason)];
    let all = |texts| Texts { texts, notes: Vec::new() };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("the bytes are not UTF-8".to_owned()))?;
    let document = |text: &str, attributes| Document { text: text.to_owned(), attributes, ..Document::default() };
    if name.ends_with(".md") {
        let (head, text) = text.split_once("---\n").unwrap_or(("", text));
        let pairs = head.lines().filter_map(|l| l.split_once(": "));
        let attributes = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        return Ok(all(vec![(document(text, attributes), None)]));
    }
    if name.ends_with(".csv") {
        let sheet = csv::read(name, bytes).map_err(|p| wrong(p.to_string()))?;
        let rows = sheet.rows.iter().map(|row| {
            let cells = sheet.columns.iter().cloned().zip(row.cells.iter().cloned());
            let mut cells: BTreeMap<String, String> = cells.collect();
            let text = cells.remove("text").unwrap_or_default();
            let id = cells.remove("id");
            (document(&text, cells), id)
        });
        return Ok(all(rows.collect()));
    }
    Ok(all(vec![(document(text, BTreeMap::new()), None)]))
}

fn importable(name: &str) -> bool {
    [".txt", ".md", ".csv"].iter().any(|e| name.ends_with(e))
}

pub(crate) fn readers() -> Readers<'static> {
    Readers::new(&read_text, &importable, Caps::default())
}

/// Writes files below a folder.
pub(crate) fn put(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Returns all files below a folder.
pub(crate) fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy();
                files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub(crate) fn study(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("study.toml", "title = \"T\"\nlanguage = \"en\"\n")]);
    put(dir.path(), files);
    dir
}

/// Returns problems without their hints.
pub(crate) fn lines(problems: &Problems) -> Vec<String> {
    let line = |p: &nomoscope_desk::study::Problem| match p.line() {
        Some(line) => format!("{}:{line}: {}", p.file, p.reason.plain()),
        None => format!("{}: {}", p.file, p.reason.plain()),
    };
    problems.as_slice().iter().map(line).collect()
}

pub(crate) fn stamped<T>(f: impl FnOnce(&mut Stamp<'_>) -> T) -> T {
    let mut n = 0;
    f(&mut Stamp {
        coder: "ana",
        time: "2026-11-23T10:00:00Z",
        command: "test",
        new_id: &mut || {
            n += 1;
            format!("id-{n}")
        },
    })
}

/// A study of twenty texts in two groups: the north couples famine with relief, the south with dams; drought is the north's
/// alone. Each text tells the parts of the norm of hunger, the south without its name.
pub(crate) fn grouped() -> BTreeMap<String, String> {
    let concept = |id: &str, more: &str| format!("[[concept]]\nid = \"{id}\"\npatterns.en = [\"{id}\"]\n{more}\n\n");
    let codebook = [
        concept("famine", "roles = [\"problem\"]"),
        concept("relief", "roles = [\"behaviour\"]"),
        concept("dams", "roles = [\"behaviour\"]"),
        concept("duty", "roles = [\"value\"]"),
        concept("drought", "roles = [\"problem\"]"),
        concept(
            "hunger",
            "roles = [\"problem\"]\nnorm_label = true\nelements = [\"harvest\", [\"shortage\", \"loss\"]]",
        ),
        concept("dearth", "roles = [\"problem\"]\nnorm_label = true"),
        concept("harvest", ""),
        concept("shortage", ""),
        concept("loss", ""),
    ];
    let mut sources = "path,title,side,definition,era,author\n".to_owned();
    let mut files = BTreeMap::new();
    for source in 0..20 {
        let north = source % 2 == 0;
        let name = format!("sources/{source:02}.txt");
        let definition = ["x", "x", "y", "y", "none", "mixed"][source / 2 % 6];
        let side = if north { "north" } else { "south" };
        sources.push_str(&format!("{name},Text {source},{side},{definition},modern,{side} {}\n", source / 4));
        files.insert(name, text_of(source, north));
    }
    let study = "title = \"Grouped\"\nlanguage = \"en\"\nfocus = \"famine\"\ngroupings = [\"side\", \"era\"]\n";
    files.insert("study.toml".to_owned(), study.to_owned());
    files.insert("codebook.toml".to_owned(), codebook.concat());
    files.insert("sources.csv".to_owned(), sources);
    files
}

fn text_of(source: usize, north: bool) -> String {
    let mut text = String::new();
    for paragraph in 0..120 {
        let spread = (paragraph * 7 + source * 5 + paragraph / 17) % 17;
        let words = match (spread, north) {
            (0..=2, true) => "They met famine with relief, as duty asks",
            (0..=2, false) => "They met famine with dams, as duty asks",
            (3, true) => "Famine came with drought that year",
            (4, _) => "There was famine in that part of the land",
            (5, _) => "They sent relief to the other side of the land",
            (6, _) => "The dams were old and nobody looked after them",
            (7, true) => "After drought they sent relief, though it was no duty",
            (8, true) => "Famine and drought were seen from afar",
            (9, true) => "The harvest brought a shortage, and there was hunger",
            (9, false) if !source.is_multiple_of(3) => "The harvest was a loss, and dearth followed",
            (9, false) => "The harvest was a loss, so hunger followed",
            (10, true) if paragraph % 2 == 0 => "A harvest of shortage is feared",
            _ => "Nothing else of note was said about it then",
        };
        let more = " and the like".repeat((paragraph * 5 + source) % 7);
        text.push_str(&format!("{words}{more}.\n\n"));
    }
    text
}

/// Adds texts to a study of either kind.
pub(crate) fn add(
    study: &Path,
    paths: &[PathBuf],
    given: &Given,
    readers: &Readers<'static>,
) -> Result<Done, StudyError> {
    Desk::open_with(study, *readers)?.apply(&Act::Add { paths: paths.to_vec(), given: given.clone() }, "ana")
}
