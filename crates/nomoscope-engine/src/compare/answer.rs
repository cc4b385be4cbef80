//! Groups of sources compared: from coded sources to everything that `compare` and the report's section show.
//!
//! Joins the parts of the core; computes nothing itself, prints nothing, writes nothing.

use crate::map::answer::Options;
use crate::passages::ReadFrom;
use crate::statements::{Statements, whose};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::focal::{FocalSource, by_actor, focal_sources};
use nomoscope_core::norm::kind::{self, EffectiveOf, Kind, effective_of};
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::norm::support::{Support, support};
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use nomoscope_core::usage::avoidance::{Avoidance, avoidance};
use nomoscope_core::usage::contrast::{
    Contrast, Holding, LENGTH_FACTOR, SMALL, contrasts, holdings, set_holding_q, set_q,
};
use nomoscope_core::usage::coupling::MAX_Q;
use nomoscope_core::usage::coupling::{Coupling, GroupedData, LEVEL, TextualData, contrast_caution};
use nomoscope_core::usage::portfolio::{Actor, PortfolioContrast, actors, compare_portfolios};
use nomoscope_stats::bootstrap::bootstrap;
use nomoscope_stats::cross_table::{CrossTest, independence};
use nomoscope_stats::fdr::benjamini_hochberg;
use nomoscope_stats::mantel_haenszel::EqualOdds;
use nomoscope_stats::rng::Seed;
use nomoscope_stats::wald::{ClusteredShare, Difference, clustered_share, difference};
use nomoscope_stats::{Interval, StatsError};
use std::collections::{BTreeMap, BTreeSet};

/// The most groups that are compared at once.
pub const MAX_GROUPS: usize = 40;
/// The attribute that says whose definition a source adopts, where none is named.
pub const DEFINITION: &str = "definition";
/// The attribute that says whose a source is, where none is named.
pub const ACTOR: &str = "actor";
/// Values of a definition that say that there is no one definition.
pub const NO_DEFINITION: [&str; 2] = ["none", "mixed"];
/// How many pairs with one definition are named.
const FURTHEST: usize = 20;
/// How many labels used instead are named, and how many values a cross-table may have on a side.
const MAX_VALUES: usize = 60;
/// How many tables are drawn where they cannot all be counted.
const TABLES_DRAWN: usize = 99_999;

/// What a user can choose about a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The attribute that makes the groups.
    pub by: String,
    /// Two of its values; none takes every group against the rest.
    pub two: Option<[String; 2]>,
    /// The attribute that says which definition a source adopts.
    pub definition: Option<String>,
    /// The attribute that says whose a source is; none takes each source as an actor.
    pub actor: Option<String>,
    /// Pairs of attributes to cross.
    pub cross: Vec<[String; 2]>,
    /// Ids of concepts: only pairs with one of them, or a narrower one, are compared; empty for all.
    pub with: Vec<String>,
    /// Permutations of actors.
    pub permutations: usize,
}

/// Why a comparison is refused.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// A value that no source has.
    #[error("no source has {by} `{value}`")]
    UnknownGroup {
        /// The attribute.
        by: String,
        /// The value asked for.
        value: String,
        /// The values there are.
        known: Vec<String>,
    },
    /// The same group on both sides.
    #[error("`{0}` cannot be compared with itself")]
    SameGroup(String),
    /// Only one group.
    #[error("all sources that say so have {by} `{value}`: there is nothing to compare")]
    OneGroup {
        /// The attribute.
        by: String,
        /// Its only value.
        value: String,
    },
    /// More groups than can be compared.
    #[error("the attribute `{by}` has {n} values; at most {MAX_GROUPS} groups are compared")]
    TooManyGroups {
        /// The attribute.
        by: String,
        /// How many values it has.
        n: usize,
    },
}

impl CompareError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Remedy {
        match self {
            Self::UnknownGroup { known, .. } => {
                let more = known.len().saturating_sub(20);
                let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("values are {}{rest}", known.iter().take(20).cloned().collect::<Vec<_>>().join(", ")).into()
            }
            Self::SameGroup(_) => "name two groups, or none to compare each with the rest".into(),
            Self::OneGroup { .. } => Remedy::with("choose another attribute; `{}` lists them", [Act::ListSources]),
            Self::TooManyGroups { .. } => "name two of them, or choose an attribute with fewer values".into(),
        }
    }

    /// Returns whether the input is right and only the answer is missing.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::OneGroup { .. })
    }
}

