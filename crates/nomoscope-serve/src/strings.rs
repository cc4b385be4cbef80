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
    self::words(language).and_then(|of| of.get(words)).map_or(words, String::as_str)
}

/// Returns an English sentence with names or numbers in the places of `{}`; [`retold`] finds it in another language.
pub(crate) fn phrase(form: &str, given: &[&str]) -> String {
    tell("en", form, given)
}

/// Returns a sentence in a language, with names or numbers in the places of `{}`.
pub(crate) fn tell(language: &str, form: &str, given: &[&str]) -> String {
    let mut out = String::new();
    for (n, part) in say(language, form).split("{}").enumerate() {
        if let Some(name) = n.checked_sub(1).and_then(|n| given.get(n)) {
            out.push_str(name);
        }
        out.push_str(part);
    }
    out
}

/// Returns all strings of a language by their English.
fn words(language: &str) -> Option<&'static BTreeMap<String, String>> {
    static ALL: OnceLock<BTreeMap<&str, BTreeMap<String, String>>> = OnceLock::new();
    let all = ALL.get_or_init(|| LANGUAGES.iter().map(|(tag, _, file)| (*tag, read(file))).collect());
    all.get(language)
}

/// Returns a sentence in a language, if it is a string of it, or one with names or numbers in the places of `{}`.
pub(crate) fn retold(language: &str, sentence: &str) -> Option<String> {
    if language == "en" {
        return Some(sentence.to_owned());
    }
    let all = words(language)?;
    let whole = all.get(sentence).cloned();
    whole.or_else(|| {
        all.iter().filter(|(form, _)| form.contains("{}")).find_map(|(form, other)| fill(form, other, sentence))
    })
}

/// Puts what stands in a sentence in the places of `{}` into the same places of another.
fn fill(form: &str, other: &str, sentence: &str) -> Option<String> {
    let mut rest = sentence;
    let mut given = Vec::new();
    let mut parts = form.split("{}");
    rest = rest.strip_prefix(parts.next()?)?;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        // The last part ends the sentence: what it ends with may stand in a name, too.
        let at = if parts.peek().is_none() { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
        let (name, after) = rest.split_at(at);
        given.push(name);
        rest = after.get(part.len()..)?;
    }
    Some(tell("en", other, &given))
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
        include_str!("../templates/failed.html"),
        include_str!("../templates/memos.html"),
        include_str!("../templates/fields.html"),
        include_str!("../templates/field.html"),
        include_str!("../templates/settings.html"),
        include_str!("../templates/report.html"),
        include_str!("../templates/exchange.html"),
        include_str!("../templates/names.html"),
    ];
    /// What the program says without a template; a sentence with places for names stands there as it is looked for.
    const SAID: &[&str] = &[
        include_str!("failed.rs"),
        include_str!("failure.rs"),
        include_str!("upload.rs"),
        include_str!("pages/acts.rs"),
        include_str!("pages/adjudicate.rs"),
        include_str!("pages/agree.rs"),
        include_str!("pages/cases.rs"),
        include_str!("pages/codebook.rs"),
        include_str!("pages/compare.rs"),
        include_str!("pages/correct.rs"),
        include_str!("pages/deeds.rs"),
        include_str!("pages/double.rs"),
        include_str!("pages/law.rs"),
        include_str!("pages/map.rs"),
        include_str!("pages/network.rs"),
        include_str!("pages/question.rs"),
        include_str!("pages/reach.rs"),
        include_str!("pages/settings.rs"),
        include_str!("pages/slip.rs"),
        include_str!("pages/start.rs"),
        include_str!("pages/trend.rs"),
        include_str!("pages/words.rs"),
    ];
    /// What stands before a sentence of the program that has its words in other languages.
    const BEFORE: [&str; 7] = ["tell(\"", " t(\"", "::bad(\"", " one(\"", " phrase(\"", " label: \"", " title: \""];

    #[test]
    fn every_word_of_the_templates_is_there_in_french() {
        let french = read(include_str!("../strings/fr.toml"));
        let parts = TEMPLATES.iter().flat_map(|t| t.split(".t(\"").skip(1));
        let missing: Vec<&str> =
            parts.filter_map(|p| p.split("\")").next()).filter(|words| !french.contains_key(*words)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        let code = |of: &'static str| of.split("\n#[cfg(test)]").next().unwrap_or_default();
        let after = |of: &'static str| BEFORE.into_iter().flat_map(move |before| code(of).split(before).skip(1));
        let said = SAID.iter().flat_map(|of| after(of)).filter_map(|p| p.split('"').next());
        let missing: Vec<&str> = said.filter(|words| !french.contains_key(*words)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(french.len() > 150);
        assert_eq!(say("fr", "Codebook"), "Livre de codes");
        assert_eq!(say("fr", "what nobody wrote"), "what nobody wrote");
    }

    #[test]
    fn names_keep_their_places_in_another_language() {
        let check = |form: &str, other: &str, sentence: &str, want: Option<&str>| {
            assert_eq!(fill(form, other, sentence).as_deref(), want, "{sentence}");
        };
        check("Coded as {}", "Codé comme {}", "Coded as slavery", Some("Codé comme slavery"));
        check("{} of {} read", "{} lus sur {}", "3 of 40 read", Some("3 lus sur 40"));
        check(
            "“{}” is none.",
            "« {} » n'en est pas un.",
            "“a” is none.” is none.",
            Some("« a” is none. » n'en est pas un."),
        );
        check("Coded as {}", "Codé comme {}", "Decoded as x", None);
        assert_eq!(retold("fr", "nobody wrote this"), None);
        assert_eq!(retold("en", "as it is").as_deref(), Some("as it is"));
    }
}
