//! The stable JSON of `test` and `law`.

use crate::law::words;
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::Burden;
use nomoscope_core::law::case::{AgeRange, Case, Person, Rest};
use nomoscope_core::law::compare::{Comparison, Witness};
use nomoscope_core::law::definition::{Atom, Norm, Penalty, Validity};
use nomoscope_core::law::fallback::Fallback;
use nomoscope_core::law::finding::{Line, Obstacle, Outcome, Reading, variable_id};
use nomoscope_core::law::logic::words as term_id;
use nomoscope_core::law::minimal::{Literal, MinimalSets};
use serde_json::{Value, json};

/// Returns one entry of `results` of `test --json`.
#[must_use]
pub fn result(law: &Law, case: &Case, person: &Person, outcome: &Outcome, at: Option<(&str, &Line)>) -> Value {
    let norm = &law.norms[outcome.norm];
    let mut out = json!({
        "case": case.id,
        "person": person.id,
        "norm": norm.id,
        "short": norm.short,
        "system": norm.system,
        "family": norm.family,
        "verified": norm.verified.name(),
    });
    merge(&mut out, line(law, norm, &outcome.all));
    out["protection"] = line(law, norm, &outcome.protection);
    out["prosecution"] = line(law, norm, &outcome.prosecution);
    if let Some((grade, at)) = at {
        let mut value = line(law, norm, at);
        value["grade"] = json!(grade);
        out["at"] = value;
    }
    out["remarks"] = outcome
        .remarks
        .iter()
        .filter_map(|&i| norm.remarks.get(i))
        .map(|r| json!({ "cite": r.cite, "text": r.text }))
        .collect();
    out["scope"] = outcome
        .scopes
        .iter()
        .filter_map(|&(i, finding)| Some((norm.scopes.get(i)?, finding)))
        .map(|(s, finding)| json!({ "cite": s.cite, "text": s.text, "finding": finding.name() }))
        .collect();
    out["aggravations"] = outcome
        .aggravations
        .iter()
        .filter_map(|&i| norm.aggravations.get(i))
        .map(|a| json!({ "id": a.id, "cite": a.cite, "label": a.label, "penalty": a.penalty.as_ref().map(penalty) }))
        .collect();
    out["in_force"] = match case.date.map(|d| norm.validity(d)) {
        None | Some(Validity::Unknown) => Value::Null,
        Some(v) => json!(v == Validity::InForce),
    };
    out["mark"] = words::validity(norm, case.date).map_or(Value::Null, Value::String);
    out["against_person"] = json!(norm.against_person);
    out["penalty"] = norm.penalty.as_ref().map_or(Value::Null, penalty);
    let expected = person.expect.iter().find(|e| e.norm == norm.id);
    out["expected"] = expected.map_or(Value::Null, |e| json!(e.finding.name()));
    out["as_expected"] = expected.map_or(Value::Null, |e| json!(e.finding == outcome.all.finding));
    out
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// Returns one line of evidence.
fn line(law: &Law, norm: &Norm, l: &Line) -> Value {
    let limb = |i: &usize| norm.limbs.get(*i).map_or(Value::Null, |l| json!(l.id));
    let mut failing: Vec<String> = Vec::new();
    for o in &l.failing {
        let id = requirement_id(law, norm, o);
        if !failing.contains(&id) {
            failing.push(id);
        }
    }
    json!({
        "finding": l.finding.name(),
        "limb": l.limbs.first().map_or(Value::Null, limb),
        "limbs": l.limbs.iter().map(limb).collect::<Vec<_>>(),
        "failing": failing,
        "failing_detail": l.failing.iter().map(|o| obstacle(law, norm, o)).collect::<Vec<_>>(),
        "open_detail": l.open.iter().map(|o| obstacle(law, norm, o)).collect::<Vec<_>>(),
        "missing": sets(law, &l.missing),
        "missing_complete": l.missing.complete,
        "defeating": sets(law, &l.defeating),
        "defeating_complete": l.defeating.complete,
        "established_if_open": l.established_if_open,
        "presumed_minor": l.presumed_minor,
    })
}

fn requirement_id(law: &Law, norm: &Norm, o: &Obstacle) -> String {
    match o.requirement.atom {
        Atom::Element(e) => norm.elements.get(e).map_or_else(String::new, |e| e.id.clone()),
        Atom::Fact(_) | Atom::Below(..) => term_id(law, o.requirement),
    }
}

fn obstacle(law: &Law, norm: &Norm, o: &Obstacle) -> Value {
    let (role, cite, label) = match o.requirement.atom {
        Atom::Element(e) => {
            norm.elements.get(e).map_or(("", "", ""), |e| (e.role.as_str(), e.cite.as_str(), e.label.as_str()))
        }
        Atom::Fact(_) | Atom::Below(..) => ("", "", ""),
    };
    let facts: Vec<String> = o
        .terms
        .iter()
        .map(|t| match t.atom {
            Atom::Element(e) => norm.elements.get(e).map_or_else(String::new, |e| format!("@{}", e.id)),
            Atom::Fact(_) | Atom::Below(..) => term_id(law, *t),
        })
        .collect();
    json!({
        "limb": norm.limbs.get(o.limb).map(|l| l.id.as_str()),
        "element": requirement_id(law, norm, o),
        "exception": o.requirement.negated,
        "role": role,
        "cite": cite,
        "label": label,
        "facts": facts,
    })
}

/// Returns sets of facts by id: `act.recruit`, `!work.emergency`, `victim.age < 18`.
#[must_use]
pub fn sets(law: &Law, sets: &MinimalSets) -> Vec<Vec<String>> {
    let id = |l: &Literal| variable_id(law, l.variable, l.value);
    sets.sets.iter().map(|s| s.iter().map(id).collect()).collect()
}

/// Returns a penalty.
#[must_use]
pub fn penalty(p: &Penalty) -> Value {
    json!({ "min_years": p.min_years, "max_years": p.max_years, "life": p.life, "note": p.note, "words": p.words() })
}

/// Returns what `test --json` says of a case beside its results.
#[must_use]
pub fn case(case: &Case) -> Value {
    json!({
        "case": case.id,
        "title": case.title,
        "kind": case.kind,
        "court": case.court,
        "date": case.date.map(|d| d.to_string()),
        "persons": case.persons.iter().map(|p| json!({
            "person": p.id,
            "age": p.age.map(age),
            "rest": if p.rest == Rest::False { "false" } else { "unknown" },
            "notes": words::caveats(p),
        })).collect::<Vec<_>>(),
    })
}

/// Returns an age range in completed years.
#[must_use]
pub fn age(a: AgeRange) -> Value {
    json!([a.low, a.high])
}

/// Returns how open lists and interpretations were read.
#[must_use]
pub fn reading(r: Reading) -> Value {
    json!({ "open": r.open.name(), "interpretation": r.interpretation })
}

/// Returns a comparison under one reading.
#[must_use]
pub fn comparison(law: &Law, c: &Comparison) -> Value {
    json!({
        "open": c.reading.name(),
        "relation": c.relation.name(),
        "only_a": c.only_first.as_ref().map(|w| witness(law, w)),
        "only_b": c.only_second.as_ref().map(|w| witness(law, w)),
        "overlap": c.overlap,
    })
}

/// Returns a least fact pattern.
fn witness(law: &Law, w: &Witness) -> Value {
    json!({
        "facts": w.facts.iter().map(|f| law.vocabulary.get(*f).id.as_str()).collect::<Vec<_>>(),
        "open": w.open.iter().map(|&n| law.norms[n].id.as_str()).collect::<Vec<_>>(),
        "age": w.age.map(age),
    })
}

/// Returns what a norm asks for.
#[must_use]
pub fn burden(law: &Law, b: &Burden) -> Value {
    let norm = &law.norms[b.norm];
    json!({
        "norm": norm.id,
        "limbs": b.limbs.iter().map(|l| json!({
            "limb": norm.limbs.get(l.limb).map(|l| l.id.as_str()),
            "conjuncts": l.conjuncts,
            "exceptions": l.exceptions,
            "ways": l.templates,
            "factors": l.factors.iter().map(|f| json!({
                "label": f.label, "all": f.all, "any": f.any, "open": f.open, "absent": f.absent })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "smallest": b.smallest.as_ref().map(|w| witness(law, w)),
        "indispensable": b.indispensable.iter().map(|f| law.vocabulary.get(*f).id.as_str()).collect::<Vec<_>>(),
    })
}

/// Returns what is left.
#[must_use]
pub fn fallback(law: &Law, f: &Fallback) -> Value {
    let remaining: Vec<Value> = f
        .remaining
        .iter()
        .map(|r| {
            let norm = &law.norms[r.norm];
            let all = MinimalSets { sets: r.missing.clone(), complete: true };
            json!({
                "norm": norm.id,
                "short": norm.short,
                "system": norm.system,
                "family": norm.family,
                "distance": r.distance,
                "missing": sets(law, &all),
                "ways": r.ways.map(|(held, of)| json!({ "held": held, "of": of })),
                "penalty": norm.penalty.as_ref().map(penalty),
                "protection": norm.protection.iter().map(|c| json!({ "cite": c.cite, "text": c.text })).collect::<Vec<_>>(),
                "verified": norm.verified.name(),
            })
        })
        .collect();
    let kept_out: Vec<Value> = f
        .kept_out
        .iter()
        .map(|&n| {
            let norm = &law.norms[n];
            json!({
                "norm": norm.id,
                "short": norm.short,
                "non_punishment": norm.non_punishment.iter().map(|c| json!({ "cite": c.cite, "text": c.text })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "remaining": remaining, "kept_out": kept_out })
}
