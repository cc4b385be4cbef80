//! What a study takes of a project: what it has already is matched by content, for identities of other programs change with
//! each export.
//!
//! A text is known by its words, a coding by text, place, code and coder, all else by its words and what it is about; of
//! things that are alike, the first is taken for the first. Identities only help where contents agree.

mod join;

pub use join::read;
pub(crate) use join::{Target, prepare as join, read_bytes};

use super::edits::{carry, difference};
use super::import::Options;
use super::source::{empty_row, sources_of};
use super::{Problem, Problems, Readers, Reading, StudyError, words};
use nomoscope_core::amount::{counted, of_many};
use nomoscope_core::codebook::{Codebook, Concept, Role};
use nomoscope_core::study::{
    Annotation, Annotations, Case, Coder, CoderKind, CodingRecord, CodingStatus, ForeignId, Link, Member, Memo,
    Passage, Set, Source, Study, Subject, SubjectKind, Value, Variable, VariableKind, VariableValue,
};
use nomoscope_core::text::Span;
use nomoscope_engine::agree::words::clip;
use nomoscope_engine::reading::is_lexicon;
use nomoscope_formats::codebook_toml;
use nomoscope_formats::exchange::place::{Placement, carried, line_wise};
use nomoscope_formats::exchange::{CODABLE, COLOR, ForeignCode, ForeignProject, ForeignSource};
use nomoscope_formats::study::{self as files, sources_csv};
use nomoscope_store::{Merge, Stamp, hash_hex};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// How many came, were there, and are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Told {
    /// New.
    pub new: usize,
    /// There already.
    pub there: usize,
    /// In the study from an earlier import, and no longer in the project.
    pub gone: usize,
}

/// What the study took of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// By kind of thing.
    pub kinds: BTreeMap<&'static str, Told>,
    /// Codes that have no role in a norm yet.
    pub without_role: usize,
    /// Values that another value replaced.
    pub changed_values: usize,
    /// What names something that the study does not have, by kind.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Whether what is gone was removed.
    pub pruned: bool,
    /// Names of codes that are no longer in the project; the codebook keeps them.
    pub gone_codes: Vec<String>,
    /// What else is no longer in the project, each in words: what `prune` takes out, or took out.
    pub gone_things: Vec<String>,
    /// Texts that are other ones in the project than here.
    pub changed_texts: Vec<ChangedText>,
    /// What people should know.
    pub notes: Vec<String>,
}

impl Tally {
    fn of(&mut self, kind: &'static str) -> &mut Told {
        self.kinds.entry(kind).or_default()
    }

    fn leave_out(&mut self, kind: &'static str) {
        *self.left_out.entry(kind).or_default() += 1;
    }

    /// Returns the tally in words, a line each.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let all = |of: fn(&Told) -> usize| -> String {
            let of = self.kinds.iter().filter(|(_, told)| of(told) > 0).map(|(kind, told)| of_many(of(told), kind));
            of.collect::<Vec<_>>().join(", ")
        };
        let mut lines = Vec::new();
        let or_nothing = |words: String| if words.is_empty() { "nothing".to_owned() } else { words };
        lines.push(format!("new: {}", or_nothing(all(|t| t.new))));
        let there = all(|t| t.there);
        if !there.is_empty() {
            lines.push(format!("there already: {there}"));
        }
        lines.extend(self.changed_texts.iter().map(ChangedText::words));
        lines.extend(self.gone_words());
        for (kind, n) in &self.left_out {
            lines.push(format!("left out: {}, for what is named is not in the study", of_many(*n, kind)));
        }
        if self.changed_values > 0 {
            let values = counted(self.changed_values, "value is", "values are");
            lines.push(format!("{values} replaced by what the project says"));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }

    /// Says what is gone from the project, and what of it stays here whatever is asked for.
    fn gone_words(&self) -> Vec<String> {
        let gone = self.kinds.iter().filter(|(_, told)| told.gone > 0);
        let (removed, kept): (Vec<_>, Vec<_>) = gone.partition(|(kind, _)| self.pruned && !STAYS.contains(*kind));
        let words = |kinds: Vec<(&&'static str, &Told)>| {
            kinds.into_iter().map(|(kind, told)| of_many(told.gone, kind)).collect::<Vec<_>>().join(", ")
        };
        let said = [
            ("removed, as they are gone from the project", words(removed)),
            ("gone from the project, and kept here", words(kept)),
        ];
        let said = said.into_iter().filter(|(_, kinds)| !kinds.is_empty());
        let mut lines: Vec<String> = said.map(|(what, kinds)| format!("{what}: {kinds}")).collect();
        lines.extend(self.gone_things.iter().take(LISTED).map(|thing| format!("  gone: {thing}")));
        if self.gone_things.len() > LISTED {
            lines.push(format!("  and {} more", self.gone_things.len() - LISTED));
        }
        lines
    }
}

/// A text that is another one in the project, of the same title and nearly the same words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ChangedText {
    /// The source of the study.
    pub source: String,
    /// What it says here, and there: the words that differ.
    pub differs: Vec<(String, String)>,
    /// Whether the study takes the text as it is there.
    pub taken: bool,
}

impl ChangedText {
    fn words(&self) -> String {
        const SHOWN: usize = 3;
        let shown = |(here, there): &(String, String)| {
            let [here, there] = [here, there].map(|words| {
                let mut words = words.trim().to_owned();
                clip(&mut words);
                words
            });
            match (here.is_empty(), there.is_empty()) {
                (true, _) => format!("`{there}` put in"),
                (_, true) => format!("`{here}` left out"),
                _ => format!("`{here}` is `{there}`"),
            }
        };
        let mut words: Vec<String> = self.differs.iter().take(SHOWN).map(shown).collect();
        words.extend((self.differs.len() > SHOWN).then(|| format!("and {} more", self.differs.len() - SHOWN)));
        let fate = if self.taken {
            "its text was changed in the project, and what was coded followed"
        } else {
            "its text is another one in the project; the study keeps its own, and what the project coded stands at the same words"
        };
        format!("{}: {fate}: {}", self.source, words.join(", "))
    }
}

/// Returns where positions of a text stand in another version of it.
fn followed(from: &str, to: &str, spans: &[Span]) -> Option<Vec<Span>> {
    carried(from, to, spans).or_else(|| {
        // Ends of lines are no words that differ.
        let (old, new) = (line_wise(from), line_wise(to));
        let edits = difference(&old, &new, 0);
        let edits: Vec<(Span, &str)> = edits.iter().map(|(span, to)| (*span, to.as_str())).collect();
        let spans: Vec<Span> = carried(from, &old, spans)?.into_iter().map(|span| carry(span, &edits)).collect();
        carried(&new, to, &spans)
    })
}

/// How much of what is gone is named one by one.
const LISTED: usize = 12;

