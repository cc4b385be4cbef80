//! What is erased or replaced goes in every spelling; nothing else does, and the study reads afterwards.

use crate::support::{CODEBOOK, act, both, by, folder_of, mark, quotes, study};
use nomoscope_desk::doctor::examine;
use nomoscope_desk::study::{names_in, read_any};
use nomoscope_desk::{Act, Desk, load};
use std::collections::BTreeSet;

fn forget(what: &str) -> Act {
    Act::Forget { what: what.to_owned() }
}

fn replace(names: &[(&str, &str)]) -> Act {
    Act::Pseudonymise { names: names.iter().map(|(name, put)| ((*name).to_owned(), (*put).to_owned())).collect() }
}

#[track_caller]
fn sound(desk: &Desk) {
    let found = examine(desk.path()).unwrap();
    assert!(found.is_sound(), "{found:?}");
    if !desk.is_folder() {
        let dir = tempfile::tempdir().unwrap();
        sound(&folder_of(desk, &dir.path().join("out")));
    }
}

fn texts(desk: &Desk) -> BTreeSet<(String, String)> {
    study(desk).sources.iter().map(|s| (s.path.clone(), s.document.text.clone())).collect()
}

fn paths(desk: &Desk) -> Vec<String> {
    texts(desk).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn no_file_is_written_over_another() {
    let sheet = "path,title\nsources/Amina Diallo.txt,\nsources/Diallo.txt,\nsources/person-1.txt,\n";
    let files = [
        ("sources/Amina Diallo.txt", "Forced labour here.\n"),
        ("sources/Diallo.txt", "Forced labour was never there.\n"),
        ("sources/person-1.txt", "A third.\n"),
    ];
    for with_sheet in [false, true] {
        let all: Vec<(&str, &str)> = files.into_iter().chain(with_sheet.then_some(("sources.csv", sheet))).collect();
        for desk in &both(&all).1 {
            mark(desk, "sources/Amina Diallo.txt", "Forced labour");
            mark(desk, "sources/Diallo.txt", "never");
            let done = act(desk, &replace(&[("Amina Diallo", "[person 1]"), ("Diallo", "[person 1]")]));
            assert_eq!(paths(desk), ["sources/person-1-2.txt", "sources/person-1-3.txt", "sources/person-1.txt"]);
            assert_eq!(done.rewritten.unwrap().notes.len(), 2);
            assert_eq!(quotes(&study(desk)), ["Forced labour", "never"]);
            sound(desk);
        }
    }
}

#[test]
fn one_after_the_other_can_be_forgotten() {
    for desk in
        &both(&[("sources/amina.txt", "One.\n"), ("sources/karl.txt", "Two.\n"), ("sources/AMINA.md", "Three.\n")]).1
    {
        act(desk, &forget("amina"));
        act(desk, &forget("karl"));
        let found: BTreeSet<String> = texts(desk).into_iter().map(|(_, text)| text.trim().to_owned()).collect();
        assert_eq!(found, BTreeSet::from(["One.", "Two.", "Three."].map(str::to_owned)));
        sound(desk);
    }
}

#[test]
fn a_source_is_known_by_the_end_of_its_path_and_no_ending_goes() {
    let files = [("sources/b.txt", "Mine.\n"), ("sources/x/c.txt", "A.\n"), ("sources/y/c.txt", "txt B.\n")];
    for desk in &both(&files).1 {
        let before = texts(desk);
        assert!(by(desk, "ana", &forget("c.txt")).unwrap_err().contains("is the name of 2 sources"));
        assert!(by(desk, "ana", &forget("txt")).unwrap_err().contains("read by this ending"));
        assert_eq!(texts(desk), before);
        let done = act(desk, &forget("b.txt")).rewritten.unwrap();
        assert_eq!((done.sources, paths(desk)), (1, vec!["sources/x/c.txt".to_owned(), "sources/y/c.txt".to_owned()]));
        act(desk, &forget("y/c.txt"));
        assert_eq!(paths(desk), ["sources/x/c.txt"]);
        sound(desk);
    }
}

#[test]
fn identities_go_and_stay_apart() {
    let files = [
        ("sources/a.txt", "Diallo worked.\n"),
        ("cases.csv", "id,name\ndiallo,Diallo\namina-diallo,Amina Diallo\nperson-1,Other\n"),
        ("members.csv", "of,member\ncase:diallo,source:sources/a.txt\ncase:amina-diallo,source:sources/a.txt\n"),
        ("coders.csv", "id,name,kind\nAmina Diallo,Amina Diallo,person\nDiallo,Diallo,person\n"),
        ("memos.csv", "id,about,coder,created,text\nm,case:diallo,Diallo,,x\n"),
    ];
    for desk in &both(&files).1 {
        act(desk, &replace(&[("Amina Diallo", "[person 1]"), ("Diallo", "[person 1]")]));
        let after = study(desk);
        let cases: BTreeSet<&str> = after.annotations.cases.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(cases, BTreeSet::from(["person-1", "person-1-2", "person-1-3"]));
        let coders: BTreeSet<&str> = after.coders.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(coders, BTreeSet::from(["person-1", "person-1-2"]));
        assert_eq!(after.memos[0].about.to_string(), "case:person-1-3");
        assert_eq!(after.annotations.members.len(), 2);
        let image = read_any(desk.path(), &load::readers()).unwrap();
        assert_eq!(names_in(&image, ["Amina Diallo", "Diallo"]).unwrap(), []);
        sound(desk);
    }
    // An identity that a name is left in is told, whichever way it is written.
    for desk in &both(&files).1 {
        let image = read_any(desk.path(), &load::readers()).unwrap();
        let left = names_in(&image, ["DIALLO"]).unwrap();
        assert_eq!(left[0].0, "DIALLO");
    }
}

#[test]
fn patterns_with_the_words_go_and_concepts_keep_an_id() {
    let codebook = "title = \"Work\"\n\n[[concept]]\nid = \"amina\"\nlabel.en = \"as Amina said\"\nroles = [\"problem\"]\npatterns.en = [\"Amina\", \"Amina boss\", \"boss *\"]\n\n[[concept]]\nid = \"place\"\nbroader = \"amina\"\nroles = [\"problem\"]\n";
    let files = [
        ("codebook.toml", codebook),
        ("study.toml", "title = \"T\"\nfocus = \"amina\"\ndescription = \"with \\u0041mina\"\n"),
        ("sources/a.txt", "Amina boss. A boss. The boss said.\n"),
    ];
    for desk in &both(&files).1 {
        mark(desk, "sources/a.txt", "Amina");
        let done = act(desk, &forget("Amina")).rewritten.unwrap();
        let told: Vec<String> = done.notes.iter().map(ToString::to_string).collect();
        assert!(told.len() == 2 && told[1].contains("the pattern `[erased] boss` is taken out"), "{told:?}");
        let opened = load::study(desk.path()).unwrap();
        assert_eq!(opened.study.meta.focus.as_deref(), Some("erased"));
        assert_eq!(opened.study.meta.description, "with [erased]");
        let read = desk.files().unwrap().files;
        let codebook = String::from_utf8(read["codebook.toml"].clone()).unwrap();
        assert!(codebook.contains("id = \"erased\"") && codebook.contains("broader = \"erased\""), "{codebook}");
        assert!(
            codebook.contains("patterns.en = [ \"boss *\"]") || codebook.contains("patterns.en = [\"boss *\"]"),
            "{codebook}"
        );
        assert!(!read.contains_key("cases.csv"), "no table without a row comes");
        sound(desk);
    }
}

#[test]
fn words_go_in_every_spelling() {
    let text = "Zoe\u{308} Kravitz; ZOË KRAVITZ; Zo\u{ad}ë Krav-\nitz; Zoë\u{200b}Kravitz; ZoëKravitz; zoe.kravitz@example.org.\n";
    for desk in &both(&[("sources/a.txt", text), ("sources/zoe-kravitz2.txt", "x\n")]).1 {
        let done = act(desk, &forget("Zoë Kravitz")).rewritten.unwrap();
        assert_eq!(done.places, 6);
        let (path, text) = texts(desk).into_iter().next().unwrap();
        let left = text.to_lowercase();
        assert!(path == "sources/a.txt" && !left.contains("zo") && !left.contains("itz"), "{text}");
        assert_eq!(paths(desk)[1], "sources/erased2.txt");
        sound(desk);
    }
}

#[test]
fn the_folder_of_a_name_goes_with_it() {
    let (_dir, [folder, _]) = both(&[("sources/Amina Diallo/a.txt", "x\n"), ("sources/b.txt", "y\n")]);
    act(&folder, &forget("Amina Diallo"));
    let left: BTreeSet<String> = std::fs::read_dir(folder.path().join("sources"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, BTreeSet::from(["b.txt", "erased"].map(str::to_owned)));
}

#[test]
fn a_pseudonym_that_is_a_name_is_refused() {
    for desk in &both(&[("sources/a.txt", "Anna and Berta.\n"), ("codebook.toml", CODEBOOK)]).1 {
        let refused = by(desk, "ana", &replace(&[("Anna", "Berta"), ("Berta", "Clara")])).unwrap_err();
        assert!(refused.contains("its pseudonym `Berta` holds `Berta`"), "{refused}");
        assert_eq!(texts(desk).into_iter().next().unwrap().1, "Anna and Berta.\n");
    }
}

#[test]
fn names_are_proposed_though_they_stand_small_in_an_address_or_the_name_of_a_file() {
    use nomoscope_desk::study::names::propose;
    use std::collections::BTreeMap;
    let text =
        "Interview with Amina Diallo. Amina wept. Write to amina@example.org. She met Mohammed bin Salman al-Rashid.\n";
    let texts = [("sources/a.txt", text), ("sources/fatima.txt", "She left.\n")];
    let found = propose(&texts, &BTreeMap::new());
    let of = |name: &str| found.iter().find(|p| p.found == name);
    let put = |name: &str| of(name).map(|p| p.replacement.clone());
    assert!(of("Amina").unwrap().is_sure && put("Amina") == put("Amina Diallo"));
    assert!(of("Mohammed bin Salman al-Rashid").is_some());
    assert_eq!((of("Fatima").unwrap().times, of("Fatima").unwrap().example.as_str()), (0, "sources/fatima.txt"));
    // In a later round whoever has a pseudonym keeps it.
    let known = BTreeMap::from([("Amina Diallo".to_owned(), "[person 7]".to_owned())]);
    let later = propose(&[("sources/a.txt", "I am Amina.\n")], &known);
    assert_eq!(later[0].replacement, "[person 7]");
}

/// What is no file is told, not waited for.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_in_a_folder_is_passed_over() {
    let (dir, desks) = both(&[("sources/a.txt", "x\n")]);
    let more = dir.path().join("more");
    std::fs::create_dir(&more).unwrap();
    std::fs::write(more.join("b.txt"), "y\n").unwrap();
    std::fs::write(more.join("con.txt"), "z\n").unwrap();
    assert!(std::process::Command::new("mkfifo").arg(more.join("p.txt")).status().unwrap().success());
    for desk in &desks {
        let given = nomoscope_desk::study::Given::default();
        let done = act(desk, &Act::Add { paths: vec![more.clone()], given });
        assert_eq!(done.files, ["sources/more/b.txt", "sources/more/con.txt"]);
        let told: Vec<String> = done.notes.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|note| note.contains("p.txt: left out: is no file")), "{told:?}");
        assert!(told.iter().any(|note| note.contains("con.txt: other systems cannot hold")), "{told:?}");
    }
}
