//! Tables of lists: who, or how many, are on which lists (separated values, workbooks).
//!
//! One row a history with a count, or one row a person. What a column is, is told by its name and its cells, and every
//! guess is said in [`ListTable::notes`]: a count column by its name or by numbers above 1, a list by cells that tell presence. A
//! column that is neither (a number of the case, an age) is left out. Nothing is dropped silently.

use crate::grid;
use crate::study::{Problem, Problems};
use crate::{Input, Limits};
use nomoscope_core::problem::{Remedy, Slot, Words};
use nomoscope_core::reach::mse::{Histories, HistoriesError, MAX_LISTS};
use nomoscope_core::spelling::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// Names of a count column in any case, the surest first.
const COUNT_NAMES: &[&str] = &["count", "counts", "frequency", "freq", "n", "y"];
/// Names of a column that numbers the rows, in any case.
const ID_NAMES: &[&str] = &["", "id", "row", "rowname", "rownames", "case", "case_id", "person", "person_id", "index"];
/// What cells say of presence and absence, in lower case; a column is written in one of these ways.
const CODINGS: &[(&[&str], &[&str])] = &[
    (&["1", "1.0"], &["0", "0.0"]),
    (&["obs", "observed"], &["un", "unobs", "unobserved", "not observed"]),
    (&["yes", "y"], &["no", "n"]),
    (&["true", "t"], &["false", "f"]),
    (&["present"], &["absent"]),
    (&["x", "✓", "✔"], &["-", "–"]),
    (&["+"], &["-", "–", "−"]),
    (&["oui"], &["non"]),
    (&["ja"], &["nein"]),
    (&["si", "sí"], &["no"]),
];
/// What stands for no value, in lower case.
const MISSING: &[&str] = &["", "na", "n/a", "nan", "null", "none", ".", "?"];
/// The share of cells that tell presence from which on a column is a list with mistakes, not another column.
const MOSTLY: f64 = 0.5;

/// What the user says of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// The count column; `none`: one row a person.
    pub count: Option<String>,
    /// The list columns; empty: all that look like one.
    pub lists: Vec<String>,
    /// Columns by which persons are told apart.
    pub by: Vec<String>,
}

/// A table of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListTable {
    /// All persons.
    pub histories: Histories,
    /// The column that holds the counts; none: one row a person.
    pub count_column: Option<String>,
    /// Columns by which persons are told apart, in the order asked for.
    pub by: Vec<String>,
    /// By their values in `by`: the histories, or why there are none. Empty without `by`.
    pub strata: BTreeMap<Vec<String>, Result<Histories, Vec<HistoriesError>>>,
    /// Persons by history and stratum before anything is added up.
    pub n_rows: usize,
    /// What was guessed or left out, in words for the user.
    pub notes: Vec<Words>,
}

/// Reads a table of lists.
/// # Errors
/// Everything that is wrong with it, at once.
pub fn read(input: &Input, options: &ListOptions) -> Result<ListTable, Problems> {
    let sheet = Sheet::read(input)?;
    let mut problems = Problems::new();
    let columns = Columns::find(&sheet, options, &mut problems);
    let rows = columns.rows(&sheet, &mut problems);
    let mut notes = sheet.notes.clone();
    notes.extend(columns.notes.iter().cloned());
    notes.extend(rows.notes());
    if columns.lists.len() > MAX_LISTS {
        problems.push(of_histories(input.name, &HistoriesError::TooManyLists { n_lists: columns.lists.len() }));
        return Err(problems);
    }
    let names: Vec<String> = columns.lists.iter().map(|&c| sheet.name(c)).collect();
    let all = rows.strata.values().flatten().map(|(lists, n)| (*lists, *n));
    let histories = match Histories::new(names.clone(), all) {
        Ok(histories) => Some(histories),
        Err(errors) => {
            // Cells that could not be read would make lists look empty or alike.
            let faulty = rows.n_faulty > 0;
            let kept = errors.iter().filter(|e| !faulty || matches!(e, HistoriesError::TooFewLists { .. }));
            kept.for_each(|error| problems.push(of_histories(input.name, error)));
            None
        }
    };
    let Some(histories) = histories else { return Err(problems) };
    let strata = if columns.by.is_empty() {
        BTreeMap::new()
    } else {
        let of = |counts: BTreeMap<u32, u64>| Histories::new(names.clone(), counts);
        rows.strata.into_iter().map(|(key, counts)| (key, of(counts))).collect()
    };
    let count_column = columns.count.map(|c| sheet.name(c));
    let by = columns.by.iter().map(|&c| sheet.name(c)).collect();
    problems.or(ListTable { histories, count_column, by, strata, n_rows: sheet.rows.len(), notes })
}

