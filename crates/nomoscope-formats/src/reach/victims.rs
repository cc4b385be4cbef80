//! The table of detected victims and of suspects that the United Nations Office on Drugs and Crime publishes for its
//! Global Report on Trafficking in Persons: a row a state, year, indicator and breakdown.
//!
//! Nearly half of its cells are "<5". Where totals are given beside their parts, many of these parts can only be 0, so a
//! suppressed cell is read as 0 to 4, not as 1 to 4.

use crate::grid::Row;
use crate::grid::{Found, Grid, is_blank, no_header};
use crate::study::{Problem, Problems};
use nomoscope_core::reach::attrition::Count;
use std::collections::{BTreeMap, BTreeSet};

/// Persons found to be victims.
pub const DETECTED: &str = "Detected trafficking victims";
/// Persons suspected, arrested or cautioned.
pub const SUSPECTED: &str = "Persons brought into formal contact";
/// Persons prosecuted.
pub const PROSECUTED: &str = "Persons prosecuted";
/// Persons convicted.
pub const CONVICTED: &str = "Persons convicted";

/// The names of the columns, in lower case, each with what else it is called.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("iso3", &["iso3_code", "iso3", "iso"]),
    ("country", &["country", "state"]),
    ("region", &["region"]),
    ("subregion", &["subregion", "sub-region"]),
    ("indicator", &["indicator"]),
    ("dimension", &["dimension"]),
    ("category", &["category"]),
    ("sex", &["sex"]),
    ("age", &["age"]),
    ("year", &["year"]),
    ("unit", &["unit of measurement", "unit"]),
    ("value", &["txtvalue", "value"]),
];
const REQUIRED: [&str; 4] = ["country", "indicator", "year", "value"];

/// The attributes by which rows are selected and grouped.
pub const ATTRIBUTES: [&str; 10] =
    ["country", "iso3", "region", "subregion", "indicator", "dimension", "category", "sex", "age", "year"];
/// The attributes of which a row is a total where nobody asks for a part.
const BREAKDOWNS: [&str; 4] = ["dimension", "category", "sex", "age"];

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VictimRow {
    /// Its place in the file.
    pub line: u32,
    /// The state as written.
    pub country: String,
    /// The year.
    pub year: u16,
    /// All attributes, by name.
    pub attributes: BTreeMap<&'static str, String>,
    /// The count; none where it was suppressed.
    pub value: Option<u64>,
    /// Below what a suppressed count lies.
    pub below: u64,
}

