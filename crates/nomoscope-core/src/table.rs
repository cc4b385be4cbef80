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
            Self::Number { value, digits } => rounded(*value, usize::from(*digits)),
            Self::Share { part, whole, digits } => rounded(*part as f64 / *whole as f64, usize::from(*digits)),
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

/// Returns a number rounded to so many digits. What is more than nothing is never told as nothing: no p-value is 0.
fn rounded(value: f64, digits: usize) -> String {
    let words = format!("{value:.digits$}");
    match words.bytes().all(|b| b"-.0".contains(&b)) {
        true if value > 0.0 && digits > 0 => format!("< 0.{:0>digits$}", 1),
        true if value > 0.0 => "< 1".to_owned(),
        true => words.trim_start_matches('-').to_owned(),
        false => words,
    }
}

/// Names of columns that are no words when their underscores are taken out, with what people read.
const HEADINGS: [(&str, &str); 29] = [
    ("a", "one"),
    ("aic", "AIC"),
    ("b", "other"),
    ("ci_high", "interval to"),
    ("ci_high_against", "interval to, other side"),
    ("ci_low", "interval from"),
    ("ci_low_against", "interval from, other side"),
    ("cohen_kappa", "Cohen’s kappa"),
    ("delta_aic", "ΔAIC"),
    ("delta_bic", "ΔBIC"),
    ("holders_against", "holders, other side"),
    ("log_dice", "log Dice"),
    ("lower_ln_or", "ln odds ratio, lower end"),
    ("n11", "together"),
    ("n11_against", "together, other side"),
    ("n_others", "times in the others"),
    ("norm_2", "other norm"),
    ("npmi", "NPMI"),
    ("odds_ratio_against", "odds ratio, other side"),
    ("of_against", "of, other side"),
    ("p_lower", "precision from"),
    ("p_upper", "precision to"),
    ("per_10000", "per 10,000"),
    ("per_10000_others", "per 10,000 in the others"),
    ("r_lower", "recall from"),
    ("r_squared", "R²"),
    ("r_upper", "recall to"),
    ("share_against", "share, other side"),
    ("sources_others", "sources of the others"),
];

/// Returns what people read above a column: its name in words.
#[must_use]
pub fn heading(column: &str) -> String {
    let own = HEADINGS.iter().find(|(name, _)| *name == column);
    own.map_or_else(|| column.replace('_', " "), |(_, words)| (*words).to_owned())
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

    /// Returns the headings that people read, in the order of the columns. Files keep the names.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| heading(column)).collect()
    }

    /// Returns the notes as people read them: a column is called there what it is called above its cells.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        self.notes.iter().map(|note| self.remark(note)).collect()
    }

    /// A note is written with the names of columns, in backticks or bare.
    fn remark(&self, note: &str) -> String {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut out = String::with_capacity(note.len());
        let mut rest = note;
        while let Some(at) = rest.find(is_name) {
            let (before, from) = rest.split_at(at);
            let (name, after) = from.split_at(from.find(|c: char| !is_name(c)).unwrap_or(from.len()));
            let quoted = before.strip_suffix('`').zip(after.strip_prefix('`'));
            let is_column = self.columns.iter().any(|c| c == name);
            let (before, said, after) = match quoted.filter(|_| is_column) {
                Some((before, after)) => (before, heading(name), after),
                None if is_column && name.contains('_') => (before, heading(name), after),
                None => (before, name.to_owned(), after),
            };
            out.push_str(before);
            out.push_str(&said);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "row width of table {}", self.id);
        self.rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_than_nothing_is_not_told_as_nothing() {
        let told = |value, digits| Cell::number(value, digits).display();
        assert_eq!([told(0.000_01, 4), told(0.3, 0), told(0.004, 2)], ["< 0.0001", "< 1", "< 0.01"]);
        assert_eq!([told(0.0, 4), told(-0.001, 2), told(0.000_05, 4)], ["0.0000", "0.00", "0.0001"]);
        assert_eq!(Cell::share(1, 3_000, 3, "").display(), "< 0.001");
        assert_eq!(Cell::number(0.000_01, 4).csv(), "0.00001");
    }

    #[test]
    fn people_read_words_and_files_keep_names() {
        let mut table = Table::new("t", "T", &["own_weight", "n11", "q", "p_lower"]);
        table
            .notes
            .push("`own_weight`: alone; own_weight2 is none, `q` and p_lower are; n11: windows with both.".to_owned());
        assert_eq!(table.headings(), ["own weight", "together", "q", "precision from"]);
        assert_eq!(
            table.remarks(),
            ["own weight: alone; own_weight2 is none, q and precision from are; n11: windows with both."]
        );
        assert_eq!(table.columns[0], "own_weight");
    }

    #[test]
    fn no_heading_is_told_twice() {
        assert!(HEADINGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(HEADINGS.iter().all(|(name, _)| !heading(name).contains('_')));
    }
}
