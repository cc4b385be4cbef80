//! The answer serialised.

use super::answer::{A_THIRD, ASSUMPTIONS, Estimated, LEVEL, Named, Population};
use super::words::{interval_of_headline, warnings};
use crate::json::{Ends, Number};
use crate::record::Record;
use nomoscope_core::problem::Words;
use nomoscope_core::reach::mse::{self, HistoriesError, Term, WINDOW};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The most models listed where nobody said how many.
const MODELS: usize = 50_000;

/// How many persons are on none of several lists; numbers of persons are real numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The table, without its folders.
    pub file: String,
    /// Names of the lists.
    pub lists: Vec<String>,
    /// The column of counts; null: one row a person.
    pub count_column: Option<String>,
    /// The columns by which groups were told apart.
    pub by: Vec<String>,
    /// What was guessed or left out.
    pub notes: Vec<String>,
    /// All persons together.
    #[serde(flatten)]
    pub whole: Persons,
    /// With groups: each, estimated apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strata: Option<Vec<Stratum>>,
    /// With groups: the sum over them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Option<Sum>>,
    /// What every estimate assumes.
    pub assumptions: [&'static str; 5],
    /// What is needed to ask the same again.
    pub run: Record,
}

/// What was estimated of one population.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Persons {
    /// Persons on any list.
    pub observed: u64,
    /// Persons on exactly 1, 2, … lists.
    pub on_number_of_lists: Vec<u64>,
    /// The answer: the model of least BIC with an interval that holds its choice.
    pub headline: Headline,
    /// What the models near the best say.
    pub range: Range,
    /// The model asked for first, then by AIC; those without an estimate last.
    pub estimates: Vec<Model>,
    /// Models that are left out here.
    pub omitted: usize,
    /// What stepwise added, in order.
    pub steps: Vec<Step>,
    /// Chao's lower bound.
    pub chao: Chao,
    /// Of reasonable models: those near the best, and the best by both BIC.
    pub disagreement: Disagreement,
    /// What to be warned of.
    pub warnings: Vec<String>,
}

/// The answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Headline {
    /// `bic`; of more than five lists `stepwise`.
    pub model: &'static str,
    /// Persons on lists or not.
    pub point: Number,
    /// 95 %.
    pub interval: Ends,
    /// How the interval was made.
    pub method: String,
    /// The BCa interval of the same draws.
    pub bca_interval: Ends,
    /// Models among which the least BIC was sought; null for stepwise.
    pub of_models: Option<usize>,
    /// Lists in the largest term of these.
    pub max_order: Option<usize>,
    /// Percentile intervals with the model chosen among fewer models in each draw.
    pub nested: Vec<Nested>,
    /// Whether half of the models give nearly the same interval.
    pub settled: Option<bool>,
    /// Share of draws that choose the model of the data.
    pub same_model: Number,
}

/// The interval with the model chosen among so many.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Nested {
    /// Models.
    pub models: usize,
    /// 95 %.
    pub interval: Ends,
}

