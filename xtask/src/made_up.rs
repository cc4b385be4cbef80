//! Texts that nobody wrote: the same from the same seed, for measurements.

use std::fmt::Write as _;

const SMALL: [&str; 8] = ["the", "of", "and", "to", "in", "that", "by", "which"];

/// A made-up text: some of its words are those of patterns, `w17 w4`.
pub(crate) struct Words {
    pub(crate) state: u64,
}

impl Words {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below.max(1)
    }

    /// Returns a word; low numbers are common, as words are.
    pub(crate) fn word(&mut self) -> u64 {
        let below = 1 + self.next(40_000);
        self.next(below)
    }

    pub(crate) fn sentence(&mut self, out: &mut String) {
        let n = 8 + self.next(18);
        for i in 0..n {
            let word = self.word();
            let _ = write!(out, "{}{}", if i == 0 { "W" } else { " w" }, spelled(word));
            // As in what people write: words that join others are two in five.
            if self.next(3) < 2 {
                let _ = write!(out, " {}", SMALL[self.next(SMALL.len() as u64) as usize]);
            }
        }
        out.push_str(". ");
    }

    pub(crate) fn text(&mut self, bytes: usize) -> String {
        let mut out = String::new();
        while out.len() < bytes {
            for _ in 0..3 + self.next(5) {
                self.sentence(&mut out);
            }
            out.push_str("\\n\\n");
        }
        out
    }
}

/// Returns a number in letters: digits would be no words.
pub(crate) fn spelled(mut number: u64) -> String {
    let mut out = String::new();
    loop {
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return out;
        }
    }
}
