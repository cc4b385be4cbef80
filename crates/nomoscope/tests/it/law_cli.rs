//! `test` and `law` as people use them.

use crate::program::{bad, done, finite, json, nomoscope};
use crate::support::put;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

const CASE: &str = r#"title = "A case"
age = [16, 19]
date = 2005-05-01
true = ["act.recruit", "act.transport", "purpose.forced_labour", "consent.victim_agreed"]
unknown = ["means.deception"]
[grade]
"purpose.forced_labour" = "alleged"
"act.transport" = "supported"
"#;

fn dir(case: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("case.toml", case)]);
    dir
}

/// Runs `test --json` whatever the exit code.
#[track_caller]
fn results(dir: &Path, args: &[&str]) -> (i32, Value) {
    let out = nomoscope(dir, &[&["test"], args, &["--json"]].concat());
    let value: Value =
        serde_json::from_str(&out.stdout).unwrap_or_else(|e| panic!("{e}: {} {}", out.stdout, out.stderr));
    finite(&value, "$");
    (out.code, value)
}

fn of<'v>(value: &'v Value, norm: &str) -> &'v Value {
    value["results"].as_array().unwrap().iter().find(|r| r["norm"] == norm).unwrap()
}

#[test]
fn two_lines_of_evidence() {
    let dir = dir(CASE);
    let (code, value) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3,coe.197.4"]);
    assert_eq!(code, 1);
    let palermo = of(&value, "un.palermo.3");
    assert_eq!((palermo["case"].as_str(), palermo["person"].as_str()), (Some("case"), Some("person")));
    // The age crosses 18: open on all facts, a child for protection, where the alleged purpose does not count.
    assert_eq!(palermo["finding"], "undetermined");
    assert_eq!(palermo["protection"]["presumed_minor"], true);
    assert_eq!(palermo["protection"]["finding"], "undetermined");
    assert_eq!(palermo["prosecution"]["presumed_minor"], false);
    let missing = palermo["missing"].as_array().unwrap();
    assert!(
        missing.contains(&serde_json::json!(["victim.age < 18"]))
            && missing.contains(&serde_json::json!(["means.deception"]))
    );
    assert!(!missing.contains(&serde_json::json!(["victim.age < 16"])), "a bound that does not matter is not offered");
    assert_eq!(palermo["defeating_complete"], true);
    assert_eq!(
        (palermo["in_force"].as_bool(), of(&value, "coe.197.4")["in_force"].as_bool()),
        (Some(true), Some(false))
    );
    assert!(of(&value, "coe.197.4")["mark"].as_str().unwrap().contains("not yet in force"));
    // At a grade.
    let (_, value) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3", "--at", "alleged"]);
    assert_eq!(of(&value, "un.palermo.3")["at"]["grade"], "alleged");
    let supported = CASE.replace("alleged", "supported");
    put(dir.path(), &[("case.toml", supported.as_str())]);
    let (code, value) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3", "--at", "supported"]);
    assert_eq!((code, of(&value, "un.palermo.3")["at"]["limb"].as_str()), (0, Some("child")));
    let (code, _) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3", "--at", "proved"]);
    assert_eq!(code, 1);
}

#[test]
fn what_people_read_never_says_more_than_the_facts() {
    let dir = dir(&CASE.replace("date", "rest = \"false\"\ndate"));
    let out = nomoscope(dir.path(), &["test", "case.toml", "--full"]);
    assert_eq!(out.code, 1);
    for words in [
        "The facts entered satisfy",
        "do not satisfy",
        "do not settle",
        "unasked facts treated as untrue",
        "Art. 10(3)",
        "Not legal advice",
    ] {
        assert!(out.stdout.contains(words), "{words}: {}", out.stdout);
    }
    let read = out.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = read.replace(nomoscope_engine::law::words::DISCLAIMER, "").to_lowercase();
    assert!(!said.contains("not a victim") && !said.contains("no victim"), "{said}");
    assert!(read.contains("from memory, not checked"));
}

