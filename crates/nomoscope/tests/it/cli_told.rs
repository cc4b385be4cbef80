//! What the program says is so: sentences that a table below them could contradict, next steps that lead on, and words that were typed.

use crate::program::{bad, done, json, nomoscope};
use crate::support::put;
use std::path::Path;

const CODEBOOK: &str = r#"
[[concept]]
id = "trafficking"
roles = ["problem", "value"]
norm_label = true
label.en = "human trafficking"
patterns.en = ["trafficking"]

[[concept]]
id = "slavery"
roles = ["problem", "value"]
norm_label = true
patterns.en = ["slavery"]

[[concept]]
id = "dignity"
roles = ["value"]
patterns.en = ["dignity"]

[[concept]]
id = "prevent"
roles = ["behaviour"]
patterns.en = ["prevent"]
"#;

/// Makes the study `s` of these texts; the columns come after the path.
fn study(dir: &Path, columns: &str, texts: &[(&str, &str)]) {
    put(dir, &[("s/study.toml", "title = \"T\"\nlanguage = \"en\"\nfocus = \"trafficking\"\n")]);
    put(dir, &[("s/codebook.toml", CODEBOOK)]);
    let mut list = format!("path,{columns}\n");
    for (i, (row, text)) in texts.iter().enumerate() {
        put(dir, &[(&format!("s/sources/{i}.txt"), text)]);
        list.push_str(&format!("sources/{i}.txt,{row}\n"));
    }
    put(dir, &[("s/sources.csv", &list)]);
}

