//! Projects of other programs, brought in by the program itself: the samples, where they are at hand.

use crate::program::{done, json, nomoscope};
use crate::support::tree;
use nomoscope_core::study::{Study, Subject, Value as Known};
use nomoscope_desk::Desk;
use serde_json::{Value, json as value};
use std::path::{Path, PathBuf};

/// Returns a sample; none, with a word about it, where the samples are not at hand.
fn shared(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/interchange").join(path);
    if file.exists() {
        return Some(file);
    }
    println!("skipped: {} is not at hand", file.display());
    None
}

fn study(path: &Path) -> Study {
    let opened = Desk::open(path).expect("opens").material(None).expect("reads");
    opened.material.study.clone()
}

fn import(dir: &Path, study: &str, file: &Path) -> Value {
    json(dir, &["import", study, file.to_str().unwrap(), "--json"])
}

/// Returns all files of a folder, the log apart.
fn files(dir: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = tree(dir);
    files.remove("history.jsonl");
    files.retain(|path, _| !path.starts_with(".nomoscope"));
    files
}

#[test]
fn the_sample_of_dna_3_is_counted_as_its_authors_count_it() {
    let Some(sample) = shared("dna/sample-dna3.dna") else { return };
    let dir = tempfile::tempdir().unwrap();
    for name in ["s", "s.nomo"] {
        let told = import(dir.path(), name, &sample);
        let holds = &told["imported"][0]["fidelity"]["holds"];
        for (what, n) in [
            ("coders", 4),
            ("documents", 7),
            ("statement types", 3),
            ("variables", 11),
            ("statements", 41),
            ("entities", 23),
            ("short texts", 120),
            ("booleans", 40),
            ("booleans that are true", 29),
            ("integers", 0),
            ("long texts", 1),
            ("attribute variables", 9),
            ("attribute values", 69),
            ("attribute values that are not empty", 14),
            ("search terms", 6),
            ("coder relations", 12),
        ] {
            assert_eq!(holds[what], n, "{name}: {what}");
        }
        let study = study(&dir.path().join(name));
        let mut dates: Vec<String> = study.sources.iter().map(|s| s.date.unwrap().to_string()).collect();
        dates.sort();
        assert_eq!((dates[0].as_str(), dates[6].as_str()), ("2005-01-26", "2005-02-16"));
        let mut lengths: Vec<usize> = study.sources.iter().map(|s| s.document.text.chars().count()).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [11705, 12463, 33722, 40092, 40717, 41513, 43552]);
        let passages = &study.annotations.passages;
        assert_eq!(passages.len(), 41);
        let length = |p: &nomoscope_core::study::Passage| p.quote.chars().count();
        assert_eq!(passages.iter().map(length).sum::<usize>(), 38239);
        let named = |name: &str| study.annotations.variables.iter().find(|v| v.name == name).unwrap().id.clone();
        let counted = |variable: &str, value: &str| {
            let id = named(variable);
            let is = |v: &&nomoscope_core::study::VariableValue| {
                v.variable == id && v.value == Known::Text(value.to_owned())
            };
            study.annotations.values.iter().filter(is).filter(|v| matches!(v.of, Subject::Passage(_))).count()
        };
        assert_eq!(counted("organization", "Environmental Protection Agency"), 11);
        assert_eq!(counted("organization", "Alliance to Save Energy"), 4);
        assert_eq!(counted("concept", "There should be legislation to regulate emissions."), 16);
        assert_eq!(study.codings.len(), 40);
        let by = study.codings.iter().filter(|c| c.coder == "Coder 1").count();
        assert_eq!(by, 40);
    }
}

#[test]
fn networks_of_imported_statements_are_those_of_the_reference() {
    let (Some(third), Some(second), Some(reference)) =
        (shared("dna/sample-dna3.dna"), shared("dna/sample-dna2.dna"), shared("dna/reference_networks.json"))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), "three", &third);
    import(dir.path(), "two.nomo", &second);
    let reference: Value = serde_json::from_slice(&std::fs::read(reference).unwrap()).unwrap();
    let all = reference["onemode"].as_object().unwrap();
    assert_eq!(all.len(), 48);
    for (number, (key, want)) in all.iter().enumerate() {
        let [aggregate, normalise, duplicates] = key.split('/').collect::<Vec<_>>()[..] else { panic!("{key}") };
        // The older project is asked for one in four.
        let studies: &[&str] = if number % 4 == 0 { &["three", "two.nomo"] } else { &["three"] };
        for study in studies {
            let found = json(
                dir.path(),
                &[
                    "network",
                    study,
                    "--json",
                    "--compat",
                    "dna3",
                    "--aggregate",
                    aggregate,
                    "--normalise",
                    normalise,
                    "--duplicates",
                    duplicates,
                ],
            );
            assert_eq!((&found["kind"], &found["statements"]), (&value!("statements"), &want["n_statements"]), "{key}");
            assert_eq!(found["rows"], reference["rows"], "{key}");
            let cells = |v: &Value| -> Vec<f64> {
                v.as_array().unwrap().iter().flat_map(|r| r.as_array().unwrap()).map(|c| c.as_f64().unwrap()).collect()
            };
            let (found, want) = (cells(&found["matrix"]), cells(&want["matrix"]));
            assert_eq!(found.len(), 49);
            assert!(found.iter().zip(&want).all(|(a, b)| (a - b).abs() <= 5.1e-9), "{study} {key}: {found:?}");
        }
    }
}

