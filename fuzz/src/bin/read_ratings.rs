#![no_main]

use nomoscope_formats::tables::ratings::{Orientation, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for units in [Orientation::UnitsInRows, Orientation::UnitsInColumns] {
        if let Ok(table) = read("a.csv", bytes, Some(units)) {
            assert!(table.cells.iter().all(|row| row.len() == table.coders.len()));
        }
    }
});
