//! Discourse networks by hand, and against the reference networks of a sample database where it is at hand.

use nomoscope_core::date::PartialDate;
use nomoscope_core::usage::discourse::{
    ActorStatement, Aggregation, Compat, DiscourseError, Duplicates, Kernel, Matrix, Normalisation, Qualifier,
    Settings, TimeUnit, one_mode, two_mode, windows, without_duplicates,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const PLAIN: Settings = Settings {
    qualifier: Qualifier::Boolean,
    aggregation: Aggregation::Congruence,
    normalisation: Normalisation::No,
    duplicates: Duplicates::Include,
    compat: Compat::Corrected,
};

fn said(actor: u32, concept: u32, stance: i64) -> ActorStatement {
    ActorStatement { actor, concept, stance, document: 0, date: None, kind: 0 }
}

fn once(statements: &[ActorStatement]) -> Vec<(ActorStatement, f64)> {
    statements.iter().map(|s| (*s, 1.0)).collect()
}

#[track_caller]
fn check(settings: Settings, statements: &[ActorStatement], want: &[f64]) {
    let found = one_mode(&once(statements), settings, false).unwrap();
    near(&found, want);
}

#[track_caller]
fn near(found: &Matrix, want: &[f64]) {
    assert_eq!(found.cells.len(), want.len(), "{found:?}");
    for (cell, want) in found.cells.iter().zip(want) {
        assert!((cell - want).abs() < 1e-12, "{:?}, not {want}", found.cells);
    }
}

/// Two actors: of concept 0 the first says yes twice and no once, the second yes once; of concept 1 the first says no, the second
/// yes twice; of concept 2 only the second speaks, against.
fn dispute() -> Vec<ActorStatement> {
    vec![
        said(0, 0, 1),
        said(0, 0, 1),
        said(0, 0, 0),
        said(1, 0, 1),
        said(0, 1, 0),
        said(1, 1, 1),
        said(1, 1, 1),
        said(1, 2, 0),
    ]
}

#[test]
fn one_mode_by_hand() {
    use Aggregation::{Conflict, Ignore, Subtract};
    use Normalisation::{Average, Cosine, Jaccard};
    let both = |x: f64| [0.0, x, x, 0.0];
    // Congruence 2·1; conflict 1·1 + 1·2; together 3·1 + 1·2.
    check(PLAIN, &dispute(), &both(2.0));
    check(Settings { aggregation: Conflict, ..PLAIN }, &dispute(), &both(3.0));
    check(Settings { aggregation: Subtract, ..PLAIN }, &dispute(), &both(-1.0));
    check(Settings { aggregation: Ignore, ..PLAIN }, &dispute(), &both(5.0));
    // Each says four things: mean 4.
    check(Settings { normalisation: Average, ..PLAIN }, &dispute(), &both(2.0 / 4.0));
    // Only the first: no on 0 and on 1, 2; only the second: yes on 1 (2), no on 2 (1), 3; both: yes on 0, 2·1.
    check(Settings { normalisation: Jaccard, ..PLAIN }, &dispute(), &both(2.0 / 7.0));
    // Vectors (2, 1, 1) and (1, 2, 1): both of squared length 6.
    check(Settings { normalisation: Cosine, ..PLAIN }, &dispute(), &both(2.0 / 6.0));
    check(Settings { normalisation: Cosine, compat: Compat::Dna3, ..PLAIN }, &dispute(), &both(2.0 / 16.0));
    // Without stances (3, 1) and (1, 2, 1): 5 / sqrt(10 · 6).
    check(Settings { normalisation: Cosine, aggregation: Ignore, ..PLAIN }, &dispute(), &both(5.0 / 60_f64.sqrt()));
}

#[test]
fn concepts_by_the_actors_who_say_the_same() {
    let found = one_mode(&once(&dispute()), PLAIN, true).unwrap();
    assert_eq!(found.rows, [0, 1, 2]);
    // Of 0 and 1: the first says no of both, 1·1, the second yes of both, 1·2. Of 0 and 2, 1 and 2 the second says opposites.
    near(&found, &[0.0, 3.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn two_mode_by_hand() {
    let of = |aggregation, normalisation| {
        two_mode(&once(&dispute()), Settings { aggregation, normalisation, ..PLAIN }).unwrap()
    };
    use Aggregation::{Combine, Ignore, Subtract};
    near(&of(Ignore, Normalisation::No), &[3.0, 1.0, 0.0, 1.0, 2.0, 1.0]);
    near(&of(Subtract, Normalisation::No), &[1.0, -1.0, 0.0, 1.0, 2.0, -1.0]);
    near(&of(Subtract, Normalisation::Activity), &[0.25, -0.25, 0.0, 0.25, 0.5, -0.25]);
    near(&of(Subtract, Normalisation::Prominence), &[0.25, -1.0 / 3.0, 0.0, 0.25, 2.0 / 3.0, -1.0]);
    // 1 for, 2 against, 3 both.
    near(&of(Combine, Normalisation::No), &[3.0, 2.0, 0.0, 1.0, 1.0, 2.0]);
}

#[test]
fn whole_numbers_and_words() {
    let statements = [said(0, 0, -2), said(1, 0, 2), said(2, 0, 0)];
    let integer = Settings { qualifier: Qualifier::Integer, ..PLAIN };
    // Range 4: opposite ends share nothing, the middle half with each.
    check(integer, &statements, &[0.0, 0.0, 0.5, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0]);
    let found = two_mode(&once(&statements), Settings { aggregation: Aggregation::Subtract, ..integer }).unwrap();
    near(&found, &[-2.0, 2.0, 0.0]);
    // Words 0, 1 and 2, of which the first two actors share one.
    let words = [said(0, 0, 0), said(0, 0, 1), said(1, 0, 1), said(1, 0, 2), said(0, 1, 2)];
    let text = Settings { qualifier: Qualifier::Text, ..PLAIN };
    check(text, &words, &[0.0, 1.0, 1.0, 0.0]);
    // Three pairs of different words on concept 0; DNA counts words that one side alone uses, also of concept 1: 0, 2 and (1, 2).
    check(Settings { aggregation: Aggregation::Conflict, ..text }, &words, &[0.0, 3.0, 3.0, 0.0]);
    check(Settings { aggregation: Aggregation::Conflict, compat: Compat::Dna3, ..text }, &words, &[0.0, 3.0, 3.0, 0.0]);
    let apart = [said(0, 0, 0), said(1, 1, 0)];
    check(Settings { aggregation: Aggregation::Conflict, ..text }, &apart, &[0.0, 0.0, 0.0, 0.0]);
    check(Settings { aggregation: Aggregation::Conflict, compat: Compat::Dna3, ..text }, &apart, &[0.0, 2.0, 2.0, 0.0]);
}

fn dated(date: &str, document: u32) -> ActorStatement {
    ActorStatement { document, date: Some(date.parse().unwrap()), ..said(0, 0, 1) }
}

#[test]
fn repetitions_respect_the_year() {
    let statements = [
        dated("2004-01-05", 0),
        dated("2004-01-05", 0),
        dated("2004-01-12", 1),
        dated("2005-01-04", 2),
        dated("2004", 3),
    ];
    let kept = |duplicates, compat| without_duplicates(&statements, Settings { duplicates, compat, ..PLAIN });
    use Duplicates::{AcrossRange, Document, Include, Month, Week, Year};
    assert_eq!(kept(Include, Compat::Corrected), [0, 1, 2, 3, 4]);
    assert_eq!(kept(Document, Compat::Corrected), [0, 2, 3, 4]);
    // Mondays: 5 and 12 January 2004; 4 January 2005 lies in the first week of 2005, as 5 January 2004 in the second of 2004.
    assert_eq!(kept(Week, Compat::Corrected), [0, 2, 3, 4]);
    assert_eq!(kept(Month, Compat::Corrected), [0, 3, 4]);
    assert_eq!(kept(Year, Compat::Corrected), [0, 3]);
    assert_eq!(kept(AcrossRange, Compat::Corrected), [0]);
    // DNA: January is January. The year alone says no month.
    assert_eq!(kept(Month, Compat::Dna3), [0, 4]);
    assert_eq!(kept(Week, Compat::Dna3), [0, 2, 3, 4]);
    let weeks = [dated("2004-01-05", 0), dated("2005-01-12", 1)];
    let kept = |compat| without_duplicates(&weeks, Settings { duplicates: Week, compat, ..PLAIN }).len();
    // The second week of either year.
    assert_eq!((kept(Compat::Corrected), kept(Compat::Dna3)), (2, 1));
}

#[test]
fn large_whole_numbers_are_repetitions_too() {
    let statements = [said(0, 0, 1000), said(0, 0, 1000), said(0, 0, 100), said(0, 0, 100)];
    let settings = Settings { qualifier: Qualifier::Integer, duplicates: Duplicates::AcrossRange, ..PLAIN };
    assert_eq!(without_duplicates(&statements, settings), [0, 2]);
    assert_eq!(without_duplicates(&statements, Settings { compat: Compat::Dna3, ..settings }), [0, 1, 2]);
    let ignored = Settings { aggregation: Aggregation::Ignore, compat: Compat::Dna3, ..settings };
    assert_eq!(without_duplicates(&statements, ignored), [0]);
}

#[test]
fn windows_cover_exactly_their_units() {
    let statements: Vec<ActorStatement> = (1..=10).map(|day| dated(&format!("2005-03-{day:02}"), day)).collect();
    let of = |width, compat| windows(&statements, TimeUnit::Days, width, Kernel::No, compat, true).unwrap();
    let sizes = |width, compat| of(width, compat).iter().map(|w| w.statements.len()).collect::<BTreeSet<_>>();
    assert_eq!(sizes(6, Compat::Corrected), BTreeSet::from([6]));
    assert_eq!(sizes(6, Compat::Dna3), BTreeSet::from([7]));
    assert_eq!(sizes(5, Compat::Corrected), sizes(5, Compat::Dna3));
    assert_eq!(of(6, Compat::Corrected).len(), 5);
    let first = &of(6, Compat::Corrected)[0];
    assert_eq!(
        (TimeUnit::Days.label(first.from), TimeUnit::Days.label(first.to)),
        ("2005-03-01".into(), "2005-03-06".into())
    );
    let weeks = windows(&statements, TimeUnit::Weeks, 1, Kernel::No, Compat::Corrected, true).unwrap();
    assert_eq!(TimeUnit::Weeks.label(weeks[0].from), "2005-02-28");
    assert_eq!(weeks.iter().map(|w| w.statements.len()).collect::<Vec<_>>(), [6, 4]);
    let months = windows(&statements, TimeUnit::Months, 1, Kernel::No, Compat::Corrected, true).unwrap();
    assert_eq!((TimeUnit::Months.label(months[0].from), months.len()), ("2005-03".into(), 1));
    assert!(windows(&statements, TimeUnit::Years, 2, Kernel::No, Compat::Corrected, true).unwrap().is_empty());
    let events = windows(&statements, TimeUnit::Events, 4, Kernel::No, Compat::Corrected, true).unwrap();
    assert_eq!((events.len(), events[0].statements.len(), TimeUnit::Events.label(events[0].to)), (7, 4, "4".into()));
}

#[test]
fn kernels_are_symmetric_and_that_of_dna_is_not() {
    for kernel in [Kernel::Uniform, Kernel::Triangular, Kernel::Epanechnikov, Kernel::Gaussian] {
        for distance in [0.0, 0.25, 0.5, 1.0, 1.5] {
            let weight = |d| kernel.weight(d, Compat::Corrected);
            assert_eq!(weight(distance), weight(-distance));
            assert!(weight(distance) <= weight(0.0));
        }
    }
    // A window of 20 days: five days before the middle, five and ten after it.
    let dna = |d| Kernel::Triangular.weight(d, Compat::Dna3);
    assert_eq!((dna(0.5), dna(-0.5), dna(-1.0)), (0.5, 1.5, 2.0));
    // A pair counts with the root of the product of its weights, so that a statement with itself has its weight.
    let statements = [dated("2005-03-01", 0), dated("2005-03-02", 1), dated("2005-03-03", 2)];
    let of = |one_mode| {
        let found = windows(&statements, TimeUnit::Days, 3, Kernel::Triangular, Compat::Corrected, one_mode).unwrap();
        found[0].statements.iter().map(|(_, w)| *w).collect::<Vec<_>>()
    };
    let third = 1.0 - 1.0 / 1.5;
    assert_eq!(of(false), [third, 1.0, third]);
    assert_eq!(of(true), [third.sqrt(), 1.0, third.sqrt()]);
}

#[test]
fn what_cannot_be_made_says_why() {
    let of = |settings| one_mode(&once(&dispute()), settings, false);
    assert_eq!(one_mode(&[], PLAIN, false), Err(DiscourseError::Empty));
    let combine = Settings { aggregation: Aggregation::Combine, ..PLAIN };
    assert!(matches!(of(combine), Err(DiscourseError::WrongAggregation { one_mode: true, .. })));
    let activity = Settings { normalisation: Normalisation::Activity, ..PLAIN };
    assert_eq!(of(activity), Err(DiscourseError::WrongNormalisation { one_mode: true }));
    assert!(matches!(
        two_mode(&once(&dispute()), PLAIN),
        Err(DiscourseError::WrongAggregation { one_mode: false, .. })
    ));
    let divided = Settings { normalisation: Normalisation::Prominence, ..combine };
    assert_eq!(two_mode(&once(&dispute()), divided), Err(DiscourseError::CombinedIsNoQuantity));
    assert_eq!(one_mode(&once(&[said(0, 0, 2)]), PLAIN, false), Err(DiscourseError::NotBoolean { stance: 2 }));
    let days = |width, s: &[ActorStatement]| windows(s, TimeUnit::Days, width, Kernel::No, Compat::Corrected, true);
    assert_eq!(days(0, &dispute()), Err(DiscourseError::NoWidth));
    assert_eq!(days(1, &dispute()), Err(DiscourseError::NoDates));
    let far = [dated("1900-01-01", 0), dated("2000-01-01", 1)];
    assert!(matches!(days(1, &far), Err(DiscourseError::TooManyWindows { .. })));
}

#[expect(clippy::print_stdout, reason = "a test that checks nothing says so")]
fn shared(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/interchange/dna").join(file);
    if !path.exists() {
        println!("skipped: {file} is not here");
        return None;
    }
    Some(path)
}

type Row = (String, String, i64, u32, String);

/// The statements of the sample database: organisation, concept, agreement.
fn sample(path: &Path) -> (Vec<String>, Vec<String>, Vec<ActorStatement>) {
    const QUERY: &str = "SELECT (SELECT e.Value FROM DATASHORTTEXT t JOIN ENTITIES e ON e.ID = t.Entity JOIN VARIABLES v ON v.ID = t.VariableId \
         WHERE t.StatementId = s.ID AND v.Variable = 'organization'), \
         (SELECT e.Value FROM DATASHORTTEXT t JOIN ENTITIES e ON e.ID = t.Entity JOIN VARIABLES v ON v.ID = t.VariableId \
         WHERE t.StatementId = s.ID AND v.Variable = 'concept'), \
         (SELECT b.Value FROM DATABOOLEAN b WHERE b.StatementId = s.ID), s.DocumentId, date(d.Date, 'unixepoch') \
         FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = s.DocumentId JOIN STATEMENTTYPES t ON t.ID = s.StatementTypeId \
         WHERE t.Label = 'DNA Statement' ORDER BY d.Date, s.ID";
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(path, flags).unwrap();
    let mut query = database.prepare(QUERY).unwrap();
    let rows: Vec<Row> = query
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let names =
        |of: fn(&Row) -> String| -> Vec<String> { rows.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect() };
    let (actors, concepts) = (names(|r| r.0.clone()), names(|r| r.1.clone()));
    let place = |list: &[String], name: &String| list.binary_search(name).unwrap() as u32;
    let statements = rows
        .iter()
        .map(|(actor, concept, stance, document, date)| ActorStatement {
            actor: place(&actors, actor),
            concept: place(&concepts, concept),
            stance: *stance,
            document: *document,
            date: Some(date.parse::<PartialDate>().unwrap()),
            kind: 0,
        })
        .collect();
    (actors, concepts, statements)
}

#[derive(serde::Deserialize)]
struct Reference {
    rows: Vec<String>,
    onemode: BTreeMap<String, Network>,
}

#[derive(serde::Deserialize)]
struct Network {
    n_statements: usize,
    edges: usize,
    matrix: Vec<Vec<f64>>,
}

fn named(key: &str) -> Settings {
    let parts: Vec<&str> = key.split('/').collect();
    let [aggregation, normalisation, duplicates] = parts[..] else { panic!("{key}") };
    Settings {
        aggregation: match aggregation {
            "ignore" => Aggregation::Ignore,
            "congruence" => Aggregation::Congruence,
            "conflict" => Aggregation::Conflict,
            _ => Aggregation::Subtract,
        },
        normalisation: match normalisation {
            "no" => Normalisation::No,
            "average" => Normalisation::Average,
            "jaccard" => Normalisation::Jaccard,
            _ => Normalisation::Cosine,
        },
        duplicates: match duplicates {
            "include" => Duplicates::Include,
            "document" => Duplicates::Document,
            _ => Duplicates::AcrossRange,
        },
        compat: Compat::Dna3,
        ..PLAIN
    }
}

fn kept(statements: &[ActorStatement], settings: Settings) -> Vec<(ActorStatement, f64)> {
    without_duplicates(statements, settings).into_iter().map(|at| (statements[at], 1.0)).collect()
}

/// All 48 networks, recomputed independently and equal to what the R package of DNA asserts of its sample.
#[test]
fn reference_networks() {
    let (Some(database), Some(json)) = (shared("sample-dna3.dna"), shared("reference_networks.json")) else { return };
    let (actors, _, statements) = sample(&database);
    let reference: Reference = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert_eq!(actors, reference.rows);
    assert_eq!(reference.onemode.len(), 48);
    let mut corrected = 0;
    for (key, want) in &reference.onemode {
        let settings = named(key);
        let counted = kept(&statements, settings);
        assert_eq!(counted.len(), want.n_statements, "{key}");
        let found = one_mode(&counted, settings, false).unwrap();
        let cells: Vec<f64> = want.matrix.iter().flatten().copied().collect();
        assert_eq!(found.cells.len(), cells.len());
        // The reference has eight digits.
        let same = |found: &Matrix| found.cells.iter().zip(&cells).all(|(a, b)| (a - b).abs() <= 5.1e-9);
        assert!(same(&found), "{key}: {found:?}");
        let edges =
            (0..7).flat_map(|i| (i + 1..7).map(move |j| (i, j))).filter(|&(i, j)| found.cell(i, j) != 0.0).count();
        assert_eq!(edges, want.edges, "{key}");
        let own = one_mode(&counted, Settings { compat: Compat::Corrected, ..settings }, false).unwrap();
        corrected += usize::from(!same(&own));
    }
    // Only the cosine differs: in all twelve networks that use it.
    assert_eq!(corrected, 12);
}

/// What the tests of the R package assert, and further sums given with the reference networks.
#[test]
fn sums_of_the_sample() {
    let Some(database) = shared("sample-dna3.dna") else { return };
    let (actors, concepts, statements) = sample(&database);
    let sum = |m: &Matrix| m.cells.iter().sum::<f64>();
    let near = |value: f64, want: f64| assert!((value - want).abs() < 5e-7, "{value}, not {want}");
    let two = |aggregation, normalisation| {
        two_mode(&kept(&statements, PLAIN), Settings { aggregation, normalisation, ..PLAIN }).unwrap()
    };
    let plain = two(Aggregation::Ignore, Normalisation::No);
    assert_eq!((plain.rows.len(), plain.columns.len(), sum(&plain)), (7, 6, 40.0));
    let eea = actors.iter().position(|a| a.starts_with("Energy and")).unwrap();
    assert_eq!((plain.cell(eea, 0), plain.cell(eea, 1)), (2.0, 0.0));
    assert_eq!(plain.cells.iter().filter(|c| **c != 0.0).count(), 22);
    near(sum(&two(Aggregation::Subtract, Normalisation::No)), 18.0);
    near(sum(&two(Aggregation::Subtract, Normalisation::Activity)), 2.118_182);
    near(sum(&two(Aggregation::Subtract, Normalisation::Prominence)), 3.778_571);
    let average = Settings { normalisation: Normalisation::Average, ..PLAIN };
    near(sum(&one_mode(&kept(&statements, average), average, false).unwrap()), 25.802_436);
    // Salton's cosine of congruence, as computed apart from the reference.
    let salton = Settings { normalisation: Normalisation::Cosine, ..PLAIN };
    let found = sum(&one_mode(&kept(&statements, salton), salton, false).unwrap());
    assert!((found - 12.517).abs() < 0.0006, "{found}");
    // Without one concept and two organisations.
    let concept = concepts.iter().position(|c| c == "There should be legislation to regulate emissions.").unwrap();
    let gone: Vec<usize> =
        ["Senate", "Sierra Club"].iter().map(|n| actors.iter().position(|a| a == n).unwrap()).collect();
    let rest: Vec<ActorStatement> = statements
        .iter()
        .filter(|s| s.concept as usize != concept && !gone.contains(&(s.actor as usize)))
        .copied()
        .collect();
    let found = one_mode(&kept(&rest, average), average, false).unwrap();
    assert_eq!(found.rows.len(), 5);
    near(sum(&found), 9.809_524);
    let days = windows(&statements, TimeUnit::Days, 1, Kernel::No, Compat::Corrected, true).unwrap();
    let end = |at: Option<PartialDate>| at.unwrap().to_string();
    assert_eq!((end(days[0].first), end(days.last().unwrap().last)), ("2005-01-26".into(), "2005-02-16".into()));
}

fn statements() -> impl Strategy<Value = Vec<ActorStatement>> {
    let one = (0_u32..5, 0_u32..4, 0_i64..2, 0_u32..3)
        .prop_map(|(actor, concept, stance, document)| ActorStatement { document, ..said(actor, concept, stance) });
    prop::collection::vec(one, 1..40)
}

proptest! {
    #[test]
    fn one_mode_is_symmetric_and_parts_add_up(all in statements(), reversed in any::<bool>()) {
        let of = |aggregation, list: &[ActorStatement]| one_mode(&once(list), Settings { aggregation, ..PLAIN }, false).unwrap();
        let (yes, no) = (of(Aggregation::Congruence, &all), of(Aggregation::Conflict, &all));
        let (less, any) = (of(Aggregation::Subtract, &all), of(Aggregation::Ignore, &all));
        let n = yes.rows.len();
        for i in 0..n {
            for j in 0..n {
                prop_assert_eq!(yes.cell(i, j), yes.cell(j, i));
                prop_assert!((yes.cell(i, j) - no.cell(i, j) - less.cell(i, j)).abs() < 1e-9);
                prop_assert!((yes.cell(i, j) + no.cell(i, j) - any.cell(i, j)).abs() < 1e-9);
            }
        }
        let mut list = all.clone();
        if reversed {
            list.reverse();
        }
        prop_assert_eq!(of(Aggregation::Congruence, &list), yes);
    }

    #[test]
    fn a_true_cosine_stays_within_one(all in statements(), aggregation in prop::sample::select(vec![Aggregation::Ignore, Aggregation::Congruence, Aggregation::Conflict, Aggregation::Subtract])) {
        let settings = Settings { aggregation, normalisation: Normalisation::Cosine, ..PLAIN };
        let found = one_mode(&once(&all), settings, false).unwrap();
        prop_assert!(found.cells.iter().all(|c| c.abs() <= 1.0 + 1e-12));
    }

    #[test]
    fn dates_and_their_numbers(day in 0_i64..60_000) {
        let label = TimeUnit::Days.label(day);
        let statement = [dated(&label, 0)];
        let found = windows(&statement, TimeUnit::Days, 1, Kernel::No, Compat::Corrected, true).unwrap();
        prop_assert_eq!(found[0].from, day);
    }
}
