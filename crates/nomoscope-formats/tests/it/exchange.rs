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
                        let way = Counting { unit, newlines, bom, inclusive, shift: 0 };
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
    assert!(read.notes.iter().any(|note| note.contains("1 trigger,")), "{:?}", read.notes);
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
        let out = Outgoing { study: &study, codebook: &codebook, order: &[], program: "Nomoscope 1", time: "2026-01-02T03:04:05Z" };
        let write = exchange::format_of("x.qdpx").unwrap().write.unwrap();
        let first = write.write(&out).unwrap().bytes;
        prop_assert_eq!(&write.write(&out).unwrap().bytes, &first);
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

/// Returns source, words, code and memo of each coding.
fn rows(read: &ForeignProject, placed: &place::Placement) -> Vec<(String, String, String, String)> {
    let text = |id: &str| read.sources.iter().find(|s| s.id == id).unwrap();
    let code = |id: &str| -> String {
        let mut names = Vec::new();
        let mut at = Some(id.to_owned());
        while let Some(code) = at.and_then(|id| read.codes.iter().find(|c| c.id == id)) {
            names.insert(0, code.name.clone());
            at = code.parent.clone();
        }
        names.join(" > ")
    };
    let one = |(selection, place): (&exchange::Selection, &Option<place::Placed>)| -> Vec<_> {
        let (source, span) = (text(&selection.source), place.as_ref().unwrap().span);
        let words = span.of(source.text.as_ref().unwrap()).to_owned();
        let row = |c: &exchange::ForeignCoding| (source.name.clone(), words.clone(), code(&c.code), c.memo.clone());
        selection.codings.iter().map(row).collect()
    };
    read.selections.iter().zip(&placed.places).flat_map(one).collect()
}

