//! Names replaced by pseudonyms, through the browser.

use crate::client::{Bench, file_of, folder_of};
use nomoscope_desk::study::key::{Key, Secret};

const WORDS: &str =
    "My name is Ana Alba. Ms. Alba lives in Lisbon. Forced labour is contrary to dignity. Ask the Blue House.";
const PHRASE: &str = "four words for me";

fn text(bench: &Bench) -> String {
    bench.study().material(None).unwrap().material.study.sources[0].document.text.clone()
}

/// Returns what stands between two pieces of a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

#[test]
fn names_are_replaced_once_their_key_is_there() {
    for bench in [folder_of(WORDS), file_of(WORDS)] {
        let at = WORDS.find("Forced").unwrap();
        let ends = (at.to_string(), (at + 13).to_string());
        let mark = [("source", "sources/a.txt"), ("start", &*ends.0), ("end", &*ends.1), ("concept", "dignity")];
        assert_eq!(bench.post("/do/mark", &mark).status, 200);
        let page = bench.get("/names");
        assert!(page.status == 200 && page.body.contains("value=\"Ana Alba\""), "{}", page.body);
        let decided = [
            ("use.1", "1"),
            ("found.1", "Ana Alba"),
            ("put.1", "Person 1"),
            ("use.2", "1"),
            ("found.2", "Alba"),
            ("put.2", "Person 1"),
            ("found.3", "Lisbon"),
            ("put.3", "Place 1"),
            ("more", "Blue House = the shelter"),
        ];
        let ask = |more: &[(&str, &str)]| bench.post("/names", &[&decided[..], more].concat()).body;
        for (phrase, again, told) in [(PHRASE, "another", "not the same"), ("short", "short", "at least 12 characters")]
        {
            let said = ask(&[("passphrase", phrase), ("again", again)]);
            assert!(said.contains(told) && !said.contains(phrase), "{told}: {said}");
            assert!(said.contains("Blue House = the shelter"), "what was decided stands there: {said}");
            assert!(said.contains("name=\"put.3\" value=\"Place 1\"") || said.contains("value=\"Place 1\""), "{said}");
        }
        let said = ask(&[("passphrase", PHRASE), ("again", PHRASE)]);
        assert!(!said.contains(PHRASE), "a passphrase stands on no page");
        assert_eq!(text(&bench), WORDS, "nothing is replaced before the key could be saved");
        let id = between(&said, "name=\"key\" value=\"", "\"").to_owned();
        let list = between(&said, "name=\"names\" value=\"", "\"");
        let early = bench.post("/do/names", &[("names", list), ("key", &id)]);
        assert!(early.status == 400 && early.body.contains("Save the key first"), "{}", early.body);
        let key = bench.get(&format!("/names/key?file={}", between(&said, "/names/key?file=", "\"")));
        assert!(key.status == 200 && key.body.starts_with("age-encryption.org/v1"), "{}", key.head);
        for path in ["/names/key", "/reach/estimate"] {
            let given = bench.get(&format!("{path}?file={list}"));
            assert!(given.status != 200 && !given.body.contains("Ana"), "names leave nowhere unsealed: {}", given.body);
        }
        let done = bench.post("/do/names", &[("names", list), ("key", &id)]);
        assert!(done.body.contains(&format!("/names/key?file={id}")), "the key can be saved once more");
        assert!(done.status == 200 && done.body.contains("cannot be undone any more"), "{}", done.body);
        let now = text(&bench);
        assert!(now.contains("My name is Person 1.") && now.contains("Ask the the shelter"), "{now}");
        assert!(now.contains("Lisbon") && !now.contains("Alba"), "{now}");
        let coded = bench.study().material(None).unwrap().material.study;
        assert!(coded.meta.pseudonymised && coded.codings[0].quote == "Forced labour", "{:?}", coded.codings);
        assert_eq!(bench.post("/do/names", &[("names", "nothing"), ("key", &id)]).status, 400);
        a_key_goes_on(&key.bytes);
        // What is proposed next is a pseudonym that nobody has.
        let bench = folder_of("[person 1] came. My name is Bea Costa.");
        let page = bench.get("/names").body;
        assert!(page.contains("value=\"[person 2]\"") && !page.contains("value=\"[person 1]\""), "{page}");
    }
    // The key is that of the command line.
    let mut key = Key::new(&Secret::new(PHRASE.to_owned())).unwrap();
    key.names.insert("a".to_owned(), "b".to_owned());
    assert!(Key::open("k", &key.sealed().unwrap(), &Secret::new(PHRASE.to_owned())).is_ok());
}

/// In a later round who has a pseudonym keeps it, and the next key holds the names of both.
#[track_caller]
fn a_key_goes_on(key: &[u8]) {
    let bench = folder_of("My name is Ana Alba. My name is Bea Costa.");
    let open = |phrase: &str| {
        bench.upload_to("/names/earlier", &[("file", "names.key", key), ("passphrase", "", phrase.as_bytes())])
    };
    let wrong = open("not these words");
    assert!(wrong.status == 422 && !wrong.body.contains("not these words"), "{}", wrong.body);
    let page = open(PHRASE).body;
    assert!(page.contains("value=\"Person 1\"") && !page.contains(PHRASE), "{page}");
    let earlier = between(&page, "name=\"earlier\" value=\"", "\"");
    let decided = [("use.1", "1"), ("found.1", "Bea Costa"), ("put.1", "Person 2")];
    let phrase = [("passphrase", PHRASE), ("again", PHRASE)];
    let said = bench.post("/names", &[&decided[..], &phrase, &[("earlier", earlier)]].concat()).body;
    let next = bench.get(&format!("/names/key?file={}", between(&said, "/names/key?file=", "\"")));
    let names = Key::open("k", &next.bytes, &Secret::new(PHRASE.to_owned())).unwrap().names;
    assert_eq!((names["Ana Alba"].as_str(), names["Bea Costa"].as_str()), ("Person 1", "Person 2"));
    let lost = bench.post("/names", &[&decided[..], &phrase, &[("earlier", "nothing")]].concat());
    assert!(lost.status == 400 && lost.body.contains("open it again"), "{}", lost.body);
}
