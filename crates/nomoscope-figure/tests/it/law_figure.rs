//! The figures of the law: definition matrix, implication, fallback.
//!
//! Fixtures are made up: plausible in shape and size, no statement on any law. `seed_norms` draws the encoded norms beside the
//! repository where they are there.

use crate::figure::{Draw, LABELS, all_views};
use nomoscope_core::table::Cell;
use nomoscope_figure::definition_matrix::{self, Column, DefinitionMatrix, Group, Mark, Order, Row};
use nomoscope_figure::fallback::{self, Aimed, Fallback, LegalOrder, Remaining, Way};
use nomoscope_figure::implication::{self, Implication, Norm as Definition, OpenLists};
use nomoscope_figure::{Heading, Theme, View};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FACTS: [(&str, &[&str]); 5] = [
    (
        "act",
        &["recruitment", "transport", "transfer", "harbouring", "receipt", "exchange of control", "purchase or sale"],
    ),
    (
        "means",
        &[
            "force",
            "threat",
            "other coercion",
            "abduction",
            "fraud",
            "deception",
            "abuse of power",
            "abuse of a position of vulnerability",
            "payment to the person in control",
        ],
    ),
    (
        "purpose",
        &[
            "prostitution of others",
            "other sexual exploitation",
            "forced labour",
            "slavery",
            "practices similar to slavery",
            "servitude",
            "removal of organs",
            "begging",
            "criminal activity",
        ],
    ),
    ("age", &["under 18"]),
    ("other", &["crossing of a border", "profit", "organised group"]),
];

fn groups() -> Vec<Group> {
    FACTS
        .iter()
        .map(|(label, facts)| Group {
            label: (*label).to_owned(),
            columns: facts
                .iter()
                .map(|fact| Column { id: format!("{label}.{}", fact.replace(' ', "_")), label: (*fact).to_owned() })
                .collect(),
        })
        .collect()
}

/// A definition from a picture of its marks: `o` listed, `#` required, `a` for adults only, `x` excluded, `.` silent; `…` ends an
/// open list, a space ends a group.
fn row(label: &str, system: &str, picture: &str) -> Row {
    let mark = |c: char| match c {
        'o' => Mark::Listed,
        '#' => Mark::Required,
        'a' => Mark::AdultsOnly,
        'x' => Mark::Excluded,
        _ => Mark::Silent,
    };
    Row {
        id: label.to_lowercase().replace(' ', "."),
        label: label.to_owned(),
        system: system.to_owned(),
        family: "trafficking".to_owned(),
        memory: label.contains("old"),
        marks: picture.chars().filter(|c| !matches!(c, ' ' | '…')).map(mark).collect(),
        open: picture.split(' ').map(|group| group.contains('…')).collect(),
        href: Some(format!("#{}", label.replace(' ', "-"))),
    }
}

/// Six definitions, as Table 2 of an article would compare them.
fn table_two() -> DefinitionMatrix {
    DefinitionMatrix {
        heading: Heading {
            note: Some("Made up for the picture; no statement on any law.".into()),
            ..Heading::default()
        },
        groups: groups(),
        rows: vec![
            row("Protocol Art. 3", "un", "ooooo.. aaaaaaaaa ooooooo..… o ..."),
            row("Convention Art. 4", "coe", "ooooo.. aaaaaaaaa ooooooo..… o ..."),
            row("Directive Art. 2", "eu", "oooooo. aaaaaaaaa ooooooooo… o ..."),
            row("Code Art. 225", "a", "ooooooo aa...aaaa oooo.oo.o o .#."),
            row("Act s. 2", "b", "oooooo. ......... oooo.oooo . #.."),
            row("Code Art. 601 (old)", "c", "ooo.oo. aa.aaa.a. o.o..oooo o xx."),
        ],
        order: Order::AsGiven,
    }
}

