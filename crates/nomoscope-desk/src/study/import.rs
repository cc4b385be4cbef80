//! Projects of other programs into a study: reads their files, and says what came of it.

use super::edits::difference;
use super::given::Named;
use super::merge::{self, ChangedText, Tally};
use super::{Loaded, Problem, Problems, Readers, StudyError, read_capped};
use super::{correct, shelf};
use nomoscope_core::codebook::Role;
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::spelling::comparable;
use nomoscope_core::study::{Annotation, Source, Study, StudyMeta};
use nomoscope_core::text::Span;
use nomoscope_engine::reading::LEXICON;
use nomoscope_formats::exchange::fidelity::Fidelity;
use nomoscope_formats::exchange::place::{MISSING, Placement, line_wise};
use nomoscope_formats::exchange::{self, ForeignProject};
use nomoscope_formats::grid::{self, Row};
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_formats::{Input, Limits};
use nomoscope_store::{FolderImage, Merge, Stamp, disk, hash_hex};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// How projects are taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Roles of codes by name or path, `parent/child`; those of a code hold for what stands below it.
    pub roles: BTreeMap<String, BTreeSet<String>>,
    /// Whether what is gone from a project that was taken in before goes here too.
    pub prune: bool,
}

/// Reads a table of roles: of each row its line, the code and the roles.
///
/// # Errors
/// Everything that is wrong with the table; `file` names it.
pub fn roles_table(file: &str, bytes: &[u8]) -> Result<Vec<(u32, String, String)>, Problems> {
    let grid = grid::read(&Input { name: file, bytes }, &Limits::default())?;
    let is_header =
        |row: &Row| ["code", "roles"].iter().all(|name| row.cells.iter().any(|c| c.eq_ignore_ascii_case(name)));
    let Some(found) = grid.below(is_header) else {
        let problem = Problem::new(file, "no columns `code` and `roles`").at(1);
        return Err(problem.hint("the columns are code,roles").into());
    };
    let [code, roles] = ["code", "roles"].map(|name| found.column(&[name]));
    let cell = |row: &Row, at: Option<usize>| at.map_or("", |at| found.cell(row, at)).to_owned();
    Ok(found.rows.iter().map(|row| (row.line, cell(row, code), cell(row, roles))).collect())
}

/// Reads what is said of the roles of a code: `CODE=problem`, `CODE=value+behaviour`.
///
/// # Errors
/// No code is named; a role that there is not.
pub fn roles_of(given: &str) -> Result<(String, BTreeSet<String>), Problem> {
    let Some((code, roles)) = given.rsplit_once('=').filter(|(code, _)| !code.trim().is_empty()) else {
        return Err(Problem::new(given, "names no code with its roles").hint("write CODE=problem"));
    };
    Ok((code.trim().to_owned(), role_names(roles, given)?))
}

/// Reads names of roles; `place` is where they stand.
///
/// # Errors
/// A role that there is not.
pub fn role_names(roles: &str, place: &str) -> Result<BTreeSet<String>, Problem> {
    let words = roles.split(['+', ' ', ',', ';']).map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| match word {
            "behavior" => Ok(Role::Behaviour.name().to_owned()),
            word if Role::ALL.iter().any(|role| role.name() == word) => Ok(word.to_owned()),
            word => {
                let known = Role::ALL.map(Role::name).join(", ");
                Err(Problem::new(place, format!("`{word}` is no role")).hint(format!("roles are {known}")))
            }
        })
        .collect()
}

/// What came of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// What came through of the file.
    pub fidelity: Fidelity,
    /// What the study took of it.
    pub tally: Tally,
}

