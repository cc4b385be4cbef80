//! How many questions an interview needs until every norm that a case asks for is decided, against asking in file order.
//!
//! `cargo bench -p nomoscope --bench interview`. The answers are those of the bundled cases: what a case lists as unknown,
//! or leaves open, is answered with "I do not know". Both ways skip facts that can change nothing any more. Cases that
//! were made for one limb of one norm are left out.
#![allow(clippy::print_stdout, reason = "a benchmark for the terminal")]

use nomoscope_core::law::case::{AgeRange, Person, Rest, Value};
use nomoscope_core::law::finding::{Finding, Reading};
use nomoscope_core::law::interview::{Answer, Interview};
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::vocabulary::FactIx;
use rayon::prelude::*;

/// More questions than there are facts cannot be asked.
const MOST: usize = 1_000;

fn main() {
    let library = nomoscope_engine::law::library::bundled();
    let logic = Logic::new(&library.law);
    let persons: Vec<(&str, &Person)> =
        library.cases.iter().flat_map(|c| c.persons.iter().map(|p| (c.id.as_str(), p))).collect();
    let norms_of = |p: &Person| -> Vec<usize> { p.expect.iter().filter_map(|e| library.law.find(&e.norm)).collect() };
    let own: Vec<&Person> =
        persons.iter().filter(|(id, p)| !id.starts_with("limits_") && !p.expect.is_empty()).map(|(_, p)| *p).collect();
    // A norm that the facts of the case leave open is never decided: there both ways ask all that could matter.
    let settled = |p: &&Person| p.expect.iter().all(|e| e.finding != Finding::Undetermined);
    let decided: Vec<&Person> = own.iter().copied().filter(settled).collect();
    report("all cases", "the norms that the case asks for", &logic, &own, &norms_of);
    report("cases that settle them", "the norms that the case asks for", &logic, &decided, &norms_of);
    let all = |_: &Person| -> Vec<usize> { (0..library.law.norms.len()).collect() };
    report("all cases", "all norms", &logic, &own, &all);
}

fn report(cases: &str, norms: &str, logic: &Logic, persons: &[&Person], of: &(dyn Fn(&Person) -> Vec<usize> + Sync)) {
    let counts: Vec<(usize, usize)> =
        persons.par_iter().map(|p| (questions(logic, p, of(p), true), questions(logic, p, of(p), false))).collect();
    let n = counts.len().max(1) as f64;
    let mean = |f: fn(&(usize, usize)) -> usize| counts.iter().map(f).sum::<usize>() as f64 / n;
    println!(
        "{cases}, {norms}: {} persons; mean questions {:.1} by expected information, {:.1} in file order; ratio {:.2}",
        counts.len(),
        mean(|c| c.0),
        mean(|c| c.1),
        mean(|c| c.0) / mean(|c| c.1)
    );
}

fn questions(logic: &Logic, truth: &Person, norms: Vec<usize>, best: bool) -> usize {
    let blank = Person { id: truth.id.clone(), rest: Rest::Unknown, ..Person::default() };
    let mut interview = Interview::new(logic, norms, blank, Reading::default());
    for asked in 0..MOST {
        let fact =
            if best { interview.next().ok().flatten().map(|q| q.fact) } else { interview.first().ok().flatten() };
        let Some(fact) = fact else { return asked };
        interview.answer(fact, answer(logic, truth, fact));
        if interview.findings().is_err() {
            interview.back();
            interview.answer(fact, Answer::DoNotKnow);
        }
    }
    MOST
}

fn answer(logic: &Logic, truth: &Person, fact: FactIx) -> Answer {
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
