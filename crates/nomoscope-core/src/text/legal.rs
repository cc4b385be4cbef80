//! Treaties and statutes: articles from headings or lines, numbered paragraphs with their chapeaux and points.

use super::contents::{Entry, Row, table_of_contents};
use super::label::{
    Class, Enumerator, Keyword, Names, Unique, article, enumerator, heading_label, keyword, paragraph_sign,
    preamble_word,
};
use super::layout::{Block, LINE_HEADING, Layout, Line, Role, ends_sentence, has_words, starts_lower, trim};
use super::legal_words::{CASELESS_REFERENCES, LEGAL_WORDS, REFERENCES};
use super::number::{Place, is_digit};
use super::preamble;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a section of a legal text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    Preamble,
    Article,
    Division,
    Other,
    Contents,
    Closing,
}

/// A section before its paragraphs are found.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub(super) part: Part,
    pub(super) label: String,
    pub(super) headings: Vec<Block>,
    pub(super) body: Vec<Block>,
}

/// How a text names its articles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    /// Headings or lines that open an article.
    pub(super) articles: usize,
    /// Of them, those that are called § or section, or carry a code's number (225-4-1).
    pub(super) code: usize,
    /// What is an article, as no line says "Article".
    pub(super) names: Names,
}

/// Looks for articles among the headings, else marks the lines that are headings by themselves.
pub(super) fn find_articles(layout: &mut Layout<'_>) -> Style {
    let marked: Vec<&str> = layout
        .lines
        .iter()
        .filter(|line| line.heading.is_some())
        .map(|line| &layout.text[line.start..line.end])
        .collect();
    for names in [Names::Articles, Names::Sections] {
        let style = count(marked.iter().copied(), names);
        if style.articles > 0 {
            number_signs(layout, style.names);
            return style;
        }
    }
    for names in [Names::Articles, Names::Sections, Names::Acts] {
        if names == Names::Acts && !is_act(layout) {
            break;
        }
        let opens = article_lines(layout, names);
        let found: Vec<usize> = opens.lines.keys().copied().collect();
        let alone = found.len() == 1 && found[0] == 0 && layout.lines.len() > 1;
        if found.len() >= 2 || alone {
            let lines = found.iter().map(|&index| &layout.text[layout.lines[index].start..layout.lines[index].end]);
            let style = count(lines, names);
            mark_lines(layout, &opens, names);
            number_signs(layout, names);
            return style;
        }
    }
    Style::default()
}

fn count<'t>(headings: impl Iterator<Item = &'t str>, names: Names) -> Style {
    let mut style = Style { names, ..Style::default() };
    for heading in headings {
        if let Some(Keyword::Article { label, section, .. }) =
            article(heading.trim_start_matches(['*', '_', ' ']), names)
        {
            style.articles += 1;
            style.code += usize::from(section || label.contains('-'));
        }
    }
    style
}

/// Words with which acts of the common law begin, in lower case.
const ENACTMENTS: &[&str] = &[
    "be it enacted",
    "an act to",
    "short title",
    "enacts as follows",
    "enacted by",
    " act 19",
    " act 20",
    " act, 19",
    " act, 20",
    // Malay, Burmese: this act, law.
    "akta ini",
    "ဥပဒေ",
];

/// Whether bare numbers at the start of lines may be those of sections: in any other text they number paragraphs.
fn is_act(layout: &Layout<'_>) -> bool {
    let text_of = |line: &Line| &layout.text[line.start..line.end];
    let numbered = |line: &&Line| text_of(line).starts_with(is_digit);
    // Most texts have no two such lines, and are not asked for words.
    if layout.lines.iter().filter(numbered).count() < 2 {
        return false;
    }
    let head = layout.text[..layout.text.floor_char_boundary(3000)].to_lowercase();
    ENACTMENTS.iter().any(|words| head.contains(words))
        || layout.lines.iter().take(8).any(|line| names_an_act(text_of(line)) || calls_itself_an_act(text_of(line)))
        || layout.lines.iter().any(|line| is_lettered(text_of(line)))
}

/// Whether a title begins with the word for an act ("חוק למניעת …"), or has it before a year ("… अधिनियम, 1956").
fn calls_itself_an_act(title: &str) -> bool {
    if title.is_ascii() || title.chars().count() > 150 || ends_sentence(title) {
        return false;
    }
    let words: Vec<&str> = title.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_act = |word: &str| LEGAL_WORDS.iter().any(|row| row.acts.contains(&word));
    let dated = words.last().is_some_and(|last| last.chars().count() == 4 && last.chars().all(is_digit));
    words.first().is_some_and(|first| words.len() > 1 && is_act(first))
        || dated && words.iter().rev().nth(1).is_some_and(|word| is_act(word))
}

/// Whether a title ends in "Act 7 of 2013", "Act No. 7 of 2013": in a sentence it is cited.
fn names_an_act(title: &str) -> bool {
    let words: Vec<&str> = title.rsplit(' ').take(5).collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let &[year, of, number, before, ..] = words.as_slice() else {
        return false;
    };
    let act = if before.eq_ignore_ascii_case("no.") { words.get(4).copied().unwrap_or("") } else { before };
    year.len() == 4
        && is_number(year)
        && of.eq_ignore_ascii_case("of")
        && is_number(number)
        && act.eq_ignore_ascii_case("act")
}

/// "370A. …", "279.01 (1) …": numbers that only sections have.
fn is_lettered(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let letters = rest.bytes().take(3).take_while(u8::is_ascii_uppercase).count();
    let inserted = rest.strip_prefix(".0").is_some_and(|decimals| {
        let after = decimals.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < decimals.len() && after.starts_with(" (1)")
    });
    digits > 0 && (inserted || letters > 0 && rest[letters..].starts_with('.'))
}

/// A line that opens an article.
#[derive(Debug, Clone)]
struct Opening {
    /// The bytes of the heading.
    len: usize,
    /// Whether words of the body follow on the line.
    body: bool,
    label: String,
    place: Place,
    /// Whether nothing but a space stands between number and words.
    bare: bool,
    /// Whether the number has its line for itself.
    alone: bool,
}

/// The lines that open articles, and those of the table of contents.
struct Openings {
    lines: BTreeMap<usize, Opening>,
    contents: BTreeSet<usize>,
}

