//! `study.toml`: the settings of a study.

use super::{Problem, Problems, STUDY_TOML};
use crate::settings::Settings;
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{SMALL, StudyMeta};
use nomoscope_core::text::{Level, language};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 16] = [
    "title",
    "description",
    "language",
    "focus",
    "window",
    "actor",
    "groupings",
    "periods",
    "interviewers",
    "illustration",
    "pseudonymised",
    "claim",
    "blind",
    "suggestions",
    "report",
    "suppress_small",
];

/// What a person writes in a form.
pub const WORDS: [&str; 10] = [
    "title",
    "description",
    "language",
    "focus",
    "window",
    "actor",
    "groupings",
    "periods",
    "interviewers",
    "suppress_small",
];
/// Those among them that are lists.
const LISTS: [&str; 4] = ["language", "groupings", "periods", "interviewers"];

/// The most bytes of settings.
const MAX_BYTES: usize = 1 << 20;

/// Reads the settings of a study.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse(bytes: &[u8]) -> Result<StudyMeta, Problems> {
    let (settings, table) = Settings::open(STUDY_TOML, bytes, MAX_BYTES)?;
    let mut reader = Reader { settings };
    // What could not be parsed has left holes: complaints about missing keys would mislead.
    if !reader.settings.problems.is_empty() {
        return Err(reader.settings.problems);
    }
    let meta = reader.meta(table.get_ref());
    reader.settings.problems.or(meta)
}

