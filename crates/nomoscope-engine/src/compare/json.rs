//! The JSON of `compare`.

use crate::compare::answer::{Comparison, CrossTable, Group, NormAvoidance, Opposition, Portfolios};
use crate::compare::tables::{sorted, sorted_statements};
use crate::json::number;
use crate::statements::Statements;
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::text::Level;
use nomoscope_core::usage::contrast::{Contrast, Holding};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_stats::Interval;
use nomoscope_stats::mantel_haenszel::EqualOdds;
use nomoscope_stats::wald::ClusteredShare;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many passages stand behind a number.
const PASSAGES: usize = 3;

pub(crate) fn interval(i: Option<Interval>) -> Value {
    i.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]))
}

/// Returns the answer serialised; `top` bounds the pairs and the statements.
#[must_use]
pub fn compare(c: &Comparison, top: usize, run: Value) -> Value {
    let (read, window) = (&c.basis.read, c.basis.options.window);
    let page = Page { c, read, book: &read.corpus.codebook, window, index: Index::new(&read.corpus) };
    let (pairs, more_pairs) = page.couplings(top);
    let (statements, more_statements) = page.statements(top);
    json!({
        "by": c.choice.by,
        "focus": read.focus.as_ref().map(|f| page.id(f.used)),
        "window": window.name(),
        "sources": c.groups.iter().map(|g| g.sources.len()).sum::<usize>(),
        "left_out": c.left_out,
        "groups": c.groups.iter().map(|g| page.group(g)).collect::<Vec<_>>(),
        "contrasts": c.oppositions.iter().map(|o| page.contrast(o)).collect::<Vec<_>>(),
        "couplings": pairs,
        "statements": statements,
        "omitted": { "couplings": more_pairs, "statements": more_statements },
        "types": page.types(),
        "portfolios": c.portfolios.iter().map(|p| page.portfolios(p)).collect::<Vec<_>>(),
        "avoidance": c.avoidance.iter().map(|n| page.avoidance(n)).collect::<Vec<_>>(),
        "cross_tables": c.cross.iter().map(cross_table).collect::<Vec<_>>(),
        "warnings": c.warnings,
        "run": run,
    })
}

pub(crate) fn equal_odds(found: Option<&Result<EqualOdds, &'static str>>) -> Value {
    found.map_or(Value::Null, |found| match found {
        Ok(e) => json!({ "between": "sources", "statistic": number(Some(e.tarone.statistic)), "df": e.tarone.df, "p": number(Some(e.tarone.p)),
            "breslow_day": number(Some(e.breslow_day.statistic)), "min_expected": number(Some(e.min_expected)) }),
        Err(reason) => json!({ "between": "sources", "statistic": null, "df": null, "p": null, "breslow_day": null, "min_expected": null, "reason": reason }),
    })
}

/// Returns a pair within one group; support only where there were draws.
pub(crate) fn within(c: &Coupling, support: Option<f64>) -> Value {
    json!({
        "n11": c.n11,
        "n1": c.n1,
        "n2": c.n2,
        "n": c.n,
        "expected": number(Some(c.expected)),
        "sources": c.informative_sources,
        "odds_ratio": number(c.odds_ratio),
        "ci": interval(c.interval),
        "p": number(c.p),
        "q": number(c.q),
        "backbone": c.backbone,
        "backbone_support": number(support),
    })
}

/// Returns a pair on both sides of an opposition.
pub(crate) fn between(book: &Codebook, x: &Contrast, names: [Value; 2], sides: [Value; 2], equal: Value) -> Value {
    let (a, b) = x.pair();
    let [group, against] = names;
    let mut out = json!({
        "a": book.get(a).id,
        "b": book.get(b).id,
        "norm_label": book.get(a).norm_label || book.get(b).norm_label,
        "group": group,
        "against": against,
        "sides": sides,
        "tested": x.tested,
        "ratio": number(x.ratio),
        "ci": interval(x.interval),
        "p": number(x.p),
        "q": number(x.q),
        "test": x.test.map(|t| t.name()),
        "verdict": x.verdict().name(),
        "equal_odds": equal,
    });
    if let Some(reason) = x.reason {
        out["reason"] = json!(reason);
    }
    out
}

/// Which sources hold a concept.
struct Index(BTreeMap<ConceptIx, BTreeSet<u32>>);

