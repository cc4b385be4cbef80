//! Changes, the log, and taking them back.

use crate::support::{Ids, coding, image, lexicon, source, stamped, store};
use nomoscope_core::study::{
    Annotation, Case, Coder, CoderKind, CodingRecord, CodingStatus, Direction, Link, Member, Memo, Passage, Subject,
    Value, Variable, VariableKind, VariableValue,
};
use nomoscope_core::text::Span;
use nomoscope_store::{Addition, Change, FolderImage, Stamp, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// The store reads no codebook: whoever asks says what one holds.
fn no_concepts(_: &[u8]) -> BTreeSet<String> {
    BTreeSet::new()
}

type Step = fn(&mut Store, &mut Stamp<'_>) -> Result<Option<Change>, StoreError>;

fn addition() -> Addition {
    Addition {
        files: BTreeMap::from([
            ("sources/b.txt".to_owned(), b"women".to_vec()),
            ("sources/t.csv".to_owned(), b"id,text".to_vec()),
        ]),
        sources: vec![
            source("sources/b.txt", "women"),
            source("sources/t.csv#1", "one"),
            source("sources/t.csv#2", "two"),
        ],
        rows: vec![BTreeMap::from([
            ("path".to_owned(), "sources/b.txt".to_owned()),
            ("region".to_owned(), "Asia".to_owned()),
        ])],
    }
}

fn by_ana() -> CodingRecord {
    let mut record = coding("9", &source("sources/a.txt", "né à Genève"), 7, 14, "ana");
    record.quote = "Genève".to_owned();
    record
}

fn by_lexicon(n: u32) -> Vec<CodingRecord> {
    let source = source("sources/a.txt", "né à Genève");
    (0..n).map(|i| coding(&format!("l{i}"), &source, 0, 3 + i, "x")).filter(|c| !c.quote.is_empty()).collect()
}

fn memo() -> Memo {
    Memo {
        id: "m".into(),
        about: "source:sources/a.txt".parse().unwrap(),
        coder: "ana".into(),
        created: String::new(),
        text: "x".to_owned(),
    }
}

fn passage() -> Passage {
    Passage {
        id: "p".into(),
        source: "sources/a.txt".into(),
        span: Span::new(7, 14),
        quote: "Genève".to_owned(),
        name: String::new(),
        coder: "ana".into(),
        created: String::new(),
    }
}

fn case(name: &str) -> Annotation {
    Annotation::Case(Case { id: "7".into(), name: name.to_owned(), description: String::new() })
}

fn link(id: &str, from: &str, to: &str) -> Annotation {
    let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
    let (name, coder, created) = (String::new(), "ana".into(), String::new());
    Annotation::Link(Link { id: id.into(), from, to, direction: Direction::OneWay, name, coder, created })
}

fn minor(value: bool) -> Annotation {
    let of = Subject::Case("7".into());
    Annotation::Value(VariableValue { variable: "minor".into(), of, value: Value::Boolean(value) })
}

fn variable() -> Annotation {
    let (name, description) = ("Minor".to_owned(), String::new());
    Annotation::Variable(Variable { id: "minor".into(), name, kind: VariableKind::Boolean, description })
}

fn member() -> Annotation {
    Annotation::Member(Member { of: Subject::Case("7".into()), member: Subject::Passage("p".into()) })
}

const STEPS: [(&str, Step); 20] = [
    ("add", |s, t| s.add_sources(&addition(), "test 1", t)),
    ("code", |s, t| s.put_codings(&lexicon(), &by_lexicon(2), t)),
    ("reject lexicon", |s, t| s.set_coding_status("l0", CodingStatus::Rejected, t)),
    ("code again", |s, t| s.put_codings(&lexicon(), &by_lexicon(4), t)),
    ("coding", |s, t| s.add_coding(&by_ana(), t)),
    ("reject", |s, t| s.set_coding_status("9", CodingStatus::Rejected, t)),
    ("coder", |s, t| {
        let bo = Coder { id: "bo".into(), name: "Bo".to_owned(), kind: CoderKind::Person };
        s.add_coder(&bo, t)
    }),
    ("memo", |s, t| s.add_memo(&memo(), t)),
    ("memo on a coding", |s, t| s.set_coding_memo("9", "why?", t)),
    ("passage", |s, t| s.put_annotation(&Annotation::Passage(passage()), t)),
    ("case", |s, t| s.put_annotation(&case("Ms A"), t)),
    ("case again", |s, t| s.put_annotation(&case("Ms B"), t)),
    ("variable", |s, t| s.put_annotation(&variable(), t)),
    ("value", |s, t| s.put_annotation(&minor(true), t)),
    ("member", |s, t| s.put_annotation(&member(), t)),
    ("link", |s, t| s.put_annotation(&link("l", "passage:p", "coding:1"), t)),
    ("link of a memo", |s, t| s.put_annotation(&link("l2", "memo:m", "study"), t)),
    ("remove case", |s, t| s.remove_annotation(&case(""), t)),
    ("codebook", |s, t| s.put_file("codebook.toml", Some(b"[[concept]]"), t)),
    ("remove", |s, t| s.remove_source("sources/a.txt", t)),
];

#[test]
fn every_change_can_be_taken_back_and_is_logged() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    let mut states = vec![made.folder_image().unwrap()];
    for (name, step) in STEPS {
        let change = stamped(&mut ids, name, |t| step(&mut made, t)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(change.is_some(), "{name}");
        let state = made.folder_image().unwrap();
        assert_ne!(states.last(), Some(&state), "{name}");
        states.push(state);
    }
    let last = states.pop().unwrap();
    assert!(last.sources.iter().all(|s| s.path != "sources/a.txt") && last.codings.is_empty() && last.memos.is_empty());
    let left = &last.annotations;
    assert!(left.passages.is_empty() && left.links.is_empty(), "they hang on the source that was removed");
    assert!(left.members.is_empty() && left.values.is_empty(), "they hang on the case that was removed");
    assert_eq!(left.variables.len(), 1);
    for (name, _) in STEPS.iter().rev() {
        let change = stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(change.undone.as_deref(), Some(*name));
        let (mut state, mut want) = (made.folder_image().unwrap(), states.pop().unwrap());
        // The log only grows.
        assert!(state.history.len() > want.history.len());
        for image in [&mut state, &mut want] {
            image.history.clear();
            image.stale.remove("history.jsonl");
        }
        assert_eq!(state, want, "{name}");
    }
    let nothing = stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t));
    assert!(matches!(nothing, Err(StoreError::NothingToUndo)));
    let log = made.log().unwrap();
    assert_eq!(log.len(), 1 + 2 * STEPS.len());
    for pair in log.windows(2) {
        assert_eq!(pair[1].parents, [pair[0].id.clone()]);
    }
    assert_eq!(made.codebook_versions().unwrap().len(), 2);
    made.verify().expect("is whole");
}

