//! The answer serialised.

use super::answer::Slippage;
use crate::json::{Ends, Number};
use crate::record::Record;
use crate::words::quotation;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::Level;
use nomoscope_core::usage::slip;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::order::{OfSpeaker, Predictability};
use nomoscope_core::usage::slip::{FREE, Switch};
use schemars::JsonSchema;
use serde::Serialize;

/// How many speakers of a pair are listed.
const SPEAKERS: usize = 20;

/// Labels used for one another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// Of all sources together.
    #[serde(flatten)]
    pub all: Whole,
    /// What makes a speaker: `turn or source`, or an attribute of the sources.
    pub speaker: String,
    /// The attribute by which groups are told apart.
    pub by: Option<String>,
    /// Bounds between which the order counts as free.
    pub free: [Number; 2],
    /// The same for each value of the attribute, each with its own family of tests; null where none was named.
    pub groups: Option<Vec<Group>>,
    /// What cannot be said.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// Labels, and pairs of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Whole {
    /// Speakers with a label.
    pub speakers: usize,
    /// Mentions of labels, one at a position.
    pub mentions: usize,
    /// Pairs tested.
    pub tested: usize,
    /// Random orders for a test, at most.
    pub permutations: usize,
    /// The labels, most mentions first.
    pub labels: Vec<Label>,
    /// Pairs that a speaker uses both of.
    pub pairs: Vec<Pair>,
}

/// Labels of one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group {
    /// What is said of it.
    #[serde(flatten)]
    pub whole: Whole,
    /// Value of the attribute; `(none)` where a source has none.
    pub group: String,
    /// Whether it has fewer than 5 speakers.
    pub small: bool,
}

/// A label.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Label {
    /// The concept.
    pub label: String,
    /// Mentions.
    pub mentions: u64,
    /// Of them, in a list with another label.
    pub listed: u64,
    /// Speakers who use it.
    pub speakers: usize,
    /// Sources with it.
    pub sources: usize,
    /// Share of its statement weight that also carries another label.
    pub permeability: Number,
}

/// A pair of labels.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pair {
    /// The label that comes first in the codebook.
    pub a: String,
    /// The other.
    pub b: String,
    /// `interchangeable`, `by-context`, `sticky`, `by-topic`, `separated`, `enumeration`, `undetermined`.
    pub verdict: &'static str,
    /// Whether they are used for one another; null if undetermined.
    pub interchangeable: Option<bool>,
    /// Why it is undetermined.
    pub reason: Option<&'static str>,
    /// Mentions of the first.
    pub mentions_a: u64,
    /// Mentions of the second.
    pub mentions_b: u64,
    /// Mentions of either in a list with both.
    pub coordinated: u64,
    /// Lists with both.
    pub lists: u64,
    /// Speakers who use both outside such lists.
    pub speakers: usize,
    /// Speakers who use both, in lists or outside.
    pub users: usize,
    /// Changes from one to the other; null if fewer than 5 are expected.
    pub order: Option<Order>,
    /// Whether the concepts in the window tell the label; null if not tested or too few stretches.
    pub context: Option<Context>,
    /// Statement weight that carries both.
    pub permeability: Permeability,
    /// The 20 speakers with most to say.
    pub by_speaker: Vec<BySpeaker>,
    /// Where a speaker changes label within a text, nearest first.
    pub passages: Vec<Passage>,
    /// All such places.
    pub n_passages: usize,
    /// Likeness of the words around; only of all sources together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<Similarity>,
}

/// Changes from one label to the other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Order {
    /// Changes observed.
    pub observed: Number,
    /// Changes expected in random order within speakers.
    pub expected: Number,
    /// Observed over expected.
    pub ratio: Number,
    /// 95 % interval.
    pub interval: Ends,
    /// The greatest ratio that any order could give.
    pub attainable: Number,
    /// Which error the interval rests on: `order` or `speakers`, the larger.
    pub error: &'static str,
    /// Against random order, two-sided.
    pub p: Number,
    /// Over both tests of all pairs.
    pub q: Number,
    /// Random orders drawn; null if all orders were counted.
    pub permutations: Option<usize>,
}

