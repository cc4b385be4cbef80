//! Adoption of treaties and the implementation gap, from tables of states and dates.

use crate::report::words::{counted, thousands};
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::{TIPPING_SHARE, Tipping, TippingError, Treaty, Year, cumulative, tipping};
use nomoscope_core::reach::diffusion::{DiffusionError, Fit, Model, fit, uptake};
use nomoscope_core::reach::gap::{Gap, GapError, Lags, StepTable, gap, lags_between, lags_from_acceptance};
use nomoscope_core::reach::states::States;
use nomoscope_core::reach::survival::{Survival, kaplan_meier};
use nomoscope_core::table::{Cell, Table};
use nomoscope_figure::Heading;
use nomoscope_figure::adoption as figure;
use nomoscope_figure::lag;

/// Level of all intervals and bands.
const LEVEL: f64 = 0.95;

/// One treaty.
#[derive(Debug, Clone, PartialEq)]
pub struct TreatyReport {
    /// Its participants, up to the end of the observation.
    pub treaty: Treaty,
    /// The year at whose end the observation ends.
    pub until: u16,
    /// The cumulative curve.
    pub curve: Vec<Year>,
    /// When a third of the world's states had joined.
    pub tipping: Result<Tipping, TippingError>,
    /// The fitted curves.
    pub fits: Vec<(Model, Result<Fit, DiffusionError>)>,
}

/// The time from one step to another.
#[derive(Debug, Clone, PartialEq)]
pub struct LagReport {
    /// The first step.
    pub from: String,
    /// The second step.
    pub to: String,
    /// The spells and what could not be used.
    pub lags: Lags,
    /// The estimate, or why there is none.
    pub survival: Result<Survival, String>,
}

/// The implementation gap.
#[derive(Debug, Clone, PartialEq)]
pub struct GapReport {
    /// The treaty.
    pub treaty: String,
    /// The gap, or why there is none.
    pub gap: Result<Gap, GapError>,
    /// The lags.
    pub lags: Vec<LagReport>,
    /// The steps.
    pub steps: Vec<String>,
    /// Steps whose tables look at states in a few years only, with these years.
    pub sparse: Vec<(String, Vec<u16>)>,
}

/// Treaties, and the gap of one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Adoption {
    /// The treaties, in the order in which they were given.
    pub treaties: Vec<TreatyReport>,
    /// The gap, where tables of further steps were given.
    pub gap: Option<GapReport>,
}

/// Returns what the tables say.
///
/// `until` cuts all treaties at the end of a year; without it each ends with the year of its last date. `of` is the place of
/// the treaty whose gap is measured.
#[must_use]
pub fn adoption(
    treaties: Vec<Treaty>,
    steps: &[StepTable],
    states: &States,
    until: Option<u16>,
    of: usize,
) -> Adoption {
    let treaties: Vec<TreatyReport> = treaties.into_iter().map(|t| treaty(t, states, until)).collect();
    let gap = treaties.get(of).filter(|_| !steps.is_empty()).map(|t| implementation(t, steps, states));
    Adoption { treaties, gap }
}

fn treaty(mut treaty: Treaty, states: &States, until: Option<u16>) -> TreatyReport {
    let until = until.or(treaty.last().map(|d| d.year)).unwrap_or_default();
    for participant in &mut treaty.participants {
        participant.signed = participant.signed.filter(|d| d.year <= until);
        participant.joined = participant.joined.filter(|d| d.year <= until);
    }
    let curve = cumulative(&treaty, states, until);
    let tipping = tipping(&treaty, states, TIPPING_SHARE);
    let uptake = uptake(&treaty, states, until);
    let fits = Model::ALL.map(|model| (model, uptake.clone().and_then(|u| fit(&u, model, LEVEL)))).to_vec();
    TreatyReport { treaty, until, curve, tipping, fits }
}