fn of_histories(file: &str, error: &HistoriesError) -> Problem {
    Problem::new(file, error.to_string()).perhaps(error.hint())
}

/// A header and rows as wide as it.
struct Sheet<'a> {
    file: &'a str,
    header: Vec<String>,
    rows: Vec<(u32, Vec<String>)>,
    notes: Vec<Words>,
}

impl<'a> Sheet<'a> {
    fn read(input: &Input<'a>) -> Result<Self, Problems> {
        let file = input.name;
        let limits = Limits::default();
        let wrong = |reason: &str| Problems::from(Problem::new(file, reason).at(1));
        if input.bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(wrong("the file is empty"));
        }
        let grid = grid::open(input, &limits)?;
        let notes = grid.notes.into_iter().map(Words::from).collect();
        let mut problems = Problems::new();
        let mut all = grid.rows.into_iter().map(|row| (row.line, row.cells));
        let header = all.next().map(|(_, cells)| cells).unwrap_or_default();
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        for (line, cells) in all {
            if cells.len() != header.len() {
                let reason = format!("{} cells where the header has {}", cells.len(), header.len());
                problems.push(Problem::new(file, reason).at(line));
            } else if rows.len() >= limits.max_rows {
                return Err(Problem::new(file, format!("more than {} rows", limits.max_rows)).at(line).into());
            } else {
                rows.push((line, cells));
            }
        }
        Self::check_header(file, &header, &mut problems);
        if rows.is_empty() && problems.is_empty() {
            problems.push(Problem::new(file, "the table has no rows below its header"));
        }
        problems.or(Self { file, header, rows, notes })
    }

    fn check_header(file: &str, header: &[String], problems: &mut Problems) {
        let is_data = |cell: &String| cell.parse::<f64>().is_ok();
        if !header.is_empty() && header.iter().all(is_data) {
            let problem = Problem::new(file, "the first line holds numbers, not names of columns").at(1);
            problems.push(problem.hint("put a line with the names of the lists, and `count`, above it"));
        }
        for (i, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if header.iter().take(i).any(|n| n == name) {
                problems.push(Problem::new(file, format!("the column `{name}` occurs twice")).at(1));
            }
        }
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |(_, cells)| cells.get(column).map_or("", String::as_str))
    }

    fn name(&self, column: usize) -> String {
        match self.header.get(column).map(String::as_str) {
            None | Some("") => format!("column {}", column + 1),
            Some(name) => name.to_owned(),
        }
    }

    /// Returns a column by its name; in another case only if no other fits.
    fn find(&self, name: &str) -> Option<usize> {
        let same = (0..self.header.len()).find(|&c| self.name(c) == name);
        same.or_else(|| (0..self.header.len()).find(|&c| self.name(c).eq_ignore_ascii_case(name)))
    }
}

/// Which column is what.
struct Columns {
    count: Option<usize>,
    by: Vec<usize>,
    lists: Vec<usize>,
    /// List columns in which a blank cell means absence.
    marked: BTreeSet<usize>,
    notes: Vec<Words>,
}

