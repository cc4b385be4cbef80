//! Two studies as one: what both have is one thing, and what either has alone is kept.
//!
//! Joining takes the union. It does not matter which study takes in which, in what order several are joined, or whether one
//! is joined twice: the same sources, codings and memos are kept. Where two decided differently about one coding, the later
//! of *suggested, accepted, rejected* stands, so that nothing counts that somebody turned down; both notes on it are kept.
//! Nothing is taken out: what one of them removed and the other still has comes back.

use super::{CodingKey, Merger, PassageKey, Pool, Tally};
use crate::study::import::Options;
use crate::study::source::{empty_row, sources_of};
use crate::study::{Loaded, Problem, Problems, Readers, StudyError, convert, read_image};
use nomoscope_core::amount::counted;
use nomoscope_core::codebook::Concept;
use nomoscope_core::study::{Annotation, Coder, CoderId, CoderKind, CodingRecord, ForeignId, Passage, Source, Subject};
use nomoscope_engine::reading::LEXICON;
use nomoscope_formats::exchange::ForeignProject;
use nomoscope_formats::exchange::place::Placement;
use nomoscope_formats::study::{self as files, sources_csv};
use nomoscope_formats::{codebook_edit, codebook_toml};
use nomoscope_store::{FolderImage, MANAGED, Merge, Stamp, Store, disk, file_of, hash_hex};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

/// How many differences of a kind are named one by one.
const NAMED: usize = 10;
/// Between two notes that were written on one coding.
const BETWEEN: &str = "\n---\n";

/// Reads all of a study, a folder or a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(path: &Path, readers: &Readers<'_>) -> Result<FolderImage, StudyError> {
    if path.is_dir() {
        return Ok(read_image(path, readers)?.0);
    }
    Ok(Store::open_read_only(path)?.reading(Store::folder_image)?)
}

/// Reads all of a study file that is in memory. It lies in a file of its own, which nobody else may read, for as long as that
/// takes.
///
/// # Errors
/// It is encrypted, or no study file; everything that is wrong with it.
pub(crate) fn read_bytes(name: &str, bytes: &[u8], readers: &Readers<'_>) -> Result<FolderImage, StudyError> {
    let named = |problem: Problem| StudyError::from(Problems::from(problem));
    let folder = tempfile::tempdir().map_err(|e| named(Problem::new(name, crate::reason::reason(&e))))?;
    // What is wrong is told by the name that people know.
    let known = Some(name).filter(|name| convert::is_plain(name) && name.to_lowercase().ends_with(".nomo"));
    let path = folder.path().join(known.unwrap_or("other.nomo"));
    disk::write_private(&path, bytes)?;
    if Store::is_encrypted(&path) {
        let hint = "join it on the command line, which asks for its passphrase";
        return Err(named(Problem::new(name, "is encrypted").hint(hint)));
    }
    read(&path, readers)
}

/// Reads a file of a study by its path; none where there is none.
type ReadFile<'a> = dyn Fn(&str) -> Result<Option<Vec<u8>>, StudyError> + 'a;

/// What another study is joined with, and how.
pub(crate) struct Target<'a> {
    /// The study that takes it in.
    pub(crate) loaded: &'a Loaded,
    /// Which paths are taken there.
    pub(crate) taken: &'a dyn Fn(&str) -> bool,
    /// Its files that are no sources; none where it has none of the name.
    pub(crate) file: &'a ReadFile<'a>,
    /// Whether it keeps texts as they were read, or reads them out of their files again.
    pub(crate) keeps_texts: bool,
    /// Other names for coders of the other study.
    pub(crate) coders: &'a BTreeMap<String, String>,
}

