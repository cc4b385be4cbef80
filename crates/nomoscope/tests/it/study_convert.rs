//! A folder on disk to a study file and back.

use crate::support::{put, readers, stamped, study, tree};
use nomoscope_core::study::{Coder, CoderKind, CodingRecord};
use nomoscope_desk::study::{export_folder, load_file, new_file, read_folder, read_image, render};
use nomoscope_store::{Stamp, Store};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

const CODINGS: &str = "id,source,start,end,quote,concept,coder,status,created,memo\r\n\"1\",sources/a.txt,3,4,à,place,ana,,,\"x, \"\"y\"\"\"\r\n";

fn folder() -> tempfile::TempDir {
    study(&[
        ("codebook.toml", "# mine\r\n"),
        ("sources.csv", "\u{feff}\"path\",title,note\r\nsources/a.txt,A,\"two\r\nlines\"\r\nsources/t.csv,,\r\n"),
        ("sources/a.txt", "né à Genève\r\n"),
        ("sources/t.csv", "id,text\n1,one\n2 b,two\n"),
        ("sources/unlisted.txt", "x"),
        ("codings.csv", CODINGS),
        ("coders.csv", "id,name\nana,Ana\n"),
        ("memos.csv", "id,about,text\n1,source:sources/t.csv#2 b,\"m\"\n2,case:7,x\n"),
        ("passages.csv", "id,source,start,end,quote\np,sources/a.txt,5,11,Genève\n"),
        ("cases.csv", "id,name\r\n7,\"Ms A\"\r\n"),
        ("sets.csv", "id\ns\n"),
        ("members.csv", "of,member\ncase:7,passage:p\nset:s,memo:2\n"),
        ("variables.csv", "id,kind\nage,integer\n"),
        ("values.csv", "variable,of,value\nage,case:7,012\n"),
        ("links.csv", "id,from,to\nl,passage:p,coding:1\n"),
        ("foreign_ids.csv", "of,system,id\ncoder:ana,refi-qda,{6F96}\n"),
        ("history.jsonl", "{\"id\":\"h\",\"coder\":\"ana\",\"time\":\"\",\"command\":\"add\"}\n"),
        ("facts/case.toml", ""),
        ("lists/a.csv", "x\n"),
        (".gitignore", "*.nomo\n"),
    ])
}

fn into_file(dir: &Path, file: &Path) -> Store {
    stamped(|t| new_file(dir, file, &readers(), "1", t)).expect("makes a file").0
}

#[test]
fn a_folder_comes_back_the_same() {
    let dir = folder();
    let out = tempfile::tempdir().unwrap();
    let store = into_file(dir.path(), &out.path().join("s.nomo"));
    let left_out = export_folder(&store, &out.path().join("back"), false).expect("exports");
    assert_eq!(left_out.keys().collect::<Vec<_>>(), [".gitignore"], "nothing hidden leaves a study file");
    let mut plain = tree(dir.path());
    plain.remove(".gitignore");
    assert_eq!(tree(&out.path().join("back")), plain);
    assert!(export_folder(&store, &out.path().join("back"), false).is_err());
    export_folder(&store, &out.path().join("back"), true).expect("exports");
    let (from_folder, from_file) = (read_folder(dir.path(), &readers()).unwrap(), load_file(&store).unwrap());
    assert_eq!(from_file.study, from_folder.study);
    assert_eq!(from_file.codebook, from_folder.codebook);
    for (path, hash) in &from_file.hashes {
        assert_eq!(from_folder.hashes.get(path), Some(hash), "{path}");
    }
}

