//! How long pages take, beside what they may take: `cargo bench -p nomoscope-serve --bench pages [-- STUDY]`.
//!
//! STUDY is a study folder or a study file, of which a copy is measured; without one it is the bundled study on child
//! trafficking. The reading view and the codings are measured on a text that is made here. Answers are asked for as a browser
//! asks, over TCP; a page that tells of progress has begun to answer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    dead_code,
    reason = "a bench prints, and its helpers are those of tests"
)]

#[path = "../tests/it/client.rs"]
mod client;

use client::{Bench, folder_of, serve};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Every page; `SOURCE` stands for the path of the first source, `CONCEPT` for the first concept.
const PAGES: [&str; 35] = [
    "/start",
    "/sources",
    "/sources?words=forced+labour",
    "/read?source=SOURCE",
    "/correct?source=SOURCE",
    "/describe?source=SOURCE",
    "/doctor",
    "/forget",
    "/passphrase",
    "/look",
    "/review",
    "/codebook",
    "/codebook?concept=CONCEPT",
    "/words",
    "/map",
    "/map?bootstrap=0",
    "/compare?by=kind",
    "/trend",
    "/slip",
    "/network",
    "/agree",
    "/double",
    "/adjudicate",
    "/audit",
    "/suggestions",
    "/report?map.bootstrap=0",
    "/exchange",
    "/settings",
    "/names",
    "/case",
    "/law",
    "/law/show?norms=un.palermo.3",
    "/reach/attrition",
    "/history",
    "/help",
];
/// What may be taken, in milliseconds and in MiB.
const FIRST_BYTE: u64 = 100;
const LONG_TEXT: u64 = 300;
const CODING: u64 = 50;
const MEMORY: f64 = 500.0;
const TIMES: usize = 7;

fn main() {
    let study = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let profile = if cfg!(debug_assertions) { "without optimisation" } else { "optimised" };
    let bench = study.as_deref().map_or_else(bundled, |study| own(Path::new(study)));
    println!("{}, {profile}", study.as_deref().map_or("the bundled study".to_owned(), name_of));
    let pages = pages_of(&bench);
    println!("{:<52} {:>9} {:>9} {:>9} {:>9}", "milliseconds", "first", "again", "whole", "may take");
    for page in &pages {
        visit(&bench, page);
    }
    at_once(&bench, &pages);
    if let Some(mib) = greatest_memory() {
        println!("{:<52} {mib:>9.0} {:>29.0}{}", "greatest memory so far, MiB", MEMORY, over(mib > MEMORY));
    }
    println!("\n{:<52} {:>9} {:>9}", "milliseconds, median of 7", "takes", "may take");
    for is_file in [false, true] {
        let kind = if is_file { "file" } else { "folder" };
        let large = coded(5_000, is_file);
        let read = || drop(large.get("/read?source=sources/a.txt&part=20"));
        tell(&format!("{kind}: a part of 1 MB with 5,000 codings"), median(read), LONG_TEXT);
        let many = coded(10_000, is_file);
        tell(&format!("{kind}: a coding written and shown among 10,000"), median(writing(&many)), CODING);
    }
}

/// Returns a server on the bundled study.
fn bundled() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    nomoscope_desk::study::make::from_template("child-trafficking", &dir.path().join("study")).unwrap();
    serve(dir, Some("study"))
}

/// Returns a server on a copy of a study: what is measured changes nothing.
fn own(study: &Path) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let name = if study.is_dir() { "study" } else { "study.nomo" };
    copy(study, &dir.path().join(name)).unwrap_or_else(|error| panic!("{}: {error}", study.display()));
    serve(dir, Some(name))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return std::fs::copy(from, to).map(drop);
    }
    std::fs::create_dir_all(to)?;
    let inside: Vec<PathBuf> =
        std::fs::read_dir(from)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    inside.iter().try_for_each(|path| copy(path, &to.join(path.file_name().unwrap_or_default())))
}

