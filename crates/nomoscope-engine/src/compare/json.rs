//! The answer serialised.

use crate::compare::answer::{
    AvoidanceContrast, Comparison, CrossTable as Crossed, Group, GroupAvoidance, NormAvoidance, Opposition, Portfolios,
    TypeDifference,
};
use crate::compare::tables::{sorted, sorted_statements};
use crate::json::{Ends, Number};
use crate::record::Record;
use crate::statements::Statements;
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::statement::Statement as Formed;
use nomoscope_core::text::Level;
use nomoscope_core::usage::contrast::{Contrast, Holding};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::usage::portfolio::FarPair;
use nomoscope_stats::mantel_haenszel::EqualOdds;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many passages stand behind a number.
const PASSAGES: usize = 3;
/// How many actors of a cell are named.
const MEMBERS: usize = 50;

/// Groups of sources compared.
///
/// `group` is always the first side, `against` the second: another group, or null for all the others together. Entries of
/// `sides` are in this order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The attribute that makes the groups.
    pub by: String,
    /// The focus as it was used.
    pub focus: Option<String>,
    /// Level of the windows.
    pub window: &'static str,
    /// Sources compared.
    pub sources: usize,
    /// Sources without the attribute, or of neither group.
    pub left_out: usize,
    /// The groups by name, or as they were named.
    pub groups: Vec<OfGroup>,
    /// Two sides each: two groups, or each group and all the others.
    pub contrasts: Vec<Sides>,
    /// Pairs that were tested or that a side couples, one entry a contrast, the most certain differences first.
    pub couplings: Vec<Pair<Shown>>,
    /// Focal statements of at least two parts, one entry a contrast, the most certain differences first.
    pub statements: Vec<Held>,
    /// What the lists leave out.
    pub omitted: Omitted,
    /// Types of two groups compared, where both have support.
    pub types: Vec<Types>,
    /// Actors by definition, by group, and by group among those of one definition.
    pub portfolios: Vec<Portfolio>,
    /// Norm labels with `elements` in the codebook.
    pub avoidance: Vec<Avoidance>,
    /// Actors by two attributes.
    pub cross_tables: Vec<CrossTable>,
    /// What is to be kept in mind: lengths, small groups, calibration.
    pub warnings: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// What lists leave out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Omitted {
    /// Pairs.
    pub couplings: usize,
    /// Statements.
    pub statements: usize,
}

/// A group of sources.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfGroup {
    /// The value of the attribute.
    pub group: String,
    /// Sources in it.
    pub sources: usize,
    /// Actors in it: as many as sources, unless an attribute says whose these are.
    pub actors: usize,
    /// Whether it has fewer than 5 actors.
    pub small: bool,
    /// Windows in it.
    pub units: usize,
    /// Median length of its windows, in words.
    pub median_unit_words: Number,
    /// Sources that speak of the focus.
    pub sources_on_focus: usize,
    /// Pairs tested for coupling within the group.
    pub tested_pairs: usize,
    /// Pairs that it couples.
    pub backbone_pairs: usize,
    /// Type of the group's cluster.
    #[serde(rename = "type")]
    pub kind: TypeOf,
}

/// The type of a cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TypeOf {
    /// The type.
    pub model: Option<&'static str>,
    /// Share of bootstrap draws by type.
    pub support: Option<BTreeMap<&'static str, f64>>,
    /// Effective problems.
    pub problem: Effective,
    /// Effective values.
    pub value: Effective,
    /// Effective behaviours.
    pub behaviour: Effective,
    /// Why type or support are missing; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An effective number.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    /// How many concepts in effect.
    pub value: Number,
    /// Its 95 % interval.
    pub ci: Ends,
}

/// Two sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sides {
    /// First side.
    pub group: String,
    /// Second side.
    pub against: Option<String>,
    /// Sources of the sides.
    pub sources: [usize; 2],
    /// Pairs of the tested family.
    pub tested_pairs: usize,
    /// Pairs whose difference is certain.
    pub certain_pairs: usize,
    /// What the calibration says against these intervals.
    pub caution: Option<String>,
}

