//! Slippage: norm labels used for one another.
//!
//! After Narminio (2020), section 4.1: those who work with a norm slip from one label to another. *Interchangeable* is not
//! *coupled*: labels listed together ("A and B") are coupled; labels of which a speaker says now the one, now the other,
//! in the same surroundings, are interchangeable. Knows nothing of figures and files.

pub mod across;
pub mod context;
pub mod mention;
pub mod order;
pub mod permeability;

use crate::codebook::ConceptIx;
use crate::norm::corpus::Corpus;
use crate::norm::statement::Formed;
use crate::study::Source;
use crate::text::{Level, Span};
pub use across::{ALPHA, FREE};
use across::{Across, across};
use context::{Similarity, contexts};
use mention::{Mention, Speaker, SpeakerBy, speakers};
use nomoscope_stats::fdr::benjamini_hochberg;
use nomoscope_stats::rng::Seed;
use order::{OfSpeaker, Order, Predictability, Sequence, by_speaker, order, predictability, sequences};
use permeability::{Permeability, permeability};
use std::collections::{BTreeMap, BTreeSet};

/// From this share of mentions in common lists on, a pair is an enumeration.
pub const LISTED: f64 = 0.5;
/// Mentions in common lists from which on a pair without other mentions is an enumeration.
pub const MIN_LISTED: u64 = 10;
/// Below this many speakers a group is marked.
pub const SMALL_GROUP: usize = 5;
/// The most passages that are kept of a pair.
pub const MAX_PASSAGES: usize = 50;

/// What a pair of labels is to its speakers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Used for one another: in no order, whatever stands around.
    Interchangeable,
    /// In no order within a speaker, but speakers differ in which of the two they say: each has a word of its own.
    OwnWord,
    /// In no order, yet what stands around tells which.
    ByContext,
    /// Used in stretches of the one and of the other, whatever stands around: whoever said a label goes on saying it.
    Sticky,
    /// Used in stretches, and what stands around tells which: separated by topic.
    ByTopic,
    /// Used in stretches of the one and of the other; whether what stands around tells which, the data do not say.
    Separated,
    /// Listed or alternating: named together, not for one another.
    Enumeration,
    /// The data do not tell.
    Undetermined,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 8] = [
        Self::Interchangeable,
        Self::OwnWord,
        Self::ByContext,
        Self::Sticky,
        Self::ByTopic,
        Self::Separated,
        Self::Enumeration,
        Self::Undetermined,
    ];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interchangeable => "interchangeable",
            Self::OwnWord => "own-word",
            Self::ByContext => "by-context",
            Self::Sticky => "sticky",
            Self::ByTopic => "by-topic",
            Self::Separated => "separated",
            Self::Enumeration => "enumeration",
            Self::Undetermined => "undetermined",
        }
    }

    /// Returns what it means, in words for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Interchangeable => "used for one another, whatever stands around",
            Self::OwnWord => "each speaker has a word of their own",
            Self::ByContext => "used in no order, but what stands around tells which",
            Self::Sticky => "used for a while each, whatever stands around",
            Self::ByTopic => "used for a while each, by what is spoken of",
            Self::Separated => "used for a while each",
            Self::Enumeration => "named together, in lists or in turn",
            Self::Undetermined => "undetermined",
        }
    }
}

/// Where a speaker changes label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// Number of the speaker.
    pub speaker: usize,
    /// The mention before.
    pub from: Mention,
    /// The mention after.
    pub to: Mention,
}

impl Switch {
    /// Returns the stretch from one label to the other.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.from.span.start, self.to.span.end)
    }
}

/// A pair of labels with everything that is said about it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The label that comes first in the codebook.
    pub a: ConceptIx,
    /// The other.
    pub b: ConceptIx,
    /// Mentions of either by those who use both or not, lists included.
    pub mentions: (u64, u64),
    /// Mentions of either in a list with both.
    pub coordinated: u64,
    /// Lists with both.
    pub lists: u64,
    /// Speakers who use both, in whatever way.
    pub users: usize,
    /// Speakers who use both outside common lists.
    pub speakers: usize,
    /// The order; none where too few changes are expected.
    pub order: Option<Order>,
    /// Benjamini-Hochberg q-value of the order, over all tests of all pairs.
    pub order_q: Option<f64>,
    /// What the context tells.
    pub context: Option<Predictability>,
    /// Its q-value, over the same family.
    pub context_q: Option<f64>,
    /// Whether speakers share both labels, or each has a word of their own; none where one speaker alone uses either.
    pub across: Option<Across>,
    /// What the pair is to its speakers.
    pub verdict: Verdict,
    /// Why the verdict is undetermined.
    pub reason: Option<&'static str>,
    /// How alike their contexts are, or why that is not told.
    pub similarity: Result<Similarity, &'static str>,
    /// Share of the first label's statement weight that also carries the second, and the other way round.
    pub permeability: (Option<f64>, Option<f64>),
    /// The order speaker by speaker.
    pub by_speaker: Vec<OfSpeaker>,
    /// Where speakers change label, nearest first.
    pub passages: Vec<Switch>,
    /// How many such places there are within a text.
    pub n_passages: usize,
}

