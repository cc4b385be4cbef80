//! Discourse Network Analyzer 3 (`.dna`): a study as its database, which that program opens.
//!
//! A passage with values is a statement, as it was when it came in; every other coding is a statement with a concept.
//! Positions are UTF-16 units, the end not included. The names of tables and columns are those that the program asks for.

use super::account::{Thing, Writing, homeless, unused};
use super::dna;
use super::outgoing::{Lost, Outgoing, Written};
use super::project::{COLOR, color};
use super::sqlite::{self, NewRow};
use super::times::to_epoch;
use crate::study::offsets::Offsets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nomoscope_core::problem::{Problem, Problems};
use nomoscope_core::study::{CoderId, CodingRecord, Member, Source, Subject, Value, Variable, VariableValue};
use nomoscope_core::text::Span;
use rusqlite::types::Value as Cell;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The type of statements that were codings.
const CODING: &str = "Coding";
/// The password of every coder: the program wants one, and a file that anybody can read keeps nothing from anybody.
const PASSWORD: &str = "nomoscope";
/// The version of the layout.
const VERSION: &str = "3.0.7";
/// How many characters fit where the program limits them.
const MOST: usize = 190;
/// A colour where the study has none.
const GREY: [i64; 3] = [190, 190, 190];

/// A table with its columns, as SQLite declares them.
const TABLES: [(&str, &str); 16] = [
    ("SETTINGS", "Property TEXT PRIMARY KEY, Value TEXT NOT NULL"),
    (
        "DOCUMENTS",
        "ID INTEGER PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL, Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE, Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '', Section TEXT NOT NULL DEFAULT '', Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL",
    ),
    (
        "STATEMENTTYPES",
        "ID INTEGER PRIMARY KEY, Label TEXT NOT NULL, Red INTEGER NOT NULL DEFAULT 0, Green INTEGER NOT NULL DEFAULT 0, Blue INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "VARIABLES",
        "ID INTEGER PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL DEFAULT 'short text', StatementTypeId INTEGER REFERENCES STATEMENTTYPES(ID) ON DELETE CASCADE, UNIQUE (Variable, StatementTypeId)",
    ),
    (
        "VARIABLELINKS",
        "ID INTEGER PRIMARY KEY, SourceVariableId INTEGER REFERENCES VARIABLES(ID) ON DELETE CASCADE, TargetVariableId INTEGER REFERENCES VARIABLES(ID) ON DELETE CASCADE",
    ),
    (
        "REGEXES",
        "Label TEXT PRIMARY KEY, Red INTEGER NOT NULL DEFAULT 0, Green INTEGER NOT NULL DEFAULT 0, Blue INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "CODERRELATIONS",
        "ID INTEGER PRIMARY KEY, Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE, OtherCoder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE, viewStatements INTEGER NOT NULL DEFAULT 1, editStatements INTEGER NOT NULL DEFAULT 1, viewDocuments INTEGER NOT NULL DEFAULT 1, editDocuments INTEGER NOT NULL DEFAULT 1",
    ),
    (
        "STATEMENTS",
        "ID INTEGER PRIMARY KEY, StatementTypeId INTEGER REFERENCES STATEMENTTYPES(ID) ON DELETE CASCADE, DocumentId INTEGER REFERENCES DOCUMENTS(ID) ON DELETE CASCADE, Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE, CHECK (Start < Stop)",
    ),
    (
        "ENTITIES",
        "ID INTEGER PRIMARY KEY, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, Value TEXT NOT NULL DEFAULT '', Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER REFERENCES ENTITIES(ID) ON DELETE CASCADE, UNIQUE (VariableId, Value)",
    ),
    ("DATABOOLEAN", DATA),
    ("DATAINTEGER", DATA),
    (
        "DATALONGTEXT",
        "ID INTEGER PRIMARY KEY, StatementId INTEGER NOT NULL REFERENCES STATEMENTS(ID) ON DELETE CASCADE, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, Value TEXT DEFAULT '', UNIQUE (StatementId, VariableId)",
    ),
    (
        "DATASHORTTEXT",
        "ID INTEGER PRIMARY KEY, StatementId INTEGER NOT NULL REFERENCES STATEMENTS(ID) ON DELETE CASCADE, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, Entity INTEGER NOT NULL REFERENCES ENTITIES(ID) ON DELETE CASCADE, UNIQUE (StatementId, VariableId)",
    ),
    (
        "ATTRIBUTEVARIABLES",
        "ID INTEGER PRIMARY KEY, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, AttributeVariable TEXT NOT NULL, UNIQUE (VariableId, AttributeVariable)",
    ),
    (
        "ATTRIBUTEVALUES",
        "ID INTEGER PRIMARY KEY, EntityId INTEGER NOT NULL REFERENCES ENTITIES(ID) ON DELETE CASCADE, AttributeVariableId INTEGER NOT NULL REFERENCES ATTRIBUTEVARIABLES(ID) ON DELETE CASCADE, AttributeValue TEXT NOT NULL DEFAULT '', UNIQUE (EntityId, AttributeVariableId)",
    ),
    (
        "CODERS",
        "ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, Red INTEGER NOT NULL DEFAULT 0, Green INTEGER NOT NULL DEFAULT 0, Blue INTEGER NOT NULL DEFAULT 0, Refresh INTEGER NOT NULL DEFAULT 0, FontSize INTEGER NOT NULL DEFAULT 14, Password TEXT NOT NULL, PopupWidth INTEGER DEFAULT 300, ColorByCoder INTEGER NOT NULL DEFAULT 0, PopupDecoration INTEGER NOT NULL DEFAULT 0, PopupAutoComplete INTEGER NOT NULL DEFAULT 1",
    ),
];
const DATA: &str = "ID INTEGER PRIMARY KEY, StatementId INTEGER NOT NULL REFERENCES STATEMENTS(ID) ON DELETE CASCADE, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, Value INTEGER NOT NULL DEFAULT 0, UNIQUE (StatementId, VariableId)";
/// What a coder may do, all of it.
const PERMISSIONS: [&str; 16] = [
    "AddDocuments",
    "EditDocuments",
    "DeleteDocuments",
    "ImportDocuments",
    "AddStatements",
    "EditStatements",
    "DeleteStatements",
    "EditAttributes",
    "EditRegex",
    "EditStatementTypes",
    "EditCoders",
    "EditCoderRelations",
    "ViewOthersDocuments",
    "EditOthersDocuments",
    "ViewOthersStatements",
    "EditOthersStatements",
];

