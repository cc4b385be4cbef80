//! Mentions of norm labels: who says which label where, one label at a position, lists of labels marked.

use crate::codebook::ConceptIx;
use crate::coding::Coding;
use crate::norm::corpus::{CodedSource, Corpus};
use crate::study::Source;
use crate::text::segment::speaker;
use crate::text::{Level, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Who counts as a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpeakerBy {
    /// The speaker of a turn; where a source has no turns, the source.
    Turns,
    /// The value of an attribute of the source; where a source has none, the source.
    Attribute(String),
}

/// A mention of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The label.
    pub label: ConceptIx,
    /// Index of the source.
    pub source: usize,
    /// Where in its text.
    pub span: Span,
    /// The sentence.
    pub sentence: u32,
    /// The window.
    pub window: Option<u32>,
    /// Number of the list in which it stands beside another label ("A and B"), within its speaker.
    pub list: Option<u32>,
}

/// A speaker with the labels that he, she or it uses, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Who.
    pub name: String,
    /// By date of the source, then in the order of the study and of the text.
    pub mentions: Vec<Mention>,
    /// Labels of each list.
    pub lists: Vec<BTreeSet<ConceptIx>>,
}

impl Speaker {
    /// Returns the mentions of two labels that do not stand in a list with both of them.
    #[must_use]
    pub fn pair(&self, a: ConceptIx, b: ConceptIx) -> Vec<Mention> {
        let both = |list: u32| self.lists.get(list as usize).is_some_and(|l| l.contains(&a) && l.contains(&b));
        let kept = |m: &&Mention| (m.label == a || m.label == b) && !m.list.is_some_and(both);
        self.mentions.iter().filter(kept).copied().collect()
    }

    /// Returns how many mentions of either stand in a list with both.
    #[must_use]
    pub fn coordinated(&self, a: ConceptIx, b: ConceptIx) -> usize {
        self.mentions.iter().filter(|m| m.label == a || m.label == b).count() - self.pair(a, b).len()
    }

    /// Returns how many lists have both.
    #[must_use]
    pub fn common_lists(&self, a: ConceptIx, b: ConceptIx) -> usize {
        self.lists.iter().filter(|list| list.contains(&a) && list.contains(&b)).count()
    }

    /// Returns whether the speaker uses a label.
    #[must_use]
    pub fn uses(&self, label: ConceptIx) -> bool {
        self.mentions.iter().any(|m| m.label == label)
    }
}

/// Returns the speakers of the chosen sources with their mentions of the labels, by name.
#[must_use]
pub fn speakers(
    corpus: &Corpus,
    labels: &BTreeSet<ConceptIx>,
    window: Level,
    by: &SpeakerBy,
    keep: &dyn Fn(&Source) -> bool,
) -> Vec<Speaker> {
    let mut order: Vec<usize> = (0..corpus.sources.len()).filter(|&i| keep(&corpus.sources[i])).collect();
    order.sort_by_key(|&i| (corpus.sources[i].date, i));
    let mut found: BTreeMap<String, Speaker> = BTreeMap::new();
    for source in order {
        let coded = &corpus.coded[source];
        let codings: Vec<Coding> = coded.codings.iter().filter(|c| labels.contains(&c.concept)).copied().collect();
        let mut windows: Option<Vec<u32>> = None;
        for coding in longest(&codings) {
            let windows = windows.get_or_insert_with(|| coded.windows(window).collect());
            let name = name(coded, &corpus.sources[source], coding.span, by);
            let at = windows.partition_point(|&w| coded.span(w).end <= coding.span.start);
            let mention = Mention {
                label: coding.concept,
                source,
                span: coding.span,
                sentence: coded.unit_at(coding.span.start, Level::Sentence),
                window: windows.get(at).copied().filter(|&w| coded.span(w).overlaps(coding.span)),
                list: None,
            };
            let blank = || Speaker { name: name.clone(), mentions: Vec::new(), lists: Vec::new() };
            found.entry(name.clone()).or_insert_with(blank).mentions.push(mention);
        }
    }
    let mut all: Vec<Speaker> = found.into_values().collect();
    for speaker in &mut all {
        mark_lists(speaker, corpus);
    }
    all
}

