//! Adoption and the gap on small tables that can be counted by hand.

use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::{Participant, TIPPING_SHARE, TippingError, Treaty, Way, cumulative, tipping};
use nomoscope_core::reach::gap::{GapError, Status, StepTable, gap, lags_between, lags_from_acceptance, years_between};
use nomoscope_core::reach::states::{State, StateKind, States, key};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

/// Nine members from 1945 on, a tenth from 1990, an organisation, a territory.
fn register() -> States {
    let state = |iso3: &str, kind, from: &str| State {
        iso3: iso3.to_owned(),
        name: iso3.to_owned(),
        kind,
        since: None,
        admitted: Some(date(from)),
        ended: None,
        continues: None,
        variants: Vec::new(),
        source: String::new(),
    };
    let mut all: Vec<State> = (1..=9).map(|i| state(&format!("AA{i}"), StateKind::Member, "1945-10-24")).collect();
    all.push(state("BBB", StateKind::Member, "1990-06-01"));
    all.push(state("ORG", StateKind::Organisation, "1945-10-24"));
    all.push(state("TER", StateKind::Other, "1945-10-24"));
    States::new(all).unwrap()
}

fn treaty(rows: &[(&str, &str)]) -> Treaty {
    let states = register();
    let participant = |(iso3, joined): &(&str, &str)| {
        let state = states.find(iso3).unwrap();
        Participant {
            iso3: (*iso3).to_owned(),
            kind: state.kind,
            since: states.acts_since(state),
            ended: state.ended,
            signed: None,
            joined: (!joined.is_empty()).then(|| date(joined)),
            way: Way::Ratification,
            left: None,
        }
    };
    Treaty { name: "T".to_owned(), participants: rows.iter().map(participant).collect(), ..Treaty::default() }
}

#[test]
fn organisations_are_parties_and_no_states() {
    let t =
        treaty(&[("ORG", "1980-01-01"), ("TER", "1980-05-01"), ("AA1", "1981"), ("AA2", "1983-03-01"), ("AA3", "")]);
    assert_eq!((t.parties(date("1984-12-31")), t.states(date("1984-12-31"))), (4, 2));
    let curve = cumulative(&t, &register(), 1984);
    let rows: Vec<(u16, u64, u64, Option<u64>)> =
        curve.iter().map(|y| (y.year, y.parties, y.states, y.world)).collect();
    let nine = Some(9);
    assert_eq!(
        rows,
        [(1980, 2, 0, nine), (1981, 3, 1, nine), (1982, 3, 1, nine), (1983, 4, 2, nine), (1984, 4, 2, nine)]
    );
}

/// Of ten states one is no more in 1985, one takes over its seat, and one is none before 1990.
#[test]
fn states_are_those_of_the_day_and_parties_those_that_have_not_left() {
    let mut all = register().as_slice().to_vec();
    all[0].ended = Some(date("1985-01-01"));
    let heir =
        State { iso3: "HEI".into(), name: "HEI".into(), continues: Some("AA1".into()), ended: None, ..all[0].clone() };
    all.push(State { admitted: Some(date("1985-01-01")), ..heir });
    let states = States::new(all).unwrap();
    let row = |iso3: &str, joined: &str, left: Option<&str>| {
        let state = states.find(iso3).unwrap();
        let (since, ended) = (states.acts_since(state), state.ended);
        let (joined, left) = (Some(date(joined)), left.map(date));
        Participant {
            iso3: iso3.into(),
            kind: state.kind,
            since,
            ended,
            signed: None,
            joined,
            way: Way::Ratification,
            left,
        }
    };
    let of = |participants| Treaty { name: "T".into(), participants, ..Treaty::default() };
    let t = of(vec![
        row("AA1", "1980", None),
        row("BBB", "1984-01-01", None),
        row("AA2", "1983-05-01", Some("1986-06-01")),
    ]);
    let by_year: Vec<(u64, u64)> = cumulative(&t, &states, 1990)[3..].iter().map(|y| (y.parties, y.states)).collect();
    assert_eq!(by_year, [(2, 2), (3, 2), (2, 1), (1, 0), (1, 0), (1, 0), (1, 0), (1, 1)]);
    let changes: Vec<(String, u64)> = t.steps(date("1990-12-31")).iter().map(|(d, n)| (d.to_string(), *n)).collect();
    let expect = [("1980", 1), ("1983-05-01", 2), ("1985-01-01", 1), ("1986-06-01", 0), ("1990-06-01", 1)];
    assert_eq!(changes, expect.map(|(d, n)| (d.to_owned(), n)));
    // The depositary lists under the heir's name what the state before it did.
    assert_eq!(of(vec![row("HEI", "1980", None)]).states(date("1981-12-31")), 1);
}

