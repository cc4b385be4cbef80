//! Calibration of what came and went: how often parts seem to shift that do not, where sources say more, less or in bursts.
//!
//! The code that compares real sources compares simulated ones; beside it stands the test that was there before, of who holds a part
//! anywhere. Results go to their part of docs/calibration-use.md.

use crate::calibrate_answers::normal;
use crate::repository::put_part;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::trend::shift::{Part, Said, shifts};
use nomoscope_stats::exact::{Conditional, Table2x2};
use nomoscope_stats::rng::{Seed, Stream};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

const SEED: Seed = Seed(2020);
const MARKS: [&str; 2] = ["<!-- shifts: begin -->\n", "<!-- shifts: end -->\n"];
/// Miss rates within these are what chance and rounding allow.
const BAND: (f64, f64) = (0.035, 0.065);
/// Random orders of each test.
const ORDERS: usize = 199;
/// The part that is looked at.
const PART: Part = Part::Concept(ConceptIx(0));
/// Share of the focal sentences that hold it, over sources.
const RATE: f64 = 0.15;
/// The same after a planted shift.
const RAISED: f64 = 0.35;

/// How much sources say, and how.
#[derive(Debug, Clone, Copy)]
struct Amount {
    words: &'static str,
    /// Median number of focal sentences of a source before, and after.
    median: [f64; 2],
    /// Standard deviation of its logarithm.
    sd: f64,
    /// Whether a sentence holds the part because the one before did, with this chance.
    sticky: f64,
}

const AMOUNTS: [Amount; 6] = [
    Amount { words: "as much", median: [8.0, 8.0], sd: 0.7, sticky: 0.0 },
    Amount { words: "as much, in bursts", median: [8.0, 8.0], sd: 0.7, sticky: 0.5 },
    Amount { words: "four times as much after", median: [8.0, 32.0], sd: 0.7, sticky: 0.0 },
    Amount { words: "four times as much after, in bursts", median: [8.0, 32.0], sd: 0.7, sticky: 0.5 },
    Amount { words: "two to four sentences before, four times after", median: [3.0, 12.0], sd: 0.2, sticky: 0.0 },
    Amount { words: "cut to 40 % after", median: [20.0, 8.0], sd: 0.7, sticky: 0.0 },
];

const SIDES: [[usize; 2]; 5] = [[8, 8], [20, 20], [60, 60], [10, 30], [30, 10]];

/// Returns the sentences of a source: how often it speaks of the part is its own.
fn source(amount: Amount, side: usize, rate: f64, stream: &mut Stream) -> Said {
    let n = (amount.median[side] * (amount.sd * normal(stream)).exp()).round().clamp(1.0, 400.0) as usize;
    let own = 1.0 / (1.0 + ((1.0 - rate) / rate) * (0.7 * normal(stream)).exp());
    let (mut out, mut holds) = (Said::new(), false);
    for i in 0..n {
        if i == 0 || stream.uniform() >= amount.sticky {
            holds = stream.uniform() < own;
        }
        out.push(if holds { BTreeSet::from([PART]) } else { BTreeSet::new() });
    }
    out
}

/// What one study gave: the p-value before and now. Test and interval are one statistic.
struct Outcome {
    fisher: f64,
    now: Option<f64>,
}

fn study(amount: Amount, sides: [usize; 2], after: f64, seed: Seed) -> Outcome {
    let mut stream = seed.stream(0);
    let rates = [RATE, after];
    let all: Vec<Vec<Said>> = [0, 1]
        .into_iter()
        .map(|side| (0..sides[side]).map(|_| source(amount, side, rates[side], &mut stream)).collect())
        .collect();
    let held = |side: usize| all[side].iter().filter(|s| s.iter().any(|x| x.contains(&PART))).count() as u64;
    let (b, a) = (held(0), held(1));
    let table = Table2x2::new(b, sides[0] as u64 - b, a, sides[1] as u64 - a);
    let side = |side: usize| all[side].iter().collect::<Vec<&Said>>();
    let found = shifts([&side(0), &side(1)], ORDERS, seed.part(1));
    let shift = found.parts.get(&PART);
    Outcome { fisher: Conditional::new(&[table]).map_or(1.0, |c| c.p_mid()), now: shift.and_then(|s| s.p) }
}

