//! What a project of the kit holds, told apart from any format, and what a program should find in it.

use serde::Serialize;

/// What a position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    CodePoints,
    Utf16,
    Bytes,
}

/// How a program counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) unit: Unit,
    /// What an end of a line counts.
    pub(super) newline: i64,
    /// What the byte order mark counts.
    pub(super) mark: i64,
    /// Whether the end is the last character.
    pub(super) inclusive: bool,
}

/// As the standard of REFI-QDA says, but for the end, which programs write behind the last character.
pub(super) const STANDARD: Way = Way { unit: Unit::CodePoints, newline: 1, mark: 0, inclusive: false };

impl Way {
    /// Returns where a place of a text is, the text up to it given with LF alone.
    fn position(self, before: &str) -> i64 {
        let width = |c: char| match (c, self.unit) {
            ('\n', _) => self.newline,
            (_, Unit::CodePoints) => 1,
            (c, Unit::Utf16) => c.len_utf16() as i64,
            (c, Unit::Bytes) => c.len_utf8() as i64,
        };
        self.mark + before.chars().map(width).sum::<i64>()
    }
}

/// A text.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) name: String,
    /// Its words, with LF alone.
    pub(super) words: String,
    /// Whether lines of its file end with CRLF.
    pub(super) crlf: bool,
    /// Whether its file begins with a byte order mark.
    pub(super) bom: bool,
    pub(super) way: Way,
    /// Whether the project holds it.
    pub(super) held: bool,
}

impl Text {
    pub(super) fn new(name: &str, words: &str) -> Self {
        let (name, words) = (name.to_owned(), words.to_owned());
        Self { name, words, crlf: false, bom: false, way: STANDARD, held: true }
    }

    /// Returns the text as its file holds it.
    pub(super) fn stored(&self) -> String {
        let words = if self.crlf { self.words.replace('\n', "\r\n") } else { self.words.clone() };
        format!("{}{words}", if self.bom { "\u{feff}" } else { "" })
    }

    /// Returns where a stretch stands as the program counts.
    fn place(&self, (start, end): (usize, usize)) -> (i64, i64) {
        let at = |byte: usize| self.way.position(&self.words[..byte]);
        (at(start), at(end) - i64::from(self.way.inclusive && end > start))
    }
}

/// A code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) codable: bool,
}

/// How a selection comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Comes {
    /// At its place.
    InPlace,
    /// At the place where its stored quotation stands.
    Moved,
    /// Without a place that could be believed: kept, and told.
    Told,
}

/// A stretch of a text with its codes.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) text: usize,
    /// Where it stands in the words, in bytes.
    pub(super) span: (usize, usize),
    /// Code and coder of each coding.
    pub(super) codings: Vec<(usize, Option<usize>)>,
    /// The place that the file says, where that is another one.
    pub(super) said: Option<(i64, i64)>,
    pub(super) comes: Comes,
}

/// A project.
#[derive(Debug, Clone, Default)]
pub(super) struct Project {
    pub(super) texts: Vec<Text>,
    pub(super) codes: Vec<Code>,
    pub(super) coders: Vec<String>,
    pub(super) marks: Vec<Mark>,
}

impl Project {
    /// Returns a project with codes that have no parents, and one coder.
    pub(super) fn new(texts: Vec<Text>, codes: &[&str]) -> Self {
        let code = |name: &&str| Code { name: (*name).to_owned(), parent: None, codable: true };
        let codes = codes.iter().map(code).collect();
        Self { texts, codes, coders: vec!["Coder One".to_owned()], marks: Vec::new() }
    }

    /// Codes words that stand once in a text, by the first coder; codes take turns.
    pub(super) fn mark(&mut self, text: usize, words: &str) {
        let of = &self.texts[text].words;
        assert_eq!(of.matches(words).count(), 1, "`{words}`");
        let start = of.find(words).unwrap();
        let code = self.marks.len() % self.codes.len().max(1);
        self.mark_at(text, (start, start + words.len()), &[(code, Some(0))]);
    }

    pub(super) fn mark_at(&mut self, text: usize, span: (usize, usize), codings: &[(usize, Option<usize>)]) {
        self.marks.push(Mark { text, span, codings: codings.to_vec(), said: None, comes: Comes::InPlace });
    }

    /// Returns where the file says that a selection is.
    pub(super) fn place(&self, mark: &Mark) -> (i64, i64) {
        mark.said.unwrap_or_else(|| self.texts[mark.text].place(mark.span))
    }

    /// Returns the words of a selection.
    pub(super) fn quote(&self, mark: &Mark) -> &str {
        &self.texts[mark.text].words[mark.span.0..mark.span.1]
    }

    /// Returns a code's names from the top.
    fn path(&self, code: usize) -> Option<String> {
        let code = self.codes.get(code)?;
        let above = code.parent.and_then(|parent| self.path(parent));
        Some(above.map_or_else(|| code.name.clone(), |above| format!("{above} > {}", code.name)))
    }

    /// Returns what a program should find.
    pub(super) fn expected(&self) -> Expected {
        let sources = self.texts.iter().map(|text| Source {
            name: text.name.clone(),
            text: text.held,
            characters: text.held.then(|| text.words.chars().count()),
            date: None,
        });
        let mut selections = Vec::new();
        for mark in &self.marks {
            let text = &self.texts[mark.text];
            let points = |byte: usize| text.words[..byte].chars().count();
            let is_there = mark.comes != Comes::Told;
            let known: Vec<_> = mark.codings.iter().filter(|(code, _)| *code < self.codes.len()).collect();
            let row = |code: Option<usize>, coder: Option<usize>| Selection {
                source: text.name.clone(),
                start: is_there.then(|| points(mark.span.0)),
                end: is_there.then(|| points(mark.span.1)),
                quotation: is_there.then(|| self.quote(mark).to_owned()),
                code: code.and_then(|code| self.path(code)),
                coder: coder.and_then(|coder| self.coders.get(coder).cloned()),
                comes: mark.comes,
            };
            match known.as_slice() {
                [] => selections.push(row(None, Some(0))),
                known => selections.extend(known.iter().map(|(code, coder)| row(Some(*code), *coder))),
            }
        }
        let codes = (0..self.codes.len()).filter_map(|code| self.path(code)).collect();
        Expected { refused: None, sources: sources.collect(), codes, selections, told: Vec::new() }
    }
}

/// What a program should find.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Expected {
    /// Why the file has to be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<&'static str>,
    pub(super) sources: Vec<Source>,
    /// Names from the top, with ` > ` between them.
    pub(super) codes: Vec<String>,
    /// A row for each coding, and one for each selection without any.
    pub(super) selections: Vec<Selection>,
    /// What people must be told.
    pub(super) told: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Source {
    pub(super) name: String,
    /// Whether the file holds its text.
    pub(super) text: bool,
    /// Code points, each end of a line as one, without byte order mark.
    pub(super) characters: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Selection {
    pub(super) source: String,
    /// Code points from 0 of the text with LF alone and without byte order mark; the end is not included.
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) quotation: Option<String>,
    pub(super) code: Option<String>,
    pub(super) coder: Option<String>,
    pub(super) comes: Comes,
}

/// A project with what is difficult about it.
#[derive(Debug)]
pub(super) struct Trap {
    /// The folder.
    pub(super) name: &'static str,
    /// What the file has that another has not.
    pub(super) about: &'static str,
    /// What a program should do.
    pub(super) rule: &'static str,
    /// The file, with the ending of its format.
    pub(super) file: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) expected: Expected,
}
