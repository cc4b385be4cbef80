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
