//! Agreement between the coders of a study or of a table, and between its lexicon and people.
//!
//! Joins what people coded, what the lexicon finds and the coefficients of the core; prints nothing.

use crate::reading::{LEXICON, is_lexicon};
use nomoscope_core::codebook::{Codebook, Role};
use nomoscope_core::coding::agreement::{CodedText, Difference, Mark, Tally, tally};
use nomoscope_core::norm::corpus::{CodedSource, Corpus, Interviewers, code};
use nomoscope_core::problem::{Problems, Remedy, Slot};
use nomoscope_core::study::double::DoubleCoding;
use nomoscope_core::study::{CodingRecord, Study};
use nomoscope_core::text::{Level, Span};
use nomoscope_formats::tables::ratings::{Categories, RatingsTable};
use nomoscope_stats::agreement::{
    AgreementError, Bootstrap, Coefficient, Counted, Disagreement, Estimate, MIN_CLUSTERS, Measurement, NoInterval,
    OF_RATINGS, RatedUnit, Ratings, caution, estimates, intervals, pairs,
};
use nomoscope_stats::proportion::wilson;
use nomoscope_stats::unitizing::{Coincidences, Run, all_segments, intersections, overlaps};
use nomoscope_stats::{Interval, StatsError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Sources from which on the bootstrap draws sources; below, it draws their paragraphs.
pub const ENOUGH_SOURCES: usize = 10;
/// Categories of a table that are looked at one by one.
const MAX_CATEGORIES: usize = 50;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Every character: where, and how far.
    Character,
    /// Whether a concept occurs in a unit.
    Level(Level),
}

impl Unit {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Level(level) => level.name(),
        }
    }
}

/// How coders are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Whom to compare; none for all people, or one person and the lexicon.
    pub coders: Option<Vec<String>>,
    /// What is compared.
    pub unit: Unit,
    /// Whether every coder read every source; otherwise only those in which they coded anything.
    pub all_read: bool,
    /// How intervals are drawn.
    pub bootstrap: Bootstrap,
}

/// Why coders are not compared.
#[derive(Debug, thiserror::Error)]
pub enum RefusedAgreement {
    /// Names that nobody has.
    #[error("no codings by {}", .unknown.join(", "))]
    UnknownCoders {
        /// The names.
        unknown: Vec<String>,
        /// Who coded.
        known: Vec<String>,
    },
    /// The codebook has patterns that do not parse.
    #[error("the codebook has {} problems", .0.len())]
    Codebook(Problems),
    /// Nobody, or one coder without anybody to compare with.
    #[error("{}", match .known.as_slice() { [] => "nobody has coded this study".to_owned(), [one] => format!("only {one} has coded this study"), many => format!("of {} one coder was chosen", many.join(", ")) })]
    TooFewCoders {
        /// Who coded.
        known: Vec<String>,
    },
    /// Coding is blind, and no two are done with a source.
    #[error("double coding is blind, and no two of {} are done with any of {n_sources} sources", .coders.join(", "))]
    NobodyDone {
        /// Who was compared.
        coders: Vec<String>,
        /// Sources of the study.
        n_sources: usize,
    },
    /// No source was read by two.
    #[error("no source was coded by two of {}", .coders.join(", "))]
    NoCommonSource {
        /// Who was compared.
        coders: Vec<String>,
    },
}

impl RefusedAgreement {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::UnknownCoders { known, .. } => Some(format!("codings are by {}", known.join(", ")).into()),
            Self::TooFewCoders { .. } => Some(
                "let a second person code the same sources, or add the codings of a second person to codings.csv"
                    .into(),
            ),
            Self::NoCommonSource { .. } => Some(Remedy::with(
                "{} says that every coder read every source, and marked nothing where there is no coding",
                [Slot::setting("all_read")],
            )),
            Self::NobodyDone { .. } => Some("each of them says of a source that they are done with it".into()),
            Self::Codebook(_) => None,
        }
    }

    /// Returns whether the input is wrong, and not only too little.
    #[must_use]
    pub const fn is_bad_input(&self) -> bool {
        matches!(self, Self::UnknownCoders { .. } | Self::Codebook(_))
    }
}

/// A coder and how much they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoderCount {
    /// Who.
    pub coder: String,
    /// Codings in the compared sources, or values in the compared units.
    pub codings: u64,
    /// Compared sources that they read; of a table the units that they coded.
    pub read: u64,
}

/// Two coders.
#[derive(Debug, Clone, PartialEq)]
pub struct PairAgreement {
    /// Positions in the list of coders.
    pub pair: (usize, usize),
    /// Units that both coded.
    pub n_units: u64,
    /// Share of these on which they agree.
    pub percent: Result<f64, AgreementError>,
    /// Cohen's kappa.
    pub kappa: Result<f64, AgreementError>,
}

