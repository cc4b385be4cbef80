//! Who signed and joined a treaty, and when: tables as the United Nations Treaty Collection prints them, tables with
//! ISO dates or years alone, and long tables of several treaties.

use super::{dates, state};
use crate::grid::Row;
use crate::grid::{Found, Grid, is_blank, no_header};
use crate::study::{Problem, Problems};
use nomoscope_core::date::PartialDate;
use nomoscope_core::problem::{Remedy, Slot};
use nomoscope_core::reach::adoption::{Participant, Treaty, Way};
use nomoscope_core::reach::states::{States, end_of, start_of};
use std::collections::BTreeMap;

/// Columns that hold a code, then those that hold a name: a code cannot be misspelt.
const CODES: &[&str] = &["iso3", "iso3_code", "iso", "iso_code", "iso3c", "country_code", "code"];
const NAMES: &[&str] = &[
    "participant",
    "state",
    "state party",
    "country",
    "country name",
    "countryname",
    "country_name",
    "party",
    "name",
    "member state",
    "entity",
];
const TREATIES: &[&str] = &["treaty", "convention", "instrument", "treaty_name"];
/// Words with which the name of a column of signatures begins.
const SIGNED: &[&str] = &["signature", "signed", "date of signature", "signing"];
/// Words that the name of a column of joining holds.
const JOINED: &[&str] = &[
    "ratif",
    "accession",
    "acceded",
    "acceptance",
    "accepted",
    "approval",
    "approved",
    "succession",
    "joined",
    "adopted",
    "adhesion",
    "bound",
    "start_year",
    "entry into force",
    "consent",
    "confirmation",
    "notification",
    "definitive",
];
/// Words that the name of a column of leaving holds: such a column is none of joining, whatever else it holds.
const LEFT: &[&str] = &["withdr", "denunciation", "denounced", "left"];
/// Names that will do where no other column is one of joining.
const DATES: &[&str] = &["date", "year", "joined_year", "year_joined"];

/// Where things stand in a table.
struct Columns {
    codes: Vec<usize>,
    treaty: Option<usize>,
    signed: Vec<usize>,
    joined: Vec<usize>,
    left: Vec<usize>,
}

/// Returns the place of every column that names or codes a state, codes first.
pub(super) fn state_columns(header: &[String]) -> Vec<usize> {
    let lower: Vec<String> = header.iter().map(|c| c.to_lowercase()).collect();
    let find = |names: &'static [&'static str]| {
        names.iter().filter_map(|name| lower.iter().position(|c| c == name)).collect::<Vec<_>>()
    };
    let mut found = find(CODES);
    found.truncate(1);
    found.extend(find(NAMES).into_iter().take(1));
    found
}

impl Columns {
    fn of(header: &[String]) -> Option<Self> {
        let codes = state_columns(header);
        if codes.is_empty() {
            return None;
        }
        let lower: Vec<String> = header.iter().map(|c| c.trim().to_lowercase()).collect();
        let all = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..lower.len()).filter(|i| !codes.contains(i)).filter(|&i| lower.get(i).is_some_and(|c| is(c))).collect()
        };
        let signed = all(&|c| SIGNED.iter().any(|w| c.starts_with(w)));
        let treaty = TREATIES.iter().find_map(|name| lower.iter().position(|c| c == name));
        let left = all(&|c| LEFT.iter().any(|w| c.contains(w)));
        let mut joined: Vec<usize> = all(&|c| JOINED.iter().any(|w| c.contains(w)));
        joined.retain(|i| !signed.contains(i) && !left.contains(i) && Some(*i) != treaty);
        if joined.is_empty() {
            joined = all(&|c| DATES.contains(&c)).into_iter().take(1).collect();
        }
        (!joined.is_empty()).then_some(Self { codes, treaty, signed, joined, left })
    }

    /// Returns the names of the columns that are none of these; one that only names a state in other words tells nothing more.
    fn unread(&self, header: &[String]) -> Vec<String> {
        let read = [&self.codes, &self.signed, &self.joined, &self.left].into_iter().flatten().chain(&self.treaty);
        let read: Vec<usize> = read.copied().collect();
        let names_a_state = |name: &str| [CODES, NAMES].concat().contains(&name.to_lowercase().as_str());
        let names = header.iter().map(|name| name.trim()).enumerate();
        let unread = names.filter(|(at, name)| !read.contains(at) && !name.is_empty() && !names_a_state(name));
        unread.map(|(_, name)| name.to_owned()).collect()
    }
}