/// What a comparison reads; a copy shares it.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The coded sources with their statements.
    pub read: Statements,
    /// How the study is read.
    pub options: Options,
}

/// A group of sources.
#[derive(Debug)]
pub struct Group {
    /// The value that its sources share.
    pub name: String,
    /// Its sources, as indices of the corpus.
    pub sources: Vec<usize>,
    /// Its actors: as many as sources, unless an attribute says whose these are.
    pub actors: usize,
    /// Windows of its sources.
    pub units: usize,
    /// Median length of these windows in words; none without windows.
    pub median_words: Option<f64>,
    /// Sources that speak of the focus.
    pub speakers: usize,
    /// Textual couplings within the group.
    pub couplings: Vec<Coupling>,
    /// Share of bootstrap draws in which a pair enters the group's backbone; only pairs that ever do.
    pub backbone_support: BTreeMap<(ConceptIx, ConceptIx), f64>,
    /// Draws behind it; 0 where none were made.
    pub draws: usize,
    /// The type of the cluster, or why there is none.
    pub kind: Result<Kind, String>,
    /// Its support.
    pub support: Support,
    /// Logarithms of the effective problems, values and behaviours (order 2) with their variance between sources.
    pub effective: EffectiveOf,
}

impl Group {
    /// Returns the effective number (order 2) of problems (0), values (1) or behaviours (2) with its interval; stray mentions are in it.
    #[must_use]
    pub fn effective(&self, part: usize) -> Option<(f64, Interval)> {
        let (value, interval) = self.effective.get(part).copied().flatten()?.exponential(LEVEL).ok()?;
        // There is no less than one in effect.
        Some((value, Interval { lower: interval.lower.map(|l| l.max(1.0)), ..interval }))
    }

    /// Returns whether the group has fewer than five sources, or actors.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.actors < SMALL
    }
}

/// Two groups, or a group and all others, side by side.
#[derive(Debug)]
pub struct Opposition {
    /// Index of the first group.
    pub group: usize,
    /// Index of the second group; none for all the others together.
    pub against: Option<usize>,
    /// Sources of both sides.
    pub sources: [Vec<usize>; 2],
    /// How many actors they are.
    pub actors: [usize; 2],
    /// Pairs of concepts.
    pub pairs: Vec<Contrast>,
    /// Statements.
    pub statements: Vec<Holding>,
    /// Sentences of the stretches that holding is compared by; none where a side is silent.
    pub run: Option<usize>,
    /// Actors of each side that say too little of the focus for a stretch.
    pub short: [usize; 2],
    /// Median of the numbers of focal sentences of the actors of each side.
    pub sentences: [Option<usize>; 2],
    /// What the calibration says against the intervals of these ratios, if anything.
    pub caution: Option<String>,
}

/// Types of two groups compared.
#[derive(Debug)]
pub struct TypeDifference {
    /// Indices of the groups.
    pub groups: [usize; 2],
    /// Share of pairs of bootstrap draws, one from each group, that give different types; none where either has no support.
    pub differ: Option<f64>,
    /// Effective problems, values and behaviours of the first over those of the second, as differences of logarithms.
    pub effective: [Option<Difference>; 3],
}

/// Portfolios by one attribute.
#[derive(Debug)]
pub struct Portfolios {
    /// The attribute that groups actors.
    pub attribute: String,
    /// Only actors with this attribute and value.
    pub among: Option<(String, String)>,
    /// Actors whose sources have several values: they belong to no group.
    pub several: usize,
    /// The comparison.
    pub contrast: PortfolioContrast,
}

/// A norm with its elements but without its name, in one group.
#[derive(Debug)]
pub struct GroupAvoidance {
    /// Index of the group.
    pub group: usize,
    /// Windows with all elements.
    pub windows: usize,
    /// Of these, windows without the label, as (source, window).
    pub avoided: Vec<(u32, u32)>,
    /// The share without the label; none without windows.
    pub share: Option<ClusteredShare>,
    /// Labels in the windows without it, with how many of them, most first.
    pub instead: Vec<(ConceptIx, usize)>,
    /// Windows without it and without any other label.
    pub unnamed: usize,
}

