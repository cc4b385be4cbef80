//! Speed of the matcher on a large text, beside aho-corasick, hyperscan, pyahocorasick and spaCy in the same run.
//!
//! `cargo bench -p nomoscope-core --bench matcher -- PATH [--runs N] [--phrases N] [--rare] [--python PYTHON]`, where PATH
//! is a folder of `.txt` files or a tar archive of them (the UN General Debate). Phrases (a thousand) of two to four words
//! are drawn from the text with a fixed seed; with `--rare` only such whose words all have five letters or more, as the
//! patterns of a codebook do. One thread; pin it (`taskset -c 1`) for steady figures.
//!
//! Before anything is timed, our hits on the first megabytes are compared with those of a naive search: every place
//! where aho-corasick finds a phrase in the lower-case text with white space folded, kept if words end there.

#![allow(clippy::print_stdout, reason = "a benchmark reports to the terminal")]

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::coding::Matcher;
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SEED: u64 = 1946;
/// spaCy would take minutes on all of it.
const SPACY_BYTES: usize = 5_000_000;
const CHECK_BYTES: usize = 5_000_000;
const LEAST_BYTES: usize = 100_000_000;

struct Args {
    path: PathBuf,
    runs: usize,
    n_phrases: usize,
    /// How many letters a word of a phrase has at least.
    letters: usize,
    python: String,
}

fn main() -> Result<()> {
    let Some(args) = arguments()? else {
        println!("give the path of a folder of .txt files, or of a tar archive of them; nothing was measured");
        return Ok(());
    };
    let texts = read_texts(&args.path)?;
    let whole = texts.concat();
    if whole.len() < LEAST_BYTES {
        println!("note: {} bytes are less than the 100 MB that the budget is stated for", whole.len());
    }
    let phrases = draw_phrases(&whole, args.n_phrases, args.letters);
    let matcher = compile(&phrases)?;
    println!("text: {} bytes in {} files; {} phrases, seed {SEED}", whole.len(), texts.len(), phrases.len());
    check(&matcher, &phrases, slice(&whole, CHECK_BYTES))?;

    let dfa =
        AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).match_kind(MatchKind::Standard).build(&phrases)?;
    // The arms take turns, so that a noisy neighbour slows all of them.
    let mut arms: Vec<Arm<'_>> = vec![
        Arm::new("aho-corasick 1.1 DFA, overlapping, bare literals", || dfa.find_overlapping_iter(&whole).count()),
        Arm::new("Matcher::find on the whole text", || matcher.find(&whole).len()),
        Arm::new("Matcher::find text by text", || texts.iter().map(|t| matcher.find(t).len()).sum()),
    ];
    for _ in 0..args.runs {
        for arm in &mut arms {
            arm.run();
        }
    }
    let speeds: Vec<f64> = arms.iter().map(|arm| arm.report(whole.len())).collect();
    println!("ratio to aho-corasick: {:.2} whole, {:.2} text by text", speeds[1] / speeds[0], speeds[2] / speeds[0]);
    for (name, bytes) in [("hyperscan", whole.len()), ("pyahocorasick", whole.len()), ("spacy", SPACY_BYTES)] {
        match peer(&args, name, slice(&whole, bytes), &phrases)? {
            Some(speed) => println!("ratio to {name}: {:.2}", speeds[1] / speed),
            None => println!("{name} is not installed for `{}`; name another with --python", args.python),
        }
    }
    Ok(())
}

fn arguments() -> Result<Option<Args>> {
    let mut path = None;
    let (mut runs, mut n_phrases, mut letters, mut python) = (5, 1000, 1, "python3".to_owned());
    let mut rest = std::env::args().skip(1);
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--bench" | "--test" => {}
            "--runs" => runs = rest.next().ok_or("--runs needs a number")?.parse()?,
            "--phrases" => n_phrases = rest.next().ok_or("--phrases needs a number")?.parse()?,
            "--rare" => letters = 5,
            "--python" => python = rest.next().ok_or("--python needs a program")?,
            _ => path = Some(PathBuf::from(arg)),
        }
    }
    Ok(path.map(|path| Args { path, runs, n_phrases, letters, python }))
}

