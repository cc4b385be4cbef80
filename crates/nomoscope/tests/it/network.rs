//! `network`: discourse networks of tables and of studies, and what is refused.

use crate::program::{bad, done, json, nomoscope};
use crate::support::put;
use serde_json::{Value, json as value};

const TABLE: &str = "organization,concept,agreement,document,date\nA,tax,1,d1,2005-01-26\nA,tax,1,d1,2005-01-26\nA,ban,0,d2,2005-02-03\nB,tax,1,d1,2005-01-26\nB,ban,1,d3,2006-02-03\nC,tax,0,d2,2005-02-03\nC,ban,0,d4,2006-02-10\n";

#[test]
fn a_table_of_statements() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("s.csv", TABLE)]);
    let of = |arguments: &[&str]| json(dir.path(), &[&["network", "s.csv", "--json"], arguments].concat());
    let plain = of(&[]);
    assert_eq!(plain["matrix"], value!([[0.0, 2.0, 1.0], [2.0, 0.0, 0.0], [1.0, 0.0, 0.0]]));
    assert_eq!((plain["aggregation"].as_str(), plain["compat"].as_str()), (Some("congruence"), Some("corrected")));
    assert_eq!(plain["edges"][0], value!({ "a": "A", "b": "B", "weight": 2.0, "concepts": ["ban", "tax"] }));
    let once = of(&["--duplicates", "document", "--aggregate", "subtract"]);
    assert_eq!((once["statements"].as_u64(), once["statements_read"].as_u64()), (Some(6), Some(7)));
    assert_eq!(once["matrix"], value!([[0.0, 0.0, 0.0], [0.0, 0.0, -2.0], [0.0, -2.0, 0.0]]));
    let two = of(&["--mode", "two-mode", "--aggregate", "combine"]);
    assert_eq!(
        (&two["columns"], &two["matrix"]),
        (&value!(["ban", "tax"]), &value!([[2.0, 1.0], [1.0, 1.0], [2.0, 2.0]]))
    );
    let without = of(&["--exclude", "C", "--only", "tax"]);
    assert_eq!(without["matrix"], value!([[0.0, 2.0], [2.0, 0.0]]));
    assert_eq!(of(&["--normalise", "cosine", "--compat", "dna3"])["differs_from_dna3"], value!([]));
    assert!(of(&["--normalise", "cosine"])["differs_from_dna3"][0].as_str().unwrap().contains("Salton"));
    let months = of(&["--time", "months", "--width", "2"]);
    assert_eq!(months["windows"].as_array().unwrap().len(), 13);
    assert_eq!(months["windows"][0]["from"], "2005-01");
    let years = of(&["--time", "years"]);
    assert_eq!(years["windows"][0]["statements"], 5);
}

#[test]
fn matrix_and_ties_are_written() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("s.csv", TABLE)]);
    done(dir.path(), &["network", "s.csv", "--out", "m.csv", "--edges", "e.csv"]);
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("m.csv"), "actor,A,B,C\nA,0,2,1\nB,2,0,0\nC,1,0,0\n");
    assert_eq!(read("e.csv"), "a,b,weight\nA,B,2\nA,C,1\n");
}

#[test]
fn a_study_by_an_attribute_of_its_sources() {
    let dir = tempfile::tempdir().unwrap();
    let book = "[[concept]]\nid = \"ban\"\nroles = [\"behaviour\"]\npatterns.en = [\"ban\"]\n\n[[concept]]\nid = \"tax\"\nroles = [\"behaviour\"]\npatterns.en = [\"tax\"]\n";
    let files = [
        ("study.toml", "title = \"S\"\nlanguage = \"en\"\n"),
        ("codebook.toml", book),
        ("sources.csv", "path,institution\nsources/a.txt,Senate\nsources/b.txt,House\nsources/c.txt,\n"),
        ("sources/a.txt", "We want a tax. We want a ban. A tax again.\n"),
        ("sources/b.txt", "We want a tax. We do not want a ban.\n"),
        ("sources/c.txt", "A ban.\n"),
    ];
    put(&dir.path().join("s"), &files);
    let found = json(dir.path(), &["network", "s", "--json"]);
    assert_eq!((found["kind"].as_str(), &found["rows"]), (Some("study"), &value!(["House", "Senate"])));
    assert_eq!(found["duplicates"], "document");
    assert_eq!(found["matrix"], value!([[0.0, 1.0], [1.0, 0.0]]));
    let against = found["said"].as_array().unwrap().iter().find(|s| s["stance"] == 0).unwrap();
    assert_eq!((against["actor"].as_str(), against["concept"].as_str()), (Some("House"), Some("ban")));
    assert!(against["unit"].as_str().unwrap().contains("s2"), "{against}");
    let conflict = json(dir.path(), &["network", "s", "--json", "--aggregate", "conflict"]);
    assert_eq!(conflict["edges"][0]["weight"], 1.0);
    assert!(found["notes"][0].as_str().unwrap().starts_with("1 of 3 sources have no `institution`"));
    assert!(bad(dir.path(), &["network", "s", "--actor", "nobody"]).contains("no source has the attribute `nobody`"));
    assert!(bad(dir.path(), &["network", "s", "--stance", "x"]).contains("only for a table"));
}

#[test]
fn what_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let no_stance = "actor,concept\nA,x\nB,x\n";
    put(dir.path(), &[("s.csv", TABLE), ("plain.csv", no_stance), ("other.csv", "who,what\nA,x\n")]);
    let said = |arguments: &[&str], want: &str| {
        let out = bad(dir.path(), &[&["network"], arguments].concat());
        assert!(out.contains(want), "{arguments:?}: {out}");
    };
    said(&["other.csv"], "other.csv:1: no column for the actor");
    said(&["s.csv", "--actor", "organisation"], "did you mean `organization`?");
    said(&["plain.csv", "--aggregate", "conflict"], "no stances");
    said(&["s.csv", "--normalise", "activity"], "use no, average, jaccard or cosine");
    said(&["s.csv", "--mode", "two-mode", "--aggregate", "congruence"], "--mode actors");
    said(&["s.csv", "--width", "3"], "only with --time");
    said(&["s.csv", "--time", "years", "--out", "m.csv"], "--edges");
    said(&["s.csv", "--exclude", "Z"], "neither an actor nor a concept: Z");
    said(&["missing.csv"], "no such file");
    let plain: Value = json(dir.path(), &["network", "plain.csv", "--json"]);
    assert_eq!((plain["aggregation"].as_str(), &plain["qualifier"]), (Some("ignore"), &Value::Null));
    let out = nomoscope(dir.path(), &["network", "plain.csv", "--time", "days"]);
    assert!(out.code == 1 && out.stderr.contains("date"), "{}", out.stderr);
}
