//! From a table of lists to what can be said of those on none: joins the parts of the core; it computes nothing itself.

use crate::handle::{Handle, Step};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::reach::mse::{
    Bootstrap, BootstrapError, ChaoError, Estimate, Fit, Histories, HistoriesError, LowerBound, Model, MseError,
    Ranked, Redrawn, Selection, Stepwise, Sum, Survey, all_models, chao_lower_bound, ranked, redraw, stepwise,
    sum_of_strata, survey, survey_of,
};
use nomoscope_core::reach::mse::{FormulaError, Term, bootstrap, parse_formula};
use nomoscope_formats::list_table::ListTable;
use nomoscope_stats::rng::Seed;
use std::collections::BTreeMap;

/// Models that are fitted at once, at most.
pub const MAX_MODELS: usize = 1 << 17;
/// Models times draws of a bootstrap that chooses among all models, at most.
const MAX_MODEL_DRAWS: usize = 5_000_000;
/// Reasonable models that differ by more than this factor call for a warning.
pub const A_THIRD: f64 = 4.0 / 3.0;
/// The level of all intervals.
pub const LEVEL: f64 = 0.95;

/// What the estimates rest on, whatever the model.
pub const ASSUMPTIONS: [&str; 5] = [
    "closed population: nobody joined or left it while the lists were made",
    "perfect linkage: a person on two lists was recognised as one",
    "same period, place and definition for all lists",
    "everybody could be on any list, and equally easily except for what the model's dependences between lists say",
    "a model that fits those on the lists also fits those on none, which nothing in the data can show",
];

/// How the model is to be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The least BIC; stepwise where there are more lists than all models can be fitted of.
    Bic,
    /// Main effects.
    Main,
    /// Stepwise.
    Stepwise,
    /// All models.
    All,
    /// A formula.
    Formula(String),
}

impl Asked {
    /// Returns what a word asks for: `bic`, `main`, `stepwise`, `all`; anything else is a formula.
    #[must_use]
    pub fn new(word: &str) -> Self {
        match word.trim() {
            "bic" => Self::Bic,
            "main" => Self::Main,
            "stepwise" => Self::Stepwise,
            "all" => Self::All,
            formula => Self::Formula(formula.to_owned()),
        }
    }
}

/// How to estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The model.
    pub asked: Asked,
    /// Lists in the largest term that is tried.
    pub max_order: usize,
    /// p-value below which stepwise adds a pair.
    pub threshold: f64,
    /// Bootstrap draws, 0 for none.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// A model by the names that it goes by, and its estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// `bic` (the headline), `main`, `stepwise`, `best_aic`, `best_bic`, `best_bic_counting_infinite`, `formula`; none: another model.
    pub names: Vec<&'static str>,
    /// The estimate.
    pub estimate: Estimate,
}

/// What was estimated of one population.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Who is on which lists.
    pub histories: Histories,
    /// The name of the model that was asked for.
    pub asked: &'static str,
    /// Models, the one that was asked for first, then by AIC; those without estimate last.
    pub models: Vec<Named>,
    /// The models of least BIC, the first of which is the headline; none for more lists than all models can be fitted of.
    pub ranked: Option<Ranked>,
    /// The bootstrap of the headline, where draws were asked for.
    pub redrawn: Option<Result<Redrawn, BootstrapError>>,
    /// What reasonable models say.
    pub survey: Survey,
    /// What stepwise added, and where it ended.
    pub stepwise: Stepwise,
    /// Interactions of the formula that were not written.
    pub added: Vec<Term>,
    /// Chao's lower bound.
    pub chao: Result<LowerBound, ChaoError>,
    /// The bootstrap, where one was asked for and the model has an estimate.
    pub bootstrap: Option<Result<Bootstrap, BootstrapError>>,
}

impl Population {
    /// Returns the estimate that was asked for.
    #[must_use]
    pub fn main(&self) -> Option<&Estimate> {
        self.models.first().map(|m| &m.estimate)
    }

    /// Returns the fit that was asked for.
    #[must_use]
    pub fn fit(&self) -> Option<&Fit> {
        self.main().and_then(Estimate::fit)
    }

    /// Returns the fit that the answer begins with: the least BIC, or stepwise where not all models can be fitted.
    #[must_use]
    pub fn headline(&self) -> Option<&Fit> {
        let ranked = self.ranked.as_ref().and_then(|r| r.best.first());
        ranked.unwrap_or(&self.stepwise.estimate).fit()
    }