impl Sides {
    /// Returns what is said of two sides.
    pub(crate) fn new(
        (group, against): (&str, Option<&str>),
        sources: [usize; 2],
        pairs: &[Contrast],
        caution: Option<String>,
    ) -> Self {
        Self {
            group: group.to_owned(),
            against: against.map(str::to_owned),
            sources,
            tested_pairs: pairs.iter().filter(|p| p.tested).count(),
            certain_pairs: pairs.iter().filter(|p| p.verdict().is_certain()).count(),
            caution,
        }
    }
}

/// A pair of concepts on two sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pair<S> {
    /// The concept that comes first in the codebook.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether one of them is the name of a norm.
    pub norm_label: bool,
    /// First side.
    pub group: String,
    /// Second side.
    pub against: Option<String>,
    /// The pair on each side.
    pub sides: [S; 2],
    /// Whether the pair belongs to the tested family.
    pub tested: bool,
    /// Odds ratio of the first side over that of the second.
    pub ratio: Number,
    /// Its 95 % interval.
    pub ci: Ends,
    /// Two-sided probability; 1 where a tested pair has no computable difference.
    pub p: Number,
    /// Over all tested pairs of all contrasts.
    pub q: Number,
    /// `wald`, or `bounds` where one odds ratio is 0 or unbounded.
    pub test: Option<&'static str>,
    /// `first-only`, `second-only`, `first-more`, `second-more`, `differ`, `both`, `undecided`, `neither`.
    pub verdict: &'static str,
    /// Breslow and Day's test with Tarone's correction; null for pairs that are not tested.
    pub equal_odds: Option<Equal>,
    /// Why a number is missing, or an interval is one-sided; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl<S> Pair<S> {
    /// Returns a pair on both sides of an opposition.
    pub(crate) fn new(
        book: &Codebook,
        x: &Contrast,
        (group, against): (&str, Option<&str>),
        sides: [S; 2],
        equal: Option<&Result<EqualOdds, &'static str>>,
    ) -> Self {
        let (a, b) = x.pair();
        Self {
            a: book.get(a).id.clone(),
            b: book.get(b).id.clone(),
            norm_label: book.get(a).norm_label || book.get(b).norm_label,
            group: group.to_owned(),
            against: against.map(str::to_owned),
            sides,
            tested: x.tested,
            ratio: x.ratio.into(),
            ci: x.interval.into(),
            p: x.p.into(),
            q: x.q.into(),
            test: x.test.map(|t| t.name()),
            verdict: x.verdict().name(),
            equal_odds: equal.map(Equal::new),
            reason: x.reason,
        }
    }
}

/// Whether the odds ratio is the same in all sources.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Equal {
    /// `sources`: these are the strata.
    pub between: &'static str,
    /// The statistic with Tarone's correction.
    pub statistic: Number,
    /// Degrees of freedom.
    pub df: Number,
    /// Probability if there is one odds ratio for all sources.
    pub p: Number,
    /// The statistic without the correction.
    pub breslow_day: Number,
    /// Least expected cell, in windows.
    pub min_expected: Number,
    /// Why it is not given: an expected cell is below 5; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl Equal {
    fn new(found: &Result<EqualOdds, &'static str>) -> Self {
        let given = found.as_ref().ok();
        Self {
            between: "sources",
            statistic: given.map(|e| e.tarone.statistic).into(),
            df: given.map(|e| e.tarone.df).into(),
            p: given.map(|e| e.tarone.p).into(),
            breslow_day: given.map(|e| e.breslow_day.statistic).into(),
            min_expected: given.map(|e| e.min_expected).into(),
            reason: found.as_ref().err().copied(),
        }
    }
}

/// A pair within one side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfSide {
    /// Windows with both.
    pub n11: u64,
    /// Windows with `a`.
    pub n1: u64,
    /// Windows with `b`.
    pub n2: u64,
    /// All windows of the side.
    pub n: u64,
    /// Joint windows to be expected from length.
    pub expected: Number,
    /// Informative sources; of actors, whose sources count as one.
    pub sources: usize,
    /// Mantel-Haenszel odds ratio over source and length.
    pub odds_ratio: Number,
    /// Its 95 % interval.
    pub ci: Ends,
    /// Probability of the coupling on this side.
    pub p: Number,
    /// Over the tested pairs of this side.
    pub q: Number,
    /// Whether this side couples the pair.
    pub backbone: bool,
    /// Share of bootstrap draws in which it does; null for all the others together, and without draws.
    pub backbone_support: Number,
    /// Why a number is missing, or an interval is one-sided; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl OfSide {
    /// Returns a pair within one side; support only where there were draws.
    pub(crate) fn new(c: &Coupling, support: Option<f64>) -> Self {
        Self {
            n11: c.n11,
            n1: c.n1,
            n2: c.n2,
            n: c.n,
            expected: c.expected.into(),
            sources: c.informative_sources,
            odds_ratio: c.odds_ratio.into(),
            ci: c.interval.into(),
            p: c.p.into(),
            q: c.q.into(),
            backbone: c.backbone,
            backbone_support: support.into(),
            reason: c.reason,
        }
    }
}

