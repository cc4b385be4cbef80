//! Folder to study file and back.

use crate::support::{Ids, coding, image, source, store};
use nomoscope_core::study::{
    Annotations, Case, Coder, CoderKind, CodingStatus, Direction, Event, ForeignId, Link, Member, Memo, Passage, Set,
    SourceSheet, Subject, Variable, VariableKind, VariableValue,
};
use nomoscope_core::text::Span;
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
        managed in proptest::collection::btree_map(proptest::sample::select(&MANAGED[..]), proptest::collection::vec(any::<u8>(), 0..20), 0..14),
        rows in 0usize..3,
        n_codings in 0usize..5,
        n in 0usize..4,
        number in any::<i64>(),
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
            coding.concept = word(i + 1).into();
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
            image.coders = vec![
                Coder { id: (word(8) + "1").into(), name: word(9), kind: CoderKind::ALL[rows] },
                Coder { id: (word(8) + "2").into(), name: String::new(), kind: CoderKind::Person },
            ];
        }
        if has("memos.csv") {
            image.memos = vec![Memo { id: format!("m{}", word(1)).into(), about: Subject::Study, coder: word(2).into(), created: String::new(), text: word(3) }];
        }
        if has("history.jsonl") {
            image.history = vec![Event { id: "e".to_owned(), parents: vec![word(4)], coder: word(5), time: word(6), command: word(7), forward: word(8), inverse: word(9) }];
        }
        // Without its file an annotation is not there, and neither is what refers to it.
        let (has_cases, has_sets) = (has("cases.csv"), has("sets.csv"));
        let mut all = any_annotations(&word, &image.sources[0], n, number);
        if !has("passages.csv") { all.passages.clear(); }
        if !has_cases { all.cases.clear(); }
        if !has_sets { all.sets.clear(); }
        if !has("members.csv") { all.members.clear(); }
        if !has("variables.csv") { all.variables.clear(); all.values.clear(); }
        if !has("values.csv") { all.values.clear(); }
        if !has("links.csv") { all.links.clear(); }
        if !has("foreign_ids.csv") { all.foreign.clear(); }
        let there = |subject: &Subject| match subject {
            Subject::Case(_) => has_cases && n > 0,
            Subject::Set(_) => has_sets,
            Subject::Passage(_) => !all.passages.is_empty(),
            Subject::Memo(_) => has("memos.csv"),
            Subject::Coding(_) => has("codings.csv") && n_codings > 0,
            _ => true,
        };
        all.members.retain(|m| there(&m.of) && there(&m.member));
        all.values.retain(|v| there(&v.of));
        all.links.retain(|l| there(&l.from) && there(&l.to));
        all.foreign.retain(|f| there(&f.of));
        image.annotations = all;
        image
    }
}

/// Annotations of every kind on the things of [`any_image`], with anything in all fields.
fn any_annotations(
    word: &dyn Fn(usize) -> String,
    source: &nomoscope_core::study::Source,
    n: usize,
    number: i64,
) -> Annotations {
    let case = |i: usize| Subject::Case(format!("{i}{}", word(i)).into());
    let texts = ["0.50", "-3e2"].map(|decimal| (VariableKind::Decimal, decimal.to_owned()));
    let values = [
        (VariableKind::Text, word(7)),
        (VariableKind::Integer, number.to_string()),
        (VariableKind::Date, "1926-09".to_owned()),
        (VariableKind::Boolean, (number > 0).to_string()),
    ];
    let values: Vec<(VariableKind, String)> = values.into_iter().chain(texts).collect();
    let ends = [
        case(0),
        Subject::Passage("p".into()),
        Subject::Memo(format!("m{}", word(1)).into()),
        Subject::Coding("c0".into()),
    ];
    let targets = [
        Subject::Study,
        Subject::Set("s".into()),
        Subject::Concept(format!("c{}", word(2)).into()),
        Subject::Source(source.path.as_str().into()),
    ];
    Annotations {
        passages: vec![Passage {
            id: "p".into(),
            source: source.path.as_str().into(),
            span: Span::new(0, source.document.text.len() as u32),
            quote: source.document.text.clone(),
            name: word(3),
            coder: word(4).into(),
            created: word(5),
        }],
        cases: (0..n).map(|i| Case { id: case(i).id().into(), name: word(i), description: word(i + 1) }).collect(),
        sets: vec![Set { id: "s".into(), name: word(6), description: word(7) }],
        members: ends.iter().map(|end| Member { of: Subject::Set("s".into()), member: end.clone() }).collect(),
        variables: (0..values.len())
            .map(|i| Variable {
                id: format!("v{i}").into(),
                name: word(i),
                kind: values[i].0,
                description: word(i + 2),
            })
            .collect(),
        values: values
            .iter()
            .enumerate()
            .map(|(i, (kind, text))| VariableValue {
                variable: format!("v{i}").into(),
                of: ends[i % ends.len()].clone(),
                value: kind.parse(text).expect("is a value"),
            })
            .collect(),
        links: ends
            .iter()
            .zip(&targets)
            .enumerate()
            .map(|(i, (from, to))| Link {
                id: format!("l{i}").into(),
                from: from.clone(),
                to: to.clone(),
                direction: Direction::ALL[i % 3],
                name: word(i + 5),
                coder: word(i).into(),
                created: word(i + 1),
            })
            .collect(),
        foreign: ends
            .iter()
            .chain(&targets)
            .map(|of| ForeignId { of: of.clone(), system: word(8), id: word(9) })
            .collect(),
    }
}

#[test]
fn a_folder_that_refers_to_nothing_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.nomo");
    let mut dangling = image();
    let of = Subject::Case("7".into());
    dangling.annotations.foreign.push(ForeignId { of, system: "dna".to_owned(), id: "3".to_owned() });
    let made = crate::support::stamped(&mut Ids(0), "new", |stamp| {
        Store::create_filled(&path, |store| store.import_folder_image(&dangling, "test 1", stamp))
    });
    assert_eq!(made.expect_err("is refused").to_string(), "`case:7` is not in the study");
    assert!(!path.exists());
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
