//! Changes of a `codebook.toml`, concept by concept: what nobody changed stays as it was written, comments included.

use nomoscope_core::problem::{Problem, Problems};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

/// A concept that is to come into the codebook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewConcept {
    /// The id.
    pub id: String,
    /// Labels by language.
    pub label: BTreeMap<String, String>,
    /// `problem`, `value`, `behaviour`.
    pub roles: Vec<String>,
    /// The next wider concept.
    pub broader: Option<String>,
    /// Patterns by language.
    pub patterns: BTreeMap<String, Vec<String>>,
}

/// What a concept is to be; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// Labels by language; an empty one goes.
    pub label: BTreeMap<String, String>,
    /// `problem`, `value`, `behaviour`.
    pub roles: Option<Vec<String>>,
    /// Whether it names a whole norm.
    pub norm_label: Option<bool>,
    /// Patterns by language; an empty list goes.
    pub patterns: BTreeMap<String, Vec<String>>,
    /// Patterns that veto, by language; an empty list goes.
    pub not: BTreeMap<String, Vec<String>>,
    /// What is meant.
    pub note: Option<String>,
}

/// One change of a codebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConceptEdit {
    /// A concept comes.
    Add(NewConcept),
    /// A concept gets other labels, roles, patterns or another note.
    Change {
        /// The concept.
        id: String,
        /// What it is to be.
        to: Fields,
    },
    /// A concept gets another id.
    Rename {
        /// The id that it has.
        from: String,
        /// The id that it gets.
        to: String,
    },
    /// A concept gets another place in the tree; none is the top.
    Move {
        /// The concept.
        id: String,
        /// The next wider one.
        broader: Option<String>,
    },
    /// A concept becomes part of another, which takes its patterns.
    Merge {
        /// The concept that goes.
        from: String,
        /// The concept that stays.
        into: String,
    },
    /// A part of a concept becomes one of its own: patterns and codings that are chosen go to it.
    Split {
        /// The concept that stays.
        from: String,
        /// The new one; its patterns are those of the other that go to it.
        new: NewConcept,
        /// Ids of codings that go to it.
        #[serde(default)]
        codings: BTreeSet<String>,
        /// Whether codings go with the patterns, too, where these find them and what stays does not.
        #[serde(default)]
        with_hits: bool,
    },
    /// A concept goes.
    Remove {
        /// The concept.
        id: String,
    },
}

impl ConceptEdit {
    /// Returns which concept stands for which other one afterwards, so that codings can follow.
    #[must_use]
    pub fn moves(&self) -> Option<(&str, &str)> {
        match self {
            Self::Rename { from, to } | Self::Merge { from, into: to } => Some((from, to)),
            _ => None,
        }
    }

    /// Returns the words by which people know the change.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Add(concept) => &["add", &concept.id],
            Self::Change { id, .. } => &["change", id],
            Self::Rename { from, to } => &["rename", from, to],
            Self::Move { id, broader } => &["move", id, broader.as_deref().unwrap_or("(top)")],
            Self::Merge { from, into } => &["merge", from, into],
            Self::Split { from, new, .. } => &["split", from, &new.id],
            Self::Remove { id } => &["remove", id],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// Returns the codebook with a change; whether it is still a codebook, its reader says.
///
/// # Errors
/// It is no TOML; the concept that is to change is not there, or the one that comes is.
pub fn apply(bytes: &[u8], edit: &ConceptEdit) -> Result<String, Problems> {
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| wrong(e.message()))?;
    let entry = document.entry("concept").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    // `concept = [{ … }]` says the same in another way.
    if let Item::Value(Value::Array(inline)) = entry {
        let tables = inline.iter().filter_map(Value::as_inline_table).map(|t| t.clone().into_table()).collect();
        *entry = Item::ArrayOfTables(tables);
    }
    let concepts = entry.as_array_of_tables_mut().ok_or_else(|| wrong("`concept` must be a list of tables"))?;
    match edit {
        ConceptEdit::Add(new) => add(concepts, new)?,
        ConceptEdit::Change { id, to } => change(find(concepts, id)?, to),
        ConceptEdit::Rename { from, to } => {
            if position(concepts, to).is_some() {
                return Err(wrong(format!("has a concept `{to}` already")));
            }
            set(find(concepts, from)?, "id", to.as_str().into());
            refer(concepts, from, to);
        }
        ConceptEdit::Move { id, broader } => {
            let table = find(concepts, id)?;
            match broader {
                Some(broader) => set(table, "broader", broader.as_str().into()),
                None => drop(table.remove("broader")),
            }
        }
        ConceptEdit::Merge { from, into } => merge(concepts, from, into)?,
        ConceptEdit::Split { from, new, .. } => split(concepts, from, new)?,
        ConceptEdit::Remove { id } => {
            find(concepts, id)?;
            concepts.retain(|table| id_of(table) != Some(id));
        }
    }
    Ok(document.to_string())
}

