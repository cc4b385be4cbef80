//! A codebook as a table, for whoever keeps one in a spreadsheet: a row a pattern.
//!
//! Columns: `concept` and, as far as there are any, `role`, `label`, `language`, `pattern`, `not`, `note`, `source`, `broader`,
//! `family`, `norm_label`, `elements`, under these names or some that people use for them. What is said of a concept may stand in
//! one of its rows or in all. A cell with several lines holds several patterns. Without a language a pattern holds for all.

use crate::grid::{self, Found, Row, is_blank, no_header};
use crate::study::csv as sheet;
use crate::{Input, Limits};
use nomoscope_core::codebook::pattern::Pattern;
use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::problem::{Problem, Problems};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The columns that are written, and the names under which each is read.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("concept", &["concept", "code", "id", "concept id", "konzept", "code name"]),
    ("role", &["role", "roles", "part", "rolle", "rôle"]),
    ("norm_label", &["norm_label", "norm label", "is label"]),
    ("label", &["label", "name", "title"]),
    ("language", &["language", "lang", "sprache", "langue"]),
    ("pattern", &["pattern", "patterns", "word", "words", "term", "terms", "keyword", "keywords", "phrase"]),
    ("not", &["not", "veto", "except", "exclude"]),
    ("broader", &["broader", "parent", "above"]),
    ("family", &["family"]),
    ("elements", &["elements"]),
    ("note", &["note", "notes", "memo", "definition", "description", "comment"]),
    ("source", &["source", "reference"]),
];

/// Returns the names under which a column is read.
pub(crate) fn names_of(column: &str) -> &'static [&'static str] {
    COLUMNS.iter().find(|(name, _)| *name == column).map_or(&[], |(_, names)| names)
}

/// Reads a codebook from separated values, a workbook or a Stata file.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn read(input: &Input<'_>, title: &str) -> Result<Codebook, Problems> {
    let grid = grid::read(input, &Limits::default())?;
    let names = COLUMNS[0].1;
    let is_header = |row: &Row| row.cells.iter().any(|cell| names.contains(&cell.to_lowercase().as_str()));
    let Some(found) = grid.below(is_header) else {
        let hint = "columns are concept, role, label, language, pattern, note; concept is needed";
        return Err(no_header(&grid, "a column `concept`", hint).into());
    };
    let mut reader = Reader { found, places: places(&found), problems: Problems::new(), concepts: Vec::new() };
    found.check_widths(input.name, &mut reader.problems);
    for row in found.rows {
        reader.row(input.name, row);
    }
    let Reader { mut problems, concepts, .. } = reader;
    match Codebook::new(title.to_owned(), "1".to_owned(), concepts) {
        Ok(codebook) => problems.or(codebook),
        Err(more) => {
            problems.extend(more.in_file(input.name));
            Err(problems)
        }
    }
}

fn places(found: &Found<'_>) -> BTreeMap<&'static str, usize> {
    COLUMNS.iter().filter_map(|(name, names)| Some((*name, found.column(names)?))).collect()
}

struct Reader<'g> {
    found: Found<'g>,
    places: BTreeMap<&'static str, usize>,
    problems: Problems,
    concepts: Vec<Concept>,
}

