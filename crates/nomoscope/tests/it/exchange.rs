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
    (*opened.material.study).clone()
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

const TEXTS: [&str; 2] = [
    "Forced labour is banned \u{1f54a}.\r\nPoverty is none.\r\n",
    "\u{5d0}\u{5d1} cafe\u{301}: =1+1 is forced labour.\n",
];

/// A study with codings, a memo, a case and values, made in files.
fn made(dir: &Path) {
    let book = "title = \"B\"\n\n[[concept]]\nid = \"labour\"\nroles = [\"problem\"]\nlabel = \"Labour & <work>\"\n\n[[concept]]\nid = \"ban\"\nroles = []\nbroader = \"labour\"\n";
    let codings = "id,source,start,end,quote,concept,coder,status,created,memo\n1,sources/a.txt,0,13,Forced labour,labour,ana,,2026-01-02T03:04:05Z,=HYPERLINK(1)\n2,sources/a.txt,7,23,labour is banned,ban,ana,,,\n3,sources/b.txt,4,9,cafe\u{301},ban,ben,,,\n4,sources/b.txt,3,3,,ban,ben,,,\n5,sources/a.txt,0,6,Forced,ban,ben,rejected,,\n";
    crate::support::put(
        dir,
        &[
            ("s/study.toml", "title = \"A study\"\nlanguage = \"en\"\n"),
            ("s/codebook.toml", book),
            ("s/sources.csv", "path,title,kind,date\nsources/a.txt,A,treaty,2000\nsources/b.txt,B,,\n"),
            ("s/sources/a.txt", TEXTS[0]),
            ("s/sources/b.txt", TEXTS[1]),
            ("s/codings.csv", codings),
            ("s/coders.csv", "id,name,kind\nana,Ana,person\nben,Ben,person\n"),
            (
                "s/memos.csv",
                "id,about,coder,created,text\nm1,source:sources/a.txt,ana,2026-01-02,\"two\nlines\"\nm2,study,,,of the study\n",
            ),
            ("s/cases.csv", "id,name,description\nk1,Case,first\n"),
            ("s/members.csv", "of,member\ncase:k1,source:sources/a.txt\n"),
            ("s/variables.csv", "id,name,kind,description\nv1,age,integer,\nv2,sure,boolean,of codings\n"),
            ("s/values.csv", "variable,of,value\nv1,case:k1,31\nv2,coding:3,true\n"),
        ],
    );
}

#[test]
fn a_study_goes_out_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let told = json(dir.path(), &["export", "s", "--to", "s.qdpx", "--json"]);
    assert_eq!(told["lost"][0]["n"], 1, "the rejected coding: {told}");
    let checked = json(dir.path(), &["check", "s.qdpx", "--json"]);
    assert_eq!((&checked["holds"]["codings"], &checked["holds"]["sources"]), (&value!(4), &value!(2)));
    assert!(!checked.to_string().contains(dir.path().to_str().unwrap()));
    for back in ["back", "back.nomo"] {
        done(dir.path(), &["import", back, "s.qdpx"]);
        let (was, is) = (study(&dir.path().join("s")), study(&dir.path().join(back)));
        let key = |s: &Study| {
            let source = |path: &str| s.sources.iter().find(|x| x.path == path).unwrap().title.clone();
            let coder = |id: &str| s.coders.iter().find(|c| c.id == *id).unwrap().name.clone();
            let mut all: Vec<_> = s
                .codings
                .iter()
                .filter(|c| c.status.counts())
                .map(|c| (source(&c.source), c.span, c.quote.clone(), coder(&c.coder), c.memo.clone()))
                .collect();
            all.sort();
            all
        };
        assert_eq!(key(&is), key(&was), "{back}");
        let texts = |s: &Study| s.sources.iter().map(|x| x.document.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&is), texts(&was));
        assert_eq!(is.memos.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["of the study", "two\nlines"]);
        assert_eq!(
            (
                is.annotations.cases.len(),
                is.annotations.values.iter().filter(|v| v.value == Known::Boolean(true)).count()
            ),
            (1, 1)
        );
        assert_eq!(json(dir.path(), &["import", back, "s.qdpx", "--json"])["changed"], false, "{back}");
        // Out again and in again: nothing new.
        let again = format!("{back}.again.qdpx");
        done(dir.path(), &["export", back, "--to", &again]);
        let told = json(dir.path(), &["import", "fresh", &again, "--json"]);
        assert_eq!(told["imported"][0]["tally"]["kinds"]["codings"]["new"], 4);
        assert_eq!(key(&study(&dir.path().join("fresh"))), key(&was));
        std::fs::remove_dir_all(dir.path().join("fresh")).unwrap();
    }
    let roles = std::fs::read_to_string(dir.path().join("back/codebook.toml")).unwrap();
    assert!(roles.contains("roles = [\"problem\"]") && roles.contains("roles = []"), "{roles}");
}

