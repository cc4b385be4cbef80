#![no_main]

use nomoscope_formats::tables::statements::{Columns, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = read("a.csv", bytes, &Columns::default(), None) {
        assert!(found.statements.iter().all(|s| (s.actor as usize) < found.actors.len()));
    }
});