/// The avoidance of a norm on two sides, compared.
#[derive(Debug)]
pub struct AvoidanceContrast {
    /// Index of the opposition.
    pub opposition: usize,
    /// Difference of the log-odds of avoiding the label.
    pub difference: Option<Difference>,
    /// q-value over all norms and oppositions.
    pub q: Option<f64>,
    /// Why there is none.
    pub reason: Option<&'static str>,
}

impl AvoidanceContrast {
    /// Returns whether it is certain that the two sides differ.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.q.is_some_and(|q| q <= MAX_Q)
    }
}

/// Who goes round a norm.
#[derive(Debug)]
pub struct NormAvoidance {
    /// The norm label.
    pub label: ConceptIx,
    /// By group.
    pub groups: Vec<GroupAvoidance>,
    /// Differences.
    pub contrasts: Vec<AvoidanceContrast>,
}

/// Actors counted by two attributes.
#[derive(Debug)]
pub struct CrossTable {
    /// The two attributes.
    pub attributes: [String; 2],
    /// Values of the first, in order.
    pub rows: Vec<String>,
    /// Values of the second, in order.
    pub columns: Vec<String>,
    /// The actors in each cell, by name.
    pub cells: Vec<Vec<Vec<String>>>,
    /// Actors that lack one of the two, or have several values of it.
    pub without: usize,
    /// The test of independence, or why there is none.
    pub test: Result<CrossTest, &'static str>,
}

/// Everything that a comparison gives.
#[derive(Debug)]
pub struct Comparison {
    /// What was compared.
    pub basis: Basis,
    /// What was chosen.
    pub choice: Choice,
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// Sources that have no value of the attribute, or another than the two asked for.
    pub left_out: usize,
    /// Each two sides that are compared.
    pub oppositions: Vec<Opposition>,
    /// Breslow and Day's test between all compared sources, of the tested pairs.
    pub equal: BTreeMap<(ConceptIx, ConceptIx), Result<EqualOdds, &'static str>>,
    /// Types and effective numbers compared, where either can be.
    pub types: Vec<TypeDifference>,
    /// Actors with what they hold.
    pub actors: Vec<Actor>,
    /// What people call them: the title of a source that is an actor of its own, else the name.
    titles: Vec<String>,
    /// Portfolios by definition, by group, and by group among those of one definition.
    pub portfolios: Vec<Portfolios>,
    /// Avoidance of norms whose elements the codebook gives.
    pub avoidance: Vec<NormAvoidance>,
    /// Actors crossed.
    pub cross: Vec<CrossTable>,
    /// What is to be kept in mind.
    pub warnings: Vec<String>,
}

impl Comparison {
    /// Returns the coded sources.
    pub(super) fn read_from_sources(&self) -> ReadFrom<'_> {
        ReadFrom { corpus: &self.basis.read.corpus, window: self.basis.options.window }
    }

    /// Returns the codebook that the sources were read by.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.basis.read.corpus.codebook
    }

    /// Returns the name of a side of an opposition.
    #[must_use]
    pub fn side(&self, opposition: &Opposition, side: usize) -> &str {
        let group = if side == 0 { Some(opposition.group) } else { opposition.against };
        group.and_then(|g| self.groups.get(g)).map_or("the others", |g| g.name.as_str())
    }

    /// Returns what people call an actor.
    #[must_use]
    pub fn title(&self, actor: usize) -> &str {
        self.titles.get(actor).map_or("", String::as_str)
    }

    /// Returns the statements that one actor holds and the other does not, those of most parts first.
    pub fn only(&self, actor: usize, other: usize) -> impl Iterator<Item = &Statement> {
        let empty = BTreeSet::new();
        let of = |i: usize| self.actors.get(i).map(|a| &a.portfolio);
        let not = of(other).unwrap_or(&empty);
        let mut only: Vec<&Statement> = of(actor).into_iter().flatten().filter(|s| !not.contains(s)).collect();
        only.sort_by_key(|s| (std::cmp::Reverse(s.parts().iter().flatten().count()), **s));
        only.into_iter()
    }
}

