//! What stands on the pages.

use crate::client::{TEXT, file, folder, folder_of, nothing};

#[test]
fn a_text_stands_in_its_page_unit_by_unit() {
    let bench = folder();
    let body = bench.get("/read?source=sources/a.txt").body;
    assert!(body.contains("&#13;"), "line ends keep their places");
    // Every letter once, and each piece knows where it begins.
    let mut text = String::new();
    for piece in body.split("<span id=\"t").skip(1) {
        let start: usize = piece.split('"').next().unwrap().parse().unwrap();
        assert_eq!(start, text.len());
        let words = piece.split_once('>').unwrap().1.split("</span>").next().unwrap();
        text.push_str(&words.replace("&#13;", "\r").replace("&amp;", "&"));
    }
    assert_eq!(text, TEXT);
}

#[test]
fn a_study_is_made_and_opened_without_leaving_the_browser() {
    let bench = nothing();
    assert_eq!(bench.get("/").header("location"), Some("/start"));
    assert_eq!(bench.get("/sources").status, 404);
    assert_eq!(bench.post("/start", &[("name", "mine"), ("file", "1"), ("template", "blank")]).status, 303);
    assert!(bench.dir.path().join("mine.nomo").is_file());
    assert_eq!(bench.get("/sources").status, 200);
    let answer = bench.upload(&[("a.txt", b"My problem calls for my value."), ("b.txt", b"x"), ("c.txt", b"y")]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(bench.post("/start", &[("name", "mine"), ("file", "1")]).status, 400);
    assert_eq!(bench.post("/start", &[("name", "two"), ("template", "child-trafficking")]).status, 303);
    assert!(bench.dir.path().join("two/study.toml").is_file());
    let start = bench.get("/start").body;
    assert!(start.contains("mine.nomo") && start.contains("two"));
    assert_eq!(bench.post("/start", &[("open", "mine.nomo")]).status, 303);
    assert!(bench.get("/sources").body.contains("read?source=sources%2Fa.txt"));
}

#[test]
fn sources_are_found_by_words_and_attributes() {
    let bench = file();
    let found = bench.get("/sources?words=contrary+to+dignit*").body;
    assert!(found.contains("1 of 1") && found.contains("<ul class=\"found\">"), "{found}");
    assert!(found.contains("Forced labour is contrary to dignity"), "{found}");
    let phrase = |words: &str| bench.get(&format!("/sources?words=%22{words}%22")).body;
    assert!(phrase("to+dignity").contains("1 of 1") && phrase("dignity+to").contains("0 of 1"));
    assert!(bench.get("/sources?words=nowhere").body.contains("0 of 1"));
    let wrong = bench.get("/sources?words=(a");
    assert!(wrong.status == 200 && wrong.body.contains("class=\"wrong\""), "{}", wrong.body);
}

#[test]
fn the_map_comes_with_figures_and_files() {
    let bench = folder();
    let page =
        (0..100).map(|_| bench.get("/map?bootstrap=100&window=paragraph")).find(|a| !a.body.contains("<progress"));
    let page = page.expect("is answered");
    assert!(page.status == 200 && page.body.contains("id=\"answer\""), "{}", page.body);
    let json = bench.get("/map/answer.json?bootstrap=100&window=paragraph");
    let value: serde_json::Value = serde_json::from_str(&json.body).expect("is JSON");
    assert_eq!(value["run"]["settings"]["bootstrap"], 100);
    let csv = bench.get("/map/statements.csv?bootstrap=100&window=paragraph");
    assert!(csv.status == 200 && csv.header("content-disposition").unwrap().contains("statements.csv"), "{}", csv.head);
    assert_eq!(bench.get("/map/nothing.svg?bootstrap=100&window=paragraph").status, 404);
    // Who only comes to a page has asked nothing yet, and made no mistake.
    let come = bench.get("/compare");
    assert!(
        come.status == 200 && come.body.contains("Groups by") && !come.body.contains("role=\"alert\""),
        "{}",
        come.body
    );
    let wrong = bench.get("/map?focus=nothing");
    assert!(wrong.status == 422 && wrong.body.contains("nothing"), "{}", wrong.body);
    assert!(bench.get("/map/passages?of=k-dignity&bootstrap=100&window=paragraph").body.contains("mark="));
    // Links of every answer's figures lead to passages, those of a pair to places where both stand.
    for page in ["/map/passages?", "/slip/passages?labels=forced-labour,dignity&"] {
        let behind = |of: &str| bench.get(&format!("{page}of={of}&bootstrap=100&window=paragraph"));
        for of in ["k-dignity", "c-forced-labour-dignity"] {
            let body = behind(of).body;
            assert!(body.contains("mark=") && body.contains("contrary to"), "{page} {of}: {body}");
        }
        assert_eq!([behind("k-nothing").status, behind("c-forced-labour").status], [404, 404]);
    }
}

/// Whoever looks at a page is told at once that it is being made; scripts wait for it.
#[test]
fn a_page_is_told_to_be_in_the_making() {
    let text: String =
        (0..6000).map(|n| format!("In case {n} States prohibit forced labour for dignity.\n\n")).collect();
    let bench = folder_of(&text);
    let look = |page: &str, accept: &str| {
        let head = format!(
            "GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nAccept: {accept}\r\n",
            bench.port, bench.cookie
        );
        bench.send(&head, b"")
    };
    let first = look("/review", "text/html");
    assert!(first.status == 200 && first.body.contains("<progress"), "{}", first.body);
    assert_eq!(first.header("refresh"), Some("2"), "without a script it is asked for again, too");
    assert!(first.body.contains("href=\"/review\" aria-current=\"page\""), "{}", first.body);
    let later = (0..600).map(|_| look("/review", "text/html")).find(|page| !page.body.contains("<progress"));
    assert!(later.is_some_and(|page| page.status == 200 && page.body.contains("forced labour")));
    let fetched = look("/read?source=sources/a.txt&part=1&fragment=part", "*/*");
    assert!(fetched.status == 200 && !fetched.body.contains("<progress"), "{}", fetched.body);
}

/// Small counts stay in the study: tables as CSV withhold them, figures and JSON that tell them are refused.
#[test]
fn downloads_withhold_small_counts_where_the_study_says_so() {
    let bench = folder();
    let settings = bench.dir.path().join("study/study.toml");
    let file = |name: &str| {
        let found = (0..100).map(|_| bench.get(&format!("/map/{name}?bootstrap=0&window=source")));
        found.into_iter().find(|a| !a.body.contains("<progress")).unwrap()
    };
    assert!(file("concepts.csv").body.contains("dignity,dignity,value,2,2,1"), "{}", file("concepts.csv").body);
    assert_eq!(file("answer.json").status, 200);
    let written = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{written}suppress_small = 5\n")).unwrap();
    let csv = file("concepts.csv");
    assert!(csv.body.contains("dignity,dignity,value,[c],[c],[c]"), "{}", csv.body);
    let json = file("answer.json");
    assert!(json.status == 422 && json.body.contains("withholds counts under 5"), "{}", json.body);
    let figure = file("multiple-value.svg");
    assert!(figure.status == 422 && figure.body.contains("withholds counts under 5"), "{}", figure.body);
}

#[test]
fn many_ask_at_once() {
    let bench = folder();
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50).map(|_| scope.spawn(|| bench.get("/read?source=sources/a.txt").status)).collect();
        assert!(asked.into_iter().all(|a| a.join().unwrap() == 200));
    });
}

