//! `reach estimate` as people run it: answers, refusals, bad input, files.

use crate::program::{CODEBOOK, bad, done, finite, json, nomoscope, on_one_line, unfolded};
use crate::support::{put, tree};
use insta::assert_snapshot;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// UKdat_5: Silverman (2014); values of SparseMSE 2.0.1 in `nomoscope-core/testdata/reach`.
const UK: &str = "LA,NG,PFNCA,GO,GP,count\n1,0,0,0,0,54\n0,1,0,0,0,463\n0,0,1,0,0,995\n0,0,0,1,0,695\n0,0,0,0,1,316\n1,1,0,0,0,15\n1,0,1,0,0,19\n1,0,0,1,0,3\n0,1,1,0,0,62\n0,1,0,1,0,19\n0,1,0,0,1,1\n0,0,1,1,0,76\n0,0,1,0,1,11\n0,0,0,1,1,8\n1,1,1,0,0,1\n1,1,0,1,0,1\n0,1,1,1,0,4\n1,1,1,1,0,1\n";
/// Artificial_3 of SparseMSE.
const ARTIFICIAL: &str = "A,B,C,n\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,6\n";

fn work() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("uk.csv", UK), ("artificial.csv", ARTIFICIAL)]);
    dir
}

#[track_caller]
fn near(value: &Value, expect: f64, tolerance: f64) {
    let value = value.as_f64().unwrap();
    assert!((value / expect - 1.0).abs() <= tolerance, "{value}, not {expect}");
}