impl Index {
    fn new(corpus: &Corpus) -> Self {
        let mut out: BTreeMap<ConceptIx, BTreeSet<u32>> = BTreeMap::new();
        for (s, coded) in corpus.coded.iter().enumerate() {
            for coding in &coded.codings {
                out.entry(coding.concept).or_default().insert(s as u32);
            }
        }
        Self(out)
    }
}

/// Returns the first windows of these sources in which both concepts stand apart, one a source.
#[must_use]
pub fn joint_windows(
    corpus: &Corpus,
    level: Level,
    sources: impl Iterator<Item = u32>,
    (a, b): (ConceptIx, ConceptIx),
    n: usize,
) -> Vec<(u32, u32)> {
    let joint = |s: u32| {
        let coded = corpus.coded.get(s as usize)?;
        coded.windows(level).find(|&w| {
            let codings = coded.codings_in(coded.span(w));
            let of = |c: ConceptIx| codings.iter().filter(move |x| x.concept == c);
            of(a).any(|x| of(b).any(|y| !x.span.overlaps(y.span)))
        })
    };
    sources.filter_map(|s| Some((s, joint(s)?))).take(n).collect()
}

struct Page<'p> {
    c: &'p Comparison,
    read: &'p Statements,
    book: &'p Codebook,
    window: Level,
    index: Index,
}