#[test]
fn an_rqda_project_keeps_its_codings() {
    let Some(sample) = shared("rqda/OPCW.rqda") else { return };
    let dir = tempfile::tempdir().unwrap();
    let told = import(dir.path(), "s", &sample);
    let fidelity = &told["imported"][0]["fidelity"];
    assert_eq!((&fidelity["holds"]["codings"], &fidelity["lost"][0]["n"]), (&value!(1023), &value!(16)));
    let sum = |what: &str| -> u64 {
        fidelity["sources"].as_array().unwrap().iter().map(|s| s["counts"][what].as_u64().unwrap()).sum()
    };
    assert_eq!([sum("exact"), sum("spaced"), sum("healed"), sum("unfit"), sum("unchecked")], [1021, 1, 1, 0, 0]);
    assert_eq!((&fidelity["healed"][0]["by"], fidelity["spaced"].as_array().unwrap().len()), (&value!(-1), 1));
    let study = study(&dir.path().join("s"));
    for (code, n) in [("act-part", 757), ("transparency", 91), ("participation", 54), ("ngo", 40), ("openness", 3)] {
        assert_eq!(study.codings.iter().filter(|c| c.concept == *code).count(), n, "{code}");
    }
}

#[test]
fn the_same_five_quotations_stand_in_three_conventions() {
    let Some(expected) = shared("synthetic/expected.json") else { return };
    let expected: Value = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
    let quotes: Vec<String> =
        expected["quotes"].as_array().unwrap().iter().map(|q| q.as_str().unwrap().to_owned()).collect();
    let dir = tempfile::tempdir().unwrap();
    for (file, unit, newlines) in [
        ("spec_cp_lf", "code-points", "as-written"),
        ("nvivo_win_utf16_crlf_bom", "utf16", "as-written"),
        ("atlas_cp_crlf1", "code-points", "one"),
    ] {
        let sample = shared(&format!("synthetic/{file}.qdpx")).unwrap();
        let told = import(dir.path(), file, &sample);
        let counting = &told["imported"][0]["fidelity"]["sources"][0]["counting"];
        assert_eq!((&counting["unit"], &counting["newlines"]), (&value!(unit), &value!(newlines)), "{file}");
        assert_eq!((&counting["bom"], &counting["inclusive"]), (&value!(false), &value!(false)), "{file}");
        let found: Vec<String> =
            study(&dir.path().join(file)).codings.iter().map(|c| c.quote.replace("\r\n", "\n")).collect();
        assert_eq!(found, quotes, "{file}");
    }
    // The same project from another program is the same: its texts differ in ends of lines and its identities in nothing.
    let spec = dir.path().join("spec_cp_lf");
    let before = files(&spec);
    for file in ["nvivo_win_utf16_crlf_bom", "atlas_cp_crlf1", "spec_cp_lf"] {
        let told = import(dir.path(), "spec_cp_lf", &shared(&format!("synthetic/{file}.qdpx")).unwrap());
        assert_eq!(told["changed"], false, "{file}");
        assert_eq!(files(&spec), before, "{file}");
    }
}

#[test]
fn importing_twice_changes_nothing_and_one_undo_takes_all_back() {
    let dir = tempfile::tempdir().unwrap();
    for sample in ["dna/sample-dna3.dna", "dna/sample-dna2.dna", "rqda/OPCW.rqda", "synthetic/atlas_cp_crlf1.qdpx"] {
        let Some(sample) = shared(sample) else { return };
        let name = sample.file_stem().unwrap().to_str().unwrap();
        for name in [name.to_owned(), format!("{name}.nomo")] {
            let path = dir.path().join(&name);
            done(dir.path(), &["new", &name]);
            let empty = study(&path);
            import(dir.path(), &name, &sample);
            let (full, revision) = (study(&path), Desk::open(&path).unwrap().revision().unwrap());
            assert!(!full.codings.is_empty());
            assert_eq!(import(dir.path(), &name, &sample)["changed"], false, "{name}");
            assert_eq!(Desk::open(&path).unwrap().revision().unwrap(), revision, "{name}");
            done(dir.path(), &["undo", &name]);
            assert_eq!(study(&path), empty, "{name}");
            done(dir.path(), &["redo", &name]);
            assert_eq!(study(&path), full, "{name}");
        }
    }
}

#[test]
fn what_is_no_project_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "s"]);
    let before = tree(&dir.path().join("s"));
    std::fs::write(dir.path().join("text.qdpx"), b"no archive").unwrap();
    std::fs::write(dir.path().join("empty.rqda"), b"").unwrap();
    std::fs::write(dir.path().join("cut.dna"), b"SQLite format 3\0 and nothing else").unwrap();
    for file in ["text.qdpx", "empty.rqda", "cut.dna", "missing.qdpx"] {
        for study in ["s", "new", "new.nomo"] {
            let out = nomoscope(dir.path(), &["import", study, file]);
            assert_eq!((out.code, out.stdout.as_str()), (2, ""), "{file}: {}", out.stderr);
            assert!(out.stderr.contains(file), "{file}: {}", out.stderr);
        }
        assert_eq!(nomoscope(dir.path(), &["check", file]).code, 2, "{file}");
    }
    assert_eq!(tree(&dir.path().join("s")), before);
    assert!(!dir.path().join("new").exists() && !dir.path().join("new.nomo").exists());
}
