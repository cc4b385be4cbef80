//! Winston's two kinds of overcounting, and how binding behaviours are.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::norm::completeness::{Completeness, completeness, force_by_family};
use nomoscope_core::norm::cues::Force;
use nomoscope_core::norm::statement::{Reading, Settings, form};
use nomoscope_core::text::Level;
use std::collections::BTreeMap;

const BOOK: &[Row<'_>] = &[
    ("bondage", "p", "bondage", ""),
    ("smuggling", "p", "smuggling", ""),
    ("dignity", "v", "dignity", ""),
    ("punish", "b", "punish*", ""),
    ("protect", "b", "protect*", ""),
];

#[track_caller]
fn check(text: &str, want: Completeness) {
    let (book, sources) = (codebook(BOOK), sources(&[text]));
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&corpus(&book, &sources), settings);
    assert_eq!(completeness(formed.windows.iter().flatten()), want, "{text}");
}

#[test]
fn counted_by_hand() {
    check("", Completeness::default());
    check(
        "Bondage offends dignity, so punish it.",
        Completeness { sentences: 1, complete_alone: 1, complete: 1, with_behaviour: 1, ..Completeness::default() },
    );
    // The second sentence takes its value from the first, which speaks of another problem.
    check(
        "Bondage offends dignity. States shall punish smuggling.",
        Completeness {
            sentences: 2,
            complete: 2,
            with_behaviour: 1,
            behaviour_with_value_of_another_norm: 1,
            ..Completeness::default()
        },
    );
    // The same problem: one norm in two sentences.
    check(
        "Bondage offends dignity. States shall punish bondage.",
        Completeness { sentences: 2, complete: 2, with_behaviour: 1, ..Completeness::default() },
    );
    // No value far and wide, and a sentence without any part, which is not counted.
    check(
        "States shall punish smuggling. They may protect people. Nothing here.",
        Completeness {
            sentences: 2,
            without_value: 2,
            with_behaviour: 2,
            behaviour_without_value: 2,
            ..Completeness::default()
        },
    );
    check(
        "Bondage.\n\nDignity.",
        Completeness {
            sentences: 2,
            without_problem: 1,
            without_value: 1,
            without_behaviour: 2,
            ..Completeness::default()
        },
    );
}

#[test]
fn shares_of_nothing_are_none() {
    assert_eq!(Completeness::share(0, 0), None);
    assert_eq!(Completeness::share(1, 4), Some(0.25));
}

#[test]
fn force_by_family_counts_own_behaviours() {
    let (book, sources) = (
        codebook(BOOK),
        sources(&[
            "States shall punish bondage. They may protect people. They shall endeavour to protect victims. Punish!",
        ]),
    );
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&corpus(&book, &sources), settings);
    let found = force_by_family(formed.windows.iter().flatten(), &book);
    let forces = [(Force::Duty, 1), (Force::Hedged, 1), (Force::Permission, 1), (Force::Unmarked, 1)];
    assert_eq!(found, BTreeMap::from([("other".to_owned(), BTreeMap::from(forces))]));
}