#[test]
fn what_is_gone_is_told_and_removed_on_demand() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    done(dir.path(), &["export", "s", "--to", "first.qdpx"]);
    let codings = dir.path().join("s/codings.csv");
    let text = std::fs::read_to_string(&codings).unwrap();
    let changed: String = text.lines().filter(|l| !l.starts_with("2,")).map(|l| format!("{l}\n")).collect();
    std::fs::write(&codings, format!("{changed}6,sources/a.txt,26,33,Poverty,labour,ana,,,\n")).unwrap();
    done(dir.path(), &["export", "s", "--to", "second.qdpx"]);
    for back in ["back", "back.nomo"] {
        let of = |args: &[&str]| json(dir.path(), &[&["import", back], args, &["--json"]].concat());
        of(&["first.qdpx"]);
        let told = of(&["second.qdpx"]);
        let kinds = &told["imported"][0]["tally"]["kinds"]["codings"];
        assert_eq!((&kinds["new"], &kinds["there"], &kinds["gone"]), (&value!(1), &value!(3), &value!(1)), "{back}");
        let path = dir.path().join(back);
        assert_eq!(study(&path).codings.len(), 5);
        let full = study(&path);
        of(&["second.qdpx", "--prune"]);
        assert!(study(&path).codings.iter().all(|c| c.quote != "labour is banned") && study(&path).codings.len() == 4);
        done(dir.path(), &["undo", back]);
        assert_eq!(study(&path), full, "{back}");
    }
}

#[test]
fn other_formats_are_written_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    for name in ["b.qdc", "b.ttl", "b.jsonld", "c.csv", "c.xlsx", "c.docx", "x.graphml"] {
        done(dir.path(), &["export", "s", "--to", name]);
        assert_eq!(nomoscope(dir.path(), &["export", "s", "--to", name]).code, 2, "{name} is not replaced");
    }
    let text = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert!(text("c.csv").contains("'=HYPERLINK(1)"), "{}", text("c.csv"));
    assert!(text("b.ttl").contains("<#ban> a skos:Concept") && text("b.ttl").contains("skos:broader <#labour>"));
    serde_json::from_str::<Value>(&text("b.jsonld")).unwrap();
    done(dir.path(), &["import", "codes", "b.qdc"]);
    assert_eq!(json(dir.path(), &["import", "codes", "b.qdc", "--json"])["changed"], false);
    done(dir.path(), &["add", "codes", "c.docx"]);
    for name in ["x.rqda", "x.requal"] {
        let out = nomoscope(dir.path(), &["export", "s", "--to", name]);
        assert!(out.code == 2 && out.stderr.contains("cannot be written") && out.stderr.contains("hint"), "{name}");
    }
    let rows = "actor,concept,stance\nA,x,1\nB,x,1\nB,y,0\nA,y,0\n";
    crate::support::put(dir.path(), &[("t.csv", rows)]);
    for name in ["n.graphml", "n.gexf", "n.dot"] {
        done(dir.path(), &["network", "t.csv", "--out", name]);
    }
    assert!(text("n.graphml").contains("attr.type=\"double\"") && text("n.dot").contains("n0 -- n1 [weight=2"));
}

