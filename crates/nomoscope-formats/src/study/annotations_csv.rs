//! `passages.csv`, `cases.csv`, `sets.csv`, `members.csv`, `variables.csv`, `values.csv`, `links.csv`, `foreign_ids.csv`.
//!
//! Things are named as `kind:id` (`case:7`, `source:sources/a.txt`), so that one column can hold any of them. A table of this
//! kind is a line in `TABLES` with what reads its rows, and an arm in `cells`.

use super::codings_csv::check_time;
use super::mentions::{Mention, Mentions, subject};
use super::places::{Places, Points, Texts};
use super::{
    CASES_CSV, FOREIGN_IDS_CSV, LINKS_CSV, MEMBERS_CSV, PASSAGES_CSV, Problem, Problems, SETS_CSV, VALUES_CSV,
    VARIABLES_CSV, csv,
};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{
    Annotation, Annotations, Case, Direction, ForeignId, Link, Member, Passage, Set, Subject, SubjectKind, Variable,
    VariableKind, VariableValue,
};
use std::collections::{BTreeMap, BTreeSet};

/// The files, in the order in which they are read: variables before their values.
pub const FILES: [&str; 8] =
    [PASSAGES_CSV, CASES_CSV, SETS_CSV, MEMBERS_CSV, VARIABLES_CSV, VALUES_CSV, LINKS_CSV, FOREIGN_IDS_CSV];

struct Table {
    file: &'static str,
    columns: &'static [&'static str],
    required: &'static [&'static str],
    /// What others can refer to as its rows.
    defines: Option<SubjectKind>,
    read: fn(&mut Line<'_, '_>) -> Option<Annotation>,
}

const TABLES: [Table; 8] = [
    Table {
        file: PASSAGES_CSV,
        columns: &["id", "source", "start", "end", "quote", "name", "coder", "created"],
        required: &["id", "source", "quote"],
        defines: Some(SubjectKind::Passage),
        read: passage,
    },
    Table {
        file: CASES_CSV,
        columns: &["id", "name", "description"],
        required: &["id"],
        defines: Some(SubjectKind::Case),
        read: |line| {
            let (name, description) = (line.text("name"), line.text("description"));
            Some(Annotation::Case(Case { id: line.id("id")?.into(), name, description }))
        },
    },
    Table {
        file: SETS_CSV,
        columns: &["id", "name", "description"],
        required: &["id"],
        defines: Some(SubjectKind::Set),
        read: |line| {
            let (name, description) = (line.text("name"), line.text("description"));
            Some(Annotation::Set(Set { id: line.id("id")?.into(), name, description }))
        },
    },
    Table { file: MEMBERS_CSV, columns: &["of", "member"], required: &["of", "member"], defines: None, read: member },
    Table {
        file: VARIABLES_CSV,
        columns: &["id", "name", "kind", "description"],
        required: &["id"],
        defines: Some(SubjectKind::Variable),
        read: |line| {
            let kind = line.choice("kind", VariableKind::named, &VariableKind::ALL.map(VariableKind::name));
            let (name, description) = (line.text("name"), line.text("description"));
            Some(Annotation::Variable(Variable { id: line.id("id")?.into(), name, kind: kind?, description }))
        },
    },
    Table {
        file: VALUES_CSV,
        columns: &["variable", "of", "value"],
        required: &["variable", "of", "value"],
        defines: None,
        read: value,
    },
    Table {
        file: LINKS_CSV,
        columns: &["id", "from", "to", "direction", "name", "coder", "created"],
        required: &["id", "from", "to"],
        defines: Some(SubjectKind::Link),
        read: link,
    },
    Table {
        file: FOREIGN_IDS_CSV,
        columns: &["of", "system", "id"],
        required: &["of", "system", "id"],
        defines: None,
        read: |line| {
            let (of, system, id) = (line.subject("of"), line.id("system"), line.id("id"));
            Some(Annotation::Foreign(ForeignId { of: of?, system: system?.to_owned(), id: id?.to_owned() }))
        },
    },
];

