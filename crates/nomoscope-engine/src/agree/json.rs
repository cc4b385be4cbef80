//! The answers serialised: of a study, and of a table of ratings.

use crate::agree::answer::{
    CoderCount, ConceptAgreement, LexiconScore, PairAgreement, Passage, Proportion, StudyAgreement, TableAgreement,
    UnitDifference, Validity, reasons,
};
use crate::json::{Ends, Number, Stretch};
use crate::record::Record;
use nomoscope_stats::agreement::{AgreementError, Coefficient, Estimate};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Agreement of the coders of a study, or of those of a table of ratings: `kind` tells which.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Said {
    /// Of a study.
    Study(Box<Study>),
    /// Of a table.
    Table(Box<Table>),
}

/// Agreement of the coders of a study.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Study {
    /// `study`, or `table` for a table of ratings.
    pub kind: &'static str,
    /// Who was compared.
    pub coders: Vec<Coder>,
    /// What was compared: `character` or a level of a study, `row` of a table.
    pub unit: &'static str,
    /// Units, or characters, that at least two coded.
    pub units: u64,
    /// Of a study: sources that at least two read.
    pub sources: usize,
    /// Of a study: sources left out, because one coder alone read them.
    pub sources_of_one_coder: usize,
    /// Level of measurement of alpha.
    pub level: &'static str,
    /// Of a study: whether a coder gave one place several concepts; then `u-alpha` is pooled over concepts.
    pub overlapping: bool,
    /// Over everything.
    pub coefficients: Vec<Value>,
    /// Each pair of coders.
    pub pairs: Vec<Pair>,
    /// Of a study: concepts that anybody marked, in the order of the codebook.
    pub concepts: Vec<OfConcept>,
    /// Where coders differ, worst first.
    pub differences: Vec<Differing>,
    /// Differences that are not listed.
    pub omitted: usize,
    /// Of a study: the lexicon against people.
    pub lexicon: Lexicon,
    /// Of a study: concepts that coders used and the codebook does not have.
    pub unknown_concepts: Vec<String>,
    /// How intervals were drawn.
    pub bootstrap: Bootstrap,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// Agreement of the coders of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Table {
    /// `table`.
    pub kind: &'static str,
    /// Who was compared.
    pub coders: Vec<Rater>,
    /// `row`.
    pub unit: &'static str,
    /// Rows that at least two coded.
    pub units: u64,
    /// Of a table: all rows.
    pub units_in_table: u64,
    /// Level of measurement of alpha.
    pub level: &'static str,
    /// Over everything.
    pub coefficients: Vec<Value>,
    /// Each pair of coders.
    pub pairs: Vec<Pair>,
    /// Of a table at nominal level with 3 to 50 categories: each against all others.
    pub categories: Vec<Category>,
    /// Where coders differ, worst first.
    pub differences: Vec<Apart>,
    /// Differences that are not listed.
    pub omitted: usize,
    /// Of a table: what was guessed or left out.
    pub notes: Vec<String>,
    /// How intervals were drawn.
    pub bootstrap: Bootstrap,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A coder of a study.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coder {
    /// The name.
    pub coder: String,
    /// Codings in the compared sources.
    pub codings: u64,
    /// Compared sources that they read.
    pub sources: u64,
}

/// A coder of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rater {
    /// The name.
    pub coder: String,
    /// Of a table: values given.
    pub values: u64,
}

/// A coefficient.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Value {
    /// `percent`, `cohen-kappa`, `fleiss-kappa`, `krippendorff-alpha`; of a study also `u-alpha`, `cu-alpha` and, of a concept,
    /// `ku-alpha`.
    pub name: &'static str,
    /// Level of measurement: `nominal`, `ordinal`, `interval`, `ratio`.
    pub level: &'static str,
    /// 1 is perfect agreement, 0 what chance makes; of `percent` a share from 0 to 1.
    pub value: Number,
    /// Interval of 95 %.
    pub interval: Ends,
    /// Units, or characters, that it rests on.
    pub units: u64,
    /// What is counted: `row`, `character` or a level.
    pub unit: &'static str,
    /// Why there is no value; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why there is a value without an interval; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_reason: Option<String>,
}

/// A pair of coders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pair {
    /// One.
    pub a: Option<String>,
    /// The other.
    pub b: Option<String>,
    /// Units that both coded.
    pub units: u64,
    /// Share on which they agree.
    pub percent: Number,
    /// Cohen's kappa.
    pub cohen_kappa: Number,
    /// Why one has no value; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A category of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Category {
    /// As it was written.
    pub category: String,
    /// How often each coder gave it.
    pub values: BTreeMap<String, u64>,
    /// As above.
    pub coefficients: Vec<Value>,
}

/// A concept of a study.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfConcept {
    /// The concept.
    pub concept: String,
    /// Its label.
    pub label: String,
    /// Its roles; empty if the codebook does not have it.
    pub roles: Vec<&'static str>,
    /// Codings by coder.
    pub codings: BTreeMap<String, u64>,
    /// As above.
    pub coefficients: Vec<Value>,
}

