//! Words of a text are corrected; what was coded follows them, or is told.

use crate::support::{act, both, folder_of, held, mark, place, quotes, study};
use nomoscope_core::study::Subject;
use nomoscope_core::text::Span;
use nomoscope_desk::act::Wording;
use nomoscope_desk::study::correct::Plan;
use nomoscope_desk::{Act, Desk};
use proptest::prelude::*;
use std::collections::BTreeSet;

const SOURCE: &str = "sources/b.txt";
const TEXT: &str = "She was born in Palrmo, near the sea.\r\n\r\nIn Palrmo she worked. Then she left; nobody knew.";

fn change(desk: &Desk, source: &str, was: &str, text: &str) -> Wording {
    Wording { span: place(&study(desk), source, was), was: was.to_owned(), text: text.to_owned() }
}

fn correct(source: &str, changes: Vec<Wording>, agreed: BTreeSet<String>) -> Act {
    Act::Correct { source: source.to_owned(), changes, agreed }
}

fn texts() -> [(&'static str, &'static str); 3] {
    [("sources/a.txt", "Before."), (SOURCE, TEXT), ("sources/c.txt", "Behind.")]
}

#[test]
fn codings_memos_and_passages_follow_a_word() {
    let (dir, desks) = both(&texts());
    for desk in &desks {
        for words in ["She was", "Palrmo", "born in Palrmo, near", "In Palrmo", "nobody knew."] {
            mark(desk, SOURCE, words);
        }
        act(desk, &Act::Code { coder: "lexicon".to_owned(), codebook: None });
        act(desk, &Act::Memo { about: format!("source:{SOURCE}"), text: "read".to_owned() });
        act(desk, &Act::Finish { source: SOURCE.to_owned(), done: true });
        let before = held(desk);
        let wording = change(desk, SOURCE, "Palrmo", "Palermo");
        let plan = desk.plan(SOURCE, std::slice::from_ref(&wording)).unwrap();
        assert_eq!((plan.words.len(), plan.moved, plan.reworded.len(), plan.lost.len()), (1, 3, 2, 0), "{plan:?}");
        assert!(held(desk) == before, "a plan does nothing");
        act(desk, &correct(SOURCE, vec![wording], BTreeSet::new()));
        let after = study(desk);
        let want = ["She was", "Palermo", "born in Palermo, near", "In Palrmo", "nobody knew.", "worked"];
        assert_eq!(BTreeSet::from_iter(quotes(&after)), BTreeSet::from(want));
        assert!(after.sources.iter().map(|s| s.path.as_str()).eq(["sources/a.txt", SOURCE, "sources/c.txt"]));
        assert_eq!(after.sources[1].document.text, TEXT.replacen("Palrmo", "Palermo", 1));
        assert_eq!((after.memos.len(), after.annotations.links.len()), (1, 1));
        let log = desk.log().unwrap();
        let last = &log.last().unwrap().command;
        assert!(last.starts_with("correct ") && last.ends_with(" b.txt"), "{last}");
        let corrected = held(desk);
        act(desk, &Act::Undo);
        assert!(held(desk) == before, "one undo takes all of it back");
        act(desk, &Act::Redo);
        assert!(held(desk) == corrected);
    }
    // A file with corrected texts goes out as a folder that reads the same, and is sound.
    let out = folder_of(&desks[1], &dir.path().join("out"));
    assert!(held(&out) == held(&desks[1]));
    assert!(nomoscope_desk::doctor::examine(desks[1].path()).unwrap().is_sound());
}

