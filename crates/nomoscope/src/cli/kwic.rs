//! `kwic`: every place where a pattern or a concept stands, in its context.

use super::Failure;
use super::options::{StudyArgs, run_record, watched};
use super::output;
use nomoscope_core::usage::concordance::Line;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::kwic::answer::{Kwic, What};
use nomoscope_engine::kwic::question::Question;
use std::collections::BTreeMap;
use std::path::PathBuf;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Show every place where a pattern or a concept stands, in its context
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What is the id of a concept is looked for as it was coded; put it in parentheses to look for the word itself.\n\nExamples:\n  nomoscope kwic my-study child-trafficking\n  nomoscope kwic my-study 'traffick*' --sort left\n  nomoscope kwic my-study '(forced|compulsory) labour' --sort region --top 100"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// A concept of the codebook, or a pattern as codebooks have them
    pattern: String,
    /// Sort by the words before (left) or after (right), or by an attribute of the sources [default: as the texts stand]
    #[arg(long, value_name = "left|right|ATTR")]
    sort: Option<String>,
    /// Words of context on either side
    #[arg(long, value_name = "N", default_value_t = Question::default().width)]
    width: usize,
    /// How many places to print [default: 50; all in JSON and in the table]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write the table into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Places where nobody said how many.
const PLACES: usize = 50;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let question = Question { pattern: args.pattern.clone(), sort: args.sort.clone(), width: args.width };
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    if let Some(out) = &args.out {
        super::options::refuse_small(&opened, "a list of passages")?;
        super::report::write_beside(out, &[], &answer.tables(), None)?;
    }
    if args.json {
        output::json(&answer.json(args.top, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    output::lead(&answer.lead());
    output::data(&shown(&answer, args.top.unwrap_or(PLACES)));
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    if answer.unheard.is_some() {
        output::talk("hint: --interviewers reads what interviewers say, too");
    }
    let study = output::typed(&args.study.study);
    let typed = args.pattern.trim();
    match &answer.what {
        // Who named a concept is not asked whether they meant it.
        What::Concept(_) if answer.lines.is_empty() => {
            output::talk(&format!("hint: nomoscope kwic {study} '({typed})' looks for the word itself"));
            output::talk(&format!("next: nomoscope codebook suggest {study} {typed}"));
        }
        What::Concept(_) => output::talk(&format!("next: nomoscope terms {study} --near {typed}")),
        What::Pattern(_) => {
            if answer.lines.is_empty() {
                let near = opened.material.codebook.suggestions(typed);
                let meant = near.first().map(|id| format!("; did you mean the concept `{id}`?")).unwrap_or_default();
                output::talk(&format!("hint: * stands for any letters: 'traffick*'{meant}"));
            }
            output::talk(&format!("next: nomoscope terms {study} --near CONCEPT"));
        }
    }
    Ok(())
}

/// Returns the places, a line each, with the keyword in the middle; numbers in front stand for sources that are named below.
fn shown(answer: &Kwic, top: usize) -> String {
    let lines: Vec<&Line> = answer.lines.iter().take(top).collect();
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for line in &lines {
        let next = numbers.len() + 1;
        numbers.entry(line.source).or_insert(next);
    }
    let parts: Vec<[String; 3]> = lines.iter().map(|line| answer.parts(line)).collect();
    let width = output::width();
    // The keyword may take three tenths of a line.
    let middle = parts.iter().map(|[_, hit, _]| hit.width()).max().unwrap_or_default().min(3 * width / 10);
    let digits = numbers.len().to_string().len();
    let side = width.saturating_sub(digits + 6 + middle) / 2;
    let mut out = String::new();
    for (line, [before, hit, after]) in lines.iter().zip(&parts) {
        let number = numbers.get(&line.source).copied().unwrap_or_default();
        let (before, hit, after) = (tail(before, side), head(hit, middle), head(after, side));
        let (left, right) = (side - before.width(), middle - hit.width());
        let row = format!("{number:>digits$}  {}{before}  {hit}{}  {after}", " ".repeat(left), " ".repeat(right));
        out.push_str(row.trim_end());
        out.push('\n');
    }
    if answer.lines.len() > top {
        out.push_str(&format!("… {} more\n", answer.lines.len() - top));
    }
    let mut named: Vec<(usize, usize)> = numbers.into_iter().map(|(source, number)| (number, source)).collect();
    named.sort_unstable();
    if !named.is_empty() {
        out.push('\n');
    }
    for (number, source) in named {
        out.push_str(&format!(
            "{number:>digits$}  {}\n",
            head(&answer.corpus.sources[source].path, width - digits - 2)
        ));
    }
    out
}

/// Returns as much of the beginning as fits.
fn head(words: &str, width: usize) -> String {
    if words.width() <= width {
        return words.to_owned();
    }
    fitting(words.chars(), width).into_iter().collect::<String>() + "…"
}

/// Returns as much of the end as fits.
fn tail(words: &str, width: usize) -> String {
    if words.width() <= width {
        return words.to_owned();
    }
    let mut kept = fitting(words.chars().rev(), width);
    // A sign above or below a letter does not stand without it.
    while kept.last().is_some_and(|c| c.width().unwrap_or(0) == 0) {
        kept.pop();
    }
    "…".chars().chain(kept.into_iter().rev()).collect()
}

/// Returns the characters that leave room for one more.
fn fitting(characters: impl Iterator<Item = char>, width: usize) -> Vec<char> {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used < width
    };
    characters.take_while(fits).collect()
}
