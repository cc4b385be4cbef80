//! Small counts withheld from tables that leave a study: a count of three may tell of somebody.
//!
//! Cell suppression as statistical offices do it (Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley). Primary:
//! a row with a count from 1 to the threshold loses all its numbers, because shares, ratios and expected values of a row tell
//! its counts. Complementary: as many further rows as keep the small count from being computed from totals, which are taken to
//! be known whether they are shown or not: of the table, and of every value of its columns of words. What has a small count by
//! its name in one table is withheld wherever it is named. Rows that are withheld stand last, by name, for their place in an
//! order would tell about how large they are. Where too few rows are there to hide among, a table loses all its numbers.

use nomoscope_core::study::{SMALL, StudyMeta};
use nomoscope_core::table::{Cell, Table};
use nomoscope_figure::Figure;
use std::collections::{BTreeMap, BTreeSet};

/// The most rows of a table of several dimensions in which others are looked for to hide among; larger ones lose all numbers.
const MOST_CROSSED: usize = 1500;
/// The most dimensions of a table.
const MOST_DIMENSIONS: usize = 3;

/// The smallest count that is told, but for 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u64);

impl Threshold {
    /// The usual one: counts under 5 are withheld.
    pub const USUAL: Self = Self(5);

    /// Returns a threshold that is one of [`SMALL`]; none for any other number.
    #[must_use]
    pub fn new(under: u64) -> Option<Self> {
        SMALL.contains(&under).then_some(Self(under))
    }

    /// Returns the threshold that holds where somebody asks for one and a study has one: a study can be told with more care than it
    /// asks for, and not with less.
    #[must_use]
    pub fn of(meta: &StudyMeta, asked: Option<Self>) -> Option<Self> {
        let own = meta.suppress_small.and_then(Self::new);
        asked.into_iter().chain(own).max()
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    fn is_small(self, n: u64) -> bool {
        (1..self.0).contains(&n)
    }

    /// Returns whether a cell tells a small count: itself, as a share of something, or as a number without decimals.
    fn hides(self, cell: &Cell) -> bool {
        match cell {
            Cell::Count(n) => self.is_small(*n),
            Cell::Share { part, whole, .. } => {
                [*part, *whole, whole.saturating_sub(*part)].into_iter().any(|n| self.is_small(n))
            }
            Cell::Number { value, digits: 0 } => value.round() >= 1.0 && value.round() < self.0 as f64,
            _ => false,
        }
    }

    /// Returns whether words hold a small count by itself, as in `poverty 3`.
    fn is_told_in(self, words: &str) -> bool {
        words
            .split(|c: char| !c.is_alphanumeric() && !".,".contains(c))
            .any(|word| word.trim_matches([',', '.']).parse::<u64>().is_ok_and(|n| self.is_small(n)))
    }
}

/// What may leave a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// The tables, and those of the figures, each with what is withheld.
    pub tables: Vec<Table>,
    /// The figures whose data are told in full; a picture of the others would tell what their tables withhold.
    pub figures: Vec<Figure>,
    /// In how many tables something is withheld.
    pub touched: usize,
    /// The titles of figures that are left out.
    pub left_out: Vec<String>,
}

/// Withholds small counts from tables and figures that are told together.
#[must_use]
pub fn release(tables: Vec<Table>, figures: Vec<Figure>, under: Threshold) -> Released {
    let n_tables = tables.len();
    let all: Vec<Table> = tables.into_iter().chain(figures.iter().map(|figure| figure.table.clone())).collect();
    let plans = plans(&all, under);
    let full: Vec<bool> = all.iter().zip(&plans).map(|(table, plan)| is_told_in_full(table, plan, under)).collect();
    let of_figures = full.get(n_tables..).unwrap_or_default();
    let (drawn, left): (Vec<_>, Vec<_>) = figures.into_iter().zip(of_figures).partition(|(_, full)| **full);
    let mut told: Vec<Table> = Vec::new();
    let mut touched = 0;
    for (table, plan) in all.into_iter().zip(&plans) {
        // The data of a figure may be a table of the answer.
        if told.iter().any(|known| known.id == table.id) {
            continue;
        }
        let shown = plan.applied(table, under);
        touched += usize::from(shown.rows.iter().flatten().any(|cell| *cell == Cell::Withheld));
        told.push(shown);
    }
    Released {
        tables: told,
        figures: drawn.into_iter().map(|(figure, _)| figure).collect(),
        touched,
        left_out: left.into_iter().map(|(figure, _)| figure.title).collect(),
    }
}