/// Kinds that stay where a project no longer has them: others may have coded texts here, and with these codes.
const STAYS: [&str; 2] = ["sources", "codes"];

/// Things with their identities that are matched by content: the first of those alike is taken first.
struct Pool<K>(HashMap<K, VecDeque<String>>);

impl<K: std::hash::Hash + Eq> Pool<K> {
    fn new(things: impl Iterator<Item = (K, String)>) -> Self {
        let mut pool: HashMap<K, VecDeque<String>> = HashMap::new();
        for (key, id) in things {
            pool.entry(key).or_default().push_back(id);
        }
        Self(pool)
    }

    fn take(&mut self, key: &K) -> Option<String> {
        self.0.get_mut(key)?.pop_front()
    }
}

/// Merges one project into a study.
pub(crate) struct Merger<'a> {
    study: &'a Study,
    codebook_text: Option<&'a str>,
    codebook: Codebook,
    project: &'a ForeignProject,
    placement: &'a Placement,
    options: &'a Options,
    taken: &'a dyn Fn(&str) -> bool,
    readers: &'a Readers<'a>,
    /// Under which name identities of this project are kept; empty where they are our own.
    system: String,
    /// What each thing of the project is in the study.
    ids: HashMap<Subject, Subject>,
    /// What of the study this project has.
    matched: BTreeSet<Subject>,
    /// Sources of the study whose texts are nearly those of the project's, by identity there.
    pub(crate) versions: HashMap<&'a str, &'a str>,
    /// Texts of the study as the project has them, where they differ.
    carry: HashMap<String, (String, &'a str)>,
    /// Identities that new things may not have.
    used: BTreeSet<Subject>,
    /// How often an identity was made of the same words: where many things have one name, the next is not searched for.
    numbers: HashMap<String, u32>,
    /// Values of the study, by variable and what they are of.
    values_there: HashMap<(&'a str, &'a Subject), &'a Value>,
    /// Identities of this project that things of the study have.
    foreign_there: HashSet<(&'a Subject, &'a str)>,
    merge: Merge,
    tally: Tally,
}

impl<'a> Merger<'a> {
    pub(crate) fn new(
        study: &'a Study,
        codebook: Option<&'a [u8]>,
        project: &'a ForeignProject,
        placement: &'a Placement,
        options: &'a Options,
        taken: &'a dyn Fn(&str) -> bool,
        readers: &'a Readers<'a>,
    ) -> Result<Self, StudyError> {
        let parsed = codebook.map(codebook_toml::parse).transpose().map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
        let codebook_text = codebook.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let annotations = study.annotations.iter().filter_map(|a| a.subject());
        let system = system_of(study, project);
        let foreign = study.annotations.foreign.iter().filter(|known| known.system == system);
        let values = study.annotations.values.iter().map(|v| ((v.variable.as_str(), &v.of), &v.value));
        Ok(Self {
            study,
            codebook_text,
            codebook: parsed.unwrap_or_default(),
            project,
            placement,
            options,
            taken,
            readers,
            foreign_there: foreign.map(|known| (&known.of, known.id.as_str())).collect(),
            values_there: values.collect(),
            numbers: HashMap::new(),
            system,
            ids: HashMap::from([(Subject::Study, Subject::Study)]),
            matched: BTreeSet::new(),
            versions: HashMap::new(),
            carry: HashMap::new(),
            used: annotations.collect(),
            merge: Merge::default(),
            tally: Tally::default(),
        })
    }

    /// Returns what the study takes, and how much of it is new.
    pub(crate) fn merge(mut self, stamp: &mut Stamp<'_>) -> Result<(Merge, Tally), StudyError> {
        self.sources()?;
        self.codes()?;
        self.coders();
        self.cases(stamp);
        self.sets(stamp);
        self.variables(stamp);
        self.selections(stamp);
        self.remarks(stamp);
        self.gone();
        Ok((self.merge, self.tally))
    }

    /// Takes memos, links, members and values once everything that they are about has its place; memos on links come after these.
    fn remarks(&mut self, stamp: &mut Stamp<'_>) {
        let (of_links, memos): (Vec<&Memo>, Vec<&Memo>) =
            self.project.memos.iter().partition(|memo| matches!(memo.about, Subject::Link(_)));
        self.memos(&memos, stamp);
        self.links(stamp);
        self.memos(&of_links, stamp);
        self.members();
        self.values();
    }

    /// Remembers what a thing of the project is in the study, and its identity there where it is new.
    fn is(&mut self, kind: &'static str, foreign: Subject, own: Subject, is_new: bool) {
        let told = self.tally.of(kind);
        if is_new {
            told.new += 1;
            if !foreign.id().is_empty() && !self.system.is_empty() {
                let (of, system, id) = (own.clone(), self.system.clone(), foreign.id().to_owned());
                self.merge.annotations.push(Annotation::Foreign(ForeignId { of, system, id }));
            }
        } else {
            told.there += 1;
            self.matched.insert(own.clone());
        }
        self.ids.entry(foreign).or_insert(own);
    }

    fn own(&self, foreign: &Subject) -> Option<Subject> {
        // Concepts of our own are words: they mean the same in every study.
        let is_word = self.system.is_empty() && matches!(foreign, Subject::Concept(_));
        self.ids.get(foreign).cloned().or_else(|| is_word.then(|| foreign.clone()))
    }

    /// Returns an identity for people, which nothing of this kind has yet.
    fn readable(&mut self, kind: SubjectKind, name: &str, otherwise: &str) -> String {
        let base = slug(name, otherwise);
        let first = self.number(&format!("{}:{base}", kind.name()));
        for n in first.. {
            let id = numbered(&base, n);
            if self.used.insert(kind.of(&id)) {
                return id;
            }
        }
        base
    }

    /// Returns how many were made of the same words before, and this one.
    fn number(&mut self, words: &str) -> u32 {
        let number = self.numbers.entry(words.to_owned()).or_insert(0);
        *number = number.saturating_add(1);
        *number
    }
}

/// Returns an identity made of words; from the second of the same words on with its number.
fn numbered(base: &str, n: u32) -> String {
    if n == 1 { base.to_owned() } else { format!("{base}-{n}") }
}

/// Returns a name as an identity, cut where it is long.
fn slug(name: &str, otherwise: &str) -> String {
    const LENGTH: usize = 60;
    let short: String = words::slug(name).chars().take(LENGTH).collect();
    let short = short.trim_end_matches('-');
    if short.is_empty() { otherwise.to_owned() } else { short.to_owned() }
}

/// Returns under which name the identities of a project are kept: that of its format and its own, and a number where another
/// project of the same name came in before. For `Untitled` is what many are called.
fn system_of(study: &Study, project: &ForeignProject) -> String {
    let base = format!("{}:{}", project.format, project.name);
    let name = |n: u32| if n == 1 { base.clone() } else { format!("{base} ({n})") };
    let kin = Kin::new(study, project);
    (1..u32::MAX).map(name).find(|system| kin.is_of(system)).unwrap_or_default()
}