impl VictimRow {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Victims {
    /// The file name, for messages.
    pub file: String,
    /// The rows that name a state.
    pub rows: Vec<VictimRow>,
    /// Rows that name none: sums over regions.
    pub n_without_state: u64,
}

/// Returns whether a table is of this kind.
#[must_use]
pub fn is_victims(grid: &Grid) -> bool {
    grid.below(is_header).is_some()
}

fn is_header(row: &Row) -> bool {
    let lower: BTreeSet<String> = row.cells.iter().map(|c| c.to_lowercase()).collect();
    let has =
        |column: &str| COLUMNS.iter().any(|(name, names)| *name == column && names.iter().any(|n| lower.contains(*n)));
    REQUIRED.into_iter().all(has)
}

/// Reads the table.
///
/// # Errors
/// Everything that is wrong with it, by row.
pub fn read(grid: &Grid) -> Result<Victims, Problems> {
    let Some(found) = grid.below(is_header) else {
        let hint = "such a table has columns Country, Indicator, Year and txtVALUE; its header may stand lower down";
        return Err(no_header(grid, "country, indicator, year and value", hint).into());
    };
    let mut problems = Problems::new();
    let places: Vec<(&'static str, Option<usize>)> =
        COLUMNS.iter().map(|(name, names)| (*name, found.column(names))).collect();
    let mut out = Victims { file: grid.file.clone(), ..Victims::default() };
    for row in found.rows {
        match victim_row(&found, row, &places) {
            Ok(Some(row)) => out.rows.push(row),
            Ok(None) => out.n_without_state += 1,
            Err((reason, hint)) => problems.push(Problem::new(&grid.file, reason).at(row.line).hint(hint)),
        }
    }
    duplicates(&out, &mut problems);
    problems.or(out)
}

type Wrong = (String, &'static str);

fn victim_row(
    found: &Found<'_>,
    row: &Row,
    places: &[(&'static str, Option<usize>)],
) -> Result<Option<VictimRow>, Wrong> {
    let mut attributes: BTreeMap<&'static str, String> = BTreeMap::new();
    for (name, place) in places {
        if let Some(place) = place {
            attributes.insert(name, found.cell(row, *place).to_owned());
        }
    }
    let country = attributes.get("country").cloned().unwrap_or_default();
    if is_blank(&country) {
        return Ok(None);
    }
    let written = attributes.get("year").cloned().unwrap_or_default();
    let year: u16 = written
        .parse()
        .ok()
        .filter(|y| (1800..=9999).contains(y))
        .ok_or_else(|| (format!("`{written}` is no year"), "a year has four digits"))?;
    let (value, below) = value(attributes.get("value").map_or("", String::as_str))?;
    Ok(Some(VictimRow { line: row.line, country, year, attributes, value, below }))
}

/// Returns a count, or none and the number below which a suppressed one lies.
fn value(cell: &str) -> Result<(Option<u64>, u64), Wrong> {
    let wrong =
        || (format!("`{cell}` is no count"), "a count is a whole number such as 12 or 1,757, or suppressed as <5");
    let bare = cell.trim();
    if let Some(rest) = bare.strip_prefix('<') {
        let below = whole(rest.trim()).filter(|n| (1..=1_000_000).contains(n)).ok_or_else(wrong)?;
        return Ok((None, below));
    }
    if bare.starts_with('-') || bare.starts_with('−') {
        return Err((format!("`{cell}` is negative"), "a count is zero or more"));
    }
    whole(bare).map(|n| (Some(n), 0)).ok_or_else(wrong)
}

/// Returns a whole number, with or without separators between its thousands.
pub(super) fn whole(text: &str) -> Option<u64> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let groups: Vec<&str> = text.split([',', ' ', '\u{a0}', '\u{202f}', '\'', '’']).collect();
    let digits = |g: &&str| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let well = groups.iter().all(digits) && rest.iter().all(|g| g.len() == 3) && (rest.is_empty() || first.len() <= 3);
    well.then(|| groups.concat().parse().ok()).flatten()
}

fn duplicates(table: &Victims, problems: &mut Problems) {
    // Breakdowns do repeat: forms of exploitation that are not shown apart stand as several "other forms". Totals do not.
    let none = Selection::new();
    let mut seen: BTreeMap<Vec<&str>, u32> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| chosen(row, &none)) {
        let key: Vec<&str> = ATTRIBUTES.iter().map(|a| row.attribute(a)).collect();
        if let Some(first) = seen.insert(key, row.line) {
            let what = format!("{}, {}, {}", row.country, row.attribute("indicator"), row.year);
            let reason = format!("the same cell twice ({what}), first in row {first}");
            problems.push(Problem::new(&table.file, reason).at(row.line).hint("leave one of the two"));
        }
    }
}

/// What is counted: attribute and value, the value without regard to case.
pub type Selection = BTreeMap<String, String>;

/// What one state reports for one year: the rows of each indicator.
type Report<'v> = Vec<Vec<&'v VictimRow>>;

/// The counts of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The group's values, in the order of the attributes asked for.
    pub key: Vec<String>,
    /// One count an indicator, in the order asked for.
    pub counts: Vec<Count>,
    /// States and years that report all indicators: those that are counted.
    pub reporting_all: u64,
    /// States and years that report any.
    pub reporting_any: u64,
    /// First and last year counted.
    pub years: Option<(u16, u16)>,
}

impl Victims {
    /// Returns the rows of an indicator that are totals over everything.
    pub fn totals<'v>(&'v self, indicator: &'v str) -> impl Iterator<Item = &'v VictimRow> {
        let none = Selection::new();
        self.rows.iter().filter(move |row| row.attribute("indicator") == indicator && chosen(row, &none))
    }

    /// Returns the values that an attribute takes, in order.
    #[must_use]
    pub fn values(&self, attribute: &str) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.attribute(attribute)).filter(|v| !v.is_empty()).collect()
    }