#[test]
fn what_changed_in_the_file_is_written_anew_and_the_rest_stays() {
    let dir = folder();
    let out = tempfile::tempdir().unwrap();
    let mut store = into_file(dir.path(), &out.path().join("s.nomo"));
    let study = store.load().unwrap();
    let lexicon = Coder { id: "lexicon".into(), name: "lexicon".to_owned(), kind: CoderKind::Lexicon };
    let coding = CodingRecord {
        id: "l1".into(),
        source: "sources/t.csv#2 b".into(),
        quote: "two".to_owned(),
        span: nomoscope_core::text::Span::new(0, 3),
        memo: String::new(),
        ..study.codings[0].clone()
    };
    let mut stamp = Stamp {
        coder: "ana",
        time: "2026-11-23T10:00:00Z",
        command: "code",
        new_id: &mut {
            let mut n = 0;
            move || {
                n += 1;
                format!("new-{n}")
            }
        },
    };
    store.put_codings(&lexicon, &[coding], &mut stamp).expect("codes");
    let back = out.path().join("back");
    export_folder(&store, &back, false).expect("exports");
    let (old, new) = (tree(dir.path()), tree(&back));
    let changed: Vec<&String> = new.keys().filter(|p| old.get(*p) != new.get(*p)).collect();
    assert_eq!(changed, ["coders.csv", "codings.csv", "history.jsonl"]);
    // What was exported says the same as what was in the file.
    let loaded = read_folder(&back, &readers()).expect("reads");
    assert!(loaded.notes.iter().all(|n| n.file == "sources"), "{:?}", loaded.notes);
    let kept = load_file(&store).unwrap();
    assert_eq!(loaded.study.codings.len(), 2);
    assert_eq!(loaded.study, kept.study);
    let (image, _) = read_image(&back, &readers()).unwrap();
    assert_eq!(image.history.len(), 2);
    assert_eq!(image.history[1].parents, ["h"]);
    // And after an undo everything but the log is byte for byte what it was.
    store.undo(stamp.coder, &|_| Default::default(), &mut stamp).expect("undoes");
    let files = render(&store.folder_image().unwrap()).unwrap();
    let changed: Vec<&String> = files.keys().filter(|p| old.get(*p) != files.get(*p)).collect();
    assert_eq!(changed, ["history.jsonl"]);
}

#[test]
fn a_study_file_inside_a_folder_is_left_out() {
    let dir = folder();
    let first = dir.path().join("s.nomo");
    drop(into_file(dir.path(), &first));
    let out = tempfile::tempdir().unwrap();
    let (image, notes) = read_image(dir.path(), &readers()).unwrap();
    assert!(!image.files.contains_key("s.nomo"));
    assert!(notes.iter().any(|n| n.file == "s.nomo"));
    into_file(dir.path(), &out.path().join("t.nomo"));
}

#[test]
fn a_bad_folder_makes_no_file() {
    let dir = folder();
    put(dir.path(), &[("sources.csv", "path\nsources/gone.txt\n")]);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("s.nomo");
    assert!(stamped(|t| new_file(dir.path(), &file, &readers(), "1", t)).is_err());
    assert!(tree(out.path()).is_empty());
}

