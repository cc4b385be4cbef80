//! Adoption of treaties and the implementation gap, from tables of states and dates.

use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::{
    Participant, TIPPING_SHARE, Tipping, TippingError, Treaty, Year, cumulative, tipping,
};
use nomoscope_core::reach::diffusion::{DiffusionError, Fit, Model, fit, uptake};
use nomoscope_core::reach::gap::{Gap, GapError, Lags, StepTable, gap, lags_between, lags_from_acceptance};
use nomoscope_core::reach::states::{States, end_of, last_day, start_of};
use nomoscope_core::reach::survival::{Survival, kaplan_meier};

/// Level of all intervals and bands.
pub const LEVEL: f64 = 0.95;

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
#[derive(Debug, Clone)]
pub struct Adoption {
    /// The treaties, in the order in which they were given.
    pub treaties: Vec<TreatyReport>,
    /// The place of the treaty whose gap is measured.
    pub of: usize,
    /// The gap, where tables of further steps were given.
    pub gap: Option<GapReport>,
    /// The register of states.
    pub states: States,
    /// The day after which no date can lie.
    pub today: PartialDate,
}

impl Adoption {
    /// Returns what the tables say.
    ///
    /// `until` cuts all treaties at the end of a year; without it each ends with the year of its last date.
    pub(super) fn new(
        treaties: Vec<Treaty>,
        steps: &[StepTable],
        states: States,
        (of, until, today): (usize, Option<u16>, PartialDate),
    ) -> Self {
        let treaties: Vec<TreatyReport> = treaties.into_iter().map(|t| treaty(t, &states, until)).collect();
        let gap = treaties.get(of).filter(|_| !steps.is_empty()).map(|t| implementation(t, steps, &states));
        Self { treaties, of, gap, states, today }
    }
}

fn treaty(mut treaty: Treaty, states: &States, until: Option<u16>) -> TreatyReport {
    let until = until.or(treaty.last().map(|d| d.year)).unwrap_or_default();
    for participant in &mut treaty.participants {
        participant.signed = participant.signed.filter(|d| d.year <= until);
        participant.joined = participant.joined.filter(|d| d.year <= until);
        participant.left = participant.left.filter(|d| d.year <= until);
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

    /// Returns the day on which the observation ends.
    #[must_use]
    pub const fn end(&self) -> PartialDate {
        last_day(self.until)
    }

    /// Returns the parties that are no states at the end.
    #[must_use]
    pub fn not_states(&self) -> Vec<&str> {
        let end = self.end();
        self.codes(|p| p.is_party(end) && !p.is_state_party(end))
    }

    /// Returns those who joined and are parties no more: they withdrew, or are states no more.
    #[must_use]
    pub fn left(&self) -> Vec<&str> {
        self.codes(|p| p.joined.is_some() && !p.is_party(self.end()))
    }

    /// Returns those who signed after they had joined.
    #[must_use]
    pub fn signed_late(&self) -> Vec<&str> {
        let late = |p: &Participant| p.signed.zip(p.joined).is_some_and(|(signed, j)| end_of(j) < start_of(signed));
        self.codes(late)
    }

    fn codes(&self, is_meant: impl Fn(&Participant) -> bool) -> Vec<&str> {
        self.treaty.participants.iter().filter(|p| is_meant(p)).map(|p| p.iso3.as_str()).collect()
    }
}