/// A pair within one side, with where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    /// The pair.
    #[serde(flatten)]
    pub pair: OfSide,
    /// Up to three joint windows, one a source.
    pub passages: Vec<Passage>,
}

/// A window.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Passage {
    /// Path of the source.
    pub source: String,
    /// Label of the window.
    pub unit: String,
}

/// A statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement {
    /// Problem.
    pub problem: Option<String>,
    /// Value.
    pub value: Option<String>,
    /// Behaviour.
    pub behaviour: Option<String>,
}

/// A statement on two sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Held {
    /// The statement.
    #[serde(flatten)]
    pub statement: Statement,
    /// First side.
    pub group: String,
    /// Second side.
    pub against: Option<String>,
    /// Who holds it.
    pub sides: [Holders; 2],
    /// Sentences of a stretch; null where a side is silent.
    pub run: Option<usize>,
    /// The first side's share less the second's.
    pub difference: Number,
    /// 95 % interval of the difference.
    pub ci: Ends,
    /// By studentised permutation of actors; null below 5 holders.
    pub p: Number,
    /// Over all tested statements.
    pub q: Number,
    /// Why a number is missing, or an interval is one-sided; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Who holds a statement on one side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holders {
    /// Actors that hold it.
    pub holders: usize,
    /// Actors that speak of the focus.
    pub actors_on_focus: usize,
    /// Mean share of the side's stretches that contain it.
    pub share: Number,
    /// Actors of the side that say too little of the focus for a stretch.
    pub short: usize,
    /// Windows that make it.
    pub units: usize,
    /// Up to three, one a source.
    pub passages: Vec<Passage>,
}

/// Types of two groups compared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Types {
    /// The one.
    pub group: String,
    /// The other.
    pub against: String,
    /// Share of pairs of draws, one from each, that give different types.
    pub types_differ: Option<f64>,
    /// Effective problems.
    pub problem: Ratio,
    /// Effective values.
    pub value: Ratio,
    /// Effective behaviours.
    pub behaviour: Ratio,
}

/// A ratio of effective numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ratio {
    /// First over second.
    pub ratio: Number,
    /// Its 95 % interval.
    pub ci: Ends,
}

/// Actors compared by what they hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Portfolio {
    /// The attribute that groups the actors.
    pub attribute: String,
    /// Only actors with this value of this attribute.
    pub among: Option<Among>,
    /// Actors compared.
    pub actors: usize,
    /// Actors that hold no focal statement.
    pub silent: usize,
    /// Actors that say too little of the focus for a stretch.
    pub short: usize,
    /// Sentences of the stretches that are compared.
    pub run: Option<usize>,
    /// Actors left out because there are more than 1,000.
    pub thinned: usize,
    /// Actors whose sources have several values: of no group.
    pub several_values: usize,
    /// By value.
    pub groups: Vec<Members>,
    /// Mean distance of two actors of one group.
    pub within: Number,
    /// Mean distance of two actors of different groups.
    pub between: Number,
    /// Up to 20 pairs of one group, furthest apart first.
    pub furthest: Vec<Far>,
    /// Of the permutational analysis of variance.
    pub pseudo_f: Number,
    /// Share of squared distances that the groups explain.
    pub r_squared: Number,
    /// By permutation of actors.
    pub p: Number,
    /// How many permutations; 0 without a test.
    pub permutations: usize,
    /// Why there is no test; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// A restriction of actors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Among {
    /// The attribute.
    pub attribute: String,
    /// Its value.
    pub value: String,
}

