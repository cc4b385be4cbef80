#![no_main]

use nomoscope_formats::parquet_file::read::{Bytes, Rows};

// It is read to its end, or it is an error.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(mut rows) = Rows::open(Bytes::copy_from_slice(bytes), &|_| true) else { return };
    while let Ok(Some(piece)) = rows.next_piece() {
        assert!(piece.records().count() + piece.bad.len() > 0);
    }
});
