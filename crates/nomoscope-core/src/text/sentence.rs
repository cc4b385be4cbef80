//! Sentences: terminal marks of many scripts, and the abbreviations of legal and diplomatic writing that are none.
//!
//! The idea follows the Unicode sentence rules (UAX 29) with the suppressions that they leave to an application. A
//! semicolon ends no sentence (the recitals and points of a treaty are one each), nor does the end of a line; a blank
//! line does, unless the words run on in lower case. Thai and Lao have no mark at all and end a sentence with a space,
//! which they also use for less: there, a space ends a sentence that has [`SPACED_SENTENCE`] bytes.

use super::Span;
use super::abbreviations::{self, Abbreviations};
use super::language::primary;

/// The least length of a sentence of Thai or Lao, in bytes: about thirty letters.
const SPACED_SENTENCE: usize = 90;

/// Returns the sentences of `text`, trimmed, in order; together they hold everything but white space between them.
#[must_use]
pub fn sentences(text: &str, language: Option<&str>) -> Vec<Span> {
    let mut spans = Vec::new();
    split(text, 0, text.len(), language, &mut spans);
    spans
}

/// Pushes the sentences of `text[from..to]`.
pub(super) fn split(text: &str, from: usize, to: usize, language: Option<&str>, spans: &mut Vec<Span>) {
    let Some(window) = text.get(from..to) else {
        return;
    };
    let bytes = window.as_bytes();
    let rules = Rules::of(language);
    let first = spans.len();
    let mut start = skip_space(window, 0);
    let mut at = start;
    while at < bytes.len() {
        let Some(offset) = bytes[at..].iter().position(|&byte| INTERESTING[byte as usize]) else {
            break;
        };
        at += offset;
        match boundary(window, start, at, &rules) {
            Step::End(end) => {
                push(window, start, end, from, first, spans);
                start = skip_space(window, end);
                at = start;
            }
            Step::Go(next) => at = next,
        }
    }
    push(window, start, bytes.len(), from, first, spans);
}

/// Languages that write an ordinal as a number with a full stop.
const ORDINAL_LANGUAGES: &[&str] =
    &["de", "da", "nb", "nn", "no", "fi", "cs", "sk", "pl", "hu", "hr", "sr", "bs", "sl", "et", "lv", "tr", "is"];

/// What a language adds to the rules for all.
struct Rules {
    ordinals: bool,
    own: Option<&'static Abbreviations>,
}

impl Rules {
    fn of(language: Option<&str>) -> Self {
        let primary = language.map(primary).unwrap_or_default();
        Self { ordinals: ORDINAL_LANGUAGES.contains(&primary.as_str()), own: abbreviations::of(&primary) }
    }

    fn leads(&self, word: &str) -> bool {
        self.own.is_some_and(|own| short_in(own.leading, word))
    }

    fn is_firm(&self, word: &str) -> bool {
        self.own.is_some_and(|own| short_in(own.firm, word))
    }
}

fn short_in(list: &[&str], word: &str) -> bool {
    // Twice as many bytes as for Latin: most letters of other scripts have two.
    !word.is_empty() && word.len() <= 24 && list.contains(&word.to_lowercase().as_str())
}

enum Step {
    /// A sentence ends before this byte.
    End(usize),
    /// None ends here; go on at this byte.
    Go(usize),
}

const fn interesting() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0usize;
    while byte < 256 {
        // Lead bytes of the terminal marks beyond ASCII, see `wide_terminal`.
        table[byte] = matches!(
            byte as u8,
            b'.' | b'!' | b'?' | b'\n' | b'\r' | 0xd6 | 0xd8 | 0xdb | 0xe0 | 0xe1 | 0xe2 | 0xe3 | 0xef
        );
        byte += 1;
    }
    table
}

static INTERESTING: [bool; 256] = interesting();

fn push(window: &str, start: usize, end: usize, base: usize, first: usize, spans: &mut Vec<Span>) {
    let Some(sentence) = window.get(start..end) else {
        return;
    };
    let kept = sentence.trim_end();
    if kept.is_empty() {
        return;
    }
    let end = base + start + kept.len();
    // Marks without a letter or digit ("* * *", a stray bracket) are no sentence: they close the one before.
    if !kept.chars().any(char::is_alphanumeric) && spans.len() > first {
        if let Some(last) = spans.last_mut() {
            last.end = narrow(end);
        }
        return;
    }
    spans.push(Span::new(narrow(base + start), narrow(end)));
}

