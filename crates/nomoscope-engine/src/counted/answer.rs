//! Couplings from counts: of all sources, between groups of them, and in time.

use crate::compare::answer::{Choice, backbone_support, groups, wanted};
use crate::map::answer::Options;
use crate::material::Material;
use crate::refusal::Refusal;
use crate::statements::whose;
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::cluster::{self, Draws, Focus, Membership};
use nomoscope_core::study::Source;
use nomoscope_core::usage::contrast::{Contrast, SMALL, contrasts, set_q};
use nomoscope_core::usage::coupling::{Coupling, GroupedData, TextualData, contrast_caution};
use nomoscope_core::usage::trend::counted::CoupledTrend;
use nomoscope_stats::mantel_haenszel::EqualOdds;
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Counts, with the sources and the codebook that they tell of.
#[derive(Debug)]
pub struct Basis {
    /// The counts of the sources that were chosen.
    pub counts: Counts,
    /// Ids, labels, roles and what lies above each concept; no patterns.
    pub codebook: Arc<Codebook>,
    /// The sources, without their texts.
    pub material: Material,
}

impl Basis {
    /// Returns the sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.material.study.sources
    }

    /// Returns how many windows all sources have.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.counts.units().map(nomoscope_core::counts::SourceUnits::len).sum()
    }
}

/// The couplings of all sources.
#[derive(Debug)]
pub struct Coupled {
    /// What was asked.
    pub basis: Basis,
    /// The focus as it was used.
    pub focus: Option<Focus>,
    /// Textual couplings.
    pub textual: Vec<Coupling>,
    /// Actor-level couplings.
    pub actor: Vec<Coupling>,
    /// Membership in the cluster.
    pub membership: Membership,
    /// What the calibration says against the intervals of the textual couplings, if anything.
    pub calibration: Option<String>,
}

impl Coupled {
    /// Computes the couplings, each number as `map` computes it.
    #[must_use]
    pub fn new(basis: Basis, focus: Option<ConceptIx>, options: &Options) -> Self {
        let sources = basis.sources();
        let whose = whose(sources, options.actor.as_deref());
        let strata: Vec<String> = sources.iter().map(|s| s.attribute(&options.strata).unwrap_or_default()).collect();
        let focus = focus.map(|asked| basis.counts.focus(&basis.codebook, asked, &whose));
        let actor = basis.counts.actor_by(&strata, &whose);
        let data = basis.counts.textual_by(&whose);
        let textual = data.couplings(options.min_or);
        let of_focus = focus.as_ref().map(|f| f.concepts.clone()).unwrap_or_default();
        let draws = Draws { draws: options.draws, seeds: options.seeds, seed: Seed(options.seed).part(9) };
        let n = data.shape().n_sources;
        let membership = cluster::membership(basis.codebook.len(), n, &of_focus, draws, |times| {
            data.backbone_of_draw(times, options.min_or)
        });
        let calibration = data.caution();
        Self { basis, focus, textual, actor, membership, calibration }
    }
}

/// A group of sources.
#[derive(Debug)]
pub struct CoupledGroup {
    /// The value that its sources share.
    pub name: String,
    /// Its sources.
    pub sources: usize,
    /// Its actors: as many as sources, unless an attribute says whose these are.
    pub actors: usize,
    /// Windows of its sources.
    pub units: usize,
    /// Median length of these windows in words; none without windows.
    pub median_words: Option<f64>,
    /// Textual couplings within the group.
    pub couplings: Vec<Coupling>,
    /// Share of bootstrap draws in which a pair enters the group's backbone; only pairs that ever do.
    pub support: BTreeMap<(ConceptIx, ConceptIx), f64>,
    /// Draws behind it.
    pub draws: usize,
}

impl CoupledGroup {
    /// Returns whether the group has few sources, or actors.
    #[must_use]
    pub const fn is_small(&self) -> bool {
        self.actors < SMALL
    }
}

/// Two groups, or a group and all others, side by side.
#[derive(Debug)]
pub struct CoupledOpposition {
    /// Index of the first group.
    pub group: usize,
    /// Index of the second group; none for all the others together.
    pub against: Option<usize>,
    /// Sources of both sides.
    pub sources: [usize; 2],
    /// Pairs of concepts.
    pub pairs: Vec<Contrast>,
    /// What the calibration says against the intervals of these ratios, if anything.
    pub caution: Option<String>,
}

/// Couplings between groups of sources.
#[derive(Debug)]
pub struct CoupledGroups {
    /// What was asked.
    pub basis: Basis,
    /// What was chosen.
    pub choice: Choice,
    /// The groups.
    pub groups: Vec<CoupledGroup>,
    /// Sources of none.
    pub left_out: usize,
    /// Each two sides that are compared.
    pub oppositions: Vec<CoupledOpposition>,
    /// The test of equal odds ratios between all compared sources, of the tested pairs.
    pub equal: BTreeMap<(ConceptIx, ConceptIx), Result<EqualOdds, &'static str>>,
}

