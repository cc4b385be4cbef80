//! The codebook: concepts, the roles that they may play in a norm, and the patterns that find them in a text.
//!
//! A norm reads "If \[problem\], \[value\] suggests \[behaviour\]" (Winston 2018, EJIR 24(3): 638–661). A concept may serve
//! as any of the three, and some are *norm labels*: names of whole norms, which occur as problem in one reading and
//! as value in another (Narminio 2020, section 3.1). Knows nothing of TOML or files: a reader hands over [`Concept`]s.

pub mod fold;
pub mod pattern;

use crate::problem::{Problem, Problems, Remedy};
use crate::spelling::{nearest, nearest_three};
use pattern::{Pattern, PatternError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The part of a norm that a concept may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What is wrong.
    Problem,
    /// Why it matters.
    Value,
    /// What is to be done.
    Behaviour,
}

impl Role {
    /// The three parts in the order of the formula.
    pub const ALL: [Self; 3] = [Self::Problem, Self::Value, Self::Behaviour];

    /// Returns the name used in files and output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Value => "value",
            Self::Behaviour => "behaviour",
        }
    }

    /// Returns the position in the formula: 0, 1 or 2.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Index of a concept in its codebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConceptIx(pub u16);

impl ConceptIx {
    /// Returns the index as `usize`.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// A pattern as it was written, with the line where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatternText {
    /// The words of the pattern.
    pub text: String,
    /// Line in the codebook file, from 1; 0 when unknown.
    pub line: u32,
}

/// An entry of the codebook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// Identity: lower-case words joined by hyphens.
    pub id: String,
    /// Parts of a norm that the concept may fill.
    pub roles: BTreeSet<Role>,
    /// Whether it is written that the concept has no role yet, as for codes that come from another program.
    pub unassigned: bool,
    /// Whether the concept names a whole norm.
    pub norm_label: bool,
    /// Id of the next wider concept.
    pub broader: Option<String>,
    /// Family of a behaviour: criminalise, protect, prevent, cooperate or another word.
    pub family: Option<String>,
    /// What constitutes the norm that the concept names: each element is a list of ids of which one is enough.
    pub elements: Vec<Vec<String>>,
    /// Label by language.
    pub label: BTreeMap<String, String>,
    /// Patterns by language; `und` holds for every language.
    pub patterns: BTreeMap<String, Vec<PatternText>>,
    /// Patterns whose hits veto overlapping hits of [`Concept::patterns`].
    pub not: BTreeMap<String, Vec<PatternText>>,
    /// What is meant.
    pub note: String,
    /// Where the meaning comes from.
    pub source: String,
    /// Line where the concept begins, from 1; 0 when unknown.
    pub line: u32,
}

impl Concept {
    /// Returns the label in `language`, else in English, else any label, else the id.
    #[must_use]
    pub fn label_in(&self, language: &str) -> &str {
        self.label
            .get(language)
            .or_else(|| self.label.get("en"))
            .or_else(|| self.label.values().next())
            .map_or(self.id.as_str(), String::as_str)
    }

    /// Returns whether the concept may fill `role`.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Concepts with unique ids and an acyclic `broader` relation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    /// Title for people.
    pub title: String,
    /// Version as its authors count.
    pub version: String,
    /// Whether accents are ignored when matching.
    pub keep_accents: bool,
    concepts: Vec<Concept>,
    ids: BTreeMap<String, ConceptIx>,
    parent: Vec<Option<ConceptIx>>,
    elements: BTreeMap<ConceptIx, Vec<Vec<ConceptIx>>>,
}

/// How many concepts lie above each.
fn depths(parent: &[Option<ConceptIx>]) -> Vec<usize> {
    let above = |ix: usize| std::iter::successors(parent[ix], |wide| parent[wide.get()]).take(parent.len()).count();
    (0..parent.len()).map(above).collect()
}

/// The most elements of a norm, and the most concepts that may stand for one.
pub const MAX_ELEMENTS: usize = 50;

/// For so many unknown names it is told which may have been meant: each is compared with all that there are.
const MAX_HINTS: usize = 20;
/// The most concepts that a codebook may hold.
pub const MAX_CONCEPTS: usize = 10_000;

