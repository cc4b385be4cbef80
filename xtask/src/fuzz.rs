//! Feeds made-up and mutated input to every reader, for a given time each, and keeps what broke one.
//!
//! The targets stand in `fuzz/src/bin`. They are built by the compiler of the workspace: coverage is a pass of LLVM that needs no
//! nightly, and without `unsafe` of our own the sanitizers, which do, have little to find.

use crate::outcome::{Outcome, outcome};
use crate::repository::{cargo, files_below, root};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What makes a program tell the fuzzer which branches it took.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=4";
/// Larger seeds teach a fuzzer little and cost it much.
const LARGEST_SEED: u64 = 64 << 10;
/// Seconds for one input: more is a hang.
const HANG: u64 = 25;
/// Megabytes for one process.
const MEMORY: u64 = 2048;

/// Checks that all targets compile.
pub(crate) fn compile() -> Outcome {
    match locked() {
        Ok(()) => outcome(&mut fuzz_cargo("check")),
        Err(error) => Outcome::Failed(format!("fuzz/Cargo.lock: {error}")),
    }
}

/// Runs `fuzz [--seconds N] [TARGET…]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let mut seconds = 60;
    let mut only: Vec<&str> = Vec::new();
    let mut seeds = vec![root().join("data"), root().join("crates")];
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let number = words.next().and_then(|n| n.parse().ok());
                seconds = number.ok_or("--seconds takes a number")?;
            }
            "--seeds" => seeds.push(words.next().ok_or("--seeds takes a folder")?.into()),
            name => only.push(name),
        }
    }
    let targets = targets().map_err(|e| format!("fuzz/src/bin: {e}"))?;
    if let Some(unknown) = only.iter().find(|name| !targets.iter().any(|t| t == *name)) {
        return Err(format!("no target is called {unknown}; targets are {}", targets.join(", ")));
    }
    locked().map_err(|e| format!("fuzz/Cargo.lock: {e}"))?;
    outcome(fuzz_cargo("build").args(["--release", "--target", &host()?]).env("RUSTFLAGS", COVERAGE)).into_result()?;
    println!("| target | inputs | seconds | coverage | found |\n| --- | --- | --- | --- | --- |");
    let mut broken = Vec::new();
    for target in targets.iter().filter(|t| only.is_empty() || only.contains(&t.as_str())) {
        let ran = one(target, Duration::from_secs(seconds), &seeds).map_err(|e| format!("{target}: {e}"))?;
        println!("| {target} | {} | {:.0} | {} | {} |", ran.inputs, ran.seconds, ran.coverage, ran.found.len());
        broken.extend(ran.found);
    }
    if broken.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = broken.iter().map(|path| path.display().to_string()).collect();
    Err(format!("{} inputs broke a reader:\n{}", names.len(), names.join("\n")))
}

