//! `cargo xtask interview`: how many questions an interview takes, and how many of them may distress.
//!
//! Scripted cases from published judgments and reports: those of the program that name a State, and with `--held-out` those on
//! which nothing of the interview was chosen. The interview is the one of the program, as a terminal or
//! a page leads it: it opens with safety and State, asks about the norms of the State and its treaties, is answered as the case
//! file says, and ends where the line of protection is settled or nothing likely can settle it.

use nomoscope_core::law::case::Case;
use nomoscope_engine::law::library::{Files, Library, bundled, bundled_files, read};
use nomoscope_engine::test::interview::{Interview, Reply};
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::rehearsal::{Budget, Rehearsed, Taken, rehearse, scripted};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The most that half of the cases may take: questions, and those that may distress.
const BUDGET: (usize, usize) = (15, 2);

/// A case, and the State whose law and treaties are tried.
type Scripted = (Case, String);

/// One case that was led to its end.
struct Led {
    name: String,
    rehearsed: Rehearsed,
    satisfied: usize,
    /// Norms that all facts of the file satisfy.
    whole: usize,
    open: usize,
    seconds: f64,
}

/// Runs with `[FOLDER]` of further cases, `--held-out` for the second set, and `--show CASE` for the questions of one.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let shown = arguments.iter().position(|a| a == "--show").and_then(|i| arguments.get(i + 1));
    let folder = arguments.first().filter(|a| !a.starts_with("--"));
    let library = bundled().usable().map_err(|problems| format!("{problems:?}"))?;
    let held_out = arguments.iter().any(|a| a == "--held-out");
    let own: Vec<Scripted> = scripted(&library, held_out).into_iter().map(|c| (c.clone(), c.state.clone())).collect();
    tell(if held_out { "cases held out" } else { "the program's own cases" }, &library, &own, shown)?;
    if let Some(folder) = folder {
        let (library, cases) = further(Path::new(folder))?;
        tell(folder, &library, &cases, shown)?;
    }
    Ok(())
}

fn tell(what: &str, library: &Arc<Library>, cases: &[Scripted], shown: Option<&String>) -> Result<(), String> {
    let (mut all, mut missed) = (Vec::new(), 0);
    println!(
        "{what}: questions, of these distressing; norms satisfied, by the whole file, and left open; seconds a question"
    );
    for (case, state) in cases.iter().filter(|(c, _)| shown.is_none_or(|s| *s == c.id)) {
        let led = lead(library, case, state)?;
        let (asked, hard) = (led.rehearsed.questions(), led.rehearsed.distressing());
        let Led { name, satisfied, whole, open, seconds, .. } = &led;
        println!("  {name:28} {asked:3} {hard:3}   {satisfied:3} {whole:3} {open:3}   {seconds:.2}");
        missed += usize::from(*satisfied == 0 && *whole > 0);
        if shown.is_some() {
            for (a, reply) in &led.rehearsed.turns {
                let hurts = if a.distressing { "  (may distress)" } else { "" };
                println!("      {:2} {:32} {}{hurts}", a.number, a.fact, short(*reply));
            }
        }
        all.push(Taken {
            case: case.id.clone(),
            state: state.clone(),
            questions: asked,
            distressing: hard,
            satisfied: *satisfied,
            open: *open,
        });
    }
    let Budget { questions, distressing, longest, hardest } = Budget::of(&all);
    let (n, none) = (all.len(), all.iter().filter(|t| t.satisfied == 0).count());
    println!(
        "  half of {n}: at most {questions} questions, {distressing} distressing (budget {} and {})",
        BUDGET.0, BUDGET.1
    );
    println!(
        "  at most {longest} and {hardest}; {none} end with no norm satisfied, {missed} of them though the whole file satisfies one"
    );
    Ok(())
}

fn short(reply: Reply) -> String {
    match reply {
        Reply::Yes => "yes".to_owned(),
        Reply::No => "no".to_owned(),
        Reply::Unknown => "?".to_owned(),
        Reply::Age(low, high) => format!("{low}-{high}"),
        Reply::Choice(n) => format!("choice {n}"),
        Reply::Day(day) => day.to_string(),
    }
}

fn lead(library: &Arc<Library>, case: &Case, state: &str) -> Result<Led, String> {
    let name = format!("{}, {state}", case.id);
    let truth = case.persons.first().ok_or_else(|| format!("{name}: nobody"))?;
    let begun = Instant::now();
    let rehearsed =
        rehearse(&Question::default(), library, truth, Some(state), case.date).map_err(|e| format!("{name}: {e}"))?;
    let seconds = begun.elapsed().as_secs_f64() / rehearsed.questions().max(1) as f64;
    let so_far = rehearsed.interview.so_far().ok_or_else(|| format!("{name}: contradicts itself"))?;
    let person = case.persons.first().map(|p| p.id.clone());
    let asked_all = Question { state: Some(state.to_owned()), person, ..Question::default() };
    let whole = Interview::new(&asked_all, library, std::slice::from_ref(case), Vec::new());
    let whole = whole.map_err(|e| format!("{name}: {e}"))?.so_far().map_or(0, |all| all.satisfied.len());
    Ok(Led { name, satisfied: so_far.satisfied.len(), whole, open: so_far.open, rehearsed, seconds })
}

/// Reads a folder of cases. A case that names no State is tried in the one whose name stands in its title, else in the first of
/// whose law it expects something, else in the United Kingdom.
fn further(folder: &Path) -> Result<(Arc<Library>, Vec<Scripted>), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = Files::new();
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".toml") {
            files.insert(name, std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
        }
    }
    let library = read(&bundled_files(), &files).usable().map_err(|problems| format!("{problems:?}"))?;
    let cases = library.cases_of(&files).into_iter().map(|c| (c.clone(), state_of(&library, &c))).collect();
    Ok((library, cases))
}

fn state_of(library: &Library, case: &Case) -> String {
    let states = &library.law.guide.states;
    let named = states.iter().find(|s| s.id == case.state);
    let titled = || states.iter().find(|s| s.label.values().any(|label| case.title.contains(label.as_str())));
    let expects = |id: &str| case.persons.iter().any(|p| p.expect.iter().any(|e| e.norm.split('.').next() == Some(id)));
    let expected = || states.iter().find(|s| expects(&s.id));
    named.or_else(titled).or_else(expected).map_or_else(|| "uk".to_owned(), |s| s.id.clone())
}
