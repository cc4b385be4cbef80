//! Contrasts between groups: what is certain, what is undecided, and what cannot be told; portfolios and avoidance.

use crate::corpora::{corpus, ix, sources};
use nomoscope_core::codebook::{Codebook, Concept, ConceptIx, PatternText, Role};
use nomoscope_core::counts::SourceUnits;
use nomoscope_core::norm::statement::{Reading, Settings, form};
use nomoscope_core::text::Level;
use nomoscope_core::usage::avoidance::avoidance;
use nomoscope_core::usage::contrast::{Contrast, DifferenceTest, Verdict, contrasts, holdings, set_holding_q, set_q};
use nomoscope_core::usage::coupling::{CONTRAST_CALIBRATION, GroupedData, TextualData, UnitShape, contrast_caution};
use nomoscope_core::usage::portfolio::{actors, compare_portfolios, jaccard_distance};
use nomoscope_stats::mantel_haenszel::{Stratum, equal_odds};
use nomoscope_stats::rng::{Seed, Stream};
use std::collections::{BTreeMap, BTreeSet};

const UNRELATED: &(dyn Fn(ConceptIx, ConceptIx) -> bool + Sync) = &|_, _| false;

/// A source of units in which the second concept follows the first with odds that `coupled` raises.
fn source(stream: &mut Stream, n_units: usize, coupled: f64) -> SourceUnits {
    let (mut words, mut a, mut b) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..n_units {
        let has = stream.uniform() < 0.3;
        let odds = if has { 0.3 * coupled } else { 0.3 };
        words.push(20 + stream.below(40) as u32);
        a.push(has);
        b.push(stream.uniform() < odds / (1.0 + odds));
    }
    SourceUnits::new(words, BTreeMap::from([(ConceptIx(0), a), (ConceptIx(1), b)])).unwrap()
}

fn study(groups: &[(usize, f64)], seed: u64) -> (Vec<SourceUnits>, Vec<Vec<usize>>) {
    let mut stream = Seed(seed).stream(0);
    let (mut units, mut members) = (Vec::new(), Vec::new());
    for &(n, coupled) in groups {
        members.push((units.len()..units.len() + n).collect());
        units.extend((0..n).map(|_| source(&mut stream, 60, coupled)));
    }
    (units, members)
}

fn two(groups: [(usize, f64); 2], seed: u64) -> Contrast {
    let (units, members) = study(&groups, seed);
    let data = GroupedData::new(&units, &members, &[], UNRELATED);
    let mut found = contrasts(data.group(0).unwrap(), data.group(1).unwrap(), 1.5);
    set_q(&mut [&mut found]);
    found.remove(0)
}

#[test]
fn a_planted_difference_is_found_and_none_is_invented() {
    let found = two([(20, 8.0), (20, 1.0)], 1);
    assert_eq!(found.verdict(), Verdict::FirstOnly, "{found:?}");
    assert!(found.interval.unwrap().contains(8.0) && found.q.unwrap() < 0.001);
    assert_eq!(found.test, Some(DifferenceTest::Wald));
    assert_eq!(two([(20, 1.0), (20, 8.0)], 1).verdict(), Verdict::SecondOnly);
    assert_eq!(two([(30, 4.0), (30, 30.0)], 2).verdict(), Verdict::SecondMore);
    assert_eq!(two([(20, 6.0), (20, 6.0)], 3).verdict(), Verdict::Both);
    assert_eq!(two([(20, 1.0), (20, 1.0)], 4).verdict(), Verdict::Neither);
}

#[test]
fn significant_here_and_not_there_is_undecided() {
    // The small group shows the same coupling, only less surely: no difference may be claimed.
    let found = two([(40, 4.0), (5, 3.0)], 5);
    assert!(found.sides[0].backbone && !found.sides[1].backbone && found.tested, "{found:?}");
    assert_eq!(found.verdict(), Verdict::Undecided);
}

