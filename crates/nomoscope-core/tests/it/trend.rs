//! The cluster in time, on dated texts made by hand and by simulation.

use crate::corpora::Draw;
use crate::corpora::{Row, codebook, corpus, ix, sources};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::norm::cluster::{focal_windows, focus};
use nomoscope_core::norm::statement::{Reading, Settings as Forming, form};
use nomoscope_core::text::Level;
use nomoscope_core::usage::permuted::permuted;
use nomoscope_core::usage::trend::change::Part;
use nomoscope_core::usage::trend::drift::Of;
use nomoscope_core::usage::trend::first::What;
use nomoscope_core::usage::trend::period::{Division, PeriodError, every, length, periods, slices};
use nomoscope_core::usage::trend::shift::{Said, shifts};
use nomoscope_core::usage::trend::{Coded, Settings, Trend, trend};
use nomoscope_stats::exact::{Conditional, Table2x2};
use nomoscope_stats::kernel::Kernel;
use nomoscope_stats::rng::Seed;

const ROWS: &[Row<'_>] = &[
    ("trafficking", "pn", "trafficking", ""),
    ("slavery", "pn", "slavery", ""),
    ("dignity", "v", "dignity", ""),
    ("order", "v", "public order", ""),
    ("punish", "b", "punish", ""),
    ("protect", "b", "protect", ""),
];

fn settings(division: Division) -> Settings {
    Settings {
        division,
        actor: Vec::new(),
        window: Level::Sentence,
        min_or: 1.5,
        draws: 60,
        permutations: 199,
        seed: Seed(1),
        illustration: false,
    }
}

fn of(codebook: &Codebook, dated: &[(&str, String)], division: Division) -> Trend {
    of_actors(codebook, dated, &[], division)
}

fn of_actors(codebook: &Codebook, dated: &[(&str, String)], actor: &[usize], division: Division) -> Trend {
    let texts: Vec<&str> = dated.iter().map(|d| d.1.as_str()).collect();
    let mut sources = sources(&texts);
    for (source, (date, _)) in sources.iter_mut().zip(dated) {
        source.date = date.parse().ok();
    }
    let corpus = corpus(codebook, &sources);
    let formed = form(&corpus, Forming { window: Level::Sentence, reading: Reading::Rule, inherit: false });
    let focus = focus(&corpus, ix(codebook, "trafficking"), &[]);
    let focal = focal_windows(&corpus, &formed, &focus);
    let settings = Settings { actor: actor.to_vec(), ..settings(division) };
    trend(Coded { corpus: &corpus, formed: &formed, focal: &focal, focus: Some(&focus) }, &settings).unwrap()
}

fn by(list: &[&str]) -> Division {
    Division::Periods(periods(list).unwrap())
}

/// Sources of a year, each with sentences on trafficking; `change` is the year from which protection takes the place of
/// punishment in most of them.
fn speeches(years: std::ops::Range<u32>, a_year: usize, change: Option<u32>, seed: u64) -> Vec<(String, String)> {
    let mut draw = Draw(seed);
    let mut out = Vec::new();
    for year in years {
        for _ in 0..a_year {
            let sentence = |draw: &mut Draw| {
                let late = change.is_some_and(|c| year >= c);
                let protect = draw.below(10) < if late { 7 } else { 2 };
                let value = if draw.below(2) == 0 { "dignity" } else { "public order" };
                format!("Against trafficking, {value} makes us {} them.", if protect { "protect" } else { "punish" })
            };
            let text: Vec<String> = (0..4).map(|_| sentence(&mut draw)).collect();
            out.push((year.to_string(), text.join(" ")));
        }
    }
    out
}

fn borrowed(list: &[(String, String)]) -> Vec<(&str, String)> {
    list.iter().map(|(d, t)| (d.as_str(), t.clone())).collect()
}

#[test]
fn periods_are_read_and_refused() {
    let list = periods(&["1920-1949", "1950", "1960-…"]).unwrap();
    let names: Vec<(&str, f64, f64)> = list.iter().map(|p| (p.name.as_str(), p.from, p.to)).collect();
    assert_eq!(names, [("1920-1949", 1920.0, 1950.0), ("1950", 1950.0, 1951.0), ("1960-", 1960.0, f64::INFINITY)]);
    let problems = periods(&["1949-1920", "x", "1950-1960", "1960-1970", "-"]).unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(matches!(&problems[2], PeriodError::Overlap { later, .. } if later == "1960-1970"));
    for (text, want) in [("10y", 10.0), ("6m", 0.5), ("5", 5.0), (" 18m ", 1.5)] {
        assert!((length(text).unwrap() - want).abs() < 1e-12);
    }
    for text in ["", "y", "-3y", "0", "nan", "inf", "1e9y", "ten"] {
        assert!(length(text).is_err(), "{text}");
    }
}