/// Reads a project and places it in its texts; those that it lacks may be in a study.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn open(path: &Path, study: Option<&Study>, readers: &Readers<'_>) -> Result<Opened, StudyError> {
    let path = database_of(path);
    // Messages and the log name the file, and never where it lies.
    let name = shown(&path);
    let missing = |problem: Problem| Problem { file: path.display().to_string(), ..problem };
    if !path.exists() {
        return Err(Problems::from(Problem::new(path.display().to_string(), "there is no such file")).into());
    }
    let bytes = read_capped(&path, &name, &readers.caps).map_err(|p| Problems::from(missing(p)))?;
    let mut opened = open_bytes(&name, &bytes, study)?;
    opened.2.notes.extend(log_beside(&path));
    Ok(opened)
}

/// Says that a database has a log beside it, which holds what is not in its file yet.
fn log_beside(path: &Path) -> Option<String> {
    let name = format!("{}-wal", path.file_name()?.to_string_lossy());
    let log = path.with_file_name(&name).metadata().ok().filter(|log| log.len() > 0);
    log.map(|_| {
        format!(
            "beside it lies `{name}`: a program has it open, or did not close it; what it wrote last is missing here"
        )
    })
}

/// A project, where its selections stand, and what came through of it.
pub type Opened = (ForeignProject, Placement, Fidelity);

/// Reads a project that is in memory and places it in its texts; those that it lacks may be in a study.
///
/// # Errors
/// Everything that is wrong with it.
pub fn open_bytes(name: &str, bytes: &[u8], study: Option<&Study>) -> Result<Opened, StudyError> {
    let input = Input { name, bytes };
    let mut project = exchange::read(&input, &Limits::default()).map_err(|error| known(Problems::from(error)))?;
    if let Some(study) = study {
        lend(&mut project, study);
    }
    let placement = exchange::place::place(&mut project);
    let fidelity = exchange::place::report(name, &project, &placement);
    Ok((project, placement, fidelity))
}

/// Opens projects one after the other.
///
/// # Errors
/// Everything that is wrong with any of them.
pub(crate) fn open_all(opened: impl Iterator<Item = Result<Opened, StudyError>>) -> Result<Vec<Opened>, StudyError> {
    let (mut all, mut problems) = (Vec::new(), Problems::new());
    for project in opened {
        match project {
            Ok(project) => all.push(project),
            Err(StudyError::Problems(wrong)) => problems.extend(wrong),
            Err(other) => return Err(other),
        }
    }
    Ok(problems.or(all)?)
}

/// Gives each source whose text the project lacks the text of the one source of the study that is called the same.
fn lend(project: &mut ForeignProject, study: &Study) {
    let named = Named::new(study.sources.iter().map(|source| source.path.clone()));
    let mut titles: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, source) in study.sources.iter().enumerate() {
        titles.entry(comparable(&source.title)).or_default().push(at);
    }
    let lacking = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    // What an earlier import made of quotations is no text: a project would be lent its own quotations.
    let is_text = |source: &&Source| source.attributes.get(MISSING).is_none_or(|said| said != "missing");
    let mut lent = 0;
    for source in project.sources.iter_mut().filter(|source| lacking(&source.text)) {
        let by_title = || titles.get(&comparable(&source.name)).cloned().unwrap_or_default();
        let only = |meant: Vec<usize>| if let [at] = meant[..] { study.sources.get(at) } else { None };
        if let Some(there) = only(named.meant(&source.name)).or_else(|| only(by_title())).filter(is_text) {
            source.text = Some(there.document.text.to_string());
            lent += 1;
        }
    }
    match lent {
        0 => {}
        1 => project.notes.push("the text of 1 source is that of the study's source of the same name".to_owned()),
        n => project.notes.push(format!("the texts of {n} sources are those of the study's sources of the same names")),
    }
}

/// Says of a format that nobody knows which formats there are.
fn known(problems: Problems) -> Problems {
    let no_reader = |p: &Problem| p.reason.plain().starts_with("no reader for files of type");
    let hint =
        Remedy::with("`{}` lists the formats of projects; texts are added with `{}`", [Act::ListExchange, Act::Add]);
    let helped = |p: &Problem| if no_reader(p) { p.clone().hint(hint.clone()) } else { p.clone() };
    problems.as_slice().iter().map(helped).collect()
}