/// Reads the files one after the other and keeps what is wrong with all of them.
pub struct Reader<'a> {
    places: Places<'a>,
    annotations: Annotations,
    /// What each variable's values are.
    kinds: BTreeMap<String, VariableKind>,
    mentions: Mentions,
    problems: Problems,
    unread: BTreeSet<SubjectKind>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    /// The rows that could be read.
    pub annotations: Annotations,
    /// What they refer to.
    pub mentions: Mentions,
    /// What is wrong with the files themselves.
    pub problems: Problems,
    /// Kinds of which some could not be read.
    pub unread: BTreeSet<SubjectKind>,
    /// Quotations that were moved or filled in; no errors.
    pub notes: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Returns a reader, given the texts of the sources.
    #[must_use]
    pub const fn new(texts: &'a Texts<'a>) -> Self {
        Self {
            places: Places::new(PASSAGES_CSV, texts),
            annotations: Annotations {
                passages: Vec::new(),
                cases: Vec::new(),
                sets: Vec::new(),
                members: Vec::new(),
                variables: Vec::new(),
                values: Vec::new(),
                links: Vec::new(),
                foreign: Vec::new(),
            },
            kinds: BTreeMap::new(),
            mentions: Vec::new(),
            problems: Problems::new(),
            unread: BTreeSet::new(),
        }
    }

    /// Reads one of [`FILES`]; what is no such file says nothing.
    pub fn read(&mut self, file: &str, bytes: &[u8]) {
        let Some(table) = TABLES.iter().find(|table| table.file == file) else {
            return;
        };
        let mut problems = Problems::new();
        match csv::read(table.file, bytes) {
            Ok(sheet) => {
                csv::check_columns(table.file, &sheet, table.columns, table.required, &mut problems);
                if problems.is_empty() {
                    self.rows(table, &sheet, &mut problems);
                }
            }
            Err(wrong) => problems = wrong,
        }
        if !problems.is_empty() {
            self.unread.extend(table.defines);
        }
        self.problems.extend(problems);
    }

    fn rows(&mut self, table: &Table, sheet: &csv::Sheet, problems: &mut Problems) {
        let mut lines = BTreeMap::new();
        for row in &sheet.rows {
            let mut line = Line { file: table.file, sheet, row, reader: self, wrong: Vec::new() };
            let read = (table.read)(&mut line);
            problems.extend(line.wrong.into_iter().map(|problem| problem.at(row.line)).collect());
            let Some(annotation) = read else {
                continue;
            };
            if let Some(first) = lines.insert(annotation.key(), row.line) {
                let what = annotation.key().split_off(1).join("`, `");
                let reason = format!("`{what}` stands already in line {first}");
                problems.push(Problem::new(table.file, reason).at(row.line));
            }
            if let Annotation::Variable(variable) = &annotation {
                self.kinds.insert(variable.id.to_string(), variable.kind);
            }
            self.annotations.push(annotation);
        }
    }

    /// Returns what was read.
    #[must_use]
    pub fn finish(self) -> Read {
        Read {
            annotations: self.annotations,
            mentions: self.mentions,
            problems: self.problems,
            unread: self.unread,
            notes: self.places.notes,
        }
    }
}

/// One row, and what is wrong with it.
struct Line<'r, 'a> {
    file: &'static str,
    sheet: &'r csv::Sheet,
    row: &'r csv::Row,
    reader: &'r mut Reader<'a>,
    wrong: Vec<Problem>,
}

impl<'r> Line<'r, '_> {
    fn cell(&self, column: &str) -> &'r str {
        self.sheet.cell(self.row, column)
    }

    fn text(&self, column: &str) -> String {
        self.cell(column).to_owned()
    }

    /// Returns a cell that may not be empty.
    fn id(&mut self, column: &str) -> Option<&'r str> {
        let id = Some(self.cell(column)).filter(|id| !id.trim().is_empty());
        if id.is_none() {
            self.wrong.push(Problem::new(self.file, format!("`{column}` is empty")));
        }
        id
    }

    fn time(&mut self, column: &str) -> String {
        self.wrong.extend(check_time(self.file, self.cell(column)).err());
        self.text(column)
    }

    /// Returns what a cell names, and remembers to ask whether it is there.
    fn subject(&mut self, column: &str) -> Option<Subject> {
        let named = subject(self.file, self.cell(column), "in a study");
        let subject = named.map_err(|problem| self.wrong.push(problem)).ok()?;
        self.mention(subject.clone());
        Some(subject)
    }

    fn mention(&mut self, subject: Subject) {
        self.reader.mentions.push(Mention { file: self.file, line: self.row.line, subject });
    }

    /// Returns one of several named things, the default where nothing stands.
    fn choice<T: Default>(&mut self, column: &str, named: fn(&str) -> Option<T>, all: &[&str]) -> Option<T> {
        let name = self.cell(column);
        if name.is_empty() {
            return Some(T::default());
        }
        let chosen = named(name);
        if chosen.is_none() {
            let problem = Problem::new(self.file, format!("`{name}` is no {column}"));
            self.wrong.push(match nearest(name, all.iter().copied()) {
                Some(near) => problem.hint(Remedy::nearest(near)),
                None => problem.hint(format!("it is one of {}", all.join(", "))),
            });
        }
        chosen
    }
}

