#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for part in [
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footnotes.xml",
    ] {
        nomoscope_fuzz::check_part(part, bytes);
    }
});
