//! Which norms are tried when nobody names any: those of the State and its treaties, in force there and then.

use crate::refusal::{Problem, Refusal};
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, Entry, Grade, Value};
use nomoscope_core::law::definition::{NON_PUNISHMENT, Norm, Validity};
use nomoscope_core::law::guide::State;
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;

/// Returns the State that a question, or else a case, names; none where neither does.
///
/// # Errors
/// A State that is not there.
pub(crate) fn state_of<'l>(
    law: &'l Law,
    asked: Option<&str>,
    case: Option<&Case>,
) -> Result<Option<&'l State>, Refusal> {
    let name = asked.filter(|s| !s.is_empty()).or_else(|| case.map(|c| c.state.as_str()).filter(|s| !s.is_empty()));
    let Some(name) = name else { return Ok(None) };
    law.guide.state(name).map(Some).ok_or_else(|| {
        let ids: Vec<&str> = law.guide.states.iter().map(|s| s.id.as_str()).collect();
        // Codes of two letters are all near each other: `es` is Spain, and no slip for `us`.
        let near = nearest(name, ids.iter().copied()).filter(|_| name.chars().count() > 3);
        let hint = Remedy::nearest_or(near, || {
            format!("States are {}; without one, all law that was in force is tried", ids.join(", "))
        });
        Refusal::Input(
            Problem::new("state", format!("no law of the State `{name}` is recorded here")).hint(hint).into(),
        )
    })
}

/// Returns whether a norm was law on a day; what is not known to be in force is not taken to be.
#[must_use]
pub fn in_force(norm: &Norm, date: Option<PartialDate>) -> bool {
    date.is_none_or(|d| norm.validity(d) == Validity::InForce)
}

/// Returns whether a norm is the State's own, or one of its treaties that bound it on the day. Where the State lists a norm of its
/// own, that decides: an Act may end there before it ends elsewhere.
#[must_use]
pub fn applies(law: &Law, n: usize, state: &State, date: Option<PartialDate>) -> bool {
    let listed = state.parties.iter().find(|p| p.norm == n);
    listed.map_or(law.norms[n].system == state.id, |p| p.binds_on(date))
}

/// Returns the norms that are tried by default: in force, of the State and its treaties; without a State all that are in force.
/// Norms that the case has expectations of are always among them.
#[must_use]
pub fn by_default(law: &Law, state: Option<&State>, date: Option<PartialDate>, case: Option<&Case>) -> Vec<usize> {
    let expected =
        |norm: &Norm| case.is_some_and(|c| c.persons.iter().any(|p| p.expect.iter().any(|e| e.norm == norm.id)));
    // Without a day it is the law as it stands that is asked about, and no version that another took the place of.
    let stands = |norm: &Norm| in_force(norm, date) && (date.is_some() || norm.valid_to.is_none());
    let fits = |&n: &usize| {
        let norm = &law.norms[n];
        expected(norm) || (stands(norm) && state.is_none_or(|s| applies(law, n, s, date)))
    };
    (0..law.norms.len()).filter(fits).collect()
}

/// Returns whether a norm is a treaty open to all States, of the United Nations or the ILO: what can be looked at before it is known
/// which State it is.
#[must_use]
pub fn universal(norm: &Norm) -> bool {
    matches!(norm.system.as_str(), "un" | "ilo")
}

/// Returns whether a norm is one that an interview asks about by itself: not aimed at the person, and no rule on their punishment.
#[must_use]
pub fn may_be_asked(norm: &Norm) -> bool {
    !norm.against_person && norm.kind != NON_PUNISHMENT
}

/// Returns a case with what goes with the State that is named, or that it names.
///
/// # Errors
/// A State that is not there.
pub(crate) fn within_state(law: &Law, asked: Option<&str>, case: &Case) -> Result<Case, Refusal> {
    let mut case = case.clone();
    if let Some(state) = state_of(law, asked, Some(&case))? {
        enter_state(&mut case, state);
    }
    Ok(case)
}

/// Enters what goes with the choice of a State, where nothing was said of it: supported, since the State was named.
pub fn enter_state(case: &mut Case, state: &State) {
    case.state.clone_from(&state.id);
    for person in &mut case.persons {
        for fact in &state.implies {
            person.facts.entry(*fact).or_insert_with(|| Entry {
                grade: Some(Grade::Supported),
                source: "the State that was named".to_owned(),
                ..Entry::new(Value::True)
            });
        }
    }
}