/// The last two parts of a path: the database of QualCoder has the name of its folder.
fn shown(path: &Path) -> String {
    let name = |p: &Path| p.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let file = name(path);
    if file.eq_ignore_ascii_case("data.qda") {
        return path.parent().map(|folder| format!("{}/{file}", name(folder))).unwrap_or(file);
    }
    file
}

/// QualCoder keeps a project in a folder, its database within.
fn database_of(path: &Path) -> PathBuf {
    let inner = path.join("data.qda");
    if path.is_dir() && inner.is_file() { inner } else { path.to_owned() }
}

/// What an import asks of the study that it goes into.
pub(crate) struct There<'a> {
    /// Which paths are taken.
    pub(crate) taken: &'a dyn Fn(&str) -> bool,
    /// Whether a file stands as an import wrote it.
    pub(crate) is_as_imported: &'a dyn Fn(&str) -> Result<bool, StudyError>,
    /// The study with its files.
    pub(crate) image: &'a dyn Fn() -> Result<FolderImage, StudyError>,
}

/// Returns which texts of a project are nearly those of the study's sources of the same titles, by place in either: the text
/// was changed here or there. What has the same title and other words is noted.
fn versions(study: &Study, project: &ForeignProject, notes: &mut Vec<String>) -> Vec<(usize, usize)> {
    let hash = |text: &str| hash_hex(line_wise(text).as_bytes());
    let there: BTreeSet<String> = study.sources.iter().map(|s| hash(&s.document.text)).collect();
    let texts: BTreeSet<String> = project.sources.iter().filter_map(|s| s.text.as_deref().map(hash)).collect();
    let mut titles: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, source) in project.sources.iter().enumerate() {
        if source.text.as_deref().is_some_and(|text| !text.is_empty() && !there.contains(&hash(text))) {
            titles.entry(comparable(&source.name)).or_default().0.push(at);
        }
    }
    for (at, source) in study.sources.iter().enumerate() {
        let is_text = source.attributes.get(MISSING).is_none_or(|said| said != "missing");
        if let Some((_, here)) = titles.get_mut(&comparable(&source.title)).filter(|_| is_text) {
            here.extend((!texts.contains(&hash(&source.document.text))).then_some(at));
        }
    }
    let mut out = Vec::new();
    for (there, here) in titles.into_values() {
        let (&[from], &[to]) = (there.as_slice(), here.as_slice()) else { continue };
        let (Some(foreign), Some(own)) = (project.sources.get(from), study.sources.get(to)) else { continue };
        if is_near(foreign.text.as_deref().unwrap_or_default(), &own.document.text) {
            out.push((from, to));
        } else {
            notes
                .push(format!("{}: a source of this title is in the study, with other words; both stay", foreign.name));
        }
    }
    out
}

/// Returns whether a text is another one with some words changed: three quarters of it stay.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (line_wise(a), line_wise(b));
    let edits = difference(&a, &b, 0);
    let changed = edits.iter().map(|(span, to)| (span.len() as usize).max(to.len())).sum::<usize>();
    changed * 4 <= a.len().max(b.len())
}