/// Returns what a study takes of another one.
///
/// # Errors
/// Something of either cannot be read; a text is read otherwise than the other study has it.
pub(crate) fn prepare(
    into: &Target<'_>,
    image: &FolderImage,
    readers: &Readers<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<(Merge, Tally), StudyError> {
    let project = ForeignProject {
        format: "study",
        annotations: image.annotations.clone(),
        memos: image.memos.clone(),
        ..ForeignProject::default()
    };
    let (placement, options) = (Placement::default(), Options::default());
    let Loaded { study, codebook, .. } = into.loaded;
    let mut merger = Merger::new(study, codebook.as_deref(), &project, &placement, &options, into.taken, readers)?;
    merger.system.clear();
    merger.join(into, image, stamp)
}

impl Merger<'_> {
    fn join(
        mut self,
        into: &Target<'_>,
        image: &FolderImage,
        stamp: &mut Stamp<'_>,
    ) -> Result<(Merge, Tally), StudyError> {
        self.join_sources(image, into.keeps_texts)?;
        self.join_codebook(into.loaded.codebook.as_deref(), image)?;
        self.join_coders(image, into.coders);
        self.cases(stamp);
        self.sets(stamp);
        self.variables(stamp);
        self.join_passages(image, stamp);
        self.join_codings(image, stamp);
        self.join_lexica(image, stamp);
        self.remarks(stamp);
        self.join_foreign(image);
        self.join_files(into, image)?;
        Ok((self.merge, self.tally))
    }

    fn join_sources(&mut self, image: &FolderImage, keeps_texts: bool) -> Result<(), StudyError> {
        let there = alike(&self.study.sources, &image.sources);
        let mut of_file: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
        for source in image.sources.iter() {
            let file = file_of(&source.path, |path| image.files.contains_key(path)).unwrap_or(&source.path);
            of_file.entry(file).or_default().push(source);
        }
        self.tell_described(&there, image);
        let mut problems = Problems::new();
        for (file, sources) in of_file {
            let known = |source: &&Source| there.get(source.path.as_str()).copied();
            let mut as_here: HashMap<&str, String> = HashMap::new();
            if sources.iter().any(|s| known(s).is_none()) {
                match self.join_file(file, &sources, image, keeps_texts) {
                    Ok(path) => as_here.extend(sources.iter().map(|s| (s.path.as_str(), moved(s, file, &path)))),
                    Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
                }
            }
            for source in sources {
                let own = match known(&source) {
                    Some(own) => own.to_owned(),
                    None => as_here.remove(source.path.as_str()).unwrap_or_default(),
                };
                let is_new = known(&source).is_none();
                let foreign = Subject::Source(source.path.as_str().into());
                self.is("sources", foreign, Subject::Source(own.into()), is_new);
            }
        }
        Ok(problems.or(())?)
    }

    /// Says of which sources that both have the other study says something else: it is not taken, and must not be lost unseen.
    fn tell_described(&mut self, there: &HashMap<&str, &str>, image: &FolderImage) {
        let own: HashMap<&str, &Source> = self.study.sources.iter().map(|s| (s.path.as_str(), s)).collect();
        let all = image.sources.iter().filter_map(|other| {
            let own = own.get(there.get(other.path.as_str())?)?;
            Some((other.path.as_str(), differs(own, other)))
        });
        let differ: Vec<_> = all.filter(|(_, names)| !names.is_empty()).collect();
        if differ.is_empty() {
            return;
        }
        let named = differ.iter().take(NAMED).map(|(path, names)| format!("{path} ({})", names.join(", ")));
        let named = named.collect::<Vec<_>>().join("; ");
        let dots = if differ.len() > NAMED { "; …" } else { "" };
        let n = counted(differ.len(), "source is", "sources are");
        self.tally.notes.push(format!("{n} described otherwise there; what is said here stays: {named}{dots}"));
    }

    /// Takes in a file with its sources; returns its path here.
    fn join_file(
        &mut self,
        file: &str,
        sources: &[&Source],
        image: &FolderImage,
        keeps_texts: bool,
    ) -> Result<String, Vec<Problem>> {
        let bytes = image.files.get(file).cloned().unwrap_or_default();
        let path = self.free(file);
        let mut row = row_of(image, file);
        row.insert("path".to_owned(), path.clone());
        if !keeps_texts {
            let mut sheet = nomoscope_core::study::SourceSheet::default();
            sources_csv::add_rows(&mut sheet, std::slice::from_ref(&row));
            let parsed =
                sources_csv::parse(sources_csv::write(&sheet).as_bytes()).map_err(|p| p.as_slice().to_vec())?;
            let described = parsed.rows.into_iter().next().unwrap_or_else(|| empty_row(&path));
            let texts = (self.readers.read_text)(&path, &bytes, &described.reading)?;
            let read = sources_of(&path, &described, texts.texts)?;
            if read.iter().map(|s| &s.document.text).ne(sources.iter().map(|s| &s.document.text)) {
                let reason = "is read otherwise here than its codings need it";
                return Err(vec![
                    Problem::new(file, reason).hint("join into a study file, which keeps texts as they are"),
                ]);
            }
        }
        if path != file {
            self.tally.notes.push(format!("`{file}` holds another text here: that of the other study is {path}"));
        }
        let named = |source: &&Source| Source { path: moved(source, file, &path), ..(*source).clone() };
        self.merge.addition.files.insert(path.clone(), bytes);
        self.merge.addition.sources.extend(sources.iter().map(named));
        self.merge.addition.rows.push(row);
        Ok(path)
    }

    /// Returns a path that nothing has yet, on no system.
    fn free(&self, file: &str) -> String {
        let new = &self.merge.addition.files;
        let there = |path: &str| {
            let is_new = new.keys().any(|known| known.to_lowercase() == path.to_lowercase());
            (self.taken)(path) || is_new
        };
        let start = if convert::is_study_name(file) {
            file.to_owned()
        } else {
            format!("sources/{}", file.rsplit('/').next().unwrap_or_default().trim_start_matches('.'))
        };
        let (stem, ending) = match start.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => (stem.to_owned(), format!(".{ending}")),
            _ => (start.clone(), String::new()),
        };
        let numbered = |n: u32| if n == 1 { start.clone() } else { format!("{stem}-{n}{ending}") };
        (1..u32::MAX).map(numbered).find(|path| !there(path)).unwrap_or_default()
    }

    fn join_codebook(&mut self, own: Option<&[u8]>, image: &FolderImage) -> Result<(), StudyError> {
        let Some(bytes) = image.files.get(files::CODEBOOK_TOML) else { return Ok(()) };
        let other = codebook_toml::parse(bytes).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
        let plain = |concept: &Concept| {
            let mut concept = Concept { line: 0, ..concept.clone() };
            concept.patterns.values_mut().chain(concept.not.values_mut()).flatten().for_each(|p| p.line = 0);
            concept
        };
        let (mut new, mut differ) = (BTreeSet::new(), Vec::new());
        for concept in other.concepts() {
            let there = self.codebook.find(&concept.id).map(|at| plain(self.codebook.get(at)));
            let is_new = there.is_none();
            if there.is_some_and(|there| there != plain(concept)) {
                differ.push(concept.id.as_str());
            }
            if is_new {
                new.insert(concept.id.clone());
            }
            let subject = || Subject::Concept(concept.id.as_str().into());
            self.is("codes", subject(), subject(), is_new);
        }
        if !differ.is_empty() {
            let shown = differ.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
            let dots = if differ.len() > NAMED { ", …" } else { "" };
            let note = format!(
                "{} concepts are described otherwise there, and stay as they are here: {shown}{dots}",
                differ.len()
            );
            self.tally.notes.push(note);
        }
        if new.is_empty() {
            return Ok(());
        }
        let text = match own {
            None => bytes.clone(),
            Some(own) => {
                codebook_edit::join(own, bytes, &new).map_err(|p| p.in_file(files::CODEBOOK_TOML))?.into_bytes()
            }
        };
        codebook_toml::parse(&text).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
        self.merge.codebook = Some(text);
        Ok(())
    }

    fn join_coders(&mut self, image: &FolderImage, names: &BTreeMap<String, String>) {
        let annotations = &image.annotations;
        let ids: BTreeSet<&CoderId> = (image.coders.iter().map(|c| &c.id))
            .chain(image.codings.iter().map(|c| &c.coder))
            .chain(image.memos.iter().map(|m| &m.coder))
            .chain(annotations.passages.iter().map(|p| &p.coder))
            .chain(annotations.links.iter().map(|l| &l.coder))
            .filter(|id| !id.is_empty())
            .collect();
        for id in ids {
            let name = names.get(id.as_str()).map_or(id.as_str(), String::as_str);
            let row = image.coders.iter().find(|c| c.id == *id);
            let knows = |own: &str| {
                self.study.coders.iter().any(|c| c.id == *own) || self.study.codings.iter().any(|c| c.coder == *own)
            };
            let lexicon = is_lexicon(&image.coders, id);
            // Codings by hand under the name of a lexicon would be replaced when it is applied again.
            let clash = knows(name) && lexicon != is_lexicon(&self.study.coders, name);
            let own = if clash { format!("{name} (joined)") } else { name.to_owned() };
            let is_new = !knows(&own);
            let listed = self.study.coders.iter().chain(&self.merge.coders).any(|c| c.id == own);
            if !listed && !lexicon && (row.is_some() || own != id.as_str()) {
                let name = row.filter(|_| own == id.as_str()).map_or_else(|| own.clone(), |row| row.name.clone());
                let kind = row.map_or(CoderKind::Person, |row| row.kind);
                self.merge.coders.push(Coder { id: own.as_str().into(), name, kind });
            }
            self.is("coders", Subject::Coder(id.clone()), Subject::Coder(own.into()), is_new);
        }
    }

    fn own_id(&self, foreign: Subject) -> String {
        self.own(&foreign).map(|own| own.id().to_owned()).unwrap_or_default()
    }

    fn join_passages(&mut self, image: &FolderImage, stamp: &mut Stamp<'_>) {
        let key = |p: &Passage| (p.source.to_string(), p.span, p.name.clone(), p.coder.to_string());
        let there = &self.study.annotations.passages;
        let mut pool: Pool<PassageKey> = Pool::new(there.iter().map(|p| (key(p), p.id.to_string())));
        for passage in &image.annotations.passages {
            let source = self.own_id(Subject::Source(passage.source.clone()));
            let coder = self.own_id(Subject::Coder(passage.coder.clone()));
            let made = Passage { source: source.into(), coder: coder.into(), ..passage.clone() };
            let found = pool.take(&key(&made));
            let is_new = found.is_none();
            let id = found.unwrap_or_else(|| {
                let free = self.used.insert(Subject::Passage(passage.id.clone()));
                if free { passage.id.to_string() } else { (stamp.new_id)() }
            });
            if is_new {
                self.merge.annotations.push(Annotation::Passage(Passage { id: id.as_str().into(), ..made }));
            }
            self.is("passages", Subject::Passage(passage.id.clone()), Subject::Passage(id.into()), is_new);
        }
    }

    /// Returns a coding of the other study with what it names as it is called here.
    fn named_here(&self, coding: &CodingRecord) -> CodingRecord {
        CodingRecord {
            source: self.own_id(Subject::Source(coding.source.clone())).into(),
            coder: self.own_id(Subject::Coder(coding.coder.clone())).into(),
            ..coding.clone()
        }
    }

    fn join_codings(&mut self, image: &FolderImage, stamp: &mut Stamp<'_>) {
        let study = self.study;
        let by_id: HashMap<&str, &CodingRecord> = study.codings.iter().map(|c| (c.id.as_str(), c)).collect();
        let by_hand: Vec<CodingRecord> = image
            .codings
            .iter()
            .filter(|c| !is_lexicon(&image.coders, &c.coder))
            .map(|coding| self.named_here(coding))
            .collect();
        // One that kept its identity is the same one; only then do those with the same contents stand for each other.
        let same = |c: &CodingRecord| by_id.get(c.id.as_str()).is_some_and(|own| key(own) == key(c));
        let paired: HashSet<String> = by_hand.iter().filter(|c| same(c)).map(|c| c.id.to_string()).collect();
        let rest = study.codings.iter().filter(|c| !paired.contains(c.id.as_str()));
        let mut pool: Pool<CodingKey> = Pool::new(rest.map(|c| (key(c), c.id.to_string())));
        let mut used: HashSet<String> = study.codings.iter().map(|c| c.id.to_string()).collect();
        let (mut otherwise, mut notes) = (0_usize, Vec::new());
        let mut shared: BTreeMap<CoderId, usize> = BTreeMap::new();
        for coding in by_hand {
            let found = if paired.contains(coding.id.as_str()) {
                Some(coding.id.to_string())
            } else {
                pool.take(&key(&coding))
            };
            let foreign = Subject::Coding(coding.id.clone());
            let Some(id) = found else {
                if let Some(own) = by_id.get(coding.id.as_str()).filter(|own| own.concept != coding.concept) {
                    notes.push(format!(
                        "`{}` is {} here and {} there: both are kept",
                        short(&own.quote),
                        own.concept,
                        coding.concept
                    ));
                }
                *shared.entry(coding.coder.clone()).or_default() += 1;
                let id = if used.insert(coding.id.to_string()) { coding.id.clone() } else { (stamp.new_id)().into() };
                self.is("codings", foreign, Subject::Coding(id.clone()), true);
                self.merge.codings.push(CodingRecord { id, ..coding });
                continue;
            };
            if let Some(own) = by_id.get(id.as_str()) {
                let (status, memo) = (own.status.max(coding.status), both(&own.memo, &coding.memo));
                otherwise += usize::from(own.status != coding.status);
                if status != own.status {
                    self.merge.status.push((own.id.clone(), status));
                }
                if memo != own.memo {
                    self.merge.remarks.push((own.id.clone(), memo));
                }
            }
            self.is("codings", foreign, Subject::Coding(id.into()), false);
        }
        self.tell(otherwise, notes, &shared);
    }

    fn tell(&mut self, otherwise: usize, notes: Vec<String>, shared: &BTreeMap<CoderId, usize>) {
        if otherwise > 0 {
            let note = format!("{otherwise} codings were decided on otherwise there: who turned one down is followed");
            self.tally.notes.push(note);
        }
        let more = notes.len().saturating_sub(NAMED);
        self.tally.notes.extend(notes.into_iter().take(NAMED));
        if more > 0 {
            self.tally.notes.push(format!("… and {more} more of these"));
        }
        for (coder, n) in shared {
            let own = self.study.codings.iter().filter(|c| c.coder == *coder).count();
            if own > 0 {
                self.tally.notes.push(format!(
                    "`{coder}` coded in both studies, and {n} codings there are not here: taken for one person"
                ));
            }
        }
    }

    /// Joins what lexica found: a coder that is no person has one run, which the next one replaces.
    fn join_lexica(&mut self, image: &FolderImage, stamp: &mut Stamp<'_>) {
        let mut of_coder: BTreeMap<CoderId, Vec<(CodingRecord, CodingRecord)>> = BTreeMap::new();
        for coding in image.codings.iter().filter(|c| is_lexicon(&image.coders, &c.coder)) {
            let here = self.named_here(coding);
            of_coder.entry(here.coder.clone()).or_default().push((coding.clone(), here));
        }
        let mut used: HashSet<String> =
            self.study.codings.iter().chain(&self.merge.codings).map(|c| c.id.to_string()).collect();
        for (coder, theirs) in of_coder {
            let before: Vec<&CodingRecord> = self.study.codings.iter().filter(|c| c.coder == coder).collect();
            let mut all: Vec<CodingRecord> = before.iter().map(|c| (*c).clone()).collect();
            let mut at: HashMap<CodingKey, usize> = all.iter().enumerate().map(|(i, c)| (key(c), i)).collect();
            for (foreign, here) in theirs {
                let known = at.get(&key(&here)).copied();
                let is_new = known.is_none();
                let id = match known.and_then(|i| all.get_mut(i)) {
                    Some(own) => {
                        own.status = own.status.max(here.status);
                        own.memo = both(&own.memo, &here.memo);
                        own.id.clone()
                    }
                    None => {
                        let free = used.insert(here.id.to_string());
                        let id = if free { here.id.clone() } else { (stamp.new_id)().into() };
                        at.insert(key(&here), all.len());
                        all.push(CodingRecord { id: id.clone(), ..here });
                        id
                    }
                };
                self.is("codings", Subject::Coding(foreign.id), Subject::Coding(id), is_new);
            }
            if all.iter().ne(before.iter().copied()) {
                let row = image.coders.iter().find(|c| c.id == coder);
                let name = row.map_or_else(|| coder.to_string(), |row| row.name.clone());
                self.merge.lexica.push((Coder { id: coder, name, kind: CoderKind::Lexicon }, all));
            }
        }
    }

    fn join_foreign(&mut self, image: &FolderImage) {
        let known: BTreeSet<Vec<String>> =
            self.study.annotations.foreign.iter().map(|f| Annotation::Foreign(f.clone()).key()).collect();
        for foreign in &image.annotations.foreign {
            let Some(of) = self.own(&foreign.of) else { continue };
            let made = Annotation::Foreign(ForeignId { of, ..foreign.clone() });
            if !known.contains(&made.key()) {
                self.merge.annotations.push(made);
            }
        }
    }

    /// Takes in facts, lists and explanations that are not here; what is here under the same name stays.
    fn join_files(&mut self, into: &Target<'_>, image: &FolderImage) -> Result<(), StudyError> {
        let is_source: BTreeSet<&str> =
            image.sources.iter().filter_map(|s| file_of(&s.path, |path| image.files.contains_key(path))).collect();
        let mut differ = Vec::new();
        for (path, bytes) in &image.files {
            let passed = path == files::CODEBOOK_TOML || MANAGED.contains(&path.as_str());
            if passed || is_source.contains(path.as_str()) || !convert::is_study_name(path) {
                continue;
            }
            match (into.file)(path)? {
                None if path.starts_with("sources/") => {}
                None => {
                    self.tally.of("files").new += 1;
                    self.merge.files.insert(path.clone(), bytes.clone());
                }
                Some(own) if own == *bytes => {}
                Some(_) => differ.push(path.as_str()),
            }
        }
        for path in differ {
            self.tally.notes.push(format!("{path} differs there, and stays as it is here"));
        }
        Ok(())
    }
}

