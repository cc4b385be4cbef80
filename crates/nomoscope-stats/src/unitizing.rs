//! Agreement in unitising: whether coders mark the same stretches of a text, and mark them as the same.
//!
//! Sees lengths and values only. A text is handed over as runs: stretches within which nobody begins or ends. All that
//! the coefficients need are three sums a value (agreed length, length, squared lengths of units), which add up over
//! texts; so several texts, each read by its own coders, make one coefficient, and a bootstrap multiplies sums.
//! Absent: the distance between units that do not meet. Two coders who mark neighbouring words disagree as much as two
//! who mark different pages.

use super::agreement::{AgreementError, Disagreement};
use std::collections::BTreeMap;

/// The value of what a coder left unmarked.
pub const GAP: u32 = 0;

/// A unit that a coder marked, where a run lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    /// What it was marked as; above [`GAP`].
    pub value: u32,
    /// Identity of the unit among those of its coder.
    pub unit: u32,
}

/// A stretch of a text within which no unit begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Length, in whatever the text is counted in.
    pub length: u64,
    /// The cluster that the bootstrap draws it with.
    pub cluster: u32,
    /// By coder, the units that it lies in; none where the coder did not read the text.
    pub by_coder: Vec<Option<Vec<Marked>>>,
}

/// Sums of one value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Sums {
    /// Length over which pairs of coders give it both.
    agreed: f64,
    /// Length over which coders give it.
    length: f64,
    /// Units paired with themselves, which chance cannot do.
    own: f64,
}

impl Sums {
    fn add(&mut self, other: &Self, times: f64) {
        self.agreed += times * other.agreed;
        self.length += times * other.length;
        self.own += times * other.own;
    }
}

/// The sums of all values, by cluster.
#[derive(Debug, Clone, Default)]
pub struct Coincidences {
    clusters: BTreeMap<u32, BTreeMap<u32, Sums>>,
}

impl Coincidences {
    fn at(&mut self, cluster: u32, value: u32) -> &mut Sums {
        self.clusters.entry(cluster).or_default().entry(value).or_default()
    }

    fn drawn(&self, times: &[u32]) -> BTreeMap<u32, Sums> {
        let mut out: BTreeMap<u32, Sums> = BTreeMap::new();
        for (cluster, values) in &self.clusters {
            let times = f64::from(times.get(*cluster as usize).copied().unwrap_or(0));
            if times > 0.0 {
                for (value, sums) in values {
                    out.entry(*value).or_default().add(sums, times);
                }
            }
        }
        out
    }

    /// Adds the sums of another text; its clusters are the caller's to keep apart.
    pub fn merge(&mut self, other: &Self) {
        for (cluster, values) in &other.clusters {
            for (value, sums) in values {
                self.at(*cluster, *value).add(sums, 1.0);
            }
        }
    }

    /// Returns the disagreement of u-alpha: 1 − observed / expected is the coefficient.
    /// # Input   sums of [`all_segments`]
    /// # Errors  [`AgreementError::NoPair`] without a text that two coders read
    /// # Source  Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50(6): 2347–2364, equations 1 to 5
    pub fn u_alpha(&self, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let values = self.drawn(times);
        let all: f64 = values.values().map(|s| s.length).sum();
        let own: f64 = values.values().map(|s| s.own).sum();
        if all <= 0.0 {
            return Err(AgreementError::NoPair);
        }
        let used = values.values().filter(|s| s.length > 0.0).count();
        let pairs = all * all - own;
        if used < 2 || pairs <= 0.0 {
            return Ok(Disagreement::default());
        }
        let agreed: f64 = values.values().map(|s| s.agreed).sum();
        let by_chance: f64 = values.values().map(|s| s.length * s.length - s.own).sum();
        // As shares of the length, so that texts of different length can be pooled.
        Ok(Disagreement { observed: (all - agreed) / all, expected: (pairs - by_chance).max(0.0) / pairs })
    }

    /// Returns the disagreement of cu-alpha: how coders name what they both marked.
    /// # Input   sums of [`intersections`]
    /// # Errors  [`AgreementError::NoIntersection`]
    /// # Source  as for [`Coincidences::u_alpha`], equations 9 to 11
    pub fn cu_alpha(&self, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let values = self.drawn(times);
        let (all, pairs) = pairable(&values)?;
        let used = values.values().filter(|s| s.length > 0.0).count();
        if used < 2 || pairs <= 0.0 {
            return Ok(Disagreement::default());
        }
        let agreed: f64 = values.values().map(|s| s.agreed).sum();
        let by_chance: f64 = values.values().map(|s| s.length * s.length - s.own).sum();
        Ok(Disagreement { observed: (all - agreed) / all, expected: (pairs - by_chance).max(0.0) / pairs })
    }

    /// Returns the disagreement of (k)u-alpha: whether what one coder marks as `value` others who mark the place mark so too.
    /// # Input   sums of [`intersections`]
    /// # Errors  [`AgreementError::NoIntersection`]
    /// # Source  as for [`Coincidences::u_alpha`], equation 13b
    pub fn ku_alpha(&self, value: u32, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let values = self.drawn(times);
        let (all, pairs) = pairable(&values)?;
        let sums = values.get(&value).filter(|s| s.length > 0.0).ok_or(AgreementError::NoIntersection)?;
        let chance = sums.length * all - sums.own;
        if pairs <= 0.0 || chance <= 0.0 {
            return Ok(Disagreement::default());
        }
        let with_others = sums.length * all - sums.length * sums.length;
        Ok(Disagreement { observed: (sums.length - sums.agreed) / sums.length, expected: with_others / chance })
    }

