//! `reach estimate --json`.

use super::number;
use crate::estimate::{A_THIRD, ASSUMPTIONS, Answer, LEVEL, Named, Population};
use crate::report::estimate_section::warnings;
use nomoscope_core::reach::mse::{Fit, Sum, Term, WINDOW};
use nomoscope_formats::list_table::ListTable;
use serde_json::{Map, Value, json};

/// The most models listed where nobody said how many.
const MODELS: usize = 50_000;

/// Returns `reach estimate --json`: of at most `top` models beside the one asked for.
#[must_use]
pub fn estimate(file: &str, table: &ListTable, answer: &Answer, top: Option<usize>, run: Value) -> Value {
    let mut out = Map::new();
    out.insert("file".to_owned(), json!(file));
    out.insert("lists".to_owned(), json!(table.histories.names()));
    out.insert("count_column".to_owned(), json!(table.count_column));
    out.insert("by".to_owned(), json!(table.by));
    out.insert(
        "notes".to_owned(),
        json!(table.notes.iter().map(nomoscope_core::problem::Words::plain).collect::<Vec<_>>()),
    );
    population(&answer.whole, top, &mut out);
    if !table.by.is_empty() {
        let strata: Vec<Value> = answer.strata.iter().map(|(key, p)| stratum(&table.by, key, p, top)).collect();
        out.insert("strata".to_owned(), json!(strata));
        out.insert("sum".to_owned(), answer.sum.as_ref().map_or(Value::Null, sum));
    }
    out.insert("assumptions".to_owned(), json!(ASSUMPTIONS));
    out.insert("run".to_owned(), run);
    Value::Object(out)
}

fn stratum(
    by: &[String],
    key: &[String],
    population_or: &Result<Population, Vec<nomoscope_core::reach::mse::HistoriesError>>,
    top: Option<usize>,
) -> Value {
    let group: Map<String, Value> = by.iter().cloned().zip(key.iter().map(|k| json!(k))).collect();
    let mut out = Map::from_iter([("group".to_owned(), Value::Object(group))]);
    match population_or {
        Ok(p) => population(p, top, &mut out),
        Err(errors) => {
            let reasons: Vec<String> = errors.iter().map(ToString::to_string).collect();
            out.insert("estimates".to_owned(), json!([]));
            out.insert("reason".to_owned(), json!(reasons.join("; ")));
        }
    }
    Value::Object(out)
}

fn sum(sum: &Result<Sum, Vec<String>>) -> Value {
    match sum {
        Ok(s) => json!({ "observed": s.n_observed, "point": s.point, "interval": [s.interval.0, s.interval.1] }),
        Err(without) => json!({
            "observed": null, "point": null, "interval": null,
            "reason": format!("no estimate for {}", without.join("; ")),
        }),
    }
}

fn population(p: &Population, top: Option<usize>, out: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("observed", json!(p.histories.n_observed()));
    put("on_number_of_lists", json!(p.histories.by_number_of_lists()));
    put("range", range(p));
    let shown = top.unwrap_or(MODELS).saturating_add(1).min(p.models.len());
    let least = p.models.iter().filter_map(|m| m.estimate.fit()).map(|f| f.aic).fold(f64::INFINITY, f64::min);
    let estimates: Vec<Value> =
        p.models.iter().take(shown).enumerate().map(|(i, m)| model(p, m, i == 0, least)).collect();
    put("estimates", json!(estimates));
    put("omitted", json!(p.models.len() - shown));
    put(
        "steps",
        json!(
            p.stepwise
                .steps
                .iter()
                .map(|s| json!({
        "pair": p.histories.name(s.pair), "observed": s.observed, "expected": s.expected, "p": s.p }))
                .collect::<Vec<_>>()
        ),
    );
    put("chao", chao(p));
    put(
        "disagreement",
        json!({
            "ratio": number(p.disagreement()),
            "low": number(p.survey.reasonable().map(|r| r.0)),
            "high": number(p.survey.reasonable().map(|r| r.1)),
            "more_than_a_third": p.disagreement().map(|d| d > A_THIRD),
        }),
    );
    put("warnings", json!(warnings(p)));
}