/// A concept, or a category of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptAgreement {
    /// Its id.
    pub concept: String,
    /// Its label.
    pub label: String,
    /// Its roles; empty where the codebook does not have it.
    pub roles: Vec<Role>,
    /// How often each coder gave it.
    pub by_coder: Vec<u64>,
    /// The coefficients.
    pub estimates: Vec<Estimate>,
}

/// A passage over which coders differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Path of the source.
    pub source: String,
    /// Citable label of the unit in which it begins.
    pub unit: String,
    /// The words.
    pub quote: String,
    /// Position of the concept in the list of concepts.
    pub concept: usize,
    /// What and who.
    pub difference: Difference,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// How many of `n`.
    pub k: u64,
    /// Out of so many.
    pub n: u64,
    /// The interval, if there is anything to count.
    pub interval: Option<Interval>,
    /// Whether the interval comes from drawing sources; otherwise it is Wilson's and takes passages for independent.
    pub by_sources: bool,
}

impl Proportion {
    /// Returns the share.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        (self.n > 0).then(|| self.k as f64 / self.n as f64)
    }
}

/// How the lexicon fares against people, for a concept, a role or all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LexiconScore {
    /// Share of its hits that people confirm.
    pub precision: Proportion,
    /// Share of people's passages that it finds.
    pub recall: Proportion,
}

/// The lexicon against people.
#[derive(Debug, Clone, PartialEq)]
pub struct Validity {
    /// Who the people are.
    pub people: Vec<String>,
    /// Sources that any of them read.
    pub n_sources: usize,
    /// All concepts together.
    pub overall: LexiconScore,
    /// By role.
    pub roles: Vec<(Role, LexiconScore)>,
    /// By concept: id and score.
    pub concepts: Vec<(String, LexiconScore)>,
}

/// The agreement of the coders of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyAgreement {
    /// How they were compared.
    pub options: Options,
    /// Who, in the order of all lists by coder.
    pub coders: Vec<CoderCount>,
    /// Sources that at least two read.
    pub n_sources: usize,
    /// Sources that one of them alone read: left out.
    pub n_alone: usize,
    /// Where double coding is blind, with how many sources of how many at least two of them are done.
    pub blind: Option<(usize, usize)>,
    /// Units, or characters, that at least two read.
    pub n_units: u64,
    /// What the bootstrap draws: `sources` or `paragraphs`, and how many there are.
    pub drawn: (&'static str, usize),
    /// What the calibration says against the intervals, if anything.
    pub caution: Option<String>,
    /// Whether coders marked one place as several concepts: u-alpha is then pooled over concepts.
    pub overlapping: bool,
    /// The coefficients over all concepts.
    pub overall: Vec<Estimate>,
    /// Each pair of coders.
    pub pairs: Vec<PairAgreement>,
    /// By concept, in the order of the codebook.
    pub concepts: Vec<ConceptAgreement>,
    /// Where they differ, worst first.
    pub passages: Vec<Passage>,
    /// The lexicon against people; why not, where it is not.
    pub validity: Result<Validity, String>,
    /// Concepts that coders used and the codebook does not have.
    pub unknown_concepts: Vec<String>,
}