#[test]
fn an_undone_change_can_be_followed_by_another() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    stamped(&mut ids, "add", |t| made.add_sources(&addition(), "1", t)).unwrap();
    stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).unwrap();
    stamped(&mut ids, "add again", |t| made.add_sources(&addition(), "1", t)).unwrap();
    assert_eq!(made.load().unwrap().sources.len(), 4);
    let undone = stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).unwrap();
    assert_eq!(undone.undone.as_deref(), Some("add again"));
    assert!(stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).is_err());
}

fn after(
    step: impl FnOnce(&mut Store, &mut Stamp<'_>) -> Result<Option<Change>, StoreError>,
) -> (Result<Option<Change>, StoreError>, FolderImage, usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    let result = stamped(&mut ids, "step", |t| step(&mut made, t));
    (result, made.folder_image().unwrap(), made.log().unwrap().len())
}

#[track_caller]
fn check_refused(step: impl FnOnce(&mut Store, &mut Stamp<'_>) -> Result<Option<Change>, StoreError>, want: &str) {
    let (result, state, n_events) = after(step);
    assert_eq!(result.expect_err("is refused").to_string(), want);
    assert_eq!((state, n_events), (image(), 1), "nothing changed");
}

#[test]
fn what_is_refused_changes_nothing() {
    check_refused(
        |s, t| {
            let mut again = addition();
            again.files.insert("sources/a.txt".to_owned(), Vec::new());
            s.add_sources(&again, "1", t)
        },
        "`sources/a.txt` is in the study already",
    );
    check_refused(
        |s, t| {
            let mut orphan = addition();
            orphan.files.remove("sources/t.csv");
            s.add_sources(&orphan, "1", t)
        },
        "`sources/t.csv#1` is no source of the study",
    );
    check_refused(
        |s, t| {
            let mut out = addition();
            out.files.insert("../x".to_owned(), Vec::new());
            s.add_sources(&out, "1", t)
        },
        "`../x`: the path contains `..`",
    );
    check_refused(|s, t| s.remove_source("sources/x", t), "`sources/x` is no source of the study");
    check_refused(|s, t| s.set_coding_status("x", CodingStatus::Rejected, t), "there is no coding `x`");
    check_refused(
        |s, t| s.add_coding(&CodingRecord { id: "1".into(), ..by_ana() }, t),
        "coding `1` is in the study already",
    );
    check_refused(
        |s, t| s.add_coding(&CodingRecord { id: "2".into(), ..by_ana() }, t),
        "coding `2` is in the study already",
    );
    check_refused(
        |s, t| s.add_coding(&CodingRecord { quote: "x".to_owned(), ..by_ana() }, t),
        "coding `9` does not fit the text of its source",
    );
    check_refused(
        |s, t| s.add_coding(&CodingRecord { source: "x".into(), ..by_ana() }, t),
        "`x` is no source of the study",
    );
    check_refused(
        |s, t| {
            let ana = Coder { id: "ana".into(), ..lexicon() };
            s.put_codings(&ana, &by_lexicon(2), t)
        },
        "coder `ana` codes by hand",
    );
    check_refused(
        |s, t| s.put_annotation(&Annotation::Passage(Passage { quote: "x".to_owned(), ..passage() }), t),
        "passage `p` does not fit the text of its source",
    );
    check_refused(
        |s, t| s.put_annotation(&link("l", "source:sources/x", "study"), t),
        "`sources/x` is no source of the study",
    );
    check_refused(|s, t| s.put_annotation(&link("l", "coding:9", "study"), t), "`coding:9` is not in the study");
    check_refused(|s, t| s.put_annotation(&minor(true), t), "`variable:minor` is not in the study");
    check_refused(|s, t| s.remove_annotation(&case("x"), t), "`case 7` is not in the study");
    check_refused(
        |s, t| s.add_memo(&Memo { about: Subject::Link("l".into()), ..memo() }, t),
        "`link:l` is not in the study",
    );
    check_refused(|s, t| s.put_file("cases.csv", None, t), "`cases.csv` is in the study already");
    check_refused(|s, t| s.put_file("codings.csv", None, t), "`codings.csv` is in the study already");
    check_refused(|s, t| s.put_file("sources/a.txt", None, t), "`sources/a.txt` is in the study already");
}

#[test]
fn a_row_of_a_table_goes_only_with_its_table() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    stamped(&mut ids, "add", |t| made.add_sources(&addition(), "1", t)).unwrap();
    let refused = stamped(&mut ids, "rm", |t| made.remove_source("sources/t.csv#1", t));
    assert!(matches!(refused, Err(StoreError::RowOfTable(_))));
    stamped(&mut ids, "rm", |t| made.remove_source("sources/t.csv", t)).unwrap();
    let state = made.folder_image().unwrap();
    let paths: Vec<&str> = state.sources.iter().map(|s| s.path.as_str()).collect();
    assert_eq!(paths, ["sources/a.txt", "sources/b.txt"]);
    assert!(!state.files.contains_key("sources/t.csv"));
    let sheet = state.sheet.unwrap();
    assert_eq!(sheet.columns, ["path", "note", "region"]);
    assert_eq!(sheet.rows, [["sources/a.txt", "x", ""], ["sources/b.txt", "", "Asia"]]);
    assert_eq!(state.stale, BTreeSet::from(["sources.csv", "history.jsonl"].map(str::to_owned)));
}

#[test]
fn a_sheet_is_made_when_a_source_needs_a_row() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut plain = image();
    plain.sheet = None;
    plain.files.remove("sources.csv");
    let mut made = store(dir.path(), &plain, &mut ids);
    stamped(&mut ids, "add", |t| made.add_sources(&addition(), "1", t)).unwrap();
    let sheet = made.folder_image().unwrap().sheet.unwrap();
    assert_eq!(sheet.columns, ["path", "title", "kind", "date", "region"]);
    let paths: Vec<&str> = sheet.rows.iter().map(|r| r[0].as_str()).collect();
    assert_eq!(paths, ["sources/a.txt", "sources/b.txt", "sources/t.csv"]);
    stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).unwrap();
    assert_eq!(made.folder_image().unwrap().sheet, None);
    let bare = Addition { rows: Vec::new(), ..addition() };
    stamped(&mut ids, "add", |t| made.add_sources(&bare, "1", t)).unwrap();
    assert_eq!(made.folder_image().unwrap().sheet, None);
}

