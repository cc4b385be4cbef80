//! Segmentation of a text into units: source, sections, paragraphs, items, sentences.
//!
//! Levels tile: a section has a paragraph at least, a paragraph an item, an item a sentence, and every letter of the
//! text lies in one sentence. What a reader's marks say comes first; where they are silent the layout and the wording
//! decide (see the sibling modules). Nothing here is random, and every loop is linear in the text.

use super::label::{Keyword, Names, Unique, heading_label, keyword};
use super::layout::{Block, Layout, PlainMode, Role, flatten, has_words, layout, plain_blocks, plain_mode, trim};
use super::legal::{Grouper, Paragraph, Part, Section, Style, find_articles, outline};
use super::notes::{blanked, furniture};
use super::preamble::{PieceKind, pieces};
use super::sentence::{narrow, split};
use super::turns::turns;
use super::who_asks::who_asks;
use super::{Document, Level, Mark, MarkKind, Span, Unit, UnitRole};
use serde::Serialize;

pub use super::sentence::sentences;
pub use super::words::count_words;

/// How the paragraphs of a source were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphsBy {
    /// By the file format, or the turns of speakers.
    Marks,
    /// By blank lines.
    BlankLines,
    /// By their numbers.
    Numbered,
    /// By ends of lines: one line each, or, in text broken at a fixed width, a last line left short.
    Lines,
    /// Not at all: blocks of five sentences.
    SentenceBlocks,
    /// In more than one way.
    Mixed,
}

impl ParagraphsBy {
    /// Returns the name used in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::BlankLines => "blank-lines",
            Self::Numbered => "numbered",
            Self::Lines => "lines",
            Self::SentenceBlocks => "sentence-blocks",
            Self::Mixed => "mixed",
        }
    }
}

/// What kind of text the segmentation took a source for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    /// Articles of an international instrument.
    Treaty,
    /// Sections or articles of a code or act.
    Statute,
    /// Turns of speakers.
    Interview,
    /// Anything else.
    Plain,
}

impl TextKind {
    /// Returns the name used in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Treaty => "treaty",
            Self::Statute => "statute",
            Self::Interview => "interview",
            Self::Plain => "plain",
        }
    }
}

/// The units of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segmentation {
    /// The source first, then each unit before the units within it, in the order of the text.
    pub units: Vec<Unit>,
    /// How paragraphs were told.
    pub paragraphs_by: ParagraphsBy,
    /// Median length of the paragraphs that are no headings, in words.
    pub median_paragraph_words: u32,
    /// What the text was taken for.
    pub kind: TextKind,
}

/// Returns the units of a document; `language` (a BCP 47 tag) goes before the document's own.
#[must_use]
pub fn segment(document: &Document, language: Option<&str>) -> Segmentation {
    let original = &document.text[..document.text.floor_char_boundary(u32::MAX as usize)];
    // Numbers of lines and times of cues end no line of the text; blanks of their length leave every position as it is.
    let text = &*blanked(original, furniture(original));
    let language = language.or(document.language.as_deref());
    let mut layout = layout(text, &document.marks);
    let (kind, plans, paragraphs_by) = plan(&mut layout, original, &document.marks, language);
    let mut builder = Builder::new(text, language);
    for plan in plans {
        builder.section(plan);
    }
    let median_paragraph_words = builder.median();
    Segmentation { units: builder.units, paragraphs_by, median_paragraph_words, kind }
}

/// A section whose units are known.
struct SectionPlan {
    label: String,
    paragraphs: Vec<ParagraphPlan>,
}

struct ParagraphPlan {
    label: String,
    role: UnitRole,
    items: Vec<ItemPlan>,
}

struct ItemPlan {
    label: String,
    role: UnitRole,
    start: usize,
    end: usize,
    /// Known sentences: the lines of a heading.
    sentences: Vec<(usize, usize)>,
}