/// Two of two sources in the nineties are too few for a share; three of five and two of five are compared.
#[test]
fn a_peak_is_told_among_the_periods_that_are_compared() {
    const YES: &str = "They prevent trafficking.";
    const NO: &str = "They speak of the weather.";
    let dir = tempfile::tempdir().unwrap();
    let lead = |last: &str| {
        let texts = [
            ("1991", YES),
            ("1992", YES),
            ("2001", YES),
            ("2002", YES),
            ("2003", YES),
            ("2004", NO),
            ("2005", NO),
            ("2011", YES),
            ("2012", YES),
            ("2013", last),
            ("2014", NO),
            ("2015", NO),
        ];
        study(dir.path(), "date", &texts);
        let out = done(dir.path(), &["trend", "s", "--every", "10y", "--bootstrap", "0", "--permutations", "19"]);
        out.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = lead(NO);
    let peak = "Among periods with 5 sources or more, it is most common in 2000-2009: in 60 % of the sources.";
    assert!(told.contains(peak), "{told}");
    let equal = lead(YES);
    assert!(!equal.contains("most common"), "{equal}");
}

/// Six sources of the one group state what none of the other does: no pair can be tested, and the lead tells of the statement.
#[test]
fn compare_leads_with_what_is_certain() {
    let dir = tempfile::tempdir().unwrap();
    let own = ("A", "For the sake of dignity they prevent trafficking. Trafficking is known.");
    let other = ("B", "They speak of trafficking. Trafficking is known.");
    study(dir.path(), "region", &[vec![own; 8], vec![other; 8]].concat());
    let out = done(dir.path(), &["compare", "s", "--by", "region", "--bootstrap", "0", "--permutations", "99"]);
    let told = out.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let stated = "certain: “human trafficking / dignity / prevent” (8 of 8 in A, 0 of 8 in B).";
    assert!(told.contains("no pair of concepts could be tested") && told.contains(stated), "{told}");
    // Notes of empty tables speak as those of others do, and what draws nothing is not offered.
    assert!(!out.stdout.contains('`') && out.stdout.contains("q over all tested pairs"), "{}", out.stdout);
    assert!(!out.stderr.contains("--out DIR draws"), "{}", out.stderr);
    let unknown = bad(dir.path(), &["compare", "s", "--by", "region", "A", "C"]);
    assert!(unknown.contains("A B: no source has region `C`") && !unknown.contains("--groups"), "{unknown}");
}

/// A list has two mentions and is one list; who says both there uses both.
#[test]
fn lists_are_counted_once() {
    let dir = tempfile::tempdir().unwrap();
    let both = "They speak of trafficking and slavery.";
    study(dir.path(), "who", &[("x", both), ("x", both), ("y", "Here is slavery.")]);
    let fast = ["--bootstrap", "0", "--permutations", "19"];
    let pair = |more: &[&str]| {
        let args = [&["slip", "s", "--json"][..], &fast, more].concat();
        json(dir.path(), &args)["pairs"][0].clone()
    };
    let found = pair(&[]);
    let counts = ["coordinated", "lists", "users", "speakers"].map(|key| found[key].as_u64().unwrap());
    assert_eq!(counts, [4, 2, 2, 0]);
    assert_eq!(pair(&["--actor", "who"])["users"], 1);
    assert_eq!(pair(&["--speaker", "who"])["users"], 1, "the flag of earlier versions");
    let meta = "title = \"T\"\nlanguage = \"en\"\nactor = \"who\"\n";
    put(dir.path(), &[("s/study.toml", meta)]);
    assert_eq!(pair(&[])["users"], 1, "the study says whose its sources are");
}

/// What interviewers say is not read, and nobody has to find that out by counting.
#[test]
fn interviewers_are_not_left_out_silently() {
    let dir = tempfile::tempdir().unwrap();
    let interview = "I: What do you think of trafficking?\nP: We prevent trafficking.\n\nI: And slavery?\nP: No.\n";
    study(dir.path(), "title", &[("One", interview)]);
    for command in [&["kwic", "s", "trafficking*"][..], &["terms", "s"], &["look", "s"]] {
        let said = done(dir.path(), command).stderr;
        assert!(said.contains("words of interviewers in 1 source not read"), "{command:?}: {said}");
    }
    for command in [&["kwic", "s", "trafficking*", "--interviewers"][..], &["terms", "s", "--interviewers"]] {
        let said = done(dir.path(), command).stderr;
        assert!(!said.contains("interviewers"), "{command:?}: {said}");
    }
    for command in ["concepts", "slip"] {
        let said = done(dir.path(), &[command, "s"]).stderr;
        assert!(said.contains("codings of interviewers' words in 1 source left out"), "{command}: {said}");
    }
}

/// Who typed the id of a concept is told how to look for its word, and not asked whether they meant it.
#[test]
fn kwic_knows_what_was_typed() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), "title", &[("One", "They prevent trafficking.")]);
    let said = done(dir.path(), &["kwic", "s", "slavery"]).stderr;
    assert!(!said.contains("did you mean") && said.contains("nomoscope kwic s '(slavery)'"), "{said}");
    let said = done(dir.path(), &["kwic", "s", "slaveri"]).stderr;
    assert!(said.contains("did you mean the concept `slavery`?"), "{said}");
    let said = done(dir.path(), &["kwic", "s", "trafficking"]).stderr;
    assert!(said.contains("next: nomoscope terms s --near trafficking"), "{said}");
}

/// A folder of texts is no study; both ways to name the new one end in the same advice.
#[test]
fn texts_are_not_taken_for_a_study() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("iv/a.txt", "Words.")]);
    for name in ["ivs", "ivs.nomo"] {
        let said = bad(dir.path(), &["new", name, "--from", "iv"]);
        let hint = format!("nomoscope new {name} makes a study, then nomoscope add {name} iv adds the texts");
        assert!(said.contains("--from iv: holds no study.toml") && said.contains(&hint), "{said}");
    }
    assert!(bad(dir.path(), &["new", "x.nomo", "--from", "nowhere"]).contains("nowhere: no such file or folder"));
}