#[test]
fn webanno_is_known_by_its_first_line_and_read_word_by_word() {
    let tsv = "\u{feff}#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value\n#T_SP=webanno.custom.Norm|role|note\n#T_SP=webanno.custom.Actor\n#T_RL=webanno.custom.Leads|kind|BT_webanno.custom.Norm\n\n\n#Text=\u{1f30a} The well \\\\ is dry.\n1-1\t0-2\t\u{1f30a}\t_\t_\t_\t_\t_\t_\t\n1-2\t3-6\tThe\tthe\tproblem[1]\tseen \\| said[1]\t_\t_\t_\t\n1-3\t7-11\twell\twell\tproblem[1]|value\tseen \\| said[1]|*\t*\tcause\t1-2[0_1]\t\n1-4\t12-13\t\\\\\t_\t_\t_\t_\t_\t_\t\n1-5\t14-16\tis\tbe\t_\t_\t_\t_\t_\t\n1-6\t17-20\tdry\t_\t_\t_\t_\t_\t_\t\n1-7\t20-21\t.\t_\t_\t_\t_\t_\t_\t\n\n#Text=Two [1] lines\n2-1\t23-26\tTwo\t_\tvalue\t*\t_\t_\t_\t\n";
    let mut read = read("ana.tsv", tsv.as_bytes()).unwrap();
    let placed = place::place(&mut read);
    assert_eq!(read.sources[0].text.as_deref(), Some("\u{1f30a} The well \\ is dry.\n\nTwo [1] lines"));
    let all = rows(&read, &placed);
    let want = [
        ("The well", "Norm > role > problem"),
        ("The well", "Norm > note > seen | said"),
        ("well", "Norm > role > value"),
        ("well", "Actor"),
        ("Two", "Norm > role > value"),
    ];
    let found: Vec<(&str, &str)> = all.iter().map(|(_, words, code, _)| (words.as_str(), code.as_str())).collect();
    assert_eq!(found, want);
    let lost: Vec<(&str, usize)> = read.lost.iter().map(|l| (l.what.as_str(), l.n)).collect();
    assert_eq!(lost, [("annotations of words", 3), ("words with links to others", 1)]);
    assert!(placed.unfit.is_empty());
    for (bad, want) in [
        ("#FORMAT=WebAnno TSV 3.3\n#Text=a\n1-1\t9999999999999-99999999999999\ta\t\n", "line 3"),
        ("#FORMAT=WebAnno TSV 3.3\n#Text=ab\n1-1\t0-2\tab\t\n#Text=c\n2-1\t1-2\tc\t\n", "before the one above"),
        ("#FORMAT=WebAnno TSV 3.3\n1-1\tx-2\tab\t\n", "without a place"),
        ("#FORMAT=WebAnno TSV 3.3\n#T_SP\n", "without a name"),
    ] {
        let error = self::read("x.tsv", bad.as_bytes()).expect_err(want);
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn a_cas_of_uima_gives_its_texts_and_layers() {
    let cas = r#"{"%TYPES":{},"%FEATURE_STRUCTURES":[
        {"%ID":1,"%TYPE":"uima.cas.Sofa","sofaNum":1,"sofaID":"_InitialView","sofaString":"🌊 The well is dry."},
        {"%ID":2,"%TYPE":"webanno.custom.Norm","@sofa":1,"begin":3,"end":11,"role":"problem"},
        {"%ID":3,"%TYPE":"webanno.custom.Actor","@sofa":1,"begin":7,"end":11,"name":"well","kind":"thing","@target":2},
        {"%ID":4,"%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token","@sofa":1,"begin":3,"end":6},
        {"%ID":5,"%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData","@sofa":1,"begin":0,"end":4,"documentTitle":"Wells"},
        {"%ID":6,"%TYPE":"webanno.custom.Norm","@sofa":9,"begin":3,"end":6,"role":"value"}],"%VIEWS":{}}"#;
    let mut read = read("x.json", cas.as_bytes()).unwrap();
    let placed = place::place(&mut read);
    let all = rows(&read, &placed);
    let found: Vec<(&str, &str, &str)> = all.iter().map(|(s, w, c, _)| (s.as_str(), w.as_str(), c.as_str())).collect();
    let want = [
        ("Wells", "The well", "Norm > problem"),
        ("Wells", "well", "Actor > kind > thing"),
        ("Wells", "well", "Actor > name > well"),
        // Its text is not in the file.
        ("missing text 9", "", "Norm > value"),
    ];
    let mut sorted = found.clone();
    sorted[1..3].sort_unstable();
    assert_eq!(sorted, want);
    for (bad, want) in [
        ("[]", "not a CAS"),
        ("{", "no JSON"),
        (r#"{"%FEATURE_STRUCTURES":[]}"#, "without a text"),
        ("\u{1}", "no JSON"),
    ] {
        assert!(self::read("x.json", bad.as_bytes()).expect_err(want).contains(want));
    }
}

#[test]
fn requal_counts_from_one_with_the_end_included() {
    let sql = "CREATE TABLE projects(project_id, project_name, project_description); INSERT INTO projects VALUES (1, 'Wells', 'about wells');
        CREATE TABLE users(user_id, user_login, user_name); INSERT INTO users VALUES (1, 'a', 'Ana');
        CREATE TABLE documents(doc_id, project_id, doc_name, doc_description, doc_text); INSERT INTO documents VALUES (1, 1, 'One', '', '\u{1f30a} The well is dry. The well is dry.');
        CREATE TABLE codes(project_id, code_id, code_name, code_description, code_color); INSERT INTO codes VALUES (1, 7, 'Water', 'wet', 'rgb(0, 128, 255)');
        CREATE TABLE segments(project_id, user_id, doc_id, code_id, segment_id, segment_start, segment_end, segment_text);
        INSERT INTO segments VALUES (1, 1, 1, 7, 3, 3, 10, 'The well'), (1, 1, 1, 7, 4, 20, 27, 'The well'), (1, 1, 1, 8, 5, 15, 17, 'dry');
        CREATE TABLE categories(category_id, category_name, category_description); INSERT INTO categories VALUES (1, 'Nature', '');
        CREATE TABLE categories_codes_map(category_id, code_id); INSERT INTO categories_codes_map VALUES (1, 7);
        CREATE TABLE memos(memo_id, text, user_id); INSERT INTO memos VALUES (1, 'of a segment', 1), (2, 'free', 1);
        CREATE TABLE memos_segments_map(memo_id, segment_id); INSERT INTO memos_segments_map VALUES (1, 5)";
    let mut read = read("p.requal", &database(sql)).unwrap();
    let placed = place::place(&mut read);
    assert_eq!(read.format, "requal");
    let text = read.sources[0].text.clone().unwrap();
    let starts: Vec<u32> = placed.places.iter().map(|p| p.as_ref().unwrap().span.start).collect();
    assert_eq!(starts, [5, text.rfind("The well").unwrap() as u32, text.find("dry").unwrap() as u32]);
    assert_eq!((placed.sources[0].counts.exact, read.codes[0].color.as_deref()), (3, Some("#0080ff")));
    // The code of the third is gone: the selection stays, and the memo with it.
    assert!(read.selections[2].keep && read.selections[2].codings.is_empty());
    assert_eq!(read.memos[1].about, Subject::Passage("segment-5".into()));
    assert_eq!((read.memos.len(), read.annotations.members.len()), (3, 1));
}

#[test]
fn what_refers_to_nothing_is_kept_and_told() {
    let sql = "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, 'c', 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', 'abc def', 1);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner, memo);
        INSERT INTO coding VALUES (9, 1, 4, 7, 'def', 1, 'ana', 'why'), (1, 5, 10, 13, 'ghi', 1, 'ana', '')";
    let mut read = read("x.rqda", &database(sql)).unwrap();
    let placed = place::place(&mut read);
    assert_eq!((read.lost[0].what.as_str(), read.lost[0].n), ("codings", 1));
    assert!(read.selections[0].keep && read.memos.iter().any(|m| m.text == "why"));
    let gone = read.sources.iter().find(|s| s.id == "5").unwrap();
    assert_eq!((gone.text.as_deref(), placed.places[1].as_ref().unwrap().span), (Some("ghi"), Span::new(0, 3)));
    assert!(read.notes.iter().any(|note| note.contains("1 of its selections")));
}

/// What real projects of RQDA hold: of 1,093 codings 48 stand one to three characters from their words.
#[test]
fn shifted_codings_heal_and_no_other_moves() {
    let (mut text, mut rows, mut want) = (String::new(), String::new(), Vec::new());
    for n in 0..1093_usize {
        let quote = format!("caf\u{e9} number {n} of the river");
        text.push_str(&format!("They spoke \u{1f30a} of {} here. ", quote));
        let start = text.find(&quote).unwrap();
        let point = text[..start].chars().count() as i64;
        let by = if n % 23 == 7 { 1 + (n / 23 % 3) as i64 } else { 0 };
        let by = if n % 2 == 0 { by } else { -by };
        let (from, to) = (point + by, point + by + quote.chars().count() as i64);
        rows.push_str(&format!("INSERT INTO coding VALUES (1, 1, {from}, {to}, '{quote}', 1, 'ana');"));
        want.push((Span::new(start as u32, (start + quote.len()) as u32), by));
    }
    let sql = format!(
        "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, 'c', 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', '{text}', 1);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner); {rows}"
    );
    let mut read = read("x.rqda", &database(&sql)).unwrap();
    let placed = place::place(&mut read);
    let found: Vec<Span> = placed.places.iter().map(|p| p.as_ref().unwrap().span).collect();
    assert!(found.iter().eq(want.iter().map(|(span, _)| span)));
    let shifted: Vec<i64> = want.iter().map(|(_, by)| -by).filter(|by| *by != 0).collect();
    assert_eq!(shifted.len(), 48);
    assert_eq!(placed.healed.iter().map(|moved| moved.by.unwrap()).collect::<Vec<_>>(), shifted);
    assert!(placed.unfit.is_empty());
}

/// Returns all files below a folder.
fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let (mut todo, mut out) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if exchange::format_of(&path.to_string_lossy()).is_some_and(|f| f.read.is_some() && f.name != "uima")
            {
                out.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()));
            }
        }
    }
    out.sort();
    out
}

