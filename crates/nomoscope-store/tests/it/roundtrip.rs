//! Folder to study file and back.

use crate::support::{Ids, coding, image, source, store};
use nomoscope_core::study::{Coder, CodingStatus, Event, Memo, SourceSheet};
use nomoscope_store::{FolderImage, MANAGED, Store, file_of};
use proptest::prelude::*;

#[test]
fn what_came_in_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    let made = store(dir.path(), &image(), &mut Ids(0));
    assert_eq!(made.folder_image().expect("reads"), image());
    let path = made.path().to_owned();
    drop(made);
    let again = Store::open_read_only(&path).expect("opens");
    assert_eq!(again.folder_image().expect("reads"), image());
    assert_eq!(again.file("study.toml").unwrap().as_deref(), Some(&b"title = 'x'"[..]));
    let hashes = again.source_hashes().unwrap();
    // printf 'né à Genève' | sha256sum (GNU coreutils 9.1)
    assert_eq!(hashes[0].text, SHA256_OF_TEXT);
    assert_eq!(hashes[0].bytes, SHA256_OF_TEXT);
    assert_eq!(hashes[0].extractor, "test 1");
}

const SHA256_OF_TEXT: &str = "958c1167012f2014e1d1406b3f6ad7915cd040c9225533da9545e22adc47b60a";

#[test]
fn the_file_of_a_row() {
    let is_file = |path: &str| matches!(path, "a.csv" | "a.csv#1" | "b#.csv");
    assert_eq!(file_of("a.csv", is_file), Some("a.csv"));
    assert_eq!(file_of("a.csv#1", is_file), Some("a.csv#1"));
    assert_eq!(file_of("a.csv#2#3", is_file), Some("a.csv"));
    assert_eq!(file_of("a.csv#1#3", is_file), Some("a.csv#1"));
    assert_eq!(file_of("b#.csv#x", is_file), Some("b#.csv"));
    assert_eq!(file_of("c#x", is_file), None);
}

prop_compose! {
    /// A folder with two sources, one of them a table of two rows, and anything in all fields.
    fn any_image()(
        texts in proptest::collection::vec(any::<String>(), 3),
        words in proptest::collection::vec(any::<String>(), 12),
        others in proptest::collection::btree_map("(facts|lists|docs)/[a-zé文 ]{1,8}", proptest::collection::vec(any::<u8>(), 0..20), 0..4),
        managed in proptest::collection::btree_map(proptest::sample::select(&MANAGED[..]), proptest::collection::vec(any::<u8>(), 0..20), 0..5),
        rows in 0usize..3,
        n_codings in 0usize..5,
        lexicon in any::<bool>(),
    ) -> FolderImage {
        let word = |i: usize| words[i % words.len()].clone();
        let paths = ["sources/a é.txt", "sources/t.csv#1", "sources/t.csv#row 2"];
        let sources: Vec<_> = paths.iter().zip(&texts).map(|(path, text)| {
            let mut source = source(path, text);
            source.title = word(0);
            source.kind = (rows > 0).then(|| word(1));
            source.attributes.insert(word(2), word(3));
            source.document.title = Some(word(4));
            source
        }).collect();
        let codings = (0..n_codings).map(|i| {
            let source = &sources[i % 3];
            let end = source.document.text.char_indices().nth(i).map_or(source.document.text.len(), |(at, _)| at);
            let mut coding = coding(&format!("c{i}"), source, 0, end as u32, if lexicon { "lexicon" } else { "ana" });
            coding.memo = word(i);
            coding.concept = word(i + 1);
            coding.status = CodingStatus::Suggested;
            coding
        }).collect();
        let mut files = others;
        files.insert("study.toml".to_owned(), word(5).into_bytes());
        files.insert("codebook.toml".to_owned(), word(6).into_bytes());
        files.insert("sources/a é.txt".to_owned(), texts[0].clone().into_bytes());
        files.insert("sources/t.csv".to_owned(), Vec::new());
        files.extend(managed.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone())));
        let has = |path: &str| managed.contains_key(path);
        let sheet = SourceSheet {
            columns: vec!["path".to_owned(), word(7) + "x", word(7) + "y"],
            rows: (0..rows).map(|i| vec![format!("p{i}"), word(i), word(i + 1)]).collect(),
        };
        let mut image = FolderImage { files, sources: sources.into(), ..FolderImage::default() };
        // What a folder can hold: without the file there is nothing that it would have said.
        if has("sources.csv") { image.sheet = Some(sheet); }
        if has("codings.csv") { image.codings = codings; }
        if has("coders.csv") {
            image.coders = vec![Coder { id: word(8) + "1", name: word(9), kind: word(10) }, Coder { id: word(8) + "2", name: String::new(), kind: "person".to_owned() }];
        }
        if has("memos.csv") {
            image.memos = vec![Memo { id: word(1), about: "study".to_owned(), coder: word(2), created: String::new(), text: word(3) }];
        }
        if has("history.jsonl") {
            image.history = vec![Event { id: "e".to_owned(), parents: vec![word(4)], coder: word(5), time: word(6), command: word(7), forward: word(8), inverse: word(9) }];
        }
        image
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_a_folder_holds_comes_back(image in any_image()) {
        let dir = tempfile::tempdir().unwrap();
        let made = store(dir.path(), &image, &mut Ids(0));
        prop_assert_eq!(made.folder_image().expect("reads"), image);
        made.verify().expect("is whole");
    }
}
