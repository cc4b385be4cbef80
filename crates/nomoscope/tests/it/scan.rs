//! Tables scanned to counts, and counts asked what texts are asked: the same numbers both ways, whatever happens meanwhile.

use crate::program::{CODEBOOK, bad, done, json, nomoscope};
use crate::support::put;
use nomoscope_desk::load::open;
use nomoscope_desk::scan::{Job, scan, targets};
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_engine::scan::question::Question;
use nomoscope_formats::study::csv;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

const COLUMNS: [&str; 5] = ["id", "kind", "date", "region", "text"];

/// Writes texts as a table, each with a kind, a year and a region.
fn table(dir: &Path, texts: &[String]) {
    let row = |(i, text): (usize, &String)| {
        let kind = if i % 2 == 0 { "speech" } else { "report" };
        [format!("{i:05}"), kind.to_owned(), (1990 + i % 20).to_string(), format!("r{}", i % 3), text.clone()]
    };
    let rows: Vec<[String; 5]> = texts.iter().enumerate().map(row).collect();
    fs::write(dir.join("talks.csv"), csv::write(COLUMNS, rows.iter().map(|r| r.iter().map(String::as_str)))).unwrap();
}

/// Returns what stands under some keys of two answers.
fn under<'v>(one: &'v Value, other: &'v Value, key: &str) -> (&'v Value, &'v Value) {
    assert!(!one[key].is_null(), "{key} of {one}");
    (&one[key], &other[key])
}

/// Asks a study that was made of the table, and the counts of the table.
fn both_ways(texts: &[String], codebook: &[u8], focus: &str, few: bool) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    table(dir, texts);
    fs::write(dir.join("codebook.toml"), codebook).unwrap();
    done(dir, &["new", "study"]);
    fs::write(dir.join("study/codebook.toml"), codebook).unwrap();
    fs::write(dir.join("study/study.toml"), "title = \"T\"\nlanguage = \"en\"\n").unwrap();
    done(dir, &["add", "study", "talks.csv"]);
    done(dir, &["scan", "codebook.toml", "talks.csv", "--by", "region", "--language", "en", "--out", "t.counts"]);
    let draws: &[&str] = if few { &["--bootstrap", "100", "--seeds", "2"] } else { &["--bootstrap", "100"] };
    let ask = |args: &[&str]| {
        let texts = json(dir, &[&args[..1], &["study"], &args[1..], &["--json"]].concat());
        let counts = json(dir, &[args, &["--counts", "t.counts", "--json"]].concat());
        (texts, counts)
    };
    let (texts, counts) = ask(&[&["map", "--focus", focus], draws].concat());
    assert!(counts["couplings"].as_array().unwrap().len() > 5, "{counts}");
    assert!(counts["couplings"].as_array().unwrap().iter().any(|c| !c["p"].is_null()), "no pair is tested");
    for key in ["couplings", "membership", "focus", "units", "sources"] {
        let (of_texts, of_counts) = under(&texts, &counts, key);
        assert_eq!(of_texts, of_counts, "map: {key}");
    }
    let (texts, counts) = ask(&[&["compare", "--by", "region"], &draws[..2]].concat());
    let without = |list: &Value| -> Vec<Value> {
        let mut list = list.as_array().unwrap().clone();
        list.iter_mut().for_each(|pair| {
            pair["sides"].as_array_mut().unwrap().iter_mut().for_each(|side| {
                side.as_object_mut().unwrap().remove("passages");
            });
        });
        list
    };
    assert!(!counts["couplings"].as_array().unwrap().is_empty());
    assert_eq!(without(&texts["couplings"]), without(&counts["couplings"]));
    let groups = |answer: &Value| -> Vec<Value> {
        let of =
            |g: &Value| json!([g["group"], g["units"], g["median_unit_words"], g["tested_pairs"], g["backbone_pairs"]]);
        answer["groups"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(groups(&texts), groups(&counts));
    for division in [["--every", "10y"], ["--width", "8y"]] {
        let (texts, counts) = ask(&["trend", division[0], division[1], "--bootstrap", "0", "--permutations", "9"]);
        let periods = |answer: &Value| -> Vec<Value> {
            let of = |p: &Value| json!([p["period"], p["sources"], p["units"], p["tested_pairs"], p["backbone"]]);
            answer["periods"].as_array().unwrap().iter().map(of).collect()
        };
        assert_eq!(periods(&texts), periods(&counts), "{division:?}");
        assert!(periods(&counts).len() > 1);
    }
}

#[test]
fn counts_say_what_the_texts_of_the_bundled_study_say() {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in nomoscope_engine::bundled::files("child-trafficking").unwrap() {
        let target = dir.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
    let material = open(dir.path(), None).unwrap().material;
    // A few sources would give no pair for a test: each is cut into pieces of some paragraphs.
    let cut = |text: &str| -> Vec<String> {
        let lines: Vec<&str> = text.split("\n\n").collect();
        lines.chunks(12).map(|lines| lines.join("\n\n")).filter(|text| !text.trim().is_empty()).collect()
    };
    let texts: Vec<String> = material.study.sources.iter().flat_map(|s| cut(&s.document.text)).collect();
    assert!(texts.len() > 20, "{}", texts.len());
    both_ways(&texts, &fs::read(dir.path().join("codebook.toml")).unwrap(), "human-trafficking", false);
}

#[test]
fn counts_say_what_the_texts_of_the_general_debate_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/corpora/ungdc/sample");
    let mut files = Vec::new();
    for session in fs::read_dir(&folder).into_iter().flatten().flatten() {
        files.extend(fs::read_dir(session.path()).unwrap().flatten().map(|file| file.path()));
    }
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|file| fs::read_to_string(file).ok()).take(60).collect();
    if texts.len() < 20 {
        eprintln!("skipped: the General Debate is not there");
        return;
    }
    let codebook = nomoscope_engine::bundled::files("transitional-justice").unwrap().remove("codebook.toml").unwrap();
    both_ways(&texts, &codebook, "justice", true);
}

