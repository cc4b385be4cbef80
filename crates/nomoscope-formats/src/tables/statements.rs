//! Statements of actors: who took which stance on which concept, in which document, when.
//!
//! One statement a row, as discourse network tools export them. Which column is which is told by its name, or by the caller.

use super::{Delimited, hint_of_names, number};
use crate::study::{Problem, Problems};
use nomoscope_core::date::{PartialDate, without_time};
use nomoscope_core::problem::{Remedy, Slot};
use nomoscope_core::usage::discourse::{ActorStatement, Qualifier};
use std::collections::{BTreeMap, BTreeSet};

/// Wrong cells that are listed before the rest is left out.
const MAX_LISTED: usize = 1000;

/// Names of the columns; where none is given the usual ones are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Who said it: actor, organization, organisation, person, speaker.
    pub actor: Option<String>,
    /// Of what: concept, category, claim.
    pub concept: Option<String>,
    /// For or against: stance, agreement, qualifier, polarity.
    pub stance: Option<String>,
    /// In which document: document, source, doc, title, path.
    pub document: Option<String>,
    /// When: date, time, year.
    pub date: Option<String>,
    /// What sort of statement: type.
    pub kind: Option<String>,
}

/// (what, usual names, whether it must be there).
const USUAL: [(&str, &[&str], bool); 6] = [
    ("actor", &["actor", "organization", "organisation", "person", "speaker"], true),
    ("concept", &["concept", "category", "claim"], true),
    ("stance", &["stance", "agreement", "qualifier", "polarity"], false),
    ("document", &["document", "source", "document_id", "doc", "title", "path"], false),
    ("date", &["date", "time", "year"], false),
    ("type", &["type", "statement_type"], false),
];

/// Words that a boolean stance is written with, and what they mean.
const YES_NO: [(&str, i64); 16] = [
    ("1", 1),
    ("true", 1),
    ("yes", 1),
    ("agree", 1),
    ("pro", 1),
    ("for", 1),
    ("+", 1),
    ("positive", 1),
    ("0", 0),
    ("false", 0),
    ("no", 0),
    ("disagree", 0),
    ("con", 0),
    ("against", 0),
    ("-", 0),
    ("negative", 0),
];

/// Statements with the names of what they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statements {
    /// Names of actors, in order; a statement has the place in this list.
    pub actors: Vec<String>,
    /// Names of concepts, in order.
    pub concepts: Vec<String>,
    /// Names of documents, in order of appearance.
    pub documents: Vec<String>,
    /// Stances as words, where they are.
    pub stances: Vec<String>,
    /// What stances are; none where the table has none.
    pub qualifier: Option<Qualifier>,
    /// The statements, in the order of the table.
    pub statements: Vec<ActorStatement>,
    /// What was left out or guessed, in words for the user.
    pub notes: Vec<String>,
    /// What the columns of the actor and of the concept are called.
    pub called: [String; 2],
}

/// Reads a table of statements; `qualifier` says what stances are where it should not be told from the values.
///
/// Rows without an actor, a concept or, in a table with stances, a stance are left out and counted.
///
/// # Errors
/// Everything that is wrong with the table.
pub fn read(name: &str, bytes: &[u8], columns: &Columns, qualifier: Option<Qualifier>) -> Result<Statements, Problems> {
    of_table(name, &super::read(name, bytes)?, columns, qualifier)
}