/// Reads every line as the opening of an article, and passes over those that only refer to one.
fn article_lines(layout: &Layout<'_>, names: Names) -> Openings {
    let mut lines: BTreeMap<usize, Opening> =
        (0..layout.lines.len()).filter_map(|index| Some((index, article_line(layout, index, names)?))).collect();
    let contents = if lines.len() < 2 { BTreeSet::new() } else { table_of_contents(layout, &rows(layout, &lines)) };
    lines.retain(|index, _| !contents.contains(index));
    if signs_number_paragraphs(layout, &lines) {
        lines.retain(|_, opening| !opening.label.starts_with('§'));
    }
    let mut candidates: Vec<(usize, Opening)> = std::mem::take(&mut lines).into_iter().collect();
    drop_references(&mut candidates);
    let mut sequence = Sequence::default();
    for (at, (index, here)) in candidates.iter().enumerate() {
        let next = candidates.get(at + 1).and_then(|(_, next)| next.place.value);
        let line = layout.lines[*index];
        let words = &layout.text[line.start + here.len.min(line.end - line.start)..line.end];
        if sequence.takes(here, next, words, names) {
            lines.insert(*index, here.clone());
        }
    }
    Openings { lines, contents }
}

/// Drops "Статья 4 Конвенции применяется" where "Статья 4" has a line for itself, as its neighbours above and below have.
///
/// The neighbours must be of one row of rising numbers: a second instrument may write its articles in another way.
fn drop_references(candidates: &mut Vec<(usize, Opening)>) {
    let mut row = 0_u32;
    let mut last: Option<u32> = None;
    let mut opened_before = false;
    // For each candidate, the row of the last number before it, or its own, that stands alone.
    let rows: Vec<Option<u32>> = candidates
        .iter()
        .map(|(_, here)| {
            let Some(value) = here.place.value.filter(|_| here.alone) else {
                // Before the first row, nothing that a row of its own begins.
                opened_before |= here.place.value == Some(1);
                return (last.is_some() || !opened_before).then_some(row);
            };
            let rises = last.is_none_or(|last| value > last || value == last && here.place.inserted);
            row += u32::from(!rises);
            last = Some(value);
            Some(row)
        })
        .collect();
    let standing: HashSet<(Option<u32>, String)> = candidates
        .iter()
        .zip(&rows)
        .filter(|((_, here), _)| here.alone)
        .map(|((_, here), row)| (*row, here.label.clone()))
        .collect();
    let mut below = None;
    let mut referring = BTreeSet::new();
    for ((index, here), row) in candidates.iter().zip(&rows).rev() {
        if here.alone && here.place.value.is_some() {
            below = *row;
        } else if row.is_some() && below == *row && standing.contains(&(*row, here.label.clone())) {
            referring.insert(*index);
        }
    }
    candidates.retain(|(index, _)| !referring.contains(index));
}

/// What each line would be in a table of contents.
fn rows(layout: &Layout<'_>, lines: &BTreeMap<usize, Opening>) -> Vec<Row> {
    let row = |index: usize| {
        if let Some(opening) = lines.get(&index) {
            let (label, value) = (opening.label.clone(), opening.place.value);
            return Row::Entry(Entry { kind: String::new(), label, value, body: opening.body });
        }
        let line = layout.lines[index];
        if line.heading.is_some() || !division_line(layout, index) {
            return Row::Words;
        }
        match keyword(&layout.text[line.start..line.end], Names::Articles) {
            Some(Keyword::Division { kind, label, .. }) => Row::Entry(Entry { kind, label, value: None, body: false }),
            _ => Row::Between,
        }
    };
    (0..layout.lines.len()).map(row).collect()
}

/// The articles so far, by which the next is told from a reference.
#[derive(Default)]
struct Sequence {
    seen: HashSet<String>,
    last: Option<u32>,
    /// Whether the line before was an article with a word of its own, not §.
    article: bool,
}

impl Sequence {
    /// Takes `here` as the next article, unless it only refers to one; `next` is the number of the line after it.
    fn takes(&mut self, here: &Opening, next: Option<u32>, words: &str, names: Names) -> bool {
        let first = here.place.value == Some(1) && !here.place.inserted;
        // A second instrument in the file begins to count anew, and so do the sections of the next article.
        let below_article = here.label.starts_with('§') && self.article;
        self.article = !here.label.starts_with('§');
        if first && self.seen.contains(&here.label) && (next == Some(2) || below_article) {
            self.seen.clear();
            self.last = None;
        }
        let known = self.seen.contains(&here.label);
        let rises = self.last.is_none_or(|last| here.place.value.is_some_and(|value| value >= last));
        // The numbers go on below this one, as if it were not there.
        let outlier = match (here.place.value, next) {
            (Some(value), Some(next)) => {
                next < value
                    && self.last.is_none_or(|last| next > last)
                    && self.last.is_none_or(|last| value > last + 1)
            }
            _ => false,
        };
        // "第三条 第二条所称…": the words of an article may begin with another, not with a paragraph of its own.
        let reference =
            CASELESS_REFERENCES.iter().any(|word| words.starts_with(word)) && article(words, Names::Articles).is_none();
        let goes_back = match (self.last, here.place.value) {
            (Some(last), Some(value)) => value < last || (value == last && !here.place.inserted),
            _ => false,
        };
        let refers = here.body && known
            || here.body && here.bare && here.place.caseless && (goes_back || outlier || reference)
            || names == Names::Acts && (!rises || known || outlier);
        if refers {
            return false;
        }
        self.seen.insert(here.label.clone());
        self.last = here.place.value.or(self.last);
        true
    }
}

