//! JSON lines: one object a line with a text; the other keys become its attributes, nested values as JSON.

use super::csv::{ID_NAMES, TEXT_NAMES};
use super::{Format, set};
use crate::decode::{Declaration, decode};
use crate::{Fault, FormatError, Input, Place, Read, ReadOptions, Reason};
use nomoscope_core::text::{Document, MAX_TEXT_BYTES};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    description: "JSON lines: an object with a text in each line",
    root: None,
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let (mut reads, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (line, text) in (1_u64..).zip(decoded.text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        if reads.len() >= options.limits.max_rows {
            let reason = Reason::TooMany { what: "rows", limit: options.limits.max_rows };
            return Err(FormatError::new(input, Some(Place::Line(line)), reason));
        }
        match row(text, line, reads.len() + 1, options, &mut seen) {
            Ok(read) => reads.push(read),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(FormatError::many(input, problems));
    }
    let Some(first) = reads.first_mut() else {
        return Err(FormatError::new(input, None, Reason::NoText));
    };
    first.notes = decoded.notes;
    Ok(reads)
}

fn row(
    text: &str,
    line: u64,
    number: usize,
    options: &ReadOptions,
    seen: &mut BTreeMap<String, u64>,
) -> Result<Read, Fault> {
    let wrong = |reason: Reason| Fault { place: Some(Place::Line(line)), reason };
    // The parser itself stops at 128 levels; a lower limit of ours is checked on the bytes.
    let max_depth = options.limits.max_depth;
    if depth(text) > max_depth {
        return Err(wrong(Reason::TooDeep { limit: max_depth }));
    }
    let mut object: Map<String, Value> = serde_json::from_str(text).map_err(|error| Fault {
        place: Some(Place::LineColumn { line, column: error.column() as u64 }),
        reason: Reason::Json { message: message_of(&error) },
    })?;
    let key = text_key(&object, options);
    let Some(Value::String(body)) = object.shift_remove(&key) else {
        return Err(wrong(Reason::NoTextValue { key }));
    };
    let limit = options.limits.max_field_bytes.min(MAX_TEXT_BYTES);
    if body.len() > limit {
        return Err(wrong(Reason::FieldTooLarge { limit }));
    }
    // The escape \u0000 passes every check of the bytes.
    if body.contains('\0') {
        return Err(wrong(Reason::Binary));
    }
    if body.trim().is_empty() {
        return Err(wrong(Reason::NoText));
    }
    let id_key = ID_NAMES.iter().find_map(|name| object.keys().find(|key| key.eq_ignore_ascii_case(name))).cloned();
    let id =
        id_key.and_then(|key| object.shift_remove(&key)).map(|value| plain(&value)).filter(|id| !id.trim().is_empty());
    if let Some(id) = &id
        && let Some(first) = seen.insert(id.clone(), line)
    {
        return Err(wrong(Reason::DuplicateId { id: id.clone(), first }));
    }
    let mut document = Document { text: body, ..Document::default() };
    for (key, value) in &object {
        set(&mut document, key, &plain(value));
    }
    Ok(Read { document, row: Some(id.unwrap_or_else(|| number.to_string())), notes: Vec::new() })
}

fn text_key(object: &Map<String, Value>, options: &ReadOptions) -> String {
    if let Some(key) = &options.text_column {
        return key.clone();
    }
    let known = TEXT_NAMES.iter().find_map(|name| object.keys().find(|key| key.eq_ignore_ascii_case(name)));
    known.cloned().unwrap_or_else(|| "text".to_owned())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn message_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or(&message).to_owned()
}

/// Returns how deep brackets nest, those inside strings not counted.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
