//! Differences and agreements, item by item, with what of them is decided.
//!
//! Which marks belong together is said by [`CodedText`], as for the coefficients: marks of one concept that overlap are one
//! stretch, whoever made them, and marks of one coder that lie upon each other are one mark.

use crate::agree::answer::{Concepts, Marked};
use crate::material::Material;
use nomoscope_core::codebook::Role;
use nomoscope_core::coding::agreement::{CodedText, Difference, Mark};
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::study::double::DoubleCoding;
use nomoscope_core::text::{Level, Span};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be decided.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    /// Sources with which at least two coders are done, and of which nothing is hidden.
    pub sources: Vec<String>,
    /// Where all who are done agree, and nothing was decided yet.
    pub agreed: Vec<Item>,
    /// Where they differ, and nothing was decided yet, in the order of the study.
    pub open: Vec<Item>,
    /// How many agreements and differences are decided.
    pub decided: usize,
}

/// How coders differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Not at all.
    Agreed,
    /// Some marked the concept, and others nothing.
    Alone,
    /// They marked the concept, and not the same words.
    Words,
    /// They marked the place as different concepts.
    Concepts,
}

/// A place with what coders made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its language, if that is known.
    pub language: Option<String>,
    /// Citable label of the paragraph.
    pub unit: String,
    /// The sentences in which it lies.
    pub context: Span,
    /// The text before, the words in question, the text after.
    pub quote: [String; 3],
    /// How coders differ.
    pub kind: Kind,
    /// What is claimed of the place: one concept, or two.
    pub claims: Vec<Claim>,
}

/// A concept that some say is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its id.
    pub concept: String,
    /// Its label.
    pub label: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The place that marks of it hold together.
    pub place: Span,
    /// By coder who is done with the source, what they marked as it: nothing where they did not.
    pub by: Vec<(String, Vec<Span>)>,
}

impl Item {
    /// Returns what tells the item from all others of the study.
    #[must_use]
    pub fn key(&self) -> String {
        let claims = self.claims.iter().map(|c| format!("{}-{}-{}", c.place.start, c.place.end, c.concept));
        claims.collect::<Vec<_>>().join("+")
    }

    /// Returns the words in question.
    #[must_use]
    pub fn place(&self) -> Span {
        let start = self.claims.iter().map(|c| c.place.start).min().unwrap_or_default();
        Span::new(start, self.claims.iter().map(|c| c.place.end).max().unwrap_or(start))
    }

    /// Returns the coders who are done with the source.
    #[must_use]
    pub fn coders(&self) -> Vec<&str> {
        self.claims.first().map(|c| c.by.iter().map(|(who, _)| who.as_str()).collect()).unwrap_or_default()
    }
}

impl Claim {
    /// Returns what one coder marked.
    #[must_use]
    pub fn of(&self, coder: &str) -> &[Span] {
        self.by.iter().find(|(who, _)| who == coder).map_or(&[], |(_, spans)| spans)
    }

    /// Returns whether a coder marked anything of it.
    #[must_use]
    pub fn marked_by(&self) -> Vec<&str> {
        self.by.iter().filter(|(_, spans)| !spans.is_empty()).map(|(who, _)| who.as_str()).collect()
    }
}

pub(super) fn queue(material: &Material, lexicon: &Corpus, only: Option<&str>, viewer: &str) -> Queue {
    let study = &material.study;
    let double = DoubleCoding::of(study);
    let decided = decided(material);
    let mut queue = Queue::default();
    let everybody: Vec<String> =
        double.coders().into_iter().filter(|c| !study.adjudicates(c)).map(str::to_owned).collect();
    let concepts = Concepts::new(&material.codebook, study, &everybody);
    let marked = Marked::new(lexicon, study, &everybody, &concepts, false);
    for (i, (source, coded)) in study.sources.iter().zip(&lexicon.coded).enumerate() {
        let done = double.done(&source.path);
        let coders: Vec<usize> = (0..everybody.len()).filter(|c| done.contains(&everybody[*c].as_str())).collect();
        if coders.len() < 2 || only.is_some_and(|o| o != source.path) || double.is_closed(&source.path, viewer) {
            continue;
        }
        queue.sources.push(source.path.clone());
        let marks = coders.iter().map(|c| marked.by_source[i][*c].clone()).collect();
        let text = CodedText::new(&source.document.text, marks, vec![(0, 0)]);
        let claim = Claims {
            text: &text,
            coders: coders.iter().map(|c| everybody[*c].as_str()).collect(),
            concepts: &concepts,
            codebook: &material.codebook,
        };
        let item = |kind: Kind, claims: Vec<Claim>| {
            let mut item = Item {
                source: source.path.clone(),
                title: source.title.clone(),
                language: source.language.first().cloned(),
                unit: String::new(),
                context: Span::new(0, 0),
                quote: [String::new(), String::new(), String::new()],
                kind,
                claims,
            };
            place(&mut item, coded, text.text);
            item
        };
        let agreed = text.agreements().into_iter().map(|m| item(Kind::Agreed, vec![claim.of(m)]));
        let open = paired(&text.differences(None))
            .into_iter()
            .map(|(kind, marks)| item(kind, marks.into_iter().map(|m| claim.of(m)).collect()));
        for (list, items) in [(&mut queue.agreed, agreed.collect::<Vec<_>>()), (&mut queue.open, open.collect())] {
            let (known, new): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| is_decided(&decided, item));
            queue.decided += known.len();
            list.extend(new);
        }
    }
    let order = |item: &Item| (item.place(), item.key());
    let place: BTreeMap<&str, usize> = study.sources.iter().enumerate().map(|(i, s)| (s.path.as_str(), i)).collect();
    queue.open.sort_by_cached_key(|item| (place.get(item.source.as_str()).copied(), order(item)));
    queue
}