fn key(coding: &CodingRecord) -> CodingKey {
    (coding.source.to_string(), coding.span, coding.concept.to_string(), coding.coder.to_string())
}

fn is_lexicon(coders: &[Coder], id: &str) -> bool {
    id == LEXICON || coders.iter().any(|c| c.id == *id && c.kind == CoderKind::Lexicon)
}

/// Returns the path of a source whose file has another path here.
fn moved(source: &Source, file: &str, path: &str) -> String {
    format!("{path}{}", source.path.get(file.len()..).unwrap_or_default())
}

/// Returns for sources of the other study those here that have the same text: first of the same path, then any.
fn alike<'s>(own: &'s [Source], other: &'s [Source]) -> HashMap<&'s str, &'s str> {
    let by_path: HashMap<&str, &Source> = own.iter().map(|s| (s.path.as_str(), s)).collect();
    let same = |s: &&Source| by_path.get(s.path.as_str()).is_some_and(|own| own.document.text == s.document.text);
    let mut there: HashMap<&str, &str> =
        other.iter().filter(same).map(|s| (s.path.as_str(), s.path.as_str())).collect();
    let hash = |s: &Source| hash_hex(s.document.text.as_bytes());
    let rest = own.iter().filter(|s| !there.contains_key(s.path.as_str()));
    let mut pool: Pool<String> = Pool::new(rest.map(|s| (hash(s), s.path.clone())));
    let paths: HashMap<&str, &str> = own.iter().map(|s| (s.path.as_str(), s.path.as_str())).collect();
    for source in other.iter() {
        if there.contains_key(source.path.as_str()) {
            continue;
        }
        if let Some(path) = pool.take(&hash(source)).and_then(|path| paths.get(path.as_str()).copied()) {
            there.insert(&source.path, path);
        }
    }
    there
}

