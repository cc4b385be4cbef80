//! `trend --json`.

use crate::json::number;
use nomoscope_core::codebook::{ConceptIx, Role};
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::stats::Interval;
use nomoscope_core::text::{Level, Span};
use nomoscope_core::usage::trend::change::{Change, Part, Turnover};
use nomoscope_core::usage::trend::drift::{Drift, Of, Turn};
use nomoscope_core::usage::trend::first::{FirstUse, What};
use nomoscope_core::usage::trend::period::Division;
use nomoscope_core::usage::trend::snapshot::{Amount, Edge, Snapshot};
use nomoscope_core::usage::trend::{Coded, Trend};
use serde_json::{Map, Value, json};

/// How many statements, and how many sources of one date, are listed.
const LISTED: usize = 20;
/// The longest quotation, in characters.
const QUOTE: usize = 300;

/// Returns `trend --json`; `top` caps the statements of each period and of each change.
#[must_use]
pub fn trend(r: Coded<'_>, trend: &Trend, cautions: &[String], top: usize, run: Value) -> Value {
    let out = Out { r, trend, top };
    json!({
        "focus": out.focus(),
        "division": division(&trend.division),
        "sources": r.corpus.sources.len(),
        "undated": trend.undated,
        "outside": trend.outside,
        "periods": trend.snapshots.iter().map(|s| out.period(s)).collect::<Vec<_>>(),
        "first": trend.first.iter().map(|f| out.first(f)).collect::<Vec<_>>(),
        "changes": trend.changes.iter().map(|c| out.change(c)).collect::<Vec<_>>(),
        "turning_points": trend.turns.iter().map(|t| out.turn(t)).collect::<Vec<_>>(),
        "uneven_paragraphs": trend.uneven_lengths.map_or(Value::Null, |(least, greatest)| json!({
            "least": least, "greatest": greatest })),
        "cautions": cautions,
        "run": run,
    })
}

fn division(division: &Division) -> Value {
    match division {
        Division::Periods(_) => json!({ "kind": "periods", "kernel": null, "width": null, "step": null }),
        Division::Windows { kernel, width, step } => {
            json!({ "kind": "windows", "kernel": kernel.name(), "width": width, "step": step })
        }
    }
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]))
}

/// Returns the words of a passage on one line; of a long one, the part round `hit`, which may itself be cut.
#[must_use]
pub fn quotation(text: &str, passage: Span, hit: Span) -> String {
    let flat = |span: Span| span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = flat(passage);
    if words.chars().count() <= QUOTE {
        return words;
    }
    let inner = flat(hit);
    let cut: String = inner.chars().take(QUOTE).collect();
    let room = QUOTE.saturating_sub(cut.chars().count() + 4);
    let (before, after) = (flat(Span::new(passage.start, hit.start)), flat(Span::new(hit.end, passage.end)));
    // What stands before tells more of who is meant; each side may have what the other leaves.
    let (n_before, n_after) = (before.chars().count(), after.chars().count());
    let left = n_before.min((room / 2).max(room.saturating_sub(n_after)));
    let right = n_after.min(room - left);
    let head: String = before.chars().skip(n_before - left).collect();
    let tail: String = after.chars().take(right).collect();
    let (from, to) = (if left < n_before { "…" } else { "" }, if right < n_after { "…" } else { "" });
    format!("{from}{} {cut} {}{to}", head.trim(), tail.trim()).trim().to_owned()
}

struct Out<'o> {
    r: Coded<'o>,
    trend: &'o Trend,
    top: usize,
}

