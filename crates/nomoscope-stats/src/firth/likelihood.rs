//! The penalised likelihood at one place, with its slope and its information, in one pass over the observations.
//!
//! With the inverse A of the information, the slope of the penalty is half the sum over observations of W (1 - 2p) (xᵀ A x) x: a
//! contraction of A with third moments. So sums of products of columns are all that is needed, and A can come afterwards. Columns
//! of noughts and ones are constant within a group of observations; products are taken of the others alone, once.

use super::cholesky::Cholesky;
use crate::StatsError;
use hashbrown::hash_table::{Entry, HashTable};
use libm::log;
use pulp::{Arch, Simd, WithSimd};

/// Observations that are worked on together: loops over so many hold no branch, and compilers then do as many at a time as the
/// processor can (`pulp` asks it at run time; sums are taken in one order whatever it answers, so that all give the same bits).
/// Few, for a group of a small study fills one hardly at all.
const BLOCK: usize = 16;
/// Sums that are taken side by side: one alone would have to wait for each addition.
const LANES: usize = 8;
type Lanes = [f64; LANES];
type Block = [f64; BLOCK];

/// Places of observations, and how often each is there.
pub(super) type Distinct = (Vec<usize>, Vec<f64>);

/// Returns the observations that differ, each by the place of the first that is like it: twenty thousand short texts are some
/// hundred, and each is looked at a hundred times over.
pub(super) fn distinct(n: usize, width: usize, value: impl Fn(usize, usize) -> f64) -> Result<Distinct, StatsError> {
    let (mut first, mut times): (Vec<usize>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut known: HashTable<usize> = HashTable::with_capacity(n);
    let hash = |i: usize| {
        (0..width)
            .fold(0_u64, |hash, j| (hash.rotate_left(5) ^ value(i, j).to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    };
    for i in 0..n {
        if let Some(value) = (0..width).map(|j| value(i, j)).find(|x| !x.is_finite()) {
            return Err(StatsError::BadValue { what: "design", at: i, value });
        }
        let is_alike = |&at: &usize| (0..width).all(|j| value(first[at], j).to_bits() == value(i, j).to_bits());
        match known.entry(hash(i), is_alike, |&at| hash(first[at])) {
            Entry::Occupied(at) => times[*at.get()] += 1.0,
            Entry::Vacant(place) => {
                place.insert(first.len());
                first.push(i);
                times.push(1.0);
            }
        }
    }
    Ok((first, times))
}

/// What the penalised likelihood is at one place.
pub(super) struct Place {
    pub(super) value: f64,
    pub(super) score: Vec<f64>,
    /// The inverse of the information, row after row.
    pub(super) inverse: Vec<f64>,
}

/// The penalised likelihood of a design.
pub(super) struct Likelihood {
    /// Places of the columns that hold but noughts and ones.
    binary: Vec<usize>,
    /// Places of the others.
    measured: Vec<usize>,
    powers: Powers,
    groups: Vec<Group>,
    arch: Arch,
    /// Sum of each column over observations whose outcome is true.
    of_true: Vec<f64>,
}

/// Observations that are alike in all binary columns.
struct Group {
    ones: Vec<f64>,
    blocks: Vec<Rows>,
}

/// Up to [`BLOCK`] observations.
struct Rows {
    /// How many of each there are; 0 fills the block up.
    times: Block,
    /// The measured columns.
    columns: Vec<Block>,
}

/// Sums over the observations of a group, as they lie one after the other.
struct Sums<'a> {
    /// Of ln(1 + e^η).
    lost: f64,
    /// Of the chance, alone and times each measured column.
    chance: &'a [f64],
    /// Of its variance, alone and times each measured column and each product of two.
    weight: &'a [f64],
    /// Of the slope of the variance, alone and times every product.
    slope: &'a [f64],
}

/// Room in which the sums of one group after the other are taken: a study of some thousand pairs asks for a million.
struct Scratch {
    products: Vec<Block>,
    lanes: Vec<Lanes>,
}

/// Which products of measured columns there are, and where.
struct Powers {
    n: usize,
    /// Of each product after the columns themselves, pairs and then triples, the product that it is made from and the column that comes
    /// to it.
    made: Vec<(usize, usize)>,
    pairs: Vec<usize>,
    triples: Vec<usize>,
}

impl Powers {
    fn new(n: usize) -> Self {
        let mut made = Vec::new();
        let (mut pairs, mut triples) = (vec![0; n * n], vec![0; n * n * n]);
        for i in 0..n {
            for j in i..n {
                (pairs[i * n + j], pairs[j * n + i]) = (n + made.len(), n + made.len());
                made.push((i, j));
            }
        }
        for i in 0..n {
            for j in i..n {
                for k in j..n {
                    for [a, b, c] in [[i, j, k], [i, k, j], [j, i, k], [j, k, i], [k, i, j], [k, j, i]] {
                        triples[(a * n + b) * n + c] = n + made.len();
                    }
                    made.push((pairs[i * n + j], k));
                }
            }
        }
        Self { n, made, pairs, triples }
    }

    /// Returns how many products have two factors at most.
    fn up_to_pairs(&self) -> usize {
        self.n + self.n * (self.n + 1) / 2
    }

    /// Returns how many there are.
    fn all(&self) -> usize {
        self.n + self.made.len()
    }

    /// Returns the place of a product of two in a list of sums that begins with the sum of ones.
    fn pair(&self, i: usize, j: usize) -> usize {
        1 + self.pairs[i * self.n + j]
    }

    /// Returns that of a product of three.
    fn triple(&self, i: usize, j: usize, k: usize) -> usize {
        1 + self.triples[(i * self.n + j) * self.n + k]
    }
}

impl Likelihood {
    /// Returns the likelihood of observations, each at the place of the first that is like it, with how often it is there.
    pub(super) fn new(
        (first, times): &Distinct,
        width: usize,
        x: impl Fn(usize, usize) -> f64,
        outcome: impl Fn(usize) -> bool,
    ) -> Result<Self, StatsError> {
        if width == 0 || first.is_empty() {
            return Err(StatsError::Empty);
        }
        let is_binary = |&j: &usize| first.iter().all(|&i| x(i, j) == 0.0 || x(i, j) == 1.0);
        let (binary, measured): (Vec<usize>, Vec<usize>) = (0..width).partition(is_binary);
        let of_true = (0..width).map(|j| {
            let held = first.iter().zip(times).filter(|(i, _)| outcome(**i));
            held.map(|(&i, times)| times * x(i, j)).sum()
        });
        let of_true = of_true.collect();
        let mut by_ones: Vec<(Vec<f64>, Vec<usize>)> = Vec::new();
        for (at, &i) in first.iter().enumerate() {
            let ones: Vec<f64> = binary.iter().map(|&j| x(i, j)).collect();
            match by_ones.iter_mut().find(|(known, _)| *known == ones) {
                Some((_, places)) => places.push(at),
                None => by_ones.push((ones, vec![at])),
            }
        }
        let powers = Powers::new(measured.len());
        let block = |places: &[usize]| {
            let filled = |value: &dyn Fn(usize) -> f64| {
                let mut block = [0.0; BLOCK];
                block.iter_mut().zip(places).for_each(|(cell, &at)| *cell = value(at));
                block
            };
            let columns = measured.iter().map(|&j| filled(&|at| x(first[at], j))).collect();
            Rows { times: filled(&|at| times[at]), columns }
        };
        let group =
            |(ones, places): (Vec<f64>, Vec<usize>)| Group { ones, blocks: places.chunks(BLOCK).map(block).collect() };
        let groups = by_ones.into_iter().map(group).collect();
        Ok(Self { binary, measured, powers, groups, arch: Arch::new(), of_true })
    }

    /// Returns the number of columns.
    pub(super) fn width(&self) -> usize {
        self.of_true.len()
    }

    /// Returns a place to begin at: the first column that is one throughout tells the share of outcomes, the others nothing.
    pub(super) fn start(&self) -> Vec<f64> {
        let mut start = vec![0.0; self.width()];
        let constant = (0..self.binary.len()).find(|&at| self.groups.iter().all(|group| group.ones[at] == 1.0));
        if let Some(at) = constant {
            let n: f64 = self.groups.iter().flat_map(|g| &g.blocks).flat_map(|rows| &rows.times).sum();
            let held = self.of_true[self.binary[at]];
            start[self.binary[at]] = log((held + 0.5) / (n - held + 0.5));
        }
        start
    }

    /// Returns what it is at a place; none where the information is singular.
    pub(super) fn at(&self, beta: &[f64]) -> Option<Place> {
        let k = self.width();
        let measured: Vec<f64> = self.measured.iter().map(|&j| beta[j]).collect();
        let mut value: f64 = self.of_true.iter().zip(beta).map(|(t, b)| t * b).sum();
        let mut information = vec![0.0; k * k];
        let products = self.powers.all();
        let mut scratch = Scratch { products: vec![[0.0; BLOCK]; products], lanes: vec![[0.0; LANES]; self.n_sums()] };
        let mut sums = Vec::with_capacity(self.groups.len() * self.n_sums());
        for group in &self.groups {
            let base: f64 = group.ones.iter().zip(&self.binary).map(|(one, &j)| one * beta[j]).sum();
            self.arch.dispatch(Task { likelihood: self, group, base, beta: &measured, scratch: &mut scratch });
            sums.extend(scratch.lanes.iter().map(|lanes| folded(*lanes)));
        }
        let of_groups = || self.groups.iter().zip(sums.chunks(self.n_sums()).map(|of| self.split(of)));
        for (group, sum) in of_groups() {
            value -= sum.lost;
            self.inform(group, &sum, &mut information);
        }
        let factor = Cholesky::new(k, information)?;
        let inverse = factor.inverse();
        let mut score = self.of_true.clone();
        of_groups().for_each(|(group, sum)| self.slope(group, &sum, &inverse, &mut score));
        Some(Place { value: value + 0.5 * factor.log_determinant(), score, inverse })
    }

    /// Returns how many sums are taken over a group.
    fn n_sums(&self) -> usize {
        1 + (1 + self.powers.n) + (1 + self.powers.up_to_pairs()) + (1 + self.powers.all())
    }

    fn split<'a>(&self, sums: &'a [f64]) -> Sums<'a> {
        let (chance, rest) = sums[1..].split_at(1 + self.powers.n);
        let (weight, slope) = rest.split_at(1 + self.powers.up_to_pairs());
        Sums { lost: sums[0], chance, weight, slope }
    }

    /// Takes the sums over a group.
    #[inline(always)]
    fn sums<S: Simd>(&self, simd: S, group: &Group, base: f64, beta: &[f64], scratch: &mut Scratch) {
        let (n, two) = (self.powers.n, self.powers.up_to_pairs());
        let Scratch { products, lanes } = scratch;
        lanes.fill([0.0; LANES]);
        let (lost, rest) = lanes.split_at_mut(1);
        let (chance, rest) = rest.split_at_mut(1 + n);
        let (weight, slope) = rest.split_at_mut(1 + two);
        for rows in &group.blocks {
            let mut eta = [base; BLOCK];
            for (b, column) in beta.iter().zip(&rows.columns) {
                for i in 0..BLOCK {
                    eta[i] += b * column[i];
                }
            }
            let of = Logistic::new(&eta, &rows.times);
            rows.lost(simd, &eta, &of.small, &mut lost[0]);
            products[..n].copy_from_slice(&rows.columns);
            for (at, &(from, by)) in (n..).zip(&self.powers.made) {
                let (known, rest) = products.split_at_mut(at);
                for i in 0..BLOCK {
                    rest[0][i] = known[from][i] * known[by][i];
                }
            }
            for (list, what) in [(&mut *chance, &of.chance), (&mut *weight, &of.weight), (&mut *slope, &of.slope)] {
                add(simd, &mut list[0], what, &[1.0; BLOCK]);
                for (sum, product) in list[1..].iter_mut().zip(&*products) {
                    add(simd, sum, what, product);
                }
            }
        }
    }

    /// Adds a group to the information.
    fn inform(&self, group: &Group, sum: &Sums<'_>, information: &mut [f64]) {
        let k = self.width();
        let mut add = |i: usize, j: usize, value: f64| information[i * k + j] += value;
        for (&i, one) in self.binary.iter().zip(&group.ones).filter(|(_, one)| **one > 0.0) {
            for (&j, other) in self.binary.iter().zip(&group.ones) {
                add(i, j, one * other * sum.weight[0]);
            }
            for (m, &j) in self.measured.iter().enumerate() {
                add(i, j, sum.weight[1 + m]);
                add(j, i, sum.weight[1 + m]);
            }
        }
        for (m, &i) in self.measured.iter().enumerate() {
            for (o, &j) in self.measured.iter().enumerate() {
                add(i, j, sum.weight[self.powers.pair(m, o)]);
            }
        }
    }

    /// Adds to the slope what a group takes from it, and its part of that of the penalty.
    fn slope(&self, group: &Group, sum: &Sums<'_>, inverse: &[f64], score: &mut [f64]) {
        let (k, n, p) = (self.width(), self.powers.n, &self.powers);
        let ones = || self.binary.iter().zip(&group.ones).filter(|(_, one)| **one > 0.0).map(|(&j, _)| j);
        // xᵀ A x of an observation: constant + linear · u + uᵀ A u, where u are its measured columns.
        let constant: f64 = ones().flat_map(|i| ones().map(move |j| inverse[i * k + j])).sum();
        let linear: Vec<f64> =
            self.measured.iter().map(|&j| 2.0 * ones().map(|i| inverse[i * k + j]).sum::<f64>()).collect();
        let square = |a: usize, b: usize| inverse[self.measured[a] * k + self.measured[b]];
        let within = || (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
        let penalty = constant * sum.slope[0]
            + (0..n).map(|a| linear[a] * sum.slope[1 + a]).sum::<f64>()
            + within().map(|(a, b)| square(a, b) * sum.slope[p.pair(a, b)]).sum::<f64>();
        ones().for_each(|j| score[j] += 0.5 * penalty - sum.chance[0]);
        for (m, &j) in self.measured.iter().enumerate() {
            let penalty = constant * sum.slope[1 + m]
                + (0..n).map(|a| linear[a] * sum.slope[p.pair(a, m)]).sum::<f64>()
                + within().map(|(a, b)| square(a, b) * sum.slope[p.triple(a, b, m)]).sum::<f64>();
            score[j] += 0.5 * penalty - sum.chance[1 + m];
        }
    }
}

/// The sums over a group, compiled for each kind of processor.
struct Task<'a> {
    likelihood: &'a Likelihood,
    group: &'a Group,
    base: f64,
    beta: &'a [f64],
    scratch: &'a mut Scratch,
}