/// Whether § numbers the paragraphs of articles that have a word of their own: "Art. 5. § 1. …", "§ 2. …".
///
/// In a German law of several articles, § are sections, with titles, or with paragraphs of their own.
fn signs_number_paragraphs(layout: &Layout<'_>, lines: &BTreeMap<usize, Opening>) -> bool {
    let mut within_article = false;
    // Numbers that begin anew, and those that stand before the first article, or have titles or paragraphs.
    let (mut restarts, mut begun, mut sections, mut signs) = (0u32, false, 0u32, 0u32);
    let mut last = 0;
    for (&index, opening) in lines {
        // Below "Заключителни разпоредби", they belong to no article any more.
        if opening.label.starts_with('§') && (last + 1..index).any(|between| division_line(layout, between)) {
            within_article = false;
        }
        let above = std::mem::replace(&mut last, index);
        let line = layout.lines[index];
        let words = &layout.text[line.start..line.end];
        if !opening.label.starts_with('§') {
            begun = opening.body && paragraph_sign(words.get(opening.len..).unwrap_or("")).is_some();
            restarts += u32::from(begun);
            within_article = true;
            continue;
        }
        signs += 1;
        let sign = paragraph_sign(words);
        let own = sign
            .as_ref()
            .is_some_and(|sign| enumerator(&words[sign.len..]).is_some_and(|e| e.ordinal == 1 && e.class.is_arabic()));
        // "(1) …" and "(2) …" are the paragraphs of the article above: § is none of them.
        let numbered = |line: &Line| {
            let words = &layout.text[line.start..line.end];
            enumerator(words).is_some_and(|e| e.ordinal == 1 && e.class.is_bracketed_arabic())
        };
        if !begun && within_article && layout.lines[(above + 1).min(index)..index].iter().any(numbered) {
            within_article = false;
        }
        if !begun {
            let one = sign.as_ref().is_some_and(|sign| sign.ordinal == 1);
            restarts += u32::from(one);
            sections += u32::from(!one);
            begun = true;
        }
        sections += u32::from(!within_article || own || (!opening.body && is_title_line(layout, index)));
    }
    // A line that lost its full stop looks like a title.
    signs > 0 && restarts > 0 && sections * 4 <= signs
}

/// Whether "§ 5 Title" stands above its text, and is not itself the beginning of a sentence that goes on below.
fn is_title_line(layout: &Layout<'_>, index: usize) -> bool {
    layout.lines.get(index + 1).is_none_or(|next| !starts_lower(&layout.text[next.start..next.end]))
}

/// Marks the lines in which § numbers a paragraph of the article: its numbers count from one.
fn number_signs(layout: &mut Layout<'_>, names: Names) {
    let (text, mut expected) = (layout.text, None);
    let is_section = |line: &Line| {
        let words = &text[line.start..line.end];
        line.heading.is_some() && words.starts_with('§') && article(words, names).is_some()
    };
    // Where § opens sections, it does so in the whole text.
    if layout.lines.iter().any(is_section) {
        return;
    }
    for line in &mut layout.lines {
        let text = &text[line.start..line.end];
        if line.heading.is_some() {
            match keyword(text, names) {
                Some(Keyword::Article { section: false, .. }) => expected = Some(1),
                Some(_) => expected = None,
                None => {}
            }
            continue;
        }
        let Some(wanted) = expected.filter(|_| text.starts_with(['§', 'P'])) else {
            continue;
        };
        let Some(sign) = paragraph_sign(text) else { continue };
        let inserted = sign.ordinal + 1 == wanted && sign.label.ends_with(|c: char| c.is_ascii_lowercase());
        let repealed = wanted > 1 && (wanted..wanted + 3).contains(&sign.ordinal);
        if sign.ordinal == wanted || inserted || repealed {
            line.role = Role::Sign;
            expected = Some(sign.ordinal + 1);
        }
    }
}

/// Reads line `index` as the opening of an article.
fn article_line(layout: &Layout<'_>, index: usize, names: Names) -> Option<Opening> {
    let line = layout.lines[index];
    let text = &layout.text[line.start..line.end];
    if line.heading.is_some() {
        return None;
    }
    let Some(Keyword::Article { len, label, number: place, .. }) = article(text, names) else {
        return None;
    };
    let before = index.checked_sub(1).map(|i| &layout.lines[i]);
    let fresh = line.blank_before
        || before.is_none_or(|before| {
            before.heading.is_some() || !layout.wrapped || ends_sentence(&layout.text[before.start..before.end])
        });
    let rest = &text[len..];
    let words = rest.trim_start_matches(BETWEEN);
    let listed = names == Names::Acts && words.is_empty();
    if !fresh || listed || starts_lower(words) || rest.starts_with([',', ';', '/', '、', '，', '،']) {
        return None;
    }
    // "§§ 3 und 4 AufenthG" is cited; a row of articles has no words but "(repealed)".
    let row = label.starts_with("§§") || label.starts_with("Artt.");
    if row && !words.is_empty() && !words.starts_with(['(', '[']) {
        return None;
    }
    let (east_asian, korean) = (label.starts_with(['第', '제']), label.starts_with('제'));
    let alone = words.is_empty();
    let opening = |len, body, bare| Some(Opening { len, body, label, place, bare, alone });
    if alone {
        return opening(text.len(), false, false);
    }
    // "第一條所稱…" goes on without a space: a reference, as is "§ 5 Abs. 1 gilt".
    let glued = words.len() == rest.len();
    if REFERENCES.iter().any(|word| words.starts_with(word)) || (glued && !words.starts_with(['（', '(', '【', '〔']))
    {
        return None;
    }
    // "Article 5(2) provides" is a reference; "§ 5 (1) Wer …" and "第一条（目的）" an article.
    if rest.starts_with('(') && !east_asian {
        return None;
    }
    // "제2조(정의) …" is an article, "제2조(정의)에 따라" a reference to one.
    let titled = rest.starts_with('(') && korean;
    if titled && rest.find(')').is_some_and(|at| rest[at + 1..].starts_with(char::is_alphabetic)) {
        return None;
    }
    let bare = !titled && rest[..rest.len() - words.len()].chars().all(|c| matches!(c, ' ' | '\t' | '\u{a0}'));
    if names == Names::Acts {
        let cut = words.find(".\u{2014}").or_else(|| words.find(".\u{2013}")).or_else(|| words.find(". (1)"));
        // Hindi: "१. संक्षिप्त नाम—(१) …".
        let caseless = || words.find("\u{2014}(").filter(|_| !words.is_ascii());
        if let Some(cut) = cut.map(|cut| cut + 1).or_else(caseless).filter(|&cut| cut <= 200) {
            return opening(text.len() - words.len() + cut, true, bare);
        }
    }
    let spaceless = words.contains(|c: char| matches!(c, '\u{e00}'..='\u{eff}'));
    let clause = words.ends_with([',', '，', '、', '،', '؛', '：', '；'])
        || (names == Names::Acts && words.ends_with(['\u{2013}', '\u{2014}']))
        || words.contains(['。', '，']);
    let title =
        words.chars().count() <= 100 && !ends_sentence(words) && !clause && !spaceless && enumerator(words).is_none();
    // The American "§ 1584. Sale into involuntary servitude" and the French "Art. 3 - Les parties …": a long rest is the body.
    if title { opening(text.len(), false, bare) } else { opening(text.len() - words.len(), true, bare) }
}

