//! `import`: projects of other programs into a study; `check`: the same without a study.

use super::{Failure, output};
use nomoscope_core::amount::counted;
use nomoscope_desk::study::{Imported, Options, Problems, import, roles_table};
use nomoscope_desk::{Act, Desk, clock, load, stamp};
use nomoscope_formats::exchange::EXCHANGE;
use nomoscope_store::Stamp;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Take projects of other programs into a study: texts, codes, codings, cases, variables, memos
///
/// The study is made where there is none. What it has already stays: the same project, changed in the other program and imported
/// again, brings what is new. Every selection stands where it stood there, or is listed with the reason; how each text was counted,
/// and on what evidence, is reported.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct ImportArgs {
    /// A study folder or a .nomo file; it is made where there is none
    study: PathBuf,
    /// Projects
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Roles of codes: CODE=problem, CODE=value+behaviour, or a table with columns `code` and `roles` (repeat for more)
    #[arg(long, value_name = "CODE=ROLE|CSV")]
    roles: Vec<String>,
    /// Remove what came with an earlier import and is gone from the project; without this it is only told
    #[arg(long)]
    prune: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Check a project of another program, without importing it
///
/// Says what the file holds, where its selections stand, what does not fit, and what a study would not take. Exit 1 if a selection does
/// not fit its text, or a text is missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope check interviews.qdpx")]
pub(super) struct CheckArgs {
    /// A project
    file: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Examples, and what can be read: from the table of formats.
fn help() -> String {
    let mut out = "Examples:\n  nomoscope import my-study interviews.qdpx\n  nomoscope import my-study.nomo ana.qdpx ben.qdpx --roles roles.csv\n  nomoscope import my-study debate.dna --roles 'cap and trade=behaviour'\n\nWhat can be read:\n".to_owned();
    for format in EXCHANGE.iter().filter(|format| format.read.is_some()) {
        let endings: Vec<String> = format.extensions.iter().map(|e| format!(".{e}")).collect();
        out.push_str(&format!("  {:<22} {}\n", endings.join(" "), format.description));
    }
    out.push_str("\nRoles of a code hold for the codes below it that have none. A code is named by its name, or by its path: parent/child.");
    out
}

pub(super) fn run(args: &ImportArgs) -> Result<(), Failure> {
    let options = Options { roles: roles(&args.roles)?, prune: args.prune };
    let coder = stamp::coder();
    let made = if args.study.exists() { None } else { Some(make(&args.study, &args.files, &coder)?) };
    let act = Act::Import { files: args.files.clone(), options };
    let done = Desk::open(&args.study)?.apply(&act, &coder)?;
    let is_empty = |imported: &Imported| imported.tally.kinds.values().all(|told| told.new + told.there == 0);
    if done.event.is_none() && done.imported.iter().all(is_empty) {
        // What was made for it goes again.
        done.imported.iter().for_each(|imported| imported.fidelity.words().iter().for_each(|line| output::talk(line)));
        return Err(Failure::Refused("the files hold nothing that a study takes".to_owned()));
    }
    if let Some(made) = made {
        made.keep();
        output::talk(&format!("made {}", args.study.display()));
    }
    if let Some(recovery) = &done.recovery {
        output::talk(&format!("note: {recovery}"));
    }
    super::words::notes(&done.notes);
    let study = output::typed(&args.study);
    if args.json {
        let changed = done.event.is_some();
        output::json(
            &serde_json::json!({ "study": args.study.display().to_string(), "changed": changed, "imported": done.imported }),
        );
    } else {
        done.imported.iter().for_each(print);
    }
    match done.event {
        Some(_) => output::talk(&format!("nomoscope undo {study} takes it back")),
        None => output::talk("note: the study has all of it already; nothing changed"),
    }
    let without_role = done.imported.iter().map(|i| i.tally.without_role).sum::<usize>();
    if without_role > 0 {
        let codes = counted(without_role, "code has", "codes have");
        output::talk(&format!(
            "note: {codes} no role in a norm yet (problem, value, behaviour)\n  hint: write their roles in codebook.toml, or undo and import with --roles"
        ));
    }
    output::talk(&format!("next: nomoscope concepts {study}"));
    Ok(())
}

fn print(imported: &Imported) {
    for line in imported.fidelity.words().iter().chain(&imported.tally.words()) {
        output::data(line);
    }
}

fn make(study: &Path, files: &[PathBuf], coder: &str) -> Result<import::Made, Failure> {
    let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let title = files.first().and_then(stem).unwrap_or_default();
    let time = clock::timestamp();
    let command = stamp::command(&["new", &study.display().to_string()]);
    let mut new_id = stamp::uuid;
    let mut stamp = Stamp { coder, time: &time, command: &command, new_id: &mut new_id };
    Ok(import::make(study, &title, &mut stamp)?)
}

/// Reads what was said of roles.
fn roles(given: &[String]) -> Result<std::collections::BTreeMap<String, BTreeSet<String>>, Failure> {
    let mut all = std::collections::BTreeMap::new();
    for given in given {
        if given.contains('=') {
            all.extend([import::roles_of(given).map_err(Problems::from)?]);
            continue;
        }
        for (line, code, roles) in roles_table(given, &super::read(Path::new(given))?)? {
            all.insert(code, import::role_names(&roles, &format!("{given}:{line}")).map_err(Problems::from)?);
        }
    }
    Ok(all)
}

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let (_, _, fidelity) = import::open(&args.file, None, &load::readers())?;
    if args.json {
        output::json(&serde_json::to_value(&fidelity).unwrap_or_default());
    } else {
        fidelity.words().iter().for_each(|line| output::data(line));
        output::talk(&format!("next: nomoscope import STUDY {}", output::typed(&args.file)));
    }
    let missing = fidelity.sources.iter().filter(|source| source.missing).count();
    let doubtful = fidelity.sources.iter().filter(|source| source.doubtful).count();
    if fidelity.unfit.is_empty() && missing == 0 && doubtful == 0 {
        return Ok(());
    }
    let mut reasons = Vec::new();
    if !fidelity.unfit.is_empty() {
        reasons.push(format!("{} selections do not fit their text", fidelity.unfit.len()));
    }
    if doubtful > 0 {
        let texts = nomoscope_core::amount::counted(doubtful, "text", "texts");
        reasons.push(format!("the places of selections in {texts} are doubtful"));
    }
    if missing > 0 {
        reasons.push(format!("{missing} texts are missing"));
    }
    Err(Failure::Refused(reasons.join("; ")))
}
