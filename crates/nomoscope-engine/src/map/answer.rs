//! The whole analysis of a study: from sources and a codebook to everything that `map` and `report` show.
//!
//! Joins the parts of the core; computes nothing itself, prints nothing, writes nothing.

use crate::audit;
use crate::audit::answer::Audited;
use crate::handle::{Handle, Step};
use crate::material::Material;
use crate::refusal::Refusal;
use crate::slip::answer::Slippage;
use crate::statements::{How, Statements, whose};
use crate::trend::answer::ClusterInTime;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::counts::Counts;
use nomoscope_core::norm::cluster::{self, Draws, Focus, Membership};
use nomoscope_core::norm::completeness::{Completeness, completeness, force_by_family};
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::norm::cues::Force;
use nomoscope_core::norm::focal::{by_actor, focal_sources, sources_with_statements};
use nomoscope_core::norm::kind::{self, Kind};
use nomoscope_core::norm::resemblance::{Resemblance, resemblance};
use nomoscope_core::norm::statement::{Formed, FormedWindow, Reading, Settings, StatementTable, count, form};
use nomoscope_core::norm::support::{Support, support};
use nomoscope_core::study::Source;
use nomoscope_core::study::audit::audits;
use nomoscope_core::text::Level;
use nomoscope_core::text::segment::TextKind;
use nomoscope_core::usage::citation::{Citation, citations};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::usage::emergence::{First, first_appearances};
use nomoscope_core::usage::slip::Settings as SlipSettings;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::trend::period::{Division, periods};
use nomoscope_core::usage::trend::{Coded, Settings as TrendSettings};
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// What a user can choose about an analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The focus; none takes every window as focal.
    pub focus: Option<String>,
    /// The unit of co-occurrence.
    pub window: Level,
    /// Whether operative units inherit problems and values of title and preamble.
    pub inherit: bool,
    /// Least lower bound of the odds ratio for the backbone.
    pub min_or: f64,
    /// Bootstrap draws over sources.
    pub draws: usize,
    /// Seeds of the community search per draw.
    pub seeds: usize,
    /// Seed of everything.
    pub seed: u64,
    /// Attribute by which actor-level tests are stratified.
    pub strata: String,
    /// The attribute that says whose a source is: sources of one actor are one cluster; none takes each as its own.
    pub actor: Option<String>,
    /// Whether the study illustrates an argument: no support is given.
    pub illustration: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            focus: None,
            window: Level::Paragraph,
            inherit: false,
            min_or: 1.5,
            draws: 200,
            seeds: 5,
            seed: 1,
            strata: "kind".to_owned(),
            actor: None,
            illustration: false,
        }
    }
}

impl Options {
    /// Returns how the statements are formed.
    #[must_use]
    pub fn reading(&self) -> How {
        How { focus: self.focus.clone(), window: self.window, inherit: self.inherit, actor: self.actor.clone() }
    }
}

/// Everything that the reading of a study by one codebook gives.
#[derive(Debug)]
pub struct Analysis {
    /// What was chosen.
    pub options: Options,
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// The focus as it was used; none if the study has none.
    pub focus: Option<Focus>,
    /// Statements by the rule for norm labels.
    pub formed: Arc<Formed>,
    /// Per source, the windows of the focus.
    pub focal: Arc<[BTreeSet<u32>]>,
    /// Focal statements with their weights.
    pub statements: StatementTable,
    /// The type of the cluster, or why there is none.
    pub kind: Result<Kind, String>,
    /// Support of each type.
    pub support: Support,
    /// Sources that make complete statements on the focus.
    pub complete_sources: usize,
    /// The type under each reading of norm labels, or why there is none.
    pub readings: BTreeMap<Reading, Result<Kind, String>>,
    /// Share of the weight of focal statements that changes between the readings of labels.
    pub undecided: Option<f64>,
    /// Completeness of all windows and of the focal ones.
    pub completeness: [Completeness; 2],
    /// Force of behaviours by family, in all windows.
    pub force: BTreeMap<String, BTreeMap<Force, u64>>,
    /// What the calibration says against the intervals of the textual couplings, if anything.
    pub calibration: Option<String>,
    /// Textual couplings.
    pub textual: Vec<Coupling>,
    /// Actor-level couplings.
    pub actor: Vec<Coupling>,
    /// Membership in the cluster.
    pub membership: Membership,
    /// Family resemblance of the sources.
    pub resemblance: Resemblance,
    /// First appearance of each concept.
    pub first: BTreeMap<ConceptIx, First>,
    /// Sources that name each other.
    pub citations: Vec<Citation>,
    /// What people found that the lexicon misses, where they looked.
    pub audit: Option<Audited>,
    /// What only some reports ask for.
    pub later: Later,
}