/// Between the number of an article and its words.
const BETWEEN: [char; 20] = [
    '.', ':', ' ', '\t', '-', '\u{2013}', '\u{2014}', '\u{a0}', ')', ']', '：', '．', '\u{3000}', '؛', '។', '၊', '။',
    '\u{640}', '\u{202f}', '៖',
];

/// Turns lines that are headings by themselves into headings.
fn mark_lines(layout: &mut Layout<'_>, opens: &Openings, names: Names) {
    let mut lines = Vec::with_capacity(layout.lines.len());
    let (mut after_article, mut after_division, mut seen_article) = (false, false, false);
    let captions = titles_stand_above(layout, opens);
    for index in 0..layout.lines.len() {
        let mut line = layout.lines[index];
        if line.heading.is_some() {
            lines.push(line);
            continue;
        }
        if opens.contents.contains(&index) {
            lines.push(Line { role: Role::Contents, ..line });
            continue;
        }
        if let Some(&Opening { len, body, .. }) = opens.lines.get(&index) {
            let end = trim(layout.text, line.start, line.start + len).map_or(line.end, |(_, end)| end);
            line.heading = Some(LINE_HEADING);
            lines.push(Line { end, ..line });
            // "Trafficking.—(1) Whoever …": the dash is no part of the words.
            let rest = layout.text[line.start + len..line.end].trim_start_matches(['\u{2013}', '\u{2014}']);
            if body && let Some((start, stop)) = trim(layout.text, line.end - rest.len(), line.end) {
                lines.push(Line { start, end: stop, blank_before: true, heading: None, ..line });
            }
            (after_article, after_division, seen_article) = (!body, false, true);
            continue;
        }
        let is_division = division_line(layout, index);
        if !is_division && (caption_line(layout, index, opens, names) || captions && title_above(layout, index, opens))
        {
            lines.push(Line { heading: Some(LINE_HEADING), role: Role::Caption, ..line });
            (after_article, after_division) = (false, false);
            continue;
        }
        let mut above = lines.iter().filter(|before: &&Line| before.role != Role::Contents);
        let titles =
            |before: &Line| before.heading.is_some() && preamble_word(&layout.text[before.start..before.end]).is_none();
        let at_top = !seen_article && above.clone().count() < 6 && above.all(titles);
        let is_title = ((after_article || after_division) && title_line(layout, index, after_division, names))
            || (at_top && first_title(layout, index));
        // A row of a table of contents names an article, and is none.
        let is_title = is_title && article(&layout.text[line.start..line.end], names).is_none();
        if is_division || is_title {
            line.heading = Some(LINE_HEADING);
        }
        // A preamble has no title of its own: the parties stand below its word.
        let preamble = preamble_word(&layout.text[line.start..line.end]).is_some();
        (after_article, after_division) = (false, is_division && !preamble);
        lines.push(line);
    }
    layout.lines = lines;
}

/// Whether the line is the title of the article that the next line opens: "（目的）", or "Definitions" above "1. In …".
fn caption_line(layout: &Layout<'_>, index: usize, opens: &Openings, names: Names) -> bool {
    let Some(next) = opens.lines.get(&(index + 1)) else {
        return false;
    };
    let line = layout.lines[index];
    let text = &layout.text[line.start..line.end];
    if next.place.caseless && text.starts_with('（') {
        return text.ends_with('）') && text.chars().count() <= 60;
    }
    let before = index.checked_sub(1).map(|before| &layout.lines[before]);
    let stands = line.blank_before
        || before.is_none_or(|before| !layout.wrapped && ends_sentence(&layout.text[before.start..before.end]));
    // "370. Putting out a lamp.—(1) …" has its title.
    let start = layout.lines[index + 1].start;
    let untitled = layout.text[start..start + next.len].chars().filter(|c| c.is_alphabetic()).count() <= 3;
    names == Names::Acts
        && next.body
        && untitled
        && stands
        && text.chars().count() <= 100
        && text.starts_with(char::is_uppercase)
        // A title in capitals is that of the act, or of a part.
        && text.chars().any(char::is_lowercase)
        && !text.ends_with([',', ';', '\u{2013}', '\u{2014}'])
        && !ends_sentence(text)
        && enumerator(text).is_none()
}

/// Whether the titles of articles stand above their numbers in the whole text: two in three have such a line.
fn titles_stand_above(layout: &Layout<'_>, opens: &Openings) -> bool {
    let above = opens.lines.keys().filter_map(|index| index.checked_sub(1));
    let titled = above.filter(|&index| title_above(layout, index, opens)).count();
    titled >= 2 && titled * 3 >= opens.lines.len() * 2
}

/// Whether the line may be the title of the article that the next line opens: "Трговина људима" above "Члан 388.".
fn title_above(layout: &Layout<'_>, index: usize, opens: &Openings) -> bool {
    let Some(line) = layout.lines.get(index).filter(|line| line.heading.is_none()) else { return false };
    let text = &layout.text[line.start..line.end];
    let before = index.checked_sub(1).map(|before| &layout.lines[before]);
    let stands = line.blank_before || before.is_none_or(|before| ends_sentence(&layout.text[before.start..before.end]));
    // Below a blank line, the article stands apart from what is above it.
    let joined = layout.lines.get(index + 1).is_some_and(|next| !next.blank_before);
    opens.lines.contains_key(&(index + 1))
        && !opens.lines.contains_key(&index)
        && joined
        && stands
        && text.chars().count() <= 100
        && text.starts_with(char::is_uppercase)
        && !ends_sentence(text)
        && !text.ends_with([',', ';', '\u{2013}', '\u{2014}'])
        && enumerator(text).is_none()
        && !division_line(layout, index)
}

