//! Texts that are no study: coded, and counted by strata, piece by piece.

use crate::columns::{column, labels, pieces, typed, words};
use crate::table::Table;
use crate::trouble::Trouble;
use crate::work;
use arrow_array::builder::{Int64Builder, LargeStringBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray};
use arrow_schema::DataType;
use arrow_select::concat::concat;
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::coding::Matcher;
use nomoscope_core::counts::{Counts, Tally};
use nomoscope_core::norm::corpus::{CodedSource, Corpus, Interviewers};
use nomoscope_core::norm::cues::CueMatcher;
use nomoscope_core::study::Source;
use nomoscope_core::text::{Document, Level, MAX_TEXT_BYTES};
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_formats::codebook_toml;
use pyo3::prelude::*;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes of text are taken at a time: enough for all cores, and little beside what the texts themselves take.
const PIECE: usize = 8 << 20;

/// A codebook made ready to find its concepts in texts; a copy in another process is made from the same bytes.
#[pyclass(frozen, module = "nomoscope._native", name = "Lexicon")]
#[derive(Debug)]
pub(crate) struct Lexicon {
    codebook: Arc<Codebook>,
    interviewers: Interviewers,
    matcher: Matcher,
    cues: CueMatcher,
}

#[pymethods]
impl Lexicon {
    /// `languages` are those of the texts (none: all that the codebook has).
    #[new]
    fn new(py: Python<'_>, name: &str, bytes: &[u8], languages: Vec<String>, interviewers: bool) -> PyResult<Self> {
        let ready = py.detach(|| {
            let codebook = codebook_toml::parse(bytes).map_err(|p| p.in_file(name))?;
            let matcher = Matcher::new(&codebook, &languages).map_err(|p| p.in_file(name))?;
            let cues = CueMatcher::new(&languages)?;
            let interviewers = Interviewers { named: Vec::new(), coded: interviewers };
            Ok::<_, Trouble>(Self { codebook: Arc::new(codebook), interviewers, matcher, cues })
        });
        Ok(ready?)
    }

    /// Returns the ids of the concepts, in the order of the codebook.
    #[getter]
    fn concepts(&self) -> Vec<String> {
        self.codebook.indices().map(|ix| self.codebook.get(ix).id.clone()).collect()
    }

    /// Codes a column of texts, with one that names them (none: by number, from 0), or both columns of a table.
    fn code(
        &self,
        py: Python<'_>,
        given: &Bound<'_, PyAny>,
        ids: Option<&Bound<'_, PyAny>>,
        table: Option<(String, Option<String>)>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Table> {
        let given = match table {
            Some((text, id)) => {
                let names: Vec<String> = std::iter::once(text).chain(id).collect();
                pieces(given, &names)?
            }
            None => side_by_side(given, ids.map(|ids| ("id", ids)).as_slice())?,
        };
        let mut texts = Vec::new();
        let mut named: Option<(Vec<StringArray>, DataType)> = None;
        for piece in &given {
            let mut piece = piece.iter();
            texts.extend(piece.next().map(|column| words("texts", column)).transpose()?);
            if let Some(column) = piece.next() {
                let (own, of) = labels("id", column)?;
                named.get_or_insert((Vec::new(), of)).0.push(own);
            }
        }
        let bytes = texts.iter().map(bytes).sum();
        work::run(py, (progress, bytes), |handle| self.code_all(&texts, named.as_ref(), handle))
    }
}

impl Lexicon {
    fn coded(&self, source: &Source) -> CodedSource {
        let mut counts = vec![0; self.matcher.patterns().len()];
        CodedSource::new(source, &self.interviewers, &self.matcher, &self.cues, &mut counts)
    }

    /// Returns so many texts, coded, in their order.
    fn piece(&self, texts: &[(usize, &str)], handle: &Handle) -> Result<Vec<(Source, CodedSource)>, Trouble> {
        if let Some((row, _)) = texts.iter().find(|(_, text)| text.len() > MAX_TEXT_BYTES) {
            return Err(Trouble::with("texts", format!("row {row}: longer than {MAX_TEXT_BYTES} bytes")));
        }
        let one = |&(_, text): &(usize, &str)| {
            handle.check()?;
            let document = Document { text: text.to_owned(), ..Document::default() };
            let source = Source { document, ..Source::default() };
            let coded = self.coded(&source);
            handle.step(Step::Coded(text.len()));
            Ok((source, coded))
        };
        texts.par_iter().map(one).collect()
    }

