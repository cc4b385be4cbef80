//! Studies as REFI-QDA: projects (`.qdpx`) and codebooks (`.qdc`), valid against the schemas of March 2019.
//!
//! Positions are code points from 0, the end not included; texts are written as the study has them. What the standard has no
//! place for travels where it can: roles of codes as sets, values of selections and codings as notes; what it cannot carry is
//! counted. No path of a machine is written.

use super::account::{Thing, Writing, homeless};
use super::outgoing::{Guids, Lost, Outgoing, Written, xml};
use super::project::{CODABLE, COLOR, COLUMN_NOTE, ROLE_SET, VALUES_NOTE};
use super::times::time;
use crate::study::offsets::Offsets;
use nomoscope_core::codebook::{Concept, Role};
use nomoscope_core::problem::{Problem, Problems};
use nomoscope_core::study::{
    CodingRecord, Decimal, Direction, Memo, Passage, Source, Study, Subject, Value, Variable, VariableKind,
    VariableValue,
};
use nomoscope_core::text::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const PROJECT: &str = "urn:QDA-XML:project:1.0";
const CODEBOOK: &str = "urn:QDA-XML:codebook:1.0";

/// Projects.
pub(super) static PROJECT_FILE: Writing = Writing {
    file: project,
    holds: &[
        Thing::Texts,
        Thing::Attributes,
        Thing::Concepts,
        Thing::Roles,
        Thing::Broader,
        Thing::Codings,
        Thing::CodingMemos,
        Thing::Coders,
        Thing::Passages,
        Thing::Memos,
        Thing::Cases,
        Thing::Sets,
        Thing::Members,
        Thing::Variables,
        Thing::Values,
        Thing::Colors,
        Thing::Links,
    ],
    why: "REFI-QDA has no place for it",
};

/// Codebooks.
pub(super) static CODEBOOK_FILE: Writing = Writing {
    file: codebook,
    holds: &[Thing::Concepts, Thing::Roles, Thing::Broader, Thing::Colors],
    why: "a codebook of REFI-QDA has no place for it",
};

/// Writes a study as a project.
///
/// # Errors
/// Codings that have no place in their text.
fn project(out: &Outgoing<'_>) -> Result<Written, Problems> {
    let mut writer = Writer::new(out);
    let qde = writer.project()?;
    let failed =
        |e: &dyn std::fmt::Display| Problems::from(Problem::new("", format!("the archive cannot be written: {e}")));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
        zip.write_all(bytes).map_err(|e| failed(&e))
    };
    put("project.qde", qde.as_bytes())?;
    for source in out.study.sources.iter() {
        let guid = writer.guids.of(&Subject::Source(source.path.as_str().into()));
        // A mark at the beginning of the text is its own: the file gets another.
        let mark = if source.document.text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        put(&format!("sources/{guid}.txt"), format!("{mark}{}", source.document.text).as_bytes())?;
    }
    let bytes = zip.finish().map_err(|e| failed(&e))?.into_inner();
    let why = "values of cases, sources, passages and codings have a place there";
    let valued =
        |of: &Subject| matches!(of, Subject::Case(_) | Subject::Source(_) | Subject::Passage(_) | Subject::Coding(_));
    writer.lost.add(Thing::Values.name(), homeless(out, false, valued), why);
    let colored = |of: &Subject| matches!(of, Subject::Concept(_) | Subject::Link(_));
    writer.lost.add(Thing::Colors.name(), homeless(out, true, colored), "codes and links have colours there");
    Ok(writer.lost.written(bytes))
}

/// Writes the codebook of a study.
///
/// # Errors
/// The codebook is empty: the standard has no such thing.
fn codebook(out: &Outgoing<'_>) -> Result<Written, Problems> {
    if out.codebook.is_empty() {
        return Err(
            Problem::new("codebook.toml", "holds no concept, and a codebook of REFI-QDA has at least one").into()
        );
    }
    let mut writer = Writer::new(out);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CodeBook xmlns=\"{CODEBOOK}\" origin=\"{}\">",
        xml(out.program)
    );
    writer.codes(&mut text, false);
    let roles = writer.role_sets("guid");
    if !roles.is_empty() {
        text.push_str(&format!("<Sets>{roles}</Sets>"));
    }
    text.push_str("</CodeBook>\n");
    let colored = |of: &Subject| matches!(of, Subject::Concept(_));
    writer.lost.add(Thing::Colors.name(), homeless(out, true, colored), "codes have colours there");
    Ok(writer.lost.written(text.into_bytes()))
}

