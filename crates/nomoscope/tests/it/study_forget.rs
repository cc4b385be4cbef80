//! Erasure and pseudonyms: nothing of what goes is in the study afterwards, and what stays keeps its place.

use crate::support::{put, stamped, tree};
use nomoscope_core::text::Span;
use nomoscope_desk::study::{names, new_file};
use nomoscope_desk::{Act, Desk, load};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TEXT: &str = "Amina: I was born on 3 May 2004.\nAmina Diallo met Mr. Weber in Bamako. AMINA paid a debt.\nAmina: They sold me.\n";
const OTHER: &str = "A debt is a debt.\n";

/// A study with somebody in every place where a name can stand, and a past in which she stands, too.
fn study(dir: &Path, as_file: bool) -> PathBuf {
    let folder = dir.join("study");
    put(
        &folder,
        &[
            ("study.toml", "title = \"Talks with Amina Diallo\"\n"),
            (
                "codebook.toml",
                "# as Amina Diallo put it\n[[concept]]\nid = \"debt\"\nroles = [\"problem\"]\npatterns.en = [\"debt\"]\n",
            ),
            ("sources.csv", "path,title,guide\nsources/amina-diallo.txt,Amina Diallo,Amina\nsources/other.md,Other,\n"),
            ("sources/amina-diallo.txt", TEXT),
            ("sources/other.md", &format!("---\nsaid_by: Amina Diallo\n---\n{OTHER}")),
            ("cases.csv", "id,name,description\namina-diallo,Amina Diallo,came alone\n"),
            ("members.csv", "of,member\ncase:amina-diallo,source:sources/amina-diallo.txt\n"),
            ("memos.csv", "id,about,coder,created,text\nm1,case:amina-diallo,ana,,Amina was afraid.\n"),
            ("facts/case.toml", "# amina diallo\ntitle = \"x\"\n"),
        ],
    );
    let path = if as_file {
        let file = dir.join("study.nomo");
        drop(stamped(|stamp| new_file(&folder, &file, &load::readers(), "1", stamp)).unwrap());
        file
    } else {
        folder
    };
    let desk = Desk::open(&path).unwrap();
    let mark = |start: u32, end: u32, memo: &str| {
        let (source, concept) = ("sources/amina-diallo.txt".to_owned(), "debt".to_owned());
        let act = Act::Mark { source, span: Span::new(start, end), concept, memo: memo.to_owned() };
        desk.apply(&act, "ana").unwrap();
    };
    let at = TEXT.find("Mr. Weber in").unwrap() as u32;
    mark(at, at + 9, "Amina Diallo said so");
    let at = TEXT.find("paid a debt").unwrap() as u32;
    mark(at, at + 11, "");
    let at = TEXT.find("Diallo met").unwrap() as u32;
    mark(at, at + 10, "");
    path
}

/// Returns the files of a study, or the file itself, that hold some words in small letters or capitals.
fn holding(study: &Path, words: &str) -> Vec<String> {
    let files = if study.is_dir() {
        tree(study)
    } else {
        BTreeMap::from([("study.nomo".to_owned(), std::fs::read(study).unwrap())])
    };
    let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase().contains(words);
    files
        .iter()
        .filter(|(path, bytes)| has(bytes) || path.to_lowercase().contains(words))
        .map(|(p, _)| p.clone())
        .collect()
}

#[test]
fn who_is_forgotten_is_nowhere() {
    for as_file in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = study(dir.path(), as_file);
        assert!(!holding(&path, "diallo").is_empty());
        let desk = Desk::open(&path).unwrap();
        let done = desk.apply(&Act::Forget { what: "Amina Diallo".to_owned() }, "ana").unwrap();
        assert_eq!(done.rewritten.unwrap().places, 1);
        desk.apply(&Act::Forget { what: "amina".to_owned() }, "ana").unwrap();
        for words in ["amina", "diallo"] {
            assert_eq!(holding(&path, words), Vec::<String>::new(), "{words} {as_file}");
        }
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, if as_file { 2 } else { 1 }, "nothing is left beside it");
        let opened = load::study(&path).unwrap().study;
        let quotes: BTreeSet<&str> = opened.codings.iter().map(|c| c.quote.as_str()).collect();
        assert_eq!(quotes, BTreeSet::from(["Mr. Weber", "paid a debt", "[erased] met"]));
        assert_eq!(opened.annotations.members.len(), 1, "the case keeps its source");
        assert_eq!(opened.memos[0].text, "[erased] was afraid.");
        let log: Vec<String> = desk.log().unwrap().into_iter().map(|event| event.command).collect();
        assert_eq!(
            log.last().unwrap(),
            &format!("forget {} (something was erased)", path.file_name().unwrap().display())
        );
        let erasures = log.iter().filter(|command| command.starts_with("forget")).count();
        assert_eq!(erasures, 2, "a second erasure keeps the record of the first: {log:?}");
        assert!(desk.apply(&Act::Undo, "ana").is_err(), "it cannot be taken back");
        // Life goes on, and so does undo.
        let source = opened.sources[0].path.clone();
        let act = Act::Mark { source, span: Span::new(0, 3), concept: "debt".to_owned(), memo: String::new() };
        desk.apply(&act, "ana").unwrap();
        desk.apply(&Act::Undo, "ana").unwrap();
        assert_eq!(load::study(&path).unwrap().study.codings, opened.codings);
    }
}

