#![no_main]

use nomoscope_formats::list_table::{ListOptions, read};
use nomoscope_formats::Input;

// What is read holds persons on at least two lists; what is not says why.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match read(&Input { name: "lists.csv", bytes }, &ListOptions::default()) {
        Ok(table) => assert!(table.histories.n_lists() >= 2 && table.histories.n_observed() > 0),
        Err(problems) => assert!(!problems.is_empty()),
    }
});
