//! What is asked.

use super::answer::ClusterInTime;
use crate::handle::{Handle, Step};
use crate::map;
use crate::map::answer::Options;
use crate::material::Material;
use crate::refusal::{Problem, Problems, Refusal};
use crate::statements::{Statements, whose};
use nomoscope_core::text::Level;
use nomoscope_core::usage::trend::Settings;
use nomoscope_core::usage::trend::period::{Division, Period, PeriodError, every, length, periods};
use nomoscope_stats::kernel::Kernel;
use nomoscope_stats::rng::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Length of periods where neither the question nor the study says any.
const EVERY: &str = "10y";
/// Width of a sliding window, and how far it slides each time, where nobody said: in years.
const WINDOW: (f64, f64) = (10.0, 1.0);

/// When did the cluster change, and who said what first?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Divide time into periods of this length (`10y`, `6m`), decades beginning with a nought; if no division is named, the
    /// study's own periods are taken, or else decades.
    pub every: Option<String>,
    /// Divide time into these periods, both years included (`1945-1969`, `1970-`).
    pub periods: Option<Vec<String>>,
    /// Slide a window of this shape over time: `uniform`, `epanechnikov`, `triangular` or `gaussian`; none is uniform if there
    /// is a width or a step.
    #[schemars(with = "Option<String>")]
    pub kernel: Option<Kernel>,
    /// Width of the sliding window, which covers exactly that much; none is ten years.
    pub width: Option<String>,
    /// How far the window slides each time; none is a year.
    pub step: Option<String>,
    /// The attribute that says whose a source is: what an actor says in one period is one cluster, for types, couplings and every test; none
    /// takes the study's own, or else each source.
    pub actor: Option<String>,
    /// The concept whose cluster is followed; none takes the study's own focus.
    pub focus: Option<String>,
    /// The unit of co-occurrence; none takes the study's own, or else the paragraph.
    #[schemars(with = "Option<String>")]
    pub window: Option<Level>,
    /// Whether operative units inherit problems and values of title and preamble.
    pub inherit: bool,
    /// Least lower bound of the odds ratio in the backbone.
    pub min_or: f64,
    /// Bootstrap draws over sources in each period; 0 for none.
    pub bootstrap: usize,
    /// Random divisions of the sources, for the tests of change.
    pub permutations: usize,
    /// Seed of everything that is drawn at random.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        let map::question::Question { min_or, bootstrap, seed, .. } = map::question::Question::default();
        Self {
            every: None,
            periods: None,
            kernel: None,
            width: None,
            step: None,
            actor: None,
            focus: None,
            window: None,
            inherit: false,
            min_or,
            bootstrap,
            permutations: 999,
            seed,
        }
    }
}

/// How time is to be divided, as far as that can be told without the dates of the sources.
enum Divided {
    Ready(Division),
    Every(f64),
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// Settings out of bounds or against each other; no sources, no dates, or less time than one window.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<ClusterInTime, Refusal> {
        let (options, settings) = self.settings(material)?;
        let read = Statements::of(material, &options.reading(), handle)?;
        handle.step(Step::Bootstrap);
        handle.check()?;
        let found = ClusterInTime::new(read, settings).map_err(|e| refused(&e));
        handle.step(Step::Done);
        found
    }

    /// Returns what is computed with, for this study.
    ///
    /// # Errors
    /// Settings out of bounds or against each other; no sources, no dates.
    pub(crate) fn settings(&self, material: &Material) -> Result<(Options, Settings), Refusal> {
        let mut problems = Problems::new();
        if self.permutations > 1_000_000 {
            problems.push(Problem::of_setting("permutations", format!("{}: takes 0 to 1000000", self.permutations)));
        }
        let options = Refusal::gather(self.map().options(material), &mut problems)?;
        let divided = self.divided(&material.study.meta.periods, &mut problems);
        let (Some(options), Some(divided)) = problems.or((options, divided))? else {
            return Err(Refusal::no_sources());
        };
        material.some_sources()?;
        let sources = &*material.study.sources;
        if sources.iter().all(|s| s.date.is_none()) {
            let hint = "a column `date` in sources.csv, such as 2000 or 2000-11-15";
            let said = "no source has a date, so there is no time to follow";
            return Err(Refusal::NoAnswer(Problem::new("", said).hint(hint)));
        }
        let division = match divided {
            Divided::Ready(division) => division,
            Divided::Every(years) => {
                Division::Periods(every(years, sources).map_err(|e| Problems::from(told(Some("every"), &e)))?)
            }
        };
        let settings = Settings {
            division,
            actor: whose(sources, options.actor.as_deref()),
            window: options.window,
            min_or: options.min_or,
            draws: options.draws,
            permutations: self.permutations,
            seed: Seed(options.seed),
            illustration: options.illustration,
        };
        Ok((options, settings))
    }

    fn map(&self) -> map::question::Question {
        map::question::Question {
            actor: self.actor.clone(),
            focus: self.focus.clone(),
            window: self.window,
            inherit: self.inherit,
            min_or: self.min_or,
            bootstrap: self.bootstrap,
            seed: self.seed,
            ..map::question::Question::default()
        }
    }

    fn divided(&self, own: &[String], problems: &mut Problems) -> Option<Divided> {
        let slides = self.kernel.is_some() || self.width.is_some() || self.step.is_some();
        if usize::from(self.every.is_some()) + usize::from(self.periods.is_some()) + usize::from(slides) > 1 {
            let place = if self.every.is_some() { "every" } else { "periods" };
            let hint = "time is divided by a length, or by named periods, or by a sliding window";
            problems.push(Problem::of_setting(place, "cannot be used with another division of time").hint(hint));
            return None;
        }
        if slides {
            let width = years(self.width.as_deref(), "width", WINDOW.0, problems);
            let step = years(self.step.as_deref(), "step", WINDOW.1, problems);
            let kernel = self.kernel.unwrap_or(Kernel::Uniform);
            return Some(Divided::Ready(Division::Windows { kernel, width: width?, step: step? }));
        }
        let named = |names: &[String], place: Option<&'static str>, problems: &mut Problems| {
            let list: Option<Vec<Period>> =
                periods(names).map_err(|list| list.iter().for_each(|e| problems.push(told(place, e)))).ok();
            list.map(|list| Divided::Ready(Division::Periods(list)))
        };
        match (&self.periods, &self.every) {
            (Some(names), _) => named(names, Some("periods"), problems),
            (None, None) if !own.is_empty() => named(own, None, problems),
            (None, every) => {
                let text = every.as_deref().unwrap_or(EVERY);
                years(Some(text), "every", 0.0, problems).map(Divided::Every)
            }
        }
    }
}

/// Returns why time could not be followed.
pub(crate) fn refused(error: &PeriodError) -> Refusal {
    Refusal::NoAnswer(Problem::new("", error.to_string()).hint(error.hint()))
}

/// Returns a length of time in years, or what nobody said; a length that is none is a problem of this setting.
fn years(given: Option<&str>, setting: &'static str, unsaid: f64, problems: &mut Problems) -> Option<f64> {
    let Some(text) = given else { return Some(unsaid) };
    length(text).map_err(|e| problems.push(told(Some(setting), &e))).ok()
}

/// Returns the problem of a setting; of none: of the study's own periods.
fn told(setting: Option<&'static str>, error: &PeriodError) -> Problem {
    let said = error.to_string();
    let problem = match setting {
        Some(name) => Problem::of_setting(name, said),
        None => Problem::new("study.toml: periods", said),
    };
    problem.hint(error.hint())
}