/// Databases.
pub(super) static DATABASE: Writing = Writing {
    file: project,
    holds: &[
        Thing::Texts,
        Thing::Attributes,
        Thing::Concepts,
        Thing::Codings,
        Thing::CodingMemos,
        Thing::Coders,
        Thing::Passages,
        Thing::Cases,
        Thing::Sets,
        Thing::Members,
        Thing::Variables,
        Thing::Values,
        Thing::Colors,
    ],
    why: "the program has no place for it",
};

/// Writes the study.
fn project(out: &Outgoing<'_>) -> Result<Written, Problems> {
    if out.study.sources.is_empty() {
        return Err(Problem::new("", "the study holds no source: there is nothing to write").into());
    }
    let mut dna = Dna::new(out);
    dna.coders();
    dna.documents();
    dna.declared();
    dna.passages();
    dna.codings();
    dna.attributes();
    dna.rest();
    let failed = |e: rusqlite::Error| Problems::from(Problem::new("", format!("the database cannot be written: {e}")));
    let bytes = sqlite::written(&schema(), &dna.rows).map_err(failed)?;
    let notes = vec![format!(
        "Discourse Network Analyzer asks for a coder and a password: every coder of this file has the password `{PASSWORD}`, which protects nothing"
    )];
    Ok(Written { notes: [notes, dna.notes].concat(), ..dna.lost.written(bytes) })
}

fn schema() -> String {
    let permissions = PERMISSIONS.map(|name| format!(", Permission{name} INTEGER NOT NULL DEFAULT 1")).concat();
    let table = |(name, columns): &(&str, &str)| {
        let more = if *name == "CODERS" { permissions.as_str() } else { "" };
        format!("CREATE TABLE {name}({columns}{more});\n")
    };
    TABLES.iter().map(table).collect()
}

