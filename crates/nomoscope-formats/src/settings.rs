//! A TOML file of settings: the one way in which codebooks, studies, law and ladders of attrition are read.
//!
//! Size and depth are bounded before the parser sees the text; what is wrong is collected with its line; unknown keys are
//! told with the key that was meant.

use nomoscope_core::date::PartialDate;
use nomoscope_core::law::definition::Written;
use nomoscope_core::problem::{Problem, Problems, Remedy, Words};
use nomoscope_core::spelling::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How deep tables and lists may nest: each level costs the parser, and whoever drops the value, a part of the stack.
pub(crate) const MAX_DEPTH: usize = 32;

/// A value with its place in the file.
pub(super) type Value<'v> = Spanned<DeValue<'v>>;

/// A file that is being read: where its lines begin, and what is wrong so far.
pub(super) struct Settings<'a> {
    file: &'a str,
    lines: Vec<usize>,
    /// What is wrong so far.
    pub(super) problems: Problems,
}

impl<'a> Settings<'a> {
    /// Returns the table in the bytes of a file; what is no TOML is among the problems, and the rest is there.
    ///
    /// # Errors
    /// A file that is too large, no UTF-8, or nested too deep.
    pub(super) fn open(file: &'a str, bytes: &'a [u8], limit: usize) -> Result<(Self, Spanned<DeTable<'a>>), Problems> {
        if bytes.len() > limit {
            return Err(Problem::new(file, format!("the file is larger than {} MiB", limit >> 20)).into());
        }
        let text = match crate::study::utf8(file, bytes) {
            Ok(text) => text,
            Err(problem) => return Err(problem.hint("save the file as UTF-8").into()),
        };
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        let mut out = Self { file, lines: std::iter::once(0).chain(breaks).collect(), problems: Problems::new() };
        if let Some(at) = too_deep(text) {
            let reason = format!("nested deeper than {MAX_DEPTH} levels");
            out.say(at..at, reason, Some("write the values in fewer levels of lists and tables".into()));
            return Err(out.problems);
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let reason = error.message().lines().next().unwrap_or("not TOML").trim().to_owned();
            let span = error.span().unwrap_or(0..0);
            let line = out.line_of(text, span.start);
            match day_first(line) {
                // One date in the wrong order is several errors to a parser, and one to a person.
                Some((words, hint)) => {
                    let reason = format!("`{words}` is no date that can be read");
                    let before = out.problems.as_slice().iter().any(|p| p.reason.plain() == reason.as_str());
                    if !before {
                        out.say(span, reason, Some(hint.into()));
                    }
                }
                None => out.say(span, reason, unquoted(line).map(Into::into)),
            }
        }
        Ok((out, table))
    }