#[test]
fn exit_codes() {
    let dir = dir("age = 15\ntrue = [\"act.recruit\", \"purpose.forced_labour\"]\n");
    assert_eq!(nomoscope(dir.path(), &["test", "case.toml", "--norms", "un.palermo.3"]).code, 0);
    assert_eq!(nomoscope(dir.path(), &["test", "case.toml", "--norms", "un.palermo.3,uk.msa.2"]).code, 1);
    assert_eq!(nomoscope(dir.path(), &["test", "case.toml", "--norms", "un.palermo.33"]).code, 2);
    assert!(
        bad(dir.path(), &["test", "case.toml", "--norms", "un.palermo.33"]).contains("did you mean `un.palermo.3`?")
    );
    assert!(bad(dir.path(), &["test"]).contains("--ask"));
    assert!(bad(dir.path(), &["test", "nowhere.toml"]).contains("nowhere.toml: cannot be read"));
}

#[test]
fn cases_come_as_lists_and_with_several_persons() {
    let list = "[[case]]\nid = \"one\"\nname = \"One\"\nage = 30\ntrue = [\"act.recruit\"]\nrest = \"false\"\n[case.expect]\n\"un.palermo.3\" = \"N\"\n\
                [[case]]\nid = \"two\"\nrest = \"unknown\"\n[[case.victim]]\nid = \"A\"\nage = 10\ntrue = [\"act.sell\", \"purpose.slavery\"]\n[[case.victim]]\nid = \"B\"\n";
    let dir = dir(list);
    let (_, value) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3"]);
    let found: Vec<(&str, &str, &str)> = value["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["case"].as_str().unwrap(), r["person"].as_str().unwrap(), r["finding"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [("one", "person", "not-established"), ("two", "A", "established"), ("two", "B", "undetermined")]
    );
    assert_eq!(value["results"][0]["as_expected"], true);
    assert_eq!(value["results"][0]["failing"], serde_json::json!(["means", "purpose", "child"]));
    // A sale hands the person over by interpretation only.
    let (_, value) =
        results(dir.path(), &["case.toml", "--norms", "un.palermo.3", "--person", "A", "--no-interpretation"]);
    assert_eq!(value["results"][0]["finding"], "undetermined");
    // The open list: with it, and without.
    put(
        dir.path(),
        &[(
            "case.toml",
            "age = 30\ntrue = [\"act.recruit\", \"means.force\", \"purpose.begging\"]\nrest = \"false\"\n",
        )],
    );
    let (_, value) = results(dir.path(), &["case.toml", "--norms", "un.palermo.3"]);
    assert_eq!(
        (value["results"][0]["finding"].as_str(), value["results"][0]["established_if_open"].as_bool()),
        (Some("not-established"), Some(true))
    );
}

