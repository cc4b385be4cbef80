//! Reading a study file back.

use crate::image::{FolderImage, MANAGED};
use crate::{Store, StoreError, hash_hex, ops, record};
use nomoscope_core::study::{Coder, CoderKind, CodingRecord, CodingStatus, Event, Memo, Source, SourceSheet, Study};
use nomoscope_core::text::{Direction, Document, Mark, Span};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a source row says beside its text.
#[derive(Serialize, Deserialize)]
pub(crate) struct Described {
    title: String,
    kind: Option<String>,
    date: Option<String>,
    language: Vec<String>,
    attributes: BTreeMap<String, String>,
}

impl Described {
    pub(crate) fn of(source: &Source) -> Self {
        Self {
            title: source.title.clone(),
            kind: source.kind.clone(),
            date: source.date.map(|d| d.to_string()),
            language: source.language.clone(),
            attributes: source.attributes.clone(),
        }
    }
}

/// What a document has beside its text.
#[derive(Serialize, Deserialize)]
pub(crate) struct Structure {
    marks: Vec<Mark>,
    title: Option<String>,
    language: Option<String>,
    direction: Option<Direction>,
    attributes: BTreeMap<String, String>,
}

impl Structure {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            marks: document.marks.clone(),
            title: document.title.clone(),
            language: document.language.clone(),
            direction: document.direction,
            attributes: document.attributes.clone(),
        }
    }

    /// Returns the document of a text.
    pub(crate) fn document(self, text: String) -> Document {
        Document {
            text,
            marks: self.marks,
            title: self.title,
            language: self.language,
            direction: self.direction,
            attributes: self.attributes,
        }
    }
}

/// The hashes of a source, for the record of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHashes {
    /// Path of the source.
    pub path: String,
    /// SHA-256 of the bytes of its file.
    pub bytes: String,
    /// SHA-256 of its extracted text.
    pub text: String,
    /// Version of the reader that extracted it.
    pub extractor: String,
}

/// Which codings count as there: those by hand that are not hidden, and the chosen batch of each other coder.
pub(crate) const VISIBLE: &str = "c.hidden = 0 AND s.hidden = 0
  AND c.batch = coalesce((SELECT b.batch FROM batch_of b WHERE b.coder = c.coder), '')";

impl Store {
    /// Returns the study without its settings, which stand in `study.toml` ([`Store::file`]).
    ///
    /// # Errors
    /// The file is damaged.
    pub fn load(&self) -> Result<Study, StoreError> {
        let sources = self.sources()?;
        let codings = self.codings(None)?;
        let texts: BTreeMap<&str, &str> = sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
        for coding in &codings {
            let text = texts.get(coding.source.as_str()).copied().unwrap_or_default();
            let Span { start, end } = coding.span;
            if text.get(start as usize..end as usize) != Some(coding.quote.as_str()) {
                return Err(self.damaged(format!("coding `{}` does not fit its text", coding.id)));
            }
        }
        let (memos, coders, annotations) = (self.memos()?, self.coders()?, self.annotations()?);
        let mut study = Study { codings, memos, coders, sources: sources.into(), annotations, ..Study::default() };
        self.check_passages(&study)?;
        // What is about a hidden source, or about something on it, is hidden with it.
        study.drop_dangling();
        Ok(study)
    }