fn plan(
    layout: &mut Layout<'_>,
    original: &str,
    marks: &[Mark],
    language: Option<&str>,
) -> (TextKind, Vec<SectionPlan>, ParagraphsBy) {
    let regions = regions(layout.text, marks);
    if regions.iter().any(|region| region.mark.is_some_and(|mark| mark.kind == MarkKind::Turn)) {
        return (
            TextKind::Interview,
            marked_sections(layout, &regions, marks, TextKind::Interview),
            ParagraphsBy::Marks,
        );
    }
    if !regions.is_empty() {
        let kind = kind_of_marks(&regions);
        let numbered = marks.iter().any(|mark| mark.kind == MarkKind::Paragraph);
        let plans = marked_sections(layout, &regions, marks, kind);
        let by = if numbered { ParagraphsBy::Marks } else { by_numbers(&plans) };
        return (kind, plans, by);
    }
    let style = find_articles(layout);
    if style.articles > 0 {
        let kind = if style.code * 2 >= style.articles { TextKind::Statute } else { TextKind::Treaty };
        let blocks = layout.blocks(0, layout.text.len());
        let plans: Vec<SectionPlan> = outline(layout.text, &blocks, style)
            .into_iter()
            .map(|section| legal_section(layout.text, section))
            .collect();
        let by = by_numbers(&plans);
        return (kind, plans, by);
    }
    if let Some(plans) = transcript(layout, original) {
        return (TextKind::Interview, plans, ParagraphsBy::Marks);
    }
    plain(layout, marks, language)
}

/// Tells by the labels whether paragraphs carry numbers.
fn by_numbers(plans: &[SectionPlan]) -> ParagraphsBy {
    let body = || plans.iter().flat_map(|plan| &plan.paragraphs).filter(|paragraph| paragraph.role == UnitRole::Body);
    let (all, unnumbered) = (body().count(), body().filter(|paragraph| paragraph.label.contains('¶')).count());
    if unnumbered * 10 <= all * 3 {
        ParagraphsBy::Numbered
    } else if unnumbered * 10 >= all * 7 {
        ParagraphsBy::BlankLines
    } else {
        ParagraphsBy::Mixed
    }
}

/// A stretch with the innermost section, preamble or turn mark on it.
struct Region<'m> {
    start: usize,
    end: usize,
    mark: Option<&'m Mark>,
}

fn regions<'m>(text: &str, marks: &'m [Mark]) -> Vec<Region<'m>> {
    let mut spans: Vec<(usize, usize, u32)> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let (start, end) = (mark.span.start as usize, mark.span.end as usize);
        let wanted = matches!(mark.kind, MarkKind::Section | MarkKind::Preamble | MarkKind::Turn);
        if wanted && start < end && text.is_char_boundary(start) && text.is_char_boundary(end) {
            spans.push((start, end, narrow(index)));
        }
    }
    if spans.is_empty() {
        return Vec::new();
    }
    spans.sort_unstable_by_key(|&(start, end, index)| (start, std::cmp::Reverse(end), index));
    let mut found = Vec::new();
    let mut at = 0;
    let mut push = |start: usize, end: usize, mark: Option<&'m Mark>| {
        if let Some((start, end)) = trim(text, start, end).filter(|&(start, end)| has_words(&text[start..end])) {
            found.push(Region { start, end, mark });
        }
    };
    for (start, end, index) in flatten(&spans) {
        if start > at {
            push(at, start, None);
        }
        push(start, end, marks.get(index as usize));
        at = end;
    }
    push(at, text.len(), None);
    found
}