/// Lets a study follow the texts of a project that were changed there; those that were changed here stay as they are.
fn follow<'p>(
    study: &mut Study,
    project: &'p ForeignProject,
    there: &There<'_>,
    all: &mut Merge,
    (readers, tally): (&Readers<'_>, &mut Tally),
) -> Result<HashMap<&'p str, String>, StudyError> {
    let mut kept = HashMap::new();
    for (from, to) in versions(study, project, &mut tally.notes) {
        let (Some(foreign), Some(own)) = (project.sources.get(from), study.sources.get(to)) else { continue };
        let text = foreign.text.as_deref().unwrap_or_default();
        // Ends of lines are those that the study has.
        let text = if own.document.text.contains('\r') { text.into() } else { line_wise(text) };
        let (path, was) = (own.path.clone(), own.document.text.to_string());
        let words = |(span, is): (Span, String)| (span.of(&was).to_owned(), is);
        let differs = difference(&was, &text, 0).into_iter().map(words).filter(|(a, b)| line_wise(a) != line_wise(b));
        let differs = differs.collect();
        // A name that was replaced here must not come back; a text that is corrected twice would need its first version.
        let is_free = !study.meta.pseudonymised && all.corrections.iter().all(|c| c.before != path);
        let correction = match is_free && (there.is_as_imported)(&path)? {
            true => correct::version(&(there.image)()?, &path, &text, readers)?,
            false => None,
        };
        tally.changed_texts.push(ChangedText { source: path.clone(), differs, taken: correction.is_some() });
        match correction {
            Some(correction) => {
                shelf::corrected(study, correction.clone());
                all.corrections.push(correction);
            }
            None => drop(kept.insert(foreign.id.as_str(), path)),
        }
    }
    Ok(kept)
}

