//! Tables of this answer.

use super::answer::{Estimated, LEVEL, Population};
use super::words::{deltas, interactions, name, names};
use nomoscope_core::reach::mse::Term;
use nomoscope_core::table::{Cell, Table};

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
                    Cell::Whole(fit.degrees_of_freedom as u64),
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
            Cell::number(step.p, 4),
        ]);
    }
    table
}

/// Returns strata, if there are any, and their sum.
#[must_use]
pub fn strata_table(estimated: &Estimated, id: &str) -> Table {
    let by = estimated.by();
    let mut columns: Vec<&str> = by.iter().map(String::as_str).collect();
    columns.extend(["on_lists", "persons", "lower", "upper", "lowest_model", "highest_model", "reason"]);
    let mut table = Table::new(id, "By group", &columns);
    let none = |reason| Cell::Missing(reason);
    for (key, stratum) in &estimated.strata {
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
    if let Some(sum) = &estimated.sum {
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
