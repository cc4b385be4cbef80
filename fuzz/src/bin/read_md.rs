#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nomoscope_fuzz::check("a.md", bytes));