#[test]
fn the_lexicon_replaces_its_codings_and_keeps_what_a_person_decided() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    let ids_of = |made: &Store| -> Vec<(String, CodingStatus)> {
        made.load().unwrap().codings.into_iter().map(|c| (c.id.to_string(), c.status)).collect()
    };
    use CodingStatus::{Accepted, Rejected};
    // The coding `2` came with the folder, from the lexicon.
    stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &by_lexicon(1), t)).unwrap();
    assert_eq!(ids_of(&made), [("1".to_owned(), Accepted), ("l0".to_owned(), Accepted)]);
    stamped(&mut ids, "reject", |t| made.set_coding_status("l0", CodingStatus::Rejected, t)).unwrap();
    let same = stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &by_lexicon(1), t)).unwrap();
    assert_eq!(same, None, "the same codings are no change");
    stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &by_lexicon(2), t)).unwrap();
    assert_eq!(ids_of(&made), [("1".to_owned(), Accepted), ("l0".to_owned(), Rejected), ("l1".to_owned(), Accepted)]);
    stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &[], t)).unwrap();
    assert_eq!(ids_of(&made), [("1".to_owned(), Accepted), ("l0".to_owned(), Rejected)]);
    let by_hand = CodingRecord { coder: "lexicon".into(), ..by_ana() };
    assert!(stamped(&mut ids, "coding", |t| made.add_coding(&by_hand, t)).is_err());
}