impl Codebook {
    /// Returns the codebook made of `concepts`.
    ///
    /// # Errors
    /// Everything that is wrong, at once: duplicate or malformed ids, missing roles, unknown or cyclic `broader`,
    /// patterns that do not parse.
    pub fn new(title: String, version: String, concepts: Vec<Concept>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let ids = index_ids(&concepts, &mut problems);
        let parent = parents(&concepts, &ids, &mut problems);
        cycles(&concepts, &parent, &mut problems);
        let elements = elements(&concepts, &ids, &mut problems);
        let named: BTreeSet<&str> =
            concepts.iter().flat_map(|c| c.elements.iter().flatten()).map(String::as_str).collect();
        for concept in &concepts {
            check_concept(concept, named.contains(concept.id.as_str()), &mut problems);
        }
        if problems.is_empty() {
            let codebook = Self { title, version, keep_accents: false, concepts, ids, parent, elements };
            let problems = circular_elements(&codebook);
            if problems.is_empty() { Ok(codebook) } else { Err(problems) }
        } else {
            Err(problems)
        }
    }

    /// Returns the same codebook with wider concepts before narrower ones, and those of one depth by id.
    ///
    /// Ties break by the order of concepts: of two overlapping spans of one length that of the wider concept gives way, and of equally wide
    /// ones that of the id that comes first. What a file was read from is put into this order, so that the order of a file changes no result.
    #[must_use]
    pub fn ordered(self) -> Self {
        let Self { title, version, keep_accents, concepts, parent, .. } = self;
        let mut all: Vec<(usize, Concept)> = depths(&parent).into_iter().zip(concepts).collect();
        all.sort_by(|x, y| (x.0, &x.1.id).cmp(&(y.0, &y.1.id)));
        let concepts: Vec<Concept> = all.into_iter().map(|(_, concept)| concept).collect();
        // The same concepts were checked before.
        let mut nothing = Problems::new();
        let ids = index_ids(&concepts, &mut nothing);
        let parent = parents(&concepts, &ids, &mut nothing);
        let elements = elements(&concepts, &ids, &mut nothing);
        Self { title, version, keep_accents, concepts, ids, parent, elements }
    }

    /// Returns the concepts in their order.
    #[must_use]
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// Returns the number of concepts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Returns whether there are no concepts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// Returns all indices.
    pub fn indices(&self) -> impl Iterator<Item = ConceptIx> + use<> {
        (0..self.concepts.len()).map(|i| ConceptIx(i as u16))
    }

    /// Returns the concept at `ix`.
    #[must_use]
    pub fn get(&self, ix: ConceptIx) -> &Concept {
        &self.concepts[ix.get()]
    }

    /// Returns the index of the concept with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ConceptIx> {
        self.ids.get(id).copied()
    }

    /// Returns the next wider concept.
    #[must_use]
    pub fn broader(&self, ix: ConceptIx) -> Option<ConceptIx> {
        self.parent[ix.get()]
    }

    /// Returns the elements of the norm that the concept names, each a list of concepts of which one is enough; none if it has none.
    #[must_use]
    pub fn elements(&self, ix: ConceptIx) -> Option<&[Vec<ConceptIx>]> {
        self.elements.get(&ix).map(Vec::as_slice)
    }

    /// Returns whether `wide` is `narrow` or lies above it.
    #[must_use]
    pub fn includes(&self, wide: ConceptIx, narrow: ConceptIx) -> bool {
        let mut at = Some(narrow);
        while let Some(ix) = at {
            if ix == wide {
                return true;
            }
            at = self.broader(ix);
        }
        false
    }

    /// Returns whether one of the two concepts lies above the other, or both are the same.
    #[must_use]
    pub fn kin(&self, a: ConceptIx, b: ConceptIx) -> bool {
        self.includes(a, b) || self.includes(b, a)
    }

    /// Returns a number that differs between codebooks which find or relate concepts differently; labels and notes do not enter.
    ///
    /// Tells apart what was mixed up, not what was forged.
    /// # Source  FNV-1a: Fowler, Noll & Vo (1991), 64 bits
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        // The length goes first, so that no two lists of words run together into one.
        let mut add = |word: &str| {
            for byte in (word.len() as u64).to_le_bytes().into_iter().chain(word.bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        add(if self.keep_accents { "accents" } else { "" });
        for concept in &self.concepts {
            add(&concept.id);
            add(concept.broader.as_deref().unwrap_or_default());
            add(&concept.roles.iter().map(|r| r.name()).collect::<Vec<_>>().join(" "));
            for table in [&concept.patterns, &concept.not] {
                add(&table.len().to_string());
                for (language, texts) in table {
                    add(language);
                    add(&texts.len().to_string());
                    texts.iter().for_each(|t| add(&t.text));
                }
            }
        }
        hash
    }

    /// Returns the ids nearest in spelling to `word`, best first, at most three.
    #[must_use]
    pub fn suggestions(&self, word: &str) -> Vec<&str> {
        nearest_three(word, self.concepts.iter().map(|c| c.id.as_str()))
    }

    /// Returns the languages that have patterns, `und` apart.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<&str> {
        self.concepts.iter().flat_map(|c| c.patterns.keys()).map(String::as_str).filter(|&l| l != "und").collect()
    }
}