type Decided<'s> = BTreeMap<(&'s str, &'s str), Vec<Span>>;

/// What was decided, by source and concept: that it is there, or that it is not.
fn decided(material: &Material) -> Decided<'_> {
    let study = &material.study;
    let mut out = Decided::new();
    for record in study.codings.iter().filter(|r| study.adjudicates(&r.coder)) {
        out.entry((record.source.as_str(), record.concept.as_str())).or_default().push(record.span);
    }
    out
}

fn is_decided<'a>(decided: &'a Decided<'a>, item: &'a Item) -> bool {
    let of = |c: &'a Claim| decided.get(&(item.source.as_str(), c.concept.as_str()));
    item.claims.iter().all(|c| of(c).is_some_and(|spans| spans.iter().any(|s| s.overlaps(c.place))))
}

/// Makes claims of marks.
struct Claims<'a> {
    text: &'a CodedText<'a>,
    coders: Vec<&'a str>,
    concepts: &'a Concepts,
    codebook: &'a nomoscope_core::codebook::Codebook,
}

impl Claims<'_> {
    fn of(&self, mark: Mark) -> Claim {
        let of = |marks: &Option<Vec<Mark>>| -> Vec<Span> {
            let own = marks.iter().flatten().filter(|m| m.concept == mark.concept && m.span.overlaps(mark.span));
            own.map(|m| m.span).collect()
        };
        let (label, roles) = self.concepts.describe(self.codebook, mark.concept as usize);
        Claim {
            concept: self.concepts.ids.get(mark.concept as usize).cloned().unwrap_or_default(),
            label,
            roles,
            place: mark.span,
            by: self
                .coders
                .iter()
                .zip(&self.text.by_coder)
                .map(|(who, marks)| ((*who).to_owned(), of(marks)))
                .collect(),
        }
    }
}

/// Returns differences with those made one that are two names for the same place: what one marked as a concept of which the
/// other marked nothing, and the other way round.
fn paired(differences: &[Difference]) -> Vec<(Kind, Vec<Mark>)> {
    let mark = |d: &Difference| Mark { concept: d.concept, span: d.span };
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut out = Vec::new();
    for (i, one) in differences.iter().enumerate() {
        if taken.contains(&i) {
            continue;
        }
        if one.not_by.is_empty() {
            out.push((Kind::Words, vec![mark(one)]));
            continue;
        }
        let common =
            |other: &Difference| other.span.end.min(one.span.end).saturating_sub(other.span.start.max(one.span.start));
        let swapped = |other: &Difference| other.marked_by == one.not_by && other.not_by == one.marked_by;
        let rest = differences.iter().enumerate().skip(i + 1);
        let partner = rest
            .filter(|(j, other)| {
                !taken.contains(j) && other.concept != one.concept && swapped(other) && common(other) > 0
            })
            .max_by_key(|(j, other)| (common(other), std::cmp::Reverse(*j)));
        match partner {
            Some((j, other)) => {
                taken.insert(j);
                out.push((Kind::Concepts, vec![mark(one), mark(other)]));
            }
            None => out.push((Kind::Alone, vec![mark(one)])),
        }
    }
    out
}

/// Says where an item stands.
fn place(item: &mut Item, coded: &CodedSource, text: &str) {
    let place = item.place();
    let sentence = |at: u32| coded.span(coded.unit_at(at, Level::Sentence));
    let (first, last) = (sentence(place.start), sentence(place.end.saturating_sub(1).max(place.start)));
    let context = Span::new(first.start.min(place.start), last.end.max(place.end));
    item.unit = coded.label(coded.unit_at(place.start, Level::Paragraph)).to_owned();
    item.context = context;
    let part = |from: u32, to: u32| Span::new(from, to).of(text).to_owned();
    item.quote = [part(context.start, place.start), part(place.start, place.end), part(place.end, context.end)];
}