fn kind_of_marks(regions: &[Region<'_>]) -> TextKind {
    let label = |prefix: &str| {
        regions
            .iter()
            .filter(|region| {
                region.mark.and_then(|mark| mark.label.as_deref()).is_some_and(|label| label.starts_with(prefix))
            })
            .count()
    };
    let (articles, sections) = (label("Art"), label("§") + label("s.") + label("Sec"));
    if articles == 0 && sections == 0 {
        TextKind::Plain
    } else if articles >= sections {
        TextKind::Treaty
    } else {
        TextKind::Statute
    }
}

fn marked_sections(layout: &Layout<'_>, regions: &[Region<'_>], marks: &[Mark], kind: TextKind) -> Vec<SectionPlan> {
    let text = layout.text;
    let mut plans = Vec::new();
    let mut turn = 0usize;
    for region in regions {
        match region.mark {
            None => {
                let blocks = layout.blocks(region.start, region.end);
                let first = plans.is_empty();
                plans.extend(unmarked(text, &blocks, first, kind));
            }
            Some(mark) if mark.kind == MarkKind::Turn => {
                turn += 1;
                let speaker = mark.label.as_deref().map(heading_label).filter(|label| !label.is_empty());
                plans.push(turn_plan(
                    &speaker.unwrap_or_else(|| "Speaker".to_string()),
                    turn,
                    region.start,
                    region.end,
                ));
            }
            Some(mark) => {
                let (headings, body): (Vec<Block>, Vec<Block>) =
                    layout.blocks(region.start, region.end).into_iter().partition(|block| block.heading);
                let is_preamble = mark.kind == MarkKind::Preamble;
                let label = mark
                    .label
                    .as_deref()
                    .map(heading_label)
                    .filter(|label| !label.is_empty())
                    .unwrap_or_else(|| region_label(text, is_preamble, &headings, &body));
                let part = if is_preamble { Part::Preamble } else { Part::Article };
                let inner = labelled_paragraphs(layout, marks, region, &label, part);
                let section = Section { part, label, headings, body };
                plans.push(inner.map_or_else(
                    || legal_section(text, section.clone()),
                    |paragraphs| SectionPlan { label: section.label.clone(), paragraphs },
                ));
            }
        }
    }
    plans
}

fn region_label(text: &str, is_preamble: bool, headings: &[Block], body: &[Block]) -> String {
    if is_preamble {
        return "Preamble".to_string();
    }
    let first = headings.first().or_else(|| body.first()).map_or("", |block| block.text_of(text));
    match keyword(first, Names::Sections) {
        Some(Keyword::Article { label, .. } | Keyword::Division { label, .. }) => label,
        _ if headings.is_empty() => "Section".to_string(),
        _ => heading_label(first),
    }
}

/// Text outside the marked sections: the title before them, anything between or after.
fn unmarked(text: &str, blocks: &[Block], first: bool, kind: TextKind) -> Vec<SectionPlan> {
    if first && matches!(kind, TextKind::Treaty | TextKind::Statute) {
        let code = usize::from(kind == TextKind::Statute);
        let style = Style { articles: 1, code, ..Style::default() };
        return outline(text, blocks, style).into_iter().map(|section| legal_section(text, section)).collect();
    }
    let (headings, body): (Vec<Block>, Vec<Block>) = blocks.iter().partition(|block| block.heading);
    let label = match headings.first() {
        _ if first => "Title".to_string(),
        Some(heading) => heading_label(heading.text_of(text)),
        None => "Text".to_string(),
    };
    vec![legal_section(text, Section { part: Part::Other, label, headings, body })]
}

/// Paragraphs that labelled marks tell within a section.
fn labelled_paragraphs(
    layout: &Layout<'_>,
    marks: &[Mark],
    region: &Region<'_>,
    base: &str,
    part: Part,
) -> Option<Vec<ParagraphPlan>> {
    let first = marks.partition_point(|mark| (mark.span.start as usize) < region.start);
    let mut found: Vec<&Mark> = Vec::new();
    let mut reach = region.start;
    for mark in marks.get(first..)?.iter().take_while(|mark| (mark.span.start as usize) < region.end) {
        let (start, end) = (mark.span.start as usize, mark.span.end as usize);
        if mark.kind == MarkKind::Paragraph
            && mark.label.is_some()
            && start >= reach
            && end <= region.end
            && layout.text.get(start..end).is_some_and(has_words)
        {
            found.push(mark);
            reach = end;
        }
    }
    if found.is_empty() {
        return None;
    }
    let role = if part == Part::Preamble { UnitRole::Preamble } else { UnitRole::Body };
    let mut plans = Vec::new();
    let mut at = region.start;
    for mark in found {
        let (start, end) = (mark.span.start as usize, mark.span.end as usize);
        plans.extend(gap_paragraphs(layout, at, start, base, role));
        let label = joined_label(base, mark.label.as_deref().unwrap_or(""));
        let mut grouper = Grouper::new(layout.text, false);
        for block in layout.blocks(start, end) {
            grouper.push(block);
        }
        plans.extend(merged(grouper.finish(), &label, role));
        at = end;
    }
    plans.extend(gap_paragraphs(layout, at, region.end, base, role));
    Some(plans)
}