struct Reader<'a> {
    settings: Settings<'a>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, reason: String, hint: Option<Remedy>) {
        self.settings.say(at..at, reason, hint);
    }

    fn meta(&mut self, table: &DeTable<'_>) -> StudyMeta {
        let mut meta = StudyMeta::default();
        let mut has_title = false;
        self.settings.unknown_keys(table, &KEYS, "");
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "title" => {
                    has_title = true;
                    meta.title = self.title(value);
                }
                "description" => meta.description = self.text(name, value).unwrap_or_default(),
                "language" => meta.language = self.languages(value),
                "focus" => meta.focus = self.named(name, value),
                "window" => meta.window = self.window(value),
                "actor" => meta.actor = self.named(name, value),
                "groupings" => meta.groupings = self.list(name, value, |_, _| None),
                "periods" => meta.periods = self.periods(value),
                "interviewers" => meta.interviewers = self.list(name, value, |_, _| None),
                "illustration" => meta.illustration = self.flag(name, value),
                "pseudonymised" => meta.pseudonymised = self.flag(name, value),
                "blind" => meta.blind = self.blind(value),
                "suggestions" => meta.suggestions = self.flag(name, value),
                "report" => meta.report = self.list(name, value, |_, _| None),
                "suppress_small" => meta.suppress_small = self.small(value),
                "claim" => meta.claim = self.text(name, value).filter(|words| !words.trim().is_empty()),
                _ => {}
            }
        }
        if !has_title {
            let hint = "add a line such as title = \"Child trafficking, 2000 to 2020\"".into();
            self.problem(0, "the study has no `title`".to_owned(), Some(hint));
        }
        meta
    }

    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            let kind = value.get_ref().type_str();
            self.problem(
                value.span().start,
                format!("`{key}` is of type {kind}, not a string"),
                Some(format!("write {key} = \"…\"").into()),
            );
        }
        text
    }

    fn title(&mut self, value: &Spanned<DeValue<'_>>) -> String {
        let title = self.text("title", value);
        if title.as_deref().is_some_and(|t| t.trim().is_empty()) {
            self.problem(value.span().start, "`title` is empty".to_owned(), None);
        }
        title.unwrap_or_default()
    }

    fn named(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.text(key, value)?;
        if text.trim().is_empty() {
            let hint = Some("leave the line out instead".into());
            self.problem(value.span().start, format!("`{key}` is empty"), hint);
        }
        Some(text)
    }

    fn flag(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            let reason = format!("`{key}` is neither true nor false");
            self.problem(value.span().start, reason, None);
            false
        })
    }

    fn small(&mut self, value: &Spanned<DeValue<'_>>) -> Option<u64> {
        let number = value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        let found = number.filter(|n| SMALL.contains(n));
        if found.is_none() {
            let reason = format!("`suppress_small` is no whole number from {} to {}", SMALL.start(), SMALL.end());
            let hint = "write suppress_small = 5 to withhold counts from 1 to 4".into();
            self.problem(value.span().start, reason, Some(hint));
        }
        found
    }

    fn window(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Level> {
        let name = self.text("window", value)?;
        let level = Level::ALL.into_iter().find(|l| l.name() == name);
        if level.is_none() {
            let names = Level::ALL.map(Level::name);
            let hint = Remedy::nearest_or(nearest(&name, names), || format!("a window is one of {}", names.join(", ")));
            self.problem(value.span().start, format!("`{name}` is no window"), Some(hint));
        }
        level
    }

    /// Reads a list of distinct strings; `wrong` says what is wrong with one, given those before it.
    fn list(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        wrong: impl Fn(&str, &[String]) -> Option<(String, String)>,
    ) -> Vec<String> {
        let Some(items) = value.get_ref().as_array() else {
            self.problem(
                value.span().start,
                format!("`{key}` is not a list"),
                Some(format!("write {key} = [\"…\", \"…\"]").into()),
            );
            return Vec::new();
        };
        let mut list: Vec<String> = Vec::new();
        for item in items {
            let Some(text) = self.named(key, item) else {
                continue;
            };
            if list.contains(&text) {
                let reason = format!("`{text}` occurs twice in `{key}`");
                self.problem(item.span().start, reason, None);
            } else if let Some((reason, hint)) = wrong(&text, &list) {
                self.problem(item.span().start, reason, Some(hint.into()));
            }
            list.push(text);
        }
        list
    }

    fn languages(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        if value.get_ref().is_str() {
            let Some(tag) = self.named("language", value) else {
                return Vec::new();
            };
            if let Some((reason, hint)) = wrong_language(&tag, &[]) {
                self.problem(value.span().start, reason, Some(hint.into()));
            }
            return vec![as_tag(tag)];
        }
        self.list("language", value, wrong_language).into_iter().map(as_tag).collect()
    }

    fn blind(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let coders = self.list("blind", value, |_, _| None);
        if coders.len() == 1 {
            let reason = "`blind` names one coder: nobody is there to hide from".to_owned();
            let hint = "write blind = [\"ana\", \"ben\"], or leave the line out".into();
            self.problem(value.span().start, reason, Some(hint));
        }
        coders
    }

    fn periods(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        self.list("periods", value, |text, before| {
            let hint = "write periods as \"1920-1949\", in order".to_owned();
            let Some((start, _)) = years(text) else {
                return Some((format!("`{text}` is no period"), hint));
            };
            let previous = before.last().and_then(|p| years(p));
            previous
                .is_some_and(|(earlier, _)| earlier > start)
                .then(|| (format!("period `{text}` stands after a later one"), hint))
        })
    }
}

fn wrong_language(tag: &str, _: &[String]) -> Option<(String, String)> {
    language_tag(tag).is_none().then(|| {
        (format!("`{tag}` is no language tag"), "write BCP 47 tags such as \"en\", \"fr\" or \"zh-Hant\"".to_owned())
    })
}

fn as_tag(written: String) -> String {
    language_tag(&written).unwrap_or(written)
}

/// Returns the tag that somebody meant by a tag, a code of three letters or the name of a language.
#[must_use]
pub fn language_tag(written: &str) -> Option<String> {
    // A private tag (`x-none`) is none that anybody abbreviates.
    language::tag(written).or_else(|| Some(written.to_owned())).filter(|tag| is_language_tag(tag))
}

/// Returns whether a word has the shape of a BCP 47 tag: `en`, `zh-Hant`, `x-none`.
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let alphanumeric = |p: &str| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    let primary = first.bytes().all(|b| b.is_ascii_alphabetic())
        && ((2..=3).contains(&first.len()) || matches!(first, "x" | "i") && tag.len() > 2);
    tag.len() <= 64 && primary && parts.all(alphanumeric)
}

