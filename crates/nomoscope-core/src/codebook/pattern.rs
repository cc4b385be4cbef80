//! The pattern language of codebooks.
//!
//! Words; `*` for any letters inside a word; `(a|b c|d)`, alternatives of one or several words, nested at will;
//! `[word]`, optional; `...`, up to three words between; `A NEAR/n B`, both within n words in either order.
//! All dashes are one character, and a dash is no space. A pattern is expanded here into flat sequences of
//! [`Step`]s, because a trie of flat sequences is what the matcher walks fastest.

use super::fold::{compose_unspaced, fold_word};
use crate::text::characters::{Role, is_raised, role};

/// The most words that `...` may stand for.
pub const GAP_WORDS: u8 = 3;
/// The most flat sequences that one operand may expand to.
pub const MAX_EXPANSIONS: usize = 4096;
/// The deepest nesting of groups.
pub const MAX_DEPTH: usize = 16;
/// The widest NEAR.
pub const MAX_NEAR: u32 = 50;
/// The longest pattern, in bytes.
pub const MAX_BYTES: usize = 2000;

/// Why a pattern was not understood. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// No word at all.
    #[error("it has no word")]
    Empty,
    /// A group or option is not closed.
    #[error("`{open}` at character {at} is not closed")]
    Unclosed {
        /// The bracket.
        open: char,
        /// Character, from 1.
        at: usize,
    },
    /// A bracket closes nothing.
    #[error("`{close}` at character {at} closes nothing")]
    Unopened {
        /// The bracket.
        close: char,
        /// Character, from 1.
        at: usize,
    },
    /// `|` outside a group.
    #[error("`|` at character {at} stands outside a group")]
    BarOutside {
        /// Character, from 1.
        at: usize,
    },
    /// An empty alternative.
    #[error("the alternative before character {at} is empty")]
    EmptyAlternative {
        /// Character, from 1.
        at: usize,
    },
    /// NEAR within a group.
    #[error("NEAR stands inside a group")]
    NearInside,
    /// NEAR without an operand on both sides.
    #[error("NEAR needs words on both sides")]
    NearOperand,
    /// NEAR with a bad number.
    #[error("`{0}` needs a number of words from 1 to 50, as in NEAR/6")]
    NearNumber(String),
    /// A gap at the edge.
    #[error("`...` needs a word on both sides")]
    GapAtEdge,
    /// It could match nothing but optional words.
    #[error("every word of it is optional")]
    AllOptional,
    /// Too many combinations.
    #[error("it stands for more than {max} phrases")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// Nested too deep.
    #[error("its groups are nested more than {max} deep")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// Too long.
    #[error("it is longer than {max} bytes")]
    TooLong {
        /// The limit.
        max: usize,
    },
}

/// One step of a flat sequence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A word, folded.
    Word(String),
    /// A word with wildcards: the folded pieces between the stars, empty at an open edge.
    Glob(Vec<String>),
    /// A dash.
    Dash,
    /// Any other punctuation.
    Punctuation,
    /// Up to this many words.
    Gap(u8),
}

/// A flat sequence of steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Phrase {
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether it may begin inside a word of a script without spaces (`*` at its start).
    pub open_start: bool,
    /// Whether it may end inside a word of a script without spaces (`*` at its end).
    pub open_end: bool,
}

/// A parsed pattern: operands joined by NEAR, each a set of phrases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The phrases of the first operand.
    pub first: Vec<Phrase>,
    /// Further operands with the number of words within which they must lie.
    pub near: Vec<(u32, Vec<Phrase>)>,
}

