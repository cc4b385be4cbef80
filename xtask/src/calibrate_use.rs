//! Calibration of slippage and of change in time: what the verdicts, tests and intervals make of simulated studies.
//!
//! The code that judges real sequences and statements judges simulated ones. Results go to docs/calibration-use.md.

use crate::calibrate_shifts;
use nomoscope_core::usage::slip::across::across;
use nomoscope_core::usage::slip::order::{Sequence, order, predictability_of};
use nomoscope_core::usage::slip::{Verdict, judge};
use nomoscope_core::usage::trend::drift::{Effort, Of, Side, Weights, drift, turn};
use nomoscope_stats::Interval;
use nomoscope_stats::divergence::jensen_shannon;
use nomoscope_stats::rng::{Seed, Stream};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

const SEED: Seed = Seed(1918);
/// Miss rates within these are what chance and rounding allow.
const BAND: (f64, f64) = (0.035, 0.065);

/// Runs `calibrate-use [--part shifts] [--replications N] [--out FILE]`.
///
/// # Errors
/// Arguments that are not understood, and files that cannot be written.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (mut replications, mut out) = (1000_u64, PathBuf::from("docs/calibration-use.md"));
    let mut shifts_alone = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--replications" => {
                replications = value.parse().map_err(|_| format!("`{value}` is not a number of replications"))?;
            }
            "--out" => out = PathBuf::from(value),
            "--part" if value == "shifts" => shifts_alone = true,
            "--part" => return Err(format!("`{value}` is no part; there is shifts")),
            _ => return Err(format!("unknown option `{arg}`; there are --part, --replications and --out")),
        }
    }
    if shifts_alone {
        return calibrate_shifts::run(replications, &out);
    }
    let mut page = preface(replications);
    slippage(&mut page, replications);
    changes(&mut page, replications);
    turns(&mut page, (replications / 4).max(1));
    page.push_str(FOLLOWS);
    std::fs::write(&out, page).map_err(|e| format!("{}: {e}", out.display()))?;
    calibrate_shifts::run(replications, &out)
}

fn percent(n: usize, of: u64) -> String {
    format!("{:.1}", 100.0 * n as f64 / of.max(1) as f64)
}

fn marked(n: usize, of: u64) -> String {
    let share = n as f64 / of.max(1) as f64;
    let fails = !(BAND.0 - 1e-9..=BAND.1 + 1e-9).contains(&((share * 1000.0).round() / 1000.0));
    format!("{}{}", percent(n, of), if fails { " **outside**" } else { "" })
}

/// How speakers choose between two labels.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Habit {
    /// As a coin falls, each speaker with a coin of his own.
    Free,
    /// The label said last is kept with this probability.
    Sticky(f64),
    /// In stretches that follow the topic.
    Topic,
    /// As the topic asks, which changes at random.
    Context,
    /// In turn, most of the time.
    InTurn,
}

impl Habit {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Free, "free synonyms"),
        (Self::Sticky(0.7), "sticky synonyms, kept with 0.7"),
        (Self::Sticky(0.85), "sticky synonyms, kept with 0.85"),
        (Self::Topic, "separated by topic"),
        (Self::Context, "told by context, in no order"),
        (Self::InTurn, "in turn (A, B, A, B)"),
    ];

    /// Returns the labels of one speaker and the topic of each mention, one of four; topics come in stretches.
    fn speaker(self, n: usize, stream: &mut Stream) -> (Vec<bool>, Vec<usize>) {
        let coin = 0.3 + 0.4 * stream.uniform();
        let (mut label, mut topic) = (stream.uniform() < coin, stream.below(4));
        let stays = if self == Self::Context { 0.0 } else { 0.75 };
        let (mut labels, mut topics) = (Vec::new(), Vec::new());
        for _ in 0..n {
            if stream.uniform() >= stays {
                topic = stream.below(4);
            }
            label = match self {
                Self::Free => stream.uniform() < coin,
                Self::Sticky(kept) => {
                    if stream.uniform() < kept {
                        label
                    } else {
                        !label
                    }
                }
                Self::Topic | Self::Context => (topic < 2) == (stream.uniform() < 0.9),
                Self::InTurn => {
                    if stream.uniform() < 0.8 {
                        !label
                    } else {
                        label
                    }
                }
            };
            labels.push(label);
            topics.push(topic);
        }
        (labels, topics)
    }
}

