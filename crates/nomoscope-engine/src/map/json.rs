//! The answer serialised.

use crate::json::{Ends, Number};
use crate::map::answer::Analysis;
use crate::map::words::{NOTHING_LEFT, ranked};
use crate::record::Record;
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::norm::cluster;
use nomoscope_core::norm::completeness::Completeness as Counted;
use nomoscope_core::norm::kind;
use nomoscope_core::usage::coupling::{self, CouplingLevel};
use nomoscope_stats::graph::Graph;
use nomoscope_stats::partition::disparity_filter;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Passages of a statement.
const PASSAGES: usize = 5;

/// The cluster: its statements, type, couplings and membership.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The focus as it was used; null if the study has none: then every window is focal.
    pub focus: Option<Focus>,
    /// The unit of co-occurrence.
    pub window: &'static str,
    /// Sources that were read.
    pub sources: usize,
    /// Sources with a focal window.
    pub focal_sources: usize,
    /// Windows in the study.
    pub units: usize,
    /// Windows in which the focus occurs.
    pub focal_units: usize,
    /// Focal statements with all three parts: first those that may lead, then the others, each by own weight; at most 1,000 unless more were asked for.
    pub statements: Vec<Statement>,
    /// Focal statements that lack a part, heaviest first, as far as the 1,000 go.
    pub incomplete: Vec<Statement>,
    /// What the list leaves out.
    pub omitted: Omitted,
    /// Effective numbers of the complete focal statements, coverage-adjusted.
    pub effective: Effective,
    /// The type of the cluster.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Share of the weight that changes between reading norm labels by rule and as values.
    pub undecided: Number,
    /// How complete sentences are.
    pub completeness: Both,
    /// How binding behaviours are, by family and force, in all windows: `duty`, `hedged`, `permission` or `unmarked`.
    pub force: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// How alike the sources' portfolios of statements are: `adopters` (sources with a focal statement of two parts or more),
    /// `compared` (thinned evenly above 1,500), `statements`, `mean_jaccard`, `identical_pairs` (share), `core` (statements
    /// that 80 % of adopters hold), `idiosyncratic` (those that one alone holds).
    pub resemblance: Value,
    /// Pairs that meet at least once or are tested, textual ones first.
    pub couplings: Vec<Coupling>,
    /// Which concepts share the community of the focus.
    pub membership: Membership,
    /// First appearance of each concept among dated sources.
    pub first: Vec<First>,
    /// Sources that name each other by title or alias.
    pub citations: Vec<Citation>,
    /// Languages of sources for which the codebook has no pattern, with the number of sources in each.
    pub unread_languages: BTreeMap<String, usize>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// The focus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Focus {
    /// The concept that was used.
    pub concept: String,
    /// The concept that was asked for.
    pub asked: String,
    /// Whether the focus went one step up `broader`, because it occurs in fewer than 5 sources.
    pub widened: bool,
    /// Sources that hold the used concept or a narrower one.
    pub sources: usize,
    /// Sources that hold the asked concept or a narrower one.
    pub sources_of_asked: usize,
    /// The used concept and everything narrower.
    pub concepts: Vec<String>,
}

/// A statement: `If [problem], [value] suggests [behaviour]`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement {
    /// The problem; null if none is named.
    pub problem: Option<String>,
    /// The value; null if none is named.
    pub value: Option<String>,
    /// The behaviour; null if none is named.
    pub behaviour: Option<String>,
    /// Each focal window spreads a weight of 1 over its combinations.
    pub weight: f64,
    /// The same, each source counting 1.
    pub source_weight: f64,
    /// The part of `weight` in which a part stands outside the sentence.
    pub supplied: f64,
    /// Windows that make it.
    pub units: usize,
    /// Sources that make it.
    pub sources: usize,
    /// Up to five sentences that make it, those that need no supply first.
    pub passages: Vec<Passage>,
}

/// A sentence that makes a statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Passage {
    /// Path of the source.
    pub source: String,
    /// Label of the sentence.
    pub unit: String,
    /// Whether a part was supplied to it.
    pub supplied: bool,
}