/// Returns first and last year of `1920-1949`, `1920`, `1920-` or `-1949`.
#[must_use]
pub fn years(period: &str) -> Option<(u16, u16)> {
    let year = |text: &str, open: u16| match text.len() {
        0 => Some(open),
        4 if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok().filter(|&y| y > 0),
        _ => None,
    };
    match period.split_once('-') {
        None => {
            let only = year(period, 0)?;
            (only > 0).then_some((only, only))
        }
        Some(("", "")) => None,
        Some((first, last)) => {
            let (first, last) = (year(first, 1)?, year(last, 9999)?);
            (first <= last).then_some((first, last))
        }
    }
}

/// Writes the settings of a study; what has its default is left out.
#[must_use]
pub fn write(meta: &StudyMeta) -> String {
    let mut out = format!("title = {}\n", quoted(&meta.title));
    let mut line = |key: &str, value: String| {
        out.push_str(&format!("{key} = {value}\n"));
    };
    if !meta.description.is_empty() {
        line("description", quoted(&meta.description));
    }
    match meta.language.as_slice() {
        [] => {}
        [only] => line("language", quoted(only)),
        several => line("language", list(several)),
    }
    if let Some(focus) = &meta.focus {
        line("focus", quoted(focus));
    }
    if let Some(window) = meta.window {
        line("window", quoted(window.name()));
    }
    if let Some(actor) = &meta.actor {
        line("actor", quoted(actor));
    }
    if !meta.groupings.is_empty() {
        line("groupings", list(&meta.groupings));
    }
    if !meta.periods.is_empty() {
        line("periods", list(&meta.periods));
    }
    if !meta.interviewers.is_empty() {
        line("interviewers", list(&meta.interviewers));
    }
    if meta.illustration {
        line("illustration", "true".to_owned());
    }
    if meta.pseudonymised {
        line("pseudonymised", "true".to_owned());
    }
    if let Some(claim) = &meta.claim {
        line("claim", quoted(claim));
    }
    if !meta.blind.is_empty() {
        line("blind", list(&meta.blind));
    }
    if meta.suggestions {
        line("suggestions", "true".to_owned());
    }
    if !meta.report.is_empty() {
        line("report", list(&meta.report));
    }
    if let Some(under) = meta.suppress_small {
        line("suppress_small", under.to_string());
    }
    out
}

/// Returns `study.toml` with one setting switched; all else stays as it was written.
///
/// # Errors
/// It is no TOML; the settings that come of it are wrong.
pub fn set(bytes: &[u8], setting: &Setting) -> Result<String, Problems> {
    let wrong = |reason: String| Problems::from(Problem::new(STUDY_TOML, reason));
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let document: toml_edit::DocumentMut =
        text.trim_start_matches('\u{feff}').parse().map_err(|e: toml_edit::TomlError| wrong(e.to_string()))?;
    let listed = |items: &[String]| {
        let list: toml_edit::Array = items.iter().map(String::as_str).collect();
        (!items.is_empty()).then(|| list.into())
    };
    let values: Vec<(&str, Option<toml_edit::Value>)> = match setting {
        Setting::Blind(coders) => vec![("blind", listed(coders))],
        Setting::Report(questions) => vec![("report", listed(questions))],
        Setting::Suggestions(on) => vec![("suggestions", on.then(|| true.into()))],
        Setting::Words(words) => {
            let mut problems = Problems::new();
            let read = |(key, words): (&String, &String)| match value_of(key, words.trim()) {
                Ok(value) => Some((key.clone(), value)),
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            };
            let values: Vec<(String, Option<toml_edit::Value>)> = words.iter().filter_map(read).collect();
            problems.or(())?;
            return write_into(document, values.iter().map(|(key, value)| (key.as_str(), value.clone())));
        }
    };
    write_into(document, values)
}

/// Returns the value of a setting as a person writes it in a form: nothing takes the setting out, commas stand between the
/// parts of a list.
fn value_of(key: &str, words: &str) -> Result<Option<toml_edit::Value>, Problem> {
    let wrong = |reason: String| Problem::new(STUDY_TOML, reason);
    if !WORDS.contains(&key) {
        return Err(wrong(format!("`{key}` is no setting that can be written so")));
    }
    if words.is_empty() {
        return Ok(None);
    }
    if LISTS.contains(&key) {
        let parts = words.split(',').map(str::trim).filter(|part| !part.is_empty());
        return Ok(Some(parts.collect::<toml_edit::Array>().into()));
    }
    if key == "suppress_small" {
        let number = words.parse::<i64>().map_err(|_| wrong(format!("`{key}`: {words} is no whole number")))?;
        return Ok(Some(number.into()));
    }
    Ok(Some(words.into()))
}