/// Rows of which only a little is read: much of the file, little to code.
fn rows(n: usize) -> String {
    let pad = "x".repeat(3000);
    let text = |i: usize| ["Forced labour is a crime.", "Dignity ends forced labour.", "Nothing here."][i % 3];
    (0..n).map(|i| format!("{{\"text\":\"{}\",\"year\":{},\"pad\":\"{pad}\"}}\n", text(i), 1990 + i % 5)).collect()
}

/// Scans, and stops after some bytes.
fn stopped(dir: &Path, stop: usize) -> Result<u64, String> {
    let given = [dir.join("t.jsonl").to_string_lossy().into_owned()];
    let targets = targets(&given, None).map_err(|e| e.to_string())?;
    let question = Question { by: vec!["year".to_owned()], ..Question::default() };
    let (out, codings) = (dir.join("t.counts"), dir.join("c.csv"));
    let codebook = ("codebook.toml", CODEBOOK.as_bytes());
    let job = Job { codebook, targets: &targets, question: &question, out: &out, codings: Some(&codings), force: true };
    let (seen, own) = (AtomicUsize::new(0), Arc::new(OnceLock::<Handle>::new()));
    let other = own.clone();
    let handle = Handle::watched(move |step| {
        if let (Step::Coded(bytes), Some(handle)) = (step, other.get())
            && seen.fetch_add(bytes, Ordering::Relaxed) + bytes >= stop
        {
            handle.cancel();
        }
    });
    let _ = own.set(handle.clone());
    // As many pieces at a time on every machine.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| scan(&job, &handle, &|_| {})).map(|outcome| outcome.before).map_err(|error| error.to_string())
}

