//! The figures on groups: realistic and extreme models, with what holds for all figures.

use crate::figure::{Draw, LABELS, all_views, cluster, random_network};
use nomoscope_figure::contrast::{self, Contrasts, End, Row};
use nomoscope_figure::network::{Concept, Tie};
use nomoscope_figure::networks::{self, Across, Difference, Networks, Panel};
use nomoscope_figure::{Heading, View};

fn end(odds: f64, factor: f64, coupled: bool) -> End {
    let number = |x: f64| x.is_finite().then_some(x);
    End {
        odds_ratio: number(odds),
        low: number(odds / factor),
        high: number(odds * factor),
        joint: 31,
        small: false,
        coupled,
    }
}

/// Made up for the picture; the pairs are those of the article's argument.
fn regions() -> Contrasts {
    let rows = [
        ("child trafficking", "delinquency", 9.0, 1.4, 2.0, 0.002),
        ("child trafficking", "forced labour", 1.1, 6.2, 1.8, 0.004),
        ("human trafficking", "irregular migration and control of the borders of the Union", 5.1, 2.0, 1.7, 0.03),
        ("slavery", "supply chains", 3.0, 3.4, 1.9, 0.91),
        ("sale of children", "illegal adoption", 40.0, 2.5, 4.0, 0.07),
        ("prostitution", "human dignity", 0.4, 1.9, 2.4, 0.11),
    ];
    let row = |&(a, b, x, y, factor, q): &(&str, &str, f64, f64, f64, f64)| Row {
        concepts: [a.to_owned(), b.to_owned()],
        group: String::new(),
        sides: [end(x, factor, x > 2.0), end(y, factor * 1.2, y > 2.0)],
        ratio: Some(x / y),
        q: Some(q),
        certain: q <= 0.05,
        href: Some("#e".to_owned()),
    };
    let mut rows: Vec<Row> = rows.iter().map(row).collect();
    rows.push(Row {
        concepts: ["begging".to_owned(), "police custody".to_owned()],
        sides: [
            End { odds_ratio: None, low: Some(3.1), high: None, joint: 9, small: true, coupled: true },
            End { odds_ratio: Some(0.0), low: None, high: Some(0.8), joint: 0, small: false, coupled: false },
        ],
        certain: true,
        q: Some(0.0004),
        ..Row::default()
    });
    Contrasts {
        heading: Heading { note: Some("Made up for the picture.".into()), ..Heading::default() },
        groups: ["EU".to_owned(), "South-East Asia".to_owned()],
        rows,
        n_tested: 212,
        min_or: 1.5,
    }
}

fn random(draw: &mut Draw, n: u64) -> Contrasts {
    let pick = |draw: &mut Draw| LABELS[draw.below(10) as usize].to_owned();
    let value = |draw: &mut Draw| {
        [None, Some(0.0), Some(1e-9), Some(1.0), Some(7.5), Some(1e9), Some(f64::NAN), Some(-2.0)]
            [draw.below(8) as usize]
    };
    let side = |draw: &mut Draw| End {
        odds_ratio: value(draw),
        low: value(draw),
        high: value(draw),
        joint: draw.below(99),
        small: draw.below(2) == 0,
        coupled: draw.below(2) == 0,
    };
    let rows = (0..n)
        .map(|_| Row {
            concepts: [pick(draw), pick(draw)],
            group: if draw.below(2) == 0 { pick(draw) } else { String::new() },
            sides: [side(draw), side(draw)],
            ratio: value(draw),
            q: [None, Some(0.0), Some(0.04), Some(1.0)][draw.below(4) as usize],
            certain: draw.below(2) == 0,
            href: (draw.below(2) == 0).then(|| "#a\"b".to_owned()),
        })
        .collect();
    Contrasts { groups: [pick(draw), pick(draw)], rows, n_tested: n as usize, min_or: 1.5, ..Contrasts::default() }
}

/// Two groups of which the second lacks some ties of the first and has others.
fn side_by_side(n_groups: usize) -> Networks {
    let whole = cluster();
    let mut draw = Draw(5);
    let mut panel = |name: &str| {
        let ties: Vec<Tie> = whole.edges.iter().filter(|_| draw.below(3) > 0).copied().collect();
        let more = ties.iter().filter(|_| draw.below(6) == 0).map(|t| (t.a.min(t.b), t.a.max(t.b))).collect();
        Panel { name: name.to_owned(), sources: 3 + draw.below(40), small: false, ties, more }
    };
    let names = ["EU", "South-East Asia", "business", "United Nations", "non-governmental organisations"];
    let panels: Vec<Panel> = names.iter().take(n_groups).map(|n| panel(n)).collect();
    let differences = (n_groups == 2).then(|| {
        let more = |first_more: bool| {
            let list = &panels[usize::from(!first_more)].more;
            list.iter().map(move |&(a, b)| Difference { a, b, first_more, least_ln_ratio: 0.3 })
        };
        more(true).chain(more(false)).collect()
    });
    Networks { nodes: whole.nodes, panels, differences, ..Networks::default() }
}

