//! The law that the program brings along, and that of the user beside it.

use crate::refusal::{Problem, Problems};
use include_dir::{Dir, include_dir};
use nomoscope_core::law::case::{Case, CaseDraft};
use nomoscope_core::law::guide::GuideDraft;
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::resolve::{Draft, case, resolve};
use nomoscope_core::law::{Law, Origin};
use nomoscope_core::problem::Severity;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../data/law");

/// Where the bundled files are said to stand, in messages.
const PREFIX: &str = "data/law/";

/// Facts, norms and cases that are ready to be used; held by `Arc`, so that every answer about them can keep them.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Facts and norms.
    pub law: Arc<Law>,
    /// Cases.
    pub cases: Vec<Case>,
    /// What is wrong; errors and warnings.
    pub complaints: Vec<Problem>,
    /// The files beside those that the program brings along, as they were read: what a run record names.
    pub own: Files,
    /// The variables of the law: made once, for all questions that are asked of it.
    logic: OnceLock<Arc<Logic>>,
}

impl Library {
    /// Returns what makes the data unusable.
    #[must_use]
    pub fn errors(&self) -> Vec<Problem> {
        self.complaints.iter().filter(|c| c.severity == Severity::Error).cloned().collect()
    }

    /// Returns the library, to be asked.
    ///
    /// # Errors
    /// Everything that makes the data unusable.
    pub fn usable(self) -> Result<Arc<Self>, Problems> {
        let problems: Problems = self.errors().into_iter().collect();
        problems.or(Arc::new(self))
    }

    /// Returns the law as decision diagrams.
    #[must_use]
    pub fn logic(&self) -> Arc<Logic> {
        self.logic.get_or_init(|| Arc::new(Logic::new(&self.law))).clone()
    }

    /// Reads the cases of a file that stands beside this law; `name` is for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it: no case, norms or facts of its own, facts that this law does not know.
    pub fn read_cases(&self, name: &str, bytes: &[u8]) -> Result<Vec<Case>, Problems> {
        let file = nomoscope_formats::law::read(name, bytes)?;
        let mut problems = Problems::new();
        if file.cases.is_empty() {
            problems.push(
                Problem::in_line(name, 0, "holds no case").hint("a case has `age`, `true`, `false` and `unknown`"),
            );
        }
        let mut cases = Vec::new();
        for draft in file.cases {
            match case(&self.law, draft) {
                Ok(ready) => cases.push(ready),
                Err(more) => problems.extend(more.into_iter().collect()),
            }
        }
        problems.or(cases)
    }

    /// Returns the cases that stand in these files.
    #[must_use]
    pub fn cases_of(&self, files: &Files) -> Vec<Case> {
        self.cases.iter().filter(|c| files.contains_key(&c.origin.file)).cloned().collect()
    }
}

/// Files by name, as bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Returns the files that the program brings along.
#[must_use]
pub fn bundled_files() -> Files {
    let mut out = Files::new();
    collect(&BUNDLED, &mut out);
    out
}

fn collect(folder: &Dir<'_>, out: &mut Files) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if path.ends_with(".toml") {
            out.insert(format!("{PREFIX}{path}"), file.contents().to_vec());
        }
    }
    folder.dirs().for_each(|inner| collect(inner, out));
}

/// Reads files of law. Norms and facts of `own` take the place of those of `base` with the same id.
#[must_use]
pub fn read(base: &Files, own: &Files) -> Library {
    let mut complaints = Vec::new();
    let (mut draft, mut cases) = parse(base, &mut complaints);
    let (own_draft, own_cases) = parse(own, &mut complaints);
    // A case that stands alone is no reason to look at those that the program brings along.
    if !own.is_empty() {
        cases.retain(|_| own_cases.is_empty());
    }
    cases.extend(own_cases);
    replace(&mut draft, own_draft);
    let (law, more) = resolve(draft);
    complaints.extend(more);
    let mut ready = Vec::new();
    for draft in cases {
        match case(&law, draft) {
            Ok(case) => ready.push(case),
            Err(more) => complaints.extend(more),
        }
    }
    duplicates(&ready, &mut complaints);
    complaints.sort();
    complaints.dedup();
    Library { law: Arc::new(law), cases: ready, complaints, own: own.clone(), ..Library::default() }
}

fn parse(files: &Files, complaints: &mut Vec<Problem>) -> (Draft, Vec<CaseDraft>) {
    let mut draft = Draft::default();
    let mut cases = Vec::new();
    for (name, bytes) in files {
        match nomoscope_formats::law::read(name, bytes) {
            Ok(file) => {
                draft.facts.extend(file.draft.facts);
                draft.entailments.extend(file.draft.entailments);
                draft.norms.extend(file.draft.norms);
                let more = file.draft.guide;
                draft.guide.stories.extend(more.stories);
                draft.guide.screens.extend(more.screens);
                draft.guide.dimensions.extend(more.dimensions);
                draft.guide.indicators.extend(more.indicators);
                draft.guide.states.extend(more.states);
                draft.guide.duties.extend(more.duties);
                draft.guide.wordings.extend(more.wordings);
                draft.guide.phrases.extend(more.phrases);
                cases.extend(file.cases);
            }
            Err(more) => complaints.extend(more),
        }
    }
    (draft, cases)
}

fn replace(base: &mut Draft, own: Draft) {
    base.facts.retain(|f| own.facts.iter().all(|o| o.id != f.id));
    base.norms.retain(|n| own.norms.iter().all(|o| o.id != n.id));
    // Entailments have no id: a file that brings its own has said all that it means to say.
    if !own.entailments.is_empty() {
        base.entailments = Vec::new();
    }
    guide(&mut base.guide, own.guide);
    base.facts.extend(own.facts);
    base.entailments.extend(own.entailments);
    base.norms.extend(own.norms);
}

/// What has an id takes the place of what has the same; signs and words are added.
fn guide(base: &mut GuideDraft, own: GuideDraft) {
    base.stories.retain(|s| own.stories.iter().all(|o| o.id != s.id));
    base.screens.retain(|s| own.screens.iter().all(|o| o.id != s.id));
    base.dimensions.retain(|d| own.dimensions.iter().all(|o| o.id != d.id));
    base.states.retain(|s| own.states.iter().all(|o| o.id != s.id));
    base.duties.retain(|d| own.duties.iter().all(|o| o.id != d.id));
    base.indicators.retain(|i| {
        own.indicators.iter().all(|o| (&o.fact.text, &o.dimension.text) != (&i.fact.text, &i.dimension.text))
    });
    base.stories.extend(own.stories);
    base.screens.extend(own.screens);
    base.dimensions.extend(own.dimensions);
    base.indicators.extend(own.indicators);
    base.states.extend(own.states);
    base.duties.extend(own.duties);
    base.wordings.extend(own.wordings);
    base.phrases.extend(own.phrases);
}

fn duplicates(cases: &[Case], complaints: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, &Origin> = BTreeMap::new();
    for case in cases {
        if let Some(first) = seen.insert(&case.id, &case.origin) {
            let reason = format!("case `{}` is already defined in {}:{}", case.id, first.file, first.line);
            complaints.push(Problem::in_line(&case.origin.file, case.origin.line, reason));
        }
    }
}

/// Returns the law that the program brings along, with its cases.
#[must_use]
pub fn bundled() -> Library {
    read(&bundled_files(), &Files::new())
}
