//! The figures of the law: definition matrix, implication, fallback.
//!
//! Fixtures are made up: plausible in shape and size, no statement on any law. `seed_norms` draws the encoded norms beside the
//! repository where they are there.

use crate::figure::{Draw, LABELS, all_views};
use nomoscope_core::figure::definition_matrix::{self, Column, DefinitionMatrix, Group, Mark, Order, Row};
use nomoscope_core::figure::{Frame, Heading, View};
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
        for round in 0..3 {
            let model = random_matrix(&mut Draw(seed as u64 * 3 + round), rows, columns);
            all_views(&format!("matrix-x{rows}-{columns}-{round}"), &model, definition_matrix::draw);
        }
    }
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
