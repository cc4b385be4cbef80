//! Formulas: which lists depend on each other, as people write it.
//!
//! `A*B + C` and `A + B + C + A:B` as in R, `(A + B + C)^2` and `.^2` for all pairs, `-` to take a pair out again, a left side
//! before `~` that is ignored; `[AB][C]` and `[LA NG][PF]` as in books on contingency tables. Names of lists may hold spaces or
//! signs: the longest name that fits is taken, and backticks or quotation marks make it certain.

use super::histories::Histories;
use super::model::Model;
use super::term::Term;
use crate::problem::{Remedy, Slot};
use std::collections::BTreeSet;

/// Characters of the longest formula.
const MAX_LENGTH: usize = 4096;
/// How deep brackets may stand within brackets.
const MAX_DEPTH: usize = 32;
/// Terms of the longest formula.
const MAX_TERMS: usize = 4096;

/// A formula read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// The model.
    pub model: Model,
    /// Interactions that were not written, and are in the model because a larger term needs them.
    pub added: Vec<Term>,
}

/// Why a formula could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// There is nothing in it.
    #[error("the formula is empty")]
    Empty,
    /// It is longer, deeper or wider than anybody writes.
    #[error("the formula is too large")]
    TooLarge,
    /// A name that no list has.
    #[error("there is no list `{name}`")]
    UnknownList {
        /// The name.
        name: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// Something else stands where a list should.
    #[error("`{found}` at character {at}, where {wanted} should stand")]
    Unexpected {
        /// What stands there.
        found: String,
        /// Where, in characters from 1.
        at: usize,
        /// What should.
        wanted: &'static str,
    },
    /// The formula ends too early.
    #[error("the formula ends where {wanted} should stand")]
    Ends {
        /// What should stand there.
        wanted: &'static str,
    },
    /// The intercept is what is estimated.
    #[error("the intercept cannot be left out: it is the number of those on no list")]
    NoIntercept,
    /// Main effects stay.
    #[error("`{list}` cannot be left out: every list has a main effect")]
    MainEffect {
        /// The list.
        list: String,
    },
    /// A term was taken out that a larger one needs.
    #[error("`{term}` cannot be left out while `{within}` is in the model")]
    NotHierarchical {
        /// The term.
        term: String,
        /// The larger one.
        within: String,
    },
}

impl FormulaError {
    /// Returns what to do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::UnknownList { names, .. } => Some(format!("the lists are {}", names.join(", ")).into()),
            Self::MainEffect { .. } => {
                Some(Remedy::with("{} leaves a list out altogether", [Slot::set("lists", "A,B,C")]))
            }
            Self::Empty | Self::Unexpected { .. } | Self::Ends { .. } => {
                Some("write A*B + C, or A + B + C + A:B, or [AB][C]; or main, stepwise, all".into())
            }
            _ => None,
        }
    }
}

impl Model {
    /// Returns the model as a formula that can be given to the program again; `main` for main effects alone.
    #[must_use]
    pub fn formula(&self, histories: &Histories) -> String {
        if self.interactions().is_empty() {
            return "main".to_owned();
        }
        let name = |t: &Term| {
            let names = t.lists().filter_map(|i| histories.names().get(i)).map(|n| quoted(n));
            names.collect::<Vec<_>>().join(":")
        };
        self.terms(histories.n_lists()).iter().map(name).collect::<Vec<_>>().join(" + ")
    }
}

