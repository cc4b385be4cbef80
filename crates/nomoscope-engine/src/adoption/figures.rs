//! The answer as figures.

use super::answer::{Adoption, GapReport, LagReport, TreatyReport};
use super::words::looked;
use crate::words::{counted, thousands};
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::TIPPING_SHARE;
use nomoscope_core::reach::diffusion::Fit;
use nomoscope_core::reach::gap::Gap;
use nomoscope_core::reach::states::States;
use nomoscope_figure::{Figure, Heading, View, adoption as figure, lag};

/// Returns the treaty whose gap is measured, the lags, and the comparison of several treaties.
#[must_use]
pub fn all(adoption: &Adoption, view: View) -> Vec<Figure> {
    let alone = treaty(adoption, adoption.of).map(|m| figure::draw(&m, view));
    let lags = adoption.gap.as_ref().and_then(lags).map(|m| lag::draw(&m, view));
    let many = comparison(adoption, "adoption-compared").map(|m| figure::draw(&m, view));
    [alone, lags, many].into_iter().flatten().collect()
}

/// Returns a date on the axis of time.
fn place(date: PartialDate) -> f64 {
    date.year_fraction()
}

fn end_of(year: u16) -> f64 {
    f64::from(year) + 1.0
}

/// Returns the model of the figure of one treaty, with its gap where there is one.
fn treaty(adoption: &Adoption, at: usize) -> Option<figure::Adoption> {
    let report = adoption.treaties.get(at)?;
    let gap = adoption.gap.as_ref().filter(|g| g.treaty == report.treaty.name).and_then(|g| g.gap.as_ref().ok());
    let mut model = figure::Adoption {
        curves: vec![figure::Curve { label: "accepted".to_owned(), points: by_date(report) }],
        third: third(report, &adoption.states, gap.map_or(report.until, |g| g.until)),
        tipping: report
            .tipping
            .ok()
            .map(|t| (place(t.date), t.states as f64, format!("{}: {} of {}", t.date, t.states, t.world))),
        fitted: report.best().map(|f| (f.model.name().to_owned(), fitted(f, report))),
        until: end_of(report.until),
        ..figure::Adoption::default()
    };
    let mut said = Vec::new();
    if let (Some(gap), Some(steps)) = (gap, adoption.gap.as_ref().map(|g| &g.steps)) {
        model.until = model.until.max(end_of(gap.until));
        model.observed = gap.dates.first().map(|d| steps_of(d)).unwrap_or_default();
        for (i, behind) in gap.behind.iter().enumerate() {
            let points = gap.dates.get(i + 1).map(|d| steps_of(d)).unwrap_or_default();
            let label = steps.get(i).cloned().unwrap_or_default();
            said.push(format!("{} {label}", behind.taken));
            model.curves.push(figure::Curve { label, points });
            model.trails.push(figure::Trail {
                curve: i + 1,
                states: behind.states as f64,
                since: behind.level_reached.map(place),
                years: behind.years,
            });
        }
    }
    // One population: the steps are those of the states that both are known of.
    let title = match gap {
        Some(gap) if !said.is_empty() => format!(
            "{}: of {} states that accepted by {} and of which more is known, {}",
            report.treaty.name,
            thousands(gap.observed),
            gap.until,
            said.join(", ")
        ),
        _ => {
            let states = counted(report.treaty.states(report.end()) as usize, "state", "states");
            format!("{}: {states} accepted by {}", report.treaty.name, report.until)
        }
    };
    let mut words = note(report, gap);
    for (step, years) in adoption.gap.iter().filter(|_| gap.is_some()).flat_map(|g| &g.sparse) {
        words += &format!(" {step}: looked at in {} alone, and drawn as rising then.", looked(years));
    }
    model.heading = Heading { id: String::new(), title: Some(title), note: Some(words) };
    Some(model)
}

fn note(report: &TreatyReport, gap: Option<&Gap>) -> String {
    let mut words = match report.best() {
        Some(f) => format!("Thin: {} curve, fitted by maximum likelihood (AIC {:.1}).", f.model.name(), f.aic),
        None => String::new(),
    };
    if let Some(gap) = gap {
        words += &format!(
            " Further steps are known of {} of the {} states that accepted by {}.",
            gap.observed,
            gap.observed + gap.unobserved.len() as u64,
            gap.until
        );
    }
    words.trim().to_owned()
}

