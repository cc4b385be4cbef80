//! Figures: realistic and extreme models, drawn wide and narrow; what must hold for all of them.
//!
//! The test `gallery` leaves every picture in cargo's temporary directory, to be looked at.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use nomoscope_figure::agreement::{self, Agreed, AgreementModel};
use nomoscope_figure::change::{self, Change, Column, Move, Moved, Ribbon};
use nomoscope_figure::drift::{self, DriftModel, Panel, Step};
use nomoscope_figure::emergence::{self, Emergence, Instrument, Lane};
use nomoscope_figure::hidden_population::{self, Dot, HiddenPopulation};
use nomoscope_figure::multiple_value::{self, Link, MultipleValueModel};
use nomoscope_figure::network::{self, Concept, Network, Tie};
use nomoscope_figure::single_value::{self, SingleValueModel};
use nomoscope_figure::slippage::{self, Name, Slippage};
use nomoscope_figure::{FIGURES, Figure, Frame, Heading, Node, Others, Role, Theme, View};

pub(crate) const LABELS: [&str; 10] = [
    "x",
    "child labour",
    "exploitation of the prostitution of others and other forms of sexual exploitation, whether or not for payment",
    "<b>&amp; \"quoted\" 'single' ]]></b>",
    "การแสวงประโยชน์จากแรงงานเด็กในภาคการประมง",
    "استغلال الأطفال في العمل القسري",
    "児童の人身取引の防止及び処罰",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente",
    "",
    "line\nbreak\tand \u{1} control",
];

/// A small generator with a fixed seed: tests need variety, not chance.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }

    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn unit(&mut self) -> f64 {
        self.below(1_000_000) as f64 / 1e6
    }
}

fn node(role: Role, label: &str, weight: f64) -> Node {
    Node {
        id: label.to_lowercase().replace(' ', "-"),
        label: label.to_owned(),
        role: Some(role),
        weight,
        units: 40,
        sources: 12,
        certain: true,
        support: Some(0.93),
        href: Some(format!("#{}", label.replace(' ', "-"))),
        ..Node::default()
    }
}

fn nodes(role: Role, all: &[(&str, f64)]) -> Vec<Node> {
    all.iter().map(|(label, weight)| node(role, label, *weight)).collect()
}

const PROBLEMS: [(&str, f64); 10] = [
    ("child trafficking", 61.0),
    ("forced labour", 44.0),
    ("sexual exploitation of children", 39.0),
    ("slavery and similar practices", 25.0),
    ("worst forms of child labour", 22.5),
    ("sale of children", 14.0),
    ("child marriage", 9.0),
    ("irregular migration", 7.5),
    ("forced begging and petty crime", 6.0),
    ("removal of organs", 2.0),
];
const VALUES: [(&str, f64); 8] = [
    ("human dignity", 58.0),
    ("best interests of the child", 52.0),
    ("special care and assistance in childhood", 33.0),
    ("freedom", 27.0),
    ("public order", 21.0),
    ("equality", 18.0),
    ("bodily integrity", 11.0),
    ("rule of law", 9.0),
];
const BEHAVIOURS: [(&str, f64); 14] = [
    ("criminalise", 55.0),
    ("protect and assist victims", 41.0),
    ("cooperate across borders", 31.0),
    ("prosecute traffickers", 29.0),
    ("identify victims early", 22.0),
    ("train police and magistrates", 15.0),
    ("control borders", 13.0),
    ("raise awareness", 11.0),
    ("repatriate safely", 9.0),
    ("not punish victims", 8.0),
    ("appoint a guardian", 6.0),
    ("compensate", 4.0),
    ("collect data", 3.0),
    ("inspect workplaces and supply chains", 2.5),
];

fn single() -> SingleValueModel {
    let mut problems = nodes(Role::Problem, &PROBLEMS);
    problems[0].norm_label = true;
    problems[1].norm_label = true;
    problems[7].certain = false;
    let mut behaviours = nodes(Role::Behaviour, &BEHAVIOURS);
    behaviours[8].certain = false;
    SingleValueModel {
        value: node(Role::Value, "dignity and worth of the child", 230.0),
        problems,
        behaviours,
        other_behaviours: Others { n: 6, weight: 9.0 },
        n_sources: 41,
        n_statements: 1_204,
        heading: Heading {
            note: Some("Treaties and interviews, 1926–2020; window: paragraph; run of 2026-11-23.".into()),
            ..Heading::default()
        },
        leads: true,
        ..SingleValueModel::default()
    }
}

fn random_nodes(draw: &mut Draw, role: Role, n: u64) -> Vec<Node> {
    (0..n)
        .map(|index| {
            let pick = usize::try_from(draw.below(10)).unwrap();
            Node {
                id: format!("{}-{index}", role.word()),
                label: LABELS[pick].to_owned(),
                role: Some(role),
                norm_label: draw.below(4) == 0,
                weight: [0.0, 1.0, 1e-9, 1e9, f64::NAN, -3.0, 7.5][usize::try_from(draw.below(7)).unwrap()],
                units: draw.below(100),
                sources: draw.below(9),
                certain: draw.below(3) > 0,
                support: None,
                href: (draw.below(2) == 0).then(|| "#a\"b&c".to_owned()),
            }
        })
        .collect()
}

fn random_single(draw: &mut Draw, n: u64) -> SingleValueModel {
    SingleValueModel {
        value: random_nodes(draw, Role::Value, 1).remove(0),
        problems: random_nodes(draw, Role::Problem, n),
        behaviours: random_nodes(draw, Role::Behaviour, n / 2),
        ..SingleValueModel::default()
    }
}