/// Periods that each have some ties of the whole.
fn over_time(n_periods: usize) -> Networks {
    let whole = cluster();
    let mut draw = Draw(11);
    let panel = |i: usize| Panel {
        name: format!("{}–{}", 1940 + 10 * i, 1949 + 10 * i),
        sources: 4 + draw.below(90),
        small: i == 0,
        ties: whole.edges.iter().filter(|_| draw.below(8) <= i as u64).copied().collect(),
        more: Vec::new(),
    };
    let panels = (0..n_periods).map(panel).collect();
    Networks { across: Across::Periods, nodes: whole.nodes, panels, ..Networks::default() }
}

fn random_networks(draw: &mut Draw, n: u64) -> Networks {
    let panel = |draw: &mut Draw| {
        let network = random_network(draw, n);
        let more = network.edges.iter().map(|t| (t.a.min(t.b), t.a.max(t.b))).collect();
        Panel {
            name: LABELS[draw.below(10) as usize].to_owned(),
            sources: draw.below(9),
            small: draw.below(2) == 0,
            ties: network.edges,
            more,
        }
    };
    let nodes = random_network(draw, n).nodes;
    let panels: Vec<Panel> = (0..1 + draw.below(4)).map(|_| panel(draw)).collect();
    let size = nodes.len() as u64 + 2;
    let differences = (draw.below(2) == 0).then(|| {
        let mut one = || Difference {
            a: draw.below(size) as usize,
            b: draw.below(size) as usize,
            first_more: draw.below(2) == 0,
            least_ln_ratio: [f64::NAN, 0.0, 0.7, -1.0][draw.below(4) as usize],
        };
        (0..n).map(|_| one()).collect()
    });
    Networks { nodes, panels, differences, ..Networks::default() }
}

#[test]
fn gallery_of_groups() {
    all_views("contrast", &regions(), contrast::draw);
    all_views("networks-2", &side_by_side(2), networks::draw);
    all_views("networks-5", &side_by_side(5), networks::draw);
    all_views("networks-over-time", &over_time(8), networks::draw);
}

#[test]
fn nothing_breaks_the_contrast() {
    all_views("contrast-empty", &Contrasts::default(), contrast::draw);
    for (index, n) in [1, 2, 5, 12, 40].into_iter().enumerate() {
        all_views(&format!("contrast-x{n}"), &random(&mut Draw(index as u64), n), contrast::draw);
    }
}

#[test]
fn nothing_breaks_the_networks() {
    all_views("networks-empty", &Networks::default(), networks::draw);
    for (index, n) in [1, 2, 3, 8, 20, 64].into_iter().enumerate() {
        let model = random_networks(&mut Draw(index as u64), n);
        all_views(&format!("networks-x{n}"), &model, networks::draw);
        all_views(&format!("networks-t{n}"), &Networks { across: Across::Periods, ..model }, networks::draw);
    }
}

#[test]
fn rows_are_sorted_by_the_difference_and_certain_ones_are_said() {
    let figure = contrast::draw(&regions(), View::default());
    assert_eq!(figure.title, "4 differences in what the groups couple are certain");
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let lines: Vec<&str> =
        document.descendants().filter(|n| n.has_tag_name("tspan")).filter_map(|n| n.text()).collect();
    let at = |words: &str| lines.iter().position(|l| l.contains(words)).expect("the label is drawn");
    // Beyond all ratios; then 6.4, 2.6 and 0.18. What is not certain is not drawn.
    let order = ["begging", "delinquency", "irregular", "forced labour"];
    assert!(!lines.iter().any(|line| line.contains("supply chains")), "{lines:?}");
    assert!(order.windows(2).all(|w| at(w[0]) < at(w[1])), "{lines:?}");
    assert_eq!(figure.table.rows.len(), 7);
}

#[test]
fn a_concept_stands_in_one_place_in_every_panel() {
    let mut model = side_by_side(2);
    model.differences = None;
    let figure = networks::draw(&model, View::default());
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    // Labels of the second panel stand half a sheet to the right of those of the first.
    let lines = |text: &str| -> Vec<(f64, f64)> {
        let of = document.descendants().filter(|n| n.has_tag_name("tspan") && n.text() == Some(text));
        let number = |n: &roxmltree::Node<'_, '_>, key: &str| n.attribute(key).unwrap().parse().unwrap();
        of.map(|n| (number(&n, "x"), number(&n, "y"))).collect()
    };
    let found = lines("forced labour");
    assert_eq!(found.len(), 2, "once in each panel");
    let step = (700.0 - 14.0) / 2.0 + 14.0;
    assert!((found[1].0 - found[0].0 - step).abs() < 0.02 && (found[1].1 - found[0].1).abs() < 0.02, "{found:?}");
}