/// What the models near the best say.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Range {
    /// The least estimate, in persons.
    pub low: Number,
    /// The greatest.
    pub high: Number,
    /// The least lower end of their intervals.
    pub lowest_bound: Number,
    /// The greatest upper end.
    pub highest_bound: Number,
    /// How near to the best: 2.
    pub within_aic: Number,
    /// Models within it.
    pub models: usize,
    /// Models up to the largest dependence; null: too many to count.
    pub of_models: Option<usize>,
    /// Of these, fitted; the others were shown not to be within.
    pub fitted: usize,
    /// Whether no model within can have been missed.
    pub exhaustive: bool,
    /// Why there is no range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// A model with its estimate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Model {
    /// `bic`, `main`, `stepwise`, or the formula.
    pub model: String,
    /// Names that it goes by: `bic`, `main`, `stepwise`, `formula`, `best_aic`, `best_bic`, `best_bic_counting_infinite`.
    pub names: Vec<&'static str>,
    /// The formula that fits it again.
    pub formula: String,
    /// Main effects and interactions, as `A:B` in the order of the lists.
    pub terms: Vec<String>,
    /// Of these, the interactions.
    pub interactions: Vec<String>,
    /// `ok`, `not identifiable`, `does not exist`, `not settled`.
    pub status: &'static str,
    /// Persons on lists or not.
    pub point: Number,
    /// Persons on no list.
    pub hidden: Number,
    /// 95 %, conditional on the model.
    pub interval: Ends,
    /// Akaike's criterion; parameters at minus infinity count.
    pub aic: Number,
    /// Less the least of those told here.
    pub delta_aic: Number,
    /// Schwarz's criterion; parameters at minus infinity do not count.
    pub bic: Number,
    /// The same with them counted.
    pub bic_counting_infinite: Number,
    /// Lack of fit.
    pub deviance: Number,
    /// Histories fitted less finite parameters.
    pub degrees_of_freedom: Option<usize>,
    /// Terms at minus infinity; only with an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infinite: Option<Vec<String>>,
    /// Finite parameters; only with an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coefficients: Option<Vec<Coefficient>>,
    /// Only without an estimate: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of a formula: interactions that were not written, and that larger terms need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<Vec<String>>,
    /// With a bootstrap, of the model asked for: BCa, 95 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap_interval: Option<Ends>,
    /// With a bootstrap: how it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
}

/// A finite parameter.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coefficient {
    /// The term; null: the intercept, the logarithm of the persons on no list.
    pub term: Option<String>,
    /// The parameter, a logarithm.
    pub value: Number,
    /// Its standard error.
    pub standard_error: Number,
}

/// A bootstrap.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bootstrap {
    /// `BCa`.
    pub method: &'static str,
    /// Draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<usize>,
    /// Of these, without an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<usize>,
    /// From leaving out one person at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceleration: Option<Number>,
    /// Only if there is no interval: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A pair that stepwise added.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// The pair.
    pub pair: String,
    /// Persons on both lists.
    pub observed: u64,
    /// Persons on both that the model before expects.
    pub expected: Number,
    /// The smaller one-sided Poisson tail.
    pub p: Number,
}

/// Chao's lower bound.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chao {
    /// Observed + exp(β₀) of main effects on the histories of one and two lists, in persons.
    pub point: Number,
    /// 95 %.
    pub interval: Ends,
    /// f₁: persons on exactly one list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_one: Option<u64>,
    /// f₂: persons on exactly two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_two: Option<u64>,
    /// Only if there is none: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far reasonable models differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Disagreement {
    /// The greatest over the least.
    pub ratio: Number,
    /// The least estimate, in persons.
    pub low: Number,
    /// The greatest.
    pub high: Number,
    /// Whether the ratio is above 4/3.
    pub more_than_a_third: Option<bool>,
}

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stratum {
    /// The values of the columns; `(none)` for a blank cell.
    pub group: Map<String, Value>,
    /// What was estimated, or why nothing was.
    #[serde(flatten)]
    pub said: OfStratum,
}

/// What was estimated of a group.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OfStratum {
    /// The same as of all persons.
    Estimated(Box<Persons>),
    /// Nothing can be estimated.
    Not {
        /// Empty.
        estimates: Vec<Model>,
        /// Why.
        reason: String,
    },
}

/// A sum over groups.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sum {
    /// Persons on any list.
    pub observed: Option<u64>,
    /// Persons on lists or not.
    pub point: Number,
    /// 95 %, conditional on the models.
    pub interval: Ends,
    /// Only if some group has no estimate: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn ends((low, high): (f64, f64)) -> Ends {
    Ends(Some((low.into(), high.into())))
}

const NO_ENDS: Ends = Ends(None);