/// At one position the longest label wins; of equally long ones the first in the codebook.
fn longest(codings: &[Coding]) -> Vec<Coding> {
    let mut out = Vec::with_capacity(codings.len());
    let mut rest = codings;
    while let Some(first) = rest.first() {
        // A knot of codings that overlap one another.
        let (mut n, mut end) = (0, first.span.end);
        while rest.get(n).is_some_and(|c| c.span.start < end) {
            end = end.max(rest[n].span.end);
            n += 1;
        }
        let (knot, after) = rest.split_at(n.max(1));
        let mut by_length = knot.to_vec();
        by_length.sort_by_key(|c| (std::cmp::Reverse(c.span.len()), c.concept, c.span.start));
        let mut kept: Vec<Coding> = Vec::new();
        for coding in by_length {
            if kept.iter().all(|k| !k.span.overlaps(coding.span)) {
                kept.push(coding);
            }
        }
        kept.sort_by_key(|c| c.span.start);
        out.append(&mut kept);
        rest = after;
    }
    out
}

fn name(coded: &CodedSource, source: &Source, span: Span, by: &SpeakerBy) -> String {
    match by {
        SpeakerBy::Attribute(attribute) => source.attribute(attribute).unwrap_or_else(|| source.path.clone()),
        SpeakerBy::Turns => {
            let section = coded.unit_at(span.start, Level::Section);
            match coded.segmentation.units.get(section as usize).and_then(speaker) {
                // Two interviews may both have an "Anna".
                Some(who) => format!("{}: {who}", source.path),
                None => source.path.clone(),
            }
        }
    }
}

fn mark_lists(speaker: &mut Speaker, corpus: &Corpus) {
    for i in 1..speaker.mentions.len() {
        let (before, here) = (speaker.mentions[i - 1], speaker.mentions[i]);
        let near = before.source == here.source && before.sentence == here.sentence;
        if !near || before.span.end > here.span.start {
            continue;
        }
        let text = &corpus.sources[here.source].document.text;
        if !coordinates(Span::new(before.span.end, here.span.start).of(text)) {
            continue;
        }
        let list = before.list.unwrap_or_else(|| {
            speaker.lists.push(BTreeSet::from([before.label]));
            (speaker.lists.len() - 1) as u32
        });
        speaker.mentions[i - 1].list = Some(list);
        speaker.mentions[i].list = Some(list);
        if let Some(labels) = speaker.lists.get_mut(list as usize) {
            labels.insert(here.label);
        }
    }
}

/// Words that join what stands in a list, in the languages of the bundled codebooks and their neighbours.
const JOINING: &[&str] = &["and", "or", "nor", "plus", "et", "ou", "ni", "y", "e", "o", "u", "und", "oder", "sowie"];
/// Words that a list may have besides; anything else (a verb above all) makes it a sentence about both.
const LIGHT: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "other",
    "all",
    "any",
    "both",
    "also",
    "even",
    "as",
    "well",
    "such",
    "its",
    "their",
    "in",
    "to",
    "against",
    "for",
    "from",
    "on",
    "forms",
    "form",
    "worst",
    "modern",
    "contemporary",
    "including",
    "especially",
    "particularly",
    "like",
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "autres",
    "autre",
    "toutes",
    "tous",
    "formes",
    "forme",
    "que",
    "ainsi",
    "contre",
    "à",
    "notamment",
    "der",
    "die",
    "das",
    "andere",
    "anderen",
];
/// Words that say something of the one or the other, so that they do not stand in a list.
const SAYING: &[&str] = &[
    "is", "are", "was", "were", "be", "means", "called", "which", "that", "who", "called", "known", "est", "sont",
    "qui", "dite", "ist", "sind",
];
/// Other words that a list may have, such as an adjective.
const FREE: usize = 1;
/// The longest stretch between two members of a list, in bytes.
const REACH: usize = 80;

/// Returns whether the words between two labels make them members of one list: "A and B", "A, B", "A or other forms of B".
#[must_use]
pub fn coordinates(between: &str) -> bool {
    if between.len() > REACH {
        return false;
    }
    let lower = between.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let comma = lower.contains([',', '/', '&', '，', '、', '،', ';']);
    let joined = words.iter().any(|w| JOINING.contains(w)) || lower.contains("as well as");
    let others = words.iter().filter(|w| !JOINING.contains(w) && !LIGHT.contains(w)).count();
    let said = words.iter().any(|w| SAYING.contains(w));
    (comma || joined) && !said && others <= FREE && !lower.contains(['.', '!', '?'])
}
