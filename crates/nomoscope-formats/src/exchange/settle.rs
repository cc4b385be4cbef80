//! What a project refers to and does not have: told, and what refers to it kept.
//!
//! Programs delete a code and leave its codings, or a text and leave its selections. Whatever format a project came in, no
//! words of an interview are dropped for that.

use super::project::{ForeignProject, ForeignSource};
use nomoscope_core::study::Subject;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The name of the text of selections whose text a project does not name.
const UNNAMED: &str = "missing text";

/// Tells what is not there, and keeps what refers to it.
pub(super) fn settle(project: &mut ForeignProject) {
    codes(project);
    circles(project);
    texts(project);
}

/// Counts codes that stand below each other in a circle, and what stands below these: no study has a place for them.
fn circles(project: &mut ForeignProject) {
    let known: HashSet<&str> = project.codes.iter().map(|code| code.id.as_str()).collect();
    let mut below: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    for code in &project.codes {
        let parent = code.parent.as_deref().filter(|parent| known.contains(parent) && *parent != code.id);
        below.entry(parent).or_default().push(&code.id);
    }
    let mut todo = below.remove(&None).unwrap_or_default();
    let mut n = project.codes.len();
    while let Some(id) = todo.pop() {
        n -= 1;
        todo.extend(below.remove(&Some(id)).unwrap_or_default());
    }
    project.lose("codes", n, "they stand below each other in a circle, which has no beginning");
}

/// Keeps selections whose code is not in the project as passages, with the notes and values of their codings.
fn codes(project: &mut ForeignProject) {
    let known: HashSet<&str> = project.codes.iter().map(|code| code.id.as_str()).collect();
    // Passages by the codings that were on them.
    let mut left: HashMap<String, String> = HashMap::new();
    let mut n = 0;
    for selection in &mut project.selections {
        let (codings, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut selection.codings).into_iter().partition(|c| known.contains(c.code.as_str()));
        selection.codings = codings;
        if gone.is_empty() {
            continue;
        }
        n += gone.len();
        selection.keep = true;
        for coding in gone {
            if !coding.memo.trim().is_empty() {
                let id = format!("remark-{}", project.memos.len() + 1).into();
                let about = Subject::Passage(selection.id.as_str().into());
                let (coder, created, text) = (coding.coder.as_str().into(), coding.created, coding.memo);
                project.memos.push(nomoscope_core::study::Memo { id, about, coder, created, text });
            }
            left.insert(coding.id, selection.id.clone());
        }
    }
    left.remove("");
    for memo in &mut project.memos {
        if let Subject::Coding(id) = &memo.about
            && let Some(passage) = left.get(id.as_str())
        {
            memo.about = Subject::Passage(passage.as_str().into());
        }
    }
    for value in &mut project.annotations.values {
        if let Subject::Coding(id) = &value.of
            && let Some(passage) = left.get(id.as_str())
        {
            value.of = Subject::Passage(passage.as_str().into());
        }
    }
    project.lose("codings", n, "their code is not in the project; their selections are kept");
}

/// Gives selections whose text the project does not name one that is missing, which their quotations fill.
fn texts(project: &mut ForeignProject) {
    let known: HashSet<&str> = project.sources.iter().map(|source| source.id.as_str()).collect();
    let mut missing: BTreeSet<String> = BTreeSet::new();
    let mut n = 0;
    for selection in project.selections.iter().filter(|s| !known.contains(s.source.as_str())) {
        missing.insert(selection.source.clone());
        n += 1;
    }
    if n > 0 {
        project.notes.push(format!("the project does not name the text of {n} of its selections"));
    }
    for id in missing {
        let name = if id.is_empty() { UNNAMED.to_owned() } else { format!("{UNNAMED} {id}") };
        project.sources.push(ForeignSource { id, name, ..ForeignSource::default() });
    }
}