/// Returns the texts in the order of their paths.
fn read_texts(path: &Path) -> Result<Vec<String>> {
    let unpacked = tempfile::tempdir()?;
    let folder = if path.is_dir() {
        path
    } else {
        let done = Command::new("tar").arg("-xf").arg(path).arg("-C").arg(unpacked.path()).status()?;
        if !done.success() {
            return Err(format!("tar cannot unpack {}", path.display()).into());
        }
        unpacked.path()
    };
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|f| Ok(String::from_utf8_lossy(&std::fs::read(f)?).into_owned())).collect()
}

/// Draws phrases of two to four words of at least so many letters that stand on one line, single spaces between; each
/// once, whatever its case.
fn draw_phrases(text: &str, n: usize, letters: usize) -> Vec<String> {
    let mut rng = Seed(SEED).stream(0);
    let bytes = text.as_bytes();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    while out.len() < n {
        let n_words = 2 + rng.below(3);
        let mut start = rng.below(bytes.len());
        while start < bytes.len() && bytes[start] != b' ' {
            start += 1;
        }
        start += 1;
        let mut end = start;
        let mut words = 0;
        while words < n_words {
            let from = end;
            while bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
                end += 1;
            }
            words += 1;
            let whole = bytes.get(end).is_some_and(|&b| b == b' ' || (words == n_words && b.is_ascii_punctuation()));
            if end < from + letters || !whole || bytes.get(end) == Some(&b'\'') {
                break;
            }
            if words == n_words {
                let phrase = &text[start..end];
                if seen.insert(phrase.to_ascii_lowercase()) {
                    out.push(phrase.to_owned());
                }
            }
            end += 1;
        }
    }
    out
}

fn compile(phrases: &[String]) -> Result<Matcher> {
    let concepts = phrases
        .iter()
        .enumerate()
        .map(|(i, phrase)| Concept {
            id: format!("c{i}"),
            roles: BTreeSet::from([Role::Problem]),
            patterns: BTreeMap::from([("und".to_owned(), vec![PatternText { text: phrase.clone(), line: 1 }])]),
            ..Concept::default()
        })
        .collect();
    let codebook = Codebook::new("benchmark".into(), "1".into(), concepts).map_err(|p| format!("{p:?}"))?;
    Ok(Matcher::new(&codebook, &[]).map_err(|p| format!("{p:?}"))?)
}

/// Compares our hits with a naive search.
///
/// The reference knows nothing of hyphens at line ends, apostrophes and accents, so the text is first made one that
/// has none: every byte beyond ASCII, every apostrophe and every hyphen becomes a full stop.
fn check(matcher: &Matcher, phrases: &[String], text: &str) -> Result<()> {
    let plain: String =
        text.chars().map(|c| if c.is_ascii() && !matches!(c, '\'' | '`' | '-') { c } else { '.' }).collect();
    let (folded, at) = fold_space(&plain);
    let lower: Vec<String> = phrases.iter().map(|p| p.to_ascii_lowercase()).collect();
    let reference = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&lower)?;
    let bytes = folded.as_bytes();
    let inside =
        |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut last_end: BTreeMap<usize, usize> = BTreeMap::new();
    let mut want: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
    for hit in reference.find_overlapping_iter(&folded) {
        let (start, end, phrase) = (hit.start(), hit.end(), hit.pattern().as_usize());
        // Hits of one concept do not overlap; those of one phrase come by start.
        let free = last_end.get(&phrase).is_none_or(|&e| start >= e);
        if free && !inside(start.checked_sub(1)) && !inside(Some(end)) {
            last_end.insert(phrase, end);
            want.insert((at[start], at[end - 1] + 1, phrase));
        }
    }
    let have: BTreeSet<(usize, usize, usize)> =
        matcher.find(&plain).iter().map(|c| (c.span.start as usize, c.span.end as usize, c.concept.get())).collect();
    if have != want {
        let shown: Vec<_> = have.symmetric_difference(&want).take(5).collect();
        return Err(format!("{} hits, the naive search has {}; {shown:?}", have.len(), want.len()).into());
    }
    println!("check: {} hits in {} bytes, the same as a naive search finds", have.len(), plain.len());
    Ok(())
}