/// A passage over which coders differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Differing {
    /// Path of the source.
    pub source: String,
    /// Citable label of the unit in which the passage begins; of a table the row.
    pub unit: String,
    /// Where in the extracted text, in bytes.
    #[serde(flatten)]
    pub span: Stretch,
    /// The words.
    pub quote: String,
    /// What they differ about.
    pub concept: Option<String>,
    /// Readers who marked it there.
    pub marked_by: Vec<Option<String>>,
    /// Readers who did not; empty if only the bounds differ.
    pub not_by: Vec<Option<String>>,
    /// What those marked there.
    pub instead: Vec<Instead>,
    /// Of a study the mean share of pairs of readers that part, 0 to 1; of a table 1 is as far apart as chance makes.
    pub disagreement: Number,
    /// Characters in dispute.
    pub characters: u64,
}

/// What somebody marked instead.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Instead {
    /// Who.
    pub coder: Option<String>,
    /// What.
    pub concept: Option<String>,
}

/// A row of a table over which coders differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Apart {
    /// The row.
    pub unit: String,
    /// Of a table: what each coder said; null where it is missing.
    pub values: BTreeMap<String, Option<String>>,
    /// 1 is as far apart as chance makes.
    pub disagreement: Number,
}

/// The lexicon against people.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Lexicon {
    /// Who the people are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<String>>,
    /// Sources that any of them read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<usize>,
    /// All concepts together; null if it is not compared.
    pub overall: Option<Score>,
    /// By role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<OfRole>>,
    /// By concept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concepts: Option<Vec<ScoreOfConcept>>,
    /// Why it is not compared; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How good the lexicon is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Score {
    /// Share of hits that people confirm.
    pub precision: Share,
    /// Share of people's passages that it finds.
    pub recall: Share,
}

/// How good the lexicon is for a role.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfRole {
    /// `problem`, `value`, `behaviour`.
    pub role: &'static str,
    /// How good.
    #[serde(flatten)]
    pub score: Score,
}

/// How good the lexicon is for a concept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScoreOfConcept {
    /// The concept.
    pub concept: String,
    /// How good.
    #[serde(flatten)]
    pub score: Score,
}

/// A share of counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Share {
    /// The share; null where nothing is counted.
    pub value: Number,
    /// Interval of 95 %.
    pub interval: Ends,
    /// Right hits, or found passages.
    pub k: u64,
    /// All hits, or all passages.
    pub n: u64,
    /// `sources` (drawn) or `wilson` (passages taken for independent).
    pub interval_by: Option<&'static str>,
    /// Why there is no value; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// How intervals were drawn.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bootstrap {
    /// How many draws.
    pub draws: usize,
    /// Their seed.
    pub seed: u64,
    /// The level, 0.95.
    pub level: f64,
    /// What was drawn: `units` of a table; `sources` or `paragraphs` of a study.
    pub of: &'static str,
    /// How many there are.
    pub n: u64,
    /// What the calibration says against these intervals; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
}

/// Returns the agreement of the coders of a study, with at most `top` differences.
#[must_use]
pub fn study(a: &StudyAgreement, top: usize, run: Record) -> Said {
    let coder = |c: &CoderCount| Coder { coder: c.coder.clone(), codings: c.codings, sources: c.read };
    let lexicon = match &a.validity {
        Ok(v) => validity(v),
        Err(reason) => Lexicon { reason: Some(reason.clone()), ..Lexicon::default() },
    };
    let (of, n) = a.drawn;
    Said::Study(Box::new(Study {
        kind: "study",
        coders: a.coders.iter().map(coder).collect(),
        unit: a.options.unit.name(),
        units: a.n_units,
        sources: a.n_sources,
        sources_of_one_coder: a.n_alone,
        level: "nominal",
        overlapping: a.overlapping,
        coefficients: estimates(&a.overall, a.options.unit.name()),
        pairs: pairs(&a.pairs, &a.coders),
        concepts: a.concepts.iter().map(|c| concept(c, a)).collect(),
        differences: a.passages.iter().take(top).map(|p| passage(p, a)).collect(),
        omitted: a.passages.len().saturating_sub(top),
        lexicon,
        unknown_concepts: a.unknown_concepts.clone(),
        bootstrap: bootstrap(a.options.bootstrap, (of, n as u64), a.caution.as_ref()),
        run,
    }))
}