#[test]
fn groups_too_small_are_shown_without_a_test() {
    let found = two([(20, 4.0), (3, 4.0)], 6);
    assert!(!found.tested && found.p.is_none() && found.reason.is_some());
    assert!(found.sides[1].n11 > 0 && found.sides[1].odds_ratio.is_some());
}

#[test]
fn the_ratio_is_that_of_the_two_odds_ratios() {
    let found = two([(12, 5.0), (15, 2.0)], 7);
    let [x, y] = found.sides.each_ref().map(|s| s.odds_ratio.unwrap());
    assert!((found.ratio.unwrap() / (x / y) - 1.0).abs() < 1e-9);
    let back = two([(12, 5.0), (15, 2.0)], 7);
    assert_eq!(format!("{found:?}"), format!("{back:?}"), "same input, same bits");
}

/// One group never joins the two although it should by chance: no Wald test, but the bounds of both are compared.
#[test]
fn an_odds_ratio_of_zero_is_compared_by_bounds() {
    let (mut units, members) = study(&[(15, 6.0)], 8);
    let apart = |k: usize| {
        let a: Vec<bool> = (0..60).map(|i| (i + k).is_multiple_of(5)).collect();
        let b: Vec<bool> = (0..60).map(|i| (i + k) % 5 == 2).collect();
        SourceUnits::new(vec![40; 60], BTreeMap::from([(ConceptIx(0), a), (ConceptIx(1), b)])).unwrap()
    };
    units.extend((0..12).map(apart));
    let groups = [members[0].clone(), (15..27).collect()];
    let data = GroupedData::new(&units, &groups, &[], UNRELATED);
    let mut found = contrasts(data.group(0).unwrap(), data.group(1).unwrap(), 1.5);
    set_q(&mut [&mut found]);
    let c = &found[0];
    assert_eq!((c.test, c.ratio, c.sides[1].odds_ratio), (Some(DifferenceTest::Bounds), None, Some(0.0)));
    let interval = c.interval.unwrap();
    assert!(interval.lower.unwrap() > 1.0 && interval.upper.is_none(), "{interval:?}");
    assert!(c.p.unwrap() < 0.05);
    assert_eq!(c.verdict(), Verdict::FirstOnly);
    let mut turned = contrasts(data.group(1).unwrap(), data.group(0).unwrap(), 1.5);
    set_q(&mut [&mut turned]);
    assert!((turned[0].p.unwrap() - c.p.unwrap()).abs() < 1e-12);
    assert!((turned[0].interval.unwrap().upper.unwrap() * interval.lower.unwrap() - 1.0).abs() < 1e-9);
    assert_eq!(turned[0].verdict(), Verdict::SecondOnly);
}

#[test]
fn the_rest_is_all_other_groups_together() {
    let (units, members) = study(&[(8, 2.0), (9, 4.0), (7, 1.0)], 9);
    let data = GroupedData::new(&units, &members, &[], UNRELATED);
    let rest = data.rest(1);
    let others: Vec<SourceUnits> = members[0].iter().chain(&members[2]).map(|&s| units[s].clone()).collect();
    let direct = TextualData::new(&others, UNRELATED);
    let (x, y) = (&rest.couplings(1.5)[0], &direct.couplings(1.5)[0]);
    // Exponents of length differ, since those of the rest are of all groups; counts do not.
    assert_eq!((x.n11, x.n1, x.n2, x.n, x.informative_sources), (y.n11, y.n1, y.n2, y.n, y.informative_sources));
    assert!((x.expected / y.expected - 1.0).abs() < 0.05, "{} {}", x.expected, y.expected);
    let (a, b) = (rest.shape(), direct.shape());
    assert!((a.length_dispersion - b.length_dispersion).abs() < 1e-12 && (a.lag1 - b.lag1).abs() < 0.02);
    assert_eq!(data.median_words(9), None);
    assert!(data.median_words(0).unwrap() > 20.0);
}

