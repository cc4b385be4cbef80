//! Counts summed by stratum.

use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::counts::SourceCounts;
use std::collections::BTreeMap;

/// The most rows that sums may have: beyond it a stratum is hardly more than a text.
pub const MAX_CELLS: usize = 4_000_000;

/// What a stratum, or all of them, hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Texts.
    pub sources: u64,
    /// Windows of co-occurrence.
    pub units: u64,
    /// Words.
    pub words: u64,
    /// Codings.
    pub codings: u64,
}

/// How much of a concept a stratum holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Codings.
    pub codings: u64,
    /// Windows that hold it.
    pub units: u64,
    /// Texts that use it.
    pub sources: u64,
}

/// One stratum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stratum {
    /// All of it.
    pub total: Total,
    /// By concept.
    pub concepts: BTreeMap<ConceptIx, Held>,
}

/// Sums by stratum. In whatever order sources are added, they are the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    by: Vec<String>,
    strata: BTreeMap<Vec<String>, Stratum>,
    n_cells: usize,
    /// Whether there are more strata than can be held; then none are.
    too_many: bool,
    total: Total,
}

impl Sums {
    /// Returns sums of nothing, by these attributes.
    #[must_use]
    pub fn new(by: &[String]) -> Self {
        Self { by: by.to_vec(), ..Self::default() }
    }

    /// Returns the attributes that make the strata.
    #[must_use]
    pub fn by(&self) -> &[String] {
        &self.by
    }

    /// Returns the strata by their values; none where there are too many of them.
    #[must_use]
    pub const fn strata(&self) -> Option<&BTreeMap<Vec<String>, Stratum>> {
        if self.too_many { None } else { Some(&self.strata) }
    }

    /// Returns what all strata hold.
    #[must_use]
    pub const fn total(&self) -> Total {
        self.total
    }

    /// Adds a source.
    pub fn add(&mut self, source: &SourceCounts) {
        let codings: u64 = source.used().iter().map(|(_, n)| u64::from(*n)).sum();
        let own = Total { sources: 1, units: source.units().len() as u64, words: source.words().into(), codings };
        self.total.add(own);
        if self.too_many {
            return;
        }
        let values = self.by.iter().map(|name| source.source().attribute(name).unwrap_or_default());
        let key: Vec<String> = values.collect();
        let is_new = !self.strata.contains_key(&key);
        let stratum = self.strata.entry(key).or_default();
        let before = stratum.concepts.len();
        stratum.total.add(own);
        for &(concept, n) in source.used() {
            let held = stratum.concepts.entry(concept).or_default();
            held.codings += u64::from(n);
            held.sources += 1;
        }
        for (concept, n) in source.units().holding() {
            stratum.concepts.entry(concept).or_default().units += n;
        }
        self.n_cells += stratum.concepts.len() - before + usize::from(is_new);
        if self.n_cells > MAX_CELLS {
            self.too_many = true;
            self.strata = BTreeMap::new();
        }
    }
}

impl Total {
    fn add(&mut self, other: Self) {
        self.sources += other.sources;
        self.units += other.units;
        self.words += other.words;
        self.codings += other.codings;
    }
}
