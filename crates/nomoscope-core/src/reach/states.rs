//! The states of the world: names and their variants, and from when to when each was there to join a treaty.
//!
//! After the United Nations' list of members with the non-members that the Secretary-General treats as states. Regional
//! organisations are parties to treaties, but no states: they are listed, flagged, and never counted as such.

use crate::codebook::fold::fold_word;
use crate::date::PartialDate;
use crate::spelling::nearest_three;
use std::collections::BTreeMap;

/// The day from which the register counts: the Charter's entry into force.
pub const REGISTER_BEGINS: PartialDate = PartialDate { year: 1945, month: Some(10), day: Some(24) };

/// What an entry of the register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateKind {
    /// A member of the United Nations.
    Member,
    /// A state that is no member.
    NonMember,
    /// A state that is no more.
    Former,
    /// A regional organisation: a party, but no state.
    Organisation,
    /// A territory, or an entity not counted among the states here.
    Other,
}

impl StateKind {
    /// All kinds, in the order of the register.
    pub const ALL: [Self; 5] = [Self::Member, Self::NonMember, Self::Former, Self::Organisation, Self::Other];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::NonMember => "non-member",
            Self::Former => "former",
            Self::Organisation => "organisation",
            Self::Other => "other",
        }
    }

    /// Returns whether such an entry counts among the states.
    #[must_use]
    pub const fn is_state(self) -> bool {
        matches!(self, Self::Member | Self::NonMember | Self::Former)
    }
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Three letters, ISO 3166-1 alpha-3 where it has a code.
    pub iso3: String,
    /// The name that the United Nations use.
    pub name: String,
    /// What it is.
    pub kind: StateKind,
    /// From when it counts, where that is not the day of admission.
    pub since: Option<PartialDate>,
    /// Admission to the United Nations.
    pub admitted: Option<PartialDate>,
    /// From when it counts no more.
    pub ended: Option<PartialDate>,
    /// The code of the state whose seat it took over: depositaries list that state's acts under its name.
    pub continues: Option<String>,
    /// Further names.
    pub variants: Vec<String>,
    /// Where the dates come from.
    pub source: String,
}

impl State {
    /// Returns whether the state was there on this day.
    #[must_use]
    pub fn existed(&self, day: PartialDate) -> bool {
        self.kind.is_state()
            && self.since.or(self.admitted).is_some_and(|from| from <= day)
            && self.ended.is_none_or(|end| day < end)
    }
}

/// A name or code that two entries claim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` names both {first} and {second}")]
pub struct Ambiguous {
    /// The name as compared.
    pub name: String,
    /// The first entry's code.
    pub first: String,
    /// The second entry's code.
    pub second: String,
}

/// The register, searchable by code and name.
#[derive(Debug, Clone, Default)]
pub struct States {
    all: Vec<State>,
    index: BTreeMap<String, usize>,
}

impl States {
    /// Returns the register.
    /// # Errors  every [`Ambiguous`] name
    pub fn new(all: Vec<State>) -> Result<Self, Vec<Ambiguous>> {
        let mut index = BTreeMap::new();
        let mut problems = Vec::new();
        for (at, state) in all.iter().enumerate() {
            let names = [&state.iso3, &state.name].into_iter().chain(&state.variants);
            for key in names.map(|name| key(name)).filter(|k| !k.is_empty()) {
                let before = *index.entry(key.clone()).or_insert(at);
                if before != at {
                    let (first, second) = (all[before].iso3.clone(), state.iso3.clone());
                    problems.push(Ambiguous { name: key, first, second });
                }
            }
        }
        if problems.is_empty() { Ok(Self { all, index }) } else { Err(problems) }
    }

    /// Returns all entries.
    #[must_use]
    pub fn as_slice(&self) -> &[State] {
        &self.all
    }

    /// Returns the entry with this code, name or variant; case, accents, spaces and punctuation do not matter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&State> {
        self.index.get(&key(name)).map(|&at| &self.all[at])
    }

    /// Returns the names that come nearest to one that is not in the register, three at most.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let mut names: Vec<&str> = nearest_three(&key(name), self.index.keys().map(String::as_str))
            .into_iter()
            .filter_map(|key| self.index.get(key).map(|&at| self.all[at].name.as_str()))
            .collect();
        names.dedup();
        names
    }

    /// Returns from when a state's acts are its own: the day from which it counts, or that of the state that it continues.
    #[must_use]
    pub fn acts_since(&self, state: &State) -> Option<PartialDate> {
        let continued = state.continues.as_deref().and_then(|code| self.find(code)).unwrap_or(state);
        continued.since.or(continued.admitted)
    }

    /// Returns how many states there were on this day; none before the register begins.
    #[must_use]
    pub fn count(&self, day: PartialDate) -> Option<u64> {
        let known = day >= REGISTER_BEGINS || (day.month.is_none() && day.year >= REGISTER_BEGINS.year);
        known.then(|| self.all.iter().filter(|s| s.existed(end_of(day))).count() as u64)
    }

    /// Returns how many members the United Nations had on this day.
    #[must_use]
    pub fn members(&self, day: PartialDate) -> u64 {
        let is_member = |s: &&State| s.admitted.is_some_and(|from| from <= day) && s.ended.is_none_or(|end| day < end);
        self.all.iter().filter(is_member).count() as u64
    }
}

/// Returns the last day that a date may mean: a year stands for its end, as in curves by year.
#[must_use]
pub fn end_of(date: PartialDate) -> PartialDate {
    PartialDate { year: date.year, month: date.month.or(Some(12)), day: date.day.or(Some(31)) }
}

/// Returns the last day of a year.
#[must_use]
pub const fn last_day(year: u16) -> PartialDate {
    PartialDate { year, month: Some(12), day: Some(31) }
}

/// Returns the first day that a date may mean.
#[must_use]
pub fn start_of(date: PartialDate) -> PartialDate {
    PartialDate { year: date.year, month: date.month.or(Some(1)), day: date.day.or(Some(1)) }
}

/// Returns a name as it is compared: folded, letters and digits only, `&` as `and`, without a leading `the`.
#[must_use]
pub fn key(name: &str) -> String {
    let folded = fold_word(&name.replace('&', " and "), false);
    let bare = folded.trim_start();
    let bare = bare.strip_prefix("the ").unwrap_or(bare);
    bare.chars().filter(|c| c.is_alphanumeric()).collect()
}
