//! A Stata file of release 117 or 118 as rows of text.
//!
//! Only what a table of states needs: numbers and short strings, in either byte order. Long strings (`strL`) and value
//! labels are left out. # Source  StataCorp, Stata Data Management Reference Manual, "File formats .dta"

use super::Row;
use crate::study::{Problem, Problems};
use crate::{Input, Limits};

/// The widest table.
const MAX_VARIABLES: usize = 2_000;
/// The most cells.
const MAX_CELLS: usize = 20_000_000;

/// How a variable is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text(usize),
    LongText,
    Double,
    Float,
    Long,
    Int,
    Byte,
}

impl Type {
    const fn of(code: u16) -> Option<Self> {
        Some(match code {
            1..=2045 => Self::Text(code as usize),
            32768 => Self::LongText,
            65526 => Self::Double,
            65527 => Self::Float,
            65528 => Self::Long,
            65529 => Self::Int,
            65530 => Self::Byte,
            _ => return None,
        })
    }

    const fn width(self) -> usize {
        match self {
            Self::Text(n) => n,
            Self::LongText | Self::Double => 8,
            Self::Float | Self::Long => 4,
            Self::Int => 2,
            Self::Byte => 1,
        }
    }
}

pub(super) fn read(input: &Input, limits: &Limits) -> Result<Vec<Row>, Problems> {
    table(input.bytes, limits).map_err(|reason| {
        Problem::new(input.name, format!("not a readable Stata file: {reason}"))
            .hint("in Stata, `export delimited` writes CSV")
            .into()
    })
}

struct Bytes<'b> {
    rest: &'b [u8],
    little: bool,
}

impl<'b> Bytes<'b> {
    fn take(&mut self, n: usize) -> Result<&'b [u8], String> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or("it ends too early")?;
        self.rest = rest;
        Ok(head)
    }

    fn tag(&mut self, tag: &str) -> Result<(), String> {
        if self.take(tag.len())? == tag.as_bytes() { Ok(()) } else { Err(format!("`{tag}` is not where it should be")) }
    }

    fn number(&mut self, n: usize) -> Result<u64, String> {
        let little = self.little;
        Ok(number(self.take(n)?, little))
    }

    /// Goes on behind the next occurrence of a tag.
    fn skip_to(&mut self, tag: &str) -> Result<(), String> {
        let at = memchr::memmem::find(self.rest, tag.as_bytes()).ok_or_else(|| format!("`{tag}` is missing"))?;
        self.take(at + tag.len()).map(|_| ())
    }
}

fn number(bytes: &[u8], little: bool) -> u64 {
    let join = |all: u64, byte: &u8| (all << 8) | u64::from(*byte);
    if little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) }
}

fn table(bytes: &[u8], limits: &Limits) -> Result<Vec<Row>, String> {
    let mut from = Bytes { rest: bytes, little: true };
    from.tag("<stata_dta><header><release>")?;
    let release = from.take(3)?;
    let unicode = match release {
        b"117" => false,
        b"118" => true,
        other => return Err(format!("release {} is not read", String::from_utf8_lossy(other))),
    };
    from.tag("</release><byteorder>")?;
    from.little = match from.take(3)? {
        b"LSF" => true,
        b"MSF" => false,
        _ => return Err("its byte order is unknown".to_owned()),
    };
    from.tag("</byteorder><K>")?;
    let n_variables = from.number(2)? as usize;
    from.tag("</K><N>")?;
    let n_rows = from.number(if unicode { 8 } else { 4 })?;
    if n_variables > MAX_VARIABLES || n_rows > limits.max_rows as u64 {
        return Err("it has too many rows or variables".to_owned());
    }
    if n_variables.saturating_mul(n_rows as usize) > MAX_CELLS {
        return Err(format!("it has more than {MAX_CELLS} cells"));
    }
    from.skip_to("<variable_types>")?;
    let mut types = Vec::new();
    for _ in 0..n_variables {
        let code = from.number(2)? as u16;
        types.push(Type::of(code).ok_or_else(|| format!("type {code} is unknown"))?);
    }
    from.tag("</variable_types><varnames>")?;
    let mut header = Vec::new();
    for _ in 0..n_variables {
        header.push(text(from.take(if unicode { 129 } else { 33 })?, unicode));
    }
    from.skip_to("<data>")?;
    let mut rows = vec![Row { line: 1, cells: header }];
    for at in 0..n_rows {
        let cells = types.iter().map(|t| cell(&mut from, *t, unicode)).collect::<Result<_, String>>()?;
        rows.push(Row { line: u32::try_from(at + 2).unwrap_or(u32::MAX), cells });
    }
    Ok(rows)
}

fn text(bytes: &[u8], unicode: bool) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let bytes = bytes.get(..end).unwrap_or_default();
    if unicode {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
    }
}

/// Returns a cell as text; missing values, which are the largest of each type, are empty.
fn cell(from: &mut Bytes<'_>, kind: Type, unicode: bool) -> Result<String, String> {
    let little = from.little;
    let bytes = from.take(kind.width())?;
    let raw = number(bytes, little);
    let whole = |value: i64, most: i64| if value > most { String::new() } else { value.to_string() };
    Ok(match kind {
        Type::Text(_) => text(bytes, unicode),
        Type::LongText => String::new(),
        Type::Byte => whole(i64::from(raw as u8 as i8), 100),
        Type::Int => whole(i64::from(raw as u16 as i16), 32_740),
        Type::Long => whole(i64::from(raw as u32 as i32), 2_147_483_620),
        Type::Float => {
            let value = f32::from_bits(raw as u32);
            if value.is_finite() && value < 1.701e38 { value.to_string() } else { String::new() }
        }
        Type::Double => {
            let value = f64::from_bits(raw);
            if value.is_finite() && value < 8.988e307 { value.to_string() } else { String::new() }
        }
    })
}
