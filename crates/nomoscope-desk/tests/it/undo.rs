//! Each takes back what they did themselves, past what others did since; what others need stays.

use crate::support::{both, by, held, place, quotes, study};
use nomoscope_desk::act::{ConceptEdit, NewConcept, Wording};
use nomoscope_desk::{Act, Desk};
use std::collections::BTreeSet;

const SOURCE: &str = "sources/a.txt";
const TEXT: &str = "She was born in Palrmo. There she worked for years.";

fn mark(desk: &Desk, words: &str, concept: &str) -> Act {
    let span = place(&study(desk), SOURCE, words);
    Act::Mark { source: SOURCE.to_owned(), span, concept: concept.to_owned(), memo: String::new() }
}

fn of(desk: &Desk, coder: &str) -> String {
    study(desk).codings.iter().find(|c| c.coder == *coder).unwrap().id.to_string()
}

#[track_caller]
fn refused(desk: &Desk, coder: &str, act: &Act, why: &str) {
    let before = held(desk);
    let reason = by(desk, coder, act).unwrap_err();
    assert!(reason.contains(why), "{reason}");
    assert!(held(desk) == before);
}

#[test]
fn ones_own_last_change_goes_past_those_of_others() {
    for desk in &both(&[(SOURCE, TEXT)]).1 {
        by(desk, "ana", &mark(desk, "born", "place")).unwrap();
        by(desk, "ana", &mark(desk, "Palrmo", "place")).unwrap();
        by(desk, "ben", &mark(desk, "years", "work")).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();
        assert_eq!(quotes(&study(desk)), ["born", "years"]);
        by(desk, "ana", &Act::Undo).unwrap();
        assert_eq!(quotes(&study(desk)), ["years"]);
        refused(desk, "ana", &Act::Undo, "nothing of ana to undo; the last change is by ben");
        // What ben does meanwhile takes no redo from ana.
        by(desk, "ben", &mark(desk, "worked", "work")).unwrap();
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Redo).unwrap();
        by(desk, "ana", &Act::Redo).unwrap();
        assert_eq!(BTreeSet::from_iter(quotes(&study(desk))), BTreeSet::from(["born", "Palrmo", "years"]));
        // Another may be asked to be taken back, by name.
        by(desk, "ana", &Act::UndoOf { coder: "ben".to_owned() }).unwrap();
        assert_eq!(BTreeSet::from_iter(quotes(&study(desk))), BTreeSet::from(["born", "Palrmo"]));
        assert_eq!(desk.log().unwrap().last().unwrap().coder, "ana");
    }
}

