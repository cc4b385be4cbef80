//! REFI-QDA 1.0 and 1.5: projects (`.qdpx`, a zip archive) and codebooks (`.qdc`, XML).
//!
//! What the programs make of the standard differs from it; what is taken all the same is said in `docs/exchange.md`.

use super::counting::{Counting, Newlines, Unit};
use super::member::{Members, is_absolute, main_file, times_held};
use super::project::{
    COLUMN_NOTE, ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, ROLE_SET, Selection,
    VALUES_NOTE, color,
};
use super::salvage;
use super::times::time;
use crate::decode::Declaration;
use crate::zip_archive::Archive;
use crate::{FormatError, Input, Limits, ReadOptions, Reason, xml};
use nomoscope_core::study::{
    Annotation, Case, Direction, Link, Member, Memo, Set, Subject, Variable, VariableKind, VariableValue,
};
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Returns an identity without braces, in lower case: programs write it in either.
pub(super) fn guid(word: &str) -> String {
    word.trim().trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase()
}

/// Reads a project.
pub(super) fn read_project(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let mut archive = Archive::open(input, limits)?;
    let names = archive.names();
    if let Some(name) = names.iter().find(|name| is_absolute(name)) {
        return Err(FormatError::new(input, None, Reason::UnsafeName { member: name.clone() }));
    }
    let (inner, mut notes) = main_file(&names)
        .map_err(|message| FormatError::new(input, None, Reason::NoProject { message: message.to_owned() }))?;
    if times_held(input.bytes, &inner) > 1 {
        notes.push(format!("the archive holds `{inner}` more than once; the last one was read"));
    }
    let bytes = archive.member(&inner)?.unwrap_or_default();
    let member = Input { name: &inner, bytes: &bytes };
    let options = ReadOptions { limits: limits.clone(), ..ReadOptions::default() };
    let text = read_xml(&member, limits, &options, &mut notes).map_err(|e| e.of(input.name, &inner))?;
    let document = xml::parse(&member, &text, limits).map_err(|e| e.of(input.name, &inner))?;
    let root = document.root_element();
    if root.tag_name().name() != "Project" {
        let message = format!("`{inner}` begins with <{}>, not with <Project>", root.tag_name().name());
        return Err(FormatError::new(input, None, Reason::NoProject { message }));
    }
    let mut reader = Reader::new(options, notes);
    reader.names = Members::new(&names, &inner);
    reader.archive = Some(archive);
    reader.project(root)?;
    Ok(reader.finish())
}

/// Returns the words of a file of XML, without what XML forbids where it would not be read for that.
fn read_xml(
    input: &Input,
    limits: &Limits,
    options: &ReadOptions,
    notes: &mut Vec<String>,
) -> Result<String, FormatError> {
    let read = salvage::text(input, Declaration::Xml, options);
    notes.extend(read.notes.iter().map(|note| format!("`{}`: {note}", input.name)));
    let (allowed, n) = salvage::allowed(&read.text);
    if n == 0 || xml::parse(input, &read.text, limits).is_ok() {
        return Ok(read.text);
    }
    let characters = nomoscope_core::amount::counted(n, "character", "characters");
    notes.push(format!("{characters} that XML forbids were taken out of `{}`", input.name));
    Ok(allowed)
}