/// From this length on an identity is told from others: numbers of rows are the same in many projects.
const TELLING: usize = 16;

/// What a project shares with what came of projects before.
struct Kin<'s> {
    study: &'s Study,
    /// Texts of the study that the project has, and its identities that no other project has by chance.
    texts: BTreeSet<&'s str>,
    ids: HashSet<&'s str>,
    coders: BTreeSet<&'s str>,
}

impl<'s> Kin<'s> {
    fn new(study: &'s Study, project: &'s ForeignProject) -> Self {
        let hash = |text: &str| hash_hex(line_wise(text).as_bytes());
        // Where nothing came from other programs, no text needs to be compared.
        let is_first = study.annotations.foreign.is_empty();
        let texts: HashSet<String> =
            project.sources.iter().filter(|_| !is_first).filter_map(|s| s.text.as_deref().map(hash)).collect();
        let shared = study.sources.iter().filter(|s| !is_first && texts.contains(&hash(&s.document.text)));
        let sources = project.sources.iter().map(|source| source.id.as_str());
        let selections = project.selections.iter().map(|selection| selection.id.as_str());
        // One codebook serves several projects.
        let ids = sources.chain(selections).filter(|id| id.len() >= TELLING).collect();
        let named = project.coders.iter().map(|coder| coder.name.trim());
        let texts = shared.map(|source| source.path.as_str()).collect();
        Self { study, texts, ids, coders: named.filter(|name| !name.is_empty()).collect() }
    }

    /// Returns whether the project is the one whose identities are kept under this name; nobody's are kept under a new one.
    fn is_of(&self, system: &str) -> bool {
        let known: HashMap<&Subject, &str> = self
            .study
            .annotations
            .foreign
            .iter()
            .filter(|f| f.system == system)
            .map(|f| (&f.of, f.id.as_str()))
            .collect();
        if known.is_empty() {
            return true;
        }
        let shares_ids = known.values().any(|id| self.ids.contains(id));
        let of_system = |kind: Subject| known.contains_key(&kind);
        let codings = self.study.codings.iter().filter(|c| of_system(Subject::Coding(c.id.clone())));
        let passages = self.study.annotations.passages.iter().filter(|p| of_system(Subject::Passage(p.id.clone())));
        let (mut texts, mut coders): (BTreeSet<&str>, BTreeSet<&str>) = (BTreeSet::new(), BTreeSet::new());
        for (source, coder) in codings.map(|c| (&c.source, &c.coder)).chain(passages.map(|p| (&p.source, &p.coder))) {
            texts.insert(source.as_str());
            coders.insert(coder.as_str());
        }
        texts.extend(known.keys().filter(|of| matches!(of, Subject::Source(_))).map(|of| of.id()));
        coders.remove("");
        let shares = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| a.is_empty() || b.is_empty() || !a.is_disjoint(b);
        let has_texts = !texts.is_empty();
        // Copies of one project that two people code are two: what the one does not have is not gone for the other.
        (shares_ids || !has_texts || !texts.is_disjoint(&self.texts)) && shares(&coders, &self.coders)
    }
}

// Sources.
impl Merger<'_> {
    fn sources(&mut self) -> Result<(), StudyError> {
        let project = self.project;
        let mut by_text: HashMap<String, Vec<&Source>> = HashMap::new();
        for source in self.study.sources.iter() {
            by_text.entry(hash_hex(line_wise(&source.document.text).as_bytes())).or_default().push(source);
        }
        let mut problems = Problems::new();
        let said = Said::new(&project.annotations);
        let ids: HashSet<&str> = project.sources.iter().map(|source| source.id.as_str()).collect();
        for source in &project.sources {
            let text = source.text.as_deref().unwrap_or_default();
            let alike = by_text.get_mut(&hash_hex(line_wise(text).as_bytes()));
            let version = || {
                let path = self.versions.get(source.id.as_str())?;
                self.study.sources.iter().find(|there| there.path == *path)
            };
            let there = alike.and_then(|alike| self.take_source(alike, source, &ids)).or_else(version);
            let foreign = Subject::Source(source.id.as_str().into());
            match there {
                Some(there) => {
                    if there.document.text != text {
                        self.carry.insert(source.id.clone(), (text.to_owned(), there.document.text.as_str()));
                    }
                    self.is("sources", foreign, Subject::Source(there.path.as_str().into()), false);
                }
                None => match self.add_source(source, &said) {
                    Ok(path) => self.is("sources", foreign, Subject::Source(path.as_str().into()), true),
                    Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
                },
            }
        }
        Ok(problems.or(())?)
    }

    /// Takes the source of the study that is the one of the project: of several with the same text the one of its name, and
    /// of several with both the one that had its identity. One that another of the project's identities names is not taken.
    fn take_source<'s>(
        &self,
        alike: &mut Vec<&'s Source>,
        source: &ForeignSource,
        ids: &HashSet<&str>,
    ) -> Option<&'s Source> {
        let name = source.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let had =
            |there: &Source, id: &str| self.foreign_there.contains(&(&Subject::Source(there.path.as_str().into()), id));
        let is_own = |there: &Source| had(there, &source.id);
        // Few texts are in a project twice; where one is alone, nothing needs to be asked.
        let is_free = |there: &Source| !ids.iter().any(|id| *id != source.id && had(there, id));
        let is_named = |there: &Source| there.title == name;
        let first = |is: &dyn Fn(&Source) -> bool| alike.iter().position(|there| is(there));
        let at = match alike.len() {
            1 => Some(0),
            _ => first(&|s| is_named(s) && is_own(s))
                .or_else(|| first(&|s| is_named(s) && is_free(s)))
                .or_else(|| first(&is_own))
                .or_else(|| first(&is_free)),
        }?;
        (at < alike.len()).then(|| alike.remove(at))
    }

    fn add_source(&mut self, source: &ForeignSource, said: &Said<'_>) -> Result<String, Vec<Problem>> {
        let path = self.path(source);
        let text = source.text.as_deref().unwrap_or_default();
        // Reading takes one mark off the beginning.
        let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        let bytes = format!("{mark}{text}").into_bytes();
        let row = said.row(source, &path);
        let mut sheet = nomoscope_core::study::SourceSheet::default();
        sources_csv::add_rows(&mut sheet, std::slice::from_ref(&row));
        let read = sources_csv::parse(sources_csv::write(&sheet).as_bytes()).map_err(|p| p.as_slice().to_vec())?;
        let described = read.rows.into_iter().next().unwrap_or_else(|| empty_row(&path));
        let texts = (self.readers.read_text)(&path, &bytes, &Reading::default())?;
        let sources = sources_of(&path, &described, texts.texts)?;
        if sources.iter().map(|s| s.document.text.as_str()).ne([text]) {
            let reason = "its text cannot be kept as a file of plain text";
            return Err(vec![Problem::new(source.name.as_str(), reason)]);
        }
        self.merge.addition.files.insert(path.clone(), bytes);
        self.merge.addition.sources.extend(sources);
        self.merge.addition.rows.push(row);
        Ok(path)
    }

    /// Returns a path for a source that nothing has yet, on no system.
    fn path(&mut self, source: &ForeignSource) -> String {
        const ENDINGS: [&str; 9] = [".txt", ".docx", ".doc", ".pdf", ".rtf", ".odt", ".html", ".md", ".transcribed"];
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let lower = name.to_lowercase();
        let ending = ENDINGS.iter().find(|ending| lower.ends_with(**ending)).map_or(0, |e| e.len());
        let stem = name.get(..name.len() - ending).unwrap_or(name);
        let base = slug(stem, "source");
        let first = self.number(&format!("source:{base}"));
        let there = |path: &String| {
            (self.taken)(path) || self.merge.addition.files.contains_key(path) || !super::convert::is_study_name(path)
        };
        let paths = (first..u32::MAX).map(|n| format!("sources/{}.txt", numbered(&base, n)));
        paths.into_iter().find(|path| !there(path)).unwrap_or_default()
    }
}

