//! Special functions: gamma, beta, normal, Student's t, chi-square.
//!
//! Tails are computed as tails, never as one minus a number near one, because q-values over thousands of pairs live there.
//! The powers in front of the series and continued fractions come from Loader's saddle-point form: with arguments of 10⁵,
//! differences of log-gammas would lose ten digits.

use libm::{erfc, exp, fabs, lgamma, log, sqrt};

const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
const MAX_ITERATIONS: usize = 500_000;
const TINY: f64 = 1e-300;

/// Returns the natural logarithm of the gamma function.
/// # Input   x > 0; infinite at and below 0
/// # Source  DLMF 5.2
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { lgamma(x) } else { f64::INFINITY }
}

/// Returns the digamma function, the derivative of [`ln_gamma`].
/// # Input   x > 0; minus infinity at and below 0
/// # Source  DLMF 5.5.2 (recurrence), 5.11.2 (asymptotic series)
#[must_use]
pub fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let mut shifted = x;
    let mut sum = 0.0;
    while shifted < 12.0 {
        sum -= 1.0 / shifted;
        shifted += 1.0;
    }
    let r = 1.0 / (shifted * shifted);
    let series = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * (691.0 / 32_760.0))))));
    sum + log(shifted) - 0.5 / shifted - series
}

/// Returns ln n! − (n + ½) ln n + n − ln √2π: what Stirling's formula leaves out.
fn stirling_error(n: f64) -> f64 {
    if n <= 16.0 {
        return lgamma(n + 1.0) - (n + 0.5) * log(n) + n - LN_SQRT_2PI;
    }
    let r = 1.0 / (n * n);
    (1.0 / 12.0
        - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * (1.0 / 1188.0 - r * (691.0 / 360_360.0))))))
        / n
}

/// Returns x ln(x/m) + m − x without cancellation where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    let difference = x - m;
    if fabs(difference) >= 0.1 * (x + m) {
        return x * log(x / m) - difference;
    }
    // With v = (x − m)/(x + m), ln(x/m) = 2 artanh v = 2 (v + v³/3 + v⁵/5 + …).
    let v = difference / (x + m);
    let mut sum = difference * v;
    let mut term = 2.0 * x * v;
    for j in 1..1000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// Returns x^a y^b / B(a, b), where x + y = 1.
fn beta_power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 || y <= 0.0 {
        return 0.0;
    }
    let n = a + b;
    let core = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
    // Binomial density at a of n, times a b / n.
    exp(core) * sqrt(a * b / n) / exp(LN_SQRT_2PI)
}

/// Returns x^a e^−x / Γ(a).
fn gamma_power(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    exp(-stirling_error(a) - deviance(a, x)) * sqrt(a) / exp(LN_SQRT_2PI)
}

/// Returns the continued fraction of the incomplete beta function, DLMF 8.17.22, by Lentz's method.
pub(crate) fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let guard = |v: f64| if fabs(v) < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    let mut m = 0.0;
    for _ in 0..MAX_ITERATIONS {
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if fabs(step - 1.0) < 1e-16 {
            break;
        }
    }
    h
}

/// Returns the regularised incomplete beta functions `I_x(a, b)` and `I_y(b, a)`, both to full relative precision.
/// # Input   a, b > 0; x and y = 1 − x, both given because one of them may be too near 1 to hold the other
fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    let power = beta_power(a, b, x, y);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = (power * beta_fraction(a, b, x) / a).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (power * beta_fraction(b, a, y) / b).min(1.0);
        (1.0 - upper, upper)
    }
}

/// Returns the regularised incomplete beta function `I_x(a, b)`.
/// # Input   a, b > 0; x in [0, 1] (clamped)
/// # Source  DLMF 8.17; prefactor after Loader (2000), Fast and Accurate Computation of Binomial Probabilities
#[must_use]
pub fn beta_inc(a: f64, b: f64, x: f64) -> f64 {
    beta_tails(a, b, x, 1.0 - x).0
}

