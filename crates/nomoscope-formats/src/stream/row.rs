//! A record to the cells that are wanted of it.

use super::split::Kind;
use crate::grid;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// How the records of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// How they are told apart.
    pub kind: Kind,
    /// Names of the columns; of JSON lines none, for each line has its own.
    pub columns: Vec<String>,
    /// The sign between two columns.
    pub separator: char,
}

impl Shape {
    /// Returns the shape of separated values with this header.
    ///
    /// # Errors
    /// A header that is none: why, in words.
    pub fn of_header(header: &[u8], separator: char) -> Result<Self, String> {
        let cells = cells_of(header, separator)?;
        let columns: Vec<String> = cells.iter().map(|name| name.trim().to_owned()).collect();
        for (i, name) in columns.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if columns.iter().take(i).any(|before| before == name) {
                return Err(format!("column `{name}` occurs twice"));
            }
        }
        Ok(Self { kind: Kind::Separated, columns, separator })
    }

    /// Returns the shape of JSON lines.
    #[must_use]
    pub const fn json_lines() -> Self {
        Self { kind: Kind::JsonLines, columns: Vec::new(), separator: ',' }
    }

    /// Returns the shape of the rows of Parquet with these columns.
    #[must_use]
    pub const fn of_columns(columns: Vec<String>) -> Self {
        Self { kind: Kind::Parquet, columns, separator: ',' }
    }

    /// Returns the cells of a record whose column is wanted, by column; none of a blank record. Numbers of JSON are given
    /// as they are written, null as nothing; a list or an object is no cell, and a name stands once, as in every other table.
    ///
    /// # Errors
    /// A record that cannot be read: why, in words.
    pub fn cells(&self, record: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Option<Row>, String> {
        if record.trim_ascii().is_empty() {
            return Ok(None);
        }
        match self.kind {
            Kind::JsonLines | Kind::Parquet => object(record, wanted).map(Some),
            Kind::Separated => self.separated(record, wanted).map(Some),
        }
    }

    /// Returns the names that a record gives its own cells: those of JSON lines; none of any other, and of one that cannot be read.
    #[must_use]
    pub fn names(&self, record: &[u8]) -> Vec<String> {
        let members = (self.kind == Kind::JsonLines).then(|| serde_json::from_slice(record).ok()).flatten();
        members.map_or_else(Vec::new, |Members(all)| all.into_iter().map(|(name, _)| name).collect())
    }

    fn separated(&self, record: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Row, String> {
        let cells = cells_of(record, self.separator)?;
        if cells.len() != self.columns.len() {
            return Err(format!("{} cells where the header has {}", cells.len(), self.columns.len()));
        }
        let named = self.columns.iter().zip(cells).filter(|(name, _)| wanted(name));
        Ok(named.map(|(name, cell)| (name.clone(), cell)).collect())
    }
}

/// Cells by column.
pub type Row = BTreeMap<String, String>;

fn utf8(record: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(record).map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to() + 1))?;
    // Through JSON it may come as an escape, and is looked for again.
    if text.contains('\0') { Err(BINARY.to_owned()) } else { Ok(text) }
}

const BINARY: &str = "holds the character U+0000: no text";

fn cells_of(record: &[u8], separator: char) -> Result<Vec<String>, String> {
    let rows = grid::rows(utf8(record)?, separator, 1)
        .map_err(|flaws| flaws.first().map_or_else(String::new, |flaw| flaw.reason()))?;
    match <[grid::Row; 1]>::try_from(rows) {
        Ok([row]) => Ok(row.cells),
        Err(_) => Err("lines that end with CR alone: save the table with LF or CRLF".to_owned()),
    }
}

fn object(record: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Row, String> {
    let text = utf8(record)?;
    // The parser itself stops at 128 levels.
    let Members(object) = serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said);
        format!("column {}: {said}", error.column())
    })?;
    let mut row = Row::new();
    for (key, value) in object.into_iter().filter(|(key, _)| wanted(key)) {
        let cell = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Array(_) => return Err(format!("`{key}` holds a list")),
            Value::Object(_) => return Err(format!("`{key}` holds an object")),
            other => other.to_string(),
        };
        if cell.contains('\0') {
            return Err(BINARY.to_owned());
        }
        if row.insert(key.clone(), cell).is_some() {
            return Err(format!("`{key}` occurs twice"));
        }
    }
    Ok(row)
}

/// The members of an object as they are written: a map would keep the last of those with one name, and tell nobody.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = map.next_entry()? {
                    all.push(member);
                }
                Ok(Members(all))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shape: &Shape, record: &str, want: Result<&[(&str, &str)], &str>) {
        let found = shape.cells(record.as_bytes(), &|name| name != "skip");
        match (&found, want) {
            (Ok(Some(row)), Ok(want)) => {
                let row: Vec<(&str, &str)> = row.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                assert_eq!(row, want, "{record}");
            }
            (Err(reason), Err(want)) => assert!(reason.contains(want), "{record}: {reason}"),
            _ => panic!("{record}: {found:?}"),
        }
    }

    #[test]
    fn cells_are_those_of_the_record_or_the_reason_is_told() {
        let csv = Shape::of_header(b"text,year,skip\r\n", ',').unwrap();
        check(&csv, "\"a, \"\"b\"\"\nc\",2000,x\n", Ok(&[("text", "a, \"b\"\nc"), ("year", "2000")]));
        check(&csv, "a,2000\n", Err("2 cells where the header has 3"));
        check(&csv, "\"a,2000,x", Err("never closed"));
        check(&csv, "\"a\"b,2000,x\n", Err("after a closing"));
        check(&csv, "a\rb,2000,x\n", Err("CR alone"));
        assert_eq!(csv.cells(b" \r\n", &|_| true), Ok(None));
        assert!(Shape::of_header(b"a,b,a\n", ',').unwrap_err().contains("`a` occurs twice"));
        let json = Shape::json_lines();
        check(
            &json,
            r#"{"text":"a","n":1.50,"x":null,"skip":[2],"skip":2}"#,
            Ok(&[("n", "1.5"), ("text", "a"), ("x", "")]),
        );
        check(&json, r#"{"text":"a","l":[1]}"#, Err("`l` holds a list"));
        check(&json, r#"{"text":"a","l":{"b":1}}"#, Err("`l` holds an object"));
        check(&json, r#"{"text":"a","text":"b"}"#, Err("`text` occurs twice"));
        check(&json, r#"{"text":"a""#, Err("column 11"));
        check(&json, r#"["a"]"#, Err("column"));
        check(&json, r#"{"text":"a\u0000"}"#, Err("U+0000"));
        check(&json, &format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200)), Err("recursion"));
        assert!(json.cells(b"{\"a\":\"\xff\"}", &|_| true).unwrap_err().contains("not UTF-8"));
    }
}
