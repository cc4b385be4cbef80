//! Opening what is no study file, and study files in a bad state.

use crate::support::{Ids, image, stamped, store};
use nomoscope_store::{Store, StoreError, Wanted, Way};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[track_caller]
fn check(result: Result<Store, StoreError>, want: &str) {
    let error = result.expect_err("is refused").to_string();
    assert!(error.ends_with(want), "{error}");
}

#[test]
fn what_is_no_study_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.nomo");
    check(Store::open(&path), "x.nomo: no such file");
    assert!(!path.exists());
    check(Store::open(dir.path()), "is a folder, not a study file");
    for bytes in [&b""[..], b"title = 'x'", &[0; 4096]] {
        fs::write(&path, bytes).unwrap();
        check(Store::open(&path), "x.nomo: is not a study file");
        check(Store::open_read_only(&path), "x.nomo: is not a study file");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::write(&path, [&b"SQLite format 3\0"[..], &[7; 4096]].concat()).unwrap();
    check(Store::open(&path), "x.nomo: is not a study file");
    fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t(x)").unwrap();
    check(Store::open(&path), "is a database of another program");
}

#[test]
fn a_file_of_a_newer_version() {
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    let path = made.path().to_owned();
    drop(made);
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    check(Store::open(&path), "was written by a newer version (format 99; this program knows 4)");
}

/// The tables that version 1 had and version 2 has no more or not yet.
const BACK_TO_1: &str =
    "DROP TABLE word; DROP TABLE version; ALTER TABLE source DROP COLUMN version; DROP TABLE record;
