//! The program as people use it: every command, what it prints, what it leaves behind.

use crate::program::{CODEBOOK, bad, done, json, nomoscope, work, work_study};
use crate::support::{put, tree};
use insta::assert_snapshot;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const COMMANDS: [&str; 22] = [
    "demo",
    "new",
    "add",
    "sources",
    "code",
    "codebook",
    "concepts",
    "map",
    "agree",
    "law",
    "network",
    "reach",
    "slip",
    "test",
    "trend",
    "report",
    "export",
    "log",
    "undo",
    "redo",
    "correct",
    "completions",
];

#[test]
fn bare_call_says_in_five_lines_what_it_is_and_where_to_begin() {
    let dir = tempfile::tempdir().unwrap();
    let out = done(dir.path(), &[]);
    assert_eq!(out.stdout.lines().count(), 5);
    assert_snapshot!(out.stdout, @r#"
    nomoscope shows what norms become in use: it reads treaties, laws, speeches and interviews,
    finds "If [problem], [value] suggests [behaviour]", and maps the cluster that they form.
    See a finished study:   nomoscope demo
    Look at your own texts: nomoscope look FOLDER   (a study of them: new, add, codebook check, map, report)
    All commands:           nomoscope --help        (in a browser: nomoscope serve)
    "#);
}

#[test]
fn every_command_has_help_with_examples() {
    let dir = tempfile::tempdir().unwrap();
    let all = done(dir.path(), &["--help"]).stdout;
    for command in COMMANDS {
        assert!(all.contains(&format!("\n  {command} ")), "{command} is not in --help");
        let help = done(dir.path(), &[command, "--help"]).stdout;
        assert!(help.contains("Example") && help.contains(&format!("  nomoscope {command}")), "{command}: {help}");
    }
    let help = done(dir.path(), &["codebook", "check", "--help"]).stdout;
    assert!(help.contains("Examples:"));
    for line in all.lines().chain(help.lines()) {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn version_names_the_commit() {
    let out = done(&std::env::temp_dir(), &["--version"]).stdout;
    let version = concat!("nomoscope ", env!("CARGO_PKG_VERSION"), " (");
    let commit = out.trim().strip_prefix(version).and_then(|rest| rest.strip_suffix(')')).unwrap();
    let hex = commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit());
    assert!(hex || commit == "unknown commit", "{out}");
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let out = done(&std::env::temp_dir(), &["completions", shell]).stdout;
        assert!(COMMANDS.iter().all(|c| out.contains(c)), "{shell}");
    }
}

/// Attributes of HTML in which an address can stand.
fn addresses(html: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for start in [" src=\"", " href=\"", " srcset=\"", " poster=\"", " data=\"", " action=\"", "url("] {
        for (at, _) in html.match_indices(start) {
            let rest = &html[at + start.len()..];
            out.push(&rest[..rest.find(['"', ')']).unwrap_or(rest.len())]);
        }
    }
    out
}

fn ids(html: &str) -> Vec<&str> {
    html.match_indices(" id=\"").map(|(at, m)| html[at + m.len()..].split('"').next().unwrap()).collect()
}

#[track_caller]
fn check_report(folder: &Path) {
    let files = tree(folder);
    let pages: BTreeMap<&str, String> = ["report.html", "appendix.html"]
        .map(|page| (page, String::from_utf8(files[page].clone()).unwrap()))
        .into_iter()
        .collect();
    assert!(pages["report.html"].matches("<figure class=\"wide\"").count() <= 5, "more than five figures");
    for (page, html) in &pages {
        check_page(page, html, &pages, &files);
    }
    for (path, bytes) in &files {
        match path.rsplit('.').next().unwrap() {
            "png" => assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{path}"),
            "svg" => {
                let svg = std::str::from_utf8(bytes).unwrap();
                assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{path}");
                assert!(addresses(svg).iter().all(|a| a.starts_with('#')), "{path} asks for something outside");
            }
            "csv" => {
                let mut reader = csv::Reader::from_reader(bytes.as_slice());
                let columns = reader.headers().unwrap().len();
                for row in reader.records() {
                    let row = row.unwrap_or_else(|e| panic!("{path}: {e}"));
                    assert_eq!(row.len(), columns, "{path}");
                    assert!(row.iter().all(|c| !["NaN", "inf", "-inf"].contains(&c)), "{path}: {row:?}");
                }
            }
            _ => {}
        }
    }
}

/// A page asks nobody, has landmarks, and every link on it leads somewhere, on the other page too.
#[track_caller]
fn check_page(page: &str, html: &str, pages: &BTreeMap<&str, String>, files: &BTreeMap<String, Vec<u8>>) {
    assert!(html.starts_with("<!"), "{page}");
    for forbidden in ["<script", "<iframe", "<link", "@import", "javascript:", " onload", " onclick", "<img"] {
        assert!(!html.contains(forbidden), "{page}: {forbidden}");
    }
    for needed in ["<a class=\"skip\" href=\"#main\">", "<main id=\"main\">", "<nav aria-label=", "<h1>"] {
        assert_eq!(html.matches(needed).count(), 1, "{page}: {needed}");
    }
    let known: BTreeSet<&str> = ids(html).into_iter().collect();
    assert_eq!(known.len(), ids(html).len(), "{page}: an id occurs twice");
    for address in addresses(html) {
        let address = address.trim_matches(['"', '\'']);
        match address.split_once('#') {
            Some(("", anchor)) => assert!(known.contains(anchor), "{page}: #{anchor} leads nowhere"),
            Some((other, anchor)) => {
                let there = pages.get(other).is_some_and(|html| html.contains(&format!(" id=\"{anchor}\"")));
                assert!(there, "{page}: {address} leads nowhere");
            }
            // The fonts are inline: they ask nobody.
            None if address.starts_with("data:font/otf;base64,") => {}
            None => assert!(
                !address.contains("//") && files.contains_key(address),
                "{page}: {} is no file of the report",
                address.chars().take(80).collect::<String>()
            ),
        }
    }
}

#[test]
fn demo_writes_a_report_that_asks_for_nothing_outside() {
    for study in ["child-trafficking", "transitional-justice"] {
        let dir = tempfile::tempdir().unwrap();
        let out = done(dir.path(), &["demo", "--study", study]);
        let report = dir.path().join("nomoscope-demo");
        assert!(out.stdout.contains("Three findings") && out.stdout.contains("nomoscope-demo/report.html"));
        check_report(&report);
        let files: Vec<String> = tree(&report).into_keys().collect();
        let has = |start: &str, end: &str| files.iter().any(|f| f.starts_with(start) && f.ends_with(end));
        assert!(has("figures/", ".png") && has("figures/", ".svg") && has("tables/", ".csv"), "{files:?}");
        for file in ["report.html", "run.json", "study/study.toml", "study/codebook.toml", "study/sources.csv"] {
            assert!(has(file, ""), "{file}");
        }
    }
}

#[test]
fn demo_gives_the_same_bytes_again_wherever_it_runs() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    done(one.path(), &["demo"]);
    done(two.path(), &["demo", "--out", "other"]);
    let (first, second) = (tree(&one.path().join("nomoscope-demo")), tree(&two.path().join("other")));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (path, bytes) in &first {
        assert!(second[path] == *bytes, "{path} differs");
    }
    done(one.path(), &["demo"]);
    assert!(tree(&one.path().join("nomoscope-demo")) == first, "a second run changes nothing");
}