#[test]
fn what_cannot_follow_is_told_first() {
    for desk in &both(&texts()).1 {
        let knew = mark(desk, SOURCE, "nobody knew.");
        let left = mark(desk, SOURCE, "she left");
        let kept = mark(desk, SOURCE, "In Palrmo");
        act(desk, &Act::Memo { about: format!("coding:{}", knew.id), text: "why?".to_owned() });
        let before = held(desk);
        let changes = || {
            vec![
                change(desk, SOURCE, " Then she left; nobody knew.", " Then he came; everybody saw it."),
                change(desk, SOURCE, "In Palrmo", "In Palermo"),
            ]
        };
        let Plan { lost, reworded, .. } = desk.plan(SOURCE, &changes()).unwrap();
        let lost: BTreeSet<&str> = lost.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(lost, BTreeSet::from([knew.id.as_str(), left.id.as_str()]));
        assert_eq!(reworded.len(), 1);
        let refused = desk.apply(&correct(SOURCE, changes(), BTreeSet::new()), "ana").unwrap_err().to_string();
        assert!(refused.contains(knew.id.as_str()) && refused.contains("nobody knew."), "{refused}");
        assert!(held(desk) == before);
        // Nobody agrees by half.
        let half = BTreeSet::from([knew.id.to_string()]);
        desk.apply(&correct(SOURCE, changes(), half), "ana").unwrap_err();
        let agreed = BTreeSet::from([knew.id.to_string(), left.id.to_string()]);
        act(desk, &correct(SOURCE, changes(), agreed));
        let after = study(desk);
        assert!(after.codings.iter().any(|c| c.id == kept.id && c.quote == "In Palermo"));
        assert!(after.sources[1].document.text.ends_with("everybody saw it."));
        act(desk, &Act::Undo);
        assert!(held(desk) == before, "words, codings and the memo on one of them are back");
    }
}

#[test]
fn words_that_are_deleted_take_their_codings_with_them() {
    for desk in &both(&texts()).1 {
        let gone = mark(desk, SOURCE, "near the sea");
        let whole = mark(desk, SOURCE, "She was born in Palrmo, near the sea.");
        let wording = change(desk, SOURCE, ", near the sea", "");
        let plan = desk.plan(SOURCE, std::slice::from_ref(&wording)).unwrap();
        assert_eq!(plan.asks(), BTreeSet::from([gone.id.to_string()]), "{plan:?}");
        assert_eq!(plan.lost[0].is, None);
        act(desk, &correct(SOURCE, vec![wording], plan.asks()));
        let after = study(desk);
        assert_eq!(quotes(&after), ["She was born in Palrmo."]);
        assert_eq!(after.codings[0].id, whole.id);
    }
}

#[test]
fn a_file_of_another_form_becomes_plain_text_if_that_is_agreed_to() {
    let html = "<html lang=\"en\"><head><title>Talk</title></head><body><h1>One</h1><p>Born in Pal<b>rmo</b> in May.</p><p>She left.</p></body></html>";
    for desk in &both(&[("sources/a.html", html), ("sources/b.txt", "Behind.")]).1 {
        let source = "sources/a.html";
        mark(desk, source, "May");
        act(desk, &Act::Memo { about: format!("source:{source}"), text: "read".to_owned() });
        let before = held(desk);
        // Where the words stand as they are, they are changed where they stand.
        act(desk, &correct(source, vec![change(desk, source, "She left", "She stayed")], BTreeSet::new()));
        assert!(study(desk).sources[0].path == source);
        act(desk, &Act::Undo);
        let wording = change(desk, source, "Palrmo", "Palermo");
        let plan = desk.plan(source, std::slice::from_ref(&wording)).unwrap();
        assert_eq!(plan.plain.as_deref(), Some(source));
        desk.apply(&correct(source, vec![wording.clone()], BTreeSet::new()), "ana").unwrap_err();
        act(desk, &correct(source, vec![wording], plan.asks()));
        let after = study(desk);
        assert_eq!((after.sources[0].path.as_str(), after.sources[0].title.as_str()), ("sources/a.txt", "Talk"));
        assert!(after.sources[0].document.text.contains("Palermo"));
        assert_eq!((after.codings[0].source.as_str(), after.codings[0].quote.as_str()), ("sources/a.txt", "May"));
        assert_eq!(after.memos[0].about, Subject::Source("sources/a.txt".into()));
        act(desk, &Act::Undo);
        assert!(held(desk) == before);
    }
}