/// A study in which every text stands three times is no surer than the study itself, if one says whose the texts are.
#[test]
fn what_one_actor_says_three_times_counts_once() {
    let (units, members) = study(&[(10, 5.0), (12, 1.5)], 11);
    let thrice: Vec<SourceUnits> = units.iter().flat_map(|u| [u.clone(), u.clone(), u.clone()]).collect();
    let groups: Vec<Vec<usize>> =
        members.iter().map(|m| m.iter().flat_map(|&s| [3 * s, 3 * s + 1, 3 * s + 2]).collect()).collect();
    let actor: Vec<usize> = (0..thrice.len()).map(|s| s / 3).collect();
    let of = |units: &[SourceUnits], groups: &[Vec<usize>], actor: &[usize]| {
        let data = GroupedData::new(units, groups, actor, UNRELATED);
        (contrasts(data.group(0).unwrap(), data.group(1).unwrap(), 1.5).remove(0), data.n_actors(1))
    };
    let ((once, n), (again, m)) = (of(&units, &members, &[]), of(&thrice, &groups, &actor));
    assert_eq!((n, m), (12, 12));
    assert_eq!(again.sides[0].n11, 3 * once.sides[0].n11);
    assert_eq!(again.sides[0].informative_sources, once.sides[0].informative_sources);
    assert!((once.ratio.unwrap() / again.ratio.unwrap() - 1.0).abs() < 1e-8, "{:?} {:?}", once.ratio, again.ratio);
    let (naive, _) = of(&thrice, &groups, &[]);
    assert!(naive.sides[0].p < again.sides[0].p, "taken as independent, copies make believe");
    // All groups but one: an actor of two of them is one.
    let three = [groups[0].clone(), groups[1][..18].to_vec(), groups[1][17..].to_vec()];
    let data = GroupedData::new(&thrice, &three, &actor, UNRELATED);
    assert_eq!(data.rest(0).shape().n_sources, 12);
}

#[test]
fn breslow_day_is_between_sources_and_only_where_cells_allow() {
    let mut stream = Seed(10).stream(0);
    let large: Vec<SourceUnits> = (0..4).map(|_| source(&mut stream, 400, 3.0)).collect();
    let small: Vec<SourceUnits> = (0..4).map(|_| source(&mut stream, 30, 3.0)).collect();
    let pair = (ConceptIx(0), ConceptIx(1));
    let of = |units: &[SourceUnits]| {
        let data = GroupedData::new(units, &[vec![0, 1], vec![2, 3]], &[], UNRELATED);
        data.equal_between_sources(&[pair]).remove(0)
    };
    let found = of(&large).unwrap();
    assert!(found.min_expected >= 5.0);
    assert_eq!(of(&small), Err("a source has an expected cell below 5"));
    // Against the published test on tables counted here, once more, by hand.
    let mut stream = Seed(10).stream(0);
    let tables: Vec<Stratum> = (0..4)
        .map(|_| {
            let mut cells = [0_u64; 4];
            for _ in 0..400 {
                let has = stream.uniform() < 0.3;
                let odds = if has { 0.3 * 3.0 } else { 0.3 };
                let _ = stream.below(40);
                let also = stream.uniform() < odds / (1.0 + odds);
                cells[usize::from(!also) + 2 * usize::from(!has)] += 1;
            }
            Stratum::new(cells[0], cells[1], cells[2], cells[3])
        })
        .collect();
    assert_eq!(Ok(found), equal_odds(&tables));
}