/// A figure may be drawn where its table has counts, so that it can be judged, and withholds none of them; and where nothing
/// of it counts anything, as in the law.
fn is_told_in_full(table: &Table, plan: &Plan, under: Threshold) -> bool {
    let cells = || table.rows.iter().flatten();
    let counts = cells().any(|cell| matches!(cell, Cell::Count(_)));
    let measures = cells().any(|cell| matches!(cell, Cell::Number { .. } | Cell::Share { .. }));
    let tells = table.rows.iter().any(|row| plan.remarks(row).any(|words| under.is_told_in(words)));
    (counts || !measures) && !tells && plan.withheld.is_empty() && plan.gone.is_empty()
}

/// What is withheld of a table.
struct Plan {
    /// The columns of words that say what a row is about: those before its numbers.
    keys: Vec<usize>,
    kind: Kind,
    /// Rows without numbers.
    withheld: BTreeSet<usize>,
    /// Rows that are left out: of lists, and those that are counted by what is withheld, for people can count, too.
    gone: BTreeSet<usize>,
    /// Whether there were too few rows to hide among.
    is_bare: bool,
}

/// How the rows of a table add up.
enum Kind {
    /// A list of things without numbers: rows about what is withheld are left out.
    List,
    /// Each row is a thing with a name; the rows of a stratum add up to a total that is known.
    Named { names: Vec<usize>, strata: Vec<Vec<usize>> },
    /// Rows stand for combinations; every total over one or several of the dimensions is known.
    Crossed { dimensions: Vec<usize> },
    /// How rows add up cannot be told.
    Unclear,
}

/// Returns what is withheld of each table: more and more, until no table asks for more of another.
fn plans(tables: &[Table], under: Threshold) -> Vec<Plan> {
    let mut plans: Vec<Plan> = tables.iter().map(Plan::of).collect();
    let mut names: BTreeSet<String> = BTreeSet::new();
    loop {
        let before: usize = plans.iter().map(|plan| plan.withheld.len()).sum::<usize>() + names.len();
        for (table, plan) in tables.iter().zip(&mut plans) {
            for (at, row) in table.rows.iter().enumerate() {
                let is_small = row.iter().any(|cell| under.hides(cell));
                if is_small || plan.names_of(row).any(|name| names.contains(&name)) {
                    plan.withheld.insert(at);
                }
            }
            plan.complete(table, under);
            names.extend(plan.withheld_names(table, under));
        }
        if plans.iter().map(|plan| plan.withheld.len()).sum::<usize>() + names.len() == before {
            tables.iter().zip(&mut plans).for_each(|(table, plan)| plan.leave_out(table, &names));
            return plans;
        }
    }
}

impl Plan {
    fn of(table: &Table) -> Self {
        let is_key = |column: &usize| {
            let cells = || table.rows.iter().filter_map(|row| row.get(*column));
            cells().all(|cell| matches!(cell, Cell::Text(_) | Cell::Whole(_) | Cell::Missing(_)))
                && cells().any(|cell| !matches!(cell, Cell::Missing(_)))
        };
        let is_rank = |column: &usize| {
            table.rows.iter().filter_map(|row| row.get(*column)).all(|cell| matches!(cell, Cell::Rank(_)))
        };
        let columns = (0..table.columns.len()).skip_while(is_rank);
        let keys: Vec<usize> = columns.take_while(is_key).collect();
        let has_numbers =
            table.rows.iter().flatten().any(|cell| cell.is_number() && !matches!(cell, Cell::Whole(_) | Cell::Rank(_)));
        let kind = if has_numbers { kind(table, &keys) } else { Kind::List };
        Self { keys, kind, withheld: BTreeSet::new(), gone: BTreeSet::new(), is_bare: false }
    }

