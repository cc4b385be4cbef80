//! Encodings, through the plain text reader.

use crate::support::{error, read_one, try_read};
use nomoscope_formats::{FormatError, Input, Place, ReadOptions, Reason, read};

fn with_encoding(bytes: &[u8], label: &str) -> Result<String, FormatError> {
    let options = ReadOptions { encoding: Some(label.to_owned()), ..ReadOptions::default() };
    read(&Input { name: "a.txt", bytes }, &options).map(|mut reads| reads.pop().unwrap().document.text)
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn utf32(text: &str, big_endian: bool) -> Vec<u8> {
    text.chars()
        .map(u32::from)
        .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[test]
fn byte_order_marks_are_honoured_and_dropped() {
    let text = "né à Kyïv 😀";
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        [b"\xFF\xFE".to_vec(), utf16(text, false)].concat(),
        [b"\xFE\xFF".to_vec(), utf16(text, true)].concat(),
        [b"\xFF\xFE\0\0".to_vec(), utf32(text, false)].concat(),
        [b"\0\0\xFE\xFF".to_vec(), utf32(text, true)].concat(),
    ] {
        let read = read_one("a.txt", &bytes);
        assert_eq!(read.document.text, text);
        assert_eq!(read.notes, Vec::<String>::new());
    }
}

#[test]
fn line_ends_stay() {
    let text = "one\r\ntwo\rthree\nfour\r\n";
    assert_eq!(read_one("a.txt", text.as_bytes()).document.text, text);
}

#[test]
fn utf16_without_a_mark_is_guessed_aloud() {
    for (big_endian, name) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
        let read = read_one("a.txt", &utf16("If a child is trafficked, protection is due.", big_endian));
        assert_eq!(read.document.text, "If a child is trafficked, protection is due.");
        assert!(read.notes[0].contains(name), "{:?}", read.notes);
    }
}

#[test]
fn legacy_encodings_are_guessed_aloud_or_named() {
    // "Traite des êtres humains à l'étranger, réduite en esclavage" in windows-1252.
    let (bytes, _, _) = encoding_rs::WINDOWS_1252
        .encode("Traite des êtres humains à l'étranger, réduite en esclavage, où que ce soit.");
    let read = read_one("a.txt", &bytes);
    assert!(read.document.text.contains("êtres humains à l'étranger"), "{}", read.document.text);
    assert!(read.notes[0].contains("guessed"), "{:?}", read.notes);
    let (bytes, _, _) = encoding_rs::KOI8_R.encode("рабство");
    assert_eq!(with_encoding(&bytes, "koi8-r").unwrap(), "рабство");
    assert_eq!(with_encoding(&utf16("Article 1", true), "utf-16be").unwrap(), "Article 1");
    assert_eq!(with_encoding(&utf32("Article 1", false), "utf-32le").unwrap(), "Article 1");
}

#[test]
fn undecodable_bytes_are_an_error_with_their_place() {
    let mut bytes = "Première ligne\nétat, état, état, état, état\r\n".as_bytes().to_vec();
    let at = bytes.len() as u64 + 2;
    bytes.extend_from_slice(b"xx\xFFyy");
    let wrong = try_read("a.txt", &bytes).unwrap_err();
    assert_eq!(wrong.problems[0].place, Some(Place::LineByte { line: 3, byte: at }));
    assert_eq!(wrong.to_string(), format!("a.txt: line 3, byte {at}: byte 0xff cannot be read as UTF-8"));
    assert!(wrong.hint().unwrap().plain().contains("windows-1252"));
    // A surrogate half, a number beyond Unicode, and a file cut within a character.
    let wrong = with_encoding(&utf32("a\n", true).into_iter().chain([0, 0, 0xD8, 0]).collect::<Vec<_>>(), "utf-32be")
        .unwrap_err();
    assert_eq!(wrong.problems[0].place, Some(Place::LineByte { line: 2, byte: 8 }));
    let wrong = with_encoding(&utf16("ab😀", false)[..6], "utf-16le").unwrap_err();
    assert!(matches!(wrong.problems[0].reason, Reason::Undecodable { .. }), "{wrong}");
    let wrong = with_encoding(b"ab\x81\xFF", "shift_jis").unwrap_err();
    assert_eq!(wrong.problems[0].place, Some(Place::LineByte { line: 1, byte: 2 }));
}

#[test]
fn unknown_encodings_and_binary_files_are_refused() {
    for label in ["ebcdic", "replacement", "iso-2022-kr", "x-user-defined", "utf-7", ""] {
        let wrong = with_encoding(b"text", label).unwrap_err();
        assert!(matches!(wrong.problems[0].reason, Reason::UnknownEncoding { .. }), "{label}: {wrong}");
    }
    assert_eq!(error("a.txt", b"one\ntwo\0three"), "a.txt: line 2: a NUL character: this is a binary file, not a text");
    assert_eq!(error("a.txt", b""), "a.txt: the file is empty");
    assert_eq!(error("a.txt", b" \r\n\t "), "a.txt: no text found");
}