fn write_into<'v>(
    mut document: toml_edit::DocumentMut,
    values: impl IntoIterator<Item = (&'v str, Option<toml_edit::Value>)>,
) -> Result<String, Problems> {
    for (key, value) in values {
        match value {
            Some(value) => drop(document.insert(key, toml_edit::Item::Value(value))),
            None => drop(document.remove(key)),
        }
    }
    let written = document.to_string();
    parse(written.as_bytes())?;
    Ok(written)
}

/// A setting that is switched while a study is worked on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Who codes blindly; nobody where it is empty.
    Blind(Vec<String>),
    /// Whether passages are suggested.
    Suggestions(bool),
    /// Questions whose answers stand in the report, each as an address.
    Report(Vec<String>),
    /// Settings among [`WORDS`], as a person writes them in a form: nothing takes one out, and commas stand between the parts
    /// of a list.
    Words(BTreeMap<String, String>),
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|i| quoted(i)).collect();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_setting_is_switched_and_all_else_stays_as_written() {
        let text = b"# mine\ntitle = 'x' # why\n\n[unknown]\n";
        assert!(set(text, &Setting::Suggestions(true)).is_err(), "what is wrong is said, not written over");
        let text = b"# mine\ntitle = 'x' # why\nwindow = 'sentence'\n";
        let blind = set(text, &Setting::Blind(vec!["Ana B.".to_owned(), "\"ben\"".to_owned()])).expect("is written");
        assert!(blind.starts_with("# mine\ntitle = 'x' # why\nwindow = 'sentence'\nblind = ["), "{blind}");
        let meta = parse(blind.as_bytes()).expect("reads");
        assert_eq!(meta.blind, ["Ana B.", "\"ben\""]);
        assert_eq!(parse(write(&meta).as_bytes()), Ok(meta));
        let both = set(blind.as_bytes(), &Setting::Suggestions(true)).expect("is written");
        assert!(parse(both.as_bytes()).expect("reads").suggestions);
        let words = |given: &[(&str, &str)]| {
            Setting::Words(given.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect())
        };
        let form = words(&[("groupings", "kind, region"), ("suppress_small", "5"), ("focus", " a "), ("window", "")]);
        let filled = set(text, &form).expect("is written");
        let meta = parse(filled.as_bytes()).expect("reads");
        assert_eq!(
            (meta.groupings, meta.suppress_small, meta.window),
            (vec!["kind".to_owned(), "region".to_owned()], Some(5), None)
        );
        assert_eq!(meta.focus.as_deref(), Some("a"));
        assert!(filled.starts_with("# mine\ntitle = 'x' # why\n"), "{filled}");
        for (key, wrong) in
            [("blind", "a, b"), ("suppress_small", "many"), ("window", "chapter"), ("title", ""), ("periods", "1-2")]
        {
            assert!(set(text, &words(&[(key, wrong)])).is_err(), "{key} = {wrong}");
        }
        let off = set(both.as_bytes(), &Setting::Suggestions(false)).expect("is written");
        assert_eq!(set(off.as_bytes(), &Setting::Blind(Vec::new())), Ok(String::from_utf8_lossy(text).into_owned()));
        assert!(set(text, &Setting::Blind(vec!["ana".to_owned()])).is_err(), "one alone is not blind");
        let kept = vec!["compare?by=a%20b".to_owned(), "map".to_owned()];
        let with = set(text, &Setting::Report(kept.clone())).expect("is written");
        let meta = parse(with.as_bytes()).expect("reads");
        assert_eq!(meta.report, kept);
        assert_eq!(parse(write(&meta).as_bytes()), Ok(meta));
    }

    #[test]
    fn a_whole_file() {
        let text = "\u{feff}title = \"Norms\"\r\nlanguage = [\"en\", \"zh-Hant\"]\r\nfocus = \"child-trafficking\"\r\nwindow = \"section\"\r\nactor = \"institution\"\r\ngroupings = [\"kind\"]\r\nperiods = [\"1920-1949\", \"1950-\"]\r\nillustration = true # yes\r\n";
        let meta = parse(text.as_bytes()).expect("reads");
        assert_eq!(meta.title, "Norms");
        assert_eq!(meta.language, ["en", "zh-Hant"]);
        assert_eq!(meta.window, Some(Level::Section));
        assert_eq!(meta.actor.as_deref(), Some("institution"));
        assert_eq!(meta.periods, ["1920-1949", "1950-"]);
        assert!(meta.illustration);
        assert_eq!(parse(write(&meta).as_bytes()), Ok(meta));
        for (written, tag) in [("fr", "fr"), ("French", "fr"), ("fra", "fr"), ("zh-TW", "zh-TW"), ("x-none", "x-none")]
        {
            let one = parse(format!("title = 'x'\nlanguage = '{written}'").as_bytes()).expect("reads");
            assert_eq!(one.language, [tag]);
        }
        let asks = parse(b"title = 'x'\ninterviewers = ['AB', 'Dr. Roe']").expect("reads");
        assert_eq!(asks.interviewers, ["AB", "Dr. Roe"]);
        assert_eq!(parse(write(&asks).as_bytes()), Ok(asks));
    }

    #[track_caller]
    fn check_bad(text: &str, want: &[&str]) {
        let problems = parse(text.as_bytes()).expect_err("is bad");
        let got: Vec<String> = problems.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(got, want, "{text:?}");
    }

    #[test]
    fn what_is_wrong_with_a_file() {
        check_bad(
            "",
            &[
                "study.toml:1: the study has no `title`\n  hint: add a line such as title = \"Child trafficking, 2000 to 2020\"",
            ],
        );
        check_bad(
            "titel = 'x'\ntitle = ' '\nwindow = \"sentense\"\nlanguage = [3, 'Klingonese']\nillustration = 1\n[groupings]\na = 1",
            &[
                "study.toml:1: unknown key `titel`\n  hint: did you mean `title`?",
                "study.toml:2: `title` is empty",
                "study.toml:3: `sentense` is no window\n  hint: did you mean `sentence`?",
                "study.toml:4: `Klingonese` is no language tag\n  hint: write BCP 47 tags such as \"en\", \"fr\" or \"zh-Hant\"",
                "study.toml:4: `language` is of type integer, not a string\n  hint: write language = \"…\"",
                "study.toml:5: `illustration` is neither true nor false",
                "study.toml:6: `groupings` is not a list\n  hint: write groupings = [\"…\", \"…\"]",
            ],
        );
        check_bad(
            "title = 'x'\nperiods = ['1950-1960', '1920-1949', '1-2',\n'1960-1950', '1950-1960']",
            &[
                "study.toml:2: `1-2` is no period\n  hint: write periods as \"1920-1949\", in order",
                "study.toml:2: period `1920-1949` stands after a later one\n  hint: write periods as \"1920-1949\", in order",
                "study.toml:3: `1950-1960` occurs twice in `periods`",
                "study.toml:3: `1960-1950` is no period\n  hint: write periods as \"1920-1949\", in order",
            ],
        );
    }

    #[test]
    fn what_is_not_toml_has_a_line() {
        for text in [
            "title = 'x'\nfocus = \n",
            "title = 'x'\ntitle = 'y'",
            &format!("title = 'x'\nx = {}", "[".repeat(100_000)),
        ] {
            let problems = parse(text.as_bytes()).expect_err("is bad");
            assert_eq!(problems.as_slice().first().and_then(|p| p.line()), Some(2));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(title in "\\PC{0,20}", description in any::<String>(), groupings in proptest::collection::btree_set("\\PC{1,8}", 0..4)) {
            let meta = StudyMeta {
                title: format!("t{title}"),
                description,
                groupings: groupings.into_iter().filter(|g| !g.trim().is_empty()).collect(),
                ..StudyMeta::default()
            };
            prop_assert_eq!(parse(write(&meta).as_bytes()), Ok(meta));
        }
    }
}
