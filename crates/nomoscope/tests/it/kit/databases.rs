//! Projects of the kit as databases of RQDA, QualCoder, Taguette and Discourse Network Analyzer.

use super::model::Project;
use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB, params_from_iter};

const TIME: &str = "2026-01-02 03:04:05";

/// Returns the bytes of a database; which SQLite wrote it does not stand in them.
fn made(schema: &str, rows: &[(&str, Vec<Value>)]) -> Vec<u8> {
    let mut database = Connection::open_in_memory().unwrap();
    database.execute_batch(schema).unwrap();
    for (table, cells) in rows {
        let places = vec!["?"; cells.len()].join(", ");
        database.execute(&format!("INSERT INTO {table} VALUES ({places})"), params_from_iter(cells)).unwrap();
    }
    let mut bytes = database.serialize(MAIN_DB).unwrap().to_vec();
    bytes[96..100].fill(0);
    bytes
}

fn words(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn id(n: usize) -> Value {
    Value::Integer(n as i64 + 1)
}

fn coder(project: &Project, coder: Option<usize>) -> Value {
    words(coder.map_or("", |coder| project.coders[coder].as_str()))
}

/// A coding as tables hold it.
struct Row<'p> {
    text: usize,
    place: (i64, i64),
    quote: &'p str,
    code: usize,
    coder: Option<usize>,
}

fn codings(project: &Project) -> impl Iterator<Item = Row<'_>> {
    project.marks.iter().flat_map(|mark| {
        let (text, place, quote) = (mark.text, project.place(mark), project.quote(mark));
        mark.codings.iter().map(move |(code, coder)| Row { text, place, quote, code: *code, coder: *coder })
    })
}

/// RQDA; as many codings as are said were deleted there.
pub(super) fn rqda(project: &Project, deleted: usize) -> Vec<u8> {
    let schema = "CREATE TABLE project(databaseversion TEXT, date TEXT, memo TEXT);
        CREATE TABLE source(id INTEGER, name TEXT, file TEXT, memo TEXT, owner TEXT, date TEXT, status INTEGER);
        CREATE TABLE freecode(id INTEGER, name TEXT, memo TEXT, owner TEXT, date TEXT, status INTEGER, color TEXT);
        CREATE TABLE coding(cid INTEGER, fid INTEGER, seltext TEXT, selfirst REAL, selend REAL, status INTEGER, owner TEXT, date TEXT, memo TEXT);
        CREATE TABLE codecat(catid INTEGER, name TEXT, memo TEXT, status INTEGER);
        CREATE TABLE treecode(cid INTEGER, catid INTEGER, status INTEGER);
        CREATE TABLE cases(id INTEGER, name TEXT, memo TEXT, status INTEGER);
        CREATE TABLE caselinkage(caseid INTEGER, fid INTEGER, selfirst REAL, selend REAL, status INTEGER)";
    let mut rows = vec![("project", vec![words("0.2.2"), words(TIME), Value::Null])];
    for (n, text) in project.texts.iter().enumerate() {
        let file = if text.held { words(&text.stored()) } else { Value::Null };
        let cells = vec![id(n), words(&text.name), file, Value::Null, words(""), words(TIME), Value::Integer(1)];
        rows.push(("source", cells));
    }
    for (n, code) in project.codes.iter().enumerate() {
        let cells = vec![id(n), words(&code.name), Value::Null, words(""), words(TIME), Value::Integer(1), Value::Null];
        rows.push(("freecode", cells));
    }
    let mut put = |row: Row<'_>, status: i64| {
        let place = [Value::Real(row.place.0 as f64), Value::Real(row.place.1 as f64), Value::Integer(status)];
        let first = [id(row.code), id(row.text), words(row.quote)].into_iter().chain(place);
        rows.push(("coding", first.chain([coder(project, row.coder), words(TIME), Value::Null]).collect()));
    };
    codings(project).take(deleted).for_each(|row| put(row, -1));
    codings(project).for_each(|row| put(row, 1));
    made(schema, &rows)
}

/// QualCoder; codes below codes are what its newest schema has.
pub(super) fn qualcoder(project: &Project) -> Vec<u8> {
    let schema = "CREATE TABLE project(databaseversion TEXT, date TEXT, memo TEXT, about TEXT);
        CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT);
        CREATE TABLE code_cat(catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, date TEXT, memo TEXT, supercatid INTEGER);
        CREATE TABLE code_name(cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER, owner TEXT, date TEXT, color TEXT, supercid INTEGER);
        CREATE TABLE code_text(ctid INTEGER PRIMARY KEY, cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER, owner TEXT, date TEXT, memo TEXT, avid INTEGER, important INTEGER);
        CREATE TABLE coder_names(name TEXT)";
    let mut rows = vec![("project", vec![words("v17"), words(TIME), words(""), words("")])];
    for (n, text) in project.texts.iter().enumerate() {
        let cells = [words(&text.name), words(&text.stored()), Value::Null, words(""), words(""), words(TIME)];
        rows.push(("source", std::iter::once(id(n)).chain(cells).collect()));
    }
    for (n, code) in project.codes.iter().enumerate() {
        let below = |parent: &usize| project.codes[*parent].codable;
        let of = |codable: bool| code.parent.filter(|p| below(p) == codable).map_or(Value::Null, id);
        if code.codable {
            let cells = vec![
                id(n),
                words(&code.name),
                words(""),
                of(false),
                words(""),
                words(TIME),
                words("#99CCFF"),
                of(true),
            ];
            rows.push(("code_name", cells));
        } else {
            rows.push(("code_cat", vec![id(n), words(&code.name), words(""), words(TIME), words(""), of(false)]));
        }
    }
    for (at, row) in codings(project).enumerate() {
        let place = [words(row.quote), Value::Integer(row.place.0), Value::Integer(row.place.1)];
        let rest = [coder(project, row.coder), words(TIME), words(""), Value::Null, Value::Null];
        rows.push(("code_text", [id(at), id(row.code), id(row.text)].into_iter().chain(place).chain(rest).collect()));
    }
    rows.extend(project.coders.iter().map(|name| ("coder_names", vec![words(name)])));
    made(schema, &rows)
}

