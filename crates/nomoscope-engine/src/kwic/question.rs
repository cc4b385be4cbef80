//! What is asked.

use super::answer::{Kwic, Sort, What};
use crate::handle::Handle;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::norm::corpus::Interviewers;
use nomoscope_core::problem::{Remedy, Slot};
use nomoscope_core::usage::concordance::{Sought, concordance, matcher};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most words of context on either side.
const MAX_WIDTH: usize = 50;

/// Where does a pattern or a concept stand, and between which words?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A concept of the codebook by its id, or else a pattern as codebooks have them.
    pub pattern: String,
    /// `left` (the words before it), `right` (the words after it) or an attribute of the sources; none leaves the order of the
    /// texts.
    pub sort: Option<String>,
    /// Words of context on either side.
    pub width: usize,
}

impl Default for Question {
    fn default() -> Self {
        Self { pattern: String::new(), sort: None, width: 8 }
    }
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A pattern that does not parse, an attribute that no source has, a width out of bounds; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Kwic, Refusal> {
        let mut problems = Problems::new();
        let what = self.what(material, &mut problems);
        let sort = match self.sort.as_deref() {
            None => Sort::Text,
            Some("left") => Sort::Left,
            Some("right") => Sort::Right,
            Some(attribute) => {
                check_attribute(&material.study.sources, attribute, "sort", &mut problems);
                Sort::By(attribute.to_owned())
            }
        };
        if !(1..=MAX_WIDTH).contains(&self.width) {
            problems.push(Problem::of_setting("width", format!("takes 1 to {MAX_WIDTH} words of context")));
        }
        problems.or(())?;
        if material.study.sources.is_empty() {
            return Err(Refusal::nothing_to_read());
        }
        let corpus = material.corpus(handle)?;
        let sought = match &what {
            What::Concept(concept) => Sought::Concept(*concept),
            What::Pattern(pattern) => Sought::Pattern(pattern),
        };
        let interviewers = Interviewers::of(&material.study.meta);
        let lines = concordance(&corpus, sought, self.width, &interviewers)
            .map_err(|p| Refusal::Input(p.in_file("pattern")))?;
        Ok(Kwic::new(corpus, what, sort, lines, &interviewers))
    }

    fn what(&self, material: &Material, problems: &mut Problems) -> What {
        let pattern = self.pattern.trim();
        if let Some(concept) = material.codebook.find(pattern) {
            return What::Concept(concept);
        }
        if pattern.is_empty() {
            let reason = "is empty, so there is nothing to look for";
            let hint =
                "a concept of the codebook, or words: traffick*, (forced|compulsory) labour, children NEAR/6 sold";
            problems.push(Problem::of_setting("pattern", reason).hint(hint));
        } else if let Err(found) = matcher(pattern, material.codebook.keep_accents) {
            for problem in found {
                // What the codebook says of a concept is said of no concept here.
                let hint = problem.remedy.unwrap_or_else(|| {
                    Remedy::with(
                        "{} takes a concept of the codebook or a pattern as codebooks have them",
                        [Slot::setting("pattern")],
                    )
                });
                problems.push(Problem::of_setting("pattern", problem.reason.plain()).hint(hint));
            }
        }
        What::Pattern(pattern.to_owned())
    }
}