/// Returns the treaties of a table, in the order in which they come; `name` names the one of a table that names none.
///
/// # Errors
/// Everything that is wrong with the table, by row: unknown states, a state twice, dates that are none or lie after `today`.
pub fn treaties(grid: &Grid, states: &States, name: &str, today: PartialDate) -> Result<Vec<Treaty>, Problems> {
    let Some(found) = grid.below(|row| Columns::of(&row.cells).is_some()) else {
        return Err(missing(grid).into());
    };
    let Some(columns) = Columns::of(&found.header.cells) else { return Err(missing(grid).into()) };
    let mut problems = Problems::new();
    found.check_widths(&grid.file, &mut problems);
    let mut reader = Reader { file: &grid.file, states, today, problems: Vec::new() };
    let mut all: Vec<Treaty> = Vec::new();
    let mut seen: BTreeMap<(String, String), (u32, String)> = BTreeMap::new();
    for row in found.rows {
        let Some(who) = reader.who(&found, row, &columns.codes) else { continue };
        let of = columns.treaty.map_or(name, |c| found.cell(row, c));
        let of = if of.is_empty() { name } else { of };
        let written = columns.codes.last().map_or("", |c| found.cell(row, *c)).to_owned();
        if let Some((first, before)) = seen.get(&(of.to_owned(), who.iso3.clone())) {
            let reason = if *before == written {
                format!("`{written}` is there twice, first in row {first}")
            } else {
                format!("`{written}` is the same state as `{before}` in row {first}")
            };
            let problem = Problem::new(&grid.file, reason).at(row.line);
            reader.problems.push(problem.hint("leave one row; a state that left and came back has its latest date"));
            continue;
        }
        seen.insert((of.to_owned(), who.iso3.clone()), (row.line, written));
        let participant = reader.participant(&found, row, &columns, who);
        match all.iter_mut().find(|t| t.name == of) {
            Some(treaty) => treaty.participants.push(participant),
            None => {
                let unread = columns.unread(&found.header.cells);
                all.push(Treaty { name: of.to_owned(), participants: vec![participant], unread });
            }
        }
    }
    problems.extend(reader.problems.into_iter().collect());
    if problems.is_empty() && all.iter().all(|t| t.opened().is_none()) {
        problems.push(Problem::new(&grid.file, "no row has a date").hint("check that the right columns were found"));
    }
    problems.or(all)
}

fn missing(grid: &Grid) -> Problem {
    let has_state = grid.below(|row| !state_columns(&row.cells).is_empty()).is_some();
    let hint = "a table of adoption has a column `state` or `iso3`, and one such as `ratification`, `joined` or `date`";
    no_header(grid, if has_state { "the date of joining" } else { "the state" }, hint)
}

struct Reader<'r> {
    file: &'r str,
    states: &'r States,
    today: PartialDate,
    problems: Vec<Problem>,
}

impl<'r> Reader<'r> {
    /// Returns the state of a row; the code counts, and a name beside it only where there is no code.
    fn who(
        &mut self,
        found: &Found<'_>,
        row: &Row,
        columns: &[usize],
    ) -> Option<&'r nomoscope_core::reach::states::State> {
        let written = columns.iter().map(|c| found.cell(row, *c)).find(|cell| !is_blank(cell));
        let Some(written) = written else {
            self.problems.push(Problem::new(self.file, "no state is named").at(row.line));
            return None;
        };
        state(self.states, self.file, row.line, written).map_err(|p| self.problems.push(p)).ok()
    }

    fn participant(
        &mut self,
        found: &Found<'_>,
        row: &Row,
        columns: &Columns,
        who: &nomoscope_core::reach::states::State,
    ) -> Participant {
        let signed = self.earliest(found, row, &columns.signed).map(|d| d.date);
        let joined = self.earliest(found, row, &columns.joined);
        let left = self.earliest(found, row, &columns.left).map(|d| d.date);
        if let (Some(joined), Some(ended)) = (joined, who.ended)
            && start_of(joined.date) >= ended
        {
            let reason = format!("{} was no more from {ended}, and cannot have joined on {}", who.name, joined.date);
            self.problems.push(Problem::new(self.file, reason).at(row.line).hint("name the state that came after it"));
        }
        if let Some(left) = left
            && joined.is_none_or(|j| end_of(left) < start_of(j.date))
        {
            let reason = format!("{} left on {left}, and had not joined before", who.name);
            let hint = "a state that left and came back has its latest date of joining, and none of leaving";
            self.problems.push(Problem::new(self.file, reason).at(row.line).hint(hint));
        }
        Participant {
            iso3: who.iso3.clone(),
            kind: who.kind,
            since: self.states.acts_since(who),
            ended: who.ended,
            signed,
            joined: joined.map(|d| d.date),
            way: joined.map_or(Way::Ratification, |d| d.way),
            left,
        }
    }

    fn earliest(&mut self, found: &Found<'_>, row: &Row, columns: &[usize]) -> Option<dates::Dated> {
        let mut all = Vec::new();
        for &column in columns {
            match dates::read(found.cell(row, column)) {
                Ok(Some(dated)) if start_of(dated.date) > self.today => {
                    let reason = format!("{} lies in the future: today is {}", dated.date, self.today);
                    let problem = Problem::new(self.file, reason).at(row.line);
                    self.problems.push(
                        problem.hint(Remedy::with("check the year; `{}` sets another day", [Slot::setting("today")])),
                    );
                }
                Ok(dated) => all.extend(dated),
                Err(error) => {
                    self.problems.push(Problem::new(self.file, error.to_string()).at(row.line).hint(error.hint()))
                }
            }
        }
        all.into_iter().min_by_key(|d| start_of(d.date))
    }
}