pub(super) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn skip_space(window: &str, at: usize) -> usize {
    window.get(at..).map_or(window.len(), |rest| window.len() - rest.trim_start().len())
}

fn boundary(window: &str, start: usize, at: usize, rules: &Rules) -> Step {
    let bytes = window.as_bytes();
    match bytes[at] {
        b'\n' | b'\r' => blank_line(window, at),
        b'.' => full_stop(window, start, at, rules),
        b'!' | b'?' => {
            let end = closers(window, at + 1);
            match following(window, end) {
                Following::Lower | Following::Glued(_) => Step::Go(end),
                _ => Step::End(end),
            }
        }
        _ => wide(window, start, at),
    }
}

/// A blank line ends a sentence, unless the next words run on in lower case (a page break, a point of a list).
fn blank_line(window: &str, at: usize) -> Step {
    let bytes = window.as_bytes();
    let mut next = at;
    let mut lines = 0u32;
    while let Some(&byte) = bytes.get(next) {
        match byte {
            b'\r' => lines += u32::from(bytes.get(next + 1) != Some(&b'\n')),
            b'\n' => lines += 1,
            b' ' | b'\t' | 0x0c => {}
            _ => break,
        }
        next += 1;
    }
    let lower = window.get(next..).and_then(|rest| rest.chars().next()).is_some_and(char::is_lowercase);
    if lines >= 2 && !lower { Step::End(at) } else { Step::Go(next.max(at + 1)) }
}

/// Skips further terminal marks, closing quotation marks and brackets.
fn closers(window: &str, at: usize) -> usize {
    let mut end = at;
    while let Some(character) = window.get(end..).and_then(|rest| rest.chars().next()) {
        if !matches!(
            character,
            '.' | '!'
                | '?'
                | '"'
                | '\''
                | ')'
                | ']'
                | '}'
                | '*'
                | '\u{2019}'
                | '\u{201d}'
                | '\u{bb}'
                | '\u{203a}'
                | '」'
                | '』'
                | '）'
                | '】'
                | '》'
                | '…'
        ) {
            break;
        }
        end += character.len_utf8();
    }
    // "… . « Oui »": a French closing mark stands after a space.
    for space in [" »", "\u{a0}»", "\u{202f}»"] {
        if window.get(end..).is_some_and(|rest| rest.starts_with(space)) {
            end += space.len();
        }
    }
    end
}

enum Following<'a> {
    Nothing,
    Lower,
    Digit,
    Upper(&'a str),
    Other,
    /// No white space between, and this character.
    Glued(char),
}

fn following(window: &str, at: usize) -> Following<'_> {
    let rest = window.get(at..).unwrap_or("");
    let next = rest.trim_start();
    let Some(character) = next.chars().next() else {
        return Following::Nothing;
    };
    if next.len() == rest.len() {
        return Following::Glued(character);
    }
    // "… ends. (b) There …": a point, not the middle of a sentence in brackets.
    let head = &next[..next.floor_char_boundary(6)];
    if head.starts_with('(') && head.find(')').is_some_and(|close| close > 1) {
        return Following::Other;
    }
    let word = next.trim_start_matches([
        '"', '\'', '(', '[', '*', '\u{2018}', '\u{201c}', '\u{201e}', '«', ' ', '\u{a0}', '\u{202f}',
    ]);
    match word.chars().next() {
        Some(letter) if letter.is_lowercase() => Following::Lower,
        Some(digit) if digit.is_numeric() => Following::Digit,
        Some(letter) if letter.is_uppercase() => {
            let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
            Following::Upper(&word[..end])
        }
        _ => Following::Other,
    }
}

