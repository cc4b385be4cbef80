//! The answer as tables.

use super::answer::{Adoption, GapReport};
use nomoscope_core::reach::adoption::Year;
use nomoscope_core::reach::gap::Gap;
use nomoscope_core::table::{Cell, Table};

/// Returns the treaties, their curves, the fits, and the gap where it was measured.
#[must_use]
pub fn all(adoption: &Adoption) -> Vec<Table> {
    let mut all = vec![overview(adoption), curves(adoption), fits(adoption)];
    if let Some(report) = &adoption.gap {
        all.extend(gap_tables(report));
    }
    all
}

fn overview(adoption: &Adoption) -> Table {
    let columns =
        ["treaty", "opened", "until", "signatories", "parties", "states", "share", "a_third_joined", "best_curve"];
    let mut table = Table::new("adoption-treaties", "Treaties", &columns);
    for report in &adoption.treaties {
        let t = &report.treaty;
        let share = report.curve.last().and_then(Year::share);
        table.push(vec![
            Cell::text(&t.name),
            t.opened().map_or(Cell::Missing("no date"), |d| Cell::text(d.to_string())),
            Cell::Whole(u64::from(report.until)),
            Cell::Whole(t.signatories()),
            Cell::Whole(t.parties(report.end())),
            Cell::Whole(t.states(report.end())),
            share.map_or(Cell::Missing("no count of states before October 1945"), |s| Cell::number(s, 3)),
            report.tipping.map_or(Cell::Missing("not reached, or not known"), |tip| Cell::text(tip.date.to_string())),
            report.best().map_or(Cell::Missing("no curve fitted"), |f| Cell::text(f.model.name())),
        ]);
    }
    table
}

fn curves(adoption: &Adoption) -> Table {
    let columns = ["treaty", "year", "parties", "states", "world_states", "share"];
    let mut table = Table::new("adoption-curve", "Parties at the end of each year", &columns);
    for report in &adoption.treaties {
        for year in &report.curve {
            let early = "no count of states before October 1945";
            table.push(vec![
                Cell::text(&report.treaty.name),
                Cell::Whole(u64::from(year.year)),
                Cell::Whole(year.parties),
                Cell::Whole(year.states),
                year.world.map_or(Cell::Missing(early), Cell::Whole),
                year.share().map_or(Cell::Missing(early), |s| Cell::number(s, 3)),
            ]);
        }
    }
    table
}

fn fits(adoption: &Adoption) -> Table {
    let columns = ["treaty", "curve", "parameter", "estimate", "low", "high", "unit", "aic", "delta_aic"];
    let mut table = Table::new("adoption-fits", "Fitted curves of diffusion", &columns);
    for report in &adoption.treaties {
        let best = report.best().map_or(0.0, |f| f.aic);
        for (model, fit) in &report.fits {
            match fit {
                Err(reason) => table.notes.push(format!("{}, {}: {reason}", report.treaty.name, model.name())),
                Ok(fit) => {
                    for p in &fit.parameters {
                        let digits = if p.unit == "1/year" { 4 } else { 1 };
                        let end = |v: Option<f64>| {
                            v.map_or(Cell::Missing("the data set no limit"), |v| Cell::number(v, digits))
                        };
                        table.push(vec![
                            Cell::text(&report.treaty.name),
                            Cell::text(model.name()),
                            Cell::text(p.name),
                            Cell::number(p.estimate, digits),
                            end(p.interval.lower),
                            end(p.interval.upper),
                            Cell::text(p.unit),
                            Cell::number(fit.aic, 2),
                            Cell::number(fit.aic - best, 2),
                        ]);
                    }
                }
            }
        }
    }
    table
}

fn gap_tables(report: &GapReport) -> Vec<Table> {
    let mut all = Vec::new();
    if let Ok(gap) = &report.gap {
        let mut columns = vec!["year", "accepted"];
        columns.extend(report.steps.iter().map(String::as_str));
        let title = format!("{}: states that accepted, and what they did then", report.treaty);
        let mut curve = Table::new("gap-curve", title, &columns);
        for year in &gap.curve {
            let mut row = vec![Cell::Whole(u64::from(year.year)), Cell::Whole(year.accepted)];
            row.extend(year.taken.iter().map(|n| Cell::Whole(*n)));
            curve.push(row);
        }
        all.push(behind(gap));
        all.push(curve);
    }
    all.push(lag_table(report));
    all
}

fn behind(gap: &Gap) -> Table {
    let columns =
        ["step", "taken", "states_behind", "years_behind", "acceptance_stood_there", "before_accepting", "a_third_by"];
    let mut table = Table::new("gap", format!("The gap at the end of {}", gap.until), &columns);
    for b in &gap.behind {
        let none = b.reason.unwrap_or("not known");
        table.push(vec![
            Cell::text(&b.step),
            Cell::Whole(b.taken),
            Cell::Whole(b.states),
            b.years.map_or(Cell::Missing(none), |y| Cell::number(y, 1)),
            b.level_reached.map_or(Cell::Missing(none), |d| Cell::text(d.to_string())),
            Cell::Whole(b.before_accepting),
            b.third.map_or(Cell::Missing("not reached"), |y| Cell::Whole(u64::from(y))),
        ]);
    }
    if !gap.unobserved.is_empty() {
        table.notes.push(format!("not in all tables, and left out: {}", gap.unobserved.join(", ")));
    }
    table
}

fn lag_table(report: &GapReport) -> Table {
    let columns =
        ["from", "to", "states", "taken", "already", "median_years", "low", "high", "not_dated", "not_observed"];
    let mut table = Table::new("gap-lags", "Years from one step to the next (Kaplan-Meier)", &columns);
    for lag in &report.lags {
        let s = lag.survival.as_ref().ok();
        let number = |v: Option<f64>, why| v.map_or(Cell::Missing(why), |v| Cell::number(v, 2));
        table.push(vec![
            Cell::text(&lag.from),
            Cell::text(&lag.to),
            Cell::Whole(s.map_or(0, |s| s.n)),
            Cell::Whole(s.map_or(0, |s| s.taken)),
            Cell::Whole(lag.lags.already),
            number(s.and_then(|s| s.median), "half have not taken it, or there is no estimate"),
            number(s.and_then(|s| s.median_interval.lower), "no limit"),
            number(s.and_then(|s| s.median_interval.upper), "no limit"),
            Cell::Whole(lag.lags.undated),
            Cell::Whole(lag.lags.unobserved),
        ]);
        if let Err(reason) = &lag.survival {
            table.notes.push(format!("from {} to {}: {reason}", lag.from, lag.to));
        }
    }
    table
}