fn division_line(layout: &Layout<'_>, index: usize) -> bool {
    let line = layout.lines[index];
    let text = &layout.text[line.start..line.end];
    let short = text.chars().count() <= 100 && !text.ends_with([',', ';', ':']);
    let stands = line.blank_before || !layout.wrapped;
    let Some(found) = short.then(|| keyword(text, Names::Articles)).flatten().filter(|_| stands) else {
        return false;
    };
    match found {
        // "II. - La traite …" is a numbered paragraph; a numeral on its own, or with a short title, is a division.
        Keyword::Division { kind, .. } if kind == "numeral" => {
            text.len() <= 60
                && !text.contains(['-', '\u{2013}', '\u{2014}'])
                && !ends_sentence(text.trim_end_matches('.'))
                && layout.lines.get(index + 1).is_some_and(|next| next.blank_before || !layout.wrapped)
        }
        Keyword::Division { len, .. } => {
            !starts_lower(text.get(len..).unwrap_or("").trim_start_matches(['.', ' ', ',']))
        }
        Keyword::Instrument { .. } => {
            !text.ends_with('.') && layout.lines.get(index + 1).is_some_and(|next| next.blank_before || !layout.wrapped)
        }
        Keyword::Preamble { len } => text.len() <= len + 2,
        Keyword::Article { .. } => false,
    }
}

/// A short line right below "Article 5" or "Part II": its title.
fn title_line(layout: &Layout<'_>, index: usize, of_division: bool, names: Names) -> bool {
    let line = layout.lines[index];
    let text = &layout.text[line.start..line.end];
    let Some(next) = layout.lines.get(index + 1) else {
        return false;
    };
    let plain = enumerator(text).is_none()
        && !starts_lower(text)
        && !ends_sentence(text)
        && !text.ends_with([',', '，', '、', '،']);
    let body_follows = !starts_lower(&layout.text[next.start..next.end])
        && (of_division || article_line(layout, index + 1, names.max(Names::Sections)).is_none());
    plain && text.chars().count() <= 100 && body_follows && (next.blank_before || !layout.wrapped)
}

/// The commas, semicolons, colons and full stops of other scripts: no title ends with one.
const CLAUSE_ENDS: [char; 13] = ['，', '、', '；', '：', '。', '،', '؛', '۔', '।', '။', '၊', '។', '៖'];

/// The first lines of a treaty, before the parties are named.
fn first_title(layout: &Layout<'_>, index: usize) -> bool {
    let line = layout.lines[index];
    let text = &layout.text[line.start..line.end];
    let stands = layout.lines.get(index + 1).is_some_and(|next| next.blank_before || !layout.wrapped);
    stands
        && text.chars().count() <= 250
        && !text.ends_with([',', ';', ':'])
        && !text.ends_with(CLAUSE_ENDS)
        && preamble_word(text).is_none()
        && !preamble::is_preamble(text)
}

const CLOSING: &[&str] = &[
    "in faith whereof",
    "in witness whereof",
    "in witness thereof",
    "in testimony whereof",
    "done at",
    "done in",
    "the foregoing is the authentic",
    "en foi de quoi",
    "fait à",
    "zu urkund dessen",
    "geschehen zu",
    "ten blijke waarvan",
    "gedaan te",
    "en fe de lo cual",
    "hecho en",
    "in fede di che",
    "fatto a",
];

fn closes(text: &str) -> bool {
    let head = text[..text.floor_char_boundary(40)].to_lowercase();
    CLOSING.iter().any(|phrase| head.starts_with(phrase))
}

/// Divides the blocks of a legal text into sections.
pub(super) fn outline(text: &str, blocks: &[Block], style: Style) -> Vec<Section> {
    let mut outline = Outline {
        text,
        style,
        sections: Vec::new(),
        labels: Unique::default(),
        prefix: String::new(),
        divisions: Vec::new(),
        articles: 0,
        caption: None,
    };
    for block in blocks {
        if block.role == Role::Caption {
            outline.drop_caption();
            outline.caption = Some(*block);
        } else if block.heading {
            outline.heading(*block);
        } else {
            outline.drop_caption();
            outline.body(*block);
        }
    }
    outline.drop_caption();
    outline.sections
}

struct Outline<'a> {
    text: &'a str,
    style: Style,
    sections: Vec<Section>,
    labels: Unique,
    /// What later instruments of the file are cited after: "OP ".
    prefix: String,
    /// The open divisions: kind and label.
    divisions: Vec<(String, String)>,
    articles: usize,
    /// A title that waits for the article below it.
    caption: Option<Block>,
}

