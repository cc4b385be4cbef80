//! What the first screen of a small study says: nothing that its own tables contradict.

use crate::program::{CODEBOOK, done, json};
use crate::support::put;
use std::path::Path;

/// Writes a study of the given texts with their dates.
fn study(dir: &Path, texts: &[(&str, &str)]) {
    put(
        dir,
        &[
            ("s/study.toml", "title = \"Work\"\nlanguage = \"en\"\nfocus = \"forced-labour\"\n"),
            ("s/codebook.toml", CODEBOOK),
        ],
    );
    let mut sheet = "path,title,kind,date,language\n".to_owned();
    for (i, (date, text)) in texts.iter().enumerate() {
        let path = format!("sources/{i}.txt");
        put(dir, &[(format!("s/{path}").as_str(), *text)]);
        sheet.push_str(&format!("{path},Text {i},speech,{date},en\n"));
    }
    put(dir, &[("s/sources.csv", sheet.as_str())]);
}

/// Returns the page of the report, one blank a space.
fn page(dir: &Path) -> String {
    done(dir, &["report", "s", "--out", "r"]);
    std::fs::read_to_string(dir.join("r/report.html")).unwrap().replace('\u{a0}', " ")
}

#[track_caller]
fn holds(page: &str, said: &[&str], not: &[&str]) {
    for words in said {
        assert!(page.contains(words), "not said: {words}");
    }
    for words in not {
        assert!(!page.contains(words), "said: {words}");
    }
}

const BY_DIGNITY: &str = "Forced labour offends dignity, so prosecute it.";
const BY_ORDER: &str = "Forced labour offends public order, so prosecute it.";

#[test]
fn equal_values_have_no_leader_and_one_day_has_no_emergence() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), &[("2001", BY_DIGNITY), ("2001", BY_ORDER)]);
    let page = page(dir.path());
    holds(
        &page,
        &[
            "2 statements name problem, value and behaviour; none is made by three sources",
            "All 2 different statements have all three parts of a norm.",
            "The complete statements on forced labour are those of 2 sources; the study has no other.",
            "no pair with forced labour could be tested",
            "The 2 sources are dated, all 2001;",
        ],
        &[
            "One value, ",
            "If [forced labour], [",
            "from 2001 to 2001",
            "in the others a problem",
            "coupled beyond chance.",
        ],
    );
    for (file, there) in [
        ("multiple-value.svg", true),
        ("multiple-value-90mm.svg", true),
        ("single-value.svg", false),
        ("emergence.svg", false),
    ] {
        assert_eq!(dir.path().join("r/figures").join(file).exists(), there, "{file}");
    }
    let narrow = std::fs::read_to_string(dir.path().join("r/figures/multiple-value-90mm.svg")).unwrap();
    assert!(narrow.contains("viewBox=\"0 0 400 "), "{narrow}");
    // A phone is shown the same drawing: the wide one would be cut.
    let whole = std::fs::read_to_string(dir.path().join("r/report.html")).unwrap();
    for drawn in ["<div class=\"column\"><svg", "multiple-value-narrow-t", "multiple-value-t"] {
        assert!(whole.contains(drawn), "{drawn}");
    }
    // Two sources: everything is a stray mention, and nothing leads.
    let value = &json(dir.path(), &["map", "s", "--json"])["effective"]["detail"]["value"];
    assert!(value["leading"].is_null() && value["left"] == 0, "{value}");
    assert_eq!(value["leading_reason"], "nothing is left without stray mentions");
}

#[test]
fn figures_count_the_sources_that_they_show() {
    let dir = tempfile::tempdir().unwrap();
    let poor = "Forced labour goes on.";
    study(
        dir.path(),
        &[("2001", BY_DIGNITY), ("2002", BY_DIGNITY), ("2003", BY_ORDER), ("2004", poor), ("2005", poor)],
    );
    done(dir.path(), &["report", "s", "--out", "r"]);
    let figure = |name: &str| {
        let svg = std::fs::read_to_string(dir.path().join("r/figures").join(name)).unwrap();
        svg.replace('\u{a0}', " ")
    };
    holds(
        &figure("single-value.svg"),
        &[
            "No value is stated by three sources",
            "dignity, joins",
            "Complete statements on forced labour, in 3 sources.",
        ],
        &[],
    );
    holds(&figure("emergence.svg"), &["5 sources, 2001–2005"], &["adopted", "instrument"]);
}

#[test]
fn a_year_is_before_nothing_in_that_year() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), &[("2000", BY_DIGNITY), ("2000-02-11", BY_DIGNITY), ("2003-01-01", BY_ORDER)]);
    done(dir.path(), &["report", "s", "--out", "r"]);
    let rows = std::fs::read_to_string(dir.path().join("r/figures/emergence.svg")).unwrap().replace('\u{a0}', " ");
    holds(&rows, &["new: public order", "3 concepts are no one’s"], &["forced labour"]);
    let first = std::fs::read_to_string(dir.path().join("r/tables/first.csv")).unwrap();
    holds(&first, &["2000,dignity,value,Text 0,1", "2003-01-01,public order,value,Text 2,0"], &[]);
}

#[test]
fn where_nothing_is_complete_a_sentence_stands_for_the_picture() {
    let dir = tempfile::tempdir().unwrap();
    study(dir.path(), &[("2001", "Prosecute forced labour."), ("2002", "Prosecute forced labour.")]);
    holds(
        &page(dir.path()),
        &[
            "No statement names a problem, a value and a behaviour together, so there is no picture of the cluster.",
            "The one statement does not have all three parts of a norm.",
        ],
        &["figure-multiple-value"],
    );
    assert!(!dir.path().join("r/figures/multiple-value.svg").exists());
}

#[test]
fn the_title_of_an_instrument_is_no_passage_where_there_is_another() {
    let title = "Recalling the Convention to Prosecute Forced Labour of 1930.";
    let (named, said) = (("2001", title), ("2002", "States prosecute forced labour."));
    for (texts, told, quoted) in [
        (&[named, said][..], "In 1 of 2 sentences on forced labour all that was found stands in capitals", false),
        // That two concepts stand together is shown by the only place where they do.
        (&[named], "In 1 of 1 sentence on forced labour all that was found stands in capitals", true),
    ] {
        let dir = tempfile::tempdir().unwrap();
        study(dir.path(), texts);
        let page = page(dir.path());
        holds(&page, &[told], &[]);
        assert_eq!(page.contains("Recalling the Convention"), quoted, "{told}");
    }
}
