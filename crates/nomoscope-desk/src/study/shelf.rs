//! Where a study lies: a folder of plain files, or a study file. What is written is said once for both.

use super::add::{edits_of, read_sheet};
use super::convert::load_known_file;
use super::folder::of_codings;
use super::history::{Patch, Patches};
use super::later;
use super::walk::read_capped;
use super::{Loaded, Problem, Problems, Readers, StudyError, read_folder};
use nomoscope_core::study::{
    Annotation, Annotations, Coder, CodingId, CodingRecord, CodingStatus, Event, Memo, Source, Study,
    check_relative_path,
};
use nomoscope_core::text::Span;
use nomoscope_engine::reading::LEXICON;
use nomoscope_formats::study as files;
use nomoscope_formats::study::codings_csv::Codings;
use nomoscope_formats::study::sources_csv::{self, Sources};
use nomoscope_store::disk::{Edits, Held};
use nomoscope_store::{
    Addition, Batch, Correction, Description, FolderImage, MANAGED, Merge, Stamp, Standing, Store, StoreError, file_of,
    hash_hex, keep_decisions, with_free_ids,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tells whether a path is taken.
pub(crate) type Taken = Box<dyn Fn(&str) -> bool>;

/// What an act writes.
#[derive(Debug)]
pub(crate) enum Deed {
    Sources(Addition),
    Import(Box<Merge>),
    /// All codings of a coder that is no person.
    Codings(Coder, Vec<CodingRecord>),
    Coding(CodingRecord),
    Status(String, CodingStatus),
    Remark(String, String),
    Memo(Memo),
    /// Several changes that are one for people.
    Many(Batch),
    Remove(String),
    Correct(Box<Correction>),
    Describe(Vec<Description>),
    File(String, Option<Vec<u8>>),
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The event, if anything changed.
    pub(crate) event: Option<Event>,
    /// The command that was taken back or done again.
    pub(crate) undone: Option<String>,
    /// What could not be taken back, because it was changed since.
    pub(crate) left: Vec<Problem>,
    /// Codings of a lexicon with somebody's memo that it no longer finds.
    pub(crate) not_found: Vec<CodingRecord>,
}

/// Which way the log is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Undo,
    Redo,
}

/// A study that is being changed.
#[derive(Debug)]
pub(crate) enum Shelf {
    /// A folder that nobody else changes meanwhile.
    Folder(PathBuf, Held),
    /// A study file; SQLite lets one writer in at a time.
    File(Box<Store>),
}

impl Shelf {
    pub(crate) fn load(&self, readers: &Readers<'_>) -> Result<Loaded, StudyError> {
        match self {
            Self::Folder(root, _) => Ok(read_folder(root, readers)?),
            Self::File(store) => load_known_file(store, readers),
        }
    }

    /// Returns the folder of the study; no folder lies behind a study file: nothing can be inside it already.
    pub(crate) fn root(&self) -> PathBuf {
        match self {
            Self::Folder(root, _) => root.clone(),
            Self::File(_) => PathBuf::from("\0"),
        }
    }

    /// Returns everything that was done to the study, the first thing first.
    pub(crate) fn log(&self, readers: &Readers<'_>) -> Result<Vec<Event>, StudyError> {
        match self {
            Self::Folder(root, held) => Ok(Folder { root, held, readers }.history()?),
            Self::File(store) => Ok(store.log()?),
        }
    }

    /// Returns all of the study in memory.
    pub(crate) fn image(&self, readers: &Readers<'_>) -> Result<FolderImage, StudyError> {
        match self {
            Self::Folder(root, _) => Ok(super::read_image(root, readers)?.0),
            Self::File(store) => Ok(store.reading(Store::folder_image)?),
        }
    }