    /// Returns which two answers lie further apart than a third, of least BIC, stepwise, the model asked for and Chao's lower bound:
    /// the least and the greatest, each with its name.
    #[must_use]
    pub fn far_apart(&self) -> Option<[(&'static str, f64); 2]> {
        let mut all: Vec<(&'static str, f64)> = Vec::new();
        if self.ranked.is_some() {
            all.extend(self.headline().map(|f| ("bic", f.point())));
        }
        all.extend(self.stepwise.estimate.fit().map(|f| ("stepwise", f.point())));
        all.extend(self.fit().map(|f| (self.asked, f.point())));
        all.extend(self.chao.as_ref().ok().map(|c| ("chao", c.point)));
        let least = all.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let greatest = all.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (greatest.1 > A_THIRD * least.1).then_some([least, greatest])
    }

    /// Returns the greatest over the least estimate of reasonable models.
    #[must_use]
    pub fn disagreement(&self) -> Option<f64> {
        self.survey.reasonable().map(|(low, high)| high / low)
    }
}

/// A table of lists estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The table, without its folders.
    pub file: String,
    /// Who is on which lists, and what was guessed of the table.
    pub table: ListTable,
    /// All persons together.
    pub whole: Population,
    /// By stratum: the population, or why there is none.
    pub strata: BTreeMap<Vec<String>, Result<Population, Vec<HistoriesError>>>,
    /// The sum over strata; an error names those that have no estimate.
    pub sum: Option<Result<Sum, Vec<String>>>,
}

impl Estimated {
    /// Returns the estimates of a table: of all persons, and of each stratum.
    pub(super) fn new(file: &str, table: ListTable, options: &Options, handle: &Handle) -> Result<Self, Refusal> {
        handle.step(Step::Work(work(&table, options)));
        let whole = population(&table.histories, options, handle)?;
        let mut strata = BTreeMap::new();
        for (key, histories) in &table.strata {
            let stratum = match histories {
                Ok(histories) => Ok(population(histories, options, handle)?),
                Err(errors) => Err(errors.clone()),
            };
            strata.insert(key.clone(), stratum);
        }
        handle.step(Step::Done);
        let sum = (!strata.is_empty()).then(|| sum(&strata));
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        Ok(Self { file, table, whole, strata, sum })
    }

    /// Returns the name of the table, without its extension.
    #[must_use]
    pub fn name(&self) -> &str {
        self.file.rsplit_once('.').map_or(&self.file, |(stem, _)| stem)
    }

