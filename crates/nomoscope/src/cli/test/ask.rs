//! `test --ask`: the interview in the terminal.
//!
//! Questions go to stderr, so that stdout holds the finding alone; answers come from stdin, a line each, so that the
//! same can be done from a script.

use super::args::Args;
use super::own_acts::{OwnActs, without};
use crate::cli::{Failure, output, reason};
use nomoscope_core::law::case::Case;
use nomoscope_core::law::speech::Speech;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::Library;
use nomoscope_engine::law::words::counted_in;
use nomoscope_engine::test::brief::brief;
use nomoscope_engine::test::interview::{Asked, Contradiction, Interview, SoFar, Told, Turn};
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::reply::{Meant, Unclear};
use nomoscope_formats::law::{HEADER, write};
use nomoscope_store::disk::write_private;
use std::io::{BufRead, Read};
use std::path::Path;
use std::sync::Arc;

/// Longest line that is read as an answer, in bytes.
const LONGEST: u64 = 1 << 16;

/// What somebody typed: one of the words that lead the interview, or what they say to the question.
enum Said {
    Words(String),
    Back,
    Stop,
    Help,
    Look,
    Change(Option<usize>, String),
}

const DISCLOSURE: &str = "warning: what the person says about their own acts can be held against them, and notes may have to be disclosed. Ask only with a lawyer at hand; --own-acts=FILE keeps such answers encrypted, in a file of their own.";

const HOW: &str = "Answer y (yes), n (no) or ? (don't know); not now skips a part, b goes back,\nl lists the answers, c 3 n changes the third; q stops; h explains.";

pub(super) fn run(
    args: &Args,
    question: &Question,
    library: &Arc<Library>,
    cases: &[Case],
) -> Result<Interview, Failure> {
    if args.facts.as_deref() == Some(Path::new("-")) {
        return Err(Failure::Bad("--ask reads answers from stdin, so the case cannot come from there".to_owned()));
    }
    let mut cases = cases.to_vec();
    let own = match &args.own_acts {
        Some(Some(path)) => Some(OwnActs::open(path, library, &mut cases)?),
        _ => None,
    };
    let mut interview = Interview::new(question, library, &cases, Vec::new())?;
    let kept_in = Kept { args, library, own };
    if let Some(path) = &args.save {
        may_write(path)?;
    }
    if question.own_acts {
        output::talk(interview.speech().say(DISCLOSURE));
    }
    output::talk(interview.speech().say(HOW));
    let mut lines = std::io::stdin().lock();
    loop {
        match interview.turn()? {
            Turn::Done => {
                output::talk(&done(&interview));
                break;
            }
            Turn::Contradicted(c) => {
                let told = settle(&mut lines, &mut interview, &c)?;
                kept_in.save(&interview)?;
                if !told {
                    output::talk(&kept(args, &interview.speech()));
                    break;
                }
            }
            Turn::Ask(asked) => {
                if !ask(&kept_in, &mut interview, &asked, &mut lines)? {
                    output::talk(&kept(args, &interview.speech()));
                    break;
                }
            }
        }
    }
    Ok(interview)
}

/// Asks one question; false where the interview stops.
fn ask(
    kept_in: &Kept<'_>,
    interview: &mut Interview,
    asked: &Asked,
    lines: &mut impl BufRead,
) -> Result<bool, Failure> {
    let speech = interview.speech();
    if let Some(opening) = &asked.opening {
        output::talk(&format!("\n-- {}", speech.fill("{}: {}", &[&asked.story_label, opening])));
    }
    let judgement = if asked.judgement { format!("\n   {}", speech.say(JUDGEMENT)) } else { String::new() };
    let open = if asked.open > 0 { format!("  [{}]", open_norms(&speech, asked.open)) } else { String::new() };
    let choices: Vec<&str> = asked.choices.iter().map(|c| c.id.as_str()).collect();
    let choices = if choices.is_empty() { String::new() } else { format!("\n   {}", choices.join(" ")) };
    output::talk(&format!("\n{}. {}{open}{judgement}{choices}", asked.number, asked.question));
    match listen(lines)? {
        Said::Words(words) => match interview.say(&asked.fact, &words) {
            Ok(Meant::NotNow) if !asked.story.is_empty() => {
                output::talk(&interview.speech().fill("not now: {}", &[&asked.story_label]));
            }
            Ok(_) if interview.is_unsafe() => {
                output::talk(asked.help.as_deref().unwrap_or_default());
                kept_in.save(interview)?;
                return Ok(false);
            }
            Ok(_) => interview.so_far().iter().for_each(|so_far| tell(&interview.speech(), so_far)),
            Err(unclear) => {
                let speech = interview.speech();
                output::talk(&format!("{}{}", not_understood(&speech, unclear), more(&speech, asked)));
            }
        },
        Said::Look => look(interview),
        Said::Change(n, words) => change(interview, n, &words),
        Said::Back => match interview.back() {
            Some(question) => output::talk(&interview.speech().fill("taken back: {}", &[&question])),
            None => output::talk(interview.speech().say("there is nothing to go back to")),
        },
        Said::Stop => return Ok(false),
        Said::Help => output::talk(&format!("{}{}", help(interview, asked), more(&interview.speech(), asked))),
    }
    kept_in.save(interview)?;
    Ok(true)
}