/// Returns the fields of the form that asks, with a value that each takes.
fn asked(page: &str) -> Vec<(String, String)> {
    let form = page.split_once("class=\"filters\">").and_then(|(_, p)| p.split("</form>").next()).unwrap_or_default();
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
        Some(value.to_owned())
    };
    let mut fields = Vec::new();
    for tag in form.split('<').filter(|tag| tag.starts_with("input") && !tag.contains("hidden")) {
        let value = if tag.contains("checkbox") { attribute(tag, "value") } else { None };
        let is_number = tag.contains("inputmode");
        fields.push((
            attribute(tag, "name").unwrap(),
            value.unwrap_or_else(|| if is_number { "2" } else { "a" }.to_owned()),
        ));
    }
    for select in form.split("<select").skip(1) {
        let name = attribute(select, "name").unwrap();
        let choices = select.split("</select>").next().unwrap().split("value=\"").skip(2);
        fields.extend(choices.filter_map(|c| c.split('"').next()).map(|value| (name.clone(), value.to_owned())));
    }
    fields
}

/// Whatever stands in one field of a form, and in no other: it is answered, or refused in words for people.
#[test]
fn every_field_of_every_form_takes_a_value() {
    let bench = folder();
    let pages = [
        "/map",
        "/compare",
        "/trend",
        "/slip",
        "/agree",
        "/network",
        "/words",
        "/law/show",
        "/law/compare",
        "/law/overlap",
        "/law/fallback",
        "/reach/attrition",
        "/reach/estimate",
        "/reach/adoption",
    ];
    let mut n = 0;
    for page in pages {
        let quick = match page {
            "/reach/estimate" => "bootstrap=0&",
            "/law/compare" => "norms=un.palermo.3&norms=coe.197.4&",
            "/law/overlap" => "family=slavery&",
            _ => "",
        };
        for (name, value) in asked(&bench.get(&format!("{page}?{quick}")).body).into_iter().take(60) {
            n += 1;
            let address = format!("{page}?{quick}{name}={}", nomoscope_engine::address::encoded(&value));
            let body = bench.get(&address).body;
            for odd in ["invalid type", "invalid value", "unknown variant", "expected u", "u16", "usize"] {
                assert!(!body.contains(odd), "{address}: {odd}\n{body}");
            }
        }
    }
    assert!(n > 100, "{n}");
    assert_eq!(bench.get("/reach/adoption?until=2010").status, 200);
    assert_eq!(bench.get("/law/fallback?norm=un.palermo.3&without=means&age=15").status, 200);
    let first = bench.get("/law/fallback");
    assert!(first.status == 200 && !first.body.contains("class=\"wrong\""), "{}", first.body);
    let wrong = bench.get("/map?min_or=many").body;
    assert!(wrong.contains("“Least odds ratio of the backbone”"), "a setting is called as its field: {wrong}");
}