    /// Returns the columns by which groups were told apart.
    #[must_use]
    pub fn by(&self) -> &[String] {
        &self.table.by
    }
}

/// Returns how many steps the work has: models fitted one by one, and draws.
fn work(table: &ListTable, options: &Options) -> u64 {
    let n_lists = table.histories.n_lists();
    let models = match options.asked {
        Asked::All => nomoscope_core::reach::mse::count_models(n_lists, options.max_order, MAX_MODELS).unwrap_or(0),
        Asked::Bic | Asked::Main | Asked::Stepwise | Asked::Formula(_) => 0,
    };
    let populations = 1 + table.strata.len();
    let bootstraps = if options.asked == Asked::Bic { 1 } else { 2 };
    ((models + bootstraps * options.draws) * populations) as u64
}

fn sum(strata: &BTreeMap<Vec<String>, Result<Population, Vec<HistoriesError>>>) -> Result<Sum, Vec<String>> {
    let fit = |p: &Result<Population, _>| p.as_ref().ok().and_then(|p| p.fit().cloned());
    let fits: Vec<(String, Option<Fit>)> = strata.iter().map(|(key, p)| (key.join(", "), fit(p))).collect();
    let without: Vec<String> = fits.iter().filter(|(_, f)| f.is_none()).map(|(key, _)| key.clone()).collect();
    if !without.is_empty() {
        return Err(without);
    }
    let fits: Vec<&Fit> = fits.iter().filter_map(|(_, f)| f.as_ref()).collect();
    Ok(sum_of_strata(&fits))
}

/// Returns what can be said of one population.
fn population(histories: &Histories, options: &Options, handle: &Handle) -> Result<Population, Refusal> {
    handle.check()?;
    let ranked = ranked(histories);
    let (selection, asked, added) = selection(histories, options, ranked.as_ref())?;
    let stepwise = stepwise(histories, options.threshold);
    let all = match options.asked {
        Asked::All => Some(
            all_models(histories, options.max_order, MAX_MODELS, &|| handle.goes_on(Step::Model)).map_err(too_many)?,
        ),
        _ => None,
    };
    handle.check()?;
    let survey = all.as_ref().map_or_else(|| survey(histories, options.max_order), |all| survey_of(all));
    let main = match (&selection, survey.best()) {
        (Selection::Best { .. }, Some(best)) => best.clone(),
        (Selection::Best { .. }, None) => Estimate::of(histories, Model::main()),
        (Selection::Stepwise { .. }, _) => stepwise.estimate.clone(),
        (Selection::Main, _) => Estimate::of(histories, Model::main()),
        (Selection::Fixed(model), _) => Estimate::of(histories, model.clone()),
    };
    let redrawn = ranked
        .as_ref()
        .filter(|_| options.draws > 0)
        .map(|ranked| redraw(histories, ranked, (options.draws, Seed(options.seed)), &|| handle.goes_on(Step::Draw)));
    // The headline has a bootstrap of its own.
    let bootstrap = main.fit().filter(|_| options.draws > 0 && asked != "bic").map(|fit| {
        let limit = (MAX_MODEL_DRAWS / options.draws).max(1);
        let draws = (options.draws, Seed(options.seed));
        bootstrap(histories, &selection, fit.point(), draws, limit, &|| handle.goes_on(Step::Draw))
    });
    handle.check()?;
    let best = ranked.as_ref().and_then(|r| r.best.first());
    let models = models(histories, (asked, &main), best, &stepwise, &survey, all);
    let chao = chao_lower_bound(histories);
    let histories = histories.clone();
    Ok(Population { histories, asked, models, ranked, redrawn, survey, stepwise, added, chao, bootstrap })
}

fn selection(
    histories: &Histories,
    options: &Options,
    ranked: Option<&Ranked>,
) -> Result<(Selection, &'static str, Vec<Term>), Refusal> {
    Ok(match &options.asked {
        Asked::Bic => match ranked.and_then(|r| r.best.first()) {
            Some(best) => (Selection::Fixed(best.model.clone()), "bic", Vec::new()),
            None => (Selection::Stepwise { threshold: options.threshold }, "stepwise", Vec::new()),
        },
        Asked::Main => (Selection::Main, "main", Vec::new()),
        Asked::Stepwise => (Selection::Stepwise { threshold: options.threshold }, "stepwise", Vec::new()),
        Asked::All => (Selection::Best { max_order: options.max_order }, "best_aic", Vec::new()),
        Asked::Formula(text) => {
            let formula = parse_formula(text, histories.names()).map_err(|error| unread(text, &error))?;
            (Selection::Fixed(formula.model), "formula", formula.added)
        }
    })
}

fn unread(formula: &str, error: &FormulaError) -> Refusal {
    let problem = Problem::of_setting("model", format!("`{formula}`: {error}"));
    Refusal::Input(match error.hint() {
        Some(hint) => problem.hint(hint).into(),
        None => problem.into(),
    })
}

fn too_many(error: MseError) -> Refusal {
    Refusal::NoAnswer(Problem::new("", error.to_string()).hint(error.hint()))
}

/// Returns the models that are told: the one asked for, those that have a name, those that fit as well, and, where all were
/// fitted, all; each once.
fn models(
    histories: &Histories,
    (asked, main): (&'static str, &Estimate),
    headline: Option<&Estimate>,
    stepwise: &Stepwise,
    survey: &Survey,
    all: Option<Vec<Estimate>>,
) -> Vec<Named> {
    let main_effects = Estimate::of(histories, Model::main());
    let mut named: Vec<(&'static str, Estimate)> = vec![(asked, main.clone())];
    named.extend(headline.map(|e| ("bic", e.clone())));
    named.extend([("main", main_effects), ("stepwise", stepwise.estimate.clone())]);
    let best = [
        ("best_aic", survey.best().cloned()),
        ("best_bic", survey.best_bic.clone()),
        ("best_bic_counting_infinite", survey.best_bic_counting_infinite.clone()),
    ];
    named.extend(best.into_iter().filter_map(|(name, estimate)| Some((name, estimate?))));
    let mut by_model: BTreeMap<Model, Named> = BTreeMap::new();
    let rest = all.unwrap_or_default().into_iter().chain(survey.window.iter().cloned());
    let unnamed = rest.map(|estimate| (None, estimate));
    for (name, estimate) in named.into_iter().map(|(name, e)| (Some(name), e)).chain(unnamed) {
        let entry = by_model.entry(estimate.model.clone()).or_insert_with(|| Named { names: Vec::new(), estimate });
        entry.names.extend(name.filter(|n| !entry.names.contains(n)));
    }
    let mut out: Vec<Named> = by_model.into_values().collect();
    let aic = |n: &Named| n.estimate.fit().map_or(f64::INFINITY, |f| f.aic);
    let is_first = |n: &Named| n.names.first() == Some(&asked) && n.estimate.model == main.model;
    out.sort_by(|a, b| {
        is_first(b)
            .cmp(&is_first(a))
            .then_with(|| aic(a).total_cmp(&aic(b)))
            .then_with(|| a.estimate.model.cmp(&b.estimate.model))
    });
    out
}
