//! Front matter: `key: value` between `---` lines, or TOML between `+++` lines.
//!
//! Of YAML only what people write at the head of a text is understood: scalars (bare or quoted), lists (`[a, b]` or
//! `- a` lines) and folded or literal blocks. A full YAML reader would bring anchors, merges and types that turn the
//! Norwegian country code into `false`; here every value stays the text that was written.

use crate::settings::{MAX_DEPTH, too_deep};
use crate::{FormatError, Input, Place, Reason};

/// A text without its front matter, and what that said.
pub(super) struct FrontMatter<'a> {
    pub(super) body: &'a str,
    pub(super) fields: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
}

/// Returns the front matter and the text after it.
pub(super) fn split<'a>(input: &Input, text: &'a str) -> Result<FrontMatter<'a>, FormatError> {
    if let Some((inner, body)) = fenced(text, "+++", &["+++"]) {
        return Ok(FrontMatter { body, fields: toml_fields(input, inner)?, notes: Vec::new() });
    }
    if let Some((inner, body)) = fenced(text, "---", &["---", "..."]) {
        if let Some(line) = inner.lines().position(nests_too_deep) {
            let place = Place::Line(line as u64 + 2);
            return Err(FormatError::new(input, Some(place), Reason::TooDeep { limit: MAX_DEPTH }));
        }
        let (fields, notes) = yaml_fields(inner);
        // A rule at the head of a text looks the same; front matter has at least one key.
        if !fields.is_empty() || inner.trim().is_empty() {
            return Ok(FrontMatter { body, fields, notes });
        }
    }
    Ok(FrontMatter { body: text, fields: Vec::new(), notes: Vec::new() })
}

fn fenced<'a>(text: &'a str, open: &str, close: &[&str]) -> Option<(&'a str, &'a str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == open && line.ends_with('\n'))?;
    let (mut end, start) = (first.len(), first.len());
    for line in lines {
        if close.contains(&line.trim_end()) {
            return Some((text.get(start..end)?, text.get(end + line.len()..)?));
        }
        end += line.len();
    }
    None
}

fn toml_fields(input: &Input, inner: &str) -> Result<Vec<(String, String)>, FormatError> {
    if let Some(at) = too_deep(inner) {
        let line = inner.get(..at).unwrap_or_default().matches('\n').count() as u64 + 2;
        return Err(FormatError::new(input, Some(Place::Line(line)), Reason::TooDeep { limit: MAX_DEPTH }));
    }
    let table: toml::Table = inner.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| inner.get(..span.start)).unwrap_or_default();
        // One line for the opening fence, one because lines count from 1.
        let line = before.matches('\n').count() as u64 + 2;
        let reason = Reason::FrontMatter { message: error.message().to_owned() };
        FormatError::new(input, Some(Place::Line(line)), reason)
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, toml_text(&value))).collect())
}

fn toml_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(values) => values.iter().map(toml_text).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn yaml_fields(inner: &str) -> (Vec<(String, String)>, Vec<String>) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut notes = Vec::new();
    // Whether more indented lines belong to the last key, and what joins them.
    let mut joiner: Option<&str> = None;
    for (number, line) in inner.lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let item = content.strip_prefix("- ").or((content == "-").then_some(""));
        let indented = line.starts_with([' ', '\t']);
        if let (Some(item), Some(separator), Some((_, value))) = (item, joiner, fields.last_mut())
            && separator == "; "
        {
            append(value, "; ", &scalar(item));
        } else if let (true, Some(separator), Some((_, value))) = (indented, joiner, fields.last_mut()) {
            append(value, separator, content);
        } else if let Some((key, value)) = key_value(line).filter(|_| !indented) {
            joiner = match value {
                "" => Some("; "),
                "|" | "|-" | "|+" => Some("\n"),
                ">" | ">-" | ">+" => Some(" "),
                _ => None,
            };
            let text = if matches!(joiner, None | Some("; ")) { scalar(value) } else { String::new() };
            fields.push((key.to_owned(), text));
        } else {
            notes.push(format!("front matter, line {}: not understood, left out", number + 2));
        }
    }
    (fields, notes)
}

fn key_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || "_-. ".contains(c);
    let key = key.trim().trim_matches(['"', '\'']);
    let fits = !key.is_empty() && key.chars().all(plain) && (value.is_empty() || value.starts_with([' ', '\t', '\r']));
    fits.then_some((key, value.trim()))
}

fn append(value: &mut String, separator: &str, more: &str) {
    if !value.is_empty() {
        value.push_str(separator);
    }
    value.push_str(more);
}

fn scalar(value: &str) -> String {
    let value = value.trim();
    if let Some(inner) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return list_items(inner).iter().map(|item| scalar(item)).collect::<Vec<_>>().join("; ");
    }
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return inner.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    if let Some(inner) = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inner.replace("''", "'");
    }
    // A comment needs a space before it, so that "C#" and "#1" inside words survive.
    let end = value.find(" #").unwrap_or(value.len());
    let bare = value.get(..end).unwrap_or(value).trim_end();
    if matches!(bare, "null" | "~") { String::new() } else { bare.to_owned() }
}

/// Returns whether a value holds more lists in lists than anybody writes; each would be read inside the other.
fn nests_too_deep(line: &str) -> bool {
    let value = key_value(line).map(|(_, value)| value).or_else(|| line.trim().strip_prefix("- "));
    let (mut run, mut longest) = (0, 0);
    for c in value.unwrap_or_default().chars().filter(|c| !c.is_whitespace()) {
        run = if c == '[' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest > MAX_DEPTH
}

/// Splits at commas outside quotes.
fn list_items(inner: &str) -> Vec<&str> {
    let (mut items, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ',') => {
                items.push(inner.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(inner.get(start..).unwrap_or_default());
    items.retain(|item| !item.trim().is_empty());
    items
}