#[test]
fn broken_cases_say_everything_at_once() {
    let dir = dir(
        "age = -3\ntrue = [\"act.recruit\", \"act.recrut\", \"means.force\"]\nfalse = [\"means.force\"]\ncolour = 1\n[grade]\n\"act.sell\" = \"proved\"\n\"act.recruit\" = \"sure\"\n",
    );
    let said = bad(dir.path(), &["test", "case.toml"]);
    for words in [
        "case.toml:1: the age of case `case` is -3, which lies below 0",
        "unknown key `colour`",
        "the grade of `act.recruit` is none",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    put(
        dir.path(),
        &[(
            "case.toml",
            "true = [\"act.recrut\", \"means.force\", \"act.transport\"]\nfalse = [\"means.force\"]\n[grade]\n\"act.sell\" = \"proved\"\n",
        )],
    );
    let said = bad(dir.path(), &["test", "case.toml"]);
    for words in [
        "unknown fact `act.recrut`\n  hint: did you mean `act.recruit`?",
        "entered as true and as false",
        "`act.sell` has a grade and is not entered",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    put(dir.path(), &[("case.toml", "true = [\"act.transport\"]\nfalse = [\"movement.travel\"]\n")]);
    assert!(
        bad(dir.path(), &["test", "case.toml"])
            .contains("`act.transport` entails `movement.travel`, which is entered as false")
    );
    for text in
        ["", "x = 1\n", "age = [19, 16]\n", "age = 16.5\n", "rest = \"maybe\"\nage = 3\n", "true = [\n", "\u{0}"]
    {
        put(dir.path(), &[("case.toml", text)]);
        assert!(bad(dir.path(), &["test", "case.toml"]).contains("case.toml"), "{text:?}");
    }
}

#[test]
fn broken_norms_say_everything_at_once() {
    let norm = r#"id = "x.one"
system = "x"
family = "test"
adopted = 2010-01-01
in_force = 2009-01-01
[[element]]
id = "a"
role = "act"
any = ["act.recrut"]
open = "purpose.exploitation_unspecified"
[[element]]
id = "b"
role = "status"
cite = "1"
any = ["@c"]
[[element]]
id = "c"
role = "status"
cite = "1"
any = ["@b"]
[[limb]]
id = "l"
requires = ["a", "b", "d"]
"#;
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("norm.toml", norm)]);
    let out = nomoscope(dir.path(), &["law", "check", "norm.toml"]);
    assert_eq!(out.code, 2);
    for words in [
        "unknown fact `act.recrut`",
        "unknown element `d`",
        "in a circle: b → c → b",
        "`adopted` lies after `in_force`",
        "element `a` of `x.one` has no `cite`",
    ] {
        assert!(out.stderr.contains(words), "{words}: {}", out.stderr);
    }
    // A norm with an unknown fact is still looked through: what is unused, and what could never hold.
    let both = "id = \"x.both\"\nsystem = \"x\"\nfamily = \"test\"\n[[element]]\nid = \"a\"\nrole = \"act\"\ncite = \"1\"\nany = [\"act.recrut\"]\n\
                [[element]]\nid = \"old\"\nrole = \"age\"\nany = [\"victim.age >= 18\"]\n[[element]]\nid = \"young\"\nrole = \"age\"\nany = [\"victim.age < 16\"]\n\
                [[element]]\nid = \"spare\"\nrole = \"age\"\nany = [\"victim.age < 18\"]\n[[limb]]\nid = \"never\"\nrequires = [\"a\", \"old\", \"young\"]\n";
    put(dir.path(), &[("both.toml", both)]);
    let said = nomoscope(dir.path(), &["law", "check", "both.toml"]).stderr;
    for words in [
        "unknown fact `act.recrut`",
        "element `spare` of `x.both` is used by no limb",
        "limb `never` of `x.both` can never hold",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let norm = "id = \"x.two\"\nsystem = \"x\"\nfamily = \"test\"\n[[element]]\nid = \"old\"\nrole = \"age\"\nany = [\"victim.age >= 18\"]\n\
                [[element]]\nid = \"young\"\nrole = \"age\"\nany = [\"victim.age < 16\"]\n[[element]]\nid = \"spare\"\nrole = \"age\"\nany = [\"victim.age < 18\"]\n\
                [[limb]]\nid = \"never\"\nrequires = [\"old\", \"young\"]\n";
    put(dir.path(), &[("norm.toml", norm)]);
    assert!(
        nomoscope(dir.path(), &["law", "check", "norm.toml"])
            .stderr
            .contains("element `spare` of `x.two` is used by no limb")
    );
    put(dir.path(), &[("norm.toml", &norm.replace("\"young\"]", "\"young\", \"spare\"]"))]);
    let said = nomoscope(dir.path(), &["law", "check", "norm.toml"]).stderr;
    assert!(said.contains("limb `never` of `x.two` can never hold: its elements exclude each other"), "{said}");
    put(dir.path(), &[("norm.toml", &norm.replace("< 16", "< 0"))]);
    assert!(nomoscope(dir.path(), &["law", "check", "norm.toml"]).stderr.contains("lies outside 1 to 130"));
    // A good one is read beside the bundled law.
    let good = norm
        .replace("victim.age < 16", "act.recruit")
        .replace("\"young\"]", "\"young\", \"spare\"]")
        .replace("victim.age >= 18", "means.force");
    put(
        dir.path(),
        &[("norm.toml", good.as_str()), ("case.toml", "age = 3\ntrue = [\"means.force\", \"act.recruit\"]\n")],
    );
    assert_eq!(nomoscope(dir.path(), &["test", "case.toml", "--norms", "x.two", "--law", "norm.toml"]).code, 0);
    assert_eq!(done(dir.path(), &["law", "check", "norm.toml"]).code, 0);
}

/// Answers questions from a script.
fn ask(dir: &Path, args: &[&str], answers: &str) -> (String, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_nomoscope"))
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A closed pipe ends the interview; what was not read is no error of the test.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let out = child.wait_with_output().unwrap();
    (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
}

#[test]
fn an_interview_is_saved_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (_, said) =
        ask(dir.path(), &["test", "--ask", "--norms", "ilo.c029.2", "--save", "i.toml"], "30\ny\ny\nwhat\nh\n?\nq\n");
    assert!(said.contains("not understood") && said.contains("stopped; answers are in i.toml"), "{said}");
    let saved = std::fs::read_to_string(dir.path().join("i.toml")).unwrap();
    assert!(saved.contains("true = [") && saved.contains("unknown = ["), "{saved}");
    // What was answered is not asked again, and the interview stops when nothing more can change.
    let (stdout, said) =
        ask(dir.path(), &["test", "i.toml", "--ask", "--norms", "ilo.c029.2", "--save", "i.toml"], "n\nn\n");
    assert!(said.contains("Nothing more can change the findings."), "{said}");
    assert!(stdout.contains("do not satisfy 1"), "{stdout}");
    // Going back opens the question again.
    let (_, said) = ask(dir.path(), &["test", "--ask", "--norms", "ilo.c029.2"], "30\nn\nb\n");
    assert!(said.contains("Nothing more can change") || said.contains("taken back"), "{said}");
    // A file that somebody wrote is not written over.
    put(dir.path(), &[("mine.toml", "# mine\nage = 3\n")]);
    let said = bad(dir.path(), &["test", "mine.toml", "--ask", "--save", "mine.toml"]);
    assert!(said.contains("is not written over"), "{said}");
    assert_eq!(std::fs::read_to_string(dir.path().join("mine.toml")).unwrap(), "# mine\nage = 3\n");
}

#[test]
fn saved_cases_are_read_again_as_they_were() {
    let library = nomoscope_engine::law::library::bundled();
    for case in &library.cases {
        let text = nomoscope_formats::law::write(case, &library.law);
        let file =
            nomoscope_formats::law::read("x.toml", text.as_bytes()).unwrap_or_else(|e| panic!("{}: {e:?}", case.id));
        let draft = file.cases.into_iter().next().unwrap();
        let again = nomoscope_core::law::resolve::case(&library.law, draft).unwrap();
        assert_eq!(again.persons.len(), case.persons.len());
        for (a, b) in again.persons.iter().zip(&case.persons) {
            assert_eq!(
                (&a.facts, &a.age, &a.age_grade, &a.rest, &a.priors),
                (&b.facts, &b.age, &b.age_grade, &b.rest, &b.priors),
                "{}",
                case.id
            );
            assert_eq!(a.expect.len(), b.expect.len());
        }
        assert_eq!((&again.title, &again.date, &again.why), (&case.title, &case.date, &case.why));
    }
}

#[test]
fn definitions_are_listed_shown_and_compared() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    assert!(done(dir, &["law", "list", "--family", "trafficking"]).stdout.contains("un.palermo.3"));
    assert!(nomoscope(dir, &["law", "list", "--system", "zz"]).stderr.contains("legal orders and families are"));
    let shown = done(dir, &["law", "show", "un.palermo.3"]).stdout;
    for words in ["Limbs: each of these is enough", "or what the list leaves open", "Not legal advice", "Art. 3"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let value = json(dir, &["law", "compare", "un.palermo.3", "fr.cp.225-4-1", "--json"]);
    assert_eq!(value["readings"].as_array().unwrap().len(), 3);
    assert!(value["readings"][0]["only_a"]["facts"].as_array().unwrap().len() >= 2);
    let said = done(dir, &["law", "compare", "un.palermo.3", "fr.cp.225-4-1"]).stdout;
    assert!(said.contains("held by Palermo Art. 3, not by France CP 225-4-1:"), "{said}");
    assert!(done(dir, &["law", "compare", "un.palermo.3"]).stdout.contains("Drift from Palermo Art. 3"));
    let pairs = json(dir, &["law", "compare", "--open", "shared", "--json"]);
    let n = json(dir, &["law", "list", "--json"])["norms"].as_array().unwrap().len();
    assert_eq!(pairs["pairs"].as_array().unwrap().len(), n * (n - 1) / 2);
    assert!(done(dir, &["law", "burden", "uk.msa.2"]).stdout.contains("indispensable: travel, link to the UK"));
    assert!(done(dir, &["law", "facts", "--group", "means"]).stdout.contains("means.force"));
}

#[test]
fn figures_of_law_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    done(path, &["law", "overlap", "un.palermo.3", "fr.cp.225-4-1", "be.cp.433quinquies", "--out", "o"]);
    for file in ["definition-matrix.svg", "definition-matrix.png", "implication.svg", "overlap.csv"] {
        assert!(path.join("o").join(file).is_file(), "{file}");
    }
    done(path, &["law", "fallback", "--norm", "un.palermo.3", "--without", "means", "--out", "f"]);
    assert!(path.join("f/fallback.svg").is_file() && path.join("f/fallback.csv").is_file());
}

