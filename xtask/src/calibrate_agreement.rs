//! Calibration of the intervals of agreement: how often they miss coefficients that are known.
//!
//! Ratings are simulated past texts and codings, and counted by the code that counts real ones. The result is a section
//! of docs/calibration.md, between two markers; the rest of the page is left alone.

use crate::repository::{put_part, root};
use nomoscope_stats::Interval;
use nomoscope_stats::agreement::{Bootstrap, Measurement, RatedUnit, Ratings, estimates};
use nomoscope_stats::rng::{Seed, Stream};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

const SEED: Seed = Seed(2026);
/// Draws of one interval; the program takes 1000 and misses no less.
const DRAWS: usize = 400;
/// Miss rates within these are what chance and rounding allow.
const BAND: (f64, f64) = (0.035, 0.065);
const BEGIN: &str = "<!-- agreement: begin -->\n";
const END: &str = "<!-- agreement: end -->\n";

/// What coders are like, and what they code.
#[derive(Debug, Clone, Copy)]
struct Process {
    name: &'static str,
    /// How often each category is right.
    shares: &'static [f64],
    coders: usize,
    /// Chance that a coder sees what is there; otherwise the value is dealt out like the others.
    sees: f64,
    /// Chance that a value is missing.
    missing: f64,
    /// Units in a cluster, whose shares vary together; 1: units are drawn one by one.
    cluster: usize,
}

const BALANCED: &[f64] = &[0.25, 0.25, 0.25, 0.25];
const RARE: &[f64] = &[0.9, 0.1];

const PROCESSES: &[Process] = &[
    Process { name: "4 categories", shares: BALANCED, coders: 2, sees: 0.9, missing: 0.0, cluster: 1 },
    Process { name: "4 categories", shares: BALANCED, coders: 4, sees: 0.9, missing: 0.0, cluster: 1 },
    Process { name: "4 categories, weak", shares: BALANCED, coders: 2, sees: 0.6, missing: 0.0, cluster: 1 },
    Process { name: "4 categories, a fifth missing", shares: BALANCED, coders: 4, sees: 0.9, missing: 0.2, cluster: 1 },
    Process { name: "rare (10 %)", shares: RARE, coders: 2, sees: 0.9, missing: 0.0, cluster: 1 },
    Process { name: "rare (10 %)", shares: RARE, coders: 4, sees: 0.9, missing: 0.0, cluster: 1 },
    Process {
        name: "rare (10 %), in sources of 20 units",
        shares: RARE,
        coders: 2,
        sees: 0.9,
        missing: 0.0,
        cluster: 20,
    },
];
const SIZES: [usize; 4] = [10, 30, 100, 300];

/// How often intervals miss.
#[derive(Debug, Clone, Copy, Default)]
struct Missed {
    below: f64,
    above: f64,
    without: f64,
}

/// Runs `calibrate-agreement [--replications N]`.
///
/// # Errors
/// Arguments that are not understood, and a page that cannot be read or written.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let replications: u64 = match args {
        [] => 4000,
        [flag, n] if flag == "--replications" => {
            n.parse().map_err(|_| format!("`{n}` is not a number of replications"))?
        }
        _ => return Err("usage: cargo xtask calibrate-agreement [--replications N]".to_owned()),
    };
    let start = Instant::now();
    let mut section = preface(replications);
    for process in PROCESSES {
        for n in SIZES {
            let found = process.replicate(n, replications);
            let cells: Vec<String> = found.iter().map(|m| cell(*m)).collect();
            let _ = writeln!(
                section,
                "| {} | {} | {n} | {:.2} | {} | {} | {:.1} |",
                process.name,
                process.coders,
                process.truth(),
                process.sees,
                cells.join(" | "),
                100.0 * found.iter().map(|m| m.without).fold(0.0, f64::max)
            );
            writeln!(
                std::io::stderr(),
                "{:6.0} s  {}, {} coders, {n}",
                start.elapsed().as_secs_f64(),
                process.name,
                process.coders
            )
            .map_err(|e| e.to_string())?;
        }
    }
    section.push_str(FOLLOWS);
    put(&section)
}

fn put(section: &str) -> Result<(), String> {
    put_part(&root().join("docs/calibration.md"), [BEGIN, END], section)
}

fn cell(m: Missed) -> String {
    let miss = ((m.below + m.above) * 1000.0).round() / 1000.0;
    let fails = if miss < BAND.0 || miss > BAND.1 { " **fails**" } else { "" };
    format!("{:.1}{fails} ({:.1} + {:.1})", 100.0 * miss, 100.0 * m.below, 100.0 * m.above)
}

