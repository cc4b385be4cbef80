//! `reach attrition` and `reach adoption` as people use them.

use crate::program::{bad, done, json, nomoscope, on_one_line};
use crate::support::put;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A table like that of the United Nations Office on Drugs and Crime, with its header in the third row.
pub(crate) const VICTIMS: &str = "UNODC,,,,\n30/05/2023,,,,\n\
    Country,Region,Indicator,Year,txtVALUE\n\
    France,Europe,Detected trafficking victims,2018,\"1,757\"\n\
    France,Europe,Persons brought into formal contact,2018,200\n\
    France,Europe,Persons prosecuted,2018,100\n\
    France,Europe,Persons convicted,2018,50\n\
    Mali,Africa,Persons brought into formal contact,2018,20\n\
    Mali,Africa,Persons prosecuted,2018,10\n\
    Mali,Africa,Persons convicted,2018,<5\n\
    Chad,Africa,Persons convicted,2017,7\n";

const STAGES: &str = "title = 'Cases'\n\
    [[stage]]\nid = 'reported'\nunit = 'case'\nyear = 2018\nsource = 'police'\ncount = [300, 500]\n\
    [[stage]]\nid = 'tried'\nunit = 'case'\nyear = 2018\nsource = 'courts'\ncount = '<5'\n";

fn shared(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not at hand", path.display());
    None
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("victims.csv", VICTIMS), ("stages.toml", STAGES)]);
    dir
}