fn multiple() -> MultipleValueModel {
    let mut draw = Draw(7);
    let mut links: Vec<Link> = Vec::new();
    let pick = |draw: &mut Draw, all: &[(&str, f64)]| {
        let mut left = draw.unit() * all.iter().map(|(_, w)| w).sum::<f64>();
        all.iter()
            .position(|(_, w)| {
                left -= w;
                left <= 0.0
            })
            .unwrap_or(0)
    };
    for index in 0..46 {
        let (problem, value, behaviour) =
            (pick(&mut draw, &PROBLEMS), pick(&mut draw, &VALUES), pick(&mut draw, &BEHAVIOURS));
        links.push(Link {
            problem: (index % 17 != 5).then_some(problem),
            value: (index % 7 != 3).then_some(value),
            behaviour: (index % 23 != 20).then_some(behaviour),
            weight: (1.0 - draw.unit()).powi(-1).min(9.0) + PROBLEMS[problem].1 / 12.0,
            certain: draw.below(5) > 0,
            supplied: draw.below(6) == 0,
            href: Some(format!("#s{index}")),
        });
    }
    let mut problems = nodes(Role::Problem, &PROBLEMS);
    problems[0].norm_label = true;
    problems[1].norm_label = true;
    let mut values = nodes(Role::Value, &VALUES);
    values[6].certain = false;
    MultipleValueModel {
        by_actor: false,
        heading: Heading {
            note: Some("Treaties and interviews, 1926–2020; window: paragraph; run of 2026-11-23.".into()),
            ..Heading::default()
        },
        problems,
        values,
        behaviours: nodes(Role::Behaviour, &BEHAVIOURS),
        links,
        other_statements: Others { n: 112, weight: 14.0 },
        n_sources: 41,
        n_statements: 1_204,
    }
}

fn random_multiple(draw: &mut Draw, n: u64) -> MultipleValueModel {
    let (problems, values, behaviours) = (
        random_nodes(draw, Role::Problem, n),
        random_nodes(draw, Role::Value, n / 2),
        random_nodes(draw, Role::Behaviour, n),
    );
    let part =
        |draw: &mut Draw, n: usize| (draw.below(6) > 0).then(|| usize::try_from(draw.below(n as u64 + 1)).unwrap());
    let links = (0..3 * n)
        .map(|_| Link {
            problem: part(draw, problems.len()),
            value: part(draw, values.len()),
            behaviour: part(draw, behaviours.len()),
            weight: [0.0, 1.0, 2.5, 1e-12, f64::INFINITY, -1.0][usize::try_from(draw.below(6)).unwrap()],
            certain: draw.below(2) == 0,
            supplied: draw.below(2) == 0,
            href: None,
        })
        .collect();
    MultipleValueModel { problems, values, behaviours, links, ..MultipleValueModel::default() }
}

/// A model of realistic size and shape: categories as in Table 1 of Narminio (2020), some later instruments added. First
/// concepts, references and fractions of years are made up for the picture and are not data.
fn table_one() -> Emergence {
    type Row = (&'static str, &'static str, f64, Option<f64>, &'static [&'static str]);
    let lanes: [(&str, &[Row]); 7] = [
        (
            "Human rights",
            &[
                (
                    "udhr",
                    "Universal Declaration of Human Rights",
                    1948.95,
                    None,
                    &["human dignity", "servitude", "special care in childhood", "equality"],
                ),
                ("refugee", "Refugee Convention", 1951.6, Some(1954.3), &["non-refoulement"]),
                ("cerd", "Convention on Racial Discrimination", 1965.97, Some(1969.0), &[]),
                ("iccpr", "Covenant on Civil and Political Rights", 1966.96, Some(1976.2), &["protection as a minor"]),
                (
                    "icescr",
                    "Covenant on Economic, Social and Cultural Rights",
                    1966.96,
                    Some(1976.0),
                    &["economic exploitation of children"],
                ),
                ("cat", "Convention against Torture", 1984.94, Some(1987.5), &[]),
            ],
        ),
        (
            "Rights of women",
            &[
                ("cedaw", "Convention on Discrimination against Women", 1979.96, Some(1981.7), &["traffic in women"]),
                ("devaw", "Declaration on Violence against Women", 1993.97, None, &["gender-based violence"]),
            ],
        ),
        (
            "Rights of migrants",
            &[
                ("icrmw", "Convention on Migrant Workers", 1990.96, Some(2003.5), &["irregular migration"]),
                (
                    "smuggling",
                    "Protocol against the Smuggling of Migrants",
                    2000.87,
                    Some(2004.1),
                    &["smuggling", "border control"],
                ),
            ],
        ),
        (
            "Rights of the child",
            &[
                (
                    "crc",
                    "Convention on the Rights of the Child",
                    1989.89,
                    Some(1990.67),
                    &[
                        "best interests of the child",
                        "sale of children",
                        "recovery and reintegration",
                        "child prostitution",
                    ],
                ),
                ("opsc", "Optional Protocol on the Sale of Children", 2000.4, Some(2002.05), &["child pornography"]),
                (
                    "c182",
                    "Worst Forms of Child Labour Convention (ILO 182)",
                    1999.46,
                    Some(2000.88),
                    &["worst forms of child labour", "hazardous work"],
                ),
            ],
        ),
        (
            "Slavery and forced labour",
            &[
                ("slavery", "Slavery Convention", 1926.73, Some(1927.2), &["slavery", "slave trade", "forced labour"]),
                (
                    "supplementary",
                    "Supplementary Convention on the Abolition of Slavery",
                    1956.68,
                    Some(1957.3),
                    &["debt bondage", "servile marriage", "child delivered for exploitation"],
                ),
                ("c29", "Forced Labour Convention (ILO 29)", 1930.48, Some(1932.33), &["menace of penalty"]),
                ("c105", "Abolition of Forced Labour Convention (ILO 105)", 1957.48, Some(1959.05), &[]),
            ],
        ),
        (
            "Human trafficking and sexual exploitation",
            &[
                (
                    "traffic",
                    "Convention for the Suppression of the Traffic in Persons",
                    1949.92,
                    Some(1951.56),
                    &["exploitation of prostitution", "repatriation"],
                ),
                (
                    "palermo",
                    "Palermo Protocol",
                    2000.87,
                    Some(2003.98),
                    &["abuse of a position of vulnerability", "removal of organs", "child trafficking"],
                ),
                (
                    "warsaw",
                    "CoE Convention on Action against Trafficking",
                    2005.37,
                    Some(2008.08),
                    &["recovery and reflection period", "non-punishment"],
                ),
                ("lanzarote", "CoE Convention on Sexual Exploitation of Children", 2007.8, Some(2010.5), &["grooming"]),
                ("saarc", "SAARC Convention on Trafficking in Women and Children", 2002.0, Some(2005.9), &[]),
                ("actip", "ASEAN Convention against Trafficking", 2015.9, Some(2017.2), &[]),
            ],
        ),
        (
            "Protection and assistance",
            &[
                (
                    "principles",
                    "UNHCR Recommended Principles and Guidelines",
                    2002.4,
                    None,
                    &["rights of victims first"],
                ),
                ("directive", "EU Directive 2011/36", 2011.26, Some(2011.29), &["forced begging", "guardian"]),
                ("guidelines", "UNICEF Guidelines on Child Victims", 2006.7, None, &["age assessment"]),
                ("protocol29", "Protocol to the Forced Labour Convention", 2014.45, Some(2016.86), &["supply chains"]),
            ],
        ),
    ];
    let references = [
        ("supplementary", "slavery"),
        ("supplementary", "c29"),
        ("supplementary", "udhr"),
        ("c105", "slavery"),
        ("c105", "c29"),
        ("c105", "supplementary"),
        ("iccpr", "udhr"),
        ("icescr", "udhr"),
        ("cedaw", "udhr"),
        ("crc", "udhr"),
        ("crc", "iccpr"),
        ("crc", "icescr"),
        ("icrmw", "udhr"),
        ("icrmw", "iccpr"),
        ("icrmw", "icescr"),
        ("icrmw", "slavery"),
        ("icrmw", "cedaw"),
        ("icrmw", "crc"),
        ("c182", "crc"),
        ("c182", "c29"),
        ("c182", "supplementary"),
        ("opsc", "crc"),
        ("opsc", "c182"),
        ("palermo", "refugee"),
        ("smuggling", "refugee"),
        ("warsaw", "palermo"),
        ("warsaw", "crc"),
        ("warsaw", "refugee"),
        ("warsaw", "udhr"),
        ("lanzarote", "crc"),
        ("lanzarote", "opsc"),
        ("lanzarote", "palermo"),
        ("lanzarote", "c182"),
        ("directive", "palermo"),
        ("directive", "warsaw"),
        ("directive", "crc"),
        ("actip", "palermo"),
        ("actip", "udhr"),
        ("saarc", "cedaw"),
        ("saarc", "crc"),
        ("protocol29", "c29"),
        ("protocol29", "c105"),
        ("protocol29", "palermo"),
        ("protocol29", "supplementary"),
        ("protocol29", "slavery"),
        ("principles", "palermo"),
        ("principles", "udhr"),
        ("guidelines", "crc"),
        ("guidelines", "palermo"),
        ("guidelines", "principles"),
        ("cat", "iccpr"),
        ("cat", "udhr"),
        ("devaw", "cedaw"),
        ("traffic", "udhr"),
    ];
    Emergence {
        heading: Heading {
            note: Some("First appearance is counted among the instruments shown.".into()),
            ..Heading::default()
        },
        lanes: lanes
            .into_iter()
            .map(|(category, rows)| Lane {
                category: category.to_owned(),
                instruments: rows
                    .iter()
                    .map(|&(id, label, adopted, in_force, first)| Instrument {
                        id: id.into(),
                        label: label.into(),
                        adopted,
                        within: (adopted, adopted),
                        in_force,
                        first_concepts: first.iter().map(|&f| f.to_owned()).collect(),
                        href: Some(format!("#{id}")),
                    })
                    .collect(),
            })
            .collect(),
        references: references.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
        instruments: true,
        n_tied: 1,
    }
}