/// What a project says of its sources beside their texts.
struct Said<'p> {
    /// The cases that each source belongs to.
    cases: HashMap<&'p Subject, Vec<&'p Subject>>,
    values: HashMap<&'p Subject, Vec<&'p VariableValue>>,
    /// Names of variables, and of cases.
    variables: HashMap<&'p str, &'p str>,
    names: HashMap<&'p str, &'p str>,
}

impl<'p> Said<'p> {
    fn new(annotations: &'p Annotations) -> Self {
        let mut cases: HashMap<&Subject, Vec<&Subject>> = HashMap::new();
        for member in annotations.members.iter().filter(|m| matches!(m.of, Subject::Case(_))) {
            cases.entry(&member.member).or_default().push(&member.of);
        }
        let mut values: HashMap<&Subject, Vec<&VariableValue>> = HashMap::new();
        for value in &annotations.values {
            values.entry(&value.of).or_default().push(value);
        }
        let variables = annotations.variables.iter().map(|v| (v.id.as_str(), v.name.as_str())).collect();
        let names = annotations.cases.iter().map(|case| (case.id.as_str(), case.name.as_str())).collect();
        Self { cases, values, variables, names }
    }

    /// Returns what `sources.csv` says of a source: what the project says of it and of the one case that it belongs to.
    fn row(&self, source: &ForeignSource, path: &str) -> BTreeMap<String, String> {
        let mut row = BTreeMap::from([("path".to_owned(), path.to_owned())]);
        let mut put = |name: &str, value: String| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            if is_column(name, &value) {
                row.entry(name.to_owned()).or_insert(value);
            }
        };
        row_of_source(source, &mut put);
        let of = Subject::Source(source.id.as_str().into());
        let only_case = match self.cases.get(&of).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        };
        for of in std::iter::once(&of).chain(only_case) {
            for value in self.values.get(of).into_iter().flatten() {
                if let Some(name) = self.variables.get(value.variable.as_str()).filter(|name| **name != COLOR) {
                    put(name.trim(), value.value.to_string());
                }
            }
        }
        if let Some(name) = only_case.and_then(|case| self.names.get(case.id())) {
            put("case", (*name).to_owned());
        }
        row
    }
}

fn row_of_source(source: &ForeignSource, put: &mut impl FnMut(&str, String)) {
    put("title", source.name.clone());
    put("kind", source.kind.clone().unwrap_or_default());
    put("date", source.date.map(|date| date.to_string()).unwrap_or_default());
    for (name, value) in &source.attributes {
        put(name, value.clone());
    }
}

/// Returns whether a value may stand in a column of `sources.csv`.
fn is_column(name: &str, value: &str) -> bool {
    let reserved = ["path", "year", "language"];
    let is_date = || value.parse::<nomoscope_core::date::PartialDate>().is_ok();
    !value.is_empty()
        && !name.trim().is_empty()
        && name.trim() == name
        && !reserved.contains(&name)
        && !name.chars().any(char::is_control)
        && (!sources_csv::is_date_column(name) || is_date())
}