/// What only some reports ask for: computed when first asked, and once.
#[derive(Debug, Default)]
pub struct Later {
    trend: OnceLock<Option<ClusterInTime>>,
    slip: OnceLock<Option<Slippage>>,
}

/// Returns the whole analysis.
///
/// # Errors
/// [`Refusal`]
pub fn analyse(material: &Material, options: Options, handle: &Handle) -> Result<Analysis, Refusal> {
    let settings = |reading| Settings { window: options.window, reading, inherit: options.inherit };
    let read = Statements::of(material, &options.reading(), handle)?;
    let Statements { corpus, focus, formed, focal } = read;
    let codebook = &*material.codebook;
    let sources = &*material.study.sources;
    let seed = Seed(options.seed);
    let whose = whose(sources, options.actor.as_deref());
    let statements = count(&formed, &whose, &|s, w| focal[s].contains(&w.unit));
    let mut readings: BTreeMap<Reading, Result<Kind, String>> = BTreeMap::new();
    let mut undecided = None;
    for reading in Reading::ALL {
        let other = (reading != Reading::Rule).then(|| form(&corpus, settings(reading)));
        let windows = other.as_ref().map_or(&formed.windows, |f| &f.windows);
        let sources = by_actor(focal_sources(windows, &focal), &whose);
        let times = vec![1; sources.len()];
        let kind = kind::kind(&sources, &times, codebook, 999, seed.part(7)).map_err(str::to_owned);
        readings.insert(reading, kind);
        if reading == Reading::Values
            && let Some(other) = &other
        {
            let values = count(other, &whose, &|s, w| focal[s].contains(&w.unit));
            undecided = share_that_moves(&statements, &values);
        }
    }
    let kind = readings.get(&Reading::Rule).cloned().unwrap_or_else(|| Err("not computed".to_owned()));
    handle.step(Step::Couplings);
    handle.check()?;
    let counts = Counts::of(&corpus, options.window);
    let actor = counts.actor_by(&strata(sources, &options.strata), &whose);
    let data = counts.textual_by(&whose);
    // The draws read the summands alone.
    drop(counts);
    let textual = data.couplings(options.min_or);
    handle.step(Step::Bootstrap);
    handle.check()?;
    let draws = if options.illustration { 0 } else { options.draws };
    let focal_sources = focal_sources(&formed.windows, &focal);
    let complete_sources = sources_with_statements(&focal_sources);
    let focal_sources = by_actor(focal_sources, &whose);
    let support = support(&focal_sources, codebook, draws, options.illustration, seed.part(8));
    let of_focus = focus.as_ref().map(|f| f.concepts.clone()).unwrap_or_default();
    let draws = Draws { draws, seeds: options.seeds, seed: seed.part(9) };
    handle.check()?;
    let mut membership = cluster::membership(codebook.len(), data.shape().n_sources, &of_focus, draws, |times| {
        // What nobody waits for is not drawn: the check below ends the work.
        if handle.is_cancelled() { Vec::new() } else { data.backbone_of_draw(times, options.min_or) }
    });
    handle.check()?;
    // What was not tested is not known to be absent.
    if membership.reason.is_some() && textual.iter().all(|c| c.p.is_none()) {
        membership.reason = Some("no pair of concepts could be tested".to_owned());
    }
    let all = || formed.windows.iter().flatten();
    let focal_only = || {
        formed.windows.iter().zip(&*focal).flat_map(|(w, f)| w.iter().filter(|w: &&FormedWindow| f.contains(&w.unit)))
    };
    let analysis = Analysis {
        completeness: [completeness(all()), completeness(focal_only())],
        force: force_by_family(all(), codebook),
        calibration: data.caution(),
        complete_sources,
        resemblance: resemblance(&statements),
        first: first_appearances(&corpus),
        citations: citations(sources),
        audit: (!audits(&material.study).is_empty())
            .then(|| audit::question::Question::default().ask(material, handle))
            .transpose()?,
        later: Later::default(),
        options,
        corpus,
        focus,
        focal,
        statements,
        kind,
        support,
        readings,
        undecided,
        textual,
        actor,
        membership,
        formed,
    };
    handle.step(Step::Done);
    Ok(analysis)
}

fn strata(sources: &[Source], attribute: &str) -> Vec<String> {
    sources.iter().map(|s| s.attribute(attribute).unwrap_or_default()).collect()
}