fn name_of(study: &str) -> String {
    Path::new(study).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Returns the pages of this study. It is opened here to be asked for its first source, so that pages find it unread.
fn pages_of(bench: &Bench) -> Vec<String> {
    let material = bench.study().material(None).unwrap().material;
    let path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let source = material.study.sources.first().map_or("", |source| &source.path);
    let source = source.bytes().fold(String::new(), |mut all, b| {
        let _ = if path(char::from(b)) { write!(all, "{}", char::from(b)) } else { write!(all, "%{b:02X}") };
        all
    });
    let concept = material.codebook.concepts().first().map_or("", |concept| &concept.id).to_owned();
    PAGES.iter().map(|page| page.replace("SOURCE", &source).replace("CONCEPT", &concept)).collect()
}

/// What an answer was, and when its first byte came.
struct Timed {
    status: String,
    first: Duration,
    working: bool,
}

fn ask(bench: &Bench, page: &str) -> Timed {
    let mut stream = TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
    let head = format!(
        "GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
        bench.port, bench.cookie
    );
    let began = Instant::now();
    stream.write_all(head.as_bytes()).unwrap();
    let mut bytes = vec![0; 1];
    stream.read_exact(&mut bytes).unwrap();
    let first = began.elapsed();
    // What ends early shows in its status.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let status = text.split(' ').nth(1).unwrap_or_default().to_owned();
    Timed { status, first, working: text.contains("<progress") }
}

/// Visits a page for the first time, until its answer is there, and then again.
fn visit(bench: &Bench, page: &str) {
    let began = Instant::now();
    let mut last = ask(bench, page);
    let mut slowest = last.first;
    while last.working {
        std::thread::sleep(Duration::from_millis(20));
        last = ask(bench, page);
        slowest = slowest.max(last.first);
    }
    let whole = began.elapsed();
    // What is no page of this study is told as such: a comparison without the attribute, for one.
    assert!(["200", "422"].contains(&&*last.status), "{page}: {}", last.status);
    let again = median(|| drop(ask(bench, page)));
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let late = slowest > Duration::from_millis(FIRST_BYTE);
    println!("{page:<52} {:>9.1} {:>9.1} {:>9.1} {FIRST_BYTE:>9}{}", ms(slowest), ms(again), ms(whole), over(late));
}

fn over(is: bool) -> &'static str {
    if is { "  OVER" } else { "" }
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

/// Returns a server on a study with 1 MB of text and so many codings.
fn coded(codings: usize, is_file: bool) -> Bench {
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
    if !is_file {
        return bench;
    }
    nomoscope_desk::study::make::from_folder(&study, &bench.dir.path().join("study.nomo"), None).unwrap();
    serve(bench.dir, Some("study.nomo"))
}

/// Returns what writes one more coding, and shows the part of the text that it stands in.
fn writing(bench: &Bench) -> impl FnMut() + '_ {
    let shown = "/read?source=sources/a.txt&part=0&fragment=part";
    assert_eq!(bench.get(shown).status, 200);
    let mut at = 0;
    move || {
        at += 1;
        let (start, end) = ((at * 7).to_string(), (at * 7 + 6).to_string());
        let fields = [("source", "sources/a.txt"), ("start", &*start), ("end", &*end), ("concept", "dignity")];
        let answer = bench.post("/do/mark", &fields);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(bench.get(shown).status, 200);
    }
}

fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn tell(what: &str, took: Duration, budget: u64) {
    let late = over(took > Duration::from_millis(budget));
    println!("{what:<52} {:>9.1} {budget:>9}{late}", took.as_secs_f64() * 1000.0);
}

/// Fifty requests at the same moment: none may fail.
fn at_once(bench: &Bench, pages: &[String]) {
    let began = Instant::now();
    let failed = std::thread::scope(|scope| {
        let ask = |n: usize| {
            scope.spawn(move || !["200", "422"].contains(&&*ask(bench, pages.get(n % pages.len()).unwrap()).status))
        };
        let asked: Vec<_> = (0..50).map(ask).collect();
        asked.into_iter().map(|t| t.join().unwrap()).filter(|failed| *failed).count()
    });
    let all = began.elapsed().as_secs_f64() * 1000.0;
    println!("{:<52} {all:>29.1} {:>9}{}", format!("50 requests at once, {failed} failed"), "", over(failed > 0));
}

/// Returns the greatest memory of this process so far, in MiB, where the system tells it.
fn greatest_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}
