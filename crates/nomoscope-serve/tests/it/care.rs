//! Care of a study: is it sound, what is erased, who can open it.

use crate::client::{Bench, TEXT, file, folder, folder_of, serve};

const PHRASE: &str = "four words for me";
const OTHER: &str = "five other words for me";

fn text(bench: &Bench) -> String {
    bench.study().material(None).unwrap().material.study.sources[0].document.text.clone()
}

#[test]
fn a_sound_study_is_told_to_be_sound() {
    for bench in [folder(), file()] {
        let page = bench.get("/doctor");
        assert!(page.status == 200 && page.body.contains("Nothing is wrong"), "{}", page.body);
        assert!(bench.post("/do/doctor", &[]).body.contains("Nothing was to be put right."));
    }
}

#[test]
fn what_is_wrong_is_told_where_no_other_page_can_be_shown() {
    let bench = folder();
    let study = bench.dir.path().join("study");
    std::fs::write(study.join("codebook.toml"), "[[concept]]\nid = \"a b\"\n").unwrap();
    let sources = bench.get("/sources");
    assert!(sources.status == 400 && sources.body.contains("href=\"/doctor\""), "{}", sources.body);
    let page = bench.get("/doctor");
    assert!(page.status == 200 && page.body.contains("codebook.toml:1"), "{}", page.body);
    assert!(!page.body.contains(bench.dir.path().to_str().unwrap()), "no folder of this machine: {}", page.body);
    std::fs::write(study.join("codebook.toml"), crate::client::CODEBOOK).unwrap();
    // A change was decided, and its process ended before it was complete.
    let staging = study.join(".nomoscope-staging");
    std::fs::create_dir(&staging).unwrap();
    std::fs::write(staging.join("new-0"), "title = \"Later\"\nlanguage = \"en\"\n").unwrap();
    std::fs::copy(study.join("study.toml"), staging.join("old-0")).unwrap();
    std::fs::write(staging.join("plan"), "=study.toml\n").unwrap();
    // Every page reads the study, and half a change is no study: whoever reads completes it.
    let page = bench.get("/doctor");
    assert!(page.status == 200 && page.body.contains("Later"), "{}", page.body);
    let page = bench.post("/do/doctor", &[]);
    assert!(page.body.contains("Nothing is wrong") && !staging.exists(), "{}", page.body);
    assert!(bench.get("/sources").body.contains("Later"));
}

#[test]
fn a_source_is_erased_once_it_is_written_again() {
    for bench in [folder(), file()] {
        assert_eq!(bench.upload(&[("b.txt", b"They work.")]).status, 200);
        let page = bench.post("/forget", &[("source", "sources/b.txt"), ("words", "")]);
        assert!(page.status == 200 && page.body.contains("This would go:"), "{}", page.body);
        let revision = bench.study().revision().unwrap();
        let erase = |again: &str, revision: &str| {
            bench.post("/do/forget", &[("what", "sources/b.txt"), ("again", again), ("revision", revision)])
        };
        for (again, revision, told) in
            [("sources/b", revision.as_str(), "nothing was erased"), ("sources/b.txt", "other", "changed meanwhile")]
        {
            let said = erase(again, revision);
            assert!(
                said.status == 422 && said.body.contains(told) && said.body.contains("This would go:"),
                "{}",
                said.body
            );
            assert_eq!(bench.study().material(None).unwrap().material.study.sources.len(), 2);
        }
        let said = erase("sources/b.txt", &revision);
        assert!(said.status == 200 && said.body.contains("Erased: 1 source, 0 codings."), "{}", said.body);
        assert_eq!(bench.study().material(None).unwrap().material.study.sources.len(), 1);
        assert_eq!(bench.post("/do/undo", &[]).status, 400);
    }
}