#[test]
fn a_third_is_counted_against_the_world_of_that_day() {
    // Three of nine are a third; of ten they are not.
    let early = treaty(&[("AA1", "1980-01-01"), ("AA2", "1981-01-01"), ("AA3", "1982-01-01")]);
    let got = tipping(&early, &register(), TIPPING_SHARE).unwrap();
    assert_eq!((got.date, got.states, got.world), (date("1982-01-01"), 3, 9));
    let late = treaty(&[("AA1", "1980-01-01"), ("AA2", "1981-01-01"), ("AA3", "1995-01-01")]);
    assert_eq!(tipping(&late, &register(), TIPPING_SHARE), Err(TippingError::NotReached { states: 3, world: 10 }));
    // Those who join on one day cross together.
    let together =
        treaty(&[("AA1", "1980-01-01"), ("AA2", "1980-01-01"), ("AA3", "1980-01-01"), ("AA4", "1980-01-01")]);
    assert_eq!(tipping(&together, &register(), TIPPING_SHARE).unwrap().states, 4);
    assert_eq!(tipping(&treaty(&[("ORG", "1980")]), &register(), TIPPING_SHARE), Err(TippingError::NobodyJoined));
    let old = treaty(&[("AA1", "1930-01-01"), ("AA2", "1931-01-01"), ("AA3", "1932-01-01"), ("AA4", "1950-01-01")]);
    assert_eq!(tipping(&old, &register(), TIPPING_SHARE), Err(TippingError::BeforeRegister));
}

fn table(step: &str, until: &str, rows: &[(&str, Status)]) -> StepTable {
    let of: BTreeMap<String, Status> = rows.iter().map(|(iso3, s)| ((*iso3).to_owned(), *s)).collect();
    StepTable { step: step.to_owned(), of, until: Some(date(until)), ..StepTable::default() }
}

#[test]
fn the_gap_is_measured_among_those_whom_somebody_looked_at() {
    let t = treaty(&[
        ("AA1", "2000-07-01"),
        ("AA2", "2001-07-01"),
        ("AA3", "2002-07-01"),
        ("AA4", "2003-07-01"),
        ("AA5", "2003-07-02"),
        ("ORG", "2000-01-01"),
    ]);
    let law = table(
        "criminalised",
        "2006-12-31",
        &[
            ("AA1", Status::Taken(date("1999-01-01"))),
            ("AA2", Status::Taken(date("2004-07-01"))),
            ("AA3", Status::NotBy(date("2006-12-31"))),
            ("AA4", Status::NotBy(date("2006-12-31"))),
        ],
    );
    let got = gap(&t, std::slice::from_ref(&law), &register(), 2010).unwrap();
    // AA5 is in no table and so in no curve; the organisation is no state.
    assert_eq!((got.until, got.observed, got.unobserved.as_slice()), (2006, 4, ["AA5".to_owned()].as_slice()));
    let rows: Vec<(u16, u64, u64)> = got.curve.iter().map(|y| (y.year, y.accepted, y.taken[0])).collect();
    assert_eq!(
        rows,
        [(2000, 1, 1), (2001, 2, 1), (2002, 3, 1), (2003, 4, 1), (2004, 4, 2), (2005, 4, 2), (2006, 4, 2)]
    );
    let behind = &got.behind[0];
    // Two had taken the step at the end, and two had accepted by July 2001: five and a half years before.
    assert_eq!((behind.taken, behind.states, behind.before_accepting), (2, 2, 1));
    assert_eq!(behind.level_reached, Some(date("2001-07-01")));
    assert!((behind.years.unwrap() - 5.5).abs() < 0.01);
    let lags = lags_from_acceptance(&t, &law);
    assert_eq!((lags.spells.len(), lags.already, lags.unobserved, lags.undated), (4, 1, 1, 0));
    assert!((lags.spells[1].years - 3.0).abs() < 0.01 && lags.spells[1].taken);
    assert!((lags.spells[2].years - 4.5).abs() < 0.01 && !lags.spells[2].taken);
}

#[test]
fn what_lies_between_two_distant_observations_has_no_date() {
    let t = treaty(&[("AA1", "2000"), ("AA2", "2005"), ("AA3", "2000")]);
    let seen = |by: &str, after: Option<&str>| Status::Seen { by: date(by), after: after.map(date) };
    let law = table(
        "criminalised",
        "2014-12-31",
        &[("AA1", seen("2014", Some("2001"))), ("AA2", seen("2001", None)), ("AA3", seen("2004", Some("2003")))],
    );
    let lags = lags_from_acceptance(&t, &law);
    assert_eq!((lags.undated, lags.already, lags.spells.len()), (1, 1, 2));
    let court = table("convicted", "2014-12-31", &[("AA3", Status::Taken(date("2010")))]);
    let between = lags_between(&t, &law, &court);
    assert_eq!((between.undated, between.spells.len()), (2, 1));
    assert!((between.spells[0].years - 6.0).abs() < 0.01);
}