    /// Writes the study anew as it is to be, without anything that it held before; the log gets one event behind what
    /// `after` has of it.
    pub(crate) fn rewrite(
        &mut self,
        before: &FolderImage,
        mut after: FolderImage,
        counts: &str,
        readers: &Readers<'_>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Event, StudyError> {
        super::rewrite::read_back(before, &after, readers)?;
        match self {
            Self::File(store) => {
                let extractor = nomoscope_formats::EXTRACTOR_VERSION.to_string();
                Ok(store.rewrite(&super::redact::as_tables(after), counts, &extractor, stamp)?)
            }
            Self::Folder(root, held) => {
                let followed: BTreeSet<&str> =
                    after.history.iter().flat_map(|e| e.parents.iter().map(String::as_str)).collect();
                let heads = after.history.iter().map(|e| e.id.as_str()).filter(|id| !followed.contains(id));
                let event = Event {
                    id: (stamp.new_id)(),
                    parents: heads.map(str::to_owned).collect(),
                    coder: stamp.coder.to_owned(),
                    time: stamp.time.to_owned(),
                    command: stamp.command.to_owned(),
                    forward: counts.to_owned(),
                    inverse: "null".to_owned(),
                };
                after.history.push(event.clone());
                let new = super::rewrite::rendered(after)?;
                let mut edits: Edits = before.files.keys().map(|path| (path.clone(), None)).collect();
                edits.extend(new.into_iter().map(|(path, bytes)| (path, Some(bytes))));
                let folder = Folder { root, held, readers };
                let mut changed = Edits::new();
                for (path, bytes) in edits {
                    if folder.bytes(&path)? != bytes {
                        changed.insert(path, bytes);
                    }
                }
                held.edit(&changed)?;
                Ok(event)
            }
        }
    }

    /// Returns the bytes of a file of the study; none where it has none of the name.
    pub(crate) fn file(&self, path: &str, readers: &Readers<'_>) -> Result<Option<Vec<u8>>, StudyError> {
        match self {
            Self::Folder(root, held) => Ok(Folder { root, held, readers }.bytes(path)?),
            Self::File(store) => Ok(store.file(path)?),
        }
    }

    /// Returns whether a file stands as an import wrote it, and nobody changed it since.
    pub(crate) fn is_as_imported(&self, path: &str, readers: &Readers<'_>) -> Result<bool, StudyError> {
        let log = self.log(readers)?;
        let named = serde_json::Value::from(path).to_string();
        let last = log.iter().rev().find(|event| event.forward.contains(&named));
        let Some((event, bytes)) = last.zip(self.file(path, readers)?) else { return Ok(false) };
        let is_import = event.command.split(' ').next() == Some("import");
        Ok(is_import && event.forward.contains(&hash_hex(&bytes)))
    }

    /// Returns a function that says which paths are taken.
    pub(crate) fn taken(&self, readers: &Readers<'_>) -> Result<Taken, StudyError> {
        let there: BTreeSet<String> = match self {
            Self::Folder(root, _) => {
                let sheet = read_sheet(root, readers)?.map(|bytes| sources_csv::parse(&bytes)).transpose()?;
                sheet.into_iter().flat_map(|sheet| sheet.rows).map(|row| row.path).collect()
            }
            Self::File(store) => store.file_paths()?.into_iter().collect(),
        };
        Ok(Box::new(move |path| there.contains(path)))
    }

    pub(crate) fn write(
        &mut self,
        deed: Deed,
        readers: &Readers<'_>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Written, StudyError> {
        match self {
            Self::Folder(root, held) => Folder { root, held, readers }.write(deed, stamp),
            Self::File(store) => Ok(write_file(store, deed, stamp)?),
        }
    }

    /// Takes back what a coder did last, or does again what they took back last.
    pub(crate) fn go(
        &mut self,
        way: Way,
        coder: &str,
        readers: &Readers<'_>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Written, StudyError> {
        match self {
            Self::Folder(root, held) => Folder { root, held, readers }.go(way, coder, stamp),
            Self::File(store) => {
                let change = match way {
                    Way::Undo => store.undo(coder, &later::concepts, stamp)?,
                    Way::Redo => store.redo(coder, &later::concepts, stamp)?,
                };
                Ok(Written { event: Some(change.event), undone: change.undone, ..Written::default() })
            }
        }
    }
}

fn write_file(store: &mut Store, deed: Deed, stamp: &mut Stamp<'_>) -> Result<Written, StoreError> {
    let extractor = nomoscope_formats::EXTRACTOR_VERSION.to_string();
    let mut not_found = Vec::new();
    let change = match deed {
        Deed::Sources(addition) => store.add_sources(&addition, &extractor, stamp)?,
        Deed::Import(merge) => store.merge(&merge, &extractor, stamp)?,
        Deed::Codings(coder, records) => {
            not_found = store.not_found(&coder.id, &records)?;
            store.put_codings(&coder, &records, stamp)?
        }
        Deed::Coding(record) => store.add_coding(&record, stamp)?,
        Deed::Status(id, status) => store.set_coding_status(&id, status, stamp)?,
        Deed::Remark(id, memo) => store.set_coding_memo(&id, &memo, stamp)?,
        Deed::Memo(memo) => store.add_memo(&memo, stamp)?,
        Deed::Many(batch) => store.change_many(&batch, stamp)?,
        Deed::Remove(path) => store.remove_source(&path, stamp)?,
        Deed::Correct(correction) => store.correct(&correction, &extractor, stamp)?,
        Deed::Describe(said) => store.describe(&said, stamp)?,
        Deed::File(path, bytes) => store.put_file(&path, bytes.as_deref(), stamp)?,
    };
    Ok(Written { event: change.map(|change| change.event), not_found, ..Written::default() })
}