/// Cut off anywhere, or with other bytes anywhere, a project is read or refused: nothing breaks down, and what is read can be
/// placed.
#[test]
fn damaged_projects_are_read_or_refused() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let kit = files(&root.join("tests/kit"));
    assert!(kit.len() > 40, "the kit is there");
    let mut state = 1_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut refused = 0;
    let mut check = |name: &str, bytes: &[u8]| match exchange::read(&Input { name, bytes }, &Limits::default()) {
        Ok(mut project) => drop(place::place(&mut project)),
        Err(error) => {
            refused += 1;
            assert!(!error.to_string().is_empty());
        }
    };
    // Of large samples, few times; where they are not at hand, the kit alone.
    let shared = files(&root.join("../shared/data/interchange"));
    for (times, (name, bytes)) in kit.iter().map(|file| (12, file)).chain(shared.iter().map(|file| (4, file))) {
        for _ in 0..times {
            check(name, &bytes[..next(bytes.len())]);
            let mut other = bytes.clone();
            for _ in 0..1 + next(8) {
                let at = next(other.len());
                other[at] = next(256) as u8;
            }
            check(name, &other);
        }
    }
    assert!(refused > 100, "{refused}");
}

/// Returns the words at the place of each selection, and the placement.
fn words_of(project: &mut ForeignProject) -> (Vec<String>, place::Placement) {
    let placed = place::place(project);
    let text = |id: &str| project.sources.iter().find(|s| s.id == id).unwrap().text.clone().unwrap();
    let one = |(s, p): (&exchange::Selection, &Option<place::Placed>)| {
        p.as_ref().unwrap().span.of(&text(&s.source)).to_owned()
    };
    (project.selections.iter().zip(&placed.places).map(one).collect(), placed)
}

#[test]
fn a_stored_quotation_is_found_however_it_was_shown() {
    let text =
        "Line one is here.\r\nLine two has inter-\r\nnational caf\u{e9}s.\r\n\r\nLine three ends. Line four ends.";
    let want = ["here.\r\nLine two", "inter-\r\nnational", "caf\u{e9}s.\r\n\r\nLine three", "ends"];
    let quotes = ["here.\u{2029}Line two", "international", "cafe\u{301}s. Line three\u{2026}", "ends"];
    let sql = |quote: &str, n: usize| format!("INSERT INTO coding VALUES (1, 1, {n}, {}, '{quote}', 1, 'ana');", n + 9);
    let rows: String = quotes.iter().zip([5, 1, 3, 2]).map(|(quote, n)| sql(quote, n)).collect();
    let database = database(&format!(
        "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, 'c', 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', '{text}', 1);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner); {rows}"
    ));
    let mut read = read("x.rqda", &database).unwrap();
    let (words, placed) = words_of(&mut read);
    assert_eq!(words[..3], want[..3]);
    assert_eq!((placed.healed.len(), placed.unfit.len()), (3, 1));
    assert_eq!(placed.unfit[0].reason, "its quotation stands several times in the text, and not there");
    // What was cut off is kept as it was stored.
    assert_eq!(placed.places[2].as_ref().unwrap().stored.as_deref(), Some(quotes[2]));
}

#[test]
fn selections_of_a_page_are_found_by_short_names_that_stand_once() {
    let selection = |n: usize, name: &str| {
        format!(
            "<PDFSelection guid=\"{}\" name=\"{name}\" page=\"0\" firstX=\"1\" firstY=\"1\" secondX=\"2\" secondY=\"2\"><Coding guid=\"{}\"><CodeRef targetGUID=\"{}\"/></Coding></PDFSelection>",
            guid(10 + n),
            guid(20 + n),
            guid(1)
        )
    };
    let names = ["fined", "The court said that\u{2026}", "court", "nowhere at all", "gone"];
    let selections: String = names.iter().enumerate().map(|(n, name)| selection(n, name)).collect();
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{}\" name=\"c\" isCodable=\"FALSE\"/></Codes></CodeBook><Sources><PDFSource guid=\"{}\" name=\"x.pdf\" path=\"internal://x.pdf\">{selections}<Representation guid=\"{}\" plainTextPath=\"internal://x.txt\"/></PDFSource></Sources></Project>",
        guid(1),
        guid(2),
        guid(3)
    );
    let text = "They were fined once; undefined.\nThe court\nsaid that all. The court said so.";
    let mut read =
        read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes()), ("sources/x.txt", text.as_bytes())])).unwrap();
    assert!(!read.codes[0].codable);
    let (words, placed) = words_of(&mut read);
    assert_eq!(words, ["fined", "The court\nsaid that", "", "", ""]);
    let reasons: Vec<(&str, &str)> = placed.unfit.iter().map(|u| (u.quote.as_str(), u.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("", "it is an area of page 1 (1,1 to 2,2), and the file does not say which words stand there"),
            ("", "it is an area of page 1 (1,1 to 2,2), and the file does not say which words stand there"),
            ("nowhere at all", "its quotation stands nowhere in the text"),
        ]
    );
    assert_eq!(placed.places[4].as_ref().unwrap().stored.as_deref(), Some("gone"));
}

/// A long text of words of three scripts, and the places of words in it, in code points.
fn long_text(end: &str) -> (String, Vec<(usize, usize)>) {
    let words = [
        "law",
        "norm",
        "caf\u{e9}",
        "\u{1f6c2}",
        "workers",
        "court",
        "said",
        "that",
        "minister",
        "passports",
        "Ky\u{ef}v",
    ];
    let (mut text, mut places, mut state) = (String::new(), Vec::new(), 7_usize);
    for n in 0..400 {
        state = (state * 1103 + 12_345) % 65_521;
        let (start, word) = (text.chars().count(), words[state % words.len()]);
        text.push_str(word);
        if n % 9 == 4 && word.len() > 4 {
            places.push((start, text.chars().count()));
        }
        text.push_str(if n % 11 == 10 { end } else { " " });
    }
    (text, places)
}

