//! Sentences of this answer.

use super::answer::{A_THIRD, Estimated, LEVEL, Named, Population};
use crate::refusal::Problem;
use crate::words::{capital, counted, thousands};
use nomoscope_core::reach::mse::{Estimate, Fit, Term, WINDOW};

/// Returns a number of persons as people read it: whole, or with one decimal where there are few.
#[must_use]
pub fn persons(value: f64) -> String {
    if !value.is_finite() {
        return "no number".to_owned();
    }
    if value < 1000.0 && (value - value.round()).abs() > 0.05 {
        format!("{value:.1}")
    } else {
        thousands(value.round() as u64)
    }
}

/// Returns an interval as people read it.
#[must_use]
pub fn bracket((low, high): (f64, f64)) -> String {
    format!("[{}; {}]", persons(low), persons(high))
}

/// Returns what people call a model that goes by this name.
#[must_use]
pub fn name(name: &str) -> &'static str {
    match name {
        "bic" => "least BIC",
        "main" => "main effects",
        "stepwise" => "stepwise",
        "best_aic" => "best AIC",
        "best_bic" => "best BIC of pairs, −∞ not counted",
        "best_bic_counting_infinite" => "best BIC of pairs",
        "chao" => "Chao's lower bound",
        _ => "formula",
    }
}

/// Returns the interactions of a model, `main effects` where it has none.
#[must_use]
pub fn interactions(population: &Population, estimate: &Estimate) -> String {
    let terms: Vec<String> = estimate.model.interactions().iter().map(|t| population.histories.name(*t)).collect();
    if terms.is_empty() { "main effects".to_owned() } else { terms.join(", ") }
}

/// Returns all names of a model as people call them.
#[must_use]
pub fn names(named: &Named) -> String {
    named.names.iter().map(|n| name(n)).collect::<Vec<_>>().join(", ")
}

/// Returns the answer: the model of least BIC with an interval that holds its choice, and how to read it.
///
/// Of more lists than all models can be fitted of it is the stepwise model.
#[must_use]
pub fn headline(population: &Population) -> Vec<String> {
    let Some(fit) = population.headline() else {
        return vec!["No estimate: no model has one.".to_owned()];
    };
    let n_lists = population.histories.n_lists();
    let best = population.ranked.as_ref();
    let (interval, how) = interval_of_headline(population, fit);
    let of = match best {
        Some(r) if r.max_order < 2 => "the only model of so few lists".to_owned(),
        Some(r) => format!(
            "the model of least BIC of {} with dependences of up to {} lists",
            counted(r.n_models, "model", "models"),
            r.max_order
        ),
        None => format!("the stepwise model, since {n_lists} lists have too many models to fit them all"),
    };
    let estimate = best.and_then(|r| r.best.first()).unwrap_or(&population.stepwise.estimate);
    let overlaps = if estimate.model.interactions().is_empty() {
        "no two lists depend on each other".to_owned()
    } else {
        format!(
            "lists depend on each other only through the overlaps that are modelled ({})",
            interactions(population, estimate)
        )
    };
    let mut out = vec![
        format!("About {} persons {}, on lists or not: {of}; {how}.", persons(fit.point()), bracket(interval)),
        format!(
            "This holds if {overlaps}. Where people differ in how easily they are found there are more: read the lower end, {}, as the finding.",
            persons(interval.0)
        ),
    ];
    if let Some(Ok(r)) = &population.redrawn {
        let bca =
            r.bca.map_or_else(|reason| format!("no BCa interval, because {reason}"), |i| format!("BCa {}", bracket(i)));
        let nested = r.nested.iter().map(|n| format!("{} of {}", bracket(n.interval), n.n_models)).collect::<Vec<_>>();
        out.push(format!(
            "Beside it: {bca}. Chosen among fewer models the interval is {}: {}. The draws choose the same model as the data in {:.0} %.",
            nested.join(", "),
            if r.has_settled() { "it has settled" } else { "it has not settled" },
            100.0 * r.same_model
        ));
    }
    out
}