impl Process {
    /// Returns the alpha and the kappas of the process: two coders who each see what is there with chance s, and else
    /// give a value as all values are given, agree beyond chance with s².
    fn truth(self) -> f64 {
        self.sees * self.sees
    }

    /// Returns the misses of Cohen's kappa (of more coders the mean), Fleiss' kappa and alpha.
    fn replicate(self, n: usize, replications: u64) -> [Missed; 3] {
        let id = PROCESSES.iter().position(|p| std::ptr::eq(p.name, self.name) && p.coders == self.coders).unwrap_or(0);
        let seed = SEED.part(id as u64).part(n as u64);
        let studies: Vec<[Option<Interval>; 3]> =
            (0..replications).into_par_iter().map(|i| self.study(n, &mut seed.stream(i), seed.part(i))).collect();
        [0, 1, 2].map(|which| {
            let found: Vec<Interval> = studies.iter().filter_map(|s| s[which]).collect();
            let all = found.len().max(1) as f64;
            let share = |holds: &dyn Fn(&Interval) -> bool| found.iter().filter(|i| holds(i)).count() as f64 / all;
            let truth = self.truth();
            Missed {
                below: share(&|i| i.upper.is_some_and(|upper| upper < truth)),
                above: share(&|i| i.lower.is_some_and(|lower| lower > truth)),
                without: 1.0 - found.len() as f64 / studies.len().max(1) as f64,
            }
        })
    }

    fn study(self, n: usize, stream: &mut Stream, seed: Seed) -> [Option<Interval>; 3] {
        let mut units = Vec::new();
        for cluster in 0..n as u32 {
            // In a source a rare category is absent half of the time, and twice as frequent otherwise.
            let often = if self.cluster > 1 { 2.0 * stream.below(2) as f64 } else { 1.0 };
            for _ in 0..self.cluster {
                let there = self.category(stream, often);
                let by_coder = (0..self.coders).map(|_| self.value(there, stream)).collect();
                units.push(RatedUnit { by_coder, weight: 1, cluster });
            }
        }
        let values: Vec<f64> = (0..self.shares.len()).map(|c| c as f64).collect();
        let Ok(ratings) = Ratings::new(self.coders, &values, &units) else { return [None; 3] };
        let found = estimates(&ratings, Measurement::Nominal, Bootstrap { draws: DRAWS, seed, level: 0.95 });
        [1, 2, 3].map(|at| found.get(at).and_then(|e| e.interval.ok()))
    }

    /// What is there: the last category `often` times as often as usual.
    fn category(self, stream: &mut Stream, often: f64) -> u32 {
        let last = self.shares.len() - 1;
        let (mut left, rare) = (stream.uniform(), self.shares[last]);
        for (category, share) in self.shares.iter().enumerate() {
            let share = if category == last { share * often } else { share * (1.0 - rare * often) / (1.0 - rare) };
            if left < share {
                return category as u32;
            }
            left -= share;
        }
        last as u32
    }

    fn value(self, there: u32, stream: &mut Stream) -> Option<u32> {
        let missing = stream.uniform() < self.missing;
        let value = if stream.uniform() < self.sees { there } else { self.category(stream, 1.0) };
        (!missing).then_some(value)
    }
}

fn preface(replications: u64) -> String {
    format!(
        "## Agreement between coders\n\n\
         How often the 95 % intervals of Cohen's kappa (of more than two coders the mean over pairs), Fleiss' kappa and Krippendorff's\n\
         alpha miss the coefficient of the process. Repeat with `cargo xtask calibrate-agreement --replications {replications}`: {replications}\n\
         studies a cell, {DRAWS} draws an interval (the program takes 1000), seeds fixed.\n\n\
         A coder sees what is there with chance s and otherwise gives a value as all values are given: any two then agree beyond chance with\n\
         s², which all three coefficients measure. Drawn are units, or in the last rows sources of 20 units; there the rare category is absent from half\n\
         of the sources. A cell *fails* outside 3.5 to 6.5 %; in brackets, how often the truth lies above and below the interval. *Without* is the\n\
         share of studies that get no interval because nobody disagreed or nothing varied; they do not count.\n\n\
         | values | coders | drawn | truth | s | Cohen's kappa | Fleiss' kappa | alpha | without |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    )
}

const FOLLOWS: &str = "
From 30 units on intervals keep their level where categories are about equally frequent. Where one is rare (10 %) they do from 300 on, and from 30 on if sources
are drawn (Cohen's kappa is just outside). With ten units they miss too often or too rarely, and so does Fleiss' kappa where ten of thirty units
are complete. With a rare category they are much too narrow as long as few units hold it (three of thirty): a sample in which coders happen to agree on
all of them says too much; with ten they are too wide. The program warns below 30 units or sources, and where fewer than ten hold anything but the most frequent
value (`bootstrap.caution`).
";