    /// Returns the words by which a row is named.
    fn names_of<'t>(&'t self, row: &'t [Cell]) -> impl Iterator<Item = String> + 't {
        let words = self.keys.iter().filter_map(move |c| row.get(*c)).filter(|cell| matches!(cell, Cell::Text(_)));
        words.map(Cell::display).filter(|name| !name.is_empty())
    }

    /// Returns the names of what is withheld, by which it is known elsewhere. Where nothing could be hidden among others, totals
    /// over what a small count is of are withheld, too.
    fn withheld_names(&self, table: &Table, under: Threshold) -> BTreeSet<String> {
        let rows = self.withheld.iter().filter_map(|at| table.rows.get(*at));
        match &self.kind {
            Kind::Named { names, .. } => rows
                .flat_map(|row| names.iter().filter_map(move |c| row.get(*c)))
                .filter(|cell| matches!(cell, Cell::Text(_)))
                .map(Cell::display)
                .collect(),
            _ if self.is_bare => rows
                .filter(|row| row.iter().any(|cell| under.hides(cell)))
                .flat_map(|row| self.names_of(row).collect::<Vec<_>>())
                .collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Leaves out rows of lists about what is withheld, and things that belong to a group that is withheld.
    fn leave_out(&mut self, table: &Table, withheld: &BTreeSet<String>) {
        let groups: Vec<usize> = match &self.kind {
            Kind::List => {
                self.gone = std::mem::take(&mut self.withheld);
                return;
            }
            Kind::Named { names, .. } => self.keys.iter().filter(|key| !names.contains(key)).copied().collect(),
            Kind::Crossed { .. } | Kind::Unclear => return,
        };
        for (at, row) in table.rows.iter().enumerate() {
            let mut of = groups.iter().filter_map(|c| row.get(*c)).filter(|cell| matches!(cell, Cell::Text(_)));
            if of.any(|cell| withheld.contains(&cell.display())) {
                self.gone.insert(at);
            }
        }
    }

    /// Returns the words of a row that do not name it.
    fn remarks<'t>(&'t self, row: &'t [Cell]) -> impl Iterator<Item = &'t str> + 't {
        row.iter().enumerate().filter(move |(at, _)| !self.keys.contains(at)).filter_map(|(_, cell)| match cell {
            Cell::Text(words) => Some(words.as_str()),
            _ => None,
        })
    }

    /// Withholds what would tell what is withheld.
    fn complete(&mut self, table: &Table, under: Threshold) {
        let hidden = match &self.kind {
            Kind::List => return,
            _ if self.withheld.is_empty() => return,
            Kind::Named { strata, .. } => stratified(table, strata, &mut self.withheld, under),
            Kind::Crossed { dimensions } => crossed(table, dimensions, &mut self.withheld, under),
            Kind::Unclear => false,
        };
        if !hidden {
            self.is_bare = true;
            self.withheld = (0..table.rows.len()).collect();
        }
    }

    /// Returns the table without what is withheld.
    fn applied(&self, mut table: Table, under: Threshold) -> Table {
        let rows = std::mem::take(&mut table.rows);
        let (mut shown, mut hidden) = (Vec::new(), Vec::new());
        for (at, row) in rows.into_iter().enumerate().filter(|(at, _)| !self.gone.contains(at)) {
            if self.withheld.contains(&at) {
                hidden.push(self.emptied(row));
            } else {
                shown.push(self.cleared(row, under));
            }
        }
        if !self.withheld.is_empty() {
            // A rank that is missing would tell between which others a row stands.
            shown.iter_mut().flatten().filter(|cell| matches!(cell, Cell::Rank(_))).for_each(|c| *c = Cell::Withheld);
        }
        hidden.sort_by_cached_key(|row| row.iter().map(Cell::display).collect::<Vec<_>>());
        let left_out = !self.gone.is_empty();
        if !hidden.is_empty() || left_out || shown.iter().flatten().any(|cell| *cell == Cell::Withheld) {
            table.notes.retain(|note| !note.contains(|c: char| c.is_ascii_digit()));
            table.notes.extend(notes(under, hidden.len(), left_out));
        }
        table.rows = shown;
        table.rows.extend(hidden);
        table
    }

    /// Returns a row without its numbers, and without words that may hold one.
    fn emptied(&self, row: Vec<Cell>) -> Vec<Cell> {
        let empty = |(at, cell): (usize, Cell)| match cell {
            cell if self.keys.contains(&at) => cell,
            Cell::Text(words) if !words.contains(|c: char| c.is_ascii_digit()) => Cell::Text(words),
            Cell::Missing(why) => Cell::Missing(why),
            _ => Cell::Withheld,
        };
        row.into_iter().enumerate().map(empty).collect()
    }

    /// Returns a row that is told, without words that hold a small count.
    fn cleared(&self, row: Vec<Cell>, under: Threshold) -> Vec<Cell> {
        let clear = |(at, cell): (usize, Cell)| match cell {
            Cell::Text(words) if !self.keys.contains(&at) && under.is_told_in(&words) => Cell::Withheld,
            cell => cell,
        };
        row.into_iter().enumerate().map(clear).collect()
    }
}

fn notes(under: Threshold, hidden: usize, left_out: bool) -> Vec<String> {
    let most = under.get() - 1;
    let mut notes = Vec::new();
    if hidden > 0 {
        let rows = crate::words::counted(hidden, "row stands", "rows stand");
        notes.push(format!(
            "[c]: withheld, because a count from 1 to {most} is among the numbers of the row, or could be computed from them; {rows} last for it, by name."
        ));
    }
    if left_out {
        notes.push("Rows about what is withheld elsewhere are left out.".to_owned());
    }
    notes.push("Remarks that hold numbers are left out.".to_owned());
    notes
}

/// Returns how rows add up.
fn kind(table: &Table, keys: &[usize]) -> Kind {
    let values = |column: usize| -> Vec<String> {
        table.rows.iter().map(|row| row.get(column).map_or_else(String::new, Cell::display)).collect()
    };
    let columns: Vec<(usize, Vec<String>)> = keys.iter().map(|column| (*column, values(*column))).collect();
    let distinct = |values: &[String]| values.iter().collect::<BTreeSet<_>>().len();
    let n = table.rows.len();
    let names: Vec<usize> = columns.iter().filter(|(_, v)| distinct(v) == n).map(|(c, _)| *c).collect();
    if !names.is_empty() {
        let groups = columns.iter().filter(|(_, v)| distinct(v) > 1 && distinct(v) <= n / 2);
        let groups: Vec<&Vec<String>> = groups.map(|(_, v)| v).collect();
        let mut strata: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for at in 0..n {
            let stratum = groups.iter().filter_map(|v| v.get(at)).map(String::as_str).collect();
            strata.entry(stratum).or_default().push(at);
        }
        return Kind::Named { names, strata: strata.into_values().collect() };
    }
    let dimensions = dimensions(&columns);
    let combinations: BTreeSet<Vec<&String>> = (0..n)
        .map(|at| columns.iter().filter(|(c, _)| dimensions.contains(c)).filter_map(|(_, v)| v.get(at)).collect())
        .collect();
    let fits = !dimensions.is_empty() && dimensions.len() <= MOST_DIMENSIONS && n <= MOST_CROSSED;
    if fits && combinations.len() == n { Kind::Crossed { dimensions } } else { Kind::Unclear }
}

/// Returns the columns that no other one settles: the label of a concept says no more than its id.
fn dimensions(columns: &[(usize, Vec<String>)]) -> Vec<usize> {
    let settles = |one: &[String], other: &[String]| {
        let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
        one.iter().zip(other).all(|(a, b)| *seen.entry(a).or_insert(b) == b)
    };
    let mut kept: Vec<&(usize, Vec<String>)> = Vec::new();
    for column in columns {
        if kept.iter().any(|(_, known)| settles(known, &column.1)) {
            continue;
        }
        kept.retain(|(_, known)| !settles(&column.1, known));
        kept.push(column);
    }
    kept.into_iter().map(|(c, _)| *c).collect()
}

/// Returns what a cell adds to the total of its column; none where it counts nothing.
fn counted(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Count(n) => Some(*n),
        Cell::Share { part, .. } => Some(*part),
        Cell::Number { value, digits: 0 } if *value >= 0.0 => Some(value.round() as u64),
        _ => None,
    }
}