#[test]
fn decades_begin_with_a_nought_and_windows_cover_their_width() {
    let codebook = codebook(ROWS);
    let _ = &codebook;
    let dated = speeches(1946..2025, 1, None, 3);
    let mut all = sources(&dated.iter().map(|d| d.1.as_str()).collect::<Vec<_>>());
    for (s, d) in all.iter_mut().zip(&dated) {
        s.date = d.0.parse().ok();
    }
    let decades = every(10.0, &all).unwrap();
    assert_eq!(
        (decades.first().unwrap().name.as_str(), decades.last().unwrap().name.as_str()),
        ("1940-1949", "2020-2029")
    );
    let halves = every(0.5, &all).unwrap();
    assert_eq!(halves.first().unwrap().name, "1946-07/1946-12");
    assert!(matches!(every(1.0 / 12.0, &all), Err(PeriodError::TooMany { .. })));
    for kernel in Kernel::ALL {
        let windows = slices(&Division::Windows { kernel, width: 10.0, step: 1.0 }, &all).unwrap();
        assert_eq!(windows.len(), 70);
        // One speech a year: ten years hold ten, in every window and with every kernel.
        assert!(windows.iter().all(|w| w.weights.len() == 10), "{}", kernel.name());
    }
    let short = slices(&Division::Windows { kernel: Kernel::Uniform, width: 100.0, step: 1.0 }, &all);
    assert!(matches!(short, Err(PeriodError::TooShort { .. })));
}

#[test]
fn first_appearances_name_every_source_that_may_be_first() {
    let codebook = codebook(ROWS);
    let text = |s: &str| s.to_owned();
    let dated = [
        ("1995-03-01", text("Nothing of note.")),
        ("1996", text("They punish slavery.")),
        ("1996-05-02", text("There is slavery, and trafficking without dignity.")),
        ("1996-05", text("There is slavery.")),
        ("1997", text("There is trafficking.")),
    ];
    let found = of(&codebook, &dated, by(&["1990-1996", "1997-"]));
    let find = |what: What| found.first.iter().find(|f| f.what == what).unwrap();
    let slavery = find(What::Concept(ix(&codebook, "slavery")));
    // 1996 and 1996-05 may both lie before 2 May.
    assert_eq!((slavery.source, slavery.also.as_slice(), slavery.sources), (1, [2, 3].as_slice(), 3));
    assert_eq!(slavery.with, [ix(&codebook, "punish")]);
    let trafficking = find(What::Concept(ix(&codebook, "trafficking")));
    assert_eq!(
        (trafficking.source, trafficking.also.len(), trafficking.date.to_string()),
        (2, 0, "1996-05-02".to_owned())
    );
    let both = find(What::Coupling(ix(&codebook, "trafficking"), ix(&codebook, "slavery")));
    assert_eq!((both.source, both.sources), (2, 1));
    assert!(found.first.iter().all(|f| f.what != What::Coupling(ix(&codebook, "dignity"), ix(&codebook, "punish"))));
}

