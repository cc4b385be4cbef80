//! `docs/reference` says what the program does: generated, or compared with its output.
//!
//! `UPDATE_REFERENCE=1 cargo test -p nomoscope reference` writes the generated parts again.

use crate::reference_json;
use clap::{Arg, Command};
use nomoscope_engine::questions::QUESTIONS;
use nomoscope_figure::FIGURES;
use nomoscope_formats::{EXTRACTOR_VERSION, FORMATS, Limits};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(page(name)).unwrap().replace("\r\n", "\n")
}

/// Compares the generated part of a page with what it should be, or writes it.
#[track_caller]
fn check(name: &str, want: &str) {
    let text = read(name);
    let (before, rest) = text.split_once(BEGIN).expect("the page has a line `<!-- generated: begin -->`");
    let (have, after) = rest.split_once(END).expect("the page has a line `<!-- generated: end -->`");
    if have == want {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_REFERENCE").is_some(),
        "docs/reference/{name} is out of date; UPDATE_REFERENCE=1 cargo test -p nomoscope reference"
    );
    fs::write(page(name), format!("{before}{BEGIN}{want}{END}{after}")).unwrap();
}

/// Returns words as a cell of a table.
fn cell(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "&lt;")
}

#[test]
fn reference_of_the_command_line() {
    let mut root = nomoscope::cli::command();
    root.build();
    let mut out = String::new();
    for command in root.get_subcommands().filter(|c| c.get_name() != "help") {
        describe(&mut out, "nomoscope", command);
    }
    check("cli.md", &out);
}

fn describe(out: &mut String, above: &str, command: &Command) {
    let name = format!("{above} {}", command.get_name());
    let inner: Vec<&Command> = command.get_subcommands().filter(|c| c.get_name() != "help").collect();
    if !inner.is_empty() {
        for command in inner {
            describe(out, &name, command);
        }
        return;
    }
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let mut usage = command.clone().bin_name(&name).render_usage().to_string();
    usage = usage.trim_start_matches("Usage: ").trim().to_owned();
    let _ = writeln!(out, "\n## `{name}`\n\n{}\n\n```text\n{usage}\n```\n", about.trim());
    let arguments: Vec<&Arg> = command.get_arguments().filter(|a| a.get_id() != "help" && !a.is_hide_set()).collect();
    if !arguments.is_empty() {
        let _ = writeln!(out, "| Argument | Meaning | Default |\n| --- | --- | --- |");
    }
    for argument in arguments {
        let _ = writeln!(out, "| `{}` | {} | {} |", spelling(argument), meaning(argument), default(argument));
    }
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for part in after.split("\n\n").filter(|p| !p.trim().is_empty()) {
        match part.split_once('\n') {
            Some(("Example:" | "Examples:", rest)) => {
                let lines = rest.lines().map(str::trim).collect::<Vec<_>>().join("\n");
                let _ = writeln!(out, "\n```console\n{lines}\n```");
            }
            // A list under a heading of its own.
            Some((heading, rest)) => {
                let _ = writeln!(out, "\n{}\n\n```text\n{rest}\n```", cell(heading));
            }
            None => {
                let _ = writeln!(out, "\n{}", cell(part));
            }
        }
    }
}

fn spelling(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let value = values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    match argument.get_long() {
        Some(long) if argument.get_action().takes_values() => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    }
}

fn meaning(argument: &Arg) -> String {
    let mut words = cell(&argument.get_help().map(ToString::to_string).unwrap_or_default());
    let values: Vec<String> = argument.get_possible_values().iter().map(|v| format!("`{}`", v.get_name())).collect();
    if argument.get_action().takes_values() && !values.is_empty() {
        let _ = write!(words, ": {}", values.join(", "));
    }
    if argument.is_required_set() {
        words.push_str(" (required)");
    }
    words
}

