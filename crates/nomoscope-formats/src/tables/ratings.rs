//! Ratings: which coder gave which unit which value, as a table of coders by units.
//!
//! The first header cell says what stands in the rows: `unit` or `coder`, in any case; otherwise the caller must say it,
//! because nothing in the numbers tells, and a table read the wrong way round gives a coefficient all the same.

use super::{Delimited, hint_of_names, number};
use crate::study::{Problem, Problems};
use nomoscope_core::problem::{Remedy, Slot, Words};
use nomoscope_stats::agreement::Measurement;
use std::collections::{BTreeMap, BTreeSet};

/// What cells say where a coder gave no value.
pub const MISSING: [&str; 4] = ["", "*", ".", "NA"];
/// Wrong cells that are listed before the rest is left out.
const MAX_LISTED: usize = 1000;

/// What stands in the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Orientation {
    /// A unit a row, a coder a column.
    #[serde(rename = "rows")]
    UnitsInRows,
    /// A unit a column, a coder a row.
    #[serde(rename = "columns")]
    UnitsInColumns,
}

/// Ratings as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingsTable {
    /// The file.
    pub file: String,
    /// Coders in the order of the table.
    pub coders: Vec<String>,
    /// Units in the order of the table.
    pub units: Vec<String>,
    /// By unit and coder, what was written; none where the value is missing.
    pub cells: Vec<Vec<Option<String>>>,
    /// What was guessed, in words for the user.
    pub notes: Vec<String>,
    /// Line by unit, or by coder where units stand in columns.
    lines: Vec<u32>,
    orientation: Orientation,
    decimal_comma: bool,
}

/// Reads a table of ratings; `units` says where units stand if the first header cell does not.
///
/// # Errors
/// Everything that is wrong with the table, an unknown orientation among it.
pub fn read(name: &str, bytes: &[u8], units: Option<Orientation>) -> Result<RatingsTable, Problems> {
    let table = super::read(name, bytes)?;
    check_wide(name, &table)?;
    let orientation = orientation(name, &table, units)?;
    let mut problems = Problems::new();
    let first =
        |table: &Delimited| -> Vec<String> { table.rows.iter().filter_map(|(_, r)| r.first().cloned()).collect() };
    let across: Vec<String> = table.columns.iter().skip(1).cloned().collect();
    let lines: Vec<u32> = table.rows.iter().map(|(line, _)| *line).collect();
    check_names(name, &across, orientation == Orientation::UnitsInRows, &|_| 1, &mut problems);
    let line_of = |at: usize| lines.get(at).copied().unwrap_or(1);
    check_names(name, &first(&table), orientation == Orientation::UnitsInColumns, &line_of, &mut problems);
    if across.is_empty() {
        problems.push(Problem::new(name, "the table has one column, so there is nothing beside the names").at(1));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let cell = |cell: &String| (!MISSING.contains(&cell.as_str())).then(|| cell.clone());
    let by_row: Vec<Vec<Option<String>>> =
        table.rows.iter().map(|(_, r)| r.iter().skip(1).map(cell).collect()).collect();
    let names: Vec<String> = first(&table);
    let (coders, units, cells) = match orientation {
        Orientation::UnitsInRows => (across, names, by_row),
        Orientation::UnitsInColumns => {
            let of_unit = |at: usize| by_row.iter().map(|r| r.get(at).cloned().flatten()).collect();
            let cells = (0..across.len()).map(of_unit).collect();
            (names, across, cells)
        }
    };
    let units =
        units.into_iter().enumerate().map(|(at, u)| if u.is_empty() { (at + 1).to_string() } else { u }).collect();
    let head = table.columns.first().cloned().unwrap_or_default();
    let Delimited { decimal_comma, mut notes, .. } = table;
    if said_by_header(&head).is_none() {
        let what = if orientation == Orientation::UnitsInRows { "units" } else { "coders" };
        notes.push(format!("the first column, `{head}`, has the names of the {what}"));
    }
    Ok(RatingsTable { file: name.to_owned(), coders, units, cells, notes, lines, orientation, decimal_comma })
}

fn orientation(name: &str, table: &Delimited, said: Option<Orientation>) -> Result<Orientation, Problem> {
    let head = table.columns.first().map(String::as_str).unwrap_or_default();
    match (said_by_header(head), said) {
        (Some(seen), Some(said)) if seen != said => {
            let slots = [head.to_owned().into(), Slot::setting("units")];
            let reason = Words::with("the first header cell is `{}`, which contradicts {}", slots);
            Err(Problem::new(name, reason)
                .at(1)
                .hint(Remedy::with("leave {} out, or correct the header", [Slot::setting("units")])))
        }
        (Some(known), _) | (None, Some(known)) => Ok(known),
        (None, None) => {
            let reason = format!(
                "the first header cell is `{head}`, which does not say whether units or coders stand in the rows"
            );
            Err(Problem::new(name, reason).at(1).hint(Remedy::with(
                "write `unit` or `coder` there, or give {} or {}",
                [Slot::set("units", "rows"), Slot::set("units", "columns")],
            )))
        }
    }
}

/// Refuses a table with a row a rating, which reads as one whose units stand many times.
fn check_wide(name: &str, table: &Delimited) -> Result<(), Problem> {
    let [first, second, value] = table.columns.as_slice() else { return Ok(()) };
    match (said_by_header(first), said_by_header(second)) {
        (Some(a), Some(b)) if a != b => {
            let reason = format!(
                "each row is one rating (`{first}`, `{second}`, `{value}`); wanted is a unit a row and a coder a column"
            );
            let hint = "bring it into that form first, with `pivot_wider` of R's tidyr or `pivot` of pandas";
            Err(Problem::new(name, reason).at(1).hint(hint))
        }
        _ => Ok(()),
    }
}

fn said_by_header(head: &str) -> Option<Orientation> {
    match head.to_lowercase().as_str() {
        "unit" | "units" => Some(Orientation::UnitsInRows),
        "coder" | "coders" | "rater" | "raters" | "annotator" | "annotators" => Some(Orientation::UnitsInColumns),
        _ => None,
    }
}

/// Coders need a name; units may go without. Neither may stand twice.
fn check_names(name: &str, names: &[String], coders: bool, line_of: &dyn Fn(usize) -> u32, problems: &mut Problems) {
    let what = if coders { "coder" } else { "unit" };
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, given) in names.iter().enumerate() {
        let line = line_of(at);
        if given.is_empty() {
            if coders {
                problems.push(Problem::new(name, format!("coder {} has no name", at + 1)).at(line));
            }
            continue;
        }
        let first = *seen.entry(given).or_insert(at);
        if first < at {
            let first = line_of(first);
            let before = if line == first { String::new() } else { format!(", first in line {first}") };
            let hint = format!("the names of {what}s stand in the first column (or row), and each stands once");
            problems.push(Problem::new(name, format!("{what} `{given}` occurs twice{before}")).at(line).hint(hint));
        }
        if problems.as_slice().len() >= MAX_LISTED {
            return;
        }
    }
}