impl Pair {
    /// Returns whether the labels are used for one another; none where the data do not tell.
    #[must_use]
    pub fn interchangeable(&self) -> Option<bool> {
        match self.verdict {
            Verdict::Interchangeable => Some(true),
            Verdict::Undetermined => None,
            _ => Some(false),
        }
    }
}

/// A label with its use.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The concept.
    pub concept: ConceptIx,
    /// Mentions, one label at a position.
    pub mentions: u64,
    /// Of them, in lists with another label.
    pub listed: u64,
    /// Speakers.
    pub speakers: usize,
    /// Sources.
    pub sources: usize,
    /// Share of its statement weight that also carries another label.
    pub permeability: Option<f64>,
}

/// The labels of some speakers.
#[derive(Debug, Clone)]
pub struct Group {
    /// Value of the attribute; empty for all.
    pub name: String,
    /// The speakers.
    pub speakers: Vec<Speaker>,
    /// The labels.
    pub labels: Vec<Label>,
    /// The pairs that meet in any speaker, most certain first.
    pub pairs: Vec<Pair>,
    /// Pairs tested.
    pub tested: usize,
    /// Random orders drawn for a test, at most.
    pub permutations: usize,
}

impl Group {
    /// Returns whether so few speakers say little.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.speakers.len() < SMALL_GROUP
    }
}

/// Slippage in a study.
#[derive(Debug)]
pub struct Slip {
    /// All speakers.
    pub all: Group,
    /// By group, if an attribute was named.
    pub groups: Vec<Group>,
}

/// How slippage is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The labels.
    pub labels: BTreeSet<ConceptIx>,
    /// Who counts as a speaker.
    pub speaker: SpeakerBy,
    /// Attribute of the groups.
    pub by: Option<String>,
    /// What stands around a label: the window.
    pub window: Level,
    /// Random orders; none for as many as the number of pairs asks for.
    pub permutations: Option<usize>,
    /// Bootstrap draws of the similarity.
    pub draws: usize,
    /// Seed of everything.
    pub seed: Seed,
}

/// Returns how many random orders a family of `pairs` asks for: its two tests each could then reach p ≤ 0.05 / (2 pairs).
#[must_use]
pub fn permutations_for(pairs: usize) -> usize {
    (80 * pairs).max(1999)
}

/// Returns the labels of a study for one another.
///
/// # Source
/// docs/methods.md, section 7
#[must_use]
pub fn slip(corpus: &Corpus, formed: &Formed, settings: &Settings) -> Slip {
    let all = group(corpus, formed, settings, "", &|_| true, true);
    let mut groups = Vec::new();
    if let Some(by) = &settings.by {
        let value = |s: &Source| s.attribute(by).unwrap_or_else(|| "(none)".to_owned());
        let names: BTreeSet<String> = corpus.sources.iter().map(value).collect();
        groups = names.iter().map(|n| group(corpus, formed, settings, n, &|s| value(s) == *n, false)).collect();
    }
    Slip { all, groups }
}