fn passage(line: &mut Line<'_, '_>) -> Option<Annotation> {
    let (id, created) = (line.id("id"), line.time("created"));
    let placed = line.reader.places.of_row(line.sheet, line.row).map_err(|problems| line.wrong.extend(problems));
    let (span, quote) = placed.ok()?;
    let (source, coder, name) = (line.cell("source").into(), line.cell("coder").into(), line.text("name"));
    Some(Annotation::Passage(Passage { id: id?.into(), source, span, quote, name, coder, created }))
}

fn member(line: &mut Line<'_, '_>) -> Option<Annotation> {
    let (of, member) = (line.subject("of"), line.subject("member"));
    if let Some(of) = of.as_ref().filter(|of| !matches!(of, Subject::Case(_) | Subject::Set(_))) {
        let problem = Problem::new(line.file, format!("`{of}` has no members"));
        line.wrong.push(problem.hint("members belong to `case:<id>` or `set:<id>`"));
    }
    Some(Annotation::Member(Member { of: of?, member: member? }))
}

fn value(line: &mut Line<'_, '_>) -> Option<Annotation> {
    let (variable, of) = (line.id("variable"), line.subject("of"));
    let variable = variable?;
    line.mention(Subject::Variable(variable.into()));
    // Of a variable that is not there nobody knows what its values are; that it is not there is said elsewhere.
    let kind = *line.reader.kinds.get(variable)?;
    match kind.parse(line.cell("value")) {
        Ok(value) => Some(Annotation::Value(VariableValue { variable: variable.into(), of: of?, value })),
        Err(error) => {
            let problem = Problem::new(line.file, format!("{error}, as variable `{variable}` wants it"));
            line.wrong.push(problem.hint(match kind {
                VariableKind::Text => "write any words",
                VariableKind::Integer => "write a whole number such as 12",
                VariableKind::Decimal => "write a number with a point, such as 0.5",
                VariableKind::Date => "write 2000, 2000-11 or 2000-11-15",
                VariableKind::Boolean => "write true or false",
            }));
            None
        }
    }
}

fn link(line: &mut Line<'_, '_>) -> Option<Annotation> {
    let (id, from, to) = (line.id("id"), line.subject("from"), line.subject("to"));
    let direction = line.choice("direction", Direction::named, &Direction::ALL.map(Direction::name));
    let (name, coder, created) = (line.text("name"), line.cell("coder").into(), line.time("created"));
    Some(Annotation::Link(Link { id: id?.into(), from: from?, to: to?, direction: direction?, name, coder, created }))
}

/// Returns the file of an annotation and its cells, in the order of the columns; `place` are the code points of a passage.
fn cells(annotation: &Annotation, place: Option<(u32, u32)>) -> (&'static str, Vec<String>) {
    match annotation {
        Annotation::Passage(p) => {
            let (start, end) = place.unwrap_or_default();
            let place = [p.id.to_string(), p.source.to_string(), start.to_string(), end.to_string(), p.quote.clone()];
            let rest = [p.name.clone(), p.coder.to_string(), p.created.clone()];
            (PASSAGES_CSV, place.into_iter().chain(rest).collect())
        }
        Annotation::Case(c) => (CASES_CSV, vec![c.id.to_string(), c.name.clone(), c.description.clone()]),
        Annotation::Set(s) => (SETS_CSV, vec![s.id.to_string(), s.name.clone(), s.description.clone()]),
        Annotation::Member(m) => (MEMBERS_CSV, vec![m.of.to_string(), m.member.to_string()]),
        Annotation::Variable(v) => {
            let kind = v.kind.name().to_owned();
            (VARIABLES_CSV, vec![v.id.to_string(), v.name.clone(), kind, v.description.clone()])
        }
        Annotation::Value(v) => (VALUES_CSV, vec![v.variable.to_string(), v.of.to_string(), v.value.to_string()]),
        Annotation::Link(l) => {
            let ends = [l.id.to_string(), l.from.to_string(), l.to.to_string(), l.direction.name().to_owned()];
            let rest = [l.name.clone(), l.coder.to_string(), l.created.clone()];
            (LINKS_CSV, ends.into_iter().chain(rest).collect())
        }
        Annotation::Foreign(f) => (FOREIGN_IDS_CSV, vec![f.of.to_string(), f.system.clone(), f.id.clone()]),
    }
}

