//! A text is corrected on its page; what cannot follow is asked about first.

use crate::client::{Answer, Bench, TEXT, file, folder};

const SOURCE: &str = "sources/a.txt";

/// Returns the fields of the page that corrects the text, by name, as a browser sends them.
fn fields(bench: &Bench) -> Vec<(String, String)> {
    let page = bench.get("/correct?source=sources/a.txt");
    assert_eq!(page.status, 200, "{}", page.body);
    let plain = |html: &str| {
        let html = html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
        html.replace("&#38;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut fields = vec![("source".to_owned(), SOURCE.to_owned()), ("part".to_owned(), "0".to_owned())];
    for area in page.body.split("<textarea name=\"").skip(1) {
        let (name, rest) = area.split_once('"').unwrap();
        let words = rest.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0;
        let sent = plain(words).replace("\r\n", "\n").replace('\n', "\r\n");
        fields.push((name.to_owned(), sent.clone()));
        fields.push((name.replace("text.", "was."), sent));
    }
    fields
}

fn send(bench: &Bench, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    bench.submit("/do/correct", &fields)
}

fn text(bench: &Bench) -> String {
    bench.study().material(None).unwrap().material.study.sources[0].document.text.clone()
}

fn quotes(bench: &Bench) -> Vec<String> {
    bench.study().material(None).unwrap().material.study.codings.iter().map(|c| c.quote.clone()).collect()
}

fn mark(bench: &Bench, words: &str) {
    let at = TEXT.find(words).unwrap();
    let (start, end) = (at.to_string(), (at + words.len()).to_string());
    let fields = [("source", SOURCE), ("start", &start), ("end", &end), ("concept", "dignity")];
    assert_eq!(bench.post("/do/mark", &fields).status, 200);
}

#[test]
fn a_word_is_corrected_and_codings_follow() {
    for bench in [folder(), file()] {
        mark(&bench, "contrary to dignity");
        mark(&bench, "Dignity is the reason.");
        let mut sent = fields(&bench);
        let unchanged = send(&bench, &sent);
        assert!(unchanged.status == 303 && text(&bench) == TEXT, "{}", unchanged.body);
        for (name, words) in &mut sent {
            if name.starts_with("text.") {
                *words = words.replace("contrary to", "quite contrary to").replace("States", "The States");
            }
        }
        let answer = send(&bench, &sent);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let want = TEXT.replace("contrary to", "quite contrary to").replace("States", "The States");
        assert_eq!(text(&bench), want, "ends of lines stay as they were");
        assert_eq!(quotes(&bench), ["contrary to dignity", "Dignity is the reason."]);
        // The page that was open before shows another text by now.
        let stale = send(&bench, &sent);
        assert!(stale.status == 400 && stale.body.contains("changed meanwhile"), "{}", stale.body);
        bench.post("/do/undo", &[]);
        assert_eq!(text(&bench), TEXT);
    }
}

#[test]
fn what_cannot_follow_is_asked_about_first() {
    for bench in [folder(), file()] {
        mark(&bench, "A further sentence.");
        let mut sent = fields(&bench);
        for (name, words) in &mut sent {
            if name.starts_with("text.") {
                *words = words.replace(" A further sentence.", "");
            }
        }
        let asked = send(&bench, &sent);
        assert!(asked.status == 200 && asked.body.contains("A further sentence."), "{}", asked.body);
        assert!(asked.body.contains("gone, with the memos on it") && text(&bench) == TEXT);
        let id = bench.study().material(None).unwrap().material.study.codings[0].id.to_string();
        assert!(asked.body.contains(&format!("name=\"agreed\" value=\"{id}\"")));
        sent.push(("agreed".to_owned(), id));
        assert_eq!(send(&bench, &sent).status, 303);
        assert!(!text(&bench).contains("A further sentence.") && quotes(&bench).is_empty());
        bench.post("/do/undo", &[]);
        assert_eq!((text(&bench).as_str(), quotes(&bench).len()), (TEXT, 1));
    }
}
