//! `law fallback`: what is left when a norm cannot be established.

use super::super::Failure;
use super::super::output;
use super::compare::refused;
use super::{LawArgs, ReadingArgs, failure, norm};
use crate::json::law as json_law;
use crate::law::{Library, figures, files_at, tables, words};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Case, Person};
use nomoscope_core::law::fallback::{Evidence, FARTHEST, Fallback, of_case, of_elements};
use nomoscope_core::law::finding::{Bench, Finding};
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::vocabulary::OLDEST;
use nomoscope_core::spelling::nearest;
use nomoscope_figure::View;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Find which norms hold all the same, or are a fact away, when another cannot be established
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For a case it looks at the facts entered; facts that are not listed may still be found, those entered as\nfalse stay false. For a norm without an element it takes the other elements as met, in each of their ways, for an\nadult unless --age says otherwise. Norms aimed at the person concerned are never offered.\n\nExamples:\n  nomoscope law fallback case.toml\n  nomoscope law fallback case.toml --on prosecution --within 2\n  nomoscope law fallback --norm un.palermo.3 --without means\n  nomoscope law fallback --norm un.palermo.3 --without purpose --age 15 --out fallback/"
)]
pub(super) struct Args {
    /// A case file
    #[arg(value_name = "CASE.toml", required_unless_present = "norm")]
    case: Option<PathBuf>,
    /// A norm that cannot be established
    #[arg(long, value_name = "NORM")]
    norm: Option<String>,
    /// With --norm and without a case: the elements that cannot be proved, separated by commas
    #[arg(long, value_name = "ELEMENT", value_delimiter = ',', requires = "norm", conflicts_with = "case")]
    without: Vec<String>,
    /// With --norm and without a case: the age of the person in completed years
    #[arg(long, value_name = "YEARS", requires = "norm", conflicts_with = "case")]
    age: Option<u16>,
    /// On which facts of the case
    #[arg(long, value_enum, default_value_t = On::Entered)]
    on: On,
    /// How many facts a norm may be away
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=i64::from(FARTHEST)))]
    within: u32,
    /// Only this person of the case
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// Write the figure (SVG, PNG) and the table (CSV) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which facts of a case count.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum On {
    /// All facts as entered
    Entered,
    /// Facts at least supported, with the presumption of minority
    Protection,
    /// Facts proved
    Prosecution,
}