fn index_ids(concepts: &[Concept], problems: &mut Problems) -> BTreeMap<String, ConceptIx> {
    let mut ids: BTreeMap<String, ConceptIx> = BTreeMap::new();
    if concepts.len() > MAX_CONCEPTS {
        problems.push(problem(0, format!("{} concepts; at most {MAX_CONCEPTS} are allowed", concepts.len()), None));
    }
    for (i, concept) in concepts.iter().enumerate().take(MAX_CONCEPTS) {
        if !well_formed_id(&concept.id) {
            let reason = format!("concept id `{}` is not made of letters, digits and hyphens", concept.id);
            problems.push(problem(concept.line, reason, Some("for example `child-trafficking`".into())));
        }
        if let Some(first) = ids.get(&concept.id) {
            let at = concepts[first.get()].line;
            problems.push(problem(
                concept.line,
                format!("concept `{}` is already defined on line {at}", concept.id),
                None,
            ));
        } else {
            ids.insert(concept.id.clone(), ConceptIx(i as u16));
        }
    }
    ids
}

fn well_formed_id(id: &str) -> bool {
    !id.is_empty()
        && id.chars().count() <= 100
        && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && id.chars().next().is_some_and(char::is_alphanumeric)
}

fn parents(concepts: &[Concept], ids: &BTreeMap<String, ConceptIx>, problems: &mut Problems) -> Vec<Option<ConceptIx>> {
    let mut unknown = 0;
    concepts
        .iter()
        .map(|concept| {
            let wanted = concept.broader.as_deref()?;
            let found = ids.get(wanted).copied();
            if found.is_none() {
                unknown += 1;
                let near = nearest(wanted, ids.keys().map(String::as_str).filter(|_| unknown <= MAX_HINTS));
                let hint = near.map(Remedy::nearest);
                problems.push(problem(
                    concept.line,
                    format!("`broader` of `{}` names `{wanted}`, which is not in the codebook", concept.id),
                    hint,
                ));
            }
            found
        })
        .collect()
}

fn elements(
    concepts: &[Concept],
    ids: &BTreeMap<String, ConceptIx>,
    problems: &mut Problems,
) -> BTreeMap<ConceptIx, Vec<Vec<ConceptIx>>> {
    let (mut out, mut unknown) = (BTreeMap::new(), 0);
    for (i, concept) in concepts.iter().enumerate().take(MAX_CONCEPTS).filter(|(_, c)| !c.elements.is_empty()) {
        let mut say = |reason: String, hint: Option<Remedy>| problems.push(problem(concept.line, reason, hint));
        if !concept.norm_label {
            let hint = Some("add norm_label = true, or leave `elements` out".into());
            say(format!("`{}` has `elements`, but is no norm label", concept.id), hint);
        }
        if concept.elements.len() > MAX_ELEMENTS || concept.elements.iter().any(|e| e.len() > MAX_ELEMENTS) {
            say(format!("`elements` of `{}` has more than {MAX_ELEMENTS} entries", concept.id), None);
            continue;
        }
        let mut list = Vec::new();
        for element in &concept.elements {
            if element.is_empty() {
                say(format!("`elements` of `{}` holds an empty list", concept.id), None);
            }
            let mut found = Vec::new();
            for wanted in element {
                match ids.get(wanted) {
                    Some(&ix) => found.push(ix),
                    None => {
                        unknown += 1;
                        let near = nearest(wanted, ids.keys().map(String::as_str).filter(|_| unknown <= MAX_HINTS));
                        let hint = near.map(Remedy::nearest);
                        let id = &concept.id;
                        say(format!("`elements` of `{id}` names `{wanted}`, which is not in the codebook"), hint);
                    }
                }
            }
            list.push(found);
        }
        out.insert(ConceptIx(i as u16), list);
    }
    out
}