#[test]
fn positions_that_are_all_too_high_or_too_low_are_taken_as_they_are_meant() {
    for (shift, inclusive) in [(1, false), (2, false), (-1, false), (7, false), (1, true)] {
        let (text, want) = long_text("\r\n");
        let places: Vec<(i64, i64)> =
            want.iter().map(|(a, b)| (*a as i64 + shift, *b as i64 + shift - i64::from(inclusive))).collect();
        let mut read = read("p.qdpx", &project(text.as_bytes(), &places, "")).unwrap();
        let (words, placed) = words_of(&mut read);
        let chars: Vec<char> = text.chars().collect();
        let said: Vec<String> = want.iter().map(|(a, b)| chars[*a..*b].iter().collect()).collect();
        assert_eq!(words, said, "{shift} {inclusive}");
        let way = placed.sources[0].counting.unwrap();
        assert_eq!((way.shift, way.inclusive, placed.sources[0].doubtful), (shift, inclusive, false));
    }
}

#[test]
fn ends_of_lines_that_became_other_signs_count_as_they_did() {
    for end in ["\r", "\u{2029}", "\n"] {
        let (before, want) = long_text("\r\n");
        let places: Vec<(i64, i64)> = want.iter().map(|(a, b)| (*a as i64, *b as i64)).collect();
        let text = before.replace("\r\n", end);
        let mut read = read("p.qdpx", &project(text.as_bytes(), &places, "")).unwrap();
        let (words, placed) = words_of(&mut read);
        let chars: Vec<char> = before.chars().collect();
        let said: Vec<String> = want.iter().map(|(a, b)| chars[*a..*b].iter().collect()).collect();
        assert_eq!(words, said, "{end:?}");
        assert_eq!(placed.sources[0].counting.unwrap().newlines, Newlines::Two);
    }
}

#[test]
fn places_that_no_way_of_counting_explains_are_doubtful() {
    let (text, want) = long_text("\r\n");
    // Each is elsewhere, as where paragraphs without words were left out.
    let places: Vec<(i64, i64)> =
        want.iter().zip(0_i64..).map(|((a, b), n)| (*a as i64 + 1 + n % 3, *b as i64 + 2 + n % 3)).collect();
    let read_with = |places: &[(i64, i64)]| {
        let mut read = read("p.qdpx", &project(text.as_bytes(), places, "")).unwrap();
        place::place(&mut read).sources[0].doubtful
    };
    assert!(read_with(&places) && read_with(&places[..2]));
    let right: Vec<(i64, i64)> = want.iter().map(|(a, b)| (*a as i64, *b as i64)).collect();
    assert!(!read_with(&right) && !read_with(&right[..1]));
    // Where words are not divided, nothing can be said.
    let text = "\u{5de5}\u{4eba}\u{4eec}\u{6ca1}\u{6709}\u{62a4}\u{7167}\u{3002}".repeat(4);
    let mut read = read("p.qdpx", &project(text.as_bytes(), &[(1, 3), (9, 12)], "")).unwrap();
    assert!(!place::place(&mut read).sources[0].doubtful);
}

#[test]
fn names_that_are_the_words_move_their_selections() {
    let (text, want) = long_text("\n");
    let chars: Vec<char> = text.chars().collect();
    // Three words each, of which the name has a beginning, and each by another number too far.
    let places: Vec<(usize, usize, String)> =
        want.iter().take(6).map(|(a, _)| (*a, a + 30, chars[*a..a + 24].iter().collect::<String>())).collect();
    let folded = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    // One that stands twice, be it over itself, says no place.
    let whole = folded(&text);
    let times = |name: &str| whole.char_indices().filter(|(at, _)| whole[*at..].starts_with(name)).count();
    let places: Vec<_> = places.into_iter().filter(|(_, _, name)| times(&folded(name)) == 1).collect();
    assert!(places.len() >= 3);
    let at: Vec<(i64, i64)> =
        places.iter().zip(3_i64..).map(|((a, b, _), n)| (*a as i64 + n * 5, *b as i64 + n * 5)).collect();
    let mut read = read("p.qdpx", &project(text.as_bytes(), &at, "")).unwrap();
    for (selection, (_, _, name)) in read.selections.iter_mut().zip(&places) {
        selection.name = folded(name);
    }
    let (words, placed) = words_of(&mut read);
    let said: Vec<String> = places.iter().map(|(a, b, _)| chars[*a..*b].iter().collect()).collect();
    assert_eq!(words, said);
    assert_eq!(placed.healed.len(), places.len());
}

#[test]
fn a_place_with_the_very_words_weighs_more_than_one_with_other_blanks() {
    // With CRLF as one each is where it was stored; as two, one before, where the words are the same but for blanks.
    let text = "x\r\n a  a  a  a  a ";
    let places = [(2, 5), (5, 8), (8, 11), (11, 14)];
    let mut read = read("p.qdpx", &project(text.as_bytes(), &places, "")).unwrap();
    read.selections.iter_mut().for_each(|s| s.quote = Some(" a ".to_owned()));
    let (words, placed) = words_of(&mut read);
    assert_eq!((words[0].as_str(), placed.sources[0].counts.exact), (" a ", 4));
}