/// Reads a codebook.
pub(super) fn read_codebook(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let options = ReadOptions { limits: limits.clone(), ..ReadOptions::default() };
    let mut notes = Vec::new();
    let text = read_xml(input, limits, &options, &mut notes)?;
    let document = xml::parse(input, &text, limits)?;
    let root = document.root_element();
    if root.tag_name().name() != "CodeBook" {
        let message = format!("the file begins with <{}>, not with <CodeBook>", root.tag_name().name());
        return Err(FormatError::new(input, None, Reason::NoProject { message }));
    }
    let mut reader = Reader::new(options, notes);
    reader.project.origin = attribute(root, "origin").to_owned();
    reader.namespace(root, "urn:QDA-XML:codebook:1.0");
    reader.codebook(root);
    if let Some(sets) = xml::child(root, "Sets") {
        reader.sets(sets);
    }
    Ok(reader.finish())
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    xml::attribute(node, name).unwrap_or_default()
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Returns the words of an element, white space as it is.
fn content(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

fn description(node: Node<'_, '_>) -> String {
    xml::child(node, "Description").map(content).unwrap_or_default()
}

/// A note before it is known what it is about.
struct Note {
    text: String,
    coder: String,
    created: String,
    /// Whether it holds values that this program wrote.
    values: bool,
}

struct Reader<'a> {
    archive: Option<Archive<'a>>,
    names: Members,
    options: ReadOptions,
    project: ForeignProject,
    notes: BTreeMap<String, Note>,
    /// Which note is about what.
    refs: Vec<(Subject, String)>,
    /// What each identity is.
    known: HashMap<String, Subject>,
    /// How often an identity occurred that one thing alone should have.
    copies: HashMap<String, usize>,
    /// Texts that are named by a folder of the machine that wrote the file.
    abroad: usize,
    /// Variables that are columns of the table of sources, and what they say of each source.
    columns: HashMap<String, String>,
    of_columns: HashMap<String, BTreeMap<String, String>>,
    /// What values each variable has.
    kinds: HashMap<String, VariableKind>,
    /// Identities of selections that something refers to.
    mentioned: BTreeSet<String>,
    /// Whether the text that was read last came out of a document, which has paragraphs, and no lines.
    of_document: bool,
}

impl<'a> Reader<'a> {
    fn new(options: ReadOptions, notes: Vec<String>) -> Self {
        Self {
            archive: None,
            names: Members::default(),
            options,
            project: ForeignProject { notes, ..ForeignProject::default() },
            notes: BTreeMap::new(),
            refs: Vec::new(),
            known: HashMap::new(),
            copies: HashMap::new(),
            abroad: 0,
            columns: HashMap::new(),
            of_columns: HashMap::new(),
            kinds: HashMap::new(),
            mentioned: BTreeSet::new(),
            of_document: false,
        }
    }
}

impl Reader<'_> {
    fn project(&mut self, root: Node<'_, '_>) -> Result<(), FormatError> {
        self.namespace(root, "urn:QDA-XML:project:1.0");
        self.project.name = attribute(root, "name").to_owned();
        self.project.origin = attribute(root, "origin").to_owned();
        if !attribute(root, "basePath").is_empty() {
            self.project.notes.push("the file names a folder of the machine that wrote it (basePath)".to_owned());
        }
        self.described(root, Subject::Study);
        if let Some(users) = xml::child(root, "Users") {
            self.users(users);
        }
        if let Some(codebook) = xml::child(root, "CodeBook") {
            self.codebook(codebook);
        }
        if let Some(variables) = xml::child(root, "Variables") {
            self.variables(variables);
        }
        if let Some(notes) = xml::child(root, "Notes") {
            self.notes(notes)?;
        }
        if let Some(sources) = xml::child(root, "Sources") {
            self.sources(sources)?;
        }
        if let Some(cases) = xml::child(root, "Cases") {
            self.cases(cases);
        }
        if let Some(sets) = xml::child(root, "Sets") {
            self.sets(sets);
        }
        if let Some(links) = xml::child(root, "Links") {
            self.links(links);
        }
        let graphs = xml::child(root, "Graphs").map_or(0, |graphs| children(graphs, "Graph").count());
        self.project.count("graphs", graphs);
        self.project.lose("graphs", graphs, "a study draws its own");
        Ok(())
    }

    fn namespace(&mut self, root: Node<'_, '_>, wanted: &str) {
        let found = root.tag_name().namespace().unwrap_or_default();
        if found != wanted {
            self.project.notes.push(format!("the namespace is `{found}`; the standard says `{wanted}`"));
        }
    }

    /// Remembers what an identity is; the first to have it keeps it.
    fn know(&mut self, id: &str, subject: Subject) {
        self.known.entry(id.to_owned()).or_insert(subject);
    }

    /// Returns the identity of something that is defined here. Where another has it, it gets one of its own, and what refers
    /// to the identity means the first.
    fn own(&mut self, node: Node<'_, '_>) -> String {
        let id = guid(attribute(node, "guid"));
        if !self.known.contains_key(&id) {
            return id;
        }
        let n = self.copies.entry(id.clone()).or_insert(1);
        *n += 1;
        format!("{id}#{n}")
    }

    /// Takes the description and the notes of something that has no field for them.
    fn described(&mut self, node: Node<'_, '_>, about: Subject) {
        let text = description(node);
        if !text.trim().is_empty() {
            let id = format!("description-{}", self.project.memos.len() + 1);
            let (coder, created) = ("".into(), String::new());
            self.project.memos.push(Memo { id: id.into(), about: about.clone(), coder, created, text });
            if matches!(about, Subject::Passage(_)) {
                self.mentioned.insert(about.id().to_owned());
            }
        }
        self.noted(node, &about);
    }

    fn noted(&mut self, node: Node<'_, '_>, about: &Subject) {
        for note in children(node, "NoteRef") {
            self.refs.push((about.clone(), guid(attribute(note, "targetGUID"))));
            if matches!(about, Subject::Passage(_)) {
                self.mentioned.insert(about.id().to_owned());
            }
        }
    }

    fn users(&mut self, users: Node<'_, '_>) {
        for user in children(users, "User") {
            let id = self.own(user);
            let short = usize::from(![attribute(user, "name"), ""].contains(&attribute(user, "id")));
            self.project.lose("short names of users", short, "a study knows coders by their names");
            let name = Some(attribute(user, "name")).filter(|n| !n.trim().is_empty()).unwrap_or(attribute(user, "id"));
            self.know(&id, Subject::Coder(id.as_str().into()));
            self.project.coders.push(ForeignCoder { id, name: name.to_owned() });
        }
        self.project.count("users", self.project.coders.len());
    }

    fn codebook(&mut self, codebook: Node<'_, '_>) {
        if let Some(codes) = xml::child(codebook, "Codes") {
            self.codes(codes, None);
        }
        self.project.count("codes", self.project.codes.len());
    }

    fn codes(&mut self, within: Node<'_, '_>, parent: Option<&str>) {
        for code in children(within, "Code") {
            let id = self.own(code);
            self.know(&id, Subject::Concept(id.as_str().into()));
            self.project.codes.push(ForeignCode {
                id: id.clone(),
                name: attribute(code, "name").to_owned(),
                parent: parent.map(str::to_owned),
                color: color(attribute(code, "color")),
                description: description(code),
                roles: BTreeSet::new(),
                codable: !matches!(attribute(code, "isCodable").trim().to_ascii_lowercase().as_str(), "false" | "0"),
            });
            self.noted(code, &Subject::Concept(id.as_str().into()));
            self.codes(code, Some(&id));
        }
    }

    fn variables(&mut self, variables: Node<'_, '_>) {
        for node in children(variables, "Variable") {
            let id = guid(attribute(node, "guid"));
            let kind = match attribute(node, "typeOfVariable") {
                "Boolean" => VariableKind::Boolean,
                "Integer" => VariableKind::Integer,
                "Float" => VariableKind::Decimal,
                "Date" => VariableKind::Date,
                // A time of day has no place in a date.
                _ => VariableKind::Text,
            };
            if description(node) == COLUMN_NOTE {
                self.columns.insert(id, attribute(node, "name").to_owned());
                continue;
            }
            self.know(&id, Subject::Variable(id.as_str().into()));
            self.kinds.entry(id.clone()).or_insert(kind);
            let (name, description) = (attribute(node, "name").to_owned(), description(node));
            let variable = Variable { id: id.into(), name, kind, description };
            self.project.annotations.push(Annotation::Variable(variable));
        }
        self.project.count("variables", self.project.annotations.variables.len());
    }

    fn values(&mut self, node: Node<'_, '_>, of: &Subject) {
        for value in children(node, "VariableValue") {
            let Some(target) = xml::child(value, "VariableRef") else { continue };
            let variable = guid(attribute(target, "targetGUID"));
            let word = value.children().find(|c| c.is_element() && c.tag_name().name().ends_with("Value")).map(content);
            let word = word.unwrap_or_default();
            if let Some(column) = self.columns.get(&variable) {
                self.of_columns.entry(of.id().to_owned()).or_default().insert(column.clone(), word);
                continue;
            }
            let Some(kind) = self.kinds.get(&variable).copied() else {
                self.project.lose("values", 1, "their variable is not in the project");
                continue;
            };
            let trimmed = if kind == VariableKind::Text { word.as_str() } else { word.trim() };
            let cleaned = match (kind, trimmed) {
                (VariableKind::Boolean, "1") => "true".to_owned(),
                (VariableKind::Boolean, "0") => "false".to_owned(),
                (VariableKind::Boolean, other) => other.to_ascii_lowercase(),
                // Dates of XML Schema may carry a zone.
                (VariableKind::Date, other) => other.get(..10).unwrap_or(other).to_owned(),
                (_, other) => other.to_owned(),
            };
            if cleaned.is_empty() && kind != VariableKind::Text {
                continue;
            }
            match kind.parse(&cleaned) {
                Ok(value) => {
                    let value = VariableValue { variable: variable.into(), of: of.clone(), value };
                    self.project.annotations.push(Annotation::Value(value));
                }
                Err(_) => self.project.lose("values", 1, "they are not what their variable says"),
            }
        }
    }

    fn notes(&mut self, notes: Node<'_, '_>) -> Result<(), FormatError> {
        for node in children(notes, "Note") {
            let id = guid(attribute(node, "guid"));
            let (text, _) = self.text(node)?;
            let is_named = ["plainTextPath", "richTextPath"].iter().any(|path| !attribute(node, path).is_empty());
            if text.is_none() && is_named {
                self.project.lose(
                    "texts of notes",
                    1,
                    "their files are not in the project; of these notes the names are kept",
                );
            }
            let (text, name) = (text.unwrap_or_default(), attribute(node, "name"));
            // The name of a note is kept where it is no beginning of its words.
            let text = match name.trim() {
                "" | VALUES_NOTE => text,
                name if text.trim_start().starts_with(name.trim_end_matches(['…', '.'])) => text,
                name if text.is_empty() => name.to_owned(),
                name => format!("{name}\n\n{text}"),
            };
            self.know(&id, Subject::Memo(id.as_str().into()));
            let coder = guid(attribute(node, "creatingUser"));
            let created = time(attribute(node, "creationDateTime"));
            let inside = children(node, "PlainTextSelection").map(|s| children(s, "Coding").count()).sum();
            self.project.lose("codings in notes", inside, "a study codes its sources");
            let values = name == VALUES_NOTE;
            self.notes.insert(id, Note { text, coder, created, values });
        }
        self.project.count("notes", self.notes.len());
        Ok(())
    }

    fn sources(&mut self, sources: Node<'_, '_>) -> Result<(), FormatError> {
        for node in sources.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "TextSource" => drop(self.text_source(node, node)?),
                "PDFSource" => self.pdf_source(node)?,
                "AudioSource" | "VideoSource" => self.medium(node)?,
                "PictureSource" => {
                    let n = node.descendants().filter(|d| d.tag_name().name() == "Coding").count();
                    self.project.lose("pictures", 1, "a study holds texts");
                    self.project.lose("codings of pictures", n, "a study holds texts");
                }
                _ => {}
            }
        }
        self.project.count("sources", self.project.sources.len());
        self.project.count("selections", self.project.selections.len());
        let codings = self.project.selections.iter().map(|s| s.codings.len()).sum();
        self.project.count("codings", codings);
        Ok(())
    }

    /// Reads a source whose text stands in `text`: in itself, or in its plain representation.
    fn text_source(&mut self, source: Node<'_, '_>, text: Node<'_, '_>) -> Result<String, FormatError> {
        let (read, bom) = self.text(text)?;
        let id = self.add_source(source, attribute(source, "name"), read, bom);
        if source != text {
            // What refers to the representation refers to the source.
            self.know(&guid(attribute(text, "guid")), Subject::Source(id.as_str().into()));
        }
        for selection in children(text, "PlainTextSelection") {
            let place = number(selection, "startPosition").zip(number(selection, "endPosition"));
            self.selection(selection, &id, place, None, false);
        }
        for node in if source == text { vec![text] } else { vec![source, text] } {
            self.whole(node, &id);
        }
        Ok(id)
    }

    /// Returns the identity of the source.
    fn add_source(&mut self, node: Node<'_, '_>, name: &str, text: Option<String>, bom: bool) -> String {
        let id = self.own(node);
        let about = Subject::Source(id.as_str().into());
        self.know(&id, about.clone());
        self.described(node, about.clone());
        self.values(node, &about);
        let is_said = ["creatingUser", "creationDateTime", "modifyingUser", "modifiedDateTime"]
            .iter()
            .any(|name| !attribute(node, name).is_empty());
        let why = "a study keeps of its codings who made them and when";
        self.project.lose("sources with the user or the time of their import", usize::from(is_said), why);
        let usual = usual(&self.project.origin);
        let trusted = self.project.origin.starts_with("Nomoscope ");
        let name = name.to_owned();
        let mut attributes = self.of_columns.remove(&id).unwrap_or_default();
        let (kind, date) = (attributes.remove("kind"), attributes.remove("date").and_then(|date| date.parse().ok()));
        let (text, breaks) = match text {
            Some(text) if std::mem::take(&mut self.of_document) => {
                let (text, breaks) = paragraphs(&text);
                (Some(text), breaks)
            }
            text => (text, Vec::new()),
        };
        let source = ForeignSource { id: id.clone(), name, text, bom, usual, trusted, kind, date, attributes, breaks };
        self.project.sources.push(source.without_bom());
        id
    }

    /// Codes on a source as a whole.
    fn whole(&mut self, node: Node<'_, '_>, source: &str) {
        let codings: Vec<ForeignCoding> = children(node, "Coding").map(|coding| self.coding(coding, "", "")).collect();
        if let Some(first) = codings.first() {
            let (id, created, coder) = (format!("whole-{source}"), first.created.clone(), first.coder.clone());
            let source = source.to_owned();
            let selection = Selection { id, source, coder, created, codings, whole: true, ..Selection::default() };
            self.project.selections.push(selection);
        }
    }

    fn selection(
        &mut self,
        node: Node<'_, '_>,
        source: &str,
        place: Option<(i64, i64)>,
        quote: Option<String>,
        whole: bool,
    ) {
        let mut codings = children(node, "Coding").peekable();
        let is_told = |coding: Node<'_, '_>| self.known.contains_key(&guid(attribute(coding, "guid")));
        if place.is_none() && codings.peek().is_some() && codings.all(is_told) {
            // The same codings have a place in the text already: a PDF tells them twice, by the page and by the words.
            return;
        }
        let id = self.own(node);
        let about = Subject::Passage(id.as_str().into());
        self.know(&id, about.clone());
        self.described(node, about);
        let (coder, created) = (guid(attribute(node, "creatingUser")), time(attribute(node, "creationDateTime")));
        let codings: Vec<ForeignCoding> =
            children(node, "Coding").map(|coding| self.coding(coding, &coder, &created)).collect();
        self.project.selections.push(Selection {
            keep: codings.is_empty(),
            id,
            source: source.to_owned(),
            area: None,
            place,
            quote,
            name: attribute(node, "name").to_owned(),
            coder,
            created,
            codings,
            whole,
        });
    }

    /// Reads a coding; one that does not say who made it, or when, was made with its selection.
    fn coding(&mut self, node: Node<'_, '_>, by: &str, when: &str) -> ForeignCoding {
        let id = self.own(node);
        let about = Subject::Coding(id.as_str().into());
        self.know(&id, about.clone());
        self.noted(node, &about);
        let code = xml::child(node, "CodeRef").map(|code| guid(attribute(code, "targetGUID"))).unwrap_or_default();
        let further = children(node, "CodeRef").count().saturating_sub(1);
        self.project.lose("further codes of codings", further, "a coding of REFI-QDA has one code; the first is taken");
        let own = |own: String, else_: &str| if own.is_empty() { else_.to_owned() } else { own };
        ForeignCoding {
            id,
            code,
            coder: own(guid(attribute(node, "creatingUser")), by),
            created: own(time(attribute(node, "creationDateTime")), when),
            memo: String::new(),
        }
    }

    fn pdf_source(&mut self, node: Node<'_, '_>) -> Result<(), FormatError> {
        let source = match xml::child(node, "Representation") {
            Some(text) => self.text_source(node, text)?,
            None => {
                let read = self.rich(attribute(node, "path"))?;
                let id = self.add_source(node, attribute(node, "name"), read, false);
                self.whole(node, &id);
                id
            }
        };
        for selection in children(node, "PDFSelection") {
            let quote = match xml::child(selection, "Representation") {
                Some(text) => self.text(text)?.0,
                // Programs name a selection after its words; shorter names are weak quotations.
                None => Some(attribute(selection, "name").to_owned()).filter(|name| name.trim().chars().count() >= 10),
            };
            let before = self.project.selections.len();
            self.selection(selection, &source, None, quote, false);
            if let Some(made) = self.project.selections.get_mut(before) {
                made.area = area(selection);
            }
            self.within(selection, &source)?;
        }
        Ok(())
    }

    /// Reads what is selected within the words of a selection: its places are those of these words, which stand somewhere in the text.
    fn within(&mut self, selection: Node<'_, '_>, source: &str) -> Result<(), FormatError> {
        let Some(node) = xml::child(selection, "Representation") else { return Ok(()) };
        let words = self.text(node)?.0.unwrap_or_default();
        self.know(&guid(attribute(node, "guid")), Subject::Source(source.into()));
        for inner in children(node, "PlainTextSelection") {
            let place = number(inner, "startPosition").zip(number(inner, "endPosition"));
            let slice = place.and_then(|(from, to)| {
                let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
                let slice: String = words.chars().skip(from).take(to.checked_sub(from)?).collect();
                Some(slice).filter(|slice| !slice.trim().is_empty())
            });
            self.selection(inner, source, None, slice, false);
        }
        Ok(())
    }

    /// Reads the transcripts of sound or film. What is said of the recording as a whole is said of its first transcript.
    fn medium(&mut self, node: Node<'_, '_>) -> Result<(), FormatError> {
        let n = node.children().filter(|c| c.tag_name().name().ends_with("Selection"));
        let n = n.map(|selection| children(selection, "Coding").count()).sum();
        self.project.lose("codings of sound and film", n, "a study holds texts");
        let mut first = None;
        for transcript in children(node, "Transcript") {
            let (text, bom) = self.text(transcript)?;
            let name = Some(attribute(transcript, "name")).filter(|name| !name.trim().is_empty());
            let source = self.add_source(transcript, name.unwrap_or(attribute(node, "name")), text, bom);
            let points: HashMap<String, i64> = children(transcript, "SyncPoint")
                .filter_map(|p| Some((guid(attribute(p, "guid")), number(p, "position")?)))
                .collect();
            for selection in children(transcript, "TranscriptSelection") {
                let point = |name: &str| points.get(&guid(attribute(selection, name))).copied();
                let (from, to) = (point("fromSyncPoint"), point("toSyncPoint"));
                let place = from.or(to).zip(to.or(from));
                self.selection(selection, &source, place, None, false);
            }
            first.get_or_insert(source);
        }
        match first {
            Some(source) => {
                let about = Subject::Source(source.as_str().into());
                self.know(&guid(attribute(node, "guid")), about.clone());
                self.described(node, about.clone());
                self.values(node, &about);
                self.whole(node, &source);
            }
            None => {
                let why = "a study holds texts, and there is no transcript";
                self.project.lose("sound and film without transcripts", 1, "a study holds texts");
                self.project.lose("codings of sound and film", children(node, "Coding").count(), why);
                let described = usize::from(!description(node).trim().is_empty());
                self.project.lose("descriptions of sound and film", described, why);
                self.project.lose("values of sound and film", children(node, "VariableValue").count(), why);
            }
        }
        Ok(())
    }

    /// Returns the text of a source or note, and whether its file began with a byte order mark; none where the archive lacks
    /// it.
    fn text(&mut self, node: Node<'_, '_>) -> Result<(Option<String>, bool), FormatError> {
        self.of_document = false;
        if let Some(inline) = xml::child(node, "PlainTextContent") {
            return Ok((Some(content(inline)), false));
        }
        let path = attribute(node, "plainTextPath");
        self.abroad += usize::from(is_abroad(path));
        if let Some(name) = self.member(path) {
            let bytes = self.bytes(&name)?;
            if bytes.is_empty() {
                return Ok((None, false));
            }
            let marked = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"].iter().any(|mark| bytes.starts_with(mark));
            let input = Input { name: &name, bytes: &bytes };
            let decoded = salvage::text(&input, Declaration::None, &self.options);
            self.project.notes.extend(decoded.notes.iter().map(|note| format!("`{name}`: {note}")));
            return Ok((Some(decoded.text), marked));
        }
        Ok((self.rich(attribute(node, "richTextPath"))?, false))
    }

    /// Returns the text of a file that is more than text, as the reader of its format gives it.
    fn rich(&mut self, path: &str) -> Result<Option<String>, FormatError> {
        let Some(name) = self.member(path) else { return Ok(None) };
        let bytes = self.bytes(&name)?;
        match crate::read(&Input { name: &name, bytes: &bytes }, &self.options) {
            Ok(texts) => {
                let text = texts.into_iter().next().map(|read| read.document.text);
                self.of_document = !name.to_lowercase().ends_with(".pdf");
                self.project.notes.push(format!("`{name}` was read itself, for it has no plain text beside it"));
                Ok(text)
            }
            Err(error) => {
                self.project.notes.push(format!("the text of `{name}` could not be read: {}", error.reasons()));
                Ok(None)
            }
        }
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, FormatError> {
        match &mut self.archive {
            Some(archive) => Ok(archive.member(name)?.unwrap_or_default()),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the member of the archive that a path means.
    fn member(&self, path: &str) -> Option<String> {
        self.names.meant(path)
    }

    fn cases(&mut self, cases: Node<'_, '_>) {
        for node in children(cases, "Case") {
            let id = guid(attribute(node, "guid"));
            let about = Subject::Case(id.as_str().into());
            self.know(&id, about.clone());
            let (name, description) = (attribute(node, "name").to_owned(), description(node));
            self.project.annotations.push(Annotation::Case(Case { id: id.into(), name, description }));
            self.noted(node, &about);
            self.values(node, &about);
            self.members(node, &about, &["CodeRef", "SourceRef", "SelectionRef"]);
        }
        self.project.count("cases", self.project.annotations.cases.len());
    }

    fn members(&mut self, node: Node<'_, '_>, of: &Subject, names: &[&str]) {
        for child in node.children().filter(|c| c.is_element() && names.contains(&c.tag_name().name())) {
            // The codebook names its members by another attribute.
            let target = Some(attribute(child, "targetGUID")).filter(|t| !t.is_empty());
            let target = guid(target.unwrap_or(attribute(child, "guid")));
            match self.known.get(&target).cloned() {
                Some(member) => {
                    self.mention(&member);
                    self.project.annotations.push(Annotation::Member(Member { of: of.clone(), member }));
                }
                None => self.project.lose("members of cases and sets", 1, "what they name is not in the project"),
            }
        }
    }

    fn mention(&mut self, subject: &Subject) {
        if let Subject::Passage(id) = subject {
            self.mentioned.insert(id.to_string());
        }
    }

    fn sets(&mut self, sets: Node<'_, '_>) {
        for node in children(sets, "Set") {
            if let Some(role) = attribute(node, "name").strip_prefix(ROLE_SET) {
                self.role(node, role);
                continue;
            }
            let id = guid(attribute(node, "guid"));
            let about = Subject::Set(id.as_str().into());
            self.know(&id, about.clone());
            let (name, description) = (attribute(node, "name").to_owned(), description(node));
            self.project.annotations.push(Annotation::Set(Set { id: id.into(), name, description }));
            self.members(node, &about, &["MemberCode", "MemberSource", "MemberNote"]);
        }
        self.project.count("sets", self.project.annotations.sets.len());
    }

    /// Takes a set that this program wrote for what the standard has no place for.
    fn role(&mut self, set: Node<'_, '_>, role: &str) {
        let target = |m: Node<'_, '_>| {
            guid(Some(attribute(m, "targetGUID")).filter(|t| !t.is_empty()).unwrap_or(attribute(m, "guid")))
        };
        let members: BTreeSet<String> = children(set, "MemberCode").map(target).collect();
        for code in self.project.codes.iter_mut().filter(|code| members.contains(&code.id)) {
            code.roles.insert(role.to_owned());
        }
    }

    fn links(&mut self, links: Node<'_, '_>) {
        for node in children(links, "Link") {
            let id = guid(attribute(node, "guid"));
            let end = |name: &str| self.known.get(&guid(attribute(node, name))).cloned();
            let (Some(from), Some(to)) = (end("originGUID"), end("targetGUID")) else {
                self.project.lose("links", 1, "one of their ends is not in the project");
                continue;
            };
            self.mention(&from);
            self.mention(&to);
            let direction = match attribute(node, "direction") {
                "OneWay" => Direction::OneWay,
                "Bidirectional" => Direction::Bidirectional,
                _ => Direction::Associative,
            };
            if let Some(color) = color(attribute(node, "color")) {
                self.project.colored(Subject::Link(id.as_str().into()), color);
            }
            self.noted(node, &Subject::Link(id.as_str().into()));
            let name = attribute(node, "name").to_owned();
            let (coder, created) = ("".into(), String::new());
            let link = Link { id: id.into(), from, to, direction, name, coder, created };
            self.project.annotations.push(Annotation::Link(link));
        }
        self.project.count("links", self.project.annotations.links.len());
    }

    /// Joins notes with what they are about, and keeps selections that something refers to.
    fn finish(mut self) -> ForeignProject {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        let mut remarks: HashMap<String, String> = HashMap::new();
        let mut refs = std::mem::take(&mut self.refs);
        let named: BTreeSet<String> = refs.iter().map(|(_, note)| note.clone()).collect();
        refs.extend(self.notes.keys().filter(|id| !named.contains(*id)).map(|id| (Subject::Study, id.clone())));
        for (about, id) in refs {
            let Some(Note { text, coder, created, values }) = self.notes.get(&id) else {
                self.project.lose("notes", 1, "something refers to them, and they are not in the project");
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            if *values {
                self.mentioned.extend(Some(about.id().to_owned()).filter(|_| matches!(about, Subject::Passage(_))));
                read_values(&mut self.project, &about, text);
                continue;
            }
            // What names nobody and no time is a remark of the coder.
            if coder.is_empty() && created.is_empty() && matches!(about, Subject::Coding(_)) {
                remarks.entry(about.id().to_owned()).or_insert_with(|| text.clone());
                continue;
            }
            let n = used.entry(id.clone()).or_default();
            *n += 1;
            let id = if *n == 1 { id } else { format!("{id}-{n}") };
            let (coder, created, text) = (coder.as_str().into(), created.clone(), text.clone());
            self.project.memos.push(Memo { id: id.into(), about, coder, created, text });
        }
        // A set may name a note without words.
        let memos: BTreeSet<&str> = self.project.memos.iter().map(|memo| memo.id.as_str()).collect();
        let there = |s: &Subject| !matches!(s, Subject::Memo(id) if !memos.contains(id.as_str()));
        self.project.annotations.members.retain(|m| there(&m.member));
        self.project.annotations.links.retain(|l| there(&l.from) && there(&l.to));
        for coding in self.project.selections.iter_mut().flat_map(|s| &mut s.codings) {
            coding.memo = remarks.remove(&coding.id).unwrap_or_default();
        }
        for selection in &mut self.project.selections {
            selection.keep |= self.mentioned.contains(&selection.id);
        }
        self.tell();
        if self
            .project
            .memos
            .iter()
            .any(|m| m.coder.is_empty() && matches!(m.about, Subject::Passage(_) | Subject::Coding(_)))
        {
            let note = "comments on selections stand in descriptions, which name neither author nor date";
            self.project.notes.push(note.to_owned());
        }
        self.project
    }

    /// Tells what is wrong with the file as a whole.
    fn tell(&mut self) {
        match self.copies.values().map(|n| n - 1).sum::<usize>() {
            0 => {}
            1 => {
                self.note("1 thing has the identity of another one; it is kept, and what refers to it means the first")
            }
            n => self.note(&format!(
                "{n} things have the identity of another one; each is kept, and what refers to it means the first"
            )),
        }
        match self.abroad {
            0 => {}
            1 => self.note("1 text is named by a folder of the machine that wrote the file"),
            n => self.note(&format!("{n} texts are named by a folder of the machine that wrote the file")),
        }
    }

    fn note(&mut self, note: &str) {
        self.project.notes.push(note.to_owned());
    }
}

/// Returns a text with one line end after each paragraph, as programs count documents, and the bytes at which a study has another.
fn paragraphs(text: &str) -> (String, Vec<u32>) {
    let (mut out, mut breaks) = (String::with_capacity(text.len()), Vec::new());
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            out.push('\n');
            breaks.push(u32::try_from(out.len()).unwrap_or(u32::MAX));
        }
        out.push_str(paragraph);
    }
    (out, breaks)
}

/// Reads values that this program wrote as a note: of each the name, the kind, the value and what the variable says.
fn read_values(project: &mut ForeignProject, of: &Subject, text: &str) {
    let rows: Vec<[String; 4]> = serde_json::from_str(text).unwrap_or_default();
    for [name, kind, word, description] in rows {
        let Some(value) = VariableKind::named(&kind).and_then(|kind| kind.parse(&word).ok()) else { continue };
        let same = |v: &&Variable| v.name == name && v.kind == value.kind() && v.description == description;
        let known = project.annotations.variables.iter().find(same).map(|v| v.id.clone());
        let id = known.unwrap_or_else(|| {
            let id: nomoscope_core::study::VariableId = format!("{name}\0{kind}\0{description}").into();
            let variable = Variable { id: id.clone(), name, kind: value.kind(), description };
            project.annotations.push(Annotation::Variable(variable));
            id
        });
        project.annotations.push(Annotation::Value(VariableValue { variable: id, of: of.clone(), value }));
    }
}

/// Returns how a program counts, as far as its exports were seen.
fn usual(origin: &str) -> Counting {
    let origin = origin.to_lowercase();
    let (unit, newlines) = match () {
        () if origin.contains("nvivo") => (Unit::Utf16, Newlines::AsWritten),
        () if origin.contains("atlas") => (Unit::CodePoints, Newlines::One),
        () if origin.contains("taguette") => (Unit::Utf8, Newlines::AsWritten),
        () => (Unit::CodePoints, Newlines::AsWritten),
    };
    Counting { unit, newlines, ..Counting::default() }
}

/// Returns whether a path names a folder of the machine that wrote it.
fn is_abroad(path: &str) -> bool {
    let path = path.trim().replace('\\', "/").to_lowercase();
    let is_drive = |rest: &str| matches!(rest.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    ["absolute://", "file://"].iter().any(|scheme| path.starts_with(scheme)) || path.starts_with('/') || is_drive(&path)
}

/// Returns a position; some programs write it with a fraction of nothing.
fn number(node: Node<'_, '_>, name: &str) -> Option<i64> {
    let word = attribute(node, name).trim();
    let whole =
        word.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(word, |(whole, _)| whole);
    whole.parse().ok()
}

/// Returns where a selection lies on its page: pages are counted from 0 in the file, and from 1 by people.
fn area(selection: Node<'_, '_>) -> Option<String> {
    let page = number(selection, "page")?.saturating_add(1);
    let corner = |x: &str, y: &str| Some(format!("{},{}", number(selection, x)?, number(selection, y)?));
    let corners = corner("firstX", "firstY").zip(corner("secondX", "secondY"));
    Some(match corners {
        Some((from, to)) => format!("an area of page {page} ({from} to {to})"),
        None => format!("an area of page {page}"),
    })
}