/// The program warns exactly where the published cells fail, and what it publishes is what it knows.
#[test]
fn failing_cells_are_warned_of() {
    let page = include_str!("../../../../docs/calibration.md");
    let part = page.split_once("<!-- contrasts: begin -->").unwrap().1;
    let rows: Vec<&str> =
        part.lines().filter(|l| l.starts_with("| equal |") || l.starts_with("| treaty-like |")).collect();
    assert_eq!((rows.len(), CONTRAST_CALIBRATION.len()), (18, 18));
    for (row, cell) in rows.iter().zip(CONTRAST_CALIBRATION) {
        let told = contrast_caution(cell.shape, cell.shape);
        assert_eq!((row.contains("**fails**"), told.is_some()), (cell.fails(), cell.fails()), "{row}");
        let numbers = row.split('|').skip(3).filter_map(|c| c.split_whitespace().next()?.parse().ok());
        let published: Vec<f64> = numbers.take(4).collect();
        let [sources, one, three, apart] = published[..] else { panic!("{row}") };
        assert_eq!(sources, cell.shape.n_sources as f64);
        for (published, known) in [(one, cell.both_1), (three, cell.both_3), (apart, cell.apart)] {
            assert!((published - 100.0 * known).abs() < 0.051, "{row}: {known}");
        }
    }
    let shape = |n_sources, lag1| UnitShape { n_sources, length_dispersion: 0.7, lag1 };
    assert!(contrast_caution(shape(9, 0.4), shape(500, 0.0)).unwrap().contains("8 sources"), "the weaker side decides");
    assert_eq!(contrast_caution(shape(220, 0.4), shape(500, 0.1)), None);
}

fn concept(id: &str, roles: &[Role], patterns: &[&str]) -> Concept {
    let texts = patterns.iter().map(|p| PatternText { text: (*p).to_owned(), line: 1 });
    Concept {
        id: id.to_owned(),
        roles: roles.iter().copied().collect(),
        patterns: BTreeMap::from([("und".to_owned(), texts.collect())]),
        line: 1,
        ..Concept::default()
    }
}

fn norms() -> Codebook {
    let mut traffic = concept("traffic", &[Role::Problem], &["traffick*"]);
    traffic.norm_label = true;
    traffic.elements = vec![vec!["recruit".to_owned()], vec!["force".to_owned(), "deceit".to_owned()]];
    let mut labour = concept("labour", &[Role::Problem], &["forced labour"]);
    labour.norm_label = true;
    let behaviour = [Role::Behaviour];
    Codebook::new(
        "T".to_owned(),
        String::new(),
        vec![
            traffic,
            labour,
            concept("recruit", &[], &["recruit*"]),
            concept("force", &[], &["by force"]),
            concept("deceit", &[], &["deceived"]),
            concept("punish", &behaviour, &["punish*"]),
            concept("protect", &behaviour, &["protect*"]),
            concept("dignity", &[Role::Value], &["dignity"]),
        ],
    )
    .unwrap()
}

#[test]
fn avoidance_asks_for_all_elements_and_names_what_is_used_instead() {
    let book = norms();
    let texts = sources(&[
        "They were recruited by force into forced labour.\n\nThey were recruited and deceived: this is trafficking.\n\nRecruited only.\n",
        "Workers were recruited, then deceived.\n\nTrafficking by force.\n",
    ]);
    let coded = corpus(&book, &texts);
    let found = avoidance(&coded, Level::Paragraph);
    let norm = &found[&ix(&book, "traffic")];
    assert_eq!((norm[0].named.len(), norm[0].avoided.len(), norm[0].windows()), (1, 1, 2));
    assert_eq!(norm[0].avoided[0].1, BTreeSet::from([ix(&book, "labour")]));
    assert_eq!((norm[1].named.len(), norm[1].avoided.len()), (0, 1));
    assert!(norm[1].avoided[0].1.is_empty(), "no label at all");
    assert_eq!(found.len(), 1, "labels without elements are not asked about");
}

#[test]
fn elements_are_parts_of_no_statement() {
    let book = norms();
    let texts = sources(&["Whoever recruits by force is punished for trafficking.\n"]);
    let coded = corpus(&book, &texts);
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&coded, settings);
    let parts = &formed.windows[0][0].sentences[0].parts;
    assert_eq!(parts[0].iter().map(|p| p.concept).collect::<Vec<_>>(), [ix(&book, "traffic")]);
    assert_eq!(parts[2].iter().map(|p| p.concept).collect::<Vec<_>>(), [ix(&book, "punish")]);
}

