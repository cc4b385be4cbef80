//! Settings as JSON to what they are settings of: everything that is wrong with any of them, by its name.

use crate::refusal::{Problem, Problems};
use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde_json::{Map, Value};

/// Returns what the settings say; each has a default.
///
/// # Errors
/// Every setting that does not take its value; a setting that there is not.
pub fn read<T: DeserializeOwned>(given: Value) -> Result<T, Problems> {
    let error = match serde_json::from_value::<T>(given.clone()) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    // The reader stops at the first: each is read again by itself, all others at their defaults.
    let mut problems = Problems::new();
    for (name, value) in given.as_object().into_iter().flatten() {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let setting = names::<T>().iter().find(|known| *known == name);
        if let (Some(setting), Err(error)) = (setting, serde_json::from_value::<T>(alone)) {
            problems.push(Problem::of_setting(setting, reason(value, &error.to_string())));
        }
    }
    if problems.is_empty() {
        problems.push(Problem::of_setting("settings", error.to_string()));
    }
    Err(problems)
}

/// Returns why a setting does not take a value, without the names that types have in Rust.
fn reason(given: &Value, said: &str) -> String {
    let Some((_, wanted)) = said.split_once("expected ") else { return said.to_owned() };
    let wanted = match wanted {
        "f64" => "a number",
        "u16" => "a whole number from 0 to 65535",
        "usize" | "u64" | "u32" => "a whole number from 0 on",
        "a string" => "text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        other => other,
    };
    let each = if given.is_array() && !said.contains("type: sequence") { "each " } else { "" };
    format!("{given}: {each}takes {wanted}")
}

/// Returns the names of the settings.
fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names = Names(&[]);
    drop(T::deserialize(&mut names));
    names.0
}

/// Reads nothing, and keeps the names that a struct asks for.
struct Names(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Names {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("only the names are wanted"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0 = fields;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::question::Question;
    use crate::material::Selection;
    use serde_json::json;

    #[track_caller]
    fn check<T: DeserializeOwned>(given: Value, want: &[&str]) {
        let said = read::<T>(given).err().map(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(said.unwrap_or_default(), want);
    }

    #[test]
    fn every_setting_that_is_wrong_is_told_by_its_name() {
        check::<Question>(json!({ "bootstrap": 100, "by": ["year"] }), &[]);
        check::<Question>(
            json!({ "bootstrap": -1, "by": [1], "lists": "A", "model": 5, "threshold": "x" }),
            &[
                "the setting bootstrap: -1: takes a whole number from 0 on",
                "the setting by: [1]: each takes text",
                "the setting lists: \"A\": takes a list",
                "the setting model: 5: takes text",
                "the setting threshold: \"x\": takes a number",
            ],
        );
        check::<Selection>(json!({ "since": 1990 }), &["the setting since: 1990: takes text"]);
        let said = read::<Selection>(json!({ "sinse": "1990" })).err().map(|p| p.to_string()).unwrap_or_default();
        assert!(said.contains("unknown field `sinse`"), "{said}");
    }
}
