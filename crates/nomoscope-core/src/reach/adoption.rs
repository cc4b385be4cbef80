//! Adoption: which states joined a treaty, when, and what share of the world's states they were.

use super::states::{StateKind, States, end_of, start_of};
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
    /// When it signed.
    pub signed: Option<PartialDate>,
    /// When it became bound.
    pub joined: Option<PartialDate>,
    /// How.
    pub way: Way,
}

/// A treaty with its participants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Treaty {
    /// Its id or name.
    pub name: String,
    /// Its participants, each once.
    pub participants: Vec<Participant>,
}

impl Treaty {
    /// Returns how many became bound, organisations included.
    #[must_use]
    pub fn parties(&self) -> u64 {
        self.participants.iter().filter(|p| p.joined.is_some()).count() as u64
    }

    /// Returns how many of the parties are states.
    #[must_use]
    pub fn states(&self) -> u64 {
        self.joined_states().len() as u64
    }

    /// Returns how many signed.
    #[must_use]
    pub fn signatories(&self) -> u64 {
        self.participants.iter().filter(|p| p.signed.is_some()).count() as u64
    }

    /// Returns the dates on which states joined, in order.
    #[must_use]
    pub fn joined_states(&self) -> Vec<PartialDate> {
        let mut dates: Vec<PartialDate> =
            self.participants.iter().filter(|p| p.kind.is_state()).filter_map(|p| p.joined).collect();
        dates.sort_unstable_by_key(|d| end_of(*d));
        dates
    }

    /// Returns the earliest date on which anybody signed or joined.
    #[must_use]
    pub fn opened(&self) -> Option<PartialDate> {
        self.participants.iter().flat_map(|p| [p.signed, p.joined]).flatten().min_by_key(|d| start_of(*d))
    }

    /// Returns the last date in the table.
    #[must_use]
    pub fn last(&self) -> Option<PartialDate> {
        self.participants.iter().flat_map(|p| [p.signed, p.joined]).flatten().max_by_key(|d| end_of(*d))
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

/// Returns the cumulative curve, from the first year with a party to `until`, every year once.
#[must_use]
pub fn cumulative(treaty: &Treaty, states: &States, until: u16) -> Vec<Year> {
    let mut by_year: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    for participant in &treaty.participants {
        if let Some(joined) = participant.joined {
            let n = by_year.entry(joined.year).or_default();
            n.0 += 1;
            n.1 += u64::from(participant.kind.is_state());
        }
    }
    let Some((&first, _)) = by_year.first_key_value() else { return Vec::new() };
    let (mut parties, mut joined) = (0, 0);
    (first..=until)
        .map(|year| {
            let (p, s) = by_year.get(&year).copied().unwrap_or_default();
            parties += p;
            joined += s;
            let end = PartialDate { year, month: Some(12), day: Some(31) };
            Year { year, parties, states: joined, world: states.count(end) }
        })
        .collect()
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
    let dates = treaty.joined_states();
    let mut last = TippingError::NobodyJoined;
    let mut before_register = false;
    for (before, &date) in dates.iter().enumerate() {
        // Those who joined on one day cross the line together.
        if dates.get(before + 1).is_some_and(|next| end_of(*next) == end_of(date)) {
            continue;
        }
        let joined = before as u64 + 1;
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