#[test]
fn the_name_and_the_first_bytes_must_agree() {
    assert_eq!(error("a.xyz", b"x"), "a.xyz: no reader for files of type `xyz`");
    assert_eq!(error("a.doc", b"x"), "a.doc: a document in the old format of Word, which is not read");
    assert_eq!(error("a.odt", b"x"), "a.odt: not a readable zip archive: the file does not begin like one");
    assert_eq!(error("README", b"x"), "README: no reader for files of type ``");
    assert_eq!(error("a.docx", b"%PDF-1.7"), "a.docx: the name says docx, but the file looks like a PDF");
    assert_eq!(
        error("a.txt", b"PK\x03\x04"),
        "a.txt: the name says txt, but the file looks like a zip archive (docx, odt, epub …)"
    );
    assert!(error("a.docx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").contains("a docx with a password"));
    assert!(try_read("folder.d/A.TXT", b"x").is_ok());
}

#[test]
fn declarations_are_honoured_where_they_can_be_true() {
    let (bytes, _, _) =
        encoding_rs::ISO_8859_2.encode("<?xml version='1.0' encoding='ISO-8859-2'?><doc><p>wolność słowa</p></doc>");
    assert_eq!(read_one("a.xml", &bytes).document.text, "wolność słowa");
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(
        "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\"></head><p>рабство",
    );
    assert_eq!(read_one("a.html", &bytes).document.text, "рабство");
    let read = read_one("a.xml", b"<?xml version='1.0' encoding='UTF-16'?><doc><p>plain</p></doc>");
    assert!(read.notes[0].contains("utf-16"), "{:?}", read.notes);
    assert!(
        error("a.xml", b"<?xml version='1.0' encoding='klingon'?><doc>x</doc>").contains("unknown encoding `klingon`")
    );
    let wrong = error("a.xml", b"<?xml version='1.0' encoding='UTF-8'?>\n<doc>\xE9</doc>");
    assert_eq!(wrong, "a.xml: line 2, byte 44: byte 0xe9 cannot be read as UTF-8");
}

#[test]
fn bytes_of_old_macs_and_of_dos_are_guessed_with_a_doubt() {
    let french = "La traite des \u{ea}tres humains \u{e0} l'\u{e9}tranger, le travail impay\u{e9} et forc\u{e9}, o\u{f9} que ce soit.";
    let (mac, _, _) = encoding_rs::MACINTOSH.encode(french);
    let read = read_one("a.txt", &mac);
    assert_eq!(read.document.text, french);
    assert!(read.notes[0].starts_with("read as macintosh, guessed"), "{:?}", read.notes);
    assert!(read.notes[0].contains("look at its letters"), "{:?}", read.notes);
    // "L'été, à Málaga, señor" in code page 850.
    let dos = b"L'\x82t\x82 pass\x82, \x85 M\xa0laga, le se\xa4or travaille sans \x88tre pay\x82.";
    let read = read_one("a.txt", dos);
    assert_eq!(
        read.document.text,
        "L'\u{e9}t\u{e9} pass\u{e9}, \u{e0} M\u{e1}laga, le se\u{f1}or travaille sans \u{ea}tre pay\u{e9}."
    );
    assert!(read.notes[0].starts_with("read as CP850, guessed"), "{:?}", read.notes);
    assert_eq!(with_encoding(b"pay\x82", "cp850").unwrap(), "pay\u{e9}");
    // Windows has its own quotation marks and letters.
    let german = "Die \u{201e}Pflicht\u{201c} \u{2013} \u{fc}ber Stra\u{df}en, \u{c4}cker und M\u{e4}rkte \u{2026}";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(german);
    assert_eq!(read_one("a.txt", &windows).document.text, german);
}

#[test]
fn japanese_of_messages_is_decoded() {
    let text = "\u{5f37}\u{5236}\u{52b4}\u{50cd}\u{306e}\u{7981}\u{6b62}";
    let (bytes, _, _) = encoding_rs::ISO_2022_JP.encode(text);
    let read = read_one("a.txt", &bytes);
    assert_eq!(read.document.text, text);
    assert_eq!(read.notes, ["read as ISO-2022-JP, guessed from its bytes"]);
}

#[test]
fn a_text_encoded_twice_is_told() {
    let read = read_one("a.txt", "le travail impay\u{c3}\u{a9}e et l\u{e2}\u{20ac}\u{2122}autre".as_bytes());
    assert_eq!(
        read.notes,
        [
            "looks as if it had been encoded twice: `impay\u{c3}\u{a9}e` stands for `impay\u{e9}e`; words with such signs are not found"
        ]
    );
    for text in ["LIBERT\u{c9}\u{bb}", "N\u{c3}O \u{c2}ngulo \u{e2}ge", "impay\u{e9}e"] {
        assert_eq!(read_one("a.txt", text.as_bytes()).notes, Vec::<String>::new(), "{text}");
    }
}
