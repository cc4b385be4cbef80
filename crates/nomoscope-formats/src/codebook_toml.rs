//! `codebook.toml` to a [`Codebook`], with the line of everything that is wrong.
//!
//! TOML errors, unknown keys, wrong types and what [`Codebook::new`] finds are reported together, so that one run of
//! `codebook check` is enough.

use crate::settings::Settings;
use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::problem::{Problems, Remedy, Words};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const TOP: &[&str] = &[
    "title",
    "version",
    "language",
    "source",
    "licence",
    "license",
    "date",
    "retrieved",
    "note",
    "matching",
    "concept",
];
const KEYS: &[&str] =
    &["id", "roles", "norm_label", "broader", "family", "elements", "label", "patterns", "not", "note", "source"];
/// The largest codebook file, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// Returns the codebook in the bytes of a `codebook.toml`.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn parse(bytes: &[u8]) -> Result<Codebook, Problems> {
    let (settings, table) = Settings::open("", bytes, MAX_BYTES)?;
    let mut reader = Reader { settings };
    let (title, version, keep_accents, concepts) = reader.codebook(table.get_ref());
    match Codebook::new(title, version, concepts) {
        Ok(mut codebook) if reader.settings.problems.is_empty() => {
            codebook.keep_accents = keep_accents;
            Ok(codebook.ordered())
        }
        Ok(_) => Err(reader.settings.problems),
        Err(more) => {
            reader.settings.problems.extend(more);
            Err(reader.settings.problems)
        }
    }
}

/// Returns the ids of concepts in the order of the file: a codebook is in an order of its own.
#[must_use]
pub fn order(bytes: &[u8]) -> Vec<String> {
    let table = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<toml::Table>().ok()).unwrap_or_default();
    let concepts = table.get("concept").and_then(toml::Value::as_array).into_iter().flatten();
    concepts.filter_map(|concept| Some(concept.get("id")?.as_str()?.to_owned())).collect()
}

/// Returns a codebook with concepts added behind what stands there, which stays as it is, byte for byte; where nothing
/// stands yet, it begins with `title`. Of a concept its id, roles, wider concept, labels, note and source are written.
#[must_use]
pub fn append(codebook: Option<&str>, title: &str, concepts: &[Concept]) -> String {
    let quoted = |word: &str| toml::Value::String(word.to_owned()).to_string();
    let mut out = codebook.map_or_else(|| format!("title = {}\n", quoted(title)), str::to_owned);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    for concept in concepts {
        let roles: Vec<String> = concept.roles.iter().map(|role| quoted(role.name())).collect();
        out.push_str(&format!("\n[[concept]]\nid = {}\nroles = [{}]\n", quoted(&concept.id), roles.join(", ")));
        if let Some(broader) = &concept.broader {
            out.push_str(&format!("broader = {}\n", quoted(broader)));
        }
        let labels = concept.label.iter().map(|(language, label)| match language.as_str() {
            "und" => format!("label = {}\n", quoted(label)),
            language => format!("label.{} = {}\n", quoted(language), quoted(label)),
        });
        out.extend(labels);
        for (key, words) in [("note", &concept.note), ("source", &concept.source)] {
            if !words.is_empty() {
                out.push_str(&format!("{key} = {}\n", quoted(words)));
            }
        }
    }
    out
}

struct Reader<'a> {
    settings: Settings<'a>,
}