/// A study folder that is being changed.
struct Folder<'a> {
    root: &'a Path,
    held: &'a Held,
    readers: &'a Readers<'a>,
}

impl Folder<'_> {
    fn write(&self, deed: Deed, stamp: &mut Stamp<'_>) -> Result<Written, StudyError> {
        let mut written = Written::default();
        let edits = match deed {
            Deed::Sources(addition) => edits_of(self.root, &addition, self.readers)?,
            Deed::Import(merge) => self.import(*merge)?,
            Deed::File(path, bytes) => self.put(path, bytes)?,
            Deed::Remove(path) => self.remove(&path)?,
            Deed::Correct(correction) => self.correct(*correction)?,
            Deed::Describe(said) => self.describe(&said)?,
            Deed::Codings(coder, records) => self.codings(coder, &records, &mut written)?,
            Deed::Memo(memo) => self.edit(|study| {
                study.memos.push(memo);
                Ok(())
            })?,
            Deed::Many(batch) => {
                let mut edits = Edits::new();
                for (path, bytes) in &batch.files {
                    edits.extend(self.put(path.clone(), Some(bytes.clone()))?);
                }
                edits.extend(self.edit(|study| change_many(study, batch))?);
                edits
            }
            Deed::Coding(record) => self.edit(|study| add_coding(study, record))?,
            Deed::Status(id, status) => self.edit(|study| {
                find(study, &id)?.status = status;
                Ok(())
            })?,
            Deed::Remark(id, memo) => self.edit(|study| {
                find(study, &id)?.memo = memo;
                Ok(())
            })?,
        };
        written.event = self.commit(&edits, None, stamp)?;
        Ok(written)
    }

    fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, Problems> {
        let file = self.root.join(path);
        if std::fs::symlink_metadata(&file).is_err() {
            return Ok(None);
        }
        Ok(Some(read_capped(&file, path, &self.readers.caps)?))
    }

    /// Reads the study, changes it, and returns the tables that changed with it.
    fn edit(&self, change: impl FnOnce(&mut Study) -> Result<(), StudyError>) -> Result<Edits, StudyError> {
        let Loaded { study: before, mut hashes, .. } = read_folder(self.root, self.readers)?;
        let mut after = before.clone();
        change(&mut after)?;
        let edits = tables(&before, &after)?;
        if let (Some(memory), Some(Some(bytes))) = (self.readers.memory, edits.get(files::CODINGS_CSV)) {
            hashes.insert(files::CODINGS_CSV.to_owned(), hash_hex(bytes));
            memory.keep_codings(of_codings(&hashes), Codings { records: after.codings, notes: Vec::new() });
        }
        Ok(edits)
    }

    fn codings(&self, coder: Coder, records: &[CodingRecord], written: &mut Written) -> Result<Edits, StudyError> {
        self.edit(|study| {
            let (of_coder, mut all): (Vec<_>, Vec<_>) =
                std::mem::take(&mut study.codings).into_iter().partition(|c| c.coder == coder.id);
            let mut decided = keep_decisions(records, &of_coder, &coder.id);
            let taken: BTreeSet<&str> = all.iter().map(|c| c.id.as_str()).collect();
            with_free_ids(&mut decided.records, &of_coder, |id| Ok::<_, StudyError>(taken.contains(id)))?;
            written.not_found = decided.not_found;
            all.extend(decided.records);
            all.sort_by(|a, b| (&a.source, a.span, &a.concept, &a.id).cmp(&(&b.source, b.span, &b.concept, &b.id)));
            study.codings = all;
            if coder.id.as_str() != LEXICON && !study.coders.iter().any(|c| c.id == coder.id) {
                // Without this the codings would be taken for those of a person.
                study.coders.push(coder);
            }
            Ok(())
        })
    }

    fn import(&self, merge: Merge) -> Result<Edits, StudyError> {
        let before = read_folder(self.root, self.readers)?.study;
        let mut after = before.clone();
        super::import::apply(&mut after, &merge);
        let mut edits = tables(&before, &after)?;
        // They change texts where they stand, and no row of the table of sources.
        edits.extend(merge.corrections.into_iter().map(|correction| (correction.path, Some(correction.bytes))));
        edits.extend(edits_of(self.root, &merge.addition, self.readers)?);
        edits.extend(merge.codebook.map(|bytes| (files::CODEBOOK_TOML.to_owned(), Some(bytes))));
        edits.extend(merge.files.into_iter().map(|(path, bytes)| (path, Some(bytes))));
        Ok(edits)
    }

    fn put(&self, path: String, bytes: Option<Vec<u8>>) -> Result<Edits, StudyError> {
        check_relative_path(&path).map_err(|source| StoreError::Path { path: path.clone(), source })?;
        let sources = read_folder(self.root, self.readers)?.study.sources;
        let is_source = sources.iter().any(|s| file_of(&s.path, |p| p == path).is_some());
        if is_source || MANAGED.contains(&path.as_str()) {
            return Err(StoreError::DuplicateSource(path).into());
        }
        Ok(Edits::from([(path, bytes)]))
    }

    /// Takes a file out, with its row, its codings and its memos.
    fn remove(&self, path: &str) -> Result<Edits, StudyError> {
        let before = read_folder(self.root, self.readers)?.study;
        let of_file = |source: &str| file_of(source, |p| p == path).is_some();
        if !before.sources.iter().any(|s| of_file(&s.path)) {
            return Err(StoreError::UnknownSource(path.to_owned()).into());
        }
        if !self.root.join(path).is_file() {
            return Err(StoreError::RowOfTable(path.to_owned()).into());
        }
        let mut after = before.clone();
        after.sources = before.sources.iter().filter(|s| !of_file(&s.path)).cloned().collect();
        after.codings.retain(|c| !of_file(&c.source));
        after.drop_dangling();
        let mut edits = tables(&before, &after)?;
        edits.insert(path.to_owned(), None);
        if let Some(bytes) = self.bytes(files::SOURCES_CSV)? {
            let Sources { mut sheet, rows } = sources_csv::parse(&bytes)?;
            let mut named = rows.iter().map(|row| row.path == path);
            sheet.rows.retain(|_| !named.next().unwrap_or(false));
            edits.insert(files::SOURCES_CSV.to_owned(), Some(sources_csv::write(&sheet).into_bytes()));
        }
        Ok(edits)
    }

    /// Puts a corrected source in the place of what it was.
    fn correct(&self, correction: Correction) -> Result<Edits, StudyError> {
        let before = read_folder(self.root, self.readers)?.study;
        let row = correction.row.iter().map(|row| (correction.file.as_str(), row));
        let mut edits = self.rows(&before, row)?;
        if correction.file != correction.path {
            if self.root.join(&correction.path).exists() {
                return Err(StoreError::DuplicateSource(correction.path).into());
            }
            edits.insert(correction.file.clone(), None);
        }
        edits.insert(correction.path.clone(), Some(correction.bytes.clone()));
        let mut after = before.clone();
        corrected(&mut after, correction);
        edits.extend(tables(&before, &after)?);
        Ok(edits)
    }

    fn describe(&self, said: &[Description]) -> Result<Edits, StudyError> {
        let study = read_folder(self.root, self.readers)?.study;
        self.rows(&study, said.iter().map(|of| (of.file.as_str(), &of.row)))
    }

    /// Gives files other rows; where the study has no sheet yet, it has one with rows for all that is there.
    fn rows<'r>(
        &self,
        study: &Study,
        rows: impl Iterator<Item = (&'r str, &'r BTreeMap<String, String>)>,
    ) -> Result<Edits, StudyError> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(Edits::new());
        }
        let mut sheet = match self.bytes(files::SOURCES_CSV)? {
            Some(bytes) => sources_csv::parse(&bytes)?.sheet,
            None => {
                let whole = |s: &Source| file_of(&s.path, |path| self.root.join(path).is_file()).map(str::to_owned);
                let there: BTreeSet<String> = study.sources.iter().filter_map(whole).collect();
                super::redact::sheet_of(there.iter())
            }
        };
        for (file, row) in rows {
            super::redact::replace_row(&mut sheet, file, row);
        }
        Ok(Edits::from([(files::SOURCES_CSV.to_owned(), Some(sources_csv::write(&sheet).into_bytes()))]))
    }

    fn history(&self) -> Result<Vec<Event>, Problems> {
        self.bytes(files::HISTORY_JSONL)?.map_or(Ok(Vec::new()), |bytes| files::history_jsonl::parse(&bytes))
    }

    /// Writes files together with the event that says so and takes it back; none if nothing would change.
    fn commit(
        &self,
        edits: &Edits,
        undoes: Option<String>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Event>, StudyError> {
        let mut patches = Vec::new();
        for (path, after) in edits {
            patches.extend(Patch::of(path, self.bytes(path)?.as_deref(), after.as_deref()));
        }
        if patches.is_empty() {
            return Ok(None);
        }
        let history = self.history()?;
        let followed: BTreeSet<&str> = history.iter().flat_map(|e| e.parents.iter().map(String::as_str)).collect();
        let heads = history.iter().map(|e| e.id.as_str()).filter(|id| !followed.contains(id));
        let wrote: BTreeMap<&str, Option<&String>> =
            patches.iter().map(|p| (p.path.as_str(), p.after.as_ref())).collect();
        let mut forward = serde_json::json!({ "wrote": wrote });
        if let Some(undoes) = &undoes {
            forward["undoes"] = undoes.as_str().into();
        }
        let event = Event {
            id: (stamp.new_id)(),
            parents: heads.map(str::to_owned).collect(),
            coder: stamp.coder.to_owned(),
            time: stamp.time.to_owned(),
            command: stamp.command.to_owned(),
            forward: forward.to_string(),
            inverse: serde_json::to_string(&Patches { undoes, files: patches.clone() }).unwrap_or_default(),
        };
        let changed = |path: &String| patches.iter().any(|p| p.path == *path);
        let mut all: Edits =
            edits.iter().filter(|(path, _)| changed(path)).map(|(p, b)| (p.clone(), b.clone())).collect();
        let mut log = self.bytes(files::HISTORY_JSONL)?.unwrap_or_default();
        if log.last().is_some_and(|&b| b != b'\n') {
            log.push(b'\n');
        }
        log.extend(files::history_jsonl::write(std::slice::from_ref(&event)).into_bytes());
        all.insert(files::HISTORY_JSONL.to_owned(), Some(log));
        self.held.edit(&all)?;
        Ok(Some(event))
    }

    /// Takes back what a coder did last, or does again what they took back last, where it still stands and no later change
    /// needs it.
    fn go(&self, way: Way, coder: &str, stamp: &mut Stamp<'_>) -> Result<Written, StudyError> {
        let mut standing = Standing::default();
        for event in self.history()? {
            match serde_json::from_str::<Patches>(&event.inverse) {
                Ok(patches) => standing.then(event, patches.undoes.as_deref()),
                // What came with a study file says how to change its tables, not these files.
                Err(_) => standing = Standing::default(),
            }
        }
        let nothing = || StoreError::nothing_of(coder, standing.last_coder(), StoreError::NothingToUndo);
        let (event, command) = match way {
            Way::Undo => standing.undo(coder).cloned().ok_or_else(nothing)?,
            Way::Redo => standing.redo(coder).cloned().ok_or(StoreError::NothingToRedo)?,
        };
        let patches: Patches = serde_json::from_str(&event.inverse).unwrap_or_default();
        let (mut edits, mut left) = (Edits::new(), Vec::new());
        for patch in &patches.files {
            let bytes = self.bytes(&patch.path)?;
            match patch.take_back(bytes.as_deref()) {
                Ok(was) => {
                    edits.insert(patch.path.clone(), was);
                }
                Err(reason) => left.push(Problem::new(patch.path.as_str(), reason)),
            }
        }
        let since = standing.after(&event.id);
        if let Some((by, since)) = self.in_the_way(&since, &patches, &edits, &left)? {
            return Err(StoreError::CannotUndo { command, reason: StoreError::in_the_way(since, by) }.into());
        }
        self.keep_whole(&patches, &mut edits, &mut left)?;
        if edits.is_empty() {
            let hint = "what was changed by hand stays; `git diff` shows it where git keeps the folder";
            let left = left.into_iter().map(|p| p.hint(hint));
            return Err(left.collect::<Problems>().into());
        }
        let event = self.commit(&edits, Some(event.id), stamp)?;
        Ok(Written { event, undone: Some(command), left, ..Written::default() })
    }

    /// Returns by whom the last of the later changes is that needs what is to be taken back, and its command.
    fn in_the_way<'l>(
        &self,
        since: &[&'l (Event, String)],
        patches: &Patches,
        edits: &Edits,
        left: &[Problem],
    ) -> Result<Option<(&'l str, &'l str)>, StudyError> {
        if since.is_empty() {
            return Ok(None);
        }
        // Files that a later change must have written to need this one.
        let mut needed: BTreeSet<String> = left.iter().map(|problem| problem.file.clone()).collect();
        let is_text = |patch: &&Patch| patch.before.is_some() && patch.after.is_some() && !is_table(&patch.path);
        if patches.files.iter().any(|patch| is_text(&patch)) {
            // Places in a text are counted in it as it was when they were written.
            needed.extend([files::CODINGS_CSV, files::PASSAGES_CSV].map(str::to_owned));
        }
        needed.extend(later::missed(edits, &|path| self.bytes(path))?.map(str::to_owned));
        let misfits = !self.fits(edits)?;
        let wrote = |event: &Event| {
            let patches: Patches = serde_json::from_str(&event.inverse).unwrap_or_default();
            let needed = |patch: &Patch| needed.contains(&patch.path) || (misfits && !is_table(&patch.path));
            patches.files.iter().any(needed)
        };
        let found = since.iter().find(|(event, _)| wrote(event));
        Ok(found.map(|(event, command)| (event.coder.as_str(), command.as_str())))
    }

    /// Returns whether codings that come back fit the texts as they are now.
    fn fits(&self, edits: &Edits) -> Result<bool, StudyError> {
        let Some(Some(bytes)) = edits.get(files::CODINGS_CSV) else { return Ok(true) };
        if edits.keys().any(|path| !is_table(path)) {
            // They come back with their texts.
            return Ok(true);
        }
        let study = read_folder(self.root, self.readers)?.study;
        Ok(files::codings_csv::parse(bytes, &texts(&study)).is_ok())
    }

    /// Lets files stay that others would miss: rows, codings and memos name them.
    fn keep_whole(&self, patches: &Patches, edits: &mut Edits, left: &mut Vec<Problem>) -> Result<(), StudyError> {
        let mut named = BTreeSet::new();
        let columns = [(files::SOURCES_CSV, "path"), (files::CODINGS_CSV, "source"), (files::MEMOS_CSV, "about")];
        for (table, column) in columns {
            let bytes = match edits.get(table) {
                Some(bytes) => bytes.clone(),
                None => self.bytes(table)?,
            };
            let Some(bytes) = bytes else { continue };
            let sheet = files::csv::read(table, &bytes)?;
            let cells = sheet.rows.iter().map(|row| sheet.cell(row, column));
            named.extend(cells.map(|c| c.strip_prefix("source:").unwrap_or(c).to_owned()));
        }
        for patch in &patches.files {
            let goes = edits.get(&patch.path).is_some_and(Option::is_none);
            if goes && named.iter().any(|name| file_of(name, |p| p == patch.path).is_some()) {
                edits.remove(&patch.path);
                left.push(Problem::new(patch.path.as_str(), "is named by rows, codings or memos that came since"));
            }
        }
        Ok(())
    }
}

