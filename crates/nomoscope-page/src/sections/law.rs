//! The section on law: the definition as a table, its neighbours, two worked cases, and what remains when it fails.
//!
//! Follows section 3 of Narminio (2020) with the bundled law; only the demonstration carries it.

use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::burden;
use nomoscope_core::law::case::Case;
use nomoscope_core::law::compare::Definitions;
use nomoscope_core::law::definition::{Atom, Norm, Term};
use nomoscope_core::law::fallback::{Fallback, of_elements};
use nomoscope_core::law::finding::{Bench, Reading};
use nomoscope_core::law::logic::{Logic, LogicError, OpenReading};
use nomoscope_core::law::template::overlap;
use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::law::answer::{Library, bundled};
use nomoscope_engine::law::{figures, tables, words};
use nomoscope_figure::View;
use std::collections::BTreeSet;

/// The definition that the article starts from.
const PROTOCOL: &str = "un.palermo.3";
/// The definitions that the report lays side by side, by id.
const COMPARED: &[&str] = &[
    "un.palermo.3",
    "coe.197.4",
    "eu.2011-36.2",
    "eu.2011-36.2.v2024",
    "asean.actip.2",
    "saarc.2002.I",
    "be.cp.433quinquies",
    "de.stgb.232",
    "fr.cp.225-4-1",
    "it.cp.601",
    "kh.2008.traff",
    "my.atipsom.2",
    "nl.sr.273f",
    "ph.9208.3",
    "th.atip.6",
    "uk.msa.2",
    "us.22usc7102-11",
    "vn.law53-2024.2",
];
/// The worked cases, with the norms that are shown for each.
const WORKED: &[(&str, &[&str])] = &[
    (
        "cass_35479",
        &[
            "un.palermo.3",
            "eu.2011-36.2",
            "it.cp.601",
            "it.cp.600",
            "it.cp.600-bis",
            "un.1949.1",
            "ilo.c182.3",
            "opsc.2a",
        ],
    ),
    (
        "fr_minor_theft_route",
        &[
            "un.palermo.3",
            "fr.cp.225-4-1",
            "fr.cp.227-21",
            "fr.cp.225-13",
            "ilo.c182.3",
            "fr.cp.311-1.minor",
            "fr.ceseda.L821-1",
        ],
    ),
];

/// Makes the section.
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    if !context.demo {
        return None;
    }
    // The bundled law is tested; should it be broken all the same, a report without it is better than none.
    blocks(&bundled(), view).ok().map(|blocks| Section {
        id: "law",
        nav: "Law",
        title: "The norm before the law".to_owned(),
        place: Place::AfterDefinition,
        blocks,
    })
}

fn blocks(library: &Library, view: View) -> Result<Vec<Block>, LogicError> {
    let law = &library.law;
    let logic = Logic::new(law);
    let norms: Vec<usize> = COMPARED.iter().filter_map(|id| law.find(id)).collect();
    let definitions = Definitions::new(&logic, OpenReading::Shared, false)?;
    let mut out = vec![Block::Html(format!("<p class=\"caution\">{}</p>\n", escape(words::DISCLAIMER)))];
    out.push(paragraph(
        "A definition is elements in limbs: all elements of one limb must be proved, of each list one entry is enough. \
         The table is made from the program's encoding of the Protocol's article 3. For a child no means has to be shown; \
         this is a rule of its own, not a consequence of irrelevant consent.",
    ));
    if let Some(protocol) = law.find(PROTOCOL) {
        out.push(Block::Table(definition(law, &law.norms[protocol])));
    }
    out.push(paragraph("Other orders draw other boundaries: what each definition lists, and which contains which."));
    out.push(Block::Figure(figures::matrix(law, &norms, view)));
    out.push(Block::Figure(figures::implication(law, &definitions.order(&norms)?, OpenReading::Shared, view)));
    out.push(Block::Table(tables::overlap(law, &norms, &overlap(law, &norms, OpenReading::Shared, false))));
    for (id, shown) in WORKED {
        if let Some(case) = library.cases.iter().find(|c| c.id == *id) {
            out.extend(worked(&logic, case, shown)?);
        }
    }
    out.push(paragraph(
        "When an element of the Protocol's definition cannot be proved for an adult, these norms hold all the same, \
         in at least one of the ways in which the other elements can be met.",
    ));
    out.push(Block::Figure(lost(&logic, view)?));
    let burdens = norms.iter().map(|&n| burden(&logic, &definitions, n)).collect::<Result<Vec<_>, _>>()?;
    out.push(Block::Table(tables::burden(law, &burdens)));
    Ok(out)
}

