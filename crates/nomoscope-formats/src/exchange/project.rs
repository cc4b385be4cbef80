//! What every project of another program becomes before a study takes it in.
//!
//! Identities are those of the project, so that the types of the study serve here too: a `Subject::Concept` names a code by
//! the identity that the other program gave it. Nothing is placed yet: positions are as the program counts them.

use super::counting::Counting;
use nomoscope_core::amount::of_many;
use nomoscope_core::date::PartialDate;
use nomoscope_core::study::{
    Annotation, Annotations, Member, Memo, Subject, Value, Variable, VariableKind, VariableValue,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A project as it was read.
#[derive(Debug, Clone, Default)]
pub struct ForeignProject {
    /// The name of the format in the table of formats.
    pub format: &'static str,
    /// The program that wrote the file, as the file says; empty where it does not.
    pub origin: String,
    /// The name of the project; empty where it has none.
    pub name: String,
    /// Its texts.
    pub sources: Vec<ForeignSource>,
    /// Its codes, parents anywhere.
    pub codes: Vec<ForeignCode>,
    /// Who worked on it.
    pub coders: Vec<ForeignCoder>,
    /// Stretches of its texts, coded or not.
    pub selections: Vec<Selection>,
    /// Cases, sets, members, variables, values and links; passages are among the selections.
    pub annotations: Annotations,
    /// What was written beside the texts.
    pub memos: Vec<Memo>,
    /// How many of what the file holds, in its own words.
    pub counts: BTreeMap<String, u64>,
    /// What the file holds and a study does not take.
    pub lost: Vec<Loss>,
    /// What people should know.
    pub notes: Vec<String>,
}

/// A text.
#[derive(Debug, Clone, Default)]
pub struct ForeignSource {
    /// Its identity in the project.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its text, line ends as they came, without byte order mark; none where the file lacks it.
    pub text: Option<String>,
    /// Whether the file of the text began with a byte order mark.
    pub bom: bool,
    /// Bytes of the text before which a line ends that the program does not count: what divides paragraphs of HTML.
    pub breaks: Vec<u32>,
    /// How the program usually counts: what holds where the evidence decides nothing.
    pub usual: Counting,
    /// Whether it is known to count so, because this program wrote it.
    pub trusted: bool,
    /// Kind of text, where the project says.
    pub kind: Option<String>,
    /// When it was published, where the project says.
    pub date: Option<PartialDate>,
    /// What else is said of it.
    pub attributes: BTreeMap<String, String>,
}

impl ForeignSource {
    /// Takes the byte order mark off the text and remembers it.
    pub(super) fn without_bom(mut self) -> Self {
        if let Some(rest) = self.text.as_deref().and_then(|text| text.strip_prefix('\u{feff}')) {
            self.text = Some(rest.to_owned());
            self.bom = true;
        }
        self
    }
}

/// A code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignCode {
    /// Its identity in the project.
    pub id: String,
    /// Its name; it may occur twice or be empty.
    pub name: String,
    /// The identity of the code above it.
    pub parent: Option<String>,
    /// Its colour, as `#rrggbb`.
    pub color: Option<String>,
    /// What it means.
    pub description: String,
    /// Whether it may be applied to a text; groups of codes may not.
    pub codable: bool,
    /// Its roles in a norm, where the project says.
    pub roles: BTreeSet<String>,
}

/// Somebody who worked on a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignCoder {
    /// Identity in the project.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A stretch of a text.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Its identity in the project.
    pub id: String,
    /// The source.
    pub source: String,
    /// Where it begins and ends, as the program counts; none where the file does not say.
    pub place: Option<(i64, i64)>,
    /// The words that the program stored with it.
    pub quote: Option<String>,
    /// Its name.
    pub name: String,
    /// Where it lies on a page, in words, where that is all that is said of its place.
    pub area: Option<String>,
    /// Who made it; empty when unknown.
    pub coder: String,
    /// When, RFC 3339; empty when unknown.
    pub created: String,
    /// The codes on it.
    pub codings: Vec<ForeignCoding>,
    /// Whether it is the whole text, wherever that ends.
    pub whole: bool,
    /// Whether it is something of its own, which stays where no code is on it.
    pub keep: bool,
}

/// A code on a selection.
#[derive(Debug, Clone, Default)]
pub struct ForeignCoding {
    /// Its identity in the project; empty where it has none.
    pub id: String,
    /// The code.
    pub code: String,
    /// Who applied it; empty when unknown.
    pub coder: String,
    /// When, RFC 3339; empty when unknown.
    pub created: String,
    /// A note on it.
    pub memo: String,
}

/// Something that did not come through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// What.
    pub what: String,
    /// How many.
    pub n: usize,
    /// Why.
    pub why: String,
}

