//! `kwic` and `terms` from the command line, on texts whose words can be counted by hand.

use crate::program::{bad, done, json, nomoscope};
use crate::support::put;

const CODEBOOK: &str = "[[concept]]\nid = \"slavery\"\nroles = [\"problem\"]\nlabel = { en = \"slavery\" }\npatterns.en = [\"slaver*\", \"bondage\"]\n\n[[concept]]\nid = \"silence\"\nroles = [\"value\"]\npatterns.en = [\"silence\"]\n";

/// Four texts of two sides.
fn study() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let texts = [
        ("north", "The law forbids slavery. Debt makes bondage of children."),
        ("north", "The law is law; the law of debt. Slavery of children and children’s debt."),
        ("south", "Families sell camels. The market has families and camels."),
        ("south", "Families know slavers. A market is a market of camels."),
    ];
    put(dir.path(), &[("s/study.toml", "title = \"T\"\nlanguage = \"en\"\n"), ("s/codebook.toml", CODEBOOK)]);
    let mut list = "path,side\n".to_owned();
    for (i, (side, text)) in texts.iter().enumerate() {
        put(dir.path(), &[(&format!("s/sources/{i}.txt"), text)]);
        list.push_str(&format!("sources/{i}.txt,{side}\n"));
    }
    put(dir.path(), &[("s/sources.csv", &list)]);
    dir
}

