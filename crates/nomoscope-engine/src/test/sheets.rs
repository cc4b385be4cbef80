//! What is handed on: a referral summary, an element sheet for whoever prosecutes, and a page in plain words for the person.
//!
//! The fields of the referral follow, in our own words, those that the United Kingdom's National Referral Mechanism and the
//! identification forms used under the Council of Europe convention ask for; what is not known stays empty, to be filled in.

use super::answer::{Tested, Tried};
use super::brief::{brief, duty};
use super::tables::matrix;
use super::words::evidence;
use crate::law::applicable::state_of;
use crate::law::words::{DISCLAIMER, caveats, person};
use crate::words::capital;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Case, Entry, Person, Value};
use nomoscope_core::law::guide::{State, spoken};
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::FactIx;
use nomoscope_core::sheet::Sheet;

/// Returns all three.
#[must_use]
pub fn sheets(tested: &Tested, tried: &Tried, language: &str) -> Vec<Sheet> {
    vec![referral(tested, tried), elements(tested, tried), plain(tested, tried, language)]
}

fn id(tested: &Tested, tried: &Tried, kind: &str) -> String {
    let case = tested.case(tried).id.to_lowercase();
    let clean: String = case.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if tested.tried.len() == 1 { kind.to_owned() } else { format!("{kind}-{clean}-{}", tried.person + 1) }
}

fn state<'l>(law: &'l Law, case: &Case) -> Option<&'l State> {
    state_of(law, None, Some(case)).ok().flatten()
}

/// The language of the sheets that go to offices.
const ENGLISH_ONLY: &str = "en";

/// The groups of facts of the referral.
const PARTS: &[(&str, &[&str])] = &[
    ("How it began, and the way", &["beginning", "way"]),
    ("Place, work and money", &["place", "work", "money"]),
    ("Control, and leaving", &["leaving", "situation"]),
    ("A child", &["child"]),
    ("What else was told", &["close", "plan"]),
    ("The suspects", &["who"]),
    ("What was noticed", &["signs"]),
];

/// In English, whatever the person speaks: its fields are not written in other languages, and half a translation is none.
fn referral(tested: &Tested, tried: &Tried) -> Sheet {
    let law = &tested.library.law;
    let (case, who) = (tested.case(tried), tested.person(tried));
    let b = brief(tested, tried);
    let english = Speech::english(law);
    let mut sheet = Sheet::new(id(tested, tried, "referral"), "Referral summary", "en", DISCLAIMER);
    sheet.text("Draft from the facts entered. Read it through with the person before it is sent; leave out what they do not want to share.");
    sheet.heading("Who refers");
    for field in ["Name and organisation", "Contact", "Date of referral"] {
        sheet.field(field, "");
    }
    sheet.field("Agreement of the person (an adult agrees; a child is referred in any case)", "");
    sheet.field("Interpreter, language", "");
    sheet.heading("The person");
    sheet.field("Reference (no name is kept here)", &who.id);
    sheet.field("Age", age(who));
    sheet.field("State", state(law, case).map(|s| spoken(&s.label, ENGLISH_ONLY).to_owned()).unwrap_or_default());
    sheet.field("Where and when it took place", case.date.map(|d| d.to_string()).unwrap_or_default());
    sheet.field("Immediate needs: safety, health, housing, children", "");
    sheet.heading("What was told and seen");
    caveats(who).into_iter().for_each(|caveat| sheet.text(format!("{}.", capital(caveat))));
    for (head, stories) in PARTS {
        let list = told(law, who, stories);
        if !list.is_empty() {
            sheet.text(format!("{head}:"));
            sheet.list(list);
        }
    }
    sheet.text("What the person may have done themself is left out.");
    sheet.heading("Why this is referred");
    let names: Vec<String> = b.supported.iter().map(|&n| law.norms[n].short.clone()).collect();
    sheet.text(if names.is_empty() {
        "The facts entered do not yet satisfy a definition on the line of protection; they are referred for what they leave open.".to_owned()
    } else {
        format!("On the line of protection (reasonable grounds) the facts entered satisfy {}.", names.join("; "))
    });
    sheet.list(b.proposed.iter().map(|p| inference(law, p)).collect());
    sheet.heading("What is owed now");
    sheet.list(b.owed.iter().filter_map(|&d| law.guide.duties.get(d)).map(|d| duty(&english, d)).collect());
    if let Some(s) = state(law, case).filter(|s| !s.referral.is_empty()) {
        sheet.field("To whom", spoken(&s.referral, ENGLISH_ONLY));
    }
    sheet
}

