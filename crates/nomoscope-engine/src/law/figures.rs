//! From definitions to the models that the figures of law are drawn from.

use super::answer::Left;
use super::words;
use nomoscope_core::law::Law;
use nomoscope_core::law::compare::Implication;
use nomoscope_core::law::definition::{Atom, Norm, Term, Verified};
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::law::vocabulary::FactIx;
use nomoscope_figure::definition_matrix::{self, Column, DefinitionMatrix, Group, Mark, Order, Row};
use nomoscope_figure::fallback::{self, LegalOrder, Remaining, Way};
use nomoscope_figure::implication::{self, OpenLists};
use nomoscope_figure::{Figure, Heading, View};
use std::collections::{BTreeMap, BTreeSet};

/// What a column of the matrix stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Fact(FactIx),
    Under(u16),
}

/// The groups of columns, by what begins the ids of facts.
const GROUPS: &[(&str, &str)] =
    &[("act", "Act"), ("means", "Means"), ("purpose", "Purpose"), ("age", "Age"), ("other", "Other")];

fn group_of(law: &Law, asked: Asked) -> &'static str {
    match asked {
        Asked::Under(_) => "age",
        Asked::Fact(f) => {
            let group = law.vocabulary.get(f).group();
            GROUPS.iter().find(|(id, _)| *id == group && *id != "age").map_or("other", |(id, _)| id)
        }
    }
}

/// What a norm says of each fact that it names, limb by limb.
#[derive(Debug, Default)]
struct Said {
    /// Limbs that list it.
    limbs: BTreeSet<usize>,
    /// Limbs that cannot do without it.
    required: BTreeSet<usize>,
    /// Whether it must be absent.
    excluded: bool,
    /// Whether it stands in a list of means.
    means: bool,
}

fn said(norm: &Norm) -> BTreeMap<Asked, Said> {
    let mut out: BTreeMap<Asked, Said> = BTreeMap::new();
    for (limb, l) in norm.limbs.iter().enumerate() {
        for &term in &l.requires {
            collect(norm, limb, term, true, &mut out, 0);
        }
    }
    out
}

/// Elements do not refer to each other in circles; the depth is bounded all the same.
fn collect(norm: &Norm, limb: usize, term: Term, alone: bool, out: &mut BTreeMap<Asked, Said>, depth: usize) {
    let asked = match term.atom {
        Atom::Fact(f) => Asked::Fact(f),
        Atom::Below(_, n) => Asked::Under(n),
        Atom::Element(e) => {
            let Some(element) = norm.elements.get(e).filter(|_| depth < 32) else { return };
            let means = element.role == "means";
            let one = element.any.len() + usize::from(element.open.is_some()) <= 1;
            let lists = element.all.iter().map(|t| (t, alone)).chain(element.any.iter().map(|t| (t, alone && one)));
            for (&t, alone) in lists {
                collect(norm, limb, Term { negated: t.negated != term.negated, ..t }, alone, out, depth + 1);
                if let (true, Atom::Fact(f)) = (means, t.atom) {
                    out.entry(Asked::Fact(f)).or_default().means = true;
                }
            }
            for &t in &element.none {
                collect(norm, limb, Term { negated: !t.negated, ..t }, alone, out, depth + 1);
            }
            return;
        }
    };
    let entry = out.entry(asked).or_default();
    if term.negated {
        entry.excluded = true;
    } else {
        entry.limbs.insert(limb);
        if alone {
            entry.required.insert(limb);
        }
    }
}

/// Returns whether a limb is for children only.
fn is_child(norm: &Norm, limb: usize) -> bool {
    let below = |t: &Term| !t.negated && matches!(t.atom, Atom::Below(..));
    norm.limbs.get(limb).is_some_and(|l| {
        l.requires.iter().any(|t| match t.atom {
            Atom::Element(e) => {
                norm.elements.get(e).is_some_and(|e| !t.negated && (e.any.iter().any(below) || e.all.iter().any(below)))
            }
            Atom::Fact(_) | Atom::Below(..) => below(t),
        })
    })
}

fn mark(norm: &Norm, said: &BTreeMap<Asked, Said>, asked: Asked) -> Mark {
    let Some(s) = said.get(&asked) else { return Mark::Silent };
    let means_of = |limb: usize| said.values().any(|s| s.means && s.limbs.contains(&limb));
    let child_without_means = (0..norm.limbs.len()).any(|l| is_child(norm, l) && !means_of(l));
    match s {
        s if s.limbs.is_empty() && s.excluded => Mark::Excluded,
        s if s.means && child_without_means => Mark::AdultsOnly,
        s if s.required.len() == norm.limbs.len() => Mark::Required,
        _ => Mark::Listed,
    }
}