/// The word that ends right before `at`, with its inner full stops, without opening marks.
fn word_before(window: &str, start: usize, at: usize) -> &str {
    // An abbreviation is short: no need to look further back, and a text without spaces stays linear.
    let mut floor = at.saturating_sub(24).max(start);
    while !window.is_char_boundary(floor) {
        floor += 1;
    }
    let before = window.get(floor..at).unwrap_or("");
    let word = before
        .rsplit(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '(' | '['
                        | '"'
                        | '\''
                        | '\u{2019}'
                        | '\u{201c}'
                        | '\u{2018}'
                        | '«'
                        | '/'
                        | '-'
                        | '\u{2013}'
                        | '\u{2014}'
                )
        })
        .next();
    word.unwrap_or("").trim_start_matches(['*', '\'', '_', '\u{feff}'])
}

fn full_stop(window: &str, start: usize, at: usize, rules: &Rules) -> Step {
    let end = closers(window, at + 1);
    let word = word_before(window, start, at);
    // Thai and Lao end a sentence with a space; their full stop abbreviates (พ.ศ. 2551).
    if word.ends_with(|c: char| matches!(c, '\u{e00}'..='\u{eff}')) {
        return Step::Go(end);
    }
    // "192. § szerint": the number belongs to the sign.
    let numbers_a_section = || window.get(end..).is_some_and(|rest| rest.trim_start().starts_with('§'));
    if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) && numbers_a_section() {
        return Step::Go(end);
    }
    if within_a_date(window, start, at, word) {
        return Step::Go(end);
    }
    let next = following(window, end);
    let leads = || rules.leads(word);
    let stop = match next {
        Following::Nothing => true,
        Following::Lower => false,
        Following::Glued(character) => end == at + 1 && glued(window, word, at, character),
        Following::Digit => {
            !(takes_number(word)
                || leads()
                || rules.is_firm(word)
                || opens(window, start, at, word)
                || is_initial(word)
                || (rules.ordinals && is_ordinal(word)))
        }
        Following::Upper(next) => {
            let bare = end == at + 1;
            !(bare
                && (opens(window, start, at, word)
                    || (is_initial(word) && !(word == "I" && starts_sentence(next)))
                    || (is_title(word) && next != "The")
                    || leads()
                    || (rules.is_firm(word) && !starts_sentence(next))
                    || (takes_number(word) && (is_roman(next) || is_symbol(window, end)))
                    || (has_inner_stop(word) && !starts_sentence(next))
                    || (is_firm(word) && !starts_sentence(next))
                    || (rules.ordinals && is_ordinal(word) && !starts_sentence(next))))
        }
        // A script without capitals, a bracket, a sign.
        Following::Other => !(is_title(word) || takes_number(word) || leads() || rules.is_firm(word)),
    };
    if stop { Step::End(end) } else { Step::Go(end) }
}

/// "… flags.The Parties": text whose line breaks were lost.
fn glued(window: &str, word: &str, at: usize, character: char) -> bool {
    let after = window.get(at + 1 + character.len_utf8()..).and_then(|rest| rest.chars().next());
    character.is_uppercase()
        && after.is_none_or(|c| c.is_lowercase() || c.is_whitespace())
        && word.chars().count() >= 3
        && word.chars().all(char::is_alphabetic)
        && word.chars().last().is_some_and(char::is_lowercase)
        && !is_title(word)
}

/// Whether `word` is a number or letter that opens the sentence: "1. The …", "a. to …".
fn opens(window: &str, start: usize, at: usize, word: &str) -> bool {
    let head = window.get(start..at).unwrap_or("").trim_start_matches(['*', '"', '\u{201c}', '(', '\u{feff}']);
    head == word
        && !word.is_empty()
        && (word.len() <= 4 && word.chars().all(|c| c.is_ascii_digit()) || is_roman(word) || is_initial(word))
}

/// Whether the sign of a document follows, of letters and numbers between strokes: "Doc. A/RES/55/25".
fn is_symbol(window: &str, at: usize) -> bool {
    let next = window.get(at..).unwrap_or("").trim_start();
    let end = next.find(char::is_whitespace).unwrap_or(next.len());
    let symbol = &next[..end];
    symbol.contains('/')
        && symbol.starts_with(|c: char| c.is_ascii_uppercase())
        && symbol.contains(|c: char| c.is_ascii_digit())
}

fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    matches!((letters.next(), letters.next()), (Some(letter), None) if letter.is_alphabetic())
}