impl Outline<'_> {
    fn open(&mut self, part: Part, label: String, heading: Option<Block>) {
        let headings = self.caption.take().into_iter().chain(heading).collect();
        self.sections.push(Section { part, label, headings, body: Vec::new() });
    }

    /// A title under which no article came is a heading as any other.
    fn drop_caption(&mut self) {
        if let Some(caption) = self.caption.take() {
            self.other_heading(caption);
        }
    }

    /// Whether the table of contents is the last section, and nothing but a title stands before it.
    fn after_contents(&self) -> bool {
        self.articles == 0 && self.sections.last().is_some_and(|last| last.part == Part::Contents)
    }

    fn heading(&mut self, block: Block) {
        let words = block.text_of(self.text);
        match keyword(words, self.style.names) {
            Some(Keyword::Article { label, .. }) => {
                let label = self.article_label(&label);
                self.articles += 1;
                self.open(Part::Article, label, Some(block));
            }
            Some(Keyword::Preamble { .. }) => {
                let label = format!("{}Preamble", self.prefix);
                self.open(Part::Preamble, label, Some(block));
            }
            Some(Keyword::Division { kind, label, .. }) => self.division(kind, label, block),
            Some(Keyword::Instrument { prefix }) if self.articles > 0 && !self.awaits_title() => {
                self.instrument(&prefix, block)
            }
            _ => self.other_heading(block),
        }
    }

    /// Whether an article or division stands open for its title: "Statute of limitation" may be one.
    fn awaits_title(&self) -> bool {
        self.sections
            .last()
            .is_some_and(|last| last.body.is_empty() && matches!(last.part, Part::Article | Part::Division))
    }

    fn article_label(&mut self, label: &str) -> String {
        // A number that comes again is told apart by itself: what follows keeps its own name.
        self.labels.label(format!("{}{label}", self.prefix)).into()
    }

    fn division(&mut self, kind: String, label: String, block: Block) {
        if let Some(at) = self.divisions.iter().position(|(open, _)| *open == kind) {
            self.divisions.truncate(at);
        }
        // Deeper nesting than this is no book of law: the outermost go.
        if self.divisions.len() >= 6 {
            self.divisions.clear();
        }
        self.divisions.push((kind, label));
        let path: Vec<&str> = self.divisions.iter().map(|(_, label)| label.as_str()).collect();
        let label = format!("{}{}", self.prefix, path.join(", "));
        self.open(Part::Division, label, Some(block));
    }

    fn instrument(&mut self, prefix: &str, block: Block) {
        // "Recommendation 146" and below it "Recommendation concerning …": one title.
        if let Some(last) = self
            .sections
            .last_mut()
            .filter(|last| last.body.is_empty() && last.part == Part::Title && last.label != "Title")
        {
            last.headings.push(block);
            return;
        }
        self.prefix = if prefix.is_empty() { String::new() } else { format!("{prefix} ") };
        self.divisions.clear();
        let label = format!("{}Title", self.prefix);
        self.open(Part::Title, label, Some(block));
    }

    fn other_heading(&mut self, block: Block) {
        let words = block.text_of(self.text);
        let attaches = self.sections.last().is_some_and(|last| last.body.is_empty() && last.part != Part::Preamble);
        let paragraph =
            words.strip_prefix("Paragraph").filter(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        if let Some(number) = paragraph {
            let label = format!("{}¶ {}", self.prefix, heading_label(number));
            self.open(Part::Other, label, Some(block));
        } else if attaches {
            if let Some(last) = self.sections.last_mut() {
                last.headings.push(block);
            }
        } else if self.sections.iter().all(|section| section.part == Part::Contents) {
            self.open(Part::Title, "Title".to_string(), Some(block));
        } else {
            let label = format!("{}{}", self.prefix, heading_label(words));
            self.open(Part::Other, label, Some(block));
        }
    }

    fn body(&mut self, block: Block) {
        let words = block.text_of(self.text);
        if block.role == Role::Contents {
            if !self.sections.last().is_some_and(|last| last.part == Part::Contents) {
                self.open(Part::Contents, format!("{}Contents", self.prefix), None);
            }
            self.push(block);
            return;
        }
        let part = self.sections.last().map(|last| last.part).filter(|_| !self.after_contents());
        let treaty = self.style.code * 2 < self.style.articles;
        match part {
            None | Some(Part::Title) if self.articles == 0 && (treaty || preamble::is_preamble(words)) => {
                self.open(Part::Preamble, "Preamble".to_string(), None)
            }
            None if self.sections.iter().any(|section| section.part == Part::Title) => {
                self.open(Part::Other, "Text".to_string(), None)
            }
            None => self.open(Part::Title, "Title".to_string(), None),
            Some(Part::Contents) => self.open(Part::Other, format!("{}Text", self.prefix), None),
            Some(Part::Title)
                if self.sections.last().is_some_and(|last| last.body.is_empty()) && preamble::is_preamble(words) =>
            {
                let label = format!("{}Preamble", self.prefix);
                self.open(Part::Preamble, label, None);
            }
            Some(Part::Article | Part::Division) if self.articles > 0 && closes(words) => {
                let label = format!("{}Closing", self.prefix);
                self.open(Part::Closing, label, None);
            }
            Some(Part::Closing) => {
                self.closing(block);
                return;
            }
            _ => {}
        }
        self.push(block);
    }

    /// Below "Done at …" stand signatures and notes, whose numbers count no paragraphs.
    fn closing(&mut self, block: Block) {
        let number = enumerator(block.text_of(self.text)).filter(|found| found.class.is_bracketed_arabic());
        let text = self.text;
        let last = self.sections.last_mut().and_then(|last| last.body.last_mut());
        let bare = |last: &&mut Block| {
            last.note && enumerator(last.text_of(text)).is_some_and(|found| found.len >= last.end - last.start)
        };
        match last.filter(bare) {
            Some(last) if number.is_none() => last.end = block.end,
            _ => self.push(Block { note: block.note || number.is_some(), ..block }),
        }
    }

    fn push(&mut self, block: Block) {
        let named = self.prefix.trim_end();
        if let Some(last) = self.sections.last_mut() {
            if last.part == Part::Title && !named.is_empty() && last.label != "Title" {
                last.part = Part::Other;
                last.label = named.to_string();
            }
            last.body.push(block);
        }
    }
}

/// A paragraph with its points.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    /// The paragraph's own number, or nothing.
    pub(super) number: Option<String>,
    pub(super) points: Vec<Point>,
}

/// A stretch of a paragraph: its chapeau, a point, or the words after the points.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Labels from the outermost, without the paragraph's own number.
    pub(super) path: Vec<String>,
    pub(super) flush: bool,
    /// Nothing but the enumerator so far: "(b)" above "(1) …".
    bare: bool,
}

/// Deepest nesting of points that is followed.
const MAX_DEPTH: usize = 8;

/// Groups blocks into paragraphs.
pub(super) struct Grouper<'a> {
    text: &'a str,
    /// Running text: numbers do not open paragraphs, and points need a chapeau that ends in a colon.
    plain: bool,
    /// Paragraphs that nothing can join any more.
    done: Vec<Paragraph>,
    paragraphs: Vec<Paragraph>,
    /// The open lists, outermost first.
    stack: Vec<(Class, u32, String)>,
    /// Whether the outermost list is that of the paragraphs themselves.
    numbered: bool,
    marks: u32,
}

impl<'a> Grouper<'a> {
    pub(super) const fn new(text: &'a str, plain: bool) -> Self {
        Self { text, plain, done: Vec::new(), paragraphs: Vec::new(), stack: Vec::new(), numbered: false, marks: 0 }
    }

    pub(super) fn finish(mut self) -> Vec<Paragraph> {
        self.barrier();
        self.done
    }

    /// Closes the paragraph: what comes next stands beyond a heading.
    pub(super) fn barrier(&mut self) {
        self.done.append(&mut self.paragraphs);
        self.stack.clear();
        self.numbered = false;
    }

    /// Opens a paragraph with a number that the layout told, or without one.
    pub(super) fn open(&mut self, block: Block, number: Option<String>) {
        self.stack.clear();
        self.numbered = false;
        self.marks = 0;
        let point = Point { start: block.start, end: block.end, path: Vec::new(), flush: false, bare: false };
        self.paragraphs.push(Paragraph { number, points: vec![point] });
    }

    /// Lengthens the last stretch.
    pub(super) fn extend(&mut self, block: Block) {
        match self.paragraphs.last_mut().and_then(|paragraph| paragraph.points.last_mut()) {
            Some(point) => {
                point.end = block.end;
                point.bare = false;
            }
            None => self.open(block, None),
        }
    }