fn random_emergence(draw: &mut Draw, n: u64) -> Emergence {
    let label = |draw: &mut Draw| LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned();
    let mut lanes: Vec<Lane> = (0..=n / 8).map(|_| Lane { category: label(draw), instruments: Vec::new() }).collect();
    let n_lanes = lanes.len();
    for index in 0..n {
        let adopted = 1920.0 + draw.unit() * 105.0;
        lanes[usize::try_from(draw.below(n_lanes as u64)).unwrap()].instruments.push(Instrument {
            id: format!("i{index}"),
            label: label(draw),
            adopted: if draw.below(12) == 0 { f64::NAN } else { adopted },
            within: if draw.below(3) == 0 { (adopted - 0.5, adopted + 0.5) } else { (adopted, adopted) },
            in_force: match draw.below(5) {
                0 => None,
                1 => Some(f64::INFINITY),
                2 => Some(adopted - 3.0),
                3 => Some(2024.0),
                _ => Some(adopted + 2.0),
            },
            first_concepts: (0..draw.below(6)).map(|_| label(draw)).collect(),
            href: None,
        });
    }
    let references = (0..2 * n).map(|_| (format!("i{}", draw.below(n + 1)), format!("i{}", draw.below(n)))).collect();
    let instruments = draw.below(2) == 0;
    Emergence { heading: Heading::default(), instruments, lanes, references, n_tied: 0 }
}

/// Concepts in four communities, coupled mostly within them; weights and ties are made up for the picture.
pub(crate) fn cluster() -> Network {
    let mut draw = Draw(11);
    let all: Vec<(&str, Role)> = PROBLEMS
        .iter()
        .map(|(l, _)| (*l, Role::Problem))
        .chain(VALUES.iter().map(|(l, _)| (*l, Role::Value)))
        .chain(BEHAVIOURS.iter().map(|(l, _)| (*l, Role::Behaviour)))
        .chain([
            ("grooming", Role::Problem),
            ("debt bondage", Role::Problem),
            ("street children", Role::Problem),
            ("modern slavery", Role::Problem),
            ("non-discrimination", Role::Value),
            ("solidarity", Role::Value),
            ("sanction carriers", Role::Behaviour),
            ("confiscate proceeds", Role::Behaviour),
        ])
        .collect();
    let nodes: Vec<Concept> = all
        .iter()
        .enumerate()
        .map(|(index, (label, role))| Concept {
            id: format!("c{index:02}"),
            label: (*label).to_owned(),
            roles: vec![*role],
            norm_label: ["child trafficking", "forced labour", "modern slavery", "slavery and similar practices"]
                .contains(label),
            units: 4 + draw.below(160),
            membership: match index % 4 {
                0 => 0.82 + 0.17 * draw.unit(),
                1 => 0.2 + 0.6 * draw.unit(),
                2 => 0.3 + 0.45 * draw.unit(),
                _ => 0.18 * draw.unit(),
            },
            community: index % 4,
            focus: index == 0,
            href: Some(format!("#c{index}")),
        })
        .collect();
    let mut edges = Vec::new();
    for a in 0..nodes.len() {
        for b in 0..a {
            let chance = if a % 4 == b % 4 { 0.24 } else { 0.025 };
            if draw.unit() < chance {
                edges.push(Tie {
                    a,
                    b,
                    lower_ln_or: 0.41 + 2.4 * draw.unit() * draw.unit(),
                    certain: draw.below(6) > 0,
                });
            }
        }
    }
    Network {
        heading: Heading {
            note: Some("Window: paragraph; 41 sources; 200 bootstrap draws, 5 seeds.".into()),
            ..Heading::default()
        },
        nodes,
        edges,
        ..Network::default()
    }
}