impl Pattern {
    /// Returns the parsed pattern, with accents folded.
    ///
    /// # Errors
    /// The first thing that cannot be understood.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        Self::parse_with(text, false)
    }

    /// Returns the parsed pattern; `keep_accents` must be that of the codebook.
    ///
    /// # Errors
    /// The first thing that cannot be understood.
    pub fn parse_with(text: &str, keep_accents: bool) -> Result<Self, PatternError> {
        if text.len() > MAX_BYTES {
            return Err(PatternError::TooLong { max: MAX_BYTES });
        }
        let tokens = lex(text);
        let mut operands: Vec<(u32, Vec<Lexeme>)> = vec![(0, Vec::new())];
        let mut depth = 0_usize;
        for lexeme in tokens {
            match &lexeme.kind {
                Kind::Open | Kind::OpenOptional => depth += 1,
                Kind::Close | Kind::CloseOptional => depth = depth.saturating_sub(1),
                Kind::Near(_) if depth > 0 => return Err(PatternError::NearInside),
                Kind::Near(word) => {
                    operands.push((near_number(word)?, Vec::new()));
                    continue;
                }
                _ => {}
            }
            if let Some((_, last)) = operands.last_mut() {
                last.push(lexeme);
            }
        }
        let several = operands.len() > 1;
        let mut parsed = Vec::new();
        for (n, lexemes) in operands {
            if lexemes.is_empty() {
                return Err(if several { PatternError::NearOperand } else { PatternError::Empty });
            }
            parsed.push((n, expand_operand(&lexemes, keep_accents)?));
        }
        let mut parsed = parsed.into_iter();
        let first = parsed.next().map(|(_, p)| p).ok_or(PatternError::Empty)?;
        Ok(Self { first, near: parsed.collect() })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Word(String),
    Open,
    Close,
    OpenOptional,
    CloseOptional,
    Bar,
    Gap,
    Near(String),
}

#[derive(Debug, Clone)]
struct Lexeme {
    kind: Kind,
    at: usize,
}

fn lex(text: &str) -> Vec<Lexeme> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let at = i + 1;
        let kind = match chars[i] {
            c if role(c) == Role::Space => {
                i += 1;
                continue;
            }
            '(' => Kind::Open,
            ')' => Kind::Close,
            '[' => Kind::OpenOptional,
            ']' => Kind::CloseOptional,
            '|' => Kind::Bar,
            '…' => Kind::Gap,
            '.' if chars[i..].starts_with(&['.', '.', '.']) => {
                i += 2;
                Kind::Gap
            }
            _ => {
                let start = i;
                while i < chars.len() && !ends_word(&chars, i) {
                    i += 1;
                }
                i -= 1;
                let word: String = chars[start..=i].iter().collect();
                if word.starts_with("NEAR/") || word == "NEAR" { Kind::Near(word) } else { Kind::Word(word) }
            }
        };
        out.push(Lexeme { kind, at });
        i += 1;
    }
    out
}

fn ends_word(chars: &[char], i: usize) -> bool {
    role(chars[i]) == Role::Space
        || matches!(chars[i], '(' | ')' | '[' | ']' | '|' | '…')
        || chars[i..].starts_with(&['.', '.', '.'])
}

fn near_number(word: &str) -> Result<u32, PatternError> {
    word.strip_prefix("NEAR/")
        .and_then(|n| n.parse::<u32>().ok())
        .filter(|n| (1..=MAX_NEAR).contains(n))
        .ok_or_else(|| PatternError::NearNumber(word.to_owned()))
}

type Sequences = Vec<Vec<Piece>>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(String),
    Gap,
}

fn expand_operand(lexemes: &[Lexeme], keep_accents: bool) -> Result<Vec<Phrase>, PatternError> {
    let mut at = 0;
    let sequences = sequence(lexemes, &mut at, 0)?;
    if let Some(extra) = lexemes.get(at) {
        return Err(match extra.kind {
            Kind::Bar => PatternError::BarOutside { at: extra.at },
            Kind::Close => PatternError::Unopened { close: ')', at: extra.at },
            _ => PatternError::Unopened { close: ']', at: extra.at },
        });
    }
    let mut phrases = Vec::new();
    for pieces in sequences {
        if pieces.is_empty() {
            return Err(PatternError::AllOptional);
        }
        if matches!(pieces.first(), Some(Piece::Gap)) || matches!(pieces.last(), Some(Piece::Gap)) {
            return Err(PatternError::GapAtEdge);
        }
        phrases.push(phrase(&pieces, keep_accents)?);
    }
    phrases.sort();
    phrases.dedup();
    Ok(phrases)
}

