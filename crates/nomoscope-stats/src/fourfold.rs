//! How much more often a word stands in one place than in another: counts of two by two.
//!
//! Keyness compares two groups of texts, collocation the surroundings of a word with all else. Words of one text hang
//! together, so the log-likelihood ratio orders words here and tests nothing; the interval of the log ratio takes words as
//! independent and is too narrow by as much as they are not. Knows no word and no text.

use super::special::normal_quantile;
use super::{Interval, StatsError, check_level};
use libm::{exp, log, log2, sqrt};

/// How often something is counted here and there, among how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fourfold {
    here: u64,
    all_here: u64,
    there: u64,
    all_there: u64,
}

impl Fourfold {
    /// Returns the table: `here` of `all_here`, `there` of `all_there`; counts.
    ///
    /// # Errors
    /// [`StatsError::BadValue`] for a part that is larger than its whole
    pub fn new((here, all_here): (u64, u64), (there, all_there): (u64, u64)) -> Result<Self, StatsError> {
        for (at, part, whole) in [(0, here, all_here), (1, there, all_there)] {
            if part > whole {
                return Err(StatsError::BadValue { what: "count", at, value: part as f64 });
            }
        }
        Ok(Self { here, all_here, there, all_there })
    }

    /// Returns how many there would be here if here and there were alike.
    #[must_use]
    pub fn expected(&self) -> f64 {
        let all = self.all_here + self.all_there;
        if all == 0 { 0.0 } else { (self.here + self.there) as f64 * (self.all_here as f64 / all as f64) }
    }

    /// Returns whether there are more here than if here and there were alike.
    #[must_use]
    pub fn is_more(&self) -> bool {
        self.here as f64 > self.expected()
    }

    /// Returns the log-likelihood ratio G² of all four cells; 0 where here and there are alike or one is empty.
    ///
    /// Rayson and Garside leave out the cells of all other words; for a word that is rare both ways, theirs is nearly the same.
    /// # Source  Dunning (1993), Computational Linguistics 19(1): 61–74; Rayson & Garside (2000), Comparing Corpora: 1–6
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        let rows = [self.all_here as f64, self.all_there as f64];
        let yes = [self.here as f64, self.there as f64];
        let all = rows[0] + rows[1];
        let mut sum = 0.0;
        for (observed, row) in yes.into_iter().zip(rows) {
            for (cell, column) in [(observed, yes[0] + yes[1]), (row - observed, all - yes[0] - yes[1])] {
                if cell > 0.0 {
                    sum += cell * log(cell * all / (row * column));
                }
            }
        }
        // Rounding must not make a little less than nothing of nothing.
        (2.0 * sum).max(0.0)
    }

    /// Returns the log-likelihood ratio, negative where there are fewer here than there.
    #[must_use]
    pub fn signed_log_likelihood(&self) -> f64 {
        if self.is_more() { self.log_likelihood() } else { -self.log_likelihood() }
    }

    /// Returns the binary logarithm of the ratio of the two rates, with its interval; one half is added to both counts and one
    /// to both wholes where a count is 0. 1 means twice as often.
    ///
    /// # Errors  [`StatsError::NotAProportion`] for a level that is none; [`StatsError::BadValue`] where nothing was counted
    /// # Source  Hardie (2014), Log Ratio; Katz et al. (1978), Biometrics 34(3): 469–474, for the interval
    pub fn log_ratio(&self, level: f64) -> Result<(f64, Interval), StatsError> {
        let level = check_level(level)?;
        let mut cells = [self.here, self.all_here, self.there, self.all_there].map(|n| n as f64);
        if cells[1] == 0.0 || cells[3] == 0.0 {
            return Err(StatsError::BadValue { what: "whole", at: 0, value: 0.0 });
        }
        if cells[0] == 0.0 || cells[2] == 0.0 {
            for (cell, more) in cells.iter_mut().zip([0.5, 1.0, 0.5, 1.0]) {
                *cell += more;
            }
        }
        let [here, all_here, there, all_there] = cells;
        let ratio = log2((here / all_here) / (there / all_there));
        let variance = (1.0 / here - 1.0 / all_here) + (1.0 / there - 1.0 / all_there);
        let half = normal_quantile(0.5 + level / 2.0) * sqrt(variance.max(0.0)) / log(2.0);
        Ok((ratio, Interval { lower: Some(ratio - half), upper: Some(ratio + half), level }))
    }

    /// Returns how much more there is here than expected, as binary logarithm (pointwise mutual information); none where there is
    /// nothing here. It favours rare words.
    ///
    /// # Source  Church & Hanks (1990), Computational Linguistics 16(1): 22–29
    #[must_use]
    pub fn mutual_information(&self) -> Option<f64> {
        (self.here > 0 && self.all_here > 0).then(|| log2(self.here as f64 / self.expected()))
    }

    /// Returns the t-score: by how many of its standard errors the count exceeds the expected one; none where there is nothing
    /// here. It favours frequent words.
    ///
    /// # Source  Church et al. (1991), Using statistics in lexical analysis
    #[must_use]
    pub fn t_score(&self) -> Option<f64> {
        (self.here > 0).then(|| (self.here as f64 - self.expected()) / sqrt(self.here as f64))
    }
}

/// Returns logDice of two words: 14 where they always stand together, one less for every halving of that. Does not depend on
/// the size of the corpus.
///
/// # Input   how often they stand together, and how often each stands anywhere
/// # Errors  [`StatsError::BadValue`] where they stand together more often than one of them stands, or never
/// # Source  Rychlý (2008), A lexicographer-friendly association score, RASLAN: 6–9
pub fn log_dice(together: u64, one: u64, other: u64) -> Result<f64, StatsError> {
    if together == 0 || together > one.min(other) {
        return Err(StatsError::BadValue { what: "count", at: 0, value: together as f64 });
    }
    Ok(14.0 + log2(2.0 * together as f64 / (one as f64 + other as f64)))
}

/// Returns how often something is in ten thousand.
#[must_use]
pub fn per_ten_thousand(n: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { n as f64 * (1e4 / all as f64) }
}

/// Returns the ratio of two rates from its binary logarithm.
#[must_use]
pub fn times(log_ratio: f64) -> f64 {
    exp(log_ratio * log(2.0))
}