#[test]
fn demo_moves_a_changed_study_aside() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["demo"]);
    let codebook = dir.path().join("nomoscope-demo/study/codebook.toml");
    fs::write(&codebook, CODEBOOK).unwrap();
    let out = done(dir.path(), &["demo"]);
    assert!(out.stderr.contains("was changed; it is nomoscope-demo/study-before-1 now"), "{}", out.stderr);
    let kept = fs::read_to_string(dir.path().join("nomoscope-demo/study-before-1/codebook.toml")).unwrap();
    assert_eq!(kept, CODEBOOK);
    assert_ne!(fs::read_to_string(codebook).unwrap(), CODEBOOK);
    done(dir.path(), &["code", "nomoscope-demo/study"]);
    let out = done(dir.path(), &["demo"]);
    assert!(out.stderr.contains("it is nomoscope-demo/study-before-2 now"), "{}", out.stderr);
    assert!(!dir.path().join("nomoscope-demo/study/codings.csv").exists());
}

#[test]
fn new_makes_folders_and_files_from_templates() {
    let dir = tempfile::tempdir().unwrap();
    let out = done(dir.path(), &["new", "mine"]);
    assert_snapshot!(out.stdout + &out.stderr, @r"
    made mine from the template blank
    next: describe your concepts in mine/codebook.toml, and name the one to map as focus in mine/study.toml
    then: nomoscope add mine FILE… adds texts
    ");
    let files: Vec<String> = tree(&dir.path().join("mine")).into_keys().collect();
    assert_eq!(files, ["codebook.toml", "sources.csv", "study.toml"]);
    for template in ["blank", "child-trafficking", "transitional-justice"] {
        done(dir.path(), &["new", template, "--template", template]);
        done(dir.path(), &["codebook", "check", template]);
        let file = format!("{template}.nomo");
        done(dir.path(), &["new", &file, "--template", template]);
        done(dir.path(), &["new", &format!("from-{file}"), "--from", template]);
        let there = tree(&dir.path().join(template));
        done(dir.path(), &["export", &file, "--to", &format!("{template}-back")]);
        assert!(tree(&dir.path().join(format!("{template}-back"))) == there, "{template}");
    }
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|n| !n.to_string_lossy().contains("nomo-")), "{left:?}");
}

/// Somebody with texts of their own begins with a codebook that is there, without the texts of its study.
#[test]
fn new_begins_with_a_codebook() {
    let dir = tempfile::tempdir().unwrap();
    let out = done(dir.path(), &["new", "mine", "--codebook", "child-trafficking"]);
    assert!(out.stderr.contains("nomoscope concepts mine"), "{}", out.stderr);
    let meta = fs::read_to_string(dir.path().join("mine/study.toml")).unwrap();
    assert!(meta.contains("focus = \"child-trafficking\"\n") && !meta.contains("my-problem"), "{meta}");
    put(dir.path(), &[("a.txt", "Child trafficking is a crime. States punish child trafficking.")]);
    done(dir.path(), &["add", "mine", "a.txt"]);
    assert_eq!(json(dir.path(), &["sources", "mine", "--json"])["sources"].as_array().unwrap().len(), 1);
    let own = done(dir.path(), &["concepts", "mine"]).stdout;
    let flowing = own.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains("child-trafficking problem value 2 "), "{own}");
    done(dir.path(), &["new", "other"]);
    done(dir.path(), &["add", "other", "a.txt"]);
    // The same by its name, in place of the study's own; what the blank codebook finds is nothing, and is told as such.
    assert_eq!(done(dir.path(), &["concepts", "other", "--codebook", "child-trafficking"]).stdout, own);
    let said = done(dir.path(), &["code", "other"]).stderr;
    assert!(said.contains("the codebook finds nothing") && said.contains("nomoscope terms other"), "{said}");
    put(dir.path(), &[("broken.toml", "[[concept]]\nid = 3\n")]);
    assert!(bad(dir.path(), &["new", "never", "--codebook", "broken.toml"]).contains("broken.toml:2"));
    assert!(bad(dir.path(), &["new", "never", "--codebook", "nothing"]).contains("name child-trafficking or"));
    assert!(!dir.path().join("never").exists());
}