fn paragraph(words: &str) -> Block {
    Block::Html(format!("<p>{}</p>\n", escape(words)))
}

/// Table 2 of the article as the program's own: each element for adults and for children, with its provision.
fn definition(law: &Law, norm: &Norm) -> Table {
    let columns = ["element", "adults", "children", "provision"];
    let mut table = Table::new("definition-protocol", format!("{}: what has to be proved", norm.short), &columns);
    let child_limb = norm.limbs.iter().find(|l| l.requires.iter().any(|t| is_age(norm, *t)));
    let adult_limb = norm.limbs.iter().find(|l| !l.requires.iter().any(|t| is_age(norm, *t)));
    let (Some(adult), Some(child)) = (adult_limb, child_limb) else { return table };
    let mut seen = BTreeSet::new();
    for term in adult.requires.iter().chain(&child.requires) {
        let Atom::Element(e) = term.atom else { continue };
        if !seen.insert(e) {
            continue;
        }
        let element = &norm.elements[e];
        let listed: Vec<String> = element.all.iter().chain(&element.any).map(|t| words::term(law, norm, *t)).collect();
        let open = if element.open.is_some() { "; the list is open" } else { "" };
        let words = format!("{}{open}", listed.join(", "));
        let of = |limb: &[Term]| {
            if limb.contains(term) { Cell::text(words.clone()) } else { Cell::text("not required") }
        };
        table.push(vec![
            Cell::text(&element.role),
            of(&adult.requires),
            of(&child.requires),
            Cell::text(&element.cite),
        ]);
    }
    table.notes.push(format!("Limbs: {} for anybody, {} for a child.", adult.cite, child.cite));
    table.notes.extend(norm.remarks.iter().map(|r| format!("{} ({})", r.text, r.cite)));
    table.notes.extend(norm.scopes.iter().map(|s| format!("{} ({})", s.text, s.cite)));
    table
}

fn is_age(norm: &Norm, t: Term) -> bool {
    matches!(t.atom, Atom::Element(e) if norm.elements.get(e).is_some_and(|e| e.role == "age"))
}

/// A worked case: what its facts do to each norm, on the two lines of evidence.
fn worked(logic: &Logic<'_>, case: &Case, shown: &[&str]) -> Result<Vec<Block>, LogicError> {
    let law = logic.law;
    let mut out = Vec::new();
    for (i, person) in case.persons.iter().enumerate() {
        let bench = Bench::new(logic, person, Reading::default())?;
        let id = if i == 0 {
            format!("case-{}", case.id.replace('_', "-"))
        } else {
            format!("case-{}-{i}", case.id.replace('_', "-"))
        };
        let title = format!("{} ({})", case.title, words::person(case, person));
        let mut table = Table::new(id, title, &["norm", "protection", "prosecution", "penalty"]);
        for norm in shown.iter().filter_map(|id| law.find(id)) {
            let outcome = bench.outcome(norm)?;
            let n = &law.norms[norm];
            let aimed = if n.against_person { ", aimed at the person: never a fallback" } else { "" };
            table.push(vec![
                Cell::text(format!("{}{aimed}", n.short)),
                Cell::text(words::line(law, n, &outcome.protection)),
                Cell::text(words::line(law, n, &outcome.prosecution)),
                n.penalty.as_ref().map_or(Cell::Missing("not given"), |p| Cell::text(p.words())),
            ]);
        }
        table.notes.push(format!("{} case. {}", capital(&case.kind), case.why));
        table.notes.extend(words::caveats(person).iter().map(|c| format!("{}.", capital(c))));
        out.push(Block::Table(table));
    }
    Ok(out)
}

fn capital(words: &str) -> String {
    nomoscope_engine::words::capital(words)
}

/// What is left when the act, the means or the purpose of the Protocol's definition is lost.
fn lost(logic: &Logic<'_>, view: View) -> Result<nomoscope_figure::Figure, LogicError> {
    let law = logic.law;
    let mut lost: Vec<(String, Fallback)> = Vec::new();
    if let Some(n) = law.find(PROTOCOL) {
        for role in ["act", "means", "purpose"] {
            let Some(e) = law.norms[n].elements.iter().position(|e| e.role == role) else { continue };
            let left = of_elements(logic, n, &BTreeSet::from([e]), None, Reading::default(), 0)?;
            lost.push((words::element(&law.norms[n], e), left));
        }
    }
    Ok(figures::fallback(law, "Palermo Art. 3", &lost, view))
}
