//! `test`: does a norm hold on the facts of a case?

use super::Failure;
use super::law::{LawArgs, ReadingArgs, failure, norms};
use super::output;
use crate::json::law as json_law;
use crate::law::{Files, Library, files_at, words};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, Grade, Known, Person, Rest};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::finding::{Bench, Finding, Line, Outcome, Reading, known_for_protection};
use nomoscope_core::law::interview::{Answer, Interview};
use nomoscope_core::law::logic::{Logic, LogicError};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};

mod ask;

/// Test whether norms hold on the facts of a case, and what is missing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A case file lists facts that are true, false or unknown (`nomoscope law facts` lists them):\n  age = 16\n  true = [\"act.recruit\", \"purpose.forced_labour\"]\n  unknown = [\"means.deception\"]\n\nTwo lines a norm: protection rests on facts at least supported, prosecution on facts proved.\n\nExamples:\n  nomoscope test case.toml\n  nomoscope test case.toml --norms un.palermo.3,fr\n  nomoscope test case.toml --at proved --json\n  nomoscope test --ask --norms un.palermo.3 --save case.toml\n\nExit codes: 0 the facts satisfy every norm asked for, 1 they do not, or do not settle it, 2 bad input."
)]
pub(super) struct Args {
    /// The case file; `-` reads it from stdin
    #[arg(value_name = "FACTS.toml")]
    facts: Option<PathBuf>,
    /// Only these norms, by id, separated by commas; `fr` stands for all norms of that order (default: all)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    norms: Vec<String>,
    /// Only facts of at least this grade: supported is the line of protection, proved that of prosecution
    #[arg(long, value_enum)]
    at: Option<At>,
    /// Ask for the facts: the question that is expected to settle most comes first
    #[arg(long)]
    ask: bool,
    /// With --ask: write what was answered into this case file, after every answer
    #[arg(long, value_name = "FILE", requires = "ask")]
    save: Option<PathBuf>,
    /// Only this person of the case
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The grade that facts must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum At {
    Alleged,
    Supported,
    Proved,
}

impl At {
    const fn name(self) -> &'static str {
        match self {
            Self::Alleged => Grade::Alleged.name(),
            Self::Supported => Grade::Supported.name(),
            Self::Proved => Grade::Proved.name(),
        }
    }

    fn known(self, logic: &Logic<'_>, person: &Person, reading: Reading) -> Result<Known, LogicError> {
        match self {
            Self::Alleged => Ok(person.at_least(Grade::Alleged)),
            Self::Supported => known_for_protection(logic, person, reading),
            Self::Proved => Ok(person.for_prosecution()),
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.facts.is_none() && !args.ask {
        return Err(Failure::Bad(
            "no case file is given\n  hint: nomoscope test case.toml, or nomoscope test --ask to be asked".to_owned(),
        ));
    }
    let library = open(args)?;
    let logic = Logic::new(&library.law);
    let chosen = if args.norms.is_empty() {
        (0..library.law.norms.len()).collect()
    } else {
        norms(&library.law, &args.norms, "--norms")?
    };
    let cases = if args.ask { ask::run(args, &library, &logic, &chosen)? } else { library.cases.clone() };
    let cases = only(cases, args.person.as_deref())?;
    let tried = try_all(args, &logic, &cases, &chosen)?;
    if args.json {
        output::json(&whole(args, &library.law, &tried));
    } else {
        for one in &tried {
            output::data(&page(args, &library.law, one));
        }
        output::data(words::DISCLAIMER);
        output::talk(
            "next: nomoscope law fallback CASE.toml for what remains, nomoscope law show NORM for a definition",
        );
    }
    verdict(&library.law, &tried)
}

/// Opens the law with the case, or with an empty case where the person is asked.
fn open(args: &Args) -> Result<Library, Failure> {
    let Some(path) = &args.facts else { return Ok(Library { cases: Vec::new(), ..args.law.open()? }) };
    let files = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let limit = nomoscope_formats::law::MAX_BYTES as u64 + 1;
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|e| Failure::Bad(format!("stdin: cannot be read: {}", super::reason(&e))))?;
        Files::from([("stdin".to_owned(), bytes)])
    } else if path.is_dir() {
        return Err(Failure::Bad(format!("{}: is a folder, not a case file", path.display())));
    } else {
        files_at(path).map_err(|list| failure(&list))?
    };
    let names: Vec<String> = files.keys().cloned().collect();
    let library = args.law.open_with(&files)?;
    let from_file = |case: &Case| names.contains(&case.origin.file);
    let cases: Vec<Case> = library.cases.iter().filter(|c| from_file(c)).cloned().collect();
    if cases.is_empty() {
        let hint = "a case has `age`, `true`, `false` and `unknown`, or [[victim]] tables; see docs/guide.md";
        return Err(Failure::Bad(format!("{}: holds no case\n  hint: {hint}", path.display())));
    }
    Ok(Library { cases, ..library })
}