pub(crate) fn random_network(draw: &mut Draw, n: u64) -> Network {
    let nodes: Vec<Concept> = (0..n)
        .map(|index| Concept {
            id: format!("n{index}"),
            label: LABELS[usize::try_from(draw.below(10)).unwrap()].to_owned(),
            roles: if draw.below(5) == 0 {
                Vec::new()
            } else {
                vec![[Role::Problem, Role::Value, Role::Behaviour][usize::try_from(draw.below(3)).unwrap()]]
            },
            norm_label: draw.below(4) == 0,
            units: draw.below(2) * draw.below(900),
            membership: if draw.below(9) == 0 { f64::NAN } else { draw.unit() * 1.2 },
            community: usize::try_from(draw.below(4)).unwrap(),
            focus: index == 0,
            href: None,
        })
        .collect();
    let size = nodes.len() as u64;
    let edges = (0..3 * n)
        .map(|_| Tie {
            a: usize::try_from(draw.below(size + 1)).unwrap(),
            b: usize::try_from(draw.below(size)).unwrap(),
            lower_ln_or: [f64::NAN, 0.0, 0.5, 3.0, -1.0][usize::try_from(draw.below(5)).unwrap()],
            certain: draw.below(2) == 0,
        })
        .collect();
    Network { nodes, edges, ..Network::default() }
}

fn views() -> [View; 2] {
    [Frame::Wide, Frame::Narrow].map(|frame| View { frame })
}

/// What holds for every figure.
#[track_caller]
fn check(figure: &Figure) {
    let name = &figure.id;
    assert!(!figure.svg.contains("NaN") && !figure.svg.contains("inf\""), "{name}: a number is not finite");
    let document = roxmltree::Document::parse(&figure.svg).unwrap_or_else(|e| panic!("{name}: {e}\n{}", figure.svg));
    let root = document.root_element();
    let links = document.descendants().any(|n| n.has_tag_name("a"));
    assert_eq!(root.attribute("role"), Some(if links { "group" } else { "img" }), "{name}: links are reachable");
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(document.descendants().any(|n| n.attribute("id") == Some(id)), "{name}: no element {id}");
    }
    let mut ids: Vec<&str> = document.descendants().filter_map(|n| n.attribute("id")).collect();
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "{name}: an id twice");
    let sheet = nomoscope_figure::svg::Rect::new(0.0, 0.0, figure.width, figure.height);
    for (index, label) in figure.labels.iter().enumerate() {
        assert!(
            label.x >= -0.01 && label.y >= -0.01 && label.right() <= sheet.w + 0.01 && label.bottom() <= sheet.h + 0.01,
            "{name}: {label:?} leaves {sheet:?}"
        );
        for other in &figure.labels[index + 1..] {
            assert!(label.shared(other) < 0.5, "{name}: {label:?} lies on {other:?}");
        }
    }
    inside(&document, &sheet, name);
    for text in document.descendants().filter(|n| n.has_tag_name("text")) {
        let size: f64 = text.attribute("font-size").unwrap().parse().unwrap();
        // 7 pt at 180 mm, and at 90 mm.
        assert!(size >= if figure.width > 500.0 { 9.88 } else { 10.97 }, "{name}: text of {size} px");
    }
    for row in &figure.table.rows {
        assert_eq!(row.len(), figure.table.columns.len());
    }
    assert!(
        !figure.title.is_empty() && !figure.description.is_empty() && FIGURES.iter().any(|kind| kind.id == figure.id)
    );
}

/// Every coordinate of a plain shape lies on the sheet.
fn inside(document: &roxmltree::Document, sheet: &nomoscope_figure::svg::Rect, name: &str) {
    let value = |n: &roxmltree::Node, key: &str| n.attribute(key).and_then(|v| v.parse::<f64>().ok()).unwrap_or(0.0);
    for n in document.descendants().filter(|n| n.ancestors().all(|a| !a.has_tag_name("pattern"))) {
        let (x, y): (Vec<f64>, Vec<f64>) = match n.tag_name().name() {
            "rect" => (
                vec![value(&n, "x"), value(&n, "x") + value(&n, "width")],
                vec![value(&n, "y"), value(&n, "y") + value(&n, "height")],
            ),
            "ellipse" => (
                vec![value(&n, "cx") - value(&n, "rx"), value(&n, "cx") + value(&n, "rx")],
                vec![value(&n, "cy") - value(&n, "ry"), value(&n, "cy") + value(&n, "ry")],
            ),
            "line" => (vec![value(&n, "x1"), value(&n, "x2")], vec![value(&n, "y1"), value(&n, "y2")]),
            _ => continue,
        };
        assert!(
            x.iter().all(|x| (-0.01..=sheet.w + 0.01).contains(x))
                && y.iter().all(|y| (-0.01..=sheet.h + 0.01).contains(y)),
            "{name}: {n:?} leaves the sheet"
        );
    }
}

fn keep(name: &str, figure: &Figure) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.svg")), &figure.svg).unwrap();
}

/// Draws a model in both widths, checks, compares a second drawing, and keeps the pictures.
pub(crate) fn all_views<M>(name: &str, model: &M, draw: impl Fn(&M, View) -> Figure) {
    for view in views() {
        let figure = draw(model, view);
        check(&figure);
        assert_eq!(figure, draw(model, view), "{name}: not the same bytes");
        keep(&format!("{name}-{:?}", view.frame).to_lowercase(), &figure);
    }
}

