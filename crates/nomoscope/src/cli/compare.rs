//! `compare`: coupling and decoupling between groups of sources.

use super::Failure;
use super::options::{MapArgs, Small, StudyOrCounts, print_counted, run_record, tell_interviewers, watched};
use super::output;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::compare::question::Question;
use nomoscope_engine::counted::question as counted;
use nomoscope_engine::handle::Handle;
use nomoscope_figure::View;
use std::path::PathBuf;

/// Compare groups of sources: who couples, holds and names what others do not, with its certainty
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With two groups, or two named (A B), they are compared with each other; with more, each with all the others together.\n\nExamples:\n  nomoscope compare my-study --by region\n  nomoscope compare my-study --by sector police ngo --definition definition\n  nomoscope compare my-study --by region --actor institution --with forced-labour --cross definition sector --json > compare.json"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOrCounts,
    /// Two values of the attribute: only these groups are compared, the first with the second
    #[arg(value_name = "A B", num_args = 0..=2)]
    two: Vec<String>,
    /// The attribute of sources that makes the groups
    #[arg(long, value_name = "ATTR")]
    by: String,
    /// The attribute that says which definition a source adopts; by default `definition`, if sources have it
    #[arg(long, value_name = "ATTR")]
    definition: Option<String>,
    /// Cross two attributes of actors, with an exact test (may be given several times); the definition is crossed with the groups anyway
    #[arg(long, num_args = 2, value_names = ["ATTR", "ATTR"], action = clap::ArgAction::Append)]
    cross: Vec<String>,
    /// Compare only pairs with this concept or a narrower one (repeat for several); choose before you look at the results
    #[arg(long, value_name = "CONCEPT")]
    with: Vec<String>,
    /// Permutations of actors over groups
    #[arg(long, value_name = "N", default_value_t = Question::default().permutations)]
    permutations: usize,
    #[command(flatten)]
    map: MapArgs,
    /// How many rows of a table to print [default: 15; in JSON 2000 pairs and 1000 statements]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    small: Small,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows where nobody said how many.
const ROWS: usize = 15;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Some(study) = args.study.study() else { return of_counts(args) };
    let opened = study.open()?;
    let question = args.question(&args.two)?;
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    let drawn = answer.figures(View::default());
    if let Some(out) = &args.out {
        super::report::write_beside(out, &drawn, &answer.tables(), args.small.of(&opened))?;
        if drawn.is_empty() {
            output::talk("note: no figure, for no difference is certain and no two groups couple anything");
        }
    }
    if args.json {
        output::json(&answer.json(args.top, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    tell_interviewers(&opened)?;
    output::lead(&answer.lead());
    let top = args.top.unwrap_or(ROWS);
    for table in answer.tables() {
        output::table(&table, if table.id == "compare-groups" { usize::MAX } else { top });
        // Why a table is empty is the finding.
        if table.rows.is_empty() {
            output::remarks(&table);
        }
    }
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    let study = output::typed(&study.study);
    // Where there is nothing to draw, `--out` draws nothing.
    if args.out.is_none() && !drawn.is_empty() {
        output::talk("next: --out DIR draws this");
    }
    output::talk(&format!(
        "next: `groupings = [\"{}\"]` in study.toml brings it into nomoscope report {study} --out DIR; --json leads to the passages",
        args.by
    ));
    Ok(())
}

/// Compares couplings by counts alone.
fn of_counts(args: &Args) -> Result<(), Failure> {
    // No study is named: what stands in its place is the first of two groups.
    let first = args.study.study.iter().map(|group| group.display().to_string());
    let two: Vec<String> = first.chain(args.two.iter().cloned()).collect();
    let question = counted::Compare { which: args.study.selection.question(), how: args.question(&two)? };
    let (answer, record) = args.study.ask(&question, |q, files| q.ask(files, &Handle::default()))?;
    if let Some(out) = &args.out {
        super::report::write_beside(
            out,
            &answer.figures(View::default()),
            &answer.tables(),
            args.small.suppress_small,
        )?;
    }
    print_counted(&answer, record, args.json, args.top, ROWS);
    Ok(())
}

impl Args {
    fn question(&self, two: &[String]) -> Result<Question, Failure> {
        let groups = match two {
            [] => None,
            [a, b] => Some([a.clone(), b.clone()]),
            _ => {
                let hint = "name both groups, such as `compare STUDY EU SEA --by region`, or none";
                return Err(Failure::Bad(format!("one group was named: {}\n  hint: {hint}", two.join(" "))));
            }
        };
        let pair = |given: &[String]| Some([given.first()?.clone(), given.get(1)?.clone()]);
        Ok(Question {
            by: self.by.clone(),
            groups,
            definition: self.definition.clone(),
            actor: self.map.actor.clone(),
            cross: self.cross.chunks(2).filter_map(pair).collect(),
            with: self.with.clone(),
            permutations: self.permutations,
            map: self.map.question(),
        })
    }
}