#[test]
fn a_concept_stands_in_its_context() {
    let dir = study();
    let found = json(dir.path(), &["kwic", "s", "slavery", "--sort", "left", "--width", "2", "--json"]);
    let lines: Vec<[&str; 3]> = found["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| ["before", "keyword", "after"].map(|key| l[key].as_str().unwrap()))
        .collect();
    let want = [
        ["of debt.", "Slavery", "of children"],
        ["law forbids", "slavery", ". Debt makes"],
        ["Families know", "slavers", ". A market"],
        ["Debt makes", "bondage", "of children"],
    ];
    assert_eq!(lines, want);
    assert_eq!(
        (found["n"].as_u64(), found["sources_with"].as_u64(), found["sources"].as_u64()),
        (Some(4), Some(3), Some(4))
    );
    // The word itself, where it is also a concept.
    let word = json(dir.path(), &["kwic", "s", "(slavery)", "--json"]);
    assert_eq!((word["n"].as_u64(), word["concept"].is_null()), (Some(2), true));
    let by = json(dir.path(), &["kwic", "s", "slaver*", "--sort", "side", "--json"]);
    let sides: Vec<&str> = by["lines"].as_array().unwrap().iter().map(|l| l["group"].as_str().unwrap()).collect();
    assert_eq!(sides, ["north", "north", "south"]);
    let shown = done(dir.path(), &["kwic", "s", "slaver*", "--top", "2"]);
    assert!(shown.stdout.starts_with("“slaver*” stands 3 times in 3 of 4 sources.\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("… 1 more\n") && shown.stdout.lines().all(|l| l.chars().count() <= 80));
    assert_eq!(nomoscope(dir.path(), &["kwic", "s", "nowhere"]).code, 0);
}

#[test]
fn what_cannot_be_looked_for_is_said_at_once() {
    let dir = study();
    let said = bad(dir.path(), &["kwic", "s", "(a|", "--sort", "sid", "--width", "0"]);
    for part in ["3 problems", "PATTERN: ", "--sort: no source has the attribute `sid`", "--width: takes 1 to 50"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let said = bad(dir.path(), &["terms", "s", "--ngrams", "9", "--by", "sid", "--near", "slaverey"]);
    for part in
        ["--ngrams: takes 1 to 5", "no source has the attribute `sid`", "did you mean `slavery`?", "not for phrases"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let refused = nomoscope(dir.path(), &["terms", "s", "--near", "silence"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("the concept `silence` does not occur"), "{}", refused.stderr);
}

#[test]
fn words_are_counted_and_compared() {
    let dir = study();
    let found = json(
        dir.path(),
        &["terms", "s", "--by", "side", "--near", "slavery", "--width", "2", "--least", "1", "--json"],
    );
    let n = |word: &str| {
        let terms = found["terms"].as_array().unwrap();
        terms.iter().find(|t| t["term"] == word).map(|t| (t["n"].as_u64().unwrap(), t["sources"].as_u64().unwrap()))
    };
    // By hand: law 1 + 3; children 1 + 2 (children's is one of them).
    assert_eq!((n("law"), n("children"), n("debt")), (Some((4, 2)), Some((3, 2)), Some((3, 2))));
    assert_eq!(n("the"), None);
    assert_eq!(found["total"].as_u64(), Some(9 + 14 + 9 + 10));
    let more = |group: usize| -> Vec<&str> {
        found["groups"][group]["more"].as_array().unwrap().iter().map(|k| k["term"].as_str().unwrap()).collect()
    };
    // What one text alone says sets no group of two apart.
    assert_eq!(more(0), ["law"]);
    assert_eq!(more(1), ["camels", "Families", "market"]);
    let near = &found["near"];
    // Of 42 words four are the concept's own; so few texts tell nothing of the rest.
    assert_eq!((near["places"].as_u64(), near["of"].as_u64()), (Some(4), Some(38)));
    let pairs = json(dir.path(), &["terms", "s", "--ngrams", "2", "--json"]);
    let phrases: Vec<&str> = pairs["terms"].as_array().unwrap().iter().map(|t| t["term"].as_str().unwrap()).collect();
    assert!(phrases.contains(&"law forbids") && !phrases.iter().any(|p| p.contains("the ")), "{phrases:?}");
    let shown = done(dir.path(), &["terms", "s", "--by", "side"]);
    // The sentence above the tables is broken by the terminal.
    assert!(shown.stdout.lines().skip(1).all(|l| l.chars().count() <= 80), "{}", shown.stdout);
}

#[test]
fn codebooks_come_from_tables_and_go_back() {
    let dir = study();
    let dir = dir.path();
    done(dir, &["codebook", "export", "s", "--to", "codes.csv"]);
    let table = std::fs::read_to_string(dir.join("codes.csv")).unwrap();
    assert!(
        table.starts_with("concept,role,norm_label,label,language,pattern,not,")
            && table.contains("slavery,problem,,slavery,en,slaver*,")
    );
    put(dir, &[("codes.csv", &format!("{table}Begging,problem,,,en,begg*,,,,,,\n"))]);
    let out = done(dir, &["codebook", "new", "--from", "codes.csv", "--out", "new.toml"]);
    assert_eq!(out.stdout, "wrote new.toml with 3 concepts and 4 patterns (en)\n");
    assert!(done(dir, &["codebook", "check", "new.toml"]).stdout.contains("3 concepts"));
    let said = bad(dir, &["codebook", "new", "--from", "codes.csv", "--out", "new.toml"]);
    assert!(said.contains("there is a codebook already"), "{said}");
    put(dir, &[("wrong.csv", "concept,role,pattern\na,problm,(x\n")]);
    let said = bad(dir, &["codebook", "new", "--from", "wrong.csv", "--out", "w.toml"]);
    assert!(said.contains("wrong.csv:2: unknown role `problm`") && said.contains("is not closed"), "{said}");
}

#[test]
fn concepts_and_patterns_are_added_and_taken_back() {
    let dir = study();
    let dir = dir.path();
    let before = std::fs::read_to_string(dir.join("s/codebook.toml")).unwrap();
    done(
        dir,
        &["codebook", "add", "s", "market", "--role", "behaviour", "--pattern", "market*", "--language", "English"],
    );
    done(dir, &["codebook", "add", "s", "market", "--pattern", "camel*", "--language", "en"]);
    let found = json(dir, &["kwic", "s", "market", "--json"]);
    assert_eq!(found["n"].as_u64(), Some(6));
    let said = bad(dir, &["codebook", "add", "s", "market", "--role", "value"]);
    assert!(said.contains("`market` is in the codebook already"), "{said}");
    let said = bad(dir, &["codebook", "add", "s", "silence", "--pattern", "(a"]);
    assert!(said.contains("codebook.toml"), "{said}");
    done(dir, &["undo", "s"]);
    done(dir, &["undo", "s"]);
    assert_eq!(std::fs::read_to_string(dir.join("s/codebook.toml")).unwrap(), before);
}
