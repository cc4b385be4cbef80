//! Figures of this answer.

use crate::agree::answer::{ConceptAgreement, StudyAgreement};
use crate::agree::tables;
use nomoscope_core::codebook::Role as CodebookRole;
use nomoscope_figure::agreement::{Agreed, AgreementModel};
use nomoscope_figure::{Heading, Role};
use nomoscope_stats::agreement::{Coefficient, Estimate};

/// Returns the figure's model: Krippendorff's alpha of each concept, and of all.
pub fn model(a: &StudyAgreement) -> AgreementModel {
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