/// Whether the concepts around tell the label.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Context {
    /// H(label given context) / H(label).
    pub ratio: Number,
    /// The same when stretches are put in random order.
    pub expected: Number,
    /// One-sided.
    pub p: Number,
    /// Over both tests of all pairs.
    pub q: Number,
    /// Random orders drawn.
    pub permutations: usize,
}

/// Statement weight that carries both labels.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Permeability {
    /// Share of the first label's weight.
    pub a: Number,
    /// Share of the second's.
    pub b: Number,
}

/// Likeness of the words around.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Similarity {
    /// Cosine between the labels over the mean of those with themselves.
    pub ratio: Option<Number>,
    /// Cosine between the labels, half against half.
    pub cosine: Option<Number>,
    /// Cosine of the first with itself.
    pub own_a: Option<Number>,
    /// Cosine of the second with itself.
    pub own_b: Option<Number>,
    /// 95 % interval of the ratio.
    pub interval: Option<Ends>,
    /// `speaker` or `sentence`.
    pub divided_by: Option<&'static str>,
    /// Why there is none.
    pub reason: Option<&'static str>,
}

/// What one speaker does with a pair.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BySpeaker {
    /// Who.
    pub speaker: Option<String>,
    /// Mentions of the first.
    pub mentions_a: u64,
    /// Mentions of the second.
    pub mentions_b: u64,
    /// Changes.
    pub observed: u64,
    /// Changes expected.
    pub expected: Number,
    /// Observed over expected.
    pub ratio: Number,
    /// Exact, two-sided.
    pub p: Number,
}

/// A place where a speaker changes label.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Passage {
    /// Who.
    pub speaker: Option<String>,
    /// Path of the source.
    pub source: String,
    /// Label of the window.
    pub unit: String,
    /// Whether both stand in it.
    pub same_unit: bool,
    /// Label before.
    pub from: String,
    /// Label after.
    pub to: String,
    /// The words of the first.
    pub words_from: String,
    /// The words of the second.
    pub words_to: String,
    /// Label of the first sentence.
    pub sentence: String,
    /// From sentence to sentence, at most 300 characters.
    pub quote: String,
}

impl Said {
    /// Returns the answer serialised; `top` caps the passages of each pair.
    #[must_use]
    pub fn new(answer: &Slippage, top: usize, run: Record) -> Self {
        let Slippage { corpus, settings, slip } = answer;
        let ids = Ids { corpus, top };
        let groups = || slip.groups.iter().map(|g| ids.group(g)).collect();
        Self {
            all: ids.whole(&slip.all, true),
            speaker: match &settings.speaker {
                SpeakerBy::Turns => "turn or source".to_owned(),
                SpeakerBy::Attribute(name) => name.clone(),
            },
            by: settings.by.clone(),
            free: [FREE.0.into(), FREE.1.into()],
            groups: settings.by.is_some().then(groups),
            cautions: super::words::cautions(answer),
            run,
        }
    }
}

/// Writes ids and paths for what the answer holds as indices.
struct Ids<'a> {
    corpus: &'a Corpus,
    top: usize,
}

