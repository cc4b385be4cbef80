//! What the command line calls the settings and acts that stand in reasons and remedies.

use nomoscope_core::problem::{Act, Remedy, Slot, Words};

/// Returns a setting as its flag, an act as its command.
pub(super) fn slot(slot: &Slot) -> String {
    match slot {
        // Two groups stand beside the study, without a flag.
        Slot::Setting { name: "groups", value: None } => "GROUPS".to_owned(),
        Slot::Setting { name, value } => {
            let flag = format!("--{}", name.replace('_', "-"));
            value.map_or(flag.clone(), |value| format!("{flag} {value}"))
        }
        Slot::Act(act) => command(*act).to_owned(),
        Slot::Given(words) => words.clone(),
    }
}

/// Returns a remedy in the words of the command line.
pub(super) fn remedy(remedy: &Remedy) -> String {
    remedy.phrased(&slot)
}

/// Returns words of another crate in those of the command line.
pub(super) fn words(words: &Words) -> String {
    words.phrased(&slot)
}

/// Returns what is wrong with what to do about it below.
pub(super) fn with_hint(reason: &dyn std::fmt::Display, hint: impl Into<Option<Remedy>>) -> String {
    let hint = hint.into().map(|hint| format!("\n  hint: {}", remedy(&hint))).unwrap_or_default();
    format!("{reason}{hint}")
}

const fn command(act: Act) -> &'static str {
    match act {
        Act::NewStudy => "nomoscope new NAME",
        Act::NewFile => "nomoscope new NAME.nomo",
        Act::Demo => "nomoscope demo",
        Act::Add => "nomoscope add STUDY FILE…",
        Act::Complete => "nomoscope add",
        Act::ListFormats => "nomoscope add --help",
        Act::ListExchange => "nomoscope import --help",
        Act::Export => "nomoscope export",
        Act::ListSources => "nomoscope sources STUDY",
        Act::ListConcepts => "nomoscope concepts STUDY",
        Act::ListFacts => "nomoscope law facts",
        Act::ListNorms => "nomoscope law list",
    }
}