    /// Returns the bytes of a file of the study, such as `study.toml`.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.conn
            .query_row("SELECT b.bytes FROM file f JOIN blob b ON b.hash = f.hash WHERE f.path = ?1", [path], |row| {
                row.get(0)
            })
            .optional()
            .map_err(|e| self.sqlite(e))
    }

    /// Returns the paths of all files that are kept as bytes, sources among them.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn file_paths(&self) -> Result<Vec<String>, StoreError> {
        let query = "SELECT path FROM file WHERE hash IS NOT NULL ORDER BY path";
        self.all(query, |row| row.get(0))
    }

    /// Returns the hashes of the codebooks that the study has had, the first one first, with the times they came.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn codebook_versions(&self) -> Result<Vec<(String, String)>, StoreError> {
        let query = "SELECT hash, time FROM codebook ORDER BY ord";
        self.all(query, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Returns the hashes of all sources in the order of the study.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn source_hashes(&self) -> Result<Vec<SourceHashes>, StoreError> {
        // Texts of one file share its bytes: where one of them was corrected, the file says what they are now.
        let query = "SELECT s.path, coalesce(f.hash, s.bytes_hash), s.text_hash, s.extractor FROM source s
                     LEFT JOIN file f ON f.path = s.file WHERE s.hidden = 0 ORDER BY s.ord";
        self.all(query, |row| {
            Ok(SourceHashes { path: row.get(0)?, bytes: row.get(1)?, text: row.get(2)?, extractor: row.get(3)? })
        })
    }

    /// Returns everything that was done to the study, the first thing first.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn log(&self) -> Result<Vec<Event>, StoreError> {
        Ok(self.events()?.into_iter().map(|(event, _)| event).collect())
    }

    /// Returns the study as a folder.
    ///
    /// A managed file of which nothing changed comes back as the bytes that came in; the others are `stale`.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn folder_image(&self) -> Result<FolderImage, StoreError> {
        let study = self.load()?;
        let mut image = FolderImage {
            sheet: self.sheet()?,
            history: self.history()?,
            sources: study.sources,
            codings: study.codings,
            coders: study.coders,
            memos: study.memos,
            annotations: study.annotations,
            ..FolderImage::default()
        };
        let query = "SELECT f.path, b.bytes FROM file f JOIN blob b ON b.hash = f.hash";
        image.files = self.all(query, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
        for path in MANAGED {
            let (state, present) = state_of(&image, path);
            let original = self
                .conn
                .query_row(
                    "SELECT b.bytes, o.state FROM original o JOIN blob b ON b.hash = o.hash WHERE o.path = ?1",
                    [path],
                    |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?)),
                )
                .optional()
                .map_err(|e| self.sqlite(e))?;
            match original {
                Some((bytes, was)) if was == state => {
                    image.files.insert(path.to_owned(), bytes);
                }
                None if !present => {}
                _ => {
                    image.stale.insert(path.to_owned());
                }
            }
        }
        Ok(image)
    }

    /// Returns what tells this state of the study from every other one that it had: the events that nothing follows yet.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn heads(&self) -> Result<String, StoreError> {
        let query = "SELECT value FROM meta WHERE key = 'heads'";
        let heads: Option<String> =
            self.conn.query_row(query, [], |row| row.get(0)).optional().map_err(|e| self.sqlite(e))?;
        Ok(heads.unwrap_or_default())
    }

    /// Reads several things of one state of the study, whoever changes it meanwhile.
    ///
    /// # Errors
    /// The file is damaged; whatever `body` returns.
    pub fn reading<T, E: From<StoreError>>(&self, body: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let fail = |e| E::from(self.sqlite(e));
        let tx =
            rusqlite::Transaction::new_unchecked(&self.conn, rusqlite::TransactionBehavior::Deferred).map_err(fail)?;
        let value = body(self)?;
        tx.commit().map_err(fail)?;
        Ok(value)
    }

    /// Checks all bytes and texts against their hashes.
    ///
    /// # Errors
    /// The first thing that is damaged.
    pub fn verify(&self) -> Result<(), StoreError> {
        let report: String =
            self.conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|e| self.sqlite(e))?;
        if report != "ok" {
            return Err(self.damaged(report));
        }
        self.verify_hashes("SELECT hash, bytes FROM blob")?;
        self.verify_hashes(
            "SELECT coalesce((SELECT v.text_hash FROM version v WHERE v.source = s.id AND v.text IS NULL), s.text_hash),
               CAST(d.text AS BLOB) FROM source s JOIN document d ON d.source = s.id
             UNION ALL SELECT text_hash, CAST(text AS BLOB) FROM version WHERE text IS NOT NULL",
        )
    }

    fn verify_hashes(&self, query: &str) -> Result<(), StoreError> {
        let fail = |e| self.sqlite(e);
        let mut statement = self.conn.prepare(query).map_err(fail)?;
        let mut rows = statement.query([]).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            let hash: String = row.get(0).map_err(fail)?;
            let bytes: Vec<u8> = row.get(1).map_err(fail)?;
            if hash_hex(&bytes) != hash {
                return Err(self.damaged(format!("bytes do not match their hash {hash}")));
            }
        }
        Ok(())
    }

    pub(crate) fn all<T>(
        &self,
        query: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        all(&self.conn, query, read).map_err(|e| self.sqlite(e))
    }

    fn sources(&self) -> Result<Vec<Source>, StoreError> {
        let query = "SELECT s.path, s.described, coalesce(v.text, d.text), coalesce(v.structure, d.structure)
                     FROM source s JOIN document d ON d.source = s.id LEFT JOIN version v ON v.id = s.version
                     WHERE s.hidden = 0 ORDER BY s.ord";
        let rows: Vec<(String, String, String, String)> =
            self.all(query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut sources = Vec::with_capacity(rows.len());
        for (path, described, text, structure) in rows {
            let source = read_source(&path, &described, text, &structure);
            sources.push(source.ok_or_else(|| self.damaged(format!("source `{path}`")))?);
        }
        Ok(sources)
    }

    pub(crate) fn codings(&self, coder: Option<&str>) -> Result<Vec<CodingRecord>, StoreError> {
        codings(&self.conn, coder).map_err(|e| self.sqlite(e))
    }

    fn coders(&self) -> Result<Vec<Coder>, StoreError> {
        let query = "SELECT id, name, kind FROM coder WHERE hidden = 0 ORDER BY ord";
        let rows: Vec<(String, String, String)> = self.all(query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.into_iter()
            .map(|(id, name, kind)| {
                let kind = CoderKind::named(&kind).ok_or_else(|| self.damaged(format!("coder `{id}`")))?;
                Ok(Coder { id: id.into(), name, kind })
            })
            .collect()
    }

    fn memos(&self) -> Result<Vec<Memo>, StoreError> {
        let query = "SELECT id, about, coder, created, text FROM memo WHERE hidden = 0 ORDER BY ord";
        let rows: Vec<[String; 5]> =
            self.all(query, |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))?;
        rows.into_iter()
            .map(|[id, about, coder, created, text]| {
                let about = about.parse().map_err(|_| self.damaged(format!("memo `{id}`")))?;
                Ok(Memo { id: id.into(), about, coder: coder.into(), created, text })
            })
            .collect()
    }

    fn sheet(&self) -> Result<Option<SourceSheet>, StoreError> {
        let Some(columns) = ops::columns(&self.conn).map_err(|e| self.sqlite(e))? else {
            return Ok(None);
        };
        let query = "SELECT cells FROM source_row WHERE hidden = 0 ORDER BY ord";
        let mut rows = Vec::new();
        for json in self.all(query, |row| row.get::<_, String>(0))? {
            let cells: BTreeMap<String, String> =
                serde_json::from_str(&json).map_err(|_| self.damaged("a row of sources.csv"))?;
            let cells = columns.iter().map(|c| cells.get(c).cloned());
            rows.push(cells.map(Option::unwrap_or_default).collect());
        }
        Ok(Some(SourceSheet { columns, rows }))
    }

    /// Returns all events, each with whether it came with a folder.
    pub(crate) fn events(&self) -> Result<Vec<(Event, bool)>, StoreError> {
        let query = "SELECT id, parents, coder, time, command, forward, inverse, imported FROM event ORDER BY seq";
        let mut events = Vec::new();
        for (mut event, parents, imported) in self.all(query, read_event)? {
            event.parents = serde_json::from_str(&parents).map_err(|_| self.damaged("the log of changes"))?;
            events.push((event, imported));
        }
        Ok(events)
    }

    /// Returns the log as a folder keeps it: without the making of this file, which is no change of the study.
    fn history(&self) -> Result<Vec<Event>, StoreError> {
        let mut made: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut history = Vec::new();
        for (mut event, imported) in self.events()? {
            event.parents =
                event.parents.into_iter().flat_map(|p| made.get(&p).cloned().unwrap_or_else(|| vec![p])).collect();
            if imported || !makes_a_file(&event) {
                history.push(event);
            } else {
                made.insert(event.id, event.parents);
            }
        }
        Ok(history)
    }
}

