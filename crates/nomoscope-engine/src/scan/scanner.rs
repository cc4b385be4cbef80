//! Rows to counts and codings, each by itself: what a thread, a process or a machine does with its part.

use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::coding::{Coding, Matcher, primary_subtag};
use nomoscope_core::counts::{CountsHead, SourceCounts};
use nomoscope_core::date::{PartialDate, without_time};
use nomoscope_core::norm::corpus::{CodedSource, Interviewers};
use nomoscope_core::norm::cues::CueMatcher;
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::Source;
use nomoscope_core::text::{Document, Level};
use nomoscope_formats::stream::row::{Row, Shape};
use nomoscope_formats::stream::split::{Kind, Piece};
use nomoscope_formats::study::sources_csv::languages;
use nomoscope_formats::written_dates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Columns that say of a text what a row of `sources.csv` would.
const OWN: [&str; 4] = ["kind", "date", "year", "language"];
/// How many combinations of languages are prepared; a column of other words would fill all memory.
const MOST_LANGUAGES: usize = 512;

/// How rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The column that holds the text.
    pub text: String,
    /// Columns that are kept as attributes, by which strata are made.
    pub by: Vec<String>,
    /// Languages of the texts as BCP 47 tags, where a row has no column `language`.
    pub language: Vec<String>,
    /// The unit of co-occurrence.
    pub window: Level,
    /// Who asks in interviews, and whether what they say is coded.
    pub interviewers: Interviewers,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            text: "text".to_owned(),
            by: Vec::new(),
            language: Vec::new(),
            window: Level::Paragraph,
            interviewers: Interviewers::default(),
        }
    }
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadRow {
    /// The file.
    pub file: String,
    /// The line on which the row begins.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A text that was counted.
#[derive(Debug)]
pub struct Scanned {
    /// What couplings are computed from.
    pub counts: SourceCounts,
    /// The codings, by start; positions in bytes of the text.
    pub codings: Vec<Coding>,
    /// The text.
    pub text: String,
}

/// What a piece of a file gives.
#[derive(Debug, Default)]
pub struct ScannedPiece {
    /// The texts in order.
    pub texts: Vec<Scanned>,
    /// Rows that could not be read.
    pub bad: Vec<BadRow>,
    /// Rows without a text.
    pub n_empty: usize,
    /// Texts whose date cannot be read, and that no group was asked by.
    pub n_undated: usize,
}

type Prepared = Arc<(Matcher, CueMatcher)>;

/// A codebook with the way in which rows are read. Many threads may use one.
#[derive(Debug)]
pub struct Scanner {
    codebook: Arc<Codebook>,
    plan: Plan,
    head: CountsHead,
    /// Languages that the codebook has patterns for; none where its patterns are for any.
    known: BTreeSet<String>,
    /// By languages.
    prepared: Mutex<BTreeMap<Vec<String>, Prepared>>,
}

impl Scanner {
    /// Returns a scanner.
    ///
    /// # Errors
    /// Columns that cannot be asked for; patterns that do not parse.
    pub fn new(codebook: Arc<Codebook>, plan: Plan) -> Result<Self, Refusal> {
        let mut problems = Problems::new();
        if plan.text.trim().is_empty() {
            problems.push(Problem::of_setting("text", "names no column"));
        }
        for name in &plan.by {
            if name == &plan.text {
                problems.push(Problem::of_setting("by", format!("`{name}` is the text itself")));
            } else if matches!(name.as_str(), "" | "path" | "title") {
                problems.push(Problem::of_setting("by", format!("`{name}` names no attribute")));
            }
        }
        if codebook.is_empty() {
            problems.push(Problem::new("", "the codebook has no concepts, so there is nothing to count"));
        }
        problems.or(())?;
        let head = CountsHead::new(&codebook, plan.window);
        let known = codebook.languages().into_iter().map(primary_subtag).collect();
        let scanner = Self { codebook, plan, head, known, prepared: Mutex::default() };
        scanner.prepare(&[]).map_err(Refusal::Input)?;
        Ok(scanner)
    }

    /// Returns what the counts begin with.
    #[must_use]
    pub const fn head(&self) -> &CountsHead {
        &self.head
    }

    /// Returns how rows are read.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the codebook.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// Returns whether a column is read.
    #[must_use]
    pub fn wants(&self, column: &str) -> bool {
        column == self.plan.text || OWN.contains(&column) || self.plan.by.iter().any(|by| by == column)
    }

    /// Returns what is wrong with the columns of a table; JSON lines have none before somebody has looked into them.
    #[must_use]
    pub fn check(&self, file: &str, shape: &Shape) -> Problems {
        let mut problems = Problems::new();
        if shape.kind == Kind::JsonLines {
            return problems;
        }
        let has = |name: &str| shape.columns.iter().any(|column| column == name);
        let mut missing = |name: &str, setting: &'static str| {
            let said = format!("there is no column `{name}`");
            let near = nearest(name, shape.columns.iter().map(String::as_str));
            let hint = Remedy::nearest_or(near, || {
                format!("the columns are {}", shape.columns.iter().take(30).cloned().collect::<Vec<_>>().join(", "))
            });
            problems.push(
                Problem { place: Some(nomoscope_core::problem::Place::Setting(setting)), ..Problem::new(file, said) }
                    .hint(hint),
            );
        };
        if !has(&self.plan.text) {
            missing(&self.plan.text, "text");
        }
        let given = |name: &str| has(name) || name == "year" && has("date");
        for name in self.plan.by.iter().filter(|name| !given(name)) {
            missing(name, "by");
        }
        problems
    }

    /// Returns the text of a row with what the row says of it, and whether it says a date that cannot be read; none of a row without a text.
    ///
    /// # Errors
    /// What is wrong with the row, in words: a date that groups are made by among it.
    pub fn source(&self, path: String, mut row: Row) -> Result<Option<(Source, bool)>, String> {
        let Some(text) = row.remove(&self.plan.text) else {
            return Err(format!("there is no `{}`", self.plan.text));
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let by_date = self.plan.by.iter().any(|by| by == "date" || by == "year");
        let mut undated = false;
        let mut date = |value: Option<String>, name: &str| -> Result<Option<PartialDate>, String> {
            let value = value.unwrap_or_default();
            let value = without_time(value.trim());
            if value.is_empty() {
                return Ok(None);
            }
            let read: Result<PartialDate, _> = value.parse();
            match read.or_else(|error| written_dates::alone(value).ok_or(error)) {
                // For a date that nobody asked for no text is lost.
                Err(_) if !by_date => {
                    undated = true;
                    Ok(None)
                }
                read => read.map(Some).map_err(|error| format!("`{name}`: {error}")),
            }
        };
        let (day, year) = (date(row.remove("date"), "date")?, date(row.remove("year"), "year")?);
        let language = row.remove("language").unwrap_or_default();
        let language = languages(&language).map_err(|tag| format!("`{tag}` is no language tag, such as en or fr"))?;
        let kind = row.remove("kind").filter(|kind| !kind.is_empty());
        row.retain(|_, value| !value.is_empty());
        let document = Document { text, ..Document::default() };
        let (date, attributes) = (day.or(year), row);
        let mut source = Source { path, kind, date, attributes, language, document, ..Source::default() };
        source.fill_language(&self.plan.language);
        Ok(Some((source, undated)))
    }

    /// Returns the counts and the codings of a text.
    ///
    /// # Errors
    /// Too many combinations of languages, in words.
    pub fn count(&self, source: Source) -> Result<Scanned, String> {
        let prepared = self.prepare(&source.language).map_err(|problems| problems.to_string())?;
        let (matcher, cues) = &*prepared;
        let mut hits = vec![0; matcher.patterns().len()];
        let coded = CodedSource::new(&source, &self.plan.interviewers, matcher, cues, &mut hits);
        let counts = self.head.count(&source, &coded);
        Ok(Scanned { counts, codings: coded.codings, text: source.document.text })
    }

    /// Returns what a piece of a file gives; `name` is the file, for paths and messages.
    #[must_use]
    pub fn piece(&self, name: &str, shape: &Shape, piece: &Piece) -> ScannedPiece {
        let bad = |line: u64, reason: String| BadRow { file: name.to_owned(), line, reason };
        let mut out = ScannedPiece::default();
        out.bad.extend(piece.bad.iter().map(|(line, reason)| bad(*line, reason.clone())));
        for (line, record) in piece.records() {
            let read = shape.cells(record, &|column| self.wants(column)).and_then(|row| match row {
                None => Ok(None),
                Some(row) => match self.source(format!("{name}#{line}"), row)? {
                    None => {
                        out.n_empty += 1;
                        Ok(None)
                    }
                    Some((source, undated)) => {
                        out.n_undated += usize::from(undated);
                        self.count(source).map(Some)
                    }
                },
            });
            match read {
                Ok(text) => out.texts.extend(text),
                Err(reason) => out.bad.push(bad(line, reason)),
            }
        }
        out.bad.sort();
        out
    }

    /// Returns the languages of a text that the codebook has no pattern for.
    pub fn unread<'s>(&'s self, source: &'s Source) -> impl Iterator<Item = &'s str> {
        let languages = source.language.iter().map(String::as_str);
        languages.filter(|language| !self.known.is_empty() && !self.known.contains(&primary_subtag(language)))
    }

    fn prepare(&self, languages: &[String]) -> Result<Prepared, Problems> {
        let lock = || self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(languages) {
            return Ok(known.clone());
        }
        // Prepared outside the lock: the others go on meanwhile, and at worst prepare the same.
        let made = Arc::new((Matcher::new(&self.codebook, languages)?, CueMatcher::new(languages)?));
        let mut all = lock();
        if all.len() >= MOST_LANGUAGES {
            let reason =
                format!("more than {MOST_LANGUAGES} combinations of languages: is `language` a column of languages?");
            return Err(Problem::new("", reason).into());
        }
        Ok(all.entry(languages.to_vec()).or_insert(made).clone())
    }
}