/// Returns a password as the program keeps it: sixteen bytes of salt, then SHA-256 of it and the password, a hundred
/// thousand times, in base 64. The salt is made of words, so that the same study gives the same file.
fn hashed(password: &str, words: &str) -> String {
    let salt: Vec<u8> = Sha256::digest(words.as_bytes()).iter().copied().take(16).collect();
    let mut digest = Sha256::new().chain_update(&salt).chain_update(password.as_bytes()).finalize();
    for _ in 1..100_000 {
        digest = Sha256::digest(digest);
    }
    STANDARD.encode([salt.as_slice(), digest.as_slice()].concat())
}

/// A variable of a type of statements.
struct Column {
    id: i64,
    data: &'static str,
    /// The variable of the study that it is; none for the concept of a coding.
    own: Option<String>,
}

/// The rows so far, and what refers to what.
struct Dna<'a> {
    out: &'a Outgoing<'a>,
    rows: Vec<NewRow>,
    lost: Lost,
    notes: Vec<String>,
    coders: BTreeMap<CoderId, i64>,
    /// Documents by path, with the positions of their texts.
    documents: HashMap<&'a str, (i64, Offsets<'a>)>,
    types: BTreeMap<String, i64>,
    columns: BTreeMap<(i64, String), Column>,
    entities: BTreeMap<(i64, String), i64>,
    values: HashMap<&'a Subject, Vec<&'a VariableValue>>,
    variables: HashMap<&'a str, &'a Variable>,
    /// Variables with a value that is too long for an entity.
    long: HashSet<&'a str>,
    /// Names of cases by id.
    cases: HashMap<&'a str, &'a str>,
    n_statements: i64,
    n_data: i64,
    /// What statements say already: source, place and words.
    said: BTreeSet<(&'a str, Span, String)>,
}

impl<'a> Dna<'a> {
    fn new(out: &'a Outgoing<'a>) -> Self {
        let annotations = &out.study.annotations;
        let is_long = |v: &&VariableValue| v.value.to_string().chars().count() > MOST;
        let mut values: HashMap<&Subject, Vec<&VariableValue>> = HashMap::new();
        for value in &annotations.values {
            values.entry(&value.of).or_default().push(value);
        }
        Self {
            out,
            rows: Vec::new(),
            lost: Lost::default(),
            notes: Vec::new(),
            coders: BTreeMap::new(),
            documents: HashMap::new(),
            types: BTreeMap::new(),
            columns: BTreeMap::new(),
            entities: BTreeMap::new(),
            values,
            variables: annotations.variables.iter().map(|v| (v.id.as_str(), v)).collect(),
            long: annotations.values.iter().filter(is_long).map(|v| v.variable.as_str()).collect(),
            cases: annotations.cases.iter().map(|c| (c.id.as_str(), c.name.as_str())).collect(),
            n_statements: 0,
            n_data: 0,
            said: BTreeSet::new(),
        }
    }

