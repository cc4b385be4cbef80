//! `agree`: what it says of tables and of studies, and what it refuses.

use crate::program::{bad, done, json, nomoscope, on_one_line};
use crate::support::put;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

const C_DATA: &str = "Coder,1,2,3,4,5,6,7,8,9,10,11,12\nA,1,2,3,3,2,1,4,1,2,*,*,*\nB,1,2,3,3,2,2,4,1,2,5,*,3\nC,*,3,3,3,2,3,4,2,2,5,1,*\nD,1,2,3,3,2,4,4,1,2,5,1,*\n";

fn coefficient<'v>(found: &'v Value, name: &str) -> &'v Value {
    let all = found["coefficients"].as_array().unwrap();
    all.iter().find(|c| c["name"] == name).unwrap_or_else(|| panic!("no {name} in {found}"))
}

#[track_caller]
fn near(found: &Value, want: f64, tolerance: f64) {
    let value = found["value"].as_f64().unwrap_or_else(|| panic!("{found}"));
    assert!((value - want).abs() <= tolerance, "{value}, not {want}");
}

#[test]
fn published_alphas_from_a_table_either_way_round() {
    let dir = tempfile::tempdir().unwrap();
    let rows: Vec<Vec<&str>> = C_DATA.lines().map(|l| l.split(',').collect()).collect();
    let turned: String = (0..13)
        .map(|c| rows.iter().map(|r| r[c].replace("Coder", "UNIT")).collect::<Vec<_>>().join(";") + "\r\n")
        .collect();
    let unsaid = C_DATA.replace("Coder", "who");
    put(dir.path(), &[("c.csv", C_DATA), ("turned.csv", &turned), ("unsaid.tsv", &unsaid.replace(',', "\t"))]);
    for (level, want) in [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)] {
        for file in [vec!["c.csv"], vec!["turned.csv"], vec!["unsaid.tsv", "--units", "columns"]] {
            let mut call = vec!["agree", "--level", level, "--json", "--bootstrap", "100"];
            call.extend(file);
            let found = json(dir.path(), &call);
            let alpha = coefficient(&found, "krippendorff-alpha");
            near(alpha, want, 0.0005);
            assert_eq!((alpha["level"].as_str(), found["level"].as_str()), (Some(level), Some(level)));
            let ends = alpha["interval"].as_array().unwrap();
            assert!(ends[0].as_f64() < alpha["value"].as_f64() && alpha["value"].as_f64() < ends[1].as_f64());
        }
    }
    let names: Vec<String> = json(dir.path(), &["agree", "c.csv", "--json"])["coefficients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["percent", "cohen-kappa", "fleiss-kappa", "krippendorff-alpha", "gwet-ac", "brennan-prediger"]);
}

#[test]
fn tables_as_people_have_them() {
    let dir = tempfile::tempdir().unwrap();
    put(
        dir.path(),
        &[
            ("words.csv", "unit,\"Ana, B.\",Ben\n\"a, b\",\"yes, but\",no\nc,no,no\nd,\"yes, but\",\"yes, but\"\n"),
            ("decimal.csv", "unit;A;B\n1;1,5;1,5\n2;2,5;3\n3;0,1;NA\n4;7;7,25\n"),
            ("silent.csv", "unit,A,B,C\n1,1,1,\n2,2,2,.\n3,1,2,*\n"),
            ("one.csv", "unit,A,B\n1,x,x\n2,x,x\n"),
            ("mixed.csv", "unit,A,B\n1,1,1.0\n2,2,2.0\n3,1,\n"),
            ("scale.csv", "unit,A,B\n1,low,low\n2,high,middle\n3,middle,middle\n"),
        ],
    );
    let of = |arguments: &[&str]| json(dir.path(), &[&["agree", "--json"], arguments].concat());
    near(coefficient(&of(&["words.csv"]), "percent"), 2.0 / 3.0, 1e-12);
    assert_eq!(of(&["words.csv"])["coders"][0]["coder"], "Ana, B.");
    let decimal = of(&["decimal.csv", "--level", "interval"]);
    assert_eq!(decimal["units"], 3);
    assert_eq!(decimal["differences"][0]["unit"], "2");
    let silent = of(&["silent.csv"]);
    assert_eq!(silent["coders"].as_array().unwrap().len(), 2);
    assert!(silent["notes"][0].as_str().unwrap().contains('C'), "{silent}");
    near(coefficient(&silent, "fleiss-kappa"), 1.0 - (1.0 / 3.0) / 0.5, 1e-12);
    // One category: no variation, no coefficient, and the reason.
    let one = of(&["one.csv"]);
    assert_eq!(coefficient(&one, "percent")["value"], 1.0);
    for name in ["cohen-kappa", "fleiss-kappa", "krippendorff-alpha"] {
        let found = coefficient(&one, name);
        assert!(found["value"].is_null() && found["reason"].as_str().unwrap().contains("variation"), "{found}");
    }
    assert_eq!(coefficient(&of(&["mixed.csv"]), "cohen-kappa")["value"], 1.0);
    let scale = of(&["scale.csv", "--level", "ordinal", "--order", "low,middle,high"]);
    assert_eq!(coefficient(&scale, "krippendorff-alpha")["level"], "ordinal");
    assert_eq!(of(&["silent.csv", "--coders", "B,A"])["coders"][0]["coder"], "B");
}