/// Returns a codebook with these concepts of another one behind its own, as they were written there.
///
/// # Errors
/// The other one is no TOML.
pub fn join(bytes: &[u8], other: &[u8], ids: &BTreeSet<String>) -> Result<String, Problems> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"));
    let mut document: DocumentMut = text(other)?.parse().map_err(|_| wrong("the other codebook is no TOML"))?;
    let others: Vec<String> = document.iter().map(|(key, _)| key.to_owned()).filter(|key| key != "concept").collect();
    for key in others {
        document.remove(&key);
    }
    if let Some(concepts) = document.get_mut("concept").and_then(Item::as_array_of_tables_mut) {
        concepts.retain(|concept| id_of(concept).is_some_and(|id| ids.contains(id)));
    }
    let own = text(bytes)?;
    let gap = if own.ends_with('\n') { "\n" } else { "\n\n" };
    Ok(format!("{own}{gap}{}", document.to_string().trim_start()))
}

fn wrong(reason: impl Into<String>) -> Problems {
    Problem::new("", reason.into()).into()
}

fn id_of(table: &Table) -> Option<&str> {
    table.get("id").and_then(Item::as_str)
}

fn position(concepts: &ArrayOfTables, id: &str) -> Option<usize> {
    concepts.iter().position(|table| id_of(table) == Some(id))
}

fn find<'a>(concepts: &'a mut ArrayOfTables, id: &str) -> Result<&'a mut Table, Problems> {
    let found = concepts.iter_mut().find(|table| id_of(table) == Some(id));
    found.ok_or_else(|| wrong(format!("has no concept `{id}`")))
}

/// Gives a key another value; the comment behind it stays.
fn set(table: &mut Table, key: &str, mut new: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, value(new));
}