#[test]
fn only_years_in_which_all_tables_look_are_measured() {
    let t = treaty(&[("AA1", "2000"), ("AA2", "2001"), ("AA3", "2005")]);
    let mut law = table(
        "criminalised",
        "2014-12-31",
        &[
            ("AA1", Status::Seen { by: date("2014"), after: Some(date("2001")) }),
            ("AA2", Status::NotBy(date("2014-12-31"))),
            ("AA3", Status::Seen { by: date("2014"), after: Some(date("2001")) }),
        ],
    );
    law.years = [2001, 2014].into();
    assert!(law.is_sparse());
    // The treaty's table ends in 2013: in that year nobody looked, and in 2001 nobody had criminalised.
    let early = gap(&t, std::slice::from_ref(&law), &register(), 2013).unwrap();
    assert_eq!((early.until, early.observed, early.behind[0].taken), (2001, 2, 0));
    assert!(early.behind[0].reason.is_some());
    let late = gap(&t, std::slice::from_ref(&law), &register(), 2014).unwrap();
    assert_eq!((late.until, late.behind[0].taken, late.curve.len()), (2014, 2, 2));
    let lags = lags_from_acceptance(&t, &law);
    assert!(lags.too_many_undated());
}

#[test]
fn no_gap_without_tables_or_states_in_common() {
    let t = treaty(&[("AA1", "2000")]);
    assert_eq!(gap(&t, &[], &register(), 2010), Err(GapError::NoTable));
    let other = table("x", "2010", &[("AA2", Status::Taken(date("2001")))]);
    assert!(matches!(gap(&t, &[other], &register(), 2010), Err(GapError::NobodyObserved { .. })));
    let early = table("x", "1990", &[("AA1", Status::NotBy(date("1990")))]);
    assert!(matches!(gap(&t, &[early], &register(), 2010), Err(GapError::NoOverlap { until: 1990, .. })));
}

#[test]
fn names_are_compared_without_dress() {
    assert_eq!(key("The Gambia"), key("GAMBIA"));
    assert_eq!(key("Côte d’Ivoire"), key("cote d'ivoire"));
    assert_eq!(key("Trin&Tobago"), key("Trin and Tobago"));
    assert_ne!(key("Niger"), key("Nigeria"));
    let twice =
        vec![register().as_slice()[0].clone(), State { iso3: "ZZZ".into(), ..register().as_slice()[0].clone() }];
    assert!(States::new(twice).unwrap_err()[0].to_string().contains("names both"));
}

proptest! {
    #[test]
    fn days_are_counted_as_the_calendar_does(a in 0_i32..80_000, b in 0_i32..80_000) {
        // Days since 1 January 1850, turned into dates by hand.
        let to_date = |mut days: i32| {
            let leap = |y: i32| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
            let mut year = 1850;
            while days >= if leap(year) { 366 } else { 365 } {
                days -= if leap(year) { 366 } else { 365 };
                year += 1;
            }
            let february = if leap(year) { 29 } else { 28 };
            let mut month = 1;
            for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                if days < length { break; }
                days -= length;
                month += 1;
            }
            date(&format!("{year:04}-{month:02}-{:02}", days + 1))
        };
        let got = years_between(to_date(a), to_date(b)) * 365.2425;
        prop_assert!((got - f64::from(b - a)).abs() < 1e-6);
    }

    #[test]
    fn curves_rise_to_the_number_of_parties(years in prop::collection::vec(1946_u16..2020, 1..10)) {
        let names: Vec<String> = (1..=9).map(|i| format!("AA{i}")).chain(["BBB".to_owned()]).collect();
        let dates: Vec<String> = years.iter().map(u16::to_string).collect();
        let rows: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(dates.iter().map(String::as_str)).collect();
        let t = treaty(&rows);
        let curve = cumulative(&t, &register(), 2020);
        prop_assert!(curve.windows(2).all(|w| w[0].parties <= w[1].parties && w[0].year + 1 == w[1].year));
        prop_assert_eq!(curve.last().unwrap().parties, t.parties(date("2020-12-31")));
        prop_assert!(curve.iter().all(|y| y.share().is_some_and(|s| (0.0..=1.0).contains(&s))));
    }
}
