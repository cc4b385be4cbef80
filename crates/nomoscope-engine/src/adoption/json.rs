//! The answer serialised.

use super::answer::{Adoption, GapReport, LEVEL, LagReport, TreatyReport};
use super::words::cautions;
use crate::json::{Ends, Number};
use nomoscope_core::reach::adoption as core;
use nomoscope_core::reach::diffusion::{self, DiffusionError};
use nomoscope_core::reach::gap;
use nomoscope_core::reach::survival;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// Which states joined, and what they did then.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The day after which no date can lie.
    pub today: String,
    /// In the order given.
    pub treaties: Vec<Treaty>,
    /// Null without tables of further steps.
    pub gap: Option<Gap>,
    /// Pairs of steps; empty without tables of further steps.
    pub lags: Vec<Lag>,
    /// Of intervals and bands.
    pub level: Number,
    /// What must be said with the numbers.
    pub cautions: Vec<String>,
}

/// A treaty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Treaty {
    /// Its name.
    pub treaty: String,
    /// The first date in the table.
    pub opened: Option<String>,
    /// The year at whose end the observation ends.
    pub until: u16,
    /// Parties at the end of the observation, organisations included.
    pub parties: u64,
    /// States of these.
    pub states: u64,
    /// Codes of parties that are no states: organisations, territories, what is not yet a state.
    pub not_states: Vec<String>,
    /// Codes of those that joined and are parties no more: they withdrew, or are states no more.
    pub left: Vec<String>,
    /// Participants with a date of signature.
    pub signatories: u64,
    /// Every year from the first with a party.
    pub cumulative: Vec<Year>,
    /// When a third of the world's states had joined.
    pub tipping: Tipping,
    /// Logistic, Gompertz, Bass.
    pub fits: Vec<Fit>,
}

/// A year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Year {
    /// The year.
    pub year: u16,
    /// Parties at its end.
    pub parties: u64,
    /// States of these.
    pub states: u64,
    /// States in the world at its end; null before October 1945.
    pub world: Option<u64>,
    /// States over world.
    pub share: Number,
}

/// When a third of the world's states had joined.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tipping {
    /// The day.
    pub date: Option<String>,
    /// States that had joined by then.
    pub states: Option<u64>,
    /// States in the world on that day.
    pub world: Option<u64>,
    /// Why there is no day.
    pub reason: Option<String>,
}

/// A fitted curve.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fit {
    /// The curve.
    pub model: &'static str,
    /// Two of the curve, then the ceiling.
    pub parameters: Vec<Parameter>,
    /// Without the multinomial coefficient.
    pub ln_likelihood: Number,
    /// Akaike's information criterion.
    pub aic: Number,
    /// Above the lowest.
    pub delta_aic: Number,
    /// Why there is no curve.
    pub reason: Option<String>,
}

/// A parameter of a curve.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Parameter {
    /// `rate`, `midpoint`, `inflection`, `innovation`, `imitation`, `ceiling`.
    pub name: &'static str,
    /// `1/year`, `year`, `states`.
    pub unit: &'static str,
    /// Maximum likelihood.
    pub estimate: Number,
    /// Profile likelihood; an end is null where the data set no limit.
    pub interval: Ends,
}

/// The implementation gap.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gap {
    /// The treaty.
    pub treaty: String,
    /// The year at whose end it is measured.
    pub until: Option<u16>,
    /// States that accepted and that all tables know.
    pub observed: Option<u64>,
    /// Codes of states that accepted and that some table does not know.
    pub unobserved: Vec<String>,
    /// One entry a step.
    pub steps: Vec<Step>,
    /// Every year in which all tables look at states: `year`, `accepted`, and the states that took each step, by its name.
    pub curve: Vec<Map<String, Value>>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// A step after acceptance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// `criminalised`, `convicted`.
    pub step: String,
    /// States that had accepted and taken it.
    pub taken: u64,
    /// States that had accepted and not taken it.
    pub states_behind: u64,
    /// Years since as many had accepted as have taken it at the end.
    pub years_behind: Number,
    /// When that was.
    pub acceptance_stood_there: Option<String>,
    /// States that took it before they accepted.
    pub before_accepting: u64,
    /// The year by whose end a third of the world's states had taken it.
    pub a_third_by: Option<u16>,
    /// Why there are no years.
    pub reason: Option<&'static str>,
}

/// The time from one step to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lag {
    /// `accepted`, or a step.
    pub from: String,
    /// A step.
    pub to: String,
    /// States that were watched.
    pub states: u64,
    /// States that took the second step.
    pub taken: u64,
    /// Of these, before or with the first.
    pub already: u64,
    /// States whose second step lies between two distant observations.
    pub not_dated: u64,
    /// States that nobody watched after the first step.
    pub not_observed: u64,
    /// Years by which half had taken it.
    pub median_years: Number,
    /// Of the median; an end is null where it is open.
    pub interval: Ends,
    /// The Kaplan-Meier estimate.
    pub steps: Vec<Taken>,
    /// Why there is no median.
    pub reason: Option<String>,
}

