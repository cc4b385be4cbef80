//! The answer for somebody who has a minute: two sentences.

use crate::map::answer::Analysis;
use crate::map::words::{self, subject};
use crate::words::{counted, thousands};
use nomoscope_core::norm::kind::Model;

/// Returns the answer in two sentences; `claim` is what the author of an illustration says, in place of what is computed.
#[must_use]
pub fn answer(a: &Analysis, claim: Option<&str>) -> String {
    if let Some(claim) = claim.filter(|_| a.options.illustration) {
        return claim.trim().to_owned();
    }
    let untold = match &a.kind {
        Err(reason) => Some(reason),
        Ok(kind) => kind.thin.as_ref(),
    };
    // What cannot be told is not uncertain: there is nothing to be sure of.
    match (&a.kind, untold) {
        (Ok(kind), None) => format!("{} {}", what(a, kind.model), how_sure(a)),
        (_, reason) => format!(
            "What kind of norm {} is cannot be told from these texts{}. {}",
            subject(a),
            reason.map_or_else(String::new, |reason| format!(": {reason}")),
            how_many(a)
        ),
    }
}

/// Returns how many sources speak of it, and how many in full.
fn how_many(a: &Analysis) -> String {
    let (n, all) = (a.focal_source_count(), counted(a.corpus.sources.len(), "source", "sources"));
    let full = match a.complete_sources {
        0 => "none of them names".to_owned(),
        1 => "1 of them names".to_owned(),
        n => format!("{} of them name", thousands(n as u64)),
    };
    match n {
        0 => format!("None of {all} speaks of it."),
        n => format!(
            "{} of {all} {} of it; {full} a problem, a value and a behaviour together.",
            thousands(n as u64),
            if n == 1 { "speaks" } else { "speak" }
        ),
    }
}

fn what(a: &Analysis, kind: Model) -> String {
    let subject = subject(a);
    let (n, all) = (a.focal_source_count(), a.corpus.sources.len());
    let within = match n == all {
        true => format!("In {}", counted(all, "source", "sources")),
        false => format!("In {} of {}", thousands(n as u64), counted(all, "source", "sources")),
    };
    let is = if kind == Model::Undetermined {
        format!("{subject} is a norm of no clear kind")
    } else {
        format!("{subject} is {}", plain(kind))
    };
    match leading(a) {
        Some(words) => format!("{within}, {is}; most often, {words}."),
        None => format!("{within}, {is}."),
    }
}

/// Returns the type without the word of the trade.
const fn plain(model: Model) -> &'static str {
    match model {
        Model::SingleNorm => "one norm: one value calls for one behaviour",
        Model::SingleValue => "one value that calls for several behaviours",
        Model::SingleBehaviour => "one behaviour that several values call for",
        Model::SideBySide => "several norms side by side, each value with behaviours of its own",
        Model::MultipleValue => "not one norm but a cluster, in which several values call for the same behaviours",
        Model::Undetermined => "of no clear kind",
    }
}

fn leading(a: &Analysis) -> Option<String> {
    let (statement, _) = words::leading(a)?;
    let [problem, value, behaviour] = statement.parts().map(|part| part.map(|c| a.label(c)));
    Some(format!("where there is {}, {} suggests to {}", problem?, value?, uninflected(behaviour?)))
}

/// A behaviour is named as one would say it after "to"; what is no such name is put in quotation marks.
fn uninflected(behaviour: &str) -> String {
    let first = behaviour.split(' ').next().unwrap_or_default();
    let noun = first.ends_with("tion")
        || first.ends_with("ing")
        || first.ends_with("ment")
        || first.starts_with(char::is_uppercase);
    if noun { format!("“{behaviour}”") } else { behaviour.to_owned() }
}

fn how_sure(a: &Analysis) -> String {
    let model = a.kind.as_ref().map_or(Model::Undetermined, |kind| kind.model);
    match (&a.support.shares, &a.support.reason) {
        (Some(shares), _) => {
            let share = 100.0 * shares.get(&model).copied().unwrap_or(0.0);
            let draws = thousands(a.support.draws as u64);
            let sure = match share {
                s if s >= 95.0 => "This is certain as far as these sources go",
                s if s >= 80.0 => "This is likely",
                s if s >= 50.0 => "This is more likely than not",
                _ => "This is uncertain",
            };
            format!("{sure}: of {draws} studies with sources drawn anew from these, {share:.0} % give the same answer.")
        }
        (None, Some(reason)) => format!("How sure that is cannot be told: {reason}."),
        (None, None) => "How sure that is was not asked.".to_owned(),
    }
}
