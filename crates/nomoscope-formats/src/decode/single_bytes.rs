//! Encodings of old Macs and of DOS, told from those of Windows by the words that they make.
//!
//! A detector made for the web never guesses them: it reads `forc\u{e9}e` of a Mac as `forc\u{17d}e`. In the right encoding the
//! letters with accents of a word are small where the others are, and no signs stand within words.

use super::charset::Charset;
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// One in so many signs may be improbable in an encoding that is taken, and one in so many must be in the one that is not.
const FEW: usize = 10;
const MANY: usize = 4;
/// So many letters of ASCII stand beside a letter with an accent in any language that is written with few of them.
const ASCII_LETTERS: usize = 2;

/// Letters that languages of Western Europe use often.
const COMMON: &str = "\u{e9}\u{e8}\u{e0}\u{f9}\u{e2}\u{ea}\u{ee}\u{f4}\u{fb}\u{eb}\u{ef}\u{fc}\u{e7}\u{f1}\u{e1}\u{ed}\u{f3}\u{fa}\u{e4}\u{f6}\u{df}\u{e3}\u{f5}\u{e5}\u{e6}\u{f8}\u{ec}\u{f2}\u{153}\u{c9}\u{c0}";
/// Signs that no word ends with.
const NEVER_BEHIND: &str =
    "\u{201a}\u{201e}\u{2c6}\u{2dc}\u{192}\u{2021}\u{2039}\u{ab}\u{bf}\u{a1}\u{a4}\u{a2}\u{a5}\u{ac}";

/// The upper half of code page 850. # Source  Unicode, mappings of vendors, CP850.TXT
const CP850: &str = "\u{c7}\u{fc}\u{e9}\u{e2}\u{e4}\u{e0}\u{e5}\u{e7}\u{ea}\u{eb}\u{e8}\u{ef}\u{ee}\u{ec}\u{c4}\u{c5}\u{c9}\u{e6}\u{c6}\u{f4}\u{f6}\u{f2}\u{fb}\u{f9}\u{ff}\u{d6}\u{dc}\u{f8}\u{a3}\u{d8}\u{d7}\u{192}\u{e1}\u{ed}\u{f3}\u{fa}\u{f1}\u{d1}\u{aa}\u{ba}\u{bf}\u{ae}\u{ac}\u{bd}\u{bc}\u{a1}\u{ab}\u{bb}\u{2591}\u{2592}\u{2593}\u{2502}\u{2524}\u{c1}\u{c2}\u{c0}\u{a9}\u{2563}\u{2551}\u{2557}\u{255d}\u{a2}\u{a5}\u{2510}\u{2514}\u{2534}\u{252c}\u{251c}\u{2500}\u{253c}\u{e3}\u{c3}\u{255a}\u{2554}\u{2569}\u{2566}\u{2560}\u{2550}\u{256c}\u{a4}\u{f0}\u{d0}\u{ca}\u{cb}\u{c8}\u{131}\u{cd}\u{ce}\u{cf}\u{2518}\u{250c}\u{2588}\u{2584}\u{a6}\u{cc}\u{2580}\u{d3}\u{df}\u{d4}\u{d2}\u{f5}\u{d5}\u{b5}\u{fe}\u{de}\u{da}\u{db}\u{d9}\u{fd}\u{dd}\u{af}\u{b4}\u{ad}\u{b1}\u{2017}\u{be}\u{b6}\u{a7}\u{f7}\u{b8}\u{b0}\u{a8}\u{b7}\u{b9}\u{b3}\u{b2}\u{25a0}\u{a0}";

/// Returns the sign of a byte in code page 850.
pub(super) fn of_cp850(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(at) => CP850.chars().nth(usize::from(at)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Returns the encoding of Macs or of DOS, where its words are far more probable than those of the one that was guessed.
pub(super) fn likelier(bytes: &[u8], guessed: &'static Encoding) -> Option<Charset> {
    let others = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if others == 0 || bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count() < others * ASCII_LETTERS {
        return None;
    }
    let windows = if guessed.is_single_byte() { guessed } else { WINDOWS_1252 };
    let (improbable, _) = words(bytes, &table(windows));
    if improbable * MANY < others {
        return None;
    }
    let mac = (words(bytes, &table(MACINTOSH)), Charset::Known(MACINTOSH));
    let dos: Vec<char> = (0..=u8::MAX).map(of_cp850).collect();
    let dos = (words(bytes, &dos), Charset::Cp850);
    let rank = |((improbable, common), _): &((usize, usize), Charset)| (*improbable, usize::MAX - common);
    let best = if rank(&dos) < rank(&mac) { dos } else { mac };
    let ((improbable, common), charset) = best;
    (improbable * FEW <= others && common * 2 >= others).then_some(charset)
}

/// Returns the sign of each byte.
fn table(encoding: &'static Encoding) -> Vec<char> {
    let sign = |byte: u8| {
        let decoded =
            encoding.decode_without_bom_handling_and_without_replacement(&[byte]).unwrap_or_default().chars().next();
        decoded.unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    (0..=u8::MAX).map(sign).collect()
}

/// Returns how many signs beyond ASCII are improbable where they stand, and how many are common letters.
fn words(bytes: &[u8], table: &[char]) -> (usize, usize) {
    let sign = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
        table.get(usize::from(byte)).copied().unwrap_or(' ')
    };
    let (mut improbable, mut common) = (0, 0);
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let (before, own, after) = (sign(at.checked_sub(1)), sign(Some(at)), sign(at.checked_add(1)));
        if is_improbable(before, own, after) {
            improbable += 1;
        } else if COMMON.contains(own) {
            common += 1;
        }
    }
    (improbable, common)
}

fn is_improbable(before: char, own: char, after: char) -> bool {
    if own.is_control() || own == char::REPLACEMENT_CHARACTER {
        return true;
    }
    let apostrophe = matches!(own, '\u{2019}' | '\u{ad}' | '\u{b7}' | '\u{2013}' | '\u{2014}');
    match (before.is_alphabetic(), own.is_alphabetic(), after.is_alphabetic()) {
        // Small letters among small ones, capitals among capitals.
        (true, true, _) if before.is_lowercase() => own.is_uppercase(),
        (true, true, true) => own.is_lowercase() && after.is_uppercase(),
        (true, false, true) => !apostrophe,
        (true, false, false) => NEVER_BEHIND.contains(own),
        _ => false,
    }
}
