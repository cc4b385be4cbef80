//! `demo`: the bundled study with its report.

use super::Failure;
use super::options::{MapArgs, Selection, StudyArgs, run_record};
use super::output;
use super::report::Target;
use clap::builder::PossibleValuesParser;
use nomoscope_engine::bundled;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::{brief, words};
use nomoscope_engine::report::question::Question;
use nomoscope_formats::study::{CODERS_CSV, CODINGS_CSV, HISTORY_JSONL, MEMOS_CSV};
use nomoscope_store::disk::write_folder;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Build the bundled study on child trafficking, analyse it, and write its report
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope demo\n  nomoscope demo --study transitional-justice --out demo-tj")]
pub(super) struct Args {
    /// Folder for the study and its report
    #[arg(long, value_name = "DIR", default_value = "nomoscope-demo")]
    out: PathBuf,
    /// Which bundled study
    #[arg(long, value_name = "NAME", default_value = "child-trafficking", value_parser = names())]
    study: String,
}

/// The studies that have texts.
fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(bundled::TEMPLATES.iter().filter(|t| t.name != "blank").map(|t| t.name))
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let files = bundled::files(&args.study).unwrap_or_default();
    let folder = args.out.join("study");
    if folder.exists() && !folder.join("study.toml").is_file() {
        return Err(Failure::Bad(format!(
            "{}: exists and is no study\n  hint: choose another folder with --out DIR",
            folder.display()
        )));
    }
    super::report::make_folder(&args.out)?;
    set_aside(&folder, &files)?;
    write_folder(&folder, &files, true)?;
    let began = Instant::now();
    let study = StudyArgs { study: folder.clone(), codebook: None, selection: Selection::default() };
    let opened = study.open()?;
    let question = Question { map: MapArgs::default().question(), ..Question::default() };
    let report = super::report::make(&question, &opened)?;
    let run = run_record(&opened, &question, &study.selection);
    super::report::write(&report, &run, Target { out: &args.out, demo: true })?;
    let meta = &opened.material.study.meta;
    output::data(&summary(&report.map, &meta.title, meta.claim.as_deref()));
    output::data(&format!(
        "Report    {}\nStudy     {}  (plain files: change them and run `nomoscope report {} --out DIR`)",
        args.out.join("report.html").display(),
        folder.display(),
        output::typed(&folder)
    ));
    output::talk(&format!("analysed and written in {:.1} s", began.elapsed().as_secs_f64()));
    output::talk("next: open the report, then `nomoscope new my-study` for your own texts");
    Ok(())
}

/// Moves a study of an earlier run that differs aside: people are told to try changes in it, and those
/// must neither be lost nor shown as the demo.
fn set_aside(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
    let same = |(path, bytes): (&String, &Vec<u8>)| std::fs::read(folder.join(path)).is_ok_and(|have| have == *bytes);
    let more = [CODINGS_CSV, CODERS_CSV, MEMOS_CSV, HISTORY_JSONL];
    let added = more.iter().any(|path| !files.contains_key(*path) && folder.join(path).exists());
    if !folder.exists() || (!added && files.iter().all(same)) {
        return Ok(());
    }
    let before = (1..1000).map(|n| folder.with_file_name(format!("study-before-{n}"))).find(|f| !f.exists());
    let moved = before.as_ref().map(|to| std::fs::rename(folder, to));
    match (before, moved) {
        (Some(to), Some(Ok(()))) => {
            output::talk(&format!("note: {} was changed; it is {} now", folder.display(), to.display()));
            Ok(())
        }
        _ => Err(Failure::Bad(format!(
            "{}: was changed, and cannot be moved aside\n  hint: choose another folder with --out DIR",
            folder.display()
        ))),
    }
}

fn summary(a: &Analysis, title: &str, claim: Option<&str>) -> String {
    let mut out = format!("{title}\n{}\n\n{}\n", "─".repeat(title.chars().count()), wrap(&brief::answer(a, claim), 0));
    out.push_str("\nThree findings\n");
    for (i, finding) in words::findings(a).iter().enumerate() {
        out.push_str(&format!("{}. {}\n", i + 1, wrap(&finding.text, 3).trim_start()));
        for &(source, unit) in finding.passages.iter().take(1) {
            let coded = &a.corpus.coded[source as usize];
            let text = coded.span(unit).of(&a.corpus.sources[source as usize].document.text);
            out.push_str(&format!("{}\n", wrap(&format!("“{}”", clip(text)), 6)));
            out.push_str(&format!("      — {}, {}\n", a.corpus.sources[source as usize].title, coded.label(unit)));
        }
    }
    out
}

fn clip(text: &str) -> String {
    const LONGEST: usize = 320;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LONGEST {
        return words;
    }
    let head: String = words.chars().take(LONGEST).collect();
    format!("{} …", head.rsplit_once(' ').map_or(head.as_str(), |(h, _)| h))
}

/// Breaks lines at 92 characters, indented.
fn wrap(text: &str, indent: usize) -> String {
    const WIDTH: usize = 92;
    let space = " ".repeat(indent);
    let mut lines = vec![space.clone()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |l| l.chars().count());
        if line > indent && line + 1 + word.chars().count() > WIDTH {
            lines.push(space.clone());
        }
        if let Some(last) = lines.last_mut() {
            if last.chars().count() > indent {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n")
}