fn river(draw: &mut Draw, n_periods: usize, n_ribbons: usize) -> Change {
    let models = nomoscope_core::norm::kind::Model::ALL;
    let periods = (0..n_periods).map(|i| Column {
        name: format!("{}-{}", 1940 + 10 * i, 1949 + 10 * i),
        focal_sources: draw.below(40),
        model: (draw.below(6) > 0).then(|| models[draw.below(6) as usize]),
        support: (draw.below(5) > 0).then(|| draw.unit()),
    });
    let periods: Vec<Column> = periods.collect();
    let mut ribbons = Vec::new();
    for (role, names) in [(Role::Problem, &PROBLEMS[..]), (Role::Value, &VALUES[..]), (Role::Behaviour, &PROBLEMS[..])]
    {
        for k in 0..n_ribbons {
            let (name, weight) = names[k % names.len()];
            let label = if k < names.len() { name.to_owned() } else { LABELS[k % LABELS.len()].to_owned() };
            let born = draw.below(n_periods as u64) as usize;
            let share = |i: usize, draw: &mut Draw| {
                if i < born && k % 2 == 0 { 0.0 } else { weight / 400.0 * draw.unit() }
            };
            let shares = (0..n_periods).map(|i| share(i, draw)).collect();
            let what = [Moved::Came, Moved::Went, Moved::Rose, Moved::Fell][draw.below(4) as usize];
            let moves = (1..n_periods).filter(|_| draw.below(9) == 0).map(|i| Move { before: i - 1, after: i, what });
            let moves = moves.collect();
            ribbons.push(Ribbon {
                id: format!("{label}-{k}"),
                label,
                role,
                shares,
                moves,
                href: Some("#k".to_owned()),
            });
        }
    }
    Change { heading: Heading::default(), periods, ribbons }
}

fn drifting(draw: &mut Draw, n: usize) -> DriftModel {
    let panel = |of: &str, draw: &mut Draw| {
        let step = |i: usize, draw: &mut Draw| {
            let value = draw.unit();
            Step {
                at: format!("{}", 1950 + 10 * i),
                year: (n != 9).then_some(1950.0 + 10.0 * i as f64),
                value: (draw.below(6) > 0).then_some(value),
                interval: (draw.below(3) > 0).then_some(((value - 0.2).max(0.0), (value + 0.2).min(1.0))),
                q: Some(draw.unit() * 0.2),
            }
        };
        let steps = (0..n).map(|i| step(i, draw)).collect();
        Panel { of: of.to_owned(), steps, turn: (draw.below(2) == 0).then_some(n / 2) }
    };
    let panels = ["statements", "problems", "values", "behaviours"].map(|of| panel(of, draw));
    DriftModel { heading: Heading::default(), panels: panels.into() }
}

fn slipping(draw: &mut Draw, n: usize) -> Slippage {
    let labels = (0..n).map(|i| {
        let label = if i < PROBLEMS.len() { PROBLEMS[i].0 } else { LABELS[i % LABELS.len()] };
        Name { id: format!("{label}{i}"), label: label.to_owned(), mentions: 100 - i as u64 }
    });
    let verdicts = nomoscope_core::usage::slip::Verdict::ALL;
    let mut pairs = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            let ratio = (draw.below(4) > 0).then(|| 2.2 * draw.unit());
            pairs.push(slippage::Pair {
                a,
                b,
                ratio,
                interval: ratio.map(|r| (r - 0.1, r + 0.1)),
                verdict: verdicts[draw.below(7) as usize],
                listed: draw.below(9),
                href: None,
            });
        }
    }
    Slippage { heading: Heading::default(), labels: labels.collect(), pairs }
}

#[test]
fn figures_of_time_and_slippage() {
    for (n, ribbons) in [(1, 1), (2, 3), (3, 6), (9, 8), (70, 10)] {
        let name = format!("change-{n}x{ribbons}");
        all_views(&name, &river(&mut Draw(n as u64), n, ribbons), change::draw);
        all_views(&format!("drift-{n}"), &drifting(&mut Draw(n as u64), n), drift::draw);
    }
    for n in [2, 3, 6, 12, 25] {
        all_views(&format!("slippage-{n}"), &slipping(&mut Draw(n as u64), n), slippage::draw);
    }
    all_views("change-empty", &Change::default(), change::draw);
    all_views("drift-empty", &DriftModel::default(), drift::draw);
    all_views("slippage-empty", &Slippage::default(), slippage::draw);
}

/// A period in which nobody speaks is hatched, and no ribbon that breaks off there is marked as gone.
#[test]
fn silence_is_no_death() {
    let period = |name: &str, focal_sources| Column { name: name.to_owned(), focal_sources, ..Column::default() };
    let ribbon = |moves: Vec<Move>| Ribbon {
        id: "dignity".to_owned(),
        label: "dignity".to_owned(),
        role: Role::Value,
        shares: vec![0.5, 0.0, 0.6, 0.1],
        moves,
        href: None,
    };
    let periods = vec![period("1950", 6), period("1960", 0), period("1970", 7), period("1980", 9)];
    let model = |moves| Change { heading: Heading::default(), periods: periods.clone(), ribbons: vec![ribbon(moves)] };
    let quiet = change::draw(&model(Vec::new()), View::default());
    assert_eq!(quiet.title, "From 1950 to 1980 no part of the norm came or went beyond chance");
    assert!(quiet.svg.contains("nobody speaks of the focus") && !quiet.svg.contains("beyond chance at equal length"));
    let fell = Move { before: 2, after: 3, what: Moved::Fell };
    let told = change::draw(&model(vec![fell]), View::default());
    assert_eq!(told.title, "Dignity fell between 1970 and 1980");
    assert!(told.svg.contains("point down: fell") && !told.svg.contains("point up"));
}

/// What is certain stands first, and no pair that tells anything is lost: it has a row, or is counted.
#[test]
fn slippage_has_a_row_a_pair() {
    use nomoscope_core::usage::slip::Verdict;
    let mut model = slipping(&mut Draw(5), 6);
    for (i, pair) in model.pairs.iter_mut().enumerate() {
        pair.verdict = [Verdict::Undetermined, Verdict::Enumeration, Verdict::Interchangeable][i % 3];
    }
    let figure = slippage::draw(&model, View::default());
    assert!(
        figure
            .title
            .replace('\u{a0}', " ")
            .starts_with("5 pairs of labels are used for one another; 5 pairs are listed"),
        "{}",
        figure.title
    );
    let place = |words: &str| figure.svg.find(words).unwrap();
    assert!(place("Used for one another") < place("Named together") && place("Named together") < place("do not tell"));
    let rows = figure.svg.matches(" in common lists").count();
    let left = figure.svg.split("Pairs without a row: ").nth(1).map_or(0, |rest| {
        rest.split('.').next().unwrap().split("; ").filter_map(|w| w.split(' ').next()?.parse::<usize>().ok()).sum()
    });
    let tells = |p: &&slippage::Pair| p.ratio.is_some() || p.listed > 0 || p.verdict != Verdict::Undetermined;
    let all = model.pairs.iter().filter(tells).count();
    assert!(rows >= 10 && rows + left == all, "{rows} + {left} of {all}");
}