fn by_date(report: &TreatyReport) -> Vec<(f64, f64)> {
    report.treaty.steps(report.end()).into_iter().map(|(date, states)| (place(date), states as f64)).collect()
}

/// Returns the curve that rises by one at each date.
fn steps_of(dates: &[PartialDate]) -> Vec<(f64, f64)> {
    dates.iter().enumerate().map(|(i, d)| (place(*d), i as f64 + 1.0)).collect()
}

fn third(report: &TreatyReport, states: &States, until: u16) -> Vec<(f64, f64)> {
    let first = report.treaty.opened().map_or(report.until, |d| d.year);
    let at = |year: u16| {
        let end = PartialDate { year, month: Some(12), day: Some(31) };
        states.count(end).map(|w| (end_of(year), w as f64 * TIPPING_SHARE))
    };
    (first.saturating_sub(1)..=report.until.max(until)).filter_map(at).collect()
}

fn fitted(fit: &Fit, report: &TreatyReport) -> Vec<(f64, f64)> {
    let first = report.treaty.opened().map_or(0.0, place);
    let span = end_of(report.until) - first;
    (0..=120).map(|i| first + span * f64::from(i) / 120.0).map(|x| (x, fit.at(x))).collect()
}

/// Returns the model of the figure that compares treaties by their shares; none for a single one.
fn comparison(adoption: &Adoption, id: &str) -> Option<figure::Adoption> {
    if adoption.treaties.len() < 2 {
        return None;
    }
    let curve = |report: &TreatyReport| figure::Curve {
        label: report.treaty.name.clone(),
        points: report.curve.iter().filter_map(|y| y.share().map(|s| (end_of(y.year), s))).collect(),
    };
    let mut curves: Vec<figure::Curve> = adoption.treaties.iter().map(curve).filter(|c| !c.points.is_empty()).collect();
    let last = |c: &figure::Curve| c.points.last().map_or(0.0, |p| p.1);
    curves.sort_by(|a, b| last(b).total_cmp(&last(a)).then_with(|| a.label.cmp(&b.label)));
    let years = curves.iter().flat_map(|c| c.points.iter().map(|p| p.0));
    let (first, until) = years.fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    let title =
        format!("Of {} treaties, {} reached a third of the world's states", adoption.treaties.len(), reached(adoption));
    Some(figure::Adoption {
        heading: Heading { id: id.to_owned(), title: Some(title), note: None },
        curves,
        shares: true,
        third: vec![(first, TIPPING_SHARE), (until, TIPPING_SHARE)],
        until,
        ..figure::Adoption::default()
    })
}

fn reached(adoption: &Adoption) -> String {
    match adoption.treaties.iter().filter(|t| t.tipping.is_ok()).count() {
        n if n == adoption.treaties.len() => "all".to_owned(),
        0 => "none".to_owned(),
        n => n.to_string(),
    }
}

/// Returns the model of the figure of lags; none where no lag is known.
fn lags(report: &GapReport) -> Option<lag::Lags> {
    let verb = |step: &str| match step {
        "accepted" => "accepting".to_owned(),
        "criminalised" => "criminalising".to_owned(),
        "convicted" => "a reported conviction".to_owned(),
        other => other.to_owned(),
    };
    let drawn = |l: &LagReport| {
        let survival = l.survival.as_ref().ok()?;
        let label = format!("From {} to {}", verb(&l.from), verb(&l.to));
        Some(lag::Lag { label, survival: survival.clone(), already: l.lags.already })
    };
    let lags: Vec<lag::Lag> = report.lags.iter().filter_map(drawn).collect();
    let note = "States that took the second step first count at zero. A reported conviction is the first that a state reported for certain; it may come after the first that there was.";
    let note = report.steps.iter().any(|s| s == "convicted").then(|| note.to_owned());
    let first = lags.first()?;
    let title = match first.survival.median {
        Some(m) if m > 0.0 => format!("{}: half took {m:.1} years or less", first.label),
        Some(_) => format!("{}: half had done so when they accepted", first.label),
        None => format!("{}: more than half have not", first.label),
    };
    Some(lag::Lags { heading: Heading { id: String::new(), title: Some(title), note }, lags })
}