fn only(mut cases: Vec<Case>, person: Option<&str>) -> Result<Vec<Case>, Failure> {
    let Some(wanted) = person else { return Ok(cases) };
    let known: Vec<String> = cases.iter().flat_map(|c| &c.persons).map(|p| p.id.clone()).collect();
    cases.iter_mut().for_each(|c| c.persons.retain(|p| p.id == wanted));
    cases.retain(|c| !c.persons.is_empty());
    if cases.is_empty() {
        return Err(Failure::Bad(format!(
            "--person {wanted}: there is no such person\n  hint: persons are {}",
            known.join(", ")
        )));
    }
    Ok(cases)
}

/// What one person's facts give.
struct Tried<'t> {
    case: &'t Case,
    person: &'t Person,
    outcomes: Vec<Outcome>,
    /// The line of `--at`, by norm.
    at: Vec<Option<Line>>,
}

fn try_all<'t>(args: &Args, logic: &Logic<'_>, cases: &'t [Case], chosen: &[usize]) -> Result<Vec<Tried<'t>>, Failure> {
    let reading = args.reading.reading();
    let mut out = Vec::new();
    let mut wrong = Vec::new();
    for case in cases {
        for person in &case.persons {
            let of_person = || -> Result<Tried<'t>, LogicError> {
                let bench = Bench::new(logic, person, reading)?;
                let outcomes = chosen.par_iter().map(|&n| bench.outcome(n)).collect::<Result<Vec<_>, _>>()?;
                let known = args.at.map(|at| at.known(logic, person, reading)).transpose()?;
                let at = chosen
                    .par_iter()
                    .map(|&n| known.as_ref().map(|known| bench.line_for(known.clone(), n)).transpose())
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Tried { case, person, outcomes, at })
            };
            match of_person() {
                Ok(tried) => out.push(tried),
                Err(error) => {
                    let place = if person.line > 0 { format!(":{}", person.line) } else { String::new() };
                    let words = super::words::with_hint(&error, error.hint());
                    wrong.push(format!("{}{place}: person `{}`: {words}", case.origin.file, person.id));
                }
            }
        }
    }
    match wrong.len() {
        0 => Ok(out),
        1 => Err(Failure::Bad(wrong.concat())),
        n => Err(Failure::Bad(format!("{n} problems\n{}", wrong.join("\n")))),
    }
}

impl Tried<'_> {
    /// Returns the line that decides the exit code: that of `--at`, or all facts as entered.
    fn deciding(&self, i: usize) -> &Line {
        self.at.get(i).and_then(Option::as_ref).unwrap_or(&self.outcomes[i].all)
    }
}

fn whole(args: &Args, law: &Law, tried: &[Tried<'_>]) -> Value {
    let mut results = Vec::new();
    for t in tried {
        for (outcome, at) in t.outcomes.iter().zip(&t.at) {
            let at = args.at.zip(at.as_ref()).map(|(grade, line)| (grade.name(), line));
            results.push(json_law::result(law, t.case, t.person, outcome, at));
        }
    }
    let mut cases: Vec<Value> = Vec::new();
    for t in tried {
        let value = json_law::case(t.case);
        if cases.last() != Some(&value) {
            cases.push(value);
        }
    }
    json!({
        "results": results,
        "cases": cases,
        "reading": json_law::reading(args.reading.reading()),
        "disclaimer": words::DISCLAIMER,
    })
}

/// From so many norms on those that are not satisfied take one line each.
const FULL: usize = 12;

fn page(args: &Args, law: &Law, t: &Tried<'_>) -> String {
    let mut out = format!("{} ({})\n", t.case.title, words::person(t.case, t.person));
    let count = |finding| (0..t.outcomes.len()).filter(|&i| t.deciding(i).finding == finding).count();
    let basis = match args.at {
        Some(at) => format!("facts {}", if at == At::Proved { "proved" } else { at.name() }),
        None => "facts entered".to_owned(),
    };
    out.push_str(&format!(
        "The {basis} satisfy {}, do not satisfy {} and do not settle {} of {} norms.\n",
        count(Finding::Established),
        count(Finding::NotEstablished),
        count(Finding::Undetermined),
        t.outcomes.len()
    ));
    for caveat in words::caveats(t.person) {
        out.push_str(&format!("  {caveat}\n"));
    }
    let short = t.outcomes.len() > FULL;
    for (finding, head) in [
        (Finding::Established, "The facts satisfy"),
        (Finding::Undetermined, "The facts do not settle"),
        (Finding::NotEstablished, "The facts do not satisfy"),
    ] {
        let list: Vec<usize> = (0..t.outcomes.len()).filter(|&i| t.deciding(i).finding == finding).collect();
        if list.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{head}\n"));
        for i in list {
            let norm = &law.norms[t.outcomes[i].norm];
            if short && finding == Finding::NotEstablished && same(&t.outcomes[i]) {
                out.push_str(&format!(
                    "  {}{}: {}\n",
                    norm.id,
                    marks(norm, t.case),
                    words::short_failing(law, norm, t.deciding(i))
                ));
            } else {
                out.push_str(&block(args, law, t, i));
            }
        }
    }
    out.push_str(&unexpected(law, t));
    out
}

/// Returns whether both lines say what all facts say: then one is enough.
fn same(o: &Outcome) -> bool {
    o.protection.finding == o.all.finding && o.prosecution.finding == o.all.finding && !o.all.established_if_open
}

fn marks(norm: &Norm, case: &Case) -> String {
    let marks: Vec<String> = [words::verified(norm.verified).map(str::to_owned), words::validity(norm, case.date)]
        .into_iter()
        .flatten()
        .collect();
    if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join("; ")) }
}