#[test]
fn a_project_that_was_unpacked_and_packed_again_keeps_its_texts() {
    let text = "Forced labour is banned.";
    let qde = |path: &str| {
        format!(
            "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><Sources><TextSource guid=\"{}\" name=\"t\" plainTextPath=\"{path}\"><PlainTextSelection guid=\"{}\" startPosition=\"0\" endPosition=\"13.0\"/></TextSource></Sources></Project>",
            guid(2),
            guid(3)
        )
    };
    let litter = b"\0\x05\x16\x07".as_slice();
    let (plain, accents) = (qde("INTERNAL://t.txt"), qde("internal://Intervi\u{e9}w%201.txt"));
    for (main, files) in [
        (&plain, vec![("My Project/project.qde", ""), ("My Project/sources/t.txt", "text")]),
        (
            &plain,
            vec![
                ("project.qde", ""),
                ("__MACOSX/._project.qde", "litter"),
                (".DS_Store", "litter"),
                ("Sources/T.TXT", "text"),
            ],
        ),
        (
            &plain,
            vec![
                ("P/project.qde", ""),
                ("__MACOSX/P/._project.qde", "litter"),
                ("P/Sources\\t.txt", "text"),
                ("P/._t.txt", "litter"),
            ],
        ),
        (&accents, vec![("P/p.qde", ""), ("P/sources/Intervie\u{301}w 1.txt", "text")]),
        (&plain, vec![("project.qde", ""), ("texts/of/t.txt", "text"), ("old/project.qde", "litter")]),
    ] {
        let of = |what: &str| match what {
            "text" => text.as_bytes(),
            "litter" => litter,
            _ => main.as_bytes(),
        };
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, what)| (*name, of(what))).collect();
        let mut read = read("p.qdpx", &zipped(&files)).unwrap();
        let (words, placed) = words_of(&mut read);
        assert_eq!((words[0].as_str(), placed.sources[0].missing), ("Forced labour", false), "{:?}", files[0].0);
    }
    let two = zipped(&[("project.qde", plain.as_bytes()), ("old/project.qde", litter), ("t.txt", text.as_bytes())]);
    assert!(read("p.qdpx", &two).unwrap().notes.iter().any(|note| note.contains("2 files `.qde`")));
    let outside = zipped(&[("project.qde", plain.as_bytes()), ("/etc/x", litter)]);
    assert!(read("p.qdpx", &outside).unwrap_err().contains("leads out of the archive"));
}

#[test]
fn no_project_is_lost_for_one_character() {
    let text = "Forced labour is banned in Ky\u{ef}v \u{1f600}.";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, told) in [
        ([text.as_bytes(), b"\0end"].concat(), "1 character NUL"),
        ([text.as_bytes(), b"\xff"].concat(), "1 place that cannot be read"),
        (wide, "UTF-16LE"),
    ] {
        let mut read = read("p.qdpx", &project(&bytes, &[(0, 13), (17, 23)], "")).unwrap();
        assert!(read.notes.iter().any(|note| note.contains(told)), "{told}: {:?}", read.notes);
        assert_eq!(words_of(&mut read).0, ["Forced labour", "banned"], "{told}");
    }
    for sign in ["&#x1F;", "\u{b}"] {
        let qde = format!("<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"a{sign}b &#233;\"/>");
        let read = read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes())])).unwrap();
        assert_eq!(read.name, "ab \u{e9}");
        assert!(read.notes.iter().any(|note| note.contains("1 character that XML forbids")), "{:?}", read.notes);
    }
    // A blank text is a text.
    let mut blank = read("p.qdpx", &project(b"\r\n", &[], "")).unwrap();
    assert!(!place::place(&mut blank).sources[0].missing);
}

#[test]
fn what_is_said_of_a_recording_is_said_of_its_transcript() {
    let (code, audio) = (guid(1), guid(2));
    let about = format!(
        "<Description>of the recording</Description>{{}}<Coding guid=\"{}\"><CodeRef targetGUID=\"{code}\"/></Coding><NoteRef targetGUID=\"{}\"/><VariableValue><VariableRef targetGUID=\"{}\"/><TextValue>here</TextValue></VariableValue>",
        guid(12),
        guid(40),
        guid(30)
    );
    let transcript = format!(
        "<Transcript guid=\"{}\" plainTextPath=\"internal://t.txt\"><SyncPoint guid=\"{}\" timeStamp=\"0\" position=\"6\"/><TranscriptSelection guid=\"{}\" fromSyncPoint=\"{}\"/></Transcript>",
        guid(3),
        guid(4),
        guid(5),
        guid(4)
    );
    let qde = |inside: &str| {
        format!(
            "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{code}\" name=\"c\"/></Codes></CodeBook><Variables><Variable guid=\"{}\" name=\"place\" typeOfVariable=\"Text\"/></Variables><Cases><Case guid=\"{}\" name=\"Anna\"><SourceRef targetGUID=\"{audio}\"/></Case></Cases><Sources><AudioSource guid=\"{audio}\" name=\"Interview 3\">{}</AudioSource></Sources><Notes><Note guid=\"{}\" name=\"Memo A\" plainTextPath=\"internal://gone.txt\"/></Notes></Project>",
            guid(30),
            guid(31),
            about.replace("{}", inside),
            guid(40)
        )
    };
    let files = |qde: &str| zipped(&[("project.qde", qde.as_bytes()), ("sources/t.txt", b"Hello there friend")]);
    let mut with = read("p.qdpx", &files(&qde(&transcript))).unwrap();
    let source = Subject::Source(guid(3).as_str().into());
    assert_eq!(
        (with.sources[0].name.as_str(), with.annotations.members[0].member.clone()),
        ("Interview 3", source.clone())
    );
    assert_eq!((with.annotations.values[0].of.clone(), with.memos[0].about.clone()), (source.clone(), source.clone()));
    assert!(with.memos.iter().any(|m| m.text == "Memo A" && m.about == source));
    // The file of the note is gone, which is told; the coding of the whole is one of the transcript.
    let lost: Vec<(&str, usize)> = with.lost.iter().map(|l| (l.what.as_str(), l.n)).collect();
    assert_eq!(lost, [("texts of notes", 1)]);
    let placed = place::place(&mut with);
    let spans: Vec<Span> = placed.places.iter().map(|p| p.as_ref().unwrap().span).collect();
    assert_eq!(spans, [Span::new(6, 6), Span::new(0, 18)]);
    let without = read("p.qdpx", &files(&qde(""))).unwrap();
    let mut lost: Vec<(&str, usize)> = without.lost.iter().map(|l| (l.what.as_str(), l.n)).collect();
    lost.sort_unstable();
    let want = [
        ("codings of sound and film", 1),
        ("descriptions of sound and film", 1),
        ("members of cases and sets", 1),
        ("sound and film without transcripts", 1),
        ("texts of notes", 1),
        ("values of sound and film", 1),
    ];
    assert_eq!(lost, want);
}