/// Writes one of [`FILES`], given the texts of the sources; none for another file.
///
/// # Errors
/// Passages of unknown sources, and spans that leave or cut the text.
pub fn write(file: &str, annotations: &Annotations, texts: &Texts<'_>) -> Result<Option<String>, Problems> {
    let Some(table) = TABLES.iter().find(|table| table.file == file) else {
        return Ok(None);
    };
    let mut points = Points::new(texts);
    let mut problems = Problems::new();
    let mut rows = Vec::new();
    for annotation in annotations.iter() {
        let place = match &annotation {
            Annotation::Passage(p) if file == PASSAGES_CSV => {
                let place = points.of(&p.source, p.span);
                if place.is_none() {
                    let reason = format!("passage `{}` has no place in `{}`", p.id, p.source);
                    problems.push(Problem::new(file, reason));
                }
                place
            }
            _ => None,
        };
        let (of, cells) = cells(&annotation, place);
        if of == file {
            rows.push(cells);
        }
    }
    let columns = table.columns.iter().copied();
    problems.or(Some(csv::write(columns, rows.iter().map(|row| row.iter().map(String::as_str)))))
}

/// Returns whether one of [`FILES`] has a row.
#[must_use]
pub fn holds(file: &str, annotations: &Annotations) -> bool {
    annotations.iter().any(|annotation| cells(&annotation, None).0 == file)
}

#[cfg(test)]
mod tests {
    use super::super::mentions;
    use super::*;
    use nomoscope_core::study::{Known, Source, Value};
    use nomoscope_core::text::{Document, Span};
    use proptest::prelude::*;

    const TEXT: &str = "Né à Genève. The trafficking of children";

    fn read(files: &[(&str, &str)]) -> (Read, Problems) {
        let texts = BTreeMap::from([("sources/a.txt", TEXT)]);
        let mut reader = Reader::new(&texts);
        for file in FILES {
            if let Some((_, text)) = files.iter().find(|(name, _)| *name == file) {
                reader.read(file, text.as_bytes());
            }
        }
        let read = reader.finish();
        let document = Document { text: TEXT.to_owned(), ..Document::default() };
        let sources = [Source { path: "sources/a.txt".to_owned(), document, ..Source::default() }];
        let known = Known::of(&sources, &[], &[], &[], &read.annotations);
        let mut problems = mentions::check(&read.mentions, &known, &read.unread);
        problems.extend(read.problems.clone());
        (read, problems)
    }

    const GOOD: [(&str, &str); 8] = [
        ("passages.csv", "id,source,start,end,quote,name,coder,created\np,sources/a.txt,5,11,Genève,,ana,2026-11-23\n"),
        ("cases.csv", "id,name,description\n7,Ms A,\"came, and\nleft\"\n8,,\n"),
        ("sets.csv", "id,name,description\ns,early,\n"),
        ("members.csv", "of,member\ncase:7,source:sources/a.txt\ncase:7,passage:p\nset:s,concept:debt\n"),
        (
            "variables.csv",
            "id,name,kind,description\nage,Age,integer,\nw,Weight,decimal,\nn,Note,text,\nd,Born,date,\nm,Minor,boolean,\n",
        ),
        (
            "values.csv",
            "variable,of,value\nage,case:7,12\nw,case:7,1.50\nn,source:sources/a.txt,\nd,case:8,1999-02\nm,passage:p,true\n",
        ),
        ("links.csv", "id,from,to,direction,name,coder,created\nl,passage:p,case:7,one_way,tells of,ana,\n"),
        ("foreign_ids.csv", "of,system,id\ncase:7,refi-qda,{6F9619FF-8B86-D011-B42D-00CF4FC964FF}\nstudy,dna,3\n"),
    ];

