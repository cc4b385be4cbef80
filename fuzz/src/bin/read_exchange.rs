#![no_main]

use nomoscope_formats::exchange::{EXCHANGE, place, read};
use nomoscope_formats::{Input, Limits};

// The first byte says the format. What is read has a place for each of its selections.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let formats: Vec<_> = EXCHANGE.iter().filter(|format| format.read.is_some()).collect();
    let format = formats[usize::from(*first) % formats.len()];
    let name = format!("x.{}", format.extensions[0]);
    match read(&Input { name: &name, bytes }, &Limits::default()) {
        Ok(mut project) => {
            let placed = place::place(&mut project);
            assert!(placed.places.iter().all(Option::is_some));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