/// Returns a name as a formula takes it: in backticks where signs or spaces would be misread.
fn quoted(name: &str) -> String {
    let plain = name.chars().next().is_some_and(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if plain { name.to_owned() } else { format!("`{name}`") }
}

/// Returns the model of a formula.
/// # Input   the formula; names of the lists
/// # Errors  [`FormulaError`]
/// # Source  Wilkinson & Rogers (1973), Applied Statistics 22(3): 392–399; brackets as in Bishop, Fienberg & Holland (1975)
pub fn parse(text: &str, names: &[String]) -> Result<Formula, FormulaError> {
    if text.len() > MAX_LENGTH {
        return Err(FormulaError::TooLarge);
    }
    let tokens = Lexer { rest: text, at: 1, names }.all()?;
    // The left side names what is counted; the program knows that.
    let start = tokens.iter().position(|t| t.token == Token::Sign('~')).map_or(0, |i| i + 1);
    let mut parser = Parser { tokens: &tokens[start..], names, removed: BTreeSet::new(), depth: 0 };
    if parser.tokens.is_empty() {
        return Err(FormulaError::Empty);
    }
    let terms = parser.sum()?;
    if let Some(next) = parser.tokens.first() {
        return Err(next.unexpected("`+`, `*` or `:`"));
    }
    finished(terms, &parser.removed, names)
}

fn finished(terms: Terms, removed: &Terms, names: &[String]) -> Result<Formula, FormulaError> {
    let name = |term: &Term| term.lists().filter_map(|i| names.get(i)).cloned().collect::<Vec<_>>().join(":");
    if removed.contains(&Term::INTERCEPT) {
        return Err(FormulaError::NoIntercept);
    }
    if let Some(main) = removed.iter().find(|t| t.order() == 1) {
        return Err(FormulaError::MainEffect { list: name(main) });
    }
    let model = Model::with(terms.iter().copied());
    if let Some(term) = removed.iter().find(|t| model.has(**t)) {
        let larger = terms.iter().find(|t| term.is_within(t.bits()));
        return Err(FormulaError::NotHierarchical { term: name(term), within: larger.map_or_else(String::new, name) });
    }
    let added = model.interactions().iter().copied().filter(|t| !terms.contains(t)).collect();
    Ok(Formula { model, added })
}

type Terms = BTreeSet<Term>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A list by its index.
    List(usize),
    /// A number that is no list's name.
    Number(usize),
    /// An operator or a bracket.
    Sign(char),
    /// What stands between square brackets: the terms of the generators.
    Generators(Vec<Term>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Placed {
    token: Token,
    text: String,
    at: usize,
}

impl Placed {
    fn unexpected(&self, wanted: &'static str) -> FormulaError {
        FormulaError::Unexpected { found: self.text.clone(), at: self.at, wanted }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    at: usize,
    names: &'a [String],
}

impl<'a> Lexer<'a> {
    fn all(mut self) -> Result<Vec<Placed>, FormulaError> {
        let mut out = Vec::new();
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            self.take(blank);
            let Some(first) = self.rest.chars().next() else { return Ok(out) };
            let at = self.at;
            let (token, text) = self.next(first)?;
            out.push(Placed { token, text, at });
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn next(&mut self, first: char) -> Result<(Token, String), FormulaError> {
        if matches!(first, '`' | '"' | '\'') {
            return self.between(first);
        }
        if first == '[' {
            return self.generators();
        }
        if let Some((list, length)) = self.longest_name() {
            let text = self.take(length).to_owned();
            return Ok((Token::List(list), text));
        }
        if "+-*:^()~.".contains(first) {
            let text = self.take(first.len_utf8()).to_owned();
            return Ok((Token::Sign(first), text));
        }
        self.word()
    }

    fn between(&mut self, quote: char) -> Result<(Token, String), FormulaError> {
        self.take(1);
        let Some(end) = self.rest.find(quote) else {
            return Err(FormulaError::Ends { wanted: "the end of the quotation" });
        };
        let name = self.take(end).to_owned();
        self.take(1);
        let list = index_of(&name, self.names).ok_or_else(|| unknown(&name, self.names))?;
        Ok((Token::List(list), name))
    }

    /// Returns the list whose name stands here, the longest where one begins another.
    fn longest_name(&self) -> Option<(usize, usize)> {
        let ends = |length: usize| {
            let within = |c: char| c.is_alphanumeric() || c == '_';
            let last = self.rest.get(..length).and_then(|t| t.chars().next_back());
            let next = self.rest.get(length..).and_then(|t| t.chars().next());
            !(last.is_some_and(within) && next.is_some_and(within))
        };
        let fits = |same_case: bool| {
            let here = self.names.iter().enumerate().filter(|(_, name)| {
                let head = self.rest.get(..name.len());
                !name.is_empty()
                    && head.is_some_and(|h| if same_case { h == name.as_str() } else { h.eq_ignore_ascii_case(name) })
                    && ends(name.len())
            });
            here.max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(&a.0))).map(|(i, name)| (i, name.len()))
        };
        fits(true).or_else(|| fits(false))
    }

    fn word(&mut self) -> Result<(Token, String), FormulaError> {
        let ends = |c: char| c.is_whitespace() || "+-*:^()~[]`\"'".contains(c);
        let length = self.rest.find(ends).filter(|&l| l > 0);
        let length =
            length.or_else(|| self.rest.chars().next().map(char::len_utf8).filter(|_| self.rest.starts_with(ends)));
        let text = self.take(length.unwrap_or(self.rest.len())).to_owned();
        match text.parse::<usize>() {
            Ok(number) => Ok((Token::Number(number), text)),
            Err(_) => Err(unknown(&text, self.names)),
        }
    }

    fn generators(&mut self) -> Result<(Token, String), FormulaError> {
        let Some(end) = self.rest.find(']') else {
            return Err(FormulaError::Ends { wanted: "`]`" });
        };
        let text = self.take(end + 1).to_owned();
        let inside = text.trim_start_matches('[').trim_end_matches(']');
        let words = inside.split([' ', ',', ';', '\t', '*', ':']).map(str::trim).filter(|w| !w.is_empty());
        let sets: Vec<Vec<usize>> = words
            .map(|word| split(word, self.names).ok_or_else(|| unknown(word, self.names)))
            .collect::<Result<_, _>>()?;
        let term = |lists: &Vec<usize>| lists.iter().fold(Term::INTERCEPT, |t, &i| t.union(Term::list(i)));
        // "[LA, NG]" is one generator of two lists; "[12,3]", as Rcapture prints it, is two generators.
        let terms = if sets.iter().any(|s| s.len() > 1) && inside.contains(',') {
            sets.iter().map(term).collect()
        } else {
            vec![sets.iter().map(term).fold(Term::INTERCEPT, Term::union)]
        };
        Ok((Token::Generators(terms), text))
    }
}

fn unknown(name: &str, names: &[String]) -> FormulaError {
    FormulaError::UnknownList { name: name.to_owned(), names: names.to_vec() }
}

fn index_of(name: &str, names: &[String]) -> Option<usize> {
    let same = names.iter().position(|n| n == name);
    same.or_else(|| names.iter().position(|n| n.eq_ignore_ascii_case(name)))
}

/// Returns the lists of a word between brackets: a name, names put together (`AB`), or numbers of lists (`12`).
fn split(word: &str, names: &[String]) -> Option<Vec<usize>> {
    if let Some(list) = index_of(word, names) {
        return Some(vec![list]);
    }
    // From the end: what follows each place, where it can be read at all; a longer name is tried first.
    let mut from: Vec<Option<Vec<usize>>> = vec![None; word.len() + 1];
    from[word.len()] = Some(Vec::new());
    for start in (0..word.len()).rev().filter(|&i| word.is_char_boundary(i)) {
        let fits = names.iter().enumerate().filter(|(_, n)| !n.is_empty() && word[start..].starts_with(n.as_str()));
        let mut fits: Vec<(usize, usize)> = fits.map(|(i, n)| (n.len(), i)).collect();
        fits.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        from[start] = fits.into_iter().find_map(|(length, list)| {
            let rest = from[start + length].as_ref()?;
            Some(std::iter::once(list).chain(rest.iter().copied()).collect())
        });
    }
    let by_name = from.swap_remove(0);
    by_name.or_else(|| {
        let digit = |c: char| c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)).filter(|i| *i < names.len());
        word.chars().map(digit).collect()
    })
}

