//! `compare`: coupling and decoupling between groups of sources.

use super::Failure;
use super::options::{MapArgs, StudyArgs, check_attribute, refuse_empty, run_record, tell_focus_error};
use super::output::{self, Progress};
use crate::analysis::{Step, statements};
use crate::compare::{ACTOR, Choice, CompareError, Comparison, DEFINITION, Material, compare};
use crate::load::Opened;
use crate::report::{compare_section, compare_tables, words};
use crate::study::{Problem, Problems};
use nomoscope_core::usage::contrast::Verdict;
use nomoscope_figure::View;
use std::path::PathBuf;

/// Compare groups of sources: who couples, holds and names what others do not, with its certainty
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With two groups, or two named (A B), they are compared with each other; with more, each with all the others together.\n\nExamples:\n  nomoscope compare my-study --by region\n  nomoscope compare my-study --by sector police ngo --definition definition\n  nomoscope compare my-study --by region --actor institution --with forced-labour --cross definition sector --json > compare.json"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Two values of the attribute: only these groups are compared, the first with the second
    #[arg(value_name = "A B", num_args = 0..=2)]
    two: Vec<String>,
    /// The attribute of sources that makes the groups
    #[arg(long, value_name = "ATTR")]
    by: String,
    /// The attribute that says which definition a source adopts; by default `definition`, if sources have it
    #[arg(long, value_name = "ATTR")]
    definition: Option<String>,
    /// The attribute that says whose a source is: sources of one actor then count as one wherever sources vary; by default `actor`, if sources have it, else each is its own
    #[arg(long, value_name = "ATTR")]
    actor: Option<String>,
    /// Cross two attributes of actors, with an exact test (may be given several times); the definition is crossed with the groups anyway
    #[arg(long, num_args = 2, value_names = ["ATTR", "ATTR"], action = clap::ArgAction::Append)]
    cross: Vec<String>,
    /// Compare only pairs with this concept or a narrower one (repeat for several); choose before you look at the results
    #[arg(long, value_name = "CONCEPT")]
    with: Vec<String>,
    /// Permutations of actors over groups
    #[arg(long, value_name = "N", default_value_t = 999)]
    permutations: usize,
    #[command(flatten)]
    map: MapArgs,
    /// How many rows of a table to print [default: 15; in JSON 2000 pairs and 1000 statements]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows where nobody said how many.
const ROWS: usize = 15;
/// Pairs and statements in JSON where nobody said how many.
const JSON_ROWS: usize = 2000;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let choice = args.choice(&opened)?;
    let options = args.map.options(&opened)?;
    let study = &opened.loaded.study;
    refuse_empty(&study.sources)?;
    let bytes = study.sources.iter().map(|s| s.document.text.len() as u64).sum();
    let progress = Progress::new(bytes);
    let read = statements(&opened.codebook, study, &options, &|step| progress.step(step))
        .map_err(|error| tell_focus_error(error, args.map.focus.is_some()))?;
    progress.step(Step::Couplings);
    let material = Material { corpus: &read.corpus, formed: &read.formed, focal: &read.focal, options: &options };
    let comparison = compare(material, choice)?;
    progress.step(Step::Done);
    if let Some(out) = &args.out {
        let figures = compare_section::figures(read.coded(), &options, &comparison, "", View::default());
        let tables = compare_tables::all(&comparison, &opened.codebook, "");
        super::report::write_beside(out, &figures, &tables)?;
    }
    if args.json {
        let mut run = run_record(&opened, &options, &args.study.selection, &super::report::today());
        run["settings"]["compare"] = args.settings(&comparison.choice);
        let top = args.top.unwrap_or(JSON_ROWS);
        output::json(&crate::json::compare::compare(&comparison, &read, options.window, top, run));
        return Ok(());
    }
    output::data(&format!("{}\n", answer(&comparison)));
    let top = args.top.unwrap_or(ROWS);
    for table in compare_tables::all(&comparison, &opened.codebook, "") {
        output::table(&table, if table.id == "compare-groups" { usize::MAX } else { top });
        // Why a table is empty is the finding.
        if table.rows.is_empty() {
            output::data(&table.notes.iter().map(|n| format!("  {n}\n")).collect::<String>());
        }
    }
    for warning in &comparison.warnings {
        output::talk(&format!("caution: {warning}"));
    }
    let study = output::typed(&args.study.study);
    output::talk(&format!(
        "next: --out DIR draws this; `groupings = [\"{}\"]` in study.toml brings it into nomoscope report {study} --out DIR; --json leads to the passages",
        args.by
    ));
    Ok(())
}

