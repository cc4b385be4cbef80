//! What an answer means: one rule for every front.
//!
//! A terminal and a page hand over the words as they were typed or chosen; here it is decided what they say, whether they answer
//! the question at all, and how an answer is said back.

use nomoscope_core::date::PartialDate;
use nomoscope_core::law::case::AgeRange;
use nomoscope_core::law::guide::State;
use nomoscope_core::law::interview::Answer;
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::OLDEST;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
    /// I do not know; of a part of the story: not now.
    Unknown,
    /// An age between these, both included, in completed years.
    Age(u16, u16),
    /// One of the choices of the question, by its place from 0.
    Choice(u16),
    /// A year, a month or a day.
    Day(#[schemars(with = "String")] PartialDate),
}

/// What an answer to a question can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes<'s> {
    /// Yes, no, don't know.
    YesNo,
    /// An age, a range of ages, don't know.
    Age,
    /// One of these States, don't know.
    State(&'s [State]),
    /// A year, a month, a day, don't know.
    Day,
    /// A part of the story that was left for later: yes asks it after all.
    Story,
}

/// What words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// This answer.
    Reply(Reply),
    /// Leave the part of the story for later.
    NotNow,
}

/// Why words are no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear {
    /// What the words look like, if that is known.
    pub looks: Option<&'static str>,
    /// How the question is answered.
    pub how: &'static str,
}

impl Unclear {
    /// Returns why, in a sentence or two.
    #[must_use]
    pub fn words(&self, speech: &Speech<'_>) -> String {
        self.looks.iter().chain([&self.how]).map(|w| speech.say(w)).collect::<Vec<_>>().join(" ")
    }
}

const DATE: &str = "That is a date.";

impl Takes<'_> {
    /// Returns how such a question is answered, as a sentence.
    #[must_use]
    pub const fn how(&self) -> &'static str {
        match self {
            Self::YesNo => "Answer yes, no or don't know.",
            Self::Age => "Give the age in completed years, or a range such as 15-17.",
            Self::State(_) => "Choose one of the States that are named, or don't know.",
            Self::Day => "A date is written 2026, 2026-11 or 2026-11-24.",
            Self::Story => "Answer yes to be asked about it after all.",
        }
    }

    /// Returns what words say to such a question.
    ///
    /// # Errors
    /// [`Unclear`]: they are no answer to it.
    pub fn understand(&self, words: &str) -> Result<Meant, Unclear> {
        let words = words.trim().to_lowercase();
        let reply = match (words.as_str(), self) {
            ("not now" | "later" | "s" | "skip" | "pas maintenant" | "plus tard", _) => return Ok(Meant::NotNow),
            ("?" | "d" | "dk" | "don't know" | "dont know" | "unknown" | "je ne sais pas", _) => Some(Reply::Unknown),
            ("y" | "yes" | "true" | "o" | "oui", Self::YesNo | Self::Story) => Some(Reply::Yes),
            ("n" | "no" | "false" | "non", Self::YesNo) => Some(Reply::No),
            (words, Self::Age) => age(words),
            (words, Self::Day) => words.parse().ok().map(Reply::Day),
            (words, Self::State(states)) => {
                let place = states.iter().position(|s| s.is_called(words));
                place.and_then(|n| u16::try_from(n).ok()).map(Reply::Choice)
            }
            _ => None,
        };
        let unclear = || Unclear { looks: (*self != Self::Day && is_date(&words)).then_some(DATE), how: self.how() };
        reply.map(Meant::Reply).ok_or_else(unclear)
    }

    /// Returns an answer as it is typed: [`Self::understand`] gives it back.
    #[must_use]
    pub fn typed(&self, reply: Reply) -> String {
        match (reply, self) {
            (Reply::Yes, _) => "yes".to_owned(),
            (Reply::No, _) => "no".to_owned(),
            (Reply::Age(low, high), _) if low == high => low.to_string(),
            (Reply::Age(low, high), _) => format!("{low}-{high}"),
            (Reply::Day(day), _) => day.to_string(),
            (Reply::Choice(n), Self::State(states)) => {
                states.get(usize::from(n)).map_or_else(|| "?".to_owned(), |s| s.id.clone())
            }
            (Reply::Unknown | Reply::Choice(_), _) => "?".to_owned(),
        }
    }

    /// Whether an answer, however it came, is one to such a question.
    #[must_use]
    pub fn fits(&self, reply: Reply) -> bool {
        match reply {
            Reply::Unknown => true,
            Reply::Yes | Reply::No => *self == Self::YesNo,
            Reply::Age(low, high) => *self == Self::Age && low <= high && high <= OLDEST,
            Reply::Day(_) => *self == Self::Day,
            Reply::Choice(n) => matches!(self, Self::State(states) if usize::from(n) < states.len()),
        }
    }
}

fn age(words: &str) -> Option<Reply> {
    let year = |part: &str| part.trim().parse().ok().filter(|n| *n <= OLDEST);
    let ends: Vec<Option<u16>> = words.split(['-', '–', ',']).map(year).collect();
    match ends[..] {
        [Some(age)] => Some(Reply::Age(age, age)),
        [Some(low), Some(high)] if low <= high => Some(Reply::Age(low, high)),
        _ => None,
    }
}

/// Whether words are three numbers with signs between them, as dates are written.
fn is_date(words: &str) -> bool {
    let parts: Vec<&str> = words.split(['/', '.', '-']).map(str::trim).collect();
    parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit()))
}

impl Reply {
    pub(super) const fn core(self) -> Answer {
        match self {
            Self::Yes => Answer::Yes,
            Self::No => Answer::No,
            Self::Unknown | Self::Choice(_) | Self::Day(_) => Answer::DoNotKnow,
            Self::Age(low, high) => Answer::Between(AgeRange { low, high }),
        }
    }

    /// Returns the other answer; of what has no other, that it is not known.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown | Self::Age(..) | Self::Choice(_) | Self::Day(_) => Self::Unknown,
        }
    }
}