/// Actors of one value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Members {
    /// The value.
    pub value: String,
    /// How many actors have it.
    pub actors: usize,
    /// Mean Jaccard distance among them.
    pub mean_distance: Number,
}

/// Two actors of one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Far {
    /// The one.
    pub a: Actor,
    /// The other.
    pub b: Actor,
    /// Jaccard distance.
    pub distance: f64,
    /// Statements that both hold.
    pub shared: usize,
    /// Up to three statements that the one alone holds, those of most parts first.
    pub only_a: Vec<Statement>,
    /// Up to three statements that the other alone holds, those of most parts first.
    pub only_b: Vec<Statement>,
}

/// An actor.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Actor {
    /// The path of its source, or the value of the attribute that says whose a source is.
    pub actor: String,
    /// How many statements it holds.
    pub statements: usize,
    /// Up to three of its sources.
    pub sources: Vec<String>,
}

/// A norm whose elements are named without its name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Avoidance {
    /// The label.
    pub norm: String,
    /// Concepts; of each list one is enough.
    pub elements: Vec<Vec<String>>,
    /// By group.
    pub groups: Vec<Avoiding>,
    /// One a contrast.
    pub contrasts: Vec<AvoidanceDifference>,
}

/// How far a group goes without the name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Avoiding {
    /// The group.
    pub group: String,
    /// Windows with all elements.
    pub units: usize,
    /// Of these, windows without the label.
    pub without_label: usize,
    /// `without_label` of `units`.
    pub share: Number,
    /// 95 % interval between sources.
    pub ci: Ends,
    /// Actors with all elements.
    pub actors: usize,
    /// Other norm labels in the windows without it, most first.
    pub used_instead: Vec<Label>,
    /// Windows without it and without any other.
    pub without_any_label: usize,
    /// Up to three windows without the label, one a source.
    pub passages: Vec<Passage>,
}

/// A norm label in windows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Label {
    /// The label.
    pub label: String,
    /// Windows with it.
    pub units: usize,
}

/// How two sides differ in going without the name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AvoidanceDifference {
    /// First side.
    pub group: String,
    /// Second side.
    pub against: Option<String>,
    /// Odds of doing without the label, first side over second.
    pub odds_ratio: Number,
    /// Its 95 % interval.
    pub ci: Ends,
    /// Two-sided.
    pub p: Number,
    /// Over norms and contrasts.
    pub q: Number,
    /// Why there is no test; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Actors counted by two attributes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CrossTable {
    /// Of the rows and of the columns.
    pub attributes: [String; 2],
    /// Values of the first.
    pub rows: Vec<String>,
    /// Values of the second.
    pub columns: Vec<String>,
    /// Actors, row by row.
    pub counts: Vec<Vec<usize>>,
    /// Who they are; cells without actors are left out.
    pub members: Vec<Cell>,
    /// Actors without one of the two, or with several values.
    pub without: usize,
    /// Actors in the table; 0 without a test.
    pub n: u64,
    /// Exact test of independence.
    pub p: Number,
    /// `exact`, or `monte-carlo` where there are too many tables to count.
    pub method: Option<String>,
    /// How many tables were drawn; 0 if all were counted.
    pub tables_drawn: usize,
    /// Strength of the association, 0 to 1 (Cramér's V).
    pub cramers_v: Number,
    /// Why there is no test; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Actors of a cell.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cell {
    /// Value of the first attribute.
    pub row: String,
    /// Value of the second.
    pub column: String,
    /// Up to 50 names.
    pub actors: Vec<String>,
}

impl Said {
    /// Returns the answer; `top` bounds the pairs and the statements.
    #[must_use]
    pub fn new(c: &Comparison, top: usize, run: Record) -> Self {
        let (read, window) = (&c.basis.read, c.basis.options.window);
        let page = Page { c, read, book: &read.corpus.codebook, window, index: Index::new(&read.corpus) };
        let (couplings, more_pairs) = page.couplings(top);
        let (statements, more_statements) = page.statements(top);
        Self {
            by: c.choice.by.clone(),
            focus: read.focus.as_ref().map(|f| page.id(f.used)),
            window: window.name(),
            sources: c.groups.iter().map(|g| g.sources.len()).sum(),
            left_out: c.left_out,
            groups: c.groups.iter().map(|g| page.group(g)).collect(),
            contrasts: c.oppositions.iter().map(|o| page.contrast(o)).collect(),
            couplings,
            statements,
            omitted: Omitted { couplings: more_pairs, statements: more_statements },
            types: c.types.iter().map(|t| page.types(t)).collect(),
            portfolios: c.portfolios.iter().map(|p| page.portfolio(p)).collect(),
            avoidance: c.avoidance.iter().map(|n| page.avoidance(n)).collect(),
            cross_tables: c.cross.iter().map(cross_table).collect(),
            warnings: c.warnings.clone(),
            run,
        }
    }
}