/// A page that cannot be shown leads on, and speaks the language of whoever asked for it.
#[test]
fn what_fails_is_told_on_a_page() {
    let bench = nothing();
    assert_eq!(bench.post("/settle", &[("language", "fr")]).status, 303);
    for (page, status, words) in [
        ("/nowhere", 404, "Cette page n&#39;existe pas."),
        ("/sources", 404, "Aucune étude n&#39;est ouverte."),
        ("/settle", 405, "Cette page n&#39;existe pas."),
        ("/do/undo", 405, "Cette page n&#39;existe pas."),
    ] {
        let answer = bench.get(page);
        assert_eq!(answer.status, status, "{page}");
        assert!(answer.body.contains("<html lang=\"fr\">") && answer.body.contains("<nav"), "{page}: {}", answer.body);
        assert!(answer.body.contains(words), "{page}: {}", answer.body);
    }
}

/// What the program answers in English says so on a page of another language; what has its words there speaks them.
#[test]
fn no_page_mixes_languages_without_saying_so() {
    let bench = folder();
    assert_eq!(bench.post("/settle", &[("language", "fr")]).status, 303);
    let map =
        (0..100).map(|_| bench.get("/map?bootstrap=0&window=source")).find(|a| !a.body.contains("<progress")).unwrap();
    assert!(map.body.contains("id=\"answer\" lang=\"en\""), "{}", map.body);
    let review = bench.get("/review").body;
    assert!(review.contains("occurrences du lexique ; personne"), "{review}");
    assert!(bench.get("/settings").body.contains("<option value=\"sentence\">phrase</option>"));
    let law = bench.get("/law").body;
    assert!(!law.contains("Not legal advice"), "{law}");
}