fn sequence(lexemes: &[Lexeme], at: &mut usize, depth: usize) -> Result<Sequences, PatternError> {
    if depth > MAX_DEPTH {
        return Err(PatternError::TooDeep { max: MAX_DEPTH });
    }
    let mut out: Sequences = vec![Vec::new()];
    while let Some(lexeme) = lexemes.get(*at) {
        let choices: Sequences = match &lexeme.kind {
            Kind::Word(word) => vec![vec![Piece::Word(word.clone())]],
            Kind::Gap => vec![vec![Piece::Gap]],
            Kind::Open => group(lexemes, at, depth, lexeme.at, false)?,
            Kind::OpenOptional => {
                let mut inner = group(lexemes, at, depth, lexeme.at, true)?;
                inner.push(Vec::new());
                inner
            }
            Kind::Close | Kind::CloseOptional | Kind::Bar | Kind::Near(_) => break,
        };
        *at += 1;
        out = product(&out, &choices)?;
    }
    Ok(out)
}

fn group(
    lexemes: &[Lexeme],
    at: &mut usize,
    depth: usize,
    opened: usize,
    optional: bool,
) -> Result<Sequences, PatternError> {
    let mut out = Vec::new();
    loop {
        *at += 1;
        let inner = sequence(lexemes, at, depth + 1)?;
        let here = lexemes.get(*at);
        if inner.iter().all(Vec::is_empty) {
            return Err(PatternError::EmptyAlternative { at: here.map_or(opened, |l| l.at) });
        }
        out.extend(inner);
        match here.map(|l| &l.kind) {
            Some(Kind::Bar) => {}
            Some(Kind::Close) if !optional => return Ok(out),
            Some(Kind::CloseOptional) if optional => return Ok(out),
            _ => {
                return Err(PatternError::Unclosed { open: if optional { '[' } else { '(' }, at: opened });
            }
        }
    }
}

fn product(left: &Sequences, right: &Sequences) -> Result<Sequences, PatternError> {
    if left.len().saturating_mul(right.len()) > MAX_EXPANSIONS {
        return Err(PatternError::TooMany { max: MAX_EXPANSIONS });
    }
    let mut out = Vec::with_capacity(left.len() * right.len());
    for l in left {
        for r in right {
            let mut joined = l.clone();
            joined.extend(r.iter().cloned());
            out.push(joined);
        }
    }
    Ok(out)
}

fn phrase(pieces: &[Piece], keep_accents: bool) -> Result<Phrase, PatternError> {
    let mut out = Phrase::default();
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Gap => out.steps.push(Step::Gap(GAP_WORDS)),
            Piece::Word(word) => {
                let edges = (i == 0, i + 1 == pieces.len());
                word_steps(word, keep_accents, edges, &mut out);
            }
        }
    }
    let has_word = out.steps.iter().any(|s| matches!(s, Step::Word(_) | Step::Glob(_)));
    if has_word { Ok(out) } else { Err(PatternError::Empty) }
}