struct Judged {
    verdict: Verdict,
    order_p: Option<f64>,
    interval: Option<Interval>,
    context_p: Option<f64>,
}

fn judged(habit: Habit, speakers: usize, each: usize, seed: Seed) -> Judged {
    let mut stream = seed.stream(0);
    let (mut sequences, mut labels, mut contexts, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for speaker in 0..speakers {
        let (first, topics) = habit.speaker(each, &mut stream);
        all.push(first.clone());
        if first.contains(&true) && first.contains(&false) {
            sequences.push(Sequence { speaker, mentions: Vec::new(), first: first.clone() });
            labels.push(first);
            contexts.push(topics.into_iter().map(|t| vec![(t, 1.0)]).collect::<Vec<_>>());
        }
    }
    let order = order(&sequences, 1999, seed.part(1));
    let context = order.and_then(|_| predictability_of(&labels, &contexts, 499, seed.part(2)));
    let (order_p, context_p) = (order.map(|o| o.p), context.map(|c| c.p));
    let counts: Vec<(u64, u64)> = all
        .iter()
        .map(|l| (l.iter().filter(|x| **x).count() as u64, l.iter().filter(|x| !**x).count() as u64))
        .collect();
    let (verdict, _) = judge(order.as_ref(), order_p, context.as_ref(), context_p, across(&counts).as_ref());
    Judged { verdict, order_p, interval: order.map(|o| o.interval), context_p }
}

fn slippage(page: &mut String, replications: u64) {
    page.push_str(SLIPPAGE);
    for (h, (habit, words)) in Habit::ALL.into_iter().enumerate() {
        for (c, (speakers, each)) in [(1, 60), (1, 200), (10, 20), (20, 30), (40, 5)].into_iter().enumerate() {
            let seed = SEED.part((h * 10 + c) as u64);
            let all: Vec<Judged> =
                (0..replications).into_par_iter().map(|r| judged(habit, speakers, each, seed.part(r))).collect();
            let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
            for j in &all {
                *verdicts.entry(j.verdict).or_default() += 1;
            }
            let of = |v: Verdict| percent(verdicts.get(&v).copied().unwrap_or(0), replications);
            let errs =
                |p: &dyn Fn(&Judged) -> Option<f64>| all.iter().filter(|j| p(j).is_some_and(|p| p <= 0.05)).count();
            let tested = all.iter().filter(|j| j.context_p.is_some()).count() as u64;
            let misses = all.iter().filter(|j| j.interval.is_some_and(|i| !i.contains(1.0))).count();
            let free = habit == Habit::Free;
            let no_context = free || matches!(habit, Habit::Sticky(_) | Habit::InTurn);
            let order_errs = errs(&|j| j.order_p);
            let context_errs = errs(&|j| j.context_p);
            let _ = writeln!(
                page,
                "| {words} | {speakers} × {each} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                of(Verdict::Interchangeable),
                of(Verdict::OwnWord),
                of(Verdict::ByContext),
                of(Verdict::Sticky),
                of(Verdict::ByTopic),
                of(Verdict::Separated),
                of(Verdict::Enumeration),
                of(Verdict::Undetermined),
                if free {
                    format!("errs {}", marked(order_errs, replications))
                } else {
                    format!("finds {}", percent(order_errs, replications))
                },
                if no_context {
                    format!("errs {}", marked(context_errs, tested))
                } else {
                    format!("finds {}", percent(context_errs, tested))
                },
                if free { marked(misses, replications) } else { "–".to_owned() },
            );
        }
    }
}

/// Eight kinds of statements; `moved` is the share of weight that goes from the first four to the last four.
fn shares(moved: f64) -> [f64; 8] {
    let old = [0.30, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02];
    let mut out = old;
    for k in 0..4 {
        out[k] -= moved * old[k] / 0.8;
        out[k + 4] += moved / 4.0;
    }
    out
}

/// Returns the statements of a source: it repeats itself, so that its own shares differ from those of its time.
fn source(shares: &[f64; 8], stream: &mut Stream) -> Vec<(u32, f64)> {
    let n = 1 + stream.below(9);
    let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
    let mut said: Vec<u32> = Vec::new();
    for _ in 0..n {
        let kind = if !said.is_empty() && stream.uniform() < 0.4 {
            said[stream.below(said.len())]
        } else {
            let mut at = stream.uniform();
            shares
                .iter()
                .position(|s| {
                    at -= s;
                    at < 0.0
                })
                .unwrap_or(7) as u32
        };
        said.push(kind);
        *weights.entry(kind).or_default() += 1.0;
    }
    weights.into_iter().collect()
}

fn changes(page: &mut String, replications: u64) {
    page.push_str(CHANGES);
    for (c, (before, after)) in [(8, 8), (20, 20), (60, 60), (20, 100)].into_iter().enumerate() {
        for (m, moved) in [0.0, 0.15, 0.3, 0.5].into_iter().enumerate() {
            let (old, new) = (shares(0.0), shares(moved));
            let truth = jensen_shannon(&old, &new).unwrap_or(0.0);
            let seed = SEED.part(1000 + (c * 10 + m) as u64);
            let found: Vec<_> = (0..replications)
                .into_par_iter()
                .map(|r| {
                    let mut stream = seed.stream(r);
                    let of = |n: usize, shares: &[f64; 8], stream: &mut Stream| -> Vec<_> {
                        (0..n).map(|_| source(shares, stream)).collect()
                    };
                    let mut rows = of(before, &old, &mut stream);
                    rows.extend(of(after, &new, &mut stream));
                    let side = |i: usize| if i < before { (i, 1.0, 0.0) } else { (i, 0.0, 1.0) };
                    let sides: Vec<Side> = (0..before + after).map(side).collect();
                    let effort = Effort { permutations: 199, draws: 199, seed: seed.part(r) };
                    drift(Of::Statements, &Weights { rows, n_kinds: 8 }, &sides, effort)
                })
                .collect();
            let n = replications as f64;
            let mean = |f: &dyn Fn(&nomoscope_core::usage::trend::drift::Drift) -> Option<f64>| {
                found.iter().filter_map(f).sum::<f64>() / n
            };
            let rejected = found.iter().filter(|d| d.p.is_some_and(|p| p <= 0.05)).count();
            let missed = found.iter().filter(|d| d.interval.is_some_and(|i| !i.contains(truth))).count();
            let _ = writeln!(
                page,
                "| {before} + {after} | {moved} | {truth:.3} | {:.3} | {:.3} | {:.3} | {} | {} |",
                mean(&|d| d.divergence),
                mean(&|d| d.expected),
                mean(&|d| d.beyond_chance),
                if moved > 0.0 {
                    format!("finds {}", percent(rejected, replications))
                } else {
                    format!("errs {}", marked(rejected, replications))
                },
                marked(missed, replications),
            );
        }
    }
}

fn turns(page: &mut String, replications: u64) {
    page.push_str(TURNS);
    for a_year in [1, 3, 10] {
        for moved in [0.0, 0.15, 0.3, 0.5] {
            let seed = SEED.part(3000 + a_year as u64 * 100 + (moved * 100.0) as u64);
            let found: Vec<(Option<usize>, bool)> = (0..replications)
                .into_par_iter()
                .map(|r| {
                    let mut stream = seed.stream(r);
                    let year = |i: usize| i / a_year;
                    let rows = (0..20 * a_year)
                        .map(|i| source(&shares(if year(i) < 12 { 0.0 } else { moved }), &mut stream))
                        .collect();
                    let weights = Weights { rows, n_kinds: 8 };
                    // Windows of five years side by side, sliding by one: the boundary before year 5, 6, …, 15.
                    let boundary = |b: usize| -> Vec<Side> {
                        (0..20 * a_year)
                            .filter(|i| (b - 5..b + 5).contains(&year(*i)))
                            .map(|i| if year(i) < b { (i, 1.0, 0.0) } else { (i, 0.0, 1.0) })
                            .collect()
                    };
                    let all: Vec<Vec<Side>> = (5..=15).map(boundary).collect();
                    let turn = turn(Of::Statements, &weights, &all, 199, seed.part(r));
                    (turn.change.map(|c| c + 5), turn.p.is_some_and(|p| p <= 0.05))
                })
                .collect();
            let sure = found.iter().filter(|f| f.1).count();
            let near =
                |by: i64| found.iter().filter(|f| f.1 && f.0.is_some_and(|y| (y as i64 - 12).abs() <= by)).count();
            let _ = writeln!(
                page,
                "| {a_year} | {moved} | {} | {} | {} |",
                if moved > 0.0 {
                    format!("finds {}", percent(sure, replications))
                } else {
                    format!("errs {}", percent(sure, replications))
                },
                if moved > 0.0 { percent(near(0), replications) } else { "–".to_owned() },
                if moved > 0.0 { percent(near(1), replications) } else { "–".to_owned() },
            );
        }
    }
}

fn preface(replications: u64) -> String {
    format!(
        "# Calibration of slippage and of change in time\n\n\
         What the program makes of simulated studies of known truth. Repeat with `cargo xtask calibrate-use --replications {replications}`: seeds are\n\
         fixed, the tables are the same. {replications} replications a row ({} for turning points); the standard error at 5 % is {:.1} points. A rate\n\
         outside 3.5 to 6.5 % is marked.\n\n",
        (replications / 4).max(1),
        100.0 * (0.05 * 0.95 / replications as f64).sqrt()
    )
}

const SLIPPAGE: &str = "\
## Slippage

Each speaker uses two labels; four topics stand around them, in stretches (kept with 0.75) where not said otherwise. *Free*: each
mention as a coin falls, the coin of a speaker between 0.3 and 0.7. *Sticky*: the label said last is kept. *By topic*: two topics ask
for the one label, two for the other, in nine cases of ten. One pair a study, so that q is p. Verdicts in % of studies.

| speakers do | speakers × mentions | interchangeable | by context | sticky | by topic | separated | enumeration | undetermined | 5 % test of order | 5 % test of context | interval misses 1 |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

const CHANGES: &str = "
## Drift between two periods

Sources say one to nine statements of eight kinds and repeat themselves (with 0.4). Between the periods a share of the weight moves from the four
most common kinds to the others. *Truth*: the divergence of the two distributions, in bits. *Observed* is too high, the more so the smaller the study;
*beyond chance* is what the program reports.

| sources | weight moved | truth | observed | by chance | beyond chance | 5 % test | interval misses |
| --- | --- | --- | --- | --- | --- | --- | --- |
";

const TURNS: &str = "
## A planted change in year 12 of 20

Windows of five years, sliding by one; the greatest of eleven changes against sources in random order of time (199 orders), at 5 %.

| sources a year | weight moved | 5 % test | found in its year | within a year |
| --- | --- | --- | --- | --- |
";

const FOLLOWS: &str = "
## What follows

- Free synonyms, sticky ones, labels kept apart by topic or context and labels in turn are told apart from some 200 mentions on. With 60 mentions free
  synonyms are *undetermined*, as they should be; what is sticky or in turn is seen already. A list (\"A and B\") needs no simulation: its mentions
  are left out of the order and counted.
- False claims of *interchangeable* need many speakers with few mentions each (40 × 5): a topic that keeps labels apart then leaves one or two
  stretches a speaker, and hides from the order. Join the texts of one speaker with `--actor` where that is right.
- With few stretches a speaker the test of context errs less than its level says: it is careful, and finds less.
- *Beyond chance* takes out the bias of small samples. The test of drift keeps its level, or nearly so. The interval is too wide where nothing changed, since it ends at 0,
  and too narrow for large changes: it misses 7 % with 60 sources on each side and up to 11 % with 8 to 20, where the program warns.
- A turning point needs some fifteen sources on each side and half of the weight moved, or fifty and a third.
  Where it is certain, it mostly stands in its year or beside it.
";
