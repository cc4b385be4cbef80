//! A case, question by question: what the form takes along, and what is handed out.

use crate::client::{Bench, nothing};

/// Returns the value of a hidden field of the page.
fn hidden(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
    value.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}

fn say(bench: &Bench, page: &str, reply: &str) -> String {
    let (answers, fact) = (hidden(page, "answers"), hidden(page, "fact"));
    let fields =
        [("answers", answers.as_str()), ("state", "be"), ("fact", &fact), ("reply", reply), ("what", "answer")];
    let answer = bench.post("/case", &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[test]
fn a_case_is_answered_changed_and_taken_along_and_nothing_is_kept() {
    let bench = nothing();
    assert!(bench.get("/case").body.contains("Nothing is stored"));
    let mut page = bench.post("/case", &[("state", "be")]).body;
    // Is the person safe, how old are they, and then the story.
    for reply in ["yes", "15", "yes", "no"] {
        page = say(&bench, &page, reply);
    }
    assert!(page.contains("What stands by now") && page.contains("Reasonable grounds") && page.contains("Belgium"));
    let answers = hidden(&page, "answers");
    assert!(answers.contains("\"age\""), "{answers}");
    // What is no answer changes nothing, and says so.
    let wrong =
        bench.post("/case", &[("answers", &answers), ("fact", "age"), ("reply", "old"), ("what", "answer")]).body;
    assert!(wrong.contains("This is no answer") && hidden(&wrong, "answers") == answers);
    let state = bench.post("/case", &[("fact", "state"), ("reply", "yes"), ("what", "answer")]).body;
    assert_eq!(hidden(&state, "answers"), "[]");
    // The last answer is taken back, and an earlier one changed.
    let back = bench.post("/case", &[("answers", &answers), ("state", "be"), ("what", "back")]).body;
    assert!(hidden(&back, "answers").len() < answers.len());
    let fields =
        [("answers", answers.as_str()), ("state", "be"), ("fact", "safety"), ("reply", "no"), ("what", "answer")];
    assert!(bench.post("/case", &fields).body.contains("not safe now"));
    for (name, kind) in [
        ("referral.docx", "wordprocessingml"),
        ("elements.html", "text/html"),
        ("for-the-person.html", "text/html"),
        ("matrix.csv", "text/csv"),
        ("case.toml", "toml"),
    ] {
        let what = format!("file:{name}");
        let file = bench.post("/case", &[("answers", &answers), ("state", "be"), ("what", &what)]);
        assert_eq!(file.status, 200, "{name}: {}", file.body);
        assert!(file.header("content-type").unwrap().contains(kind), "{name}");
        assert!(file.header("content-disposition").unwrap().contains("attachment"), "{name}");
    }
    assert_eq!(bench.post("/case", &[("answers", "[{\"fact\":\"x\",\"reply\":\"yes\"}]")]).status, 400);
    assert_eq!(bench.post("/case", &[("answers", "nonsense")]).status, 400);
    assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0, "nothing is kept");
}