/// Splits a written word into steps exactly as the matcher splits the text.
fn word_steps(word: &str, keep_accents: bool, (first, last): (bool, bool), out: &mut Phrase) {
    let composed = compose_unspaced(word);
    let chars: Vec<char> = composed.as_ref().map_or(word, |(word, _)| word).chars().collect();
    let mut run = String::new();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        match role(c) {
            _ if c == '*' && beside_unspaced(&chars, i) => {
                if i == 0 && first {
                    out.open_start = true;
                } else if i + 1 == chars.len() && last {
                    out.open_end = true;
                }
            }
            _ if c == '*' => run.push(c),
            // The number of a note ends a word.
            Role::Invisible if is_raised(c) => flush_word(&mut run, keep_accents, &mut out.steps),
            Role::Invisible if run.is_empty() => {}
            Role::Letter | Role::Invisible => run.push(c),
            Role::Unspaced => {
                flush_word(&mut run, keep_accents, &mut out.steps);
                out.steps.push(Step::Word(fold_word(&c.to_string(), keep_accents)));
            }
            Role::Dash => {
                flush_word(&mut run, keep_accents, &mut out.steps);
                out.steps.push(Step::Dash);
            }
            // Before a word or after nothing it is a quotation mark: transparent, in patterns as in texts.
            Role::Apostrophe if fold_word(&run, keep_accents).is_empty() => run.clear(),
            Role::Apostrophe => match after_apostrophe(chars[i + 1..].iter().copied(), |c| c == '*') {
                AfterApostrophe::Nothing => flush_word(&mut run, keep_accents, &mut out.steps),
                AfterApostrophe::Ending(ending) => {
                    flush_word(&mut run, keep_accents, &mut out.steps);
                    i += ending.chars().count();
                    out.steps.push(Step::Word(format!("'{ending}")));
                }
                // As in texts: nothing is elided after a digit.
                AfterApostrophe::Word if fold_word(&run, keep_accents).ends_with(char::is_numeric) => {
                    flush_word(&mut run, keep_accents, &mut out.steps);
                }
                AfterApostrophe::Word => {
                    run.push('\'');
                    flush_word(&mut run, keep_accents, &mut out.steps);
                }
            },
            Role::Space | Role::Stop | Role::Punctuation => {
                flush_word(&mut run, keep_accents, &mut out.steps);
                // Punctuation at the end of the whole pattern is dropped: "No." finds "No 29" too.
                if (!last || i + 1 < chars.len()) && !out.steps.is_empty() {
                    out.steps.push(Step::Punctuation);
                }
            }
        }
        i += 1;
    }
    flush_word(&mut run, keep_accents, &mut out.steps);
}

fn beside_unspaced(chars: &[char], i: usize) -> bool {
    let near = |j: Option<usize>| j.and_then(|j| chars.get(j)).is_some_and(|&c| role(c) == Role::Unspaced);
    near(i.checked_sub(1)) || near(Some(i + 1))
}

/// What an apostrophe after a word joins to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterApostrophe {
    /// Nothing: it closes a quotation, or marks a plural (victims').
    Nothing,
    /// An English ending (child's), in lower case.
    Ending(String),
    /// A word of its own: the apostrophe belongs to the word before it (d'enfants).
    Word,
}

/// Returns what the characters after an apostrophe are; `wild` tells further characters that count as letters.
pub fn after_apostrophe(rest: impl Iterator<Item = char>, wild: impl Fn(char) -> bool) -> AfterApostrophe {
    // Four letters suffice to tell an ending, so that a long word is not read for each of its apostrophes.
    let letters: String = rest.take_while(|&c| role(c) == Role::Letter || wild(c)).take(4).collect();
    let lower = letters.to_lowercase();
    // Nothing is elided before a digit.
    if letters.is_empty() || letters.starts_with(char::is_numeric) {
        AfterApostrophe::Nothing
    } else if matches!(lower.as_str(), "s" | "t" | "d" | "m" | "ll" | "re" | "ve") {
        AfterApostrophe::Ending(lower)
    } else {
        AfterApostrophe::Word
    }
}