fn find<'a>(study: &'a mut Study, id: &str) -> Result<&'a mut CodingRecord, StudyError> {
    let found = study.codings.iter_mut().find(|c| c.id == id);
    found.ok_or_else(|| StoreError::UnknownCoding(id.to_owned()).into())
}

fn change_many(study: &mut Study, batch: Batch) -> Result<(), StudyError> {
    let mut at: BTreeMap<_, _> = study.codings.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
    let unknown = |id: &CodingId| StudyError::from(StoreError::UnknownCoding(id.to_string()));
    let status = batch.status.into_iter().map(|(id, status)| (id, Some(status), None));
    let concept = batch.concept.into_iter().map(|(id, concept)| (id, None, Some(concept)));
    for (id, status, concept) in status.chain(concept) {
        let coding = at.get(&id).and_then(|&i| study.codings.get_mut(i)).ok_or_else(|| unknown(&id))?;
        coding.status = status.unwrap_or(coding.status);
        coding.concept = concept.unwrap_or_else(|| coding.concept.clone());
    }
    let mut gone = BTreeSet::new();
    for id in batch.remove {
        at.remove(&id).ok_or_else(|| unknown(&id))?;
        gone.insert(id);
    }
    study.codings.retain(|c| !gone.contains(&c.id));
    for record in batch.add {
        if at.contains_key(&record.id) {
            return Err(StoreError::DuplicateCoding(record.id.to_string()).into());
        }
        study.codings.push(record);
    }
    for (id, about) in batch.about {
        if let Some(memo) = study.memos.iter_mut().find(|m| m.id == id) {
            memo.about = about;
        }
    }
    study.drop_dangling();
    Ok(())
}

