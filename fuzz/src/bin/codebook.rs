#![no_main]

use nomoscope_core::coding::Matcher;
use nomoscope_formats::codebook_toml;

// A codebook and, after a NUL, a text: every hit lies in the text, at the same place each time.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (book, text) = (parts.next().unwrap_or_default(), String::from_utf8_lossy(parts.next().unwrap_or_default()));
    let book = match codebook_toml::parse(book) {
        Ok(book) => book,
        Err(problems) => return assert!(!problems.to_string().is_empty()),
    };
    if let Ok(matcher) = Matcher::new(&book, &[]) {
        let hits = matcher.find(&text);
        assert!(hits.iter().all(|hit| !hit.span.of(&text).is_empty()));
        assert_eq!(hits, matcher.find(&text));
    }
});
