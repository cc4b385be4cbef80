//! `tests/kit`: small projects with all that is difficult about them, for this program and for others. They are made here,
//! the same bytes each time; this program checks and imports each, and finds what `expected.json` says.
//!
//! `UPDATE_KIT=1 cargo test -p nomoscope --test it kit` writes them again, with the table of `docs/kit.md`.

mod databases;
mod model;
mod refi;
mod traps;

use crate::program::{json, nomoscope};
use crate::support::tree;
use model::{Comes, Expected, Selection, Trap};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::study::{CoderKind, Study};
use nomoscope_core::text::Span;
use nomoscope_desk::Desk;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn expected_json(trap: &Trap) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(&trap.expected).unwrap();
    bytes.push(b'\n');
    bytes
}

/// Returns the table of the page.
fn table(traps: &[Trap]) -> String {
    let mut out = "| Folder | File | What is difficult | What to do |\n| --- | --- | --- | --- |\n".to_owned();
    for trap in traps {
        out.push_str(&format!("| `{}` | `{}` | {} | {} |\n", trap.name, trap.file, trap.about, trap.rule));
    }
    out
}

#[test]
fn the_kit_is_what_its_generator_makes() {
    let traps = traps::all();
    let mut want = BTreeMap::new();
    for trap in &traps {
        want.insert(format!("{}/{}", trap.name, trap.file), trap.bytes.clone());
        want.insert(format!("{}/expected.json", trap.name), expected_json(trap));
    }
    assert_eq!(want.len(), 2 * traps.len(), "a folder for each");
    let (folder, page) = (repository("tests/kit"), repository("docs/kit.md"));
    let text = fs::read_to_string(&page).unwrap().replace("\r\n", "\n");
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (have, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_KIT").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in &want {
            fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            fs::write(folder.join(path), bytes).unwrap();
        }
        fs::write(&page, format!("{before}{BEGIN}{}{END}{after}", table(&traps))).unwrap();
        return;
    }
    let again = "UPDATE_KIT=1 cargo test -p nomoscope --test it kit";
    assert!(tree(&folder) == want, "tests/kit is out of date; {again}");
    assert_eq!(have, table(&traps), "docs/kit.md is out of date; {again}");
}

/// Returns the text with LF alone up to a byte.
fn lines(text: &str, to: u32) -> String {
    text[..to as usize].replace("\r\n", "\n")
}

/// Returns the names of a concept from the top.
fn path(codebook: &Codebook, id: &str) -> String {
    let concept = codebook.concepts().iter().find(|c| c.id == id).unwrap();
    let name = concept.label.get("und").cloned().unwrap_or_default();
    concept.broader.as_ref().map_or(name.clone(), |above| format!("{} > {name}", path(codebook, above)))
}

/// Returns what a study holds, as the kit tells it; how selections came through is not in it.
fn found(study: &Study, codebook: &Codebook) -> Vec<Selection> {
    let source = |path: &str| study.sources.iter().find(|s| s.path == path).unwrap();
    let coder = |id: &str| {
        // Who is not named goes out under a name that says so.
        let person = study.coders.iter().find(|c| c.id == *id && c.kind == CoderKind::Person);
        person.map(|c| c.name.clone()).filter(|name| !name.starts_with("import ("))
    };
    let row = |of: &str, span: Span, code: Option<String>, by: &str| {
        let text = source(of).document.text.as_str();
        let points = |to| Some(lines(text, to).chars().count());
        Selection {
            source: source(of).title.clone(),
            start: points(span.start),
            end: points(span.end),
            quotation: Some(span.of(text).replace("\r\n", "\n")),
            code,
            coder: coder(by),
            comes: Comes::InPlace,
        }
    };
    let coded: Vec<(&str, Span)> = study.codings.iter().map(|c| (c.source.as_str(), c.span)).collect();
    let codings = study.codings.iter().map(|c| row(&c.source, c.span, Some(path(codebook, &c.concept)), &c.coder));
    // A statement of DNA is a passage, too.
    let bare = study.annotations.passages.iter().filter(|p| !coded.contains(&(p.source.as_str(), p.span)));
    let mut all: Vec<Selection> = codings.chain(bare.map(|p| row(&p.source, p.span, None, &p.coder))).collect();
    all.sort();
    all
}

/// Returns what is wanted, as `found` tells it.
fn wanted(expected: &Expected, study: &Study) -> Vec<Selection> {
    let mut all = expected.selections.clone();
    for row in &mut all {
        if row.source.is_empty() {
            // What has no name is called like its file.
            row.source = "source".to_owned();
        }
        if row.start.is_none() {
            // What is left of the text, if anything, is the quotation; what has no place stands at the beginning.
            let source = study.sources.iter().find(|s| s.title == row.source).unwrap();
            let quote = row.quotation.clone().unwrap_or_default();
            row.start = Some(source.document.text.find(&quote).unwrap());
            row.end = Some(row.start.unwrap() + quote.chars().count());
            row.quotation = Some(quote);
        }
        row.comes = Comes::InPlace;
    }
    all.sort();
    all
}