/// Returns the groups of sources by an attribute, by name, and how many sources belong to none.
///
/// # Errors
/// [`CompareError`]
pub fn groups(sources: &[Source], choice: &Choice) -> Result<(BTreeMap<String, Vec<usize>>, usize), CompareError> {
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, source) in sources.iter().enumerate() {
        if let Some(value) = source.attribute(&choice.by) {
            all.entry(value).or_default().push(i);
        }
    }
    if let Some([a, b]) = &choice.two {
        if a == b {
            return Err(CompareError::SameGroup(a.clone()));
        }
        for value in [a, b] {
            if !all.contains_key(value) {
                let (by, value) = (choice.by.clone(), value.clone());
                return Err(CompareError::UnknownGroup { by, value, known: all.into_keys().collect() });
            }
        }
        all.retain(|name, _| name == a || name == b);
    }
    if all.len() > MAX_GROUPS {
        return Err(CompareError::TooManyGroups { by: choice.by.clone(), n: all.len() });
    }
    if all.len() < 2 {
        let value = all.into_keys().next().unwrap_or_default();
        return Err(CompareError::OneGroup { by: choice.by.clone(), value });
    }
    let grouped: usize = all.values().map(Vec::len).sum();
    Ok((all, sources.len() - grouped))
}

/// Returns the comparison.
///
/// # Errors
/// [`CompareError`]
pub fn compare(basis: Basis, choice: Choice) -> Result<Comparison, CompareError> {
    let (corpus, focal, options) = (&*basis.read.corpus, &*basis.read.focal, &basis.options);
    let (by_name, left_out) = groups(&corpus.sources, &choice)?;
    let mut names: Vec<String> = by_name.keys().cloned().collect();
    // Two that were named stand in the order in which they were named.
    if let Some(two) = &choice.two {
        names = two.to_vec();
    }
    let members: Vec<Vec<usize>> = names.iter().map(|n| by_name.get(n).cloned().unwrap_or_default()).collect();
    let counts = Counts::of(corpus, options.window);
    // Here each source is somebody's even where nobody is asked for.
    let whose = match choice.actor.as_deref() {
        Some(actor) => whose(&corpus.sources, Some(actor)),
        None => (0..corpus.sources.len()).collect(),
    };
    let data = counts.grouped(&members, &whose);
    let groups: Vec<Group> =
        (0..names.len()).map(|g| group(&basis, &data, g, &names[g], &members[g], &whose)).collect();
    let mut oppositions = oppositions(&basis, &data, &members, &whose);
    {
        let wanted = wanted(&corpus.codebook, &choice.with);
        oppositions.iter_mut().for_each(|sides| sides.pairs.retain(|pair| wanted(pair)));
    }
    set_q(&mut oppositions.iter_mut().map(|o| o.pairs.as_mut_slice()).collect::<Vec<_>>());
    set_holding_q(&mut oppositions.iter_mut().map(|o| o.statements.as_mut_slice()).collect::<Vec<_>>());
    let tested: BTreeSet<(ConceptIx, ConceptIx)> =
        oppositions.iter().flat_map(|o| &o.pairs).filter(|c| c.tested).map(Contrast::pair).collect();
    let tested: Vec<_> = tested.into_iter().collect();
    let equal = tested.iter().copied().zip(data.equal_between_sources(&tested)).collect();
    let everyone = |s: usize| choice.two.is_none() || members.iter().any(|m| m.contains(&s));
    let people = People::new(corpus, &choice, &everyone);
    let actors = actors(&basis.read.formed, focal, |s| people.actor_of.get(&s).cloned());
    let titles = actors.iter().map(|a| match (a.sources.as_slice(), &choice.actor) {
        (&[source], None) => corpus.sources[source].title.clone(),
        _ => a.name.clone(),
    });
    let mut out = Comparison {
        titles: titles.collect(),
        types: types(&groups),
        portfolios: portfolios(&choice, &people, &actors, options.seed),
        avoidance: norm_avoidance(corpus, options.window, &groups, &oppositions, &whose),
        cross: choice.cross.iter().map(|two| cross(&people, two, options.seed)).collect(),
        warnings: Vec::new(),
        basis,
        choice,
        groups,
        left_out,
        oppositions,
        equal,
        actors,
    };
    out.warnings = warnings(&out, out.basis.options.window);
    Ok(out)
}

