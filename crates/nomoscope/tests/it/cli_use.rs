//! `trend` and `slip` from the command line: what they print, what they refuse, and what they say of bad input.

use crate::program::{bad, done, json, nomoscope};
use crate::support::put;
use std::path::Path;

const CODEBOOK: &str = r#"
[[concept]]
id = "trafficking"
roles = ["problem", "value"]
norm_label = true
patterns.en = ["trafficking"]

[[concept]]
id = "slavery"
roles = ["problem", "value"]
norm_label = true
patterns.en = ["slavery"]

[[concept]]
id = "punish"
roles = ["behaviour"]
patterns.en = ["punish"]
"#;

/// Ten dated speeches by five speakers.
fn study() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(
        dir.path(),
        &[(
            "s/study.toml",
            "title = \"T\"\nlanguage = \"en\"\nfocus = \"trafficking\"\nperiods = [\"1990-1999\", \"2000-\"]\n",
        )],
    );
    put(dir.path(), &[("s/codebook.toml", CODEBOOK)]);
    let mut list = "path,date,who\n".to_owned();
    for i in 0..10 {
        let text = format!("Here is trafficking. They punish {}.", if i < 5 { "nobody" } else { "slavery" });
        put(dir.path(), &[(&format!("s/sources/{i}.txt"), &text)]);
        list.push_str(&format!("sources/{i}.txt,{},w{}\n", 1995 + i, i % 5));
    }
    put(dir.path(), &[("s/sources.csv", &list)]);
    dir
}

#[test]
fn trend_reads_the_periods_of_the_study() {
    let dir = study();
    let found = json(dir.path(), &["trend", "s", "--json", "--bootstrap", "100", "--permutations", "99"]);
    let names: Vec<&str> = found["periods"].as_array().unwrap().iter().map(|p| p["period"].as_str().unwrap()).collect();
    assert_eq!(names, ["1990-1999", "2000-"]);
    assert!(found["periods"][1]["to"].is_null() && found["periods"][0]["sources"] == 5);
    let slavery = found["first"].as_array().unwrap().iter().find(|f| f["concept"] == "slavery").unwrap();
    assert_eq!((slavery["source"].as_str(), slavery["date"].as_str()), (Some("sources/5.txt"), Some("2000")));
    assert_eq!(slavery["quote"], "They punish slavery.");
    let births = found["changes"][0]["births"].as_array().unwrap();
    assert!(births.iter().any(|b| b["kind"] == "concept" && b["concept"] == "slavery" && b["sources_after"] == 5));
    let again = json(dir.path(), &["trend", "s", "--json", "--bootstrap", "100", "--permutations", "99"]);
    assert_eq!(found, again);
    let told = done(dir.path(), &["trend", "s", "--every", "5y"]);
    assert!(told.stdout.contains("1995-1999") && told.stderr.contains("next: nomoscope slip s"), "{told:?}");
}

/// Forty speeches, ten a decade; from 2000 on trafficking and punishment share their paragraph.
fn coupled() -> tempfile::TempDir {
    let dir = study();
    let mut list = "path,date,who\n".to_owned();
    for i in 0..40 {
        let year = 1980 + i;
        let other = "Here is one more paragraph of quite other things.\n\n".repeat(8 + i % 3);
        let apart = "Here is trafficking and much else to be said.\n\nThey punish all that was ever said and done.\n\n";
        let joint = "They punish trafficking and much else of it all.\n\n".repeat(1 + i % 3);
        let text = if year < 2000 {
            other + apart
        } else {
            other + if i % 4 == 0 || i % 4 == 3 { apart } else { "" } + &joint
        };
        put(dir.path(), &[(&format!("s/sources/{i}.txt"), &text)]);
        list.push_str(&format!("sources/{i}.txt,{year},w{}\n", i % 2));
    }
    put(dir.path(), &[("s/sources.csv", &list)]);
    dir
}

/// Two periods are a sentence, and no drawing of one point.
#[test]
fn few_points_are_a_sentence() {
    let dir = study();
    let told = done(dir.path(), &["trend", "s", "--bootstrap", "0", "--permutations", "99", "--out", "few"]);
    let said = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("From 1990-1999 to 2000-") && said.contains(" its statements "), "{said}");
    assert!(!dir.path().join("few/drift.svg").exists() && !dir.path().join("few/change.svg").exists());
    assert!(dir.path().join("few/trend-changes.csv").is_file());
}

/// Section 4.1 of the article names six labels between which people slip; the bundled codebook finds each, as it is written there.
#[test]
fn labels_of_the_article_are_labels_of_the_codebook() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "s"]);
    done(dir.path(), &["new", "t", "--template", "child-trafficking"]);
    std::fs::copy(dir.path().join("t/codebook.toml"), dir.path().join("s/codebook.toml")).unwrap();
    let said = "We favour forced labor, child labor and debt bondage over child trafficking. Some say human trafficking. Others say modern slavery.";
    put(dir.path(), &[("said.txt", said)]);
    done(dir.path(), &["add", "s", "said.txt", "--set", "language=en"]);
    let found = json(dir.path(), &["slip", "s", "--json", "--bootstrap", "0", "--permutations", "99"]);
    let labels = found.to_string();
    for id in
        ["forced-labour", "child-labour", "debt-bondage", "child-trafficking", "human-trafficking", "modern-slavery"]
    {
        assert!(labels.contains(&format!("\"{id}\"")), "{id}: {labels}");
    }
}

