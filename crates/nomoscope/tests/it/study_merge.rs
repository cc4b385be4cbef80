//! Two studies as one: nothing lost, nothing twice, whoever takes in whom.

use crate::support::{put, readers, stamped};
use nomoscope_core::study::{Coder, CoderKind, CodingRecord, CodingStatus, Study};
use nomoscope_core::text::Span;
use nomoscope_desk::act::Wording;
use nomoscope_desk::study::{new_file, render};
use nomoscope_desk::{Act, Desk, load};
use nomoscope_formats::study::{codings_csv, people_csv};
use nomoscope_store::Store;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TEXTS: [&str; 3] = ["Famine calls for relief.\n", "Relief is a duty.\n", "Dams hold no famine.\n"];
const CODEBOOK: &str = "[[concept]]\nid = \"duty\"\nroles = [\"value\"]\npatterns.en = [\"duty\"]\n";

/// One coding of a made-up study.
#[derive(Debug, Clone)]
struct Made {
    text: usize,
    word: usize,
    coder: usize,
    status: usize,
    memo: usize,
    /// Whether its identity came from a common copy.
    shared: bool,
}

fn made() -> impl Strategy<Value = Made> {
    (0..3_usize, 0..2_usize, 0..3_usize, 0..3_usize, 0..3_usize, any::<bool>())
        .prop_map(|(text, word, coder, status, memo, shared)| Made { text, word, coder, status, memo, shared })
}

/// Writes a study; `number` tells its own identities and paths from those of others.
fn write(dir: &Path, number: usize, codings: &[Made], as_file: bool) -> PathBuf {
    let folder = dir.join(format!("study-{number}"));
    let path =
        |text: usize| if text == 2 { format!("sources/own-{number}.txt") } else { format!("sources/{text}.txt") };
    let texts: Vec<(String, &str)> = TEXTS.iter().enumerate().map(|(i, text)| (path(i), *text)).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    put(&folder, &[("study.toml", "title = \"T\"\nlanguage = \"en\"\n"), ("codebook.toml", CODEBOOK)]);
    put(&folder, &files);
    let mut records: BTreeMap<(usize, usize, usize), CodingRecord> = BTreeMap::new();
    for coding in codings {
        let text = TEXTS[coding.text];
        let word = text.split(' ').nth(coding.word).unwrap();
        let start = text.find(word).unwrap() as u32;
        let key = (coding.text, coding.word, coding.coder);
        let own = if coding.shared { "shared".to_owned() } else { format!("own-{number}") };
        records.entry(key).or_insert_with(|| CodingRecord {
            id: format!("{own}-{key:?}").into(),
            source: path(coding.text).into(),
            span: Span::new(start, start + word.len() as u32),
            quote: word.to_owned(),
            concept: "duty".into(),
            coder: ["ana", "ben", "lexicon"][coding.coder].into(),
            status: CodingStatus::ALL[coding.status],
            created: "2026-11-23T10:00:00Z".to_owned(),
            memo: ["", "doubtful", "ask again"][coding.memo].to_owned(),
        });
    }
    let records: Vec<CodingRecord> = records.into_values().collect();
    let texts = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let coders = ["ana", "ben"].map(|id| Coder { id: id.into(), name: id.to_owned(), kind: CoderKind::Person });
    put(
        &folder,
        &[
            ("codings.csv", &codings_csv::write(&records, &texts).unwrap()),
            ("coders.csv", &people_csv::write_coders(&coders)),
        ],
    );
    if !as_file {
        return folder;
    }
    let file = dir.join(format!("study-{number}.nomo"));
    drop(stamped(|stamp| new_file(&folder, &file, &readers(), "1", stamp)).unwrap());
    file
}