/// Returns the text in lower case with each run of white space as one space, or as a full stop where a paragraph
/// ends; and for every byte where it came from.
fn fold_space(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut at = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        at.push(i);
        if !c.is_whitespace() && c != '\0' {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        let mut lines = usize::from(c == '\n' || c == '\r') + 2 * usize::from(matches!(c, '\x0b' | '\x0c'));
        let mut before = c;
        while let Some(&(_, next)) = chars.peek().filter(|(_, n)| n.is_whitespace() || *n == '\0') {
            lines += match next {
                '\n' if before == '\r' => 0,
                '\n' | '\r' => 1,
                '\x0b' | '\x0c' => 2,
                _ => 0,
            };
            before = next;
            chars.next();
        }
        out.push(if lines >= 2 { '.' } else { ' ' });
    }
    (out, at)
}

/// Returns the beginning of the text, to the end of a line.
fn slice(text: &str, bytes: usize) -> &str {
    let end = text.as_bytes().iter().skip(bytes).position(|&b| b == b'\n').map_or(text.len(), |i| bytes + i);
    &text[..end]
}

/// Returns how long this thread has had a processor, where the system tells: what others run beside it takes nothing away.
fn processor_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

struct Arm<'a> {
    name: &'static str,
    work: Box<dyn Fn() -> usize + 'a>,
    seconds: Vec<f64>,
    hits: usize,
}

impl<'a> Arm<'a> {
    fn new(name: &'static str, work: impl Fn() -> usize + 'a) -> Self {
        Self { name, work: Box::new(work), seconds: Vec::new(), hits: 0 }
    }

    fn run(&mut self) {
        let (begin, used) = (Instant::now(), processor_seconds());
        self.hits = (self.work)();
        let used = processor_seconds().zip(used).map(|(after, before)| after - before);
        self.seconds.push(used.unwrap_or_else(|| begin.elapsed().as_secs_f64()));
    }

    /// Prints the speeds and returns the median, in MB/s.
    fn report(&self, bytes: usize) -> f64 {
        report(self.name, &self.seconds, bytes, self.hits)
    }
}

fn report(name: &str, seconds: &[f64], bytes: usize, hits: usize) -> f64 {
    let mut speeds: Vec<f64> = seconds.iter().map(|s| bytes as f64 / 1e6 / s).collect();
    speeds.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (speeds.first(), speeds.last()) else { return 0.0 };
    let median = speeds[speeds.len() / 2];
    println!("{name}: {median:.1} MB/s (median of {}; {low:.1} to {high:.1}), {hits} hits", speeds.len());
    median
}

/// Returns the speed of a peer in MB/s, if Python has it.
fn peer(args: &Args, name: &str, text: &str, phrases: &[String]) -> Result<Option<f64>> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, content: &str| -> Result<PathBuf> {
        let path = folder.path().join(name);
        std::fs::File::create(&path)?.write_all(content.as_bytes())?;
        Ok(path)
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/phrase_peers.py");
    let (text_file, phrase_file) = (write("text", text)?, write("phrases", &phrases.join("\n"))?);
    let output = Command::new(&args.python).arg(script).arg(name).arg(text_file).arg(phrase_file).arg("3").output();
    let Ok(output) = output else { return Ok(None) };
    if output.status.code() == Some(3) {
        return Ok(None);
    }
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows: Vec<Vec<&str>> = printed.lines().map(|l| l.split(' ').collect()).collect();
    let seconds: Vec<f64> = rows.iter().filter_map(|r| r.get(1)?.parse().ok()).collect();
    let Some([version, _, hits]) = rows.first().map(Vec::as_slice) else { return Ok(None) };
    let name = format!("{name} {version}, {} MB", text.len() / 1_000_000);
    Ok(Some(report(&name, &seconds, text.len(), hits.parse()?)))
}
