//! `test`: does a norm hold on the facts of a case?

use super::Failure;
use super::law::law_files;
use super::options::law_record;
use super::output;
use nomoscope_core::law::case::Case;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Files, Library};
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_engine::test::words::{page, verdict};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

mod args;
mod ask;

pub(super) use args::Args;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (library, cases) = open(args)?;
    let question = args.question();
    let cases = if args.ask { vec![ask::run(args, &question, &library, &cases)?] } else { cases };
    let answer = question.ask(&library, &cases, &Handle::default())?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
    } else {
        answer.tried.iter().for_each(|tried| output::data(&page(&answer, tried)));
        output::data(DISCLAIMER);
        output::talk(
            "next: nomoscope law fallback CASE.toml for what remains, nomoscope law show NORM for a definition",
        );
    }
    verdict(&answer).map_or(Ok(()), |words| Err(Failure::Refused(words)))
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