/// Says whether a pair is one with a concept asked for: the others are left out before anything is tested.
pub(crate) fn wanted<'c>(codebook: &'c Codebook, with: &[String]) -> impl Fn(&Contrast) -> bool + 'c {
    let wanted: Vec<ConceptIx> = with.iter().filter_map(|id| codebook.find(id)).collect();
    let all = with.is_empty();
    let is_wanted = move |c: ConceptIx| wanted.iter().any(|&w| codebook.includes(w, c));
    move |pair| all || pair.sides.iter().take(1).any(|side| is_wanted(side.a) || is_wanted(side.b))
}

/// Returns the complete focal statements of each actor.
fn focal_of(read: &Statements, sources: &[usize], whose: &[usize]) -> Vec<FocalSource> {
    let windows: Vec<_> = sources.iter().map(|&s| read.formed.windows[s].clone()).collect();
    let focal: Vec<_> = sources.iter().map(|&s| read.focal[s].clone()).collect();
    by_actor(focal_sources(&windows, &focal), &sources.iter().map(|&s| whose[s]).collect::<Vec<_>>())
}

fn group(basis: &Basis, data: &GroupedData<'_>, g: usize, name: &str, sources: &[usize], whose: &[usize]) -> Group {
    let (corpus, focal, options) = (&*basis.read.corpus, &*basis.read.focal, &basis.options);
    let seed = Seed(options.seed).part(20 + g as u64);
    let statements = focal_of(&basis.read, sources, whose);
    let times = vec![1; statements.len()];
    let n_draws = if options.illustration { 0 } else { options.draws };
    let kind = kind::kind(&statements, &times, &corpus.codebook, 999, seed.part(1)).map_err(str::to_owned);
    let support = support(&statements, &corpus.codebook, n_draws, options.illustration, seed.part(0));
    let (couplings, backbone_support) = match data.group(g) {
        Some(data) => {
            (data.couplings(options.min_or), backbone_support(data, statements.len(), n_draws, options, seed))
        }
        None => Default::default(),
    };
    Group {
        name: name.to_owned(),
        actors: statements.len(),
        units: sources.iter().map(|&s| corpus.coded[s].windows(options.window).count()).sum(),
        median_words: data.median_words(g),
        speakers: sources.iter().filter(|&&s| !focal[s].is_empty()).count(),
        couplings,
        backbone_support,
        draws: n_draws,
        effective: effective_of(&statements),
        kind,
        support,
        sources: sources.to_vec(),
    }
}

pub(crate) fn backbone_support(
    data: &TextualData,
    n_sources: usize,
    n_draws: usize,
    options: &Options,
    seed: Seed,
) -> BTreeMap<(ConceptIx, ConceptIx), f64> {
    let draws = bootstrap(n_sources, n_draws, seed.part(2), |times, _| data.backbone_of_draw(times, options.min_or));
    let mut times: BTreeMap<(ConceptIx, ConceptIx), usize> = BTreeMap::new();
    for (a, b, _) in draws.into_iter().flatten() {
        *times.entry((ConceptIx(a as u16), ConceptIx(b as u16))).or_default() += 1;
    }
    times.into_iter().map(|(pair, n)| (pair, n as f64 / n_draws as f64)).collect()
}

fn oppositions(basis: &Basis, data: &GroupedData<'_>, members: &[Vec<usize>], whose: &[usize]) -> Vec<Opposition> {
    let min_or = basis.options.min_or;
    let make = |group: usize, against: Option<usize>, first: &TextualData, second: &TextualData| {
        let others = (0..members.len()).filter(|&g| against.map_or(g != group, |a| g == a));
        let mut second_sources: Vec<usize> = others.flat_map(|g| members[g].iter().copied()).collect();
        second_sources.sort_unstable();
        let sides = [members[group].as_slice(), second_sources.as_slice()];
        let seed = Seed(basis.options.seed).part(60 + group as u64);
        let held = holdings(&basis.read.formed, &basis.read.focal, sides, whose, seed);
        Opposition {
            group,
            against,
            pairs: contrasts(first, second, min_or),
            statements: held.all,
            run: held.run,
            short: held.short,
            sentences: held.sentences,
            caution: contrast_caution(first.shape(), second.shape()),
            actors: [first.shape().n_sources, second.shape().n_sources],
            sources: [members[group].clone(), second_sources],
        }
    };
    let of = |g: usize| data.group(g);
    if let ([_, _], Some(first), Some(second)) = (members, of(0), of(1)) {
        return vec![make(0, Some(1), first, second)];
    }
    let each = (0..members.len()).filter_map(|g| Some(make(g, None, of(g)?, &data.rest(g))));
    each.collect()
}