#[test]
fn the_headline_holds_its_choice_and_the_range_follows() {
    let dir = work();
    let out = done(dir.path(), &["reach", "estimate", "uk.csv"]);
    assert_snapshot!(unfolded(&out.stdout).lines().take(8).collect::<Vec<_>>().join("\n"), @r#"
    About 25,311 persons [10,454; 42,362], on lists or not: the model of least BIC of 3,038 models with dependences of up to 3 lists; 95 % percentile interval of 500 draws, the model chosen again in each.
    This holds if lists depend on each other only through the overlaps that are modelled (LA:NG, LA:PFNCA, NG:PFNCA, NG:GP, PFNCA:GO, LA:NG:PFNCA). Where people differ in how easily they are found there are more: read the lower end, 10,454, as the finding.
    Beside it: BCa [11,381; 56,634]. Chosen among fewer models the interval is [10,435; 45,949] of 10, [10,435; 43,993] of 20, [10,454; 42,362] of 40: it has settled. The draws choose the same model as the data in 17 %.
    Between 10,520 and 11,815 persons, on lists or not: the estimates of the 4 models within 2 AIC of the best, of 1,024 models.
    Their intervals of 95 % together reach from 8,712 to 14,199.
    Least BIC: 25,311 [19,202; 33,689], conditional on this model (LA:NG, LA:PFNCA, NG:PFNCA, NG:GP, PFNCA:GO, LA:NG:PFNCA).
    On the lists are 2,744; the model puts 22,567 on none.
    Chao's lower bound: 13,393 [11,859; 15,184]. A bound if what makes a person easier to find does so on every list alike, and lists do not depend on each other otherwise.
    "#);
    assert_snapshot!(out.stderr, @r#"
    caution: answers differ by more than a third: stepwise 11,313, least BIC 25,311 (2.2 times)
    caution: reasonable models differ by more than a third: from 10,520 to 22,991 (2.2 times) over those within 2 AIC of the best and the best by BIC; quote the range, not one model
    next: nomoscope reach estimate uk.csv --out DIR writes the figure and the tables
    "#);
    for assumption in ["closed population", "perfect linkage", "same period"] {
        assert!(on_one_line(&out.stdout).contains(assumption));
    }
}

#[test]
fn estimates_stand_in_the_json() {
    let dir = work();
    let answer = json(dir.path(), &["reach", "estimate", "uk.csv", "--json"]);
    let headline = &answer["headline"];
    near(&headline["point"], 25_311.290_612_534, 1e-9);
    assert_eq!((&headline["model"], &headline["of_models"]), (&"bic".into(), &3038.into()));
    assert!(headline["interval"][0].as_f64().unwrap() < 11_313.0);
    assert_eq!(headline["nested"].as_array().unwrap().len(), 3);
    near(&answer["estimates"][0]["point"], 25_311.290_612_534, 1e-9);
    let stepwise =
        json(dir.path(), &["reach", "estimate", "uk.csv", "--json", "--model", "stepwise", "--bootstrap", "0"]);
    let first = &stepwise["estimates"][0];
    assert_eq!((first["model"].as_str(), first["status"].as_str()), (Some("stepwise"), Some("ok")));
    near(&first["point"], 11_312.99, 0.001);
    near(&first["interval"][0], 9884.4, 0.005);
    near(&first["interval"][1], 13_027.4, 0.005);
    near(&first["aic"], 127.5986, 1e-6);
    let pairs = ["LA:NG", "LA:PFNCA", "NG:GO", "NG:GP", "PFNCA:GP", "GO:GP"];
    assert_eq!(first["interactions"], serde_json::json!(pairs));
    assert_eq!(stepwise["disagreement"]["more_than_a_third"], true);
    let main = json(dir.path(), &["reach", "estimate", "uk.csv", "--json", "--model", "main", "--bootstrap", "0"]);
    near(&main["estimates"][0]["point"], 13_444.13, 0.001);
    let all = json(dir.path(), &["reach", "estimate", "uk.csv", "--json", "--model", "all", "--bootstrap", "0"]);
    // All pairs, and the headline, which has a dependence of three lists.
    assert_eq!(all["estimates"].as_array().unwrap().len(), 1025);
    let least = |key: &str| {
        let of_pairs = |e: &&Value| {
            e["interactions"].as_array().unwrap().iter().all(|t| t.as_str().unwrap().matches(':').count() == 1)
        };
        let all = all["estimates"].as_array().unwrap().iter().filter(of_pairs);
        all.min_by(|a, b| a[key].as_f64().unwrap().total_cmp(&b[key].as_f64().unwrap())).unwrap()["point"].clone()
    };
    near(&least("aic"), 11_175.0, 0.001);
    near(&least("bic"), 12_142.0, 0.001);
    near(&least("bic_counting_infinite"), 22_991.0, 0.001);
    let formula = stepwise["estimates"][0]["formula"].as_str().unwrap();
    let again = json(dir.path(), &["reach", "estimate", "uk.csv", "--json", "--model", formula, "--bootstrap", "0"]);
    assert_eq!(again["estimates"][0]["point"], first["point"]);
}

#[test]
fn draws_do_not_depend_on_threads() {
    let dir = work();
    let run = |threads: &str| {
        let arguments =
            ["reach", "estimate", "uk.csv", "--json", "--bootstrap", "100", "--seed", "3", "--model", "stepwise"];
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nomoscope"));
        command.args(arguments).current_dir(dir.path()).env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
    };
    let one = run("1");
    assert_eq!(one, run("4"));
    let value: Value = serde_json::from_slice(&one).unwrap();
    assert!(value["estimates"][0]["bootstrap_interval"][1].as_f64().unwrap() > 11_313.0);
}

#[test]
fn no_estimate_is_an_answer() {
    let dir = work();
    let out = nomoscope(dir.path(), &["reach", "estimate", "artificial.csv", "--model", "(A+B+C)^2", "--json"]);
    assert_eq!(out.code, 1);
    let value: Value = serde_json::from_str(&out.stdout).unwrap();
    finite(&value, "$");
    assert_eq!(
        (&value["estimates"][0]["status"], &value["estimates"][0]["point"]),
        (&"not identifiable".into(), &Value::Null)
    );
    assert_snapshot!(out.stderr, @r#"
    no answer: the model is not identifiable: it has 5 finite parameters, and the 4 histories that it can fit determine 4 of them
      hint: take a model with fewer interactions, or merge lists that hardly overlap; main effects would give 539.1
    "#);
    let lonely = nomoscope(dir.path(), &["reach", "estimate", "artificial.csv", "--lists", "A,C"]);
    assert_eq!(lonely.code, 1, "{lonely:?}");
    assert!(lonely.stdout.starts_with("No estimate"), "{}", lonely.stdout);
    put(dir.path(), &[("many.csv", &many_lists())]);
    let out = nomoscope(dir.path(), &["reach", "estimate", "many.csv", "--model", "all"]);
    assert_eq!(out.code, 1, "{out:?}");
    assert_snapshot!(out.stderr, @r#"
    no answer: more than 131072 models have terms of up to 2 of 7 lists
      hint: take --model stepwise, which also searches near its model, a lower --max-order, or merge lists of one kind
    "#);
}

fn many_lists() -> String {
    let row = |on: &[usize]| (0..7).map(|i| if on.contains(&i) { "1," } else { "0," }).collect::<String>();
    let mut text = "A,B,C,D,E,F,G,n\n".to_owned();
    for i in 0..7 {
        text.push_str(&format!("{}20\n{}3\n", row(&[i]), row(&[i, (i + 1) % 7])));
    }
    text
}

#[test]
fn groups_add_up() {
    let dir = work();
    let text = "A,B,sex,n\n1,0,f,90\n0,1,f,40\n1,1,f,10\n1,0,m,9\n0,1,m,8\n1,1,m,4\n";
    put(dir.path(), &[("groups.csv", text)]);
    let value = json(dir.path(), &["reach", "estimate", "groups.csv", "--by", "sex", "--json"]);
    let points: f64 =
        value["strata"].as_array().unwrap().iter().map(|s| s["estimates"][0]["point"].as_f64().unwrap()).sum();
    near(&value["sum"]["point"], points, 1e-12);
    near(&value["strata"][0]["estimates"][0]["point"], 500.0, 1e-9);
    let out = done(dir.path(), &["reach", "estimate", "groups.csv", "--by", "sex"]);
    assert_snapshot!(unfolded(&out.stdout).lines().take(8).collect::<Vec<_>>().join("\n"), @r#"
    About 539 persons, on lists or not: the sum over 2 groups by sex, each with its models within 2 AIC of the best.
    One model a group: 539 [350.3; 915.9], conditional on these models.
    By group
    sex    on lists  persons  lower  upper  lowest model  highest model  reason
    f           140      500    315    882           500            500
    m            21       39     26     92            39             39
    (sum)       161      539    350    916             –              –
    "#);
}

#[test]
fn bad_tables_are_told_at_once() {
    let dir = work();
    put(
        dir.path(),
        &[
            ("bad.csv", "A,B,C,n\n1,0,0,-4\n0,1,0,2.5\n0,2,1,7\n1,1,0,\n"),
            ("alike.csv", "A,B,C,n\n1,1,0,4\n1,1,0,6\n"),
            ("one.csv", "A,n\n1,4\n"),
        ],
    );
    let said = |args: &[&str]| {
        let before = tree(dir.path());
        let said = bad(dir.path(), &[&["reach", "estimate"], args].concat());
        assert!(tree(dir.path()) == before);
        said
    };
    assert_snapshot!(said(&["bad.csv"]), @r#"
    error: 4 problems
    bad.csv:2: the count in `n` is negative: -4
      hint: a count is a whole number of persons, 0 or more
    bad.csv:3: the count in `n` is not whole: 2.5
      hint: a count is a whole number of persons, 0 or more
    bad.csv:4: `2` in `B` is neither presence nor absence
      hint: write 1 and 0, obs and un, yes and no, or TRUE and FALSE; --lists A,B names the lists if this is none
    bad.csv:5: the count in `n` is blank
      hint: a count is a whole number of persons, 0 or more
    "#);
    assert_snapshot!(said(&["alike.csv"]), @r#"
    error: 2 problems
    alike.csv: nobody is on the list `C`
      hint: leave the list out: it says nothing about who is on none
    alike.csv: the lists `A` and `B` are identical: whoever is on one is on the other
      hint: leave one of them out: two copies of a list are one list
    "#);
    assert_snapshot!(said(&["one.csv"]), @r#"
    error: one.csv: there is only 1 list
      hint: the overlap of at least two lists tells how many are on none; a list is a column of 0 and 1
    "#);
    assert_snapshot!(said(&["uk.csv", "--model", "LA*XY"]), @r#"
    error: --model: `LA*XY`: there is no list `XY`
      hint: the lists are LA, NG, PFNCA, GO, GP
    "#);
    assert_snapshot!(said(&["uk.csv", "--by", "region", "--count", "cuont"]), @r#"
    error: 2 problems
    uk.csv:1: --by: there is no column `region`
      hint: the columns are LA, NG, PFNCA, GO, GP, count
    uk.csv:1: --count: there is no column `cuont`
      hint: did you mean `count`?
    "#);
    assert_snapshot!(said(&["uk.csv", "--max-order", "0", "--threshold", "0", "--bootstrap", "1000000"]), @r#"
    error: 3 problems
    --bootstrap: 1000000: takes 0 for none, or 100 to 100000 draws
    --max-order: 0: takes 1 to 16 lists
    --threshold: 0: must be above 0 and at most 1
    "#);
    // One draw gave an interval of width 0 beside the estimate.
    assert!(said(&["uk.csv", "--bootstrap", "1"]).contains("--bootstrap: 1: takes 0 for none, or 100 to"));
    assert!(said(&["none.csv"]).contains("none.csv: cannot be read"));
}

#[test]
fn figure_and_tables_are_written() {
    let dir = work();
    done(dir.path(), &["reach", "estimate", "uk.csv", "--out", "out"]);
    let files: Vec<String> = tree(&dir.path().join("out")).into_keys().collect();
    assert_eq!(
        files,
        [
            "coefficients.csv",
            "estimate.json",
            "estimates.csv",
            "hidden-population.csv",
            "hidden-population.png",
            "hidden-population.svg",
            "steps.csv"
        ]
    );
}

/// A study's own tables stand in its report; one that is wrong is told as everywhere.
#[test]
fn a_study_has_its_lists_in_the_report() {
    let dir = work();
    put(
        dir.path(),
        &[
            ("study/study.toml", "title = \"T\"\nlanguage = \"en\"\n"),
            ("study/codebook.toml", CODEBOOK),
            ("study/sources/a.txt", "Child trafficking must be prevented.\n"),
            ("study/lists/uk.csv", UK),
        ],
    );
    done(dir.path(), &["report", "study", "--out", "out", "--bootstrap", "0"]);
    let page = std::fs::read_to_string(dir.path().join("out/appendix.html")).unwrap();
    assert!(page.contains("How many were not seen") && page.contains("About 25,311 persons [10,454; 42,362]"));
    assert!(dir.path().join("out/figures/hidden-population-lists-1.png").is_file());
    put(dir.path(), &[("study/lists/bad.csv", "A,B,n\n1,0,-2\n0,1,3\n")]);
    let said = bad(dir.path(), &["report", "study", "--out", "out2", "--bootstrap", "0"]);
    assert!(said.contains("lists/bad.csv:2: the count in `n` is negative: -2"), "{said}");
}

fn shared() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/lists"));
    if !path.is_dir() {
        println!("skipped: data/lists is not at hand");
        return None;
    }
    Some(path)
}

/// Every table at hand has an answer, in words and in JSON.
#[test]
fn real_tables_are_answered() {
    let Some(folder) = shared() else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") && !path.to_string_lossy().contains("NewOrl") {
            let value = json(Path::new("."), &["reach", "estimate", &path.to_string_lossy(), "--json"]);
            assert!(value["range"]["low"].as_f64().unwrap() >= value["observed"].as_f64().unwrap(), "{path:?}");
        }
    }
}
