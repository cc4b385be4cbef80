//! Statements: formed in the sentence first, supplied from round it, weighed by window.

use crate::corpora::{Row, codebook, corpus, ix, sources, weights};
use nomoscope_core::codebook::Role;
use nomoscope_core::norm::cues::Force;
use nomoscope_core::norm::statement::{
    Formed, FormedSentence, MAX_COMBINATIONS, Reading, Settings, Statement, Supply, count, form, roles,
};
use nomoscope_core::text::Level;
use proptest::prelude::*;

const BOOK: &[Row<'_>] = &[
    ("bondage", "p", "bondage", ""),
    ("smuggling", "p", "smuggling", ""),
    ("child-smuggling", "p", "smuggling of children", "smuggling"),
    ("dignity", "v", "dignity", ""),
    ("safety", "v", "safety", ""),
    ("punish", "b", "punish*", ""),
    ("protect", "b", "protect*", ""),
    ("slave-trade", "pvn", "slave trade", ""),
    ("children", "v", "children", ""),
];

fn settings(window: Level, reading: Reading) -> Settings {
    Settings { window, reading, inherit: false }
}

const PARAGRAPHS: Settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };

#[track_caller]
fn check(text: &str, settings: Settings, want: &[(&str, f64)]) {
    let (book, sources) = (codebook(BOOK), sources(&[text]));
    let formed = form(&corpus(&book, &sources), settings);
    let found = weights(&book, &count(&formed, &[], &|_, _| true));
    let mut want: Vec<(String, f64)> = want.iter().map(|(s, w)| ((*s).to_owned(), *w)).collect();
    let mut names: Vec<(String, f64)> = found.clone();
    names.sort_by(|x, y| x.0.cmp(&y.0));
    want.sort_by(|x, y| x.0.cmp(&y.0));
    assert_eq!(names.len(), want.len(), "{text}: {found:?}");
    for (have, want) in names.iter().zip(&want) {
        assert!(have.0 == want.0 && (have.1 - want.1).abs() < 1e-12, "{text}: {found:?}");
    }
}

#[test]
fn a_window_weighs_one_whatever_it_combines() {
    check("Bondage offends dignity, so punish it.", PARAGRAPHS, &[("bondage + dignity > punish", 1.0)]);
    check(
        "Bondage and smuggling offend dignity and safety, so punish them.",
        PARAGRAPHS,
        &[
            ("bondage + dignity > punish", 0.25),
            ("bondage + safety > punish", 0.25),
            ("smuggling + dignity > punish", 0.25),
            ("smuggling + safety > punish", 0.25),
        ],
    );
    check("Bondage and smuggling.", PARAGRAPHS, &[("bondage + - > -", 0.5), ("smuggling + - > -", 0.5)]);
}

#[test]
fn sentences_of_a_paragraph_do_not_cross() {
    check(
        "Bondage offends dignity, so punish it. Smuggling harms safety, so protect people.",
        PARAGRAPHS,
        &[("bondage + dignity > punish", 0.5), ("smuggling + safety > protect", 0.5)],
    );
    // A sentence with four combinations outweighs one with a single one: the paragraph's weight is spread over all five.
    check(
        "Bondage offends dignity, so punish it. Smuggling harms safety and dignity, so protect and punish.",
        PARAGRAPHS,
        &[
            ("bondage + dignity > punish", 0.2),
            ("smuggling + dignity > protect", 0.2),
            ("smuggling + dignity > punish", 0.2),
            ("smuggling + safety > protect", 0.2),
            ("smuggling + safety > punish", 0.2),
        ],
    );
}

fn formed(text: &str, settings: Settings) -> Formed {
    let (book, sources) = (codebook(BOOK), sources(&[text]));
    form(&corpus(&book, &sources), settings)
}

fn sentences(formed: &Formed) -> Vec<&FormedSentence> {
    formed.windows.iter().flatten().flat_map(|w| &w.sentences).collect()
}

#[test]
fn what_a_sentence_lacks_is_supplied_and_marked() {
    let formed = formed("Bondage offends dignity. States shall punish it. They protect people.", PARAGRAPHS);
    let found = sentences(&formed);
    let supplies: Vec<[Option<Supply>; 3]> =
        found.iter().map(|s| s.parts.each_ref().map(|p| p.first().map(|p| p.supply))).collect();
    let (own, item) = (Some(Supply::Sentence), Some(Supply::Item));
    assert_eq!(supplies, [[own, own, item], [item, item, own], [item, item, own]]);
    // The first sentence has no behaviour of its own: both others supply theirs.
    assert_eq!(found[0].parts[2].len(), 2);
    let table = count(&formed, &[], &|_, _| true);
    // (bondage, dignity, punish): from sentence 1 and 2, of four combinations; all supplied.
    let book = codebook(BOOK);
    let statement = Statement {
        problem: Some(ix(&book, "bondage")),
        value: Some(ix(&book, "dignity")),
        behaviour: Some(ix(&book, "punish")),
    };
    let counted = &table.counts[&statement];
    assert!((counted.weight - 0.5).abs() < 1e-12 && (counted.supplied - 0.5).abs() < 1e-12);
    assert_eq!((counted.passages.len(), counted.windows.len(), counted.sources.len()), (2, 1, 1));
}