#[test]
fn births_deaths_and_what_persists() {
    let codebook = codebook(ROWS);
    let old = "Against trafficking, dignity makes us punish them.";
    let new = "Against trafficking, dignity makes us protect them.";
    // Twice, since a stretch has two sentences at least.
    let mut dated: Vec<(&str, String)> = vec![("1990", format!("{old} {old}")); 12];
    dated.extend(vec![("2000", format!("{new} {new}")); 12]);
    let found = of(&codebook, &dated, by(&["1990-1999", "2000-2009"]));
    let change = &found.changes[0];
    let concept = |list: &[nomoscope_core::usage::trend::change::Turnover]| {
        list.iter()
            .filter_map(|t| match t.part {
                Part::Concept(c) => Some((
                    codebook.get(c).id.clone(),
                    t.sources_before,
                    t.sources_after,
                    // The least that 199 orders can give, over four concepts of which two change.
                    t.q.is_some_and(|q| q <= 0.01 + 1e-9),
                )),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(concept(&change.births), [("protect".to_owned(), Some(0), Some(12), true)]);
    assert_eq!(concept(&change.deaths), [("punish".to_owned(), Some(12), Some(0), true)]);
    // One statement on each side, not the same; three concepts on each side, two of them in both.
    assert_eq!((change.statements, change.concepts, change.backbone), (Some(0.0), Some(0.5), None));
    let drift = |of: Of| change.drift.iter().find(|d| d.of == of).unwrap();
    assert_eq!(drift(Of::Statements).divergence, Some(1.0));
    assert_eq!(drift(Of::Statements).beyond_chance, Some(1.0));
    assert_eq!(drift(Of::Values).divergence, Some(0.0));
    assert!(drift(Of::Behaviours).p.unwrap() <= 0.005 && drift(Of::Values).p.unwrap() > 0.9);
    assert!(drift(Of::Behaviours).interval.unwrap().contains(1.0));
}

/// Ten speeches of a delegation are one voice: types, couplings and tests are those of a study that has them as one text.
#[test]
fn what_an_actor_says_in_a_stretch_of_time_is_one() {
    let codebook = codebook(ROWS);
    for (seed, change) in [(5, None), (6, Some(2005))] {
        // Ten actors a year, in 2000 and in 2005 the same ones, each with three speeches that are alike in what they demand.
        let once = [speeches(2000..2001, 10, change, seed), speeches(2005..2006, 10, change, seed + 50)].concat();
        let thrice: Vec<(String, String)> = once.iter().flat_map(|d| [d.clone(), d.clone(), d.clone()]).collect();
        let joined: Vec<(String, String)> =
            once.iter().map(|(date, text)| (date.clone(), format!("{text} {text} {text}"))).collect();
        let whose: Vec<usize> = (0..thrice.len()).map(|i| i / 3 % 10).collect();
        let windows = Division::Windows { kernel: Kernel::Epanechnikov, width: 3.0, step: 1.0 };
        for division in [by(&["2000-2004", "2005-2009"]), windows] {
            let want = of(&codebook, &borrowed(&joined), division.clone());
            let found = of_actors(&codebook, &borrowed(&thrice), &whose, division.clone());
            let apart = of(&codebook, &borrowed(&thrice), division);
            for (x, y) in found.changes.iter().zip(&want.changes) {
                assert_eq!((&x.drift, x.run, x.compared), (&y.drift, y.run, y.compared));
                let held = |c: &nomoscope_core::usage::trend::change::Change| -> Vec<_> {
                    c.births.iter().chain(&c.deaths).chain(&c.shifts).map(|t| (t.part, t.held, t.q)).collect()
                };
                assert_eq!(held(x), held(y));
            }
            assert_eq!((&found.turns, found.changes.len()), (&want.turns, want.changes.len()));
            for (x, y) in found.snapshots.iter().zip(&want.snapshots) {
                assert_eq!((&x.edges, &x.tested, x.complete_sources), (&y.edges, &y.tested, y.complete_sources));
                assert_eq!((x.effective_sources, x.support.draws), (y.effective_sources, y.support.draws));
                assert_eq!(x.slice.weights.len(), 3 * y.slice.weights.len(), "the sources stay as they are");
            }
            let p = |t: &Trend| t.changes[0].drift[0].p.unwrap();
            assert!(p(&apart) < p(&found) || change.is_some(), "thrice the same looks like more than it is");
        }
    }
}

/// Who says four times as much holds more of everything, and nothing has shifted.
#[test]
fn amount_of_text_is_no_shift() {
    let codebook = codebook(ROWS);
    let mut draw = Draw(29);
    let mut text = |n: usize| -> String {
        let one = |_| {
            let what = if draw.below(12) == 0 { "protect" } else { "punish" };
            format!("Against trafficking, dignity makes us {what} them. ")
        };
        (0..n).map(one).collect()
    };
    let mut dated: Vec<(&str, String)> = (0..20).map(|_| ("1990", text(4))).collect();
    dated.extend((0..20).map(|_| ("2000", text(24))));
    let found = of(&codebook, &dated, by(&["1990-1999", "2000-2009"]));
    let change = &found.changes[0];
    assert_eq!((change.run, change.compared, change.short), (Some(4), [20, 20], [0, 0]));
    let protect = change.shifts.iter().find(|t| t.part == Part::Concept(ix(&codebook, "protect"))).unwrap();
    // Four sentences against twenty-four, and twenty sources: in such studies the test errs a little more often than it says.
    assert!(change.is_lopsided());
    // Anywhere in a text it is held far more often after, and the test that asks that finds a shift.
    let [b, a] = [protect.sources_before, protect.sources_after].map(|n| n.unwrap() as u64);
    let anywhere = Conditional::new(&[Table2x2::new(b, 20 - b, a, 20 - a)]).unwrap().p_mid();
    assert!(anywhere < 0.01, "{anywhere} {protect:?}");
    assert!(protect.p().unwrap() > 0.05 && !protect.is_certain(), "{protect:?}");
    assert!(found.changes[0].births.iter().all(|t| !t.is_certain()));
}

/// Of ten stretches of two sentences, those that hold the part are counted by hand.
#[test]
fn shifts_are_shares_of_stretches() {
    let part = |n: u16| Part::Concept(nomoscope_core::codebook::ConceptIx(n));
    let said = |places: &[&[u16]]| -> Said { places.iter().map(|s| s.iter().map(|n| part(*n)).collect()).collect() };
    let (a, b) = (said(&[&[1], &[], &[], &[2]]), said(&[&[1], &[1], &[2]]));
    let (c, d, silent, short) = (said(&[&[2], &[2]]), said(&[&[], &[2], &[]]), said(&[]), said(&[&[1]]));
    let found = shifts([&[&a, &b, &silent], &[&c, &d, &short]], 99, Seed(1));
    // Lengths 4 and 3 before, 2, 3 and 1 after: the lower quartiles are 3 and 1, and two is the least.
    assert_eq!((found.run, found.compared, found.short, found.sentences), (Some(2), [2, 2], [0, 1], [4, 2]));
    let held = |n: u16| found.parts[&part(n)].held;
    assert_eq!(held(1), [Some(f64::midpoint(1.0 / 3.0, 1.0)), Some(0.0)]);
    assert_eq!(held(2), [Some(f64::midpoint(1.0 / 3.0, 0.5)), Some(1.0)]);
    assert!(found.parts.values().all(|s| s.p.is_none() && s.reason.is_some()));
    let nobody = shifts([&[&silent], &[&a]], 99, Seed(1));
    assert_eq!((nobody.run, nobody.parts.len()), (None, 0));
}

/// A decade without a source is no death and no birth: what lies on its sides is compared.
#[test]
fn where_nobody_speaks_nothing_dies() {
    let codebook = codebook(ROWS);
    let text = "Against trafficking, dignity makes us punish them.".to_owned();
    let dated = [("1955", text.clone()), ("1965", "Nothing of note.".to_owned()), ("1985", text)];
    let found = of(&codebook, &dated, by(&["1950-1959", "1960-1969", "1970-1979", "1980-1989"]));
    let pairs: Vec<(usize, usize)> = found.changes.iter().map(|c| (c.before, c.after)).collect();
    assert_eq!(pairs, [(0, 3)]);
    assert!(found.changes[0].births.is_empty() && found.changes[0].deaths.is_empty());
    assert_eq!(found.changes[0].statements, Some(1.0));
}

/// All 70 divisions of eight actors, counted one by one with the same statistic written out again.
#[test]
fn random_orders_agree_with_all_orders() {
    let values = [0.1, 0.35, 0.2, 0.05, 0.4, 0.55, 0.37, 0.6];
    let t = |first: &[usize]| -> f64 {
        let side = |keep: bool| -> Vec<f64> {
            (0..8).filter(|i| first.contains(i) == keep).map(|i| values[i]).collect::<Vec<f64>>()
        };
        let of = |v: Vec<f64>| {
            let mean = v.iter().sum::<f64>() / v.len() as f64;
            (mean, v.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (v.len() as f64 - 1.0) / v.len() as f64)
        };
        let (x, y) = (of(side(true)), of(side(false)));
        (x.0 - y.0).abs() / (x.1 + y.1).sqrt()
    };
    let observed = t(&[0, 1, 2, 3]);
    let divisions: Vec<Vec<usize>> = (0_u32..256)
        .filter(|bits| bits.count_ones() == 4)
        .map(|bits| (0..8).filter(|i| bits & (1 << i) != 0).collect())
        .collect();
    let exact = divisions.iter().filter(|d| t(d) >= observed - 1e-9).count() as f64 / divisions.len() as f64;
    let found = permuted(&[values.to_vec()], 4, 19_999, Seed(7))[0];
    // Five standard errors of 20,000 orders.
    assert!((found.p - exact).abs() < 5.0 * (exact * (1.0 - exact) / 20_000.0).sqrt(), "{} {exact}", found.p);
    let interval = found.interval.unwrap();
    assert!(interval.contains(-0.305) && (found.p <= 0.05) != interval.contains(0.0), "{found:?}");
    let turned: Vec<f64> = values[4..].iter().chain(&values[..4]).copied().collect();
    let other = permuted(&[turned], 4, 19_999, Seed(7))[0];
    assert!((other.p - exact).abs() < 5.0 * (exact * (1.0 - exact) / 20_000.0).sqrt());
}

#[test]
fn a_planted_change_is_found_in_its_year() {
    let codebook = codebook(ROWS);
    let windows = || Division::Windows { kernel: Kernel::Uniform, width: 5.0, step: 1.0 };
    let planted = speeches(1990..2010, 5, Some(2001), 11);
    let found = of(&codebook, &borrowed(&planted), windows());
    let turn = found.turns.iter().find(|t| t.of == Of::Behaviours).unwrap();
    let change = &found.changes[turn.change.unwrap()];
    assert!(turn.p.unwrap() <= 0.01, "{turn:?}");
    let at = found.snapshots[change.after].slice.period.from;
    assert!((at - 2001.0).abs() <= 1.0, "found in {at}");
    let none = of(&codebook, &borrowed(&speeches(1990..2010, 5, None, 12)), windows());
    assert!(none.turns.iter().all(|t| t.p.is_none_or(|p| p > 0.0125)), "{:?}", none.turns);
}

#[test]
fn small_and_empty_periods_have_reasons() {
    let codebook = codebook(ROWS);
    let dated = [
        ("1990", "They punish trafficking.".to_owned()),
        ("2000", "Nothing.".to_owned()),
        ("", "Trafficking.".to_owned()),
    ];
    let found = of(&codebook, &dated, by(&["1980-1989", "1990-1999", "2000-2009"]));
    assert_eq!((found.undated, found.outside, found.snapshots[0].slice.weights.len()), (1, 0, 0));
    assert!(found.snapshots.iter().all(|s| s.kind.is_err() && s.support.shares.is_none()));
    let numbers = found.changes.iter().flat_map(|c| &c.drift);
    assert!(numbers.into_iter().all(|d| d.divergence.is_none() && d.reason.is_some()));
    let outside = of(&codebook, &dated, by(&["1980-1989"]));
    assert_eq!((outside.outside, outside.changes.len()), (2, 0));
    assert!(outside.turns.iter().all(|t| t.reason.is_some()));
}

#[test]
fn long_paragraphs_beside_short_ones_warn() {
    let codebook = codebook(ROWS);
    let long =
        "Against trafficking we punish them, and so on and so forth, for many words, with nothing more to say of it."
            .to_owned();
    let dated = [("1990", "Trafficking here.".to_owned()), ("2000", long)];
    let found = of(&codebook, &dated, by(&["1990-1999", "2000-2009"]));
    assert_eq!(found.uneven_lengths, Some((2, 21)));
}

#[test]
fn every_kernel_gives_a_trend_and_threads_do_not_matter() {
    let codebook = codebook(ROWS);
    let dated = speeches(1990..2004, 3, Some(1998), 5);
    for kernel in Kernel::ALL {
        let division = Division::Windows { kernel, width: 6.0, step: 2.0 };
        let all = of(&codebook, &borrowed(&dated), division.clone());
        assert_eq!(all.snapshots.len(), 5);
        assert!(all.snapshots.iter().all(|s| s.kind.is_ok() && s.effective_sources > 5.0));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = pool.install(|| of(&codebook, &borrowed(&dated), division));
        assert_eq!(format!("{:?}", all.changes), format!("{:?}", one.changes));
        assert_eq!(format!("{:?}", all.turns), format!("{:?}", one.turns));
    }
}