/// Returns what a query says of a database, cell by cell: without any code that wrote it.
fn asked(file: &Path, query: &str) -> Vec<Vec<String>> {
    let database = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = database.prepare(query).unwrap();
    let width = statement.column_count();
    let cell = |value: rusqlite::types::ValueRef<'_>| match value {
        rusqlite::types::ValueRef::Integer(n) => n.to_string(),
        rusqlite::types::ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        _ => String::new(),
    };
    let rows = statement.query_map([], |row| Ok((0..width).map(|i| cell(row.get_ref(i).unwrap())).collect()));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Returns whether a password is the one that the program keeps: salt of sixteen bytes, SHA-256 a hundred thousand times.
fn is_password(kept: &str, password: &str) -> bool {
    use base64::Engine as _;
    use sha2::{Digest, Sha256};
    let bytes = base64::engine::general_purpose::STANDARD.decode(kept).unwrap();
    let (salt, wanted) = bytes.split_at(16);
    let first = Sha256::digest([salt, password.as_bytes()].concat());
    (1..100_000).fold(first, |digest, _| Sha256::digest(digest)).as_slice() == wanted
}

/// What the authors of the program count in their sample is in the file that we write of it, and networks are the same.
#[test]
fn the_sample_of_dna_3_goes_out_and_comes_back() {
    let Some(sample) = shared("dna/sample-dna3.dna") else { return };
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), "s", &sample);
    done(dir.path(), &["export", "s", "--to", "t.dna"]);
    let file = dir.path().join("t.dna");
    for query in [
        "SELECT Name FROM CODERS ORDER BY ID",
        "SELECT Title, Text, Author, Source, Section, Notes, Type, Date FROM DOCUMENTS ORDER BY Date, Title",
        "SELECT Label FROM STATEMENTTYPES ORDER BY Label",
        "SELECT Variable, DataType, Label FROM VARIABLES, STATEMENTTYPES t WHERE t.ID = StatementTypeId ORDER BY Label, Variable",
        "SELECT Variable, Value FROM ENTITIES e, VARIABLES v WHERE v.ID = e.VariableId AND Value <> '' ORDER BY Variable, Value",
        "SELECT Title, Start, Stop, Name FROM STATEMENTS s, DOCUMENTS d, CODERS c WHERE d.ID = DocumentId AND c.ID = s.Coder ORDER BY Title, Start",
        "SELECT Title, Start, Variable, e.Value FROM STATEMENTS s, DOCUMENTS d, DATASHORTTEXT x, VARIABLES v, ENTITIES e WHERE d.ID = DocumentId AND x.StatementId = s.ID AND v.ID = x.VariableId AND e.ID = x.Entity AND e.Value <> '' ORDER BY Title, Start, Variable",
        "SELECT Title, Start, Value FROM STATEMENTS s, DOCUMENTS d, DATABOOLEAN x WHERE d.ID = DocumentId AND x.StatementId = s.ID ORDER BY Title, Start",
        "SELECT Value, AttributeVariable, AttributeValue FROM ATTRIBUTEVALUES a, ENTITIES e, ATTRIBUTEVARIABLES v WHERE e.ID = a.EntityId AND v.ID = a.AttributeVariableId AND AttributeValue <> '' ORDER BY Value, AttributeVariable",
        "PRAGMA integrity_check",
        "PRAGMA foreign_key_check",
    ] {
        assert_eq!(asked(&file, query), asked(&sample, query), "{query}");
    }
    // The password of the sample is known; that of ours is checked in the same way.
    let kept = |file: &Path| asked(file, "SELECT Password FROM CODERS WHERE ID = 1")[0][0].clone();
    assert!(is_password(&kept(&sample), "sample") && is_password(&kept(&file), "nomoscope"));
    import(dir.path(), "back", &file);
    let network = |study: &str| json(dir.path(), &["network", study, "--json", "--compat", "dna3"]);
    let (one, two) = (network("s"), network("back"));
    for part in ["rows", "columns", "statements", "matrix", "edges"] {
        assert_eq!(one[part], two[part], "{part}");
    }
    // The same study gives the same bytes.
    done(dir.path(), &["export", "s", "--to", "u.dna"]);
    assert_eq!(std::fs::read(file).unwrap(), std::fs::read(dir.path().join("u.dna")).unwrap());
}

