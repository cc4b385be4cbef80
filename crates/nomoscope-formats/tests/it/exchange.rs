//! Projects of other programs: placed whatever they count, back and forth the same, and nothing hostile gets far.

use nomoscope_core::codebook::{Codebook, Concept};
use nomoscope_core::study::{
    Coder, CoderKind, CodingRecord, CodingStatus, Memo, Passage, Source, Study, StudyMeta, Subject,
};
use nomoscope_core::text::{Document, Span};
use nomoscope_formats::exchange::counting::{Counting, Newlines, Unit};
use nomoscope_formats::exchange::{self, ForeignProject, Outgoing, place};
use nomoscope_formats::{Input, Limits};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Write as _;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn guid(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

/// A project with one text and selections, each with one code.
fn project(text: &[u8], selections: &[(i64, i64)], more: &str) -> Vec<u8> {
    let selections: String = selections
        .iter()
        .enumerate()
        .map(|(n, (start, end))| {
            format!(
                "<PlainTextSelection guid=\"{}\" startPosition=\"{start}\" endPosition=\"{end}\"><Coding guid=\"{}\"><CodeRef targetGUID=\"{{{}}}\"/></Coding></PlainTextSelection>",
                guid(1000 + n), guid(5000 + n), guid(1)
            )
        })
        .collect();
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{}\" name=\"c\" isCodable=\"true\"/></Codes></CodeBook><Sources><TextSource guid=\"{}\" name=\"t\" plainTextPath=\"internal://t.txt\">{selections}</TextSource></Sources>{more}</Project>",
        guid(1).to_uppercase(),
        guid(2)
    );
    zipped(&[("project.qde", qde.as_bytes()), ("Sources/T.txt", text)])
}

fn read(name: &str, bytes: &[u8]) -> Result<ForeignProject, String> {
    exchange::read(&Input { name, bytes }, &Limits::default()).map_err(|e| e.to_string())
}

/// Words of three scripts with signs outside the first plane, marks that join, and ends of lines.
const TEXT: &str = "Recital \u{1f6c2} one\u{301} of trafficking.\n\u{5d0}\u{5d1}\u{5d2} and \u{1f54a} dignity must guide\nthe return; cafe\u{301} raids \u{1d49c} end here.\nForced labour \u{1f1fa}\u{1f1f3} is banned.\n";

/// Returns where words stand by a way of counting, written apart from what is tested.
fn counted(text: &str, words: &str, way: Counting) -> (i64, i64) {
    let start = text.find(words).unwrap();
    let width = |part: &str| -> i64 {
        let part = match way.newlines {
            Newlines::AsWritten => part.to_owned(),
            Newlines::One => part.replace("\r\n", "\n"),
            Newlines::Two => part.replace("\r\n", "\n").replace('\n', "\r\n"),
        };
        match way.unit {
            Unit::CodePoints => part.chars().count() as i64,
            Unit::Utf16 => part.encode_utf16().count() as i64,
            Unit::Utf8 => part.len() as i64,
        }
    };
    let mark = if way.bom { if way.unit == Unit::Utf8 { 3 } else { 1 } } else { 0 };
    let end = width(&text[..start + words.len()]) - i64::from(way.inclusive);
    (width(&text[..start]) + mark, end + mark)
}