fn joined_label(base: &str, label: &str) -> String {
    let label = heading_label(label);
    if label.starts_with(base) || label.len() > 8 || label.contains(' ') {
        label
    } else {
        format!("{base}({})", label.trim_matches(['(', ')', '.', ' ']))
    }
}

fn gap_paragraphs(layout: &Layout<'_>, start: usize, end: usize, base: &str, role: UnitRole) -> Vec<ParagraphPlan> {
    body_paragraphs(layout.text, &layout.blocks(start, end), base, role)
}

/// One paragraph of all that a labelled mark covers.
fn merged(paragraphs: Vec<Paragraph>, label: &str, role: UnitRole) -> Option<ParagraphPlan> {
    let mut whole = Paragraph::default();
    for paragraph in paragraphs {
        whole.points.extend(paragraph.points);
    }
    (!whole.points.is_empty()).then(|| paragraph_plan(&whole, label, label, role))
}

fn heading_plan(base: &str, headings: &[Block]) -> Option<ParagraphPlan> {
    let (first, last) = (headings.first()?, headings.last()?);
    let label = format!("{base} heading");
    let sentences = headings.iter().map(|block| (block.start, block.end)).collect();
    let item = ItemPlan { label: label.clone(), role: UnitRole::Heading, start: first.start, end: last.end, sentences };
    Some(ParagraphPlan { label, role: UnitRole::Heading, items: vec![item] })
}

fn legal_section(text: &str, section: Section) -> SectionPlan {
    let Section { part, label, headings, body } = section;
    let mut blocks = headings;
    blocks.extend(body);
    blocks.sort_by_key(|block| block.start);
    if part == Part::Preamble {
        return SectionPlan { paragraphs: preamble_paragraphs(text, &blocks, &label), label };
    }
    SectionPlan { paragraphs: body_paragraphs(text, &blocks, &label, UnitRole::Body), label }
}

/// Paragraphs of headings and text, in order. Headings that stand together are one paragraph.
fn body_paragraphs(text: &str, blocks: &[Block], base: &str, role: UnitRole) -> Vec<ParagraphPlan> {
    let mut plans: Vec<ParagraphPlan> = blocks
        .chunk_by(|one, two| one.heading && two.heading)
        .filter(|run| run[0].heading)
        .filter_map(|run| heading_plan(base, run))
        .collect();
    plans.extend(grouped(text, blocks, base, role));
    plans.sort_by_key(|plan| plan.items.first().map_or(0, |item| item.start));
    plans
}

fn grouped(text: &str, blocks: &[Block], base: &str, role: UnitRole) -> Vec<ParagraphPlan> {
    let mut grouper = Grouper::new(text, false);
    for block in blocks {
        if block.heading {
            grouper.barrier();
        } else {
            grouper.push(*block);
        }
    }
    let (mut unnumbered, mut listed) = (0u32, false);
    let mut plans = Vec::new();
    let found = grouper.finish();
    // "Schedule ¶ 2" is a paragraph already: its only one needs no number of its own.
    let is_paragraph = base.contains('¶') && found.len() == 1;
    for paragraph in found {
        let numbered = paragraph.number.as_ref().map(|number| format!("{base}({number})"));
        let label = numbered.clone().unwrap_or_else(|| {
            unnumbered += 1;
            if is_paragraph { base.to_string() } else { format!("{base} ¶{unnumbered}") }
        });
        // Points of an unnumbered paragraph are cited by the article, unless two such paragraphs have points.
        let has_points = paragraph.points.iter().any(|point| !point.path.is_empty());
        let stem = numbered.unwrap_or_else(|| if listed { label.clone() } else { base.to_string() });
        listed |= has_points && paragraph.number.is_none();
        plans.push(paragraph_plan(&paragraph, &label, &stem, role));
    }
    plans
}