#[test]
fn codings_of_any_study_are_statements_of_dna() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let told = json(dir.path(), &["export", "s", "--to", "s.dna", "--json"]);
    let lost: std::collections::BTreeMap<&str, u64> = told["lost"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["what"].as_str().unwrap(), l["n"].as_u64().unwrap()))
        .collect();
    assert_eq!((lost["codings"], lost["codings that do not count"], lost["memos"]), (1, 1, 2), "{told}");
    let file = dir.path().join("s.dna");
    let rows = asked(
        &file,
        "SELECT Title, Start, Stop, e.Value, Name FROM STATEMENTS s, DOCUMENTS d, DATASHORTTEXT x, ENTITIES e, CODERS c \
         WHERE d.ID = DocumentId AND x.StatementId = s.ID AND e.ID = x.Entity AND c.ID = s.Coder ORDER BY Title, Start",
    );
    let want =
        [["A", "0", "13", "Labour & <work>", "Ana"], ["A", "7", "23", "ban", "Ana"], ["B", "4", "9", "ban", "Ben"]];
    // An emoji before the third is two units of UTF-16; the study counts bytes.
    let text = TEXTS[1];
    let start = text.find("cafe").unwrap();
    let units = |to: usize| text[..to].encode_utf16().count().to_string();
    let mut want: Vec<Vec<String>> = want.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
    want[2][1] = units(start);
    want[2][2] = units(start + "cafe\u{301}".len());
    assert_eq!(rows, want);
    assert_eq!(asked(&file, "SELECT Value FROM DATALONGTEXT"), [["=HYPERLINK(1)"]], "the memo");
    assert!(!String::from_utf8_lossy(&std::fs::read(&file).unwrap()).contains(dir.path().to_str().unwrap()));
}

#[test]
fn a_table_of_codings_finds_the_texts_of_the_study() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    done(dir.path(), &["export", "s", "--to", "c.csv"]);
    crate::support::put(
        dir.path(),
        &[
            ("t/study.toml", "title = \"T\"\n"),
            ("t/sources.csv", "path,title\nsources/a.txt,A\nsources/b.txt,B\n"),
            ("t/sources/a.txt", TEXTS[0]),
            ("t/sources/b.txt", TEXTS[1]),
        ],
    );
    done(dir.path(), &["import", "t", "c.csv"]);
    let key = |name: &str| {
        let s = study(&dir.path().join(name));
        let mut all: Vec<_> = s.codings.iter().filter(|c| c.status.counts() && !c.span.is_empty()).collect();
        all.sort_by_key(|c| (c.source.clone(), c.span));
        all.iter().map(|c| (c.source.clone(), c.span, c.quote.clone(), c.memo.clone())).collect::<Vec<_>>()
    };
    assert_eq!(key("t"), key("s"));
    assert_eq!(study(&dir.path().join("t")).sources.len(), 2, "no text twice");
    assert_eq!(json(dir.path(), &["import", "t", "c.csv", "--json"])["changed"], false);
    // As other programs write it: a workbook's words, no places, codes with their parents.
    let other = "Document name;Code;Segment;Author;Comment\nA;Law > Ban;labour is banned;Cy;\nb.txt;Law > Ban;caf\u{65}\u{301};Cy;note\nA;Law;nowhere at all;Cy;\n";
    crate::support::put(dir.path(), &[("m.csv", other)]);
    let told = json(dir.path(), &["import", "t", "m.csv", "--json"]);
    assert_eq!(told["imported"][0]["fidelity"]["unfit"].as_array().unwrap().len(), 1, "{told}");
    let there = study(&dir.path().join("t"));
    let by: Vec<&str> = there.codings.iter().filter(|c| c.coder == "Cy").map(|c| c.quote.as_str()).collect();
    assert_eq!(by.iter().filter(|q| **q == "labour is banned" || **q == "cafe\u{301}").count(), 2, "{by:?}");
    // Everything that is wrong is told at once, with its line.
    crate::support::put(dir.path(), &[("w.csv", "source,code,start,end\n,x,1,2\na.txt,x,one,2\na.txt,x,,\n")]);
    let out = nomoscope(dir.path(), &["import", "t", "w.csv"]);
    for word in ["w.csv:2", "w.csv:3", "w.csv:4", "no position", "quotation or start and end"] {
        assert!(out.code == 2 && out.stderr.contains(word), "{word}: {}", out.stderr);
    }
}

