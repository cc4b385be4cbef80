//! What was asked is asked again, from its run record alone.

use crate::program::{bad, done, json, nomoscope};
use crate::support::{put, tree};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::material::Material;
use nomoscope_engine::questions::{Of, QUESTIONS, Subject, kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const RATINGS: &str = "unit,ana,ben\n1,a,a\n2,a,b\n3,b,b\n4,b,b\n";
const SAID: &str = "actor,concept,stance\nx,c,1\ny,c,1\nx,d,0\ny,d,1\n";
const LISTS: &str = "a,b,c,count\n1,0,0,20\n0,1,0,30\n0,0,1,25\n1,1,0,8\n1,0,1,6\n0,1,1,7\n1,1,1,3\n";
const TALKS: &str =
    "text,kind,year\nThe truth about genocide.,speech,1994\nReparation for victims.,report,2006\n,report,2007\n";
const CASE: &str = "age = 16\ntrue = [\"act.recruit\"]\n";

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in nomoscope_engine::bundled::files("transitional-justice").unwrap() {
        let target = dir.path().join("study").join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
    put(
        dir.path(),
        &[("talks.csv", TALKS), ("r.csv", RATINGS), ("s.csv", SAID), ("l.csv", LISTS), ("case.toml", CASE)],
    );
    dir
}

/// A study in which people accepted ten sentences of a concept and turned down ten.
fn decided(dir: &Path) {
    let right = |i: usize| format!("Case {i} told the truth of what was done.");
    let wrong = |i: usize| format!("Row {i} of the truth table has a nought.");
    let text: String = (0..12).map(|i| format!("{} {}\n\n", right(i), wrong(i))).collect();
    let row = |id: usize, quote: String, status: &str| format!("{id},sources/a.txt,{quote},truth,ana,{status}\n");
    let rows = (0..10).map(|i| row(2 * i, right(i), "") + &row(2 * i + 1, wrong(i), "rejected")).collect::<String>();
    put(
        &dir.join("decided"),
        &[
            ("study.toml", "title = \"Decided\"\nlanguage = \"en\"\nsuggestions = true\n"),
            ("codebook.toml", "[[concept]]\nid = \"truth\"\nroles = [\"value\"]\npatterns.en = [\"veracity\"]\n"),
            ("sources/a.txt", &text),
            ("codings.csv", &format!("id,source,quote,concept,coder,status\n{rows}")),
        ],
    );
}

/// Asks, and asks again from what was printed; a terminal sees the same bytes.
#[track_caller]
fn check(dir: &Path, args: &[&str], inputs: &[&str]) -> String {
    let asked = nomoscope(dir, &[args, &["--json"]].concat());
    fs::write(dir.join("said.json"), &asked.stdout).unwrap();
    let again = done(dir, &[&["replay", "said.json"], inputs].concat());
    assert_eq!(again.stdout, asked.stdout, "{args:?}");
    let said: Value = serde_json::from_str(&asked.stdout).unwrap();
    said["run"]["question"].as_str().unwrap().to_owned()
}

/// Every kind of question is asked by a command and asked again; none is forgotten.
#[test]
fn every_answer_can_be_asked_for_again() {
    let dir = folder();
    let dir = dir.path();
    decided(dir);
    let of_study: &[&[&str]] = &[
        &["concepts", "study", "--by", "kind"],
        &["kwic", "study", "truth", "--sort", "right"],
        &["terms", "study", "--by", "kind"],
        &["codebook", "suggest", "study", "mass-atrocities"],
        &["map", "study", "--bootstrap", "100", "--seeds", "2", "--where", "kind=statute of a court"],
        &["compare", "study", "--by", "kind", "--bootstrap", "100", "--permutations", "19"],
        &["trend", "study", "--every", "50y", "--bootstrap", "100", "--permutations", "19", "--interviewers"],
        &["slip", "study", "--bootstrap", "100"],
        &["network", "study", "--actor", "institution", "--mode", "concepts"],
        &[
            "ask",
            "study",
            "report",
            "--set",
            "map={\"bootstrap\": 100, \"seeds\": 2}",
            "--set",
            "further=[\"terms?least=9\"]",
        ],
        &["ask", "study", "review"],
        &["ask", "study", "audit"],
        &["ask", "study", "adjudicate"],
    ];
    let mut kinds: BTreeSet<String> = of_study.iter().map(|args| check(dir, args, &["study"])).collect();
    let others: &[&[&str]] = &[
        &["scan", "study/codebook.toml", "talks.csv", "--by", "year", "--out", "t.counts", "--force"],
        &["map", "--counts", "t.counts", "--bootstrap", "100", "--seeds", "2"],
        &["compare", "--counts", "t.counts", "--by", "kind", "--bootstrap", "100"],
        &["trend", "--counts", "t.counts", "--every", "10y"],
        &["agree", "r.csv", "--bootstrap", "100"],
        &["network", "s.csv", "--mode", "two-mode"],
        &["law", "list", "--family", "slavery"],
        &["law", "show", "un.palermo.3"],
        &["law", "facts"],
        &["law", "check"],
        &["law", "compare", "un.palermo.3", "coe.197.4"],
        &["law", "overlap", "un.palermo.3", "coe.197.4"],
        &["law", "burden", "un.palermo.3"],
        &["law", "fallback", "--norm", "un.palermo.3", "--without", "means"],
        &["law", "fallback", "case.toml"],
        &["test", "case.toml", "--norms", "un.palermo.3"],
        &["reach", "attrition", "--mixed"],
        &["reach", "estimate", "l.csv"],
        &["reach", "adoption"],
    ];
    kinds.insert(check(dir, &["ask", "decided", "propose", "--set", "concept=truth"], &["decided"]));
    kinds.extend(others.iter().map(|args| check(dir, args, &[])));
    let all: BTreeSet<String> = QUESTIONS.iter().map(|k| k.name.to_owned()).collect();
    assert_eq!(kinds, all);
}

/// A question asked by its name is the one that a command of its own asks.
#[test]
fn questions_are_asked_by_name() {
    let dir = folder();
    let dir = dir.path();
    decided(dir);
    let named = nomoscope(dir, &["ask", "study", "concepts", "--set", "by=kind", "--json"]);
    assert_eq!(named.stdout, nomoscope(dir, &["concepts", "study", "--by", "kind", "--json"]).stdout);
    let said = done(dir, &["ask", "decided", "propose", "--set", "concept=truth", "--top", "2"]);
    let first = said.stdout.find("Case 10 told").or(said.stdout.find("Case 11 told"));
    let later = said.stdout.find("Row 10 of").or(said.stdout.find("Row 11 of"));
    assert!(first.is_some() && later.is_none(), "{}", said.stdout);
    let review = json(dir, &["ask", "decided", "review", "--json"]);
    assert_eq!(review["concepts"], json!([]), "the lexicon finds nothing in this study");
    assert!(bad(dir, &["ask", "study", "mapp"]).contains("did you mean `map`?"));
    assert!(bad(dir, &["ask", "study", "estimate"]).contains("is not asked of a study"));
    let told = bad(dir, &["ask", "study", "map", "--set", "seed", "--set", "seed=1", "--set", "seed=2"]);
    assert!(told.contains("expected NAME=VALUE") && told.contains("set twice"), "{told}");
    assert!(bad(dir, &["ask", "study", "map", "--set", "sede=1"]).contains("unknown field `sede`"));
}

#[test]
fn a_report_is_written_again() {
    let dir = folder();
    let dir = dir.path();
    let few = ["--bootstrap", "100", "--seeds", "2"];
    done(dir, &[&["report", "study", "--out", "then"], &few[..]].concat());
    done(dir, &["replay", "then/run.json", "study", "--out", "now"]);
    assert!(tree(&dir.join("then")) == tree(&dir.join("now")));
}

/// A question that the study keeps for its report, or that is asked once, stands in it; one that is wrong is refused at once.
#[test]
fn further_questions_stand_in_the_report() {
    let dir = folder();
    let dir = dir.path();
    let settings = fs::read_to_string(dir.join("study/study.toml")).unwrap();
    let with = |line: &str| put(dir, &[("study/study.toml", &format!("{settings}{line}\n"))]);
    with("report = [\"compare?by=kind&permutations=19\", \"network?actor=nothing\"]");
    put(dir, &[("study/lists/uk.csv", LISTS)]);
    let few = ["--bootstrap", "100", "--seeds", "2"];
    let made = done(dir, &[&["report", "study", "--out", "then", "--further", "terms?least=9"], &few[..]].concat());
    assert!(made.stderr.contains("network?actor=nothing: has no answer"), "{}", made.stderr);
    let page = fs::read_to_string(dir.join("then/report.html")).unwrap();
    assert!(page.contains("Further questions") && page.contains("Network: actor nothing has no answer"), "{page}");
    assert!(page.contains("<h3>Compare: by kind, permutations 19</h3>"), "{page}");
    let appendix = fs::read_to_string(dir.join("then/appendix.html")).unwrap();
    assert!(appendix.contains("<h2>Compare: by kind, permutations 19</h2>"));
    assert!(appendix.contains("<h2>Terms: least 9</h2>") && appendix.contains("How many were not seen"));
    assert!(dir.join("then/tables/terms-further-3.csv").is_file(), "{:?}", tree(&dir.join("then")).keys());
    done(dir, &["replay", "then/run.json", "study", "--out", "now"]);
    assert!(tree(&dir.join("then")) == tree(&dir.join("now")));
    // A study file has the same tables of lists.
    done(dir, &["new", "file.nomo", "--from", "study"]);
    done(dir, &[&["report", "file.nomo", "--out", "of-file", "--further", "terms?least=9"], &few[..]].concat());
    let [folder, file] = ["then", "of-file"].map(|out| fs::read_to_string(dir.join(out).join("report.html")).unwrap());
    assert_eq!(folder.split("Run record").next(), file.split("Run record").next());
    with("report = [\"mapp\", \"terms?leest=1\", \"compare?by=kind&map.fokus=x\"]");
    let told = bad(dir, &["report", "study", "--out", "none", "--further", "report"]);
    for wrong in [
        "did you mean `map`",
        "no setting `leest`",
        "did you mean `least`",
        "no setting `map.fokus`",
        "`report` cannot stand in a report",
    ] {
        assert!(told.contains(wrong), "{wrong}: {told}");
    }
}

#[test]
fn what_changed_since_is_told() {
    let dir = folder();
    let dir = dir.path();
    let said = done(dir, &["concepts", "study", "--json"]);
    fs::write(dir.join("said.json"), said.stdout).unwrap();
    put(dir, &[("study/sources/more.md", "Truth is a right.\n")]);
    let path = "study/codebook.toml";
    let codebook = fs::read_to_string(dir.join(path)).unwrap();
    put(dir, &[(path, &format!("# A comment.\n{codebook}"))]);
    let told = bad(dir, &["replay", "said.json", "study"]);
    assert!(told.contains("codebook.toml: has changed since") && told.contains("--changed"), "{told}");
    assert!(json(dir, &["replay", "said.json", "study", "--changed"])["concepts"].is_array());
    assert!(bad(dir, &["replay", "said.json"]).contains("name the one study"));
    put(dir, &[("none.json", "{}"), ("odd.json", "{\"run\": {\"question\": \"mapp\"}}")]);
    assert!(bad(dir, &["replay", "none.json", "study"]).contains("holds no run record"));
    let told = nomoscope(dir, &["reach", "estimate", "l.csv", "--json"]);
    fs::write(dir.join("said.json"), told.stdout).unwrap();
    put(dir, &[("l.csv", &LISTS.replace("30", "31"))]);
    assert!(bad(dir, &["replay", "said.json"]).contains("l.csv: has changed since"));
}

/// What a page or another language knows of a question comes from its schema: each setting says what it means, and has a default.
#[test]
fn questions_explain_themselves() {
    for kind in QUESTIONS {
        let (schema, defaults) = (kind.question(), kind.defaults());
        let schema = schema.as_value();
        assert!(schema["description"].is_string(), "{}", kind.name);
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, property) in &properties {
            assert!(property["description"].is_string(), "{}: `{name}` is not explained", kind.name);
            assert!(defaults.get(name).is_some(), "{}: `{name}` has no default", kind.name);
        }
        assert_eq!(properties.len(), defaults.as_object().unwrap().len(), "{}", kind.name);
    }
    let names: BTreeSet<&str> = QUESTIONS.iter().map(|k| k.name).collect();
    assert_eq!(names.len(), QUESTIONS.len());
}

#[test]
fn wrong_questions_are_refused() {
    let of = |name: &str, question: Value, subject: Subject<'_>| {
        let answer = kind(name).and_then(|kind| kind.ask(question, subject, &Handle::default()));
        answer.expect_err("refused").to_string()
    };
    let study = Material::default();
    assert!(of("mapp", json!({}), Subject::Files(&[])).contains("did you mean `map`?"));
    assert!(of("map", json!({ "focsu": "x" }), Subject::Study(&study)).contains("unknown field `focsu`"));
    assert!(of("map", json!({ "seed": "x" }), Subject::Study(&study)).contains("takes a whole number"));
    assert!(of("map", json!({}), Subject::Study(&study)).contains("no sources"));
    for kind in QUESTIONS {
        let told =
            of(kind.name, json!({}), if kind.of == Of::Files { Subject::Study(&study) } else { Subject::Files(&[]) });
        assert!(told.contains("is asked of"), "{}: {told}", kind.name);
    }
}