fn implementation(report: &TreatyReport, steps: &[StepTable], states: &States) -> GapReport {
    let of_pair = |from: &str, to: &str, lags: Lags| {
        let survival = if lags.too_many_undated() {
            Err("too many states took the step between two observations too far apart to date it".to_owned())
        } else {
            kaplan_meier(&lags.spells, LEVEL).map_err(|e| e.to_string())
        };
        LagReport { from: from.to_owned(), to: to.to_owned(), lags, survival }
    };
    let mut lags = Vec::new();
    for step in steps {
        lags.push(of_pair("accepted", &step.step, lags_from_acceptance(&report.treaty, step)));
    }
    for pair in steps.windows(2) {
        if let [first, second] = pair {
            lags.push(of_pair(&first.step, &second.step, lags_between(&report.treaty, first, second)));
        }
    }
    GapReport {
        treaty: report.treaty.name.clone(),
        gap: gap(&report.treaty, steps, states, report.until),
        lags,
        steps: steps.iter().map(|s| s.step.clone()).collect(),
        sparse: steps
            .iter()
            .filter(|s| s.is_sparse())
            .map(|s| (s.step.clone(), s.years.iter().copied().collect()))
            .collect(),
    }
}

impl TreatyReport {
    /// Returns the fitted curve with the lowest AIC.
    #[must_use]
    pub fn best(&self) -> Option<&Fit> {
        let fits = self.fits.iter().filter_map(|(_, f)| f.as_ref().ok());
        fits.min_by(|a, b| a.aic.total_cmp(&b.aic).then(a.model.cmp(&b.model)))
    }

    /// Returns the parties that are no states.
    #[must_use]
    pub fn not_states(&self) -> Vec<&str> {
        let others = self.treaty.participants.iter().filter(|p| p.joined.is_some() && !p.kind.is_state());
        others.map(|p| p.iso3.as_str()).collect()
    }

    /// Returns what there is to say in a sentence.
    #[must_use]
    pub fn answer(&self) -> String {
        let t = &self.treaty;
        let states = counted(usize::try_from(t.states()).unwrap_or(usize::MAX), "state", "states");
        let others = self.not_states().len();
        let others = match others {
            0 => String::new(),
            n => format!(", and {}", counted(n, "that is no state", "that are no states")),
        };
        let share = self
            .curve
            .last()
            .and_then(Year::share)
            .map_or_else(String::new, |s| format!(", {:.0} % of the world's", s * 100.0));
        let third = match self.tipping {
            Ok(tip) => format!("a third ({} of {}) had joined by {}", tip.states, tip.world, tip.date),
            Err(reason) => format!("when a third had joined is not known: {reason}"),
        };
        format!(
            "{}: {} ({states}{share}{others}) by the end of {}, {}; {third}.",
            t.name,
            counted(usize::try_from(t.parties()).unwrap_or(usize::MAX), "party", "parties"),
            self.until,
            counted(usize::try_from(t.signatories()).unwrap_or(usize::MAX), "signatory", "signatories"),
        )
    }
}

impl GapReport {
    /// Returns what there is to say in sentences.
    #[must_use]
    pub fn answer(&self) -> Vec<String> {
        let Ok(gap) = &self.gap else { return Vec::new() };
        let mut out = Vec::new();
        for behind in &gap.behind {
            let years =
                behind.years.map_or_else(String::new, |y| format!(", where acceptance stood {y:.1} years before"));
            out.push(format!(
                "Of {} states that had accepted by the end of {} and that all tables know, {} had {}: {} fewer{years}.",
                gap.observed, gap.until, behind.taken, behind.step, behind.states
            ));
        }
        out
    }
}

/// Returns the tables.
#[must_use]
pub fn tables(adoption: &Adoption) -> Vec<Table> {
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
            Cell::Count(u64::from(report.until)),
            Cell::Count(t.signatories()),
            Cell::Count(t.parties()),
            Cell::Count(t.states()),
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
                Cell::Count(u64::from(year.year)),
                Cell::Count(year.parties),
                Cell::Count(year.states),
                year.world.map_or(Cell::Missing(early), Cell::Count),
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
            let mut row = vec![Cell::Count(u64::from(year.year)), Cell::Count(year.accepted)];
            row.extend(year.taken.iter().map(|n| Cell::Count(*n)));
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
            Cell::Count(b.taken),
            Cell::Count(b.states),
            b.years.map_or(Cell::Missing(none), |y| Cell::number(y, 1)),
            b.level_reached.map_or(Cell::Missing(none), |d| Cell::text(d.to_string())),
            Cell::Count(b.before_accepting),
            b.third.map_or(Cell::Missing("not reached"), |y| Cell::Count(u64::from(y))),
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
            Cell::Count(s.map_or(0, |s| s.n)),
            Cell::Count(s.map_or(0, |s| s.taken)),
            Cell::Count(lag.lags.already),
            number(s.and_then(|s| s.median), "half have not taken it, or there is no estimate"),
            number(s.and_then(|s| s.median_interval.lower), "no limit"),
            number(s.and_then(|s| s.median_interval.upper), "no limit"),
            Cell::Count(lag.lags.undated),
            Cell::Count(lag.lags.unobserved),
        ]);
        if let Err(reason) = &lag.survival {
            table.notes.push(format!("from {} to {}: {reason}", lag.from, lag.to));
        }
    }
    table
}