#[test]
fn a_name_is_erased_wherever_it_stands() {
    for bench in [folder_of("Ana Alba spoke. Then ANA ALBA left."), file()] {
        let name = if text(&bench) == TEXT { "further sentence" } else { "Ana Alba" };
        assert_eq!(
            bench.post("/do/memo", &[("about", "source:sources/a.txt"), ("text", &format!("{name}: ask"))]).status,
            200
        );
        let page = bench.post("/forget", &[("words", name)]).body;
        assert!(page.contains("Memos: 1") && page.contains("Places in texts"), "{page}");
        for (words, told) in [("nowhere to be found", "are nowhere in the study"), ("a", "one letter")] {
            let said = bench.post("/forget", &[("words", words)]);
            assert!(said.status == 422 && said.body.contains(told), "{}", said.body);
        }
        let revision = bench.study().revision().unwrap();
        let said = bench.post("/do/forget", &[("what", name), ("again", name), ("revision", &revision)]);
        assert!(said.status == 200 && said.body.contains("Erased at"), "{}", said.body);
        assert!(text(&bench).contains("[erased]"));
        for page in ["/sources", "/read?source=sources/a.txt", "/history", "/doctor"] {
            assert!(!bench.get(page).body.to_lowercase().contains(&name.to_lowercase()), "{page}");
        }
    }
}

#[test]
fn a_study_file_is_encrypted_and_decrypted() {
    let folder = folder();
    assert!(folder.get("/passphrase").body.contains("only a study file can be encrypted"));
    let told = folder.post("/do/passphrase", &[("do", "encrypt"), ("new", PHRASE), ("again", PHRASE)]);
    assert!(told.status == 422 && told.body.contains("this study is a folder"), "{}", told.body);

    let bench = file();
    let path = bench.dir.path().join("study.nomo");
    let sealed = || std::fs::read(&path).unwrap().starts_with(b"age-encryption.org/v1");
    let ask = |fields: &[(&str, &str)], status: u16, told: &str| {
        let said = bench.post("/do/passphrase", fields);
        assert!(said.status == status && said.body.contains(told), "{told}: {}", said.body);
        assert!(!said.body.contains(PHRASE) && !said.body.contains(OTHER), "a passphrase stands on no page");
    };
    ask(&[("do", "encrypt"), ("new", PHRASE), ("again", OTHER)], 422, "not the same");
    ask(&[("do", "encrypt"), ("new", "short"), ("again", "short")], 422, "at least 12 characters");
    assert!(!sealed());
    ask(&[("do", "encrypt"), ("new", PHRASE), ("again", PHRASE)], 200, "without the passphrase nobody opens it");
    assert!(sealed() && bench.get("/sources").status == 200);
    ask(&[("do", "change"), ("passphrase", OTHER), ("new", OTHER), ("again", OTHER)], 422, "not the passphrase");
    ask(&[("do", "change"), ("passphrase", PHRASE), ("new", OTHER), ("again", OTHER)], 200, "another passphrase");
    ask(&[("do", "decrypt"), ("passphrase", PHRASE)], 422, "not the passphrase");
    assert!(sealed() && !bench.get("/history").body.contains(PHRASE));
    ask(&[("do", "decrypt"), ("passphrase", OTHER)], 200, "can read it now");
    assert!(!sealed() && bench.get("/sources").status == 200);
}

#[test]
fn an_encrypted_study_is_opened_with_its_passphrase() {
    let made = file();
    let path = made.dir.path().join("study.nomo");
    nomoscope_desk::passphrase::settle(
        &path,
        nomoscope_desk::passphrase::Passphrase::Set(nomoscope_desk::study::key::Secret::new(PHRASE.to_owned())),
    )
    .unwrap();
    // The program that encrypted it knows the passphrase; this copy it never saw.
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(&path, dir.path().join("copy.nomo")).unwrap();
    let bench = serve(dir, None);
    let ask = bench.post("/start", &[("open", "copy.nomo")]);
    assert!(ask.status == 200 && ask.body.contains("type=\"password\""), "{}", ask.body);
    let wrong = bench.post("/start", &[("open", "copy.nomo"), ("passphrase", OTHER)]);
    assert!(wrong.status == 422 && wrong.body.contains("not the passphrase") && !wrong.body.contains(OTHER));
    assert_eq!(bench.post("/start", &[("open", "copy.nomo"), ("passphrase", PHRASE)]).status, 303);
    assert_eq!(bench.get("/sources").status, 200);
}
