//! Who asks is not who answers.

use crate::corpora::{codebook, sources};
use nomoscope_core::norm::corpus::{Interviewers, code};
use nomoscope_core::study::Source;
use std::collections::BTreeMap;

const INTERVIEW: &str =
    "Interviewer: Was it slavery?\nAnna: It was slavery.\nInterviewer: Really slavery?\nAnna: Yes, slavery, slavery.\n";

/// The codings that stay and how many were left out.
#[track_caller]
fn check(text: &str, interviewers: &Interviewers, want: (usize, usize)) {
    let codebook = codebook(&[("slavery", "p", "slavery", "")]);
    let sources = sources(&[text]);
    let corpus = code(std::sync::Arc::new(codebook.clone()), sources.clone().into(), interviewers, &|_| ()).unwrap();
    assert_eq!((corpus.coded[0].codings.len(), corpus.coded[0].n_asked), want);
}

#[test]
fn words_of_those_who_ask_are_left_out_unless_they_are_wanted() {
    check(INTERVIEW, &Interviewers::default(), (3, 2));
    check(INTERVIEW, &Interviewers { coded: true, ..Interviewers::default() }, (5, 0));
    let named = Interviewers { named: vec!["anna".to_owned()], coded: false };
    check(INTERVIEW, &named, (2, 3));
    check("It was slavery. Was it slavery?", &Interviewers::default(), (2, 0));
}

#[test]
fn a_language_is_detected_only_where_nobody_said_one() {
    let text = "La traite des êtres humains désigne le recrutement, le transport et l'hébergement de personnes. \
                Les États doivent protéger les victimes et punir les auteurs de ces crimes, partout et toujours. \
                Les enfants ont droit à une protection particulière contre toute forme d'exploitation.";
    let codebook = codebook(&[("traffic", "p", "traite", "")]);
    let mut sources = sources(&[text, text]);
    sources[1].language.clear();
    let corpus =
        code(std::sync::Arc::new(codebook.clone()), sources.clone().into(), &Interviewers::default(), &|_| ()).unwrap();
    assert_eq!(corpus.coded[0].detected, None);
    assert_eq!(corpus.coded[1].detected, Some("fr"));
    // What was detected chooses no patterns: those of every language still apply.
    assert_eq!(corpus.coded[1].codings.len(), 1);
    // A codebook that has none for it is said to have none, as where somebody said the language.
    sources[1].fill_language(&[]);
    let code = |sources: &[Source]| {
        code(std::sync::Arc::new(codebook.clone()), sources.to_vec().into(), &Interviewers::default(), &|_| ()).unwrap()
    };
    assert_eq!(code(&sources).unread_languages, BTreeMap::from([("fr".to_owned(), 1)]));
    sources[1].language = vec!["en".to_owned()];
    assert!(code(&sources).unread_languages.is_empty(), "nobody asks the text where somebody said its language");
}
