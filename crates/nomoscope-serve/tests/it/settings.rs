//! The settings of a study, through the browser.

use crate::client::{file, folder};

#[test]
fn settings_are_written_and_taken_back() {
    for bench in [folder(), file()] {
        let meta = || bench.study().material(None).unwrap().material.study.meta.clone();
        let page = bench.get("/settings").body;
        assert!(page.contains("value=\"T\"") && page.contains("forced labour"), "{page}");
        let form = |was: &str, focus: &str, window: &str| {
            let fields = [
                ("title", "Work & dignity"),
                ("was.title", "T"),
                ("was.window", "never shown"),
                ("was.focus", was),
                ("description", ""),
                ("language", "en, fr"),
                ("focus", focus),
                ("window", window),
                ("groupings", "kind"),
                ("periods", "1920-1949, 1950-"),
                ("suppress_small", ""),
            ];
            bench.post("/do/settings", &fields)
        };
        let said = form("", "dignity", "sentence");
        assert!(said.status == 200 && said.body.contains("Settings written"), "{}", said.body);
        let now = meta();
        assert_eq!((now.title.as_str(), now.focus.as_deref()), ("Work & dignity", Some("dignity")));
        assert_eq!(
            (now.language, now.groupings, now.periods.len()),
            (vec!["en".to_owned(), "fr".to_owned()], vec!["kind".to_owned()], 2)
        );
        assert_eq!(form("", "dignity", "sentence").status, 200, "what is there already is no change");
        // What another changed since the form was shown stays.
        let fields = [("title", "Work & dignity"), ("was.title", "Work & dignity"), ("focus", ""), ("was.focus", "")];
        assert_eq!(bench.post("/do/settings", &fields).status, 200);
        assert_eq!(meta().focus.as_deref(), Some("dignity"));
        let wrong = form("dignity", "dignity", "chapter");
        assert!(wrong.status == 400 && wrong.body.contains("`chapter` is no window"), "{}", wrong.body);
        for (name, odd) in [("actor", "nope"), ("groupings", "nope"), ("focus", "nope")] {
            let answer = bench.post("/do/settings", &[(name, odd), ("title", "T"), ("was.title", "T")]);
            assert!(answer.status == 400 && answer.body.contains("“nope”"), "{name}: {}", answer.body);
        }
        assert_eq!(form("dignity", "", "sentence").status, 200);
        assert_eq!(meta().focus, None);
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert_eq!((meta().title, meta().focus), ("T".to_owned(), None));
    }
}