/// An element with children, or none where there is nothing in it.
fn wrapped(name: &str, inside: &str) -> String {
    if inside.is_empty() { String::new() } else { format!("<{name}>{inside}</{name}>") }
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" {name}=\"{}\"", xml(value)) }
}

/// A time as the schema wants it; a day begins at midnight.
fn date_time(name: &str, word: &str) -> String {
    let word = time(word);
    let full = if word.len() == 10 { format!("{word}T00:00:00Z") } else { word };
    attribute(name, &full)
}

struct Writer<'a> {
    out: &'a Outgoing<'a>,
    guids: Guids<'a>,
    lost: Lost,
    /// Notes that were referred to, in order, and their identities.
    notes: String,
    written: HashSet<String>,
    memos: HashMap<&'a Subject, Vec<&'a Memo>>,
    values: HashMap<&'a Subject, Vec<&'a VariableValue>>,
    /// How each variable is written; those that are not written are left out.
    variables: BTreeMap<&'a str, (&'a Variable, &'static str)>,
    /// The attributes of sources that no variable of the same name says.
    attributes: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    fn new(out: &'a Outgoing<'a>) -> Self {
        let mut memos: HashMap<&Subject, Vec<&Memo>> = HashMap::new();
        for memo in &out.study.memos {
            memos.entry(&memo.about).or_default().push(memo);
        }
        let mut values: HashMap<&Subject, Vec<&VariableValue>> = HashMap::new();
        for value in &out.study.annotations.values {
            values.entry(&value.of).or_default().push(value);
        }
        let mut writer = Self {
            out,
            guids: Guids::new(out.study),
            lost: Lost::default(),
            notes: String::new(),
            written: HashSet::new(),
            memos,
            values,
            variables: BTreeMap::new(),
            attributes: attributes(out.study),
        };
        writer.share_notes();
        for variable in &out.study.annotations.variables {
            let kind = writer.kind(variable);
            writer.variables.insert(variable.id.as_str(), (variable, kind));
        }
        writer
    }

    /// Returns how the schema calls the values of a variable: words, where one of them is no such value there.
    fn kind(&self, variable: &Variable) -> &'static str {
        let all = |fits: fn(&Value) -> bool| {
            self.out.study.annotations.values.iter().filter(|v| v.variable == variable.id).all(|v| fits(&v.value))
        };
        match variable.kind {
            VariableKind::Boolean => "Boolean",
            VariableKind::Integer => "Integer",
            VariableKind::Decimal => "Float",
            VariableKind::Date if all(|v| matches!(v, Value::Date(d) if d.day.is_some())) => "Date",
            // Times of day have no kind of their own in a study.
            VariableKind::Text if all(is_time) && self.has_values(variable) => "DateTime",
            _ => "Text",
        }
    }

    fn has_values(&self, variable: &Variable) -> bool {
        self.out.study.annotations.values.iter().any(|v| v.variable == variable.id)
    }

    fn project(&mut self) -> Result<String, Problems> {
        let study = self.out.study;
        let mut body = self.users();
        let mut codes = String::new();
        self.codes(&mut codes, true);
        body.push_str(&wrapped("CodeBook", &codes));
        body.push_str(&self.variables());
        body.push_str(&self.cases());
        body.push_str(&self.sources()?);
        let description = self.description(&Subject::Study);
        let about_study = self.note_refs(&Subject::Study);
        let links = self.links();
        self.rest();
        body.push_str(&wrapped("Notes", &std::mem::take(&mut self.notes)));
        body.push_str(&links);
        body.push_str(&self.sets());
        body.push_str(&description);
        body.push_str(&about_study);
        let title = if study.meta.title.is_empty() { "study" } else { &study.meta.title };
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"{PROJECT}\" name=\"{}\"{}{}>{body}</Project>\n",
            xml(title),
            attribute("origin", self.out.program),
            date_time("creationDateTime", self.out.time),
        ))
    }

    fn users(&mut self) -> String {
        let study = self.out.study;
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let coded = study.codings.iter().map(|c| c.coder.as_str());
        let marked = study.annotations.passages.iter().map(|p| p.coder.as_str());
        let wrote = study.memos.iter().map(|m| m.coder.as_str());
        names.extend(coded.chain(marked).chain(wrote).filter(|id| !id.is_empty()).map(|id| (id, id)));
        names.extend(study.coders.iter().map(|c| (c.id.as_str(), c.name.as_str())));
        let users = names.into_iter().map(|(id, name)| {
            let guid = self.guids.of(&Subject::Coder(id.into()));
            format!("<User guid=\"{guid}\" name=\"{}\"/>", xml(if name.is_empty() { id } else { name }))
        });
        wrapped("Users", &users.collect::<String>())
    }

    /// Returns the attribute that names a coder.
    fn by(&mut self, name: &str, coder: &str) -> String {
        if coder.is_empty() {
            return String::new();
        }
        let guid = self.guids.of(&Subject::Coder(coder.into()));
        attribute(name, &guid)
    }

    fn codes(&mut self, text: &mut String, in_project: bool) {
        let codebook = self.out.codebook;
        let mut below: BTreeMap<Option<&str>, Vec<&Concept>> = BTreeMap::new();
        let order: HashMap<&str, usize> = self.out.order.iter().zip(0..).map(|(id, at)| (id.as_str(), at)).collect();
        let mut concepts: Vec<&Concept> = codebook.concepts().iter().collect();
        concepts.sort_by_key(|concept| order.get(concept.id.as_str()).copied().unwrap_or(usize::MAX));
        for concept in concepts {
            below.entry(concept.broader.as_deref()).or_default().push(concept);
        }
        // Codes are written with a stack of their own: a codebook may be deeper than the program's.
        enum Step<'c> {
            Open(&'c Concept),
            Close,
        }
        let roots = below.get(&None).cloned().unwrap_or_default();
        let mut todo: Vec<Step<'_>> = roots.into_iter().rev().map(Step::Open).collect();
        let mut inside = String::new();
        while let Some(step) = todo.pop() {
            let Step::Open(concept) = step else {
                inside.push_str("</Code>");
                continue;
            };
            let subject = Subject::Concept(concept.id.as_str().into());
            let guid = self.guids.of(&subject);
            let codable = !self.is(&subject, CODABLE, &Value::Boolean(false));
            let color = self.text_value(&subject, COLOR);
            inside.push_str(&format!(
                "<Code guid=\"{guid}\" name=\"{}\" isCodable=\"{codable}\"{}>",
                xml(concept.label_in("en")),
                attribute("color", &color)
            ));
            let note = [concept.note.as_str(), concept.source.as_str()].join(" ");
            inside.push_str(&wrapped("Description", &xml(note.trim())));
            if in_project {
                inside.push_str(&self.note_refs(&subject));
            }
            todo.push(Step::Close);
            let children = below.get(&Some(concept.id.as_str())).cloned().unwrap_or_default();
            todo.extend(children.into_iter().rev().map(Step::Open));
        }
        text.push_str(&wrapped("Codes", &inside));
    }

    fn is(&self, of: &Subject, variable: &str, value: &Value) -> bool {
        self.values.get(of).is_some_and(|values| values.iter().any(|v| v.variable == *variable && v.value == *value))
    }

    fn text_value(&self, of: &Subject, variable: &str) -> String {
        let values = self.values.get(of).into_iter().flatten();
        values.filter(|v| v.variable == *variable).map(|v| v.value.to_string()).next().unwrap_or_default()
    }

    /// Roles of concepts as sets, for the standard has no other place for them.
    fn role_sets(&mut self, member: &str) -> String {
        let mut out = String::new();
        for role in Role::ALL {
            let with: Vec<&Concept> = self.out.codebook.concepts().iter().filter(|c| c.has(role)).collect();
            let members = with.iter().map(|c| {
                let guid = self.guids.of(&Subject::Concept(c.id.as_str().into()));
                format!("<MemberCode {member}=\"{guid}\"/>")
            });
            let members: String = members.collect();
            if !members.is_empty() {
                let guid = super::outgoing::made(&format!("role {}", role.name()));
                out.push_str(&format!("<Set guid=\"{guid}\" name=\"{ROLE_SET}{}\">{members}</Set>", role.name()));
            }
        }
        out
    }

    fn variables(&mut self) -> String {
        let written: Vec<(&Variable, &'static str)> = self.variables.values().copied().collect();
        let of_program = |v: &Variable| v.id == *CODABLE || v.id == *COLOR;
        let mut out = String::new();
        for (variable, kind) in written.into_iter().filter(|(v, _)| !of_program(v)) {
            let guid = self.guids.of(&Subject::Variable(variable.id.clone()));
            out.push_str(&format!(
                "<Variable guid=\"{guid}\" name=\"{}\" typeOfVariable=\"{kind}\">{}</Variable>",
                xml(&variable.name),
                wrapped("Description", &xml(&variable.description))
            ));
        }
        for name in &self.attributes {
            let guid = super::outgoing::made(&format!("attribute {name}"));
            out.push_str(&format!(
                "<Variable guid=\"{guid}\" name=\"{}\" typeOfVariable=\"Text\">{}</Variable>",
                xml(name),
                wrapped("Description", COLUMN_NOTE)
            ));
        }
        wrapped("Variables", &out)
    }

    fn values(&mut self, of: &Subject) -> String {
        let mut out = String::new();
        for value in self.values.get(of).cloned().unwrap_or_default() {
            let known = self.variables.get(value.variable.as_str()).filter(|(v, _)| v.id != *COLOR && v.id != *CODABLE);
            let Some((_, kind)) = known else { continue };
            let guid = self.guids.of(&Subject::Variable(value.variable.clone()));
            let word = match &value.value {
                Value::Decimal(number) => plain(number),
                value => value.to_string(),
            };
            let word = word.strip_prefix('+').unwrap_or(&word);
            out.push_str(&value_of(&guid, kind, word));
        }
        out
    }

    fn cases(&mut self) -> String {
        let study = self.out.study;
        let mut out = String::new();
        for case in &study.annotations.cases {
            let subject = Subject::Case(case.id.clone());
            let guid = self.guids.of(&subject);
            out.push_str(&format!("<Case guid=\"{guid}\"{}>", attribute("name", &case.name)));
            out.push_str(&wrapped("Description", &xml(&case.description)));
            let (mut codes, mut sources, mut selections) = (String::new(), String::new(), String::new());
            for member in study.annotations.members.iter().filter(|m| m.of == subject) {
                let guid = self.guids.of(&member.member);
                match &member.member {
                    Subject::Concept(_) => codes.push_str(&format!("<CodeRef targetGUID=\"{guid}\"/>")),
                    Subject::Source(_) => sources.push_str(&format!("<SourceRef targetGUID=\"{guid}\"/>")),
                    Subject::Passage(_) => selections.push_str(&format!("<SelectionRef targetGUID=\"{guid}\"/>")),
                    _ => {
                        self.lost.add(Thing::Members.name(), 1, "a case of REFI-QDA has codes, sources and selections")
                    }
                }
            }
            let values = self.values(&subject);
            out.push_str(&format!("{codes}{values}{sources}{selections}</Case>"));
        }
        wrapped("Cases", &out)
    }

    fn sources(&mut self) -> Result<String, Problems> {
        let study = self.out.study;
        let mut codings: HashMap<&str, Vec<&CodingRecord>> = HashMap::new();
        for coding in &study.codings {
            if coding.status.counts() {
                codings.entry(&coding.source).or_default().push(coding);
            }
        }
        let mut passages: HashMap<&str, Vec<&Passage>> = HashMap::new();
        for passage in &study.annotations.passages {
            passages.entry(&passage.source).or_default().push(passage);
        }
        let mut out = String::new();
        let mut problems = Problems::new();
        for source in study.sources.iter() {
            let codings = codings.remove(source.path.as_str()).unwrap_or_default();
            let passages = passages.remove(source.path.as_str()).unwrap_or_default();
            match self.source(source, &codings, &passages) {
                Ok(text) => out.push_str(&text),
                Err(wrong) => problems.extend(wrong),
            }
        }
        problems.or(wrapped("Sources", &out))
    }

    fn source(
        &mut self,
        source: &Source,
        codings: &[&CodingRecord],
        passages: &[&Passage],
    ) -> Result<String, Problems> {
        let subject = Subject::Source(source.path.as_str().into());
        let guid = self.guids.of(&subject);
        let mut out = format!(
            "<TextSource guid=\"{guid}\" name=\"{}\" plainTextPath=\"internal://{guid}.txt\">",
            xml(if source.title.is_empty() { &source.path } else { &source.title })
        );
        out.push_str(&self.description(&subject));
        let points = Offsets::new(&source.document.text);
        // Those without a time stand apart: they would take that of their selection when they are read.
        let mut by_place: BTreeMap<(Span, &str, bool), Vec<&CodingRecord>> = BTreeMap::new();
        for coding in codings {
            let has_time = !coding.created.is_empty();
            by_place.entry((coding.span, coding.coder.as_str(), has_time)).or_default().push(coding);
        }
        for passage in passages {
            let subject = Subject::Passage(passage.id.clone());
            let guid = self.guids.of(&subject);
            // The codings of the passage are those of its coder at its place; those of another stand by themselves.
            let mut on_it = by_place.remove(&(passage.span, passage.coder.as_str(), true)).unwrap_or_default();
            if passage.created.is_empty() {
                on_it.extend(by_place.remove(&(passage.span, passage.coder.as_str(), false)).unwrap_or_default());
            }
            let place = place(&points, passage.span, &passage.id)?;
            let by = self.by("creatingUser", &passage.coder);
            let when = date_time("creationDateTime", &passage.created);
            out.push_str(&format!(
                "<PlainTextSelection guid=\"{guid}\"{}{place}{by}{when}>",
                attribute("name", &passage.name)
            ));
            out.push_str(&self.description(&subject));
            on_it.iter().for_each(|coding| out.push_str(&self.coding(coding)));
            out.push_str(&self.note_refs(&subject));
            out.push_str(&self.values_note(&subject));
            out.push_str("</PlainTextSelection>");
        }
        for ((span, coder, _), codings) in by_place {
            let Some(first) = codings.first() else { continue };
            let guid = super::outgoing::made(&format!("selection of {}", first.id));
            let place = place(&points, span, &first.id)?;
            let (by, when) = (self.by("creatingUser", coder), date_time("creationDateTime", &first.created));
            out.push_str(&format!("<PlainTextSelection guid=\"{guid}\"{place}{by}{when}>"));
            codings.iter().for_each(|coding| out.push_str(&self.coding(coding)));
            out.push_str("</PlainTextSelection>");
        }
        out.push_str(&self.note_refs(&subject));
        out.push_str(&self.values(&subject));
        out.push_str(&self.attribute_values(source));
        out.push_str("</TextSource>");
        Ok(out)
    }

    fn attribute_values(&self, source: &Source) -> String {
        let mut out = String::new();
        for name in &self.attributes {
            if let Some(value) = source.attribute(name) {
                out.push_str(&value_of(&super::outgoing::made(&format!("attribute {name}")), "Text", &value));
            }
        }
        out
    }

    fn coding(&mut self, coding: &CodingRecord) -> String {
        let subject = Subject::Coding(coding.id.clone());
        let (guid, code) = (self.guids.of(&subject), self.guids.of(&Subject::Concept(coding.concept.clone())));
        let by = self.by("creatingUser", &coding.coder);
        let when = date_time("creationDateTime", &coding.created);
        let mut notes = self.note_refs(&subject);
        if !coding.memo.trim().is_empty() {
            let guid = super::outgoing::made(&format!("memo of {}", coding.id));
            notes.push_str(&self.note(&guid, "", &coding.memo, "", ""));
        }
        notes.push_str(&self.values_note(&subject));
        format!("<Coding guid=\"{guid}\"{by}{when}><CodeRef targetGUID=\"{code}\"/>{notes}</Coding>")
    }

    /// A memo on several things is one note there: the same words, by the same coder, of the same time.
    fn share_notes(&mut self) {
        let mut alike: BTreeMap<(&str, &str, &str), Vec<Subject>> = BTreeMap::new();
        for memo in self.out.study.memos.iter().filter(|memo| !memo.created.is_empty()) {
            let key = (memo.text.as_str(), memo.coder.as_str(), memo.created.as_str());
            alike.entry(key).or_default().push(Subject::Memo(memo.id.clone()));
        }
        for same in alike.into_values().filter(|same| same.len() > 1) {
            let known = same.iter().find(|memo| self.guids.is_known(memo)).or(same.first()).cloned();
            let Some(first) = known else { continue };
            same.into_iter().filter(|memo| *memo != first).for_each(|memo| self.guids.share(memo, &first));
        }
    }

    /// Writes a note, where it is not written yet, and returns what refers to it. The title of a memo is the name of the note.
    fn note(&mut self, guid: &str, name: &str, text: &str, coder: &str, created: &str) -> String {
        let by = self.by("creatingUser", coder);
        let (name, text) = if name.is_empty() { titled(text) } else { (name, text) };
        if !self.written.insert(guid.to_owned()) {
            return format!("<NoteRef targetGUID=\"{guid}\"/>");
        }
        self.notes.push_str(&format!(
            "<Note guid=\"{guid}\"{}{by}{}><PlainTextContent>{}</PlainTextContent></Note>",
            attribute("name", name),
            date_time("creationDateTime", created),
            xml(text)
        ));
        format!("<NoteRef targetGUID=\"{guid}\"/>")
    }

    /// Returns the first memo that names nobody and no time as a description.
    fn description(&mut self, about: &Subject) -> String {
        let found = self.memos.get(about).and_then(|memos| memos.iter().find(|m| is_description(m)));
        found.map(|memo| wrapped("Description", &xml(&memo.text))).unwrap_or_default()
    }

    fn note_refs(&mut self, about: &Subject) -> String {
        let has_description = matches!(about, Subject::Study | Subject::Source(_) | Subject::Passage(_));
        let memos = self.memos.remove(about).unwrap_or_default();
        let mut described = !has_description;
        let mut out = String::new();
        for memo in memos {
            if !described && is_description(memo) {
                described = true;
                continue;
            }
            let guid = self.guids.of(&Subject::Memo(memo.id.clone()));
            out.push_str(&self.note(&guid, "", &memo.text, &memo.coder, &memo.created));
        }
        out
    }

    /// Values of what has no place for them travel as a note that is read back.
    fn values_note(&mut self, of: &Subject) -> String {
        let values = self.values.get(of).cloned().unwrap_or_default();
        let named = values.iter().filter_map(|value| {
            let (variable, _) = self.variables.get(value.variable.as_str())?;
            Some(serde_json::json!([
                variable.name,
                value.value.kind().name(),
                value.value.to_string(),
                variable.description
            ]))
        });
        let named: Vec<serde_json::Value> = named.collect();
        if named.is_empty() {
            return String::new();
        }
        let guid = super::outgoing::made(&format!("values of {of}"));
        let text = serde_json::Value::from(named).to_string();
        self.note(&guid, VALUES_NOTE, &text, "", "")
    }

    fn links(&mut self) -> String {
        let mut out = String::new();
        for link in &self.out.study.annotations.links {
            if [&link.from, &link.to].iter().any(|end| matches!(end, Subject::Study)) {
                self.lost.add(Thing::Links.name(), 1, "a link of REFI-QDA joins two things in it");
                continue;
            }
            let subject = Subject::Link(link.id.clone());
            let [guid, from, to] = [&subject, &link.from, &link.to].map(|s| self.guids.of(s));
            let direction = match link.direction {
                Direction::Associative => "Associative",
                Direction::OneWay => "OneWay",
                Direction::Bidirectional => "Bidirectional",
            };
            let color = self.text_value(&subject, COLOR);
            let notes = self.note_refs(&subject);
            out.push_str(&format!(
                "<Link guid=\"{guid}\"{} direction=\"{direction}\"{} originGUID=\"{from}\" targetGUID=\"{to}\">{notes}</Link>",
                attribute("name", &link.name),
                attribute("color", &color)
            ));
        }
        wrapped("Links", &out)
    }

    /// Memos on what takes none go with the project.
    fn rest(&mut self) {
        let mut left: Vec<&Memo> = self.memos.drain().flat_map(|(_, memos)| memos).collect();
        left.sort_by(|a, b| a.id.cmp(&b.id));
        self.lost.add("memos on cases, sets, variables and coders", left.len(), "they are notes of the project there");
        for memo in left {
            let guid = self.guids.of(&Subject::Memo(memo.id.clone()));
            self.note(&guid, "", &memo.text, &memo.coder, &memo.created);
        }
    }

    fn sets(&mut self) -> String {
        let study = self.out.study;
        let mut out = self.role_sets("targetGUID");
        for set in &study.annotations.sets {
            let subject = Subject::Set(set.id.clone());
            let guid = self.guids.of(&subject);
            out.push_str(&format!("<Set guid=\"{guid}\" name=\"{}\">", xml(&set.name)));
            out.push_str(&wrapped("Description", &xml(&set.description)));
            let (mut codes, mut sources, mut notes) = (String::new(), String::new(), String::new());
            for member in study.annotations.members.iter().filter(|m| m.of == subject) {
                let guid = self.guids.of(&member.member);
                match &member.member {
                    Subject::Concept(_) => codes.push_str(&format!("<MemberCode targetGUID=\"{guid}\"/>")),
                    Subject::Source(_) => sources.push_str(&format!("<MemberSource targetGUID=\"{guid}\"/>")),
                    Subject::Memo(_) => notes.push_str(&format!("<MemberNote targetGUID=\"{guid}\"/>")),
                    _ => self.lost.add(Thing::Members.name(), 1, "a set of REFI-QDA has codes, sources and notes"),
                }
            }
            out.push_str(&format!("{codes}{sources}{notes}</Set>"));
        }
        wrapped("Sets", &out)
    }
}

