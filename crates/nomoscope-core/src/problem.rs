//! What is wrong: where, why and, apart, what to do about it.
//!
//! One type from the reader that finds a problem to whoever shows it. Words name no flag, no command and no page: what
//! a user can set or do stands in them as a [`Slot`], and each front fills it in its own way. Where a front has no
//! better words, [`Words::plain`] gives some.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

/// Something that a user can do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Make a new study.
    NewStudy,
    /// Make a new study as one file.
    NewFile,
    /// Build the study that is brought along.
    Demo,
    /// Add texts to a study.
    Add,
    /// Say something of sources: who speaks, what kind they are.
    Describe,
    /// Complete a change of a study that was interrupted.
    Complete,
    /// See what formats can be added.
    ListFormats,
    /// See which projects of other programs can be imported.
    ListExchange,
    /// Write a study file out as a folder.
    Export,
    /// See the sources of a study.
    ListSources,
    /// See the concepts of a study.
    ListConcepts,
    /// See the facts of the law.
    ListFacts,
    /// See the norms of the law.
    ListNorms,
}

impl Act {
    /// Returns the act in words for no front in particular.
    #[must_use]
    pub const fn plain(self) -> &'static str {
        match self {
            Self::NewStudy => "making a new study",
            Self::NewFile => "making a new study file",
            Self::Demo => "the demonstration",
            Self::Add => "adding texts",
            Self::Describe => "adding texts with what is known of them",
            Self::Complete => "adding nothing",
            Self::ListFormats => "the list of formats",
            Self::ListExchange => "the list of formats of exchange",
            Self::Export => "exporting the study",
            Self::ListSources => "the list of sources",
            Self::ListConcepts => "the list of concepts",
            Self::ListFacts => "the list of facts",
            Self::ListNorms => "the list of norms",
        }
    }
}

/// What a front puts into words in its own way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A setting of the question, perhaps with a value.
    Setting {
        /// Its name, as the question calls it.
        name: &'static str,
        /// The value that it may have, or what stands for one.
        value: Option<&'static str>,
    },
    /// An act.
    Act(Act),
    /// A name or number of the user's, shown as it is.
    Given(String),
}

impl Slot {
    /// Returns a setting without a value.
    #[must_use]
    pub const fn setting(name: &'static str) -> Self {
        Self::Setting { name, value: None }
    }

    /// Returns a setting with a value.
    #[must_use]
    pub const fn set(name: &'static str, value: &'static str) -> Self {
        Self::Setting { name, value: Some(value) }
    }

    /// Returns the slot in words for no front in particular.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Setting { name, value: None } => format!("the setting {name}"),
            Self::Setting { name, value: Some(value) } => format!("the setting {name} = {value}"),
            Self::Act(act) => act.plain().to_owned(),
            Self::Given(words) => words.clone(),
        }
    }
}

impl From<Act> for Slot {
    fn from(act: Act) -> Self {
        Self::Act(act)
    }
}

impl From<String> for Slot {
    fn from(words: String) -> Self {
        Self::Given(words)
    }
}

/// How a front says a slot.
pub type Phrase<'p> = &'p dyn Fn(&Slot) -> String;

/// Words, with slots where a front speaks for itself. Lower case, no full stop.
///
/// There is no `Display`: a front that forgot its own words would show those of nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    text: Cow<'static, str>,
    slots: Vec<Slot>,
}

impl Words {
    /// Returns a text of the program in which each `{}` is one of the slots, in order.
    #[must_use]
    pub fn with(text: &'static str, slots: impl IntoIterator<Item = impl Into<Slot>>) -> Self {
        Self { text: Cow::Borrowed(text), slots: slots.into_iter().map(Into::into).collect() }
    }

    /// Returns the words with every slot as this front says it.
    #[must_use]
    pub fn phrased(&self, phrase: Phrase<'_>) -> String {
        // Words without slots may hold braces of the user's.
        if self.slots.is_empty() {
            return self.text.clone().into_owned();
        }
        let mut slots = self.slots.iter();
        let mut out = String::new();
        for (i, part) in self.text.split("{}").enumerate() {
            if i > 0 {
                out.push_str(&slots.next().map(phrase).unwrap_or_default());
            }
            out.push_str(part);
        }
        out
    }

    /// Returns the words for no front in particular.
    #[must_use]
    pub fn plain(&self) -> String {
        self.phrased(&Slot::plain)
    }
}

impl PartialEq<&str> for Words {
    fn eq(&self, other: &&str) -> bool {
        self.slots.is_empty() && self.text == *other
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), slots: Vec::new() }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<&String> for Words {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// What to do about a problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Advice.
    Say(Words),
    /// Names that may have been meant, the nearest first.
    Nearest(Vec<String>),
}

impl Remedy {
    /// Returns advice in which each `{}` is one of the slots.
    #[must_use]
    pub fn with(text: &'static str, slots: impl IntoIterator<Item = impl Into<Slot>>) -> Self {
        Self::Say(Words::with(text, slots))
    }

