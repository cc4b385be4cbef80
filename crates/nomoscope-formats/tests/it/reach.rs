//! The tables of `reach`: real ones where they are at hand, bad ones always.

use crate::support::shared;
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::{self, Treaty};
use nomoscope_core::reach::gap::Status;
use nomoscope_core::reach::states::{REGISTER_BEGINS, StateKind, States};
use nomoscope_formats::grid::{self, Grid};
use nomoscope_formats::reach::victims::{self, CONVICTED, PROSECUTED, SUSPECTED, Selection};
use nomoscope_formats::reach::{attrition_toml, ratification, states_csv, steps};
use nomoscope_formats::study::Problems;
use nomoscope_formats::{Input, Limits};

const TODAY: PartialDate = PartialDate { year: 2023, month: Some(11), day: Some(14) };

fn register() -> States {
    states_csv::parse("states.csv", include_bytes!("../../../../data/states.csv")).unwrap()
}

fn table(name: &str, bytes: &[u8]) -> Result<Grid, Problems> {
    grid::read(&Input { name, bytes }, &Limits::default())
}

fn file(path: &std::path::Path) -> Grid {
    table(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap()).unwrap()
}

fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn treaties(text: &str) -> Result<Vec<Treaty>, Problems> {
    let grid = table("t.csv", text.as_bytes())?;
    ratification::treaties(&grid, &register(), "t", TODAY)
}

#[test]
fn the_register_counts_as_many_members_as_the_united_nations() {
    // United Nations, "Growth in United Nations membership": members at the end of each year. From 1958 to 1961 Egypt and
    // Syria were one member, and from 1965 to 1966 Indonesia was none; the register has no such interludes.
    let states = register();
    let growth = [
        (1945, 51),
        (1946, 55),
        (1947, 57),
        (1948, 58),
        (1949, 59),
        (1950, 60),
        (1955, 76),
        (1956, 80),
        (1957, 82),
        (1961, 104),
        (1962, 110),
        (1963, 113),
        (1966, 122),
        (1967, 123),
        (1968, 126),
        (1970, 127),
        (1971, 132),
        (1973, 135),
        (1974, 138),
        (1975, 144),
        (1976, 147),
        (1977, 149),
        (1978, 151),
        (1979, 152),
        (1980, 154),
        (1981, 157),
        (1983, 158),
        (1984, 159),
        (1990, 159),
        (1991, 166),
        (1992, 179),
        (1993, 184),
        (1994, 185),
        (1999, 188),
        (2000, 189),
        (2002, 191),
        (2006, 192),
        (2011, 193),
    ];
    for (year, members) in growth {
        let end = PartialDate { year, month: Some(12), day: Some(31) };
        assert_eq!(states.members(end), members, "{year}");
    }
    assert_eq!(states.count(PartialDate { year: 1944, month: None, day: None }), None);
    assert!(states.count(REGISTER_BEGINS).unwrap() > 51);
    // 193 members, the Holy See, the State of Palestine, the Cook Islands and Niue.
    assert_eq!(states.count(TODAY), Some(197));
}