fn random_matrix(draw: &mut Draw, n_rows: u64, n_columns: u64) -> DefinitionMatrix {
    let label = |draw: &mut Draw| LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned();
    let mut groups: Vec<Group> =
        (0..=n_columns / 17).map(|_| Group { label: label(draw), columns: Vec::new() }).collect();
    for index in 0..n_columns {
        let at = usize::try_from(draw.below(groups.len() as u64)).unwrap();
        groups[at].columns.push(Column { id: format!("f{index}"), label: label(draw) });
    }
    let rows = (0..n_rows)
        .map(|index| Row {
            id: format!("n{index}"),
            label: label(draw),
            system: LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned(),
            family: String::new(),
            memory: draw.below(3) == 0,
            marks: (0..draw.below(n_columns + 3))
                .map(|at| {
                    let rare = at % 5 == 0 && draw.below(8) > 0;
                    if rare {
                        Mark::Silent
                    } else {
                        [Mark::Silent, Mark::Silent, Mark::Listed, Mark::Required, Mark::AdultsOnly, Mark::Excluded]
                            [usize::try_from(draw.below(6)).unwrap()]
                    }
                })
                .collect(),
            open: (0..draw.below(4)).map(|_| draw.below(2) == 0).collect(),
            href: None,
        })
        .collect();
    let order = [Order::AsGiven, Order::BySystem, Order::ByLikeness][usize::try_from(draw.below(3)).unwrap()];
    DefinitionMatrix { heading: Heading::default(), groups, rows, order }
}

#[test]
fn gallery_of_the_matrix() {
    let mut model = table_two();
    all_views("matrix", &model, definition_matrix::draw);
    for n in 0..9 {
        let mut like = model.rows[n % 6].clone();
        like.label = format!("Further act s. {n}");
        like.system = ["d", "e", "f"][n % 3].to_owned();
        like.marks[n] = Mark::Silent;
        model.rows.push(like);
    }
    for order in [Order::ByLikeness, Order::BySystem] {
        model.order = order;
        all_views(&format!("matrix-{order:?}").to_lowercase(), &model, definition_matrix::draw);
    }
}

#[test]
fn nothing_breaks_the_matrix() {
    all_views("matrix-empty", &DefinitionMatrix::default(), definition_matrix::draw);
    let no_rows = DefinitionMatrix { rows: Vec::new(), ..table_two() };
    all_views("matrix-no-rows", &no_rows, definition_matrix::draw);
    let no_columns = DefinitionMatrix { groups: Vec::new(), ..table_two() };
    all_views("matrix-no-columns", &no_columns, definition_matrix::draw);
    for (seed, (rows, columns)) in
        [(1, 1), (1, 80), (2, 30), (4, 12), (7, 80), (8, 80), (20, 25), (60, 80), (60, 3), (90, 200)]
            .into_iter()
            .enumerate()
    {
        for round in 0..if rows > 20 { 1 } else { 3 } {
            let model = random_matrix(&mut Draw(seed as u64 * 3 + round), rows, columns);
            all_views(&format!("matrix-x{rows}-{columns}-{round}"), &model, definition_matrix::draw);
        }
    }
}

#[test]
fn the_matrix_says_what_it_shows() {
    let figure = definition_matrix::draw(&table_two(), View::default());
    assert_eq!(figure.title, "6\u{a0}definitions: they ask for 5 different things; 8\u{a0}facts are named by all");
    assert!(figure.description.contains(
        "Protocol Art. 3 (un): act 5 listed; means 9 adults only; purpose 7 listed, open list; age 1 listed."
    ));
    let cell = |row: usize, column: &str| {
        let at = figure.table.columns.iter().position(|c| c == column).unwrap();
        figure.table.rows[row][at].display()
    };
    assert_eq!(cell(0, "means_force"), "adults only");
    assert_eq!((cell(0, "purpose_open"), cell(4, "purpose_open")), ("yes".into(), "no".into()));
    assert_eq!((cell(3, "other_profit"), cell(5, "other_profit")), ("required".into(), "excluded".into()));
    assert_eq!(cell(4, "means_force"), "");
    // Nobody names the organised group: it is in the data, and the drawing says that it is not drawn.
    assert!(
        figure.table.columns.contains(&"other_organised_group".to_owned()) && !figure.svg.contains(">organised group<")
    );
    assert!(figure.svg.contains("Named by none of them, and not drawn: 1 fact."));
}

