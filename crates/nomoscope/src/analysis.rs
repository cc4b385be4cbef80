//! The whole analysis of a study: from sources and a codebook to everything that `map` and `report` show.
//!
//! Joins the parts of the core; computes nothing itself, prints nothing, writes nothing.

use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::coding::Coding;
use nomoscope_core::date::PartialDate;
use nomoscope_core::norm::cluster::{self, Draws, Focus, Membership};
use nomoscope_core::norm::completeness::{Completeness, completeness, force_by_family};
use nomoscope_core::norm::corpus::{CodedSource, Corpus, code};
use nomoscope_core::norm::cues::Force;
use nomoscope_core::norm::kind::{self, Kind, Support};
use nomoscope_core::norm::resemblance::{Resemblance, resemblance};
use nomoscope_core::norm::statement::{Formed, FormedWindow, Reading, Settings, StatementTable, count, form};
use nomoscope_core::problem::{Act, Problems, Remedy};
use nomoscope_core::stats::rng::Seed;
use nomoscope_core::study::{CodingRecord, CodingStatus, Source, Study};
use nomoscope_core::text::Level;
use nomoscope_core::text::segment::TextKind;
use nomoscope_core::usage::citation::{Citation, citations};
use nomoscope_core::usage::coupling::{Coupling, actor_couplings, textual_data};
use nomoscope_core::usage::emergence::{First, first_appearances};
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::{Settings as SlipSettings, Slip, slip};
use nomoscope_core::usage::trend::period::{Division, periods};
use nomoscope_core::usage::trend::{Coded, Settings as TrendSettings, Trend, trend};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

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
            illustration: false,
        }
    }
}

/// Why an analysis is refused.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// Codings by people name concepts that the codebook does not have.
    #[error("codings.csv: names concepts that the codebook does not have: {}", .0.join(", "))]
    UnknownConcepts(Vec<String>),
    /// The codebook has patterns that do not parse.
    #[error("the codebook has {} problems", .0.len())]
    Codebook(Problems),
    /// The focus is not in the codebook.
    #[error("the focus `{focus}` is no concept of the codebook{}", .near.first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownFocus {
        /// The id that was asked for.
        focus: String,
        /// Ids like it.
        near: Vec<String>,
    },
}

impl AnalysisError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::UnknownConcepts(_) => Some("add them to codebook.toml, or correct the column `concept`".into()),
            Self::UnknownFocus { .. } => Some(Remedy::with("`{}` lists the concepts", [Act::ListConcepts])),
            Self::Codebook(_) => None,
        }
    }
}

/// Everything that the reading of a study by one codebook gives.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// What was chosen.
    pub options: Options,
    /// The coded sources.
    pub corpus: Corpus<'a>,
    /// The focus as it was used; none if the study has none.
    pub focus: Option<Focus>,
    /// Statements by the rule for norm labels.
    pub formed: Formed,
    /// Per source, the windows of the focus.
    pub focal: Vec<BTreeSet<u32>>,
    /// Focal statements with their weights.
    pub statements: StatementTable,
    /// The type of the cluster, or why there is none.
    pub kind: Result<Kind, String>,
    /// Support of each type.
    pub support: Support,
    /// Sources that make complete statements on the focus: what the type rests on.
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
    /// What only some reports ask for.
    pub later: Later,
}

/// What only some reports ask for: computed when first asked, and once.
#[derive(Debug, Default)]
pub struct Later {
    trend: OnceLock<Option<Trend>>,
    slip: OnceLock<Option<Slip>>,
}

/// Tells how far the work is: called with a step and its name.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// A step of the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A source of so many bytes was read and coded.
    Coded(usize),
    /// The statements are being formed.
    Statements,
    /// The couplings are being counted.
    Couplings,
    /// The bootstrap runs.
    Bootstrap,
    /// Done.
    Done,
}

/// The coder under whose name the lexicon's codings are stored.
pub const LEXICON: &str = "lexicon";

/// Returns the sources coded with the codebook; what people coded is added, and what they rejected is taken out.
///
/// # Errors
/// [`AnalysisError::Codebook`], [`AnalysisError::UnknownConcepts`]
pub fn corpus<'a>(
    codebook: &'a Codebook,
    study: &'a Study,
    progress: Progress<'_>,
) -> Result<Corpus<'a>, AnalysisError> {
    let by_people = by_people(codebook, study)?;
    let mut corpus =
        code(codebook, &study.sources, &|bytes| progress(Step::Coded(bytes))).map_err(AnalysisError::Codebook)?;
    for (coded, source) in corpus.coded.iter_mut().zip(&study.sources) {
        let Some(decisions) = by_people.get(source.path.as_str()) else {
            continue;
        };
        // Rejections first, and then in the order of the text: the order of rows must not change what is found.
        for (concept, record) in decisions.iter().filter(|(_, r)| r.status == CodingStatus::Rejected) {
            coded.codings.retain(|c| !(c.concept == *concept && c.span.overlaps(record.span)));
        }
        let mut accepted: Vec<_> = decisions.iter().filter(|(_, r)| r.status == CodingStatus::Accepted).collect();
        accepted.sort_by_key(|(concept, r)| (r.span, *concept));
        for (concept, record) in accepted {
            if !coded.codings.iter().any(|c| c.concept == *concept && c.span.overlaps(record.span)) {
                coded.codings.push(Coding { span: record.span, concept: *concept, pattern: u32::MAX });
            }
        }
        coded.codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
    }
    Ok(corpus)
}