impl Loss {
    /// Returns what did not come through, in words: a line for each reason.
    #[must_use]
    pub fn lines(lost: &[Self]) -> Vec<String> {
        let of_reason = lost.chunk_by(|a, b| a.why == b.why);
        let line = |losses: &[Self]| {
            let what: Vec<String> = losses.iter().map(|loss| of_many(loss.n, &loss.what)).collect();
            format!("{}: {}", what.join(", "), losses.first().map_or("", |loss| &loss.why))
        };
        of_reason.map(line).collect()
    }
}

impl ForeignProject {
    /// Remembers something that does not come through.
    pub(super) fn lose(&mut self, what: &str, n: usize, why: &str) {
        if n == 0 {
            return;
        }
        match self.lost.iter_mut().find(|loss| loss.what == what && loss.why == why) {
            Some(loss) => loss.n += n,
            None => self.lost.push(Loss { what: what.to_owned(), n, why: why.to_owned() }),
        }
    }

    /// Adds a memo, if it has words.
    pub(super) fn remark(&mut self, about: Subject, text: String, coder: &str, created: String) {
        if !text.trim().is_empty() {
            let id = format!("memo-{}", self.memos.len() + 1).into();
            self.memos.push(Memo { id, about, coder: coder.into(), created, text });
        }
    }

    /// Keeps the colour of something that has no field for one.
    pub(super) fn colored(&mut self, of: Subject, color: String) {
        if !self.annotations.variables.iter().any(|variable| variable.id == *COLOR) {
            let (id, name) = (COLOR.into(), COLOR.to_owned());
            let description = "colour as #rrggbb".to_owned();
            let variable = Variable { id, name, kind: VariableKind::Text, description };
            self.annotations.push(Annotation::Variable(variable));
        }
        let value = VariableValue { variable: COLOR.into(), of, value: Value::Text(color) };
        self.annotations.push(Annotation::Value(value));
    }

    /// Returns how long each text is, in code points.
    pub(super) fn lengths(&self) -> BTreeMap<String, i64> {
        let length = |s: &ForeignSource| s.text.as_deref().unwrap_or_default().chars().count() as i64;
        self.sources.iter().map(|s| (s.id.clone(), length(s))).collect()
    }

    /// Says that a passage belongs to a case. A whole file belongs to it as a passage from end to end, of which some versions of programs
    /// leave out the last character: then the source does, and has the values of the case. Returns whether it is a passage.
    pub(super) fn of_case(&mut self, case: String, passage: Selection, length: Option<i64>) -> bool {
        let of = Subject::Case(case.into());
        let end_to_end =
            |(start, end): (i64, i64)| start == 0 && length.is_some_and(|length| (length - 1..=length).contains(&end));
        let whole = passage.place.is_some_and(end_to_end);
        let member = if whole {
            Subject::Source(passage.source.as_str().into())
        } else {
            Subject::Passage(passage.id.as_str().into())
        };
        if !whole {
            self.selections.push(passage);
        }
        self.annotations.push(Annotation::Member(Member { of, member }));
        !whole
    }

    /// Remembers how many of something the file holds.
    pub(super) fn count(&mut self, what: &str, n: usize) {
        *self.counts.entry(what.to_owned()).or_default() += n as u64;
    }
}

/// Returns a colour as `#rrggbb`; none where the word is no colour.
pub(super) fn color(word: &str) -> Option<String> {
    let hex = word.trim().strip_prefix('#')?;
    let all_hex = hex.bytes().all(|b| b.is_ascii_hexdigit());
    match hex.len() {
        6 if all_hex => Some(format!("#{}", hex.to_ascii_lowercase())),
        3 if all_hex => {
            let doubled: String = hex.chars().flat_map(|c| [c, c]).collect();
            Some(format!("#{}", doubled.to_ascii_lowercase()))
        }
        _ => None,
    }
}

/// Returns a colour of three numbers from 0 to 255.
pub(super) fn rgb(parts: [Option<i64>; 3]) -> Option<String> {
    let [Some(r), Some(g), Some(b)] = parts.map(|part| part.and_then(|n| u8::try_from(n).ok())) else { return None };
    Some(format!("#{r:02x}{g:02x}{b:02x}"))
}

/// The variable that says that a code is a group, which is not applied to texts.
pub const CODABLE: &str = "codable";

/// How sets are named that say which codes have which role.
pub(super) const ROLE_SET: &str = "Role in a norm: ";

/// How notes are named that hold values of what has no place for them.
pub(super) const VALUES_NOTE: &str = "values (nomoscope)";

/// What a variable says of itself that is a column of the table of sources, and no variable of the study.
pub(super) const COLUMN_NOTE: &str = "column of the table of sources (nomoscope)";

/// The variable that keeps the colour of things that have no field for one.
pub const COLOR: &str = "color";