impl Reader<'_> {
    fn complain(&mut self, span: Range<usize>, reason: impl Into<Words>, hint: Option<Remedy>) {
        self.settings.say(span, reason, hint);
    }

    fn codebook(&mut self, table: &DeTable<'_>) -> (String, String, bool, Vec<Concept>) {
        self.settings.unknown_keys(table, TOP, "the codebook");
        let title = self.settings.string(table, "title").unwrap_or_default();
        let version = self.settings.string(table, "version").unwrap_or_default();
        let keep_accents = match table.get("matching").map(|v| (v.span(), v.get_ref())) {
            None => false,
            Some((_, DeValue::Table(matching))) => {
                self.settings.unknown_keys(matching, &["keep_accents"], "`matching`");
                self.settings.boolean(matching, "keep_accents")
            }
            Some((span, _)) => {
                self.complain(span, "`matching` must be a table", Some("[matching] keep_accents = true".into()));
                false
            }
        };
        let concepts = match table.get("concept").map(|v| (v.span(), v.get_ref())) {
            Some((_, DeValue::Array(array))) => array.iter().filter_map(|entry| self.concept(entry)).collect(),
            Some((span, _)) => {
                self.complain(span, "`concept` must be a list of tables", Some("begin each with [[concept]]".into()));
                Vec::new()
            }
            None => {
                let hint = Some("begin one with [[concept]]".into());
                self.complain(0..0, "the codebook has no concept", hint);
                Vec::new()
            }
        };
        (title, version, keep_accents, concepts)
    }

    fn concept(&mut self, entry: &Spanned<DeValue<'_>>) -> Option<Concept> {
        let line = self.settings.line(entry.span().start);
        let DeValue::Table(table) = entry.get_ref() else {
            self.complain(entry.span(), "a concept must be a table", None);
            return None;
        };
        let id = self.settings.string(table, "id");
        if id.is_none() && !table.contains_key("id") {
            self.complain(entry.span(), "a concept has no `id`", None);
        }
        let of = id.as_ref().map_or_else(|| "a concept".to_owned(), |id| format!("concept `{id}`"));
        self.settings.unknown_keys(table, KEYS, &of);
        let concept = Concept {
            roles: self.roles(table, &of),
            unassigned: table.get("roles").is_some_and(|v| matches!(v.get_ref(), DeValue::Array(a) if a.is_empty())),
            norm_label: self.settings.boolean(table, "norm_label"),
            broader: self.settings.string(table, "broader"),
            family: self.settings.string(table, "family"),
            elements: self.elements(table),
            label: self.labels(table),
            patterns: self.patterns(table, "patterns"),
            not: self.patterns(table, "not"),
            note: self.settings.string(table, "note").unwrap_or_default(),
            source: self.settings.string(table, "source").unwrap_or_default(),
            line,
            id: id?,
        };
        Some(concept)
    }

    fn roles(&mut self, table: &DeTable<'_>, of: &str) -> BTreeSet<Role> {
        let mut roles = BTreeSet::new();
        for (span, name) in self.strings(table, "roles") {
            match Role::ALL.iter().find(|r| r.name() == name) {
                Some(role) => {
                    if !roles.insert(*role) {
                        self.complain(span, format!("{of} has the role `{name}` twice"), None);
                    }
                }
                None => {
                    let hint = Some("roles are problem, value and behaviour".into());
                    self.complain(span, format!("{of} has the unknown role `{name}`"), hint);
                }
            }
        }
        roles
    }

    /// Returns the strings of a list, or the one string that stands instead of a list.
    fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<(Range<usize>, String)> {
        table.get(key).map(|value| self.string_list(value, key)).unwrap_or_default()
    }

    fn string_list(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Vec<(Range<usize>, String)> {
        match value.get_ref() {
            DeValue::String(s) => vec![(value.span(), s.to_string())],
            DeValue::Array(array) => {
                let mut out = Vec::new();
                for item in array {
                    match item.get_ref() {
                        DeValue::String(s) => out.push((item.span(), s.to_string())),
                        _ => self.complain(item.span(), format!("`{key}` holds something that is no string"), None),
                    }
                }
                out
            }
            _ => {
                self.complain(value.span(), format!("`{key}` must be a list of strings"), None);
                Vec::new()
            }
        }
    }

    /// Returns the elements of a norm: each entry is an id, or a list of ids of which one is enough.
    fn elements(&mut self, table: &DeTable<'_>) -> Vec<Vec<String>> {
        let Some(value) = table.get("elements") else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            let hint =
                Some("for example elements = [\"recruitment\", [\"force\", \"deception\"], \"exploitation\"]".into());
            self.complain(value.span(), "`elements` must be a list of ids or of lists of ids", hint);
            return Vec::new();
        };
        let lists = array.iter().map(|entry| self.string_list(entry, "elements"));
        lists.map(|list| list.into_iter().map(|(_, id)| id).collect()).collect()
    }

    fn labels(&mut self, table: &DeTable<'_>) -> BTreeMap<String, String> {
        match table.get("label").map(|v| (v.span(), v.get_ref())) {
            None => BTreeMap::new(),
            Some((_, DeValue::String(s))) => BTreeMap::from([("und".to_owned(), s.to_string())]),
            Some((_, DeValue::Table(labels))) => {
                let names: Vec<String> = labels.keys().map(|k| k.get_ref().to_string()).collect();
                names.into_iter().filter_map(|n| Some((n.clone(), self.settings.string(labels, &n)?))).collect()
            }
            Some((span, _)) => {
                self.complain(span, "`label` must be a string or a table by language", None);
                BTreeMap::new()
            }
        }
    }

    fn patterns(&mut self, table: &DeTable<'_>, key: &str) -> BTreeMap<String, Vec<PatternText>> {
        let Some(value) = table.get(key) else { return BTreeMap::new() };
        let DeValue::Table(by_language) = value.get_ref() else {
            let list = self.string_list(value, key);
            return BTreeMap::from([("und".to_owned(), self.texts(list))]);
        };
        let mut out = BTreeMap::new();
        for (language, value) in by_language {
            let name = format!("{key}.{}", language.get_ref());
            let list = self.string_list(value, &name);
            out.insert(language.get_ref().to_string(), self.texts(list));
        }
        out
    }

    fn texts(&self, list: Vec<(Range<usize>, String)>) -> Vec<PatternText> {
        list.into_iter().map(|(span, text)| PatternText { text, line: self.settings.line(span.start) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(u64, &str)]) {
        let found = parse(text.as_bytes()).err().unwrap_or_default();
        let found: Vec<(u64, String)> = found.iter().map(|p| (p.line().unwrap_or(0), p.reason.plain())).collect();
        let want: Vec<(u64, String)> = want.iter().map(|(l, r)| (*l, (*r).to_owned())).collect();
        assert_eq!(found, want);
    }

    const GOOD: &str = "[[concept]]\nid = \"a\"\nroles = [\"problem\"]\npatterns.en = [\"a*\"]\n";

    #[test]
    fn a_good_codebook() {
        let book = parse(GOOD.as_bytes()).unwrap();
        assert_eq!(book.len(), 1);
        assert_eq!(book.concepts()[0].patterns["en"][0], PatternText { text: "a*".into(), line: 4 });
    }

    #[test]
    fn everything_wrong_at_once() {
        check(
            "titel = \"x\"\n[[concept]]\nid = \"a\"\nroles = [\"probem\"]\npatterns.en = [\"(a\", 3]\n\n[[concept]]\nid = \"a\"\nroles = [\"value\"]\nbroader = \"zz\"\n",
            &[
                (1, "unknown key `titel` in the codebook"),
                (2, "concept `a` has no role"),
                (4, "concept `a` has the unknown role `probem`"),
                (5, "`patterns.en` holds something that is no string"),
                (5, "pattern `(a` of `a`: `(` at character 1 is not closed"),
                (7, "`broader` of `a` names `zz`, which is not in the codebook"),
                (7, "concept `a` is already defined on line 2"),
            ],
        );
    }

    #[test]
    fn elements_of_a_norm() {
        let norm = |elements: &str| {
            format!(
                "{GOOD}norm_label = true\nelements = {elements}\n[[concept]]\nid = \"act\"\n[[concept]]\nid = \"end\"\n"
            )
        };
        let book = parse(norm("[\"act\", [\"end\", \"act\"]]").as_bytes()).unwrap();
        assert_eq!(book.concepts()[0].elements, [vec!["act"], vec!["end", "act"]]);
        assert_eq!(book.elements(book.find("a").unwrap()).map(<[_]>::len), Some(2));
        let without_role = [(7, "concept `act` has no role"), (9, "concept `end` has no role")];
        let wrong = |line, reason| [[(line, reason)].as_slice(), &without_role].concat();
        check(&norm("\"act\""), &wrong(6, "`elements` must be a list of ids or of lists of ids"));
        check(
            &norm("[\"act\", 3, \"end\"]"),
            &[(1, "`elements` of `a` holds an empty list"), (6, "`elements` must be a list of strings")],
        );
        check(
            &norm("[\"act\", \"end\", \"edn\"]"),
            &[(1, "`elements` of `a` names `edn`, which is not in the codebook")],
        );
    }

    #[test]
    fn what_is_no_codebook() {
        check("", &[(1, "the codebook has no concept")]);
        check("concept = 3", &[(1, "`concept` must be a list of tables")]);
        check("[[concept]]\nroles = [\"value\"]\n", &[(1, "a concept has no `id`")]);
        assert_eq!(parse(b"\xff").unwrap_err()[0].reason, "the file is not UTF-8");
        let cycle = "[[concept]]\nid=\"a\"\nroles=[\"value\"]\nbroader=\"b\"\n[[concept]]\nid=\"b\"\nroles=[\"value\"]\nbroader=\"a\"\n";
        check(cycle, &[(1, "`broader` runs in a circle: a → b → a")]);
        // What stands below a circle is in none; each circle is told once, from the one that comes first.
        let circles: String = [("a", "c"), ("b", "d"), ("c", "b"), ("d", "c"), ("e", "e")]
            .iter()
            .map(|(id, broader)| format!("[[concept]]\nid=\"{id}\"\nroles=[\"value\"]\nbroader=\"{broader}\"\n"))
            .collect();
        let told = [(5, "`broader` runs in a circle: b → d → c → b"), (17, "`broader` runs in a circle: e → e")];
        check(&circles, &told);
    }
}
