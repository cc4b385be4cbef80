//! How many questions an interview needs until the line of protection is settled, and how many of them may distress.
//!
//! `cargo bench -p nomoscope --bench interview`. Twenty scripted cases, from published judgments and reports, each in a State:
//! the interview asks about the norms of the State and its treaties, and is answered as the bundled file says (what it leaves
//! open: *I do not know*). It ends where those norms are settled on the line of protection, or where nothing that is likely enough
//! and may be asked can settle them. Beside it stands the thorough interview about the same norms, which goes on until nothing
//! more can change, in the order of expected information and in file order.
#![allow(clippy::print_stdout, reason = "a benchmark for the terminal")]

use nomoscope_core::law::case::{AgeRange, Case, Grade, Person, Rest, Value};
use nomoscope_core::law::finding::{Finding, Reading};
use nomoscope_core::law::interview::{Answer, Interview as Core, Manner, Pace};
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::vocabulary::FactIx;
use nomoscope_engine::law::applicable::{by_default, enter_state, may_be_asked};
use nomoscope_engine::law::library::{Library, bundled};
use rayon::prelude::*;
use std::sync::Arc;

/// More questions than there are facts cannot be asked.
const MOST: usize = 1_000;

/// The case, and the State whose law and treaties are tried.
const CASES: &[(&str, &str)] = &[
    ("le_greece", "gr"),
    ("krachunova", "bg"),
    ("basfar_wong", "uk"),
    ("hvn_cannabis", "uk"),
    ("petersen", "us"),
    ("kh_surrogate", "kh"),
    ("gig_peeling", "th"),
    ("ongwen_girl", "uk"),
    ("chowdury", "gr"),
    ("cn_v_france_CN", "fr"),
    ("tang", "au"),
    ("kozminski", "us"),
    ("connors", "uk"),
    ("kwa_county_lines", "uk"),
    ("brasil_verde", "br"),
    ("rodriguez_ph", "ph"),
    ("kantang", "th"),
    ("hr_2009_bi7099", "nl"),
    ("cass_35479", "it"),
    ("cass_crim_2023", "fr"),
    ("ng_bc", "ca"),
];

fn main() {
    let library = bundled().usable().unwrap_or_default();
    let logic = library.logic();
    let found: Vec<Counts> = CASES.par_iter().filter_map(|(id, state)| counted(&library, &logic, id, state)).collect();
    println!("case, State: questions (distressing) for protection; thorough by information; in file order");
    for c in &found {
        let Counts { id, state, asked, hard, satisfied, thorough, in_order } = c;
        println!(
            "  {id}, {state}: {asked} ({hard}), {satisfied} norms satisfied; {} ({}); {in_order}",
            thorough.0, thorough.1
        );
    }
    let median = |f: &dyn Fn(&Counts) -> usize| {
        let mut all: Vec<usize> = found.iter().map(f).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    println!(
        "{} cases: median {} questions, {} distressing, for protection; {} and {} when thorough; {} in file order",
        found.len(),
        median(&|c| c.asked),
        median(&|c| c.hard),
        median(&|c| c.thorough.0),
        median(&|c| c.thorough.1),
        median(&|c| c.in_order)
    );
}

struct Counts {
    id: &'static str,
    state: &'static str,
    asked: usize,
    hard: usize,
    satisfied: usize,
    thorough: (usize, usize),
    in_order: usize,
}

/// Returns the pace that the environment asks for, as `PACE=150,250,500`, or that of the program.
fn pace() -> Pace {
    let said = std::env::var("PACE").unwrap_or_default();
    let parts: Vec<u32> = said.split(',').filter_map(|p| p.parse().ok()).collect();
    match parts[..] {
        [useful, hard, settled] => Pace { useful, hard, settled },
        _ => Pace::default(),
    }
}

fn counted(library: &Arc<Library>, logic: &Logic, id: &'static str, state: &'static str) -> Option<Counts> {
    let case = library.cases.iter().find(|c| c.id == id)?;
    let truth = case.persons.first()?;
    let law = &library.law;
    let mut norms = by_default(law, law.guide.state(state), None, None);
    norms.retain(|&n| may_be_asked(&law.norms[n]));
    let mut blank = Case {
        persons: vec![Person { id: truth.id.clone(), rest: Rest::Unknown, ..Person::default() }],
        ..Case::default()
    };
    if let Some(state) = law.guide.state(state) {
        enter_state(&mut blank, state);
    }
    let manner = Manner { protection: true, grade: Some(Grade::Supported), pace: pace(), ..Manner::default() };
    let person = blank.persons.first()?.clone();
    let mut interview = Core::new(logic, norms.clone(), person, Reading::default()).led(manner);
    // The first question is whether the person is safe.
    let (mut asked, mut hard) = (1, 0);
    let shown = std::env::var("SHOW").is_ok_and(|s| s == id);
    while let Some(q) = interview.next().ok().flatten().filter(|_| asked < MOST) {
        let fact = law.vocabulary.get(q.fact);
        let answer = told(logic, truth, q.fact);
        if shown {
            println!("    {}: {answer:?}", fact.id);
        }
        interview.answer(q.fact, answer);
        asked += 1;
        hard += usize::from(fact.distress);
        if interview.next().is_err() {
            interview.back();
            interview.answer(q.fact, Answer::DoNotKnow);
        }
    }
    let found = interview.findings().ok()?;
    let satisfied = found.iter().filter(|(_, f)| *f == Finding::Established).count();
    let fast = std::env::var_os("FAST").is_some();
    let thorough = if fast { (0, 0) } else { questions(logic, truth, norms.clone(), true) };
    let in_order = if fast { 0 } else { questions(logic, truth, norms, false).0 };
    Some(Counts { id, state, asked, hard, satisfied, thorough, in_order })
}

/// Returns how many questions are asked until nothing more can change, and how many of them may distress.
fn questions(logic: &Logic, truth: &Person, norms: Vec<usize>, best: bool) -> (usize, usize) {
    let blank = Person { id: truth.id.clone(), rest: Rest::Unknown, ..Person::default() };
    let mut interview = Core::new(logic, norms, blank, Reading::default());
    let mut hard = 0;
    for asked in 0..MOST {
        let fact =
            if best { interview.next().ok().flatten().map(|q| q.fact) } else { interview.first().ok().flatten() };
        let Some(fact) = fact else { return (asked, hard) };
        hard += usize::from(logic.law.vocabulary.get(fact).distress);
        interview.answer(fact, told(logic, truth, fact));
        if interview.findings().is_err() {
            interview.back();
            interview.answer(fact, Answer::DoNotKnow);
        }
    }
    (MOST, hard)
}

fn told(logic: &Logic, truth: &Person, fact: FactIx) -> Answer {
    if logic.law.vocabulary.age() == Some(fact) {
        return truth.age.map_or(Answer::DoNotKnow, |AgeRange { low, high }| Answer::Between(AgeRange { low, high }));
    }
    match truth.facts.get(&fact).map(|e| e.value) {
        Some(Value::True) => Answer::Yes,
        Some(Value::False) => Answer::No,
        None if truth.rest == Rest::False => Answer::No,
        Some(Value::Unknown) | None => Answer::DoNotKnow,
    }
}