impl WithSimd for Task<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.likelihood.sums(simd, self.group, self.base, self.beta, self.scratch);
    }
}

impl Rows {
    /// Adds ln(1 + e^η); `small` is e^-|η|.
    #[inline(always)]
    fn lost<S: Simd>(&self, simd: S, eta: &Block, small: &Block, sum: &mut Lanes) {
        let mut lost = [0.0; BLOCK];
        for i in 0..BLOCK {
            lost[i] = ln_one_plus(small[i]) + if eta[i] > 0.0 { eta[i] } else { 0.0 };
        }
        add(simd, sum, &lost, &self.times);
    }
}

/// The logistic function of a block, times how often each observation is there.
struct Logistic {
    /// e^-|η|
    small: Block,
    /// p
    chance: Block,
    /// p (1 - p)
    weight: Block,
    /// p (1 - p) (1 - 2p)
    slope: Block,
}

impl Logistic {
    #[inline(always)]
    fn new(eta: &Block, times: &Block) -> Self {
        let mut of = Self { small: [0.0; BLOCK], chance: [0.0; BLOCK], weight: [0.0; BLOCK], slope: [0.0; BLOCK] };
        of.small.iter_mut().zip(eta).for_each(|(small, eta)| *small = exp(-eta.abs()));
        for i in 0..BLOCK {
            let (small, is_likely) = (of.small[i], eta[i] > 0.0);
            let inverse = 1.0 / (1.0 + small);
            let weight = times[i] * (small * inverse * inverse);
            let turn = (1.0 - small) * inverse;
            of.chance[i] = times[i] * if is_likely { inverse } else { small * inverse };
            of.weight[i] = weight;
            of.slope[i] = weight * if is_likely { -turn } else { turn };
        }
        of
    }
}