/// Returns the regularised lower and upper incomplete gamma functions, P(a, x) and Q(a, x).
/// # Input   a > 0, x ≥ 0
/// # Source  DLMF 8.7.1 (series), 8.9.2 (continued fraction)
#[must_use]
pub fn gamma_inc(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    if x < a + 1.0 {
        let lower = (gamma_power(a, x) * gamma_series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (gamma_power(a, x) * gamma_fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    let mut at = a;
    for _ in 0..MAX_ITERATIONS {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    let mut i = 0.0;
    for _ in 0..MAX_ITERATIONS {
        i += 1.0;
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if fabs(d) < TINY { TINY } else { d };
        c = b + an / c;
        c = if fabs(c) < TINY { TINY } else { c };
        let step = d * c;
        h *= step;
        if fabs(step - 1.0) < 1e-16 {
            break;
        }
    }
    h
}

/// Returns the standard normal distribution function.
/// # Source  DLMF 7.2.2
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the two-sided p-value of a standard normal statistic.
#[must_use]
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(fabs(z) * core::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the standard normal quantile.
///
/// Newton's method on ln Φ, which is concave: from −√(−2 ln p), which lies below the root, each step stays below it,
/// so no bracket is needed. Infinite at 0 and 1.
/// # Input   p in [0, 1]
/// # Source  Chernoff's bound for the start
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p == 0.5 {
        return 0.0;
    }
    let mut z = -sqrt(-2.0 * log(p));
    for _ in 0..100 {
        let cdf = normal_cdf(z);
        let density = exp(-0.5 * z * z - LN_SQRT_2PI);
        let step = log(p / cdf) * cdf / density;
        z += step;
        if fabs(step) <= 1e-15 * fabs(z) {
            break;
        }
    }
    z
}

/// Returns the two-sided p-value of Student's t, P(|T| ≥ |t|).
/// # Input   df > 0; an infinite `df` gives the normal distribution
/// # Source  DLMF 8.17 (incomplete beta)
#[must_use]
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return normal_two_sided(t);
    }
    let (x, y) = t_shares(t, df);
    beta_tails(0.5 * df, 0.5, x, y).0
}

/// Returns df/(df + t²) and t²/(df + t²), safe from overflow.
fn t_shares(t: f64, df: f64) -> (f64, f64) {
    let ratio = (fabs(t) / sqrt(df)) * (fabs(t) / sqrt(df));
    if ratio.is_infinite() {
        return (0.0, 1.0);
    }
    (1.0 / (1.0 + ratio), ratio / (1.0 + ratio))
}

/// Returns the t ≥ 0 with P(|T| ≥ t) = p.
///
/// ln P is concave in ln t, so Newton's method falls onto the root from above it without a bracket; a step from below
/// leads above it.
/// # Input   p in (0, 1]; df > 0
#[must_use]
pub fn t_two_sided_quantile(p: f64, df: f64) -> f64 {
    if p >= 1.0 {
        return 0.0;
    }
    if p <= 0.0 {
        return f64::INFINITY;
    }
    if df.is_infinite() {
        return -normal_quantile(0.5 * p);
    }
    let mut u = t_quantile_start(p, df);
    for _ in 0..500 {
        let (x, y) = t_shares(exp(u), df);
        let tail = beta_tails(0.5 * df, 0.5, x, y).0;
        if tail <= 0.0 {
            // The start lay beyond the smallest number; come back towards the root.
            u *= 0.5;
            continue;
        }
        let slope = 2.0 * beta_power(0.5 * df, 0.5, x, y) / tail;
        let step = log(tail / p) / slope;
        u += step;
        // The error after a step is of the order of its square.
        if fabs(step) <= 1e-9 * fabs(u).max(1.0) {
            break;
        }
    }
    exp(u)
}

/// Returns a start for the search of ln t: near the root where the distribution is near the normal, else above it.
/// # Source  Abramowitz & Stegun (1964) 26.7.5
fn t_quantile_start(p: f64, df: f64) -> f64 {
    let z = -normal_quantile(0.5 * p);
    let s = z * z;
    if s > 0.0 && 2.0 * s < df {
        let first = z * (s + 1.0) / 4.0;
        let second = z * ((5.0 * s + 16.0) * s + 3.0) / 96.0;
        let third = z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
        let start = z + (first + (second + third / df) / df) / df;
        if start > 0.0 {
            return log(start);
        }
    }
    let mut u = 0.0;
    let mut reach = 1.0;
    while u < 700.0 && t_two_sided(exp(u), df) > p {
        u += reach;
        reach *= 2.0;
    }
    f64::min(u, 700.0)
}

/// Returns P(X ≥ x) of the chi-square distribution.
/// # Input   x ≥ 0, df > 0
#[must_use]
pub fn chi_square_sf(x: f64, df: f64) -> f64 {
    gamma_inc(0.5 * df, 0.5 * x).1
}