#[test]
fn a_coding_without_a_time_was_made_with_its_selection() {
    let coding = |n: usize, more: &str| {
        format!(
            "<Coding guid=\"{}\"{more}><CodeRef targetGUID=\"{}\"/><CodeRef targetGUID=\"{}\"/></Coding>",
            guid(n),
            guid(1),
            guid(6)
        )
    };
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{}\" name=\"c\"/></Codes></CodeBook><Sources><TextSource guid=\"{}\" name=\"t\"><PlainTextContent>some words</PlainTextContent><PlainTextSelection guid=\"{}\" startPosition=\"0\" endPosition=\"4\" creationDateTime=\"2021-01-02T03:04:05Z\">{}{}</PlainTextSelection></TextSource></Sources></Project>",
        guid(1),
        guid(2),
        guid(3),
        coding(4, ""),
        coding(5, " creationDateTime=\"2022-01-02T03:04:05Z\"")
    );
    let read = read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes())])).unwrap();
    let times: Vec<&str> = read.selections[0].codings.iter().map(|c| c.created.as_str()).collect();
    assert_eq!(times, ["2021-01-02T03:04:05Z", "2022-01-02T03:04:05Z"]);
    assert_eq!((read.lost[0].what.as_str(), read.lost[0].n), ("further codes of codings", 2));
}

#[test]
fn attributes_of_journals_are_none_of_sources() {
    let sql = "CREATE TABLE source(id, name, fulltext); INSERT INTO source VALUES (1, 'a', 'some words');
        CREATE TABLE code_text(cid, fid, pos0, pos1); CREATE TABLE cases(caseid, name); INSERT INTO cases VALUES (1, 'k');
        CREATE TABLE attribute(name, attr_type, value, id);
        INSERT INTO attribute VALUES ('j', 'journal', 'diary', 1), ('age', 'case', '34', 1), ('lang', 'file', 'en', 1)";
    let read = read("data.qda", &database(sql)).unwrap();
    let values: Vec<(String, String)> =
        read.annotations.values.iter().map(|v| (v.of.to_string(), v.value.to_string())).collect();
    assert_eq!(values, [("case:1".to_owned(), "34".to_owned()), ("source:1".to_owned(), "en".to_owned())]);
    assert_eq!((read.lost[0].what.as_str(), read.lost[0].n), ("values of attributes of a journal", 1));
}

#[test]
fn a_database_in_an_encoding_of_its_machine_is_read_in_that() {
    let words = "\u{0423}\u{043b}\u{0438}\u{0446}\u{0430} \u{0431}\u{044b}\u{043b}\u{0430} \u{0437}\u{0430}\u{043a}\u{0440}\u{044b}\u{0442}\u{0430}. \u{041d}\u{0438}\u{043a}\u{0442}\u{043e} \u{043d}\u{0435} \u{043f}\u{0440}\u{0438}\u{0448}\u{0451}\u{043b} \u{0432}\u{0447}\u{0435}\u{0440}\u{0430}.";
    let hex = |words: &str| -> String {
        encoding_rs::WINDOWS_1251.encode(words).0.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let sql = format!(
        "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, CAST(x'{}' AS TEXT), 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', CAST(x'{}' AS TEXT), 1);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner);
        INSERT INTO coding VALUES (1, 1, 0, 5, CAST(x'{}' AS TEXT), 1, 'ana')",
        hex("\u{0433}\u{043e}\u{0434}"),
        hex(words),
        hex("\u{0423}\u{043b}\u{0438}\u{0446}\u{0430}")
    );
    let mut read = read("x.rqda", &database(&sql)).unwrap();
    assert_eq!(
        (read.sources[0].text.as_deref(), read.codes[0].name.as_str()),
        (Some(words), "\u{0433}\u{043e}\u{0434}")
    );
    assert!(read.notes.iter().any(|note| note.contains("windows-1251")), "{:?}", read.notes);
    assert_eq!(place::place(&mut read).sources[0].counts.exact, 1);
}

#[test]
fn codings_of_a_file_that_was_deleted_keep_its_text() {
    let sql = "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, 'c', 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', 'one file', 1), (2, 'gone', 'the deleted file', 0), (3, 'unused', 'x', 0);
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner); INSERT INTO coding VALUES (1, 2, 4, 11, 'deleted', 1, 'ana')";
    let mut read = read("x.rqda", &database(sql)).unwrap();
    let names: Vec<&str> = read.sources.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["s", "gone"]);
    assert!(read.notes.iter().any(|note| note.contains("`gone` was deleted")));
    assert_eq!(words_of(&mut read).0, ["deleted"]);
}

#[test]
fn tables_of_other_programs_name_paragraphs_pages_and_codes_in_their_own_ways() {
    let read_table = |table: &str| read("t.csv", table.as_bytes()).unwrap();
    let head = "Color,Document name,Code,Beginning,End,Segment,Created by,Created\n";
    for rows in [
        "red,doc,X,2,2,the cafe was closed,Ana,05.03.2024 10:11:12\n",
        "red,doc,X,1: 345,1: 366,the cafe was closed,Ana,05.03.2024 10:11:12\n",
    ] {
        let table = read_table(&format!("{head}{rows}"));
        let selection = &table.selections[0];
        assert_eq!((selection.place, selection.quote.as_deref()), (None, Some("the cafe was closed")));
        assert_eq!(selection.codings[0].created, "2024-03-05T10:11:12Z");
        let told = |what: &str| table.notes.iter().any(|note| note.contains(what));
        assert!(told("`Beginning` and `End` are no positions") && told("not read: `Color`"), "{:?}", table.notes);
    }
    let kept = read_table(&format!("{head},doc,X,40,59,the cafe was closed,Ana,1/2/2024\n"));
    assert_eq!(kept.selections[0].place, Some((40, 59)));
    assert_eq!(kept.lost[0].what, "times of codings");
    let applied = read_table(
        "Media Title,Excerpt Copy,Excerpt Creator,Code: A Applied,Code: B > C Applied\ndoc,some words,Ana,True,False\ndoc,other words,Ana,1,true\n",
    );
    let codes: Vec<Vec<&str>> =
        applied.selections.iter().map(|s| s.codings.iter().map(|c| c.code.as_str()).collect()).collect();
    assert_eq!(codes, [vec!["A"], vec!["A", "B > C"]]);
    let counted = read_table("filename,codename,index1,index2,codename\ndoc,A,40,55,B\n");
    assert_eq!((counted.selections[0].place, counted.selections[0].codings.len()), (Some((40, 55)), 2));
}

