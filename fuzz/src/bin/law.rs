#![no_main]

// Norms, facts, entailments and cases.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(problems) = nomoscope_formats::law::read("law.toml", bytes) {
        assert!(!problems.to_string().is_empty());
    }
});