impl Out<'_> {
    fn id(&self, concept: ConceptIx) -> &str {
        &self.r.corpus.codebook.get(concept).id
    }

    fn path(&self, source: usize) -> &str {
        &self.r.corpus.sources[source].path
    }

    fn focus(&self) -> Value {
        self.r.focus.map_or(Value::Null, |f| {
            json!({
                "concept": self.id(f.used),
                "asked": self.id(f.asked),
                "widened": f.used != f.asked,
                "concepts": f.concepts.iter().map(|c| self.id(*c)).collect::<Vec<_>>(),
            })
        })
    }

    fn period(&self, s: &Snapshot) -> Value {
        json!({
            "period": s.slice.period.name,
            "from": number(Some(s.slice.period.from)),
            "to": number(Some(s.slice.period.to)),
            "sources": s.slice.weights.len(),
            "effective_sources": s.effective_sources,
            "focal_sources": s.focal_sources,
            "units": s.units,
            "focal_units": s.focal_units,
            "median_paragraph_words": s.median_paragraph_words,
            "effective": effective(s),
            "type": kind(s),
            "backbone": s.edges.iter().map(|e| self.edge(e)).collect::<Vec<_>>(),
            "tested_pairs": s.tested.len(),
            "components": self.components(s),
            "statements": self.statements(s),
            "n_statements": s.statements.len(),
            "with_focus": self.company(s),
        })
    }

    fn edge(&self, e: &Edge) -> Value {
        json!({
            "a": self.id(e.a), "b": self.id(e.b), "n11": e.n11, "sources": e.sources,
            "odds_ratio": number(e.odds_ratio), "ci": interval(e.interval), "q": number(Some(e.q)),
        })
    }

    fn components(&self, s: &Snapshot) -> Vec<Value> {
        let mut out = Vec::new();
        for role in Role::ALL {
            let mut list: Vec<(&ConceptIx, &Amount)> = s.parts[role.index()].iter().collect();
            list.sort_by(|x, y| y.1.weight.total_cmp(&x.1.weight).then(x.0.cmp(y.0)));
            out.extend(list.into_iter().map(|(c, a)| {
                json!({
                    "part": role.name(), "concept": self.id(*c), "weight": a.weight,
                    "share": number(Some(a.weight / s.focal_weight)), "sources": a.sources,
                })
            }));
        }
        out
    }

    fn statements(&self, s: &Snapshot) -> Vec<Value> {
        let mut list: Vec<(&Statement, &Amount)> = s.statements.iter().collect();
        list.sort_by(|x, y| y.1.weight.total_cmp(&x.1.weight).then(x.0.cmp(y.0)));
        let one = |(statement, a): (&Statement, &Amount)| {
            let mut out = self.parts(statement);
            out.insert("weight".into(), json!(a.weight));
            out.insert("share".into(), number(Some(a.weight / s.focal_weight)));
            out.insert("sources".into(), json!(a.sources));
            Value::Object(out)
        };
        list.into_iter().take(self.top).map(one).collect()
    }

    fn parts(&self, statement: &Statement) -> Map<String, Value> {
        let name = |c: Option<ConceptIx>| c.map_or(Value::Null, |c| json!(self.id(c)));
        let [p, v, b] = statement.parts().map(name);
        Map::from_iter([("problem".into(), p), ("value".into(), v), ("behaviour".into(), b)])
    }

    fn company(&self, s: &Snapshot) -> Vec<Value> {
        let mut list: Vec<_> = s.company.iter().collect();
        list.sort_by_key(|(c, (units, sources))| (std::cmp::Reverse((*sources, *units)), **c));
        let one = |(c, (units, sources)): (&ConceptIx, &(u64, usize))| json!({ "concept": self.id(*c), "units": units, "sources": sources });
        list.into_iter().map(one).collect()
    }

    fn first(&self, f: &FirstUse) -> Value {
        let source = &self.r.corpus.sources[f.source];
        let coded = &self.r.corpus.coded[f.source];
        let sentence = coded.unit_at(f.span.start, Level::Sentence);
        let mut out = match f.what {
            What::Concept(c) => json!({ "kind": "concept", "concept": self.id(c) }),
            What::Coupling(a, b) => json!({ "kind": "coupling", "a": self.id(a), "b": self.id(b) }),
        };
        out["source"] = json!(source.path);
        out["title"] = json!(source.title);
        out["date"] = json!(f.date.to_string());
        out["unit"] = f.unit.map_or(Value::Null, |u| json!(coded.label(u)));
        out["quote"] = json!(quotation(&source.document.text, coded.span(sentence), f.span));
        if matches!(f.what, What::Concept(_)) {
            out["with"] = f.with.iter().map(|c| self.id(*c)).collect::<Vec<_>>().into();
        }
        out["also"] = f.also.iter().take(LISTED).map(|&s| self.path(s)).collect::<Vec<_>>().into();
        out["n_also"] = json!(f.also.len());
        out["sources"] = json!(f.sources);
        out
    }

    fn change(&self, c: &Change) -> Value {
        let name = |i: usize| &self.trend.snapshots[i].slice.period.name;
        let drift: Vec<&Drift> = c.drift.iter().filter(|d| d.of != Of::Statements).collect();
        let mut whole = c.drift.iter().find(|d| d.of == Of::Statements).map_or(Value::Null, drift_json);
        if !whole.is_null() {
            whole["parts"] = drift.into_iter().map(drift_json).collect::<Vec<_>>().into();
        }
        json!({
            "from": name(c.before),
            "to": name(c.after),
            "at": number(Some(self.trend.snapshots[c.after].slice.period.from)),
            "births": self.turnovers(&c.births),
            "deaths": self.turnovers(&c.deaths),
            "shifts": self.turnovers(&c.shifts),
            "n_statements_born": statements(&c.births),
            "n_statements_dead": statements(&c.deaths),
            "persistence": { "statements": number(c.statements), "concepts": number(c.concepts), "backbone": number(c.backbone),
                "reason": c.backbone.is_none().then_some("neither has a backbone, or neither has any statement") },
            "drift": whole,
        })
    }

    /// Lists all concepts and couplings, and the heaviest statements.
    fn turnovers(&self, list: &[Turnover]) -> Vec<Value> {
        let statement = |t: &&Turnover| matches!(t.part, Part::Statement(_));
        let kept = list.iter().filter(|t| !statement(t)).chain(list.iter().filter(statement).take(self.top));
        kept.map(|t| self.turnover(t)).collect()
    }

    fn turnover(&self, t: &Turnover) -> Value {
        let mut out = match t.part {
            Part::Concept(c) => json!({ "kind": "concept", "concept": self.id(c) }),
            Part::Coupling(a, b) => json!({ "kind": "coupling", "a": self.id(a), "b": self.id(b) }),
            Part::Statement(s) => {
                let mut map = self.parts(&s);
                map.insert("kind".into(), json!("statement"));
                Value::Object(map)
            }
        };
        out["sources_before"] = json!(t.sources_before);
        out["sources_after"] = json!(t.sources_after);
        match t.part {
            Part::Coupling(..) => out["tested_on_both_sides"] = json!(t.tested_on_both_sides),
            _ => {
                out["share_before"] = json!(t.share_before);
                out["share_after"] = json!(t.share_after);
                out["p"] = number(t.p);
            }
        }
        if matches!(t.part, Part::Concept(_)) {
            out["q"] = number(t.q);
        }
        out
    }

    fn turn(&self, t: &Turn) -> Value {
        let change = t.change.and_then(|c| self.trend.changes.get(c));
        let name = |i: usize| json!(self.trend.snapshots[i].slice.period.name);
        let at = change.map(|c| self.trend.snapshots[c.after].slice.period.from);
        json!({
            "of": t.of.name(),
            "from": change.map_or(Value::Null, |c| name(c.before)),
            "to": change.map_or(Value::Null, |c| name(c.after)),
            "at": number(at),
            "z": number(t.z),
            "p": number(t.p),
            "reason": t.reason,
        })
    }
}

