//! Chance, as an argument: a seed, and a stream of numbers for each task.
//!
//! A task's stream depends on the seed and the task's index alone, so that results do not depend on how many threads
//! shared the tasks. The generator is PCG XSL RR 128/64: its successors for a given state are fixed by its definition,
//! whereas a generator from a library may change with the library and with it every printed support.

const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;

/// What all chance in a computation follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// Returns the stream of random numbers of one task.
    #[must_use]
    pub fn stream(self, task: u64) -> Stream {
        // The task is added after the seed was mixed: seed 7, task 3 must not be seed 3, task 7.
        let root = SplitMix(self.0).next();
        let mut mixer = SplitMix(root.wrapping_add(task));
        let state = mixer.next_wide();
        let increment = mixer.next_wide();
        Stream::from_state(state, increment)
    }

    /// Returns a seed for a part of a computation that itself has many tasks.
    #[must_use]
    pub fn part(self, index: u64) -> Self {
        Self(self.stream(index).next_u64())
    }
}

/// SplitMix64: spreads seeds that differ in one bit over all bits (Steele, Lea & Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn next_wide(&mut self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}

/// A stream of random numbers.
/// # Source  O'Neill (2014), PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
#[derive(Debug, Clone)]
pub struct Stream {
    state: u128,
    increment: u128,
}

impl Stream {
    /// Returns the stream with this inner state; the increment is made odd.
    #[must_use]
    pub fn from_state(state: u128, increment: u128) -> Self {
        Self { state, increment: increment | 1 }
    }

    /// Returns the next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        let high = (self.state >> 64) as u64;
        let folded = high ^ (self.state as u64);
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Returns a whole number below `n`, each equally likely; 0 when `n` is 0.
    /// # Source  Lemire (2019), Fast Random Integer Generation in an Interval
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        let threshold = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(n);
            if (wide as u64) >= threshold {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Puts a slice into random order (Fisher and Yates), each order equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }

    /// Returns the numbers 0 to n − 1 in random order.
    #[must_use]
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}

/// Returns how many of `n` trials succeed, each with probability `p`.
///
/// By inversion around the mode, whose neighbours' weights follow from it by ratios: no logarithm of a factorial, and some
/// forty standard deviations' steps, whatever `n`.
/// # Source  Kemp (1986), Communications in Statistics, Theory and Methods 15(3): 805–813
#[must_use]
pub fn binomial(n: u64, p: f64, stream: &mut Stream) -> u64 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let odds = p / (1.0 - p);
    let mode = (((n as f64 + 1.0) * p) as u64).min(n);
    let above = |k: u64| (n - k) as f64 / (k as f64 + 1.0) * odds;
    let below = |k: u64| k as f64 / ((n - k) as f64 + 1.0) / odds;
    let upward = || weights(mode, move |k| (k < n).then(|| (k + 1, above(k))));
    let downward = || weights(mode, move |k| (k > 0).then(|| (k - 1, below(k)))).skip(1);
    let all: f64 = upward().chain(downward()).map(|(_, weight)| weight).sum();
    let mut left = stream.uniform() * all;
    let found = upward().chain(downward()).find(|(_, weight)| {
        left -= weight;
        left < 0.0
    });
    found.map_or(mode, |(k, _)| k)
}

/// The weights from the mode on, relative to its own, until they no longer matter.
fn weights(mode: u64, next: impl Fn(u64) -> Option<(u64, f64)>) -> impl Iterator<Item = (u64, f64)> {
    std::iter::successors(Some((mode, 1.0)), move |&(k, weight)| {
        let (k, ratio) = next(k)?;
        Some((k, weight * ratio)).filter(|(_, weight)| *weight > 1e-18)
    })
}
