//! The false discovery rate over a family of tests that was fixed before looking.

use super::StatsError;

/// Returns the q-values of Benjamini and Hochberg, in the order of the input.
///
/// Equal p-values get equal q-values, and no q-value is below its p-value.
/// # Input   p-values in [0, 1]; an empty family gives no q-values
/// # Errors  [`StatsError::BadValue`] for a value outside [0, 1] or `NaN`
/// # Source  Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57(1): 289–300
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some((at, &value)) = p_values.iter().enumerate().find(|(_, p)| !(0.0..=1.0).contains(*p)) {
        return Err(StatsError::BadValue { what: "p-value", at, value });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&i, &j| p_values[i].total_cmp(&p_values[j]).then(i.cmp(&j)));
    let m = p_values.len() as f64;
    let mut q_values = vec![1.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[i] * (m / (rank as f64 + 1.0)));
        // Rounding of m/rank must not push a q-value below its p-value.
        q_values[i] = smallest.max(p_values[i]);
    }
    Ok(q_values)
}
