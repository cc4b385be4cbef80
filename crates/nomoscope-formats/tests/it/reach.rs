//! The tables of `reach`: real ones where they are at hand, bad ones always.

use crate::support::shared;
use nomoscope_core::reach::adoption::{self, Treaty};
use nomoscope_core::reach::gap::Status;
use nomoscope_core::reach::states::{REGISTER_BEGINS, StateKind, States};
use nomoscope_core::study::PartialDate;
use nomoscope_formats::reach::grid::{self, Grid};
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
        (1945, 51), (1946, 55), (1947, 57), (1948, 58), (1949, 59), (1950, 60), (1955, 76), (1956, 80), (1957, 82),
        (1961, 104), (1962, 110), (1963, 113), (1966, 122), (1967, 123), (1968, 126), (1970, 127), (1971, 132),
        (1973, 135), (1974, 138), (1975, 144), (1976, 147), (1977, 149), (1978, 151), (1979, 152), (1980, 154),
        (1981, 157), (1983, 158), (1984, 159), (1990, 159), (1991, 166), (1992, 179), (1993, 184), (1994, 185),
        (1999, 188), (2000, 189), (2002, 191), (2006, 192), (2011, 193),
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
        ("Côte d’Ivoire", "CIV"), ("Cote DÕIvoire", "CIV"), ("COTE D'IVOIRE", "CIV"), ("ivory coast", "CIV"),
        ("The Gambia", "GMB"), ("Trin&Tobago", "TTO"), ("St.Kitts&Nevis", "KNA"), ("Turkey", "TUR"), ("Türkiye", "TUR"),
        ("Swaziland", "SWZ"), ("USSR", "SUN"), ("Czechoslovakia", "CSK"), ("East Germany", "DDR"), ("South Yemen", "YMD"),
        ("Zanzibar", "XZB"), ("Yugoslavia", "YUG"), ("Holy See", "VAT"), ("gbr", "GBR"), ("European Union", "EUE"),
        ("Congo", "COG"), ("Congo, DemRep (Zaire)", "COD"), ("Korea, Republic of", "KOR"), ("North Korea", "PRK"),
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
        ("18-12-a", 159, 117), ("18-12-b", 138, 112), ("18-12", 179, 147), ("18-3", 36, 0), ("18-4", 123, 35),
        ("4-11-b", 159, 129), ("4-11-c", 169, 121), ("4-11", 194, 140), ("4-13", 47, 38), ("4-2", 177, 87), ("4-3", 164, 70),
        ("4-4", 168, 74), ("4-8", 188, 99), ("4-9", 157, 81), ("5-2", 145, 19), ("7-11-a", 82, 25),
    ];
    for (name, parties, signatories) in expect {
        let grid = file(&folder.join(format!("{name}.csv")));
        let all = ratification::treaties(&grid, &register(), name, TODAY).unwrap_or_else(|p| panic!("{name}: {p}"));
        let [treaty] = all.as_slice() else { panic!("{name}: {} treaties", all.len()) };
        assert_eq!((treaty.parties(), treaty.signatories()), (parties, signatories), "{name}");
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
    assert_eq!(treaty.states(), 158);
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
    assert!(read("map_tiers.csv").unwrap_err().to_string().contains("no column for the date or the level"));
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
    for g in &groups { println!("{:?} {} {} {:?}", g.key, g.reporting_all, g.reporting_any, g.counts.iter().map(|c| (c.low(), c.high())).collect::<Vec<_>>()); }
}