    /// Returns which share of the length marked as `value` (or as anything) others marked too.
    /// # Input   sums of [`intersections`]; `marked`: the length marked in all
    #[must_use]
    pub fn coverage(&self, times: &[u32], marked: f64) -> Option<f64> {
        let length: f64 = self.drawn(times).values().map(|s| s.length).sum();
        (marked > 0.0).then(|| length / marked)
    }
}

/// Length that can be paired, and its square without the pairings of units with themselves.
fn pairable(values: &BTreeMap<u32, Sums>) -> Result<(f64, f64), AgreementError> {
    let all: f64 = values.values().map(|s| s.length).sum();
    let own: f64 = values.values().map(|s| s.own).sum();
    if all > 0.0 { Ok((all, all * all - own)) } else { Err(AgreementError::NoIntersection) }
}

/// Returns the sums for u-alpha: every segment counts, marked or not.
///
/// `only` keeps one value and takes all else for unmarked; without it a coder's units may not overlap, and where they do
/// the least value counts (see [`overlaps`]).
/// # Input   the runs of one text
#[must_use]
pub fn all_segments(runs: &[Run], only: Option<u32>) -> Coincidences {
    let mut out = Coincidences::default();
    let mut units: BTreeMap<(usize, u32, u32), (u32, f64)> = BTreeMap::new();
    for run in runs {
        let length = run.length as f64;
        let mut givers: BTreeMap<u32, f64> = BTreeMap::new();
        let n = readers(run);
        if n < 2 {
            continue;
        }
        for (coder, marks) in run.by_coder.iter().enumerate() {
            let Some(marks) = marks else { continue };
            let mark = marks.iter().filter(|m| only.is_none_or(|v| v == m.value)).min();
            let value = mark.map_or(GAP, |m| m.value);
            *givers.entry(value).or_default() += 1.0;
            match mark {
                Some(m) => units.entry((coder, m.value, m.unit)).or_insert((run.cluster, 0.0)).1 += length,
                None => out.at(run.cluster, GAP).own += length,
            }
        }
        for (value, givers) in givers {
            let sums = out.at(run.cluster, value);
            sums.length += givers * length;
            sums.agreed += givers * (givers - 1.0) * length / (n as f64 - 1.0);
        }
    }
    for ((_, value, _), (cluster, length)) in units {
        out.at(cluster, value).own += length * length;
    }
    out
}

/// Returns the sums for cu-alpha and (k)u-alpha: only places that two coders marked count.
///
/// Where coders give several values to one place, those that both give are matched first, and only the others are set
/// against each other; without overlaps this is the published coefficient.
/// # Input   the runs of one text
#[must_use]
pub fn intersections(runs: &[Run]) -> Coincidences {
    let mut out = Coincidences::default();
    let mut matched: BTreeMap<(usize, usize, u32, u32), (u32, f64)> = BTreeMap::new();
    for run in runs {
        let n = readers(run);
        for (i, mine) in run.by_coder.iter().enumerate() {
            for (j, theirs) in run.by_coder.iter().enumerate() {
                let (true, Some(mine), Some(theirs)) = (i != j, mine, theirs) else { continue };
                for (mark, share, agreed) in paired(mine, theirs) {
                    let length = share * run.length as f64;
                    let sums = out.at(run.cluster, mark.value);
                    let weight = length / (n as f64 - 1.0);
                    sums.length += weight;
                    sums.agreed += if agreed { weight } else { 0.0 };
                    let part = matched.entry((i, j, mark.value, mark.unit)).or_insert((run.cluster, 0.0));
                    part.1 += length / libm::sqrt(n as f64 - 1.0);
                }
            }
        }
    }
    for ((_, _, value, _), (cluster, length)) in matched {
        out.at(cluster, value).own += length * length;
    }
    out
}

/// The marks of one coder that meet one of another, each with the share of it that does, and whether the values agree.
fn paired(mine: &[Marked], theirs: &[Marked]) -> Vec<(Marked, f64, bool)> {
    let given_by = |marks: &[Marked], value: u32| marks.iter().any(|m| m.value == value);
    let alone =
        |marks: &[Marked], others: &[Marked]| -> usize { marks.iter().filter(|m| !given_by(others, m.value)).count() };
    let (left, right) = (alone(mine, theirs), alone(theirs, mine));
    let share = if left > 0 { left.min(right) as f64 / left as f64 } else { 0.0 };
    let of = |mark: &Marked| {
        let agreed = given_by(theirs, mark.value);
        (*mark, if agreed { 1.0 } else { share }, agreed)
    };
    mine.iter().map(of).filter(|(_, share, _)| *share > 0.0).collect()
}

fn readers(run: &Run) -> usize {
    run.by_coder.iter().flatten().count()
}

/// Returns whether any coder marked one place as several values, so that no single continuum holds all of them.
#[must_use]
pub fn overlaps(runs: &[Run]) -> bool {
    runs.iter().any(|run| run.by_coder.iter().flatten().any(|marks| marks.len() > 1))
}