/// Returns a date on the axis of time.
fn place(date: PartialDate) -> f64 {
    date.year_fraction()
}

fn end_of(year: u16) -> f64 {
    f64::from(year) + 1.0
}

/// Returns the model of the figure of one treaty, with its gap where there is one.
#[must_use]
pub fn treaty_figure(adoption: &Adoption, at: usize, states: &States) -> Option<figure::Adoption> {
    let report = adoption.treaties.get(at)?;
    let gap = adoption.gap.as_ref().filter(|g| g.treaty == report.treaty.name).and_then(|g| g.gap.as_ref().ok());
    let mut model = figure::Adoption {
        curves: vec![figure::Curve { label: "accepted".to_owned(), points: by_date(report) }],
        third: third(report, states, gap.map_or(report.until, |g| g.until)),
        tipping: report
            .tipping
            .ok()
            .map(|t| (place(t.date), t.states as f64, format!("{}: {} of {}", t.date, t.states, t.world))),
        fitted: report.best().map(|f| (f.model.name().to_owned(), fitted(f, report))),
        until: end_of(report.until),
        ..figure::Adoption::default()
    };
    let mut said = vec![format!("{} states accepted", thousands(report.treaty.states()))];
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
    let title = format!("{}: {}", report.treaty.name, said.join(", "));
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
    steps_of(&report.treaty.joined_states())
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
#[must_use]
pub fn comparison_figure(adoption: &Adoption, id: &str) -> Option<figure::Adoption> {
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
#[must_use]
pub fn lag_figure(report: &GapReport) -> Option<lag::Lags> {
    let verb = |step: &str| match step {
        "accepted" => "accepting".to_owned(),
        "criminalised" => "criminalising".to_owned(),
        "convicted" => "a reported conviction".to_owned(),
        other => other.to_owned(),
    };
    let one = |l: &LagReport| {
        let survival = l.survival.as_ref().ok()?;
        let label = format!("From {} to {}", verb(&l.from), verb(&l.to));
        Some(lag::Lag { label, survival: survival.clone(), already: l.lags.already })
    };
    let lags: Vec<lag::Lag> = report.lags.iter().filter_map(one).collect();
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

fn looked(years: &[u16]) -> String {
    years.iter().take(8).map(u16::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns what must be said with the numbers.
#[must_use]
pub fn cautions(adoption: &Adoption) -> Vec<String> {
    let mut out = vec![
        "The observation of a treaty ends with the year of its last date, unless --until says otherwise; states that joined later are not in the table.".to_owned(),
        "Curves are fitted to states alone, year by year, among the states that there were at the end; no curve says why states joined.".to_owned(),
    ];
    if let Some(gap) = &adoption.gap {
        match &gap.gap {
            Ok(g) if !g.unobserved.is_empty() => out.push(format!(
                "The gap is measured among {} states; of {} that accepted too, not all steps are known. A state that nobody looked at is not one that did nothing.",
                g.observed,
                counted(g.unobserved.len(), "state", "states")
            )),
            _ => {}
        }
        out.extend(gap.sparse.iter().map(|(step, years)| {
            format!(
                "The table of `{step}` looks at states in {} alone. The gap is measured in the last of these years that the treaty's table reaches (--until YEAR says that it reaches further); when a step was taken in between is not known.",
                looked(years)
            )
        }));
        out.push(
            "The gap is descriptive: it does not say that acceptance caused, or failed to cause, anything.".to_owned(),
        );
    }
    out
}