fn flush_word(run: &mut String, keep_accents: bool, steps: &mut Vec<Step>) {
    if run.is_empty() {
        return;
    }
    let word = std::mem::take(run);
    // Nothing but marks that fold away is no word.
    if !word.contains('*') && fold_word(&word, keep_accents).is_empty() {
        return;
    }
    if word.contains('*') {
        let mut parts: Vec<String> = Vec::new();
        for part in word.split('*') {
            let folded = fold_word(part, keep_accents);
            // `**` is `*`
            if folded.is_empty() && parts.last().is_some_and(String::is_empty) && !parts.is_empty() && parts.len() > 1 {
                continue;
            }
            parts.push(folded);
        }
        steps.push(Step::Glob(parts));
    } else {
        steps.push(Step::Word(fold_word(&word, keep_accents)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(s: &str) -> Step {
        Step::Word(s.to_owned())
    }

    fn flat(text: &str) -> Vec<Vec<Step>> {
        let p = Pattern::parse(text).unwrap();
        p.first.into_iter().map(|p| p.steps).collect()
    }

    #[test]
    fn expands_groups_and_options() {
        assert_eq!(flat("sale of child"), [vec![w("sale"), w("of"), w("child")]]);
        assert_eq!(
            flat("(a|b c|(d|e)) [x] y"),
            [
                vec![w("a"), w("x"), w("y")],
                vec![w("a"), w("y")],
                vec![w("b"), w("c"), w("x"), w("y")],
                vec![w("b"), w("c"), w("y")],
                vec![w("d"), w("x"), w("y")],
                vec![w("d"), w("y")],
                vec![w("e"), w("x"), w("y")],
                vec![w("e"), w("y")],
            ]
        );
    }

    #[test]
    fn splits_words_as_texts_are_split() {
        assert_eq!(flat("modern-day"), [vec![w("modern"), Step::Dash, w("day")]]);
        assert_eq!(flat("d'enfants"), [vec![w("d'"), w("enfants")]]);
        assert_eq!(flat("child's"), [vec![w("child"), w("'s")]]);
        assert_eq!(flat("victims' rights"), [vec![w("victims"), w("rights")]]);
        assert_eq!(
            flat("child* traffick*"),
            [vec![Step::Glob(vec!["child".into(), String::new()]), Step::Glob(vec!["traffick".into(), String::new()])]]
        );
        assert_eq!(flat("人身"), [vec![w("人"), w("身")]]);
        assert_eq!(flat("a ... b"), [vec![w("a"), Step::Gap(3), w("b")]]);
        assert_eq!(flat("a … b"), [vec![w("a"), Step::Gap(3), w("b")]]);
        assert_eq!(flat("No. 29"), [vec![w("no"), Step::Punctuation, w("29")]]);
        assert_eq!(flat("No."), [vec![w("no")]]);
    }

    #[test]
    fn says_what_is_wrong() {
        let rows = [
            ("", PatternError::Empty),
            ("(a|b", PatternError::Unclosed { open: '(', at: 1 }),
            ("a) b", PatternError::Unopened { close: ')', at: 2 }),
            ("a ]", PatternError::Unopened { close: ']', at: 3 }),
            ("[a", PatternError::Unclosed { open: '[', at: 1 }),
            ("a | b", PatternError::BarOutside { at: 3 }),
            ("(a|) b", PatternError::EmptyAlternative { at: 4 }),
            ("(a NEAR/3 b)", PatternError::NearInside),
            ("a NEAR/x b", PatternError::NearNumber("NEAR/x".into())),
            ("a NEAR b", PatternError::NearNumber("NEAR".into())),
            ("a NEAR/99 b", PatternError::NearNumber("NEAR/99".into())),
            ("NEAR/3 b", PatternError::NearOperand),
            ("... a", PatternError::GapAtEdge),
            ("[a]", PatternError::AllOptional),
            ("!!", PatternError::Empty),
        ];
        for (text, want) in rows {
            assert_eq!(Pattern::parse(text), Err(want), "{text}");
        }
    }

    #[test]
    fn refuses_explosions() {
        let big = "(a|b|c|d|e|f|g|h) ".repeat(8);
        assert_eq!(Pattern::parse(&big), Err(PatternError::TooMany { max: MAX_EXPANSIONS }));
        let deep = format!("{}a{}", "(".repeat(40), ")".repeat(40));
        assert_eq!(Pattern::parse(&deep), Err(PatternError::TooDeep { max: MAX_DEPTH }));
    }
}
