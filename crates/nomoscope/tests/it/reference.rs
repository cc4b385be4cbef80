//! `docs/reference` says what the program does: generated, or compared with its output.
//!
//! `UPDATE_REFERENCE=1 cargo test -p nomoscope reference` writes the generated parts again.

use clap::{Arg, Command};
use nomoscope_core::figure::FIGURES;
use nomoscope_formats::{EXTRACTOR_VERSION, FORMATS, Limits};
use serde_json::Value;
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
        let root = format.root.map(|r| format!("; root element `{r}`")).unwrap_or_default();
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
    ("type.support", "<type>"),
    ("type.readings", "<reading>"),
    ("force", "<family>"),
    ("force.<family>", "<force>"),
    ("run.inputs", "<path>"),
    ("unread_languages", "<language>"),
    ("sources[].attributes", "<name>"),
    ("groups[].type.support", "<type>"),
];

/// Collects the paths of all keys: `a.b`, `list[].c`.
fn keys(value: &Value, at: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let open = OPEN.iter().find(|(path, _)| *path == at).map(|(_, word)| *word);
            for (key, inner) in map {
                let key = open.unwrap_or(key);
                let path = if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
                keys(inner, &path, out);
                out.insert(path);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| keys(inner, &format!("{at}[]"), out)),
        Value::Number(n) => assert!(n.as_f64().is_some_and(f64::is_finite), "{at} is {n}"),
        _ => {}
    }
}

/// Returns the keys that a section of `json.md` documents: the first cell of each row of its tables.
fn documented(section: &str) -> BTreeSet<String> {
    let text = read("json.md");
    let heading = format!("\n## `{section} --json`\n");
    let (_, rest) = text.split_once(&heading).expect("json.md has the section");
    let body = rest.split("\n## ").next().unwrap_or(rest);
    let keys = body.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split_once('`'));
    let mut out = BTreeSet::new();
    for (key, _) in keys {
        assert!(out.insert(key.to_owned()), "json.md has `{key}` twice under {section}");
    }
    out
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

#[track_caller]
fn check_json(section: &str, outputs: &[Value]) {
    let mut found = BTreeSet::new();
    for output in outputs {
        keys(output, "", &mut found);
    }
    let documented = documented(section);
    let missing: Vec<_> = found.difference(&documented).collect();
    let stale: Vec<_> = documented.difference(&found).collect();
    assert!(missing.is_empty(), "json.md does not document, under {section}: {missing:?}");
    assert!(stale.is_empty(), "json.md documents what {section} does not print: {stale:?}");
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
        for (path, bytes) in nomoscope::bundled::files(name).unwrap() {
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
    let grouped = super::support::grouped();
    let files: Vec<(&str, &str)> = grouped.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    super::support::put(&dir.path().join("grouped"), &files);
    dir
}

#[test]
fn reference_of_the_json() {
    let dir = folder();
    let dir = dir.path();
    let map = |study: &str| run(&["map", study, "--json", "--bootstrap", "4", "--seeds", "2"], dir);
    check_json("map", &[map("child-trafficking"), map("transitional-justice"), map("coupled")]);
    check_json(
        "concepts",
        &[
            run(&["concepts", "child-trafficking", "--json", "--by", "kind"], dir),
            run(&["concepts", "coupled", "--json"], dir),
        ],
    );
    let compare = |study: &str, more: &[&str]| {
        let mut arguments = vec!["compare", study, "--json", "--bootstrap", "4", "--permutations", "19"];
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
    check_json("sources", &[run(&["sources", "child-trafficking", "--json", "--units"], dir)]);
}

fn documents() -> Vec<(String, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    ["README.md", "docs/guide.md", "docs/reference/cli.md"]
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
            let line = line.split('#').next().unwrap_or(line).split('>').next().unwrap_or(line);
            if let Some(rest) = line.strip_prefix("nomoscope ") {
                let words = std::iter::once("nomoscope").chain(rest.split_whitespace());
                let parsed = nomoscope::cli::command().try_get_matches_from(words);
                assert!(parsed.is_ok(), "{name}: {line}: {}", parsed.unwrap_err());
                n += 1;
            }
        }
    }
    assert!(n > 20, "{n} commands found");
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