/// Returns the interval of the headline, and how it was made.
#[must_use]
pub fn interval_of_headline(population: &Population, fit: &Fit) -> ((f64, f64), String) {
    match (&population.redrawn, &population.bootstrap) {
        (Some(Ok(r)), _) => (
            r.interval,
            format!(
                "95 % percentile interval of {}, the model chosen again in each",
                counted(r.n_draws, "draw", "draws")
            ),
        ),
        (None, Some(Ok(b))) if population.ranked.is_none() && population.asked == "stepwise" => match b.interval {
            Ok(interval) => (
                interval,
                format!(
                    "95 % BCa interval of {}, the model chosen again in each",
                    counted(b.draws.len(), "draw", "draws")
                ),
            ),
            Err(_) => (fit.interval(LEVEL), "95 % interval, conditional on the model".to_owned()),
        },
        (Some(Err(reason)), _) => {
            (fit.interval(LEVEL), format!("95 % interval, conditional on the model, because {reason}"))
        }
        _ => (fit.interval(LEVEL), "95 % interval, conditional on the model".to_owned()),
    }
}

/// Returns the range over all models that fit about as well.
#[must_use]
pub fn range(population: &Population) -> String {
    let survey = &population.survey;
    let of = match (survey.exhaustive, survey.n_models) {
        (true, Some(n)) => format!("of {}", counted(n, "model", "models")),
        (_, Some(n)) => format!(
            "found near the best of {} models, {} of them fitted",
            thousands(n as u64),
            thousands(survey.n_fitted as u64)
        ),
        (_, None) => format!("of {} that were fitted", counted(survey.n_fitted, "model", "models")),
    };
    let window = survey.window.len();
    match survey.range() {
        None => "No range: no model that was tried for it has an estimate.".to_owned(),
        Some((low, high)) if persons(low) == persons(high) => format!(
            "About {} persons, on lists or not: {} within {WINDOW} AIC of the best, {of}.",
            persons(low),
            if window == 1 {
                "only one model is".to_owned()
            } else {
                format!("{} are", counted(window, "model", "models"))
            }
        ),
        Some((low, high)) => format!(
            "Between {} and {} persons, on lists or not: the estimates of the {} within {WINDOW} AIC of the best, {of}.",
            persons(low),
            persons(high),
            counted(window, "model", "models"),
        ),
    }
}

/// Returns what follows the range: its intervals, the model asked for, the bootstrap and the lower bound.
#[must_use]
pub fn lines(population: &Population) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((low, high)) = population.survey.range_of_intervals(LEVEL) {
        let whose = if population.survey.window.len() == 1 {
            "Its interval of 95 % reaches"
        } else {
            "Their intervals of 95 % together reach"
        };
        out.push(format!("{whose} from {} to {}.", persons(low), persons(high)));
    }
    let asked = name(population.asked);
    match population.main().map(|e| (&e.outcome, e)) {
        Some((Ok(fit), estimate)) => out.extend(conditional(population, asked, fit, estimate)),
        Some((Err(reason), _)) => out.push(format!("{}: {reason}.", capital(asked))),
        None => {}
    }
    match &population.bootstrap {
        Some(Ok(b)) => {
            let again =
                if matches!(population.asked, "main" | "formula") { "" } else { ", the model chosen again in each" };
            let failed = if b.n_failed > 0 {
                format!(" ({} without an estimate left out)", counted(b.n_failed, "draw", "draws"))
            } else {
                String::new()
            };
            let n = thousands((b.draws.len() + b.n_failed) as u64);
            out.push(match &b.interval {
                Ok(interval) => format!("Bootstrap (BCa, {n} draws{again}): {}{failed}.", bracket(*interval)),
                Err(reason) => format!("Bootstrap ({n} draws{again}): no interval, because {reason}{failed}."),
            });
        }
        Some(Err(reason)) => out.push(format!("No bootstrap: {reason}.")),
        None => {}
    }
    out.push(match &population.chao {
        Ok(c) => format!(
            "Chao's lower bound: {} {}. A bound if what makes a person easier to find does so on every list alike, and lists do not depend on each other otherwise.",
            persons(c.point),
            bracket(c.interval),
        ),
        Err(reason) => format!("{}.", capital(&reason.to_string())),
    });
    out
}

/// Returns what one model says, conditional on it being right.
fn conditional(population: &Population, asked: &str, fit: &Fit, estimate: &Estimate) -> Vec<String> {
    let mut out = vec![format!(
        "{}: {} {}, conditional on this model ({}).",
        capital(asked),
        persons(fit.point()),
        bracket(fit.interval(LEVEL)),
        interactions(population, estimate)
    )];
    out.push(format!(
        "On the lists are {}; the model puts {} on none.",
        persons(fit.n_observed as f64),
        persons(fit.hidden)
    ));
    if !fit.infinite.is_empty() {
        out.push(format!(
            "At minus infinity, because nobody is on these lists at once: {}.",
            terms(population, &fit.infinite)
        ));
    }
    if !population.added.is_empty() {
        out.push(format!(
            "Added to the formula, because larger terms need them: {}.",
            terms(population, &population.added)
        ));
    }
    out
}