/// A step of the Kaplan-Meier estimate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Taken {
    /// Years since the first step.
    pub years: Number,
    /// States still waiting just before.
    pub at_risk: u64,
    /// States that took it then.
    pub taken: u64,
    /// Share that had taken it after this time.
    pub share_taken: Number,
    /// Pointwise 95 % band; null at 1.
    pub band: Ends,
}

impl From<&Adoption> for Said {
    fn from(a: &Adoption) -> Self {
        Self {
            today: a.today.to_string(),
            treaties: a.treaties.iter().map(treaty).collect(),
            gap: a.gap.as_ref().map(gap_of),
            lags: a.gap.iter().flat_map(|g| &g.lags).map(lag).collect(),
            level: LEVEL.into(),
            cautions: cautions(a),
        }
    }
}

fn treaty(report: &TreatyReport) -> Treaty {
    let t = &report.treaty;
    let best = report.best().map(|f| f.aic);
    let year = |y: &core::Year| Year {
        year: y.year,
        parties: y.parties,
        states: y.states,
        world: y.world,
        share: y.share().into(),
    };
    let tip = report.tipping.ok();
    Treaty {
        treaty: t.name.clone(),
        opened: t.opened().map(|d| d.to_string()),
        until: report.until,
        parties: t.parties(report.end()),
        states: t.states(report.end()),
        not_states: report.not_states().into_iter().map(str::to_owned).collect(),
        left: report.left().into_iter().map(str::to_owned).collect(),
        signatories: t.signatories(),
        cumulative: report.curve.iter().map(year).collect(),
        tipping: Tipping {
            date: tip.map(|t| t.date.to_string()),
            states: tip.map(|t| t.states),
            world: tip.map(|t| t.world),
            reason: report.tipping.err().map(|e| e.to_string()),
        },
        fits: report.fits.iter().map(|(model, f)| fit(*model, f, best)).collect(),
    }
}

fn fit(model: diffusion::Model, fit: &Result<diffusion::Fit, DiffusionError>, best: Option<f64>) -> Fit {
    let known = fit.as_ref().ok();
    let parameter = |p: &diffusion::Parameter| Parameter {
        name: p.name,
        unit: p.unit,
        estimate: p.estimate.into(),
        interval: Some(p.interval).into(),
    };
    Fit {
        model: model.name(),
        parameters: known.map_or_else(Vec::new, |f| f.parameters.iter().map(parameter).collect()),
        ln_likelihood: known.map(|f| f.ln_likelihood).into(),
        aic: known.map(|f| f.aic).into(),
        delta_aic: known.and_then(|f| best.map(|b| f.aic - b)).into(),
        reason: fit.as_ref().err().map(ToString::to_string),
    }
}

fn gap_of(report: &GapReport) -> Gap {
    let known = report.gap.as_ref().ok();
    let step = |b: &gap::Behind| Step {
        step: b.step.clone(),
        taken: b.taken,
        states_behind: b.states,
        years_behind: b.years.into(),
        acceptance_stood_there: b.level_reached.map(|d| d.to_string()),
        before_accepting: b.before_accepting,
        a_third_by: b.third,
        reason: b.reason,
    };
    let year = |y: &gap::GapYear| {
        let fixed = [("year".to_owned(), y.year.into()), ("accepted".to_owned(), y.accepted.into())];
        fixed.into_iter().chain(report.steps.iter().cloned().zip(y.taken.iter().map(|n| (*n).into()))).collect()
    };
    Gap {
        treaty: report.treaty.clone(),
        until: known.map(|g| g.until),
        observed: known.map(|g| g.observed),
        unobserved: known.map_or_else(Vec::new, |g| g.unobserved.clone()),
        steps: known.map_or_else(Vec::new, |g| g.behind.iter().map(step).collect()),
        curve: known.map_or_else(Vec::new, |g| g.curve.iter().map(year).collect()),
        reason: report.gap.as_ref().err().map(ToString::to_string),
    }
}

fn lag(lag: &LagReport) -> Lag {
    let s = lag.survival.as_ref().ok();
    let taken = |step: &survival::Step| Taken {
        years: step.years.into(),
        at_risk: step.at_risk,
        taken: step.taken,
        share_taken: (1.0 - step.waiting).into(),
        // The band of those who wait, turned over.
        band: Ends(step.band.map(|b| (b.upper.map(|v| 1.0 - v).into(), b.lower.map(|v| 1.0 - v).into()))),
    };
    Lag {
        from: lag.from.clone(),
        to: lag.to.clone(),
        states: s.map_or(0, |s| s.n),
        taken: s.map_or(0, |s| s.taken),
        already: lag.lags.already,
        not_dated: lag.lags.undated,
        not_observed: lag.lags.unobserved,
        median_years: s.and_then(|s| s.median).into(),
        interval: s.map(|s| s.median_interval).into(),
        steps: s.map_or_else(Vec::new, |s| s.steps.iter().map(taken).collect()),
        reason: match (s, s.and_then(|s| s.median)) {
            (None, _) => lag.survival.as_ref().err().cloned(),
            (Some(_), None) => Some("half have not taken the step".to_owned()),
            _ => None,
        },
    }
}