#[test]
fn wrong_elements_are_told() {
    let with = |elements: Vec<Vec<&str>>, label: bool| {
        let mut norm = concept("norm", &[Role::Problem], &["norm"]);
        norm.norm_label = label;
        norm.elements = elements.iter().map(|e| e.iter().map(|s| (*s).to_owned()).collect()).collect();
        let mut narrow = concept("narrow", &[Role::Problem], &["narrow"]);
        narrow.broader = Some("norm".to_owned());
        let all = vec![norm, narrow, concept("recruitment", &[], &["recruit*"])];
        let problems = Codebook::new(String::new(), String::new(), all).err().unwrap_or_default();
        problems.into_iter().map(|p| p.reason.plain()).collect::<Vec<_>>()
    };
    assert_eq!(with(vec![vec!["recruitment"]], true), Vec::<String>::new());
    assert_eq!(
        with(vec![vec!["recruitmnt"]], true),
        ["`elements` of `norm` names `recruitmnt`, which is not in the codebook", "concept `recruitment` has no role"]
    );
    assert_eq!(with(vec![vec!["recruitment"]], false), ["`norm` has `elements`, but is no norm label"]);
    assert_eq!(with(vec![vec!["recruitment"], vec![]], true), ["`elements` of `norm` holds an empty list"]);
    assert_eq!(with(vec![vec!["recruitment", "norm"]], true), ["`norm` is named among its own `elements`"]);
    assert_eq!(
        with(vec![vec!["recruitment", "narrow"]], true),
        ["`elements` of `norm` names `narrow`, which is narrower"]
    );
}

/// Six police texts that punish, six of charities that protect; all on trafficking. Charities say three times as much.
fn meanings() -> Vec<String> {
    let mut out = Vec::new();
    for k in 0..6 {
        let more = if k == 0 { "They also protect against trafficking." } else { "They punish trafficking again." };
        out.push(format!("They punish trafficking.\n\n{more}\n\nTrafficking.\n"));
    }
    let charity = "They protect against trafficking, which dignity forbids.\n\n";
    out.extend((0..6).map(|_| charity.repeat(9)));
    out
}

#[test]
fn statements_held_are_compared_among_those_who_speak() {
    let book = norms();
    let texts = meanings();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let texts = sources(&texts);
    let coded = corpus(&book, &texts);
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&coded, settings);
    let focal: Vec<BTreeSet<u32>> = formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect();
    let mut held = holdings(&formed, &focal, [&[0, 1, 2, 3, 4, 5], &[6, 7, 8, 9, 10, 11]], &[], Seed(1));
    assert_eq!((held.run, held.short, held.sentences), (Some(3), [0, 0], [Some(3), Some(9)]));
    let found = &mut held.all;
    set_holding_q(&mut [found]);
    let of = |behaviour: &str, value: Option<&str>| {
        let wanted = (Some(ix(&book, behaviour)), value.map(|v| ix(&book, v)));
        found.iter().find(|h| (h.statement.behaviour, h.statement.value) == wanted).unwrap()
    };
    let punish = of("punish", None);
    assert_eq!((punish.holders[0].len(), punish.holders[1].len(), punish.speakers), (6, 0, [6, 6]));
    assert_eq!((punish.shares, punish.difference), ([Some(1.0), Some(0.0)], Some(1.0)));
    assert!(punish.p.unwrap() < 0.01 && punish.q.unwrap() < 0.05, "{punish:?}");
    let protect = of("protect", None);
    assert!(protect.p.is_none() && protect.reason.is_some(), "one holder is too few for a test");
    let who = actors(&formed, &focal, |s| Some(format!("actor {s:02}")));
    let groups: Vec<Option<String>> = (0..12).map(|s| Some(if s < 6 { "police" } else { "ngo" }.to_owned())).collect();
    let contrast = compare_portfolios(&who, &groups, 199, 3, Seed(1));
    assert_eq!((contrast.run, contrast.short), (Some(3), 0));
    assert!(
        (contrast.within.unwrap() - 5.0 * 0.5 / 30.0).abs() < 1e-12,
        "one of the police holds two statements: {contrast:?}"
    );
    assert_eq!(contrast.between, Some(1.0));
    assert!(contrast.test.unwrap().p < 0.05);
    assert_eq!(contrast.furthest.len(), 3);
    let far = contrast.furthest[0];
    assert_eq!((far.distance, far.shared), (0.5, 1));
    let nobody = compare_portfolios(&who, &vec![None; 12], 199, 3, Seed(1));
    assert!(nobody.test.is_err() && nobody.within.is_none());
}

