//! Ends a writing program at every system call that changes something, and lets every such call fail for want of room; each
//! time the study must be sound, and be as it was before the command or as it is after it.
//!
//! It watches from outside, with strace: the program has no hook for it. Needs Linux, strace, and a program to torture. With
//! `--random N` it ends the program at N moments instead, which needs no strace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// The system calls that change something on a disk.
const CHANGING: &str = "write,pwrite64,writev,pwritev,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat,rmdir,ftruncate,truncate,fsync,fdatasync,chmod,fchmod,fchmodat";
/// Those of them that need room.
const FILLING: &str =
    "write,pwrite64,writev,pwritev,mkdir,mkdirat,link,linkat,rename,renameat,renameat2,ftruncate,fsync,fdatasync";
const PASSPHRASE: &str = "a passphrase that nobody has to keep\n";

/// A command on a study, by the name of its arguments: `S` stands for the study, `D` for the folder around it.
const COMMANDS: &[(&str, &[&str])] = &[
    ("add", &["add", "S", "D/new.txt"]),
    ("code", &["code", "S"]),
    ("merge", &["merge", "S", "D/other"]),
    ("import", &["import", "S", "D/codings.csv"]),
    ("undo", &["undo", "S"]),
    ("forget", &["forget", "S", "sources/one.txt", "--yes"]),
    ("new", &["new", "D/made.nomo", "--from", "D/other"]),
    ("export", &["export", "S", "--to", "D/out"]),
];

/// Runs `torture [--program FILE] [--only COMMAND] [--every N | --random N] [--kinds folder,file,sealed]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let program = PathBuf::from(value("--program").unwrap_or_else(|| "target/debug/nomoscope".to_owned()));
    let program = program.canonicalize().map_err(|e| format!("{}: {e}; build it first", program.display()))?;
    let every: usize =
        value("--every").map_or(Ok(1), |n| n.parse().map_err(|_| "--every takes a number".to_owned()))?;
    let random: Option<usize> =
        value("--random").map(|n| n.parse().map_err(|_| "--random takes a number".to_owned())).transpose()?;
    let kinds = value("--kinds").unwrap_or_else(|| "folder,file,sealed".to_owned());
    let only = value("--only");
    let room = std::env::temp_dir().join(format!("torture-{}", std::process::id()));
    let rack = Rack { program, room: room.clone() };
    println!(
        "| study | command | calls that change | ended | with no room | before | after | seconds |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    let mut wrong = Vec::new();
    for kind in kinds.split(',') {
        for (name, words) in COMMANDS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
            let tried = match random {
                Some(times) => rack.at_random(kind, name, words, times, &mut wrong),
                None => rack.command(kind, name, words, every.max(1), &mut wrong),
            };
            match tried {
                Ok(Some(line)) => println!("{line}"),
                Ok(None) => {}
                Err(what) => wrong.push(format!("{kind} {name}: {what}")),
            }
        }
    }
    let _ = fs::remove_dir_all(&room);
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} wrong:\n{}", wrong.len(), wrong.join("\n"))) }
}

struct Rack {
    program: PathBuf,
    room: PathBuf,
}

/// How a study is: what its log says and what its sources are, or that it is not there.
type State = String;