#[test]
fn a_codebook_as_skos_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let concepts = |name: &str| {
        let text = std::fs::read_to_string(dir.path().join(name).join("codebook.toml")).unwrap();
        let book = nomoscope_formats::codebook_toml::parse(text.as_bytes()).unwrap();
        let row =
            |c: &nomoscope_core::codebook::Concept| (c.label_in("en").to_owned(), c.broader.clone(), c.roles.clone());
        book.concepts().iter().map(row).collect::<Vec<_>>()
    };
    for file in ["b.ttl", "b.jsonld"] {
        done(dir.path(), &["export", "s", "--to", file]);
        let name = format!("from-{}", file.replace('.', "-"));
        done(dir.path(), &["import", &name, file]);
        let found = concepts(&name);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0.as_str(), found[1].0.as_str()), ("Labour & <work>", "ban"), "{file}");
        assert!(found[1].1.is_some() && found[0].2 == concepts("s")[0].2, "{file}: {found:?}");
        assert_eq!(json(dir.path(), &["import", &name, file, "--json"])["changed"], false);
    }
}

#[test]
fn networks_are_written_with_what_is_known_of_nodes() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    // Nothing says whose words the sources hold: concepts, by the passages that hold both.
    let told = json(dir.path(), &["export", "s", "--to", "n.graphml", "--json"]);
    assert_eq!((&told["holds"]["nodes"], &told["holds"]["ties"]), (&value!(2), &value!(1)), "{told}");
    assert!(told["lost"].as_array().unwrap().iter().any(|l| l["what"] == "texts" && l["n"] == 2), "{told}");
    let graph = read("n.graphml");
    let key = "<key id=\"a2\" for=\"node\" attr.name=\"title\" attr.type=\"string\"/>";
    assert!(graph.contains(key) && graph.contains(">Labour &amp; &lt;work&gt;</data>"), "{graph}");
    for file in ["n.gexf", "n.dot", "m.csv", "e.csv", "x.xlsx", "x.csv"] {
        let what: &[&str] = match file {
            "m.csv" => &["--as", "matrix"],
            "e.csv" => &["--as", "edges"],
            "x.xlsx" | "x.csv" => &["--as", "nodes"],
            _ => &[],
        };
        done(dir.path(), &[&["export", "s", "--to", file], what].concat());
    }
    assert_eq!(read("m.csv"), "concept,labour,ban\nlabour,0,1\nban,1,0\n");
    assert_eq!(read("e.csv"), "a,b,weight\nlabour,ban,1\n");
    assert!(read("x.csv").starts_with("label,kind,broader,roles,title\n"), "{}", read("x.csv"));
    let refused = nomoscope(dir.path(), &["export", "s", "--to", "o.dot", "--as", "edges"]);
    assert!(refused.code == 2 && refused.stderr.contains("--as is for .csv and .xlsx"), "{}", refused.stderr);
    // An entity has its type and its colour; without settings the network is that of `network`.
    let Some(sample) = shared("dna/sample-dna3.dna") else { return };
    import(dir.path(), "d", &sample);
    for file in ["d.gexf", "o.csv"] {
        let what: &[&str] = if file == "o.csv" { &["--as", "edges"] } else { &[] };
        done(dir.path(), &[&["export", "d", "--to", file], what].concat());
    }
    done(dir.path(), &["network", "d", "--out", "own.gexf", "--edges", "own.csv"]);
    assert_eq!((read("d.gexf"), read("o.csv")), (read("own.gexf"), read("own.csv")));
    let graph = read("d.gexf");
    let sierra = graph.lines().find(|l| l.contains("label=\"Sierra Club\"")).unwrap();
    assert!(sierra.contains("value=\"NGO\"") && sierra.contains("r=\"0\" g=\"204\" b=\"0\""), "{sierra}");
}

