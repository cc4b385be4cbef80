//! Audits: random samples of passages that people read for what a lexicon misses.
//!
//! A sample is a set of passages with values (seed, level, of how many, which codebook), so that it is exchanged, joined and
//! taken back as all else is. That a passage was read is a link from it to the study.

use super::{Link, Passage, Set, Study, Subject, Value, VariableValue};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the link from a passage to the study by which somebody says that they read it.
pub const READ: &str = "read for what the lexicon misses";
/// The variables of the set, by name: seed, level, population, codebook. Names stay when studies are joined, and ids may not.
pub const VARIABLES: [&str; 4] = ["audit seed", "audit level", "audit population", "audit codebook"];

/// A random sample with what was read of it.
#[derive(Debug, Clone)]
pub struct Audit<'s> {
    /// The set of its passages.
    pub set: &'s Set,
    /// The seed that it was drawn with.
    pub seed: u64,
    /// What a passage is.
    pub level: &'s str,
    /// Of how many passages it was drawn.
    pub population: u64,
    /// SHA-256 of the codebook at that time.
    pub codebook: &'s str,
    /// The passages in the order in which they were drawn.
    pub passages: Vec<&'s Passage>,
    /// Those that somebody has read.
    pub read: BTreeSet<&'s str>,
}

impl Audit<'_> {
    /// Returns the next passage that nobody has read: in the order of the draw, so that what was read is always a random
    /// sample itself.
    #[must_use]
    pub fn next(&self) -> Option<&Passage> {
        self.passages.iter().find(|p| !self.read.contains(p.id.as_str())).copied()
    }

    /// Returns the passages that were read, in the order of the draw.
    pub fn done(&self) -> impl Iterator<Item = &Passage> {
        self.passages.iter().copied().filter(|p| self.read.contains(p.id.as_str()))
    }
}

/// Returns the audits of a study, the last one last.
#[must_use]
pub fn audits(study: &Study) -> Vec<Audit<'_>> {
    let all = &study.annotations;
    let passages: BTreeMap<&str, &Passage> = all.passages.iter().map(|p| (p.id.as_str(), p)).collect();
    let read = |link: &Link| link.to == Subject::Study && link.name == READ;
    let read: BTreeSet<&str> = (all.links.iter().filter(|l| read(l)))
        .filter_map(|l| if let Subject::Passage(id) = &l.from { Some(id.as_str()) } else { None })
        .collect();
    let of_set = |set: &Subject, name: &str| {
        let named = |v: &&VariableValue| v.of == *set && study.is_variable(&v.variable, name);
        all.values.iter().find(named).map(|v| &v.value)
    };
    let whole = |value: Option<&Value>| match value {
        Some(Value::Integer(n)) => u64::try_from(*n).ok(),
        _ => None,
    };
    let audit = |set: &'_ Set| {
        let subject = Subject::Set(set.id.clone());
        let [seed, level, population, codebook] = VARIABLES.map(|variable| of_set(&subject, variable));
        let (Some(Value::Text(level)), Some(Value::Text(codebook))) = (level, codebook) else { return None };
        Some((whole(seed)?, level.as_str(), whole(population)?, codebook.as_str()))
    };
    let with_passages = |set| {
        let (seed, level, population, codebook) = audit(set)?;
        let subject = Subject::Set(set.id.clone());
        let members = all.members.iter().filter(|m| m.of == subject);
        let mut members: Vec<&Passage> = members
            .filter_map(
                |m| if let Subject::Passage(id) = &m.member { passages.get(id.as_str()).copied() } else { None },
            )
            .collect();
        // The name is the place in the draw: the order of rows may change when studies are joined.
        members.sort_by_key(|p| (p.name.parse::<u64>().unwrap_or(u64::MAX), p.id.clone()));
        // Two who drew the same in copies of a study that were joined have each passage twice.
        let place = |p: &Passage| (p.source.clone(), p.span);
        let known: BTreeSet<_> = members.iter().filter(|p| read.contains(p.id.as_str())).map(|p| place(p)).collect();
        let mut seen = BTreeSet::new();
        members.retain(|p| seen.insert(place(p)));
        let read = members.iter().filter(|p| known.contains(&place(p))).map(|p| p.id.as_str()).collect();
        Some(Audit { set, seed, level, population, codebook, passages: members, read })
    };
    all.sets.iter().filter_map(with_passages).collect()
}
