//! Values of variables whose kind a program states and does not hold to.

use super::project::ForeignProject;
use nomoscope_core::study::{Annotation, Value, Variable, VariableKind};
use std::collections::BTreeMap;

/// Returns a value of a variable; a variable that nobody described is made, and one whose values are not what it says becomes
/// one of words. An empty word is no value.
pub(super) fn typed(
    kinds: &mut BTreeMap<String, VariableKind>,
    project: &mut ForeignProject,
    variable: &str,
    word: &str,
) -> Option<Value> {
    if word.is_empty() {
        return None;
    }
    let kind = *kinds.entry(variable.to_owned()).or_insert_with(|| {
        let made = Variable {
            id: variable.into(),
            name: variable.to_owned(),
            kind: VariableKind::Text,
            description: String::new(),
        };
        project.annotations.push(Annotation::Variable(made));
        VariableKind::Text
    });
    if let Ok(value) = kind.parse(word) {
        return Some(value);
    }
    kinds.insert(variable.to_owned(), VariableKind::Text);
    as_words(project, variable);
    Some(Value::Text(word.to_owned()))
}

/// Makes a variable one of words, with the values that it has.
fn as_words(project: &mut ForeignProject, variable: &str) {
    project.notes.push(format!("variable `{variable}` holds values of several kinds; all are kept as words"));
    for known in project.annotations.variables.iter_mut().filter(|known| known.id == *variable) {
        known.kind = VariableKind::Text;
    }
    for value in project.annotations.values.iter_mut().filter(|value| value.variable == *variable) {
        value.value = Value::Text(value.value.to_string());
    }
}