/// Returns the matrix of definitions by what they ask for: Table 2 of the article, for all norms given.
#[must_use]
pub fn matrix(law: &Law, norms: &[usize], view: View) -> Figure {
    let said: Vec<BTreeMap<Asked, Said>> = norms.iter().map(|&n| said(&law.norms[n])).collect();
    let all: BTreeSet<Asked> = said.iter().flat_map(|s| s.keys().copied()).collect();
    let columns = |group: &str| -> Vec<Asked> { all.iter().copied().filter(|&a| group_of(law, a) == group).collect() };
    let used: Vec<(&str, &str, Vec<Asked>)> =
        GROUPS.iter().map(|(id, label)| (*id, *label, columns(id))).filter(|(_, _, c)| !c.is_empty()).collect();
    let column = |asked: &Asked| match *asked {
        Asked::Fact(f) => Column { id: law.vocabulary.get(f).id.clone(), label: law.vocabulary.get(f).label.clone() },
        Asked::Under(n) => Column { id: format!("victim.age < {n}"), label: format!("under {n}") },
    };
    let rows = norms
        .iter()
        .zip(&said)
        .map(|(&n, said)| {
            let norm = &law.norms[n];
            Row {
                id: norm.id.clone(),
                label: norm.short.clone(),
                system: words::system_sign(&norm.system),
                family: norm.family.clone(),
                memory: norm.verified == Verified::Memory,
                marks: used.iter().flat_map(|(_, _, c)| c).map(|a| mark(norm, said, *a)).collect(),
                open: used.iter().map(|(id, _, _)| is_open(law, norm, id)).collect(),
                href: None,
            }
        })
        .collect();
    let model = DefinitionMatrix {
        heading: Heading::default(),
        groups: used
            .iter()
            .map(|(_, label, c)| Group { label: (*label).to_owned(), columns: c.iter().map(column).collect() })
            .collect(),
        rows,
        order: if norms.len() > 4 { Order::ByLikeness } else { Order::AsGiven },
    };
    definition_matrix::draw(&model, view)
}

fn is_open(law: &Law, norm: &Norm, group: &str) -> bool {
    norm.elements.iter().any(|e| {
        let of_group = |t: &Term| matches!(t.atom, Atom::Fact(f) if group_of(law, Asked::Fact(f)) == group);
        e.open.as_ref().is_some_and(of_group)
    })
}

/// Returns the diagram of which definition contains which.
#[must_use]
pub fn implication(law: &Law, order: &Implication, reading: OpenReading, view: View) -> Figure {
    let norm = |&n: &usize| {
        let norm = &law.norms[n];
        implication::Norm {
            id: norm.id.clone(),
            label: norm.short.clone(),
            system: words::system(&norm.system).to_owned(),
            memory: norm.verified == Verified::Memory,
            href: None,
        }
    };
    let model = implication::Implication {
        heading: Heading::default(),
        reading: match reading {
            OpenReading::Closed => OpenLists::Closed,
            OpenReading::Shared => OpenLists::Shared,
            OpenReading::Own => OpenLists::Own,
        },
        classes: order.classes.iter().map(|c| c.iter().map(norm).collect()).collect(),
        edges: order.covers.clone(),
    };
    implication::draw(&model, view)
}

/// Says whose case it is without what is lost, which the title of the figure says itself.
fn without_twice(of: &str, left: &[Left]) -> String {
    match left {
        [one] => of.replacen(&format!(" without {}", one.lost.join(" and ")), "", 1),
        _ => of.to_owned(),
    }
}

/// Returns what is left for each of the things that were lost.
#[must_use]
pub fn fallback(law: &Law, of: &str, left: &[Left], view: View) -> Figure {
    let mut by_norm: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
    for (lost, l) in left.iter().enumerate() {
        for r in &l.fallback.remaining {
            let missing =
                r.missing.first().map(|s| s.iter().map(|l| words::literal(law, *l)).collect()).unwrap_or_default();
            by_norm.entry(r.norm).or_default().push(Way { lost, distance: r.distance, missing, covers: r.ways });
        }
    }
    // By name: that is how somebody looks for a legal order.
    let mut orders: BTreeMap<&str, Vec<Remaining>> = BTreeMap::new();
    for (n, ways) in by_norm {
        let norm = &law.norms[n];
        let protection: Vec<&str> = norm.protection.iter().map(|c| c.text.as_str()).collect();
        orders.entry(words::system(&norm.system)).or_default().push(Remaining {
            id: norm.id.clone(),
            label: norm.short.clone(),
            ways,
            penalty: norm.penalty.as_ref().map(nomoscope_core::law::definition::Penalty::words),
            protection: (!protection.is_empty()).then(|| protection.join(" ")),
            memory: norm.verified == Verified::Memory,
            href: None,
        });
    }
    let aimed = left.iter().find_map(|l| l.aimed).map(|n| {
        let norm = &law.norms[n];
        let protection: Vec<&str> = norm.protection.iter().map(|c| c.text.as_str()).collect();
        fallback::Aimed {
            label: norm.short.clone(),
            penalty: norm.penalty.as_ref().map(nomoscope_core::law::definition::Penalty::words),
            protection: (!protection.is_empty()).then(|| protection.join(" ")),
        }
    });
    let kept_out: BTreeSet<usize> = left.iter().flat_map(|l| l.fallback.kept_out.iter().copied()).collect();
    let model = fallback::Fallback {
        heading: Heading::default(),
        case: without_twice(of, left),
        lost: left.iter().map(Left::head).collect(),
        aimed,
        orders: orders.into_iter().map(|(system, norms)| LegalOrder { system: system.to_owned(), norms }).collect(),
        kept_out: kept_out.len(),
        non_punishment: None,
    };
    fallback::draw(&model, view)
}