type ByPeople<'s> = BTreeMap<&'s str, Vec<(ConceptIx, &'s CodingRecord)>>;

/// Returns whether codings under this name are those of a lexicon: it is applied anew, so what it stored does not count.
#[must_use]
pub fn is_lexicon(study: &Study, coder: &str) -> bool {
    coder == LEXICON || study.coders.iter().any(|c| c.id == coder && c.kind == LEXICON)
}

/// Codings by people, by path of the source; the lexicon's own count only where a person rejected them.
fn by_people<'s>(codebook: &Codebook, study: &'s Study) -> Result<ByPeople<'s>, AnalysisError> {
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    let mut out: ByPeople<'s> = BTreeMap::new();
    for record in &study.codings {
        if record.status == CodingStatus::Accepted && is_lexicon(study, &record.coder) {
            continue;
        }
        match codebook.find(&record.concept) {
            Some(concept) => out.entry(&record.source).or_default().push((concept, record)),
            None => {
                unknown.insert(&record.concept);
            }
        }
    }
    if unknown.is_empty() {
        Ok(out)
    } else {
        Err(AnalysisError::UnknownConcepts(unknown.into_iter().map(str::to_owned).collect()))
    }
}

/// The coded sources with their statements: what every analysis begins with.
#[derive(Debug)]
pub struct Statements<'a> {
    /// The coded sources.
    pub corpus: Corpus<'a>,
    /// The focus as it is used; none if there is none.
    pub focus: Option<Focus>,
    /// Statements by the rule for norm labels.
    pub formed: Formed,
    /// Per source, the windows of the focus.
    pub focal: Vec<BTreeSet<u32>>,
}

/// Returns the sources coded and their statements formed.
///
/// # Errors
/// [`AnalysisError`]
pub fn statements<'a>(
    codebook: &'a Codebook,
    study: &'a Study,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Statements<'a>, AnalysisError> {
    let asked = options.focus.as_deref().map(|id| find_focus(codebook, id)).transpose()?;
    let corpus = corpus(codebook, study, progress)?;
    progress(Step::Statements);
    let focus = asked.map(|ix| cluster::focus(&corpus, ix));
    let settings = Settings { window: options.window, reading: Reading::Rule, inherit: options.inherit };
    let formed = form(&corpus, settings);
    let focal = focal_windows(&corpus, &formed, focus.as_ref());
    Ok(Statements { corpus, focus, formed, focal })
}

/// Returns the whole analysis.
///
/// # Errors
/// [`AnalysisError`]
pub fn analyse<'a>(
    codebook: &'a Codebook,
    study: &'a Study,
    options: Options,
    progress: Progress<'_>,
) -> Result<Analysis<'a>, AnalysisError> {
    let settings = |reading| Settings { window: options.window, reading, inherit: options.inherit };
    let Statements { corpus, focus, formed, focal } = statements(codebook, study, &options, progress)?;
    let sources = study.sources.as_slice();
    let statements = count(&formed, &|s, w| focal[s].contains(&w.unit));
    let seed = Seed(options.seed);
    let mut readings: BTreeMap<Reading, Result<Kind, String>> = BTreeMap::new();
    let mut undecided = None;
    for reading in Reading::ALL {
        let other = (reading != Reading::Rule).then(|| form(&corpus, settings(reading)));
        let windows = other.as_ref().map_or(&formed.windows, |f| &f.windows);
        let sources = kind::focal_sources(windows, &focal);
        let times = vec![1; sources.len()];
        let kind = kind::kind(&sources, &times, codebook, 999, seed.part(7)).map_err(str::to_owned);
        readings.insert(reading, kind);
        if reading == Reading::Values
            && let Some(other) = &other
        {
            let values = count(other, &|s, w| focal[s].contains(&w.unit));
            undecided = share_that_moves(&statements, &values);
        }
    }
    let kind = readings.get(&Reading::Rule).cloned().unwrap_or_else(|| Err("not computed".to_owned()));
    progress(Step::Couplings);
    let data = textual_data(&corpus, options.window);
    let textual = data.couplings(options.min_or);
    let actor = actor_couplings(&corpus, &strata(sources, &options.strata));
    progress(Step::Bootstrap);
    let draws = if options.illustration { 0 } else { options.draws };
    let focal_sources = kind::focal_sources(&formed.windows, &focal);
    let support = kind::support(&focal_sources, codebook, draws, options.illustration, seed.part(8));
    let of_focus = focus.as_ref().map(|f| f.concepts.clone()).unwrap_or_default();
    let draws = Draws { draws, seeds: options.seeds, seed: seed.part(9) };
    let membership = cluster::membership(codebook.len(), sources.len(), &of_focus, draws, |times| {
        data.backbone_of_draw(times, options.min_or)
    });
    let all = || formed.windows.iter().flatten();
    let focal_only = || {
        formed.windows.iter().zip(&focal).flat_map(|(w, f)| w.iter().filter(|w: &&FormedWindow| f.contains(&w.unit)))
    };
    let analysis = Analysis {
        completeness: [completeness(all()), completeness(focal_only())],
        force: force_by_family(all(), codebook),
        calibration: data.caution(),
        complete_sources: kind::sources_with_statements(&focal_sources),
        resemblance: resemblance(&statements),
        first: first_appearances(&corpus),
        citations: citations(sources),
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
    progress(Step::Done);
    Ok(analysis)
}