impl On {
    const fn evidence(self) -> Evidence {
        match self {
            Self::Entered => Evidence::All,
            Self::Protection => Evidence::Protection,
            Self::Prosecution => Evidence::Prosecution,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.case {
        Some(path) => {
            let files = files_at(path).map_err(|list| failure(&list))?;
            let library = args.law.open_with(&files)?;
            let cases: Vec<Case> =
                library.cases.iter().filter(|c| files.contains_key(&c.origin.file)).cloned().collect();
            if cases.is_empty() {
                return Err(Failure::Bad(format!("{}: holds no case", path.display())));
            }
            for_cases(args, &library, &cases)
        }
        None => for_norm(args, &args.law.open()?),
    }
}

/// What is left, with what it is left from.
struct Left {
    of: String,
    lost: Vec<String>,
    fallback: Fallback,
    json: Value,
}

fn for_cases(args: &Args, library: &Library, cases: &[Case]) -> Result<(), Failure> {
    let law = &library.law;
    let logic = Logic::new(law);
    let wanted = args.norm.as_deref().map(|id| norm(law, id)).transpose()?;
    let mut left = Vec::new();
    for case in cases {
        for person in case.persons.iter().filter(|p| args.person.as_deref().is_none_or(|id| id == p.id)) {
            let fallback = of_case(&logic, person, args.on.evidence(), args.reading.reading(), args.within)
                .map_err(|e| refused(&e))?;
            let lost = match wanted {
                Some(n) => lost_of(args, &logic, person, n)?,
                None => Vec::new(),
            };
            let json = json!({ "case": case.id, "person": person.id });
            left.push(Left { of: format!("{} ({})", case.title, words::person(case, person)), lost, fallback, json });
        }
    }
    if left.is_empty() {
        return Err(Failure::Bad(format!(
            "--person {}: there is no such person",
            args.person.as_deref().unwrap_or_default()
        )));
    }
    tell(args, law, &left)
}

/// Returns the elements of a norm that the facts do not satisfy or do not settle.
fn lost_of(args: &Args, logic: &Logic<'_>, person: &Person, n: usize) -> Result<Vec<String>, Failure> {
    let bench = Bench::new(logic, person, args.reading.reading()).map_err(|e| refused(&e))?;
    let outcome = bench.outcome(n).map_err(|e| refused(&e))?;
    let line = match args.on {
        On::Entered => &outcome.all,
        On::Protection => &outcome.protection,
        On::Prosecution => &outcome.prosecution,
    };
    if line.finding == Finding::Established {
        return Ok(Vec::new());
    }
    let norm = &logic.law.norms[n];
    let mut out: Vec<String> = Vec::new();
    for o in line.failing.iter().chain(&line.open) {
        let words = words::requirement(logic.law, norm, o.requirement);
        if !out.contains(&words) {
            out.push(words);
        }
    }
    Ok(out)
}

fn for_norm(args: &Args, library: &Library) -> Result<(), Failure> {
    let law = &library.law;
    let logic = Logic::new(law);
    let n = norm(law, args.norm.as_deref().unwrap_or_default())?;
    let lost = elements(law, n, &args.without)?;
    let age = match args.age {
        Some(years) if years > OLDEST => {
            return Err(Failure::Bad(format!("--age {years}: lies above {OLDEST}")));
        }
        years => years.map(|y| AgeRange { low: y, high: y }),
    };
    let fallback = of_elements(&logic, n, &lost, age, args.reading.reading(), args.within).map_err(|e| refused(&e))?;
    let norm = &law.norms[n];
    let labels: Vec<String> = lost.iter().map(|&e| words::element(norm, e)).collect();
    let ids: Vec<&str> = lost.iter().map(|&e| norm.elements[e].id.as_str()).collect();
    let of = format!(
        "{} without {} ({})",
        norm.short,
        labels.join(" and "),
        age.map_or_else(|| "an adult".to_owned(), AgeRange::words)
    );
    let json = json!({ "norm": norm.id, "without": ids, "age": args.age });
    tell(args, law, &[Left { of, lost: labels, fallback, json }])
}

fn elements(law: &Law, n: usize, names: &[String]) -> Result<BTreeSet<usize>, Failure> {
    let norm = &law.norms[n];
    let ids: Vec<&str> = norm.elements.iter().map(|e| e.id.as_str()).collect();
    if names.is_empty() {
        return Err(Failure::Bad(format!(
            "--norm needs --without ELEMENT, or a case\n  hint: elements of {} are {}",
            norm.id,
            ids.join(", ")
        )));
    }
    let mut out = BTreeSet::new();
    for name in names {
        match norm.element(name) {
            Some(e) => {
                out.insert(e);
            }
            None => {
                let near = nearest(name, ids.iter().copied());
                let hint =
                    near.map_or_else(|| format!("elements are {}", ids.join(", ")), |n| format!("did you mean `{n}`?"));
                return Err(Failure::Bad(format!("--without {name}: {} has no such element\n  hint: {hint}", norm.id)));
            }
        }
    }
    Ok(out)
}

fn tell(args: &Args, law: &Law, left: &[Left]) -> Result<(), Failure> {
    if args.json {
        let list: Vec<Value> = left
            .iter()
            .map(|l| {
                let mut value = l.json.clone();
                if let (Value::Object(into), Value::Object(more)) = (&mut value, json_law::fallback(law, &l.fallback)) {
                    into.insert("lost".to_owned(), json!(l.lost));
                    into.extend(more);
                }
                value
            })
            .collect();
        output::json(&json!({ "fallbacks": list, "disclaimer": words::DISCLAIMER }));
    } else {
        for l in left {
            output::data(&page(law, l));
        }
        output::data(words::DISCLAIMER);
    }
    if let Some(out) = &args.out {
        let lost: Vec<(String, Fallback)> = left.iter().map(|l| (head(l), l.fallback.clone())).collect();
        let of = if left.len() == 1 { left[0].of.as_str() } else { "several persons" };
        let figure = figures::fallback(law, of, &lost, View::default());
        let list: Vec<_> = left.iter().map(|l| tables::fallback(law, &l.fallback)).collect();
        super::super::report::write_beside(out, &[figure], &list)?;
    }
    output::talk("next: nomoscope law show NORM for a definition, nomoscope test CASE.toml for what is missing");
    Ok(())
}

fn head(l: &Left) -> String {
    if l.lost.is_empty() { l.of.clone() } else { l.lost.join(" and ") }
}

fn page(law: &Law, l: &Left) -> String {
    let mut out = format!("{}\n", l.of);
    if !l.lost.is_empty() {
        out.push_str(&format!("  not proved: {}\n", l.lost.join("; ")));
    }
    let mut last = u32::MAX;
    for r in &l.fallback.remaining {
        if r.distance != last {
            last = r.distance;
            out.push_str(&match last {
                0 => "\nThese hold all the same\n".to_owned(),
                1 => "\nThese are one fact away\n".to_owned(),
                n => format!("\nThese are {n} facts away\n"),
            });
        }
        let norm = &law.norms[r.norm];
        let mark = words::verified(norm.verified).map(|w| format!(" [{w}]")).unwrap_or_default();
        let ways = match r.ways {
            Some((held, of)) if held > 0 && held < of => format!(" in {held} of {of} ways"),
            _ => String::new(),
        };
        out.push_str(&format!("  {}: {}  ({}){ways}{mark}\n", words::system(&norm.system), norm.short, norm.id));
        let missing: Vec<String> = r.missing.iter().take(4).map(|s| words::set(law, s)).collect();
        if !missing.is_empty() {
            let more = r.missing.len().saturating_sub(4);
            let rest = if more > 0 { format!("; or {more} more") } else { String::new() };
            out.push_str(&format!("    needs {}{rest}\n", missing.join("; or ")));
        }
        if let Some(p) = &norm.penalty {
            out.push_str(&format!("    penalty: {}\n", p.words()));
        }
        for c in &norm.protection {
            out.push_str(&format!("    protection: {} ({})\n", c.text, c.cite));
        }
    }
    if l.fallback.remaining.is_empty() {
        out.push_str("\nNo norm of the collection holds or is near enough; --within 2 looks further\n");
    }
    if !l.fallback.kept_out.is_empty() {
        let names: Vec<&str> = l.fallback.kept_out.iter().map(|&n| law.norms[n].short.as_str()).collect();
        out.push_str(&format!("\nKept out, because aimed at the person concerned: {}\n", names.join("; ")));
        let mut cited: Vec<String> = Vec::new();
        for c in l.fallback.kept_out.iter().flat_map(|&n| &law.norms[n].non_punishment) {
            let words = format!("  {} ({})\n", c.text, c.cite);
            if !cited.contains(&words) {
                cited.push(words);
            }
        }
        out.push_str(&cited.concat());
    }
    out
}