    pub(super) const fn file(&self) -> &'a str {
        self.file
    }

    /// Returns the words of the line of a byte.
    fn line_of<'t>(&self, text: &'t str, offset: usize) -> &'t str {
        let n = self.line(offset) as usize;
        text.lines().nth(n.saturating_sub(1)).unwrap_or_default()
    }

    /// Returns the line of a byte.
    pub(super) fn line(&self, offset: usize) -> u32 {
        self.lines.partition_point(|&start| start <= offset) as u32
    }

    /// Adds a problem with what to do about it.
    pub(super) fn say(&mut self, span: Range<usize>, reason: impl Into<Words>, remedy: Option<Remedy>) {
        self.problems.push(Problem::in_line(self.file, self.line(span.start), reason).perhaps(remedy));
    }

    pub(super) fn complain(&mut self, span: &Range<usize>, reason: impl Into<Words>) {
        self.complain_with(span, reason, None);
    }

    pub(super) fn complain_with(&mut self, span: &Range<usize>, reason: impl Into<Words>, hint: Option<Remedy>) {
        self.say(span.clone(), reason, hint);
    }

    /// Complains of keys that are not known; `of` says what they would belong to, or nothing in a file of one table.
    pub(super) fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str], of: &str) {
        let within = if of.is_empty() { String::new() } else { format!(" in {of}") };
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let hint = Remedy::nearest_or(nearest(name, known.iter().copied()), || {
                    format!("the keys are {}", known.join(", "))
                });
                let small = known.iter().find(|k| **k == name.to_lowercase());
                let hint = match small {
                    Some(small) => format!("keys are written in small letters: {small}").into(),
                    None => hint,
                };
                self.say(key.span(), format!("unknown key `{name}`{within}"), Some(hint));
            }
        }
    }

    pub(super) fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let words = value.get_ref().as_str().map(str::to_owned);
        if words.is_none() {
            self.wrong_type(value, key, "a string");
        }
        words
    }

    /// Returns a string that must be there and not be blank; `of` says what it belongs to.
    pub(super) fn required(&mut self, table: &DeTable<'_>, key: &str, of: &str, span: &Range<usize>) -> Option<String> {
        if !table.contains_key(key) {
            self.complain(span, format!("{of} has no `{key}`"));
            return None;
        }
        let words = self.string(table, key)?;
        if words.trim().is_empty() {
            self.complain(span, format!("`{key}` of {of} is empty"));
            return None;
        }
        Some(words)
    }

    pub(super) fn wrong_type(&mut self, value: &Value<'_>, key: &str, wanted: &str) {
        let kind = value.get_ref().type_str();
        self.complain(&value.span(), format!("`{key}` is of type {kind}, not {wanted}"));
    }

    pub(super) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(value, key, "true or false");
            false
        })
    }

    /// Returns a number, whole or not.
    pub(super) fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<f64> {
        let value = table.get(key)?;
        let number = number(value);
        if number.is_none() {
            self.wrong_type(value, key, "a number");
        }
        number
    }

    /// Returns the strings of a list with their lines, or the one string that stands instead of a list.
    pub(super) fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Written> {
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::String(s) => vec![self.written(s, &value.span())],
            DeValue::Array(items) => {
                let mut out = Vec::new();
                for item in items {
                    match item.get_ref().as_str() {
                        Some(s) => out.push(self.written(s, &item.span())),
                        None => self.wrong_type(item, key, "a list of strings"),
                    }
                }
                out
            }
            _ => {
                self.wrong_type(value, key, "a list of strings");
                Vec::new()
            }
        }
    }

    fn written(&self, text: &str, span: &Range<usize>) -> Written {
        Written { text: text.to_owned(), line: self.line(span.start) }
    }

    /// Returns a date, given as a TOML date or as a string such as `2000`, `2000-11` or `2000-11-15`.
    pub(super) fn date(&mut self, table: &DeTable<'_>, key: &str) -> Option<PartialDate> {
        let value = table.get(key)?;
        let words = match value.get_ref() {
            DeValue::String(s) => s.to_string(),
            DeValue::Datetime(d) => d.to_string(),
            DeValue::Integer(_) => {
                let hint = "write a date as 2000-11-15, or in quotation marks: \"2000\", \"2000-11\"";
                self.complain_with(&value.span(), format!("`{key}` is a number, not a date"), Some(hint.into()));
                return None;
            }
            _ => {
                self.wrong_type(value, key, "a date");
                return None;
            }
        };
        match words.parse() {
            Ok(date) => Some(date),
            Err(error) => {
                let hint = day_first(&words).map(|(_, hint)| hint.into());
                self.complain_with(&value.span(), format!("`{key}`: {error}"), hint);
                None
            }
        }
    }

    /// Returns the tables of a list of tables, each with its place.
    pub(super) fn tables<'t>(&mut self, table: &'t DeTable<'_>, key: &str) -> Vec<(Range<usize>, &'t DeTable<'t>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => {
                let mut out = Vec::new();
                for item in items {
                    match item.get_ref() {
                        DeValue::Table(inner) => out.push((item.span(), inner)),
                        _ => self.wrong_type(item, key, "a table"),
                    }
                }
                out
            }
            DeValue::Table(inner) => vec![(value.span(), inner)],
            _ => {
                self.wrong_type(value, key, "a list of tables");
                Vec::new()
            }
        }
    }

    /// Returns the entries of a table whose keys are data.
    pub(super) fn entries<'t>(&mut self, table: &'t DeTable<'_>, key: &str) -> Vec<(Written, &'t Value<'t>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Table(inner) = value.get_ref() else {
            self.wrong_type(value, key, "a table");
            return Vec::new();
        };
        inner.iter().map(|(k, v)| (self.written(k.get_ref(), &k.span()), v)).collect()
    }
}

/// Returns a date such as `03/05/2021` or `3.5.2021` in these words, with how to write it: the order of day and month is not guessed.
fn day_first(words: &str) -> Option<(String, String)> {
    let is_sign = |c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '-');
    words.split(|c| !is_sign(c)).find_map(|word| {
        let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
        let [a, b, year] = parts[..] else { return None };
        let short = |p: &str| (1..=2).contains(&p.len()) && p.bytes().all(|c| c.is_ascii_digit());
        let four = year.len() == 4 && year.bytes().all(|c| c.is_ascii_digit());
        if !(short(a) && short(b) && four) {
            return None;
        }
        let (x, y): (u8, u8) = (a.parse().ok()?, b.parse().ok()?);
        let write = |month: u8, day: u8| format!("{year}-{month:02}-{day:02}");
        let hint = match (x <= 12, y <= 12) {
            (true, true) if x != y => {
                format!("write the year first: {} or {}, whichever is meant", write(y, x), write(x, y))
            }
            (false, true) => format!("write the year first: {}", write(y, x)),
            (true, _) => format!("write the year first: {}", write(x, y)),
            (false, false) => "write the year first, as in 2021-05-03".to_owned(),
        };
        Some((word.to_owned(), hint))
    })
}

