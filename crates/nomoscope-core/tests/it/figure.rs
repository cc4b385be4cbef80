//! Figures: realistic and extreme models, drawn wide and narrow; what must hold for all of them.
//!
//! The test `gallery` leaves every picture in cargo's temporary directory, to be looked at.

use nomoscope_core::figure::multiple_value::{self, Link, MultipleValueModel};
use nomoscope_core::figure::single_value::{self, SingleValueModel};
use nomoscope_core::figure::{FIGURES, Figure, Frame, Heading, Node, Others, Role, Theme, View};

const LABELS: [&str; 10] = [
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
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
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
    all.iter()
        .map(|(label, weight)| node(role, label, *weight))
        .collect()
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
            note: Some(
                "Treaties and interviews, 1926–2020; window: paragraph; run of 2026-11-23.".into(),
            ),
            ..Heading::default()
        },
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
                weight: [0.0, 1.0, 1e-9, 1e9, f64::NAN, -3.0, 7.5]
                    [usize::try_from(draw.below(7)).unwrap()],
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
        let (problem, value, behaviour) = (
            pick(&mut draw, &PROBLEMS),
            pick(&mut draw, &VALUES),
            pick(&mut draw, &BEHAVIOURS),
        );
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
        heading: Heading {
            note: Some(
                "Treaties and interviews, 1926–2020; window: paragraph; run of 2026-11-23.".into(),
            ),
            ..Heading::default()
        },
        problems,
        values,
        behaviours: nodes(Role::Behaviour, &BEHAVIOURS),
        links,
        other_statements: Others {
            n: 112,
            weight: 14.0,
        },
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
    let part = |draw: &mut Draw, n: usize| {
        (draw.below(6) > 0).then(|| usize::try_from(draw.below(n as u64 + 1)).unwrap())
    };
    let links = (0..3 * n)
        .map(|_| Link {
            problem: part(draw, problems.len()),
            value: part(draw, values.len()),
            behaviour: part(draw, behaviours.len()),
            weight: [0.0, 1.0, 2.5, 1e-12, f64::INFINITY, -1.0]
                [usize::try_from(draw.below(6)).unwrap()],
            certain: draw.below(2) == 0,
            supplied: draw.below(2) == 0,
            href: None,
        })
        .collect();
    MultipleValueModel {
        problems,
        values,
        behaviours,
        links,
        ..MultipleValueModel::default()
    }
}

fn views() -> [View; 2] {
    [Frame::Wide, Frame::Narrow].map(|frame| View {
        frame,
        theme: Theme::Auto,
    })
}

/// What holds for every figure.
#[track_caller]
fn check(figure: &Figure) {
    let name = &figure.id;
    assert!(
        !figure.svg.contains("NaN") && !figure.svg.contains("inf\""),
        "{name}: a number is not finite"
    );
    let document = roxmltree::Document::parse(&figure.svg)
        .unwrap_or_else(|e| panic!("{name}: {e}\n{}", figure.svg));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(
            document
                .descendants()
                .any(|n| n.attribute("id") == Some(id)),
            "{name}: no element {id}"
        );
    }
    let mut ids: Vec<&str> = document
        .descendants()
        .filter_map(|n| n.attribute("id"))
        .collect();
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "{name}: an id twice");
    let sheet = nomoscope_core::figure::svg::Rect::new(0.0, 0.0, figure.width, figure.height);
    for (index, label) in figure.labels.iter().enumerate() {
        assert!(
            label.x >= -0.01
                && label.y >= -0.01
                && label.right() <= sheet.w + 0.01
                && label.bottom() <= sheet.h + 0.01,
            "{name}: {label:?} leaves {sheet:?}"
        );
        for other in &figure.labels[index + 1..] {
            assert!(
                label.shared(other) < 0.5,
                "{name}: {label:?} lies on {other:?}"
            );
        }
    }
    inside(&document, &sheet, name);
    for text in document.descendants().filter(|n| n.has_tag_name("text")) {
        let size: f64 = text.attribute("font-size").unwrap().parse().unwrap();
        assert!(size >= 9.9, "{name}: text of {size} px");
    }
    for row in &figure.table.rows {
        assert_eq!(row.len(), figure.table.columns.len());
    }
    assert!(
        !figure.title.is_empty()
            && !figure.description.is_empty()
            && FIGURES.iter().any(|kind| kind.id == figure.id)
    );
}

/// Every coordinate of a plain shape lies on the sheet.
fn inside(document: &roxmltree::Document, sheet: &nomoscope_core::figure::svg::Rect, name: &str) {
    let value = |n: &roxmltree::Node, key: &str| {
        n.attribute(key)
            .and_then(|v| v.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    for n in document
        .descendants()
        .filter(|n| n.ancestors().all(|a| !a.has_tag_name("pattern")))
    {
        let (x, y): (Vec<f64>, Vec<f64>) = match n.tag_name().name() {
            "rect" => (
                vec![value(&n, "x"), value(&n, "x") + value(&n, "width")],
                vec![value(&n, "y"), value(&n, "y") + value(&n, "height")],
            ),
            "ellipse" => (
                vec![
                    value(&n, "cx") - value(&n, "rx"),
                    value(&n, "cx") + value(&n, "rx"),
                ],
                vec![
                    value(&n, "cy") - value(&n, "ry"),
                    value(&n, "cy") + value(&n, "ry"),
                ],
            ),
            "line" => (
                vec![value(&n, "x1"), value(&n, "x2")],
                vec![value(&n, "y1"), value(&n, "y2")],
            ),
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
fn all_views<M>(name: &str, model: &M, draw: impl Fn(&M, View) -> Figure) {
    for view in views() {
        let figure = draw(model, view);
        check(&figure);
        assert_eq!(figure, draw(model, view), "{name}: not the same bytes");
        keep(&format!("{name}-{:?}", view.frame).to_lowercase(), &figure);
    }
}

#[test]
fn gallery() {
    all_views("single", &single(), single_value::draw);
    all_views("multiple", &multiple(), multiple_value::draw);
}

#[test]
fn nothing_breaks_the_multiple_value_model() {
    all_views(
        "multiple-empty",
        &MultipleValueModel::default(),
        multiple_value::draw,
    );
    for (index, n) in [1, 2, 3, 5, 9, 17, 60].into_iter().enumerate() {
        all_views(
            &format!("multiple-x{n}"),
            &random_multiple(&mut Draw(index as u64), n),
            multiple_value::draw,
        );
    }
}

#[test]
fn nothing_breaks_the_single_value_model() {
    all_views(
        "single-empty",
        &SingleValueModel::default(),
        single_value::draw,
    );
    for (index, n) in [1, 2, 3, 5, 9, 17, 60].into_iter().enumerate() {
        all_views(
            &format!("single-x{n}"),
            &random_single(&mut Draw(index as u64), n),
            single_value::draw,
        );
    }
}
