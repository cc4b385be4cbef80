//! Small study folders, and readers simple enough to see through.

use nomoscope::study::{Caps, Problem, Problems, Readers, Texts};
use nomoscope_core::text::Document;
use nomoscope_formats::study::csv;
use nomoscope_store::Stamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Reads `.txt` as it is, `.md` with `key: value` lines before a line `---`, `.csv` with columns `id`, `text` and others.
fn read_text(name: &str, bytes: &[u8]) -> Result<Texts, Vec<Problem>> {
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
    Readers { read_text: &read_text, importable: &importable, caps: Caps::default() }
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
    let line = |p: &nomoscope::study::Problem| match p.line {
        Some(line) => format!("{}:{line}: {}", p.file, p.reason),
        None => format!("{}: {}", p.file, p.reason),
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
