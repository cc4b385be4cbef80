//! Pages made from the schemas of questions and answers.

use nomoscope_engine::questions::{Kind, QUESTIONS};
use nomoscope_engine::record::Record;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A key of an answer, or a setting of a question.
pub(crate) struct Key {
    pub(crate) path: String,
    kind: String,
    meaning: String,
}

/// Types that hold themselves end here: no answer nests deeper.
const DEEPEST: usize = 12;

/// What the run record is, beside what every answer says of itself.
pub(crate) fn record() -> Vec<Key> {
    keys(schemars::schema_for!(Record).as_value())
}

/// Returns all keys of a schema in order, each once.
pub(crate) fn keys(schema: &Value) -> Vec<Key> {
    let mut out = Vec::new();
    walk(schema, schema, "", 0, &mut out);
    let mut seen = BTreeSet::new();
    out.retain(|key: &Key| seen.insert(key.path.clone()));
    out
}

fn walk(root: &Value, at: &Value, path: &str, depth: usize, out: &mut Vec<Key>) {
    let at = resolved(root, at);
    if depth > DEEPEST {
        return;
    }
    for part in ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| at.get(*key)).filter_map(Value::as_array).flatten()
    {
        walk(root, part, path, depth + 1, out);
    }
    let properties = at.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        push(root, property, path, depth, out);
    }
    if let Some(more) = at.get("additionalProperties").filter(|more| more.is_object()) {
        push(root, more, format!("{path}.<key>"), depth, out);
    }
    if let Some(items) = at.get("items").filter(|items| items.is_object()) {
        walk(root, items, &format!("{path}[]"), depth + 1, out);
    }
}

fn push(root: &Value, property: &Value, path: String, depth: usize, out: &mut Vec<Key>) {
    let words = |schema: &Value| schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let meaning = words(property).or_else(|| words(resolved(root, property))).unwrap_or_default();
    // The run record is the same everywhere, and has a table of its own.
    let is_record = path == "run";
    let meaning = if is_record { "[the run record](#the-run-record)".to_owned() } else { meaning };
    out.push(Key { path: path.clone(), kind: kind(root, property, 0).join(" or "), meaning });
    if !is_record {
        walk(root, property, &path, depth + 1, out);
    }
}

fn resolved<'v>(root: &'v Value, at: &'v Value) -> &'v Value {
    let name = at.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
    name.and_then(|name| root.get("$defs")?.get(name)).unwrap_or(at)
}

/// Returns the words for a type, each once.
fn kind(root: &Value, at: &Value, depth: usize) -> Vec<String> {
    let at = resolved(root, at);
    let mut out: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !out.contains(&word) {
            out.push(word);
        }
    };
    if let Some(values) = at.get("enum").and_then(Value::as_array) {
        values.iter().filter_map(Value::as_str).for_each(|value| add(format!("`{value}`")));
    } else if let Some(value) = at.get("const").and_then(Value::as_str) {
        add(format!("`{value}`"));
    } else {
        let types = at.get("type");
        let listed = types.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in types.and_then(Value::as_str).into_iter().chain(listed) {
            add(match name {
                "integer" => "count".to_owned(),
                "boolean" => "true or false".to_owned(),
                "string" => "text".to_owned(),
                "array" => list(root, at, depth),
                other => other.to_owned(),
            });
        }
        let parts = ["anyOf", "oneOf"].iter().filter_map(|key| at.get(*key)).filter_map(Value::as_array).flatten();
        parts.filter(|_| depth < DEEPEST).flat_map(|part| kind(root, part, depth + 1)).for_each(&mut add);
    }
    if out.is_empty() {
        out.push("any".to_owned());
    }
    out.sort_by_key(|word| word == "null");
    out
}

fn list(root: &Value, at: &Value, depth: usize) -> String {
    if at.get("prefixItems").is_some() {
        return "[low, high]".to_owned();
    }
    match at.get("items").filter(|items| items.is_object() && depth < DEEPEST) {
        Some(items) => match kind(root, items, depth + 1).as_slice() {
            [one] if one != "object" && one != "any" => format!("list of {one}"),
            _ => "list".to_owned(),
        },
        None => "list".to_owned(),
    }
}

/// Returns the command that asks a question.
pub(crate) fn command(kind: &Kind) -> String {
    match kind.name {
        "attrition" | "estimate" | "adoption" => format!("reach {}", kind.name),
        "suggest" => "codebook suggest".to_owned(),
        "review" | "audit" | "propose" | "adjudicate" => format!("ask STUDY {}", kind.name),
        "map-counts" | "compare-counts" | "trend-counts" => kind.name.replace("-counts", " --counts FILE"),
        name => name.replace("law-", "law "),
    }
}

/// Returns the page on all questions and answers whose types say what they hold.
pub(crate) fn page() -> String {
    let mut out = String::new();
    for question in QUESTIONS {
        let (asked, said) = (question.question(), question.said());
        let words = asked.as_value().get("description").and_then(Value::as_str).unwrap_or_default();
        let _ = write!(out, "## `{} --json`\n\n{words}\n", command(question));
        settings(&mut out, asked.as_value(), &question.defaults());
        let said = keys(said.as_value());
        out.push_str("\n| Key | Type | Meaning |\n| --- | --- | --- |\n");
        rows(&mut out, &said);
        if !said.iter().any(|key| key.path == "run") {
            out.push_str("| `run` | object | [the run record](#the-run-record) |\n");
        }
        out.push('\n');
    }
    out.push_str("## The run record\n\nEvery answer has one, as `run`; beside a report it is the file `run.json`.\n\n");
    out.push_str("| Key | Type | Meaning |\n| --- | --- | --- |\n");
    rows(&mut out, &record());
    out.push('\n');
    out
}

fn settings(out: &mut String, schema: &Value, defaults: &Value) {
    let properties = schema.get("properties").and_then(Value::as_object).filter(|p| !p.is_empty());
    let Some(properties) = properties else { return };
    out.push_str("\n| Setting | Type | Default | Meaning |\n| --- | --- | --- | --- |\n");
    for (name, property) in properties {
        let default = defaults.get(name).map(Value::to_string).unwrap_or_default();
        let meaning = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let kind = kind(schema, property, 0).join(" or ");
        let _ = writeln!(out, "| `{name}` | {kind} | `{default}` | {} |", cell(meaning));
    }
}

fn rows(out: &mut String, keys: &[Key]) {
    for key in keys {
        let _ = writeln!(out, "| `{}` | {} | {} |", key.path, key.kind, cell(&key.meaning));
    }
}

/// Doc comments are sentences, and stand in a cell as they are.
fn cell(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// Returns the schemas of all questions and answers, and of the run record, as one document.
pub(crate) fn schemas() -> String {
    let one = |kind: &Kind| (kind.name.to_owned(), json!({ "question": kind.question(), "answer": kind.said() }));
    let all: Map<String, Value> = QUESTIONS.iter().map(one).collect();
    let all =
        json!({ "schema": nomoscope_engine::record::SCHEMA, "run": schemars::schema_for!(Record), "questions": all });
    let mut text = serde_json::to_string_pretty(&all).unwrap();
    text.push('\n');
    text
}