/// Returns the agreement of the coders of a table, with at most `top` differences.
#[must_use]
pub fn table(a: &TableAgreement, top: usize, run: Record) -> Said {
    let apart = |d: &UnitDifference| Apart {
        unit: d.unit.clone(),
        values: a.coders.iter().zip(&d.values).map(|(c, value)| (c.coder.clone(), value.clone())).collect(),
        disagreement: d.disagreement.into(),
    };
    let category = |c: &ConceptAgreement| Category {
        category: c.concept.clone(),
        values: by_coder(&c.by_coder, &a.coders),
        coefficients: estimates(&c.estimates, "row"),
    };
    Said::Table(Box::new(Table {
        kind: "table",
        coders: a.coders.iter().map(|c| Rater { coder: c.coder.clone(), values: c.codings }).collect(),
        unit: "row",
        units: a.n_compared,
        units_in_table: a.n_units,
        level: a.level.name(),
        coefficients: estimates(&a.overall, "row"),
        pairs: pairs(&a.pairs, &a.coders),
        categories: a.categories.iter().map(category).collect(),
        differences: a.differences.iter().take(top).map(apart).collect(),
        omitted: a.differences.len().saturating_sub(top),
        notes: a.notes.clone(),
        bootstrap: bootstrap(a.bootstrap, ("units", a.n_units), a.caution.as_ref()),
        run,
    }))
}

fn bootstrap(
    how: nomoscope_stats::agreement::Bootstrap,
    (of, n): (&'static str, u64),
    caution: Option<&String>,
) -> Bootstrap {
    Bootstrap { draws: how.draws, seed: how.seed.0, level: how.level, of, n, caution: caution.cloned() }
}

fn estimates(all: &[Estimate], unit: &'static str) -> Vec<Value> {
    let one = |e: &Estimate| {
        let unitised = matches!(e.coefficient, Coefficient::UAlpha | Coefficient::CuAlpha | Coefficient::KuAlpha);
        let (reason, interval_reason) = reasons(e);
        Value {
            name: e.coefficient.name(),
            level: e.level.name(),
            value: e.value.ok().into(),
            interval: e.interval.ok().into(),
            units: e.n_units,
            unit: if unitised { "character" } else { unit },
            reason,
            interval_reason,
        }
    };
    all.iter().map(one).collect()
}

fn name(coders: &[CoderCount], at: usize) -> Option<String> {
    coders.get(at).map(|c| c.coder.clone())
}

fn pairs(all: &[PairAgreement], coders: &[CoderCount]) -> Vec<Pair> {
    let value = |found: Result<f64, AgreementError>| Number(found.ok());
    let one = |p: &PairAgreement| Pair {
        a: name(coders, p.pair.0),
        b: name(coders, p.pair.1),
        units: p.n_units,
        percent: value(p.percent),
        cohen_kappa: value(p.kappa),
        reason: p.percent.and(p.kappa).err().map(|reason| reason.to_string()),
    };
    all.iter().map(one).collect()
}

fn by_coder(counts: &[u64], coders: &[CoderCount]) -> BTreeMap<String, u64> {
    coders.iter().zip(counts).map(|(c, n)| (c.coder.clone(), *n)).collect()
}

fn concept(c: &ConceptAgreement, a: &StudyAgreement) -> OfConcept {
    OfConcept {
        concept: c.concept.clone(),
        label: c.label.clone(),
        roles: c.roles.iter().map(|r| r.name()).collect(),
        codings: by_coder(&c.by_coder, &a.coders),
        coefficients: estimates(&c.estimates, a.options.unit.name()),
    }
}

fn passage(p: &Passage, a: &StudyAgreement) -> Differing {
    let d = &p.difference;
    let concept = |at: usize| a.concepts.get(at).map(|c| c.concept.clone());
    let named = |all: &[usize]| all.iter().map(|at| name(&a.coders, *at)).collect();
    Differing {
        source: p.source.clone(),
        unit: p.unit.clone(),
        span: d.span.into(),
        quote: p.quote.clone(),
        concept: concept(p.concept),
        marked_by: named(&d.marked_by),
        not_by: named(&d.not_by),
        instead: d
            .instead
            .iter()
            .map(|(coder, c)| Instead { coder: name(&a.coders, *coder), concept: concept(*c as usize) })
            .collect(),
        disagreement: d.share.into(),
        characters: d.characters,
    }
}

fn validity(v: &Validity) -> Lexicon {
    let role = |(r, s): &(nomoscope_core::codebook::Role, LexiconScore)| OfRole { role: r.name(), score: score(s) };
    let concept = |(c, s): &(String, LexiconScore)| ScoreOfConcept { concept: c.clone(), score: score(s) };
    Lexicon {
        people: Some(v.people.clone()),
        sources: Some(v.n_sources),
        overall: Some(score(&v.overall)),
        roles: Some(v.roles.iter().map(role).collect()),
        concepts: Some(v.concepts.iter().map(concept).collect()),
        reason: None,
    }
}

fn score(s: &LexiconScore) -> Score {
    Score { precision: share(&s.precision), recall: share(&s.recall) }
}

fn share(p: &Proportion) -> Share {
    Share {
        value: p.value().into(),
        interval: p.interval.into(),
        k: p.k,
        n: p.n,
        interval_by: p.interval.map(|_| if p.by_sources { "sources" } else { "wilson" }),
        reason: (p.n == 0).then_some("nothing to count"),
    }
}