/// Returns the attributes of sources that no variable of the same name says.
fn attributes(study: &Study) -> BTreeSet<String> {
    let names: BTreeSet<&str> = study.annotations.variables.iter().map(|v| v.name.as_str()).collect();
    let mut own = BTreeSet::new();
    // An import makes the column of the case itself, where each source belongs to one.
    let is_told = says_its_case(study);
    for source in study.sources.iter() {
        own.extend(source.attributes.keys().map(String::as_str));
        own.extend(source.kind.as_ref().map(|_| "kind"));
        own.extend(source.date.map(|_| "date"));
    }
    own.into_iter().filter(|name| !(names.contains(name) || is_told && *name == CASE)).map(str::to_owned).collect()
}

/// The column of the table of sources that names the case of each.
const CASE: &str = "case";

/// Returns whether the column says of no source another case than the one it belongs to.
fn says_its_case(study: &Study) -> bool {
    let names: HashMap<&str, &str> =
        study.annotations.cases.iter().map(|case| (case.id.as_str(), case.name.as_str())).collect();
    let mut of: HashMap<&str, Vec<&str>> = HashMap::new();
    for member in study.annotations.members.iter().filter(|m| matches!(m.of, Subject::Case(_))) {
        if let (Subject::Source(_), Some(name)) = (&member.member, names.get(member.of.id())) {
            of.entry(member.member.id()).or_default().push(name);
        }
    }
    study.sources.iter().all(|source| {
        match (source.attributes.get(CASE), of.get(source.path.as_str()).map(Vec::as_slice)) {
            (None, _) => true,
            (Some(said), Some([only])) => said.split_whitespace().eq(only.split_whitespace()),
            _ => false,
        }
    })
}

