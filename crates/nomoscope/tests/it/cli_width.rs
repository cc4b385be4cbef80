//! Whatever a command prints fits its terminal, down to 40 columns, and no name of a column stands where people read.

use crate::program::{at_width, done};
use crate::support::put;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Words with an underscore, which only files have; ids of norms and names of files are no headings.
fn internal_names(printed: &str) -> Vec<&str> {
    let is_name = |w: &&str| {
        let w = w.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        w.contains('_') && w.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    printed.split_whitespace().filter(is_name).collect()
}

#[track_caller]
fn fits(dir: &Path, args: &[&str]) {
    for (columns, most) in [(None, 80), (Some(9), 40)] {
        let out = at_width(dir, args, columns);
        // Without an answer (1) there is nothing to print.
        assert!(out.code == 1 || out.code == 0 && !out.stdout.is_empty(), "{args:?}: {}", out.stderr);
        for line in out.stdout.lines() {
            assert!(line.width() <= most, "{args:?}: {} columns: {line}", line.width());
        }
        let names = internal_names(&out.stdout);
        assert!(names.is_empty(), "{args:?}: {names:?} in\n{}", out.stdout);
    }
}

#[test]
fn internal_names_are_recognised() {
    assert_eq!(internal_names("own weight: 3 · own_weight: 3 · (q_value) a/b_c.md"), ["own_weight:", "(q_value)"]);
}

/// Every command that prints tables about a study. `codebook check` prints a line a file, as compilers do.
#[test]
fn tables_of_a_study_fit_and_speak_words() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "s", "--template", "child-trafficking"]);
    let ratings = "unit,ana,ben,cem\n1,x,x,y\n2,y,y,y\n3,x,y,x\n4,x,x,x\n5,y,x,y\n";
    put(dir.path(), &[("ratings.csv", ratings)]);
    let fast = ["--bootstrap", "0", "--permutations", "99"];
    for args in [
        &["sources", "s"][..],
        &["concepts", "s", "--by", "kind"],
        &["terms", "s"],
        &["terms", "s", "--by", "kind"],
        &["terms", "s", "--near", "child-trafficking"],
        &["kwic", "s", "traffick*"],
        &["codebook", "suggest", "s", "child-trafficking"],
        &["map", "s", "--bootstrap", "0", "--seeds", "1"],
        &[&["trend", "s", "--every", "20y"][..], &fast].concat(),
        &[&["slip", "s"][..], &fast].concat(),
        &[&["compare", "s", "--by", "kind"][..], &fast].concat(),
        &["network", "s"],
        &["log", "s"],
        &["agree", "ratings.csv"],
        &["ask", "s", "review"],
        &["ask", "s", "audit"],
    ] {
        fits(dir.path(), args);
    }
}

/// Every command that prints tables about people, states and law.
#[test]
fn tables_of_reach_and_law_fit_and_speak_words() {
    let dir = tempfile::tempdir().unwrap();
    let lists = "A,B,C,count\n1,0,0,60\n0,1,0,50\n0,0,1,40\n1,1,0,12\n1,0,1,9\n0,1,1,8\n1,1,1,3\n";
    put(dir.path(), &[("lists.csv", lists)]);
    for args in [
        &["reach", "attrition"][..],
        &["reach", "adoption"],
        &["reach", "estimate", "lists.csv", "--bootstrap", "100"],
        &["law", "burden", "un.palermo.3", "uk.msa.2"],
        &["law", "compare", "un.palermo.3", "eu.2011-36.2"],
        &["law", "fallback", "--norm", "un.palermo.3", "--without", "means"],
    ] {
        fits(dir.path(), args);
    }
}