/// Returns what another study says of a source that this one does not.
fn differs<'s>(own: &Source, other: &'s Source) -> Vec<&'s str> {
    let mut names = Vec::new();
    // A title that nobody wrote is the name of the file.
    if own.path == other.path && own.title != other.title {
        names.push("title");
    }
    if other.kind.is_some() && own.kind != other.kind {
        names.push("kind");
    }
    if other.date.is_some() && own.date != other.date {
        names.push("date");
    }
    let attributes = other.attributes.iter().filter(|(name, value)| own.attributes.get(*name) != Some(value));
    names.extend(attributes.map(|(name, _)| name.as_str()));
    names
}

/// Returns what `sources.csv` of a study says of a file.
fn row_of(image: &FolderImage, file: &str) -> BTreeMap<String, String> {
    let Some(sheet) = &image.sheet else { return BTreeMap::new() };
    let Some(row) = (0..sheet.rows.len()).find(|row| sheet.cell(*row, "path") == file) else {
        return BTreeMap::new();
    };
    let cell = |column: &String| (column.clone(), sheet.cell(row, column).to_owned());
    sheet.columns.iter().map(cell).filter(|(_, value)| !value.is_empty()).collect()
}

/// Returns both notes: each of their parts once, in an order that does not depend on whose they are.
fn both(own: &str, other: &str) -> String {
    if own == other {
        return own.to_owned();
    }
    let parts: BTreeSet<&str> =
        own.split(BETWEEN).chain(other.split(BETWEEN)).filter(|p| !p.trim().is_empty()).collect();
    parts.into_iter().collect::<Vec<_>>().join(BETWEEN)
}

fn short(quote: &str) -> String {
    const LENGTH: usize = 40;
    let mut out: String = quote.chars().take(LENGTH).collect();
    if out.len() < quote.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::both;

    #[test]
    fn notes_are_joined_in_any_order() {
        let (a, b, c) = ("doubtful", "ask again", "doubtful\n---\nzeal");
        for (one, two, want) in [
            (a, b, "ask again\n---\ndoubtful"),
            (b, a, "ask again\n---\ndoubtful"),
            (a, a, "doubtful"),
            ("", a, "doubtful"),
            (a, c, "doubtful\n---\nzeal"),
            (&both(a, b), a, "ask again\n---\ndoubtful"),
        ] {
            assert_eq!(both(one, two), want);
        }
        assert_eq!(both(&both(a, b), c), both(a, &both(b, c)));
    }
}
