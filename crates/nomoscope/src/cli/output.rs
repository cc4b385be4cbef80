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

/// Writes a table to stdout, columns aligned, at most `rows` rows; of an empty table the title only.
pub(super) fn table(table: &Table, rows: usize) {
    data(&aligned(table, rows));
}

/// Returns a table with its columns aligned as terminals show them: signs of Chinese take two places, vowel signs of
/// Thai and Khmer none.
fn aligned(table: &Table, rows: usize) -> String {
    if table.rows.is_empty() {
        return format!("{}: none", table.title);
    }
    let shown: Vec<Vec<String>> =
        table.rows.iter().take(rows).map(|r| r.iter().map(|c| clip(&c.display())).collect()).collect();
    let mut widths: Vec<usize> = table.columns.iter().map(|c| c.width()).collect();
    for row in &shown {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(cell.width());
        }
    }
    let right: Vec<bool> = (0..table.columns.len())
        .map(|i| table.rows.iter().any(|r| matches!(r.get(i), Some(Cell::Count(_) | Cell::Number { .. }))))
        .collect();
    let line = |cells: &[String]| -> String {
        let padded = cells.iter().zip(&widths).zip(&right).map(|((c, w), r)| {
            let space = " ".repeat(w.saturating_sub(c.width()));
            if *r { format!("{space}{c}") } else { format!("{c}{space}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut out = format!("{}\n{}\n", table.title, line(&table.columns));
    for row in &shown {
        out.push_str(&line(row));
        out.push('\n');
    }
    if table.rows.len() > rows {
        out.push_str(&format!("… {} more\n", table.rows.len() - rows));
    }
    for note in &table.notes {
        out.push_str(&format!("  {note}\n"));
    }
    out
}

fn clip(words: &str) -> String {
    const WIDTH: usize = 48;
    if words.width() <= WIDTH {
        return words.to_owned();
    }
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width < WIDTH
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
        let shown = aligned(&table, 10);
        for (line, (word, places)) in shown.lines().skip(2).zip(words) {
            assert_eq!(line, format!("{word}{}  1", " ".repeat(8 - places)));
        }
        assert_eq!(clip(&"贩".repeat(30)), format!("{}…", "贩".repeat(23)));
        assert_eq!(clip(&"贩".repeat(24)), "贩".repeat(24));
    }
}
