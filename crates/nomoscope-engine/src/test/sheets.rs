//! What is handed on: a referral summary, an element sheet for whoever prosecutes, and a page in plain words for the person.
//!
//! The fields of the referral follow, in our own words, those that the United Kingdom's National Referral Mechanism and the
//! identification forms used under the Council of Europe convention ask for; what is not known stays empty, to be filled in.

use super::answer::{Tested, Tried};
use super::brief::{Brief, brief, duty};
use super::tables::{OWN_ACTS, matrix, without_own_acts};
use super::words::{evidence, origin};
use crate::law::applicable::state_of;
use crate::law::words::{DISCLAIMER, caveats, person_in};
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
    vec![referral(tested, tried, language), elements(tested, tried, language), plain(tested, tried, language)]
}

fn id(tested: &Tested, tried: &Tried, kind: &str) -> String {
    let case = tested.case(tried).id.to_lowercase();
    let clean: String = case.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if tested.tried.len() == 1 { kind.to_owned() } else { format!("{kind}-{clean}-{}", tried.person + 1) }
}

fn state<'l>(law: &'l Law, case: &Case) -> Option<&'l State> {
    state_of(law, None, Some(case)).ok().flatten()
}

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

fn referral(tested: &Tested, tried: &Tried, language: &str) -> Sheet {
    let law = &tested.library.law;
    let (case, who) = (tested.case(tried), tested.person(tried));
    let b = brief(tested, tried);
    let speech = &Speech::new(law, language);
    let say = |english| speech.say(english).to_owned();
    let mut sheet =
        Sheet::new(id(tested, tried, "referral"), say("Referral summary"), speech.code(), speech.say(DISCLAIMER));
    sheet.text(speech.say("Draft from the facts entered. Read it through with the person before it is sent; leave out what they do not want to share."));
    sheet.heading(speech.say("Who refers"));
    for field in WHO_REFERS {
        sheet.field(speech.say(field), "");
    }
    sheet.heading(speech.say("The person"));
    sheet.field(speech.say("Reference (no name is kept here)"), &who.id);
    sheet.field(speech.say("Age"), speech.age(who.age.unwrap_or(AgeRange::ANY)));
    let named = state(law, case);
    sheet.field(speech.say("State"), named.map(|s| spoken(&s.label, speech.code()).to_owned()).unwrap_or_default());
    sheet.field(speech.say("Where and when it took place"), case.date.map(|d| d.to_string()).unwrap_or_default());
    sheet.field(speech.say("Immediate needs: safety, health, housing, children"), "");
    sheet.heading(speech.say("What was told and seen"));
    caveats(who).into_iter().for_each(|caveat| sheet.text(format!("{}.", capital(speech.say(caveat)))));
    for (head, stories) in PARTS {
        let list = told(speech, who, stories);
        if !list.is_empty() {
            sheet.text(speech.fill("{}:", &[speech.say(head)]));
            sheet.list(list);
        }
    }
    sheet.text(format!("{}.", capital(speech.say(OWN_ACTS))));
    sheet.heading(speech.say("Why this is referred"));
    let names: Vec<&str> = b.supported.iter().map(|&n| speech.norm(n)).collect();
    sheet.text(if names.is_empty() {
        say("The facts entered do not yet satisfy a definition on the line of protection; they are referred for what they leave open.")
    } else {
        speech.fill(
            "On the line of protection (reasonable grounds) the facts entered satisfy {}.",
            &[&names.join("; ")],
        )
    });
    sheet.list(b.proposed.iter().map(|p| inference(speech, p)).collect());
    owed(&mut sheet, speech, &b);
    if let Some(s) = named.filter(|s| !s.referral.is_empty()) {
        sheet.field(speech.say("To whom"), spoken(&s.referral, speech.code()));
    }
    sheet
}

/// What the referral leaves to whoever refers.
const WHO_REFERS: &[&str] = &[
    "Name and organisation",
    "Contact",
    "Date of referral",
    "Agreement of the person (an adult agrees; a child is referred in any case)",
    "Interpreter, language",
];

/// Returns the facts of some parts of the story that were entered, but for what the person is said to have done.
fn told(speech: &Speech<'_>, who: &Person, stories: &[&str]) -> Vec<String> {
    let kept = |(f, e): &(&FactIx, &Entry)| {
        let fact = speech.law().vocabulary.get(**f);
        e.value == Value::True && !fact.own_act && stories.contains(&fact.story.as_str())
    };
    // Where nothing has a grade it is said once, above.
    let none_graded = who.facts.values().all(|e| e.grade.is_none());
    let words = |(f, e): (&FactIx, &Entry)| match none_graded && origin(speech, e).is_empty() {
        true => speech.label(*f).to_owned(),
        false => evidence(speech, *f, e),
    };
    who.facts.iter().filter(kept).map(words).collect()
}

fn inference(speech: &Speech<'_>, p: &nomoscope_core::law::proposal::Proposal) -> String {
    let from = without_own_acts(speech, &p.from);
    speech.fill("{}: inferred from {}; not proved", &[speech.label(p.fact), &from])
}

fn elements(tested: &Tested, tried: &Tried, language: &str) -> Sheet {
    let (case, who) = (tested.case(tried), tested.person(tried));
    let speech = &Speech::new(&tested.library.law, language);
    let title = speech.fill("Element sheet: {}", &[&case.title]);
    let mut sheet = Sheet::new(id(tested, tried, "elements"), title, speech.code(), speech.say(DISCLAIMER));
    sheet.text(speech.fill(
        "{}. Element by evidence, grade and gap; only norms that the facts entered bear on.",
        &[&person_in(speech, case, who)],
    ));
    for table in matrix(tested, tried, language) {
        sheet.blocks.push(nomoscope_core::sheet::Block::Table(table));
    }
    owed(&mut sheet, speech, &brief(tested, tried));
    sheet
}

fn owed(sheet: &mut Sheet, speech: &Speech<'_>, b: &Brief) {
    sheet.heading(speech.say("What is owed now"));
    if b.owed.is_empty() {
        sheet.text(speech.say(
            "No duty follows from the facts entered by now; what they leave open can be looked into all the same.",
        ));
    }
    let duties = &speech.law().guide.duties;
    sheet.list(b.owed.iter().filter_map(|&d| duties.get(d)).map(|d| duty(speech, d)).collect());
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