impl Reader<'_> {
    fn cell<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        let cell = self.places.get(column).map_or("", |&place| self.found.cell(row, place));
        if is_blank(cell) { "" } else { cell }
    }

    fn row(&mut self, file: &str, row: &Row) {
        let name = self.cell(row, "concept");
        if name.is_empty() {
            let hint = "every row names its concept";
            self.problems.push(Problem::in_line(file, row.line, "the row names no concept").hint(hint));
            return;
        }
        let id = id_of(name);
        let at = self.concepts.iter().position(|concept| concept.id == id).unwrap_or_else(|| {
            self.concepts.push(Concept { id: id.clone(), line: row.line, ..Concept::default() });
            self.concepts.len() - 1
        });
        // Taken out while its row is read, for problems are told meanwhile.
        let Some(mut concept) = self.concepts.get_mut(at).map(std::mem::take) else { return };
        self.said(file, row, &mut concept, name);
        if let Some(place) = self.concepts.get_mut(at) {
            *place = concept;
        }
    }

    /// Adds what a row says to its concept.
    fn said(&mut self, file: &str, row: &Row, concept: &mut Concept, name: &str) {
        self.roles(file, row, concept);
        let language = match self.cell(row, "language") {
            "" => "und".to_owned(),
            written => nomoscope_core::text::language::tag(written).unwrap_or_else(|| written.to_lowercase()),
        };
        let label = self.cell(row, "label");
        // A name that is no id is what people call the concept.
        let label = if label.is_empty() && name != concept.id { name } else { label };
        if !label.is_empty() {
            let language = if language == "und" { "en" } else { language.as_str() };
            let mut place = concept.label.remove(language).unwrap_or_default();
            self.once(file, row, (&concept.id, "label"), &mut place, label);
            concept.label.insert(language.to_owned(), place);
        }
        for (column, table) in [("pattern", &mut concept.patterns), ("not", &mut concept.not)] {
            let lines = self.cell(row, column).lines().map(str::trim).filter(|line| !line.is_empty());
            let texts: Vec<PatternText> =
                lines.map(|text| PatternText { text: text.to_owned(), line: row.line }).collect();
            if !texts.is_empty() {
                table.entry(language.clone()).or_default().extend(texts);
            }
        }
        let id = concept.id.clone();
        let parts = [("note", &mut concept.note), ("source", &mut concept.source)];
        for (column, place) in parts {
            let said = self.cell(row, column).to_owned();
            self.once(file, row, (&id, column), place, &said);
        }
        for (column, place) in [("broader", &mut concept.broader), ("family", &mut concept.family)] {
            let said = self.cell(row, column).to_owned();
            let said = if column == "broader" && !said.is_empty() { id_of(&said) } else { said };
            let mut words = place.take().unwrap_or_default();
            self.once(file, row, (&id, column), &mut words, &said);
            *place = Some(words).filter(|words| !words.is_empty());
        }
        let elements = self.cell(row, "elements");
        if !elements.is_empty() {
            let one = |part: &str| part.split('|').map(|id| id_of(id.trim())).collect();
            concept.elements = elements.split(';').map(one).collect();
        }
    }

    fn roles(&mut self, file: &str, row: &Row, concept: &mut Concept) {
        let wanted = self.cell(row, "role").to_lowercase();
        for word in wanted.split([',', ';', '/', '+', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
            match (word, Role::ALL.into_iter().find(|role| role.name() == word.trim_end_matches('s'))) {
                (_, Some(role)) => drop(concept.roles.insert(role)),
                ("behavior" | "behaviors", _) => drop(concept.roles.insert(Role::Behaviour)),
                ("label" | "norm label" | "norm_label", _) => concept.norm_label = true,
                _ => {
                    let reason = format!("unknown role `{word}` of `{}`", concept.id);
                    let hint = "roles are problem, value and behaviour; several have commas between";
                    self.problems.push(Problem::in_line(file, row.line, reason).hint(hint));
                }
            }
        }
        let label = self.cell(row, "norm_label").to_lowercase();
        concept.norm_label |= matches!(label.as_str(), "yes" | "true" | "1" | "x" | "ja" | "oui");
    }

    /// Takes what is said once, or often in the same words.
    fn once(&mut self, file: &str, row: &Row, (id, column): (&str, &str), place: &mut String, said: &str) {
        if said.is_empty() || place == said {
            return;
        }
        if place.is_empty() {
            said.clone_into(place);
            return;
        }
        let reason = format!("`{id}` has another {column} in a row above");
        let hint = "say it in one row only, or in all rows alike";
        self.problems.push(Problem::in_line(file, row.line, reason).hint(hint));
    }
}

/// Returns the id of a name: "Child labour" is `child-labour`.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for c in name.trim().chars() {
        match c {
            c if c.is_alphanumeric() => id.extend(c.to_lowercase()),
            '_' | '.' => id.push(c),
            _ if !id.ends_with('-') && !id.is_empty() => id.push('-'),
            _ => {}
        }
    }
    id.trim_end_matches('-').to_owned()
}

