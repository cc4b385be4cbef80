//! Real files, where they are at hand.

use crate::support::{check_marks, files, headings, labels, read_one, shared};
use nomoscope_core::text::MarkKind;
use nomoscope_formats::Read;
use std::path::Path;

fn read_file(path: &Path) -> Read {
    read_one(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap())
}

#[test]
fn the_universal_declaration_has_thirty_articles_in_every_language() {
    let Some(folder) = shared("corpora/udhr") else {
        return;
    };
    let files = files(&folder, &["xml"]);
    assert_eq!(files.len(), 15);
    for path in files {
        let read = read_file(&path);
        let want: Vec<String> = (1..=30).map(|number| format!("Art. {number}")).collect();
        assert_eq!(labels(&read, MarkKind::Section), want, "{}", path.display());
        assert_eq!(labels(&read, MarkKind::Preamble).len(), 1);
        assert!(labels(&read, MarkKind::Paragraph).contains(&"Art. 29(3)"), "{}", path.display());
        assert!(read.document.language.is_some() && read.document.direction.is_some() && read.document.title.is_some());
    }
}

#[test]
fn akoma_ntoso_of_five_legal_orders() {
    let Some(folder) = shared("formats/akn") else {
        return;
    };
    // Counted in the files: articles, sections, or numbered paragraphs outside quotations.
    for (name, kind, prefix, count) in [
        ("eu_COM(2013)0619_EN-8.xml", MarkKind::Section, "Art. ", 24),
        ("it_senato_ddl_2013.xml", MarkKind::Section, "Art. ", 6),
        ("uk_pga-2014-27-enacted-data.xml", MarkKind::Section, "Section ", 8),
        ("us_Title9-Chap3-eng.xml", MarkKind::Section, "§ ", 7),
        ("za_Judgement_2008-11-26.xml", MarkKind::Paragraph, "¶ ", 16),
        ("uk_judgment_12.xml", MarkKind::Paragraph, "¶ ", 113),
    ] {
        let read = read_file(&folder.join(name));
        let found = labels(&read, kind).iter().filter(|label| label.starts_with(prefix)).count();
        assert_eq!(found, count, "{name}");
    }
    for path in files(&folder, &["xml"]) {
        let read = read_file(&path);
        assert!(read.document.text.len() > 3000 && read.document.language.is_some(), "{}", path.display());
        assert!(read.document.attributes.contains_key("date"), "{}", path.display());
    }
}

#[test]
fn judgments_in_word_keep_the_numbers_of_their_paragraphs() {
    let Some(folder) = shared("formats/docx") else {
        return;
    };
    for path in files(&folder, &["docx"]) {
        let read = read_file(&path);
        let numbers = read
            .document
            .text
            .split("\n\n")
            .filter_map(|block| block.split_once(".\u{a0}").map(|(number, _)| number.parse::<u32>()));
        let numbers: Vec<u32> = numbers.filter_map(Result::ok).collect();
        assert!(
            numbers.len() > 10 && numbers.iter().take(8).eq([1, 2, 3, 4, 5, 6, 7, 8].iter()),
            "{}: {numbers:?}",
            path.display()
        );
    }
    assert!(headings(&read_file(&folder.join("001-175180.docx"))).contains(&"1 THE LAW".to_owned()));
}

#[test]
fn treaties_and_statutes() {
    let Some(folder) = shared("corpora/treaties/en") else {
        return;
    };
    let files_of = files(&folder, &["md"]);
    assert_eq!(files_of.len(), 32);
    for path in files_of {
        let read = read_file(&path);
        let articles = headings(&read)
            .iter()
            .filter(|heading| heading.contains("Article 1") || heading.contains("Article I"))
            .count();
        assert!(articles > 0 && read.document.title.is_some(), "{}", path.display());
        assert!(!read.document.text.contains("**") && !read.document.text.contains("\n#"), "{}", path.display());
    }
    let palermo = read_file(&folder.join("palermo_protocol_2000.md"));
    assert_eq!(headings(&palermo).iter().filter(|heading| heading.starts_with("2 Article ")).count(), 20);
    let Some(laws) = shared("corpora/laws") else {
        return;
    };
    for path in files(&laws, &["md", "xml", "txt"]) {
        let read = read_file(&path);
        check_marks(&read.document);
        assert!(
            !read.document.marks.is_empty()
                || path.extension().is_some_and(|e| e == "txt")
                || read.document.text.len() < 2000,
            "{}",
            path.display()
        );
    }
}

#[test]
fn speeches_lose_their_byte_order_mark() {
    let Some(folder) = shared("corpora/ungdc/sample") else {
        return;
    };
    for path in files(&folder, &["txt"]) {
        assert!(!read_file(&path).document.text.starts_with('\u{feff}'), "{}", path.display());
    }
}
