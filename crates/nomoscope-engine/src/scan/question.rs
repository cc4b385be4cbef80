//! What is asked.

use super::answer::Scan;
use super::scanner::{Plan, Scanner};
use super::sums::Sums;
use crate::handle::{Handle, Step};
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::corpus::Interviewers;
use nomoscope_core::text::Level;
use nomoscope_formats::parquet_file::read::Bytes;
use nomoscope_formats::stream::row::Shape;
use nomoscope_formats::stream::split::{ENDINGS, Kind, Piece};
use nomoscope_formats::stream::table::Table;
use nomoscope_formats::study::study_toml::language_tag;
use nomoscope_formats::{Input, codebook_toml};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many rows that could not be read are told one by one.
const NAMED: usize = 1000;

/// How often does each concept occur in the rows of tables, and where with which others?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The column that holds the text.
    pub text: String,
    /// Columns by whose values sums are made; counts keep them for `compare`, `trend` and strata.
    pub by: Vec<String>,
    /// Languages of the texts, where a row has no column `language`.
    pub language: Vec<String>,
    /// The unit of co-occurrence; none is the paragraph.
    #[schemars(with = "Option<String>")]
    pub window: Option<Level>,
    /// Whether what interviewers say is coded like what others say.
    pub interviewers: bool,
    /// Whether a row that cannot be read ends the scan.
    pub strict: bool,
}

impl Default for Question {
    fn default() -> Self {
        let Plan { text, by, language, .. } = Plan::default();
        Self { text, by, language, window: None, interviewers: false, strict: false }
    }
}

impl Question {
    /// Returns how rows are read.
    ///
    /// # Errors
    /// Languages that are none.
    pub fn plan(&self) -> Result<Plan, Refusal> {
        let (mut problems, mut language) = (Problems::new(), Vec::new());
        for given in &self.language {
            match language_tag(given) {
                Some(tag) => language.push(tag),
                None => problems.push(
                    Problem::of_setting("language", format!("`{given}` is no language tag"))
                        .hint("write BCP 47 tags such as en, fr or zh-Hant"),
                ),
            }
        }
        problems.or(())?;
        Ok(Plan {
            text: self.text.clone(),
            by: self.by.clone(),
            language,
            window: self.window.unwrap_or(Level::Paragraph),
            interviewers: Interviewers { named: Vec::new(), coded: self.interviewers },
        })
    }

    /// Asks the question of a codebook and of tables that are in memory.
    ///
    /// # Errors
    /// A codebook or tables that cannot be read; with `strict` every row that cannot.
    pub fn ask(&self, codebook: &Input<'_>, tables: &[Input<'_>], handle: &Handle) -> Result<Scan, Refusal> {
        let book = codebook_toml::parse(codebook.bytes).map_err(|p| Refusal::Input(p.in_file(codebook.name)))?;
        let scanner = Scanner::new(Arc::new(book), self.plan()?)?;
        let (mut problems, mut pieces) = (Problems::new(), Vec::new());
        for table in tables {
            match begin(&scanner, table) {
                Ok((shape, found)) => pieces.extend(found.into_iter().map(|piece| (table.name, shape.clone(), piece))),
                Err(found) => problems.extend(found),
            }
        }
        problems.or(())?;
        handle.check()?;
        let scanned: Vec<_> = pieces
            .par_iter()
            .map(|(name, shape, piece)| {
                let found = scanner.piece(name, shape, piece);
                handle.step(Step::Coded(piece.bytes.len()));
                found
            })
            .collect();
        handle.check()?;
        let (mut sums, mut sources) = (Sums::new(&self.by), Vec::new());
        let (mut bad, mut n_empty, mut n_undated, mut unread) = (Vec::new(), 0, 0, std::collections::BTreeMap::new());
        for piece in scanned {
            bad.extend(piece.bad);
            n_empty += piece.n_empty;
            n_undated += piece.n_undated;
            for text in piece.texts {
                sums.add(&text.counts);
                for language in scanner.unread(text.counts.source()) {
                    *unread.entry(language.to_owned()).or_default() += 1;
                }
                sources.push(text.counts);
            }
        }
        if self.strict && !bad.is_empty() {
            let problems = bad.into_iter().map(|row| Problem::in_line(&row.file, row.line as u32, row.reason));
            return Err(Refusal::Input(problems.collect()));
        }
        let counts = Counts::new(scanner.head().clone(), sources)
            .map_err(|found| Refusal::Input(nomoscope_formats::counts_file::told("", &found)))?;
        let n_bad = bad.len();
        bad.truncate(NAMED);
        handle.step(Step::Done);
        Ok(Scan { window: counts.window(), counts, sums, bad, n_bad, n_empty, n_undated, unread })
    }
}

/// Begins a table, and returns its pieces.
fn begin(scanner: &Scanner, table: &Input<'_>) -> Result<(Shape, Vec<Piece>), Problems> {
    let wrong = |reason: String| Problems::from(Problem::new(table.name, reason));
    let kind = Kind::of_name(table.name)
        .ok_or_else(|| wrong(format!("of a kind that is not scanned; these are: {}", ENDINGS.join(", "))))?;
    let opened = match kind {
        Kind::Parquet => Table::of_parquet(Bytes::copy_from_slice(table.bytes), &|column| scanner.wants(column)),
        kind => Table::of_lines(Box::new(table.bytes), kind, table.name),
    };
    let (shape, mut pieces) = opened.map_err(wrong)?;
    scanner.check(table.name, &shape).or(())?;
    let mut out = Vec::new();
    while let Some(piece) = pieces.next_piece().map_err(|error| wrong(error.to_string()))? {
        out.push(piece);
    }
    Ok((shape, out))
}