fn copy(study: &Path, to: &Path) -> PathBuf {
    if study.is_file() {
        std::fs::copy(study, to).unwrap();
        return to.to_owned();
    }
    for (path, bytes) in crate::support::tree(study) {
        let path = to.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    to.to_owned()
}

/// What is kept: texts, and codings by text, place, concept and coder with what was decided.
fn kept(study: &Study) -> (BTreeMap<String, usize>, Vec<String>) {
    let text = |path: &str| study.sources.iter().find(|s| s.path == path).map(|s| s.document.text.as_str()).unwrap();
    let mut texts = BTreeMap::new();
    study.sources.iter().for_each(|s| *texts.entry(s.document.text.clone()).or_default() += 1);
    let said = |c: &CodingRecord| {
        let status = c.status.name();
        format!("{} {:?} {} {} {status} {}", text(&c.source), c.span, c.concept, c.coder, c.memo)
    };
    let mut codings: Vec<String> = study.codings.iter().map(said).collect();
    codings.sort();
    (texts, codings)
}

fn merge(study: &Path, other: &Path) -> Option<String> {
    let act = Act::Merge { other: other.to_owned(), coders: BTreeMap::new() };
    Desk::open(study).unwrap().apply(&act, "ana").unwrap().event.map(|e| e.id)
}

fn loaded(study: &Path) -> Study {
    load::study(study).unwrap().study
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn joining_is_commutative_associative_and_idempotent(
        a in prop::collection::vec(made(), 0..8),
        b in prop::collection::vec(made(), 0..8),
        c in prop::collection::vec(made(), 0..8),
        kinds in prop::array::uniform3(any::<bool>()),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let studies: Vec<PathBuf> =
            [&a, &b, &c].into_iter().enumerate().map(|(i, made)| write(dir.path(), i, made, kinds[i])).collect();
        let [a, b, c] = &studies[..] else { unreachable!() };
        let fresh = |study: &Path, name: &str| copy(study, &dir.path().join(name));

        let (ab, ba) = (fresh(a, "ab"), fresh(b, "ba"));
        merge(&ab, b);
        merge(&ba, a);
        prop_assert_eq!(kept(&loaded(&ab)), kept(&loaded(&ba)));

        let (ab_c, bc) = (fresh(&ab, "ab_c"), fresh(b, "bc"));
        merge(&ab_c, c);
        merge(&bc, c);
        let a_bc = fresh(a, "a_bc");
        merge(&a_bc, &bc);
        prop_assert_eq!(kept(&loaded(&ab_c)), kept(&loaded(&a_bc)));

        // What is there already changes nothing, and writes no event.
        prop_assert_eq!(merge(&ab, b), None);
        prop_assert_eq!(merge(a, a), None);

        // Nothing is lost, and every coding is there once.
        let (all, one) = (loaded(&ab_c), loaded(c));
        let place = |s: &Study, c: &CodingRecord| {
            let text = s.sources.iter().find(|x| x.path == c.source.as_str()).unwrap().document.text.clone();
            (text, c.span, c.concept.clone(), c.coder.clone())
        };
        let places: Vec<_> = all.codings.iter().map(|c| place(&all, c)).collect();
        let unique: BTreeSet<_> = places.iter().cloned().collect();
        prop_assert_eq!(unique.len(), places.len());
        prop_assert!(one.codings.iter().all(|c| unique.contains(&place(&one, c))));
        prop_assert!(kept(&all).0.values().all(|n| *n == 1));
    }
}

/// One act is one undo, in a folder byte for byte.
#[test]
fn a_join_is_taken_back_by_one_undo() {
    for as_file in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let one = Made { text: 0, word: 0, coder: 0, status: 0, memo: 1, shared: false };
        let a = write(dir.path(), 0, std::slice::from_ref(&one), as_file);
        let b = write(
            dir.path(),
            1,
            &[Made { status: 1, memo: 2, ..one.clone() }, Made { coder: 2, ..one.clone() }, Made { text: 2, ..one }],
            !as_file,
        );
        put(&dir.path().join("study-1"), &[("facts/case.toml", "title = \"x\"\n")]);
        let before = loaded(&a);
        assert!(merge(&a, &b).is_some());
        let joined = loaded(&a);
        assert_eq!(joined.codings.len(), 3);
        assert_eq!(joined.codings.iter().filter(|c| c.memo == "ask again\n---\ndoubtful").count(), 1);
        let coding = joined.codings.iter().find(|c| c.memo.contains("---")).unwrap();
        assert_eq!(coding.status, CodingStatus::Rejected, "who turned it down is followed");
        Desk::open(&a).unwrap().apply(&Act::Undo, "ana").unwrap();
        let after = loaded(&a);
        assert_eq!((after.codings, after.coders, after.memos), (before.codings, before.coders, before.memos));
        assert_eq!(after.sources, before.sources);
    }
}

/// Two people under one name stay two, if one says so; concepts of the other come with their patterns.
#[test]
fn coders_get_other_names_and_concepts_come_as_they_were_written() {
    let dir = tempfile::tempdir().unwrap();
    let one = Made { text: 0, word: 0, coder: 0, status: 0, memo: 0, shared: false };
    let a = write(dir.path(), 0, std::slice::from_ref(&one), false);
    let b = write(dir.path(), 1, &[one], false);
    let theirs = "title = \"B\"\n\n# What Ben adds\n[[concept]]\nid = \"zeal\"\nroles = [\"value\"]\n[concept.patterns]\nen = [\"zeal*\"] # too wide?\n\n[[concept]]\nid = \"duty\"\nroles = [\"value\"]\npatterns.en = [\"duties\"]\n";
    put(&b, &[("codebook.toml", theirs)]);
    let act = Act::Merge { other: b, coders: BTreeMap::from([("ana".to_owned(), "eva".to_owned())]) };
    let done = Desk::open(&a).unwrap().apply(&act, "ana").unwrap();
    let coders: BTreeSet<String> = loaded(&a).codings.iter().map(|c| c.coder.to_string()).collect();
    assert_eq!(coders, BTreeSet::from(["ana".to_owned(), "eva".to_owned()]));
    let codebook = std::fs::read_to_string(a.join("codebook.toml")).unwrap();
    assert!(codebook.starts_with(CODEBOOK), "{codebook}");
    assert!(
        codebook.contains("# What Ben adds\n[[concept]]\nid = \"zeal\"") && codebook.contains("# too wide?"),
        "{codebook}"
    );
    assert!(!codebook.contains("duties"), "what is here stays: {codebook}");
    let words = done.joined.unwrap().words().join("\n");
    assert!(words.contains("1 concepts are described otherwise there, and stay as they are here: duty"), "{words}");
}