fn group(
    corpus: &Corpus,
    formed: &Formed,
    settings: &Settings,
    name: &str,
    keep: &dyn Fn(&Source) -> bool,
    whole: bool,
) -> Group {
    let speakers = speakers(corpus, &settings.labels, settings.window, &settings.speaker, keep);
    let permeable = permeability(formed, &settings.labels, &|s| keep(&corpus.sources[s]));
    let met = pairs_met(&speakers);
    let found: Vec<((ConceptIx, ConceptIx), Vec<Sequence>)> =
        met.iter().map(|&(a, b)| ((a, b), sequences(&speakers, a, b))).collect();
    let tested = found.iter().filter(|(_, s)| expected(s) >= order::MIN_EXPECTED).count();
    let permutations = settings.permutations.unwrap_or_else(|| permutations_for(tested));
    let around = whole.then(|| contexts(corpus, &speakers));
    let mut pairs: Vec<Pair> = found
        .iter()
        .enumerate()
        .map(|(i, ((a, b), sequences))| {
            let seed = settings.seed.part(100 + i as u64);
            let mut pair = blank(*a, *b, &speakers, sequences, &permeable);
            pair.order = order(sequences, permutations, seed.part(0));
            if pair.order.is_some() {
                pair.context = predictability(corpus, sequences, (*a, *b), permutations, seed.part(1));
            }
            if let Some(around) = around.as_ref().filter(|_| pair.order.is_some() || pair.coordinated > 0) {
                pair.similarity = around.similarity(*a, *b, settings.draws, seed.part(2));
            }
            pair
        })
        .collect();
    set_q(&mut pairs);
    for pair in &mut pairs {
        (pair.verdict, pair.reason) = verdict(pair);
    }
    pairs.sort_by(|x, y| {
        let rank = |p: &Pair| (p.verdict, std::cmp::Reverse(p.order.map_or(0, |o| o.ratio.expected as u64)), p.a, p.b);
        rank(x).cmp(&rank(y))
    });
    Group { name: name.to_owned(), labels: labels(&speakers, &permeable), speakers, pairs, tested, permutations }
}

fn expected(sequences: &[Sequence]) -> f64 {
    by_speaker(sequences).iter().map(|s| s.expected).sum()
}

/// Returns the pairs of labels that any speaker uses both of.
fn pairs_met(speakers: &[Speaker]) -> Vec<(ConceptIx, ConceptIx)> {
    let mut pairs = BTreeSet::new();
    for speaker in speakers {
        let used: Vec<ConceptIx> =
            speaker.mentions.iter().map(|m| m.label).collect::<BTreeSet<_>>().into_iter().collect();
        for (i, &a) in used.iter().enumerate() {
            pairs.extend(used[i + 1..].iter().map(|&b| (a, b)));
        }
    }
    pairs.into_iter().collect()
}

fn blank(a: ConceptIx, b: ConceptIx, speakers: &[Speaker], sequences: &[Sequence], permeable: &Permeability) -> Pair {
    let count = |label| speakers.iter().flat_map(|s| &s.mentions).filter(|m| m.label == label).count() as u64;
    let (passages, n_passages) = switches(sequences);
    Pair {
        a,
        b,
        mentions: (count(a), count(b)),
        coordinated: speakers.iter().map(|s| s.coordinated(a, b) as u64).sum(),
        lists: speakers.iter().map(|s| s.common_lists(a, b) as u64).sum(),
        users: speakers.iter().filter(|s| s.uses(a) && s.uses(b)).count(),
        speakers: sequences.len(),
        order: None,
        order_q: None,
        context: None,
        context_q: None,
        across: across(&by_speaker_counts(a, b, speakers)),
        verdict: Verdict::Undetermined,
        reason: None,
        similarity: Err("not computed: too few changes expected, and no common list"),
        permeability: (permeable.of(a, b), permeable.of(b, a)),
        by_speaker: by_speaker(sequences),
        passages,
        n_passages,
    }
}

/// Returns the places within one text where a speaker changes label, those with the least between the labels first.
fn switches(sequences: &[Sequence]) -> (Vec<Switch>, usize) {
    let mut all = Vec::new();
    for s in sequences {
        let changes = s.mentions.windows(2).filter(|w| w[0].label != w[1].label && w[0].source == w[1].source);
        all.extend(changes.map(|w| Switch { speaker: s.speaker, from: w[0], to: w[1] }));
    }
    all.sort_by_key(|s| (s.from.window != s.to.window, s.span().len(), s.from.source, s.from.span));
    let n = all.len();
    all.truncate(MAX_PASSAGES);
    (all, n)
}

/// One family: both tests of all pairs.
fn set_q(pairs: &mut [Pair]) {
    let mut p: Vec<f64> = pairs.iter().filter_map(|x| x.order.map(|o| o.p)).collect();
    p.extend(pairs.iter().filter_map(|x| x.context.map(|c| c.p)));
    let mut q = benjamini_hochberg(&p).unwrap_or_default().into_iter();
    for pair in pairs.iter_mut().filter(|x| x.order.is_some()) {
        pair.order_q = q.next();
    }
    for pair in pairs.iter_mut().filter(|x| x.context.is_some()) {
        pair.context_q = q.next();
    }
}