#[test]
fn a_source_that_is_forgotten_is_nowhere_and_no_words_are_refused() {
    for as_file in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = study(dir.path(), as_file);
        let desk = Desk::open(&path).unwrap();
        // What was removed and taken back is in the past.
        desk.apply(&Act::RemoveSource { path: "sources/amina-diallo.txt".to_owned() }, "ana").unwrap();
        desk.apply(&Act::Undo, "ana").unwrap();
        let before = desk.revision().unwrap();
        assert!(desk.apply(&Act::Forget { what: "Fatou".to_owned() }, "ana").is_err());
        assert_eq!(desk.revision().unwrap(), before, "nothing is changed by a refusal");
        let act = Act::Forget { what: "sources/amina-diallo.txt".to_owned() };
        let done = desk.apply(&act, "ana").unwrap().rewritten.unwrap();
        assert_eq!((done.sources, done.codings), (1, 3));
        assert_eq!(holding(&path, "they sold me"), Vec::<String>::new());
        assert_eq!(load::study(&path).unwrap().study.sources.len(), 1);
    }
}

#[test]
fn pseudonyms_take_the_place_of_names() {
    for as_file in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = study(dir.path(), as_file);
        let desk = Desk::open(&path).unwrap();
        let names = [
            ("Amina Diallo", "[person 1]"),
            ("Amina", "[person 1]"),
            ("Diallo", "[person 1]"),
            ("Bamako", "[place 1]"),
        ];
        let names = names.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        // A comment in small letters is no name, and is told by nobody: it is changed by hand first.
        desk.apply(
            &Act::PutFile { path: "facts/case.toml".to_owned(), bytes: Some(b"title = \"x\"\n".to_vec()) },
            "ana",
        )
        .unwrap();
        desk.apply(&Act::Pseudonymise { names }, "ana").unwrap();
        for words in ["amina", "diallo", "bamako"] {
            assert_eq!(holding(&path, words), Vec::<String>::new(), "{words}");
        }
        let opened = load::study(&path).unwrap().study;
        assert!(opened.meta.pseudonymised);
        let source = opened.sources.iter().find(|s| s.path == "sources/person-1.txt").unwrap();
        assert!(
            source
                .document
                .text
                .starts_with("[person 1]: I was born on 3 May 2004.\n[person 1] met Mr. Weber in [place 1].")
        );
        assert!(opened.codings.iter().any(|c| c.quote == "[person 1] met"));
    }
}

/// Texts of our own in which it is known what tells who somebody is: half of the names are on no list.
fn interviews() -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let people = [
        ("Amina Diallo", "Amina"),
        ("Oyelaran Adebisi", "Oyelaran"),
        ("Maria Kowalczyk", "Maria"),
        ("Tshering Wangmo", "Tshering"),
        ("Elena Dumitrescu", "Elena"),
        ("Zawadi Mutua", "Zawadi"),
        ("Ngozi Eze", "Ngozi"),
        ("Lunga Sithole", "Lunga"),
    ];
    let rest = [
        (
            "Mr. Okonkwo",
            "Okonkwo",
            "Benin City",
            "+234 803 555 0142",
            "A04417735",
            "12 March 2019",
            "friend7@example.org",
        ),
        ("Mrs. Brandt", "Brandt", "Lagos", "0171 555 0199", "PX882134", "03/05/2018", "help.desk@example.net"),
    ];
    let mut out = Vec::new();
    for (i, (full, given)) in people.into_iter().enumerate() {
        let (titled, surname, place, phone, paper, date, mail) = rest[i % 2];
        let text = format!(
            "Interviewer: Who are you?\n{given}: My name is {full}. I left home when I was sixteen.\nInterviewer: Who helped you?\n{given}: {titled} took my passport, number {paper}, in {place}. He said that the debt would grow.\nThe police came on {date}. After that {full} called {phone} every day. Nobody answered.\n{given}: Write to {mail} if you hear of my sister. The Court did not ask. Article 3 of the Protocol was read to us. Trafficking is a crime in every State.\n"
        );
        let known = vec![
            (full, "name"),
            (given, "name"),
            (surname, "name"),
            (place, "place"),
            (phone, "phone"),
            (paper, "id"),
            (date, "date"),
            (mail, "mail"),
        ];
        out.push((text, known));
    }
    out
}

