//! What is asked: of a study, or of a table of statements.

use super::answer::{
    ACTORS, Choice, DiscourseNetwork, Mode, Said, Series, known_cases, networks, of_passages, of_study, statements_of,
};
use crate::handle::{Handle, Step};
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal, misplaced};
use nomoscope_core::problem::{Act, Remedy, Slot, Words};
use nomoscope_core::text::Level;
use nomoscope_core::usage::discourse::{
    Aggregation, Compat, DiscourseError, Duplicates, Kernel, Normalisation, Qualifier, Settings, TimeUnit,
};
use nomoscope_formats::tables::statements::{Columns, has_statements, of_table, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which actors take the same stances, on what, and which concepts go together?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Which nodes: `actors`, `concepts` or `two-mode`.
    pub mode: Mode,
    /// How stances are put together: `ignore`, `congruence`, `conflict`, `subtract` or `combine`; none is congruence, between
    /// actors and concepts subtract (combine, if stances are words), and without stances ignore.
    #[schemars(with = "Option<String>")]
    pub aggregate: Option<Aggregation>,
    /// How ties are divided by how much their ends say: `no`, `average`, `jaccard`, `cosine`, `activity` or `prominence`.
    #[schemars(with = "String")]
    pub normalise: Normalisation,
    /// Which repetitions of a statement are left out: `include` for none, `document`, `week`, `month`, `year` or `acrossrange`;
    /// none leaves out those in a document of a study, and none of a table.
    #[schemars(with = "Option<String>")]
    pub duplicates: Option<Duplicates>,
    /// Of a table: what stances are, `boolean`, `integer` or `text`; none tells it from the values.
    #[schemars(with = "Option<String>")]
    pub qualifier: Option<Qualifier>,
    /// Column, or attribute of the sources, that names the actor; none takes the study's own, or else the usual names.
    pub actor: Option<String>,
    /// Of a table, or of passages that are statements: column of the concept.
    pub concept: Option<String>,
    /// Of a table: column of the stance.
    pub stance: Option<String>,
    /// Of a table: column of the document.
    pub document: Option<String>,
    /// Of a table: column of the date.
    pub date: Option<String>,
    /// Of a table: column of the type of statement.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Only statements on these concepts; empty for all.
    pub only: Vec<String>,
    /// No statements of these actors, or on these concepts.
    pub exclude: Vec<String>,
    /// A network for each window of time: its unit, `days`, `weeks`, `months`, `years` or `events`; none for one network.
    #[schemars(with = "Option<String>")]
    pub time: Option<TimeUnit>,
    /// Units of time that a window covers.
    pub width: u32,
    /// How much statements count by their distance from the middle of a window: `no`, `uniform`, `triangular`,
    /// `epanechnikov` or `gaussian`.
    #[schemars(with = "String")]
    pub kernel: Kernel,
    /// `corrected`, or `dna3` to compute as that program does, its faults included.
    #[schemars(with = "String")]
    pub compat: Compat,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            mode: Mode::Actors,
            aggregate: None,
            normalise: Normalisation::No,
            duplicates: None,
            qualifier: None,
            actor: None,
            concept: None,
            stance: None,
            document: None,
            date: None,
            kind: None,
            only: Vec::new(),
            exclude: Vec::new(),
            time: None,
            width: 1,
            kernel: Kernel::No,
            compat: Compat::Corrected,
        }
    }
}