fn age(who: &Person) -> String {
    who.age.unwrap_or(AgeRange::ANY).words()
}

/// Returns the facts of some parts of the story that were entered, but for what the person is said to have done.
fn told(law: &Law, who: &Person, stories: &[&str]) -> Vec<String> {
    let kept = |(f, e): &(&FactIx, &Entry)| {
        let fact = law.vocabulary.get(**f);
        e.value == Value::True && !fact.own_act && stories.contains(&fact.story.as_str())
    };
    // Where nothing has a grade it is said once, above.
    let none_graded = who.facts.values().all(|e| e.grade.is_none());
    let words = |(f, e): (&FactIx, &Entry)| match none_graded && e.origin_words().is_empty() {
        true => law.vocabulary.get(*f).label.clone(),
        false => evidence(law, *f, e),
    };
    who.facts.iter().filter(kept).map(words).collect()
}

fn inference(law: &Law, p: &nomoscope_core::law::proposal::Proposal) -> String {
    let from: Vec<&str> = p.from.iter().map(|f| law.vocabulary.get(*f).label.as_str()).collect();
    format!("{}: inferred from {}; not proved", law.vocabulary.get(p.fact).label, from.join(", "))
}

fn elements(tested: &Tested, tried: &Tried) -> Sheet {
    let law = &tested.library.law;
    let (case, who) = (tested.case(tried), tested.person(tried));
    let b = brief(tested, tried);
    let english = Speech::english(law);
    let title = format!("Element sheet: {}", case.title);
    let mut sheet = Sheet::new(id(tested, tried, "elements"), title, "en", DISCLAIMER);
    sheet.text(format!(
        "{}. Element by evidence, grade and gap; only norms that the facts entered bear on.",
        person(case, who)
    ));
    for table in matrix(tested, tried) {
        sheet.blocks.push(nomoscope_core::sheet::Block::Table(table));
    }
    sheet.heading("What is owed now");
    sheet.list(b.owed.iter().filter_map(|&d| law.guide.duties.get(d)).map(|d| duty(&english, d)).collect());
    sheet
}

/// What the person may do, on the page for them.
const MAY: &[&str] = &[
    "say no, or say: not now",
    "ask for an interpreter, and for a woman or a man to talk to",
    "ask for a doctor",
    "ask for a lawyer before you answer questions about things you may have done",
    "ask what is written down about you, and have it changed if it is wrong",
];

fn plain(tested: &Tested, tried: &Tried, language: &str) -> Sheet {
    let law = &tested.library.law;
    let speech = Speech::new(law, language);
    let b = brief(tested, tried);
    let title = speech.say("What we talked about, and what you may ask for");
    let foot = speech.say("This page is no legal advice. It rests on what was told up to now.");
    let mut sheet = Sheet::new(id(tested, tried, "for-the-person"), title, speech.code(), foot);
    sheet.text(
        speech.say(
            "This page is for you. You may keep it, or leave it here if it is safer. Nobody else needs to see it.",
        ),
    );
    sheet.text(speech.say("What you told us is taken seriously. Nobody has decided anything about you with this page. A person will go on looking into it with you."));
    sheet.heading(speech.say("What should happen now"));
    let mut duties: Vec<String> = Vec::new();
    for d in b.owed.iter().filter_map(|&d| law.guide.duties.get(d)).filter(|d| d.strength != "consider") {
        let told = if d.tell.is_empty() { &d.what } else { &d.tell };
        let words = spoken(told, speech.code()).to_owned();
        // Several instruments may owe the same.
        if !duties.contains(&words) {
            duties.push(words);
        }
    }
    if duties.is_empty() {
        sheet.text(speech.say("We still have to find out more before we can say what you may ask for. You can ask for help today all the same."));
    }
    sheet.list(duties);
    sheet.heading(speech.say("You may"));
    sheet.list(MAY.iter().map(|&w| speech.say(w).to_owned()).collect());
    sheet.text(speech.say("If you are in danger, call the police or the emergency number."));
    sheet
}