/// Ratings as categories with values.
#[derive(Debug, Clone, PartialEq)]
pub struct Categories {
    /// Categories as they were first written; in order where they have one.
    pub names: Vec<String>,
    /// The number that each stands for: its value, its rank, or just its place.
    pub values: Vec<f64>,
    /// By unit and coder, the category.
    pub units: Vec<Vec<Option<u32>>>,
    /// What people should know.
    pub notes: Vec<String>,
}

impl RatingsTable {
    /// Returns the table with these coders only, in this order.
    ///
    /// # Errors
    /// Names that are no coders of the table.
    pub fn only(mut self, coders: &[String]) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut kept = Vec::new();
        for coder in coders {
            match self.coders.iter().position(|c| c == coder) {
                Some(at) if kept.contains(&at) => {}
                Some(at) => kept.push(at),
                None => {
                    let problem = Problem::new(self.file.as_str(), format!("there is no coder `{coder}`"));
                    problems.push(problem.hint(hint_of_names(coder, self.coders.iter().map(String::as_str))));
                }
            }
        }
        let keep = |row: &Vec<Option<String>>| kept.iter().map(|&at| row.get(at).cloned().flatten()).collect();
        self.cells = self.cells.iter().map(keep).collect();
        if self.orientation == Orientation::UnitsInColumns {
            self.lines = kept.iter().map(|&at| self.lines.get(at).copied().unwrap_or(1)).collect();
        }
        self.coders = kept.iter().filter_map(|&at| self.coders.get(at).cloned()).collect();
        problems.or(self)
    }

    /// Returns the values as categories at a level of measurement.
    ///
    /// Names are compared as numbers where all of them are: programs that fill gaps write `1.0` in one column and `1` in another.
    /// `order` lists the categories of an ordinal scale, lowest first.
    ///
    /// # Errors
    /// Cells that are no numbers where numbers are needed, or that `order` does not list.
    pub fn categories(&self, level: Measurement, order: Option<&[String]>) -> Result<Categories, Problems> {
        if let Some(order) = order {
            return self.ordered(order);
        }
        let given: BTreeSet<&str> = self.cells.iter().flatten().flatten().map(String::as_str).collect();
        let numbers: Vec<(f64, &str)> =
            given.iter().filter_map(|text| Some((number(text, self.decimal_comma)?, *text))).collect();
        if numbers.len() == given.len() {
            return Ok(self.numbered(numbers, level));
        }
        if level != Measurement::Nominal {
            return Err(self.not_numbers(level));
        }
        let names: Vec<String> = given.iter().map(|n| (*n).to_owned()).collect();
        let place: BTreeMap<&str, u32> = given.iter().enumerate().map(|(at, n)| (*n, at as u32)).collect();
        let values = (0..names.len()).map(|at| at as f64).collect();
        let mut notes = Vec::new();
        let folded: BTreeSet<String> = given.iter().map(|n| n.to_lowercase()).collect();
        if folded.len() < given.len() {
            notes.push("some categories differ by capital letters alone, and are taken for different ones".to_owned());
        }
        let missing =
            |n: &&&str| ["nan", "n/a", "na", "null", "none", "-", "missing"].contains(&n.to_lowercase().as_str());
        for name in given.iter().filter(missing) {
            notes.push(format!("`{name}` is taken for a category; a missing value is empty, `*`, `.` or `NA`"));
        }
        Ok(Categories { names, values, units: self.placed(&|cell| place.get(cell).copied()), notes })
    }

    fn numbered(&self, mut numbers: Vec<(f64, &str)>, level: Measurement) -> Categories {
        // 0 and −0 are one value.
        numbers.iter_mut().for_each(|(v, _)| *v += 0.0);
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1.len(), a.1).cmp(&(b.1.len(), b.1))));
        let mut place: BTreeMap<&str, u32> = BTreeMap::new();
        let (mut names, mut values): (Vec<String>, Vec<f64>) = (Vec::new(), Vec::new());
        for (value, text) in &numbers {
            if values.last() != Some(value) {
                values.push(*value);
                names.push((*text).to_owned());
            }
            place.insert(text, (values.len() - 1) as u32);
        }
        let mut notes = Vec::new();
        if values.len() < numbers.len() && level == Measurement::Nominal {
            notes.push("all categories are numbers and were compared as such: `1.0` is `1`".to_owned());
        }
        Categories { names, values, units: self.placed(&|cell| place.get(cell).copied()), notes }
    }

    fn ordered(&self, order: &[String]) -> Result<Categories, Problems> {
        let mut problems = Problems::new();
        for (at, name) in order.iter().enumerate() {
            if name.is_empty() || order.iter().take(at).any(|n| n == name) {
                problems.push(Problem::of_setting("order", format!("`{name}` is empty or occurs twice")));
            }
        }
        let same = |name: &str, cell: &str| {
            name == cell
                || number(name, self.decimal_comma).is_some_and(|v| number(cell, self.decimal_comma) == Some(v))
        };
        let given: BTreeSet<&str> = self.cells.iter().flatten().flatten().map(String::as_str).collect();
        let place: BTreeMap<&str, u32> =
            given.iter().filter_map(|c| Some((*c, order.iter().position(|n| same(n, c))? as u32))).collect();
        self.each(&mut |at, line, cell| {
            if !place.contains_key(cell) && problems.as_slice().len() < MAX_LISTED {
                let slots = [at.to_owned().into(), cell.to_owned().into(), Slot::setting("order")];
                let problem = Problem::new(self.file.as_str(), Words::with("{}: `{}` is not in {}", slots));
                problems.push(problem.at(line).hint(hint_of_names(cell, order.iter().map(String::as_str))));
            }
        });
        let values = (0..order.len()).map(|at| at as f64).collect();
        let units = self.placed(&|cell| place.get(cell).copied());
        problems.or(Categories { names: order.to_vec(), values, units, notes: Vec::new() })
    }

    fn not_numbers(&self, level: Measurement) -> Problems {
        let mut problems = Problems::new();
        let hint = match level {
            Measurement::Ordinal => Remedy::with(
                "give the order with {}, or compare names with {}",
                [Slot::set("order", "low,middle,high"), Slot::set("level", "nominal")],
            ),
            _ => "write numbers; a missing value is empty, `*`, `.` or `NA`".into(),
        };
        self.each(&mut |at, line, cell| {
            if number(cell, self.decimal_comma).is_none() && problems.as_slice().len() < MAX_LISTED {
                let reason = format!("{at}: `{cell}` is no number, and the level {} needs numbers", level.name());
                problems.push(Problem::new(self.file.as_str(), reason).at(line).hint(hint.clone()));
            }
        });
        problems
    }

    /// Hands over every value with its place in words, its line and what was written.
    fn each(&self, take: &mut dyn FnMut(String, u32, &str)) {
        for (u, row) in self.cells.iter().enumerate() {
            for (c, cell) in row.iter().enumerate().filter_map(|(c, cell)| Some((c, cell.as_deref()?))) {
                let (unit, coder) = (self.units.get(u), self.coders.get(c));
                let at = format!(
                    "unit `{}`, coder `{}`",
                    unit.map(String::as_str).unwrap_or_default(),
                    coder.map(String::as_str).unwrap_or_default()
                );
                let row = if self.orientation == Orientation::UnitsInRows { u } else { c };
                take(at, self.lines.get(row).copied().unwrap_or(1), cell);
            }
        }
    }

    fn placed(&self, place: &dyn Fn(&str) -> Option<u32>) -> Vec<Vec<Option<u32>>> {
        self.cells.iter().map(|row| row.iter().map(|cell| cell.as_deref().and_then(place)).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, units: Option<Orientation>, coders: &[&str], names: &[&str], cells: &[&[&str]]) {
        let table = read("t.csv", text.as_bytes(), units).expect("reads");
        assert_eq!(table.coders, coders, "{text:?}");
        assert_eq!(table.units, names, "{text:?}");
        let got: Vec<Vec<&str>> =
            table.cells.iter().map(|r| r.iter().map(|c| c.as_deref().unwrap_or("-")).collect()).collect();
        assert_eq!(got, cells, "{text:?}");
    }

    #[test]
    fn both_ways_round() {
        let want: &[&[&str]] = &[&["1", "2"], &["-", "3"], &["-", "-"]];
        check("Unit,A,B\n1,1,2\n2,*,3\n3,.,NA\n", None, &["A", "B"], &["1", "2", "3"], want);
        check("CODER;1;2;3\r\nA;1;;.\r\nB;2;3;*\r\n", None, &["A", "B"], &["1", "2", "3"], want);
        check("coder\t1\t2\t3\nA\t1\tNA\t\nB\t2\t3\t\n", None, &["A", "B"], &["1", "2", "3"], want);
        check(
            "\u{feff}id,A,B\n1, 1 ,2\n2,,3\n3,,\n",
            Some(Orientation::UnitsInRows),
            &["A", "B"],
            &["1", "2", "3"],
            want,
        );
        check("sep=;\n\"unit\";\"A\";\"B\"\n1;1;2\n2;;3\n3;;\n", None, &["A", "B"], &["1", "2", "3"], want);
        check("unit,A,B,\n1,1,2,\n2,,3,\n,*,*,\n\n", None, &["A", "B"], &["1", "2", "3"], want);
    }

    #[test]
    fn cells_with_separators_and_quotation_marks() {
        let text = "unit,A,B\n\"x, y\",\"said \"\"no\"\"\",no\nz,\"a\nb\",a\n";
        check(text, None, &["A", "B"], &["x, y", "z"], &[&["said \"no\"", "no"], &["a\nb", "a"]]);
    }

    #[track_caller]
    fn check_bad(text: &str, want: &[&str]) {
        let problems = read("t.csv", text.as_bytes(), None).expect_err("is bad");
        let got: Vec<String> =
            problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn what_is_wrong_with_a_table() {
        let long = "1: each row is one rating (`unit`, `coder`, `value`); wanted is a unit a row and a coder a column";
        check_bad("unit,coder,value\nu1,ana,yes\nu1,ben,no\n", &[long]);
        check_bad("coder,unit,value\nana,u1,yes\nana,u2,no\n", &[&long.replace("`unit`, `coder`", "`coder`, `unit`")]);
        check_bad(
            "unit,A,B\n1,2,3\n1,2,3\n1,2,3\n",
            &["3: unit `1` occurs twice, first in line 2", "4: unit `1` occurs twice, first in line 2"],
        );
        check_bad("", &["0: the file is empty"]);
        check_bad("\n\n", &["0: the file has no header"]);
        check_bad("unit,A,B\n", &["0: the table has a header and no rows"]);
        check_bad(
            "id,A\n1,2\n",
            &["1: the first header cell is `id`, which does not say whether units or coders stand in the rows"],
        );
        check_bad(
            "unit,A,A,\n1,2,3,4\n1,2,3,4\n",
            &["1: coder 3 has no name", "1: coder `A` occurs twice", "3: unit `1` occurs twice, first in line 2"],
        );
        check_bad(
            "unit,A,B\n1,2\n2,3,4,5\n",
            &["2: 2 cells where the header has 3", "3: 4 cells where the header has 3"],
        );
        check_bad("unit,A\n1,\"2\n", &["2: a quotation mark is opened and never closed"]);
        check_bad("unit\n1\n", &["1: the table has one column, so there is nothing beside the names"]);
    }

    #[track_caller]
    fn check_categories(
        text: &str,
        level: Measurement,
        order: Option<&[&str]>,
        names: &[&str],
        values: &[f64],
        units: &[&[i64]],
    ) {
        let order: Option<Vec<String>> = order.map(|o| o.iter().map(|n| (*n).to_owned()).collect());
        let found =
            read("t.csv", text.as_bytes(), None).expect("reads").categories(level, order.as_deref()).expect("fits");
        assert_eq!(found.names, names);
        assert_eq!(found.values, values);
        let got: Vec<Vec<i64>> =
            found.units.iter().map(|r| r.iter().map(|c| c.map_or(-1, i64::from)).collect()).collect();
        assert_eq!(got, units);
    }

    #[test]
    fn categories_and_their_values() {
        use Measurement::{Interval, Nominal, Ordinal, Ratio};
        check_categories(
            "unit,A,B\n1,10,1.0\n2,1,NA\n",
            Nominal,
            None,
            &["1", "10"],
            &[1.0, 10.0],
            &[&[1, 0], &[0, -1]],
        );
        check_categories(
            "unit;A;B\n1;1,5;-2\n2;1.5;1e1\n",
            Interval,
            None,
            &["-2", "1,5", "10".replace("10", "1e1").as_str()],
            &[-2.0, 1.5, 10.0],
            &[&[1, 0], &[1, 2]],
        );
        check_categories(
            "unit,A,B\n1,no,yes\n2,No,yes\n",
            Nominal,
            None,
            &["No", "no", "yes"],
            &[0.0, 1.0, 2.0],
            &[&[1, 2], &[0, 2]],
        );
        check_categories(
            "unit,A,B\n1,low,high\n2,low,\n",
            Ordinal,
            Some(&["low", "middle", "high"]),
            &["low", "middle", "high"],
            &[0.0, 1.0, 2.0],
            &[&[0, 2], &[0, -1]],
        );
        check_categories("unit,A,B\n1,-0,0\n2,2,\"2\"\n", Ratio, None, &["0", "2"], &[0.0, 2.0], &[&[0, 0], &[1, 1]]);
    }

    #[test]
    fn values_that_do_not_fit_the_level() {
        let table = read("t.csv", b"unit,A,B\n1,low,2\n2,inf,\"1,000\"\n", None).expect("reads");
        let lines = |p: &Problems| -> Vec<String> {
            p.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect()
        };
        let problems = table.categories(Measurement::Interval, None).expect_err("is bad");
        assert_eq!(
            lines(&problems),
            [
                "2: unit `1`, coder `A`: `low` is no number, and the level interval needs numbers",
                "3: unit `2`, coder `A`: `inf` is no number, and the level interval needs numbers",
                "3: unit `2`, coder `B`: `1,000` is no number, and the level interval needs numbers",
            ]
        );
        let order = ["2".to_owned(), "low".to_owned()];
        let problems = table.categories(Measurement::Ordinal, Some(&order)).expect_err("is bad");
        assert_eq!(
            lines(&problems),
            [
                "3: unit `2`, coder `A`: `inf` is not in the setting order",
                "3: unit `2`, coder `B`: `1,000` is not in the setting order"
            ]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), body in "[\"a,;\t*.\\r\\n0-9]{0,60}") {
            for rows in [Orientation::UnitsInRows, Orientation::UnitsInColumns] {
                for bytes in [bytes.as_slice(), body.as_bytes(), format!("unit,A,B\n{body}").as_bytes()] {
                    if let Ok(table) = read("t.csv", bytes, Some(rows)) {
                        prop_assert!(table.cells.iter().all(|r| r.len() == table.coders.len()));
                        prop_assert_eq!(table.cells.len(), table.units.len());
                        for level in Measurement::ALL {
                            let _ = table.categories(level, None);
                        }
                    }
                }
            }
        }
    }
}