fn range(p: &Population) -> Value {
    let (points, intervals) = (p.survey.range(), p.survey.range_of_intervals(LEVEL));
    let mut out = json!({
        "low": number(points.map(|r| r.0)),
        "high": number(points.map(|r| r.1)),
        "lowest_bound": number(intervals.map(|r| r.0)),
        "highest_bound": number(intervals.map(|r| r.1)),
        "within_aic": WINDOW,
        "models": p.survey.window.len(),
        "of_models": p.survey.n_models,
        "fitted": p.survey.n_fitted,
        "exhaustive": p.survey.exhaustive,
    });
    if points.is_none() {
        out["reason"] = json!("no model has an estimate");
    }
    out
}

fn model(p: &Population, named: &Named, is_asked: bool, least: f64) -> Value {
    let estimate = &named.estimate;
    let name = |t: &Term| p.histories.name(*t);
    let formula = estimate.model.formula(&p.histories);
    let called = match p.asked {
        asked @ ("main" | "stepwise") if is_asked => asked.to_owned(),
        "best_aic" => formula.clone(),
        _ if named.names.contains(&"stepwise") && !is_asked => "stepwise".to_owned(),
        _ => formula.clone(),
    };
    let mut out = json!({
        "model": called,
        "names": named.names,
        "formula": formula,
        "terms": estimate.model.terms(p.histories.n_lists()).iter().map(name).collect::<Vec<_>>(),
        "interactions": estimate.model.interactions().iter().map(name).collect::<Vec<_>>(),
        "status": estimate.outcome.as_ref().map_or_else(|e| e.status(), |_| "ok"),
    });
    match &estimate.outcome {
        Ok(fit) => fitted(p, fit, least, &mut out),
        Err(reason) => {
            let keys = [
                "point",
                "hidden",
                "interval",
                "aic",
                "delta_aic",
                "bic",
                "bic_counting_infinite",
                "deviance",
                "degrees_of_freedom",
            ];
            keys.into_iter().for_each(|key| out[key] = Value::Null);
            out["reason"] = json!(reason.to_string());
        }
    }
    if is_asked {
        if !p.added.is_empty() {
            out["added"] = json!(p.added.iter().map(name).collect::<Vec<_>>());
        }
        bootstrap(p, &mut out);
    }
    out
}

fn fitted(p: &Population, fit: &Fit, least: f64, out: &mut Value) {
    let (low, high) = fit.interval(LEVEL);
    let term = |t: Term| if t == Term::INTERCEPT { Value::Null } else { json!(p.histories.name(t)) };
    out["point"] = json!(fit.point());
    out["hidden"] = json!(fit.hidden);
    out["interval"] = json!([low, high]);
    out["aic"] = json!(fit.aic);
    out["delta_aic"] = json!(fit.aic - least);
    out["bic"] = json!(fit.bic);
    out["bic_counting_infinite"] = json!(fit.bic_counting_infinite);
    out["deviance"] = json!(fit.deviance);
    out["degrees_of_freedom"] = json!(fit.degrees_of_freedom);
    out["infinite"] = json!(fit.infinite.iter().map(|t| p.histories.name(*t)).collect::<Vec<_>>());
    out["coefficients"] = json!(
        fit.coefficients
            .iter()
            .map(|c| json!({
        "term": term(c.term), "value": c.value, "standard_error": c.standard_error }))
            .collect::<Vec<_>>()
    );
}

fn bootstrap(p: &Population, out: &mut Value) {
    match &p.bootstrap {
        None => {}
        Some(Ok(b)) => {
            out["bootstrap_interval"] = b.interval.map_or(Value::Null, |(low, high)| json!([low, high]));
            let mut detail = json!({
                "method": "BCa", "draws": b.draws.len() + b.n_failed, "failed": b.n_failed, "acceleration": b.acceleration });
            if let Err(reason) = b.interval {
                detail["reason"] = json!(reason.to_string());
            }
            out["bootstrap"] = detail;
        }
        Some(Err(reason)) => {
            out["bootstrap_interval"] = Value::Null;
            out["bootstrap"] = json!({ "method": "BCa", "reason": reason.to_string() });
        }
    }
}

fn chao(p: &Population) -> Value {
    match &p.chao {
        Ok(c) => json!({
            "point": c.point,
            "interval": [c.interval.0, c.interval.1],
            "point_of_few_lists": c.point_of_few_lists,
            "on_one": c.on_one,
            "on_two": c.on_two,
        }),
        Err(reason) => {
            json!({ "point": null, "interval": null, "point_of_few_lists": null, "reason": reason.to_string() })
        }
    }
}
