//! Code points to UTF-8 bytes and back, quickly, for one text.

/// How many code points lie between two remembered positions.
const STEP: usize = 64;

/// Positions of a text: where every 64th code point begins.
#[derive(Debug, Clone)]
pub struct Offsets<'a> {
    text: &'a str,
    steps: Vec<u32>,
    n_points: u32,
    /// Where the code points begin that UTF-16 writes with two units.
    pairs: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// Returns the positions of a text; of more than `u32` can count, only the first.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let (mut steps, mut pairs) = (Vec::new(), Vec::new());
        let mut n_points = 0u32;
        for (at, c) in text.char_indices() {
            let Ok(at) = u32::try_from(at) else { break };
            if (n_points as usize).is_multiple_of(STEP) {
                steps.push(at);
            }
            if c.len_utf16() == 2 {
                pairs.push(at);
            }
            n_points += 1;
        }
        Self { text, steps, n_points, pairs }
    }

    /// Returns the text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the number of code points.
    #[must_use]
    pub const fn n_points(&self) -> u32 {
        self.n_points
    }

    /// Returns the byte at which a code point begins; the number of code points gives the end of the text.
    #[must_use]
    pub fn byte_of(&self, point: u32) -> Option<u32> {
        if point == self.n_points {
            return u32::try_from(self.text.len()).ok();
        }
        let start = *self.steps.get(point as usize / STEP)?;
        let rest = self.text.get(start as usize..)?;
        let (within, _) = rest.char_indices().nth(point as usize % STEP)?;
        start.checked_add(u32::try_from(within).ok()?)
    }

    /// Returns how many code points begin before a byte; none where the byte cuts a character or leaves the text.
    #[must_use]
    pub fn point_of(&self, byte: u32) -> Option<u32> {
        if byte as usize == self.text.len() {
            return Some(self.n_points);
        }
        let step = self.steps.partition_point(|&s| s <= byte).checked_sub(1)?;
        let start = *self.steps.get(step)? as usize;
        let before = self.text.get(start..byte as usize)?;
        u32::try_from(step * STEP + before.chars().count()).ok()
    }

    /// Returns how many units of UTF-16 stand before a byte; none where the byte cuts a character or leaves the text.
    #[must_use]
    pub fn utf16_of(&self, byte: u32) -> Option<u32> {
        let pairs = self.pairs.partition_point(|&pair| pair < byte);
        self.point_of(byte)?.checked_add(u32::try_from(pairs).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_agree_with_counting(text in "[a-c\u{e9}\u{4e2d}\u{1f600}]{0,300}") {
            let offsets = Offsets::new(&text);
            let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            bytes.push(text.len());
            for (point, &byte) in bytes.iter().enumerate() {
                prop_assert_eq!(offsets.byte_of(point as u32), Some(byte as u32));
                prop_assert_eq!(offsets.point_of(byte as u32), Some(point as u32));
                prop_assert_eq!(offsets.utf16_of(byte as u32), Some(text[..byte].encode_utf16().count() as u32));
            }
            prop_assert_eq!(offsets.byte_of(bytes.len() as u32), None);
            prop_assert_eq!(offsets.point_of(text.len() as u32 + 1), None);
        }
    }

    #[test]
    fn a_cut_character_has_no_position() {
        assert_eq!(Offsets::new("é").point_of(1), None);
        assert_eq!(Offsets::new("").byte_of(0), Some(0));
    }
}