fn block(args: &Args, law: &Law, t: &Tried<'_>, i: usize) -> String {
    let o = &t.outcomes[i];
    let norm = &law.norms[o.norm];
    let mut out = format!("  {}  {}{}\n", norm.id, norm.short, marks(norm, t.case));
    let mut say = |head: &str, words: &str| {
        out.push_str(&format!("    {head:<12} {words}\n"));
    };
    match (args.at, t.at.get(i).and_then(Option::as_ref)) {
        (Some(at), Some(line)) => {
            say(at.name(), &words::line(law, norm, line));
            missing(law, line, &mut say);
        }
        _ => {
            say("protection", &words::line(law, norm, &o.protection));
            let same = o.prosecution == (Line { presumed_minor: o.prosecution.presumed_minor, ..o.protection.clone() });
            match same && o.prosecution.finding != Finding::Established {
                true => say("prosecution", &format!("{}, for the same reasons", words::finding(o.prosecution.finding))),
                false => say("prosecution", &words::line(law, norm, &o.prosecution)),
            }
            let line = if o.prosecution.finding == Finding::Undetermined { &o.prosecution } else { &o.protection };
            missing(law, line, &mut say);
        }
    }
    if norm.against_person {
        say("aimed at", "the person concerned: never a fallback");
        for c in &norm.non_punishment {
            say("", &format!("{} ({})", c.text, c.cite));
        }
    }
    for r in o.remarks.iter().filter_map(|&i| norm.remarks.get(i)) {
        say("remark", &format!("{} ({})", r.text, r.cite));
    }
    for (s, finding) in o.scopes.iter().filter_map(|&(i, f)| Some((norm.scopes.get(i)?, f))) {
        say("scope", &format!("{} ({}): the facts {} it", s.text, s.cite, finding.words()));
    }
    if o.all.finding == Finding::Established {
        if let Some(p) = &norm.penalty {
            say("penalty", &p.words());
        }
        for a in o.aggravations.iter().filter_map(|&i| norm.aggravations.get(i)) {
            let penalty = a.penalty.as_ref().map(|p| format!(": {}", p.words())).unwrap_or_default();
            say("aggravated", &format!("{} ({}){penalty}", a.label, a.cite));
        }
    }
    if !norm.check.is_empty() {
        say("check", &norm.check);
    }
    out
}

fn missing(law: &Law, line: &Line, say: &mut impl FnMut(&str, &str)) {
    const SHOWN: usize = 3;
    if line.finding == Finding::Undetermined {
        say("would settle", &format!("establish: {}", words::sets(law, &line.missing, SHOWN)));
        say("", &format!("defeat: {}", words::sets(law, &line.defeating, SHOWN)));
    }
}

/// Returns what the case expects and does not get.
fn unexpected(law: &Law, t: &Tried<'_>) -> String {
    let mut out = String::new();
    for o in &t.outcomes {
        let norm = &law.norms[o.norm];
        if let Some(e) = t.person.expect.iter().find(|e| e.norm == norm.id && e.finding != o.all.finding) {
            out.push_str(&format!(
                "\n  expected otherwise: {} {}, found {}\n",
                norm.id,
                e.finding.name(),
                o.all.finding.name()
            ));
        }
    }
    out
}

fn verdict(law: &Law, tried: &[Tried<'_>]) -> Result<(), Failure> {
    let mut left = 0;
    let mut all = 0;
    let mut first = None;
    for t in tried {
        for (i, outcome) in t.outcomes.iter().enumerate() {
            all += 1;
            let finding = t.deciding(i).finding;
            if finding != Finding::Established {
                left += 1;
                first.get_or_insert_with(|| {
                    format!("the facts entered {} {}", finding.words(), law.norms[outcome.norm].id)
                });
            }
        }
    }
    match first {
        None => Ok(()),
        Some(one) if left == 1 => Err(Failure::Refused(one)),
        Some(one) => {
            Err(Failure::Refused(format!("{one}, and {} more of {all} are not satisfied or not settled", left - 1)))
        }
    }
}

/// Returns an empty open case of one person, for an interview that begins from nothing.
fn blank() -> Case {
    let person = Person { id: "person".to_owned(), rest: Rest::Unknown, ..Person::default() };
    Case { id: "interview".to_owned(), title: "Interview".to_owned(), persons: vec![person], ..Case::default() }
}
