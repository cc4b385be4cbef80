//! Multiple systems estimation at real sizes: stepwise, all models, the survey and the bootstrap, each with its budget.
//!
//! `cargo bench -p nomoscope-core --bench mse`. Counts: `testdata/reach/sparsemse.toml`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and stops where its data are broken")]

use nomoscope_core::reach::mse::{Histories, Selection, THRESHOLD, all_models, bootstrap, stepwise, survey};
use nomoscope_stats::rng::Seed;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(serde::Deserialize)]
struct File {
    data: Vec<Data>,
}

#[derive(serde::Deserialize)]
struct Data {
    name: String,
    lists: Vec<String>,
    counts: BTreeMap<String, u64>,
}

fn named(name: &str) -> Histories {
    let file: File = toml::from_str(include_str!("../testdata/reach/sparsemse.toml")).unwrap();
    let data = file.data.into_iter().find(|d| d.name == name).unwrap();
    let bits = |h: &str| h.chars().enumerate().filter(|(_, c)| *c == '1').fold(0_u32, |b, (i, _)| b | 1 << i);
    Histories::new(data.lists, data.counts.iter().map(|(h, n)| (bits(h), *n))).unwrap()
}

fn bench<T>(what: &str, budget: Duration, work: impl Fn() -> T) {
    let began = Instant::now();
    black_box(work());
    let took = began.elapsed();
    let verdict = if took <= budget { "" } else { "  OVER" };
    println!("{what}: {:.3} s, budget {:.0} s{verdict}", took.as_secs_f64(), budget.as_secs_f64());
}

fn main() {
    let seconds = Duration::from_secs;
    let [uk, uk5, orleans] = ["UKdat", "UKdat_5", "NewOrl"].map(named);
    bench("stepwise, UKdat", seconds(1), || stepwise(&uk, THRESHOLD));
    bench("survey, UKdat (32,768 models)", seconds(1), || survey(&uk, 2));
    bench("survey, NewOrl (268,435,456 models)", seconds(5), || survey(&orleans, 2));
    bench("all 1,024 models, UKdat_5", seconds(1), || all_models(&uk5, 2, 1 << 16, &|| true));
    bench("all 32,768 models, UKdat", seconds(10), || all_models(&uk, 2, 1 << 16, &|| true));
    let selection = Selection::Stepwise { threshold: THRESHOLD };
    let point = selection.estimate(&uk5, 1).unwrap().fit().unwrap().point();
    let draws = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bootstrap(&uk5, &selection, point, (1000, Seed(1)), 1, &|| true).unwrap().interval)
    };
    bench("1,000 draws with re-selection, UKdat_5, 1 thread", seconds(120), || draws(1));
    bench("1,000 draws with re-selection, UKdat_5, 2 threads", seconds(60), || draws(2));
    println!("interval: {:?}", draws(2));
}