/// Taguette: each line of a text is a paragraph of HTML, and the ends of lines are not counted.
pub(super) fn taguette(project: &Project) -> Vec<u8> {
    let schema = "CREATE TABLE projects(id INTEGER PRIMARY KEY, name TEXT, description TEXT);
        CREATE TABLE documents(id INTEGER PRIMARY KEY, name TEXT, description TEXT, filename TEXT, project_id INTEGER, contents TEXT);
        CREATE TABLE tags(id INTEGER PRIMARY KEY, project_id INTEGER, path TEXT, description TEXT);
        CREATE TABLE highlights(id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
        CREATE TABLE highlight_tags(highlight_id INTEGER, tag_id INTEGER)";
    let html = |words: &str| words.replace('&', "&amp;").replace('<', "&lt;");
    let mut rows = vec![("projects", vec![id(0), words("Kit"), words("")])];
    for (n, text) in project.texts.iter().enumerate() {
        // Tags stand within the words, too, and count nothing.
        let line = |line: &str| format!("<p>{}</p>", html(line).replacen("water", "<em>water</em>", 1));
        let contents: String = text.words.lines().map(line).collect();
        let cells = vec![id(n), words(&text.name), words(""), words("kit.html"), id(0), words(&contents)];
        rows.push(("documents", cells));
    }
    for (n, code) in project.codes.iter().enumerate() {
        rows.push(("tags", vec![id(n), id(0), words(&code.name), words("")]));
    }
    for (n, mark) in project.marks.iter().enumerate() {
        let (start, end) = project.place(mark);
        let place = [Value::Integer(start), Value::Integer(end), words(&html(project.quote(mark)))];
        rows.push(("highlights", [id(n), id(mark.text)].into_iter().chain(place).collect()));
        rows.extend(mark.codings.iter().map(|(code, _)| ("highlight_tags", vec![id(n), id(*code)])));
    }
    made(schema, &rows)
}

/// Discourse Network Analyzer, version 2 or 3: codes are the concepts of statements, each of one organization.
pub(super) fn dna(project: &Project, is_3: bool, day: i64) -> Vec<u8> {
    let entities = if is_3 {
        "CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER);
        CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Entity INTEGER)"
    } else {
        "CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, Type TEXT, Alias TEXT, Notes TEXT, ChildOf TEXT);
        CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, StatementTypeId INTEGER, Value TEXT)"
    };
    let schema = format!(
        "CREATE TABLE SETTINGS(Property TEXT, Value TEXT);
        CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
        CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT, Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
        CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
        CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
        CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER);
        {entities}"
    );
    let version = if is_3 { "3.0.7" } else { "2.0 beta 19" };
    let mut rows = vec![("SETTINGS", vec![words("version"), words(version)])];
    let color = || [Value::Integer(0), Value::Integer(0), Value::Integer(0)];
    for (n, name) in project.coders.iter().enumerate() {
        rows.push(("CODERS", [id(n), words(name)].into_iter().chain(color()).collect()));
    }
    for (n, text) in project.texts.iter().enumerate() {
        let date = Value::Integer(day * 86_400 * if is_3 { 1 } else { 1000 });
        let said = ["", "Kit", "", "", ""].map(words);
        let cells = [id(n), words(&text.name), words(&text.stored()), id(0)];
        rows.push(("DOCUMENTS", cells.into_iter().chain(said).chain([date]).collect()));
    }
    rows.push(("STATEMENTTYPES", [id(0), words("Statement")].into_iter().chain(color()).collect()));
    rows.push(("VARIABLES", vec![id(0), words("concept"), words("short text"), id(0)]));
    for (n, code) in project.codes.iter().enumerate() {
        let first = [id(n), id(0), words(&code.name)].into_iter().chain(color());
        let rest = if is_3 { vec![Value::Null] } else { vec![words(""), words(""), words(""), words("")] };
        rows.push((if is_3 { "ENTITIES" } else { "ATTRIBUTES" }, first.chain(rest).collect()));
    }
    for (n, mark) in project.marks.iter().enumerate() {
        let ((start, end), (code, by)) = (project.place(mark), mark.codings[0]);
        let place = [Value::Integer(start), Value::Integer(end), id(by.unwrap_or_default())];
        rows.push(("STATEMENTS", [id(n), id(0), id(mark.text)].into_iter().chain(place).collect()));
        let value = if is_3 { vec![id(code)] } else { vec![id(0), words(&project.codes[code].name)] };
        rows.push(("DATASHORTTEXT", [id(n), id(n), id(0)].into_iter().chain(value).collect()));
    }
    made(&schema, &rows)
}