#[test]
fn what_others_need_stays_and_says_for_whom() {
    let remark = |desk: &Desk| Act::Remark { coding: of(desk, "ana"), text: "is it?".to_owned() };
    let reject = |desk: &Desk| Act::Reject { coding: of(desk, "ana") };
    let memo = |desk: &Desk| Act::Memo { about: format!("coding:{}", of(desk, "ana")), text: "why?".to_owned() };
    type Later<'a> = (&'a str, &'a dyn Fn(&Desk) -> Act);
    let later: [Later<'_>; 3] = [("remark", &remark), ("reject", &reject), ("memo", &memo)];
    for (name, later) in later {
        for desk in &both(&[(SOURCE, TEXT)]).1 {
            by(desk, "ana", &mark(desk, "born", "place")).unwrap();
            by(desk, "ben", &later(desk)).unwrap();
            refused(desk, "ana", &Act::Undo, &format!("`{name} "));
            refused(desk, "ana", &Act::Undo, "by ben came later and needs it");
            by(desk, "ben", &Act::Undo).unwrap();
            by(desk, "ana", &Act::Undo).unwrap();
            assert!(study(desk).codings.is_empty());
        }
    }
}

#[test]
fn a_concept_a_source_and_a_text_that_others_use_stay() {
    for desk in &both(&[(SOURCE, TEXT)]).1 {
        let new = NewConcept { id: "new".to_owned(), roles: vec!["problem".to_owned()], ..NewConcept::default() };
        by(desk, "ana", &Act::Concept { edit: ConceptEdit::Add(new) }).unwrap();
        by(desk, "ben", &mark(desk, "born", "new")).unwrap();
        refused(desk, "ana", &Act::Undo, "by ben");
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();

        let files = [("b.txt".to_owned(), b"Another text.".to_vec())].into();
        by(desk, "ana", &Act::AddBytes { files, given: Default::default() }).unwrap();
        let about = Act::Memo { about: "source:sources/b.txt".to_owned(), text: "read".to_owned() };
        by(desk, "ben", &about).unwrap();
        refused(desk, "ana", &Act::Undo, "by ben");
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();

        let span = place(&study(desk), SOURCE, "Palrmo");
        let change = Wording { span, was: "Palrmo".to_owned(), text: "Palermo".to_owned() };
        let correct = Act::Correct { source: SOURCE.to_owned(), changes: vec![change], agreed: BTreeSet::new() };
        by(desk, "ana", &correct).unwrap();
        by(desk, "ben", &mark(desk, "years", "work")).unwrap();
        refused(desk, "ana", &Act::Undo, "by ben");
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();
        assert!(study(desk).sources[0].document.text == TEXT);
    }
}

#[test]
fn what_comes_back_fits_the_text_as_it_is() {
    for desk in &both(&[(SOURCE, TEXT)]).1 {
        let correct = |was: &str, text: &str| {
            let span = place(&study(desk), SOURCE, was);
            let changes = vec![Wording { span, was: was.to_owned(), text: text.to_owned() }];
            Act::Correct { source: SOURCE.to_owned(), changes, agreed: BTreeSet::new() }
        };
        by(desk, "ana", &correct("Palrmo", "Palermo")).unwrap();
        by(desk, "ben", &mark(desk, "Palermo", "place")).unwrap();
        by(desk, "ben", &Act::Undo).unwrap();
        by(desk, "ana", &Act::Undo).unwrap();
        // The word that ben coded is no longer in the text.
        refused(desk, "ben", &Act::Redo, "by ana");
        by(desk, "ana", &Act::Redo).unwrap();
        by(desk, "ben", &Act::Redo).unwrap();
        assert_eq!(quotes(&study(desk)), ["Palermo"]);
        // What somebody coded before goes, whatever was corrected beside it since.
        by(desk, "ana", &correct("years", "many years")).unwrap();
        by(desk, "ben", &Act::Undo).unwrap();
        assert!(study(desk).codings.is_empty());
    }
}

#[test]
fn a_split_takes_patterns_and_codings_and_one_undo_brings_them_back() {
    for desk in &both(&[(SOURCE, "She worked. The works of her hands. Work it is.")]).1 {
        by(desk, "ana", &Act::Concept { edit: change(&["worked", "works", "hands"]) }).unwrap();
        by(desk, "ana", &Act::Code { coder: "lexicon".to_owned(), codebook: None }).unwrap();
        by(desk, "ben", &mark(desk, "Work it is", "work")).unwrap();
        by(desk, "ben", &mark(desk, "works of her", "work")).unwrap();
        let before = held(desk);
        let chosen = study(desk).codings.iter().find(|c| c.quote == "Work it is").unwrap().id.to_string();
        let new = NewConcept {
            id: "product".to_owned(),
            roles: vec!["value".to_owned()],
            patterns: [("en".to_owned(), vec!["works".to_owned()])].into(),
            ..NewConcept::default()
        };
        let edit =
            ConceptEdit::Split { from: "work".to_owned(), new, codings: BTreeSet::from([chosen]), with_hits: true };
        by(desk, "ben", &Act::Concept { edit }).unwrap();
        let after = study(desk);
        let of = |concept: &str| -> BTreeSet<&str> {
            after.codings.iter().filter(|c| c.concept == *concept).map(|c| c.quote.as_str()).collect()
        };
        assert_eq!(of("product"), BTreeSet::from(["works", "Work it is"]));
        assert_eq!(of("work"), BTreeSet::from(["worked", "hands", "works of her"]));
        by(desk, "ben", &Act::Undo).unwrap();
        assert!(held(desk) == before);
    }
}

fn change(patterns: &[&str]) -> ConceptEdit {
    let patterns = patterns.iter().map(|p| (*p).to_owned()).collect();
    let to = nomoscope_desk::act::Fields { patterns: [("en".to_owned(), patterns)].into(), ..Default::default() };
    ConceptEdit::Change { id: "work".to_owned(), to }
}
