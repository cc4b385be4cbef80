//! `test --ask`: the interview in the terminal.
//!
//! Questions go to stderr, so that stdout holds the finding alone; answers come from stdin, a line each, so that the
//! same can be done from a script.

use super::{Answer, Args, Case, Failure, Interview, Library, Logic, output};
use nomoscope_core::law::case::{AgeRange, Person, Rest};
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::logic::LogicError;
use nomoscope_core::law::vocabulary::{Fact, FactIx, Kind, OLDEST};
use nomoscope_formats::law::{HEADER, write};
use nomoscope_store::disk::write_atomic;
use std::io::BufRead;
use std::path::Path;

/// Longest line that is read as an answer, in bytes.
const LONGEST: u64 = 1 << 16;

pub(super) fn run(args: &Args, library: &Library, logic: &Logic<'_>, chosen: &[usize]) -> Result<Vec<Case>, Failure> {
    if args.facts.as_deref() == Some(Path::new("-")) {
        return Err(Failure::Bad("--ask reads answers from stdin, so the case cannot come from there".to_owned()));
    }
    let mut case = library.cases.first().cloned().unwrap_or_else(blank);
    if library.cases.len() > 1 {
        return Err(Failure::Bad("--ask takes a file with one case".to_owned()));
    }
    let at = place(&case, args.person.as_deref())?;
    if let Some(path) = &args.save {
        may_write(path)?;
    }
    let mut talk = Talk { args, library, case: &mut case, at };
    let person = talk.case.persons[at].clone();
    let mut interview = Interview::new(logic, chosen.to_vec(), person, args.reading.reading());
    talk.hold(&mut interview)?;
    let person = interview.person.clone();
    case.persons[at] = person;
    case.persons.swap(0, at);
    case.persons.truncate(1);
    Ok(vec![case])
}

fn place(case: &Case, wanted: Option<&str>) -> Result<usize, Failure> {
    let ids: Vec<&str> = case.persons.iter().map(|p| p.id.as_str()).collect();
    match wanted {
        Some(id) => ids.iter().position(|i| *i == id),
        None if ids.len() == 1 => Some(0),
        None => None,
    }
    .ok_or_else(|| {
        Failure::Bad(format!(
            "--ask needs one person of the case\n  hint: choose with --person; persons are {}",
            ids.join(", ")
        ))
    })
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

struct Talk<'t> {
    args: &'t Args,
    library: &'t Library,
    case: &'t mut Case,
    /// The person's place in the case.
    at: usize,
}

/// What somebody typed.
enum Said {
    Answer(Answer),
    Back,
    Stop,
    Help,
    Unclear,
}

impl Talk<'_> {
    fn hold(&mut self, interview: &mut Interview<'_>) -> Result<(), Failure> {
        output::talk("Answer y (yes), n (no) or ? (don't know); b goes back, q stops; h explains.");
        let mut lines = std::io::stdin().lock();
        loop {
            let question = match interview.next() {
                Ok(Some(question)) => question,
                Ok(None) => {
                    output::talk("Nothing more can change the findings.");
                    return Ok(());
                }
                Err(error) => {
                    self.contradiction(interview, &error)?;
                    continue;
                }
            };
            let fact = self.library.law.vocabulary.get(question.fact);
            let n = interview.answered() + 1;
            let judge = if fact.judge { " (a judgement)" } else { "" };
            output::talk(&format!("\n{n}. {}{judge}  [{} open]", fact.question, norms(question.open)));
            match self.listen(&mut lines, fact, question.fact)? {
                Said::Answer(answer) => {
                    interview.answer(question.fact, answer);
                    self.save(interview)?;
                    settled(self.library, interview);
                }
                Said::Back => match interview.back() {
                    Some(fact) => {
                        output::talk(&format!("taken back: {}", self.library.law.vocabulary.get(fact).question));
                        self.save(interview)?;
                    }
                    None => output::talk("there is nothing to go back to"),
                },
                Said::Stop => {
                    let kept = match &self.args.save {
                        Some(path) => format!(
                            "answers are in {0}; go on with: nomoscope test {0} --ask --save {0}",
                            output::typed(path)
                        ),
                        None => "answers were not saved; next time add --save FILE".to_owned(),
                    };
                    output::talk(&format!("stopped; {kept}"));
                    return Ok(());
                }
                Said::Help => output::talk(&help(fact)),
                Said::Unclear => output::talk(&format!("not understood; {}", help(fact))),
            }
        }
    }

    fn listen(&self, lines: &mut impl BufRead, fact: &Fact, ix: FactIx) -> Result<Said, Failure> {
        let mut line = String::new();
        let read = std::io::Read::take(&mut *lines, LONGEST).read_line(&mut line);
        let n = read.map_err(|e| Failure::Bad(format!("stdin: cannot be read: {}", super::super::reason(&e))))?;
        if n == 0 {
            return Ok(Said::Stop);
        }
        let is_age = fact.kind == Kind::Int && self.library.law.vocabulary.age() == Some(ix);
        Ok(understand(line.trim(), is_age))
    }

    /// The last answer contradicts those before it: it is taken back, and said why.
    fn contradiction(&self, interview: &mut Interview<'_>, error: &LogicError) -> Result<(), Failure> {
        output::talk(&format!("{error}"));
        match interview.back() {
            Some(fact) => {
                output::talk(&format!("taken back: {}", self.library.law.vocabulary.get(fact).question));
                interview.answer(fact, Answer::DoNotKnow);
                self.save_now(interview)
            }
            None => Err(Failure::Bad(error.to_string())),
        }
    }

    fn save(&mut self, interview: &Interview<'_>) -> Result<(), Failure> {
        self.case.persons[self.at] = interview.person.clone();
        self.save_now(interview)
    }

    fn save_now(&self, interview: &Interview<'_>) -> Result<(), Failure> {
        let Some(path) = &self.args.save else { return Ok(()) };
        let mut case = self.case.clone();
        case.persons[self.at] = interview.person.clone();
        Ok(write_atomic(path, write(&case, &self.library.law.vocabulary).as_bytes())?)
    }
}