/// Returns whether the report of `check` tells what has to be told.
fn is_told(report: &Value, told: &str) -> bool {
    let list = |name: &str| report[name].as_array().unwrap().clone();
    let lost = |what: &str| list("lost").iter().any(|loss| loss["what"].as_str().unwrap().contains(what));
    let noted = |words: &str| list("notes").iter().any(|note| note.as_str().unwrap().contains(words));
    match told {
        "a text is missing" => list("sources").iter().any(|source| source["missing"] == true),
        "a selection lies outside its text" => list("unfit").len() == 1,
        "six codings were moved" => list("healed").len() == 6,
        "identities occur twice" => noted("identity"),
        "a folder of somebody's machine stands in the file" => noted("folder of the machine"),
        "a picture and a coding on it do not come through" => lost("pictures") && lost("codings of pictures"),
        "a coding, a member of a case, a member of a set, a link and a note lead nowhere" => {
            ["codings", "members", "links", "notes"].iter().all(|what| lost(what))
        }
        other => panic!("nothing checks whether `{other}` is told"),
    }
}

#[test]
fn every_project_of_the_kit_comes_through() {
    let dir = tempfile::tempdir().unwrap();
    for trap in traps::all() {
        let (name, file) = (trap.name, dir.path().join(trap.name).join(trap.file));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &trap.bytes).unwrap();
        let file = file.to_str().unwrap();
        let checked = nomoscope(dir.path(), &["check", file, "--json"]);
        let study = format!("{name}-study");
        if let Some(why) = trap.expected.refused {
            let out = nomoscope(dir.path(), &["import", &study, file]);
            assert_eq!((checked.code, out.code), (2, 2), "{name}: {why}");
            assert!(out.stderr.contains("project.qdpx") && !dir.path().join(&study).exists(), "{name}: {}", out.stderr);
            continue;
        }
        let report: Value = serde_json::from_str(&checked.stdout).expect(name);
        let lies = |comes: Comes| trap.expected.selections.iter().filter(|row| row.comes == comes).count();
        let told = |list: &str| report[list].as_array().unwrap().len();
        assert_eq!((told("unfit"), told("healed")), (lies(Comes::Told), lies(Comes::Moved)), "{name}: {report}");
        let missing = trap.expected.sources.iter().any(|source| !source.text);
        assert_eq!(checked.code, i32::from(missing || told("unfit") > 0), "{name}: {}", checked.stderr);
        for words in &trap.expected.told {
            assert!(is_told(&report, words), "{name}: {words}: {report}");
        }
        json(dir.path(), &["import", &study, file, "--json"]);
        same(&trap, &dir.path().join(&study));
        assert_eq!(json(dir.path(), &["import", &study, file, "--json"])["changed"], false, "{name}: twice");
        // What goes out again holds the same, and no path of anybody.
        let out = format!("{name}-out.qdpx");
        json(dir.path(), &["export", &study, "--to", &out, "--json"]);
        json(dir.path(), &["import", &format!("{name}-back"), &out, "--json"]);
        same(&trap, &dir.path().join(format!("{name}-back")));
        let bytes = fs::read(dir.path().join(&out)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("coder-one"), "{name}: a path leaks");
    }
}

/// A file that is cut short makes no study, and leaves one that is there as it was; or it is read as a whole.
#[test]
fn no_half_of_a_project_comes_in() {
    let dir = tempfile::tempdir().unwrap();
    crate::program::done(dir.path(), &["new", "there"]);
    let before = tree(&dir.path().join("there"));
    for trap in traps::all() {
        let path = dir.path().join(trap.file);
        for part in [2, 3] {
            fs::write(&path, &trap.bytes[..trap.bytes.len() * (part - 1) / part]).unwrap();
            for study in ["there", "new.nomo"] {
                let out = nomoscope(dir.path(), &["import", study, trap.file]);
                assert_eq!(out.code, 2, "{}: {}", trap.name, out.stderr);
                assert!(out.stderr.contains(trap.file), "{}: {}", trap.name, out.stderr);
            }
        }
    }
    assert!(tree(&dir.path().join("there")) == before && !dir.path().join("new.nomo").exists());
}

/// Compares a study with what the kit expects.
#[track_caller]
fn same(trap: &Trap, path_of_study: &Path) {
    let name = trap.name;
    let desk = Desk::open(path_of_study).expect(name);
    let material = desk.material(None).expect(name).material;
    let (study, codebook) = (&*material.study, &*material.codebook);
    assert_eq!(found(study, codebook), wanted(&trap.expected, study), "{name}");
    let mut codes: Vec<String> = codebook.concepts().iter().map(|c| path(codebook, &c.id)).collect();
    let mut want = trap.expected.codes.clone();
    codes.sort();
    want.sort();
    assert_eq!(codes, want, "{name}");
    let known = |text: bool| move |s: &&nomoscope_core::study::Source| text || s.attributes.contains_key("text");
    assert_eq!(study.sources.len(), trap.expected.sources.len(), "{name}");
    for want in &trap.expected.sources {
        let title = if want.name.is_empty() { "source" } else { want.name.as_str() };
        let mut there = study.sources.iter().filter(|s| s.title == title).filter(known(want.text));
        let fits = |s: &nomoscope_core::study::Source| {
            let n = s.document.text.replace("\r\n", "\n").chars().count();
            want.characters.is_none_or(|want| want == n)
                && want.date.is_none_or(|want| s.date.is_some_and(|date| date.to_string() == want))
        };
        assert!(there.any(fits), "{name}: {want:?}");
    }
}