/// Returns what the study takes of projects, one after the other.
pub(crate) fn prepare(
    loaded: &Loaded,
    opened: Vec<Opened>,
    options: &Options,
    there: &There<'_>,
    readers: &Readers<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<(Merge, Vec<Imported>), StudyError> {
    let (mut study, mut codebook) = (loaded.study.clone(), loaded.codebook.clone());
    let (mut all, mut imported) = (Merge::default(), Vec::new());
    let mut new: BTreeSet<String> = BTreeSet::new();
    let mut opened = opened.into_iter().peekable();
    while let Some((project, placement, fidelity)) = opened.next() {
        let taken = |path: &str| (there.taken)(path) || new.contains(&path.to_lowercase());
        let mut told = Tally::default();
        let kept = follow(&mut study, &project, there, &mut all, (readers, &mut told))?;
        let mut merger =
            merge::Merger::new(&study, codebook.as_deref(), &project, &placement, options, &taken, readers)?;
        merger.versions = kept.iter().map(|(id, path)| (*id, path.as_str())).collect();
        let (merge, mut tally) = merger.merge(stamp)?;
        tally.changed_texts = told.changed_texts;
        tally.notes.extend(told.notes);
        // What one brings, the next finds there; after the last nobody looks.
        if opened.peek().is_some() {
            apply(&mut study, &merge);
        }
        new.extend(merge.addition.files.keys().map(|path| path.to_lowercase()));
        codebook = merge.codebook.clone().or(codebook);
        all.files.extend(named(loaded, &project, &fidelity.file));
        add(&mut all, merge);
        imported.push(Imported { fidelity, tally });
    }
    Ok((all, imported))
}

/// Returns the settings of a study that was made of this project, and has the name of its file: it is called as the project.
fn named(loaded: &Loaded, project: &ForeignProject, file: &str) -> Option<(String, Vec<u8>)> {
    let Study { meta, sources, codings, .. } = &loaded.study;
    let (stem, name) = (Path::new(file).file_stem()?.to_string_lossy(), project.name.trim());
    let fresh = StudyMeta { title: stem.to_string(), ..StudyMeta::default() };
    let is_made = *meta == fresh && sources.is_empty() && codings.is_empty() && loaded.codebook.is_none();
    (is_made && !name.is_empty() && name != stem).then(|| (STUDY_TOML.to_owned(), settings(name)))
}

/// Returns the settings of a study that has no more than a title.
fn settings(title: &str) -> Vec<u8> {
    format!("title = {}\n", serde_json::Value::from(title)).into_bytes()
}

/// Puts what comes into a study in memory, and takes out what goes.
pub(crate) fn apply(study: &mut Study, merge: &Merge) {
    merge.corrections.iter().cloned().for_each(|correction| shelf::corrected(study, correction));
    let Merge { addition, coders, codings, memos, annotations, gone, status, remarks, lexica, .. } = merge;
    if !addition.sources.is_empty() {
        study.sources = study.sources.iter().chain(&addition.sources).cloned().collect();
    }
    study.coders.extend(coders.iter().cloned());
    study.codings.extend(codings.iter().cloned());
    let status: BTreeMap<&str, _> = status.iter().map(|(id, status)| (id.as_str(), *status)).collect();
    let remarks: BTreeMap<&str, _> = remarks.iter().map(|(id, memo)| (id.as_str(), memo)).collect();
    for coding in &mut study.codings {
        coding.status = status.get(coding.id.as_str()).copied().unwrap_or(coding.status);
        if let Some(memo) = remarks.get(coding.id.as_str()) {
            coding.memo.clone_from(memo);
        }
    }
    for (coder, records) in lexica {
        study.codings.retain(|c| c.coder != coder.id);
        study.codings.extend(records.iter().cloned());
        if coder.id.as_str() != LEXICON && !study.coders.iter().any(|c| c.id == coder.id) {
            study.coders.push(coder.clone());
        }
    }
    study.memos.extend(memos.iter().cloned());
    let replaced: BTreeSet<Vec<String>> =
        annotations.iter().filter(|a| matches!(a, Annotation::Value(_))).map(Annotation::key).collect();
    if !replaced.is_empty() || !gone.annotations.is_empty() {
        let mut kept = nomoscope_core::study::Annotations::default();
        let stays = |a: &Annotation| !replaced.contains(&a.key()) && !gone.annotations.contains(&a.key());
        study.annotations.iter().filter(stays).for_each(|a| kept.push(a));
        study.annotations = kept;
    }
    annotations.iter().cloned().for_each(|a| study.annotations.push(a));
    study.codings.retain(|c| !gone.codings.contains(c.id.as_str()));
    study.memos.retain(|m| !gone.memos.contains(m.id.as_str()));
    if *gone != nomoscope_store::Gone::default() {
        study.drop_dangling();
    }
}

/// Adds what one project brings to what others bring.
fn add(all: &mut Merge, merge: Merge) {
    all.addition.files.extend(merge.addition.files);
    all.addition.sources.extend(merge.addition.sources);
    all.addition.rows.extend(merge.addition.rows);
    all.codebook = merge.codebook.or(all.codebook.take());
    all.coders.extend(merge.coders);
    all.codings.extend(merge.codings);
    all.memos.extend(merge.memos);
    all.annotations.extend(merge.annotations);
    all.gone.codings.extend(merge.gone.codings);
    all.gone.memos.extend(merge.gone.memos);
    all.gone.annotations.extend(merge.gone.annotations);
}

/// A study that was made for an import, and is removed again unless it is kept.
#[derive(Debug)]
pub struct Made(Option<PathBuf>);

impl Made {
    /// Lets the study stay.
    pub fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // It was made a moment ago and holds nothing of anybody.
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        }
    }
}

/// Makes a study without sources and codebook, a folder or by the ending of its name a file, to import into.
///
/// # Errors
/// There is something at the path; it cannot be written.
pub fn make(path: &Path, title: &str, stamp: &mut Stamp<'_>) -> Result<Made, StudyError> {
    let files = BTreeMap::from([
        (STUDY_TOML.to_owned(), settings(title)),
        (nomoscope_formats::study::SOURCES_CSV.to_owned(), b"path,title,kind,date\n".to_vec()),
    ]);
    if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("nomo")) {
        disk::write_folder(path, &files, false)?;
        return Ok(Made(Some(path.to_owned())));
    }
    // A study file is made from a folder, which nobody else sees.
    let folder = std::env::temp_dir().join(format!("nomoscope-{}", (stamp.new_id)()));
    disk::write_folder(&folder, &files, false)?;
    let extractor = nomoscope_formats::EXTRACTOR_VERSION.to_string();
    let made = super::new_file(&folder, path, &crate::load::readers(), &extractor, stamp);
    let _ = std::fs::remove_dir_all(&folder);
    made.map(|_| Made(Some(path.to_owned())))
}
