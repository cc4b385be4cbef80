//! Weights compared.
//!
//! The weight of a statement is a sum of shares such as 1/3, and a computer rounds each sum: 1.4999999999999998 stands beside 1.5. Which of
//! two equal weights is called the heavier would be chance. So weights are compared as points of a grid, which is an order, as a
//! difference of less than so much would be none: of three in a row, each may be near the next and the first not near the last.

use std::cmp::Ordering;

/// Points of the grid between 0 and 1; weights that differ by less than 1e-10 or so are equal. A power of two, because a sum of shares lies half
/// way between two points, where rounding would part equals, only if some unit has a multiple of twice as many combinations.
const GRID: f64 = 4_294_967_296.0;

/// Returns how the first weight compares to the second; equal where they differ by rounding alone.
#[must_use]
pub fn compare(a: f64, b: f64) -> Ordering {
    let point = |weight: f64| libm::round(weight * GRID) + 0.0;
    point(a).total_cmp(&point(b))
}

/// Returns how many of the weights, which stand heaviest first, are as heavy as the first.
#[must_use]
pub fn n_first(weights: impl IntoIterator<Item = f64>) -> usize {
    let mut weights = weights.into_iter().peekable();
    let first = weights.peek().copied().unwrap_or_default();
    weights.take_while(|weight| compare(*weight, first).is_eq()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounding_parts_is_equal() {
        let whole: f64 = [1.0 / 6.0; 6].iter().sum();
        assert_ne!(whole.to_bits(), 1.0_f64.to_bits(), "the example shows nothing");
        assert_eq!(compare(whole, 1.0), Ordering::Equal);
        assert_eq!(compare(0.1 + 0.2, 0.3), Ordering::Equal);
        // 7 of 140 are 5 %.
        assert_eq!(compare(7.0, 0.05 * 140.0), Ordering::Equal);
        assert_eq!(compare(0.0, -0.0), Ordering::Equal);
        assert_eq!(compare(1.0 / 20_000.0, 1.0 / 20_001.0), Ordering::Greater);
        assert_eq!(n_first([0.3, 0.1 + 0.2, 0.29]), 2);
        assert_eq!(n_first([]), 0);
    }
}