/// Half the sum of absolute differences of statement weights, as a share: 0 if nothing moves, 1 if everything does.
fn share_that_moves(a: &StatementTable, b: &StatementTable) -> Option<f64> {
    let total: f64 = a.counts.values().map(|c| c.weight).sum();
    if total <= 0.0 {
        return None;
    }
    let keys: BTreeSet<_> = a.counts.keys().chain(b.counts.keys()).collect();
    let weight = |t: &StatementTable, k| t.counts.get(k).map_or(0.0, |c| c.weight);
    let moved: f64 = keys.iter().map(|k| (weight(a, k) - weight(b, k)).abs()).sum();
    Some((moved / (2.0 * total)).min(1.0))
}

impl Analysis {
    /// Returns the coded sources with their statements.
    #[must_use]
    pub fn read(&self) -> Statements {
        Statements {
            corpus: self.corpus.clone(),
            focus: self.focus.clone(),
            formed: self.formed.clone(),
            focal: self.focal.clone(),
        }
    }

    /// Returns the cluster in the periods that the study names; none where it names fewer than two, or has no dates.
    pub fn trend(&self, names: &[String]) -> Option<&ClusterInTime> {
        let follow = || {
            let list = periods(names).ok().filter(|list| list.len() > 1)?;
            if self.corpus.sources.iter().all(|s| s.date.is_none()) {
                return None;
            }
            let settings = TrendSettings {
                actor: whose(&self.corpus.sources, self.options.actor.as_deref()),
                division: Division::Periods(list),
                window: self.options.window,
                min_or: self.options.min_or,
                draws: self.options.draws,
                permutations: 999,
                seed: Seed(self.options.seed),
                illustration: self.options.illustration,
            };
            ClusterInTime::new(self.read(), settings).ok()
        };
        self.later.trend.get_or_init(follow).as_ref()
    }

    /// Returns the slippage between all norm labels; none where nobody speaks: no transcript, no interview.
    pub fn slip(&self) -> Option<&Slippage> {
        let look = || {
            let spoken = |(coded, source): (&CodedSource, &Source)| {
                let kind = source.kind.as_deref().unwrap_or_default();
                coded.segmentation.kind == TextKind::Interview || kind.eq_ignore_ascii_case("interview")
            };
            if !self.corpus.coded.iter().zip(&*self.corpus.sources).any(spoken) {
                return None;
            }
            let codebook = &self.corpus.codebook;
            let settings = SlipSettings {
                labels: codebook.indices().filter(|c| codebook.get(*c).norm_label).collect(),
                speaker: SpeakerBy::Turns,
                by: None,
                window: self.options.window,
                permutations: None,
                // Draws over texts that were written from one article say nothing.
                draws: if self.options.illustration { 0 } else { self.options.draws },
                seed: Seed(self.options.seed),
            };
            Some(Slippage::new(self.corpus.clone(), &self.formed, settings)).filter(|s| s.slip.all.labels.len() > 1)
        };
        self.later.slip.get_or_init(look).as_ref()
    }

    /// Returns what a trend is read from.
    #[must_use]
    pub fn coded(&self) -> Coded<'_> {
        Coded { corpus: &self.corpus, formed: &self.formed, focal: &self.focal, focus: self.focus.as_ref() }
    }

    /// Returns the label of a concept in English or any language.
    #[must_use]
    pub fn label(&self, concept: ConceptIx) -> &str {
        self.corpus.codebook.get(concept).label_in("en")
    }

    /// Returns the id of a concept.
    #[must_use]
    pub fn id(&self, concept: ConceptIx) -> &str {
        &self.corpus.codebook.get(concept).id
    }

    /// Returns whether the concept occurs in any source.
    #[must_use]
    pub fn occurs(&self, concept: ConceptIx) -> bool {
        self.corpus.coded.iter().any(|c| c.codings.iter().any(|k| k.concept == concept))
    }

    /// Returns the number of sources with any focal window.
    #[must_use]
    pub fn focal_source_count(&self) -> usize {
        self.focal.iter().filter(|f| !f.is_empty()).count()
    }

    /// Returns the sum of the weights of all focal statements: the number of focal windows.
    #[must_use]
    pub fn total_weight(&self) -> f64 {
        self.statements.counts.values().map(|c| c.weight).sum()
    }

    /// Returns the number of windows of the study at the chosen level.
    #[must_use]
    pub fn n_windows(&self) -> usize {
        self.corpus.coded.iter().map(|c| c.windows(self.options.window).count()).sum()
    }
}
