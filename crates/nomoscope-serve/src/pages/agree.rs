//! How far coders agree, and where they differ.

use super::question::{Field, Input, Kind};
use nomoscope_engine::agree::answer::StudyAgreement;
use nomoscope_engine::agree::question::Question;

pub(super) static KIND: Kind<Question, StudyAgreement> = Kind {
    here: "/agree",
    title: "Agreement",
    fields: &[
        Field { name: "coders", label: "Only these coders", input: Input::Coders },
        Field { name: "unit", label: "Unit", input: Input::Level },
        Field { name: "all_read", label: "Everybody read every source", input: Input::Check },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "seed", label: "Seed", input: Input::Number },
    ],
    open: 3,
    ask: Question::ask,
    more: &[],
};