#[test]
fn a_row_of_a_table_is_corrected_in_its_cell() {
    let table = "id,text\n1,\"In Palrmo, she said \"\"no\"\".\"\n2,In Palrmo he stayed.\n";
    let sheet = "path,text_column,id_column\nsources/t.csv,text,id\n";
    for desk in &both(&[("sources/t.csv", table), ("sources.csv", sheet)]).1 {
        mark(desk, "sources/t.csv#1", "no");
        mark(desk, "sources/t.csv#2", "stayed");
        let wording = change(desk, "sources/t.csv#2", "Palrmo", "Palermo, Sicily");
        let refused = desk.plan("sources/t.csv#2", std::slice::from_ref(&wording)).unwrap_err().to_string();
        // A comma in a cell without quotation marks would be a cell of its own.
        assert!(refused.contains("cannot be changed word by word"), "{refused}");
        let wording = change(desk, "sources/t.csv#2", "Palrmo", "Palermo");
        act(desk, &correct("sources/t.csv#2", vec![wording], BTreeSet::new()));
        let after = study(desk);
        assert_eq!(after.sources[1].document.text, "In Palermo he stayed.");
        assert_eq!(after.sources[0].document.text, "In Palrmo, she said \"no\".");
        assert_eq!(BTreeSet::from_iter(quotes(&after)), BTreeSet::from(["no", "stayed"]));
    }
}

#[test]
fn what_was_changed_meanwhile_is_not_changed_back() {
    for desk in &both(&texts()).1 {
        let wording = change(desk, SOURCE, "Palrmo", "Palermo");
        act(desk, &correct(SOURCE, vec![wording.clone()], BTreeSet::new()));
        let refused = desk.apply(&correct(SOURCE, vec![wording], BTreeSet::new()), "ana").unwrap_err().to_string();
        assert!(refused.contains("changed meanwhile"), "{refused}");
        // Nothing to change is no change.
        let same = change(desk, SOURCE, "Palermo", "Palermo");
        assert_eq!(act(desk, &correct(SOURCE, vec![same], BTreeSet::new())).event, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn what_stands_outside_of_an_edit_keeps_its_words(
        words in proptest::collection::vec("[a-z\u{e9}\u{1e25}]{1,7}", 4..14),
        put in "[a-z \u{6211}.,]{0,12}",
        at in (0..14usize, 0..14usize), coded in (0..14usize, 0..14usize)
    ) {
        let text = format!("{}.", words.join(" "));
        let range = |(a, b): (usize, usize)| (a.min(b) % words.len(), a.max(b) % words.len());
        let span = |(from, to): (usize, usize)| {
            let (from, to) = (from.min(to), from.max(to));
            let start = words[..from].iter().map(|w| w.len() + 1).sum::<usize>();
            let end = words[..=to].iter().map(|w| w.len() + 1).sum::<usize>() - 1;
            Span::new(start as u32, end as u32)
        };
        let (edited, coded) = (span(range(at)), span(range(coded)));
        let (_dir, desks) = both(&[("sources/a.txt", &text)]);
        let mut seen = Vec::new();
        for desk in &desks {
            let source = "sources/a.txt".to_owned();
            act(desk, &Act::Mark { source: source.clone(), span: coded, concept: "place".to_owned(), memo: String::new() });
            let before = held(desk);
            let wording = Wording { span: edited, was: edited.of(&text).to_owned(), text: put.clone() };
            let Ok(plan) = desk.plan(&source, std::slice::from_ref(&wording)) else { continue };
            let done = act(desk, &correct(&source, vec![wording], plan.asks()));
            let after = study(desk);
            let new = format!("{}{put}{}", &text[..edited.start as usize], &text[edited.end as usize..]);
            prop_assert_eq!(&after.sources[0].document.text, &new);
            if !edited.overlaps(coded) {
                prop_assert_eq!(quotes(&after), vec![coded.of(&text)]);
            }
            // Whatever became of it, it says what stands at its place.
            for coding in &after.codings {
                prop_assert_eq!(coding.span.of(&new), &coding.quote);
            }
            seen.push(after.codings.iter().map(|c| (c.span, c.quote.clone())).collect::<Vec<_>>());
            if done.event.is_some() {
                act(desk, &Act::Undo);
                prop_assert!(held(desk) == before);
            }
        }
        prop_assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", seen);
    }
}
