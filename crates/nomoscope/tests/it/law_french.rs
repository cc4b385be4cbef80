//! A case in another language: nothing that the program says on the way stays English.
//!
//! What is English is not guessed: the words of both languages are known, and what is said is compared with them.

use nomoscope_core::law::Law;
use nomoscope_core::law::guide::{Spoken, spoken};
use nomoscope_core::law::speech::Speech;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Library, bundled};
use nomoscope_engine::law::words::{DISCLAIMER, PRESUMPTION, UNASKED, UNGRADED};
use nomoscope_engine::test::brief::parts;
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::rehearsal::rehearse;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

const FRENCH: &str = "fr";

fn library() -> Arc<Library> {
    bundled().usable().unwrap()
}

/// All that is said in both languages: English, French.
fn pairs(law: &Law) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut both = |words: &Spoken| {
        out.push((spoken(words, "en").to_owned(), spoken(words, FRENCH).to_owned()));
    };
    let guide = &law.guide;
    guide.stories.iter().for_each(|s| [&s.label, &s.opening].into_iter().for_each(&mut both));
    guide.screens.iter().for_each(|s| [&s.question, &s.help].into_iter().for_each(&mut both));
    guide.states.iter().for_each(|s| both(&s.label));
    guide.duties.iter().for_each(|d| [&d.what, &d.by, &d.when, &d.tell].into_iter().for_each(&mut both));
    for f in law.vocabulary.facts() {
        let help = f.wording.get(FRENCH).map(|w| w.help.clone()).unwrap_or_default();
        out.push((f.question.clone(), f.question_in(FRENCH).to_owned()));
        out.push((f.label.clone(), f.label_in(FRENCH).to_owned()));
        out.push((f.inquiry.clone(), f.inquiry_in(FRENCH).to_owned()));
        out.push((f.help.clone().unwrap_or_default(), help));
    }
    out.extend(guide.phrases[FRENCH].iter().map(|(english, french)| (english.clone(), french.clone())));
    out
}