/// Which sources hold a concept.
struct Index(BTreeMap<ConceptIx, BTreeSet<u32>>);

impl Index {
    fn new(corpus: &Corpus) -> Self {
        let mut out: BTreeMap<ConceptIx, BTreeSet<u32>> = BTreeMap::new();
        for (s, coded) in corpus.coded.iter().enumerate() {
            for coding in &coded.codings {
                out.entry(coding.concept).or_default().insert(s as u32);
            }
        }
        Self(out)
    }
}

/// Returns the first windows of these sources in which both concepts stand apart, one a source.
#[must_use]
pub fn joint_windows(
    corpus: &Corpus,
    level: Level,
    sources: impl Iterator<Item = u32>,
    (a, b): (ConceptIx, ConceptIx),
    n: usize,
) -> Vec<(u32, u32)> {
    let joint = |s: u32| {
        let coded = corpus.coded.get(s as usize)?;
        coded.windows(level).find(|&w| {
            let codings = coded.codings_in(coded.span(w));
            let of = |c: ConceptIx| codings.iter().filter(move |x| x.concept == c);
            of(a).any(|x| of(b).any(|y| !x.span.overlaps(y.span)))
        })
    };
    sources.filter_map(|s| Some((s, joint(s)?))).take(n).collect()
}

struct Page<'p> {
    c: &'p Comparison,
    read: &'p Statements,
    book: &'p Codebook,
    window: Level,
    index: Index,
}

impl<'p> Page<'p> {
    fn id(&self, ix: ConceptIx) -> String {
        self.book.get(ix).id.clone()
    }

    fn path(&self, source: u32) -> String {
        self.read.corpus.sources.get(source as usize).map(|s| s.path.clone()).unwrap_or_default()
    }

    /// Returns the names of both sides; none for all the others together.
    fn names(&self, o: &'p Opposition) -> (&'p str, Option<&'p str>) {
        (self.c.side(o, 0), o.against.map(|_| self.c.side(o, 1)))
    }

    fn passage(&self, (source, unit): (u32, u32)) -> Passage {
        let label = self.read.corpus.coded.get(source as usize).map_or("", |c| c.label(unit));
        Passage { source: self.path(source), unit: label.to_owned() }
    }

    fn passages(&self, all: impl Iterator<Item = (u32, u32)>) -> Vec<Passage> {
        let mut seen = BTreeSet::new();
        all.filter(|(s, _)| seen.insert(*s)).take(PASSAGES).map(|p| self.passage(p)).collect()
    }