/// Returns what a pair is, and why that is not told.
fn verdict(pair: &Pair) -> (Verdict, Option<&'static str>) {
    let either = (pair.mentions.0 + pair.mentions.1) as f64;
    let listed = either > 0.0 && pair.coordinated as f64 / either >= LISTED;
    if listed && (pair.order.is_some() || pair.coordinated >= MIN_LISTED) {
        return (Verdict::Enumeration, None);
    }
    judge(pair.order.as_ref(), pair.order_q, pair.context.as_ref(), pair.context_q, pair.across.as_ref())
}

/// Returns how often each speaker says either label, those who say one only among them.
fn by_speaker_counts(a: ConceptIx, b: ConceptIx, speakers: &[Speaker]) -> Vec<(u64, u64)> {
    let count = |s: &Speaker, label| s.mentions.iter().filter(|m| m.label == label).count() as u64;
    speakers.iter().map(|s| (count(s, a), count(s, b))).filter(|(a, b)| a + b > 0).collect()
}

/// Returns what two labels are by the order in which they come, by what the context tells, and by whether speakers share them, lists
/// left aside. Used for one another are only labels that are so within speakers *and* across them.
#[must_use]
pub fn judge(
    order: Option<&Order>,
    order_q: Option<f64>,
    context: Option<&Predictability>,
    context_q: Option<f64>,
    across: Option<&Across>,
) -> (Verdict, Option<&'static str>) {
    let Some(order) = order else {
        let reason = "fewer than 5 changes expected in random order: too few speakers use both labels often enough";
        return (Verdict::Undetermined, Some(reason));
    };
    let told = context_q.is_some_and(|q| q <= ALPHA);
    // To find nothing is no proof of nothing, so that the bar for "tells nothing" is the plain p-value.
    let untold = context.is_some_and(|c| c.p > ALPHA);
    let within = order.interval.lower.is_some_and(|l| l >= FREE.0) && order.interval.upper.is_some_and(|u| u <= FREE.1);
    if within && order.attainable < FREE.1 {
        let reason =
            "speakers say one of the two so rarely that no order could show them in turn: a ratio about 1 says nothing";
        return (Verdict::Undetermined, Some(reason));
    }
    if within {
        return match (told, untold) {
            (true, _) => (Verdict::ByContext, None),
            (_, true) => shared(across),
            _ => (Verdict::Undetermined, Some("in no order, but whether the context tells which is not clear")),
        };
    }
    if order_q.is_some_and(|q| q <= ALPHA) {
        return match (order.ratio.ratio > 1.0, told, untold) {
            (true, ..) => (Verdict::Enumeration, None),
            (_, true, _) => (Verdict::ByTopic, None),
            (.., true) => (Verdict::Sticky, None),
            _ => (Verdict::Separated, None),
        };
    }
    let reason = "the interval of observed over expected changes reaches beyond 0.8 to 1.25, and no order is certain";
    (Verdict::Undetermined, Some(reason))
}

/// The verdict on two labels that every speaker uses in no order, whatever stands around.
fn shared(across: Option<&Across>) -> (Verdict, Option<&'static str>) {
    match across {
        // One speaker's word is nobody else's.
        None => (Verdict::Interchangeable, None),
        Some(x) if x.is_shared() => (Verdict::Interchangeable, None),
        Some(x) if x.is_apart() => (Verdict::OwnWord, None),
        Some(_) => (
            Verdict::Undetermined,
            Some(
                "within speakers in no order, but whether speakers share both labels or each has a word of their own is not clear",
            ),
        ),
    }
}

fn labels(speakers: &[Speaker], permeable: &Permeability) -> Vec<Label> {
    let mut sources: BTreeMap<ConceptIx, BTreeSet<usize>> = BTreeMap::new();
    let mut found: BTreeMap<ConceptIx, Label> = BTreeMap::new();
    for speaker in speakers {
        let mut seen = BTreeSet::new();
        for m in &speaker.mentions {
            let blank = || Label {
                concept: m.label,
                mentions: 0,
                listed: 0,
                speakers: 0,
                sources: 0,
                permeability: permeable.any(m.label),
            };
            let label = found.entry(m.label).or_insert_with(blank);
            label.mentions += 1;
            label.listed +=
                u64::from(m.list.is_some_and(|l| speaker.lists.get(l as usize).is_some_and(|labels| labels.len() > 1)));
            label.speakers += usize::from(seen.insert(m.label));
            sources.entry(m.label).or_default().insert(m.source);
        }
    }
    for (label, sources) in sources {
        if let Some(l) = found.get_mut(&label) {
            l.sources = sources.len();
        }
    }
    let mut all: Vec<Label> = found.into_values().collect();
    all.sort_by_key(|l| (std::cmp::Reverse(l.mentions), l.concept));
    all
}