/// Returns the codebook as separated values, a row a pattern, or a row a concept where it has none.
#[must_use]
pub fn write(codebook: &Codebook) -> String {
    let columns = COLUMNS.map(|(name, _)| name);
    let rows: Vec<Vec<String>> = codebook.concepts().iter().flat_map(rows).collect();
    sheet::write(columns, rows.iter().map(|row| row.iter().map(String::as_str)))
}

fn rows(concept: &Concept) -> Vec<Vec<String>> {
    let roles: Vec<&str> = concept.roles.iter().map(|role| role.name()).collect();
    let elements: Vec<String> = concept.elements.iter().map(|element| element.join("|")).collect();
    let row = |language: &str, pattern: &str, not: &str| {
        let label = concept.label.get(language).or_else(|| concept.label.get("en").filter(|_| language == "und"));
        let said = [
            concept.id.as_str(),
            &roles.join(", "),
            if concept.norm_label { "yes" } else { "" },
            label.map_or("", String::as_str),
            if language == "und" { "" } else { language },
            pattern,
            not,
            concept.broader.as_deref().unwrap_or_default(),
            concept.family.as_deref().unwrap_or_default(),
            &elements.join("; "),
            &concept.note,
            &concept.source,
        ];
        said.map(str::to_owned).to_vec()
    };
    let mut out: Vec<Vec<String>> = Vec::new();
    let told = |table: &BTreeMap<String, Vec<PatternText>>| -> Vec<(String, String)> {
        table.iter().flat_map(|(l, texts)| texts.iter().map(move |t| (l.clone(), t.text.clone()))).collect()
    };
    out.extend(told(&concept.patterns).iter().map(|(language, text)| row(language, text, "")));
    out.extend(told(&concept.not).iter().map(|(language, text)| row(language, "", text)));
    // A label in a language without patterns has a row of its own.
    let with: Vec<String> = concept.patterns.keys().chain(concept.not.keys()).cloned().collect();
    let for_all = with.iter().any(|language| language == "und");
    let alone = |language: &&String| !with.contains(language) && (!for_all || *language != "en");
    out.extend(concept.label.keys().filter(alone).map(|language| row(language, "", "")));
    if out.is_empty() {
        out.push(row("und", "", ""));
    }
    out
}

/// Returns the codebook as `codebook.toml`.
#[must_use]
pub fn to_toml(codebook: &Codebook) -> String {
    let mut out = format!("title = {}\nversion = {}\n", quoted(&codebook.title), quoted(&codebook.version));
    if codebook.keep_accents {
        out.push_str("matching = { keep_accents = true }\n");
    }
    for concept in codebook.concepts() {
        out.push_str(&concept_toml(concept));
    }
    out
}