// Codes.
impl Merger<'_> {
    fn codes(&mut self) -> Result<(), StudyError> {
        let project = self.project;
        let mut below: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        let known: BTreeSet<&str> = project.codes.iter().map(|code| code.id.as_str()).collect();
        for (at, code) in project.codes.iter().enumerate() {
            let parent = code.parent.as_deref().filter(|parent| known.contains(parent) && *parent != code.id);
            below.entry(parent).or_default().push(at);
        }
        let mut concepts: Vec<Concept> = Vec::new();
        let mut roles_used = BTreeSet::new();
        // A code, the concept that it is narrower than, the names above it, and the roles given there.
        type Todo = (usize, Option<String>, Vec<String>, BTreeSet<Role>);
        let mut todo: VecDeque<Todo> = VecDeque::new();
        let of = |parent: Option<&str>| below.get(&parent).cloned().unwrap_or_default();
        todo.extend(of(None).into_iter().map(|at| (at, None, Vec::new(), BTreeSet::new())));
        let mut seen = BTreeSet::new();
        while let Some((at, broader, mut path, inherited)) = todo.pop_front() {
            let Some(code) = project.codes.get(at).filter(|_| seen.insert(at)) else { continue };
            path.push(code.name.clone());
            let said: BTreeSet<Role> = Role::ALL.into_iter().filter(|role| code.roles.contains(role.name())).collect();
            let said = Some(said).filter(|roles| !roles.is_empty());
            // What a user says of a code holds below it; what the project says holds for the code alone.
            let given = self.roles_of(&path, &mut roles_used)?;
            let below = given.clone().unwrap_or_else(|| inherited.clone());
            let roles = given.or(said).unwrap_or(inherited);
            let foreign = Subject::Concept(code.id.as_str().into());
            let named = self.concept_there(&code.name, broader.as_deref(), &foreign);
            let there = named.or_else(|| self.renamed(code, &foreign));
            let id = match &there {
                Some(id) => id.clone(),
                None => {
                    let id = self.concept_id(&code.name, &concepts);
                    concepts.push(Concept {
                        id: id.clone(),
                        unassigned: roles.is_empty(),
                        roles: roles.clone(),
                        broader: broader.clone(),
                        label: BTreeMap::from([("und".to_owned(), code.name.clone())]),
                        note: code.description.clone(),
                        ..Concept::default()
                    });
                    id
                }
            };
            let own = Subject::Concept(id.as_str().into());
            self.is("codes", foreign, own.clone(), there.is_none());
            self.of_code(code.color.as_deref(), code.codable, &own);
            todo.extend(of(Some(&code.id)).into_iter().map(|at| (at, Some(id.clone()), path.clone(), below.clone())));
        }
        self.check_roles(&roles_used)?;
        self.tally.without_role = concepts.iter().filter(|c| c.roles.is_empty()).count();
        if !concepts.is_empty() {
            let title = format!("Codes of {}", project.name);
            let text = codebook_toml::append(self.codebook_text, &title, &concepts);
            // What was written must be readable: better to refuse now than at the next command.
            codebook_toml::parse(text.as_bytes()).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
            self.merge.codebook = Some(text.into_bytes());
        }
        Ok(())
    }

    /// Keeps what a codebook has no field for.
    fn of_code(&mut self, color: Option<&str>, codable: bool, own: &Subject) {
        if let Some(color) = color {
            self.variable(COLOR, VariableKind::Text, "colour as #rrggbb");
            self.value(COLOR, own, Value::Text(color.to_owned()));
        }
        if !codable {
            self.variable(CODABLE, VariableKind::Boolean, "whether texts may be coded with it");
            self.value(CODABLE, own, Value::Boolean(false));
        }
    }

    /// Makes a variable of this program where it is not there yet.
    fn variable(&mut self, id: &str, kind: VariableKind, description: &str) {
        if self.used.insert(Subject::Variable(id.into())) {
            let (name, description) = (id.to_owned(), description.to_owned());
            self.merge.annotations.push(Annotation::Variable(Variable { id: id.into(), name, kind, description }));
        }
    }

    /// Adds a value, or replaces one that says something else.
    fn value(&mut self, variable: &str, of: &Subject, value: Value) {
        let is_there = self.values_there.get(&(variable, of)).map(|there| **there == value);
        let made = Annotation::Value(VariableValue { variable: variable.into(), of: of.clone(), value });
        match is_there {
            Some(true) => self.tally.of("values").there += 1,
            Some(_) => {
                self.tally.changed_values += 1;
                self.merge.annotations.push(made);
            }
            None => {
                self.tally.of("values").new += 1;
                self.merge.annotations.push(made);
            }
        }
    }

    /// Returns the concept that a code is: the one of its name at its place, or of its name and identity, or the only one of
    /// its name where the project has only one.
    fn concept_there(&self, name: &str, broader: Option<&str>, foreign: &Subject) -> Option<String> {
        let is_named = |c: &&Concept| c.id == name || c.label.values().any(|label| label == name);
        // Names may occur twice, and one concept is one code.
        let is_free = |c: &&Concept| !self.matched.contains(&Subject::Concept(c.id.as_str().into()));
        let named: Vec<&Concept> = self.codebook.concepts().iter().filter(is_named).filter(is_free).collect();
        let there = named.iter().find(|c| c.broader.as_deref() == broader).copied();
        let same_id = |c: &&&Concept| {
            let of = Subject::Concept(c.id.as_str().into());
            self.foreign_there.contains(&(&of, foreign.id()))
        };
        let by_id = || named.iter().find(same_id).copied();
        let only = || match named.as_slice() {
            [only] if self.project.codes.iter().filter(|code| code.name == name).count() == 1 => Some(*only),
            _ => None,
        };
        there.or_else(by_id).or_else(only).map(|c| c.id.clone())
    }

    /// Returns the concept that a code was when it came in under another name: it has the identity still, and nothing else of the project
    /// has its name. A number of a row is an identity only where the concept has a passage of the code.
    fn renamed(&mut self, code: &ForeignCode, foreign: &Subject) -> Option<String> {
        let has_name = |c: &Concept, name: &str| c.id == name || c.label.values().any(|label| label == name);
        let is_it = |c: &&Concept| {
            let of = Subject::Concept(c.id.as_str().into());
            self.foreign_there.contains(&(&of, foreign.id()))
                && !self.matched.contains(&of)
                && !self.project.codes.iter().any(|other| has_name(c, &other.name))
                && (foreign.id().len() >= TELLING || self.share_words(&c.id, &code.id))
        };
        let there = self.codebook.concepts().iter().find(is_it)?;
        let (id, label) = (there.id.clone(), there.label_in("en").to_owned());
        self.tally.notes.push(format!("the code `{}` is the concept `{label}`: it has another name here", code.name));
        Some(id)
    }

    /// Returns whether a code is on words on which the study has the concept.
    fn share_words(&self, concept: &str, code: &str) -> bool {
        let here = self.study.codings.iter().filter(|c| c.concept.as_str() == concept);
        let here: HashSet<&str> = here.map(|c| c.quote.as_str()).collect();
        let texts: HashMap<&str, &str> =
            self.project.sources.iter().filter_map(|s| Some((s.id.as_str(), s.text.as_deref()?))).collect();
        let placed = self.project.selections.iter().zip(&self.placement.places);
        let of_code = placed.filter(|(selection, _)| selection.codings.iter().any(|coding| coding.code == code));
        let mut words = of_code.filter_map(|(s, placed)| Some(placed.as_ref()?.span.of(texts.get(s.source.as_str())?)));
        words.any(|words| here.contains(words))
    }

    fn concept_id(&self, name: &str, new: &[Concept]) -> String {
        let base = slug(name, "code");
        let numbered = |n: u32| if n == 1 { base.clone() } else { format!("{base}-{n}") };
        let is_there = |id: &String| self.codebook.find(id).is_some() || new.iter().any(|c| c.id == *id);
        (1..u32::MAX).map(numbered).find(|id| !is_there(id)).unwrap_or_default()
    }

    /// Returns the roles that were given to a code, by its path or its name.
    fn roles_of(&self, path: &[String], used: &mut BTreeSet<String>) -> Result<Option<BTreeSet<Role>>, StudyError> {
        let name = path.last().cloned().unwrap_or_default();
        for key in [path.join("/"), name] {
            if let Some(words) = self.options.roles.get(&key) {
                used.insert(key);
                let role = |word: &String| Role::ALL.into_iter().find(|role| role.name() == word);
                return Ok(Some(words.iter().filter_map(role).collect()));
            }
        }
        Ok(None)
    }

    fn check_roles(&mut self, used: &BTreeSet<String>) -> Result<(), StudyError> {
        let names = || self.project.codes.iter().map(|code| code.name.as_str());
        let unknown = self.options.roles.keys().filter(|key| !used.contains(*key));
        let notes: Vec<String> = unknown
            .map(|key| match nomoscope_core::spelling::nearest(key, names()) {
                Some(near) => format!("`{key}`, which has roles, is no code of the project; `{near}` is one"),
                None => format!("`{key}`, which has roles, is no code of the project"),
            })
            .collect();
        self.tally.notes.extend(notes);
        Ok(())
    }
}