fn size(row: &[Cell]) -> u64 {
    row.iter().filter_map(counted).fold(0, u64::saturating_add)
}

/// Withholds further rows of each stratum in which something is withheld: at least two, that come to at least the threshold
/// in every column with a small count, so that the small one can be anything from 0 to the threshold. Returns whether each
/// stratum has enough of them.
fn stratified(table: &Table, strata: &[Vec<usize>], withheld: &mut BTreeSet<usize>, under: Threshold) -> bool {
    let row = |at: &usize| table.rows.get(*at).map_or(&[][..], Vec::as_slice);
    for stratum in strata {
        let mut rest: Vec<usize> = stratum.iter().copied().filter(|at| !withheld.contains(at)).collect();
        if rest.len() == stratum.len() {
            continue;
        }
        rest.sort_by_key(|at| (size(row(at)), *at));
        let mut rest = rest.into_iter();
        loop {
            let hidden: Vec<&[Cell]> = stratum.iter().filter(|at| withheld.contains(*at)).map(row).collect();
            if hidden.len() > 1 && (0..table.columns.len()).all(|column| is_covered(&hidden, column, under)) {
                break;
            }
            let Some(next) = rest.next() else { return false };
            withheld.insert(next);
        }
    }
    true
}

/// Returns whether what is withheld of a column comes to the threshold, if a small count is among it.
fn is_covered(hidden: &[&[Cell]], column: usize, under: Threshold) -> bool {
    let cells = || hidden.iter().filter_map(|row| row.get(column));
    let sum = cells().filter_map(counted).fold(0, u64::saturating_add);
    sum >= under.get() || !cells().any(|cell| under.hides(cell))
}