CREATE TABLE attachment(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, about TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES blob(hash), hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
PRAGMA user_version = 1";

/// An index of version 3 may lack words as they are now.
const BACK_TO_3: &str = "INSERT INTO word(word) VALUES ('delete-all'); PRAGMA user_version = 3";

#[test]
fn a_file_of_an_older_version_is_brought_up_to_date() {
    let ways = [(BACK_TO_1, 1), (BACK_TO_3, 3)];
    for ((back, from), read_only) in ways.into_iter().flat_map(|way| [false, true].map(|only| (way, only))) {
        let open = |path: &Path| if read_only { Store::open_read_only(path) } else { Store::open(path) };
        let dir = tempfile::tempdir().unwrap();
        let made = store(dir.path(), &image(), &mut Ids(0));
        let path = made.path().to_owned();
        drop(made);
        let older = Connection::open(&path).unwrap();
        older.execute_batch(back).unwrap();
        drop(older);
        let version = |path: &Path| -> i64 {
            let conn = Connection::open(path).unwrap();
            conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
        };
        let opened = open(&path).expect("opens");
        assert_eq!(opened.folder_image().expect("reads"), image());
        let geneva = Way { words: ["geneve".to_owned()].into(), ..Way::default() };
        let found = opened.can_hold(&Wanted { parts: vec![vec![geneva]] }).expect("asks the index");
        assert!(found.expect("knows").contains("sources/a.txt"), "its words are in the index");
        let kept = opened.kept().expect("is kept as it was").to_owned();
        drop(opened);
        assert_eq!((version(&path), version(&kept)), (4, from));
        assert!(kept.ends_with(format!("study.version-{from}.nomo")), "{kept:?}");
        // A second file of that name is another state: nothing that was kept is written over.
        fs::copy(&kept, &path).unwrap();
        let before = fs::read(&kept).unwrap();
        let again = open(&path).expect("opens again").kept().expect("kept again").to_owned();
        assert!(
            again.ends_with(format!("study.version-{from}-2.nomo")) && fs::read(&kept).unwrap() == before,
            "{again:?}"
        );
        assert!(open(&path).expect("is new").kept().is_none());
    }
}

#[test]
fn a_file_with_other_tables_or_triggers() {
    for tamper in [
        "DROP TRIGGER event_no_delete",
        "CREATE TABLE more(x)",
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM meta; END",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let made = store(dir.path(), &image(), &mut Ids(0));
        let path = made.path().to_owned();
        drop(made);
        Connection::open(&path).unwrap().execute_batch(tamper).unwrap();
        check(Store::open(&path), "is damaged: its tables or triggers are not those of a study file");
    }
}

#[test]
fn contents_that_contradict_each_other() {
    for (tamper, want) in [
        ("UPDATE coding SET stop = 999 WHERE id = '1'", "coding `1` does not fit its text"),
        ("UPDATE coding SET start = 1 WHERE id = '1'", "coding `1` does not fit its text"),
        ("UPDATE source SET described = '{'", "source `sources/a.txt`"),
        ("INSERT INTO record VALUES (1, 'r', 'k', NULL, '{}', 0)", "a passage, case, variable or link"),
        ("INSERT INTO coder VALUES (9, 'x', '', 'robot', 0)", "coder `x`"),
        ("INSERT INTO memo VALUES (9, 'x', 'nothing', '', '', '', 0)", "memo `x`"),
        ("UPDATE source_row SET cells = '[]'", "a row of sources.csv"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let made = store(dir.path(), &image(), &mut Ids(0));
        let path = made.path().to_owned();
        drop(made);
        Connection::open(&path).unwrap().execute_batch(tamper).unwrap();
        let error = Store::open(&path).unwrap().folder_image().expect_err("is damaged");
        assert!(error.to_string().ends_with(want), "{error}");
    }
}

#[test]
fn changed_bytes_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    made.verify().expect("is whole");
    let conn = Connection::open(made.path()).unwrap();
    conn.execute_batch("UPDATE source SET text_hash = 'x'").unwrap();
    drop(conn);
    assert!(matches!(made.verify(), Err(StoreError::Damaged { .. })));
}

#[test]
fn the_log_is_append_only() {
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    let conn = Connection::open(made.path()).unwrap();
    for sql in ["UPDATE event SET time = ''", "DELETE FROM event", "DELETE FROM source", "DELETE FROM blob"] {
        assert!(conn.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn a_locked_file() {
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    let path = made.path().to_owned();
    drop(made);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    check(Store::open(&path), "is being changed by another program");
    fs::write(dir.path().join(".study.nomo.holder"), "ana (process 1, since noon: code)").unwrap();
    check(Store::open(&path), "is being changed by ana (process 1, since noon: code)");
    assert!(Store::open_read_only(&path).is_ok_and(|s| s.load().is_ok()));
}

/// A copy of a study file in the middle of a change, with its journal: what a kill leaves behind.
fn killed(dir: &Path) -> std::path::PathBuf {
    let made = store(dir, &image(), &mut Ids(0));
    let path = made.path().to_owned();
    drop(made);
    let conn = Connection::open(&path).unwrap();
    // A cache of one page makes SQLite write into the file before the change is complete.
    conn.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE meta SET value = 'broken'; CREATE TABLE filler(x);")
        .unwrap();
    for _ in 0..200 {
        conn.execute("INSERT INTO filler VALUES (hex(randomblob(2000)))", []).unwrap();
    }
    let copy = dir.join("killed.nomo");
    fs::copy(&path, &copy).unwrap();
    fs::copy(dir.join("study.nomo-journal"), dir.join("killed.nomo-journal")).unwrap();
    copy
}

#[test]
fn a_change_that_was_killed_is_taken_back_by_whoever_reads_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = killed(dir.path());
    let read = Store::open_read_only(&path).expect("recovers");
    assert_eq!(read.folder_image().unwrap(), image());
    assert_eq!(read.log().unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_killed_change_that_cannot_be_taken_back_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = killed(dir.path());
    for file in ["killed.nomo", "killed.nomo-journal"] {
        fs::set_permissions(dir.path().join(file), fs::Permissions::from_mode(0o400)).unwrap();
    }
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        println!("skipped: this user may write everything");
        return;
    }
    let error = Store::open_read_only(&path).expect_err("is half changed");
    assert!(matches!(error, StoreError::Interrupted(_)), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.plain().contains("-journal")));
}

#[test]
fn what_a_killed_process_left_half_made_is_cleaned() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("study.nomo");
    let names = [".study.nomo.unfinished", ".study.nomo.unfinished-journal", ".study.nomo.unfinished.lock"];
    let leave = || names.iter().for_each(|name| fs::write(dir.path().join(name), "half").unwrap());
    let left = || fs::read_dir(dir.path()).unwrap().count();
    leave();
    let gone = Store::tidy(&path).unwrap();
    assert_eq!((gone.len(), left()), (2, 0));
    leave();
    drop(store(dir.path(), &image(), &mut Ids(0)));
    assert_eq!(left(), 1, "the study file alone");
    // Left-overs of another name beside it, and the folder through which a template once went.
    fs::create_dir_all(dir.path().join(".back.unfinished/sources")).unwrap();
    fs::write(dir.path().join(".back.unfinished.lock"), "").unwrap();
    let template = dir.path().join("t.nomo-01234567-89ab-4cde-8f01-23456789abcd");
    fs::create_dir(&template).unwrap();
    fs::write(template.join("study.toml"), "").unwrap();
    assert_eq!(Store::tidy(&path).unwrap().len(), 2);
    assert_eq!(left(), 1);
    // What somebody is at work on stays.
    let lock = fs::File::create(dir.path().join(".back.unfinished.lock")).unwrap();
    lock.lock().unwrap();
    fs::create_dir(dir.path().join(".back.unfinished")).unwrap();
    assert!(Store::tidy(&path).unwrap().is_empty());
    assert!(dir.path().join(".back.unfinished").exists());
}

#[cfg(unix)]
#[test]
fn what_a_study_is_made_of_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("study");
    let files = BTreeMap::from([("sources/a.txt".to_owned(), b"a".to_vec())]);
    nomoscope_store::disk::write_folder(&target, &files, false).unwrap();
    let edits = BTreeMap::from([("lists/b.csv".to_owned(), Some(b"b".to_vec()))]);
    nomoscope_store::disk::edit_folder(&target, &edits).unwrap();
    for path in ["", "sources", "sources/a.txt", "lists", "lists/b.csv"] {
        let mode = fs::metadata(target.join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path}: {mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    let path = made.path().to_owned();
    drop(made);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "others may not read it");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        println!("skipped: this user may write everything");
        return;
    }
    check(Store::open(&path), "is read-only");
    assert!(Store::open_read_only(&path).is_ok());
}