/// A selection of a page may hold selections of its own, and one coding may be told by the page and by the words.
#[test]
fn codings_within_a_selection_of_a_page_are_taken_once() {
    let text = "They were fined once. The court said that debts are no excuse.";
    let coding = |n: usize| format!("<Coding guid=\"{}\"><CodeRef targetGUID=\"{}\"/></Coding>", guid(20 + n), guid(1));
    let within = "The court said that debts";
    let (from, to) = (within.find("debts").unwrap(), within.len());
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{}\" name=\"c\" isCodable=\"true\"/></Codes></CodeBook><Sources><PDFSource guid=\"{}\" name=\"x.pdf\" path=\"internal://x.pdf\">\
         <PDFSelection guid=\"{}\" name=\"\" page=\"0\" firstX=\"1\" firstY=\"1\" secondX=\"2\" secondY=\"2\"><Representation guid=\"{}\"><PlainTextContent>{within}</PlainTextContent><PlainTextSelection guid=\"{}\" startPosition=\"{from}\" endPosition=\"{to}\">{}</PlainTextSelection></Representation></PDFSelection>\
         <PDFSelection guid=\"{}\" name=\"\" page=\"0\" firstX=\"1\" firstY=\"1\" secondX=\"2\" secondY=\"2\">{}</PDFSelection>\
         <Representation guid=\"{}\"><PlainTextContent>{text}</PlainTextContent><PlainTextSelection guid=\"{}\" startPosition=\"10\" endPosition=\"15\">{}</PlainTextSelection></Representation></PDFSource></Sources></Project>",
        guid(1),
        guid(2),
        guid(3),
        guid(4),
        guid(5),
        coding(1),
        guid(6),
        coding(2),
        guid(7),
        guid(8),
        coding(2)
    );
    let mut read = read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes())])).unwrap();
    let (words, _) = words_of(&mut read);
    let coded: Vec<&str> =
        read.selections.iter().zip(&words).filter(|(s, _)| !s.codings.is_empty()).map(|(_, w)| w.as_str()).collect();
    assert_eq!(coded, ["fined", "debts"]);
}

/// Quotations that stand exactly where they are put show how a program counts; a mark within a word takes nothing from that.
#[test]
fn a_selection_within_a_word_is_no_doubt_where_quotations_fit() {
    let text = "Recital one of trafficking. The dignity of workers must guide the return of all.";
    let rows = |quoted: usize| -> String {
        ["trafficking", "dignity", "workers", "return", "guide"][..quoted]
            .iter()
            .map(|word| {
                let at = text.find(word).unwrap();
                format!("INSERT INTO code_text VALUES (5, 1, '{word}', {at}, {}, 'ana', '');", at + word.len())
            })
            .collect()
    };
    let placed = |quoted: usize| {
        let sql = format!(
            "CREATE TABLE project(databaseversion, about, memo, date); INSERT INTO project VALUES ('v8', '', '', '');
            CREATE TABLE source(id, name, fulltext, mediapath, memo, owner, date); INSERT INTO source VALUES (1, 'a.txt', '{text}', NULL, '', 'ana', '');
            CREATE TABLE code_name(cid, name, memo, catid, owner, date, color); INSERT INTO code_name(cid, name) VALUES (5, 'c');
            CREATE TABLE annotation(anid, fid, pos0, pos1, memo, owner, date); INSERT INTO annotation VALUES (1, 1, 17, 24, 'why?', 'ana', '');
            CREATE TABLE code_text(cid, fid, seltext, pos0, pos1, owner, date); {}",
            rows(quoted)
        );
        let mut read = read("data.qda", &database(&sql)).unwrap();
        let placed = place::place(&mut read);
        (placed.sources[0].counts.exact, placed.sources[0].doubtful)
    };
    assert_eq!(placed(5), (5, false));
    assert!(placed(0).1, "nothing shows it");
}

#[test]
fn whole_files_belong_to_cases_of_rqda_and_logs_of_taguette_name_who_marked() {
    let rqda = database(
        "CREATE TABLE freecode(id, name, status); INSERT INTO freecode VALUES (1, 'c', 1);
        CREATE TABLE source(id, name, file, status); INSERT INTO source VALUES (1, 's', 'One debt.', 1);
        CREATE TABLE cases(id, name, memo, status); INSERT INTO cases VALUES (3, 'Amina', '', 1);
        CREATE TABLE caselinkage(caseid, fid, selfirst, selend, status, owner, date, memo); INSERT INTO caselinkage VALUES (3, 1, 0, 9, 1, 'ana', '', ''), (3, 1, 4, 8, 1, 'ana', '', '');
        CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status, owner); INSERT INTO coding VALUES (1, 1, 4, 8, 'debt', 1, 'ana');",
    );
    let read_rqda = read("x.rqda", &rqda).unwrap();
    let members: Vec<&Subject> = read_rqda.annotations.members.iter().map(|m| &m.member).collect();
    assert!(matches!(members[..], [Subject::Source(_), Subject::Passage(_)]), "{members:?}");
    let taguette = database(
        "CREATE TABLE projects(id, name, description); INSERT INTO projects VALUES (1, 'p', '');
        CREATE TABLE documents(id, name, description, contents, project_id); INSERT INTO documents VALUES (1, 'd', '', '<p>A debt.</p>', 1);
        CREATE TABLE tags(id, path, description, project_id); INSERT INTO tags VALUES (2, 'c', '', 1);
        CREATE TABLE highlights(id, document_id, start_offset, end_offset, snippet); INSERT INTO highlights VALUES (7, 1, 2, 6, 'debt');
        CREATE TABLE highlight_tags(highlight_id, tag_id); INSERT INTO highlight_tags VALUES (7, 2);
        CREATE TABLE commands(id, date, user_login, project_id, document_id, payload); INSERT INTO commands VALUES (1, '2024-01-02 03:04:05', 'ana', 1, 1, '{\"type\": \"highlight_add\", \"highlight_id\": 7}');",
    );
    let read_taguette = read("t.sqlite3", &taguette).unwrap();
    assert_eq!(read_taguette.selections[0].codings[0].coder, "ana");
    assert!(read_taguette.notes.iter().all(|note| !note.contains("who made")), "{:?}", read_taguette.notes);
}