fn targets() -> io::Result<Vec<String>> {
    let files = fs::read_dir(root().join("fuzz/src/bin"))?.flatten().map(|file| file.path());
    let mut names: Vec<String> =
        files.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// The targets are built with the crates that the program is built with, not with newer ones.
fn locked() -> io::Result<()> {
    let lock = root().join("fuzz/Cargo.lock");
    fs::copy(root().join("Cargo.lock"), lock).map(|_| ())
}

fn place() -> PathBuf {
    root().join("target/fuzz")
}

fn fuzz_cargo(command: &str) -> Command {
    let mut all = cargo(&[command, "--manifest-path", "fuzz/Cargo.toml", "--bins", "--quiet"]);
    all.env("CARGO_TARGET_DIR", place());
    all
}

/// Returns the name of this machine's platform: with it, cargo keeps the flags away from what runs in the compiler.
fn host() -> Result<String, String> {
    let told = Command::new("rustc").arg("-vV").output().map_err(|e| format!("rustc: {e}"))?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc does not say what it runs on".to_owned())
}

/// How one target fared.
struct Ran {
    inputs: u64,
    seconds: f64,
    coverage: u64,
    found: Vec<PathBuf>,
}

/// Runs one target until its time is over; it goes on after each input that broke it.
fn one(target: &str, time: Duration, seeds: &[PathBuf]) -> Result<Ran, String> {
    let corpus = place().join("corpus").join(target);
    let found = place().join("found").join(target);
    for folder in [&corpus, &found] {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    seed(target, &corpus, seeds).map_err(|e| format!("seeds: {e}"))?;
    let program = place().join(host()?).join("release").join(target);
    let begun = Instant::now();
    let mut ran = Ran { inputs: 0, seconds: 0.0, coverage: 0, found: Vec::new() };
    let before = list(&found);
    while let Some(left) = time.checked_sub(begun.elapsed()).filter(|left| left.as_secs() > 0) {
        let output = Command::new(&program)
            .arg(format!("-max_total_time={}", left.as_secs()))
            .args([
                format!("-timeout={HANG}"),
                format!("-rss_limit_mb={MEMORY}"),
                format!("-artifact_prefix={}/", found.display()),
            ])
            .args(["-print_final_stats=1", "-verbosity=1"])
            .arg(&corpus)
            .stdout(Stdio::null())
            .output()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let (inputs, coverage) = told(&said);
        ran.inputs += inputs;
        ran.coverage = ran.coverage.max(coverage);
        if inputs == 0 && !output.status.success() {
            // It breaks on what it has; to begin again would find the same for ever.
            println!(
                "{}",
                said.lines().filter(|l| l.contains("panicked") || l.contains("ERROR")).collect::<Vec<_>>().join("\n")
            );
            break;
        }
    }
    ran.seconds = begun.elapsed().as_secs_f64();
    ran.found = list(&found).into_iter().filter(|path| !before.contains(path)).collect();
    Ok(ran)
}

fn list(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|files| files.flatten().map(|file| file.path()).collect()).unwrap_or_default()
}

/// Returns how many inputs a run says it tried, and how many edges it says they took.
fn told(said: &str) -> (u64, u64) {
    let number = |text: &str| text.trim().parse().ok();
    let inputs = said.lines().find_map(|line| number(line.strip_prefix("stat::number_of_executed_units:")?));
    let coverage = said.lines().rev().find_map(|line| number(line.split_once("cov: ")?.1.split(' ').next()?));
    (inputs.unwrap_or(0), coverage.unwrap_or(0))
}

/// Gives a target the files that its reader takes, to begin from.
fn seed(target: &str, corpus: &Path, from: &[PathBuf]) -> io::Result<()> {
    let format = target.strip_prefix("read_");
    let endings: &[&str] = match target {
        "codebook" => &["codebook.toml"],
        "law" => &["toml"],
        "run_record" => &["json"],
        "study_file" => &["nomo"],
        "read_reach" | "read_list_table" | "read_ratings" | "read_statements" => &["csv"],
        "read_packages" => &["odt", "ods", "epub", "pptx"],
        "read_exchange" => &["qdpx", "qdc", "dna", "rqda", "qda", "sqlite3", "tsv", "ttl", "jsonld"],
        _ => format.as_slice(),
    };
    let mut found = Vec::new();
    for top in from {
        files_below(top, &mut found)?;
    }
    for (i, path) in found.iter().enumerate() {
        let fits = endings.iter().any(|ending| path.to_string_lossy().ends_with(ending));
        if fits && fs::metadata(path)?.len() <= LARGEST_SEED {
            fs::copy(path, corpus.join(format!("seed-{i}")))?;
        }
    }
    fs::write(corpus.join("seed"), b"x")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_a_run_says_is_read() {
        let said = "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 30Mb\n#9\tNEW    cov: 40 ft: 41 corp: 2/3b\nstat::number_of_executed_units: 12345\n";
        assert_eq!(super::told(said), (12345, 40));
        assert_eq!(super::told("panicked"), (0, 0));
    }
}
