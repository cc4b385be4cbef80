//! All questions that can be asked, in one table: `replay`, pages and other languages read it, so that none can be forgotten.
//!
//! A question is a value: its settings with their defaults. As JSON it stands in the run record; here it is read again,
//! and asked of whatever questions of its kind are asked of.

use crate::address;
use crate::answer::Answer;
use crate::handle::Handle;
use crate::law::library::Library;
use crate::material::{Material, Selection};
use crate::record::{Named, Record};
use crate::refusal::{Problem, Problems, Refusal};
use crate::settings;
use crate::{
    adjudicate, adoption, agree, attrition, audit, compare, concepts, counted, estimate, kwic, law, look, map, network,
    propose, report, review, scan, slip, suggest, terms, test, trend,
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

impl Of {
    /// Returns whether a study can be asked.
    #[must_use]
    pub const fn takes_study(self) -> bool {
        matches!(self, Self::Study | Self::StudyOrTable)
    }
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
    settled: fn(Value) -> Result<Value, Refusal>,
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
            settled: settled::<Q>,
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

    /// Returns a question of this kind as a run record has it, with every default written out.
    ///
    /// # Errors
    /// A setting that there is not, or of another type.
    pub fn settled(&self, question: Value) -> Result<Value, Refusal> {
        (self.settled)(question)
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

/// Returns what an address asks of a study for its report: the kind of question, its settings, and which sources are read.
///
/// # Errors
/// Every field that is wrong; a question that there is not, or that is not asked of a study, or that is the report itself.
pub fn of_report(address: &str) -> Result<(&'static Kind, Value, Selection), Refusal> {
    let (name, fields) = address::parts(address);
    let kind = kind(name)?;
    if !kind.of.takes_study() || kind.name == <report::question::Question as Named>::NAME {
        let known = QUESTIONS.iter().filter(|k| k.of.takes_study() && k.name != "report").map(|k| k.name);
        let hint = format!("questions of a study are {}", known.collect::<Vec<_>>().join(", "));
        let problem = Problem::new(address, format!("`{name}` cannot stand in a report")).hint(hint);
        return Err(Refusal::Input(problem.into()));
    }
    let (defaults, mut problems) = (kind.defaults(), Problems::new());
    let which = serde_json::to_value(Selection::default()).unwrap_or_default();
    let known: Vec<&str> =
        [&defaults, &which].into_iter().filter_map(Value::as_object).flatten().map(|(name, _)| name.as_str()).collect();
    for (field, _) in &fields {
        let (mut known, mut within) = (known.clone(), Some(&defaults));
        for part in field.split('.') {
            if !known.contains(&part) {
                let hint = nomoscope_core::problem::Remedy::nearest_or(nearest(part, known.iter().copied()), || {
                    format!("settings are {}", known.join(", "))
                });
                problems.push(Problem::new(address, format!("`{name}` has no setting `{field}`")).hint(hint));
                break;
            }
            within = within.and_then(|settings| settings.get(part));
            let inner = within.and_then(Value::as_object);
            known = inner.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        }
    }
    problems.or(())?;
    let settings = kind.settled(address::settings(&fields, defaults)?)?;
    Ok((kind, settings, address::question(&fields, &Selection::default())?))
}

/// Refuses addresses that ask nothing for a report, all at once.
///
/// # Errors
/// As of [`of_report`].
pub fn check_report<'a>(addresses: impl IntoIterator<Item = &'a String>) -> Result<(), Refusal> {
    let mut problems = Problems::new();
    for address in addresses {
        Refusal::gather(of_report(address), &mut problems)?;
    }
    Ok(problems.or(())?)
}

/// Asks what is to be told of a study as a whole.
///
/// # Errors
/// Every further question that is none; what [`report::question::Question::ask`] refuses.
pub fn report(
    question: &report::question::Question,
    material: &Material,
    handle: &Handle,
) -> Result<report::answer::Report, Refusal> {
    check_report(material.study.meta.report.iter().chain(&question.further))?;
    question.ask(material, handle, further)
}

/// Asks a study what an address asks for its report.
fn further(address: &str, material: &Material, handle: &Handle) -> Asking {
    let (kind, settings, selection) = of_report(address)?;
    kind.ask(settings, Subject::Study(&material.select(&selection)?), handle)
}

fn schema<T: JsonSchema>() -> Schema {
    schema_for!(T)
}

fn defaults<Q: Asked>() -> Value {
    serde_json::to_value(Q::default()).unwrap_or_default()
}

fn ask<Q: Asked>(question: Value, of: Subject<'_>, handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
    read::<Q>(question)?.asked(of, handle)
}

fn settled<Q: Asked>(question: Value) -> Result<Value, Refusal> {
    Ok(serde_json::to_value(read::<Q>(question)?).unwrap_or_default())
}

fn read<Q: Asked>(question: Value) -> Result<Q, Refusal> {
    Ok(settings::read(question)?)
}

/// Refuses what a question is not asked of.
fn not_of<T>(wanted: &str) -> Result<T, Refusal> {
    Err(Refusal::Input(Problem::new("", format!("this question is asked of {wanted}")).into()))
}

fn boxed<A: Answer + 'static>(answer: A) -> Box<dyn Answer> {
    Box::new(answer)
}

/// Makes the table, and lets each question in it be asked: its name, what it is asked of, its type, what its answer is as
/// JSON, and how it is asked.
macro_rules! questions {
    ($($name:literal $of:ident $question:ty => $said:ty, |$asked:ident, $subject:ident, $handle:ident| $ask:expr;)+) => {
        /// All kinds of questions.
        pub static QUESTIONS: &[Kind] = &[$(Kind::new::<$question>(Of::$of)),+];

        $(
            impl Named for $question {
                const NAME: &'static str = $name;
            }

            impl Asked for $question {
                type Said = $said;

                fn asked(&self, $subject: Subject<'_>, $handle: &Handle) -> Result<Box<dyn Answer>, Refusal> {
                    let $asked = self;
                    $ask
                }
            }
        )+
    };
}

questions! {
    "concepts" Study concepts::question::Question => concepts::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "kwic" Study kwic::question::Question => kwic::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "terms" Study terms::question::Question => terms::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "suggest" Study suggest::question::Question => suggest::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "review" Study review::question::Question => review::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "audit" Study audit::question::Question => audit::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "propose" Study propose::question::Question => propose::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "adjudicate" Study adjudicate::question::Question => adjudicate::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "map" Study map::question::Question => map::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "compare" Study compare::question::Question => compare::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "trend" Study trend::question::Question => trend::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "slip" Study slip::question::Question => slip::json::Said, |q, of, h| study(of, |m| q.ask(m, h));
    "agree" StudyOrTable agree::question::Question => agree::json::Said, |q, of, h| match of {
        Subject::Study(material) => q.ask(material, h).map(boxed),
        Subject::Files([table]) => q.ask_table(table.name, table.bytes).map(boxed),
        _ => not_of("a study or one table"),
    };
    "network" StudyOrTable network::question::Question => network::json::Said, |q, of, h| match of {
        Subject::Study(material) => q.ask(material, h).map(boxed),
        Subject::Files([table]) => q.ask_table(table.name, table.bytes).map(boxed),
        _ => not_of("a study or one table"),
    };
    "report" Study report::question::Question => report::json::Said, |q, of, h| study(of, |m| report(q, m, h));
    "law-list" Law law::question::List => law::json::List, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-show" Law law::question::Show => law::json::Show, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-facts" Law law::question::Facts => law::json::Facts, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-check" Law law::question::Check => law::json::Check, |q, of, _h| the_law(of, |l| Ok(q.ask(l, &l.own, Vec::new())));
    "law-compare" Law law::question::Compare => law::json::Compare, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-overlap" Law law::question::Overlap => law::json::Overlap, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-burden" Law law::question::Burden => law::json::Burdens, |q, of, h| the_law(of, |l| q.ask(l, h));
    "law-fallback" Cases law::question::Fallback => law::json::Fallbacks, |q, of, h| cases(of, |l, c| q.ask(l, c, h));
    "test" Cases test::question::Question => test::json::Said, |q, of, h| cases(of, |l, c| q.ask(l, c, h));
    "scan" Files scan::question::Question => scan::json::Said, |q, of, h| match of {
        Subject::Files(files) => match files.iter().position(|file| file.name.ends_with(".toml")) {
            Some(book) => {
                let tables: Vec<Input<'_>> = files.iter().enumerate().filter(|(i, _)| *i != book).map(|(_, t)| *t).collect();
                files.get(book).map_or_else(|| not_of("a codebook"), |book| q.ask(book, &tables, h).map(boxed))
            }
            None => not_of("a codebook (.toml) and tables"),
        },
        _ => not_of("a codebook (.toml) and tables"),
    };
    "map-counts" Files counted::question::Map => counted::json::Map, |q, of, h| files(of, |f| q.ask(f, h));
    "compare-counts" Files counted::question::Compare => counted::json::Compare, |q, of, h| files(of, |f| q.ask(f, h));
    "trend-counts" Files counted::question::Trend => counted::json::Trend, |q, of, h| files(of, |f| q.ask(f, h));
    "attrition" Files attrition::question::Question => attrition::json::Said, |q, of, h| match of {
        Subject::Files([]) => q.ask(None, h).map(boxed),
        Subject::Files([file]) => q.ask(Some(file), h).map(boxed),
        _ => not_of("one file of stages, or none"),
    };
    "estimate" Files estimate::question::Question => estimate::json::Said, |q, of, h| match of {
        Subject::Files([file]) => q.ask(file, h).map(boxed),
        _ => not_of("one table of lists"),
    };
    "adoption" Files adoption::question::Question => adoption::json::Said, |q, of, h| match of {
        Subject::Files(files) => q.ask(files, h).map(boxed),
        _ => not_of("tables of states and dates"),
    };
}

/// A first look is asked of files that are no study, and of what was left out of them: no record can name these.
impl Named for look::question::Question {
    const NAME: &'static str = "look";
}

type Asking = Result<Box<dyn Answer>, Refusal>;

fn study<A: Answer + 'static>(of: Subject<'_>, ask: impl FnOnce(&Material) -> Result<A, Refusal>) -> Asking {
    match of {
        Subject::Study(material) => ask(material).map(boxed),
        _ => not_of("a study"),
    }
}

fn files<A: Answer + 'static>(of: Subject<'_>, ask: impl FnOnce(&[Input<'_>]) -> Result<A, Refusal>) -> Asking {
    match of {
        Subject::Files(files) => ask(files).map(boxed),
        _ => not_of("files of counts"),
    }
}

fn the_law<A: Answer + 'static>(of: Subject<'_>, ask: impl FnOnce(&Arc<Library>) -> Result<A, Refusal>) -> Asking {
    match of {
        Subject::Law(library, _) => ask(library).map(boxed),
        _ => not_of("the law"),
    }
}

fn cases<A: Answer + 'static>(
    of: Subject<'_>,
    ask: impl FnOnce(&Arc<Library>, &[Case]) -> Result<A, Refusal>,
) -> Asking {
    match of {
        Subject::Law(library, cases) => ask(library, cases).map(boxed),
        _ => not_of("the law and the facts of a case"),
    }
}