#[test]
fn a_table_of_codes_keeps_meanings_and_colours_and_names_what_it_does_not_read() {
    let table = "code,parent,description,color,weight\nDebt,Means,held by a debt,#AABBCC,3\n";
    let read = read("codes.csv", table.as_bytes()).unwrap();
    let debt = read.codes.iter().find(|code| code.name == "Debt").unwrap();
    assert_eq!((debt.description.as_str(), debt.color.as_deref()), ("held by a debt", Some("#aabbcc")));
    assert_eq!(read.notes, ["columns that are not read: `weight`"]);
}

/// A document without a plain text beside it: programs count one end of a line after each paragraph.
#[test]
fn paragraphs_of_a_document_end_once_for_who_counts() {
    let paragraphs = ["First line here", "Second line \u{1f6c2}", "Third one", "Amina says yes please"];
    let body: String = paragraphs.iter().map(|p| format!("<w:p><w:r><w:t>{p}</w:t></w:r></w:p>")).collect();
    let document = format!(
        "<?xml version='1.0'?><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>{body}</w:body></w:document>"
    );
    let types = "<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
    let docx = zipped(&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())]);
    let (text, wanted) = (paragraphs.join("\n"), ["First line", "Second line", "Third one", "says yes please"]);
    let selections = wanted.iter().enumerate().map(|(n, words)| {
        let start = text[..text.find(words).unwrap()].chars().count();
        let [id, coding, code] = [20 + n, 40 + n, 1].map(guid);
        format!("<PlainTextSelection guid=\"{id}\" startPosition=\"{start}\" endPosition=\"{}\"><Coding guid=\"{coding}\"><CodeRef targetGUID=\"{code}\"/></Coding></PlainTextSelection>", start + words.chars().count())
    });
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\"><CodeBook><Codes><Code guid=\"{}\" name=\"c\"/></Codes></CodeBook><Sources><TextSource guid=\"{}\" name=\"D\" richTextPath=\"internal://d.docx\">{}</TextSource></Sources></Project>",
        guid(1),
        guid(2),
        selections.collect::<String>()
    );
    let mut read = read("p.qdpx", &zipped(&[("project.qde", qde.as_bytes()), ("sources/d.docx", &docx)])).unwrap();
    let (words, placed) = words_of(&mut read);
    assert_eq!(words, wanted);
    assert!(!placed.sources[0].doubtful);
    assert_eq!(read.sources[0].text.as_deref(), Some(paragraphs.join("\n\n").as_str()));
}

#[test]
fn titles_of_journals_and_colours_by_name_come_through_and_the_rest_is_told() {
    let coder = "CREATE TABLE source(id, name, fulltext); CREATE TABLE code_text(cid, fid, pos0, pos1);
        CREATE TABLE journal(jid, name, jentry, date, owner); INSERT INTO journal VALUES (1, 'Week 1: doubts', 'many', '', 'ana');
        CREATE TABLE ris(risid, tag, longtag, value); INSERT INTO ris VALUES (1, 'TY', 'Type', 'RPRT'), (1, 'TI', 'Title', 'X');
        CREATE TABLE graph(grid, name); INSERT INTO graph VALUES (1, 'mine')";
    let read_coder = read("data.qda", &database(coder)).unwrap();
    assert_eq!(read_coder.memos[0].text, "Week 1: doubts\n\nmany");
    let lost: Vec<(&str, usize)> = read_coder.lost.iter().map(|l| (l.what.as_str(), l.n)).collect();
    assert_eq!(lost, [("fields of bibliographies", 2), ("graphs", 1)]);
    let rqda = "CREATE TABLE freecode(id, name, color, status);
        INSERT INTO freecode VALUES (1, 'a', 'red', 1), (2, 'b', 'gray20', 1), (3, 'c', '#00CED1', 1), (4, 'd', 'peachpuff3', 1);
        CREATE TABLE source(id, name, file, status); CREATE TABLE coding(cid, fid, selfirst, selend, seltext, status);
        CREATE TABLE journal(name, journal, date, owner, status);
        INSERT INTO journal VALUES ('Doubts', 'of mine', '', 'ana', 1), ('Mon Mar 14 10:20:30 2016', 'no title', '', 'ana', 1)";
    let read = read("x.rqda", &database(rqda)).unwrap();
    let colors: Vec<Option<&str>> = read.codes.iter().map(|c| c.color.as_deref()).collect();
    assert_eq!(colors, [Some("#ff0000"), Some("#333333"), Some("#00ced1"), None]);
    assert!(read.lost.iter().any(|l| l.what == "colours of codes" && l.n == 1), "{:?}", read.lost);
    let memos: Vec<&str> = read.memos.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(memos, ["Doubts\n\nof mine", "no title"]);
}

#[test]
fn an_end_that_moved_is_told_as_such() {
    let sql = "CREATE TABLE source(id, name, fulltext); INSERT INTO source VALUES (1, 's', 'one two three four');
        CREATE TABLE code_name(cid, name); INSERT INTO code_name VALUES (1, 'c');
        CREATE TABLE code_text(cid, fid, seltext, pos0, pos1); INSERT INTO code_text VALUES (1, 1, 'two three', 4, 9)";
    let mut read = read("data.qda", &database(sql)).unwrap();
    let placed = place::place(&mut read);
    let told = place::report("data.qda", &read, &placed).words().join("\n");
    assert!(told.contains("its end moved: `two three`") && !told.contains("moved by 0"), "{told}");
}