impl Columns {
    fn find(sheet: &Sheet, options: &ListOptions, problems: &mut Problems) -> Self {
        let mut out =
            Self { count: None, by: Vec::new(), lists: Vec::new(), marked: BTreeSet::new(), notes: Vec::new() };
        for name in &options.by {
            out.by.extend(asked(sheet, name, "by", problems).filter(|c| !out.by.contains(c)));
        }
        let named: Vec<usize> = options.lists.iter().filter_map(|name| asked(sheet, name, "lists", problems)).collect();
        for &column in named.iter().filter(|c| out.by.contains(c)) {
            let slots = [sheet.name(column).into(), Slot::setting("by")];
            let reason = Words::with("`{}` is asked for as a list and by {}", slots);
            problems.push(Problem::new(sheet.file, reason).at(1));
        }
        out.count = out.find_count(sheet, options, &named, problems);
        let taken = |c: usize| out.by.contains(&c) || named.contains(&c) || out.count == Some(c);
        let repeated: Vec<usize> = (0..sheet.header.len())
            .filter(|&c| out.count.is_none() && !taken(c) && repeats_persons(sheet, c))
            .collect();
        for &column in &repeated {
            let n = persons_of(sheet, column).collect::<BTreeSet<_>>().len();
            out.notes.push(
                format!(
                    "`{}` names {n} in {} rows: whoever stands in several is counted several times; bring their rows together first",
                    sheet.name(column),
                    sheet.rows.len()
                )
                .into(),
            );
        }
        if named.is_empty() {
            out.find_lists(sheet, &repeated);
        } else {
            out.lists = named.clone();
            out.lists.dedup();
        }
        for &column in &out.lists {
            let is_absent = |cell: &str| CODINGS.iter().any(|(_, no)| no.contains(&cell.to_lowercase().as_str()));
            if sheet.cells(column).any(str::is_empty) && !sheet.cells(column).any(is_absent) {
                out.marked.insert(column);
            }
        }
        if !out.marked.is_empty() {
            let names: Vec<String> = out.marked.iter().map(|&c| format!("`{}`", sheet.name(c))).collect();
            out.notes.push(format!("a blank cell is read as not on the list in {}", names.join(", ")).into());
        }
        out
    }

    fn find_count(
        &mut self,
        sheet: &Sheet,
        options: &ListOptions,
        lists: &[usize],
        problems: &mut Problems,
    ) -> Option<usize> {
        match options.count.as_deref() {
            Some(name) if name.eq_ignore_ascii_case("none") && sheet.find(name).is_none() => return None,
            Some(name) => return asked(sheet, name, "count", problems),
            None => {}
        }
        let taken = |c: usize| self.by.contains(&c) || lists.contains(&c);
        let free: Vec<usize> = (0..sheet.header.len()).filter(|&c| !taken(c)).collect();
        let by_name = COUNT_NAMES.iter().find_map(|name| {
            let fits = |c: &&usize| sheet.header.get(**c).is_some_and(|h| h.eq_ignore_ascii_case(name));
            free.iter().find(fits).copied().filter(|&c| sheet.cells(c).any(|cell| number(cell).is_some()))
        });
        if by_name.is_some() {
            return by_name;
        }
        let numeric: Vec<usize> = free.into_iter().filter(|&c| has_numbers_above_one(sheet, c)).collect();
        let (rows, counts): (Vec<usize>, Vec<usize>) = numeric.iter().partition(|&&c| numbers_the_rows(sheet, c));
        for column in rows {
            self.notes.push(format!("`{}` numbers the rows and is left out", sheet.name(column)).into());
        }
        match counts.as_slice() {
            [] => None,
            [only] => {
                self.notes.push(Words::with(
                    "counts are taken from `{}`, the only column with numbers above 1 ({}: one row a person)",
                    [sheet.name(*only).into(), Slot::set("count", "none")],
                ));
                Some(*only)
            }
            several => {
                let names: Vec<String> = several.iter().map(|&c| format!("`{}`", sheet.name(c))).collect();
                let reason = format!("several columns could be the count: {}", names.join(", "));
                let hint = Remedy::with(
                    "name it with {}, or {} if each row is a person",
                    [Slot::set("count", "NAME"), Slot::set("count", "none")],
                );
                problems.push(Problem::new(sheet.file, reason).at(1).hint(hint));
                None
            }
        }
    }

    fn find_lists(&mut self, sheet: &Sheet, persons: &[usize]) {
        let mut others = Vec::new();
        let taken = |c: &usize| Some(*c) == self.count || self.by.contains(c) || persons.contains(c);
        for column in (0..sheet.header.len()).filter(|c| !taken(c)).collect::<Vec<_>>() {
            if sheet.header.get(column).is_some_and(String::is_empty) && sheet.cells(column).all(str::is_empty) {
                continue;
            }
            if is_list(sheet, column) {
                self.lists.push(column);
            } else if !numbers_the_rows(sheet, column) {
                others.push(format!("`{}`", sheet.name(column)));
            }
        }
        if !others.is_empty() {
            let (verb, it) = if others.len() == 1 { ("is no list", "it") } else { ("are no lists", "them") };
            let slots = [others.join(", ").into(), verb.to_owned().into(), Slot::setting("by"), it.to_owned().into()];
            self.notes.push(Words::with("{} {}; {} tells persons apart by {}", slots));
        }
    }