// People.
impl Merger<'_> {
    fn coders(&mut self) {
        for coder in &self.project.coders {
            let foreign = Subject::Coder(coder.id.as_str().into());
            let name = coder.name.trim();
            let (name, kind) = match name {
                "" => (self.nobody(), CoderKind::Importer),
                // Whom this program named so was nobody.
                name if name.starts_with("import (") && name.ends_with(')') => (name.to_owned(), CoderKind::Importer),
                name => (name.to_owned(), CoderKind::Person),
            };
            self.coder(foreign, name, kind);
        }
    }

    /// Returns the name of whoever is not named.
    fn nobody(&self) -> String {
        let program = self.project.origin.split([',', ' ']).next().filter(|p| !p.is_empty());
        format!("import ({})", program.unwrap_or(self.project.format))
    }

    /// Returns who an earlier import may have named as the author of what is of nobody.
    fn nobody_before(&self, coder: &str) -> Option<String> {
        let name = coder.is_empty().then(|| self.nobody())?;
        self.study.coders.iter().find(|there| there.name == name).map(|there| there.id.to_string())
    }

    fn coder(&mut self, foreign: Subject, name: String, kind: CoderKind) {
        // Codings under the name of a lexicon would be replaced when it is applied again.
        let name = if is_lexicon(self.study, &name) { format!("{name} (imported)") } else { name };
        let row = |c: &Coder| c.id == name || c.name == name;
        let there =
            self.study.coders.iter().chain(&self.merge.coders).find(|c| row(c) && !is_lexicon(self.study, &c.id));
        let id = there.map_or_else(|| name.clone(), |c| c.id.to_string());
        let is_new = there.is_none();
        if is_new {
            let coder = Coder { id: id.as_str().into(), name, kind };
            self.merge.coders.push(coder);
        }
        self.is("coders", foreign, Subject::Coder(id.into()), is_new);
    }

    /// Returns the coder of the study; somebody who is not named at all is the program.
    fn coder_of(&mut self, foreign: &str, must: bool) -> String {
        // Whether a coding before named nobody says nothing about a memo or a link.
        if foreign.is_empty() && !must {
            return String::new();
        }
        let subject = Subject::Coder(foreign.into());
        if let Some(own) = self.ids.get(&subject) {
            return own.id().to_owned();
        }
        let kind = if foreign.is_empty() { CoderKind::Importer } else { CoderKind::Person };
        let name = if foreign.is_empty() { self.nobody() } else { foreign.to_owned() };
        self.coder(subject.clone(), name, kind);
        self.ids.get(&subject).map(|own| own.id().to_owned()).unwrap_or_default()
    }
}

// Cases, sets and variables.
impl Merger<'_> {
    fn cases(&mut self, _: &mut Stamp<'_>) {
        let key = |c: &Case| (c.name.clone(), c.description.clone());
        let there = &self.study.annotations.cases;
        let mut strict = Pool::new(there.iter().map(|c| (key(c), c.id.to_string())));
        let new = &self.project.annotations.cases;
        let loose =
            loosely(there.iter().map(|c| (c.name.as_str(), c.id.as_str())), new.iter().map(|c| c.name.as_str()));
        for case in new {
            let found = strict.take(&key(case)).or_else(|| loose.get(case.name.as_str()).cloned());
            let is_new = found.is_none();
            let id = found.unwrap_or_else(|| self.readable(SubjectKind::Case, &case.name, "case"));
            if is_new {
                let made = Case { id: id.as_str().into(), ..case.clone() };
                self.merge.annotations.push(Annotation::Case(made));
            }
            self.is("cases", Subject::Case(case.id.clone()), Subject::Case(id.into()), is_new);
        }
    }

    fn sets(&mut self, _: &mut Stamp<'_>) {
        let key = |s: &Set| (s.name.clone(), s.description.clone());
        let there = &self.study.annotations.sets;
        let mut strict = Pool::new(there.iter().map(|s| (key(s), s.id.to_string())));
        let new = &self.project.annotations.sets;
        let loose =
            loosely(there.iter().map(|s| (s.name.as_str(), s.id.as_str())), new.iter().map(|s| s.name.as_str()));
        for set in new {
            let found = strict.take(&key(set)).or_else(|| loose.get(set.name.as_str()).cloned());
            let is_new = found.is_none();
            let id = found.unwrap_or_else(|| self.readable(SubjectKind::Set, &set.name, "set"));
            if is_new {
                self.merge.annotations.push(Annotation::Set(Set { id: id.as_str().into(), ..set.clone() }));
            }
            self.is("sets", Subject::Set(set.id.clone()), Subject::Set(id.into()), is_new);
        }
    }

    fn variables(&mut self, _: &mut Stamp<'_>) {
        let key = |v: &Variable| (v.name.clone(), v.kind, v.description.clone());
        let there = &self.study.annotations.variables;
        let mut strict = Pool::new(there.iter().map(|v| (key(v), v.id.to_string())));
        let new = &self.project.annotations.variables;
        let same = |v: &Variable| format!("{}\0{}", v.kind.name(), v.name);
        let (there, names): (Vec<_>, Vec<_>) =
            (there.iter().map(|v| (same(v), v.id.as_str())).collect(), new.iter().map(same).collect());
        let loose = loosely(there.iter().map(|(n, id)| (n.as_str(), *id)), names.iter().map(String::as_str));
        for variable in new {
            let own = variable.id == *COLOR;
            let found = match own {
                true => (!self.used.insert(Subject::Variable(COLOR.into()))).then(|| COLOR.to_owned()),
                false => strict.take(&key(variable)).or_else(|| loose.get(same(variable).as_str()).cloned()),
            };
            let is_new = found.is_none();
            let id = match found {
                Some(id) => id,
                None if own => COLOR.to_owned(),
                None => self.readable(SubjectKind::Variable, &variable.name, "variable"),
            };
            if is_new {
                let made = Variable { id: id.as_str().into(), ..variable.clone() };
                self.merge.annotations.push(Annotation::Variable(made));
            }
            self.is("variables", Subject::Variable(variable.id.clone()), Subject::Variable(id.into()), is_new);
        }
    }

    fn members(&mut self) {
        let mut there: BTreeSet<(Subject, Subject)> =
            self.study.annotations.members.iter().map(|m| (m.of.clone(), m.member.clone())).collect();
        for member in &self.project.annotations.members {
            let (Some(of), Some(member)) = (self.own(&member.of), self.own(&member.member)) else {
                self.tally.leave_out("members");
                continue;
            };
            let is_new = there.insert((of.clone(), member.clone()));
            let told = self.tally.of("members");
            if is_new {
                told.new += 1;
                self.merge.annotations.push(Annotation::Member(Member { of, member }));
            } else {
                told.there += 1;
            }
        }
    }

    fn values(&mut self) {
        let (mut said, mut kept) = (BTreeSet::new(), 0_usize);
        for value in &self.project.annotations.values {
            let variable = self.own(&Subject::Variable(value.variable.clone()));
            let (Some(variable), Some(of)) = (variable, self.own(&value.of)) else {
                self.tally.leave_out("values");
                continue;
            };
            let key = (variable.id().to_owned(), of.clone());
            if !said.insert(key.clone()) {
                continue;
            }
            match self.values_there.get(&(variable.id(), &of)) {
                Some(there) if is_same(there, &value.value) => {
                    self.tally.of("values").there += 1;
                    continue;
                }
                Some(_) if self.system.is_empty() => {
                    kept += 1;
                    continue;
                }
                Some(_) => self.tally.changed_values += 1,
                None => self.tally.of("values").new += 1,
            }
            let made = VariableValue { variable: variable.id().into(), of, value: value.value.clone() };
            self.merge.annotations.push(Annotation::Value(made));
        }
        if kept > 0 {
            self.tally.notes.push(format!("{kept} values are others there; they stay as they are here"));
        }
    }
}

