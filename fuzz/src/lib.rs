//! What every fuzz target asserts of a reader: no panic, no endless run, and marks that lie within the text.
//!
//! `cargo xtask fuzz` runs them. A crash becomes a test.

use nomoscope_formats::{Input, Limits, ReadOptions, read};
use std::io::Write as _;
use std::time::Duration;

/// Reads bytes under a file name and checks what comes out.
pub fn check(name: &str, bytes: &[u8]) {
    let limits = Limits {
        max_expanded_bytes: 16 << 20,
        pdf_time: Duration::from_secs(5),
        ..Limits::default()
    };
    let options = ReadOptions {
        limits,
        ..ReadOptions::default()
    };
    let Ok(reads) = read(&Input { name, bytes }, &options) else {
        return;
    };
    for read in reads {
        assert!(!read.document.text.trim().is_empty());
        assert!(!read.document.text.contains('\0'));
        for mark in &read.document.marks {
            assert!(!mark.span.of(&read.document.text).is_empty(), "{mark:?}");
        }
    }
}

/// Puts bytes into a Word document as one of its parts; finding their way through the archive would take a fuzzer days.
pub fn check_part(part: &str, bytes: &[u8]) {
    let body: &[u8] = b"<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:pStyle w:val='a'/><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>\
        <w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>";
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let document = if part == "word/document.xml" {
        bytes
    } else {
        body
    };
    let other = (part != "word/document.xml").then_some((part, bytes));
    for (name, bytes) in [("word/document.xml", document)].into_iter().chain(other) {
        if writer.start_file(name, options).is_err() || writer.write_all(bytes).is_err() {
            return;
        }
    }
    if let Ok(archive) = writer.finish() {
        check("a.docx", &archive.into_inner());
    }
}

/// Puts bytes into a package (odt, ods, epub, pptx) as one of its parts, beside the least that it needs.
pub fn check_package(name: &str, part: &str, bytes: &[u8]) {
    let rest: &[(&str, &[u8])] = &[
        ("content.xml", b"<x><body><text><p>x</p></text></body></x>"),
        ("META-INF/container.xml", b"<c><rootfile full-path='OPS/a.opf'/></c>"),
        ("OPS/a.opf", b"<p><manifest><item id='a' href='a.html' media-type='text/html'/></manifest><spine><itemref idref='a'/></spine></p>"),
        ("OPS/a.html", b"<p>x"),
        ("ppt/presentation.xml", b"<p xmlns:r='r'><sldId r:id='a'/></p>"),
        ("ppt/_rels/presentation.xml.rels", b"<R><R Id='a' Type='slide' Target='slides/a.xml'/></R>"),
        ("ppt/slides/a.xml", b"<s><sp><p><t>x</t></p></sp></s>"),
    ];
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let kind: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let first = name.ends_with(".ods").then_some(("mimetype", kind));
    let rest = rest.iter().copied().filter(|(own, _)| *own != part);
    for (name, bytes) in first.into_iter().chain([(part, bytes)]).chain(rest) {
        if writer.start_file(name, stored).is_err() || writer.write_all(bytes).is_err() {
            return;
        }
    }
    if let Ok(archive) = writer.finish() {
        check(name, &archive.into_inner());
    }
}

/// Reads bytes as every table of `reach`: a grid of any kind, and a file of stages.
pub fn check_reach(bytes: &[u8]) {
    use nomoscope_core::date::PartialDate;
    use nomoscope_formats::grid;
    use nomoscope_formats::reach::{attrition_toml, ratification, states_csv, steps, victims};
    let register = b"iso3,name,kind,since,admitted,ended,variants,source\nFRA,France,member,,1945-10-24,,,x\n";
    let Ok(states) = states_csv::parse("states.csv", register) else {
        return;
    };
    let today = PartialDate {
        year: 2026,
        month: Some(1),
        day: Some(1),
    };
    let limits = Limits {
        max_expanded_bytes: 16 << 20,
        ..Limits::default()
    };
    let _ = attrition_toml::parse("a.toml", bytes, 0);
    let _ = states_csv::parse("states.csv", bytes);
    let Ok(table) = grid::read(&Input { name: "t", bytes }, &limits) else {
        return;
    };
    if let Ok(treaties) = ratification::treaties(&table, &states, "t", today) {
        assert!(treaties.iter().all(|t| t.parties(today) as usize <= t.participants.len()));
    }
    let _ = steps::step(&table, &states, "s", today);
    let _ = victims::read(&table);
}

/// The names of the files of a study.
pub mod files {
    use nomoscope_formats::study;

    /// All that are read when it is opened.
    pub const OF_A_STUDY: &[&str] = &[
        study::STUDY_TOML,
        study::CODEBOOK_TOML,
        study::SOURCES_CSV,
        study::CODINGS_CSV,
        study::CODERS_CSV,
        study::MEMOS_CSV,
        study::PASSAGES_CSV,
        study::CASES_CSV,
        study::SETS_CSV,
        "history.jsonl",
    ];
}

/// A small study, and what must hold when one is opened.
pub mod study {
    use nomoscope_desk::Desk;
    use std::fs;
    use std::path::Path;
    use tempfile::TempDir;

    const BOOK: &str = "title = \"t\"\n\n[[concept]]\nid = \"labour\"\nroles = [\"problem\"]\npatterns.en = [\"forced labour\"]\n\n[[concept]]\nid = \"dignity\"\nroles = [\"value\"]\npatterns.en = [\"dignity\"]\n\n[[concept]]\nid = \"punish\"\nroles = [\"behaviour\"]\npatterns.en = [\"punish*\"]\n";

    /// Returns an empty folder, in memory where the system has such a place.
    #[must_use]
    pub fn room() -> TempDir {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.expect("there is room")
    }

    /// Returns a study folder of three sources with two codings by hand.
    #[must_use]
    pub fn folder() -> TempDir {
        let room = room();
        let write = |name: &str, text: &str| fs::write(room.path().join(name), text).expect("there is room");
        fs::create_dir(room.path().join("sources")).expect("there is room");
        write("study.toml", "title = \"t\"\nlanguage = \"en\"\nfocus = \"labour\"\n");
        write("codebook.toml", BOOK);
        write("sources.csv", "path,date,kind\nsources/a.txt,2001-02-03,treaty\nsources/b.txt,2011,law\nsources/c.txt,,law\n");
        write("codings.csv", "id,source,start,end,quote,concept,coder,status\nx1,sources/c.txt,0,7,Dignity,dignity,anna,accepted\n");
        for name in ["a", "b", "c"] {
            write(&format!("sources/{name}.txt"), "Dignity matters.\n\nWhoever takes part in forced labour is punished, for dignity.\n");
        }
        room
    }

    /// Opens what may be a study: an error says something, and what opens can be read to its end.
    pub fn open(at: &Path) {
        match Desk::open(at).and_then(|desk| desk.material(None).and_then(|opened| Ok((opened, desk.log()?)))) {
            Ok((opened, _)) => assert!(opened.material.study.sources.iter().all(|source| !source.path.as_str().is_empty())),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