#[test]
fn a_new_file_appears_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let mut bad = image();
    bad.codings[0].quote = "other words".to_owned();
    let path = dir.path().join("study.nomo");
    let refused =
        stamped(&mut Ids(0), "new", |stamp| Store::create_filled(&path, |s| s.import_folder_image(&bad, "1", stamp)));
    assert!(matches!(refused, Err(StoreError::Misplaced(_))));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    fs::write(&path, "precious").unwrap();
    check(Store::create(&path), "exists already");
    let refused = Store::create_filled(&path, |_| Ok::<(), StoreError>(()));
    check(refused, "exists already");
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["../x", "/x", "a\\b", "c:x"] {
        let mut bad = image();
        bad.files.insert(path.to_owned(), Vec::new());
        let refused = stamped(&mut Ids(0), "new", |stamp| {
            let file = dir.path().join("study.nomo");
            Store::create_filled(&file, |s| s.import_folder_image(&bad, "1", stamp))
        });
        assert!(matches!(refused, Err(StoreError::Path { .. })), "{path}");
    }
}

#[test]
fn a_hostile_file_does_not_write_outside() {
    for path in ["../out.txt", "/tmp/nomoscope-out.txt", "sources/../../out.txt"] {
        let dir = tempfile::tempdir().unwrap();
        let made = store(dir.path(), &image(), &mut Ids(0));
        let conn = Connection::open(made.path()).unwrap();
        let tamper = "UPDATE file SET path = ?1 WHERE path = 'README.md'";
        conn.execute(tamper, [path]).unwrap();
        let files = made.folder_image().unwrap().files;
        let target = dir.path().join("a/b");
        assert!(nomoscope_store::disk::write_folder(&target, &files, false).is_err());
        assert!(nomoscope_store::disk::write_folder(&target, &files, true).is_err());
        assert!(!target.exists() && !dir.path().join("out.txt").exists());
    }
}
