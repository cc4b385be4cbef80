//! The sample, and recall by concept and role.
//!
//! The sample is drawn from all passages of the study, whatever was found in them: so one sample serves every concept. For each
//! of them, the passages without a hit of it are a random sample of all passages without one, today as then. Passages are read
//! in the order of the draw, so that who stops early has read a random sample, too.

use crate::material::Material;
use crate::review::answer::decisions;
use nomoscope_core::codebook::{Codebook, ConceptIx, Role};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::audit::{Audit, audits};
use nomoscope_core::study::{Passage, Study};
use nomoscope_core::text::{Level, Span};
use nomoscope_stats::Interval;
use nomoscope_stats::proportion::{Searched, recall};
use nomoscope_stats::rng::Seed;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A random sample of passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Of how many passages.
    pub population: u64,
    /// The passages, by source, in the order of the draw.
    pub passages: Vec<(String, Span)>,
}

pub(super) fn draw(lexicon: &Corpus, study: &Study, (level, n, seed): (Level, usize, u64)) -> Drawn {
    let spans = |(source, coded): (usize, &nomoscope_core::norm::corpus::CodedSource)| -> Vec<(usize, Span)> {
        coded.windows(level).map(|unit| (source, coded.span(unit))).collect()
    };
    let mut all: Vec<(usize, Span)> = lexicon.coded.iter().enumerate().flat_map(spans).collect();
    let population = all.len() as u64;
    let mut chance = Seed(seed).stream(0);
    let n = n.min(all.len());
    for at in 0..n {
        let other = at + chance.below(all.len() - at);
        all.swap(at, other);
    }
    let named = |&(source, span): &(usize, Span)| Some((study.sources.get(source)?.path.clone(), span));
    Drawn { population, passages: all.get(..n).unwrap_or_default().iter().filter_map(named).collect() }
}

/// What an audit tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audited {
    /// The audit that it is about: the last of which anything was read, or else the last; none without any.
    pub audit: Option<About>,
    /// The next passage that is to be read.
    pub next: Option<ToRead>,
    /// By role, where any of its concepts is found or missed.
    pub roles: Vec<Found<Role>>,
    /// By concept that is found or missed, in the order of the codebook.
    pub concepts: Vec<Found<ConceptIx>>,
}

/// An audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct About {
    /// The seed of the draw.
    pub seed: u64,
    /// What a passage is.
    pub level: String,
    /// Of how many passages it was drawn.
    pub population: u64,
    /// How many passages there are now.
    pub population_now: u64,
    /// How many passages it has.
    pub n: usize,
    /// How many of them were read.
    pub read: usize,
    /// Whether the codebook is still the one of the draw.
    pub same_codebook: bool,
}

/// A passage that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToRead {
    /// The passage.
    pub id: String,
    /// The source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its language, if that is known.
    pub language: Option<String>,
    /// Where.
    pub span: Span,
    /// The words.
    pub quote: String,
    /// The place in the draw, from 1.
    pub number: usize,
    /// Labels of what the lexicon or a person has found there.
    pub found: Vec<String>,
    /// What may be missing, by id and label.
    pub others: Vec<(String, String)>,
}

/// How much of something is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// What.
    pub of: T,
    /// Its id or name.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The counts, in passages.
    pub counts: Searched,
    /// The recall with its interval at 95 %; none where hits or passages without hits were not looked at.
    pub recall: Option<(f64, Interval)>,
}

/// What is counted together: a concept, or all of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Role(Role),
    Concept(ConceptIx),
}

fn groups(codebook: &Codebook, concept: ConceptIx) -> impl Iterator<Item = Group> {
    let roles: Vec<Group> = codebook.get(concept).roles.iter().map(|role| Group::Role(*role)).collect();
    roles.into_iter().chain([Group::Concept(concept)])
}

/// What people said of the hits of a passage.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    right: bool,
    open: bool,
}

pub(super) fn audited(material: &Material, lexicon: &Corpus) -> Audited {
    let study = &*material.study;
    let all = audits(study);
    let Some(audit) = all.iter().rfind(|a| !a.read.is_empty()).or(all.last()) else { return Audited::default() };
    let Some(level) = Level::ALL.into_iter().find(|l| l.name() == audit.level) else { return Audited::default() };
    let (mut counts, population) = hits(material, lexicon, level);
    let mut total: BTreeMap<Group, Searched> = std::mem::take(&mut counts);
    misses(material, lexicon, audit, &mut total);
    for of in total.values_mut() {
        of.rest = population.saturating_sub(of.found).max(of.audited);
    }
    let waiting = all.iter().rev().find_map(|a| Some((a, a.next()?)));
    let codebook = &material.codebook;
    let found = |counts: &Searched| recall(counts, 0.95).ok();
    let role = |(group, counts): (&Group, &Searched)| match group {
        Group::Role(role) => {
            let name = role.name().to_owned();
            Some(Found { of: *role, id: name.clone(), label: name, counts: *counts, recall: found(counts) })
        }
        Group::Concept(_) => None,
    };
    let concept = |(group, counts): (&Group, &Searched)| match group {
        Group::Concept(ix) => {
            let known = codebook.get(*ix);
            let (id, label) = (known.id.clone(), known.label_in("en").to_owned());
            Some(Found { of: *ix, id, label, counts: *counts, recall: found(counts) })
        }
        Group::Role(_) => None,
    };
    Audited {
        audit: Some(About {
            seed: audit.seed,
            level: audit.level.to_owned(),
            population: audit.population,
            population_now: population,
            n: audit.passages.len(),
            read: audit.read.len(),
            same_codebook: audit.codebook == material.codebook_hash,
        }),
        next: waiting.map(|(audit, passage)| to_read(material, lexicon, audit, passage)),
        roles: total.iter().filter_map(role).collect(),
        concepts: total.iter().filter_map(concept).collect(),
    }
}

