//! JSON: a list of objects with a text each, wherever in the file it stands, or one object with a text.
//!
//! A file of lines with an object each under the name of JSON is read as what it is.

use super::jsonl::{Objects, depth, message_of, text_keys};
use super::{Format, jsonl};
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Place, Read, ReadOptions, Reason};
use serde_json::{Map, Value};

pub(super) const FORMAT: Format = Format {
    name: "json",
    extensions: &["json"],
    description: "JSON: a list of objects with a text each, or one such object",
    roots: &[],
    read,
};

/// How deep below the outermost object a list of texts is looked for.
const LIST_WITHIN: usize = 3;

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let max_depth = options.limits.max_depth;
    if depth(&decoded.text) > max_depth {
        return Err(FormatError::new(input, None, Reason::TooDeep { limit: max_depth }));
    }
    let value: Value = match serde_json::from_str(&decoded.text) {
        Ok(value) => value,
        Err(_) if is_lines(&decoded.text) => return (jsonl::FORMAT.read)(input, options),
        Err(error) => {
            let place = Place::LineColumn { line: error.line() as u64, column: error.column() as u64 };
            return Err(FormatError::new(input, Some(place), Reason::Json { message: message_of(&error) }));
        }
    };
    let mut rows = Objects::default();
    match value {
        Value::Object(object) if has_text(&object, options) => {
            rows.add(object, Place::Line(1), options);
            let mut reads = rows.finish(input, decoded.notes)?;
            // One text is the file itself.
            reads.iter_mut().for_each(|read| read.row = None);
            return Ok(reads);
        }
        value => {
            let Some(list) = list_of(value, options, LIST_WITHIN) else {
                let key = options.text_columns.first().cloned().unwrap_or_else(|| "text".to_owned());
                return Err(FormatError::new(input, None, Reason::NoTextValue { key }));
            };
            for (number, item) in (1_u64..).zip(list) {
                if rows.reads.len() >= options.limits.max_rows {
                    let reason = Reason::TooMany { what: "rows", limit: options.limits.max_rows };
                    return Err(FormatError::new(input, None, reason));
                }
                let object = match item {
                    Value::Object(object) => object,
                    other => Map::from_iter([("text".to_owned(), other)]),
                };
                rows.add(object, Place::Item(number), options);
            }
        }
    }
    rows.finish(input, decoded.notes)
}

/// Whether each of the first lines is an object of its own.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with('{') && line.ends_with('}'))
}

fn has_text(object: &Map<String, Value>, options: &ReadOptions) -> bool {
    text_keys(object, options).iter().any(|key| object.get(key).is_some_and(Value::is_string))
}

/// Returns the list whose first object has a text: the file itself, or what it has under one of its keys.
fn list_of(value: Value, options: &ReadOptions, within: usize) -> Option<Vec<Value>> {
    match value {
        Value::Array(list) => {
            let fits = list.first().is_some_and(|first| match first {
                Value::Object(object) => has_text(object, options),
                first => first.is_string(),
            });
            fits.then_some(list)
        }
        Value::Object(object) if within > 0 => {
            object.into_iter().find_map(|(_, value)| list_of(value, options, within - 1))
        }
        _ => None,
    }
}