#[test]
fn what_was_interrupted_goes_on_and_gives_the_same() {
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rows = rows(6000);
    for dir in [&whole, &parts] {
        fs::write(dir.path().join("t.jsonl"), &rows).unwrap();
    }
    assert_eq!(stopped(whole.path(), usize::MAX), Ok(0));
    let mut before = 0;
    for stop in [1, 14 << 20] {
        assert_eq!(stopped(parts.path(), stop), Err("cancelled".to_owned()));
        // What a crash wrote after the state was written down is not believed.
        for name in ["t.counts.part", "c.csv.part"] {
            let mut file = fs::OpenOptions::new().append(true).open(parts.path().join(name)).unwrap();
            file.write_all(b"{\"half\": a line").unwrap();
        }
        let state: Value = serde_json::from_slice(&fs::read(parts.path().join("t.counts.state")).unwrap()).unwrap();
        assert!(state["sources"].as_u64().unwrap() > before, "{state}");
        before = state["sources"].as_u64().unwrap();
    }
    // Another scan does not go on from it.
    let refused = bad(
        parts.path(),
        &["scan", "child-trafficking", "t.jsonl", "--by", "year", "--out", "t.counts", "--codings", "c.csv"],
    );
    assert!(refused.contains("with another codebook"), "{refused}");
    let changed = rows.replacen("Forced labour is", "Forced labour was", 1);
    fs::write(parts.path().join("t.jsonl"), &changed).unwrap();
    assert!(stopped(parts.path(), usize::MAX).unwrap_err().contains("has changed since"));
    fs::write(parts.path().join("t.jsonl"), &rows).unwrap();
    assert_eq!(stopped(parts.path(), usize::MAX), Ok(before));
    for name in ["t.counts", "t.sums.csv", "c.csv"] {
        let [one, other] = [&whole, &parts].map(|dir| fs::read(dir.path().join(name)).unwrap());
        assert!(one == other && !one.is_empty(), "{name}");
    }
    let left: Vec<_> = fs::read_dir(parts.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(
        left.iter().all(|n| !n.to_string_lossy().contains(".part") && !n.to_string_lossy().contains(".state")),
        "{left:?}"
    );
}

#[test]
fn rows_that_cannot_be_read_are_told_with_their_line() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let jsonl = "{\"text\":\"Forced labour.\",\"year\":2000}\nnot json\n{\"year\":1}\n{\"text\":\"\"}\n{\"text\":\"x\",\"year\":\"soon\"}\n";
    put(
        dir,
        &[
            ("codebook.toml", CODEBOOK),
            ("a.jsonl", jsonl),
            ("b.csv", "text,year\n\"Forced\nlabour\",2001\nx\n\"open,2\n"),
        ],
    );
    let out = done(dir, &["scan", "codebook.toml", "a.jsonl", "b.csv", "--by", "year", "--out", "o.counts"]);
    assert!(out.stdout.starts_with("2 texts with"), "{}", out.stdout);
    for said in [
        "a.jsonl:2:",
        "a.jsonl:3: there is no `text`",
        "a.jsonl:5: `year`",
        "b.csv:4: 1 cells",
        "b.csv:5: a quotation",
        "1 row without a text",
    ] {
        assert!(out.stderr.contains(said), "{said}: {}", out.stderr);
    }
    let listed = fs::read_to_string(dir.join("o.bad.csv")).unwrap();
    assert_eq!((listed.lines().count(), listed.lines().next()), (6, Some("file,line,reason")), "{listed}");
    let sums = fs::read_to_string(dir.join("o.sums.csv")).unwrap();
    assert!(sums.contains("2000,forced-labour,1,1,1,1,1,1,2\n") && sums.contains("2001,,1,1,1,1,1,1,2\n"), "{sums}");
    // No text is lost for a date that nobody asked for, and dates are read as they are written.
    let dates = "text,date,from\nForced labour.,2001/02,FR\nx,n.d.,FR\ny,31.12.2001,DE\n";
    fs::write(dir.join("d.csv"), dates).unwrap();
    let all = done(dir, &["scan", "codebook.toml", "d.csv", "--by", "from", "--out", "d.counts"]);
    assert!(all.stdout.starts_with("3 texts with"), "{}", all.stdout);
    assert!(all.stderr.contains("1 text has a date that cannot be read, and is counted without one"), "{}", all.stderr);
    let asked = done(dir, &["scan", "codebook.toml", "d.csv", "--by", "year", "--out", "y.counts"]);
    assert!(asked.stdout.starts_with("2 texts with") && asked.stderr.contains("d.csv:3: `date`"), "{}", asked.stderr);
    // Where no row is left, each says why; that none held a text would be untrue.
    fs::write(dir.join("c.csv"), "text,year\nForced labour.,1\n").unwrap();
    let none = bad(dir, &["scan", "codebook.toml", "c.csv", "--by", "year", "--out", "n.counts"]);
    assert!(none.contains("c.csv:2") && !none.contains("no row holds"), "{none}");
    let strict =
        bad(dir, &["scan", "codebook.toml", "a.jsonl", "b.csv", "--by", "year", "--strict", "--out", "s.counts"]);
    assert!(
        strict.starts_with("error: 5 problems") && strict.contains("a.jsonl:2") && strict.contains("b.csv:5"),
        "{strict}"
    );
    assert!(
        fs::read_dir(dir).unwrap().flatten().all(|e| !e.file_name().to_string_lossy().starts_with("s.")),
        "left behind"
    );
}