    fn code_all(
        &self,
        texts: &[LargeStringArray],
        named: Option<&(Vec<StringArray>, DataType)>,
        handle: &Handle,
    ) -> Result<Table, Trouble> {
        let mut out = Codings::default();
        let mut row = 0;
        for (i, column) in texts.iter().enumerate() {
            let ids = named.and_then(|(ids, _)| ids.get(i));
            for piece in in_pieces(column) {
                for (&(at, text), (_, coded)) in piece.iter().zip(self.piece(&piece, handle)?) {
                    let name = match ids {
                        Some(ids) => ids.is_valid(at).then(|| ids.value(at).to_owned()),
                        None => Some((row + at).to_string()),
                    };
                    out.add(&self.codebook, name.as_deref(), text, &coded);
                }
            }
            row += column.len();
        }
        out.table(named.map_or(&DataType::Int64, |(_, of)| of))
    }
}

/// Returns pieces of a column that are not blank, each with its place, so many bytes at a time.
fn in_pieces(column: &LargeStringArray) -> Vec<Vec<(usize, &str)>> {
    let (mut out, mut piece, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (row, text) in column.iter().enumerate() {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        bytes += text.len();
        piece.push((row, text));
        if bytes >= PIECE {
            out.push(std::mem::take(&mut piece));
            bytes = 0;
        }
    }
    out.push(piece);
    out
}

/// Returns columns that were given one by one as pieces of the same rows.
///
/// # Errors
/// A column that is none, or of another length.
fn side_by_side(texts: &Bound<'_, PyAny>, others: &[(&str, &Bound<'_, PyAny>)]) -> PyResult<Vec<Vec<ArrayRef>>> {
    let texts = column("texts", texts)?;
    if others.is_empty() {
        return Ok(texts.into_iter().map(|piece| vec![piece]).collect());
    }
    let texts = joined("texts", &texts)?;
    let rows = texts.len();
    let mut columns = vec![texts];
    for (name, given) in others {
        let other = joined(name, &column(name, given)?)?;
        if other.len() != rows {
            let reason = format!("has {} rows, and there are {rows} texts", other.len());
            return Err(Trouble::with(name, reason).into());
        }
        columns.push(other);
    }
    Ok(vec![columns])
}

/// Returns pieces of a column as one; a single piece is no copy.
fn joined(name: &str, pieces: &[ArrayRef]) -> Result<ArrayRef, Trouble> {
    match pieces {
        [] => Ok(Arc::new(StringArray::from(Vec::<Option<String>>::new()))),
        [one] => Ok(one.clone()),
        // Words of 32 bits may be too long together.
        [first, ..] if first.data_type().is_string() => {
            let wide: Vec<LargeStringArray> =
                pieces.iter().map(|piece| words(name, piece)).collect::<Result<_, _>>()?;
            Ok(concat(&wide.iter().map(|piece| piece as &dyn Array).collect::<Vec<_>>())?)
        }
        several => Ok(concat(&several.iter().map(AsRef::as_ref).collect::<Vec<_>>())?),
    }
}

/// Returns the bytes of a column of words.
fn bytes(texts: &LargeStringArray) -> u64 {
    let offsets = texts.value_offsets();
    let ends = offsets.first().zip(offsets.last()).map_or(0, |(first, last)| last - first);
    ends.unsigned_abs()
}

/// The codings of texts, a row each.
#[derive(Default)]
struct Codings {
    source: StringBuilder,
    concept: StringBuilder,
    start: Int64Builder,
    end: Int64Builder,
    text: LargeStringBuilder,
}

impl Codings {
    /// Adds the codings of a text, its positions in code points, as Python counts them.
    fn add(&mut self, codebook: &Codebook, source: Option<&str>, text: &str, coded: &CodedSource) {
        let mut points = Points::new(text);
        for coding in &coded.codings {
            self.source.append_option(source);
            self.concept.append_value(&codebook.get(coding.concept).id);
            let start = points.before(coding.span.start as usize);
            let words = coding.span.of(text);
            self.start.append_value(start);
            self.end.append_value(start + words.chars().count() as i64);
            self.text.append_value(words);
        }
    }