/// A pattern that is broken is so for a concept that is there as for a new one.
#[test]
fn a_broken_pattern_is_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), "title", &[("One", "Words.")]);
    let said = bad(dir.path(), &["codebook", "add", "s", "slavery", "--pattern", "(a|b", "--language", "en"]);
    assert!(said.contains("`(a|b`: `(` at character 1 is not closed") && !said.contains("where they stand"), "{said}");
}

/// Without texts the next step is to add some, in every command that can be asked; a remedy names the study that was typed.
#[test]
fn an_empty_study_wants_texts() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "empty"]);
    for command in ["sources", "concepts", "code"] {
        let said = nomoscope(dir.path(), &[command, "empty"]).stderr;
        assert!(said.contains("next: nomoscope add empty FILE…"), "{command}: {said}");
        assert!(!said.contains("finds nothing in these texts"), "{command}: {said}");
    }
    for command in ["map", "terms"] {
        let out = nomoscope(dir.path(), &[command, "empty"]);
        assert!(out.code == 1 && out.stderr.contains("`nomoscope add empty FILE…` adds texts"), "{}", out.stderr);
    }
}

/// That nobody is named is a reason to give no answer, and no fault of the flags; where the study names an attribute, that is taken.
#[test]
fn a_network_asks_who_speaks() {
    let dir = tempfile::tempdir().unwrap();
    let text = "They prevent trafficking.";
    study(dir.path(), "who", &[("x", text), ("y", text)]);
    let out = nomoscope(dir.path(), &["network", "s"]);
    assert_eq!(out.code, 1);
    let hint = "a column `actor` of sources.csv, or with `nomoscope describe s SOURCE… --set NAME=VALUE`";
    assert!(out.stderr.contains(hint), "{}", out.stderr);
    put(dir.path(), &[("s/study.toml", "title = \"T\"\nlanguage = \"en\"\nactor = \"who\"\n")]);
    let out = done(dir.path(), &["network", "s"]);
    let lead = "2 actors tied by the stances that both take (congruence), from 4 statements";
    assert!(out.stdout.starts_with(lead), "{}", out.stdout);
    assert!(out.stdout.contains("human trafficking") && !out.stdout.contains(".000"), "{}", out.stdout);
}

/// No window makes up for values that the codebook does not have.
#[test]
fn map_says_what_the_codebook_lacks() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), "title", &[("One", "They prevent trafficking."), ("Two", "It rains.")]);
    let only = "[[concept]]\nid = \"trafficking\"\nroles = [\"problem\"]\npatterns.en = [\"trafficking\"]\n\n\
                [[concept]]\nid = \"prevent\"\nroles = [\"behaviour\"]\npatterns.en = [\"prevent\"]\n";
    put(dir.path(), &[("s/codebook.toml", only)]);
    let out = done(dir.path(), &["map", "s", "--bootstrap", "0", "--seeds", "1"]);
    assert!(out.stderr.contains("hint: s/codebook.toml has no concept that is a value"), "{}", out.stderr);
    assert!(!out.stderr.contains("a wider window"), "{}", out.stderr);
    assert!(out.stderr.contains("1 source holds no concept of the codebook (sources/1.txt)."), "{}", out.stderr);
    let why = json(dir.path(), &["map", "s", "--json", "--bootstrap", "0", "--seeds", "1"]).to_string();
    assert!(why.contains("no complete statement: no concept of the codebook is a value"));
}

/// Attributes are what sources are compared by: they are listed as far as there is room, and all of them in a file.
#[test]
fn sources_tell_their_attributes() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), "region,a_rather_long_attribute", &[("Asia,1", "Words."), ("Africa,", "Others.")]);
    let out = done(dir.path(), &["sources", "s", "--out", "list"]);
    assert!(out.stdout.contains("region") && out.stdout.contains("Africa"), "{}", out.stdout);
    let file = std::fs::read_to_string(dir.path().join("list/sources.csv")).unwrap();
    assert!(file.lines().next().unwrap().contains("words,a_rather_long_attribute,region,sections"), "{file}");
}
