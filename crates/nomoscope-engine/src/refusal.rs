//! Why a question has no answer: bad input, nothing that can be said, or nobody waits any more.

use std::fmt;

pub use nomoscope_core::problem::{Problem, Problems};

use nomoscope_core::problem::{Act, Remedy, Slot, Words};

/// Why a question has no answer.
///
/// A problem with the question itself names the setting as its place (`focus`, `min_or`); each front says how that setting
/// is written there: a flag, a field of a page, a keyword.
#[derive(Debug)]
pub enum Refusal {
    /// The question or the study is wrong; everything that is, at once.
    Input(Problems),
    /// Question and study are right, but no answer can be given, for this reason.
    NoAnswer(Problem),
    /// The work was asked to end.
    Cancelled,
}

impl Refusal {
    /// Returns the refusal of a setting.
    pub fn setting(setting: &'static str, reason: impl Into<Words>) -> Self {
        Self::Input(Problem::of_setting(setting, reason).into())
    }

    /// Returns the refusal of a question that the data cannot answer.
    pub fn no_answer(reason: impl Into<Words>) -> Self {
        Self::NoAnswer(Problem::new("", reason))
    }

    /// Returns the result, or adds its problems to others, so that all are told at once.
    ///
    /// # Errors
    /// What is no bad input.
    pub(crate) fn gather<T>(result: Result<T, Self>, problems: &mut Problems) -> Result<Option<T>, Self> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Self::Input(others)) => {
                problems.extend(others);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    pub(crate) fn no_sources() -> Self {
        Self::NoAnswer(
            Problem::new("", "the study has no sources, so there is nothing to map")
                .hint(Remedy::with("`{}` adds texts", [Act::Add])),
        )
    }

    pub(crate) fn nothing_to_read() -> Self {
        Self::NoAnswer(
            Problem::new("", "the study has no sources, so there is nothing to read")
                .hint(Remedy::with("`{}` adds texts", [Act::Add])),
        )
    }

    pub(crate) fn nothing_fits(dated: bool) -> Self {
        let [wanted, since, until] = ["where", "since", "until"].map(Slot::setting);
        let hint = if dated {
            let text = "a source without a date fits neither {} nor {}; `{}` lists the sources with their attributes";
            Remedy::with(text, [since.clone(), until.clone(), Act::ListSources.into()])
        } else {
            Remedy::with("`{}` lists the sources with their attributes", [Act::ListSources])
        };
        let said = Words::with("no source fits {}, {} and {}, so there is nothing to read", [wanted, since, until]);
        Self::NoAnswer(Problem::new("", said).hint(hint))
    }
}

/// The least draws that an interval of 95 % is read off: each of its ends leaves one in forty outside.
pub(crate) const LEAST_DRAWS: usize = nomoscope_core::reach::attrition::LEAST_DRAWS;
/// The most draws of a bootstrap.
const MOST_DRAWS: usize = 100_000;

/// Returns what is wrong with the number of draws of a bootstrap; 0 asks for none.
pub(crate) fn draws(n: usize) -> Option<Problem> {
    let reason = format!("{n}: takes 0 for none, or {LEAST_DRAWS} to {MOST_DRAWS} draws");
    (n != 0 && !(LEAST_DRAWS..=MOST_DRAWS).contains(&n)).then(|| Problem::of_setting("bootstrap", reason))
}

/// Returns the settings that were given though they say nothing of this input.
pub(crate) fn misplaced(settings: &[(&'static str, bool)], why: &str) -> Problems {
    settings.iter().filter(|(_, given)| *given).map(|(setting, _)| Problem::of_setting(setting, why)).collect()
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(problems) => problems.fmt(f),
            Self::NoAnswer(problem) => problem.fmt(f),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for Refusal {}
