//! Words to begin from: frequent ones, those that set groups apart, and those near a concept.

use super::question::{Field, Input, Kind};
use nomoscope_engine::terms::answer::Terms;
use nomoscope_engine::terms::question::Question;

pub(super) static KIND: Kind<Question, Terms> = Kind {
    here: "/words",
    title: "Words",
    fields: &[
        Field { name: "by", label: "Groups by", input: Input::Attribute },
        Field { name: "ngrams", label: "Words of a phrase", input: Input::Number },
        Field { name: "near", label: "Near the concept", input: Input::Concept },
        Field { name: "width", label: "How many words are near", input: Input::Number },
        Field { name: "least", label: "Least number", input: Input::Number },
        Field { name: "stop_words", label: "Words that say little alone, too", input: Input::Check },
    ],
    open: 3,
    ask: Question::ask,
    more: &[],
};
