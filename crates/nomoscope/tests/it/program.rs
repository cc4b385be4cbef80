//! Runs the program as people do: in a folder, with arguments, without a terminal, at a fixed time.

use crate::support::put;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program in `dir`. A panic fails the test, whatever the arguments.
#[track_caller]
pub(crate) fn nomoscope(dir: &Path, args: &[&str]) -> Out {
    at_width(dir, args, None)
}

/// Runs the program where lines are so wide.
#[track_caller]
pub(crate) fn at_width(dir: &Path, args: &[&str], columns: Option<usize>) -> Out {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nomoscope"));
    command.args(args).current_dir(dir).stdin(Stdio::null());
    command.env("SOURCE_DATE_EPOCH", "1700000000").env("NO_COLOR", "1");
    for name in ["COLUMNS", "NOMOSCOPE_CODER", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    if let Some(columns) = columns {
        command.env("COLUMNS", columns.to_string());
    }
    let out = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8");
    let out = Out { code: out.status.code().unwrap_or(-1), stdout: text(&out.stdout), stderr: text(&out.stderr) };
    assert!(!out.stderr.contains("panicked") && (0..=2).contains(&out.code), "{args:?}: {out:?}");
    out
}

/// Runs the program and expects success.
#[track_caller]
pub(crate) fn done(dir: &Path, args: &[&str]) -> Out {
    let out = nomoscope(dir, args);
    assert_eq!(out.code, 0, "{args:?}: {}", out.stderr);
    out
}

/// Runs the program and expects bad input: exit 2, nothing on stdout; returns what it said, with `\r` and colour refused.
#[track_caller]
pub(crate) fn bad(dir: &Path, args: &[&str]) -> String {
    let out = nomoscope(dir, args);
    assert_eq!((out.code, out.stdout.as_str()), (2, ""), "{args:?}: {}", out.stderr);
    assert!(!out.stderr.contains('\u{1b}'), "colour without a terminal: {:?}", out.stderr);
    out.stderr
}

/// Runs the program with `--json` and returns what it printed; no number in it may be NaN or infinite.
#[track_caller]
pub(crate) fn json(dir: &Path, args: &[&str]) -> Value {
    let out = done(dir, args);
    let value: Value = serde_json::from_str(&out.stdout).expect("JSON");
    finite(&value, "$");
    value
}

/// JSON cannot hold NaN, but a program can write it as a string.
#[track_caller]
pub(crate) fn finite(value: &Value, at: &str) {
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| finite(v, &format!("{at}[{i}]"))),
        Value::Object(map) => map.iter().for_each(|(k, v)| finite(v, &format!("{at}.{k}"))),
        Value::String(s) => {
            assert!(!["NaN", "inf", "-inf", "Infinity"].contains(&s.as_str()), "{at} is {s}");
        }
        Value::Number(n) => assert!(n.as_f64().is_none_or(f64::is_finite), "{at} is {n}"),
        _ => {}
    }
}

pub(crate) const CODEBOOK: &str = r#"title = "Work"
version = "1"

[[concept]]
id = "forced-labour"
roles = ["problem"]
label = { en = "forced labour" }
patterns.en = ["forced labour"]

[[concept]]
id = "poverty"
roles = ["problem"]
label = { en = "poverty" }
patterns.en = ["poverty"]

[[concept]]
id = "dignity"
roles = ["value"]
label = { en = "dignity" }
patterns.en = ["dignity"]

[[concept]]
id = "order"
roles = ["value"]
label = { en = "public order" }
patterns.en = ["public order"]

[[concept]]
id = "prosecute"
roles = ["behaviour"]
family = "prosecute"
label = { en = "prosecute" }
patterns.en = ["prosecut*"]

[[concept]]
id = "school"
roles = ["behaviour"]
family = "protect"
label = { en = "open schools" }
patterns.en = ["open ... school*"]
"#;

/// Writes a study of `n` treaties and speeches into `dir`, with its codebook.
pub(crate) fn work_study(dir: &Path, n: usize) {
    put(
        dir,
        &[
            ("study.toml", "title = \"Work\"\nlanguage = \"en\"\nfocus = \"forced-labour\"\n"),
            ("codebook.toml", CODEBOOK),
        ],
    );
    let mut sheet = "path,title,kind,date,language,region\n".to_owned();
    for i in 0..n {
        let (kind, region) = (["treaty", "speech"][i % 2], ["north", "south", ""][i % 3]);
        let path = format!("sources/{i:02}.txt");
        let value = ["dignity", "public order", "dignity"][i % 3];
        let act = ["prosecute those who profit", "open a school", "prosecute every owner", "open the schools"][i % 4];
        let text = format!(
            "Article 1\n\nForced labour is an offence against {value}, and each Party shall {act}.\n\nArticle 2\n\n\
             Poverty may be fought. Parties shall open new schools for the dignity of all.\n\nArticle 3\n\n\
             The weather of year {i} was fine. The Secretary keeps the archive.\n"
        );
        put(dir, &[(path.as_str(), text.as_str())]);
        sheet.push_str(&format!("{path},Text {i},{kind},{},en,{region}\n", 1950 + 5 * i));
    }
    put(dir, &[("sources.csv", sheet.as_str())]);
}

/// Returns a folder with the study of ten sources in `work`.
pub(crate) fn work() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    work_study(&dir.path().join("work"), 10);
    dir
}

/// Returns words as they were before they were broken into lines for a terminal.
pub(crate) fn on_one_line(printed: &str) -> String {
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what was printed with lines that go on below, further in, as one again.
pub(crate) fn unfolded(printed: &str) -> String {
    printed.replace("\n  ", " ")
}
