//! The words of one language: facts and ages by name, and what a front says.
//!
//! English stands in the code; the words of another language stand in a file of law (`[[phrase]]`, `[[wording]]`), so that a
//! language is added without the program. What a language has no words for stays English.

use super::Law;
use super::case::AgeRange;
use super::logic::Variable;
use super::phrase::fill;
use super::vocabulary::FactIx;

/// A language as the files of law speak it.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'l> {
    law: &'l Law,
    language: &'l str,
}

impl<'l> Speech<'l> {
    /// Returns a language by its code (`fr`); one that no file speaks says everything in English.
    #[must_use]
    pub const fn new(law: &'l Law, language: &'l str) -> Self {
        Self { law, language }
    }

    /// Returns English.
    #[must_use]
    pub const fn english(law: &'l Law) -> Self {
        Self::new(law, "en")
    }

    /// Returns the law whose words these are.
    #[must_use]
    pub const fn law(&self) -> &'l Law {
        self.law
    }

    /// Returns the code of the language in which whole phrases are said: its own where there are any, else that of English.
    #[must_use]
    pub fn code(&self) -> &'l str {
        if self.law.guide.phrases.contains_key(self.language) { self.language } else { "en" }
    }

    /// Returns an English phrase in the language.
    #[must_use]
    pub fn say<'w>(&self, english: &'w str) -> &'w str
    where
        'l: 'w,
    {
        let phrases = self.law.guide.phrases.get(self.language);
        phrases.and_then(|of| of.get(english)).map_or(english, String::as_str)
    }

    /// Returns an English phrase in the language, with these parts in its places.
    #[must_use]
    pub fn fill(&self, english: &str, parts: &[&str]) -> String {
        fill(self.say(english), parts)
    }

    /// Returns the short name of a fact.
    #[must_use]
    pub fn label(&self, fact: FactIx) -> &'l str {
        self.law.vocabulary.get(fact).label_in(self.language)
    }

    /// Returns what could show a fact without a question to the person; empty where nothing is known that could.
    #[must_use]
    pub fn inquiry(&self, fact: FactIx) -> &'l str {
        self.law.vocabulary.get(fact).inquiry_in(self.language)
    }

    /// Returns the short name of a norm, by place.
    #[must_use]
    pub fn norm(&self, norm: usize) -> &'l str {
        self.law.norms.get(norm).map_or("", |n| self.say(n.short.as_str()))
    }

    /// Returns an age.
    #[must_use]
    pub fn age(&self, age: AgeRange) -> String {
        let (phrase, years) = age.phrase();
        let years: Vec<&str> = years.iter().map(String::as_str).collect();
        self.fill(phrase, &years)
    }

    /// Returns a variable with its value.
    #[must_use]
    pub fn variable(&self, variable: Variable, value: bool) -> String {
        match variable {
            Variable::Fact(f) if value => self.label(f).to_owned(),
            Variable::Fact(f) => self.fill("not: {}", &[self.label(f)]),
            Variable::Below(f, n) if self.law.vocabulary.age() == Some(f) => {
                let range = if value {
                    AgeRange { high: n.saturating_sub(1), ..AgeRange::ANY }
                } else {
                    AgeRange { low: n, ..AgeRange::ANY }
                };
                self.age(range)
            }
            Variable::Below(f, n) => {
                let phrase = if value { "{} below {}" } else { "{} at least {}" };
                self.fill(phrase, &[self.label(f), &n.to_string()])
            }
            Variable::Open(norm) => {
                let phrase =
                    if value { "what the open list of {} reaches" } else { "not: what the open list of {} reaches" };
                self.fill(phrase, &[self.norm(norm)])
            }
        }
    }
}