/// A chain that leads away from the focus, beside a knot that has more ties but no way to it.
#[test]
fn over_time_the_nearest_to_the_focus_are_drawn() {
    let concept =
        |i: usize| Concept { id: format!("c{i:02}"), label: format!("c{i:02}"), focus: i == 0, ..Concept::default() };
    let tie = |a: usize, b: usize| Tie { a, b, lower_ln_or: 1.0, certain: true };
    let chain = (0..4).map(|i| tie(i, i + 1));
    let knot = (5..20).flat_map(|a| (a + 1..20).map(move |b| tie(a, b)));
    let ties: Vec<Tie> = chain.chain(knot).collect();
    let panel = |name: usize| Panel { name: name.to_string(), sources: 9, ties: ties.clone(), ..Panel::default() };
    let model = Networks {
        across: Across::Periods,
        nodes: (0..20).map(concept).collect(),
        panels: (0..5).map(panel).collect(),
        ..Networks::default()
    };
    let figure = networks::draw(&model, View::default());
    assert_eq!(figure.id, networks::OVER_TIME);
    assert_eq!(figure.title, "109\u{a0}pairs are coupled in one period or another, 109 in all 5 periods");
    let drawn = |i: usize| figure.svg.contains(&format!(">c{i:02}<"));
    assert!((0..12).all(drawn) && !(12..20).any(drawn), "the chain, then the first of the knot");
    assert!(figure.svg.contains("coupled in the period") && !figure.svg.contains("in the group"));
    assert!(figure.svg.contains("8 concepts"));
    // Groups have no such order: the knot has more ties.
    let groups = Networks { across: Across::Groups, ..model };
    assert_eq!(networks::draw(&groups, View::default()).id, networks::ID);
}

/// Titles by hand: a group without a panel is a group all the same, and what couples nothing gets no panel.
#[test]
fn titles_count_every_group_and_empty_panels_are_named() {
    let concept = |label: &str| Concept { id: label.to_owned(), label: label.to_owned(), ..Concept::default() };
    let tie = |a: usize, b: usize| Tie { a, b, lower_ln_or: 1.0, certain: true };
    let panel =
        |name: &str, ties: &[Tie]| Panel { name: name.to_owned(), sources: 9, ties: ties.to_vec(), ..Panel::default() };
    let model = |panels: Vec<Panel>, undrawn: Vec<Panel>| Networks {
        nodes: ["forced labour", "debt", "police"].map(concept).to_vec(),
        panels,
        undrawn,
        ..Networks::default()
    };
    let one = [tie(0, 1)];
    let figure = networks::draw(
        &model(vec![panel("A", &one), panel("B", &[]), panel("C", &one)], vec![panel("D", &one)]),
        View::default(),
    );
    assert_eq!(figure.title, "Forced labour and debt are coupled in 3 of 4 groups");
    assert!(figure.svg.contains("no pair is coupled there: B."), "{}", figure.svg);
    assert!(figure.svg.contains(">A (9") && !figure.svg.contains(">B (9"));

    let two = [tie(0, 1), tie(1, 2)];
    let periods = model(vec![panel("1980–2009", &two), panel("2010–2039", &[])], Vec::new());
    let figure = networks::draw(&Networks { across: Across::Periods, ..periods }, View::default());
    assert_eq!(figure.title, "2\u{a0}pairs are coupled in 1980–2009, none in any other period");

    let all = model(vec![panel("A", &two), panel("B", &one)], Vec::new());
    let title = networks::draw(&all, View::default()).title;
    assert_eq!(title, "2\u{a0}pairs are coupled in one group or another, 1 in both groups");
}

/// A pair of the backbone is coupled, however it is drawn; one that is not in it only may be.
#[test]
fn a_dashed_tie_is_told_by_its_q_value() {
    let mut model = cluster();
    model.edges.iter_mut().for_each(|tie| tie.certain = false);
    let svg = nomoscope_figure::network::draw(&model, View::default()).svg;
    assert!(svg.contains("coupled, q above 0.01") && !svg.contains("uncertain"));
    model.possible = true;
    let svg = nomoscope_figure::network::draw(&model, View::default()).svg;
    assert!(svg.contains("may be coupled, q above 0.05") && !svg.contains("q above 0.01"));
}