#[test]
fn every_way_of_counting_is_told_from_the_text() {
    let words = ["trafficking", "dignity", "guide", "return", "raids", "Forced labour", "banned", "must guide"];
    for crlf in [false, true] {
        let text = if crlf { TEXT.replace('\n', "\r\n") } else { TEXT.to_owned() };
        for unit in [Unit::CodePoints, Unit::Utf16, Unit::Utf8] {
            let newlines =
                if crlf { [Newlines::AsWritten, Newlines::One] } else { [Newlines::AsWritten, Newlines::Two] };
            for newlines in newlines {
                for (mark, bom) in [(false, false), (true, false), (true, true)] {
                    for inclusive in [false, true] {
                        let way = Counting { unit, newlines, bom, inclusive };
                        let places: Vec<(i64, i64)> = words.iter().map(|w| counted(&text, w, way)).collect();
                        let bytes = format!("{}{text}", if mark { "\u{feff}" } else { "" });
                        let mut project = read("p.qdpx", &project(bytes.as_bytes(), &places, "")).unwrap();
                        let placed = place::place(&mut project);
                        let found: Vec<&str> =
                            placed.places.iter().map(|p| p.as_ref().unwrap().span.of(&text)).collect();
                        assert_eq!(found, words, "{way:?} crlf {crlf}");
                        assert_eq!(placed.sources[0].counting, Some(way), "crlf {crlf}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_wrong_is_kept_and_listed() {
    let text = "One of the two. One of the three.\n";
    let mut read = read("p.qdpx", &project(text.as_bytes(), &[(0, 3), (4, 4), (900, 910), (11, 14)], "")).unwrap();
    read.selections[0].quote = Some("two".to_owned());
    read.selections[3].quote = Some("One".to_owned());
    let placed = place::place(&mut read);
    let spans: Vec<Span> = placed.places.iter().map(|p| p.as_ref().unwrap().span).collect();
    assert_eq!(spans, [Span::new(11, 14), Span::new(4, 4), Span::new(0, 0), Span::new(11, 14)]);
    assert_eq!((placed.healed.len(), placed.healed[0].by), (1, Some(11)));
    let reasons: Vec<&str> = placed.unfit.iter().map(|u| u.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["its quotation stands several times in the text, and not there", "its place lies outside the text"]
    );
    assert_eq!(placed.places[3].as_ref().unwrap().stored.as_deref(), Some("One"));
    assert_eq!(placed.places[2].as_ref().unwrap().lost_place, Some((900, 910)));
}

#[test]
fn a_missing_text_keeps_its_quotations() {
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><Sources><TextSource guid=\"{}\" name=\"gone\" plainTextPath=\"absolute:///Z:/texts/gone.txt\"><PlainTextSelection guid=\"{}\" startPosition=\"3\" endPosition=\"9\"/></TextSource></Sources></Project>",
        guid(1),
        guid(2)
    );
    let mut read = read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes())])).unwrap();
    read.selections[0].quote = Some("what was said".to_owned());
    let placed = place::place(&mut read);
    assert_eq!(read.sources[0].text.as_deref(), Some("what was said"));
    assert_eq!(placed.places[0].as_ref().unwrap().span, Span::new(0, 13));
    assert!(placed.sources[0].missing);
}

#[test]
fn hostile_files_are_errors() {
    let good = project(b"text", &[(0, 4)], "");
    let check = |name: &str, bytes: &[u8], want: &str| {
        let error = read(name, bytes).expect_err(want);
        assert!(error.contains(want), "{name}: {error}");
    };
    check("p.qdpx", &zipped(&[("../../project.qde", b"<Project/>")]), "leads out of the archive");
    check("p.qdpx", &zipped(&[("sources/x.txt", b"x")]), "no file `project.qde`");
    check("p.qdpx", &zipped(&[("a.qde", b"<Project/>"), ("b.qde", b"<Project/>")]), "several files");
    check("p.qdpx", &zipped(&[("project.qde", b"<Other/>")]), "not with <Project>");
    let entity = b"<!DOCTYPE Project [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Project>&b;</Project>";
    check("p.qdpx", &zipped(&[("project.qde", entity)]), "internal subset");
    let deep = format!("{}{}", "<Code>".repeat(2000), "</Code>".repeat(2000));
    let deep = format!("<Project><CodeBook><Codes>{deep}</Codes></CodeBook></Project>");
    check("p.qdpx", &zipped(&[("project.qde", deep.as_bytes())]), "nested deeper");
    let huge = vec![b' '; 64 << 20];
    check("p.qdpx", &zipped(&[("project.qde", &huge)]), "bomb");
    check("p.qdpx", &good[..good.len() - 30], "zip");
    check("p.qdpx", &good[..40], "zip");
    check("c.qdc", b"<CodeBook><Codes>", "XML");
    check("c.qdc", b"", "empty");
    check("x.rqda", b"no database", "SQLite");
    let mut cut = b"SQLite format 3\0".to_vec();
    cut.extend([0_u8; 200]);
    check("x.rqda", &cut, "SQLite");
    check("x.unknown", b"abc", "no reader");
}

/// Makes a database in memory and returns its bytes.
fn database(sql: &str) -> Vec<u8> {
    let mut conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch(sql).unwrap();
    conn.serialize(rusqlite::MAIN_DB).unwrap().to_vec()
}

#[test]
fn databases_are_read_as_tables_and_nothing_in_them_is_run() {
    let none = read("x.rqda", &database("CREATE TABLE a(b)")).expect_err("is no project");
    assert!(none.contains("tables of no program"), "{none}");
    let view = "CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status); CREATE TABLE x(name, id, status);
        CREATE VIEW freecode AS SELECT * FROM x; CREATE TABLE source(id, name, file, status)";
    assert!(read("x.rqda", &database(view)).is_err());
    let trigger = "CREATE TABLE freecode(name, id, status, memo AS (zeroblob(900000000))); INSERT INTO freecode VALUES ('c', 1, 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', 'abc def', 1);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status); INSERT INTO coding VALUES (1, 1, 4.0, 7.0, 'def', 1);
        CREATE TRIGGER t AFTER INSERT ON coding BEGIN DELETE FROM coding; END";
    let read = read("x.rqda", &database(trigger)).unwrap();
    assert_eq!((read.codes.len(), read.selections.len(), read.codes[0].description.as_str()), (1, 1, ""));
}

#[test]
fn taguette_counts_bytes_of_the_text_without_tags() {
    let sql = "CREATE TABLE projects(id, name, description); INSERT INTO projects VALUES (1, 'p', 'd');
        CREATE TABLE documents(id, name, description, filename, project_id, contents); INSERT INTO documents VALUES (1, 'doc', '', 'doc.html', 1, '<p>Caf\u{e9} &amp; law</p><p>R\u{e9}sum\u{e9} of <b>dignity</b></p>');
        CREATE TABLE tags(id, project_id, path, description); INSERT INTO tags VALUES (7, 1, 'value', '');
        CREATE TABLE highlights(id, document_id, start_offset, end_offset, snippet); INSERT INTO highlights VALUES (3, 1, 23, 30, '<b>dignity</b>');
        CREATE TABLE highlight_tags(highlight_id, tag_id); INSERT INTO highlight_tags VALUES (3, 7);";
    let mut read = read("p.sqlite3", &database(sql)).unwrap();
    let placed = place::place(&mut read);
    let text = read.sources[0].text.clone().unwrap();
    assert_eq!(text, "Caf\u{e9} & law\nR\u{e9}sum\u{e9} of dignity");
    assert_eq!(placed.places[0].as_ref().unwrap().span.of(&text), "dignity");
    assert_eq!(placed.sources[0].counts.exact, 1);
}

#[test]
fn qualcoder_of_old_and_new_schemas() {
    for (columns, category) in [
        ("cid, name, memo, catid, owner, date, color", "1"),
        ("cid, name, memo, catid, owner, date, color, supercid", "NULL, 5"),
    ] {
        let sql = format!(
            "CREATE TABLE project(databaseversion, about, memo, date); INSERT INTO project VALUES ('v8', '', 'note', '2024-01-02 03:04:05');
            CREATE TABLE source(id, name, fulltext, mediapath, memo, owner, date); INSERT INTO source VALUES (1, 'a.txt', 'one \u{1f54a} dignity', NULL, '', 'ana', ''), (2, 'p.png', NULL, '/images/p.png', '', 'ana', '');
            CREATE TABLE code_cat(catid, name, memo, supercatid); INSERT INTO code_cat VALUES (1, 'group', '', NULL);
            CREATE TABLE code_name({columns}); INSERT INTO code_name(cid, name) VALUES (5, 'top');
            INSERT INTO code_name(cid, name, {}) VALUES (6, 'value', {category});
            CREATE TABLE code_text(cid, fid, seltext, pos0, pos1, owner, date, memo, important); INSERT INTO code_text VALUES (6, 1, 'dignity', 6, 13, 'ana', '2024-01-02 03:04:05', 'm', 1);",
            if category == "1" { "catid" } else { "catid, supercid" }
        );
        let mut read = read("data.qda", &database(&sql)).unwrap();
        let placed = place::place(&mut read);
        assert_eq!(placed.sources[0].counts.exact, 1);
        let parent = read.codes.iter().find(|c| c.name == "value").unwrap().parent.clone();
        assert_eq!(parent.as_deref(), Some(if category == "1" { "category-1" } else { "5" }));
        assert_eq!((read.sources.len(), read.lost[0].n, read.coders.len()), (1, 1, 1));
        assert_eq!(read.annotations.values.len(), 1);
    }
}

/// A study with codings at these places of these texts.
fn study(texts: &[String], marks: &[(usize, usize, usize, bool)], words: &str) -> Study {
    let source = |(n, text): (usize, &String)| Source {
        path: format!("sources/{n}.txt"),
        title: format!("{words} {n}"),
        document: Document { text: text.clone(), ..Document::default() },
        ..Source::default()
    };
    let mut study = Study {
        meta: StudyMeta { title: format!("t {words}"), ..StudyMeta::default() },
        sources: texts.iter().enumerate().map(source).collect(),
        coders: vec![Coder { id: "ana".into(), name: "Ana".to_owned(), kind: CoderKind::Person }],
        ..Study::default()
    };
    for (number, (of, a, b, is_coding)) in marks.iter().enumerate() {
        let of = of % texts.len();
        let mut edges: Vec<usize> = texts[of].char_indices().map(|(at, _)| at).collect();
        edges.push(texts[of].len());
        let (a, b) = (edges[a % edges.len()], edges[b % edges.len()]);
        let span = Span::new(a.min(b) as u32, a.max(b) as u32);
        let (source, quote) = (format!("sources/{of}.txt"), span.of(&texts[of]).to_owned());
        let created = "2026-01-02T03:04:05Z".to_owned();
        if *is_coding {
            study.codings.push(CodingRecord {
                id: format!("c{number}").into(),
                source: source.as_str().into(),
                span,
                quote,
                concept: ["problem", "value"][number % 2].into(),
                coder: "ana".into(),
                status: CodingStatus::Accepted,
                created,
                memo: if number % 3 == 0 { words.to_owned() } else { String::new() },
            });
        } else {
            let (id, coder) = (format!("p{number}"), "ana".into());
            let about = Subject::Passage(id.as_str().into());
            let name = words.to_owned();
            study.annotations.passages.push(Passage {
                id: id.into(),
                source: source.as_str().into(),
                span,
                quote,
                name,
                coder,
                created: created.clone(),
            });
            study.memos.push(Memo {
                id: format!("m{number}").into(),
                about,
                coder: "ana".into(),
                created,
                text: format!("{words}."),
            });
        }
    }
    study
}

fn codebook() -> Codebook {
    let concept = |id: &str, broader: Option<&str>| Concept {
        id: id.to_owned(),
        unassigned: true,
        broader: broader.map(str::to_owned),
        label: BTreeMap::from([("und".to_owned(), format!("{id} & <co>"))]),
        note: "what \"it\" means\r\n".to_owned(),
        ..Concept::default()
    };
    Codebook::new("b".to_owned(), String::new(), vec![concept("problem", None), concept("value", Some("problem"))])
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_project_comes_back_as_it_went(
        texts in proptest::collection::vec("[a-d \u{e9}\u{301}\u{5d0}\u{4e2d}\u{1f54a}\r\n]{1,40}x", 1..3),
        marks in proptest::collection::vec((0_usize..3, 0_usize..60, 0_usize..60, any::<bool>()), 0..12),
        words in "[a-c<>&\"' \n\u{e9}\u{1f54a}]{0,8}z",
    ) {
        let (study, codebook) = (study(&texts, &marks, &words), codebook());
        let out = Outgoing { study: &study, codebook: &codebook, program: "Nomoscope 1", time: "2026-01-02T03:04:05Z" };
        let write = exchange::format_of("x.qdpx").unwrap().write.unwrap();
        let first = write(&out).unwrap().bytes;
        prop_assert_eq!(&write(&out).unwrap().bytes, &first);
        let mut back = read("x.qdpx", &first).unwrap();
        let placed = place::place(&mut back);
        prop_assert!(placed.unfit.is_empty() && back.lost.is_empty(), "{:?} {:?}", placed.unfit, back.lost);
        let texts_back: Vec<&String> = back.sources.iter().map(|s| s.text.as_ref().unwrap()).collect();
        prop_assert_eq!(texts_back, texts.iter().collect::<Vec<_>>());
        let mut went: Vec<(String, Span, String, String)> =
            study.codings.iter().map(|c| (format!("{} {}", words, &c.source[8..9]), c.span, c.concept.to_string(), c.memo.clone())).collect();
        let names: BTreeMap<&str, &str> = back.sources.iter().map(|s| (s.id.as_str(), s.name.as_str())).collect();
        let codes: BTreeMap<&str, &str> = back.codes.iter().map(|c| (c.id.as_str(), c.name.as_str())).collect();
        let mut came: Vec<(String, Span, String, String)> = back.selections.iter().zip(&placed.places).flat_map(|(s, p)| {
            let (names, codes, span) = (&names, &codes, p.as_ref().unwrap().span);
            s.codings.iter().map(move |c| {
                let code = codes[c.code.as_str()].trim_end_matches(" & <co>").to_owned();
                (names[s.source.as_str()].to_owned(), span, code, c.memo.clone())
            })
        }).collect();
        went.sort();
        came.sort();
        prop_assert_eq!(came, went);
        let kept = back.selections.iter().filter(|s| s.keep).count();
        prop_assert_eq!(kept, study.annotations.passages.len());
        prop_assert_eq!(back.memos.len(), study.memos.len());
        let said = format!("{}.", words);
        prop_assert!(back.memos.iter().all(|m| m.text == said), "{:?}", back.memos);
        prop_assert_eq!(back.codes[1].parent.as_deref(), Some(back.codes[0].id.as_str()));
    }
}
