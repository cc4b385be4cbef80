//! From an address to a question, and back: `compare?by=region&map.focus=slavery` is the whole question. Pages have it as their
//! own address, a study keeps it in `study.toml`, and people cite it.

use crate::refusal::{Problem, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt::Write;

/// The most fields of an address.
const MOST: usize = 200;

/// The fields of an address, in order; one may occur several times.
pub type Pairs = Vec<(String, String)>;

/// Returns the question that an address asks; what it does not say stands as in `default`, and fields of no question are
/// left to whoever else reads the address.
///
/// # Errors
/// A number that is none, and the like.
pub fn question<Q: Serialize + DeserializeOwned>(pairs: &Pairs, default: &Q) -> Result<Q, Refusal> {
    let default = serde_json::to_value(default).unwrap_or_default();
    let mut asked = settings(pairs, default.clone())?;
    let mut odd = None;
    // One by one beside the defaults: so the one that does not fit is told by its name.
    for (name, given) in pairs.iter().take(MOST).filter(|(_, given)| !given.trim().is_empty()) {
        let pointer = format!("/{}", name.replace('.', "/"));
        let Some(value) = asked.pointer(&pointer).filter(|_| default.pointer(&pointer).is_some()) else { continue };
        let Err(error) = alone::<Q>(&default, &pointer, value.clone()) else { continue };
        // What is none by default may be a number: only the question knows.
        let number = given.trim().parse::<serde_json::Number>().ok().map(Value::Number);
        match number.filter(|number| value.is_string() && alone::<Q>(&default, &pointer, number.clone()).is_ok()) {
            Some(number) => put(&mut asked, &pointer, number),
            None => odd = odd.or_else(|| Some((name, plain(given.trim(), &error.to_string())))),
        }
    }
    serde_json::from_value(asked).map_err(|error| match odd {
        Some((name, reason)) => wrong(name, reason),
        None => wrong("", error.to_string()),
    })
}

/// Returns the question that differs from the default in one field.
fn alone<Q: DeserializeOwned>(default: &Value, pointer: &str, value: Value) -> Result<Q, serde_json::Error> {
    let mut asked = default.clone();
    put(&mut asked, pointer, value);
    serde_json::from_value(asked)
}

fn put(asked: &mut Value, pointer: &str, value: Value) {
    if let Some(field) = asked.pointer_mut(pointer) {
        *field = value;
    }
}

/// Says of what was given why it does not fit; the words of the parser name types of Rust.
fn plain(given: &str, error: &str) -> String {
    let expected = error.split_once("expected ").map_or("", |(_, expected)| expected);
    match expected.strip_prefix("one of ") {
        Some(known) if error.starts_with("unknown variant") => format!("`{given}` is none of {known}"),
        _ if expected.starts_with("an array of length 2") => "takes two, or none".to_owned(),
        _ if expected.starts_with(['u', 'i']) && given.parse::<f64>().is_ok() => {
            format!("{given} is no whole number that fits here")
        }
        _ if expected.starts_with(['u', 'i', 'f']) => format!("`{given}` is no number"),
        _ => error.to_owned(),
    }
}

/// Returns the settings that an address asks for; what it does not say stands as in `default`.
///
/// # Errors
/// A number that is none.
pub fn settings(pairs: &Pairs, default: Value) -> Result<Value, Refusal> {
    let mut asked = default;
    for (name, given) in pairs.iter().take(MOST).filter(|(_, given)| !given.trim().is_empty()) {
        let names: Vec<&str> = name.split('.').collect();
        set(&mut asked, &names, given.trim()).map_err(|reason| wrong(name, reason))?;
    }
    Ok(asked)
}

fn wrong(name: &str, reason: String) -> Refusal {
    Refusal::Input(Problem::new(name, reason).into())
}

/// Returns the name of the question and the fields of an address such as `map?focus=slavery`.
#[must_use]
pub fn parts(address: &str) -> (&str, Pairs) {
    let (name, query) = address.split_once('?').unwrap_or((address, ""));
    (name.trim(), form_urlencoded::parse(query.trim().as_bytes()).into_owned().collect())
}

/// Writes a field into a question, as what stands there by default.
fn set(asked: &mut Value, names: &[&str], given: &str) -> Result<(), String> {
    let (Some((name, inner)), Some(fields)) = (names.split_first(), asked.as_object_mut()) else { return Ok(()) };
    let Some(field) = fields.get_mut(*name) else { return Ok(()) };
    if !inner.is_empty() {
        return set(field, inner, given);
    }
    match field {
        Value::Number(_) => {
            let number: serde_json::Number = given.parse().map_err(|_| format!("{given} is no number"))?;
            *field = Value::Number(number);
        }
        Value::Bool(_) => *field = matches!(given, "true" | "on" | "1" | "yes").into(),
        Value::Array(list) if list.len() < MOST => {
            let parts = given.split(',').map(str::trim).filter(|part| COMMAS.contains(name) && !part.is_empty());
            let before = list.len();
            list.extend(parts.map(Value::from));
            if list.len() == before {
                list.push(given.into());
            }
        }
        Value::Array(_) | Value::Object(_) => {}
        // What is none by default may be a number, a list, or words: lists are written with commas.
        Value::Null => *field = optional(name, given),
        Value::String(_) => *field = given.into(),
    }
    Ok(())
}

/// Settings that are a list, or none.
const LISTS: [&str; 3] = ["labels", "periods", "groups"];
/// Lists that are written into one field, with commas; others come a value a field, for values may have commas.
const COMMAS: [&str; 6] = ["coders", "by", "lists", "only", "exclude", "with"];
/// Settings that are a number, or none.
const NUMBERS: [&str; 3] = ["permutations", "part", "at"];

fn optional(name: &str, given: &str) -> Value {
    if LISTS.contains(&name) {
        let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
        return parts.map(Value::from).collect::<Vec<_>>().into();
    }
    let number = || given.parse::<u64>().ok().map(Value::from);
    NUMBERS.contains(&name).then(number).flatten().unwrap_or_else(|| given.into())
}

/// Returns a question as an address has it: only what differs from `default`.
#[must_use]
pub fn address<Q: Serialize>(question: &Q, default: &Q) -> String {
    let (Ok(Value::Object(asked)), Ok(Value::Object(default))) =
        (serde_json::to_value(question), serde_json::to_value(default))
    else {
        return String::new();
    };
    let mut out = Vec::new();
    write(&asked, &default, "", &mut out);
    out.join("&")
}

fn write(asked: &Map<String, Value>, default: &Map<String, Value>, before: &str, out: &mut Vec<String>) {
    for (name, value) in asked.iter().filter(|(name, value)| default.get(*name) != Some(*value)) {
        let name = format!("{before}{name}");
        let mut put = |given: &str| out.push(format!("{}={}", encoded(&name), encoded(given)));
        match value {
            Value::Null => {}
            Value::String(words) => put(words),
            Value::Array(list) => {
                let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                if LISTS.contains(&name.as_str()) { put(&words.join(",")) } else { words.iter().for_each(|w| put(w)) }
            }
            Value::Object(inner) => {
                let of = default.get(&name).and_then(Value::as_object).cloned().unwrap_or_default();
                write(inner, &of, &format!("{name}."), out);
            }
            other => put(&other.to_string()),
        }
    }
}

/// Returns words as a part of a path or a query has them.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Returns all values of a field.
#[must_use]
pub fn all(pairs: &Pairs, name: &str) -> Vec<String> {
    pairs.iter().filter(|(known, given)| known == name && !given.is_empty()).map(|(_, given)| given.clone()).collect()
}

/// Returns the first value of a field.
#[must_use]
pub fn field<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    pairs.iter().find(|(known, given)| known == name && !given.trim().is_empty()).map(|(_, given)| given.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compare, map, slip};

    fn pairs(given: &[(&str, &str)]) -> Pairs {
        given.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn an_address_is_the_whole_question() {
        let default = map::question::Question::default();
        let asked = pairs(&[
            ("focus", "slavery"),
            ("min_or", "2"),
            ("window", "sentence"),
            ("inherit", "on"),
            ("seed", ""),
            ("x", "1"),
        ]);
        let question = question(&asked, &default).unwrap();
        assert_eq!((question.focus.as_deref(), question.min_or, question.inherit), (Some("slavery"), 2.0, true));
        assert_eq!(address(&question, &default), "focus=slavery&window=sentence&inherit=true&min_or=2.0");
        assert_eq!(address(&default, &default), "");
    }

    #[test]
    fn lists_and_inner_questions() {
        let default = compare::question::Question::default();
        let asked =
            pairs(&[("by", "region"), ("groups", "Europe, Asia"), ("with", "a"), ("with", "b"), ("map.focus", "c")]);
        let asked = question(&asked, &default).unwrap();
        assert_eq!(asked.groups, Some(["Europe".to_owned(), "Asia".to_owned()]));
        assert_eq!(asked.with, ["a", "b"]);
        assert_eq!(asked.map.focus.as_deref(), Some("c"));
        assert_eq!(address(&asked, &default), "by=region&groups=Europe%2CAsia&with=a&with=b&map.focus=c");
        let labels =
            question(&pairs(&[("labels", "a,b"), ("permutations", "99")]), &slip::question::Question::default());
        let labels = labels.unwrap();
        assert_eq!((labels.labels.map(|l| l.len()), labels.permutations), (Some(2), Some(99)));
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(encoded("a b/ü?&"), "a%20b%2F%C3%BC%3F%26");
        let (name, fields) = parts("compare?by=a%20b&groups=x+y%2Cz");
        assert_eq!((name, fields), ("compare", pairs(&[("by", "a b"), ("groups", "x y,z")])));
        assert_eq!(parts(" map "), ("map", Pairs::new()));
    }

    #[test]
    fn what_is_no_question_is_said() {
        let default = map::question::Question::default();
        assert!(question(&pairs(&[("min_or", "many")]), &default).is_err());
        assert!(question(&pairs(&[("window", "chapter")]), &default).is_err());
        let said = |name: &str, given: &str| {
            let Err(Refusal::Input(problems)) = question(&pairs(&[(name, given)]), &default) else { panic!("{name}") };
            problems[0].to_string()
        };
        assert_eq!(said("bootstrap", "-1"), "bootstrap: -1 is no whole number that fits here");
        assert_eq!(said("seed", "1e26"), "seed: 1e26 is no whole number that fits here");
        let network = question(&pairs(&[("mode", "nope")]), &crate::network::question::Question::default());
        let Err(Refusal::Input(problems)) = network else { panic!("takes any mode") };
        assert_eq!(problems[0].to_string(), "mode: `nope` is none of `actors`, `concepts`, `two-mode`");
    }

    #[test]
    fn a_number_that_is_none_by_default_is_read() {
        let until =
            |given: &str| question(&pairs(&[("until", given)]), &crate::adoption::question::Question::default());
        assert_eq!(until("2010").unwrap().until, Some(2010));
        assert!(until("soon").is_err());
        // The same name is words elsewhere.
        let which = question(&pairs(&[("until", "2010")]), &crate::material::Selection::default()).unwrap();
        assert_ne!(which, crate::material::Selection::default());
    }
}
