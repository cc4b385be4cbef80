//! `bench`: how time and memory grow, measured with the program as people run it, and written to `docs/growth.md`.
//!
//! Texts are made up from a fixed seed, so that anybody measures the same; each row of a table changes one thing. What is
//! measured is the whole program, from start to end, with its greatest memory as the system counted it.

use crate::bench_loads::{self, Load};
use crate::bench_project;
use crate::made_up::{Words, spelled};
use crate::repository::{cargo, root};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A measurement.
#[derive(Debug, Clone, Copy)]
struct Taken {
    seconds: f64,
    /// Greatest memory in MiB; none where the system does not tell.
    mib: Option<f64>,
}

struct Bench {
    program: PathBuf,
    folder: PathBuf,
    page: String,
    /// Smaller sizes, to try the command.
    quick: bool,
}

/// Measures a part, and writes its table.
type Measure = fn(&mut Bench) -> Result<(), String>;

/// What is measured, in the order of the page.
const PARTS: [(&str, Measure); 9] = [
    ("sizes", Bench::sizes),
    ("threads", Bench::threads),
    ("studies", Bench::studies),
    ("patterns", Bench::patterns),
    ("sources", Bench::sources),
    ("concepts", Bench::concepts),
    ("draws", Bench::draws),
    ("imports", Bench::imports),
    ("loads", Bench::loads),
];

