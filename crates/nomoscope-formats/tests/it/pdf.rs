//! PDF files, made here.

use crate::support::{attribute, error, labels, read_one, try_read};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use nomoscope_core::text::MarkKind;
use nomoscope_formats::{Input, Limits, ReadOptions, Reason, read};
use std::time::Duration;

/// A file with one page for each content stream, and the catalog's further entries.
fn pdf(contents: &[&str], catalog: Dictionary, resources: impl FnOnce(&mut Document) -> Dictionary) -> Vec<u8> {
    let mut file = Document::with_version("1.5");
    let pages = file.new_object_id();
    let font = file.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding" });
    let mut resources = resources(&mut file);
    let mut fonts = resources.get(b"Font").and_then(Object::as_dict).cloned().unwrap_or_default();
    fonts.set("F1", font);
    resources.set("Font", fonts);
    let resources = file.add_object(resources);
    let kids: Vec<Object> = contents
        .iter()
        .map(|content| {
            let content = file.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
            file.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content }).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    let node = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] };
    file.objects.insert(pages, Object::Dictionary(node));
    let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
    root.extend(&catalog);
    let root = file.add_object(root);
    file.trailer.set("Root", root);
    let info = file.add_object(dictionary! { "Title" => Object::string_literal("The title"), "CreationDate" => Object::string_literal("D:20001115120000Z") });
    file.trailer.set("Info", info);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

fn lines(texts: &[(i32, &str)]) -> String {
    let shown: String = texts.iter().map(|(y, text)| format!("1 0 0 1 72 {y} Tm ({text}) Tj ")).collect();
    format!("BT /F1 12 Tf {shown}ET")
}

fn simple(contents: &[&str]) -> Vec<u8> {
    pdf(contents, Dictionary::new(), |_| Dictionary::new())
}

#[test]
fn lines_paragraphs_and_page_labels() {
    let first = lines(&[
        (700, "A first line of some length"),
        (686, "goes on here."),
        (650, "A second paragraph"),
        (636, "with lines"),
        (622, "that runs over"),
    ]);
    let second = lines(&[(700, "the page.")]);
    let third = lines(&[(700, "Last.")]);
    let labelled = dictionary! {
        "Lang" => Object::string_literal("en-GB"),
        "PageLabels" => dictionary! { "Nums" => vec![
            0.into(), dictionary! { "S" => "r", "St" => 3 }.into(), 2.into(), dictionary! { "S" => "D", "P" => Object::string_literal("A-") }.into(),
        ] },
    };
    let read = read_one("a.pdf", &pdf(&[&first, &second, &third], labelled, |_| Dictionary::new()));
    let want = "A first line of some length\ngoes on here.\n\nA second paragraph\nwith lines\nthat runs over\nthe page.\n\nLast.";
    assert_eq!(read.document.text, want);
    assert_eq!(labels(&read, MarkKind::Page), ["iii", "iv", "A-1"]);
    assert_eq!(read.document.title.as_deref(), Some("The title"));
    assert_eq!(read.document.language.as_deref(), Some("en-GB"));
    assert_eq!(attribute(&read, "created"), "2000-11-15");
    assert_eq!(read.notes, Vec::<String>::new());
    let read = read_one("a.pdf", &simple(&[&first, "", &third]));
    assert_eq!(labels(&read, MarkKind::Page), ["1", "3"]);
    assert_eq!(read.notes, ["pages without text (pictures, or empty): 2"]);
}

