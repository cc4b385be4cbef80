//! What the command line calls the settings and acts that stand in reasons and remedies.

use super::output;
use nomoscope_core::problem::{Act, Remedy, Slot, Words};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The study of this run as people type it: a remedy names it, so that it can be copied.
static STUDY: OnceLock<String> = OnceLock::new();

/// Settings that are arguments of their command, and no flags, with what help calls them.
const ARGUMENTS: [(&str, &str); 2] = [("groups", "A B"), ("pattern", "PATTERN")];

/// Takes note of the study that the arguments name.
pub(super) fn heard(arguments: &clap::ArgMatches) {
    let mut last = arguments;
    while let Some((_, below)) = last.subcommand() {
        last = below;
    }
    let path = |name| last.try_get_one::<PathBuf>(name).ok().flatten();
    if let Some(study) = path("study").or_else(|| path("input")) {
        let _ = STUDY.set(output::typed(study));
    }
}

/// Prints what people should know, as far as they will read it.
pub(super) fn notes(notes: &[nomoscope_desk::study::Problem]) {
    const SHOWN: usize = 10;
    for note in notes.iter().take(SHOWN) {
        output::talk(&format!("note: {}", note.phrased(&slot)));
    }
    if notes.len() > SHOWN {
        output::talk(&format!("note: and {} more notes", notes.len() - SHOWN));
    }
}

/// Returns a setting as its flag, an act as its command.
pub(super) fn slot(slot: &Slot) -> String {
    match slot {
        Slot::Setting { name, value } => {
            let argument = ARGUMENTS.iter().find(|(own, _)| own == name).map(|(_, argument)| (*argument).to_owned());
            let flag = argument.unwrap_or_else(|| format!("--{}", name.replace('_', "-")));
            value.map_or(flag.clone(), |value| format!("{flag} {value}"))
        }
        Slot::Act(act) => command(*act).replace("STUDY", STUDY.get().map_or("STUDY", String::as_str)),
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
        Act::Describe => "nomoscope describe STUDY SOURCE… --set NAME=VALUE",
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