/// Words between spaces, with one space, so that lines that were broken do not matter.
fn plain(text: &str) -> String {
    format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn holds(text: &str, words: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(words)
        .any(|(at, _)| edge(text[..at].chars().next_back()) && edge(text[at + words.len()..].chars().next()))
}

/// Returns the English words of the tables that stand in a text, but for those that are French as well.
fn english_in(law: &Law, text: &str) -> BTreeSet<String> {
    let text = plain(text);
    let pairs = pairs(law);
    let french: String = pairs.iter().map(|(_, french)| plain(french)).collect();
    let pieces = pairs.iter().filter(|(e, f)| e != f).flat_map(|(e, _)| e.split("{}").map(|p| p.trim().to_owned()));
    let said = pieces.map(|p| p.trim_matches([':', ';', ',', '.', '(', ')', '“', '”', ' ']).to_owned());
    said.filter(|p| p.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .filter(|p| holds(&text, p) && !holds(&french, p))
        .collect()
}

/// The check itself finds English where there is some.
#[test]
fn english_is_found() {
    let library = library();
    let found =
        english_in(&library.law, "Owed now\n  Did the person cross an\n international border? aged 16, transport");
    for words in ["Owed now", "Did the person cross an international border?", "aged"] {
        assert!(found.contains(words), "{words}: {found:?}");
    }
    assert!(!found.contains("transport"), "it is French as well: {found:?}");
    assert_eq!(english_in(&library.law, "Dû maintenant : 16 ans, transport"), BTreeSet::new());
}

/// Every fact, part of the story, screen, State and duty has French words.
#[test]
fn everything_that_can_be_said_has_french_words() {
    let library = library();
    let law = &library.law;
    for f in law.vocabulary.facts() {
        let words = f.wording.get(FRENCH).unwrap_or_else(|| panic!("{}: no French", f.id));
        assert!(!words.question.is_empty() && !words.label.is_empty(), "{}", f.id);
        assert_eq!(words.inquiry.is_empty(), f.inquiry.is_empty(), "{}: inquiry", f.id);
        assert_eq!(words.help.is_empty(), f.help.is_none(), "{}: help", f.id);
    }
    let both = |words: &Spoken| words.is_empty() || words.contains_key(FRENCH);
    assert!(law.guide.stories.iter().all(|s| both(&s.label) && both(&s.opening)));
    assert!(law.guide.screens.iter().all(|s| both(&s.question) && both(&s.help)));
    assert!(law.guide.states.iter().all(|s| both(&s.label)));
    assert!(law.guide.duties.iter().all(|d| both(&d.what) && both(&d.by) && both(&d.when) && both(&d.tell)));
}

/// Whatever the code says through a language is in the table: each `say("…")` and `fill("…")` of the way through a case.
#[test]
fn every_phrase_of_the_code_is_in_the_table() {
    let library = library();
    let table = &library.law.guide.phrases[FRENCH];
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut phrases: BTreeSet<String> =
        [DISCLAIMER, PRESUMPTION, UNASKED, UNGRADED].into_iter().map(str::to_owned).collect();
    for file in [
        "nomoscope-core/src/law/speech.rs",
        "nomoscope-core/src/law/case.rs",
        "nomoscope-engine/src/law/words.rs",
        "nomoscope-engine/src/test/brief.rs",
        "nomoscope-engine/src/test/interview.rs",
        "nomoscope-engine/src/test/reply.rs",
        "nomoscope-engine/src/test/sheets.rs",
        "nomoscope-engine/src/test/words.rs",
        "nomoscope/src/cli/test.rs",
        "nomoscope/src/cli/test/ask.rs",
    ] {
        let code = std::fs::read_to_string(crates.join(file)).unwrap();
        let calls = code.split(".say(").skip(1).chain(code.split(".fill(").skip(1));
        phrases.extend(calls.filter_map(literal));
    }
    let missing: Vec<&String> = phrases.iter().filter(|p| p.len() > 2 && !table.contains_key(*p)).collect();
    assert_eq!(missing, Vec::<&String>::new());
    assert!(phrases.len() > 50, "{}", phrases.len());
}

/// Returns the text between quotes with which code begins.
fn literal(code: &str) -> Option<String> {
    let inner = code.trim_start().strip_prefix('"')?;
    let end = inner.char_indices().find(|(i, c)| *c == '"' && !inner[..*i].ends_with('\\'))?.0;
    Some(inner[..end].replace("\\n", "\n").replace("\\\"", "\""))
}

/// Cases of several States, led to their end: questions, help, answers, the first screen, and its parts as a page lays them out.
#[test]
fn a_case_in_french_says_nothing_in_english() {
    let library = library();
    let question = Question { language: FRENCH.to_owned(), ..Question::default() };
    for id in ["hvn_cannabis", "champagne_2023", "kh_brides_2018", "cass_crim_2023"] {
        let mut case = library.cases.iter().find(|c| c.id == id).unwrap().clone();
        let led = rehearse(&question, &library, &case.persons[0], Some(&case.state), case.date).unwrap();
        case.title = "Un cas".to_owned();
        let mut said = led.transcript(&case, FRENCH).unwrap();
        for (asked, _) in &led.turns {
            said += asked.help.as_deref().unwrap_or_default();
            said.extend(asked.choices.iter().map(|c| format!(" {} ", c.label)));
        }
        let tested = led.interview.tested(&Handle::default()).unwrap();
        let stands = parts(&tested, &tested.tried[0], FRENCH);
        said += &format!(" {} {} {} ", stands.who, stands.headline, stands.caveats.join(" "));
        said.extend(stands.parts.iter().map(|(heading, list)| format!(" {heading} {} ", list.join(" "))));
        assert!(said.contains("Motifs raisonnables") && said.contains("Oui"), "{id}: {said}");
        assert_eq!(english_in(&library.law, &said), BTreeSet::new(), "{id}: {said}");
    }
}

/// The same in the terminal, with words that are no answer, help, a change, and a contradiction.
#[test]
fn the_terminal_speaks_french() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_nomoscope"))
        .args(["test", "--ask", "--language", "fr", "--state", "fr", "--own-acts"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = "b\no\n2021\n03/05/2021\nh\n30\nl\nc 3 16\nc 9 n\nquoi\npas maintenant\no\nn\no\n?\nq\n";
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    for french in
        ["C’est une date.", "pas compris", "changé :", "il n’y a rien à reprendre", "ensuite :", "conseil juridique"]
    {
        assert!(said.contains(french), "{french}: {said}");
    }
    let library = library();
    // The provisions that a question comes from are named as the law names them.
    let kept: Vec<&str> = said.lines().filter(|line| !line.trim_start().starts_with("tiré de :")).collect();
    assert_eq!(english_in(&library.law, &kept.join("\n")), BTreeSet::new(), "{said}");
}

/// A file of one's own adds a language, and one that says less or more than the English is refused with its line.
#[test]
fn a_file_adds_a_language() {
    use nomoscope_engine::law::library::{Files, bundled_files, read};
    let phrase = |words: &str| {
        let text = format!("[[phrase]]\nlanguage = \"xx\"\nen = \"not: {{}}\"\nsay = \"{words}\"\n");
        read(&bundled_files(), &Files::from([("mine.toml".to_owned(), text.into_bytes())]))
    };
    let good = phrase("ne {}");
    assert_eq!(good.errors(), Vec::new());
    let speech = Speech::new(&good.law, "xx");
    assert_eq!(speech.fill("not: {}", &["a"]), "ne a");
    assert_eq!((speech.code(), speech.say("Owed now")), ("xx", "Owed now"), "what it has no words for stays English");
    assert_eq!(Speech::new(&good.law, "yy").code(), "en");
    let wrong = phrase("ne").errors();
    assert!(wrong.len() == 1 && wrong[0].to_string().contains("mine.toml:1"), "{wrong:?}");
}