fn marked(n: usize, of: usize) -> String {
    let share = n as f64 / of.max(1) as f64;
    let fails = !(BAND.0 - 1e-9..=BAND.1 + 1e-9).contains(&((share * 1000.0).round() / 1000.0));
    format!("{:.1}{}", 100.0 * share, if fails { " **outside**" } else { "" })
}

/// Simulates studies and writes their part of the page.
///
/// # Errors
/// Files that cannot be read or written.
pub(crate) fn run(replications: u64, out: &Path) -> Result<(), String> {
    let mut page = preface(replications);
    for (m, amount) in AMOUNTS.into_iter().enumerate() {
        for (s, sides) in SIDES.into_iter().enumerate() {
            let of = |after: f64, k: u64| -> Vec<Outcome> {
                let seed = SEED.part((m * 10 + s) as u64).part(k);
                (0..replications).into_par_iter().map(|r| study(amount, sides, after, seed.part(r))).collect()
            };
            let (none, planted) = (of(RATE, 0), of(RAISED, 1));
            let tested: Vec<f64> = none.iter().filter_map(|o| o.now).collect();
            let before = none.iter().filter(|o| o.fisher <= 0.05).count();
            let errs = tested.iter().filter(|p| **p <= 0.05).count();
            let finds = planted.iter().filter(|o| o.now.is_some_and(|p| p <= 0.05)).count();
            let percent = |n: usize, of: usize| format!("{:.1}", 100.0 * n as f64 / of.max(1) as f64);
            let _ = writeln!(
                page,
                "| {} | {} + {} | {} | {} | {} | {} |",
                amount.words,
                sides[0],
                sides[1],
                percent(before, none.len()),
                percent(tested.len(), none.len()),
                marked(errs, tested.len()),
                percent(finds, planted.len())
            );
        }
    }
    page.push_str(FOLLOWS);
    put_part(out, MARKS, &page)
}

fn preface(replications: u64) -> String {
    format!(
        "## What came and went\n\n\
         Parts of a norm before and after, at equal length ([methods](methods.md), section 7). Repeat with `cargo xtask calibrate-use --part shifts\n\
         --replications {replications}`: seeds are fixed, the table is the same. {replications} replications a row, {ORDERS} orders; the standard error at 5 % is {:.1} points.\n\
         Sources have a median of focal sentences as told (standard deviation of the logarithm 0.7; of two to four 0.2); a part stands in {:.0} % of them, a\n\
         source with a rate of its own (standard deviation of the logit 0.7). *In bursts*: half of the sentences do as the one before. *Before*: Fisher's\n\
         test of who holds the part anywhere, which stood here until version 0.1. *Finds*: {:.0} % after. *Tested*: at least five sources hold it.\n\n\
         | sources say | sources | before, errs | tested | 5 % test errs | finds |\n\
         | --- | --- | --- | --- | --- | --- |\n",
        100.0 * (0.05 * 0.95 / replications as f64).sqrt(),
        100.0 * RATE,
        100.0 * RAISED
    )
}

const FOLLOWS: &str = "
- Said four times as much, in bursts, or cut to 40 %: the test errs about as often as its level says. Fisher's test finds a shift where there is
  none as soon as sources say more, and the more so the more sources there are.
- Where sources say two to four sentences on one side and four times as much on the other, it errs 7 to 8 % with up to 20 sources a side; ten short
  sources against thirty long ones erred 7.6 % in a first trial. `trend` warns in both cases.
- Eight sources on each side find a rise from 15 to 35 % in a third of studies, twenty in two thirds, sixty almost always.
";
