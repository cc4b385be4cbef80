//! The section on law: the definition as a table, its neighbours, two worked cases, and what remains when it fails.
//!
//! Follows section 3 of Narminio (2020) with the bundled law; only the demonstration carries it.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::answer::Left;
use nomoscope_engine::law::library::{Library, bundled};
use nomoscope_engine::law::question::{Burden, Fallback, Overlap};
use nomoscope_engine::law::{figures, tables, words};
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::test::question::Question;
use std::sync::Arc;

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
pub fn section(context: &Context<'_>) -> Option<Section> {
    if !context.demo {
        return None;
    }
    // The bundled law is tested; should it be broken all the same, a report without it is better than none.
    let blocks = bundled().usable().map_err(Refusal::from).and_then(|library| blocks(&library)).ok()?;
    Some(Section {
        id: "law".into(),
        nav: "Law".into(),
        title: "The norm before the law".to_owned(),
        place: Place::AfterDefinition,
        brief: format!(
            "What one legal order calls trafficking, another does not: the definitions of {} are laid side by side. Not legal advice.",
            nomoscope_engine::words::counted(COMPARED.len(), "provision", "provisions")
        ),
        blocks,
    })
}

fn blocks(library: &Arc<Library>) -> Result<Vec<Block>, Refusal> {
    let (law, handle) = (&library.law, Handle::default());
    let overlap = Overlap { norms: ids(COMPARED), ..Overlap::default() }.ask(library, &handle)?;
    let mut out = vec![Block::Html(format!("<p class=\"caution\">{}</p>\n", escape(words::DISCLAIMER)))];
    out.push(paragraph(
        "A definition is elements in limbs: all elements of one limb must be proved, of each list one entry is enough. \
         The table is made from the program's encoding of the Protocol's article 3. For a child no means has to be shown; \
         this is a rule of its own, not a consequence of irrelevant consent.",
    ));
    if let Some(protocol) = law.find(PROTOCOL) {
        out.push(Block::Table(tables::definition(law, &law.norms[protocol], "definition-protocol")));
    }
    out.push(paragraph("Other orders draw other boundaries: what each definition lists, and which contains which."));
    out.extend(drawn(|view| overlap.figures(view)));
    // In how many ways each can be met stands in the matrix, too.
    out.push(Block::Table(tables::overlap(law, &overlap.norms, &overlap.overlaps)));
    for (id, norms) in WORKED {
        if let Some(case) = library.cases.iter().find(|c| c.id == *id) {
            let question = Question { norms: ids(norms), ..Question::default() };
            let tested = question.ask(library, std::slice::from_ref(case), &handle)?;
            out.extend(tested.tables().into_iter().map(Block::Table));
        }
    }
    out.push(paragraph(
        "When an element of the Protocol's definition cannot be proved for an adult, these norms hold all the same, \
         in at least one of the ways in which the other elements can be met.",
    ));
    let left = lost(library)?;
    out.extend(drawn(|view| vec![figures::fallback(law, "Palermo Art. 3", &left, view)]));
    let burden = Burden { norms: ids(COMPARED) }.ask(library, &handle)?;
    out.extend(burden.tables().into_iter().map(Block::Table));
    Ok(out)
}

fn ids(norms: &[&str]) -> Vec<String> {
    norms.iter().map(|id| (*id).to_owned()).collect()
}

fn paragraph(words: &str) -> Block {
    Block::Html(format!("<p>{}</p>\n", escape(words)))
}

/// Returns what is left when the act, the means or the purpose of the Protocol's definition is lost.
fn lost(library: &Arc<Library>) -> Result<Vec<Left>, Refusal> {
    let mut left = Vec::new();
    for element in ["act", "means", "purpose"] {
        let without = vec![element.to_owned()];
        let question = Fallback { norm: Some(PROTOCOL.to_owned()), without, within: 0, ..Fallback::default() };
        left.extend(question.ask(library, &[], &Handle::default())?.left);
    }
    Ok(left)
}
