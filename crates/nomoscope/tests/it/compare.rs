//! `compare` as people run it: what it finds, what it refuses, what it says.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(arguments: &[&str], folder: &Path) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_nomoscope")).args(arguments).current_dir(folder).output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn grouped() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files = super::support::grouped();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(&dir.path().join("s"), &files);
    dir
}

fn json(arguments: &[&str], folder: &Path) -> Value {
    let run = run(arguments, folder);
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn pair<'v>(found: &'v Value, a: &str, b: &str) -> &'v Value {
    let list = found["couplings"].as_array().unwrap();
    // Concepts stand in the order of their ids, whatever the codebook's.
    let is = |c: &&Value| (c["a"] == a && c["b"] == b) || (c["a"] == b && c["b"] == a);
    list.iter().find(is).unwrap_or_else(|| panic!("{a} – {b} is not there"))
}

const FAST: [&str; 4] = ["--bootstrap", "100", "--permutations", "99"];

#[test]
fn groups_that_couple_differently_are_told_apart() {
    let dir = grouped();
    let mut arguments = vec!["compare", "s", "--by", "side", "--json"];
    arguments.extend(FAST);
    let found = json(&arguments, dir.path());
    assert_eq!(found["groups"][0]["group"], "north");
    assert_eq!(found["contrasts"].as_array().unwrap().len(), 1, "two groups make one contrast");
    let relief = pair(&found, "famine", "relief");
    assert_eq!(relief["verdict"], "first-only", "{relief}");
    assert!(relief["q"].as_f64().unwrap() <= 0.05 && relief["tested"] == true);
    assert!(relief["sides"][0]["backbone_support"].as_f64().unwrap() > 0.9);
    let passage = &relief["sides"][0]["passages"][0];
    assert!(passage["source"].as_str().unwrap().starts_with("sources/") && passage["unit"].is_string());
    assert_eq!(pair(&found, "famine", "dams")["verdict"], "second-only");
    // Drought is the north's alone: there is nothing to test, so there is no difference.
    let drought = pair(&found, "famine", "drought");
    assert_eq!((&drought["tested"], &drought["q"]), (&Value::Bool(false), &Value::Null));
    assert!(drought["reason"].as_str().unwrap().contains("too few"));
    // Named the other way round, sides and verdicts change places and nothing else.
    let mut turned = vec!["compare", "s", "south", "north", "--by", "side", "--json"];
    turned.extend(FAST);
    let turned = json(&turned, dir.path());
    let back = pair(&turned, "famine", "relief");
    assert_eq!(back["verdict"], "second-only");
    assert!((back["p"].as_f64().unwrap() - relief["p"].as_f64().unwrap()).abs() < 1e-9);
}

#[test]
fn texts_of_one_actor_count_as_one_and_a_family_may_be_named() {
    let dir = grouped();
    let with = |more: &[&str]| {
        let mut arguments = vec!["compare", "s", "--by", "side", "--json"];
        arguments.extend(FAST);
        arguments.extend(more);
        json(&arguments, dir.path())
    };
    let (texts, authors) = (with(&[]), with(&["--actor", "author"]));
    assert_eq!(
        (&authors["groups"][0]["sources"], &authors["groups"][0]["actors"]),
        (&Value::from(10), &Value::from(5))
    );
    let sources = |found: &Value| pair(found, "famine", "relief")["sides"][0]["sources"].as_u64().unwrap();
    assert_eq!((sources(&texts), sources(&authors)), (10, 5));
    // The south never couples them, so that the bounds are compared; fewer things that speak for themselves are less sure.
    let bound = |found: &Value| pair(found, "famine", "relief")["ci"][0].as_f64().unwrap();
    assert!(1.0 < bound(&authors) && bound(&authors) < bound(&texts), "{} {}", bound(&authors), bound(&texts));
    let tested = |found: &Value| found["contrasts"][0]["tested_pairs"].as_u64().unwrap();
    let few = with(&["--with", "dams"]);
    assert!(tested(&few) < tested(&texts));
    let couplings = few["couplings"].as_array().unwrap();
    assert!(couplings.iter().all(|c| c["a"] == "dams" || c["b"] == "dams"));
}

