//! What a table of lists says, in words, tables and a figure: for the terminal, the report and the files beside it.

use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use super::words::{capital, counted, thousands};
use crate::estimate::{A_THIRD, ASSUMPTIONS, Answer, LEVEL, Named, Population};
use nomoscope_core::reach::mse::{Estimate, Fit, Term, WINDOW};
use nomoscope_core::table::{Cell, Table};
use nomoscope_figure::hidden_population::{self, Dot, HiddenPopulation};
use nomoscope_figure::{Figure, Heading, View};

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
        "main" => "main effects",
        "stepwise" => "stepwise",
        "best_aic" => "best AIC",
        "best_bic" => "best BIC",
        "best_bic_counting_infinite" => "best BIC, −∞ counted",
        _ => "formula",
    }
}

/// Returns the interactions of a model, `main effects` where it has none.
#[must_use]
pub fn interactions(population: &Population, estimate: &Estimate) -> String {
    let terms: Vec<String> = estimate.model.interactions().iter().map(|t| population.histories.name(*t)).collect();
    if terms.is_empty() { "main effects".to_owned() } else { terms.join(", ") }
}

fn names(named: &Named) -> String {
    named.names.iter().map(|n| name(n)).collect::<Vec<_>>().join(", ")
}

/// Returns the answer: the range over all models that fit about as well.
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
        None => "No estimate: no model has one.".to_owned(),
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
        out.push(format!("Their intervals of 95 % together reach from {} to {}.", persons(low), persons(high)));
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
            "Chao's lower bound: {} {}; {} if the {} lists are alike. A bound only if persons differ and lists do not depend on each other.",
            persons(c.point),
            bracket(c.interval),
            persons(c.point_of_few_lists),
            population.histories.n_lists()
        ),
        Err(reason) => format!("{}.", capital(&reason.to_string())),
    });
    out
}

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

fn deltas(population: &Population) -> (f64, f64) {
    let least = |value: fn(&Fit) -> f64| {
        population.models.iter().filter_map(|m| m.estimate.fit()).map(value).fold(f64::INFINITY, f64::min)
    };
    (least(|f| f.aic), least(|f| f.bic))
}

/// Returns the models as a table, the one asked for first.
#[must_use]
pub fn models_table(population: &Population, id: &str, title: &str) -> Table {
    let columns =
        ["model", "persons", "lower", "upper", "delta_aic", "delta_bic", "deviance", "df", "status", "interactions"];
    let mut table = Table::new(id, title, &columns);
    let (aic, bic) = deltas(population);
    for named in &population.models {
        let label = Cell::text(names(named));
        let terms = Cell::text(interactions(population, &named.estimate));
        table.push(match &named.estimate.outcome {
            Ok(fit) => {
                let (low, high) = fit.interval(LEVEL);
                let digits = u8::from(fit.point() < 1000.0);
                vec![
                    label,
                    Cell::number(fit.point(), digits),
                    Cell::number(low, digits),
                    Cell::number(high, digits),
                    Cell::number(fit.aic - aic, 1),
                    Cell::number(fit.bic - bic, 1),
                    Cell::number(fit.deviance, 1),
                    Cell::Count(fit.degrees_of_freedom as u64),
                    Cell::text("ok"),
                    terms,
                ]
            }
            Err(reason) => {
                let mut row = vec![label];
                row.extend((0..7).map(|_| Cell::Missing("the model has no estimate")));
                row.extend([Cell::text(reason.status()), terms]);
                row
            }
        });
    }
    table.notes.push("lower, upper: interval of 95 %, conditional on the model. delta: less the least of this table; AIC counts parameters at minus infinity, BIC does not.".to_owned());
    table
}

/// Returns the parameters of the model asked for.
#[must_use]
pub fn coefficients_table(population: &Population, id: &str) -> Table {
    let columns = ["term", "on_all_of_them", "estimate", "standard_error"];
    let mut table = Table::new(id, format!("Parameters of the model ({})", name(population.asked)), &columns);
    let Some(fit) = population.fit() else { return table };
    for c in &fit.coefficients {
        let term =
            if c.term == Term::INTERCEPT { "(on no list)".to_owned() } else { population.histories.name(c.term) };
        let n = if c.term == Term::INTERCEPT {
            Cell::Missing("nobody is seen there")
        } else {
            Cell::Count(population.histories.margin(c.term))
        };
        table.push(vec![Cell::text(term), n, Cell::number(c.value, 4), Cell::number(c.standard_error, 4)]);
    }
    for term in &fit.infinite {
        let missing = || Cell::Missing("minus infinity");
        table.push(vec![Cell::text(population.histories.name(*term)), Cell::Count(0), missing(), missing()]);
    }
    table.notes.push("Logarithms of persons; a parameter without a number is minus infinity.".to_owned());
    table
}