/// Lets a study follow the correction of one of its sources.
pub(super) fn corrected(study: &mut Study, correction: Correction) {
    let Correction { before, source, places, gone, annotations, about, .. } = correction;
    let places: BTreeMap<CodingId, Span> = places.into_iter().collect();
    for coding in study.codings.iter_mut().filter(|c| c.source == *before) {
        if let Some(span) = places.get(&coding.id) {
            (coding.span, coding.quote) = (*span, span.of(&source.document.text).to_owned());
        }
        coding.source = source.path.as_str().into();
    }
    study.codings.retain(|c| !gone.codings.contains(c.id.as_str()));
    let mut new: BTreeMap<Vec<String>, Annotation> = annotations.into_iter().map(|a| (a.key(), a)).collect();
    let mut all = Annotations::default();
    for annotation in study.annotations.iter() {
        let key = annotation.key();
        match new.remove(&key) {
            Some(new) => all.push(new),
            None if gone.annotations.contains(&key) => {}
            None => all.push(annotation),
        }
    }
    new.into_values().for_each(|annotation| all.push(annotation));
    study.annotations = all;
    for (id, subject) in about {
        if let Some(memo) = study.memos.iter_mut().find(|m| m.id == id) {
            memo.about = subject;
        }
    }
    let of = |old: &Source| if old.path == before { source.clone() } else { old.clone() };
    study.sources = study.sources.iter().map(of).collect();
    study.drop_dangling();
}