#[test]
fn definitions_stand_in_the_order_asked_for() {
    let names = |order: Order| {
        let mut model = table_two();
        model.rows.rotate_left(2);
        model.rows.swap(1, 4);
        model.order = order;
        let table = definition_matrix::draw(&model, View::default()).table;
        table.rows.iter().map(|row| row[1].display()).collect::<Vec<_>>()
    };
    assert_eq!(names(Order::AsGiven)[..2], ["Directive Art. 2", "Protocol Art. 3"]);
    let like = names(Order::ByLikeness);
    let at = |name: &str| like.iter().position(|l| l == name).unwrap();
    assert_eq!(at("Protocol Art. 3").abs_diff(at("Convention Art. 4")), 1, "{like:?}");
    let mut model = table_two();
    model.rows[4].system = "un".into();
    model.order = Order::BySystem;
    let figure = definition_matrix::draw(&model, View::default());
    assert_eq!(figure.table.rows[1][1].display(), "Act s. 2");
}

#[test]
fn rare_facts_are_summed_and_named() {
    let mut model = table_two();
    model.groups[2].columns.extend((0..40).map(|n| Column { id: format!("rare.{n}"), label: format!("rare {n}") }));
    for n in 0..10 {
        let mut more = model.rows[n % 6].clone();
        more.id = format!("more{n}");
        more.label = format!("Further act s. {n}");
        model.rows.push(more);
    }
    for (index, row) in model.rows.iter_mut().enumerate() {
        // Each of the forty is named by one definition.
        let tail = row.marks.split_off(25);
        row.marks.extend((0..40).map(|n| if n % 16 == index { Mark::Listed } else { Mark::Silent }));
        row.marks.extend(tail);
    }
    let figure = definition_matrix::draw(&model, View::default());
    assert!(figure.svg.contains("others: 40 facts"), "{}", figure.svg);
    assert!(figure.svg.contains(">+40<"));
    // The data hold every fact.
    assert_eq!(figure.table.columns.len(), 5 + 29 + 40 + 5);
}

#[test]
fn every_theme_says_so_on_the_root_of_the_law_figures() {
    for (theme, class) in
        [(Theme::Auto, "class=\"nf nf-auto\""), (Theme::Light, "class=\"nf\""), (Theme::Dark, "class=\"nf nf-dark\"")]
    {
        let view = View::default();
        assert!(definition_matrix::draw(&table_two(), view).themed(theme).contains(class));
        assert!(implication::draw(&containment(), view).themed(theme).contains(class));
        assert!(fallback::draw(&without_means(), view).themed(theme).contains(class));
    }
}

fn definition(label: &str, system: &str) -> Definition {
    Definition {
        id: label.to_lowercase().replace(' ', "."),
        label: label.to_owned(),
        system: system.to_owned(),
        memory: label.contains("old"),
        href: Some(format!("#{}", label.replace(' ', "-"))),
    }
}

/// Two chains that meet, a pair of equals, a diamond, and some that stand alone.
fn containment() -> Implication {
    let class = |all: &[(&str, &str)]| all.iter().map(|(label, system)| definition(label, system)).collect::<Vec<_>>();
    Implication {
        heading: Heading {
            note: Some("Made up for the picture; no statement on any law.".into()),
            ..Heading::default()
        },
        reading: OpenLists::Shared,
        classes: vec![
            class(&[("Protocol Art. 3", "un"), ("Convention Art. 4", "coe"), ("Convention Art. 2 (old)", "asean")]),
            class(&[("Directive Art. 2 (first text)", "eu")]),
            class(&[("Directive Art. 2 (as amended)", "eu")]),
            class(&[("Act s. 12", "b")]),
            class(&[("Penal Code 150", "c")]),
            class(&[("Penal Code 151", "c")]),
            class(&[("Law 53 Art. 2", "c")]),
            class(&[("Worst forms Art. 3", "ilo")]),
            class(&[("Sale of children Art. 2(b) (old)", "un")]),
            class(&[("Code 273", "d")]),
            class(&[("Statute Art. 7", "icc")]),
            class(&[("Slavery Art. 1", "un")]),
            class(&[("Code 600", "e")]),
            class(&[("Code 601", "e"), ("Code 601 bis", "e")]),
            class(&[("Forced labour Art. 2", "ilo")]),
            class(&[("Code 225", "a")]),
            class(&[("Act s. 1", "b")]),
            class(&[("Title 22 (old)", "f")]),
        ],
        edges: vec![(0, 1), (1, 2), (0, 2), (0, 3), (4, 6), (5, 6), (8, 7), (8, 9), (10, 11), (10, 12)],
    }
}