/// Returns what stepwise added, in order.
#[must_use]
pub fn steps_table(population: &Population, id: &str) -> Table {
    let mut table = Table::new(id, "Pairs that stepwise added", &["pair", "on_both", "expected", "p"]);
    for step in &population.stepwise.steps {
        table.push(vec![
            Cell::text(population.histories.name(step.pair)),
            Cell::Count(step.observed),
            Cell::number(step.expected, 1),
            Cell::text(if step.p < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", step.p) }),
        ]);
    }
    table
}

/// Returns strata, if there are any, and their sum.
#[must_use]
pub fn strata_table(answer: &Answer, by: &[String], id: &str) -> Table {
    let mut columns: Vec<&str> = by.iter().map(String::as_str).collect();
    columns.extend(["on_lists", "persons", "lower", "upper", "lowest_model", "highest_model", "reason"]);
    let mut table = Table::new(id, "By group", &columns);
    let none = |reason| Cell::Missing(reason);
    for (key, stratum) in &answer.strata {
        let mut row: Vec<Cell> = key.iter().map(Cell::text).collect();
        match stratum {
            Ok(p) => {
                row.push(Cell::Count(p.histories.n_observed()));
                row.extend(p.fit().map_or_else(
                    || (0..3).map(|_| none("no estimate")).collect::<Vec<_>>(),
                    |f| [f.point(), f.interval(LEVEL).0, f.interval(LEVEL).1].map(|v| Cell::number(v, 0)).to_vec(),
                ));
                let (low, high) = p.survey.range().map_or((f64::NAN, f64::NAN), |r| r);
                row.extend([Cell::number(low, 0), Cell::number(high, 0)]);
                let reason = p.main().and_then(|e| e.outcome.as_ref().err().map(ToString::to_string));
                row.push(Cell::text(reason.unwrap_or_default()));
            }
            Err(errors) => {
                row.extend((0..6).map(|_| none("no estimate")));
                row.push(Cell::text(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")));
            }
        }
        table.push(row);
    }
    if let Some(sum) = &answer.sum {
        let mut row: Vec<Cell> =
            by.iter().enumerate().map(|(i, _)| Cell::text(if i == 0 { "(sum)" } else { "" })).collect();
        match sum {
            Ok(s) => {
                row.extend([Cell::Count(s.n_observed), Cell::number(s.point, 0)]);
                row.extend([s.interval.0, s.interval.1].map(|v| Cell::number(v, 0)));
                row.extend([none("a sum"), none("a sum"), Cell::text("")]);
            }
            Err(without) => {
                row.extend((0..6).map(|_| none("no estimate")));
                row.push(Cell::text(format!("no estimate for {}", without.join("; "))));
            }
        }
        table.push(row);
    }
    table
}

/// Returns the figure of all models that are told.
#[must_use]
pub fn figure(population: &Population, id: &str, note: Option<String>, view: View) -> Figure {
    let (aic, bic) = deltas(population);
    let dot = |named: &Named| {
        let fit = named.estimate.fit()?;
        let is_named = !named.names.is_empty();
        Some(Dot {
            label: if is_named { capital(&names(named)) } else { interactions(population, &named.estimate) },
            named: is_named,
            point: fit.point(),
            interval: fit.interval(LEVEL),
            delta_aic: Some(fit.aic - aic),
            delta_bic: Some(fit.bic - bic),
        })
    };
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
        others.push(Dot { label, named: true, point: chao.point, interval: chao.interval, ..Dot::default() });
    }
    let model = HiddenPopulation {
        heading: Heading { id: id.to_owned(), note, ..Heading::default() },
        models: population.models.iter().filter_map(dot).collect(),
        others,
        n_observed: population.histories.n_observed(),
        n_considered: population.survey.n_models.map(|n| n as u64),
        disagreement: population.disagreement().is_some_and(|d| d > A_THIRD),
    };
    hidden_population::draw(&model, view)
}

/// A table of lists with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The file, without folders and extension.
    pub name: String,
    /// The columns by which groups were told apart.
    pub by: Vec<String>,
    /// What was estimated.
    pub answer: Answer,
}

/// Returns the section of a study's own tables of lists, if it has any.
#[must_use]
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    let several = context.lists.len() > 1;
    let of = |(i, listed): (usize, &Listed)| {
        let heading = several.then(|| Block::Html(format!("<h3>{}</h3>\n", escape(&listed.name))));
        let key = format!("lists-{}", i + 1);
        heading.into_iter().chain(blocks(&listed.name, &key, &listed.answer, &listed.by, view))
    };
    let blocks: Vec<Block> = context.lists.iter().enumerate().flat_map(of).collect();
    let title = "How many were not seen".to_owned();
    (!blocks.is_empty()).then_some(Section { id: "lists", nav: "Not seen", title, place: Place::AfterUse, blocks })
}

/// Returns the blocks that a report shows of a table of lists.
///
/// # Input
/// `name`: of the table, for people; `key`: lower-case letters, digits and hyphens, unique in the report, of which ids are made
#[must_use]
pub fn blocks(name: &str, key: &str, answer: &Answer, by: &[String], view: View) -> Vec<Block> {
    let population = &answer.whole;
    let mut html = format!("<p><strong>{}</strong></p>\n<ul>\n", escape(&range(population)));
    for line in lines(population) {
        html.push_str(&format!("<li>{}</li>\n", escape(&line)));
    }
    html.push_str("</ul>\n");
    for warning in warnings(population) {
        html.push_str(&format!("<p class=\"note\">{}.</p>\n", escape(&capital(&warning))));
    }
    html.push_str("<p>Every estimate assumes:</p>\n<ul>\n");
    for assumption in ASSUMPTIONS {
        html.push_str(&format!("<li>{}</li>\n", escape(assumption)));
    }
    html.push_str("</ul>\n");
    let mut out = vec![
        Block::Html(html),
        Block::Figure(figure(population, &format!("hidden-population-{key}"), Some(format!("Lists: {name}.")), view)),
        Block::Table(models_table(population, &format!("estimates-{key}"), &format!("Models of {name}"))),
    ];
    if !answer.strata.is_empty() {
        out.push(Block::Table(strata_table(answer, by, &format!("strata-{key}"))));
    }
    out
}
