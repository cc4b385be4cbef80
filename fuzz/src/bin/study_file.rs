#![no_main]

use nomoscope_fuzz::study;

// A study file from a stranger.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let room = study::room();
    let at = room.path().join("s.nomo");
    std::fs::write(&at, bytes).expect("there is room");
    study::open(&at);
    let beside: Vec<_> = std::fs::read_dir(room.path()).expect("is a folder").flatten().map(|f| f.file_name()).collect();
    assert!(beside.iter().all(|name| name.to_string_lossy().contains("s.nomo")), "{beside:?}");
});