/// Returns whether two values are one: other programs write numbers in other ways.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Decimal(a), Value::Decimal(b)) => a == b || a.to_f64() == b.to_f64(),
        _ => a == b,
    }
}

/// Returns identities by name, of names that occur once on both sides.
fn loosely<'n>(
    there: impl Iterator<Item = (&'n str, &'n str)>,
    new: impl Iterator<Item = &'n str>,
) -> HashMap<&'n str, String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    new.for_each(|name| *counts.entry(name).or_default() += 1);
    let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, id) in there {
        found.entry(name).or_default().push(id);
    }
    let once = |(name, ids): (&'n str, Vec<&'n str>)| match ids.as_slice() {
        [only] if counts.get(name) == Some(&1) => Some((name, (*only).to_owned())),
        _ => None,
    };
    found.into_iter().filter_map(once).collect()
}

/// What tells passages apart.
type PassageKey = (String, Span, String, String);
/// What tells codings apart.
type CodingKey = (String, Span, String, String);

// Codings and passages.
impl Merger<'_> {
    fn selections(&mut self, stamp: &mut Stamp<'_>) {
        let study = self.study;
        let mut codings: Pool<CodingKey> =
            Pool::new(study.codings.iter().map(|c| {
                ((c.source.to_string(), c.span, c.concept.to_string(), c.coder.to_string()), c.id.to_string())
            }));
        let mut passages: Pool<PassageKey> = Pool::new(
            study
                .annotations
                .passages
                .iter()
                .map(|p| ((p.source.to_string(), p.span, p.name.clone(), p.coder.to_string()), p.id.to_string())),
        );
        let project = self.project;
        let places = self.places();
        for ((selection, placed), place) in project.selections.iter().zip(&self.placement.places).zip(places) {
            let (Some(placed), Some((source, span, quote))) = (placed, place) else {
                self.tally.leave_out("selections");
                continue;
            };
            if selection.keep {
                let coder = self.coder_of(&selection.coder, false);
                let key = |coder: String| (source.clone(), span, selection.name.clone(), coder);
                let found =
                    passages.take(&key(coder.clone())).or_else(|| passages.take(&key(self.nobody_before(&coder)?)));
                let is_new = found.is_none();
                let id = found.unwrap_or_else(|| (stamp.new_id)());
                if is_new {
                    self.merge.annotations.push(Annotation::Passage(Passage {
                        id: id.as_str().into(),
                        source: source.as_str().into(),
                        span,
                        quote: quote.clone(),
                        name: selection.name.clone(),
                        coder: coder.into(),
                        created: selection.created.clone(),
                    }));
                }
                let foreign = Subject::Passage(selection.id.as_str().into());
                self.is("passages", foreign, Subject::Passage(id.into()), is_new);
            }
            for (number, coding) in selection.codings.iter().enumerate() {
                let concept = self.own(&Subject::Concept(coding.code.as_str().into()));
                let Some(concept) = concept else {
                    self.tally.leave_out("codings");
                    continue;
                };
                let coder = self.coder_of(&coding.coder, true);
                let key = (source.clone(), span, concept.id().to_owned(), coder.clone());
                let found = codings.take(&key);
                let is_new = found.is_none();
                let id = found.unwrap_or_else(|| (stamp.new_id)());
                if is_new {
                    self.merge.codings.push(CodingRecord {
                        id: id.as_str().into(),
                        source: source.as_str().into(),
                        span,
                        quote: quote.clone(),
                        concept: concept.id().into(),
                        coder: coder.into(),
                        status: CodingStatus::Accepted,
                        created: coding.created.clone(),
                        memo: memo_of(&coding.memo, placed),
                    });
                }
                // A format without identities for codings has them in its selections.
                let foreign = match coding.id.as_str() {
                    "" if number == 0 => selection.id.clone(),
                    "" => format!("{}#{number}", selection.id),
                    id => id.to_owned(),
                };
                self.is("codings", Subject::Coding(foreign.into()), Subject::Coding(id.into()), is_new);
            }
        }
    }

    /// Returns of each selection the source of the study, and the place and the words there; none where it has none.
    fn places(&self) -> Vec<Option<(String, Span, String)>> {
        let mut of_source: BTreeMap<&str, Vec<(usize, Span)>> = BTreeMap::new();
        for (at, (selection, placed)) in self.project.selections.iter().zip(&self.placement.places).enumerate() {
            if let Some(placed) = placed {
                of_source.entry(&selection.source).or_default().push((at, placed.span));
            }
        }
        let new = self.merge.addition.sources.iter();
        let texts: HashMap<&str, &str> =
            self.study.sources.iter().chain(new).map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
        let mut out = vec![None; self.project.selections.len()];
        for (source, places) in of_source {
            let Some(path) = self.own(&Subject::Source(source.into())) else { continue };
            let text = texts.get(path.id()).copied().unwrap_or_default();
            let spans: Vec<Span> = places.iter().map(|(_, span)| *span).collect();
            let carried = self.carry.get(source).and_then(|(from, to)| followed(from, to, &spans));
            for ((at, _), span) in places.iter().zip(carried.unwrap_or(spans)) {
                if let Some(out) = out.get_mut(*at) {
                    *out = Some((path.id().to_owned(), span, span.of(text).to_owned()));
                }
            }
        }
        out
    }

    fn memos(&mut self, memos: &[&Memo], stamp: &mut Stamp<'_>) {
        type Key = (Subject, String, String);
        let key = |m: &Memo| (m.about.clone(), m.text.clone(), m.coder.to_string());
        let mut there: Pool<Key> = Pool::new(self.study.memos.iter().map(|m| (key(m), m.id.to_string())));
        for memo in memos {
            let Some(about) = self.own(&memo.about) else {
                self.tally.leave_out("memos");
                continue;
            };
            let coder = self.coder_of(&memo.coder, false);
            let made = Memo { about, coder: coder.into(), ..(*memo).clone() };
            let before = |nobody: String| key(&Memo { coder: nobody.into(), ..made.clone() });
            let found =
                there.take(&key(&made)).or_else(|| there.take(&before(self.nobody_before(made.coder.as_str())?)));
            let is_new = found.is_none();
            let id = found.unwrap_or_else(|| (stamp.new_id)());
            if is_new {
                self.merge.memos.push(Memo { id: id.as_str().into(), ..made });
            }
            self.is("memos", Subject::Memo(memo.id.clone()), Subject::Memo(id.into()), is_new);
        }
    }

    fn links(&mut self, stamp: &mut Stamp<'_>) {
        type Key = (Subject, Subject, String, &'static str);
        let key = |l: &Link| (l.from.clone(), l.to.clone(), l.name.clone(), l.direction.name());
        let mut there: Pool<Key> = Pool::new(self.study.annotations.links.iter().map(|l| (key(l), l.id.to_string())));
        for link in &self.project.annotations.links {
            let (Some(from), Some(to)) = (self.own(&link.from), self.own(&link.to)) else {
                self.tally.leave_out("links");
                continue;
            };
            let coder = self.coder_of(&link.coder, false);
            let made = Link { from, to, coder: coder.into(), ..link.clone() };
            let found = there.take(&key(&made));
            let is_new = found.is_none();
            let id = found.unwrap_or_else(|| (stamp.new_id)());
            if is_new {
                self.merge.annotations.push(Annotation::Link(Link { id: id.as_str().into(), ..made }));
            }
            self.is("links", Subject::Link(link.id.clone()), Subject::Link(id.into()), is_new);
        }
    }

    /// Returns whether something that is not in the project belonged to it: it lies in a text that the project has, and is of
    /// one of its coders or of nobody. Of what lies in no text, the name under which the project is kept decides.
    fn belonged(&self, sources: &BTreeSet<&str>, coders: &BTreeSet<String>) -> impl Fn(&Subject) -> bool + use<> {
        let study = self.study;
        let by = |coder: &str| coder.is_empty() || coders.contains(coder);
        let passages =
            study.annotations.passages.iter().filter(|p| sources.contains(p.source.as_str()) && by(&p.coder));
        let codings = study.codings.iter().filter(|c| sources.contains(c.source.as_str()) && by(&c.coder));
        let memos = study.memos.iter().filter(|memo| by(&memo.coder));
        let links = study.annotations.links.iter().filter(|link| by(&link.coder));
        let all: HashSet<Subject> = passages
            .map(|p| Subject::Passage(p.id.clone()))
            .chain(codings.map(|c| Subject::Coding(c.id.clone())))
            .chain(memos.map(|m| Subject::Memo(m.id.clone())))
            .chain(links.map(|l| Subject::Link(l.id.clone())))
            .collect();
        move |of| match of {
            Subject::Passage(_) | Subject::Coding(_) | Subject::Memo(_) | Subject::Link(_) => all.contains(of),
            _ => true,
        }
    }

    /// Finds what came of this project before and is no longer in it.
    fn gone(&mut self) {
        let sources: BTreeSet<&str> =
            self.matched.iter().filter(|s| matches!(s, Subject::Source(_))).map(Subject::id).collect();
        let coders: BTreeSet<String> =
            self.ids.values().filter(|s| matches!(s, Subject::Coder(_))).map(|s| s.id().to_owned()).collect();
        let belonged = self.belonged(&sources, &coders);
        let mut told = BTreeSet::new();
        for foreign in self.study.annotations.foreign.iter().filter(|f| f.system == self.system) {
            let of = &foreign.of;
            if self.matched.contains(of) || !belonged(of) {
                continue;
            }
            let kind = match of {
                Subject::Coding(_) => "codings",
                Subject::Passage(_) => "passages",
                Subject::Case(_) => "cases",
                Subject::Set(_) => "sets",
                Subject::Memo(_) => "memos",
                Subject::Link(_) => "links",
                Subject::Source(_) => "sources",
                Subject::Concept(_) => "codes",
                _ => continue,
            };
            if told.insert(of.clone()) {
                self.tally.of(kind).gone += 1;
                match of {
                    Subject::Concept(id) => self.tally.gone_codes.push(id.to_string()),
                    other => self.tally.gone_things.push(self.study_words(other)),
                }
            }
        }
        if self.options.prune {
            self.prune(&told);
        }
    }

    /// Returns in words what something of the study is, short enough for a list.
    fn study_words(&self, of: &Subject) -> String {
        let study = self.study;
        let cut = |words: &str| {
            let mut words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            clip(&mut words);
            words
        };
        match of {
            Subject::Coding(id) => study
                .codings
                .iter()
                .find(|c| c.id == *id)
                .map(|c| format!("coding {} on “{}” in {}", c.concept, cut(&c.quote), c.source)),
            Subject::Passage(id) => study
                .annotations
                .passages
                .iter()
                .find(|p| p.id == *id)
                .map(|p| format!("passage “{}” in {}", cut(&p.quote), p.source)),
            Subject::Memo(id) => study.memos.iter().find(|m| m.id == *id).map(|m| format!("memo “{}”", cut(&m.text))),
            _ => None,
        }
        .unwrap_or_else(|| format!("{} {}", of.kind().name(), of.id()))
    }

    /// Takes out what is gone; texts and codes stay, for others may have coded them here.
    fn prune(&mut self, told: &BTreeSet<Subject>) {
        self.tally.pruned = true;
        for of in told {
            match of {
                Subject::Coding(id) => drop(self.merge.gone.codings.insert(id.to_string())),
                Subject::Memo(id) => drop(self.merge.gone.memos.insert(id.to_string())),
                Subject::Source(_) | Subject::Concept(_) => {}
                other => drop(
                    self.merge.gone.annotations.insert(vec![other.kind().name().to_owned(), other.id().to_owned()]),
                ),
            }
        }
    }
}

/// Returns the note on a coding, with what the project says of it that the text does not.
fn memo_of(memo: &str, placed: &nomoscope_formats::exchange::place::Placed) -> String {
    let stored = placed.stored.as_ref().map(|quote| format!("stored quotation: {quote}"));
    let place = placed.lost_place.map(|(start, end)| format!("stored place: {start} to {end}"));
    let area = placed.area.as_ref().map(|area| format!("stored place: {area}"));
    let parts = [Some(memo.to_owned()).filter(|m| !m.trim().is_empty()), stored, place, area];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
