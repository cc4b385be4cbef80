//! The root of a small symmetric matrix.

use libm::{log, sqrt};

/// A lower triangle L with L Lᵀ = A, row after row; on its diagonal the inverses, since dividing is dear.
pub(super) struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Returns the factor; none where the matrix is not positive definite.
    pub(super) fn new(n: usize, mut a: Vec<f64>) -> Option<Self> {
        for i in 0..n {
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
                let rest = a[i * n + j] - sum;
                if i == j {
                    if rest.is_nan() || rest <= 1e-12 * a[i * n + i].max(f64::MIN_POSITIVE) {
                        return None;
                    }
                    a[i * n + i] = 1.0 / sqrt(rest);
                } else {
                    a[i * n + j] = rest * a[j * n + j];
                }
            }
        }
        Some(Self { n, lower: a })
    }

    /// Returns A⁻¹, row after row: Mᵀ M, where M is L⁻¹.
    pub(super) fn inverse(&self) -> Vec<f64> {
        let (n, lower) = (self.n, &self.lower);
        let mut root = vec![0.0; n * n];
        for i in 0..n {
            let (above, row) = root.split_at_mut(i * n);
            for (l, known) in lower[i * n..].iter().zip(above.chunks(n)).take(i) {
                // Row k of the root ends at its diagonal.
                row.iter_mut().zip(known).take(i).for_each(|(cell, m)| *cell -= l * m);
            }
            let over = lower[i * n + i];
            row[..i].iter_mut().for_each(|cell| *cell *= over);
            row[i] = over;
        }
        let mut inverse = vec![0.0; n * n];
        for row in root.chunks(n.max(1)) {
            for (i, m) in row.iter().enumerate() {
                inverse[i * n..].iter_mut().zip(row).take(i + 1).for_each(|(cell, other)| *cell += m * other);
            }
        }
        for i in 0..n {
            (0..i).for_each(|j| inverse[j * n + i] = inverse[i * n + j]);
        }
        inverse
    }

    /// Returns the logarithm of the determinant of A.
    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.n).map(|i| -2.0 * log(self.lower[i * self.n + i])).sum()
    }
}
