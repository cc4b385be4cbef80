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

/// One rule for answers, in the page as in the terminal: which State it is, a date for an age, not now, and which of two holds.
#[test]
fn what_is_said_means_the_same_as_in_the_terminal() {
    let bench = nothing();
    let post = |answers: &str, fact: &str, reply: &str, what: &str| {
        let fields = [("answers", answers), ("fact", fact), ("reply", reply), ("what", what)];
        let answer = bench.post("/case", &fields);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    let page = post("[]", "safety", "yes", "answer");
    assert!(page.contains("<option value=\"be\">Belgium</option>"), "{page}");
    let page = post(&hidden(&page, "answers"), "state", "be", "answer");
    assert!(page.contains("<strong>Belgium</strong>"), "{page}");
    let answers = hidden(&page, "answers");
    let date = post(&answers, "victim.age", "03/05/2008", "answer");
    assert!(date.contains("That is a date.") && hidden(&date, "answers") == answers, "{date}");
    let mut page = post(&answers, "victim.age", "30", "answer");
    // A part of the story is left out, and asked after all.
    let (before, fact) = (hidden(&page, "answers"), hidden(&page, "fact"));
    page = post(&before, &fact, "", "skip");
    assert!(page.contains("<strong>Not now</strong>") && page.contains("Ask after all"), "{page}");
    let left = hidden(&page, "answers").split("story:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    page = post(&hidden(&page, "answers"), &format!("story:{left}"), "yes", "answer");
    assert_eq!(hidden(&page, "answers"), before);
    // Who is transported travels: one of the two answers is said to hold, and the other is turned round.
    let torn = r#"[{"fact":"safety","reply":"yes"},{"fact":"movement.travel","reply":"no"},{"fact":"act.transport","reply":"yes"}]"#;
    let page = post(torn, "", "", "on");
    assert!(page.contains("Two answers cannot both hold") && page.contains("This one holds"), "{page}");
    assert!(post(torn, "", "", "stop").contains("Two answers cannot both hold"), "stopping hides nothing");
    let held = post(torn, "act.transport", "", "holds");
    assert!(hidden(&held, "answers").contains(r#"{"fact":"movement.travel","reply":"yes"}"#), "{held}");
    let open = post(torn, "", "", "holds");
    assert!(!open.contains("Two answers cannot both hold"), "{open}");
    // No words that answer nothing, and no State that is none.
    assert_eq!(bench.post("/case", &[("answers", r#"[{"fact":"state","reply":"yes"}]"#)]).status, 400);
}