impl Args {
    fn choice(&self, opened: &Opened) -> Result<Choice, Failure> {
        let sources = &opened.loaded.study.sources;
        let mut problems = Problems::new();
        check_attribute(sources, &self.by, "--by", &mut problems);
        for (given, flag) in [(&self.definition, "--definition"), (&self.actor, "--actor")] {
            if let Some(attribute) = given {
                check_attribute(sources, attribute, flag, &mut problems);
            }
        }
        for attribute in &self.cross {
            check_attribute(sources, attribute, "--cross", &mut problems);
        }
        for id in self.with.iter().filter(|id| opened.codebook.find(id).is_none()) {
            let mut problem = Problem::new("--with", format!("`{id}` is no concept of the codebook"));
            if let Some(near) = opened.codebook.suggestions(id).first() {
                problem = problem.hint(format!("did you mean `{near}`?"));
            }
            problems.push(problem);
        }
        problems.or(())?;
        if self.permutations > 100_000 {
            return Err(Failure::Bad("--permutations takes 0 to 100000".to_owned()));
        }
        let two = match self.two.as_slice() {
            [] => None,
            [a, b] => Some([a.clone(), b.clone()]),
            _ => {
                let hint = "name both groups, such as `compare STUDY EU SEA --by region`, or none";
                return Err(Failure::Bad(format!("one group was named: {}\n  hint: {hint}", self.two.join(" "))));
            }
        };
        let has = |attribute: &str| sources.iter().any(|s| s.attribute(attribute).is_some());
        let actor = self.actor.clone().or_else(|| has(ACTOR).then(|| ACTOR.to_owned()));
        let definition = self.definition.clone().or_else(|| has(DEFINITION).then(|| DEFINITION.to_owned()));
        let mut cross: Vec<[String; 2]> =
            self.cross.chunks(2).filter_map(|c| Some([c.first()?.clone(), c.get(1)?.clone()])).collect();
        if let Some(d) = definition.as_ref().filter(|d| **d != self.by) {
            cross.insert(0, [d.clone(), self.by.clone()]);
        }
        cross.dedup();
        Ok(Choice {
            by: self.by.clone(),
            two,
            definition,
            actor,
            cross,
            with: self.with.clone(),
            permutations: self.permutations,
        })
    }

    fn settings(&self, choice: &Choice) -> serde_json::Value {
        serde_json::json!({
            "by": choice.by,
            "groups": choice.two,
            "definition": choice.definition,
            "actor": choice.actor,
            "cross": choice.cross,
            "with": choice.with,
            "permutations": choice.permutations,
        })
    }
}

impl From<CompareError> for Failure {
    fn from(error: CompareError) -> Self {
        let words = super::words::with_hint(&error, error.hint());
        if error.is_refusal() { Self::Refused(words) } else { Self::Bad(words) }
    }
}

/// Returns one sentence that answers "who couples what others do not".
fn answer(c: &Comparison) -> String {
    let pairs = || c.oppositions.iter().flat_map(|o| &o.pairs);
    let n = |holds: &dyn Fn(Verdict) -> bool| pairs().filter(|p| holds(p.verdict())).count();
    let tested = pairs().filter(|p| p.tested).count();
    let certain = n(&Verdict::is_certain);
    let only = n(&|v| matches!(v, Verdict::FirstOnly | Verdict::SecondOnly));
    format!(
        "{} of {} by {}: of {} tested, {certain} differ for certain, and {only} of these one side couples and the other does not.",
        words::counted(c.groups.iter().map(|g| g.sources.len()).sum(), "source", "sources"),
        words::counted(c.groups.len(), "group", "groups"),
        c.choice.by,
        words::counted(tested, "contrast", "contrasts"),
    )
}
