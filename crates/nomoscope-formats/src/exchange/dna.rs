//! Discourse Network Analyzer 2 and 3 (`.dna`): a SQLite database; positions in UTF-16 units, the end not included.
//!
//! A statement is a passage with values; an entity is a case, a member of the set of its variable. What is said of (the
//! variable `concept`, or what stands for it) is also a code on the statement, so that concepts can be mapped.

use super::counting::{Counting, Unit};
use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Loss, Selection, rgb};
use super::sqlite::{Database, Row, at};
use super::times::of_epoch;
use crate::FormatError;
use nomoscope_core::study::{
    Annotation, Case, Direction, Link, Member, Set, Subject, Value, Variable, VariableKind, VariableValue,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names of the variable that says what a statement is about, as the columns of tables of statements are called.
const CONCEPTS: [&str; 3] = ["concept", "category", "claim"];
/// The variable that says of which type a statement is.
pub(super) const TYPE: &str = "statement type";
/// The variable that keeps the time of day of a document.
pub(super) const TIME: &str = "date and time";

pub(super) fn fits(database: &Database<'_>) -> bool {
    database.has("STATEMENTS", &["DocumentId", "Start", "Stop"]) && database.has("DATASHORTTEXT", &["StatementId"])
}

pub(super) fn read(database: &Database<'_>) -> Result<ForeignProject, FormatError> {
    let mut dna =
        Dna { project: ForeignProject::default(), is_3: database.has("ENTITIES", &["Value"]), ..Dna::default() };
    dna.settings(database)?;
    dna.coders(database)?;
    dna.documents(database)?;
    dna.variables(database)?;
    dna.entities(database)?;
    dna.statements(database)?;
    dna.data(database)?;
    dna.rest(database)?;
    Ok(dna.project)
}

#[derive(Default)]
struct Dna {
    project: ForeignProject,
    is_3: bool,
    /// Kinds and names of variables by id.
    variables: BTreeMap<i64, (VariableKind, String)>,
    /// Values of entities by id.
    entities: BTreeMap<i64, (i64, String)>,
    /// The variable whose entities are codes.
    concepts: BTreeSet<i64>,
    /// Codes by variable and value.
    codes: BTreeMap<(i64, String), String>,
    /// Places of statements among the selections.
    statements: BTreeMap<i64, usize>,
}

/// Kinds of data that a variable of statements may have.
const DATA: [&str; 4] = ["short text", "long text", "integer", "boolean"];
const ATTRIBUTE: &str = "attribute of ";

/// Returns the kind of data and the type of statements of a variable that came from the program, from its description.
pub(super) fn declared(description: &str) -> Option<(&'static str, &str)> {
    let (data, of) = description.split_once(" of ")?;
    Some((DATA.into_iter().find(|known| *known == data)?, of))
}

/// Returns which variable of statements an attribute describes the entities of, from its description.
pub(super) fn attribute_of(description: &str) -> Option<&str> {
    description.strip_prefix(ATTRIBUTE)
}

fn variable(id: i64) -> String {
    format!("variable-{id}")
}

fn statement(id: i64) -> Subject {
    Subject::Passage(format!("statement-{id}").into())
}

impl Dna {
    fn settings(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let rows = database.rows("SETTINGS", &["Property", "Value"])?;
        let version = rows.iter().find(|row| at(row, 0).text() == "version").map(|row| at(row, 1).text());
        let guess = if self.is_3 { "3" } else { "2" };
        let version = version.filter(|v| !v.is_empty()).unwrap_or_else(|| guess.to_owned());
        self.project.origin = format!("Discourse Network Analyzer {version}");
        Ok(())
    }

    fn coders(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let rows = database.rows("CODERS", &["ID", "Name", "Red", "Green", "Blue"])?;
        self.project.count("coders", rows.len());
        for row in rows {
            let id = at(&row, 0).text();
            self.color(&Subject::Coder(id.as_str().into()), &row, 2);
            self.project.coders.push(ForeignCoder { id, name: at(&row, 1).text() });
        }
        self.project.lose("passwords of coders", self.project.coders.len(), "a study has none");
        Ok(())
    }

    /// Keeps a colour as a value of the variable `color`.
    fn color(&mut self, of: &Subject, row: &Row, from: usize) {
        let parts = [from, from + 1, from + 2].map(|place| at(row, place).int());
        // Black is what the program gives to what nobody coloured.
        if let Some(color) = rgb(parts).filter(|color| color != "#000000") {
            self.project.colored(of.clone(), color);
        }
    }

    fn documents(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let columns = ["ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"];
        let rows = database.rows("DOCUMENTS", &columns)?;
        self.project.count("documents", rows.len());
        for row in rows {
            let id = at(&row, 0).text();
            let seconds = at(&row, 9).int().map(|n| if self.is_3 { n } else { n.div_euclid(1000) });
            let time = seconds.map(of_epoch).unwrap_or_default();
            if !time.is_empty() && !time.ends_with("T00:00:00Z") {
                self.text_value(TIME, Subject::Source(id.as_str().into()), &time);
            }
            let names = [("author", 4), ("source", 5), ("section", 6), ("notes", 7), ("type", 8)];
            let said = names.map(|(name, place)| (name.to_owned(), at(&row, place).text()));
            let source = ForeignSource {
                id,
                name: at(&row, 1).text(),
                text: Some(at(&row, 2).text()),
                usual: Counting { unit: Unit::Utf16, ..Counting::default() },
                date: time.get(..10).and_then(|day| day.parse().ok()),
                attributes: said.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
                ..ForeignSource::default()
            };
            self.project.sources.push(source.without_bom());
        }
        Ok(())
    }

    /// Adds a value of a variable of words that this reader makes.
    fn text_value(&mut self, name: &str, of: Subject, value: &str) {
        if !self.project.annotations.variables.iter().any(|known| known.id == *name) {
            let (id, kind) = (name.into(), VariableKind::Text);
            let made = Variable { id, name: name.to_owned(), kind, description: String::new() };
            self.project.annotations.push(Annotation::Variable(made));
        }
        let value = VariableValue { variable: name.into(), of, value: Value::Text(value.to_owned()) };
        self.project.annotations.push(Annotation::Value(value));
    }

    fn variables(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let types = database.rows("STATEMENTTYPES", &["ID", "Label"])?;
        self.project.count("statement types", types.len());
        let rows = database.rows("VARIABLES", &["ID", "Variable", "DataType", "StatementTypeId"])?;
        self.project.count("variables", rows.len());
        for row in rows {
            let (Some(id), name) = (at(&row, 0).int(), at(&row, 1).text()) else { continue };
            let data = at(&row, 2).text();
            let kind = match data.as_str() {
                "boolean" => VariableKind::Boolean,
                "integer" => VariableKind::Integer,
                _ => VariableKind::Text,
            };
            let of_type = types.iter().find(|t| at(t, 0).int() == at(&row, 3).int() && at(t, 0).int().is_some());
            let of_type = of_type.map(|t| at(t, 1).text()).unwrap_or_default();
            if data == "short text" {
                let description = format!("{data} of {of_type}");
                let set = Set { id: variable(id).into(), name: name.clone(), description };
                self.project.annotations.push(Annotation::Set(set));
                if CONCEPTS.iter().any(|c| c.eq_ignore_ascii_case(&name)) {
                    self.concepts.insert(id);
                }
            }
            let description = format!("{data} of {of_type}");
            let made = Variable { id: variable(id).into(), name: name.clone(), kind, description };
            self.project.annotations.push(Annotation::Variable(made));
            self.variables.insert(id, (kind, name));
        }
        Ok(())
    }

    fn entities(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let (table, columns) = match self.is_3 {
            true => ("ENTITIES", ["ID", "VariableId", "Value", "Red", "Green", "Blue", "ChildOf", "", "", ""]),
            false => (
                "ATTRIBUTES",
                ["ID", "VariableId", "Value", "Red", "Green", "Blue", "ChildOf", "Type", "Alias", "Notes"],
            ),
        };
        let rows = database.rows(table, &columns)?;
        self.project.count("entities", rows.len());
        for row in &rows {
            let (Some(id), Some(of), value) = (at(row, 0).int(), at(row, 1).int(), at(row, 2).text()) else { continue };
            let case = Subject::Case(format!("entity-{id}").into());
            self.project.annotations.push(Annotation::Case(Case {
                id: format!("entity-{id}").into(),
                name: value.clone(),
                description: String::new(),
            }));
            let set = Subject::Set(variable(of).into());
            if self.variables.contains_key(&of) {
                self.project.annotations.push(Annotation::Member(Member { of: set, member: case.clone() }));
            }
            self.color(&case, row, 3);
            if self.concepts.contains(&of) && !value.is_empty() {
                let code = format!("entity-{id}");
                let color = rgb([3, 4, 5].map(|place| at(row, place).int())).filter(|c| c != "#000000");
                let made = ForeignCode {
                    id: code.clone(),
                    name: value.clone(),
                    color,
                    codable: true,
                    ..ForeignCode::default()
                };
                self.project.codes.push(made);
                self.codes.insert((of, value.clone()), code);
            }
            self.entities.insert(id, (of, value));
        }
        for row in &rows {
            let (Some(id), parent) = (at(row, 0).int(), at(row, 6)) else { continue };
            let parent = parent.int().filter(|parent| self.entities.contains_key(parent) && *parent != id);
            if let Some(parent) = parent {
                let [of, member] = [parent, id].map(|id| Subject::Case(format!("entity-{id}").into()));
                self.project.annotations.push(Annotation::Member(Member { of, member }));
            }
        }
        if self.is_3 {
            self.attributes_3(database)
        } else {
            self.attributes_2(&rows);
            Ok(())
        }
    }

    fn attributes_3(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let variables = database.rows("ATTRIBUTEVARIABLES", &["ID", "VariableId", "AttributeVariable"])?;
        self.project.count("attribute variables", variables.len());
        let mut known = BTreeSet::new();
        for row in variables {
            let (id, name) = (at(&row, 0).text(), at(&row, 2).text());
            let of = at(&row, 1).int().and_then(|of| self.variables.get(&of)).map(|(_, name)| name.clone());
            let description = format!("{ATTRIBUTE}{}", of.unwrap_or_default());
            let made = Variable { id: format!("attribute-{id}").into(), name, kind: VariableKind::Text, description };
            self.project.annotations.push(Annotation::Variable(made));
            known.insert(id);
        }
        let values = database.rows("ATTRIBUTEVALUES", &["EntityId", "AttributeVariableId", "AttributeValue"])?;
        self.project.count("attribute values", values.len());
        let mut filled = 0;
        for row in values {
            let (Some(entity), attribute, value) = (at(&row, 0).int(), at(&row, 1).text(), at(&row, 2).text()) else {
                continue;
            };
            if value.is_empty() || !known.contains(&attribute) || !self.entities.contains_key(&entity) {
                continue;
            }
            filled += 1;
            let of = Subject::Case(format!("entity-{entity}").into());
            let variable = format!("attribute-{attribute}").into();
            self.project.annotations.push(Annotation::Value(VariableValue { variable, of, value: Value::Text(value) }));
        }
        self.project.count("attribute values that are not empty", filled);
        Ok(())
    }

    fn attributes_2(&mut self, rows: &[Row]) {
        for row in rows {
            let Some(id) = at(row, 0).int() else { continue };
            for (name, place) in [("Type", 7), ("Alias", 8), ("Notes", 9)] {
                let value = at(row, place).text();
                if !value.is_empty() {
                    self.text_value(name, Subject::Case(format!("entity-{id}").into()), &value);
                }
            }
        }
    }

    fn statements(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        let types = database.rows("STATEMENTTYPES", &["ID", "Label"])?;
        let types: BTreeMap<i64, String> =
            types.iter().filter_map(|row| Some((at(row, 0).int()?, at(row, 1).text()))).collect();
        let rows = database.rows("STATEMENTS", &["ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"])?;
        self.project.count("statements", rows.len());
        for row in rows {
            let Some(id) = at(&row, 0).int() else { continue };
            let kind = at(&row, 1).int().and_then(|id| types.get(&id)).cloned();
            self.text_value(TYPE, statement(id), &kind.unwrap_or_default());
            self.statements.insert(id, self.project.selections.len());
            self.project.selections.push(Selection {
                id: format!("statement-{id}"),
                source: at(&row, 2).text(),
                place: at(&row, 3).int().zip(at(&row, 4).int()),
                coder: at(&row, 5).text(),
                keep: true,
                ..Selection::default()
            });
        }
        Ok(())
    }

    fn data(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        for (table, what) in [
            ("DATASHORTTEXT", "short texts"),
            ("DATALONGTEXT", "long texts"),
            ("DATAINTEGER", "integers"),
            ("DATABOOLEAN", "booleans"),
        ] {
            let by_entity = table == "DATASHORTTEXT" && self.is_3;
            let column = if by_entity { "Entity" } else { "Value" };
            let rows = database.rows(table, &["StatementId", "VariableId", column])?;
            self.project.count(what, rows.len());
            for row in rows {
                let (Some(id), Some(of)) = (at(&row, 0).int(), at(&row, 1).int()) else { continue };
                let word = match (by_entity, at(&row, 2).int()) {
                    (true, Some(entity)) => self.entities.get(&entity).map(|(_, v)| v.clone()).unwrap_or_default(),
                    _ => at(&row, 2).text(),
                };
                self.datum(id, of, word);
            }
        }
        let is_true = |v: &&VariableValue| v.value == Value::Boolean(true);
        let n = self.project.annotations.values.iter().filter(is_true).count();
        self.project.count("booleans that are true", n);
        Ok(())
    }

    fn datum(&mut self, id: i64, of: i64, word: String) {
        let (Some((kind, _)), Some(place)) = (self.variables.get(&of), self.statements.get(&id)) else {
            self.project.lose("values", 1, "their statement or variable is not in the file");
            return;
        };
        let word = match (kind, word.as_str()) {
            (VariableKind::Boolean, "0") => "false".to_owned(),
            (VariableKind::Boolean, "") => return,
            (VariableKind::Boolean, _) => "true".to_owned(),
            _ => word,
        };
        let Ok(value) = kind.parse(&word) else {
            self.project.lose("values", 1, "they are not what their variable says");
            return;
        };
        let variable_id = variable(of).into();
        self.project.annotations.push(Annotation::Value(VariableValue {
            variable: variable_id,
            of: statement(id),
            value,
        }));
        if let Some(code) = self.codes.get(&(of, word))
            && let Some(selection) = self.project.selections.get_mut(*place)
        {
            let coder = selection.coder.clone();
            selection.codings.push(ForeignCoding { code: code.clone(), coder, ..ForeignCoding::default() });
        }
    }

    fn rest(&mut self, database: &Database<'_>) -> Result<(), FormatError> {
        for (number, row) in (1_usize..).zip(database.rows("STATEMENTLINKS", &["SourceId", "TargetId"])?) {
            let (Some(from), Some(to)) = (at(&row, 0).int(), at(&row, 1).int()) else { continue };
            if [from, to].iter().all(|id| self.statements.contains_key(id)) {
                self.project.annotations.push(Annotation::Link(Link {
                    id: format!("link-{number}").into(),
                    from: statement(from),
                    to: statement(to),
                    direction: Direction::OneWay,
                    name: String::new(),
                    coder: "".into(),
                    created: String::new(),
                }));
            }
        }
        for (table, what, why) in [
            ("REGEXES", "search terms", "they only colour words on the screen"),
            ("CODERRELATIONS", "coder relations", "they say whose work a coder sees"),
            ("CODERPERMISSIONS", "coder permissions", "they say what a coder may do"),
            ("VARIABLELINKS", "links between variables", "a study has none"),
        ] {
            let n = database.rows(table, &["ID"])?.len();
            self.project.count(what, n);
            if n > 0 {
                self.project.lost.push(Loss { what: what.to_owned(), n, why: why.to_owned() });
            }
        }
        Ok(())
    }
}