/// Only what is in force is offered: on the day of the case, on a day that is given, else today; the answer says which.
#[test]
fn fallbacks_are_in_force_on_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let of = |more: &[&str]| {
        let mut args = vec![
            "law",
            "fallback",
            "--norm",
            "un.palermo.3",
            "--without",
            "means",
            "--state",
            "be",
            "--most",
            "0",
            "--json",
        ];
        args.extend(more);
        let value = json(path, &args);
        let left = value["fallbacks"][0]["remaining"].as_array().unwrap();
        let ids: Vec<String> = left.iter().map(|r| r["norm"].as_str().unwrap().to_owned()).collect();
        (ids, value["in_force_on"].as_str().map(str::to_owned), value["fallbacks"][0]["not_in_force"].as_u64().unwrap())
    };
    let has = |ids: &[String], id: &str| ids.iter().any(|i| i == id);
    let (then, day, out) = of(&["--date", "2010-06-01"]);
    assert!(has(&then, "be.cp.433quinquies.v2005") && !has(&then, "be.cp.v2026.traff"), "{then:?}");
    assert!(day.as_deref() == Some("2010-06-01") && out > 0, "{day:?} {out}");
    let (now, day, _) = of(&[]);
    assert!(!has(&now, "be.cp.433quinquies.v2005") && day.is_some_and(|d| d.as_str() > "2014"), "{now:?}");
    let said = done(path, &["law", "fallback", "--norm", "un.palermo.3", "--without", "means", "--state", "be"]).stdout;
    assert!(said.contains("No date was given: all norms named were in force on"), "{said}");
    assert!(
        bad(path, &["law", "fallback", "--norm", "un.palermo.3", "--without", "means", "--date", "now"])
            .contains("--date")
    );
    // The day of the case comes first.
    std::fs::write(
        path.join("case.toml"),
        "date = 2010-06-01\nage = 30\ntrue = [\"act.recruit\", \"purpose.begging\"]\n",
    )
    .unwrap();
    let value = json(path, &["law", "fallback", "case.toml", "--state", "be", "--json"]);
    assert!(value["in_force_on"].is_null(), "{value}");
}