impl Question {
    /// Asks the question of a coded study.
    ///
    /// # Errors
    /// Settings for tables only, an attribute that no source has, unknown names; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<DiscourseNetwork, Refusal> {
        material.some_sources()?;
        let columns = self.columns();
        // Who is named as the actor may be a variable of the statements, or an attribute of the sources.
        let table = statements_of(&material.study).filter(|table| has_statements(table, &columns));
        if let Some(table) = table {
            let said = of_table("the statements of the study", &table, &columns, self.qualifier)?;
            let [actor, concept] = &said.called;
            let study = &material.study;
            let known = [known_cases(study, &said.actors, actor), known_cases(study, &said.concepts, concept)];
            return self.of(Said { kind: "statements", known, ..said.into() }, "the study");
        }
        let of_tables = [
            ("concept", self.concept.is_some()),
            ("stance", self.stance.is_some()),
            ("document", self.document.is_some()),
            ("date", self.date.is_some()),
            ("type", self.kind.is_some()),
            ("qualifier", self.qualifier.is_some()),
        ];
        let why = "only for a table of statements; of a study, concepts are those of its codebook";
        misplaced(&of_tables, why).or(())?;
        material.some_sources()?;
        let sources = &*material.study.sources;
        let usual = || ACTORS.into_iter().find(|a| sources.iter().any(|s| s.attribute(a).is_some()));
        let own = self.actor.as_deref().or(material.study.meta.actor.as_deref());
        let Some(attribute) = own.or_else(usual) else {
            if self.mode == Mode::Concepts {
                let window = material.study.meta.window.unwrap_or(Level::Paragraph);
                let said = of_passages(&*material.corpus(handle)?, &material.study, window);
                handle.step(Step::Done);
                return self.of(said, "the study");
            }
            let hint = Remedy::with(
                "say so in a column `actor` of sources.csv, or with `{}`; if another attribute says it, name it with {}; {} ties concepts by the passages that hold both",
                [Slot::Act(Act::Describe), Slot::setting("actor"), Slot::set("mode", "concepts")],
            );
            let reason = "nothing says whose words a source holds, so nobody can be tied to anybody";
            return Err(Refusal::NoAnswer(Problem::new("", reason).hint(hint)));
        };
        let mut problems = Problems::new();
        check_attribute(sources, attribute, "actor", &mut problems);
        problems.or(())?;
        let mut said = of_study(&*material.corpus(handle)?, &material.study, attribute);
        if own.is_none() {
            said.notes.push(format!("actors are told by the attribute `{attribute}`"));
        }
        handle.step(Step::Done);
        self.of(said, "the study")
    }

    /// Asks the question of a table of statements; `name` is what problems call it.
    ///
    /// # Errors
    /// A table that cannot be read, unknown names, or too little in it.
    pub fn ask_table(&self, name: &str, bytes: &[u8]) -> Result<DiscourseNetwork, Refusal> {
        self.of(read(name, bytes, &self.columns(), self.qualifier)?.into(), name)
    }

    fn columns(&self) -> Columns {
        Columns {
            actor: self.actor.clone(),
            concept: self.concept.clone(),
            stance: self.stance.clone(),
            document: self.document.clone(),
            date: self.date.clone(),
            kind: self.kind.clone(),
        }
    }

    fn of(&self, said: Said, name: &str) -> Result<DiscourseNetwork, Refusal> {
        let said = said.narrowed(&self.only, &self.exclude).map_err(|unknown| {
            let of = |setting, names: &[String]| {
                let named: Vec<&str> = unknown.iter().filter(|n| names.contains(n)).map(String::as_str).collect();
                let reason = format!("neither an actor nor a concept: {}", named.join(", "));
                (!named.is_empty()).then(|| Problem::of_setting(setting, reason))
            };
            let problems = [of("only", &self.only), of("exclude", &self.exclude)];
            Refusal::Input(problems.into_iter().flatten().collect())
        })?;
        let choice = self.choice(&said)?;
        let networks = networks(&said, choice).map_err(|error| {
            let problem = Problem::new(name, error.to_string()).perhaps(error.hint());
            if matches!(error, DiscourseError::Empty | DiscourseError::NoDates) {
                Refusal::NoAnswer(problem)
            } else {
                Refusal::Input(problem.into())
            }
        })?;
        Ok(DiscourseNetwork { said, networks })
    }

    fn choice(&self, said: &Said) -> Result<Choice, Refusal> {
        let aggregation = self.aggregate.unwrap_or(match (self.mode, said.qualifier) {
            (_, None) => Aggregation::Ignore,
            (Mode::TwoMode, Some(Qualifier::Text)) => Aggregation::Combine,
            (Mode::TwoMode, _) => Aggregation::Subtract,
            _ => Aggregation::Congruence,
        });
        let mut problems = Problems::new();
        if said.qualifier.is_none() && aggregation != Aggregation::Ignore {
            let reason = "there are no stances, so they can only be ignored";
            let hint = if said.kind == "passages" {
                "say whose words the sources hold"
            } else {
                "name the column of the stance"
            };
            problems.push(Problem::of_setting("aggregate", reason).hint(hint));
        }
        if self.time.is_none() && (self.kernel != Kernel::No || self.width != 1) {
            let place = if self.kernel == Kernel::No { "width" } else { "kernel" };
            problems.push(Problem::of_setting(place, Words::with("only with {}", [Slot::setting("time")])));
        }
        problems.or(())?;
        let usual = if matches!(said.kind, "study" | "passages") { Duplicates::Document } else { Duplicates::Include };
        Ok(Choice {
            mode: self.mode,
            settings: Settings {
                qualifier: said.qualifier.unwrap_or(Qualifier::Boolean),
                aggregation,
                normalisation: self.normalise,
                duplicates: self.duplicates.unwrap_or(usual),
                compat: self.compat,
            },
            series: self.time.map(|unit| Series { unit, width: self.width, kernel: self.kernel }),
        })
    }
}