/// Labels the points of a paragraph: `stem` carries the path of a point, `label` the paragraph itself.
fn paragraph_plan(paragraph: &Paragraph, label: &str, stem: &str, role: UnitRole) -> ParagraphPlan {
    let points = &paragraph.points;
    if let [only] = points.as_slice() {
        let name = if only.path.is_empty() { label.to_string() } else { path_label(stem, &only.path) };
        let item = ItemPlan { label: name, role, start: only.start, end: only.end, sentences: Vec::new() };
        return ParagraphPlan { label: label.to_string(), role, items: vec![item] };
    }
    let mut items = Vec::with_capacity(points.len());
    for (index, point) in points.iter().enumerate() {
        let parent = points.get(index + 1).is_some_and(|next| {
            !next.flush && next.path.len() > point.path.len() && next.path.starts_with(&point.path)
        });
        let (name, item_role) = if point.flush {
            (format!("{stem} flush"), role)
        } else if point.path.is_empty() && index == 0 {
            (format!("{stem} chapeau"), if role == UnitRole::Body { UnitRole::Chapeau } else { role })
        } else if parent {
            (format!("{} chapeau", path_label(stem, &point.path)), role)
        } else {
            (path_label(stem, &point.path), role)
        };
        items.push(ItemPlan {
            label: name,
            role: item_role,
            start: point.start,
            end: point.end,
            sentences: Vec::new(),
        });
    }
    ParagraphPlan { label: label.to_string(), role, items }
}

fn path_label(stem: &str, path: &[String]) -> String {
    let mut label = stem.to_string();
    for part in path {
        if part.starts_with("indent") {
            label.push(' ');
            label.push_str(part);
        } else {
            label.push('(');
            label.push_str(part);
            label.push(')');
        }
    }
    label
}

fn preamble_paragraphs(text: &str, blocks: &[Block], base: &str) -> Vec<ParagraphPlan> {
    let pieces = pieces(text, blocks);
    let recitals = pieces.iter().any(|piece| matches!(piece.kind, PieceKind::Recital(_)));
    let others = pieces.iter().filter(|piece| piece.kind == PieceKind::Other).count();
    // "Having regard to …" before "(1) …" is no recital of that number: where recitals have numbers, only those count.
    let numbered = pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Recital(Some(_)))).count() >= 2;
    let (mut recital, mut other) = (0u32, 0u32);
    let mut plans = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let (label, role) = match &piece.kind {
            PieceKind::Heading => (format!("{base} heading"), UnitRole::Heading),
            PieceKind::Recital(None) if numbered => {
                other += 1;
                (format!("{base} ¶{other}"), UnitRole::Preamble)
            }
            PieceKind::Recital(number) => {
                recital += 1;
                (
                    number.as_ref().map_or_else(|| format!("{base}({recital})"), |number| format!("{base}({number})")),
                    UnitRole::Preamble,
                )
            }
            PieceKind::Enacting => (format!("{base} enacting words"), UnitRole::Preamble),
            PieceKind::Other if recitals && recital == 0 && others == 1 => {
                (format!("{base} chapeau"), UnitRole::Preamble)
            }
            PieceKind::Other => {
                other += 1;
                (format!("{base} ¶{other}"), UnitRole::Preamble)
            }
        };
        let item = ItemPlan { label: label.clone(), role, start: piece.start, end: piece.end, sentences: Vec::new() };
        plans.push(ParagraphPlan { label, role, items: vec![item] });
    }
    plans
}

/// Between the speaker and the number in the label of a turn.
const TURN: &str = ", turn ";

/// Returns who speaks in a section, if it is a turn.
#[must_use]
pub fn speaker(section: &Unit) -> Option<&str> {
    let (speaker, number) = section.label.rsplit_once(TURN)?;
    (section.level == Level::Section && number.starts_with(|c: char| c.is_ascii_digit())).then_some(speaker)
}

/// Returns the indices of the turns of those who ask, if the source is an interview.
///
/// They are `given` by name, or else known by their role ("Interviewer", "Q"), or by their manner: of two speakers, the
/// one whose turns are questions.
#[must_use]
pub fn turns_that_ask(segmentation: &Segmentation, text: &str, given: &[String]) -> Vec<usize> {
    if segmentation.kind != TextKind::Interview {
        return Vec::new();
    }
    let units = segmentation.units.iter().enumerate();
    // A label made unique or cut short still names the same speaker.
    let turns: Vec<(usize, &str, &str)> =
        units.filter_map(|(index, unit)| Some((index, speaker(unit)?, unit.span.of(text)))).collect();
    let spoken: Vec<(&str, &str)> = turns.iter().map(|&(_, who, words)| (who, words)).collect();
    let head = units_head(&turns, segmentation, text);
    let asking = who_asks(head, &spoken, given);
    turns.iter().filter(|(_, who, _)| asking.contains(*who)).map(|(index, ..)| *index).collect()
}