/// Counts the passages in which something was found, and what people said of it; returns how many passages there are.
fn hits(material: &Material, lexicon: &Corpus, level: Level) -> (BTreeMap<Group, Searched>, u64) {
    let mut said = decisions(material);
    let mut total: BTreeMap<Group, Searched> = BTreeMap::new();
    let mut population = 0;
    for (source, coded) in material.study.sources.iter().zip(&lexicon.coded) {
        population += coded.windows(level).count() as u64;
        let [right, wrong] = said.remove(source.path.as_str()).unwrap_or_default();
        for (_, codings) in coded.codings_by_window(level) {
            let mut here: BTreeMap<Group, Said> = BTreeMap::new();
            for coding in &codings {
                let is_wrong = wrong.meet(coding.concept, coding.span);
                let is_right = !is_wrong && right.meet(coding.concept, coding.span);
                for group in groups(&material.codebook, coding.concept) {
                    let of = here.entry(group).or_default();
                    of.right |= is_right;
                    of.open |= !is_right && !is_wrong;
                }
            }
            for (group, of) in here {
                let count = total.entry(group).or_default();
                count.found += 1;
                // A passage of which one hit is right has what was looked for, whatever the others are.
                count.looked += u64::from(of.right || !of.open);
                count.right += u64::from(of.right);
            }
        }
    }
    (total, population)
}

/// Counts what was read without a hit, and what people found there.
fn misses(material: &Material, lexicon: &Corpus, audit: &Audit<'_>, total: &mut BTreeMap<Group, Searched>) {
    let said = decisions(material);
    let place: BTreeMap<&str, usize> =
        material.study.sources.iter().enumerate().map(|(i, s)| (s.path.as_str(), i)).collect();
    let codebook = &material.codebook;
    let mut read = Vec::new();
    for passage in audit.done() {
        let Some(coded) = place.get(passage.source.as_str()).and_then(|i| lexicon.coded.get(*i)) else { continue };
        let hit: BTreeSet<Group> =
            coded.codings_in(passage.span).iter().flat_map(|c| groups(codebook, c.concept)).collect();
        let there = |concept: &ConceptIx| {
            said.get(passage.source.as_str())
                .is_some_and(|[right, wrong]| right.meet(*concept, passage.span) && !wrong.meet(*concept, passage.span))
        };
        let by_people: BTreeSet<Group> =
            codebook.indices().filter(there).flat_map(|concept| groups(codebook, concept)).collect();
        for group in by_people.difference(&hit) {
            total.entry(*group).or_default();
        }
        read.push((hit, by_people));
    }
    for (group, count) in total.iter_mut() {
        for (hit, by_people) in read.iter().filter(|(hit, _)| !hit.contains(group)) {
            count.audited += 1;
            count.missed += u64::from(by_people.contains(group) && !hit.contains(group));
        }
    }
}

fn to_read(material: &Material, lexicon: &Corpus, audit: &Audit<'_>, passage: &Passage) -> ToRead {
    let sources = &material.study.sources;
    let at = sources.iter().position(|s| s.path == *passage.source);
    let codebook = &material.codebook;
    let mut here: BTreeSet<ConceptIx> = BTreeSet::new();
    if let Some(coded) = at.and_then(|at| lexicon.coded.get(at)) {
        here.extend(coded.codings_in(passage.span).iter().map(|c| c.concept));
    }
    if let Some([right, _]) = decisions(material).remove(passage.source.as_str()) {
        here.extend(codebook.indices().filter(|ix| right.meet(*ix, passage.span)));
    }
    let label = |ix: ConceptIx| codebook.get(ix).label_in("en").to_owned();
    let source = at.and_then(|at| sources.get(at));
    ToRead {
        id: passage.id.to_string(),
        source: passage.source.to_string(),
        title: source.map_or_else(String::new, |s| s.title.clone()),
        language: source.and_then(|s| s.language.first().cloned()),
        span: passage.span,
        quote: passage.quote.clone(),
        number: audit.read.len() + 1,
        others: codebook
            .indices()
            .filter(|ix| !here.contains(ix))
            .map(|ix| (codebook.get(ix).id.clone(), label(ix)))
            .collect(),
        found: here.into_iter().map(label).collect(),
    }
}