impl Said {
    /// Returns the answer with at most `top` models beside the one asked for.
    #[must_use]
    pub fn new(estimated: &Estimated, top: Option<usize>, record: Record) -> Self {
        let table = &estimated.table;
        let is_stratified = !table.by.is_empty();
        let stratum = |(key, population): (&Vec<String>, &Result<Population, Vec<HistoriesError>>)| Stratum {
            group: table.by.iter().cloned().zip(key.iter().map(|k| Value::from(k.as_str()))).collect(),
            said: of_stratum(population, top),
        };
        Self {
            file: estimated.file.clone(),
            lists: table.histories.names().to_vec(),
            count_column: table.count_column.clone(),
            by: table.by.clone(),
            notes: table.notes.iter().map(Words::plain).collect(),
            whole: persons(&estimated.whole, top),
            strata: is_stratified.then(|| estimated.strata.iter().map(stratum).collect()),
            sum: is_stratified.then(|| estimated.sum.as_ref().map(sum)),
            assumptions: ASSUMPTIONS,
            run: record,
        }
    }
}

fn of_stratum(population: &Result<Population, Vec<HistoriesError>>, top: Option<usize>) -> OfStratum {
    match population {
        Ok(p) => OfStratum::Estimated(Box::new(persons(p, top))),
        Err(errors) => OfStratum::Not {
            estimates: Vec::new(),
            reason: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        },
    }
}

fn sum(sum: &Result<mse::Sum, Vec<String>>) -> Sum {
    match sum {
        Ok(s) => Sum { observed: Some(s.n_observed), point: s.point.into(), interval: ends(s.interval), reason: None },
        Err(without) => Sum {
            observed: None,
            point: Number(None),
            interval: NO_ENDS,
            reason: Some(format!("no estimate for {}", without.join("; "))),
        },
    }
}

fn persons(p: &Population, top: Option<usize>) -> Persons {
    let shown = top.unwrap_or(MODELS).saturating_add(1).min(p.models.len());
    let least = p.models.iter().filter_map(|m| m.estimate.fit()).map(|f| f.aic).fold(f64::INFINITY, f64::min);
    let step = |s: &mse::Step| Step {
        pair: p.histories.name(s.pair),
        observed: s.observed,
        expected: s.expected.into(),
        p: s.p.into(),
    };
    let reasonable = p.survey.reasonable();
    Persons {
        observed: p.histories.n_observed(),
        on_number_of_lists: p.histories.by_number_of_lists(),
        headline: headline(p),
        range: range(p),
        estimates: p.models.iter().take(shown).enumerate().map(|(i, m)| model(p, m, i == 0, least)).collect(),
        omitted: p.models.len() - shown,
        steps: p.stepwise.steps.iter().map(step).collect(),
        chao: chao(p),
        disagreement: Disagreement {
            ratio: p.disagreement().into(),
            low: reasonable.map(|r| r.0).into(),
            high: reasonable.map(|r| r.1).into(),
            more_than_a_third: p.disagreement().map(|d| d > A_THIRD),
        },
        warnings: warnings(p),
    }
}

fn headline(p: &Population) -> Headline {
    let fit = p.headline();
    let (interval, method) = fit.map(|f| interval_of_headline(p, f)).unzip();
    let redrawn = p.redrawn.as_ref().and_then(|r| r.as_ref().ok());
    let nested = |n: &mse::Nested| Nested { models: n.n_models, interval: ends(n.interval) };
    Headline {
        model: if p.ranked.is_some() { "bic" } else { "stepwise" },
        point: fit.map(mse::Fit::point).into(),
        interval: interval.map_or(NO_ENDS, ends),
        method: method.unwrap_or_else(|| "no model has an estimate".to_owned()),
        bca_interval: redrawn.and_then(|r| r.bca.ok()).map_or(NO_ENDS, ends),
        of_models: p.ranked.as_ref().map(|r| r.n_models),
        max_order: p.ranked.as_ref().map(|r| r.max_order),
        nested: redrawn.map(|r| r.nested.iter().map(nested).collect()).unwrap_or_default(),
        settled: redrawn.map(mse::Redrawn::has_settled),
        same_model: redrawn.map(|r| r.same_model).into(),
    }
}