fn random_implication(draw: &mut Draw, n: u64) -> Implication {
    let classes = (0..n)
        .map(|index| {
            (0..[1, 1, 1, 2, 0, 5][usize::try_from(draw.below(6)).unwrap()])
                .map(|k| Definition {
                    id: format!("n{index}-{k}"),
                    label: LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned(),
                    system: LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned(),
                    memory: draw.below(3) == 0,
                    href: (draw.below(2) == 0).then(|| "#a\"b&c".to_owned()),
                })
                .collect()
        })
        .collect();
    // Edges may be cycles, loops, doubles, or lead nowhere.
    let edges = (0..n + n / 2)
        .map(|_| {
            let (a, b) = (usize::try_from(draw.below(n + 1)).unwrap(), usize::try_from(draw.below(n)).unwrap());
            if draw.below(9) > 0 { (a.max(b), a.min(b)) } else { (a, b) }
        })
        .collect();
    Implication { heading: Heading::default(), reading: OpenLists::Own, classes, edges }
}

#[test]
fn gallery_of_implication() {
    all_views("implication", &containment(), implication::draw);
    let alone = Implication { edges: Vec::new(), ..containment() };
    all_views("implication-alone", &alone, implication::draw);
}

#[test]
fn nothing_breaks_the_implication() {
    all_views("implication-empty", &Implication::default(), implication::draw);
    for (seed, n) in [1, 2, 3, 5, 9, 20, 60, 110].into_iter().enumerate() {
        all_views(&format!("implication-x{n}"), &random_implication(&mut Draw(seed as u64), n), implication::draw);
    }
}

#[test]
fn what_follows_has_no_line_and_equals_share_a_box() {
    let mut model = containment();
    let lines = |model: &Implication| implication::draw(model, View::default()).svg.matches(" implies ").count();
    // Nine lines, one of the ten edges given follows from two others; the description names five definitions that imply.
    let svg = implication::draw(&model, View::default()).svg;
    let (_, drawing) = svg.split_once("</desc>").unwrap();
    assert_eq!(drawing.matches(" implies ").count(), 9);
    // Two that imply each other are equal: a box less, and no line between them.
    let before = lines(&model);
    model.edges.push((2, 1));
    let figure = implication::draw(&model, View::default());
    assert!(figure.description.contains("Directive Art. 2 (first text) = Directive Art. 2 (as amended)"));
    assert!(lines(&model) < before);
    let cell = |id: &str, column: usize| {
        figure.table.rows.iter().find(|row| row[0].display() == id).map(|row| row[column].display()).unwrap()
    };
    assert_eq!(cell("protocol.art..3", 4), "convention.art..4; convention.art..2.(old)");
    assert_eq!(cell("protocol.art..3", 7), "3");
    assert_eq!(cell("code.225", 7), "0");
}

fn remaining(label: &str, ways: &[(usize, u32, &str)], penalty: &str, protection: &str) -> Remaining {
    let known = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    Remaining {
        id: label.to_lowercase().replace(' ', "."),
        label: label.to_owned(),
        ways: ways
            .iter()
            .map(|&(lost, distance, missing)| Way {
                lost,
                distance,
                missing: missing.split("; ").filter(|m| !m.is_empty()).map(str::to_owned).collect(),
                ..Way::default()
            })
            .collect(),
        penalty: known(penalty),
        protection: known(protection),
        memory: label.contains("old"),
        href: Some(format!("#{}", label.replace(' ', "-"))),
    }
}

