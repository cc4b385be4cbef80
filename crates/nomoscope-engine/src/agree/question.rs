//! What is asked: of a study, or of a table of ratings.

use super::answer::{Options, RefusedAgreement, StudyAgreement, TableAgreement, Unit, of_study, of_table};
use crate::handle::{Handle, Step};
use crate::material::Material;
use crate::refusal::{Problem, Problems, Refusal, draws, misplaced};
use nomoscope_core::problem::{Remedy, Slot, Words};
use nomoscope_core::text::Level;
use nomoscope_formats::tables::ratings::{self, Orientation};
use nomoscope_stats::agreement::{AgreementError, Bootstrap, Measurement};
use nomoscope_stats::rng::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far do coders agree, and where do they differ?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Whom to compare, `lexicon` being the codebook's; empty for all people, or one person and the lexicon.
    pub coders: Vec<String>,
    /// Of a study: what is compared, a unit counting as coded if any of it is; none compares every character.
    #[schemars(with = "Option<String>")]
    pub unit: Option<Level>,
    /// Of a study: whether every coder read every source; otherwise those in which they coded anything.
    pub all_read: bool,
    /// Of a table: how values are compared, `nominal`, `ordinal`, `interval` or `ratio`.
    #[schemars(with = "String")]
    pub level: Measurement,
    /// Of a table: where the units stand, `rows` or `columns`; none reads it from the first header cell.
    #[schemars(with = "Option<String>")]
    pub units: Option<Orientation>,
    /// Of a table at ordinal level: the values, lowest first; empty where they are numbers.
    pub order: Vec<String>,
    /// Bootstrap draws for the intervals; 0 for none.
    pub bootstrap: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        let Bootstrap { draws, seed, .. } = Bootstrap::default();
        Self {
            coders: Vec::new(),
            unit: None,
            all_read: false,
            level: Measurement::Nominal,
            units: None,
            order: Vec::new(),
            bootstrap: draws,
            seed: seed.0,
        }
    }
}

impl Question {
    /// Asks the question of the coders of a study.
    ///
    /// # Errors
    /// Settings out of bounds or for tables only; coders who do not exist, or too few; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<StudyAgreement, Refusal> {
        let of_tables = [
            ("level", self.level != Measurement::Nominal),
            ("units", self.units.is_some()),
            ("order", !self.order.is_empty()),
        ];
        let why = "only for a table of ratings: concepts are names, and compared as such";
        let mut problems = self.out_of_bounds();
        problems.extend(misplaced(&of_tables, why));
        problems.or(())?;
        material.some_sources()?;
        handle.check()?;
        let options = Options {
            coders: (!self.coders.is_empty()).then(|| self.coders.clone()),
            unit: self.unit.map_or(Unit::Character, Unit::Level),
            all_read: self.all_read,
            bootstrap: self.draws(),
        };
        let found = of_study(&material.codebook, &material.study, options, &|bytes| handle.step(Step::Coded(bytes)))?;
        handle.step(Step::Done);
        Ok(found)
    }

    /// Asks the question of a table of ratings; `name` is what problems call it.
    ///
    /// # Errors
    /// Settings out of bounds or for studies only; a table that cannot be read, or says too little.
    pub fn ask_table(&self, name: &str, bytes: &[u8]) -> Result<TableAgreement, Refusal> {
        let of_studies = [("unit", self.unit.is_some()), ("all_read", self.all_read)];
        let mut problems = self.out_of_bounds();
        problems.extend(misplaced(&of_studies, "only for a study, and this is a table"));
        if !self.order.is_empty() && self.level != Measurement::Ordinal {
            problems.push(Problem::of_setting("order", Words::with("only with {}", [Slot::set("level", "ordinal")])));
        }
        problems.or(())?;
        let mut table = ratings::read(name, bytes, self.units)?;
        if !self.coders.is_empty() {
            table = table.only(&self.coders)?;
        }
        let order = (!self.order.is_empty()).then_some(self.order.as_slice());
        let categories = table.categories(self.level, order)?;
        of_table(&table, &categories, self.level, self.draws()).map_err(|error| {
            let problem = Problem::new(name, error.to_string()).perhaps(remedy(&error));
            if matches!(error, AgreementError::BadValue { .. }) {
                Refusal::Input(problem.into())
            } else {
                Refusal::NoAnswer(problem)
            }
        })
    }

    fn draws(&self) -> Bootstrap {
        Bootstrap { draws: self.bootstrap, seed: Seed(self.seed), ..Bootstrap::default() }
    }

    fn out_of_bounds(&self) -> Problems {
        let mut problems = Problems::new();
        draws(self.bootstrap).into_iter().for_each(|problem| problems.push(problem));
        problems
    }
}

impl From<RefusedAgreement> for Refusal {
    fn from(error: RefusedAgreement) -> Self {
        let is_bad = error.is_bad_input();
        let (said, hint) = (error.to_string(), error.hint());
        match error {
            RefusedAgreement::Codebook(list) => Self::Input(list.in_file("codebook.toml")),
            _ if is_bad => Self::Input(Problem::of_setting("coders", said).perhaps(hint).into()),
            _ => Self::NoAnswer(Problem::new("", said).perhaps(hint)),
        }
    }
}

/// Returns what to do about it, where something can be done.
fn remedy(error: &AgreementError) -> Option<Remedy> {
    match error {
        AgreementError::TooFewCoders { .. } | AgreementError::NoPair => {
            Some("let a second coder code the same units".into())
        }
        AgreementError::NoVariation => {
            Some("read percent agreement, or add units in which the category is rare or absent".into())
        }
        AgreementError::TooManyPairs { .. } => Some(Remedy::with("choose coders with {}", [Slot::setting("coders")])),
        AgreementError::BadValue { .. } | AgreementError::TooManyValues { .. } => {
            Some(Remedy::with("use {}, or correct the value", [Slot::set("level", "interval")]))
        }
        AgreementError::NoIntersection | AgreementError::Malformed { .. } => None,
    }
}
