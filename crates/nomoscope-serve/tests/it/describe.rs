//! Sources are described, one in its form and many at once.

use crate::client::{Bench, file, folder};
use nomoscope_core::study::Source;

fn sources(bench: &Bench) -> Vec<Source> {
    bench.study().material(None).unwrap().material.study.sources.to_vec()
}

#[test]
fn one_source_is_described_and_one_undo_takes_it_back() {
    for bench in [folder(), file()] {
        let page = bench.get("/describe?source=sources/a.txt").body;
        assert!(page.contains("name=\"was.title\" value=\"a\""), "{page}");
        let form = [
            ("source", "sources/a.txt"),
            ("set.title", "An <interview>"),
            ("was.title", "a"),
            ("set.kind", "interview"),
            ("was.kind", ""),
            ("set.language", "en"),
            ("was.language", "en"),
            ("name", "region"),
            ("value", "Asia"),
        ];
        let said = bench.post("/do/describe", &form);
        assert!(said.status == 200 && said.body.contains("1 source described"), "{}", said.body);
        let now = sources(&bench).remove(0);
        assert_eq!(
            (now.title.as_str(), now.kind.as_deref(), &*now.attributes["region"]),
            ("An <interview>", Some("interview"), "Asia")
        );
        let page = bench.get("/describe?source=sources/a.txt").body;
        assert!(
            page.contains("An &#60;interview&#62;") && page.contains("name=\"set.region\" value=\"Asia\""),
            "{page}"
        );
        let emptied = [("source", "sources/a.txt"), ("set.region", ""), ("was.region", "Asia")];
        assert_eq!(bench.post("/do/describe", &emptied).status, 200);
        assert!(sources(&bench)[0].attributes.is_empty());
        let wrong = [("source", "sources/a.txt"), ("set.date", "05/2024"), ("was.date", "")];
        let wrong = bench.post("/do/describe", &wrong);
        assert!(wrong.status == 400 && wrong.body.contains("is not a date"), "{}", wrong.body);
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        let now = sources(&bench).remove(0);
        assert!(now.title == "a" && now.kind.is_none() && now.attributes.is_empty());
        assert_eq!(bench.get("/describe").status, 400);
        assert_eq!(bench.get("/describe?source=none").status, 400);
    }
}

#[test]
fn many_sources_get_what_holds_of_all() {
    for bench in [folder(), file()] {
        let table = b"id,text,kind\n1,Dignity first.,speech\n2,Nothing else.,\n";
        assert_eq!(bench.upload(&[("b.txt", b"They work."), ("t.csv", table)]).status, 200);
        let page = bench.post("/describe", &[("source", "sources/a.txt"), ("source", "sources/t.csv#2")]).body;
        assert!(page.contains("Rows of a table are described together"), "{page}");
        assert!(page.contains("name=\"source\" value=\"sources/t.csv\"") && !page.contains("set.title"), "{page}");
        assert!(page.contains("2 different ones"), "two kinds, one of them empty: {page}");
        let all = bench.post("/describe", &[("all", "1"), ("words", "dignity")]).body;
        assert!(all.contains("value=\"sources/a.txt\"") && !all.contains("value=\"sources/b.txt\""), "{all}");
        let form = [
            ("source", "sources/a.txt"),
            ("source", "sources/t.csv"),
            ("set.kind", "interview"),
            ("set.date", ""),
            ("clear.language", "1"),
        ];
        let said = bench.post("/do/describe", &form);
        assert!(said.body.contains("3 sources described"), "{}", said.body);
        let kinds: Vec<_> = sources(&bench).into_iter().map(|s| (s.path, s.kind.unwrap_or_default())).collect();
        let of = |path: &str| kinds.iter().find(|(known, _)| known == path).unwrap().1.as_str();
        assert_eq!(
            ["sources/a.txt", "sources/b.txt", "sources/t.csv#1", "sources/t.csv#2"].map(of),
            ["interview", "", "speech", "interview"]
        );
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert!(sources(&bench)[0].kind.is_none());
    }
}
