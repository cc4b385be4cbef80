//! JSON lines: one object a line with a text; the other keys become its attributes, nested values as JSON.

use super::rows::{ID_NAMES, Ids, TEXT_NAMES, keep_ids, put_together};
use super::{Format, attributes, set};
use crate::decode::{Declaration, decode};
use crate::{Fault, FormatError, Input, Place, Read, ReadOptions, Reason};
use serde_json::{Map, Value};

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    description: "JSON lines: an object with a text in each line",
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let mut rows = Objects::default();
    for (line, text) in (1_u64..).zip(decoded.text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        if rows.reads.len() >= options.limits.max_rows {
            let reason = Reason::TooMany { what: "rows", limit: options.limits.max_rows };
            return Err(FormatError::new(input, Some(Place::Line(line)), reason));
        }
        let place = Place::Line(line);
        match parse(text, line, options) {
            Ok(object) => rows.add(object, place, options),
            Err(problem) => rows.problems.push(problem),
        }
    }
    rows.finish(input, decoded.notes)
}

/// Objects that become texts, whether each has a line or all stand in one list.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) reads: Vec<Read>,
    own: Vec<Option<(String, String)>>,
    places: Vec<Place>,
    problems: Vec<Fault>,
    ids: Ids,
}

impl Objects {
    /// Adds the text of an object; what is wrong with it is kept with its place.
    pub(super) fn add(&mut self, object: Map<String, Value>, place: Place, options: &ReadOptions) {
        match text_of(object, options) {
            Ok((mut read, own)) => {
                let number = || (self.reads.len() + 1).to_string();
                let id = own.as_ref().map_or_else(number, |(_, id)| id.clone());
                read.row = Some(self.ids.next(&id));
                self.reads.push(read);
                self.own.push(own);
                self.places.push(place);
            }
            Err(reason) => self.problems.push(Fault { place: Some(place), reason }),
        }
    }

    pub(super) fn finish(mut self, input: &Input, mut notes: Vec<String>) -> Result<Vec<Read>, FormatError> {
        if !self.problems.is_empty() {
            return Err(FormatError::many(input, self.problems));
        }
        keep_ids(&mut self.reads, &self.own, &self.ids);
        notes.extend(self.ids.note());
        notes.extend(attributes::settle(&mut self.reads, &self.places));
        let Some(first) = self.reads.first_mut() else {
            return Err(FormatError::new(input, None, Reason::NoText));
        };
        first.notes = notes;
        Ok(self.reads)
    }
}

fn parse(text: &str, line: u64, options: &ReadOptions) -> Result<Map<String, Value>, Fault> {
    let wrong = |reason: Reason| Fault { place: Some(Place::Line(line)), reason };
    // The parser itself stops at 128 levels; a lower limit of ours is checked on the bytes.
    let max_depth = options.limits.max_depth;
    if depth(text) > max_depth {
        return Err(wrong(Reason::TooDeep { limit: max_depth }));
    }
    serde_json::from_str(text).map_err(|error| Fault {
        place: Some(Place::LineColumn { line, column: error.column() as u64 }),
        reason: Reason::Json { message: message_of(&error) },
    })
}

/// The column and the value of an id that an object says of itself.
type OwnId = Option<(String, String)>;

fn text_of(mut object: Map<String, Value>, options: &ReadOptions) -> Result<(Read, OwnId), Reason> {
    let keys = text_keys(&object, options);
    let mut bodies = Vec::new();
    for key in keys {
        match object.shift_remove(&key) {
            // Not everybody answers each of several questions.
            Some(Value::Null) | None if options.text_columns.len() > 1 => {}
            // The escape \u0000 passes every check of the bytes.
            Some(Value::String(body)) if body.contains('\0') => return Err(Reason::Binary),
            Some(Value::String(body)) => bodies.push((key, body)),
            _ => return Err(Reason::NoTextValue { key }),
        }
    }
    let parts: Vec<(&str, &str)> = bodies.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    let mut document = put_together(&parts, options.text_columns.len() > 1, &options.limits)?.ok_or(Reason::NoText)?;
    let named = |name: &str| object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    let id_key = match &options.id_column {
        Some(key) => Some(named(key).ok_or_else(|| Reason::NoTextValue { key: key.clone() })?),
        None => ID_NAMES.iter().find_map(|name| named(name)),
    };
    let id = id_key.and_then(|key| Some((plain(&object.shift_remove(&key)?), key)));
    let own = id.filter(|(id, _)| !id.trim().is_empty()).map(|(id, key)| (key, id));
    for (key, value) in &object {
        set(&mut document, key, &plain(value));
    }
    Ok((Read { document, row: None, notes: Vec::new() }, own))
}

pub(super) fn text_keys(object: &Map<String, Value>, options: &ReadOptions) -> Vec<String> {
    if !options.text_columns.is_empty() {
        return options.text_columns.clone();
    }
    let known = TEXT_NAMES.iter().find_map(|name| object.keys().find(|key| key.eq_ignore_ascii_case(name)));
    vec![known.cloned().unwrap_or_else(|| "text".to_owned())]
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn message_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or(&message).to_owned()
}

/// Returns how deep brackets nest, those inside strings not counted.
pub(crate) fn depth(text: &str) -> usize {
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
