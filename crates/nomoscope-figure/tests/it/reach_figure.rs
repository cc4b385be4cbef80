//! Figures of reach: realistic and extreme models, wide and narrow; the same must hold as for all figures.

use crate::figure::{Draw, LABELS, all_views};
use nomoscope_core::reach::survival::{Spell, kaplan_meier};
use nomoscope_figure::adoption::{self, Adoption, Curve, Trail};
use nomoscope_figure::lag::{self, Lag, Lags};
use nomoscope_figure::reality_check::{self, RealityCheck, Rung};
use nomoscope_figure::{Frame, Heading, View};

fn rung(label: &str, unit: &str, share: f64) -> Rung {
    Rung {
        label: label.to_owned(),
        unit: unit.to_owned(),
        year: "2000-2020".to_owned(),
        source: "Narminio (2020), section 3.2 and note 3: the author's calculation, on file with her".to_owned(),
        count: None,
        share: Some(share),
        interval: None,
        rough: true,
    }
}

fn paper() -> RealityCheck {
    let mut first = rung("trafficked children", "child", 1.0);
    first.count = Some(1_200_000.0);
    first.rough = false;
    let rungs =
        vec![first, rung("detected as victims", "victim", 0.01), rung("whose traffickers are tried", "trial", 1e-4)];
    RealityCheck { rungs, ..RealityCheck::default() }
}

fn random_rungs(draw: &mut Draw, n: u64) -> RealityCheck {
    let rungs = (0..n)
        .map(|_| {
            let share = [1.0, 0.5, 1e-3, 1e-7, 0.0, f64::NAN, 3.0][draw.below(7) as usize];
            Rung {
                label: LABELS[draw.below(10) as usize].to_owned(),
                unit: LABELS[draw.below(10) as usize].to_owned(),
                year: "2018".to_owned(),
                source: LABELS[draw.below(10) as usize].repeat(1 + draw.below(3) as usize),
                count: (draw.below(3) > 0).then_some(1e9 * draw.unit()),
                share: (draw.below(4) > 0).then_some(share),
                interval: (draw.below(2) > 0).then_some((share * 0.5, share * 2.0)),
                rough: draw.below(2) > 0,
            }
        })
        .collect();
    RealityCheck { rungs, group: LABELS[draw.below(10) as usize].to_owned(), heading: Heading::default() }
}

#[test]
fn nothing_breaks_the_reality_check() {
    all_views("attrition", &paper(), reality_check::draw);
    all_views("attrition-empty", &RealityCheck::default(), reality_check::draw);
    for (index, n) in [1, 2, 3, 5, 8, 14].into_iter().enumerate() {
        all_views(&format!("attrition-x{n}"), &random_rungs(&mut Draw(index as u64), n), reality_check::draw);
    }
}

#[test]
fn the_field_shows_one_dot_of_ten_thousand() {
    let figure = reality_check::draw(&paper(), View::default());
    assert_eq!(figure.title, "Detected as victims: one in 100; whose traffickers are tried: one in 10,000");
    // Ten thousand dots, a hundred of them again in the second shade and one in the third.
    assert_eq!(figure.svg.matches("h.01m").count(), 10_000 + 100 + 1);
    assert!(figure.svg.contains("order of magnitude"));
}

fn steps(n: u64, from: f64, per_year: f64) -> Vec<(f64, f64)> {
    (0..n).map(|i| (from + i as f64 / per_year, i as f64 + 1.0)).collect()
}

fn palermo() -> Adoption {
    let curve = |label: &str, n, from, rate| Curve { label: label.to_owned(), points: steps(n, from, rate) };
    Adoption {
        curves: vec![
            curve("accepted", 158, 2001.5, 12.7),
            curve("criminalised", 109, 2002.5, 9.5),
            curve("convicted", 85, 2003.5, 8.1),
        ],
        third: (2000..=2014).map(|y| (f64::from(y), 64.7)).collect(),
        tipping: Some((2004.6, 65.0, "2004-08-04: 65 of 194".to_owned())),
        fitted: Some((
            "Gompertz".to_owned(),
            (0..=60).map(|i| (2001.0 + f64::from(i) * 0.21, 2.6 * f64::from(i))).collect(),
        )),
        observed: steps(128, 2001.5, 10.2),
        trails: vec![
            Trail { curve: 1, states: 19.0, since: Some(2009.3), years: Some(4.7) },
            Trail { curve: 2, states: 43.0, since: Some(2006.1), years: Some(7.9) },
        ],
        until: 2014.0,
        ..Adoption::default()
    }
}