    /// Returns the counts of indicators by group, groups in order.
    ///
    /// A state and year counts only if it reports all indicators: else the ratio of two sums would compare different
    /// states. A suppressed cell is a whole number from `suppressed_from` to one below its limit.
    #[must_use]
    pub fn groups(
        &self,
        indicators: &[&str],
        by: &[String],
        selection: &Selection,
        suppressed_from: u64,
    ) -> Vec<Group> {
        let mut reports: BTreeMap<(Vec<&str>, &str, u16), Report<'_>> = BTreeMap::new();
        for row in &self.rows {
            let Some(at) = indicators.iter().position(|i| *i == row.attribute("indicator")) else { continue };
            if !chosen(row, selection) {
                continue;
            }
            let key: Vec<&str> = by.iter().map(|a| row.attribute(a)).collect();
            let report =
                reports.entry((key, &row.country, row.year)).or_insert_with(|| vec![Vec::new(); indicators.len()]);
            if let Some(place) = report.get_mut(at) {
                place.push(row);
            }
        }
        let mut groups: BTreeMap<Vec<String>, Group> = BTreeMap::new();
        for ((key, _, year), report) in reports {
            let key: Vec<String> = key.into_iter().map(str::to_owned).collect();
            let group = groups.entry(key.clone()).or_insert_with(|| Group {
                key,
                counts: vec![Count::default(); indicators.len()],
                reporting_all: 0,
                reporting_any: 0,
                years: None,
            });
            group.reporting_any += 1;
            if report.iter().all(|rows| !rows.is_empty()) {
                group.add(&report, year, suppressed_from);
            }
        }
        groups.into_values().collect()
    }
}

/// Returns whether a row is selected; where nobody asks for a part, only totals are.
fn chosen(row: &VictimRow, selection: &Selection) -> bool {
    let asked = selection.iter().all(|(name, value)| row.attribute(name).to_lowercase() == value.to_lowercase());
    let total = |name: &&str| {
        let value = row.attribute(name);
        selection.contains_key(*name) || value.is_empty() || value.eq_ignore_ascii_case("total")
    };
    asked && BREAKDOWNS.iter().all(total)
}

impl Group {
    fn add(&mut self, report: &Report<'_>, year: u16, suppressed_from: u64) {
        self.reporting_all += 1;
        self.years = Some(self.years.map_or((year, year), |(a, b)| (a.min(year), b.max(year))));
        for (count, rows) in self.counts.iter_mut().zip(report) {
            for row in rows {
                match row.value {
                    Some(value) => count.exact += value as f64,
                    None => {
                        let most = row.below.saturating_sub(1);
                        count.add_suppressed(suppressed_from.min(most), most, 1);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_people_write_them() {
        for (cell, want) in [("5", 5), ("1,757", 1757), ("12 345", 12_345), ("1'000", 1000), ("7.0", 7), ("0", 0)] {
            assert_eq!(value(cell), Ok((Some(want), 0)), "{cell}");
        }
        assert_eq!(value("<5"), Ok((None, 5)));
        assert_eq!(value("< 10"), Ok((None, 10)));
        for cell in ["", "-3", "five", "1,75", "12,34,567", "<", "<0", "1.5", "99999999999999999999"] {
            assert!(value(cell).is_err(), "{cell}");
        }
    }
}