    #[test]
    fn what_is_read_is_written_again() {
        let (read, problems) = read(&GOOD);
        assert_eq!(problems, Problems::new());
        assert!(read.notes.is_empty());
        let passage = &read.annotations.passages[0];
        assert_eq!((passage.span, passage.span.of(TEXT)), (Span::new(7, 14), "Genève"));
        assert_eq!(read.annotations.values[0].value, Value::Integer(12));
        assert_eq!(read.annotations.foreign[0].id, "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}");
        let texts = BTreeMap::from([("sources/a.txt", TEXT)]);
        for (file, text) in GOOD {
            assert_eq!(write(file, &read.annotations, &texts), Ok(Some(text.to_owned())), "{file}");
        }
        assert_eq!(write("memos.csv", &read.annotations, &texts), Ok(None));
    }

    #[track_caller]
    fn check_bad(files: &[(&str, &str)], want: &[&str]) {
        let (_, problems) = read(files);
        let got: Vec<String> = problems.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn everything_that_is_wrong_at_once() {
        check_bad(
            &[
                ("cases.csv", "id,nam\n7,x\n"),
                (
                    "links.csv",
                    "id,from,to,direction,created\n,cse:7,study,oneway,x\nl,case:7,set:early,,\nl,study,study,,\n",
                ),
                ("members.csv", "of,member\nset:erly,study\nconcept:c,study\n"),
                ("passages.csv", "id,source,quote\np,sources/b.txt,x\nq,sources/a.txt,gone\n"),
                ("sets.csv", "id\nearly\n"),
                ("values.csv", "variable,of,value\nage,passage:p,twelve\nsize,study,1\nage,study,1\nage,study,2\n"),
                ("variables.csv", "id,kind\nage,integer\n"),
            ],
            &[
                "cases.csv:1: unknown column `nam`\n  hint: did you mean `name`?",
                "links.csv:2: `cse:7` is nothing in a study\n  hint: did you mean `case:…`?",
                "links.csv:2: `id` is empty",
                "links.csv:2: `oneway` is no direction\n  hint: did you mean `one_way`?",
                "links.csv:2: `x` is no time\n  hint: write it as 2026-11-23T14:05:00Z",
                "links.csv:4: `l` stands already in line 3",
                "members.csv:2: there is no set `erly`\n  hint: did you mean `set:early`?",
                "members.csv:3: `concept:c` has no members\n  hint: members belong to `case:<id>` or `set:<id>`",
                "passages.csv:2: `sources/b.txt` is no source of the study\n  hint: did you mean `sources/a.txt`?",
                "passages.csv:3: the quotation does not occur in the source\n  hint: write start and end, counted in characters",
                "values.csv:2: `twelve` is no integer, as variable `age` wants it\n  hint: write a whole number such as 12",
                "values.csv:3: there is no variable `size`",
                "values.csv:5: `age`, `study` stands already in line 4",
            ],
        );
        // What a file that cannot be read would hold is not missed elsewhere.
        check_bad(
            &[("variables.csv", "id;kind\n"), ("values.csv", "variable,of,value\nage,study,1\n")],
            &[
                "variables.csv:1: the columns are not separated by commas\n  hint: save it as CSV with commas; semicolons and tabs are not read",
            ],
        );
    }

    proptest! {
        #[test]
        fn any_words_come_back(words in proptest::collection::vec(any::<String>(), 6), n in 0usize..9) {
            let word = |i: usize| words[i % words.len()].clone();
            let annotations = Annotations {
                cases: (0..n).map(|i| Case { id: format!("{i}{}", word(i)).into(), name: word(i + 1), description: word(i + 2) }).collect(),
                variables: vec![Variable { id: "v".into(), name: word(1), kind: VariableKind::Text, description: word(2) }],
                values: vec![VariableValue { variable: "v".into(), of: Subject::Study, value: Value::Text(word(3)) }],
                links: vec![Link {
                    id: "l".into(), from: Subject::Study, to: Subject::Concept(format!("c{}", word(4)).into()),
                    direction: Direction::Bidirectional, name: word(5), coder: word(0).as_str().into(), created: String::new(),
                }],
                ..Annotations::default()
            };
            let texts = BTreeMap::new();
            let mut reader = Reader::new(&texts);
            for file in FILES {
                reader.read(file, write(file, &annotations, &texts).expect("writes").expect("a file").as_bytes());
            }
            let read = reader.finish();
            prop_assert_eq!(read.problems, Problems::new());
            prop_assert_eq!(read.annotations, annotations);
        }
    }
}