/// Shows two answers that contradict each other until one of them is changed; false where the interview stops.
fn settle(lines: &mut impl BufRead, interview: &mut Interview, c: &Contradiction) -> Result<bool, Failure> {
    output::talk(&format!("\n{}", c.reason));
    let told: Vec<&Told> = c.earlier.iter().chain([&c.later]).collect();
    for (n, t) in told.iter().enumerate() {
        output::talk(&format!("   {}. {} {}", n + 1, t.question, t.said));
    }
    output::talk(
        interview.speech().say("Which holds? Type its number; the other is turned round. ? leaves both open, q stops."),
    );
    let mut line = String::new();
    let n = lines
        .take(LONGEST)
        .read_line(&mut line)
        .map_err(|e| Failure::Bad(format!("stdin: cannot be read: {}", reason(&e))))?;
    match (line.trim(), told.as_slice()) {
        _ if n == 0 => return Ok(false),
        ("q", _) => return Ok(false),
        ("1", [earlier, _]) => interview.settle(c, Some(&earlier.fact)),
        ("2", [_, later]) => interview.settle(c, Some(&later.fact)),
        ("?", _) | (_, [_]) => interview.settle(c, None),
        _ => output::talk(interview.speech().say("type 1, 2 or ?")),
    }
    Ok(true)
}

fn look(interview: &Interview) {
    for (n, t) in interview.told().iter().enumerate() {
        output::talk(&format!("   {}. {} {}", n + 1, t.question, t.said));
    }
}

fn change(interview: &mut Interview, n: Option<usize>, words: &str) {
    let told = interview.told();
    let Some(t) = n.and_then(|n| n.checked_sub(1)).and_then(|i| told.get(i)) else {
        output::talk(interview.speech().say("there is no such answer; l lists them, c 3 n changes the third to no"));
        return;
    };
    match interview.say(&t.fact, words) {
        Ok(_) => {
            let now = interview.told().into_iter().find(|now| now.fact == t.fact);
            let speech = interview.speech();
            let said = now.map_or_else(|| speech.say("it is asked again").to_owned(), |now| now.said);
            output::talk(&speech.fill("changed: {} {}", &[&t.question, &said]));
        }
        Err(unclear) => output::talk(&not_understood(&interview.speech(), unclear)),
    }
}

fn not_understood(speech: &Speech<'_>, unclear: Unclear) -> String {
    speech.fill("not understood: {}", &[&unclear.words(speech)])
}

/// Said to whoever asks, below the question: the person cannot know what courts would make of it.
const JUDGEMENT: &str = "For whoever asks to judge, from what was told.";

const LEFT_OPEN: &str = "No further question is likely enough to change what the facts support today.\n{} stay open: for the file, for later, or not raised by anything that was told.\nhint: --file asks what is for the file, --thorough asks everything.";

/// The same, where the first screen names a fact that is missing: rare, hard to tell, or a question too many.
const ONE_AWAY: &str = "Nothing more is asked that is likely enough, or not too hard, to be asked today; what is one fact away stands below.\n{} stay open: for the file, for later, or not raised by anything that was told.\nhint: --file asks what is for the file, --thorough asks everything.";

