//! Sums over subsets and supersets of lists, all at once.
//!
//! A history is a set of lists, and so is a term; a term acts on the histories that contain it. Linear predictors are
//! therefore sums over subsets, and margins and normal equations sums over supersets: n 2ⁿ⁻¹ additions for n lists, where
//! a design matrix would cost the square of its parameters for each history.
//! Source: Yates (1937), The Design and Analysis of Factorial Experiments

use std::ops::AddAssign;

/// Adds to the value of each set the values of all its supersets.
pub(super) fn add_supersets<T: Copy + AddAssign>(values: &mut [T]) {
    for_each_pair(values, |without, with| *without += *with);
}

/// Adds to the value of each set the values of all its subsets.
pub(super) fn add_subsets<T: Copy + AddAssign>(values: &mut [T]) {
    for_each_pair(values, |without, with| *with += *without);
}

fn for_each_pair<T>(values: &mut [T], mut step: impl FnMut(&mut T, &mut T)) {
    let mut half = 1;
    while half < values.len() {
        for block in values.chunks_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            without.iter_mut().zip(with).for_each(|(a, b)| step(a, b));
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_definition() {
        let values: Vec<i64> = (0..32).map(|i| (i * 7 + 3) % 11).collect();
        let (mut above, mut below) = (values.clone(), values.clone());
        add_supersets(&mut above);
        add_subsets(&mut below);
        for set in 0..32_usize {
            let sum = |keep: &dyn Fn(usize) -> bool| (0..32).filter(|&s| keep(s)).map(|s| values[s]).sum::<i64>();
            assert_eq!(above[set], sum(&|s| s & set == set));
            assert_eq!(below[set], sum(&|s| s & set == s));
        }
    }
}