#[test]
fn intervals_need_five_units_that_two_coders_rated_and_a_hundred_draws() {
    let dir = tempfile::tempdir().unwrap();
    let three = "unit,a,b\nu1,x,x\nu2,y,\nu3,,x\nu4,x,y\nu5,x,x\n";
    let alike: String = (0..12).map(|u| format!("u{u},yes,yes\n")).collect();
    let alike = format!("unit,a,b\nu12,no,no\n{alike}");
    put(dir.path(), &[("three.csv", three), ("alike.csv", &alike)]);
    let out = done(dir.path(), &["agree", "three.csv"]);
    let flowing = out.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains("3 that two coders read to draw from, fewer than 5"), "{}", out.stdout);
    assert!(!out.stderr.contains("intervals are drawn from"), "{}", out.stderr);
    // Nobody disagrees: there is no interval, and nothing to be said against one.
    assert!(!done(dir.path(), &["agree", "alike.csv"]).stderr.contains("intervals are drawn from"));
    assert!(bad(dir.path(), &["agree", "three.csv", "--bootstrap", "1"]).contains("takes 0 for none, or 100 to"));
}

#[test]
fn tables_that_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    put(
        dir.path(),
        &[
            ("id.csv", "id,A,B\n1,x,y\n2,x,x\n"),
            ("unit.csv", "unit,A,B\n1,x,y\n2,x,x\n"),
            ("uneven.csv", "unit,A,B\n1,x\n2,x,x,y\n"),
            ("alone.csv", "unit,A,B\n1,x,\n2,y,\n"),
            ("apart.csv", "unit,A,B\n1,x,\n2,,y\n"),
            ("negative.csv", "unit,A,B\n1,-1,1\n2,2,2\n"),
        ],
    );
    let said = |arguments: &[&str], want: &str| {
        let out = bad(dir.path(), &[&["agree"], arguments].concat());
        assert!(out.contains(want), "{arguments:?}: {out}");
    };
    said(&["id.csv"], "--units rows or --units columns");
    said(&["unit.csv", "--units", "columns"], "contradicts --units");
    said(&["uneven.csv"], "uneven.csv:2: 2 cells where the header has 3");
    said(&["uneven.csv"], "uneven.csv:3: 4 cells");
    said(&["unit.csv", "--level", "ordinal"], "--order low,middle,high");
    said(&["unit.csv", "--level", "interval"], "unit.csv:2: unit `1`, coder `A`: `x` is no number");
    said(&["unit.csv", "--level", "ordinal", "--order", "x"], "`y` is not in --order");
    said(&["unit.csv", "--order", "x,y"], "only with --level ordinal");
    said(&["unit.csv", "--coders", "A,Bb"], "did you mean `B`?");
    said(&["unit.csv", "--unit", "sentence"], "only for a study");
    said(&["negative.csv", "--level", "ratio"], "not possible at the level ratio");
    said(&["missing.csv"], "no such file");
    for file in ["alone.csv", "apart.csv"] {
        let out = nomoscope(dir.path(), &["agree", file]);
        assert_eq!(out.code, 1, "{}", out.stderr);
        assert!(out.stderr.starts_with("no answer: "), "{}", out.stderr);
    }
}

const BOOK: &str = "[[concept]]\nid = \"famine\"\nroles = [\"problem\"]\npatterns.en = [\"famine\"]\n\n[[concept]]\nid = \"relief\"\nroles = [\"behaviour\"]\npatterns.en = [\"relief\"]\n";

/// A study of so many texts, each coded by ana and ben, who differ in every third.
fn coded(dir: &Path, texts: usize) {
    let mut codings = "id,source,quote,concept,coder\n".to_owned();
    for t in 0..texts {
        let text = format!("In year {t} there was famine in the land.\n\nThey sent relief to every town {t}.\n");
        put(dir, &[(&format!("s/sources/{t}.txt"), &text)]);
        let _ = writeln!(codings, "a{t},sources/{t}.txt,famine,famine,ana");
        let _ = writeln!(codings, "b{t},sources/{t}.txt,famine,{},ben", if t % 3 == 0 { "relief" } else { "famine" });
        let _ = writeln!(codings, "c{t},sources/{t}.txt,relief,relief,ana");
        if t % 2 == 0 {
            let _ = writeln!(codings, "d{t},sources/{t}.txt,sent relief,relief,ben");
        }
    }
    put(
        dir,
        &[
            ("s/study.toml", "title = \"S\"\nlanguage = \"en\"\n"),
            ("s/codebook.toml", BOOK),
            ("s/codings.csv", &codings),
        ],
    );
}