    fn group(&self, g: &Group) -> OfGroup {
        let effective = |part: usize| {
            let (value, ci) = g.effective(part).unzip();
            Effective { value: value.into(), ci: ci.into() }
        };
        let shares = |s: &BTreeMap<nomoscope_core::norm::kind::Model, f64>| -> BTreeMap<&'static str, f64> {
            s.iter().map(|(m, x)| (m.name(), *x)).collect()
        };
        let thin = g.kind.as_ref().map_or_else(Some, |k| k.thin.as_ref());
        OfGroup {
            group: g.name.clone(),
            sources: g.sources.len(),
            actors: g.actors,
            small: g.is_small(),
            units: g.units,
            median_unit_words: g.median_words.into(),
            sources_on_focus: g.speakers,
            tested_pairs: g.couplings.iter().filter(|c| c.p.is_some()).count(),
            backbone_pairs: g.couplings.iter().filter(|c| c.backbone).count(),
            kind: TypeOf {
                model: g.kind.as_ref().ok().filter(|k| k.thin.is_none()).map(|k| k.model.name()),
                support: g.support.shares.as_ref().map(shares),
                problem: effective(0),
                value: effective(1),
                behaviour: effective(2),
                reason: thin.or(g.support.reason.as_ref()).cloned(),
            },
        }
    }

    fn contrast(&self, o: &'p Opposition) -> Sides {
        Sides::new(self.names(o), o.sources.each_ref().map(Vec::len), &o.pairs, o.caution.clone())
    }

    fn couplings(&self, top: usize) -> (Vec<Pair<Shown>>, usize) {
        let rows = sorted(self.c);
        let shown: Vec<_> = rows.par_iter().take(top).map(|(_, sides, x)| self.coupling(sides, x)).collect();
        let more = rows.len() - shown.len();
        (shown, more)
    }

    fn coupling(&self, sides: &'p Opposition, x: &Contrast) -> Pair<Shown> {
        let shown = [self.side(sides, x, 0), self.side(sides, x, 1)];
        Pair::new(self.book, x, self.names(sides), shown, self.c.equal.get(&x.pair()))
    }

    fn side(&self, sides: &Opposition, x: &Contrast, side: usize) -> Shown {
        let c: &Coupling = &x.sides[side];
        let group = if side == 0 { Some(sides.group) } else { sides.against };
        let support = group.and_then(|g| self.c.groups.get(g)).filter(|g| g.draws > 0);
        let support = support.map(|g| g.backbone_support.get(&(c.a, c.b)).copied().unwrap_or(0.0));
        let holds = |ix: ConceptIx, s: u32| self.index.0.get(&ix).is_some_and(|list| list.contains(&s));
        let sources = sides.sources[side].iter().map(|&s| s as u32).filter(|&s| holds(c.a, s) && holds(c.b, s));
        let joint = joint_windows(&self.read.corpus, self.window, sources, (c.a, c.b), PASSAGES);
        Shown { pair: OfSide::new(c, support), passages: joint.into_iter().map(|p| self.passage(p)).collect() }
    }

    fn statement(&self, s: &Formed) -> Statement {
        let [problem, value, behaviour] = s.parts().map(|part| part.map(|ix| self.id(ix)));
        Statement { problem, value, behaviour }
    }

    fn statements(&self, top: usize) -> (Vec<Held>, usize) {
        let rows = sorted_statements(self.c);
        let shown: Vec<_> = rows.iter().take(top).map(|(_, sides, h)| self.holding(sides, h)).collect();
        let more = rows.len() - shown.len();
        (shown, more)
    }

    fn holding(&self, sides: &'p Opposition, h: &Holding) -> Held {
        let side = |s: usize| Holders {
            holders: h.holders[s].len(),
            actors_on_focus: h.speakers[s],
            share: h.shares[s].into(),
            short: sides.short[s],
            units: h.windows[s].len(),
            passages: self.passages(h.windows[s].iter().copied()),
        };
        let (group, against) = self.names(sides);
        Held {
            statement: self.statement(&h.statement),
            group: group.to_owned(),
            against: against.map(str::to_owned),
            sides: [side(0), side(1)],
            run: sides.run,
            difference: h.difference.into(),
            ci: h.interval.into(),
            p: h.p.into(),
            q: h.q.into(),
            reason: h.reason,
        }
    }

    fn types(&self, t: &TypeDifference) -> Types {
        let [group, against] = t.groups.map(|g| self.c.groups[g].name.clone());
        let ratio = |part: usize| {
            let (ratio, ci) = t.effective[part].map(|d| d.ratio()).unzip();
            Ratio { ratio: ratio.into(), ci: ci.into() }
        };
        Types { group, against, types_differ: t.differ, problem: ratio(0), value: ratio(1), behaviour: ratio(2) }
    }

    fn actor(&self, index: usize) -> Actor {
        let actor = &self.c.actors[index];
        let sources = actor.sources.iter().take(PASSAGES).map(|&s| self.path(s as u32)).collect();
        Actor { actor: actor.name.clone(), statements: actor.portfolio.len(), sources }
    }

    fn portfolio(&self, p: &Portfolios) -> Portfolio {
        let x = &p.contrast;
        let test = x.test.as_ref().ok();
        let members = |(value, members, mean): &(String, Vec<usize>, Option<f64>)| Members {
            value: value.clone(),
            actors: members.len(),
            mean_distance: (*mean).into(),
        };
        let far = |pair: &FarPair| {
            let [a, b] = [pair.a, pair.b].map(|i| x.compared[i]);
            let only =
                |own: usize, other: usize| self.c.only(own, other).take(PASSAGES).map(|s| self.statement(s)).collect();
            Far {
                a: self.actor(a),
                b: self.actor(b),
                distance: pair.distance,
                shared: pair.shared,
                only_a: only(a, b),
                only_b: only(b, a),
            }
        };
        let among = |(attribute, value): (String, String)| Among { attribute, value };
        Portfolio {
            attribute: p.attribute.clone(),
            among: p.among.clone().map(among),
            actors: x.compared.len(),
            silent: x.silent,
            short: x.short,
            run: x.run,
            thinned: x.thinned,
            several_values: p.several,
            groups: x.groups.iter().map(members).collect(),
            within: x.within.into(),
            between: x.between.into(),
            furthest: x.furthest.iter().map(far).collect(),
            pseudo_f: test.map(|t| t.f).into(),
            r_squared: test.map(|t| t.r_squared).into(),
            p: test.map(|t| t.p).into(),
            permutations: test.map_or(0, |t| t.n_permutations),
            reason: x.test.as_ref().err().copied(),
        }
    }

    fn avoidance(&self, norm: &NormAvoidance) -> Avoidance {
        let elements = self.book.elements(norm.label).unwrap_or_default();
        Avoidance {
            norm: self.id(norm.label),
            elements: elements.iter().map(|any| any.iter().map(|&ix| self.id(ix)).collect()).collect(),
            groups: norm.groups.iter().map(|g| self.avoiding(g)).collect(),
            contrasts: norm.contrasts.iter().map(|t| self.avoidance_difference(t)).collect(),
        }
    }

    fn avoiding(&self, g: &GroupAvoidance) -> Avoiding {
        Avoiding {
            group: self.c.groups[g.group].name.clone(),
            units: g.windows,
            without_label: g.avoided.len(),
            share: g.share.map(|s| s.share).into(),
            ci: g.share.and_then(|s| s.interval).into(),
            actors: g.share.map_or(0, |s| s.n_sources),
            used_instead: g.instead.iter().map(|&(label, units)| Label { label: self.id(label), units }).collect(),
            without_any_label: g.unnamed,
            passages: self.passages(g.avoided.iter().copied()),
        }
    }

    fn avoidance_difference(&self, t: &AvoidanceContrast) -> AvoidanceDifference {
        let (group, against) = self.names(&self.c.oppositions[t.opposition]);
        let odds = |e: Option<f64>| Number(e.map(f64::exp));
        AvoidanceDifference {
            group: group.to_owned(),
            against: against.map(str::to_owned),
            odds_ratio: odds(t.difference.map(|d| d.value)),
            ci: Ends(t.difference.map(|d| (odds(d.interval.lower), odds(d.interval.upper)))),
            p: t.difference.map(|d| d.p).into(),
            q: t.q.into(),
            reason: t.reason,
        }
    }
}

fn cross_table(t: &Crossed) -> CrossTable {
    let cells = t
        .rows
        .iter()
        .zip(&t.cells)
        .flat_map(|(row, cells)| t.columns.iter().zip(cells).map(move |(column, actors)| (row, column, actors)));
    let members = cells.filter(|(_, _, actors)| !actors.is_empty()).map(|(row, column, actors)| Cell {
        row: row.clone(),
        column: column.clone(),
        actors: actors.iter().take(MEMBERS).cloned().collect(),
    });
    let test = t.test.as_ref().ok();
    CrossTable {
        attributes: t.attributes.clone(),
        rows: t.rows.clone(),
        columns: t.columns.clone(),
        counts: t.cells.iter().map(|row| row.iter().map(Vec::len).collect()).collect(),
        members: members.collect(),
        without: t.without,
        n: test.map_or(0, |t| t.n),
        p: test.map(|t| t.p).into(),
        method: test.and_then(|t| serde_json::to_value(t.method).ok()?.as_str().map(str::to_owned)),
        tables_drawn: test.map_or(0, |t| t.n_draws),
        cramers_v: test.map(|t| t.cramers_v).into(),
        reason: t.test.as_ref().err().copied(),
    }
}