fn find_focus(codebook: &Codebook, id: &str) -> Result<ConceptIx, AnalysisError> {
    codebook.find(id).ok_or_else(|| AnalysisError::UnknownFocus {
        focus: id.to_owned(),
        near: codebook.suggestions(id).into_iter().map(str::to_owned).collect(),
    })
}

fn focal_windows(corpus: &Corpus<'_>, formed: &Formed, focus: Option<&Focus>) -> Vec<BTreeSet<u32>> {
    match focus {
        Some(focus) => cluster::focal_windows(corpus, formed, focus),
        None => formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect(),
    }
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

/// Keeps the sources that fit `where` (attribute = value) and may lie between two dates, ends included: a text of which
/// only the year is known may be of any of its days.
#[must_use]
pub fn select(
    sources: Vec<Source>,
    wanted: &[(String, String)],
    since: Option<PartialDate>,
    until: Option<PartialDate>,
) -> Vec<Source> {
    let fits = |s: &Source| {
        wanted.iter().all(|(k, v)| s.attribute(k).is_some_and(|have| have == *v))
            && since.is_none_or(|d| s.date.is_some_and(|have| latest(have) >= earliest(d)))
            && until.is_none_or(|d| s.date.is_some_and(|have| earliest(have) <= latest(d)))
    };
    sources.into_iter().filter(|s| fits(s)).collect()
}

/// A date with its missing parts filled in so that it sorts first, or last.
type Filled = (u16, u8, u8);

fn earliest(date: PartialDate) -> Filled {
    (date.year, date.month.unwrap_or(0), date.day.unwrap_or(0))
}

fn latest(date: PartialDate) -> Filled {
    (date.year, date.month.unwrap_or(99), date.day.unwrap_or(99))
}

impl Statements<'_> {
    /// Returns what a trend is read from.
    #[must_use]
    pub fn coded(&self) -> Coded<'_> {
        Coded { corpus: &self.corpus, formed: &self.formed, focal: &self.focal, focus: self.focus.as_ref() }
    }
}

impl Analysis<'_> {
    /// Returns the cluster in the periods that the study names; none where it names fewer than two, or has no dates.
    pub fn trend(&self, names: &[String]) -> Option<&Trend> {
        let compute = || {
            let list = periods(names).ok().filter(|list| list.len() > 1)?;
            if self.corpus.sources.iter().all(|s| s.date.is_none()) {
                return None;
            }
            let settings = TrendSettings {
                division: Division::Periods(list),
                window: self.options.window,
                min_or: self.options.min_or,
                draws: self.options.draws,
                permutations: 999,
                seed: Seed(self.options.seed),
                illustration: self.options.illustration,
            };
            trend(self.coded(), &settings).ok()
        };
        self.later.trend.get_or_init(compute).as_ref()
    }

    /// Returns the slippage between all norm labels; none where nobody speaks: no transcript, no interview.
    pub fn slip(&self) -> Option<&Slip> {
        let compute = || {
            let spoken = |(coded, source): (&CodedSource, &Source)| {
                let kind = source.kind.as_deref().unwrap_or_default();
                coded.segmentation.kind == TextKind::Interview || kind.eq_ignore_ascii_case("interview")
            };
            if !self.corpus.coded.iter().zip(self.corpus.sources).any(spoken) {
                return None;
            }
            let codebook = self.corpus.codebook;
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
            Some(slip(&self.corpus, &self.formed, &settings)).filter(|s| s.all.labels.len() > 1)
        };
        self.later.slip.get_or_init(compute).as_ref()
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