/// Returns the agreement of the coders of a study; without a codebook there is no lexicon.
///
/// # Errors
/// [`RefusedAgreement`]
pub fn of_study(
    codebook: &Arc<Codebook>,
    study: &Study,
    options: Options,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<StudyAgreement, RefusedAgreement> {
    let coders = chosen(codebook, study, options.coders.as_deref())?;
    let corpus = code(codebook.clone(), study.sources.clone(), &Interviewers::of(&study.meta), progress)
        .map_err(RefusedAgreement::Codebook)?;
    let concepts = Concepts::new(codebook, study, &coders);
    let marked = Marked::new(&corpus, study, &coders, &concepts, options.all_read);
    let of_two: Vec<usize> = (0..study.sources.len()).filter(|s| marked.readers(*s) >= 2).collect();
    let double = DoubleCoding::of(study);
    let n_sources = study.sources.len();
    if of_two.is_empty() {
        return Err(if coders.iter().any(|c| double.codes_blindly(c)) {
            RefusedAgreement::NobodyDone { coders, n_sources }
        } else {
            RefusedAgreement::NoCommonSource { coders }
        });
    }
    let n_alone = (0..study.sources.len()).filter(|s| marked.readers(*s) == 1).count();
    let (texts, drawn) = texts(&corpus, &marked, &of_two);
    let compared = Compared::new(&corpus, &texts, &of_two, &options, drawn.1, coders.len(), concepts.ids.len());
    let (overall, by_concept) = compared.estimates(options.bootstrap);
    let passages = passages(&corpus, &texts, &of_two, options.unit);
    let count = |coder: usize| CoderCount {
        coder: coders[coder].clone(),
        codings: texts.iter().filter_map(|t| t.by_coder[coder].as_ref()).map(|m| m.len() as u64).sum(),
        read: texts.iter().filter(|t| t.by_coder[coder].is_some()).count() as u64,
    };
    let of_concept = |(at, estimates): (usize, Vec<Estimate>)| {
        let marks_of = |coder: usize| -> u64 {
            let marks = texts.iter().filter_map(|t| t.by_coder[coder].as_ref()).flatten();
            marks.filter(|m| m.concept as usize == at).count() as u64
        };
        let (label, roles) = concepts.describe(codebook, at);
        let by_coder: Vec<u64> = (0..coders.len()).map(marks_of).collect();
        ConceptAgreement { concept: concepts.ids[at].clone(), label, roles, by_coder, estimates }
    };
    Ok(StudyAgreement {
        coders: (0..coders.len()).map(count).collect(),
        n_sources: of_two.len(),
        n_alone,
        blind: double.is_blind().then_some((of_two.len(), n_sources)),
        n_units: compared.n_units,
        caution: caution(drawn.1, drawn.1, drawn.0).filter(|_| any_interval(&overall)),
        drawn,
        overlapping: compared.overlapping,
        overall,
        pairs: compared.pairs(),
        concepts: by_concept.into_iter().map(of_concept).filter(|c| c.by_coder.iter().any(|n| *n > 0)).collect(),
        passages,
        validity: validity(codebook, &corpus, study, &options),
        unknown_concepts: concepts.unknown(codebook),
        options,
    }
    .renumbered(&concepts))
}

impl StudyAgreement {
    /// Makes passages name the place of their concept among those that are left.
    fn renumbered(mut self, concepts: &Concepts) -> Self {
        let place: BTreeMap<&str, usize> =
            self.concepts.iter().enumerate().map(|(at, c)| (c.concept.as_str(), at)).collect();
        let of = |concept: u32| concepts.ids.get(concept as usize).and_then(|id| place.get(id.as_str())).copied();
        for passage in &mut self.passages {
            passage.concept = of(passage.difference.concept).unwrap_or(0);
            passage.difference.instead.iter_mut().for_each(|(_, c)| *c = of(*c).unwrap_or(0) as u32);
        }
        self
    }
}

/// Everybody with codings that count, who is done with a source, or who codes blindly: but the lexicon, and decisions between
/// coders, which are nobody's own.
fn people(study: &Study) -> Vec<String> {
    let double = DoubleCoding::of(study);
    let accepted = study.codings.iter().filter(|c| c.status.counts()).map(|c| c.coder.as_str());
    let all = accepted.chain(double.coders()).chain(double.blind());
    let names: BTreeSet<&str> = all.filter(|c| !is_lexicon(study, c) && !study.adjudicates(c)).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn chosen(codebook: &Codebook, study: &Study, asked: Option<&[String]>) -> Result<Vec<String>, RefusedAgreement> {
    let mut known = people(study);
    let has_lexicon = has_patterns(codebook) || study.codings.iter().any(|c| c.coder == LEXICON);
    let Some(asked) = asked else {
        if known.len() == 1 && has_lexicon {
            known.push(LEXICON.to_owned());
        }
        return if known.len() < 2 { Err(RefusedAgreement::TooFewCoders { known }) } else { Ok(known) };
    };
    let stored: BTreeSet<&str> =
        study.codings.iter().map(|c| c.coder.as_str()).chain(known.iter().map(String::as_str)).collect();
    let exists = |name: &str| (name == LEXICON && has_lexicon) || stored.contains(name);
    let unknown: Vec<String> = asked.iter().filter(|c| !exists(c)).cloned().collect();
    let mut coders: Vec<String> = Vec::new();
    for name in asked.iter().filter(|c| exists(c)) {
        if !coders.contains(name) {
            coders.push(name.clone());
        }
    }
    drop(stored);
    known.extend(has_lexicon.then(|| LEXICON.to_owned()));
    if !unknown.is_empty() {
        Err(RefusedAgreement::UnknownCoders { unknown, known })
    } else if coders.len() < 2 {
        Err(RefusedAgreement::TooFewCoders { known })
    } else {
        Ok(coders)
    }
}

fn has_patterns(codebook: &Codebook) -> bool {
    codebook.indices().any(|c| !codebook.get(c).patterns.is_empty())
}

/// The concepts that count, in the order of the codebook, those that it lacks last.
pub(crate) struct Concepts {
    pub(crate) ids: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Concepts {
    pub(crate) fn new(codebook: &Codebook, study: &Study, coders: &[String]) -> Self {
        let mut ids: Vec<String> = codebook.indices().map(|c| codebook.get(c).id.clone()).collect();
        let of_coders = study.codings.iter().filter(|c| coders.iter().any(|coder| c.coder == *coder));
        let used: BTreeSet<&str> = of_coders.map(|c| c.concept.as_str()).collect();
        let further: Vec<String> =
            used.into_iter().filter(|id| codebook.find(id).is_none()).map(str::to_owned).collect();
        ids.extend(further);
        let numbers = ids.iter().enumerate().map(|(at, id)| (id.clone(), at as u32)).collect();
        Self { ids, numbers }
    }

    pub(crate) fn describe(&self, codebook: &Codebook, at: usize) -> (String, Vec<Role>) {
        match codebook.find(&self.ids[at]) {
            Some(ix) => {
                let concept = codebook.get(ix);
                (concept.label_in("en").to_owned(), concept.roles.iter().copied().collect())
            }
            None => (self.ids[at].clone(), Vec::new()),
        }
    }

    fn unknown(&self, codebook: &Codebook) -> Vec<String> {
        self.ids.iter().filter(|id| codebook.find(id).is_none()).cloned().collect()
    }
}

/// What each coder marked in each source; none where they did not read it.
pub(crate) struct Marked {
    pub(crate) by_source: Vec<Vec<Option<Vec<Mark>>>>,
}

impl Marked {
    pub(crate) fn new(corpus: &Corpus, study: &Study, coders: &[String], concepts: &Concepts, all_read: bool) -> Self {
        let mut records: BTreeMap<(&str, &str), Vec<&CodingRecord>> = BTreeMap::new();
        for record in &study.codings {
            records.entry((record.source.as_str(), record.coder.as_str())).or_default().push(record);
        }
        let double = DoubleCoding::of(study);
        // A lexicon is applied anew; only one whose patterns are not here is taken as it was stored.
        let fresh = has_patterns(&corpus.codebook);
        let of = |source: usize, coder: &String| -> Option<Vec<Mark>> {
            if coder == LEXICON && fresh {
                return Some(lexicon_marks(&corpus.coded[source]));
            }
            let path = study.sources[source].path.as_str();
            let done = double.is_done(path, coder);
            // Work that somebody is still at says nothing of what they leave unmarked.
            if double.codes_blindly(coder) && !done {
                return None;
            }
            let found = records.get(&(path, coder.as_str()));
            let accepted = found.into_iter().flatten().filter(|r| r.status.counts());
            let marks = accepted
                .filter_map(|r| Some(Mark { concept: *concepts.numbers.get(r.concept.as_str())?, span: r.span }));
            (found.is_some() || done || all_read || coder == LEXICON).then(|| marks.collect())
        };
        let by_source = (0..study.sources.len()).map(|s| coders.iter().map(|coder| of(s, coder)).collect()).collect();
        Self { by_source }
    }

    fn readers(&self, source: usize) -> usize {
        self.by_source[source].iter().flatten().count()
    }
}

fn lexicon_marks(coded: &CodedSource) -> Vec<Mark> {
    coded.codings.iter().map(|c| Mark { concept: c.concept.get() as u32, span: c.span }).collect()
}

/// The compared texts with the clusters of the bootstrap, and what these are.
fn texts<'c>(corpus: &'c Corpus, marked: &Marked, of_two: &[usize]) -> (Vec<CodedText<'c>>, (&'static str, usize)) {
    let by_sources = of_two.len() >= ENOUGH_SOURCES;
    let mut n = 0_u32;
    let mut out = Vec::new();
    for &source in of_two {
        let coded = &corpus.coded[source];
        let begin: Vec<u32> = if by_sources {
            vec![0]
        } else {
            let units = coded.segmentation.units.iter().filter(|u| u.level == Level::Paragraph);
            let starts: Vec<u32> = units.map(|u| u.span.start).collect();
            if starts.is_empty() { vec![0] } else { starts }
        };
        let clusters: Vec<(u32, u32)> = begin.into_iter().zip(n..).collect();
        n += clusters.len() as u32;
        out.push(CodedText::new(&corpus.sources[source].document.text, marked.by_source[source].clone(), clusters));
    }
    (out, (if by_sources { "sources" } else { "paragraphs" }, n as usize))
}

/// What the coefficients of a study are counted from.
struct Compared {
    /// By concept; none of a concept that nobody marked.
    ratings: Vec<Option<Ratings>>,
    /// By concept, for u-alpha; empty where units are compared.
    segments: Vec<Option<Coincidences>>,
    /// All concepts on one continuum, where no coder marked one place as several.
    together: Coincidences,
    /// For cu-alpha.
    met: Coincidences,
    overlapping: bool,
    n_clusters: usize,
    n_coders: usize,
    n_units: u64,
    n_characters: u64,
    /// By concept, in how many clusters anybody marked it.
    n_marked: Vec<usize>,
}

impl Compared {
    fn new(
        corpus: &Corpus,
        texts: &[CodedText<'_>],
        of_two: &[usize],
        options: &Options,
        n_clusters: usize,
        n_coders: usize,
        n_concepts: usize,
    ) -> Self {
        let runs: Vec<Vec<Run>> = texts.iter().map(CodedText::runs).collect();
        let used: BTreeSet<u32> =
            texts.iter().flat_map(|t| t.by_coder.iter().flatten().flatten()).map(|m| m.concept).collect();
        let of_concept = |concept: u32| -> Option<Vec<RatedUnit>> {
            used.contains(&concept).then(|| match options.unit {
                Unit::Character => runs.iter().flatten().map(|run| of_run(run, concept)).collect(),
                Unit::Level(level) => texts
                    .iter()
                    .zip(of_two)
                    .flat_map(|(text, &source)| text.decisions(concept, &spans(&corpus.coded[source], level)))
                    .collect(),
            })
        };
        let ratings = (0..n_concepts as u32)
            .map(|c| Ratings::new(n_coders, &[0.0, 1.0], &of_concept(c)?).ok())
            .collect::<Vec<_>>();
        let joined = |of: &dyn Fn(&[Run]) -> Coincidences| {
            let mut out = Coincidences::default();
            runs.iter().for_each(|runs| out.merge(&of(runs)));
            out
        };
        let segments = (0..n_concepts as u32)
            .map(|c| used.contains(&c).then(|| joined(&|runs| all_segments(runs, Some(c + 1)))))
            .collect();
        let n_units = ratings.iter().flatten().map(Ratings::n_units).max().unwrap_or(0);
        Self {
            overlapping: runs.iter().any(|r| overlaps(r)),
            together: joined(&|runs| all_segments(runs, None)),
            met: joined(&intersections),
            ratings,
            segments,
            n_clusters,
            n_coders,
            n_units,
            n_characters: runs.iter().flatten().map(|r| r.length).sum(),
            n_marked: marked_clusters(&runs, n_concepts),
        }
    }

    fn count(&self, times: &[u32]) -> Vec<Option<Counted>> {
        self.ratings.iter().map(|r| r.as_ref().map(|r| r.count(Measurement::Nominal, times))).collect()
    }

    fn u_alpha(&self, times: &[u32]) -> Result<f64, AgreementError> {
        if !self.overlapping {
            return self.together.u_alpha(times).and_then(Disagreement::agreement);
        }
        let all = self.segments.iter().flatten().map(|s| s.u_alpha(times));
        Disagreement::pooled(all.collect::<Result<Vec<_>, _>>()?).agreement()
    }

    /// The coefficients over all concepts, then those of each concept, for one draw.
    fn values(&self, times: &[u32]) -> Vec<Result<f64, AgreementError>> {
        let counted = self.count(times);
        let all: Vec<Counted> = counted.iter().flatten().cloned().collect();
        let mut out: Vec<Result<f64, AgreementError>> = Counted::pooled(&all).values().to_vec();
        out.push(self.u_alpha(times));
        out.push(self.met.cu_alpha(times).and_then(Disagreement::agreement));
        for (concept, (counted, segments)) in counted.iter().zip(&self.segments).enumerate() {
            let (Some(counted), Some(segments)) = (counted, segments) else { continue };
            out.extend(counted.values());
            out.push(segments.u_alpha(times).and_then(Disagreement::agreement));
            out.push(self.met.ku_alpha(concept as u32 + 1, times).and_then(Disagreement::agreement));
        }
        out
    }

    fn estimates(&self, how: Bootstrap) -> (Vec<Estimate>, Vec<(usize, Vec<Estimate>)>) {
        let values = self.values(&vec![1; self.n_clusters]);
        let found = intervals(self.n_clusters, how, |times| self.values(times).into_iter().map(Result::ok).collect());
        let names = |last| OF_RATINGS.into_iter().chain([Coefficient::UAlpha, last]);
        let estimates = |from: usize, last: Coefficient, ratings: Option<&Ratings>, n: usize| -> Vec<Estimate> {
            let both = values.iter().zip(&found).skip(from);
            names(last)
                .zip(both)
                .map(|(coefficient, (value, interval))| Estimate {
                    coefficient,
                    level: Measurement::Nominal,
                    value: *value,
                    // What lies in few of the clusters varies less from draw to draw than it must.
                    interval: interval
                        .and_then(|i| if n < MIN_CLUSTERS { Err(NoInterval::TooFewClusters { n }) } else { Ok(i) }),
                    // Unitising is always counted in characters.
                    n_units: match (coefficient, ratings) {
                        (Coefficient::UAlpha | Coefficient::CuAlpha | Coefficient::KuAlpha, _) => self.n_characters,
                        (_, Some(r)) => r.n_units(),
                        (_, None) => self.n_units,
                    },
                })
                .collect()
        };
        let width = names(Coefficient::KuAlpha).count();
        let used = self.ratings.iter().enumerate().filter_map(|(at, r)| Some((at, r.as_ref()?)));
        let by_concept = used
            .enumerate()
            .map(|(place, (at, ratings))| {
                (at, estimates(width * (place + 1), Coefficient::KuAlpha, Some(ratings), self.n_marked[at]))
            })
            .collect();
        (estimates(0, Coefficient::CuAlpha, None, self.n_clusters), by_concept)
    }

    fn pairs(&self) -> Vec<PairAgreement> {
        let times = vec![1; self.n_clusters];
        let all: Vec<Counted> = self.count(&times).into_iter().flatten().collect();
        let Ok(kappas) = Counted::pooled(&all).cohen else { return Vec::new() };
        pairs(self.n_coders)
            .into_iter()
            .zip(kappas)
            .map(|(pair, kappa)| {
                let of = |c: &Counted| {
                    let pairs = c.cohen.as_ref().map_err(|e| *e)?;
                    let at = self::pairs(self.n_coders).iter().position(|p| *p == pair).unwrap_or(0);
                    pairs.get(at).copied().unwrap_or(Err(AgreementError::NoPair)).map(|d| 1.0 - d.observed)
                };
                let shares: Vec<f64> = all.iter().filter_map(|c| of(c).ok()).collect();
                let n_units = self.ratings.iter().flatten().map(|r| r.n_pair_units(pair.0, pair.1)).max().unwrap_or(0);
                let percent = if shares.is_empty() {
                    Err(AgreementError::NoPair)
                } else {
                    Ok(shares.iter().sum::<f64>() / shares.len() as f64)
                };
                PairAgreement { pair, n_units, percent, kappa: kappa.and_then(Disagreement::agreement) }
            })
            .collect()
    }
}

fn marked_clusters(runs: &[Vec<Run>], n_concepts: usize) -> Vec<usize> {
    let mut clusters: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n_concepts];
    for run in runs.iter().flatten() {
        for mark in run.by_coder.iter().flatten().flatten() {
            if let Some(set) = clusters.get_mut((mark.value - 1) as usize) {
                set.insert(run.cluster);
            }
        }
    }
    clusters.iter().map(BTreeSet::len).collect()
}

fn of_run(run: &Run, concept: u32) -> RatedUnit {
    let has = |marks: &Vec<nomoscope_stats::unitizing::Marked>| marks.iter().any(|m| m.value == concept + 1);
    RatedUnit {
        by_coder: run.by_coder.iter().map(|m| m.as_ref().map(|m| u32::from(has(m)))).collect(),
        weight: run.length,
        cluster: run.cluster,
    }
}

fn spans(coded: &CodedSource, level: Level) -> Vec<Span> {
    let mut spans: Vec<Span> = coded.windows(level).map(|u| coded.span(u)).collect();
    spans.sort_unstable();
    spans
}

/// Where coders differ, worst first: most pairs apart, then most characters in dispute, then the order of the study.
fn passages(corpus: &Corpus, texts: &[CodedText<'_>], of_two: &[usize], unit: Unit) -> Vec<Passage> {
    let mut out: Vec<(usize, Passage)> = Vec::new();
    for (text, &source) in texts.iter().zip(of_two) {
        let coded = &corpus.coded[source];
        let units = match unit {
            Unit::Character => None,
            Unit::Level(level) => Some(spans(coded, level)),
        };
        for difference in text.differences(units.as_deref()) {
            let level = match unit {
                Unit::Character => Level::Sentence,
                Unit::Level(level) => level,
            };
            let passage = Passage {
                source: corpus.sources[source].path.clone(),
                unit: coded.label(coded.unit_at(difference.span.start, level)).to_owned(),
                quote: difference.span.of(text.text).to_owned(),
                concept: difference.concept as usize,
                difference,
            };
            out.push((source, passage));
        }
    }
    out.sort_by(|(s, a), (t, b)| {
        let (a, b) = (&a.difference, &b.difference);
        b.share
            .total_cmp(&a.share)
            .then_with(|| (b.characters, s, a.span, a.concept).cmp(&(a.characters, t, b.span, b.concept)))
    });
    out.into_iter().map(|(_, passage)| passage).collect()
}

/// Counts of one item by source.
type Tallies = Vec<Tally>;

/// The lexicon against the people who read each source.
fn validity(codebook: &Codebook, corpus: &Corpus, study: &Study, options: &Options) -> Result<Validity, String> {
    if !has_patterns(codebook) {
        return Err("the codebook has no patterns".to_owned());
    }
    let chosen = |name: &String| options.coders.as_ref().is_none_or(|c| c.contains(name));
    let people: Vec<String> = people(study).into_iter().filter(chosen).collect();
    if people.is_empty() {
        return Err("no person is among the coders".to_owned());
    }
    let concepts = Concepts::new(codebook, study, &people);
    let marked = Marked::new(corpus, study, &people, &concepts, options.all_read);
    let read: Vec<usize> = (0..study.sources.len()).filter(|s| marked.readers(*s) > 0).collect();
    let mut by_concept: BTreeMap<u32, Tallies> = BTreeMap::new();
    for (place, &source) in read.iter().enumerate() {
        let coded = &corpus.coded[source];
        let units = match options.unit {
            Unit::Character => None,
            Unit::Level(level) => Some(spans(coded, level)),
        };
        let by_people: Vec<Vec<Mark>> = marked.by_source[source].iter().flatten().cloned().collect();
        for (concept, found) in tally(&lexicon_marks(coded), &by_people, units.as_deref()) {
            let tallies = by_concept.entry(concept).or_insert_with(|| vec![Tally::default(); read.len()]);
            tallies[place].add(&found);
        }
    }
    let sum = |wanted: &dyn Fn(u32) -> bool| -> Tallies {
        let mut out = vec![Tally::default(); read.len()];
        for (_, tallies) in by_concept.iter().filter(|(c, _)| wanted(**c)) {
            out.iter_mut().zip(tallies).for_each(|(to, t)| to.add(t));
        }
        out
    };
    let has_role = |concept: u32, role: Role| concepts.describe(codebook, concept as usize).1.contains(&role);
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| by_concept.keys().any(|c| has_role(*c, *r))).collect();
    let mut items: Vec<Tallies> = vec![sum(&|_| true)];
    items.extend(roles.iter().map(|role| sum(&|c| has_role(c, *role))));
    items.extend(by_concept.values().cloned());
    let mut scores = scores(&items, options.bootstrap).into_iter();
    let Some(overall) = scores.next() else { return Err("nothing to compare".to_owned()) };
    Ok(Validity {
        people,
        n_sources: read.len(),
        overall,
        roles: roles.into_iter().zip(scores.by_ref()).collect(),
        concepts: by_concept.keys().map(|c| concepts.ids[*c as usize].clone()).zip(scores).collect(),
    })
}

/// Precision and recall of each item, with intervals drawn over sources where there are enough of them.
fn scores(items: &[Tallies], how: Bootstrap) -> Vec<LexiconScore> {
    let n_sources = items.first().map_or(0, Vec::len);
    let parts = |t: &Tally| [(t.right, t.hits), (t.found, t.wanted)];
    let share = |tallies: &Tallies, which: usize, times: &[u32]| -> Option<f64> {
        let (mut k, mut n) = (0, 0);
        for (tally, times) in tallies.iter().zip(times) {
            let (right, all) = parts(tally)[which];
            k += right * u64::from(*times);
            n += all * u64::from(*times);
        }
        (n > 0).then(|| k as f64 / n as f64)
    };
    let both = |times: &[u32]| -> Vec<Option<f64>> {
        items.iter().flat_map(|t| [share(t, 0, times), share(t, 1, times)]).collect()
    };
    let drawn = if n_sources >= ENOUGH_SOURCES { intervals(n_sources, how, both) } else { Vec::new() };
    let proportion = |tallies: &Tallies, place: usize, which: usize| {
        let sum = tallies.iter().map(|t| parts(t)[which]).fold((0, 0), |s, t| (s.0 + t.0, s.1 + t.1));
        let sources = tallies.iter().filter(|t| parts(t)[which].1 > 0).count();
        let by_sources = drawn.get(place * 2 + which).and_then(|i| i.ok());
        let by_sources = by_sources.filter(|_| sources >= ENOUGH_SOURCES && sum.0 > 0 && sum.0 < sum.1);
        let interval = by_sources.or_else(|| wilson(sum.0, sum.1, how.level).ok());
        Proportion { k: sum.0, n: sum.1, interval, by_sources: by_sources.is_some() }
    };
    items
        .iter()
        .enumerate()
        .map(|(at, t)| LexiconScore { precision: proportion(t, at, 0), recall: proportion(t, at, 1) })
        .collect()
}

/// A unit of a table over which coders differ.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitDifference {
    /// The unit.
    pub unit: String,
    /// What each coder said; none where the value is missing.
    pub values: Vec<Option<String>>,
    /// How far these lie apart, with 1 for what chance makes.
    pub disagreement: f64,
}