impl Rack {
    fn command(
        &self,
        kind: &str,
        name: &str,
        words: &[&str],
        every: usize,
        wrong: &mut Vec<String>,
    ) -> Result<Option<String>, String> {
        let begun = Instant::now();
        let Some(base) = self.base(kind, name)? else { return Ok(None) };
        let (before, after, calls) = self.measured(&base, kind, words)?;
        if before == after {
            return Err("the command changes nothing".to_owned());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (what, inject) in
            [("ended", format!("{CHANGING}:signal=KILL:when=")), ("full", format!("{FILLING}:error=ENOSPC:when="))]
        {
            for at in (1..=calls).step_by(every) {
                let trial = self.copy(&base)?;
                let when = if what == "full" { format!("{inject}{at}+") } else { format!("{inject}{at}") };
                let output = self.traced(&trial, kind, words, &["-e", &format!("inject={when}")])?;
                *counts.entry(what).or_default() += 1;
                let found = self.judged(&trial, kind, words, &output, (&before, &after));
                match found {
                    Ok(state) => *counts.entry(state).or_default() += 1,
                    Err(error) => wrong.push(format!("{kind} {name} {what} at {at}: {error}")),
                }
                let _ = fs::remove_dir_all(trial);
            }
        }
        let n = |what: &str| counts.get(what).copied().unwrap_or_default();
        let seconds = begun.elapsed().as_secs();
        Ok(Some(format!(
            "| {kind} | {name} | {calls} | {} | {} | {} | {} | {seconds} |",
            n("ended"),
            n("full"),
            n("before"),
            n("after")
        )))
    }

    /// Ends the command at moments that are spread over the time that it takes: more evenly than random ones, and the same each
    /// time.
    fn at_random(
        &self,
        kind: &str,
        name: &str,
        words: &[&str],
        times: usize,
        wrong: &mut Vec<String>,
    ) -> Result<Option<String>, String> {
        let begun = Instant::now();
        let Some(base) = self.base(kind, name)? else { return Ok(None) };
        let state = |trial: &Path| self.state(trial, kind, words);
        let before = state(&self.copy(&base)?)?;
        let trial = self.copy(&base)?;
        let took = Instant::now();
        self.ok(&trial, &self.named(kind, words))?;
        let took = took.elapsed();
        let after = state(&trial)?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for i in 0..times {
            let trial = self.copy(&base)?;
            // The golden ratio leaves no gap and no pattern, however many there are.
            let share = (i as f64 * 0.618_033_988_749_895).fract();
            let mut command = self.prepared(None, &trial, &self.named(kind, words))?;
            let mut running = command.stderr(Stdio::piped()).spawn().map_err(|e| e.to_string())?;
            std::thread::sleep(took.mul_f64(share * 1.1));
            let _ = running.kill();
            let output = running.wait_with_output().map_err(|e| e.to_string())?;
            *counts.entry(if output.status.success() { "too late" } else { "ended" }).or_default() += 1;
            match self.judged(&trial, kind, words, &output, (&before, &after)) {
                Ok(state) => *counts.entry(state).or_default() += 1,
                Err(error) => wrong.push(format!("{kind} {name} at {share:.3} of {took:?}: {error}")),
            }
        }
        let n = |what: &str| counts.get(what).copied().unwrap_or_default();
        let seconds = begun.elapsed().as_secs();
        let (ended, late, before, after) = (n("ended"), n("too late"), n("before"), n("after"));
        Ok(Some(format!(
            "| {kind} | {name} | at moments | {ended} | {late} ran to their end | {before} | {after} | {seconds} |"
        )))
    }

    /// Returns the folder with the study that a command is tried on; none where the command is not for its kind.
    fn base(&self, kind: &str, name: &str) -> Result<Option<PathBuf>, String> {
        if name == "new" && kind != "file" || name == "export" && kind == "folder" {
            return Ok(None);
        }
        let base = self.room.join(format!("{kind}-base"));
        if !base.exists() {
            self.prepare(&base, kind)?;
        }
        Ok(Some(base))
    }

    /// Returns whether a study is as before the command or as after it; everything else is wrong.
    fn judged(
        &self,
        trial: &Path,
        kind: &str,
        words: &[&str],
        output: &Output,
        (before, after): (&State, &State),
    ) -> Result<&'static str, String> {
        if String::from_utf8_lossy(&output.stderr).contains("panicked") {
            return Err("panicked".to_owned());
        }
        match self.state(trial, kind, words)? {
            state if state == *after => Ok("after"),
            state if state == *before && !output.status.success() => Ok("before"),
            state if state == *before => Err("acknowledged and lost".to_owned()),
            state => Err(format!("neither before nor after:\n{state}")),
        }
    }

    /// Returns the state before and after the command, and how many system calls of it change something.
    fn measured(&self, base: &Path, kind: &str, words: &[&str]) -> Result<(State, State, usize), String> {
        let trial = self.copy(base)?;
        let before = self.state(&trial, kind, words)?;
        let _ = fs::remove_dir_all(&trial);
        let trial = self.copy(base)?;
        let trace = self.room.join("trace");
        let trace = trace.to_string_lossy().into_owned();
        let output = self.traced(&trial, kind, words, &["-e", &format!("trace={CHANGING}"), "-o", &trace])?;
        if !output.status.success() {
            return Err(format!("fails untouched: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let log = fs::read_to_string(&trace).map_err(|e| e.to_string())?;
        let calls = log.lines().filter(|line| line.contains('(') && !line.contains("resumed>")).count();
        let after = self.state(&trial, kind, words)?;
        let _ = fs::remove_dir_all(&trial);
        Ok((before, after, calls))
    }

    /// Makes a study with a past, and another to be joined.
    fn prepare(&self, base: &Path, kind: &str) -> Result<(), String> {
        let write = |path: &Path, text: &str| {
            let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
            made.map_err(|e| format!("{}: {e}", path.display()))
        };
        let codebook = "[[concept]]\nid = \"debt\"\nroles = [\"problem\"]\npatterns.en = [\"debt\"]\n\n[[concept]]\nid = \"relief\"\nroles = [\"behaviour\"]\npatterns.en = [\"relief\"]\n";
        for (name, text) in [("folder", "A debt calls for relief.\n"), ("other", "Relief of a debt is a duty.\n")] {
            let folder = base.join(name);
            write(&folder.join("study.toml"), "title = \"T\"\nlanguage = \"en\"\n")?;
            write(&folder.join("codebook.toml"), codebook)?;
            write(&folder.join("sources/zero.txt"), &text.repeat(200))?;
        }
        write(&base.join("one.txt"), &"The debt grew, and no relief came.\n".repeat(500))?;
        write(&base.join("new.txt"), &"No debt without relief.\n".repeat(500))?;
        write(&base.join("codings.csv"), "source,start,end,quote,code,coder\none.txt,4,8,debt,growth,anna\n")?;
        match kind {
            "folder" => fs::rename(base.join("folder"), base.join("study")).map_err(|e| e.to_string())?,
            "file" => drop(self.ok(base, &["new", "D/study.nomo", "--from", "D/folder"])?),
            _ => drop(self.ok(base, &["new", "D/study.nomo", "--from", "D/folder", "--encrypt"])?),
        }
        self.ok(base, &self.named(kind, &["add", "S", "D/one.txt"]))?;
        Ok(())
    }

    fn named<'w>(&self, kind: &str, words: &[&'w str]) -> Vec<&'w str> {
        let study = if kind == "folder" { "D/study" } else { "D/study.nomo" };
        words.iter().map(|word| if *word == "S" { study } else { word }).collect()
    }