/// The text before the first turn.
fn units_head<'t>(turns: &[(usize, &str, &str)], segmentation: &Segmentation, text: &'t str) -> &'t str {
    let first = turns.first().and_then(|&(index, ..)| segmentation.units.get(index));
    first.and_then(|unit| text.get(..unit.span.start as usize)).unwrap_or("")
}

fn turn_plan(speaker: &str, number: usize, start: usize, end: usize) -> SectionPlan {
    let label = format!("{speaker}{TURN}{number}");
    let item = ItemPlan { label: label.clone(), role: UnitRole::Body, start, end, sentences: Vec::new() };
    SectionPlan {
        label: label.clone(),
        paragraphs: vec![ParagraphPlan { label, role: UnitRole::Body, items: vec![item] }],
    }
}

/// Reads the turns of a transcript from its lines; none where it has no such pattern.
fn transcript(layout: &Layout<'_>, original: &str) -> Option<Vec<SectionPlan>> {
    let found = turns(layout.text, original, &layout.lines);
    let first = found.first()?;
    let mut plans = Vec::new();
    let start = layout.lines.get(first.line)?.start;
    let before = layout.blocks(0, start);
    if !before.is_empty() {
        let (headings, body): (Vec<Block>, Vec<Block>) = before.into_iter().partition(|block| block.heading);
        plans.push(legal_section(
            layout.text,
            Section { part: Part::Title, label: "Title".to_string(), headings, body },
        ));
    }
    for (index, turn) in found.iter().enumerate() {
        let start = layout.lines[turn.line].start;
        let last = found.get(index + 1).map_or(layout.lines.len(), |next| next.line).saturating_sub(1);
        plans.push(turn_plan(&heading_label(&turn.speaker), index + 1, start, layout.lines[last].end));
    }
    Some(plans)
}

fn plain(layout: &Layout<'_>, marks: &[Mark], language: Option<&str>) -> (TextKind, Vec<SectionPlan>, ParagraphsBy) {
    let mode = plain_mode(layout);
    let sections = plain_sections(layout, marks);
    let mut numbering = Numbering::default();
    let plans: Vec<SectionPlan> = sections
        .iter()
        .map(|section| plain_section(layout, &mode, section, language, &mut numbering))
        .filter(|plan| !plan.paragraphs.is_empty())
        .collect();
    let by = match &mode {
        PlainMode::Marks => ParagraphsBy::Marks,
        PlainMode::Blank | PlainMode::Lines(true) => ParagraphsBy::BlankLines,
        PlainMode::Lines(false) | PlainMode::ShortLines => ParagraphsBy::Lines,
        PlainMode::Numbered(..) if numbering.unnumbered * 10 > (numbering.numbered + numbering.unnumbered) * 3 => {
            ParagraphsBy::Mixed
        }
        PlainMode::Numbered(..) => ParagraphsBy::Numbered,
        PlainMode::SentenceBlocks => ParagraphsBy::SentenceBlocks,
    };
    (TextKind::Plain, plans, by)
}

struct PlainSection {
    label: String,
    headings: Vec<Block>,
    from: usize,
    to: usize,
}