    fn table(mut self, source: &DataType) -> Result<Table, Trouble> {
        let columns: Vec<(String, ArrayRef)> = vec![
            ("source".to_owned(), typed(self.source.finish(), source)?),
            ("concept".to_owned(), Arc::new(self.concept.finish())),
            ("start".to_owned(), Arc::new(self.start.finish())),
            ("end".to_owned(), Arc::new(self.end.finish())),
            ("text".to_owned(), Arc::new(self.text.finish())),
        ];
        Table::new("codings", "Where each concept stands, in code points from 0", columns)
    }
}

/// Code points before a byte, asked from the first to the last: a text is not gone through again for each coding.
struct Points<'t> {
    text: &'t str,
    at: usize,
    before: i64,
}

impl<'t> Points<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, before: 0 }
    }

    fn before(&mut self, byte: usize) -> i64 {
        if let Some(between) = self.text.get(self.at..byte) {
            self.before += between.chars().count() as i64;
            self.at = byte;
        }
        self.before
    }
}

/// Returns the codings of a corpus.
pub(crate) fn codings_of(corpus: &Corpus) -> Result<Table, Trouble> {
    let mut out = Codings::default();
    for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
        out.add(&corpus.codebook, Some(&source.path), &source.document.text, coded);
    }
    out.table(&DataType::Utf8)
}

/// The values by which a text is told from those of other strata; none where it has none.
type Stratum = Vec<Option<String>>;

/// Sums of texts, stratum by stratum, to which ever more are added.
#[pyclass(frozen, module = "nomoscope._native", name = "Counter")]
#[derive(Debug)]
pub(crate) struct Counter {
    lexicon: Py<Lexicon>,
    window: Level,
    by: Vec<String>,
    pool: Option<rayon::ThreadPool>,
    sums: Mutex<Sums>,
}

#[derive(Debug, Default)]
struct Sums {
    strata: BTreeMap<Stratum, Tally>,
    /// The types of the columns by which the strata are made, once a piece has told them.
    types: Vec<DataType>,
}

#[pymethods]
impl Counter {
    /// `threads` is how many cores are used; none: all.
    #[new]
    fn new(lexicon: Py<Lexicon>, by: Vec<String>, window: &str, threads: Option<usize>) -> PyResult<Self> {
        let level = Level::ALL.into_iter().find(|level| level.name() == window);
        let names = Level::ALL.map(Level::name).join(", ");
        let window = level.ok_or_else(|| Trouble::with("window", format!("`{window}` is none of {names}")))?;
        let pool = threads.map(|n| ThreadPoolBuilder::new().num_threads(n).build()).transpose();
        let pool = pool.map_err(|error| Trouble::with("threads", error.to_string()))?;
        Ok(Self { lexicon, window, by, pool, sums: Mutex::default() })
    }

    /// Adds a table: its column `text`, and those by which texts are told apart.
    fn add_table(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        text: String,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let names: Vec<String> = std::iter::once(text).chain(self.by.iter().cloned()).collect();
        self.add(py, &pieces(table, &names)?, progress)
    }

    /// Adds a column of texts, and those by which they are told apart.
    fn add_columns(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        by: Vec<Bound<'_, PyAny>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let others: Vec<_> = self.by.iter().map(String::as_str).zip(&by).collect();
        self.add(py, &side_by_side(texts, &others)?, progress)
    }

    /// Returns the sums: first of each stratum all texts, then each concept, then each pair.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        let concepts = self.lexicon.get().concepts();
        Ok(py.detach(|| self.sums.lock().unwrap_or_else(PoisonError::into_inner).table(&self.by, &concepts))?)
    }
}

impl Counter {
    fn add(&self, py: Python<'_>, pieces: &[Vec<ArrayRef>], progress: Option<Py<PyAny>>) -> PyResult<()> {
        let mut read = Vec::new();
        for piece in pieces {
            let mut columns = piece.iter();
            let texts = columns.next().map(|column| words("text", column)).transpose()?;
            let by = self.by.iter().zip(columns).map(|(name, column)| labels(name, column));
            read.push((texts, by.collect::<Result<Vec<_>, _>>()?));
        }
        let bytes = read.iter().flat_map(|(texts, _)| texts).map(bytes).sum();
        let lexicon = self.lexicon.get();
        let mut sums = work::run(py, (progress, bytes), |handle| {
            let all = || {
                let mut sums = Sums::default();
                for (texts, by) in &read {
                    if let Some(texts) = texts {
                        sums.count(lexicon, (texts, by), self.window, handle)?;
                    }
                }
                Ok(sums)
            };
            match &self.pool {
                Some(pool) => pool.install(all),
                None => all(),
            }
        })?;
        // Whole or not at all: what was given up in the middle has left nothing here.
        let mut own = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        if own.types.is_empty() {
            own.types.append(&mut sums.types);
        }
        for (stratum, tally) in sums.strata {
            own.strata.entry(stratum).or_default().merge(tally);
        }
        Ok(())
    }
}