fn types(groups: &[Group]) -> Vec<TypeDifference> {
    let mut out = Vec::new();
    for (i, x) in groups.iter().enumerate() {
        for (j, y) in groups.iter().enumerate().skip(i + 1) {
            let differ = x.support.shares.as_ref().zip(y.support.shares.as_ref()).map(|(a, b)| {
                let same: f64 = a.iter().map(|(model, share)| share * b.get(model).copied().unwrap_or(0.0)).sum();
                (1.0 - same).clamp(0.0, 1.0)
            });
            let effective = [0, 1, 2].map(|r| difference(x.effective[r]?, y.effective[r]?, LEVEL).ok());
            if differ.is_some() || effective.iter().any(Option::is_some) {
                out.push(TypeDifference { groups: [i, j], differ, effective });
            }
        }
    }
    out
}

/// Whose the sources are, and what these actors are like.
struct People<'c> {
    corpus: &'c Corpus,
    actor_of: BTreeMap<usize, String>,
    by_name: BTreeMap<String, Vec<usize>>,
}

/// The one value that all sources of an actor have of an attribute, or why there is none.
enum Value {
    One(String),
    Several,
    None,
}

impl<'c> People<'c> {
    fn new(corpus: &'c Corpus, choice: &Choice, counts: &dyn Fn(usize) -> bool) -> Self {
        let attribute = choice.actor.as_deref().unwrap_or("path");
        let mut out = Self { corpus, actor_of: BTreeMap::new(), by_name: BTreeMap::new() };
        for (s, source) in corpus.sources.iter().enumerate().filter(|(s, _)| counts(*s)) {
            if let Some(name) = source.attribute(attribute) {
                out.by_name.entry(name.clone()).or_default().push(s);
                out.actor_of.insert(s, name);
            }
        }
        out
    }

    fn value(&self, actor: &str, attribute: &str) -> Value {
        let sources = self.by_name.get(actor).map(Vec::as_slice).unwrap_or_default();
        let values: BTreeSet<String> =
            sources.iter().filter_map(|&s| self.corpus.sources[s].attribute(attribute)).collect();
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Value::None,
            (Some(one), None) => Value::One(one),
            _ => Value::Several,
        }
    }
}

fn portfolios(choice: &Choice, people: &People<'_>, actors: &[Actor], seed: u64) -> Vec<Portfolios> {
    let seed = Seed(seed).part(40);
    let values = |attribute: &str| -> (Vec<Option<String>>, usize) {
        let all: Vec<Value> = actors.iter().map(|a| people.value(&a.name, attribute)).collect();
        let several = all.iter().filter(|v| matches!(v, Value::Several)).count();
        let one = all.into_iter().map(|v| if let Value::One(value) = v { Some(value) } else { None });
        (one.collect(), several)
    };
    let in_group = |value: &String| choice.two.as_ref().is_none_or(|two| two.contains(value));
    let make =
        |attribute: &str, among: Option<(String, String)>, group: &[Option<String>], several: usize| Portfolios {
            attribute: attribute.to_owned(),
            among,
            several,
            contrast: compare_portfolios(actors, group, choice.permutations, FURTHEST, seed),
        };
    let mut out = Vec::new();
    let (mut by, several) = values(&choice.by);
    by.iter_mut().for_each(|v| *v = v.take().filter(in_group));
    let definition = choice.definition.as_ref().map(|d| (d, values(d)));
    if let Some((name, (definitions, several_definitions))) = &definition {
        let is_one = |v: &String| !NO_DEFINITION.contains(&v.as_str());
        let definitions: Vec<Option<String>> = definitions.iter().map(|v| v.clone().filter(is_one)).collect();
        out.push(make(name, None, &definitions, *several_definitions));
        if **name != choice.by {
            out.push(make(&choice.by, None, &by, several));
            let adopted: BTreeSet<&String> = definitions.iter().flatten().collect();
            for value in adopted.into_iter().take(MAX_VALUES) {
                let of_value = definitions.iter().zip(&by);
                let group: Vec<Option<String>> =
                    of_value.map(|(d, g)| g.clone().filter(|_| d.as_ref() == Some(value))).collect();
                if group.iter().flatten().collect::<BTreeSet<_>>().len() > 1 {
                    out.push(make(&choice.by, Some(((*name).clone(), value.clone())), &group, 0));
                }
            }
        }
    } else {
        out.push(make(&choice.by, None, &by, several));
    }
    out
}

