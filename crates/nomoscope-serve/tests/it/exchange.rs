//! Projects, studies and codebooks in and out, through the browser.

use crate::client::{Answer, Bench, file, folder};

fn take(bench: &Bench, what: &str, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Answer {
    let mut parts = vec![("do", "", what.as_bytes())];
    parts.extend(fields.iter().map(|(field, value)| (*field, "", value.as_bytes())));
    parts.extend(files.iter().map(|(name, bytes)| ("files", *name, *bytes)));
    bench.upload_to("/do/exchange", &parts)
}

const CODINGS: &[u8] =
    b"source,quote,code,coder\na.txt,prohibit forced labour,duty,ana\na.txt,nowhere to be found,duty,ana\n";

#[test]
fn a_project_is_looked_at_taken_in_and_taken_back() {
    for bench in [folder(), file()] {
        let codings = || bench.study().material(None).unwrap().material.study.codings.clone();
        let looked = take(&bench, "check", &[("codings.csv", CODINGS)], &[]);
        assert!(looked.status == 200 && looked.body.contains("codings.csv"), "{}", looked.body);
        assert!(codings().is_empty(), "who only looks changes nothing");
        let taken = take(&bench, "import", &[("codings.csv", CODINGS)], &[("roles", "duty = behaviour")]);
        assert!(taken.status == 200 && taken.body.contains("new:"), "{}", taken.body);
        assert!(taken.body.contains("nowhere to be found"), "what does not fit is listed: {}", taken.body);
        let coded = codings();
        assert!(coded.iter().any(|c| c.quote == "prohibit forced labour" && c.concept == "duty"), "{coded:?}");
        let codebook = bench.study().material(None).unwrap().material.codebook;
        let duty = codebook.get(codebook.find("duty").expect("is there"));
        assert!(duty.has(nomoscope_core::codebook::Role::Behaviour));
        let again = take(&bench, "import", &[("codings.csv", CODINGS)], &[("roles", "duty = behaviour")]);
        assert!(again.body.contains("nothing changed"), "{}", again.body);
        assert_eq!(bench.post("/do/undo", &[]).status, 200);
        assert!(codings().is_empty());
        for (files, fields, told) in [
            (&[("x.qdpx", &b"no project"[..])][..], &[][..], "x.qdpx"),
            (&[], &[], "Choose some files first"),
            (&[("codings.csv", CODINGS)], &[("roles", "duty = nothing")], "is no role"),
        ] {
            let wrong = take(&bench, "import", files, fields);
            assert!(wrong.status == 422 && wrong.body.contains(told), "{told}: {}", wrong.body);
        }
        assert!(codings().is_empty());
    }
}

#[test]
fn the_study_of_a_second_coder_is_joined() {
    let other = file();
    let hit = ("9", "29");
    let mark = [("source", "sources/a.txt"), ("start", hit.0), ("end", hit.1), ("concept", "dignity")];
    let ben = other.coder("ben");
    assert_eq!(other.post_by(&ben, "/do/mark", &mark).status, 200);
    let bytes = std::fs::read(other.dir.path().join("study.nomo")).unwrap();
    for bench in [folder(), file()] {
        let joined = take(&bench, "join", &[("ben.nomo", &bytes)], &[]);
        assert!(joined.status == 200 && joined.body.contains("1 coding"), "{}", joined.body);
        let study = bench.study().material(None).unwrap().material.study;
        assert!(study.codings.iter().any(|c| c.coder == *"ben"));
        assert!(take(&bench, "join", &[("ben.nomo", &bytes)], &[]).body.contains("nothing changed"));
        let wrong = take(&bench, "join", &[("ben.nomo", b"no study")], &[]);
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        let temporary = std::env::temp_dir().display().to_string();
        assert!(!wrong.body.contains(&temporary), "no folder of this machine stands on a page: {}", wrong.body);
    }
}

#[test]
fn a_codebook_goes_through_a_spreadsheet_and_no_coded_concept_is_lost() {
    let bench = file();
    let table = bench.get("/exchange/codebook.csv").body;
    assert!(table.starts_with("concept,") && table.contains("forced-labour"), "{table}");
    let more = format!("{table}{}", table.lines().last().unwrap().replace("prohibit", "punish"));
    let put = take(&bench, "codebook", &[("codes.csv", more.as_bytes())], &[]);
    assert!(put.status == 200 && put.body.contains("4 concepts"), "{}", put.body);
    let mark = [("source", "sources/a.txt"), ("start", "9"), ("end", "29"), ("concept", "dignity")];
    assert_eq!(bench.post("/do/mark", &mark).status, 200);
    let without: String =
        table.lines().filter(|line| !line.contains("dignity")).map(|line| format!("{line}\n")).collect();
    let lost = take(&bench, "codebook", &[("codes.csv", without.as_bytes())], &[]);
    assert!(lost.status == 422 && lost.body.contains("no concept `dignity`"), "{}", lost.body);
    assert!(bench.study().material(None).unwrap().material.codebook.find("punish").is_some());
}

#[test]
fn the_study_is_taken_along_in_every_format() {
    let bench = folder();
    let mark = [("source", "sources/a.txt"), ("start", "9"), ("end", "29"), ("concept", "dignity")];
    assert_eq!(bench.post("/do/mark", &mark).status, 200);
    let page = bench.get("/exchange").body;
    for format in nomoscope_formats::exchange::EXCHANGE.iter().filter(|format| format.write.is_some()) {
        assert!(page.contains(&format!("/exchange?to={}", format.name)), "{}", format.name);
        let chosen = bench.get(&format!("/exchange?to={}", format.name));
        assert!(chosen.status == 200 && chosen.body.contains(&format!("href=\"/exchange/{}\"", format.name)));
        let taken = bench.get(&format!("/exchange/{}", format.name));
        assert!(
            taken.status == 200 && taken.header("content-disposition").is_some(),
            "{}: {}",
            format.name,
            taken.head
        );
    }
    let zip = bench.get("/exchange/study.zip");
    assert!(zip.status == 200 && zip.body.contains("study/codebook.toml") && zip.body.contains("study/sources/a.txt"));
    assert_eq!(bench.get("/exchange/nothing").status, 404);
    assert_eq!(bench.get("/exchange?to=nothing").status, 404);
}