    fn copy(&self, base: &Path) -> Result<PathBuf, String> {
        let to = self.room.join("trial");
        let _ = fs::remove_dir_all(&to);
        let status = Command::new("cp").arg("-a").arg(base).arg(&to).status().map_err(|e| e.to_string())?;
        if status.success() { Ok(to) } else { Err("cannot copy the study".to_owned()) }
    }

    fn prepared(&self, tool: Option<&[&str]>, dir: &Path, words: &[&str]) -> Result<Command, String> {
        let key = dir.join("passphrase");
        fs::write(&key, PASSPHRASE).map_err(|e| e.to_string())?;
        let mut command = match tool {
            None => Command::new(&self.program),
            Some(options) => {
                let mut command = Command::new("strace");
                command.args(["-f", "-qq"]).args(options).arg("--").arg(&self.program);
                command
            }
        };
        let around = dir.to_string_lossy().into_owned();
        command.args(words.iter().map(|word| match word.strip_prefix("D/") {
            Some(rest) => format!("{around}/{rest}"),
            None => (*word).to_owned(),
        }));
        // The passphrase comes as input, as the descriptor of every command.
        command.args(["--passphrase-fd", "0"]).stdin(fs::File::open(&key).map_err(|e| e.to_string())?);
        // One time for all, so that the logs of two runs say the same.
        command.env("SOURCE_DATE_EPOCH", "1800000000").env("RAYON_NUM_THREADS", "1").stdout(Stdio::piped());
        Ok(command)
    }

    fn ok(&self, dir: &Path, words: &[&str]) -> Result<String, String> {
        let output = self.prepared(None, dir, words)?.output().map_err(|e| e.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!("{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
    }

    fn traced(&self, dir: &Path, kind: &str, words: &[&str], options: &[&str]) -> Result<Output, String> {
        let quiet = ["-o", "/dev/null"];
        let options: Vec<&str> =
            if options.contains(&"-o") { options.to_vec() } else { [options, &quiet[..]].concat() };
        let words = self.named(kind, words);
        self.prepared(Some(&options), dir, &words)?.output().map_err(|e| format!("strace: {e}"))
    }

    /// Returns how the study is, which must be sound.
    fn state(&self, dir: &Path, kind: &str, words: &[&str]) -> Result<State, String> {
        let made = words.first().is_some_and(|w| *w == "new");
        let out = words.first().is_some_and(|w| *w == "export");
        let study = match (made, out) {
            (true, _) => "D/made.nomo",
            (_, true) => "D/out",
            _ => "S",
        };
        let is_there = |path: &str| dir.join(path).exists();
        if made && !is_there("made.nomo") || out && !is_there("out/study.toml") {
            return Ok("not there".to_owned());
        }
        self.ok(dir, &self.named(kind, &["doctor", study]))?;
        let log = self.ok(dir, &self.named(kind, &["log", study]))?;
        let sources = self.ok(dir, &self.named(kind, &["sources", study, "--json"]))?;
        let inside = fs::read_dir(dir.join("study")).into_iter().flatten();
        let left: Vec<String> = fs::read_dir(dir)
            .map_err(|e| e.to_string())?
            .chain(inside)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            // The journal is SQLite's: what of it is not needed stays until the next change.
            .filter(|name| name.starts_with('.'))
            .collect();
        if !left.is_empty() && !made && !out {
            return Err(format!("left beside it: {}", left.join(", ")));
        }
        Ok(format!("{log}{sources}"))
    }
}