#[test]
fn the_same_again_is_no_change() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    assert!(stamped(&mut ids, "case", |t| made.put_annotation(&case("x"), t)).unwrap().is_some());
    assert_eq!(stamped(&mut ids, "case", |t| made.put_annotation(&case("x"), t)).unwrap(), None);
    let state = made.folder_image().unwrap();
    assert_eq!(state.annotations.cases.len(), 1);
    assert_eq!(state.stale, BTreeSet::from(["cases.csv", "history.jsonl"].map(str::to_owned)));
}

#[test]
fn what_was_taken_back_is_done_again_until_something_else_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    let paths = |made: &Store| made.load().unwrap().sources.len();
    let nothing = stamped(&mut ids, "redo", |t| made.redo(t.coder, &no_concepts, t));
    assert!(matches!(nothing, Err(StoreError::NothingToRedo)));
    stamped(&mut ids, "add", |t| made.add_sources(&addition(), "1", t)).unwrap();
    stamped(&mut ids, "memo", |t| made.add_memo(&memo(), t)).unwrap();
    for _ in 0..2 {
        for want in ["memo", "add"] {
            assert_eq!(
                stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).unwrap().undone.as_deref(),
                Some(want)
            );
        }
        assert_eq!(paths(&made), 1);
        for want in ["add", "memo"] {
            assert_eq!(
                stamped(&mut ids, "redo", |t| made.redo(t.coder, &no_concepts, t)).unwrap().undone.as_deref(),
                Some(want)
            );
        }
        assert_eq!((paths(&made), made.load().unwrap().memos.len()), (4, 1));
    }
    stamped(&mut ids, "undo", |t| made.undo(t.coder, &no_concepts, t)).unwrap();
    stamped(&mut ids, "reject", |t| made.set_coding_status("1", CodingStatus::Rejected, t)).unwrap();
    assert!(matches!(
        stamped(&mut ids, "redo", |t| made.redo(t.coder, &no_concepts, t)),
        Err(StoreError::NothingToRedo)
    ));
}

#[test]
fn a_rejection_and_its_memo_outlive_a_run_that_does_not_find_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Ids(0);
    let mut made = store(dir.path(), &image(), &mut ids);
    stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &by_lexicon(2), t)).unwrap();
    stamped(&mut ids, "reject", |t| made.set_coding_status("l0", CodingStatus::Rejected, t)).unwrap();
    stamped(&mut ids, "memo", |t| made.set_coding_memo("l0", "a place, not an act", t)).unwrap();
    stamped(&mut ids, "memo", |t| made.set_coding_memo("l1", "look again", t)).unwrap();
    let lost: Vec<String> = made.not_found("lexicon", &[]).unwrap().into_iter().map(|c| c.id.to_string()).collect();
    assert_eq!(lost, ["l1"], "a rejection does not have to be found again");
    let change = stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &[], t)).unwrap();
    assert_eq!(change, None, "all of them were decided on");
    // A run under other identities finds the same place.
    let again: Vec<CodingRecord> =
        by_lexicon(2).into_iter().map(|c| CodingRecord { id: format!("new-{}", c.id).into(), ..c }).collect();
    stamped(&mut ids, "code", |t| made.put_codings(&lexicon(), &again, t)).unwrap();
    let said: Vec<(String, CodingStatus, String)> =
        made.load().unwrap().codings.into_iter().skip(1).map(|c| (c.id.to_string(), c.status, c.memo)).collect();
    assert_eq!(
        said,
        [
            ("l0".to_owned(), CodingStatus::Rejected, "a place, not an act".to_owned()),
            ("l1".to_owned(), CodingStatus::Accepted, "look again".to_owned()),
        ]
    );
}
