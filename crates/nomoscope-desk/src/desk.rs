//! The desk: an opened study that answers what it holds and takes acts. Nothing else writes a study.

use crate::act::{Act, ConceptEdit, Hit, Wording};
use crate::decisions;
use crate::deeds;
use crate::load::{self, Opened};
use crate::memory::Memory;
use crate::search;
use crate::study::convert::{brought_up_to_date, study_files};
use crate::study::correct::{self, Plan};
use crate::study::describe;
use crate::study::shelf::{Deed, Shelf, Way, Written};
use crate::study::walk::looks;
use crate::study::{
    Erasure, Imported, Loaded, Options, Problem, Problems, Readers, Reading, Rewritten, StudyError, Tally, add, import,
    merge, rewrite,
};
use crate::{clock, stamp};
use nomoscope_core::problem::{self, Remedy};
use nomoscope_core::study::{Coder, CoderKind, CodingRecord, CodingStatus, Event, Known, Memo, Origin, Study, Subject};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::reading::is_lexicon;
use nomoscope_formats::codebook_toml;
use nomoscope_formats::study as files;
use nomoscope_store::disk::{self, Recovery};
use nomoscope_store::{Batch, FolderImage, Stamp, Store, StoreError, hash_hex, identity};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An opened study, a folder or a file.
///
/// It holds no lock and no handle between two calls, so that several people, and several desks, can have one study open.
#[derive(Clone)]
pub struct Desk {
    path: PathBuf,
    readers: Readers<'static>,
    memory: Option<Arc<Memory>>,
}

/// What an act did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// The event in the log; none if nothing changed.
    pub event: Option<Event>,
    /// The command that was taken back or done again.
    pub undone: Option<String>,
    /// What could not be taken back, because it was changed since; it stays as it is.
    pub left: Vec<Problem>,
    /// Files that were added, relative to the study.
    pub files: Vec<String>,
    /// Files of a folder that was named which the study has already.
    pub there: Vec<String>,
    /// How many files were left out of an addition; the notes say why.
    pub left_out: usize,
    /// How many sources, or codings, were added or stored.
    pub n: usize,
    /// What came of each project of another program.
    pub imported: Vec<Imported>,
    /// What was erased, or replaced by pseudonyms.
    pub rewritten: Option<Rewritten>,
    /// What came of another study that was joined.
    pub joined: Option<Tally>,
    /// An earlier change that was interrupted and is settled now.
    pub recovery: Option<Recovery>,
    /// What people should know; no errors.
    pub notes: Vec<Problem>,
}

