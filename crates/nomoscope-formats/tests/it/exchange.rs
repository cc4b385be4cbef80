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
