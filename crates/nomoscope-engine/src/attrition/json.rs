//! `reach attrition --json`.

use crate::attrition::answer::{Attrition, GroupLadder, cautions};
use crate::json::number;
use nomoscope_core::reach::attrition::{Count, Ladder, Ratio, Size};
use nomoscope_core::stats::Interval;
use serde_json::{Map, Value, json};

/// Returns an interval as its two ends, each null where it is open; null where there is none.
pub(crate) fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]))
}

fn group(pairs: &[(String, String)]) -> Value {
    pairs.iter().map(|(k, v)| (k.clone(), json!(v))).collect::<Map<_, _>>().into()
}

/// Returns the ladders.
#[must_use]
pub fn attrition(a: &Attrition) -> Value {
    json!({
        "title": a.title,
        "caution": a.caution,
        "mixed": a.ladders.iter().any(|l| l.ladder.as_ref().is_ok_and(|l| l.mixed)),
        "ladders": a.ladders.iter().map(ladder).collect::<Vec<_>>(),
        "counts": a.counts.iter().map(|c| json!({
            "group": group(&c.group),
            "indicator": c.label,
            "unit": c.unit,
            "reports": c.reports,
            "low": number(Some(c.count.low())),
            "high": number(Some(c.count.high())),
            "suppressed_cells": c.count.suppressed(),
        })).collect::<Vec<_>>(),
        "level": a.settings.level,
        "draws": a.settings.draws,
        "seed": a.settings.seed.0,
        "suppressed_from": a.suppressed_from,
        "cautions": cautions(a),
    })
}

fn ladder(g: &GroupLadder) -> Value {
    let (stages, ratios, from_first, differences) = match &g.ladder {
        Ok(l) => (stages(l), ratios(l, &l.steps), ratios(l, &l.from_first), differences(l)),
        Err(_) => Default::default(),
    };
    json!({
        "group": group(&g.group),
        "reporting_all": g.reporting.map(|r| r.0),
        "reporting_any": g.reporting.map(|r| r.1),
        "stages": stages,
        "ratios": ratios,
        "from_first": from_first,
        "differences": differences,
        "reason": g.ladder.as_ref().err(),
    })
}

fn stages(ladder: &Ladder) -> Vec<Value> {
    let one = |(stage, count): (&nomoscope_core::reach::attrition::Stage, &Count)| {
        let one_in = match stage.size {
            Size::OneIn { n, .. } => Some(n),
            Size::Count(_) => None,
        };
        json!({
            "id": stage.id,
            "label": stage.label,
            "unit": stage.unit,
            "year": stage.year,
            "kind": stage.kind.map(|k| k.name()),
            "population": stage.population,
            "source": stage.source,
            "note": stage.note,
            "count": number(Some(count.point()).filter(|_| one_in.is_none())),
            "low": number(Some(count.low()).filter(|_| one_in.is_none())),
            "high": number(Some(count.high()).filter(|_| one_in.is_none())),
            "suppressed_cells": count.suppressed(),
            "stated_one_in": number(one_in),
        })
    };
    ladder.stages.iter().zip(&ladder.counts).map(one).collect()
}

fn ratios(ladder: &Ladder, ratios: &[Ratio]) -> Vec<Value> {
    let id = |at: usize| ladder.stages.get(at).map(|s| s.id.as_str());
    let one = |r: &Ratio| {
        json!({
            "from": id(r.from),
            "to": id(r.to),
            "ratio": number(r.ratio),
            "interval": interval(r.interval),
            "one_in": number(r.ratio.filter(|v| *v > 0.0).map(|v| 1.0 / v)),
            "order_of_magnitude": r.order,
            "reason": r.reason,
        })
    };
    ratios.iter().map(one).collect()
}

fn differences(ladder: &Ladder) -> Vec<Value> {
    let one = |d: &nomoscope_core::reach::attrition::Difference| json!({ "from": d.from, "to": d.to, "what": d.what, "before": d.before, "after": d.after });
    ladder.differences.iter().map(one).collect()
}