/// The agreement of the coders of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAgreement {
    /// Level of measurement.
    pub level: Measurement,
    /// How intervals were drawn.
    pub bootstrap: Bootstrap,
    /// Who, in the order of all lists by coder.
    pub coders: Vec<CoderCount>,
    /// Units in the table.
    pub n_units: u64,
    /// Units that at least two coded.
    pub n_compared: u64,
    /// The coefficients.
    pub overall: Vec<Estimate>,
    /// Each pair of coders.
    pub pairs: Vec<PairAgreement>,
    /// By category, at nominal level.
    pub categories: Vec<ConceptAgreement>,
    /// Where they differ, worst first.
    pub differences: Vec<UnitDifference>,
    /// What people should know.
    pub notes: Vec<String>,
    /// What the calibration says against the intervals, if anything.
    pub caution: Option<String>,
}

/// Returns the agreement of the coders of a table.
///
/// # Errors
/// [`AgreementError`] where nothing can be compared at all.
pub fn of_table(
    table: &RatingsTable,
    categories: &Categories,
    level: Measurement,
    how: Bootstrap,
) -> Result<TableAgreement, AgreementError> {
    let n_coders = table.coders.len();
    let count = |coder: usize| categories.units.iter().filter(|u| u[coder].is_some()).count() as u64;
    let active = (0..n_coders).filter(|c| count(*c) > 0).count();
    if active < 2 {
        return Err(AgreementError::TooFewCoders { n: active });
    }
    let mut notes: Vec<String> = table.notes.iter().chain(&categories.notes).cloned().collect();
    let silent: Vec<&str> = (0..n_coders).filter(|c| count(*c) == 0).map(|c| table.coders[c].as_str()).collect();
    if !silent.is_empty() {
        notes.push(format!("without any value, and left out: {}", silent.join(", ")));
    }
    // Whoever said nothing must not make every unit incomplete.
    let kept: Vec<usize> = (0..n_coders).filter(|c| count(*c) > 0).collect();
    let units: Vec<RatedUnit> = categories
        .units
        .iter()
        .enumerate()
        .map(|(at, u)| RatedUnit { by_coder: kept.iter().map(|c| u[*c]).collect(), weight: 1, cluster: at as u32 })
        .collect();
    let ratings = Ratings::new(kept.len(), &categories.values, &units)?;
    if ratings.n_units() == 0 {
        return Err(AgreementError::NoPair);
    }
    ratings.alpha(level, &ratings.all())?;
    let overall = estimates(&ratings, level, how);
    Ok(TableAgreement {
        level,
        bootstrap: how,
        coders: kept
            .iter()
            .map(|&c| CoderCount { coder: table.coders[c].clone(), codings: count(c), read: count(c) })
            .collect(),
        n_units: units.len() as u64,
        n_compared: ratings.n_units(),
        pairs: table_pairs(&ratings, kept.len()),
        categories: by_category(&ratings, categories, level, how, &units, &mut notes),
        differences: unit_differences(&ratings, table, level, &kept),
        caution: ratings.caution("units").filter(|_| any_interval(&overall)),
        overall,
        notes,
    })
}