#[test]
fn a_thousand_characters_coded_by_chance() {
    let dir = tempfile::tempdir().unwrap();
    let text = "word ".repeat(200);
    let codings = format!(
        "id,source,start,end,quote,concept,coder\n1,sources/a.txt,0,500,{},famine,ana\n2,sources/a.txt,250,750,{},famine,ben\n",
        &text[..500],
        &text[250..750]
    );
    let files = [
        ("study.toml", "title = \"T\"\n"),
        ("codebook.toml", BOOK),
        ("codings.csv", codings.as_str()),
        ("sources/a.txt", &text),
    ];
    put(&dir.path().join("s"), &files);
    let found = json(dir.path(), &["agree", "s", "--json"]);
    let kappa = coefficient(&found, "cohen-kappa");
    assert_eq!(
        (kappa["value"].as_f64(), kappa["units"].as_u64(), kappa["unit"].as_str()),
        (Some(0.0), Some(1000), Some("character"))
    );
    assert_eq!(coefficient(&found, "percent")["value"], 0.5);
    // 500 and 500 characters marked as one unit each, 500 and 500 left out, 250 agreed either way: as published, by hand.
    // Observed (2000 − 1000) / 2000; chance pairs 2000² − 2·500² − 1000, of these alike 2·(1000² / 1) − …
    let (own_unit, own_gap) = (2.0 * 500.0 * 500.0, 1000.0);
    let pairs = 2000.0 * 2000.0 - own_unit - own_gap;
    let alike = 2.0 * 1000.0 * 1000.0 - own_unit - own_gap;
    near(coefficient(&found, "u-alpha"), 1.0 - 0.5 / (1.0 - alike / pairs), 1e-12);
    assert!(coefficient(&found, "cu-alpha")["reason"].is_string());
}

#[test]
fn a_study_by_character_and_by_unit() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 12);
    let found = json(dir.path(), &["agree", "s", "--json"]);
    assert_eq!((found["kind"].as_str(), found["sources"].as_u64()), (Some("study"), Some(12)));
    assert_eq!(found["bootstrap"]["of"], "sources");
    let names: Vec<&str> =
        found["coefficients"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "percent",
            "cohen-kappa",
            "fleiss-kappa",
            "krippendorff-alpha",
            "gwet-ac",
            "brennan-prediger",
            "u-alpha",
            "cu-alpha"
        ]
    );
    // Worst first: what one marked and the other not, before bounds that differ.
    let differences = found["differences"].as_array().unwrap();
    let shares: Vec<f64> = differences.iter().map(|d| d["disagreement"].as_f64().unwrap()).collect();
    assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
    let first = &differences[0];
    assert_eq!(first["disagreement"], 1.0);
    let confused = differences.iter().find(|d| d["concept"] == "famine").unwrap();
    assert_eq!((confused["marked_by"][0].as_str(), confused["not_by"][0].as_str()), (Some("ana"), Some("ben")));
    assert_eq!(confused["instead"][0]["concept"], "relief");
    assert!(differences.last().unwrap()["not_by"].as_array().unwrap().is_empty());
    // The lexicon finds each word: of famine all passages that at least one of two marked.
    let famine = &found["lexicon"]["concepts"][0];
    assert_eq!((famine["concept"].as_str(), famine["precision"]["value"].as_f64()), (Some("famine"), Some(1.0)));
    let problem = &found["lexicon"]["roles"][0];
    assert_eq!((problem["role"].as_str(), problem["recall"]["k"].as_u64()), (Some("problem"), Some(12)));
    let relief = &found["lexicon"]["concepts"][1]["recall"];
    assert_eq!((relief["k"].as_u64(), relief["n"].as_u64()), (Some(12), Some(16)));
    assert_eq!(relief["interval_by"], "sources");
    // By paragraph only presence counts: ana and ben agree on relief in every second source, but for confusions of famine.
    let by_unit = json(dir.path(), &["agree", "s", "--json", "--unit", "paragraph"]);
    let relief = by_unit["concepts"].as_array().unwrap().iter().find(|c| c["concept"] == "relief").unwrap();
    assert_eq!(relief["coefficients"][0]["units"], 24);
    near(&relief["coefficients"][0], 14.0 / 24.0, 1e-12);
    assert_eq!(json(dir.path(), &["agree", "s", "--json"]), found, "the same again");
}