#[test]
fn norms_aimed_at_the_person_are_no_fallback() {
    let dir = dir("age = 15\ntrue = [\"victim.took_property\", \"act.recruit\", \"purpose.criminal_activity\"]\n");
    let value = json(dir.path(), &["law", "fallback", "case.toml", "--json"]);
    let left = &value["fallbacks"][0];
    let ids = |key: &str| -> Vec<String> {
        left[key].as_array().unwrap().iter().map(|r| r["norm"].as_str().unwrap().to_owned()).collect()
    };
    assert!(
        ids("kept_out").contains(&"fr.cp.311-1.minor".to_owned())
            && !ids("remaining").contains(&"fr.cp.311-1.minor".to_owned())
    );
    assert!(left["kept_out"][0]["non_punishment"].as_array().is_some_and(|n| !n.is_empty()));
    assert!(ids("remaining").contains(&"eu.2011-36.2".to_owned()));
    let said = done(dir.path(), &["law", "fallback", "case.toml"]).stdout;
    assert!(said.contains("Kept out, because aimed at the person concerned"), "{said}");
    assert!(
        bad(dir.path(), &["law", "fallback", "--norm", "un.palermo.3"])
            .contains("elements of un.palermo.3 are act, means, purpose, child")
    );
    assert!(
        bad(dir.path(), &["law", "fallback", "--norm", "un.palermo.3", "--without", "meens"])
            .contains("did you mean `means`?")
    );
}