/// What a list leaves out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Omitted {
    /// Statements beyond the list.
    pub statements: usize,
    /// Their weight, in windows.
    pub weight: f64,
    /// Weight of combinations beyond 20,000 in one window, which are not enumerated.
    pub beyond_cap: f64,
}

/// Effective numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    /// Effective problems.
    pub problem: Number,
    /// Effective values.
    pub value: Number,
    /// Effective behaviours.
    pub behaviour: Number,
    /// Effective combinations of the three.
    pub statement: Number,
    /// What each rests on: `leading` (order 2 of what is `left` without stray mentions: what the type rests on; null with a `leading_reason` where
    /// nothing is left), `observed` (order 1), `adjusted` (the
    /// same with an estimate of what was not seen; null below a coverage of 0.7), `richness` (different ones), `kinds` (of the codebook), `coverage`
    /// (estimated), `n` (occurrences, one a concept and window), for `problem`, `value`, `behaviour` and `statement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The type of the cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Kind {
    /// `single-norm`, `single-value`, `single-behaviour`, `side-by-side` or `multiple-value`.
    pub model: Option<&'static str>,
    /// Bootstrap support of each type, as a share of draws; all sum to 1, `undetermined` for draws without a complete
    /// statement.
    pub support: Option<BTreeMap<&'static str, f64>>,
    /// The type under each reading of norm labels: `problems`, `values`, `rule`.
    pub readings: BTreeMap<&'static str, Option<&'static str>>,
    /// Why there is no support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_reason: Option<String>,
    /// Why the model, or else the support, is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Bootstrap draws behind the support.
    pub draws: usize,
    /// What the same procedure says of made-up clusters of known type, of the same size and with wrong codings.
    pub references: Vec<Reference>,
    /// How far value and behaviour determine each other, and what else the type rests on; absent without a type.
    #[serde(flatten)]
    pub grounds: Option<Grounds>,
}

/// What is said of made-up clusters of one type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reference {
    /// Their type.
    pub truth: &'static str,
    /// How many were made.
    pub clusters: usize,
    /// Share that is called each type.
    pub called: BTreeMap<&'static str, f64>,
}

/// What a type rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Grounds {
    /// How far value and behaviour determine each other: `share` (mutual information over the smaller entropy), `corrected`
    /// (the same beyond chance; the type rests on this one), `p` and `n_permutations`; null unless both are several.
    pub determination: Value,
    /// The type at other thresholds.
    pub by_threshold: Vec<AtThreshold>,
    /// The type with values merged one level up `broader`.
    pub merged_values: Merged,
    /// Effective numbers in a sample of equal size.
    pub rarefied: Option<Rarefied>,
}

/// The type at one threshold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AtThreshold {
    /// Effective numbers from here on count as several.
    pub threshold: f64,
    /// The type.
    pub model: &'static str,
}

/// The type with merged values.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Merged {
    /// The type.
    pub model: Option<&'static str>,
    /// Effective values.
    pub value: Number,
}

/// The type in a sample of equal size.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rarefied {
    /// Effective problems.
    pub problem: f64,
    /// Effective values.
    pub value: f64,
    /// Effective behaviours.
    pub behaviour: f64,
}

/// Completeness in all windows and in the focal ones.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Both {
    /// In all windows.
    pub all: Completeness,
    /// In focal windows.
    pub focal: Completeness,
}

/// How complete sentences are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Completeness {
    /// Sentences that hold any part.
    pub sentences: u64,
    /// Share with all three parts, some supplied by the window.
    pub complete: Number,
    /// Share with all three parts in the sentence itself.
    pub complete_in_sentence: Number,
    /// Share without a problem even after supply.
    pub without_problem: Number,
    /// Share without a value.
    pub without_value: Number,
    /// Share without a behaviour.
    pub without_behaviour: Number,
    /// Sentences with a behaviour of their own.
    pub behaviours: u64,
    /// Share of these without any value.
    pub behaviour_without_value: Number,
    /// Share of these whose value comes from a sentence on another problem.
    pub behaviour_with_value_of_another_norm: Number,
}

