//! `test`: does a norm hold on the facts of a case?

use super::Failure;
use super::law::law_files;
use super::options::law_record;
use super::output;
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::case::Case;
use nomoscope_core::law::speech::Speech;
use nomoscope_desk::clock;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Files, Library};
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_engine::test::answer::Tested;
use nomoscope_engine::test::brief::page as first_screen;
use nomoscope_engine::test::sheets::sheets;
use nomoscope_engine::test::tables::matrix;
use nomoscope_engine::test::words::{page, verdict};
use nomoscope_store::disk::write_private;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

mod args;
mod ask;
mod own_acts;

pub(super) use args::Args;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (library, cases) = open(args)?;
    let question = args.question();
    let answer = if args.ask {
        ask::run(args, &question, &library, &cases)?.tested(&Handle::default())?
    } else {
        question.ask(&library, &cases, &Handle::default())?
    };
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
    } else {
        show(args, &answer);
    }
    if let Some(out) = &args.out {
        hand_over(args, &answer, out)?;
    }
    verdict(&answer, args.by_norm(), &args.language).map_or(Ok(()), |words| Err(Failure::NotAll(words)))
}

/// What can be done next, after norm by norm and after the first screen.
const AFTER_ALL: &str =
    "next: nomoscope law fallback CASE.toml for what remains, nomoscope law show NORM for a definition";
const AFTER_THE_FIRST: &str =
    "next: --full tells norm by norm, --matrix element by evidence, --out DIR writes a referral";

/// The first screen; on request, or where norms are named, norm by norm.
fn show(args: &Args, answer: &Tested) {
    let full = args.full || args.by_norm();
    for tried in &answer.tried {
        if full {
            output::prose(&page(answer, tried));
        } else {
            output::prose(&first_screen(answer, tried, &args.language));
        }
        if args.matrix {
            matrix(answer, tried, &args.language).iter().for_each(|table| output::table(table, usize::MAX));
        }
    }
    let speech = Speech::new(&answer.library.law, &args.language);
    output::prose(speech.say(DISCLAIMER));
    for case in answer.cases.iter().filter(|c| c.date.is_some_and(lies_ahead)) {
        let day = case.date.map(|d| d.to_string()).unwrap_or_default();
        output::talk(
            &speech
                .fill("warning: {} lies ahead; what is law then is not known, and the law of today is tried", &[&day]),
        );
    }
    output::talk(speech.say(if full { AFTER_ALL } else { AFTER_THE_FIRST }));
}

fn lies_ahead(date: PartialDate) -> bool {
    clock::today().parse::<PartialDate>().is_ok_and(|today| date.earliest() > today.latest())
}

/// Writes what is handed on: pages, documents, and the evidence matrix as tables.
fn hand_over(args: &Args, answer: &Tested, out: &Path) -> Result<(), Failure> {
    let tables: Vec<_> = answer.tried.iter().flat_map(|tried| matrix(answer, tried, &args.language)).collect();
    super::report::write_beside(out, &[], &tables, None)?;
    for tried in &answer.tried {
        for sheet in sheets(answer, tried, &args.language) {
            write_private(&out.join(format!("{}.html", sheet.id)), nomoscope_page::sheet::html(&sheet).as_bytes())?;
            let bytes = nomoscope_formats::docx_sheet::write(&sheet)
                .map_err(|e| Failure::Bad(format!("{}.docx: {e}", sheet.id)))?;
            write_private(&out.join(format!("{}.docx", sheet.id)), &bytes)?;
        }
    }
    let speech = Speech::new(&answer.library.law, &args.language);
    output::talk(speech.say("warning: these files hold what the person told; keep and send them accordingly"));
    Ok(())
}

/// Opens the law with the cases of the file; without a file the person is asked, and there is no case yet.
fn open(args: &Args) -> Result<(Arc<Library>, Vec<Case>), Failure> {
    let Some(path) = &args.facts else {
        if args.ask {
            return Ok((args.law.open()?, Vec::new()));
        }
        return Err(Failure::Bad(
            "no case file is given\n  hint: nomoscope test case.toml, or nomoscope test --ask to be asked".to_owned(),
        ));
    };
    let files = if path == Path::new("-") {
        Files::from([("stdin".to_owned(), stdin()?)])
    } else if path.is_dir() {
        return Err(Failure::Bad(format!("{}: is a folder, not a case file", path.display())));
    } else {
        law_files(path)?
    };
    let library = args.law.open_with(&files)?;
    let cases = library.cases_of(&files);
    if cases.is_empty() {
        let hint = "a case has `age`, `true`, `false` and `unknown`, or [[victim]] tables; see docs/guide.md";
        return Err(Failure::Bad(format!("{}: holds no case\n  hint: {hint}", path.display())));
    }
    Ok((library, cases))
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte too many is read, so that the reader of cases can say that it is too many.
    let limit = nomoscope_formats::law::MAX_BYTES as u64 + 1;
    match std::io::stdin().lock().take(limit).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::Bad(format!("stdin: cannot be read: {}", super::reason(&error)))),
    }
}
