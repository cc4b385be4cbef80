//! Figures of this answer.

use super::answer::{A_THIRD, LEVEL, Named, Population};
use super::words::{deltas, interactions, interval_of_headline, name, names};
use crate::words::capital;
use nomoscope_core::reach::mse::Estimate;
use nomoscope_figure::hidden_population::{self, Dot, HiddenPopulation};
use nomoscope_figure::{Figure, Heading, View};

/// Returns the figure of all models that are told.
#[must_use]
pub fn figure(population: &Population, id: &str, note: Option<String>, view: View) -> Figure {
    let (aic, bic) = deltas(population);
    let answer = population.headline();
    let terms = |estimate: &Estimate| -> Vec<String> {
        estimate.model.interactions().iter().map(|t| population.histories.name(*t)).collect()
    };
    let dot = |named: &Named| {
        let fit = named.estimate.fit()?;
        let is_named = !named.names.is_empty();
        Some(Dot {
            is_bound: false,
            label: if is_named { capital(&names(named)) } else { interactions(population, &named.estimate) },
            named: is_named,
            is_answer: answer == Some(fit),
            terms: terms(&named.estimate),
            point: fit.point(),
            interval: fit.interval(LEVEL),
            delta_aic: Some(fit.aic - aic),
            delta_bic: Some(fit.bic - bic),
        })
    };
    let answer = answer.map(|fit| {
        let label = capital(name(if population.ranked.is_some() { "bic" } else { "stepwise" }));
        let (interval, _) = interval_of_headline(population, fit);
        Dot {
            label,
            named: true,
            is_answer: true,
            point: fit.point(),
            interval,
            delta_aic: Some(fit.aic - aic),
            delta_bic: Some(fit.bic - bic),
            ..Dot::default()
        }
    });
    let mut others = Vec::new();
    if let (Some(Ok(b)), Some(fit)) = (&population.bootstrap, population.fit())
        && let Ok(interval) = b.interval
        && interval.0 <= fit.point()
        && fit.point() <= interval.1
    {
        let label = format!("{}, bootstrap (BCa)", capital(name(population.asked)));
        others.push(Dot { label, named: true, point: fit.point(), interval, ..Dot::default() });
    }
    if let Ok(chao) = &population.chao {
        let label = "Chao’s lower bound".to_owned();
        others.push(Dot {
            label,
            is_bound: true,
            named: true,
            point: chao.point,
            interval: chao.interval,
            ..Dot::default()
        });
    }
    let model = HiddenPopulation {
        heading: Heading { id: id.to_owned(), note, ..Heading::default() },
        answer,
        models: population.models.iter().filter_map(dot).collect(),
        others,
        n_observed: population.histories.n_observed(),
        n_considered: population.survey.n_models.map(|n| n as u64),
        disagreement: population.disagreement().is_some_and(|d| d > A_THIRD),
    };
    hidden_population::draw(&model, view)
}