impl CoupledGroups {
    /// Compares groups, each number as `compare` computes it.
    ///
    /// # Errors
    /// Groups that cannot be compared.
    pub fn new(basis: Basis, choice: Choice, options: &Options) -> Result<Self, Refusal> {
        let (by_name, left_out) = groups(basis.sources(), &choice)?;
        let names = choice.two.as_ref().map_or_else(|| by_name.keys().cloned().collect(), |two| two.to_vec());
        let members: Vec<Vec<usize>> = names.iter().map(|n| by_name.get(n).cloned().unwrap_or_default()).collect();
        let whose: Vec<usize> = match choice.actor.as_deref() {
            Some(actor) => whose(basis.sources(), Some(actor)),
            None => (0..basis.sources().len()).collect(),
        };
        let data = basis.counts.grouped(&members, &whose);
        let sides = Sides { basis: &basis, data: &data, members: &members, whose: &whose, options };
        let groups = names.iter().enumerate().map(|(g, name)| sides.group(g, name)).collect();
        let mut oppositions = sides.oppositions();
        let wanted = wanted(&basis.codebook, &choice.with);
        oppositions.iter_mut().for_each(|sides| sides.pairs.retain(|pair| wanted(pair)));
        drop(wanted);
        set_q(&mut oppositions.iter_mut().map(|o| o.pairs.as_mut_slice()).collect::<Vec<_>>());
        let tested = oppositions.iter().flat_map(|o| &o.pairs).filter(|c| c.tested).map(Contrast::pair);
        let tested: Vec<_> = tested.collect::<BTreeSet<_>>().into_iter().collect();
        let equal = tested.iter().copied().zip(data.equal_between_sources(&tested)).collect();
        drop(data);
        Ok(Self { basis, choice, groups, left_out, oppositions, equal })
    }

    /// Returns the name of a side of an opposition.
    #[must_use]
    pub fn side(&self, opposition: &CoupledOpposition, side: usize) -> &str {
        let group = if side == 0 { Some(opposition.group) } else { opposition.against };
        group.and_then(|g| self.groups.get(g)).map_or("the others", |g| g.name.as_str())
    }

    /// Returns the pairs that were tested or that a group couples, the most certain differences first.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&CoupledOpposition, &Contrast)> {
        let told = |x: &&Contrast| x.tested || x.sides.iter().any(|s| s.backbone);
        let all = self.oppositions.iter().enumerate();
        let mut rows: Vec<_> =
            all.flat_map(|(o, sides)| sides.pairs.iter().filter(told).map(move |x| (o, sides, x))).collect();
        let size = |x: &Contrast| x.ratio.filter(|r| *r > 0.0).map_or(0.0, |r| r.ln().abs());
        rows.sort_by(|(o, _, x), (p, _, y)| {
            let key = |v: Option<f64>| v.unwrap_or(2.0);
            key(x.q)
                .total_cmp(&key(y.q))
                .then(key(x.p).total_cmp(&key(y.p)))
                .then(size(y).total_cmp(&size(x)))
                .then((o, x.pair()).cmp(&(p, y.pair())))
        });
        rows.into_iter().map(|(_, sides, x)| (sides, x)).collect()
    }
}

struct Sides<'s> {
    basis: &'s Basis,
    data: &'s GroupedData<'s>,
    members: &'s [Vec<usize>],
    whose: &'s [usize],
    options: &'s Options,
}

impl Sides<'_> {
    fn group(&self, g: usize, name: &str) -> CoupledGroup {
        let sources = self.members.get(g).map(Vec::as_slice).unwrap_or_default();
        let actors = sources.iter().filter_map(|&s| self.whose.get(s)).collect::<BTreeSet<_>>().len();
        let (options, seed) = (self.options, Seed(self.options.seed).part(20 + g as u64));
        let (couplings, support) = match self.data.group(g) {
            Some(data) => {
                (data.couplings(options.min_or), backbone_support(data, actors, options.draws, options, seed))
            }
            None => Default::default(),
        };
        let counts = self.basis.counts.by_source();
        CoupledGroup {
            name: name.to_owned(),
            sources: sources.len(),
            actors,
            units: sources.iter().filter_map(|&s| counts.get(s)).map(|s| s.units().len()).sum(),
            median_words: self.data.median_words(g),
            couplings,
            support,
            draws: options.draws,
        }
    }

    fn oppositions(&self) -> Vec<CoupledOpposition> {
        let n = |g: usize| self.members.get(g).map_or(0, Vec::len);
        let all: usize = (0..self.members.len()).map(n).sum();
        let make =
            |group: usize, against: Option<usize>, first: &TextualData, second: &TextualData| CoupledOpposition {
                group,
                against,
                sources: [n(group), against.map_or(all - n(group), n)],
                pairs: contrasts(first, second, self.options.min_or),
                caution: contrast_caution(first.shape(), second.shape()),
            };
        let of = |g: usize| self.data.group(g);
        if let (2, Some(first), Some(second)) = (self.members.len(), of(0), of(1)) {
            return vec![make(0, Some(1), first, second)];
        }
        (0..self.members.len()).filter_map(|g| Some(make(g, None, of(g)?, &self.data.rest(g)))).collect()
    }
}

/// Couplings in time.
#[derive(Debug)]
pub struct CoupledTime {
    /// What was asked.
    pub basis: Basis,
    /// What was found.
    pub trend: CoupledTrend,
}

impl CoupledTime {
    /// Returns the name of a stretch of time.
    #[must_use]
    pub fn name(&self, period: usize) -> &str {
        self.trend.periods.get(period).map_or("", |p| p.slice.period.name.as_str())
    }
}
