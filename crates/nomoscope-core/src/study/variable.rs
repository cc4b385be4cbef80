//! Variables and their typed values.

use super::PartialDate;
use super::ids::{Subject, VariableId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the values of a variable are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    /// Words.
    #[default]
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Days, months or years.
    Date,
    /// Yes or no.
    Boolean,
}

impl VariableKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Text, Self::Integer, Self::Decimal, Self::Date, Self::Boolean];

    /// Returns the name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Boolean => "boolean",
        }
    }

    /// Returns the kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns a value of this kind.
    ///
    /// # Errors
    /// The word is no such value.
    pub fn parse(self, word: &str) -> Result<Value, ValueError> {
        let wrong = || ValueError { word: word.to_owned(), kind: self };
        match self {
            Self::Text => Ok(Value::Text(word.to_owned())),
            Self::Integer => word.parse().map(Value::Integer).map_err(|_| wrong()),
            Self::Decimal => word.parse().map(Value::Decimal),
            Self::Date => word.parse().map(Value::Date).map_err(|_| wrong()),
            Self::Boolean => word.parse().map(Value::Boolean).map_err(|_| wrong()),
        }
    }
}

/// Something that is known of many cases, sources, passages or codings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Variable {
    /// Stable identity.
    pub id: VariableId,
    /// Name for people.
    pub name: String,
    /// What its values are.
    pub kind: VariableKind,
    /// What it says.
    pub description: String,
}

/// Why a word is no value of a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no {}", .kind.name())]
pub struct ValueError {
    /// The word.
    pub word: String,
    /// What it should be.
    pub kind: VariableKind,
}

/// A finite decimal number, kept as it was written: a study is exchanged, and `1.50` must not come back as `1.5`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Decimal(String);

impl Decimal {
    /// Returns the nearest floating-point number, which is finite.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(0.0)
    }
}

impl FromStr for Decimal {
    type Err = ValueError;

    fn from_str(word: &str) -> Result<Self, ValueError> {
        // Rust also reads `inf`, `nan` and numbers that overflow to infinity.
        let is_written_in_digits = word.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        let number = word.parse::<f64>().ok().filter(|n| is_written_in_digits && n.is_finite());
        match number {
            Some(_) => Ok(Self(word.to_owned())),
            None => Err(ValueError { word: word.to_owned(), kind: VariableKind::Decimal }),
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = ValueError;

    fn try_from(word: String) -> Result<Self, ValueError> {
        word.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

/// A value of a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Words; they may be empty, which is not the same as no value.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// A day, month or year.
    Date(PartialDate),
    /// Yes or no.
    Boolean(bool),
}

impl Value {
    /// Returns what the value is.
    #[must_use]
    pub const fn kind(&self) -> VariableKind {
        match self {
            Self::Text(_) => VariableKind::Text,
            Self::Integer(_) => VariableKind::Integer,
            Self::Decimal(_) => VariableKind::Decimal,
            Self::Date(_) => VariableKind::Date,
            Self::Boolean(_) => VariableKind::Boolean,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Decimal(number) => f.write_str(&number.0),
            Self::Date(date) => write!(f, "{date}"),
            Self::Boolean(yes) => write!(f, "{yes}"),
        }
    }
}

/// A value with its kind, as it is stored.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: VariableKind,
    value: String,
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { kind: self.kind(), value: self.to_string() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { kind, value } = Written::deserialize(deserializer)?;
        kind.parse(&value).map_err(serde::de::Error::custom)
    }
}

/// What a variable is for one thing. Where nothing is known there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VariableValue {
    /// The variable.
    pub variable: VariableId,
    /// What it is about: a case, a source, a passage, a coding …
    pub of: Subject,
    /// The value.
    pub value: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: VariableKind, good: &[&str], bad: &[&str]) {
        for word in good {
            let value = kind.parse(word).unwrap();
            assert_eq!((value.kind(), value.to_string()), (kind, (*word).to_owned()));
        }
        for word in bad {
            let error = ValueError { word: (*word).to_owned(), kind };
            assert_eq!(kind.parse(word), Err(error), "{word:?}");
        }
    }

    #[test]
    fn values_by_kind() {
        check(VariableKind::Text, &["", "né, \"à\"", "12"], &[]);
        check(
            VariableKind::Integer,
            &["0", "-12", "9223372036854775807"],
            &["", "1.0", "x", "9223372036854775808", "1 000"],
        );
        check(
            VariableKind::Decimal,
            &["1.50", "-0", "1e-3", "+2", "007.1"],
            &["", "NaN", "inf", "-Infinity", "1e999", "1,5", "."],
        );
        check(VariableKind::Date, &["2000", "2000-11", "2000-02-29"], &["", "2001-02-29", "1/2/2000", "0000"]);
        check(VariableKind::Boolean, &["true", "false"], &["", "yes", "1", "TRUE"]);
    }

    #[test]
    fn a_decimal_is_a_number() {
        assert_eq!("1.50".parse::<Decimal>().unwrap().to_f64(), 1.5);
    }
}
