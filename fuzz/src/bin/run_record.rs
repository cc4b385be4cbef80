#![no_main]

use nomoscope_desk::Desk;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::material::Material;
use nomoscope_engine::questions::{Of, Subject, asked};
use nomoscope_engine::record::Record;
use nomoscope_fuzz::study;
use std::sync::OnceLock;

static MATERIAL: OnceLock<Material> = OnceLock::new();

// A run record: what it asks is asked, of a small study.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(record) = serde_json::from_slice::<Record>(bytes) else { return };
    let material = MATERIAL.get_or_init(|| {
        let room = study::folder();
        Desk::open(room.path()).and_then(|desk| desk.material(None)).expect("is a study").material
    });
    let Ok((kind, settings, _)) = asked(&record) else { return };
    let Ok(settled) = kind.settled(settings) else { return };
    if matches!(kind.of, Of::Study | Of::StudyOrTable) {
        match kind.ask(settled, Subject::Study(material), &Handle::default()) {
            Ok(answer) => assert!(!answer.lead().is_empty()),
            Err(refusal) => assert!(!refusal.to_string().is_empty()),
        }
    }
});
