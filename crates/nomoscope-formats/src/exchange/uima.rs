//! UIMA CAS as JSON, version 0.4, as INCEpTION and cassis write it: texts and annotations as one list of objects.

use super::layers::{self, Layers, USUAL, is_of_words};
use super::project::{ForeignProject, ForeignSource, Selection};
use crate::{FormatError, Input, Limits, Reason};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const LIST: &str = "%FEATURE_STRUCTURES";
const SOFA: &str = "uima.cas.Sofa";

/// Reads a CAS; each of its texts is a source.
pub(super) fn read(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let no_project = |message: &str| FormatError::new(input, None, Reason::NoProject { message: message.to_owned() });
    let text = std::str::from_utf8(input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input.bytes))
        .map_err(|_| no_project("JSON that is not in UTF-8"))?;
    // The parser itself stops at 128 levels.
    let value: Value = serde_json::from_str(text).map_err(|error| no_project(&format!("no JSON: {error}")))?;
    let Some(list) = value.get(LIST).and_then(Value::as_array) else {
        return Err(no_project("JSON, but not a CAS of UIMA: it has no list `%FEATURE_STRUCTURES`"));
    };
    if list.len() > limits.max_rows {
        return Err(FormatError::new(input, None, Reason::TooMany { what: "rows", limit: limits.max_rows }));
    }
    let objects: Vec<&Map<String, Value>> = list.iter().filter_map(Value::as_object).collect();
    let mut project = ForeignProject { origin: "UIMA".to_owned(), ..ForeignProject::default() };
    let title = objects.iter().find_map(|object| words(object, "documentTitle"));
    for object in objects.iter().filter(|object| words(object, "%TYPE").as_deref() == Some(SOFA)) {
        let (name, text) = (words(object, "sofaID").unwrap_or_default(), words(object, "sofaString"));
        // A view without words holds a picture or a sound, or nothing.
        let Some(text) = text else { continue };
        let name = title.clone().filter(|_| name == "_InitialView").unwrap_or(name);
        let name = if name == "_InitialView" { stem(input.name) } else { name };
        let source = ForeignSource { id: id(object), name, text: Some(text), usual: USUAL, ..ForeignSource::default() };
        project.sources.push(source.without_bom());
    }
    if project.sources.is_empty() {
        return Err(no_project("a CAS of UIMA without a text"));
    }
    annotations(&objects, &mut project);
    project.count("texts", project.sources.len());
    layers::finish(&mut project);
    Ok(project)
}

fn annotations(objects: &[&Map<String, Value>], project: &mut ForeignProject) {
    let mut codes = Layers::default();
    let (mut of_words, mut links) = (0, 0);
    let mut known: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for object in objects {
        let names = object.keys().filter(|name| is_feature(name) && words(object, name).is_some());
        known.entry(words(object, "%TYPE").unwrap_or_default()).or_default().extend(names);
    }
    for object in objects {
        let place = |name: &str| object.get(name).and_then(Value::as_i64);
        let (Some(layer), Some(place)) = (words(object, "%TYPE"), place("begin").zip(place("end"))) else { continue };
        if is_of_words(&layer) {
            of_words += 1;
            continue;
        }
        links += object.keys().filter(|key| key.starts_with('@') && *key != "@sofa").count();
        let features =
            object.keys().filter(|name| is_feature(name)).filter_map(|key| Some((key.clone(), words(object, key)?)));
        let features: Vec<(String, String)> = features.filter(|(_, value)| !value.trim().is_empty()).collect();
        let source = object.get("@sofa").map(Value::to_string).unwrap_or_default();
        let selection = Selection { id: id(object), source, place: Some(place), ..Selection::default() };
        let several = known.get(&layer).is_some_and(|names| names.len() > 1);
        codes.annotate(project, (&layer, several), &features, selection);
    }
    project.lose("annotations of words", of_words, "lemmata, parts of speech and the like would code every word");
    project.lose("links between annotations", links, "only the annotations themselves are taken");
}

/// Returns whether a name is of a feature with a value: others are of the format, or of links.
fn is_feature(name: &str) -> bool {
    !name.starts_with(['%', '@', '^', '#']) && !matches!(name, "begin" | "end")
}

fn id(object: &Map<String, Value>) -> String {
    object.get("%ID").map(Value::to_string).unwrap_or_default()
}

/// Returns a plain value as words.
fn words(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(words) => Some(words.clone()),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the name of a file without folders and ending.
pub(super) fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}