    fn put<const N: usize>(&mut self, table: &'static str, columns: [&'static str; N], cells: [Cell; N]) {
        self.rows.push((table, columns.to_vec(), cells.to_vec()));
    }

    /// Returns words that fit where the program limits them.
    fn short(&mut self, words: &str, what: &str) -> Cell {
        let cut: String = words.chars().take(MOST).collect();
        if cut.len() < words.len() {
            self.lost.add(what, 1, "they are cut: 190 characters fit there");
        }
        Cell::Text(cut)
    }

    /// Returns the value of a variable of something, as words.
    fn value_of(&self, of: &Subject, variable: &str) -> Option<String> {
        let known = self.values.get(of)?.iter().find(|v| self.name_of(v) == variable)?;
        Some(known.value.to_string())
    }

    fn name_of(&self, value: &VariableValue) -> &'a str {
        self.variables.get(value.variable.as_str()).map_or("", |v| v.name.as_str())
    }

    fn color_of(&self, of: &Subject) -> Option<[i64; 3]> {
        let hex = color(&self.value_of(of, COLOR)?)?;
        let part = |from: usize| hex.get(from..from + 2).and_then(|two| i64::from_str_radix(two, 16).ok());
        Some([part(1)?, part(3)?, part(5)?])
    }

    fn coders(&mut self) {
        let time = self.out.time.get(..10).unwrap_or_default().to_owned();
        for (property, value) in [("version", VERSION.to_owned()), ("date", time)] {
            self.put("SETTINGS", ["Property", "Value"], [Cell::Text(property.to_owned()), Cell::Text(value)]);
        }
        let known = &self.out.study.coders;
        let names: BTreeMap<&CoderId, &str> = known.iter().map(|c| (&c.id, c.name.as_str())).collect();
        let codings = self.out.study.codings.iter().map(|c| &c.coder);
        let passages = self.out.study.annotations.passages.iter().map(|p| &p.coder);
        let mut all: Vec<&CoderId> = known.iter().map(|c| &c.id).chain(codings).chain(passages).collect();
        let mut seen = BTreeSet::new();
        all.retain(|id| !id.as_str().is_empty() && seen.insert(*id));
        let name = |id: &CoderId| names.get(id).filter(|n| !n.is_empty()).map_or(id.as_str(), |n| *n).to_owned();
        // The first is whom the program lets do everything; a project of its own has one already.
        let first = all.iter().position(|id| name(id) == "Admin");
        let mut order = vec![("Admin".to_owned(), first.map(|at| all.remove(at)))];
        order.extend(all.into_iter().map(|id| (name(id), Some(id))));
        let password = hashed(PASSWORD, &self.out.study.meta.title);
        for (number, (name, id)) in (1_i64..).zip(&order) {
            let [r, g, b] = id.and_then(|id| self.color_of(&Subject::Coder(id.clone()))).unwrap_or(GREY);
            let columns = ["ID", "Name", "Red", "Green", "Blue", "Password"];
            let words = self.short(name, "names of coders");
            let password = Cell::Text(password.clone());
            self.put("CODERS", columns, [number.into(), words, r.into(), g.into(), b.into(), password]);
            if let Some(id) = id {
                self.coders.insert((*id).clone(), number);
            }
        }
        self.relations(order.len() as i64);
    }

    /// Lets every coder see the work of all others.
    fn relations(&mut self, n: i64) {
        let pairs = (1..=n).flat_map(|a| (1..=n).filter(move |b| *b != a).map(move |b| (a, b)));
        for (number, (coder, other)) in (1_i64..).zip(pairs) {
            let columns = ["ID", "Coder", "OtherCoder"];
            self.put("CODERRELATIONS", columns, [number.into(), coder.into(), other.into()]);
        }
    }

    fn documents(&mut self) {
        let out = self.out;
        let actor = out.study.meta.actor.as_deref().unwrap_or("author");
        let mut undated = 0;
        for (id, source) in (1_i64..).zip(out.study.sources.iter()) {
            let said = |name: &str| source.attributes.get(name).cloned().unwrap_or_default();
            let author = Some(said("author")).filter(|a| !a.is_empty()).unwrap_or_else(|| said(actor));
            let kind = Some(said("type")).filter(|t| !t.is_empty()).or_else(|| source.kind.clone()).unwrap_or_default();
            let of_document = ["author", actor, "source", "section", "notes", "type"];
            let more = source.attributes.keys().filter(|name| !of_document.contains(&name.as_str())).count();
            self.lost.add(Thing::Attributes.name(), more, "a document has author, source, section, notes and type");
            let title = if source.title.is_empty() { &source.path } else { &source.title };
            let cells = [
                id.into(),
                self.short(title, "titles"),
                Cell::Text(source.document.text.to_string()),
                Cell::Integer(1),
                self.short(&author, "authors"),
                self.short(&said("source"), "names of sources"),
                self.short(&said("section"), "names of sections"),
                Cell::Text(said("notes")),
                self.short(&kind, "kinds of sources"),
                self.seconds(source, &mut undated).into(),
            ];
            let columns = ["ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"];
            self.put("DOCUMENTS", columns, cells);
            self.documents.insert(source.path.as_str(), (id, Offsets::new(&source.document.text)));
        }
        if undated > 0 {
            let text = if undated == 1 { "1 text has" } else { &format!("{undated} texts have") };
            self.notes.push(format!("{text} no date: there, 1970-01-01 stands for it"));
        }
    }

    /// Returns when a source was published, in seconds since 1970; a month or a year alone counts from its first day.
    fn seconds(&self, source: &Source, undated: &mut usize) -> i64 {
        let exact = self.value_of(&Subject::Source(source.path.as_str().into()), dna::TIME);
        if let Some(seconds) = exact.and_then(|time| to_epoch(&time)) {
            return seconds;
        }
        let Some(date) = source.date else {
            *undated += 1;
            return 0;
        };
        let day = format!("{date}{}", "-01".repeat(2_usize.saturating_sub(date.to_string().matches('-').count())));
        to_epoch(&format!("{day}T00:00:00Z")).unwrap_or_default()
    }

    fn type_of(&mut self, label: &str) -> i64 {
        let label = if label.is_empty() { "Statement" } else { label };
        if let Some(&id) = self.types.get(label) {
            return id;
        }
        let id = self.types.len() as i64 + 1;
        self.types.insert(label.to_owned(), id);
        let [r, g, b] = GREY;
        let words = self.short(label, "names of types of statements");
        self.put(
            "STATEMENTTYPES",
            ["ID", "Label", "Red", "Green", "Blue"],
            [id.into(), words, r.into(), g.into(), b.into()],
        );
        id
    }

    /// Returns a variable of a type of statements, which is made where it is not there.
    fn column(&mut self, of: i64, name: &str, data: &'static str, own: Option<&str>) -> (i64, &'static str) {
        let key = (of, name.to_owned());
        if let Some(known) = self.columns.get(&key) {
            return (known.id, known.data);
        }
        let id = self.columns.len() as i64 + 1;
        self.columns.insert(key, Column { id, data, own: own.map(str::to_owned) });
        let (columns, words) =
            (["ID", "Variable", "DataType", "StatementTypeId"], self.short(name, "names of variables"));
        self.put("VARIABLES", columns, [id.into(), words, Cell::Text(data.to_owned()), of.into()]);
        if data == "short text" {
            // The program expects one for "nothing said".
            self.entity(id, "", None);
        }
        (id, data)
    }

    fn entity(&mut self, variable: i64, value: &str, color: Option<[i64; 3]>) -> i64 {
        let key = (variable, value.to_owned());
        if let Some(&id) = self.entities.get(&key) {
            return id;
        }
        let id = self.entities.len() as i64 + 1;
        self.entities.insert(key, id);
        let [r, g, b] = color.unwrap_or_default();
        let columns = ["ID", "VariableId", "Value", "Red", "Green", "Blue"];
        self.put(
            "ENTITIES",
            columns,
            [id.into(), variable.into(), Cell::Text(value.to_owned()), r.into(), g.into(), b.into()],
        );
        id
    }

    /// Takes up the variables that came from the program, used or not, with all their entities.
    fn declared(&mut self) {
        let out = self.out;
        let annotations = &out.study.annotations;
        for variable in &annotations.variables {
            let Some((data, of)) = dna::declared(&variable.description) else { continue };
            let of = self.type_of(of);
            let (id, data) = self.column(of, &variable.name, data, Some(variable.id.as_str()));
            if data != "short text" {
                continue;
            }
            let set =
                annotations.sets.iter().find(|s| s.name == variable.name && s.description == variable.description);
            let Some(set) = set.map(|s| Subject::Set(s.id.clone())) else { continue };
            for member in annotations.members.iter().filter(|m| m.of == set) {
                let Subject::Case(case) = &member.member else { continue };
                let Some(name) = self.cases.get(case.as_str()).copied() else { continue };
                self.entity(id, name, self.color_of(&member.member));
            }
        }
    }

    /// Returns how a value of this variable is kept: what is short is an entity, which networks are made of.
    fn data_of(&self, variable: &Variable) -> &'static str {
        use nomoscope_core::study::VariableKind as Kind;
        if let Some((data, _)) = dna::declared(&variable.description) {
            return data;
        }
        match variable.kind {
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            _ if self.long.contains(variable.id.as_str()) => "long text",
            _ => "short text",
        }
    }

    fn passages(&mut self) {
        let out = self.out;
        for passage in &out.study.annotations.passages {
            let of = Subject::Passage(passage.id.clone());
            let values = self.values.get(&of).cloned().unwrap_or_default();
            if values.is_empty() {
                self.lost.add(Thing::Passages.name(), 1, "nothing is said of them: a statement has values");
                continue;
            }
            let label = self.value_of(&of, dna::TYPE).unwrap_or_default();
            let kind = self.type_of(&label);
            let of = (Thing::Passages, passage.source.as_str(), passage.span);
            let Some(statement) = self.statement(kind, of, &passage.coder) else { continue };
            for value in values {
                let Some(variable) = self.variables.get(value.variable.as_str()).copied() else { continue };
                if variable.name == dna::TYPE {
                    continue;
                }
                let data = self.data_of(variable);
                let (id, data) = self.column(kind, &variable.name, data, Some(variable.id.as_str()));
                self.datum(statement, id, data, &value.value);
                let words = value.value.to_string();
                if let Some((path, _)) = self.documents.get_key_value(passage.source.as_str()) {
                    self.said.insert((path, passage.span, words));
                }
            }
        }
    }

    fn statement(&mut self, kind: i64, of: (Thing, &str, Span), coder: &CoderId) -> Option<i64> {
        let (thing, path, span) = of;
        let place = self.documents.get(path).and_then(|(document, text)| {
            Some([*document, text.utf16_of(span.start)?.into(), text.utf16_of(span.end)?.into()])
        });
        let Some([document, start, stop]) = place else {
            self.lost.add(thing.name(), 1, "their source has no text");
            return None;
        };
        if start >= stop {
            self.lost.add(thing.name(), 1, "they cover no character, which a statement must");
            return None;
        }
        self.n_statements += 1;
        let coder = self.coders.get(coder).copied().unwrap_or(1);
        let columns = ["ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"];
        let id = self.n_statements;
        self.put("STATEMENTS", columns, [id, kind, document, start, stop, coder].map(Cell::Integer));
        Some(id)
    }

    fn datum(&mut self, statement: i64, variable: i64, data: &'static str, value: &Value) {
        let words = value.to_string();
        let (table, column, cell) = match (data, value) {
            ("boolean", Value::Boolean(yes)) => ("DATABOOLEAN", "Value", Cell::Integer(i64::from(*yes))),
            ("integer", Value::Integer(n)) => ("DATAINTEGER", "Value", Cell::Integer(*n)),
            ("long text", _) => ("DATALONGTEXT", "Value", Cell::Text(words)),
            _ => ("DATASHORTTEXT", "Entity", Cell::Integer(self.entity(variable, &words, None))),
        };
        self.n_data += 1;
        let columns = ["ID", "StatementId", "VariableId", column];
        self.put(table, columns, [self.n_data.into(), statement.into(), variable.into(), cell]);
    }

    /// Makes a statement of each coding that no statement says already.
    fn codings(&mut self) {
        let out = self.out;
        let mut codings: Vec<&CodingRecord> = out.study.codings.iter().filter(|c| c.status.counts()).collect();
        codings.sort_by(|a, b| (&a.source, a.span, &a.concept, &a.id).cmp(&(&b.source, b.span, &b.concept, &b.id)));
        let names = self.names();
        for coding in codings {
            let name = names.get(coding.concept.as_str()).cloned().unwrap_or_else(|| coding.concept.to_string());
            if self.said.contains(&(coding.source.as_str(), coding.span, name.clone())) {
                self.lost.add(
                    Thing::CodingMemos.name(),
                    usize::from(!coding.memo.is_empty()),
                    "a statement of the program has none",
                );
                continue;
            }
            let kind = self.type_of(CODING);
            let of = (Thing::Codings, coding.source.as_str(), coding.span);
            let Some(statement) = self.statement(kind, of, &coding.coder) else { continue };
            let (concept, data) = self.column(kind, "concept", "short text", None);
            let concept_color = self.color_of(&Subject::Concept(coding.concept.clone()));
            self.entity(concept, &name, concept_color);
            self.datum(statement, concept, data, &Value::Text(name));
            if !coding.memo.is_empty() {
                let (memo, data) = self.column(kind, "memo", "long text", None);
                self.datum(statement, memo, data, &Value::Text(coding.memo.clone()));
            }
        }
    }

    /// Returns what each concept is called: its label, or its id where two have one label.
    fn names(&self) -> BTreeMap<&'a str, String> {
        let concepts = self.out.codebook.concepts();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for concept in concepts {
            *times.entry(concept.label_in("en")).or_default() += 1;
        }
        let fits = |label: &str| !label.is_empty() && times.get(label) == Some(&1) && label.chars().count() <= MOST;
        let name = |label: &str, id: &str| if fits(label) { label.to_owned() } else { id.to_owned() };
        concepts.iter().map(|c| (c.id.as_str(), name(c.label_in("en"), &c.id))).collect()
    }

    /// Writes what is said of entities.
    fn attributes(&mut self) {
        let out = self.out;
        let mut known: BTreeMap<(i64, &str), i64> = BTreeMap::new();
        let mut n_values = 0_i64;
        let columns: Vec<(i64, String)> = self
            .columns
            .values()
            .filter_map(|c| Some((c.id, c.own.clone()?)).filter(|_| c.data == "short text"))
            .collect();
        for value in &out.study.annotations.values {
            let Subject::Case(case) = &value.of else { continue };
            let (Some(name), Some(variable)) =
                (self.cases.get(case.as_str()).copied(), self.variables.get(value.variable.as_str()))
            else {
                continue;
            };
            if variable.id == *COLOR {
                continue;
            }
            let of = self.column_of(&variable.description, &columns);
            let place = of.and_then(|of| Some((of, *self.entities.get(&(of, name.to_owned()))?)));
            let Some((of, entity)) = place else {
                self.lost.add(Thing::Values.name(), 1, "the case is no entity of a variable of statements");
                continue;
            };
            let next = known.len() as i64 + 1;
            let attribute = *known.entry((of, variable.name.as_str())).or_insert(next);
            if attribute == next {
                let columns = ["ID", "VariableId", "AttributeVariable"];
                let words = self.short(&variable.name, "names of variables");
                self.put("ATTRIBUTEVARIABLES", columns, [attribute.into(), of.into(), words]);
            }
            n_values += 1;
            let words = self.short(&value.value.to_string(), "values of cases");
            let columns = ["ID", "EntityId", "AttributeVariableId", "AttributeValue"];
            self.put("ATTRIBUTEVALUES", columns, [n_values.into(), entity.into(), attribute.into(), words]);
        }
    }

    /// Returns the variable whose entities an attribute describes.
    fn column_of(&self, description: &str, columns: &[(i64, String)]) -> Option<i64> {
        let name = dna::attribute_of(description)?;
        let is_it = |(_, own): &&(i64, String)| self.variables.get(own.as_str()).is_some_and(|v| v.name == name);
        columns.iter().find(is_it).map(|(id, _)| *id)
    }

    fn rest(&mut self) {
        let out = self.out;
        self.lost.add(Thing::Concepts.name(), unused(out), "no statement is about them");
        let why = "entities, statements and documents have values there";
        let valued = |of: &Subject| matches!(of, Subject::Case(_) | Subject::Passage(_));
        self.lost.add(Thing::Values.name(), homeless(out, false, valued), why);
        let colored = |of: &Subject| matches!(of, Subject::Case(_) | Subject::Concept(_));
        self.lost.add(Thing::Colors.name(), homeless(out, true, colored), "entities have colours there");
        // The set of a variable is the variable; what belongs to others has no place.
        let of_variable = |name: &str| out.study.annotations.variables.iter().any(|v| v.name == name);
        let sets = out.study.annotations.sets.iter().filter(|set| !of_variable(&set.name));
        let sets: BTreeSet<&str> = sets.map(|set| set.id.as_str()).collect();
        self.lost.add(Thing::Sets.name(), sets.len(), "variables group entities there");
        let is_lost = |m: &&Member| !matches!(&m.of, Subject::Set(id) if !sets.contains(id.as_str()));
        let members = out.study.annotations.members.iter().filter(is_lost).count();
        self.lost.add(Thing::Members.name(), members, "variables group entities there");
    }
}
