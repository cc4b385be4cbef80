//! Numbers as letters and Roman numerals, in lower case.

/// Beyond this many repeated letters a number is written in digits: nobody would count them.
const MAX_REPEAT: u32 = 20;

/// Returns 1 as `a`, 26 as `z`, 27 as `aa`, 28 as `bb`, as word processors number lists.
pub(in crate::readers) fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else {
        return number.to_string();
    };
    let (letter, repeat) = (index % 26, index / 26 + 1);
    match char::from_u32(u32::from(b'a') + letter) {
        Some(c) if repeat <= MAX_REPEAT => c.to_string().repeat(repeat as usize),
        _ => number.to_string(),
    }
}

/// Returns a number from 1 to 3999 as a Roman numeral, any other in digits.
pub(in crate::readers) fn roman(number: u32) -> String {
    static SIGNS: &[(u32, &str)] = &[
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let (mut rest, mut text) = (number, String::new());
    for &(value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_those_of_word_processors() {
        for (number, want) in [(0, "0"), (1, "a"), (26, "z"), (27, "aa"), (28, "bb"), (4_000_000, "4000000")] {
            assert_eq!(letters(number), want);
        }
        for (number, want) in [(0, "0"), (1, "i"), (4, "iv"), (1994, "mcmxciv"), (3999, "mmmcmxcix"), (4000, "4000")] {
            assert_eq!(roman(number), want);
        }
    }
}