#[test]
fn the_distance_of_portfolios_is_jaccards() {
    let set = |items: &[u32]| items.iter().copied().collect::<BTreeSet<u32>>();
    for (x, y, want) in [
        (set(&[1, 2, 3]), set(&[1, 2, 3]), 0.0),
        (set(&[1, 2]), set(&[3]), 1.0),
        (set(&[1, 2, 3]), set(&[2, 3, 4]), 0.5),
        (set(&[]), set(&[]), 0.0),
    ] {
        assert!((jaccard_distance(&x, &y) - want).abs() < 1e-15);
    }
}

/// By hand: of five sentences the second and the fifth make the statement; of the three stretches of three, 1–3, 2–4 and 3–5, all contain it;
/// of the four of two, 1–2, 2–3 and 4–5 do.
#[test]
fn stretches_by_hand() {
    use nomoscope_core::norm::statement::Statement;
    use nomoscope_core::usage::sentences::{run_length, shares, stretch};
    let statement = Statement { problem: Some(ConceptIx(0)), value: None, behaviour: Some(ConceptIx(1)) };
    let sentences: Vec<BTreeSet<Statement>> =
        [false, true, false, false, true].iter().map(|x| x.then_some(statement).into_iter().collect()).collect();
    assert_eq!(shares(&sentences, 3).unwrap()[&statement], 1.0);
    assert_eq!(shares(&sentences, 2).unwrap()[&statement], 0.75);
    assert_eq!(shares(&sentences, 5).unwrap()[&statement], 1.0);
    assert_eq!(shares(&sentences, 6), None);
    assert!(stretch(&sentences, 2, 2).is_empty() && stretch(&sentences, 3, 2).len() == 1);
    assert_eq!(run_length(&[vec![9, 3, 5, 7], vec![20, 30]]), Some(3));
    assert_eq!(run_length(&[vec![1, 1], vec![8]]), Some(2));
    assert_eq!(run_length(&[vec![4], vec![]]), None);
}

/// Groups that hold the same, one of which says two and a half times as much: a difference is claimed as rarely as it should be.
#[test]
fn who_says_more_does_not_hold_more() {
    let book = norms();
    let n = 40;
    let found = (0..n)
        .filter(|study| {
            let mut stream = Seed(31).stream(*study);
            let mut sentence = || match stream.below(5) {
                0 => "They punish trafficking.",
                1 => "They protect against trafficking.",
                2 => "They punish trafficking, which dignity forbids.",
                _ => "Trafficking.",
            };
            let texts: Vec<String> = (0..24)
                .map(|s| (0..if s < 12 { 6 } else { 15 }).map(|_| sentence()).collect::<Vec<_>>().join("\n\n"))
                .collect();
            let texts = sources(&texts);
            let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
            let formed = form(&corpus(&book, &texts), settings);
            let focal: Vec<BTreeSet<u32>> = formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect();
            let groups: [Vec<usize>; 2] = [(0..12).collect(), (12..24).collect()];
            let mut held = holdings(&formed, &focal, [&groups[0], &groups[1]], &[], Seed(*study));
            set_holding_q(&mut [&mut held.all]);
            held.all.iter().any(|h| h.q.is_some_and(|q| q <= 0.05))
        })
        .count();
    assert!(found <= 6, "{found} of {n}");
}