fn cell() -> impl Strategy<Value = String> {
    "[a-zé文\u{1f600},\"' \r\n;=]{0,8}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Any folder that can be read comes back byte for byte; and written anew from what it means, it means the same.
    #[test]
    fn any_folder_comes_back(
        title in "[a-zé文\"\\\\ ]{1,12}",
        texts in proptest::collection::vec(cell(), 1..4),
        cells in proptest::collection::vec(cell(), 6),
        others in proptest::collection::btree_map("(facts|lists|docs/x)/[a-zé文]{1,8}", proptest::collection::vec(any::<u8>(), 0..20), 0..3),
        crlf in any::<bool>(), bom in any::<bool>(), quote_all in any::<bool>(),
    ) {
        let csv = |rows: Vec<Vec<String>>| -> Vec<u8> {
            let end = if crlf { "\r\n" } else { "\n" };
            let quoted = |c: &String| if quote_all || c.contains([',', '"', '\n', '\r']) || c.is_empty() { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
            let lines: Vec<String> = rows.iter().map(|r| r.iter().map(quoted).collect::<Vec<_>>().join(",") + end).collect();
            [if bom { "\u{feff}" } else { "" }.as_bytes(), lines.concat().as_bytes()].concat()
        };
        let row = |cells: &[&str]| cells.iter().map(|c| c.to_string()).collect::<Vec<String>>();
        let mut files: BTreeMap<String, Vec<u8>> = others;
        let meta = nomoscope_core::study::StudyMeta { title: format!("t{title}"), ..Default::default() };
        files.insert("study.toml".to_owned(), nomoscope_formats::study::study_toml::write(&meta).into_bytes());
        let mut sheet = vec![row(&["path", "note", "title"])];
        let mut codings = vec![row(&["id", "source", "start", "end", "quote", "concept", "coder", "status", "created", "memo"])];
        let mut memos = vec![row(&["id", "about", "coder", "created", "text"]), row(&["s", "study", "", "", &cells[5]])];
        for (i, text) in texts.iter().enumerate() {
            let path = format!("sources/{i} é.txt");
            files.insert(path.clone(), text.clone().into_bytes());
            sheet.push(row(&[&path, &cells[0], &cells[i + 1]]));
            let n = text.chars().count();
            codings.push(row(&[&i.to_string(), &path, &(n / 2).to_string(), &n.to_string(), &text.chars().skip(n / 2).collect::<String>(), "c", "ana", "rejected", "", &cells[4]]));
            memos.push(row(&[&i.to_string(), &format!("source:{path}"), "ana", "", &cells[3]]));
        }
        files.insert("sources.csv".to_owned(), csv(sheet));
        files.insert("codings.csv".to_owned(), csv(codings));
        files.insert("memos.csv".to_owned(), csv(memos));
        let first = "source:sources/0 é.txt";
        let len = texts[0].chars().count().to_string();
        for (path, header, rows) in [
            ("passages.csv", "id source start end quote name coder created", vec![["p", "sources/0 é.txt", "0", &len, &texts[0], &cells[0], "ana", ""].to_vec()]),
            ("cases.csv", "id name description", vec![vec!["7", &cells[1], &cells[2]], vec!["8", "", ""]]),
            ("sets.csv", "id name description", vec![vec!["s", &cells[2], &cells[3]]]),
            ("members.csv", "of member", vec![vec!["case:7", first], vec!["case:8", "passage:p"], vec!["set:s", "memo:s"]]),
            ("variables.csv", "id name kind description", vec![vec!["age", &cells[3], "integer", ""], vec!["note", "", "text", &cells[4]]]),
            ("values.csv", "variable of value", vec![vec!["age", "case:7", "-12"], vec!["note", "link:l", &cells[5]]]),
            ("links.csv", "id from to direction name coder created", vec![vec!["l", "coding:0", "memo:0", "one_way", &cells[0], "", "2026-11-23"]]),
            ("foreign_ids.csv", "of system id", vec![vec!["concept:c", "dna", "3"], vec![first, "refi-qda", "{6F96}"]]),
        ] {
            let header: Vec<&str> = header.split(' ').collect();
            files.insert(path.to_owned(), csv(std::iter::once(header).chain(rows).map(|cells| row(&cells)).collect()));
        }
        let dir = tempfile::tempdir().unwrap();
        nomoscope_store::disk::write_folder(dir.path(), &files, false).unwrap();

        let out = tempfile::tempdir().unwrap();
        let store = into_file(dir.path(), &out.path().join("s.nomo"));
        // What no study has a file of comes back, too, but not as a file.
        let mut back = export_folder(&store, &out.path().join("back"), false).unwrap();
        prop_assert!(back.keys().all(|path| !path.contains('.')));
        back.extend(tree(&out.path().join("back")));
        prop_assert_eq!(&back, &files);

        let mut anew = store.folder_image().unwrap();
        for path in nomoscope_store::MANAGED.into_iter().filter(|path| files.contains_key(*path)) {
            anew.files.remove(path);
            anew.stale.insert(path.to_owned());
        }
        nomoscope_store::disk::write_folder(&out.path().join("anew"), &render(&anew).unwrap(), false).unwrap();
        let (read, _) = read_image(&out.path().join("anew"), &readers()).unwrap();
        prop_assert_eq!(read.annotations, anew.annotations);
        prop_assert_eq!((read.sources, read.codings, read.memos, read.sheet), (anew.sources, anew.codings, anew.memos, anew.sheet));
    }
}