fn is_description(memo: &Memo) -> bool {
    memo.coder.is_empty() && memo.created.is_empty() && !memo.text.trim().is_empty()
}

/// Returns the title of a memo and what stands below it: a line of its own. What would not come back the same has none.
fn titled(text: &str) -> (&str, &str) {
    const LENGTH: usize = 120;
    let Some((title, rest)) = text.split_once("\n\n") else { return ("", text) };
    let is_title = !title.is_empty()
        && title.trim() == title
        && !title.contains(['\n', '\r', '\t'])
        && title.chars().count() <= LENGTH
        && !rest.is_empty()
        && !rest.trim_start().starts_with(title.trim_end_matches(['…', '.']));
    if is_title && title != VALUES_NOTE { (title, rest) } else { ("", text) }
}

/// Returns a number without an exponent: the schema knows no other.
fn plain(number: &Decimal) -> String {
    let word = String::from(number.clone());
    if word.contains(['e', 'E']) { number.to_f64().to_string() } else { word }
}

/// Returns whether a value is a time of a day, as the schema writes it.
fn is_time(value: &Value) -> bool {
    let word = value.to_string();
    word.get(10..11) == Some("T") && word.len() >= 19 && !time(&word).is_empty()
}

fn value_of(guid: &str, kind: &str, word: &str) -> String {
    format!(
        "<VariableValue><VariableRef targetGUID=\"{guid}\"/><{kind}Value>{}</{kind}Value></VariableValue>",
        xml(word)
    )
}

fn place(points: &Offsets<'_>, span: Span, id: &str) -> Result<String, Problems> {
    match points.point_of(span.start).zip(points.point_of(span.end)) {
        Some((start, end)) => Ok(format!(" startPosition=\"{start}\" endPosition=\"{end}\"")),
        None => Err(Problem::new("codings.csv", format!("`{id}` has no place in its text")).into()),
    }
}
