//! All questions that can be asked, in one table: `replay`, pages and other languages read it, so that none can be forgotten.
//!
//! A question is a value: its settings with their defaults. As JSON it stands in the run record; here it is read again,
//! and asked of whatever questions of its kind are asked of.

use crate::answer::Answer;
use crate::handle::Handle;
use crate::law::library::Library;
use crate::material::{Material, Selection};
use crate::record::{Named, Record};
use crate::refusal::{Problem, Refusal};
use crate::{
    adoption, agree, attrition, compare, concepts, estimate, kwic, law, look, map, network, slip, suggest, terms, test,
    trend,
};
use nomoscope_core::law::case::Case;
use nomoscope_core::spelling::nearest;
use nomoscope_formats::Input;
use schemars::{JsonSchema, Schema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// What a question is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A study.
    Study,
    /// A study, or one table.
    StudyOrTable,
    /// Tables and files of numbers; none: those that the program brings along.
    Files,
    /// Definitions.
    Law,
    /// Definitions and the facts of cases.
    Cases,
}

/// What one question is asked of, borrowed: an answer owns what it needs of it.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'s> {
    /// A study with its codebook.
    Study(&'s Material),
    /// Files as they were read, in order.
    Files(&'s [Input<'s>]),
    /// Definitions, and the cases that are held against them.
    Law(&'s Arc<Library>, &'s [Case]),
}

/// What every question can do.
pub trait Asked: Named + DeserializeOwned + JsonSchema + Default {
    /// What its answer is as JSON.
    type Said: JsonSchema;

    /// Asks it.
    ///
    /// # Errors
    /// A subject that it is not asked of; what the question itself refuses.
    fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal>;
}

/// A kind of question.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Its name: in a run record, in an address, in Python.
    pub name: &'static str,
    /// What it is asked of.
    pub of: Of,
    question: fn() -> Schema,
    said: fn() -> Schema,
    defaults: fn() -> Value,
    ask: Ask,
}

/// Reads a question and asks it.
type Ask = fn(Value, Subject<'_>, &Handle) -> Result<Box<dyn Answer>, Refusal>;

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind").field("name", &self.name).field("of", &self.of).finish_non_exhaustive()
    }
}

impl Kind {
    const fn new<Q: Asked>(of: Of) -> Self {
        Self {
            name: Q::NAME,
            of,
            question: schema::<Q>,
            said: schema::<Q::Said>,
            defaults: defaults::<Q>,
            ask: ask::<Q>,
        }
    }

    /// Returns the schema of the question: its settings, each with what it means.
    #[must_use]
    pub fn question(&self) -> Schema {
        (self.question)()
    }

    /// Returns the schema of the answer as JSON.
    #[must_use]
    pub fn said(&self) -> Schema {
        (self.said)()
    }

    /// Returns the question with nothing set.
    #[must_use]
    pub fn defaults(&self) -> Value {
        (self.defaults)()
    }

    /// Asks a question of this kind; what it does not set has its default.
    ///
    /// # Errors
    /// A setting that there is not, or of another type; a subject that such questions are not asked of; what the question
    /// itself refuses.
    pub fn ask(&self, question: Value, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
        (self.ask)(question, of, handle)
    }
}

/// All kinds of questions.
pub static QUESTIONS: &[Kind] = &[
    Kind::new::<concepts::question::Question>(Of::Study),
    Kind::new::<kwic::question::Question>(Of::Study),
    Kind::new::<terms::question::Question>(Of::Study),
    Kind::new::<suggest::question::Question>(Of::Study),
    Kind::new::<map::question::Question>(Of::Study),
    Kind::new::<compare::question::Question>(Of::Study),
    Kind::new::<trend::question::Question>(Of::Study),
    Kind::new::<slip::question::Question>(Of::Study),
    Kind::new::<agree::question::Question>(Of::StudyOrTable),
    Kind::new::<network::question::Question>(Of::StudyOrTable),
    Kind::new::<law::question::List>(Of::Law),
    Kind::new::<law::question::Show>(Of::Law),
    Kind::new::<law::question::Facts>(Of::Law),
    Kind::new::<law::question::Check>(Of::Law),
    Kind::new::<law::question::Compare>(Of::Law),
    Kind::new::<law::question::Overlap>(Of::Law),
    Kind::new::<law::question::Burden>(Of::Law),
    Kind::new::<law::question::Fallback>(Of::Cases),
    Kind::new::<test::question::Question>(Of::Cases),
    Kind::new::<attrition::question::Question>(Of::Files),
    Kind::new::<estimate::question::Question>(Of::Files),
    Kind::new::<adoption::question::Question>(Of::Files),
];

/// Returns the kind of this name.
///
/// # Errors
/// No such kind, with the nearest.
pub fn kind(name: &str) -> Result<&'static Kind, Refusal> {
    QUESTIONS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known = QUESTIONS.iter().map(|kind| kind.name);
        let near = nearest(name, known.clone());
        let hint = nomoscope_core::problem::Remedy::nearest_or(near, || {
            format!("questions are {}", known.collect::<Vec<_>>().join(", "))
        });
        Refusal::Input(Problem::of_setting("question", format!("no question is called `{name}`")).hint(hint).into())
    })
}

