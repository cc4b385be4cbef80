//! A table: what every result becomes before it is printed, written as CSV or put under a figure.

/// One cell. A missing number says why instead of being `NaN`.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number of passages, sources, people: of what a study holds.
    Count(u64),
    /// A whole number that counts nothing of a study: a year, a line, draws, the elements of a law, states.
    Whole(u64),
    /// A place in an order, from 1.
    Rank(u64),
    /// A part of a whole, printed as their ratio with `digits` after the point.
    Share {
        /// How many of the whole.
        part: u64,
        /// The whole; more than 0 by construction of [`Cell::share`].
        whole: u64,
        /// Digits after the point when printed for people.
        digits: u8,
    },
    /// A real number, printed with `digits` after the point.
    Number {
        /// The value; finite by construction of [`Cell::number`].
        value: f64,
        /// Digits after the point when printed for people.
        digits: u8,
    },
    /// No value, with the reason.
    Missing(&'static str),
    /// A value that is not told, for it is a small count or would give one away.
    Withheld,
}

/// The sign of what is withheld; statistical offices write it for what is confidential.
const WITHHELD: &str = "[c]";

impl Cell {
    /// Returns a number cell, or a missing one when `value` is not finite.
    #[must_use]
    pub fn number(value: f64, digits: u8) -> Self {
        if value.is_finite() { Self::Number { value, digits } } else { Self::Missing("not finite") }
    }

    /// Returns a share, or a missing one of no whole, with the reason.
    #[must_use]
    pub const fn share(part: u64, whole: u64, digits: u8, reason: &'static str) -> Self {
        if whole > 0 { Self::Share { part, whole, digits } } else { Self::Missing(reason) }
    }

    /// Returns whether the cell holds a number.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        self.value().is_some()
    }

    /// Returns the number that the cell holds.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self {
            Self::Count(n) | Self::Whole(n) | Self::Rank(n) => Some(*n as f64),
            Self::Number { value, .. } => Some(*value),
            Self::Share { part, whole, .. } => Some(*part as f64 / *whole as f64),
            Self::Text(_) | Self::Missing(_) | Self::Withheld => None,
        }
    }

    /// Returns the whole number that the cell holds.
    #[must_use]
    pub const fn whole(&self) -> Option<u64> {
        match self {
            Self::Count(n) | Self::Whole(n) | Self::Rank(n) => Some(*n),
            Self::Text(_) | Self::Number { .. } | Self::Share { .. } | Self::Missing(_) | Self::Withheld => None,
        }
    }

    /// Returns a text cell.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// Returns the cell as people read it; a missing value is an en dash.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::Count(n) | Self::Whole(n) | Self::Rank(n) => n.to_string(),
            Self::Number { value, digits } => format!("{value:.*}", usize::from(*digits)),
            Self::Share { part, whole, digits } => {
                format!("{:.*}", usize::from(*digits), *part as f64 / *whole as f64)
            }
            Self::Missing(_) => "–".to_owned(),
            Self::Withheld => WITHHELD.to_owned(),
        }
    }

    /// Returns the cell as a program reads it from CSV; a missing value is empty.
    #[must_use]
    pub fn csv(&self) -> String {
        match self {
            Self::Number { value, .. } => format!("{value}"),
            Self::Share { part, whole, .. } => format!("{}", *part as f64 / *whole as f64),
            Self::Missing(_) => String::new(),
            other => other.display(),
        }
    }
}

/// A table with named columns; every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// File stem and anchor: `[a-z0-9-]+`.
    pub id: String,
    /// What the table says, as a sentence.
    pub title: String,
    /// Column names, lower case with underscores, units last.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Notes printed below: what is left out, what a column means.
    pub notes: Vec<String>,
}

impl Table {
    /// Returns an empty table.
    pub fn new(id: impl Into<String>, title: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            columns: columns.iter().map(|&c| c.to_owned()).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "row width of table {}", self.id);
        self.rows.push(row);
    }
}