/// Measures; `--quick` takes small sizes, `--program FILE` a program that is there already, and names of parts these alone, which
/// are printed and not written.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (mut quick, mut program, mut named) = (false, None, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => quick = true,
            "--program" => program = Some(PathBuf::from(arguments.next().ok_or("--program FILE")?)),
            name => match PARTS.iter().find(|(part, _)| *part == name) {
                Some((_, measure)) => named.push(*measure),
                None => {
                    let parts = PARTS.map(|(part, _)| part).join(", ");
                    return Err(format!("`{name}` is no part: {parts}; and --quick, --program FILE"));
                }
            },
        }
    }
    let program = program.map_or_else(build, Ok)?;
    let folder = std::env::temp_dir().join(format!("nomoscope-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut bench = Bench { program, folder, page: String::new(), quick };
    let alone = !named.is_empty();
    let done = if alone { named.iter().try_for_each(|measure| measure(&mut bench)) } else { bench.all() };
    let _ = fs::remove_dir_all(&bench.folder);
    done?;
    if quick || alone {
        println!("{}", bench.page);
        return Ok(());
    }
    let page = root().join("docs/growth.md");
    fs::write(&page, &bench.page).map_err(|error| format!("{}: {error}", page.display()))?;
    println!("docs/growth.md");
    Ok(())
}

/// Builds the program, and returns where it is.
fn build() -> Result<PathBuf, String> {
    let status = cargo(&["build", "--release", "--locked", "--package", "nomoscope"]).status();
    if !status.is_ok_and(|status| status.success()) {
        return Err("the program could not be built".to_owned());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release/nomoscope"))
}

/// How the texts of a study lie on the disk.
#[derive(Clone, Copy)]
enum Shape {
    Line,
    Paragraphs,
    Files(usize),
}

impl Shape {
    /// Writes texts of so many bytes in all.
    fn write(self, folder: &Path, bytes: usize) -> std::io::Result<()> {
        let mut words = Words { state: 5 };
        fs::create_dir_all(folder)?;
        let Self::Files(n) = self else {
            let mut file = BufWriter::new(File::create(folder.join("text.txt"))?);
            let (mut written, mut sentence) = (0, String::new());
            while written < bytes {
                sentence.clear();
                words.sentence(&mut sentence);
                if matches!(self, Self::Paragraphs) {
                    sentence.push_str("\n\n");
                }
                written += sentence.len();
                file.write_all(sentence.as_bytes())?;
            }
            return file.flush();
        };
        for i in 0..n {
            let place = folder.join(format!("{:03}", i / 1000));
            fs::create_dir_all(&place)?;
            let mut text = String::new();
            while text.len() < bytes / n.max(1) {
                words.sentence(&mut text);
            }
            fs::write(place.join(format!("{i}.txt")), text)?;
        }
        Ok(())
    }
}

impl Bench {
    fn all(&mut self) -> Result<(), String> {
        self.page.push_str(&format!(
            "# Growth\n\nHow time and memory grow with what is asked. Made by `cargo xtask bench`; texts are made up from a fixed seed. Machine: {}. Other programs \
             may have shared it: ratios say more than seconds.\n",
            machine()
        ));
        PARTS.iter().try_for_each(|(_, measure)| measure(self))
    }

    /// What two people code in years, and what a single text may hold.
    fn loads(&mut self) -> Result<(), String> {
        let columns = ["study", "command", "folder, seconds", "MiB", "file, seconds", "MiB"];
        self.table(
            "Very many codings, and very long texts",
            "Two people have coded the same words of twenty texts; two have coded every tenth word of one; a text has no line of its own. The \
             smaller row of each pair is a tenth of the other: what takes more than ten times as long grows faster than what is asked.",
            &columns,
        );
        let tenth: &[usize] = if self.quick { &[100] } else { &[10, 1] };
        for part in tenth {
            self.two_coders(10_000 / part)?;
        }
        for part in tenth {
            self.one_source(100_000 / part)?;
        }
        for part in tenth {
            self.long_text(100 / part.min(&100))?;
        }
        Ok(())
    }

    fn two_coders(&mut self, codings: usize) -> Result<(), String> {
        let name = format!("two coders, {codings} codings each");
        let load = |coders| Load { sources: 20, codings, coders };
        self.load(
            &name,
            |folder| bench_loads::write(folder, &load(&["ana", "ben"])),
            &[&["agree", "S", "--json"], &["doctor", "S"]],
        )?;
        // Each has a study of their own, and one takes in the other.
        let other = self.folder.join("other");
        bench_loads::write(&other, &load(&["ben"])).map_err(|e| e.to_string())?;
        let other_path = other.display().to_string();
        let done = self.load(
            &name,
            |folder| bench_loads::write(folder, &load(&["ana"])),
            &[&["merge", "S", &other_path], &["undo", "S"]],
        );
        let _ = fs::remove_dir_all(&other);
        done
    }

    fn one_source(&mut self, codings: usize) -> Result<(), String> {
        let name = format!("{codings} codings in one source");
        let out = self.path("out.csv");
        // Half of them by each.
        let load = Load { sources: 1, codings: codings / 2, coders: &["ana", "ben"] };
        self.load(
            &name,
            |folder| bench_loads::write(folder, &load),
            &[
                &["sources", "S"],
                &["agree", "S", "--json"],
                &["map", "S", "--bootstrap", "0", "--json"],
                &["code", "S"],
                &["export", "S", "--to", &out, "--force"],
            ],
        )
    }

    fn long_text(&mut self, mb: usize) -> Result<(), String> {
        let texts = self.folder.join("texts");
        Shape::Paragraphs.write(&texts, mb * 1_000_000).map_err(|e| e.to_string())?;
        let text = texts.join("text.txt").display().to_string();
        let done = self.load(
            &format!("{mb} MB in one source"),
            bench_loads::settings,
            &[
                &["add", "S", &text],
                &["sources", "S"],
                &["concepts", "S"],
                &["sources", "S", "--words", "wcza"],
                &["code", "S"],
                &["undo", "S"],
            ],
        );
        let _ = fs::remove_dir_all(&texts);
        done
    }

    /// Measures commands on a study, `S`, as a folder and as a file; a row a command.
    fn load(
        &mut self,
        name: &str,
        write: impl Fn(&Path) -> std::io::Result<()>,
        commands: &[&[&str]],
    ) -> Result<(), String> {
        let (folder, file) = (self.path("study"), self.path("study.nomo"));
        let _ = (fs::remove_dir_all(&folder), fs::remove_file(&file));
        write(Path::new(&folder)).map_err(|e| format!("{folder}: {e}"))?;
        let made = self.time(&["new", &file, "--from", &folder], 2)?;
        let none = || ["".to_owned(), "".to_owned()];
        self.row(&[&[name.to_owned(), "new --from".to_owned()][..], &none(), &[secs(made), mib(made)]].concat());
        for words in commands {
            let on = |study: &str| -> Vec<String> {
                words.iter().map(|word| if *word == "S" { study.to_owned() } else { (*word).to_owned() }).collect()
            };
            let mut cells = vec![
                name.to_owned(),
                words.iter().filter(|w| **w != "S" && !w.contains('/')).copied().collect::<Vec<_>>().join(" "),
            ];
            for study in [&folder, &file] {
                let words = on(study);
                let taken = self.time(&words.iter().map(String::as_str).collect::<Vec<_>>(), 2)?;
                cells.extend([secs(taken), mib(taken)]);
            }
            self.row(&cells);
        }
        let _ = (fs::remove_dir_all(&folder), fs::remove_file(&file));
        Ok(())
    }

    /// Projects of other programs: into a folder, into a file, once more, and out again.
    fn imports(&mut self) -> Result<(), String> {
        let columns = [
            "codings",
            "MB of text",
            "import, seconds",
            "MiB",
            "into a file, seconds",
            "MiB",
            "again, seconds",
            "MiB",
            "export, seconds",
            "MiB",
        ];
        self.table(
            "Projects of other programs",
            "`import` of a REFI-QDA project into a study folder and into a study file, once more into that file, which changes nothing, and \
             `export` as REFI-QDA: texts of 500 kB with CRLF, positions in UTF-16 units, 300 codes, 250 codings a text.",
            &columns,
        );
        let all: &[u64] = if self.quick { &[1000, 4000] } else { &[5000, 20_000, 50_000] };
        for &codings in all {
            let (project, folder, file) = (self.path("p.qdpx"), self.path("study"), self.path("study.nomo"));
            let bytes = bench_project::write(Path::new(&project), codings).map_err(|e| format!("{project}: {e}"))?;
            let out = self.path("out.qdpx");
            let taken = [
                self.time(&["import", &folder, &project], 2)?,
                self.time(&["import", &file, &project], 2)?,
                self.time(&["import", &file, &project], 2)?,
                self.time(&["export", &file, "--to", &out], 2)?,
            ];
            let mut cells = vec![codings.to_string(), format!("{:.0}", bytes as f64 / 1e6)];
            cells.extend(taken.into_iter().flat_map(|taken| [secs(taken), mib(taken)]));
            self.row(&cells);
            let _ = (fs::remove_dir_all(&folder), fs::remove_file(&file), fs::remove_file(&out));
        }
        Ok(())
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Writes a codebook of so many concepts with so many patterns in all, each of two words.
    fn codebook(&self, name: &str, concepts: u64, patterns: u64) -> Result<String, String> {
        let mut words = Words { state: 7 };
        let mut out = "title = \"Made up\"\nversion = \"1\"\n".to_owned();
        let roles = ["problem", "value", "behaviour"];
        for c in 0..concepts {
            let own = (patterns / concepts).max(1);
            let list: Vec<String> =
                (0..own).map(|_| format!("\"w{} w{}\"", spelled(words.word()), spelled(words.word()))).collect();
            // One word in each, so that every concept is found.
            let _ = write!(
                out,
                "\n[[concept]]\nid = \"c{c}\"\nroles = [\"{}\"]\nlabel = {{ en = \"c{c}\" }}\npatterns.en = [\"w{}\", {}]\n",
                roles[(c % 3) as usize],
                spelled(3 * c + 40),
                list.join(", ")
            );
        }
        self.file(name, |file| file.write_all(out.as_bytes()))
    }

    /// Writes texts of so many bytes each until there are as many bytes, or rows, as asked for.
    fn texts(&self, name: &str, bytes: usize, rows: usize, each: usize) -> Result<String, String> {
        let mut words = Words { state: 11 };
        self.file(name, |file| {
            let (mut written, mut row) = (0, 0);
            while written < bytes || row < rows {
                let text = words.text(each);
                written += text.len();
                writeln!(file, "{{\"text\":\"{text}\",\"year\":{},\"group\":\"g{}\"}}", 1950 + row % 70, row % 7)?;
                row += 1;
            }
            Ok(())
        })
    }

    fn file(
        &self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
    ) -> Result<String, String> {
        let path = self.folder.join(name);
        let write = || {
            let mut file = BufWriter::new(File::create(&path)?);
            fill(&mut file)?;
            file.flush()
        };
        write().map(|()| path.display().to_string()).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn scan(&self, codebook: &str, input: &str, threads: usize) -> Result<Taken, String> {
        let out = self.path("out.counts");
        self.time(
            &["scan", codebook, input, "--by", "year,group", "--language", "en", "--out", &out, "--force"],
            threads,
        )
    }

    fn time(&self, arguments: &[&str], threads: usize) -> Result<Taken, String> {
        let mut command = Command::new(&self.program);
        command.args(arguments).env("RAYON_NUM_THREADS", threads.to_string());
        taken(command.stdout(Stdio::null()).stderr(Stdio::piped()))
    }

    fn table(&mut self, title: &str, said: &str, columns: &[&str]) {
        let line = columns.iter().map(|_| "---").collect::<Vec<_>>().join(" | ");
        self.page.push_str(&format!("\n## {title}\n\n{said}\n\n| {} |\n| {line} |\n", columns.join(" | ")));
    }

    fn row(&mut self, cells: &[String]) {
        println!("{}", cells.join("  "));
        self.page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    fn sizes(&mut self) -> Result<(), String> {
        let columns =
            ["MB of input", "seconds", "MB/s", "greatest memory, MiB", "time per MB, as a multiple of the row above"];
        self.table(
            "Size of the input",
            "`scan`, 100 concepts with 1,000 patterns, two cores, texts of 5 kB.",
            &columns,
        );
        let codebook = self.codebook("c.toml", 100, 1000)?;
        let sizes: &[usize] = if self.quick { &[1, 4] } else { &[1, 10, 100, 1000] };
        let mut before = None;
        for &mb in sizes {
            let input = self.texts("t.jsonl", mb * 1_000_000, 0, 5000)?;
            let size = fs::metadata(&input).map_or(0.0, |meta| meta.len() as f64 / 1e6);
            let found = self.scan(&codebook, &input, 2)?;
            let each = found.seconds / size;
            let ratio = before.map_or_else(String::new, |before: f64| format!("{:.2}", each / before));
            before = Some(each);
            self.row(&[format!("{size:.0}"), secs(found), format!("{:.1}", size / found.seconds), mib(found), ratio]);
        }
        Ok(())
    }

    fn threads(&mut self) -> Result<(), String> {
        let columns = ["cores", "seconds", "MB/s", "times as fast as one core"];
        self.table("Cores", "`scan`, the same codebook, 50 MB; median of three.", &columns);
        let codebook = self.codebook("c.toml", 100, 1000)?;
        let input = self.texts("t.jsonl", if self.quick { 2 } else { 50 } * 1_000_000, 0, 5000)?;
        let size = fs::metadata(&input).map_or(0.0, |meta| meta.len() as f64 / 1e6);
        let one = self.median(|b| b.scan(&codebook, &input, 1))?;
        let two = self.median(|b| b.scan(&codebook, &input, 2))?;
        for (cores, taken) in [(1, one), (2, two)] {
            self.row(&[
                cores.to_string(),
                secs(taken),
                format!("{:.1}", size / taken.seconds),
                format!("{:.2}", one.seconds / taken.seconds),
            ]);
        }
        Ok(())
    }

    /// Texts as people bring them into a study: one very long line, a great many paragraphs, a great many files.
    fn studies(&mut self) -> Result<(), String> {
        let columns = ["texts", "MB", "`add`, seconds", "MiB", "`concepts`, seconds", "MiB"];
        self.table("Texts in a study", "100 concepts with 1,000 patterns, two cores.", &columns);
        let codebook = self.codebook("c.toml", 100, 1000)?;
        let mb = if self.quick { 1 } else { 50 };
        let small = if self.quick { 500 } else { 200_000 };
        let shapes: [(String, usize, Shape); 3] = [
            ("one file, one line".to_owned(), mb, Shape::Line),
            ("one file, paragraphs of 60 bytes".to_owned(), mb, Shape::Paragraphs),
            (format!("{small} files of 250 bytes"), small / 4000, Shape::Files(small)),
        ];
        for (name, mb, shape) in shapes {
            let (texts, study) = (self.folder.join("texts"), self.path("study"));
            let _ = fs::remove_dir_all(&texts);
            let _ = fs::remove_dir_all(&study);
            shape.write(&texts, mb * 1_000_000).map_err(|error| format!("{}: {error}", texts.display()))?;
            self.time(&["new", &study], 2)?;
            let added = self.time(&["add", &study, &texts.display().to_string()], 2)?;
            let coded = self.time(&["concepts", &study, "--codebook", &codebook], 2)?;
            self.row(&[name, mb.to_string(), secs(added), mib(added), secs(coded), mib(coded)]);
        }
        Ok(())
    }

    fn patterns(&mut self) -> Result<(), String> {
        let columns = ["patterns", "seconds", "greatest memory, MiB"];
        self.table("Size of the codebook", "`scan` of 20 MB, 100 concepts, two cores.", &columns);
        let input = self.texts("t.jsonl", if self.quick { 1 } else { 20 } * 1_000_000, 0, 5000)?;
        for patterns in [100, 1000, 10_000] {
            let codebook = self.codebook("c.toml", 100, patterns)?;
            let found = self.scan(&codebook, &input, 2)?;
            self.row(&[patterns.to_string(), secs(found), mib(found)]);
        }
        Ok(())
    }

    fn map(&self, draws: &str) -> Result<Taken, String> {
        let counts = self.path("out.counts");
        self.time(&["map", "--counts", &counts, "--bootstrap", draws, "--focus", "c0", "--json"], 2)
    }

    fn sources(&mut self) -> Result<(), String> {
        let columns = ["sources", "MiB of counts", "seconds", "greatest memory, MiB"];
        self.table("Number of sources", "`map --counts`, 50 concepts, texts of 1 kB, no draws.", &columns);
        let codebook = self.codebook("c.toml", 50, 200)?;
        let all: &[usize] = if self.quick { &[10, 100] } else { &[10, 1000, 20_000, 200_000] };
        for &n in all {
            let input = self.texts("t.jsonl", 0, n, 1000)?;
            self.scan(&codebook, &input, 2)?;
            let size = fs::metadata(self.path("out.counts")).map_or(0.0, |meta| meta.len() as f64 / 1_048_576.0);
            let found = self.map("0")?;
            self.row(&[n.to_string(), format!("{size:.1}"), secs(found), mib(found)]);
        }
        Ok(())
    }

    fn concepts(&mut self) -> Result<(), String> {
        let columns = ["concepts", "seconds", "greatest memory, MiB"];
        self.table(
            "Number of concepts",
            "`map --counts`, 500 texts of 5 kB, no draws. Pairs grow with the square.",
            &columns,
        );
        let input = self.texts("t.jsonl", 0, if self.quick { 50 } else { 500 }, 5000)?;
        for concepts in if self.quick { vec![50, 200] } else { vec![50, 200, 1000, 2000] } {
            let codebook = self.codebook("c.toml", concepts, concepts)?;
            self.scan(&codebook, &input, 2)?;
            let found = self.map("0")?;
            self.row(&[concepts.to_string(), secs(found), mib(found)]);
        }
        Ok(())
    }

    fn draws(&mut self) -> Result<(), String> {
        let columns = ["draws", "seconds", "greatest memory, MiB"];
        self.table("Bootstrap draws", "`map --counts`, 100 concepts, 2,000 texts of 5 kB.", &columns);
        let codebook = self.codebook("c.toml", 100, 300)?;
        let input = self.texts("t.jsonl", 0, if self.quick { 50 } else { 2000 }, 5000)?;
        self.scan(&codebook, &input, 2)?;
        for draws in ["0", "50", "200", "1000"] {
            let found = self.map(draws)?;
            self.row(&[draws.to_owned(), secs(found), mib(found)]);
        }
        Ok(())
    }

    fn median(&self, one: impl Fn(&Self) -> Result<Taken, String>) -> Result<Taken, String> {
        let mut all = [one(self)?, one(self)?, one(self)?];
        all.sort_by(|x, y| x.seconds.total_cmp(&y.seconds));
        Ok(all[1])
    }
}

fn secs(taken: Taken) -> String {
    format!("{:.2}", taken.seconds)
}

fn mib(taken: Taken) -> String {
    taken.mib.map_or_else(|| "not told".to_owned(), |mib| format!("{mib:.0}"))
}

/// Runs a command to its end.
fn taken(command: &mut Command) -> Result<Taken, String> {
    let began = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("the program could not be started: {error}"))?;
    let status = format!("/proc/{}/status", child.id());
    let mut mib = None;
    loop {
        // The greatest so far; the last look is a few milliseconds before the end.
        mib = greatest(Path::new(&status)).or(mib);
        match child.try_wait().map_err(|error| error.to_string())? {
            None => std::thread::sleep(Duration::from_millis(4)),
            Some(done) if done.success() => return Ok(Taken { seconds: began.elapsed().as_secs_f64(), mib }),
            Some(done) => {
                let said = child.wait_with_output().map(|out| String::from_utf8_lossy(&out.stderr).into_owned());
                return Err(format!("the program ended with {done}: {}", said.unwrap_or_default()));
            }
        }
    }
}

fn greatest(status: &Path) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{name}, {cores} cores, {}", std::env::consts::OS)
}