/// A coupling of two concepts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coupling {
    /// The concept that comes first in the codebook.
    pub a: String,
    /// The other.
    pub b: String,
    /// `textual` (within texts, counted in windows) or `actor` (between sources, counted in sources).
    pub level: &'static str,
    /// Windows or sources with both.
    pub n11: u64,
    /// With `a`, those left out in which it only stands inside `b`.
    pub n1: u64,
    /// With `b`, in the same way.
    pub n2: u64,
    /// All.
    pub n: u64,
    /// Joint ones to be expected from length (textual) or from independence within strata (actor).
    pub expected: Number,
    /// Textual: informative sources, in which both vary; actor: all.
    pub sources: usize,
    /// Textual: the one at which the scores sum to 0; actor: mean of two penalised regressions.
    pub odds_ratio: Number,
    /// From `n11`, `n1`, `n2`, `n` alone.
    pub odds_ratio_unadjusted: Number,
    /// 95 % interval of `odds_ratio`.
    pub ci: Ends,
    /// Two-sided p-value.
    pub p: Number,
    /// Benjamini-Hochberg rate over the tested pairs of the level.
    pub q: Number,
    /// Normalised pointwise mutual information, −1 to 1; not used.
    pub npmi: Number,
    /// Jaccard index.
    pub jaccard: Number,
    /// Salton's cosine.
    pub cosine: Number,
    /// Observed over expected; 1 is independence.
    pub association_strength: Number,
    /// Whether it is an edge of the backbone; null for actor couplings.
    pub backbone: Option<bool>,
    /// Why a number is missing, or an interval one-sided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// p-value in the disparity filter (Serrano et al. 2009) over the joint counts of its level; null without a joint unit.
    pub disparity_p: Number,
}

/// Membership in the community of the focus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Membership {
    /// By membership.
    pub concepts: Vec<Member>,
    /// Mean agreement of the draws' communities with those of the full backbone.
    pub adjusted_rand_bootstrap: Number,
    /// The same between seeds: what the search alone leaves open.
    pub adjusted_rand_algorithmic: Number,
    /// Modularity of the communities on the full backbone.
    pub modularity: Number,
    /// Draws times seeds.
    pub runs: usize,
    /// Why there is none.
    pub reason: Option<String>,
}

/// A concept with its membership.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Member {
    /// The concept.
    pub concept: String,
    /// Share of runs in which it shares the community of the focus.
    pub membership: Number,
    /// `core` (from 0.8), `boundary` (from 0.2), `outside`.
    pub standing: Option<&'static str>,
    /// Its community on the full backbone; the number is a name.
    pub community: usize,
    /// Participation coefficient on the full backbone.
    pub participation: Number,
}

/// A first appearance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct First {
    /// The concept.
    pub concept: String,
    /// Path of the source.
    pub source: String,
    /// Its date.
    pub date: String,
}

/// One source names another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Citation {
    /// The source that names.
    pub from: String,
    /// The source that is named.
    pub to: String,
    /// How often.
    pub places: usize,
}

impl Said {
    /// Returns the answer with its `top` heaviest statements.
    #[must_use]
    pub fn new(a: &Analysis, top: usize, run: Record) -> Self {
        let path = |source: usize| a.corpus.sources[source].path.clone();
        let is_complete = |s: &Statement| s.problem.is_some() && s.value.is_some() && s.behaviour.is_some();
        let (complete, incomplete) = statements(a, top).into_iter().partition(is_complete);
        Self {
            focus: a.focus.as_ref().map(|f| focus(&a.corpus.codebook, f)),
            window: a.options.window.name(),
            sources: a.corpus.sources.len(),
            focal_sources: a.focal_source_count(),
            units: a.n_windows(),
            focal_units: a.focal.iter().map(BTreeSet::len).sum(),
            statements: complete,
            incomplete,
            omitted: omitted(a, top),
            effective: effective(a),
            kind: kind(a),
            undecided: a.undecided.into(),
            completeness: Both { all: completeness(&a.completeness[0]), focal: completeness(&a.completeness[1]) },
            force: a
                .force
                .iter()
                .map(|(family, by_force)| (family.clone(), by_force.iter().map(|(f, n)| (f.name(), *n)).collect()))
                .collect(),
            resemblance: json!(a.resemblance),
            couplings: couplings(&a.corpus.codebook, [&a.textual, &a.actor]),
            membership: membership(&a.corpus.codebook, &a.membership),
            first: a
                .first
                .iter()
                .map(|(c, f)| First { concept: id(a, *c), source: path(f.source), date: f.date.to_string() })
                .collect(),
            citations: a
                .citations
                .iter()
                .map(|c| Citation { from: path(c.from), to: path(c.to), places: c.places.len() })
                .collect(),
            unread_languages: a.corpus.unread_languages.clone(),
            run,
        }
    }
}

