//! `test --ask`: the interview in the terminal.
//!
//! Questions go to stderr, so that stdout holds the finding alone; answers come from stdin, a line each, so that the
//! same can be done from a script.

use super::args::Args;
use crate::cli::{Failure, output, reason};
use nomoscope_core::law::case::Case;
use nomoscope_engine::law::library::Library;
use nomoscope_engine::test::interview::{Asked, Interview, Reply, SoFar, Turn};
use nomoscope_engine::test::question::Question;
use nomoscope_formats::law::{HEADER, write};
use nomoscope_store::disk::write_atomic;
use std::io::{BufRead, Read};
use std::path::Path;
use std::sync::Arc;

/// Longest line that is read as an answer, in bytes.
const LONGEST: u64 = 1 << 16;

/// What somebody typed.
enum Said {
    Answer(Reply),
    Back,
    Stop,
    Help,
    Unclear,
}

pub(super) fn run(args: &Args, question: &Question, library: &Arc<Library>, cases: &[Case]) -> Result<Case, Failure> {
    if args.facts.as_deref() == Some(Path::new("-")) {
        return Err(Failure::Bad("--ask reads answers from stdin, so the case cannot come from there".to_owned()));
    }
    let mut interview = Interview::new(question, library, cases, Vec::new())?;
    if let Some(path) = &args.save {
        may_write(path)?;
    }
    output::talk("Answer y (yes), n (no) or ? (don't know); b goes back, q stops; h explains.");
    let mut lines = std::io::stdin().lock();
    loop {
        let asked = match interview.turn()? {
            Turn::Done => {
                output::talk("Nothing more can change the findings.");
                break;
            }
            Turn::Contradicted { reason, question } => {
                output::talk(&format!("{reason}\ntaken back: {question}"));
                save(args, library, &interview)?;
                continue;
            }
            Turn::Ask(asked) => asked,
        };
        let judgement = if asked.judgement { " (a judgement)" } else { "" };
        output::talk(&format!("\n{}. {}{judgement}  [{} open]", asked.number, asked.question, norms(asked.open)));
        match listen(&mut lines, asked.is_age)? {
            Said::Answer(reply) => {
                interview.answer(&asked.fact, reply);
                save(args, library, &interview)?;
                interview.so_far().iter().for_each(tell);
            }
            Said::Back => match interview.back() {
                Some(question) => {
                    output::talk(&format!("taken back: {question}"));
                    save(args, library, &interview)?;
                }
                None => output::talk("there is nothing to go back to"),
            },
            Said::Stop => {
                output::talk(&format!("stopped; {}", kept(args)));
                break;
            }
            Said::Help => output::talk(&help(&asked)),
            Said::Unclear => output::talk(&format!("not understood; {}", help(&asked))),
        }
    }
    Ok(interview.case())
}

/// A file that somebody wrote by hand is not written over: its comments would be lost.
fn may_write(path: &Path) -> Result<(), Failure> {
    match std::fs::read(path) {
        Ok(bytes) if !bytes.starts_with(HEADER.as_bytes()) => Err(Failure::Bad(format!(
            "{}: was not written by an interview, and is not written over\n  hint: choose another file with --save",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn save(args: &Args, library: &Library, interview: &Interview) -> Result<(), Failure> {
    let Some(path) = &args.save else { return Ok(()) };
    Ok(write_atomic(path, write(&interview.whole_case(), &library.law.vocabulary).as_bytes())?)
}

fn kept(args: &Args) -> String {
    match &args.save {
        Some(path) => {
            format!("answers are in {0}; go on with: nomoscope test {0} --ask --save {0}", output::typed(path))
        }
        None => "answers were not saved; next time add --save FILE".to_owned(),
    }
}

fn listen(lines: &mut impl BufRead, is_age: bool) -> Result<Said, Failure> {
    let mut line = String::new();
    let read = lines.take(LONGEST).read_line(&mut line);
    let n = read.map_err(|e| Failure::Bad(format!("stdin: cannot be read: {}", reason(&e))))?;
    Ok(match line.trim().to_lowercase().as_str() {
        _ if n == 0 => Said::Stop,
        "b" | "back" => Said::Back,
        "q" | "quit" | "stop" => Said::Stop,
        "h" | "help" => Said::Help,
        words => Reply::understand(words, is_age).map_or(Said::Unclear, Said::Answer),
    })
}

fn norms(n: usize) -> String {
    nomoscope_engine::words::counted(n, "norm", "norms")
}

fn tell(so_far: &SoFar) {
    const NAMED: usize = 6;
    let SoFar { satisfied, open } = so_far;
    if !satisfied.is_empty() {
        let more = satisfied.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<&str> = satisfied.iter().take(NAMED).map(String::as_str).collect();
        output::talk(&format!("   satisfied so far: {}{rest}; {} open", shown.join(", "), norms(*open)));
    }
}

fn help(asked: &Asked) -> String {
    let how = if asked.is_age {
        "type a number of completed years, a range such as 15-17, or ?"
    } else {
        "y yes, n no, ? don't know, b back, q stop"
    };
    let help = asked.help.as_deref().map(|h| format!("\n   {h}")).unwrap_or_default();
    let cites = if asked.cites.is_empty() { String::new() } else { format!("\n   from: {}", asked.cites.join("; ")) };
    format!("{how}{help}{cites}")
}