    /// Reads all rows; what is wrong with a cell is told with its line.
    fn rows(&self, sheet: &Sheet, problems: &mut Problems) -> Rows {
        let mut out = Rows::default();
        // Of thousands of faulty cells the first say enough.
        let mut found: Vec<Problem> = Vec::new();
        for (line, cells) in &sheet.rows {
            let cell = |c: usize| cells.get(c).map_or("", String::as_str);
            let wrong = |reason: String| Problem::new(sheet.file, reason).at(*line);
            let n_before = found.len();
            let mut lists = 0_u32;
            for (i, &column) in self.lists.iter().enumerate().take(MAX_LISTS) {
                match presence(cell(column)) {
                    Some(present) => lists |= u32::from(present) << i,
                    None if cell(column).is_empty() && self.marked.contains(&column) => {}
                    None => found.push(no_presence(&sheet.name(column), cell(column), wrong)),
                }
            }
            let count = match self.count {
                None => Ok(1),
                Some(c) if MISSING.contains(&cell(c).to_lowercase().as_str()) && lists == 0 => {
                    // The cell that is to be estimated.
                    continue;
                }
                Some(c) => whole(cell(c)).map_err(|reason| {
                    let problem = wrong(format!("the count in `{}` {reason}", sheet.name(c)));
                    problem.hint("a count is a whole number of persons, 0 or more")
                }),
            };
            match count {
                Err(problem) => found.push(problem),
                Ok(n) if found.len() == n_before => {
                    let value = |c: &usize| match cell(*c) {
                        "" => "(none)".to_owned(),
                        value => value.to_owned(),
                    };
                    if lists == 0 {
                        out.n_unlisted = out.n_unlisted.saturating_add(n);
                    }
                    let stratum = out.strata.entry(self.by.iter().map(value).collect()).or_default();
                    let sum = stratum.entry(lists).or_default();
                    *sum = sum.saturating_add(n);
                }
                Ok(_) => {}
            }
        }
        out.n_faulty = found.len();
        problems.extend(found.into_iter().collect());
        out
    }
}

/// Who a column of ids names, a row each that names anybody; case and spaces at the ends tell nobody apart.
fn persons_of<'s>(sheet: &'s Sheet<'_>, column: usize) -> impl Iterator<Item = String> + 's {
    let names = sheet.cells(column).map(|cell| cell.trim().to_lowercase());
    names.filter(|name| !MISSING.contains(&name.as_str()))
}

/// Returns whether a column names persons, by its name, and some of them more than once.
fn repeats_persons(sheet: &Sheet, column: usize) -> bool {
    let is_id =
        sheet.header.get(column).is_some_and(|h| !h.is_empty() && ID_NAMES.contains(&h.to_lowercase().as_str()));
    let mut seen = BTreeSet::new();
    is_id && !is_list(sheet, column) && !persons_of(sheet, column).all(|person| seen.insert(person))
}

/// What the rows say together.
#[derive(Default)]
struct Rows {
    strata: BTreeMap<Vec<String>, BTreeMap<u32, u64>>,
    /// Persons on no list.
    n_unlisted: u64,
    n_faulty: usize,
}

impl Rows {
    fn notes(&self) -> Option<Words> {
        let (persons, verb) = if self.n_unlisted == 1 { ("person", "is") } else { ("persons", "are") };
        let n = self.n_unlisted;
        (n > 0).then(|| {
            format!("{n} {persons} on no list {verb} not used: how many there are is what is estimated").into()
        })
    }
}

fn asked(sheet: &Sheet, name: &str, setting: &'static str, problems: &mut Problems) -> Option<usize> {
    let found = sheet.find(name);
    if found.is_none() {
        let names: Vec<String> = (0..sheet.header.len()).map(|c| sheet.name(c)).collect();
        let problem = Problem::new(
            sheet.file,
            Words::with("{}: there is no column `{}`", [Slot::setting(setting), name.to_owned().into()]),
        )
        .at(1);
        problems.push(match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => problem.hint(Remedy::nearest(near)),
            None => problem.hint(format!("the columns are {}", names.join(", "))),
        });
    }
    found
}