fn has_inner_stop(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| part.chars().count() <= 3 && part.chars().all(char::is_alphabetic))
}

fn is_ordinal(word: &str) -> bool {
    !word.is_empty() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the full stop is one of the three of "2001. 3. 5.", as Korean writes dates.
fn within_a_date(window: &str, start: usize, at: usize, word: &str) -> bool {
    let number = |word: &str, most: usize| (1..=most).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    if !number(word, 4) {
        return false;
    }
    let mut floor = at.saturating_sub(12).max(start);
    while !window.is_char_boundary(floor) {
        floor += 1;
    }
    let before = window.get(floor..at).unwrap_or("");
    let after = window.get(at + 1..).unwrap_or("");
    let mut behind = before.rsplit(' ').skip(1).map(|word| word.strip_suffix('.').unwrap_or(""));
    let mut ahead = after.split(' ').skip(1).take(2).map(|word| word.find('.').map_or("", |end| &word[..end]));
    let year = |word: &str| number(word, 4) && word.len() == 4;
    match (
        behind.next().unwrap_or(""),
        behind.next().unwrap_or(""),
        ahead.next().unwrap_or(""),
        ahead.next().unwrap_or(""),
    ) {
        (_, _, month, day) if year(word) => number(month, 2) && number(day, 2),
        (first, _, day, _) if year(first) => number(word, 2) && number(day, 2),
        (month, first, ..) => year(first) && number(month, 2) && number(word, 2),
    }
}

fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M' | b'i' | b'v' | b'x' | b'l'))
}

/// Titles before names.
const TITLES: &[&str] = &[
    "Adm", "Amb", "Fa", "Brig", "Capt", "Cmdr", "Col", "Cpl", "Dr", "Drs", "Fr", "Frl", "Gen", "Gov", "Hon", "Hr",
    "Ing", "Jr", "Lic", "Lt", "MM", "Maj", "Me", "Messrs", "Mgr", "Mlle", "Mme", "Mmes", "Mr", "Mrs", "Ms", "Mt",
    "Msgr", "Pres", "Prof", "Rep", "Rev", "Rt", "Sen", "Sgt", "Sr", "Sra", "Sres", "Srta", "St", "Ste", "Supt", "Dres",
];

/// Words that stand before a number.
const BEFORE_NUMBERS: &[&str] = &[
    "abs", "add", "al", "app", "art", "arts", "aufl", "bd", "bl", "buchst", "bzw", "ca", "cap", "cf", "ch", "chap",
    "cl", "corr", "doc", "ed", "eds", "fig", "figs", "fol", "gem", "halbs", "inc", "jan", "feb", "apr", "aug", "sept",
    "sep", "oct", "nov", "dec", "let", "lit", "mar", "n", "no", "nos", "nr", "nrn", "num", "núm", "para", "paras",
    "par", "pp", "p", "pt", "reg", "res", "rn", "rz", "s", "sch", "sec", "secs", "sect", "ss", "subpara", "subs",
    "subsec", "supp", "suppl", "tab", "tit", "vgl", "vol", "vols", "ziff", "al", "vom", "v", "artt",
];

/// Abbreviations after which a capital seldom starts a sentence.
const FIRM: &[&str] = &[
    "approx", "assn", "bros", "bspw", "bzw", "cf", "co", "corp", "dept", "dgl", "d.h", "e.g", "einschl", "etc", "evtl",
    "excl", "ggf", "ggfs", "gem", "govt", "i.e", "i.v.m", "incl", "inkl", "insb", "insbes", "intl", "ltd", "nos",
    "resp", "sog", "u.a", "usw", "vgl", "viz", "vs", "z.b", "zzgl", "ibid", "et al", "op", "cit", "abs", "nr", "art",
    "hrsg", "lit", "ziff", "buchst", "lt", "ff", "supp", "reg", "fed",
];