fn default(argument: &Arg) -> String {
    let values = argument.get_default_values();
    if values.is_empty() || !argument.get_action().takes_values() {
        return String::new();
    }
    values.iter().map(|v| format!("`{}`", v.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

#[test]
fn reference_of_the_formats() {
    let mut out = "| Format | Extensions | What is read |\n| --- | --- | --- |\n".to_owned();
    for format in FORMATS {
        let extensions: Vec<String> = format.extensions.iter().map(|e| format!("`.{e}`")).collect();
        let root = match format.roots {
            [] => String::new(),
            [one] => format!("; root element `{one}`"),
            several => format!("; root elements `{}`", several.join("`, `")),
        };
        let _ = writeln!(out, "| `{}` | {} | {}{root} |", format.name, extensions.join(", "), cell(format.description));
    }
    let limits = Limits::default();
    let _ = write!(
        out,
        "\nA file may have at most {} MiB. Version of the extracted text: {EXTRACTOR_VERSION}.\n",
        limits.max_bytes >> 20
    );
    check("formats.md", &out);
}

#[test]
fn reference_of_the_figures() {
    let mut out = "| Figure | What it shows |\n| --- | --- |\n".to_owned();
    for figure in FIGURES {
        let _ = writeln!(out, "| `{}` | {} |", figure.id, cell(figure.shows));
    }
    check("figures.md", &out);
    let text = read("figures.md");
    for figure in FIGURES {
        assert!(text.contains(&format!("\n## `{}`", figure.id)), "docs/reference/figures.md explains `{}`", figure.id);
    }
}

/// Objects whose keys are data, with the word that stands for them in the page.
const OPEN: &[(&str, &str)] = &[
    ("drift[].relation", "<reading>"),
    ("type.support", "<type>"),
    ("periods[].type.support", "<type>"),
    ("type.readings", "<reading>"),
    ("force", "<family>"),
    ("force.<family>", "<force>"),
    ("run.inputs", "<path>"),
    ("unread_languages", "<language>"),
    ("sources[].attributes", "<name>"),
    ("strata[].group", "<column>"),
    ("ladders[].group", "<attribute>"),
    ("counts[].group", "<attribute>"),
    ("categories[].values", "<coder>"),
    ("concepts[].codings", "<coder>"),
    ("differences[].values", "<coder>"),
    ("groups[].type.support", "<type>"),
];

/// Collects the paths of all keys: `a.b`, `list[].c`.
fn keys(value: &Value, at: &str, named: &[(&str, &str)], out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let open = named.iter().find(|(path, _)| *path == at).map(|(_, word)| *word);
            for (key, inner) in map {
                let key = open.unwrap_or(key);
                let path = if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
                keys(inner, &path, named, out);
                out.insert(path);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| keys(inner, &format!("{at}[]"), named, out)),
        Value::Number(n) => assert!(n.as_f64().is_some_and(f64::is_finite), "{at} is {n}"),
        _ => {}
    }
}

/// Returns the keys that `json.md` documents of an answer, and whether they come from its type or are written by hand.
fn documented(section: &str) -> (BTreeSet<String>, bool) {
    let typed = QUESTIONS.iter().find(|kind| reference_json::command(kind) == section).map(|kind| kind.said());
    let typed = typed.map(|said| reference_json::keys(said.as_value())).unwrap_or_default();
    let mut out: BTreeSet<String> = typed.into_iter().map(|key| key.path).collect();
    let is_typed = !out.is_empty();
    if !is_typed {
        let text = read("json.md");
        let heading = format!("\n## `{section} --json`\n");
        let (_, rest) = text.rsplit_once(&heading).expect("json.md has the section");
        let body = rest.split("\n## ").next().unwrap_or(rest);
        for (key, _) in body.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split_once('`')) {
            assert!(out.insert(key.to_owned()), "json.md has `{key}` twice under {section}");
        }
    }
    (out, is_typed)
}

fn run(arguments: &[&str], folder: &Path) -> Value {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_nomoscope"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// Every key of an output is documented, and every key that is documented by hand is in one of the outputs.
#[track_caller]
fn check_json(section: &str, outputs: &[Value]) {
    let (documented, is_typed) = documented(section);
    let mut found = BTreeSet::new();
    for output in outputs {
        let mut output = output.clone();
        if let Some(run) = output.get_mut("run") {
            check_record(run);
            *run = Value::Null;
        }
        keys(&output, "", if is_typed { &[] } else { OPEN }, &mut found);
    }
    let known = |key: &&String| documented.contains(*key) || is_typed && is_data(key, &documented);
    let missing: Vec<_> = found.iter().filter(|key| !known(key)).filter(|key| *key != "run").collect();
    assert!(missing.is_empty(), "json.md does not document, under {section}: {missing:?}");
    if !is_typed {
        let stale: Vec<_> = documented.difference(&found).collect();
        assert!(stale.is_empty(), "json.md documents what {section} does not print: {stale:?}");
    }
}

/// Returns whether a key lies in an object whose keys are data, or in a value of any shape.
fn is_data(key: &str, documented: &BTreeSet<String>) -> bool {
    key.match_indices('.').any(|(at, _)| {
        let above = key[..at].trim_end_matches("[]");
        documented.contains(&format!("{above}.<key>")) || is_open(above, documented)
    })
}

/// Returns whether nothing is said of what lies below a key that is documented itself.
fn is_open(key: &str, documented: &BTreeSet<String>) -> bool {
    documented.contains(key)
        && !documented.iter().any(|other| [".", "[]."].iter().any(|below| other.starts_with(&format!("{key}{below}"))))
}

#[track_caller]
fn check_record(run: &Value) {
    let mut found = BTreeSet::new();
    keys(&json!({ "run": run }), "", &[], &mut found);
    let known: BTreeSet<String> = reference_json::record().into_iter().map(|key| format!("run.{}", key.path)).collect();
    for key in
        found.iter().filter(|key| *key != "run" && !key.starts_with("run.settings.") && !key.starts_with("run.inputs."))
    {
        assert!(known.contains(key), "the run record has `{key}`, which its type does not");
    }
}

#[test]
fn reference_of_questions_and_answers() {
    check("json.md", &reference_json::page());
    let (want, path) = (reference_json::schemas(), page("schema.json"));
    if fs::read_to_string(&path).is_ok_and(|have| have.replace("\r\n", "\n") == want) {
        return;
    }
    let update = std::env::var_os("UPDATE_REFERENCE").is_some();
    assert!(update, "docs/reference/schema.json is out of date; UPDATE_REFERENCE=1 cargo test -p nomoscope reference");
    fs::write(path, want).unwrap();
}

/// A study in which two problems, each with its behaviour, share paragraphs far beyond chance: it has a backbone.
fn coupled() -> BTreeMap<String, String> {
    let concept = |id: &str, role: &str| {
        format!("[[concept]]\nid = \"{id}\"\nroles = [\"{role}\"]\npatterns.en = [\"{id}\"]\n\n")
    };
    let mut files = BTreeMap::from([
        ("study.toml".to_owned(), "title = \"Coupled\"\nlanguage = [\"en\", \"de\"]\nfocus = \"famine\"\n".to_owned()),
        (
            "codebook.toml".to_owned(),
            [("famine", "problem"), ("relief", "behaviour"), ("drought", "problem"), ("dams", "behaviour")]
                .map(|(id, role)| concept(id, role))
                .concat(),
        ),
    ]);
    for source in 0..9 {
        let mut text = String::new();
        for paragraph in 0..90 {
            let words = match (paragraph * 7 + source * 5 + paragraph / 17) % 17 {
                0..=2 => "They met famine with relief that year",
                3..=5 => "Against drought they built dams near the river",
                6 => "There was famine in that part of the land",
                7 => "They sent relief to the other side of the land",
                8 => "There was drought, and nobody came to help them",
                9 => "The dams were old and nobody looked after them",
                _ => "Nothing else of note was said about it then",
            };
            // Units of every length, whatever they say: coupling is judged among units of like length.
            let more = " and the like".repeat((paragraph * 5 + source) % 7);
            let _ = write!(text, "{words}{more}.\n\n");
        }
        files.insert(format!("sources/{source}.txt"), text);
    }
    files
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in ["child-trafficking", "transitional-justice"] {
        for (path, bytes) in nomoscope_engine::bundled::files(name).unwrap() {
            let target = dir.path().join(name).join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, bytes).unwrap();
        }
    }
    // Read as no illustration, the second study shows the keys of support.
    let settings = dir.path().join("transitional-justice/study.toml");
    let text = fs::read_to_string(&settings).unwrap().replace("illustration = true", "illustration = false");
    fs::write(&settings, text).unwrap();
    let coupled = coupled();
    let files: Vec<(&str, &str)> = coupled.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(&dir.path().join("coupled"), &files);
    super::support::put(&dir.path().join("dated"), &files);
    let rows = |i: usize| format!("sources/{i}.txt,{}\n", if i < 5 { 1900 + i * 10 } else { 1950 + i * 10 });
    let list: String = (0..9).map(rows).collect();
    super::support::put(&dir.path().join("dated"), &[("sources.csv", &format!("path,date\n{list}"))]);
    spoken(&dir.path().join("spoken"));
    eras(&dir.path().join("eras"), &coupled);
    let grouped = super::support::grouped();
    let files: Vec<(&str, &str)> = grouped.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(&dir.path().join("grouped"), &files);
    dir
}

/// The coupled study, and before it nine sources with shorter paragraphs in which relief and famine do not meet.
fn eras(dir: &Path, coupled: &BTreeMap<String, String>) {
    let mut files = BTreeMap::new();
    let mut list = "path,date\n".to_owned();
    for (path, text) in coupled {
        if !path.starts_with("sources/") {
            files.insert(path.clone(), text.clone());
            continue;
        }
        let (early, late) = (path.replace("sources/", "sources/a"), path.replace("sources/", "sources/b"));
        let _ = write!(list, "{early},1950\n{late},2000\n");
        let apart = text.replace("They met famine with relief that year", "A famine").replace(" and the like", "");
        let apart = apart
            .replace("Nothing else of note was said about it then", "No")
            .replace("They sent relief to the other side of the land", "Relief");
        files.insert(early, apart.replace("There was famine in that part of the land", "A famine"));
        files.insert(late, text.replace(".\n\n", &format!("{}.\n\n", " and so it went on and on".repeat(2))));
    }
    files.insert("sources.csv".to_owned(), list);
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(dir, &files);
}

/// A study of two labels that ten speakers use in no order, and one list of both.
fn spoken(dir: &Path) {
    let label = |id: &str| {
        format!(
            "[[concept]]\nid = \"{id}\"\nroles = [\"problem\", \"value\"]\nnorm_label = true\npatterns.en = [\"{id}\"]\n\n"
        )
    };
    let mut files = vec![
        ("study.toml".to_owned(), "title = \"Spoken\"\nlanguage = \"en\"\n".to_owned()),
        ("codebook.toml".to_owned(), label("slavery") + &label("trafficking")),
    ];
    let mut list = "path,who,side\n".to_owned();
    for source in 0_usize..10 {
        let mut text = "There is slavery and trafficking.\n\n".to_owned();
        for i in 0_usize..30 {
            let which = if (i * i * 7 + i * 3 + source * 5) % 11 < 5 { "slavery" } else { "trafficking" };
            let _ = write!(text, "They spoke of {which} in the year {}, at length.\n\n", 1950 + i);
        }
        let _ = writeln!(list, "sources/{source}.txt,p{source},{}", if source < 6 { "one" } else { "two" });
        files.push((format!("sources/{source}.txt"), text));
    }
    files.push(("sources.csv".to_owned(), list));
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(dir, &files);
}

#[test]
fn reference_of_the_json() {
    let dir = folder();
    let dir = dir.path();
    let map = |study: &str| run(&["map", study, "--json", "--bootstrap", "100", "--seeds", "2"], dir);
    check_json("map", &[map("child-trafficking"), map("transitional-justice"), map("coupled")]);
    check_json(
        "concepts",
        &[
            run(&["concepts", "child-trafficking", "--json", "--by", "kind"], dir),
            run(&["concepts", "coupled", "--json"], dir),
        ],
    );
    let trend = |study: &str, division: &[&str]| {
        let mut arguments = vec!["trend", study, "--json", "--bootstrap", "100", "--permutations", "99"];
        arguments.extend(division);
        run(&arguments, dir)
    };
    check_json(
        "trend",
        &[
            trend("child-trafficking", &["--every", "20y"]),
            trend("transitional-justice", &["--every", "100y"]),
            trend("eras", &["--every", "50y"]),
            trend("dated", &["--periods", "1900-1949,1950-"]),
            trend("dated", &["--kernel", "triangular", "--width", "60y", "--step", "20y"]),
        ],
    );
    let slip = |rest: &[&str]| run(&[&["slip", "spoken", "--json", "--bootstrap", "100"], rest].concat(), dir);
    check_json("slip", &[slip(&[]), slip(&["--by", "side", "--actor", "who"])]);
    let compare = |study: &str, more: &[&str]| {
        let mut arguments = vec!["compare", study, "--json", "--bootstrap", "100", "--permutations", "19"];
        arguments.extend_from_slice(more);
        run(&arguments, dir)
    };
    check_json(
        "compare",
        &[
            compare("child-trafficking", &["--by", "region"]),
            compare("grouped", &["--by", "side", "--cross", "definition", "era"]),
            compare("grouped", &["--by", "side", "--definition", "era"]),
        ],
    );
    check_json(
        "kwic",
        &[run(&["kwic", "child-trafficking", "traffick*", "--sort", "kind", "--top", "5", "--json"], dir)],
    );
    let near = ["--by", "kind", "--near", "child-trafficking", "--top", "5", "--json"];
    check_json("terms", &[run(&[&["terms", "child-trafficking"], &near[..]].concat(), dir)]);
    check_json("sources", &[run(&["sources", "child-trafficking", "--json", "--units"], dir)]);
    fs::write(dir.join("victims.csv"), super::reach::VICTIMS).unwrap();
    check_json(
        "reach attrition",
        &[
            run(&["reach", "attrition", "--mixed", "--json"], dir),
            run(&["reach", "attrition", "victims.csv", "--by", "year", "--json"], dir),
        ],
    );
    check_json("reach adoption", &[run(&["reach", "adoption", "--json"], dir)]);
}

#[test]
fn reference_of_the_json_of_law() {
    let dir = tempfile::tempdir().unwrap();
    let case = "date = 2020-01-01\nage = [16, 19]\ntrue = [\"act.recruit\", \"act.transport\", \"means.force\", \"purpose.sexual_other\", \"victim.took_property\"]\n\
                false = [\"act.receive\"]\n[expect]\n\"un.palermo.3\" = \"Y\"\n[grade]\n\"means.force\" = \"alleged\"\n";
    let adult = "age = 30\nrest = \"false\"\ntrue = [\"work.exacted\"]\nunknown = [\"work.not_voluntary\", \"work.menace_of_penalty\"]\n";
    super::support::put(dir.path(), &[("case.toml", case), ("adult.toml", adult)]);
    let dir = dir.path();
    let tested = |file: &str| {
        let out = super::program::nomoscope(dir, &["test", file, "--json", "--at", "alleged"]);
        serde_json::from_str::<Value>(&out.stdout).unwrap()
    };
    check_json("test", &[tested("case.toml"), tested("adult.toml")]);
    let law = |args: &[&str]| run(&[&["law"], args, &["--json"]].concat(), dir);
    check_json(
        "law compare",
        &[
            law(&["compare", "un.palermo.3", "fr.cp.225-4-1"]),
            law(&["compare", "un.palermo.3"]),
            law(&["compare", "--open", "closed"]),
        ],
    );
    check_json("law overlap", &[law(&["overlap", "un.palermo.3", "fr.cp.225-4-1"])]);
    check_json("law burden", &[law(&["burden", "un.palermo.3", "uk.msa.1"])]);
    check_json(
        "law fallback",
        &[law(&["fallback", "case.toml"]), law(&["fallback", "--norm", "un.palermo.3", "--without", "means"])],
    );
}

/// Groups repeat the keys of the whole; they are described once.
fn without_groups(mut value: Value) -> Value {
    if let Some(strata) = value.get_mut("strata").and_then(Value::as_array_mut) {
        for stratum in strata {
            if let Some(map) = stratum.as_object_mut() {
                map.retain(|key, _| key == "group" || (key == "reason"));
            }
        }
    }
    value
}

#[test]
fn reference_of_the_json_of_reach() {
    let dir = tempfile::tempdir().unwrap();
    let lists = "A,B,C,sex,n\n1,0,0,f,40\n0,1,0,f,30\n0,0,1,m,20\n1,1,0,f,60\n1,0,1,m,4\n0,1,1,m,5\n1,1,1,m,1\n";
    let apart = "A,B,n\n1,0,9\n0,1,8\n";
    super::support::put(dir.path(), &[("lists.csv", lists), ("apart.csv", apart)]);
    let reach = |arguments: &[&str]| {
        let all = [&["reach", "estimate"], arguments, &["--json"]].concat();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_nomoscope"))
            .args(all)
            .current_dir(dir.path())
            .output()
            .unwrap();
        without_groups(serde_json::from_slice(&output.stdout).unwrap())
    };
    let outputs = [
        reach(&["lists.csv", "--bootstrap", "100"]),
        reach(&["lists.csv", "--model", "A:B:C", "--by", "sex", "--max-order", "3"]),
        reach(&["lists.csv", "--model", "main", "--lists", "A,B", "--by", "C"]),
        reach(&["lists.csv", "--model", "all", "--bootstrap", "100"]),
        reach(&["apart.csv"]),
    ];
    check_json("reach estimate", &outputs);
}

/// Studies and tables in which every key of `agree` and `network` occurs.
fn of_coders(dir: &Path) {
    let book = "[[concept]]\nid = \"famine\"\nroles = [\"problem\"]\npatterns.en = [\"famine\"]\n\n[[concept]]\nid = \"hope\"\nroles = [\"value\"]\npatterns.en = [\"hopeful\"]\n";
    let study = [
        ("study.toml", "title = \"S\"\nlanguage = \"en\"\n"),
        ("codebook.toml", book),
        ("sources.csv", "path,actor,date\nsources/a.txt,A,2001\nsources/b.txt,B,2003\n"),
        ("sources/a.txt", "There was famine. There was some hope. Nothing else.\n\nMore words.\n"),
        ("sources/b.txt", "There was famine, and they had much hope.\n"),
    ];
    let head = "id,source,quote,concept,coder\n";
    let two = format!(
        "{head}1,sources/a.txt,famine,famine,ana\n2,sources/a.txt,some hope,hope,ben\n3,sources/b.txt,much hope,hope,ana\n4,sources/b.txt,hope,famine,ben\n"
    );
    let three =
        format!("{head}1,sources/a.txt,some,hope,ana\n2,sources/a.txt,else,hope,ben\n3,sources/a.txt,More,hope,chi\n");
    for (name, codings, with_book) in [("two", &two, true), ("three", &three, true), ("bookless", &two, false)] {
        let folder = dir.join(name);
        let kept: Vec<(&str, &str)> = study.into_iter().filter(|(f, _)| with_book || *f != "codebook.toml").collect();
        super::support::put(&folder, &kept);
        super::support::put(&folder, &[("codings.csv", codings)]);
    }
    super::support::put(&dir.join("mute"), &study);
    super::support::put(
        &dir.join("mute"),
        &[("codebook.toml", book.split("\n\n").nth(1).unwrap()), ("codings.csv", &two)],
    );
    let many: String = (0..12).map(|u| format!("{u},{},{},{}\n", u % 3, (u + u / 7) % 3, u % 2)).collect();
    let files = [
        ("many.csv", format!("unit,A,B,C\n{many}")),
        ("few.csv", "unit,A,B\n1,x,x\n2,y,y\n3,x,y\n4,z,\n5,w,w\n".to_owned()),
        ("same.csv", "unit,A,B,C\n1,x,x,\n2,x,x,\n3,,,x\n4,x,,x\n".to_owned()),
        ("said.csv", "actor,concept,stance,document,date\nA,x,1,d,2001\nB,x,1,d,2002\nB,y,0,d,2002\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    super::support::put(dir, &files);
}

#[test]
fn reference_of_the_json_on_coders_and_actors() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    of_coders(dir);
    let agree =
        |input: &str, more: &[&str]| run(&[&["agree", input, "--json", "--bootstrap", "100"], more].concat(), dir);
    let outputs = [
        agree("two", &[]),
        agree("three", &["--all-read"]),
        agree("bookless", &[]),
        agree("mute", &[]),
        agree("many.csv", &[]),
        agree("few.csv", &[]),
        agree("same.csv", &[]),
    ];
    check_json("agree", &outputs);
    let network = |input: &str, more: &[&str]| run(&[&["network", input, "--json"], more].concat(), dir);
    let time = ["--time", "years", "--width", "2"];
    let outputs = [
        network("two", &[]),
        network("said.csv", &time),
        network("said.csv", &[&time[..], &["--mode", "concepts", "--aggregate", "ignore"]].concat()),
    ];
    check_json("network", &outputs);
}

fn documents() -> Vec<(String, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    ["README.md", "docs/guide.md", "docs/law.md", "docs/reference/cli.md"]
        .map(|name| (name.to_owned(), fs::read_to_string(top.join(name)).unwrap().replace("\r\n", "\n")))
        .to_vec()
}

/// Returns the blocks of a page between "```language" and "```".
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn commands_in_the_documentation_exist() {
    let mut n = 0;
    for (name, text) in documents() {
        for line in blocks(&text, "console").into_iter().flat_map(str::lines) {
            let line = line.trim_start_matches("$ ");
            let line = line.split('#').next().unwrap_or(line);
            // What the shell redirects, with the number of its descriptor, is none of ours.
            let line =
                line.split_once(['<', '>']).map_or(line, |(before, _)| before.trim_end_matches(char::is_numeric));
            if let Some(rest) = line.strip_prefix("nomoscope ") {
                let words = std::iter::once("nomoscope".to_owned()).chain(typed(rest));
                let parsed = nomoscope::cli::command().try_get_matches_from(words);
                assert!(parsed.is_ok(), "{name}: {line}: {}", parsed.unwrap_err());
                n += 1;
            }
        }
    }
    assert!(n > 20, "{n} commands found");
}

/// Returns the words of a line as a shell does: what stands between quotes, single or double, is one.
fn typed(line: &str) -> Vec<String> {
    let (mut words, mut open) = (vec![String::new()], None);
    for c in line.chars() {
        match (c, open) {
            (_, Some(quote)) if quote == c => open = None,
            ('\'' | '"', None) => open = Some(c),
            (' ', None) => words.push(String::new()),
            (_, _) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn codebooks_in_the_documentation_are_right() {
    for (name, text) in documents() {
        for block in blocks(&text, "toml") {
            let parsed = nomoscope_formats::codebook_toml::parse(block.as_bytes());
            assert!(parsed.is_ok(), "{name}: {parsed:?}");
        }
    }
}
