//! Adoption: which states joined a treaty, when, and what share of the world's states they were.

use super::states::{REGISTER_BEGINS, StateKind, States, end_of, last_day, start_of};
use crate::date::PartialDate;
use std::collections::BTreeMap;

/// One third: the share from which norms tend to cascade.
/// # Source  Finnemore & Sikkink (1998), International Organization 52(4), p. 901
pub const TIPPING_SHARE: f64 = 1.0 / 3.0;

/// How a party joined, as the depositary marks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Ratification, or no mark.
    Ratification,
    /// A: acceptance.
    Acceptance,
    /// AA: approval.
    Approval,
    /// a: accession.
    Accession,
    /// d: succession.
    Succession,
    /// c: formal confirmation, by organisations.
    Confirmation,
    /// s: definitive signature.
    Signature,
    /// P: consent to be bound.
    Consent,
    /// n: notification.
    Notification,
}

impl Way {
    /// Returns the way that the depositary's letter stands for; case matters: `a` is not `A`.
    #[must_use]
    pub fn of_mark(mark: &str) -> Option<Self> {
        Some(match mark {
            "" => Self::Ratification,
            "A" => Self::Acceptance,
            "AA" => Self::Approval,
            "a" => Self::Accession,
            "d" => Self::Succession,
            "c" => Self::Confirmation,
            "s" => Self::Signature,
            "P" => Self::Consent,
            "n" => Self::Notification,
            _ => return None,
        })
    }

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ratification => "ratification",
            Self::Acceptance => "acceptance",
            Self::Approval => "approval",
            Self::Accession => "accession",
            Self::Succession => "succession",
            Self::Confirmation => "formal confirmation",
            Self::Signature => "definitive signature",
            Self::Consent => "consent to be bound",
            Self::Notification => "notification",
        }
    }
}

/// A participant of a treaty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its code in the register.
    pub iso3: String,
    /// What it is.
    pub kind: StateKind,
    /// From when it counts as a state; none: always.
    pub since: Option<PartialDate>,
    /// From when it is no more.
    pub ended: Option<PartialDate>,
    /// When it signed.
    pub signed: Option<PartialDate>,
    /// When it became bound.
    pub joined: Option<PartialDate>,
    /// How.
    pub way: Way,
    /// When it withdrew.
    pub left: Option<PartialDate>,
}

impl Participant {
    /// Returns whether it was bound on this day: it had joined, had not left, and was still there.
    #[must_use]
    pub fn is_party(&self, day: PartialDate) -> bool {
        self.joined.is_some_and(|joined| end_of(joined) <= day)
            && self.left.is_none_or(|left| day < end_of(left))
            && self.ended.is_none_or(|ended| day < ended)
    }

    /// Returns whether it was bound on this day, and one of the world's states on it. Before the register begins all states are.
    #[must_use]
    pub fn is_state_party(&self, day: PartialDate) -> bool {
        self.kind.is_state()
            && self.is_party(day)
            && (day < REGISTER_BEGINS || self.since.is_none_or(|since| since <= day))
    }

    /// Returns the dates on which it may begin or cease to be a party, or a state.
    fn turns(&self) -> impl Iterator<Item = PartialDate> {
        [self.joined, self.left, self.since, self.ended].into_iter().flatten()
    }
}

/// A treaty with its participants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Treaty {
    /// Its id or name.
    pub name: String,
    /// Its participants, each once.
    pub participants: Vec<Participant>,
    /// Columns of the table that nobody read.
    pub unread: Vec<String>,
}

impl Treaty {
    /// Returns how many were bound on this day, organisations included.
    #[must_use]
    pub fn parties(&self, day: PartialDate) -> u64 {
        self.participants.iter().filter(|p| p.is_party(day)).count() as u64
    }

    /// Returns how many of the parties of this day were states.
    #[must_use]
    pub fn states(&self, day: PartialDate) -> u64 {
        self.participants.iter().filter(|p| p.is_state_party(day)).count() as u64
    }

    /// Returns how many signed.
    #[must_use]
    pub fn signatories(&self) -> u64 {
        self.participants.iter().filter(|p| p.signed.is_some()).count() as u64
    }

