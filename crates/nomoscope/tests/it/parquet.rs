//! Parquet in and out: the same counts as from lines, read back by programs of others where they are at hand.

use crate::program::{CODEBOOK, bad, done, json};
use crate::support::put;
use nomoscope_formats::parquet_file::read::{Bytes, Rows};
use nomoscope_formats::parquet_file::write::{Kind, Value, Writer};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Texts as rows: text, year, country, a number that is missing somewhere.
fn texts(n: usize) -> Vec<Vec<Value>> {
    let text = |i: usize| match i % 5 {
        4 => Value::Null,
        k => Value::Text(format!(
            "Forced labour is an offence against {}, and each Party shall {}.\n\nPoverty \u{1f30a} may be fought.",
            ["dignity", "public order"][k % 2],
            ["prosecute them", "open a school"][k / 2]
        )),
    };
    (0..n)
        .map(|i| {
            let year = if i % 7 == 0 { Value::Null } else { Value::Decimal(1990.0 + (i % 9) as f64) };
            vec![text(i), year, Value::Text(["FR", "DE"][i % 2].to_owned()), Value::Boolean(i % 2 == 0)]
        })
        .collect()
}

const COLUMNS: [(&str, Kind); 4] =
    [("text", Kind::Text), ("year", Kind::Decimal), ("country", Kind::Text), ("other", Kind::Boolean)];

fn parquet(rows: &[Vec<Value>]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &COLUMNS, &[("a", "b")]).unwrap();
    rows.chunks(70).for_each(|rows| writer.rows(rows).unwrap());
    writer.finish().unwrap()
}

/// The same rows as JSON lines.
fn lines(rows: &[Vec<Value>]) -> String {
    let cell = |value: &Value| match value {
        Value::Text(words) => serde_json::json!(words),
        Value::Decimal(x) => serde_json::json!(*x as i64),
        Value::Boolean(b) => serde_json::json!(b),
        _ => serde_json::Value::Null,
    };
    let line = |row: &Vec<Value>| {
        let cells = COLUMNS.iter().zip(row).map(|((name, _), value)| ((*name).to_owned(), cell(value)));
        format!("{}\n", serde_json::Value::Object(cells.collect()))
    };
    rows.iter().map(line).collect()
}

#[test]
fn rows_come_back_as_they_went_and_only_what_is_wanted() {
    let rows = texts(200);
    let bytes = parquet(&rows);
    let mut read = Rows::open(Bytes::from(bytes.clone()), &|name| name == "text" || name == "year").unwrap();
    assert_eq!(read.columns(), ["text", "year", "country", "other"]);
    assert_eq!((read.said("a"), read.said("x")), (Some("b"), None));
    let (mut n, mut last) = (0, 0);
    while let Some(piece) = read.next_piece().unwrap() {
        for (line, record) in piece.records() {
            let found: serde_json::Value = serde_json::from_slice(record).unwrap();
            let Value::Text(want) = &rows[n][0] else {
                assert!(found["text"].is_null());
                (n, last) = (n + 1, line);
                continue;
            };
            assert_eq!((found["text"].as_str().unwrap(), found.as_object().unwrap().len()), (want.as_str(), 2));
            (n, last) = (n + 1, line);
        }
    }
    assert_eq!((n, last), (200, 200));
    // Cut anywhere, it is an error or, where only the end of a page is other, other words; never a break-down.
    let mut refused = 0;
    for cut in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut rows = match Rows::open(Bytes::from(bytes[..cut].to_vec()), &|_| true) {
            Ok(rows) => rows,
            Err(_) => {
                refused += 1;
                continue;
            }
        };
        while let Ok(Some(_)) = rows.next_piece() {}
    }
    assert!(refused > 55, "{refused}");
    for at in (0..bytes.len()).step_by(7) {
        let mut other = bytes.clone();
        other[at] ^= 0x5a;
        let Ok(mut rows) = Rows::open(Bytes::from(other), &|_| true) else { continue };
        while let Ok(Some(_)) = rows.next_piece() {}
    }
}