    pub(super) fn push(&mut self, block: Block) {
        if self.plain {
            self.push_piece(block);
            return;
        }
        let text = block.text_of(self.text);
        if block.note {
            // Its number counts the notes of a page, not the paragraphs of an article.
            let number = enumerator(text).map(|found| found.label);
            self.open(block, Some(number.map_or_else(|| "note".to_owned(), |number| format!("note {number}"))));
            return;
        }
        let (mut start, mut role) = (block.start, block.role);
        for cut in inline_cuts(text).into_iter().map(|cut| block.start + cut).chain([block.end]).collect::<Vec<_>>() {
            if let Some((from, end)) = trim(self.text, start, cut)
                && has_words(&self.text[from..end])
            {
                self.push_piece(Block { start: from, end, role, ..block });
                role = Role::Words;
            }
            start = cut;
        }
    }

    fn last_text(&self) -> Option<&'a str> {
        let point = self.paragraphs.last()?.points.last()?;
        self.text.get(point.start..point.end)
    }

    fn push_piece(&mut self, block: Block) {
        let text = block.text_of(self.text);
        if block.role == Role::Sign
            && let Some(sign) = paragraph_sign(text)
        {
            self.stack.clear();
            self.stack.push((sign.class, sign.ordinal, sign.label));
            self.numbered = true;
            self.start_numbered(block, false);
            return;
        }
        let mut found = enumerator(text).or_else(|| after_amendment(text));
        if found.is_none() && block.bullet {
            found = enumerator("- x").map(|bullet| Enumerator { len: 0, ..bullet });
        }
        let Some(first) = found.filter(|found| self.accepts(found)) else {
            self.push_words(block);
            return;
        };
        let mut at = first.len;
        self.push_number(block, &first, at >= text.len());
        // "(a) (1) Whoever …": the first point of the list below stands on the same line.
        while let Some(next) = enumerator(&text[at..])
            .filter(|next| next.ordinal == 1 && !next.class.is_weak() && !next.class.is_mark() && !self.plain)
        {
            if self.stack.len() >= MAX_DEPTH || next.len == 0 {
                break;
            }
            at += next.len;
            self.stack.push((next.class, next.ordinal, next.label));
            self.rename_last(at >= text.len());
        }
    }

    fn rename_last(&mut self, bare: bool) {
        let path = self.path();
        if let Some(point) = self.paragraphs.last_mut().and_then(|paragraph| paragraph.points.last_mut()) {
            point.path = path;
            point.bare = bare;
        }
    }

    fn path(&self) -> Vec<String> {
        self.stack.iter().skip(usize::from(self.numbered)).map(|(.., label)| label.clone()).collect()
    }

    /// Whether an enumerator is one here: initials and numbers in running text need a list that they continue or open.
    fn accepts(&self, found: &Enumerator) -> bool {
        let continues = self.position(found).is_some();
        if continues {
            return true;
        }
        let chapeau = self.last_text().is_some_and(|last| !last.ends_with('.'));
        if self.plain {
            return chapeau
                && self.last_text().is_some_and(|last| last.ends_with([':', '\u{2014}']))
                && (found.ordinal <= 1);
        }
        if found.class.is_mark() {
            return self.last_text().is_some();
        }
        if found.class.is_weak() {
            return found.ordinal == 1 || found.letter.is_some_and(|(_, ordinal)| ordinal == 1);
        }
        true
    }

    /// Returns the open list that the enumerator continues, and its reading there.
    fn position(&self, found: &Enumerator) -> Option<(usize, Class, u32)> {
        // "(h) … shall submit a report: (i) … (ii) …": after a colon, an "i" opens a list of its own.
        if found.letter.is_some() && found.ordinal == 1 && self.last_text().is_some_and(|last| last.ends_with(':')) {
            return None;
        }
        let readings = [found.letter, Some((found.class, found.ordinal))];
        for (depth, (class, ordinal, _)) in self.stack.iter().enumerate().rev() {
            for (reading, value) in readings.into_iter().flatten() {
                if reading == *class
                    && (class.is_mark()
                        || value == ordinal + 1
                        || (value == *ordinal
                            && !found.label.ends_with(|c: char| c.is_ascii_digit())
                            && class.is_arabic()))
                {
                    return Some((depth, reading, value));
                }
            }
        }
        // A gap in the numbers, as where a point was repealed.
        for (depth, (class, ordinal, _)) in self.stack.iter().enumerate().rev() {
            if found.class == *class && found.ordinal > *ordinal && found.ordinal <= ordinal + 20 && !class.is_weak() {
                return Some((depth, found.class, found.ordinal));
            }
        }
        None
    }

    fn push_number(&mut self, block: Block, found: &Enumerator, bare: bool) {
        if let Some((depth, class, ordinal)) = self.position(found) {
            self.stack.truncate(depth);
            let label = self.point_label(found);
            self.stack.push((class, ordinal, label));
            if depth == 0 && self.numbered {
                self.start_numbered(block, bare);
            } else {
                self.push_point(block, bare);
            }
            return;
        }
        self.restart_list(found);
        let last = self.last_text();
        let chapeau = last.is_some_and(|last| {
            !last.ends_with(['.', '!', '?', '"', '\u{201d}', '。', '」'])
                || (!found.class.is_arabic() && found.ordinal == 1 && last.ends_with(['.', '。']))
        });
        let fresh = match last {
            None => true,
            Some(_) if self.stack.is_empty() => !chapeau && !found.class.is_mark(),
            Some(_) if found.class.is_wide_arabic() && !self.numbered => true,
            // The numbers of the article's own paragraphs begin after an unnumbered one with points.
            Some(_) => !self.numbered && found.class.is_arabic() && found.ordinal == 1 && !chapeau && !self.plain,
        };
        if self.stack.len() >= MAX_DEPTH {
            self.extend(block);
            return;
        }
        if fresh {
            self.stack.clear();
            self.stack.push((found.class, found.ordinal, found.label.clone()));
            self.numbered = true;
            self.start_numbered(block, bare);
            return;
        }
        let (class, ordinal) = found.letter.filter(|&(_, value)| value == 1).unwrap_or((found.class, found.ordinal));
        self.marks = 0;
        let label = self.point_label(found);
        self.stack.push((class, ordinal, label));
        self.push_point(block, bare);
    }

    /// Closing words may open a second list with the numbers of the first: it stands beside it, not below its last point.
    fn restart_list(&mut self, found: &Enumerator) {
        let paragraph = self.paragraphs.last();
        let flush = paragraph.and_then(|paragraph| paragraph.points.last()).is_some_and(|point| point.flush);
        let own = usize::from(self.numbered);
        let depth = self.stack.iter().skip(own).position(|(class, ..)| *class == found.class);
        if let Some(depth) = depth.filter(|_| flush && found.ordinal == 1) {
            self.stack.truncate(own + depth);
        }
    }

    fn point_label(&mut self, found: &Enumerator) -> String {
        if found.class.is_mark() {
            self.marks += 1;
            format!("indent {}", self.marks)
        } else {
            found.label.clone()
        }
    }

    fn start_numbered(&mut self, block: Block, bare: bool) {
        let number = self.stack.first().map(|(.., label)| label.clone());
        self.marks = 0;
        let point = Point { start: block.start, end: block.end, path: Vec::new(), flush: false, bare };
        self.paragraphs.push(Paragraph { number, points: vec![point] });
    }

    fn push_point(&mut self, block: Block, bare: bool) {
        let path = self.path();
        let Some(paragraph) = self.paragraphs.last_mut() else {
            self.open(block, None);
            return;
        };
        match paragraph.points.last_mut() {
            Some(last) if last.bare => {
                last.end = block.end;
                last.path = path;
                last.bare = bare;
            }
            _ => paragraph.points.push(Point { start: block.start, end: block.end, path, flush: false, bare }),
        }
    }

    /// Words without a number: a new paragraph, more of the same one, or the close of a list.
    fn push_words(&mut self, block: Block) {
        let text = block.text_of(self.text);
        let Some(last) = self.last_text() else {
            self.open(block, None);
            return;
        };
        let Some(paragraph) = self.paragraphs.last() else {
            return;
        };
        let (bare, flush) = paragraph.points.last().map_or((false, false), |point| (point.bare, point.flush));
        let listed = paragraph.points.iter().any(|point| !point.path.is_empty());
        let lower = starts_lower(text);
        if bare || flush {
            if flush && !self.numbered && !lower && last.ends_with('.') {
                self.open(block, None);
            } else {
                self.extend(block);
            }
        } else if listed {
            // After bullets, words without one are no part of the list.
            let bulleted = self.stack.last().is_some_and(|(class, ..)| class.is_mark());
            let heading_like = !bulleted && !ends_sentence(last) && !last.ends_with(',') && last.len() < 120 && !lower;
            if last.ends_with(':') || heading_like {
                self.extend(block);
            } else if lower || self.numbered || (!bulleted && !last.ends_with(['.', '!', '?'])) {
                self.push_flush(block);
            } else {
                self.open(block, None);
            }
        } else if self.numbered
            || (!self.plain && (lower && !last.ends_with('.') || last.ends_with(':') && text.len() < 400))
        {
            self.extend(block);
        } else {
            self.open(block, None);
        }
    }

    fn push_flush(&mut self, block: Block) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.points.push(Point {
                start: block.start,
                end: block.end,
                path: Vec::new(),
                flush: true,
                bare: false,
            });
        }
    }
}

