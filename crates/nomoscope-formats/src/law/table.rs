//! Tables of a TOML file, read with the line of everything that is wrong.

use nomoscope_core::date::PartialDate;
use nomoscope_core::law::definition::Written;
use nomoscope_core::problem::{Problem, Problems, Remedy, Words};
use nomoscope_core::spelling::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place in the file.
pub(super) type Value<'v> = Spanned<DeValue<'v>>;

/// Reads values of one file and collects what is wrong.
pub(super) struct Reader<'a> {
    file: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// What is wrong so far.
    pub(super) complaints: Problems,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Self { file, lines: std::iter::once(0).chain(breaks).collect(), complaints: Problems::new() }
    }

    pub(super) const fn file(&self) -> &'a str {
        self.file
    }

    pub(super) fn line(&self, offset: usize) -> u32 {
        self.lines.partition_point(|&start| start <= offset) as u32
    }

    pub(super) fn complain(&mut self, span: &Range<usize>, reason: impl Into<Words>) {
        self.complain_with(span, reason, None);
    }

    pub(super) fn complain_with(&mut self, span: &Range<usize>, reason: impl Into<Words>, hint: Option<Remedy>) {
        self.complaints.push(Problem::in_line(self.file, self.line(span.start), reason).perhaps(hint));
    }

    /// Complains of keys that are not known.
    pub(super) fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str], of: &str) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let hint = Remedy::nearest_or(nearest(name, known.iter().copied()), || {
                    format!("the keys are {}", known.join(", "))
                });
                self.complain_with(&key.span(), format!("unknown key `{name}` in {of}"), Some(hint));
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
                self.complain(&value.span(), format!("`{key}`: {error}"));
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