/// An adult made to work, when no means can be shown.
fn without_means() -> Fallback {
    Fallback {
        heading: Heading {
            note: Some("Made up for the picture; no statement on any law.".into()),
            ..Heading::default()
        },
        case: "An adult in a restaurant kitchen".into(),
        lost: vec!["the means".into()],
        aimed: Some(Aimed {
            label: "Protocol Art. 3".into(),
            penalty: None,
            protection: Some("recovery period of 30 days; shelter; no detention".into()),
        }),
        orders: vec![
            LegalOrder {
                system: "International Labour Organization".into(),
                norms: vec![
                    remaining("Forced labour Art. 2", &[(0, 1, "menace of a penalty")], "", "right to compensation"),
                    remaining("Abolition Art. 1", &[(0, 2, "imposed by the State; an aim of Art. 1")], "", ""),
                ],
            },
            LegalOrder {
                system: "Country A".into(),
                norms: vec![
                    remaining("Code Art. 433", &[(0, 0, "")], "1–5 years", "residence permit on cooperation; shelter"),
                    remaining("Code Art. 225-14 (undignified conditions)", &[(0, 0, "")], "5 years", ""),
                    remaining(
                        "Code Art. 225-4-1",
                        &[(0, 1, "act for pay, or by a person with authority")],
                        "7 years",
                        "residence permit; reflection period of 30 days; shelter; legal aid",
                    ),
                ],
            },
            LegalOrder {
                system: "Country B".into(),
                norms: vec![
                    remaining("Act s. 2 (old)", &[(0, 0, "")], "life", "recovery period of 30 days"),
                    remaining("Act s. 1", &[(0, 1, "held in servitude")], "life", "recovery period of 30 days"),
                    remaining(
                        "Penal Code s. 600",
                        &[(0, 3, "powers of ownership; continuous subjection; benefit")],
                        "8–20 years",
                        "",
                    ),
                ],
            },
        ],
        kept_out: 3,
        non_punishment: None,
    }
}

/// Three elements, each lost in its turn.
fn each_in_turn() -> Fallback {
    let mut model = without_means();
    model.case = String::new();
    model.lost = vec!["the act".into(), "the means".into(), "the purpose".into()];
    for (index, norm) in model.orders.iter_mut().flat_map(|order| &mut order.norms).enumerate() {
        let way = norm.ways[0].clone();
        norm.ways = match index % 4 {
            0 => vec![Way { lost: 0, ..way.clone() }, Way { lost: 2, ..Way::default() }],
            1 => vec![Way { lost: 1, ..way }],
            2 => (0..3).map(|lost| Way { lost, ..Way::default() }).collect(),
            _ => vec![
                Way { lost: 2, distance: 2, missing: vec!["work".into(), "menace".into()], ..Way::default() },
                Way { lost: 1, ..way },
            ],
        };
    }
    model
}

fn random_fallback(draw: &mut Draw, n: u64) -> Fallback {
    let label = |draw: &mut Draw| LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned();
    let lost: Vec<String> = (0..=draw.below(6)).map(|_| label(draw)).collect();
    let mut orders: Vec<LegalOrder> =
        (0..=n / 3).map(|_| LegalOrder { system: label(draw), norms: Vec::new() }).collect();
    for index in 0..n {
        let norm = Remaining {
            id: format!("n{index}"),
            label: label(draw),
            ways: (0..draw.below(4))
                .map(|_| Way {
                    lost: usize::try_from(draw.below(lost.len() as u64 + 1)).unwrap(),
                    distance: [0, 0, 1, 2, 9, u32::MAX][usize::try_from(draw.below(6)).unwrap()],
                    missing: (0..draw.below(3)).map(|_| label(draw)).collect(),
                    covers: (draw.below(3) == 0).then(|| (draw.below(41), 40)),
                })
                .collect(),
            penalty: (draw.below(2) == 0).then(|| label(draw)),
            protection: (draw.below(2) == 0).then(|| label(draw)),
            memory: draw.below(3) == 0,
            href: None,
        };
        let at = usize::try_from(draw.below(orders.len() as u64)).unwrap();
        orders[at].norms.push(norm);
    }
    Fallback {
        case: label(draw),
        lost,
        aimed: (draw.below(2) == 0).then(|| Aimed { label: label(draw), ..Aimed::default() }),
        orders,
        kept_out: usize::try_from(draw.below(3)).unwrap(),
        non_punishment: (draw.below(2) == 0).then(|| label(draw)),
        heading: Heading::default(),
    }
}