impl Page<'_> {
    fn id(&self, ix: ConceptIx) -> &str {
        &self.book.get(ix).id
    }

    fn path(&self, source: u32) -> &str {
        self.read.corpus.sources.get(source as usize).map_or("", |s| s.path.as_str())
    }

    fn passage(&self, (source, unit): (u32, u32)) -> Value {
        let label = self.read.corpus.coded.get(source as usize).map_or("", |c| c.label(unit));
        json!({ "source": self.path(source), "unit": label })
    }

    fn passages(&self, all: impl Iterator<Item = (u32, u32)>) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        all.filter(|(s, _)| seen.insert(*s)).take(PASSAGES).map(|p| self.passage(p)).collect()
    }

    fn group(&self, g: &Group) -> Value {
        let shares = |s: &BTreeMap<_, f64>| -> Map<String, Value> {
            s.iter().map(|(m, x): (&nomoscope_core::norm::kind::Model, _)| (m.name().to_owned(), json!(x))).collect()
        };
        let part = |i: usize| {
            json!({
                "value": number(g.effective(i).map(|e| e.0)),
                "ci": interval(g.effective(i).map(|e| e.1)),
            })
        };
        let mut kind = json!({
            "model": g.kind.as_ref().ok().filter(|k| k.thin.is_none()).map(|k| k.model.name()),
            "support": g.support.shares.as_ref().map(shares),
            "problem": part(0),
            "value": part(1),
            "behaviour": part(2),
        });
        let thin = g.kind.as_ref().map_or_else(Some, |k| k.thin.as_ref());
        if let Some(reason) = thin.or(g.support.reason.as_ref()) {
            kind["reason"] = json!(reason);
        }
        json!({
            "group": g.name,
            "sources": g.sources.len(),
            "actors": g.actors,
            "small": g.is_small(),
            "units": g.units,
            "median_unit_words": number(g.median_words),
            "sources_on_focus": g.speakers,
            "tested_pairs": g.couplings.iter().filter(|c| c.p.is_some()).count(),
            "backbone_pairs": g.couplings.iter().filter(|c| c.backbone).count(),
            "type": kind,
        })
    }

    fn contrast(&self, o: &Opposition) -> Value {
        json!({
            "group": self.c.side(o, 0),
            "against": o.against.map(|_| self.c.side(o, 1)),
            "sources": o.sources.each_ref().map(Vec::len),
            "tested_pairs": o.pairs.iter().filter(|p| p.tested).count(),
            "certain_pairs": o.pairs.iter().filter(|p| p.verdict().is_certain()).count(),
            "caution": o.caution,
        })
    }

    fn couplings(&self, top: usize) -> (Vec<Value>, usize) {
        let rows = sorted(self.c);
        let shown: Vec<Value> = rows.par_iter().take(top).map(|(_, sides, x)| self.coupling(sides, x)).collect();
        let more = rows.len() - shown.len();
        (shown, more)
    }

    fn coupling(&self, sides: &Opposition, x: &Contrast) -> Value {
        let equal = equal_odds(self.c.equal.get(&x.pair()));
        let names = [json!(self.c.side(sides, 0)), json!(sides.against.map(|_| self.c.side(sides, 1)))];
        between(self.book, x, names, [self.side(sides, x, 0), self.side(sides, x, 1)], equal)
    }

    fn side(&self, sides: &Opposition, x: &Contrast, side: usize) -> Value {
        let c: &Coupling = &x.sides[side];
        let group = if side == 0 { Some(sides.group) } else { sides.against };
        let support = group.and_then(|g| self.c.groups.get(g)).filter(|g| g.draws > 0);
        let support = support.map(|g| g.backbone_support.get(&(c.a, c.b)).copied().unwrap_or(0.0));
        let holds = |ix: ConceptIx, s: u32| self.index.0.get(&ix).is_some_and(|list| list.contains(&s));
        let sources = sides.sources[side].iter().map(|&s| s as u32).filter(|&s| holds(c.a, s) && holds(c.b, s));
        let joint = joint_windows(&self.read.corpus, self.window, sources, (c.a, c.b), PASSAGES);
        let mut out = within(c, support);
        out["passages"] = json!(joint.into_iter().map(|p| self.passage(p)).collect::<Vec<_>>());
        if let Some(reason) = c.reason {
            out["reason"] = json!(reason);
        }
        out
    }

    fn statement(&self, s: &Statement) -> Value {
        let [problem, value, behaviour] = s.parts().map(|part| part.map(|ix| self.id(ix)));
        json!({ "problem": problem, "value": value, "behaviour": behaviour })
    }

    fn statements(&self, top: usize) -> (Vec<Value>, usize) {
        let rows = sorted_statements(self.c);
        let shown: Vec<Value> = rows.iter().take(top).map(|(_, sides, h)| self.holding(sides, h)).collect();
        let more = rows.len() - shown.len();
        (shown, more)
    }

    fn holding(&self, sides: &Opposition, h: &Holding) -> Value {
        let side = |s: usize| {
            json!({
                "holders": h.holders[s].len(),
                "actors_on_focus": h.speakers[s],
                "share": number(h.shares[s]),
                "short": sides.short[s],
                "units": h.windows[s].len(),
                "passages": self.passages(h.windows[s].iter().copied()),
            })
        };
        let mut out = self.statement(&h.statement);
        out["group"] = json!(self.c.side(sides, 0));
        out["against"] = json!(sides.against.map(|_| self.c.side(sides, 1)));
        out["sides"] = json!([side(0), side(1)]);
        out["run"] = json!(sides.run);
        out["difference"] = number(h.difference);
        out["ci"] = interval(h.interval);
        out["p"] = number(h.p);
        out["q"] = number(h.q);
        if let Some(reason) = h.reason {
            out["reason"] = json!(reason);
        }
        out
    }

    fn types(&self) -> Vec<Value> {
        let one = |t: &crate::compare::answer::TypeDifference| {
            let [group, against] = t.groups.map(|g| self.c.groups[g].name.as_str());
            let part = |i: usize| {
                let found = t.effective[i].map(|d| d.ratio());
                json!({ "ratio": number(found.map(|f| f.0)), "ci": interval(found.map(|f| f.1)) })
            };
            json!({ "group": group, "against": against, "types_differ": t.differ, "problem": part(0), "value": part(1), "behaviour": part(2) })
        };
        self.c.types.iter().map(one).collect()
    }

    fn actor(&self, index: usize) -> Value {
        let actor = &self.c.actors[index];
        let sources: Vec<&str> = actor.sources.iter().take(PASSAGES).map(|&s| self.path(s as u32)).collect();
        json!({ "actor": actor.name, "statements": actor.portfolio.len(), "sources": sources })
    }

    fn portfolios(&self, p: &Portfolios) -> Value {
        let x = &p.contrast;
        let mut out = json!({
            "attribute": p.attribute,
            "among": p.among.as_ref().map(|(attribute, value)| json!({ "attribute": attribute, "value": value })),
            "actors": x.compared.len(),
            "silent": x.silent,
            "short": x.short,
            "run": x.run,
            "thinned": x.thinned,
            "several_values": p.several,
            "groups": x.groups.iter().map(|(value, members, mean)| json!({ "value": value, "actors": members.len(), "mean_distance": number(*mean) })).collect::<Vec<_>>(),
            "within": number(x.within),
            "between": number(x.between),
            "furthest": x.furthest.iter().map(|pair| {
                let [a, b] = [pair.a, pair.b].map(|i| x.compared[i]);
                let only =
                    |own: usize, other: usize| self.c.only(own, other).take(PASSAGES).map(|s| self.statement(s)).collect::<Vec<_>>();
                json!({ "a": self.actor(a), "b": self.actor(b), "distance": pair.distance, "shared": pair.shared, "only_a": only(a, b), "only_b": only(b, a) })
            }).collect::<Vec<_>>(),
        });
        let (test, reason) = match &x.test {
            Ok(t) => (Some(t), None),
            Err(reason) => (None, Some(reason)),
        };
        out["pseudo_f"] = number(test.map(|t| t.f));
        out["r_squared"] = number(test.map(|t| t.r_squared));
        out["p"] = number(test.map(|t| t.p));
        out["permutations"] = json!(test.map_or(0, |t| t.n_permutations));
        if let Some(reason) = reason {
            out["reason"] = json!(reason);
        }
        out
    }

    fn avoidance(&self, norm: &NormAvoidance) -> Value {
        let elements: Vec<Vec<&str>> = self
            .book
            .elements(norm.label)
            .unwrap_or_default()
            .iter()
            .map(|any| any.iter().map(|&ix| self.id(ix)).collect())
            .collect();
        let groups: Vec<Value> = norm
            .groups
            .iter()
            .map(|g| {
                json!({
                    "group": self.c.groups[g.group].name,
                    "units": g.windows,
                    "without_label": g.avoided.len(),
                    "share": number(g.share.map(|s: ClusteredShare| s.share)),
                    "ci": interval(g.share.and_then(|s| s.interval)),
                    "actors": g.share.map_or(0, |s| s.n_sources),
                    "used_instead": g.instead.iter().map(|&(label, n)| json!({ "label": self.id(label), "units": n })).collect::<Vec<_>>(),
                    "without_any_label": g.unnamed,
                    "passages": self.passages(g.avoided.iter().copied()),
                })
            })
            .collect();
        let contrasts: Vec<Value> = norm
            .contrasts
            .iter()
            .map(|t| {
                let sides = &self.c.oppositions[t.opposition];
                let end = |e: Option<f64>| number(e.map(f64::exp));
                let mut out = json!({
                    "group": self.c.side(sides, 0),
                    "against": sides.against.map(|_| self.c.side(sides, 1)),
                    "odds_ratio": number(t.difference.map(|d| d.value.exp())),
                    "ci": t.difference.map_or(Value::Null, |d| json!([end(d.interval.lower), end(d.interval.upper)])),
                    "p": number(t.difference.map(|d| d.p)),
                    "q": number(t.q),
                });
                if let Some(reason) = t.reason {
                    out["reason"] = json!(reason);
                }
                out
            })
            .collect();
        json!({ "norm": self.id(norm.label), "elements": elements, "groups": groups, "contrasts": contrasts })
    }
}