struct Parser<'a> {
    tokens: &'a [Placed],
    names: &'a [String],
    removed: Terms,
    depth: usize,
}

impl Parser<'_> {
    fn sign(&mut self, signs: &str) -> Option<char> {
        let sign = match self.tokens.first()?.token {
            Token::Sign(sign) if signs.contains(sign) => sign,
            _ => return None,
        };
        self.tokens = &self.tokens[1..];
        Some(sign)
    }

    fn sum(&mut self) -> Result<Terms, FormulaError> {
        let mut out = Terms::new();
        let mut sign = self.sign("+-").unwrap_or('+');
        loop {
            let minus_one = sign == '+' && matches!(self.tokens.first(), Some(Placed { token: Token::Number(0), .. }));
            let terms = self.crossed()?;
            if minus_one {
                return Err(FormulaError::NoIntercept);
            }
            if sign == '+' {
                self.removed.retain(|t| !terms.contains(t));
                out.extend(terms);
            } else {
                out.retain(|t| !terms.contains(t));
                self.removed.extend(terms);
            }
            match self.sign("+-") {
                Some(next) => sign = next,
                None => return Ok(out),
            }
        }
    }

    fn crossed(&mut self) -> Result<Terms, FormulaError> {
        let mut out = self.joined()?;
        while self.sign("*").is_some() {
            let right = self.joined()?;
            let both = product(&out, &right)?;
            out.extend(right);
            out.extend(both);
        }
        limited(out)
    }

    fn joined(&mut self) -> Result<Terms, FormulaError> {
        let mut out = self.power()?;
        while self.sign(":").is_some() {
            out = product(&out, &self.power()?)?;
        }
        Ok(out)
    }

    fn power(&mut self) -> Result<Terms, FormulaError> {
        let base = self.atom()?;
        if self.sign("^").is_none() {
            return Ok(base);
        }
        let Some(next) = self.tokens.first() else { return Err(FormulaError::Ends { wanted: "a number" }) };
        let Token::Number(power) = next.token else { return Err(next.unexpected("a number")) };
        self.tokens = &self.tokens[1..];
        let mut out = base.clone();
        for _ in 1..power.min(self.names.len()) {
            let more = product(&out, &base)?;
            out.extend(more);
            out = limited(out)?;
        }
        Ok(out)
    }

    fn atom(&mut self) -> Result<Terms, FormulaError> {
        const WANTED: &str = "a list";
        let Some(next) = self.tokens.first() else { return Err(FormulaError::Ends { wanted: WANTED }) };
        self.tokens = &self.tokens[1..];
        match &next.token {
            Token::List(list) => Ok(Terms::from([Term::list(*list)])),
            Token::Sign('.') => Ok((0..self.names.len()).map(Term::list).collect()),
            Token::Number(0 | 1) => Ok(Terms::from([Term::INTERCEPT])),
            Token::Number(_) => Err(unknown(&next.text, self.names)),
            Token::Generators(terms) => {
                let mut out: Terms = terms.iter().flat_map(|&t| within(t)).collect();
                while let Some(Placed { token: Token::Generators(more), .. }) = self.tokens.first() {
                    out.extend(more.iter().flat_map(|&t| within(t)));
                    self.tokens = &self.tokens[1..];
                }
                Ok(out)
            }
            Token::Sign('(') if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let out = self.sum()?;
                self.depth -= 1;
                match self.tokens.first() {
                    Some(Placed { token: Token::Sign(')'), .. }) => {
                        self.tokens = &self.tokens[1..];
                        Ok(out)
                    }
                    Some(other) => Err(other.unexpected("`)`")),
                    None => Err(FormulaError::Ends { wanted: "`)`" }),
                }
            }
            Token::Sign('(') => Err(FormulaError::TooLarge),
            Token::Sign(_) => Err(next.unexpected(WANTED)),
        }
    }
}

/// Returns the term and everything within it.
fn within(term: Term) -> Terms {
    let mut out = Terms::from([term]);
    out.extend(Model::with([term]).interactions());
    out.extend(term.lists().map(Term::list));
    out
}

fn product(left: &Terms, right: &Terms) -> Result<Terms, FormulaError> {
    if left.len().saturating_mul(right.len()) > MAX_TERMS * MAX_TERMS {
        return Err(FormulaError::TooLarge);
    }
    limited(left.iter().flat_map(|a| right.iter().map(|b| a.union(*b))).collect())
}

fn limited(terms: Terms) -> Result<Terms, FormulaError> {
    if terms.len() > MAX_TERMS { Err(FormulaError::TooLarge) } else { Ok(terms) }
}
