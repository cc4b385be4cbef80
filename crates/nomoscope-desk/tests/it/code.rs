//! A lexicon codes again: what people did with its codings stays theirs.

use crate::support::{act, both, study};
use nomoscope_core::study::CodingStatus;
use nomoscope_desk::doctor::examine;
use nomoscope_desk::{Act, Desk, study::make};
use std::collections::BTreeSet;

fn code(desk: &Desk) {
    act(desk, &Act::Code { coder: "lexicon".to_owned(), codebook: None });
}

/// Changes `codings.csv` by hand, and returns the folder with a file made of it.
fn by_hand(dir: &tempfile::TempDir, folder: &Desk, change: impl Fn(&str) -> String) -> [Desk; 2] {
    let table = folder.path().join("codings.csv");
    std::fs::write(&table, change(&std::fs::read_to_string(&table).unwrap())).unwrap();
    let file = dir.path().join("changed.nomo");
    make::from_folder(folder.path(), &file, None).unwrap();
    [folder.clone(), Desk::open(&file).unwrap()]
}

#[test]
fn a_coding_that_somebody_made_their_own_keeps_its_id_and_the_lexicon_finds_another() {
    let (dir, [folder, _]) = both(&[("sources/a.txt", "They work at work.\n")]);
    code(&folder);
    let theirs = |table: &str| {
        let owned = table.replace("lexicon", "eva");
        assert_ne!(owned, table);
        owned
    };
    for desk in by_hand(&dir, &folder, theirs) {
        let before = study(&desk).codings;
        code(&desk);
        assert!(examine(desk.path()).unwrap().is_sound(), "{:?}", desk.path());
        let after = study(&desk).codings;
        let ids: BTreeSet<&str> = after.iter().map(|c| c.id.as_str()).collect();
        assert_eq!((after.len(), ids.len()), (4, 4));
        assert!(before.iter().all(|c| after.contains(c)));
        // The same again is no change, and one undo takes it back.
        code(&desk);
        assert_eq!(study(&desk).codings, after);
        act(&desk, &Act::Undo);
        assert_eq!(study(&desk).codings, before);
    }
}

#[test]
fn a_suggestion_stays_one_until_somebody_accepts_it() {
    let (dir, [folder, _]) = both(&[("sources/a.txt", "They work at work.\n")]);
    code(&folder);
    for desk in by_hand(&dir, &folder, |table| table.replacen("accepted", "suggested", 1)) {
        act(&desk, &Act::EditCodebook { toml: crate::support::CODEBOOK.replace("\"work*\"", "\"work*\", \"they\"") });
        code(&desk);
        let of = |status| study(&desk).codings.iter().filter(|c| c.status == status).count();
        assert_eq!((of(CodingStatus::Suggested), of(CodingStatus::Accepted)), (1, 2));
    }
}

/// A coding by hand gets another place or concept, keeps its note and what is said of it, and one undo takes it back.
#[test]
fn a_coding_is_moved_with_its_notes() {
    let (_dir, desks) = both(&[("sources/a.txt", "They work at work, and rest.\n")]);
    for desk in desks {
        let span = |from, to| Some(nomoscope_core::text::Span::new(from, to));
        let mark = |from: u32, to: u32| Act::Mark {
            source: "sources/a.txt".to_owned(),
            span: nomoscope_core::text::Span::new(from, to),
            concept: "work".to_owned(),
            memo: "look again".to_owned(),
        };
        act(&desk, &mark(5, 9));
        let before = study(&desk);
        let id = before.codings[0].id.to_string();
        act(&desk, &Act::Memo { about: format!("coding:{id}"), text: "why?".to_owned() });
        let noted = study(&desk);
        let recode = |to| Act::Recode { coding: id.clone(), span: to, concept: None };
        act(&desk, &recode(span(0, 9)));
        let after = study(&desk);
        let [moved] = &after.codings[..] else { panic!("{:?}", after.codings) };
        assert_eq!(
            (&*moved.quote, &*moved.memo, moved.coder.as_str()),
            ("They work", "look again", before.codings[0].coder.as_str())
        );
        assert_eq!(after.memos[0].about.to_string(), format!("coding:{}", moved.id));
        act(&desk, &Act::Undo);
        let back = study(&desk);
        assert_eq!((&back.codings, &back.memos), (&noted.codings, &noted.memos));
        // To where it is already nothing moves; where there is one of the same kind, one is left; others' codings stay theirs.
        assert!(desk.apply(&recode(span(5, 9)), "ana").is_err() || study(&desk).codings == noted.codings);
        act(&desk, &mark(13, 17));
        act(&desk, &recode(span(13, 17)));
        assert_eq!(study(&desk).codings.len(), 1);
        let other = Act::Recode { coding: study(&desk).codings[0].id.to_string(), span: span(0, 4), concept: None };
        assert!(desk.apply(&other, "somebody else").unwrap_err().to_string().contains("who alone"));
        let unknown = Act::Recode {
            coding: study(&desk).codings[0].id.to_string(),
            span: None,
            concept: Some("nothing".to_owned()),
        };
        assert!(desk.apply(&unknown, &study(&desk).codings[0].coder.to_string()).is_err());
    }
}
