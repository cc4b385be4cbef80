//! The section on agreement, where at least two people coded the study.

use super::agreement_tables as tables;
use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use crate::agreement::{ConceptAgreement, Options, StudyAgreement, Unit, of_study};
use nomoscope_core::codebook::Role as CodebookRole;
use nomoscope_core::stats::agreement::{Bootstrap, Coefficient, Estimate};
use nomoscope_core::table::{Cell, Table};
use nomoscope_figure::agreement::{Agreed, AgreementModel, draw};
use nomoscope_figure::{Heading, Role, View};

/// Passages on the page; the CSV has the same, `agree --json` all.
const PASSAGES: usize = 30;
/// Characters of a passage on the page.
const WORDS: usize = 240;

/// Returns the section, or none where nobody can be compared.
pub fn make(context: &Context<'_>, view: View) -> Option<Section> {
    let options = Options { coders: None, unit: Unit::Character, all_read: false, bootstrap: Bootstrap::default() };
    let corpus = &context.analysis.corpus;
    let found = of_study(corpus.codebook, context.study, options, &|_| {}).ok()?;
    if found.coders.iter().filter(|c| !crate::analysis::is_lexicon(context.study, &c.coder)).count() < 2 {
        return None;
    }
    let unit = format!("{}s", found.options.unit.name());
    let mut blocks = vec![Block::Html(opening(&found))];
    blocks.push(Block::Table(tables::coefficients(&found.overall, &unit)));
    blocks.push(Block::Figure(draw(&model(&found), view)));
    blocks.push(Block::Table(tables::by_concept(
        &found.concepts,
        &found.coders,
        "concept",
        Coefficient::KrippendorffAlpha,
    )));
    blocks.push(Block::Table(passages(&found)));
    if let Ok(validity) = &found.validity {
        blocks.push(Block::Table(tables::lexicon(validity)));
    }
    Some(Section {
        id: "agreement",
        nav: "Agreement",
        title: "Agreement between coders".to_owned(),
        place: Place::AfterCluster,
        blocks,
    })
}

fn opening(a: &StudyAgreement) -> String {
    let drawn = format!(
        "Intervals of 95 % are drawn by the bootstrap over {} ({}), with seed {}.",
        a.drawn.0, a.drawn.1, a.options.bootstrap.seed.0
    );
    let pooled =
        if a.overlapping { " Coders gave one place several concepts, so u-alpha is pooled over concepts." } else { "" };
    format!(
        "<p>{} Text that nobody marked counts as agreement that the concept is not there. {drawn}{pooled} Krippendorff (2019) takes conclusions as safe from 0.8 on, and as tentative from 0.667 on.</p>\n",
        escape(&tables::headline(a))
    )
}

fn passages(a: &StudyAgreement) -> Table {
    let mut table = tables::passages(a);
    let all = table.rows.len();
    table.rows.truncate(PASSAGES);
    for row in &mut table.rows {
        if let Some(Cell::Text(words)) = row.last_mut() {
            clip(words);
        }
    }
    if all > PASSAGES {
        table.notes.push(format!("{PASSAGES} of {all}; `nomoscope agree --json` gives all of them."));
    }
    table
}

fn clip(words: &mut String) {
    if words.chars().count() > WORDS {
        *words = format!("{}…", words.chars().take(WORDS).collect::<String>().trim_end());
    }
}

fn model(a: &StudyAgreement) -> AgreementModel {
    let alpha =
        |estimates: &[Estimate]| estimates.iter().find(|e| e.coefficient == Coefficient::KrippendorffAlpha).copied();
    let agreed = |id: &str, label: &str, role, codings, estimate: Option<Estimate>| {
        let interval = estimate.and_then(|e| e.interval.ok());
        Agreed {
            id: id.to_owned(),
            label: label.to_owned(),
            role,
            value: estimate.and_then(|e| e.value.ok()),
            lower: interval.and_then(|i| i.lower),
            upper: interval.and_then(|i| i.upper),
            codings,
            href: None,
        }
    };
    let role = |c: &ConceptAgreement| match c.roles.as_slice() {
        [CodebookRole::Problem] => Some(Role::Problem),
        [CodebookRole::Value] => Some(Role::Value),
        [CodebookRole::Behaviour] => Some(Role::Behaviour),
        _ => None,
    };
    let of = |c: &ConceptAgreement| agreed(&c.concept, &c.label, role(c), c.by_coder.iter().sum(), alpha(&c.estimates));
    let codings = a.coders.iter().map(|c| c.codings).sum();
    AgreementModel {
        heading: Heading {
            note: Some(format!("{} Compared by character.", tables::headline(a))),
            ..Heading::default()
        },
        coefficient: "Krippendorff's alpha".to_owned(),
        overall: (a.concepts.len() > 1).then(|| agreed("", "all concepts", None, codings, alpha(&a.overall))),
        concepts: a.concepts.iter().map(of).collect(),
    }
}