#[test]
fn a_study_file_and_a_folder_say_the_same() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 4);
    done(dir.path(), &["new", "s.nomo", "--from", "s"]);
    let of = |study: &str| {
        let mut said = json(dir.path(), &["agree", study, "--json", "--bootstrap", "100"]);
        // A folder is read from other files than a study file is.
        assert!(said["run"]["inputs"].take().is_object());
        said
    };
    assert_eq!(of("s"), of("s.nomo"));
    assert_eq!(of("s")["bootstrap"]["of"], "paragraphs");
}

#[test]
fn one_person_is_compared_with_the_lexicon() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 3);
    let found = json(dir.path(), &["agree", "s", "--coders", "ana,lexicon", "--json"]);
    assert_eq!(coefficient(&found, "krippendorff-alpha")["value"], 1.0);
    assert_eq!(coefficient(&found, "krippendorff-alpha")["interval"], Value::Null);
    let path = dir.path().join("s/codings.csv");
    let ana: String = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .filter(|l| !l.ends_with("ben"))
        .map(|l| format!("{l}\n"))
        .collect();
    std::fs::write(&path, ana).unwrap();
    let alone = json(dir.path(), &["agree", "s", "--json"]);
    assert_eq!(alone["coders"][1]["coder"], "lexicon");
    std::fs::remove_file(dir.path().join("s/codebook.toml")).unwrap();
    let out = nomoscope(dir.path(), &["agree", "s"]);
    assert_eq!(out.code, 1);
    assert!(out.stderr.contains("only ana has coded this study"), "{}", out.stderr);
}

#[test]
fn stored_codings_of_a_lexicon_count_where_its_patterns_are_not_here() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 2);
    let path = dir.path().join("s/codings.csv");
    let text = std::fs::read_to_string(&path).unwrap().replace(",ben\n", ",lexicon\n");
    std::fs::write(&path, text).unwrap();
    std::fs::remove_file(dir.path().join("s/codebook.toml")).unwrap();
    let found = json(dir.path(), &["agree", "s", "--json"]);
    assert_eq!((&found["coders"][1]["coder"], &found["coders"][1]["codings"]), (&"lexicon".into(), &3.into()));
    assert_eq!(found["lexicon"]["reason"], "the codebook has no patterns");
}

#[test]
fn who_coded_nothing_in_a_source_did_not_read_it() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 3);
    let path = dir.path().join("s/codings.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let without: String = text
        .lines()
        .filter(|l| !(l.contains("sources/1.txt") && l.ends_with("ben")))
        .map(|l| format!("{l}\n"))
        .collect();
    std::fs::write(&path, without).unwrap();
    let found = json(dir.path(), &["agree", "s", "--json"]);
    assert_eq!((found["sources"].as_u64(), found["sources_of_one_coder"].as_u64()), (Some(2), Some(1)));
    let all = json(dir.path(), &["agree", "s", "--json", "--all-read"]);
    assert_eq!((all["sources"].as_u64(), all["sources_of_one_coder"].as_u64()), (Some(3), Some(0)));
    let said = nomoscope(dir.path(), &["agree", "s"]).stdout;
    assert!(on_one_line(&said).contains("1 source is left out"), "{said}");
}

#[test]
fn studies_that_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 2);
    assert!(bad(dir.path(), &["agree", "s", "--coders", "ana,bem"]).contains("codings are by ana, ben, lexicon"));
    assert!(bad(dir.path(), &["agree", "s", "--level", "interval"]).contains("only for a table"));
    let out = nomoscope(dir.path(), &["agree", "s", "--coders", "ana"]);
    assert_eq!(out.code, 1, "{}", out.stderr);
    std::fs::remove_file(dir.path().join("s/codings.csv")).unwrap();
    let out = nomoscope(dir.path(), &["agree", "s"]);
    assert!(out.code == 1 && out.stderr.contains("nobody has coded this study"), "{}", out.stderr);
    assert!(bad(dir.path(), &["agree", "nowhere"]).contains("no such study"));
}

#[test]
fn a_report_has_a_section_where_two_people_coded() {
    let dir = tempfile::tempdir().unwrap();
    coded(dir.path(), 3);
    let report = |out: &str| {
        done(dir.path(), &["report", "s", "--out", out, "--bootstrap", "0"]);
        let page = |name: &str| std::fs::read_to_string(dir.path().join(out).join(name)).unwrap();
        page("report.html") + &page("appendix.html")
    };
    let page = report("two");
    assert!(page.contains("<section id=\"agreement\">") && page.contains("id=\"figure-agreement\""));
    for file in
        ["figures/agreement.svg", "figures/agreement.png", "tables/agreement.csv", "tables/agreement-passages.csv"]
    {
        assert!(dir.path().join("two").join(file).exists(), "{file}");
    }
    std::fs::remove_file(dir.path().join("s/codings.csv")).unwrap();
    assert!(!report("none").contains("id=\"agreement\""));
}