#[test]
fn figures_are_written_beside() {
    let dir = coupled();
    let fast = ["--bootstrap", "0", "--permutations", "99", "--out"];
    let told = done(dir.path(), &[&["trend", "s", "--every", "10y"][..], &fast, &["a"]].concat());
    assert!(told.stderr.contains("networks-over-time.png") && !told.stderr.contains("--out DIR"), "{told:?}");
    for file in ["change.svg", "drift.png", "networks-over-time.svg", "networks-over-time.csv", "trend-periods.csv"] {
        assert!(dir.path().join("a").join(file).is_file(), "{file}");
    }
    let ties = std::fs::read_to_string(dir.path().join("a/networks-over-time.csv")).unwrap();
    assert!(ties.contains("2000–2009,") && ties.contains("2010–2019,") && !ties.contains("1980–1989,"), "{ties}");
    // JSON goes to stdout even so.
    json(dir.path(), &[&["slip", "s", "--json"][..], &fast, &["b"]].concat());
    assert!(dir.path().join("b/slip-pairs.csv").is_file());
    done(dir.path(), &[&["compare", "s", "--by", "who"][..], &fast, &["c"]].concat());
    assert!(dir.path().join("c/compare-groups.csv").is_file());
    // No difference is certain: networks side by side would show who has written more.
    assert!(!dir.path().join("c/networks-side-by-side.svg").exists());
    let report = ["report", "s", "--bootstrap", "0", "--out", "r"];
    done(dir.path(), &report);
    assert!(dir.path().join("r/figures/networks-over-time.svg").is_file());
    assert!(bad(dir.path(), &["trend", "s", "--out", "s/study.toml"]).contains("is a file, not a folder"));
}

#[test]
fn trend_says_what_is_wrong() {
    let dir = study();
    let said = bad(dir.path(), &["trend", "s", "--periods", "1990-1980,x,2000-2010,2010-2020"]);
    assert!(said.contains("3 problems") && said.contains("`x` is no period"), "{said}");
    assert!(said.contains("period `2010-2020` begins before `2000-2010` has ended"), "{said}");
    for (args, want) in [
        (&["--every", "0"][..], "`0` is no length of time"),
        (&["--every", "1m", "--focus", "none"], "--focus"),
        (&["--width", "ten"], "--width: `ten` is no length of time"),
        (&["--kernel", "cosine"], "invalid value 'cosine'"),
        (&["--every", "10y", "--width", "5y"], "cannot be used with"),
        (&["--permutations", "9999999"], "--permutations"),
    ] {
        let said = bad(dir.path(), &[&["trend", "s"][..], args].concat());
        assert!(said.contains(want), "{args:?}: {said}");
    }
    let wide = nomoscope(dir.path(), &["trend", "s", "--width", "50y"]);
    assert!(
        wide.code == 1 && wide.stderr.contains("the sources cover 10.0 years, less than one window of 50"),
        "{wide:?}"
    );
    put(dir.path(), &[("s/sources.csv", "path\nsources/0.txt\n")]);
    let undated = nomoscope(dir.path(), &["trend", "s"]);
    assert!(undated.code == 1 && undated.stderr.contains("no source has a date"), "{undated:?}");
}

#[test]
fn slip_says_what_it_can_and_what_is_wrong() {
    let dir = study();
    let found = json(dir.path(), &["slip", "s", "--json", "--speaker", "who", "--by", "who", "--bootstrap", "100"]);
    let pair = &found["pairs"][0];
    assert_eq!((pair["a"].as_str(), pair["b"].as_str()), (Some("slavery"), Some("trafficking")));
    assert!(pair["verdict"] == "undetermined" && pair["interchangeable"].is_null() && pair["reason"].is_string());
    assert_eq!((found["speakers"].as_u64(), found["groups"].as_array().unwrap().len()), (Some(5), 5));
    assert!(found["groups"][0]["small"] == true && pair["passages"][0]["quote"].as_str().unwrap().contains("slavery"));
    let told = done(dir.path(), &["slip", "s"]);
    assert!(told.stdout.contains("do the data tell") && told.stderr.contains("--actor ATTR"), "{told:?}");
    let said =
        bad(dir.path(), &["slip", "s", "--labels", "slavry,trafficking", "--by", "nobody", "--permutations", "0"]);
    for want in [
        "3 problems",
        "`slavry` is no concept of the codebook",
        "did you mean `slavery`?",
        "no source has the attribute `nobody`",
    ] {
        assert!(said.contains(want), "{want}: {said}");
    }
    assert!(bad(dir.path(), &["slip", "s", "--labels", "slavery"]).contains("names one label"));
    check_one_label(dir.path());
}

/// Without two norm labels there is nothing to slip between.
fn check_one_label(dir: &Path) {
    put(
        dir,
        &[(
            "s/codebook.toml",
            &CODEBOOK.replace("norm_label = true\npatterns.en = [\"slavery\"]", "patterns.en = [\"slavery\"]"),
        )],
    );
    assert!(bad(dir, &["slip", "s"]).contains("the codebook has 1 norm labels"));
}