#[test]
fn gallery_of_the_fallback() {
    all_views("fallback", &without_means(), fallback::draw);
    all_views("fallback-each", &each_in_turn(), fallback::draw);
    let mut shares = without_means();
    let holds = shares.orders.iter_mut().flat_map(|o| &mut o.norms).flat_map(|n| &mut n.ways);
    for (way, held) in holds.filter(|w| w.distance == 0).zip([40, 30, 3]) {
        way.covers = Some((held, 40));
    }
    all_views("fallback-shares", &shares, fallback::draw);
}

#[test]
fn nothing_breaks_the_fallback() {
    all_views("fallback-empty", &Fallback::default(), fallback::draw);
    let nothing = Fallback { orders: Vec::new(), ..without_means() };
    all_views("fallback-nothing", &nothing, fallback::draw);
    for (seed, n) in [1, 1, 2, 3, 5, 9, 20, 60, 110].into_iter().enumerate() {
        all_views(&format!("fallback-x{n}"), &random_fallback(&mut Draw(seed as u64 + 40), n), fallback::draw);
    }
}

#[test]
fn the_fallback_says_what_remains_and_what_was_kept_out() {
    let figure = fallback::draw(&without_means(), View::default());
    assert_eq!(
        figure.title,
        "An adult in a restaurant kitchen: without the means, 3\u{a0}norms hold all the same and 3 are one fact away, in 3\u{a0}legal orders"
    );
    assert!(figure.svg.contains("3 norms kept out: aimed at the person, never a fallback."));
    assert!(figure.table.notes[0].ends_with("CoE 2005 Art.\u{a0}26; EU Directive 2011/36 Art.\u{a0}8."));
    let cited = Fallback { non_punishment: Some("Protocol Art. 4(2)".into()), ..without_means() };
    assert!(fallback::draw(&cited, View::default()).table.notes[0].ends_with("Protocol Art. 4(2)."));
    assert_eq!(figure.table.rows.len(), 8);
    // What the lost norm would have given, and that this one does not.
    assert!(figure.svg.contains("none recorded: lost") && figure.svg.contains("no detention"));
    // The bar of a norm is as long as its share of the ways, to the tenth of a unit, and the table holds the share.
    let covering = |held: u64| {
        let mut model = without_means();
        model.orders.truncate(2);
        model.orders[1].norms.truncate(1);
        model.orders[1].norms[0].ways[0].covers = Some((held, 40));
        fallback::draw(&model, View::default())
    };
    let length = |figure: &nomoscope_figure::Figure| -> f64 {
        let bars = figure.svg.split("<title>without the means, Code Art. 433: holds in ").nth(1).unwrap();
        let filled = bars.split("<rect").nth(2).unwrap();
        filled.split(" width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let [full, most, few] = [40, 30, 3].map(|held| length(&covering(held)));
    assert!((most / full - 0.75).abs() < 0.01 && (few / full - 0.075).abs() < 0.01, "{full} {most} {few}");
    let share = covering(3).table.columns.iter().position(|c| c == "share_of_ways").unwrap();
    let rows = covering(3).table.rows;
    assert!(rows.iter().any(|r| matches!(r[share], Cell::Number { value, .. } if (value - 0.075).abs() < 1e-12)));
    assert!(covering(3).svg.contains("holds in 3 of 40"));
    // A row for every way.
    assert_eq!(fallback::draw(&each_in_turn(), View::default()).table.rows.len(), 2 + 1 + 3 + 2 + 2 + 1 + 3 + 2);
    // The wider link is the nearer norm.
    let width = |label: &str| {
        let (_, after) = figure.svg.split_once(&format!("<title>without the means, {label}")).unwrap();
        let (_, after) = after.split_once("stroke-width=\"").unwrap();
        after.split('"').next().unwrap().parse::<f64>().unwrap()
    };
    assert!(width("Code Art. 433") > width("Act s. 1") && width("Act s. 1") > width("Abolition Art. 1"));
    assert!(width("Abolition Art. 1") > width("Penal Code s. 600"));
}

// ---- the encoded norms beside the repository

#[derive(serde::Deserialize)]
struct Norms {
    norm: Vec<Norm>,
}

#[derive(serde::Deserialize)]
struct Norm {
    id: String,
    short: String,
    system: String,
    family: String,
    verified: String,
    element: Vec<Element>,
    limb: Vec<Limb>,
    penalty: Option<String>,
}

#[derive(serde::Deserialize)]
struct Element {
    id: String,
    role: String,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    open: Option<String>,
}

#[derive(serde::Deserialize)]
struct Limb {
    requires: Vec<String>,
}

fn seed_norms() -> Option<Vec<Norm>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/law/norms.toml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: the encoded norms are not there ({})", path.display());
        return None;
    };
    Some(toml::from_str::<Norms>(&text).unwrap().norm)
}

