//! `demo`: the bundled study with its report.

use super::Failure;
use super::options::{MapArgs, StudyArgs};
use super::output;
use crate::analysis::Analysis;
use crate::bundled;
use crate::report::words;
use nomoscope_store::disk::write_folder;
use std::path::PathBuf;
use std::time::Instant;

/// Build the bundled study on child trafficking, analyse it, and write its report
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope demo\n  nomoscope demo --study transitional-justice --out demo-tj")]
pub(super) struct Args {
    /// Folder for the study and its report
    #[arg(long, value_name = "DIR", default_value = "nomoscope-demo")]
    out: PathBuf,
    /// Which bundled study
    #[arg(long, value_name = "NAME", default_value = "child-trafficking")]
    study: String,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let files = bundled::files(&args.study)
        .ok_or_else(|| Failure::Bad(format!("--study {}: there is no such bundled study", args.study)))?;
    let folder = args.out.join("study");
    if folder.exists() && !folder.join("study.toml").is_file() {
        return Err(Failure::Bad(format!(
            "{}: exists and is no study\n  hint: choose another folder with --out DIR",
            folder.display()
        )));
    }
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Failure::Bad(format!("{}: cannot be made: {e}", args.out.display())))?;
    write_folder(&folder, &files, true)?;
    let began = Instant::now();
    let study = StudyArgs { study: folder.clone(), codebook: None, wanted: Vec::new(), since: None, until: None };
    let opened = study.open()?;
    let map = MapArgs::default();
    let analysis = map.analyse(&opened)?;
    super::report::write(&opened, &analysis, &study, &args.out)?;
    output::data(&summary(&analysis, &opened.loaded.study.meta.title));
    output::data(&format!(
        "Report    {}\nStudy     {}  (plain files: change them and run `nomoscope report {} --out DIR`)",
        args.out.join("report.html").display(),
        folder.display(),
        folder.display()
    ));
    output::talk(&format!("analysed and written in {:.1} s", began.elapsed().as_secs_f64()));
    output::talk("next: open the report, then `nomoscope new my-study` for your own texts");
    Ok(())
}

fn summary(a: &Analysis<'_>, title: &str) -> String {
    let mut out = format!("{title}\n{}\n\n{}\n", "─".repeat(title.chars().count()), wrap(&words::answer(a), 0));
    if a.options.illustration {
        out.push_str(&wrap(
            "This study is an illustration: it was written from the article whose argument it shows, so its cluster follows that argument by construction.",
            0,
        ));
        out.push('\n');
    }
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
