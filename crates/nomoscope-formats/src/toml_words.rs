//! Replaces words in the strings of TOML, whichever way they are written; what nobody changed stays as written.
//!
//! Comments and keys are no strings: whoever replaces words in those does it in the text. What a string means to the program
//! is not known here, only under which keys it stands.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

/// What becomes of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// Another takes its place.
    Becomes(String),
    /// It goes: from a list; elsewhere it is empty afterwards.
    Goes,
}

/// Returns a text in TOML with its strings as `fate` says, which is told under which keys each stands; none where it is no TOML.
pub fn replace(text: &str, fate: &mut dyn FnMut(&[String], &str) -> Fate) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    table(document.as_table_mut(), &mut Vec::new(), fate);
    Some(document.to_string())
}

type Fates<'a> = &'a mut dyn FnMut(&[String], &str) -> Fate;

fn table(table: &mut Table, keys: &mut Vec<String>, fate: Fates<'_>) {
    for (key, found) in table.iter_mut() {
        keys.push(key.get().to_owned());
        item(found, keys, fate);
        keys.pop();
    }
}

fn item(found: &mut Item, keys: &mut Vec<String>, fate: Fates<'_>) {
    match found {
        Item::None => {}
        Item::Value(of) => value(of, keys, fate),
        Item::Table(of) => table(of, keys, fate),
        Item::ArrayOfTables(of) => of.iter_mut().for_each(|of| table(of, keys, fate)),
    }
}

fn value(found: &mut Value, keys: &mut Vec<String>, fate: Fates<'_>) {
    match found {
        Value::Array(of) => array(of, keys, fate),
        Value::InlineTable(of) => inline(of, keys, fate),
        Value::String(of) => match fate(keys, of.value()) {
            Fate::Stays => {}
            Fate::Becomes(new) => put(found, &new),
            Fate::Goes => put(found, ""),
        },
        _ => {}
    }
}

fn inline(of: &mut InlineTable, keys: &mut Vec<String>, fate: Fates<'_>) {
    for (key, found) in of.iter_mut() {
        keys.push(key.get().to_owned());
        value(found, keys, fate);
        keys.pop();
    }
}

fn array(of: &mut Array, keys: &mut Vec<String>, fate: Fates<'_>) {
    let goes = |found: &Value, fate: Fates<'_>| found.as_str().is_some_and(|words| fate(keys, words) == Fate::Goes);
    let mut gone: Vec<usize> = of.iter().enumerate().filter(|(_, found)| goes(found, fate)).map(|(at, _)| at).collect();
    while let Some(at) = gone.pop() {
        of.remove(at);
    }
    of.iter_mut().for_each(|found| value(found, keys, fate));
}

/// Gives a string another value; what stands around it stays.
fn put(found: &mut Value, words: &str) {
    let decor = found.decor().clone();
    *found = Value::from(words);
    *found.decor_mut() = decor;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_replaced_and_the_rest_stays_as_written() {
        let text = "# Ana\ntitle = \"with \\u0041na\" # of Ana\n[[c]]\nlabel = { en = 'Ana' }\np.en = [\"Ana\",\n  \"x\"]\nn = 1\n";
        let mut seen = Vec::new();
        let new = replace(text, &mut |keys, words| {
            seen.push(keys.join("."));
            match (keys.last().map(String::as_str), words) {
                (Some("en"), "Ana") if keys.len() == 3 && keys[1] == "p" => Fate::Goes,
                (_, words) if words.contains("Ana") => Fate::Becomes(words.replace("Ana", "X")),
                _ => Fate::Stays,
            }
        });
        let want = "# Ana\ntitle = \"with X\" # of Ana\n[[c]]\nlabel = { en = \"X\" }\np.en = [\n  \"x\"]\nn = 1\n";
        assert_eq!(new.as_deref(), Some(want));
        assert!(seen.contains(&"c.label.en".to_owned()));
        assert_eq!(replace("= no", &mut |_, _| Fate::Goes), None);
    }
}