#[test]
fn proposals_on_texts_with_known_names() {
    let interviews = interviews();
    let texts: Vec<(&str, &str)> = interviews.iter().map(|(text, _)| ("x", text.as_str())).collect();
    let proposals = names::propose(&texts, &BTreeMap::new());
    let known: BTreeSet<(&str, &str)> = interviews.iter().flat_map(|(_, known)| known.iter().copied()).collect();
    let found: BTreeSet<(&str, &str)> = proposals.iter().map(|p| (p.found.as_str(), p.kind)).collect();
    let sure: BTreeSet<(&str, &str)> =
        proposals.iter().filter(|p| p.is_sure).map(|p| (p.found.as_str(), p.kind)).collect();
    // Surnames are parts of full names that are known: right as well.
    let right =
        |f: &&(&str, &str)| known.iter().any(|(k, kind)| *kind == f.1 && (*k == f.0 || k.split(' ').any(|w| w == f.0)));
    let missed: Vec<_> = known.difference(&found).collect();
    let wrong: Vec<_> = found.iter().filter(|f| !right(f)).collect();
    let wrongly_sure: Vec<_> = sure.iter().filter(|f| !right(f)).collect();
    println!(
        "known {}, found {}, missed {missed:?}, wrong {wrong:?}, wrongly sure {wrongly_sure:?}",
        known.len(),
        found.len()
    );
    assert!(missed.is_empty(), "{missed:?}");
    assert!(wrongly_sure.is_empty(), "{wrongly_sure:?}");
    assert!(wrong.len() * 10 <= found.len(), "{wrong:?}");
    let of = |name: &str| proposals.iter().find(|p| p.found == name).map(|p| p.replacement.clone());
    assert_eq!(of("Amina"), of("Amina Diallo"), "forms of one name have one pseudonym");
    assert_ne!(of("Amina"), of("Elena"));
}