/// Returns a list as people write it: a short one on its line, a long one with a line an entry.
fn list(words: &[String]) -> Value {
    const SHORT: usize = 100;
    let mut array: Array = words.iter().map(String::as_str).collect();
    if words.len() > 1 && words.iter().map(|w| w.chars().count() + 4).sum::<usize>() > SHORT {
        array.iter_mut().for_each(|entry| entry.decor_mut().set_prefix("\n  "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    Value::Array(array)
}

fn words(item: Option<&Item>) -> Vec<String> {
    let own = |value: &Value| value.as_str().map(str::to_owned);
    match item.and_then(Item::as_value) {
        Some(Value::Array(array)) => array.iter().filter_map(own).collect(),
        Some(one) => own(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Gives a language of a table of languages other words; none takes the language out.
fn put(table: &mut Table, key: &str, language: &str, new: Option<Value>) {
    if !table.contains_key(key) {
        let mut dotted = Table::new();
        dotted.set_dotted(true);
        table.insert(key, Item::Table(dotted));
    }
    let Some(of) = table.get_mut(key).and_then(Item::as_table_like_mut) else { return };
    match new {
        None => drop(of.remove(language)),
        Some(mut new) => {
            if let Some(old) = of.get(language).and_then(Item::as_value) {
                *new.decor_mut() = old.decor().clone();
            }
            of.insert(language, value(new));
        }
    }
    if of.is_empty() {
        table.remove(key);
    }
}

fn add(concepts: &mut ArrayOfTables, new: &NewConcept) -> Result<(), Problems> {
    if position(concepts, &new.id).is_some() {
        return Err(wrong(format!("has a concept `{}` already", new.id)));
    }
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("id", value(new.id.as_str()));
    table.insert("roles", value(list(&new.roles)));
    if let Some(broader) = &new.broader {
        table.insert("broader", value(broader.as_str()));
    }
    for (language, label) in &new.label {
        put(&mut table, "label", language, Some(label.as_str().into()));
    }
    for (language, patterns) in &new.patterns {
        put(&mut table, "patterns", language, Some(list(patterns)));
    }
    concepts.push(table);
    Ok(())
}

fn change(table: &mut Table, to: &Fields) {
    for (language, label) in &to.label {
        put(table, "label", language, Some(label.trim()).filter(|l| !l.is_empty()).map(Value::from));
    }
    if let Some(roles) = &to.roles {
        set(table, "roles", list(roles));
    }
    match to.norm_label {
        Some(true) => set(table, "norm_label", true.into()),
        Some(false) => drop(table.remove("norm_label")),
        None => {}
    }
    for (key, lists) in [("patterns", &to.patterns), ("not", &to.not)] {
        for (language, patterns) in lists {
            // What stays the same keeps its lines and comments.
            let old = table.get(key).and_then(Item::as_table_like).map(|of| words(of.get(language)));
            if old.unwrap_or_default() != *patterns {
                put(table, key, language, Some(patterns).filter(|p| !p.is_empty()).map(|p| list(p)));
            }
        }
    }
    match to.note.as_deref().map(str::trim) {
        Some("") => drop(table.remove("note")),
        Some(note) => set(table, "note", note.into()),
        None => {}
    }
}

/// Lets everything that names a concept name another one.
fn refer(concepts: &mut ArrayOfTables, from: &str, to: &str) {
    for table in concepts.iter_mut() {
        if table.get("broader").and_then(Item::as_str) == Some(from) {
            set(table, "broader", to.into());
        }
        let Some(elements) = table.get_mut("elements").and_then(Item::as_array_mut) else { continue };
        for element in elements.iter_mut() {
            match element {
                Value::Array(any) => any.iter_mut().for_each(|one| rename(one, from, to)),
                one => rename(one, from, to),
            }
        }
    }
}

fn rename(one: &mut Value, from: &str, to: &str) {
    if one.as_str() == Some(from) {
        let decor = one.decor().clone();
        *one = to.into();
        *one.decor_mut() = decor;
    }
}

fn merge(concepts: &mut ArrayOfTables, from: &str, into: &str) -> Result<(), Problems> {
    if from == into {
        return Err(wrong(format!("`{from}` cannot become part of itself")));
    }
    let gone = find(concepts, from)?.clone();
    let kept = find(concepts, into)?;
    for key in ["patterns", "not"] {
        let Some(of) = gone.get(key).and_then(Item::as_table_like) else { continue };
        for (language, item) in of.iter() {
            let mut all =
                kept.get(key).and_then(Item::as_table_like).map_or_else(Vec::new, |of| words(of.get(language)));
            let n = all.len();
            all.extend(words(Some(item)));
            let mut seen = std::collections::BTreeSet::new();
            all.retain(|pattern| seen.insert(pattern.clone()));
            if all.len() > n {
                put(kept, key, language, Some(list(&all)));
            }
        }
    }
    // Who stood under the one that goes stands under the one that stays; what stood under it cannot stand under itself.
    if kept.get("broader").and_then(Item::as_str) == Some(from) {
        match gone.get("broader").and_then(Item::as_str) {
            Some(above) if above != into => set(kept, "broader", above.into()),
            _ => drop(kept.remove("broader")),
        }
    }
    concepts.retain(|table| id_of(table) != Some(from));
    refer(concepts, from, into);
    Ok(())
}

/// Takes the patterns of a new concept from another one.
fn split(concepts: &mut ArrayOfTables, from: &str, new: &NewConcept) -> Result<(), Problems> {
    let kept = find(concepts, from)?;
    for (language, patterns) in &new.patterns {
        let all = kept.get("patterns").and_then(Item::as_table_like).map(|of| words(of.get(language)));
        let all = all.unwrap_or_default();
        if let Some(other) = patterns.iter().find(|pattern| !all.contains(pattern)) {
            return Err(wrong(format!("`{from}` has no pattern `{other}` ({language})")));
        }
        let stay: Vec<String> = all.into_iter().filter(|pattern| !patterns.contains(pattern)).collect();
        put(kept, "patterns", language, Some(stay).filter(|stay| !stay.is_empty()).map(|stay| list(&stay)));
    }
    // What keeps the patterns from wrong places does so under both concepts.
    let veto = kept.get("not").cloned();
    add(concepts, new)?;
    if let (Some(veto), false) = (veto, new.patterns.is_empty()) {
        find(concepts, &new.id)?.insert("not", veto);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook_toml;

    const BOOK: &str = "# Head.\ntitle = \"T\"\n\n# First.\n[[concept]]\nid = \"a\" # the first\nroles = [\"problem\"]\npatterns.en = [\"one\", \"two\"]\n\n# Second.\n[[concept]]\nid = \"b\"\nroles = [\"value\"]\nbroader = \"a\"\nnorm_label = true\nelements = [\"c\", [\"c\"]]\npatterns.en = [\"two\", \"three\"]\npatterns.fr = [\"deux\"]\n\n[[concept]]\nid = \"c\"\nroles = [\"behaviour\"]\nlabel = { en = \"see\" }\n";

    #[track_caller]
    fn check(edit: &ConceptEdit, changed: &[(&str, &str)]) {
        let want = changed.iter().fold(BOOK.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        });
        let got = apply(BOOK.as_bytes(), edit).expect("applies");
        assert_eq!(got, want);
        codebook_toml::parse(got.as_bytes()).expect("is a codebook");
    }

    #[test]
    fn what_nobody_changed_stays_as_it_was_written() {
        let id = |id: &str| id.to_owned();
        check(
            &ConceptEdit::Rename { from: id("a"), to: id("z") },
            &[("id = \"a\" # the first", "id = \"z\" # the first"), ("broader = \"a\"", "broader = \"z\"")],
        );
        check(
            &ConceptEdit::Rename { from: id("c"), to: id("d") },
            &[("id = \"c\"", "id = \"d\""), ("[\"c\", [\"c\"]]", "[\"d\", [\"d\"]]")],
        );
        check(&ConceptEdit::Move { id: id("b"), broader: None }, &[("broader = \"a\"\n", "")]);
        check(&ConceptEdit::Move { id: id("b"), broader: Some(id("c")) }, &[("broader = \"a\"", "broader = \"c\"")]);
        let to = Fields { label: BTreeMap::from([(id("en"), id("sea")), (id("fr"), id("mer"))]), ..Fields::default() };
        check(&ConceptEdit::Change { id: id("c"), to }, &[("{ en = \"see\" }", "{ en = \"sea\" , fr = \"mer\" }")]);
        let to = Fields { patterns: BTreeMap::from([(id("en"), vec![id("one")])]), ..Fields::default() };
        check(&ConceptEdit::Change { id: id("a"), to }, &[("[\"one\", \"two\"]", "[\"one\"]")]);
    }

    #[test]
    fn a_concept_comes_and_goes() {
        let new = NewConcept {
            id: "new-one".to_owned(),
            label: BTreeMap::from([("en".to_owned(), "new one".to_owned())]),
            roles: vec!["problem".to_owned()],
            broader: Some("a".to_owned()),
            patterns: BTreeMap::new(),
        };
        let with = apply(BOOK.as_bytes(), &ConceptEdit::Add(new.clone())).unwrap();
        assert_eq!(
            with.strip_prefix(BOOK),
            Some("\n[[concept]]\nid = \"new-one\"\nroles = [\"problem\"]\nbroader = \"a\"\nlabel.en = \"new one\"\n")
        );
        assert!(apply(with.as_bytes(), &ConceptEdit::Add(new)).is_err());
        let without = apply(with.as_bytes(), &ConceptEdit::Remove { id: "new-one".to_owned() }).unwrap();
        assert_eq!(without, BOOK);
        let first = NewConcept { id: "x".to_owned(), roles: vec!["value".to_owned()], ..NewConcept::default() };
        let one = apply(b"", &ConceptEdit::Add(first)).unwrap();
        assert_eq!(codebook_toml::parse(one.as_bytes()).unwrap().len(), 1);
    }

    #[test]
    fn what_is_merged_leaves_its_patterns_and_its_place() {
        let merged =
            apply(BOOK.as_bytes(), &ConceptEdit::Merge { from: "a".to_owned(), into: "b".to_owned() }).unwrap();
        let book = codebook_toml::parse(merged.as_bytes()).unwrap();
        assert!(book.find("a").is_none());
        let b = book.get(book.find("b").unwrap());
        let patterns: Vec<&str> = b.patterns["en"].iter().map(|p| p.text.as_str()).collect();
        assert_eq!((patterns, &b.broader), (vec!["two", "three", "one"], &None));
    }

    #[test]
    fn what_is_split_off_takes_its_patterns() {
        let new = |patterns: &[&str]| NewConcept {
            id: "two".to_owned(),
            label: BTreeMap::from([("en".to_owned(), "Two".to_owned())]),
            roles: vec!["problem".to_owned()],
            broader: Some("a".to_owned()),
            patterns: BTreeMap::from([("en".to_owned(), patterns.iter().map(|p| (*p).to_owned()).collect())]),
        };
        let edit = |patterns: &[&str]| ConceptEdit::Split {
            from: "a".to_owned(),
            new: new(patterns),
            codings: BTreeSet::new(),
            with_hits: true,
        };
        let split = apply(BOOK.as_bytes(), &edit(&["two"])).unwrap();
        assert!(split.contains("# First.\n[[concept]]\nid = \"a\" # the first"), "{split}");
        let book = codebook_toml::parse(split.as_bytes()).unwrap();
        let patterns = |id: &str| -> Vec<String> {
            book.get(book.find(id).unwrap()).patterns["en"].iter().map(|p| p.text.clone()).collect()
        };
        assert_eq!((patterns("a"), patterns("two")), (vec!["one".to_owned()], vec!["two".to_owned()]));
        assert!(apply(BOOK.as_bytes(), &edit(&["three"])).is_err(), "the pattern is of another concept");
        let taken = ConceptEdit::Split {
            from: "a".to_owned(),
            new: NewConcept { id: "b".to_owned(), ..new(&[]) },
            codings: BTreeSet::new(),
            with_hits: false,
        };
        assert!(apply(BOOK.as_bytes(), &taken).is_err(), "there is such a concept");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let edit =
            |from: &str, to: &str| apply(BOOK.as_bytes(), &ConceptEdit::Rename { from: from.into(), to: to.into() });
        assert!(edit("nothing", "x").is_err());
        assert!(edit("a", "b").is_err());
        assert!(apply(b"x = ", &ConceptEdit::Remove { id: "a".into() }).is_err());
        assert!(apply(b"concept = 3", &ConceptEdit::Remove { id: "a".into() }).is_err());
    }
}