/// Withholds the corners of a box for each small count: adding one to every other corner and taking one from the rest leaves
/// all totals as they are, so that the count can be another. Returns whether each has such a box.
fn crossed(table: &Table, dimensions: &[usize], withheld: &mut BTreeSet<usize>, under: Threshold) -> bool {
    let name = |row: &[Cell]| -> Vec<String> {
        dimensions.iter().map(|c| row.get(*c).map_or_else(String::new, Cell::display)).collect()
    };
    let names: Vec<Vec<String>> = table.rows.iter().map(|row| name(row)).collect();
    let places: BTreeMap<&Vec<String>, usize> = names.iter().zip(0..).collect();
    let mut open: Vec<usize> = withheld.iter().copied().collect();
    while let Some(at) = open.pop() {
        let Some(row) = table.rows.get(at) else { continue };
        let small = (0..row.len()).filter(|c| row.get(*c).is_some_and(|cell| under.hides(cell)));
        for column in small {
            let boxes = (0..names.len()).filter_map(|other| corners(&names, &places, at, other));
            let moves = boxes.filter(|corners| can_move(table, corners, column));
            let cost = |corners: &Vec<usize>| {
                let new = corners.iter().filter(|c| !withheld.contains(*c));
                new.filter_map(|c| table.rows.get(*c)).map(|row| 1 + size(row)).fold(0, u64::saturating_add)
            };
            let Some(best) = moves.min_by_key(|corners| (cost(corners), corners.clone())) else { return false };
            open.extend(best.iter().copied().filter(|corner| withheld.insert(*corner)));
        }
    }
    true
}