impl Ids<'_> {
    fn id(&self, concept: ConceptIx) -> String {
        self.corpus.codebook.get(concept).id.clone()
    }

    fn whole(&self, g: &slip::Group, with_similarity: bool) -> Whole {
        Whole {
            speakers: g.speakers.len(),
            mentions: g.speakers.iter().map(|s| s.mentions.len()).sum(),
            tested: g.tested,
            permutations: g.permutations,
            labels: g.labels.iter().map(|l| self.label(l)).collect(),
            pairs: g.pairs.iter().map(|p| self.pair(g, p, with_similarity)).collect(),
        }
    }

    fn group(&self, g: &slip::Group) -> Group {
        Group { whole: self.whole(g, false), group: g.name.clone(), small: g.is_small() }
    }

    fn label(&self, l: &slip::Label) -> Label {
        Label {
            label: self.id(l.concept),
            mentions: l.mentions,
            listed: l.listed,
            speakers: l.speakers,
            sources: l.sources,
            permeability: l.permeability.into(),
        }
    }

    fn pair(&self, g: &slip::Group, p: &slip::Pair, with_similarity: bool) -> Pair {
        Pair {
            a: self.id(p.a),
            b: self.id(p.b),
            verdict: p.verdict.name(),
            interchangeable: p.interchangeable(),
            reason: p.reason,
            mentions_a: p.mentions.0,
            mentions_b: p.mentions.1,
            coordinated: p.coordinated,
            lists: p.lists,
            speakers: p.speakers,
            users: p.users,
            order: p.order.map(|o| order(&o, p.order_q)),
            context: p.context.map(|c| context(&c, p.context_q)),
            permeability: Permeability { a: p.permeability.0.into(), b: p.permeability.1.into() },
            by_speaker: p.by_speaker.iter().take(SPEAKERS).map(|s| by_speaker(g, s)).collect(),
            passages: p.passages.iter().take(self.top).map(|s| self.passage(g, s)).collect(),
            n_passages: p.n_passages,
            similarity: with_similarity.then(|| similarity(p)),
        }
    }

    fn passage(&self, g: &slip::Group, s: &Switch) -> Passage {
        let coded = &self.corpus.coded[s.from.source];
        let source = &self.corpus.sources[s.from.source];
        let text = &source.document.text;
        Passage {
            speaker: name(g, s.speaker),
            source: source.path.clone(),
            unit: coded.label(s.from.window.unwrap_or(s.from.sentence)).to_owned(),
            same_unit: s.from.window.is_some() && s.from.window == s.to.window,
            from: self.id(s.from.label),
            to: self.id(s.to.label),
            words_from: s.from.span.of(text).to_owned(),
            words_to: s.to.span.of(text).to_owned(),
            sentence: coded.label(coded.unit_at(s.from.span.start, Level::Sentence)).to_owned(),
            quote: quotation(text, super::words::sentences(self.corpus, s), s.span()),
        }
    }
}

fn name(g: &slip::Group, speaker: usize) -> Option<String> {
    g.speakers.get(speaker).map(|s| s.name.clone())
}

fn order(o: &slip::order::Order, q: Option<f64>) -> Order {
    let of_speakers = o.ratio.error_of_speakers.is_some_and(|e| e > o.ratio.error_of_order);
    Order {
        observed: o.ratio.observed.into(),
        expected: o.ratio.expected.into(),
        ratio: o.ratio.ratio.into(),
        interval: Some(o.interval).into(),
        attainable: o.attainable.into(),
        error: if of_speakers { "speakers" } else { "order" },
        p: o.p.into(),
        q: q.into(),
        permutations: o.permutations,
    }
}

fn context(c: &Predictability, q: Option<f64>) -> Context {
    Context {
        ratio: c.ratio.into(),
        expected: c.expected.into(),
        p: c.p.into(),
        q: q.into(),
        permutations: c.permutations,
    }
}

fn similarity(p: &slip::Pair) -> Similarity {
    match &p.similarity {
        Ok(s) => Similarity {
            ratio: Some(s.ratio.into()),
            cosine: Some(s.cosine.into()),
            own_a: Some(s.own[0].into()),
            own_b: Some(s.own[1].into()),
            interval: Some(s.interval.into()),
            divided_by: Some(if s.by_speaker { "speaker" } else { "sentence" }),
            reason: None,
        },
        Err(reason) => Similarity { reason: Some(reason), ..Similarity::default() },
    }
}

fn by_speaker(g: &slip::Group, s: &OfSpeaker) -> BySpeaker {
    BySpeaker {
        speaker: name(g, s.speaker),
        mentions_a: s.mentions.0,
        mentions_b: s.mentions.1,
        observed: s.observed,
        expected: s.expected.into(),
        ratio: (s.observed as f64 / s.expected).into(),
        p: s.p.into(),
    }
}