#[test]
fn every_export_counts_what_comes_through_and_what_does_not() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    for file in ["s.qdpx", "s.qdc", "s.dna", "s.ttl", "s.jsonld", "s.csv", "s.xlsx", "s.parquet", "s.docx"] {
        let told = json(dir.path(), &["export", "s", "--to", file, "--json"]);
        let lost = |what: &str| {
            let of = told["lost"].as_array().unwrap().iter().filter(|l| l["what"] == what);
            of.map(|l| l["n"].as_u64().unwrap()).sum::<u64>()
        };
        let held = |what: &str| told["holds"][what].as_u64().unwrap_or_default();
        // What is not in the file is lost, and told.
        let all = [("texts", 2), ("concepts", 2), ("codings", 4), ("codings that do not count", 1), ("memos", 2)];
        for (what, n) in all {
            assert_eq!(held(what) + lost(what), n, "{file}: {what}: {told}");
        }
        assert_eq!(held("texts") > 0, matches!(file, "s.qdpx" | "s.dna"), "{file}");
        let out = nomoscope(dir.path(), &["export", "s", "--to", file, "--force"]);
        assert!(out.stdout.contains("came through: ") && out.stdout.contains("does not come through: "), "{file}");
        let quotes = !matches!(file, "s.qdc" | "s.ttl" | "s.jsonld");
        assert_eq!(out.stderr.contains("word for word"), quotes, "{file}: {}", out.stderr);
    }
    // A workbook comes back as the csv does.
    let told = json(dir.path(), &["import", "s", "s.xlsx", "--json"]);
    assert_eq!(told["changed"], json(dir.path(), &["import", "s", "s.csv", "--json"])["changed"], "{told}");
}