/// A file of the same name with another text comes under another name.
#[test]
fn texts_of_one_name_are_both_kept() {
    let dir = tempfile::tempdir().unwrap();
    for as_file in [false, true] {
        let dir = dir.path().join(as_file.to_string());
        let a = write(&dir, 0, &[], as_file);
        let b = write(&dir, 1, &[], false);
        put(&b, &[("sources/0.txt", "Another text.\n"), (".git/config", "[core]\n\tfsmonitor = touch /tmp/x\n")]);
        merge(&a, &b);
        let study = loaded(&a);
        let of = |path: &str| study.sources.iter().find(|s| s.path == path).map(|s| s.document.text.as_str());
        assert_eq!((of("sources/0.txt"), of("sources/0-2.txt")), (Some(TEXTS[0]), Some("Another text.\n")));
        if as_file {
            let files = render(&Store::open(&a).unwrap().folder_image().unwrap()).unwrap();
            assert!(files.keys().all(|path| !path.contains(".git")), "{:?}", files.keys());
        }
    }
}

/// One of two copies was corrected under its codings, the other was coded further: joined either way, both texts are there with
/// the codings of each on their words, in a folder and in a file.
#[test]
fn nothing_is_lost_where_one_of_two_was_corrected() {
    for (as_file, other_as_file) in [(false, false), (false, true), (true, false), (true, true)] {
        for corrected_takes_in in [true, false] {
            let dir = tempfile::tempdir().unwrap();
            let one = Made { text: 0, word: 0, coder: 0, status: 0, memo: 1, shared: true };
            let made = [one.clone(), Made { text: 1, word: 1, coder: 1, memo: 2, ..one }];
            let a = write(dir.path(), 0, &made, as_file);
            let b = write(dir.path(), 1, &made, other_as_file);
            let span = Span::new(0, 6);
            assert_eq!(span.of(TEXTS[0]), "Famine");
            let words = vec![Wording { span, was: "Famine".to_owned(), text: "A famine".to_owned() }];
            let act = Act::Correct { source: "sources/0.txt".to_owned(), changes: words, agreed: BTreeSet::new() };
            Desk::open(&a).unwrap().apply(&act, "ana").unwrap();
            let at = TEXTS[0].find("relief").unwrap() as u32;
            let (source, concept) = ("sources/0.txt".to_owned(), "duty".to_owned());
            let act = Act::Mark { source, span: Span::new(at, at + 6), concept, memo: "new".to_owned() };
            Desk::open(&b).unwrap().apply(&act, "ben").unwrap();
            let (ours, theirs) = (kept(&loaded(&a)), kept(&loaded(&b)));
            assert_ne!(ours, theirs);
            let (into, from) = if corrected_takes_in { (&a, &b) } else { (&b, &a) };
            let before = loaded(into);
            merge(into, from);
            let joined = loaded(into);
            let (texts, codings) = kept(&joined);
            for (their_texts, their_codings) in [&ours, &theirs] {
                assert!(their_texts.keys().all(|text| texts.contains_key(text)), "{texts:?}");
                let lost: Vec<_> = their_codings.iter().filter(|c| !codings.contains(c)).collect();
                assert!(lost.is_empty(), "{as_file} {other_as_file} {corrected_takes_in}: {lost:?} of {codings:?}");
            }
            for coding in &joined.codings {
                let source = joined.sources.iter().find(|s| s.path == coding.source.as_str()).unwrap();
                assert_eq!(coding.span.of(&source.document.text), coding.quote, "{coding:?}");
            }
            let ids: BTreeSet<_> = joined.codings.iter().map(|c| c.id.to_string()).collect();
            assert_eq!(ids.len(), joined.codings.len(), "each has an identity of its own");
            assert_eq!(merge(into, from), None, "again changes nothing");
            Desk::open(into).unwrap().apply(&Act::Undo, "ana").unwrap();
            assert_eq!(kept(&loaded(into)), kept(&before), "one undo takes it back");
        }
    }
}
