//! The report in the browser, and what is put into it.

use crate::client::{Answer, Bench, file, folder};

const QUERY: &str = "map.bootstrap=0&map.window=source";

fn answered(bench: &Bench, page: &str) -> Answer {
    let mut asked = (0..600).map(|_| bench.get(page));
    asked.find(|a| !a.body.contains("<progress")).expect("is answered")
}

#[test]
fn the_report_is_read_in_the_browser_and_taken_along() {
    for bench in [folder(), file()] {
        let page = answered(&bench, &format!("/report?{QUERY}"));
        assert!(page.status == 200 && page.body.contains("id=\"answer\""), "{}", page.body);
        let at = "/report/map.window%3Dsource%26map.bootstrap%3D0";
        assert!(page.body.contains(&format!("href=\"{at}/report.html\"")), "{}", page.body);
        let report = answered(&bench, &format!("{at}/report.html"));
        assert!(report.status == 200 && report.body.contains("Three findings"), "{}", report.body);
        assert!(report.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert!(report.body.contains("href=\"appendix.html\""), "its pages lead to each other");
        assert!(answered(&bench, &format!("{at}/appendix.html")).body.contains("<h1>Appendix</h1>"));
        let table = answered(&bench, &format!("{at}/tables/concepts.csv"));
        assert!(table.status == 200 && table.body.contains("dignity"), "{}", table.body);
        let run: serde_json::Value = serde_json::from_str(&bench.get(&format!("{at}/run.json")).body).unwrap();
        assert_eq!(
            (run["question"].as_str(), run["settings"]["map"]["window"].as_str()),
            (Some("report"), Some("source"))
        );
        let zip = bench.get(&format!("{at}/report.zip"));
        assert!(zip.status == 200 && zip.header("content-disposition").unwrap().contains("report.zip"), "{}", zip.head);
        assert!(zip.body.contains("report/appendix.html") && zip.body.contains("report/run.json"));
        for none in ["nothing.html", "tables/nothing.csv", "../study.toml", "study.toml"] {
            assert_eq!(bench.get(&format!("{at}/{none}")).status, 404, "{none}");
        }
        let wrong = bench.get("/report?map.focus=nothing");
        assert!(wrong.status == 422 && wrong.body.contains("nothing"), "{}", wrong.body);
    }
}

#[test]
fn a_question_is_put_into_the_report_and_taken_out() {
    for bench in [folder(), file()] {
        let page = answered(&bench, "/words?least=1");
        assert!(
            page.body.contains("value=\"terms?least=1\"") && page.body.contains("Put it into the report"),
            "{}",
            page.body
        );
        let put = |keep: &str, address: &str| bench.post("/do/report", &[("address", address), ("keep", keep)]);
        let said = put("1", "terms?least=1");
        assert!(said.status == 200 && said.body.contains("1 further question stands"), "{}", said.body);
        assert!(answered(&bench, "/words?least=1").body.contains("Take it out of the report"));
        let page = answered(&bench, &format!("/report?{QUERY}")).body;
        assert!(page.contains("Terms: least 1") && page.contains("href=\"/words?least=1\""), "{page}");
        let at = "/report/map.window%3Dsource%26map.bootstrap%3D0";
        let report = answered(&bench, &format!("{at}/report.html")).body;
        assert!(report.contains("Further questions"), "{report}");
        assert!(answered(&bench, &format!("{at}/appendix.html")).body.contains("<h2>Terms: least 1</h2>"));
        // It is a change of the study like any other.
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert!(!answered(&bench, &format!("/report?{QUERY}")).body.contains("Terms: least 1"));
        assert_eq!(bench.post("/do/redo", &[]).status, 200);
        put("0", "terms?least=1");
        assert!(bench.study().material(None).unwrap().material.study.meta.report.is_empty());
        for (wrong, told) in [
            ("mapp", "did you mean `map`"),
            ("terms?leest=1", "no setting `leest`"),
            ("report", "cannot stand in a report"),
        ] {
            let said = put("1", wrong);
            assert!(said.status == 400 && said.body.contains(told), "{wrong}: {}", said.body);
        }
    }
}