/// Returns the corners of the box between two rows, where all of them are there: those that gain or lose with the first one
/// at even places.
fn corners(
    names: &[Vec<String>],
    places: &BTreeMap<&Vec<String>, usize>,
    at: usize,
    other: usize,
) -> Option<Vec<usize>> {
    let (one, two) = (names.get(at)?, names.get(other)?);
    if one.iter().zip(two).any(|(a, b)| a == b) {
        return None;
    }
    let mut sides: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    for mask in 0..1usize << one.len() {
        let pick = |(i, (a, b)): (usize, (&String, &String))| if (mask >> i) & 1 == 0 { a.clone() } else { b.clone() };
        let corner: Vec<String> = one.iter().zip(two).enumerate().map(pick).collect();
        sides.get_mut(mask.count_ones() as usize % 2)?.push(*places.get(&corner)?);
    }
    let [gain, lose] = sides;
    Some(gain.into_iter().zip(lose).flat_map(|(g, l)| [g, l]).collect())
}

/// Returns whether one can be taken from every other corner.
fn can_move(table: &Table, corners: &[usize], column: usize) -> bool {
    let value = |at: &usize| table.rows.get(*at).and_then(|row| row.get(column)).and_then(counted);
    let takes = |first: usize| corners.iter().skip(first).step_by(2).all(|at| value(at).is_some_and(|n| n > 0));
    corners.iter().all(|at| value(at).is_some()) && (takes(0) || takes(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNDER: Threshold = Threshold::USUAL;

    fn table(id: &str, columns: &[&str], rows: &[(&[&str], &[u64])]) -> Table {
        let mut table = Table::new(id, id, columns);
        for (names, counts) in rows {
            let cells = names.iter().map(|name| Cell::text(*name));
            table.push(cells.chain(counts.iter().map(|n| Cell::Count(*n))).collect());
        }
        table
    }

    fn shown(table: &Table) -> Vec<String> {
        table.rows.iter().map(|row| row.iter().map(Cell::csv).collect::<Vec<_>>().join(" ")).collect()
    }

    fn released(tables: Vec<Table>) -> Vec<Table> {
        release(tables, Vec::new(), UNDER).tables
    }

    /// One small count takes the smallest other one with it: with the total, it alone would be what is missing.
    #[test]
    fn a_small_count_takes_another_row_with_it() {
        let rows: [(&[&str], &[u64]); 4] = [(&["a"], &[40]), (&["b"], &[9]), (&["c"], &[12]), (&["d"], &[3])];
        let found = released(vec![table("t", &["name", "people"], &rows)]);
        assert_eq!(shown(&found[0]), ["a 40", "c 12", "b [c]", "d [c]"]);
        assert!(
            found[0].notes[0].contains("from 1 to 4") && found[0].notes[0].contains("2 rows"),
            "{:?}",
            found[0].notes
        );
        // Zero is nobody, and five are enough.
        let rows: [(&[&str], &[u64]); 2] = [(&["a"], &[0]), (&["b"], &[5])];
        let found = released(vec![table("t", &["name", "people"], &rows)]);
        assert_eq!((shown(&found[0]), found[0].notes.len()), (vec!["a 0".to_owned(), "b 5".to_owned()], 0));
        // Two small ones do not hide each other while their sum is small.
        let rows: [(&[&str], &[u64]); 3] = [(&["a"], &[1]), (&["b"], &[2]), (&["c"], &[50])];
        let found = released(vec![table("t", &["name", "people"], &rows)]);
        assert_eq!(shown(&found[0]), ["a [c]", "b [c]", "c [c]"]);
    }

    /// Shares, ranks, remarks and numbers without decimals tell counts, too.
    #[test]
    fn what_tells_a_count_goes_with_it() {
        let mut t = Table::new("t", "T", &["rank", "name", "n", "ratio", "year", "remark"]);
        for (rank, name, n) in [(1, "a", 90), (2, "b", 30), (3, "c", 8), (4, "d", 2)] {
            let remark = if name == "a" { "hunger 3" } else { "none" };
            t.push(vec![
                Cell::Rank(rank),
                Cell::text(name),
                Cell::Count(n),
                Cell::number(n as f64 / 130.0, 3),
                Cell::Whole(1999),
                Cell::text(remark),
            ]);
        }
        t.notes = vec!["130 in all.".to_owned(), "What it means.".to_owned()];
        let found = released(vec![t]).remove(0);
        let want = [
            "[c] a 90 0.6923076923076923 1999 [c]",
            "[c] b 30 0.23076923076923078 1999 none",
            "[c] c [c] [c] [c] none",
            "[c] d [c] [c] [c] none",
        ];
        assert_eq!(shown(&found), want);
        assert_eq!(found.notes[0], "What it means.");
        let mut t = Table::new("t", "T", &["measure", "all"]);
        for (measure, part) in [("kept", 997), ("lost", 3), ("half", 500)] {
            t.push(vec![Cell::text(measure), Cell::share(part, 1000, 3, "none")]);
        }
        let found = released(vec![t]).remove(0);
        assert_eq!(shown(&found), ["half 0.5", "kept [c]", "lost [c]"], "997 of 1000 are all but three");
        for (value, hidden) in [(3.0, true), (0.4, false), (5.0, false)] {
            assert_eq!(UNDER.hides(&Cell::number(value, 0)), hidden, "{value}");
        }
        assert!(!UNDER.hides(&Cell::number(3.0, 1)));
    }

    #[test]
    fn what_is_withheld_is_withheld_wherever_it_is_named() {
        let all: [(&[&str], &[u64]); 4] = [(&["a"], &[40]), (&["b"], &[30]), (&["c"], &[20]), (&["d"], &[3])];
        let pairs: [(&[&str], &[u64]); 3] = [(&["a", "b"], &[25]), (&["a", "d"], &[0]), (&["b", "d"], &[9])];
        let tables = vec![
            table("pairs", &["one", "two", "n"], &pairs),
            table("list", &["name", "where"], &[(&["d", "here"], &[]), (&["a", "there"], &[])]),
            table("all", &["name", "n"], &all),
        ];
        let found = released(tables);
        assert_eq!(shown(&found[0]), ["a b 25", "a d [c]", "b d [c]"]);
        assert_eq!(shown(&found[1]), ["a there"]);
        assert_eq!(shown(&found[2]), ["a 40", "b 30", "c [c]", "d [c]"]);
    }

    #[test]
    fn words_are_read_for_small_numbers_alone() {
        for (words, told) in
            [("hunger 3", true), ("3, 40", true), ("1990-1999", false), ("30 of 50", false), ("0.3", false)]
        {
            assert_eq!(UNDER.is_told_in(words), told, "{words}");
        }
        assert_eq!(Threshold::new(1), None);
        assert_eq!(Threshold::new(5), Some(UNDER));
    }

    /// Numbers from a seed.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }
    }

    /// What somebody knows who has the tables: of each cell of the long table its value or nothing, and sums of cells.
    struct Known {
        cells: Vec<Option<u64>>,
        sums: Vec<(Vec<usize>, u64)>,
    }

    impl Known {
        /// Returns whether the cells could be these and others: whether any filling has another value of what is asked.
        fn leaves_open(&self, asked: &[usize], value: u64) -> bool {
            let mut cells = self.cells.clone();
            self.other(&mut cells, 0, asked, value)
        }

        fn other(&self, cells: &mut Vec<Option<u64>>, from: usize, asked: &[usize], value: u64) -> bool {
            let room = |cells: &[Option<u64>], at: usize| {
                let of = self.sums.iter().filter(|(members, _)| members.contains(&at));
                of.map(|(members, sum)| sum.checked_sub(members.iter().filter_map(|m| cells[*m]).sum())).min().flatten()
            };
            let Some(at) = (from..cells.len()).find(|at| cells[*at].is_none()) else {
                let fits = self.sums.iter().all(|(m, sum)| m.iter().filter_map(|m| cells[*m]).sum::<u64>() == *sum);
                return fits && asked.iter().filter_map(|m| cells[*m]).sum::<u64>() != value;
            };
            let Some(most) = room(cells, at) else { return false };
            for n in (0..=most.min(40)).rev() {
                cells[at] = Some(n);
                let fits = self.sums.iter().all(|(m, sum)| {
                    let known: u64 = m.iter().filter_map(|m| cells[*m]).sum();
                    if m.iter().all(|m| cells[*m].is_some()) { known == *sum } else { known <= *sum }
                });
                if fits && self.other(cells, at + 1, asked, value) {
                    return true;
                }
            }
            cells[at] = None;
            false
        }
    }

    /// A long table with the totals over each of its dimensions, told together: nobody can compute a small count of any of them
    /// from all that is shown, with the sum of everything known besides.
    #[test]
    fn no_small_count_can_be_computed() {
        let mut chance = Chance(7);
        let mut hidden = 0;
        for _ in 0..100 {
            let (n_a, n_b) = (2 + chance.below(3) as usize, 1 + chance.below(3) as usize);
            let mut cells: Vec<(String, String, u64)> = Vec::new();
            for a in 0..n_a {
                for b in 0..n_b {
                    // Some combinations do not occur.
                    if chance.below(6) > 0 {
                        let n = if chance.below(3) == 0 { chance.below(5) } else { 5 + chance.below(7) };
                        cells.push((format!("a{a}"), format!("b{b}"), n));
                    }
                }
            }
            hidden += check(&cells);
        }
        assert!(hidden > 150, "{hidden} small counts were looked for");
    }

    /// Returns how many small counts there are.
    fn check(cells: &[(String, String, u64)]) -> usize {
        let mut long = Table::new("long", "Long", &["a", "b", "n"]);
        cells.iter().for_each(|(a, b, n)| long.push(vec![Cell::text(a), Cell::text(b), Cell::Count(*n)]));
        let margin = |id: &str, of: &dyn Fn(&(String, String, u64)) -> String| {
            let mut sums: BTreeMap<String, u64> = BTreeMap::new();
            cells.iter().for_each(|cell| *sums.entry(of(cell)).or_default() += cell.2);
            let mut table = Table::new(id, id, &[id, "n"]);
            sums.into_iter().for_each(|(name, n)| table.push(vec![Cell::Text(name), Cell::Count(n)]));
            table
        };
        let tables = vec![long, margin("by-a", &|c| c.0.clone()), margin("by-b", &|c| c.1.clone())];
        let before = tables.clone();
        let after = released(tables);
        let place = |table: &Table, names: &[String]| -> Option<u64> {
            let row = table.rows.iter().find(|row| names.iter().zip(*row).all(|(name, cell)| cell.csv() == *name))?;
            row.last()?.whole()
        };
        let mut known = Known {
            cells: cells.iter().map(|(a, b, _)| place(&after[0], &[a.clone(), b.clone()])).collect(),
            sums: vec![((0..cells.len()).collect(), cells.iter().map(|c| c.2).sum())],
        };
        let mut asked: Vec<(Vec<usize>, u64, String)> = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            asked.push((vec![i], cell.2, format!("{} {}", cell.0, cell.1)));
        }
        for table in [1, 2] {
            for row in &before[table].rows {
                let name = row[0].csv();
                let members: Vec<usize> =
                    (0..cells.len()).filter(|i| [&cells[*i].0, &cells[*i].1].contains(&&name)).collect();
                let sum = row[1].whole().unwrap_or_default();
                match place(&after[table], std::slice::from_ref(&name)) {
                    Some(shown) => known.sums.push((members, shown)),
                    None => asked.push((members, sum, name)),
                }
            }
        }
        let total: u64 = cells.iter().map(|c| c.2).sum();
        let mut n = 0;
        for (members, value, name) in &asked {
            // The sum of everything is known: where it is small, so is what stands alone in it.
            if !UNDER.is_small(*value) || *value == total {
                continue;
            }
            n += 1;
            assert!(members.iter().any(|m| known.cells[*m].is_none()), "{name} is {value} in {cells:?}: {after:?}");
            assert!(known.leaves_open(members, *value), "{name} can only be {value} in {cells:?}: {after:?}");
        }
        n
    }
}