/// Returns whether an event tells that a study file was made from a folder. What erases also takes nothing back, but is a
/// change of the study, whose record stays.
fn makes_a_file(event: &Event) -> bool {
    let counts: Option<serde_json::Value> = serde_json::from_str(&event.forward).ok();
    event.inverse == "null" && counts.is_some_and(|counts| counts.get("files").is_some())
}

pub(crate) fn all<T>(
    conn: &Connection,
    query: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = conn.prepare(query)?;
    statement.query_map([], read)?.collect()
}

/// Returns the visible codings, of one coder or of all, in the order in which they came.
pub(crate) fn codings(conn: &Connection, coder: Option<&str>) -> rusqlite::Result<Vec<CodingRecord>> {
    let query = format!(
        "SELECT c.id, s.path, c.start, c.stop, c.quote, c.concept, c.coder, c.status, c.created, c.memo
         FROM coding c JOIN source s ON s.id = c.source
         WHERE {VISIBLE} AND (?1 IS NULL OR c.coder = ?1) ORDER BY c.ord"
    );
    let mut statement = conn.prepare(&query)?;
    statement.query_map([coder], read_coding)?.collect()
}

fn read_coding(row: &Row<'_>) -> rusqlite::Result<CodingRecord> {
    let status: String = row.get(7)?;
    Ok(CodingRecord {
        id: row.get::<_, String>(0)?.into(),
        source: row.get::<_, String>(1)?.into(),
        span: Span { start: row.get(2)?, end: row.get(3)? },
        quote: row.get(4)?,
        concept: row.get::<_, String>(5)?.into(),
        coder: row.get::<_, String>(6)?.into(),
        // The table admits the three words alone.
        status: CodingStatus::named(&status).unwrap_or(CodingStatus::Accepted),
        created: row.get(8)?,
        memo: row.get(9)?,
    })
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<(Event, String, bool)> {
    let event = Event {
        id: row.get(0)?,
        parents: Vec::new(),
        coder: row.get(2)?,
        time: row.get(3)?,
        command: row.get(4)?,
        forward: row.get(5)?,
        inverse: row.get(6)?,
    };
    Ok((event, row.get(1)?, row.get(7)?))
}

fn read_source(path: &str, described: &str, text: String, structure: &str) -> Option<Source> {
    let described: Described = serde_json::from_str(described).ok()?;
    let structure: Structure = serde_json::from_str(structure).ok()?;
    let date = match described.date {
        None => None,
        Some(date) => Some(date.parse().ok()?),
    };
    let inside = |mark: &Mark| {
        let Span { start, end } = mark.span;
        text.get(start as usize..end as usize).is_some()
    };
    if !structure.marks.iter().all(inside) {
        return None;
    }
    Some(Source {
        path: path.to_owned(),
        title: described.title,
        kind: described.kind,
        date,
        attributes: described.attributes,
        language: described.language,
        detected: Vec::new(),
        document: structure.document(text),
    })
}

/// Returns a digest of what a managed file would hold, and whether it would hold anything.
pub(crate) fn state_of(image: &FolderImage, path: &str) -> (String, bool) {
    let mut parts: Vec<&str> = Vec::new();
    let spans: Vec<String>;
    let abouts: Vec<String>;
    let bodies: Vec<String>;
    let parents: Vec<String>;
    match path {
        "sources.csv" => {
            if let Some(sheet) = &image.sheet {
                parts.extend(sheet.columns.iter().map(String::as_str));
                parts.extend(sheet.rows.iter().flatten().map(String::as_str));
            }
        }
        "codings.csv" => {
            let span = |c: &CodingRecord| format!("{}..{}", c.span.start, c.span.end);
            spans = image.codings.iter().map(span).collect();
            for (c, span) in image.codings.iter().zip(&spans) {
                parts
                    .extend::<[&str; 8]>([&c.id, &c.source, span, &c.quote, &c.concept, &c.coder, &c.created, &c.memo]);
                parts.push(c.status.name());
            }
        }
        "coders.csv" => {
            for c in &image.coders {
                parts.extend::<[&str; 3]>([&c.id, &c.name, c.kind.name()]);
            }
        }
        "memos.csv" => {
            abouts = image.memos.iter().map(|m| m.about.to_string()).collect();
            for (m, about) in image.memos.iter().zip(&abouts) {
                parts.extend::<[&str; 5]>([&m.id, about, &m.coder, &m.created, &m.text]);
            }
        }
        "history.jsonl" => {
            parents = image.history.iter().map(|e| e.parents.join(" ")).collect();
            for (e, parents) in image.history.iter().zip(&parents) {
                parts.extend([&e.id, parents, &e.coder, &e.time, &e.command].map(String::as_str));
                parts.extend([&e.forward, &e.inverse].map(String::as_str));
            }
        }
        file => {
            bodies = record::rows(&image.annotations, file);
            parts.extend(bodies.iter().map(String::as_str));
        }
    }
    let mut bytes = Vec::new();
    for part in &parts {
        // The length keeps `a` + `bc` apart from `ab` + `c`.
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    (hash_hex(&bytes), !parts.is_empty())
}