/// What the person is said to have done is kept in a file of its own, encrypted; the case file holds none of it.
#[cfg(unix)]
#[test]
fn own_acts_are_kept_apart_and_encrypted() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("pass", "four words that belong\n"), ("wrong", "some other words here\n")]);
    let run = |pass: &str, more: &str, answers: &str| {
        let command = format!(
            "exec 3<{pass}; exec {} test {more} --ask --norms uk.msa.45 --save i.toml --own-acts=own.age --passphrase-fd 3",
            env!("CARGO_BIN_EXE_nomoscope")
        );
        let mut child = Command::new("sh")
            .args(["-c", &command])
            .current_dir(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        use std::io::Write;
        let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
        let out = child.wait_with_output().unwrap();
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    // Of the offence it is asked early, since every way to the defence needs one.
    let (_, said) = run("pass", "", &format!("16\n{}", "y\n".repeat(12)));
    assert!(said.contains("can be held against them"), "{said}");
    let (case, own) =
        (std::fs::read(dir.path().join("i.toml")).unwrap(), std::fs::read(dir.path().join("own.age")).unwrap());
    let case = String::from_utf8(case).unwrap();
    let library = nomoscope_engine::law::library::bundled();
    let acts: Vec<&str> = library.law.vocabulary.facts().iter().filter(|f| f.own_act).map(|f| f.id.as_str()).collect();
    assert!(acts.iter().all(|act| !case.contains(act)), "{case}");
    assert!(own.starts_with(b"age-encryption.org/v1"));
    assert!(acts.iter().all(|act| !own.windows(act.len()).any(|w| w == act.as_bytes())));
    let lock_of =
        |words: &str| nomoscope_store::seal::Lock::of(&own, &nomoscope_store::seal::Secret::new(words.to_owned()));
    let plain = lock_of("four words that belong").unwrap().open(&own).unwrap().to_vec();
    let plain = String::from_utf8(plain).unwrap();
    assert!(acts.iter().any(|act| plain.contains(act)), "{plain}\n{said}");
    // What stands in it is not asked again; with another passphrase nothing is opened, and nothing changed.
    let (_, said) = run("pass", "i.toml", "q\n");
    let told = plain.lines().find_map(|l| acts.iter().find(|act| l.contains(**act))).unwrap();
    let question = &library.law.vocabulary.get(library.law.vocabulary.find(told).unwrap()).question;
    assert!(!said.contains(question.as_str()), "{said}");
    let (code, said) = run("wrong", "i.toml", "q\n");
    assert!(code == Some(2) && said.contains("own.age"), "{said}");
    // A file that is not encrypted is not taken for one.
    std::fs::write(dir.path().join("own.age"), "age = 16\n").unwrap();
    let (code, said) = run("pass", "i.toml", "q\n");
    assert!(code == Some(2) && said.contains("is not encrypted"), "{said}");
}