/// Words with which sentences of English open so often that even an abbreviation before them ends its sentence.
const STARTERS: &[&str] = &[
    "A", "After", "All", "Although", "An", "And", "As", "At", "But", "By", "Each", "Every", "For", "He", "Her", "His",
    "However", "I", "If", "In", "It", "Its", "Many", "Moreover", "My", "No", "Nor", "Nothing", "On", "Our", "She",
    "So", "Some", "States", "Such", "That", "The", "Their", "There", "These", "They", "This", "Those", "Thus", "To",
    "We", "What", "When", "Where", "While", "With", "You", "Er", "Es", "Sie", "Wir", "Wer", "Ein", "Eine", "Das",
    "Der", "Die", "Dies", "Diese", "Le", "La", "Les", "Il", "Elle", "Elles", "Ils", "Nous", "Un", "Une", "Cette", "Ce",
];

fn is_title(word: &str) -> bool {
    TITLES.contains(&word) || matches!(word, "MR" | "MRS" | "MS" | "DR" | "MME")
}

fn takes_number(word: &str) -> bool {
    lowered(word, |lower| BEFORE_NUMBERS.contains(&lower)) || word == "n°" || word == "N°" || word == "§"
}

fn is_firm(word: &str) -> bool {
    lowered(word, |lower| FIRM.contains(&lower))
}

fn starts_sentence(word: &str) -> bool {
    STARTERS.contains(&word)
}

/// Asks about the lower-case form of a short word without an allocation for the common case of a long one.
fn lowered(word: &str, ask: impl Fn(&str) -> bool) -> bool {
    word.len() <= 8 && !word.is_empty() && ask(&word.to_lowercase())
}

/// Terminal marks beyond ASCII, and the spaces of Thai and Lao.
fn wide(window: &str, start: usize, at: usize) -> Step {
    let Some(character) = window.get(at..).and_then(|rest| rest.chars().next()) else {
        return Step::Go(at + 1);
    };
    let next = at + character.len_utf8();
    match character {
        '\u{589}'
        | '\u{61f}'
        | '\u{6d4}'
        | '\u{964}'
        | '\u{965}'
        | '\u{104b}'
        | '\u{1362}'
        | '\u{1367}'
        | '\u{17d4}'
        | '\u{17d5}'
        | '\u{203c}'
        | '\u{2047}'..='\u{2049}'
        | '。'
        | '！'
        | '？'
        | '｡' => {
            let end = closers(window, next);
            if matches!(following(window, end), Following::Lower) { Step::Go(end) } else { Step::End(end) }
        }
        '\u{2026}' => {
            let end = closers(window, next);
            if matches!(following(window, end), Following::Upper(_) | Following::Nothing) {
                Step::End(end)
            } else {
                Step::Go(end)
            }
        }
        '\u{e00}'..='\u{eff}' if next - start >= SPACED_SENTENCE && spaced(window, next) => Step::End(next),
        _ => Step::Go(next),
    }
}