/// What one actor says in three of its sources is said by one, and leads nothing.
#[test]
fn three_actors_lead_and_three_sources_of_one_do_not() {
    let book = codebook(BOOK);
    let sources = sources(&["Bondage offends dignity, and States shall punish it."; 4]);
    let formed = form(&corpus(&book, &sources), PARAGRAPHS);
    let made = |whose: &[usize]| {
        let table = count(&formed, whose, &|_, _| true);
        let count = table.counts.values().next().unwrap();
        (count.own_sources.len(), count.own_makers.len(), count.may_lead())
    };
    assert_eq!(made(&[]), (4, 4, true));
    assert_eq!(made(&[0, 0, 2, 3]), (4, 3, true));
    assert_eq!(made(&[0, 0, 0, 3]), (4, 2, false));
}

#[test]
fn other_paragraphs_supply_nothing_unless_inherited() {
    let text = "Bondage offends dignity.\n\nStates shall punish it.";
    check(text, PARAGRAPHS, &[("bondage + dignity > -", 1.0), ("- + - > punish", 1.0)]);
}

#[test]
fn preambles_are_inherited_on_demand_and_marked() {
    let text = "The States Parties to this Convention,\n\nRecognizing that bondage offends dignity,\n\n\
                Have agreed as follows:\n\nArticle 1\n\nStates shall punish offenders.\n\nArticle 2\n\nSafety comes first.";
    let found = formed(text, Settings { inherit: true, ..PARAGRAPHS });
    let last = sentences(&found);
    let punish = last.iter().find(|s| s.parts[2].iter().any(|p| p.supply == Supply::Sentence)).unwrap();
    assert_eq!(punish.parts[0][0].supply, Supply::Inherited);
    assert_eq!(punish.parts[1][0].supply, Supply::Inherited);
    // Article 2 has a value of its own; it inherits the problem only, and behaviours are never inherited.
    let safety = last.last().unwrap();
    assert_eq!((safety.parts[0][0].supply, safety.parts[1].len(), safety.parts[2].len()), (Supply::Inherited, 1, 0));
    let plain = formed(text, PARAGRAPHS);
    assert!(sentences(&plain).iter().all(|s| s.parts.iter().flatten().all(|p| p.supply != Supply::Inherited)));
}

#[test]
fn negated_behaviours_make_no_statement() {
    check("Bondage offends dignity; victims shall not be punished.", PARAGRAPHS, &[("bondage + dignity > -", 1.0)]);
    check("Victims shall not be punished.", PARAGRAPHS, &[]);
    check("Bondage is wrong, and offenders are not free: punish them.", PARAGRAPHS, &[("bondage + - > punish", 1.0)]);
}

#[test]
fn labels_have_three_readings() {
    let judged = "The slave trade is unacceptable.";
    let plain = "States shall punish the slave trade.";
    let (problem, value) = ("slave-trade + - > -", "- + slave-trade > -");
    for (text, reading, want) in [
        (judged, Reading::Rule, value),
        (judged, Reading::Problems, problem),
        (judged, Reading::Values, value),
        (plain, Reading::Rule, "slave-trade + - > punish"),
        (plain, Reading::Problems, "slave-trade + - > punish"),
        (plain, Reading::Values, "- + slave-trade > punish"),
    ] {
        check(text, settings(Level::Paragraph, reading), &[(want, 1.0)]);
    }
    // The judgement does not reach over a semicolon.
    check(
        "Bondage is unacceptable; states shall punish the slave trade.",
        PARAGRAPHS,
        &[("bondage + - > punish", 0.5), ("slave-trade + - > punish", 0.5)],
    );
}

#[test]
fn a_concept_fills_one_part_of_a_statement() {
    // Judged in one sentence, answered in the next: the label is the problem, and what it offends the value.
    check(
        "The slave trade is contrary to dignity. States shall punish the slave trade.",
        PARAGRAPHS,
        &[("slave-trade + dignity > punish", 1.0)],
    );
    // By itself the sentence says the same, whatever stands around it.
    let around = formed("The slave trade is contrary to dignity. States shall punish the slave trade.", PARAGRAPHS);
    let own: Vec<usize> = sentences(&around).iter().map(|s| s.own().count()).collect();
    assert_eq!(own, [2, 2]);
    // Without another reason it stays what it was judged to be.
    check(
        "The slave trade is unacceptable. States shall punish the slave trade.",
        PARAGRAPHS,
        &[("- + slave-trade > punish", 0.5), ("slave-trade + - > punish", 0.5)],
    );
    // Both in one sentence.
    check(
        "The slave trade is contrary to dignity; states shall punish the slave trade.",
        PARAGRAPHS,
        &[("slave-trade + dignity > punish", 1.0)],
    );
    // Both from elsewhere.
    check(
        "States shall punish it.\n\nThe slave trade is contrary to dignity.\n\nThe slave trade goes on.",
        settings(Level::Source, Reading::Rule),
        &[("slave-trade + dignity > punish", 1.0)],
    );
}

