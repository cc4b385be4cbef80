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

    /// Turns b into L⁻¹ b.
    fn forward(&self, x: &mut [f64]) {
        for (i, row) in self.lower.chunks(self.n.max(1)).enumerate() {
            let sum: f64 = row.iter().zip(&*x).take(i).map(|(l, v)| l * v).sum();
            x[i] = (x[i] - sum) * row[i];
        }
    }

    /// Returns A⁻¹, row after row.
    pub(super) fn inverse(&self) -> Vec<f64> {
        let mut inverse = Vec::with_capacity(self.n * self.n);
        for i in 0..self.n {
            let mut column: Vec<f64> = (0..self.n).map(|j| f64::from(u8::from(i == j))).collect();
            self.solve(&mut column);
            inverse.extend(column);
        }
        inverse
    }

    /// Turns b into A⁻¹ b.
    fn solve(&self, x: &mut [f64]) {
        self.forward(x);
        let n = self.n;
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| self.lower[k * n + i] * x[k]).sum();
            x[i] = (x[i] - sum) * self.lower[i * n + i];
        }
    }

    /// Returns the logarithm of the determinant of A.
    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.n).map(|i| -2.0 * log(self.lower[i * self.n + i])).sum()
    }
}