/// Many files of Japan and China name the characters of a font that is not in them: what cannot be read is told.
#[test]
fn characters_without_letters_are_told() {
    let fonts = |file: &mut Document| {
        let system = dictionary! { "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Japan1"), "Supplement" => 6 };
        let descendant = file.add_object(dictionary! { "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "Ryumin-Light", "CIDSystemInfo" => system, "FontDescriptor" => dictionary! { "Type" => "FontDescriptor", "FontName" => "Ryumin-Light" } });
        let font = dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Ryumin-Light", "Encoding" => "Identity-H", "DescendantFonts" => vec![descendant.into()] };
        let font = file.add_object(font);
        dictionary! { "Font" => dictionary! { "F2" => font } }
    };
    let page = |words: &str, n: usize| {
        let drawn = "0345".repeat(n);
        format!("BT /F1 12 Tf 1 0 0 1 72 700 Tm ({words}) Tj /F2 12 Tf 1 0 0 1 72 680 Tm <{drawn}> Tj ET")
    };
    let read =
        read_one("a.pdf", &pdf(&[&page("Letters here", 15), &page("Some more there", 15)], Dictionary::new(), fonts));
    assert_eq!(read.document.text, "Letters here\nSome more there");
    let [note] = read.notes.as_slice() else { panic!("one note: {:?}", read.notes) };
    assert!(note.starts_with("left out: 30 characters on 2 pages, because their fonts do not say"), "{note}");
    // A bullet or two is nothing to speak of.
    let read = read_one("a.pdf", &pdf(&[&page("Letters here", 2)], Dictionary::new(), fonts));
    assert_eq!(read.notes, Vec::<String>::new());
}

#[test]
fn page_numbers_and_superscripts() {
    let raised = "BT /F1 10 Tf 1 0 0 1 72 700 Tm (threads) Tj 1 0 0 1 115 704 Tm /F1 7 Tf (1) Tj 1 0 0 1 122 700 Tm /F1 10 Tf (or) Tj \
                  1 0 0 1 72 686 Tm (next line) Tj 1 0 0 1 72 40 Tm (- 1 -) Tj ET";
    let second = lines(&[(700, "goes on."), (40, "- 2 -")]);
    let read = read_one("a.pdf", &simple(&[raised, &second]));
    assert_eq!(read.document.text, "threads1 or\nnext line\ngoes on.");
    assert_eq!(read.notes, ["left out: what recurs at the head or foot of pages (2 lines, such as `- 1 -`)"]);
}

#[test]
fn files_without_text_or_structure() {
    assert_eq!(error("a.pdf", &simple(&["", ""])), "a.pdf: no text layer: the pages are images");
    assert!(try_read("a.pdf", &simple(&[""])).unwrap_err().hint().unwrap().plain().contains("OCR"));
    assert_eq!(error("a.pdf", b"plain text"), "a.pdf: not a readable PDF: the file does not begin like one");
    let whole = simple(&[&lines(&[(700, "Text.")])]);
    for cut in [8, 100, whole.len() / 2] {
        assert!(error("a.pdf", &whole[..cut]).contains("not a readable PDF"), "{cut}");
    }
}

#[test]
fn encrypted_files_are_named_so() {
    let mut file = Document::load_mem(&simple(&[&lines(&[(700, "Secret.")])])).unwrap();
    let id = Object::string_literal("0123456789abcdef");
    file.trailer.set("ID", vec![id.clone(), id]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &file,
        owner_password: "o",
        user_password: "u",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    file.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    assert_eq!(error("a.pdf", &bytes), "a.pdf: the file is encrypted");
}

fn form(file: &mut Document, content: &str, resources: Dictionary) -> lopdf::ObjectId {
    let dictionary = dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => resources };
    file.add_object(Stream::new(dictionary, content.as_bytes().to_vec()))
}

#[test]
fn drawings_that_draw_themselves() {
    let looped = pdf(&["/X Do"], Dictionary::new(), |file| {
        let id = file.new_object_id();
        let dictionary =
            dictionary! { "Subtype" => "Form", "Resources" => dictionary! { "XObject" => dictionary! { "X" => id } } };
        file.objects.insert(id, Stream::new(dictionary, b"/X\n Do".to_vec()).into());
        dictionary! { "XObject" => dictionary! { "X" => id } }
    });
    assert_eq!(error("a.pdf", &looped), "a.pdf: not a readable PDF: one of its drawings contains itself");
    let doubled = pdf(&["/X Do"], Dictionary::new(), |file| {
        let mut id = form(file, "", Dictionary::new());
        for _ in 0..30 {
            id = form(file, "/X Do /X Do", dictionary! { "XObject" => dictionary! { "X" => id } });
        }
        dictionary! { "XObject" => dictionary! { "X" => id } }
    });
    assert_eq!(error("a.pdf", &doubled), "a.pdf: not a readable PDF: its drawings repeat one another without end");
    let shared = pdf(&["/X Do"], Dictionary::new(), |file| {
        let id = form(file, &lines(&[(700, "From a form.")]), Dictionary::new());
        let font = file.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
        let own = dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => dictionary! { "X" => id } };
        file.get_object_mut(id).unwrap().as_stream_mut().unwrap().dict.set("Resources", own);
        dictionary! { "XObject" => dictionary! { "X" => id } }
    });
    assert_eq!(read_one("a.pdf", &shared).document.text, "From a form.");
}

#[test]
fn page_trees_that_contain_themselves() {
    let mut file = Document::load_mem(&simple(&[&lines(&[(700, "Text.")])])).unwrap();
    let pages = file.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    let tree = file.get_dictionary_mut(pages).unwrap();
    tree.set("Parent", pages);
    tree.remove(b"MediaBox");
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    assert_eq!(error("a.pdf", &bytes), "a.pdf: not a readable PDF: its page tree contains itself");
}

#[test]
fn streams_that_expand_without_end() {
    let mut file = Document::load_mem(&simple(&[&" ".repeat(30 << 20)])).unwrap();
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    let options =
        ReadOptions { limits: Limits { max_expanded_bytes: 20 << 20, ..Limits::default() }, ..ReadOptions::default() };
    let wrong = read(&Input { name: "a.pdf", bytes: &bytes }, &options).unwrap_err();
    assert!(matches!(wrong.problems[0].reason, Reason::Bomb { .. }), "{wrong}");
}

#[test]
fn time_is_limited() {
    let options =
        ReadOptions { limits: Limits { pdf_time: Duration::ZERO, ..Limits::default() }, ..ReadOptions::default() };
    let bytes = simple(&[&lines(&[(700, "Text.")])]);
    let wrong = read(&Input { name: "a.pdf", bytes: &bytes }, &options).unwrap_err();
    assert_eq!(wrong.problems[0].reason, Reason::TooSlow { seconds: 0 });
}