/// Returns the statements of a table that was read or made, as [`read`] does; `name` is what messages call it.
///
/// # Errors
/// Everything that is wrong with the table.
pub fn of_table(
    name: &str,
    table: &Delimited,
    columns: &Columns,
    qualifier: Option<Qualifier>,
) -> Result<Statements, Problems> {
    let at = find(name, table, columns)?;
    let [Some(actor), Some(concept), stance, document, date, kind] = at else {
        return Err(Problem::new(name, "no column for the actor or the concept").at(1).into());
    };
    let cell = |row: &'_ [String], at: usize| row.get(at).cloned().unwrap_or_default();
    let full = |row: &[String]| !cell(row, actor).is_empty() && !cell(row, concept).is_empty();
    let said = |row: &[String]| stance.is_none_or(|s| !cell(row, s).is_empty());
    let rows: Vec<&(u32, Vec<String>)> = table.rows.iter().filter(|(_, r)| full(r) && said(r)).collect();
    let mut notes = table.notes.clone();
    if rows.len() < table.rows.len() {
        let n = table.rows.len() - rows.len();
        notes
            .push(format!("{n} of {} rows have no actor, no concept or no stance, and are left out", table.rows.len()));
    }
    if rows.is_empty() {
        return Err(Problem::new(name, "no row has an actor and a concept").into());
    }
    let given: Vec<(u32, String)> =
        stance.map(|s| rows.iter().map(|(line, r)| (*line, cell(r, s))).collect()).unwrap_or_default();
    let mut problems = Problems::new();
    let levels = Levels::new(name, &given, qualifier, &mut problems);
    let names = |at: usize| -> Vec<String> {
        rows.iter().map(|(_, r)| cell(r, at)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let (actors, concepts) = (names(actor), names(concept));
    let kinds = kind.map(names).unwrap_or_default();
    let number_in = |list: &[String], name: &str| list.binary_search_by(|n| n.as_str().cmp(name)).unwrap_or(0) as u32;
    let mut documents = Named::default();
    let mut statements = Vec::new();
    for (place, (line, row)) in rows.iter().enumerate() {
        // Without a column for it each statement stands in a document of its own.
        let document = document.map_or_else(|| format!("row {line}"), |d| cell(row, d));
        statements.push(ActorStatement {
            actor: number_in(&actors, &cell(row, actor)),
            concept: number_in(&concepts, &cell(row, concept)),
            stance: given.get(place).map_or(0, |(_, s)| levels.of(s)),
            document: documents.number(&document),
            date: date.and_then(|d| self::date(name, *line, &cell(row, d), &mut problems)),
            kind: kind.map_or(0, |k| number_in(&kinds, &cell(row, k))),
        });
    }
    if problems.as_slice().len() > MAX_LISTED {
        problems = problems.as_slice().iter().take(MAX_LISTED).cloned().collect();
    }
    let stances = levels.words;
    let qualifier = stance.map(|_| levels.qualifier);
    let called = [actor, concept].map(|at| table.columns.get(at).cloned().unwrap_or_default());
    let documents = documents.names;
    problems.or(Statements { actors, concepts, documents, stances, qualifier, statements, notes, called })
}

/// Returns whether a table has the columns without which it holds no statements: the actor and the concept.
#[must_use]
pub fn has_statements(table: &Delimited, columns: &Columns) -> bool {
    let asked = [&columns.actor, &columns.concept];
    USUAL.iter().zip(asked).all(|((_, usual, _), asked)| match asked {
        Some(asked) => table.column(asked).is_some(),
        None => usual.iter().any(|name| table.column(name).is_some()),
    })
}

/// Finds the columns, in the order of [`USUAL`].
fn find(name: &str, table: &Delimited, columns: &Columns) -> Result<[Option<usize>; 6], Problems> {
    let asked = [&columns.actor, &columns.concept, &columns.stance, &columns.document, &columns.date, &columns.kind];
    let mut problems = Problems::new();
    let mut out = [None; 6];
    for (((what, usual, required), asked), found) in USUAL.into_iter().zip(asked).zip(&mut out) {
        *found = match asked {
            Some(asked) => table.column(asked),
            None => usual.iter().find_map(|n| table.column(n)),
        };
        if found.is_none() && (asked.is_some() || required) {
            let names = table.columns.iter().map(String::as_str);
            let (reason, hint) = match asked {
                Some(asked) => (format!("there is no column `{asked}`"), hint_of_names(asked, names)),
                None => {
                    let columns = names.take(20).collect::<Vec<_>>().join(", ");
                    let slots = [Slot::setting(what), columns.into()];
                    (format!("no column for the {what}"), Remedy::with("name it with {}; the columns are {}", slots))
                }
            };
            problems.push(Problem::new(name, reason).at(1).hint(hint));
        }
    }
    problems.or(out)
}

fn date(file: &str, line: u32, cell: &str, problems: &mut Problems) -> Option<PartialDate> {
    let day = without_time(cell);
    if day.is_empty() || day == "NA" {
        return None;
    }
    match day.parse() {
        Ok(date) => Some(date),
        Err(error) => {
            problems.push(Problem::new(file, format!("{error}")).at(line));
            None
        }
    }
}

#[derive(Default)]
struct Named {
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Named {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// What stances mean.
struct Levels {
    qualifier: Qualifier,
    words: Vec<String>,
}

fn yes_no(cell: &str) -> Option<i64> {
    let cell = cell.to_lowercase();
    YES_NO.iter().find(|(word, _)| *word == cell).map(|(_, level)| *level)
}

fn whole(cell: &str) -> Option<i64> {
    let value = number(cell, false)?;
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}

impl Levels {
    fn new(file: &str, given: &[(u32, String)], asked: Option<Qualifier>, problems: &mut Problems) -> Self {
        let all = |fits: &dyn Fn(&str) -> bool| given.iter().all(|(_, s)| fits(s));
        let boolean = |s: &str| yes_no(s).is_some();
        let integer = |s: &str| whole(s).is_some();
        let qualifier = asked.unwrap_or(if all(&boolean) {
            Qualifier::Boolean
        } else if all(&integer) {
            Qualifier::Integer
        } else {
            Qualifier::Text
        });
        let (fits, want): (&dyn Fn(&str) -> bool, &str) = match qualifier {
            Qualifier::Boolean => (&boolean, "neither for nor against: write 1 or 0, yes or no"),
            Qualifier::Integer => (&integer, "no whole number"),
            Qualifier::Text => (&|_| true, ""),
        };
        for (line, stance) in given.iter().filter(|(_, s)| !fits(s)).take(MAX_LISTED) {
            problems.push(Problem::new(file, format!("the stance `{stance}` is {want}")).at(*line));
        }
        let words: BTreeSet<String> = match qualifier {
            Qualifier::Text => given.iter().map(|(_, s)| s.clone()).collect(),
            _ => BTreeSet::new(),
        };
        Self { qualifier, words: words.into_iter().collect() }
    }

    fn of(&self, cell: &str) -> i64 {
        match self.qualifier {
            Qualifier::Boolean => yes_no(cell).unwrap_or(0),
            Qualifier::Integer => whole(cell).unwrap_or(0),
            Qualifier::Text => self.words.binary_search_by(|w| w.as_str().cmp(cell)).unwrap_or(0) as i64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Statements, Problems> {
        super::read("s.csv", text.as_bytes(), &Columns::default(), None)
    }

    #[test]
    fn a_table_of_statements() {
        let text = "id;organization;Concept;agreement;document;date\n1;B;y;yes;d1;2005-01-26 00:00:00\n2;A;x;no;d2;2005-02\n3;A;;yes;d2;\n4;A;y;yes;d1;NA\n";
        let found = read(text).expect("reads");
        assert_eq!(
            (found.actors, found.concepts, found.documents),
            (
                vec!["A".to_owned(), "B".to_owned()],
                vec!["x".to_owned(), "y".to_owned()],
                vec!["d1".to_owned(), "d2".to_owned()]
            )
        );
        assert_eq!(found.qualifier, Some(Qualifier::Boolean));
        let got: Vec<(u32, u32, i64, u32, Option<String>)> = found
            .statements
            .iter()
            .map(|s| (s.actor, s.concept, s.stance, s.document, s.date.map(|d| d.to_string())))
            .collect();
        assert_eq!(
            got,
            [(1, 1, 1, 0, Some("2005-01-26".to_owned())), (0, 0, 0, 1, Some("2005-02".to_owned())), (0, 1, 1, 0, None)]
        );
        assert_eq!(found.notes, ["1 of 4 rows have no actor, no concept or no stance, and are left out"]);
    }

    #[test]
    fn what_stances_are() {
        let of = |stances: [&str; 3]| {
            let rows: String = stances.iter().map(|s| format!("A,x,{s}\n")).collect();
            let found = read(&format!("actor,concept,stance\n{rows}")).expect("reads");
            (found.qualifier, found.statements.iter().map(|s| s.stance).collect::<Vec<_>>())
        };
        assert_eq!(of(["1", "0", "TRUE"]), (Some(Qualifier::Boolean), vec![1, 0, 1]));
        assert_eq!(of(["-1", "0", "2.0"]), (Some(Qualifier::Integer), vec![-1, 0, 2]));
        assert_eq!(of(["doubt", "praise", "doubt"]), (Some(Qualifier::Text), vec![0, 1, 0]));
        assert_eq!(read("actor,concept\nA,x\n").expect("reads").qualifier, None);
    }

    #[track_caller]
    fn check_bad(result: Result<Statements, Problems>, want: &[&str]) {
        let problems = result.expect_err("is bad");
        let got: Vec<String> =
            problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn what_is_wrong_with_a_table() {
        check_bad(read("who,what\nA,x\n"), &["1: no column for the actor", "1: no column for the concept"]);
        check_bad(
            read("actor,concept,date\nA,x,26.1.2005\nA,x,2005-13\n"),
            &[
                "2: `26.1.2005` is not a date of the form 2000, 2000-11 or 2000-11-15",
                "3: `2005-13` is not a date of the form 2000, 2000-11 or 2000-11-15",
            ],
        );
        check_bad(read("actor,concept\n,x\n"), &["0: no row has an actor and a concept"]);
        let columns = Columns { actor: Some("orgnization".to_owned()), ..Columns::default() };
        check_bad(
            super::read("s.csv", b"organization,concept\nA,x\n", &columns, None),
            &["1: there is no column `orgnization`"],
        );
        let bad =
            super::read("s.csv", b"actor,concept,stance\nA,x,maybe\n", &Columns::default(), Some(Qualifier::Boolean));
        check_bad(bad, &["2: the stance `maybe` is neither for nor against: write 1 or 0, yes or no"]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), body in "[\"a,;\\r\\n0-9\\-]{0,60}") {
            let _ = super::read("s.csv", &bytes, &Columns::default(), None);
            for head in ["actor,concept\n", "actor,concept,stance,date,document\n"] {
                let _ = super::read("s.csv", format!("{head}{body}").as_bytes(), &Columns::default(), None);
            }
        }
    }
}