fn range(p: &Population) -> Range {
    let (points, intervals) = (p.survey.range(), p.survey.range_of_intervals(LEVEL));
    Range {
        low: points.map(|r| r.0).into(),
        high: points.map(|r| r.1).into(),
        lowest_bound: intervals.map(|r| r.0).into(),
        highest_bound: intervals.map(|r| r.1).into(),
        within_aic: WINDOW.into(),
        models: p.survey.window.len(),
        of_models: p.survey.n_models,
        fitted: p.survey.n_fitted,
        exhaustive: p.survey.exhaustive,
        reason: points.is_none().then_some("no model has an estimate"),
    }
}

fn model(p: &Population, named: &Named, is_asked: bool, least: f64) -> Model {
    let estimate = &named.estimate;
    let names = |terms: &[Term]| terms.iter().map(|t| p.histories.name(*t)).collect::<Vec<_>>();
    let formula = estimate.model.formula(&p.histories);
    let called = match p.asked {
        asked @ ("bic" | "main" | "stepwise") if is_asked => asked.to_owned(),
        "best_aic" => formula.clone(),
        _ if named.names.contains(&"stepwise") && !is_asked => "stepwise".to_owned(),
        _ => formula.clone(),
    };
    let fit = estimate.fit();
    let number = |value: fn(&mse::Fit) -> f64| Number(fit.map(value));
    let (bootstrap_interval, bootstrap) = if is_asked { bootstrap(p) } else { (None, None) };
    Model {
        model: called,
        names: named.names.clone(),
        formula,
        terms: names(&estimate.model.terms(p.histories.n_lists())),
        interactions: names(estimate.model.interactions()),
        status: estimate.outcome.as_ref().map_or_else(|e| e.status(), |_| "ok"),
        point: number(mse::Fit::point),
        hidden: number(|f| f.hidden),
        interval: fit.map_or(NO_ENDS, |f| ends(f.interval(LEVEL))),
        aic: number(|f| f.aic),
        delta_aic: Number(fit.map(|f| f.aic - least)),
        bic: number(|f| f.bic),
        bic_counting_infinite: number(|f| f.bic_counting_infinite),
        deviance: number(|f| f.deviance),
        degrees_of_freedom: fit.map(|f| f.degrees_of_freedom),
        infinite: fit.map(|f| names(&f.infinite)),
        coefficients: fit.map(|f| coefficients(p, f)),
        reason: estimate.outcome.as_ref().err().map(ToString::to_string),
        added: (is_asked && !p.added.is_empty()).then(|| names(&p.added)),
        bootstrap_interval,
        bootstrap,
    }
}

fn coefficients(p: &Population, fit: &mse::Fit) -> Vec<Coefficient> {
    let coefficient = |c: &mse::Coefficient| Coefficient {
        term: (c.term != Term::INTERCEPT).then(|| p.histories.name(c.term)),
        value: c.value.into(),
        standard_error: c.standard_error.into(),
    };
    fit.coefficients.iter().map(coefficient).collect()
}

fn bootstrap(p: &Population) -> (Option<Ends>, Option<Bootstrap>) {
    let said = match &p.bootstrap {
        None => return (None, None),
        Some(Ok(b)) => Bootstrap {
            method: "BCa",
            draws: Some(b.draws.len() + b.n_failed),
            failed: Some(b.n_failed),
            acceleration: Some(b.acceleration.into()),
            reason: b.interval.err().map(|reason| reason.to_string()),
        },
        Some(Err(reason)) => {
            Bootstrap { method: "BCa", draws: None, failed: None, acceleration: None, reason: Some(reason.to_string()) }
        }
    };
    let interval = p.bootstrap.as_ref().and_then(|b| b.as_ref().ok()?.interval.ok());
    (Some(interval.map_or(NO_ENDS, ends)), Some(said))
}

fn chao(p: &Population) -> Chao {
    match &p.chao {
        Ok(c) => Chao {
            point: c.point.into(),
            interval: ends(c.interval),
            on_one: Some(c.on_one),
            on_two: Some(c.on_two),
            reason: None,
        },
        Err(reason) => Chao {
            point: Number(None),
            interval: NO_ENDS,
            on_one: None,
            on_two: None,
            reason: Some(reason.to_string()),
        },
    }
}
