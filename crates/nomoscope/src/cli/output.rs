//! Where words go: data to stdout, talk to stderr, progress only where somebody watches.

use indicatif::{ProgressBar, ProgressStyle};
use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::handle::Step;
use std::io::{IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Writes to stdout; a closed pipe ends quietly.
pub(super) fn data(words: &str) {
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
    let _ = writeln!(std::io::stderr().lock(), "{words}");
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

/// Writes a table to stdout, at most `rows` rows: columns aligned, or where they do not fit a paragraph a row; of an empty
/// table the title only.
pub(super) fn table(table: &Table, rows: usize) {
    data(&aligned(table, rows, width()));
}

/// Returns how wide a line may be.
fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(columns, _)| usize::from(columns.0).max(WIDTH))
}

/// Returns a table with its columns aligned as terminals show them: signs of Chinese take two places, vowel signs of
/// Thai and Khmer none.
fn aligned(table: &Table, rows: usize, width: usize) -> String {
    if table.rows.is_empty() {
        return format!("{}: none", table.title);
    }
    let shown: Vec<Vec<String>> = table.rows.iter().take(rows).map(|r| r.iter().map(Cell::display).collect()).collect();
    let right: Vec<bool> = (0..table.columns.len()).map(|i| is_numeric(table, i)).collect();
    let mut out = folded(&table.title, width, "");
    match widths(table, &shown, &right, width) {
        Some(widths) => columns(table, &shown, (&widths, &right), &mut out),
        None => paragraphs(table, &shown, &right, width, &mut out),
    }
    if table.rows.len() > rows {
        out.push_str(&format!("… {} more\n", table.rows.len() - rows));
    }
    for note in &table.notes {
        out.push_str(&folded(note, width, "  "));
    }
    out
}

fn is_numeric(table: &Table, column: usize) -> bool {
    table.rows.iter().any(|r| r.get(column).is_some_and(Cell::is_number))
}

/// Between two columns.
const GAP: usize = 2;

/// Returns how wide each column is so that all fit; none where words would have to be cut too short to be read.
fn widths(table: &Table, shown: &[Vec<String>], right: &[bool], width: usize) -> Option<Vec<usize>> {
    const LONGEST: usize = 48;
    const SHORTEST: usize = 20;
    let mut widths: Vec<usize> = table.columns.iter().map(|c| c.width()).collect();
    for row in shown {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(cell.width().min(LONGEST));
        }
    }
    let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
    // The widest column of words gives first.
    while widths.iter().sum::<usize>() > room {
        let words = widths.iter_mut().zip(right).filter(|(w, right)| !**right && **w > SHORTEST);
        *words.map(|(w, _)| w).max_by_key(|w| **w)? -= 1;
    }
    // A heading is never cut.
    widths.iter().zip(&table.columns).all(|(w, c)| *w >= c.width()).then_some(widths)
}

fn columns(table: &Table, shown: &[Vec<String>], (widths, right): (&[usize], &[bool]), out: &mut String) {
    let mut line = |cells: &[String]| {
        let padded = cells.iter().zip(widths).zip(right).map(|((c, &w), r)| {
            let cell = clip(c, w);
            let space = " ".repeat(w.saturating_sub(cell.width()));
            if *r { format!("{space}{cell}") } else { format!("{cell}{space}") }
        });
        out.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    };
    line(&table.columns);
    for row in shown {
        line(row);
    }
}

/// Writes each row as a paragraph: its leading words, then every other cell with the name of its column.
fn paragraphs(table: &Table, shown: &[Vec<String>], right: &[bool], width: usize, out: &mut String) {
    let n_names = right.iter().take_while(|right| !**right).count().clamp(1, 2);
    for row in shown {
        let names: Vec<&str> = row.iter().take(n_names).map(String::as_str).filter(|name| !name.is_empty()).collect();
        out.push_str(&folded(&names.join(" · "), width, ""));
        let rest = table.columns.iter().zip(row).skip(n_names).filter(|(_, cell)| !cell.is_empty());
        let said: Vec<String> = rest.map(|(column, cell)| format!("{column}\u{a0}{cell}")).collect();
        out.push_str(&folded(&said.join(" · "), width, "  "));
    }
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

/// Returns a word in pieces that fit on a line: scripts without spaces, and paths, may have long ones.
fn pieces(word: &str, most: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let more = c.width().unwrap_or(0);
        if used + more > most {
            out.push(String::new());
            used = 0;
        }
        used += more;
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

/// Returns as much of the words as fits.
fn clip(words: &str, most: usize) -> String {
    if words.width() <= most {
        return words.to_owned();
    }
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width < most
    };
    let head: String = words.chars().take_while(fits).collect();
    format!("{}…", head.trim_end())
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

/// Prints what people should know, as far as they will read it.
pub(super) fn notes(notes: &[nomoscope_desk::study::Problem]) {
    const SHOWN: usize = 10;
    for note in notes.iter().take(SHOWN) {
        talk(&format!("note: {}", note.phrased(&super::words::slot)));
    }
    if notes.len() > SHOWN {
        talk(&format!("note: and {} more notes", notes.len() - SHOWN));
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
        assert_eq!(clip(&"贩".repeat(30), 48), format!("{}…", "贩".repeat(23)));
        assert_eq!(clip(&"贩".repeat(24), 48), "贩".repeat(24));
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
        for n_numbers in 0..14 {
            let names: Vec<String> = (0..n_numbers).map(|i| format!("number_{i}")).collect();
            let mut columns = vec!["what", "where"];
            columns.extend(names.iter().map(String::as_str));
            let mut table = Table::new("t", long, &columns);
            let mut row = vec![Cell::text(long), Cell::text(long)];
            row.extend((0..n_numbers).map(|i| Cell::Count(90_000 + i)));
            table.push(row);
            table.notes.push(format!("{long} {long}"));
            let shown = aligned(&table, 10, 80);
            assert!(shown.lines().all(|line| line.width() <= 80), "{shown}");
            assert!((0..n_numbers).all(|i| shown.contains(&(90_000 + i).to_string())), "{shown}");
        }
    }
}