fn group_of(role: &str) -> usize {
    match role {
        "act" => 0,
        "means" => 1,
        "purpose" => 2,
        "age" => 3,
        _ => 4,
    }
}

/// A rough matrix of the encoded norms: roles as they are written, no reading of limbs beyond that of means.
fn seed_matrix(norms: &[Norm], order: Order) -> DefinitionMatrix {
    let mut columns: [Vec<String>; 5] = Default::default();
    for element in norms.iter().flat_map(|n| &n.element) {
        for atom in element.all.iter().chain(&element.any).filter(|a| !a.starts_with('@')) {
            let group = &mut columns[group_of(&element.role)];
            if !group.contains(atom) {
                group.push(atom.clone());
            }
        }
    }
    let words = |atom: &str| atom.split_once('.').map_or(atom, |(_, w)| w).replace('_', " ");
    let groups: Vec<Group> = ["act", "means", "purpose", "age", "other"]
        .iter()
        .zip(&columns)
        .map(|(label, atoms)| Group {
            label: (*label).to_owned(),
            columns: atoms.iter().map(|a| Column { id: a.clone(), label: words(a) }).collect(),
        })
        .collect();
    let rows = norms
        .iter()
        .map(|norm| {
            let mut marks: Vec<BTreeMap<&str, Mark>> = vec![BTreeMap::new(); 5];
            let mut open = vec![false; 5];
            for element in &norm.element {
                let group = group_of(&element.role);
                let everywhere = norm.limb.iter().all(|l| l.requires.contains(&element.id));
                let excluded = norm.limb.iter().any(|l| l.requires.contains(&format!("!{}", element.id)));
                let child = norm.limb.iter().any(|l| l.requires.iter().any(|r| r.contains("child")));
                for atom in element.all.iter().chain(&element.any) {
                    let mark = match (excluded, element.role.as_str(), everywhere) {
                        (true, ..) => Mark::Excluded,
                        (_, "means", false) if child => Mark::AdultsOnly,
                        (_, _, true) if element.all.len() == 1 && element.any.is_empty() => Mark::Required,
                        _ => Mark::Listed,
                    };
                    marks[group].insert(atom, mark);
                }
                open[group] |= element.open.is_some();
            }
            let flat = columns
                .iter()
                .enumerate()
                .flat_map(|(g, atoms)| atoms.iter().map(move |a| (g, a.as_str())).collect::<Vec<_>>());
            Row {
                id: norm.id.clone(),
                label: norm.short.clone(),
                system: norm.system.clone(),
                family: norm.family.clone(),
                memory: norm.verified == "memory",
                marks: flat.map(|(g, a)| marks[g].get(a).copied().unwrap_or_default()).collect(),
                open,
                href: None,
            }
        })
        .collect();
    DefinitionMatrix { heading: Heading::default(), groups, rows, order }
}

#[test]
fn the_encoded_norms_are_drawn() {
    let Some(norms) = seed_norms() else { return };
    for order in [Order::ByLikeness, Order::BySystem] {
        all_views(
            &format!("seed-matrix-{order:?}").to_lowercase(),
            &seed_matrix(&norms, order),
            definition_matrix::draw,
        );
    }
    let few = seed_matrix(&norms[..5], Order::AsGiven);
    all_views("seed-matrix-few", &few, definition_matrix::draw);
}

/// A sufficient test on the wording of two encodings, with closed lists: enough for a picture, not the comparison of the product.
fn contained(a: &Norm, b: &Norm) -> bool {
    let find = |norm: &'_ Norm, id: &str| norm.element.iter().position(|e| e.id == id);
    let implies = |x: &Element, y: &Element| {
        y.all.iter().all(|atom| x.all.contains(atom))
            && (y.any.is_empty()
                || !x.any.is_empty() && x.any.iter().all(|atom| y.any.contains(atom))
                || x.all.iter().any(|atom| y.any.contains(atom)))
    };
    a.limb.iter().all(|from| {
        b.limb.iter().any(|to| {
            to.requires.iter().all(|need| match find(b, need) {
                None => from.requires.contains(need) && need.starts_with('!') && a.id == b.id,
                Some(y) => {
                    from.requires.iter().filter_map(|have| find(a, have)).any(|x| implies(&a.element[x], &b.element[y]))
                }
            })
        })
    })
}