/// Reads the number in "(Изм. - ДВ, бр. 74 от 2009 г.) (1) …": brackets at the head of an article say how it was amended.
fn after_amendment(text: &str) -> Option<Enumerator> {
    let (note, rest) = text.strip_prefix('(')?.split_once(')')?;
    let words = rest.trim_start();
    let first = |found: &Enumerator| found.ordinal == 1 && found.class.is_bracketed_arabic();
    let number = enumerator(words).filter(first).filter(|_| note.len() <= 200 && words.len() < rest.len())?;
    Some(Enumerator { len: text.len() - words.len() + number.len, ..number })
}

/// Returns where further numbers open within a block: "1. … . 2. …", "…: (a) …; (b) …".
fn inline_cuts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut cuts = Vec::new();
    let mut stack: Vec<(Class, u32)> = Vec::new();
    let mut opened = 0usize;
    if let Some(found) = enumerator(text) {
        stack.push((found.class, found.ordinal));
        opened = found.len;
    }
    let mut at = opened;
    while at < bytes.len() {
        let Some(offset) = bytes[at..].iter().position(|b| matches!(b, b'.' | b';' | b':' | b',') || *b == 0xe2) else {
            break;
        };
        let sign = at + offset;
        at = sign + 1;
        let after_sign = if bytes[sign] == 0xe2 {
            // An em or en dash.
            if !(text[sign..].starts_with('\u{2014}') || text[sign..].starts_with('\u{2013}')) {
                continue;
            }
            sign + 3
        } else {
            at
        };
        let Some(rest) = text.get(after_sign..) else {
            continue;
        };
        let mut words = rest.trim_start();
        let spaced = words.len() < rest.len();
        for joint in ["and ", "or ", "et ", "ou ", "und ", "oder "] {
            words = words.strip_prefix(joint).unwrap_or(words).trim_start();
        }
        let start = text.len() - words.len();
        if start == opened || !words.starts_with(|c: char| c == '(' || c.is_ascii_alphanumeric()) || !spaced {
            continue;
        }
        let Some(found) = enumerator(words)
            .filter(|found| !found.class.is_upper_dot() && !found.class.is_weak() && found.len < words.len())
        else {
            continue;
        };
        let opens = found.ordinal == 1 && matches!(bytes[sign], b':' | 0xe2) && stack.len() < MAX_DEPTH;
        let readings = [found.letter, Some((found.class, found.ordinal))];
        let sibling = stack.iter().rposition(|&(class, ordinal)| {
            readings.iter().flatten().any(|&(reading, value)| reading == class && value == ordinal + 1)
        });
        // "1." goes on only after a full stop, "(b)" after a clause of some length: references look like "(a), (b) and (c)".
        let fits = if found.class.is_arabic() && found.class != stack.last().map_or(found.class, |top| top.0) {
            true
        } else {
            bytes[sign] == b';' || start - opened >= 12
        };
        let ended = bytes[sign] != b',' || found.class.is_arabic() || start - opened >= 24;
        if let Some(depth) = sibling.filter(|_| fits && ended) {
            let (class, ordinal) = stack[depth];
            stack.truncate(depth);
            stack.push((class, ordinal + 1));
        } else if opens {
            let (class, ordinal) =
                found.letter.filter(|&(_, value)| value == 1).unwrap_or((found.class, found.ordinal));
            stack.push((class, ordinal));
        } else {
            continue;
        }
        cuts.push(start);
        opened = start + found.len;
        at = at.max(opened);
    }
    cuts
}