#[test]
fn new_replaces_nothing() {
    let dir = work();
    let before = tree(dir.path());
    assert_snapshot!(bad(dir.path(), &["new", "work"]), @r"
    error: work: is there already, and is not empty
      hint: choose another name
    ");
    assert_snapshot!(bad(dir.path(), &["new", "x", "--from", "work"]), @r"
    error: x: --from makes a study file
      hint: name it x.nomo, or copy the folder work
    ");
    assert_snapshot!(bad(dir.path(), &["new", "x", "--template", "blnk"]), @r"
    error: invalid value 'blnk' for '--template <NAME>'
      [possible values: blank, child-trafficking, transitional-justice]

      tip: a similar value exists: 'blank'

    For more information, try '--help'.
    ");
    assert!(tree(dir.path()) == before);
    done(dir.path(), &["new", "w.nomo", "--from", "work"]);
    assert_snapshot!(bad(dir.path(), &["new", "w.nomo", "--from", "work"]), @r"
    error: w.nomo: exists already
      hint: choose another name, or remove the file first
    ");
}

#[test]
fn add_takes_files_and_folders_with_what_is_said_of_them() {
    for study in ["mine", "mine.nomo"] {
        let dir = tempfile::tempdir().unwrap();
        done(dir.path(), &["new", study]);
        put(
            dir.path(),
            &[
                ("a.txt", "Forced labour is bad."),
                ("in/b.md", "---\ntitle: B\nkind: letter\n---\n# One\n\nDignity."),
                ("in/deep/c.html", "<html><body><p>We shall prosecute.</p></body></html>"),
                ("in/deep/notes.xyz", "?"),
                ("meta.csv", "path,title,date,region\na.txt,First,1999-12,north\n"),
            ],
        );
        let out = done(dir.path(), &["add", study, "a.txt", "in", "--meta", "meta.csv", "--set", "wave=1"]);
        assert!(out.stdout.ends_with(&format!("3 sources added to {study}\n")), "{}", out.stdout);
        let list = json(dir.path(), &["sources", study, "--json"]);
        let sources = list["sources"].as_array().unwrap();
        let get = |path: &str| sources.iter().find(|s| s["path"] == path).unwrap_or_else(|| panic!("{path}"));
        let a = get("sources/a.txt");
        assert_eq!((&a["title"], &a["date"]), (&"First".into(), &"1999-12".into()));
        assert_eq!((&a["attributes"]["region"], &a["attributes"]["wave"]), (&"north".into(), &"1".into()));
        assert_eq!(get("sources/in/b.md")["kind"], "letter");
        assert_eq!(get("sources/in/deep/c.html")["attributes"]["wave"], "1");
    }
}

#[test]
fn add_refuses_as_a_whole() {
    for study in ["mine", "mine.nomo"] {
        let dir = tempfile::tempdir().unwrap();
        done(dir.path(), &["new", study]);
        put(dir.path(), &[("a.txt", "One."), ("b.txt", "Two."), ("broken.pdf", "%PDF-1.4 no"), ("c.xyz", "?")]);
        done(dir.path(), &["add", study, "a.txt"]);
        let before = json(dir.path(), &["sources", study, "--json"]);
        let said = bad(dir.path(), &["add", study, "b.txt", "broken.pdf", "a.txt", "c.xyz", "none.txt"]);
        for part in [
            "error: 4 problems\n",
            "\na.txt: `sources/a.txt` is in the study already\n  hint: rename the file",
            "\nbroken.pdf: ",
            "\nc.xyz: of a kind that cannot be read\n  hint: `nomoscope add --help` lists what can be read",
            "\nnone.txt: no such file or folder",
        ] {
            assert!(said.contains(part), "{part:?} not in {said}");
        }
        assert_eq!(json(dir.path(), &["sources", study, "--json"]), before);
        assert!(!dir.path().join("mine/sources/b.txt").exists());
        assert!(bad(dir.path(), &["add", study]).contains("no files are named"));
        assert!(bad(dir.path(), &["add", study, "b.txt", "--set", "x"]).contains("--set x: expected ATTR=VALUE"));
        assert!(bad(dir.path(), &["add", study, "b.txt", "--meta", "no.csv"]).contains("no.csv: cannot be read"));
        put(dir.path(), &[("meta.csv", "path,date\nb.txt,1999-13\nzz.txt,2000\n")]);
        let said = bad(dir.path(), &["add", study, "b.txt", "--meta", "meta.csv"]);
        assert!(said.contains("meta.csv:2: column `date`: `1999-13` is no date"), "{said}");
        assert_eq!(json(dir.path(), &["sources", study, "--json"]), before);
    }
}

#[test]
fn add_finds_what_was_copied_into_the_study_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["new", "mine"]);
    put(dir.path(), &[("mine/sources/a.txt", "One."), ("b.txt", "Two.")]);
    let out = done(dir.path(), &["sources", "mine"]);
    assert!(out.stderr.contains("1 file is in no row of sources.csv: sources/a.txt"), "{}", out.stderr);
    done(dir.path(), &["add", "mine", "b.txt"]);
    let out = done(dir.path(), &["add", "mine", "mine/sources"]);
    assert_eq!(out.stdout, "added sources/a.txt\n1 source added to mine\n");
    assert!(out.stderr.contains("note: sources/b.txt is in the study already"), "{}", out.stderr);
    assert!(bad(dir.path(), &["add", "mine", "mine/sources"]).contains("holds nothing new"));
}

#[test]
fn sources_json_has_units_by_level_and_their_labels() {
    let dir = work();
    let list = json(dir.path(), &["sources", "work", "--units", "--json"]);
    let first = &list["sources"][0];
    for key in ["section", "paragraph", "sentence"] {
        assert!(first["units"][key].as_u64().unwrap() >= 3, "{key}");
    }
    assert_eq!(first["units"]["article"], 3);
    assert_eq!(first["attributes"]["region"], "north");
    let labels: Vec<&str> =
        first["unit_labels"].as_array().unwrap().iter().map(|u| u["label"].as_str().unwrap()).collect();
    for label in ["Art. 1", "Art. 2", "Art. 3"] {
        assert!(labels.contains(&label), "{labels:?}");
    }
    assert!(json(dir.path(), &["sources", "work", "--json"])["sources"][0].get("unit_labels").is_none());
    let text = done(dir.path(), &["sources", "work", "--where", "kind=treaty", "--units"]).stdout;
    assert!(text.contains("sources/00.txt") && text.contains("  Art. 1\n") && !text.contains("sources/01.txt"));
}

#[test]
fn commands_that_are_named_can_be_typed() {
    let dir = tempfile::tempdir().unwrap();
    let out = done(dir.path(), &["new", "it's mine"]);
    assert!(out.stderr.contains(r"nomoscope add 'it'\''s mine' FILE…"), "{}", out.stderr);
    put(dir.path(), &[("a.txt", "Été. Ça va.")]);
    assert!(done(dir.path(), &["add", "it's mine", "a.txt"]).stderr.ends_with("sources 'it'\\''s mine'\n"));
}

#[test]
fn sources_needs_no_codebook() {
    let dir = work();
    fs::remove_file(dir.path().join("work/codebook.toml")).unwrap();
    done(dir.path(), &["sources", "work"]);
    assert_snapshot!(bad(dir.path(), &["map", "work"]), @r"
    error: work: the study has no codebook.toml
      hint: add one, or name one with --codebook FILE
    ");
    assert!(bad(dir.path(), &["sources", "work", "--codebook", "x"]).contains("unexpected argument"));
}

#[test]
fn concepts_counts_by_group() {
    let dir = work();
    let out = json(dir.path(), &["concepts", "work", "--by", "kind", "--json"]);
    let of = |id: &str| out["concepts"].as_array().unwrap().iter().find(|c| c["concept"] == id).unwrap().clone();
    let problem = of("forced-labour");
    // Each text names it once, in Article 1.
    assert_eq!((&problem["codings"], &problem["units"], &problem["sources"]), (&10.into(), &10.into(), &10.into()));
    assert_eq!(problem["first"], serde_json::json!({ "source": "sources/00.txt", "date": "1950" }));
    let groups = problem["groups"].as_array().unwrap();
    let names: Vec<&str> = groups.iter().map(|g| g["group"].as_str().unwrap()).collect();
    assert_eq!(names, ["speech", "treaty"]);
    assert!(groups.iter().all(|g| g["codings"] == 5 && g["units"] == 5 && g["sources"] == 5));
    let out = json(dir.path(), &["concepts", "work", "--by", "region", "--json"]);
    let groups: Vec<String> =
        out["concepts"][0]["groups"].as_array().unwrap().iter().map(|g| g["group"].to_string()).collect();
    assert_eq!(groups, ["\"(none)\"", "\"north\"", "\"south\""]);
    assert_snapshot!(bad(dir.path(), &["concepts", "work", "--by", "regoin"]), @r"
    error: --by: no source has the attribute `regoin`
      hint: attributes are date, kind, language, path, region, title, year
    ");
}

/// What a value of `map --json` may be.
fn is(value: &Value, kind: &str) -> bool {
    kind.split('|').any(|kind| match kind {
        "null" => value.is_null(),
        "n" => value.is_number(),
        "u" => value.is_u64(),
        "s" => value.is_string(),
        "b" => value.is_boolean(),
        "a" => value.is_array(),
        "o" => value.is_object(),
        "share" => value.as_f64().is_some_and(|x| (0.0..=1.0).contains(&x)),
        other => panic!("{other}"),
    })
}

#[track_caller]
fn has(value: &Value, keys: &[(&str, &str)]) {
    for (key, kind) in keys {
        let got = value.get(key).unwrap_or_else(|| panic!("no `{key}` in {value}"));
        assert!(is(got, kind), "`{key}` should be {kind}: {got}");
    }
}

const MODELS: [&str; 6] =
    ["single-norm", "single-value", "single-behaviour", "side-by-side", "multiple-value", "undetermined"];

#[track_caller]
fn check_map(map: &Value) {
    has(
        map,
        &[
            ("focus", "o|null"),
            ("window", "s"),
            ("sources", "u"),
            ("units", "u"),
            ("statements", "a"),
            ("incomplete", "a"),
            ("effective", "o"),
            ("type", "o"),
            ("completeness", "o"),
            ("couplings", "a"),
            ("membership", "o"),
            ("run", "o"),
        ],
    );
    let list = |name: &str| map[name].as_array().unwrap();
    let is_complete = |s: &Value| ["problem", "value", "behaviour"].iter().all(|part| s[*part].is_string());
    assert!(list("statements").iter().all(is_complete) && !list("incomplete").iter().any(is_complete));
    for statement in list("statements").iter().chain(list("incomplete")) {
        let part = "s|null";
        has(
            statement,
            &[
                ("problem", part),
                ("value", part),
                ("behaviour", part),
                ("weight", "n"),
                ("units", "u"),
                ("sources", "u"),
            ],
        );
    }
    has(&map["effective"], &[("problem", "n|null"), ("value", "n|null"), ("behaviour", "n|null")]);
    if map["effective"]["problem"].is_null() {
        has(&map["effective"], &[("reason", "s")]);
    }
    let kind = &map["type"];
    has(kind, &[("model", "s|null"), ("support", "o|null"), ("readings", "o")]);
    if kind["model"].is_null() {
        has(kind, &[("reason", "s")]);
    } else {
        assert!(MODELS.contains(&kind["model"].as_str().unwrap()));
    }
    if kind["support"].is_null() {
        has(kind, &[("support_reason", "s")]);
    } else {
        let shares: Vec<f64> = MODELS.iter().map(|m| kind["support"][m].as_f64().unwrap()).collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
        assert_eq!(kind["support"].as_object().unwrap().len(), MODELS.len());
    }
    has(&kind["readings"], &[("problems", "s|null"), ("values", "s|null"), ("rule", "s|null")]);
    for coupling in map["couplings"].as_array().unwrap() {
        let n = "n|null";
        has(coupling, &[("a", "s"), ("b", "s"), ("level", "s"), ("n11", "u"), ("sources", "u"), ("odds_ratio", n)]);
        has(
            coupling,
            &[("ci", "a|null"), ("p", "share|null"), ("q", "share|null"), ("npmi", n), ("backbone", "b|null")],
        );
        assert!(["textual", "actor"].contains(&coupling["level"].as_str().unwrap()));
        if coupling["p"].is_null() || coupling["odds_ratio"].is_null() {
            has(coupling, &[("reason", "s")]);
        }
    }
    let run = &map["run"];
    has(
        run,
        &[("program", "s"), ("version", "s"), ("date", "s"), ("codebook", "o"), ("settings", "o"), ("inputs", "o")],
    );
    assert!(run["inputs"].as_object().unwrap().keys().all(|p| !p.starts_with('/')), "no path of this machine");
}

#[test]
fn map_json_keeps_its_schema() {
    let dir = work();
    let map = json(dir.path(), &["map", "work", "--json"]);
    check_map(&map);
    assert_eq!(
        (&map["sources"], &map["window"], &map["focus"]["concept"]),
        (&10.into(), &"paragraph".into(), &"forced-labour".into())
    );
    assert_eq!(map["run"]["date"], "2023-11-14");
    let statements = map["statements"].as_array().unwrap();
    let all = statements.iter().chain(map["incomplete"].as_array().unwrap());
    let weight: f64 = all.map(|s| s["weight"].as_f64().unwrap()).sum();
    assert!((weight - map["focal_units"].as_f64().unwrap()).abs() < 1e-9);
    // Five texts of ten say "forced labour … dignity … prosecute".
    let first = &statements[0];
    assert_eq!(
        (&first["problem"], &first["value"], &first["behaviour"]),
        (&"forced-labour".into(), &"dignity".into(), &"prosecute".into())
    );
    for levels in ["source", "section", "paragraph", "item", "sentence"] {
        let map = json(dir.path(), &["map", "work", "--json", "--window", levels]);
        check_map(&map);
        assert_eq!(map["window"], levels);
    }
    for focus in ["dignity", "school", "order"] {
        check_map(&json(dir.path(), &["map", "work", "--json", "--focus", focus]));
    }
    check_map(&json(dir.path(), &["map", "work", "--json", "--inherit", "--strata", "region", "--top", "2"]));
    assert_eq!(json(dir.path(), &["map", "work", "--json"]), map, "the same on a second run");
}

#[test]
fn map_reads_the_sources_that_were_asked_for() {
    let dir = work();
    let n = |flags: &[&str]| {
        let args = [&["map", "work", "--json"], flags].concat();
        json(dir.path(), &args)["sources"].as_u64().unwrap()
    };
    // Texts of 1950, 1955, …, 1995; every second one is a treaty.
    assert_eq!(n(&["--where", "kind=treaty"]), 5);
    assert_eq!(n(&["--since", "1975"]), 5);
    assert_eq!(n(&["--since", "1975-01"]), n(&["--since", "1975"]), "a year may be any of its months");
    assert_eq!(n(&["--until", "1974-12-31"]), 5);
    assert_eq!(n(&["--since", "1960", "--until", "1970"]), 3);
    assert_eq!(n(&["--where", "kind=treaty", "--where", "region=north", "--until", "1980"]), 2);
    let out = nomoscope(dir.path(), &["map", "work", "--where", "kind=poem"]);
    assert_eq!(out.code, 1);
    assert_snapshot!(out.stderr, @r"
    note: 0 of 10 sources fit --where, --since and --until
    no answer: no source fits --where, --since and --until, so there is nothing to read
      hint: `nomoscope sources work` lists the sources with their attributes
    ");
}

#[test]
fn map_says_what_people_read() {
    let dir = work();
    let out = done(dir.path(), &["map", "work", "--bootstrap", "100", "--top", "3"]);
    for title in ["The statements of the cluster", "Coupling within texts", "Membership", "Bootstrap support"] {
        assert!(out.stdout.contains(title), "{title}");
    }
    assert!(
        out.stderr.ends_with("next: nomoscope report work --out DIR writes all of this with figures and passages\n")
    );
    assert_snapshot!(bad(dir.path(), &["map", "work", "--focus", "forced-labor"]), @r"
    error: --focus: the focus `forced-labor` is no concept of the codebook; did you mean `forced-labour`?
      hint: `nomoscope concepts work` lists the concepts; name one with --focus CONCEPT, or as focus in study.toml
    ");
}

#[test]
fn report_of_an_own_study() {
    let dir = work();
    let out = done(dir.path(), &["report", "work", "--out", "out/deep", "--bootstrap", "100"]);
    assert!(out.stderr.contains("wrote out/deep/report.html"));
    check_report(&dir.path().join("out/deep"));
    let first = tree(&dir.path().join("out/deep"));
    done(dir.path(), &["report", "work", "--out", "again", "--bootstrap", "100"]);
    assert!(tree(&dir.path().join("again")) == first, "same bytes");
    let out = done(dir.path(), &["report", "work", "--focus", "school", "--out", "again", "--bootstrap", "0"]);
    let left = tree(&dir.path().join("again/figures")).len() > tree(&dir.path().join("out/deep/figures")).len();
    assert_eq!(left, out.stderr.contains("note: not of this report"), "{}", out.stderr);
    put(dir.path(), &[("again/figures/old.svg", "<svg/>")]);
    let out = done(dir.path(), &["report", "work", "--out", "again", "--bootstrap", "0"]);
    assert!(out.stderr.contains("figures/old.svg"), "{}", out.stderr);
    put(dir.path(), &[("file", "")]);
    assert_snapshot!(bad(dir.path(), &["report", "work", "--out", "file"]), @r"
    error: file: is a file, not a folder
      hint: choose another folder with --out DIR
    ");
    assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"");
}

#[test]
fn words_of_others_never_become_markup() {
    let dir = work();
    let nasty = "<script>alert('x')</script>\"><img src=x onerror=y>&amp;]]>--><!--";
    let toml = nasty.replace('\\', "\\\\").replace('"', "\\\"");
    let codebook = CODEBOOK.replace("label = { en = \"dignity\" }", &format!("label = {{ en = \"{toml}\" }}"));
    let codebook = codebook.replacen("title = \"Work\"", &format!("title = \"{toml}\""), 1);
    assert!(codebook.contains("alert"));
    let study = format!("title = \"{toml}\"\ndescription = \"{toml}\"\nlanguage = \"en\"\nfocus = \"forced-labour\"\n");
    let name = "sources/a b #1 'ü' & <b>.txt";
    let text = format!("Forced labour {nasty} offends dignity and each Party shall prosecute {nasty} it.\n");
    let cell = nasty.replace('"', "\"\"");
    let sheet = fs::read_to_string(dir.path().join("work/sources.csv")).unwrap();
    let sheet = format!("{sheet}\"{name}\",\"{cell}\",\"{cell}\",1901,en,\"{cell}\"\n");
    put(
        &dir.path().join("work"),
        &[
            ("codebook.toml", codebook.as_str()),
            ("study.toml", study.as_str()),
            (name, text.as_str()),
            ("sources.csv", sheet.as_str()),
        ],
    );
    done(dir.path(), &["report", "work", "--out", "out", "--bootstrap", "100"]);
    check_report(&dir.path().join("out"));
    let html = fs::read_to_string(dir.path().join("out/appendix.html")).unwrap();
    assert!(html.contains("&lt;script&gt;"), "the words are still there");
    assert_eq!(json(dir.path(), &["sources", "work", "--where", "date=1901", "--json"])["sources"][0]["path"], name);
}

fn map_without_run(dir: &Path, study: &str) -> Value {
    let mut map = json(dir, &["map", study, "--json", "--bootstrap", "100"]);
    map.as_object_mut().unwrap().remove("run");
    map
}

#[test]
fn folder_and_study_file_give_the_same_map() {
    let dir = work();
    put(
        dir.path(),
        &[
            (
                "work/codings.csv",
                "id,source,start,end,quote,concept,coder,status,created,memo\n\
          c1,sources/02.txt,11,24,Forced labour,poverty,ana,accepted,2024-01-01T00:00:00Z,\n\
          c2,sources/00.txt,11,24,Forced labour,forced-labour,ben,rejected,2024-01-01T00:00:00Z,no\n",
            ),
            ("work/coders.csv", "id,name,kind\nana,Ana,person\nben,Ben,person\n"),
        ],
    );
    done(dir.path(), &["new", "work.nomo", "--from", "work"]);
    assert_eq!(map_without_run(dir.path(), "work"), map_without_run(dir.path(), "work.nomo"));
    let concepts = |study| {
        let mut said = json(dir.path(), &["concepts", study, "--json", "--by", "kind"]);
        // A folder is read from other files than a study file is.
        assert!(said["run"]["inputs"].take().is_object());
        said
    };
    assert_eq!(concepts("work"), concepts("work.nomo"));
    let args = |study| ["sources", study, "--json", "--units"];
    assert_eq!(json(dir.path(), &args("work")), json(dir.path(), &args("work.nomo")));
    let inputs = |study| json(dir.path(), &["map", study, "--json"])["run"]["inputs"].clone();
    for (path, hash) in inputs("work.nomo").as_object().unwrap() {
        assert_eq!(inputs("work")[path], *hash, "{path}");
    }
    let before = tree(&dir.path().join("work"));
    done(dir.path(), &["export", "work.nomo", "--to", "back"]);
    assert!(tree(&dir.path().join("back")) == before, "there and back the same files");
    assert_snapshot!(bad(dir.path(), &["export", "work.nomo", "--to", "back"]), @r"
    error: back: is not empty
      hint: choose another folder, or write over it with --force
    ");
    done(dir.path(), &["export", "work.nomo", "--to", "back", "--force"]);
    assert_snapshot!(bad(dir.path(), &["export", "work", "--to", "x"]), @"error: work: is a study folder already");
}

#[test]
fn stored_codings_of_the_lexicon_change_no_answer() {
    for study in ["work", "work.nomo"] {
        let dir = work();
        if study.ends_with(".nomo") {
            done(dir.path(), &["new", "work.nomo", "--from", "work"]);
        }
        let before = map_without_run(dir.path(), study);
        let out = done(dir.path(), &["code", study]);
        assert!(out.stdout.contains("codings by lexicon stored"), "{}", out.stdout);
        assert_eq!(map_without_run(dir.path(), study), before, "{study}");
        done(dir.path(), &["code", study, "--coder", "second"]);
        assert_eq!(map_without_run(dir.path(), study), before, "{study}");
        // A narrower codebook: what the lexicon stored by the old one must not live on as if a person had coded it.
        let narrow = CODEBOOK.replace("\"prosecut*\"", "\"prosecute every owner\"");
        put(dir.path(), &[("narrow.toml", narrow.as_str())]);
        let args = ["concepts", study, "--json", "--codebook", "narrow.toml"];
        let counts = json(dir.path(), &args);
        let of = counts["concepts"].as_array().unwrap().iter().find(|c| c["concept"] == "prosecute").unwrap();
        assert_eq!(of["codings"], 2, "{study}: texts 2 and 6 say it");
    }
}

#[test]
fn codings_by_people_count() {
    let dir = work();
    let head = "id,source,start,end,quote,concept,coder,status,created,memo\n";
    let codings = |rows: &str| put(dir.path(), &[("work/codings.csv", format!("{head}{rows}").as_str())]);
    let count = |id: &str| {
        let out = json(dir.path(), &["concepts", "work", "--json"]);
        out["concepts"].as_array().unwrap().iter().find(|c| c["concept"] == id).unwrap()["codings"].as_u64().unwrap()
    };
    assert_eq!((count("forced-labour"), count("poverty")), (10, 10));
    codings("c1,sources/00.txt,11,24,Forced labour,forced-labour,ana,rejected,,\n");
    assert_eq!(count("forced-labour"), 9, "what a person rejects does not count");
    codings("c1,sources/00.txt,11,24,Forced labour,poverty,ana,accepted,,\n");
    assert_eq!(count("poverty"), 11, "what a person finds counts");
    let both = "c1,sources/00.txt,11,24,Forced labour,forced-labour,ana,rejected,,\nc2,sources/00.txt,11,17,Forced,forced-labour,ben,accepted,,\n";
    let (first, second) = both.split_once('\n').unwrap();
    codings(both);
    let there = count("forced-labour");
    codings(&format!("{second}{first}\n"));
    assert_eq!((there, count("forced-labour")), (10, 10), "whatever the order of rows");
    codings("c1,sources/00.txt,12,25,Forced labour,forced-labour,ana,rejected,,\n");
    let out = done(dir.path(), &["concepts", "work"]);
    assert!(out.stderr.contains("note: codings.csv:2: "), "a moved quotation is reported: {}", out.stderr);
    codings(
        "c1,sources/00.txt,11,24,Forced labour,force-labour,ana,accepted,,\nc2,sources/01.txt,11,24,Forced labour,zzz,ana,rejected,,\n",
    );
    for command in ["map", "concepts", "code"] {
        let want = "error: codings.csv: names concepts that the codebook does not have: force-labour, zzz\n  hint: add them to codebook.toml, or correct the column `concept`\n";
        assert_eq!(bad(dir.path(), &[command, "work"]), want);
    }
    done(dir.path(), &["sources", "work"]);
}

#[test]
fn code_never_writes_in_the_name_of_a_person() {
    let dir = work();
    let csv = "id,source,start,end,quote,concept,coder,status,created,memo\nc1,sources/00.txt,11,24,Forced labour,poverty,ana,accepted,,\n";
    put(dir.path(), &[("work/codings.csv", csv)]);
    done(dir.path(), &["new", "work.nomo", "--from", "work"]);
    let before = tree(&dir.path().join("work"));
    for study in ["work", "work.nomo"] {
        let want = "error: coder `ana` codes by hand\n  hint: choose another name with --coder\n";
        assert_eq!(bad(dir.path(), &["code", study, "--coder", "ana"]), want);
    }
    assert!(tree(&dir.path().join("work")) == before);
    done(dir.path(), &["code", "work"]);
    let csv = fs::read_to_string(dir.path().join("work/codings.csv")).unwrap();
    assert!(
        csv.contains("poverty,ana,accepted") && csv.contains(",prosecute,lexicon,accepted,2023-11-14T22:13:20Z"),
        "{csv}"
    );
    done(dir.path(), &["code", "work"]);
    assert_eq!(fs::read_to_string(dir.path().join("work/codings.csv")).unwrap(), csv, "the same on a second run");
}

#[test]
fn log_and_undo() {
    let dir = tempfile::tempdir().unwrap();
    work_study(&dir.path().join("work"), 3);
    put(dir.path(), &[("in/new.txt", "Forced labour.")]);
    done(dir.path(), &["new", "w.nomo", "--from", "work"]);
    let before = map_without_run(dir.path(), "w.nomo");
    let out = done(dir.path(), &["add", "w.nomo", "in/new.txt"]);
    assert!(out.stderr.contains("nomoscope undo w.nomo takes it back"));
    assert!(done(dir.path(), &["code", "w.nomo"]).stderr.contains("nomoscope undo w.nomo takes it back"));
    let out = done(dir.path(), &["code", "w.nomo"]);
    assert!(out.stderr.contains("nothing changed") && !out.stderr.contains("undo"), "{}", out.stderr);
    assert_snapshot!(done(dir.path(), &["log", "w.nomo"]).stdout, @r"
    Changes, oldest first
    time                  coder  command
    2023-11-14T22:13:20Z  me     new w.nomo
    2023-11-14T22:13:20Z  me     add w.nomo new.txt
    2023-11-14T22:13:20Z  me     code w.nomo
    ");
    assert_eq!(done(dir.path(), &["undo", "w.nomo"]).stdout, "took back: code w.nomo\n");
    assert_eq!(done(dir.path(), &["undo", "w.nomo"]).stdout, "took back: add w.nomo new.txt\n");
    assert_eq!(map_without_run(dir.path(), "w.nomo"), before);
    assert_eq!(bad(dir.path(), &["undo", "w.nomo"]), "error: there is nothing to undo\n");
    assert_eq!(done(dir.path(), &["log", "w.nomo"]).stdout.lines().count(), 7);
    assert_eq!(done(dir.path(), &["redo", "w.nomo"]).stdout, "did again: add w.nomo new.txt\n");
    assert_eq!(done(dir.path(), &["redo", "w.nomo"]).stdout, "did again: code w.nomo\n");
    assert_eq!(bad(dir.path(), &["redo", "w.nomo"]), "error: there is nothing to redo\n");
    for command in ["log", "undo", "redo"] {
        assert!(bad(dir.path(), &[command, "none.nomo"]).contains("none.nomo: no such file"));
    }
}

#[test]
fn a_folder_has_a_log_and_undo_too() {
    let dir = tempfile::tempdir().unwrap();
    work_study(&dir.path().join("work"), 3);
    put(dir.path(), &[("in/new.txt", "Forced labour.")]);
    let before = tree(&dir.path().join("work"));
    let without_log = || {
        let mut files = tree(&dir.path().join("work"));
        files.remove("history.jsonl");
        files
    };
    assert!(done(dir.path(), &["add", "work", "in/new.txt"]).stderr.contains("nomoscope undo work takes it back"));
    done(dir.path(), &["code", "work"]);
    let after = without_log();
    assert_snapshot!(done(dir.path(), &["log", "work"]).stdout, @r"
    Changes, oldest first
    time                  coder  command
    2023-11-14T22:13:20Z  me     add work new.txt
    2023-11-14T22:13:20Z  me     code work
    ");
    let log = |more: &[&str]| {
        let out = done(dir.path(), &[&["log", "work"], more].concat());
        (out.stdout.lines().skip(2).map(str::to_owned).collect::<Vec<_>>(), out.stderr)
    };
    assert!(log(&["--words", "ADD"]).0.len() == 1 && log(&["--words", "ADD"]).1.contains("1 of 2 changes are shown"));
    assert_eq!(log(&["--since", "2023-12"]).0, Vec::<String>::new());
    assert_eq!((log(&["--until", "2023-11-14"]).0.len(), log(&["--coder", "ben"]).0.len()), (2, 0));
    assert!(log(&["--last", "1"]).0[0].ends_with("code work"));
    let told: serde_json::Value =
        serde_json::from_str(&done(dir.path(), &["log", "work", "--json", "--last", "1"]).stdout).unwrap();
    assert_eq!((&told["of"], &told["changes"][0]["command"]), (&2.into(), &"code work".into()));
    assert_eq!(done(dir.path(), &["undo", "work"]).stdout, "took back: code work\n");
    assert_eq!(done(dir.path(), &["undo", "work"]).stdout, "took back: add work new.txt\n");
    assert!(without_log() == before, "every byte is back");
    assert_eq!(bad(dir.path(), &["undo", "work"]), "error: there is nothing to undo\n");
    done(dir.path(), &["redo", "work"]);
    assert_eq!(done(dir.path(), &["redo", "work"]).stdout, "did again: code work\n");
    assert!(without_log() == after);
    // What was changed by hand stays, and is named.
    let sheet = fs::read_to_string(dir.path().join("work/sources.csv")).unwrap();
    done(dir.path(), &["undo", "work"]);
    put(dir.path(), &[("work/sources/new.txt", "Forced labour, corrected."), ("work/sources.csv", &sheet)]);
    let out = done(dir.path(), &["undo", "work"]);
    assert!(out.stderr.contains("left as it is: sources/new.txt: was changed since"), "{}", out.stderr);
    let kept = fs::read_to_string(dir.path().join("work/sources/new.txt")).unwrap();
    assert_eq!(kept, "Forced labour, corrected.");
}

#[test]
fn two_processes_lose_nothing_of_each_other() {
    let dir = tempfile::tempdir().unwrap();
    work_study(&dir.path().join("work"), 3);
    done(dir.path(), &["new", "w.nomo", "--from", "work"]);
    for study in ["work", "w.nomo"] {
        std::thread::scope(|scope| {
            for n in 0..3 {
                let (dir, name) = (dir.path(), format!("in-{study}/{n}.txt"));
                put(dir, &[(name.as_str(), "Poverty.")]);
                scope.spawn(move || done(dir, &["add", study, &name]));
            }
        });
        let listed = json(dir.path(), &["sources", study, "--json"]);
        assert_eq!(listed["sources"].as_array().unwrap().len(), 6, "{study}");
        let log = done(dir.path(), &["log", study]).stdout;
        assert_eq!(log.matches("add ").count(), 3, "{log}");
    }
    assert!(!dir.path().join("work/.nomoscope-holder").exists());
}

#[test]
fn codebook_check_tells_what_never_matches() {
    let dir = work();
    let more = format!(
        "{CODEBOOK}\n[[concept]]\nid = \"hunger\"\nroles = [\"problem\"]\npatterns.en = [\"hunger\"]\nnot.en = [\"hunger strike\"]\n"
    );
    put(dir.path(), &[("work/codebook.toml", more.as_str())]);
    done(dir.path(), &["new", "work.nomo", "--from", "work"]);
    let out = done(dir.path(), &["codebook", "check", "work"]);
    assert_snapshot!(out.stdout.clone() + &out.stderr, @r"
    work/codebook.toml: 7 concepts (3 problems, 2 values, 2 behaviours; 0 norm labels), languages: en; nothing wrong
    work/codebook.toml:45: pattern `hunger` (en) never matches
    work/codebook.toml:46: `not` pattern `hunger strike` (en) never matches
    work/codebook.toml:42: concept `hunger` never occurs
    2 of 8 patterns never match in 10 sources
    next: nomoscope map work
    ");
    let file = done(dir.path(), &["codebook", "check", "work.nomo"]).stdout;
    assert_eq!(file.replace("work.nomo", "work/codebook.toml"), out.stdout);
    let alone = done(dir.path(), &["codebook", "check", "work/codebook.toml"]);
    assert_eq!(alone.stdout.lines().count(), 1);
    let other = done(dir.path(), &["codebook", "check", "work/codebook.toml", "work.nomo"]).stdout;
    assert_eq!(other, out.stdout);
}