fn norms(n: usize) -> String {
    format!("{n} {}", if n == 1 { "norm" } else { "norms" })
}

fn settled(library: &Library, interview: &Interview<'_>) {
    let Ok(findings) = interview.findings() else { return };
    let open = findings.iter().filter(|(_, f)| *f == Finding::Undetermined).count();
    let held: Vec<&str> = findings
        .iter()
        .filter(|(_, f)| *f == Finding::Established)
        .map(|(n, _)| library.law.norms[*n].id.as_str())
        .collect();
    const NAMED: usize = 6;
    if !held.is_empty() {
        let more = held.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<&str> = held.iter().take(NAMED).copied().collect();
        output::talk(&format!("   satisfied so far: {}{rest}; {} open", shown.join(", "), norms(open)));
    }
}

fn understand(words: &str, is_age: bool) -> Said {
    match words.to_lowercase().as_str() {
        "?" | "d" | "dk" | "don't know" | "dont know" | "unknown" => return Said::Answer(Answer::DoNotKnow),
        "b" | "back" => return Said::Back,
        "q" | "quit" | "stop" => return Said::Stop,
        "h" | "help" => return Said::Help,
        "y" | "yes" | "true" if !is_age => return Said::Answer(Answer::Yes),
        "n" | "no" | "false" if !is_age => return Said::Answer(Answer::No),
        _ if !is_age => return Said::Unclear,
        _ => {}
    }
    let ends: Vec<Option<u16>> =
        words.split(['-', '–', ',']).map(|p| p.trim().parse().ok().filter(|n| *n <= OLDEST)).collect();
    match ends[..] {
        [Some(n)] => Said::Answer(Answer::Between(AgeRange { low: n, high: n })),
        [Some(low), Some(high)] if low <= high => Said::Answer(Answer::Between(AgeRange { low, high })),
        _ => Said::Unclear,
    }
}

fn help(fact: &Fact) -> String {
    let how = match fact.kind {
        Kind::Int => "type a number of completed years, a range such as 15-17, or ?",
        Kind::Bool => "y yes, n no, ? don't know, b back, q stop",
    };
    let help = fact.help.as_deref().map(|h| format!("\n   {h}")).unwrap_or_default();
    let cites = if fact.cites.is_empty() { String::new() } else { format!("\n   from: {}", fact.cites.join("; ")) };
    format!("{how}{help}{cites}")
}

/// Returns an empty open case of one person, for an interview that begins from nothing.
fn blank() -> Case {
    let person = Person { id: "person".to_owned(), rest: Rest::Unknown, ..Person::default() };
    Case { id: "interview".to_owned(), title: "Interview".to_owned(), persons: vec![person], ..Case::default() }
}