fn norm_avoidance(
    corpus: &Corpus,
    level: Level,
    groups: &[Group],
    oppositions: &[Opposition],
    whose: &[usize],
) -> Vec<NormAvoidance> {
    let mut out: Vec<NormAvoidance> = avoidance(corpus, level)
        .into_iter()
        .map(|(label, found)| NormAvoidance {
            label,
            groups: groups.iter().enumerate().map(|(g, group)| group_avoidance(g, group, &found, whose)).collect(),
            contrasts: oppositions
                .iter()
                .enumerate()
                .map(|(o, sides)| avoided_difference(o, sides, &found, whose))
                .collect(),
        })
        .collect();
    let p: Vec<f64> = out.iter().flat_map(|n| &n.contrasts).filter_map(|c| c.difference.map(|d| d.p)).collect();
    let mut q = benjamini_hochberg(&p).unwrap_or_default().into_iter();
    for contrast in out.iter_mut().flat_map(|n| &mut n.contrasts).filter(|c| c.difference.is_some()) {
        contrast.q = q.next();
    }
    out
}

/// Returns the windows without the label, and all with the elements, of each actor.
fn counts(found: &[Avoidance], sources: &[usize], whose: &[usize]) -> Vec<(f64, f64)> {
    let mut by_actor: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for &s in sources {
        let (avoided, windows) = by_actor.entry(whose[s]).or_default();
        *avoided += found[s].avoided.len() as f64;
        *windows += found[s].windows() as f64;
    }
    by_actor.into_values().collect()
}

fn group_avoidance(g: usize, group: &Group, found: &[Avoidance], whose: &[usize]) -> GroupAvoidance {
    let of_group = || group.sources.iter().map(|&s| (s as u32, &found[s]));
    let mut instead: BTreeMap<ConceptIx, usize> = BTreeMap::new();
    for label in of_group().flat_map(|(_, a)| &a.avoided).flat_map(|(_, labels)| labels) {
        *instead.entry(*label).or_default() += 1;
    }
    let mut instead: Vec<(ConceptIx, usize)> = instead.into_iter().collect();
    instead.sort_by_key(|&(label, n)| (std::cmp::Reverse(n), label));
    instead.truncate(MAX_VALUES);
    GroupAvoidance {
        group: g,
        windows: of_group().map(|(_, a)| a.windows()).sum(),
        avoided: of_group().flat_map(|(s, a)| a.avoided.iter().map(move |(w, _)| (s, *w))).collect(),
        share: clustered_share(&counts(found, &group.sources, whose), LEVEL).ok(),
        instead,
        unnamed: of_group().flat_map(|(_, a)| &a.avoided).filter(|(_, labels)| labels.is_empty()).count(),
    }
}

fn avoided_difference(
    opposition: usize,
    sides: &Opposition,
    found: &[Avoidance],
    whose: &[usize],
) -> AvoidanceContrast {
    let mut out = AvoidanceContrast { opposition, difference: None, q: None, reason: None };
    let [x, y] = sides.sources.each_ref().map(|s| clustered_share(&counts(found, s, whose), LEVEL).ok());
    let (Some(x), Some(y)) = (x, y) else {
        out.reason = Some("one side never has all elements together");
        return out;
    };
    if x.n_sources.min(y.n_sources) < SMALL {
        out.reason = Some("too few sources with all elements for a test");
        return out;
    }
    match (x.logit, y.logit) {
        (Some(x), Some(y)) => out.difference = difference(x, y, LEVEL).ok(),
        _ => out.reason = Some("one side avoids the label always or never, so the difference has no variance"),
    }
    out
}

