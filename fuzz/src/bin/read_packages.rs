#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (name, part) in [
        ("a.odt", "content.xml"),
        ("a.odt", "styles.xml"),
        ("a.ods", "content.xml"),
        ("a.epub", "OPS/a.opf"),
        ("a.pptx", "ppt/slides/a.xml"),
    ] {
        nomoscope_fuzz::check_package(name, part, bytes);
    }
});
