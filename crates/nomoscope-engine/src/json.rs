//! What the JSON of all answers shares.

use serde_json::{Value, json};

/// Returns a number, or null where there is none or it is not finite.
pub(crate) fn number(value: Option<f64>) -> Value {
    value.filter(|v| v.is_finite()).map_or(Value::Null, |v| json!(v))
}