fn cross(people: &People<'_>, two: &[String; 2], seed: u64) -> CrossTable {
    let mut found: Vec<(String, String, String)> = Vec::new();
    let mut without = 0;
    for actor in people.by_name.keys() {
        match (people.value(actor, &two[0]), people.value(actor, &two[1])) {
            (Value::One(x), Value::One(y)) => found.push((x, y, actor.clone())),
            _ => without += 1,
        }
    }
    let rows: Vec<String> = found.iter().map(|f| f.0.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let columns: Vec<String> = found.iter().map(|f| f.1.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut cells = vec![vec![Vec::new(); columns.len()]; rows.len()];
    for (x, y, actor) in found {
        cells[rows.partition_point(|r| *r < x)][columns.partition_point(|c| *c < y)].push(actor);
    }
    let counts: Vec<Vec<u64>> = cells.iter().map(|r| r.iter().map(|c| c.len() as u64).collect()).collect();
    let test = if rows.len().max(columns.len()) > MAX_VALUES {
        Err("an attribute has more values than can be crossed")
    } else {
        independence(&counts, TABLES_DRAWN, Seed(seed).part(50)).map_err(|e| match e {
            StatsError::NoVariance { .. } => "one of the attributes has a single value",
            _ => "no actor has both attributes",
        })
    };
    CrossTable { attributes: two.clone(), rows, columns, cells, without, test }
}

fn warnings(c: &Comparison, window: Level) -> Vec<String> {
    let mut out = Vec::new();
    let medians = || c.groups.iter().filter_map(|g| Some((g.median_words.filter(|&m| m > 0.0)?, g.name.as_str())));
    let by_length = |x: &(f64, &str), y: &(f64, &str)| x.0.total_cmp(&y.0).then(x.1.cmp(y.1));
    if let (Some(least), Some(most)) = (medians().min_by(by_length), medians().max_by(by_length))
        && most.0 > LENGTH_FACTOR * least.0
    {
        let remedy = if window == Level::Sentence { "" } else { "; compare by sentences as well" };
        out.push(format!(
            "The units differ in length: half of those of {} have more than {:.0} words, of {} more than {:.0}. Longer units hold \
             more of everything, and typography may be what differs{remedy}.",
            most.1, most.0, least.1, least.0
        ));
    }
    let small: Vec<String> =
        c.groups.iter().filter(|g| g.is_small()).map(|g| format!("{} ({})", g.name, g.actors)).collect();
    if !small.is_empty() {
        out.push(format!(
            "Groups with fewer than {SMALL} {} are shown, but say little: {}.",
            if c.choice.actor.is_some() { "actors" } else { "sources" },
            small.join(", ")
        ));
    }
    // docs/adr/0025: ten short against thirty long actors erred 7.6 %, portfolios 8.9 %.
    let uneven = |o: &&Opposition| match o.sentences {
        [Some(x), Some(y)] => x.max(y) as f64 > 2.0 * x.min(y) as f64 && o.actors.iter().any(|&n| n < 15),
        _ => false,
    };
    let n_uneven = c.oppositions.iter().filter(uneven).count();
    if n_uneven > 0 {
        out.push(format!(
            "In {} of {} comparisons one side says more than twice as much of the focus and one has fewer than 15 actors: there simulated comparisons of \
             statements held, and of portfolios, erred up to 9 % of the time instead of 5 %.",
            n_uneven,
            c.oppositions.len()
        ));
    }
    if c.left_out > 0 {
        let sources = crate::words::counted(c.left_out, "source", "sources");
        let by = &c.choice.by;
        let what = match (c.choice.two.is_some(), c.left_out) {
            (true, 1) => format!("belongs to neither group of `{by}` and is left out"),
            (true, _) => format!("belong to neither group of `{by}` and are left out"),
            (false, 1) => format!("does not have the attribute `{by}` and is left out"),
            (false, _) => format!("do not have the attribute `{by}` and are left out"),
        };
        out.push(format!("{sources} {what}."));
    }
    let tested = c.oppositions.iter().flat_map(|o| &o.pairs).filter(|p| p.tested).count();
    if tested == 0 {
        out.push(
            "No pair of concepts meets often enough, in enough sources of both sides, for a test of the difference."
                .to_owned(),
        );
    } else {
        let cautions: BTreeSet<&String> = c.oppositions.iter().filter_map(|o| o.caution.as_ref()).collect();
        out.extend(cautions.into_iter().cloned());
    }
    out
}