/// Returns a concept as an entry of `codebook.toml`, with a blank line before it.
#[must_use]
pub fn concept_toml(concept: &Concept) -> String {
    let mut out = format!("\n[[concept]]\nid = {}\n", quoted(&concept.id));
    let list = |words: Vec<String>| format!("[{}]", words.join(", "));
    if !concept.roles.is_empty() {
        let _ = writeln!(out, "roles = {}", list(concept.roles.iter().map(|role| quoted(role.name())).collect()));
    }
    if concept.norm_label {
        out.push_str("norm_label = true\n");
    }
    for (key, value) in [("broader", &concept.broader), ("family", &concept.family)] {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    if !concept.elements.is_empty() {
        let one = |element: &Vec<String>| list(element.iter().map(|id| quoted(id)).collect());
        let _ = writeln!(out, "elements = {}", list(concept.elements.iter().map(one).collect()));
    }
    if !concept.label.is_empty() {
        let labels: Vec<String> =
            concept.label.iter().map(|(language, label)| format!("{} = {}", key(language), quoted(label))).collect();
        let _ = writeln!(out, "label = {{ {} }}", labels.join(", "));
    }
    for (name, table) in [("patterns", &concept.patterns), ("not", &concept.not)] {
        for (language, texts) in table {
            let texts = texts.iter().map(|text| quoted(&text.text)).collect();
            let _ = writeln!(out, "{name}.{} = {}", key(language), list(texts));
        }
    }
    for (name, words) in [("note", &concept.note), ("source", &concept.source)] {
        if !words.is_empty() {
            let _ = writeln!(out, "{name} = {}", quoted(words));
        }
    }
    out
}

/// Returns the text of a `codebook.toml` with more patterns of a concept; everything else stays as it is.
///
/// # Errors
/// A text that does not become a codebook with these patterns: the concept stands in a form that this cannot add to.
pub fn with_patterns(text: &str, id: &str, language: &str, patterns: &[String]) -> Result<String, Problem> {
    let no = || {
        let reason = format!("patterns of `{id}` cannot be added where they stand");
        Problem::new("", reason).hint("write them into the file")
    };
    let codebook = crate::codebook_toml::parse(text.as_bytes()).map_err(|_| no())?;
    let concept = codebook.find(id).map(|ix| codebook.get(ix)).ok_or_else(no)?;
    for pattern in patterns {
        let wrong = |error| Problem::new("", format!("`{pattern}`: {error}"));
        Pattern::parse_with(pattern, codebook.keep_accents).map_err(wrong)?;
    }
    // The concept reaches from its line to the next header.
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let from = starts.get(concept.line.saturating_sub(1) as usize).copied().ok_or_else(no)?;
    let body = from + text.get(from..).and_then(|rest| rest.find('\n')).map_or(0, |at| at + 1);
    let header = |at: &usize| text.get(*at..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('['));
    let to = starts.iter().copied().filter(|at| *at >= body).find(header).unwrap_or(text.len());
    let new: Vec<String> = patterns.iter().map(|pattern| quoted(pattern)).collect();
    let wanted = format!("patterns.{}", key(language));
    let line = starts.iter().copied().filter(|at| (body..to).contains(at)).find(|at| {
        let rest = text.get(*at..).unwrap_or_default().trim_start_matches([' ', '\t']);
        rest.strip_prefix(&wanted).is_some_and(|rest| rest.trim_start().starts_with('='))
    });
    let mut out = text.to_owned();
    match line {
        Some(at) => {
            let open = at + text.get(at..to).and_then(|rest| rest.find('[')).ok_or_else(no)? + 1;
            out.insert_str(open, &format!("{}, ", new.join(", ")));
        }
        None => {
            // Remarks before the next concept are on that one.
            let mut end = body;
            let mut at = body;
            for line in text.get(body..to).unwrap_or_default().split_inclusive('\n') {
                at += line.len();
                if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                    end = at - (line.len() - line.trim_end().len());
                }
            }
            out.insert_str(end, &format!("\n{wanted} = [{}]", new.join(", ")));
        }
    }
    // What was meant must have come of it: a table of patterns may be written in other ways than this looks for.
    let again = crate::codebook_toml::parse(out.as_bytes()).map_err(|_| no())?;
    let has = |pattern: &String| {
        let found = again.find(id).map(|ix| again.get(ix)).and_then(|concept| concept.patterns.get(language));
        found.is_some_and(|texts| texts.iter().any(|text| text.text == *pattern))
    };
    if patterns.iter().all(has) && again.len() == codebook.len() { Ok(out) } else { Err(no()) }
}