/// Adds products to sums that are taken side by side, each lane in the order of the block: the same bits however many lanes a
/// processor takes at once.
#[inline(always)]
fn add<S: Simd>(simd: S, sums: &mut Lanes, a: &Block, b: &Block) {
    let (sums, _) = S::as_mut_simd_f64s(sums);
    let ((a, _), (b, _)) = (S::as_simd_f64s(a), S::as_simd_f64s(b));
    for (a, b) in a.chunks_exact(sums.len()).zip(b.chunks_exact(sums.len())) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = simd.add_f64s(*sum, simd.mul_f64s(*a, *b));
        }
    }
}

#[inline(always)]
fn folded(s: Lanes) -> f64 {
    ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))
}

/// Returns e^x for x up to 0, within some units in the last place; below -708 that of -708, which is nothing beside 1.
///
/// Without a branch or a call, so that a loop over it takes several at a time; the same bits on every machine.
#[inline(always)]
fn exp(x: f64) -> f64 {
    /// Adding it leaves no room for a fraction, so that the nearest integer stands in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    // ln 2 in two parts: the product of the first with an integer is exact.
    const LN_2: (f64, f64) = (6.931_471_803_691_238e-1, 1.908_214_929_270_588e-10);
    let x = if x > -708.0 { x } else { -708.0 };
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN_2.0) - n * LN_2.1;
    // The series, of |r| up to ln(2) / 2: what comes after its fourteenth term is below 1e-17.
    let mut sum = 1.0 / 6_227_020_800.0;
    for over in
        [479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0]
    {
        sum = sum * r + 1.0 / over;
    }
    sum * f64::from_bits((rounded.to_bits() << 52).wrapping_add(1023 << 52))
}