    /// Returns the dates on which the states that were parties on this day had joined, in order.
    #[must_use]
    pub fn joined_states(&self, day: PartialDate) -> Vec<PartialDate> {
        let mut dates: Vec<PartialDate> =
            self.participants.iter().filter(|p| p.is_state_party(day)).filter_map(|p| p.joined).collect();
        dates.sort_unstable_by_key(|d| end_of(*d));
        dates
    }

    /// Returns the dates up to this day on which the number of states among the parties changed, each with the number from then on.
    #[must_use]
    pub fn steps(&self, until: PartialDate) -> Vec<(PartialDate, u64)> {
        let states = self.participants.iter().filter(|p| p.kind.is_state() && p.joined.is_some());
        let days: BTreeMap<PartialDate, PartialDate> =
            states.flat_map(Participant::turns).map(|d| (end_of(d), d)).collect();
        let mut before = 0;
        let counted = days.into_iter().filter(|(day, _)| *day <= until).map(|(day, date)| (date, self.states(day)));
        counted.filter(|(_, n)| std::mem::replace(&mut before, *n) != *n).collect()
    }

    /// Returns the earliest date on which anybody signed or joined.
    #[must_use]
    pub fn opened(&self) -> Option<PartialDate> {
        self.participants.iter().flat_map(|p| [p.signed, p.joined]).flatten().min_by_key(|d| start_of(*d))
    }

    /// Returns the last date in the table.
    #[must_use]
    pub fn last(&self) -> Option<PartialDate> {
        self.participants.iter().flat_map(|p| [p.signed, p.joined, p.left]).flatten().max_by_key(|d| end_of(*d))
    }
}

/// The curve at the end of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Year {
    /// The year.
    pub year: u16,
    /// Parties by its end, organisations included.
    pub parties: u64,
    /// Of these, states.
    pub states: u64,
    /// The world's states at its end; none before the register begins.
    pub world: Option<u64>,
}

impl Year {
    /// Returns which share of the world's states were parties.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.world.filter(|&w| w > 0).map(|w| self.states as f64 / w as f64)
    }
}

/// Returns the curve, from the first year in which anybody joined to `until`, every year once.
#[must_use]
pub fn cumulative(treaty: &Treaty, states: &States, until: u16) -> Vec<Year> {
    let first = treaty.participants.iter().filter_map(|p| p.joined).map(|d| d.year).min();
    let year = |year: u16| {
        let end = last_day(year);
        Year { year, parties: treaty.parties(end), states: treaty.states(end), world: states.count(end) }
    };
    first.map_or_else(Vec::new, |first| (first..=until).map(year).collect())
}

/// The day from which a share of the world's states were parties.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tipping {
    /// The day, or the year where no more is known.
    pub date: PartialDate,
    /// How many states were parties then.
    pub states: u64,
    /// How many states there were.
    pub world: u64,
}

/// Why a share was not reached, or cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TippingError {
    /// Too few joined.
    #[error("{states} of {world} states had joined by the end of the table")]
    NotReached {
        /// How many joined.
        states: u64,
        /// How many there were.
        world: u64,
    },
    /// Nobody joined.
    #[error("no state joined")]
    NobodyJoined,
    /// The table reaches back to before the register.
    #[error("states joined before the register of states begins, in October 1945")]
    BeforeRegister,
}

/// Returns when a share of the world's states had joined, the world being counted on that day.
/// # Input   a share between 0 and 1
/// # Errors  [`TippingError`]
/// # Source  Finnemore & Sikkink (1998), International Organization 52(4), p. 901
pub fn tipping(treaty: &Treaty, states: &States, share: f64) -> Result<Tipping, TippingError> {
    let mut last = TippingError::NobodyJoined;
    let mut before_register = false;
    let steps = treaty.last().map_or_else(Vec::new, |last| treaty.steps(end_of(last)));
    for (date, joined) in steps {
        let Some(world) = states.count(date) else {
            last = TippingError::BeforeRegister;
            before_register = true;
            continue;
        };
        if joined as f64 >= share * world as f64 - 1e-9 {
            // The line may have been crossed by those who joined before there was a count of states.
            if before_register {
                return Err(TippingError::BeforeRegister);
            }
            return Ok(Tipping { date, states: joined, world });
        }
        last = TippingError::NotReached { states: joined, world };
        before_register = false;
    }
    Err(last)
}