#[test]
fn files_are_found_however_they_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let row = "{\"text\":\"Forced labour is a crime.\"}\n";
    put(
        dir,
        &[
            ("codebook.toml", CODEBOOK),
            ("in/a.jsonl", row),
            ("in/deep/b.tsv", "n\ttext\n1\tForced labour\n"),
            ("in/c.txt", "x"),
        ],
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(row.as_bytes()).unwrap();
    fs::write(dir.join("in/d.jsonl.gz"), packed.finish().unwrap()).unwrap();
    let sources = |args: &[&str]| -> Vec<String> {
        done(dir, &[&["scan", "codebook.toml"], args, &["--force"]].concat());
        let counts = fs::read_to_string(dir.join("scan.counts")).unwrap();
        let path =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["source"]["path"].as_str().map(str::to_owned);
        counts.lines().filter_map(path).collect()
    };
    assert_eq!(sources(&["in"]), ["in/a.jsonl#1", "in/d.jsonl.gz#1", "in/deep/b.tsv#2"]);
    assert_eq!(sources(&["in/*.jsonl", "in/deep"]), ["in/a.jsonl#1", "deep/b.tsv#2"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_nomoscope"));
    command.args(["scan", "codebook.toml", "-", "--format", "jsonl", "--out", "p.counts"]).current_dir(dir);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(row.repeat(3).as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(fs::read_to_string(dir.join("p.counts")).unwrap().ends_with("{\"sources\":3}\n"));
}

#[test]
fn what_cannot_be_scanned_or_asked_is_refused_with_all_reasons() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let row = "{\"text\":\"Forced labour is a crime.\",\"year\":2000}\n".repeat(3);
    put(
        dir,
        &[
            ("codebook.toml", CODEBOOK),
            ("a.jsonl", &row),
            ("b.csv", "body,year\nx,2000\n"),
            ("x.parquet", "PAR1"),
            ("e.csv", ""),
        ],
    );
    let check = |args: &[&str], want: &[&str]| {
        let said = bad(dir, args);
        want.iter().for_each(|want| assert!(said.contains(want), "{args:?}: {said}"));
    };
    check(&["scan", "codebook.toml", "nowhere.csv", "*.tsv"], &["no such file", "no file fits"]);
    check(&["scan", "codebook.toml", "x.parquet"], &["x.parquet: is no sound Parquet"]);
    check(
        &["scan", "codebook.toml", "b.csv", "e.csv", "--by", "yaer"],
        &["no column `text`", "did you mean `year`", "e.csv: the table is empty"],
    );
    check(&["scan", "nothing", "a.jsonl"], &["there is no such codebook"]);
    check(
        &["scan", "codebook.toml", "a.jsonl", "--by", "yeer", "--text", "txt"],
        &["there is no column `yeer`", "there is no column `txt`"],
    );
    check(&["scan", "codebook.toml", "-"], &["--format"]);
    check(&["scan", "codebook.toml", "a.jsonl", "a.jsonl"], &["named twice"]);
    check(&["scan", "codebook.toml", "a.jsonl", "--by", "text,path", "--language", "9"], &["no language tag"]);
    check(
        &["scan", "codebook.toml", "a.jsonl", "--by", "text,path"],
        &["is the text itself", "`path` names no attribute"],
    );
    done(dir, &["scan", "codebook.toml", "a.jsonl", "--out", "a.counts"]);
    // Nothing that is read is written over, whatever may be replaced.
    check(&["scan", "codebook.toml", "a.jsonl", "--out", "a.jsonl", "--force"], &["a.jsonl: is one of the files"]);
    put(dir, &[("w.sums.csv", "text\nForced labour\n")]);
    check(
        &["scan", "codebook.toml", "w.sums.csv", "--out", "w.counts", "--force"],
        &["w.sums.csv: is one of the files"],
    );
    check(
        &["scan", "codebook.toml", "a.jsonl", "--out", "a.counts"],
        &["a.counts: is there already", "a.sums.csv: is there already", "--force"],
    );
    assert!(nomoscope(dir, &["scan", "codebook.toml", "a.jsonl", "--text", "nothing", "--out", "z.counts"]).code > 0);
    // Counts are asked what they can tell, and refuse the rest.
    check(
        &["map", "--counts", "a.counts", "--inherit", "--window", "sentence", "--focus", "forced-labor"],
        &["--inherit: needs the texts", "counted by paragraph", "did you mean `forced-labour`"],
    );
    check(&["map", "a", "--counts", "a.counts"], &["cannot be read beside --counts"]);
    check(&["map", "--counts", "a.counts", "--interviewers"], &["was decided when"]);
    check(
        &["compare", "--counts", "a.counts", "--by", "year", "--definition", "year"],
        &["--definition: needs the texts"],
    );
    check(&["compare", "one", "--counts", "a.counts", "--by", "year"], &["one group was named: one"]);
    check(&["map", "--counts", "a.counts", "--counts", "a.counts"], &["was counted twice"]);
    let whole = fs::read_to_string(dir.join("a.counts")).unwrap();
    let cut = |bytes: usize| fs::write(dir.join("cut.counts"), &whole[..bytes]).unwrap();
    cut(whole.len() - 2);
    check(&["map", "--counts", "cut.counts"], &["cut short"]);
    cut(whole.len() - whole.lines().last().unwrap().len() - 1);
    check(&["map", "--counts", "cut.counts"], &["cut short"]);
    check(&["map", "--counts", "a.jsonl"], &["is no file of counts"]);
}