    /// Returns the name that may have been meant.
    #[must_use]
    pub fn nearest(name: &str) -> Self {
        Self::Nearest(vec![name.to_owned()])
    }

    /// Returns the name that may have been meant, or else these words.
    #[must_use]
    pub fn nearest_or(name: Option<&str>, otherwise: impl FnOnce() -> String) -> Self {
        name.map_or_else(|| otherwise().into(), Self::nearest)
    }

    /// Returns the remedy with every slot as this front says it.
    #[must_use]
    pub fn phrased(&self, phrase: Phrase<'_>) -> String {
        match self {
            Self::Say(words) => words.phrased(phrase),
            Self::Nearest(names) => format!("did you mean `{}`?", names.join("` or `")),
        }
    }

    /// Returns the remedy for no front in particular.
    #[must_use]
    pub fn plain(&self) -> String {
        self.phrased(&Slot::plain)
    }
}

impl<W: Into<Words>> From<W> for Remedy {
    fn from(words: W) -> Self {
        Self::Say(words.into())
    }
}

/// Where in a file something is wrong. Lines, columns, rows and pages count from 1, bytes from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line.
    Line(u64),
    /// A line and a column in characters.
    LineColumn {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// A line and a byte offset from the beginning of the file.
    LineByte {
        /// The line.
        line: u64,
        /// The byte.
        byte: u64,
    },
    /// An item of a list, from 1.
    Item(u64),
    /// A page.
    Page(u32),
    /// A member of a zip archive, and the place in it.
    Member {
        /// The member's name.
        member: String,
        /// The place in the member.
        place: Option<Box<Place>>,
    },
    /// No file: a setting of the question.
    Setting(&'static str),
}

impl Place {
    /// Returns the line of the file itself.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Line(line) | Self::LineColumn { line, .. } | Self::LineByte { line, .. } => Some(*line),
            Self::Item(_) | Self::Page(_) | Self::Member { .. } | Self::Setting(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::LineColumn { line, column } => write!(f, "line {line}, column {column}"),
            Self::LineByte { line, byte } => write!(f, "line {line}, byte {byte}"),
            Self::Item(item) => write!(f, "item {item}"),
            Self::Page(page) => write!(f, "page {page}"),
            Self::Member { member, place: Some(place) } => write!(f, "`{member}`, {place}"),
            Self::Member { member, place: None } => write!(f, "`{member}`"),
            Self::Setting(name) => f.write_str(&Slot::setting(name).plain()),
        }
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Severity {
    /// The data cannot be used as they stand.
    #[default]
    Error,
    /// The data can be used; somebody should know.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user knows it; empty while only its reader's caller knows.
    pub file: String,
    /// Where in the file; none for the whole of it.
    pub place: Option<Place>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub reason: Words,
    /// What to do about it.
    pub remedy: Option<Remedy>,
}

impl Problem {
    /// Returns a problem of a whole file.
    pub fn new(file: impl Into<String>, reason: impl Into<Words>) -> Self {
        Self { file: file.into(), place: None, severity: Severity::Error, reason: reason.into(), remedy: None }
    }

    /// Returns a problem of a line of a file; line 0 is the whole file.
    pub fn in_line(file: &str, line: u32, reason: impl Into<Words>) -> Self {
        Self { place: (line > 0).then_some(Place::Line(line.into())), ..Self::new(file, reason) }
    }

    /// Returns a problem of a setting.
    pub fn of_setting(name: &'static str, reason: impl Into<Words>) -> Self {
        Self { place: Some(Place::Setting(name)), ..Self::new("", reason) }
    }

    /// Returns the problem with its line.
    #[must_use]
    pub fn at(mut self, line: u32) -> Self {
        self.place = Some(Place::Line(line.into()));
        self
    }

    /// Returns the problem with what to do about it.
    #[must_use]
    pub fn hint(mut self, remedy: impl Into<Remedy>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Returns the problem with what to do about it, if there is something.
    #[must_use]
    pub fn perhaps(mut self, remedy: Option<Remedy>) -> Self {
        self.remedy = remedy;
        self
    }

    /// Returns the problem as one that somebody should know of, no more.
    #[must_use]
    pub const fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Returns the line, if it is in one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.place.as_ref().and_then(Place::line)
    }

    /// Returns the problem with every slot as this front says it: file and line as programs make them clickable, then the
    /// reason, then the remedy on a line of its own.
    #[must_use]
    pub fn phrased(&self, phrase: Phrase<'_>) -> String {
        let mut out = self.file.clone();
        if let Some(line) = self.line() {
            out.push_str(&format!(":{line}"));
        }
        let within = match &self.place {
            None | Some(Place::Line(_)) => None,
            Some(Place::LineColumn { column, .. }) => Some(format!("column {column}")),
            Some(Place::LineByte { byte, .. }) => Some(format!("byte {byte} of the file")),
            Some(Place::Setting(name)) => Some(phrase(&Slot::setting(name))),
            Some(other) => Some(other.to_string()),
        };
        if let Some(within) = within {
            out.push_str(if out.is_empty() { "" } else { ": " });
            out.push_str(&within);
        }
        // What concerns no file and no setting has no place to name.
        out.push_str(if out.is_empty() { "" } else { ": " });
        out.push_str(&self.reason.phrased(phrase));
        if let Some(remedy) = &self.remedy {
            out.push_str(&format!("\n  hint: {}", remedy.phrased(phrase)));
        }
        out
    }
}

impl Ord for Problem {
    fn cmp(&self, other: &Self) -> Ordering {
        // The line first: a column or a byte only tells apart what stands in the same one.
        (self.file.cmp(&other.file))
            .then_with(|| self.line().cmp(&other.line()))
            .then_with(|| self.place.cmp(&other.place))
            .then_with(|| self.severity.cmp(&other.severity))
            .then_with(|| self.reason.cmp(&other.reason))
            .then_with(|| self.remedy.cmp(&other.remedy))
    }
}

impl PartialOrd for Problem {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrased(&Slot::plain))
    }
}

