//! Annotations in layers, as INCEpTION and other programs on UIMA have them: a layer with the features of its annotations
//! becomes codes.
//!
//! A layer is a code; below it stand the values of its one feature, or its features with their values. What tells of words
//! alone, such as lemmata and parts of speech, is counted and left out: it would code every word.

use super::counting::{Counting, Unit};
use super::project::{ForeignCode, ForeignCoding, ForeignProject, Selection};
use std::collections::BTreeMap;

/// How these programs count: in Java.
pub(super) const USUAL: Counting = Counting {
    unit: Unit::Utf16,
    newlines: super::counting::Newlines::AsWritten,
    bom: false,
    inclusive: false,
    shift: 0,
};

/// Parts of names of types that tell of words alone.
const OF_WORDS: [&str; 6] = [
    ".segmentation.type.",
    ".lexmorph.type.",
    ".syntax.type.",
    ".transform.type.",
    ".metadata.type.",
    "uima.tcas.Document",
];
/// The longest value that is a code; a longer one is a remark.
const LONGEST: usize = 120;

/// Returns whether a layer tells of words alone.
pub(super) fn is_of_words(layer: &str) -> bool {
    OF_WORDS.iter().any(|part| layer.contains(part))
}

/// Codes as they are met.
#[derive(Default)]
pub(super) struct Layers {
    codes: BTreeMap<Vec<String>, String>,
}

impl Layers {
    /// Adds an annotation of a layer, with those of its features that have a value, in order; `several` says whether the layer
    /// has more than one feature.
    pub(super) fn annotate(
        &mut self,
        project: &mut ForeignProject,
        (layer, several): (&str, bool),
        features: &[(String, String)],
        mut selection: Selection,
    ) {
        let short = layer.rsplit('.').next().unwrap_or(layer).to_owned();
        let mut memo = Vec::new();
        for (name, value) in features {
            if value.chars().count() > LONGEST || value.contains('\n') {
                memo.push(format!("{name}: {value}"));
                continue;
            }
            let path = match several {
                false => vec![short.clone(), value.clone()],
                true => vec![short.clone(), name.clone(), value.clone()],
            };
            let code = self.code(project, &path);
            selection.codings.push(ForeignCoding { code, ..ForeignCoding::default() });
        }
        if selection.codings.is_empty() {
            let code = self.code(project, &[short]);
            selection.codings.push(ForeignCoding { code, ..ForeignCoding::default() });
        }
        if let Some(first) = selection.codings.first_mut() {
            first.memo = memo.join("\n");
        }
        project.selections.push(selection);
    }

    /// Returns the identity of the code at a path, made with all above it where it is new.
    fn code(&mut self, project: &mut ForeignProject, path: &[String]) -> String {
        let mut parent: Option<String> = None;
        for length in 1..=path.len() {
            let part = path.get(..length).unwrap_or_default();
            let id = match self.codes.get(part) {
                Some(id) => id.clone(),
                None => {
                    let id = format!("code-{}", self.codes.len() + 1);
                    project.codes.push(ForeignCode {
                        id: id.clone(),
                        name: part.last().cloned().unwrap_or_default(),
                        parent: parent.clone(),
                        codable: true,
                        ..ForeignCode::default()
                    });
                    self.codes.insert(part.to_vec(), id.clone());
                    id
                }
            };
            parent = Some(id);
        }
        parent.unwrap_or_default()
    }
}

/// Tells what these formats do not say.
pub(super) fn finish(project: &mut ForeignProject) {
    let codings = project.selections.iter().map(|s| s.codings.len()).sum();
    project.count("annotations", project.selections.len());
    project.count("codings", codings);
    project.count("codes", project.codes.len());
    project.notes.push("the file does not say who annotated; the name of a file may".to_owned());
}