impl Sums {
    fn count(
        &mut self,
        lexicon: &Lexicon,
        (texts, by): (&LargeStringArray, &[(StringArray, DataType)]),
        window: Level,
        handle: &Handle,
    ) -> Result<(), Trouble> {
        self.types = by.iter().map(|(_, of)| of.clone()).collect();
        for piece in in_pieces(texts) {
            let (sources, coded): (Vec<Source>, Vec<CodedSource>) = lexicon.piece(&piece, handle)?.into_iter().unzip();
            let corpus = Corpus {
                codebook: lexicon.codebook.clone(),
                sources: sources.into(),
                coded,
                pattern_counts: BTreeMap::new(),
                unread_languages: BTreeMap::new(),
            };
            let stratum = |i: usize, _: &Source| -> Stratum {
                let row = piece.get(i).map_or(0, |(row, _)| *row);
                by.iter().map(|(of, _)| of.is_valid(row).then(|| of.value(row).to_owned())).collect()
            };
            for (stratum, tally) in Counts::of(&corpus, window).tally(stratum) {
                self.strata.entry(stratum).or_default().merge(tally);
            }
        }
        Ok(())
    }

    fn table(&self, by: &[String], concepts: &[String]) -> Result<Table, Trouble> {
        let mut rows = Rows { strata: by.iter().map(|_| StringBuilder::new()).collect(), ..Rows::default() };
        let name = |ix: ConceptIx| concepts.get(ix.get()).map(String::as_str);
        for (stratum, tally) in &self.strata {
            rows.add(stratum, (None, None), [tally.texts, tally.units, tally.words, 0, 0, 0]);
            for (&concept, sums) in &tally.concepts {
                rows.add(stratum, (name(concept), None), [sums.texts, sums.units, 0, sums.codings, 0, 0]);
            }
            for (&(a, b), sums) in &tally.pairs {
                let [one, other] = [sums.inside.0, sums.inside.1];
                rows.add(stratum, (name(a), name(b)), [sums.texts, sums.units, 0, 0, one, other]);
            }
        }
        rows.table(by, &self.types)
    }
}

/// What is counted of a row, in the order of the columns.
const COUNTED: [&str; 6] = ["texts", "units", "words", "codings", "inside", "other_inside"];

#[derive(Default)]
struct Rows {
    strata: Vec<StringBuilder>,
    concept: StringBuilder,
    other: StringBuilder,
    counted: [Int64Builder; 6],
}

impl Rows {
    fn add(&mut self, stratum: &Stratum, (concept, other): (Option<&str>, Option<&str>), counted: [u64; 6]) {
        self.strata.iter_mut().zip(stratum).for_each(|(column, value)| column.append_option(value.as_deref()));
        self.concept.append_option(concept);
        self.other.append_option(other);
        self.counted
            .iter_mut()
            .zip(counted)
            .for_each(|(column, n)| column.append_value(i64::try_from(n).unwrap_or(i64::MAX)));
    }

    fn table(mut self, by: &[String], types: &[DataType]) -> Result<Table, Trouble> {
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for (i, (name, mut column)) in by.iter().zip(self.strata).enumerate() {
            columns.push((name.clone(), typed(column.finish(), types.get(i).unwrap_or(&DataType::Utf8))?));
        }
        columns.push(("concept".to_owned(), Arc::new(self.concept.finish())));
        columns.push(("other".to_owned(), Arc::new(self.other.finish())));
        for (name, mut column) in COUNTED.into_iter().zip(self.counted) {
            columns.push((name.to_owned(), Arc::new(column.finish())));
        }
        Table::new("counts", "Sums of each stratum, concept and pair", columns)
    }
}