fn done(interview: &Interview) -> String {
    let speech = interview.speech();
    let open = interview.so_far().map_or(0, |s| s.open);
    if open == 0 {
        return speech.say("Nothing more can change the findings.").to_owned();
    }
    let near = interview
        .tested(&Handle::default())
        .is_ok_and(|tested| tested.tried.iter().any(|tried| !brief(&tested, tried).near.is_empty()));
    speech.fill(if near { ONE_AWAY } else { LEFT_OPEN }, &[&counted_in(&speech, open, "norm", "norms")])
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

/// Where answers are kept.
struct Kept<'k> {
    args: &'k Args,
    library: &'k Library,
    own: Option<OwnActs>,
}

impl Kept<'_> {
    /// Writes what was answered so far; what the person is said to have done into its own file, where there is one.
    fn save(&self, interview: &Interview) -> Result<(), Failure> {
        let (whole, law) = (interview.whole_case(), &self.library.law);
        // First the file of its own: what is left out of the case must not be lost.
        if let Some(own) = &self.own {
            own.keep(&whole, law)?;
        }
        let Some(path) = &self.args.save else { return Ok(()) };
        let case = if self.own.is_some() { without(&whole, &law.vocabulary) } else { whole };
        Ok(write_private(path, write(&case, law).as_bytes())?)
    }
}

fn kept(args: &Args, speech: &Speech<'_>) -> String {
    match &args.save {
        Some(path) => {
            let path = output::typed(path);
            let command = format!("nomoscope test {path} --ask --save {path}");
            speech.fill("stopped; answers are in {}; go on with: {}", &[&path, &command])
        }
        None => speech.say("stopped; answers were not saved; next time add --save FILE").to_owned(),
    }
}

fn listen(lines: &mut impl BufRead) -> Result<Said, Failure> {
    let mut line = String::new();
    let read = lines.take(LONGEST).read_line(&mut line);
    let n = read.map_err(|e| Failure::Bad(format!("stdin: cannot be read: {}", reason(&e))))?;
    Ok(match line.trim().to_lowercase().as_str() {
        _ if n == 0 => Said::Stop,
        "b" | "back" => Said::Back,
        "q" | "quit" | "stop" => Said::Stop,
        "h" | "help" => Said::Help,
        "l" | "list" => Said::Look,
        words => change_of(words).unwrap_or_else(|| Said::Words(words.to_owned())),
    })
}

fn change_of(words: &str) -> Option<Said> {
    let mut parts = words.split_whitespace();
    parts.next().filter(|w| ["c", "change"].contains(w))?;
    let n = parts.next().and_then(|n| n.parse().ok());
    Some(Said::Change(n, parts.collect::<Vec<_>>().join(" ")))
}

fn open_norms(speech: &Speech<'_>, n: usize) -> String {
    counted_in(speech, n, "norm open", "norms open")
}

fn tell(speech: &Speech<'_>, so_far: &SoFar) {
    const NAMED: usize = 6;
    let SoFar { satisfied, open } = so_far;
    if !satisfied.is_empty() {
        let more = satisfied.len().saturating_sub(NAMED);
        let shown: Vec<&str> = satisfied.iter().take(NAMED).map(String::as_str).collect();
        let shown = match more {
            0 => shown.join(", "),
            more => speech.fill("{} and {} more", &[&shown.join(", "), &more.to_string()]),
        };
        output::talk(&speech.fill("   satisfied so far: {}; {}", &[&shown, &open_norms(speech, *open)]));
    }
}

/// Says how the question is answered, and which words lead the interview.
fn help(interview: &Interview, asked: &Asked) -> String {
    let how = interview.takes(&asked.fact).map(|t| t.how()).unwrap_or_default();
    let speech = interview.speech();
    let words = speech.say("y yes, n no, ? don't know, not now, b back, l list, c 3 n change, q stop");
    format!("{} {words}", speech.say(how))
}

fn more(speech: &Speech<'_>, asked: &Asked) -> String {
    let help = asked.help.as_deref().map(|h| format!("\n   {h}")).unwrap_or_default();
    let cites = if asked.cites.is_empty() {
        String::new()
    } else {
        format!("\n   {}", speech.fill("from: {}", &[&asked.cites.join("; ")]))
    };
    format!("{help}{cites}")
}