fn cross_table(t: &CrossTable) -> Value {
    let cells: Vec<Vec<usize>> = t.cells.iter().map(|row| row.iter().map(Vec::len).collect()).collect();
    let members: Vec<Value> = t
        .rows
        .iter()
        .zip(&t.cells)
        .flat_map(|(row, cells)| t.columns.iter().zip(cells).map(move |(column, actors)| (row, column, actors)))
        .filter(|(_, _, actors)| !actors.is_empty())
        .map(|(row, column, actors)| json!({ "row": row, "column": column, "actors": actors.iter().take(50).collect::<Vec<_>>() }))
        .collect();
    let (test, reason) = match &t.test {
        Ok(t) => (Some(t), None),
        Err(reason) => (None, Some(reason)),
    };
    let mut out = json!({
        "attributes": t.attributes,
        "rows": t.rows,
        "columns": t.columns,
        "counts": cells,
        "members": members,
        "without": t.without,
        "n": test.map_or(0, |t| t.n),
        "p": number(test.map(|t| t.p)),
        "method": test.map(|t| t.method),
        "tables_drawn": test.map_or(0, |t| t.n_draws),
        "cramers_v": number(test.map(|t| t.cramers_v)),
    });
    if let Some(reason) = reason {
        out["reason"] = json!(reason);
    }
    out
}