fn agreed(draw: &mut Draw, n: usize) -> AgreementModel {
    let concept = |draw: &mut Draw, i: usize| {
        let value =
            [f64::NAN, -0.4, 0.0, 0.3, 0.61, 0.7, 0.79, 0.85, 0.93, 1.0][usize::try_from(draw.below(10)).unwrap()];
        let spread = [0.02, 0.1, 0.3][usize::try_from(draw.below(3)).unwrap()];
        let interval = draw.below(4) > 0;
        let role = [None, Some(Role::Problem), Some(Role::Value), Some(Role::Behaviour)]
            [usize::try_from(draw.below(4)).unwrap()];
        Agreed {
            id: format!("c{i}"),
            label: ["", "child labour", "trafficking in persons, especially women and children"][i % 3].to_owned(),
            role,
            value: Some(value),
            lower: interval.then_some(value - spread),
            upper: interval.then_some((value + spread / 2.0).min(1.0)),
            codings: draw.below(5000),
            href: i.is_multiple_of(2).then(|| "#a".to_owned()),
        }
    };
    let overall = (n > 1).then(|| Agreed {
        label: "all concepts".into(),
        value: Some(0.71),
        lower: Some(0.66),
        upper: Some(0.75),
        codings: 9000,
        ..Agreed::default()
    });
    AgreementModel {
        coefficient: "Krippendorff's alpha".into(),
        concepts: (0..n).map(|i| concept(draw, i)).collect(),
        overall,
        ..AgreementModel::default()
    }
}

#[test]
fn nothing_breaks_the_agreement() {
    all_views("agreement-empty", &AgreementModel::default(), agreement::draw);
    for (index, n) in [1, 2, 5, 12, 40, 41, 90].into_iter().enumerate() {
        all_views(&format!("agreement-x{n}"), &agreed(&mut Draw(index as u64), n), agreement::draw);
    }
    let model = agreed(&mut Draw(3), 90);
    let valued = model.concepts.iter().filter(|c| c.value.is_some_and(f64::is_finite)).count();
    let figure = agreement::draw(&model, View::default());
    assert!(figure.svg.contains(&format!("Not drawn: {} concepts with", valued - 40)), "{valued}");
    assert_eq!(figure.table.rows.len(), 91);
}

#[test]
fn gallery() {
    all_views("agreement", &agreed(&mut Draw(5), 17), agreement::draw);
    all_views("single", &single(), single_value::draw);
    all_views("multiple", &multiple(), multiple_value::draw);
    all_views("emergence", &table_one(), emergence::draw);
    all_views("network", &cluster(), network::draw);
}

#[test]
fn nothing_breaks_the_network() {
    all_views("network-empty", &Network::default(), network::draw);
    for (index, n) in [1, 2, 3, 8, 20, 64].into_iter().enumerate() {
        all_views(&format!("network-x{n}"), &random_network(&mut Draw(index as u64), n), network::draw);
    }
}

#[test]
fn nothing_breaks_the_emergence() {
    all_views("emergence-empty", &Emergence::default(), emergence::draw);
    for (index, n) in [1, 2, 5, 12, 35, 90].into_iter().enumerate() {
        all_views(&format!("emergence-x{n}"), &random_emergence(&mut Draw(index as u64), n), emergence::draw);
    }
}

#[test]
fn nothing_breaks_the_multiple_value_model() {
    all_views("multiple-empty", &MultipleValueModel::default(), multiple_value::draw);
    for (index, n) in [1, 2, 3, 5, 9, 17, 60].into_iter().enumerate() {
        all_views(&format!("multiple-x{n}"), &random_multiple(&mut Draw(index as u64), n), multiple_value::draw);
    }
}

#[test]
fn only_what_has_an_address_is_a_link() {
    let mut model = single();
    let links = |model: &SingleValueModel| single_value::draw(model, View::default()).svg.matches("<a href=").count();
    assert_eq!(links(&model), 25);
    model.problems[0].href = None;
    assert_eq!(links(&model), 24);
    model.problems[1].href = Some("#a\"><script>".into());
    assert!(!single_value::draw(&model, View::default()).svg.contains("<script"));
}

#[test]
fn what_is_not_drawn_is_summed_and_named() {
    let mut model = single();
    model.problems.extend((0..20).map(|i| node(Role::Problem, &format!("p{i:02}"), 0.5)));
    let figure = single_value::draw(&model, View::default());
    // Of thirty problems of 240 in all, the fourteen heaviest hold 232.
    assert!(figure.description.contains("others (16\u{a0}concepts) 3\u{a0}%"), "{}", figure.description);
    assert_eq!(figure.table.rows.len(), 1 + 30 + 14 + 1);
    let figure = multiple_value::draw(&multiple(), View::default());
    assert!(figure.svg.replace('\u{a0}', " ").contains("Not drawn: 112 combinations, 4 %"));
}

/// Heights of the bars of values: paths as wide as a bar in the middle of the sheet.
fn heights_of_values(svg: &str) -> Vec<f64> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let bars = document.descendants().filter_map(|n| n.attribute("d")).filter(|d| d.starts_with("M354 "));
    bars.filter_map(|d| d.split_once("h12v")?.1.split_once('h')?.0.parse().ok()).collect()
}