#[test]
fn a_span_fills_one_part_and_the_longer_one_of_a_role_stays() {
    // `smuggling of children` hides `smuggling` (same role), not `children` (a value).
    check("Smuggling of children.", PARAGRAPHS, &[("child-smuggling + children > -", 1.0)]);
    let book = codebook(&[("x", "b", "shelter", ""), ("y", "v", "shelter", "")]);
    let sources = sources(&["Shelter."]);
    let corpus = corpus(&book, &sources);
    let found = roles(&corpus.coded[0].codings, &book, Reading::Rule, |_| false);
    assert_eq!(found.iter().map(|(_, r)| *r).collect::<Vec<_>>(), [Role::Value]);
}

const ITEMS: &str =
    "1. In order to end bondage, each State shall:\n\n(a) punish offenders;\n\n(b) protect the safety of people.";

#[test]
fn items_inherit_their_chapeau() {
    check(
        ITEMS,
        settings(Level::Item, Reading::Rule),
        &[("bondage + - > -", 1.0), ("bondage + - > punish", 1.0), ("bondage + safety > protect", 1.0)],
    );
    let formed = formed(ITEMS, settings(Level::Item, Reading::Rule));
    let found = sentences(&formed);
    assert_eq!(found[1].parts[0][0].supply, Supply::Item);
    // The chapeau's duty governs the items.
    assert_eq!(found[1].parts[2][0].force, Force::Duty);
}

#[test]
fn in_the_whole_paragraph_the_chapeau_comes_before_other_items() {
    let formed = formed(ITEMS, PARAGRAPHS);
    let found = sentences(&formed);
    let supplies: Vec<[Option<Supply>; 3]> =
        found.iter().map(|s| s.parts.each_ref().map(|p| p.first().map(|p| p.supply))).collect();
    let (own, item, window) = (Some(Supply::Sentence), Some(Supply::Item), Some(Supply::Window));
    // Item (a) has its problem from the chapeau, its value from item (b).
    assert_eq!(supplies, [[own, window, window], [item, window, own], [item, own, own]]);
}

#[test]
fn weight_beyond_the_limit_is_stated() {
    let ids: Vec<[String; 3]> = (0..30).map(|i| ["p", "v", "b"].map(|r| format!("{r}{i}"))).collect();
    let rows: Vec<Row<'_>> = ids.iter().flatten().map(|id| (id.as_str(), &id[..1], id.as_str(), "")).collect();
    let text = rows.iter().map(|r| r.0).collect::<Vec<_>>().join(" ");
    let (book, sources) = (codebook(&rows), sources(&[text]));
    let table = count(&form(&corpus(&book, &sources), PARAGRAPHS), &[], &|_, _| true);
    assert_eq!(table.counts.len(), MAX_COMBINATIONS);
    assert!((table.omitted_weight - 7000.0 / 27_000.0).abs() < 1e-9, "{}", table.omitted_weight);
    let weight: f64 = table.counts.values().map(|c| c.weight).sum();
    assert!((weight + table.omitted_weight - 1.0).abs() < 1e-9);
}

/// Texts of words that carry parts, full stops and paragraph breaks.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(vec![
        "bondage",
        "smuggling",
        "dignity",
        "safety",
        "punish",
        "protect",
        "slave trade",
        "unacceptable",
        "not",
        "shall",
        "word",
        "word",
        ". A",
        ".\n\nA",
    ]);
    prop::collection::vec(prop::collection::vec(word, 1..40).prop_map(|w| w.join(" ") + "."), 1..6)
}

proptest! {
    // Each case compiles a matcher.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn weights_sum_to_windows_and_sources(texts in texts()) {
        let (book, sources) = (codebook(BOOK), sources(&texts));
        let formed = form(&corpus(&book, &sources), PARAGRAPHS);
        let table = count(&formed, &[], &|_, _| true);
        let sum = |f: fn(&nomoscope_core::norm::statement::StatementCount) -> f64| table.counts.values().map(f).sum::<f64>();
        let n_with = formed.windows.iter().filter(|w| !w.is_empty()).count();
        prop_assert!((sum(|c| c.weight) - table.n_windows as f64).abs() < 1e-9);
        prop_assert!((sum(|c| c.source_weight) - n_with as f64).abs() < 1e-9);
        for count in table.counts.values() {
            prop_assert!(count.weight > 0.0 && count.supplied >= 0.0 && count.supplied <= count.weight + 1e-12);
            prop_assert!(!count.passages.is_empty() && !count.windows.is_empty());
        }
    }

    #[test]
    fn the_order_of_sources_does_not_matter(texts in texts()) {
        let reversed: Vec<String> = texts.iter().rev().cloned().collect();
        let book = codebook(BOOK);
        let of = |texts: &[String]| {
            let sources = sources(texts);
            weights(&book, &count(&form(&corpus(&book, &sources), PARAGRAPHS), &[], &|_, _| true))
        };
        for (x, y) in of(&texts).iter().zip(of(&reversed)) {
            prop_assert!(x.0 == y.0 && (x.1 - y.1).abs() < 1e-9);
        }
    }
}