/// Sections of running text: by headings, else by pages, else one.
fn plain_sections(layout: &Layout<'_>, marks: &[Mark]) -> Vec<PlainSection> {
    let text = layout.text;
    let headings: Vec<(Block, u8)> = heading_blocks(layout, marks);
    if headings.is_empty() {
        return pages(text, marks).unwrap_or_else(|| {
            vec![PlainSection { label: "Text".to_string(), headings: Vec::new(), from: 0, to: text.len() }]
        });
    }
    let mut sections: Vec<PlainSection> = Vec::new();
    let (first, level) = headings[0];
    let top = headings.iter().skip(1).all(|&(_, other)| other > level);
    if text[..first.start].chars().any(char::is_alphanumeric) {
        sections.push(PlainSection { label: "Text".to_string(), headings: Vec::new(), from: 0, to: first.start });
    }
    for (index, &(block, _)) in headings.iter().enumerate() {
        let to = headings.get(index + 1).map_or(text.len(), |(next, _)| next.start);
        let has_body = has_words(&text[block.end..to]);
        if index == 0 && top && sections.is_empty() {
            sections.push(PlainSection {
                label: "Title".to_string(),
                headings: vec![block],
                from: block.end,
                to: block.end,
            });
            if has_body {
                sections.push(PlainSection { label: "Text".to_string(), headings: Vec::new(), from: block.end, to });
            }
            continue;
        }
        sections.push(PlainSection {
            label: heading_label(block.text_of(text)),
            headings: vec![block],
            from: block.end,
            to,
        });
    }
    sections
}

fn heading_blocks(layout: &Layout<'_>, marks: &[Mark]) -> Vec<(Block, u8)> {
    let mut found: Vec<(Block, u8, u32)> = Vec::new();
    for line in &layout.lines {
        let Some(index) = line.heading else { continue };
        let level = match marks.get(index as usize).map(|mark| mark.kind) {
            Some(MarkKind::Heading { level }) => level,
            _ => 6,
        };
        match found.last_mut() {
            Some((block, _, last)) if *last == index => block.end = line.end,
            _ => found.push((
                Block {
                    start: line.start,
                    end: line.end,
                    heading: true,
                    bullet: false,
                    note: false,
                    role: Role::Words,
                },
                level,
                index,
            )),
        }
    }
    found.retain(|(block, ..)| has_words(block.text_of(layout.text)));
    found.into_iter().map(|(block, level, _)| (block, level)).collect()
}

fn pages(text: &str, marks: &[Mark]) -> Option<Vec<PlainSection>> {
    let mut sections: Vec<PlainSection> = Vec::new();
    let starts =
        marks.iter().filter(|mark| mark.kind == MarkKind::Page && text.is_char_boundary(mark.span.start as usize));
    for (index, mark) in starts.enumerate() {
        let start = mark.span.start as usize;
        if let Some(last) = sections.last_mut() {
            if start <= last.from {
                continue;
            }
            last.to = start;
        } else if has_words(text.get(..start)?) {
            sections.push(PlainSection { label: "Text".to_string(), headings: Vec::new(), from: 0, to: start });
        }
        let label = mark
            .label
            .as_deref()
            .map(heading_label)
            .filter(|label| !label.is_empty())
            .unwrap_or_else(|| (index + 1).to_string());
        sections.push(PlainSection { label: format!("p. {label}"), headings: Vec::new(), from: start, to: text.len() });
    }
    (!sections.is_empty()).then_some(sections)
}

/// Numbers of paragraphs of running text, through the whole source.
#[derive(Default)]
struct Numbering {
    last: String,
    since: u32,
    numbered: u32,
    unnumbered: u32,
}

impl Numbering {
    /// Returns "¶ 7": the number that the text gives, else the count; between given numbers "¶ 7/2".
    fn label(&mut self, given: Option<&str>, own: bool) -> String {
        if let Some(number) = given {
            self.numbered += 1;
            self.since = 1;
            self.last = number.to_string();
            return format!("¶ {number}");
        }
        self.unnumbered += 1;
        if own {
            self.since += 1;
            let before = if self.last.is_empty() { "0" } else { &self.last };
            return format!("¶ {before}/{}", self.since);
        }
        format!("¶ {}", self.unnumbered)
    }
}

fn plain_section(
    layout: &Layout<'_>,
    mode: &PlainMode,
    section: &PlainSection,
    language: Option<&str>,
    numbering: &mut Numbering,
) -> SectionPlan {
    let mut grouper = Grouper::new(layout.text, true);
    for found in plain_blocks(layout, mode, section.from, section.to, language) {
        if found.number.is_some() {
            grouper.open(found.block, found.number);
        } else if found.continues {
            grouper.extend(found.block);
        } else {
            grouper.push(found.block);
        }
    }
    let own = matches!(mode, PlainMode::Numbered(..));
    let mut paragraphs: Vec<ParagraphPlan> = heading_plan(&section.label, &section.headings).into_iter().collect();
    for paragraph in grouper.finish() {
        let label = numbering.label(paragraph.number.as_deref(), own);
        paragraphs.push(paragraph_plan(&paragraph, &label, &label, UnitRole::Body));
    }
    SectionPlan { label: section.label.clone(), paragraphs }
}

