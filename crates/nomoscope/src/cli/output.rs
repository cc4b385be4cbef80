//! Where words go: data to stdout, talk to stderr, progress only where somebody watches.

use indicatif::{ProgressBar, ProgressStyle};
use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::handle::Step;
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns words without what a terminal would obey: a title or a path of somebody else's may hold commands for it.
fn tame(words: &str) -> Cow<'_, str> {
    let is_wild = |c: char| c.is_control() && c != '\n' && c != '\t';
    if words.contains(is_wild) { words.replace(is_wild, "\u{fffd}").into() } else { words.into() }
}

/// Writes to stdout; a closed pipe ends quietly.
pub(super) fn data(words: &str) {
    let words = tame(words);
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(words.as_bytes());
    if !words.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

/// Writes words for people to stdout: a line that does not fit goes on below, further in.
pub(super) fn prose(words: &str) {
    data(&hanging(words, width()));
}

/// Writes what was found, in a sentence or two, to stdout, and leaves a line before what follows.
pub(super) fn lead(words: &str) {
    data(&format!("{}\n", folded(words, width(), "")));
}

fn hanging(words: &str, width: usize) -> String {
    let mut out = String::new();
    for line in words.lines() {
        let said = line.trim_start();
        let indent = " ".repeat(line.len() - said.len());
        if line.width() <= width {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        for (n, part) in folded(said, width.saturating_sub(indent.len() + 2), "").lines().enumerate() {
            out.push_str(&format!("{indent}{}{part}\n", if n > 0 { "  " } else { "" }));
        }
    }
    out
}

/// Writes a line to stderr.
pub(super) fn talk(words: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", tame(words));
}

/// Returns a path as people type it: in quotation marks where a shell would take it apart.
pub(super) fn typed(path: &std::path::Path) -> String {
    let shown = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\._-:~+@%,".contains(c);
    if !shown.is_empty() && shown.chars().all(plain) { shown } else { format!("'{}'", shown.replace('\'', "'\\''")) }
}

/// Writes JSON to stdout.
pub(super) fn json(value: &serde_json::Value) {
    data(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// How wide lines are where nobody watches, or the terminal does not say.
const WIDTH: usize = 80;
/// Lines are not shorter, however narrow the terminal is: that would hold no table, and hardly a sentence.
const NARROWEST: usize = 40;

/// Writes a table to stdout, at most `rows` rows: columns aligned, or where they do not fit a paragraph a row; of an empty
/// table the title only.
pub(super) fn table(table: &Table, rows: usize) {
    data(&aligned(table, rows, width()));
}

/// Writes the notes of a table to stdout.
pub(super) fn remarks(table: &Table) {
    let folded: String = table.remarks().iter().map(|remark| folded(remark, width(), "  ")).collect();
    if !folded.is_empty() {
        data(&folded);
    }
}

/// Returns how wide a line may be: as the terminal says, or else `COLUMNS`.
pub(super) fn width() -> usize {
    let said = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
    let terminal = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    terminal.or_else(said).unwrap_or(WIDTH).max(NARROWEST)
}

/// Returns which columns of a table find room beside each other: so many first, then each that does beside those before it; none
/// where not even the first do.
pub(super) fn with_room(table: &Table, first: usize) -> Option<Vec<bool>> {
    let (shown, width) = (Shown::of(table, usize::MAX), width());
    let mut chosen: Vec<bool> = (0..table.columns.len()).map(|i| i < first).collect();
    shown.only(&chosen).widths(width)?;
    for i in first..chosen.len() {
        chosen[i] = true;
        chosen[i] = shown.only(&chosen).widths(width).is_some();
    }
    Some(chosen)
}

/// Returns a table with its columns aligned as terminals show them: signs of Chinese take two places, vowel signs of
/// Thai and Khmer none.
fn aligned(table: &Table, rows: usize, width: usize) -> String {
    if table.rows.is_empty() {
        return folded(&format!("{}: none", table.title), width, "").trim_end().to_owned();
    }
    let shown = Shown::of(table, rows);
    let mut out = folded(&table.title, width, "");
    let fuller = shown.without_empty();
    if let Some(widths) = shown.widths(width) {
        shown.columns(&widths, &mut out);
    } else if let Some(widths) = fuller.widths(width) {
        fuller.columns(&widths, &mut out);
    } else {
        shown.paragraphs(width, &mut out);
    }
    if table.rows.len() > rows {
        out.push_str(&format!("… {} more\n", table.rows.len() - rows));
    }
    for remark in table.remarks() {
        out.push_str(&folded(&remark, width, "  "));
    }
    out
}

fn is_numeric(table: &Table, column: usize) -> bool {
    table.rows.iter().any(|r| r.get(column).is_some_and(Cell::is_number))
}

/// Between two columns.
const GAP: usize = 2;
/// A column of words is not wider, where others need the room.
const LONGEST: usize = 48;
/// A column of words whose cells go on below is at least as wide.
const SHORTEST: usize = 12;
/// A row of more lines is easier to read as a paragraph.
const MOST_LINES: usize = 4;

/// What stands in a table, as people read it.
struct Shown {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Whether a column holds numbers, which stand to the right.
    right: Vec<bool>,
}

impl Shown {
    fn of(table: &Table, rows: usize) -> Self {
        Self {
            headings: table.headings(),
            rows: table.rows.iter().take(rows).map(|r| r.iter().map(Cell::display).collect()).collect(),
            right: (0..table.columns.len()).map(|i| is_numeric(table, i)).collect(),
        }
    }

    /// Returns the same without the columns in which no row says anything.
    fn without_empty(&self) -> Self {
        let says: Vec<bool> = (0..self.headings.len())
            .map(|i| self.rows.iter().any(|row| row.get(i).is_some_and(|cell| self::says(cell))))
            .collect();
        self.only(&says)
    }

    /// Returns the same with the chosen columns alone.
    fn only(&self, chosen: &[bool]) -> Self {
        fn kept<T: Clone>(all: &[T], chosen: &[bool]) -> Vec<T> {
            all.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(one, _)| one.clone()).collect()
        }
        Self {
            headings: kept(&self.headings, chosen),
            rows: self.rows.iter().map(|row| kept(row, chosen)).collect(),
            right: kept(&self.right, chosen),
        }
    }

    /// Returns how wide each column is so that all fit; none where words would go on below for too long to be read.
    fn widths(&self, width: usize) -> Option<Vec<usize>> {
        let Self { headings, rows, right } = self;
        let cells: Vec<usize> = (0..headings.len())
            .map(|i| rows.iter().filter_map(|row| row.get(i)).map(|c| c.width().min(LONGEST)).max().unwrap_or(0))
            .collect();
        // A heading breaks between words, never within one.
        let words: Vec<usize> =
            headings.iter().map(|h| h.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0)).collect();
        let mut widths: Vec<usize> = headings.iter().zip(&cells).map(|(h, cell)| h.width().max(*cell)).collect();
        let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            // What a heading alone needs gives first, then the widest column of words.
            let spare = |i: &usize| widths[*i].saturating_sub(cells[*i].max(words[*i]));
            let heading = (0..widths.len()).max_by_key(spare).filter(|i| spare(i) > 0);
            let gives = |i: &usize| !right[*i] && widths[*i] > SHORTEST.max(words[*i]);
            let i = heading.or_else(|| (0..widths.len()).filter(gives).max_by_key(|i| widths[*i]))?;
            widths[i] -= 1;
        }
        let lines = |row: &Vec<String>| row.iter().zip(&widths).map(|(c, w)| lines(c, *w).len()).max().unwrap_or(0);
        rows.iter().all(|row| lines(row) <= MOST_LINES).then_some(widths)
    }

    fn columns(&self, widths: &[usize], out: &mut String) {
        // The last line of every heading stands on the cells.
        self.line(&self.headings, widths, true, out);
        for row in &self.rows {
            self.line(row, widths, false, out);
        }
    }

    /// Writes cells beside each other, on as many lines as the longest needs.
    fn line(&self, cells: &[String], widths: &[usize], last: bool, out: &mut String) {
        let broken: Vec<Vec<String>> = cells.iter().zip(widths).map(|(c, w)| lines(c, *w)).collect();
        let height = broken.iter().map(Vec::len).max().unwrap_or(0);
        for n in 0..height {
            let of = |lines: &Vec<String>| {
                let at = if last { (n + lines.len()).checked_sub(height) } else { Some(n) };
                at.and_then(|i| lines.get(i)).cloned().unwrap_or_default()
            };
            let padded = broken.iter().zip(widths).zip(&self.right).map(|((lines, width), right)| {
                let cell = of(lines);
                let space = " ".repeat(width.saturating_sub(cell.width()));
                if *right { format!("{space}{cell}") } else { format!("{cell}{space}") }
            });
            out.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
            out.push('\n');
        }
    }

    /// Writes each row as a paragraph: its leading words, after a rank where it has one, then every other cell that says something,
    /// with the heading of its column.
    fn paragraphs(&self, width: usize, out: &mut String) {
        let Self { headings, rows, right } = self;
        let ranked = usize::from(right.first() == Some(&true) && right.get(1) == Some(&false));
        let words = right.iter().skip(ranked).take_while(|right| !**right).count();
        let n_names = ranked + words.clamp(1, if ranked == 1 { 3 } else { 2 });
        for row in rows {
            let names: Vec<&str> =
                row.iter().take(n_names).map(String::as_str).filter(|name| !name.is_empty()).collect();
            // What has no name of its own still begins somewhere.
            let name = if names.is_empty() { "–".to_owned() } else { names.join(" · ") };
            out.push_str(&folded(&name, width, ""));
            let rest = headings.iter().zip(row).skip(n_names).filter(|(_, cell)| says(cell));
            let said: Vec<String> =
                rest.map(|(heading, cell)| format!("{}:\u{a0}{cell}", heading.replace(' ', "\u{a0}"))).collect();
            out.push_str(&folded(&said.join(" · "), width, "  "));
        }
    }
}

/// Returns whether a cell says anything: what is not known is a dash.
fn says(cell: &str) -> bool {
    !["", "–"].contains(&cell)
}

/// Returns a cell on lines that fit its column; an empty one is a line, too.
fn lines(cell: &str, width: usize) -> Vec<String> {
    let lines: Vec<String> = folded(cell, width, "").lines().map(str::to_owned).collect();
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// Returns words on lines that fit, each after the indent; no line is broken at a space that is kept.
fn folded(words: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    for line in words.lines() {
        let mut used = 0;
        for word in line
            .split(' ')
            .filter(|word| !word.is_empty())
            .flat_map(|word| pieces(word, width.saturating_sub(indent.width())))
        {
            let space = if used == 0 { 0 } else { 1 };
            if used > 0 && indent.width() + used + space + word.width() > width {
                out.push('\n');
                used = 0;
            }
            out.push_str(if used == 0 { indent } else { " " });
            out.push_str(&word.replace('\u{a0}', " "));
            used += word.width() + usize::from(used > 0);
        }
        out.push('\n');
    }
    out
}

/// Returns a word in pieces that fit on a line: scripts without spaces, and paths, may have long ones. An identity is broken where
/// it is put together, as far as it is.
fn pieces(word: &str, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut piece = String::new();
    for c in word.chars() {
        if piece.width() + c.width().unwrap_or(0) > most {
            let joint = piece.rfind(['-', '_', '/', '.']).map_or(piece.len(), |at| at + 1);
            let rest = piece.split_off(joint);
            out.push(std::mem::replace(&mut piece, rest));
        }
        piece.push(c);
    }
    out.push(piece);
    out
}

/// Returns a bar over so many steps, or a hidden one where stderr is no terminal or the work is short.
pub(super) fn steps(n: u64, what: &'static str) -> ProgressBar {
    let bar = if std::io::stderr().is_terminal() && n >= 500 { ProgressBar::new(n) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg:12} {wide_bar} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// A progress bar over bytes, or nothing where stderr is no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Returns a bar for so many bytes of text.
    #[must_use]
    pub(super) fn new(bytes: u64) -> Self {
        let bar = if std::io::stderr().is_terminal() && bytes > 2_000_000 {
            ProgressBar::new(bytes)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{msg:12} {wide_bar} {bytes}/{total_bytes} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message("coding");
        Self { bar }
    }

    /// Takes a step of the analysis.
    pub(super) fn step(&self, step: Step) {
        match step {
            Step::Coded(bytes) => self.bar.inc(bytes as u64),
            Step::Statements => self.bar.set_message("statements"),
            Step::Couplings => self.bar.set_message("couplings"),
            Step::Bootstrap => self.bar.set_message("bootstrap"),
            Step::Done => self.bar.finish_and_clear(),
            // Of work that does not go by bytes of text.
            Step::Work(_) | Step::Model | Step::Draw => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places that the words take in a terminal, counted by hand: U+0E34, U+0E38 and U+17B7 stand above or below
    /// the letter before them.
    #[test]
    fn columns_stand_under_each_other_in_every_script() {
        let words = [("人口贩运", 8), ("สิทธิ", 3), ("បុរស", 3), ("norm", 4)];
        let mut table = Table::new("t", "Words", &["word", "n"]);
        for (word, _) in words {
            table.push(vec![Cell::Text(word.to_owned()), Cell::Count(1)]);
        }
        let shown = aligned(&table, 10, 80);
        for (line, (word, places)) in shown.lines().skip(2).zip(words) {
            assert_eq!(line, format!("{word}{}  1", " ".repeat(8 - places)));
        }
        assert_eq!(lines(&"贩".repeat(30), 48), ["贩".repeat(24), "贩".repeat(6)]);
    }

    /// A heading that is wider than its cells stands on several lines, and its last line on the cells.
    #[test]
    fn headings_break_between_words() {
        let names =
            ["what", "a_rather_long_name", "another_rather_long_name", "one_more_of_these_names", "the_last_name"];
        let mut table = Table::new("t", "T", &names);
        let numbers = (1..5).map(Cell::Count);
        table.push(std::iter::once(Cell::text("word")).chain(numbers).collect());
        let shown = aligned(&table, 9, 40);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.len() > 4 && lines.iter().all(|l| l.width() <= 40), "{shown}");
        let (head, cells) = (lines[lines.len() - 2], lines[lines.len() - 1]);
        assert!(head.starts_with("what ") && cells.starts_with("word "), "{shown}");
        assert!(cells.ends_with('4') && head.width() == cells.width(), "{shown}");
    }

    /// A table that has room stays one: its words go on below, none is cut off, and numbers stand on the first line.
    #[test]
    fn words_go_on_below_within_their_column() {
        let mut table = Table::new("t", "T", &["problem", "behaviour", "n", "q"]);
        let cells = ["child trafficking for labour", "suppress and combat"].map(Cell::text);
        table.push(cells.into_iter().chain([Cell::Count(4), Cell::number(0.0163, 4)]).collect());
        let expected = "T\nproblem         behaviour      n       q\n\
                        child           suppress and   4  0.0163\ntrafficking     combat\nfor labour\n";
        assert_eq!(aligned(&table, 9, 40), expected);
        assert!(aligned(&table, 9, 30).contains("n: 4 · q: 0.0163"));
    }

    /// In paragraphs, what is not known is left out: its reasons are in the files.
    #[test]
    fn paragraphs_leave_out_what_is_empty() {
        let names: Vec<String> = (0..9).map(|i| format!("a_long_name_of_number_{i}")).collect();
        let columns: Vec<&str> = ["what", "where"].into_iter().chain(names.iter().map(String::as_str)).collect();
        let mut table = Table::new("t", "T", &columns);
        let mut row = vec![Cell::text("one"), Cell::text("two"), Cell::Count(0), Cell::text("–"), Cell::text("")];
        row.extend((0..6).map(|_| Cell::Missing("too few")));
        table.push(row);
        let told = format!("T\nwhat  where  a long name of number 0\none   two    {}0\n", " ".repeat(22));
        assert_eq!(aligned(&table, 9, 80), told);
        assert!(!aligned(&table, 9, 15).contains('–'));
    }

    /// Lines that fit stay as they are; others go on below, with every word.
    #[test]
    fn prose_fits() {
        let text = format!("Head\n\n  short\n    {}\n", "many words that do not fit on one line ".repeat(5));
        let shown = hanging(&text, 80);
        assert!(
            shown.starts_with("Head\n\n  short\n    many words") && shown.lines().all(|l| l.width() <= 80),
            "{shown}"
        );
        assert!(shown.lines().skip(4).all(|l| l.starts_with("      ") && !l.starts_with("       ")), "{shown}");
        assert_eq!(shown.split_whitespace().count(), text.split_whitespace().count());
    }

    /// What fits stands in columns, what does not in paragraphs; in neither is a line too long or a number lost.
    #[test]
    fn tables_fit_or_become_paragraphs() {
        let long = "a sentence of many words that no narrow column can hold without being cut";
        for (n_numbers, width) in (0..14).flat_map(|n| [(n, 80), (n, 60), (n, 40)]) {
            let names: Vec<String> = (0..n_numbers).map(|i| format!("a_long_name_of_number_{i}")).collect();
            let mut columns = vec!["what", "where"];
            columns.extend(names.iter().map(String::as_str));
            let mut table = Table::new("t", long, &columns);
            let mut row = vec![Cell::text(long), Cell::text(long)];
            row.extend((0..n_numbers).map(|i| Cell::Count(90_000 + i)));
            table.push(row);
            table.notes.push(format!("{long} {long}"));
            let shown = aligned(&table, 10, width);
            assert!(shown.lines().all(|line| line.width() <= width), "{shown}");
            assert!((0..n_numbers).all(|i| shown.contains(&(90_000 + i).to_string())), "{shown}");
            assert!(!shown.contains('_'), "{shown}");
        }
    }
}