#[test]
fn bars_are_as_high_as_their_weight_and_what_lacks_a_part_stands_apart() {
    let link = |value: Option<usize>, weight: f64, certain: bool| Link {
        problem: Some(0),
        value,
        behaviour: Some(0),
        weight,
        certain,
        ..Link::default()
    };
    let mut model = MultipleValueModel {
        problems: vec![node(Role::Problem, "bondage", 1.0)],
        values: ["dignity", "order", "health"].map(|label| node(Role::Value, label, 1.0)).to_vec(),
        behaviours: vec![node(Role::Behaviour, "punish", 1.0)],
        links: vec![
            link(Some(0), 60.0, true),
            link(Some(1), 30.0, false),
            link(Some(2), 1.0, false),
            link(None, 9.0, true),
        ],
        ..MultipleValueModel::default()
    };
    let figure = multiple_value::draw(&model, View::default());
    assert_eq!(figure.title, "One value carries all that is stated in full by three sources: dignity");
    let mut heights = heights_of_values(&figure.svg);
    heights.sort_by(|a, b| b.total_cmp(a));
    // What three sources state is the dark part of a bar: here the whole of the first.
    let [one, dark, two, three] = heights[..] else { panic!("{heights:?}") };
    assert!((one / two - 2.0).abs() < 0.01 && (two / three - 30.0).abs() < 0.5 && one == dark, "{heights:?}");
    assert!(figure.svg.replace('\u{a0}', " ").contains("pale: 2 statements that fewer make, without ribbons"));
    let svg = figure.svg.replace('\u{a0}', " ");
    assert!(svg.contains("no value named: 9 %") && !svg.contains("no behaviour named"));
    model.links.truncate(1);
    assert_eq!(
        multiple_value::draw(&model, View::default()).title,
        "One value carries all that is stated in full: dignity"
    );
    model.links[0].value = None;
    let nothing = multiple_value::draw(&model, View::default());
    assert_eq!(nothing.title, "No statement names problem, value and behaviour");
    // Of more concepts than find room, the rest is one bar.
    let many: Vec<Link> = (0..20).map(|i| Link { value: Some(i), ..link(None, 1.0 + i as f64, true) }).collect();
    let model = MultipleValueModel {
        values: (0..20).map(|i| node(Role::Value, &format!("v{i:02}"), 1.0)).collect(),
        links: many,
        ..model
    };
    let figure = multiple_value::draw(&model, View::default());
    assert_eq!(heights_of_values(&figure.svg).len(), 2 * 12);
    assert!(figure.svg.contains("9 others"));
}

/// Of equal values none is singled out, and weights that differ by rounding alone are equal.
#[test]
fn the_title_names_all_that_are_equal() {
    let title = |weights: &[f64]| {
        let link = |(value, &weight): (usize, &f64)| Link {
            problem: Some(0),
            value: Some(value),
            behaviour: Some(0),
            weight,
            certain: true,
            ..Link::default()
        };
        let model = MultipleValueModel {
            problems: vec![node(Role::Problem, "bondage", 1.0)],
            values: ["a", "b", "c", "d", "e"].map(|label| node(Role::Value, label, 1.0)).to_vec(),
            behaviours: vec![node(Role::Behaviour, "punish", 1.0)],
            links: weights.iter().enumerate().map(link).collect(),
            ..MultipleValueModel::default()
        };
        multiple_value::draw(&model, View::default()).title.replace('\u{a0}', " ")
    };
    assert_eq!(title(&[1.0, 1.0]), "Two values carry what is stated in full: a 50 %, b 50 %");
    assert_eq!(title(&[0.1 + 0.2, 0.3, 0.3]), "3 values carry what is stated in full, 33 % each");
    assert_eq!(title(&[0.2, 0.4, 0.2, 0.2]), "Of what is stated in full, 40 % rests on b, 20 % each on a, c and d");
    assert_eq!(
        title(&[0.3, 0.1 + 0.2, 0.2, 0.2]),
        "Of what is stated in full, 30 % each rests on a and b; 2 other values carry the rest"
    );
}

/// What three sources do not state leads nowhere: no title names its value, no formula stands in large letters, and of many such statements
/// only the heaviest are drawn.
#[test]
fn what_few_say_does_not_lead() {
    let link = |value: usize| Link {
        problem: Some(0),
        value: Some(value),
        behaviour: Some(0),
        weight: 9.0 - 0.1 * value as f64,
        ..Link::default()
    };
    let mut model = MultipleValueModel {
        problems: vec![node(Role::Problem, "bondage", 1.0)],
        values: (0..20).map(|i| node(Role::Value, &format!("v{i:02}"), 1.0)).collect(),
        behaviours: vec![node(Role::Behaviour, "punish", 1.0)],
        links: (0..20).map(link).collect(),
        ..MultipleValueModel::default()
    };
    let drawn = |model: &MultipleValueModel| multiple_value::draw(model, View::default());
    let figure = drawn(&model);
    let svg = figure.svg.replace('\u{a0}', " ");
    assert_eq!(
        figure.title.replace('\u{a0}', " "),
        "20 statements name problem, value and behaviour; none is made by three sources"
    );
    assert!(!svg.contains("If [bondage]") && svg.contains("the first 12 of 20 statements"), "{svg}");
    model.by_actor = true;
    model.links[3].certain = true;
    let figure = drawn(&model);
    assert_eq!(figure.title, "One value carries all that is stated in full by three actors: v03");
    assert!(figure.svg.contains("If [bondage], [v03] suggests [punish]") && !figure.svg.contains("[v00]"));
    let mut one = single();
    one.leads = false;
    let figure = single_value::draw(&one, View::default());
    assert!(figure.title.ends_with("none of these statements is made by three sources"), "{}", figure.title);
    one.value.certain = false;
    assert!(single_value::draw(&one, View::default()).title.starts_with("No value is stated by three sources"));
}

/// A date of a year has the width of a year, and between a name and its dot stands nothing.
#[test]
fn what_a_date_leaves_open_is_drawn() {
    let at = |id: &str, adopted: f64, within: (f64, f64)| Instrument {
        id: id.to_owned(),
        label: id.to_owned(),
        adopted,
        within,
        first_concepts: vec!["bondage".to_owned()],
        ..Instrument::default()
    };
    let lane = Lane {
        category: "speech".to_owned(),
        instruments: vec![at("first", 2000.5, (2000.0, 2001.0)), at("second", 2003.9, (2003.9, 2003.9))],
    };
    let model = Emergence { lanes: vec![lane], n_tied: 2, ..Emergence::default() };
    let figure = emergence::draw(&model, View::default());
    assert_eq!(figure.svg.matches("stroke-dasharray=\"2 2\"").count(), 1, "{}", figure.svg);
    let svg = figure.svg.replace('\u{a0}', " ");
    assert!(svg.contains("only year or month is known") && svg.contains("2 concepts are no one’s"), "{svg}");
    assert!(figure.title.starts_with("2\u{a0}sources, 2000–2003") && !svg.contains("adopt"), "{svg}");
}