/// Turns plans into units: labels made unique, sentences cut, paragraphs measured.
struct Builder<'a> {
    text: &'a str,
    language: Option<&'a str>,
    units: Vec<Unit>,
    sections: Unique,
    paragraphs: Unique,
    items: Unique,
    words: Vec<u32>,
    spans: Vec<Span>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, language: Option<&'a str>) -> Self {
        let source = Unit {
            level: Level::Source,
            span: Span::new(0, narrow(text.len())),
            label: "source".into(),
            parent: None,
            role: UnitRole::Body,
        };
        Self {
            text,
            language,
            units: vec![source],
            sections: Unique::default(),
            paragraphs: Unique::default(),
            items: Unique::default(),
            words: Vec::new(),
            spans: Vec::new(),
        }
    }

    fn unit(&mut self, level: Level, start: usize, end: usize, label: Box<str>, parent: u32, role: UnitRole) -> u32 {
        self.units.push(Unit { level, span: Span::new(narrow(start), narrow(end)), label, parent: Some(parent), role });
        narrow(self.units.len() - 1)
    }

    fn section(&mut self, plan: SectionPlan) {
        let ends = |paragraph: &ParagraphPlan| Some((paragraph.items.first()?.start, paragraph.items.last()?.end));
        let (Some((start, _)), Some((_, end))) =
            (plan.paragraphs.first().and_then(ends), plan.paragraphs.last().and_then(ends))
        else {
            return;
        };
        let role = section_role(&plan.paragraphs);
        let label = self.sections.label(plan.label);
        let section = self.unit(Level::Section, start, end, label, 0, role);
        for paragraph in plan.paragraphs {
            let Some((start, end)) = ends(&paragraph) else {
                continue;
            };
            if paragraph.role != UnitRole::Heading {
                self.words.push(self.text.get(start..end).map_or(0, super::words::count_words));
            }
            let label = self.paragraphs.label(paragraph.label);
            let parent = self.unit(Level::Paragraph, start, end, label, section, paragraph.role);
            for item in paragraph.items {
                self.item(item, parent);
            }
        }
    }

    fn item(&mut self, plan: ItemPlan, parent: u32) {
        let label = self.items.label(plan.label);
        let mut spans = std::mem::take(&mut self.spans);
        spans.clear();
        if plan.sentences.len() > 1 {
            spans.extend(plan.sentences.iter().map(|&(start, end)| Span::new(narrow(start), narrow(end))));
        } else {
            split(self.text, plan.start, plan.end, self.language, &mut spans);
        }
        let names: Vec<Box<str>> =
            (1..=spans.len()).map(|number| format!("{label} s{number}").into_boxed_str()).collect();
        let item = self.unit(Level::Item, plan.start, plan.end, label, parent, plan.role);
        for (span, name) in spans.iter().zip(names) {
            self.unit(Level::Sentence, span.start as usize, span.end as usize, name, item, plan.role);
        }
        self.spans = spans;
    }

    fn median(&mut self) -> u32 {
        self.words.sort_unstable();
        match self.words.len() {
            0 => 0,
            n if n % 2 == 1 => self.words[n / 2],
            n => self.words[n / 2 - 1].midpoint(self.words[n / 2]),
        }
    }
}

/// A section takes the role that all its paragraphs share; headings do not count beside others.
fn section_role(paragraphs: &[ParagraphPlan]) -> UnitRole {
    let mut roles = paragraphs.iter().map(|paragraph| paragraph.role).filter(|role| *role != UnitRole::Heading);
    match roles.next() {
        None => UnitRole::Heading,
        Some(UnitRole::Preamble) if roles.all(|role| role == UnitRole::Preamble) => UnitRole::Preamble,
        Some(_) => UnitRole::Body,
    }
}
