//! The words of the pages: English as it stands in the templates, other languages from a file a language.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The languages of the pages: tag, own name, and their words.
pub(crate) static LANGUAGES: &[(&str, &str, &str)] =
    &[("en", "English", ""), ("fr", "Français", include_str!("../strings/fr.toml"))];

/// Returns the tag of a language, if pages are written in it.
pub(crate) fn tag(given: &str) -> Option<&'static str> {
    LANGUAGES.iter().map(|(tag, ..)| *tag).find(|tag| *tag == given)
}

/// Returns English words in a language; where it has none, as they are.
pub(crate) fn say<'w>(language: &str, words: &'w str) -> &'w str {
    static ALL: OnceLock<BTreeMap<&str, BTreeMap<String, String>>> = OnceLock::new();
    let all = ALL.get_or_init(|| LANGUAGES.iter().map(|(tag, _, file)| (*tag, read(file))).collect());
    let found = all.get(language).and_then(|of| of.get(words));
    found.map_or(words, String::as_str)
}

/// Reads a file of `"English" = "other"`, a line a string: as much TOML as such a file has.
fn read(file: &'static str) -> BTreeMap<String, String> {
    let line = |line: &'static str| -> Option<(String, String)> {
        let (english, other) = line.strip_prefix('"')?.trim_end().strip_suffix('"')?.split_once("\" = \"")?;
        Some((english.replace("\\\"", "\""), other.replace("\\\"", "\"")))
    };
    file.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATES: &[&str] = &[
        include_str!("../templates/base.html"),
        include_str!("../templates/start.html"),
        include_str!("../templates/sources.html"),
        include_str!("../templates/read.html"),
        include_str!("../templates/part.html"),
        include_str!("../templates/mark.html"),
        include_str!("../templates/review.html"),
        include_str!("../templates/codebook.html"),
        include_str!("../templates/concept.html"),
        include_str!("../templates/preview.html"),
        include_str!("../templates/answer.html"),
        include_str!("../templates/free.html"),
        include_str!("../templates/cases.html"),
        include_str!("../templates/law.html"),
        include_str!("../templates/reach.html"),
        include_str!("../templates/passages.html"),
        include_str!("../templates/working.html"),
        include_str!("../templates/history.html"),
        include_str!("../templates/help.html"),
        include_str!("../templates/double.html"),
        include_str!("../templates/adjudicate.html"),
        include_str!("../templates/audit.html"),
        include_str!("../templates/suggestions.html"),
        include_str!("../templates/correct.html"),
        include_str!("../templates/agree.html"),
        include_str!("../templates/describe.html"),
        include_str!("../templates/doctor.html"),
        include_str!("../templates/forget.html"),
        include_str!("../templates/look.html"),
        include_str!("../templates/passphrase.html"),
        include_str!("../templates/unlock.html"),
    ];

    #[test]
    fn every_word_of_the_templates_is_there_in_french() {
        let french = read(include_str!("../strings/fr.toml"));
        let parts = TEMPLATES.iter().flat_map(|t| t.split(".t(\"").skip(1));
        let missing: Vec<&str> =
            parts.filter_map(|p| p.split("\")").next()).filter(|words| !french.contains_key(*words)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(french.len() > 150);
        assert_eq!(say("fr", "Codebook"), "Livre de codes");
        assert_eq!(say("fr", "what nobody wrote"), "what nobody wrote");
    }
}