/// A study as the files of a study folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudyFiles {
    /// The files by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Names of files that are left out, for no study has files of such names.
    pub left_out: Vec<String>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens a study folder or a study file.
    ///
    /// # Errors
    /// There is none at the path.
    pub fn open(path: &Path) -> Result<Self, StudyError> {
        Self::open_with(path, load::readers())
    }

    /// Like [`Desk::open`], reading texts in another way.
    ///
    /// # Errors
    /// There is no study at the path.
    pub fn open_with(path: &Path, readers: Readers<'static>) -> Result<Self, StudyError> {
        let hint = Remedy::with("`{}` makes a study", [problem::Act::NewStudy]);
        let wrong = |reason: &str| Problems::from(Problem::new(path.display().to_string(), reason).hint(hint.clone()));
        let desk = Self { path: path.to_owned(), readers, memory: None };
        if !path.exists() && path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("nomo")) {
            return Err(wrong("there is no such study").into());
        }
        if !desk.is_folder() {
            drop(Store::open_read_only(path)?);
        } else if !path.join(files::STUDY_TOML).is_file() {
            return Err(wrong("is no study folder").into());
        }
        Ok(desk)
    }

    /// Returns the desk with a memory for texts, so that files that did not change are not read out again: for those who
    /// keep a study open.
    #[must_use]
    pub fn remembering(self) -> Self {
        Self { memory: Some(Arc::default()), ..self }
    }

    /// Forgets what was read of the study.
    pub(crate) fn forget(&self) {
        if let Some(memory) = &self.memory {
            memory.forget();
        }
    }

    fn with_readers<T>(&self, work: impl FnOnce(&Readers<'_>) -> T) -> T {
        match &self.memory {
            None => work(&self.readers),
            Some(memory) => {
                let read = |name: &str, bytes: &[u8], reading: &Reading| {
                    memory.texts(name, bytes, reading, self.readers.read_text)
                };
                work(&Readers { read_text: &read, memory: Some(memory), ..self.readers })
            }
        }
    }

    /// Returns the path of the study.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether the study is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.path.is_dir()
    }

    /// Returns what questions are asked of: the study with its codebook, or with the one in a file, the hashes of all that
    /// was read, notes, and the revision.
    ///
    /// # Errors
    /// Everything that is wrong with either.
    pub fn material(&self, codebook: Option<&Path>) -> Result<Opened, StudyError> {
        self.with_readers(|readers| load::open_by(&self.path, codebook, readers))
    }

    /// Returns what tells this state of the study from every other one, without reading texts: an answer that was given at
    /// the same revision is still the answer.
    ///
    /// # Errors
    /// Everything that is wrong with the study.
    pub fn revision(&self) -> Result<String, StudyError> {
        if self.is_folder() {
            let read =
                || -> Result<String, StudyError> { Ok(crate::study::folder::revision(&self.path, &self.readers)?) };
            return match &self.memory {
                None => read(),
                Some(memory) => memory.revision(looks(&self.path, &self.readers.caps, clock::now()), read),
            };
        }
        Ok(hash_hex(Store::open_read_only(&self.path)?.heads()?.as_bytes()))
    }

    /// Returns everything that was done to the study, the first thing first.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn log(&self) -> Result<Vec<Event>, StudyError> {
        if !self.is_folder() {
            return Ok(Store::open_read_only(&self.path)?.log()?);
        }
        let file = self.path.join(files::HISTORY_JSONL);
        if !file.exists() {
            return Ok(Vec::new());
        }
        let bytes =
            crate::study::read_capped(&file, files::HISTORY_JSONL, &self.readers.caps).map_err(Problems::from)?;
        Ok(files::history_jsonl::parse(&bytes)?)
    }

    /// Does something to the study in the name of a coder: whole or not at all, and logged with what takes it back.
    ///
    /// # Errors
    /// Everything that is wrong with it; another process has changed the study for some seconds; the system says no.
    pub fn apply(&self, act: &Act, coder: &str) -> Result<Done, StudyError> {
        self.with_readers(|readers| self.apply_by(act, coder, readers))
    }

    fn apply_by(&self, act: &Act, coder: &str, readers: &Readers<'_>) -> Result<Done, StudyError> {
        let (time, command) = (clock::timestamp(), act.words(&self.path));
        let mut new_id = stamp::uuid;
        let mut stamp = Stamp { coder, time: &time, command: &command, new_id: &mut new_id };
        let mut done = Done { notes: self.tidy()?, ..Done::default() };
        let mut shelf = if self.is_folder() {
            let held = disk::hold(&self.path, &stamp.who())?;
            done.recovery = held.recovery;
            Shelf::Folder(self.path.canonicalize().unwrap_or_else(|_| self.path.clone()), held)
        } else {
            let store = Store::open(&self.path)?;
            done.notes.extend(brought_up_to_date(&store));
            Shelf::File(Box::new(store))
        };
        let rewritten = match act {
            Act::Forget { what } => Some(rewrite::forget(&mut shelf, what, readers, &mut stamp)?),
            Act::Pseudonymise { names } => Some(rewrite::pseudonymise(&mut shelf, names, readers, &mut stamp)?),
            _ => None,
        };
        if let Some((event, rewritten)) = rewritten {
            return Ok(Done { event: Some(event), rewritten: Some(rewritten), ..done });
        }
        let written = match act {
            Act::Undo => shelf.go(Way::Undo, coder, readers, &mut stamp)?,
            Act::UndoOf { coder } => shelf.go(Way::Undo, coder, readers, &mut stamp)?,
            Act::Redo => shelf.go(Way::Redo, coder, readers, &mut stamp)?,
            Act::Add { paths, .. } if paths.is_empty() => return Ok(done),
            act => {
                let deed = self.deed(act, &shelf, readers, (&mut stamp, &mut done))?;
                shelf.write(deed, readers, &mut stamp)?
            }
        };
        let Written { event, undone, left, not_found } = written;
        for coding in not_found {
            let reason = format!(
                "`{}` as {} is no longer found; its coding {} stays for the memo on it",
                coding.quote, coding.concept, coding.id
            );
            done.notes.push(Problem::new(coding.source.to_string(), reason));
        }
        Ok(Done { event, undone, left, ..done })
    }

    /// Returns the study as the files of a study folder.
    ///
    /// # Errors
    /// Everything that is wrong with the study.
    pub fn files(&self) -> Result<StudyFiles, StudyError> {
        let (files, left_out) = study_files(&merge::read(&self.path, &self.readers)?)?;
        Ok(StudyFiles { files, left_out: left_out.into_keys().collect() })
    }

    /// Returns the sources that can hold all parts of a search, and more than those that do; none where only a reading of all
    /// can tell: in a folder, and in an encrypted file, whose index would have to be decrypted first.
    ///
    /// # Errors
    /// The study file is damaged.
    pub fn can_hold(&self, terms: &[String]) -> Result<Option<BTreeSet<String>>, StudyError> {
        if self.is_folder() || Store::is_encrypted(&self.path) {
            return Ok(None);
        }
        Ok(Store::open_read_only(&self.path)?.can_hold(&search::wanted(terms))?)
    }

    /// Returns what a correction of a source would do, and does nothing.
    ///
    /// # Errors
    /// There is no such source, its text is another, or it cannot be corrected so.
    pub fn plan(&self, source: &str, changes: &[Wording]) -> Result<Plan, StudyError> {
        self.with_readers(|readers| {
            let image = merge::read(&self.path, readers)?;
            correct::prepare(&image, source, changes, readers).map(|(_, plan)| plan)
        })
    }

    /// Returns what an erasure would do, and does nothing.
    ///
    /// # Errors
    /// It is no source, and its words are nowhere; they cannot be erased.
    pub fn would_forget(&self, what: &str) -> Result<Erasure, StudyError> {
        self.with_readers(|readers| rewrite::would_forget(&merge::read(&self.path, readers)?, what, readers))
    }

    /// Removes what processes that are dead left beside a study file; what they left in a folder is settled by its lock.
    pub(crate) fn tidy(&self) -> Result<Vec<Problem>, StudyError> {
        if self.is_folder() {
            return Ok(Vec::new());
        }
        let gone = Store::tidy(&self.path)?;
        let note =
            |path: PathBuf| Problem::new(path.display().to_string(), "removed: a command that was interrupted left it");
        Ok(gone.into_iter().map(note).collect())
    }

    /// Returns what an act writes.
    fn deed(
        &self,
        act: &Act,
        shelf: &Shelf,
        readers: &Readers<'_>,
        (stamp, done): (&mut Stamp<'_>, &mut Done),
    ) -> Result<Deed, StudyError> {
        Ok(match act {
            Act::Add { paths, given } => {
                let taken = shelf.taken(readers)?;
                let prepared = add::prepare(&shelf.root(), paths, given, readers, &*taken)?;
                done.files = prepared.addition.files.keys().cloned().collect();
                done.n = prepared.addition.sources.len();
                done.there = prepared.there;
                done.left_out = prepared.left_out;
                done.notes.extend(prepared.notes);
                Deed::Sources(prepared.addition)
            }
            Act::Import { files, options } => {
                let loaded = shelf.load(&self.readers)?;
                let open = |file: &PathBuf| import::open(file, Some(&loaded.study), &self.readers);
                let opened = import::open_all(files.iter().map(open))?;
                self.import(&loaded, opened, options, shelf, (stamp, done))?
            }
            Act::ImportBytes { files, options } => {
                let loaded = shelf.load(&self.readers)?;
                let open = |(name, bytes): (&String, &Vec<u8>)| import::open_bytes(name, bytes, Some(&loaded.study));
                let opened = import::open_all(files.iter().map(open))?;
                self.import(&loaded, opened, options, shelf, (stamp, done))?
            }
            Act::Merge { other, coders } => {
                self.join(&merge::read(other, &self.readers)?, coders, shelf, (stamp, done))?
            }
            Act::MergeBytes { name, bytes, coders } => {
                self.join(&merge::read_bytes(name, bytes, &self.readers)?, coders, shelf, (stamp, done))?
            }
            Act::AddBytes { files, given } => {
                let taken = shelf.taken(readers)?;
                let prepared = add::prepare_bytes(&shelf.root(), files, given, readers, &*taken)?;
                done.files = prepared.addition.files.keys().cloned().collect();
                done.n = prepared.addition.sources.len();
                done.notes.extend(prepared.notes);
                Deed::Sources(prepared.addition)
            }
            Act::Code { coder, codebook } => {
                let opened = load::with_other_codebook(shelf.load(readers)?, &self.path, codebook.as_deref())?;
                refuse_hand(&opened.material.study, coder)?;
                done.notes.extend(opened.notes.iter().cloned());
                let records = code(&opened, coder, stamp.time)?;
                done.n = records.len();
                let coder = Coder { id: coder.as_str().into(), name: coder.clone(), kind: CoderKind::Lexicon };
                Deed::Codings(coder, records)
            }
            Act::Mark { source, span, concept, memo } => {
                let loaded = shelf.load(readers)?;
                refuse_lexicon(&loaded.study, stamp.coder)?;
                check_concept(loaded.codebook.as_deref(), concept)?;
                let hit = Hit { source: source.clone(), span: *span, concept: concept.clone() };
                match deeds::equal(&loaded.study, &hit, stamp.coder) {
                    None => {
                        let record = deeds::record(&loaded.study, &hit, CodingStatus::Accepted, stamp)?;
                        Deed::Coding(CodingRecord { memo: memo.clone(), ..record })
                    }
                    Some(known) => deeds::again(known, memo),
                }
            }
            Act::MarkNew { source, span, concept } => {
                let loaded = shelf.load(readers)?;
                refuse_lexicon(&loaded.study, stamp.coder)?;
                let hit = Hit { source: source.clone(), span: *span, concept: concept.id.clone() };
                let record = deeds::record(&loaded.study, &hit, CodingStatus::Accepted, stamp)?;
                let edit = ConceptEdit::Add(concept.clone());
                Deed::Many(Batch { add: vec![record], ..deeds::edited(&loaded, &edit)? })
            }
            Act::Recode { coding, span, concept } => {
                let loaded = shelf.load(readers)?;
                if let Some(concept) = concept {
                    check_concept(loaded.codebook.as_deref(), concept)?;
                }
                Deed::Many(deeds::recoded(&loaded.study, coding, *span, concept.as_deref(), stamp)?)
            }
            Act::Unmark { codings } => {
                let study = shelf.load(readers)?.study;
                Deed::Many(Batch { remove: deeds::own(&study, codings, stamp.coder)?, ..Batch::default() })
            }
            Act::Judge { right, hits } => {
                let loaded = shelf.load(readers)?;
                refuse_lexicon(&loaded.study, stamp.coder)?;
                for concept in hits.iter().map(|h| h.concept.as_str()).collect::<BTreeSet<_>>() {
                    check_concept(loaded.codebook.as_deref(), concept)?;
                }
                Deed::Many(deeds::judged(&loaded.study, hits, *right, stamp)?)
            }
            Act::Switch { to } => {
                decisions::switched(&shelf.file(files::STUDY_TOML, readers)?.unwrap_or_default(), to)?
            }
            Act::Finish { source, done } => decisions::finished(&shelf.load(readers)?.study, source, *done, stamp)?,
            Act::Adjudicate { decisions } => {
                let loaded = shelf.load(readers)?;
                for decision in decisions {
                    check_concept(loaded.codebook.as_deref(), &decision.concept)?;
                }
                decisions::adjudicated(&loaded.study, decisions, stamp)?
            }
            Act::DrawAudit { sample } => decisions::drawn(&shelf.load(readers)?.study, sample, stamp)?,
            Act::Audit { passage, missing } => {
                let loaded = shelf.load(readers)?;
                refuse_lexicon(&loaded.study, stamp.coder)?;
                for concept in missing {
                    check_concept(loaded.codebook.as_deref(), concept)?;
                }
                decisions::audited(&loaded.study, passage, missing, stamp)?
            }
            Act::TakeSuggestion { hit, score, model } => {
                let loaded = shelf.load(readers)?;
                refuse_lexicon(&loaded.study, stamp.coder)?;
                check_concept(loaded.codebook.as_deref(), &hit.concept)?;
                decisions::suggested(&loaded.study, hit, (score, model), stamp)?
            }
            Act::Concept { edit } => Deed::Many(deeds::edited(&shelf.load(readers)?, edit)?),
            Act::Accept { coding } => Deed::Status(coding.clone(), CodingStatus::Accepted),
            Act::Reject { coding } => Deed::Status(coding.clone(), CodingStatus::Rejected),
            Act::Remark { coding, text } => Deed::Remark(coding.clone(), text.clone()),
            Act::Memo { about, text } => {
                // What is written must be readable: a memo is about something that the study has.
                let loaded = shelf.load(readers)?;
                if let Some(concept) = about.strip_prefix("concept:") {
                    check_concept(loaded.codebook.as_deref(), concept)?;
                }
                let Study { sources, codings, coders, memos, annotations, .. } = &loaded.study;
                let known = Known::of(sources, codings, coders, memos, annotations);
                let subject = about.parse::<Subject>().ok().filter(|subject| known.contains(subject));
                let memo = Memo {
                    id: (stamp.new_id)().into(),
                    about: subject.ok_or_else(|| {
                        let reason = format!("`{about}` is nothing in the study that a memo can be about");
                        Problems::from(Problem::new(files::MEMOS_CSV, reason))
                    })?,
                    coder: stamp.coder.into(),
                    created: stamp.time.to_owned(),
                    text: text.clone(),
                };
                Deed::Memo(memo)
            }
            Act::Correct { source, changes, agreed } => {
                let (correction, plan) = correct::prepare(&shelf.image(readers)?, source, changes, readers)?;
                let asks = plan.asks();
                if !asks.is_subset(agreed) {
                    let open = plan.warnings().into_iter().map(|line| Problem::new(source.as_str(), line));
                    return Err(open.collect::<Problems>().into());
                }
                done.n = plan.words.len();
                // What differs in nothing is no version of its own.
                if done.n == 0 { Deed::Many(Batch::default()) } else { Deed::Correct(Box::new(correction)) }
            }
            Act::Describe { sources, said } => {
                let described = describe::described(&shelf.image(readers)?, sources, said)?;
                done.n = described.iter().map(|of| of.sources.len()).sum();
                Deed::Describe(described)
            }
            Act::EditCodebook { toml } => {
                let deed = Self::file(files::CODEBOOK_TOML, Some(toml.as_bytes()))?;
                refuse_orphans(&shelf.load(readers)?.study, toml.as_bytes())?;
                deed
            }
            Act::PutFile { path, bytes } => Self::file(path, bytes.as_deref())?,
            Act::RemoveSource { path } => Deed::Remove(path.clone()),
            // They have no deed: the log says what they write.
            Act::Undo | Act::UndoOf { .. } | Act::Redo | Act::Forget { .. } | Act::Pseudonymise { .. } => {
                return Err(StoreError::NothingToUndo.into());
            }
        })
    }

    /// Returns what is written of projects of other programs.
    fn import(
        &self,
        loaded: &Loaded,
        opened: Vec<import::Opened>,
        options: &Options,
        shelf: &Shelf,
        (stamp, done): (&mut Stamp<'_>, &mut Done),
    ) -> Result<Deed, StudyError> {
        let projects = opened.iter().flat_map(|(project, ..)| &project.sources);
        let texts = projects.filter_map(|source| Some((source.name.as_str(), source.text.as_deref()?)));
        rewrite::refuse_erased(&shelf.log(&self.readers)?, &loaded.study, texts)?;
        let (in_rows, root) = (shelf.taken(&self.readers)?, shelf.root());
        let taken = |path: &str| in_rows(path) || root.join(path).exists();
        let there = import::There {
            taken: &taken,
            is_as_imported: &|path| shelf.is_as_imported(path, &self.readers),
            image: &|| shelf.image(&self.readers),
        };
        let (merge, imported) = import::prepare(loaded, opened, options, &there, &self.readers, stamp)?;
        done.n = merge.codings.len();
        done.files = merge.addition.files.keys().cloned().collect();
        done.imported = imported;
        Ok(Deed::Import(Box::new(merge)))
    }

    /// Returns what is written of another study.
    fn join(
        &self,
        image: &FolderImage,
        coders: &BTreeMap<String, String>,
        shelf: &Shelf,
        (stamp, done): (&mut Stamp<'_>, &mut Done),
    ) -> Result<Deed, StudyError> {
        let texts = image.sources.iter().map(|source| (source.path.as_str(), &*source.document.text));
        let log = shelf.log(&self.readers)?;
        let (loaded, in_rows, root) = (shelf.load(&self.readers)?, shelf.taken(&self.readers)?, shelf.root());
        rewrite::refuse_erased(&log, &loaded.study, texts)?;
        let target = merge::Target {
            loaded: &loaded,
            taken: &|path| in_rows(path) || root.join(path).exists(),
            file: &|path| shelf.file(path, &self.readers),
            keeps_texts: !self.is_folder(),
            coders,
        };
        let (merge, mut tally) = merge::join(&target, image, &self.readers, stamp)?;
        done.n = merge.codings.len();
        done.files = merge.addition.files.keys().cloned().collect();
        if !merge.addition.files.is_empty() && rewrite::has_erased(&log) {
            let note = "this study has erased something: look whether what is new brings it back";
            tally.notes.push(note.to_owned());
        }
        done.joined = Some(tally);
        Ok(Deed::Import(Box::new(merge)))
    }

    /// Checks a file of the study before it is written.
    fn file(path: &str, bytes: Option<&[u8]>) -> Result<Deed, StudyError> {
        match (path, bytes) {
            (files::STUDY_TOML, Some(bytes)) => drop(files::study_toml::parse(bytes)?),
            (files::STUDY_TOML, None) => {
                return Err(Problems::from(Problem::new(path, "a study cannot be without it")).into());
            }
            (files::CODEBOOK_TOML, Some(bytes)) => {
                codebook_toml::parse(bytes).map_err(|p| p.in_file(path))?;
            }
            _ if !crate::study::convert::is_study_name(path) => {
                let hint = "cases go under facts/, tables under lists/";
                return Err(Problems::from(Problem::new(path, "is no file of a study").hint(hint)).into());
            }
            _ => {}
        }
        Ok(Deed::File(path.to_owned(), bytes.map(<[u8]>::to_vec)))
    }
}

/// Refuses to write in the name of somebody who codes by hand: their work would be replaced.
fn refuse_hand(study: &Study, coder: &str) -> Result<(), StudyError> {
    let codes = study.codings.iter().any(|c| c.coder == coder) || study.coders.iter().any(|c| c.id == coder);
    if codes && !is_lexicon(study, coder) {
        return Err(StoreError::CodesByHand(coder.to_owned()).into());
    }
    Ok(())
}

/// Refuses to code by hand under the name of a lexicon, whose next run would replace it, or of decisions between coders.
fn refuse_lexicon(study: &Study, coder: &str) -> Result<(), StudyError> {
    if study.adjudicates(coder) {
        let reason = format!("`{coder}` is the name under which decisions between coders are kept");
        return Err(Problems::from(Problem::new(files::CODERS_CSV, reason)).into());
    }
    if is_lexicon(study, coder) {
        let reason = format!("`{coder}` is the name of a lexicon");
        return Err(Problems::from(Problem::new(files::CODERS_CSV, reason)).into());
    }
    Ok(())
}

fn check_concept(codebook: Option<&[u8]>, concept: &str) -> Result<(), StudyError> {
    let Some(bytes) = codebook else { return Ok(()) };
    let codebook = codebook_toml::parse(bytes).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    if codebook.find(concept).is_none() {
        let reason = format!("has no concept `{concept}`");
        return Err(Problems::from(Problem::new(files::CODEBOOK_TOML, reason)).into());
    }
    Ok(())
}

/// Refuses a codebook without concepts that people coded: their work would be of nothing.
fn refuse_orphans(study: &Study, codebook: &[u8]) -> Result<(), StudyError> {
    let codebook = codebook_toml::parse(codebook).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
    for coding in study.codings.iter().filter(|c| !is_lexicon(study, &c.coder)) {
        if codebook.find(&coding.concept).is_none() {
            *lost.entry(coding.concept.as_str()).or_default() += 1;
        }
    }
    let problem = |(concept, n): (&str, usize)| {
        let codings = nomoscope_core::amount::counted(n, "coding", "codings");
        let reason = format!("has no concept `{concept}`, of which people made {codings}");
        Problem::new(files::CODEBOOK_TOML, reason).hint("keep the concept, or merge it into another one first")
    };
    Ok(lost.into_iter().map(problem).collect::<Problems>().or(())?)
}

/// Codes all sources; what people rejected stays out.
fn code(opened: &Opened, coder: &str, time: &str) -> Result<Vec<CodingRecord>, StudyError> {
    let corpus = opened.material.corpus(&Handle::default())?;
    // What the lexicon found before is no other coding for being found again.
    let found = opened.material.study.codings.iter().filter(|c| c.coder == coder);
    let found: BTreeMap<&str, &str> = found.map(|c| (c.id.as_str(), c.created.as_str())).collect();
    let mut records = Vec::new();
    for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
        for coding in coded.codings.iter().filter(|c| matches!(c.origin, Origin::Pattern(_))) {
            let concept = &opened.material.codebook.get(coding.concept).id;
            let (start, end) = (coding.span.start, coding.span.end);
            let id = identity(&format!("{coder}\0{}\0{concept}\0{start}\0{end}", source.path));
            records.push(CodingRecord {
                created: found.get(id.as_str()).map_or(time, |created| created).to_owned(),
                id: id.into(),
                source: source.path.as_str().into(),
                span: coding.span,
                quote: coding.span.of(&source.document.text).to_owned(),
                concept: concept.as_str().into(),
                coder: coder.into(),
                status: CodingStatus::Accepted,
                memo: String::new(),
            });
        }
    }
    Ok(records)
}