/// Returns whether any coefficient has an interval: where none has, nothing need be said against them.
fn any_interval(estimates: &[Estimate]) -> bool {
    estimates.iter().any(|e| e.interval.is_ok())
}

fn table_pairs(ratings: &Ratings, n_coders: usize) -> Vec<PairAgreement> {
    let Ok(found) = ratings.count(Measurement::Nominal, &ratings.all()).cohen else { return Vec::new() };
    pairs(n_coders)
        .into_iter()
        .zip(found)
        .map(|(pair, d)| PairAgreement {
            pair,
            n_units: ratings.n_pair_units(pair.0, pair.1),
            percent: d.map(|d| 1.0 - d.observed),
            kappa: d.and_then(Disagreement::agreement),
        })
        .collect()
}

fn by_category(
    ratings: &Ratings,
    categories: &Categories,
    level: Measurement,
    how: Bootstrap,
    units: &[RatedUnit],
    notes: &mut Vec<String>,
) -> Vec<ConceptAgreement> {
    let n = categories.names.len();
    if level != Measurement::Nominal || n < 3 {
        return Vec::new();
    }
    if n > MAX_CATEGORIES {
        notes.push(format!("{n} categories, more than {MAX_CATEGORIES}: none is looked at by itself"));
        return Vec::new();
    }
    let n_coders = units.first().map_or(0, |u| u.by_coder.len());
    let given =
        |category: u32, coder: usize| units.iter().filter(|u| u.by_coder[coder] == Some(category)).count() as u64;
    (0..n as u32)
        .map(|c| ConceptAgreement {
            concept: categories.names[c as usize].clone(),
            label: categories.names[c as usize].clone(),
            roles: Vec::new(),
            by_coder: (0..n_coders).map(|coder| given(c, coder)).collect(),
            estimates: estimates(&ratings.only(c), Measurement::Nominal, how),
        })
        .collect()
}

fn unit_differences(
    ratings: &Ratings,
    table: &RatingsTable,
    level: Measurement,
    kept: &[usize],
) -> Vec<UnitDifference> {
    let Ok(apart) = ratings.disagreement_by_cluster(level) else { return Vec::new() };
    let mut out: Vec<(usize, f64)> =
        apart.into_iter().enumerate().filter_map(|(at, d)| Some((at, d.filter(|d| *d > 0.0)?))).collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out.into_iter()
        .map(|(at, disagreement)| UnitDifference {
            unit: table.units[at].clone(),
            values: kept.iter().map(|c| table.cells[at][*c].clone()).collect(),
            disagreement,
        })
        .collect()
}

/// Returns why a coefficient or its interval is missing, in words.
#[must_use]
pub fn reasons(estimate: &Estimate) -> (Option<String>, Option<String>) {
    let of_value = estimate.value.err().map(|e| e.to_string());
    let of_interval = match estimate.interval {
        Ok(_) | Err(NoInterval::NoValue) => None,
        Err(NoInterval::Stats(StatsError::Empty)) => Some("no draw has a value".to_owned()),
        Err(other) => Some(other.to_string()),
    };
    (of_value, of_interval)
}