fn no_presence(column: &str, cell: &str, wrong: impl Fn(String) -> Problem) -> Problem {
    let what = if MISSING.contains(&cell.to_lowercase().as_str()) {
        format!("`{column}` has no value")
    } else {
        format!("`{cell}` in `{column}` is neither presence nor absence")
    };
    wrong(what).hint(Remedy::with(
        "write 1 and 0, obs and un, yes and no, or TRUE and FALSE; {} names the lists if this is none",
        [Slot::set("lists", "A,B")],
    ))
}

fn presence(cell: &str) -> Option<bool> {
    let cell = cell.to_lowercase();
    let of = |words: &[&str]| words.contains(&cell.as_str());
    if CODINGS.iter().any(|(yes, _)| of(yes)) {
        Some(true)
    } else if CODINGS.iter().any(|(_, no)| of(no)) {
        Some(false)
    } else {
        None
    }
}

/// Returns whether the cells of a column tell presence, in one of the ways of writing it.
fn is_list(sheet: &Sheet, column: usize) -> bool {
    let cells: Vec<String> = sheet.cells(column).filter(|c| !c.is_empty()).map(str::to_lowercase).collect();
    let n = |words: &[&str]| cells.iter().filter(|c| words.contains(&c.as_str())).count();
    CODINGS.iter().any(|(yes, no)| {
        let (n_yes, n_no) = (n(yes), n(no));
        let all = n_yes + n_no;
        let mostly = n_yes > 0 && n_no > 0 && all as f64 >= MOSTLY * cells.len() as f64;
        all > 0 && (all == cells.len() || mostly)
    })
}

fn has_numbers_above_one(sheet: &Sheet, column: usize) -> bool {
    let filled = || sheet.cells(column).filter(|c| !MISSING.contains(&c.to_lowercase().as_str()));
    filled().all(|c| number(c).is_some()) && filled().any(|c| number(c).is_some_and(|v| v > 1.0))
}

/// Returns whether a column holds 1, 2, 3 … down the rows, or different numbers under a name like `id`.
fn numbers_the_rows(sheet: &Sheet, column: usize) -> bool {
    let name = sheet.header.get(column).map(|h| h.to_lowercase()).unwrap_or_default();
    let in_order = || sheet.cells(column).enumerate().all(|(i, cell)| cell.parse::<usize>() == Ok(i + 1));
    let distinct = || sheet.cells(column).collect::<BTreeSet<_>>().len() == sheet.rows.len();
    if ID_NAMES.contains(&name.as_str()) {
        distinct() && sheet.rows.len() > 1
    } else {
        sheet.rows.len() > 3 && in_order()
    }
}

/// Returns a number as tables hold it: with a sign, thousands separators or an exponent.
fn number(cell: &str) -> Option<f64> {
    let plain: String = ungrouped(cell).unwrap_or_else(|| cell.to_owned()).replace('−', "-");
    plain.parse::<f64>().ok().filter(|v| v.is_finite() && plain.chars().any(|c| c.is_ascii_digit()))
}

/// Returns a number without its thousands separators, where every group has three digits.
fn ungrouped(cell: &str) -> Option<String> {
    let separators = [',', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];
    let separator = cell.chars().find(|c| separators.contains(c))?;
    let mut groups = cell.split(separator);
    let first = groups.next()?;
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let head = first.trim_start_matches(['-', '−']);
    let fits = (1..=3).contains(&head.len()) && digits(head) && groups.all(|g| g.len() == 3 && digits(g));
    fits.then(|| cell.replace(separator, ""))
}

fn whole(cell: &str) -> Result<u64, String> {
    if MISSING.contains(&cell.to_lowercase().as_str()) {
        return Err("is blank".to_owned());
    }
    match number(cell) {
        None => Err(format!("is no number: `{cell}`")),
        Some(value) if value < 0.0 => Err(format!("is negative: {cell}")),
        Some(value) if value != value.trunc() => Err(format!("is not whole: {cell}")),
        Some(value) if value > 9e15 => Err(format!("is too large: {cell}")),
        Some(value) => Ok(value as u64),
    }
}