fn add_coding(study: &mut Study, record: CodingRecord) -> Result<(), StudyError> {
    if study.codings.iter().any(|c| c.id == record.id) {
        return Err(StoreError::DuplicateCoding(record.id.to_string()).into());
    }
    study.codings.push(record);
    Ok(())
}

fn texts(study: &Study) -> files::codings_csv::Texts<'_> {
    study.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect()
}

/// Returns whether a file is no text of a source: a table of the study, its settings, its codebook.
fn is_table(path: &str) -> bool {
    MANAGED.contains(&path) || path == files::STUDY_TOML || path == files::CODEBOOK_TOML
}

/// Returns the tables in which two states of a study differ, as they are afterwards.
fn tables(before: &Study, after: &Study) -> Result<Edits, StudyError> {
    // With one id twice nobody could read the folder any more.
    let (mut codings, mut coders) = (BTreeSet::new(), BTreeSet::new());
    if let Some(twice) = after.codings.iter().find(|c| !codings.insert(&c.id)) {
        return Err(StoreError::DuplicateCoding(twice.id.to_string()).into());
    }
    if let Some(twice) = after.coders.iter().find(|c| !coders.insert(&c.id)) {
        return Err(StoreError::Duplicate(twice.id.to_string()).into());
    }
    let mut edits = Edits::new();
    let mut put = |path: &str, text: String| {
        edits.insert(path.to_owned(), Some(text.into_bytes()));
    };
    if before.codings != after.codings {
        put(files::CODINGS_CSV, files::codings_csv::write(&after.codings, &texts(after))?);
    }
    if before.coders != after.coders {
        put(files::CODERS_CSV, files::people_csv::write_coders(&after.coders));
    }
    if before.memos != after.memos {
        put(files::MEMOS_CSV, files::people_csv::write_memos(&after.memos));
    }
    if before.annotations != after.annotations {
        // A source comes or goes with what stands in it: each state has its own texts.
        let (old, new) = (texts(before), texts(after));
        for file in files::annotations_csv::FILES {
            let text = files::annotations_csv::write(file, &after.annotations, &new)?;
            if text != files::annotations_csv::write(file, &before.annotations, &old)? {
                put(file, text.unwrap_or_default());
            }
        }
    }
    Ok(edits)
}