/// Whether a space and then again Thai or Lao follows.
fn spaced(window: &str, at: usize) -> bool {
    let rest = window.get(at..).unwrap_or("");
    rest.starts_with(' ') && rest.trim_start().chars().next().is_some_and(|c| matches!(c, '\u{e00}'..='\u{eff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, language: &str, want: &[&str]) {
        let got: Vec<&str> = sentences(text, Some(language)).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        check("See Art. 3 and No. 29. It applies.", "en", &["See Art. 3 and No. 29.", "It applies."]);
        check(
            "Mr. Smith of the U.N. spoke, e.g. on p. 12. Dr. A. B. Jones did not.",
            "en",
            &["Mr. Smith of the U.N. spoke, e.g. on p. 12.", "Dr. A. B. Jones did not."],
        );
        check("It cost 3.5 million. No. Never.", "en", &["It cost 3.5 million.", "No.", "Never."]);
        check("1. The Parties agree. 2. They act.", "en", &["1. The Parties agree.", "2. They act."]);
        check("M. Dupont a lu l'art. 3. Il est parti.", "fr", &["M. Dupont a lu l'art. 3.", "Il est parti."]);
        check(
            "Nach § 3 Abs. 2 Nr. 1 gilt z. B. Folgendes. Am 3. Oktober nicht.",
            "de",
            &["Nach § 3 Abs. 2 Nr. 1 gilt z. B. Folgendes.", "Am 3. Oktober nicht."],
        );
        check("All ends. (b) There is (cf. below) more.", "en", &["All ends.", "(b) There is (cf. below) more."]);
        let cited = "See G.A. Res. 55/25, U.N. Doc. A/RES/55/25 (2000).";
        check(&format!("{cited} It is old."), "en", &[cited, "It is old."]);
        check("It joined the U.N. The rest is known.", "en", &["It joined the U.N.", "The rest is known."]);
    }

    #[test]
    fn abbreviations_of_further_languages_end_no_sentence() {
        for (language, text, want) in [
            ("es", "Según el art. 3 de la ley, el Sr. Pérez pagó. Salió.", 2),
            ("it", "L'art. 600 c.p. punisce. Il sig. Rossi tace.", 2),
            ("it", "Le norme (artt. 3, co. 2) tacciono. Fine.", 2),
            ("de", "So lt. Bd. 3 der Akten. Ende.", 2),
            ("es", "Vive en EE. UU. de niños. Fin.", 2),
            ("id", "Lampu (Ps. 3 ayat (2) UU No. 21 Th. 2007) menyala. Selesai.", 2),
            ("pl", "Zgodnie z art. 5 ust. 2 pkt. 1 obowiązuje. Koniec.", 2),
            ("ru", "Согласно ст. 127 УК РФ и п. 2 ч. 1 это запрещено. Конец.", 2),
            ("uk", "Згідно зі ст. 149 КК та т. зв. Протоколом це заборонено. Кінець.", 2),
            ("cs", "Podle čl. 3 odst. 2 písm. a) platí. Konec.", 2),
            ("el", "Κατά το άρθ. 323Α παρ. 1 ισχύει. Τέλος.", 2),
            ("hu", "A Btk. 192. § szerint dr. Kovács felel. Vége.", 2),
            ("tr", "TCK md. 80 uygulanır. Son.", 2),
            ("hi", "डॉ. शर्मा ने कहा। वह गए।", 2),
            ("ar", "قال د. أحمد ذلك. ثم ذهب.", 2),
            ("th", "ตาม พ.ร.บ. พ.ศ. 2551", 1),
            ("el", "Κατά το άρθρ. 3 παρ. 4 και το άρ. 3 ισχύει. Τέλος.", 2),
            ("sv", "Lampan lyser enl. 3 kap. är den tänd (prop. 2001). Slut.", 2),
            ("ro", "Lampa (M. Of. nr. 3) a dlui. Popescu, str. Lungă, arde. Gata.", 2),
            ("hu", "A lámpa 2001. máj. 5. napján égett. Vége.", 2),
            ("ko", "이 등불은 2001. 3. 5. 켜졌다. 끝.", 2),
            ("ms", "Lampu Hj. Ahmad menyala. Tamat.", 2),
            ("de", "Die Lampe der Fa. Müller (S. 2 ff. und 3) brennt. Ende.", 2),
            ("en", "Lamps under subs. (2), cl. 5, Sch. 2, cap. 3 burn. Done.", 2),
            ("en", "The Rt. Hon. Jane Doe cited 3 Fed. Reg. 5 and 3 F. Supp. 2d 5. Done.", 2),
            ("en", "It burned in 2001. 3. The keeper left.", 2),
        ] {
            assert_eq!(
                sentences(text, Some(language)).len(),
                want,
                "{language}: {:?}",
                sentences(text, Some(language)).iter().map(|span| span.of(text)).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn lines_run_on_and_blank_lines_do_not() {
        check("one line\nand another; still one", "en", &["one line\nand another; still one"]);
        check("A heading\n\nIts text", "en", &["A heading", "Its text"]);
        check("A sentence that\r\n\r\nruns on", "en", &["A sentence that\r\n\r\nruns on"]);
        check("“Why?” he asked. “Because.” She left!", "en", &["“Why?” he asked.", "“Because.”", "She left!"]);
        check("their flags.The Parties agree", "en", &["their flags.", "The Parties agree"]);
    }

    #[test]
    fn marks_of_other_scripts() {
        check("灯塔在岩石上。它发光。", "zh", &["灯塔在岩石上。", "它发光。"]);
        check("दीपक जलता है। वह गरम है।", "hi", &["दीपक जलता है।", "वह गरम है।"]);
        check("هل هو حر؟ نعم.", "ar", &["هل هو حر؟", "نعم."]);
    }
}