pub(crate) fn focus(codebook: &Codebook, f: &cluster::Focus) -> Focus {
    let id = |concept: ConceptIx| codebook.get(concept).id.clone();
    Focus {
        concept: id(f.used),
        asked: id(f.asked),
        widened: f.used != f.asked,
        sources: f.sources,
        sources_of_asked: f.sources_of_asked,
        concepts: f.concepts.iter().map(|c| id(*c)).collect(),
    }
}

fn id(a: &Analysis, concept: ConceptIx) -> String {
    a.id(concept).to_owned()
}

fn statements(a: &Analysis, top: usize) -> Vec<Statement> {
    let name = |c: Option<ConceptIx>| c.map(|c| id(a, c));
    let passage = |(supplied, p): &(bool, nomoscope_core::norm::statement::Passage)| Passage {
        source: a.corpus.sources[p.source as usize].path.clone(),
        unit: a.corpus.coded[p.source as usize].label(p.unit).to_owned(),
        supplied: *supplied,
    };
    ranked(a)
        .into_iter()
        .take(top)
        .map(|(s, n)| Statement {
            problem: name(s.problem),
            value: name(s.value),
            behaviour: name(s.behaviour),
            weight: n.weight,
            source_weight: n.source_weight,
            supplied: n.supplied,
            units: n.windows.len(),
            sources: n.sources.len(),
            passages: n.passages.iter().take(PASSAGES).map(passage).collect(),
        })
        .collect()
}

fn omitted(a: &Analysis, top: usize) -> Omitted {
    let rest = ranked(a).into_iter().skip(top);
    let (statements, weight) = rest.fold((0, 0.0), |(n, w), (_, c)| (n + 1, w + c.weight));
    Omitted { statements, weight, beyond_cap: a.statements.omitted_weight }
}

fn effective(a: &Analysis) -> Effective {
    match &a.kind {
        Ok(k) => {
            let [p, v, b] = k.effective;
            let [problem, value, behaviour, statement] = [p, v, b, k.effective_statements].map(detail);
            let detail = json!({ "problem": problem, "value": value, "behaviour": behaviour, "statement": statement });
            Effective {
                problem: p.observed.into(),
                value: v.observed.into(),
                behaviour: b.observed.into(),
                statement: k.effective_statements.observed.into(),
                detail: Some(detail),
                reason: None,
            }
        }
        Err(reason) => {
            let none = Number(None);
            let reason = Some(reason.clone());
            Effective { problem: none, value: none, behaviour: none, statement: none, detail: None, reason }
        }
    }
}

/// A number that there is none of has its reason beside it.
fn detail(effective: nomoscope_core::norm::kind::Effective) -> Value {
    let mut detail = json!(effective);
    if let (None, Some(fields)) = (effective.leading, detail.as_object_mut()) {
        fields.insert("leading_reason".to_owned(), json!(NOTHING_LEFT));
    }
    detail
}

fn kind(a: &Analysis) -> Kind {
    let found = a.kind.as_ref();
    let shares = a.support.shares.as_ref();
    Kind {
        model: found.ok().filter(|k| k.thin.is_none()).map(|k| k.model.name()),
        support: shares.map(|shares| shares.iter().map(|(m, s)| (m.name(), *s)).collect()),
        readings: a.readings.iter().map(|(r, k)| (r.name(), k.as_ref().ok().map(|k| k.model.name()))).collect(),
        support_reason: a.support.reason.clone(),
        reason: found.map_or_else(|e| Some(e.clone()), |k| k.thin.clone()).or_else(|| a.support.reason.clone()),
        references: a
            .support
            .references
            .iter()
            .map(|r| Reference {
                truth: r.truth.name(),
                clusters: r.n,
                called: kind::Model::ALL.iter().map(|m| (m.name(), r.called(*m))).collect(),
            })
            .collect(),
        draws: a.support.draws,
        grounds: found.ok().map(grounds),
    }
}