#[test]
fn parquet_and_lines_give_the_same_counts() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let rows = texts(300);
    put(dir, &[("codebook.toml", CODEBOOK), ("t/a.jsonl", &lines(&rows))]);
    fs::create_dir_all(dir.join("p/deep")).unwrap();
    fs::write(dir.join("p/deep/a.parquet"), parquet(&rows)).unwrap();
    let scan = |input: &str, out: &str| {
        json(dir, &["scan", "codebook.toml", input, "--by", "country,year", "--language", "en", "--out", out, "--json"])
    };
    let (from_lines, from_rows) = (scan("t", "l.counts"), scan("p", "p.counts"));
    assert_eq!(from_lines["sources"], from_rows["sources"]);
    let plain = |name: &str| {
        let text = fs::read_to_string(dir.join(name)).unwrap();
        text.replace("t/a.jsonl", "x").replace("p/deep/a.parquet", "x").replace("deep/a.parquet", "x")
    };
    assert_eq!(plain("l.counts"), plain("p.counts"));
    // Counts as Parquet answer as their lines do.
    scan("t", "q.parquet");
    assert!(dir.join("q.sums.csv").exists() && dir.join("q.sums.parquet").exists());
    assert!(!dir.join("q.parquet.part").exists() && !dir.join("q.parquet.state").exists());
    let without_record = |mut value: serde_json::Value| {
        value.as_object_mut().unwrap().remove("run");
        value
    };
    for question in
        [&["map", "--focus", "forced-labour"][..], &["compare", "--by", "country"], &["trend", "--every", "3y"]]
    {
        let ask = |counts: &str| without_record(json(dir, &[question, &["--counts", counts, "--json"]].concat()));
        assert_eq!(ask("l.counts"), ask("q.parquet"), "{question:?}");
    }
    let said = bad(dir, &["map", "--counts", "p/deep/a.parquet"]);
    assert!(said.contains("another table as Parquet"), "{said}");
    let said = bad(dir, &["scan", "codebook.toml", "p", "--text", "txet", "--by", "yaer", "--out", "z.counts"]);
    assert!(said.contains("did you mean `text`") && said.contains("did you mean `year`"), "{said}");
    fs::write(dir.join("cut.parquet"), &fs::read(dir.join("p/deep/a.parquet")).unwrap()[..900]).unwrap();
    let said = bad(dir, &["scan", "codebook.toml", "cut.parquet", "--out", "z.counts"]);
    assert!(said.contains("cut.parquet: is no sound Parquet") && !dir.join("z.counts").exists(), "{said}");
    let said = bad(dir, &["scan", "codebook.toml", "t", "--codings", "c.parquet", "--out", "z.counts"]);
    assert!(said.contains("not as Parquet"), "{said}");
}

/// Runs Python with a module that reads Parquet; none, with a word about it, where there is none.
fn python(dir: &Path, module: &str, script: &str) -> Option<String> {
    let python = std::env::var_os("NOMOSCOPE_PYTHON").unwrap_or_else(|| "python3".into());
    let run = |script: &str| Command::new(&python).args(["-c", script]).current_dir(dir).output();
    if !run(&format!("import {module}")).is_ok_and(|out| out.status.success()) {
        println!("skipped: no Python with {module} is at hand");
        return None;
    }
    let out = run(script).unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

#[test]
fn programs_of_others_read_it_and_write_what_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let rows = texts(120);
    put(dir, &[("codebook.toml", CODEBOOK), ("a.jsonl", &lines(&rows))]);
    crate::program::work_study(&dir.join("work"), 4);
    done(dir, &["code", "work"]);
    done(dir, &["export", "work", "--to", "c.parquet"]);
    done(dir, &["export", "work", "--to", "c.csv"]);
    done(dir, &["scan", "codebook.toml", "a.jsonl", "--by", "country", "--language", "en", "--out", "q.parquet"]);
    let read = "import csv, json, pyarrow.parquet as pq
codings = pq.read_table('c.parquet')
rows = list(csv.DictReader(open('c.csv', encoding='utf-8')))
for row, other in zip(rows, codings.to_pylist()):
    assert all((other[k] is None and v == '') or str(other[k]) == v for k, v in row.items()), (row, other)
counts = pq.ParquetFile('q.parquet')
assert b'nomoscope_counts' in counts.metadata.metadata
table = counts.read()
print(len(rows), codings.num_rows, codings.schema.field('start').type, table.num_rows, table.column_names)
print(sorted(set(table['country'].to_pylist())), sum(table['words'].to_pylist()) > 0, 'units' in json.loads(table['counts'][0].as_py()))
print(pq.read_table('q.sums.parquet').column_names[0])";
    if let Some(said) = python(dir, "pyarrow", read) {
        let first: Vec<&str> = said.lines().next().unwrap().split(' ').collect();
        assert!(first[0] == first[1] && first[0] != "0" && first[2] == "int64" && first[3] == "96", "{said}");
        assert!(said.contains("['DE', 'FR'] True True"), "{said}");
    }
    let write = "import datetime, json, pyarrow as pa, pyarrow.parquet as pq
rows = [json.loads(line) for line in open('a.jsonl', encoding='utf-8')]
table = pa.Table.from_pylist(rows)
when = pa.array([None if r['year'] is None else datetime.datetime(r['year'], 5, 6) for r in rows], pa.timestamp('ns'))
table = table.append_column('date', when).append_column('tags', pa.array([['a', 'b']] * len(rows)))
for codec in ['snappy', 'gzip', 'zstd', 'lz4', 'none']:
    pq.write_table(table, codec + '.parquet', compression=codec, row_group_size=50)";
    if python(dir, "pyarrow", write).is_some() {
        done(dir, &["scan", "codebook.toml", "a.jsonl", "--by", "country", "--language", "en", "--out", "l.counts"]);
        let text = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
        for codec in ["snappy", "gzip", "zstd", "lz4", "none"] {
            let (input, out) = (format!("{codec}.parquet"), format!("{codec}.counts"));
            done(dir, &["scan", "codebook.toml", &input, "--by", "country", "--language", "en", "--out", &out]);
            let found = text(&out).replace(&input, "a.jsonl");
            let years = |text: &str| text.matches("\"date\":\"199").count();
            assert_eq!(found.replace("-05-06\"", "\""), text("l.counts"), "{codec}");
            assert!(years(&found) > 50, "{codec}");
        }
    }
}