#[test]
fn kinds_titles_and_names_come_back() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let put = |path: &str, text: &str| std::fs::write(dir.path().join("s").join(path), text).unwrap();
    put("variables.csv", "id,name,kind,description\nv1,when,text,\nv2,share,decimal,\n");
    let values = "variable,of,value\nv1,source:sources/a.txt,2025-03-01T10:00:00Z\nv2,source:sources/a.txt,1E-05\nv2,source:sources/b.txt,0.5\n";
    put("values.csv", values);
    let about = ["source:sources/a.txt", "source:sources/b.txt", "coding:2"];
    let memo = |(n, of): (usize, &str)| format!("n{n},{of},ana,2026-01-02T03:04:05Z,\"N1\n\nof three things\"\n");
    let rows: String = (0..).zip(about).map(memo).collect();
    put("memos.csv", &format!("id,about,coder,created,text\n{rows}"));
    done(dir.path(), &["export", "s", "--to", "s.qdpx"]);
    let file = dir.path().join("s.qdpx");
    let bytes = std::fs::read(&file).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut qde = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("project.qde").unwrap(), &mut qde).unwrap();
    for want in [
        "name=\"when\" typeOfVariable=\"DateTime\"",
        "<DateTimeValue>2025-03-01T10:00:00Z</DateTimeValue>",
        "name=\"share\" typeOfVariable=\"Float\"",
        "<FloatValue>0.00001</FloatValue>",
        "name=\"N1\"",
        "<PlainTextContent>of three things</PlainTextContent>",
    ] {
        assert!(qde.contains(want), "{want}: {qde}");
    }
    assert_eq!(
        (qde.matches("<Note ").count(), qde.matches("<NoteRef ").count()),
        (2, 4),
        "and that of a coding: {qde}"
    );
    // Into the study itself nothing comes; a new one is called as the project.
    assert_eq!(json(dir.path(), &["import", "s", "s.qdpx", "--json"])["changed"], false);
    for back in ["back", "back.nomo"] {
        done(dir.path(), &["import", back, "s.qdpx"]);
        let there = study(&dir.path().join(back));
        assert_eq!(there.meta.title, "A study");
        assert!(there.memos.iter().all(|m| m.text == "N1\n\nof three things") && there.memos.len() == 3);
        let kinds: Vec<&str> = there.annotations.variables.iter().map(|v| v.kind.name()).collect();
        assert!(kinds.contains(&"decimal"), "{kinds:?}");
        done(dir.path(), &["undo", back]);
        let before = nomoscope_desk::load::study(&dir.path().join(back)).unwrap().study;
        assert_eq!((before.meta.title.as_str(), before.sources.len()), ("s", 0));
    }
    // A table of codings does not cut the end of a line off a quotation.
    let text = "A ban.\n";
    let codings =
        "id,source,start,end,quote,concept,coder,status,created,memo\n1,sources/a.txt,0,7,\"A ban.\n\",ban,ana,,,\n";
    crate::support::put(
        dir.path(),
        &[
            ("w/study.toml", "title = \"W\"\n"),
            ("w/codebook.toml", "[[concept]]\nid = \"ban\"\nroles = []\n"),
            ("w/sources/a.txt", text),
            ("w/codings.csv", codings),
            ("w/coders.csv", "id,name,kind\nana,ana,person\n"),
        ],
    );
    for table in ["w.csv", "w.xlsx"] {
        done(dir.path(), &["export", "w", "--to", table]);
        assert_eq!(json(dir.path(), &["import", "w", table, "--json"])["changed"], false, "{table}");
    }
}

#[test]
fn what_brings_nothing_is_told_and_makes_no_study() {
    let dir = tempfile::tempdir().unwrap();
    let circle = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<#a> a skos:Concept ; skos:prefLabel \"A\" ; skos:broader <#b> .\n<#b> a skos:Concept ; skos:prefLabel \"B\" ; skos:broader <#a> .\n";
    let codes =
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<#a> a skos:Concept ; skos:prefLabel \"A\" .\n";
    let roles = "code;roles\nA;problem+value\n";
    crate::support::put(dir.path(), &[("c.ttl", circle), ("a.ttl", codes), ("roles.csv", roles)]);
    let checked = json(dir.path(), &["check", "c.ttl", "--json"]);
    assert_eq!((&checked["lost"][0]["what"], &checked["lost"][0]["n"]), (&value!("codes"), &value!(2)), "{checked}");
    let out = nomoscope(dir.path(), &["import", "cyc", "c.ttl"]);
    assert!(out.code == 1 && out.stderr.contains("in a circle"), "{}", out.stderr);
    assert!(!out.stderr.contains("has all of it already") && !dir.path().join("cyc").exists(), "{}", out.stderr);
    // A table of roles as spreadsheets of other countries write it.
    done(dir.path(), &["import", "a", "a.ttl", "--roles", "roles.csv"]);
    let book = std::fs::read_to_string(dir.path().join("a/codebook.toml")).unwrap();
    assert!(book.contains("\"problem\"") && book.contains("\"value\""), "{book}");
}