fn random_adoption(draw: &mut Draw, n: u64) -> Adoption {
    let shares = draw.below(2) == 0;
    let curves: Vec<Curve> = (0..n)
        .map(|_| {
            let m = draw.below(60);
            let mut points = steps(m, 1950.0 + 40.0 * draw.unit(), 1.0 + 3.0 * draw.unit());
            if shares {
                points.iter_mut().for_each(|p| p.1 /= 70.0);
            }
            if draw.below(5) == 0 {
                points.push((f64::NAN, 3.0));
            }
            Curve { label: LABELS[draw.below(10) as usize].to_owned(), points }
        })
        .collect();
    let tipping = (draw.below(2) > 0)
        .then(|| (1950.0 + 60.0 * draw.unit(), 40.0 * draw.unit(), LABELS[draw.below(10) as usize].to_owned()));
    let trails = (1..n as usize)
        .map(|curve| Trail {
            curve,
            states: 9.0,
            since: (draw.below(3) > 0).then(|| 1950.0 + 60.0 * draw.unit()),
            years: (draw.below(3) > 0).then(|| 40.0 * draw.unit()),
        })
        .collect();
    Adoption {
        curves,
        shares,
        third: if draw.below(3) > 0 { vec![(1950.0, 12.0), (2010.0, 20.0)] } else { Vec::new() },
        tipping,
        observed: if draw.below(2) > 0 { steps(40, 1960.0, 2.0) } else { Vec::new() },
        trails,
        until: 2012.0,
        ..Adoption::default()
    }
}

#[test]
fn nothing_breaks_adoption() {
    all_views("adoption", &palermo(), adoption::draw);
    all_views("adoption-empty", &Adoption::default(), adoption::draw);
    for (index, n) in [1, 2, 3, 4, 6, 11, 2, 3, 4, 5].into_iter().enumerate() {
        all_views(&format!("adoption-x{index}"), &random_adoption(&mut Draw(index as u64), n), adoption::draw);
    }
}

fn a_lag(draw: &mut Draw, label: &str, n: u64) -> Lag {
    let spells: Vec<Spell> =
        (0..n).map(|_| Spell { years: 12.0 * draw.unit() * draw.unit(), taken: draw.below(3) > 0 }).collect();
    Lag { label: label.to_owned(), survival: kaplan_meier(&spells, 0.95).unwrap(), already: draw.below(4) }
}

#[test]
fn nothing_breaks_the_lags() {
    let mut draw = Draw(3);
    let names = [
        "From accepting to criminalising",
        "From accepting to a reported conviction",
        "From criminalising to a reported conviction",
    ];
    let three = Lags { lags: names.map(|name| a_lag(&mut draw, name, 140)).to_vec(), ..Lags::default() };
    all_views("implementation-lag", &three, lag::draw);
    all_views("implementation-lag-empty", &Lags::default(), lag::draw);
    for (index, n) in [1, 2, 5].into_iter().enumerate() {
        let lags = LABELS.iter().take(1 + index * 2).map(|label| a_lag(&mut draw, label, n)).collect();
        all_views(&format!("implementation-lag-x{n}"), &Lags { lags, ..Lags::default() }, lag::draw);
    }
}

#[test]
fn a_gap_is_told_in_states_and_years() {
    let figure = adoption::draw(&palermo(), View { frame: Frame::Wide });
    assert!(figure.description.contains("criminalised: 109 of 128 of which it is known"), "{}", figure.description);
    assert!(figure.description.contains("trails acceptance by 4.7 years"));
    assert!(
        figure.svg.contains("a third of the world&apos;s states")
            || figure.svg.contains("a third of the world's states")
    );
}