fn statements(list: &[Turnover]) -> usize {
    list.iter().filter(|t| matches!(t.part, Part::Statement(_))).count()
}

fn drift_json(d: &Drift) -> Value {
    json!({
        "of": d.of.name(),
        "divergence": number(d.divergence),
        "expected": number(d.expected),
        "beyond_chance": number(d.beyond_chance),
        "interval": interval(d.interval),
        "p": number(d.p),
        "q": number(d.q),
        "sources_before": d.sources_before,
        "sources_after": d.sources_after,
        "reason": d.reason,
    })
}

fn effective(s: &Snapshot) -> Value {
    match &s.kind {
        Ok(k) => {
            let [p, v, b] = k.effective;
            json!({
                "problem": number(Some(p.adjusted)), "value": number(Some(v.adjusted)),
                "behaviour": number(Some(b.adjusted)), "statement": number(Some(k.effective_statements.adjusted)),
                "adjusted": k.effective_statements.coverage.is_some(),
            })
        }
        Err(reason) => json!({
            "problem": null, "value": null, "behaviour": null, "statement": null, "adjusted": null, "reason": reason,
        }),
    }
}

fn kind(s: &Snapshot) -> Value {
    let support = s.support.shares.as_ref().map_or(Value::Null, |shares| {
        Value::Object(shares.iter().map(|(m, share)| (m.name().to_owned(), json!(share))).collect())
    });
    let mut out = json!({
        "model": s.kind.as_ref().map_or(Value::Null, |k| json!(k.model.name())),
        "support": support,
        "draws": s.support.draws,
        "complete_sources": s.complete_sources,
    });
    if let Err(reason) = &s.kind {
        out["reason"] = json!(reason);
    } else if let Some(reason) = &s.support.reason {
        out["reason"] = json!(reason);
    }
    out
}