#[test]
fn names_of_states_in_every_spelling() {
    let states = register();
    for (name, iso3) in [
        ("Côte d’Ivoire", "CIV"),
        ("Cote DÕIvoire", "CIV"),
        ("COTE D'IVOIRE", "CIV"),
        ("ivory coast", "CIV"),
        ("The Gambia", "GMB"),
        ("Trin&Tobago", "TTO"),
        ("St.Kitts&Nevis", "KNA"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Swaziland", "SWZ"),
        ("USSR", "SUN"),
        ("Czechoslovakia", "CSK"),
        ("East Germany", "DDR"),
        ("South Yemen", "YMD"),
        ("Zanzibar", "XZB"),
        ("Yugoslavia", "YUG"),
        ("Holy See", "VAT"),
        ("gbr", "GBR"),
        ("European Union", "EUE"),
        ("Congo", "COG"),
        ("Congo, DemRep (Zaire)", "COD"),
        ("Korea, Republic of", "KOR"),
        ("North Korea", "PRK"),
    ] {
        assert_eq!(states.find(name).map(|s| s.iso3.as_str()), Some(iso3), "{name}");
    }
    assert_eq!(states.find("European Union").unwrap().kind, StateKind::Organisation);
    assert_eq!(states.nearest("Nigeri"), ["Niger", "Nigeria"]);
    assert!(states.find("Atlantis").is_none() && states.find("").is_none());
}

#[test]
fn every_table_of_the_treaty_collection_is_read() {
    let Some(folder) = shared("tables/ratification") else { return };
    // Parties and signatories counted in the files by their non-empty cells.
    let expect = [
        ("18-12-a", 159, 117),
        ("18-12-b", 138, 112),
        ("18-12", 179, 147),
        ("18-3", 36, 0),
        ("18-4", 123, 35),
        ("4-11-b", 159, 129),
        ("4-11-c", 169, 121),
        ("4-11", 194, 140),
        ("4-13", 47, 38),
        ("4-2", 177, 87),
        ("4-3", 164, 70),
        ("4-4", 168, 74),
        ("4-8", 188, 99),
        ("4-9", 157, 81),
        ("5-2", 145, 19),
        ("7-11-a", 82, 25),
    ];
    for (name, parties, signatories) in expect {
        let grid = file(&folder.join(format!("{name}.csv")));
        let all = ratification::treaties(&grid, &register(), name, TODAY).unwrap_or_else(|p| panic!("{name}: {p}"));
        let [treaty] = all.as_slice() else { panic!("{name}: {} treaties", all.len()) };
        assert_eq!((treaty.parties(TODAY), treaty.signatories()), (parties, signatories), "{name}");
    }
}

#[test]
fn palermo_year_by_year() {
    let Some(folder) = shared("tables/ratification") else { return };
    let states = register();
    let grid = file(&folder.join("18-12-a.csv"));
    let treaty = ratification::treaties(&grid, &states, "Palermo", TODAY).unwrap().remove(0);
    let curve: Vec<u64> = adoption::cumulative(&treaty, &states, 2013).iter().map(|y| y.parties).collect();
    assert_eq!(curve, [4, 21, 45, 77, 95, 111, 116, 124, 135, 142, 147, 154, 159]);
    // The European Union is a party and no state.
    assert_eq!(treaty.states(TODAY), 158);
    // 65 of 194 states: counted by hand in the table, by date without the European Union.
    let tipping = adoption::tipping(&treaty, &states, adoption::TIPPING_SHARE).unwrap();
    assert_eq!((tipping.date.to_string().as_str(), tipping.states, tipping.world), ("2004-08-04", 65, 194));
}

#[test]
fn tables_of_criminalisation_are_read() {
    let Some(folder) = shared("tables/criminalisation") else { return };
    let states = register();
    let read = |name: &str| steps::step(&file(&folder.join(name)), &states, "criminalised", TODAY);
    let map = read("map_criminalization.csv").unwrap();
    // Six states were at the full level in 2001 already, and one was not observed before 2014; nobody knows since when.
    let at_first = map.of.values().filter(|s| matches!(s, Status::Seen { after: None, .. })).count();
    assert_eq!((at_first, map.until.map(|d| d.year)), (7, Some(2014)));
    let stata = read("criminalization_jk_2015-08-10.dta").unwrap();
    // pandas 2.3.3: first years at adjcrimlevel 2, 130 states, France in February 2003.
    assert_eq!(stata.of.values().filter(|s| s.by().is_some()).count(), 130);
    assert_eq!(stata.of["FRA"], Status::Taken(PartialDate { year: 2003, month: Some(2), day: None }));
    let joined = file(&folder.join("map_year_joined.csv"));
    let twice = ratification::treaties(&joined, &states, "year", TODAY).unwrap_err();
    assert!(twice.to_string().contains("`FJI` is there twice"), "{twice}");
    // Tiers hold names in yet another spelling, and no step.
    let tiers = file(&folder.join("map_tiers.csv"));
    let names = tiers.rows[1..].iter().map(|r| r.cells[0].as_str());
    let unknown: Vec<&str> = names.filter(|n| states.find(n).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(read("map_tiers.csv").unwrap_err().to_string().contains("no column for the level"));
    let count = ratification::treaties(&file(&folder.join("ratifications_count.csv")), &states, "x", TODAY);
    assert!(count.unwrap_err().to_string().contains("no column for the state among `year`"));
}

#[test]
fn the_spreadsheet_of_victims_is_read() {
    let Some(folder) = shared("tables/victims") else { return };
    let grid = file(&folder.join("data_glotip.xlsx"));
    let table = victims::read(&grid).unwrap();
    // openpyxl 3.1.5: 46,556 rows, 23,076 of them "<5", 957 without a country.
    assert_eq!(table.rows.len() as u64 + table.n_without_state, 46_556);
    assert_eq!(table.n_without_state, 957);
    let convicted = steps::step(&grid, &register(), "convicted", TODAY).unwrap();
    assert!(convicted.of.len() > 100);
    let groups = table.groups(&[SUSPECTED, PROSECUTED, CONVICTED], &["year".into()], &Selection::new(), 0);
    assert_eq!(groups.first().map(|g| g.key.as_slice()), Some(["2003".to_owned()].as_slice()));
    // pandas 2.3.3, totals of states that report all three in 2018: 13,764 suspected and 10 cells "<5", and so on.
    let year = groups.iter().find(|g| g.key == ["2018"]).unwrap();
    let counts: Vec<(f64, u64)> = year.counts.iter().map(|c| (c.exact, c.suppressed())).collect();
    assert_eq!(
        (year.reporting_all, counts.as_slice()),
        (75, [(13_764.0, 10), (8_912.0, 17), (3_170.0, 29)].as_slice())
    );
}

#[test]
fn withdrawals_are_read_and_other_columns_named() {
    let read = treaties(
        "Participant,Signature,Ratification,Withdrawal,Reservation\nFrance,,1990-01-01,1994-06-01,\nItaly,,1991-01-01,,yes\n",
    );
    let treaty = read.unwrap().remove(0);
    assert_eq!((treaty.parties(date("1993-12-31")), treaty.parties(TODAY)), (2, 1));
    assert_eq!(treaty.unread, ["Reservation"]);
    let got = lines(treaties(
        "state,ratified,notification of denunciation\nCzechoslovakia,1995-01-01,\nKenya,1993,1990\nPeru,,1990\nUSSR,1990-01-01,\n",
    ));
    assert_eq!(
        got,
        [
            "2: Czechoslovakia was no more from 1993-01-01, and cannot have joined on 1995-01-01",
            "3: Kenya left on 1990, and had not joined before",
            "4: Peru left on 1990, and had not joined before",
        ]
    );
}

/// Returns the problems without their hints.
#[track_caller]
fn lines<T: std::fmt::Debug>(result: Result<T, Problems>) -> Vec<String> {
    let problems = result.unwrap_err();
    problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect()
}

#[test]
fn tables_of_other_kinds_are_read_too() {
    let iso = treaties("state,joined\nFrance,2000-12-12\nNiger,2001\nEuropean Union,2002-03\nChad,\n").unwrap();
    assert_eq!((iso[0].parties(TODAY), iso[0].states(TODAY), iso[0].participants.len()), (3, 2, 4));
    let years = treaties("iso3,year\nFRA,1999\nDEU,2001.0\n").unwrap();
    assert_eq!((years[0].name.as_str(), years[0].parties(TODAY)), ("t", 2));
    let long = treaties("treaty,iso3,signed,joined\nA,FRA,2000,2001\nB,FRA,,2002\nA,DEU,2000,\n").unwrap();
    assert_eq!(
        long.iter().map(|t| (t.name.as_str(), t.parties(TODAY), t.signatories())).collect::<Vec<_>>(),
        [("A", 1, 2), ("B", 1, 0)]
    );
    // A title above the header, several columns of joining, footnotes at names.
    let odd = treaties(
        "Status of the treaty,,\nState,Ratification,Accession\n\"China 1, 2\",,5 May 2001 a\nItaly [3],7 Jun 1999,\n",
    )
    .unwrap();
    assert_eq!(odd[0].parties(TODAY), 2);
}

#[test]
fn everything_wrong_with_a_table_of_adoption_is_told_at_once() {
    let text = "Participant,Signature,Ratification\n\
        Fance,,1 Jan 2000\n\
        Niger,,1 Jan 2999\n\
        Chad,,soon\n\
        Czechia,,1 Jan 2001\n\
        Czech Republic,,2 Jan 2001\n\
        ,,3 Jan 2001\n\
        Mali,31 Apr 2000,\n";
    assert_eq!(
        lines(treaties(text)),
        [
            "2: `Fance` is no state of the register",
            "3: 2999-01-01 lies in the future: today is 2023-11-14",
            "4: `soon` is no date",
            "6: `Czech Republic` is the same state as `Czechia` in row 5",
            "7: no state is named",
            "8: `31 Apr 2000` is a day that no calendar has",
        ]
    );
    let problems = treaties("state,joined\nFance,2000\n").unwrap_err();
    assert!(problems.to_string().contains("did you mean `France`"), "{problems}");
    assert_eq!(lines(treaties("")), ["0: the file is empty"]);
    assert_eq!(lines(treaties("\n\n")), ["0: the table is empty"]);
    assert_eq!(lines(treaties("state,joined\n")), ["0: the table has a header and no rows"]);
    let commas = treaties("state,joined\nFrance,2000\nNiger,2001\n").unwrap();
    for sign in [";", "\t", "|"] {
        let other = "state,joined\nFrance,2000\nNiger,2001\n".replace(',', sign);
        assert_eq!(treaties(&other).unwrap(), commas);
    }
    assert_eq!(treaties("sep=;\nstate;joined\nFrance;2000\nNiger;2001\n").unwrap(), commas);
    assert_eq!(
        lines(treaties("state,colour\nFrance,red\n")),
        ["1: no column for the date of joining among `state`, `colour`"]
    );
    assert_eq!(lines(treaties("who,joined\nFrance,2000\n")), ["1: no column for the state among `who`, `joined`"]);
    assert_eq!(lines(treaties("state,joined\nFrance,\nMali,\n")), ["0: no row has a date"]);
    // What Excel writes on many machines is read, and said.
    let guessed = table("t.csv", b"state,joined\nC\xf4te,2000\n").unwrap();
    assert_eq!(guessed.rows[1].cells, ["Côte", "2000"]);
    assert!(guessed.notes[0].contains("windows-1252"), "{:?}", guessed.notes);
}

#[test]
fn everything_wrong_with_a_table_of_steps_is_told_at_once() {
    let step = |text: &str| steps::step(&table("t.csv", text.as_bytes())?, &register(), "criminalised", TODAY);
    let text = "iso3,year,crim\nFRA,2000,0\nFRA,2000,1\nFRA,2001,3\nXYZ,2001,2\nMLI,3001,2\n";
    assert_eq!(
        lines(step(text)),
        [
            "3: `FRA` is there twice in 2000, first in row 2",
            "4: `3` is no level",
            "5: `XYZ` is no state of the register",
            "6: 3001 lies in the future: today is 2023-11-14",
        ]
    );
    let dates = step("iso3,date,until\nFRA,2003-02,\nMLI,,2010\nTCD,,\n").unwrap();
    let end = |y| PartialDate { year: y, month: Some(12), day: Some(31) };
    assert_eq!((dates.of["MLI"], dates.of["TCD"]), (Status::NotBy(end(2010)), Status::NotBy(end(2010))));
    assert!(!lines(step("iso3,colour\nFRA,red\n")).is_empty());
}

#[test]
fn everything_wrong_with_a_table_of_victims_is_told_at_once() {
    let read = |text: &str| victims::read(&table("v.csv", text.as_bytes())?);
    let text = "Country,Indicator,Year,txtVALUE\nFrance,Persons convicted,2018,-3\nFrance,Persons convicted,18,4\n\
        Mali,Persons convicted,2018,many\nChad,Persons convicted,2018,\"1,757\"\nChad,Persons convicted,2018,<5\n";
    assert_eq!(
        lines(read(text)),
        [
            "2: `-3` is negative",
            "3: `18` is no year",
            "4: `many` is no count",
            "6: the same cell twice (Chad, Persons convicted, 2018), first in row 5",
        ]
    );
    let twice = "Country,Indicator,Year,txtVALUE\nChad,Persons convicted,2018,7\nChad,Persons convicted,2018,<5\n";
    assert_eq!(lines(read(twice)), ["3: the same cell twice (Chad, Persons convicted, 2018), first in row 2"]);
}

#[test]
fn everything_wrong_with_a_file_of_stages_is_told_at_once() {
    let parse = |text: &str| attrition_toml::parse("a.toml", text.as_bytes(), 0);
    let good = "[[stage]]\nid = 'a'\nunit = 'child'\nyear = 2000\nsource = 's'\ncount = '1,200,000'\n\
        [[stage]]\nid = 'b'\nunit = 'child'\nyear = 2000\nsource = 's'\ncount = '<5'\n\
        [[stage]]\nid = 'c'\nunit = 'child'\nyear = 2000\nsource = 's'\ncount = [3, 5]\n\
        [[stage]]\nid = 'd'\nunit = 'child'\nyear = 2000\nsource = 's'\ncount = 4\nlow = 3\nhigh = 9\n\
        [[stage]]\nid = 'e'\nunit = 'child'\nyear = 2000\nsource = 's'\none_in = 100\nof = 'a'\n";
    let read = parse(good).unwrap();
    assert_eq!(read.stages.len(), 5);
    let bad = "titel = 'x'\n[[stage]]\nid = 'a'\nunit = 'child'\nyear = 2000\nsource = 's'\ncount = -4\n\
        [[stage]]\nid = 'a'\nkind = 'flux'\ncount = [5, 3]\n\
        [[stage]]\nid = 'c'\nunit = 'x'\nyear = 1\nsource = 's'\none_in = 3\nof = 'z'\n\
        [[stage]]\nid = 'd'\nunit = 'x'\nyear = 1\nsource = 's'\n";
    assert_eq!(
        lines(parse(bad)),
        [
            "1: unknown key `titel` in the file",
            "7: `count` is negative",
            "8: stage `a` has no `source`",
            "8: stage `a` has no `unit`",
            "8: stage `a` has no `year`",
            "8: stage `a` is there twice",
            "8: stage `a`: the range runs from 5 down to 3",
            "10: `flux` is neither stock nor flow",
            "18: no earlier stage is `z`",
            "19: stage `d` has no count",
        ]
    );
    assert_eq!(lines(parse("title = 'x'")), ["1: the file has no stage"]);
    assert!(!lines(parse("[[stage]\nid=")).is_empty());
}

#[test]
fn workbooks_that_would_hurt_are_refused() {
    let not_zip = table("v.xlsx", b"PK\x03\x04 and then nothing");
    assert!(lines(not_zip)[0].contains("zip"));
    assert!(lines(table("v.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0, 0]))[0].contains("old format"));
    assert!(lines(table("v.dta", b"<stata_dta><header><release>999"))[0].contains("release 999"));
    assert!(lines(table("v.dta", b"<stata_dta>"))[0].contains("it ends too early"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80), body in "[\"a,é\\r\\n\\-0-9=\\[\\]{}:.<]{0,60}") {
        let states = register();
        for start in [&b"PK\x03\x04"[..], b"<stata_dta><header><release>117", b"", b"state,joined\n", b"iso3,year,crim\n", b"Country,Indicator,Year,txtVALUE\n"] {
            for rest in [bytes.as_slice(), body.as_bytes()] {
                let all = [start, rest].concat();
                if let Ok(grid) = table("f", &all) {
                    let _ = ratification::treaties(&grid, &states, "t", TODAY);
                    let _ = steps::step(&grid, &states, "s", TODAY);
                    let _ = victims::read(&grid);
                }
                let _ = attrition_toml::parse("f", &all, 0);
                let _ = states_csv::parse("f", &all);
            }
        }
    }
}