/// A norm that is its own element could never be avoided.
fn circular_elements(codebook: &Codebook) -> Problems {
    let mut problems = Problems::new();
    for (&label, elements) in &codebook.elements {
        for &element in elements.iter().flatten().filter(|&&e| codebook.includes(label, e)) {
            let (norm, element) = (codebook.get(label), codebook.get(element));
            let reason = if norm.id == element.id {
                format!("`{}` is named among its own `elements`", norm.id)
            } else {
                format!("`elements` of `{}` names `{}`, which is narrower", norm.id, element.id)
            };
            let hint = Some("elements are what constitutes the norm: acts, means, purposes, without its name".into());
            problems.push(problem(norm.line, reason, hint));
        }
    }
    problems
}

/// Every concept is looked at once: thousands that stand below each other are no more than as many that do not.
fn cycles(concepts: &[Concept], parent: &[Option<ConceptIx>], problems: &mut Problems) {
    // By which walk a concept was met.
    let mut met: Vec<Option<usize>> = vec![None; concepts.len().min(parent.len())];
    for start in 0..met.len() {
        let mut at = Some(start);
        let mut again = None;
        while let Some(here) = at.filter(|&here| here < met.len()) {
            if met[here].is_some() {
                again = Some(here).filter(|_| met[here] == Some(start));
                break;
            }
            met[here] = Some(start);
            at = parent[here].map(ConceptIx::get);
        }
        let Some(first) = again else { continue };
        let next = |&here: &usize| parent[here].map(ConceptIx::get);
        let mut circle: Vec<usize> =
            std::iter::successors(Some(first), next).skip(1).take_while(|&at| at != first).collect();
        circle.push(first);
        // From the one that stands first in the codebook.
        let least = (0..circle.len()).min_by_key(|&at| circle[at]).unwrap_or(0);
        circle.rotate_left(least);
        let names: Vec<&str> = circle.iter().map(|&i| concepts[i].id.as_str()).collect();
        let reason = format!("`broader` runs in a circle: {} → {}", names.join(" → "), names[0]);
        problems.push(problem(concepts[circle[0]].line, reason, None));
    }
}

fn check_concept(concept: &Concept, is_element: bool, problems: &mut Problems) {
    // A concept that only helps to tell a norm by its elements fills no part of one.
    if concept.roles.is_empty() && !is_element && !concept.unassigned {
        problems.push(problem(
            concept.line,
            format!("concept `{}` has no role", concept.id),
            Some(
                "add roles = [\"problem\"], [\"value\"] or [\"behaviour\"], or name it among the `elements` of a norm; roles = [] leaves it open"
                    .into(),
            ),
        ));
    }
    for text in concept.patterns.values().chain(concept.not.values()).flatten() {
        if let Err(error) = Pattern::parse(&text.text) {
            let reason = format!("pattern `{}` of `{}`: {error}", text.text, concept.id);
            problems.push(problem(text.line, reason, error.hint()));
        }
    }
}

fn problem(line: u32, reason: String, remedy: Option<Remedy>) -> Problem {
    Problem::in_line("", line, reason).perhaps(remedy)
}

impl PatternError {
    /// Returns what to do about the error.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::NearInside => Some("write the pattern as two patterns, or move NEAR to the top".into()),
            Self::TooMany { .. } => Some("split the pattern into several".into()),
            Self::Unclosed { .. } | Self::Unopened { .. } => Some("groups are (a|b), optional words [a]".into()),
            _ => None,
        }
    }
}