#[test]
fn every_theme_says_so_on_the_root() {
    for (theme, class) in
        [(Theme::Auto, "class=\"nf nf-auto\""), (Theme::Light, "class=\"nf\""), (Theme::Dark, "class=\"nf nf-dark\"")]
    {
        assert!(network::draw(&cluster(), View::default()).themed(theme).contains(class));
    }
}

#[test]
fn nothing_breaks_the_single_value_model() {
    all_views("single-empty", &SingleValueModel::default(), single_value::draw);
    for (index, n) in [1, 2, 3, 5, 9, 17, 60].into_iter().enumerate() {
        all_views(&format!("single-x{n}"), &random_single(&mut Draw(index as u64), n), single_value::draw);
    }
}

fn model_dot(label: &str, named: bool, point: f64, aic: f64) -> Dot {
    Dot {
        is_bound: false,
        label: label.to_owned(),
        named,
        is_answer: false,
        terms: label.split(", ").map(str::to_owned).collect(),
        point,
        interval: (point * 0.8, point * 1.3),
        delta_aic: Some(aic),
        delta_bic: Some(aic + 3.0),
    }
}

fn hidden() -> HiddenPopulation {
    let mut models = vec![
        model_dot("Stepwise", true, 11_418.0, 2.7),
        model_dot("Main effects", true, 12_214.0, 145.0),
        model_dot("Best AIC", true, 11_252.0, 0.0),
    ];
    models.extend((0..1021_u32).map(|i| {
        let spread = f64::from(i * 7919 % 997) / 997.0;
        model_dot(&format!("LA:NG, PF:NCA, GO:GP, {i}"), false, 7000.0 + 12_000.0 * spread, f64::from(i) * 0.11 + 0.3)
    }));
    let chao = Dot { delta_aic: None, delta_bic: None, ..model_dot("Chao’s lower bound", true, 15_628.0, 0.0) };
    HiddenPopulation {
        heading: Heading { note: Some("Lists: made up.".to_owned()), ..Heading::default() },
        answer: Some(Dot {
            is_answer: true,
            interval: (9_900.0, 14_000.0),
            ..model_dot("Least BIC", true, 11_300.0, 0.4)
        }),
        models,
        others: vec![chao],
        n_observed: 2744,
        n_considered: Some(1024),
        disagreement: true,
    }
}

#[test]
fn hidden_populations() {
    all_views("hidden", &hidden(), hidden_population::draw);
    let few = HiddenPopulation { models: hidden().models[..3].to_vec(), n_considered: Some(32_768), ..hidden() };
    all_views("hidden-few", &few, hidden_population::draw);
    let figure = hidden_population::draw(&few, View::default());
    // Chao's bound lies outside of the answer's interval: the title and a square say so.
    assert_eq!(
        figure.title.replace('\u{a0}', " "),
        "About 11,300 persons, 9,900 to 14,000; 2,744 were seen; one way to choose says 15,628"
    );
    assert!(figure.svg.contains("Squares: estimates that it leaves out."));
    assert_eq!(figure.table.rows.len(), 5);
    let bare = hidden_population::draw(&HiddenPopulation { answer: None, ..few }, View::default());
    assert!(bare.title.contains("11,252") && bare.title.contains("2,744"), "{}", bare.title);
}

#[test]
fn nothing_breaks_the_hidden_population() {
    all_views("hidden-empty", &HiddenPopulation::default(), hidden_population::draw);
    let odd = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-9, 1.0, 1e300];
    for n_observed in [0, 1, 185, u64::MAX] {
        let models = odd
            .iter()
            .flat_map(|&point| {
                odd.map(|aic| Dot { interval: (point / 3.0, point * 1e9), ..model_dot("A:B", aic > 0.5, point, aic) })
            })
            .collect();
        let model = HiddenPopulation { models, n_observed, n_considered: None, ..hidden() };
        all_views("hidden-odd", &model, hidden_population::draw);
    }
    let long = model_dot(&"list of the national referral mechanism".repeat(20), true, 1e7, 0.0);
    let model = HiddenPopulation { models: vec![long; 40], n_observed: 10, ..hidden() };
    all_views("hidden-long", &model, hidden_population::draw);
}

/// Numbers of labels run from top to bottom, a ribbon that is broken off has its number in both stretches, and what no name can
/// reach is summed, by hand: 3 % of a period is no line of text high.
#[test]
fn ribbons_can_be_told_by_name() {
    let ribbon = |label: &str, shares: [f64; 4]| Ribbon {
        id: label.to_owned(),
        label: label.to_owned(),
        role: Role::Behaviour,
        shares: shares.to_vec(),
        moves: Vec::new(),
        href: None,
    };
    let model = Change {
        periods: ["1950", "1960", "1970", "1980"]
            .map(|name| Column { name: name.to_owned(), focal_sources: 9, ..Column::default() })
            .to_vec(),
        ribbons: vec![
            ribbon("to prevent what is done to children", [0.2, 0.0, 0.2, 0.0]),
            ribbon("to punish those who do it to them", [0.15, 0.0, 0.0, 0.0]),
            ribbon("to warn", [0.0, 0.03, 0.0, 0.0]),
        ],
        ..Change::default()
    };
    let svg = change::draw(&model, View::default()).svg;
    let document = roxmltree::Document::parse(&svg).unwrap();
    let number = |n: &roxmltree::Node<'_, '_>, key: &str| n.attribute(key).unwrap().parse::<f64>().unwrap();
    let texts: Vec<(String, f64)> = document
        .descendants()
        .filter(|n| n.has_tag_name("tspan"))
        .map(|n| (n.text().unwrap_or_default().to_owned(), number(&n, "y")))
        .collect();
    let at = |words: &str| texts.iter().find(|(text, _)| text.starts_with(words)).expect(words).1;
    assert!(at("1 to punish") < at("2 to prevent"), "{texts:?}");
    let twos = texts.iter().filter(|(text, _)| text == "2").count();
    assert_eq!(twos, 2, "a number in each stretch: {texts:?}");
    assert!(svg.contains("named in 35") && svg.contains("2 of 3, the others grey"), "{texts:?}");
}