fn quoted(words: &str) -> String {
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => drop(write!(out, "\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook_toml;

    fn of(table: &str) -> Result<Codebook, Problems> {
        read(&Input { name: "codes.csv", bytes: table.as_bytes() }, "Codes")
    }

    /// Lines are places in a file, and differ from file to file.
    fn without_lines(codebook: &Codebook) -> Vec<Concept> {
        let mut concepts = codebook.concepts().to_vec();
        for concept in &mut concepts {
            concept.line = 0;
            concept.patterns.values_mut().chain(concept.not.values_mut()).flatten().for_each(|text| text.line = 0);
        }
        concepts
    }

    #[test]
    fn a_list_as_people_keep_it() {
        let codebook = of("Code,Role,Language,Words,Memo\nChild labour,problem,English,\"child* labour\nlabour of children\",What is meant.\nChild labour,,French,travail des enfants,\nDignity,value,,dignity,\nProtect,Behavior,,protect*,\n").unwrap();
        let labour = codebook.get(codebook.find("child-labour").unwrap());
        assert_eq!(labour.label_in("en"), "Child labour");
        assert_eq!(labour.note, "What is meant.");
        let texts = |language: &str| labour.patterns[language].iter().map(|t| t.text.as_str()).collect::<Vec<_>>();
        assert_eq!(
            (texts("en"), texts("fr")),
            (vec!["child* labour", "labour of children"], vec!["travail des enfants"])
        );
        assert!(codebook.get(codebook.find("protect").unwrap()).has(Role::Behaviour));
    }

    #[test]
    fn everything_wrong_at_once() {
        let problems = of("concept,role,pattern,note\na,problm,(x,one\n,value,y,\na,value,z,two\nb,,w,\n").unwrap_err();
        let found: Vec<(u64, String)> = problems.iter().map(|p| (p.line().unwrap_or(0), p.reason.plain())).collect();
        let want = [
            (2, "pattern `(x` of `a`: `(` at character 1 is not closed"),
            (2, "unknown role `problm` of `a`"),
            (3, "the row names no concept"),
            (4, "`a` has another note in a row above"),
            (5, "concept `b` has no role"),
        ];
        assert_eq!(found, want.map(|(line, reason)| (line, reason.to_owned())));
        assert!(of("a,b\n1,2\n").unwrap_err()[0].reason.plain().contains("concept"));
    }

    #[test]
    fn patterns_are_added_and_the_rest_stays() {
        let text = "# Mine.\ntitle = \"T\"\n\n[[concept]]\nid = \"a\" # the first\nroles = [\"problem\"]\npatterns.en = [\n  \"x\", # of old\n]\n\n# The second.\n[[concept]]\nid = \"b\"\nroles = [\"value\"]\n";
        let add = |text: &str, id: &str, language: &str| with_patterns(text, id, language, &["new \"one\"".to_owned()]);
        let more = add(text, "a", "en").unwrap();
        assert_eq!(more, text.replace("[\n  \"x\"", "[\"new \\\"one\\\"\", \n  \"x\""));
        let more = add(text, "b", "zh-Hant").unwrap();
        assert!(more.starts_with(text.trim_end()) && more.contains("patterns.zh-Hant = [\"new"), "{more}");
        let more = add(text, "a", "fr").unwrap();
        assert!(more.contains("# The second.\n[[concept]]") && codebook_toml::parse(more.as_bytes()).is_ok(), "{more}");
        let inline = "[[concept]]\nid = \"a\"\nroles = [\"problem\"]\npatterns = { en = [\"x\"] }\n";
        assert!(add(inline, "a", "en").is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let toml = "title = \"T\"\nversion = \"3\"\n[[concept]]\nid = \"a\"\nroles = [\"problem\", \"value\"]\nnorm_label = true\nbroader = \"c\"\nelements = [\"b\", [\"c\", \"b\"]]\nlabel = { en = \"A, \\\"the\\\" first\", fr = \"A\" }\npatterns.en = [\"a b*\", \"(x|y) NEAR/3 z\"]\npatterns.und = [\"q\"]\nnot.en = [\"no a\"]\nnote = \"two\\nlines\"\nsource = \"S\"\n[[concept]]\nid = \"b\"\n[[concept]]\nid = \"c\"\nroles = [\"behaviour\"]\nfamily = \"protect\"\nlabel = { th = \"ค\" }\npatterns.zh-Hant = [\"人\"]\n";
        let codebook = codebook_toml::parse(toml.as_bytes()).unwrap();
        let again = codebook_toml::parse(to_toml(&codebook).as_bytes()).unwrap();
        assert_eq!(without_lines(&again), without_lines(&codebook));
        let table = of(&write(&codebook)).unwrap();
        assert_eq!(without_lines(&table), without_lines(&codebook));
    }
}
