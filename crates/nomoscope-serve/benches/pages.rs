//! How long pages take, beside what they may take: `cargo bench -p nomoscope-serve`.
//!
//! Whole answers are measured, to the last byte, as a browser gets them over TCP. `NOMOSCOPE_STUDY` names a study of one's
//! own for the pages; the reading view and the codings are measured on a text that is made here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a bench prints, and its helpers are those of tests"
)]

#[path = "../tests/it/client.rs"]
mod client;

use client::{Bench, folder_of, serve};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const PAGES: [&str; 8] =
    ["/sources", "/sources?words=forced+labour", "/review", "/codebook", "/history", "/law", "/case", "/help"];

fn main() {
    println!("{:<52} {:>9} {:>9}", "whole answer, median of 7", "ms", "may take");
    let bench = match std::env::var_os("NOMOSCOPE_STUDY") {
        Some(study) => own(Path::new(&study)),
        None => folder_of(&text(2_000)),
    };
    for page in PAGES {
        tell(page, median(|| drop(ok(&bench, page))), 100);
    }
    let large = coded(5_000);
    tell("/read: 1 MB of text, 5,000 codings", median(|| drop(ok(&large, "/read?source=sources/a.txt&part=20"))), 300);
    let many = coded(10_000);
    ok(&many, "/read?source=sources/a.txt&part=0&fragment=part");
    let mut at = 0;
    let write = || {
        at += 1;
        let (start, end) = ((at * 7).to_string(), (at * 7 + 6).to_string());
        let fields = [("source", "sources/a.txt"), ("start", &*start), ("end", &*end), ("concept", "dignity")];
        let answer = many.post("/do/mark", &fields);
        assert_eq!(answer.status, 200, "{}", answer.body);
        ok(&many, "/read?source=sources/a.txt&part=0&fragment=part");
    };
    tell("a coding written and shown, with 10,000 codings", median(write), 50);
    at_once(&bench);
}

/// Returns a server on a copy of a study: what is measured changes nothing.
fn own(study: &Path) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    assert!(study.is_file(), "NOMOSCOPE_STUDY names a study file (.nomo)");
    std::fs::copy(study, dir.path().join("study.nomo")).unwrap();
    serve(dir, Some("study.nomo"))
}

fn text(sentences: usize) -> String {
    let mut text = String::new();
    for n in 0..sentences {
        let end = if n % 8 == 7 { "\n\n" } else { " " };
        let _ = write!(
            text,
            "In case {n} the State shall prohibit forced labour, for it is contrary to the dignity of all persons.{end}"
        );
    }
    text
}

/// Returns a server on a study file with 1 MB of text and so many codings.
fn coded(codings: usize) -> Bench {
    let bench = folder_of(&text(10_000));
    let study = bench.dir.path().join("study");
    let written = std::fs::read_to_string(study.join("sources/a.txt")).unwrap();
    let mut table = "id,source,start,end,quote,concept,coder,status,created,memo\n".to_owned();
    let places = written.match_indices("dignity");
    for (n, (at, word)) in places.take(codings).enumerate() {
        let end = at + word.len();
        let _ = writeln!(table, "c{n},sources/a.txt,{at},{end},{word},dignity,ana,accepted,2026-01-01T00:00:00Z,");
    }
    std::fs::write(study.join("codings.csv"), table).unwrap();
    nomoscope_desk::study::make::from_folder(&study, &bench.dir.path().join("study.nomo"), None).unwrap();
    serve(bench.dir, Some("study.nomo"))
}

fn ok(bench: &Bench, page: &str) -> usize {
    // What takes longer is answered with its progress first.
    loop {
        let answer = bench.get(page);
        assert_eq!(answer.status, 200, "{page}: {}", answer.body);
        if !answer.body.contains("<progress") {
            return answer.body.len();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn tell(what: &str, took: Duration, budget_ms: u64) {
    let over = if took > Duration::from_millis(budget_ms) { "  OVER" } else { "" };
    println!("{what:<52} {:>9.1} {budget_ms:>9}{over}", took.as_secs_f64() * 1000.0);
}

/// Fifty requests at the same moment: none may fail.
fn at_once(bench: &Bench) {
    let began = Instant::now();
    let failed = std::thread::scope(|scope| {
        let ask = |n: usize| scope.spawn(move || bench.get(PAGES[n % PAGES.len()]).status != 200);
        let asked: Vec<_> = (0..50).map(ask).collect();
        asked.into_iter().map(|t| t.join().unwrap()).filter(|failed| *failed).count()
    });
    println!("50 requests at once: {failed} failed, all answered in {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
}