#[test]
fn avoidance_portfolios_and_cross_tables() {
    let dir = grouped();
    let mut arguments = vec!["compare", "s", "--by", "side", "--cross", "side", "era", "--json"];
    arguments.extend(FAST);
    let found = json(&arguments, dir.path());
    let hunger = &found["avoidance"][0];
    assert_eq!((&hunger["norm"], &hunger["elements"][1][1]), (&Value::from("hunger"), &Value::from("loss")));
    let south = &hunger["groups"][1];
    assert_eq!(south["used_instead"][0]["label"], "dearth");
    assert!(south["share"].as_f64().unwrap() > 0.5 && !south["passages"].as_array().unwrap().is_empty());
    let portfolios = found["portfolios"].as_array().unwrap();
    let by: Vec<&str> = portfolios.iter().map(|p| p["attribute"].as_str().unwrap()).collect();
    assert_eq!(by, ["definition", "side", "side", "side"]);
    assert_eq!(portfolios[0]["groups"].as_array().unwrap().len(), 2, "none and mixed are no definitions");
    let among = &portfolios[2];
    assert_eq!(among["among"]["value"], "x");
    assert!(among["between"].as_f64() > among["within"].as_f64(), "one definition, two meanings");
    let cross = found["cross_tables"].as_array().unwrap();
    assert_eq!(cross[0]["attributes"], serde_json::json!(["definition", "side"]));
    assert_eq!(cross[0]["method"], "exact");
    assert!(cross[1]["p"].is_null() && cross[1]["reason"].is_string());
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_reason() {
    let dir = grouped();
    let check = |arguments: &[&str], code: i32, words: &[&str]| {
        let mut all = vec!["compare", "s"];
        all.extend(arguments);
        let run = run(&all, dir.path());
        assert_eq!(run.code, code, "{arguments:?}: {}", run.err);
        for word in words {
            assert!(run.err.contains(word), "{arguments:?} says {word}: {}", run.err);
        }
        assert!(run.out.is_empty());
    };
    check(&["--by", "sied"], 2, &["--by: no source has the attribute `sied`", "side"]);
    check(&["--by", "era"], 1, &["nothing to compare", "`modern`"]);
    check(&["--by", "side", "north"], 2, &["one group was named"]);
    check(&["north", "east", "--by", "side"], 2, &["no source has side `east`", "north, south"]);
    check(&["north", "north", "--by", "side"], 2, &["cannot be compared with itself"]);
    check(&["--by", "side", "--definition", "creed", "--cross", "side", "x"], 2, &["2 problems", "creed", "--cross"]);
    check(&["--by", "side", "--with", "damns"], 2, &["--with", "`damns` is no concept", "did you mean `dams`?"]);
    check(&["--by", "side", "--permutations", "1000000"], 2, &["--permutations"]);
    check(&[], 2, &["--by"]);
}

#[test]
fn lengths_small_groups_and_lacking_attributes_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let concept = |id: &str| format!("[[concept]]\nid = \"{id}\"\nroles = [\"problem\"]\npatterns.en = [\"{id}\"]\n");
    let long =
        format!("{} famine {} drought.\n\nAnd {}.\n", "word ".repeat(60), "word ".repeat(60), "word ".repeat(90));
    let mut files = vec![
        ("s/study.toml".to_owned(), "title = \"T\"\nlanguage = \"en\"\n".to_owned()),
        ("s/codebook.toml".to_owned(), concept("famine") + &concept("drought")),
    ];
    let mut sheet = "path,region\n".to_owned();
    for i in 0..8 {
        let region = if i == 7 {
            ""
        } else if i < 3 {
            "here"
        } else {
            "there"
        };
        sheet += &format!("sources/{i}.txt,{region}\n");
        let text = if i < 3 { "Famine.\n\nDrought, then famine.\n\nDrought.\n".to_owned() } else { long.clone() };
        files.push((format!("s/sources/{i}.txt"), text));
    }
    files.push(("s/sources.csv".to_owned(), sheet));
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(dir.path(), &files);
    let found = run(&["compare", "s", "--by", "region"], dir.path());
    assert_eq!(found.code, 0);
    for words in
        ["compare by sentences", "fewer than 5 sources", "here (3)", "1 source do not have", "No pair of concepts"]
    {
        assert!(found.err.contains(words.replace("1 source do", "1 source does").as_str()), "{words}: {}", found.err);
    }
    assert!(found.out.contains("small"), "{}", found.out);
}

#[test]
fn the_report_has_a_section_with_figures_and_passages() {
    let dir = grouped();
    let found = run(&["report", "s", "--out", "r", "--bootstrap", "100"], dir.path());
    assert_eq!(found.code, 0, "{}", found.err);
    let page = fs::read_to_string(dir.path().join("r/appendix.html")).unwrap();
    assert!(page.contains("<section id=\"compare\">") && page.contains("<a href=\"#compare\">Groups</a>"));
    for file in
        ["figures/contrast-side.svg", "figures/networks-side-by-side-side.png", "tables/compare-couplings-side.csv"]
    {
        assert!(dir.path().join("r").join(file).is_file(), "{file}");
    }
    for anchor in page.split("href=\"#e-compare").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"e-compare{anchor}\"")), "#e-compare{anchor} leads nowhere");
    }
    // The grouping that makes no two groups is named with its reason.
    assert!(page.contains("there is nothing to compare"));
}

#[test]
fn the_same_bytes_with_one_thread_and_with_several() {
    let dir = grouped();
    let with = |threads: &str| {
        let mut arguments = vec!["compare", "s", "--by", "side", "--json"];
        arguments.extend(FAST);
        let output = Command::new(env!("CARGO_BIN_EXE_nomoscope"))
            .args(&arguments)
            .env("RAYON_NUM_THREADS", threads)
            .env("SOURCE_DATE_EPOCH", "0")
            .current_dir(dir.path())
            .output()
            .unwrap();
        output.stdout
    };
    assert!(with("1") == with("4"));
}