/// Returns ln(1 + x) for x from 0 to 1, as exactly and in the same manner.
#[inline(always)]
fn ln_one_plus(x: f64) -> f64 {
    // Twice the area tangent of z, |z| below 0.172; above √2 of half of 1 + x.
    let is_high = x > std::f64::consts::SQRT_2 - 1.0;
    let z = (if is_high { x - 1.0 } else { x }) / (if is_high { x + 3.0 } else { x + 2.0 });
    let square = z * z;
    let mut sum = 1.0 / 23.0;
    for over in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * square + 1.0 / over;
    }
    2.0 * z * sum + if is_high { std::f64::consts::LN_2 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libm::fabs;

    #[test]
    fn the_exponential_is_that_of_libm() {
        for i in 0..200_000 {
            let x = -f64::from(i) * f64::from(i) * 1.7e-8;
            let (ours, theirs) = (exp(x), libm::exp(x));
            assert!(fabs(ours / theirs - 1.0) < 5e-16, "{x}: {ours}, not {theirs}");
        }
        assert!(exp(-1e300) < 1e-307 && exp(f64::NEG_INFINITY) < 1e-307);
    }

    #[test]
    fn the_logarithm_is_that_of_libm() {
        for i in 0..200_000 {
            let t = f64::from(i) / 199_999.0;
            for x in [t, t * t * t * t * 1e-3] {
                let (ours, theirs) = (ln_one_plus(x), libm::log1p(x));
                assert!(fabs(ours - theirs) <= 5e-16 * theirs, "{x}: {ours}, not {theirs}");
            }
        }
    }

    /// Against the definitions, sums and slopes taken row by row and by differences.
    #[test]
    fn slope_and_information_are_those_of_the_value() {
        let x: Vec<Vec<f64>> = (0..150)
            .map(|i| {
                let t = f64::from(i);
                vec![1.0, f64::from(i % 3 / 2), libm::sin(t), f64::from(i % 2), libm::cos(1.7 * t) * 2.0]
            })
            .collect();
        let seen = ((0..150).collect(), (0..150).map(|i| f64::from(1 + i % 40 / 38)).collect());
        let likelihood = Likelihood::new(&seen, 5, |i, j| x[i][j], |i| i % 7 < 3).unwrap();
        let beta = [0.3, -0.7, 0.4, 1.1, -0.2];
        for group in &likelihood.groups {
            let (base, beta) = (0.4, [0.4, -0.2]);
            let room = || Scratch {
                products: vec![[0.0; BLOCK]; likelihood.powers.all()],
                lanes: vec![[0.0; LANES]; likelihood.n_sums()],
            };
            let (mut fast, mut plain) = (room(), room());
            likelihood.arch.dispatch(Task { likelihood: &likelihood, group, base, beta: &beta, scratch: &mut fast });
            likelihood.sums(pulp::Scalar, group, base, &beta, &mut plain);
            assert_eq!(fast.lanes, plain.lanes, "the same bits whatever the processor");
        }
        let here = likelihood.at(&beta).unwrap();
        let mut value = 0.0;
        let mut information = [0.0; 25];
        for (i, row) in x.iter().enumerate() {
            let eta: f64 = row.iter().zip(beta).map(|(x, b)| x * b).sum();
            let p = 1.0 / (1.0 + libm::exp(-eta));
            value += seen.1[i] * if i % 7 < 3 { log(p) } else { log(1.0 - p) };
            for (a, b) in (0..5).flat_map(|a| (0..5).map(move |b| (a, b))) {
                information[a * 5 + b] += seen.1[i] * p * (1.0 - p) * row[a] * row[b];
            }
        }
        let near = |a: f64, b: f64, tolerance: f64| assert!(fabs(a - b) < tolerance, "{a}, not {b}");
        for (row, of_row) in here.inverse.chunks(5).enumerate() {
            for column in 0..5 {
                let product: f64 = of_row.iter().zip(0..5).map(|(a, k)| a * information[k * 5 + column]).sum();
                near(product, f64::from(u8::from(row == column)), 1e-11);
            }
        }
        near(here.value, value + 0.5 * Cholesky::new(5, information.to_vec()).unwrap().log_determinant(), 1e-11);
        for j in 0..5 {
            let beside = |by: f64| {
                let mut beta = beta;
                beta[j] += by;
                likelihood.at(&beta).unwrap().value
            };
            near(here.score[j], (beside(1e-5) - beside(-1e-5)) / 2e-5, 1e-7);
        }
    }
}