/// Everything that is wrong, by file and line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(Vec<Problem>);

/// How many problems are shown before the rest is counted.
const SHOWN: usize = 50;

impl Problems {
    /// Returns no problem.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a problem; the same thing found twice is said once.
    pub fn push(&mut self, problem: Problem) {
        let at = self.0.partition_point(|p| *p <= problem);
        if at == 0 || self.0.get(at - 1) != Some(&problem) {
            self.0.insert(at, problem);
        }
    }

    /// Adds all problems of another list.
    pub fn extend(&mut self, others: Self) {
        // Row after row adds a few at the end: sorting each time would cost the square of the rows.
        if others.0.len() < 16 {
            others.0.into_iter().for_each(|problem| self.push(problem));
            return;
        }
        self.0.extend(others.0);
        self.0.sort();
        self.0.dedup();
    }

    /// Returns the problems with the name of their file, where it was not known.
    #[must_use]
    pub fn in_file(self, name: &str) -> Self {
        let named = |p: Problem| if p.file.is_empty() { Problem { file: name.to_owned(), ..p } } else { p };
        self.0.into_iter().map(named).collect()
    }

    /// Returns the problems in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }

    /// Returns `value` if nothing is wrong.
    ///
    /// # Errors
    /// The problems themselves.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Returns the problems, a line each, with every slot as this front says it; of very many the first.
    #[must_use]
    pub fn phrased(&self, phrase: Phrase<'_>) -> String {
        let mut lines: Vec<String> = self.0.iter().take(SHOWN).map(|p| p.phrased(phrase)).collect();
        match self.0.len().saturating_sub(SHOWN) {
            0 => {}
            more => lines.push(format!("and {more} more")),
        }
        lines.join("\n")
    }
}

impl Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        let mut list: Vec<Problem> = problems.into_iter().collect();
        list.sort();
        list.dedup();
        Self(list)
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrased(&Slot::plain))
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_front_has_its_own_words() {
        let remedy = Remedy::with(
            "take {}, or {} {}",
            [Slot::set("model", "main"), Act::ListFacts.into(), "{}".to_owned().into()],
        );
        let flag = |slot: &Slot| match slot {
            Slot::Setting { name, value } => format!("--{name} {}", value.unwrap_or_default()),
            Slot::Act(_) => "run facts".to_owned(),
            Slot::Given(words) => words.clone(),
        };
        assert_eq!(remedy.phrased(&flag), "take --model main, or run facts {}");
        assert_eq!(remedy.plain(), "take the setting model = main, or the list of facts {}");
        let given = Remedy::from("a cell {} of the user's".to_owned());
        assert_eq!(given.phrased(&flag), "a cell {} of the user's");
    }

    #[test]
    fn problems_stand_in_the_order_of_the_file() {
        let problem = |place, reason: &str| Problem { place, ..Problem::new("f", reason) };
        let problems: Problems = [
            problem(Some(Place::LineByte { line: 2, byte: 9 }), "c"),
            problem(Some(Place::Line(10)), "d").hint("x"),
            problem(Some(Place::LineColumn { line: 1, column: 3 }), "b"),
            problem(None, "a"),
            problem(None, "a"),
        ]
        .into_iter()
        .collect();
        let want = "f: a\nf:1: column 3: b\nf:2: byte 9 of the file: c\nf:10: d\n  hint: x";
        assert_eq!(problems.to_string(), want);
        let mut pushed = Problems::new();
        problems.iter().rev().for_each(|p| pushed.push(p.clone()));
        assert_eq!(pushed, problems);
        assert_eq!(Problem::of_setting("by", "no").to_string(), "the setting by: no");
    }
}
