//! `reach adoption --json`.

use crate::adoption::answer::{Adoption, GapReport, LagReport, TreatyReport, cautions};
use crate::attrition::json::interval;
use crate::json::number;
use nomoscope_core::reach::diffusion::{DiffusionError, Fit, Model};
use nomoscope_core::reach::gap::Gap;
use serde_json::{Value, json};

/// Returns the treaties and the gap.
#[must_use]
pub fn adoption(a: &Adoption, today: &str) -> Value {
    json!({
        "today": today,
        "treaties": a.treaties.iter().map(treaty).collect::<Vec<_>>(),
        "gap": a.gap.as_ref().map(gap),
        "lags": a.gap.iter().flat_map(|g| &g.lags).map(lag).collect::<Vec<_>>(),
        "level": 0.95,
        "cautions": cautions(a),
    })
}

fn treaty(report: &TreatyReport) -> Value {
    let t = &report.treaty;
    let best = report.best().map(|f| f.aic);
    json!({
        "treaty": t.name,
        "opened": t.opened().map(|d| d.to_string()),
        "until": report.until,
        "parties": t.parties(),
        "states": t.states(),
        "not_states": report.not_states(),
        "signatories": t.signatories(),
        "cumulative": report.curve.iter().map(|y| json!({
            "year": y.year,
            "parties": y.parties,
            "states": y.states,
            "world": y.world,
            "share": number(y.share()),
        })).collect::<Vec<_>>(),
        "tipping": json!({
            "date": report.tipping.ok().map(|t| t.date.to_string()),
            "states": report.tipping.ok().map(|t| t.states),
            "world": report.tipping.ok().map(|t| t.world),
            "reason": report.tipping.err().map(|e| e.to_string()),
        }),
        "fits": report.fits.iter().map(|(model, f)| fit(*model, f, best)).collect::<Vec<_>>(),
    })
}

fn fit(model: Model, fit: &Result<Fit, DiffusionError>, best: Option<f64>) -> Value {
    let known = fit.as_ref().ok();
    json!({
        "model": model.name(),
        "parameters": known.map_or_else(Vec::new, |f| f.parameters.iter().map(|p| json!({
            "name": p.name,
            "unit": p.unit,
            "estimate": number(Some(p.estimate)),
            "interval": interval(Some(p.interval)),
        })).collect()),
        "ln_likelihood": number(known.map(|f| f.ln_likelihood)),
        "aic": number(known.map(|f| f.aic)),
        "delta_aic": number(known.and_then(|f| best.map(|b| f.aic - b))),
        "reason": fit.as_ref().err().map(ToString::to_string),
    })
}

fn gap(report: &GapReport) -> Value {
    let known = report.gap.as_ref().ok();
    json!({
        "treaty": report.treaty,
        "until": known.map(|g| g.until),
        "observed": known.map(|g| g.observed),
        "unobserved": known.map_or_else(Vec::new, |g| g.unobserved.clone()),
        "steps": known.map_or_else(Vec::new, steps),
        "curve": known.map_or_else(Vec::new, |g| curve(report, g)),
        "reason": report.gap.as_ref().err().map(ToString::to_string),
    })
}

fn steps(gap: &Gap) -> Vec<Value> {
    let one = |b: &nomoscope_core::reach::gap::Behind| {
        json!({
            "step": b.step,
            "taken": b.taken,
            "states_behind": b.states,
            "years_behind": number(b.years),
            "acceptance_stood_there": b.level_reached.map(|d| d.to_string()),
            "before_accepting": b.before_accepting,
            "a_third_by": b.third,
            "reason": b.reason,
        })
    };
    gap.behind.iter().map(one).collect()
}

fn curve(report: &GapReport, gap: &Gap) -> Vec<Value> {
    let one = |y: &nomoscope_core::reach::gap::GapYear| {
        let mut row = json!({ "year": y.year, "accepted": y.accepted });
        for (step, n) in report.steps.iter().zip(&y.taken) {
            if let Some(map) = row.as_object_mut() {
                map.insert(step.clone(), json!(n));
            }
        }
        row
    };
    gap.curve.iter().map(one).collect()
}

fn lag(lag: &LagReport) -> Value {
    let s = lag.survival.as_ref().ok();
    json!({
        "from": lag.from,
        "to": lag.to,
        "states": s.map_or(0, |s| s.n),
        "taken": s.map_or(0, |s| s.taken),
        "already": lag.lags.already,
        "not_dated": lag.lags.undated,
        "not_observed": lag.lags.unobserved,
        "median_years": number(s.and_then(|s| s.median)),
        "interval": interval(s.map(|s| s.median_interval)),
        "steps": s.map_or_else(Vec::new, |s| s.steps.iter().map(|step| json!({
            "years": number(Some(step.years)),
            "at_risk": step.at_risk,
            "taken": step.taken,
            "share_taken": number(Some(1.0 - step.waiting)),
            "band": step.band.map(|b| json!([number(b.upper.map(|v| 1.0 - v)), number(b.lower.map(|v| 1.0 - v))])),
        })).collect::<Vec<_>>()),
        "reason": match (s, s.and_then(|s| s.median)) {
            (None, _) => lag.survival.as_ref().err().cloned(),
            (Some(_), None) => Some("half have not taken the step".to_owned()),
            _ => None,
        },
    })
}