fn grounds(k: &kind::Kind) -> Grounds {
    Grounds {
        determination: json!(k.determination),
        by_threshold: k
            .by_threshold
            .iter()
            .map(|(threshold, m)| AtThreshold { threshold: *threshold, model: m.name() })
            .collect(),
        merged_values: Merged {
            model: k.merged_values.map(kind::Model::name),
            value: k.merged_effective_values.into(),
        },
        rarefied: k.rarefied.map(|[problem, value, behaviour]| Rarefied { problem, value, behaviour }),
    }
}

fn completeness(c: &Counted) -> Completeness {
    let share = |part, whole| Number(Counted::share(part, whole));
    Completeness {
        sentences: c.sentences,
        complete: share(c.complete, c.sentences),
        complete_in_sentence: share(c.complete_alone, c.sentences),
        without_problem: share(c.without_problem, c.sentences),
        without_value: share(c.without_value, c.sentences),
        without_behaviour: share(c.without_behaviour, c.sentences),
        behaviours: c.with_behaviour,
        behaviour_without_value: share(c.behaviour_without_value, c.with_behaviour),
        behaviour_with_value_of_another_norm: share(c.behaviour_with_value_of_another_norm, c.with_behaviour),
    }
}

/// All couplings of both levels, each with its p-value in the disparity filter over the joint counts of its level.
pub(crate) fn couplings(codebook: &Codebook, levels: [&[coupling::Coupling]; 2]) -> Vec<Coupling> {
    let mut out = Vec::new();
    for list in levels {
        let joint: Vec<(usize, usize, f64)> =
            list.iter().filter(|c| c.n11 > 0).map(|c| (c.a.get(), c.b.get(), c.n11 as f64)).collect();
        let significance: BTreeMap<(usize, usize), f64> = Graph::new(codebook.len(), &joint)
            .map(|graph| disparity_filter(&graph).into_iter().map(|e| ((e.from, e.to), e.p)).collect())
            .unwrap_or_default();
        out.extend(list.iter().map(|c| {
            let pair = (c.a.get().min(c.b.get()), c.a.get().max(c.b.get()));
            coupling(codebook, c, significance.get(&pair).copied())
        }));
    }
    out
}

fn coupling(codebook: &Codebook, c: &coupling::Coupling, disparity_p: Option<f64>) -> Coupling {
    Coupling {
        a: codebook.get(c.a).id.clone(),
        b: codebook.get(c.b).id.clone(),
        level: c.level.name(),
        n11: c.n11,
        n1: c.n1,
        n2: c.n2,
        n: c.n,
        expected: c.expected.into(),
        sources: c.informative_sources,
        odds_ratio: c.odds_ratio.into(),
        odds_ratio_unadjusted: c.unadjusted.into(),
        ci: c.interval.into(),
        p: c.p.into(),
        q: c.q.into(),
        npmi: c.npmi.into(),
        jaccard: c.jaccard.into(),
        cosine: c.cosine.into(),
        association_strength: c.association_strength.into(),
        backbone: (c.level == CouplingLevel::Textual).then_some(c.backbone),
        reason: c.reason,
        disparity_p: disparity_p.into(),
    }
}

pub(crate) fn membership(codebook: &Codebook, m: &cluster::Membership) -> Membership {
    let ran = m.runs > 0;
    Membership {
        concepts: m
            .members
            .iter()
            .map(|x| Member {
                concept: codebook.get(x.concept).id.clone(),
                membership: Number(ran.then_some(x.membership)),
                standing: ran.then(|| x.standing()),
                community: x.community,
                participation: x.participation.into(),
            })
            .collect(),
        adjusted_rand_bootstrap: m.bootstrap_rand.into(),
        adjusted_rand_algorithmic: m.algorithmic_rand.into(),
        modularity: m.modularity.into(),
        runs: m.runs,
        reason: m.reason.clone(),
    }
}
