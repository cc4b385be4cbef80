#![no_main]

use nomoscope_fuzz::{files, study};

// The first byte says which file of a study the others are.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let room = study::folder();
    let names = files::OF_A_STUDY;
    let at = room.path().join(names[usize::from(*first) % names.len()]);
    std::fs::write(at, bytes).expect("there is room");
    study::open(room.path());
});