fn program(arguments: &[&str], dir: &Path, given: &str) -> (bool, String, String) {
    use std::io::Write;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_nomoscope"))
        .args(arguments)
        .current_dir(dir)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // A command that asks for nothing may be done before it is told.
    let _ = child.stdin.take().unwrap().write_all(given.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// The way that a person goes: a table, decisions, pseudonyms, a key, and no name gets out.
#[cfg(target_os = "linux")]
#[test]
fn names_are_proposed_confirmed_replaced_and_kept_from_getting_out() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("s");
    put(&folder, &[("study.toml", "title = \"T\"\n"), ("sources/a.txt", TEXT)]);
    let run = |arguments: &[&str], given: &str| program(arguments, dir.path(), given);
    let (ok, _, talk) = run(&["pseudonymise", "s", "--out", "names.csv"], "");
    assert!(ok, "{talk}");
    let table = std::fs::read_to_string(dir.path().join("names.csv")).unwrap();
    assert!(table.contains("yes,name,Amina Diallo,[person 1],"), "{table}");
    let apply = ["pseudonymise", "s", "--apply", "names.csv", "--key", "k", "--passphrase-fd", "0"];
    let (ok, _, talk) = run(&apply, "four words for nobody\n");
    assert!(!ok && talk.contains("is not decided"), "{talk}");
    std::fs::write(dir.path().join("names.csv"), table.replace("\n,", "\nno,")).unwrap();
    let (ok, _, talk) = run(&apply, "short\n");
    assert!(!ok && talk.contains("at least 12 characters"), "{talk}");
    assert_eq!(std::fs::read_to_string(folder.join("sources/a.txt")).unwrap(), TEXT, "nothing is changed by a refusal");
    for inside in [["--out", "s/names.csv"].as_slice(), &["--apply", "names.csv", "--key", "s/k"]] {
        let (ok, _, talk) = run(&[["pseudonymise", "s"].as_slice(), inside].concat(), "");
        assert!(!ok && talk.contains("lies in the study"), "{talk}");
    }
    let swapped = "use,found,replacement\nyes,Amina,Weber\nyes,Weber,[person 2]\n";
    std::fs::write(dir.path().join("swapped.csv"), swapped).unwrap();
    let (ok, _, talk) =
        run(&apply.map(|word| if word == "names.csv" { "swapped.csv" } else { word }), "four words for nobody\n");
    assert!(!ok && talk.contains("holds `Weber`"), "{talk}");
    assert!(!dir.path().join("k").exists(), "a refusal leaves no key behind");
    let (ok, said, talk) = run(&apply, "four words for nobody\n");
    assert!(ok, "{said}{talk}");
    let text = std::fs::read_to_string(folder.join("sources/a.txt")).unwrap();
    assert!(!text.to_lowercase().contains("amina") && text.contains("[person 1]"), "{text}");
    assert!(!String::from_utf8_lossy(&std::fs::read(dir.path().join("k")).unwrap()).contains("Amina"));

    let export = ["export", "s", "--to", "out.csv", "--key", "k", "--passphrase-fd", "0"];
    let (ok, _, talk) = run(&export, "not the passphrase\n");
    assert!(!ok && talk.contains("this is not the passphrase"), "{talk}");
    std::fs::write(folder.join("README.md"), "Thanks to Amina.\n").unwrap();
    let (ok, _, talk) = run(&export, "four words for nobody\n");
    assert!(!ok && talk.contains("`Amina` in README.md"), "{talk}");
}

/// Whoever gets the package gets the same bytes.
#[test]
fn a_replication_package_gives_the_same_bytes_again() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| program(arguments, dir.path(), "");
    let (ok, _, talk) = run(&["new", "s.nomo", "--template", "transitional-justice"]);
    assert!(ok, "{talk}");
    let (ok, _, talk) = run(&["export", "s.nomo", "--replication", "package"]);
    assert!(ok, "{talk}");
    let package = tree(&dir.path().join("package"));
    #[cfg(unix)]
    for path in package.keys() {
        use std::os::unix::fs::PermissionsExt;
        let rights = std::fs::metadata(dir.path().join("package").join(path)).unwrap().permissions().mode();
        assert_eq!(rights & 0o077, 0, "{path} is for its maker alone");
    }
    let sums = String::from_utf8(package["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count(), package.len() - 1, "every file but the list itself");
    for line in sums.lines() {
        let (hash, path) = line.split_once("  ").unwrap();
        assert_eq!(nomoscope_store::hash_hex(&package[path]), hash, "{path}");
    }
    let (ok, _, talk) = run(&["replay", "package/report/run.json", "package/study", "--out", "again"]);
    assert!(ok, "{talk}");
    assert!(tree(&dir.path().join("package/report")) == tree(&dir.path().join("again")), "the report is the same");
    assert!(!run(&["export", "s.nomo", "--replication", "package"]).0, "nothing is written over");
}

/// A copy from before, such as every other coder has, must not bring back what was erased; one in which it was erased too is taken in.
#[test]
fn what_was_erased_does_not_come_back_with_a_copy() {
    for as_file in [false, true] {
        let (dir, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, copy) = (study(dir.path(), as_file), study(before.path(), as_file));
        let join = |other: &Path| {
            let act = Act::Merge { other: other.to_owned(), coders: BTreeMap::new() };
            Desk::open(&path).unwrap().apply(&act, "ana")
        };
        Desk::open(&path).unwrap().apply(&Act::Forget { what: "Diallo".to_owned() }, "ana").unwrap();
        let refused = join(&copy).unwrap_err().to_string();
        assert!(refused.contains("amina-diallo.txt") && refused.contains("would come back"), "{as_file}: {refused}");
        assert_eq!(holding(&path, "diallo"), Vec::<String>::new());
        Desk::open(&copy).unwrap().apply(&Act::Forget { what: "Diallo".to_owned() }, "ana").unwrap();
        let joined = join(&copy).unwrap();
        assert_eq!(holding(&path, "diallo"), Vec::<String>::new());
        assert_eq!(joined.joined.unwrap().kinds["sources"].new, 0);
        // A source that went as a whole left nothing to know it by: what is new is told.
        Desk::open(&path).unwrap().apply(&Act::Forget { what: "sources/other.md".to_owned() }, "ana").unwrap();
        let notes = join(&copy).unwrap().joined.unwrap().notes;
        assert!(notes.iter().any(|note| note.contains("has erased something")), "{notes:?}");
    }
}

/// A person confirms a whole name; its words stand for her too, and are proposed where they stand alone, now and at a second look.
#[test]
fn words_of_names_are_proposed_where_they_stand_alone() {
    let text = [("a.txt", "My uncle Ibrahima Sow sold me. Sow lives in Dakar. Ibrahima hit me. Kadi Ba-Long saw it.")];
    let found = |texts: &[(&str, &str)], known: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        names::propose(texts, known).into_iter().map(|p| (p.found, p.replacement)).collect()
    };
    let first = found(&text, &BTreeMap::new());
    assert_eq!(first.get("Sow"), first.get("Ibrahima Sow"), "{first:?}");
    assert!(first.contains_key("Ibrahima") && !first.contains_key("Ba-Long"), "{first:?}");
    let left = [("a.txt", "My uncle [person 1] sold me. Sow lives in Dakar.")];
    let known = BTreeMap::from([("Ibrahima Sow".to_owned(), "[person 1]".to_owned())]);
    assert_eq!(found(&left, &known).get("Sow").map(String::as_str), Some("[person 1]"));
}
