//! `network --json`.

use crate::json::number;
use crate::network::answer::{Mode, Named, Networks, Said, Slice, Tie, sum};
use nomoscope_core::usage::discourse::Qualifier;
use serde_json::{Value, json};

/// Returns the networks, with at most `top` ties and statements each.
#[must_use]
pub fn network(said: &Said, found: &Networks, top: usize) -> Value {
    let (choice, settings) = (found.choice, found.choice.settings);
    let mut out = json!({
        "kind": said.kind,
        "mode": choice.mode.name(),
        "aggregation": settings.aggregation,
        "normalisation": settings.normalisation,
        "duplicates": settings.duplicates,
        "qualifier": said.qualifier,
        "compat": settings.compat,
        "differs_from_dna3": found.differs,
        "statements_read": found.n_read,
        "statements": found.counted.len(),
        "rows": found.whole.rows,
        "columns": found.whole.columns,
        "matrix": matrix(&found.whole),
        "sum": number(Some(sum(&found.whole))),
        "edges": edges(&found.whole, choice.mode, top),
        "omitted": found.whole.ties.len().saturating_sub(top),
        "said": found.counted.iter().take(top).map(|at| statement(said, *at)).collect::<Vec<_>>(),
        "notes": said.notes,
    });
    if let Some(series) = choice.series {
        out["time"] = json!({ "unit": series.unit, "width": series.width, "kernel": series.kernel });
        out["windows"] = found.slices.iter().map(|s| window(s, choice.mode, top)).collect::<Vec<_>>().into();
    }
    out
}

fn matrix(named: &Named) -> Vec<Vec<Value>> {
    let width = named.columns.len().max(1);
    named.matrix.cells.chunks(width).map(|row| row.iter().map(|x| number(Some(*x))).collect()).collect()
}

fn edges(named: &Named, mode: Mode, top: usize) -> Vec<Value> {
    let shared = if mode == Mode::Concepts { "actors" } else { "concepts" };
    let of = |t: &Tie| {
        let mut out = json!({ "a": t.a, "b": t.b, "weight": number(Some(t.weight)) });
        if mode != Mode::TwoMode {
            out[shared] = json!(t.shared);
        }
        out
    };
    named.ties.iter().take(top).map(of).collect()
}

fn window(slice: &Slice, mode: Mode, top: usize) -> Value {
    json!({
        "from": slice.from,
        "to": slice.to,
        "statements": slice.n_statements,
        "edges": slice.network.as_ref().map(|n| edges(n, mode, top)).unwrap_or_default(),
    })
}

fn statement(said: &Said, at: usize) -> Value {
    let Some(s) = said.statements.get(at) else { return Value::Null };
    let name = |list: &[String], at: u32| list.get(at as usize).cloned().unwrap_or_default();
    let stance = match said.qualifier {
        None => Value::Null,
        Some(Qualifier::Text) => json!(name(&said.stances, u32::try_from(s.stance).unwrap_or(u32::MAX))),
        Some(_) => json!(s.stance),
    };
    json!({
        "actor": name(&said.actors, s.actor),
        "concept": name(&said.concepts, s.concept),
        "stance": stance,
        "document": name(&said.documents, s.document),
        "unit": said.units.get(at),
        "date": s.date.map(|d| d.to_string()),
    })
}
