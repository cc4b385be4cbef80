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
    // Is the person safe, when was it, how old are they, and then the story.
    for reply in ["yes", "?", "15", "yes", "no"] {
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
    let page = post(&hidden(&page, "answers"), "date", "?", "answer");
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

/// Beside each answer stands what was given, and changes nothing when it is saved as it stands.
#[test]
fn answers_are_preselected_graded_and_changed_together() {
    let bench = nothing();
    let answers = r#"[{"fact":"safety","reply":"yes"},{"fact":"state","reply":{"choice":0}},{"fact":"victim.age","reply":{"age":[15,17]}},{"fact":"act.recruit","reply":"no"},{"fact":"act.transport","reply":"unknown"}]"#;
    let page = bench.post("/case", &[("answers", answers), ("what", "on")]).body;
    for (fact, chosen) in [("safety", "yes"), ("act.recruit", "no"), ("act.transport", "?")] {
        let select = page
            .split(&format!("<select name=\"reply.{fact}\">"))
            .nth(1)
            .expect(fact)
            .split("</select>")
            .next()
            .unwrap();
        assert_eq!(select.matches(" selected").count(), 1, "{select}");
        assert!(select.contains(&format!("value=\"{chosen}\" selected")), "{fact}: {select}");
    }
    assert!(page.contains("name=\"reply.victim.age\" value=\"15-17\""), "{page}");
    let rows = [
        ("reply.safety", "yes"),
        ("reply.act.recruit", "no"),
        ("grade.act.recruit", "supported"),
        ("by.act.recruit", ""),
        ("reply.victim.age", "15-17"),
        ("grade.victim.age", "supported"),
    ];
    let save = |more: &[(&str, &str)]| {
        let mut fields = vec![("answers", answers), ("what", "save")];
        fields.extend(rows.iter().filter(|(key, _)| more.iter().all(|(other, _)| other != key)).copied());
        fields.extend(more.iter().copied());
        bench.post("/case", &fields).body
    };
    assert_eq!(hidden(&save(&[]), "answers"), answers, "saved as it stands");
    let changed = save(&[
        ("reply.act.recruit", "yes"),
        ("grade.act.recruit", "alleged"),
        ("by.act.recruit", "a \"friend\""),
        ("when.act.recruit", "2024-05"),
        ("where.act.recruit", "Liège"),
    ]);
    let now = hidden(&changed, "answers");
    assert!(now.contains(r#"{"fact":"act.recruit","reply":"yes","evidence":{"grade":"alleged""#), "{now}");
    assert!(changed.contains("(said, a "), "it is shown: {changed}");
    let wrong = save(&[("when.act.recruit", "yesterday"), ("reply.victim.age", "old")]);
    assert!(wrong.contains("A date is written") && wrong.contains("Give the age"), "{wrong}");
    assert_eq!(hidden(&wrong, "answers"), answers, "nothing of it was taken");
    let file = bench.post("/case", &[("answers", &now), ("what", "file:case.toml")]).body;
    assert!(file.contains("\"act.recruit\" = \"alleged\"") && file.contains("Liège"), "{file}");
}

/// A case file that was taken along goes on: what it says is not asked again, can be changed, and comes out again.
#[test]
fn a_case_file_goes_on() {
    let bench = nothing();
    let text = "title = \"A file\"\nstate = \"be\"\nage = 16\ntrue = [\"act.recruit\", \"act.harbour\"]\n[grade]\n\"act.recruit\" = \"proved\"\n";
    let page = bench.upload_to("/case/file", &[("case", "case.toml", text.as_bytes())]);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("from the case file") && page.body.contains("Belgium"), "{}", page.body);
    let case = hidden(&page.body, "case");
    assert!(case.contains("A file"), "{case}");
    let fields = [("case", case.as_str()), ("answers", "[]"), ("what", "save"), ("reply.act.harbour", "no")];
    let changed = bench.post("/case", &fields).body;
    let answers = hidden(&changed, "answers");
    assert!(answers.contains(r#"{"fact":"act.harbour","reply":"no"}"#), "{answers}");
    let file = bench.post("/case", &[("case", &case), ("answers", &answers), ("what", "file:case.toml")]).body;
    assert!(file.contains("A file") && file.contains("\"act.recruit\" = \"proved\""), "{file}");
    for (bad, why) in [("", "Choose a file"), ("true = [\"act.recrut\"]\n", "act.recrut"), ("x = 1\n", "case")] {
        let answer = bench.upload_to("/case/file", &[("case", "case.toml", bad.as_bytes())]);
        assert!(answer.status == 400 && answer.body.contains(why), "{} {}", answer.status, answer.body);
    }
    let large = "# ".to_owned() + &"x".repeat(300 << 10);
    assert_eq!(bench.upload_to("/case/file", &[("case", "case.toml", large.as_bytes())]).status, 400);
    assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0, "nothing is kept");
}

/// In French the page says what the engine says in French, too.
#[test]
fn a_case_speaks_the_language_of_the_page() {
    let bench = nothing();
    assert_eq!(bench.post("/settle", &[("language", "fr")]).status, 303);
    let mut page = bench.post("/case", &[("state", "be")]).body;
    for reply in ["oui", "?", "15", "oui", "non"] {
        page = say(&bench, &page, reply);
    }
    for french in ["Motifs raisonnables", "conseil juridique", "Belgique", "<strong>Oui</strong>", "À un fait près"] {
        assert!(page.contains(french), "{french}: {page}");
    }
    for english in ["Reasonable grounds", "Not legal advice", "Owed now", "<strong>Yes</strong>", "One fact away"] {
        assert!(!page.contains(english), "{english}: {page}");
    }
    let unclear = say(&bench, &page, "quoi");
    assert!(unclear.contains("Répondez oui, non"), "{unclear}");
}
