//! Rows below the header that belong to it: the programs of surveys repeat there what was asked, and no respondent said it.

use crate::grid::Row;
use nomoscope_core::amount::of_many;

/// How many rows below the header are looked at, and among how many respondents a question is looked for.
const WITHIN: usize = 3;
const RESPONDENTS: usize = 20;

/// What SurveyMonkey writes below a question that was answered in words.
static OPEN_ENDED: &[&str] = &[
    "openendedresponse",
    "offeneantwort",
    "réponseouverte",
    "respuestaabierta",
    "rispostaaperta",
    "respostaaberta",
    "openantwoord",
];
/// What the programs call the columns that they fill in by themselves, in letters alone.
static FILLED_IN: &[&str] = &[
    "responseid",
    "respondentid",
    "responseset",
    "responsetype",
    "collectorid",
    "startdate",
    "enddate",
    "recordeddate",
    "ipaddress",
    "durationinseconds",
    "userlanguage",
    "distributionchannel",
    "externaldatareference",
    "externalreference",
];

/// The rows below the header that are no respondents.
pub(super) struct Asked {
    pub(super) rows: usize,
    qualtrics: bool,
}

impl Asked {
    /// Returns what to say of them.
    pub(super) fn note(&self) -> Option<String> {
        let rows = of_many(self.rows, "rows");
        match self.rows {
            0 => None,
            _ if self.qualtrics => Some(format!("left out: {rows} in which Qualtrics repeats the questions")),
            _ => Some(format!("left out: {rows} with questions below the header")),
        }
    }
}

/// Returns the rows below the header that describe the columns.
pub(super) fn above(names: &[String], text: usize, rows: &[Row]) -> Asked {
    // `{"ImportId":"QID1"}`, below the questions.
    let imports = |row: &Row| {
        let mut filled = filled(row).map(|(_, cell)| cell).peekable();
        filled.peek().is_some() && filled.all(|cell| cell.starts_with('{') && cell.contains("\"ImportId\""))
    };
    if let Some(at) = rows.iter().take(WITHIN).position(imports) {
        return Asked { rows: at + 1, qualtrics: true };
    }
    let asks = rows.first().is_some_and(|first| {
        is_label(names, first)
            || is_open_ended(text, first)
            || are_codes(names, text, first, rows.get(1..).unwrap_or_default())
    });
    Asked { rows: usize::from(asks), qualtrics: false }
}

fn filled(row: &Row) -> impl Iterator<Item = (usize, &str)> {
    row.cells.iter().map(|cell| cell.trim()).enumerate().filter(|(_, cell)| !cell.is_empty())
}

/// Returns the letters and digits of a cell in small letters.
fn letters(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether cells say what their columns are: one by a name that a program gives its own columns, or half of them by the
/// names that the columns have.
fn is_label(names: &[String], row: &Row) -> bool {
    let (mut all, mut same) = (0_usize, 0_usize);
    for (at, cell) in filled(row) {
        let cell = letters(cell);
        if FILLED_IN.contains(&cell.as_str()) {
            return true;
        }
        all += 1;
        same += usize::from(
            cell.chars().any(char::is_alphabetic) && names.get(at).is_some_and(|name| letters(name) == cell),
        );
    }
    same > 0 && same * 2 >= all
}

fn is_open_ended(text: usize, row: &Row) -> bool {
    row.cells.get(text).is_some_and(|cell| OPEN_ENDED.contains(&letters(cell).as_str()))
}

/// Whether columns with codes for names (`Q1`) have questions below them, and no respondent asks any.
fn are_codes(names: &[String], text: usize, first: &Row, others: &[Row]) -> bool {
    let is_code = |at: usize| names.get(at).is_some_and(|name| code(name));
    let asks = |cell: &str| cell.ends_with(['?', '\u{ff1f}', '\u{61f}', ':']);
    let asked = |row: &Row| row.cells.get(text).is_some_and(|cell| asks(cell.trim()));
    is_code(text)
        && asked(first)
        && filled(first).filter(|(at, _)| is_code(*at)).all(|(_, cell)| asks(cell))
        && !others.is_empty()
        && !others.iter().take(RESPONDENTS).any(asked)
}

/// Whether a name is a letter and a number: `Q1`, `v12`, `Q3_1`.
fn code(name: &str) -> bool {
    let mut signs = name.chars();
    signs.next().is_some_and(char::is_alphabetic)
        && name.chars().any(|c| c.is_ascii_digit())
        && signs.all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | '-'))
}