/// Returns what a person may have meant by a line that is no TOML.
fn unquoted(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let value = value.trim();
    let words = |w: &str| w.eq_ignore_ascii_case("yes") || w.eq_ignore_ascii_case("no");
    if words(value) || ["True", "False"].contains(&value) {
        return Some("facts stand in lists: true = [\"act.recruit\"], false = [\"movement.travel\"]".to_owned());
    }
    if value.starts_with('[') && !value.contains('"') {
        return Some(format!("names stand in quotation marks: {} = [\"act.recruit\"]", key.trim()));
    }
    if value.starts_with(|c: char| c.is_alphabetic()) {
        return Some(format!("words stand in quotation marks: {} = \"{value}\"", key.trim()));
    }
    None
}

/// Returns a number, whole or not, if the value is a finite one.
pub(super) fn number(value: &Value<'_>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Integer(_) => integer(value).map(|n| n as f64),
        DeValue::Float(f) => f.as_str().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

/// Returns a whole number.
pub(super) fn integer(value: &Value<'_>) -> Option<i64> {
    match value.get_ref() {
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok(),
        _ => None,
    }
}

/// Returns where a text nests deeper than [`MAX_DEPTH`]: brackets in brackets, or keys of many parts.
///
/// Looks at signs outside strings and comments alone; what is not TOML at all is left to the parser.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut dots) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let long = ["\"\"\"", "'''"].into_iter().find(|quote| rest.starts_with(quote));
        let mut skip = rest.chars().next().map_or(1, char::len_utf8);
        match rest.as_bytes().first() {
            _ if long.is_some() => skip = string(rest, long.unwrap_or_default(), true),
            Some(b'"') => skip = string(rest, "\"", false),
            Some(b'\'') => skip = string(rest, "'", false),
            Some(b'#') => skip = rest.find('\n').unwrap_or(rest.len()),
            Some(b'[' | b'{') => {
                depth += 1;
                dots = 0;
            }
            Some(b']' | b'}') => depth = depth.saturating_sub(1),
            Some(b'.') => dots += 1,
            Some(b'\n' | b'=' | b',') => dots = 0,
            _ => {}
        }
        if depth + dots > MAX_DEPTH {
            return Some(at);
        }
        at += skip;
    }
    None
}

/// Returns the bytes of a string with its quotation marks; one that is not closed ends with its line.
fn string(rest: &str, quote: &str, lines: bool) -> usize {
    let basic = quote.starts_with('"');
    let mut at = quote.len();
    while let Some(inner) = rest.get(at..).filter(|inner| !inner.is_empty()) {
        if inner.starts_with(quote) {
            return at + quote.len();
        }
        let first = inner.chars().next().unwrap_or('\n');
        if first == '\n' && !lines {
            return at;
        }
        at += first.len_utf8();
        if basic && first == '\\' {
            at += inner.chars().nth(1).map_or(0, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads on a thread with a small stack: a value that is nested without bound would end the process there.
    fn problems(text: String) -> String {
        let read = move || match Settings::open("f.toml", text.as_bytes(), 16 << 20) {
            Ok((settings, _)) => settings.problems.to_string(),
            Err(problems) => problems.to_string(),
        };
        std::thread::Builder::new().stack_size(256 << 10).spawn(read).unwrap().join().unwrap()
    }

    #[test]
    fn depth_is_bounded() {
        let n = 35_000;
        for text in [
            format!("a = 1\nx = {}", "[".repeat(n)),
            format!("a = 1\nx = {}{}", "[".repeat(n), "]".repeat(n)),
            format!("a = 1\nx = {}1{}", "{a=".repeat(n), "}".repeat(n)),
            format!("a = 1\n{}a = 1", "a.".repeat(n)),
            format!("a = 1\n[{}a]\nb = 1", "a.".repeat(n)),
        ] {
            let told = problems(text.clone());
            assert!(told.starts_with("f.toml:2: nested deeper than 32 levels"), "{told}: {}", &text[..40]);
        }
    }

    #[test]
    fn signs_in_strings_and_comments_do_not_nest() {
        let many = "[{.".repeat(100);
        for text in [
            format!("x = \"{many}\\\"{many}\""),
            format!("x = '{many}' # {many}\ny = 1"),
            format!("x = \"\"\"{many}\n\"{many}\"\"\""),
            format!("x = '''{many}\n'{many}'''"),
            format!("x = [{}]", "[1.5, 2.5], ".repeat(100)),
        ] {
            assert_eq!(problems(text.clone()), "", "{text}");
        }
        assert!(problems("x = \"a\ny = 1.5".to_owned()).starts_with("f.toml:1: "));
    }
}