/// Returns what was asked: the kind of question, its settings, and of a study which sources were read.
///
/// # Errors
/// A record of a question that there is not.
pub fn asked(record: &Record) -> Result<(&'static Kind, Value, Selection), Refusal> {
    let kind = kind(&record.question)?;
    let mut settings = record.settings.clone();
    let mut which = serde_json::Map::new();
    if record.is_of_study()
        && let (Some(own), Ok(Value::Object(keys))) =
            (settings.as_object_mut(), serde_json::to_value(Selection::default()))
    {
        which.extend(keys.keys().filter_map(|key| own.remove_entry(key)));
    }
    let selection = serde_json::from_value(Value::Object(which))
        .map_err(|error| Refusal::setting("settings", error.to_string()))?;
    Ok((kind, settings, selection))
}

fn schema<T: JsonSchema>() -> Schema {
    schema_for!(T)
}

fn defaults<Q: Asked>() -> Value {
    serde_json::to_value(Q::default()).unwrap_or_default()
}

fn ask<Q: Asked>(question: Value, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
    let question: Q = serde_json::from_value(question)
        .map_err(|error| Refusal::Input(Problem::of_setting("settings", error.to_string()).into()))?;
    question.asked(of, handle)
}

/// Refuses what a question is not asked of.
fn not_of<T>(wanted: &str) -> Result<T, Refusal> {
    Err(Refusal::Input(Problem::new("", format!("this question is asked of {wanted}")).into()))
}

fn boxed<A: Answer + 'static>(answer: A) -> Box<dyn Answer> {
    Box::new(answer)
}

/// Makes questions of one subject known.
macro_rules! asked {
    (study: $($name:literal $question:ty => $said:ty),+ $(,)?) => {$(
        impl Named for $question {
            const NAME: &'static str = $name;
        }

        impl Asked for $question {
            type Said = $said;

            fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
                match of {
                    Subject::Study(material) => self.ask(material, handle).map(boxed),
                    _ => not_of("a study"),
                }
            }
        }
    )+};
    (study or table: $($name:literal $question:ty => $said:ty),+ $(,)?) => {$(
        impl Named for $question {
            const NAME: &'static str = $name;
        }

        impl Asked for $question {
            type Said = $said;

            fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
                match of {
                    Subject::Study(material) => self.ask(material, handle).map(boxed),
                    Subject::Files([table]) => self.ask_table(table.name, table.bytes).map(boxed),
                    _ => not_of("a study or one table"),
                }
            }
        }
    )+};
    (law: $($name:literal $question:ty => $said:ty),+ $(,)?) => {$(
        impl Named for $question {
            const NAME: &'static str = $name;
        }

        impl Asked for $question {
            type Said = $said;

            fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
                match of {
                    Subject::Law(library, _) => self.ask(library, handle).map(boxed),
                    _ => not_of("the law"),
                }
            }
        }
    )+};
    (cases: $($name:literal $question:ty => $said:ty),+ $(,)?) => {$(
        impl Named for $question {
            const NAME: &'static str = $name;
        }

        impl Asked for $question {
            type Said = $said;

            fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
                match of {
                    Subject::Law(library, cases) => self.ask(library, cases, handle).map(boxed),
                    _ => not_of("the law and the facts of a case"),
                }
            }
        }
    )+};
}

asked!(study:
    "concepts" concepts::question::Question => concepts::json::Said,
    "kwic" kwic::question::Question => kwic::json::Said,
    "terms" terms::question::Question => terms::json::Said,
    "suggest" suggest::question::Question => suggest::json::Said,
    "map" map::question::Question => map::json::Said,
    "compare" compare::question::Question => Value,
    "trend" trend::question::Question => trend::json::Said,
    "slip" slip::question::Question => slip::json::Said,
);
asked!(study or table:
    "agree" agree::question::Question => Value,
    "network" network::question::Question => Value,
);
asked!(law:
    "law-list" law::question::List => law::json::List,
    "law-show" law::question::Show => law::json::Show,
    "law-facts" law::question::Facts => law::json::Facts,
    "law-compare" law::question::Compare => law::json::Compare,
    "law-overlap" law::question::Overlap => law::json::Overlap,
    "law-burden" law::question::Burden => law::json::Burdens,
);
asked!(cases:
    "law-fallback" law::question::Fallback => law::json::Fallbacks,
    "test" test::question::Question => test::json::Said,
);

/// A first look is asked of files that are no study, and of what was left out of them: no record can name these.
impl Named for look::question::Question {
    const NAME: &'static str = "look";
}

impl Named for law::question::Check {
    const NAME: &'static str = "law-check";
}

impl Asked for law::question::Check {
    type Said = law::json::Check;

    fn asked(&self, of: Subject<'_>, _handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
        match of {
            Subject::Law(library, _) => Ok(boxed(self.ask(library, &library.own, Vec::new()))),
            _ => not_of("the law"),
        }
    }
}

impl Named for attrition::question::Question {
    const NAME: &'static str = "attrition";
}

impl Asked for attrition::question::Question {
    type Said = attrition::json::Said;

    fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
        match of {
            Subject::Files([]) => self.ask(None, handle).map(boxed),
            Subject::Files([file]) => self.ask(Some(file), handle).map(boxed),
            _ => not_of("one file of stages, or none"),
        }
    }
}

impl Named for estimate::question::Question {
    const NAME: &'static str = "estimate";
}

impl Asked for estimate::question::Question {
    type Said = estimate::json::Said;

    fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
        match of {
            Subject::Files([file]) => self.ask(file, handle).map(boxed),
            _ => not_of("one table of lists"),
        }
    }
}

impl Named for adoption::question::Question {
    const NAME: &'static str = "adoption";
}

impl Asked for adoption::question::Question {
    type Said = adoption::json::Said;

    fn asked(&self, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
        match of {
            Subject::Files(files) => self.ask(files, handle).map(boxed),
            _ => not_of("tables of states and dates"),
        }
    }
}