fn terms(population: &Population, terms: &[Term]) -> String {
    terms.iter().map(|t| population.histories.name(*t)).collect::<Vec<_>>().join(", ")
}

/// Returns what to be warned of.
#[must_use]
pub fn warnings(population: &Population) -> Vec<String> {
    let mut out = Vec::new();
    if let Some([(least, low), (greatest, high)]) = population.far_apart() {
        out.push(format!(
            "answers differ by more than a third: {} {}, {} {} ({:.1} times)",
            name(least),
            persons(low),
            name(greatest),
            persons(high),
            high / low
        ));
    }
    if let Some(Ok(r)) = &population.redrawn
        && !r.has_settled()
    {
        out.push(
            "the interval still changes with the number of models that each draw chooses among: it may be too narrow"
                .to_owned(),
        );
    }
    if let Some(Ok(r)) = &population.redrawn
        && r.n_failed * 20 > r.n_draws + r.n_failed
    {
        out.push("more than one draw in twenty has no estimate: the interval is too narrow".to_owned());
    }
    if let (Some(factor), Some((low, high))) = (population.disagreement(), population.survey.reasonable())
        && factor > A_THIRD
    {
        out.push(format!(
            "reasonable models differ by more than a third: from {} to {} ({factor:.1} times) over those within {WINDOW} AIC of the best and the best by BIC; quote the range, not one model",
            persons(low),
            persons(high)
        ));
    }
    if !population.survey.exhaustive {
        out.push("not every model could be tried: models that fit as well may lie outside the range".to_owned());
    }
    if population.histories.n_lists() == 2 && population.fit().is_some() {
        out.push(
            "two lists cannot show whether they depend on each other: the estimate assumes that they do not".to_owned(),
        );
    }
    if let Some(Ok(b)) = &population.bootstrap
        && b.n_failed * 20 > b.draws.len() + b.n_failed
    {
        out.push("more than one draw in twenty has no estimate: the bootstrap interval is too narrow".to_owned());
    }
    out
}

/// Returns the least AIC and the least BIC of the models that are told.
#[must_use]
pub fn deltas(population: &Population) -> (f64, f64) {
    let least = |value: fn(&Fit) -> f64| {
        population.models.iter().filter_map(|m| m.estimate.fit()).map(value).fold(f64::INFINITY, f64::min)
    };
    (least(|f| f.aic), least(|f| f.bic))
}

/// Returns the first lines of an estimate by groups; none where there are no groups.
#[must_use]
pub fn stratified(estimated: &Estimated) -> Option<String> {
    let n = estimated.strata.len();
    let by = estimated.by().join(" and ");
    Some(match estimated.sum.as_ref()? {
        Ok(sum) => {
            let ranges = estimated.strata.values().flatten().filter_map(|p| p.survey.range());
            let (low, high) = ranges.fold((0.0, 0.0), |(l, h), r| (l + r.0, h + r.1));
            let range = if persons(low) == persons(high) {
                format!("About {} persons", persons(low))
            } else {
                format!("Between {} and {} persons", persons(low), persons(high))
            };
            format!(
                "{range}, on lists or not: the sum over {n} groups by {by}, each with its models within {WINDOW} AIC of the best.\nOne model a group: {} {}, conditional on these models.",
                persons(sum.point),
                bracket(sum.interval)
            )
        }
        Err(without) => {
            format!("No sum over the {n} groups by {by}: no estimate for {}.", without.join("; "))
        }
    })
}

/// Returns why the model that was asked for has no estimate, and what another would give; none where it has one, or where
/// some group has.
#[must_use]
pub fn without_estimate(estimated: &Estimated) -> Option<Problem> {
    let population = &estimated.whole;
    let any_stratum = estimated.strata.values().flatten().any(|p| p.fit().is_some());
    let reason = population.main()?.outcome.as_ref().err().filter(|_| !any_stratum)?;
    let other = |wanted: &'static str| {
        let named = population.models.iter().find(|m| m.names.contains(&wanted))?;
        Some(format!("{} would give {}", name(wanted), persons(named.estimate.fit()?.point())))
    };
    let hint = match ["main", "stepwise"].into_iter().find_map(other) {
        Some(other) => format!("{}; {other}", reason.hint()),
        None => reason.hint().to_owned(),
    };
    Some(Problem::new("", reason.to_string()).hint(hint))
}