#[test]
fn the_chain_of_the_article_needs_mixed() {
    let dir = folder();
    let out = nomoscope(dir.path(), &["reach", "attrition"]);
    assert_eq!((out.code, out.stdout.as_str()), (1, ""));
    assert!(out.stderr.contains("unit child") && out.stderr.contains("--mixed"), "{}", out.stderr);
    let out = done(dir.path(), &["reach", "attrition", "--mixed"]);
    assert!(on_one_line(&out.stdout).starts_with(
        "Of trafficked children: detected as victims about 1 in 100; whose traffickers are tried about 1 in 10,000."
    ));
    assert!(out.stderr.contains("caution") && out.stderr.contains("on file with the author"), "{}", out.stderr);
    let chain = json(dir.path(), &["reach", "attrition", "--mixed", "--json"]);
    let stages = chain["ladders"][0]["stages"].as_array().unwrap();
    assert!(
        stages.iter().all(|s| !s["source"].as_str().unwrap().is_empty() && !s["year"].as_str().unwrap().is_empty())
    );
    let ratios = chain["ladders"][0]["from_first"].as_array().unwrap();
    assert_eq!(ratios.iter().map(|r| r["order_of_magnitude"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 4]);
    assert!(ratios.iter().all(|r| r["interval"].is_null() && r["ratio"].is_null() && r["reason"].is_string()));
}

#[test]
fn stages_of_one_unit_have_intervals() {
    let dir = folder();
    let got = json(dir.path(), &["reach", "attrition", "stages.toml", "--json"]);
    let ratio = &got["ladders"][0]["ratios"][0];
    assert_eq!(ratio["ratio"].as_f64(), Some(2.0 / 400.0));
    let interval: Vec<f64> = ratio["interval"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert!(interval[0] < 0.001 && interval[1] > 0.009 && interval[1] < 4.0 / 300.0, "{interval:?}");
    assert_eq!(json(dir.path(), &["reach", "attrition", "stages.toml", "--json"]), got);
    let one = json(dir.path(), &["reach", "attrition", "stages.toml", "--suppressed-from", "1", "--json"]);
    assert_eq!(one["ladders"][0]["stages"][1]["low"].as_f64(), Some(1.0));
}

#[test]
fn a_table_of_victims_is_taken_apart() {
    let dir = folder();
    let got = json(dir.path(), &["reach", "attrition", "victims.csv", "--by", "region", "--json"]);
    let ladders = got["ladders"].as_array().unwrap();
    assert_eq!(
        ladders.iter().map(|l| l["group"]["region"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Africa", "Europe"]
    );
    // Chad reports convictions alone and is not in the ladder; its conviction is counted.
    assert_eq!((ladders[0]["reporting_all"].as_u64(), ladders[0]["reporting_any"].as_u64()), (Some(1), Some(2)));
    assert_eq!(ladders[1]["from_first"][1]["ratio"].as_f64(), Some(0.25));
    // Victims are of another unit, and join the ladder only where mixing was asked for.
    assert_eq!(ladders[1]["stages"].as_array().unwrap().len(), 3);
    let mixed =
        json(dir.path(), &["reach", "attrition", "victims.csv", "--mixed", "--where", "country=france", "--json"]);
    let steps = mixed["ladders"][0]["ratios"].as_array().unwrap();
    assert_eq!(steps[0]["order_of_magnitude"].as_i64(), Some(1));
    assert_eq!(steps[1]["ratio"].as_f64(), Some(0.5));
    let out = done(dir.path(), &["reach", "attrition", "victims.csv"]);
    assert!(out.stderr.contains("suppressed cell: each is taken as a whole number from 0"), "{}", out.stderr);
    assert!(out.stderr.contains("next: nomoscope reach attrition victims.csv --by year"), "{}", out.stderr);
}

#[test]
fn figures_and_tables_are_written_on_request() {
    let dir = folder();
    done(dir.path(), &["reach", "attrition", "stages.toml", "--out", "a"]);
    done(dir.path(), &["reach", "adoption", "--out", "b"]);
    for file in [
        "a/attrition.svg",
        "a/attrition.png",
        "a/attrition-ratios.csv",
        "b/adoption.svg",
        "b/implementation-lag.png",
        "b/adoption-compared.csv",
        "b/gap.csv",
    ] {
        assert!(dir.path().join(file).is_file(), "{file}");
    }
}

/// A part larger than its whole, a count of 0, a single stage.
#[test]
fn what_a_ladder_cannot_mean_is_told() {
    let dir = folder();
    let stage =
        |count: &str| format!("[[stage]]\nlabel = 'n{count}'\nunit = 'x'\nyear = 1\nsource = 's'\ncount = {count}\n");
    let ladder = |counts: &[&str]| counts.iter().map(|c| stage(c)).collect::<String>();
    let (grown, zero, one) = (ladder(&["400", "700"]), ladder(&["0", "3"]), ladder(&["400"]));
    put(dir.path(), &[("grown.toml", &grown), ("zero.toml", &zero), ("one.toml", &one)]);
    let out = done(dir.path(), &["reach", "attrition", "grown.toml"]);
    assert!(
        out.stderr.contains("caution: More may reach a stage than the one before it: n700 are 175.0 %"),
        "{}",
        out.stderr
    );
    let out = done(dir.path(), &["reach", "attrition", "zero.toml"]);
    assert!(out.stdout.contains("n3 not known (the earlier stage is zero)"), "{}", out.stdout);
    assert!(bad(dir.path(), &["reach", "attrition", "one.toml"]).contains("one.toml: 1 stage, and a ratio needs two"));
}

#[test]
fn states_count_while_they_are_there_and_parties_until_they_leave() {
    let dir = folder();
    let table = "Participant,Signature,Ratification,Withdrawal,Reservation\nFrance,,1990-01-01,1994-06-01,\nItaly,,1991-01-01,,yes\n\
                 Spain,1995-01-01,1992-01-01,,\nUSSR,,1990-01-01,,\nPalestine,,1995-05-05,,\n";
    put(dir.path(), &[("t.csv", table)]);
    let out = done(dir.path(), &["reach", "adoption", "t.csv"]);
    for part in ["3 parties (2 states", "and 1 that is no state", "2 that joined and are parties no more"] {
        assert!(out.stdout.replace('\n', " ").contains(part), "{part}: {}", out.stdout);
    }
    let said = out.stderr.replace("\n", " ");
    assert!(
        said.contains("nothing was read from `Reservation`") && said.contains("ESP signed after joining"),
        "{said}"
    );
}

#[test]
fn bad_input_is_told_at_once() {
    let dir = folder();
    put(
        dir.path(),
        &[
            ("a.csv", "state,joined\nFance,2001\nMali,3001\nMali,2002\n"),
            ("b.csv", "state;joined\n"),
            ("empty.csv", ""),
            ("negative.toml", "[[stage]]\nid='a'\nunit='x'\nyear=1\nsource='s'\ncount=-1\n[[stage]]\nid='b'\n"),
        ],
    );
    let told = bad(dir.path(), &["reach", "adoption", "a.csv", "b.csv", "--criminalised", "empty.csv"]);
    for part in [
        "a.csv:2: `Fance` is no state",
        "did you mean `France`",
        "a.csv:3: 3001 lies in the future",
        "a.csv:4: `Mali` is there twice",
        "b.csv",
        "empty.csv: the file is empty",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = bad(dir.path(), &["reach", "attrition", "negative.toml"]);
    for part in ["negative.toml:6: `count` is negative", "stage `b` has no count", "stage `b` has no `unit`"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    for (args, part) in [
        (&["attrition", "none.toml"][..], "none.toml"),
        (&["attrition", "stages.toml", "--by", "year"], "no attributes"),
        (&["attrition", "victims.csv", "--by", "yaer"], "did you mean `year`"),
        (&["attrition", "victims.csv", "--where", "region=Europa"], "did you mean `Europe`"),
        (&["attrition", "victims.csv", "--where", "region"], "has no value"),
        (&["attrition", "stages.toml", "--draws", "3"], "at least 100 draws"),
        (&["adoption", "--of", "Palermo"], "no treaty is called"),
        (&["adoption", "--until", "2999"], "lies in the future"),
        (&["adoption", "--today", "tomorrow"], "is not a date"),
        (&["adoption", "--name", "x"], "1 names for 0 files"),
    ] {
        let args: Vec<&str> = std::iter::once("reach").chain(args.iter().copied()).collect();
        let told = bad(dir.path(), &args);
        assert!(told.contains(part), "{args:?}: {told}");
    }
}

#[test]
fn what_is_brought_along_is_sound_and_shown() {
    let dir = folder();
    let got = json(dir.path(), &["reach", "adoption", "--json"]);
    let treaties = got["treaties"].as_array().unwrap();
    palermo(&treaties[0]);
    assert_eq!(treaties.len(), 4);
    assert_eq!(got["gap"]["steps"].as_array().unwrap().len(), 2);
    assert_eq!(got["lags"].as_array().unwrap().len(), 3);
    assert!(got["lags"][0]["median_years"].as_f64().is_some_and(|y| y > 0.0));
}

/// The values that the treaty's table is known by.
#[track_caller]
fn palermo(treaty: &Value) {
    assert_eq!((treaty["parties"].as_u64(), treaty["signatories"].as_u64()), (Some(159), Some(117)));
    let curve = treaty["cumulative"].as_array().unwrap();
    let pairs: Vec<(u64, u64)> =
        curve.iter().map(|y| (y["year"].as_u64().unwrap(), y["parties"].as_u64().unwrap())).collect();
    let parties = [4, 21, 45, 77, 95, 111, 116, 124, 135, 142, 147, 154, 159];
    assert_eq!(pairs, (2001..=2013).zip(parties).collect::<Vec<_>>());
    assert_eq!(treaty["tipping"]["date"].as_str(), Some("2004-08-04"));
    assert_eq!(treaty["not_states"][0].as_str(), Some("EUE"));
    let models: Vec<&str> = treaty["fits"].as_array().unwrap().iter().map(|f| f["model"].as_str().unwrap()).collect();
    assert_eq!(models, ["logistic", "Gompertz", "Bass"]);
}

#[test]
fn the_real_tables_give_what_they_should() {
    let Some(tables) = shared("tables") else { return };
    let path = |p: &str| tables.join(p).to_string_lossy().into_owned();
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "reach",
        "adoption",
        &path("ratification/18-12-a.csv"),
        "--criminalised",
        &path("criminalisation/criminalization_jk_2015-08-10.dta"),
        "--convicted",
        &path("victims/data_glotip.xlsx"),
        "--json",
    ];
    let real = json(dir.path(), &args);
    palermo(&real["treaties"][0]);
    // What the program brings along was made from these tables.
    let brought = json(dir.path(), &["reach", "adoption", "--json"]);
    assert_eq!(real["gap"]["curve"], brought["gap"]["curve"]);
    assert_eq!(real["gap"]["steps"], brought["gap"]["steps"]);
    let map = json(
        dir.path(),
        &[
            "reach",
            "adoption",
            &path("ratification/18-12-a.csv"),
            "--criminalised",
            &path("criminalisation/map_criminalization.csv"),
            "--json",
        ],
    );
    // Looked at in 2001 and 2014 alone: most steps have no date, and the lags of the others would mislead.
    assert!(map["lags"][0]["not_dated"].as_u64().is_some_and(|n| n > 50));
    assert!(map["lags"][0]["median_years"].is_null() && map["lags"][0]["reason"].is_string());
    assert_eq!(map["gap"]["until"].as_u64(), Some(2001));
    assert!(map["cautions"].to_string().contains("2001, 2014 alone"));
}

#[test]
fn the_report_of_the_demonstration_has_both_sections() {
    let dir: tempfile::TempDir = tempfile::tempdir().unwrap();
    done(dir.path(), &["demo", "--out", "d"]);
    let page = std::fs::read_to_string(dir.path().join("d/appendix.html")).unwrap();
    let at = |id: &str| page.find(&format!("<section id=\"{id}\">")).unwrap_or_else(|| panic!("{id}"));
    assert!(at("definition") < at("reality-check") && at("reality-check") < at("use"));
    assert!(at("cluster") < at("diffusion") && at("diffusion") < at("methods-in-full"));
    let exists = |path: &str| Path::new(dir.path()).join("d").join(path).is_file();
    assert!(exists("figures/attrition.png") && exists("figures/adoption.svg") && exists("tables/gap.csv"));
    done(dir.path(), &["report", "d/study", "--out", "own"]);
    let own = std::fs::read_to_string(dir.path().join("own/appendix.html")).unwrap();
    assert!(!own.contains("id=\"reality-check\""), "only the demonstration carries bundled numbers");
}