#[test]
fn the_encoded_norms_are_ordered() {
    let Some(norms) = seed_norms() else { return };
    let edges = (0..norms.len())
        .flat_map(|a| (0..norms.len()).map(move |b| (a, b)))
        .filter(|&(a, b)| a != b && contained(&norms[a], &norms[b]))
        .collect();
    let classes = norms
        .iter()
        .map(|norm| {
            vec![Definition {
                id: norm.id.clone(),
                label: norm.short.clone(),
                system: norm.system.clone(),
                memory: norm.verified == "memory",
                href: None,
            }]
        })
        .collect();
    let model = Implication { heading: Heading::default(), reading: OpenLists::Closed, classes, edges };
    all_views("seed-implication", &model, implication::draw);
    let words = implication::draw(&model, View::default()).description;
    assert!(words.contains("Palermo Art. 3 = CoE 2005 Art. 4 = ASEAN ACTIP Art. 2 implies"), "{words}");
}

/// What a limb lacks on these facts: an element counts as there if one of its atoms is.
fn lacking<'a>(norm: &'a Norm, facts: &BTreeSet<&str>) -> Vec<&'a str> {
    let holds = |e: &Element| {
        e.all.iter().all(|a| facts.contains(&**a)) && (e.any.is_empty() || e.any.iter().any(|a| facts.contains(&**a)))
    };
    let of = |limb: &'a Limb| -> Vec<&'a str> {
        limb.requires
            .iter()
            .filter_map(|need| norm.element.iter().find(|e| &e.id == need))
            .filter(|e| !holds(e))
            .map(|e| e.role.as_str())
            .collect()
    };
    norm.limb.iter().map(of).min_by_key(Vec::len).unwrap()
}

#[test]
fn the_encoded_norms_remain() {
    let Some(norms) = seed_norms() else { return };
    let facts = BTreeSet::from([
        "act.recruit",
        "act.transport",
        "act.harbour",
        "means.deception",
        "purpose.forced_labour",
        "work.exacted",
        "work.not_voluntary",
        "movement.travel",
        "offender.knew_condition",
        "context.uk_link",
    ]);
    let elements = [("the act", "act."), ("the means", "means."), ("the purpose", "purpose.")];
    let remain = |elements: &[(&str, &str)]| {
        let mut orders: Vec<LegalOrder> = Vec::new();
        for norm in norms.iter().filter(|n| !n.id.contains("smuggling")) {
            let ways: Vec<Way> = elements
                .iter()
                .enumerate()
                .map(|(lost, (_, prefix))| {
                    let left: BTreeSet<&str> = facts.iter().copied().filter(|f| !f.starts_with(prefix)).collect();
                    let missing: Vec<String> = lacking(norm, &left).into_iter().map(str::to_owned).collect();
                    Way { lost, distance: u32::try_from(missing.len()).unwrap(), missing, ..Way::default() }
                })
                .filter(|way| way.distance < 2)
                .collect();
            if !orders.iter().any(|o| o.system == norm.system) {
                orders.push(LegalOrder { system: norm.system.clone(), norms: Vec::new() });
            }
            orders.iter_mut().find(|o| o.system == norm.system).unwrap().norms.push(Remaining {
                id: norm.id.clone(),
                label: norm.short.clone(),
                ways,
                penalty: norm.penalty.clone(),
                protection: None,
                memory: norm.verified == "memory",
                href: None,
            });
        }
        Fallback {
            lost: elements.iter().map(|(label, _)| (*label).to_owned()).collect(),
            orders,
            kept_out: 1,
            ..Fallback::default()
        }
    };
    all_views("seed-fallback", &remain(&elements[1..2]), fallback::draw);
    all_views("seed-fallback-each", &remain(&elements), fallback::draw);
}
