//! Five steps for weights, and numbers as people read them.

/// Line widths of the five steps, in pixels.
pub(crate) const LINE: [f64; 5] = [0.9, 2.2, 4.0, 6.2, 9.0];

/// At most five steps of equal height from zero, on round numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Steps {
    step: f64,
    used: usize,
    counts: bool,
}

impl Steps {
    /// Returns steps for values from 0 to `max`.
    pub(crate) fn up_to(max: f64) -> Self {
        if !(max.is_finite() && max > 0.0) {
            return Self { step: 1.0, used: 1, counts: false };
        }
        Self::of_height(round_up(max / 5.0), max, false)
    }

    /// Returns steps for counts from 1 to `max`, on whole numbers.
    pub(crate) fn counts_up_to(max: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "steps are coarse")]
        let max = max.max(1) as f64;
        Self::of_height(libm::ceil(round_up(max / 5.0) - 1e-9).max(1.0), max, true)
    }

    fn of_height(step: f64, max: f64, counts: bool) -> Self {
        Self { step, used: (1..5).find(|&n| max <= step * whole(n) * (1.0 + 1e-9)).unwrap_or(5), counts }
    }

    /// Returns the step of a value, 0 to 4.
    pub(crate) fn of(&self, value: f64) -> usize {
        (1..5).find(|&n| value <= self.step * whole(n) * (1.0 + 1e-9)).unwrap_or(5) - 1
    }

    /// Returns the steps in use.
    pub(crate) const fn used(&self) -> usize {
        self.used
    }

    /// Returns the words for a step: "to 5", "5 to 10".
    pub(crate) fn words(&self, step: usize, unit: &str) -> String {
        let factor = if unit == "%" { 100.0 } else { 1.0 };
        let (low, high) = (self.step * whole(step) * factor, self.step * whole(step + 1) * factor);
        if self.counts {
            return if self.step < 1.5 { plain(high) } else { format!("{}–{}", plain(low + 1.0), plain(high)) };
        }
        let unit = if unit.is_empty() { String::new() } else { format!("\u{a0}{unit}") };
        if step == 0 { format!("to {}{unit}", plain(high)) } else { format!("{}–{}{unit}", plain(low), plain(high)) }
    }
}

/// Returns words that begin with a capital letter.
pub(crate) fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Returns a small count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "what a figure counts is far below 2^53")]
pub(crate) const fn whole(n: usize) -> f64 {
    n as f64
}

/// Returns the least round number (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten) that is not below `value`.
pub(crate) fn round_up(value: f64) -> f64 {
    let power = libm::exp10(libm::floor(libm::log10(value)));
    [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|&m| m >= value * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

/// Returns a number with at most three significant digits.
pub(crate) fn plain(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = match value.abs() {
        v if v >= 100.0 || (v - libm::round(v)).abs() < 1e-9 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    if digits == 0 { thousands(&text) } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// Returns the number with a thin comma every three digits.
fn thousands(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let mut out = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a share in per cent: "12 %", "<1 %".
pub(crate) fn percent(share: f64) -> String {
    match share * 100.0 {
        p if !p.is_finite() || p <= 0.0 => "0\u{a0}%".to_owned(),
        p if p < 1.0 => "<1\u{a0}%".to_owned(),
        p => format!("{p:.0}\u{a0}%"),
    }
}

/// Returns a weight that may be drawn: finite and not negative.
pub(crate) fn sane(weight: f64) -> f64 {
    if weight.is_finite() && weight > 0.0 { weight } else { 0.0 }
}

/// Returns `part / whole`, 0 where there is nothing.
pub(crate) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Returns "1 concept", "3 concepts".
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", thousands(&n.to_string()), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stand_on_round_numbers() {
        let steps = Steps::up_to(0.23);
        assert_eq!(
            (steps.words(0, "%"), steps.words(4, "%"), steps.used()),
            ("to 5\u{a0}%".into(), "20–25\u{a0}%".into(), 5)
        );
        assert_eq!([0.0, 0.05, 0.051, 0.23, 9.0].map(|v| steps.of(v)), [0, 0, 1, 4, 4]);
        assert_eq!(Steps::up_to(0.0).used(), 1);
        assert_eq!(Steps::up_to(f64::NAN).used(), 1);
    }

    #[test]
    fn numbers_read_well() {
        for (value, want) in [
            (0.0, "0"),
            (3.0, "3"),
            (2.345_6, "2.35"),
            (12.55, "12.6"),
            (1234.5, "1,234"),
            (1_234_567.0, "1,234,567"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(plain(value), want);
        }
    }
}
